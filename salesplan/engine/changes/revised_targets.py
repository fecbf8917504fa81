"""The targets' records after all changes: current figures beside what they were planned as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import replace
from salesplan.engine.changes import transfers
from salesplan.engine.changes.timeline import Timeline
from salesplan.engine.changes.transfers import Figures, Parents
from salesplan.engine.targets.cascade import targets_of, with_locked
from salesplan.engine.targets.derivation import DIFFERENCES, differences, split_month
from salesplan.engine.targets.derivation import shown as as_shown
from salesplan.engine.targets.group import MONTHS, Key
from salesplan.engine.targets.hedge import issue_by_month
from salesplan.engine.targets.shares import percent
from salesplan.engine.targets.target import Months, Revision, Target
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Month, Plan

_NONE: Months = (None,) * MONTHS


def revised(line: Timeline) -> dict[Key, Target]:
    """Current targets, in the order of the baseline's; those that no change altered are the
    baseline's own.
    """
    found: dict[Key, Target] = {}
    for kpi in line.plan.kpi_by_code.values():
        if kpi.code not in line.touched:
            found |= {key: target for key, target in line.baseline.items() if key[0] == kpi.code}
        elif kpi.code in line.spreads:
            found |= with_locked(line.run, kpi, _divided(line, kpi))
        elif kpi.code in line.copies:
            made = {key: _told(line, target, kpi) for key, target in line.copies[kpi.code].items()}
            found |= with_locked(line.run, kpi, made)
    return found


def _divided(line: Timeline, kpi: Kpi) -> dict[Key, Target]:
    shown, parents = line.shown(kpi.code), line.parents
    own = _parted(line, kpi, transfers.own(shown, parents))
    uppers = set(parents[0].values()).union(*(set(tree.values()) for tree in _each_once(parents)))
    # Who loses its only unit within its first month has nobody below it in any month's tree.
    uppers |= {parting.transfer.before for parting in line.partings}
    altered, near = _near(line, kpi)
    beside = {
        code
        for code in near - altered - uppers
        if code in shown and _is_as_planned(line, kpi, code)
    }
    near -= beside
    made = targets_of(line.run, kpi, line.spreads[kpi.code], near)
    found: dict[Key, Target] = {}
    for unit in line.first.tree.order:
        key = (kpi.code, unit.code)
        if unit.code in beside:
            found[key] = _beside(line, kpi, line.baseline[key], shown, parents[-1])
            continue
        if unit.code not in near and key in line.baseline:
            found[key] = line.baseline[key]
            continue
        planned = made.get(key)
        if unit.level not in kpi.levels or (planned is not None and planned.base_year is None):
            if planned is not None:
                found[key] = planned
        elif unit.code in shown:
            blank = Target(*key, None, None, None, _NONE, None, _NONE)
            has_below = unit.code in uppers or (
                planned is not None and planned.children_sum is not None
            )
            loose = own.get(unit.code) if has_below else None
            found[key] = _told(
                line, _laid_over(line, kpi, planned or blank, shown, loose, parents[-1]), kpi
            )
    return found


def _parted(line: Timeline, kpi: Kpi, own: transfers.Units) -> transfers.Units:
    """``own`` with what the old parents keep of a month within which a unit goes elsewhere."""
    for parting in line.partings:
        cut, transfer = parting.cut, parting.transfer
        stays = cut.part(kpi.code, transfer.unit)
        for code, more in ((transfer.after, stays), (transfer.before, -stays)):
            if code in own:
                own[code][cut.start] += more
    return own


def _each_once(parents: Sequence[Parents]) -> list[Parents]:
    """The trees of the months without those of a month that are the month before's."""
    return [tree for at, tree in enumerate(parents) if at == 0 or tree is not parents[at - 1]]


def _is_as_planned(line: Timeline, kpi: Kpi, code: str) -> bool:
    """Whether a unit without one below it, whose months have not changed, has nothing else that its
    record could say: no row of its own and no blank month, then and now.
    """
    key, member = (kpi.code, code), line.spreads[kpi.code].members.get(code)
    return (
        member is not None
        and not member.blank
        and key in line.baseline
        and line.baseline[key].base_year is not None
        and key not in line.run.rows
        and key not in line.first.rows
    )


def _beside(line: Timeline, kpi: Kpi, planned: Target, shown: Figures, parents: Parents) -> Target:
    """The record of a unit that is as it was planned, beside or below one that is not: its parent's
    target and its own part of it may be others.
    """
    flow, parent = kpi.kind.adds_over_months, parents.get(planned.unit, "")
    upper = shown.get(parent)
    upper_year = None if upper is None else _year(upper, flow)
    share = Decimal(_year(shown[planned.unit], flow)) / upper_year if upper_year else None
    return replace(
        planned,
        parent_target=None if upper_year is None else upper_year * kpi.smallest_unit,
        parent_share=share,
        coefficient=share if parent in line.standing.get(kpi.code, ()) else planned.coefficient,
    )


def _near(line: Timeline, kpi: Kpi) -> tuple[set[str], set[str]]:
    """Units that have changed, and all whose record may say something else than the baseline's:
    these, and what is directly above or below.
    """
    changed = {unit for code, unit in line.revisions if code == kpi.code} | {
        transfer.unit for transfer in line.transfers
    }
    found = set(changed)
    for tree in (line.parents[0], line.parents[-1]):
        found |= {tree[code] for code in changed if code in tree}
        found |= {child for child, parent in tree.items() if parent in changed}
    return changed, found


def _laid_over(
    line: Timeline,
    kpi: Kpi,
    planned: Target,
    shown: Figures,
    loose: list[int] | None,
    parents: Parents,
) -> Target:
    """``planned`` issued month by month with the hedges of each month, and against the units below
    it in each month: ``loose`` is not theirs.
    """
    smallest, flow, code = kpi.smallest_unit, kpi.kind.adds_over_months, planned.unit
    months = shown[code]
    member = line.spreads[kpi.code].members.get(code)
    blank = frozenset() if member is None else member.blank
    base = _year(months, flow)
    known = [factor for factor in line.factors(kpi.code, code) if factor is not None]
    issued = issue_by_month(months, known, flow) if len(known) == MONTHS else None
    base_year, base_months = as_shown(months, blank, kpi)
    year, issued_months = (None, _NONE) if issued is None else as_shown(issued, blank, kpi)
    children = None if loose is None else base - _year(loose, flow)
    coverage = None if children is None or not base else Decimal(children) / base
    remarks = [one for one in planned.remarks if one.code not in DIFFERENCES]
    if children is not None:
        remarks += differences(coverage, base, children, kpi)
    upper = shown.get(parents.get(code, ""))
    upper_year = None if upper is None else _year(upper, flow)
    return replace(
        planned,
        parent_target=None if upper_year is None else upper_year * smallest,
        base_year=base_year,
        base_months=base_months,
        year=year,
        months=issued_months,
        children_sum=None if children is None else children * smallest,
        unassigned=None if loose is None else _year(loose, flow) * smallest,
        unassigned_months=_NONE if loose is None else tuple(value * smallest for value in loose),
        coverage=coverage,
        parent_share=None if not upper_year else Decimal(base) / upper_year,
        remarks=tuple(remarks),
    )


def _year(months: Sequence[int], flow: bool) -> int:
    return sum(months) if flow else months[-1]


def _told(line: Timeline, target: Target, kpi: Kpi) -> Target:
    """The target with what changes made of it: revisions, remarks for 校验, and the way from
    baseline to now.
    """
    key = (target.kpi, target.unit)
    planned = line.baseline.get(key)
    revisions = tuple(line.revisions.get(key, ()))
    if line.parents[-1].get(target.unit) in line.standing.get(kpi.code, ()):
        # Since a transfer or a hand-over coefficients decide nothing: the share is what it has.
        target = replace(target, coefficient=target.parent_share)
    elif planned is not None and not revisions:
        target = replace(target, coefficient=planned.coefficient)
    moved = [transfer for transfer in line.transfers if transfer.unit == target.unit]
    if not revisions and not moved:
        return target if planned is None else replace(target, derivation=planned.derivation)
    remarks = [*target.remarks]
    if revisions:
        codes = tuple(dict.fromkeys(chain.from_iterable(one.changes for one in revisions)))
        before = planned.base_year if planned is not None else None
        remarks.append(
            Finding.of(
                "target-changed",
                changes=codes,
                month=revisions[0].begins,
                before="—" if before is None else before,
            )
        )
    reasons = [
        *_planned(planned),
        *changes_told(planned, revisions, line.months),
        *_moves(line, kpi, target.unit),
    ]
    if (
        kpi.kind.adds_over_units
        and target.year is not None
        and target.base_year is not None
        and target.year != target.base_year
    ):
        reasons.append(_hedged(line, target))
    return replace(target, remarks=tuple(remarks), derivation=tuple(reasons), revisions=revisions)


def _planned(planned: Target | None) -> list[Finding]:
    return (
        []
        if planned is None
        else [reason for reason in planned.derivation if reason.code != "why-hedge"]
    )


def changes_told(
    planned: Target | None, revisions: tuple[Revision, ...], months: Sequence[Month]
) -> Iterator[Finding]:
    """The changes of the base; what only another hedge has changed is told with the hedge."""
    before, base = (
        (planned.base_year, planned.base_months) if planned is not None else (None, _NONE)
    )
    for one in revisions:
        code = "why-change-months" if before == one.base_year else "why-change"
        if base != one.base_months:
            yield Finding.of(
                code,
                changes=one.changes,
                month=one.begins,
                before="—" if before is None else before,
                after=one.base_year,
            )
            yield from split_month(one, months)
        before, base = one.base_year, one.base_months


def _moves(line: Timeline, kpi: Kpi, unit: str) -> Iterator[Finding]:
    """The transfers of the unit, and whose the actuals of a month are that one splits."""
    for transfer in line.transfers:
        if transfer.unit == unit:
            giver, taker = (_name(line.plan, code) for code in (transfer.before, transfer.after))
            since = transfer.day or transfer.since
            yield Finding.of("why-transfer", month=since, giver=giver, taker=taker)
            if transfer.day is not None and not kpi.kind.is_snapshot:
                yield Finding.of("why-transfer-actuals", day=since, giver=giver, taker=taker)


def _name(plan: Plan, code: str) -> str:
    unit = plan.unit_by_code.get(code)
    return code if unit is None else unit.name or code


def _hedged(line: Timeline, target: Target) -> Finding:
    factors = line.hedges_of(target.kpi, target.unit)
    hedges = [f"{percent(factor - 1)}%" for factor in factors]
    return Finding.of("why-hedges", base=target.base_year, hedges=hedges, value=target.year)
