"""Slides drawn with python-pptx: a title placeholder, texts, tables and native charts on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import chain
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from salesplan.dataclass import replace
from salesplan.plan.model import Light
from salesplan.report.deck.content import Box, Cell, Chart, Column, Series, Slide, Table, Text
from salesplan.report.deck.fitting import LINE as LINE_HEIGHT
from salesplan.report.deck.fitting import POINTS, cut, fitted, height, lines, wide
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    BETTER_COLOR,
    HEADER,
    INK,
    LIGHT_COLORS,
    LINE,
    MUTED,
    NAVY,
    TARGET_LINE,
    WHITE,
    WORSE_COLOR,
)

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
TITLE = Box(0.5, 0.3, 12.33, 0.85)
SUBTITLE = Box(0.5, 1.12, 12.33, 0.3)
FOOT = Box(0.5, 7.0, 11.3, 0.3)
NUMBER = Box(11.83, 7.0, 1.0, 0.3)
TITLE_SIZES, LEAST = (26, 15), 9
MARGIN = 0.06
"""Inches beside and above a cell's text."""
MOST_STRETCH = 1.35
"""How much higher a table's rows are than they need, where there is room."""
TITLE_ONLY = 5
"""The layout of the built-in template that has a title and nothing else."""
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style without grid and colours."""
_ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_KINDS = {
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "line": XL_CHART_TYPE.LINE,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}


def drawn(slides: Sequence[Slide], basis: str, title: str, day: date) -> bytes:
    """The presentation as python-pptx saves it. ``basis``, what its figures rest on, stands at the
    foot of each slide; ``day`` is the only date in it.
    """
    made = Presentation()
    _prepare(made)
    layout = made.slide_layouts[0]
    for number, slide in enumerate(slides, 1):
        page = made.slides.add_slide(layout)
        _title(page, slide)
        for part in slide.parts:
            if isinstance(part, Text):
                _text(page, part)
            elif isinstance(part, Table):
                _table(page, part)
            else:
                _chart(page, part)
        _foot(page, basis, number)
    told = made.core_properties
    told.author, told.last_modified_by = "salesplan", "salesplan"
    told.title, told.subject, told.keywords, told.comments = title, basis, "", ""
    told.revision = 1
    told.created = told.modified = datetime(day.year, day.month, day.day)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def _prepare(made: Any) -> None:
    """16:9, one layout with a title where ours stands, nothing else of the built-in template."""
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    kept = made.slide_layouts[TITLE_ONLY]
    for layout in list(made.slide_layouts):
        if layout is not kept:
            made.slide_layouts.remove(layout)
    for holder in (made.slide_master, kept):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.type.name in ("TITLE", "CENTER_TITLE"):
                _put(shape, TITLE)
            elif shape.placeholder_format.type.name == "BODY":
                _put(shape, Box(0.5, 1.5, 12.33, 5.35))
            else:
                shape._element.getparent().remove(shape._element)


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)


def _color(value: str) -> Any:
    return RGBColor.from_string(value.lstrip("#"))


def _title(page: Any, slide: Slide) -> None:
    size = fitted((slide.title,), TITLE.width, TITLE.height, TITLE_SIZES, strong=True)
    shape = page.shapes.title
    count = int(TITLE.height * POINTS / (size * LINE_HEIGHT)) or 1
    shape.text_frame.text = cut(slide.title, TITLE.width, size, count)
    _frame(shape.text_frame, MSO_ANCHOR.MIDDLE)
    _look(shape.text_frame.paragraphs[0], size, NAVY, strong=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    if slide.subtitle:
        _line(page, SUBTITLE, slide.subtitle, 12, PP_ALIGN.LEFT)


def _frame(frame: Any, anchor: Any) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor


def _look(paragraph: Any, size: int, color: str, *, strong: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold = Pt(size), strong
        run.font.color.rgb = _color(color)


def _line(page: Any, box: Box, text: str, size: int, align: Any) -> Any:
    """One line of quiet text."""
    shape = page.shapes.add_textbox(*_place(box))
    frame = shape.text_frame
    _frame(frame, MSO_ANCHOR.MIDDLE)
    frame.text = cut(text, box.width, size, 1)
    frame.paragraphs[0].alignment = align
    _look(frame.paragraphs[0], size, MUTED)
    return shape


def _place(box: Box) -> tuple[Any, Any, Any, Any]:
    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def _foot(page: Any, basis: str, number: int) -> None:
    size = fitted((basis,), FOOT.width, FOOT.height, (10, 8))
    _line(page, FOOT, basis, size, PP_ALIGN.LEFT)
    shape = _line(page, NUMBER, str(number), 10, PP_ALIGN.RIGHT)
    run = shape.text_frame.paragraphs[0].runs[0]._r
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{7C9B4E0D-6C1B-4B52-8B1B-5E2A4F0D9A10}}" '
        f'type="slidenum"><a:t>{number}</a:t></a:fld>'
    )
    field.insert(0, run.get_or_add_rPr())
    run.getparent().replace(run, field)


def _text(page: Any, part: Text) -> None:
    box = part.box
    ground = part.caution
    inner = box.width - (0.3 if ground or len(part.paragraphs) > 1 else 0.0)
    texts = [one.text for one in part.paragraphs]
    strong = any(one.strong for one in part.paragraphs)
    size = fitted(texts, inner, box.height - 0.1, (part.most, part.least), strong)
    room = int((box.height - 0.1) * POINTS / (size * LINE_HEIGHT))
    shape = page.shapes.add_textbox(*_place(box))
    frame = shape.text_frame
    _frame(frame, MSO_ANCHOR.MIDDLE if ground else MSO_ANCHOR.TOP)
    if ground:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _color(LIGHT_COLORS[Light.RED][1])
        frame.margin_left = frame.margin_right = Inches(0.12)
    most = max(room // max(len(texts), 1), 1) if height(texts, inner, size) > box.height else 99
    for at, one in enumerate(part.paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.text = cut(one.text, inner, size, most)
        paragraph.space_after = Pt(size / 2) if at + 1 < len(texts) else Pt(0)
        color = LIGHT_COLORS[Light.RED][0] if ground else INK
        if one.light is not None:
            color = LIGHT_COLORS[one.light][0]
        _look(paragraph, size, color, strong=one.strong or ground)


def _table(page: Any, part: Table) -> None:
    size = part.most
    while size > LEAST and not _fits(part, size):
        size -= 1
    widths = _widths(part, size)
    heights = _heights(part, widths, size)
    stretch = min(MOST_STRETCH, part.box.height / sum(heights))
    tall = [one * max(stretch, 1.0) for one in heights]
    frame = page.shapes.add_table(len(part.rows) + 1, len(part.columns), *_place(part.box))
    frame.name, frame.height = part.name, Inches(sum(tall))
    table = frame.table
    style = frame._element.find(f".//{qn('a:tableStyleId')}")
    style.text = PLAIN_TABLE
    table.horz_banding = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for row, high in zip(table.rows, tall, strict=True):
        row.height = Inches(high)
    for at, column in enumerate(part.columns):
        _fill_cell(table.cell(0, at), Cell(column.head, strong=True), column, size, head=True)
    full = sum(heights) > part.box.height
    for at, line in enumerate(part.rows, 1):
        for number, cell in enumerate(line):
            if cell is not None:
                shown = _cut_cell(cell, widths[number], size, part) if full else cell
                _put_cell(table, (at, number), shown, part.columns[number], size)


def _put_cell(table: Any, at: tuple[int, int], cell: Cell, column: Column, size: int) -> None:
    row, number = at
    place = table.cell(row, number)
    if cell.rows > 1:
        place.merge(table.cell(row + cell.rows - 1, number))
    _fill_cell(place, cell, column, size)
    for under in range(cell.rows):
        _underline(table.cell(row + under, number))
        if under:
            _quiet(table.cell(row + under, number), size)


def _fits(part: Table, size: int) -> bool:
    """Whether the table has room at that size, its figures unbroken and its texts no narrower than
    half of what they were meant to have.
    """
    widths = _widths(part, size)
    whole = sum(column.part for column in part.columns)
    shares = [part.box.width * column.part / whole for column in part.columns]
    narrow = any(width < share / 2 for width, share in zip(widths, shares, strict=True))
    return not narrow and sum(_heights(part, widths, size)) <= part.box.height


def _widths(part: Table, size: int) -> list[float]:
    """The columns' widths: figures stand unbroken, texts share what is left."""
    whole = sum(column.part for column in part.columns)
    widths = [part.box.width * column.part / whole for column in part.columns]
    texts = [at for at, column in enumerate(part.columns) if column.align == "left"]
    for at in range(len(widths)):
        if at not in texts:
            widths[at] = max(widths[at], _unbroken(part, at, size))
    rest = part.box.width - sum(one for at, one in enumerate(widths) if at not in texts)
    shared = sum(part.columns[at].part for at in texts)
    for at in texts:
        widths[at] = max(rest * part.columns[at].part / shared, 0.3)
    return widths


def _unbroken(part: Table, at: int, size: int) -> float:
    """What the column's longest figure, or word of its head, needs."""
    cells = [line[at] for line in part.rows]
    found = [cell.text for cell in cells if cell is not None]
    return max(wide(one, size) for one in (*found, *part.columns[at].head.split())) + 2 * MARGIN


def _heights(part: Table, widths: Sequence[float], size: int) -> list[float]:
    """What each row needs, the head first; a cell over two rows needs half in each."""
    found = [_row_height([(column.head, 1) for column in part.columns], widths, size)]
    for at, line in enumerate(part.rows):
        cells = [("", 1) if cell is None else (cell.text, cell.rows) for cell in line]
        above = part.rows[at - 1] if at else ()
        for number, cell in enumerate(line):
            if cell is None and number < len(above) and (over := above[number]) is not None:
                cells[number] = (over.text, over.rows)
        found.append(_row_height(cells, widths, size))
    return found


def _row_height(cells: Sequence[tuple[str, int]], widths: Sequence[float], size: int) -> float:
    needed = [
        lines(text, width - 2 * MARGIN, size, strong=True) / rows
        for (text, rows), width in zip(cells, widths, strict=True)
    ]
    return max(*needed, 1.0) * size * LINE_HEIGHT / POINTS + 2 * MARGIN / 2


def _cut_cell(cell: Cell, width: float, size: int, part: Table) -> Cell:
    """The cell's text as far as an equal share of the table's height has room for it."""
    share = part.box.height / (len(part.rows) + 1) * cell.rows
    count = max(int((share - MARGIN) * POINTS / (size * LINE_HEIGHT)), 1)
    return replace(cell, text=cut(cell.text, width - 2 * MARGIN, size, count))


def _fill_cell(place: Any, cell: Cell, column: Column, size: int, *, head: bool = False) -> None:
    place.margin_left = place.margin_right = Inches(MARGIN)
    place.margin_top = place.margin_bottom = Inches(MARGIN / 2)
    place.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = place.text_frame
    frame.word_wrap = True
    frame.text = cell.text
    color, ground = INK, HEADER if head else None
    if head:
        color = NAVY
    elif cell.light is not None:
        color, ground = LIGHT_COLORS[cell.light]
    elif cell.good is not None:
        color = LIGHT_COLORS[Light.GREEN if cell.good else Light.RED][0]
    frame.paragraphs[0].alignment = _ALIGN[column.align]
    _look(frame.paragraphs[0], size, color, strong=cell.strong)
    if not cell.text:
        _quiet(place, size)
    if ground is None:
        place.fill.background()
    else:
        place.fill.solid()
        place.fill.fore_color.rgb = _color(ground)


def _quiet(place: Any, size: int) -> None:
    """An empty cell that is no higher than the others: it would count as one of 18 points."""
    paragraph = place.text_frame.paragraphs[0]._p
    paragraph.append(parse_xml(f'<a:endParaRPr {nsdecls("a")} sz="{size * 100}"/>'))


def _underline(place: Any) -> None:
    """A thin line below a cell."""
    told = place._tc.get_or_add_tcPr()
    line = parse_xml(
        f'<a:lnB {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{LINE.lstrip("#")}"/>'
        "</a:solidFill></a:lnB>"
    )
    told.insert(0, line)


def _chart(page: Any, part: Chart) -> None:
    data = CategoryChartData(number_format=part.number_format)
    data.categories = part.categories
    for series in part.series:
        values = [None if value is None else float(value) for value in series.values]
        data.add_series(series.name, values)
    frame = page.shapes.add_chart(_KINDS[part.kind], *_place(part.box), data)
    frame.name = part.name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", part.title)
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(12), _color(MUTED)
    chart.has_title = True
    title = chart.chart_title.text_frame
    title.text = part.title
    _look(title.paragraphs[0], 14, INK, strong=True)
    chart.chart_title.include_in_layout = False
    chart.has_legend = len(part.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(12)
    _axes(chart, part)
    plot = chart.plots[0]
    plot.vary_by_categories = False
    if part.kind != "line":
        plot.gap_width = 60 if part.kind == "bar" else 70
        plot.overlap = 0 if part.kind == "column" else 100
    for shown, series in zip(plot.series, part.series, strict=True):
        if part.kind == "line":
            _stroke(shown, series)
        else:
            _bars(shown, series)
    if part.kind == "bar":
        _labels(plot, part)


def _axes(chart: Any, part: Chart) -> None:
    names, figures = chart.category_axis, chart.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = _color(TARGET_LINE)
    names.has_major_gridlines = False
    names.tick_labels.font.size = Pt(12)
    figures.major_tick_mark = XL_TICK_MARK.NONE
    figures.format.line.fill.background()
    if part.kind == "bar":
        names.reverse_order = True
        names.tick_labels.font.color.rgb = _color(INK)
        figures.has_major_gridlines = False
        figures.crosses_at = float(part.middle)
        figures.minimum_scale, figures.maximum_scale = _ends(part)
        figures.visible = False
        return
    figures.has_major_gridlines = True
    figures.major_gridlines.format.line.color.rgb = _color(LINE)
    figures.tick_labels.number_format = part.number_format.split(".")[0] + (
        "%" if "%" in part.number_format and "." in part.number_format else ""
    )
    figures.tick_labels.number_format_is_linked = False


def _ends(part: Chart) -> tuple[float, float]:
    """The ends of a bar chart's axis, with room for the figures at the bars' ends."""
    figures = chain.from_iterable(series.values for series in part.series)
    values = [float(one) for one in figures if one is not None]
    low, high = min(*values, float(part.middle)), max(*values, float(part.middle))
    room = (high - low) * 0.25 or 1.0
    return low - room, high + room


def _stroke(shown: Any, series: Series) -> None:
    """Actual solid, target dashed, forecast dotted."""
    look = series.look
    line = shown.format.line
    line.color.rgb = _color(TARGET_LINE if look == "target" else ACTUAL_COLOR)
    line.width = Pt(2.5 if look == "actual" else 1.75)
    if look != "actual":
        line.dash_style = MSO_LINE.DASH if look == "target" else MSO_LINE.ROUND_DOT
    shown.smooth = False
    marked = look == "actual"
    shown.marker.style = XL_MARKER_STYLE.CIRCLE if marked else XL_MARKER_STYLE.NONE
    if marked:
        shown.marker.size = 7
        shown.marker.format.fill.solid()
        shown.marker.format.fill.fore_color.rgb = _color(ACTUAL_COLOR)


def _bars(shown: Any, series: Series) -> None:
    """Actual solid, target an outline, a variance green or red by good or bad."""
    fill = shown.format.fill
    fill.solid()
    if series.look == "target":
        fill.fore_color.rgb = _color(WHITE)
        shown.format.line.color.rgb = _color(TARGET_LINE)
        shown.format.line.width = Pt(1.25)
    else:
        fill.fore_color.rgb = _color(ACTUAL_COLOR)
    shown.invert_if_negative = False
    for at, good in enumerate(series.good):
        point = shown.points[at].format.fill
        point.solid()
        point.fore_color.rgb = _color(BETTER_COLOR if good else WORSE_COLOR)


def _labels(plot: Any, part: Chart) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = part.number_format, False
    labels.show_value = True
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(12)
    labels.font.color.rgb = _color(INK)
