"""Paying a commitment: the payment's voucher releases it, once, and never more than was paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesplan.plan.duplicates import with_releases
from salesplan.plan.model import SpendKind
from tests.unit.masters import edited, read
from tests.unit.whole_run import everything_said

C, S = SpendKind.COMMITTED, SpendKind.SPENT


@pytest.mark.parametrize(
    ("rows", "committed", "spent"),
    [
        ([("占用", 10, "V1"), ("支出", 10, "V1")], 0, 10),
        ([("占用", 10, "V1"), ("支出", 4, "v 1"), ("支出", 4, "V1")], 2, 8),
        ([("占用", 10, "V1"), ("支出", 12, "V1")], 0, 12),
        ([("占用", 10, "V1"), ("支出", 10, "V2")], 10, 10),
        ([("占用", 10, None), ("支出", 10, None)], 10, 10),
        ([("占用", 10, "V1"), ("占用", -10, "V1"), ("支出", 10, "V1")], 0, 10),
        ([("占用", 10, "V1"), ("支出", 10, "V1"), ("占用", -10, "V1")], 0, 10),
        ([("支出", 10, "V1"), ("占用", 10, "V1")], 0, 10),
        ([("占用", 10, "V1"), ("支出", -3, "V1")], 10, -3),
    ],
)
def test_the_voucher_releases_the_commitment(
    rows: list[tuple[str, int, str | None]], committed: int, spent: int
) -> None:
    """Reversed by hand or released by the voucher: either way it is committed once or not at
    all.
    """
    plan, _ = read(edited({"spending": spending(rows)}))
    sums = {kind: sum(row.amount for row in plan.spending if row.kind is kind) for kind in (C, S)}
    assert sums == {C: Decimal(committed), S: Decimal(spent)}


def test_another_lines_voucher_releases_nothing() -> None:
    plan, _ = read(edited({"spending": spending([("占用", 10, "V1"), ("支出", 10, "V1")])}))
    first, second = plan.spending[:2]
    assert with_releases([replace(first, budget="X"), second])[-1].kind is S


def test_an_overspent_line_that_is_only_not_released_says_how() -> None:
    said = everything_said(edited({"spending": spending([("占用", 9, "V1"), ("支出", 9, "V2")])}))
    assert [code for code, place in said if place == "预算!A2" and "over" in code] == [
        "budget-overcommitted"
    ]


def spending(rows: list[tuple[str, int, str | None]]) -> dict[int, dict[str, Any]]:
    return {
        number: {
            "day": date(2026, 2, 10),
            "budget": "B1",
            "kind": kind,
            "amount": amount,
            "voucher": voucher,
        }
        for number, (kind, amount, voucher) in enumerate(rows, start=2)
    }
