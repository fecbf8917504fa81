"""Plans made by hand for the report's tests: a small one with every odd case, and random ones of
several hundred rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from salesplan.engine import compute
from salesplan.engine.actuals.progress import Span
from salesplan.engine.results import Results
from salesplan.plan.model import (
    MICRO,
    Actuals,
    Approval,
    BudgetLine,
    Direction,
    Kpi,
    KpiKind,
    Level,
    Month,
    PercentBasis,
    Plan,
    ReserveDraw,
    SeasonMonth,
    Settings,
    Share,
    Spending,
    SpendKind,
    Strategy,
    SupportKind,
    TargetBasis,
    TargetRow,
    Task,
    TaskStatus,
    Unit,
)

D = Decimal
YEAR = 2026
ActualRow = dict[str, object]


def actuals(rows: Iterable[ActualRow]) -> Actuals:
    """Actual rows from dicts of day or month, unit, kpi, and any of value, quantity, numerator,
    denominator, product …
    """
    made = list(rows)

    def numbers(key: str) -> list[int | None]:
        return [None if row.get(key) is None else int(D(str(row[key])) * MICRO) for row in made]

    def texts(key: str) -> list[str]:
        return [str(row.get(key, "")) for row in made]

    days = [row.get("day") for row in made]
    return Actuals(
        rows=list(range(2, len(made) + 2)),
        day=days,
        month=[row.get("month") or Month.of(row["day"]) for row in made],  # type: ignore[arg-type, misc]
        unit=texts("unit"),
        kpi=texts("kpi"),
        product=texts("product"),
        region=texts("region"),
        customer=texts("customer"),
        channel=texts("channel"),
        quantity=numbers("quantity"),
        value=numbers("value"),
        numerator=numbers("numerator"),
        denominator=numbers("denominator"),
    )


def odd_plan() -> Plan:
    """One company, two teams, a person whose name looks like a formula; blanks, zeros, words and a
    running month.
    """
    units = (
        Unit(code="HQ", name="总部", level=Level.COMPANY),
        Unit(code="A", name="=1+1", level=Level.TEAM, parent="HQ", coefficient=D("0.6")),
        Unit(code="B", name="乙\"队'", level=Level.TEAM, parent="HQ", coefficient=D("0.4")),
        Unit(code="A1", name="@SUM(A1)", level=Level.PERSON, parent="A"),
    )
    kpis = (
        Kpi(
            code="REV",
            name="营收",
            kind=KpiKind.FLOW,
            unit="万元",
            smallest_unit=D("0.01"),
            weight=D("0.5"),
            target=D(1200),
        ),
        Kpi(code="NUL", name="未定目标", kind=KpiKind.FLOW, unit="个", weight=D("0.2")),
        Kpi(
            code="NON", name="无实绩", kind=KpiKind.FLOW, unit="个", weight=D("0.1"), target=D(120)
        ),
        Kpi(
            code="SHR",
            name="占有率",
            kind=KpiKind.POINT,
            unit="%",
            smallest_unit=D("0.001"),
            weight=D("0.2"),
            target=D("0.05"),
            base=D("0.22"),
            basis=TargetBasis.IMPROVEMENT,
            percent_basis=PercentBasis.POINTS,
            levels=frozenset({Level.COMPANY}),
        ),
        *(
            Kpi(
                code=code,
                name=name,
                kind=kind,
                unit="万元",
                weight=D(0),
                target=D(100),
                base=D(-100),
                basis=TargetBasis.IMPROVEMENT,
            )
            for code, name, kind in (
                ("PRF", "扭亏", KpiKind.FLOW),
                ("DBT", "亏损余额", KpiKind.STOCK),
            )
        ),
        Kpi(
            code="SYS",
            name="系统上线",
            kind=KpiKind.MILESTONE,
            weight=D(0),
            target=D(1),
            due=date(YEAR, 3, 31),
        ),
    )
    rows: list[ActualRow] = [
        {"day": date(YEAR, 4, 10), "unit": unit, "kpi": kpi, "value": -20}
        for unit in ("A1", "B")
        for kpi in ("PRF", "DBT")
    ]
    rows.append({"day": date(YEAR, 3, 31), "unit": "A", "kpi": "SYS", "value": 1})
    for month in (1, 2, 3, 4):
        rows += [
            {"day": date(YEAR, month, 10), "unit": unit, "kpi": "REV", "value": value}
            for unit, value in (("A1", "55.55"), ("B", "39.9"))
        ]
        rows.append({"day": date(YEAR, month, 10), "unit": "B", "kpi": "NUL", "value": 3})
        rows.append(
            {
                "month": Month(YEAR, month),
                "unit": "HQ",
                "kpi": "SHR",
                "numerator": 22 + month,
                "denominator": 100,
            }
        )
    return Plan(
        settings=Settings(
            year=YEAR,
            month=Month(YEAR, 4),
            as_of=date(YEAR, 4, 15),
            swing=Decimal("0.2"),
        ),
        units=units,
        kpis=kpis,
        actuals=actuals(rows),
        targets=tuple(TargetRow(kpi="SYS", unit=unit, manual_year=D(1)) for unit in ("A", "B")),
    )


def computed(
    plan: Plan, month: Month | None = None, as_of: date | None = None, span: Span = Span.MONTH
) -> Results:
    """The plan's results for its own month and day, or those given, or a longer span up to it."""
    settings = plan.settings
    return compute(
        plan,
        month=month or settings.month or settings.months[5],
        as_of=as_of or settings.as_of or settings.months[5].last,
        span=span,
    )


def random_plan(seed: int) -> Plan:
    """A plan of several hundred rows: every KPI kind, any sign, blanks, odd names, any fiscal year,
    a running month or a closed one.
    """
    dice = random.Random(seed)
    start = dice.choice([1, 1, 4, 7])
    index = dice.randrange(1, 12)
    month = Month(YEAR, start).plus(index)
    last = (
        month.last if dice.random() < 0.5 else month.first + timedelta(days=dice.randrange(0, 27))
    )
    units = _units(dice)
    kpis = _kpis(dice)
    months = [Month(YEAR, start).plus(i) for i in range(12)]
    settings = Settings(
        year=YEAR,
        fiscal_start=start,
        month=month,
        as_of=last,
        budget_total=D(dice.choice(["100000", "99999.97", "120"])),
        reserve_share=dice.choice([None, D("0.1")]),
        green=dice.choice([D(1), D("0.95")]),
        score_cap=dice.choice([D("1.2"), D("1.5")]),
    )
    tasks = _tasks(dice, units, month)
    budget = _budget(dice, tasks)
    return Plan(
        settings=settings,
        units=units,
        kpis=kpis,
        seasonality=_seasons(dice, kpis),
        targets=_targets(dice, units),
        actuals=actuals(_actuals(dice, units, kpis, months)),
        strategies=tuple(
            Strategy(code=f"S{i}", dimension="客户", content=f"策略{i}") for i in range(3)
        ),
        tasks=tasks,
        budget=budget,
        spending=_spending(dice, budget, months),
        category_shares=(
            Share(name="获客", share=D("0.4")),
            Share(name='客户"维护"', share=D("0.5")),
            Share(name="应急储备", share=D("0.1"), reserve=True),
        ),
        region_shares=()
        if dice.random() < 0.3
        else (Share(name="华'东", share=D("0.6")), Share(name="其他*", share=D("0.4"))),
        draws=(
            ReserveDraw(
                day=months[0].first,
                reason="急",
                amount=D(7),
                approver="总",
                status=Approval.APPROVED,
            ),
        ),
    )


def _units(dice: random.Random) -> tuple[Unit, ...]:
    found = [Unit(code="HQ", name="公司", level=Level.COMPANY)]
    for t in range(dice.randrange(1, 4)):
        found.append(
            Unit(
                code=f"T{t}",
                name=dice.choice(["华东", "=团队", "North & Co"]) + str(t),
                level=Level.TEAM,
                parent="HQ",
            )
        )
        for d in range(dice.randrange(0, 3)):
            found.append(
                Unit(code=f"T{t}D{d}", name=f"部门{t}{d}", level=Level.DEPARTMENT, parent=f"T{t}")
            )
            found += [
                Unit(code=f"P{t}{d}{p}", name=f"人{p}", level=Level.PERSON, parent=f"T{t}D{d}")
                for p in range(dice.randrange(0, 4))
            ]
    return tuple(found)


def _kpis(dice: random.Random) -> tuple[Kpi, ...]:
    weights = dice.choice(
        [
            [None] * 9,
            [D("0.3"), D("0.2"), D("0.1"), D("0.1"), None, D("0.1"), D(0), D("0.1"), D("0.1")],
        ]
    )
    sign = dice.choice([1, 1, -1])
    improves = dice.random() < 0.5
    made = (
        (
            "REV",
            "营收",
            KpiKind.FLOW,
            Direction.HIGHER,
            "万元",
            "0.01",
            D(sign) * D(dice.choice(["1200", "999.97", "0"])),
            None,
            TargetBasis.LEVEL,
        ),
        ("CMP", "客诉", KpiKind.FLOW, Direction.LOWER, "件", "1", D(36), None, TargetBasis.LEVEL),
        (
            "IMP",
            "增量",
            KpiKind.FLOW,
            Direction.HIGHER,
            "个",
            "1",
            D(600),
            D(300),
            TargetBasis.IMPROVEMENT if improves else TargetBasis.LEVEL,
        ),
        (
            "STK",
            "在手",
            KpiKind.STOCK,
            dice.choice(list(Direction)),
            "个",
            "1",
            D(90),
            D(60),
            TargetBasis.LEVEL,
        ),
        (
            "REP",
            "复购率",
            KpiKind.COHORT_RATIO,
            Direction.HIGHER,
            "%",
            "0.001",
            D("0.6"),
            D("0.5"),
            TargetBasis.LEVEL,
        ),
        (
            "WIN",
            "赢单率",
            KpiKind.RATIO,
            Direction.HIGHER,
            "%",
            "0.001",
            D("0.5"),
            D("0.4"),
            TargetBasis.LEVEL,
        ),
        (
            "AVG",
            "客单价",
            KpiKind.AVERAGE,
            Direction.HIGHER,
            "万元",
            "0.01",
            D("5.5"),
            None,
            TargetBasis.LEVEL,
        ),
        (
            "PNT",
            "占有率",
            KpiKind.POINT,
            Direction.HIGHER,
            "%",
            "0.001",
            D("0.05"),
            dice.choice([None, D("0.2")]),
            TargetBasis.IMPROVEMENT,
        ),
        ("NIL", "无目标", KpiKind.FLOW, Direction.HIGHER, "", "1", None, None, TargetBasis.LEVEL),
    )
    return tuple(
        Kpi(
            code=code,
            name=name,
            kind=kind,
            direction=direction,
            unit=unit,
            smallest_unit=D(step),
            target=target,
            base=base,
            basis=basis,
            weight=weight,
            floor=None if target is None else target * D("0.8"),
            stretch=None if target is None or code == "WIN" else target * D("1.2"),
        )
        for (code, name, kind, direction, unit, step, target, base, basis), weight in zip(
            made, weights, strict=True
        )
    )


def _seasons(dice: random.Random, kpis: Sequence[Kpi]) -> tuple[SeasonMonth, ...]:
    return tuple(
        SeasonMonth(
            kpi=kpi.code,
            month=month,
            history=(D(dice.randrange(1, 90)), D(dice.randrange(1, 90)), D(dice.randrange(1, 90))),
        )
        for kpi in kpis[:2]
        for month in range(1, 13)
    )


def _targets(dice: random.Random, units: Sequence[Unit]) -> tuple[TargetRow, ...]:
    """Some targets typed by hand, some months of them only."""
    rows: list[TargetRow] = []
    for unit in units:
        if unit.level is Level.PERSON and dice.random() < 0.3:
            rows.append(
                TargetRow(kpi="REV", unit=unit.code, manual_year=D(dice.randrange(-20, 300)))
            )
        if unit.level is Level.TEAM and dice.random() < 0.3:
            rows.append(TargetRow(kpi="REP", unit=unit.code, manual_year=D("0.55")))
    return tuple(rows)


def _actuals(
    dice: random.Random, units: Sequence[Unit], kpis: Sequence[Kpi], months: Sequence[Month]
) -> list[ActualRow]:
    rows: list[ActualRow] = []
    leaves = [unit for unit in units if unit.level is not Level.COMPANY or dice.random() < 0.2]
    for kpi in kpis:
        for unit in leaves:
            for month in months:
                if dice.random() < 0.35:
                    continue
                row: ActualRow = {
                    "day": month.first + timedelta(days=dice.randrange(0, 28)),
                    "unit": unit.code,
                    "kpi": kpi.code,
                }
                if kpi.kind in (KpiKind.FLOW, KpiKind.STOCK):
                    row["value"] = (
                        D(dice.randrange(-300, 3000)) / 100
                        if kpi.code == "REV"
                        else dice.randrange(0, 20)
                    )
                elif dice.random() < 0.06:
                    row["value"] = "0.5"
                else:
                    row |= {
                        "numerator": dice.randrange(0, 40),
                        "denominator": dice.randrange(0, 60),
                    }
                rows.append(row)
    return rows


def _tasks(dice: random.Random, units: Sequence[Unit], month: Month) -> tuple[Task, ...]:
    made: list[Task] = []
    for index in range(dice.randrange(0, 25)):
        due = month.first + timedelta(days=dice.randrange(-90, 60))
        target = D(dice.randrange(1, 50)) if dice.random() < 0.5 else None
        made.append(
            Task(
                code=f"K{index}",
                content=f"任务 {index}",
                strategy=dice.choice([None, "S0", "S1", "S9"]),
                owner=dice.choice([*(u.code for u in units), "", "外部"]),
                weight=dice.choice([None, D(2), D("0.5")]),
                start=due - timedelta(days=30),
                due=dice.choice([due, due, due, None]),
                deliverable_target=target,
                deliverable_actual=D(dice.randrange(0, 50)) if target else None,
                progress=dice.choice([None, D("0.37"), D(1)]),
                finished=dice.choice([None, None, due, due + timedelta(days=3)]),
                state=dice.choice([None] * 8 + [TaskStatus.PAUSED, TaskStatus.CANCELLED]),
                support=dice.choice([None, *SupportKind]),
                requested=dice.choice([None, due - timedelta(days=33)]),
                cause=dice.choice(["", "=资源不足"]),
            )
        )
    return tuple(made)


def _budget(dice: random.Random, tasks: Sequence[Task]) -> tuple[BudgetLine, ...]:
    return tuple(
        BudgetLine(
            code=f"B{index}",
            category=dice.choice(["获客", '客户"维护"', "应急储备", "没有的"]),
            region=dice.choice(["华'东", "其他*", ""]),
            task=tasks[0].code if tasks else None,
            priority=dice.choice([None, 1, 2]),
            must_have=dice.random() < 0.2,
            requested=dice.choice([None, D("3333.33"), D(12000), D("0.5")]),
            least=dice.choice([None, D(100)]),
            expected_return=dice.choice([None, D(50000), D("1.23")]),
            manual_grant=dice.choice([None, None, None, D(900)]),
        )
        for index in range(dice.randrange(0, 20))
    )


def _spending(
    dice: random.Random, budget: Sequence[BudgetLine], months: Sequence[Month]
) -> tuple[Spending, ...]:
    return tuple(
        Spending(
            day=dice.choice(months).first,
            budget=dice.choice(budget).code,
            kind=dice.choice(list(SpendKind)),
            amount=D(dice.randrange(-200, 90000)) / 10,
        )
        for _ in range(dice.randrange(0, 40))
        if budget
    )
