"""A handout asks by product where the plan has product targets, and in the currency in which a unit
has reported; what is typed there comes back into rows of that product and currency.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from salesplan import app
from salesplan.messages import has_errors
from tests.unit.masters import SOUND, Rows, write

JUNE = date(2026, 6, 30)
A, REST, DOLLARS = "2026-06|P1|REV||A|B", "2026-06|P1|REV", "2026-06|P1|REV|USD|A|B"


def master(folder: Path) -> Path:
    """P1 has a target of product A|B and sold of it in June for 30, and in May for 4 USD."""
    rows: Rows = {name: [dict(row) for row in table] for name, table in SOUND.items()}
    rows["settings"] = [{**rows["settings"][0]}, *rows["settings"][1:]]
    rows["kpis"][0]["unit"] = "元"
    rows["targets"].append(
        {"kpi": "REV", "unit": "P1", "product": "A|B", "manual_year": 12.0, "reason": "x"}
    )
    sold = {"unit": "P1", "kpi": "REV", "product": "A|B"}
    rows["actuals"] = [
        {**sold, "day": date(2026, 6, 2), "value": 30.0},
        {**sold, "day": date(2026, 6, 3), "value": 7.0, "product": "Z"},
        {**sold, "day": date(2026, 5, 4), "value": 4.0, "currency": "USD"},
    ]
    rows["rates"] = [{"currency": "USD", "since": date(2026, 1, 1), "rate": 7.0, "kind": "实际"}]
    return write(folder / "plan.xlsx", rows)


def sheet_of(folder: Path) -> tuple[Path, Any, dict[str, int]]:
    """The handout that asks for P1: its file, its sheet of actuals, the rows by key."""
    for path in sorted(folder.iterdir()):
        book = load_workbook(path)
        sheet = book["实绩填报"]
        key = next(cell.column for cell in sheet[4] if cell.value == "#key")
        rows = {sheet.cell(row, key).value: row for row in range(5, sheet.max_row + 1)}
        if REST in rows:
            return path, book, rows
    raise AssertionError("nobody is asked for P1")


def at(sheet: Any, header: str) -> int:
    return next(cell.column for cell in sheet[4] if cell.value == header)


def test_products_and_currencies_are_asked_for_and_come_back(tmp_path: Path) -> None:
    plan = master(tmp_path)
    app.handout(plan, tmp_path / "out", as_of=JUNE)
    path, book, rows = sheet_of(tmp_path / "out")
    sheet = book["实绩填报"]
    assert {A, REST, DOLLARS} <= rows.keys()
    shown = [at(sheet, name) for name in ("产品", "单位", "已有记录")]
    said = {key: [sheet.cell(rows[key], one).value for one in shown] for key in (A, REST, DOLLARS)}
    assert said == {A: ["A|B", "元", 30], REST: ["其他", "元", 7], DOLLARS: ["A|B", "USD", None]}
    for key, value in ((A, 5), (REST, 6), (DOLLARS, 2.5)):
        sheet.cell(rows[key], at(sheet, "金额/数值")).value = value
    book.save(path)
    done = app.collect(tmp_path / "out", plan)
    assert not has_errors(done.findings)
    app.apply(done)
    page = load_workbook(plan)["实绩"]
    heads = [cell.value for cell in page[1]]
    wanted = [heads.index(name) for name in ("产品", "币种", "金额/数值")]
    came = [tuple(row[one] for one in wanted) for row in page.iter_rows(5, values_only=True)]
    assert [row for row in came if row[2]] == [
        ("A|B", None, 5),
        ("A|B", "USD", 2.5),
        (None, None, 6),
    ]
    run = app.check(plan, as_of=JUNE)
    values = run.loaded.plan.actuals.value
    assert list(values[3:]) == [5_000_000, 17_500_000, 6_000_000]
    assert not app.collect(tmp_path / "out", plan).edits


def test_a_second_handout_shows_what_was_typed_in_its_currency(tmp_path: Path) -> None:
    plan = master(tmp_path)
    app.handout(plan, tmp_path / "out", as_of=JUNE)
    path, book, rows = sheet_of(tmp_path / "out")
    sheet = book["实绩填报"]
    sheet.cell(rows[DOLLARS], at(sheet, "金额/数值")).value = 2.5
    book.save(path)
    app.apply(app.collect(tmp_path / "out", plan))
    app.handout(plan, tmp_path / "again", as_of=JUNE)
    _, book, rows = sheet_of(tmp_path / "again")
    sheet = book["实绩填报"]
    assert sheet.cell(rows[DOLLARS], at(sheet, "金额/数值")).value == 2.5


def test_a_plan_without_products_asks_as_ever(tmp_path: Path) -> None:
    plan = write(tmp_path / "plan.xlsx", SOUND)
    app.handout(plan, tmp_path / "out", as_of=JUNE)
    _, book, rows = sheet_of(tmp_path / "out")
    assert "产品" not in [cell.value for cell in book["实绩填报"][4]]
    assert not [key for key in rows if key.count("|") != 2]
