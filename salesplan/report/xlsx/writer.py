"""The pen: sheets with measured columns and rows over XlsxWriter; knows layout, no figures.

Text is always written as text: a customer called ``=1+1`` stays a customer. Every formula is
written with its result. The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from salesplan.dataclass import dataclass, field
from salesplan.plan.model import Light
from salesplan.report.xlsx import measure, paging
from salesplan.report.xlsx.measure import Scalar, Wrapped
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.stream import LongTable, Pen, splice
from salesplan.report.xlsx.styles import (
    BAR_COLOR,
    BAR_NEGATIVE_COLOR,
    BETTER_COLOR,
    COLUMN_FONT,
    DAY,
    FONTS,
    LIGHT_COLORS,
    ROW_HEIGHT,
    WORSE_COLOR,
    combined,
)
from salesplan.workbook.save.destination import BLANK, PROPERTY, SHELL
from salesplan.workbook.save.guards import close_book
from salesplan.workbook.verbatim import sheet_class

FOOTER = "&L&10&A&C&10&P / &N&16 &R&10&F"
"""Sheet, page and file. The blank of 16 points keeps the line high enough for Chinese, which
LibreOffice cuts by the height of the sizes that are named.
"""
_PADDING = 1.0
_EDGE = 0.3
"""What a number needs beside itself: programs leave the rest of a cell's margin out of its width.
"""
_FEW, _WORDS = 4, 9.0
"""Words in the place of a figure that are wider than this take two lines, not a wider column."""
A4 = 9


@dataclass(frozen=True, slots=True)
class Print:
    """How a section goes on paper: repeated rows, last column, pages high (0: free), last row
    (None: the sheet's), scale in percent (0: fitted to the width), pages wide.
    """

    headers: tuple[int, int] | None
    last_column: int
    pages_high: int = 0
    area_rows: int | None = None
    scale: int = 0
    pages_wide: int = 1


class Book:
    """A workbook being written; a context manager that saves on leaving."""

    def __init__(self, path: Path, lang: str, created: date, properties: Mapping[str, str]) -> None:
        from xlsxwriter import Workbook

        self.lang = lang
        self.font = FONTS.of(lang)
        self._path, self._shell = path, path.with_name(path.name + SHELL)
        self._book: Any = Workbook(
            str(self._shell),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "use_zip64": False,
                "in_memory": True,
                "default_format_properties": {"font_name": COLUMN_FONT, "font_size": 10},
            },
        )
        self._book.set_properties(
            {**properties, "created": datetime(created.year, created.month, created.day)}
        )
        self._book.set_custom_property(PROPERTY, BLANK, "text")
        self._book.set_size(1920, 1080)
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._asked: dict[tuple[tuple[str, ...], tuple[tuple[str, object], ...]], Any] = {}
        self.pages: list[Page] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()

    def close(self) -> None:
        """Lay out every page and save; the pages are done with. OSError if the file cannot be
        written.
        """
        for page in self.pages:
            page.finish()
        try:
            close_book(self._book)
            splice(
                self._shell,
                self._path,
                {
                    f"xl/worksheets/sheet{number}.xml": page.long
                    for number, page in enumerate(self.pages, 1)
                    if page.long
                },
            )
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        finally:
            self._shell.unlink(missing_ok=True)
            for page in self.pages:
                page.long = None
            self.pages.clear()

    def page(self, name: str, tab: str | None = None) -> Page:
        """A new sheet after those already there."""
        sheet = self._book.add_worksheet(name, sheet_class())
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW_HEIGHT)
        page = Page(self, name, sheet)
        if tab is not None:
            page.sheet.set_tab_color(tab)
        self.pages.append(page)
        return page

    def leads_to(self, sheet: str) -> bool:
        """Whether a link to the sheet opens: programs do not follow one to a hidden sheet."""
        return not any(page.hidden for page in self.pages if page.name == sheet)

    def style(self, *names: str, **extra: object) -> Any:
        """The cell format of combined styles; equal ones are one."""
        asked = (names, tuple(extra.items()))
        form = self._asked.get(asked)
        if form is None:
            properties = combined(names, extra)
            key = tuple(sorted(properties.items()))
            if key not in self._formats:
                self._formats[key] = self._book.add_format({"font_name": self.font, **properties})
            form = self._asked[asked] = self._formats[key]
        return form

    def tint(self, ink: str, ground: str) -> Any:
        """The format of a condition that colours a cell."""
        key: tuple[tuple[str, object], ...] = (("tint", ink + ground),)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_color": ink, "bg_color": ground})
        return self._formats[key]

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give a cell a name that formulas can use."""
        self._book.define_name(name, f"={quoted(sheet)}!{address(row, column, absolute=True)}")

    def chart(self, kind: str, subtype: str = "") -> Any:
        """A new chart, which a page places."""
        return self._book.add_chart(
            {"type": kind, "subtype": subtype} if subtype else {"type": kind}
        )


@dataclass
class Page:
    """One sheet: cells are put, then columns and rows are measured by what they hold."""

    book: Book
    name: str
    sheet: Any
    _widths: dict[int, float] = field(default_factory=dict)
    _numbers: dict[int, float] = field(default_factory=dict)
    """What the widest number of a column needs: no column is narrower, whatever its own width."""
    _measured: dict[tuple[int, Any], tuple[Decimal | int, Decimal | int]] = field(
        default_factory=dict
    )
    """The least and the largest number measured in a column and format: none between them is wider.
    """
    _fixed: dict[int, float] = field(default_factory=dict)
    _heights: dict[int, float] = field(default_factory=dict)
    _levels: dict[int, int] = field(default_factory=dict)
    _wrapped: list[Wrapped] = field(default_factory=list)
    _grouped: dict[int, bool] = field(default_factory=dict)
    _blocks: list[paging.Block] = field(default_factory=list)
    _prints: list[Print] = field(default_factory=list)
    """How each of the page's sections goes on paper."""
    long: LongTable | None = None
    hidden: bool = False
    top: int = 0
    """0-based row where the section that is being written begins, below its title."""
    sections: int = 0
    """How many sections stand on the sheet, one below another."""
    _folded: set[int] = field(default_factory=set)
    _cuts: set[int] = field(default_factory=set)
    _headings: dict[int, str] = field(default_factory=dict)
    _charts: list[tuple[int, int, Any, Mapping[str, object]]] = field(default_factory=list)

    def hide(self) -> None:
        """Leave the sheet out of sight and off paper; its formulas go on."""
        self.hidden = True
        self.sheet.hide()

    @property
    def free(self) -> int:
        """The first row that a further section can begin in: one row below all that is there."""
        drawn = max((last for _, last in self._blocks), default=0)
        return max(self.sheet.dim_rowmax or 0, drawn) + 2

    def freeze(self, row: int, column: int) -> None:
        """Let what stands before a cell stand still, in the sheet's first section."""
        if self.sections < 2:
            self.sheet.freeze_panes(row, column)

    def filter(self, *area: int) -> None:
        """A filter over a table (first row and column, last row and column): a sheet has one."""
        if self.sections < 2:
            self.sheet.autofilter(*area)

    def put(
        self,
        row: int,
        column: int,
        value: Scalar,
        *styles: str,
        formula: str | None = None,
        number_format: str = "",
        **extra: object,
    ) -> None:
        """Write ``value``, or ``formula`` with ``value`` as its stored result, and measure it.

        None is written as a blank cell.
        """
        if number_format:
            extra["num_format"] = number_format
        elif isinstance(value, date):
            extra["num_format"] = DAY
        words = isinstance(value, str) and "right" in styles and len(value) > _FEW
        if words and measure.width(str(value)) > _WORDS:
            extra["text_wrap"] = True
        form = self.book.style(*styles, **extra)
        self.write(row, column, value, form, formula)
        if isinstance(value, (Decimal, int)):
            low, high = self._measured.get((column, form), (value, value))
            if low <= value <= high and (column, form) in self._measured:
                return
            self._measured[column, form] = (min(low, value), max(high, value))
        text = measure.shown(value, str(extra.get("num_format", "")))
        size, bold = form.font_size, bool(form.bold)
        if isinstance(value, (Decimal, int)):
            self._hold(column, column, measure.number(text, size, bold))
        wraps = bool(form.text_wrap) and isinstance(value, str)
        if wraps:
            self._wrapped.append(Wrapped(row, column, column, text, size, bold))
        needed = measure.halved(text, size, bold) if wraps else measure.width(text, size, bold)
        if "wrap" not in styles or not wraps:
            self._widths[column] = max(
                self._widths.get(column, 0.0), needed + _PADDING + 1.6 * form.indent
            )

    def write(
        self, row: int, column: int, value: Scalar, form: Any, formula: str | None = None
    ) -> None:
        """Write without measuring, in a format that was made before: for long tables."""
        if formula is not None:
            self.sheet.write_formula(row, column, "=" + formula, form, _stored(value))
        elif value is None or value == "":
            self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, form)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, form)
        else:
            self.sheet.write_number(row, column, float(value), form)

    def stream(
        self,
        first_row: int,
        count: int,
        models: Sequence[Sequence[Any]],
        rows: Callable[[Pen], Iterable[str]],
    ) -> None:
        """The sheet's last rows, ``count`` of them from ``first_row`` on, written by ``rows`` when
        the book is saved.

        ``models`` are rows of cell formats, from the first column on, that the pen then has at
        hand.
        """
        for offset, formats in enumerate(models):
            for column, form in enumerate(formats):
                self.sheet.write_blank(first_row + offset, column, None, form)
        self.long = LongTable(first_row, first_row + count - 1, len(models), rows)

    def wide(
        self,
        row: int,
        first: int,
        last: int,
        value: Scalar,
        *styles: str,
        formula: str | None = None,
        **extra: object,
    ) -> None:
        """One value over the columns ``first`` to ``last``; wrapped text sets the row's height."""
        form = self.book.style(*styles, **extra)
        if first == last:
            self.write(row, first, value, form, formula)
        else:
            self.sheet.merge_range(row, first, row, last, "", form)
            self.write(row, first, value, form, formula)
        if form.text_wrap and isinstance(value, str):
            self._wrapped.append(Wrapped(row, first, last, value, form.font_size, form.bold))
        if isinstance(value, (Decimal, int)):
            text = measure.shown(value, str(extra.get("num_format", "")))
            self._hold(first, last, measure.number(text, form.font_size, bool(form.bold)))

    def _hold(self, first: int, last: int, needed: float) -> None:
        """See to it that columns ``first`` to ``last`` hold a number that is ``needed`` wide."""
        beside = sum(self.width_of(column) for column in range(first, last))
        short = needed + _EDGE - beside
        self._numbers[last] = max(self._numbers.get(last, 0.0), short)

    def link(
        self,
        row: int,
        column: int,
        text: str,
        sheet: str,
        cell: str = "A1",
        *styles: str,
        **extra: object,
    ) -> None:
        """A link to a cell of this workbook: underlined, or quiet in the style ``lead``; plain text
        where the sheet is hidden, since no program opens it.
        """
        if not self.book.leads_to(sheet):
            plain = [style for style in styles if style != "lead"]
            self.write(row, column, text, self.book.style(*plain, **extra))
            return
        form = (
            self.book.style(*styles, **extra)
            if "lead" in styles
            else self.book.style(*styles, "link", **extra)
        )
        self.sheet.write_url(row, column, f"internal:{quoted(sheet)}!{cell}", form, text)

    def heading(self, row: int, column: int, text: str) -> None:
        """The heading of a table that begins below it: on paper it stays with the table's own heads
        and first rows.
        """
        self.write(row, column, text, self.book.style("heading"))
        self._headings[row] = text
        self.keep(row, row + 3)

    def draw(self, row: int, column: int, chart: Any, rows: int, **options: object) -> None:
        """A chart of so many rows, not cut in print."""
        self._charts.append((row, column, chart, options))
        self.keep(row, row + rows - 1)

    def block(self, first: int, after: int) -> int:
        """Keep a block with its title, table and chart together, up to the blank row before
        ``after``; gives ``after``.
        """
        self.keep(first, after - 2)
        return after

    def keep(self, first: int, last: int) -> None:
        """Rows that stand on one printed page, if they fit on one."""
        if last > first:
            self._blocks.append((first, last))

    def cut(self, row: int) -> None:
        """Let a printed page begin with the row."""
        self._cuts.add(row)

    def fix(self, widths: Mapping[int, float]) -> None:
        """Give columns a width of their own, whatever they hold but for longer numbers."""
        self._fixed |= widths

    def at_least(self, columns: Iterable[int], width: float) -> None:
        """Make columns no narrower than ``width`` characters."""
        for column in columns:
            self._widths[column] = max(self._widths.get(column, 0.0), width)

    def height(self, row: int, points: float) -> None:
        """Make a row ``points`` high."""
        self._heights[row] = points

    def level(self, row: int, depth: int) -> None:
        """Put the row under those above it, to be folded by the reader."""
        self._levels[row] = min(depth, 7)

    def fold(self, row: int, depth: int = 1) -> None:
        """Put the row under those above it, folded away: not printed until a reader unfolds it."""
        self.level(row, depth)
        self._folded.add(row)

    def fold_block(self, first: int, last: int) -> list[str]:
        """Fold rows away with their tables; gives the headings among them. Their charts are left
        out: programs press them into a line.
        """
        self._charts = [one for one in self._charts if not first <= one[0] <= last]
        for row in range(first, last + 1):
            self.fold(row)
        return [self._headings[row] for row in range(first, last + 1) if row in self._headings]

    def fold_columns(self, first: int, last: int) -> None:
        """Columns that are there for those who look, folded away."""
        for column in range(first, last + 1):
            self._grouped[column] = True

    def lights(
        self, first_row: int, last_row: int, column: int, words: Mapping[Light, Sequence[str]]
    ) -> None:
        """Colour the cells that hold a light's words, whatever they come to be."""
        tints: dict[str, tuple[str, str]] = {}
        for light, texts in words.items():
            tints |= dict.fromkeys(texts, LIGHT_COLORS[light])
        self.tints(first_row, last_row, column, tints)

    def tints(
        self, first_row: int, last_row: int, column: int, colors: Mapping[str, tuple[str, str]]
    ) -> None:
        """Colour the cells that hold one of the texts: text and ground of each."""
        if last_row < first_row:
            return
        for text, (ink, ground) in colors.items():
            self.sheet.conditional_format(
                first_row,
                column,
                last_row,
                column,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{text}"',
                    "format": self.book.tint(ink, ground),
                },
            )

    def above(self, area: tuple[int, int, int, int], limit: str, form: Any) -> None:
        """Colour the numbers of an area (first row and column, last row and column) that are above
        a named cell's; the first such rule wins.
        """
        top = address(area[0], area[1])
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({top}),{top}>{limit})",
            "format": form,
            "stop_if_true": True,
        }
        self.sheet.conditional_format(*area, rule)

    def bars(self, first_row: int, last_row: int, column: int) -> None:
        """Data bars behind fractions of one: the whole cell is all of it."""
        colors = {"bar_color": BAR_COLOR, "bar_negative_color": BAR_NEGATIVE_COLOR}
        self._bars(first_row, last_row, column, {**colors, "min_value": 0, "max_value": 1})

    def variance_bars(self, first_row: int, last_row: int, column: int) -> None:
        """Bars to both sides of nothing: what is good green to the right, what is bad red to the
        left, all of a column on one scale.
        """
        colors = {"bar_color": BETTER_COLOR, "bar_negative_color": WORSE_COLOR}
        middle = {"bar_axis_position": "middle", "bar_only": True}
        scale = {"min_value": -0.5, "max_value": 0.5}
        self._bars(first_row, last_row, column, {**colors, **middle, **scale})

    def _bars(self, first_row: int, last_row: int, column: int, look: dict[str, object]) -> None:
        """Data bars of one colour without a frame, on a scale of numbers."""
        if last_row < first_row:
            return
        plain = {"type": "data_bar", "bar_solid": True, "bar_no_border": True}
        scale = {"data_bar_2010": True, "min_type": "num", "max_type": "num"}
        area = (first_row, column, last_row, column)
        self.sheet.conditional_format(*area, {**plain, **scale, **look})

    def width_of(self, column: int) -> float:
        """How wide a column will be, in characters."""
        own = self._fixed.get(column) or max(self._widths.get(column, 0.0), 4.0)
        return max(own, self._numbers.get(column, 0.0))

    def pixels(self, first: int, last: int) -> int:
        """The width of columns ``first`` to ``last``, as laid out so far."""
        return sum(int(self.width_of(column) * 7 + 0.5) + 5 for column in range(first, last + 1))

    def scale(self, last_column: int, most: int) -> int:
        """The print scale in percent at which the columns fit across A4, ``most`` at most: where
        page breaks are to be kept.
        """
        return paging.fitting(self.pixels(0, last_column), most)

    def set_print(
        self,
        header_rows: tuple[int, int] | None,
        last_column: int,
        pages_high: int = 0,
        area_rows: int | None = None,
        scale: int = 0,
        pages_wide: int = 1,
    ) -> None:
        """A4 landscape, fit to width (or at ``scale`` percent, which keeps page breaks), headers
        repeated, page numbers. Of several sections the widest decides.
        """
        self._prints.append(
            Print(header_rows, last_column, pages_high, area_rows, scale, pages_wide)
        )

    def _lay_on_paper(self, one: Print) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.25, right=0.25, top=0.35, bottom=0.5)
        if one.scale:
            sheet.set_print_scale(one.scale)
        else:
            sheet.fit_to_pages(one.pages_wide, one.pages_high)
        sheet.center_horizontally()
        sheet.set_footer(FOOTER)
        if one.headers is not None:
            sheet.repeat_rows(*one.headers)
        if one.area_rows is not None and not self.hidden:  # Calc prints a hidden sheet's area
            sheet.print_area(0, 0, one.area_rows, one.last_column)
        if self.long is None and not one.pages_high and one.pages_wide == 1:
            self._break_pages(one)

    def finish(self) -> None:
        """Set column widths and row heights by what was put."""
        known = self._widths.keys() | self._fixed.keys() | self._numbers.keys()
        for column in sorted(known | self._grouped.keys()):
            options = {"level": 1, "hidden": True} if self._grouped.get(column) else {}
            self.sheet.set_column(column, column, self.width_of(column), None, options)
        if self._grouped:
            after = max(self._grouped) + 1
            self.sheet.set_column(after, after, self.width_of(after), None, {"collapsed": True})
        for one in self._wrapped:
            over = range(one.first, one.last + 1)
            seen = [column for column in over if not self._grouped.get(column)] or over
            room = sum(map(self.width_of, seen)) - _PADDING
            needed = one.height(room, measure.LINE_HEIGHT.of(self.book.lang))
            self._heights[one.row] = max(self._heights.get(one.row, 0.0), needed)
        for row in sorted(self._heights.keys() | self._levels.keys()):
            options = {"level": self._levels.get(row, 0), "hidden": row in self._folded}
            self.sheet.set_row(row, self._heights.get(row, ROW_HEIGHT), None, options)
        for row, column, chart, placed in self._charts:
            self.sheet.insert_chart(row, column, chart, {"object_position": 1, **placed})
        if self._folded:
            self.sheet.outline_settings(True, False, False, False)
        if self._prints:
            self._lay_on_paper(_together(self._prints, self.free - 2))

    def _break_pages(self, one: Print) -> None:
        """Set the print's scale and the page breaks that keep blocks whole, by the heights and
        widths that were laid out.
        """
        width = sum(
            self.pixels(column, column)
            for column in range(one.last_column + 1)
            if not self._grouped.get(column)
        )
        last = (
            max([self.sheet.dim_rowmax or 0, *(end for _, end in self._blocks)])
            if one.area_rows is None
            else one.area_rows
        )
        best, breaks = paging.scaled(
            lambda row: 0.0 if row in self._folded else self._heights.get(row, ROW_HEIGHT),
            self._blocks,
            paging.Sheet(last, one.headers, width, frozenset(self._cuts)),
            one.scale,
        )
        if best:
            self.sheet.set_print_scale(best)
        self.sheet.set_h_pagebreaks(breaks)


def _together(prints: Sequence[Print], rows: int) -> Print:
    """The print of a sheet with these sections, one below another, down to its last row. The heads
    of the last one are repeated: whatever page follows them is its own.
    """
    if len(prints) == 1:
        return prints[0]
    ends = [one.area_rows for one in prints if one.area_rows is not None]
    last = max(ends) if len(ends) == len(prints) else rows
    width = max(one.last_column for one in prints)
    return Print(prints[-1].headers, width, area_rows=last)


def _stored(value: Scalar) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days
    return float(value) if isinstance(value, (Decimal, int)) else value
