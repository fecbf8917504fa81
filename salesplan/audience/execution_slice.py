"""A unit's part of what the year brought: strategies, weekly reviews, changes, lessons.

Strategies are judged anew, by the unit's own targets, actuals and spending: what the company
reached with them is no business of a part's. Reviews and stand-ups are those of its own people. Of
changes it sees its own ones; what others altered of its targets stands there without a word of
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from salesplan.audience.whole import Subtree, Whole
from salesplan.dataclass import replace
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.changes.records import Adjustment, ChangeState, Shift
from salesplan.engine.results import Results
from salesplan.engine.targets.target import Target
from salesplan.engine.work.effectiveness import Effectiveness, StrategyInputs, effectiveness
from salesplan.engine.work.weekly import Rhythm, rhythm
from salesplan.findings import Finding
from salesplan.plan.model import Plan

if TYPE_CHECKING:
    from salesplan.engine.work.lessons import Offers


def with_course(whole: Whole, own: Subtree, plan: Plan, results: Results) -> Results:
    """The part's ``results`` with its strategies, weekly reviews, changes and lessons; ``plan`` is
    the part's.
    """
    return replace(
        results,
        strategies=_strategies(own, plan, results),
        weekly=_weekly(whole, plan, results),
        adjustments=tuple(_adjustments(whole, own, plan)),
        lessons=_lessons(whole, own, plan, results),
    )


def _lessons(whole: Whole, own: Subtree, plan: Plan, results: Results) -> Offers | None:
    """The lessons shared with the part, at its own tasks, strategies and issues; how rare a word is
    the whole plan's rows say.
    """
    if not plan.lessons:
        return None
    from salesplan.engine.work.lessons import offers

    stated = (*results.problems, *results.minor_problems)
    given = replace(whole.plan, lessons=plan.lessons, issues=plan.issues)
    found = offers(given, results.month, results.as_of, results.tasks, stated)
    return replace(
        found,
        tasks={code: one for code, one in found.tasks.items() if code in own.tasks},
        strategies={code: one for code, one in found.strategies.items() if code in own.strategies},
    )


def _strategies(own: Subtree, plan: Plan, results: Results) -> dict[str, Effectiveness]:
    if not own.strategies:
        return {}
    inputs = StrategyInputs(
        plan=replace(
            plan, strategies=tuple(one for one in plan.strategies if one.code in own.strategies)
        ),
        month=results.month,
        as_of=results.as_of,
        targets=results.targets,
        facts=Facts.of(plan, results.as_of),
        attainments=results.attainments,
        tasks=results.tasks,
        budget=results.budget,
    )
    return effectiveness(inputs)[0]


def _weekly(whole: Whole, plan: Plan, results: Results) -> Rhythm | None:
    if not plan.weekly and not plan.daily:
        return None
    months = results.report_span(plan).begun
    return rhythm(plan, whole.work_calendar, results.tasks, months, results.as_of)[0]


def _adjustments(whole: Whole, own: Subtree, plan: Plan) -> Iterator[Adjustment]:
    """The part's own changes with the targets of its units that they altered; then, under no code,
    those that others' changes altered.
    """
    codes = {change.code for change in plan.changes}
    shown: set[tuple[str, str, str]] = set()
    for one in whole.results.adjustments:
        if one.change in codes:
            shifts = tuple(shift for shift in one.shifts if shift.unit in own.units)
            shown |= {_key(shift) for shift in shifts}
            yield replace(
                one,
                aim=None,
                shifts=shifts,
                untold=tuple(unit for unit in one.untold if unit in own.units),
                reason=_reason(whole, own, one),
            )
    rest = [shift for shift in _shifted(whole, own) if _key(shift) not in shown]
    known = {key[:2] for key in (*shown, *map(_key, rest)) if not key[2]}
    rest += [
        shift
        for shift in _shifted_products(whole, own)
        if _key(shift) not in shown and (shift.kpi, shift.unit) not in known
    ]
    if rest:
        yield Adjustment(
            change="",
            state=ChangeState.IN_FORCE,
            reason=Finding.of("adjust-elsewhere"),
            shifts=tuple(rest),
        )


def _key(shift: Shift) -> tuple[str, str, str]:
    return shift.kpi, shift.unit, shift.product


def _reason(whole: Whole, own: Subtree, one: Adjustment) -> Finding:
    """Why the change is or is not in force, unless that names a unit outside the part."""
    named = {value for value in one.reason.params.values() if isinstance(value, str)}
    meant = chain.from_iterable(map(whole.plan.people.meant, named))
    strangers = any(unit.code not in own.units for unit in meant)
    return Finding.of("adjust-elsewhere") if strangers else one.reason


def _shifted(whole: Whole, own: Subtree) -> Iterator[Shift]:
    """The targets of the topmost unit and of those directly below it that are not what was
    planned.
    """
    results = whole.results
    for kpi in whole.plan.kpis:
        for unit in _seen(whole, own):
            now = results.targets.get((kpi.code, unit))
            one = results.attainments.get((kpi.code, unit, Span.YTD))
            actual = None if one is None else one.actual
            yield from _moved(results.baseline.get((kpi.code, unit)), now, actual)


def _shifted_products(whole: Whole, own: Subtree) -> Iterator[Shift]:
    """The same by product."""
    found = whole.results.products
    units = _seen(whole, own)
    for key, now in () if found is None else found.targets.items():
        if found is not None and key[1] in units:
            one = found.attainments.get((*key, Span.YTD))
            actual = None if one is None else one.actual
            yield from _moved(found.baseline.get(key), now, actual)


def _seen(whole: Whole, own: Subtree) -> tuple[str, ...]:
    below = whole.plan.children.get(own.root.code, ())
    return (own.root.code, *(child.code for child in below))


def _moved(planned: Target | None, now: Target | None, actual: Decimal | None) -> Iterator[Shift]:
    """The shift of a target that is not what was planned."""
    if planned is None or now is None:
        return
    if (planned.year, planned.months) != (now.year, now.months):
        yield Shift(
            kpi=now.kpi,
            unit=now.unit,
            product=now.product,
            baseline_year=planned.year,
            baseline_months=planned.months,
            year=now.year,
            months=now.months,
            actual=actual,
        )
