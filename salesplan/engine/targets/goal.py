"""Targets that a unit has of its own: the company's goal (指标), and typed targets (目标分解) with
the months that follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.exact.rounding import in_units, largest_remainder
from salesplan.engine.targets.group import MONTHS, Child, Key, Window
from salesplan.engine.targets.history import last_year
from salesplan.engine.targets.locks import Held, Reading, read
from salesplan.engine.targets.quarters import contradiction
from salesplan.engine.targets.shares import Shares
from salesplan.engine.targets.target import Season
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import Direction, Kpi, PercentBasis, Plan, TargetBasis, TargetRow, Unit

_NEEDED = frozenset({"target", "kind", "levels", "basis"})


def computable(kpi: Kpi) -> bool:
    """Whether the cells that the KPI's targets depend on could be read."""
    needed = _NEEDED
    if kpi.kind.adds_over_units:
        needed |= {"smallest_unit"}
    if kpi.basis is TargetBasis.IMPROVEMENT:
        needed |= {"base", "percent_basis", "direction"}
    return not kpi.broken & needed


def goal(kpi: Kpi, findings: list[Finding]) -> Decimal | None:
    """The company's target as a level; None where there is none, or, with an error, where it is not
    known.

    An improvement (目标口径 提升量) is added to the base value, in its own unit or points; with
    单位口径 % it is a part of the base value. For a KPI where lower is better an improvement lowers
    the base, whichever sign it is typed with.
    """
    if kpi.target is None or kpi.basis is TargetBasis.LEVEL:
        return kpi.target
    if kpi.base is None:
        findings.append(Finding.of("target-no-base", kpi.origin.place("base"), kpi=kpi.name))
        return None
    return level_of(kpi, kpi.target)


def level_of(kpi: Kpi, value: Decimal | None) -> Decimal | None:
    """A goal of the KPI (target, 保底 or 挑战) as a level; None where it is blank, or an
    improvement over no base value.
    """
    if value is None or kpi.basis is TargetBasis.LEVEL:
        return value
    if kpi.base is None:
        return None
    rise = value * abs(kpi.base) if kpi.percent_basis is PercentBasis.PERCENT else value
    return kpi.base - abs(rise) if kpi.direction is Direction.LOWER else kpi.base + rise


Months = tuple[int | None, ...]
"""None: a month without a target."""


class NoOpenMonthError(Exception):
    """The typed months leave ``left`` of the year, and no month is free to take it."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def own_months(
    held: Held | None,
    year: int | None,
    weights: Sequence[Fraction],
    there: Sequence[Fraction] | None,
    flow: bool,
) -> Months:
    """The months that follow from typed or locked values and the ``year`` (None: only from the
    former).

    A flow's year and quarters fall on their open months by ``weights`` × presence (``there``; None:
    all the time). A level (存量) stands at its year in every month that is not held; where somebody
    is not there it is 0, but for the last one, which is the year. Raises :class:`NoOpenMonthError`.
    """
    width = len(weights)
    if not flow:
        return _levels(held, year, there, width)
    parts = [(year, (None,) * width)] if held is None else held.parts(year)
    found: list[int | None] = [0] * width
    for total, fixed in parts:
        for at, month in enumerate(_spread(total, fixed, weights, there)):
            known = found[at]
            found[at] = None if month is None or known is None else known + month
    return tuple(found)


def _spread(
    total: int | None,
    fixed: Months,
    weights: Sequence[Fraction],
    there: Sequence[Fraction] | None,
) -> Months:
    if total is None:
        return fixed
    left = total - sum(month for month in fixed if month is not None)
    places = [at for at, month in enumerate(fixed) if month is None]
    if not places:
        if left:
            raise NoOpenMonthError(left)
        return fixed
    own = [weights[at] * (1 if there is None else there[at]) for at in places]
    if not any(own):
        own = [weights[at] for at in places]
    rest = iter(largest_remainder(left, own if any(own) else [1] * len(own)))
    return tuple(next(rest) if month is None else month for month in fixed)


def _levels(
    held: Held | None, year: int | None, there: Sequence[Fraction] | None, width: int
) -> Months:
    fixed: Months = (None,) * width if held is None else held.months
    if year is None:
        return fixed
    found = list(fixed)
    for at, month in enumerate(fixed):
        if month is None:
            gone = there is not None and not there[at] and at < width - 1
            found[at] = 0 if gone else year
    return tuple(found)


@dataclass(slots=True)
class Run:
    """What every step of one cascade looks up."""

    plan: Plan
    tree: Tree
    seasons: Mapping[str, Season]
    findings: list[Finding]
    rows: dict[Key, TargetRow] = field(default_factory=dict)
    shares: dict[tuple[str, ...], Shares | None] = field(default_factory=dict)
    last_year: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.plan.targets:
            self.rows.setdefault((row.kpi, row.unit), row)
        self.last_year = last_year(self.plan, self.tree)

    def with_children(self, plan: Plan, parents: Iterable[str]) -> Run:
        """The run with the children that ``plan`` gives to ``parents``; nothing else of it is
        looked up anew.
        """
        run = copy(self)
        run.plan, run.tree = plan, copy(self.tree)
        run.tree.children = dict(self.tree.children)
        for parent in parents:
            run.tree.children[parent] = [
                unit
                for unit in plan.units
                if unit.parent == parent and unit.code in self.tree.factor
            ]
        return run


@dataclass(frozen=True, slots=True)
class Own:
    """A unit's months in the window that do not come from its parent: from its own row, else the
    sum of those below it. None: a month without a target.
    """

    child: Child
    months: Months
    held: frozenset[int] = frozenset()
    """The places of those that are its own; the others are sums from below."""
    season: Season | None = None
    missing: tuple[Unit, ...] = ()
    stated: object = None
    """What its own months follow from."""

    @property
    def whole(self) -> bool:
        """Whether no month is missing, neither its own nor those that it sums up."""
        return not self.missing and None not in self.months


def company_own(run: Run, kpi: Kpi, window: Window) -> Own | None:
    """The company's own months; None, with an error that says why, if they are not known."""
    root, flow = run.tree.root, kpi.kind.adds_over_months
    reading = read_row(run, kpi, root)
    level = goal(kpi, run.findings)
    if reading.broken or (level is None and kpi.target is not None):
        return None
    held = reading.held
    wanted = None if level is None else in_units(level, kpi.smallest_unit)
    if level is not None and wanted is None:
        place = kpi.origin.place("target")
        run.findings.append(
            Finding.of(
                "target-not-multiple", place, kpi=kpi.name, value=level, smallest=kpi.smallest_unit
            )
        )
        return None
    if held is not None and not _company_agrees(run, kpi, held, wanted):
        return None
    child = Child(root, run.rows.get((kpi.code, root.code)), held)
    cut = None
    if held is not None:
        cut = held.cut(window.start, window.closed(root.code), window.part(root.code))
    stated = (stated_by(held, child), wanted)
    if wanted is not None and flow:
        wanted -= window.over(root.code)
    own = by_itself(run, kpi, child, cut, wanted, window)
    return None if own is None else as_it_stood(own, stated, window)


def _company_agrees(run: Run, kpi: Kpi, held: Held, wanted: int | None) -> bool:
    """Whether the company's year in 指标 agrees with its row in 目标分解. Another year there is
    only reported.
    """
    flow = kpi.kind.adds_over_months
    by_quarters = held.row.manual_year is None and any_given(held.quarters)
    if held.year is not None and not by_quarters:
        if wanted not in (None, held.year):
            run.findings.append(_differs(kpi, held, "target-company-differs", held.year, wanted))
        return True
    quarters = held.quarters if flow else held.typed_levels()
    against = None if wanted is None else contradiction(wanted, quarters, held.months, flow)
    if against is not None:
        name = run.tree.root.name or run.tree.root.code
        run.findings.append(against.finding(kpi, held.row, name))
    return against is None


def by_itself(
    run: Run, kpi: Kpi, child: Child, held: Held | None, year: int | None, window: Window
) -> Own | None:
    """The unit's months by what it holds of the window's, and its ``year`` where none is held; None
    where they cannot be told.
    """
    flow = kpi.kind.adds_over_months
    year = held.year if held is not None and held.year is not None else year
    season = run.seasons.get(kpi.code)
    width = MONTHS - window.start
    spreads = flow and (year is not None or (held is not None and any_given(held.quarters)))
    if spreads and season is None and (held is None or None in held.months):
        return None
    weights = [Fraction(1)] * width if season is None else list(season.fractions[window.start :])
    weights[0] *= window.left
    try:
        months = own_months(held, year, weights, child.is_there(flow, window.start), flow)
    except NoOpenMonthError as no_month:
        if held is not None and year is not None:
            fixed = year - no_month.left + window.over(child.code)
            whole = year + window.over(child.code)
            run.findings.append(_differs(kpi, held, "target-company-months-differ", fixed, whole))
        return None
    own = frozenset(at for at, month in enumerate(months) if month is not None)
    typed = held is not None and None not in held.months
    return Own(child, months, own, season if spreads and not typed else None)


def stated_by(held: Held | None, child: Child) -> object:
    """What a unit's own months follow from, beside the year from elsewhere: its row, and when it is
    there.
    """
    said = None if held is None else (held.year, held.months, held.quarters, held.issued)
    return said, child.there


def as_it_stood(own: Own, stated: object, window: Window) -> Own:
    """The unit's own months as they were before, if nothing they follow from has changed: then they
    are not rounded again.
    """
    before = window.before
    code = own.child.code
    if before is None or before.stated.get(code) != stated:
        return replace(own, stated=stated)
    stood = window.open(before.months[code], window.part(code))
    months = tuple(
        None if month is None else old for month, old in zip(own.months, stood, strict=True)
    )
    return replace(own, months=months, stated=stated)


def any_given(values: Sequence[int | None]) -> bool:
    """Whether there is a value among them."""
    return any(value is not None for value in values)


def _differs(kpi: Kpi, held: Held, code: str, value: int, other: int | None) -> Finding:
    return Finding.of(
        code,
        held.row.origin.place(held.cell),
        kpi=kpi.name,
        value=value * kpi.smallest_unit,
        target=(other or 0) * kpi.smallest_unit,
    )


def read_row(run: Run, kpi: Kpi, unit: Unit) -> Reading:
    """What the unit's row holds over the whole year."""
    row = run.rows.get((kpi.code, unit.code))
    if row is None:
        return Reading()
    return read(
        kpi,
        row,
        unit.name or unit.code,
        run.tree.factor[unit.code],
        run.plan.settings.months,
        run.findings,
    )
