"""复盘知识库 at work: which lessons are offered at which tasks, strategies and problems.

A lesson is offered where it is about the same thing, by the words that people wrote
(:mod:`salesplan.plan.model.lesson_words`): no list of synonyms, no model. A word of the lesson's
topic or tags says what it is about, one of its other cells says less; a word that many rows have
says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from itertools import chain

from salesplan.dataclass import dataclass, replace
from salesplan.engine.work.problem_notes import written_of
from salesplan.engine.work.problems import Problem, ProblemKind
from salesplan.engine.work.task_summary import DONE, TaskResult
from salesplan.plan.model import (
    Kpi,
    Lesson,
    Month,
    Plan,
    Settings,
    Strategy,
    Task,
    TaskStatus,
    first_by_code,
)
from salesplan.plan.model.lesson_words import is_chinese, months_of, names, parts_of, shared

MOST = 2
"""Lessons offered at one row, the nearest first."""

ENOUGH = 8
"""The points from which on a lesson is offered: a rare word of its topic or tags with something
else that fits, or two of them."""

ABOUT, BESIDE = 2, 1
"""What a shared word counts for: where it stands in the lesson's topic or tags and in what the row
is, and anywhere else."""

RARE, KNOWN = 3, 2
"""Times that of how many rows have it: hardly any other, and few."""

SAME_KPI, SAME_SEASON = 2, 2
"""Points for a lesson that names the row's KPI, and for one of the same season of an earlier
year. At a KPI that is behind a lesson whose topic or tags name it is offered for that alone."""

SEASON = 6
"""Months that a row may take to have a season of its own."""


class Place(Enum):
    """What a lesson is offered at."""

    TASK = "task"
    STRATEGY = "strategy"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson offered at one row, with what it shares: ``words`` as the row has them, whether it
    is about the row's KPI, and of the same season of an earlier year.
    """

    lesson: Lesson
    points: int
    words: tuple[str, ...]
    kpi: bool = False
    season: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered, best first: by the code of a task, of a strategy, by a problem's key."""

    tasks: Mapping[str, tuple[Offer, ...]]
    strategies: Mapping[str, tuple[Offer, ...]]
    problems: Mapping[str, tuple[Offer, ...]]

    def by_place(self) -> Iterator[tuple[tuple[Place, str], tuple[Offer, ...]]]:
        """What is offered at each row: what it is, its code, the lessons."""
        for place, offered in (
            (Place.STRATEGY, self.strategies),
            (Place.TASK, self.tasks),
            (Place.PROBLEM, self.problems),
        ):
            for code, found in offered.items():
                yield (place, code), found

    def at(self, lesson: Lesson) -> tuple[tuple[Place, str], ...]:
        """Where the lesson is offered."""

        def is_among(found: Iterable[Offer]) -> bool:
            return any(one.lesson == lesson for one in found)

        return tuple(at for at, found in self.by_place() if is_among(found))


def offers(
    plan: Plan,
    month: Month,
    as_of: date,
    tasks: Mapping[str, TaskResult],
    problems: Iterable[Problem],
) -> Offers:
    """The lessons of ``plan`` at its rows, as seen from the report ``month`` and the cut-off.

    * At a task: those learnt before it was over; at a cancelled one none. At a strategy, and at the
      month's ``problems``: those learnt by the cut-off. One whose period cannot be read is taken
      for an old one.
    * Points: each word that the row and the lesson share, by where they have it
      (:data:`ABOUT`, :data:`BESIDE`) times how rare it is among the plan's rows (:data:`RARE`,
      :data:`KNOWN`; one that more than a sixth of them have: nothing); the same KPI and the same
      season add to words that fit, and are nothing by themselves. Without a word of the lesson's
      topic or tags there is no point at all.
    * Offered from :data:`ENOUGH` points on, the best :data:`MOST`, equals in sheet order with the
      latest first.
    """
    rows = [
        *(_task(plan, task, tasks.get(task.code)) for task in first_by_code(plan.tasks)),
        *(_strategy(plan, strategy) for strategy in plan.strategies),
    ]
    stated = [_problem(plan, problem, month) for problem in problems]
    common = Counter(chain.from_iterable(row.parts for row in rows))
    desk = _Desk(plan, common, max(len(rows), 1), as_of)
    found: dict[Place, dict[str, tuple[Offer, ...]]] = {place: {} for place in Place}
    for row in (*rows, *stated):
        best = desk.best(row)
        if best:
            found[row.place][row.code] = best
    return Offers(found[Place.TASK], found[Place.STRATEGY], found[Place.PROBLEM])


@dataclass(frozen=True, slots=True)
class _Row:
    """A row at which lessons may be offered: its words, with the parts by which they are found;
    ``about`` are those that say what it is.

    ``months`` are those of its season (none: it has none), ``over`` the day on which it was over;
    ``closed``: nothing is offered; ``is_kpi``: it is that its KPI is behind.
    """

    place: Place
    code: str
    text: str
    about: frozenset[str]
    parts: frozenset[str]
    kpi: str = ""
    months: tuple[Month, ...] = ()
    over: date | None = None
    closed: bool = False
    is_kpi: bool = False


def _task(plan: Plan, task: Task, result: TaskResult | None) -> _Row:
    done = result is not None and result.status in DONE
    days = [day for day in (task.start, task.due) if day is not None]
    texts = (task.deliverable, task.resources, task.partners, task.cause, task.remedy)
    return _row(
        Place.TASK,
        task.code,
        task.content,
        texts,
        kpi=task.kpi or "",
        months=_months(min(days), max(days)) if days else (),
        over=(task.finished or task.due) if done else None,
        closed=task.state is TaskStatus.CANCELLED,
    )


def _strategy(plan: Plan, strategy: Strategy) -> _Row:
    parts = (strategy.product, strategy.channel, strategy.customer_type)
    return _row(Place.STRATEGY, strategy.code, strategy.content, parts, kpi=strategy.kpi or "")


def _problem(plan: Plan, problem: Problem, month: Month) -> _Row:
    """What is wrong in words: of a task and of a budget line the task's; and what was written about
    it. The names of a KPI and of units stand in too many problems to say what one is about.
    """
    subject = problem.about.kpi or problem.about.code
    row = written_of(plan, problem)
    texts = [] if row is None else [row.cause, row.remedy]
    task, kpi, is_kpi = None, "", False
    if problem.kind is ProblemKind.LATE_TASK:
        task = plan.task_by_code.get(subject)
    elif problem.kind is ProblemKind.OVERSPENT:
        line = next((one for one in plan.budget if one.code == subject), None)
        task = None if line is None else plan.task_by_code.get(line.task or "")
    else:
        kpi, is_kpi = subject, problem.gap is None or problem.gap > 0
    if task is not None:
        texts += [task.deliverable, task.cause, task.remedy]
        kpi = task.kpi or ""
    own = "" if task is None else task.content
    row_of = _row(Place.PROBLEM, problem.key, own, texts, kpi=kpi, months=(month,))
    return replace(row_of, is_kpi=is_kpi)


def _row(
    place: Place,
    code: str,
    own: str,
    texts: Iterable[str],
    *,
    kpi: str,
    months: tuple[Month, ...] = (),
    over: date | None = None,
    closed: bool = False,
) -> _Row:
    text = "\n".join(filter(None, (own, *texts)))
    return _Row(place, code, text, _set_of(own), _set_of(text), kpi, months, over, closed)


def _set_of(text: str) -> frozenset[str]:
    return frozenset(part for part, _ in parts_of(text))


def _months(first: date, last: date) -> tuple[Month, ...]:
    """The months from one day to another; none where they are too many to be a season."""
    begin, end = Month.of(first), Month.of(last)
    count = 12 * (end.year - begin.year) + end.month - begin.month + 1
    return tuple(begin.plus(at) for at in range(count)) if count <= SEASON else ()


class _Known:
    """A lesson with what it is compared by."""

    def __init__(self, at: int, lesson: Lesson, settings: Settings, kpis: Iterable[Kpi]) -> None:
        self.at, self.lesson = at, lesson
        self.months = months_of(lesson.period, settings)
        own = f"{lesson.topic}\n{lesson.tags}"
        rest = (lesson.went_well, lesson.to_improve, lesson.lesson, lesson.practice)
        whole = "\n".join((own, *rest))
        self.about, self.parts = _set_of(own), _set_of(whole)
        self.kpis = frozenset(kpi.code for kpi in kpis if names(whole, kpi))
        self.named = frozenset(kpi.code for kpi in kpis if names(own, kpi))


class _Desk:
    """What lessons there are, and which of them fit a row."""

    def __init__(self, plan: Plan, common: Counter[str], rows: int, as_of: date) -> None:
        self.settings, self.common, self.rows = plan.settings, common, rows
        known = [_Known(*one, plan.settings, plan.kpis) for one in enumerate(plan.lessons)]
        self.lessons = [one for one in known if not one.months or one.months[0].first <= as_of]
        self.by_part: dict[str, list[_Known]] = {}
        for one in self.lessons:
            for part in one.parts:
                self.by_part.setdefault(part, []).append(one)

    def best(self, row: _Row) -> tuple[Offer, ...]:
        """The lessons that fit the row, best first."""
        if row.closed:
            return ()
        near = {one.at: one for one in chain.from_iterable(self._having(row.parts))}
        if row.is_kpi:
            near |= {one.at: one for one in self.lessons if row.kpi in one.named}
        found = [(one, self._offer(one, row)) for one in near.values() if _in_time(one, row)]
        good = [(one, offer) for one, offer in found if offer.points >= ENOUGH]
        good.sort(key=lambda pair: (-pair[1].points, -_last(pair[0]).toordinal(), pair[0].at))
        return tuple(offer for _, offer in good[:MOST])

    def _having(self, parts: Iterable[str]) -> Iterator[Sequence[_Known]]:
        return (self.by_part[part] for part in parts if part in self.by_part)

    def _offer(self, known: _Known, row: _Row) -> Offer:
        both = shared(row.text, known.parts)
        counted = {word: self._worth(word, parts, known.about & row.about) for word, parts in both}
        words = sorted(
            (word for word in counted if counted[word] > BESIDE), key=lambda one: -counted[one]
        )
        about = any(not known.about.isdisjoint(parts) for _, parts in both)
        points = sum(counted.values()) if about else 0
        kpi, season = row.kpi in known.kpis, self._same_season(known.months, row.months)
        points += ENOUGH * (row.is_kpi and row.kpi in known.named)
        if points:
            points += SAME_KPI * kpi + SAME_SEASON * season
        return Offer(known.lesson, points, tuple(words), kpi, season)

    def _worth(self, word: str, parts: Sequence[str], about: Collection[str]) -> int:
        """What a shared word counts for: as its rarest part, more where both are ``about`` it; four
        characters of Chinese are two words, and two by themselves may be the end of one and the
        beginning of another.
        """
        most = max(self._rare(part) * (ABOUT if part in about else BESIDE) for part in parts)
        if not is_chinese(word[0]):
            return most
        by_chance = len(parts) == 1 and parts[0] not in about
        return min(most, BESIDE) if by_chance else most * (len(word) // 2)

    def _rare(self, part: str) -> int:
        count = self.common[part]
        if count <= max(2, self.rows // 20):
            return RARE
        return KNOWN if count <= max(3, self.rows // 6) else 0

    def _same_season(self, learnt: Collection[Month], now: Collection[Month]) -> bool:
        """Whether the lesson is of the same month or quarter of an earlier year."""
        if not learnt or not now or len(learnt) == len(self.settings.months):
            return False
        earlier = max(learnt).plus(3) < min(now)
        return earlier and not self._quarters(learnt).isdisjoint(self._quarters(now))

    def _quarters(self, months: Iterable[Month]) -> set[int]:
        """The quarters of the plan year, from 0, that the months are of."""
        first = self.settings.fiscal_start
        return {(one.month - first) % 12 // 3 for one in months}


def _in_time(known: _Known, row: _Row) -> bool:
    return row.over is None or not known.months or _last(known) < row.over


def _last(known: _Known) -> date:
    """The last day of what the lesson was learnt from."""
    return known.months[-1].last if known.months else date.min
