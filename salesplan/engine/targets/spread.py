"""One additive KPI over the tree, from the company down: base months in whole smallest units (SPEC 3).

A spread covers the year, or what is left of it from some month on: then the months before stand
as they are in an earlier spread, and only the later ones are divided. A group of siblings for
which nothing has changed keeps its months, whatever else is divided anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from salesplan.engine.exact.rounding import common, largest_remainder
from salesplan.engine.results import Season
from salesplan.engine.targets.division import Division
from salesplan.engine.targets.explain import Group, Member
from salesplan.engine.targets.goal import goal
from salesplan.engine.targets.last_year import last_year
from salesplan.engine.targets.lock_times import Filled, as_filled
from salesplan.engine.targets.locks import Held, Reading, filled_months, in_units, read
from salesplan.engine.targets.presence import Presence
from salesplan.engine.targets.shares import Shares, Source, shares
from salesplan.engine.targets.split import divide, divide_level
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Lock, Plan, SplitMethod, TargetRow, Unit

Key = tuple[str, str]
MONTHS = 12
_NONE: tuple[None, ...] = (None,) * MONTHS


@dataclass(frozen=True, slots=True)
class Spread:
    """Base months by unit, how each came about, and (blocked) units that an error above them left without, with its name."""

    months: dict[str, Sequence[int]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are divided: from ``start`` on, with those before as they stand in ``before``.

    ``until``: the first month of the KPI's next change, 12 if there is none.
    """

    start: int = 0
    until: int = MONTHS
    before: Spread | None = None
    standing: frozenset[str] = frozenset()
    """Parents whose children's shares are what they stand at, since a transfer or a hand-over."""
    moved: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """What these brought or took of each unit's months."""
    provisional: bool = False
    """Whether this is the year as planned and its months from ``until`` on are divided again: those before have been filled as they stand."""
    late: frozenset[str] = frozenset()
    """Units whose locks were put on later."""
    factors: Callable[[str], Sequence[Fraction | None]] | None = None
    """Each month's hedge of a unit with those of all units above it; None: as in the tree, all year."""

    @property
    def whole(self) -> bool:
        return self.start == 0 and self.until == MONTHS

    def closed(self, unit: str) -> Sequence[int]:
        """The unit's months that stand."""
        there = self.before.months.get(unit) if self.before is not None else None
        return [0] * self.start if there is None else there[: self.start]


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


def spread(run: Run, kpi: Kpi, window: Window = WHOLE_YEAR) -> Spread | None:
    """The KPI's months from the window's start on; None if the company has no target, or it cannot be told."""
    tree = run.tree
    company = _company(run, kpi, window)
    if company is None:
        return None
    needed = tree.needed(kpi.levels)
    found = Spread({tree.root.code: company.months}, {tree.root.code: company})
    for unit in tree.order:
        kids = [
            child
            for child in tree.children.get(unit.code, ())
            if child.code in needed and not _gone(run, kpi, child)
        ]
        if unit.code not in found.months:
            found.blocked.update(
                {kid.code: found.blocked[unit.code] for kid in kids if unit.code in found.blocked}
            )
            continue
        if not kids:
            continue
        group = _split(run, kpi, unit, kids, found.months[unit.code], window)
        if group is None:
            found.blocked.update({kid.code: unit.name or unit.code for kid in kids})
            continue
        found.groups[unit.code] = group
        for index, kid in enumerate(kids):
            row = group.division.rows[index]
            found.months[kid.code] = row
            found.members[kid.code] = Member(row, group.held[index], group, index)
    return found


def _gone(run: Run, kpi: Kpi, unit: Unit) -> bool:
    """Whether the unit plays no part this year: never there, and its row holds nothing."""
    if unit.code not in run.tree.gone:
        return False
    row = run.rows.get((kpi.code, unit.code))
    return row is None or (row.lock is None and not row.has_manual)


def _company(run: Run, kpi: Kpi, window: Window) -> Member | None:
    """The company's months, and what they came from; None if there is no target or it cannot be told."""
    root, findings = run.tree.root, run.findings
    if kpi.smallest_unit <= 0:
        findings.append(
            Finding.of("kpi-smallest-unit", kpi.origin.place("smallest_unit"), kpi=kpi.name)
        )
        return None
    reading = _read(run, kpi, root)
    if reading.broken:
        return None
    held = reading.held
    level = goal(kpi, findings)
    wanted = None if level is None else in_units(level, kpi.smallest_unit)
    if level is not None and wanted is None:
        place = kpi.origin.place("target")
        findings.append(
            Finding.of(
                "target-not-multiple", place, kpi=kpi.name, value=level, smallest=kpi.smallest_unit
            )
        )
        return None
    if held is not None and root.code in window.late:
        held = held.unlocked()
    return _company_months(run, kpi, window, held, wanted, findings)


def _company_months(
    run: Run,
    kpi: Kpi,
    window: Window,
    held: Held | None,
    wanted: int | None,
    findings: list[Finding],
) -> Member | None:
    """The company's months, where it holds ``held`` and its year is ``wanted``."""
    root = run.tree.root
    year = wanted if held is None or held.year is None else held.year
    fixed = _NONE if held is None else held.months
    if held is not None and held.year is not None and wanted not in (None, held.year):
        findings.append(_differs(kpi, held, "target-company-differs", held.year, wanted))
    flow = kpi.kind.adds_over_months
    given = [month for month in fixed if month is not None]
    if len(given) == len(fixed):
        total = sum(given) if flow else given[-1]
        if held is not None and year not in (None, total):
            findings.append(_differs(kpi, held, "target-company-months-differ", total, year))
            return None
        return Member(given[window.start :], held)
    if year is None:
        return None
    fixed = fixed[window.start :]
    if not flow:
        return Member([year if month is None else month for month in fixed], held)
    season = run.seasons.get(kpi.code)
    if season is None:
        return None
    weights = [
        weight
        for weight, month in zip(season.fractions[window.start :], fixed, strict=True)
        if month is None
    ]
    left = year - sum(window.closed(root.code)) - sum(month for month in fixed if month is not None)
    if held is not None and left and not weights:  # months that are over, and the others all fixed
        findings.append(_differs(kpi, held, "target-company-months-differ", year - left, year))
        return None
    rest = iter(largest_remainder(left, weights if any(weights) else [1] * len(weights)))
    return Member([next(rest) if month is None else month for month in fixed], held, season=season)


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


def _as_months(run: Run, kpi: Kpi, unit: Unit) -> Held | None:
    """What the row would hold if a lock on its year were one on its months."""
    row = run.rows.get((kpi.code, unit.code))
    if row is None:
        return None
    row = (
        replace(row, lock=Lock.MONTHS) if row.lock is Lock.YEAR and row.manual_year is None else row
    )
    return read(
        kpi, row, unit.name or unit.code, run.tree.factor[unit.code], run.plan.settings.months, []
    ).held


def _split(
    run: Run, kpi: Kpi, parent: Unit, kids: list[Unit], months: Sequence[int], window: Window
) -> Group | None:
    """The parent's months over its children; None if an error stops this group."""
    readings = [_read(run, kpi, kid) for kid in kids]
    held = [reading.held for reading in readings]
    if not window.whole:
        held = [_within(window, kid, h) for h, kid in zip(held, kids, strict=True)]
    there = [run.tree.presence.get(kid.code) for kid in kids]
    standing = parent.code in window.standing and window.before is not None
    parts = (
        _standing(window, kpi, parent, kids, there)
        if standing
        else _shares(run, kpi, parent, kids, held)
    )
    if (
        parts is None
        or any(reading.broken for reading in readings)
        or any(kid.code in run.tree.unreadable for kid in kids)
    ):
        return None
    there_by_then = [
        h.unlocked() if h is not None and kid.code in window.late else h
        for h, kid in zip(held, kids, strict=True)
    ]
    kept = _unchanged(window, parent, kids, parts, held, there, months)
    if kept is not None and all(
        h is None or h.row.lock is None or h.met_by(row)
        for h, row in zip(there_by_then, kept.rows, strict=True)
    ):
        return Group(parent, kids, parts, held, there, kept, months)
    behind = _behind(window, parent, kids, parts, there)

    def divided(holding: list[Held | None]) -> Division:
        if kpi.kind.adds_over_months:
            return divide(
                months,
                parts,
                [None if p is None else p.flow[window.start :] for p in there],
                holding,
                behind,
            )
        return divide_level(
            months, parts, [None if p is None else p.level[window.start :] for p in there], holding
        )

    if not window.provisional or all(h is None or h.row.lock is None for h in there_by_then):
        division = divided(there_by_then)
    else:
        months_only = [
            h
            if h is None or h.row.lock is None
            else _within(window, kid, _as_months(run, kpi, kid), window.until)
            for h, kid in zip(there_by_then, kids, strict=True)
        ]
        there_by_then, division = as_filled(
            divided, there_by_then, months_only, [_filled(run, kpi, kid, window) for kid in kids]
        )
    _complain(run, kpi, parent, held, division)
    return Group(parent, kids, parts, held, there, division, months)


def _within(window: Window, unit: Unit, held: Held | None, until: int = MONTHS) -> Held | None:
    """What is held of the window's months; a lock holds up to ``until``."""
    return (
        None
        if held is None
        else held.within(window.start, until, window.closed(unit.code), window.moved.get(unit.code))
    )


def _filled(run: Run, kpi: Kpi, unit: Unit, window: Window) -> Filled:
    row = run.rows.get((kpi.code, unit.code))
    factors = (
        (run.tree.factor[unit.code],) * MONTHS
        if window.factors is None
        else window.factors(unit.code)
    )
    months = None if row is None else filled_months(kpi, row)
    return Filled(
        months, window.closed(unit.code), factors, window.until, kpi.kind.adds_over_months
    )


def _standing(
    window: Window, kpi: Kpi, parent: Unit, kids: list[Unit], there: list[Presence | None]
) -> Shares:
    """The shares that give each child what it has of the open months as they stand."""
    start, before = window.start, window.before
    months = before.months if before is not None else {}
    whole = months.get(parent.code, [0] * MONTHS)[start:]
    parts = []
    for kid, presence in zip(kids, there, strict=True):
        flow = kpi.kind.adds_over_months
        share = (
            [Fraction(1)] * len(whole)
            if presence is None
            else (presence.flow if flow else presence.level)[start:]
        )
        real = sum((month * one for month, one in zip(whole, share, strict=True)), Fraction(0))
        parts.append(
            Fraction(sum(months.get(kid.code, [0] * MONTHS)[start:])) / real
            if real
            else Fraction(0)
        )
    numerators, scale = common([max(part, Fraction(0)) for part in parts])
    return Shares(tuple(numerators), scale, (Source.STANDING,) * len(kids))


def moved(
    run: Run,
    kpi: Kpi,
    made: Spread,
    deltas: Mapping[str, Sequence[int]],
    start: int,
    parents: Iterable[str],
) -> Spread:
    """``made`` with ``deltas`` in its months from ``start`` on, and the groups of ``parents`` as they are in the tree of ``run``."""
    months: dict[str, Sequence[int]] = dict(made.months)
    months.update(
        {
            code: [a + b for a, b in zip(months.get(code, [0] * MONTHS), more, strict=True)]
            for code, more in deltas.items()
        }
    )
    found = Spread(
        months,
        {code: replace(member, months=months[code]) for code, member in made.members.items()},
        dict(made.groups),
        dict(made.blocked),
    )
    for code in parents:
        kids = [kid for kid in run.tree.children.get(code, ()) if kid.code in months]
        if code not in months or not kids:
            found.groups.pop(code, None)
            continue
        held = [found.members[kid.code].held if kid.code in found.members else None for kid in kids]
        there = [run.tree.presence.get(kid.code) for kid in kids]
        rows = [list(months[kid.code]) for kid in kids]
        loose = [
            month - sum(column)
            for month, column in zip(months[code], zip(*rows, strict=True), strict=True)
        ]
        parent = run.plan.unit_by_code[code]
        parts = _standing(Window(start, MONTHS, found), kpi, parent, kids, there)
        group = Group(
            parent, kids, parts, held, there, Division(rows, loose, [], any(held)), months[code]
        )
        found.groups[code] = group
        for index, kid in enumerate(kids):
            found.members[kid.code] = Member(months[kid.code], held[index], group, index)
    return found


def _behind(
    window: Window, parent: Unit, kids: list[Unit], parts: Shares, there: list[Presence | None]
) -> list[int] | None:
    """How much less than its share of the months that stand each child has, in some one measure; None where none stand."""
    start = window.start
    if start == 0:
        return None
    above = window.closed(parent.code)
    flat, full = common(
        [share for presence in there if presence is not None for share in presence.flow[:start]]
    )
    present = iter([flat[i : i + start] for i in range(0, len(flat), start)])
    late = []
    for kid, numerator, presence in zip(kids, parts.numerators, there, strict=True):
        real = (
            sum(above) * full
            if presence is None
            else sum(month * share for month, share in zip(above, next(present), strict=True))
        )
        late.append(real * numerator - sum(window.closed(kid.code)) * full * parts.scale)
    return late


def _unchanged(
    window: Window,
    parent: Unit,
    kids: list[Unit],
    parts: Shares,
    held: list[Held | None],
    there: list[Presence | None],
    months: Sequence[int],
) -> Division | None:
    """The group's division as it was, if nothing of it has changed; None where it is to be made."""
    group = None if window.before is None else window.before.groups.get(parent.code)
    start = window.start
    if (
        group is None
        or list(group.months[start:]) != list(months)
        or [kid.code for kid in group.kids] != [kid.code for kid in kids]
    ):
        return None
    alike = parent.code in window.standing or (group.shares.numerators, group.shares.scale) == (
        parts.numerators,
        parts.scale,
    )
    typed = [_typed(h) for h in group.held] == [_typed(h) for h in held]
    if not alike or not typed or group.there != there:
        return None
    division = group.division
    return Division(
        [list(row[start:]) for row in division.rows],
        list(division.unassigned[start:]),
        [],
        division.binding,
    )


def _typed(held: Held | None) -> object:
    return None if held is None or held.locked else held.typed


def _shares(
    run: Run, kpi: Kpi, parent: Unit, kids: list[Unit], held: list[Held | None]
) -> Shares | None:
    rows = [run.rows.get((kpi.code, kid.code)) for kid in kids]
    methods: list[SplitMethod | None] = [row.method if row is not None else None for row in rows]
    fixed = [
        h is not None and (h.year is not None or None not in h.months) and not h.locked
        for h in held
    ]
    plain = not any(fixed) and not any(methods)
    key = tuple(kid.code for kid in kids)
    if plain and key in run.shares:
        return run.shares[key]
    parts, findings = shares(parent, kids, methods, fixed, run.last_year.get(kpi.code))
    run.findings.extend(findings)
    if plain:
        run.shares[key] = parts
    return parts


def _complain(
    run: Run, kpi: Kpi, parent: Unit, held: list[Held | None], division: Division
) -> None:
    for complaint in division.complaints:
        holder = held[complaint.child]
        assert holder is not None
        unit = run.plan.unit_by_code[holder.row.unit]
        month = "" if complaint.month is None else str(run.plan.settings.months[complaint.month])
        run.findings.append(
            Finding.of(
                complaint.code, holder.row.origin.place(holder.cell), kpi=kpi.name, parent=parent.name or parent.code, unit=unit.name or unit.code,
                month=month, amount=complaint.amount * kpi.smallest_unit, slack=complaint.slack * kpi.smallest_unit,
            )
        )  # fmt: skip
