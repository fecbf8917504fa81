"""Whole units out of shares: one margin, and two."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.engine.exact.rounding import (
    apportion,
    controlled_rounding,
    fit,
    in_units,
    largest_remainder,
    nearest,
    nearest_units,
    settle,
)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (20, [33, 27, 21, 12, 7], [7, 6, 4, 2, 1]),
        (20, [7, 12, 21, 27, 33], [1, 2, 4, 6, 7]),
        (-20, [33, 27, 21, 12, 7], [-7, -6, -4, -2, -1]),
        (10, [1, 1, 1], [4, 3, 3]),
        (0, [3, 1], [0, 0]),
        (5, [0, 1, 0], [0, 5, 0]),
        (100, [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)], [34, 33, 33]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_largest_remainder(total: int, weights: list[int | Fraction], parts: list[int]) -> None:
    assert largest_remainder(total, weights) == parts


def test_equal_fractions_go_to_the_larger_weight_then_to_the_earlier_row() -> None:
    assert largest_remainder(2, [1, 3]) == [0, 2]
    assert largest_remainder(1, [1, 1]) == [1, 0]


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (1, []), (5, [2, -1])])
def test_weights_that_cannot_carry_a_total_are_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|nothing"):
        largest_remainder(total, weights)


def test_apportion_of_values_below_zero_keeps_to_their_neighbours() -> None:
    assert apportion(9, [55, 45, -10], 10) == [6, 4, -1]


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"), [(5, 2, 3), (-5, 2, -2), (5, -2, -2), (7, 3, 2)]
)
def test_nearest_rounds_halves_up(numerator: int, denominator: int, value: int) -> None:
    assert nearest(numerator, denominator) == value


def test_both_margins_hold_and_every_cell_is_a_neighbour_of_its_share() -> None:
    shares, months = (
        [
            Fraction(33, 100),
            Fraction(27, 100),
            Fraction(21, 100),
            Fraction(12, 100),
            Fraction(7, 100),
        ],
        [2, 1, 2, 2, 1, 2, 2, 1, 2, 2, 2, 1],
    )
    real = [[share * month for month in months] for share in shares]
    table = controlled_rounding(real, [7, 6, 4, 2, 1], months)
    assert [sum(row) for row in table] == [7, 6, 4, 2, 1]
    assert [sum(column) for column in zip(*table, strict=True)] == months
    assert all(
        abs(value - cell) < 1
        for row, cells in zip(table, real, strict=True)
        for value, cell in zip(row, cells, strict=True)
    )


def test_units_lie_evenly_over_the_year() -> None:
    (row, _) = controlled_rounding([[Fraction(1, 4)] * 12, [Fraction(3, 4)] * 12], [3, 9], [1] * 12)
    assert [sum(row[first : first + 4]) for first in (0, 4, 8)] == [1, 1, 1]


def test_a_free_margin_takes_the_neighbours_of_its_real_totals() -> None:
    real = [[Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 2), Fraction(1, 2)]]
    assert controlled_rounding(real, None, [1, 1]) in ([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    assert controlled_rounding([[Fraction(5, 2), Fraction(1, 2)]], None, None) in (
        [[3, 0]],
        [[2, 1]],
    )


def test_totals_move_to_their_other_neighbour_before_a_cell_leaves_its_own() -> None:
    """Two people are there in January only, two in February only: the two units of the year cannot
    both be January's.
    """
    half = Fraction(1, 2)
    real = [[half, Fraction(0)], [half, Fraction(0)], [Fraction(0), half], [Fraction(0), half]]
    rows = [1, 1, 0, 0]
    table = fit([[int(2 * cell) for cell in row] for row in real], 2, rows, [1, 1], [True] * 4)
    assert table is not None
    assert [sum(column) for column in zip(*table, strict=True)] == [1, 1]
    assert all(
        abs(value - cell) < 1
        for row, cells in zip(table, real, strict=True)
        for value, cell in zip(row, cells, strict=True)
    )
    assert [sum(row) for row in table] == rows
    assert sum(rows[:2]) == 1


def test_prescribed_totals_far_from_the_shares_still_hold() -> None:
    table = controlled_rounding(
        [[Fraction(1), Fraction(1)], [Fraction(9), Fraction(9)]], [10, 10], [10, 10]
    )
    assert [sum(row) for row in table] == [10, 10]
    assert [sum(column) for column in zip(*table, strict=True)] == [10, 10]


def test_totals_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        controlled_rounding([[Fraction(1)]], [1], [2])


def test_bounds_that_leave_no_table_are_reported() -> None:
    assert (
        fit(
            [[1, 1], [1, 1]],
            1,
            [2, 2],
            [3, 1],
            [False] * 2,
            lambda: ([[1, 1], [1, 1]], [[1, 1], [1, 1]]),
        )
        is None
    )


def test_settling_uses_paths_through_other_rows() -> None:
    """Row 0 lacks a unit and column 1 too, but they may not meet: row 1 passes one on."""
    table, gaps_r, gaps_c = [[0, 0], [1, 0]], [1, 0], [0, 1]
    assert settle(table, [[0, 0], [0, 0]], [[1, 0], [1, 1]], gaps_r, gaps_c)
    assert table == [[1, 0], [0, 1]]


def test_settling_leaves_what_the_bounds_forbid() -> None:
    gaps_r, gaps_c = [2], [2]
    table = [[0]]
    assert not settle(table, [[0]], [[1]], gaps_r, gaps_c)
    assert (table, gaps_r, gaps_c) == ([[1]], [1], [1])


@given(
    st.decimals(-(10**9), 10**9, allow_nan=False, places=4),
    st.sampled_from([Decimal(1), Decimal("0.01"), Decimal("0.25"), Decimal(3), Decimal("1E+3")]),
)
def test_units_are_those_of_the_fraction(value: Decimal, smallest: Decimal) -> None:
    exact = Fraction(value) / Fraction(smallest)
    assert nearest_units(value, smallest) == round(exact)
    assert in_units(value, smallest) == (exact if exact.denominator == 1 else None)
