"""Whether an open workbook still says what it said when it was read, and says what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from salesplan.excel.live import Held, epoch_of, held
from salesplan.fill import Edit, same
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.refs import cell_ref

Written = Mapping[str, Mapping[tuple[int, int], Edit]]
"""What was written, by sheet and by row and column."""

_BLANK: tuple[object, ...] = (None, "")
"""What programs say of a blank cell. (In a tuple 0 is neither.)"""


def refuse_newer(book: Any, before: Held, written: Written | None = None) -> None:
    """Compare what the sheets hold with what they held ``before``, each read in one call.

    Once our cells are ``written``, these are held against their edits (our formulas are computed
    later), and other formulas, which may follow them, are left out. Raises SalesplanError (exit
    3): live-changed-meanwhile where a cell holds something else than when it was read,
    live-not-as-written where one of ours does.
    """
    written = written or {}
    there = {sheet.name: sheet for sheet in book.sheets}
    epoch = epoch_of(book) if written else date.min
    for name in dict.fromkeys((*before, *written)):
        if name not in there:
            raise meanwhile(book, name, "")
        now, ours = held(there[name]), written.get(name, {})
        for place, edit in ours.items():
            if not edit.formula and not _says(_at(now, *place), edit.new, epoch):
                raise _other(book, edit, _at(now, *place))
        for place in _differing(before[name], now) if name in before else ():
            if place in ours:
                continue
            if not written or formulas_of(there[name].range(place))[0][0] is None:
                raise meanwhile(book, name, cell_ref(*place))


def meanwhile(book: Any, sheet: str, cell: str) -> SalesplanError:
    """What to raise where a cell was changed since it was read."""
    return SalesplanError(
        Finding.of("live-changed-meanwhile", Place(book.name, sheet, cell), file=book.name), 3
    )


def _other(book: Any, edit: Edit, found: object) -> SalesplanError:
    place = Place(book.name, edit.sheet, edit.cell)
    return SalesplanError(
        Finding.of("live-not-as-written", place, wanted=str(edit.new), found=str(found)), 3
    )


def _at(rows: Sequence[Sequence[object]], row: int, column: int) -> object:
    inside = row <= len(rows) and column <= len(rows[row - 1])
    return rows[row - 1][column - 1] if inside else None


def _says(found: Any, wanted: Any, epoch: date) -> bool:
    """Whether a cell says what was written; programs hold days as numbers, Calc truth values
    too.
    """
    if isinstance(wanted, bool):
        return bool(found == wanted)
    if isinstance(wanted, date) and isinstance(found, float):
        return abs(found - _serial(wanted, epoch)) < _MOMENT
    return same(found, wanted)


_MOMENT = 1e-8
"""Of a day: about a millisecond, within which a moment is the same."""


def _serial(value: date, epoch: date) -> float:
    moment = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
    return (moment - datetime.combine(epoch, datetime.min.time())) / timedelta(days=1)


def _differing(
    before: Sequence[Sequence[object]], now: Sequence[Sequence[object]]
) -> Iterator[tuple[int, int]]:
    """The places, row by row, that hold different values; blank at the edges is no difference."""
    for number, (old, new) in enumerate(zip_longest(before, now, fillvalue=()), 1):
        if old == new:
            continue
        for column, (one, other) in enumerate(zip_longest(old, new), 1):
            if one != other and not (one in _BLANK and other in _BLANK):
                yield number, column


def formulas_of(block: Any) -> Sequence[Sequence[str | None]]:
    """The formulas of a block; None where a cell has none."""
    given = block.formula
    rows = given if isinstance(given, (tuple, list)) else ((given,),)
    return [list(map(_formula, row)) for row in rows]


def _formula(text: object) -> str | None:
    return text if isinstance(text, str) and text.startswith("=") else None
