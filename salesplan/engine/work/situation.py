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
    be told.
    """
    worked_on = {task.strategy for task in plan.tasks if task.state is not TaskStatus.CANCELLED}
    known = {strategy.code for strategy in plan.strategies}
    dropped = plan.dropped.get("strategies", frozenset())
    judged = [(entry, _taken(entry, known, worked_on, dropped)) for entry in plan.situation]
    responses, frameworks = {}, {}
    for response in SwotStrategy:
        responses[response] = _coverage(pair for pair in judged if pair[0].response is response)
    for framework in Framework:
        frameworks[framework] = _coverage(pair for pair in judged if pair[0].framework is framework)
    return Situation(
        entries={entry.origin.row: taken for entry, taken in judged if taken is not None},
        by_response=responses,
        by_framework=frameworks,
    )


def _taken(
    entry: SituationEntry, known: set[str], worked_on: set[str | None], dropped: frozenset[str]
) -> Uptake | None:
    if "strategy" in entry.broken or entry.strategy in dropped:
        return None
    if entry.strategy is None and entry.response is None:
        return None
    if entry.strategy not in known:
        return Uptake.NOT_TAKEN_UP
    return Uptake.TAKEN_UP if entry.strategy in worked_on else Uptake.WITHOUT_TASK


def _asks(entry: SituationEntry) -> bool:
    return (
        entry.response is not None
        or entry.strategy is not None
        or bool(entry.broken & {"response", "strategy"})
    )


def _coverage(judged: Iterable[tuple[SituationEntry, Uptake | None]]) -> Coverage:
    group = list(judged)
    asking = [taken for entry, taken in group if _asks(entry)]
    return Coverage(
        entries=len(group),
        asking=len(asking),
        with_strategy=sum(taken in (Uptake.TAKEN_UP, Uptake.WITHOUT_TASK) for taken in asking),
        taken_up=sum(taken is Uptake.TAKEN_UP for taken in asking),
        unknown=sum(taken is None for taken in asking),
    )
