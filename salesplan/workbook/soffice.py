"""A workbook's copy with every formula calculated by LibreOffice, for reading only; the workbook
itself is never given to it.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.read.stored import Computed
from salesplan.workbook.save.guards import named_causes
from salesplan.workbook.save.journal import copy_file
from salesplan.workbook.zip.package import open_package

SECONDS = 300.0

_CALCULATING = ("recalculation-failed", "recalculation-slow")
_PRINTING = ("print-failed", "print-slow")
_AT_ONCE = 50
"""Books that one start prints: a command line has an end."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""Calculate everything on load; follow no links; run no macros."""


def libreoffice() -> str | None:
    """LibreOffice's command, on the path or where its installers put it; None if it is not
    there.
    """
    return next((found for name in _places() if (found := shutil.which(name))), None)


def _places() -> Iterator[str]:
    yield from ("soffice", "libreoffice")
    if sys.platform == "darwin":
        yield "/Applications/LibreOffice.app/Contents/MacOS/soffice"
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if variable in os.environ:
            yield str(Path(os.environ[variable]) / "LibreOffice" / "program" / "soffice.com")


def recalculated_copy(path: Path, folder: Path, *, seconds: float = SECONDS) -> Computed:
    """Copy the workbook into ``folder`` (an empty one) and let LibreOffice calculate the copy into
    another file there.

    Raises SalesplanError: recalculation-program-missing (exit 2), recalculation-failed,
    recalculation-slow (after ``seconds``), and as :func:`open_package` for a file that is no sound
    workbook.
    """
    command = needed("recalculation-program-missing", path)
    open_package(path).close()
    source, out, profile = folder / "source.xlsx", folder / "computed", folder / "profile"
    with named_causes(source):
        sha256 = copy_file(path, source)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source)]
    said = _run(
        [
            command,
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            "--headless",
            "--norestore",
            *convert,
        ],
        lambda: path,
        seconds,
        _CALCULATING,
    )
    if not (out / source.name).is_file():
        raise SalesplanError(
            Finding.of(
                "recalculation-failed",
                Place(path.name),
                file=path.name,
                reason=said or "LibreOffice",
            )
        )
    return Computed(out / source.name, sha256)


def needed(code: str, path: Path) -> str:
    """LibreOffice's command. Raises SalesplanError (exit 2) with the finding ``code`` if it is not
    there.
    """
    command = libreoffice()
    if command is None:
        raise SalesplanError(Finding.of(code, Place(path.name)), 2)
    return command


def print_to(path: Path, target: Path, *, seconds: float = SECONDS) -> None:
    """Print a workbook, as its sheets are set up for paper, to the PDF ``target``, a file of the
    caller's own; by one start of LibreOffice.

    Raises SalesplanError: print-program-missing (exit 2), print-failed, print-slow (after
    ``seconds``).
    """
    with _folder() as made:
        (printed,) = _printed([path], Path(made), seconds)
        try:
            shutil.copyfile(printed, target)
        except OSError as error:
            raise _not_printed(path, error.strerror or str(error)) from error


def print_together(paths: Sequence[Path], target: Path, *, seconds: float = SECONDS) -> None:
    """Print workbooks, no two of one stem, one after another into the one PDF ``target``, a
    bookmark for each. To start LibreOffice takes as long as to print a book: a start prints many.

    Raises SalesplanError as :func:`print_to`, for the first that fails; each may take ``seconds``.
    """
    from pypdf import PdfWriter

    with _folder() as made, PdfWriter() as writer:
        for first in range(0, len(paths), _AT_ONCE):
            for printed in _printed(paths[first : first + _AT_ONCE], Path(made), seconds):
                writer.append(printed, outline_item=printed.stem, import_outline=False)
        writer.write(target)


def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True)


def _printed(paths: Sequence[Path], made: Path, seconds: float) -> list[Path]:
    """The PDFs of workbooks in the folder ``made``, by one start."""
    command = needed("print-program-missing", paths[0])
    profile = f"-env:UserInstallation={(made / 'profile').resolve().as_uri()}"
    how = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(made)]
    printed = [made / f"{path.stem}.pdf" for path in paths]

    def left() -> Path:
        """The first that is not printed: they are printed in their order."""
        there = zip(paths, printed, strict=True)
        return next((path for path, pdf in there if not pdf.is_file()), paths[-1])

    said = _run([command, profile, *how, *map(str, paths)], left, seconds, _PRINTING)
    if not all(pdf.is_file() for pdf in printed):
        raise _not_printed(left(), said or os.strerror(errno.ENOENT))
    return printed


def _not_printed(path: Path, reason: str) -> SalesplanError:
    place = Place(path.name)
    return SalesplanError(Finding.of("print-failed", place, file=path.name, reason=reason), 3)


def _run(command: list[str], at: Callable[[], Path], seconds: float, codes: tuple[str, str]) -> str:
    """The last line LibreOffice said on its error channel; it and its children are ended when a
    file takes longer than ``seconds``.

    ``codes`` are those of the findings for a start that failed and for one that took too long, of
    the file that it is ``at``.
    """
    try:
        run = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        name = at().name
        raise SalesplanError(
            Finding.of(codes[0], Place(name), file=name, reason=error.strerror or str(error))
        ) from error
    with run:
        try:
            said = _said(run, at, seconds)
        except BaseException as error:
            _end(run)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            name = at().name
            raise SalesplanError(
                Finding.of(codes[1], Place(name), file=name, seconds=f"{seconds:g}")
            ) from error
    return said.strip().rpartition("\n")[2]


def _said(run: subprocess.Popen[str], at: Callable[[], Path], seconds: float) -> str:
    """What it said until its end. TimeoutExpired where it stays at one file so long."""
    while True:
        before = at()
        try:
            return run.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            if at() == before:
                raise


def _end(run: subprocess.Popen[str]) -> None:
    """LibreOffice's command is often a script: what it started has to end with it."""
    if os.name == "posix":
        os.killpg(run.pid, getattr(signal, "SIGKILL"))  # noqa: B009 (not on Windows)
    else:
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(run.pid)], capture_output=True, check=False
        )
