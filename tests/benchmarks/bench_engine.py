"""The engine on large plans: a million actual rows to all rates, and the cascade over 2,000 people.

``python -m tests.benchmarks.bench_engine`` prints times, peak memory and ratios, and fails where
the cost grows faster than the size: ten times the rows may take at most twelve times as long. Every
figure comes from a process of its own. ``--profile`` shows where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from salesplan.engine import Results, compute
from salesplan.engine.actuals.attainment import attainments, scores
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.plan.actuals_rows import read_actuals
from salesplan.plan.checks import actuals as actuals_checks
from salesplan.plan.model import (
    MICRO,
    Actuals,
    Direction,
    Kpi,
    KpiKind,
    Level,
    Month,
    Plan,
    Settings,
    Unit,
)

GROWTH = 12
"""What ten times the size may cost, as a multiple."""

KINDS = (
    KpiKind.FLOW,
    KpiKind.FLOW,
    KpiKind.FLOW,
    KpiKind.FLOW,
    KpiKind.STOCK,
    KpiKind.RATIO,
    KpiKind.COHORT_RATIO,
    KpiKind.POINT,
    KpiKind.AVERAGE,
    KpiKind.MILESTONE,
)
MONTH, AS_OF = Month(2026, 12), date(2026, 12, 31)
PRODUCTS, REGIONS, CHANNELS = (
    ("A", "B", "C", "D"),
    ("华东", "华南", "华北"),
    ("直销", "分销", "线上"),
)


def organisation(people: int) -> tuple[Unit, ...]:
    """A company, its teams of fifty, and ten people to a department."""
    units = [Unit(code="C", name="公司", level=Level.COMPANY)]
    teams = max(people // 50, 1)
    units += [
        Unit(
            code=f"T{t}",
            name=f"团队{t}",
            level=Level.TEAM,
            parent="C",
            coefficient=Decimal(1) / teams,
        )
        for t in range(teams)
    ]
    units += [
        Unit(
            code=f"D{d}",
            name=f"部门{d}",
            level=Level.DEPARTMENT,
            parent=f"T{d * teams // max(people // 10, 1)}",
        )
        for d in range(max(people // 10, 1))
    ]
    return (
        *units,
        *(
            Unit(code=f"P{p}", name=f"人{p}", level=Level.PERSON, parent=f"D{p // 10}")
            for p in range(people)
        ),
    )


def kpis() -> tuple[Kpi, ...]:
    return tuple(
        Kpi(
            code=f"K{i}",
            name=f"指标{i}",
            kind=kind,
            target=Decimal(1_000_000) if kind.adds_over_units else Decimal("0.6"),
            weight=Decimal("0.1"),
            smallest_unit=Decimal("0.01"),
            direction=Direction.LOWER if i == 3 else Direction.HIGHER,
        )
        for i, kind in enumerate(KINDS)
    )


def actuals(rows: int, people: int) -> Actuals:
    """Rows spread evenly over people, KPIs and the days of two years, in no order."""
    random = Random(rows)
    days = [date.fromordinal(date(2025, 1, 1).toordinal() + day) for day in range(730)]
    day = [days[random.randrange(730)] for _ in range(rows)]
    kpi = [random.randrange(len(KINDS)) for _ in range(rows)]
    parts = [KINDS[k] not in (KpiKind.FLOW, KpiKind.STOCK, KpiKind.MILESTONE) for k in kpi]
    figures = [random.randrange(1, 10_000) * MICRO // 100 for _ in range(rows)]
    return Actuals(
        sheet="实绩",
        columns={"day": "A", "unit": "B", "kpi": "C"},
        rows=range(2, rows + 2),
        day=day,
        month=[Month.of(one) for one in day],
        unit=[f"P{random.randrange(people)}" for _ in range(rows)],
        kpi=[f"K{k}" for k in kpi],
        product=[PRODUCTS[i % 4] for i in range(rows)],
        region=[REGIONS[i % 3] for i in range(rows)],
        customer=[""] * rows,
        channel=[CHANNELS[i % 3] for i in range(rows)],
        quantity=[MICRO] * rows,
        value=[None if part else figure for part, figure in zip(parts, figures, strict=True)],
        numerator=[figure if part else None for part, figure in zip(parts, figures, strict=True)],
        denominator=[
            figure * 2 if part else None for part, figure in zip(parts, figures, strict=True)
        ],
    )


def plan(rows: int, people: int) -> Plan:
    return Plan(
        settings=Settings(year=2026),
        units=organisation(people),
        kpis=kpis(),
        actuals=actuals(rows, people),
    )


def all_rates(given: Plan) -> int:
    """From rows to every completion rate and score, targets included."""
    calendar = Calendar.of("CN", (), [2026])
    targets, _ = cascade(given, calendar, seasons(given, calendar)[0])
    facts = Facts.of(given, AS_OF)
    found = attainments(given, targets, facts, calendar, MONTH, AS_OF)
    return len(found) + len(scores(given, found))


def whole_run(given: Plan) -> int:
    results: Results = compute(given, month=MONTH, as_of=AS_OF)
    return len(results.attainments)


def targets_only(given: Plan) -> int:
    calendar = Calendar.of("CN", (), [2026])
    return len(cascade(given, calendar, seasons(given, calendar)[0])[0])


class Sheet:
    """The plan's actuals as cells, column by column, as the reader of workbooks hands them on."""

    sheet = "实绩"

    def __init__(self, given: Actuals) -> None:
        self.row_numbers = given.rows
        cells: dict[str, Sequence[Any]] = {
            key: getattr(given, key)
            for key in ("day", "unit", "kpi", "product", "region", "customer", "channel")
        }
        for key in ("quantity", "value", "numerator", "denominator"):
            cells[key] = [
                None if figure is None else figure / MICRO for figure in getattr(given, key)
            ]
        self._cells, self.columns = cells, dict(zip(cells, "ABCDEFGHIJK", strict=True))

    def column(self, key: str) -> Sequence[Any]:
        return self._cells[key]


def read_and_check(given: Plan) -> int:
    """From cells to records, with every check of them."""
    read, _ = read_actuals(Sheet(given.actuals), "plan.xlsx")  # type: ignore[arg-type]
    checked = replace(given, actuals=read)
    return sum(1 for check in actuals_checks.CHECKS for _ in check(checked))


JOBS: dict[str, tuple[Callable[[Plan], int], int, int]] = {
    "read-100k": (read_and_check, 100_000, 200),
    "read-1m": (read_and_check, 1_000_000, 200),
    "rates-100k": (all_rates, 100_000, 200),
    "rates-1m": (all_rates, 1_000_000, 200),
    "run-100k": (whole_run, 100_000, 200),
    "run-1m": (whole_run, 1_000_000, 200),
    "cascade-200": (targets_only, 0, 200),
    "cascade-2000": (targets_only, 0, 2000),
}
"""By name: what is measured, of how many rows and people."""

PAIRS = (
    ("read-100k", "read-1m"),
    ("rates-100k", "rates-1m"),
    ("run-100k", "run-1m"),
    ("cascade-200", "cascade-2000"),
)


def measure(name: str) -> dict[str, float]:
    """Processor seconds and peak memory in MB of one job in this process, without making the
    plan.
    """
    work, rows, people = JOBS[name]
    given = plan(rows, people)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    figures = work(given)
    seconds = time.process_time() - start
    return {
        "seconds": seconds,
        "memory": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "figures": figures,
    }


def profile(name: str) -> None:
    """The twelve functions in which most of a job's time is spent."""
    work, rows, people = JOBS[name]
    given = plan(rows, people)
    profiler = cProfile.Profile()
    profiler.runcall(work, given)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(12)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--profile", choices=JOBS)
    chosen = parser.parse_args()
    if chosen.profile:
        profile(chosen.profile)
        return 0
    if chosen.job:
        print(json.dumps(measure(chosen.job)))
        return 0
    found = {}
    for name in JOBS:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.bench_engine", "--job", name],
            check=True,
            capture_output=True,
            text=True,
        )
        found[name] = json.loads(done.stdout)
        print(
            f"{name:>14}: {found[name]['seconds']:8.2f} s  {found[name]['memory']:8.0f} MB  "
            f"{found[name]['figures']:>8.0f} figures",
            flush=True,
        )
    ratios = {large: found[large]["seconds"] / found[small]["seconds"] for small, large in PAIRS}
    for name, ratio in ratios.items():
        print(
            f"{name:>14}: {ratio:8.1f} times as long for ten times as much; at most {GROWTH}: "
            f"{'ok' if ratio <= GROWTH else 'TOO SLOW'}"
        )
    return int(max(ratios.values()) > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
