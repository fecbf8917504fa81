"""The cascade of 2,000 people × 10 KPIs × 12 months: without changes, and with changes of a year's
course.

``python -m tests.benchmarks.bench_cascade`` prints the table: the best of five, by CPU time, so
that a busy machine counts less. Garbage is collected as seldom as in a command.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from salesplan import collect_rarely
from salesplan.engine.changes.adjustments import adjusted
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.plan.change_subjects import aimed
from salesplan.plan.model import (
    Approval,
    Change,
    Kpi,
    KpiKind,
    Level,
    Month,
    Plan,
    SeasonMonth,
    Settings,
    Unit,
)

PEOPLE, KPIS, TEAM, REGION = 2_000, 10, 10, 10
TIMES = 5


def big_plan(people: int = PEOPLE, kpis: int = KPIS) -> Plan:
    """A company over regions of ten teams of ten people; half the KPIs count in cents; one person
    in twenty joins within the year.
    """
    units = [Unit(code="C", name="公司", level=Level.COMPANY)]
    for number in range(people):
        team, region = number // TEAM, number // (TEAM * REGION)
        if number % (TEAM * REGION) == 0:
            units.append(Unit(code=f"R{region}", name=f"R{region}", level=Level.TEAM, parent="C"))
        if number % TEAM == 0:
            units.append(
                Unit(
                    code=f"D{team}",
                    name=f"D{team}",
                    level=Level.DEPARTMENT,
                    parent=f"R{region}",
                    coefficient=Decimal(8 + team % 5) / 100,
                )
            )
        joined = date(2026, 1 + number % 12, 10) if number % 20 == 0 else None
        units.append(
            Unit(
                code=f"P{number}",
                name=f"P{number}",
                level=Level.PERSON,
                parent=f"D{team}",
                coefficient=Decimal("0.1"),
                joined=joined,
            )
        )
    listed = [
        Kpi(
            code=f"K{i}",
            name=f"K{i}",
            kind=KpiKind.FLOW,
            smallest_unit=Decimal("0.01") if i % 2 else Decimal(1),
            target=Decimal(1_000_000 + i),
        )
        for i in range(kpis)
    ]
    history = [
        SeasonMonth(
            kpi=kpi.code, month=m, history=(Decimal(80 + m), Decimal(90 + m * 2), Decimal(100 + m))
        )
        for kpi in listed
        for m in range(1, 13)
    ]
    return Plan(
        settings=Settings(year=2026),
        units=tuple(units),
        kpis=tuple(listed),
        seasonality=tuple(history),
    )


def person_of(parent: str, number: int) -> Unit:
    """One of many people under one parent."""
    return Unit(code=f"P{number}", name=f"P{number}", level=Level.PERSON, parent=parent)


def with_changes(plan: Plan, changes: Sequence[tuple[str, str, str, str, int]]) -> Plan:
    """Approved changes of (subject, field, before, after, month)."""
    made = [
        Change(
            code=f"C{i}",
            subject=subject,
            field=field,
            before=before,
            after=after,
            effective=Month(2026, month),
            approver="王总",
            status=Approval.APPROVED,
            approved=date(2026, 1, 5),
        )
        for i, (subject, field, before, after, month) in enumerate(changes)
    ]
    return aimed(replace(plan, changes=tuple(made)))


def measure() -> dict[str, float]:
    """CPU seconds by case."""
    plan = big_plan()
    calendar = Calendar.of("CN", (), {2026})
    weights = seasons(plan, calendar)[0]
    target, transfer = (
        ("K0", "公司年度目标", "1000000", "1200000", 7),
        ("P7", "上级编码", "D0", "D199", 9),
    )
    transfers = [
        (f"P{at + 1}", "上级编码", f"D{at // 10}", f"D{(at * 7 // 20 + 50) % 200}", 1 + at % 12)
        for at in range(0, PEOPLE, 20)
    ]
    wide = replace(
        plan,
        units=(plan.units[0], *(person_of(plan.units[0].code, at) for at in range(5_000))),
        kpis=plan.kpis[:1],
    )
    cases: dict[str, Callable[[], object]] = {
        "5,000 people under one parent": lambda: cascade(wide, calendar, weights),
        "cascade alone": lambda: cascade(plan, calendar, weights),
        "no changes": lambda: adjusted(plan, calendar, weights, Month(2026, 6), {}),
        "one KPI's target from July": lambda: adjusted(
            with_changes(plan, [target]), calendar, weights, Month(2026, 6), {}
        ),
        "one person to another team": lambda: adjusted(
            with_changes(plan, [transfer]), calendar, weights, Month(2026, 6), {}
        ),
        "one hundred people to another team": lambda: adjusted(
            with_changes(plan, transfers), calendar, weights, Month(2026, 6), {}
        ),
        "every KPI's target from July": lambda: adjusted(
            with_changes(
                plan,
                [
                    (kpi.code, "公司年度目标", str(kpi.target), str((kpi.target or 0) + 200_000), 7)
                    for kpi in plan.kpis
                ],
            ),
            calendar,
            weights,
            Month(2026, 6),
            {},
        ),
    }
    return {name: min(_seconds(case) for _ in range(TIMES)) for name, case in cases.items()}


def _seconds(case: Callable[[], object]) -> float:
    before = time.process_time()
    case()
    return time.process_time() - before


def main() -> None:
    """Print the table."""
    collect_rarely()
    print(f"{PEOPLE:,} people × {KPIS} KPIs × 12 months, CPU seconds, best of {TIMES}")
    for name, seconds in measure().items():
        print(f"{name:32} {seconds:6.2f}")


if __name__ == "__main__":
    main()
