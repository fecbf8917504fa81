"""The add-in as a package: its parts, and the cells of its own sheet that the macros read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, unescape

RIBBON, PROJECT, SHEET = "customUI/customUI14.xml", "xl/vbaProject.bin", "xl/worksheets/sheet1.xml"
FIRST = "[Content_Types].xml"
_DATE = (1980, 1, 1, 0, 0, 0)

NO_PACKAGE = (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError)

PYTHON, PROGRAM, VERSION = "A1", "A2", "A3"
"""The cells that an installation fills; the macros read the first two."""


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package, not compressed and without a date, content types first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=lambda name: (name != FIRST, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 0, 0
            package.writestr(entry, parts[name])
    return out.getvalue()


def unzipped(addin: bytes) -> dict[str, bytes]:
    """The parts of a package. Raises one of :data:`NO_PACKAGE` for bytes that are none."""
    with zipfile.ZipFile(io.BytesIO(addin)) as package:
        return {name: package.read(name) for name in package.namelist()}


def filled(addin: bytes, cells: Mapping[str, str]) -> bytes:
    """The add-in with these texts in its own sheet."""
    parts = unzipped(addin)
    sheet = parts[SHEET].decode()
    for cell, text in cells.items():
        sheet = re.sub(
            _pattern(cell),
            lambda found, text=text: found[1] + escape(text) + found[3],  # type: ignore[misc]
            sheet,
        )
    return zipped({**parts, SHEET: sheet.encode()})


def texts(addin: bytes, *cells: str) -> tuple[str, ...]:
    """What these cells of the add-in's own sheet say; empty where there is no such cell."""
    sheet = unzipped(addin).get(SHEET, b"").decode("utf-8", "replace")
    found = (re.search(_pattern(cell), sheet) for cell in cells)
    return tuple(unescape(match[2]) if match else "" for match in found)


def _pattern(cell: str) -> str:
    return rf'(<c r="{cell}"[^>]*><is><t[^>]*>)([^<]*)(</t>)'
