"""Cell formats of a workbook: looked up, and appended where a date or a rate would show as a bare
number.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

from salesplan.pattern import pattern
from salesplan.workbook.changes import CellChange, CellStyle
from salesplan.workbook.xml.xmlscan import (
    Edit,
    Source,
    attribute,
    element,
    start_tag,
    with_attribute,
)

GENERAL, PERCENT, AMOUNT, DATE, MOMENT, TEXT = 0, 10, 4, 14, 22, 49
"""Built-in number formats (ECMA-376 part 1, 18.8.30)."""

_BUILT_IN = {
    CellStyle.PERCENT: PERCENT,
    CellStyle.AMOUNT: AMOUNT,
    CellStyle.DATE: DATE,
    CellStyle.TEXT: TEXT,
}
_HEADS = frozenset((CellStyle.HEAD, CellStyle.REQUIRED_HEAD, CellStyle.ENGINE_HEAD))

_ITEMS = {b"cellXfs": b"xf", b"fonts": b"font", b"fills": b"fill", b"borders": b"border"}

_ALIKE = frozenset((bool, int, float, Decimal, str, date))
"""Kinds of value that, where there is one, are all formatted alike."""

_LINK_COLOR = b'color rgb="FF0563C1"/>'
_FONT_ORDER = (
    b"b",
    b"i",
    b"strike",
    b"condense",
    b"extend",
    b"outline",
    b"shadow",
    b"u",
    b"vertAlign",
    b"sz",
    b"color",
    b"name",
    b"family",
    b"charset",
    b"scheme",
)
"""What a font consists of, in the order of the schema (CT_Font); anything else is not carried over
to a link's font.
"""

_CHILD = pattern(rb"<[^>]*/>")


class StyleBook:
    """The styles part, or None where the workbook has none (then every cell keeps format 0)."""

    def __init__(self, source: Source | None) -> None:
        self._source = source
        self._added: list[bytes] = []
        self._more: dict[bytes, list[bytes]] = {b"fonts": [], b"fills": [], b"borders": []}
        self._chosen: dict[tuple[int, int, bool], int] = {}
        self._known: dict[tuple[int, CellStyle | None, type], int] = {}

    def style_for(self, base: int, change: CellChange) -> int:
        """The format for the change in a cell whose own format is ``base``: mostly ``base``
        itself.
        """
        value = change.value
        if not value or type(value) not in _ALIKE:
            return self._style_for(base, change)
        key = (base, change.style, type(value))
        style = self._known.get(key)
        if style is None:
            style = self._known[key] = self._style_for(base, change)
        return style

    def _style_for(self, base: int, change: CellChange) -> int:
        value = change.value
        if self._source is None or not self._xfs:
            return base
        if change.blank and (change.like is None or change.style is None):
            return base
        wanted = change.style
        if wanted in _HEADS:
            return self._head(wanted)
        if wanted in (None, CellStyle.GENERAL) and isinstance(value, date):
            wanted = CellStyle.DATE
        if wanted is CellStyle.LINK:
            return self._variant(base, GENERAL, link=True) if base == 0 and self._fonts else base
        code = _BUILT_IN.get(wanted) if wanted else None
        if code is None:
            return base
        if code == DATE and isinstance(value, datetime) and value.time() != time():
            code = MOMENT
        if base != 0 and (code not in (DATE, MOMENT, PERCENT) or not self._is_general(base)):
            return base
        return self._variant(base, code) if self._is_general(base) else base

    def edited(self) -> bytes | None:
        """The part with the appended formats, None if there are none."""
        if self._source is None or not self._added:
            return None
        edits = self._appended(b"cellXfs", self._added)
        for parent, items in self._more.items():
            edits += self._appended(parent, items)
        return self._source.edited(edits)

    def engine_column(self, holds: CellStyle) -> int:
        """The format of an engine's column in a sheet of our own: grey, for what its cells hold."""
        if self._source is None or not self._xfs:
            return 0
        from salesplan.workbook.palette import GREY_CELL, GREY_INK

        code = _BUILT_IN.get(holds, GENERAL)
        return self._painted(b"", GREY_INK, GREY_CELL, "", code, wrapped=False)

    def _head(self, wanted: CellStyle | None) -> int:
        from salesplan.workbook.palette import DEEP, GOLD, GREY_HEAD, GREY_INK, PAPER

        if wanted is CellStyle.ENGINE_HEAD:
            return self._painted(b"i", GREY_INK, GREY_HEAD, "", GENERAL, wrapped=True)
        line = GOLD if wanted is CellStyle.REQUIRED_HEAD else ""
        return self._painted(b"b", PAPER, DEEP, line, GENERAL, wrapped=True)

    def _painted(
        self, weight: bytes, ink: str, ground: str, line: str, code: int, *, wrapped: bool
    ) -> int:
        """A format of its own: bold, italic or neither, its colours, a line below, a number
        format; 0 where the part has none of the collections that it takes.
        """
        if any(element(self._styles, self._prefix, parent) is None for parent in self._more):
            return 0
        p = self._prefix
        told = tuple(b"FF" + colour[1:].encode() for colour in (ink, ground, line or ground))
        marks = [b"<%s%s/>" % (p, weight)] if weight else []
        font = self._font([*marks, b'<%scolor rgb="%s"/>' % (p, told[0])], (b"b", b"i", b"color"))
        fill = (
            b'<%sfill><%spatternFill patternType="solid"><%sfgColor rgb="%s"/>'
            b'<%sbgColor indexed="64"/></%spatternFill></%sfill>'
        ) % (p, p, p, told[1], p, p, p)
        below = b'<%sbottom style="thick"><%scolor rgb="%s"/></%sbottom>' % (p, p, told[2], p)
        border = b"<%sborder><%sleft/><%sright/><%stop/>%s<%sdiagonal/></%sborder>" % (
            *(p, p, p, p),
            below if line else b"<%sbottom/>" % p,
            *(p, p),
        )
        align = b' vertical="center"' + (b' wrapText="1"' if wrapped else b"")
        xf = (
            b'<%sxf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d" applyNumberFormat="1" '
            b'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            b"<%salignment%s/></%sxf>"
        ) % (
            *(p, code, font, self._item(b"fills", fill), self._item(b"borders", border)),
            *(p, align, p),
        )
        if xf not in self._xfs + self._added:
            self._added.append(xf)
        return (self._xfs + self._added).index(xf)

    def _item(self, parent: bytes, item: bytes) -> int:
        """The place of an item in its collection, to which it is added where it is not there."""
        known, more = self._children(parent, _ITEMS[parent]), self._more[parent]
        if item not in known + more:
            more.append(item)
        return (known + more).index(item)

    def _variant(self, base: int, code: int, link: bool = False) -> int:
        key = (base, code, link)
        if key not in self._chosen:
            xf = self._xf(base)
            opening = start_tag(self._prefix, b"xf").match(xf)
            assert opening is not None
            if link:
                tag = with_attribute(
                    with_attribute(opening[0], b"fontId", str(self._link_font()).encode()),
                    b"applyFont",
                    b"1",
                )
            else:
                tag = with_attribute(
                    with_attribute(opening[0], b"numFmtId", str(code).encode()),
                    b"applyNumberFormat",
                    b"1",
                )
            xf = tag + xf[opening.end() :]
            known = self._xfs + self._added
            if xf not in known:
                self._added.append(xf)
            self._chosen[key] = (self._xfs + self._added).index(xf)
        return self._chosen[key]

    def _link_font(self) -> int:
        prefix = self._prefix
        added = [b"<%su/>" % prefix, b"<%s%s" % (prefix, _LINK_COLOR)]
        return self._font(added, (b"u", b"color"))

    def _font(self, added: list[bytes], instead: tuple[bytes, ...]) -> int:
        """The workbook's first font with what is ``added``, in place of what those names say."""
        prefix, fonts = self._prefix, self._fonts
        carried = [
            child
            for child in _CHILD.findall(fonts[0] if fonts else b"")
            if _child_name(prefix, child) in _FONT_ORDER
            and _child_name(prefix, child) not in instead
        ]
        children = [*carried, *added]
        children.sort(key=lambda child: _FONT_ORDER.index(_child_name(prefix, child)))
        return self._item(b"fonts", b"<%sfont>%s</%sfont>" % (prefix, b"".join(children), prefix))

    def _is_general(self, style: int) -> bool:
        code = int(attribute(self._xf(style), b"numFmtId") or 0)
        return code == GENERAL or self._formats.get(code, "").lower() == "general"

    def _xf(self, style: int) -> bytes:
        known = self._xfs + self._added
        return (
            known[style]
            if style < len(known)
            else b'<%sxf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' % self._prefix
        )

    @property
    def _styles(self) -> Source:
        assert self._source is not None
        return self._source

    @cached_property
    def _prefix(self) -> bytes:
        return self._styles.prefix()

    @cached_property
    def _xfs(self) -> list[bytes]:
        return self._children(b"cellXfs", b"xf")

    @cached_property
    def _fonts(self) -> list[bytes]:
        return self._children(b"fonts", b"font")

    @cached_property
    def _formats(self) -> dict[int, str]:
        formats = self._children(b"numFmts", b"numFmt")
        return {
            int(attribute(tag, b"numFmtId") or 0): (attribute(tag, b"formatCode") or b"").decode()
            for tag in formats
        }

    def _children(self, parent: bytes, child: bytes) -> list[bytes]:
        """The raw elements of a collection, whole."""
        assert self._source is not None
        found: list[bytes] = []
        block = element(self._source, self._prefix, parent)
        at = block.inside if block else 0
        while block and (item := element(self._source, self._prefix, child, at, block.content_end)):
            found.append(self._source.data[item.start : item.end])
            at = item.end
        return found

    def _appended(self, parent: bytes, items: list[bytes]) -> list[Edit]:
        assert self._source is not None
        if not items:
            return []
        block = element(self._source, self._prefix, parent)
        assert block is not None
        opening = start_tag(self._prefix, parent).match(self._source.mask, block.start)
        assert opening is not None
        tag = opening[0]
        if attribute(tag, b"count") is not None:
            count = len(self._children(parent, _ITEMS[parent])) + len(items)
            tag = with_attribute(tag, b"count", str(count).encode())
        return [
            (block.start, block.inside, tag),
            (block.content_end, block.content_end, b"".join(items)),
        ]


def _child_name(prefix: bytes, child: bytes) -> bytes:
    return re.split(rb"[\s/>]", child[1 + len(prefix) :])[0]
