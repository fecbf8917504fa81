"""What a workbook may hold that a library may lose, and the bytes that show whether it is there:
parts, or pieces of parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SHEET = r"xl/worksheets/[^/]+\.xml"
_BOOK = r"xl/workbook\.xml"


@dataclass(frozen=True)
class Feature:
    """``part``: whose parts show it (whole name, a pattern). ``inside``: what such a part must
    hold; each match must stay as it is.
    """

    name: str
    part: str
    inside: bytes | None = None

    def evidence(self, parts: Mapping[str, bytes]) -> dict[str, list[bytes]]:
        """The bytes that show it, by part; empty if the workbook does not have it."""
        return {
            name: found
            for name, content in parts.items()
            if re.fullmatch(self.part, name) and (found := list(self._in(content)))
        }

    def _in(self, content: bytes) -> Iterator[bytes]:
        if self.inside is None:
            yield content
        else:
            plain = (
                content.decode("utf-16").encode()
                if content[:2] in (b"\xff\xfe", b"\xfe\xff")
                else content
            )
            yield from (match[0] for match in re.finditer(self.inside, plain, re.S))


def _block(name: str) -> bytes:
    """An element with all it holds."""
    return rf"<((?:\w+:)?{name})(?:\s[^>]*)?(?:(?<=/)>|>.*?</\1\s*>)".encode()


def _tag(name: str, attribute: str) -> bytes:
    return rf"<(?:\w+:)?{name}\s(?:[^>]*\s)?{attribute}[^>]*>".encode()


FEATURES = (
    Feature("charts", r"xl/charts/chart\d+\.xml"),
    Feature("secondary axis", r"xl/charts/chart\d+\.xml", rb'<c:crosses val="max"/>'),
    Feature("chart sheets", r"xl/chartsheets/[^/]+\.xml"),
    Feature("pictures", r"xl/media/.*"),
    Feature("sheet background", _SHEET, _block("picture")),
    Feature("pictures in headers", _SHEET, _block("legacyDrawingHF")),
    Feature("pictures in cells", r"xl/richData/.*"),
    Feature("shapes and text boxes", r"xl/drawings/drawing\d+\.xml", _block("xdr:sp")),
    Feature("grouped shapes", r"xl/drawings/drawing\d+\.xml", _block("xdr:grpSp")),
    Feature("SmartArt", r"xl/diagrams/.*"),
    Feature("check boxes in cells", r"xl/featurePropertyBag/.*"),
    Feature("sparklines", _SHEET, _block("x14:sparklineGroups")),
    Feature("conditional formats", _SHEET, _block("conditionalFormatting")),
    Feature("conditional formats of 2010", _SHEET, _block("x14:conditionalFormattings")),
    Feature("data validations", _SHEET, _block("dataValidations")),
    Feature("data validations of 2010", _SHEET, _block("x14:dataValidations")),
    Feature("slicers", r"xl/slicers/.*"),
    Feature("slicer caches", r"xl/slicerCaches/.*"),
    Feature(
        "slicers listed",
        rf"{_SHEET}|{_BOOK}",
        rb"<x1[45]:slicer(?:List|Caches)[\s>].*?</x1[45]:slicer(?:List|Caches)>",
    ),
    Feature("timelines", r"xl/timeline(?:s|Caches)/.*"),
    Feature(
        "timelines listed",
        rf"{_SHEET}|{_BOOK}",
        rb"<x15:timeline(?:Cache)?Refs>.*?</x15:timeline(?:Cache)?Refs>",
    ),
    Feature("pivot tables", r"xl/pivotTables/.*"),
    Feature("pivot caches", r"xl/pivotCache/.*"),
    Feature("pivot caches listed", _BOOK, _block("pivotCaches")),
    Feature("Excel tables", r"xl/tables/.*"),
    Feature("notes", r"xl/comments\d+\.xml"),
    Feature("threaded comments", r"xl/threadedComments/.*"),
    Feature("people of comments", r"xl/persons/.*"),
    Feature("legacy drawings", r"xl/drawings/vmlDrawing\d+\.vml"),
    Feature("form controls", r"xl/ctrlProps/.*"),
    Feature("form controls in sheets", _SHEET, _block("controls")),
    Feature(
        "buttons with macros", r"xl/drawings/vmlDrawing\d+\.vml", rb"<x:FmlaMacro>.*?</x:FmlaMacro>"
    ),
    Feature("ActiveX controls", r"xl/activeX/.*"),
    Feature("embedded objects", r"xl/embeddings/.*"),
    Feature("macros", r"xl/vbaProject\.bin"),
    Feature("macro signature", r"xl/vbaProjectSignature\.bin"),
    Feature("ribbon", r"customUI/.*"),
    Feature("macro sheets", r"xl/macrosheets/.*"),
    Feature("dialog sheets", r"xl/dialogsheets/.*"),
    Feature("custom XML", r"customXml/.*"),
    Feature("Power Query", r"customXml/item\d+\.xml", rb"<DataMashup.*</DataMashup>"),
    Feature("connections", r"xl/connections\.xml"),
    Feature("query tables", r"xl/queryTables/.*"),
    Feature("data model", r"xl/model/.*"),
    Feature("XML maps", r"xl/xmlMaps\.xml"),
    Feature("web add-ins", r"xl/webextensions/.*"),
    Feature("links to workbooks", r"xl/externalLinks/.*"),
    Feature("printer settings", r"xl/printerSettings/.*"),
    Feature("add-in data of sheets", r"xl/customProperty\d+\.bin"),
    Feature("document properties", r"docProps/(?:core|app)\.xml"),
    Feature("custom properties", r"docProps/custom\.xml"),
    Feature("theme", r"xl/theme/.*"),
    Feature("shared strings with rich text", r"xl/sharedStrings\.xml", _block("r")),
    Feature("phonetic text", r"xl/sharedStrings\.xml", _block("phoneticPr")),
    Feature("rich text in cells", _SHEET, _block("r")),
    Feature("calculation chain", r"xl/calcChain\.xml"),
    Feature("shared formulas", _SHEET, _tag("f", 't="shared"')),
    Feature("array formulas", _SHEET, _tag("f", 't="array"')),
    Feature("dynamic arrays", r"xl/metadata\.xml"),
    Feature("what-if tables", _SHEET, _tag("f", 't="dataTable"')),
    Feature("cell watches", _SHEET, _block("cellWatches")),
    Feature("defined names", _BOOK, _block("definedNames")),
    Feature("workbook protection", _BOOK, _block("workbookProtection")),
    Feature("read-only recommended", _BOOK, _block("fileSharing")),
    Feature("custom views", rf"{_SHEET}|{_BOOK}", rb"<(custom(?:Sheet|Workbook)Views)>.*?</\1>"),
    Feature("dates since 1904", _BOOK, _tag("workbookPr", "date1904=")),
    Feature("sheet protection", _SHEET, _block("sheetProtection")),
    Feature("ranges open to editing", _SHEET, _block("protectedRanges")),
    Feature("scenarios", _SHEET, _block("scenarios")),
    Feature("consolidation", _SHEET, _block("dataConsolidate")),
    Feature("hidden sheets", _BOOK, _tag("sheet", "state=")),
    Feature("links", _SHEET, _block("hyperlinks")),
    Feature("merged cells", _SHEET, _block("mergeCells")),
    Feature("filters", _SHEET, _block("autoFilter")),
    Feature("outlines", _SHEET, rb"\soutlineLevel=\"\d+\""),
    Feature("hidden rows and columns", _SHEET, rb"<(?:\w+:)?(?:row|col)\s[^>]*hidden=[^>]*>"),
    Feature("frozen panes", _SHEET, _block("pane")),
    Feature("column widths", _SHEET, _block("cols")),
    Feature("page set-up", _SHEET, _block("pageSetup")),
    Feature("headers and footers", _SHEET, _block("headerFooter")),
    Feature("page breaks", _SHEET, rb"<((?:\w+:)?(?:row|col)Breaks)\s.*?</\1>"),
    Feature("ignored errors", _SHEET, _block("ignoredErrors")),
    Feature("alternate content", rf"{_SHEET}|{_BOOK}", _block("mc:AlternateContent")),
    Feature("prefixed elements", _SHEET, rb"<x:worksheet\s[^>]*>"),
    Feature(
        "strict namespaces",
        rf"{_SHEET}|{_BOOK}",
        rb"http://purl\.oclc\.org/ooxml/spreadsheetml/main",
    ),
    Feature("UTF-16", _SHEET, rb'^.{0,60}encoding="UTF-16"'),
    Feature("comments in the XML", _SHEET, rb"<!--.*?-->"),
    Feature("processing instructions", _SHEET, rb"<\?(?!xml\s).*?\?>"),
    Feature("unknown attributes", _SHEET, rb"\sown:mark='[^']*'"),
    Feature("cells without references", _SHEET, rb"<(?:\w+:)?row>"),
)


def kept(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, bool]:
    """Of each feature that the old workbook has: whether the new one has it, all of it, as it
    was.
    """
    return {
        feature.name: found == feature.evidence(new)
        for feature in FEATURES
        if (found := feature.evidence(old))
    }
