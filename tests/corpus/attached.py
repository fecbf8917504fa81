"""Connections and queries, custom XML, the data model, web add-ins; threaded comments with their people; SmartArt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.corpus.controls import binary
from tests.corpus.parts import (
    BOOK,
    DOCUMENT,
    DRAWING,
    MAIN,
    MICROSOFT,
    SPREADSHEET,
    X15,
    Parts,
    fill_rows,
    sheet,
)


def _two_sheets(book: Any) -> None:
    for name in ("一", "二"):
        fill_rows(book.add_worksheet(name))


def queries(path: Path) -> None:
    """A database connection with its query table, Power Query's store, a data model, an XML map, custom XML and a task pane."""
    parts = Parts.made(_queries)
    parts.add(
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="CRM" description="销售" type="5" refreshedVersion="6" background="1" saveData="1">'
        '<dbPr connection="Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=CRM;" command="SELECT * FROM [CRM]"/></connection>'
        f'<connection id="2" name="ThisWorkbookDataModel" type="5" refreshedVersion="6" minRefreshableVersion="5" background="1"><dbPr connection="Data Model Connection" command="Model" commandType="1"/>'
        f'<extLst><ext uri="{{DE250136-89BD-433C-8126-D09CA5730AF9}}" xmlns:x15="{X15}"><x15:connection id="" model="1"/></ext></extLst></connection></connections>',
        f"{SPREADSHEET}.connections+xml",
        BOOK,
        "connections",
    )
    parts.add(
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16" applyNumberFormats="0" applyBorderFormats="0" '
        'applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="0"/>',
        f"{SPREADSHEET}.queryTable+xml",
        sheet(1),
        "queryTable",
    )
    _custom_xml(
        parts, 1, b"<plan xmlns='urn:example:plan'><year>2026</year></plan>", "urn:example:plan"
    )
    mashup = '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAAAHgGAABQSwMEFAACAAgA</DataMashup>'
    _custom_xml(parts, 2, mashup.encode("utf-16"), "http://schemas.microsoft.com/DataMashup")
    parts.add(
        "xl/model/item.data",
        binary(5, 5000),
        "application/vnd.openxmlformats-officedocument.model+data",
        BOOK,
        f"{MICROSOFT}/2011/relationships/powerPivotData",
    )
    parts.add(
        "xl/xmlMaps.xml",
        f'<MapInfo xmlns="{MAIN}" SelectionNamespaces=""><Schema ID="Schema1"><xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:element name="plan"/></xsd:schema></Schema>'
        '<Map ID="1" Name="plan_map" RootElement="plan" SchemaID="Schema1" ShowImportExportValidationErrors="false" AutoFit="true" Append="false" '
        'PreserveSortAFLayout="true" PreserveFormat="true"/></MapInfo>',
        "application/xml",
        BOOK,
        "xmlMaps",
    )
    _task_pane(parts)
    parts.save(path)


def _queries(book: Any) -> None:
    _two_sheets(book)
    book.define_name("一!ExternalData_1", "=一!$A$1:$D$5")


def _custom_xml(parts: Parts, number: int, content: bytes, schema: str) -> None:
    item = f"customXml/item{number}.xml"
    parts.add(item, content, "", BOOK, "customXml")
    parts.add(
        f"customXml/itemProps{number}.xml",
        f'<ds:datastoreItem ds:itemID="{{0000000{number}-AAAA-4BBB-8CCC-123456789ABC}}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{schema}"/></ds:schemaRefs></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        item,
        "customXmlProps",
    )


def _task_pane(parts: Parts) -> None:
    panes, extension = "xl/webextensions/taskpanes.xml", "xl/webextensions/webextension1.xml"
    space = f"{MICROSOFT}/webextensions"
    parts.add(
        panes,
        f'<wetp:taskpanes xmlns:wetp="{space}/taskpanes/2010/11"><wetp:taskpane dockstate="right" visibility="0" width="350" row="1">'
        f'<wetp:webextensionref xmlns:r="{DOCUMENT}" r:id="rId101"/></wetp:taskpane></wetp:taskpanes>',
        "application/vnd.ms-office.webextensiontaskpanes+xml",
        "",
        f"{MICROSOFT}/2011/relationships/webextensiontaskpanes",
    )
    parts.add(
        extension,
        f'<we:webextension xmlns:we="{space}/webextension/2010/11" id="{{5F5F5F5F-1111-4222-8333-999999999999}}"><we:reference id="wa100000000" version="1.0.0.0" store="zh-CN" storeType="OMEX"/>'
        "<we:alternateReferences/><we:properties/><we:bindings/></we:webextension>",
        "application/vnd.ms-office.webextension+xml",
        panes,
        f"{MICROSOFT}/2011/relationships/webextension",
    )


def threads(path: Path) -> None:
    """Comments with answers, beside the notes that older programs show instead."""
    parts = Parts.made(_threads)
    space = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    person, first = (
        "{99999999-0000-4000-8000-000000000001}",
        "{AAAAAAAA-0000-4000-8000-000000000001}",
    )
    parts.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{space}"><person displayName="计划员" id="{person}" userId="planner" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
        BOOK,
        f"{MICROSOFT}/2017/10/relationships/person",
    )
    answer = "{AAAAAAAA-0000-4000-8000-000000000002}"
    parts.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="C2" dT="2026-02-14T08:30:00.00" personId="{person}" id="{first}"><text>为什么是 12？</text></threadedComment>'
        f'<threadedComment ref="C2" dT="2026-02-14T09:00:00.00" personId="{person}" id="{answer}" parentId="{first}"><text>客户推迟</text></threadedComment></ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml",
        sheet(1),
        f"{MICROSOFT}/2017/10/relationships/threadedComment",
    )
    parts.save(path)


def _threads(book: Any) -> None:
    _two_sheets(book)
    book.worksheets()[0].write_comment(
        "C2",
        "[线程批注]\n为什么是 12？\n答复：客户推迟",
        {"author": "tc={AAAAAAAA-0000-4000-8000-000000000001}"},
    )
    book.worksheets()[1].write_comment("B2", "普通批注")


_POINT = '<dgm:spPr/><dgm:t><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="zh-CN"/><a:t>{}</a:t></a:r></a:p></dgm:t>'
_LABELS = '<dgm:title val=""/><dgm:desc val=""/><dgm:catLst/>'
_SCENE = '<dgm:scene3d><a:camera prst="orthographicFront"/><a:lightRig rig="threePt" dir="t"/></dgm:scene3d>'
_STYLE = (
    '<dgm:style><a:lnRef idx="2"><a:schemeClr val="accent1"/></a:lnRef><a:fillRef idx="1"><a:schemeClr val="accent1"/></a:fillRef>'
    '<a:effectRef idx="0"><a:schemeClr val="accent1"/></a:effectRef><a:fontRef idx="minor"/></dgm:style>'
)


def smartart(path: Path) -> None:
    """A SmartArt diagram: its data, layout, style, colours and the drawing made of them."""
    parts = Parts.made(_smartart)
    spaces = f'xmlns:dgm="{DRAWING}/diagram" xmlns:a="{DRAWING}/main"'
    urn = "urn:microsoft.com/office/officeart/2005/8"
    points = "".join(
        f'<dgm:pt modelId="{at}">{_POINT.format(text)}</dgm:pt>'
        for at, text in ((2, "目标"), (3, "行动"))
    )
    ties = "".join(
        f'<dgm:cxn modelId="{at + 10}" srcId="1" destId="{at}" srcOrd="{at - 2}" destOrd="0"/>'
        for at in (2, 3)
    )
    made = {
        "data": (
            "diagramData",
            f'<dgm:dataModel {spaces}><dgm:ptLst><dgm:pt modelId="1" type="doc"><dgm:prSet loTypeId="{urn}/layout/default"/>{_POINT.format("")}</dgm:pt>'
            f"{points}</dgm:ptLst><dgm:cxnLst>{ties}</dgm:cxnLst><dgm:bg/><dgm:whole/></dgm:dataModel>",
        ),
        "layout": (
            "diagramLayout",
            f'<dgm:layoutDef {spaces} uniqueId="{urn}/layout/default">{_LABELS}<dgm:layoutNode name="diagram"/></dgm:layoutDef>',
        ),
        "quickStyle": (
            "diagramStyle",
            f'<dgm:styleDef {spaces} uniqueId="{urn}/quickstyle/simple1">{_LABELS}{_SCENE}<dgm:styleLbl name="node1">{_SCENE}<dgm:sp3d/><dgm:txPr/>{_STYLE}</dgm:styleLbl></dgm:styleDef>',
        ),
        "colors": (
            "diagramColors",
            f'<dgm:colorsDef {spaces} uniqueId="{urn}/colors/accent1_2">{_LABELS}<dgm:styleLbl name="node1"/></dgm:colorsDef>',
        ),
    }
    drawing = "xl/drawings/drawing1.xml"
    ids = {}
    for name, (kind, xml) in made.items():
        link = {"diagramStyle": "diagramQuickStyle"}.get(kind, kind)
        ids[name] = parts.add(
            f"xl/diagrams/{name}1.xml",
            xml,
            f"application/vnd.openxmlformats-officedocument.drawingml.{kind}+xml",
            drawing,
            link,
        )
    parts.add(
        "xl/diagrams/drawing1.xml",
        f'<dsp:drawing xmlns:dsp="{MICROSOFT}/drawing/2008/diagram" {spaces}><dsp:spTree><dsp:nvGrpSpPr><dsp:cNvPr id="0" name=""/><dsp:cNvGrpSpPr/>'
        "</dsp:nvGrpSpPr><dsp:grpSpPr/></dsp:spTree></dsp:drawing>",
        "application/vnd.ms-office.drawingml.diagramDrawing+xml",
        drawing,
        f"{MICROSOFT}/2007/relationships/diagramDrawing",
    )
    parts.swap(
        drawing,
        "</xdr:wsDr>",
        "<xdr:oneCellAnchor><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>6</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="3000000" cy="2000000"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="50" name="图示"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        f'<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{DRAWING}/diagram"><dgm:relIds xmlns:dgm="{DRAWING}/diagram" '
        f'xmlns:r="{DOCUMENT}" r:dm="{ids["data"]}" r:lo="{ids["layout"]}" r:qs="{ids["quickStyle"]}" r:cs="{ids["colors"]}"/></a:graphicData></a:graphic></xdr:graphicFrame>'
        "<xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>",
    )
    parts.save(path)


def _smartart(book: Any) -> None:
    _two_sheets(book)
    book.worksheets()[0].insert_textbox("F2", "旁注")
