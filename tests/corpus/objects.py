"""Charts, chart sheets, pictures, shapes, text boxes, sparklines, pictures in cells, check boxes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from tests.corpus.parts import Parts, fill_rows
from tests.corpus.pictures import png

_SHAPE = (
    "<xdr:oneCellAnchor><xdr:from><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>30</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="914400" cy="457200"/><xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="90" name="组合"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr><xdr:grpSpPr/>'
    '<xdr:sp macro="" textlink="$A$1"><xdr:nvSpPr><xdr:cNvPr id="91" name="箭头"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="457200"/></a:xfrm><a:prstGeom prst="rightArrow"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
    "</xdr:grpSp><xdr:clientData/></xdr:oneCellAnchor>"
)


def write(path: Path) -> None:
    """A workbook of drawn things, with a shape group added that XlsxWriter cannot draw."""
    parts = Parts.made(_fill)
    parts.swap("xl/drawings/drawing1.xml", "</xdr:wsDr>", f"{_SHAPE}</xdr:wsDr>")
    # XlsxWriter puts one part under an absolute name, which no zip may have.
    parts.parts = {name.lstrip("/"): content for name, content in parts.parts.items()}
    parts.save(path)


def _fill(book: Any) -> None:
    data, drawn = book.add_worksheet("数据"), book.add_worksheet("图")
    fill_rows(data)
    chart, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": "=数据!$C$1",
            "categories": "=数据!$B$2:$B$5",
            "values": "=数据!$C$2:$C$5",
            "data_labels": {"value": True},
            "gap": 80,
        }
    )
    line.add_series(
        {
            "name": "=数据!$D$1",
            "values": "=数据!$D$2:$D$5",
            "y2_axis": True,
            "marker": {"type": "diamond"},
            "trendline": {"type": "linear"},
        }
    )
    chart.combine(line)
    line.set_y2_axis({"name": "金额", "num_format": "#,##0"})
    drawn.write("A1", "图表")
    drawn.write("A2", 3)
    drawn.insert_chart("C1", chart)
    drawn.insert_image(
        "C20",
        "logo.png",
        {"image_data": BytesIO(png()), "url": "https://example.com/", "description": "标志"},
    )
    drawn.insert_textbox("H20", "说明\n第二行", {"fill": {"color": "#FFF2CC"}, "textlink": "=$A$1"})
    drawn.embed_image("B4", "in-cell.png", {"image_data": BytesIO(png(20))})
    drawn.insert_checkbox("B5", True)
    drawn.set_header("&L&G", {"image_left": "head.png", "image_data_left": BytesIO(png(90))})
    drawn.set_background(BytesIO(png(140)))
    data.add_sparkline(
        "F2", {"range": "数据!C2:C5", "markers": True, "type": "column", "high_point": True}
    )
    data.add_sparkline("F3", {"range": "数据!D2:D5", "style": 12})
    own = book.add_chartsheet("图表页")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"categories": "=数据!$B$2:$B$5", "values": "=数据!$C$2:$C$5"})
    own.set_chart(pie)
