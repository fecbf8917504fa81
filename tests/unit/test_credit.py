"""Credit (业绩分成): a figure that several units share is divided exactly and counts once; overlay
units stand beside.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from salesplan import app
from salesplan.audience.results_slice import part_of
from salesplan.audience.whole import Whole
from salesplan.engine import compute
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.results import Results
from salesplan.messages import text
from salesplan.plan.credits import divided, read_parts
from salesplan.plan.loader import Loaded, load
from salesplan.plan.model import Month, Plan
from tests.unit.masters import SOUND, Rows, findings_of, read, write

JUNE = Month(2026, 3)
P3 = {"code": "P3", "name": "王五", "level": "个人", "parent": "T1", "coefficient": 0.0}
SE = {"code": "SE", "name": "赵六", "level": "个人", "parent": "T1", "overlay": "是"}


def master(*rows: dict[str, Any], units: tuple[dict[str, Any], ...] = (P3, SE)) -> Rows:
    """The sound master with these units more, and these rows of 实绩 alone."""
    made: Rows = {key: [dict(row) for row in found] for key, found in SOUND.items()}
    made["units"] += [dict(unit) for unit in units]
    made["actuals"] = [{"day": date(2026, 3, 10), "kpi": "REV", **row} for row in rows]
    return made


def values(plan: Plan) -> list[tuple[str, Decimal]]:
    return [
        (unit, Decimal(value or 0) / 1_000_000)
        for unit, value in zip(plan.actuals.unit, plan.actuals.value, strict=True)
    ]


def codes(rows: Rows) -> list[tuple[str, str]]:
    """Errors of 实绩 with their cells."""
    _, found = read(rows)
    return [(one.code, one.place.cell) for one in found if one.code.startswith("credit")]


def said(rows: Rows) -> set[str]:
    """The codes of all that reading and checking find."""
    return {code for code, _ in findings_of(rows)}


@pytest.mark.parametrize(
    "unit",
    ["P1:60%; P3:40%", "P1：60％；P3：40％", "张三:60%、王五:40%", "P1:0.6,P3:0.4", "P1:60; P3:40"],
)
def test_shares_in_the_units_cell_are_divided_to_the_smallest_unit(unit: str) -> None:
    """100.01 万元 by 60 and 40 %: 60.006 and 40.004, in hundredths 60.01 and 40.00."""
    plan, found = read(master({"unit": unit, "value": 100.01}))
    assert not found
    assert values(plan) == [("P1", Decimal("60.01")), ("P3", Decimal("40.00"))]
    assert list(plan.actuals.share) == [Fraction(3, 5), Fraction(2, 5)]
    assert list(plan.actuals.rows) == [2, 2]


def test_a_row_each_says_the_same() -> None:
    rows = [
        {"unit": "P1", "value": 100.01, "share": 0.6, "customer": "甲"},
        {"unit": "P2", "value": 7.0},
        {"unit": "P3", "value": 100.01, "share": "40%", "customer": "甲"},
    ]
    plan, found = read(master(*rows))
    assert not found
    assert values(plan) == [("P1", Decimal("60.01")), ("P2", Decimal(7)), ("P3", Decimal("40.00"))]


def test_two_deals_alike_are_two_deals() -> None:
    """The same customer buys twice a day for the same amount, both shared alike."""
    half = {"value": 10.0, "share": 0.5, "customer": "甲"}
    plan, found = read(master(*({"unit": unit, **half} for unit in ("P1", "P1", "P3", "P3"))))
    assert not found
    assert [value for _, value in values(plan)] == [5, 5, 5, 5]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"unit": "P1:60%; P3:30%"}], [("credit-not-whole", "B2")]),
        ([{"unit": "P1:60%; P3:50%"}], [("credit-not-whole", "B2")]),
        ([{"unit": "P1:60%; SE:120%"}], [("credit-not-whole", "B2")]),
        ([{"unit": "P1:60%; P1:40%"}], [("credit-unit-twice", "B2")]),
        ([{"unit": "P1:most; P3:rest"}], [("credit-unreadable", "B2")]),
        ([{"unit": "P1:60%; P3:40%", "share": 0.5}], [("credit-twice-said", "B2")]),
        (
            [{"unit": "P1", "share": 0.6}, {"unit": "P3", "share": 0.3}],
            [("credit-rows-not-whole", "N2")],
        ),
        ([{"unit": "P1", "share": 0.6}], [("credit-rows-not-whole", "N2")]),
    ],
)
def test_shares_that_do_not_make_a_whole_are_an_error_at_the_cell(
    rows: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    made = master(*({"value": 10.0, **row} for row in rows))
    assert codes(made) == expected
    plan, _ = read(made)
    assert not len(plan.actuals)
    assert plan.actuals.broken_rows == frozenset(range(2, 2 + len(rows)))


def test_an_unknown_unit_among_the_shares_is_named() -> None:
    _, found = read(master({"unit": "P1:60%; P9:40%", "value": 10.0}))
    [one] = [one for one in found if one.code == "unknown-code"]
    assert "P9" in text(one, "zh") and one.place.cell == "B2"


def test_a_rate_is_divided_in_both_its_parts_and_a_bare_one_not_at_all() -> None:
    shared = {"kpi": "REP", "unit": "P1:50%; P3:50%"}
    plan, found = read(master({**shared, "numerator": 3.0, "denominator": 5.0}))
    assert not found
    assert list(plan.actuals.numerator) == [1_500_000, 1_500_000]
    assert list(plan.actuals.denominator) == [2_500_000, 2_500_000]
    assert codes(master({**shared, "value": 0.6})) == [("credit-not-divisible", "B2")]


# --- overlay units ----------------------------------------------------------------------------


def run(rows: Rows) -> tuple[Plan, Results]:
    plan, _ = read(rows)
    return plan, compute(plan, month=JUNE, as_of=date(2026, 3, 31))


def test_an_overlay_unit_has_its_credit_and_nobody_above_it_has_it_again() -> None:
    plan, results = run(master({"unit": "P1:60%; P3:40%; SE:100%", "value": 50.0}))
    facts = results.facts
    assert facts is not None

    def value(unit: str) -> Decimal | None:
        return facts.value("REV", unit, Month(2026, 1), JUNE)

    assert {unit: value(unit) for unit in ("P1", "P3", "SE", "T1", "C1")} == {
        "P1": 30, "P3": 20, "SE": 50, "T1": 50, "C1": 50,
    }  # fmt: skip
    assert [unit.code for unit in plan.overlays] == ["SE"]


def test_overlay_credit_alone_needs_no_other_share() -> None:
    rows = master({"unit": "SE", "value": 50.0}, {"unit": "P1", "value": 10.0})
    _, results = run(rows)
    assert results.facts is not None
    assert results.facts.value("REV", "C1", Month(2026, 1), JUNE) == 10
    assert "unit-without-parent" not in said(rows)


def test_a_typed_overlay_target_takes_nothing_from_anybody() -> None:
    """N23: an overlay unit with a target of its own doubled the company and cut the others."""
    plain = master({"unit": "P1", "value": 1.0}, units=(P3,))
    typed = master({"unit": "P1", "value": 1.0})
    typed["targets"] = [
        *typed["targets"],
        {"kpi": "REV", "unit": "SE", "manual_year": 120.0, "reason": "支持"},
    ]
    _, before = run(plain)
    _, after = run(typed)
    assert {key: one.months for key, one in after.targets.items() if key[1] != "SE"} == {
        key: one.months for key, one in before.targets.items()
    }
    assert after.targets["REV", "SE"].year == 120
    assert sum(month or 0 for month in after.targets["REV", "SE"].months) == 120
    assert "target-overlay-doubles" not in said(typed)


def test_an_overlay_coefficient_is_a_part_of_the_target_beside() -> None:
    rows = master({"unit": "P1", "value": 1.0}, units=(P3, {**SE, "coefficient": 0.5}))
    _, results = run(rows)
    target = results.targets["REV", "SE"]
    assert results.targets["REV", "T1"].base_year == 300 and target.year == 150
    assert any("叠加" in text(one, "zh") and "50" in text(one, "zh") for one in target.derivation)
    assert results.targets["REV", "P1"].year == 300


def test_a_change_of_an_overlay_target_is_its_own() -> None:
    rows = master({"unit": "P1", "value": 1.0})
    rows["targets"] = [
        *rows["targets"],
        {"kpi": "REV", "unit": "SE", "manual_year": 120.0, "reason": "支持"},
    ]
    rows["changes"] = [
        {
            "code": "X1",
            "raised": date(2026, 3, 1),
            "trigger": "其他",
            "subject": "REV/SE",
            "field": "手工年度目标",
            "before": "120",
            "after": "150",
            "effective": "2026-03",
            "applicant": "张三",
            "approver": "王总",
            "status": "批准",
            "approved": date(2026, 3, 1),
        }
    ]
    _, results = run(rows)
    assert results.targets["REV", "SE"].year == 150
    assert results.baseline["REV", "SE"].year == 120
    [record] = results.adjustments
    assert record.state.approved_in
    assert [one.unit for one in record.shifts] == ["SE"]


# --- properties -------------------------------------------------------------------------------

PARTS = st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any)


@given(figure=st.integers(-(10**12), 10**12), parts=PARTS, step=st.sampled_from((1, 10_000)))
def test_the_parts_of_a_figure_are_the_figure(figure: int, parts: list[int], step: int) -> None:
    whole = figure // step * step
    shares = [Fraction(part, sum(parts)) for part in parts]
    found = divided(whole, shares, step)
    assert sum(found) == whole
    assert all(abs(one - whole * part) < step for one, part in zip(found, shares, strict=True))


@given(parts=PARTS)
def test_parts_are_read_as_they_are_written(parts: list[int]) -> None:
    written = "; ".join(f"P{i}:{part}%" for i, part in enumerate(parts))
    assert read_parts(written) == tuple(
        (f"P{i}", Fraction(part, 100)) for i, part in enumerate(parts)
    )


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Units in any tree, some of them overlays, and deals shared among them."""
    count = draw(st.integers(2, 9))
    units: list[dict[str, Any]] = [{"code": "C", "name": "公司", "level": "公司"}]
    for i in range(count):
        above = draw(st.sampled_from(units))["code"]
        one = {"code": f"U{i}", "name": f"单元{i}", "level": "部门", "parent": above}
        units.append(one | ({"overlay": "是"} if draw(st.integers(0, 3)) == 0 else {}))
    own = [unit["code"] for unit in units if "overlay" not in unit]
    beside = [unit["code"] for unit in units if "overlay" in unit]
    deals = []
    for _ in range(draw(st.integers(1, 6))):
        who = draw(st.lists(st.sampled_from(own), min_size=1, max_size=4, unique=True))
        cuts = sorted(draw(st.integers(0, 100)) for _ in who[1:])
        shares = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
        parts = [f"{code}:{share}%" for code, share in zip(who, shares, strict=True)]
        if beside:
            parts += [f"{draw(st.sampled_from(beside))}:{draw(st.integers(0, 100))}%"]
        deals.append({"unit": "; ".join(parts), "value": draw(st.integers(-500, 900)) / 100})
    return units, deals


@settings(deadline=None, max_examples=1_000 if os.environ.get("SALESPLAN_THOROUGH") else 60)
@given(made=trees())
def test_roll_ups_add_up_once_in_random_trees_with_overlays(
    made: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    units, deals = made
    rows = master(*deals)
    rows["units"] = units
    rows["targets"] = []
    plan, found = read(rows)
    assert not [one for one in found if one.code.startswith("credit")]
    facts = Facts.of(plan, date(2026, 3, 31))
    parent = {unit["code"]: unit.get("parent") for unit in units}
    flagged = {unit["code"] for unit in units if "overlay" in unit}
    for unit in parent:
        expected = Decimal(0)
        for code, value in values(plan):
            here: str | None = code
            while here is not None and here != unit:
                here = None if here in flagged else parent[here]
            expected += value if here == unit else 0
        known = facts.value("REV", unit, Month(2026, 1), JUNE)
        assert (known or 0) == expected
    outside = [code for code in parent if _under_overlay(code, parent, flagged)]
    if not outside:
        total = sum(Decimal(str(deal["value"])) for deal in deals)
        assert facts.value("REV", "C", Month(2026, 1), JUNE) == total


def _under_overlay(code: str | None, parent: dict[str, Any], flagged: set[str]) -> bool:
    while code is not None:
        if code in flagged:
            return True
        code = parent[code]
    return False


# --- the other rooms --------------------------------------------------------------------------

SHARED = """
    key = "id"
    [columns]
    day = "closed"
    unit = "agents"
    customer = "account"
    [[rule]]
    kpi = "REV"
    value = "amount"
"""


def imported(folder: Path, mapping: str, lines: str) -> Loaded:
    """The master after an import of these lines."""
    path = write(folder / "master.xlsx", master(units=(P3, SE)))
    (folder / "map.toml").write_text(dedent(mapping), "utf-8")
    (folder / "deals.csv").write_text(lines, "utf-8")
    done, *_ = app.import_actuals(path, folder / "deals.csv", folder / "map.toml")
    assert done.added, done.findings
    return load(path)


def test_an_import_takes_the_shares_of_a_cell(tmp_path: Path) -> None:
    lines = "id,closed,agents,account,amount\n1,2026-03-10,张三：60％; P3:40%,甲,100.01\n"
    loaded = imported(tmp_path, SHARED, lines)
    assert values(loaded.plan) == [("P1", Decimal("60.01")), ("P3", Decimal("40.00"))]


def test_an_import_takes_a_line_each_with_its_share(tmp_path: Path) -> None:
    mapping = SHARED.replace('key = "id"', 'key = ["id", "agents"]') + '    share = "part"\n'
    lines = "id,closed,agents,account,amount,part\n" + "".join(
        f"1,2026-03-10,{unit},甲,100.01,{part}\n" for unit, part in (("P1", "60%"), ("P3", "0.4"))
    )
    loaded = imported(tmp_path, mapping, lines)
    assert values(loaded.plan) == [("P1", Decimal("60.01")), ("P3", Decimal("40.00"))]


def test_a_master_without_the_column_takes_no_shares(tmp_path: Path) -> None:
    """Written without their share two rows would count the whole figure twice."""
    path = write(tmp_path / "master.xlsx", master())
    book = load_workbook(path)
    head = next(cell for cell in book["实绩"][1] if cell.value == "分成%")
    book["实绩"].delete_cols(head.column)
    book.save(path)
    mapping = SHARED + "    share = 1\n"
    (tmp_path / "map.toml").write_text(dedent(mapping), "utf-8")
    lines = "id,closed,agents,account,amount\n1,2026-03-10,P1,甲,100\n"
    (tmp_path / "deals.csv").write_text(lines, "utf-8")
    done, *_ = app.import_actuals(path, tmp_path / "deals.csv", tmp_path / "map.toml")
    assert done.added == 0
    assert "import-no-share-column" in {one.code for one in done.findings}


def test_a_units_part_shows_no_share_of_another() -> None:
    """P1 and P2, of two teams, share a deal with an overlay: T1's book knows 61.7283 alone."""
    rows = master({"unit": "P1:50%; P2:50%; SE:77%", "value": 123.4567, "customer": "甲"})
    plan, results = run(rows)
    part = part_of(Whole(plan, results), "T1", ())
    assert list(part.plan.actuals.unit) == ["P1"]
    assert not part.plan.actuals.share
    secrets = {value for value in plan.actuals.value if value} - set(part.plan.actuals.value)
    assert len(secrets) == 1  # the overlay's; P2's half differs from P1's by nothing or a unit
    assert "SE" not in {unit.code for unit in part.plan.units}
    beside = part_of(Whole(plan, results), "SE", ())
    assert {unit.code for unit in beside.plan.units} == {"SE"}
    assert list(beside.plan.actuals.unit) == ["SE"]
