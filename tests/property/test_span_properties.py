"""Spans of the plan year: which months they hold in any fiscal year, and what a KPI's figure over
them is made of.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.engine import compute
from salesplan.engine.actuals.attainment import attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.target import Target
from salesplan.plan.model import Kpi, KpiKind, Month, Plan, Settings
from tests.unit.plans import plan_of

SPANS = (Span.MONTH, Span.QUARTER, Span.HALF, Span.YEAR)
STARTS = st.sampled_from([1, 4, 7, 10])
FIGURES = st.decimals(-(10**6), 10**6, places=3)
TARGETS = st.lists(st.none() | FIGURES, min_size=12, max_size=12)
ADDED = (KpiKind.FLOW, KpiKind.STOCK)
DIVIDED = (KpiKind.RATIO, KpiKind.AVERAGE)


@st.composite
def plans(draw: st.DrawFn, kinds: tuple[KpiKind, ...]) -> Plan:
    """A plan of one KPI in any fiscal year, with rows of this year and the one before."""
    setting = Settings(year=2026, fiscal_start=draw(STARTS))
    months = setting.months
    known = [month.plus(-12) for month in months] + list(months)
    figures = (
        {"value": FIGURES}
        if kinds == ADDED
        else {"numerator": FIGURES, "denominator": st.decimals(1, 10**6, places=3)}
    )
    row = st.fixed_dictionaries(
        {"at": st.sampled_from(known), "unit": st.sampled_from(["A", "B"]), **figures}
    )
    kpi = Kpi(code="K", name="", kind=draw(st.sampled_from(kinds)))
    return plan_of(kpi, *draw(st.lists(row, max_size=30)), settings=setting)


def stretches(plan: Plan, here: int) -> list[ReportSpan]:
    months = plan.settings.months
    return [ReportSpan.of(months, months[here], span) for span in SPANS]


@given(STARTS, st.integers(0, 11))
def test_the_spans_of_a_year_part_it_in_fiscal_order(start: int, here: int) -> None:
    plan = Plan(settings=Settings(year=2026, fiscal_start=start))
    months = plan.settings.months
    for one in stretches(plan, here):
        assert one.begins <= one.month == months[here] <= one.ends
        assert one.begins.month in {months[i].month for i in range(0, 12, one.span.length)}, (
            "quarters and halves are fiscal ones"
        )
        assert len(one.begun) == here - one.first + 1 <= one.span.length
        assert one.complete is (one.month == one.ends)
        known = list(one.months[one.first : one.last + 1])
        assert len(known) == one.span.length
        assert one.last_year == (one.begins.plus(-12), one.month.plus(-12))
        if one.before is None:
            assert one.span is Span.YEAR
        else:
            assert one.before[0].plus(one.span.length) == one.begins
            assert one.before[1].plus(one.span.length) == one.month
        assert not one.next or one.next[0] == one.ends.plus(1)
        assert len(one.next) in (0, one.span.length)


@given(plans(ADDED), TARGETS, st.integers(0, 11))
@settings(max_examples=80, deadline=None)
def test_a_flow_is_the_sum_of_its_months_and_a_level_the_last(
    plan: Plan, targets: list[Decimal | None], here: int
) -> None:
    months, kpi = plan.settings.months, plan.kpis[0]
    as_of = months[here].last
    facts = Facts.of(plan, as_of)
    goal = Target("K", "C", None, None, None, (None,) * 12, None, tuple(targets))
    calendar = Calendar.of("CN", (), {month.year for month in months})
    found = attainments(plan, {("K", "C"): goal}, facts, calendar, months[here], as_of)
    alone = facts.monthly("K", "C")
    for one in stretches(plan, here):
        own = found["K", "C", one.judged]
        given_ = [value for value in alone[one.first : here + 1] if value is not None]
        asked = targets[one.first : here + 1]
        if kpi.kind is KpiKind.FLOW:
            assert own.actual == (sum(given_) if given_ else None)
            assert own.target == (None if None in asked else sum(asked))  # type: ignore[arg-type]
        else:
            assert own.actual == alone[here]
            assert own.target == asked[-1]


@given(plans(DIVIDED), st.integers(0, 11))
@settings(max_examples=80, deadline=None)
def test_a_rate_is_made_of_the_sums_of_its_parts(plan: Plan, here: int) -> None:
    months, data = plan.settings.months, plan.actuals
    facts = Facts.of(plan, months[here].last)
    for one in stretches(plan, here):
        own = [i for i, month in enumerate(data.month) if one.begins <= month <= one.month]
        below = sum(data.denominator[i] or 0 for i in own)
        found = facts.value("K", "C", one.begins, one.month)
        if not below:
            assert found is None
            continue
        assert found is not None
        exact = Fraction(sum(data.numerator[i] or 0 for i in own), below)
        assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 10**26)


@given(plans(ADDED), st.integers(0, 11))
@settings(max_examples=30, deadline=None)
def test_a_span_alters_nothing_that_is_no_matter_of_it(plan: Plan, here: int) -> None:
    """Targets, figures and statuses are those of the report month's own run."""
    plan = replace(plan, kpis=(replace(plan.kpis[0], target=Decimal(1200)),))
    month = plan.settings.months[here]
    own, *longer = (compute(plan, month=month, as_of=month.last, span=span) for span in SPANS)
    for one in longer:
        assert one.targets == own.targets
        assert one.monthly == own.monthly
        assert dict(one.attainments) == dict(own.attainments)
        assert dict(one.scores) == dict(own.scores)


def test_a_problem_counts_from_the_first_month_of_the_span_in_which_it_stood() -> None:
    months = Settings(year=2026).months
    rows = [
        {"at": month, "unit": "A", "value": value}
        for month, value in zip(months[:6], (50, 120, 130, 20, 120, 20), strict=True)
    ]
    kpi = Kpi(code="K", name="", kind=KpiKind.FLOW, target=Decimal(1200))
    plan = plan_of(kpi, *rows)
    since = {}
    for span in SPANS:
        results = compute(plan, month=Month(2026, 6), as_of=Month(2026, 6).last, span=span)
        since[span] = [one.first_month for one in results.problems if one.key == "KPI:K:C"]
    assert since == {
        Span.MONTH: [Month(2026, 6)],
        Span.QUARTER: [Month(2026, 4)],
        Span.HALF: [Month(2026, 1)],
        Span.YEAR: [Month(2026, 1)],
    }
