"""What salesplan wrote into a workbook last: a digest of each row it filled, on a very hidden
sheet.

It travels with the workbook, so it is there after a copy, a mail or a save by another program. One
cell of column A holds one line, ``table#row tokens !columns``: the row's identity and, in the order
of the table's own line ``table= column,column…``, three characters a cell. Columns behind the ``!``
hold what a planner typed and wants left alone. ``table~ column,column… tokens !tokens`` are its
columns for reading that were filled, the texts they were filled with, and those a planner typed and
wants left alone. Nothing can be read from it but whether a cell still says what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from salesplan.dataclass import dataclass, field
from salesplan.workbook.read.cells import Grid

SHEET = "_salesplan_filled"
TITLE = "salesplan: digests of what it filled last · 上次填写内容的摘要, 请勿修改"

BLANK = "..."
"""The token of a cell that holds nothing, or nothing of ours."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PRIME = 262_139
"""The largest prime below 64³, as many as three letters can tell apart."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One row as it was filled: the ``tokens`` of its cells, each at the place of its column, and
    the columns that hold what a planner typed.
    """

    tokens: str
    places: Mapping[str, int]
    kept: frozenset[str] = frozenset()

    def says(self, column: str) -> str:
        """The token of a column's cell, "" where nothing is remembered of it."""
        at = self.places.get(column, -1)
        return self.tokens[3 * at : 3 * at + 3] if at >= 0 else ""

    def wrote(self, column: str, value: object) -> bool:
        """Whether the cell still says what the engine wrote there."""
        return column not in self.kept and self.says(column) == token(value)

    def keeps(self, column: str, value: object) -> bool:
        """Whether the cell still says what a planner typed there and wanted left alone."""
        return column in self.kept and self.says(column) == token(value)

    def content(self) -> frozenset[tuple[str, str]]:
        """What the row was filled with, cell by cell; blank ones say nothing."""
        return _content({column: self.says(column) for column in self.places})


NONE_KEPT: frozenset[str] = frozenset()
"""For all rows of which nothing is left as it was typed: each empty set takes 200 bytes."""

_MOST_TEXTS = 9_000
"""Texts of a table's columns for reading that one cell can hold the tokens of."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table's columns for reading as they were filled: which, the tokens of their texts (none
    where there are too many), and of those that a planner typed and wants left alone.
    """

    columns: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    @classmethod
    def read(cls, line: str) -> Shown:
        """What the rest of a line holds behind its first word."""
        columns, _, tokens = line.partition(" ")
        texts, _, kept = tokens.partition("!")
        return cls(frozenset(columns.split(",")), _apart(texts), _apart(kept))

    def wrote(self, value: object) -> bool:
        """Whether the engine may have written what a cell says."""
        return not self.texts or token(value) in self.texts

    def keeps(self, value: object) -> bool:
        """Whether a planner typed what a cell says and wanted it left alone."""
        return token(value) in self.kept

    def line(self, table: str) -> dict[str, str]:
        """It as a line of the memory, by its first word."""
        texts = self.texts if len(self.texts) <= _MOST_TEXTS else ()
        tokens = "".join(sorted(texts)) + ("!" + "".join(sorted(self.kept)) if self.kept else "")
        name = f"{table}~"
        return {name: f"{name} {','.join(sorted(self.columns))} {tokens}"} if self.columns else {}


def _apart(tokens: str) -> frozenset[str]:
    return frozenset(tokens[at : at + 3] for at in range(0, len(tokens.strip()), 3))


@dataclass(frozen=True, slots=True)
class Memory:
    """The rows remembered, by table and identity, and on which line of the sheet each stands;
    ``shown`` are the columns for reading, by table.
    """

    rows: Mapping[str, Mapping[str, Remembered]] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    height: int = 0
    _contents: dict[str, frozenset[frozenset[tuple[str, str]]]] = field(
        default_factory=dict, compare=False
    )

    @classmethod
    def read(cls, grid: Grid | None) -> Memory:
        """The memory that the sheet holds; lines that make no sense are none."""
        rows: dict[str, dict[str, Remembered]] = {}
        columns: dict[str, Mapping[str, int]] = {}
        shown: dict[str, Shown] = {}
        lines: dict[str, int] = {}
        height = 0
        for number, cells in enumerate(grid.rows if grid else (), grid.first_row if grid else 1):
            text = cells[0] if cells else None
            if not isinstance(text, str):
                continue
            height = number
            name, _, rest = text.partition(" ")
            lines[name] = number
            if name.endswith("="):
                columns[name[:-1]] = {key: at for at, key in enumerate(rest.split(","))}
            elif name.endswith("~"):
                shown[name[:-1]] = Shown.read(rest)
            elif "#" in name:
                table, _, row = name.partition("#")
                tokens, _, kept = rest.partition(" !")
                rows.setdefault(table, {})[row] = Remembered(
                    tokens,
                    columns.get(table, {}),
                    frozenset(kept.split(",")) if kept else NONE_KEPT,
                )
        return cls(rows, shown, lines, height)

    def holds(self, table: str, cells: Mapping[str, object]) -> bool:
        """Whether any row of the table was filled with exactly these cells: it was renamed, sorted
        or copied since.
        """
        if table not in self._contents:
            known = self.rows.get(table, {}).values()
            self._contents[table] = frozenset(one.content() for one in known if not one.kept)
        wanted = _content({column: token(value) for column, value in cells.items()})
        return wanted in self._contents[table]


def _content(tokens: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((column, one) for column, one in tokens.items() if one not in (BLANK, ""))


def written(table: str, columns: Iterable[str], rows: Mapping[str, Remembered]) -> dict[str, str]:
    """The lines of a table, by their first word; its rows remember just these columns."""
    if not rows:
        return {}
    lines = {f"{table}=": f"{table}= {','.join(columns)}"}
    for row, one in rows.items():
        kept = f" !{','.join(sorted(one.kept))}" if one.kept else ""
        name = f"{table}#{row}"
        lines[name] = f"{name} {one.tokens}{kept}"
    return lines


def tokens(values: Iterable[object]) -> list[str]:
    """The token of each."""
    return [BLANK if one is None else _of_value(one) for one in values]


def _of_value(value: object) -> str:
    return _of_number(value) if type(value) is float else token(value)


def token(value: object) -> str:
    """Three characters that tell what a cell holds; the same for a number as it is written and as
    another program saves it.
    """
    if type(value) is Decimal:
        return _of_number(float(value))
    text = canonical(value)
    return _token(text) if text else BLANK


@lru_cache(maxsize=65_536)
def _of_number(value: float) -> str:
    return _token(canonical(value))


@lru_cache(maxsize=65_536)
def _token(text: str) -> str:
    number = crc32(text.encode("utf-8", "surrogatepass")) % _PRIME
    return _LETTERS[number >> 12] + _LETTERS[number >> 6 & 63] + _LETTERS[number & 63]


def identity(parts: Iterable[object]) -> str:
    """The name of a row in the memory, from the cells that identify it: a blank one behind the
    others says nothing.
    """
    text = "\x1f".join(canonical(part).casefold() for part in parts).rstrip("\x1f")
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def canonical(value: object) -> str:
    """A cell's content as text: numbers to the 15 digits that every program keeps, days without a
    time, texts without their line breaks.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float, Decimal)):
        return f"{float(value) + 0.0:.15g}"
    if isinstance(value, datetime):
        return (
            value.isoformat()
            if value.time().isoformat() != "00:00:00"
            else value.date().isoformat()
        )
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())
