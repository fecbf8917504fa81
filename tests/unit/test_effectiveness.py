"""Done × reached, planned against actual share, cost and return of each strategy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.actuals.attainment import attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import RateWord, Why
from salesplan.engine.money import budget
from salesplan.engine.targets.target import Target
from salesplan.engine.work import actions
from salesplan.engine.work.effectiveness import Effectiveness, StrategyInputs, effectiveness
from salesplan.findings import Finding
from salesplan.plan.model import (
    AmountUnit,
    BudgetLine,
    Customer,
    Direction,
    Kpi,
    KpiKind,
    Level,
    Month,
    Origin,
    Plan,
    Settings,
    Share,
    Spending,
    SpendKind,
    Strategy,
    TargetBasis,
    TargetRow,
    Task,
    TaskStatus,
    Unit,
    Verdict,
)
from tests.unit.plans import UNITS, Row, calendar, plan_of, target

D = Decimal
REV = Kpi(code="K", name="营收", kind=KpiKind.FLOW, unit="万元")
MARCH, LAST_DAY = Month(2026, 3), date(2026, 3, 31)
COLUMNS = {"code": "A", "product": "F", "region": "G", "channel": "H", "customer_type": "I"}
SETTINGS = Settings(year=2026, amount_unit=AmountUnit.WAN, budget_total=D(100))


def strategy(**more: object) -> Strategy:
    given: dict[str, object] = {
        "code": "S",
        "dimension": "产品",
        "content": "…",
        "kpi": "K",
        "origin": Origin("m.xlsx", "策略", 2, COLUMNS),
    }
    return Strategy(**given | more)  # type: ignore[arg-type]


def task(progress: str | None = "1", code: str = "T", **more: object) -> Task:
    """Due since 27 February, unless told otherwise."""
    given: dict[str, object] = {
        "code": code,
        "content": "…",
        "strategy": "S",
        "start": date(2026, 1, 5),
        "due": date(2026, 2, 27),
        "progress": None if progress is None else D(progress),
    }
    return Task(**given | more)  # type: ignore[arg-type]


def view(
    plan: Plan,
    as_of: date = LAST_DAY,
    months: list[int] | None = None,
    goals: dict[tuple[str, str], Target] | None = None,
) -> StrategyInputs:
    targets = goals or {("K", "C"): target("K", "C", months or [100] * 12)}
    facts, month = Facts.of(plan, as_of), Month.of(as_of)
    return StrategyInputs(
        plan=plan,
        month=month,
        as_of=as_of,
        targets=targets,
        facts=facts,
        attainments=attainments(plan, targets, facts, calendar(), month, as_of),
        tasks=actions.assess(plan, calendar(), as_of),
        budget=budget.budget(plan, as_of)[1],
    )


def judged(
    *rows: Row,
    of: Strategy | None = None,
    tasks: tuple[Task, ...] = (task(),),
    kpi: Kpi = REV,
    as_of: date = LAST_DAY,
    **more: object,
) -> tuple[Effectiveness, list[Finding]]:
    plan = plan_of(
        kpi, *rows, strategies=(of or strategy(),), tasks=tasks, settings=SETTINGS, **more
    )
    results, findings = effectiveness(view(plan, as_of))
    return results["S"], findings


def sales(a: object, b: object, at: object = 3) -> tuple[Row, Row]:
    return {"at": at, "product": "A", "value": a}, {"at": at, "product": "B", "value": b}


A_60 = strategy(product="A", target_share=D("0.6"))


class TestReached:
    def test_product_a_carries_60_percent_of_the_target(self) -> None:
        """300 planned to date, 180 of it by A: 135 sold of A are 75 % of that, and half of the 270
        sold.
        """
        one, findings = judged(*sales(135, 135), of=A_60)
        assert (one.target, one.actual, one.kpi_rate, one.actual_share, findings) == (
            180,
            135,
            D("0.75"),
            D("0.5"),
            [],
        )

    @pytest.mark.parametrize(
        ("progress", "sold", "verdict"),
        [
            ("0.8", 180, Verdict.EFFECTIVE),
            ("0.8", 179, Verdict.INEFFECTIVE),
            ("0.79", 180, Verdict.REACHED_ANYWAY),
            ("0.79", 179, Verdict.NOT_DONE),
        ],
    )
    def test_the_two_by_two_at_its_edges(self, progress: str, sold: int, verdict: Verdict) -> None:
        assert judged(*sales(sold, 0), of=A_60, tasks=(task(progress),))[0].verdict is verdict

    def test_the_settings_say_how_much_is_enough(self) -> None:
        plan = plan_of(
            REV,
            *sales(144, 0),
            strategies=(A_60,),
            tasks=(task("0.7"),),
            settings=replace(SETTINGS, execution_met=D("0.7"), kpi_met=D("0.8")),
        )
        assert effectiveness(view(plan))[0]["S"].verdict is Verdict.EFFECTIVE

    def test_a_running_month_asks_only_for_what_is_due(self) -> None:
        """On 13 March the year to date should be 200 and March's part of 100, and A's at 60 % of
        it; its plain rate is below 100 %.
        """
        day = date(2026, 3, 13)
        due = 200 + D(100) * calendar().count(date(2026, 3, 1), day) / calendar().in_month(MARCH)
        enough, short = (
            (due * D("0.6")).quantize(D("0.01")) + D("0.01"),
            (due * D("0.6")).quantize(D("0.01")) - D("0.01"),
        )
        one, _ = judged(*sales(enough, 0, date(2026, 3, 2)), of=A_60, as_of=day)
        assert (one.verdict, one.kpi_rate) == (
            Verdict.EFFECTIVE,
            one.actual / 180 if one.actual else None,
        )
        assert one.kpi_rate is not None and one.kpi_rate < 1
        assert (
            judged(*sales(short, 0, date(2026, 3, 2)), of=A_60, as_of=day)[0].verdict
            is Verdict.INEFFECTIVE
        )

    def test_a_part_without_a_target_cannot_be_told(self) -> None:
        """The company is at 100 %, product A has no share of the target: nothing is said of A."""
        one, _ = judged(*sales(60, 240), of=strategy(product="A"))
        assert (one.kpi_rate, one.target, one.actual, one.actual_share) == (
            None,
            None,
            60,
            D("0.2"),
        )
        assert (one.verdict, [f.code for f in one.wanting]) == (
            None,
            ["strategy-part-without-target"],
        )

    def test_a_region_is_judged_by_the_target_of_its_units(self) -> None:
        """E (A, B) in the east has 180 to date and sold 135 there, as the markets page says; the
        company is at 100 %.
        """
        units = tuple(
            replace(unit, region="华东" if unit.code in ("E", "A", "B") else "其他")
            for unit in UNITS
        )
        rows: list[Row] = [
            {"at": 3, "unit": "A", "value": 135},
            {
                "at": 3,
                "unit": next(u.code for u in UNITS if u.parent == "C" and u.code != "E"),
                "value": 165,
            },
        ]
        goals = {
            ("K", "C"): target("K", "C", [100] * 12),
            ("K", "E"): target("K", "E", [60] * 12),
        }
        east = strategy(region="华东")
        plan = plan_of(
            REV, *rows, units=units, strategies=(east,), tasks=(task(),), settings=SETTINGS
        )
        one = effectiveness(view(plan, goals=goals))[0]["S"]
        assert (one.target, one.actual, one.kpi_rate, one.verdict) == (
            180,
            135,
            D("0.75"),
            Verdict.INEFFECTIVE,
        )
        away = plan_of(
            REV,
            *rows,
            {"at": 3, "unit": "A", "region": "华北", "value": 40},
            units=units,
            strategies=(east,),
            tasks=(task(),),
            settings=SETTINGS,
        )
        other = effectiveness(view(away, goals=goals))[0]["S"]
        assert (other.target, other.actual, other.verdict) == (None, 135, None)

    def test_several_filters_hold_together(self) -> None:
        rows = [
            {"at": 3, "product": p, "channel": c, "region": r, "customer": "甲", "value": v}
            for p, c, r, v in (
                ("A", "直销", "华东", 40),
                ("A", "分销", "华东", 20),
                ("B", "直销", "华东", 10),
                ("A", "直销", "华南", 30),
            )
        ]
        one, _ = judged(
            *rows,
            of=strategy(
                product="A",
                channel="直销",
                region="华东",
                customer_type="甲",
                target_share=D("0.4"),
            ),
        )
        assert (one.actual, one.actual_share) == (40, D("0.4"))

    def test_a_ratios_target_holds_for_each_part_of_it(self) -> None:
        ratio = Kpi(code="K", name="回款率", kind=KpiKind.RATIO)
        rows = [
            {"at": 3, "region": "华东", "n": 45, "d": 100},
            {"at": 3, "region": "华南", "n": 5, "d": 100},
        ]
        plan = plan_of(ratio, *rows, strategies=(strategy(region="华东"),), tasks=(task(),))
        one = effectiveness(view(plan, goals={("K", "C"): target("K", "C", ["0.5"] * 12, "0.5")}))[
            0
        ]["S"]
        assert (one.actual, one.kpi_rate, one.actual_share, one.verdict) == (
            D("0.45"),
            D("0.9"),
            None,
            Verdict.INEFFECTIVE,
        )

    def test_an_improvements_base_is_split_as_its_target(self) -> None:
        """1,200 a year over a base of 900: to date 300 over 225, A's 60 % 180 over 135; 157.5 is
        half the way.
        """
        kpi = replace(REV, basis=TargetBasis.IMPROVEMENT, base=D(900))
        assert judged(*sales("157.5", 0), of=A_60, kpi=kpi)[0].kpi_rate == D("0.5")

    @pytest.mark.parametrize(
        "typed",
        [
            {"manual_months": (None, None, D(50), *[None] * 9)},
            {"manual_quarters": (D(50), None, None, None)},
        ],
        ids=["month", "quarter"],
    )
    def test_a_levels_base_is_the_same_in_every_month(
        self, typed: dict[str, tuple[D | None, ...]]
    ) -> None:
        """From 40 customers to 50 by March and 100 by December: 42 in March are a fifth of the way,
        for the strategy as for the company.
        """
        kpi = replace(REV, kind=KpiKind.STOCK, unit="个", basis=TargetBasis.IMPROVEMENT, base=D(40))
        row = TargetRow(kpi="K", unit="C", **typed)  # type: ignore[arg-type]
        plan = plan_of(
            kpi,
            {"at": 3, "value": 42},
            strategies=(strategy(),),
            tasks=(task(),),
            targets=(row,),
        )
        goals = {("K", "C"): target("K", "C", [100, 100, 50, *[100] * 9], 100)}
        one = effectiveness(view(plan, goals=goals))[0]["S"]
        assert (one.rate.value, one.due_rate.value, one.verdict) == (
            D("0.2"),
            D("0.2"),
            Verdict.INEFFECTIVE,
        )

    @pytest.mark.parametrize(
        ("basis", "met"), [(TargetBasis.LEVEL, 44), (TargetBasis.IMPROVEMENT, 45)]
    )
    def test_a_part_of_a_rate_is_held_against_its_line(self, basis: TargetBasis, met: int) -> None:
        """From 40 to 60 % in the year: by the end of March, 56 of 248 working days, 44.5 % are
        expected, in the east, too.
        """
        share = D(calendar().count(date(2026, 1, 1), LAST_DAY)) / 248
        line = D("0.4") + D("0.2") * share
        assert D("0.44") < line < D("0.45")
        ratio = Kpi(code="K", name="回款率", kind=KpiKind.RATIO, base=D("0.4"), basis=basis)
        for east, verdict in ((met, Verdict.EFFECTIVE), (41, Verdict.INEFFECTIVE)):
            rows: list[Row] = [
                {"at": 3, "region": "华东", "n": east, "d": 100},
                {"at": 3, "region": "华南", "n": 5, "d": 100},
            ]
            settings = replace(SETTINGS, kpi_met=D("0.98"))
            plan = plan_of(
                ratio,
                *rows,
                strategies=(strategy(region="华东"),),
                tasks=(task(),),
                settings=settings,
            )
            goals = {("K", "C"): target("K", "C", ["0.6"] * 12, "0.6")}
            one = effectiveness(view(plan, goals=goals))[0]["S"]
            assert one.actual is not None
            pace = (
                one.actual / line
                if basis is TargetBasis.LEVEL
                else (one.actual - D("0.4")) / (line - D("0.4"))
            )
            assert one.due_rate.value is not None and abs(one.due_rate.value - pace) < D("1e-20")
            assert one.verdict is verdict

    def test_a_part_of_a_level_is_held_against_its_share_of_the_line(self) -> None:
        """From 40 customers to 100: 60 % of what the line expects is A's, and of the base as
        well.
        """
        kpi = replace(REV, kind=KpiKind.STOCK, unit="个", base=D(40))
        rows: list[Row] = [
            {"at": 3, "unit": "A", "product": "A", "value": 30},
            {"at": 3, "unit": "B", "product": "B", "value": 30},
        ]
        plan = plan_of(kpi, *rows, strategies=(A_60,), tasks=(task(),), settings=SETTINGS)
        given = view(plan, months=[100] * 12)
        one, whole = effectiveness(given)[0]["S"], given.attainments["K", "C", Span.YTD]
        assert whole.status.why is Why.LINE and whole.status.expected is not None
        assert one.due_rate.value is not None
        assert abs(one.due_rate.value - 30 / (whole.status.expected * D("0.6"))) < D("1e-20")

    def test_lower_is_better(self) -> None:
        one, _ = judged(*sales(270, 0), of=A_60, kpi=replace(REV, direction=Direction.LOWER))
        assert (one.kpi_rate, one.verdict) == (D("0.5"), Verdict.INEFFECTIVE)

    def test_a_target_of_nothing_is_met_or_missed(self) -> None:
        plan = plan_of(
            replace(REV, direction=Direction.LOWER),
            {"at": 3, "value": 0},
            strategies=(strategy(),),
            tasks=(task(),),
        )
        one = effectiveness(view(plan, months=[0] * 12))[0]["S"]
        assert (one.rate.word, one.kpi_rate, one.verdict) == (RateWord.MET, None, Verdict.EFFECTIVE)


class TestMatching:
    def test_a_name_of_another_time_sold_nothing_now(self) -> None:
        one, findings = judged(
            {"at": Month(2025, 3), "product": "A", "value": 5},
            {"at": 3, "product": "B", "value": 100},
            of=A_60,
        )
        assert (one.actual, one.kpi_rate, one.actual_share, findings) == (0, 0, 0, [])

    def test_a_name_never_seen_is_not_zero_but_a_finding(self) -> None:
        one, findings = judged(*sales(10, 10), of=strategy(product="甲", target_share=D("0.6")))
        assert (one.actual, one.kpi_rate, one.actual_share, one.verdict) == (None, None, None, None)
        assert [(f.code, f.place.cell, f.params["name"]) for f in findings] == [
            ("strategy-filter-unmatched", "F2", "甲")
        ]
        assert [f.code for f in one.wanting] == ["strategy-no-rate"]

    def test_a_type_and_an_industry_are_those_of_the_customers(self) -> None:
        """客户 says of the orders' customers what they are; who it does not know is named."""
        known = (
            Customer(code="K1", name="东屿精工", kind="重点客户", industry="智能制造"),
            Customer(code="K2", name="海棠食品", kind="普通客户", industry="消费品"),
        )
        rows = [
            {"at": 3, "customer": "K1", "value": 60},
            {"at": 3, "customer": "海棠食品", "value": 30},
            {"at": 3, "customer": "东屿精工", "value": 10},
        ]
        for of, share in (
            (strategy(customer_type="重点客户"), D("0.7")),
            (strategy(customer_type=" 重点 客户"), D("0.7")),
            (strategy(industry="消费品"), D("0.3")),
            (strategy(customer_type="重点客户", industry="智能制造"), D("0.7")),
            (strategy(customer_type="重点客户", industry="消费品"), D(0)),
            (strategy(customer_type="海棠食品"), D("0.3")),
        ):
            result, found = judged(*rows, of=of, customers=known)
            assert (result.actual_share, [one.code for one in found]) == (share, []), of
        more = [*rows, {**rows[0], "customer": "无名", "value": 100}]
        result, found = judged(*more, of=strategy(industry="消费品"), customers=known)
        assert result.actual_share == D("0.15")
        assert [one.code for one in found] == ["strategy-customers-unsorted"]
        _, found = judged(*rows, of=strategy(industry="医药"), customers=known)
        assert [one.code for one in found] == ["strategy-filter-unmatched"]

    def test_a_customer_type_is_no_customer(self) -> None:
        rows = {"at": 3, "customer": "东屿精工", "value": 10}
        assert [
            (f.code, f.place.cell) for f in judged(rows, of=strategy(customer_type="大客户"))[1]
        ] == [("strategy-customer-unmatched", "I2")]
        assert judged(rows, of=strategy(customer_type="东屿精工"))[0].actual_share == 1

    def test_rows_without_a_name_may_belong_to_it(self) -> None:
        one, findings = judged(*sales(100, 80), {"at": 3, "value": 20}, of=A_60)
        assert (one.actual_share, [f.code for f in findings]) == (
            D("0.5"),
            ["strategy-rows-unnamed"],
        )
        nothing, _ = judged(
            {"at": Month(2025, 3), "product": "A", "value": 5}, {"at": 3, "value": 20}, of=A_60
        )
        assert nothing.actual is None

    def test_without_any_actuals_nothing_is_said_of_the_filter(self) -> None:
        one, findings = judged(of=A_60)
        assert (one.actual, one.verdict, findings) == (None, None, [])

    def test_an_unreadable_cell_stops_what_depends_on_it(self) -> None:
        one, findings = judged(*sales(180, 0), of=replace(A_60, broken=frozenset({"target_share"})))
        assert (one.kpi_rate, one.task_rate, one.verdict, findings) == (None, 1, None, [])


class TestDone:
    def test_by_weight_and_only_tasks_that_run(self) -> None:
        tasks = (
            task("1", "T1", weight=D(3)),
            task("0", "T2"),
            task("0", "T3", state=TaskStatus.PAUSED),
            task("0", "T4", state=TaskStatus.CANCELLED),
            task("0", "T5", strategy="other"),
            task(None, "T6"),
        )
        one, _ = judged(*sales(180, 0), of=A_60, tasks=tasks)
        assert (one.task_rate, one.expected, one.verdict) == (D("0.75"), 1, Verdict.REACHED_ANYWAY)

    @pytest.mark.parametrize(
        ("tasks", "wanting"),
        [
            ((), "strategy-no-live-task"),
            ((task("0", state=TaskStatus.PAUSED),), "strategy-no-live-task"),
            ((task("0", start=date(2026, 4, 1), due=date(2026, 6, 30)),), "strategy-nothing-due"),
            ((task(None),), "strategy-nothing-due"),
        ],
    )
    def test_why_there_is_no_verdict(self, tasks: tuple[Task, ...], wanting: str) -> None:
        one, _ = judged(*sales(180, 0), of=A_60, tasks=tasks)
        assert (one.verdict, [f.code for f in one.wanting]) == (None, [wanting])

    def test_a_strategy_without_kpi(self) -> None:
        assert [f.code for f in judged(of=strategy(kpi=None))[0].wanting] == ["strategy-no-kpi"]


def line(code: str, region: str = "", task: str | None = None, granted: int = 20) -> BudgetLine:
    return BudgetLine(
        code=code,
        category="获客",
        region=region,
        task=task,
        requested=D(granted),
        origin=Origin("", "预算", 2, {"code": "A"}),
    )


def money(*lines: BudgetLine, spent: dict[str, str]) -> dict[str, object]:
    spending = tuple(
        Spending(day=date(2026, 2, 2), budget=code, kind=SpendKind.SPENT, amount=D(amount))
        for code, amount in spent.items()
    )
    return {
        "budget": lines,
        "spending": spending,
        "category_shares": (Share(name="获客", share=D(1)),),
    }


class TestCost:
    def test_spending_on_its_tasks_lines(self) -> None:
        """B1 names the task, B2 is named by it, B3 is another's: 6 spent, 180 of A came, 30 for
        one.
        """
        tasks = (task(code="T", budget="B2"), task(code="U", strategy="other", budget="B1"))
        given = money(
            line("B1", task="T"),
            line("B2"),
            line("B3", task="U"),
            spent={"B1": "4", "B2": "2", "B3": "6"},
        )
        one, _ = judged(
            *sales(180, 20), of=replace(A_60, budget_share=D("0.5")), tasks=tasks, **given
        )
        assert (one.spent, one.roi, one.cost_per_unit, one.budget_share, one.spent_share) == (
            6,
            30,
            None,
            D("0.5"),
            D("0.5"),
        )
        assert one.granted_share == D(40) / 60

    def test_nothing_spent_no_return_on_it(self) -> None:
        one, _ = judged(*sales(180, 0), of=A_60, **money(line("B1", task="T"), spent={}))
        assert (one.spent, one.roi, one.spent_share) == (0, None, None)

    def test_yuan_against_ten_thousands(self) -> None:
        given = money(line("B1", task="T"), spent={"B1": "2"})
        assert judged(*sales(180, 0), of=A_60, kpi=replace(REV, unit="元"), **given)[0].roi == D(
            "0.009"
        )

    def test_counts_have_a_cost_each_and_no_roi(self) -> None:
        one, _ = judged(
            *sales(8, 0),
            of=A_60,
            kpi=replace(REV, unit="个"),
            **money(line("B1", task="T"), spent={"B1": "2"}),
        )
        assert (one.roi, one.cost_per_unit) == (None, D("0.25"))

    def test_a_line_of_two_strategies_is_nobodys(self) -> None:
        tasks = (task(code="T", budget="B1"), task(code="U", strategy="other", budget="B1"))
        one, findings = judged(
            *sales(180, 0), of=A_60, tasks=tasks, **money(line("B1"), spent={"B1": "4"})
        )
        assert one.spent == 0
        assert [(f.code, f.params["strategies"]) for f in findings] == [
            ("budget-line-shared", ("S", "other"))
        ]

    def test_a_region_alone_speaks_of_the_regions_budget(self) -> None:
        given = money(
            line("B1", "华东", granted=30), line("B2", "华南", "T"), spent={"B1": "6", "B2": "2"}
        )
        one, _ = judged(
            {"at": 3, "value": 1}, of=strategy(region="华东", budget_share=D("0.6")), **given
        )
        assert (one.granted_share, one.spent_share, one.spent) == (D("0.6"), D("0.75"), 2)


def test_of_two_strategies_with_one_code_the_first_counts() -> None:
    plan = plan_of(REV, *sales(180, 0), strategies=(A_60, strategy(product="B")), tasks=(task(),))
    assert effectiveness(view(plan))[0]["S"].target_share == D("0.6")


def test_without_one_company_nothing_is_said_of_the_kpi() -> None:
    units = (*UNITS, Unit(code="D", name="另一家", level=Level.COMPANY))
    one, _ = judged(*sales(180, 0), of=A_60, units=units)
    assert (one.kpi_rate, one.task_rate) == (None, 1)
