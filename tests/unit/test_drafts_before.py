"""调整前 of a change that is still to be decided on is filled with what the plan says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesplan import app
from salesplan.engine import current
from salesplan.plan.change_subjects import FIELDS, table_of
from salesplan.plan.loader import load
from salesplan.plan.model.amend import value_of
from salesplan.plan.schema import SETTINGS, table
from tests.samples import new_sample
from tests.unit import masters

recalc = partial(app.recalc, past=True)

DRAFT = {"effective": "2026-04", "notify": "P1、P2、T1"}


def filled(path: Path, *changes: dict[str, Any]) -> list[Any]:
    """What stands under 调整前 of these changes after a filling."""
    rows = [{"code": f"G{n}", **DRAFT, **change} for n, change in enumerate(changes, 1)]
    masters.write(path, {**masters.SOUND, "changes": rows})
    recalc(path)
    return list(load(path).tables["changes"].column("before"))


@pytest.mark.parametrize(
    ("change", "before"),
    [
        ({"subject": "K2", "field": "时间节点", "after": "2026-05-08"}, "2026-04-20"),
        ({"subject": "REV", "field": "公司年度目标", "after": 1300}, 500),
        ({"subject": "P1", "field": "贡献系数", "after": "45%"}, "100%"),
        ({"subject": "P1", "field": "贡献系数", "after": "45%", "status": "待批"}, "100%"),
        ({"subject": "P1", "field": "贡献系数", "after": "45%", "status": "驳回"}, None),
        ({"subject": "P1", "field": "贡献系数", "after": "45%", "before": "41%"}, "41%"),
        ({"subject": "P9", "field": "贡献系数", "after": "45%"}, None),
        ({"subject": "P1", "field": "没有这一列", "after": "45%"}, None),
        ({"subject": "REV/P1→P2", "field": "移交", "after": 3}, None),
    ],
)
def test_what_the_plan_says_is_filled_in(
    tmp_path: Path, change: dict[str, Any], before: object
) -> None:
    assert filled(tmp_path / "m.xlsx", change) == [before]


def test_an_approved_change_is_left_alone(tmp_path: Path) -> None:
    """It was approved without saying what of: that is an error, and nobody's to make up for."""
    change = {"subject": "P1", "field": "贡献系数", "after": "45%", "approved": "2026-03-03"}
    path = tmp_path / "m.xlsx"
    assert filled(path, {**change, "approver": "王总", "status": "批准"}) == [None]
    assert "change-before-blank" in {one.code for one in app.check(path).findings}


def test_a_second_filling_changes_nothing_and_a_changed_plan_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    filled(path, {"subject": "REV", "field": "公司年度目标", "after": 1300})
    assert not recalc(path).changes.edits
    book = openpyxl.load_workbook(path)
    found = load(path).tables
    kpis, changes = found["kpis"], found["changes"]
    at = list(kpis.column("code")).index("REV")
    book["指标"][f"{kpis.columns['target']}{kpis.row_numbers[at]}"] = 1250
    for key, value in (("status", "批准"), ("approver", "王总"), ("approved", "2026-03-03")):
        book["变更记录"][f"{changes.columns[key]}{changes.row_numbers[0]}"] = value
    book.save(path)
    assert "change-conflict" in {one.code for one in app.check(path).findings}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_approved_as_it_was_filled_no_change_is_at_odds_with_the_plan(
    tmp_path: Path, lang: str
) -> None:
    """Every field of every subject of the sample: what is filled in reads as what the plan says."""
    path = tmp_path / "plan.xlsx"
    new_sample(path, lang=lang)
    loaded = load(path)
    plan, found = loaded.plan, loaded.tables["changes"]
    subjects = {
        "kpis": [one.code for one in plan.kpis],
        "units": [one.code for one in plan.units],
        "targets": [f"{one.kpi}/{one.unit}" for one in plan.targets],
        "tasks": [one.code for one in plan.tasks][:8],
        "budget": [one.code for one in plan.budget][:6],
        "strategies": [one.code for one in plan.strategies],
        "settings": [one.title(lang) for one in SETTINGS if one.key in FIELDS["settings"]],
    }
    drafts = [
        (subject, "" if key == "settings" else table_of(key).column(field).header(lang))
        for key, names in subjects.items()
        for subject in names
        for field in (sorted(FIELDS[key]) if key != "settings" else [""])
    ]
    book = openpyxl.load_workbook(path)
    page = book[found.sheet]
    page.delete_rows(found.first_row, page.max_row)
    for row, (subject, field) in enumerate(drafts, found.first_row):
        said = {"code": f"X{row}", "subject": subject, "field": field, "effective": "2026-06"}
        for key, value in said.items():
            page[f"{found.columns[key]}{row}"] = value
    last = page.cell(5, len(table("changes").columns)).column_letter
    page.tables["Changes"].ref = f"A5:{last}{4 + len(drafts)}"
    book.save(path)
    recalc(path)
    there = load(path)
    said = [one for one in there.plan.changes if one.before]
    assert len(said) > len(drafts) / 3
    assert not [one.code for one in there.findings if one.code == "change-value-unreadable"]
    now = current(there.plan, app.check(path).results)
    for change in said:
        aim = change.aim
        assert aim is not None
        if aim.column not in ("base_year", "granted"):
            said_by_plan = value_of(now, aim)
            assert aim.before in (said_by_plan, there.plan.people.code(str(said_by_plan))), change
