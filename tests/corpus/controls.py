"""A macro workbook: project and signature parts, ribbon, buttons, form and ActiveX controls, an embedded object, old macro and dialog sheets."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.corpus.parts import (
    BOOK,
    COMPATIBILITY,
    DOCUMENT,
    MAIN,
    MICROSOFT,
    X14,
    Parts,
    fill_rows,
    sheet,
)

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ANCHOR = (
    '<anchor moveWithCells="1"><from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></from>'
    "<to><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></to></anchor>"
)


def binary(seed: int, size: int = 3000) -> bytes:
    """Something that looks like a compound file and never packs well."""
    return _COMPOUND + random.Random(seed).randbytes(size)


def write(path: Path) -> None:
    """The workbook with every part of that kind."""
    parts = Parts.made(_fill)
    _ribbon(parts)
    _form_control(parts)
    _activex(parts)
    _embedded(parts)
    _old_sheets(parts)
    parts.add(
        "xl/vbaProjectSignature.bin",
        binary(2),
        "application/vnd.ms-office.vbaProjectSignature",
        "xl/vbaProject.bin",
        f"{MICROSOFT}/2006/relationships/vbaProjectSignature",
    )
    parts.save(path)


def _fill(book: Any) -> None:
    book.add_vba_project(BytesIO(binary(1)), True)
    book.set_vba_name("ThisWorkbook")
    for name in ("按钮", "控件", "对象"):
        page = book.add_worksheet(name)
        fill_rows(page)
    book.worksheets()[0].insert_button(
        "F2", {"macro": "Recalc", "caption": "重算", "width": 90, "height": 30}
    )


def _ribbon(parts: Parts) -> None:
    space = f"{MICROSOFT}/2009/07/customui"
    parts.add(
        "customUI/customUI14.xml",
        f'<customUI xmlns="{space}" onLoad="OnLoad"><ribbon><tabs><tab id="t" label="销售计划"><group id="g" label="计划">'
        '<button id="b" label="重算" imageMso="Calculator" onAction="OnRecalc"/></group></tab></tabs></ribbon></customUI>',
        "application/xml",
        "",
        f"{MICROSOFT}/2007/relationships/ui/extensibility",
    )


def _vml(shape: int, kind: str, macro: str = "") -> str:
    """A legacy drawing with one shape, as the old parts of a control need it."""
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" '
        'path="m,l,21600r21600,l21600,xe"/>'
        f'<v:shape id="_x0000_s{shape}" type="#_x0000_t201" style="position:absolute;margin-left:300pt;margin-top:20pt;width:80pt;height:20pt">'
        f'<x:ClientData ObjectType="{kind}"><x:Anchor>6, 0, 1, 0, 8, 0, 3, 0</x:Anchor>{macro}</x:ClientData></v:shape></xml>'
    )


def _control(parts: Parts, part: str, shape: int, name: str, ident: str) -> None:
    """The controls block as Excel writes it: a choice for those who know it, the plain control for others."""
    anchor = _ANCHOR.format(6, 8)
    parts.insert(
        part,
        "controls",
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x14" xmlns:x14="{X14}"><controls><mc:AlternateContent><mc:Choice Requires="x14">'
        f'<control shapeId="{shape}" r:id="{ident}" name="{name}"><controlPr defaultSize="0" autoPict="0" '
        f'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">{anchor}</controlPr></control></mc:Choice></mc:AlternateContent>'
        "</controls></mc:Choice></mc:AlternateContent>",
    )


def _form_control(parts: Parts) -> None:
    ident = parts.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr xmlns="{X14}" objectType="Drop" dropStyle="combo" dx="22" fmlaLink="$F$1" fmlaRange="$A$2:$A$5" noThreeD="1" sel="1" val="0"/>',
        "application/vnd.ms-excel.controlproperties+xml",
        sheet(1),
        "ctrlProp",
    )
    _control(parts, sheet(1), 1025, "下拉", ident)


def _activex(parts: Parts) -> None:
    part, control = sheet(2), "xl/activeX/activeX1.xml"
    ident = parts.add(
        control,
        f'<ax:ocx xmlns:ax="{MICROSOFT}/2006/activeX" xmlns:r="{DOCUMENT}" ax:classid="{{D7053240-CE69-11CD-A777-00DD01143C57}}" '
        'ax:persistence="persistStreamInit" r:id="rId101"/>',
        "application/vnd.ms-office.activeX+xml",
        part,
        "control",
    )
    parts.add(
        "xl/activeX/activeX1.bin",
        binary(3, 400),
        "application/vnd.ms-office.activeX",
        control,
        f"{MICROSOFT}/2006/relationships/activeXControlBinary",
    )
    drawn = parts.add("xl/drawings/vmlDrawing21.vml", _vml(2049, "Pict"), _VML, part, "vmlDrawing")
    parts.insert(part, "legacyDrawing", f'<legacyDrawing r:id="{drawn}"/>')
    _control(parts, part, 2049, "CommandButton1", ident)


def _embedded(parts: Parts) -> None:
    part = sheet(3)
    ident = parts.add(
        "xl/embeddings/oleObject1.bin",
        binary(4),
        "application/vnd.openxmlformats-officedocument.oleObject",
        part,
        "oleObject",
    )
    drawn = parts.add("xl/drawings/vmlDrawing31.vml", _vml(3073, "Pict"), _VML, part, "vmlDrawing")
    parts.insert(part, "legacyDrawing", f'<legacyDrawing r:id="{drawn}"/>')
    parts.insert(
        part,
        "oleObjects",
        f'<oleObjects><oleObject progId="Package" shapeId="3073" r:id="{ident}"/></oleObjects>',
    )


def _old_sheets(parts: Parts) -> None:
    macro = parts.add(
        "xl/macrosheets/sheet1.xml",
        f'<xm:macrosheet xmlns="{MAIN}" xmlns:r="{DOCUMENT}" xmlns:xm="{MICROSOFT}/excel/2006/main"><dimension ref="A1"/><sheetData>'
        '<row r="1"><c r="A1"><f>RETURN()</f><v>0</v></c></row></sheetData></xm:macrosheet>',
        "application/vnd.ms-excel.macrosheet+xml",
        BOOK,
        f"{MICROSOFT}/2006/relationships/xlMacrosheet",
    )
    dialog = parts.add(
        "xl/dialogsheets/sheet1.xml",
        f'<dialogsheet xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheetFormatPr defaultRowHeight="15"/><legacyDrawing r:id="rId101"/></dialogsheet>',
        "application/vnd.openxmlformats-officedocument.spreadsheetml.dialogsheet+xml",
        BOOK,
        "dialogsheet",
    )
    parts.add(
        "xl/drawings/vmlDrawing41.vml",
        _vml(4097, "Button"),
        _VML,
        "xl/dialogsheets/sheet1.xml",
        "vmlDrawing",
    )
    parts.swap(
        BOOK,
        "</sheets>",
        f'<sheet name="宏1" sheetId="21" state="hidden" r:id="{macro}"/><sheet name="对话1" sheetId="22" r:id="{dialog}"/></sheets>',
    )
