"""Checks of 变更记录: a change that takes effect says what, from when, and who allowed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place
from salesplan.plan.change_subjects import (
    changeable,
    field_of,
    is_handover,
    read_aim,
    subject_table,
    table_of,
)
from salesplan.plan.checks import actions, actuals, budget, kpis, organization, targets
from salesplan.plan.checks.common import Check
from salesplan.plan.model import (
    Aim,
    Approval,
    Change,
    CloseAction,
    Month,
    Plan,
    closed_count,
    digest,
    standing_entries,
)
from salesplan.plan.model.amend import amended, record_of
from salesplan.plan.naming import near
from salesplan.plan.normalize import half_width
from salesplan.plan.references import SUBJECTS, unclear_subject
from salesplan.plan.schema import sheet


def check_subjects(plan: Plan) -> Iterator[Finding]:
    """对象 T99 is no task, budget line, unit or KPI; 字段 is no column of the subject's table."""
    for change in plan.changes:
        key = subject_table(plan, change.subject)
        if not change.subject:
            yield Finding.of(
                "change-incomplete", change.origin.place("subject"), change=change.code
            )
        elif key is None and (unclear := unclear_subject(plan, change)):
            yield unclear
        elif is_handover(change.subject) or (
            "/" in change.subject and not (plan.kpis and plan.units)
        ):
            # read_aim says what is wrong with a hand-over, the loader that a sheet is missing
            continue
        elif key is None and not _left_out(plan, change.subject):
            yield Finding.of(
                "change-subject-unknown",
                change.origin.place("subject"),
                change=change.code,
                subject=change.subject,
                near=_near(plan, change.subject),
            )
        elif key is not None and field_of(plan, change, key) is None:
            yield Finding.of(
                "change-field-unknown",
                change.origin.place("field"),
                change=change.code,
                field=change.field,
                sheet=sheet(table_of(key).sheet),
                fields=changeable(key),
            )


def _left_out(plan: Plan, subject: str) -> bool:
    """Whether the subject, or its KPI or unit, is a row that is left out for an error of its
    own.
    """
    dropped = set(chain.from_iterable(plan.dropped.values()))
    return not dropped.isdisjoint(map(half_width, (subject, *subject.split("/"))))


def _near(plan: Plan, subject: str) -> str:
    """The subject as it was meant; of a target its KPI and its unit, also where they stand the
    wrong way round.
    """
    first, slash, second = subject.partition("/")
    if not slash:
        rows = chain.from_iterable(getattr(plan, name) for name in SUBJECTS)
        return near(
            subject,
            [row.code for row in rows],
            [*plan.kpis, *plan.units],
        )
    for kpi, unit in ((first, second), (second, first)):
        found = near(kpi, plan.kpi_by_code, plan.kpis), near(unit, plan.unit_by_code, plan.units)
        if "—" not in found:
            return "/".join(found)
    return "—"


def check_values(plan: Plan) -> Iterator[Finding]:
    """字段 实际完成日 is no plan but a fact; 调整后 “七月” is no date; a hand-over without its
    taker.
    """
    for change in plan.changes:
        found = read_aim(plan, change)
        if isinstance(found, Finding):
            yield found


def check_circles(plan: Plan) -> Iterator[Finding]:
    """P1→P2 and P2→P1 of one KPI and month: what goes round comes back, and only the net moves.
    Said at the change that closes the circle.
    """
    given: dict[tuple[str, Month], dict[str, list[tuple[str, str]]]] = {}
    for change in plan.changes:
        if (
            change.aim is None
            or change.aim.table != "handover"
            or change.effective is None
            or change.status is Approval.REJECTED
        ):
            continue
        kpi, giver, taker = change.aim.key
        hands = given.setdefault((kpi, change.effective), {})
        back = _way(hands, taker, giver)
        if back:
            yield Finding.of(
                "change-circular",
                change.origin.place("subject"),
                change=change.code,
                others=back,
                giver=giver,
                taker=taker,
                month=change.effective,
            )
        hands.setdefault(giver, []).append((taker, change.code))


def _way(hands: Mapping[str, list[tuple[str, str]]], start: str, end: str) -> tuple[str, ...]:
    """The changes that lead from one unit to another, hand by hand; none if nothing does."""
    found: dict[str, tuple[str, ...]] = {start: ()}
    waiting = [start]
    while waiting and end not in found:
        here = waiting.pop(0)
        for taker, code in hands.get(here, ()):
            if taker not in found:
                found[taker] = (*found[here], code)
                waiting.append(taker)
    return found.get(end, ())


def check_told(plan: Plan) -> Iterator[Finding]:
    """An approved change with nobody in 同步对象."""
    for change in plan.changes:
        if (
            change.status is Approval.APPROVED
            and not change.notify
            and "notify" not in change.broken
        ):
            yield Finding.of("change-not-told", change.origin.place("notify"), change=change.code)


def check_approval(plan: Plan) -> Iterator[Finding]:
    """批准 without 审批人 or 审批日; by somebody who may not approve; a change that still waits."""
    approvers = plan.settings.approvers
    for change in plan.changes:
        place = change.origin.place
        if change.status is Approval.APPROVED:
            blank = [
                key
                for key in ("approver", "approved")
                if not getattr(change, key) and key not in change.broken
            ]
            for key in blank:
                yield Finding.of("approval-incomplete", place(key))
            if change.approver and approvers and change.approver not in approvers:
                yield Finding.of(
                    "approver-not-listed",
                    place("approver"),
                    name=change.approver,
                    approvers=approvers,
                )
            if change.approved and change.raised and change.approved < change.raised:
                yield Finding.of(
                    "approved-before-raised",
                    place("approved"),
                    change=change.code,
                    approved=change.approved,
                    raised=change.raised,
                )
            yield from _takes_effect(plan, change)
        elif change.status is not Approval.REJECTED and "status" not in change.broken:
            yield Finding.of(
                "change-pending", place("status"), change=change.code, subject=change.subject
            )


def _takes_effect(plan: Plan, change: Change) -> Iterator[Finding]:
    if change.effective is None and "effective" not in change.broken:
        yield Finding.of(
            "change-without-month", change.origin.place("effective"), change=change.code
        )
    if change.effective is not None and change.effective not in plan.settings.months:
        yield Finding.of(
            "date-outside-year",
            change.origin.place("effective"),
            day=change.effective,
            year=str(plan.settings.year),
        )
    if not change.after and "after" not in change.broken:
        yield Finding.of("change-incomplete", change.origin.place("after"), change=change.code)


def check_after(plan: Plan) -> Iterator[Finding]:
    """A rate of 40 in 调整后, where 40 % is meant: what a check finds of a cell, it finds of what a
    change puts there.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    turns: dict[int, list[tuple[Change, Aim]]] = {}
    for change in plan.changes:
        aim = change.aim
        if aim is None or not change.after or change.status is Approval.REJECTED:
            continue
        if aim.table in _OF_CELLS:
            cell = (aim.table, aim.key, aim.column)
            turns.setdefault(seen[cell], []).append((change, aim))
            seen[cell] += 1
    for one in turns.values():
        yield from _after(plan, one)


def _after(plan: Plan, changes: Sequence[tuple[Change, Aim]]) -> Iterator[Finding]:
    """What is found of changes of different cells, each at its own 调整后."""
    changed = plan
    for change, aim in changes:
        if record_of(plan, aim) is not None or aim.table in ("targets", "products"):
            changed = amended(changed, change, aim, aim.after)
    typed: dict[tuple[str, Place], Change] = {}
    for change, aim in changes:
        record = record_of(changed, aim)
        if record is not None:
            column = _TYPED_AS.get(aim.column, aim.column)
            typed[aim.table, record.origin.place(column)] = change
    for key in dict.fromkeys(aim.table for _, aim in changes):
        checks = _OF_CELLS[key]
        before = chain.from_iterable(check(plan) for check in checks)
        stood = {(one.code, one.place) for one in before}
        for one in chain.from_iterable(check(changed) for check in checks):
            by = typed.get((key, one.place))
            if by is not None and (one.code, one.place) not in stood:
                yield replace(one, place=by.origin.place("after"))


_TYPED_AS = {"base_year": "manual_year"}
_TARGETS = (targets.check_levels, targets.check_overlays, *targets.FIGURES)
_OF_CELLS: Mapping[str, Sequence[Check]] = {
    "kpis": (*kpis.CHECKS, *kpis.FIGURES, actuals.check_goals),
    "units": tuple(one for one in organization.CHECKS if one is not organization.check_endings),
    "targets": _TARGETS,
    "products": (targets.check_products,),
    "tasks": (actions.check_task_owners, actions.check_task_progress),
    "budget": (budget.check_lines,),
}
"""The checks of cells that a change can type, by what it changes."""


def check_record(plan: Plan) -> Iterator[Finding]:
    """A figure of a closed month was typed over: its 校验 is not what its figures give."""
    for at, entry in standing_entries(plan.settings.months, plan.closes).items():
        if entry.check != digest((*plan.closed, *plan.product_closed), at, entry.changes):
            yield Finding.of("close-edited", entry.origin.place("check"), month=entry.month)


def check_log(plan: Plan) -> Iterator[Finding]:
    """May closed while April is open, or a month reopened that is not closed: rows of the log are
    missing.
    """
    months = plan.settings.months
    for number, entry in enumerate(plan.closes):
        count = closed_count(months, plan.closes[:number])
        if entry.month not in months or "month" in entry.broken or entry.action is None:
            yield Finding.of("close-log-unreadable", entry.origin.place("month"))
            continue
        at = months.index(entry.month)
        fits = at == count if entry.action is CloseAction.CLOSE else at < count
        if not fits:
            yield Finding.of("close-log-gap", entry.origin.place("month"), month=entry.month)


def check_codes(plan: Plan) -> Iterator[Finding]:
    """T2 of the record is T02 in 组织 now: what was recorded is nobody's any more. A unit that is
    gone is only told.
    """
    if not plan.closed_months:
        return
    recorded = {row.unit for row in plan.closed}
    new = {unit.name: unit.code for unit in plan.units if unit.code not in recorded and unit.name}
    told: set[str] = set()
    for row in plan.closed:
        place = row.origin.place
        if row.kpi not in plan.kpi_by_code and row.kpi not in told:
            told.add(row.kpi)
            yield Finding.of("close-kpi-unknown", place("kpi"), kpi=row.kpi)
        if row.unit in plan.unit_by_code or row.unit in told:
            continue
        told.add(row.unit)
        if row.name in new:
            yield Finding.of(
                "close-unit-renamed",
                place("unit"),
                unit=row.unit,
                name=row.name,
                now=new[row.name],
            )
        else:
            yield Finding.of("close-unit-gone", place("unit"), unit=row.name or row.unit)


CHECKS = (
    check_subjects,
    check_values,
    check_circles,
    check_approval,
    check_told,
    check_after,
    check_record,
    check_log,
    check_codes,
)
