"""A package as a dict of parts: parts added with their content type and relationship, XML put where the schema wants it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
MICROSOFT = "http://schemas.microsoft.com/office"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

BOOK = "xl/workbook.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STAMP = (2026, 2, 14, 8, 30, 0)

_SHEET_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState "
    "dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing "
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
)
_BOOK_ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames calcPr oleSize "
    "customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)


class Parts:
    """The parts of a workbook by name, in order; ``text`` and ``put`` for XML, ``add`` for a new part with all that names it."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            self.parts = {name: opened.read(name) for name in opened.namelist()}

    @classmethod
    def made(cls, fill: Callable[[Any], None], **options: object) -> Parts:
        """The parts of a workbook that XlsxWriter writes once ``fill`` has filled it, without its request to calculate on load."""
        out = BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
        fill(book)
        book.close()
        parts = cls(out.getvalue())
        parts.swap(BOOK, ' fullCalcOnLoad="1"', "")
        return parts

    def text(self, part: str) -> str:
        return self.parts[part].decode()

    def put(self, part: str, text: str) -> None:
        self.parts[part] = text.encode()

    def swap(self, part: str, old: str, new: str) -> None:
        """Replace the first ``old``, which has to be there."""
        text = self.text(part)
        assert old in text, f"{part}: {old}"
        self.put(part, text.replace(old, new, 1))

    def add(
        self,
        name: str,
        content: str | bytes,
        kind: str = "",
        source: str | None = None,
        link: str = "",
        target: str | None = None,
    ) -> str:
        """Add a part: its content type ``kind``, a relationship of type ``link`` from ``source`` ("" the package). Gives the relationship's id."""
        self.parts[name] = content if isinstance(content, bytes) else (HEAD + content).encode()
        if kind:
            self.swap(
                "[Content_Types].xml",
                "</Types>",
                f'<Override PartName="/{name}" ContentType="{kind}"/></Types>',
            )
        return self.link(source, link, target or f"/{name}") if source is not None else ""

    def link(self, source: str, kind: str, target: str, mode: str = "") -> str:
        """A relationship; ``kind`` is a whole address or the last segment of an ordinary one."""
        folder = PurePosixPath(source)
        rels = str(folder.parent / "_rels" / f"{folder.name}.rels") if source else "_rels/.rels"
        text = self.parts.get(
            rels, f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode()
        ).decode()
        ident = f"rId{101 + text.count('<Relationship ')}"
        address = kind if ":" in kind else f"{DOCUMENT}/{kind}"
        how = f' TargetMode="{mode}"' if mode else ""
        text = text.replace(
            "</Relationships>",
            f'<Relationship Id="{ident}" Type="{address}" Target="{target}"{how}/></Relationships>',
        )
        self.parts[rels] = text.encode()
        return ident

    def insert(self, part: str, element: str, xml: str) -> None:
        """Put ``xml`` where ``element`` belongs in the worksheet or workbook part."""
        order = (_BOOK_ORDER if part == BOOK else _SHEET_ORDER).split()
        text = self.text(part)
        root = "workbook" if part == BOOK else "worksheet"
        later = "|".join((*order[order.index(element) + 1 :], f"/{root}"))
        found = re.search(f"<(?:{later})[\\s/>]", text)
        assert found is not None
        self.put(part, text[: found.start()] + xml + text[found.start() :])

    def extend(self, part: str, uri: str, xml: str, space: str = f'xmlns:x14="{X14}"') -> None:
        """Put ``xml`` into the extension list of the worksheet or workbook part."""
        ext = f'<ext uri="{uri}" {space}>{xml}</ext>'
        if "<extLst>" in self.text(part):
            self.swap(part, "<extLst>", f"<extLst>{ext}")
        else:
            self.insert(part, "extLst", f"<extLst>{ext}</extLst>")

    def save(self, path: Path) -> None:
        """Write the package, deflated."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name, content in self.parts.items():
                out.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)


def sheet(number: int) -> str:
    """The part of a sheet as XlsxWriter names it."""
    return f"xl/worksheets/sheet{number}.xml"


ROWS = (
    ("区域", "产品", "数量", "金额"),
    ("华东", "阀门", 12, 1234.5),
    ("华东", "水泵", 7, 880.0),
    ("华南", "阀门", 30, 4100.25),
    ("华南", "水泵", 5, 512.0),
)


def fill_rows(sheet: Any, top: int = 0) -> None:
    """The sample rows, from A1 or lower."""
    for at, row in enumerate(ROWS, top):
        sheet.write_row(at, 0, row)
