"""Every command of the README, in both languages, and of the walk-through is run here (the test command: by .ci/run)."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crm import DATA, needs_crm

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
DEALS = "id,agent,closed,stage,amount\n1,P01,2026-06-03,Won,1.5\n2,P02,2026-06-04,Lost,2\n"
MAP = 'key = "id"\n[columns]\nday = "closed"\nunit = "agent"\n[[rule]]\nkpi = "REV"\nwhere = { stage = "Won" }\nvalue = "amount"\n'
PLACEHOLDERS = {
    "FILE": "plan.xlsx",
    "[FILE]": "plan.xlsx",
    "HANDOUTS": "handouts",
    "DIR": "reports",
    "[FOLDER]": "demo",
    "SOURCE.csv": "deals.csv",
    "UNIT": "P01",
    "KPI": "REV",
    "[MONTH]": "2026-05",
}

NO_EXCEL = 0 if sys.platform in ("win32", "darwin") else 2
"""What the add-in's commands exit with here."""


def blocks(name: str) -> list[str]:
    """The shell blocks of a page."""
    return [
        body.strip()
        for body in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S)
    ]


def commands(name: str) -> list[str]:
    """Every ``salesplan`` command of a page: in running text, tables and blocks."""
    text = (ROOT / name).read_text("utf-8")
    spans = re.findall(r"`(salesplan [^`]+)`", text)
    lines = [
        line.strip()
        for block in blocks(name)
        for line in block.splitlines()
        if line.strip().startswith("salesplan ")
    ]
    return list(dict.fromkeys(spans + lines))


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as in a terminal of that folder's owner; one that runs until Ctrl+C gets it after its first work."""
    command = [sys.executable, "-u", "-m", "salesplan", *arguments]
    owner = {**os.environ, "HOME": str(folder), "APPDATA": str(folder)}
    if arguments[0] != "watch" or "--help" in arguments:
        return subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=owner,
        )
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=owner,
    ) as running:
        assert running.stdout is not None
        said = "".join(running.stdout.readline() for _ in range(4))
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, said + out, err)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A planner's folder: a filled plan, a CRM export and its mapping."""
    assert run(["new", "plan.xlsx", "--example"], tmp_path).returncode == 0
    (tmp_path / "deals.csv").write_text(DEALS, "utf-8")
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", READMES)
def test_every_command_runs(desk: Path, name: str) -> None:
    found = commands(name)
    assert len(found) >= 12
    for command in found:
        arguments = [PLACEHOLDERS.get(word, word) for word in shlex.split(command)[1:]]
        if arguments == ["check"]:
            arguments.append("plan.xlsx")
        if arguments[0] == "new":
            arguments[1] = "fresh.xlsx"
            (desk / "fresh.xlsx").unlink(missing_ok=True)
        if arguments[0] == "check" and "broken" in arguments[1]:
            assert run(["new", "broken.xlsx", "--mistakes"], desk).returncode == 0
        if arguments[0] == "import-actuals" and "--map" not in arguments:
            arguments += ["--map", "map.toml"]
        if arguments[0] == "undo":
            run(["recalc", "plan.xlsx", "--month", "2026-04"], desk)
        done = run(arguments, desk)
        expected = 1 if "broken.xlsx" in arguments else NO_EXCEL if arguments[0] == "excel" else 0
        assert done.returncode == expected, f"{command}\n{done.stdout[-500:]}{done.stderr}"


@pytest.mark.parametrize("name", READMES)
def test_every_option_named_is_there(name: str) -> None:
    rows = re.findall(
        r"^\| `salesplan ([\w-]+)[^`]*` \| (.*) \|$",
        (ROOT / name).read_text("utf-8").replace("\\|", "¦"),
        re.M,
    )
    assert len(rows) >= 8
    for command, text in rows:
        usage = run([command, "--help"], ROOT).stdout
        for option in re.findall(r"`(--?[\w-]+)", text):
            assert option in usage, f"{name}: {command} {option}"


def test_both_languages_show_the_same_set_up() -> None:
    assert blocks("README.md")[:2] == blocks("README.zh.md")[:2]


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
        if name not in {"VIRTUAL_ENV", "PYTHONPATH"}
    }
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
    (installed,) = (tmp_path / ".venv").glob("lib/python*/site-packages/salesplan/addin")
    assert {"salesplan.xlam", "salesplan.applescript"} <= {
        file.name for file in installed.iterdir()
    }, "the add-in ships with the package"


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
