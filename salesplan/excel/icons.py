"""The buttons' pictures, drawn from a few lines of text each: the same everywhere, in every
size.
"""

from __future__ import annotations

import math
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise

GRID = 32.0
SAMPLES = 3
"""Each pixel is looked at so many times in each direction, so that edges are smooth."""
NEAR = 1e-6
"""A point so close to where a shape may reach is looked at exactly."""

Colour = tuple[int, int, int]
Point = tuple[float, float]
Piece = tuple[Point, Point]

_COLOURS: Mapping[str, Colour] = {
    "n": (31, 78, 96),
    "b": (31, 95, 168),
    "g": (46, 125, 80),
    "a": (200, 120, 20),
    "r": (178, 40, 40),
    "w": (255, 255, 255),
    "l": (217, 232, 240),
}
"""Ink, blue, green, amber, red, white, light."""

_SHEET = "fill l 5,3 23,3 27,7 27,29 5,29; line n 2 5,3 23,3 27,7 27,29 5,29 5,3"

DRAWN: Mapping[str, str] = {
    "check": _SHEET + "; line g 3.4 10,17 14,22 23,10",
    "preview": _SHEET + "; ring b 2.6 15,14 6; line b 3.4 19,19 25,26",
    "recalc": "ring n 3.2 16,16 10; fill w 17,2 30,2 30,14; fill n 18,1 28,6 19,12",
    "undo": "line b 3.4 8,12 20,12 25,17 25,22 20,26 12,26; fill b 2,12 11,4 11,20",
    "explain": _SHEET + "; line b 2.6 11,11 16,8 20,11 20,14 16,17 16,20; dot b 16,25 2",
    "next": (
        "fill l 3,6 21,6 21,26 3,26; line n 2 3,6 21,6 21,26 3,26 3,6; dot r 12,16 3.2; fill b 21,"
        "9 30,16 21,23"
    ),
    "handout": _SHEET + "; line b 3 16,24 16,11; fill b 9,13 16,5 23,13",
    "collect": _SHEET + "; line g 3 16,7 16,20; fill g 9,18 16,27 23,18",
    "day": (
        "fill l 3,5 29,5 29,29 3,29; fill a 3,5 29,5 29,11 3,11; line n 2 3,5 29,5 29,29 3,29 3,5; "
        "ring b 2.2 16,20 6; line b 2 16,16 16,20 19,22"
    ),
    "week": (
        "fill l 3,4 29,4 29,23 14,23 8,29 8,23 3,23; line n 2 3,4 29,4 29,23 14,23 8,29 8,23 3,23 "
        "3,4; line g 2.4 8,10 24,10; line a 2.4 8,16 19,16"
    ),
    "import": (
        "fill l 4,18 28,18 28,28 4,28; line n 2 4,18 4,28 28,28 28,18; line g 3.4 16,3 16,15; "
        "fill g 9,13 16,23 23,13"
    ),
    "report": (
        "fill l 3,3 29,3 29,29 3,29; line n 2 3,3 29,3 29,29 3,29 3,3; fill g 7,18 12,18 12,26 7,"
        "26; fill a 14,12 19,12 19,26 14,26; fill b 21,7 26,7 26,26 21,26"
    ),
    "quarter": (
        "fill l 3,5 29,5 29,29 3,29; fill b 3,5 29,5 29,11 3,11; line n 2 3,5 29,5 29,29 3,29 3,5; "
        "fill g 7,15 12,15 12,26 7,26; fill g 14,15 19,15 19,26 14,26; fill g 21,15 26,15 26,26 "
        "21,26"
    ),
    "page": (
        "fill l 9,2 23,2 23,30 9,30; line n 2 9,2 23,2 23,30 9,30 9,2; line b 2.4 12,8 20,8; "
        "line g 2.4 12,13 20,13; line a 2.4 12,18 17,18; dot n 16,26 1.6"
    ),
    "last": (
        "fill a 3,8 12,8 15,11 27,11 27,26 3,26; fill l 7,15 31,15 27,26 3,26; line n 1.6 3,26 3,"
        "8 12,8 15,11 27,11 27,15 31,15 27,26 3,26"
    ),
    "drafts": (
        "fill l 3,8 29,8 29,25 3,25; line n 2 3,8 29,8 29,25 3,25 3,8; line n 2 3,8 16,18 29,8"
    ),
    "folder": (
        "fill a 3,7 12,7 15,10 29,10 29,26 3,26; line n 1.6 3,7 12,7 15,10 29,10 29,26 3,26 3,7; "
        "line n 2 9,16 23,16"
    ),
    "send": "fill b 2,15 30,3 21,29 15,19; line w 1.6 15,19 30,3",
    "close": (
        "ring n 3 16,12 7; fill a 6,14 26,14 26,29 6,29; line n 2 6,14 26,14 26,29 6,29 6,14; "
        "dot n 16,20 2.6; line n 3 16,20 16,25"
    ),
    "reopen": (
        "ring n 3 21,10 7; fill w 12,10 17,10 17,17 12,17; fill g 4,14 24,14 24,29 4,29; "
        "line n 2 4,14 24,14 24,29 4,29 4,14; dot n 14,20 2.6; line n 3 14,20 14,25"
    ),
    "history": "ring n 2.6 16,16 12; line b 2.6 16,8 16,16 22,20",
    "settings": (
        "ring n 5 16,16 8; line n 4 16,2 16,8; line n 4 16,24 16,30; line n 4 2,16 8,16; line n 4 "
        "24,16 30,16; line n 4 6,6 10,10; line n 4 22,22 26,26; line n 4 6,26 10,22; line n 4 22,"
        "10 26,6"
    ),
    "selftest": (
        "fill l 7,5 25,5 25,29 7,29; line n 2 7,5 25,5 25,29 7,29 7,5; fill n 12,2 20,2 20,8 12,8;"
        " line g 2.6 10,14 12,17 16,12; line g 2.6 10,23 12,26 16,21; line n 1.6 18,15 22,15; "
        "line n 1.6 18,24 22,24"
    ),
    "help": "dot b 16,16 14; line w 3 11,12 13,8 19,8 21,12 16,17 16,19; dot w 16,24 2.2",
}
"""Shapes on a grid of 32, later ones over earlier: ``fill C points``, ``line C width points``,
``ring C width centre radius``, ``dot C centre radius``.
"""


class Shape:
    """A shape of a picture, its numbers read: where it lies and how far it reaches."""

    def __init__(self, drawn: str) -> None:
        self.kind, colour, *rest = drawn.split()
        self.colour = _COLOURS[colour]
        numbers = [float(one) for one in rest if "," not in one]
        self.points = [_point(one) for one in rest if "," in one]
        self.width = numbers[0] if self.kind in ("line", "ring") else 0.0
        self.radius = numbers[-1] if self.kind in ("ring", "dot") else 0.0
        self.pieces = list(pairwise(self.points))
        if self.kind == "fill":
            self.pieces.append((self.points[-1], self.points[0]))

    def covered(self, y: float, across: Sequence[float]) -> Iterable[int]:
        """Which of the places ``across`` a row of the grid, from the left, lie on it."""
        if self.kind == "fill":
            edges = sorted(_crossings(self.pieces, y))
            places = _within(across, edges[0], edges[-1]) if edges else range(0)
            return (i for i in places if (len(edges) - bisect_right(edges, across[i])) % 2)
        if self.kind == "line":
            return chain.from_iterable(self._along(piece, y, across) for piece in self.pieces)
        return self._around(y, across)

    def _along(self, piece: Piece, y: float, across: Sequence[float]) -> Iterator[int]:
        half, ((x1, y1), (x2, y2)) = self.width / 2, piece
        reach = half + NEAR
        if not min(y1, y2) - reach <= y <= max(y1, y2) + reach:
            return
        for i in _within(across, min(x1, x2) - reach, max(x1, x2) + reach):
            if _distance(*piece, (across[i], y)) <= half:
                yield i

    def _around(self, y: float, across: Sequence[float]) -> Iterator[int]:
        centre, half = self.points[0], self.width / 2
        reach = half + self.radius + NEAR
        if abs(y - centre[1]) > reach:
            return
        for i in _within(across, centre[0] - reach, centre[0] + reach):
            away = math.dist(centre, (across[i], y))
            if abs(away - self.radius) <= half if self.kind == "ring" else away <= self.radius:
                yield i


@cache
def picture(name: str, size: int) -> bytes:
    """The button's picture as a PNG of so many pixels each way."""
    shapes = [Shape(drawn) for drawn in reversed(DRAWN[name].split(";"))]
    rows = [_row(shapes, y, size) for y in range(size)]
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 0)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _row(shapes: list[Shape], y: int, size: int) -> bytes:
    step = GRID / size / SAMPLES
    across = [(place + 0.5) * step for place in range(size * SAMPLES)]
    rows = [_seen(shapes, (y * SAMPLES + down + 0.5) * step, across) for down in range(SAMPLES)]
    return b"".join(map(_pixel, *map(_parts, rows)))


def _parts(row: Sequence[Colour | None]) -> Iterator[Sequence[Colour | None]]:
    """The places of a row by pixel."""
    return (row[at : at + SAMPLES] for at in range(0, len(row), SAMPLES))


def _seen(shapes: list[Shape], y: float, across: Sequence[float]) -> list[Colour | None]:
    """What is seen at the places of a row, of shapes from the topmost down."""
    row: list[Colour | None] = [None] * len(across)
    for shape in shapes:
        for place in shape.covered(y, across):
            row[place] = row[place] or shape.colour
    return row


def _pixel(*looks: Sequence[Colour | None]) -> bytes:
    """Red, green, blue and how much is covered."""
    seen = [colour for colour in chain.from_iterable(looks) if colour is not None]
    if not seen:
        return bytes(4)
    colour = [sum(part) // len(seen) for part in zip(*seen, strict=True)]
    return bytes([*colour, 255 * len(seen) // SAMPLES**2])


def _point(text: str) -> Point:
    x, _, y = text.partition(",")
    return float(x), float(y)


def _within(across: Sequence[float], first: float, last: float) -> range:
    """The places from the one to the other, by index."""
    return range(bisect_left(across, first), bisect_right(across, last))


def _crossings(pieces: Iterable[Piece], y: float) -> Iterator[float]:
    """Where the edges of an area cross a row."""
    for (x1, y1), (x2, y2) in pieces:
        if (y1 > y) != (y2 > y):
            yield (x2 - x1) * (y - y1) / (y2 - y1) + x1


def _distance(first: Point, last: Point, at: Point) -> float:
    """From a point to a straight piece."""
    wide, high = last[0] - first[0], last[1] - first[1]
    length = wide * wide + high * high
    part = 0.0 if not length else ((at[0] - first[0]) * wide + (at[1] - first[1]) * high) / length
    part = min(1.0, max(0.0, part))
    return math.dist((first[0] + part * wide, first[1] + part * high), at)
