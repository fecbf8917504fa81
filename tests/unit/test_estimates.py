"""Days of 日历 that the engine writes for a year not published yet: its own, nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from salesplan import app
from salesplan.engine.exact import workdays
from salesplan.engine.exact.workdays import Calendar
from salesplan.plan.loader import load
from salesplan.plan.model import Settings
from tests.samples import new_master, typed

YEAR, FIRST = 2029, 6
"""The plan's year, and the row of a sheet in which its table's first row stands."""
FIXED = [
    date(YEAR, 1, 1),
    date(YEAR, 5, 1),
    date(YEAR, 5, 2),
    date(YEAR, 10, 1),
    date(YEAR, 10, 2),
    date(YEAR, 10, 3),
]
NAMES = {"zh": ("日历", "否", "推定"), "en": ("Calendar", "No", "Estimated")}


def made(path: Path, lang: str = "zh") -> Path:
    """A master of a year that is not published, with one day of the planner's: 11 September off."""
    new_master(path, lang=lang, year=YEAR)
    _, no, _ = NAMES[lang]
    own = (date(YEAR, 9, 11), no, {"zh": "手工", "en": "Manual"}[lang])
    return changed(path, {FIRST: own}, lang=lang)


def changed(
    path: Path,
    rows: Mapping[int, tuple[object, object, object]] | None = None,
    settings: Mapping[str, object] | None = None,
    lang: str = "zh",
) -> Path:
    """With calendar rows typed over (by row of the sheet) and settings by name."""
    cells: dict[tuple[str, str], object] = {}
    for number, values in (rows or {}).items():
        for column, value in zip("ABC", values, strict=True):
            cells[NAMES[lang][0], f"{column}{number}"] = value
    names = [name for name, *_ in rows_of(path, "设置")] if settings else []
    for name, value in (settings or {}).items():
        cells["设置", f"B{FIRST + names.index(name)}"] = value
    return typed(path, cells)


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    """What stands in the sheet's table, row by row from the sheet's row ``FIRST`` on."""
    page = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    return page.to_python(skip_empty_area=False)[FIRST - 1 :]


def days(path: Path, lang: str = "zh") -> dict[int, tuple[date, Any, Any]]:
    """The calendar's rows as (day, working, source), by row of the sheet."""
    rows = enumerate(rows_of(path, NAMES[lang][0]), FIRST)
    return {number: (day, working, source) for number, (day, working, source, *_) in rows if day}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_days_of_the_estimate_are_written_once_and_are_the_engines(
    tmp_path: Path, lang: str
) -> None:
    path = made(tmp_path / "plan.xlsx", lang)
    planner = days(path, lang)
    app.recalc(path)
    _, no, estimated = NAMES[lang]
    written = {row: day for row, day in days(path, lang).items() if row not in planner}
    assert list(written.values()) == [(day, no, estimated) for day in FIXED]
    assert {row: days(path, lang)[row] for row in planner} == planner
    assert app.recalc(path).changes.edits == ()
    plan = load(path).plan
    assert [one.day for one in plan.calendar] == [date(YEAR, 9, 11)] and [
        one.day for one in plan.estimates
    ] == FIXED
    assert Calendar("CN", plan.calendar).estimated(YEAR)


def test_they_go_when_the_year_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "plan.xlsx")
    planner = days(path)
    app.recalc(path, past=True)
    with monkeypatch.context() as patched:
        patched.setattr(workdays, "_published_cn", workdays._weekdays)
        workdays._days.cache_clear()
        app.recalc(path, past=True)
        assert days(path) == planner and app.recalc(path, past=True).changes.edits == ()
    workdays._days.cache_clear()
    app.recalc(path, past=True)
    assert [day for day, _, source in days(path).values() if source == "推定"] == FIXED


def test_a_planners_row_of_the_same_day_wins(tmp_path: Path) -> None:
    """1 October is worked, says a row typed below the engine's: no double, and the engine's
    goes.
    """
    path = made(tmp_path / "plan.xlsx")
    app.recalc(path)
    changed(path, {max(days(path)) + 1: (date(YEAR, 10, 1), "是", "手工")})
    done = app.recalc(path)
    assert [finding.code for finding in done.run.findings if finding.place.sheet == "日历"] == []
    assert Calendar("CN", done.run.plan.calendar).is_working(date(YEAR, 10, 1))
    of_october = [row for row in days(path).values() if row[0] == date(YEAR, 10, 1)]
    assert (
        of_october == [(date(YEAR, 10, 1), "是", "手工")] and app.recalc(path).changes.edits == ()
    )


def test_official_days_end_the_estimate(tmp_path: Path) -> None:
    path = made(tmp_path / "plan.xlsx")
    app.recalc(path)
    changed(path, {max(days(path)) + 1: (date(YEAR, 2, 13), "否", "官方")})
    app.recalc(path)
    assert [source for _, _, source in days(path).values()] == ["手工", "官方"]


def test_a_planners_own_guess_is_theirs(tmp_path: Path) -> None:
    """春节 guessed by the planner, and an engine's row that they changed to a working day."""
    path = made(tmp_path / "plan.xlsx")
    app.recalc(path)
    first = min(row for row, (_, _, source) in days(path).items() if source == "推定")
    rows = {
        first: (FIXED[0], "是", "推定"),
        max(days(path)) + 1: (date(YEAR, 2, 13), "否", "推定"),
    }
    changed(path, rows)
    app.recalc(path)
    assert {row: days(path)[row] for row in rows} == rows
    assert [one.day for one in load(path).plan.calendar] == [
        date(YEAR, 9, 11),
        FIXED[0],
        date(YEAR, 2, 13),
    ]


def test_another_plan_year_takes_the_rows_over(tmp_path: Path) -> None:
    path = made(tmp_path / "plan.xlsx")
    app.recalc(path)
    changed(path, settings={"计划年度": 2032, "报告月份": None, "数据截止日": None})
    app.recalc(path, today=date(2032, 3, 1))
    assert [day for day, _, source in days(path).values() if source == "推定"] == [
        date(2032, 1, 1),
        date(2032, 10, 1),
    ]
    assert app.recalc(path, today=date(2032, 3, 1)).changes.edits == ()


@pytest.mark.parametrize(("country", "year"), [("CN", 2026), ("US", YEAR), ("XX", YEAR)])
def test_nothing_is_written_where_nothing_is_estimated_or_the_estimate_is_weekdays(
    country: str, year: int
) -> None:
    assert Calendar(country, ()).estimates(Settings(year=year).months) == ()


def test_of_a_fiscal_year_only_its_own_months_and_only_the_estimated_ones() -> None:
    found = Calendar("CN", ()).estimates(Settings(year=YEAR, fiscal_start=7).months)
    assert found == (*FIXED[3:], date(YEAR + 1, 1, 1), date(YEAR + 1, 5, 1), date(YEAR + 1, 5, 2))
    assert Calendar("CN", ()).estimates(Settings(year=2026, fiscal_start=1).months) == ()
