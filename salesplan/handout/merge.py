"""Bringing what was typed outside back into the master: found by key, compared three ways, laid out
as edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

from salesplan.audience.whole import Whole
from salesplan.dataclass import dataclass, field, replace
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import percent
from salesplan.fill.edits import Edit, Value
from salesplan.fill.rows import append_rows, style_of
from salesplan.findings import Finding, Place
from salesplan.handout.collecting import source_of
from salesplan.handout.form import (
    HELPER,
    SOURCE,
    TAKEN,
    asked_by,
    daily_key,
    reply_key,
    tool_key,
    weekly_key,
)
from salesplan.handout.recorded import Recorded, added_to
from salesplan.handout.returned import Returned, Typed
from salesplan.plan.forms import canonical
from salesplan.plan.loader import Loaded
from salesplan.plan.model import Plan
from salesplan.plan.model.helping import Helping
from salesplan.plan.parse import parse
from salesplan.plan.parse_text import Bad, Reading, as_text
from salesplan.plan.schema import Table, label, sheet, table
from salesplan.plan.settings import reading_of
from salesplan.wording import either
from salesplan.workbook.read.tables import FoundTable

_KEYS: Mapping[str, tuple[str, ...]] = {
    "issues": ("code",),
    "tasks": ("code",),
    "weekly": ("friday", "task"),
    "replies": ("task", "helper"),
    "actuals": ("source",),
    "daily": ("day", "person"),
    "tools": ("tool", "user", "task"),
}
"""The master's columns that a line's key is made of, by table."""


@dataclass(slots=True)
class Merged:
    """What would change in the master, and what cannot be taken over and why."""

    edits: list[Edit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def merge(loaded: Loaded, whole: Whole, files: Sequence[Returned]) -> Merged:
    """The edits that bring every typed cell into the master's row of that key.

    A cell is written where the master still says what the line said when it was handed out, or
    already says the same. Where both changed it is a conflict: named at the master's cell, never
    written. Rows of the month's actuals, of the week's review, of the day's stand-up and of
    problems that the master does not have yet are added; a task or a tool that is no longer there
    is not. A line of a unit that is not the handout's own is refused.
    """
    merged = Merged()
    by_table: dict[str, list[Typed]] = {}
    for one in files:
        for typed in one.typed:
            if one.stamp is not None and not _is_own(whole, one.stamp.unit, typed):
                merged.findings.append(
                    Finding.of("returned-foreign", typed.place, key=typed.key, unit=one.stamp.unit)
                )
            else:
                by_table.setdefault(typed.table, []).append(typed)
    for key, cells in by_table.items():
        found = loaded.tables.get(key)
        if found is None or not set(_KEYS[key]) <= found.columns.keys():
            code = "returned-no-sheet" if found is None else "returned-no-table"
            merged.findings.append(
                Finding.of(
                    code,
                    Place(loaded.path.name),
                    sheet=sheet(table(key).sheet).title(loaded.lang),
                    master=str(loaded.path),
                )
            )
        else:
            _Table(loaded, whole, found, table(key), merged).take(cells)
    return merged


def pending(loaded: Loaded, whole: Whole, typed: Sequence[Typed]) -> tuple[Typed, ...]:
    """Of what was typed into a report or a page, what the master does not say."""
    tables: dict[str, _Table] = {}
    for key in dict.fromkeys(one.table for one in typed):
        found = loaded.tables.get(key)
        if found is not None and set(_KEYS[key]) <= found.columns.keys():
            tables[key] = _Table(loaded, whole, found, table(key), Merged())
    return tuple(
        cell for cell in typed if cell.table not in tables or not tables[cell.table].says(cell)
    )


def in_words(plan: Plan, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What came back, with the names of units, KPIs and tasks where it names a row by its key:
    2026-06-23|P02 as 2026-06-23 王敏.
    """
    names = {unit.code: unit.name for unit in plan.units}
    names |= {kpi.code: kpi.name for kpi in plan.kpis}
    names |= {task.code: f"{task.code} {task.content}".strip() for task in plan.tasks}

    def spoken(key: object) -> str:
        return " ".join(names.get(part) or part for part in str(key).split("|") if part)

    found = []
    for finding in findings:
        told = dict(finding.params)
        if isinstance(key := told.get("key"), str):
            told["key"] = spoken(key)
        if isinstance(keys := told.get("keys"), list):
            told["keys"] = list(map(spoken, keys))
        found.append(replace(finding, params=MappingProxyType(told)))
    return tuple(found)


def held(loaded: Loaded, whole: Whole, key: str) -> Mapping[str, tuple[object, ...]]:
    """What the rows of a table of the master hold in the columns that its lines ask for, by a
    line's key; of two rows of one key the first. Nothing where the table is not there.
    """
    found = loaded.tables.get(key)
    if found is None or not set(_KEYS[key]) <= found.columns.keys():
        return {}
    one = _Table(loaded, whole, found, table(key), Merged())
    columns = [(one.schema.column(name), found.column(name)) for name in TAKEN[key]]
    rows = {}
    for line, index in one.rows.items():
        rows[line] = tuple(_read(cells[index], column, one.reading) for column, cells in columns)
    return rows


def _is_own(whole: Whole, unit: str, typed: Typed) -> bool:
    """Whether a line belongs to the units from ``unit`` down: an actual in its month, all else as
    the master says now.
    """
    plan, parts = whole.plan, typed.key.split("|")
    if typed.table == "replies" or unit.startswith(HELPER):
        return typed.table == "replies" and _is_asked(whole, unit, typed.key)
    if unit not in plan.unit_by_code:
        return False
    if typed.table == "actuals":
        month = next((one for one in plan.settings.months if str(one) == parts[0]), None)
        asked = asked_by(typed.key)
        return (
            asked is not None
            and month is not None
            and unit in Lineages(plan).at(month).get(asked.unit, ())
        )
    if typed.table in ("daily", "weekly") and _day(parts[0]) is None:
        return False
    below = {one.code for _, one in plan.walk(unit)}
    if typed.table == "daily":
        return parts[-1] in below
    if typed.table == "tools":
        owners = (
            whole.unit_of(one.owner)
            for one in plan.tools
            if tool_key(one.tool, one.user, one.task) == typed.key
        )
        return all(owner in below for owner in owners)
    task = next((one for one in plan.tasks if one.code == parts[-1]), None)
    return task is None or whole.unit_of(task.owner) in below


def _day(text: str) -> date | None:
    """The day that a key names, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_asked(whole: Whole, unit: str, key: str) -> bool:
    """Whether the line is of the helper whose book it is, and the task asks that helper now."""
    code, _, helper = key.partition("|")
    task = whole.plan.task_by_code.get(code)
    asked = () if task is None else Helping(whole.plan).of(task)
    return unit == HELPER + helper and helper in {one.key for one in asked}


class _Table:
    """One table of the master, its rows by key, and what is brought into it."""

    def __init__(
        self, loaded: Loaded, whole: Whole, found: FoundTable, schema: Table, merged: Merged
    ) -> None:
        self.loaded, self.whole, self.found, self.schema, self.merged = (
            loaded,
            whole,
            found,
            schema,
            merged,
        )
        self.reading = reading_of(loaded.plan.settings)
        self.rows: dict[str, int] = {}
        for index, key in enumerate(self._keys()):
            self.rows.setdefault(key, index)
        self.added: dict[str, dict[str, Value]] = {}
        self.taken: dict[tuple[str, str], str] = {}
        self.recorded = Recorded(loaded, whole) if schema.key == "actuals" else None

    def take(self, cells: Iterable[Typed]) -> None:
        for typed in cells:
            self._take(typed)
        added, findings = append_rows(self.found, self.schema, list(self.added.values()))
        for one in added:
            self.merged.edits += one.edits()
        self.merged.findings += findings

    def says(self, typed: Typed) -> bool:
        """Whether the master's cell already holds what was typed."""
        index = self.rows.get(typed.key)
        if index is None or typed.column not in self.found.columns:
            return False
        old = self.found.value(typed.column, self.found.row_numbers[index])
        return self._settled(
            typed.column, _read(old, self.schema.column(typed.column), self.reading)
        ) == self._settled(typed.column, typed.value)

    def _take(self, typed: Typed) -> None:
        column = self.schema.column(typed.column)
        if typed.column not in self.found.columns:
            place = Place(
                self.loaded.path.name,
                self.found.sheet,
                f"{self.found.span[0]}{self.found.header_row}",
            )
            self.merged.findings.append(Finding.of("returned-column-missing", place, column=column))
            return
        wrong = _wrong(self.whole, typed)
        if wrong is not None:
            self.merged.findings.append(wrong)
            return
        theirs, index = self._settled(typed.column, typed.value), self.rows.get(typed.key)
        known = self.taken.setdefault((typed.key, typed.column), theirs)
        if known != theirs:
            self.merged.findings.append(
                Finding.of("returned-twice", typed.place, key=typed.key, column=column)
            )
            return
        if index is None:
            self._add(typed)
            return
        old = self.found.value(typed.column, self.found.row_numbers[index])
        ours = self._settled(typed.column, _read(old, column, self.reading))
        cell = f"{self.found.columns[typed.column]}{self.found.row_numbers[index]}"
        if ours == theirs:
            return
        if ours != self._settled(typed.column, typed.base):
            place = Place(self.loaded.path.name, self.found.sheet, cell)
            self.merged.findings.append(
                Finding.of(
                    "returned-conflict",
                    place,
                    column=column,
                    file=typed.place.workbook,
                    cell=typed.place.cell,
                    ours=ours or "—",
                    theirs=theirs or "—",
                )
            )
            return
        edit = Edit(
            self.found.sheet,
            cell,
            self.found.headers[typed.column],
            typed.key,
            old,
            self._value(typed),
            None,
            style_of(column),
        )
        if edit not in self.merged.edits:
            self.merged.edits.append(edit)
            self._say_sum(typed)

    def _add(self, typed: Typed) -> None:
        if self.schema.key in ("tasks", "tools"):
            self.merged.findings.append(
                Finding.of("returned-row-unknown", typed.place, key=typed.key)
            )
            return
        if typed.key not in self.added:
            self.added[typed.key] = _new_row(self.schema.key, typed.key, self.whole)
        if typed.column not in self.added[typed.key]:
            self._say_sum(typed)
        self.added[typed.key][typed.column] = self._value(typed)

    def _say_sum(self, typed: Typed) -> None:
        """Say so where a figure is added to what is recorded already."""
        said = added_to(self.recorded, self.whole, typed) if self.recorded else None
        if said is not None:
            self.merged.findings.append(said)

    def _settled(self, column: str, value: object) -> str:
        """The value as it is compared; a person is the same by code and by name, no is as good as
        blank.
        """
        text = "" if value is False else canonical(value)
        return (self.whole.unit_of(text) or text) if column == "owner" else text

    def _value(self, typed: Typed) -> Value:
        value = typed.value
        if typed.column == "owner" and isinstance(value, str):
            return self.whole.unit_of(value) or value
        if isinstance(value, Enum):
            return label(value, self.loaded.lang)
        if isinstance(value, bool):
            return either(self.loaded.lang, ("否", "是"), ("No", "Yes"))[value]
        assert value is None or isinstance(value, (str, int, Decimal, date))
        return value

    def _keys(self) -> list[str]:
        columns = [
            (self.schema.column(key), self.found.column(key)) for key in _KEYS[self.schema.key]
        ]
        parts = []
        for column, cells in columns:
            parts.append([_read(cell, column, self.reading) for cell in cells])
        if self.schema.key == "weekly":
            return [
                weekly_key(canonical(friday), as_text(task))
                for friday, task in zip(*parts, strict=True)
            ]
        if self.schema.key == "daily":
            return [
                daily_key(canonical(day), self._settled("owner", person))
                for day, person in zip(*parts, strict=True)
            ]
        if self.schema.key == "replies":
            helping = Helping(self.whole.plan)
            return [_replied(helping, *pair) for pair in zip(*parts, strict=True)]
        if self.schema.key == "tools":
            return [
                tool_key(tool, self._settled("owner", user), task)
                for tool, user, task in zip(*parts, strict=True)
            ]
        return [as_text(one).removeprefix(SOURCE) if one is not None else "" for one in parts[0]]


def _wrong(whole: Whole, typed: Typed) -> Finding | None:
    """What ``check`` would call an error of the week's review once it stood in the master."""
    if typed.table != "weekly":
        return None
    value = typed.value
    if isinstance(value, Decimal) and not 0 <= value <= 1:
        return Finding.of("progress-outside", typed.place, share=percent(value))
    if typed.column == "owner" and value and not whole.unit_of(str(value)):
        return Finding.of("returned-owner-unknown", typed.place, owner=str(value))
    return None


def _replied(helping: Helping, task: object, helper: object) -> str:
    name = as_text(helper) if helper is not None else ""
    one = helping.one(name)
    return reply_key(as_text(task) if task is not None else "", name if one is None else one.key)


def _read(cell: object, column: object, reading: Reading) -> object:
    value = parse(cell, column, reading)  # type: ignore[arg-type]
    if isinstance(value, Bad):
        return value.value if value.value is not None else as_text(cell)
    return value


def _new_row(key: str, line: str, whole: Whole) -> dict[str, Value]:
    """What identifies a row that the master does not have yet."""
    if key == "replies":
        task, _, helper = line.partition("|")
        named = {one.key: one.name for one in Helping(whole.plan).all}
        return {"task": task, "helper": named.get(helper, helper)}
    if key == "weekly":
        friday, _, task = line.partition("|")
        return {"friday": date.fromisoformat(friday), "task": task}
    if key == "daily":
        day, _, person = line.partition("|")
        return {"day": date.fromisoformat(day), "person": person}
    if key == "actuals":
        asked = asked_by(line)
        assert asked is not None, line
        row = {"day": asked.month, "unit": asked.unit, "kpi": asked.kpi}
        row |= {"product": asked.product, "currency": asked.currency}
        return {**row, "source": source_of(line)}
    return {"code": line}
