"""One additive KPI over the tree: base months in whole smallest units.

From the company down, where it has a target. Where it has none, from below: a unit without a target
of its own is the sum of its children's, and who has one is divided as a company is. What is typed
for single months or quarters counts for these: the other months come from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import replace
from salesplan.engine.exact.figures import written
from salesplan.engine.targets.goal import (
    Months,
    Own,
    Run,
    any_given,
    as_it_stood,
    by_itself,
    company_own,
    read_row,
    stated_by,
)
from salesplan.engine.targets.group import (
    MONTHS,
    WHOLE_YEAR,
    Child,
    Complaint,
    Division,
    Group,
    Member,
    Spread,
    Window,
)
from salesplan.engine.targets.kept_months import how_late, standing, unchanged
from salesplan.engine.targets.locks import Held, Reading
from salesplan.engine.targets.quarters import months_of
from salesplan.engine.targets.shares import Shares, Source, names, shares
from salesplan.engine.targets.split import divide, divide_level
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Month, SplitMethod, TargetRow, Unit


def spread(run: Run, kpi: Kpi, window: Window = WHOLE_YEAR) -> Spread | None:
    """The KPI's months from the window's start on; None if nobody has a target, or it cannot be
    told.
    """
    if kpi.smallest_unit <= 0:
        place = kpi.origin.place("smallest_unit")
        run.findings.append(Finding.of("kpi-smallest-unit", place, kpi=kpi.name))
        return None
    company = company_own(run, kpi, window)
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


class _Making:
    """One KPI's spread while it is made: sums from below first, then what comes from above."""

    def __init__(self, run: Run, kpi: Kpi, window: Window) -> None:
        self.run, self.kpi, self.window = run, kpi, window
        self.found = Spread()
        self.from_below = False
        self.own: dict[str, Own] = {}
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

    def sum_up(self, company: Own) -> None:
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

    def _without_parent(self, unit: Unit) -> Own | None:
        """By the unit's own row; None if that cannot be told."""
        child = self._child(unit)
        if self._broken(child) and (child.held is not None or self._reading(unit).broken):
            return None
        stated = (stated_by(self._reading(unit).held, child), None)
        own = by_itself(self.run, self.kpi, child, child.held, None, self.window)
        return None if own is None else as_it_stood(own, stated, self.window)

    def _sum(self, own: Own, kids: Sequence[Unit]) -> Own:
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

    def _member(self, own: Own) -> Member:
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

    def _summed(self, unit: Unit, below: Sequence[Own]) -> Group | None:
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
            parts: Shares | None = standing(window, kpi, parent, window.as_before(children))
        else:
            parts = self._shares(parent, children)
        if parts is None or any(self._broken(child) for child in children):
            return None
        kept = unchanged(window, parent, children, parts, months)
        if kept is not None and all(
            child.held is None or child.held.row.lock is None or child.held.met_by(row)
            for child, row in zip(children, kept.rows, strict=True)
        ):
            return Group(parent, children, parts, kept, months)
        there = [child.is_there(self.flow, window.start) for child in children]
        holding = [child.held for child in children]
        if self.flow:
            late = how_late(window, parent, children, parts)
            division = divide(months, parts, there, holding, late)
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
            found = self._readings[unit.code] = read_row(self.run, self.kpi, unit)
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
        parts, findings = shares(parent, units, methods, fixed, self._last_year(parent, children))
        run.findings.extend(findings)
        if plain:
            run.shares[key] = parts
        return parts

    def _last_year(self, parent: Unit, children: Sequence[Child]) -> Mapping[str, Fraction] | None:
        """What the children achieved last year, where that can be shared by; None, and a finding
        that says why, where one of them was below 0 or all together brought nothing.
        """
        asked = [
            child
            for child in children
            if child.row is not None and child.row.method is SplitMethod.LAST_YEAR
        ]
        if not asked:
            return None
        told = self.run.last_year.get(self.kpi.code, {})
        figures = [told.get(child.code, Fraction(0)) for child in children]
        if min(figures) >= 0 and sum(figures) > 0:
            return told
        below = [child for child, value in zip(children, figures, strict=True) if value < 0]
        shown = next((child for child in below if child in asked), asked[0])
        low = min(figures)
        self.run.findings.append(
            Finding.of(
                "last-year-negative" if below else "last-year-unknown",
                (shown.row or shown.unit).origin.place("method"),
                kpi=self.kpi.name,
                units=names([child.unit for child in below or asked]),
                parent=parent.name or parent.code,
                low=written(self.kpi, Decimal(low.numerator) / low.denominator),
            )
        )
        return None

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
