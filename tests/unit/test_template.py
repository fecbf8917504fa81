"""The template: the schema and nothing else, the same every time; and the sample's story, in
figures.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan.plan.change_subjects import FIELDS
from salesplan.plan.model import KpiKind, Level
from salesplan.plan.schema import (
    CHOICES,
    SETTINGS,
    SHEETS,
    TABLES,
    Kind,
    Owner,
    label,
    table,
    tables_of,
)
from salesplan.plan.schema.records import HAND_OVER
from salesplan.template import write_template
from salesplan.template.__main__ import BOOKS, YEAR, main, rebuild
from salesplan.template.choosing import SUBJECTS
from salesplan.template.layout import DRAWN, HEADER_ROW, column_width, lines_of
from salesplan.template.mistakes import MISTAKES, plant, row_of
from salesplan.template.story import Tables, story
from salesplan.template.words import CHOOSING_SHEET, GUIDE_SHEET, KINDS, PROMPTED

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in rebuild(tmp_path_factory.mktemp("books"))}


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request: pytest.FixtureRequest, books: dict[str, Path]) -> tuple[str, Any, Any]:
    """(language, the empty template, the example) as openpyxl sees them."""
    lang: str = request.param
    names = {(said, example, mistakes): name for name, (said, example, mistakes) in BOOKS.items()}
    return lang, *(
        openpyxl.load_workbook(books[names[lang, example, False]]) for example in (False, True)
    )


@pytest.fixture(scope="module")
def rows() -> Tables:
    return story(2026)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def columns_of(book: Any, lang: str, table_key: str) -> dict[str, str]:
    """Column letters by column key, found by the Excel table's own reference."""
    one = table(table_key)
    ws = book[next(s for s in SHEETS if s.key == one.sheet).title(lang)]
    first, last = ws.tables[one.name].ref.split(":")
    cells = ws[
        f"{re.sub('[0-9]', '', first)}{HEADER_ROW + 1}:{re.sub('[0-9]', '', last)}{HEADER_ROW + 1}"
    ][0]
    assert [cell.value for cell in cells] == [column.header(lang) for column in one.columns]
    return {column.key: cell.column_letter for column, cell in zip(one.columns, cells, strict=True)}


def test_the_committed_workbooks_are_the_ones_this_code_builds(books: dict[str, Path]) -> None:
    assert sorted(path.name for path in WORKBOOKS.glob("*.xlsx")) == sorted(books)
    for name, path in books.items():
        built, committed = parts(path), parts(WORKBOOKS / name)
        assert list(built) == list(committed), name
        for part, content in built.items():
            assert committed[part] == content, (
                f"{name}: {part} differs; run python -m salesplan.template workbooks"
            )


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, books: dict[str, Path]) -> None:
    write_template(tmp_path / "again.xlsx", lang="zh", year=YEAR, example=True)
    assert (tmp_path / "again.xlsx").read_bytes() == books["主计划示例.xlsx"].read_bytes()


def test_the_command_wants_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


def test_every_sheet_in_order_after_the_guide(opened: tuple[str, Any, Any]) -> None:
    lang, empty, example = opened
    first = (GUIDE_SHEET.of(lang), CHOOSING_SHEET.of(lang))
    wanted = [*first, *(sheet.title(lang) for sheet in SHEETS)]
    assert empty.sheetnames == example.sheetnames == wanted


def test_every_table_has_the_schemas_headers_and_room_for_more_rows(
    opened: tuple[str, Any, Any], rows: Tables
) -> None:
    lang, empty, example = opened
    for sheet in SHEETS:
        for book, filled in ((empty, {}), (example, rows)):
            ws = book[sheet.title(lang)]
            assert set(ws.tables) == {one.name for one in tables_of(sheet.key)}
            for one in tables_of(sheet.key):
                columns_of(book, lang, one.key)
                first, last = (
                    int(re.sub("[A-Z]", "", cell)) for cell in ws.tables[one.name].ref.split(":")
                )
                given = len(SETTINGS) if one.key == "settings" else len(filled.get(one.key, []))
                assert last - first == given + one.blank_rows


def test_engine_columns_differ_by_more_than_colour_and_are_blank(
    opened: tuple[str, Any, Any],
) -> None:
    lang, _, example = opened
    kept = {("issues", "code"), ("issues", "first_month")}
    for one in TABLES:
        letters = columns_of(example, lang, one.key)
        ws = example[next(s for s in SHEETS if s.key == one.sheet).title(lang)]
        for column in one.columns:
            header = ws[f"{letters[column.key]}{HEADER_ROW + 1}"]
            cells = [
                ws[f"{letters[column.key]}{row}"]
                for row in range(
                    HEADER_ROW + 2, HEADER_ROW + 2 + max(1, min(one.blank_rows, DRAWN))
                )
            ]
            engine = column.owner is Owner.ENGINE
            assert header.font.italic is engine and header.font.bold is not engine
            assert len({cell.fill.fgColor.rgb for cell in cells}) == 1
            assert (cells[0].fill.fill_type == "solid") is engine
            if engine and (one.key, column.key) not in kept:
                assert all(cell.value is None for cell in cells)


def test_every_column_explains_itself_in_a_note(opened: tuple[str, Any, Any]) -> None:
    lang, empty, _ = opened
    for one in TABLES:
        ws = empty[next(s for s in SHEETS if s.key == one.sheet).title(lang)]
        for column in one.columns:
            comment = ws[f"{columns_of(empty, lang, one.key)[column.key]}{HEADER_ROW + 1}"].comment
            assert (column.note_zh if lang == "zh" else column.note_en) in comment.text


def test_lists_offer_every_choice_and_never_forbid(opened: tuple[str, Any, Any]) -> None:
    lang, empty, _ = opened
    for one in TABLES:
        ws = empty[next(s for s in SHEETS if s.key == one.sheet).title(lang)]
        letters = columns_of(empty, lang, one.key)
        assert all(
            rule.type in (None, "none") or rule.errorStyle in ("warning", "information")
            for rule in ws.data_validations.dataValidation
        )
        for column in one.columns:
            rules = [
                rule
                for rule in ws.data_validations.dataValidation
                if f"{letters[column.key]}{HEADER_ROW + 2}" in rule.sqref
            ]
            if column.owner is Owner.ENGINE:
                assert [rule.type for rule in rules] == ["custom"]
            elif column.kind is Kind.FLAG or (
                column.choices is not None and column.kind is Kind.CHOICE
            ):
                offered = rules[0].formula1.strip('"').split(",")
                every = (
                    [label(c, lang) for c in CHOICES[column.choices]]
                    if column.choices
                    else {"zh": ["是", "否"], "en": ["Yes", "No"]}[lang]
                )
                few = (one.key, column.key) == ("tasks", "state")
                assert set(offered) < set(every) if few else offered == every
            elif column.ref or column.suggest or (one.key, column.key) == ("changes", "field"):
                assert rules[0].type == "list" and rules[0].errorStyle == "information"
            elif column.kind in (
                Kind.NUMBER,
                Kind.AMOUNT,
                Kind.PERCENT,
                Kind.INTEGER,
                Kind.DATE,
                Kind.MONTH,
            ):
                assert rules[0].errorStyle == "warning" and rules[0].error


def test_lists_of_codes_point_at_the_sheet_that_keeps_them(opened: tuple[str, Any, Any]) -> None:
    lang, empty, _ = opened
    for key in ("units", "kpis", "strategies", "tasks", "budget"):
        sheet = next(s for s in SHEETS if s.key == table(key).sheet)
        letter = columns_of(empty, lang, key)["code"]
        formula = empty.defined_names[f"{key}_code_list"].attr_text
        assert f"${letter}${HEADER_ROW + 2}" in formula and sheet.title(lang) in formula


def test_the_budget_s_lists_offer_usual_values_until_the_caps_are_filled_in(
    opened: tuple[str, Any, Any],
) -> None:
    lang, empty, _ = opened
    for key, values in {
        "category_shares": {
            "zh": ["获客", "客户维护", "团队激励", "应急储备"],
            "en": ["Winning customers", "Keeping customers", "Team incentives", "Reserve"],
        },
        "region_shares": {
            "zh": ["重点区域", "其他区域"],
            "en": ["Key regions", "Other regions"],
        },
    }.items():
        formula = empty.defined_names[f"{key}_name_list"].attr_text
        letter = columns_of(empty, lang, key)["name"]
        own = f"'?{table_sheet(key, lang)}'?!\\${letter}\\${HEADER_ROW + 2}"
        found = re.fullmatch(
            rf"IF\(COUNTA\({own}:.*\)=0,'?([^']*)'?!(.*),OFFSET\({own},.*\)", formula
        )
        assert found, formula
        cells = empty[found[1]][found[2].replace("$", "")]
        assert [cell.value for (cell,) in cells] == values[lang]


def table_sheet(key: str, lang: str) -> str:
    return next(s for s in SHEETS if s.key == table(key).sheet).title(lang)


def test_panes_print_and_colours(opened: tuple[str, Any, Any]) -> None:
    lang, empty, _ = opened
    for sheet in SHEETS:
        ws = empty[sheet.title(lang)]
        assert re.fullmatch(rf"[A-F]{HEADER_ROW + 2}", ws.freeze_panes)
        assert ws.page_setup.orientation == "landscape" and ws.page_setup.paperSize == 9
        assert ws.sheet_properties.pageSetUpPr.fitToPage and ws.page_setup.fitToHeight == 0
        assert ws.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW + 1}"
        assert "&P" in ws.oddFooter.right.text or "&[Page]" in ws.oddFooter.right.text
        assert ws.sheet_properties.tabColor is not None


def test_manual_months_are_folded_away_and_the_engines_months_are_not(
    opened: tuple[str, Any, Any],
) -> None:
    lang, _, example = opened
    letters = columns_of(example, lang, "targets")
    dimensions = example[
        next(s for s in SHEETS if s.key == "targets").title(lang)
    ].column_dimensions
    hidden = {
        letter
        for one in dimensions.values()
        if one.hidden
        for letter in letters.values()
        if one.min <= openpyxl.utils.column_index_from_string(letter) <= one.max
    }
    assert hidden == {letters[f"manual{i}"] for i in range(1, 13)}


def test_dates_and_codes_are_stored_as_such(opened: tuple[str, Any, Any]) -> None:
    lang, _, example = opened
    tasks = example[next(s for s in SHEETS if s.key == "actions").title(lang)]
    letters = columns_of(example, lang, "tasks")
    assert tasks[f"{letters['due']}{HEADER_ROW + 2}"].value.date() == date(2026, 3, 15)
    assert tasks[f"{letters['due']}{HEADER_ROW + 2}"].number_format == "yyyy-mm-dd"
    assert tasks[f"{letters['code']}{HEADER_ROW + 40}"].number_format == "@"


def test_settings_rows_hold_the_year_the_language_and_the_defaults(
    opened: tuple[str, Any, Any],
) -> None:
    lang, empty, _ = opened
    ws = empty[next(s for s in SHEETS if s.key == "settings").title(lang)]
    values = {
        ws.cell(row, 1).value: ws.cell(row, 2).value
        for row in range(HEADER_ROW + 2, HEADER_ROW + 2 + len(SETTINGS))
    }
    named = {s.key: values[s.zh if lang == "zh" else s.en] for s in SETTINGS}
    assert next(iter(values)) == {"zh": "公司名称", "en": "Company name"}[lang]
    assert (
        named["year"] == 2026
        and named["lang"] == lang
        and named["amber"] == 0.9
        and named["month"] is None
    )


def test_the_english_books_hold_no_chinese(books: dict[str, Path]) -> None:
    for name, path in books.items():
        if BOOKS[name][0] == "en":
            # Theme parts name fonts for every script; nothing else may.
            found = {
                part
                for part, content in parts(path).items()
                if "theme" not in part and CHINESE.search(content.decode())
            }
            assert not found, name


def test_widths_show_every_header_in_two_lines() -> None:
    assert lines_of("Weighted task completion", 12) == 3
    assert lines_of("任务加权完成率", 8) == 2
    for one in TABLES:
        for column in one.columns:
            for lang in LANGUAGES:
                assert lines_of(column.header(lang), column_width(column, lang) - 3) <= 2


def test_another_year_moves_every_date() -> None:
    days = [
        value
        for key, rows in story(2027).items()
        for row in rows
        for name, value in row.items()
        if isinstance(value, date) and (key, name) != ("customers", "since")
    ]
    known = {row["since"].year for row in story(2027)["customers"] if row["since"]}
    assert known == {2023, 2024, 2025, 2026}, "those who bought before the year"
    later = [row["due"] for row in story(2027)["deals"] if row["due"] > date(2027, 12, 31)]
    assert later == [date(2028, 1, 22)], "one deal is expected after the year"
    assert {day.year for day in days if day not in later} == {2027}
    assert all(
        row["friday"].weekday() == 4
        for row in story(2027)["weekly"]
        if isinstance(row["friday"], date)
    )


# -- the story in figures ------------------------------------------------------------------


def test_seasonality_gives_the_second_quarter_exactly_500(rows: Tables) -> None:
    sums = {
        row["month"]: sum(Decimal(str(row[f"history{i}"])) for i in (1, 2, 3))
        for row in rows["seasonality"]
        if row["kpi"] == "REV"
    }
    year = Decimal(1900)
    assert [year * sums[month] / sum(sums.values()) for month in (4, 5, 6)] == [155, 165, 180]


def test_goals_of_the_second_quarter(rows: Tables) -> None:
    kpis = {row["code"]: row for row in rows["kpis"]}
    (new,) = (row for row in rows["targets"] if (row["kpi"], row["unit"]) == ("NEW", "HQ"))
    assert sum(Decimal(str(new[f"manual{m}"])) for m in (4, 5, 6)) == 20
    assert (kpis["REP"]["base"], kpis["REP"]["target"], kpis["REP"]["due"]) == (
        Decimal("0.5"),
        Decimal("0.6"),
        date(2026, 6, 30),
    )
    assert (kpis["SHARE"]["target"], kpis["SHARE"]["due"]) == (Decimal("0.05"), date(2026, 6, 30))
    assert {row["kind"] for row in rows["kpis"]} == set(KpiKind)


def test_shares_and_weights_add_up(rows: Tables) -> None:
    siblings: defaultdict[object, Decimal] = defaultdict(Decimal)
    for row in rows["units"]:
        if row["level"] is not Level.COMPANY and not row.get("overlay"):
            siblings[row["parent"]] += Decimal(str(row["coefficient"]))
    assert set(siblings.values()) == {1} and len(siblings) == 6
    assert sum(Decimal(str(row["weight"] or 0)) for row in rows["kpis"]) == 1
    for key in ("category_shares", "region_shares"):
        assert sum(Decimal(str(row["share"])) for row in rows[key]) == 1


def test_the_three_tasks_of_the_story(rows: Tables) -> None:
    tasks = {row["code"]: row for row in rows["tasks"]}
    assert [(tasks[c]["due"], tasks[c]["deliverable_target"]) for c in ("T01", "T02", "T03")] == [
        (date(2026, 3, 15), 50),
        (date(2026, 3, 20), 100),
        (date(2026, 4, 10), 30),
    ]


def test_last_year_adds_up_to_the_seasonalitys_history(rows: Tables) -> None:
    by_month: defaultdict[object, Decimal] = defaultdict(Decimal)
    for row in rows["actuals"]:
        if row["kpi"] == "REV" and str(row["day"]).startswith("2025"):
            by_month[int(str(row["day"])[5:7])] += Decimal(str(row["value"]))
    assert by_month == {
        row["month"]: row["history3"] for row in rows["seasonality"] if row["kpi"] == "REV"
    }


def test_what_happened_is_what_the_story_says(rows: Tables) -> None:
    revenue, product = Counter[str](), Counter[object]()
    for row in rows["actuals"]:
        if row["kpi"] == "REV" and str(row["day"]).startswith("2026"):
            cents = int(Decimal(str(row["value"])) * 100)
            revenue[str(row["day"])[5:7]] += cents
            product[row["product"]] += cents
    assert 46_500 < revenue["04"] + revenue["05"] + revenue["06"] < 50_000
    assert max(product.values()) < 0.6 * product.total()
    new = sum(
        Decimal(str(r["value"]))
        for r in rows["actuals"]
        if r["kpi"] == "NEW" and "2026-04" <= str(r["day"]) < "2026-07"
    )
    assert new == 19


def test_mistakes_are_planted_in_a_copy(rows: Tables) -> None:
    planted = plant(rows, 2026)
    assert len(MISTAKES) >= 12 and len({(m.table, m.column, m.codes) for m in MISTAKES}) == len(
        MISTAKES
    )
    differing = [
        (key, index)
        for key, given in rows.items()
        for index, row in enumerate(given)
        if planted[key][index] != row
    ]
    assert sorted(differing) == sorted((m.table, row_of(rows[m.table], m.row)) for m in MISTAKES)


def test_the_chooser_asks_for_every_kind_once_and_the_last_needs_no_yes(
    opened: tuple[str, Any, Any],
) -> None:
    lang, empty, _ = opened
    assert sorted(one.kind.value for one in KINDS) == sorted(one.value for one in KpiKind)
    page = empty[CHOOSING_SHEET.of(lang)]
    said = [[cell.value for cell in row] for row in page.iter_rows(min_col=2, max_col=6)]
    for number, one in enumerate(KINDS, 1):
        question, example = one.question.of(lang), one.example.of(lang)
        assert [number, question, label(one.kind, lang), example, one.actual.of(lang)] in said


def test_a_change_is_offered_the_columns_of_its_subject(opened: tuple[str, Any, Any]) -> None:
    lang, empty, _ = opened
    page = empty[table_sheet("changes", lang)]
    letters = columns_of(empty, lang, "changes")
    at = f"{letters['field']}{HEADER_ROW + 2}"
    rule = next(one for one in page.data_validations.dataValidation if at in one.sqref)
    assert f"${letters['subject']}{HEADER_ROW + 2}" in rule.formula1 and len(rule.formula1) <= 255
    for key in SUBJECTS:
        sheet, _, area = empty.defined_names[f"fields_{key}"].attr_text.partition("!")
        offered = [cell.value for (cell,) in empty[sheet.strip("'")][area.replace("$", "")]]
        known = {c.header(lang) for c in table(key).columns if c.key in FIELDS[key]}
        assert len(offered) == len(set(offered)) and known <= set(offered)
        more = {HAND_OVER[LANGUAGES.index(lang)]} if key == "targets" else set()
        assert set(offered) == known | more
        if key != "strategies":  # which are offered what nothing else is
            assert f"fields_{key}" in rule.formula1


def test_cells_say_what_belongs_there_when_they_are_selected(
    opened: tuple[str, Any, Any],
) -> None:
    lang, empty, _ = opened
    for key, name in PROMPTED:
        page, letter = empty[table_sheet(key, lang)], columns_of(empty, lang, key)[name]
        rules = [
            rule
            for rule in page.data_validations.dataValidation
            if f"{letter}{HEADER_ROW + 2}" in rule.sqref
        ]
        assert len(rules) == 1 and rules[0].promptTitle == table(key).column(name).header(lang)
        assert rules[0].showInputMessage and 0 < len(rules[0].prompt) <= 255


def test_rows_below_those_that_are_drawn_look_like_them_once_they_are_used(
    opened: tuple[str, Any, Any],
) -> None:
    """1,000 rows for actuals, and formats, lists and lines further down, in every program."""
    lang, empty, _ = opened
    page, letters = empty[table_sheet("actuals", lang)], columns_of(empty, lang, "actuals")
    assert page.tables["Actuals"].ref.endswith(str(HEADER_ROW + 1 + 1_000))
    assert page.max_row == HEADER_ROW + 1 + DRAWN, "what is blank is not printed"
    value = page.column_dimensions[letters["value"]]
    assert value.number_format == page[f"{letters['value']}{HEADER_ROW + 2}"].number_format
    row = HEADER_ROW + 2 + DRAWN
    drawn = [
        one.formula[0]
        for area, rules in page.conditional_formatting._cf_rules.items()
        if f"{letters['value']}{row}" in area
        for one in rules
        if one.dxf.border is not None
    ]
    assert drawn == [f"COUNTA($A{row}:${letters['share']}{row})>0"]
