"""The sheets of ours that a planner's own workbook gets when it is adopted: what their tables lack
of a plan, and the mapping that says how they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum

from salesplan.fill.additions import new_sheet
from salesplan.fill.edits import Value
from salesplan.fill.rows import append_rows
from salesplan.plan.adopt.mapping import FIELDS, HEADS, STATUSES, Entry, rows_of
from salesplan.plan.adopt.propose import Proposal
from salesplan.plan.model import Direction, KpiKind
from salesplan.plan.schema import (
    MAPPING,
    SETTINGS,
    Sheet,
    label,
    sheet,
    table,
    tables_of,
)
from salesplan.wording import Both
from salesplan.workbook.changes import CellChange, CellStyle, Change, NewSheet, Prompt
from salesplan.workbook.read.cells import Grid
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import cell_ref

_SHEETS = ("settings", "organization", "kpis", "targets", "checks")
"""The sheets that an adopted workbook cannot do without, in the order in which they come."""
_WIDTHS = (16, 14, 12, 26, 16, 30, 14, 9, 52, 10)
_ROOM = 500
"""Rows of the mapping in which its lists are offered."""
_FIELD_PROMPT = Both("这一列读作什么", "What this column is read as")
_STATUS_PROMPT = Both("改为“忽略”后不再读取这一列", "With “ignored” the column is not read")


def new_sheets(
    proposal: Proposal, there: Mapping[str, FoundTable], names: Iterable[str]
) -> list[Change]:
    """The sheets that the workbook lacks, and the rows that those it has lack: ``there`` are our
    tables in it by key, ``names`` the names of all its sheets.
    """
    taken = {one.casefold() for one in names}
    rows = _rows(proposal)
    found: list[Change] = []
    for key in _SHEETS:
        tables = [one.in_fiscal_order(proposal.fiscal_start) for one in tables_of(key)]
        own = [one for one in tables if one.key in there]
        if own:
            found += _appended(there, rows, [one.key for one in own])
            continue
        title = free_title(sheet(key), proposal.lang, taken)
        taken.add(title.casefold())
        found += new_sheet(title, tables, proposal.lang, rows)
    return found


def _appended(
    there: Mapping[str, FoundTable],
    rows: Mapping[str, Sequence[Mapping[str, Value]]],
    keys: Iterable[str],
) -> Iterator[Change]:
    for key in keys:
        if key in ("units", "kpis") and rows.get(key):
            added, _ = append_rows(there[key], table(key), rows[key])
            yield from (one.change() for one in added)


def free_title(one: Sheet, lang: str, taken: Iterable[str]) -> str:
    """The sheet's name; with a mark behind it where the planner has a sheet of that name."""
    title = one.title(lang)
    used = set(taken)
    if title.casefold() not in used:
        return title
    marked = (f"{title} salesplan{number}" for number in ("", *range(2, 99)))
    return next(name for name in marked if name.casefold() not in used)


def _rows(proposal: Proposal) -> Mapping[str, Sequence[Mapping[str, Value]]]:
    lang = proposal.lang
    given: dict[str, Value | Enum] = {
        "year": proposal.year,
        "fiscal_start": proposal.fiscal_start,
        "currency": proposal.currency,
        "amount_unit": proposal.amount_unit,
        "lang": Both("中文", "English").of(lang),
    }
    settings = [
        {"name": one.title(lang), "value": _said(given[one.key], lang), "note": one.note(lang)}
        for one in SETTINGS
        if one.key in given
    ]
    units = [
        {
            "code": one.code,
            "name": one.name,
            "level": label(one.level, lang),
            "parent": one.parent or None,
        }
        for one in proposal.units
    ]
    kpis = [
        {
            "code": one.code,
            "name": one.name,
            "kind": label(one.kind, lang),
            "direction": label(Direction.HIGHER, lang),
            "unit": one.unit or None,
            "smallest_unit": one.smallest_unit,
            "weight": _weight(proposal) if one.kind is KpiKind.FLOW else None,
        }
        for one in proposal.kpis
    ]
    return {"settings": settings, "units": units, "kpis": kpis}


def _weight(proposal: Proposal) -> Decimal | None:
    """The whole score, where there is one KPI alone."""
    return Decimal(1) if len(proposal.kpis) == 1 else None


def _said(value: Value | Enum, lang: str) -> Value:
    return label(value, lang) if isinstance(value, Enum) else value


def mapping_changes(
    entries: Sequence[Entry], lang: str, name: str, before: Grid | None
) -> Iterator[Change]:
    """The sheet 对照 with these rows; where it was there (``before``) its cells are
    written anew.
    """
    if before is None:
        yield NewSheet(name, widths=_WIDTHS)
    for at, head in enumerate(HEADS.values(), 1):
        yield CellChange(name, cell_ref(1, at), head.of(lang), style=CellStyle.HEAD)
    rows = list(rows_of(entries, lang))
    for number, row in enumerate(rows, 2):
        for at, value in enumerate(row, 1):
            share = CellStyle.PERCENT if isinstance(value, Decimal) else CellStyle.TEXT
            if value not in ("", None) or before is not None:
                yield CellChange(name, cell_ref(number, at), value, style=share)
    if before is not None:
        for number in range(len(rows) + 2, len(before.rows) + before.first_row):
            for at in range(1, len(HEADS) + 1):
                yield CellChange(name, cell_ref(number, at), None)
        return
    keys = list(HEADS)
    yield _list(name, keys.index("field") + 1, _FIELD_PROMPT, FIELDS.values(), lang)
    yield _list(name, keys.index("status") + 1, _STATUS_PROMPT, STATUSES.values(), lang)


def _list(
    sheet_name: str, at: int, text: Both[str], words: Iterable[Both[str]], lang: str
) -> Prompt:
    head = list(HEADS.values())[at - 1].of(lang)
    area = f"{cell_ref(2, at)}:{cell_ref(_ROOM, at)}"
    return Prompt(sheet_name, area, head, text.of(lang), tuple(one.of(lang) for one in words))


def mapping_title(lang: str, names: Iterable[str]) -> str:
    """The name of the mapping's sheet in a workbook with sheets of these names."""
    return free_title(MAPPING, lang, {one.casefold() for one in names})
