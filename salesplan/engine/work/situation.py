"""现状分析: is what was found taken up by a strategy with tasks?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from salesplan.dataclass import dataclass
from salesplan.plan.model import Framework, Plan, SituationEntry, SwotStrategy, TaskStatus, Uptake


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many entries there are, how many ask for a strategy, name one, and are taken up by its
    tasks.

    ``asking``: the entry has an 应对策略 or names a strategy; plain observations ask for nothing.
    ``unknown``: of those asking, the ones of which it cannot be told, for want of a readable cell.
    """

    entries: int
    asking: int
    with_strategy: int
    taken_up: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """Entries by row number, without those that ask for nothing or cannot be told, and the coverage
    of each group.
    """

    entries: Mapping[int, Uptake]
    by_response: Mapping[SwotStrategy, Coverage]
    by_framework: Mapping[Framework, Coverage]


def situation(plan: Plan) -> Situation:
    """Whether each entry is taken up, and the coverage by 应对策略 and framework.

    Every SO, WO, ST and WT is in ``by_response``, and every framework, with zeros where nothing was
    entered. An entry that names a strategy nobody has entered is without one; if that strategy's
    row was left out for an error of its own, or the entry's own cell could not be read, it cannot
    be told. It is taken up by the strategy that it names and by those that say they answer it.
    """
    worked_on = {task.strategy for task in plan.tasks if task.state is not TaskStatus.CANCELLED}
    known = {strategy.code for strategy in plan.strategies}
    dropped = plan.dropped.get("strategies", frozenset())
    links = strategies_of(plan)
    judged = []
    for entry, named in zip(plan.situation, links, strict=True):
        judged.append((entry, named, _taken(entry, named, known, worked_on, dropped)))
    responses, frameworks = {}, {}
    for response in SwotStrategy:
        responses[response] = _coverage(one for one in judged if one[0].response is response)
    for framework in Framework:
        frameworks[framework] = _coverage(one for one in judged if one[0].framework is framework)
    return Situation(
        entries={entry.origin.row: taken for entry, _, taken in judged if taken is not None},
        by_response=responses,
        by_framework=frameworks,
    )


def strategies_of(plan: Plan) -> tuple[tuple[str, ...], ...]:
    """For each entry of 现状分析 the codes of the strategies that take it up: the one it names,
    then those that name it.
    """
    answers: dict[str, list[str]] = {}
    for strategy in plan.strategies:
        for code in strategy.answers:
            answers.setdefault(code, []).append(strategy.code)
    found = []
    for entry in plan.situation:
        own = [entry.strategy] if entry.strategy else []
        found.append(tuple(dict.fromkeys([*own, *answers.get(entry.code or "—", ())])))
    return tuple(found)


_Judged = tuple[SituationEntry, tuple[str, ...], Uptake | None]
"""An entry, the strategies that take it up, and what came of it."""


def _taken(
    entry: SituationEntry,
    named: tuple[str, ...],
    known: set[str],
    worked_on: set[str | None],
    dropped: frozenset[str],
) -> Uptake | None:
    if "strategy" in entry.broken or entry.strategy in dropped:
        return None
    if not named and entry.response is None:
        return None
    there = [code for code in named if code in known]
    if not there:
        return Uptake.NOT_TAKEN_UP
    worked = any(code in worked_on for code in there)
    return Uptake.TAKEN_UP if worked else Uptake.WITHOUT_TASK


def _asks(entry: SituationEntry, named: tuple[str, ...]) -> bool:
    return (
        entry.response is not None or bool(named) or bool(entry.broken & {"response", "strategy"})
    )


def _coverage(judged: Iterable[_Judged]) -> Coverage:
    group = list(judged)
    asking = [taken for entry, named, taken in group if _asks(entry, named)]
    return Coverage(
        entries=len(group),
        asking=len(asking),
        with_strategy=sum(taken in (Uptake.TAKEN_UP, Uptake.WITHOUT_TASK) for taken in asking),
        taken_up=sum(taken is Uptake.TAKEN_UP for taken in asking),
        unknown=sum(taken is None for taken in asking),
    )
