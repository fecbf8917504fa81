"""A pivot table with its cache, slicers on the pivot and on a table, a timeline."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.corpus.parts import (
    BOOK,
    COMPATIBILITY,
    DOCUMENT,
    MAIN,
    MICROSOFT,
    SPREADSHEET,
    X14,
    X15,
    Parts,
    sheet,
)

_DAYS = (date(2026, 1, 5), date(2026, 2, 6), date(2026, 3, 9), date(2026, 4, 2))
_SALES = (("华东", "阀门", 12), ("华东", "水泵", 7), ("华南", "阀门", 30), ("华南", "水泵", 5))
_CACHE = "xl/pivotCache/pivotCacheDefinition1.xml"
_PIVOT = "xl/pivotTables/pivotTable1.xml"

_FALLBACK = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{0}" name="{1}"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
)


def write(path: Path) -> None:
    """Sheet 数据 with an Excel table, sheet 透视 with the pivot table on it."""
    parts = Parts.made(_fill)
    _pivot(parts)
    _slicers(parts)
    _timeline(parts)
    parts.save(path)


def _fill(book: Any) -> None:
    data, pivot = book.add_worksheet("数据"), book.add_worksheet("透视")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = [[*sale, when] for sale, when in zip(_SALES, _DAYS, strict=True)]
    columns = [{"header": name} for name in ("区域", "产品", "数量")] + [
        {"header": "日期", "format": day}
    ]
    data.add_table("A1:D5", {"name": "销售", "data": [row[:3] for row in rows], "columns": columns})
    for at, when in enumerate(_DAYS, 1):
        data.write_datetime(at, 3, when, day)
    for at, row in enumerate(
        (("行标签", "求和项:数量"), ("华东", 19), ("华南", 35), ("总计", 54)), 2
    ):
        pivot.write_row(at, 0, row)
    pivot.write("E1", "备注")
    pivot.write("E2", 1)
    data.insert_textbox("F2", "占位")
    pivot.insert_textbox("F2", "占位")


def _strings(*values: str) -> str:
    return f'<sharedItems count="{len(values)}">{"".join(f"<s v={chr(34)}{value}{chr(34)}/>" for value in values)}</sharedItems>'


def _pivot(parts: Parts) -> None:
    fields = (
        f'<cacheField name="区域" numFmtId="0">{_strings("华东", "华南")}</cacheField><cacheField name="产品" numFmtId="0">{_strings("阀门", "水泵")}</cacheField>'
        '<cacheField name="数量" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" minValue="5" maxValue="30"/></cacheField>'
        '<cacheField name="日期" numFmtId="14"><sharedItems containsSemiMixedTypes="0" containsNonDate="0" containsDate="1" containsString="0" '
        'minDate="2026-01-05T00:00:00" maxDate="2026-04-03T00:00:00" count="4">'
        + "".join(f'<d v="{day}T00:00:00"/>' for day in _DAYS)
        + "</sharedItems></cacheField>"
    )
    ident = parts.add(
        _CACHE,
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{DOCUMENT}" r:id="rId101" refreshedBy="计划员" refreshedDate="46000" createdVersion="6" '
        f'refreshedVersion="6" minRefreshableVersion="3" recordCount="4"><cacheSource type="worksheet"><worksheetSource name="销售"/></cacheSource>'
        f'<cacheFields count="4">{fields}</cacheFields><extLst><ext uri="{{725AE2AE-9491-48be-B2B4-4EB974FC3084}}" xmlns:x14="{X14}">'
        '<x14:pivotCacheDefinition pivotCacheId="77"/></ext></extLst></pivotCacheDefinition>',
        f"{SPREADSHEET}.pivotCacheDefinition+xml",
        BOOK,
        "pivotCacheDefinition",
    )
    records = "".join(
        f'<r><x v="{at // 2}"/><x v="{at % 2}"/><n v="{sale[2]}"/><x v="{at}"/></r>'
        for at, sale in enumerate(_SALES)
    )
    parts.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords xmlns="{MAIN}" count="4">{records}</pivotCacheRecords>',
        f"{SPREADSHEET}.pivotCacheRecords+xml",
        _CACHE,
        "pivotCacheRecords",
    )
    parts.insert(
        BOOK, "pivotCaches", f'<pivotCaches><pivotCache cacheId="1" r:id="{ident}"/></pivotCaches>'
    )
    parts.add(
        _PIVOT,
        f'<pivotTableDefinition xmlns="{MAIN}" name="透视表1" cacheId="1" applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" '
        'applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="值" updatedVersion="6" minRefreshableVersion="3" '
        'useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1" multipleFieldFilters="0">'
        '<location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="4">'
        '<pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/><item x="1"/><item t="default"/></items></pivotField>'
        '<pivotField showAll="0"/><pivotField dataField="1" showAll="0"/><pivotField numFmtId="14" showAll="0"/></pivotFields>'
        '<rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></rowItems>'
        '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="求和项:数量" fld="2" baseField="0" baseItem="0"/></dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/>'
        "</pivotTableDefinition>",
        f"{SPREADSHEET}.pivotTable+xml",
        sheet(2),
        "pivotTable",
    )
    parts.link(_PIVOT, "pivotCacheDefinition", f"/{_CACHE}")


def _frame(number: int, name: str, requires: str, space: str, uri: str, element: str) -> str:
    """The frame in a drawing that shows a slicer or timeline."""
    return (
        "<xdr:twoCellAnchor><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>8</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        "<xdr:to><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>20</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice xmlns:{requires}="{space}" Requires="{requires}"><xdr:graphicFrame macro="">'
        f'<xdr:nvGraphicFramePr><xdr:cNvPr id="{number}" name="{name}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{uri}">{element}</a:graphicData></a:graphic></xdr:graphicFrame></mc:Choice><mc:Fallback>{_FALLBACK.format(number, name)}</mc:Fallback></mc:AlternateContent>'
        "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )


def _slicers(parts: Parts) -> None:
    kind, links = "application/vnd.ms-excel", f"{MICROSOFT}/2007/relationships"
    on_pivot = '<pivotTables><pivotTable tabId="2" name="透视表1"/></pivotTables><data><tabular pivotCacheId="77"><items count="2"><i x="0" s="1"/><i x="1" s="1"/></items></tabular></data>'
    on_table = f'<extLst><x:ext xmlns:x="{MAIN}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x15="{X15}"><x15:tableSlicerCache tableId="1" column="2"/></x:ext></extLst>'
    idents = []
    for at, (field, inside) in enumerate((("区域", on_pivot), ("产品", on_table)), 1):
        idents.append(
            parts.add(
                f"xl/slicerCaches/slicerCache{at}.xml",
                f'<slicerCacheDefinition xmlns="{X14}" name="切片器_{field}" sourceName="{field}">{inside}</slicerCacheDefinition>',
                f"{kind}.slicerCache+xml",
                BOOK,
                f"{links}/slicerCache",
            )
        )
    for at, (number, field) in enumerate(((2, "区域"), (1, "产品")), 1):
        ident = parts.add(
            f"xl/slicers/slicer{at}.xml",
            f'<slicers xmlns="{X14}"><slicer name="{field}" cache="切片器_{field}" caption="{field}" rowHeight="241300"/></slicers>',
            f"{kind}.slicer+xml",
            sheet(number),
            f"{links}/slicer",
        )
        listed = f'<x14:slicerList><x14:slicer r:id="{ident}"/></x14:slicerList>'
        if number == 2:
            parts.extend(sheet(number), "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}", listed)
        else:
            parts.extend(
                sheet(number),
                "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}",
                f'<x14:slicerList xmlns:x14="{X14}"><x14:slicer r:id="{ident}"/></x14:slicerList>',
                f'xmlns:x15="{X15}"',
            )
        uri = f"{MICROSOFT}/drawing/2010/slicer"
        choice = (
            ("a14", f"{MICROSOFT}/drawing/2010/main")
            if number == 2
            else ("sle15", f"{MICROSOFT}/drawing/2012/slicer")
        )
        parts.swap(
            f"xl/drawings/drawing{number}.xml",
            "</xdr:wsDr>",
            _frame(60 + at, field, *choice, uri, f'<sle:slicer xmlns:sle="{uri}" name="{field}"/>'),
        )
    parts.extend(
        BOOK,
        "{46BE6895-7355-4a93-B00E-2C351335B9C9}",
        f'<x15:slicerCaches xmlns:x14="{X14}"><x14:slicerCache r:id="{idents[1]}"/></x15:slicerCaches>',
        f'xmlns:x15="{X15}"',
    )
    parts.extend(
        BOOK,
        "{BBE1A952-AA13-448e-AADC-164F8A28A991}",
        f'<x14:slicerCaches><x14:slicerCache r:id="{idents[0]}"/></x14:slicerCaches>',
    )


def _timeline(parts: Parts) -> None:
    kind, links = "application/vnd.ms-excel", f"{MICROSOFT}/2011/relationships"
    cache = parts.add(
        "xl/timelineCaches/timelineCache1.xml",
        f'<timelineCacheDefinition xmlns="{X15}" name="日程表_日期" sourceName="日期"><pivotTables><pivotTable tabId="2" name="透视表1"/></pivotTables>'
        '<state minimalRefreshVersion="6" lastRefreshVersion="6" pivotCacheId="77" filterType="unknown"><bounds startDate="2026-01-01T00:00:00" endDate="2027-01-01T00:00:00"/>'
        "</state></timelineCacheDefinition>",
        f"{kind}.timelineCache+xml",
        BOOK,
        f"{links}/timelineCache",
    )
    parts.extend(
        BOOK,
        "{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}",
        f'<x15:timelineCacheRefs><x15:timelineCacheRef r:id="{cache}"/></x15:timelineCacheRefs>',
        f'xmlns:x15="{X15}"',
    )
    ident = parts.add(
        "xl/timelines/timeline1.xml",
        f'<timelines xmlns="{X15}"><timeline name="日期" cache="日程表_日期" caption="日期" level="2" selectionLevel="2" scrollPosition="2026-01-01T00:00:00"/></timelines>',
        f"{kind}.timeline+xml",
        sheet(2),
        f"{links}/timeline",
    )
    parts.extend(
        sheet(2),
        "{7E03D99C-DC04-49d9-9315-930204A7B6E9}",
        f'<x15:timelineRefs><x15:timelineRef r:id="{ident}"/></x15:timelineRefs>',
        f'xmlns:x15="{X15}"',
    )
    uri = f"{MICROSOFT}/drawing/2012/timeslicer"
    parts.swap(
        "xl/drawings/drawing2.xml",
        "</xdr:wsDr>",
        _frame(70, "日期", "tsle", uri, uri, f'<tsle:timeslicer xmlns:tsle="{uri}" name="日期"/>'),
    )
