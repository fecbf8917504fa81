"""Target records with their remarks (校验) and their derivation: where each figure came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.engine.exact.figures import finer, written
from salesplan.engine.targets.copied import company_derivation
from salesplan.engine.targets.group import Group, Member
from salesplan.engine.targets.hedge import issue
from salesplan.engine.targets.shares import Source, names, percent
from salesplan.engine.targets.target import Months, Revision, SeasonSource, Target
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding, Place
from salesplan.plan.model import Kpi, Month, Plan, Unit

_ABSENT_SHOWN = 3
_NONE: Months = (None,) * 12
_ZERO = Decimal(0)
_SEASONS = {
    SeasonSource.HISTORY: "why-season-history",
    SeasonSource.MANUAL: "why-season-manual",
    SeasonSource.WORKING_DAYS: "why-season-days",
}
_WHY_SHARE = {
    Source.COEFFICIENT: "why-coefficient",
    Source.EQUAL: "why-equal",
    Source.LAST_YEAR: "why-last-year",
    Source.FIXED: "why-coefficient",
    Source.STANDING: "why-coefficient",
    Source.BELOW: "why-coefficient",
}


class Amounts(dict[int, Decimal]):
    """Whole smallest units as figures of one KPI, each made once: siblings' months are alike but
    for rounding, and a figure takes a hundred bytes.
    """

    def __init__(self, smallest: Decimal) -> None:
        super().__init__()
        self.smallest = smallest

    def __missing__(self, units: int) -> Decimal:
        figure = self[units] = units * self.smallest
        return figure


def target(
    plan: Plan,
    tree: Tree,
    kpi: Kpi,
    unit: Unit,
    member: Member,
    below: Group | None,
    amounts: Amounts,
) -> Target:
    """The record of one unit's target of an additive KPI; ``below`` is its own target split over
    its children, and ``amounts`` are the KPI's.
    """
    flow = kpi.kind.adds_over_months
    base = _year(member.months, flow)
    base_year, base_months = shown(member.months, member.blank, kpi, amounts)
    factor = tree.factor[unit.code]
    if factor == 1:
        year, months = base_year, base_months
    elif factor is None:
        year, months = None, _NONE
    else:
        year, months = shown(issue(member.months, factor, flow), member.blank, kpi, amounts)
    group = member.group if member.from_above else None
    parent_year = None if group is None else _year(group.months, flow)
    children = None
    if below is not None and base_year is not None:
        children = sum(_year(row, flow) for row in below.division.rows)
    return Target(
        kpi.code,
        unit.code,
        parent_target=None if parent_year is None else amounts[parent_year],
        coefficient=_coefficient(member),
        base_year=base_year,
        base_months=base_months,
        year=year,
        months=months,
        children_sum=None if children is None else amounts[children],
        unassigned=None if children is None else amounts[base - children],
        unassigned_months=_NONE
        if below is None
        else tuple([amounts[value] for value in below.division.unassigned]),
        coverage=None if below is None or children is None else _coverage(below, base, children),
        parent_share=None if not parent_year else Decimal(base) / parent_year,
        remarks=tuple(_remarks(plan, tree, kpi, unit, member, below, base, children)),
        derivation=tuple(_derivation(plan, kpi, member, parent_year, base, factor, year, amounts)),
        summed=member.summed,
    )


def shown(
    months: Sequence[int], blank: frozenset[int], kpi: Kpi, amounts: Amounts | None = None
) -> tuple[Decimal | None, Months]:
    """Months in smallest units as figures, and their year; None where there is no target.
    ``amounts`` are those of the KPI that were made already.
    """
    flow = kpi.kind.adds_over_months
    amounts = Amounts(kpi.smallest_unit) if amounts is None else amounts
    if not blank:
        whole = tuple([amounts[month] for month in months])
        return _ZERO + amounts[sum(months)] if flow else whole[-1], whole
    figures = tuple(
        None if not month and at in blank else amounts[month] for at, month in enumerate(months)
    )
    if not flow:
        return figures[-1], figures
    known = [figure for figure in figures if figure is not None]
    return sum(known, _ZERO) if known else None, figures


def _year(months: Sequence[int], flow: bool) -> int:
    return sum(months) if flow else months[-1]


def _coefficient(member: Member) -> Decimal | None:
    group = member.group
    if group is None or not member.from_above:
        return None
    if (
        member.held is not None
        and group.division.binding
        and group.shares.sources[member.index] is Source.FIXED
    ):
        return None
    return Decimal(group.shares.numerators[member.index]) / group.shares.scale


def _coverage(group: Group, base: int, children: int) -> Decimal | None:
    """Σ of the shares; where values are held, what the children really have of the parent."""
    if not group.division.binding:
        return _decimal(group.shares.coverage)
    return Decimal(children) / base if base else None


def _remarks(
    plan: Plan,
    tree: Tree,
    kpi: Kpi,
    unit: Unit,
    member: Member,
    below: Group | None,
    base: int,
    children: int | None,
) -> Iterator[Finding]:
    if member.held is not None and unit is not tree.root:
        yield Finding.of("target-locked" if member.held.locked else "target-manual")
    if "hedge" in unit.broken or tree.factor[unit.code] is None:
        yield Finding.of("target-hedge-unknown")
    if member.missing:
        yield Finding.of("target-partial", units=names(member.missing))
    elif member.blank:
        yield Finding.of("target-months-blank", count=len(member.blank))
    if below is None or children is None:
        return
    yield from below.shares.notes
    yield from differences(_coverage(below, base, children), base, children, kpi)
    yield from _absences(plan, below)


DIFFERENCES = frozenset({"target-covered", "target-overassigned", "target-unassigned"})
"""What :func:`differences` says."""


def differences(coverage: Decimal | None, base: int, children: int, kpi: Kpi) -> Iterator[Finding]:
    """What 校验 says of a target that is not what those below it have together: the figure of
    差额.
    """
    if coverage is not None and _show_percent(coverage) != "100":
        yield Finding.of("target-covered", coverage=_show_percent(coverage))
    if base != children:
        over = (base - children) * (1 if base >= 0 else -1) < 0
        yield Finding.of(
            "target-overassigned" if over else "target-unassigned",
            amount=abs(base - children) * kpi.smallest_unit,
        )


def _absences(plan: Plan, group: Group) -> Iterator[Finding]:
    absent = [
        child.unit
        for child, part in zip(group.children, group.shares.numerators, strict=True)
        if child.there is not None
        and part
        and (child.held is None or child.held.whole_year is None)
    ]
    if not absent:
        return
    first, last = plan.settings.months[0].first, plan.settings.months[-1].last
    for kid in absent[:_ABSENT_SHOWN]:
        name = kid.name or kid.code
        if kid.joined is not None and kid.joined > first:
            yield Finding.of("target-absent-joined", unit=name, day=kid.joined)
        if kid.left is not None and kid.left < last:
            yield Finding.of("target-absent-left", unit=name, day=kid.left)
        if kid.ramp_up and (kid.joined is None or kid.joined <= first):
            yield Finding.of("target-ramping-up", unit=name)
    if len(absent) > _ABSENT_SHOWN:
        yield Finding.of("target-absent-more", count=len(absent) - _ABSENT_SHOWN)


def _derivation(
    plan: Plan,
    kpi: Kpi,
    member: Member,
    parent_year: int | None,
    base: int,
    factor: Fraction | None,
    year: Decimal | None,
    amounts: Amounts,
) -> Iterator[Finding]:
    group = member.group
    if group is None or parent_year is None:
        whole = member.held is not None and member.held.whole_year is not None
        if member.summed:
            yield Finding.of("why-below", value=amounts[base])
            if member.missing:
                yield Finding.of("target-partial", units=names(member.missing))
        elif member.held is not None and (whole or member.blank):
            code = "why-locked" if member.held.locked else "why-manual"
            yield Finding.of(code, value=amounts[base])
        else:
            yield from company_derivation(kpi, amounts[base])
        if member.season is not None:
            yield Finding.of(_SEASONS[member.season.source], years=member.season.years)
            if member.season.spring:
                yield Finding.of("why-season-spring")
    elif member.held is not None and member.held.year is not None and group.division.binding:
        code = "why-locked" if member.held.locked else "why-manual"
        yield Finding.of(code, value=amounts[base])
    else:
        yield from _shared(plan, kpi, group, member, parent_year, base, amounts)
    if factor is not None and factor != 1:
        yield Finding.of("why-hedge", base=amounts[base], hedge=percent(factor - 1), value=year)


def _shared(
    plan: Plan,
    kpi: Kpi,
    group: Group,
    member: Member,
    parent_year: int,
    base: int,
    amounts: Amounts,
) -> Iterator[Finding]:
    smallest, index, shares = kpi.smallest_unit, member.index, group.shares
    source = shares.sources[index]
    real = finer(
        Decimal(parent_year * shares.numerators[index]) / shares.scale * smallest, smallest
    )
    parent = group.parent.name or group.parent.code
    yield Finding.of(
        _WHY_SHARE[source],
        parent=parent,
        target=amounts[parent_year],
        share=shares.told(index),
        value=real,
    )
    own = group.children[index]
    if own.held is not None and own.row is not None and own.row.has_manual:
        spans = list(own.row.manual_spans(plan.settings.months))
        yield Finding.of("why-typed-parts", spans=spans, value=amounts[base])
        return
    if group.division.binding:
        holders = [i for i, child in enumerate(group.children) if child.held is not None]
        fixed = sum(_year(group.division.rows[i], kpi.kind.adds_over_months) for i in holders)
        yield Finding.of("why-rest", held=amounts[fixed], rest=amounts[parent_year - fixed])
    there = group.children[index].there
    if there is not None:
        spread = there.flow if kpi.kind.adds_over_months else there.level
        yield Finding.of("why-presence", months=[percent(p) + "%" for p in spread])
    if amounts[base] != real:
        yield Finding.of("why-rounded", value=amounts[base])


def _show_percent(value: Decimal) -> str:
    return f"{round(value * 100, 2).normalize():f}"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def split_month(one: Revision, months: Sequence[Month]) -> Iterator[Finding]:
    """How a revision's first month falls on the working days before and after its day."""
    if one.split is not None:
        yield Finding.of(
            "why-split",
            month=one.since,
            before=one.split.before,
            days=one.split.days,
            day=one.split.day,
            stands=one.split.stands,
            rest=(one.base_months[months.index(one.since)] or 0) - one.split.stands,
        )


_ABSENT = frozenset({"target-absent-left", "target-absent-joined"})


def vacancies(plan: Plan, targets: Mapping[tuple[str, str], Target]) -> Iterator[Finding]:
    """A note for each unit with people who come or go within the year, at the day of the first,
    with what of each KPI is nobody's: a vacancy, which a planner fills or leaves open.
    """
    open_amounts: dict[str, list[str]] = {}
    absent: dict[str, dict[str, None]] = {}
    for (code, unit), target in targets.items():
        who = [one.params["unit"] for one in target.remarks if one.code in _ABSENT]
        if who and (target.unassigned or 0) * (target.base_year or 0) > 0:
            kpi = plan.kpi_by_code[code]
            amount = written(kpi, target.unassigned)
            said = f"{amount:,}" if isinstance(amount, Decimal) else amount
            open_amounts.setdefault(unit, []).append(f"{kpi.name} {said}")
            absent.setdefault(unit, {}).update(dict.fromkeys(map(str, who)))
    for unit, amounts in open_amounts.items():
        kids = {kid.name or kid.code: kid for kid in plan.children.get(unit, ())}
        known = [kids[name] for name in absent[unit] if name in kids]
        if known:
            above = plan.unit_by_code[unit]
            yield Finding.of(
                "target-vacant",
                _day_of(known[0]),
                unit=above.name or unit,
                who=list(absent[unit]),
                amounts=amounts,
            )


def _day_of(unit: Unit) -> Place:
    """The cell that says when it leaves, else when it joins; its code where a change says so."""
    dated = [key for key in ("left", "joined") if getattr(unit, key) is not None]
    return unit.origin.place([*dated, "code"][0])
