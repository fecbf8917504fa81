"""Base to issued and back."""

from __future__ import annotations

from fractions import Fraction

import pytest

from salesplan.engine.targets.hedge import issue, unhedge

FIVE = Fraction(105, 100)


@pytest.mark.parametrize(
    ("months", "factor", "flow", "issued"),
    [
        ([8] * 12, FIVE, True, [8, 9, 8, 9, 8, 8, 9, 8, 9, 8, 8, 9]),
        ([8] * 3, FIVE, False, [8, 8, 8]),
        ([10, 10], Fraction(1), True, [10, 10]),
        ([-10, -10], FIVE, True, [-9, -10]),
        ([10, -10], Fraction(9, 10), True, [9, -11]),
    ],
)
def test_issue(months: list[int], factor: Fraction, flow: bool, issued: list[int]) -> None:
    assert issue(months, factor, flow) == issued


@pytest.mark.parametrize(
    "factor", [Fraction(1), FIVE, Fraction(3), Fraction(1, 2), Fraction(97, 100)]
)
@pytest.mark.parametrize("flow", [True, False])
def test_a_hedge_is_undone_exactly(factor: Fraction, flow: bool) -> None:
    for months in (
        [8, 0, 13, 5, 1, 2, 3, 9, 9, 9, 0, 40],
        [-8, 0, -13, -5, -1, -2, -3, -9, -9, -9, 0, -40] if factor < 2 else [7] * 12,
    ):
        values = issue(months, factor, flow)
        found = unhedge(values, factor, sum(months) if flow else months[-1], flow)
        assert found is not None and issue(found, factor, flow) == values
        assert (sum(found) if flow else found[-1]) == (sum(months) if flow else months[-1])


@pytest.mark.parametrize(
    ("values", "factor", "year"),
    [
        ([1, 0], Fraction(3), None),
        ([8, 9], FIVE, 99),
        ([-5], Fraction(3), None),
        ([5], Fraction(-1), None),
    ],
)
def test_what_no_base_can_have_issued(
    values: list[int], factor: Fraction, year: int | None
) -> None:
    assert unhedge(values, factor, year, True) is None
