"""One additive KPI over the tree: base months in whole smallest units (SPEC 3).

From the company down, where it has a target. Where it has none, from below: a unit without a target
of its own is the sum of its children's, and who has one is divided as a company is. What is typed
for single months or quarters counts for these: the other months come from below.

A spread covers the year, or what is left of it from some month on: then the months before stand
as they are in an earlier spread, and only the later ones are divided. A group of siblings for
which nothing has changed keeps its months, whatever else is divided anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from itertools import chain

from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.exact.rounding import common
from salesplan.engine.targets.goal import Months, NoOpenMonthError, goal, own_months
from salesplan.engine.targets.group import Child, Complaint, Division, Group, Member
from salesplan.engine.targets.history import last_year
from salesplan.engine.targets.locks import Held, Reading, in_units, read
from salesplan.engine.targets.quarters import contradiction, months_of
from salesplan.engine.targets.shares import Shares, Source, shares
from salesplan.engine.targets.split import divide, divide_level
from salesplan.engine.targets.target import Season
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Month, Plan, TargetRow, Unit

Key = tuple[str, str]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Spread:
    """Base months by unit, how each came about, and (blocked) units that an error above them left
    without, with its name.
    """

    months: dict[str, Sequence[int]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    stated: dict[str, object] = field(default_factory=dict)
    """By unit that has months without its parent: what they follow from, to see whether that has
    changed.
    """

    def copy(self) -> Spread:
        """The same, to be changed by :func:`moved` and :func:`regrouped`."""
        return Spread(
            dict(self.months),
            dict(self.members),
            dict(self.groups),
            dict(self.blocked),
            dict(self.stated),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are divided: from ``start`` on, with those before as they stand in
    ``before``. Of the first month a part may stand as well, where it is divided from a day on.
    """

    start: int = 0
    before: Spread | None = None
    standing: frozenset[str] = frozenset()
    """Parents whose children's shares are what they stand at, since a transfer or a hand-over."""
    moved: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """What these brought or took of each unit's months."""
    left: Fraction = Fraction(1)
    """How much of the first month is divided, by working days."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """What of the first month stands, by unit."""
    there: Mapping[str, Fraction] = field(default_factory=dict)
    """The presence of units in what is left of the first month, where that is not the month's."""

    def closed(self, unit: str) -> Sequence[int]:
        """The unit's months that stand whole."""
        months = self.before.months.get(unit) if self.before is not None else None
        return [0] * self.start if months is None else months[: self.start]

    def part(self, unit: str) -> int:
        """What of the unit's first month stands."""
        return self.parts.get(unit, 0)

    def over(self, unit: str) -> int:
        """All that stands of a unit's flow."""
        return sum(self.closed(unit)) + self.part(unit)

    def left_of(self, months: Sequence[int], part: int) -> int:
        """The sum of a year's months that are divided, without the ``part`` that stands."""
        return sum(months[self.start :]) - part

    def open(self, months: Sequence[int], part: int) -> list[int]:
        """Of a year's months those that are divided, the first without the ``part`` that stands."""
        first, *later = months[self.start :]
        return [first - part, *later]


WHOLE_YEAR = Window()


@dataclass(slots=True)
class Run:
    """What one cascade looks up again and again."""

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


def spread(run: Run, kpi: Kpi, window: Window = WHOLE_YEAR) -> Spread | None:
    """The KPI's months from the window's start on; None if nobody has a target, or it cannot be
    told.
    """
    if kpi.smallest_unit <= 0:
        place = kpi.origin.place("smallest_unit")
        run.findings.append(Finding.of("kpi-smallest-unit", place, kpi=kpi.name))
        return None
    company = _company(run, kpi, window)
    if company is None:
        return None
    made = _Making(run, kpi, window)
    if None in company.months:
        made.sum_up(company)
        if not made.own and not made.found.blocked:
            return None
    else:
        made.own[run.tree.root.code] = company
    made.hand_down()
    return made.found


@dataclass(frozen=True, slots=True)
class _Own:
    """What a unit has of the window's months without its parent (None: nothing): by its own row,
    else from below.
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
        """Whether nothing is wanting of it, and of what it is the sum of."""
        return not self.missing and None not in self.months


def _company(run: Run, kpi: Kpi, window: Window) -> _Own | None:
    """The company's own months; None if they cannot be told (an error says why, or has said)."""
    root, flow = run.tree.root, kpi.kind.adds_over_months
    reading = _read(run, kpi, root)
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
    stated = (_stated(held, child), wanted)
    if wanted is not None and flow:
        wanted -= window.over(root.code)
    own = _by_itself(run, kpi, child, cut, wanted, window)
    return None if own is None else _as_it_stood(own, stated, window)


def _company_agrees(run: Run, kpi: Kpi, held: Held, wanted: int | None) -> bool:
    """Whether the company's year of 指标 and what its row of 目标分解 holds can both be had;
    another year there is only told.
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


def _by_itself(
    run: Run, kpi: Kpi, child: Child, held: Held | None, year: int | None, window: Window
) -> _Own | None:
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
    return _Own(child, months, own, season if spreads and not typed else None)


def _stated(held: Held | None, child: Child) -> object:
    """What a unit's own months follow from, beside the year from elsewhere: its row, and when it is
    there.
    """
    said = None if held is None else (held.year, held.months, held.quarters, held.issued)
    return said, child.there


def _as_it_stood(own: _Own, stated: object, window: Window) -> _Own:
    """The unit's own months as they stood before, where nothing they follow from has changed: they
    are not rounded anew.
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


def _read(run: Run, kpi: Kpi, unit: Unit) -> Reading:
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


class _Making:
    """One KPI's spread while it is made: sums from below first, then what comes from above."""

    def __init__(self, run: Run, kpi: Kpi, window: Window) -> None:
        self.run, self.kpi, self.window = run, kpi, window
        self.found = Spread()
        self.from_below = False
        self.own: dict[str, _Own] = {}
        """By unit, what it has without its parent. From the company down, the company's only."""
        self.given: dict[str, frozenset[int]] = {}
        """By unit, the places of months that are its own or its parent's: what is below takes part
        in these.
        """
        self.flow = kpi.kind.adds_over_months
        self.places = frozenset(range(MONTHS - window.start))
        self.needed = run.tree.needed(kpi.levels)
        self._readings: dict[str, Reading] = {}

    # --- from below ---------------------------------------------------------------------------

    def sum_up(self, company: _Own) -> None:
        """What each unit has without its parent, level by level up to the company."""
        self.from_below = True
        tree = self.run.tree
        for unit in reversed(tree.order):
            if unit.code not in self.needed or self._gone(unit):
                continue
            own = company if unit is tree.root else self._without_parent(unit)
            if own is None:
                parent = self.run.plan.unit_by_code[tree.parent[unit.code]]
                self.found.blocked[unit.code] = parent.name or parent.code
                continue
            if None not in own.months:
                self.own[unit.code] = own
                continue
            kids = self._kids(unit)
            if any(kid.code in self.found.blocked for kid in kids):
                self.found.blocked[unit.code] = unit.name or unit.code
                continue
            total = self._sum(own, kids)
            if any_given(total.months):
                self.own[unit.code] = total

    def _without_parent(self, unit: Unit) -> _Own | None:
        """By the unit's own row; None if that cannot be told."""
        child = self._child(unit)
        if self._broken(child) and (child.held is not None or self._reading(unit).broken):
            return None
        stated = (_stated(self._reading(unit).held, child), None)
        own = _by_itself(self.run, self.kpi, child, child.held, None, self.window)
        return None if own is None else _as_it_stood(own, stated, self.window)

    def _sum(self, own: _Own, kids: Sequence[Unit]) -> _Own:
        """``own``, and where it has nothing the sum of what the units below have."""
        below = [self.own[kid.code] for kid in kids if kid.code in self.own]
        columns = (
            zip(*(one.months for one in below), strict=True) if below else [()] * len(own.months)
        )
        months = [
            month if month is not None else _total(column)
            for month, column in zip(own.months, columns, strict=True)
        ]
        missing = tuple(kid for kid in kids if self._is_missing(kid))
        return replace(own, months=tuple(months), missing=missing)

    def _is_missing(self, unit: Unit) -> bool:
        """Whether the unit has no target, or not a whole one. A coefficient of 0 asks for none."""
        own = self.own.get(unit.code)
        return unit.coefficient != 0 if own is None else not own.whole

    # --- from above ---------------------------------------------------------------------------

    def hand_down(self) -> None:
        """From each unit that has a target to those below it, parents first."""
        for unit in self.run.tree.order:
            if unit.code not in self.found.months and not self._stand_alone(unit):
                self._block(unit)
                continue
            kids = self._kids(unit)
            if not kids:
                continue
            group = self._group(unit, kids)
            if group is None:
                name = unit.name or unit.code
                self.found.blocked.update({kid.code: name for kid in kids})
            else:
                self._place(group)

    def _stand_alone(self, unit: Unit) -> bool:
        """Put a unit in its place whose target is no part of its parent's; False where it has
        none.
        """
        own = self.own.get(unit.code)
        if own is None:
            return False
        self._put(unit.code, own.months, self._member(own))
        return True

    def _block(self, unit: Unit) -> None:
        """An error at a unit leaves those below it without targets that have none of their own."""
        blocked = self.found.blocked.get(unit.code)
        if blocked is None or (self.from_below and not self._reading(unit).broken):
            return
        for kid in self._kids(unit):
            if kid.code not in self.own:
                self.found.blocked[kid.code] = blocked

    def _place(self, group: Group) -> None:
        self.found.groups[group.parent.code] = group
        above = self.given[group.parent.code]
        for index, child in enumerate(group.children):
            own = self.own.get(child.code)
            member = Member((), child.held, group, index)
            months: Months = tuple(group.division.rows[index])
            if own is not None and above != self.places:
                member = replace(self._member(own), group=group, index=index)
                months = tuple(
                    month if at in above else own.months[at] for at, month in enumerate(months)
                )
            elif above != self.places:
                months = tuple(month if at in above else None for at, month in enumerate(months))
            self._put(child.code, months, member, above)

    def _put(
        self, code: str, months: Months, member: Member, above: frozenset[int] = frozenset()
    ) -> None:
        start, own = self.window.start, self.own.get(code)
        figures = [month or 0 for month in months]
        blank = frozenset(start + at for at, month in enumerate(months) if month is None)
        self.found.months[code] = figures
        if own is not None:
            self.found.stated[code] = own.stated
        self.found.members[code] = member.with_months(figures, blank)
        self.given[code] = above if own is None else above | own.held

    def _member(self, own: _Own) -> Member:
        summed = any(
            month is not None and at not in own.held for at, month in enumerate(own.months)
        )
        return Member((), own.child.held, season=own.season, summed=summed, missing=own.missing)

    def _group(self, unit: Unit, kids: Sequence[Unit]) -> Group | None:
        """The unit's months and those of the units below it; None if an error stops this group."""
        months, given = self.found.months[unit.code], self.given[unit.code]
        if given == self.places:
            children = tuple(self._child(kid) for kid in kids)
            return self._divided(unit, children, months)
        if not given:
            return self._summed(unit, [self.own[kid.code] for kid in kids if kid.code in self.own])
        return self._partly(unit, kids, months, sorted(given))

    def _summed(self, unit: Unit, below: Sequence[_Own]) -> Group | None:
        """The group of a unit whose target is the sum of those below it."""
        count = len(below)
        rows = []
        for one in below:
            rows.append([month or 0 for month in one.months])
        months = self.found.months[unit.code]
        return Group(
            unit,
            tuple(one.child for one in below),
            Shares((0,) * count, 1, (Source.BELOW,) * count),
            Division(rows, [0] * len(months), [], True),
            months,
        )

    def _partly(
        self, unit: Unit, kids: Sequence[Unit], months: Sequence[int], columns: Sequence[int]
    ) -> Group | None:
        """The group of a unit that has only some months itself: these are divided, the others are
        sums from below.
        """
        children = tuple(self._only(self._child(kid), columns) for kid in kids)
        if any(self._broken(child) for child in children):
            return None
        parts = self._shares(unit, children)
        if parts is None:
            return None
        there = [child.is_there(self.flow, self.window.start) for child in children]
        present = []
        for p in there:
            present.append(None if p is None else tuple(p[at] for at in columns))
        divided = (divide if self.flow else divide_level)(
            [months[at] for at in columns], parts, present, [child.held for child in children]
        )
        rows = [[0] * len(months) for _ in kids]
        loose = [0] * len(months)
        for place, at in enumerate(columns):
            loose[at] = divided.unassigned[place]
            for row, part in zip(rows, divided.rows, strict=True):
                row[at] = part[place]
        for row, kid in zip(rows, kids, strict=True):
            own = self.own.get(kid.code)
            for at in range(len(months)):
                if at not in self.given[unit.code] and own is not None:
                    row[at] = own.months[at] or 0
        complaints = [
            replace(one, month=None if one.month is None else columns[one.month])
            for one in divided.complaints
        ]
        self._complain(unit, children, complaints)
        return Group(unit, children, parts, Division(rows, loose, complaints, True), months)

    def _only(self, child: Child, columns: Sequence[int]) -> Child:
        """The child with what it holds of some months: those of its year and quarters as they fall
        on them.
        """
        own, held = self.own.get(child.code), child.held
        if own is None or held is None:
            return replace(child, held=None)
        months = tuple(own.months[at] if at in own.held else None for at in columns)
        return replace(child, held=held.only(months) if any_given(months) else None)

    def _divided(
        self, parent: Unit, children: tuple[Child, ...], months: Sequence[int]
    ) -> Group | None:
        """The parent's months over its children."""
        window, kpi = self.window, self.kpi
        if parent.code in window.standing and window.before is not None:
            parts: Shares | None = _standing(window, kpi, parent, children)
        else:
            parts = self._shares(parent, children)
        if parts is None or any(self._broken(child) for child in children):
            return None
        kept = _unchanged(window, parent, children, parts, months)
        if kept is not None and all(
            child.held is None or child.held.row.lock is None or child.held.met_by(row)
            for child, row in zip(children, kept.rows, strict=True)
        ):
            return Group(parent, children, parts, kept, months)
        there = [child.is_there(self.flow, window.start) for child in children]
        holding = [child.held for child in children]
        if self.flow:
            behind = _behind(window, parent, children, parts)
            division = divide(months, parts, there, holding, behind)
        else:
            division = divide_level(months, parts, there, holding)
        self._complain(parent, children, division.complaints)
        return Group(parent, children, parts, division, months)

    # --- what a group looks up ----------------------------------------------------------------

    def _kids(self, unit: Unit) -> list[Unit]:
        return [
            kid
            for kid in self.run.tree.children.get(unit.code, ())
            if kid.code in self.needed and not self._gone(kid)
        ]

    def _gone(self, unit: Unit) -> bool:
        """Whether the unit plays no part this year: never there, and its row holds nothing."""
        if unit.code not in self.run.tree.gone:
            return False
        row = self.run.rows.get((self.kpi.code, unit.code))
        return row is None or (row.lock is None and not row.has_manual)

    def _reading(self, unit: Unit) -> Reading:
        found = self._readings.get(unit.code)
        if found is None:
            found = self._readings[unit.code] = _read(self.run, self.kpi, unit)
        return found

    def _child(self, unit: Unit) -> Child:
        held = self._reading(unit).held
        window = self.window
        if held is not None and (window.start or window.parts):
            moved, part = window.moved.get(unit.code), window.part(unit.code)
            held = held.within(window.start, window.closed(unit.code), moved, part)
        row = self.run.rows.get((self.kpi.code, unit.code))
        there = self.run.tree.presence.get(unit.code)
        child = Child(unit, row, held, there, window.there.get(unit.code))
        if row is not None and row.has_manual and child.there is not None:
            self._note_absence(child, row)
        return child

    def _note_absence(self, child: Child, row: TargetRow) -> None:
        """A typed target of a time in which nobody is there holds, and is told."""
        months = self.run.plan.settings.months
        there = child.is_there(self.flow) or ()
        for key, value in row.manual(months).items():
            places = _span(key, months, self.flow)
            if not value or any(there[at] for at in places):
                continue
            self.run.findings.append(
                Finding.of(
                    "target-typed-absent",
                    row.origin.place(key),
                    unit=child.unit.name or child.code,
                    kpi=self.kpi.name,
                    value=value,
                    span="–".join(dict.fromkeys(str(months[at]) for at in (places[0], places[-1]))),
                )
            )

    def _broken(self, child: Child) -> bool:
        return child.code in self.run.tree.unreadable or self._reading(child.unit).broken

    def _shares(self, parent: Unit, children: Sequence[Child]) -> Shares | None:
        run = self.run
        methods = [None if child.row is None else child.row.method for child in children]
        fixed = [child.fixed for child in children]
        plain = not any(fixed) and not any(methods)
        key = tuple(child.code for child in children)
        if plain and key in run.shares:
            return run.shares[key]
        units = [child.unit for child in children]
        parts, findings = shares(parent, units, methods, fixed, run.last_year.get(self.kpi.code))
        run.findings.extend(findings)
        if plain:
            run.shares[key] = parts
        return parts

    def _complain(
        self, parent: Unit, children: Sequence[Child], complaints: Iterable[Complaint]
    ) -> None:
        """What does not fit is an error where a locked value is part of it, else a warning: typed
        values hold.
        """
        above = self.found.members[parent.code].held
        holding = (*(child.held for child in children), above)
        locked = any(held is not None and held.row.lock is not None for held in holding)
        for one in complaints:
            child = children[one.child]
            assert child.held is not None
            self.run.findings.append(
                Finding.of(
                    one.code if locked else _TYPED[one.code],
                    child.held.row.origin.place(self._cell(child.held, one)),
                    kpi=self.kpi.name,
                    parent=parent.name or parent.code,
                    unit=child.unit.name or child.code,
                    month=self._span(one),
                    amount=one.amount * self.kpi.smallest_unit,
                    slack=one.slack * self.kpi.smallest_unit,
                )
            )

    def _cell(self, held: Held, one: Complaint) -> str:
        """The cell of the typed month or quarter, where that is what does not fit."""
        typed = held.row.manual(self.run.plan.settings.months)
        if one.quarter is not None:
            cell = f"manual_quarter{one.quarter + 1}"
        elif one.month is not None:
            month = self.run.plan.settings.months[self.window.start + one.month].month
            cell = f"manual{month}"
        else:
            cell = ""
        return cell if cell in typed else held.cell

    def _span(self, one: Complaint) -> str:
        if one.quarter is not None:
            return f"Q{one.quarter + 1}"
        if one.month is None:
            return ""
        return str(self.run.plan.settings.months[self.window.start + one.month])


_TYPED = {
    "target-locked-above-parent": "target-typed-above-parent",
    "target-no-one-left": "target-typed-short",
    "target-locked-above-month": "target-typed-above-month",
    "target-no-one-left-month": "target-typed-short-month",
    "target-months-unfit": "target-typed-unfit",
}
"""What does not fit where no lock is part of it."""


def _span(key: str, months: Sequence[Month], flow: bool) -> Sequence[int]:
    """The places of the months that a typed year, quarter or month speaks of: of a level the last
    of them.
    """
    if key == "manual_year":
        places: Sequence[int] = range(MONTHS)
    elif key.startswith("manual_quarter"):
        places = months_of(int(key.removeprefix("manual_quarter")) - 1)
    else:
        number = int(key.removeprefix("manual"))
        places = [at for at, month in enumerate(months) if month.month == number]
    return places if flow else places[-1:]


def _total(column: Iterable[int | None]) -> int | None:
    """The sum of what is there; None where nothing is."""
    known = [value for value in column if value is not None]
    return sum(known) if known else None


def _standing(window: Window, kpi: Kpi, parent: Unit, children: Sequence[Child]) -> Shares:
    """The shares that give each child what it has of the open months as they stand."""
    start, before = window.start, window.before
    months = before.months if before is not None else {}
    none = [0] * MONTHS
    whole = window.open(months.get(parent.code, none), window.part(parent.code))
    all_year = sum(whole)
    if all(child.there is None for child in children):
        owned = (
            sum(window.open(months.get(child.code, none), window.part(child.code)))
            for child in children
        )
        sign = 1 if all_year > 0 else -1
        return Shares(
            tuple(max(sign * own, 0) if all_year else 0 for own in owned),
            abs(all_year) or 1,
            (Source.STANDING,) * len(children),
        )
    parts = []
    for child in children:
        there = child.is_there(kpi.kind.adds_over_months, start)
        own = window.left_of(months.get(child.code, none), window.part(child.code))
        real = all_year if there is None else _within(whole, there)
        parts.append(Fraction(own) / real if real and (own > 0) is (real > 0) else Fraction(0))
    numerators, scale = common(parts)
    return Shares(tuple(numerators), scale, (Source.STANDING,) * len(children))


_NEW = Member(())


def _within(months: Sequence[int], there: Sequence[Fraction]) -> Fraction:
    """What falls on the time that somebody is there."""
    return sum((month * share for month, share in zip(months, there, strict=True)), Fraction(0))


def moved(made: Spread, deltas: Mapping[str, Sequence[int]]) -> None:
    """Bring ``deltas`` into the months of ``made``. Its groups stay as they were:
    :func:`regrouped` makes those anew that have other months by then.
    """
    months, members = made.months, made.members
    for code, more in deltas.items():
        earlier = months.get(code, [0] * MONTHS)
        months[code] = [a + b for a, b in zip(earlier, more, strict=True)]
        if code in members:
            members[code] = replace(members[code], months=months[code])


def regrouped(run: Run, kpi: Kpi, made: Spread, windows: Mapping[str, Window]) -> None:
    """Make the groups of the parents in ``windows`` anew, as they are in the tree of ``run``; their
    shares are those of their windows' months.
    """
    months, members = made.months, made.members
    for code, window in windows.items():
        kids = [kid for kid in run.tree.children.get(code, ()) if kid.code in months]
        if code not in months or not kids:
            made.groups.pop(code, None)
            continue
        group = _as_it_stands(run, kpi, made, code, kids, window)
        made.groups[code] = group
        for index, child in enumerate(group.children):
            before = members.get(child.code, _NEW)
            members[child.code] = Member(
                months[child.code],
                child.held,
                group,
                index,
                before.season,
                before.blank,
                before.summed,
                before.missing,
            )


def _as_it_stands(
    run: Run, kpi: Kpi, found: Spread, code: str, kids: Sequence[Unit], window: Window
) -> Group:
    parent, months = run.plan.unit_by_code[code], found.months
    held = [found.members[kid.code].held if kid.code in found.members else None for kid in kids]
    children = tuple(
        Child(
            kid,
            run.rows.get((kpi.code, kid.code)),
            own,
            run.tree.presence.get(kid.code),
            window.there.get(kid.code),
        )
        for kid, own in zip(kids, held, strict=True)
    )
    rows = [list(months[kid.code]) for kid in kids]
    loose = [
        month - sum(column)
        for month, column in zip(months[code], zip(*rows, strict=True), strict=True)
    ]
    parts = _standing(replace(window, before=found), kpi, parent, children)
    return Group(parent, children, parts, Division(rows, loose, [], any(held)), months[code])


def _behind(
    window: Window, parent: Unit, children: Sequence[Child], parts: Shares
) -> list[int] | None:
    """How much less than its share of the months that stand each child has, in some one measure;
    None where none stand.
    """
    start = window.start
    if start == 0:
        return None
    above = window.closed(parent.code)
    known = [child.there.flow[:start] for child in children if child.there is not None]
    flat, full = common(list(chain.from_iterable(known)))
    present = iter([flat[i : i + start] for i in range(0, len(flat), start)])
    late = []
    for child, numerator in zip(children, parts.numerators, strict=True):
        real = (
            sum(above) * full
            if child.there is None
            else sum(month * share for month, share in zip(above, next(present), strict=True))
        )
        late.append(real * numerator - sum(window.closed(child.code)) * full * parts.scale)
    return late


def _unchanged(
    window: Window,
    parent: Unit,
    children: Sequence[Child],
    parts: Shares,
    months: Sequence[int],
) -> Division | None:
    """The group's division as it was, if nothing of it has changed; None where it is to be made."""
    group = None if window.before is None else window.before.groups.get(parent.code)
    if (
        group is None
        or window.open(group.months, window.part(parent.code)) != list(months)
        or [child.code for child in group.children] != [child.code for child in children]
    ):
        return None
    alike = parent.code in window.standing or (group.shares.numerators, group.shares.scale) == (
        parts.numerators,
        parts.scale,
    )
    same = all(
        before.typed == now.typed and before.there == now.there
        for before, now in zip(group.children, children, strict=True)
    )
    if not alike or not same:
        return None
    division, stands = group.division, [window.part(child.code) for child in children]
    rows = [window.open(row, part) for row, part in zip(division.rows, stands, strict=True)]
    loose = window.open(division.unassigned, window.part(parent.code) - sum(stands))
    return Division(rows, loose, [], division.binding)


def stitched(now: Spread, window: Window) -> Spread:
    """Twelve months of each unit: those that stand, and those of ``now``. A unit that an error
    blocks keeps what it had.
    """
    before = window.before
    if before is None:
        return now
    whole = Spread(
        blocked={code: name for code, name in now.blocked.items() if code not in before.months},
        stated={**before.stated, **now.stated},
    )
    for code, (first, *later) in now.months.items():
        whole.months[code] = [*window.closed(code), first + window.part(code), *later]
    for code, months in before.months.items():
        if code not in now.months:
            stands, later = window.part(code), [0] * (MONTHS - window.start - 1)
            whole.months[code] = (
                months if code in now.blocked else [*window.closed(code), stands, *later]
            )
            whole.members[code] = replace(before.members[code], months=whole.months[code])
    for code, group in now.groups.items():
        whole.groups[code] = _whole(group, code, window, whole)
    for code in before.groups:
        if code not in now.groups and any(
            child.code in now.blocked for child in before.groups[code].children
        ):
            whole.groups[code] = before.groups[code]
    for code, member in now.members.items():
        above = None if member.group is None else whole.groups[member.group.parent.code]
        closed = before.members[code].blank if code in before.members else range(MONTHS)
        blank = member.blank | {at for at in closed if at < window.start}
        if window.part(code):
            blank -= {window.start}
        whole.members[code] = replace(member, months=whole.months[code], group=above, blank=blank)
    return whole


def _whole(group: Group, code: str, window: Window, whole: Spread) -> Group:
    earlier = None if window.before is None else window.before.groups.get(code)
    loose = (
        list(earlier.division.unassigned[: window.start])
        if earlier is not None
        else list(window.closed(code))
    )
    rows = [list(whole.months[kid.code]) for kid in group.children]
    first, *later = group.division.unassigned
    stands = window.part(code) - sum(window.part(kid.code) for kid in group.children)
    division = Division(
        rows,
        [*loose, first + stands, *later],
        group.division.complaints,
        group.division.binding,
    )
    return replace(group, division=division, months=whole.months[code])
