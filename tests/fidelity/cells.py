"""A worksheet's XML laid out by expat: where its rows and cells stand, and what is left once some
cells are taken away.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from xml.parsers import expat

from salesplan.workbook.refs import cell_ref, parse_cell

_TAG_END = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_SPANS = re.compile(rb"""\s+spans\s*=\s*(?:"[^"]*"|'[^']*')""")
_REF = re.compile(rb"""(\sref\s*=\s*)(?:"[^"]*"|'[^']*')""")


@dataclass
class Cell:
    """One cell: where it stands, its format, and what it says."""

    start: int
    end: int = 0
    kind: str = "n"
    style: str = ""
    formula: bool = False
    value: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it holds a value that was typed in."""
        return self.value not in (None, "") and not self.formula


@dataclass
class Row:
    """One row: where it stands, where its start tag ends, its cells by reference."""

    start: int
    inside: int
    end: int = 0
    cells: set[str] = field(default_factory=set)


@dataclass
class Layout:
    """A sheet's rows by number and cells by reference; ``data`` is its XML in UTF-8."""

    data: bytes
    rows: dict[int, Row] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    body: tuple[int, int, int] = (0, 0, 0)
    dimension: tuple[int, int, str] | None = None

    @classmethod
    def of(cls, raw: bytes) -> Layout:
        """ExpatError if it is not well-formed."""
        return _Reader(_utf8(raw)).layout

    def without(self, touched: Collection[str], new_rows: Collection[int]) -> bytes:
        """The XML without the touched cells, without the rows in ``new_rows``, and without what may
        grow with them: the dimension, the span of a row that has a touched cell."""
        cuts: list[tuple[int, int, bytes]] = []
        if self.dimension:
            start, end, _ = self.dimension
            cuts.append((start, end, _REF.sub(rb"\1", self.data[start:end])))
        if set(self.rows) <= set(new_rows):
            start, inside, end = self.body
            cuts.append((start, end, _opened(self.data[start:inside])))
            return self._cut(cuts)
        touched_rows = {parse_cell(ref)[0] for ref in touched}
        for number, row in self.rows.items():
            mine = row.cells & set(touched)
            if number in new_rows:
                cuts.append((row.start, row.end, b""))
            elif number in touched_rows and row.cells <= mine:
                cuts.append(
                    (
                        row.start,
                        row.end,
                        _SPANS.sub(b"", _opened(self.data[row.start : row.inside])),
                    )
                )
            elif mine:
                cuts.append(
                    (row.start, row.inside, _SPANS.sub(b"", self.data[row.start : row.inside]))
                )
                cuts += [(self.cells[ref].start, self.cells[ref].end, b"") for ref in mine]
        return self._cut(cuts)

    def _cut(self, cuts: list[tuple[int, int, bytes]]) -> bytes:
        pieces, at = [], 0
        for start, end, instead in sorted(cuts):
            pieces += [self.data[at:start], instead]
            at = end
        return b"".join([*pieces, self.data[at:]])


def _opened(tag: bytes) -> bytes:
    """A start tag without what tells an empty element from an open one."""
    return tag.rstrip(b"/> \r\n\t")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.layout = Layout(data)
        self.row = self.column = 0
        self.cell: Cell | None = None
        self.into: list[str] | None = None
        self.open: list[tuple[str, int, int]] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        tag = _TAG_END.match(self.layout.data, at)
        assert tag is not None
        inside = tag.end()
        local = name.rpartition(":")[2]
        depth = len(self.open)
        self.open.append((local, at, inside))
        if depth == 1 and local == "dimension":
            self.layout.dimension = (at, inside, attributes.get("ref", ""))
        elif depth == 2 and local == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
            self.layout.rows[self.row] = Row(at, inside)
        elif depth == 3 and local == "c":
            self.column = parse_cell(attributes["r"])[1] if "r" in attributes else self.column + 1
            self.cell = Cell(at, kind=attributes.get("t", "n"), style=attributes.get("s", ""))
            ref = cell_ref(self.row, self.column)
            self.layout.cells[ref] = self.cell
            self.layout.rows[self.row].cells.add(ref)
        elif self.cell and local == "f":
            self.cell.formula = True
        elif self.cell and local in ("v", "t"):
            self.into = []

    def _text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def _end(self, name: str) -> None:
        local, start, inside = self.open.pop()
        at = self.parser.CurrentByteIndex
        empty = self.layout.data[inside - 2 : inside] == b"/>"
        end = inside if empty else self.layout.data.index(b">", at) + 1
        depth = len(self.open)
        if depth == 1 and local == "sheetData":
            self.layout.body = (start, inside, end)
        elif depth == 2 and local == "row":
            self.layout.rows[self.row].end = end
        elif depth == 3 and local == "c" and self.cell:
            self.cell.end = end
            self.cell = None
        elif self.cell and self.into is not None and local in ("v", "t"):
            self.cell.value = (self.cell.value or "") + "".join(self.into)
            self.into = None


def _utf8(raw: bytes) -> bytes:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16").encode()
    return raw.removeprefix(codecs.BOM_UTF8)
