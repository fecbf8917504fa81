"""手工Q1…手工Q4: what a typed fiscal quarter asks of its months.

* A flow's quarter is the sum of its three months. Months typed in it leave it the rest; a year of
  which some quarters are typed gives the rest to the others.
* A level's (存量) quarter is its last month; the months before keep what they have without it.
* A rate's quarter holds for each of its months that is not typed
  (:mod:`salesplan.engine.targets.copied`).

Three typed months that are not the quarter, four quarters that are not the year, and a rest of the
other sign than the whole contradict each other: an error at the quarter's cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, KpiKind, TargetRow

QUARTERS = 4
NO_QUARTERS: tuple[None, ...] = (None,) * QUARTERS
_MONTHS = 12
_Figures = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A typed quarter (0 … 3) that cannot be had: ``total`` is what comes to something else than
    ``whole``.
    """

    code: str
    quarter: int
    total: int
    whole: int

    def finding(self, kpi: Kpi, row: TargetRow, name: str) -> Finding:
        """The error at the quarter's cell."""
        return Finding.of(
            self.code,
            row.origin.place(f"manual_quarter{self.quarter + 1}"),
            unit=name,
            kpi=kpi.name,
            quarter=f"Q{self.quarter + 1}",
            total=self.total * kpi.smallest_unit,
            whole=self.whole * kpi.smallest_unit,
        )


def months_of(quarter: int, width: int = _MONTHS) -> range:
    """The places of a quarter's months among the last ``width`` months of the year."""
    start = _MONTHS - width
    return range(max(quarter * 3 - start, 0), max(quarter * 3 + 3 - start, 0))


def typed_months(row: TargetRow, kind: KpiKind) -> tuple[int, ...]:
    """The months (0 … 11) that a row of a level or a rate has typed, alone or by their quarter."""
    found = []
    for at, month in enumerate(row.manual_months):
        by_quarter = row.manual_quarters[at // 3] is not None
        if kind is KpiKind.STOCK:
            by_quarter = by_quarter and at % 3 == 2
        if month is not None or by_quarter:
            found.append(at)
    return tuple(found)


def contradiction(
    year: int | None, quarters: _Figures, months: _Figures, flow: bool
) -> Contradiction | None:
    """The first contradiction among a row's typed figures in which a quarter takes part; None: they
    can all be had.
    """
    typed = [quarter for quarter, value in enumerate(quarters) if value is not None]
    found = (_against_months(q, quarters, months, flow) for q in typed)
    first = next((one for one in found if one is not None), None)
    if first is not None or year is None or not typed:
        return first
    return _against_year(year, typed[-1], quarters, months, flow)


def _against_months(
    quarter: int, quarters: _Figures, months: _Figures, flow: bool
) -> Contradiction | None:
    whole = quarters[quarter] or 0
    inside = [months[m] for m in months_of(quarter)]
    if not flow:
        last = inside[-1]
        differs = last is not None and last != whole
        return Contradiction("target-quarter-last", quarter, last or 0, whole) if differs else None
    total = sum(month or 0 for month in inside)
    if None not in inside:
        differs = total != whole
        return Contradiction("target-quarter-months", quarter, total, whole) if differs else None
    if None in inside and any(month is not None for month in inside) and turns(whole, total):
        return Contradiction("target-quarter-rest", quarter, total, whole)
    return None


def _against_year(
    year: int, last: int, quarters: _Figures, months: _Figures, flow: bool
) -> Contradiction | None:
    if not flow:
        differs = quarters[-1] not in (None, year)
        return (
            Contradiction("target-quarters-year", last, quarters[-1] or 0, year)
            if differs
            else None
        )
    total, complete = 0, True
    for quarter, value in enumerate(quarters):
        inside = [months[m] for m in months_of(quarter)]
        total += sum(month or 0 for month in inside) if value is None else value
        complete = complete and (value is not None or None not in inside)
    if complete:
        return Contradiction("target-quarters-year", last, total, year) if total != year else None
    return Contradiction("target-year-rest", last, total, year) if turns(year, total) else None


def turns(whole: int | Decimal, total: int | Decimal) -> bool:
    """Whether what ``total`` leaves of ``whole`` has the other sign; of nothing, whether it is
    below nothing.
    """
    rest = whole - total
    return rest * whole < 0 or (not whole and rest < 0)


def as_last_months(months: _Figures, quarters: _Figures) -> tuple[int | None, ...]:
    """A level's typed months with its typed quarters, each of which is its last month."""
    found = list(months)
    for quarter, value in enumerate(quarters):
        if value is not None:
            found[quarter * 3 + 2] = value
    return tuple(found)


def open_quarters(quarters: _Figures, months: _Figures) -> tuple[int | None, ...]:
    """The typed quarters that have a month which is not typed: the others say nothing more."""
    found = []
    for quarter, value in enumerate(quarters):
        found.append(value if None in [months[m] for m in months_of(quarter)] else None)
    return tuple(found)
