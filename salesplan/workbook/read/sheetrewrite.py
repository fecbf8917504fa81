"""A sheet's cells without those that lie far away.

Far: a column beyond ZZ or behind more than 100 blank columns, a row behind more than 10,000
blank rows. :func:`cut_far` takes a few far cells out of a sheet in the ordinary form ``<c r="A1"``
(rows the file lists count as used there, blank or not); :func:`rewrite` brings any other sheet
into that form, one cell after another, which takes several times as long as reading it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator

from salesplan.dataclass import dataclass, field
from salesplan.pattern import pattern
from salesplan.workbook.refs import MAX_COLUMN as LAST_COLUMN
from salesplan.workbook.refs import MAX_ROW as LAST_ROW
from salesplan.workbook.refs import cell_ref, column_number, parse_cell

MAX_ROW_GAP = 10_000
MAX_COLUMN_GAP = 100
MAX_COLUMN = 702
_FAR_NAMED = 20
_FEW = 20_000

_TAG = pattern(
    rb"""<(?P<prefix>(?:[^\s<>/:"']+:)?)(?P<kind>row|c)(?P<attributes>(?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?)>"""
)
_R = pattern(rb"""\sr\s*=\s*["']\s*([^"'\s]*)\s*["']""")
_ROW_START = pattern(rb'<row r="(\d+)"')
_LETTERS = pattern(rb'<c r="([A-Z]+)')
_CONTENT = pattern(rb"<(?:[^\s<>/:]+:)?f[\s/>]|>\s*[^<\s]")
CELL_END = pattern(rb"</(?:[^\s<>/:]+:)?c\s*>")


class BadSheetError(ValueError):
    """The sheet's XML names a cell that cannot be, or a cell without an end."""


class SheetTooLargeError(ValueError):
    """The used range has more rows × columns than the limit."""


@dataclass(slots=True)
class _Cells:
    """One entry a cell, in the order of the file: 100,000 rows as objects would cost hundreds of
    megabytes.
    """

    rows: array[int] = field(default_factory=lambda: array("l"))
    columns: array[int] = field(default_factory=lambda: array("l"))
    starts: array[int] = field(default_factory=lambda: array("q"))
    inners: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    filled: array[int] = field(default_factory=lambda: array("b"))

    def used(self) -> Iterator[tuple[int, int]]:
        return (
            (r, c)
            for r, c, filled in zip(self.rows, self.columns, self.filled, strict=True)
            if filled
        )


def cut_far(body: bytes, near: str, max_area: int) -> tuple[bytes, tuple[str, ...]] | None:
    """Sheet data in ordinary form without its far cells, and their references; None if it takes
    :func:`rewrite`.

    ``near`` is the pattern of references that cannot be far beside the others.
    Raises BadSheetError or SheetTooLargeError as :func:`rewrite`.
    """
    odd: list[tuple[int, int, int, int, bool]] = []
    for tag in re.compile(f'<c r="(?!{near}")([^"]*)"[^<>]*>'.encode()).finditer(body):
        if len(odd) == _FEW:
            return None
        row, column = _position(tag[1])
        closing = None if tag[0].endswith(b"/>") else CELL_END.search(body, tag.end())
        filled = (
            closing is not None
            and _CONTENT.search(body, tag.end() - 1, closing.start()) is not None
        )
        odd.append((row, column, tag.start(), closing.end() if closing else tag.end(), filled))
    odd_rows = {row for row, *_ in odd}
    near_rows = {_row_number(number) for number in set(_ROW_START.findall(body))} - odd_rows
    near_columns = set(map(_column, set(_LETTERS.findall(body)))) - {
        column for _, column, *_ in odd
    }
    last_row = _before_gap(near_rows | {row for row, _, _, _, filled in odd if filled}, MAX_ROW_GAP)
    used = {
        column
        for row, column, _, _, filled in odd
        if filled and row <= last_row and column <= MAX_COLUMN
    }
    last_column = _before_gap(near_columns | used, MAX_COLUMN_GAP)
    if max(near_rows, default=0) > last_row or max(near_columns, default=0) > last_column:
        return None
    if last_row * last_column > max_area:
        raise SheetTooLargeError
    kept: list[bytes] = []
    far: list[str] = []
    done = 0
    for row, column, start, end, filled in odd:
        if row > last_row or column > last_column:
            kept.append(body[done:start])
            done = end
            if filled and len(far) < _FAR_NAMED:
                far.append(cell_ref(row, column))
    return b"".join([*kept, body[done:]]), tuple(far)


def rewrite(body: bytes, max_area: int) -> tuple[bytes, tuple[str, ...]]:
    """Sheet data (from its start tag to before its end tag) without far and childless cells, and
    the far ones' references.

    Only far cells with content are named, the first 20 of them.
    Raises BadSheetError or SheetTooLargeError (more than ``max_area`` rows × columns).
    """
    cells = _collect(body)
    last_row = _before_gap({r for r, _ in cells.used()}, MAX_ROW_GAP)
    last_column = _before_gap(
        {c for r, c in cells.used() if r <= last_row and c <= MAX_COLUMN}, MAX_COLUMN_GAP
    )
    if last_row * last_column > max_area:
        raise SheetTooLargeError
    opening = body[: body.index(b">") + 1]
    prefix = opening[1 : opening.index(b"sheetData")]
    kept: list[bytes] = [opening]
    far: list[str] = []
    current = 0
    for r, c, start, inner, end, filled in zip(
        cells.rows, cells.columns, cells.starts, cells.inners, cells.ends, cells.filled, strict=True
    ):
        if r > last_row or c > last_column:
            if filled and len(far) < _FAR_NAMED:
                far.append(cell_ref(r, c))
            continue
        if r != current:
            kept.append(
                (b"</%brow>" % prefix if current else b"") + b'<%brow r="%d">' % (prefix, r)
            )
            current = r
        name, *attributes = body[start : inner - 1].split(None, 1)
        others = _R.sub(b"", b" " + attributes[0]) if attributes else b""
        kept.append(b'%b r="%b"%b>%b' % (name, cell_ref(r, c).encode(), others, body[inner:end]))
    if current:
        kept.append(b"</%brow>" % prefix)
    return b"".join(kept), tuple(far)


def _collect(body: bytes) -> _Cells:
    cells = _Cells()
    row = column = at = 0
    while tag := _TAG.search(body, at):
        at = tag.end()
        given = _R.search(tag["attributes"])
        if tag["kind"] == b"row":
            row, column = _row_number(given[1]) if given else row + 1, 0
            continue
        row, column = _position(given[1]) if given else (max(row, 1), column + 1)
        if row > LAST_ROW or column > LAST_COLUMN:
            raise BadSheetError(f"R{row}C{column}")
        if tag["attributes"].endswith(b"/"):
            continue
        closing = CELL_END.search(body, at)
        if closing is None:
            raise BadSheetError("unclosed cell")
        cells.rows.append(row)
        cells.columns.append(column)
        cells.starts.append(tag.start())
        cells.inners.append(at)
        cells.ends.append(closing.end())
        # From the ">" of the start tag on, so that text right behind it counts as content too.
        cells.filled.append(_CONTENT.search(body, at - 1, closing.start()) is not None)
        at = closing.end()
    return cells


def _column(letters: bytes) -> int:
    try:
        return column_number(letters.decode("ascii"))
    except ValueError as error:
        raise BadSheetError(str(error)) from error


def _row_number(text: bytes) -> int:
    if not text.isdigit() or len(text) > 12 or not 0 < int(text) <= LAST_ROW:
        raise BadSheetError(text.decode("ascii", "replace"))
    return int(text)


def _position(text: bytes) -> tuple[int, int]:
    try:
        return parse_cell(text.decode("ascii").replace("$", "?"))
    except ValueError as error:
        raise BadSheetError(str(error)) from error


def _before_gap(used: Iterable[int], gap: int) -> int:
    """The last of the numbers (from 1) before the first run of more than ``gap`` missing ones; 0 if
    there is none.
    """
    last = 0
    for number in sorted(used):
        if number - last - 1 > gap:
            break
        last = number
    return last
