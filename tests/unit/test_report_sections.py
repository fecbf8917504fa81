"""The sections of the report: figures on the sheets are the results they speak of, and sentences
claim no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.market import Named, by_name
from salesplan.engine.actuals.progress import Span
from salesplan.engine.changes.records import Shift
from salesplan.engine.results import Results
from salesplan.engine.views.improvement import Effect, measures
from salesplan.plan.model import (
    Approval,
    Change,
    Competitor,
    Framework,
    IssueRow,
    IssueStatus,
    Kpi,
    KpiKind,
    Level,
    MarketSize,
    Month,
    Origin,
    Plan,
    Settings,
    SituationEntry,
    Strategy,
    SwotStrategy,
    TargetRow,
    Task,
    Unit,
    WeeklyEntry,
)
from salesplan.report import write_report
from salesplan.report.assembly import DATA
from salesplan.report.figures.bookings import Bookings
from salesplan.report.figures.context import Context
from salesplan.report.figures.details import Details, Period
from salesplan.report.figures.floor_stretch import Stepping
from salesplan.report.figures.ledger import build
from salesplan.report.figures.report import Report
from salesplan.report.figures.score_sheet import Board
from salesplan.report.narrative.course import (
    changes_sentence,
    following_sentence,
    improvements_sentence,
    situation_sentence,
    strategies_sentence,
    weekly_sentence,
)
from salesplan.report.narrative.first_page import issue_lines
from salesplan.report.narrative.reading import notes
from salesplan.report.narrative.sentences import (
    asked,
    course_title,
    gap_sentence,
    overview_parts,
    ranking_sentence,
    red_sentence,
)
from salesplan.report.sections.changes import _moved
from salesplan.report.sections.waterfall import Step, _bars, _columns
from salesplan.report.texts.words import Words
from salesplan.report.xlsx import measure
from tests import books
from tests.integration.test_report_page import formatted
from tests.report_fixture import ActualRow, actuals, computed
from tests.unit.changes import with_aim
from tests.unit.test_pipeline import deal
from tests.unit.test_report import TestFormulas as _TestFormulas
from tests.unit.test_report import cells, row_of, written

D = Decimal
YEAR = 2026
HQ = Unit(code="HQ", name="公司", level=Level.COMPANY)


def market_plan(
    sold: Mapping[str, tuple[str, str]] | None = None, month: int = 3, as_of: date | None = None
) -> Plan:
    """Two teams in two regions; each sells A and B in January to March of both years. ``sold``:
    this year's amount of each team by month.
    """
    units = (
        HQ,
        Unit(
            code="T1", name="东队", level=Level.TEAM, parent="HQ", coefficient=D("0.6"), region="东"
        ),
        Unit(
            code="T2", name="西队", level=Level.TEAM, parent="HQ", coefficient=D("0.4"), region="西"
        ),
    )
    kpi = Kpi(
        code="REV",
        name="营收",
        kind=KpiKind.FLOW,
        unit="万元",
        smallest_unit=D("0.01"),
        target=D(1200),
        weight=D(1),
    )
    rows: list[ActualRow] = []
    amounts = sold or {"T1": ("40", "30"), "T2": ("10", "20")}
    for m in (1, 2, 3):
        for unit, channel in (("T1", "直销"), ("T2", "分销")):
            for product, value, before in zip(("A", "B"), amounts[unit], ("25", "20"), strict=True):
                base = {
                    "day": date(YEAR, m, 10),
                    "unit": unit,
                    "kpi": "REV",
                    "product": product,
                    "channel": channel,
                    "customer": f"{unit}{product}{m}",
                }
                rows.append({**base, "value": value, "quantity": 10})
                rows.append(
                    {
                        **base,
                        "day": date(YEAR - 1, m, 10),
                        "value": before,
                        "quantity": D(before) / 5 * 2,
                        "customer": "",
                    }
                )
    strategies = (
        Strategy(
            code="S1",
            dimension="产品",
            content="主推A",
            kpi="REV",
            target_share=D("0.6"),
            product="A",
        ),
        Strategy(
            code="S2",
            dimension="产品",
            content="B引流",
            kpi="REV",
            target_share=D("0.4"),
            product="B",
        ),
    )
    tasks = (
        Task(
            code="K1",
            content="推A",
            strategy="S1",
            owner="T1",
            start=date(YEAR, 1, 5),
            due=date(YEAR, 3, 1),
            progress=D(1),
            finished=date(YEAR, 2, 20),
        ),
        Task(
            code="K2",
            content="推B",
            strategy="S2",
            owner="T2",
            start=date(YEAR, 1, 5),
            due=date(YEAR, 3, 20),
            progress=D("0.2"),
        ),
        Task(
            code="K3",
            content="四月展会",
            strategy="S2",
            owner="T2",
            start=date(YEAR, 3, 5),
            due=date(YEAR, 4, 20),
        ),
    )
    settings = Settings(year=YEAR, month=Month(YEAR, month), as_of=as_of or Month(YEAR, month).last)
    seasons = tuple(TargetRow(kpi="REV", unit="HQ", manual_months=(D(100),) * 12) for _ in range(1))
    return Plan(
        settings=settings,
        units=units,
        kpis=(kpi,),
        targets=seasons,
        actuals=actuals(rows),
        strategies=strategies,
        tasks=tasks,
    )


def report_of(plan: Plan, results: Results | None = None, lang: str = "zh") -> Report:
    """A report that is not being written: what sentences are made from."""
    context = Context(plan, results or computed(plan), (), lang, "m.xlsx")
    formulas = _TestFormulas().formulas()
    rows = Details(context, "明细", Period.MONTH, 0)
    ledger = build(context, formulas, "数据", "数据-分子分母", rows)
    return Report(
        context,
        None,
        formulas,
        ledger,
        Board(ledger, "数据-得分"),
        {},
        rows,
        Stepping(ledger, "数据-保底挑战"),
        Bookings(context, "数据-预算"),
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(market_plan(), tmp_path_factory.mktemp("market"))


def overview_sentences(report: Report, unit: Unit) -> list[str]:
    """What the first page says of where a unit stands, who makes it so, and what is done."""
    return [" ".join(parts) for parts in overview_parts(report, unit)]


class TestVariance:
    def test_gaps_are_the_attainments(self, book: Path) -> None:
        """T1 has 210 of 180, T2 90 of 120: 300 of 300."""
        values = cells(book)["差异分析"]
        assert row_of(values, "西队")["F"] == -30
        assert row_of(values, "东队")["F"] == 30
        assert row_of(values, "公司")["E"] == 300

    def test_causes_add_up_to_the_difference(self, book: Path) -> None:
        """A: 60 at 2.5 then and now; B: 48 at 2.5, now 60 at 2.5: 30 more, all of it volume."""
        values = cells(book)["差异分析"]
        total = row_of(values, "合计")
        assert (total["D"], total["G"], total["J"]) == (270, 300, 30)
        assert {column: total[column] for column in "KLMNO"} == {
            "K": 0,
            "L": 30,
            "M": 0,
            "N": 0,
            "O": 0,
        }

    def test_the_sentence_names_who_is_short(self, book: Path) -> None:
        assert "营收年初至今与目标持平: 2 个下级单元中只有西队未达标 (缺口 30万元)" in str(
            cells(book)["差异分析"]["B3"]
        )

    def test_ties_are_named_together(self, tmp_path: Path) -> None:
        plan = market_plan({"T1": ("30", "20"), "T2": ("20", "10")})
        assert "2 个下级单元中 2 个未达标, 合计缺口 60万元, 最大的是东队、西队 (30万元)" in str(
            cells(written(plan, tmp_path))["差异分析"]["B3"]
        )

    @given(st.decimals(-50, 50, places=2), st.decimals(-50, 50, places=2), st.sampled_from([1, -1]))
    def test_foot_and_bars_cover_the_step(self, begin: Decimal, end: Decimal, sign: int) -> None:
        levels = (Step("then", begin, "A1"), Step("now", end, "A3"))
        bar = _bars(levels, [Step("changed", end - begin, "A2")], sign)[1]
        value = {one.key: one.value(bar) for one in _columns(sign)}
        base, better, worse = value["base"], value["better"], value["worse"]
        better_below, worse_below = value["better_below"], value["worse_below"]
        above, below = better + worse, better_below + worse_below
        assert max(base, D(0)) + above == max(begin, end, D(0))
        assert min(base, D(0)) + below == min(begin, end, D(0))
        assert not (better or better_below) or not (worse or worse_below)


def named(plan: Plan, results: Results, dimension: str) -> tuple[Named, ...]:
    """The first KPI's names of a dimension."""
    facts = Facts.of(plan, results.as_of)
    month, as_of = results.month, results.as_of
    return by_name(plan, facts, results.attainments, month, as_of, plan.kpis[0], dimension)


class TestSlices:
    def test_targets_come_from_strategies_and_units(self, book: Path) -> None:
        """A: 300 × 60 % = 180 against 150; the East: T1's 180 against 210."""
        values = cells(book)["产品区域客户渠道"]
        product, region = row_of(values, "A"), row_of(values, "东")
        assert (product["C"], product["D"], product["E"]) == (180, 150, pytest.approx(150 / 180))
        assert (region["C"], region["D"], region["F"]) == (180, 210, pytest.approx(0.7))

    def test_two_strategies_of_one_product_leave_its_target_open(self) -> None:
        plan = market_plan()
        plan = replace(plan, strategies=(*plan.strategies, replace(plan.strategies[0], code="S3")))
        results = computed(plan)
        rows = named(plan, results, "product")
        assert {one.name: one.target for one in rows} == {"A": None, "B": D(120)}

    def test_a_region_that_holds_everything_is_no_part(self) -> None:
        plan = market_plan()
        plan = replace(plan, units=tuple(replace(unit, region="东") for unit in plan.units))
        results = computed(plan)
        rows = named(plan, results, "region")
        assert [(one.name, one.target) for one in rows] == [("东", None)]

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_who_sold_and_where_is_said_where_they_differ(self, lang: str, tmp_path: Path) -> None:
        """The East's team sold 30 of its 210 in the West: there 180 came in and 120, and neither
        region has a target; both figures stand in one line under the table.
        """
        plan = market_plan()
        regions = ["" for _ in plan.actuals.unit]
        moved = [
            at
            for at, (unit, day) in enumerate(zip(plan.actuals.unit, plan.actuals.day, strict=True))
            if unit == "T1" and day == date(YEAR, 1, 10) and plan.actuals.product[at] == "B"
        ]
        for at in moved:
            regions[at] = "西"
        plan = replace(plan, actuals=replace(plan.actuals, region=regions))
        results = computed(plan)
        assert {
            one.name: (one.target, one.actual, one.sellers)
            for one in named(plan, results, "region")
        } == {"东": (None, 180, 210), "西": (None, 120, 90)}
        path = tmp_path / "r.xlsx"
        write_report(plan, results, (), path, lang=lang, source_name="m.xlsx")
        values = cells(path)["产品区域客户渠道" if lang == "zh" else "Markets"]
        said = [one for one in values.values() if isinstance(one, str)]
        wanted = {
            "zh": "东的单元共 210万元, 该区域共 180万元、西的单元共 90万元, 该区域共 120万元",
            "en": "东: CNY 1,800k sold there, CNY 2,100k sold by its units",
        }[lang]
        assert sum(wanted in one for one in said) == 1
        sound = cells(written(market_plan(), tmp_path))["产品区域客户渠道"]
        assert not any("卖到哪里" in str(one) for one in sound.values())

    def test_last_year_of_nobody_is_no_base(self) -> None:
        """Last year's rows name no customer."""
        plan = market_plan()
        results = computed(plan)
        rows = named(plan, results, "customer")
        assert all(one.last_year is None for one in rows)

    def test_a_running_month_is_not_measured_against_a_whole_one(self) -> None:
        plan = market_plan(as_of=date(YEAR, 3, 15))
        results = computed(plan)
        one = named(plan, results, "product")[0]
        assert (one.name, one.actual, one.over, one.last_year) == ("A", 150, 100, 100)

    def test_the_sentence_speaks_of_targets_customers_and_falls(self, book: Path) -> None:
        sentence = str(cells(book)["产品区域客户渠道"]["B3"])
        assert (
            "营收设有目标的 4 个产品、区域、渠道中 2 个未达标, 完成率最低的是西 (75.0%)" in sentence
        )
        assert "最大的 3 家客户(共 12 家)占营收的 40.0%" in sentence
        assert "与上年同期相比下降最多的区域: 西 (下降 45万元)" in sentence

    def test_money_taken_back_forbids_a_concentration(self, tmp_path: Path) -> None:
        plan = market_plan({"T1": ("40", "-5"), "T2": ("10", "20")})
        assert "家客户" not in str(cells(written(plan, tmp_path))["产品区域客户渠道"]["B3"])


class TestStrategies:
    def test_verdicts_and_rates_are_the_engines(self, book: Path) -> None:
        """S1 is done and at 83 %: no effect; S2 is not done and at 125 %: reached anyway."""
        values = cells(book)["策略有效性"]
        first, second = row_of(values, "S1", "主推A"), row_of(values, "S2", "B引流")
        assert "■ 执行到位未见效(策略问题)" in first.values()
        assert "▲ 执行不足但达成(外因)" in second.values()
        assert pytest.approx(150 / 180) in [
            value for value in first.values() if isinstance(value, float)
        ]

    def test_the_sentence_counts_quadrants(self) -> None:
        assert (
            strategies_sentence(report_of(market_plan()))
            == "2 项策略中可评估 2 项。执行到位未见效 1 项: S1。执行不足但达成 1 项: S2。"
        )

    def test_nothing_to_judge(self) -> None:
        plan = replace(market_plan(), tasks=())
        assert strategies_sentence(report_of(plan)) == "2 项策略目前均无法评估。"

    def test_every_judged_strategy_is_a_point(self, book: Path) -> None:
        scatter = [text for text in charts(book) if "<c:scatterChart>" in text]
        assert len(scatter) == 1
        assert "<c:v>S1</c:v>" in scatter[0] and "<c:v>S2</c:v>" in scatter[0]


class TestImprovements:
    @pytest.mark.parametrize(
        ("sold", "effect"),
        [
            ({1: "60", 2: "20", 3: "60"}, Effect.GONE),
            ({1: "60", 2: "20", 3: "24"}, Effect.BETTER),
            ({1: "60", 2: "20", 3: "20"}, Effect.SAME),
            ({1: "60", 2: "20", 3: "8"}, Effect.WORSE),
            ({1: "60", 2: "20"}, Effect.UNKNOWN),
        ],
    )
    def test_what_became_of_a_red_kpi(self, sold: Mapping[int, str], effect: Effect) -> None:
        """A month's target is 40 for T2."""
        rows: list[ActualRow] = [
            {"day": date(YEAR, m, 10), "unit": "T2", "kpi": "REV", "value": value}
            for m, value in sold.items()
        ]
        issue = IssueRow(code="KPI:REV:T2", remedy="加人", first_month=Month(YEAR, 2))
        plan = replace(market_plan(), actuals=actuals(rows), issues=(issue,))
        results = computed(plan)
        assert [one.effect for one in measures(plan, Facts.of(plan, results.as_of), results)] == [
            effect
        ]

    def test_this_months_measures_are_not_looked_at_yet(self) -> None:
        plan = replace(
            market_plan(),
            issues=(IssueRow(code="TASK:K2", remedy="x", first_month=Month(YEAR, 3)),),
        )
        results = computed(plan)
        assert measures(plan, Facts.of(plan, results.as_of), results) == ()

    def test_a_task_goes_by_its_last_review_before_the_month(self) -> None:
        """10 % at the end of February, 20 % now, and the day for the measure has passed."""
        issue = IssueRow(
            code="TASK:K2", remedy="x", due=date(YEAR, 3, 10), status=IssueStatus.DOING
        )
        reviews = (
            WeeklyEntry(friday=date(YEAR, 2, 27), task="K2", actual=D("0.1")),
            WeeklyEntry(friday=date(YEAR, 3, 6), task="K2", actual=D("0.15")),
        )
        plan = replace(market_plan(), issues=(issue,), weekly=reviews)
        results = computed(plan)
        found = measures(plan, Facts.of(plan, results.as_of), results)
        assert [(one.before, one.now, one.effect, one.late) for one in found] == [
            (D("0.1"), D("0.2"), Effect.BETTER, True)
        ]
        assert improvements_sentence(report_of(plan, results), found, 1).startswith(
            "此前 1 条措施: 有改善 1 条; 1 条逾期未完成。"
        )

    def test_the_sheet_shows_both_figures(self, tmp_path: Path) -> None:
        plan = replace(
            market_plan(),
            issues=(
                IssueRow(
                    code="KPI:REV:T2", cause="缺人", remedy="借调", first_month=Month(YEAR, 2)
                ),
            ),
        )
        row = row_of(cells(written(plan, tmp_path))["问题清单"], "借调", "■ 无变化")
        assert (row["G"], row["H"]) == (pytest.approx(0.75), pytest.approx(0.75))


class TestFollowing:
    def test_what_a_day_must_bring(self, book: Path) -> None:
        """900 are left of 1,200 after 300 in the first quarter's working days."""
        values = cells(book)["下月计划与预测"]
        row = row_of(values, "营收 (万元)")
        results = computed(market_plan())
        assert (row["C"], row["D"], row["M"]) == (1200, 300, 900)
        assert row["E"] == pytest.approx(
            float(results.pace["REV", "HQ"].landing[next(iter(results.pace["REV", "HQ"].landing))])
        )
        over, left = (float(str(values[cell])) for cell in ("C6", "F6"))
        assert row["N"] == pytest.approx(900 / left)
        assert row["O"] == pytest.approx(300 / over)

    def test_tasks_until_the_end_of_next_month(self, book: Path) -> None:
        texts = [
            value for value in cells(book)["下月计划与预测"].values() if isinstance(value, str)
        ]
        assert "推B" in texts and "四月展会" in texts and "推A" not in texts
        assert any("须完成 2 项任务, 其中 1 项已逾期" in text for text in texts)

    def test_after_the_last_month_there_is_no_next(self, tmp_path: Path) -> None:
        values = cells(written(market_plan(month=12), tmp_path))["下月计划与预测"].values()
        assert "下月不在计划年度内, 没有目标。" in values


class TestSituation:
    def entries(self) -> tuple[SituationEntry, ...]:
        made = (
            (Framework.PEST, "经济", None, None),
            (Framework.SWOT, "优势", SwotStrategy.SO, "S1"),
            (Framework.SWOT, "威胁", SwotStrategy.WT, None),
        )
        return tuple(
            SituationEntry(
                framework=framework,
                category=category,
                content=f"内容{row}",
                response=response,
                strategy=strategy,
                origin=Origin("m", "s", row, {}),
            )
            for row, (framework, category, response, strategy) in enumerate(made, 2)
        )

    def test_what_was_taken_up(self, tmp_path: Path) -> None:
        plan = replace(market_plan(), situation=self.entries())
        values = cells(written(plan, tmp_path))["关于本报告"]
        assert "● 是" in row_of(values, "内容3", "SO").values()
        assert "■ 否" in row_of(values, "内容4", "WT").values()
        assert (
            situation_sentence(report_of(plan))
            == "现状共 3 条, 其中 2 条须有应对: 1 条已有策略, 1 条已有任务在做; 1 条尚无策略。"
        )

    def test_markets_and_competitors_stand_below_or_alone(self, tmp_path: Path) -> None:
        """A plan with neither has no such block; one without any item still has these two."""
        rows = (
            MarketSize(year=YEAR - 1, size=D(8000)),
            MarketSize(year=YEAR, size=D(9000)),
        )
        rivals = (
            Competitor(name="本公司", product="A", price=D(10), score=D(9)),
            Competitor(name="甲公司", product="A", price=D(8), score=D(7), reputation="便宜"),
        )
        plan = replace(market_plan(), market=rows, competitors=rivals)
        values = cells(written(plan, tmp_path))["关于本报告"]
        shown = row_of(values, "全部", f"{YEAR} (1–3月)").values()
        numbers = [round(one, 3) for one in shown if isinstance(one, float)]
        assert numbers == [0.125, 0.111, -1.389, 0.133], "ahead of the market: points"
        assert [one for one in shown if isinstance(one, int)] == [9000, 2250, 300]
        assert -0.2 in row_of(values, "甲公司", "便宜").values()
        without = cells(written(market_plan(), tmp_path))["关于本报告"]
        assert not {"市场规模与我们的占有率", "竞争对手与我们"} & {*map(str, without.values())}

    def test_observations_ask_for_nothing(self) -> None:
        plan = replace(market_plan(), situation=self.entries()[:1])
        assert situation_sentence(report_of(plan)) == "现状共 1 条, 没有写明应对策略。"


class TestWeekly:
    def plan(self) -> Plan:
        reviews = tuple(
            WeeklyEntry(
                friday=friday,
                task="K2",
                planned=D("0.5"),
                actual=actual,
                cause=cause,
                remedy="加班",
                due=date(YEAR, 3, 13),
                origin=Origin("m", "w", row, {}),
            )
            for row, (friday, actual, cause) in enumerate(
                ((date(YEAR, 3, 6), D("0.1"), "资源不足"), (date(YEAR, 3, 13), D("0.5"), "")), 2
            )
        )
        return replace(market_plan(), weekly=reviews)

    def test_completion_of_each_week(self, tmp_path: Path) -> None:
        values = cells(written(self.plan(), tmp_path))["行动计划执行"]
        week = next(
            week
            for week in computed(self.plan()).weekly.span_weeks
            if week.friday == date(YEAR, 3, 6)
        )  # type: ignore[union-attr]
        row = next(
            row for row in range(7, 60) if str(values.get(f"B{row}", "")).startswith("2026-03-06")
        )
        assert values[f"K{row}"] == pytest.approx(float(week.completion or 0)) == pytest.approx(0.2)

    def test_the_sentence_counts_what_was_reported(self) -> None:
        report = report_of(self.plan())
        rhythm = report.context.results.weekly
        assert rhythm is not None
        assert "本月 4 周共复盘任务 2 项次, 达到计划 1 项次" in weekly_sentence(report, rhythm)


class TestChanges:
    def plan(self) -> Plan:
        """One waits, one is in force for a task, one raises the company's target from
        February on.
        """
        plan = replace(market_plan(), targets=())
        done = {
            "status": Approval.APPROVED,
            "approver": "总经理",
            "approved": date(YEAR, 2, 1),
            "effective": Month(YEAR, 2),
        }
        changes = (
            Change(
                code="C1",
                subject="REV/T2",
                field="手工年度目标",
                before="",
                after="400",
                raised=date(YEAR, 3, 2),
                status=Approval.PENDING,
            ),
            Change(
                code="C2",
                subject="K2",
                field="时间节点",
                before=f"{YEAR}-03-20",
                after=f"{YEAR}-04-10",
                raised=date(YEAR, 1, 20),
                **done,
            ),
            Change(
                code="C3",
                subject="REV",
                field="公司年度目标",
                before="1200",
                after="1310",
                raised=date(YEAR, 1, 20),
                **done,
            ),
        )
        return replace(plan, changes=tuple(with_aim(plan, one) for one in changes))

    def test_each_change_says_whether_it_is_in_force(self, tmp_path: Path) -> None:
        values = cells(written(self.plan(), tmp_path))["差异分析"]
        waiting, task, raised = (row_of(values, code) for code in ("C1", "C2", "C3"))
        assert (waiting["J"], waiting["K"], waiting["M"]) == ("400", "524", "▲ 未生效: 待批")
        assert waiting["I"] == "524", "480 of 1200: with C3 it is 524 of 1310 that C1 would change"
        assert (task["I"], task["J"], task["K"]) == (
            f"{YEAR}-03-20",
            f"{YEAR}-04-10",
            f"{YEAR}-04-10",
        )
        assert task["M"] == raised["M"] == f"● 生效, 自 {YEAR}-02 起"

    def test_baseline_now_and_actual_of_a_target_stand_side_by_side(self, tmp_path: Path) -> None:
        """1,200 become 1,310, all of the 110 from February on; 300 were achieved by March."""
        values = cells(written(self.plan(), tmp_path))["差异分析"]
        numbers = {
            int(re.sub(r"\D", "", ref))
            for ref, value in values.items()
            if ref.startswith("C") and value == "营收"
        }
        rows = {
            values[f"D{row}"]: {letter: values.get(f"{letter}{row}") for letter in "GHIJKLMN"}
            for row in numbers
        }
        company = rows["公司"]
        assert [company[letter] for letter in "GHIL"] == [1200, 1310, 110, 300]
        assert (
            isinstance(company["J"], float)
            and isinstance(company["K"], float)
            and 1 < company["K"] / company["J"] < 1.2
        )
        assert company["M"] == pytest.approx(0.25) and company["N"] == pytest.approx(300 / 1310)
        assert (rows["东队"]["G"] + rows["西队"]["G"], rows["东队"]["H"] + rows["西队"]["H"]) == (
            1200,
            1310,
        )

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_hand_overs_and_parents_are_named(self, lang: str, tmp_path: Path) -> None:
        """A reader on paper knows no codes: whose customers went to whom, and from which team
        somebody came.
        """
        plan = replace(market_plan(), targets=(), changes=())
        done = {
            "status": Approval.APPROVED,
            "approver": "总经理",
            "approved": date(YEAR, 2, 1),
            "effective": Month(YEAR, 2),
        }
        changes = (
            Change(code="C1", subject="ＲＥＶ/T1→T2", field="移交", before="", after="10", **done),
            Change(code="C2", subject="T2", field="上级编码", before="HQ", after="T1", **done),
        )
        plan = replace(plan, changes=tuple(with_aim(plan, one) for one in changes))
        values = cells(written(plan, tmp_path, lang=lang))[
            "差异分析" if lang == "zh" else "Variance"
        ]
        handed, moved = row_of(values, "C1"), row_of(values, "C2")
        assert handed["F"] == "营收 · 东队→西队"
        assert (moved["F"], moved["I"], moved["J"]) == ("T2 西队", "公司", "东队")

    @pytest.mark.parametrize("count", [1, 3, 20])
    def test_each_page_has_the_heads_of_its_own_table(self, tmp_path: Path, count: int) -> None:
        """Over the targets of a second page stood the heads of the changes: 审批人 over a rate.
        More changes than a page holds stand last, so that theirs are repeated.
        """
        plan = self.plan()
        more = [replace(plan.changes[0], code=f"D{at}") for at in range(count)]
        changes = (*plan.changes, *more) if count > 3 else plan.changes[:count]
        sheet = books.alone(written(replace(plan, changes=changes), tmp_path), "差异分析")
        head = int(sheet.print_title_rows.partition(":")[0].strip("$"))
        said = "现计划全年" if count == 3 else "是否生效"
        heads = [str(cell.value or "").replace("\n", "") for cell in sheet[head]]
        assert said in " ".join(heads)
        below = [sheet.cell(row, 2).value for row in range(head + 1, sheet.max_row + 1)]
        assert not [one for one in below if one == sheet.cell(head, 2).value]
        if count == 20:
            assert sum(str(one).startswith("D") for one in below) == count

    def test_a_long_list_has_its_sheet_to_itself(self, tmp_path: Path) -> None:
        """Its heads are repeated, and would stand over the weekly review, too."""
        plan = self.plan()
        for count, alone in ((3, False), (30, True)):
            tasks = tuple(replace(plan.tasks[1], code=f"L{at}") for at in range(count))
            book = written(replace(plan, tasks=tasks), tmp_path)
            assert ("周复盘" in cells(book)) is alone
            assert books.alone(book, "行动计划执行").print_title_rows

    def test_the_sentence_counts_them(self) -> None:
        assert (
            changes_sentence(report_of(self.plan()))
            == f"共 3 项变更: 已批准 2 项, 待批 1 项。 待批最久: C1 ({YEAR}-03-02 提出)。"
        )


class TestYearsEnd:
    @pytest.mark.parametrize(
        ("lang", "over", "running"),
        [
            ("zh", "营收全年完成 300万元, 为目标 1,200万元的 25.0%。", "预测全年"),
            (
                "en",
                "营收 closed the year at CNY 3,000k, 25.0% of the CNY 12,000k target.",
                "Full-year landing forecast",
            ),
        ],
    )
    def test_a_year_that_is_over_is_no_forecast(self, lang: str, over: str, running: str) -> None:
        """In December it read: 11,280.12–11,280.12, 94.0 %–94.0 % of the target."""
        plan = market_plan(month=12)
        report = report_of(plan, lang=lang)
        assert following_sentence(report, HQ, 0).startswith(over)
        assert running not in overview_sentences(report, HQ)[0]
        assert (
            running
            in overview_sentences(
                report_of(market_plan(month=12, as_of=date(YEAR, 12, 15)), lang=lang), HQ
            )[0]
        )

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("zh", "预测全年 1,200万元, 为目标的 100.0% (已过月不足三个, 仅供参考)。"),
            (
                "en",
                "Full-year landing forecast: CNY 12,000k, 100.0% of target (low confidence: fewer "
                "than three months over).",
            ),
        ],
    )
    def test_methods_that_agree_give_one_figure(self, lang: str, said: str) -> None:
        rows = actuals(
            {"month": Month(YEAR, month), "unit": unit, "kpi": "REV", "value": 50}
            for month in (1, 2)
            for unit in ("T1", "T2")
        )
        assert (
            said
            in overview_sentences(
                report_of(replace(market_plan(month=2), actuals=rows), lang=lang), HQ
            )[0]
        )


class TestDealsThatEndARange:
    """Three months at 100 of 1,200: the other methods say 1,200 to 1,261."""

    @pytest.mark.parametrize(
        ("lang", "amount", "ahead", "title"),
        [
            (
                "zh",
                100,
                "预测全年 350万–1,260万元, 为目标的 29.2%–105.1% (低端只是实绩加现有商机, 其他方法 "
                "100.0% 起)。",
                "预计全年达成 29.2%–105.1% (低端只算商机)",
            ),
            (
                "en",
                4000,
                "12,000k–23,000k, 100.0%–191.7% of target (high end: open deals; others "
                "up to 105.1%).",
                "100.0%–191.7% of target (high: open deals)",
            ),
        ],
    )
    def test_the_messages_say_so(self, lang: str, amount: int, ahead: str, title: str) -> None:
        own = deal("T1", amount, date(YEAR, 9, 1), kpi="REV")
        report = report_of(replace(market_plan(), deals=(own,)), lang=lang)
        kpi = report.context.plan.kpis[0]
        assert ahead in overview_sentences(report, HQ)[0]
        assert title in course_title(report, HQ, kpi)
        assert title.partition("(")[2] in following_sentence(report, HQ, 0)

    def test_another_kpi_than_the_main_one_has_a_note(self) -> None:
        plan = market_plan()
        other = replace(plan.kpis[0], code="COL", name="回款", weight=D("0.1"))
        plan = replace(
            plan,
            kpis=(*plan.kpis, other),
            actuals=actuals(
                {"month": Month(YEAR, m), "unit": "T1", "kpi": kpi, "value": 100}
                for m in (1, 2, 3)
                for kpi in ("REV", "COL")
            ),
            deals=(deal("T1", 100, date(YEAR, 9, 1), kpi="COL"),),
        )
        context = report_of(plan).context
        said = "回款的预测低端只是实绩加现有商机, 不含以后的新单。"
        assert said in notes(context, plan.kpis, HQ)
        assert said not in notes(replace(context, plan=replace(plan)), plan.kpis[:1], HQ)


class TestTheFirstPageNames:
    def test_of_what_is_ahead_the_cause_is_wanted_and_of_what_is_behind_an_action(self) -> None:
        """T1 has 210 of 180, T2 90 of 120."""
        context = report_of(market_plan()).context
        found = [(one.problem.key, one.wanted) for one in issue_lines(context)]
        assert found[0] == ("KPI:REV:T2", "issue_no_action")
        assert ("GAP:REV:T1", "issue_no_cause") in found
        assert "写明 1 个高于应达的偏差的原因" in " ".join(asked(context))

    def test_what_is_written_is_not_wanted(self) -> None:
        row = IssueRow(code="GAP:REV:T1", remedy="推广做法", origin=Origin())
        context = report_of(replace(market_plan(), issues=(row,))).context
        found = {one.problem.key: one.wanted for one in issue_lines(context)}
        assert found["GAP:REV:T1"] == ""

    @pytest.mark.parametrize(
        ("lang", "said"),
        [("zh", "下级有红灯: 西队 营收 75.0%。"), ("en", "Red below: 西队 营收 75.0%.")],
    )
    def test_a_red_unit_where_the_whole_is_not(self, lang: str, said: str) -> None:
        assert said in red_sentence(report_of(market_plan(), lang=lang), HQ)

    @pytest.mark.parametrize(
        ("lang", "below", "above"),
        [("zh", "(30万元, 完成率 75.0%)", "完成率 116.7%"), ("en", "(75.0%)", "(116.7%)")],
    )
    def test_a_gap_of_months_that_are_over_has_its_attainment(
        self, lang: str, below: str, above: str
    ) -> None:
        said = gap_sentence(report_of(market_plan(), lang=lang), HQ)
        assert below in said and above in said

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_a_gap_within_a_month_has_the_rate_that_belongs_to_it(self, lang: str) -> None:
        """On 13 March 10 of 22 days are over: 180 of 156 and 60 of 104 expected, not of 180 and
        120.
        """
        plan = market_plan({"T1": ("35", "25"), "T2": ("10", "10")}, as_of=date(YEAR, 3, 13))
        report = report_of(plan, lang=lang)
        said = gap_sentence(report, HQ)
        units = report.context.results.attainments
        for unit in ("T1", "T2"):
            one = units["REV", unit, Span.YTD]
            pace = measure.shown(one.pace.value, "0.0%")
            assert {"zh": f"应达的 {pace}", "en": f"{pace} of expected"}[lang] in said
        assert "完成率" not in said


def test_a_target_that_several_changes_altered_stands_once() -> None:
    report = report_of(market_plan())
    known = (D(100),) * 12
    one = Shift(
        kpi="REV",
        unit="T1",
        baseline_year=D(1200),
        baseline_months=known,
        year=D(1500),
        months=known,
    )
    other = replace(one, unit="T2")
    made = [
        SimpleNamespace(change=f"C{n}", shifts=(one,) if n < 5 else (other,)) for n in range(1, 6)
    ]
    found = [(line.change, line.shift.unit) for line in _moved(report, made)]
    assert found == [("C1、C2、C3及另外 1 个", "T1"), ("C5", "T2")]


class TestEstimatedDays:
    @pytest.mark.parametrize(
        ("lang", "said", "heading"),
        [
            (
                "zh",
                "截止 2099-03-31(月已过) · 金额单位: 元 · 2099 年工作日为推定",
                "22 个工作日 (推定)",
            ),
            (
                "en",
                "As of 2099-03-31 (month over) · amounts in CNY · working days of 2099 estimated",
                "22 working days (estimated)",
            ),
        ],
    )
    def test_every_sheet_with_a_pace_says_so(
        self, lang: str, said: str, heading: str, tmp_path: Path
    ) -> None:
        plan = market_plan()
        settings = replace(plan.settings, year=2099, month=Month(2099, 3), as_of=date(2099, 3, 31))
        rows = actuals(
            {"month": Month(2099, month), "unit": unit, "kpi": "REV", "value": 40}
            for month in (1, 2, 3)
            for unit in ("T1", "T2")
        )
        values = cells(
            written(replace(plan, settings=settings, actuals=rows, tasks=()), tmp_path, lang=lang)
        )
        for title in (
            ("一页总览", "目标完成", "下月计划与预测")
            if lang == "zh"
            else ("Overview", "Targets", "Next month")
        ):
            assert any(str(one).startswith(said) for one in values[title].values()), title
        assert any(
            str(value).endswith(heading)
            for value in values["下月计划与预测" if lang == "zh" else "Next month"].values()
        )

    def test_a_published_year_says_nothing(self) -> None:
        assert "推定" not in report_of(market_plan()).context.subtitle


class TestRanking:
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_every_level_has_the_same_columns(self, lang: str, tmp_path: Path) -> None:
        """A KPI of teams alone leaves its columns blank at people."""
        people = tuple(
            Unit(code=f"P{i}", name=f"人{i}", level=Level.PERSON, parent="T1" if i < 3 else "T2")
            for i in range(1, 5)
        )
        teams = frozenset({Level.COMPANY, Level.TEAM})
        new = Kpi(
            code="NEW",
            name="新客户",
            kind=KpiKind.FLOW,
            unit="个",
            smallest_unit=D(1),
            target=D(24),
            weight=D(1),
            levels=teams,
        )
        plan = market_plan()
        made = [("REV", one.code) for one in people] + [("NEW", "T1"), ("NEW", "T2")]
        sold = actuals(
            {"day": date(YEAR, 3, 5), "unit": unit, "kpi": kpi, "value": 3} for kpi, unit in made
        )
        plan = replace(plan, units=(*plan.units, *people), kpis=(*plan.kpis, new), actuals=sold)
        rows = books.rows_of(
            written(plan, tmp_path, lang=lang), "目标完成" if lang == "zh" else "Targets"
        )
        heads = [
            row[6:]
            for row, below in pairwise(rows)
            if plan.kpis[0].name in row[5:] and below[1] in ("组织", "Unit")
        ]
        assert (
            len(heads) == 2
            and [one for one in heads[0] if one] == [plan.kpis[0].name, "新客户"]
            and [one for one in heads[1] if one] == [plan.kpis[0].name]
        )
        assert heads[0].index(plan.kpis[0].name) == heads[1].index(plan.kpis[0].name)


class TestWords:
    def test_equal_units_have_no_best(self) -> None:
        plan = market_plan({"T1": ("30", "30"), "T2": ("20", "20")})
        assert ranking_sentence(report_of(plan)) == "2 个单元得分相同 (100.0%)。"

    def test_all_exactly_at_target(self) -> None:
        plan = market_plan({"T1": ("30", "30"), "T2": ("20", "20")})
        sentences = overview_sentences(report_of(plan), HQ)
        assert len(sentences) == 3
        assert "年初至今各团队营收均恰好达标。" in sentences[1]

    def test_one_unit_is_not_compared(self) -> None:
        plan = market_plan()
        plan = replace(plan, units=plan.units[:2])
        assert "直属" not in overview_sentences(report_of(plan), HQ)[1]


class TestLeads:
    def test_a_kpi_leads_to_its_block_and_a_unit_to_its_rows(self, book: Path) -> None:
        opened = books.opened(book)
        links = {
            sheet.title: {
                cell.coordinate: cell.hyperlink.location
                for row in sheet.iter_rows()
                for cell in row
                if cell.hyperlink
            }
            for sheet in opened.worksheets
        }
        kpi = next(
            cell.coordinate
            for row in opened["一页总览"].iter_rows()
            for cell in row
            if cell.value == "营收"
        )
        sheet, target = str(links["一页总览"][kpi]).split("!")
        assert sheet == "'目标完成'" and "营收" in str(opened["目标完成"][target].value)
        name = next(
            cell.coordinate
            for row in opened["目标完成"].iter_rows()
            for cell in row
            if cell.value == "东队" and cell.coordinate in links["目标完成"]
        )
        sheet, target = str(links["目标完成"][name]).split("!")
        assert opened["目标完成"][target].value == "东队"
        assert target not in links["目标完成"], "the data sheet is hidden"

    def test_sheets_without_data_are_hidden_and_say_so_on_the_cover(self, book: Path) -> None:
        opened = books.opened(book)
        data = {Words("zh")(f"sheet_{key}") for key in DATA}
        hidden = {sheet.title for sheet in opened.worksheets if sheet.sheet_state == "hidden"}
        hidden -= data
        assert {"预算执行"} <= hidden <= {"预算执行", "行动计划执行"}
        assert "没有预算数据。" in cells(book)["关于本报告"].values()


class TestPictures:
    def test_every_kpi_has_its_small_picture(self, book: Path) -> None:
        with ZipFile(book) as package:
            overview = package.read("xl/worksheets/sheet1.xml").decode("utf-8")
        assert overview.count("<x14:sparkline>") == 1
        assert "目标完成" in overview[overview.index("<x14:sparkline>") :]

    def test_the_forecast_begins_at_the_actual_and_ends_at_its_range(self, book: Path) -> None:
        values = cells(book)["目标完成"]
        low, high = row_of(values, "预测累计(低)"), row_of(values, "预测累计(高)")
        landing = computed(market_plan()).pace["REV", "HQ"].landing.values()
        assert (low["G"], high["G"]) == (300, 300)
        assert (low["P"], high["P"]) == (
            pytest.approx(float(min(landing))),
            pytest.approx(float(max(landing))),
        )

    def test_the_burn_up_counts_tasks_by_month(self, book: Path) -> None:
        """K1 is due and done by the end of March, done in February; K2 is due in March, K3 in
        April.
        """
        values = cells(book)["行动计划执行"]
        column = next(
            re.sub(r"\d", "", cell) for cell, value in values.items() if value == "应完成(累计)"
        )
        done = next(
            re.sub(r"\d", "", cell) for cell, value in values.items() if value == "已完成(累计)"
        )
        head = next(
            int(re.sub(r"\D", "", cell))
            for cell, value in values.items()
            if value == "应完成(累计)"
        )
        assert [values[f"{column}{head + month}"] for month in (1, 2, 3, 4, 12)] == [0, 0, 2, 3, 3]
        assert [values.get(f"{done}{head + month}") for month in (1, 2, 3, 4)] == [0, 1, 1, None]

    def test_every_chart_names_cells_that_hold_something(self, book: Path) -> None:
        values = cells(book)
        for text in charts(book):
            for sheet, first, last in re.findall(
                r"<c:val>.*?<c:f>'?([^'!]+)'?!\$([A-Z]+\$\d+)(?::\$([A-Z]+\$\d+))?</c:f>", text
            ):
                assert first.replace("$", "") in values[sheet] or (
                    last and last.replace("$", "") in values[sheet]
                ), (sheet, first)

    def test_actual_and_target_have_the_same_colours_everywhere(self, book: Path) -> None:
        for text in charts(book):
            assert "4F81BD" not in text


def charts(path: Path) -> list[str]:
    with ZipFile(path) as package:
        return [
            package.read(name).decode("utf-8")
            for name in package.namelist()
            if name.startswith("xl/charts/chart")
        ]


def test_year_to_date_is_what_the_worked_case_says() -> None:
    found = computed(market_plan()).attainments["REV", "HQ", Span.YTD]
    assert (found.target, found.actual) == (300, 300)


def large_plan() -> Plan:
    """:func:`market_plan` in single units, with a goal of 1.2 thousand million."""
    plan = market_plan({"T1": ("41234567.89", "31234567.89"), "T2": ("1234567.89", "2134567.89")})
    kpi = replace(plan.kpis[0], unit="元", target=D("1234567890.12"))
    return replace(plan, kpis=(kpi,), targets=())


def columns_of(sheet: Worksheet) -> dict[int, ColumnDimension]:
    """By number; neighbours of one width stand in a book as one."""
    found = sheet.column_dimensions.values()
    return {number: one for one in found for number in range(one.min, one.max + 1)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_number_is_wider_than_its_cell(tmp_path: Path, lang: str) -> None:
    """Not even in a wider font than the workbook's: nothing is seen of a number without room."""
    plan = large_plan()
    write_report(plan, computed(plan), (), tmp_path / "r.xlsx", lang=lang, source_name="m.xlsx")
    seen, narrow = 0, []
    for sheet in load_workbook(tmp_path / "r.xlsx", data_only=True).worksheets:
        merged = {(one.min_row, one.min_col): one.max_col for one in sheet.merged_cells.ranges}
        columns = columns_of(sheet)
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            last = merged.get((cell.row, cell.column), cell.column)
            over = [columns.get(one) for one in range(cell.column, last + 1)]
            known = [one for one in over if one is not None and not one.hidden]
            if type(cell.value) not in (int, float) or not known:
                continue
            text = measure.shown(D(str(cell.value)), cell.number_format)
            needed = measure.number(text, int(cell.font.sz), bool(cell.font.b))
            seen += 1
            if cell.number_format != "General" and needed > sum(one.width - 0.72 for one in known):
                narrow.append((sheet.title, cell.coordinate, text))
    assert seen > 200
    assert not narrow


@pytest.mark.parametrize(
    ("lang", "unit", "values", "form"),
    [
        ("zh", "元", ("58297420.70", "-1439735.27"), r'0\.0,"万"'),
        ("zh", "元", ("5829742652.99", "100"), r'0\.00,,"亿"'),
        ("zh", "元", ("58297.42",), "#,##0"),
        ("zh", "元", ("9999.99",), ""),
        ("zh", "万元", ("849.53", "45.18"), ""),
        ("zh", "万元", ("58297.42",), "#,##0"),
        ("zh", "个", ("123456789",), "#,##0"),
        ("en", "CNY", ("58297420.70",), '#,##0.0,,"m"'),
        ("en", "CNY", (), ""),
    ],
)
def test_a_charts_labels_are_short(
    lang: str, unit: str, values: tuple[str, ...], form: str
) -> None:
    """A label that takes three lines is not read; short ones show what their cells show."""
    plan = large_plan()
    kpi = replace(plan.kpis[0], unit=unit)
    plan = replace(plan, kpis=(kpi,), settings=replace(plan.settings, currency="CNY"))
    context = Context(plan, computed(plan), (), lang, "x")
    assert context.label_format(kpi, *map(D, values)) == form


@pytest.mark.parametrize(
    ("unit", "goal", "smallest", "values", "form"),
    [
        ("万元", 1900, "0.01", ("849.53", "860"), "#,##0"),
        ("万元", 1900, "0.01", ("99.5", "8"), "#,##0.0"),
        ("万元", 1900, "0.01", ("-8.27",), "#,##0.00"),
        ("万元", 1900, "0.01", ("0.07",), "#,##0.00"),
        ("个", 1900, "1", ("7",), "#,##0"),
        ("万元", 1900, "0.01", (), "#,##0.00"),
        ("USD", 12_000_000, "1", ("1338466",), '#,##0,"k"'),
        ("USD", 12_000_000, "1", ("61740", "99"), '#,##0.0,"k"'),
        ("USD", 900_000_000, "1", ("1338466",), '#,##0.00,,"m"'),
        ("USD", 9_000, "0.01", ("1338.46",), "#,##0"),
    ],
)
def test_the_first_page_shows_three_digits(
    unit: str, goal: int, smallest: str, values: tuple[str, ...], form: str
) -> None:
    """Of figures side by side, those of the largest; never more places than the KPI has; money in
    the size of the sentences where a number format can show it.
    """
    settings = Settings(year=YEAR, currency="USD" if unit == "USD" else "CNY")
    kpi = Kpi(
        code="REV",
        name="Revenue",
        kind=KpiKind.FLOW,
        unit=unit,
        smallest_unit=D(smallest),
        target=D(goal),
    )
    plan = Plan(settings=settings, units=(HQ,), kpis=(kpi,))
    context = Context(plan, computed(plan), (), "en", "x")
    shown = context.brief_format(kpi, *map(D, values), None)
    assert shown == form
    for value in values:
        assert measure.shown(D(value), shown) == formatted(D(value), shown)
