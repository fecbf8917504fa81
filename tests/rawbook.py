"""Workbooks written part by part, for XML that no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0&quot;x&'
    'quot;"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment '
    'horizontal="center"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></'
    "styleSheet>"
)


def worksheet(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet around the content of its ``sheetData``."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{before}<sheetData>{rows}</sheetData>'
        f"{after}</worksheet>"
    )


def table(
    ref: str,
    columns: str,
    *,
    filtered: bool = True,
    more: str = "",
    name: str = "T1",
    ident: int = 1,
) -> str:
    """A table part; ``columns`` are its ``tableColumn`` elements."""
    auto = f'<autoFilter ref="{ref}"/>' if filtered else ""
    return (
        f'<table xmlns="{MAIN}" id="{ident}" name="{name}" displayName="{name}" ref="{ref}"{more}>'
        f"{auto}"
        f'<tableColumns count="{columns.count("<tableColumn ")}">{columns}</tableColumns></table>'
    )


def columns(*names: str) -> str:
    """Plain table columns of these names."""
    return "".join(f'<tableColumn id="{at}" name="{name}"/>' for at, name in enumerate(names, 1))


def book(
    path: Path,
    sheet: str | bytes,
    *,
    tables: tuple[str, ...] = (),
    parts: Mapping[str, str | bytes] | None = None,
    workbook: str | None = None,
    chain: str | None = None,
    properties: str = "",
    styles: str | None = STYLES,
) -> Path:
    """Write a workbook with the one sheet ``S`` (sheetId 7), Excel tables, more parts, a
    calculation chain.
    """
    links = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    links += [("rId2", "styles", "styles.xml")] if styles else []
    links += [("rId3", "calcChain", "calcChain.xml")] if chain else []
    wanted: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(len(tables), chain is not None),
        "_rels/.rels": _links((("rId1", "officeDocument", "xl/workbook.xml"),)),
        "xl/workbook.xml": workbook
        or (
            f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{properties}<sheets><sheet name="S" '
            'sheetId="7" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _links(links),
        SHEET: sheet,
    }
    if styles:
        wanted["xl/styles.xml"] = styles
    if chain:
        wanted["xl/calcChain.xml"] = chain
    if tables:
        wanted["xl/worksheets/_rels/sheet1.xml.rels"] = _links(
            (f"rId{at}", "table", f"/xl/tables/table{at}.xml") for at in range(1, len(tables) + 1)
        )
    wanted |= {f"xl/tables/table{at}.xml": xml for at, xml in enumerate(tables, 1)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (wanted | dict(parts or {})).items():
            out.writestr(
                zipfile.ZipInfo(name, (2026, 2, 14, 8, 30, 0)), content, zipfile.ZIP_DEFLATED
            )
    return path


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{i}" Type="{DOCUMENT}/{kind}" Target="{target}"/>'
        for i, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _types(tables: int, chain: bool) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/worksheets/sheet1.xml": "worksheet",
        "/xl/styles.xml": "styles",
    }
    parts |= {f"/xl/tables/table{at}.xml": "table" for at in range(1, tables + 1)}
    parts |= {"/xl/calcChain.xml": "calcChain"} if chain else {}
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}.{what}+xml"/>'
        for name, what in parts.items()
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'
