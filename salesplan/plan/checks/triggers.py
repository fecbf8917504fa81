"""Checks of 预警."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from salesplan.findings import Finding
from salesplan.plan.checks.common import near, percent
from salesplan.plan.model import Plan, Trigger, TriggerKind
from salesplan.plan.model.triggers import watchable, watched
from salesplan.plan.normalize import bare
from salesplan.plan.schema import sheet

_NAMED: Mapping[TriggerKind, tuple[str, ...]] = {
    TriggerKind.CUSTOMER_LOST: ("kpis", "organization", "customers", "actuals"),
    TriggerKind.PRICE_LOW: ("kpis", "organization", "products"),
    TriggerKind.PACE_LOW: ("kpis", "organization"),
    TriggerKind.TASK_LATE: ("actions", "organization"),
    TriggerKind.BUDGET_OVER: ("budget", "caps"),
    TriggerKind.COMPETITOR_CHANGED: ("competitors",),
}
"""The sheets on which what is watched stands."""
LONGEST = 366
"""Days: what is longer is a slip."""
_MOST: Mapping[TriggerKind, Decimal] = {
    TriggerKind.CUSTOMER_LOST: Decimal(20),
    TriggerKind.PRICE_LOW: Decimal(1),
    TriggerKind.PACE_LOW: Decimal(2),
    TriggerKind.BUDGET_OVER: Decimal(2),
}
"""The highest threshold that anybody means, by kind; kinds without one have none."""
_NEEDED = (TriggerKind.CUSTOMER_LOST, TriggerKind.PRICE_LOW, TriggerKind.PACE_LOW)


def check_subjects(plan: Plan) -> Iterator[Finding]:
    """A rule on the pace of REV/T9, where there is no unit T9."""
    for rule in plan.triggers:
        if "subject" not in rule.broken and watched(plan, rule) is None:
            yield Finding.of(
                "trigger-subject-unknown",
                rule.origin.place("subject"),
                rule=rule.code,
                subject=rule.subject,
                sheets=tuple(map(sheet, _NAMED[rule.kind])),
                near=_near(plan, rule),
            )


def _near(plan: Plan, rule: Trigger) -> str:
    """What the rule can watch that is most like its 对象; of two together each by itself."""
    known = watchable(plan, rule.kind)
    parts = [part.strip() for part in rule.subject.split("/")]
    meant = [part if bare(part) in set(map(bare, known)) else near(part, known) for part in parts]
    return "—" if "—" in meant else "/".join(meant)


def check_thresholds(plan: Plan) -> Iterator[Finding]:
    """A threshold of 90 where 90 % is meant."""
    for rule in plan.triggers:
        place, threshold = rule.origin.place("threshold"), rule.threshold
        most = _MOST.get(rule.kind)
        if most is None or threshold is None:
            continue
        if not 0 <= threshold <= most or (rule.kind in _NEEDED and not threshold):
            times = rule.kind is TriggerKind.CUSTOMER_LOST
            yield Finding.of(
                "trigger-threshold-odd",
                place,
                rule=rule.code,
                kind=rule.kind,
                threshold=threshold if times else percent(threshold),
                usual=f"0–{most}" if times else f"0%–{percent(most)}",
            )


def check_days(plan: Plan) -> Iterator[Finding]:
    """A rule that waits for −3 days."""
    for rule in plan.triggers:
        if rule.days is not None and not 0 <= rule.days <= LONGEST:
            place = rule.origin.place("days")
            yield Finding.of("trigger-days-odd", place, rule=rule.code, days=rule.days)


def check_missing(plan: Plan) -> Iterator[Finding]:
    """A rule on the pace without a threshold."""
    for rule in plan.triggers:
        blank = rule.threshold is None and "threshold" not in rule.broken
        if blank and rule.kind in _NEEDED:
            place = rule.origin.place("threshold")
            yield Finding.of("trigger-threshold-missing", place, rule=rule.code, kind=rule.kind)


FIGURES = (check_thresholds, check_days)
"""What each of these finds counts as blank (:func:`~salesplan.plan.checks.without_refused`)."""
CHECKS = (check_subjects, check_missing)
