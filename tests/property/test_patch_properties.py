"""Patching against a model: a sheet is a mapping from places to values, a patch is an update
of it.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salesplan.findings import SalesplanError
from salesplan.messages import text
from salesplan.workbook import CellChange, patch_workbook, save_patched
from salesplan.workbook.changes import CellStyle, NewRows
from salesplan.workbook.patch.verify import verify_patched
from salesplan.workbook.read.cells import read_grids
from salesplan.workbook.refs import Range, cell_ref, parse_cell
from salesplan.workbook.xml.cellxml import translate
from salesplan.workbook.zip.package import open_package
from tests.rawbook import MAIN, SHEET, book, columns, table, worksheet

Place = tuple[int, int]
PLACES = st.tuples(st.integers(1, 12), st.integers(1, 30))
NUMBERS = st.integers(-999, 999)
CELLS = st.dictionaries(PLACES, st.tuples(st.none() | NUMBERS, st.integers(0, 2)), max_size=25)
CHANGES = st.dictionaries(PLACES, st.none() | NUMBERS, min_size=1, max_size=25)
TEXTS = st.text(
    st.characters(codec="utf-8") | st.sampled_from("_x0041 \r\n\t&<>\"'"), min_size=1, max_size=40
)


def written(cells: dict[Place, tuple[int | None, int]], prefix: str, sparse: bool) -> str:
    """The sheet as XML; ``sparse`` leaves out every reference that follows from the position."""
    rows = []
    last_row = 0
    for row in sorted({place[0] for place in cells}):
        last_column, inside = 0, []
        for column in sorted(c for r, c in cells if r == row):
            value, style = cells[row, column]
            ref = "" if sparse and column == last_column + 1 else f' r="{cell_ref(row, column)}"'
            mark = f' s="{style}"' if style else ""
            inside.append(
                f"<{prefix}c{mark}{ref}/>"
                if value is None
                else f"<{prefix}c{ref}{mark}><{prefix}v>{value}</{prefix}v></{prefix}c>"
            )
            last_column = column
        number = "" if sparse and row == last_row + 1 else f' r="{row}"'
        rows.append(f"<{prefix}row{number}>{''.join(inside)}</{prefix}row>")
        last_row = row
    spaces = f'xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{MAIN}"'
    return (
        f'<{prefix}worksheet {spaces}><{prefix}dimension ref="A1"/><{prefix}sheetData>'
        f"{''.join(rows)}</{prefix}sheetData></{prefix}worksheet>"
    )


def read(path: Path) -> dict[Place, tuple[int | None, int]]:
    """Every cell by an XML parser that knows nothing of the patcher; order is checked on the
    way.
    """
    with zipfile.ZipFile(path) as opened:
        root = ElementTree.fromstring(opened.read(SHEET))
    name = f"{{{MAIN}}}%s"
    found = {}
    at_row = 0
    for row in root.iter(name % "row"):
        number = int(row.get("r", at_row + 1))
        assert number > at_row
        at_row, at_column = number, 0
        for cell in row.iter(name % "c"):
            ref = cell.get("r")
            column = Range.parse(ref).left if ref else at_column + 1
            assert column > at_column and (ref is None or Range.parse(ref).top == number)
            at_column = column
            value = cell.find(name % "v")
            found[number, column] = (
                None if value is None else int(value.text or ""),
                int(cell.get("s", "0")),
            )
    dimension = Range.parse(root.find(name % "dimension").get("ref", ""))  # type: ignore[union-attr]
    assert (
        all(dimension.holds(*place) for place in found if found[place][0] is not None) or not found
    )
    return found


@given(CELLS, CHANGES, st.sampled_from(["", "x:"]), st.booleans())
def test_a_patch_is_an_update_and_no_more(
    cells: dict[Place, tuple[int | None, int]],
    updates: dict[Place, int | None],
    prefix: str,
    sparse: bool,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target, again = (Path(folder) / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
        xml = written(cells, prefix, sparse).replace('ref="A1"', f'ref="{_extent(cells)}"')
        book(source, xml)
        changes = [CellChange("S", cell_ref(*place), value) for place, value in updates.items()]
        patch_workbook(source, target, changes)
        patch_workbook(target, again, changes)
        verify_patched(source, target, changes)
        after = read(target)
        with zipfile.ZipFile(target) as opened, zipfile.ZipFile(again) as twice:
            new = opened.read(SHEET).decode()
            assert {name: opened.read(name) for name in opened.namelist()} == {
                name: twice.read(name) for name in twice.namelist()
            }
    for place, (value, style) in cells.items():
        assert after[place] == (updates.get(place, value), style)
    for place in after.keys() - cells.keys():
        assert after[place][0] == updates[place] is not None
    for row in {place[0] for place in cells} - {place[0] for place in updates}:
        assert _row(xml, cells, row) == _row(new, after, row)


FIGURES = (
    st.none()
    | st.integers(-9, 9).map(Decimal)
    | st.sampled_from(
        [
            Decimal("1.0"),
            Decimal("1.00"),
            Decimal(0),
            date(2026, 3, 1),
            datetime(2026, 3, 1, 12),
            "a & b",
            " x",
            "_x0041_",
            7,
        ]
    )
)
COMPUTED = (
    '<tableColumn id="8" name="x"><calculatedColumnFormula>$A3+1</calculatedColumnFormula></'
    "tableColumn>"
)
TABLES = st.sampled_from(
    [
        (),
        (table("A2:C4", columns("a", "b", "c")),),
        (table("A2:C4", columns("a", "b") + COMPUTED),),
        (table("A2:C4", columns("a", "b", "c"), more=' totalsRowCount="1"'),),
        (
            table("A2:B4", columns("a", "b")),
            table("D2:E4", columns("d") + COMPUTED, name="T2", ident=2),
        ),
        (table("A2:B4", columns("a", "b")), table("G1:G3", COMPUTED, name="T2", ident=2)),
    ]
)


@given(
    CELLS,
    TABLES,
    CHANGES | st.just({}),
    st.integers(3, 8),
    st.lists(st.tuples(*[FIGURES] * 4), min_size=1, max_size=6),
    st.sampled_from(["", "x:"]),
    st.sampled_from(["", "A5:B6"]),
)
def test_new_rows_are_written_as_their_changes_are(
    cells: dict[Place, tuple[int | None, int]],
    tables: tuple[str, ...],
    updates: dict[Place, int | None],
    first: int,
    rows: list[tuple[object, ...]],
    prefix: str,
    merge: str,
) -> None:
    """Under tables that grow, compute, end in totals or overlap with merged cells, and over rows
    that are there: byte for byte the same, or the same refusal.
    """
    given_rows = NewRows(
        "S",
        first,
        (
            ("A", CellStyle.DATE),
            ("B", CellStyle.AMOUNT),
            ("D", CellStyle.GENERAL),
            ("G", CellStyle.PERCENT),
        ),
        rows,
    )
    own = {change.cell for change in given_rows.changes()}
    assume(own)
    other = [
        CellChange("S", cell_ref(*place), value)
        for place, value in updates.items()
        if cell_ref(*place) not in own
    ]
    said: list[object] = []
    with tempfile.TemporaryDirectory() as folder:
        xml = written(cells, prefix, sparse=False)
        if merge:
            xml = xml.replace(
                f"</{prefix}sheetData>",
                f'</{prefix}sheetData><{prefix}mergeCells><{prefix}mergeCell ref="{merge}"/></'
                f"{prefix}mergeCells>",
            )
        source, target = book(Path(folder) / "a.xlsx", xml, tables=tables), Path(folder) / "b.xlsx"
        for changes in ([*other, given_rows], [*other, *given_rows.changes()]):
            try:
                patch_workbook(source, target, changes, few=0)
            except SalesplanError as error:
                said.append((error.finding.code, error.finding.place))
            else:
                verify_patched(source, target, changes, few=0)
                said.append(target.read_bytes())
                target.unlink()
    assert said[0] == said[1]


@given(st.lists(st.tuples(*[FIGURES] * 3), min_size=2, max_size=5), st.data())
def test_a_new_row_that_says_something_else_is_found(
    rows: list[tuple[object, ...]], data: st.DataObject
) -> None:
    columns_given = (("A", CellStyle.GENERAL), ("B", CellStyle.GENERAL), ("C", CellStyle.GENERAL))
    filled = [
        (row, column)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    ]
    if not filled:
        return
    row, column = data.draw(st.sampled_from(filled))
    meant = [list(values) for values in rows]
    meant[row][column] = Decimal(12345)
    with tempfile.TemporaryDirectory() as folder:
        source, target = book(Path(folder) / "a.xlsx", worksheet("")), Path(folder) / "b.xlsx"
        patch_workbook(source, target, [NewRows("S", 1, columns_given, rows)], few=0)
        with pytest.raises(SalesplanError) as caught:
            verify_patched(
                source,
                target,
                [NewRows("S", 1, columns_given, [tuple(values) for values in meant])],
                few=0,
            )
    assert caught.value.finding.place.cell == f"{'ABC'[column]}{row + 1}"


LONG = [
    (
        date(2026, 1, 1 + at % 28),
        f"P{at % 7}",
        ("A & B", None, "_x0041_", " x")[at % 4],
        f"K:{at}",
        Decimal(at) / 100,
        at % 9 or None,
    )
    for at in range(60)
]
LONG_COLUMNS = tuple((letters, CellStyle.GENERAL) for letters in "ABDEFG")


@given(
    st.floats(0, 1),
    st.integers(0, 8),
    st.sampled_from([b"", b"<", b">", b"<c ", b"</row>"]),
    st.sampled_from(
        [
            b"",
            b"<",
            b"&",
            b"1",
            b'"',
            b"/",
            b"&amp;",
            b"\x00",
            b"\xff",
            b"\xef\xbf\xbe",
            b"<!-- -->",
            b"</row>",
            b'<row r="20"/>',
            b'<c r="A20"><v>1</v></c>',
            b' s="1"',
            b"_x0041_",
            b"\n",
        ]
    ),
)
def test_damage_among_new_rows_is_found_or_changes_no_value(
    where: float, length: int, before: bytes, new: bytes
) -> None:
    """Rows that are read back piece by piece: what passes is sound for an independent parser, and
    has every cell that was meant.
    """
    rows = NewRows("S", 3, LONG_COLUMNS, LONG)
    with tempfile.TemporaryDirectory() as folder:
        source, target = book(Path(folder) / "a.xlsx", worksheet("")), Path(folder) / "b.xlsx"
        patch_workbook(source, target, [rows], few=0)
        with zipfile.ZipFile(target) as opened:
            parts = {name: opened.read(name) for name in opened.namelist()}
        whole = parts[SHEET]
        first = whole.index(b"<row")
        at = first + int(where * (whole.index(b"</sheetData>") - first))
        at = whole.find(before, at)
        parts[SHEET] = whole[:at] + new + whole[at + length :]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in parts.items():
                made.writestr(name, content)
        try:
            verify_patched(source, target, [rows], few=0)
        except SalesplanError as error:
            assert error.exit_code == 4
            return
        sheet = ElementTree.fromstring(parts[SHEET])
    said: dict[str, set[str]] = {}
    before_it = ""
    for cell in sheet.iter(f"{{{MAIN}}}c"):
        before_it = cell.get("r") or _right_of(before_it)
        if len(cell):
            said.setdefault(before_it, set()).add("".join(cell.itertext()))
    for change in rows.changes():
        meant = change.value
        if isinstance(meant, date):
            meant = (meant - date(1899, 12, 30)).days
        assert _escaped(meant) in said.get(change.cell, ()), change


def _right_of(ref: str) -> str:
    """Where a cell without a reference stands: right of the one before it."""
    row, column = parse_cell(ref)
    return cell_ref(row, column + 1)


def _escaped(value: object) -> str:
    """As it stands in the part: ``_x0041_`` would be read as A."""
    return str(value).replace("_x", "_x005F_x") if value else "0"


def _extent(cells: dict[Place, tuple[int | None, int]]) -> Range:
    extent = Range(1, 1, 1, 1)
    for row, column in cells:
        extent = extent.including(row, column)
    return extent


def _row(xml: str, cells: dict[Place, tuple[int | None, int]], row: int) -> str:
    """The raw XML of a row, found by counting rows."""
    at = sorted({place[0] for place in cells}).index(row)
    return re.findall(r"<(?:x:)?row\b.*?</(?:x:)?row>", xml)[at]


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    """Read by an independent reader; a carriage return, too, and what looks like an escape."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.xlsx", Path(folder) / "b.xlsx"
        book(source, f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>')
        changes = [CellChange("S", f"A{row}", text) for row, text in enumerate(texts, 1)]
        patch_workbook(source, target, changes)
        verify_patched(source, target, changes)
        with open_package(target) as package:
            rows = read_grids(package)["S"].rows
    assert [row[0] for row in rows] == texts


DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(
            [
                SHEET,
                "xl/tables/table1.xml",
                "xl/styles.xml",
                "xl/workbook.xml",
                "xl/calcChain.xml",
                "xl/_rels/workbook.xml.rels",
            ]
        ),
        st.floats(0, 1),
        st.integers(0, 12),
        st.sampled_from(
            [
                b"",
                b"<",
                b">",
                b'"',
                b"/",
                b"&",
                b"<c>",
                b"</row>",
                b"<f ref='A'>",
                b"<!--",
                b"99999999999",
                b"\xff",
                b"\0",
            ]
        ),
    ),
    min_size=1,
    max_size=3,
)


@given(DAMAGE)
def test_damaged_xml_is_saved_whole_or_refused_with_a_finding(
    damage: list[tuple[str, float, int, bytes]],
) -> None:
    """Bytes of the parts a patch reads are cut out and replaced; only SalesplanError may come of
    it, the master as it was.
    """
    with tempfile.TemporaryDirectory() as folder:
        master = Path(folder) / "a.xlsx"
        _busy_book(master)
        with zipfile.ZipFile(master) as opened:
            parts = {name: opened.read(name) for name in opened.namelist()}
        for name, where, length, new in damage:
            at = int(where * len(parts[name]))
            parts[name] = parts[name][:at] + new + parts[name][at + length :]
        with zipfile.ZipFile(master, "w") as made:
            for name, content in parts.items():
                made.writestr(name, content)
        before = master.read_bytes()
        changes = [
            CellChange("S", "A1", 1),
            CellChange("S", "B2", "x"),
            CellChange("S", "A4", date(2026, 1, 1)),
            CellChange("S", "B3", None),
        ]
        try:
            save_patched(master, changes, expect_sha256=None)
        except SalesplanError as error:
            assert text(error.finding, "zh") and text(error.finding, "en")
            assert master.read_bytes() == before
        else:
            with zipfile.ZipFile(master) as saved:
                ElementTree.fromstring(saved.read(SHEET))


def _busy_book(path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" s="1"><f>1</f><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v>'
        '</c><c r="B2" t="s"><v>1</v></c></row>'
        '<row r="3" ht="20" customHeight="1"><c r="A3"><f t="shared" ref="A3:B3" si="0">C1</f></c>'
        '<c r="B3"><f t="shared" si="0"/></c></row>'
    )
    rules = (
        '<mergeCells count="1"><mergeCell ref="E1:F1"/></mergeCells><conditionalFormatting '
        'sqref="A3:B3"><cfRule type="expression" priority="1"/></conditionalFormatting>'
    )
    book(
        path,
        worksheet(
            rows, '<dimension ref="A1:B3"/><cols><col min="1" max="2" style="2"/></cols>', rules
        ),
        tables=(table("A2:B3", columns("a", "b"), more=' headerRowCount="0"'),),
        chain=f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/><c r="B3"/></calcChain>',
    )


REFERENCES = st.builds(
    lambda fixed, letters, pinned, row: (
        f"{'$' if fixed else ''}{letters}{'$' if pinned else ''}{row}"
    ),
    st.booleans(),
    st.sampled_from(["F", "ZZ", "AMJ"]),
    st.booleans(),
    st.integers(20, 5000),
)
PIECES = REFERENCES | st.sampled_from(
    [
        '"A1"',
        "+",
        "SUM(",
        ")",
        "'A1'!",
        "T[[#This Row],[A1]]",
        "LOG10(",
        "1E5",
        ",",
        " ",
        "名称",
        "#REF!",
        ":",
    ]
)


@given(st.lists(PIECES, max_size=12), st.integers(-10, 10), st.integers(-4, 4))
def test_a_formula_moved_there_and_back_is_the_same(
    pieces: list[str], down: int, right: int
) -> None:
    formula = " ".join(pieces)
    moved = translate(formula, down, right)
    assert translate(moved, -down, -right) == formula
    assert len(re.findall(r"\$", moved)) == formula.count("$")
