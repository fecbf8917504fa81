"""Whatever is typed into a handout arrives in the master, in either language, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from salesplan import app
from salesplan.handout.form import INPUTS, SHOWN, TITLES, inputs, tool_key
from salesplan.handout.returned import read_returned
from salesplan.messages import has_errors
from salesplan.plan.forms import BASE_HEADER, KEY_HEADER
from salesplan.plan.loader import load
from salesplan.plan.schema import Column, Kind
from salesplan.workbook.read.headers import normal
from tests.samples import new_sample

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
HEAD = 4


@LANGUAGES
@pytest.mark.parametrize("key", INPUTS)
def test_no_form_has_one_head_twice(key: str, lang: str) -> None:
    """Neither as it is written, nor by another name that a column to be filled in is known by."""
    place = ["zh", "en"].index(lang)
    shown = [normal(pair[place]) for pair in SHOWN[key]] + [KEY_HEADER, BASE_HEADER]
    for column in inputs(key):
        assert not {normal(name) for name in column.headers} & set(shown), column.key
        shown.append(normal(column.header(lang)))
    assert len(shown) == len(set(shown))


@pytest.fixture(scope="module", params=["zh", "en"])
def handed_out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"round-{request.param}")
    new_sample(folder / "plan.xlsx", lang=request.param)
    app.handout(folder / "plan.xlsx", folder / "out")
    return folder


def test_what_nobody_touched_brings_nothing(handed_out: Path) -> None:
    done = app.collect(handed_out / "out", handed_out / "plan.xlsx")
    assert done.edits == () and {one.cells for one in done.outcomes} == {0}
    assert [one.code for one in done.findings] == ["returned-missing"]


def entry(column: Column, row: int) -> object:
    """Something that may be typed into the column, another in each row."""
    if column.kind is Kind.FLAG:
        return True
    if column.kind is Kind.DATE:
        return date(2026, 6, 1) + timedelta(days=row % 28)
    if column.kind is Kind.PERCENT:
        return 0.5 + row / 1000
    if column.kind in (Kind.NUMBER, Kind.AMOUNT):
        return 1000.25 + row
    return None if column.key == "owner" else f"{column.key} {row}"


def fill_in(path: Path, lang: str) -> dict[tuple[str, str, str], object]:
    """Type into every open cell of a handout; what was typed, by table, key and column."""
    book, typed = load_workbook(path), {}
    for key in INPUTS:
        name = TITLES[key][lang == "en"]
        if name not in book.sheetnames:
            continue
        sheet: Any = book[name]
        known = [cell.value for cell in sheet[HEAD]].index(KEY_HEADER) + 1
        for column, at in zip(inputs(key), range(known - len(inputs(key)), known), strict=True):
            for row in range(HEAD + 1, sheet.max_row + 1):
                value = entry(column, row)
                if value is not None and not sheet.cell(row, at).protection.locked:
                    sheet.cell(row, at).value = value
                    typed[key, sheet.cell(row, known).value, column.key] = value
    book.save(path)
    return typed


def plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return str(value)[:10]
    return Decimal(str(value)) if isinstance(value, (float, Decimal)) else str(value)


def test_what_is_typed_arrives(handed_out: Path, tmp_path: Path) -> None:
    """Every open cell of every handout filled in: read as it was typed, and written so. What
    helpers are asked stands in a folder of its own, with tests of its own.
    """
    lang = load(handed_out / "plan.xlsx").lang
    typed: dict[tuple[str, str, str], object] = {}
    for path in sorted((handed_out / "out").glob("*.xlsx")):
        mine = fill_in(path, lang)
        came = {(one.table, one.key, one.column): one.value for one in read_returned(path).typed}
        assert {k: plain(v) for k, v in came.items()} == {k: plain(v) for k, v in mine.items()}
        typed |= mine
    assert {key for key, _, _ in typed} == set(INPUTS) - {"replies"} and len(typed) > 100
    done = app.collect(handed_out / "out", handed_out / "plan.xlsx")
    assert not has_errors(done.findings)
    plan = load(app.apply(done).written or tmp_path).plan
    weekly = {f"{one.friday}|{one.task}": one for one in plan.weekly}
    records: dict[str, Any] = {
        "weekly": weekly,
        "tasks": {one.code: one for one in plan.tasks},
        "tools": {tool_key(one.tool, one.user, one.task): one for one in plan.tools},
    }
    for (table, key, column), value in typed.items():
        if table != "actuals":
            record = records[table][key]
            assert plain(getattr(record, column)) == plain(value), (key, column)
    assert app.collect(handed_out / "out", handed_out / "plan.xlsx").edits == ()


@pytest.mark.parametrize(
    ("kind", "day", "typed", "total"),
    [
        ("流量", date(2026, 3, 10), 25, "45"),
        ("存量", date(2026, 3, 31), 25, "45"),
        ("存量", date(2026, 3, 10), 25, None),
        ("流量", None, 25, "45"),
    ],
    ids=["flow", "stock of the month's end", "stock of an earlier day", "flow by month"],
)
def test_a_figure_beside_a_recorded_one_is_said_to_be_added(
    kind: str, day: date | None, typed: int, total: str | None, tmp_path: Path
) -> None:
    """20 are recorded, 25 are typed: 45, which the form says before and collecting says after. A
    stock of the month's end takes the place of an earlier day's.
    """
    from tests.unit.masters import edited, write

    rows = edited({"kpis": {2: {"kind": kind}}})
    rows["actuals"] = [
        {"day": day or "2026-03", "unit": "P1", "kpi": "REV", "value": 20, "customer": "甲"}
    ]
    write(tmp_path / "plan.xlsx", rows)
    app.handout(tmp_path / "plan.xlsx", tmp_path / "out")
    path = next(
        one for one in (tmp_path / "out").iterdir() if "_T1_" in one.name or "_P1_" in one.name
    )
    book = load_workbook(path)
    sheet: Any = book["实绩填报"]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    row = next(
        r
        for r in range(HEAD + 1, sheet.max_row + 1)
        if sheet.cell(r, heads[KEY_HEADER]).value == "2026-03|P1|REV"
    )
    assert sheet.cell(row, heads["已有记录"]).value == 20
    wanted = sheet.cell(row, heads["请填写"]).value
    assert wanted == ("还要加上的数" if total else "月末的数")
    sheet.cell(row, heads["金额/数值"]).value = typed
    book.save(path)
    done = app.collect(path, tmp_path / "plan.xlsx")
    said = [one for one in done.findings if one.code == "returned-adds"]
    assert [str(one.params["total"]) for one in said] == ([total] if total else [])
    assert len(done.edits) == 5


@pytest.mark.parametrize(
    ("numerator", "denominator", "taken", "codes"),
    [
        (37.5, None, 0, ["returned-half-rate"]),
        (None, 100, 0, ["returned-half-rate"]),
        (30, 100, 2, []),
        (30, "一百", 0, ["text-not-number"]),
    ],
)
def test_half_a_rate_is_not_taken(
    numerator: object, denominator: object, taken: int, codes: list[str], tmp_path: Path
) -> None:
    """A rate that is typed where its numerator belongs stays outside, with the cell and the fix."""
    from tests.unit.masters import edited, write

    rows = edited({})
    rows["actuals"] = [{"day": "2026-03", "unit": "P1", "kpi": "REV", "value": 20, "source": None}]
    write(tmp_path / "plan.xlsx", rows)
    app.handout(tmp_path / "plan.xlsx", tmp_path / "out")
    found: list[str] = []
    for path in (tmp_path / "out").glob("*.xlsx"):
        book = load_workbook(path)
        sheet: Any = book["实绩填报"]
        heads = {cell.value: cell.column for cell in sheet[HEAD]}
        for row in range(HEAD + 1, sheet.max_row + 1):
            if sheet.cell(row, heads[KEY_HEADER]).value == "2026-03|P1|REP":
                sheet.cell(row, heads["分子"]).value = numerator
                sheet.cell(row, heads["分母"]).value = denominator
                found.append(path.name)
        book.save(path)
    assert len(found) == 1
    done = app.collect(tmp_path / "out", tmp_path / "plan.xlsx")
    cells = [one for one in done.edits if one.column in ("分子", "分母")]
    assert len(cells) == taken
    assert [one.code for one in done.findings if one.code != "returned-missing"] == codes
