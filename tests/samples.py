"""Masters as ``salesplan new`` writes them: made once in a run of the tests and copied, since to
make the sample takes half a second and hundreds of tests begin with it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from salesplan import app
from salesplan.app.reports import Form
from salesplan.plan.loader import load
from salesplan.template import write_template
from salesplan.workbook.changes import CellChange
from salesplan.workbook.patch.patch import patch_workbook
from tests.unit.masters import SOUND, write

YEAR = 2026
SHARED = "SALESPLAN_TEST_SAMPLES"
"""Environment variable: the folder in which the processes of a run share what they made; without it
each makes its own.
"""


def new_sample(path: Path, *, lang: str, mistakes: bool = False) -> Path:
    """A master of the sample that nothing has been filled in yet, at ``path``; with ``mistakes``
    those of the sample with mistakes are in it.
    """
    return new_master(path, lang=lang, example=True, mistakes=mistakes)


def filled_sample(path: Path, *, lang: str, mistakes: bool = False) -> Path:
    """The sample after its first ``salesplan recalc``, at ``path``; its history is not there."""

    def make(own: Path) -> None:
        app.recalc(
            new_sample(own.with_stem(f"{own.stem}-new"), lang=lang, mistakes=mistakes), out=own
        )

    return copied(f"{_kind(True, mistakes)}-{lang}-filled", make, path)


def new_master(
    path: Path, *, lang: str, year: int = YEAR, example: bool = False, mistakes: bool = False
) -> Path:
    """What :func:`write_template` writes at ``path``."""

    def make(own: Path) -> None:
        write_template(own, lang=lang, year=year, example=example, mistakes=mistakes)

    return copied(f"{_kind(example, mistakes)}-{lang}-{year}", make, path)


@dataclass(frozen=True)
class Report:
    """What ``salesplan report`` writes of the sample: in a folder that the run's tests share, so
    that none of them may change it.
    """

    lang: str
    book: Path
    deck: Path
    page: Path

    @property
    def pdf(self) -> Path:
        """The book as LibreOffice prints it."""
        from tests.programs import convert

        made = self.book.with_suffix(".pdf")
        if not made.exists():
            own = self.book.parent / f"printed-{os.getpid()}"
            convert(self.book, "pdf", own).replace(made)
        return made


def sample_report(*, lang: str, span: str = "month") -> Report:
    """The report of the sample m.xlsx after its first recalc; that of the month in every form."""
    folder = Path(os.environ[SHARED]) / f"report-{lang}-{span}"
    if not folder.exists():
        own = folder.with_name(f"{folder.name}-{os.getpid()}")
        master = filled_sample(own / "master" / "m.xlsx", lang=lang)
        forms = (Form.DECK, Form.PAGE) if span == "month" else ()
        app.report(master, app.Wanted(folder=own, span=span, forms=forms))
        with suppress(OSError):  # another process was quicker
            own.rename(folder)
    (book,) = folder.glob("*.xlsx")
    return Report(lang, book, book.with_suffix(".pptx"), book.with_suffix(".html"))


def _kind(example: bool, mistakes: bool) -> str:
    return "mistakes" if mistakes else ("blank", "example")[example]


def copied(name: str, make: Callable[[Path], object], path: Path) -> Path:
    """At ``path`` the workbook of that ``name``, which ``make`` writes: once in a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.environ.get(SHARED)
    if folder is None:
        make(path)
        return path
    made = Path(folder) / f"{name}.xlsx"
    if not made.exists():
        own = made.with_stem(f"{made.stem}-{os.getpid()}")
        make(own)
        own.replace(made)
    shutil.copyfile(made, path)
    return path


def whole_sound(path: Path) -> Path:
    """The small sound master of tests/unit/masters.py with every sheet and column, at ``path``."""

    def make(own: Path) -> None:
        write(own, SOUND)
        app.add(own)

    return copied("sound", make, path)


def filled_sound(path: Path) -> Path:
    """:func:`whole_sound` after its first ``salesplan recalc``; its history is not there."""

    def make(own: Path) -> None:
        app.recalc(whole_sound(own.with_stem(f"{own.stem}-new")), out=own)

    return copied("sound-filled", make, path)


def typed(path: Path, cells: Mapping[tuple[str, str], object]) -> Path:
    """The master with values typed over its cells, by sheet and cell; nothing else of it is
    another, which a program that reads and writes the whole of it takes a hundred times as long
    for.
    """
    own = path.with_name(f"typed-{path.name}")
    changes = [CellChange(sheet, cell, value) for (sheet, cell), value in cells.items()]
    patch_workbook(path, own, changes)
    own.replace(path)
    return path


def typed_at(path: Path, table: str, code: str, /, **values: object) -> Path:
    """The master with values typed into the row of that code (a setting's: of that name), by its
    table's columns.
    """
    found = load(path).tables[table]
    key = "code" if "code" in found.columns else "name"
    row = found.row_numbers[found.column(key).index(code)]
    cells = {(found.sheet, f"{found.columns[key]}{row}"): one for key, one in values.items()}
    return typed(path, cells)


def unprinted(path: Path, *, notes: bool = True) -> Path:
    """The master at ``path`` without the rows that its sheets repeat in print, and without its
    notes if they are not wanted: LibreOffice opens it in half the time, and then in a third.
    """
    own = path.with_name(f"unprinted-{path.name}")
    with ZipFile(path) as given, ZipFile(own, "w", ZIP_DEFLATED, compresslevel=1) as left:
        for name in given.namelist():
            if notes or not _OF_NOTES.search(name):
                left.writestr(name, _without(given.read(name), name, notes))
    own.replace(path)
    return path


_REPEATED = re.compile(rb'<definedName name="_xlnm.Print_Titles".*?</definedName>')
_OF_NOTES = re.compile(r"comments\d+\.xml|vmlDrawing")
_NOTES = re.compile(
    rb"<legacyDrawing [^>]*>|<Relationship [^>]*(?:comments\d|vmlDrawing)[^>]*>"
    rb"|<Override [^>]*comments\d[^>]*>"
)


def _without(part: bytes, name: str, notes: bool) -> bytes:
    if name.endswith("workbook.xml"):
        return _REPEATED.sub(b"", part)
    return part if notes else _NOTES.sub(b"", part)
