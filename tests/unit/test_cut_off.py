"""Which month a run reports, and up to which day it looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salesplan.engine import cut_off
from salesplan.engine.actuals.progress import Span
from salesplan.plan.checks import run_checks
from salesplan.plan.model import Actuals, Month, Plan, Settings, Task

TODAY = date(2026, 9, 9)


def plan(
    month: Month | None = None,
    as_of: date | None = None,
    year: int = 2026,
    fiscal_start: int = 1,
    actual: date | None = None,
) -> Plan:
    actuals = Actuals(rows=(5,), day=(actual,), month=(Month.of(actual),)) if actual else Actuals()
    return Plan(
        settings=Settings(year=year, month=month, as_of=as_of, fiscal_start=fiscal_start),
        actuals=actuals,
    )


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        (plan(), {}, (Month(2026, 9), TODAY)),
        (plan(actual=date(2026, 3, 8)), {}, (Month(2026, 3), date(2026, 3, 31))),
        (plan(actual=date(2026, 9, 4)), {}, (Month(2026, 9), date(2026, 9, 4))),
        (plan(as_of=date(2026, 6, 18)), {}, (Month(2026, 6), date(2026, 6, 18))),
        (plan(Month(2026, 5), date(2026, 6, 18)), {}, (Month(2026, 5), date(2026, 5, 31))),
        (
            plan(as_of=date(2026, 6, 18)),
            {"month": Month(2026, 2)},
            (Month(2026, 2), date(2026, 2, 28)),
        ),
        (
            plan(Month(2026, 5), date(2026, 5, 31)),
            {"as_of": date(2026, 6, 2)},
            (Month(2026, 6), date(2026, 6, 2)),
        ),
        (plan(fiscal_start=4), {"as_of": date(2027, 2, 1)}, (Month(2027, 2), date(2027, 2, 1))),
    ],
)
def test_asked_for_then_settings_then_actuals_then_today(
    given: Plan, asked: dict[str, object], expected: tuple[Month, date]
) -> None:
    cutoff, findings = cut_off(given, today=TODAY, **asked)  # type: ignore[arg-type]
    assert (cutoff.month, cutoff.day, findings) == (*expected, [])


def test_a_month_outside_the_plan_year_is_said() -> None:
    cutoff, findings = cut_off(plan(year=2025), month=Month(2026, 3), today=TODAY)
    assert (cutoff.month, cutoff.day) == (Month(2025, 12), date(2025, 12, 31))
    assert [finding.code for finding in findings] == ["month-outside-plan"]


def test_a_fresh_plan_of_a_year_that_is_over_says_nothing_of_a_month_that_nobody_typed() -> None:
    cutoff, findings = cut_off(plan(year=2017), today=TODAY)
    assert (cutoff.month, findings) == (Month(2017, 12), [])


def test_no_month_of_another_year_is_advised() -> None:
    """Next year's plan with this year's cut-off: 2025-12 would be refused as report month."""
    given = plan(as_of=date(2025, 12, 31))
    cutoff, (said,) = cut_off(given, month=Month(2026, 3), today=TODAY)
    assert (said.code, said.params["year"]) == ("month-before-data", "2026")
    assert "last" not in said.params and cutoff.month == Month(2026, 3)


def test_a_year_that_has_not_begun_is_planned_with_the_history_of_those_before() -> None:
    given = plan(year=2027, actual=date(2026, 6, 30))
    cutoff, findings = cut_off(given, today=TODAY)
    assert (cutoff.month, cutoff.day, findings) == (Month(2027, 1), date(2026, 6, 30), [])


@pytest.mark.parametrize(
    ("given", "asked", "said"),
    [
        (plan(actual=date(2026, 12, 5)), {}, ["actual-in-future"]),
        (plan(actual=date(2026, 9, 30)), {}, []),
        (plan(as_of=date(2026, 8, 31), actual=date(2026, 12, 5)), {}, []),
        (plan(actual=date(2026, 12, 5)), {"as_of": date(2026, 8, 31)}, []),
    ],
)
def test_a_date_typed_wrong_does_not_move_the_whole_report_in_silence(
    given: Plan, asked: dict[str, object], said: list[str]
) -> None:
    """A row of December in September; one that gives only the running month is as usual."""
    assert [finding.code for finding in cut_off(given, today=TODAY, **asked)[1]] == said  # type: ignore[arg-type]


def test_rows_after_the_cut_off_count_once_both_settings_are_later_as_the_fix_says() -> None:
    """A later cut-off alone is held back by the report month."""
    from salesplan.messages import fix
    from tests.unit.code_cases import actual, both
    from tests.unit.masters import edited, settings_edit
    from tests.unit.whole_run import everything_said

    late = actual(5, day=date(2026, 4, 20), value=5.0)
    said = {
        step: everything_said(edited(both(late, settings_edit(**given))))
        for step, given in (
            ("before", {}),
            ("cut-off", {"as_of": date(2026, 4, 30)}),
            ("both", {"as_of": date(2026, 4, 30), "month": "2026-04"}),
        )
    }
    found = {
        step: [finding for (code, _), finding in one.items() if code == "actual-after-cut-off"]
        for step, one in said.items()
    }
    assert [len(found[step]) for step in ("before", "cut-off", "both")] == [1, 1, 0]
    assert "报告月份" in fix(found["before"][0], "zh") and "report month" in fix(
        found["before"][0], "en"
    )


def test_the_checks_look_up_to_the_same_day_as_the_run() -> None:
    """A task finished on 5 August is of the future on 31 July, and not on 31 August; looking back
    at June changes neither.
    """
    task = Task(code="T1", content="", finished=date(2026, 8, 5))
    given = replace(plan(as_of=date(2026, 7, 31)), tasks=(task,))

    def said(**asked: object) -> list[str]:
        cutoff, _ = cut_off(given, today=TODAY, **asked)  # type: ignore[arg-type]
        return [one.code for one in run_checks(given, cutoff.known)]

    assert "task-finished-in-future" in said()
    assert "task-finished-in-future" not in said(as_of=date(2026, 8, 31))
    assert "task-finished-in-future" not in said(as_of=date(2026, 8, 31), month=Month(2026, 6))


@pytest.mark.parametrize(
    ("given", "asked", "span", "expected"),
    [
        (plan(as_of=date(2026, 6, 30)), {}, Span.QUARTER, (6, date(2026, 6, 30))),
        (plan(as_of=date(2026, 5, 20)), {}, Span.QUARTER, (5, date(2026, 5, 20))),
        (plan(as_of=date(2026, 6, 30)), {"month": Month(2026, 2)}, Span.QUARTER, (3, None)),
        (plan(as_of=date(2026, 8, 7)), {"month": Month(2026, 2)}, Span.HALF, (6, None)),
        (plan(as_of=date(2026, 8, 7)), {"month": Month(2026, 2)}, Span.YEAR, (8, date(2026, 8, 7))),
        (plan(as_of=date(2026, 2, 10)), {"month": Month(2026, 8)}, Span.QUARTER, (7, None)),
        (plan(fiscal_start=4, as_of=date(2026, 8, 7)), {}, Span.HALF, (8, date(2026, 8, 7))),
    ],
)
def test_a_span_holds_the_month_and_goes_as_far_as_is_known(
    given: Plan, asked: dict[str, Month], span: Span, expected: tuple[int, date | None]
) -> None:
    cutoff, _ = cut_off(given, today=TODAY, span=span, **asked)  # type: ignore[arg-type]
    month, day = Month(2026, expected[0]), expected[1]
    if day is None and cutoff.known > month.first:
        day = month.last
    assert (cutoff.month, cutoff.day) == (month, day or cutoff.known)


def test_of_a_span_whose_first_months_are_known_nothing_is_amiss() -> None:
    """June is asked for and May is the last month with figures: the quarter to May is reported."""
    given = plan(as_of=date(2026, 5, 31))
    assert cut_off(given, month=Month(2026, 6), today=TODAY, span=Span.QUARTER)[1] == []
    (said,) = cut_off(given, month=Month(2026, 9), today=TODAY, span=Span.QUARTER)[1]
    assert said.code == "month-after-data"
