"""The lessons that may help with what is open: which, where, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from salesplan.engine.work.lessons import Place
from salesplan.engine.work.problems import Problem, ProblemKind
from salesplan.engine.work.task_summary import DONE
from salesplan.plan.model import Lesson
from salesplan.report.figures.context import Context
from salesplan.report.figures.report import Report
from salesplan.report.narrative.subjects import subject_of
from salesplan.wording import clauses
from salesplan.wording import listed as names

MOST_OFFERED = 6
"""Lessons that may help now: the nearest."""


class Offered(NamedTuple):
    """A lesson that may help now: where, and by which words in common."""

    lesson: Lesson
    points: int
    places: tuple[tuple[Place, str], ...]
    words: tuple[str, ...]


def offered(context: Context) -> tuple[Offered, ...]:
    """The lessons offered at the issues that are listed, at strategies and at tasks that are not
    done, best first.
    """
    results = context.results
    if results.lessons is None:
        return ()
    listed_here = {one.key for one in results.problems}
    found: dict[int, Offered] = {}
    for (place, code), lessons in results.lessons.by_place():
        if place is Place.PROBLEM and code not in listed_here:
            continue
        if place is Place.TASK and results.tasks[code].status in DONE:
            continue
        for one in lessons:
            key = context.plan.lessons.index(one.lesson)
            before = found.get(key, Offered(one.lesson, 0, (), ()))
            found[key] = Offered(
                one.lesson,
                max(before.points, one.points),
                (*before.places, (place, code)),
                before.words if before.points >= one.points else one.words,
            )
    return tuple(sorted(found.values(), key=lambda one: -one.points))[:MOST_OFFERED]


def titled(lesson: Lesson) -> str:
    """When it was learnt, and what from."""
    return " · ".join(filter(None, (lesson.period, lesson.topic)))


def places_said(report: Report, places: Sequence[tuple[Place, str]]) -> str:
    """What a lesson is offered at, kind by kind; a task that is late is an issue, too, and said
    once.
    """
    context = report.context
    by_key = {one.key: one for one in context.results.problems}
    late = {by_key[code].subject for place, code in places if place is Place.PROBLEM}
    said = []
    for kind in (Place.PROBLEM, Place.TASK, Place.STRATEGY):
        codes = [code for place, code in places if place is kind]
        if kind is Place.PROBLEM:
            codes = [_subject(context, by_key[code]) for code in codes]
        if kind is Place.TASK:
            codes = [code for code in codes if code not in late]
        if codes:
            said.append(report.words(f"offered_{kind.value}", names=names(codes, context.lang)))
    return clauses(said, context.lang)


def _subject(context: Context, problem: Problem) -> str:
    """A task's or budget line's code; a KPI's name, with its unit's."""
    if problem.kind in (ProblemKind.LATE_TASK, ProblemKind.OVERSPENT):
        return problem.subject
    return subject_of(context, problem.about)
