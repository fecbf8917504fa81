"""The selected cell: where its number comes from and what is wrong with it; and on to the next
finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.excel.button_message import Said, sentence, with_findings
from salesplan.excel.use_cases import examined
from salesplan.findings import Finding
from salesplan.messages import show, text
from salesplan.plan.schema import Owner, table
from salesplan.wording import either
from salesplan.workbook.refs import Range, column_number, parse_cell

if TYPE_CHECKING:
    from salesplan.app import Run
    from salesplan.plan.loader import Loaded
    from salesplan.workbook.read.tables import FoundTable


def explain_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Said:
    """Where the number in the selected cell comes from, or what belongs into it; and what is wrong
    with it.
    """
    cell = selected(book)
    sheet = book.sheets.active.name
    run = examined(book)
    lang = run.loaded.lang
    found = _table_at(run.loaded, sheet, cell)
    if found is None:
        line = either(
            lang,
            f"{sheet}!{cell} 不在主计划的任何一列里。",
            f"{sheet}!{cell} is in no column of the master.",
        )
        return Said((line, *_at(run, sheet, cell, lang)), lang)
    one, key = found
    column = table(one.key).column(key)
    engine = column.owner is Owner.ENGINE
    whose = either(
        lang,
        "计算列, 由引擎填写" if engine else "填报列, 由您填写",
        "engine column" if engine else "your own column",
    )
    first = f"{sheet}!{cell} {column.header(lang)} ({whose})"
    note = column.note(lang)
    lines = [first, *([note] if note else []), *_target(run, one, key, cell, lang)]
    return Said((*lines, *_at(run, sheet, cell, lang)), lang)


def _target(run: Run, found: FoundTable, key: str, cell: str, lang: str) -> Iterator[str]:
    """The steps that lead to a target, where the cell is one."""
    row = parse_cell(cell)[0]
    if found.key != "targets" or row not in found.row_numbers:
        return
    number = key.removeprefix("month")
    if not (key in ("base_year", "year", "parent") or (key != number and number.isdecimal())):
        return
    kpi, unit = found.value("kpi", row), found.value("unit", row)
    months = run.loaded.plan.settings.months
    month = next((one for one in months if key != number and one.month == int(number)), None)
    if kpi is None or unit is None:
        return
    done = app.explained(run, str(unit), str(kpi), month)
    for depth, step in enumerate(done.steps):
        value = "—" if step.value is None else show(done.written(step.value), lang)
        yield f"{'  ' * depth}{step.unit.name} ({step.unit.code}): {value}"
        for reason in step.reasons:
            facts = {name: done.written(fact) for name, fact in reason.params.items()}
            yield f"{'  ' * depth}  = {text(Finding.of(reason.code, reason.place, **facts), lang)}"


def _table_at(loaded: Loaded, sheet: str, cell: str) -> tuple[FoundTable, str] | None:
    row, column = parse_cell(cell)
    for found in loaded.tables.values():
        if found.sheet == sheet and row >= found.header_row:
            for key, letters in found.columns.items():
                if column_number(letters) == column:
                    return found, key
    return None


def _at(run: Run, sheet: str, cell: str, lang: str) -> list[str]:
    here = [one for one in run.findings if (one.place.sheet, one.place.cell) == (sheet, cell)]
    return list(chain.from_iterable(sentence(one, lang) for one in here))


def next_button(book: Any, wanted: Callable[[], bool] = lambda: True) -> Said:
    """Go to the next cell with a finding after the selected one, the worst first; from the last to
    the first.
    """
    run = examined(book)
    lang = run.loaded.lang
    names = {sheet.name for sheet in book.sheets}
    placed = [one for one in run.findings if one.place.sheet in names and one.place.cell]
    if not placed:
        return with_findings(lang, [""], run.findings)
    here = (book.sheets.active.name, selected(book))
    stops = list(dict.fromkeys((one.place.sheet, one.place.cell) for one in placed))
    at = (stops.index(here) + 1) % len(stops) if here in stops else 0
    sheet, cell = stops[at]
    go_to(book, sheet, cell)
    lines = _at(run, sheet, cell, lang)
    return Said((f"{at + 1}/{len(stops)}  {lines[0]}", *lines[1:]), lang)


def go_to(book: Any, sheet: str, cell: str) -> None:
    """Bring the cell to the front and select it."""
    page = book.sheets[sheet]
    page.activate()
    page.range(cell.partition(":")[0]).select()


def selected(book: Any) -> str:
    """The upper left cell of what is selected on the sheet in front."""
    if book.app.engine.name == "calc":
        area = book.app.selection
        return "A1" if area is None else _corner(area.address)
    return _corner(book.api.Windows(1).RangeSelection.Address)


def _corner(address: str) -> str:
    area = Range.parse(address.replace("$", "").partition(",")[0].rpartition("!")[2])
    return str(Range(area.top, area.left, area.top, area.left))
