"""Standard output that takes nothing (a full disk, a reader that went away), and names that few
programs expect.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from salesplan import app
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import whole_sound

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")

COMMANDS = (
    ("--help",),
    ("new", "other.xlsx"),
    ("demo", "demo"),
    ("check", "plan.xlsx"),
    ("check", "plan.xlsx", "--json"),
    ("recalc", "plan.xlsx"),
    ("add", "plan.xlsx", "--all"),
    ("report", "plan.xlsx", "--lang", "en"),
    ("explain", "plan.xlsx", "P1", "REV"),
    ("handout", "plan.xlsx", "--to", "handouts"),
    ("collect", "handouts", "--into", "plan.xlsx"),
    ("announce", "plan.xlsx"),
    ("close", "plan.xlsx", "--month", "2026-02", "--despite-errors"),
    ("reopen", "plan.xlsx", "--month", "2026-02", "--reason", "late"),
    ("doctor", "plan.xlsx"),
    ("history", "plan.xlsx"),
    ("undo", "plan.xlsx"),
    ("config",),
)
"""In an order in which each finds what it needs."""


def ended(folder: Path, output: int | Path, *arguments: str, **more: str) -> tuple[int, str]:
    """The exit code of a command with that standard output, and what it says on standard error."""
    environment = {
        **os.environ,
        "SALESPLAN_STATE": str(folder / "state"),
        "SALESPLAN_CONFIG": str(folder / "config.toml"),
        "PYTHONIOENCODING": "utf-8",
        **more,
    }
    handle = (
        output
        if isinstance(output, int)
        else os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    )
    with os.fdopen(handle, "wb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "salesplan", *arguments],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.PIPE,
            check=False,
            env=environment,
        )
    return done.returncode, done.stderr.decode()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small master with every sheet."""
    return whole_sound(tmp_path_factory.mktemp("sound") / "sound.xlsx")


@needs_full
def test_a_full_disk_is_one_line_and_the_work_is_done(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another run prints does not count: both leave the same files, and none ends halfway."""
    full, free = tmp_path / "full", tmp_path / "free"
    for folder in (full, free):
        folder.mkdir()
        shutil.copy(sound, folder / "plan.xlsx")
    monkeypatch.chdir(free)
    for arguments in COMMANDS:
        done = run(*arguments)
        usual = done.exit_code
        code, said = ended(full, FULL, *arguments)
        lines = said.splitlines()[len(done.stderr.splitlines()) :]
        assert len(lines) == 1 and "the disk is full" in lines[0], (arguments, said)
        assert code == (usual or 3), arguments
        assert ("completed" in lines[0]) == (usual in (0, 1)), arguments
    names = [
        sorted(str(one.relative_to(folder)) for one in folder.rglob("*.xlsx") if one.is_file())
        for folder in (full, free)
    ]
    masters = [(folder / "plan.xlsx").read_bytes() for folder in (full, free)]
    assert [len(one) for one in names] == [len(names[0])] * 2 and masters[0] == masters[1]


@needs_full
def test_a_refusal_keeps_its_exit_code(tmp_path: Path) -> None:
    code, said = ended(tmp_path, FULL, "check", "nothing.xlsx")
    assert code == 4 and "Traceback" not in said
    unbuffered = ended(tmp_path, FULL, "config", PYTHONUNBUFFERED="1")
    assert unbuffered[0] == 3 and unbuffered[1].count("\n") == 1


@needs_full
def test_standard_error_may_be_full_too(tmp_path: Path) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "salesplan", "check", "nothing.xlsx"],
            cwd=tmp_path,
            stdout=full,
            stderr=full,
            check=False,
        )
    assert done.returncode == 4


@pytest.mark.skipif(os.name != "posix", reason="a pipe as POSIX has it")
def test_a_reader_that_has_seen_enough_changes_nothing(tmp_path: Path, sound: Path) -> None:
    """``salesplan recalc plan.xlsx | head -0``: the master is filled, the exit code is the
    run's.
    """
    shutil.copy(sound, tmp_path / "plan.xlsx")
    reader, writer = os.pipe()
    os.close(reader)
    assert ended(tmp_path, writer, "recalc", "plan.xlsx") == (0, "")
    assert app.history(tmp_path / "plan.xlsx")


LONG = "主" * 81 + "ab.xlsx"
NOT_UTF8 = os.fsdecode(b"pl\xffan.xlsx")


@pytest.mark.skipif(sys.platform != "linux", reason="names as bytes, as Linux has them")
@pytest.mark.parametrize("name", [LONG, NOT_UTF8], ids=["250 bytes", "not UTF-8"])
def test_a_name_few_programs_expect(tmp_path: Path, sound: Path, name: str) -> None:
    """Every command that takes a master takes it; the same bytes stand there after the undo."""
    master = tmp_path / name
    shutil.copy(sound, master)
    before = master.read_bytes()
    for command, *more in (
        ("check",),
        ("explain", "P1", "REV"),
        ("add", "--all"),
        ("handout", "--to", "forms"),
        ("announce", "--dry-run"),
        ("recalc",),
        ("close", "--dry-run", "--month", "2026-02", "--despite-errors"),
        ("report",),
        ("history",),
        ("undo",),
    ):
        code, said = ended(tmp_path, tmp_path / "out", command, name, *more)
        assert (code, said) == (0, ""), command
        assert (tmp_path / "out").read_text("utf-8"), command
        if command == "recalc":
            assert master.read_bytes() != before
    assert master.read_bytes() == before
    assert len(app.history(master)) == 2
