"""The figures of one table of a planner's, row by row: whose each is, of what, for when, and in
which cell it stands.

A row's name is what its columns say, filled down where cells are merged or left blank. Rows of
totals are no figures of the plan: they are held against what they sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Place
from salesplan.plan.adopt.blocks import Block
from salesplan.plan.adopt.mapping import Entry, Fixed, Takes
from salesplan.plan.adopt.money import measure_in
from salesplan.plan.adopt.months import period_in
from salesplan.plan.adopt.words import Role, said, total_of
from salesplan.plan.model import Month
from salesplan.plan.normalize import half_width, in_one_line
from salesplan.plan.parse_numbers import plain_number
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.refs import cell_ref

NO_FIGURE = frozenset({"-", "—", "–", "--", "/", "\\", "n/a", "na", "n.a.", "无", "暂无", "…"})
"""Texts in a cell of figures that say that there is none."""
UNDECIDED = frozenset(
    {
        *(
            "待定",
            "未定",
            "暂未定",
            "待确认",
            "待议",
            "未確定",
            "検討中",
            "調整中",
            "미정",
            "?",
            "？",
        ),
        *("tbd", "tbc", "tba", "to be decided", "to be confirmed", "open", "pending"),
        *("offen", "noch offen", "à définir", "por definir", "da definire", "do ustalenia"),
    }
)
"""Texts that say that a figure is not known yet: none is read, and the cell is named."""
_COMMA = frozenset(["de", "es", "it", "pt", "nl", "da", "nb", "tr", "id", "el", "ro", "hr", "sl"])
"""Languages that part thousands by a point and decimals by a comma."""
_POINTED = re.compile(r"[-+(]?\s*\d{1,3}(?:\.\d{3})*(?:,\d+)?\s*\)?")
_FILLED_DOWN = (
    Takes.PARENT,
    Takes.YEAR,
    Takes.DAY,
    Takes.KPI,
    Takes.PRODUCT,
    Takes.REGION,
    Takes.MEASURE,
)
_SPLIT = (Takes.KPI, Takes.ROLE, Takes.PRODUCT)
"""What parts a unit's figures into several rows."""
_PARTED = (Takes.CUSTOMER, Takes.CHANNEL)
"""What a row may name of the unit above it, whose name is merged or typed once."""
_DIMENSIONS = (Takes.PRODUCT, Takes.REGION, Takes.CUSTOMER, Takes.CHANNEL, Takes.CURRENCY)


@dataclass(frozen=True, slots=True)
class Named:
    """How a row names its unit: its own text, its code, the texts of those above it from the top
    down; ``total`` is what the row is a total of, None for no total.
    """

    text: str = ""
    code: str = ""
    parents: tuple[str, ...] = ()
    total: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell with a figure. ``when`` is a month, a fiscal quarter (year, number), a year, or the
    cell of a date; ``dimensions`` the row's product, region and so on.
    """

    takes: Takes
    named: Named
    kpi: str
    when: Month | tuple[int, int] | int | CellValue
    value: CellValue
    place: Place
    row: int
    dimensions: Mapping[Takes, str] = field(default_factory=dict)
    factor: Decimal = Decimal(1)
    listed: bool = False
    """Whether its row says when it was: several rows of one name in a list add up."""

    @property
    def number(self) -> Decimal | None:
        """The figure in the plan's unit, also one typed as a text; None for a cell without one."""
        if isinstance(self.value, str):
            typed = plain_number(half_width(self.value))
            return None if typed is None else typed * self.factor
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            return None
        return Decimal(repr(self.value)) * self.factor

    @property
    def undecided(self) -> bool:
        """Whether the cell says that its figure is not known yet."""
        return isinstance(self.value, str) and self.value.strip().casefold() in UNDECIDED


@dataclass(frozen=True, slots=True)
class Matched:
    """A table as it stands, and which of its columns each entry is of."""

    block: Block
    columns: Mapping[int, Entry]


def slots_of(matched: Matched, workbook: str) -> list[Fact]:
    """The cells of the columns that are filled, with what they hold, but for rows of totals and
    those that name nobody.
    """
    return list(_Rows(matched, workbook).slots())


def facts_of(matched: Matched, workbook: str) -> list[Fact]:
    """The figures of the table, total rows' too, in the order of the sheet."""
    return list(_Rows(matched, workbook).facts())


class _Rows:
    """A table's rows as they are read, with what holds on from one to the next."""

    def __init__(self, matched: Matched, workbook: str) -> None:
        self.block = matched.block
        self.workbook = workbook
        self.keys: dict[Takes, list[int]] = {}
        self.figures: list[tuple[int, Entry]] = []
        self.filled: list[tuple[int, Entry]] = []
        for column, entry in sorted(matched.columns.items()):
            if entry.takes is None or not entry.read:
                continue
            if entry.takes.filled:
                self.filled.append((column, entry))
            elif entry.takes.figure:
                self.figures.append((column, entry))
            else:
                self.keys.setdefault(entry.takes, []).append(column)
        self.entries = matched.columns
        self.held: dict[int, CellValue] = {}
        self.sections: list[str] = []
        self.comma = self.block.languages[:1] != () and self.block.languages[0] in _COMMA
        self.unit_filled = any(one in self.keys for one in _SPLIT)
        self.had: set[tuple[CellValue, ...]] = set()
        first = min((column for column, _ in self.figures), default=0)
        known = set(chain.from_iterable(self.keys.values()))
        self.loose = [at for at in range(self.block.left, first) if at not in known]

    def facts(self) -> Iterator[Fact]:
        for row in self.block.rows:
            cells = self._cells(row)
            figures = [
                (column, entry, value)
                for column, entry in self.figures
                if (value := self._figure(row, column)) is not None
            ]
            named = self._named(row, cells)
            if not figures:
                if named.text and named.total is None and not named.code:
                    self.sections = [named.text]
                continue
            roles = self._roles(cells)
            if roles is not None and not roles:
                continue
            for column, entry, value in figures:
                takes = entry.takes if roles is None else roles[0]
                assert takes is not None
                yield self._fact(row, column, replace(entry, takes=takes), cells, named, value)

    def slots(self) -> Iterator[Fact]:
        for row in self.block.rows:
            cells = self._cells(row)
            named = self._named(row, cells)
            if named.total is not None or (self._names_units and not named.text + named.code):
                continue
            for column, entry in self.filled:
                value = self.block.value(row, column)
                yield self._fact(row, column, entry, cells, named, value)

    @property
    def _names_units(self) -> bool:
        return any(one in self.keys for one in (Takes.UNIT, Takes.CODE, Takes.PARENT))

    def _cells(self, row: int) -> dict[Takes, list[CellValue]]:
        """What the key columns say of a row, filled down where that is meant."""
        own: dict[int, CellValue] = {}
        for columns in self.keys.values():
            own |= {column: self.block.value(row, column) for column in columns}
        self._forget(own)
        parts = chain.from_iterable(self.keys.get(one, ()) for one in _PARTED)
        parted = Takes.DAY not in self.keys and any(own[at] is not None for at in parts)
        found: dict[Takes, list[CellValue]] = {}
        for takes, columns in self.keys.items():
            down = takes in _FILLED_DOWN or (takes is Takes.UNIT and (self.unit_filled or parted))
            values = []
            for column in columns:
                value = own[column]
                if isinstance(value, str) and not value.strip():
                    value = None
                if value is None and down:
                    value = self.held.get(column)
                elif value is not None:
                    self.held[column] = value
                values.append(value)
            found[takes] = values
        return found

    def _forget(self, own: Mapping[int, CellValue]) -> None:
        """A new value in a column ends what was held in those right of it: a new team has new
        people. A team that is typed again in each row is none, until a kind or a KPI comes again
        that the person has had: that row is the team's own.
        """
        outer = sorted(self.keys.get(Takes.PARENT, []) + self.keys.get(Takes.UNIT, []))
        typed = [at for at in outer if own.get(at) is not None]
        parting: list[int] = []
        for takes in _SPLIT:
            parting += self.keys.get(takes, [])
        now = self.held | {at: one for at, one in own.items() if one is not None}
        split = tuple(map(now.get, parting))
        changed = [at for at in typed if own[at] != self.held.get(at)]
        if typed and not changed and split in self.had:
            changed = typed
        if changed:
            self.had = set()
        self.had.add(split)
        if changed:
            for at in [one for one in self.held if one > changed[0]]:
                if at in outer or at in self.keys.get(Takes.KPI, []):
                    del self.held[at]

    def _figure(self, row: int, column: int) -> CellValue:
        value = self.block.value(row, column)
        if isinstance(value, str) and value.strip().casefold() in NO_FIGURE | {""}:
            return None
        return self._respelled(value)

    def _respelled(self, value: CellValue) -> CellValue:
        """A figure typed as a text, as numbers are written here: 12.345,60 in a German table."""
        text = half_width(value) if isinstance(value, str) else ""
        if not self.comma or not _POINTED.fullmatch(text):
            return value
        return text.replace(".", "").replace(",", ".")

    def _named(self, row: int, cells: Mapping[Takes, Sequence[CellValue]]) -> Named:
        parents = [_text(one) for one in cells.get(Takes.PARENT, ())]
        text = _text(next(iter(cells.get(Takes.UNIT, ())), None))
        code = _text(next(iter(cells.get(Takes.CODE, ())), None))
        fixed = self._fixed_parent()
        told = [*([fixed] if fixed else []), *[one for one in parents if one]]
        total = total_of(text) if text else None
        if total is None and not text:
            total = next((of for one in parents if (of := total_of(one)) is not None), None)
            told = [one for one in told if total_of(one) is None]
            if total is None and told and Takes.UNIT in cells:
                text, told = told[-1], told[:-1]
        day = next(iter(cells.get(Takes.DAY, ())), None)
        if total is None and isinstance(day, str):
            total = total_of(day)
        if total is None and self._blank_units(row):
            words = (_text(self.block.value(row, at)) for at in self.loose)
            total = next((of for word in words if (of := total_of(word)) is not None), None)
        if not parents and self.sections and text != self.sections[-1]:
            told = [*told, *self.sections]
        return Named(text, code, tuple(told), total)

    def _blank_units(self, row: int) -> bool:
        units = self.keys.get(Takes.UNIT, [])
        return bool(units) and all(self.block.value(row, at) is None for at in units)

    def _fixed_parent(self) -> str:
        columns = self.keys.get(Takes.UNIT, [])
        return self.entries[columns[0]].fixed.parent if columns else ""

    def _roles(self, cells: Mapping[Takes, Sequence[CellValue]]) -> list[Takes] | None:
        """What the row's figures are by its own words; None where no column says so, nothing where
        they are no figures of the plan.
        """
        if Takes.ROLE not in cells:
            return None
        spoken = said(_text(cells[Takes.ROLE][0])).roles
        if Role.TARGET in spoken and len(spoken) == 1:
            return [Takes.TARGET]
        return [Takes.ACTUAL] if spoken == {Role.ACTUAL} else []

    def _fact(
        self,
        row: int,
        column: int,
        entry: Entry,
        cells: Mapping[Takes, Sequence[CellValue]],
        named: Named,
        value: CellValue,
    ) -> Fact:
        fixed = entry.fixed
        kpi = _text(next(iter(cells.get(Takes.KPI, ())), None)) or fixed.kpi
        dimensions = {
            takes: text
            for takes in _DIMENSIONS
            if takes in cells and (text := _text(cells[takes][0]))
        }
        if fixed.product:
            dimensions[Takes.PRODUCT] = fixed.product
        if fixed.unit:
            named = replace(named, text=fixed.unit)
        return Fact(
            entry.takes or Takes.ACTUAL,
            named,
            kpi,
            self._when(cells, fixed),
            value,
            Place(self.workbook, self.block.sheet, cell_ref(row, column)),
            row,
            dimensions,
            self._factor(cells, entry),
            Takes.DAY in cells,
        )

    def _factor(self, cells: Mapping[Takes, Sequence[CellValue]], entry: Entry) -> Decimal:
        """What brings a figure into the plan's unit: the column's factor, unless the row names a
        unit of its own (万元 beside 元).
        """
        if entry.takes is Takes.FILL_ATTAINMENT:
            return entry.fixed.factor
        for takes in (Takes.MEASURE, Takes.KPI):
            if takes not in cells:
                continue
            sizing = self.entries[self.keys[takes][0]]
            named = measure_in(_text(cells[takes][0])) if sizing.unit else None
            if named is not None:
                return named.size * sizing.fixed.factor if named.money else Decimal(1)
        return entry.fixed.factor

    def _when(
        self, cells: Mapping[Takes, Sequence[CellValue]], fixed: Fixed
    ) -> Month | tuple[int, int] | int | CellValue:
        if fixed.month is not None:
            return fixed.month
        if fixed.quarter is not None:
            return fixed.quarter
        day = next(iter(cells.get(Takes.DAY, ())), None)
        year = self._year(cells, fixed)
        if day is None:
            return year
        if isinstance(day, (date, datetime)):
            return day
        return _month_of(day, year, self.block.languages) or day

    def _year(self, cells: Mapping[Takes, Sequence[CellValue]], fixed: Fixed) -> int | None:
        given = next(iter(cells.get(Takes.YEAR, ())), None)
        timed = None if given is None else period_in(given)
        return fixed.year if timed is None else timed.period.year


def _month_of(
    value: CellValue, year: int | None, languages: Sequence[str]
) -> Month | tuple[int, int] | None:
    """The month or quarter that a list's cell names; a bare 6 is June of the year."""
    if isinstance(value, (int, float)) and 1 <= value <= 12 and value == int(value):
        return None if year is None else Month(year, int(value))
    timed = period_in(value, languages)
    if timed is None:
        return None
    period = timed.period
    of = period.year or year
    if of is None:
        return None
    if period.month is not None:
        return Month(of, period.month)
    if period.quarter is not None:
        return of, period.quarter
    return Month(of, period.position) if period.position is not None else None


def _text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return in_one_line(str(value))
