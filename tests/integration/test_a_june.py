"""A team's June, played through on the sample as a planner does: 21 stand-ups, 4 weekly meetings, a
helper who is late, a trigger, a change that is approved, the month closed, reported and learnt
from. In the end nothing in the workbook is another than what was typed, collected or worked out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain, pairwise, product
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from salesplan.dataclass import replace
from salesplan.engine.exact.workdays import Calendar
from salesplan.plan.loader import Loaded, load
from salesplan.plan.model import Month, Origin, Plan
from salesplan.plan.schema import Owner, table
from salesplan.workbook.memory import SHEET as MEMORY
from tests.books import all_rows
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import filled_sample, typed

WHO = "P12"
"""Who speaks at each stand-up: the sample has nothing of theirs in 日跟进."""
JUNE = Month(2026, 6)
DAILY = ("day", "person", "done", "today", "support")
WEEKLY = ("friday", "task", "planned", "actual", "cause", "remedy", "owner", "due")


def said(*arguments: object) -> str:
    """What a command says that does what it is asked."""
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def working_days(loaded: Loaded) -> list[date]:
    calendar = Calendar(loaded.plan.settings.country, loaded.plan.calendar)
    days = [date(2026, 6, 1) + timedelta(days=at) for at in range(30)]
    return [day for day in days if calendar.is_working(day)]


def lines(book: Path) -> tuple[Worksheet, dict[str, int], dict[str, int]]:
    """The sheet of a form's lines, its columns by head, and its rows by the hidden key."""
    for sheet in openpyxl.load_workbook(book):
        for head in sheet.iter_rows():
            columns = {str(cell.value): cell.column for cell in head if cell.value}
            if key := columns.get("#key"):
                below = range(head[0].row + 1, sheet.max_row + 1)
                return sheet, columns, {str(sheet.cell(row, key).value): row for row in below}
    raise AssertionError(f"no lines in {book}")


class June:
    """The team's desk: the master, and what is made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.master = filled_sample(folder / "plan.xlsx", lang="zh")
        self.touched: set[tuple[str, str]] = set()
        """The cells that somebody typed into, by sheet and cell."""
        self.forget()
        self.before = folder / "before.xlsx"
        self.before.write_bytes(self.master.read_bytes())

    def forget(self) -> None:
        """What the sample knows of June's meetings is taken out: they are held here."""
        loaded = load(self.master)
        daily = [one.origin for one in loaded.plan.daily if Month.of(one.day) == JUNE]
        weekly = [one.origin for one in loaded.plan.weekly if Month.of(one.friday) == JUNE]
        cells = [
            self.cells(loaded, "daily", daily, DAILY),
            self.cells(loaded, "weekly", weekly, WEEKLY),
        ]
        self.into(dict.fromkeys(chain.from_iterable(cells)))

    @property
    def plan(self) -> Plan:
        return load(self.master).plan

    def type(self, key: str, origin: Origin, **values: object) -> None:
        """Type into a row of the master, by its table's columns."""
        cells = self.cells(load(self.master), key, [origin], values)
        self.into(dict(zip(cells, values.values(), strict=True)))

    @staticmethod
    def cells(
        loaded: Loaded, key: str, rows: Iterable[Origin], columns: Iterable[str]
    ) -> list[tuple[str, str]]:
        """Those columns of a table's rows, row by row."""
        found = loaded.tables[key]
        places = product([one.row for one in rows], [found.columns[one] for one in columns])
        return [(found.sheet, f"{column}{row}") for row, column in places]

    def into(self, cells: Mapping[tuple[str, str], object]) -> None:
        """Type into the master."""
        typed(self.master, cells)
        self.touched |= set(cells)

    def meeting(self, command: str, day: date, key: str, **texts: str) -> None:
        """A meeting's page is printed, a line of it is filled in, and it comes back."""
        out = self.folder / command
        said(command, self.master, "--date", day, "-o", out, "--force")
        (book,) = out.glob("*.xlsx")
        sheet, columns, rows = lines(book)
        row = rows[key]
        typed(
            book,
            {
                (sheet.title, sheet.cell(row, columns[head]).coordinate): text
                for head, text in texts.items()
            },
        )
        assert "1" in said("collect", book, "--into", self.master, "--yes")
        book.unlink()


def stand_up(june: June, day: date) -> None:
    heads = ("昨日完成", "今日计划", "需支持")
    june.meeting("day", day, f"{day}|{WHO}", **{head: f"{head} {day:%m-%d}" for head in heads})


def weekly(june: June, day: date) -> None:
    friday = day + timedelta(days=4 - day.weekday())
    june.meeting("week", day, f"{friday}|T07", 下周改进措施=f"措施 {friday:%m-%d}", 责任人="陈立")


def late_help(june: June) -> None:
    """Marketing answers the request of T21: not before the task itself is due."""
    forms = june.folder / "forms"
    said("handout", june.master, "--to", forms)
    (book,) = forms.rglob("协作请求_*市场部*.xlsx")
    sheet, columns, rows = lines(book)
    row = rows["T21|市场部"]
    answers = {"协作答复": "同意", "承诺日": PROMISED, "答复说明": "等协会数据"}
    typed(
        book,
        {
            (sheet.title, sheet.cell(row, columns[head]).coordinate): one
            for head, one in answers.items()
        },
    )
    said("collect", book, "--into", june.master, "--yes")


PROMISED = date(2026, 6, 30)


def approve(june: June, code: str) -> None:
    """Somebody who may approves the change, and it is filled in."""
    change = next(one for one in june.plan.changes if one.code == code)
    day = date(2026, 6, 29)
    june.type("changes", change.origin, status="批准", approver="林岚", approved=day)
    said("recalc", june.master)


def learn(june: June) -> None:
    """A lesson of the month, below those that are there."""
    last = max(june.plan.lessons, key=lambda one: one.origin.row)
    below = replace(last.origin, row=last.origin.row + 1)
    june.type("lessons", below, period="2026-06", topic="复购优惠", lesson=LESSON, tags="复购率")


LESSON = "优惠测算要先排进财务的月历"


def test_a_june(tmp_path: Path) -> None:
    june = June(tmp_path)
    days = working_days(load(june.master))
    ends = [day for day, then in pairwise(days) if then.weekday() < day.weekday()]
    assert (len(days), len(ends)) == (21, 4)
    assert date(2026, 6, 18) in ends, "that Friday is a holiday"
    for day in days:
        stand_up(june, day)
        if day in ends:
            weekly(june, day)
        if day == date(2026, 6, 15):
            late_help(june)
    checked = run("check", june.master).output.splitlines()
    for code, named in (("help-promised-late", "T21"), ("trigger-pace-low", "W1")):
        assert [line for line in checked if f"[{code}]" in line and named in line], code
    approve(june, "C01")
    learn(june)
    assert "2026-06" in said("close", june.master, "--month", "2026-06")
    said("report", june.master, "--month", "2026-06", "-o", tmp_path / "reports")

    plan = june.plan
    spoken = [one for one in plan.daily if one.person == WHO]
    assert sorted((one.day, one.today) for one in spoken) == [
        (day, f"今日计划 {day:%m-%d}") for day in days
    ]
    agreed = [one.remedy for one in plan.weekly if one.remedy.startswith("措施")]
    assert agreed == [f"措施 {day + timedelta(days=4 - day.weekday()):%m-%d}" for day in ends]
    assert plan.closed_months == 6
    (report,) = (tmp_path / "reports").glob("*.xlsx")
    shown = texts(report)
    assert LESSON in shown and "C01" in shown and "措施 06-26" in shown
    nothing_else_is_another(june)


def texts(book: Path) -> str:
    """All that the cells of a workbook say."""
    rows = chain.from_iterable(all_rows(book).values())
    return "\n".join(str(value) for value in chain.from_iterable(rows) if value is not None)


def nothing_else_is_another(june: June) -> None:
    """What a planner owned before June stands there as it did, value, formula and look; and every
    part of the file but sheets, their tables and their texts is byte for byte the same.
    """
    ours = {
        (found.sheet, letters)
        for table_key, found in load(june.before).tables.items()
        for key, letters in found.columns.items()
        if table(table_key).column(key).owner is Owner.ENGINE
    }
    was, now = (openpyxl.load_workbook(path) for path in (june.before, june.master))
    assert set(was.sheetnames) <= set(now.sheetnames)
    for sheet in was:
        if sheet.title in (MEMORY, "检查结果"):  # the engine's own
            continue
        for row in sheet.iter_rows():
            for cell in row:
                place = (sheet.title, cell.coordinate)
                if place in june.touched or (sheet.title, cell.column_letter) in ours:
                    continue
                if cell.value is not None:
                    other = now[sheet.title][cell.coordinate]
                    assert (other.value, other._style) == (cell.value, cell._style), place
    with zipfile.ZipFile(june.before) as old, zipfile.ZipFile(june.master) as new:
        changing = re.compile(
            r"xl/(worksheets|tables|sharedStrings|workbook\.xml|_rels)|docProps|\[C"
        )
        for name in old.namelist():
            if not changing.match(name):
                assert new.read(name) == old.read(name), name
