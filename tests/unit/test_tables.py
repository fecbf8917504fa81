"""Tables found by header: where they stand, where they end, and what is said when they are odd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.schema import TABLES, sheet
from salesplan.workbook.read.cells import CellValue, read_grids
from salesplan.workbook.read.headers import Wanted, called, normal, resembles, unit_in
from salesplan.workbook.read.listobjects import objects_by_sheet
from salesplan.workbook.read.tables import FoundTable, find_tables
from salesplan.workbook.zip.package import open_package
from tests.unit.raw_xlsx import OFFICE, PACKAGE, parts, write
from tests.unit.raw_xlsx import sheet as raw_sheet

UNITS = Wanted(
    "units",
    ("组织", "Organization"),
    {
        "code": ("编码", "Code", "unit"),
        "name": ("名称", "Name"),
        "level": ("层级", "Level"),
        "region": ("区域", "Region"),
    },
    frozenset({"code", "name"}),
)
CATEGORIES = Wanted(
    "categories",
    ("预算分配", "Budget caps"),
    {"name": ("类别", "Category"), "share": ("类别占比", "Category share", "占比")},
    frozenset({"name", "share"}),
)
REGIONS = Wanted(
    "regions",
    ("预算分配", "Budget caps"),
    {"name": ("区域", "Region"), "share": ("区域占比", "Region share", "占比")},
    frozenset({"name", "share"}),
)
CAPS = Wanted(
    "caps",
    ("预算分配", "Budget caps"),
    {
        "category": ("上限类别", "Cap category"),
        "region": ("上限区域", "Cap region"),
        "cap": ("上限", "Cap"),
        "granted": ("已批准", "Granted"),
        "left": ("余额", "Left"),
    },
    frozenset(),
)
MASTER = [
    Wanted(
        t.key,
        (sheet(t.sheet).zh, sheet(t.sheet).en, *sheet(t.sheet).aliases),
        {c.key: c.headers for c in t.columns},
        frozenset(c.key for c in t.columns if c.required),
    )
    for t in TABLES
]

Found = tuple[dict[str, FoundTable], list[Finding]]


def find(path: Path, *wanted: Wanted) -> Found:
    with open_package(path) as package:
        grids = read_grids(package)
        found, findings = find_tables(grids, objects_by_sheet(package, grids), wanted)
    for finding in findings:
        assert (
            text(finding, "zh")
            and text(finding, "en")
            and fix(finding, "zh")
            and fix(finding, "en")
        )
    return found, findings


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Makes a book of sheets given as cells: name → {first cell: rows}."""

    def make(
        sheets: dict[str, dict[str, Sequence[Sequence[object]]]],
        change: Callable[[openpyxl.Workbook], None] | None = None,
    ) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for name, blocks in sheets.items():
            page = made.create_sheet(name)
            for start, rows in blocks.items():
                lay(page, start, rows)
        if change:
            change(made)
        path = tmp_path / "book.xlsx"
        made.save(path)
        return path

    return make


def lay(page: Worksheet, start: str, rows: Sequence[Sequence[object]]) -> None:
    origin = page[start]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            page.cell(origin.row + r, origin.column + c, value)  # type: ignore[arg-type]


def columns(table: FoundTable, *keys: str) -> list[list[CellValue]]:
    columns = [list(table.column(key)) for key in keys]
    assert columns == [[table.value(key, row) for row in table.row_numbers] for key in keys]
    return columns


ROWS = [["编码", "名称", "层级"], ["A", "公司", "公司"], ["B", "华东", "团队"]]


def test_anywhere_in_any_order_with_titles_extra_columns_and_blank_rows(
    book: Callable[..., Path],
) -> None:
    path = book(
        {
            "说明": {"A1": [["编码", "说明"]]},
            " 组织 ": {
                "B2": [["2026 年组织架构"]],
                "C6": [
                    ["备注", "Level", "名 称\n*", "排序", "ＣＯＤＥ＊"],
                    ["x", "公司", "公司", 1, "A"],
                    [],
                    [None, "团队", "华东", 2, "B"],
                ],
            },
        }
    )
    found, findings = find(path, UNITS)
    table = found["units"]
    assert (table.sheet, table.header_row, table.first_row, table.last_row, table.end_row) == (
        " 组织 ",
        6,
        7,
        9,
        9,
    )
    assert table.columns == {"code": "G", "name": "E", "level": "D"}
    assert table.headers == {"code": "ＣＯＤＥ＊", "name": "名 称\n*", "level": "Level"}
    assert (list(table.row_numbers), list(table.blank_rows), table.span) == (
        [7, 9],
        [8],
        ("C", "G"),
    )
    assert columns(table, "code", "name", "region") == [["A", "B"], ["公司", "华东"], [None, None]]
    assert findings == []


def test_normalising() -> None:
    assert normal(" Ｃｏｄｅ \n＊") == normal("code") == normal("C o\u200bd\u00a0e*") == "code"


def test_hidden_columns_and_sheets_count(book: Callable[..., Path]) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made["组织"].column_dimensions["A"].hidden = True
        made["组织"].sheet_state = "hidden"

    found, _ = find(book({"封面": {"A1": [["x"]]}, "组织": {"A1": ROWS}}, hide), UNITS)
    assert columns(found["units"], "code") == [["A", "B"]]


def test_no_such_sheet_is_just_absent(book: Callable[..., Path]) -> None:
    assert find(book({"别的": {"A1": [["说明", "文字"]]}}), UNITS) == ({}, [])


def test_a_sheet_of_another_name_is_found_by_its_headers(book: Callable[..., Path]) -> None:
    found, findings = find(book({"2026架构": {"A3": ROWS}}), UNITS)
    assert (found["units"].sheet, findings) == ("2026架构", [])


def test_two_sheets_of_other_names_are_ambiguous_and_the_named_one_goes_first(
    book: Callable[..., Path],
) -> None:
    found, findings = find(book({"架构一": {"A1": ROWS}, "架构二": {"A1": ROWS}}), UNITS)
    assert (found, [f.code for f in findings]) == ({}, ["table-ambiguous"])
    found, findings = find(book({"架构一": {"A1": ROWS}, "Organization": {"A1": ROWS}}), UNITS)
    assert (found["units"].sheet, findings) == ("Organization", [])


def test_a_required_column_that_is_missing(book: Callable[..., Path]) -> None:
    found, (finding,) = find(
        book({"组织": {"A2": [["编码", "层级", "区域"], ["A", "公司", "华东"]]}}), UNITS
    )
    assert (finding.code, str(finding.place), dict(finding.params)) == (
        "column-missing",
        "组织!A2",
        {"sheet": "组织", "row": "2", "zh": "名称", "en": "Name"},
    )
    assert columns(found["units"], "code", "name") == [["A"], [None]]


def test_a_sheet_of_the_name_without_headers(book: Callable[..., Path]) -> None:
    found, (finding,) = find(book({"组织": {"A1": [["A", "华东"]]}}), UNITS)
    assert (found, finding.code, finding.place.sheet) == ({}, "header-not-found", "组织")
    assert find(book({"组织": {}}), UNITS) == ({}, [])


def test_the_same_header_twice_uses_the_first(book: Callable[..., Path]) -> None:
    found, (finding,) = find(
        book({"组织": {"A1": [["编码", "名称", "层级", "编 码"], ["A", "公司", "公司", "Z"]]}}),
        UNITS,
    )
    assert (finding.code, str(finding.place), finding.params["used"]) == (
        "header-twice",
        "组织!D1",
        "A1",
    )
    assert columns(found["units"], "code") == [["A"]]


def test_a_column_in_both_languages_is_there_twice(book: Callable[..., Path]) -> None:
    rows = [["编码", "名称", "层级", "Code"], ["A", "公司", "公司", "Z"]]
    found, (finding,) = find(book({"组织": {"A1": rows}}), UNITS)
    assert (finding.code, str(finding.place)) == ("header-twice", "组织!D1")
    assert (finding.params["header"], finding.params["used"]) == ("Code", "A1")
    assert columns(found["units"], "code") == [["A"]]


def test_an_earlier_name_of_a_column_wins(book: Callable[..., Path]) -> None:
    found, findings = find(
        book({"组织": {"A1": [["unit", "名称", "编码"], ["x", "公司", "A"]]}}), UNITS
    )
    assert (found["units"].columns["code"], findings) == ("C", [])


def test_totals_and_repeated_headers_are_no_data_in_a_plain_range(
    book: Callable[..., Path],
) -> None:
    found, findings = find(
        book(
            {
                "组织": {
                    "A1": [*ROWS, ROWS[0], ["C", "总计", "团队"], ["合 计", None, 3], ["Total:", 1]]
                }
            }
        ),
        UNITS,
    )
    table = found["units"]
    assert (columns(table, "code"), table.last_row, table.free_below, findings) == (
        [["A", "B", "C"]],
        5,
        0,
        [],
    )


def test_side_by_side_with_different_lengths(book: Callable[..., Path]) -> None:
    blocks = {
        "A3": [["类别", "类别占比"], ["获客", 0.4], ["维护", 0.2], ["激励", 0.3], ["储备", 0.1]],
        "D3": [["区域", "区域占比"], ["重点", 0.6], ["其他", 0.4]],
        "G3": [["上限类别", "上限区域", "上限", "已批准", "余额"]],
    }
    found, findings = find(book({"预算分配": blocks}), CATEGORIES, REGIONS, CAPS)
    assert {k: (t.columns, t.last_row) for k, t in found.items()} == {
        "categories": ({"name": "A", "share": "B"}, 7),
        "regions": ({"name": "D", "share": "E"}, 5),
        "caps": ({"category": "G", "region": "H", "cap": "I", "granted": "J", "left": "K"}, 3),
    }
    assert (found["caps"].free_below, found["caps"].first_row, findings) == (1_048_573, 4, [])


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_side_by_side_never_mixes_columns_that_share_a_name(
    book: Callable[..., Path], gap: int
) -> None:
    rows = [
        ["类别", "占比", *[None] * gap, "区域", "占比"],
        ["获客", 0.4, *[None] * gap, "重点", 0.6],
        ["维护", 0.6, *[None] * gap, "其他", 0.4],
        ["其他", 0],
    ]
    found, findings = find(book({"预算分配": {"A1": rows}}), CATEGORIES, REGIONS, CAPS)
    assert columns(found["categories"], "name", "share") == [
        ["获客", "维护", "其他"],
        [0.4, 0.6, 0.0],
    ]
    assert columns(found["regions"], "name", "share") == [["重点", "其他"], [0.6, 0.4]]
    assert (set(found), findings) == ({"categories", "regions"}, [])


def test_one_under_another(book: Callable[..., Path]) -> None:
    blocks = {
        "B2": [["类别", "占比"], ["获客", 0.4], ["储备", 0.6]],
        "B7": [["区域", "占比"], ["重点", 1]],
    }
    found, findings = find(book({"预算分配": blocks}), CATEGORIES, REGIONS)
    assert columns(found["categories"], "name") == [["获客", "储备"]]
    assert columns(found["regions"], "name") == [["重点"]]
    assert (found["categories"].free_below, found["categories"].last_row, findings) == (2, 4, [])


def test_a_side_table_is_not_taken_for_part_of_the_table(book: Callable[..., Path]) -> None:
    """区域 stands only in the small table beside: using its cells as the organisation's would be
    wrong.
    """
    found, _ = find(
        book({"组织": {"A1": ROWS, "E1": [["区域", "人数", "合计"], ["华东", 3, 3]]}}), UNITS
    )
    assert "region" not in found["units"].columns
    assert found["units"].span == ("A", "C")


def test_a_narrow_spacer_column_does_not_cut_a_table(book: Callable[..., Path]) -> None:
    found, _ = find(
        book(
            {
                "组织": {
                    "A1": [
                        ["编码", "名称", None, "层级", "区域"],
                        ["A", "公司", None, "公司", "华东"],
                    ]
                }
            }
        ),
        UNITS,
    )
    assert found["units"].columns == {"code": "A", "name": "B", "level": "D", "region": "E"}


def test_an_excel_table_goes_before_a_plain_range_with_more_columns(
    book: Callable[..., Path],
) -> None:
    def table(made: openpyxl.Workbook) -> None:
        made["组织"].add_table(Table(displayName="Org", ref="F10:G14"))

    found, _ = find(
        book(
            {
                "组织": {
                    "A1": [*ROWS],
                    "F10": [["编码", "名称"], ["A", "公司"], ["B", "甲"], ["合计", "x"]],
                }
            },
            table,
        ),
        UNITS,
    )
    units = found["units"]
    assert (units.header_row, units.last_row, units.end_row, list(units.blank_rows)) == (
        10,
        13,
        14,
        [14],
    )
    assert columns(units, "code") == [["A", "B", "合计"]]
    assert units.list_object is not None
    assert (
        units.list_object.name,
        units.list_object.ref,
        units.list_object.totals_rows,
        units.list_object.part,
    ) == ("Org", "F10:G14", 0, "xl/tables/table1.xml")


def test_rows_under_an_excel_table_are_said_not_lost_in_silence(book: Callable[..., Path]) -> None:
    rows = [
        *ROWS,
        ["C", "华南", "团队"],
        ["D", "华西", "团队"],
        [],
        ["E", "华北", "团队"],
        ["合计", "5 个", None],
        ["注: 编码不可改动"],
        ["F", None, "团队"],
    ]
    path = book(
        {"组织": {"B5": rows}},
        lambda made: made["组织"].add_table(Table(displayName="Org", ref="B5:D7")),
    )
    found, findings = find(path, UNITS)
    assert columns(found["units"], "code") == [["A", "B", "C", "D"]], "without a gap: its own"
    assert [(one.code, str(one.place)) for one in findings] == [
        ("rows-after-table", "组织!B8"),
        ("rows-below-table", "组织!B11"),
    ]
    assert [dict(one.params) for one in findings] == [
        {"sheet": "组织", "last": "7", "first": "8", "end": "9", "count": 2, "area": "B5:D9"},
        {"sheet": "组织", "last": "7", "first": "11", "end": "11", "count": 1, "area": "B5:D11"},
    ]
    path = book(
        {"组织": {"B5": rows}},
        lambda made: made["组织"].add_table(Table(displayName="Org", ref="B5:D11")),
    )
    found, findings = find(path, UNITS)
    assert (columns(found["units"], "code"), findings) == ([["A", "B", "C", "D", "E"]], []), (
        "what the fix says makes it right"
    )


def test_merged_cells_over_rows_of_data_are_said(book: Callable[..., Path]) -> None:
    def merge(made: openpyxl.Workbook) -> None:
        for area in ("C2:C3", "A1:B1", "E2:E3", "A9:A10"):
            made["组织"].merge_cells(area)

    rows = [["编码", "层级", "区域", None, "备注"], ["A", "公司", "华东", None, "x"], ["B", "团队"]]
    findings = find(book({"组织": {"A2": [["B", "团队"]], "A1": rows}}, merge), UNITS)[1]
    assert [
        (f.code, str(f.place), f.params.get("area")) for f in findings if f.code == "cells-merged"
    ] == [("cells-merged", "组织!C2", "C2:C3")]


def test_an_excel_table_with_totals_row_and_filter(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    made = xlsxwriter.Workbook(path)
    page = made.add_worksheet("组织")
    page.add_table(
        "B2:D6",
        {
            "name": "Org",
            "total_row": True,
            "columns": [
                {"header": "编码", "total_string": "合计"},
                {"header": "名称"},
                {"header": "层级"},
            ],
        },
    )
    page.write_row("B3", ["A", "公司"])
    page.write("B8", "note")
    made.close()
    units = find(path, UNITS)[0]["units"]
    assert (units.last_row, units.end_row, list(units.blank_rows), units.free_below) == (
        3,
        5,
        [4, 5],
        0,
    )
    assert units.list_object is not None
    assert (
        units.list_object.totals_rows,
        units.list_object.auto_filter,
        str(units.list_object.range),
    ) == (1, "B2:D5", "B2:D6")


def test_two_excel_tables_beside_each_other_without_a_gap(book: Callable[..., Path]) -> None:
    def tables(made: openpyxl.Workbook) -> None:
        made["预算分配"].add_table(Table(displayName="C", ref="A1:B4"))
        made["预算分配"].add_table(Table(displayName="R", ref="C1:D2"))

    found, findings = find(
        book(
            {"预算分配": {"A1": [["类别", "占比", "区域", "占比"], ["获客", 1, "重点", 1]]}}, tables
        ),
        CATEGORIES,
        REGIONS,
    )
    assert (found["categories"].columns, list(found["categories"].blank_rows)) == (
        {"name": "A", "share": "B"},
        [3, 4],
    )
    assert (found["regions"].columns, found["regions"].end_row, findings) == (
        {"name": "C", "share": "D"},
        2,
        [],
    )


def test_free_below_stops_at_cells_tables_merges_and_far_cells(book: Callable[..., Path]) -> None:
    def below(what: Callable[[openpyxl.Workbook], None]) -> int:
        return find(book({"组织": {"A1": ROWS}}, what), UNITS)[0]["units"].free_below

    def table(made: openpyxl.Workbook) -> None:
        lay(made["组织"], "C8", [["x", "y"]])
        made["组织"].add_table(Table(displayName="T", ref="C8:D9"))

    def remark(made: openpyxl.Workbook) -> None:
        made["组织"]["B7"] = "编制人"

    assert below(lambda made: None) == 1_048_573
    assert (
        below(remark) == 1_048_569
    )  # a value in a column of the table's makes its row one of the table's
    assert below(lambda made: made["组织"].merge_cells("A10:B11")) == 6
    assert below(lambda made: made["组织"].merge_cells("D10:E11")) == 1_048_573
    assert below(lambda made: made["组织"].__setitem__("D9", "beside")) == 1_048_573
    assert below(lambda made: made["组织"].__setitem__("A900000", "far")) == 899_996
    assert below(table) == 4


def test_free_below_counts_extra_columns_too(book: Callable[..., Path]) -> None:
    rows = [["编码", "备注", "名称"], ["A", "x", "公司"], [], [None, "签字"]]
    units = find(book({"组织": {"A1": rows}}), UNITS)[0]["units"]
    assert (units.last_row, units.free_below) == (2, 1)


def test_rows_with_merged_cells_are_not_offered_for_new_rows(book: Callable[..., Path]) -> None:
    def merge(made: openpyxl.Workbook) -> None:
        made["组织"].merge_cells("A3:B3")

    assert list(
        find(book({"组织": {"A1": [*ROWS[:2], [], [], ["B", "x"]]}}, merge), UNITS)[0][
            "units"
        ].blank_rows
    ) == [4]


def test_far_cells_are_reported(book: Callable[..., Path]) -> None:
    _, (finding,) = find(book({"组织": {"A1": ROWS, "XFD1048576": [["x"]]}}), UNITS)
    assert (finding.code, str(finding.place)) == ("far-cells", "组织!XFD1048576")


@pytest.mark.parametrize(
    "definition",
    [
        '<table ref="nowhere"/>',
        '<table displayName="T" ref="A1:B2" totalsRowCount="5"/>',
        '<table displayName="T" ref="A1:B2" totalsRowCount="x"/>',
        "<table",
    ],
)
def test_broken_table_parts(tmp_path: Path, definition: str) -> None:
    made = parts({"a": raw_sheet('<row r="1"><c r="A1"><v>1</v></c></row>')})
    made["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="t" Type="{OFFICE}/'
        'table" Target="/xl/tables/table1.xml"/></Relationships>'
    )
    made["xl/tables/table1.xml"] = definition
    with pytest.raises(SalesplanError) as caught:
        find(write(tmp_path, made), UNITS)
    assert caught.value.finding.code == "file-damaged-part"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_table_of_the_schema_is_found_by_its_own_headers_as_a_plain_range(
    book: Callable[..., Path], lang: str
) -> None:
    """Tables of one sheet stand side by side, as in a template, with a title above."""
    sheets: dict[str, dict[str, list[list[object]]]] = {}
    places: dict[str, int] = {}
    for table in TABLES:
        name = sheet(table.sheet).title(lang)
        left = places.get(name, 1)
        places[name] = left + len(table.columns) + 1
        start = f"{openpyxl.utils.get_column_letter(left)}5"
        sheets.setdefault(name, {"A1": [["title"]]})[start] = [
            [c.header(lang) for c in table.columns],
            [f"v{i}" for i in range(len(table.columns))],
        ]
    found, findings = find(book(sheets), *MASTER)
    assert findings == []
    for table in TABLES:
        assert [list(found[table.key].column(c.key)) for c in table.columns] == [
            [f"v{i}"] for i in range(len(table.columns))
        ], table.key


def test_a_header_deep_below_is_found_if_it_is_spelled_out(book: Callable[..., Path]) -> None:
    found, _ = find(book({"组织": {"A3000": ROWS}}), UNITS)
    assert (found["units"].header_row, columns(found["units"], "code")) == (3000, [["A", "B"]])


def test_data_that_reads_like_headers_is_data(book: Callable[..., Path]) -> None:
    found, findings = find(
        book(
            {
                "组织": {
                    "A1": [
                        ["编码", "名称", "层级", "区域"],
                        ["编码", "区域", "团队", "华东"],
                        ["名称", "x", "个人", None],
                    ]
                }
            }
        ),
        UNITS,
    )
    assert (columns(found["units"], "code"), findings) == ([["编码", "名称"]], [])


@pytest.mark.parametrize(
    ("typed", "name", "unit"),
    [
        ("申请额(万元)", "申请额", "万元"),
        ("申请额（万元）：", "申请额", "万元"),
        ("编号（必填）", "编号", ""),
        ("编 号：", "编号", ""),
        ("Amount (USD)", "amount", "usd"),
        ("Amount (required)", "amount", ""),
        ("金额【单位：元】", "金额", "元"),
        ("占比(%)", "占比", "%"),
        ("申请额(旧)", "申请额(旧)", ""),
        ("贡献系数(占上级)", "贡献系数(占上级)", ""),
        ("days(days)", "days(days)", "days"),
    ],
)
def test_a_header_without_what_people_add_to_it(typed: str, name: str, unit: str) -> None:
    """A unit, 必填 and a colon are no part of a name; any other word may make another column
    of it.
    """
    known = {"申请额", "编号", "amount", "金额", "占比", "贡献系数", "days(days)"}
    assert (called(typed, known), unit_in(typed)) == (name, unit)


def test_headers_as_people_write_them_are_found(book: Callable[..., Path]) -> None:
    rows = [["编码（必填）", "名称：", "层级", "区域(个)"], ["A", "公司", "公司", "华东"]]
    found, findings = find(book({"组织": {"A1": rows}}), UNITS)
    assert (sorted(found["units"].columns), findings) == (["code", "level", "name", "region"], [])
    assert found["units"].headers["code"] == "编码（必填）"


def test_a_group_over_two_columns_and_single_headers_beside_it(book: Callable[..., Path]) -> None:
    """编码 and 名称 stand beside the group 归属, whose columns 层级 and 区域 stand below it."""

    def merge(made: openpyxl.Workbook) -> None:
        for area in ("C2:D2", "A2:A3", "B2:B3"):
            made["组织"].merge_cells(area)

    rows = [
        ["编码", "名称", "归属", None],
        [None, None, "层级", "区域"],
        ["A", "公司", "公司", "华东"],
        ["B", "华东", "团队", "华东"],
    ]
    found, findings = find(book({"组织": {"A2": rows}}, merge), UNITS)
    assert (found["units"].header_row, findings) == (3, [])
    assert columns(found["units"], "code", "region") == [["A", "B"], ["华东", "华东"]]


def test_a_group_that_is_not_merged_over_its_columns(book: Callable[..., Path]) -> None:
    """As before, typed without merging: 归属 stands over 层级 only."""
    rows = [
        ["编码", "名称", "归属", None],
        [None, None, "层级", "区域"],
        ["A", "公司", "公司", "华东"],
    ]
    found, findings = find(book({"组织": {"A2": rows}}), UNITS)
    assert (found["units"].header_row, findings) == (3, [])
    assert columns(found["units"], "code", "name", "region") == [["A"], ["公司"], ["华东"]]


@pytest.mark.parametrize(
    "second",
    [
        [None, None, "层级", "华东"],
        [None, None, "层级", None],
        ["A", None, "层级", "区域"],
        [None, "名称", "层级", "区域"],
    ],
    ids=["one is no header", "one column", "a cell beside", "nothing above the second"],
)
def test_a_row_of_data_is_no_second_row_of_a_head(
    book: Callable[..., Path], second: list[str | None]
) -> None:
    rows = [["编码", "名称", "层级", None], second, ["A", "公司", "公司", "华东"]]
    found, _ = find(book({"组织": {"A2": rows}}), UNITS)
    assert found["units"].header_row == 2


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("组织(2026)", True),
        ("1月组织", True),
        ("组织2", True),
        ("2026年组织", True),
        ("Organization (2)", True),
        ("组织", False),
        ("组织(旧)", False),
        ("华东组织", False),
    ],
)
def test_names_that_only_add_a_period(name: str, alike: bool) -> None:
    assert resembles(name, UNITS.sheets) is alike


def test_a_sheet_that_looks_like_ours_is_never_passed_over(book: Callable[..., Path]) -> None:
    short = [["编码", "名称"], ["A", "公司"]]
    found, (finding,) = find(book({"1月组织": {"A1": short}}), UNITS)
    assert (found, finding.code, finding.place.sheet) == ({}, "sheet-looks-like", "1月组织")
    found, (finding,) = find(book({"组织": {"A1": ROWS}, "组织(2025)": {"A1": short}}), UNITS)
    assert (found["units"].sheet, finding.code) == ("组织", "sheet-looks-like-too")
    found, (finding,) = find(book({"组织": {"A1": ROWS[:1]}, "组织(2025)": {"A1": short}}), UNITS)
    assert (found["units"].sheet, finding.code) == ("组织", "sheet-looks-like")


def test_months_side_by_side_are_named(book: Callable[..., Path]) -> None:
    rows = [["编码", "1月", "2月"], ["A", 1, 2]]
    found, (finding,) = find(book({"组织": {"A1": rows}}), UNITS)
    assert (found, finding.code) == ({}, "months-across")
