"""The worked example shows every rule of the engine at work, in both languages, and without a
single error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan import app
from salesplan.engine import compute
from salesplan.engine.actuals.landing import LandingMethod
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import RateWord
from salesplan.engine.actuals.variance import Cause, variances
from salesplan.engine.changes.records import ChangeState
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.engine.targets.target import SeasonSource, Target
from salesplan.engine.work.problems import ProblemKind
from salesplan.engine.work.weekly import RemedyState
from salesplan.findings import Severity
from salesplan.messages import severity
from salesplan.plan.model import (
    Approval,
    BudgetStatus,
    Direction,
    Framework,
    KpiKind,
    Light,
    Lock,
    SpendKind,
    SplitMethod,
    SupportKind,
    SwotStrategy,
    TargetBasis,
    TaskStatus,
    Verdict,
)
from tests.samples import filled_sample

D = Decimal
Rule = Callable[[app.Run], bool]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Put a rule on the list; its name says what must be at work."""
    RULES[check.__name__.removeprefix("_")] = check
    return check


@pytest.fixture(scope="module", params=["zh", "en"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> app.Run:
    """The example as a planner has it after the first recalculation."""
    path: Path = tmp_path_factory.mktemp(request.param) / "plan.xlsx"
    filled_sample(path, lang=request.param)
    return app.check(path)


def test_nothing_in_the_example_is_an_error(run: app.Run) -> None:
    assert [finding.code for finding in run.findings if severity(finding) is Severity.ERROR] == []


# --- targets
# --------------------------------------------------------------------------------------------------


def _target(run: app.Run, kpi: str, unit: str) -> Target:
    return run.results.targets[kpi, unit]


def _said(run: app.Run) -> dict[str, set[str]]:
    """Codes of all derivations and remarks of targets, by KPI."""
    found: dict[str, set[str]] = {}
    for (kpi, _), target in run.results.targets.items():
        found.setdefault(kpi, set()).update(
            one.code for one in (*target.derivation, *target.remarks)
        )
    return found


def _instead(run: app.Run, **changed: object) -> Results:
    """The results of the same master with something else in it."""
    return compute(
        replace(run.loaded.plan, **changed), month=run.results.month, as_of=run.results.as_of
    )  # type: ignore[arg-type]


@rule
def _each_way_of_handing_down(run: app.Run) -> bool:
    methods = {row.method for row in run.loaded.plan.targets}
    said = _said(run)
    return methods >= set(SplitMethod) and all(
        code in said[kpi]
        for kpi, code in (
            ("REV", "why-coefficient"),
            ("NEW", "why-equal"),
            ("COL", "why-last-year"),
            ("REV", "why-manual"),
            ("COLR", "why-copied"),
        )
    )


@rule
def _margins_are_exact(run: app.Run) -> bool:
    targets = run.results.targets
    companies = [targets[kpi.code, "HQ"] for kpi in run.plan.kpis if kpi.kind is KpiKind.FLOW]
    months = [one for one in targets["NEW", "T1"].base_months if one is not None]
    below = [
        sum(one for one in targets["NEW", code].base_months if one is not None)
        for code in ("D11", "D12")
    ]
    return all(
        sum(one or 0 for one in target.months) == target.year for target in companies
    ) and sum(months) == sum(below)


@rule
def _a_year_is_locked(run: app.Run) -> bool:
    kpis = tuple(
        replace(kpi, target=D(2100)) if kpi.code == "REV" else kpi for kpi in run.loaded.plan.kpis
    )
    more = _instead(run, kpis=kpis, changes=()).targets
    return (more["REV", "P06"].base_year, more["REV", "P05"].base_year) == (140, D("172.31"))


@rule
def _months_are_locked(run: app.Run) -> bool:
    [row] = [row for row in run.loaded.plan.targets if row.lock is Lock.MONTHS]
    turned = _instead(run, seasonality=(), changes=())
    planned = run.results.baseline
    return (
        (row.kpi, row.unit) == ("REV", "P03")
        and turned.targets["REV", "P03"].months == planned["REV", "P03"].months == row.stored_months
        and (turned.targets["REV", "P04"].months != planned["REV", "P04"].months)
    )


@rule
def _months_of_the_company_are_typed(run: app.Run) -> bool:
    return run.results.baseline["NEW", "HQ"].months[3:6] == (6, 7, 7)


@rule
def _a_hedge_lies_over_the_base_layer(run: app.Run) -> bool:
    team = run.results.baseline["REV", "T2"]
    return (team.base_year, team.year) == (570, D("598.5")) and _target(
        run, "REV", "P08"
    ).year == D("239.4")


@rule
def _a_joiner_is_ramped_up(run: app.Run) -> bool:
    months = run.results.baseline["REV", "P11"].base_months
    whole = [D(value) * D("0.03") for value in (155, 165, 180, 150)]
    got = [month for month in months[3:7] if month is not None]
    shares = [round(month / full, 1) for month, full in zip(got, whole, strict=True)]
    return (
        not any(months[:3])
        and shares == [D("0.3"), D("0.6"), D("0.9"), D(1)]
        and run.results.presence["P11"] < 1
    )


@rule
def _a_leaver_leaves_targets_unassigned(run: app.Run) -> bool:
    months, team = run.results.baseline["REV", "P10"].base_months, run.results.baseline["REV", "T2"]
    return (
        months[4] == D("4.95")
        and not any(months[5:])
        and (team.unassigned_months[5] or 0) > 0
        and {"target-covered", "target-unassigned"} <= _said(run)["REV"]
    )


@rule
def _each_source_of_the_months(run: app.Run) -> bool:
    seasons = {
        kpi.code: run.results.seasons[kpi.code].source
        for kpi in run.plan.kpis
        if kpi.kind is KpiKind.FLOW
    }
    return (
        set(seasons.values()) == set(SeasonSource)
        and run.results.seasons["COL"].weights[11] == D("0.12")
        and run.results.seasons["REV"].years == 3
    )


# --- rates, calendar, pace
# -------------------------------------------------------------------------------------------


@rule
def _each_kind_of_kpi_is_measured(run: app.Run) -> bool:
    rated = {
        kpi.kind
        for kpi in run.plan.kpis
        if run.results.attainments[kpi.code, "HQ", Span.YTD].rate.value is not None
    }
    return rated == set(KpiKind)


@rule
def _a_milestone_is_done_when_all_are(run: app.Run) -> bool:
    monthly, one = run.results.monthly, run.results.attainments["SYS", "HQ", Span.YEAR]
    return (monthly["SYS", "T3"][3:6], monthly["SYS", "T2"][3:6], monthly["SYS", "HQ"][3:6]) == (
        (1, 1, 1),
        (None, 0, 1),
        (0, 0, 1),
    ) and (one.rate.value == 1 and one.light is Light.GREEN)


@rule
def _a_rate_comes_from_sums(run: app.Run) -> bool:
    one = run.results.attainments["REP", "HQ", Span.YTD]
    return one.actual == D(80) / D(140)


@rule
def _lower_is_better(run: app.Run) -> bool:
    [kpi] = [kpi for kpi in run.plan.kpis if kpi.direction is Direction.LOWER]
    one = run.results.attainments[kpi.code, "HQ", Span.YTD]
    return (one.target, one.actual, one.rate.value) == (12, 14, 1 - D(2) / D(12))


@rule
def _an_improvement_is_measured_from_its_base(run: app.Run) -> bool:
    [kpi] = [kpi for kpi in run.plan.kpis if kpi.basis is TargetBasis.IMPROVEMENT]
    one = run.results.attainments[kpi.code, "HQ", Span.YTD]
    rate, level = one.rate.value or 0, one.rate.level or 0
    return (
        kpi.base == D("0.22")
        and one.target == D("0.27")
        and round(rate, 3) == D("1.06")
        and round(level, 3) == D("1.011")
    )


@rule
def _floor_and_stretch_stand_beside_the_target(run: app.Run) -> bool:
    return ("REV", "HQ", Span.YTD) in run.results.steps


@rule
def _no_target_and_no_report_are_words(run: app.Run) -> bool:
    words = {one.rate.word for one in run.results.attainments.values()}
    return words >= {RateWord.NO_ACTUAL, RateWord.EXCEEDED, RateWord.MET}


@rule
def _each_status(run: app.Run) -> bool:
    """June is over, so all that has a target is green, amber or red; a week into it the month's own
    status is grey.
    """
    early = compute(run.loaded.plan, month=run.results.month, as_of=date(2026, 6, 8))
    judged = {one.light for one in run.results.attainments.values() if one.target is not None}
    return judged == set(Light) - {Light.GREY} and {
        early.attainments[kpi, "HQ", Span.MONTH].light for kpi in ("REV", "NEW", "COL")
    } == {Light.GREY}


@rule
def _a_score_for_every_unit(run: app.Run) -> bool:
    return all(run.results.scores[unit.code, Span.YTD].value is not None for unit in run.plan.units)


@rule
def _the_official_calendar_and_a_day_of_ones_own(run: app.Run) -> bool:
    calendar = Calendar.of("CN", run.plan.calendar, (2026,))
    return not calendar.estimated(2026) and [
        calendar.is_working(day.day) for day in run.plan.calendar
    ] == [False]


@rule
def _pace_and_landing_by_each_method(run: app.Run) -> bool:
    pace = run.results.pace["REV", "HQ"]
    return (
        set(pace.landing) == set(LandingMethod)
        and not pace.low_confidence
        and pace.missed
        and round(pace.expected or 0, 3) == D("0.453")
    )


@rule
def _rates_of_teams_are_weighed_against_the_companys(run: app.Run) -> bool:
    """The teams' average orders make 5.67 of the 5.8 by their orders so far; their repurchase rates
    make the company's.
    """
    return [
        finding.params["weighted"]
        for finding in run.results.findings
        if finding.code == "target-rates-differ"
    ] == [D("5.67")]


@rule
def _goals_are_smart_and_people_are_counted(run: app.Run) -> bool:
    feasible = {one.feasible for one in run.results.capacities.values()}
    return set(run.results.smart) == {kpi.code for kpi in run.plan.kpis} and feasible == {
        True,
        False,
    }


# --- action plan, reviews
# --------------------------------------------------------------------------------------------


@rule
def _each_state_of_a_task(run: app.Run) -> bool:
    return {task.status for task in run.results.tasks.values()} == set(TaskStatus)


@rule
def _requests_in_time_and_late(run: app.Run) -> bool:
    notices = {
        (task.support, run.results.tasks[task.code].notice is None)
        for task in run.plan.tasks
        if task.requested
    }
    late = {finding.code for finding in run.findings}
    return {support for support, _ in notices} == set(SupportKind) and "help-late" in late


@rule
def _a_week_is_reviewed_and_its_remedies_are_looked_at_again(run: app.Run) -> bool:
    weekly = run.results.weekly
    assert weekly is not None
    states = {remedy.state for remedy in weekly.remedies}
    return (
        states >= {RemedyState.DONE, RemedyState.OPEN, RemedyState.OVERDUE}
        and any(week.reasons for week in weekly.weeks)
        and bool(weekly.agenda)
    )


@rule
def _stand_ups_carry_blockers_to_the_week(run: app.Run) -> bool:
    weekly = run.results.weekly
    assert weekly is not None
    return any(week.standups.blockers for week in weekly.weeks) and any(
        week.standups.silent for week in weekly.weeks
    )


# --- budget, changes
# -------------------------------------------------------------------------------------------------


@rule
def _each_kind_of_grant(run: app.Run) -> bool:
    reasons = {line.reason.code for line in run.results.budget.values() if line.reason is not None}
    return reasons == {
        "grant-must-have",
        "grant-full",
        "grant-partial",
        "grant-none",
        "grant-manual",
    }


@rule
def _each_state_of_a_budget_line(run: app.Run) -> bool:
    return {line.status for line in run.results.budget.values()} == set(BudgetStatus) and {
        row.kind for row in run.plan.spending
    } == set(SpendKind)


@rule
def _caps_are_exact_on_both_margins(run: app.Run) -> bool:
    caps = run.results.caps
    east = sum(cap.cap for cap in caps if cap.region in ("华东", "East"))
    winning = sum(cap.cap for cap in caps if cap.category == caps[0].category)
    return (east, winning, sum(cap.cap for cap in caps)) == (72, 48, 120) and all(
        cap.granted <= cap.cap for cap in caps
    )


@rule
def _the_best_combination_is_better_than_the_grants(run: app.Run) -> bool:
    summary = run.results.budget_summary
    assert summary is not None and summary.best_return is not None
    return summary.best_return > summary.granted_return


@rule
def _the_reserve_is_drawn_on_approval(run: app.Run) -> bool:
    summary = run.results.budget_summary
    assert summary is not None
    return (
        (summary.reserve, summary.reserve_drawn, summary.reserve_left) == (12, 4, 8)
        and summary.draw_balances[2:] == (None, None)
        and ({draw.status for draw in run.plan.draws} == set(Approval))
    )


@rule
def _changes_of_each_kind(run: app.Run) -> bool:
    states = {
        one.change: (one.state, one.aim.table if one.aim else "", one.aim.column if one.aim else "")
        for one in run.results.adjustments
    }
    wanted = {
        "C03": (ChangeState.IN_FORCE, "budget", "requested"),
        "C05": (ChangeState.SCHEDULED, "units", "parent"),
        "C06": (ChangeState.SCHEDULED, "kpis", "target"),
        "C07": (ChangeState.IN_FORCE, "handover", "after"),
    }
    return wanted.items() <= states.items() and {state for state, *_ in states.values()} >= {
        ChangeState.PENDING,
        ChangeState.REJECTED,
    }


@rule
def _a_customer_handed_over_alters_both_sides_alike(run: app.Run) -> bool:
    before, now = run.results.baseline, run.results.targets
    giver, taker = (
        (now["REV", code].base_year or 0) - (before["REV", code].base_year or 0)
        for code in ("P05", "P02")
    )
    return (giver, taker) == (-12, 12) and now["REV", "P02"].months[:5] == before[
        "REV", "P02"
    ].months[:5]


@rule
def _the_baseline_is_kept(run: app.Run) -> bool:
    return (run.results.baseline["COL", "HQ"].year, run.results.targets["COL", "HQ"].year) == (
        1805,
        1830,
    )


# --- situation, strategies, variance, problems
# -----------------------------------------------------------------------


@rule
def _the_situation_is_taken_up_or_not(run: app.Run) -> bool:
    found = run.results.situation
    assert found is not None
    return (
        all(found.by_response[one].entries for one in SwotStrategy)
        and all(found.by_framework[one].entries for one in Framework)
        and (
            found.by_response[SwotStrategy.WT].taken_up < found.by_response[SwotStrategy.WT].asking
        )
    )


@rule
def _each_verdict_on_a_strategy(run: app.Run) -> bool:
    return {one.verdict for one in run.results.strategies.values()} == set(Verdict)


@rule
def _strategies_have_shares_cost_and_return(run: app.Run) -> bool:
    one, customers = run.results.strategies["S3"], run.results.strategies["S2"]
    return (
        one.target_share == D("0.6")
        and (one.actual_share or 1) < D("0.6")
        and (one.roi or 0) > 0
        and (customers.cost_per_unit or 0) > 0
    )


@rule
def _price_volume_mix_new_and_lost(run: app.Run) -> bool:
    assert run.results.facts is not None
    one = variances(run.plan, run.results.facts, run.results.month, run.results.as_of)["REV"]
    five = [one.effects[cause] for cause in Cause if cause not in (Cause.RATES, Cause.OTHER)]
    rest = one.total - one.effects[Cause.RATES]
    return all(five) and sum(five) == rest and one.effects[Cause.OTHER] == 0


@rule
def _each_kind_of_problem(run: app.Run) -> bool:
    problems = (*run.results.problems, *run.results.minor_problems)
    return {one.kind for one in problems} == set(ProblemKind) and any(
        one.months > 1 for one in problems
    )


@rule
def _a_deviation_that_nobody_explained(run: app.Run) -> bool:
    values = {
        one.key: one.value or 0
        for one in run.results.minor_problems
        if one.kind is ProblemKind.UNEXPLAINED
    }
    return set(values) == {"GAP:ACT:T3", "GAP:REV:P05"} and all(
        value > D("1.1") for value in values.values()
    )


@pytest.mark.parametrize("name", RULES)
def test_the_example_shows(run: app.Run, name: str) -> None:
    assert RULES[name](run)
