"""An edit: one engine cell that should change, with what a planner needs to see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from string import ascii_uppercase

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import WIDE
from salesplan.plan.schema import Column, Kind
from salesplan.workbook.changes import CellChange, CellStyle
from salesplan.workbook.read.cells import CellValue

Value = None | bool | int | str | date | Decimal
"""What the engine writes: never a binary float."""

DIGITS = 6
"""Decimals of a written rate or share: more than any planner reads, stable from run to run."""

STYLES = {
    Kind.PERCENT: CellStyle.PERCENT,
    Kind.DATE: CellStyle.DATE,
    Kind.AMOUNT: CellStyle.AMOUNT,
    Kind.NUMBER: CellStyle.NUMBER,
    Kind.LINK: CellStyle.LINK,
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell's change: where, under which header, in which row (its codes), from what to what."""

    sheet: str
    cell: str
    column: str
    row: str
    old: CellValue
    new: Value
    formula: str | None = None
    style: CellStyle = CellStyle.GENERAL

    def change(self) -> CellChange:
        """The same for the workbook: which cell, what is to stand there."""
        return CellChange(self.sheet, self.cell, self.new, self.formula, self.style)


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes on one sheet, in numbers: cells, the rows they are in, and cells by column
    header.
    """

    sheet: str
    cells: int
    rows: int
    columns: Mapping[str, int]


def rounded(value: Value, column: Column) -> Value:
    """The value as it is written: rates and ratios to :data:`DIGITS` decimals, money untouched."""
    if isinstance(value, Decimal) and column.kind in (Kind.PERCENT, Kind.NUMBER):
        return value.quantize(Decimal(1).scaleb(-DIGITS), context=WIDE).normalize(WIDE) + 0
    return value


def as_told(value: object) -> object:
    """A cell's value as it is told: 100 and not 100.0, a dash for nothing."""
    if value is None or value == "":
        return "—"
    return Decimal(repr(value)) if isinstance(value, float) else value


def same(old: CellValue, new: Value) -> bool:
    """Whether the cell already says ``new``; blank and empty text are one, 0 and blank are not."""
    if new is None or new == "":
        return old is None or old == ""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(new, (int, Decimal)):
        return isinstance(old, (int, float)) and float(old) == float(new)
    if isinstance(new, date):
        return (old.date() if isinstance(old, datetime) else old) == new
    return old == new


def by_sheet(edits: Iterable[Edit]) -> dict[str, Sequence[Edit]]:
    """Edits grouped by sheet, in the order given."""
    groups: dict[str, list[Edit]] = {}
    for edit in edits:
        groups.setdefault(edit.sheet, []).append(edit)
    return {sheet: tuple(group) for sheet, group in groups.items()}


def summary(edits: Iterable[Edit]) -> tuple[Changed, ...]:
    """The edits in numbers, sheet by sheet, sheets and columns in the order given."""
    return tuple(
        Changed(
            sheet,
            len(group),
            len({edit.cell.lstrip(ascii_uppercase) for edit in group}),
            dict(Counter(edit.column for edit in group)),
        )
        for sheet, group in by_sheet(edits).items()
    )
