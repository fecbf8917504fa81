"""A workbook of the corpus and its truth: what each column is, and every figure it states."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

LEFT = "left out"
"""A column that is not to be read: rates, sums, remarks."""

UNKNOWABLE = "cannot be known"
"""A column that must be asked about."""

TARGETS, ACTUALS = "targets", "actuals"

_THIN = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_EMPTY_RESULT = re.compile(
    rb'(<c r="([A-Z]+[0-9]+)"[^>]*>)(<f>.*?</f>)<v\s*/>|(<c r="([A-Z]+[0-9]+)"[^>]*>)(<f>.*?</f>)<v></v>'
)


@dataclass(frozen=True)
class Column:
    """What one column of theirs is: heads from row ``top`` to ``bottom``, ``month`` as 2026-01 or 2026-Q1."""

    sheet: str
    letter: str
    top: int
    bottom: int
    what: str
    month: str = ""
    kpi: str = ""

    def holds(self, sheet: str, cell: str) -> bool:
        """Whether ``cell`` is a head of this column."""
        letter = cell.rstrip("0123456789")
        return (
            sheet == self.sheet
            and letter == self.letter
            and self.top <= int(cell[len(letter) :]) <= self.bottom
        )

    @property
    def head(self) -> str:
        """Its head's place."""
        return f"{self.sheet}!{self.letter}{self.top}"

    @property
    def table(self) -> str:
        """The table it stands in; tables side by side are told apart by the truth's own rows only."""
        return f"{self.sheet}!{self.top}"


@dataclass(frozen=True)
class Figure:
    """One target or actual of the plan, in whole currency (or pieces), told by the table it is typed in."""

    table: str
    kind: str
    unit: str
    month: str
    kpi: str
    value: Decimal


@dataclass
class Book:
    """A workbook while it is written, with what is true of it."""

    shape: str
    language: str
    seed: int
    workbook: Workbook = field(default_factory=Workbook)
    columns: list[Column] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    must_name: list[str] = field(default_factory=list)
    """Words that a finding must hold, such as the cell of a subtotal that is wrong."""
    macros: bytes = b""
    results: dict[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def knowable(self) -> bool:
        """Whether somebody who reads it closely can be certain, without asking its planner."""
        return all(one.what not in (UNKNOWABLE, "second version") for one in self.columns)

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.shape}-{self.language}-{self.seed}.{'xlsm' if self.macros else 'xlsx'}"

    def page(self, title: str) -> Worksheet:
        """A new sheet; the first takes the place of the empty one."""
        first = self.workbook.worksheets[0]
        if first.title == "Sheet" and first.max_row == 1 and first["A1"].value is None:
            first.title = title
            return first
        return self.workbook.create_sheet(title)

    def column(
        self,
        page: Worksheet,
        number: int,
        rows: tuple[int, int],
        what: str,
        month: str = "",
        kpi: str = "",
    ) -> None:
        """Say what a column is."""
        self.columns.append(Column(page.title, get_column_letter(number), *rows, what, month, kpi))

    def state(
        self,
        page: Worksheet,
        top: int,
        kind: str,
        unit: str,
        month: str,
        value: object,
        scale: int = 1,
        kpi: str = "",
    ) -> None:
        """Say one figure of the plan; a blank is none."""
        if value is None:
            return
        amount = Decimal(str(value)) * scale
        self.figures.append(Figure(f"{page.title}!{top}", kind, unit, month, kpi, amount))

    def sums(self, kind: str, by: str, tables: Iterable[str]) -> Mapping[str, Decimal]:
        """Sums of the plan's figures by ``unit`` or ``month``, over what stands in ``tables``."""
        wanted = set(tables)
        total: dict[str, Decimal] = defaultdict(Decimal)
        for figure in self.figures:
            if figure.kind == kind and figure.table in wanted:
                total[f"{figure.kpi}|{getattr(figure, by)}"] += figure.value
        return {key: value for key, value in total.items() if value}

    def save(self, folder: Path) -> Path:
        """Write it, with the results that a program would have stored beside formulas."""
        made = BytesIO()
        self.workbook.save(made)
        path = folder / self.name
        paths = {
            f"xl/worksheets/sheet{n}.xml": sheet.title
            for n, sheet in enumerate(self.workbook.worksheets, 1)
        }
        with (
            zipfile.ZipFile(made) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for name in source.namelist():
                data = source.read(name)
                if name in paths:
                    data = _with_results(data, self.results[paths[name]])
                target.writestr(name, _macro_parts(name, data) if self.macros else data)
            if self.macros:
                target.writestr("xl/vbaProject.bin", self.macros)
        return path


def _with_results(xml: bytes, results: Mapping[str, object]) -> bytes:
    def filled(match: re.Match[bytes]) -> bytes:
        start, cell, formula = match.group(1, 2, 3) if match.group(1) else match.group(4, 5, 6)
        return start + formula + f"<v>{results[cell.decode()]}</v>".encode()

    return _EMPTY_RESULT.sub(filled, xml)


def _macro_parts(name: str, data: bytes) -> bytes:
    if name == "[Content_Types].xml":
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        data = data.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        return data.replace(
            b"</Types>",
            b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )
    if name == "xl/_rels/workbook.xml.rels":
        kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        return data.replace(
            b"</Relationships>",
            b'<Relationship Id="rIdVba" Type="'
            + kind
            + b'" Target="vbaProject.bin"/></Relationships>',
        )
    return data


_LOOKS: WeakKeyDictionary[Workbook, dict[tuple[object, ...], StyleArray]] = WeakKeyDictionary()
"""What was once set in a workbook; to find a look again by its parts is what writing it costs."""


def put(
    page: Worksheet,
    row: int,
    column: int,
    value: Any,
    number: str = "",
    bold: bool = False,
    fill: str = "",
    centred: bool = False,
) -> None:
    """One boxed cell."""
    cell = page.cell(row, column, value)
    known = _LOOKS.setdefault(page.parent, {})
    wanted = (bytes(cell._style or ()), number, bold, fill, centred)
    if wanted in known:
        cell._style = copy(known[wanted])
        return
    cell.border = _BOX
    if number:
        cell.number_format = number
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)
    if centred:
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    known[wanted] = copy(cell._style)


def heads(
    page: Worksheet, row: int, column: int, texts: Sequence[Any], fill: str = "D9E1F2"
) -> None:
    """A row of heads."""
    for offset, text in enumerate(texts):
        put(page, row, column + offset, text, bold=True, fill=fill, centred=True)


def merge(page: Worksheet, row: int, column: int, last_row: int, last_column: int) -> None:
    """Merge a range of heads."""
    page.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)


def title(page: Worksheet, text: str, width: int, row: int = 1) -> None:
    """A large merged title."""
    page.cell(row, 1, text).font = Font(bold=True, size=16, color="1F3864")
    page.cell(row, 1).alignment = Alignment(horizontal="center")
    merge(page, row, 1, row, width)


def note(page: Worksheet, row: int, text: str, column: int = 1) -> None:
    """A small grey line."""
    page.cell(row, column, text).font = Font(italic=True, size=9, color="7F7F7F")


def total(
    book: Book,
    page: Worksheet,
    row: int,
    column: int,
    value: Any,
    formula: str = "",
    fill: str = "FFF2CC",
) -> None:
    """A bold sum: the number, or a formula with its stored result."""
    put(page, row, column, f"={formula}" if formula else value, "#,##0.##", bold=True, fill=fill)
    if formula:
        book.results[page.title][f"{get_column_letter(column)}{row}"] = value
