"""What the first page says holds on every page: one rule, one figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.report.texts.words import Words
from tests.books import all_rows, rows_of
from tests.samples import filled_sample, new_sample

Cells = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["zh", "en"])
def report(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Words, Cells]:
    folder = tmp_path_factory.mktemp(request.param)
    master = folder / "m.xlsx"
    filled_sample(master, lang=request.param)
    done = app.report(master, app.Wanted(folder=folder / "out"))
    assert done.written
    return request.param, Words(request.param), all_rows(done.written)


def rows_with(rows: list[tuple[Any, ...]], text: str) -> list[list[Any]]:
    """The filled cells of the rows that have the text in one of them."""
    return [
        [cell for cell in row if cell is not None]
        for row in rows
        if any(isinstance(cell, str) and text in cell for cell in row)
    ]


def test_a_year_target_is_one_figure_and_a_footnote_names_the_change_of_a_later_month(
    report: tuple[str, Words, Cells],
) -> None:
    lang, words, cells = report
    name = "回款" if lang == "zh" else "Collections"
    cover, overview, changes = (
        cells[words(f"sheet_{key}")] for key in ("cover", "overview", "variance")
    )
    assert any(1830 in row for row in rows_with(cover, f"{name} ("))
    assert any(1830 in row for row in rows_with(overview, name))
    stated = next(row for row in rows_with(changes, "C06") if "1805" in row)
    assert stated[5:8] == ["1805", "1830", "1830"]
    for page in (cover, overview):
        (note,) = rows_with(page, words("later_change", kpi=name, change="C06", since="2026-07"))
        assert len(note) == 1


def test_a_red_kpi_is_in_the_first_page_s_table(report: tuple[str, Words, Cells]) -> None:
    lang, words, cells = report
    overview = cells[words("sheet_overview")]
    red = "客诉数 ↓" if lang == "zh" else "Complaints ↓"
    month = words("group_span")
    shown = [row[0] for row in rows_with(overview, month) if month in row and len(row) > 8]
    assert red in shown and len(shown) == 8
    assert shown[0] == ("营收" if lang == "zh" else "Revenue")


def test_the_reserve_is_one_figure_on_the_budget_s_page(report: tuple[str, Words, Cells]) -> None:
    """12 held back, 4 drawn: 8 are left in the overview and in the table below it; the overspent
    line is named above lights that are all green.
    """
    lang, words, cells = report
    budget = cells[words("sheet_budget")]
    heads = next(i for i, row in enumerate(budget) if words("budget_reserve_left") in row)
    at = budget[heads].index(words("budget_reserve_left"))
    assert budget[heads + 1][at - 2 : at + 1] == (12, 4, 8)
    name = "应急储备" if lang == "zh" else "Reserve"
    row = next(row for row in rows_with(budget, name) if row[0] == name and len(row) > 6)
    assert row[1:7] == [12, 0, 12, 0, 4, 8]
    assert any("B03" in str(cell) for cell in budget[2] if cell)


def test_an_issue_shows_what_the_task_says_and_its_figure_has_a_unit(
    report: tuple[str, Words, Cells],
) -> None:
    """T14 has its cause and action in the action plan, so they are not missing here."""
    lang, words, cells = report
    page = cells[words("sheet_problems")]
    (row,) = [row for row in rows_with(page, "T14 ") if row[0] == 7]
    said = next(cell for cell in row if isinstance(cell, str) and len(cell) > 40)
    action = "7月从直销借调1人" if lang == "zh" else "One colleague from direct sales"
    cause = "行动计划所写原因" if lang == "zh" else "Cause (action plan)"
    assert action in said and cause in said
    assert ("4 个尚未填写原因" if lang == "zh" else "4 have no cause yet") in str(page[2])


def test_the_pipeline_names_its_forecast_and_every_deal_to_look_after(
    report: tuple[str, Words, Cells],
) -> None:
    """Two deals are past their day and three stale, one of them both: all stand in the list, which
    is eight deals long above the prospects.
    """
    lang, words, cells = report
    page = cells[words("sheet_pipeline")]
    marks = ("已过", "未更新") if lang == "zh" else ("late", "no update")
    deals = [row for row in page if str(row[1]).startswith("O") and len(str(row[1])) == 3]
    assert len(deals) == 8
    assert sum(any(mark in str(row[11]) for mark in marks) for row in deals) == 4
    assert ("1,760万" if lang == "zh" else "CNY 17,600k") in str(page[2])
    heading = next(str(row[1]) for row in page if "×" in str(row[1]))
    counted = "年内 22 笔, 年后 1 笔" if lang == "zh" else "22 open deals this year, 1 after it"
    assert counted in heading


def test_the_markets_total_is_held_against_the_company_s_target(
    report: tuple[str, Words, Cells],
) -> None:
    _lang, words, cells = report
    page = cells[words("sheet_slices")]
    sums = [row for row in page if row[1] == words("sum")]
    aimed = [(row[2], round(row[4], 3)) for row in sums if row[2] == 860]
    assert aimed == [(860, 0.988)] * 3, "by product, by region and by channel"
    note = words("slices_undivided", parts="|", whole="").partition("|")[0]
    assert sum(note in str(row[1]) for row in page) == 2


def test_a_running_month_and_the_ranking_s_rest_are_told(tmp_path: Path) -> None:
    """What the targets hold, and where lower is better; the gaps add up to the company's."""
    master = new_sample(tmp_path / "m.xlsx", lang="en")
    wanted = app.Wanted(folder=tmp_path, as_of=date(2026, 6, 22))
    done = app.report(master, wanted)
    assert done.written
    sheet = rows_of(done.written, "Overview")
    said = [str(cell) for row in sheet for cell in row if cell]
    (note,) = [text for text in said if "is in progress (" in text]
    assert "targets include all of it" in note and note.count("is in progress") == 1
    assert ("↓ Lower is better." in note) is any(text.endswith("↓") for text in said)
    rows = [[cell for cell in row if cell is not None] for row in sheet]
    at = next(i for i, row in enumerate(rows) if "Team ranking" in " ".join(map(str, row)))
    rest = next(i for i in range(at, len(rows)) if any("Hedge" in str(one) for one in rows[i]))
    gaps = [row[-1] for row in rows[at + 1 : rest + 1]]
    assert sum(gaps) == pytest.approx(rows[rest + 1][-1])
