"""Checks of situation, strategies, action plan and the daily and weekly rhythm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from salesplan.findings import Finding
from salesplan.plan.checks.common import (
    ONE,
    TOLERANCE,
    near,
    outside_year,
    percent,
)
from salesplan.plan.model import (
    Cause,
    Framework,
    Impact,
    IssueRow,
    IssueStatus,
    Plan,
    Strategy,
    SwotStrategy,
    TaskStatus,
    WeeklyEntry,
)
from salesplan.plan.parse import element, unlisted
from salesplan.plan.schema import label, sheet
from salesplan.plan.schema.choices import ELEMENTS

_FRIDAY = 4
FILTERS = ("product", "region", "channel", "customer_type", "industry")


def check_task_dates(plan: Plan, today: date) -> Iterator[Finding]:
    """Start 1 April, due 15 March; finished before it started, or after the cut-off; dates of
    another year.
    """
    for task in plan.tasks:
        if task.start and task.due and task.due < task.start:
            yield Finding.of(
                "task-due-before-start",
                task.origin.place("due"),
                task=task.code,
                start=task.start,
                due=task.due,
            )
        if task.start and task.finished and task.finished < task.start:
            yield Finding.of(
                "task-finished-before-start",
                task.origin.place("finished"),
                task=task.code,
                start=task.start,
                finished=task.finished,
            )
        if task.finished and task.finished > today:
            yield Finding.of(
                "task-finished-in-future",
                task.origin.place("finished"),
                task=task.code,
                finished=task.finished,
                day=today,
            )
        for key in ("start", "due", "finished"):
            day: date | None = getattr(task, key)
            if day and outside_year(plan, day):
                yield Finding.of(
                    "date-outside-year",
                    task.origin.place(key),
                    day=day,
                    year=str(plan.settings.year),
                )


def check_task_owners(plan: Plan) -> Iterator[Finding]:
    """A task nobody owns; one whose owner leaves on 1 March and which is due on 15 March."""
    for task in plan.tasks:
        if not task.owner and "owner" not in task.broken:
            yield Finding.of("task-without-owner", task.origin.place("owner"), task=task.code)
        owner = plan.people.one(task.owner)
        left = owner.left if owner is not None else None
        if (
            left
            and task.due
            and left < task.due
            and task.finished is None
            and task.state is not TaskStatus.CANCELLED
        ):
            yield Finding.of(
                "task-owner-left",
                task.origin.place("owner"),
                task=task.code,
                owner=task.owner,
                left=left,
                due=task.due,
            )


def check_task_progress(plan: Plan) -> Iterator[Finding]:
    """完成% of 120 %; 100 % without 实际完成日, and the other way round; a deliverable counted
    without a target.
    """
    for task in plan.tasks:
        if not task.due and "due" not in task.broken and task.state is not TaskStatus.CANCELLED:
            yield Finding.of("task-without-due", task.origin.place("due"), task=task.code)
        if task.weight is not None and task.weight < 0:
            yield Finding.of(
                "task-weight-negative",
                task.origin.place("weight"),
                task=task.code,
                weight=task.weight,
            )
        if task.progress is not None and not 0 <= task.progress <= 1:
            yield Finding.of(
                "progress-outside", task.origin.place("progress"), share=percent(task.progress)
            )
        elif task.progress == 1 and task.finished is None and "finished" not in task.broken:
            yield Finding.of("task-done-without-day", task.origin.place("finished"), task=task.code)
        elif task.progress is not None and task.progress < 1 and task.finished is not None:
            yield Finding.of(
                "task-finished-below-full",
                task.origin.place("progress"),
                task=task.code,
                share=percent(task.progress),
                finished=task.finished,
            )
        if task.deliverable_target is not None and task.deliverable_target <= 0:
            yield Finding.of(
                "deliverable-target-not-positive",
                task.origin.place("deliverable_target"),
                task=task.code,
                number=task.deliverable_target,
            )
        elif (
            task.deliverable_actual is not None
            and task.deliverable_target is None
            and "deliverable_target" not in task.broken
        ):
            yield Finding.of(
                "deliverable-without-target",
                task.origin.place("deliverable_target"),
                task=task.code,
            )


def check_situation(plan: Plan) -> Iterator[Finding]:
    """An SO entry of the SWOT that no strategy takes up; a high impact that none answers. What a
    resource is, needs no answer.
    """
    answered = set(chain.from_iterable(one.answers for one in plan.strategies))
    for entry in plan.situation:
        if (
            entry.strategy is not None
            or "strategy" in entry.broken
            or (entry.code and entry.code in answered)
        ):
            continue
        if entry.response in (SwotStrategy.SO, SwotStrategy.WT):
            yield Finding.of(
                "swot-without-strategy", entry.origin.place("strategy"), response=entry.response
            )
        elif entry.impact is Impact.HIGH and entry.framework is not Framework.RESOURCES:
            yield Finding.of(
                "situation-high-without-strategy",
                entry.origin.place("strategy"),
                framework=entry.framework,
                category=entry.category or "—",
            )


def check_elements(plan: Plan) -> Iterator[Finding]:
    """PEST with an entry of 法规 that it does not have; PEST without 社会."""
    for framework, elements in ELEMENTS.items():
        entries = [one for one in plan.situation if one.framework is framework]
        named = [element(framework, one.category) for one in entries]
        for entry, known in zip(entries, named, strict=True):
            if known is None and entry.category:
                yield Finding.of(
                    "situation-element-unknown",
                    entry.origin.place("category"),
                    text=entry.category,
                    framework=framework,
                    allowed=elements,
                )
        missing = tuple(one for one in elements if one not in named)
        unread = any("category" in one.broken for one in entries)
        if entries and missing and not unread:
            yield Finding.of(
                "situation-elements-missing",
                entries[0].origin.place("category"),
                framework=framework,
                missing=missing,
            )


def check_answers(plan: Plan) -> Iterator[Finding]:
    """S3 answers W9, which no entry of 现状分析 is called; S4, S7 and S9 answer nothing at all."""
    codes = {entry.code for entry in plan.situation if entry.code}
    dropped = plan.dropped.get("situation", frozenset())
    named = {entry.strategy for entry in plan.situation if entry.strategy}
    silent = []
    for strategy in plan.strategies:
        for code in strategy.answers:
            if code not in codes and code not in dropped:
                yield Finding.of(
                    "unknown-code",
                    strategy.origin.place("answers"),
                    name=code,
                    sheet=sheet("situation"),
                    near=near(code, codes, plan.situation),
                )
        if not (strategy.answers or strategy.code in named or "answers" in strategy.broken):
            silent.append(strategy)
    if silent and named:
        yield Finding.of(
            "strategies-answer-nothing",
            silent[0].origin.place("answers"),
            strategies=tuple(one.code for one in silent),
            count=len(silent),
        )


def check_market(plan: Plan) -> Iterator[Finding]:
    """What :mod:`salesplan.plan.checks.market` finds, in a plan that has such rows."""
    if plan.market or plan.competitors:
        from salesplan.plan.checks import market

        for check in market.CHECKS:
            yield from check(plan)


def check_strategies(plan: Plan) -> Iterator[Finding]:
    """A strategy without a task; a 目标占比 without 关联指标 or without anything to filter by."""
    used = {task.strategy for task in plan.tasks if task.state is not TaskStatus.CANCELLED}
    for strategy in plan.strategies:
        if strategy.code not in used:
            yield Finding.of(
                "strategy-without-task", strategy.origin.place("code"), strategy=strategy.code
            )
        if strategy.target_share is None:
            continue
        if strategy.kpi is None and "kpi" not in strategy.broken:
            yield Finding.of(
                "strategy-share-without-kpi", strategy.origin.place("kpi"), strategy=strategy.code
            )
        if not any(getattr(strategy, name) for name in FILTERS):
            yield Finding.of(
                "strategy-share-without-filter",
                strategy.origin.place("target_share"),
                strategy=strategy.code,
            )


def check_strategy_shares(plan: Plan) -> Iterator[Finding]:
    """A share of 120 %; 60 % of the revenue from product A and 50 % from product B; two budget
    shares of 60 %.
    """
    parts: dict[tuple[str, ...], list[tuple[Strategy, Decimal]]] = {}
    for strategy in plan.strategies:
        for key in ("target_share", "budget_share"):
            share: Decimal | None = getattr(strategy, key)
            if share is not None and not 0 <= share <= 1:
                yield Finding.of("share-outside", strategy.origin.place(key), share=percent(share))
            elif share is not None and key == "budget_share":
                parts.setdefault((key,), []).append((strategy, share))
            elif (
                share is not None
                and len(names := [name for name in FILTERS if getattr(strategy, name)]) == 1
            ):
                parts.setdefault((key, strategy.kpi or "", *names), []).append((strategy, share))
    for (key, *_), members in parts.items():
        total = sum((share for _, share in members), Decimal(0))
        if total > ONE + TOLERANCE:
            codes = tuple(strategy.code for strategy, _ in members)
            yield Finding.of(
                "strategy-shares-over",
                members[-1][0].origin.place(key),
                strategies=codes,
                total=percent(total),
            )


def check_daily(plan: Plan) -> Iterator[Finding]:
    """A stand-up dated in another year; one of somebody who left in February, in March."""
    for entry in plan.daily:
        unit = plan.people.one(entry.person)
        if unit and (
            (unit.joined and entry.day < unit.joined) or (unit.left and entry.day > unit.left)
        ):
            yield Finding.of(
                "standup-person-absent",
                entry.origin.place("person"),
                person=entry.person,
                day=entry.day,
                joined=unit.joined or "—",
                left=unit.left or "—",
            )
        if outside_year(plan, entry.day):
            yield Finding.of(
                "date-outside-year",
                entry.origin.place("day"),
                day=entry.day,
                year=str(plan.settings.year),
            )


def check_weekly(plan: Plan) -> Iterator[Finding]:
    """A week dated on a Thursday; less done than planned without a cause; a remedy without owner or
    date.
    """
    for entry in plan.weekly:
        if entry.friday.weekday() != _FRIDAY:
            friday = entry.friday + timedelta(days=_FRIDAY - entry.friday.weekday())
            yield Finding.of(
                "week-not-friday", entry.origin.place("friday"), day=entry.friday, friday=friday
            )
        if outside_year(plan, entry.friday):
            yield Finding.of(
                "date-outside-year",
                entry.origin.place("friday"),
                day=entry.friday,
                year=str(plan.settings.year),
            )
        for key in ("planned", "actual"):
            share = getattr(entry, key)
            if share is not None and not 0 <= share <= 1:
                yield Finding.of("progress-outside", entry.origin.place(key), share=percent(share))
        if (
            entry.planned is not None
            and entry.actual is not None
            and entry.actual < entry.planned
            and not entry.cause
        ):
            yield Finding.of(
                "week-without-cause",
                entry.origin.place("cause"),
                task=entry.task,
                planned=percent(entry.planned),
                actual=percent(entry.actual),
            )
        if entry.remedy and not (entry.owner and entry.due) and not entry.broken & {"owner", "due"}:
            yield Finding.of(
                "remedy-incomplete",
                entry.origin.place("due" if entry.owner else "owner"),
                task=entry.task,
            )
        if entry.due and entry.due < entry.friday:
            yield Finding.of(
                "remedy-due-before-week",
                entry.origin.place("due"),
                task=entry.task,
                due=entry.due,
                friday=entry.friday,
            )


def check_remedy_owners(plan: Plan, today: date) -> Iterator[Finding]:
    """An improvement of 周复盘, or an open issue's, that somebody who leaves on 1 March is to have
    made by 15 March.
    """
    reviews: list[WeeklyEntry | IssueRow] = [entry for entry in plan.weekly if entry.remedy]
    issues = [row for row in plan.issues if row.remedy and row.status is not IssueStatus.CLOSED]
    for record in [*reviews, *issues]:
        owner = plan.people.one(record.owner)
        left, until = owner.left if owner is not None else None, record.due or today
        if left and until and left < until:
            yield Finding.of(
                "remedy-owner-left",
                record.origin.place("owner"),
                owner=record.owner,
                left=left,
                due=record.due or "—",
            )


def check_weekly_progress(plan: Plan) -> Iterator[Finding]:
    """A task at 60 % on 20 March and at 40 % a week later."""
    last: dict[str, WeeklyEntry] = {}
    for entry in sorted(plan.weekly, key=lambda entry: entry.friday):
        before = last.get(entry.task)
        if entry.actual is None:
            continue
        if before is not None and before.actual is not None and entry.actual < before.actual:
            yield Finding.of(
                "week-progress-fell",
                entry.origin.place("actual"),
                task=entry.task,
                now=percent(entry.actual),
                before=percent(before.actual),
                friday=before.friday,
            )
        last[entry.task] = entry


def check_causes(plan: Plan) -> Iterator[Finding]:
    """未完成原因 "老板出差", which is not on the list."""
    known = tuple(label(cause, plan.settings.lang) for cause in Cause)
    for entry in plan.weekly:
        for text in unlisted(entry.cause):
            yield Finding.of(
                "cause-not-listed", entry.origin.place("cause"), text=text, known=known
            )


def check_person_days(plan: Plan) -> Iterator[Finding]:
    """A task that takes −3 person-days."""
    for task in plan.tasks:
        if task.person_days is not None and task.person_days < 0:
            place = task.origin.place("person_days")
            yield Finding.of("task-days-negative", place, task=task.code, days=task.person_days)


FIGURES = (check_person_days,)
"""What each of these finds counts as blank (:func:`~salesplan.plan.checks.without_refused`)."""
DATED_CHECKS = (check_task_dates, check_remedy_owners)

CHECKS = (
    check_task_owners,
    check_task_progress,
    check_situation,
    check_elements,
    check_answers,
    check_market,
    check_strategies,
    check_strategy_shares,
    check_daily,
    check_weekly,
    check_weekly_progress,
    check_causes,
)
