"""Changes of the plan in the course of the year: which are in force, and what they make of it.

A change takes effect when it is approved, by somebody who may, on a day, and 调整前 is what the
plan says. It holds from its 生效月 on, whenever it was approved: of the months that are over those
that are closed stay, the others change with somebody's word. The sheets hold the plan as it was
set; changes are laid over it in order of their months (of one month: divisions first, then
transfers, then hand-overs; of one cell: sheet order), so that each 调整前 is what the change before
it left.

Targets have months: a change of a later month is in the year's target as soon as it is approved.
Everything else (a due date, an owner, a grant) has one value: it changes in the report of its
month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from salesplan.dataclass import replace
from salesplan.engine.changes.applying import taken, turn_of
from salesplan.engine.changes.closed_months import MONTHS, Course, with_closed
from salesplan.engine.changes.records import Adjusted, Adjustment, ChangeState
from salesplan.engine.changes.refusals import CONFLICT, UNSAID
from salesplan.engine.changes.revised_targets import revised
from salesplan.engine.changes.timeline import Step, Timeline
from salesplan.engine.changes.transfers import parents_by_month
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import cascade, once
from salesplan.engine.targets.target import Season, Target
from salesplan.engine.targets.tree import grow
from salesplan.findings import Finding, Place
from salesplan.plan.model import Approval, Change, Month, Plan, Transfer, standing_entries
from salesplan.plan.model.amend import amended

Key = tuple[str, str]
_USED = frozenset(
    {"subject", "field", "before", "after", "effective", "approver", "status", "approved"}
)


def adjusted(
    plan: Plan,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    month: Month,
    used: Mapping[str, Decimal],
) -> Adjusted:
    """The plan as it stands in ``month``. ``used`` is what was committed and spent of each budget
    line up to the cut-off.
    """
    if plan.overlays:
        from salesplan.engine.changes.overlays import beside

        return beside(plan, lambda one: _adjusted(one, calendar, seasons, month, used))
    return _adjusted(plan, calendar, seasons, month, used)


def _adjusted(
    plan: Plan,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    month: Month,
    used: Mapping[str, Decimal],
) -> Adjusted:
    steps = sorted(_steps(plan, calendar), key=turn_of)
    tree = grow(plan, calendar)[0]
    if not steps or tree is None:
        targets: Mapping[Key, Target]
        targets, findings = cascade(plan, calendar, seasons)
        if tree is not None:
            factor = tree.factor
            parents = parents_by_month(plan, (), plan.settings.months)
            course = Course(parents, lambda _, code: [factor.get(code)] * MONTHS, tree.presence)
            targets, against = with_closed(plan, targets, course)
            findings = [*findings, *against]
        verdicts = {step.change.code: Finding.of("adjust-no-company") for step in steps}
        records = _records(plan, calendar, {}, verdicts, month, {})
        return Adjusted(plan, targets, targets, records, tuple(findings))
    line = Timeline(plan, calendar, seasons)
    late = _refused_where_dated(plan, calendar, line, steps, used)
    year = taken(line, [step for step in steps if step.change.code not in late], used)
    refused = {**year.refused, **late}
    by_code = {step.change.code: step for step in year.steps}
    records = _records(plan, calendar, by_code, refused, month, _altered(year.line))
    course = Course(year.line.parents, year.line.factors, year.line.run.tree.presence)
    targets, against = with_closed(year.line.now, revised(year.line), course)
    findings = [
        *once(year.line.findings),
        *refused.values(),
        *_into_closed_months(plan, year.steps),
        *against,
    ]
    return Adjusted(
        _in_month(plan, year.steps, month),
        targets,
        year.line.baseline,
        records,
        tuple(findings),
        tuple(year.line.partings),
    )


def _refused_where_dated(
    plan: Plan,
    calendar: Calendar,
    line: Timeline,
    steps: Sequence[Step],
    used: Mapping[str, Decimal],
) -> dict[str, Finding]:
    """By change's code, why a change that a closed month was recorded without cannot be carried
    out in the month that it is dated into, were nothing closed. It stays refused: from the first
    open month on it might find no lock in its way, and then closing would change open months.
    """
    moved = {step.change.code for step in steps if _from_first_open_month(plan, step)}
    if not moved:
        return {}
    dated = sorted(_steps(replace(plan, closes=()), calendar), key=turn_of)
    refused = taken(line.copy(), dated, used).refused
    return {code: against for code, against in refused.items() if code in moved}


def current(plan: Plan, adjustments: Iterable[Adjustment], month: Month) -> Plan:
    """The plan of the report month: ``plan`` as its sheets say, with the changes among
    ``adjustments`` that are in force.
    """
    by_code = {change.code: change for change in plan.changes}
    steps = [
        Step(
            by_code[one.change],
            one.aim,
            one.since,
            plan.settings.months.index(one.since),
            one.day,
        )
        for one in adjustments
        if one.state.approved_in
        and one.aim is not None
        and one.since is not None
        and one.change in by_code
    ]
    return _in_month(plan, sorted(steps, key=turn_of), month)


def _steps(plan: Plan, calendar: Calendar) -> Iterator[Step]:
    months = plan.settings.months
    for change in plan.changes:
        since = _since(plan, change, calendar)
        if since is not None and change.aim is not None and not _standing(plan, change, since):
            yield Step(change, change.aim, since.month, months.index(since.month), since.day)


class Since(NamedTuple):
    """The first month that a change holds in, and the day in it (None: all of it)."""

    month: Month
    day: date | None = None


def _since(plan: Plan, change: Change, calendar: Calendar) -> Since | None:
    """From when the change holds. Where it is dated into a closed month: from the first closed
    month whose record has it, else from the first open one.
    """
    since = _dated(change, calendar)
    if since is None:
        return None
    months, count = plan.settings.months, plan.closed_months
    if since.month not in months[:count]:
        return since
    entries = standing_entries(months, plan.closes)
    for at in range(months.index(since.month), count):
        if at in entries and change.code in entries[at].changes:
            return since if months[at] == since.month else Since(months[at])
    return Since(months[-1].plus(1) if count == MONTHS else months[count])


def _dated(change: Change, calendar: Calendar) -> Since | None:
    """What 生效月 says. A day that leaves no working day of its month before it, or from it on,
    splits nothing.
    """
    if change.effective is None or change.day is None:
        return None if change.effective is None else Since(change.effective)
    if not calendar.count(change.effective.first, change.day - timedelta(days=1)):
        return Since(change.effective)
    if not calendar.count(change.day, change.effective.last):
        return Since(change.effective.plus(1))
    return Since(change.effective, change.day)


def _into_closed_months(plan: Plan, steps: Sequence[Step]) -> Iterator[Finding]:
    """A change dated into a month that was closed without it, which acts from the first open
    one.
    """
    for step in steps:
        if _from_first_open_month(plan, step):
            yield Finding.of(
                "change-into-closed",
                step.change.origin.place("effective"),
                change=step.change.code,
                month=step.change.effective,
                since=step.since,
            )


def _from_first_open_month(plan: Plan, step: Step) -> bool:
    """Is the step dated into a closed month, and taken from the first open one?"""
    months, count = plan.settings.months, plan.closed_months
    dated = step.change.effective
    return count > 0 and dated in months[:count] and step.since == (*months, None)[count]


def _standing(
    plan: Plan, change: Change, since: Since | None
) -> tuple[ChangeState, Finding] | None:
    """Why the change is no part of the plan, by its own row; None if nothing in it is wrong."""
    if change.status is Approval.REJECTED:
        return ChangeState.REJECTED, Finding.of("adjust-rejected")
    if change.status is not Approval.APPROVED and "status" not in change.broken:
        return ChangeState.PENDING, Finding.of("adjust-pending")
    approvers, months = plan.settings.approvers, plan.settings.months
    code = None
    if change.broken & _USED:
        code = "adjust-unreadable"
    elif not change.approver:
        code = "adjust-no-approver"
    elif approvers and change.approver not in approvers:
        code = "adjust-not-approver"
    elif change.approved is None:
        code = "adjust-no-day"
    elif change.effective is None:
        code = "adjust-no-month"
    elif change.effective not in months or since is None or since.month not in months:
        code = "adjust-outside-year"
    elif not change.after or change.aim is None:
        code = "adjust-unreadable"
    return None if code is None else (ChangeState.INCOMPLETE, Finding.of(code))


def _in_month(plan: Plan, steps: Sequence[Step], month: Month) -> Plan:
    """``plan`` with the values of the steps up to ``month``; base years stay out, for targets
    speak for themselves.
    """
    transfers = []
    for step in steps:
        if step.moves:
            transfers.append(
                Transfer(
                    since=step.since,
                    unit=step.aim.key[0],
                    before=str(step.aim.before or ""),
                    after=str(step.aim.after),
                    day=step.day,
                )
            )
        if step.since > month or step.aim.table == "handover" or step.aim.column == "base_year":
            continue
        plan = amended(plan, step.change, step.aim, step.aim.after)
    return replace(plan, transfers=tuple(transfers)) if transfers else plan


Altered = Mapping[str, Sequence[str]]
"""By change, the units whose targets it altered."""


def _altered(line: Timeline) -> Altered:
    found: dict[str, dict[str, None]] = {}
    for (_, unit), revisions in line.revisions.items():
        for code in chain.from_iterable(revision.changes for revision in revisions):
            found.setdefault(code, {})[unit] = None
    return {code: tuple(units) for code, units in found.items()}


def _records(
    plan: Plan,
    calendar: Calendar,
    taken: Mapping[str, Step],
    refused: Mapping[str, Finding],
    month: Month,
    altered: Altered,
) -> tuple[Adjustment, ...]:
    return tuple(
        _record(
            plan,
            change,
            _since(plan, change, calendar),
            taken.get(change.code),
            refused.get(change.code),
            month,
            altered.get(change.code, ()),
        )
        for change in plan.changes
    )


def _record(
    plan: Plan,
    change: Change,
    since: Since | None,
    step: Step | None,
    refused: Finding | None,
    month: Month,
    altered: Sequence[str],
) -> Adjustment:
    told = untold(plan, change, altered) if change.status is not Approval.REJECTED else ()
    if step is not None:
        shut = plan.settings.months[: plan.closed_months]
        late = change.effective in shut and step.since not in shut
        state = ChangeState.IN_FORCE if step.since <= month else ChangeState.SCHEDULED
        if state is ChangeState.SCHEDULED:
            code = "adjust-scheduled"
        else:
            code = "adjust-backdated" if late else "adjust-in-force"
        return Adjustment(
            change=change.code,
            state=state,
            reason=Finding.of(code, month=step.day or step.since),
            since=step.since,
            day=step.day,
            aim=step.aim,
            untold=told,
        )
    standing = _standing(plan, change, since)
    if standing is not None:
        return Adjustment(
            change=change.code, state=standing[0], reason=standing[1], aim=change.aim, untold=told
        )
    assert refused is not None
    state = ChangeState.CONFLICT if refused.code in (CONFLICT, UNSAID) else ChangeState.REFUSED
    return Adjustment(
        change=change.code,
        state=state,
        reason=Finding.of(refused.code, Place(), **refused.params),
        aim=change.aim,
        untold=told,
    )


def untold(plan: Plan, change: Change, altered: Sequence[str]) -> tuple[str, ...]:
    """Units that the change concerns and 同步对象 names neither by code, nor by name or address:
    whom it names, and whose targets it altered.
    """
    found = map(plan.people.addressed, change.notify)
    named = {units[0].code for units in found if len(units) == 1}
    concerned = [
        plan.unit_by_code[code]
        for code in dict.fromkeys([*_concerned(plan, change), *altered])
        if code in plan.unit_by_code
    ]
    return tuple(unit.code for unit in concerned if unit.code not in named)


def _concerned(plan: Plan, change: Change) -> Iterable[str]:
    aim = change.aim
    if aim is None:
        return ()
    if aim.table == "products":
        return aim.key[1:2]
    if aim.table == "targets":
        return aim.key[1:]
    if aim.table == "handover":
        return aim.key[1:]
    if aim.table == "units":
        return (aim.key[0], str(aim.before), str(aim.after)) if aim.column == "parent" else aim.key
    if aim.table == "tasks":
        owners = [plan.owner_of(aim.key[0])]
        owners += [str(aim.after)] if aim.column == "owner" else []
        return [one for one in owners if one]
    return ()


def not_synchronised(plan: Plan, records: Iterable[Adjustment]) -> Iterator[Finding]:
    """Changes that name somebody to be told, and not everybody whom they concern."""
    by_code = {change.code: change for change in plan.changes}
    for one in records:
        change = by_code[one.change]
        if one.untold and change.notify and one.state.approved_in:
            names = [plan.unit_by_code[code].name or code for code in one.untold]
            yield Finding.of(
                "change-not-synchronised",
                change.origin.place("notify"),
                change=one.change,
                units=names,
            )
