"""Workbooks made part by part, for what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def sheet(rows: str, tail: str = "", main: str = MAIN) -> str:
    """A worksheet with the given XML inside and behind its sheet data."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{main}" xmlns:r="{OFFICE}">'
        f"<sheetData>{rows}</sheetData>{tail}</worksheet>"
    )


def parts(
    sheets: Mapping[str, str | bytes],
    *,
    strings: str = "",
    styles: str = "",
    properties: str = "",
    main: str = MAIN,
    office: str = OFFICE,
    target: str = "worksheets/sheet{0}.xml",
) -> dict[str, str | bytes]:
    """The parts of a workbook with the given sheets (name → XML)."""
    ids = range(1, len(sheets) + 1)
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{office}/worksheet" Target="{target.format(i)}"/>'
        for i in ids
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{office}/'
            'officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    }
    if strings:
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
        links += f'<Relationship Id="s" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    if styles:
        made["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
        links += f'<Relationship Id="t" Type="{office}/styles" Target="styles.xml"/>'
    named = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1)
    )
    made["xl/workbook.xml"] = (
        f'<workbook xmlns="{main}" xmlns:r="{office}">{properties}<sheets>{named}</sheets></'
        "workbook>"
    )
    made["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    )
    for i, content in enumerate(sheets.values(), 1):
        made[f"xl/worksheets/sheet{i}.xml"] = content
    return made


def zipped(contents: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return stream.getvalue()


def write(folder: Path, contents: Mapping[str, str | bytes], name: str = "book.xlsx") -> Path:
    """The parts as a file."""
    path = folder / name
    path.write_bytes(zipped(contents))
    return path
