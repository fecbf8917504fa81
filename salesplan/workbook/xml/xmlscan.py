"""Finding things in a part's XML by bytes, without building a tree.

Everything works on UTF-8 bytes and offsets, so that what is not touched stays as it was, byte
for byte. Comments, CDATA sections and processing instructions are blanked in a mask of the same
length: tags are looked for in the mask, text is taken from the original.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.pattern import pattern

ATTRIBUTES = rb"""(?:[^>"']+|"[^"]*"|'[^']*')*+"""
"""What may stand between a tag's name and its ``>``."""

_HIDDEN = pattern(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)
_ATTRIBUTE = pattern(rb"""([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME = pattern(rb"<([^\s/>?!]+)")
_DECLARED = pattern(rb"""^<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UNMARKED = (b"<\0?\0", b"\0<\0?")
"""How XML begins in two bytes a character, where no mark says so."""
_TEXT = pattern(rb"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<[^>]*>|[^<]+", re.S)
_ENTITY = pattern(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ILLEGAL = pattern("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_PLAIN = r"[^\s&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]+"
_PLAIN_TEXTS = pattern(rf"(?:{_PLAIN}[ \0])*{_PLAIN}")

Edit = tuple[int, int, bytes | Iterable[bytes]]
"""Replace the bytes from start up to end, in one piece or in several; an insertion where both are
the same.
"""


def damaged(part: str, reason: str) -> SalesplanError:
    """The error for a part whose XML is not what it has to be."""
    return SalesplanError(Finding.of("part-damaged", Place(), part=part, reason=reason), 4)


@contextmanager
def sound(part: str) -> Iterator[None]:
    """Within it, a number, reference or name in the part's XML that cannot be read raises
    :func:`damaged`.
    """
    try:
        yield
    except (ValueError, LookupError, StopIteration) as problem:
        raise damaged(part, str(problem)) from problem


@dataclass(frozen=True, slots=True)
class Source:
    """A part's XML as UTF-8 with its mask and the encoding it came in."""

    part: str
    data: bytes
    mask: bytes
    encoding: str
    bom: bytes

    @classmethod
    def of(cls, part: str, raw: bytes) -> Source:
        """Raises SalesplanError if the part cannot be decoded or declares a document type."""
        data, encoding, bom = _decode(part, raw)
        mask = data
        if b"<!" in data or data.find(b"<?", 2) >= 0:
            mask = _HIDDEN.sub(lambda match: b" " * len(match[0]), data)
            if b"<!DOCTYPE" in mask:
                raise damaged(part, "DOCTYPE")
        return cls(part, data, mask, encoding, bom)

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The part with the edits made, in the part's own encoding. Edits must not overlap."""
        return b"".join(self.pieces(edits))

    def pieces(self, edits: Iterable[Edit]) -> Iterator[bytes]:
        """The same, not yet put together: a long sheet is packed piece by piece, as its new rows
        are made.
        """
        ordered = sorted(edits, key=lambda edit: (edit[0], edit[1]))
        at = 0
        for start, end, _ in ordered:
            if start < at:
                raise damaged(self.part, f"overlap at {start}")
            at = end
        return self._encoded(self._laid(ordered))

    def _laid(self, ordered: Iterable[Edit]) -> Iterator[bytes]:
        at = 0
        for start, end, new in ordered:
            yield self.data[at:start]
            if isinstance(new, bytes):
                yield new
            else:
                yield from new
            at = end
        yield self.data[at:]

    def _encoded(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield self.bom
        if self.encoding == "utf-8":
            yield from pieces
            return
        for piece in pieces:
            yield piece.decode().encode(self.encoding, "xmlcharrefreplace")

    def prefix(self) -> bytes:
        """The namespace prefix of the root element with its colon, empty if it has none."""
        root = _NAME.search(self.mask)
        if root is None:
            raise damaged(self.part, "no element")
        prefix, colon, _ = root[1].rpartition(b":")
        return prefix + colon


def is_utf8(head: bytes) -> bool:
    """Whether a part that begins so is stored in UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[:4] in _UNMARKED:
        return False
    declared = _DECLARED.match(head[:200])
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii")


def _decode(part: str, raw: bytes) -> tuple[bytes, str, bytes]:
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:], "utf-8", codecs.BOM_UTF8
    for bom, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(bom):
            return _to_utf8(part, raw[2:], name), name, bom
    if raw[:4] in _UNMARKED:
        name = "utf-16-be" if raw[0] == 0 else "utf-16-le"
        return _to_utf8(part, raw, name), name, b""
    declared = _DECLARED.match(raw[:200])
    if declared is None or is_utf8(raw):
        return raw, "utf-8", b""
    name = declared[1].decode()
    return _to_utf8(part, raw, name), name, b""


def _to_utf8(part: str, raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode(encoding).encode()
    except (LookupError, UnicodeDecodeError) as error:
        raise damaged(part, str(error)) from error


def attributes(tag: bytes) -> dict[bytes, tuple[bytes, int, int]]:
    """A start tag's attributes by name: raw value and where it stands in the tag, quotes left
    out.
    """
    found = {}
    for match in _ATTRIBUTE.finditer(tag, tag.find(b"<") + 1):
        start, end = match.span(2)
        found[match[1]] = (match[2][1:-1], start + 1, end - 1)
    return found


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """The raw value of one attribute of a start tag."""
    found = attributes(tag).get(name)
    return found[0] if found else None


def with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """The start tag with that attribute set: in place if it is there, else as the last one."""
    found = attributes(tag).get(name)
    if found:
        return tag[: found[1]] + value + tag[found[2] :]
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + b' %s="%s"' % (name, value) + tag[end:]


@cache
def start_tag(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Matches a start tag (or an empty element's) of that name."""
    return re.compile(rb"<%s%s(?=[\s/>])%s>" % (re.escape(prefix), name, ATTRIBUTES))


@cache
def end_tag(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Matches the end tag of that name."""
    return re.compile(rb"</%s%s\s*>" % (re.escape(prefix), name))


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands: its start tag, then its content, then its end tag."""

    start: int
    inside: int
    content_end: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it is written as ``<name/>``."""
        return self.inside == self.end


def element(
    source: Source, prefix: bytes, name: bytes, at: int = 0, until: int | None = None
) -> Element | None:
    """The next element of that name; it must not hold another of the same name."""
    until = len(source.mask) if until is None else until
    opening = start_tag(prefix, name).search(source.mask, at, until)
    if opening is None:
        return None
    if opening[0].endswith(b"/>"):
        return Element(opening.start(), opening.end(), opening.end(), opening.end())
    closing = end_tag(prefix, name).search(source.mask, opening.end(), until)
    if closing is None:
        raise damaged(source.part, f"<{name.decode()}>")
    return Element(opening.start(), opening.end(), closing.start(), closing.end())


def text(raw: bytes) -> str:
    """The text of an element's raw content: entities resolved, comments and inner tags left out."""
    pieces = []
    for match in _TEXT.finditer(raw):
        token = match[0]
        if token.startswith(b"<![CDATA["):
            pieces.append(match[1].decode())
        elif not token.startswith(b"<"):
            pieces.append(unescape(token.decode()))
    return "".join(pieces)


def unescape(value: str) -> str:
    """Text with XML's own entities and numbered characters resolved; no others can be in a part,
    since it declares none. What is no character stays as it is.
    """
    return _ENTITY.sub(_character, value) if "&" in value else value


_ESCAPED = pattern(r"_x([0-9A-Fa-f]{4})_")


def unescape_text(value: str) -> str:
    """Text with its ``_xHHHH_`` escapes resolved (ECMA-376, ST_Xstring)."""
    return value if "_x" not in value else _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _character(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number <= sys.maxunicode else entity[0]


def escape(value: str) -> bytes:
    """Text as XML content: markup escaped, and what XML cannot hold as ``_xHHHH_`` (ECMA-376,
    ST_Xstring).
    """
    if _ILLEGAL.search(value):
        value = _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
    return escape_formula(value)


def plain_texts(texts: Iterable[str]) -> bool:
    """Whether :func:`escape` leaves all of these texts as they stand, and no blank of theirs would
    be lost.
    """
    joined = "\0".join(texts)
    return "_x" not in joined and _PLAIN_TEXTS.fullmatch(joined) is not None


def escape_formula(value: str) -> bytes:
    """Text as XML content where ``_xHHHH_`` has no meaning."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
