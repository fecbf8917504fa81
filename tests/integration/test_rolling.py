"""Next year's master out of this year's: ``new NEXT.xlsx --from PLAN.xlsx``."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.dataclass import replace
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from salesplan.plan.model import Actuals, Level, Month, Plan
from salesplan.plan.model.actuals import FIRST_LINKED
from salesplan.template.rolled import Rolled
from salesplan.template.rolled import rolled as rows_of_next
from tests.foreign_books import TODAY
from tests.foreign_books import write as own_workbook
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import new_sample
from tests.unit.masters import edited, settings_edit, write

LEFT = {"units": {6: {"left": date(2026, 8, 31)}}}
"""李四 (P2), the only person of 华东二部, has left."""
MOVED = {
    "changes": {
        3: {
            "code": "G2",
            "subject": "P2",
            "field": "上级编码",
            "before": "T2",
            "after": "T1",
            "effective": "2026-06",
            "approver": "王总",
            "status": "批准",
            "approved": date(2026, 5, 20),
        },
        4: {"code": "G3", "subject": "P1", "field": "贡献系数", "before": "100%", "after": "90%"},
    }
}


def rolled(tmp_path: Path, *edits: Any, **more: Any) -> tuple[Plan, Rolled]:
    """The new plan, read, and what was said of it."""
    changes: dict[str, Any] = {}
    for one in edits:
        changes |= one
    old = tmp_path / "old.xlsx"
    write(old, edited(changes))
    before = old.read_bytes()
    made = app.roll(old, tmp_path / "new.xlsx", **more)
    assert old.read_bytes() == before
    loaded = load(tmp_path / "new.xlsx")
    assert not [one for one in loaded.findings if one.code in ("unknown-code", "duplicate-code")]
    return loaded.plan, made


def codes(made: Rolled) -> Counter[str]:
    return Counter(one.code for one in made.findings)


def booked(actuals: Actuals) -> list[tuple[str, Month, date | None, int | None, int | None]]:
    """The figures, whoever's they are."""
    return sorted(
        zip(
            actuals.kpi,
            actuals.month,
            (day or date.min for day in actuals.day),
            (value or 0 for value in actuals.value),
            (part or 0 for part in actuals.numerator),
            strict=True,
        )
    )


def test_who_and_what_goes_on_and_figures_are_history(tmp_path: Path) -> None:
    plan, made = rolled(tmp_path)
    old = load(tmp_path / "old.xlsx").plan
    assert plan.settings.year == made.year == 2027
    told = ("approvers", "mail_domains", "amount_unit", "explain_low", "reserve_share")
    assert [getattr(plan.settings, key) for key in told] == [
        getattr(old.settings, key) for key in told
    ]
    assert plan.settings.budget_total is None and plan.settings.as_of is None
    people = [(one.code, one.name, one.parent, one.email, one.coefficient) for one in old.units]
    assert people == [
        (one.code, one.name, one.parent, one.email, one.coefficient) for one in plan.units
    ]
    assert [one.code for one in plan.kpis] == ["REV", "NEW", "REP"]
    assert [one.weight for one in plan.kpis] == [one.weight for one in old.kpis]
    assert booked(plan.actuals) == booked(old.actuals)
    assert [one.name for one in plan.category_shares] == ["获客", "应急储备"]
    assert [one.topic for one in plan.lessons] == ["一季度复盘"]


def test_lessons_keep_the_year_that_they_are_of_and_who_is_still_there(tmp_path: Path) -> None:
    """6月 is June of the year that ends, not of the next; a leaver is named no more."""
    periods = ["6月", "Q2", "2025-Q4", "展会"]
    rows = {at: {"topic": "展会", "period": said} for at, said in enumerate(periods, 2)}
    edits = {
        "lessons": {**rows, 2: {**rows[2], "shared": "T1、P2"}},
        "units": {6: {"left": date(2026, 12, 31)}},
    }
    plan, _ = rolled(tmp_path, edits)
    said = [(one.period, one.shared) for one in plan.lessons]
    assert said == [("2026 6月", ("T1",)), ("2026 Q2", ()), ("2025-Q4", ()), ("展会", ())]


def test_what_is_this_years_stays_behind(tmp_path: Path) -> None:
    plan, made = rolled(tmp_path, MOVED)
    assert [one.target for one in plan.kpis] == [None] * 3
    assert not [one for one in plan.targets if one.has_manual or one.stored_year is not None]
    for left in (plan.changes, plan.closes, plan.closed, plan.budget, plan.spending, plan.draws):
        assert left == ()
    assert plan.daily == plan.weekly == plan.issues == ()
    assert plan.deals == ()  # the one deal was won
    assert [one.code for one in plan.tasks] == ["K2"] and plan.tasks[0].due is None
    assert [one.code for one in plan.strategies] == ["S1"]
    assert made.count("tasks") == 1


def test_changes_in_force_are_in_and_drafts_are_named(tmp_path: Path) -> None:
    plan, made = rolled(tmp_path, MOVED)
    assert plan.unit_by_code["P2"].parent == "T1"
    assert codes(made)["roll-unit-empty"] == 1  # 华东二部, which P2 has left
    assert plan.unit_by_code["P1"].coefficient == 1
    (said,) = [one for one in made.findings if one.code == "roll-drafts"]
    assert said.params["changes"] == ("G3",) and said.place.sheet == "设置"


def test_who_has_left_stays_behind_and_their_figures_do_not(tmp_path: Path) -> None:
    """P2's revenue stands at 华东二部; what P2 led or was to do is blank, and all of it is said."""
    led = {"units": {**LEFT["units"], 4: {"manager": "P2"}}}
    plan, made = rolled(tmp_path, led)
    assert "P2" not in plan.unit_by_code
    assert plan.unit_by_code["T2"].manager == ""
    assert sum(value or 0 for value in plan.actuals.value) == 45_500_000
    assert set(plan.actuals.unit) == {"P1", "T2"}
    assert plan.tasks[0].owner == ""
    wanted = {"roll-leaver": 1, "roll-leader-gone": 1, "roll-owner-gone": 1, "roll-unit-empty": 1}
    assert {key: count for key, count in codes(made).items() if key in wanted} == wanted
    assert not [one for one in app.check(tmp_path / "new.xlsx").findings if "doubled" in one.code]


def test_who_stood_below_one_that_is_gone_moves_up(tmp_path: Path) -> None:
    plan, made = rolled(tmp_path, {"units": {4: {"left": date(2026, 3, 31)}}})
    assert plan.unit_by_code["P2"].parent == "C1"
    assert codes(made)["roll-parent-gone"] == 1
    later, _ = rolled(tmp_path, {"units": {4: {"left": date(2027, 3, 31)}}}, force=True)
    assert later.unit_by_code["P2"].parent == "T2" and later.unit_by_code["T2"].left


def test_bases_are_what_was_achieved(tmp_path: Path) -> None:
    """A rate's base is the year's rate; a flow has one only where it had, and the year is whole."""
    plan, made = rolled(tmp_path)
    assert [one.base for one in plan.kpis] == [None, None, Decimal("0.5")]
    assert codes(made)["roll-year-open"] == 1
    december = {
        "kpis": {2: {"base": 10.0}},
        "actuals": {5: {"day": "2026-12", "unit": "P1", "kpi": "REV", "value": 100.0}},
        **settings_edit(as_of=date(2026, 12, 31), month="2026-12"),
    }
    whole, made = rolled(tmp_path, december, force=True)
    assert whole.kpis[0].base == Decimal("145.5")
    assert "roll-year-open" not in codes(made)


def test_the_past_goes_on_as_history(tmp_path: Path) -> None:
    """Last year's column is the one before last now; the old master's actuals tell the last."""
    plan, _ = rolled(tmp_path)
    january = next(one for one in plan.seasonality if (one.kpi, one.month) == ("REV", 1))
    assert january.history == (None, Decimal(41), None)
    later, _ = rolled(tmp_path, year=2028, force=True)
    january = next(one for one in later.seasonality if (one.kpi, one.month) == ("REV", 1))
    assert january.history == (Decimal(41), Decimal(20), None)
    assert len(later.actuals) == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_goes_on_without_an_error(tmp_path: Path, lang: str) -> None:
    """Products, shared deals, other currencies, an overlay, a person who has left."""
    old = new_sample(tmp_path / "old.xlsx", lang=lang)
    made = app.roll(old, tmp_path / "new.xlsx")
    checked = app.check(tmp_path / "new.xlsx")
    assert not [one for one in checked.findings if one.code.startswith(("unknown", "required"))]
    before, after = load(old).plan, checked.loaded.plan
    own = [at for at, month in enumerate(before.actuals.month) if month >= Month(2026, 1)]
    for kpi in ("REV", "NEW", "COL"):
        sums = [sum(before.actuals.value[at] or 0 for at in own if before.actuals.kpi[at] == kpi)]
        rows = range(len(after.actuals))
        sums.append(
            sum(after.actuals.value[at] or 0 for at in rows if after.actuals.kpi[at] == kpi)
        )
        assert sums[0] == sums[1], kpi
    assert {one.product for one in after.product_targets} == {
        one.product for one in before.product_targets
    }
    assert [one.code for one in after.overlays] == [one.code for one in before.overlays]
    assert codes(made)["roll-leaver"] == 1
    done = app.recalc(tmp_path / "new.xlsx")
    assert not [one for one in done.run.findings if one.code == "unknown-code"]


def test_another_language(tmp_path: Path) -> None:
    plan, made = rolled(tmp_path, lang="en")
    loaded = load(tmp_path / "new.xlsx")
    assert loaded.lang == made.lang == plan.settings.lang == "en"
    assert "Organization" in loaded.source.sheets and plan.units[0].level is Level.COMPANY
    assert plan.kpis[0].kind is load(tmp_path / "old.xlsx").plan.kpis[0].kind


def test_an_adopted_workbook_goes_on_as_a_master_of_ours(tmp_path: Path) -> None:
    months = [f"{month}月" for month in range(1, 13)]
    heads = ["姓名", *months]
    people = [[who, *range(10, 22)] for who in ("张伟", "王芳")]
    sheets = {"目标": [["2026年目标"], heads, *people], "实绩": [["2026年实绩"], heads, *people]}
    path = own_workbook(tmp_path / "theirs.xlsx", sheets)
    app.adopt(app.look(path, None, TODAY))
    app.roll(path, tmp_path / "next.xlsx")
    plan = load(tmp_path / "next.xlsx").plan
    assert [one.name for one in plan.units] == ["公司", "张伟", "王芳"]
    assert len(plan.actuals) == 24 and plan.targets == ()


def test_years_and_places_that_will_not_do(tmp_path: Path) -> None:
    rolled(tmp_path)
    old = tmp_path / "old.xlsx"
    for year, path, code in ((2026, "b.xlsx", "roll-year"), (None, "old.xlsx", "roll-onto-itself")):
        with pytest.raises(SalesplanError) as refused:
            app.roll(old, tmp_path / path, year=year, force=True)
        assert refused.value.finding.code == code and refused.value.exit_code == 2
    with pytest.raises(SalesplanError):
        app.roll(old, tmp_path / "new.xlsx")  # something is there


def test_an_old_master_with_errors_is_said(tmp_path: Path) -> None:
    _, made = rolled(tmp_path, {"actuals": {2: {"unit": "nobody"}}})
    assert codes(made)["roll-errors"] == 1


def test_no_actuals_no_history(tmp_path: Path) -> None:
    none = {at: {"value": None, "numerator": None, "denominator": None} for at in (2, 3, 4)}
    plan, made = rolled(tmp_path, {"actuals": none})
    assert len(plan.actuals) == 0 and codes(made)["roll-no-actuals"] == 1


def test_rows_of_a_linked_source_are_not_copied(tmp_path: Path) -> None:
    """They are read from there, next year, too."""
    rolled(tmp_path)
    plan = load(tmp_path / "old.xlsx").plan
    rows = [one + FIRST_LINKED for one in plan.actuals.rows]
    plan = replace(plan, actuals=replace(plan.actuals, rows=rows))
    made = rows_of_next(plan, 2027, {}, lambda task: True, lambda *cell: None, (), "zh")
    assert made.actuals == 0 and codes(made)["roll-linked"] == 1


def test_the_command_says_what_is_taken_over(tmp_path: Path) -> None:
    write(tmp_path / "old.xlsx", edited(MOVED))
    old, new = tmp_path / "old.xlsx", tmp_path / "next.xlsx"
    done = run("new", new, "--from", old, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "Taken over: 5 units, 3 KPIs, 3 actuals, 1 open task" in done.output
    assert f"salesplan check {new}" in done.output
    again = run("start", tmp_path / "other.xlsx", "--from", old, "--year", "2028")
    assert again.exit_code == 0 and "2028" in again.output, again.output
    refused = run("new", tmp_path / "x.xlsx", "--from", old, "--kpis", "REV")
    assert refused.exit_code == 2 and "--kpis" in refused.output
