"""How large a text can be in its room on a slide, so that nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.report.xlsx import measure

DIGIT = 0.6
"""A digit's width as a part of the type's size: of the widest of the fonts that may stand in."""
BOLD_DIGIT = 0.7
"""The same of a bold digit, for what must not be broken."""
LINE = 1.45
"""A line's height as a part of the type's size: what the tallest of the fonts in use needs."""
POINTS = 72.0
"""Points of an inch."""


def wide(text: str, size: int) -> float:
    """The inches that ``text`` takes on one line, in bold."""
    return measure.width(text) * BOLD_DIGIT * size / POINTS


def lines(text: str, width: float, size: int, strong: bool = False) -> int:
    """How many lines ``text`` takes in ``width`` inches at ``size`` points."""
    room = width * POINTS / (DIGIT * size)
    return measure.lines(text, room, bold=strong)


def height(texts: Sequence[str], width: float, size: int, strong: bool = False) -> float:
    """The inches that paragraphs need, a third of a line between them."""
    count = sum(lines(text, width, size, strong) for text in texts)
    between = max(len(texts) - 1, 0) / 2
    return (count * LINE + between) * size / POINTS


def fitted(
    texts: Sequence[str],
    width: float,
    high: float,
    sizes: tuple[int, int],
    strong: bool = False,
) -> int:
    """The largest size in points, between both ``sizes`` (most, least), at which the texts fit."""
    most, least = sizes
    size = most
    while size > least and height(texts, width, size, strong) > high:
        size -= 1
    return size


def cut(text: str, width: float, size: int, count: int) -> str:
    """As much of ``text`` as ``count`` lines hold, with an ellipsis where something is left out."""
    if lines(text, width, size) <= count:
        return text
    end = len(text)
    while end > 1 and lines(text[:end] + "…", width, size) > count:
        end -= 1
    return text[:end].rstrip(" ,、:") + "…"
