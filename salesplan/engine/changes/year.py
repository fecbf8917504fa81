"""The plan gone through change by change, with the locks of its rows from when they are there (SPEC 9).

What is filled in the sheets is the plan as it stood when it was last worked out. That tells since when each lock is
there (see :mod:`salesplan.engine.targets.lock_times`) and, where a lock and a change that came later cannot both be had, which
reading of the two leaves closed months as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby

from salesplan.engine.changes.refusals import CONFLICT, LOCKED, UNSAID, refusal, stands
from salesplan.engine.changes.timeline import Step, Timeline
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Season
from salesplan.engine.targets.lock_times import ALWAYS, Turn
from salesplan.engine.targets.spread import MONTHS
from salesplan.findings import Finding
from salesplan.plan.model import Plan

Key = tuple[str, str]
Locks = Mapping[Key, Turn | None]
"""After which turn each row's lock was put on; None: after all."""
Went = Callable[[Locks], "Year"]


@dataclass(frozen=True, slots=True)
class Year:
    """The timeline, the steps taken, those refused, and what the rows of locks say after each turn."""

    line: Timeline
    taken: Sequence[Step]
    refused: Mapping[str, Finding]
    held: Mapping[Key, dict[Turn, bool]]
    """Whether it is what the lock holds."""
    agreed: Mapping[Key, dict[Turn, bool]]
    """Whether months are closed by then, and are what is filled."""
    unexplained: Mapping[Key, Turn] = field(default_factory=dict)
    """Locks that no turn explains in full, with the last one that agrees."""

    def look(self) -> None:
        for key in self.held:
            self.held[key][self.line.turn], self.agreed[key][self.line.turn] = self.line.look(key)

    @property
    def stopped(self) -> frozenset[str]:
        """The changes that a lock refuses, or what it made of the plan before them."""
        return frozenset(
            code
            for code, reason in self.refused.items()
            if reason.code in (LOCKED, CONFLICT, UNSAID)
        )

    def worth(self, kpis: Collection[str]) -> tuple[int, int]:
        """How well it does by what is there, for some KPIs: how many locks are honoured, and how many months are as they are filled."""
        return sum(self.line.honours(key) for key in self.held if key[0] in kpis), sum(
            self.line.kept(kpi) for kpi in kpis
        )


def turn_of(step: Step) -> Turn:
    """When the step is taken: of one month divisions first, then transfers, then hand-overs."""
    return step.start, 2 if step.aim.table == "handover" else 1 if step.moves else 0


def through_the_year(
    plan: Plan,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    steps: Sequence[Step],
    used: Mapping[str, Decimal],
) -> Year:
    """The year with every step that can be taken. ``steps``: in order of their turns.

    Where a lock was put on after one of two changes of a month, and both cannot be had with it, the one that is new is
    refused: the other is in what is filled.
    """
    locked = [
        (row.kpi, row.unit)
        for row in plan.targets
        if row.lock is not None and row.kpi in plan.kpi_by_code
    ]

    def best(without: Mapping[str, Finding]) -> Year:
        return _kept_best(
            lambda locks: _gone(plan, calendar, seasons, steps, used, locks, without), locked
        )

    found = best({})
    for step, reason in _rivals(plan, steps, found):
        other = best({step.change.code: reason})
        if _explains_more(other, found, step.change.code):
            return other
    return found


def _rivals(plan: Plan, steps: Sequence[Step], found: Year) -> Iterator[tuple[Step, Finding]]:
    """Changes of a month in which another may be refused for one of them and a lock, from the sheet's last row up, and why they would be."""
    by_code = {step.change.code: step for step in steps}
    for change in reversed(plan.changes):
        step = by_code.get(change.code)
        others = (
            []
            if step is None
            else [
                one.change.code
                for one in steps
                if one.start == step.start and one is not step and one.change.code in found.stopped
            ]
        )
        names = next((_names(plan, found, other) for other in others), None)
        if step is not None and names is not None:
            yield (
                step,
                found.refused.get(
                    change.code,
                    Finding.of(
                        "change-locked-beside",
                        change.origin.place("subject"),
                        change=change.code,
                        **names,
                    ),
                ),
            )


def _names(plan: Plan, found: Year, other: str) -> dict[str, object] | None:
    """The change that is refused, and the locked target for which it is; None where no lock can be the reason."""
    params = found.refused[other].params
    if found.refused[other].code == LOCKED:
        return {"other": other, "kpi": params["kpi"], "unit": params["unit"]}
    if not found.unexplained:
        return None
    kpi, unit = next(iter(found.unexplained))
    return {
        "other": other,
        "kpi": plan.kpi_by_code[kpi].name,
        "unit": plan.unit_by_code[unit].name or unit,
    }


def _explains_more(other: Year, found: Year, without: str) -> bool:
    """Whether leaving out one change gives back others, and leaves more of what is filled as it is: or as much, where it was refused anyway or locks are explained."""
    back = found.stopped - other.stopped - {without}
    if (
        not back
        or not other.stopped - {without} <= found.stopped
        or not other.unexplained.keys() <= found.unexplained.keys()
    ):
        return False
    now, then = other.worth(other.line.spreads), found.worth(found.line.spreads)
    if without in found.refused or len(other.unexplained) < len(found.unexplained):
        return now >= then
    return now > then and any(found.refused[code].code == LOCKED for code in back)


def _kept_best(go: Went, locked: Sequence[Key]) -> Year:
    """The year, with locks that no turn explains in full from the start or, of a KPI where that does better, from their last turn that agrees."""
    first = _settled(go, locked, {})
    later = {
        key: turn
        for key, turn in first.unexplained.items()
        if turn != ALWAYS and first.line.kept(key[0]) < MONTHS
    }
    if not later:
        return first
    kpis = {kpi for kpi, _ in later}
    second = _settled(go, locked, later)
    better = {kpi for kpi in kpis if second.worth([kpi]) > first.worth([kpi])}
    if better and better != kpis:
        return _settled(go, locked, {key: turn for key, turn in later.items() if key[0] in better})
    return second if better else first


def _settled(go: Went, locked: Sequence[Key], later: Mapping[Key, Turn]) -> Year:
    """The year with each lock from when it is there; those that no turn explains from the start or, where ``later`` says so, from after a turn.

    The year is gone through without locks first, then with those that are settled, until each of the others is kept:
    one that is not goes back to the turn before that explains it.
    """
    locks: dict[Key, Turn | None] = dict.fromkeys(locked)
    unexplained: dict[Key, Turn] = {}
    while True:
        year = go(locks)
        broken = [
            key
            for key, since in locks.items()
            if key not in unexplained and not _was_held(year.held[key], since)
        ]
        if broken:
            for key in broken:
                since = locks[key]
                earlier = [
                    turn
                    for turn, so in year.held[key].items()
                    if so and since is not None and turn < since
                ]
                if earlier:
                    locks[key] = max(earlier)
                else:
                    unexplained[key] = max(
                        (turn for turn, so in year.agreed[key].items() if so), default=ALWAYS
                    )
                    locks[key] = later.get(key, ALWAYS)
        elif None in locks.values():
            locks = {
                key: max(turn for turn, so in year.held[key].items() if so)
                if since is None
                else since
                for key, since in locks.items()
            }
        else:
            return replace(year, unexplained=unexplained)


def _was_held(held: Mapping[Turn, bool], since: Turn | None) -> bool:
    """Whether a lock that was put on after the turn ``since`` (None: after any) found what it holds."""
    return (
        any(held.values()) if since is None else held[max(turn for turn in held if turn <= since)]
    )


def _gone(
    plan: Plan,
    calendar: Calendar,
    seasons: Mapping[str, Season],
    steps: Sequence[Step],
    used: Mapping[str, Decimal],
    locks: Locks,
    without: Mapping[str, Finding],
) -> Year:
    """The year with ``locks``. A step that is refused is left out from the start, as ``without`` are, and the year gone through again."""
    refused = dict(without)
    while True:
        left = [step for step in steps if step.change.code not in refused]
        year = Year(
            Timeline(plan, calendar, seasons, left, locks),
            left,
            refused,
            {key: {} for key in locks},
            {key: {} for key in locks},
        )
        year.look()
        before = len(refused)
        for turn, group in groupby(left, key=turn_of):
            year.line.turn = turn
            _take(year.line, list(group), used, refused)
            year.look()
        if len(refused) == before:
            return year


def _take(
    line: Timeline, group: Sequence[Step], used: Mapping[str, Decimal], refused: dict[str, Finding]
) -> None:
    before = {kpi: line.shown(kpi) for kpi in line.spreads}
    taken = []
    changed: dict[tuple[object, ...], object] = {}
    for step in group:
        cell = (step.aim.table, step.aim.key, step.aim.column)
        found = refusal(
            line, step, changed[cell] if cell in changed else stands(line, step.aim), used
        )
        if found is not None:
            refused[step.change.code] = found
            continue
        line.amend(step, _placed(line, step))
        changed[cell] = step.aim.after
        taken.append(step)
    line.close([step for step in taken if step.kpi is not None], before)


def _placed(line: Timeline, step: Step) -> object:
    """The value for the plan's cell: of a base year, which is meant as it is shown, without what moves brought or took."""
    aim = step.aim
    if aim.column != "base_year" or not isinstance(aim.after, Decimal):
        return aim.after
    kpi, unit = aim.key
    record = line.now.kpi_by_code[kpi]
    moved = line.moved.get(kpi, {}).get(unit, [0])
    return (
        aim.after
        - (sum(moved) if record.kind.adds_over_months else moved[-1]) * record.smallest_unit
    )
