"""Every command of the README, of the guides and of the walk-through is run here (the test command:
by .ci/run).
"""

from __future__ import annotations

import gzip
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from click.testing import CliRunner

from salesplan.cli import COMMANDS
from salesplan.cli import commands as cli
from tests.crm import DATA, needs_crm
from tests.samples import new_sample
from tests.terminal import hear_ctrl_c
from tests.unit.masters import Rows, edited, settings_edit, write

ROOT = Path(__file__).parents[2]
READMES = {"en": "README.md", "zh": "README.zh.md"}
PAGES = (
    "README",
    "docs/guide",
    "docs/wrong",
    "docs/sharing",
    "docs/import",
    "docs/adopt",
    "docs/status",
    "docs/it",
)
"""What says commands, in the order in which it is read; ``.zh`` for the Chinese page."""
DEALS = "id,agent,closed,stage,amount\n1,P01,2026-06-03,Won,1.5\n2,P02,2026-06-04,Lost,2\n"
MAP = """\
key = "id"
[columns]
day = "closed"
unit = "agent"
[[rule]]
kpi = "REV"
where = { stage = "Won" }
value = "amount"
[spending]
day = "closed"
budget = { text = "B01" }
amount = "amount"
"""
PLACEHOLDERS = {
    "COMMAND": "check",
    "命令": "check",
    "FILE": "plan.xlsx",
    "[FILE]": "plan.xlsx",
    "HANDOUTS": "handouts",
    "DIR": "reports",
    "[FOLDER]": "demo",
    "[SHEET]...": "Targets",
    "SOURCE...": "deals.csv",
    "UNIT": "P01",
    "KPI": "REV",
    "[MONTH]": "2026-05",
    "M": "2026-05",
    "TEXT": "late",
    "DAY": "2026-06-29",
}
NEEDS = {
    "check": ["plan.xlsx"],
    "import-actuals": ["plan.xlsx", "deals.csv", "--map", "map.toml"],
    "import-spending": ["plan.xlsx", "deals.csv", "--map", "map.toml"],
}
"""What a command that stands without its file is given here."""

NO_EXCEL = 0 if sys.platform in ("win32", "darwin") else 2
"""What the add-in's commands exit with here."""


def blocks(name: str) -> list[str]:
    """The shell blocks of a page."""
    return [
        body.strip()
        for body in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S)
    ]


def commands(lang: str) -> list[str]:
    """Every ``salesplan`` command of the pages of a language: in running text, tables and blocks.

    The README's blocks are left out: they are run as they stand, where the package is installed.
    """
    found: list[str] = []
    for page in PAGES:
        name = f"{page}.md" if lang == "en" else f"{page}.zh.md"
        found += re.findall(r"`(salesplan [^`]+)`", (ROOT / name).read_text("utf-8"))
        if page != "README":
            lines = [line.strip() for block in blocks(name) for line in block.splitlines()]
            found += [line for line in lines if line.startswith("salesplan ")]
    return list(dict.fromkeys(found))


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as the owner of that folder types it there; in this process, since what a start
    costs is not asked here.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in owner(folder).items():
            patch.setenv(name, value)
        if arguments[0] == "watch" and "--help" not in arguments:
            return watched(arguments)
        done = CliRunner().invoke(cli, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def owner(folder: Path) -> dict[str, str]:
    """What makes ``folder`` the home of whoever types."""
    return {"HOME": str(folder), "APPDATA": str(folder)}


def watched(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """A command that runs until Ctrl+C, in a process of its own; it gets that after its first
    work.
    """
    command = [sys.executable, "-u", "-m", "salesplan", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=hear_ctrl_c,
    ) as running:
        assert running.stdout is not None
        said = "".join(running.stdout.readline() for _ in range(4))
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, said + out, err)


CODES = {"C1": "HQ", "P1": "P01", "P2": "P02", "REP": "GMR", "B1": "B01"}
"""The pages name units and KPIs of the sample: so the small master calls its own."""


def small_plan() -> Rows:
    """The small sound master in June, with the sample's codes and its trigger W2."""
    june = {"lang": "en", "as_of": date(2026, 6, 30), "month": "2026-06"}
    rule = {"code": "W2", "kind": "任务逾期", "days": 5, "owner": "P1"}
    told = {"changes": {2: {"notify": "P02、T1"}}}
    rows = edited({**settings_edit(**june), **told, "triggers": {2: rule}})
    return {key: [_with_codes(row) for row in table] for key, table in rows.items()}


def _with_codes(row: dict[str, Any]) -> dict[str, Any]:
    return {key: CODES.get(value, value) for key, value in row.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A planner's folder: a small plan, a plan with mistakes, forms, reports, a CRM export and its
    mapping.
    """
    write(tmp_path / "plan.xlsx", small_plan(), lang="en")
    new_sample(tmp_path / "broken.xlsx", lang="en", mistakes=True)
    for arguments in (
        ["handout", "plan.xlsx", "--to", "handouts"],
        ["report", "plan.xlsx", "--audience", "each", "--level", "team", "-o", "reports"],
    ):
        assert run(arguments, tmp_path).returncode == 0
    (tmp_path / "deals.csv").write_text(DEALS, "utf-8")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals-06.csv.gz").write_bytes(gzip.compress(DEALS.encode()))
    for at, name in enumerate(("order_lines", "orders", "products"), 1):
        text = DEALS.replace("\n1,", f"\n{at}1,").replace("\n2,", f"\n{at}2,")
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "ledger.csv").write_text(DEALS, "utf-8")
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    (tmp_path / "linked.toml").write_text(f'source = "deals.csv"\n{MAP}', "utf-8")
    write(tmp_path / "linked.xlsx", edited(settings_edit(source="linked.toml")))
    own_plan(tmp_path / "own.xlsx")
    (tmp_path / "people.csv").write_text("Name,Team\nAnn Lee,East\nBo Chan,South\n", "utf-8")
    return tmp_path


def own_plan(path: Path) -> None:
    """A table of a planner's own: people by months, under a title."""
    book = openpyxl.Workbook()
    months = [f"2026-{month:02}" for month in range(1, 13)]
    for row in (
        ["Revenue targets 2026"],
        ["Name", *months],
        ["Ann", *[3] * 12],
        ["Ben", *[4] * 12],
    ):
        book.active.append(row)
    book.save(path)


def test_every_command_runs(desk: Path) -> None:
    """Those of both languages on one desk: most say the same, and run once."""
    done: set[tuple[str, ...]] = set()
    for lang in READMES:
        found = commands(lang)
        assert len(found) >= 40
        for command in found:
            arguments = arguments_of(command)
            if tuple(arguments) not in done:
                done.add(tuple(arguments))
                _works(command, arguments, desk)


def arguments_of(command: str) -> list[str]:
    """What to type for a command of a page: placeholders filled in, nothing of the account's own
    changed.
    """
    arguments = [PLACEHOLDERS.get(word, word) for word in shlex.split(command, comments=True)[1:]]
    if len(arguments) == 1:
        arguments += NEEDS.get(arguments[0], [])
    if arguments[0] in ("import-actuals", "import-spending") and "--map" not in arguments:
        arguments += ["--map", "map.toml"]
    if arguments[0] == "adopt":
        return ["adopt", "own.xlsx", *arguments[2:], "--yes"]
    if arguments[0] == "start":
        return ["new", "fresh.xlsx", "--company", "Acme", "--force"]
    if arguments[:2] == ["sources", "allow"]:
        return ["sources", "allow", "linked.xlsx", "--yes"]
    if arguments[0] == "new":
        return ["new", "fresh.xlsx", *arguments[2:], "--force"]
    if {"--calc", "--store", "selftest"} & set(
        arguments
    ):  # what needs an open program, or a secret
        return [*arguments, "--help"]
    return arguments


def _works(command: str, arguments: list[str], folder: Path) -> None:
    if arguments[0] == "undo":
        run(["recalc", "plan.xlsx", "--month", "2026-04"], folder)
    if arguments[0] == "reopen":
        run(["recalc", "plan.xlsx", "--past"], folder)
        run(["close", "plan.xlsx", "--despite-errors"], folder)
    done = run(arguments, folder)
    expected = 0
    if arguments[0] == "excel" and "--help" not in arguments:
        expected = NO_EXCEL
    if "broken.xlsx" in arguments:
        expected = 1
    assert done.returncode == expected, f"{command}\n{done.stdout[-500:]}{done.stderr}"


@pytest.mark.parametrize("lang", READMES)
def test_a_finding_that_is_shown_is_one_of_the_example(tmp_path: Path, lang: str) -> None:
    page = "docs/wrong.md" if lang == "en" else "docs/wrong.zh.md"
    assert run(["new", "broken.xlsx", "--lang", lang, "--mistakes"], tmp_path).returncode == 0
    said = run(["check", "broken.xlsx"], tmp_path).stdout
    (shown,) = re.findall(r"```text\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    for line in shown.strip().splitlines():
        assert line in said.splitlines()


def rows(lang: str) -> dict[str, str]:
    """Command → its row in the table of a README."""
    text = (ROOT / READMES[lang]).read_text("utf-8")
    return dict(re.findall(r"^\| `salesplan ([\w-]+)[^`]*` \| (.*) \|$", text, re.M))


@pytest.mark.parametrize("lang", READMES)
def test_the_table_has_every_command_with_every_option(lang: str) -> None:
    """An option stands in its command's row, or with those that many take, below the table."""
    (shared,) = re.findall(
        r"^(?:Many take|许多命令都有)(.*?)^$",
        (ROOT / READMES[lang]).read_text("utf-8"),
        re.M | re.S,
    )
    table = rows(lang)
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None and name in table, name
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                said = f"{table[name]} {shared} `salesplan {_heading(lang, name)}`"
                assert any(re.search(rf"(?<![\w-]){one}\b", said) for one in option.opts), (
                    f"{name} {option.opts}"
                )


def _heading(lang: str, name: str) -> str:
    text = (ROOT / READMES[lang]).read_text("utf-8")
    (found,) = re.findall(rf"^\| `salesplan ({name}[^`]*)` \|", text, re.M)
    return str(found)


@pytest.mark.parametrize("lang", READMES)
def test_every_option_named_is_there(lang: str) -> None:
    for name, text in rows(lang).items():
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        known = {option for one in command.params for option in one.opts}
        if isinstance(command, click.Group):
            below = [command.get_command(click.Context(command), one) for one in command.commands]
            known |= {
                option for one in below if one for param in one.params for option in param.opts
            }
        assert set(re.findall(r"`(--?[\w-]+)", text)) <= known, name


def test_both_languages_show_the_same_set_up() -> None:
    english, chinese = blocks("README.md"), blocks("README.zh.md")
    assert english[0] == f"{chinese[0]} --lang en"
    assert english[1] == chinese[1]


def minimum(lang: str, path: Path) -> None:
    """The workbook that the README calls the minimum, made of its own tables."""
    text = (ROOT / READMES[lang]).read_text("utf-8")
    section = re.split(r"^## ", text, flags=re.M)
    (said,) = [one for one in section if one.startswith(("The minimum to start", "最少要填什么"))]
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, table in re.findall(r"\*([^*\n]+)\*.*?\n\n((?:\|.*\n)+)", said):
        sheet = book.create_sheet(title)
        for row in table.strip().splitlines():
            cells = [one.strip() for one in row.strip("|").split("|")]
            if set(cells) != {"---"}:
                sheet.append([int(one) if one.isdigit() else one or None for one in cells])
    assert len(book.sheetnames) == 2
    assert sum(sheet.max_column for sheet in book) == 8
    book.save(path)


@pytest.mark.parametrize("lang", READMES)
def test_the_minimum_is_enough(tmp_path: Path, lang: str) -> None:
    minimum(lang, tmp_path / "small.xlsx")
    assert run(["check", "small.xlsx"], tmp_path).returncode == 0
    title = {"en": "Targets", "zh": "目标分解"}[lang]
    assert run(["add", "small.xlsx", title], tmp_path).returncode == 0
    assert run(["recalc", "small.xlsx"], tmp_path).returncode == 0
    filled = list(
        openpyxl.load_workbook(tmp_path / "small.xlsx")[title].iter_rows(values_only=True)
    )
    unit = filled[0].index({"en": "Unit", "zh": "组织编码"}[lang])
    column = filled[0].index({"en": "Issued year target", "zh": "下达年度目标"}[lang])
    assert [(row[unit], row[column]) for row in filled[1:]] == [
        ("HQ", 1200),
        ("T1", 1200),
        ("P1", 600),
        ("P2", 600),
    ]


def test_continuous_integration_runs_the_readme_s_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (reading,) = re.findall(r"^command=.*$", script, re.M)
    said = subprocess.run(
        ["bash", "-c", f'{reading}\necho "$command"'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == blocks("README.md")[1]


def test_the_demo_command_is_enough_on_its_own(tmp_path: Path) -> None:
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    for file in filter(None, files):
        if (ROOT / file).is_file():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, tmp_path / file)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
    }
    environment["PIP_COMPILE"] = "0"  # what is never imported there need not be compiled
    done = subprocess.run(
        ["bash", "-c", blocks("README.md")[0]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "salesplan-demo").glob("*.xlsx"))) == 2
    for lang, name in READMES.items():
        minimum(lang, tmp_path / "small.xlsx")
        (tmp_path / "plan.xlsx").unlink(missing_ok=True)
        for block in blocks(name)[2:]:
            done = _in_a_fresh_shell(block, tmp_path)
            assert done.returncode == 0, f"{block}\n{done.stdout[-500:]}{done.stderr}"
    (installed,) = (tmp_path / ".venv").glob("lib/python*/site-packages/salesplan/addin")
    assert {"salesplan.xlam", "salesplan.applescript"} <= {
        file.name for file in installed.iterdir()
    }, "the add-in ships with the package"


def _in_a_fresh_shell(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A block of a page as somebody types it who has just opened a terminal: nothing is set but who
    they are.
    """
    given = {"PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-euc", block],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=given,
    )


@needs_crm
@pytest.mark.crm
def test_the_walk_through_runs_as_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "crm-map.toml", tmp_path / "docs")
    script = "\n".join(blocks("docs/crm-walkthrough.md"))
    python = shlex.quote(sys.executable)
    script = re.sub(
        r"^\s*salesplan ",
        f"{python} -m salesplan ",
        script.replace("python -m tests.crm", f"{python} -m tests.crm"),
        flags=re.M,
    )
    environment = {**os.environ, "CRM": str(DATA), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout[-800:] + done.stderr
    assert list(tmp_path.glob("*2017-06.xlsx"))
