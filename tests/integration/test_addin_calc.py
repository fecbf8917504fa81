"""The built add-in, opened and run by LibreOffice with a stand-in for Python that writes down how
it was called.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from salesplan.addin.install import content
from salesplan.excel.buttons import NAMES as BUTTONS
from salesplan.excel.identity import Identity
from tests.hostile import hostile_workbook
from tests.programs import libreoffice

pytestmark = pytest.mark.libreoffice

CLIENT = Path(__file__).parents[1] / "calc_client.py"
SUBS = [f"VBAProject.SalesplanRun.Salesplan{name.capitalize()}" for name in BUTTONS]


def python_with_uno() -> str:
    """A Python that can import LibreOffice's ``uno``: this one, or the system's."""
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3") or ""):
        if (
            python
            and subprocess.run(
                [python, "-c", "import uno"], capture_output=True, check=False
            ).returncode
            == 0
        ):
            return python
    pytest.fail("no Python here has LibreOffice's uno module (Debian: python3-uno)")


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A LibreOffice of its own, listening."""
    name, profile = f"salesplan{uuid4().hex}", tmp_path_factory.mktemp("profile")
    command = [
        libreoffice() or "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        f"--accept=pipe,name={name};urp",
    ]
    office = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    yield name
    os.killpg(office.pid, signal.SIGKILL)
    office.wait()


def calc(pipe: str, documents: list[tuple[Path, bool]], runs: list[tuple[int, str]]) -> list[str]:
    """Open the documents, run the macros, close; what each run gave."""
    wanted = {
        "pipe": pipe,
        "open": [(str(path), trusted) for path, trusted in documents],
        "run": runs,
    }
    done = subprocess.run(
        [python_with_uno(), str(CLIENT)],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: list[str] = json.loads(done.stdout)
    return said


class Desk:
    """A folder with a stand-in for Python (and a wrong one), and an add-in that names the right
    one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "my desk 销售 & 'co'"
        self.folder.mkdir()
        self.marker = folder / "marker.txt"
        self.said, self.program, self.addin = (
            self.folder / "said.txt",
            self.folder / "__main__.py",
            self.folder / "salesplan.xlam",
        )
        self.python = self.stub("python3", self.said)
        self.program.touch()
        self.addin.write_bytes(content("win32", str(self.python), str(self.program), "1.0")[0])

    def stub(self, name: str, said: Path) -> Path:
        path = self.folder / name
        path.write_text(
            f'#!/bin/sh\nline="$0"\nfor word; do line="$line|$word"; done\necho "$line" >> "${{0%/'
            f'*}}/{said.name}"\n'
        )
        path.chmod(0o755)
        return path

    def calls(self, count: int) -> list[str]:
        """The commands that were started; waits for ``count`` of them, since nobody waits for what
        a button starts.
        """
        end = time.monotonic() + 120
        while time.monotonic() < end and (
            not self.said.exists() or len(self.said.read_text().splitlines()) < count
        ):
            time.sleep(0.05)
        return self.said.read_text().splitlines() if self.said.exists() else []

    def command(self, button: str) -> str:
        return f"{self.python}|-P|-m|salesplan.excel|{button}"

    def commands(self, count: int) -> list[str]:
        """The same without the last word, which says what the workbook in front is called, in
        digits and A to F.
        """
        parts = [call.rpartition("|") for call in self.calls(count)]
        for _, _, which in parts:
            assert re.fullmatch(r"\d+-([0-9A-F]{4})*", which), which
        self.fronts = {Identity.read(which).name for _, _, which in parts}
        return [command for command, _, _ in parts]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_each_sub_starts_its_constant_command(pipe: str, desk: Desk) -> None:
    assert calc(pipe, [(desk.addin, True)], [(0, sub) for sub in SUBS]) == [""] * len(SUBS)
    assert sorted(desk.commands(len(SUBS))) == sorted(map(desk.command, BUTTONS))


@pytest.mark.parametrize("absent", ["python", "program"])
def test_nothing_is_started_where_python_or_the_program_is_gone(
    pipe: str, desk: Desk, absent: str
) -> None:
    moved = getattr(desk, absent)
    moved.rename(moved.with_name("moved"))
    assert calc(pipe, [(desk.addin, True)], [(0, SUBS[0])]) == [""]
    moved.with_name("moved").rename(moved)
    calc(pipe, [(desk.addin, True)], [(0, SUBS[-1])])
    assert desk.commands(1) == [desk.command("help")]


def test_an_add_in_that_is_not_installed_starts_nothing(pipe: str, desk: Desk) -> None:
    installed = desk.addin.read_bytes()
    desk.addin.write_bytes(content("win32", "", "", "")[0])
    assert calc(pipe, [(desk.addin, True)], [(0, SUBS[0])]) == [""]
    desk.addin.write_bytes(installed)
    calc(pipe, [(desk.addin, True)], [(0, SUBS[-1])])
    assert desk.commands(1) == [desk.command("help")]


def test_a_hostile_workbook_open_beside_it_changes_nothing_and_runs_nothing(
    pipe: str, desk: Desk
) -> None:
    wrong = desk.stub("wrong-python", desk.folder / "wrong.txt")
    hostile = hostile_workbook(desk.folder / "hostile.xlsm", wrong, desk.marker)
    before = {path: path.read_bytes() for path in (hostile, desk.addin)}
    assert calc(pipe, [(desk.addin, True), (hostile, False)], [(0, sub) for sub in SUBS]) == [
        ""
    ] * len(SUBS)
    assert sorted(desk.commands(len(SUBS))) == sorted(map(desk.command, BUTTONS))
    assert desk.fronts == {hostile.name}, "LibreOffice gives no path here; Excel does"
    assert not desk.marker.exists() and not (desk.folder / "wrong.txt").exists()
    assert {path: path.read_bytes() for path in before} == before


def test_that_workbook_is_hostile_indeed(pipe: str, desk: Desk) -> None:
    """Where somebody lets its macros run, they do: the test above would notice."""
    hostile = hostile_workbook(desk.folder / "hostile.xlsm", desk.python, desk.marker)
    calc(pipe, [(hostile, True)], [])
    assert desk.marker.read_text().strip() == "ran"


def test_the_command_line_reads_that_workbook_as_data(desk: Desk) -> None:
    hostile = hostile_workbook(desk.folder / "hostile.xlsm", desk.python, desk.marker)
    before = hostile.read_bytes()
    out = desk.folder / "filled.xlsm"
    for arguments in (["check", str(hostile)], ["recalc", str(hostile), "-o", str(out)]):
        done = subprocess.run(
            [sys.executable, "-m", "salesplan", *arguments],
            cwd=desk.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode in (0, 1) and done.stderr == "", done.stderr
    assert out.exists() and hostile.read_bytes() == before
    assert not desk.marker.exists() and not desk.said.exists()


def test_the_command_takes_no_module_from_the_folder_it_is_started_in(tmp_path: Path) -> None:
    """Excel's current folder is often that of the workbook opened last."""
    for name in ("salesplan", "click", "xlwings", "encodings_", "json"):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\n")
    for flags, expected in (([], True), (["-P"], False)):
        subprocess.run(
            [sys.executable, *flags, "-m", "salesplan", "--version"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert bool(list(tmp_path.glob("ran-*"))) is expected, flags
        for ran in tmp_path.glob("ran-*"):
            ran.unlink()
