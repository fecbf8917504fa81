"""Printed pages: blocks are not cut, headings stay with their tables, and breaks are set only where
they are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.report.xlsx.paging import FEWEST, Block, Paper, breaks, room
from tests.books import opened
from tests.report_fixture import computed, odd_plan
from tests.samples import sample_report
from tests.unit.test_report import written

HEIGHTS = st.lists(st.floats(10, 60), min_size=1, max_size=120)
BLOCKS = st.lists(
    st.tuples(st.integers(0, 119), st.integers(1, 25)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=12,
)


def height(row: int) -> float:
    return 20.0


def test_rows_without_blocks_fill_their_pages() -> None:
    assert breaks(height, [], Paper(25, None, 200.0)) == [10, 20]


def test_a_very_long_sheet_is_left_to_the_program_behind_its_last_block() -> None:
    assert breaks(height, [(15, 22)], Paper(20_000, None, 200.0)) == [10, 15, 25]


def test_a_block_at_a_pages_end_begins_the_next() -> None:
    assert breaks(height, [(8, 12)], Paper(13, None, 200.0)) == [8]
    assert breaks(height, [(8, 9)], Paper(13, None, 200.0)) == [10]


def test_a_short_last_page_takes_over_a_block_of_the_page_before() -> None:
    assert breaks(height, [(14, 19), (20, 23)], Paper(23, None, 400.0)) == [14]
    assert breaks(height, [(1, 19), (20, 23)], Paper(23, None, 400.0)) == [20]


def test_a_heading_beside_a_chart_that_began_above_goes_with_it() -> None:
    """The chart of rows 6–11 would be cut at 9, where a table's heading begins: both go to the next
    page.
    """
    assert breaks(height, [(6, 11), (9, 13)], Paper(20, None, 200.0))[0] == 6


def test_repeated_headers_take_their_part_of_the_next_page() -> None:
    blocks = [(0, 1), (36, 39)]
    assert breaks(height, blocks, Paper(39, None, 200.0)) == [10, 20, 30]
    assert breaks(height, blocks, Paper(39, (0, 1), 200.0)) == [10, 18, 26, 34]


def test_a_block_longer_than_a_page_is_cut_where_the_page_ends() -> None:
    assert breaks(height, [(3, 30)], Paper(30, None, 200.0)) == [3, 13, 23]


def test_the_last_page_is_not_one_line() -> None:
    assert breaks(height, [(0, 1)], Paper(10, None, 200.0)) == [11 - FEWEST]


def test_a_smaller_print_holds_more() -> None:
    assert room(0.5) == 2 * room(1.0) == 2 * room(3.0)


@given(HEIGHTS, BLOCKS, st.floats(100, 400))
def test_pages_hold_what_is_put_on_them_and_no_block_is_cut_that_fits(
    heights: Sequence[float], blocks: Sequence[Block], space: float
) -> None:
    last = len(heights) - 1
    blocks = [(first, min(end, last)) for first, end in blocks if first < min(end, last)]
    found = breaks(lambda row: heights[row], blocks, Paper(last, None, space))
    assert found == sorted(set(found)) and all(0 < row <= last for row in found)
    starts = [0, *found]
    for start, end in zip(starts, found, strict=False):
        assert sum(heights[start:end]) <= space or end == start + 1
    for row in found:
        start = max(one for one in starts if one < row)
        assert not [(first, end) for first, end in blocks if start < first < row <= end]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_heading_of_the_sample_ends_a_page(lang: str) -> None:
    """On each sheet of the worked example: the row of a break and the two before it hold no
    heading.
    """
    broken = 0
    for sheet in opened(sample_report(lang=lang).book).worksheets:
        for one in sheet.row_breaks.brk:
            broken += 1
            above = [
                cell
                for row in sheet.iter_rows(min_row=max(1, one.id - 1), max_row=one.id)
                for cell in row
                if cell.value is not None
            ]
            assert not [cell.coordinate for cell in above if cell.font.sz == 12 and cell.font.b], (
                sheet.title,
                one.id,
            )
    assert broken > 3


def test_a_streamed_sheet_has_no_breaks_of_its_own(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    plan = odd_plan()
    assert (
        len(load_workbook(written(plan, tmp_path, results=computed(plan)))["数据"].row_breaks.brk)
        == 0
    )
