"""The self-test in a real window: every step passes, and each finds the failure that is planted for
it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan import app, template
from salesplan.cli import commands
from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel import live, ribbon, selftest, undo, use_cases
from salesplan.excel.button_message import Said
from salesplan.excel.selftest import Bench, Cells
from salesplan.findings import SalesplanError
from tests.live import window
from tests.live.window import Desk
from tests.samples import copied, unprinted
from tests.unit.masters import edited, settings_edit, write

pytestmark = pytest.mark.libreoffice

Step = Callable[[Bench], None]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("selftest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE, str(folder / "state"))
        with window.desk(folder) as desk:
            desk.open(small(folder / "计划.xlsx"))
            yield desk


SMALL = edited(
    {
        "units": {
            5: {"coefficient": 0.5},
            6: {"coefficient": 0.5},
            7: {"code": "P3", "name": "王五", "level": "个人", "parent": "T1", "coefficient": 0.5},
            8: {"code": "P4", "name": "赵六", "level": "个人", "parent": "T2", "coefficient": 0.5},
        },
        **settings_edit(month="2026-06", as_of=date(2026, 6, 30)),
    }
)
"""A plan that every step passes on (a unit in the row that is hidden, half a year to close)."""


def small(path: Path, **_: Any) -> Path:
    """:data:`SMALL`, not filled in, that LibreOffice opens and fills quickly."""

    def make(own: Path) -> None:
        write(own, SMALL)
        app.add(own)
        unprinted(own, notes=False)

    return copied("selftest-small", make, path)


def test_every_step_passes_and_nothing_of_the_persons_is_in_the_file(
    started: Desk, tmp_path: Path
) -> None:
    open_before = [book.name for book in live.books_open(calc=True)]
    done = CliRunner().invoke(commands, ["excel", "selftest", "-o", str(tmp_path), "--lang", "en"])
    (path,) = tmp_path.glob("salesplan-selftest-*.json")
    told = json.loads(path.read_text("utf-8"))
    assert [(one["step"], one["passed"], one["seen"]) for one in told["steps"]] == [
        (step.__name__, True, "") for step in selftest.STEPS
    ]
    assert told["passed"] and told["program"] == "LibreOffice" and told["fill_seconds"] > 0
    assert done.exit_code == 0 and str(path) in done.output
    assert "计划" not in path.read_text("utf-8") and "/" not in json.dumps(told["steps"])
    assert [book.name for book in live.books_open(calc=True)] == open_before


def after(work: Callable[[Any], object]) -> Callable[..., Any]:
    """Filling as it is, and then something that must not be."""
    real = use_cases.recalculated

    def planted(book: Any, **how: Any) -> Any:
        done = real(book, **how)
        work(book)
        return done

    return planted


def late(book: Any, *, wanted: Callable[[], bool] = lambda: True, **how: Any) -> Any:
    """Filling that does not look again."""
    done = REAL(book, **how)
    wanted()
    return done


def others(book: Any) -> None:
    for one in live.books_open(calc=True):
        if one.name not in (book.name, "计划.xlsx"):
            one.sheets[0].range("A1").value = "filled"


def silent(*_: object) -> Said:
    return Said(("",), "zh")


REAL = use_cases.recalculated
SHEET = "组织"
PLANTED: dict[str, tuple[object, str, object]] = {
    "read": (
        selftest.app,
        "check",
        lambda path, source=None: type("Run", (), {"findings": () if source else (1,)})(),
    ),
    "buttons": (ribbon, "press", silent),
    "fill": (
        use_cases,
        "recalculated",
        after(lambda b: setattr(b.sheets[SHEET].range("O6"), "value", 0.5)),
    ),
    "undo": (undo, "undo", lambda book: None),
    "manners": (use_cases, "recalculated", after(lambda b: b.sheets["指标"].activate())),
    "hidden": (
        use_cases,
        "recalculated",
        after(lambda b: selftest._hide(b.sheets[SHEET], 8, False)),
    ),
    "protected": (
        use_cases,
        "recalculated",
        after(lambda b: selftest._unprotect(b.sheets[SHEET], "")),
    ),
    "locked": (use_cases, "recalculated", lambda book, **_: None),
    "meanwhile": (use_cases, "recalculated", late),
    "foreign": (use_cases, "recalculated", after(others)),
    "report": (ribbon, "report", silent),
    "drafts": (ribbon, "drafts", silent),
    "exchange": (
        selftest.exchanging,
        "collect_button",
        lambda book, person: lambda: Said(("",), "zh", failed=True),
    ),
    "imported": (selftest.exchanging, "_agreed", lambda book, asked, said, *_: said),
    "month_end": (selftest.closing, "_write", lambda *_: 0),
    "hostile": (ribbon, "help", silent),
}
"""For each step something that is put in the place of what it tests."""

FOUND = {
    "read": "findings: 0 in place of 1",
    "buttons": "check says nothing",
    "fill": "cells that differ from what is computed anew",
    "undo": "cells after filling again differ",
    "manners": "what the person had set differ",
    "hidden": "a hidden row: False in place of True",
    "protected": "protection: False in place of True",
    "locked": "not refused (sheet-protected)",
    "meanwhile": "the company's target: 500.0 in place of 3000",
    "foreign": "the other workbook differ",
    "report": "no report was written",
    "drafts": "no draft was written",
    "exchange": "questions for a folder: 0 in place of 1",
    "imported": "actuals, imported once: 3 in place of 4",
    "month_end": "closed months: 0 in place of 6",
    "hostile": "the help's version: False in place of True",
}
"""What each step then says."""


def test_there_is_a_planted_failure_for_each_step() -> None:
    assert list(PLANTED) == [step.__name__ for step in selftest.STEPS]


def planted(step: Step) -> Step:
    """The step with what is planted for it."""
    place, name, wrong = PLANTED[step.__name__]

    @wraps(step)
    def failing(bench: Bench) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, name, wrong)
            step(bench)

    return failing


def given_back(cells: Cells) -> Step:
    """What a failed step left is taken back, so that the next one says what is planted for it."""

    def back(bench: Bench) -> None:
        with suppress(SalesplanError):  # nothing more to take back
            while True:
                undo.undo(bench.book)
        now = bench.cells()
        for place in cells.keys() | now.keys():
            if now.get(place) != cells.get(place):
                sheet, row, column = place
                bench.book.sheets[sheet].range((row, column)).value = cells.get(place)
        assert bench.cells() == cells

    return back


@pytest.fixture(scope="module")
def outcomes(started: Desk) -> dict[str, selftest.Outcome]:
    """Of each step with its failure planted, all in one window; before each the sample is as at
    first.
    """
    first: dict[tuple[str, int, int], object] = {}

    def begin(bench: Bench) -> None:
        first.update(bench.cells())

    steps = [begin]
    for step in selftest.STEPS:
        steps += [planted(step), given_back(first)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "write_template", small)
        found, _ = selftest.run(calc=True, steps=tuple(steps))
    assert [one.seen for one in found if one.step in ("begin", "back") and not one.passed] == []
    return {one.step: one for one in found}


@pytest.mark.parametrize("step", selftest.STEPS, ids=lambda step: step.__name__)
def test_a_planted_failure_is_found(outcomes: dict[str, selftest.Outcome], step: Step) -> None:
    outcome = outcomes[step.__name__]
    assert not outcome.passed and outcome.seen.startswith(FOUND[step.__name__])
