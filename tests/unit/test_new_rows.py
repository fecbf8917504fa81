"""Very many new rows: made while they are packed, and taken out as they are read back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.findings import SalesplanError
from salesplan.workbook import patch_workbook
from salesplan.workbook.changes import ByColumn, CellStyle, NewRows
from salesplan.workbook.patch.readback import read_back
from salesplan.workbook.patch.verify import verify_patched
from salesplan.workbook.read.cells import read_grids
from salesplan.workbook.zip.package import open_package
from tests.rawbook import SHEET, book, columns, table, worksheet

COUNT = 12_000
LOOKS = (CellStyle.DATE, CellStyle.GENERAL, CellStyle.GENERAL, CellStyle.GENERAL, CellStyle.AMOUNT)
COLUMNS = tuple(zip("ABDEG", LOOKS, strict=True))
ROWS = ByColumn(
    (
        [date(2026, 1, 1 + at % 28) for at in range(COUNT)],
        [f"客户 & {at % 90}" for at in range(COUNT)],
        [f"K1:D-{at:06d} a" for at in range(COUNT)],
        [None if at % 5 == 0 else "线上" for at in range(COUNT)],
        [Decimal(at) / 100 if at % 7 else Decimal("0.00") for at in range(COUNT)],
    )
)


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A book with a table, and the same with the rows in it."""
    folder = tmp_path_factory.mktemp("rows")
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    source = book(
        folder / "a.xlsx", worksheet(head), tables=(table("A1:H2", columns(*"abcdefgh")),)
    )
    patch_workbook(source, folder / "b.xlsx", [NewRows("S", 3, COLUMNS, ROWS)])
    return source, folder / "b.xlsx"


def test_rows_kept_by_column_are_rows() -> None:
    few = ByColumn(([1, 2, 3], "abc"))
    assert list(few) == [(1, "a"), (2, "b"), (3, "c")] and few[-1] == (3, "c")
    assert list(few[1:]) == [(2, "b"), (3, "c")] and few[1:][:1].columns == [[2], "b"]
    assert len(few[5:]) == 0 and list(few[5:]) == []


def test_what_was_written_is_read(patched: tuple[Path, Path]) -> None:
    """By a reader of another hand, every cell; and the check passes."""
    source, target = patched
    verify_patched(source, target, [NewRows("S", 3, COLUMNS, ROWS)])
    with open_package(target) as package:
        read = read_grids(package)["S"].rows[2:]
    assert len(read) == COUNT
    for there, (day, customer, key, channel, amount) in zip(read, ROWS, strict=True):
        assert isinstance(day, date) and isinstance(amount, Decimal)
        moment = there[0].date() if isinstance(there[0], datetime) else there[0]
        assert [moment, *there[1:7]] == [day, customer, None, key, channel, None, float(amount)]


def test_what_is_read_back_is_not_held(patched: tuple[Path, Path]) -> None:
    """Of the part hardly anything is left to be looked at whole, and few cells one by one."""
    with open_package(patched[1]) as package:
        read = read_back(package.pieces(SHEET), NewRows("S", 3, COLUMNS, ROWS), package.date1904)
        whole = package.size(SHEET)
    assert read is not None and len(read.rest) < whole / 50 and len(read.unclear) < 100


def test_a_value_that_no_cell_can_hold_is_named(tmp_path: Path) -> None:
    """The first of them, though it is met while the rows are packed; and nothing is left behind."""
    source = book(tmp_path / "a.xlsx", worksheet(""))
    long = ["x"] * 5000
    long[4321] = "y" * 40_000
    rows = NewRows("S", 1, (("C", CellStyle.GENERAL),), ByColumn((long,)))
    with pytest.raises(SalesplanError) as caught:
        patch_workbook(source, tmp_path / "b.xlsx", [rows])
    assert (caught.value.finding.code, caught.value.finding.place.cell) == (
        "text-too-long",
        "C4322",
    )
    assert not (tmp_path / "b.xlsx").exists()
