"""What a meeting's page consists of, in words and figures: the same for paper and phone."""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.dataclass import dataclass
from salesplan.handout.form import Line
from salesplan.plan.model import Light
from salesplan.plan.schema import Column
from salesplan.report.xlsx.measure import Scalar


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its number format; ``light`` colours it."""

    value: Scalar = None
    form: str = ""
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; ``span`` is how many of the sheet's columns it takes, ``look`` how its cells
    stand: wrap, center, right.
    """

    text: str
    look: str = "wrap"
    span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be read, from the sheet's column ``start`` on; ``empty`` is said where it has no
    row.
    """

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    start: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """One row of the form: what it shows, and the line as it is handed out, with what its inputs
    hold already. ``group`` is whose page it stands on where the form is long.
    """

    shown: Mapping[str, Cell]
    line: Line
    group: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The table to be filled in and taken back into the master's ``table``. ``columns`` are keys of
    what is shown (``heads``) and of ``inputs`` in the order of the sheet, ``widths`` theirs.
    """

    table: str
    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    heads: Mapping[str, Head]
    inputs: Mapping[str, Column]
    rows: tuple[Filled, ...]
    people: tuple[str, ...] = ()
    """Who may be named as responsible."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting's page. ``bands`` are tables that stand beside each other, above the form and
    below it.
    """

    lang: str
    name: str
    title: str
    subtitle: str
    caution: str
    messages: tuple[str, ...]
    above: tuple[tuple[Table, ...], ...]
    form: Form
    below: tuple[tuple[Table, ...], ...] = ()
    note: str = ""
