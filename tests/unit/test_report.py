"""The monthly report: what its cells say, in which words, and that nothing is written twice
differently.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import RateWord
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import (
    Actuals,
    IssueRow,
    Kpi,
    KpiKind,
    Level,
    Light,
    Month,
    Plan,
    Settings,
    TargetBasis,
    Unit,
)
from salesplan.report import write_report
from salesplan.report.assembly import BELOW, READING_ORDER
from salesplan.report.figures.context import Context
from salesplan.report.figures.formulas import Formulas
from salesplan.report.figures.ledger import build
from salesplan.report.figures.score_sheet import Board
from salesplan.report.sections.targets import MOST_ROWS
from salesplan.report.texts.words import Words, all_texts
from salesplan.report.xlsx import measure
from salesplan.workbook.refs import cell_ref
from tests.books import opened
from tests.report_fixture import actuals, computed, odd_plan, random_plan

D = Decimal
ROOM = Path(__file__).parents[2] / "salesplan" / "report"


def written(plan: Plan, folder: Path, lang: str = "zh", results: Results | None = None) -> Path:
    path = folder / f"report-{lang}.xlsx"
    found = results or computed(plan)
    write_report(plan, found, found.findings, path, lang=lang, source_name="主计划.xlsx")
    return path


def cells(path: Path, *, formulas: bool = False) -> Mapping[str, Mapping[str, object]]:
    """Values (or formulas) by sheet and cell; who asks again has the same ones."""
    return _formulas(path.read_bytes()) if formulas else _values(path.read_bytes())


@lru_cache(maxsize=4)
def _values(data: bytes) -> Mapping[str, Mapping[str, object]]:
    """As calamine reads them, in a tenth of the time that openpyxl takes."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = {}
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        found[sheet] = {
            cell_ref(row, column): _whole(value)
            for row, values in enumerate(rows, 1)
            for column, value in enumerate(values, 1)
            if value != ""
        }
    return found


def _whole(value: object) -> object:
    """A number without a fraction as an int."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@lru_cache(maxsize=4)
def _formulas(data: bytes) -> Mapping[str, Mapping[str, object]]:
    from openpyxl import load_workbook

    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in load_workbook(BytesIO(data), read_only=True).worksheets
    }


def parts(path: Path) -> Iterator[tuple[str, str]]:
    with ZipFile(path) as package:
        for name in package.namelist():
            yield name, package.read(name).decode("utf-8")


def row_of(sheet: Mapping[str, object], *texts: str) -> dict[str, object]:
    """The cells, by column, of the first row that holds all the texts."""
    rows: dict[int, dict[str, object]] = {}
    for cell, value in sheet.items():
        found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
        assert found is not None
        rows.setdefault(int(found[2]), {})[found[1]] = value
    return next(
        row
        for row in rows.values()
        if set(texts) <= {value for value in row.values() if isinstance(value, str)}
    )


CLASSIC = {
    "ABS",
    "AND",
    "COLUMN",
    "COLUMNS",
    "COUNT",
    "COUNTIF",
    "EXACT",
    "IF",
    "INDEX",
    "ISNUMBER",
    "MAX",
    "MEDIAN",
    "MIN",
    "N",
    "NOT",
    "OR",
    "RANK",
    "ROUND",
    "ROUNDDOWN",
    "ROUNDUP",
    "SQRT",
    "SUM",
    "SUMPRODUCT",
}
"""Functions that every spreadsheet program has known since long."""


def functions(path: Path) -> set[str]:
    """The functions in a report's formulas."""
    used: set[str] = set()
    for sheet in cells(path, formulas=True).values():
        for value in sheet.values():
            if isinstance(value, str) and value.startswith("=") and "(" in value:
                used |= set(re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", value)))
    return used


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(odd_plan(), tmp_path_factory.mktemp("odd"))


class TestWords:
    def test_every_text_has_both_languages_with_the_same_facts(self) -> None:
        for key, (chinese, english) in all_texts().items():
            assert chinese and english, key
            names = [
                {name for _, name, _, _ in string.Formatter().parse(text) if name}
                for text in (chinese, english)
            ]
            assert names[0] == names[1], key

    def test_no_text_is_left_unused(self) -> None:
        code = "\n".join(
            path.read_text("utf-8") for path in ROOM.rglob("*.py") if path.parent.name != "texts"
        )
        literal = set(re.findall(r'"([a-z_]+)"', code))
        prefixes = (
            *re.findall(r"""f["']([a-z_]+_)\{""", code),
            *(
                f"{name}_"
                for name in re.findall(
                    r"""(?:Grid(?:\.of)?|listed)\(\s*\w+,\s*[\w.]+,\s*["']([a-z_]+)["']""", code
                )
            ),
        )
        assert {
            key for key in all_texts() if key not in literal and not key.startswith(prefixes)
        } == set()

    def test_an_unknown_key_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            Words("zh")("no-such-key")


class TestMeasure:
    @pytest.mark.parametrize(
        ("value", "number_format", "text"),
        [
            (D("1234.5"), "#,##0.00", "1,234.50"),
            (D("0.6875"), "0.0%", "68.8%"),
            (D("-3"), "+#,##0;-#,##0;#,##0", "-3"),
            (D("3"), "+#,##0;-#,##0;#,##0", "+3"),
            (None, "", ""),
            ("未设目标", "0.0%", "未设目标"),
            (date(2026, 6, 30), "", "2026-06-30"),
        ],
    )
    def test_shown_is_what_the_cell_shows(
        self, value: measure.Scalar, number_format: str, text: str
    ) -> None:
        assert measure.shown(value, number_format) == text

    def test_chinese_is_wider_than_latin(self) -> None:
        assert measure.width("目标") > measure.width("ab") * 1.8
        assert measure.lines("目标" * 20, 20.0) >= 4

    def test_a_line_break_counts(self) -> None:
        assert measure.lines("a\nb", 20.0) == 2


class TestOddPlan:
    def test_blanks_are_words_never_zero(self, odd: Path) -> None:
        overview = cells(odd)["一页总览"]
        no_target, no_actual = row_of(overview, "未定目标"), row_of(overview, "无实绩")
        assert "未设目标" in no_target.values()
        assert 0 not in [value for column, value in no_target.items() if column in "DF"]
        assert "未填报" in no_actual.values()

    def test_text_that_looks_like_a_formula_stays_text(self, odd: Path) -> None:
        for sheet in ("目标完成", "数据"):
            assert "=1+1" in cells(odd)[sheet].values()
        for name, text in parts(odd):
            if name.startswith("xl/worksheets/"):
                assert "<f>1+1</f>" not in text and "<f>HYPERLINK(1)</f>" not in text

    def test_what_people_wrote_stands_beside_its_problem_as_text(self, tmp_path: Path) -> None:
        plan = odd_plan()
        key = computed(plan).problems[0].key
        noted = replace(plan, issues=(IssueRow(code=key, cause="=HYPERLINK(1)", remedy="改进"),))
        row = row_of(cells(written(noted, tmp_path))["问题清单"], key)
        assert {"=HYPERLINK(1)", "改进"} <= set(row.values())
        assert all(
            "HYPERLINK" not in text
            for name, text in parts(tmp_path / "report-zh.xlsx")
            if name.startswith("xl/worksheets/")
        )

    def test_rates_are_the_engines(self, odd: Path) -> None:
        found = computed(odd_plan()).attainments["REV", "HQ", Span.YTD]
        assert found.rate.value is not None
        shown = cells(odd)["目标完成"].values()
        assert pytest.approx(float(found.rate.value)) in [v for v in shown if isinstance(v, float)]

    def test_an_improvement_shows_how_far_its_level_is_from_the_target_too(self, odd: Path) -> None:
        """Attainment less 1, beside the pace, which is measured from the base value."""
        plan = odd_plan()
        code = next(kpi.code for kpi in plan.kpis if kpi.basis is TargetBasis.IMPROVEMENT)
        one = computed(plan).attainments[code, "HQ", Span.MONTH]
        assert one.rate.level is not None
        name = next(kpi.name for kpi in plan.kpis if kpi.code == code)
        shown = [v for v in row_of(cells(odd)["一页总览"], name).values() if isinstance(v, float)]
        assert pytest.approx(float(one.rate.level) - 1) in shown

    def test_sections_without_data_say_so_and_draw_nothing(self, odd: Path) -> None:
        values = cells(odd)
        assert "行动计划中没有任务。" in values["行动计划执行"].values()
        assert "没有预算数据。" in values["预算执行"].values()
        assert "行动计划中没有任务。" in values["关于本报告"].values()

    def test_every_chart_has_values(self, odd: Path) -> None:
        charts = [text for name, text in parts(odd) if name.startswith("xl/charts/chart")]
        assert charts
        for text in charts:
            assert "<c:title>" in text or '<c:autoTitleDeleted val="1"/>' in text
            assert "<c:val>" in text


class TestBook:
    def test_two_runs_give_the_same_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        plan = random_plan(3)
        assert (
            written(plan, tmp_path / "a").read_bytes() == written(plan, tmp_path / "b").read_bytes()
        )

    def test_it_opens_on_the_overview(self, odd: Path) -> None:
        assert opened(odd).active.title == "一页总览"

    def test_its_dates_are_those_of_the_data(self, odd: Path) -> None:
        core = dict(parts(odd))["docProps/core.xml"]
        assert "2026-04-15T00:00:00Z" in core

    def test_links_stay_inside(self, odd: Path) -> None:
        for name, text in parts(odd):
            if name.endswith(".rels"):
                assert 'TargetMode="External"' not in text, name

    def test_no_link_leads_to_a_hidden_sheet(self, odd: Path, tmp_path: Path) -> None:
        """Of a plan with tasks and nothing to improve the sheet of improvements is hidden."""
        bare = replace(odd_plan(), issues=(), actuals=Actuals())
        for path in (odd, written(bare, tmp_path)):
            book = opened(path)
            hidden = {sheet.title for sheet in book if sheet.sheet_state != "visible"}
            assert hidden
            for sheet in book:
                for link in sheet._hyperlinks:
                    name = str(link.location).rpartition("!")[0].strip("'")
                    assert name not in hidden, (path, sheet.title, link.ref)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_every_sheet_prints_on_a4_across_with_page_numbers(
        self, tmp_path: Path, lang: str
    ) -> None:
        for sheet in opened(written(odd_plan(), tmp_path, lang)).worksheets:
            assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), (
                sheet.title
            )
            assert "&P" in str(sheet.oddFooter.center.text), sheet.title

    def test_settings_are_named_and_used_by_name(self, odd: Path) -> None:
        names = set(opened(odd).defined_names)
        used = " ".join(
            str(value)
            for sheet in cells(odd, formulas=True).values()
            for value in sheet.values()
            if str(value).startswith("=")
        )
        assert {"绿灯线", "黄灯线", "得分上限", "时间进度", "数据截止日"} <= names
        for name in (
            "绿灯线",
            "黄灯线",
            "月内波动",
            "得分上限",
            "说明下限",
            "报告月序",
            "时间进度",
        ):
            assert name in used, name

    def test_every_formula_has_its_result(self, odd: Path) -> None:
        formulas, values = cells(odd, formulas=True), cells(odd)
        for sheet, found in formulas.items():
            for cell, value in found.items():
                if (
                    isinstance(value, str)
                    and value.startswith("=")
                    and values[sheet].get(cell) != value
                ):
                    assert values[sheet].get(cell) is not None, f"{sheet}!{cell} {value}"

    def test_an_old_report_survives_a_run_that_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = written(odd_plan(), tmp_path)
        before = path.read_bytes()

        def fail(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr("salesplan.report.xlsx.writer.Book.close", fail)
        with pytest.raises(OSError, match="disk full"):
            written(odd_plan(), tmp_path)
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == [path.name]

    def test_a_folder_that_is_not_there_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(OSError):
            written(odd_plan(), tmp_path / "missing")

    def test_an_empty_plan_gives_a_report(self, tmp_path: Path) -> None:
        plan = Plan(settings=Settings(year=2026, month=Month(2026, 1), as_of=date(2026, 1, 31)))
        values = cells(written(plan, tmp_path))
        assert "本期没有目标与实绩数据。" in values["一页总览"].values()

    def test_findings_are_listed_and_counted(self, tmp_path: Path) -> None:
        from salesplan.messages import catalogue, severity, text

        code = next(code for code, message in catalogue().items() if "{" not in message.zh)
        finding = Finding.of(code)
        plan, path = odd_plan(), tmp_path / "r.xlsx"
        write_report(plan, computed(plan), [finding], path, lang="zh", source_name="m.xlsx")
        values = cells(path)
        assert text(finding, "zh") in values["关于本报告"].values()
        counts = [int(severity(finding) == grade) for grade in (3, 2, 1)]
        said = Words("zh")(
            "sentence_checks", errors=str(counts[0]), warnings=str(counts[1]), notes=str(counts[2])
        )
        assert said in values["关于本报告"].values()


class TestFormulas:
    def formulas(self) -> Formulas:
        words = Words("zh")
        keys = [key.removeprefix("name_") for key in all_texts() if key.startswith("name_")]
        return Formulas(
            {key: words(f"name_{key}") for key in keys},
            {w: words(f"rate_{w.value}") for w in RateWord},
            dict.fromkeys(Light, "x"),
            "—",
        )

    def test_only_classic_functions(self, odd: Path) -> None:
        assert functions(odd) - CLASSIC == set()

    def test_a_rate_speaks_of_what_is_missing_first(self) -> None:
        assert self.formulas().rate("A1", "B1", sign=1).endswith(",B1),A1)")


class TestLedger:
    def ledger_of(self, plan: Plan) -> Board:
        context = Context(plan, computed(plan), (), "zh", "m.xlsx")
        return Board(
            build(context, TestFormulas().formulas(), "数据", "数据-分子分母"), "数据-得分"
        )

    def test_a_figure_that_does_not_follow_from_its_row_has_no_formula(self) -> None:
        """Two months of a rate were stated without parts: each can be shown, their year to date
        cannot.
        """
        kpi = Kpi(code="W", name="率", kind=KpiKind.RATIO, unit="%", target=D("0.5"))
        unit = Unit(code="HQ", name="总", level=Level.COMPANY)
        rows = [
            {"day": date(2026, month, 3), "unit": "HQ", "kpi": "W", "value": "0.4"}
            for month in (1, 2)
        ]
        settings = Settings(year=2026, month=Month(2026, 3), as_of=date(2026, 3, 31))
        ledger = self.ledger_of(
            Plan(settings=settings, units=(unit,), kpis=(kpi,), actuals=actuals(rows))
        ).ledger
        row = ledger.by_pair["W", "HQ"]
        assert row.values["actual1"] == D("0.4")
        assert row.values["ytd_actual"] == "未填报"
        assert ledger.formula(row, "ytd_actual") is None
        assert ledger.formula(row, "ytd_rate") is not None

    def test_ranks_count_within_a_level(self) -> None:
        board = self.ledger_of(random_plan(3))
        for kpi in board.kpis:
            for level in Level:
                rows = [
                    row
                    for row in board.ledger.rows
                    if row.kpi is kpi
                    and row.unit.level is level
                    and isinstance(row.values["rank"], int)
                ]
                best = [row for row in rows if row.values["rank"] == 1]
                assert (
                    not rows
                    or max(row.values["ytd_rate"] for row in rows) == best[0].values["ytd_rate"]
                )  # type: ignore[type-var]

    def test_a_large_plan_keeps_persons_on_the_data_sheet(self, tmp_path: Path) -> None:
        units = [
            Unit(code="HQ", name="总", level=Level.COMPANY),
            Unit(code="T", name="队", level=Level.TEAM, parent="HQ"),
        ]
        units += [
            Unit(code=f"P{n}", name=f"人{n}", level=Level.PERSON, parent="T")
            for n in range(MOST_ROWS)
        ]
        kpi = Kpi(code="REV", name="营收", kind=KpiKind.FLOW, unit="元", target=D(MOST_ROWS * 12))
        plan = Plan(
            settings=Settings(year=2026, month=Month(2026, 2), as_of=date(2026, 2, 28)),
            units=tuple(units),
            kpis=(kpi,),
        )
        from python_calamine import load_workbook

        book = load_workbook(str(written(plan, tmp_path)))
        assert book.get_sheet_by_name("数据").height > MOST_ROWS
        shown = book.get_sheet_by_name("目标完成").to_python()
        assert len(shown) < 40
        assert any("另有 1,500 行" in str(cell) for row in shown for cell in row)


def test_the_sheets_are_in_reading_order(odd: Path) -> None:
    words = Words("zh")
    assert list(cells(odd)) == [
        words(f"sheet_{key}")
        for key in READING_ORDER
        if key
        not in (
            *("card", "company", "steps", "bookings", "customers", "pipeline", "products"),
            "lessons",
            *BELOW,
        )
    ]
