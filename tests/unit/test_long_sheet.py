"""A long sheet of plain values, read by its distinct cells: what comes out is what calamine makes
of the whole sheet.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesplan.config import Limits
from salesplan.findings import SalesplanError
from salesplan.workbook.read import cells
from salesplan.workbook.read.cells import Grid, read_grids
from salesplan.workbook.read.longsheet import read_long
from salesplan.workbook.refs import column_letters
from salesplan.workbook.zip import archive
from salesplan.workbook.zip.package import open_package
from tests.unit.raw_xlsx import parts, sheet, write, zipped

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy-mm"/></numFmts><cellXfs count="5"><xf '
    'numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="164"/><xf numFmtId="4"/></'
    "cellXfs>"
)
STRINGS = '<si><t>华东</t></si><si><t></t></si><si><t xml:space="preserve"> a </t></si>'
CELLS = (
    "/>",
    ' s="1"/>',
    "><v>0</v></c>",
    "><v>-0</v></c>",
    "><v>1.5E-3</v></c>",
    "><v>1E999</v></c>",
    "><v>+5</v></c>",
    "><v>.5</v></c>",
    "><v> 5 </v></c>",
    ' s="1"><v>46067</v></c>',
    ' s="1" t="n"><v>46067.5</v></c>',
    ' s="2"><v>1.5</v></c>',
    ' s="3"><v>0.25</v></c>',
    ' s="1"><v>-5</v></c>',
    ' s="4"><v>46067</v></c>',
    ' s="9"><v>7</v></c>',
    ' t="s"><v>0</v></c>',
    ' s="4" t="s"><v>1</v></c>',
    ' t="s"><v>2</v></c>',
    ' t="b"><v>1</v></c>',
    ' t="str"><v>nan</v></c>',
    "><v>NaN</v></c>",
    "><v>abc</v></c>",
    ' t="inlineStr"><is><t>甲 &amp; 乙</t></is></c>',
    ' t="inlineStr"><is><t></t></is></c>',
    ' t="inlineStr"><is><t xml:space="preserve"> b_x000D_</t></is></c>',
)
"""The rest of cells in ordinary form, each read in a way of its own."""
ODD = (
    "><f>A1</f><v>1</v></c>",
    ' t="e"><v>#N/A</v></c>',
    "><v></v></c>",
    "></c>",
    ' t="s"><v>9</v></c>',
    ' t="inlineStr"><v>a</v></c>',
    "><!-- --><v>1</v></c>",
)
"""Cells that are left to the other way."""

Rows = list[tuple[int, list[tuple[int, str]]]]


@pytest.fixture(autouse=True)
def every_sheet_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LONG", 0)


def xml_of(rows: Rows) -> str:
    """(Number, (column, rest of the cell)) as a sheet."""
    return sheet(
        "".join(
            f'<row r="{number}" spans="1:3">'
            + "".join(f'<c r="{column_letters(column)}{number}"{rest}' for column, rest in row)
            + "</row>"
            if row
            else f'<row r="{number}"/>'
            for number, row in rows
        ),
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )


def taken_apart(xml: str | bytes, limits: Limits | None = None) -> bool:
    """Whether the sheet is read in this way."""
    given = xml.encode() if isinstance(xml, str) else xml
    return read_long(iter([given[:70], given[70:]]), (limits or Limits()).max_area) is not None


def read_both(folder: Path, xml: str) -> tuple[Grid | str, Grid | str]:
    """The sheet read in this way, then in the other: cells, or the code of what was wrong."""
    path = write(folder, parts({"a": xml}, strings=STRINGS, styles=STYLES))
    return grid_or_code(path), _in_the_other_way(path)


def _in_the_other_way(path: Path) -> Grid | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "LONG", 10**12)
        return grid_or_code(path)


def grid_or_code(path: Path) -> Grid | str:
    try:
        with open_package(path) as package:
            return read_grids(package)["a"]
    except SalesplanError as error:
        return error.finding.code


def told(grid: Grid | str) -> object:
    """A grid with the kinds of its values, which comparing does not tell apart (1 == 1.0 ==
    True).
    """
    return (
        grid
        if isinstance(grid, str)
        else (
            [[(type(value), repr(value)) for value in row] for row in grid.rows],
            grid.merges,
            grid.far_cells,
        )
    )


@st.composite
def sheets(draw: st.DrawFn) -> Rows:
    numbers = sorted(draw(st.sets(st.integers(1, 40), max_size=12)))
    kinds = st.sampled_from(CELLS + ODD if draw(st.integers(0, 9)) == 0 else CELLS)
    rows = []
    for number in numbers:
        columns = sorted(draw(st.sets(st.sampled_from([1, 2, 3, 5, 27, 60]), max_size=4)))
        rows.append((number, [(column, draw(kinds)) for column in columns]))
    return rows


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=sheets())
def test_both_ways_give_the_same_cells(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    short, whole = read_both(tmp_path_factory.mktemp("long"), xml_of(rows))
    assert told(short) == told(whole)


@pytest.mark.parametrize("rest", CELLS)
def test_a_cell_in_ordinary_form_is_taken_apart(rest: str, tmp_path: Path) -> None:
    xml = xml_of([(1, [(1, "><v>1</v></c>"), (2, rest)]), (3, [(2, rest)])])
    assert taken_apart(xml)
    short, whole = read_both(tmp_path, xml)
    assert told(short) == told(whole)


@pytest.mark.parametrize("rest", [odd for odd in ODD if odd != ' t="s"><v>9</v></c>'])
def test_anything_else_is_left_to_the_other_way(rest: str) -> None:
    assert not taken_apart(xml_of([(1, [(1, rest)])]))


@pytest.mark.parametrize(
    "rows",
    [
        [(2, [(1, CELLS[2])]), (1, [(1, CELLS[2])])],
        [(1, [(1, CELLS[2])]), (1, [(1, CELLS[2])])],
        [(1, [(2, CELLS[2]), (1, CELLS[2])])],
        [(1, [(102, CELLS[2])])],
        [(10_002, [(1, CELLS[2])])],
        [(1_048_577, [(1, CELLS[2])])],
        [(1, [(703, CELLS[2])])],
    ],
)
def test_rows_and_cells_out_of_order_or_far_away_are_left_to_the_other_way(
    rows: Rows, tmp_path: Path
) -> None:
    assert not taken_apart(xml_of(rows))
    short, whole = read_both(tmp_path, xml_of(rows))
    assert told(short) == told(whole)


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ("<sheetData>", "<sheetData >"),
        ("<worksheet", "<!-- sheetData --><worksheet"),
        ("</sheetData>", "</sheetData><sheetData/>"),
        ("<row r=", "<row  r="),
        ("<row r=", "\n<row r="),
        ('encoding="UTF-8"', 'encoding="GB18030"'),
        ("</worksheet>", "<!DOCTYPE a></worksheet>"),
        ("</sheetData>", ""),
        ("</row>", ""),
        ('r="B1"', 'r="B2"'),
        ('r="B1"', 'r="$B1"'),
        ('r="B1"', 'r="ZZZ1"'),
    ],
)
def test_sheets_in_another_form_are_left_to_the_other_way(
    this: str, that: str, tmp_path: Path
) -> None:
    xml = xml_of([(1, [(1, CELLS[2]), (2, CELLS[-2])])])
    changed = xml.replace(this, that, 1)
    assert taken_apart(xml) and changed != xml and not taken_apart(changed)
    short, whole = read_both(tmp_path, changed)
    assert told(short) == told(whole)


def test_room_is_bounded_as_it_is_taken() -> None:
    """A few rows that claim a large block are given up before it is laid out."""
    rows: Rows = [(1, [(1, CELLS[2])]), (9_000, [(101, CELLS[2])])]
    assert taken_apart(xml_of(rows)) and not taken_apart(xml_of(rows), Limits(max_area=100_000))


def test_equal_texts_are_one_object_and_numbers_too(tmp_path: Path) -> None:
    xml = xml_of(
        [
            (
                n,
                [
                    (1, ' s="1"><v>46067</v></c>'),
                    (2, ' t="s"><v>0</v></c>'),
                    (3, ' t="inlineStr"><is><t>华东</t></is></c>'),
                ],
            )
            for n in range(1, 1200)
        ]
    )
    grid = grid_or_code(write(tmp_path, parts({"a": xml}, strings=STRINGS, styles=STYLES)))
    assert isinstance(grid, Grid) and len(grid.rows) == 1199
    assert len({id(value) for row in grid.rows for value in row}) == 2


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_where_the_pieces_end_does_not_matter(size: int) -> None:
    xml = xml_of(
        [(n, [(1, CELLS[n % len(CELLS)]), (3 + n % 3, CELLS[2])]) for n in range(1, 120)]
    ).encode()
    cut, whole = (
        read_long((xml[at : at + size] for at in range(0, len(xml), size)), 10**6),
        read_long(iter([xml]), 10**6),
    )
    assert cut is not None and cut == whole


def test_a_row_without_an_end_is_not_waited_for() -> None:
    def endless() -> Iterator[bytes]:
        yield b'<worksheet><sheetData><row r="1">'
        while True:
            yield b'<c r="A1"><v>1</v></c>' * 1000

    assert read_long(endless(), 10**6) is None


def test_a_wrong_checksum_or_size_is_found_behind_the_last_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_PIECE", 50)
    monkeypatch.setattr(archive, "_CHUNK", 100)
    xml = xml_of([(n, [(1, f"><v>{n * n}</v></c>")]) for n in range(1, 400)])
    whole = zipped(parts({"a": xml}))
    (tmp_path / "good.xlsx").write_bytes(whole)
    grid = grid_or_code(tmp_path / "good.xlsx")
    assert isinstance(grid, Grid) and [row[0] for row in grid.rows] == [
        float(n * n) for n in range(1, 400)
    ]
    for right, wrong, code in (
        (zlib.crc32(xml.encode()), zlib.crc32(xml.encode()) ^ 1, "file-damaged-part"),
        (len(xml), len(xml) + 1, "file-damaged-part"),
        (len(xml), len(xml) - 1, "file-unsafe-inflation"),
    ):
        (tmp_path / "bad.xlsx").write_bytes(
            whole.replace(right.to_bytes(4, "little"), wrong.to_bytes(4, "little"))
        )
        assert grid_or_code(tmp_path / "bad.xlsx") == code


def test_a_long_sheet_is_known_to_hold_no_formula(tmp_path: Path) -> None:
    short, _ = read_both(tmp_path, xml_of([(1, [(1, CELLS[2])])]))
    assert isinstance(short, Grid) and short.plain
