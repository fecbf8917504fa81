"""Rows for 实绩 as they are made of a source's records."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, overload

from salesplan.plan.model import Month

Figures = tuple[Decimal | None, ...]


class ActualRow(NamedTuple):
    """One row for the actuals table. ``source`` identifies it from one import to the next.

    ``numbers`` are what its columns ``named`` hold. ``first``: whether it is the first of its
    account, so that a later one of a later file is no correction of it.
    """

    source: str
    line: int
    day: date | Month
    unit: str
    kpi: str
    texts: Mapping[str, str]
    named: tuple[str, ...]
    numbers: Figures
    first: bool = False
    file: str = ""

    @property
    def figures(self) -> dict[str, Decimal | None]:
        """The figures by column."""
        return dict(zip(self.named, self.numbers, strict=True))

    @property
    def when(self) -> date:
        """Its day; of a month the last."""
        return self.day.last if isinstance(self.day, Month) else self.day


class Made(NamedTuple):
    """What the rows that a rule makes of one file have in common."""

    kpi: str
    named: tuple[str, ...]
    first: bool
    file: str


class ActualRows(Sequence[ActualRow]):
    """Rows kept column by column: of a million each is only made when it is looked at."""

    def __init__(self, rows: Iterable[ActualRow] = ()) -> None:
        self.sources: list[str] = []
        self.lines = array("Q")
        self.days: list[date | Month] = []
        self.units: list[str] = []
        self.texts: dict[str, list[str | None]] = {}
        self._figures: list[Decimal | Figures | None] = []
        self._made: list[Made] = []
        self._mades: dict[Made, Made] = {}
        for row in rows:
            self.append(row)

    def append(self, row: ActualRow) -> None:
        """Put a row behind the others."""
        made = [self.made(row.kpi, row.named, row.first, row.file)]
        texts = {name: [text] for name, text in row.texts.items()}
        self.extend(made, [row.source], [row.line], [row.day], [row.unit], texts, [row.numbers])

    def made(self, kpi: str, named: tuple[str, ...], first: bool, file: str) -> Made:
        """What rows have in common, the same object each time."""
        made = Made(kpi, named, first, file)
        return self._mades.setdefault(made, made)

    def extend(
        self,
        made: Sequence[Made],
        sources: Iterable[str],
        lines: Iterable[int],
        days: Iterable[date | Month],
        units: Iterable[str],
        texts: Mapping[str, Sequence[str | None]],
        numbers: Iterable[Figures],
    ) -> None:
        """Put rows behind the others; None is no text of that name."""
        for name in {*self.texts, *texts}:
            column = self.texts.setdefault(name, [None] * len(self))
            column += texts.get(name) or [None] * len(made)
        self.sources += sources
        self.lines.extend(lines)
        self.days += days
        self.units += units
        self._figures += [one[0] if len(one) == 1 else one for one in numbers]
        self._made += made

    def __len__(self) -> int:
        return len(self.sources)

    @overload
    def __getitem__(self, at: int) -> ActualRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ActualRow]: ...
    def __getitem__(self, at: int | slice) -> ActualRow | Sequence[ActualRow]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        kpi, named, first, file = self._made[at]
        figures = self._figures[at]
        numbers = figures if isinstance(figures, tuple) else (figures,)
        given = {name: column[at] for name, column in self.texts.items()}
        texts = {name: text for name, text in given.items() if text is not None}
        told = self.days[at], self.units[at], kpi, texts, named, numbers
        return ActualRow(self.sources[at], self.lines[at], *told, first, file)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def kpis(self) -> list[str]:
        """The KPI of each row."""
        return [made.kpi for made in self._made]

    @property
    def named(self) -> tuple[str, ...]:
        """The columns of which any row says a figure."""
        every = chain.from_iterable(made.named for made in self._mades)
        return tuple(dict.fromkeys(every))

    def figures(self, name: str) -> list[Decimal | None]:
        """The figure of each row in a column."""
        places = {made: made.named.index(name) for made in self._mades if name in made.named}
        return [
            _figure(figures, places.get(made))
            for made, figures in zip(self._made, self._figures, strict=True)
        ]


def _figure(figures: Decimal | Figures | None, at: int | None) -> Decimal | None:
    if at is None:
        return None
    return figures[at] if isinstance(figures, tuple) else figures


def told_apart(row: ActualRow, others: Sequence[ActualRow]) -> ActualRow:
    """The row with a source of its own where another row of its record says the same KPI, unit and
    product.

    A deal of which 60 % go to its owner and 40 % to a second one who is the same person makes two
    rows.
    """
    alike = sum(
        (one.kpi, one.unit, one.texts.get("product"))
        == (row.kpi, row.unit, row.texts.get("product"))
        for one in others
    )
    return row._replace(source=f"{row.source} ({alike + 1})") if alike else row
