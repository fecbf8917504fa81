"""How long 40 audited books of a company of 2,000 people take: ``python -m
tests.benchmarks.bench_audiences [books]``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from salesplan.audience.audit import audit, texts_of
from salesplan.audience.confidential import Secrets
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import compute
from salesplan.plan.model import (
    MICRO,
    Actuals,
    Kpi,
    KpiKind,
    Level,
    Month,
    Plan,
    Settings,
    Task,
    Unit,
)
from salesplan.report import Scope, write_report
from salesplan.report.vocabulary import vocabulary, write_blank

D = Decimal
TEAMS, PEOPLE, MONTHS = 40, 50, 6


def plan() -> Plan:
    """40 teams of 50 people, three KPIs, six months of actuals with customers, a task for each
    person.
    """
    dice = random.Random(7)
    units = [Unit(code="HQ", name="总公司", level=Level.COMPANY)]
    for t in range(TEAMS):
        units.append(
            Unit(
                code=f"T{t:02d}",
                name=f"第{t}战队",
                level=Level.TEAM,
                parent="HQ",
                email=f"t{t}@example.com",
            )
        )
        units += [
            Unit(
                code=f"P{t:02d}{p:02d}",
                name=f"员工{t:02d}{p:02d}",
                level=Level.PERSON,
                parent=f"T{t:02d}",
            )
            for p in range(PEOPLE)
        ]
    kpis = tuple(
        Kpi(
            code=f"K{i}",
            name=f"指标{i}",
            kind=KpiKind.FLOW,
            unit="元",
            smallest_unit=D("0.01"),
            weight=D(1) / 3,
            target=D(10_000_000 + i),
        )
        for i in range(3)
    )
    people = [unit.code for unit in units if unit.level is Level.PERSON]
    rows = [
        (person, kpi.code, Month(2026, m))
        for person in people
        for kpi in kpis
        for m in range(1, MONTHS + 1)
    ]
    blank = [""] * len(rows)
    actuals = Actuals(
        rows=list(range(2, len(rows) + 2)),
        day=[month.first for *_, month in rows],
        month=[month for *_, month in rows],
        unit=[one for one, *_ in rows],
        kpi=[kpi for _, kpi, _ in rows],
        product=blank,
        region=blank,
        customer=[f"客户{dice.randrange(10_000):05d}" for _ in rows],
        channel=blank,
        quantity=[None] * len(rows),
        value=[dice.randrange(10**8) * (MICRO // 100) for _ in rows],
        numerator=[None] * len(rows),
        denominator=[None] * len(rows),
    )
    tasks = tuple(
        Task(
            code=f"J{i}",
            content=f"任务 {i}",
            owner=person,
            start=date(2026, 5, 1),
            due=date(2026, 6, 20),
            progress=D("0.4"),
        )
        for i, person in enumerate(people)
    )
    return Plan(
        settings=Settings(year=2026, month=Month(2026, 6), as_of=date(2026, 6, 30)),
        units=tuple(units),
        kpis=kpis,
        actuals=actuals,
        tasks=tasks,
    )


def main(books: int) -> None:
    """Print the time of each step."""
    made = plan()
    clock = time.perf_counter()
    results = compute(made, month=Month(2026, 6), as_of=date(2026, 6, 30))
    print(
        f"compute: {time.perf_counter() - clock:.1f} s, {len(made.units)} units, "
        f"{len(made.actuals)} rows"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_blank(path, "zh")
        clock = time.perf_counter()
        whole, secrets = (
            Whole(made, results),
            Secrets(made, results, (*vocabulary(), *texts_of(path))),
        )
        print(
            f"secrets: {len(secrets.words)} texts, {len(secrets.amounts)} amounts, "
            f"{len(secrets.harmless)} harmless: {time.perf_counter() - clock:.1f} s"
        )
        spent = {"slice": 0.0, "write": 0.0, "audit": 0.0}
        leaks = 0
        for t in range(books):
            clock = time.perf_counter()
            part = part_of(whole, f"T{t:02d}", results.findings)
            spent["slice"] += time.perf_counter() - clock
            clock = time.perf_counter()
            write_report(
                part.plan,
                part.results,
                (),
                path,
                lang="zh",
                source_name="m.xlsx",
                scope=Scope(part.root.name),
            )
            spent["write"] += time.perf_counter() - clock
            clock = time.perf_counter()
            leaks += len(audit(path, secrets, part))
            spent["audit"] += time.perf_counter() - clock
        print(
            f"{books} books: "
            + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
            + f"; findings of the audit: {leaks}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS)
