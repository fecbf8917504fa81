"""Long tables: their rows are written as text, one after another, into the sheet that XlsxWriter
made for them.

XlsxWriter keeps every cell as an object and writes it through five functions; a hundred thousand
rows take it five times as long as a row template, and hundreds of megabytes. So it writes all but
the long tables' rows; of each of these it writes a few model rows, whose cells carry the formats.
Here the models give way to the rows themselves, which are made and packed as they are needed.
Texts are shared strings, as a spreadsheet program writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from salesplan.dataclass import dataclass, field
from salesplan.workbook.xml.xmlscan import escape, escape_formula
from salesplan.workbook.zip.rawzip import RawZip

STRINGS = "xl/sharedStrings.xml"
_AT_ONCE = 500
"""Rows that are packed together."""

MOST_DIGITS = 15
"""Digits that every float keeps."""
_TINY = ("0.0000", "-0.0000")
"""How numbers begin that a float may write with an exponent."""

_CELL = re.compile(rb'<c r="[A-Z]+\d+"( s="\d+")?/>')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"/>')
_UNIQUE = re.compile(rb'<sst ([^>]*?) count="\d+" uniqueCount="(\d+)">')


@dataclass(slots=True)
class Texts:
    """The texts of the long tables, as shared strings behind the ``known`` ones; ``cell`` is what
    follows a cell's style.
    """

    known: int
    cells: dict[str, str] = field(default_factory=dict)

    def cell(self, text: str) -> str:
        """The rest of a cell's element that holds the text; a blank one for no text."""
        found = self.cells.get(text)
        if found is None:
            found = f' t="s"><v>{self.known + len(self.cells)}</v></c>' if text else "/>"
            if text:
                self.cells[text] = found
        return found

    def items(self) -> Iterator[bytes]:
        """Each text as an item of the shared strings, in the order of their numbers."""
        for text in self.cells:
            space = b' xml:space="preserve"' if text != text.strip() or "\n" in text else b""
            yield b"<si><t%s>%s</t></si>" % (space, escape(text))


@dataclass(frozen=True, slots=True)
class Pen:
    """What a long table's rows are written with: by model row and column the style (`` s="7"``), a
    row's attributes, and the texts.
    """

    styles: Sequence[Sequence[str]]
    row: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class LongTable:
    """Rows of a sheet from ``first_row`` (0-based) to ``last_row``, in place of ``models`` model
    rows there.
    """

    first_row: int
    last_row: int
    models: int
    rows: Callable[[Pen], Iterable[str]]


def splice(shell: Path, target: Path, tables: Mapping[str, LongTable]) -> None:
    """Write the workbook ``shell`` to ``target`` with the long tables, by their sheets' parts, in
    it. OSError if that cannot be done.
    """
    with RawZip(shell) as source, target.open("wb") as out:
        head, known, items = _strings(source.read(STRINGS))
        texts = Texts(known)
        replaced: dict[str, bytes | Iterable[bytes]] = {
            part: _sheet(source.read(part), table, texts) for part, table in tables.items()
        }
        # Pieces are asked for in the order of the archive, where the strings stand behind every
        # sheet.
        replaced[STRINGS] = _all_strings(head, items, texts)
        source.copy_with(out, replaced)


def shortest(value: Decimal) -> str:
    """``repr(float(value))``: found without the float where that is written the same way, since up
    to 15 digits no two decimals are one float.
    """
    text = str(value)
    if len(text) > MOST_DIGITS or "E" in text or text.startswith(_TINY):
        return repr(float(value))
    if "." not in text:
        return text + ".0"
    text = text.rstrip("0")
    return text + "0" if text[-1] == "." else text


def number(value: float) -> str:
    """A number as a cell's text: the shortest that gives the same number again."""
    return repr(value).removesuffix(".0")


def formula(text: str) -> str:
    """A formula's text as it stands in a cell."""
    return escape_formula(text).decode()


def result(text: str) -> str:
    """A formula's text result as it stands in a cell."""
    return escape(text).decode()


def _strings(xml: bytes) -> tuple[bytes, int, bytes]:
    """(what stands before the root's attributes of count, how many strings there are, the strings
    and the end).
    """
    root = _UNIQUE.search(xml)
    if root is None:
        raise ValueError("shared strings in odd form")
    return (
        xml[: root.start()] + b"<sst " + root[1],
        int(root[2]),
        xml[root.end() : xml.rindex(b"</sst>")],
    )


def _all_strings(head: bytes, items: bytes, texts: Texts) -> Iterator[bytes]:
    yield b'%s uniqueCount="%d">' % (head, texts.known + len(texts.cells))
    yield items
    yield from texts.items()
    yield b"</sst>"


def _sheet(xml: bytes, table: LongTable, texts: Texts) -> Iterator[bytes]:
    """The sheet's XML in pieces, its model rows replaced. ValueError where the shell does not hold
    them.
    """
    begin = xml.index(b'<row r="%d"' % (table.first_row + 1))
    end = xml.index(b"</sheetData>", begin)
    models = xml[begin:end].split(b"</row>")[:-1]
    if len(models) != table.models:
        raise ValueError(f"{len(models)} model rows for {table.models}")
    styles = []
    for model in models:
        styles.append([style.decode() for style in _CELL.findall(model)])
    pen = Pen(styles, _row_attributes(models[0]), texts)
    head = _DIMENSION.sub(
        lambda found: found[0].replace(found[1] + b'"', b'%d"' % (table.last_row + 1)),
        xml[:begin],
        count=1,
    )
    return chain([head], _pieces(table.rows(pen)), [xml[end:]])


def _row_attributes(model: bytes) -> str:
    """A row's attributes behind its number; the columns it spans are only a hint and left out."""
    opened = model[: model.index(b">")].decode()
    return (
        re.sub(r' spans="[^"]*"', "", opened.removeprefix("<row"), count=1)
        .partition(' r="')[2]
        .partition('"')[2]
    )


def _pieces(rows: Iterable[str]) -> Iterator[bytes]:
    rows = iter(rows)
    while some := "".join(islice(rows, _AT_ONCE)):
        yield some.encode()
