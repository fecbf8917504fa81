"""Which errors touch the figures of whose book, and that the report says so on its first pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from salesplan import app
from salesplan.audience.error_scope import ErrorScope, places
from salesplan.audience.whole import Whole
from salesplan.delivery.manifest_file import read
from tests.unit.masters import edited, settings_edit, write

UNITS = ("C1", "T1", "P1", "T2", "P2")
ALL = frozenset(UNITS)
EAST, WEST = frozenset({"C1", "T1", "P1"}), frozenset({"C1", "T2", "P2"})

Edits = Mapping[str, Mapping[int, Mapping[str, Any]]]
CASES: Mapping[str, tuple[Edits, frozenset[str]]] = {
    "nothing is wrong": ({}, frozenset()),
    "an address that is none": ({"units": {5: {"email": "nowhere"}}}, frozenset()),
    "a figure of one person": ({"actuals": {2: {"value": "二十"}}}, EAST),
    "a figure of another": ({"actuals": {3: {"value": "25.5万"}}}, WEST),
    "a day that is none": ({"actuals": {3: {"day": "中旬"}}}, WEST),
    "nobody knows whose": ({"actuals": {3: {"unit": "P9"}}}, ALL),
    "a task": ({"tasks": {2: {"due": date(2026, 3, 1)}}}, EAST),
    "a task of somebody by name": ({"tasks": {3: {"deliverable_target": "五十"}}}, WEST),
    "a review": ({"weekly": {3: {"actual": "四成"}}}, WEST),
    "a coefficient that siblings share by": ({"units": {3: {"coefficient": "六成"}}}, ALL),
    "a coefficient of an only child": ({"units": {5: {"coefficient": "全部"}}}, EAST),
    "a target among siblings": ({"targets": {3: {"manual_year": "三百"}}}, ALL),
    "spending": ({"spending": {2: {"amount": "两万"}}}, EAST),
    "a change of a task": ({"changes": {2: {"before": "2026-04-21"}}}, WEST),
    "a setting": (settings_edit(budget_total="一百"), ALL),
    "a KPI": ({"kpis": {2: {"target": "五百"}}}, ALL),
}


@pytest.mark.parametrize("case", CASES)
def test_an_error_touches_the_books_that_show_its_figures(tmp_path: Path, case: str) -> None:
    """C1 over T1 (P1) and T2 (P2): of each book the errors that touch it."""
    edits, touched = CASES[case]
    run = app.check(write(tmp_path / "m.xlsx", edited(edits)))
    whole = Whole(run.plan, run.results)
    found = ErrorScope.of(run.loaded, whole, run.findings)
    books = {
        code: found.book(frozenset(unit.code for _, unit in run.plan.walk(code))) for code in UNITS
    }
    assert {code for code, errors in books.items() if errors} == touched
    assert bool(found.company) == bool(touched)


def test_rows_below_a_table_touch_every_book_and_a_book_says_so(tmp_path: Path) -> None:
    """What was not read could be anybody's; what is wrong with P1 is said in P1's, T1's and the
    company's.
    """
    master = write(
        tmp_path / "m.xlsx",
        edited({"actuals": {2: {"value": "二十"}}, "units": {6: {"email": "p2@example.com"}}}),
    )
    done = app.report_each(master, app.Wanted(folder=tmp_path / "r"))
    assert done.manifest is not None
    books = {one.code: one.book for one in done.manifest.recipients}
    assert {code: book.errors for code, book in books.items()} == {
        "C1": 1, "T1": 1, "P1": 1, "T2": 0, "P2": 0,
    }  # fmt: skip
    assert books["P1"].error_cells == ("实绩!I2",)
    assert read(tmp_path / "r") == done.manifest
    for code, book in books.items():
        with ZipFile(tmp_path / "r" / book.file) as package:
            strings = package.read("xl/sharedStrings.xml").decode()
        assert ("处错误影响本报告的数字" in strings) == (code in EAST)
    one = app.report(master, app.Wanted(folder=tmp_path / "one"))
    with ZipFile(one.written) as package:
        assert (
            "1 处错误影响本报告的数字, 改正之前数字可能不全或不对: 实绩!I2"
            in package.read("xl/sharedStrings.xml").decode()
        )


def test_each_place_is_named_once(tmp_path: Path) -> None:
    run = app.check(
        write(tmp_path / "m.xlsx", edited({"actuals": {2: {"value": "x", "day": "y"}}}))
    )
    errors = ErrorScope.of(run.loaded, Whole(run.plan, run.results), run.findings).company
    assert places([*errors, *errors]) == tuple(dict.fromkeys(str(one.place) for one in errors))
