"""Closing and reopening months in an open workbook, by the buttons: what is asked, what is written,
and that it is what the file door writes.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.app.closing import closed_months
from salesplan.config import STATE_VARIABLE
from salesplan.excel import live, month_end, ribbon
from salesplan.excel.button_message import Said
from salesplan.excel.use_cases import read_and_examined, read_and_loaded
from salesplan.findings import SalesplanError
from salesplan.plan.loader import Loaded, load
from salesplan.plan.model import Month, Plan
from tests import fake_excel
from tests.samples import copied, filled_sample
from tests.unit.masters import edited, settings_edit, write

LAST = Month(2026, 3)
"""The small master's report month."""


class Answering:
    """Somebody who answers every question as said beforehand, and remembers what was asked."""

    def __init__(self, *answers: bool | str) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def tell(self, text: str, title: str, mode: str = "info", *, question: bool = False) -> bool:
        return bool(self._next(text))

    def line(self, text: str, title: str) -> str:
        return str(self._next(text))

    def _next(self, text: str) -> bool | str:
        self.asked.append(text)
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def master(lang: str, tmp_path: Path) -> Path:
    """A small one with every sheet, filled."""

    def make(own: Path) -> None:
        new = write(own.with_stem(f"{own.stem}-new"), edited(settings_edit(lang=lang)), lang)
        app.add(new)
        app.recalc(new, out=own)

    return copied(f"sound-{lang}-filled", make, tmp_path / "plan.xlsx")


def close(book: Any, *answers: bool) -> tuple[Said, list[str]]:
    person: Any = Answering(*answers)
    return month_end.close_button(book, person=person)(), person.asked


def reopen(book: Any, *answers: str) -> Said:
    person: Any = Answering(*answers)
    return month_end.reopen_button(book, person=person)()


def loaded(book: Any) -> Loaded:
    return read_and_loaded(book)[1]


def closed(book: Any) -> tuple[Month, ...]:
    return closed_months(loaded(book).plan)


def record(plan: Plan) -> list[tuple[object, ...]]:
    """What the sheet 关账记录 says, without where and by whom."""
    rows = [(one.kpi, one.unit, one.figures) for one in plan.closed]
    return [*rows, *((one.month, one.action, one.errors, one.check) for one in plan.closes)]


def closed_by_file(master: Path) -> tuple[Plan, int]:
    """What the file door makes of it, and how many cells it writes."""
    other = master.with_name("other.xlsx")
    shutil.copyfile(master, other)
    done = app.close(other)
    return load(other).plan, len(done.edits)


def test_a_close_asks_once_and_leaves_what_the_file_door_leaves(lang: str, tmp_path: Path) -> None:
    master, last = filled_sample(tmp_path / "plan.xlsx", lang=lang), Month(2026, 6)
    by_file, count = closed_by_file(master)
    book = fake_excel.book(master)
    said, asked = close(book, True)
    assert len(asked) == 1 and f"2026-01–{last}" in asked[0] and f"2026-01–{last}" in said.lines[0]
    assert not said.failed and str(count) in said.lines[0]
    run = read_and_examined(book)[1]
    plan = run.loaded.plan
    assert record(plan) == record(by_file) and len(closed_months(plan)) == 6
    assert [one for one in run.findings if one.code.startswith("close-")] == []
    assert plan.closes[-1] == replace(plan.closes[-1], day=date.today())  # that of the press


def test_who_says_no_has_nothing_written(master: Path) -> None:
    book = fake_excel.book(master)
    before = live.source(book).grids
    said, _ = close(book, False)
    assert said.quiet and live.source(book).grids == before and book.api.writes == 0


def test_errors_are_asked_about_and_their_number_is_recorded(master: Path) -> None:
    book = fake_excel.book(master)
    table = loaded(book).tables["kpis"]
    sheet, at = book.sheets[table.sheet], f"{table.columns['target']}{table.first_row}"
    sheet.range(at).value = "abc"
    before = book.api.writes
    said, asked = close(book, False)
    assert said.quiet and len(asked) == 1 and str(LAST) in asked[0] and book.api.writes == before
    sheet.range(at).value = 1_900.0
    assert close(book, True)[0].lines and closed(book)[-1] == LAST


def test_undo_opens_the_months_again(master: Path) -> None:
    book = fake_excel.book(master)
    before = live.source(book).grids
    close(book, True)
    ribbon.undo(book)
    assert live.source(book).grids == before and closed(book) == ()


def test_a_month_is_reopened_with_those_after_it_and_a_reason(master: Path) -> None:
    book = fake_excel.book(master)
    close(book, True)
    assert reopen(book, "").quiet and reopen(book, "2026-02", "").quiet and len(closed(book)) == 3
    said = reopen(book, "2026年2月", "退货 returns")
    assert f"2026-02–{LAST}" in said.lines[0]
    plan = loaded(book).plan
    assert closed_months(plan)[-1] == Month(2026, 1)
    assert plan.closes[-1].reason == "退货 returns"


def test_a_month_that_is_not_closed_is_refused(master: Path) -> None:
    book = fake_excel.book(master)
    with pytest.raises(SalesplanError) as refused:
        reopen(book)
    assert refused.value.finding.code == "reopen-none-closed"
    close(book, True)
    for typed in ("2026-09", "June", "2026-13"):
        with pytest.raises(SalesplanError) as refused:
            reopen(book, typed, "why")
        assert refused.value.finding.code == "reopen-not-closed", typed
    assert len(closed(book)) == 3


def test_an_older_workbook_gets_the_sheet_and_keeps_it_only_if_it_is_used(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A master that was made before there was 关账记录."""
    book = fake_excel.book(master)
    title = loaded(book).tables["closes"].sheet
    book.sheets[title].delete()
    names = [sheet.name for sheet in book.sheets]
    front = book.sheets.active.name
    with monkeypatch.context() as patch:
        patch.setattr(month_end, "_write", _full_disk)
        with pytest.raises(OSError, match="full"):
            close(book, True)
    assert [sheet.name for sheet in book.sheets] == names
    close(book, True)
    assert [sheet.name for sheet in book.sheets] == [*names, title]
    plan = loaded(book).plan
    assert book.sheets.active.name == front and len(closed_months(plan)) == 3
    assert record(plan) == record(closed_by_file(master)[0])


def _full_disk(*_: object) -> int:
    raise OSError("the disk is full")


def test_an_input_typed_before_the_answer_counts(master: Path) -> None:
    """The person changes a goal while the question stands: what was asked about is not written."""
    book = fake_excel.book(master)
    table = loaded(book).tables["kpis"]
    at = f"{table.columns['target']}{table.first_row}"

    class Typing(Answering):
        def tell(self, *given: Any, **named: Any) -> bool:
            book.sheets[table.sheet].range(at).value = 2_222.0
            return super().tell(*given, **named)

    person: Any = Typing(True)
    with pytest.raises(SalesplanError) as refused:
        month_end.close_button(book, person=person)()
    assert refused.value.finding.code == "live-changed-meanwhile" and closed(book) == ()
