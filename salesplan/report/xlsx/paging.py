"""At which scale a sheet is printed and where its pages end: blocks that belong together are not
cut, a heading is not left behind by its table.

Spreadsheet programs keep manual breaks between rows where only the width is fitted to the paper.
The height of a page is reckoned for the largest scale a program may choose: a font that is wider
makes the scale smaller and leaves some room at a page's end, never a block across it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

PAPER_HEIGHT = 532.0
"""Points between the margins of A4 landscape, less what a program rounds up."""
PAPER_PIXELS = 1074
"""Pixels across A4 landscape between the margins, at full size."""
PAPER_WIDTH = 1012
"""The same, less what a program rounds up."""
LEGIBLE = 70
"""Percent: a print smaller than this is not chosen to save paper: its type would be under 7 pt."""
SHORT = 0.36
"""A last page of which less is used takes over a block of the page before."""
FEWEST = 4
"""So many rows at least on the last page: fewer go with some of those before them."""
MOST_ROWS = 2_000
"""Longer sheets are broken by the program behind their last block: a file holds 1,023 breaks at
most.
"""

Block = tuple[int, int]
"""First and last row (0-based) that belong together."""


class Paper(NamedTuple):
    """What is printed: up to ``last_row``, ``headers`` (first and last row) repeated on each page;
    ``room`` is a page's height in points of the sheet; ``cuts`` are rows that begin a page.
    """

    last_row: int
    headers: Block | None
    room: float
    cuts: frozenset[int] = frozenset()


class Sheet(NamedTuple):
    """A sheet whose scale is to be chosen: its last row, the headers repeated on each page, its
    width in pixels, and the rows that begin a page in any case.
    """

    last_row: int
    headers: Block | None
    width: int
    cuts: frozenset[int] = frozenset()


def fitting(width: int, most: int) -> int:
    """The scale in percent at which so many pixels fit across the paper, ``most`` at most."""
    return min(most, PAPER_WIDTH * 100 // width)


def scaled(
    height: Callable[[int], float], blocks: Sequence[Block], sheet: Sheet, scale: int
) -> tuple[int, list[int]]:
    """The print's scale in percent (0: fitted to the width) and the rows that begin a page, for a
    sheet that asks for ``scale``.

    A smaller, fixed one is chosen where that saves pages and stays legible.
    """

    def broken(at: float) -> list[int]:
        return breaks(height, blocks, Paper(sheet.last_row, sheet.headers, room(at), sheet.cuts))

    found = {0: broken(scale / 100 if scale else PAPER_PIXELS / sheet.width)}
    most = scale or fitting(sheet.width, 100)
    for smaller in range(most, LEGIBLE - 1, -1) if found[0] else ():
        found[smaller] = broken(smaller / 100)
    best = min(found, key=lambda one: (len(found[one]), one > 0, -one))
    return best, found[best]


def room(scale: float) -> float:
    """The height of a page in points of the sheet, printed at ``scale`` (1: full size)."""
    return PAPER_HEIGHT / min(1.0, scale)


def breaks(height: Callable[[int], float], blocks: Sequence[Block], paper: Paper) -> list[int]:
    """The rows (0-based) that begin a page; a block that fills more than a page is cut where the
    page ends.
    """
    found: list[int] = []
    start, used = 0, 0.0
    last_block = max((last for _, last in blocks), default=-1)
    row = 0
    while row <= paper.last_row:
        if row in paper.cuts and row > start:
            found.append(row)
            start, used = row, _repeated(height, row, paper.headers)
        used += height(row)
        if used <= paper.room or row == start:
            row += 1
            continue
        start = _begin(row, start, blocks)
        if paper.last_row - start + 1 < FEWEST:
            start = _begin(
                max(found[-1] + 1 if found else 1, paper.last_row - FEWEST + 1),
                found[-1] if found else 0,
                blocks,
            )
        found.append(start)
        if start > last_block and paper.last_row - start > MOST_ROWS:
            break
        used = _repeated(height, start, paper.headers)
        row = start
    if found and used < paper.room * SHORT and found[-1] not in paper.cuts:
        found[-1] = _earlier(height, blocks, paper, found)
    return found


def _earlier(
    height: Callable[[int], float], blocks: Sequence[Block], paper: Paper, found: Sequence[int]
) -> int:
    """Where the last page begins so that both it and the one before are used: with a block of the
    page before, else where it does now.
    """
    start, now = (found[-2] if len(found) > 1 else 0), found[-1]

    def high(first: int, after: int) -> float:
        heads = _repeated(height, first, paper.headers) if first else 0.0
        return heads + sum(height(row) for row in range(first, after))

    def uneven(first: int) -> float:
        return abs(high(start, first) - high(first, paper.last_row + 1))

    def possible(first: int) -> bool:
        free = _begin(first, start, blocks) == first and paper.cuts.isdisjoint(
            range(first + 1, now + 1)
        )
        return free and high(first, paper.last_row + 1) <= paper.room

    firsts = {first for first, _ in blocks if start < first < now}
    return min([*filter(possible, firsts), now], key=uneven)


def _begin(row: int, start: int, blocks: Sequence[Block]) -> int:
    """The last row up to ``row`` that begins a page without cutting a block that begins behind
    ``start``.
    """
    while True:
        cut = [first for first, last in blocks if start < first < row <= last]
        if not cut:
            return row
        row = min(cut)


def _repeated(height: Callable[[int], float], start: int, headers: Block | None) -> float:
    """The height of the headers that stand again on a page from ``start`` on."""
    if headers is None or headers[1] >= start:
        return 0.0
    return sum(height(row) for row in range(headers[0], headers[1] + 1))
