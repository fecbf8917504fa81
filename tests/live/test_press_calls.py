"""What a press asks of LibreOffice, counted: seconds depend on the machine, calls do not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from salesplan.excel import live, ribbon, undo, use_cases
from salesplan.excel.calc import book_of
from tests.live.calls import Counted
from tests.live.office import Office
from tests.samples import new_sample, unprinted

FILLING, NOTHING, TAKING_BACK = 147, 59, 84
"""Calls of a press for each sheet of the sample, objects counted as calls: 377, 174 and 222 when
each look at a sheet and each block asked for objects of its own, 187, 95 and 108 when each sheet
was looked at by three of them, and the window's bars as if they were cells.
"""

READINGS = 3
"""How often the cells of a sheet are read: for the plan, before the first cell is written, and
after the last one.
"""


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return unprinted(new_sample(tmp_path / "主计划.xlsx", lang="zh"))


def test_a_press_asks_little_of_the_program(office: Office, master: Path) -> None:
    counts: Counter[str] = Counter()
    book = book_of(Counted(office.open(master).api, counts))
    sheets = len(live.read(book).held)

    counts.clear()
    filled = str(ribbon.recalc(book))
    assert "已填写" in filled
    first = counts.copy()
    # beside the sheets of the plan there is the hidden memory
    assert first["getDataArray"] <= READINGS * (sheets + 1)
    assert first["setPropertyValue"] < 100 and first["getRows"] == 0, "rows one by one"
    assert first.total() <= FILLING * sheets, first.most_common(20)

    counts.clear()
    assert "没有改动" in str(ribbon.recalc(book))
    assert counts["getDataArray"] <= (READINGS - 1) * (sheets + 1)
    assert counts["setDataArray"] == counts["setFormulaArray"] == 0
    assert counts.total() <= NOTHING * sheets, counts.most_common(20)

    counts.clear()
    undo.undo(book)
    assert counts.total() <= TAKING_BACK * sheets, counts.most_common(20)

    # A sheet in front that changes would look at all its formulas at each change of another one.
    assert first["lockControllers"] == 0, "the guide is in front"
    book.sheets["目标分解"].activate()
    counts.clear()
    changed = {edit.sheet for edit in use_cases.recalculated(book).changes.edits}
    assert counts["lockControllers"] == len(changed) + 1
