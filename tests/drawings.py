"""The charts of a workbook as its file has them: on which sheet, over which cells, from which
ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EMU = 9_525
"""Of a pixel."""
_EDGE = 2
"""Pixels by which a frame may reach into a cell without covering what it says."""


@dataclass(frozen=True)
class Placed:
    """A chart: its ``sheet``, the cells under it (0-based, both ends included), and the ranges of
    its values.
    """

    sheet: str
    rows: range
    columns: range
    values: tuple[str, ...]


def charts(path: Path) -> list[Placed]:
    """All charts of a book that XlsxWriter wrote: its sheets are numbered in their order."""
    book = load_workbook(path, read_only=True)
    titles = book.sheetnames
    book.close()
    with ZipFile(path) as package:
        return [
            one
            for at, title in enumerate(titles, 1)
            for one in _of_sheet(package, title, f"xl/worksheets/sheet{at}.xml")
        ]


def _of_sheet(package: ZipFile, title: str, part: str) -> Iterator[Placed]:
    for drawing in _related(package, part, "/drawing").values():
        own = _related(package, drawing, "/chart")
        for anchor in ElementTree.fromstring(package.read(drawing)):
            chart = anchor.find(f".//{_CHART}chart")
            if chart is not None:
                yield Placed(
                    title,
                    _span(anchor, "row"),
                    _span(anchor, "col"),
                    _values(package, own[chart.attrib[f"{_REL}id"]]),
                )


def _related(package: ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts of a kind that a part points to, by relation."""
    at = PurePosixPath(part)
    rels = f"{at.parent}/_rels/{at.name}.rels"
    if rels not in package.namelist():
        return {}
    return {
        one.attrib["Id"]: normpath(f"{at.parent}/{one.attrib['Target']}")
        for one in ElementTree.fromstring(package.read(rels))
        if one.attrib["Type"].endswith(kind)
    }


def _span(anchor: ElementTree.Element, side: str) -> range:
    """The rows or columns that the frame lies over."""
    ends = [_end(anchor, name, side) for name in ("from", "to")]
    last, offset = ends[1]
    return range(ends[0][0], last + (offset > _EDGE * _EMU))


def _end(anchor: ElementTree.Element, name: str, side: str) -> tuple[int, int]:
    end = anchor.find(f"{_DRAWING}{name}")
    assert end is not None
    texts = [end.findtext(f"{_DRAWING}{side}{what}") for what in ("", "Off")]
    return int(texts[0] or 0), int(texts[1] or 0)


def _values(package: ZipFile, part: str) -> tuple[str, ...]:
    root = ElementTree.fromstring(package.read(part))
    found = [
        one.findtext(f".//{_CHART}f") or ""
        for kind in ("val", "yVal")
        for one in root.iter(f"{_CHART}{kind}")
    ]
    return tuple(found)


def numbers(book: Workbook, reference: str) -> list[float]:
    """The numbers that stand in a range of a workbook that was read with its stored values."""
    found: list[float] = []
    for area in reference.strip("()").split(","):
        sheet, _, cells = area.rpartition("!")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        rows = book[sheet.strip("'").replace("''", "'")].iter_rows(top, bottom, left, right)
        stored = [cell.value for row in rows for cell in row]
        found += [float(one) for one in stored if isinstance(one, (int, float))]
    return found


def covered(book: Workbook, one: Placed) -> list[str]:
    """The cells with text of which a chart hides a part."""
    sheet = book[one.sheet]
    found = [
        cell.coordinate
        for row in sheet.iter_rows(one.rows.start + 1, one.rows.stop)
        for cell in row[one.columns.start : one.columns.stop]
        if cell.value not in (None, "")
    ]
    for merged in sheet.merged_cells.ranges:
        held = sheet.cell(merged.min_row, merged.min_col).value not in (None, "")
        across = merged.min_col - 1 < one.columns.stop and merged.max_col > one.columns.start
        down = merged.min_row - 1 < one.rows.stop and merged.max_row > one.rows.start
        if held and across and down:
            found.append(str(merged))
    return found
