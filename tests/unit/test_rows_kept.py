"""What is kept of very many targets: their rows by column, and no key for each of their spans."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.engine.exact.figures import Crossed, OnDemand
from salesplan.fill.edits import Value
from salesplan.fill.rows import Row, RowsByColumn, RowsOf

COLUMNS, ROWS = [f"month{number}" for number in range(1, 27)], 2_000


def row_of(number: int) -> Row:
    return {key: f"{key} {number % 7}" for key in COLUMNS}


def kept(make: Callable[[], object]) -> int:
    """Bytes that are still held of what is made."""
    tracemalloc.start()
    try:
        held = make()
        assert held is not None
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@given(st.lists(st.tuples(st.none() | st.integers(), st.text(max_size=3)), max_size=5))
def test_rows_by_column_are_the_rows(cells: list[tuple[Value, Value]]) -> None:
    """One by one, from the end, in part and by their number; none of none."""
    rows: list[Row] = [{"a": one, "b": other} for one, other in cells]
    found = RowsByColumn.of(iter(rows))
    assert list(found) == rows and len(found) == len(rows) and bool(found) == bool(rows)
    assert list(found[1:3]) == rows[1:3]
    assert not rows or found[-1] == rows[-1]
    with pytest.raises(IndexError):
        found[len(rows)]


def test_rows_are_made_when_they_are_looked_at() -> None:
    """A row takes no memory, and none is made of a number that there is none of."""
    made: list[int] = []
    rows = RowsOf({3: 30, 5: 50}, lambda one: {"made": made.append(one) or one})
    assert not made and list(rows) == [3, 5] and 4 not in rows and rows.get(4) is None
    assert rows[5] == {"made": 50} and made == [50]


def test_rows_kept_by_column_take_what_their_cells_take() -> None:
    """Less than half of what their dicts would."""
    texts = [row_of(number) for number in range(7)]
    rows = kept(lambda: [dict(texts[number % 7]) for number in range(ROWS)])
    columns = kept(lambda: RowsByColumn.of(texts[number % 7] for number in range(ROWS)))
    assert columns < rows / 2


KEYS = st.lists(st.tuples(st.text(max_size=2), st.text(max_size=2)), max_size=6)


@given(KEYS, st.lists(st.integers(0, 4), unique=True, max_size=4))
def test_crossed_keys_are_those_of_the_product(
    heads: list[tuple[str, str]], tails: list[int]
) -> None:
    """Each once and in its order, in a mapping too; a key of another shape is none of them."""
    wanted = list(dict.fromkeys((*head, tail) for head, tail in product(heads, tails)))
    found = Crossed(heads, tails)
    assert list(found) == wanted and len(found) == len(wanted)
    assert all(key in found for key in wanted)
    for other in ((), ("a", "b"), ("?",), ("a", "b", 9), "ab", None):
        assert other not in found
    known = OnDemand(found, lambda key: key)
    assert list(known) == wanted and all(known[key] == key for key in wanted)


def test_crossed_keys_are_not_kept() -> None:
    """Five spans of each target take no more than the target's own key."""
    heads = [(f"K{number}", "U") for number in range(ROWS)]
    alone = kept(lambda: dict.fromkeys(heads))
    assert kept(lambda: Crossed(heads, range(5))) < 1.1 * alone
