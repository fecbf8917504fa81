"""Every kind of console: Chinese Windows (GBK), a pipe, a terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplan.cli import commands
from salesplan.workbook import CellChange, patch_workbook
from tests.samples import new_sample
from tests.terminal import hear_ctrl_c
from tests.unit.masters import SOUND, write


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the worked example, a copy with mistakes, one in which a planner wrote what GBK
    does not have, and a small plan for what has nothing to do with its size.
    """
    folder = tmp_path_factory.mktemp("desk")
    new_sample(folder / "plan.xlsx", lang="zh")
    new_sample(folder / "broken.xlsx", lang="zh", mistakes=True)
    write(folder / "small.xlsx", SOUND)
    patch_workbook(folder / "plan.xlsx", folder / "odd.xlsx", [CellChange("组织", "B9", "李😀é")])
    return folder


def said_in_gbk(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command on a Chinese Windows console."""
    done = subprocess.run(
        [sys.executable, "-m", "salesplan", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
    )
    return done.returncode, done.stdout.decode("gbk"), done.stderr.decode("gbk")


def said(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The same where every character can be shown, in this process; as wide as into a pipe."""
    like_there = {"prog_name": "python -m salesplan", "terminal_width": 78}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(commands, arguments, **like_there)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["recalc", "--help"],
        ["check", "broken.xlsx"],
        ["check", "broken.xlsx", "--lang", "en"],
        ["recalc", "plan.xlsx", "--dry-run", "--all"],
        ["recalc", "plan.xlsx", "--dry-run", "--lang", "en"],
        ["explain", "plan.xlsx", "P01", "REV"],
        ["config"],
        ["check", "nothing.xlsx"],
        ["check", "broken.xlsx", "--json"],
    ],
    ids=" ".join,
)
def test_a_gbk_console_shows_what_any_other_shows(desk: Path, arguments: list[str]) -> None:
    assert said_in_gbk(desk, *arguments) == said(desk, *arguments)


def test_what_gbk_lacks_is_replaced_in_sentences_and_kept_in_data(desk: Path) -> None:
    assert "李?" in said_in_gbk(desk, "explain", "odd.xlsx", "P01", "REV")[1]
    document = json.loads(said_in_gbk(desk, "recalc", "odd.xlsx", "--dry-run", "--json")[1])
    assert document == json.loads(said(desk, "recalc", "odd.xlsx", "--dry-run", "--json")[1])


def test_a_preview_is_summed_up_by_sheet_and_column(desk: Path) -> None:
    document = json.loads(said(desk, "recalc", "plan.xlsx", "--dry-run", "--json")[1])
    changes, summary = document["changes"], document["summary"]
    assert sum(one["cells"] for one in summary) == len(changes) > 1000
    for one in summary:
        mine = [change for change in changes if change["sheet"] == one["sheet"]]
        assert one["cells"] == len(mine) == sum(one["columns"].values())
        assert {
            column: sum(change["column"] == column for change in mine) for column in one["columns"]
        } == one["columns"]
    text = said(desk, "recalc", "plan.xlsx", "--dry-run")[1]
    for one in summary:
        assert f"{one['sheet']}  {one['cells']} 格, {one['rows']} 行" in text
        assert (
            "  " + " · ".join(f"{column} {count}" for column, count in one["columns"].items())
            in text
        )
    assert f"{len(summary)} 张表的 {len(changes):,} 格" in text


def test_a_pipe_is_plain(desk: Path) -> None:
    assert "\x1b" not in into_a_pipe(desk, "recalc", "small.xlsx", "--dry-run").stdout


def into_a_pipe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a program that reads it gets."""
    return subprocess.run(
        [sys.executable, "-m", "salesplan", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a person sees, colours and all."""
    return in_a_terminal([sys.executable, "-m", "salesplan", *arguments], folder)


def in_a_terminal(command: list[str], folder: Path) -> str:
    """What a program shows on a terminal."""
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=follower,
        stderr=follower,
    ):
        os.close(follower)
        seen = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # Linux says so at the end
                break
            if not piece:
                break
            seen += piece
    os.close(leader)
    return seen.decode()


needs_terminal = pytest.mark.skipif(os.name != "posix", reason="a terminal as POSIX has it")


STOPPED = """
import os, signal, sys, time
whole = os.replace
def replace(old, new):
    if str(new).endswith(os.environ["STOP_AT"]):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    whole(old, new)
os.replace = replace
from salesplan.cli import main
main()
"""
"""A person presses Ctrl+C the moment before the new file takes the old one's place."""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(
    ("command", "name"), [("recalc", "stopped.xlsx"), ("report", "_2026-03.xlsx")]
)
def test_ctrl_c_ends_with_one_line_and_nothing_half_written(
    desk: Path, tmp_path: Path, command: str, name: str
) -> None:
    shutil.copy(desk / "small.xlsx", tmp_path / "stopped.xlsx")
    run = [sys.executable, "-c", STOPPED, command, "stopped.xlsx"]
    done = subprocess.run(
        run,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "STOP_AT": name, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=hear_ctrl_c,
    )
    assert (done.returncode, done.stderr.strip()) == (130, "已中断。")
    assert (tmp_path / "stopped.xlsx").read_bytes() == (desk / "small.xlsx").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["stopped.xlsx"]


@needs_terminal
def test_a_terminal_is_coloured(desk: Path) -> None:
    seen = on_a_terminal(desk, "recalc", "small.xlsx", "--dry-run")
    assert "\x1b[31m" in seen and "\x1b[32m" in seen


@needs_terminal
def test_how_far_the_reports_are_is_shown_on_a_terminal_only(desk: Path) -> None:
    each = ("report", "small.xlsx", "--audience", "each", "--level", "team", "-o", "each")
    seen = on_a_terminal(desk, *each)
    assert "报告" in seen and "100%" in seen
    assert into_a_pipe(desk, *each).stderr == ""


SEEN_FIRST = """
import threading, time
import click
from salesplan.cli.progress import AtWork
AtWork.AFTER = 0.01
shown, at_once, echo = set(), AtWork.stop, click.echo
def noted(*what, **how):
    echo(*what, **how)
    shown.add(threading.current_thread())
def later(sign):
    latest = time.monotonic() + 60
    while sign._thread and sign._thread not in shown and time.monotonic() < latest:
        time.sleep(0.01)
    at_once(sign)
click.echo, AtWork.stop = noted, later
"""
"""However quick the work or slow the machine is: no sign goes before it was shown."""


WORKING = f"""{SEEN_FIRST}
with AtWork("读取", "Reading"):
    pass
click.echo("done")
"""


@needs_terminal
def test_a_sign_of_work_is_shown_on_a_terminal_only_and_goes() -> None:
    """What takes long says so; the line is taken away, and nothing of it is in a pipe."""
    seen = in_a_terminal([sys.executable, "-c", WORKING], Path.cwd())
    assert "读取 Reading … 0 s" in seen
    assert seen.endswith("\r" + "done\r\n") and "   \rdone" in seen
    piped = subprocess.run([sys.executable, "-c", WORKING], capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"done" + os.linesep.encode(), b"")


SLOW = f"""{SEEN_FIRST}
from salesplan.cli import main
main()
"""


@needs_terminal
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["report", "small.xlsx", "-o", "whole"], "报告 …"),
        (["report", "small.xlsx", "-o", "parts", "--audience", "T1"], "报告 …"),
        (
            ["report", "small.xlsx", "-o", "all", "--audience", "each", "--level", "team"],
            "全公司报告 …",
        ),
        (["import-actuals", "small.xlsx", "deals.csv", "--map", "map.toml"], "读取 …"),
        (["recalc", "small.xlsx", "--lang", "en"], "Calculating …"),
        (["check", "small.xlsx"], "检查 …"),
        (["handout", "small.xlsx", "--to", "forms"], "发放填报表 …"),
        (["collect", "small.xlsx", "--into", "small.xlsx"], "读取填报表 …"),
        (["add", "small.xlsx", "--all"], "补列 …"),
        (["close", "small.xlsx", "--month", "2026-02"], "关账 …"),
        (["explain", "small.xlsx", "P1", "REV"], "计算 …"),
        (["announce", "small.xlsx"], "读取主计划 …"),
        (["undo", "small.xlsx"], "撤销 …"),
        (["doctor", "small.xlsx"], "检查 …"),
        (["demo", "made"], "生成示例 Making the demo …"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_each_long_command_has_its_sign(desk: Path, arguments: list[str], what: str) -> None:
    (desk / "deals.csv").write_text("id,day,unit,value\n1,2026-03-01,P1,5\n", "utf-8")
    (desk / "map.toml").write_text(
        'key = "id"\n[columns]\nday = "day"\nunit = "unit"\n[[rule]]\nkpi = "REV"\nvalue = '
        '"value"\n',
        "utf-8",
    )
    assert what in in_a_terminal([sys.executable, "-c", SLOW, *arguments], desk)
