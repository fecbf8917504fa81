"""Cells of a planner that get their value from another workbook: which one, and how old the value
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.pattern import pattern
from salesplan.plan.schema import Owner, table
from salesplan.workbook.read.stored import formulas
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import cell_ref, column_number
from salesplan.workbook.zip.package import Package, local_name

_LINK = pattern(r"\[(\d+)\]")
_DAY = pattern(r"\d{4}-\d{2}-\d{2}")


def linked_values(package: Package, tables: Mapping[str, FoundTable]) -> Iterator[Finding]:
    """``value-linked`` once for each sheet and other workbook that a planner's cells are linked to.

    A linked value is as old as the last calculation of this file by a program that could reach the
    other; the file only tells when it was last saved. Costs nothing where there are no links.
    """
    books = _books(package)
    if not books:
        return
    saved = _saved(package)
    cells: dict[tuple[str, str], list[str]] = {}
    parts = {sheet.name: sheet for sheet in package.sheets if sheet.grid}
    for key, found in tables.items():
        planners = {
            column_number(letters)
            for column, letters in found.columns.items()
            if table(key).column(column).owner is Owner.PLANNER
        }
        for one in formulas(package, parts[found.sheet]):
            if one.column not in planners or not found.first_row <= one.row <= found.last_row:
                continue
            for number in dict.fromkeys(_LINK.findall(one.text or "")):
                if int(number) <= len(books):
                    place = cell_ref(one.row, one.column)
                    cells.setdefault((found.sheet, books[int(number) - 1]), []).append(place)
    for (sheet, book), places in cells.items():
        yield Finding.of(
            "value-linked",
            Place("", sheet, places[0]),
            cells=places[:5],
            count=len(places),
            book=book,
            saved=saved or "—",
        )


def _books(package: Package) -> list[str]:
    """The other workbooks' names, in the order by which formulas number them."""
    related = package.relationships(package.workbook_part)
    root = package.parse(package.workbook_part)
    ids = []
    for one in root.iter():
        if local_name(one.tag) == "externalReference":
            for name, value in one.attrib.items():
                if local_name(name) == "id":
                    ids.append(value)
    return [_book(package, related[one].target) if one in related else "?" for one in ids]


def _book(package: Package, part: str) -> str:
    """The other workbook's name; "?" where its part says none. Nothing but this note reads that
    part, so one that is damaged must not keep the whole workbook from being read.
    """
    try:
        targets = [one.target for one in package.relationships(part).values()]
    except SalesplanError:
        return "?"
    return unquote(re.split(r"[/\\]", targets[0])[-1]) if targets else "?"


def _saved(package: Package) -> str:
    """The day on which the file says it was last saved."""
    part = package.find("docProps/core.xml")
    if part is None:
        return ""
    for one in package.parse(part).iter():
        if local_name(one.tag) == "modified" and (day := _DAY.match(one.text or "")):
            return day[0]
    return ""
