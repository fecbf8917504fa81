"""Presses at random moments of a person at work: typing here and in another window, switching,
filtering, hiding, saving, pressing twice, closing and opening again.

``SALESPLAN_PRESSES`` says how many (200 for a long run), ``SALESPLAN_SEED`` which moments; a
failure names the seed.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel import COMMAND, journal, use_cases
from salesplan.excel.bridge import load_uno
from tests.live import window
from tests.live.test_doors import cells, differences
from tests.live.window import Desk, identity, until
from tests.samples import new_sample, unprinted

pytestmark = pytest.mark.libreoffice

PRESSES = int(os.environ.get("SALESPLAN_PRESSES", "8"))
SEED = int(os.environ.get("SALESPLAN_SEED", "20260630"))
BUTTONS = ("recalc", "recalc", "recalc", "undo", "check", "preview")
RAW = re.compile(r"Traceback|NoneType|com\.sun\.star|Exception|\.py\b|object at 0x")
TASKS, DONE = "行动计划", "O28"
"""How much of a task is done, in percent: what is computed from it is of no month that is over."""

GUIDE = "使用说明"
"""A sheet that salesplan never reads or fills."""

KEPT_STEPS = 100
"""How many steps Calc's undo list holds."""

LOOKED = 1.0
"""Seconds before its message within which a press that changes nothing has looked a last time."""

OUTCOMES = {
    "已填写": "filled",
    "没有改动": "nothing to change",
    "将会改变": "previewed",
    "已撤销": "undone",
    "没有可以撤销": "nothing to undo",
    "没有撤销": "undo refused, changed since",
    "正在编辑": "refused, a cell is being edited",
    "一直有人改动": "refused, somebody went on typing",
    "被关闭": "closed meanwhile",
    "不在了": "closed before",
    "错误": "checked",
}


class Person:
    """What somebody does around a press; ``typed`` is when progress was last there."""

    def __init__(self, desk: Desk, chance: random.Random, paths: Sequence[Path]) -> None:
        self.desk, self.chance, self.paths = desk, chance, paths
        self.mine, self.other = map(desk.open, paths)
        self.other_cells = cells(self.other)
        self.typed = 0.0
        self.closed = False

    def type_progress(self) -> None:
        cell, done = self.mine.sheets[TASKS].range(DONE), self.chance.randrange(5, 95)
        before = cell.value
        self.desk.enter(self.mine, TASKS, DONE, str(done))  # Calc adds the percent sign
        if cell.value != before:  # a box may have taken the keys
            self.typed = time.time()

    def set_progress(self) -> None:
        cell = self.mine.sheets[TASKS].range(DONE)
        cell.value = self.chance.randrange(5, 95) / 100
        self.typed = time.time()

    def type_a_word(self) -> None:
        self.desk.enter(self.mine, GUIDE, f"B{self.chance.randrange(60, 90)}", "word")

    def type_elsewhere(self) -> None:
        row = self.chance.randrange(60, 90)
        self.desk.front(self.other)
        self.desk.enter(self.other, GUIDE, f"B{row}", "there")
        held = self.other.sheets[GUIDE].range(f"B{row}").value
        if held is not None:
            self.other_cells[GUIDE][f"R{row}C2"] = "there"

    def begin_a_cell(self) -> None:
        self.desk.select(self.mine, GUIDE, "B95")
        self.desk.type("half")

    def switch(self) -> None:
        self.desk.front(self.other)
        self.desk.front(self.mine)

    def stay_elsewhere(self) -> None:
        self.desk.front(self.other)

    def hide(self) -> None:
        rows = self.mine.sheets["组织"].api.getRows()
        row = rows.getByIndex(self.chance.randrange(6, 20))
        row.setPropertyValue("IsVisible", not row.getPropertyValue("IsVisible"))

    def filter(self) -> None:
        """Of 行动计划 one priority, or all again."""
        area = self.mine.sheets["行动计划"].api.getCellRangeByName("A5:V40")
        descriptor = area.createFilterDescriptor(True)
        descriptor.setPropertyValue("ContainsHeader", True)
        if self.chance.random() < 0.5:
            field = load_uno().createUnoStruct("com.sun.star.sheet.TableFilterField")
            field.Field, field.IsNumeric, field.StringValue = 0, False, "T01"
            descriptor.setFilterFields((field,))
        area.filter(descriptor)

    def save(self) -> None:
        self.mine.api.store()

    def close(self) -> None:
        self.closed = True
        with suppress(Exception):  # it may be busy, and stays open then
            self.mine.api.store()
            self.mine.close()

    def press_again(self) -> None:
        """A second press while the first one works: it says nothing."""
        second = start("undo", self.mine)
        assert second.communicate(timeout=60)[0].strip() == "" or second.returncode is not None

    def nothing(self) -> None:
        time.sleep(self.chance.random())

    def back(self) -> None:
        """The workbook in front, no cell in edit mode; opened again where it was closed."""
        if self.closed:
            self.closed = False
            with suppress(Exception):
                self.mine.api.setModified(False)
                self.mine.close()
            self.mine = self.desk.open(self.paths[0])
        self.desk.front(self.mine)
        self.desk.key("Escape")
        until(lambda: not window.editing(self.mine))


BEFORE = (
    "type_progress",
    "type_progress",
    "type_a_word",
    "begin_a_cell",
    "switch",
    "stay_elsewhere",
    "hide",
    "filter",
    "save",
    "nothing",
)
MEANWHILE = (
    "nothing",
    "nothing",
    "set_progress",
    "type_progress",
    "type_a_word",
    "type_elsewhere",
    "switch",
    "stay_elsewhere",
    "hide",
    "save",
    "close",
)
TYPES_HERE = frozenset({"type_progress", "type_a_word", "switch"})
"""What cannot be done while a cell is half typed: the keys would go on in it."""


def start(name: str, book: Any) -> subprocess.Popen[str]:
    """What the button's Sub starts, with the workbook that it was pressed in."""
    return subprocess.Popen(
        [sys.executable, *COMMAND, "--calc", name, identity(book)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def told(desk: Desk, process: subprocess.Popen[str]) -> tuple[str, float]:
    """Close whatever box comes; what was said, and when."""
    until(lambda: window.boxes(desk) or process.poll() is not None)
    seen = time.time()
    desk.close_boxes(process)
    return process.communicate(timeout=60)[0], seen


def kept(before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether the person's steps are all there, under at most two new ones of their own."""
    return any(
        list(now[new:]) == list(before[: len(now) - new])
        and len(now) in (len(before) + new, KEPT_STEPS)
        for new in range(3)
    )


def filled_at(folder: Path) -> float:
    """When the newest filling kept what it was about to change."""
    return max((path.stat().st_mtime for path in folder.glob("*.json")), default=0.0)


def test_presses_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No wrong workbook filled, no stale figure told as success, the person's undo list intact, no
    raw text in a message.
    """
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    paths = [tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"]
    for path in paths:
        unprinted(new_sample(path, lang="zh"), notes=False)
    counts, fresh = Counter[str](), Counter[str]()
    with window.desk(tmp_path) as desk:
        person = Person(desk, random.Random(SEED), paths)
        for turn in range(PRESSES):
            before, name = person.chance.choice(BEFORE), person.chance.choice(BUTTONS)
            meanwhile = person.chance.choice(MEANWHILE)
            if before == "begin_a_cell" and meanwhile in TYPES_HERE:
                meanwhile = "nothing"
            getattr(person, before)()
            steps = person.mine.api.getUndoManager().getAllUndoActionTitles()
            process = start(name, person.mine)
            time.sleep(person.chance.random())
            getattr(person, meanwhile)()
            said, seen = told(desk, process)
            where = f"seed {SEED}, press {turn}: {before}, {name}, {meanwhile}: {said}"
            outcome = next((word for text, word in OUTCOMES.items() if text in said), "")
            assert outcome and not RAW.search(said), where
            counts[f"{name}: {outcome}"] += 1
            print(turn, before, name, meanwhile, outcome, flush=True)
            closed = person.closed
            person.back()
            if not closed:
                now = person.mine.api.getUndoManager().getAllUndoActionTitles()
                assert kept(steps, now), f"{where}\n{steps}\n{now}"
            if name == "recalc" and outcome in ("filled", "nothing to change") and not closed:
                late = person.typed > (
                    filled_at(journal.folder()) if outcome == "filled" else seen - LOOKED
                )
                left = use_cases.recalculated(person.mine, dry_run=True).changes.edits
                assert late or not left, f"{where}\n{left[:3]}"
                fresh["typed after the filling" if left else "fresh"] += 1
            if turn % 10 == 9 or turn == PRESSES - 1:
                assert differences(person.other_cells, cells(person.other)) == [], where
    print(json.dumps({"seed": SEED, **counts, **fresh}, ensure_ascii=False, indent=1))
