"""Growth on last year, of which a unit has no rows in some months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.plan.model import Kpi, KpiKind, Month, Settings
from salesplan.report.figures.context import Context
from salesplan.report.figures.growth import past_value
from salesplan.report.narrative.reading import notes
from tests.report_fixture import computed
from tests.unit.plans import month, plan_of

LAST = [Month(2025, number) for number in range(1, 4)]


def test_a_month_in_which_only_others_have_rows_was_0_for_a_unit() -> None:
    """East sold in March of last year only, East two in January and March, nobody in February."""
    kpi = Kpi(code="K", name="营收", kind=KpiKind.FLOW)
    sold = (("A", LAST[2], 5), ("E2", LAST[0], 7), ("E2", LAST[2], 1), ("A", month(3), 9))
    rows = [{"at": at, "unit": unit, "value": value} for unit, at, value in sold]
    setting = Settings(year=2026, month=month(3), as_of=date(2026, 3, 31))
    plan = plan_of(kpi, *rows, settings=setting)
    results = computed(plan)
    whole = Context(plan, results, (), "zh", "m")
    part = part_of(Whole(plan, results), "E", results.findings)
    own = Context(part.plan, part.results, (), "zh", "m")
    for context in (whole, own):
        for unit in ("E", "A"):
            assert past_value(context, kpi, unit, LAST[0], LAST[2]) is None, "nobody's February"
        assert past_value(context, kpi, "E", LAST[2], LAST[2]) == 5
    february = {"at": LAST[1], "unit": "E2", "value": 2}
    plan = plan_of(kpi, *rows, february, settings=setting)
    results = computed(plan)
    part = part_of(Whole(plan, results), "E", results.findings)
    whole = Context(plan, results, (), "zh", "m")
    own = Context(part.plan, part.results, (), "zh", "m")
    assert past_value(whole, kpi, "E", LAST[0], LAST[2]) == 5
    assert past_value(own, kpi, "E", LAST[0], LAST[2]) == 5, "a part says what the whole says"
    assert past_value(whole, kpi, "B", LAST[0], LAST[2]) is None, "no row at all is no base"
    assert past_value(whole, kpi, "C", LAST[0], LAST[2]) == Decimal(15)


def test_months_without_any_actual_are_named_on_the_first_page() -> None:
    """The data begin in March: of 36 to date 24 have nothing against them; in the part, too."""
    kpi = Kpi(code="K", name="营收", kind=KpiKind.FLOW, target=Decimal(144))
    setting = Settings(year=2026, month=month(3), as_of=date(2026, 3, 31))
    rows = [{"at": month(3), "unit": unit, "value": 9} for unit in ("A", "E2")]
    plan = plan_of(kpi, *rows, settings=setting)
    results = computed(plan)
    context = Context(plan, results, (), "en", "m")
    said = notes(context, plan.kpis, plan.unit_by_code["C"])
    targets = results.targets["K", "C"].months
    missed = sum(one or 0 for one in targets[:2])
    assert said.startswith(f"No actuals at all for Jan, Feb, which count as 0: {missed}")
    part = part_of(Whole(plan, results), "E", results.findings)
    own = Context(part.plan, part.results, (), "en", "m")
    assert notes(own, plan.kpis, part.root).startswith("No actuals at all for Jan, Feb"), "and in"
    january = {"at": month(1), "unit": "A", "value": 0}, {"at": month(2), "unit": "A", "value": 1}
    plan = plan_of(kpi, *rows, *january, settings=setting)
    context = Context(plan, computed(plan), (), "en", "m")
    assert "No actuals" not in notes(context, plan.kpis, plan.unit_by_code["C"])
