"""Sheets that a workbook does not have yet: an empty part, and the three small parts that
name it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from salesplan.dataclass import dataclass, replace
from salesplan.pattern import pattern
from salesplan.workbook.changes import NewSheet
from salesplan.workbook.xml.bookxml import BookMap, SheetEntry
from salesplan.workbook.xml.styles import StyleBook
from salesplan.workbook.xml.xmlscan import (
    ATTRIBUTES,
    Source,
    attribute,
    attributes,
    damaged,
    element,
    escape,
    start_tag,
    text,
)

_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LINK = pattern(rb"<(?:[\w.-]+:)?Relationship(?=[\s/>])%s>" % ATTRIBUTES)
_CLOSING = pattern(rb"</(?:[\w.-]+:)?(Relationships|Types)\s*>")


@dataclass(frozen=True, slots=True)
class Extended:
    """A book with its new sheets: where they are, the parts that name them, and their own empty
    parts.
    """

    book: BookMap
    naming: Mapping[str, bytes]
    sheets: Mapping[str, bytes]


def with_sheets(
    book: BookMap,
    wanted: Sequence[NewSheet],
    workbook: Source,
    links: Source,
    types: Source,
    names: frozenset[str],
    styles: StyleBook,
) -> Extended:
    """The book with the sheets added behind its own; ``names`` are those of all parts, so that none
    is taken twice.
    """
    taken = {name.casefold().lstrip("/") for name in names}
    folder = posixpath.dirname(book.workbook)
    ids = {attribute(tag[0], b"Id") or b"" for tag in _LINK.finditer(links.mask)}
    number = _highest_sheet(workbook)
    entries, more_links, more_types = b"", b"", b""
    parts: dict[str, bytes] = {}
    kind, id_name = _link_kind(links), _id_name(workbook)
    for at, sheet in enumerate(wanted, 1):
        part = _free(f"{folder}/worksheets/salesplan", taken)
        link = next(b"salesplan%d" % n for n in range(1, 9999) if b"salesplan%d" % n not in ids)
        ids.add(link)
        state = b' state="veryHidden"' if sheet.hidden else b""
        told = (workbook.prefix(), _quoted(sheet.sheet), number + at, state, id_name, link)
        entries += b'<%ssheet name="%s" sheetId="%d"%s %s="%s"/>' % told
        target = posixpath.relpath(part, folder or ".").encode()
        more_links += b'<%sRelationship Id="%s" Type="%s" Target="%s"/>' % (
            links.prefix(),
            link,
            kind,
            target,
        )
        more_types += b'<%sOverride PartName="/%s" ContentType="%s"/>' % (
            types.prefix(),
            part.lstrip("/").encode(),
            _KIND.encode(),
        )
        parts[part] = b'<?xml version="1.0" encoding="UTF-8"?>\n' + (
            b'<worksheet xmlns="%s">%s<sheetData></sheetData></worksheet>'
            % (_namespace(workbook), _frame(sheet, styles))
        )
    found = element(workbook, workbook.prefix(), b"sheets")
    if found is None:
        raise damaged(workbook.part, "<sheets>")
    sheets = dict(book.sheets) | {
        sheet.sheet: SheetEntry(part, ()) for sheet, part in zip(wanted, parts, strict=True)
    }
    return Extended(
        replace(book, sheets=sheets),
        {
            book.workbook: workbook.edited([(found.content_end, found.content_end, entries)]),
            book.links: _with(links, more_links),
            book.types: _with(types, more_types),
        },
        parts,
    )


def _frame(sheet: NewSheet, styles: StyleBook) -> bytes:
    """What stands before the rows: the first row in view, and the widths and looks of the
    columns.
    """
    if not sheet.widths:
        return b""
    engine = {at: b' style="%d"' % styles.engine_column(holds) for at, holds in sheet.engine}
    columns = b"".join(
        b'<col min="%d" max="%d" width="%d"%s customWidth="1"/>'
        % (at, at, width, engine.get(at, b""))
        for at, width in enumerate(sheet.widths, 1)
    )
    view = b'<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet_view = b'<sheetViews><sheetView workbookViewId="0">%s</sheetView></sheetViews>' % view
    return b"%s<cols>%s</cols>" % (sheet_view, columns)


def _with(source: Source, more: bytes) -> bytes:
    """The part with elements added behind its last one."""
    closing = None
    for closing in _CLOSING.finditer(source.mask):  # noqa: B007 - the last one is wanted
        pass
    if closing is None:
        raise damaged(source.part, "no end")
    return source.edited([(closing.start(), closing.start(), more)])


def _free(stem: str, taken: set[str]) -> str:
    number = next(n for n in range(1, 9999) if f"{stem}{n}.xml".casefold().lstrip("/") not in taken)
    taken.add(f"{stem}{number}.xml".casefold().lstrip("/"))
    return f"{stem}{number}.xml".lstrip("/")


def _highest_sheet(workbook: Source) -> int:
    tags = start_tag(workbook.prefix(), b"sheet").finditer(workbook.mask)
    return max((int(attribute(tag[0], b"sheetId") or 0) for tag in tags), default=0)


def _id_name(workbook: Source) -> bytes:
    """The name under which the workbook's sheets give their relationship: r:id, with whatever
    prefix it has there. A sheet that declares the prefix itself (openpyxl over lxml writes so) does
    it for no other: ours declares it, too.
    """
    for tag in start_tag(workbook.prefix(), b"sheet").finditer(workbook.mask):
        told = attributes(tag[0])
        for name in told:
            if name.endswith(b":id"):
                declared = b"xmlns:" + name.removesuffix(b":id")
                own = told.get(declared)
                return b'%s="%s" %s' % (declared, own[0], name) if own else name
    return b'xmlns:r="%s" r:id' % _OFFICE


def _link_kind(links: Source) -> bytes:
    """The relationship type of a worksheet, as the workbook's own are: strict files have another
    address.
    """
    for tag in _LINK.finditer(links.mask):
        kind = attribute(tag[0], b"Type") or b""
        if kind.endswith(b"/worksheet"):
            return kind
    return _OFFICE + b"/worksheet"


def _namespace(workbook: Source) -> bytes:
    """The namespace of the workbook's own elements."""
    prefix = workbook.prefix().removesuffix(b":")
    root = re.compile(rb"<[^\s/>?!][^>]*>").search(workbook.mask)
    told = attributes(root[0]) if root else {}
    found = told.get(b"xmlns:" + prefix if prefix else b"xmlns")
    return found[0] if found else _MAIN


def _quoted(name: str) -> bytes:
    return escape(name).replace(b'"', b"&quot;")


def sheet_names(workbook: Source) -> set[str]:
    """The names of the sheets that are there, case folded: a program tells no others apart."""
    tags = start_tag(workbook.prefix(), b"sheet").finditer(workbook.mask)
    return {text(attribute(tag[0], b"name") or b"").casefold() for tag in tags}
