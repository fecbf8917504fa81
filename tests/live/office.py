"""A LibreOffice of the tests' own: headless, in a throw-away profile, listening on a pipe of its
own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest

from salesplan.excel import calc_install
from salesplan.excel.bridge import PIPE, connected
from salesplan.findings import SalesplanError

STARTS_WITHIN = 90.0


class Office:
    """A running LibreOffice: its process and the pipe it listens on."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: str, profile: Path) -> None:
        self.process, self.pipe, self.profile = process, pipe, profile

    def open(self, path: Path) -> Any:
        """The workbook opened in a window, as an ``xw.Book``."""
        from salesplan.excel.calc import App, book_of

        return book_of(App(connected()).books.open(str(path)).document)

    def close_all(self) -> None:
        from salesplan.excel.calc import App

        os.environ[PIPE] = self.pipe
        for book in list(App(connected()).books):
            book.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The program answers nothing meanwhile, as with a modal state of its own."""
        pids = [self.process.pid, *children(self.process.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


AS_SOMEONE = """#!/bin/sh
chmod -R a+rwX {home}
for file in "$@"; do
    case "$file" in *.oxt) chmod a+rx "$(dirname "$file")"; chmod a+r "$file";; esac
done
HOME={home} exec setpriv --reuid 65534 --regid 65534 --clear-groups {unopkg} "$@"
"""


@contextmanager
def lent(folder: Path) -> Iterator[Path]:
    """A profile in the folder, into which buttons can be installed meanwhile: LibreOffice installs
    no extension for root, so root lends the folder to somebody else.
    """
    folder.chmod(0o777)
    profile = folder / "profile"
    profile.mkdir()
    profile.chmod(0o777)
    program = calc_install.program_folder()
    if os.geteuid():
        yield profile
        return
    wrapper = folder / "unopkg"
    wrapper.write_text(AS_SOMEONE.format(home=folder, unopkg=program / "unopkg"))
    wrapper.chmod(0o755)
    with mock.patch.object(calc_install, "program_folder", lambda: folder):
        yield profile


def children(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


@contextmanager
def running(
    folder: Path,
    *arguments: str,
    pipe: str | None = None,
    profile: Path | None = None,
    headless: bool = True,
) -> Iterator[Office]:
    """Start LibreOffice and wait until it answers; with ``pipe`` it is expected to listen there of
    its own accord.
    """
    command = shutil.which("soffice")
    assert command is not None
    named = pipe or f"salesplan-test-{uuid4().hex[:8]}"
    profile = profile or folder / "profile"
    listen = [] if pipe else [f"--accept=pipe,name={named};urp;"]
    before = os.environ.get(PIPE)
    os.environ[PIPE] = named
    process = subprocess.Popen(
        [
            command,
            f"-env:UserInstallation={profile.as_uri()}",
            *(["--headless"] if headless else []),
            "--norestore",
            "--nologo",
            *listen,
            *arguments,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process)
        yield Office(process, named, profile)
    finally:
        _end(process)
        if before is None:
            del os.environ[PIPE]
        else:
            os.environ[PIPE] = before


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, so that it leaves no lock in its profile; then make it. What is not saved
    would make it ask a question that nobody answers.
    """
    from salesplan.excel.documents import desktop, spreadsheets

    with suppress(Exception):
        for document in list(spreadsheets(connected())):
            document.setModified(False)
        desktop(connected()).terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def _wait(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            connected()
            return
        except SalesplanError as error:
            if (
                error.finding.code != "calc-not-running"
                or time.monotonic() > end
                or process.poll() is not None
            ):
                pytest.fail(f"LibreOffice does not answer: {error.finding.code}, {process.poll()}")
            time.sleep(0.2)
