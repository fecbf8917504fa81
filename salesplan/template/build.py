"""Writing the template: one sheet after the other, with XlsxWriter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from salesplan.plan.schema import (
    SETTINGS,
    SHEETS,
    TABLES,
    TEMPLATE_VERSION,
    Column,
    Kind,
    Owner,
    Sheet,
)
from salesplan.template import layout, rules, styles
from salesplan.template import words as w
from salesplan.template.cells import look, undrawn, words, write
from salesplan.template.choosing import write_choosing
from salesplan.template.guide import write_guide
from salesplan.template.layout import Block
from salesplan.template.mistakes import plant
from salesplan.template.story import Row, Tables, story
from salesplan.template.styles import Styles
from salesplan.workbook import palette
from salesplan.workbook.save.guards import let_go
from salesplan.workbook.verbatim import sheet_class

A4 = 9
TEXT_KINDS = (Kind.CODE, Kind.CODES)


def build(
    path: Path, *, lang: str, year: int, fiscal_start: int, example: bool, mistakes: bool
) -> None:
    """Write the whole workbook; see :func:`salesplan.template.write_template`."""
    rows: Tables = story(year) if example else {}
    if mistakes:
        rows = plant(rows, year)
    write_book(path, rows, lang=lang, year=year, fiscal_start=fiscal_start, example=example)


def write_book(
    path: Path,
    rows: Tables,
    *,
    lang: str,
    year: int,
    fiscal_start: int,
    example: bool = False,
    sheets: Collection[str] | None = None,
) -> None:
    """Write a workbook with those rows and sheets (None: all of them); the same arguments give the
    same bytes.
    """
    import xlsxwriter

    given: Row = {"year": year, "fiscal_start": fiscal_start}
    wanted = [one for one in SHEETS if sheets is None or one.key in sheets]
    rows["settings"] = _settings_rows({**given, **rows.get("settings", [{}])[0]}, lang)
    options = {
        "default_format_properties": {"font_name": styles.FONTS.of(lang), "font_size": 10},
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "in_memory": True,  # its 180 parts as files took a third of the time
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.worksheet_class = sheet_class()
        # The date is the plan's, not today's: the same arguments must give the same bytes.
        workbook.set_properties(
            {
                "title": w.GUIDE_TITLE.of(lang),
                "author": "salesplan",
                "created": datetime(year, 1, 1),
            }
        )
        book = _Book(workbook, lang, Styles(workbook, lang), rows, wanted, fiscal_start)
        usual = write_guide(workbook, book.styles, lang, wanted, example)
        chosen = write_choosing(workbook, book.styles, lang, book.blocks.keys())
        for sheet in wanted:
            book.write_sheet(sheet)
        for name, formula in rules.lists(lang, book.blocks, usual):
            workbook.define_name(name, formula)
        for name, cells in chosen.items():
            workbook.define_name(name, f"={cells}")
    let_go(workbook)


def _settings_rows(given: Row, lang: str) -> list[Row]:
    known: Row = {"lang": lang, "template_version": TEMPLATE_VERSION, **given}
    return [
        {
            "name": setting.title(lang),
            "value": known.get(setting.key, _default(setting.default)),
            "note": setting.note(lang),
        }
        for setting in SETTINGS
    ]


def _default(value: object) -> Any:
    from decimal import Decimal

    return Decimal(repr(value)) if isinstance(value, float) else value


class _Book:
    """The workbook being written, in one language, with its sheets and the rows that go into its
    tables.
    """

    def __init__(
        self,
        workbook: Any,
        lang: str,
        look_of: Styles,
        rows: Tables,
        sheets: Sequence[Sheet],
        fiscal_start: int,
    ) -> None:
        self.workbook, self.lang, self.styles, self.rows = workbook, lang, look_of, rows
        filled = {key: len(given) for key, given in rows.items()}
        blocks = chain.from_iterable(
            layout.blocks_of(one.key, filled, fiscal_start) for one in sheets
        )
        self.blocks: Mapping[str, Block] = {block.table.key: block for block in blocks}
        there = {one.key for one in sheets}
        missing = {one.key for one in TABLES if one.sheet in there} - self.blocks.keys()
        if missing:
            raise ValueError(f"tables without a sheet: {sorted(missing)}")

    def write_sheet(self, sheet: Sheet) -> None:
        """Title, help, legend, tables and page set-up of one sheet."""
        ws = self.workbook.add_worksheet(sheet.title(self.lang))
        blocks = [block for block in self.blocks.values() if block.table.sheet == sheet.key]
        self._head(ws, sheet)
        for block in blocks:
            self._columns(ws, block)
            self._band(ws, block)
            self._table(ws, block)
            self._rules(ws, block)
        self._page(ws, sheet, blocks)

    def _head(self, ws: Any, sheet: Sheet) -> None:
        lang, get, said = self.lang, self.styles.get, w.SHEETS[sheet.key]
        step = f"  ·  {w.STEPS[said.step].of(lang)}" if said.step else ""
        ws.set_row(layout.TITLE_ROW, 30)
        ws.write_url(
            layout.TITLE_ROW,
            0,
            f"internal:'{w.GUIDE_SHEET.of(lang)}'!A1",
            get(styles.TITLE),
            f"{sheet.title(lang)}{step}",
            w.BACK.of(lang),
        )
        for row, height in (
            (layout.HELP_ROW, 18),
            (layout.LEGEND_ROW, 18),
            (layout.BAND_ROW, 16),
            (layout.HEADER_ROW, 34),
        ):
            ws.set_row(row, height)
        ws.write_string(layout.HELP_ROW, 0, said.purpose.of(lang), get(styles.HELP))
        colours = {"planner": palette.DEEP, "engine": palette.GREY_INK, "required": palette.GOLD}
        parts: list[Any] = []
        for index, (text, colour) in enumerate(w.LEGEND):
            parts += [
                get({"font_size": 9, "font_color": colours[colour], "italic": colour == "engine"}),
                ("      " if index else "") + text.of(lang),
            ]
        ws.write_rich_string(layout.LEGEND_ROW, 0, *parts, get(styles.HELP))

    def _columns(self, ws: Any, block: Block) -> None:
        for offset, column in enumerate(block.table.columns):
            at = block.column + offset
            outline = {"level": 1, "hidden": True} if _folded(block, column) else {}
            form = self.styles.get(undrawn(column))
            ws.set_column(at, at, layout.column_width(column, self.lang), form, outline)
        if any(_folded(block, column) for column in block.table.columns):
            ws.set_column(
                block.last_column + 1, block.last_column + 1, None, None, {"collapsed": True}
            )
        elif block.column:
            ws.set_column(block.column - 1, block.column - 1, 3)

    def _band(self, ws: Any, block: Block) -> None:
        said = w.BANDS.get(block.table.key, {})
        for first, last, owner in layout.runs(block.table, frozenset(said)):
            form = self.styles.get(
                styles.PLANNER_BAND if owner is Owner.PLANNER else styles.ENGINE_BAND
            )
            text = said.get(
                block.table.columns[first].key, w.PLANNER if owner is Owner.PLANNER else w.ENGINE
            )
            ws.write_string(layout.BAND_ROW, block.column + first, text.of(self.lang), form)
            for offset in range(first + 1, last + 1):
                ws.write_blank(layout.BAND_ROW, block.column + offset, None, form)

    def _table(self, ws: Any, block: Block) -> None:
        columns = block.table.columns
        ws.add_table(
            layout.HEADER_ROW,
            block.column,
            block.last_row,
            block.last_column,
            {
                "name": block.table.name,
                "style": None,
                "autofilter": block.table.key != "settings",
                "columns": [
                    {
                        "header": c.header(self.lang),
                        "header_format": self.styles.get(_header_look(c)),
                    }
                    for c in columns
                ],
            },
        )
        given = self.rows.get(block.table.key, [])
        self._heights(ws, block, given)
        for offset, column in enumerate(columns):
            ws.write_comment(layout.HEADER_ROW, block.column + offset, *self._note(column))
            for index, form in enumerate(self._forms(column, block.drawn)):
                value = given[index].get(column.key) if index < len(given) else None
                write(ws, block.first_row + index, block.column + offset, value, form, self.lang)

    def _forms(self, column: Column, rows: int) -> list[Any]:
        """The format of each of the column's cells; values of settings look like what they are."""
        if column.kind is not Kind.VALUE:
            return [self.styles.get(look(column))] * rows
        left = {"align": "left", "indent": 1}
        kinds = [setting.kind for setting in SETTINGS[:rows]]
        return [self.styles.get({**look(column, kind), **left}) for kind in kinds]

    def _heights(self, ws: Any, block: Block, given: Sequence[Row]) -> None:
        wrapped = [
            (column.key, layout.column_width(column, self.lang))
            for column in block.table.columns
            if look(column).get("text_wrap")
        ]
        for index, row in enumerate(given):
            height = layout.row_height(
                (words(row[key], self.lang), width)
                for key, width in wrapped
                if row.get(key) is not None
            )
            if height is not None:
                ws.set_row(block.first_row + index, height)

    def _note(self, column: Column) -> tuple[str, dict[str, object]]:
        if column.owner is Owner.ENGINE:
            kind = w.ENGINE_NOTE
        elif column.required:
            kind = w.REQUIRED
        else:
            kind = w.OPTIONAL
        note = column.note(self.lang)
        text = f"{kind.of(self.lang)}\n{note}"
        lines = 1 + layout.lines_of(note, 34)
        return text, {
            "author": "salesplan",
            "font_name": styles.FONTS.of(self.lang),
            "font_size": 9,
            "color": "#FFFDF3",
            "x_scale": 1.75,
            "y_scale": min(2.0, 0.2 + 0.24 * lines),
        }

    def _rules(self, ws: Any, block: Block) -> None:
        last = max(block.last_row, rules.REACH)
        if block.table.key == "settings":
            for index, setting in enumerate(SETTINGS):
                rule = rules.setting_rule(setting, self.lang)
                if rule is not None:
                    ws.data_validation(
                        block.first_row + index,
                        block.at("value"),
                        block.first_row + index,
                        block.at("value"),
                        rule,
                    )
        for column, rule in rules.validations(block, self.lang, self.blocks):
            ws.data_validation(block.first_row, column, last, column, rule)
        for column, rule in rules.colours(block, self.lang, self.styles):
            ws.conditional_format(block.first_row, column, last, column, rule)
        for column, rule in rules.indents(block, self.lang, self.styles):
            ws.conditional_format(block.first_row, column, last, column, rule)
        for column, rule in rules.figures(block, self.lang, self.blocks, self.styles):
            ws.conditional_format(block.first_row, column, last, column, rule)
        for column, rule in rules.lines(block, self.styles):
            ws.conditional_format(block.first_row + block.drawn, column, last, column, rule)

    def _page(self, ws: Any, sheet: Sheet, blocks: Sequence[Block]) -> None:
        from xlsxwriter.utility import xl_range

        frozen = layout.FROZEN.get(blocks[0].table.key, 0)
        ws.freeze_panes(layout.HEADER_ROW + 1, frozen)
        ws.hide_gridlines(2)
        ws.set_tab_color(styles.STEP_COLOURS[w.SHEETS[sheet.key].step])
        codes = []
        for block in blocks:
            for offset, column in enumerate(block.table.columns):
                if column.kind in TEXT_KINDS:
                    codes.append(
                        xl_range(
                            block.first_row,
                            block.column + offset,
                            max(block.last_row, rules.REACH),
                            block.column + offset,
                        )
                    )
        if codes:
            ws.ignore_errors({"number_stored_as_text": " ".join(codes)})
        ws.set_landscape()
        ws.set_paper(A4)
        ws.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        wide = layout.PAGES_WIDE.get(sheet.key, 1)
        ws.fit_to_pages(wide, 0)
        ws.repeat_rows(layout.BAND_ROW, layout.HEADER_ROW)
        if wide > 1:
            ws.repeat_columns(0, max(frozen - 1, 0))
        ws.set_footer(f"&L&8{w.GUIDE_TITLE.of(self.lang)} · &A&R&8{w.PAGE.of(self.lang)}")


def _folded(block: Block, column: Column) -> bool:
    """Whether the column is one of those few that most rows leave blank: folded away behind a +."""
    return (
        block.table.key == "targets"
        and column.key.startswith("manual")
        and column.key.removeprefix("manual").isdigit()
    )


def _header_look(column: Column) -> styles.Properties:
    if column.owner is Owner.ENGINE:
        return styles.ENGINE_HEADER
    return styles.REQUIRED_HEADER if column.required else styles.PLANNER_HEADER
