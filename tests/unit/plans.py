"""Small plans for the tests of actuals, rates, pace and problems: written as a planner would say
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salesplan.engine.actuals.facts import micro
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Target
from salesplan.plan.model import Actuals, Kpi, Level, Month, Plan, Settings, Unit

END = date(2026, 12, 31)
COMPANY = Unit(code="C", name="公司", level=Level.COMPANY)
EAST = Unit(code="E", name="华东", level=Level.TEAM, parent="C", region="华东")
EAST_TWO = Unit(code="E2", name="华东二部", level=Level.TEAM, parent="C")
ANNA = Unit(code="A", name="安娜", level=Level.PERSON, parent="E")
BEN = Unit(code="B", name="本", level=Level.PERSON, parent="E")
UNITS = (COMPANY, EAST, EAST_TWO, ANNA, BEN)

Row = dict[str, object]


def month(number: int, year: int = 2026) -> Month:
    return Month(year, number)


def rows(*given: Row) -> Actuals:
    """Actual rows; ``at`` is a date or a month number of 2026 (or a Month), figures are numbers as
    text or int.
    """
    stamps = [row["at"] for row in given]
    days = tuple(stamp if isinstance(stamp, date) else None for stamp in stamps)
    months = tuple(_month(stamp) for stamp in stamps)

    def words(key: str, default: str = "") -> tuple[str, ...]:
        return tuple(str(row.get(key, default)) for row in given)

    def figures(key: str) -> tuple[int | None, ...]:
        return tuple(
            None if row.get(key) is None else micro(Decimal(str(row[key]))) for row in given
        )

    return Actuals(
        sheet="实绩",
        columns={"kpi": "C", "value": "I"},
        rows=tuple(range(2, len(given) + 2)),
        day=days,
        month=months,
        unit=words("unit", "A"),
        kpi=words("kpi", "K"),
        product=words("product"),
        region=words("region"),
        customer=words("customer"),
        channel=words("channel"),
        quantity=figures("quantity"),
        value=figures("value"),
        numerator=figures("n"),
        denominator=figures("d"),
    )


def plan_of(
    kpis: Sequence[Kpi] | Kpi, *given: Row, units: tuple[Unit, ...] = UNITS, **parts: object
) -> Plan:
    listed = (kpis,) if isinstance(kpis, Kpi) else tuple(kpis)
    settings = parts.pop("settings", Settings(year=2026))
    return Plan(settings=settings, units=units, kpis=listed, actuals=rows(*given), **parts)  # type: ignore[arg-type]


def target(kpi: str, unit: str, months: Sequence[object], year: object = None) -> Target:
    """A target with these twelve issued months; its year is their sum unless given."""
    issued = tuple(None if one is None else Decimal(str(one)) for one in months)
    whole = (
        Decimal(str(year))
        if year is not None
        else sum((one for one in issued if one is not None), Decimal(0))
    )
    return Target(kpi, unit, None, None, whole, issued, whole, issued)


def calendar() -> Calendar:
    return Calendar.of("CN", (), (2025, 2026))


def _month(stamp: object) -> Month:
    if isinstance(stamp, date):
        return Month.of(stamp)
    return stamp if isinstance(stamp, Month) else Month(2026, int(str(stamp)))
