"""The same workbook in other spellings of the format: prefixes, strict namespaces, UTF-16, no references, old dates, comments in the XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.corpus.parts import BOOK, COMPATIBILITY, MAIN, MICROSOFT, Parts, fill_rows, sheet
from tests.corpus.pictures import png

_STRICT = (
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/",
        "http://purl.oclc.org/ooxml/officeDocument/",
    ),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
)


def base(**options: object) -> Parts:
    """Two sheets with texts, numbers, formulas, a date, rich text, a chart, a picture, a rule and a check."""
    return Parts.made(_fill, **options)


def _fill(book: Any) -> None:
    first, second = book.add_worksheet("甲"), book.add_worksheet("乙")
    fill_rows(first)
    fill_rows(second)
    bold = book.add_format({"bold": True})
    first.write_rich_string("A6", "一", bold, "二", "三")
    first.write_datetime("B6", date(2026, 2, 14), book.add_format({"num_format": "yyyy-mm-dd"}))
    first.write_formula("C6", "=SUM(C2:C5)", None, 54)
    first.write_boolean("D6", True)
    first.conditional_format("C2:C5", {"type": "cell", "criteria": ">", "value": 9, "format": bold})
    first.data_validation("A2:A9", {"validate": "list", "source": ["华东", "华南"]})
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=甲!$C$2:$C$5"})
    second.insert_chart("F2", chart)
    second.insert_image("F20", "p.png", {"image_data": BytesIO(png())})


def _rewritten(parts: Parts, names: tuple[str, ...], change: Callable[[str], str]) -> Parts:
    for name in names:
        parts.put(name, change(parts.text(name)))
    return parts


def prefixed(path: Path) -> None:
    """Every element under a prefix, as some writers of other houses have it."""
    texts = (BOOK, sheet(1), sheet(2), "xl/styles.xml", "xl/sharedStrings.xml")
    parts = _rewritten(
        base(),
        texts,
        lambda xml: re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", xml).replace(
            f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"'
        ),
    )
    parts.save(path)


def strict(path: Path) -> None:
    """ISO's strict variant: other namespaces throughout."""
    parts = base()
    for name in parts.parts:
        if name.endswith((".xml", ".rels")):
            text = parts.text(name)
            for old, new in _STRICT:
                text = text.replace(old, new)
            parts.put(name, text)
    parts.swap("docProps/app.xml", "extended-properties", "extendedProperties")
    _rewritten(
        parts,
        ("_rels/.rels",),
        lambda xml: xml.replace("/extended-properties", "/extendedProperties"),
    )
    parts.put(BOOK, parts.text(BOOK).replace("<workbook ", '<workbook conformance="strict" ', 1))
    parts.save(path)


def utf16(path: Path) -> None:
    """One sheet in UTF-16, the other in UTF-8 with a byte order mark."""
    parts = base()
    parts.parts[sheet(1)] = (
        parts.text(sheet(1)).replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    )
    parts.parts[sheet(2)] = b"\xef\xbb\xbf" + parts.parts[sheet(2)]
    parts.save(path)


def bare(path: Path) -> None:
    """Rows and cells without references, texts in the cells, no dimension, no calculation settings."""

    def strip(xml: str) -> str:
        xml = re.sub(r"<dimension[^>]*/>", "", xml)
        xml = re.sub(r'<row r="\d+"(?: spans="[^"]*")?', "<row", xml)
        return re.sub(r'<c r="[A-Z]+\d+"', "<c", xml)

    parts = Parts.made(_dense)
    _rewritten(parts, (BOOK,), lambda xml: re.sub(r"<calcPr[^>]*/>", "", xml))
    _rewritten(parts, (sheet(1), sheet(2)), strip)
    parts.swap(
        sheet(2),
        "</row>",
        '<c t="inlineStr"><is><r><t xml:space="preserve">富 </t></r><r><rPr><b/></rPr><t>文本</t></r></is></c></row>',
    )
    parts.save(path)


def _dense(book: Any) -> None:
    for name in ("甲", "乙"):
        fill_rows(book.add_worksheet(name))


def odd(path: Path) -> None:
    """Comments, processing instructions and CDATA in a sheet, single quotes, unknown attributes and extensions, parts under odd names."""
    parts = base()
    text = parts.text(sheet(1)).replace(
        "<sheetData>", "<!-- <sheetData><c r='A1'/> --><sheetData><?app keep?>", 1
    )
    text = text.replace(
        f'xmlns="{MAIN}"',
        f"xmlns='{MAIN}' xmlns:mc='{COMPATIBILITY}' mc:Ignorable='x14ac xr own' xmlns:x14ac='{MICROSOFT}/spreadsheetml/2009/9/ac' "
        f"xmlns:xr='{MICROSOFT}/spreadsheetml/2014/revision' xmlns:own='urn:example:own' xr:uid='{{12345678-0000-4000-8000-000000000000}}'",
        1,
    )
    text = re.sub(r'<row r="(\d+)"', r"<row own:mark='a>b' x14ac:dyDescent='0.25' r='\1'", text)
    text = text.replace('<c r="C2"><v>12</v>', "<c\n  r='C2'\n><!-- > --><v><![CDATA[12]]></v>", 1)
    parts.put(sheet(1), text)
    parts.parts = {_renamed(name): content for name, content in parts.parts.items()}
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts.put(
            name, parts.text(name).replace("worksheets/sheet2.xml", "worksheets/%E4%B9%99%202.xml")
        )
    parts.save(path)


def _renamed(name: str) -> str:
    return name.replace("worksheets/sheet2.xml", "worksheets/%E4%B9%99%202.xml").replace(
        "worksheets/_rels/sheet2", "worksheets/_rels/%E4%B9%99%202"
    )


def since1904(path: Path) -> None:
    """Dates counted from 1904."""
    base(date_1904=True).save(path)
