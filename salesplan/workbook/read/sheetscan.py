"""A quick look at a sheet's XML before calamine reads it, and a safe copy where one is needed.

calamine lays a sheet out as a dense block of cells, so one stray cell in the last corner would
ask for gigabytes (and abort the process); it gives "" for an error, for a formula without a
stored result and for a blank alike, and refuses errors it does not know. So the cells that
need it are found here, by a few passes at the speed of a byte search over the ordinary form
``<c r="A1"``; only a sheet in any other form, or with far cells, is rewritten cell by cell.
"""

from __future__ import annotations

import re

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.workbook.read.sheetrewrite import (
    CELL_END,
    MAX_ROW_GAP,
    BadSheetError,
    SheetTooLargeError,
    cut_far,
    rewrite,
)
from salesplan.workbook.refs import MAX_ROW, column_number
from salesplan.workbook.xml.xmlscan import escape_formula, unescape

__all__ = [
    "LONG",
    "BadSheetError",
    "Position",
    "SheetScan",
    "SheetTooLargeError",
    "merged",
    "most_columns",
    "plain_days",
    "plain_markup",
    "plain_strings",
    "scan_sheet",
]

LONG = 2**20
"""Bytes of XML from which a sheet is long: some two thousand rows."""
_WIDTHS = {101: "[A-Z]|[AB][A-Z]|C[A-W]", 52: "[A-Z]|A[A-Z]", 26: "[A-Z]"}
"""Numbers of columns, the largest first, and the patterns of their letters."""
_P = r"(?:[^\s<>/:]+:)?"
_SHEET_DATA = pattern(rf"<{_P}sheetData(?:\s[^<>]*)?>|<{_P}sheetData\s*/>".encode())
_SHEET_DATA_END = pattern(rf"</{_P}sheetData\s*>".encode())
_MARKUP = pattern(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MERGE = pattern(
    rf"""<{_P}mergeCell\s[^<>]*?\bref\s*=\s*["']([A-Za-z]{{1,3}}\d{{1,7}}(?::[A-Za-z]{{1,3}}\d{{1,7}})?)["']""".encode()
)
_ERROR_TYPE = pattern(rb"""\st\s*=\s*["']e["']""")
_TEXT_TYPE = pattern(rb"""\st\s*=\s*["']str["']""")
_CELL = pattern(rf'<{_P}c r="([A-Z]+)(\d+)"[^<>]*>'.encode())
_NAN = pattern(rb">\s*[+-]?nan\s*<", re.IGNORECASE)
_VALUE = pattern(rf"<{_P}v(?:\s[^<>]*)?(?<!/)>([^<]+)<".encode())
_FORMULA_LAST = pattern(
    rf"<{_P}f(?:[\s/][^<>]*)?>(?:[^<]*</{_P}f\s*>)?\s*"
    rf"(?P<empty><{_P}v(?:[\s/][^<>]*)?>\s*(?:</{_P}v\s*>)?\s*)?</{_P}c\s*>".encode()
)

_ZONED_DAY = pattern(rf"""(t="d"[^<>]*>\s*<{_P}v(?:\s[^<>]*)?>[^<]*?)Z(?=\s*<)""".encode())
_STRINGS_ROOT = pattern(rb"""<([^\s<>/]*sst)\s(?:[^<>"'/]|"[^"<]*"|'[^'<]*')*(/?)>""")
_STRINGS_ROOT_ODD = pattern(rb"<[^\s<>/]*sst(?!/?>)[\s/<\"']")

Position = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What calamine would lose or choke on, and the XML it may be given."""

    xml: bytes
    errors: dict[Position, str]
    no_result: frozenset[Position]
    far: tuple[str, ...]
    merges: tuple[str, ...]
    not_a_number: bool = False
    plain: bool = False
    """Nothing asked for a second look: values only, no formula among them."""


def scan_sheet(xml: bytes, max_area: int) -> SheetScan:
    """Look through a sheet's XML (UTF-8, without document type).

    Raises BadSheetError for cell references that cannot be, SheetTooLargeError beyond ``max_area``
    cells.
    """
    region = _sheet_data(xml)
    if region and _is_plain(xml, *region, max_area):
        return SheetScan(xml, {}, frozenset(), (), merged(xml, region[1]), plain=True)
    xml = plain_markup(xml)
    region = _sheet_data(xml)
    if region is None:
        return SheetScan(xml, {}, frozenset(), (), merged(xml))
    head, body, tail = xml[: region[0]], xml[region[0] : region[1]], xml[region[1] :]
    far: tuple[str, ...] = ()
    errors: dict[Position, str] = {}
    if not is_ordinary(body, max_area):
        body, far = (
            _is_regular(body) and cut_far(body, _near(body.count(b"<row"), max_area), max_area)
        ) or rewrite(body, max_area)
    no_result = _without_result(body) if b"<f" in body or b":f" in body else frozenset()
    if b'"e"' in body or b"'e'" in body:
        body, errors = _take_errors(body)
    return SheetScan(
        head + body + tail, errors, no_result, far, merged(tail), _NAN.search(body) is not None
    )


def plain_markup(xml: bytes) -> bytes:
    """The same XML without comments, and with CDATA sections as escaped text, which calamine would
    lose.
    """
    if b"<!" not in xml:
        return xml
    return _MARKUP.sub(
        lambda found: escape_formula(found[1].decode("utf-8", "replace")) if found[1] else b"",
        xml,
    )


def plain_days(xml: bytes) -> bytes:
    """The same XML with the days of ``t="d"`` cells without their Z: programs show them as they
    stand, in no zone.
    """
    if b't="d"' not in xml:
        return xml
    return _ZONED_DAY.sub(rb"\1", xml)


def plain_strings(xml: bytes) -> bytes:
    """A shared strings part as :func:`plain_markup` gives it, its root without attributes.

    calamine makes room for as many strings as ``uniqueCount`` claims, and aborts the process where
    that is too much. Raises BadSheetError where the root is in odd form.
    """
    bare = _STRINGS_ROOT.sub(rb"<\1\2>", plain_markup(xml))
    if _STRINGS_ROOT_ODD.search(bare):
        raise BadSheetError("shared strings in odd form")
    return bare


def _sheet_data(xml: bytes) -> tuple[int, int] | None:
    """From the start tag of the sheet data to before its last end tag; None if there is none or it
    is empty.

    Raises BadSheetError where the name is mentioned first in anything but a start tag: calamine
    must not find cells where this module did not look.
    """
    first = xml.find(b"sheetData")
    if first < 0:
        return None
    begin = max(xml.rfind(b"<", 0, first), 0)
    start = _SHEET_DATA.match(xml, begin)
    if start is None:
        raise BadSheetError("sheet data in odd form")
    if start[0].endswith(b"/>"):
        return None
    mention = xml.rfind(b"sheetData")
    while mention > first:
        end = max(xml.rfind(b"<", 0, mention), 0)
        if _SHEET_DATA_END.match(xml, end):
            return begin, end
        mention = xml.rfind(b"sheetData", 0, mention)
    raise BadSheetError("unclosed sheet data")


def _is_plain(xml: bytes, begin: int, end: int, max_area: int) -> bool:
    """Whether nothing in the sheet data asks for a second look; one pass, for sheets as most
    programs write them.
    """
    rows = xml.count(b"<row", begin, end) // 1_000 * 1_000  # so that most sheets share a pattern
    near, first = _near(rows, max_area), xml.index(b">", begin)
    value = '<v>(?![+-]?[nN][aA])[^<]*+</v>|<is><t(?: xml:space="preserve")?+>[^<]*+</t></is>'
    cell = f'<c r="{near}"(?: s="\\d++")?+(?:/>|(?: t="(?:s|n|b|str|inlineStr)")?+>(?:{value})</c>)'
    if (
        usual := re.compile(f'(?:{cell}|<row r="[^<>]*+>|</row>)*+'.encode()).match(
            xml, first + 1, end
        )
    ) and usual.end() == end:
        return True  # whole cells at a time, which is quicker than tag by tag
    unusual = (
        f'<(?!/|v>(?![+-]?[nN][aA])|c r="{near}"(?: s="\\d+")?(?: t="(?:s|n|b|str|inlineStr)")?/?>'
        '|row r="|is>|t>|t xml:space="preserve">|r>|v/>)'
    )
    return re.compile(unusual.encode()).search(xml, first, end) is None


def _is_regular(body: bytes) -> bool:
    """Whether every row is written ``<row r="1"`` and every cell ``<c r="A1"``: "<" cannot stand in
    text, so others show in the counts.
    """
    if b":c" in body or b":row" in body:
        return False
    return body.count(b"<row") == body.count(b'<row r="') and body.count(b"<c") == body.count(
        b'<c r="'
    )


def is_ordinary(body: bytes, max_area: int) -> bool:
    """Whether the sheet data is regular, no cell is far, and the block they span is small enough
    for sure.

    A gap of more than 10,000 rows shows in a row number above the number of rows plus 10,000.
    """
    near = _near(body.count(b"<row"), max_area)
    return _is_regular(body) and re.compile(f'<c r="(?!{near}")'.encode()).search(body) is None


def _near(rows: int, max_area: int) -> str:
    """A pattern of the references that cannot be far in a sheet of so many rows."""
    return (
        f"(?:{_WIDTHS[most_columns(rows, max_area)]})(?:{_up_to(min(rows + MAX_ROW_GAP, MAX_ROW))})"
    )


def most_columns(rows: int, max_area: int) -> int:
    """How many columns, from A on, cannot be far in a sheet of so many rows.

    Up to CW no column can lie behind a gap of more than 100; fewer where so many rows that wide
    would be too much.
    """
    last_row = min(rows + MAX_ROW_GAP, MAX_ROW)
    return next((width for width in _WIDTHS if last_row * width <= max_area), min(_WIDTHS))


def _up_to(limit: int) -> str:
    """A pattern of the whole numbers from 1 to ``limit``, written without leading zeros."""
    digits = str(limit)
    parts = [f"[1-9]\\d{{0,{len(digits) - 2}}}", digits] if len(digits) > 1 else [digits]
    for index, digit in enumerate(digits):
        low = 1 if index == 0 else 0
        if int(digit) > low:
            parts.append(
                f"{digits[:index]}[{low}-{int(digit) - 1}]\\d{{{len(digits) - index - 1}}}"
            )
    return "|".join(parts)


def merged(xml: bytes, begin: int = 0) -> tuple[str, ...]:
    """The merged ranges named behind ``begin``."""
    return tuple(merge[1].decode().upper() for merge in _MERGE.finditer(xml, begin))


def _position(cell: re.Match[bytes]) -> Position:
    return int(cell[2]), column_number(cell[1].decode())


def _take_errors(body: bytes) -> tuple[bytes, dict[Position, str]]:
    """The sheet data with its error cells emptied, and their codes: calamine refuses those it does
    not know.
    """
    errors: dict[Position, str] = {}
    kept: list[bytes] = []
    done = 0
    for mark in _ERROR_TYPE.finditer(body):
        begin = body.rfind(b"<", 0, mark.start())
        cell = _CELL.match(body, begin)
        if cell is None or cell.end() < mark.end():
            continue
        closing = None if cell[0].endswith(b"/>") else CELL_END.search(body, cell.end())
        value = _VALUE.search(body, cell.end(), closing.start()) if closing else None
        if value:
            errors[_position(cell)] = unescape(value[1].decode("utf-8", "replace")).strip()
        at = value.end(1) if value else cell.end()
        kept += (body[done : mark.start()], body[mark.end() : value.start(1) if value else at])
        done = at
    return b"".join([*kept, body[done:]]), errors


def _without_result(body: bytes) -> frozenset[Position]:
    found: set[Position] = set()
    for formula in _FORMULA_LAST.finditer(body):
        begin = body.rfind(b"<", 0, max(body.rfind(b'c r="', 0, formula.start()), 0))
        cell = _CELL.match(body, max(begin, 0))
        # An empty stored text, as IF(…,"") gives, is a result; a cell without any value is not.
        if cell is not None and not (formula["empty"] and _TEXT_TYPE.search(cell[0])):
            found.add(_position(cell))
    return frozenset(found)
