"""Tables to records: blank, broken, double and missing cells, and what becomes of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from salesplan.findings import Place, SalesplanError, Severity
from salesplan.messages import fix, severity, text
from salesplan.plan import loader
from salesplan.plan.loader import load, wanted_tables
from salesplan.plan.model import AmountUnit, Approval, KpiKind, Level, Month, Origin, SplitMethod
from salesplan.plan.schema import SETTINGS, SHEETS, sheet
from salesplan.template import write_template
from salesplan.workbook.read.cells import NO_RESULT, ErrorValue
from tests.unit.masters import (
    SETTING_ROW,
    SOUND,
    checks_of,
    edited,
    read,
    setting_cell,
    settings_edit,
    write,
)

YEAR_CELL = f"B{SETTING_ROW['year']}"


def codes(rows: Any, **more: Any) -> list[tuple[str, str]]:
    return [(f.code, str(f.place)) for f in read(rows, **more)[1]]


def test_the_sound_master_is_read_as_it_stands() -> None:
    plan, findings = read(SOUND)
    assert findings == []
    assert (
        plan.settings.year == 2026
        and plan.settings.amount_unit is AmountUnit.WAN
        and plan.settings.month == Month(2026, 3)
    )
    assert plan.settings.approvers == ("王总", "李总") and (
        plan.settings.explain_low,
        plan.settings.explain_high,
    ) == (Decimal("0.9"), Decimal("1.1"))
    assert plan.settings.places["year"] == Place("master.xlsx", "设置", YEAR_CELL)
    assert [(u.code, u.level, u.parent, u.coefficient) for u in plan.units[:2]] == [
        ("C1", Level.COMPANY, None, None),
        ("T1", Level.TEAM, "C1", Decimal("0.6")),
    ]
    assert plan.kpis[2].kind is KpiKind.COHORT_RATIO and plan.kpis[0].smallest_unit == Decimal(
        "0.01"
    )
    assert plan.seasonality[0].history == (None, None, Decimal(41))
    assert plan.category_shares[1].reserve and not plan.category_shares[0].reserve
    assert (
        plan.draws[0].status is Approval.APPROVED
        and plan.calendar[0].official
        and not plan.calendar[0].working
    )
    assert (
        plan.lessons[0].period == ""
        and plan.changes[0].after == "2026-05-08"
        and plan.changes[0].notify == ("P2", "T1")
    )
    assert plan.units[1].origin.place("coefficient") == Place("master.xlsx", "组织", "G3")


def test_blank_zero_text_error_value_and_missing_result_are_five_things() -> None:
    cells: Sequence[Any] = (None, 0, "十", ErrorValue("#REF!"), NO_RESULT)
    plan, findings = read(
        edited(
            {
                "budget": {
                    i + 2: {
                        "code": f"B{i}",
                        "category": "获客",
                        "region": "重点区域",
                        "requested": cell,
                    }
                    for i, cell in enumerate(cells)
                }
            }
        )
    )
    assert [(line.requested, "requested" in line.broken) for line in plan.budget] == [
        (None, False),
        (Decimal(0), False),
        (None, True),
        (None, True),
        (None, True),
    ]
    assert [(f.code, f.place.cell) for f in findings] == [
        ("text-not-number", "G4"),
        ("cell-error-value", "G5"),
        ("formula-without-result", "G6"),
    ]


def test_a_row_without_a_required_cell_is_left_out_and_said() -> None:
    plan, findings = read(edited({"units": {6: {"level": None, "name": None}}}))
    assert [(f.code, f.place.cell) for f in findings] == [
        ("required-blank", "B6"),
        ("required-blank", "C6"),
    ]
    assert "P2" not in plan.unit_by_code and plan.dropped == {"units": frozenset({"P2"})}
    assert (
        text(findings[0], "zh") == "必填的“名称”是空的, 这一行不能使用。"
        and text(findings[0], "en") == "The required “Name” is blank, so the row cannot be used."
    )


def test_a_broken_required_cell_is_said_once() -> None:
    assert codes(edited({"units": {6: {"level": "小队"}}})) == [("choice-unknown", "组织!C6")]


def test_rows_with_nothing_of_the_planner_are_passed_over() -> None:
    plan, findings = read(
        edited(
            {
                "units": {7: {"presence": 1.0}, 8: {"code": "  "}},
                "budget": {3: {"granted": 5.0}},
                "targets": {4: {"year": 3.0}},
            }
        )
    )
    assert (findings, len(plan.units), len(plan.budget), len(plan.targets)) == ([], 5, 1, 2)


def test_of_two_rows_with_one_code_the_first_counts_and_both_cells_are_named() -> None:
    plan, findings = read(
        edited({"units": {7: {"code": "Ｔ1 ", "name": "又一个", "level": "团队", "parent": "C1"}}})
    )
    assert [(f.code, f.place.cell, f.params["first"]) for f in findings] == [
        ("duplicate-code", "A7", "组织!A3")
    ]
    assert plan.unit_by_code["T1"].name == "华东" and len(plan.units) == 5


def test_rows_of_one_kpi_and_unit_are_doubles_too() -> None:
    assert codes(edited({"targets": {4: {"kpi": "REV", "unit": "T1"}}})) == [
        ("duplicate-code", "目标分解!A4")
    ]


def test_codes_that_only_look_alike_in_excel_are_one() -> None:
    plan, findings = read(edited({"units": {6: {"code": 1001.0}}, "tasks": {3: {"owner": "1001"}}}))
    assert findings == [] and plan.tasks[1].owner in plan.unit_by_code


def test_a_number_as_text_is_used_with_a_warning_and_one_with_a_unit_is_not() -> None:
    plan, findings = read(edited({"kpis": {2: {"target": "1,234.5", "floor": "12万"}}}))
    assert (plan.kpis[0].target, plan.kpis[0].floor, plan.kpis[0].broken) == (
        Decimal("1234.5"),
        None,
        frozenset({"floor"}),
    )
    assert [(f.code, f.place.cell) for f in findings] == [
        ("number-as-text", "K2"),
        ("number-with-unit", "L2"),
    ]


def test_months_stand_in_fiscal_order() -> None:
    rows = edited(
        {
            **settings_edit(fiscal_start=4, month="2026-05"),
            "targets": {
                3: {f"manual{i}": float(i) for i in range(1, 13)}
                | {"month4": 44.0, "base_year": 300.0, "year": 310.0}
            },
        }
    )
    plan, findings = read(rows)
    assert findings == [] and plan.settings.months[0] == Month(2026, 4)
    row = plan.targets[1]
    assert [int(value or 0) for value in row.manual_months] == [
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        1,
        2,
        3,
    ]
    assert (row.stored_months[0], row.stored_base_year, row.stored_year) == (
        Decimal(44),
        Decimal(300),
        Decimal(310),
    )


def test_a_broken_month_breaks_the_field_it_belongs_to() -> None:
    plan, findings = read(
        edited({"targets": {3: {"manual3": "十", "month4": ErrorValue("#N/A"), "method": "手工"}}})
    )
    row = plan.targets[1]
    assert {"manual_months", "stored_months"} <= row.broken and row.method is SplitMethod.MANUAL
    assert [f.code for f in findings] == ["text-not-number"], (
        "engine columns are written anew: no finding"
    )


def test_a_month_that_is_none_is_left_out() -> None:
    plan, findings = read(edited({"seasonality": {2: {"month": 13}}}))
    assert [(f.code, str(f.place)) for f in findings] == [
        ("month-number-outside", "季节系数!B2")
    ] and len(plan.seasonality) == 11


def test_a_month_of_the_year_may_be_written_as_people_do() -> None:
    plan, findings = read(
        edited(
            {
                "seasonality": {
                    row: {"month": text}
                    for row, text in ((2, "1月"), (3, "２ 月"), (4, "3月份"), (5, "4"))
                }
            }
        )
    )
    assert [one.month for one in plan.seasonality] == list(range(1, 13))
    assert [(f.code, str(f.place)) for f in findings] == [("number-as-text", "季节系数!B5")]
    assert [
        (f.code, str(f.place)) for f in read(edited({"seasonality": {2: {"month": "一月"}}}))[1]
    ][:1] == [("text-not-number", "季节系数!B2")]


def test_an_incomplete_draw_stays_so_that_the_reserve_can_speak_of_it() -> None:
    plan, findings = read(edited({"draws": {2: {"amount": None}}}))
    assert (
        [f.code for f in findings] == ["required-blank"]
        and plan.draws[0].amount is None
        and plan.draws[0].reason == "客户投诉"
    )


def test_an_issue_keeps_what_the_planner_wrote() -> None:
    plan, findings = read(
        edited(
            {
                "issues": {
                    2: {"code": "REV/T1", "first_month": "2026-02", "cause": "缺人"},
                    3: {"remedy": "招人"},
                    4: {"code": "NEW/T1"},
                }
            }
        )
    )
    assert findings == [] and [(row.code, row.cause, row.remedy) for row in plan.issues] == [
        ("REV/T1", "缺人", ""),
        ("", "", "招人"),
        ("NEW/T1", "", ""),
    ]
    assert plan.issues[0].first_month == Month(2026, 2)


class TestSettings:
    def test_silence_means_the_defaults(self) -> None:
        plan, findings = read({"settings": [{"name": "计划年度", "value": 2026.0}]})
        assert findings == [] and plan.settings.year == 2026
        assert (
            plan.settings.amount_unit,
            plan.settings.green,
            plan.settings.cross_department_days,
        ) == (AmountUnit.YUAN, Decimal(1), 3)

    @pytest.mark.parametrize(
        "name", ["Plan year", " plan  YEAR ", "年度", "计划年度：", "ｐｌａｎ ｙｅａｒ"]
    )
    def test_names_of_any_language_and_spelling(self, name: str) -> None:
        assert read({"settings": [{"name": name, "value": 2027}]})[0].settings.year == 2027

    @pytest.mark.parametrize(
        ("setting", "value", "code"),
        [
            ("year", 26, "setting-out-of-range"),
            ("year", "2026年", "text-not-number"),
            ("fiscal_start", 13, "setting-out-of-range"),
            ("technical_days", -1, "setting-out-of-range"),
            ("reserve_share", 1.2, "setting-out-of-range"),
            ("reserve_share", 10, "percent-as-number"),
            ("explain_range", "110%-90%", "explain-range-unreadable"),
            ("explain_range", 0.1, "explain-range-unreadable"),
            ("lang", "français", "language-unknown"),
            ("amount_unit", "千元", "choice-unknown"),
            ("budget_total", "100万", "number-with-unit"),
            ("as_of", "月底", "text-not-date"),
        ],
    )
    def test_a_setting_that_cannot_be_is_said_at_its_cell(
        self, setting: str, value: Any, code: str
    ) -> None:
        plan, findings = read(edited(settings_edit(**{setting: value})))
        assert [(f.code, f.place.cell) for f in findings] == [(code, f"B{SETTING_ROW[setting]}")]
        assert setting in plan.settings.broken
        assert "{" not in text(findings[0], "zh") + text(findings[0], "en")

    def test_an_unknown_name_is_noted_with_the_nearest(self) -> None:
        [finding] = read(
            {"settings": [{"name": "计划年度", "value": 2026}, {"name": "预算总款", "value": 5}]}
        )[1]
        assert (finding.code, finding.place.cell) == (
            "setting-unknown",
            "A3",
        ) and "预算总额" not in text(finding, "zh")
        assert finding.params["near"].zh == "预算总额"  # type: ignore[attr-defined]

    def test_a_setting_given_twice(self) -> None:
        plan, findings = read(
            {
                "settings": [
                    {"name": "计划年度", "value": 2026},
                    {"name": "Plan year", "value": 2027},
                ]
            }
        )
        assert [(f.code, f.place.cell, f.params["first"]) for f in findings] == [
            ("duplicate-code", "A3", "设置!B2")
        ] and plan.settings.year == 2026

    @pytest.mark.parametrize(("start", "year"), [(None, 2026), (4, 2025)])
    def test_without_a_year_the_run_goes_on_with_that_of_the_data(
        self, start: int | None, year: int
    ) -> None:
        plan, findings = read(edited(settings_edit(year=None, fiscal_start=start)))
        assert [(f.code, f.place.cell, f.params["year"]) for f in findings] == [
            ("year-missing", YEAR_CELL, str(year))
        ]
        assert plan.settings.year == year
        without = edited(settings_edit(year=None, as_of=None))
        assert read(without)[0].settings.year == 2026, "the actuals' year"

    @pytest.mark.parametrize(
        ("lang", "expected"),
        [("zh", "zh"), ("English", "en"), ("EN", "en"), ("中文", "zh"), (None, "zh")],
    )
    def test_the_language(self, lang: str | None, expected: str) -> None:
        assert read(edited(settings_edit(lang=lang)))[0].settings.lang == expected


class TestActuals:
    def test_columns_of_one_length_in_millionths(self) -> None:
        plan, _ = read(SOUND)
        actuals = plan.actuals
        assert (actuals.day[0], actuals.month[0], actuals.value[0]) == (
            date(2026, 1, 20),
            Month(2026, 1),
            20_000_000,
        )
        assert (
            actuals.day[2],
            actuals.month[2],
            actuals.value[2],
            actuals.numerator[2],
            actuals.denominator[2],
        ) == (None, Month(2026, 2), None, 30_000_000, 60_000_000)
        assert {
            len(getattr(actuals, name))
            for name in (
                "rows",
                "day",
                "month",
                "unit",
                "kpi",
                "product",
                "region",
                "customer",
                "channel",
                "quantity",
                "value",
                "numerator",
                "denominator",
            )
        } == {3}
        assert (
            actuals.place(1, "value") == Place("master.xlsx", "实绩", "I3")
            and actuals.channel == [""] * 3
        )

    @pytest.mark.parametrize(
        "value",
        [
            0.07,
            1234567.89,
            0.1 + 0.2,
            -999_999_999.123456,
            987654321.654321,
            4_503_599_627.37,
            123456789012.34,
            3,
            10**12,
        ],
    )
    def test_every_figure_is_exact_to_the_millionth(self, value: float) -> None:
        plan, _ = read(edited({"actuals": {2: {"value": value}}}))
        assert plan.actuals.value[0] == round(Decimal(repr(value)) * 1_000_000)

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"day": "三月"}, ("text-not-date", "实绩!A3")),
            ({"day": None}, ("required-blank", "实绩!A3")),
            ({"unit": None}, ("required-blank", "实绩!B3")),
            ({"kpi": "  "}, ("required-blank", "实绩!C3")),
            ({"value": "12万"}, ("number-with-unit", "实绩!I3")),
            ({"value": NO_RESULT}, ("formula-without-result", "实绩!I3")),
            ({"numerator": ErrorValue("#DIV/0!")}, ("cell-error-value", "实绩!J3")),
            ({"quantity": "若干"}, ("text-not-number", "实绩!H3")),
            ({"value": 1e30}, ("number-too-large", "实绩!I3")),
            ({"numerator": 10**18}, ("number-too-large", "实绩!J3")),
        ],
    )
    def test_a_row_that_cannot_be_read_is_left_out_and_listed(
        self, cells: Mapping[str, Any], found: tuple[str, str]
    ) -> None:
        plan, findings = read(edited({"actuals": {3: dict(cells)}}))
        assert [(f.code, str(f.place)) for f in findings] == [found]
        assert (list(plan.actuals.rows), plan.actuals.broken_rows, len(plan.actuals.value)) == (
            [2, 4],
            frozenset({3}),
            2,
        )

    def test_what_was_meant_is_used_with_a_warning(self) -> None:
        plan, findings = read(edited({"actuals": {3: {"day": "2026/3/20", "value": "1,200"}}}))
        assert [(f.code, f.place.cell) for f in findings] == [
            ("date-as-text", "A3"),
            ("number-as-text", "I3"),
        ]
        assert (plan.actuals.day[1], plan.actuals.value[1], plan.actuals.broken_rows) == (
            date(2026, 3, 20),
            1_200_000_000,
            frozenset(),
        )

    def test_twenty_of_a_kind_are_listed_and_the_rest_counted(self) -> None:
        plan, findings = read(
            edited(
                {
                    "actuals": {
                        row: {"day": "某日", "unit": "P1", "kpi": "REV", "value": 1.0}
                        for row in range(5, 55)
                    }
                }
            )
        )
        assert [f.code for f in findings] == ["text-not-date"] * 20 + ["more-of-the-same"]
        assert (findings[-1].params["count"], findings[-1].place.cell) == (30, "A25")
        assert len(plan.actuals) == 3 and len(plan.actuals.broken_rows) == 50


def test_a_table_without_a_required_column_gives_no_rows() -> None:
    """Finding the table says which column is missing; its rows are not blamed for it."""
    plan, findings = read(
        SOUND | {"actuals": [], "units": [{"code": "C1", "name": "公司"}]},
        absent={"units": ("level",), "actuals": ("kpi",)},
    )
    assert plan.units == () and len(plan.actuals) == 0
    assert not [f for f in findings if f.place.sheet in ("组织", "实绩")]


def test_the_schema_asks_for_every_table_by_every_name() -> None:
    wanted = {one.key: one for one in wanted_tables()}
    assert (
        wanted["units"].sheets[:2] == ("组织", "Organization")
        and "贡献度" in wanted["units"].columns["coefficient"]
    )
    assert wanted["units"].required == {"code", "name", "level"}
    assert wanted.keys() >= {"caps", "checks", "settings"}


class TestFiles:
    def test_a_file_is_read_as_its_tables(self, tmp_path: Path) -> None:
        loaded = load(write(tmp_path / "master.xlsx", SOUND))
        plan = read(SOUND)[0]
        assert (
            loaded.findings == ()
            and loaded.lang == "zh"
            and loaded.path.name == "master.xlsx"
            and len(loaded.sha256) == 64
        )
        for name in (
            "units",
            "kpis",
            "seasonality",
            "targets",
            "situation",
            "strategies",
            "tasks",
            "budget",
            "spending",
            "draws",
            "daily",
            "weekly",
            "changes",
            "lessons",
            "calendar",
        ):
            got, expected = getattr(loaded.plan, name), getattr(plan, name)
            assert [replace(r, origin=Origin()) for r in got] == [
                replace(r, origin=Origin()) for r in expected
            ], name
            assert [r.origin.row for r in got] == [r.origin.row for r in expected]
        assert list(loaded.plan.actuals.value) == list(plan.actuals.value) and list(
            loaded.plan.actuals.unit
        ) == list(plan.actuals.unit)
        assert [s.share for s in loaded.plan.region_shares] == [Decimal("0.6"), Decimal("0.4")]
        assert checks_of(loaded.plan) == []

    def test_an_english_master_speaks_english(self, tmp_path: Path) -> None:
        rows = edited(settings_edit(lang=None))
        for row, setting in zip(rows["settings"], SETTINGS, strict=True):
            row["name"] = setting.en
        loaded = load(write(tmp_path / "plan.xlsx", rows, "en"))
        assert [one.code for one in loaded.findings] == ["country-assumed"]
        assert loaded.lang == loaded.plan.settings.lang == "en"
        assert len(loaded.plan.units) == 5 and loaded.plan.settings.year == 2026

    @pytest.mark.parametrize(("lang", "country"), [("en", "US"), ("en", "CN"), ("zh", None)])
    def test_china_s_working_days_are_told_where_english_speakers_asked_for_none(
        self, tmp_path: Path, lang: str, country: str | None
    ) -> None:
        rows = edited(settings_edit(lang=lang, country=country))
        assert load(write(tmp_path / "plan.xlsx", rows)).findings == ()
        silent = edited(settings_edit(lang="en", country=None))
        (said,) = load(write(tmp_path / "plan.xlsx", silent)).findings
        assert said.code == "country-assumed" and str(said.place).endswith(setting_cell("country"))

    def test_sheets_that_a_run_does_not_need_may_be_missing(self, tmp_path: Path) -> None:
        skip = [one.key for one in SHEETS if one.key not in {*loader.REQUIRED_SHEETS, "settings"}]
        loaded = load(write(tmp_path / "small.xlsx", SOUND, skip=skip))
        assert loaded.findings == () and loaded.plan.tasks == () and len(loaded.plan.actuals) == 0
        assert [f.code for f in checks_of(loaded.plan)] == ["actuals-none"], (
            "a note: a month is asked for of which nothing is known"
        )

    def test_without_settings_the_year_is_that_of_the_data(self, tmp_path: Path) -> None:
        loaded = load(write(tmp_path / "small.xlsx", SOUND, skip=["settings"]))
        (said,) = [f for f in loaded.findings if f.code == "year-assumed"]
        assert (severity(said), said.params["year"]) == (Severity.NOTE, "2026")
        assert loaded.plan.settings.year == 2026

    def test_without_settings_a_date_of_years_to_come_is_not_the_plans_year(
        self, tmp_path: Path
    ) -> None:
        wrong = {
            "actuals": {9: {"day": date(2126, 5, 1), "unit": "P1", "kpi": "REV", "value": 1.0}}
        }
        loaded = load(write(tmp_path / "small.xlsx", edited(wrong), skip=["settings"]))
        assert loaded.plan.settings.year == 2026
        assert "actual-outside-year" in {finding.code for finding in checks_of(loaded.plan)}

    @pytest.mark.parametrize("key", loader.REQUIRED_SHEETS)
    def test_a_missing_sheet_is_named(self, tmp_path: Path, key: str) -> None:
        loaded = load(write(tmp_path / "master.xlsx", SOUND, skip=[key]))
        missing = [f for f in loaded.findings if f.code == "sheet-missing"]
        assert (
            len(missing) == 1
            and sheet(key).zh in text(missing[0], "zh")
            and sheet(key).en in text(missing[0], "en")
        )

    def test_a_table_on_a_sheet_of_another_name_is_found_by_its_headers(
        self, tmp_path: Path
    ) -> None:
        path = write(tmp_path / "master.xlsx", SOUND)
        book = load_workbook(path)
        book["组织"].title = "人员名单"
        book.save(path)
        loaded = load(path)
        assert loaded.findings == () and len(loaded.plan.units) == 5
        assert str(loaded.plan.units[1].origin.place("code")) == "人员名单!A3"

    @pytest.mark.parametrize(
        ("headers", "said"),
        [
            ({"G1": "贡献 系数\n(占上级)"}, [("column-alike", "组织!G1", "coefficient")]),
            ({"G1": "占比"}, [("column-alike", "组织!G1", "coefficient")]),
            ({"G1": "占比", "M1": "片区"}, [("columns-unread", "组织!G1", "")]),
            (
                {"G1": "占比", "M1": "所在区域"},
                [("columns-unread", "组织!G1", ""), ("column-alike", "组织!M1", "region")],
            ),
            (
                {"B1": "单元"},
                [("column-alike", "组织!B1", "name"), ("column-missing", "组织!A1", "")],
            ),
            ({"Q1": "工龄"}, []),
            ({"J1": "工龄"}, []),
        ],
    )
    def test_a_column_by_another_name_is_not_lost_in_silence(
        self, tmp_path: Path, headers: Mapping[str, str], said: list[tuple[str, str, str]]
    ) -> None:
        """A column of the planner's own (Q), or an unknown header over nothing (J), is no reason to
        say anything.
        """
        path = write(
            tmp_path / "master.xlsx",
            edited({"units": {row: {"region": "东"} for row in range(3, 7)}}),
            typed={"组织": headers | ({"Q2": 3} if "Q1" in headers else {})},
        )
        found = [f for f in load(path).findings if f.code.startswith("column")]
        assert sorted(
            (f.code, str(f.place), getattr(f.params.get("column"), "key", "")) for f in found
        ) == sorted(said)
        assert all(
            "—" not in text(f, lang) and "{" not in fix(f, lang)
            for f in found
            for lang in ("zh", "en")
        )

    def test_a_new_master_says_what_to_fill_in_first(self, tmp_path: Path) -> None:
        write_template(tmp_path / "new.xlsx", lang="zh", year=2026)
        found = load(tmp_path / "new.xlsx").findings
        assert [(f.code, str(f.place)) for f in found] == [
            ("table-empty", "组织!A6"),
            ("table-empty", "指标!A6"),
        ]

    def test_findings_name_the_workbook(self, tmp_path: Path) -> None:
        path = write(tmp_path / "master.xlsx", SOUND, typed={"组织": {"C1": "级别"}})
        findings = load(path).findings
        assert findings and all(f.place.workbook == "master.xlsx" for f in findings)
        assert "column-missing" in {f.code for f in findings}

    def test_a_workbook_of_something_else_is_no_master(self, tmp_path: Path) -> None:
        from openpyxl import Workbook

        book = Workbook()
        book.active.title = "工资表"
        book.save(tmp_path / "other.xlsx")
        with pytest.raises(SalesplanError) as error:
            load(tmp_path / "other.xlsx")
        assert (error.value.finding.code, error.value.exit_code) == ("not-a-master", 4)
        assert "组织、指标" in fix(error.value.finding, "zh")

    def test_a_file_that_is_no_workbook_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.xlsx").write_text("<html></html>")
        with pytest.raises(SalesplanError) as error:
            load(tmp_path / "x.xlsx")
        assert error.value.exit_code == 4


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("申请额（万元）", []),
        ("申请额(元)", ["header-unit-differs"]),
        ("申请额(USD)", ["header-unit-differs"]),
    ],
)
def test_a_unit_behind_a_header_is_held_against_the_settings(
    tmp_path: Path, header: str, found: list[str]
) -> None:
    """The plan is in 万元 and CNY: the same figures in 元 or USD would be something else."""
    path = write(tmp_path / "m.xlsx", SOUND, typed={"预算": {"G1": header}})
    loaded = load(path)
    assert loaded.plan.budget[0].requested == read(SOUND)[0].budget[0].requested
    assert [one.code for one in loaded.findings] == found
    assert all(str(one.place) == "预算!G1" for one in loaded.findings)


def test_a_setting_with_its_unit_in_brackets() -> None:
    rows = edited({"settings": {SETTING_ROW["budget_total"]: {"name": "预算总额（万元）："}}})
    assert codes(rows) == [] and read(rows)[0].settings.budget_total == 100
    rows = edited({"settings": {SETTING_ROW["budget_total"]: {"name": "预算总额(元)"}}})
    assert codes(rows) == [("header-unit-differs", setting_cell("budget_total"))]


@pytest.mark.parametrize(("header", "broken"), [("月份", []), ("日期", [2])])
def test_a_bare_number_is_a_month_under_that_header_only(
    tmp_path: Path, header: str, broken: list[int]
) -> None:
    """6 under 月份 is June; under 日期 it could be the sixth."""
    rows = edited({"actuals": {2: {"day": 6}, 3: {"day": "3月5日"}, 4: {"day": "6月"}}})
    path = write(tmp_path / "m.xlsx", rows, typed={"实绩": {"A1": header}})
    actuals = load(path).plan.actuals
    assert sorted(actuals.broken_rows) == broken
    assert list(actuals.month)[-2:] == [Month(2026, 3), Month(2026, 6)]


@pytest.mark.parametrize(
    ("subject", "field", "key"),
    [
        ("REV", "公司年度目标", ("kpis", "target")),
        ("REV", "公司年度目标（万元）", ("kpis", "target")),
        ("REV", "手工年度目标", ("kpis", "target")),
        ("REV/C1", "公司年度目标", ("kpis", "target")),
        ("REV/T1", "年度目标", ("targets", "manual_year")),
        ("REV/T1", "手工年度目标：", ("targets", "manual_year")),
        ("REV/T1", "公司年度目标", None),
        ("REV/T1", "年度预算", None),
    ],
)
def test_the_years_target_by_any_of_its_names(
    subject: str, field: str, key: tuple[str, str] | None
) -> None:
    """公司年度目标 of a team could be the team's or the company's: it is asked for."""
    plan, _ = read(
        edited({"changes": {2: {"subject": subject, "field": field, "before": 5, "after": 6}}})
    )
    aim = plan.changes[0].aim
    assert (aim and (aim.table, aim.column)) == key
