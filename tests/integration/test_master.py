"""The main job through the command line, as a planner runs it, on the built-in sample."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from salesplan import app
from salesplan.cli import commands
from salesplan.plan.loader import load
from salesplan.plan.model import Month
from tests.unit.masters import SOUND, write

REQUIRED = {"code", "severity", "sheet", "cell", "message_zh", "message_en", "fix"}


def salesplan(*arguments: object) -> Result:
    """The command in this process; what needs one of its own is :func:`started`."""
    return CliRunner().invoke(commands, [*map(str, arguments)])


def started(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "salesplan", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example and its copy with mistakes; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("made")
    assert salesplan("new", folder / "plan.xlsx", "--example").exit_code == 0
    assert salesplan("new", folder / "broken.xlsx", "--mistakes").exit_code == 0
    return folder


@pytest.fixture
def master(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "plan.xlsx", tmp_path))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small plan, for what has nothing to do with its size."""
    return write(tmp_path / "plan.xlsx", SOUND)


@pytest.fixture
def broken(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "broken.xlsx", tmp_path))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_demo_leaves_a_filled_master_and_a_report_and_says_where(tmp_path: Path, lang: str) -> None:
    """An English reader gets English names of files, sheets and lines, and nothing else."""
    done = salesplan("demo", tmp_path / "out", "--lang", lang)
    assert done.exit_code == 0, done.stderr
    files = sorted(one for one in (tmp_path / "out").iterdir() if one.is_file())
    assert len(files) == 2 and {one.suffix for one in files} == {".xlsx"}
    assert all(str(file) in done.stdout for file in files)
    if lang == "en":
        assert all(one.name.isascii() for one in files)
        assert [load(one).lang for one in files if one.name.startswith("master-")] == ["en"]
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in done.output)
    assert (
        salesplan(
            "recalc",
            next(f for f in files if "report" not in f.name and "报告" not in f.name),
            "--json",
        ).exit_code
        == 0
    )


def test_a_dry_run_writes_nothing_and_says_what_would_change(master: Path) -> None:
    before = master.read_bytes()
    done = salesplan("recalc", master, "--dry-run", "--json")
    said = json.loads(done.stdout)
    assert master.read_bytes() == before
    assert said["written"] is None
    assert {"目标分解", "行动计划", "预算", "检查结果"} <= {
        change["sheet"] for change in said["changes"]
    }
    assert done.exit_code == 0


def test_recalc_again_changes_nothing(master: Path) -> None:
    assert salesplan("recalc", master).exit_code == 0
    before = master.read_bytes()
    again = salesplan("recalc", master, "--json")
    assert json.loads(again.stdout)["changes"] == []
    assert master.read_bytes() == before


def test_recalc_to_another_file_leaves_the_master(master: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    assert salesplan("recalc", master, "-o", tmp_path / "filled.xlsx").exit_code == 0
    assert master.read_bytes() == before
    assert (
        json.loads(salesplan("recalc", tmp_path / "filled.xlsx", "--json").stdout)["changes"] == []
    )


def test_undo_brings_the_old_bytes_back_and_history_says_who(master: Path) -> None:
    before = master.read_bytes()
    salesplan("recalc", master)
    assert master.read_bytes() != before
    assert "recalc 2026-06" in salesplan("history", master).stdout
    assert salesplan("undo", master).exit_code == 0
    assert master.read_bytes() == before


def test_history_is_told_in_the_time_and_language_of_the_planner(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC-14")
    salesplan("recalc", small)
    salesplan("undo", small)
    first, second = started("history", small).stdout.splitlines()
    there = datetime.now(timezone(timedelta(hours=14))).replace(tzinfo=None)
    assert abs(datetime.fromisoformat(first[:19]) - there) < timedelta(minutes=5)
    assert "  保存  recalc" in first and "  撤销  recalc" in second


def test_findings_as_json_have_every_field(broken: Path) -> None:
    done = salesplan("check", broken, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert said["counts"]["error"] >= 8
    assert all(finding.keys() >= REQUIRED for finding in said["findings"])
    assert all(finding["message_zh"] and finding["message_en"] for finding in said["findings"])
    assert (
        sum(bool(f["sheet"] and f["cell"]) for f in said["findings"] if f["severity"] == "error")
        == said["counts"]["error"]
    )


def test_a_broken_master_is_filled_as_far_as_it_goes(broken: Path) -> None:
    done = salesplan("recalc", broken, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert said["written"] == str(broken)
    assert {"目标分解", "行动计划", "预算", "检查结果"} <= {
        change["sheet"] for change in said["changes"]
    }
    again = json.loads(salesplan("recalc", broken, "--json").stdout)["changes"]
    assert {change["sheet"] for change in again} <= {"检查结果"}, "what stays is told there"
    assert json.loads(salesplan("recalc", broken, "--json").stdout)["changes"] == []


def test_report_prints_where_it_is(master: Path, tmp_path: Path) -> None:
    done = salesplan(
        "report", master, "--month", "2026-05", "-o", tmp_path / "reports", "--lang", "en"
    )
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "reports" / "monthly-execution-report_远帆科技_2026-05.xlsx").exists()
    assert "monthly-execution-report_远帆科技_2026-05.xlsx" in done.stdout


NOT_A_MASTER = {
    "empty.xlsx": b"",
    "html.xlsx": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "old.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "truncated.xlsx": b"PK\x03\x04" + bytes(200),
    "text.xlsx": "编码,名称\n".encode(),
    "zeros.xlsx": bytes(4096),
}


@pytest.mark.parametrize("name", NOT_A_MASTER)
@pytest.mark.parametrize("command", ["check", "recalc", "report"])
def test_what_is_no_workbook_gets_one_message_and_exit_4(
    tmp_path: Path, name: str, command: str
) -> None:
    path = tmp_path / name
    path.write_bytes(NOT_A_MASTER[name])
    done = salesplan(command, path)
    assert done.exit_code == 4
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2, "one line in Chinese, one in English"
    assert name in done.stderr
    assert path.read_bytes() == NOT_A_MASTER[name]


def test_a_missing_file_and_wrong_usage(tmp_path: Path) -> None:
    assert salesplan("check", tmp_path / "none.xlsx").exit_code == 4
    gone = started("history", tmp_path / "none.xlsx")
    assert (gone.returncode, gone.stdout, gone.stderr) == (
        4,
        "",
        salesplan("check", tmp_path / "none.xlsx").stderr,
    )
    assert salesplan("check").exit_code == 2
    assert salesplan("recalc", tmp_path / "none.xlsx", "--month", "2026-13").exit_code == 2
    assert started("nonsense").returncode == 2


ASKED = [
    ("check",),
    ("recalc",),
    ("recalc", "--dry-run"),
    ("report",),
    ("report", "--audience", "each"),
    ("report", "--audience", "T1"),
    ("handout",),
]


@pytest.mark.parametrize(
    "period", [("--month", "2025-06"), ("--month", "2027-01"), ("--asof", "2025-12-31")]
)
def test_a_month_of_another_year_is_refused_and_nothing_written(
    small: Path, tmp_path: Path, period: tuple[str, str]
) -> None:
    """It was moved to the nearest month of the plan, and the master filled for that one."""
    before, out = small.read_bytes(), tmp_path / "out"
    for command, *more in ASKED:
        where = {"report": ["-o", str(out)], "handout": ["--to", str(out)]}.get(command, [])
        done = CliRunner().invoke(commands, [command, str(small), *where, *more, *period])
        assert done.exit_code == 2, (command, done.output)
        assert (
            period[1][:7] in done.stderr
            and "2026-01" in done.stderr
            and "2026-12" in done.stderr
            and "计划年度" in done.stderr
        )
    assert (
        CliRunner().invoke(commands, ["explain", str(small), "C1", "REV", "2025-06"]).exit_code == 2
    )
    assert (
        small.read_bytes() == before
        and [path for path in tmp_path.rglob("*") if path != small and path.is_file()] == []
    )


def test_december_is_reported_in_january(small: Path) -> None:
    for asked in (Month(2026, 12), None):
        assert app.check(small, month=asked, as_of=date(2027, 1, 8)).results.month == Month(
            2026, 12
        )


def test_new_never_overwrites_a_plan(master: Path) -> None:
    before = master.read_bytes()
    done = salesplan("new", master)
    assert done.exit_code == 2
    assert master.read_bytes() == before


def test_a_gbk_console_prints_what_is_said(master: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "salesplan", "recalc", str(master), "--dry-run"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert "目标分解" in done.stdout.decode("gbk")
    assert "?" not in done.stdout.decode("gbk")
