"""Imported spending as new rows of 费用; a row that is there already stays, or is brought up to
date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from salesplan.dataclass import replace
from salesplan.fill.edits import Added, Edit, Edits, Value, as_told, rounded, same
from salesplan.fill.import_mode import ONLY_NEW, ImportMode, blanked, said_gone
from salesplan.fill.rows import append_rows, style_of
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.parse import parse
from salesplan.plan.schema import sheet, table
from salesplan.plan.schema.choices import label
from salesplan.plan.sources.spending import SpendingRow, Spent
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.tables import FoundTable

SPENDING = table("spending")
COMPARED = ("day", "budget", "amount", "currency")
Identity = tuple[object, str]


def spent(loaded: Loaded, given: Spent, mode: ImportMode = ONLY_NEW) -> tuple[Edits, Spent]:
    """What changes in 费用, and the import with its counts; with ``update`` corrected rows are
    brought up to date. What a ``full`` source no longer has is named, and taken out with both;
    rows without a voucher are the planner's own. Where lines were refused nothing is taken out.
    """
    found = loaded.tables.get("spending")
    if found is None or "voucher" not in found.columns:
        name = sheet("spending").title(loaded.lang)
        place = Place(str(loaded.path), found.sheet if found else "", "")
        finding = Finding.of("import-no-voucher-column", place, sheet=name)
        counts = {"unwritten": len(given.rows)}
        return Edits(), replace(
            given, findings=(*given.findings, finding), counts=counts, lang=loaded.lang
        )
    there = _there(found, given.key_again)
    identities = [(row.kind, given.key_again(row.voucher)) for row in given.rows]
    often = Counter(identities)
    fresh: list[SpendingRow] = []
    edits: list[Edit] = []
    for row, identity in zip(given.rows, identities, strict=True):
        indexes = there[identity]
        equal = next(
            (one for one in indexes if not list(_differences(found, row, one, loaded))), None
        )
        if equal is not None:
            indexes.remove(equal)
        elif indexes and often[identity] == 1:
            edits += _differences(found, row, indexes.pop(0), loaded)
        else:
            fresh.append(row)
    gone = _gone(there, given, mode)
    out = gone if mode.takes_out and not given.refused else []
    values = [_values(row, loaded.lang) for row in fresh]
    added, problems = append_rows(found, SPENDING, values)
    changed = len({edit.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for edit in edits})
    counts = {
        "added": 0 if problems else len(fresh),
        "known": len(given.rows) - len(fresh),
        "changed": changed,
        "updated": changed if mode.update else 0,
        "gone": len(gone),
        "removed": len(out),
        "unwritten": len(fresh) if problems else 0,
    }
    told = [_said(loaded, edit, mode.update) for edit in edits]
    told += said_gone(loaded, found, "voucher", gone, bool(out), mode)
    changes = [*edits, *blanked(found, SPENDING, "voucher", out)]
    parts: Sequence[Edit | Added] = [*(changes if mode.update else ()), *added]
    return Edits(tuple(parts)), replace(
        given,
        findings=(*given.findings, *told, *problems),
        counts=counts,
        lang=loaded.lang,
    )


def _there(found: FoundTable, again: Callable[[str], str]) -> defaultdict[Identity, list[int]]:
    """The master's rows by kind and voucher, as the import knows it ``again``."""
    rows: defaultdict[Identity, list[int]] = defaultdict(list)
    for index, (kind, voucher) in enumerate(
        zip(found.column("kind"), found.column("voucher"), strict=True)
    ):
        if voucher is not None:
            name = str(parse(voucher, SPENDING.column("voucher")))
            rows[parse(kind, SPENDING.column("kind")), again(name)].append(index)
    return rows


def _gone(there: Mapping[Identity, list[int]], given: Spent, mode: ImportMode) -> list[int]:
    """The master's rows that no record of a full source is, of the kinds that it can hold."""
    if not mode.full:
        return []
    left = (rows for (kind, _), rows in there.items() if kind in given.kinds)
    return sorted(chain.from_iterable(left))


def _differences(found: FoundTable, row: SpendingRow, index: int, loaded: Loaded) -> Iterator[Edit]:
    values = _values(row, loaded.lang)
    for key in COMPARED:
        if key not in found.columns or (key == "currency" and not row.currency):
            continue
        column = SPENDING.column(key)
        old, new = _plain(found.value(key, found.row_numbers[index])), rounded(values[key], column)
        if not same(old, new):
            cell = f"{found.columns[key]}{found.row_numbers[index]}"
            header = found.headers[key]
            yield Edit(found.sheet, cell, header, row.voucher, old, new, None, style_of(column))


def _plain(cell: CellValue) -> CellValue:
    return cell.date() if isinstance(cell, datetime) else cell


def _values(row: SpendingRow, lang: str) -> dict[str, Value]:
    return {
        "day": row.day,
        "budget": row.budget,
        "kind": label(row.kind, lang),
        "amount": row.amount,
        "voucher": row.voucher,
        "currency": row.currency,
    }


def _said(loaded: Loaded, edit: Edit, update: bool) -> Finding:
    place = Place(str(loaded.path), edit.sheet, edit.cell)
    old, new = as_told(edit.old), as_told(edit.new)
    code = "import-updated" if update else "import-spending-differs"
    return Finding.of(code, place, source=edit.row, column=edit.column, old=old, new=new)
