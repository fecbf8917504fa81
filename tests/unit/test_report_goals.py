"""Floor, target and stretch, and the budget at each month's end: what the report's sheets say of
them, and in a unit's own report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine.actuals.floor_stretch import Step
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import (
    BudgetLine,
    Direction,
    Kpi,
    KpiKind,
    Level,
    PercentBasis,
    Plan,
    Settings,
    Share,
    Spending,
    SpendKind,
    TargetBasis,
    Unit,
)
from salesplan.report import Scope, write_report
from salesplan.report.figures.floor_stretch import MOST_ROWS
from tests.programs import compare, compare_all
from tests.report_fixture import ActualRow, actuals, computed
from tests.unit.test_report import cells, row_of, written

D = Decimal
YEAR = 2026


def goals_plan() -> Plan:
    """One company, teams A (60 %) and B. Revenue 1,200 with floor and stretch, complaints with a
    floor only, a rate that is to rise.
    """
    units = (
        Unit(code="C", name="公司", level=Level.COMPANY),
        Unit(code="A", name="甲队", level=Level.TEAM, parent="C", coefficient=D("0.6")),
        Unit(code="B", name="乙队", level=Level.TEAM, parent="C", coefficient=D("0.4")),
    )
    kpis = (
        Kpi(
            code="REV",
            name="营收",
            kind=KpiKind.FLOW,
            unit="万元",
            smallest_unit=D("0.01"),
            target=D(1200),
            floor=D(900),
            stretch=D(1500),
        ),
        Kpi(
            code="CMP",
            name="客诉",
            kind=KpiKind.FLOW,
            unit="件",
            direction=Direction.LOWER,
            target=D(24),
            floor=D(36),
        ),
        Kpi(
            code="REP",
            name="复购率",
            kind=KpiKind.RATIO,
            unit="%",
            smallest_unit=D("0.001"),
            target=D("0.1"),
            floor=D("0.05"),
            stretch=D("0.2"),
            base=D("0.5"),
            basis=TargetBasis.IMPROVEMENT,
            percent_basis=PercentBasis.POINTS,
        ),
        Kpi(
            code="GRW",
            name="增量",
            kind=KpiKind.FLOW,
            unit="个",
            target=D("0.5"),
            floor=D("0.25"),
            stretch=D(1),
            base=D(120),
            basis=TargetBasis.IMPROVEMENT,
            percent_basis=PercentBasis.PERCENT,
        ),
        Kpi(code="NEW", name="新客", kind=KpiKind.FLOW, unit="个", target=D(12)),
    )
    rows: list[ActualRow] = []
    for month in (1, 2, 3):
        for unit, revenue, grown in (("A", "47", 9), ("B", "52", 7)):
            day = date(YEAR, month, 10)
            rows += [
                {"day": day, "unit": unit, "kpi": "REV", "value": revenue},
                {"day": day, "unit": unit, "kpi": "CMP", "value": 1},
            ]
            rows += [
                {"day": day, "unit": unit, "kpi": "REP", "numerator": 58, "denominator": 100},
                {"day": day, "unit": unit, "kpi": "GRW", "value": grown},
            ]
    return Plan(
        settings=Settings(year=YEAR, as_of=date(YEAR, 3, 31)),
        units=units,
        kpis=kpis,
        actuals=actuals(rows),
    )


def budget_plan() -> Plan:
    """B1 of 1,000 is overspent at the end of February and, after money came back, in order at the
    end of March; B2 was committed last year.
    """
    lines = (
        BudgetLine(code="B1", category="获客", requested=D(1000), manual_grant=D(1000)),
        BudgetLine(code="B2", category="获客", requested=D(500), manual_grant=D(500)),
        BudgetLine(code="B3", category="获客", requested=D(9000), manual_grant=D(0)),
    )
    spending = tuple(
        Spending(day=day, budget=code, kind=kind, amount=D(amount))
        for day, code, kind, amount in (
            (date(YEAR, 1, 5), "B1", SpendKind.SPENT, "400.05"),
            (date(YEAR, 2, 9), "B1", SpendKind.SPENT, 700),
            (date(YEAR, 3, 2), "B1", SpendKind.SPENT, -600),
            (date(YEAR - 1, 12, 20), "B2", SpendKind.COMMITTED, 100),
            (date(YEAR, 2, 20), "B2", SpendKind.COMMITTED, 25),
            (date(YEAR, 4, 1), "B2", SpendKind.SPENT, 300),
        )
    )
    return Plan(
        settings=Settings(year=YEAR, as_of=date(YEAR, 3, 31), budget_total=D(2000)),
        units=(Unit(code="C", name="公司", level=Level.COMPANY),),
        kpis=(Kpi(code="REV", name="营收", kind=KpiKind.FLOW, target=D(12)),),
        budget=lines,
        spending=spending,
        category_shares=(Share(name="获客", share=D(1)),),
    )


@pytest.fixture(scope="module")
def goals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = goals_plan()
    return written(
        plan, tmp_path_factory.mktemp("steps"), results=computed(plan, plan.settings.months[2])
    )


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = budget_plan()
    return written(
        plan, tmp_path_factory.mktemp("ends"), results=computed(plan, plan.settings.months[2])
    )


def row_number(sheet: Mapping[str, object], row: Mapping[str, object]) -> int:
    """The number of a row that :func:`row_of` gave."""
    return next(
        n
        for n in range(1, 200)
        if all(sheet.get(f"{column}{n}") == value for column, value in row.items())
    )


class TestSteps:
    def test_the_completion_sheet_shows_floor_and_stretch_beside_the_target(
        self, goals: Path
    ) -> None:
        """A's part of 1,200, 900 and 1,500 is 60 %. Up to March 59 of 248 working days are due: A's
        141 are between 128.5 and 171.3, B's 156 above 142.7.
        """
        values = cells(goals)["目标完成"]
        heads = row_of(values, "保底", "挑战")
        columns = {str(text): column for column, text in heads.items()}
        a, b = row_of(values, "甲队"), row_of(values, "乙队")
        assert [a[columns[key]] for key in ("保底", "挑战", "已达")] == [540, 900, "保底"]
        assert [b[columns[key]] for key in ("保底", "挑战", "已达")] == [360, 600, "挑战"]
        assert (
            "公司年初至今, 4 个设有保底或挑战的指标中: 1 个达保底未达目标 (复购率)；3 个达目标 "
            "(营收、客诉、增量)。" in str(values["B3"])
        )

    def test_the_data_sheet_derives_them_by_formulas(self, goals: Path) -> None:
        formulas, values = (
            cells(goals, formulas=True)["数据-保底挑战"],
            cells(goals)["数据-保底挑战"],
        )
        row = row_of(formulas, "REV", "甲队")
        assert sum(str(value).startswith("=") for value in row.values()) == 21, (
            "all goals, actuals, rates and words of three spans"
        )
        own = row_of(values, "GRW", "增量", "个")
        assert [own[column] for column in "DEFGHIJ"] == [120, 0.25, 0.5, 1, 150, 180, 240], (
            "improvements of 25, 50 and 100 % on a base of 120"
        )
        assert row_of(formulas, "GRW", "个")["H"] == "=D8+E8*ABS(D8)"

    def test_figures_are_the_engines(self, goals: Path) -> None:
        plan, values = goals_plan(), cells(goals)["数据-保底挑战"]
        found = computed(plan, plan.settings.months[2]).steps
        for kpi, unit, name in (
            ("REV", "A", "甲队"),
            ("CMP", "B", "乙队"),
            ("REP", "C", "公司"),
            ("GRW", "B", "乙队"),
        ):
            one, row = found[kpi, unit, Span.YTD], list(row_of(values, kpi, name).values())
            assert one.floor_rate is not None and one.floor_rate.value is not None
            assert (
                pytest.approx(float(one.floor or 0)) in row
                and pytest.approx(float(one.floor_rate.value)) in row
            )
        words = {
            Step.BELOW: "未达保底",
            Step.FLOOR: "保底",
            Step.TARGET: "目标",
            Step.STRETCH: "挑战",
        }
        for (kpi, unit), name in {
            (kpi.code, unit.code): unit.name for kpi in plan.kpis[:4] for unit in plan.units
        }.items():
            assert (
                words[found[kpi, unit, Span.YEAR].reached or Step.BELOW]
                == list(row_of(values, kpi, name).values())[-1]
            )

    def test_without_any_there_is_neither_sheet_nor_column(self, tmp_path: Path) -> None:
        plan = replace(
            goals_plan(),
            kpis=tuple(replace(kpi, floor=None, stretch=None) for kpi in goals_plan().kpis),
        )
        values = cells(written(plan, tmp_path))
        assert "数据-保底挑战" not in values and "保底" not in values["目标完成"].values()

    @pytest.mark.libreoffice
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_calc_computes_the_stored_results(self, lang: str, tmp_path: Path) -> None:
        plan = goals_plan()
        results = computed(plan, plan.settings.months[2])
        paths = []
        for name, one in (("whole", None), ("own", part_of(Whole(plan, results), "A", ()))):
            path = tmp_path / f"{name}.xlsx"
            paths.append(path)
            given = (plan, results) if one is None else (one.plan, one.results)
            write_report(
                *given,
                (),
                path,
                lang=lang,
                source_name="m.xlsx",
                scope=Scope() if one is None else Scope(one.root.name),
            )
        for found in compare_all(paths):
            assert found.mismatches == (), str(found)

    def test_a_units_own_report_measures_from_its_own_goals(self, tmp_path: Path) -> None:
        """No figure of the company's goals comes along: A's floor of revenue is 540, its
        improvement one on its part of the base.
        """
        plan = goals_plan()
        results = computed(plan, plan.settings.months[2])
        part = part_of(Whole(plan, results), "A", ())
        assert {
            key: one for key, one in results.steps.items() if key[1] == "A"
        } == part.results.steps
        kpis = {kpi.code: kpi for kpi in part.plan.kpis}
        assert (kpis["REV"].floor, kpis["REV"].target, kpis["REV"].stretch) == (540, 720, 900)
        assert (kpis["GRW"].base, kpis["GRW"].floor, kpis["GRW"].target, kpis["GRW"].stretch) == (
            72,
            18,
            36,
            72,
        )
        assert (kpis["REP"].floor, kpis["REP"].stretch) == (D("0.05"), D("0.2"))

    def test_a_large_plan_lists_no_persons(self, tmp_path: Path) -> None:
        units = [
            Unit(code="C", name="公司", level=Level.COMPANY),
            Unit(code="T", name="队", level=Level.TEAM, parent="C"),
        ]
        units += [
            Unit(code=f"P{n}", name=f"人{n}", level=Level.PERSON, parent="T")
            for n in range(MOST_ROWS)
        ]
        kpi = Kpi(
            code="REV",
            name="营收",
            kind=KpiKind.FLOW,
            unit="元",
            target=D(MOST_ROWS * 12),
            floor=D(MOST_ROWS * 6),
        )
        plan = Plan(
            settings=Settings(year=YEAR, as_of=date(YEAR, 2, 28)), units=tuple(units), kpis=(kpi,)
        )
        values = cells(written(plan, tmp_path, results=computed(plan, plan.settings.months[1])))[
            "数据-保底挑战"
        ]
        assert (
            "个人的 1,500 行没有列出" in str(values["A3"])
            and row_of(values, "REV", "队")
            and "人1" not in values.values()
        )


class TestMonthEnds:
    def test_the_budget_sheet_shows_each_months_end(self, budget: Path) -> None:
        values = cells(budget)["预算执行"]
        ends = [
            [row_of(values, month)[column] for column in "CDEF"] for month in ("1月", "2月", "3月")
        ]
        assert ends[0] == [1500, 100, 400.05, 999.95]
        assert ends[1:] == [[1500, 125, 1100.05, 274.95], [1500, 125, 500.05, 874.95]]
        assert (
            "▲ 预警" in row_of(values, "2月").values()
            and "● 正常" in row_of(values, "3月").values()
        )

    def test_a_line_that_was_over_its_grant_is_named_even_if_it_is_in_order_now(
        self, budget: Path
    ) -> None:
        values = cells(budget)["预算执行"]
        assert any(
            "曾在月末预警或超支的预算" in str(value) and "共 1 项" in str(value)
            for value in values.values()
        )
        watched = (
            next(int(cell[1:]) for cell, value in values.items() if "曾在月末预警" in str(value))
            + 2
        )
        assert [values[f"{column}{watched}"] for column in "BCDEF"] == [
            "B1",
            "获客",
            pytest.approx(0.40005),
            pytest.approx(1.10005),
            pytest.approx(0.50005),
        ]

    def test_what_was_booked_is_data_and_the_rest_follows(self, budget: Path) -> None:
        formulas, values = cells(budget, formulas=True), cells(budget)
        booked, own = row_of(values["数据-预算"], "B1"), row_of(formulas["数据-预算"], "B1")
        assert [booked[column] for column in "DEFGHI"] == [0, 0, 0, 400.05, 700, -600]
        assert [booked[column] for column in "JKL"] == [400.05, 1100.05, 500.05]
        assert all(str(own[column]).startswith("=") for column in "CJKLMNOPQR")
        line = row_of(formulas["预算执行"], "B1", "批准: 手工批准额")
        assert own["C"] == f"='预算执行'!I{row_number(formulas['预算执行'], line)}"
        assert [line[column] for column in "JK"] == [
            "=ROUND(SUM('数据-预算'!$D6:$F6),6)",
            "=ROUND(SUM('数据-预算'!$G6:$I6),6)",
        ]

    @pytest.mark.libreoffice
    def test_calc_computes_the_stored_results(self, budget: Path) -> None:
        found = compare(budget)
        assert found.mismatches == (), str(found)

    def test_without_a_budget_there_is_no_sheet_of_it(self, tmp_path: Path) -> None:
        assert "数据-预算" not in cells(written(goals_plan(), tmp_path))
