"""One cell of a sheet's XML, looked up by its reference: it is the one that reading its row
finds.
"""

from __future__ import annotations

import pytest

from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.xmlscan import Source

USUAL = b'<c r="A1" s="3"/><c r="B1" t="inlineStr"><is><t>r="C1"</t></is></c><c r="C1"><v>1</v></c>'


def sheet(row: bytes) -> SheetXml:
    body = b'<row r="1">%s</row><row r="3"/>' % row
    return SheetXml(Source.of("sheet", b"<worksheet><sheetData>%s</sheetData></worksheet>" % body))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(USUAL, id="in the usual form"),
        pytest.param(b"<c><v>1</v></c><c/><c><v>3</v></c>", id="without references"),
        pytest.param(b'<c s="3" r="A1"/><c t="str" r="B1"><v>x</v></c>', id="in another order"),
        pytest.param(b'<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', id="twice"),
        pytest.param(b'<c r="A1"/><!--<c r="B1"/>--><c r="B1" cm="1" x="&lt;"/>', id="commented"),
        pytest.param(b'<c r="A2"><v>1</v></c><c r="C9"/>', id="named after another row"),
        pytest.param(b"", id="no cell"),
    ],
)
def test_a_cell_is_the_one_that_its_row_holds(row: bytes) -> None:
    """Also where what precedes it, or a text, looks like it."""
    by_row = sheet(row).cells(1)
    one = sheet(row)
    assert {column: cell for column in range(1, 5) if (cell := one.cell(1, column))} == by_row
    assert one.has_values(1) == any(cell.filled for cell in by_row.values())


def test_a_row_that_is_not_there_has_no_cells_and_no_values() -> None:
    """Nor has one without any."""
    one = sheet(USUAL)
    for row in (2, 3, 4):
        assert one.cell(row, 1) is None
        assert not one.has_values(row)
