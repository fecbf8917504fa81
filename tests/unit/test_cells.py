"""The kinds of cell values, cells far away, and sheets in unusual form."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from salesplan.config import Limits
from salesplan.findings import SalesplanError
from salesplan.workbook.read.cells import NO_RESULT, CellValue, ErrorValue, Grid, read_grids
from salesplan.workbook.read.sheetrewrite import rewrite
from salesplan.workbook.read.sheetscan import is_ordinary, scan_sheet
from salesplan.workbook.refs import column_letters, column_number
from salesplan.workbook.zip.package import open_package
from tests.unit.raw_xlsx import MAIN, parts, sheet, write


def grid_of(folder: Path, xml: str | bytes, limits: Limits | None = None, **extra: str) -> Grid:
    with open_package(write(folder, parts({"a": xml}, **extra)), limits or Limits()) as package:
        return read_grids(package)["a"]


def row_of(folder: Path, cells: str, **extra: str) -> list[CellValue]:
    (row,) = grid_of(folder, sheet(f'<row r="1">{cells}</row>'), **extra).rows
    return list(row)


def test_five_kinds_that_must_not_be_confused(tmp_path: Path) -> None:
    cells = (
        '<c r="A1"><v>0</v></c><c r="C1" t="str"><v>#DIV/0!</v></c><c r="D1" t="e"><v>#DIV/0!</v>'
        '</c><c r="E1"><f>1/3</f></c>'
        '<c r="F1" t="s"><v>0</v></c><c r="G1" s="0"/><c r="H1"><v>1</v></c>'
    )
    row = row_of(tmp_path, cells, strings="<si><t></t></si>")
    assert row == [0.0, None, "#DIV/0!", ErrorValue("#DIV/0!"), NO_RESULT, None, None, 1.0]
    assert type(row[0]) is float


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="e"><v>#N/A</v></c>', ErrorValue("#N/A")),
        ("<c r='A1' t='e'><v>#REF!</v></c>", ErrorValue("#REF!")),
        ('<c t="e" s="0" r="A1"><f>1/0</f><v>#DIV/0!</v></c>', ErrorValue("#DIV/0!")),
        (
            '<c r="A1" t="e" cm="1"><f t="array" ref="A1">X()</f><v>#SPILL!</v></c>',
            ErrorValue("#SPILL!"),
        ),
        ('<c r="A1"\n t = "e"><v>#NAME?</v></c>', ErrorValue("#NAME?")),
        ('<x:c r="A1" t="e"><x:v>#NULL!</x:v></x:c>', ErrorValue("#NULL!")),
        ('<c r="A1" t="e"/>', None),
        ('<c r="A1"><f>B1</f><v></v></c>', NO_RESULT),
        ('<c r="A1"><f>B1</f><v/></c>', NO_RESULT),
        ('<c r="A1" t="str"><f>B1</f></c>', NO_RESULT),
        ('<c r="A1" t="str"><f>IF(B1,1,"")</f><v></v></c>', None),
        ('<c r="A1" t="str"><f>IF(B1,1,"")</f><v/></c>', None),
        ('<c r="A1"><f t="shared" si="0"/></c>', NO_RESULT),
        ('<c r="A1"><f t="shared" si="0"/><v>5</v></c>', 5.0),
        ('<c r="A1"><f>B1</f><v>0</v></c>', 0.0),
        ("<c r='A1' s='0'><f>B1</f></c>", NO_RESULT),
        ('<x:c r="A1"><x:f>B1</x:f></x:c>', NO_RESULT),
        ('<c r="A1" t="str"><f>"t=""e"""</f><v> t="e"</v></c>', ' t="e"'),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', "甲"),
        (
            '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><rPr><b/></rPr><t '
            'xml:space="preserve"> 乙</t></r></is></c>',
            "甲 乙",
        ),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="d"><v>2026-02-14</v></c>', date(2026, 2, 14)),
        ('<c r="A1" t="str"><v><![CDATA[1 < 2 & 3]]></v></c>', "1 < 2 & 3"),
        ('<c r="A1"><!-- <c r="B1"> --><v>7</v></c>', 7.0),
        ('<c r="A1"><v>1E3</v></c>', 1000.0),
        ("<c><v>4</v></c>", 4.0),
        ('<c r="A1"><v>NaN</v></c>', ErrorValue("#NUM!")),
        ('<c r="A1"><v>-nan</v></c>', ErrorValue("#NUM!")),
        ('<c r="A1"><v>1E999</v></c>', ErrorValue("#NUM!")),
        ('<c r="A1"><v>-Infinity</v></c>', ErrorValue("#NUM!")),
        ('<c r="A1" t="str"><v>nan</v></c>', "nan"),
        ('<c r="a1"><v>4</v></c>', 4.0),
        ('<c r="A01"><v>4</v></c>', SalesplanError),
        ('<c r="A0"><v>4</v></c>', SalesplanError),
        ('<c r="$A$1"><v>4</v></c>', SalesplanError),
        ('<c r="ZZZ1"><v>4</v></c>', SalesplanError),
        ('<c r="A99999999999"><v>4</v></c>', SalesplanError),
        ('<c r=""><v>4</v></c>', SalesplanError),
        ('<c r="A1" t="zz"><v>4</v></c>', SalesplanError),
        ('<c r="A1" t="s"><v>9</v></c>', SalesplanError),
    ],
)
def test_one_cell(tmp_path: Path, cell: str, value: object) -> None:
    xml = sheet(f'<row r="1">{cell}</row>').replace("<worksheet ", f'<worksheet xmlns:x="{MAIN}" ')
    if value is SalesplanError:
        with pytest.raises(SalesplanError) as caught:
            grid_of(tmp_path, xml)
        assert caught.value.finding.code == "file-damaged-part"
    else:
        grid = grid_of(tmp_path, xml)
        assert grid.value(1, 1) == value
        assert type(grid.value(1, 1)) is type(value)


def test_shared_strings_rich_phonetic_and_spaced(tmp_path: Path) -> None:
    strings = (
        '<si><t xml:space="preserve"> 甲 </t></si><si><r><t>华</t></r><r><rPr><b/></rPr><t>东</t>'
        '</r></si><si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></si><si><t>一\n二</t></si>'
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABCD"))
    assert row_of(tmp_path, cells, strings=strings) == [" 甲 ", "华东", "課", "一\n二"]


FORMATS = (
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="57"/'
    '><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs>'
)


def test_dates_of_both_epochs_and_chinese_built_in_formats(tmp_path: Path) -> None:
    cells = "".join(
        f'<c r="{letter}1" s="{style}"><v>{value}</v></c>'
        for letter, style, value in [
            ("A", 1, 46067),
            ("B", 2, 46067),
            ("C", 3, 46067.5),
            ("D", 4, 0.25),
            ("E", 5, 1.5),
            ("F", 0, 46067),
        ]
    )
    assert row_of(tmp_path, cells, styles=FORMATS) == [
        date(2026, 2, 14),
        date(2026, 2, 14),
        datetime(2026, 2, 14, 12),
        time(6),
        timedelta(days=1, hours=12),
        46067.0,
    ]
    assert row_of(
        tmp_path,
        '<c r="A1" s="1"><v>44605</v></c>',
        styles=FORMATS,
        properties='<workbookPr date1904="1"/>',
    ) == [date(2026, 2, 14)]


def test_errors_and_missing_results_beyond_the_last_value_count(tmp_path: Path) -> None:
    grid = grid_of(
        tmp_path,
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="C3" t="e"><v>#N/A</v></c><c '
            'r="D3"><f>A1</f></c></row>'
        ),
    )
    assert [list(row) for row in grid.rows] == [
        [1.0, None, None, None],
        [None] * 4,
        [None, None, ErrorValue("#N/A"), NO_RESULT],
    ]


def test_only_errors(tmp_path: Path) -> None:
    assert grid_of(tmp_path, sheet('<row r="1"><c r="B1" t="e"><v>#N/A</v></c></row>')).rows == [
        [None, ErrorValue("#N/A")]
    ]


@pytest.mark.parametrize(
    ("stray", "far"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', ("XFD1048576",)),
        ('<row r="1048576"><c s="1" r="XFD1048576" t="str"><v>x</v></c></row>', ("XFD1048576",)),
        (
            "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>",
            ("XFD1048576",),
        ),
        ('<row r="1048576"><c r="XFD1048576"><f>A1</f></c></row>', ("XFD1048576",)),
        ('<row r="1048576"><c r="XFD1048576" t="e"><v>#N/A</v></c></row>', ("XFD1048576",)),
        ('<row r="1048576"><c r="XFD1048576" s="0"/></row>', ()),
        ('<row r="1048576"><c r="A1048576" s="0"></c></row>', ()),
        ('<row r="1"><c r="A1048576"><v>1</v></c></row>', ("A1048576",)),
        ('<row r="3"><c r="AAA3"><v>1</v></c></row>', ("AAA3",)),
        ('<row r="10004"><c r="A10004"><v>1</v></c></row>', ("A10004",)),
        ('<row r="3"><c r="DA3"><v>1</v></c></row>', ("DA3",)),
        (
            '<row r="900000"><c r="A900000"><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c>'
            "</row>",
            ("A900000", "B900000", "A900001"),
        ),
    ],
)
def test_far_cells_cost_nothing_and_are_named(
    tmp_path: Path, stray: str, far: tuple[str, ...]
) -> None:
    near = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="C2" t="e">'
        "<v>#N/A</v></c></row>"
    )
    grid = grid_of(tmp_path, sheet(near + stray))
    assert [list(row) for row in grid.rows] == [[1.0, None, None], [None, 2.0, ErrorValue("#N/A")]]
    assert grid.far_cells == far


def test_cells_within_the_gaps_are_read(tmp_path: Path) -> None:
    grid = grid_of(
        tmp_path,
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c><c r="CX1"><v>2</v></c></row><row r="10002"><c '
            'r="A10002"><v>3</v></c></row>'
        ),
    )
    assert (grid.value(1, 102), grid.value(10002, 1), grid.far_cells) == (2.0, 3.0, ())


def test_many_far_cells_are_named_up_to_a_bound(tmp_path: Path) -> None:
    stray = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(500_000, 500_500))
    assert (
        len(grid_of(tmp_path, sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + stray)).far_cells)
        == 20
    )


def test_a_used_range_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    steps = "".join(
        f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="CW{r}"><v>1</v></c></row>'
        for r in range(1, 200_000, 9_000)
    )
    with pytest.raises(SalesplanError) as caught:
        grid_of(tmp_path, sheet(steps), Limits(max_area=1_000_000))
    assert caught.value.finding.code == "sheet-too-large"


def test_the_quick_look_agrees_with_the_slow_one() -> None:
    """Rows around each limit: what the pattern calls ordinary is what the rule calls near."""
    for rows in (1, 7, 9, 10, 99, 100, 101, 989, 50_000):
        for last in (
            rows,
            rows + 9_999,
            rows + 10_000,
            rows + 10_001,
            rows + 10_002,
            rows + 20_000,
        ):
            numbers = [*range(1, rows), last]
            body = (
                "<sheetData>"
                + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in numbers)
            ).encode()
            far = rewrite(body, 10**9)[1]
            assert is_ordinary(body, 10**9) == (last <= rows + 10_000), (rows, last)
            assert bool(far) == (last - rows > 10_000), (rows, last)


@pytest.mark.parametrize(
    "xml",
    [
        '<worksheet><sheetData a="<"><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></'
        "worksheet>",
        '<worksheet><sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></row></sheetData></worksheet>',
        "<worksheet",
        "",
    ],
)
def test_sheets_that_make_no_sense_are_refused_before_they_are_laid_out(
    tmp_path: Path, xml: str
) -> None:
    with pytest.raises(SalesplanError) as caught:
        grid_of(tmp_path, xml)
    assert caught.value.finding.code == "file-damaged-part"


@pytest.mark.parametrize("rows", [30, 400])
@pytest.mark.parametrize("last", ["Z", "AZ", "CW", "CX", "HZ"])
def test_wide_sheets_are_read_whole(tmp_path: Path, rows: int, last: str) -> None:
    """Every tenth column up to the last is in use, so none is far; also where the limit leaves
    little room to guess.
    """
    letters = [column_letters(n) for n in range(1, column_number(last), 10)] + [last]
    xml = sheet(
        "".join(
            f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>{r}</v></c>' for c in letters) + "</row>"
            for r in range(1, rows + 1)
        )
    )
    grid = grid_of(tmp_path, xml, Limits(max_area=100_000))
    assert (grid.far_cells, len(grid.rows), grid.value(rows, column_number(last))) == (
        (),
        rows,
        float(rows),
    )


def test_an_empty_sheet_with_rules_behind_it(tmp_path: Path) -> None:
    xml = sheet(
        "",
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells><conditionalFormatting sqref="A1">'
        "<cfRule/></conditionalFormatting>",
    )
    for form in (xml, xml.replace("<sheetData></sheetData>", "<sheetData/>")):
        grid = grid_of(tmp_path, form)
        assert (list(grid.rows), grid.merges) == ([], ("A1:B2",))


def test_other_encodings(tmp_path: Path) -> None:
    xml = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>华东</t></is></c></row>')
    for encoding in ("utf-16", "gb18030", "utf-8-sig"):
        declared = xml.replace("UTF-8", encoding.removesuffix("-sig"))
        assert grid_of(tmp_path, declared.encode(encoding)).rows == [["华东"]]


def test_an_ordinary_sheet_goes_to_the_reader_as_it_is() -> None:
    xml = sheet(
        '<row r="1" spans="1:2"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1"><v>1.5</v></c></row>'
    ).encode()
    assert scan_sheet(xml, 1000).xml is xml


@pytest.mark.parametrize(
    "root",
    [
        'count="99999999999" uniqueCount="99999999999"',
        "uniqueCount='99999999999'",
        'a="&gt;" uniqueCount = "99999999999"',
        'a=">"\nuniqueCount="99999999999"',
        'a="<" uniqueCount="99999999999"',
        'a="/" uniqueCount="99999999999"',
        "/ uniqueCount='99999999999'",
    ],
)
def test_a_claimed_number_of_strings_reserves_nothing(tmp_path: Path, root: str) -> None:
    """The reader would abort the whole process: either the claim is dropped or the part is
    refused.
    """
    made = parts(
        {"a": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')},
        strings="<si><t>uniqueCount=&quot;9&quot;</t></si>",
    )
    made["xl/sharedStrings.xml"] = str(made["xl/sharedStrings.xml"]).replace(
        "<sst ", f"<sst {root} "
    )
    with open_package(write(tmp_path, made)) as package:
        try:
            assert read_grids(package)["a"].rows == [['uniqueCount="9"']]
        except SalesplanError as error:
            assert error.finding.code == "file-damaged-part"


def test_only_the_sheets_asked_for_are_read(tmp_path: Path) -> None:
    good, broken = sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), "<worksheet"
    with open_package(write(tmp_path, parts({"a": good, "b": broken}))) as package:
        assert list(read_grids(package, ["a", "no such sheet"])) == ["a"]
        with pytest.raises(SalesplanError):
            read_grids(package)


def test_a_book_by_openpyxl(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(
        ["编码", 1, 0, 2.5, True, date(2026, 6, 30), datetime(2026, 6, 30, 8, 30), None, "=1+1"]
    )
    book.save(tmp_path / "o.xlsx")
    with open_package(tmp_path / "o.xlsx") as package:
        (row,) = read_grids(package)["Sheet"].rows
    assert list(row) == [
        "编码",
        1.0,
        0.0,
        2.5,
        True,
        date(2026, 6, 30),
        datetime(2026, 6, 30, 8, 30),
        None,
        NO_RESULT,
    ]


def test_a_book_by_xlsxwriter(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    page = book.add_worksheet("数据")
    page.write_row(0, 0, ["编码", 1, "12万"])
    page.write_formula("D1", "=1/0", None, "#DIV/0!")
    page.write_formula("E1", "=B1*2", None, "")  # how XlsxWriter is told to store no result
    page.write_formula("F1", "=B1*2", None, 2)
    page.write_string("G1", "=B1")
    page.write_datetime("H1", datetime(2026, 2, 14), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    with open_package(tmp_path / "x.xlsx") as package:
        (row,) = read_grids(package)["数据"].rows
    assert list(row) == [
        "编码",
        1.0,
        "12万",
        ErrorValue("#DIV/0!"),
        NO_RESULT,
        2.0,
        "=B1",
        date(2026, 2, 14),
    ]


@pytest.mark.libreoffice
def test_a_book_saved_by_libreoffice(tmp_path: Path) -> None:
    page = openpyxl.Workbook()
    cells = page.active
    assert cells is not None
    cells.title = "数据"
    cells.append(
        ["编码", 2, date(2026, 6, 30), "=B1*2", "=1/0", "=NA()", '=IF(B1,"","x")', "#DIV/0!"]
    )
    cells["H1"].data_type = "s"  # openpyxl takes the text for an error
    (tmp_path / "in").mkdir()
    page.save(tmp_path / "in" / "l.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "in" / "l.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with open_package(tmp_path / "l.xlsx") as package:
        (row,) = read_grids(package)["数据"].rows
    assert list(row) == [
        "编码",
        2.0,
        date(2026, 6, 30),
        4.0,
        ErrorValue("#DIV/0!"),
        ErrorValue("#N/A"),
        None,
        "#DIV/0!",
    ]
