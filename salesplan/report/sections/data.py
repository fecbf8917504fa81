"""数据: every KPI of every unit by month, the parts of the rates, the scores, and what is derived
from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi
from salesplan.report.figures.columns import LANDINGS
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.ledger import (
    ACTUALS,
    COLUMN,
    FIRST_ROW,
    IDENTITY,
    KEYS,
    MONTHS,
    PARTS_FIRST,
    RATES,
    TARGETS,
    PartsRow,
)
from salesplan.report.figures.ledger_rows import Written, ledger_rows, parts_rows, table_rows
from salesplan.report.figures.report import Report
from salesplan.report.figures.score_sheet import FIRST_COLUMN, WEIGHT_ROW, BoardRow
from salesplan.report.figures.score_sheet import FIRST_ROW as BOARD_ROW
from salesplan.report.xlsx.styles import PERCENT, POINTS, WHOLE, amount_format
from salesplan.report.xlsx.writer import Page

_TEXTS = frozenset({*IDENTITY, "span_light", "ytd_light", "year_light"})
_SPAN_GROUPS = (
    ("span", "span_target", "span_score"),
    ("ytd", "ytd_target", "rank"),
    ("year", "year_target", "year_light"),
    ("pace_group", "expected", "likely"),
)


def write(report: Report) -> None:
    """The three data sheets."""
    _write_ledger(report)
    _write_parts(report)
    _write_board(report)


def _write_ledger(report: Report) -> None:
    if not report.ledger.rows:
        return report.nothing("data", "no_targets")
    page = report.open_data("data")
    _heads(report, page)
    ledger = report.ledger
    looks = {kpi.code: index for index, kpi in enumerate(report.context.kpis)}
    models = [_formats(report, kpi) for kpi in report.context.kpis]
    page.stream(
        FIRST_ROW - 1, len(ledger.rows), models, lambda pen: ledger_rows(ledger, looks, pen)
    )
    last = FIRST_ROW + len(report.ledger.rows) - 1
    for key in ("span_light", "ytd_light", "year_light"):
        page.lights(FIRST_ROW - 1, last - 1, COLUMN[key], report.context.light_words)
    _widths(page, report)
    page.sheet.freeze_panes(FIRST_ROW - 1, COLUMN["level"])
    page.sheet.autofilter(FIRST_ROW - 2, 0, last - 1, len(KEYS) - 1)
    page.set_print(
        (FIRST_ROW - 3, FIRST_ROW - 2),
        len(KEYS) - 1,
        pages_wide=3,
        area_rows=report.printed(FIRST_ROW - 1, len(ledger.rows)),
    )
    page.sheet.repeat_columns(0, COLUMN["unit_name"])
    return None


def _heads(report: Report, page: Page) -> None:
    head = report.book.style("head")
    months = [report.context.short_month(month) for month in report.context.plan.settings.months]
    titles: dict[str, str] = dict(zip(TARGETS, months, strict=True)) | dict(
        zip(ACTUALS, months, strict=True)
    )
    for key in KEYS:
        page.write(
            FIRST_ROW - 2, COLUMN[key], titles.get(key) or report.words(f"column_{key}"), head
        )
    page.height(FIRST_ROW - 2, 34)
    groups = (
        ("targets", TARGETS[0], TARGETS[-1]),
        ("actuals", ACTUALS[0], ACTUALS[-1]),
        *_SPAN_GROUPS,
    )
    for words_key, first, last in groups:
        page.sheet.merge_range(
            FIRST_ROW - 3,
            COLUMN[first],
            FIRST_ROW - 3,
            COLUMN[last],
            report.words(f"group_{words_key}"),
            report.book.style("group"),
        )


def _formats(report: Report, kpi: Kpi) -> list[Any]:
    """One cell format per column, for rows of this KPI."""
    style = report.book.style
    figure, finer = (
        figure_format(kpi),
        PERCENT if kpi.in_percent else amount_format(max(2, decimals(kpi.smallest_unit))),
    )
    gap = POINTS if kpi.in_percent else amount_format(decimals(kpi.smallest_unit), sign=True)
    found: list[Any] = []
    for key in KEYS:
        if key in _TEXTS:
            found.append(style("cell", "text" if key in IDENTITY else "center"))
        elif key in RATES:
            found.append(style("cell", "right", num_format=PERCENT))
        elif key in ("rank", "reach"):
            found.append(style("cell", "right", num_format=WHOLE))
        elif key == "progress_gap":
            found.append(style("cell", "right", num_format=POINTS))
        elif key.endswith("_gap"):
            found.append(style("cell", "right", num_format=gap))
        else:
            found.append(
                style(
                    "cell",
                    "right",
                    num_format=finer if key in LANDINGS or key == "daily_need" else figure,
                )
            )
    return found


def _widths(page: Page, report: Report) -> None:
    """Identity columns by what they hold; figures by the longest of all, in one width."""
    from salesplan.report.xlsx import measure

    for key in IDENTITY:
        longest = max(
            map(measure.width, {str(row.values[key]) for row in report.ledger.rows}), default=0.0
        )
        page.fix(
            {
                COLUMN[key]: min(
                    max(longest, measure.width(report.words(f"column_{key}"), bold=True)) + 5.0,
                    34.0,
                )
            }
        )
    cells = chain.from_iterable(row.values.cells for row in report.ledger.rows)
    figures = (value for value in cells if type(value) is Decimal)
    longest = _digits(max(map(abs, figures), default=Decimal(0)))
    words = max(measure.width(word) for word in report.formulas.rate_words.values())
    page.fix({column: max(longest, words) + 3.0 for column in range(len(IDENTITY), len(KEYS))})


def _digits(largest: Decimal) -> float:
    """Room for the largest of many figures, with a sign and two decimals."""
    return len(f"{int(largest):,}") + 4.0


def _write_parts(report: Report) -> None:
    if not report.ledger.parts:
        return
    page = report.open_data("parts")
    head, text, number = (
        report.book.style("head"),
        report.book.style("cell", "text"),
        report.book.style("cell", "right", num_format="#,##0.######"),
    )
    months = [report.context.short_month(month) for month in report.context.plan.settings.months]
    for column, key in enumerate(("kpi", "kpi_name", "unit", "unit_name")):
        page.put(FIRST_ROW - 2, column, report.words(f"column_{key}"), "head")
    for side, words_key in enumerate(("numerators", "denominators")):
        first = PARTS_FIRST + side * MONTHS
        page.sheet.merge_range(
            FIRST_ROW - 3,
            first,
            FIRST_ROW - 3,
            first + MONTHS - 1,
            report.words(f"group_{words_key}"),
            report.book.style("group"),
        )
        for index, month in enumerate(months):
            page.write(FIRST_ROW - 2, first + index, month, head)
    ledger = report.ledger
    page.stream(
        FIRST_ROW - 1,
        len(ledger.parts),
        [[text] * PARTS_FIRST + [number] * (2 * MONTHS)],
        lambda pen: table_rows(parts_rows(ledger), FIRST_ROW, pen),
    )
    parts = chain.from_iterable(
        (*row.numerators, *row.denominators) for row in ledger.parts.values()
    )
    values = [abs(one) for one in parts if one is not None]
    page.fix(
        dict.fromkeys(
            range(PARTS_FIRST, PARTS_FIRST + 2 * MONTHS),
            _digits(max(values, default=Decimal(0))) + 1.0,
        )
    )
    _fit(page, zip(*(_part_names(report, row) for row in ledger.parts.values()), strict=True))
    page.sheet.freeze_panes(FIRST_ROW - 1, PARTS_FIRST)
    page.set_print(
        (FIRST_ROW - 3, FIRST_ROW - 2),
        PARTS_FIRST + 2 * MONTHS - 1,
        area_rows=report.printed(FIRST_ROW - 1, len(ledger.parts)),
    )


def _part_names(report: Report, row: PartsRow) -> tuple[str, str, str, str]:
    return (
        row.kpi.code,
        report.context.kpi_name(row.kpi.code),
        row.unit.code,
        report.context.unit_name(row.unit.code),
    )


def _fit(page: Page, columns: Iterable[Iterable[str]]) -> None:
    """The first columns as wide as the texts they hold."""
    from salesplan.report.xlsx import measure

    for column, texts in enumerate(columns):
        page.at_least([column], max(map(measure.width, texts)) + 4.0)


def _write_board(report: Report) -> None:
    board = report.board
    if not board.rows:
        return report.nothing("scores", "no_targets")
    page = report.open_data("scores")
    for column, key in enumerate(("unit", "unit_name", "level", "parent")):
        page.put(WEIGHT_ROW - 2, column, report.words(f"column_{key}"), "head")
    page.put(
        WEIGHT_ROW - 1,
        0,
        report.words("weight_equal" if board.equal else "weight"),
        "total",
        "text",
    )
    for column in range(1, FIRST_COLUMN):
        page.put(WEIGHT_ROW - 1, column, None, "total")
    for span in board.spans:
        _span_heads(report, page, span)
    style = report.book.style
    percent, strong = (
        style("cell", "right", num_format=PERCENT),
        style("cell", "right", "strong", num_format=PERCENT),
    )
    model = [style("cell", "text")] * FIRST_COLUMN + [
        *[percent] * len(board.kpis),
        strong,
        style("cell", "right", num_format=WHOLE),
    ] * len(board.spans)
    page.stream(
        BOARD_ROW - 1,
        len(board.rows),
        [model],
        lambda pen: table_rows(_board_rows(report), BOARD_ROW, pen),
    )
    _fit(page, zip(*(_unit_names(report, row) for row in board.rows), strict=True))
    page.sheet.freeze_panes(WEIGHT_ROW, FIRST_COLUMN)
    last = board.column(Span.YTD, len(board.kpis) + 1)
    page.set_print(
        (WEIGHT_ROW - 3, WEIGHT_ROW - 1),
        last,
        area_rows=report.printed(BOARD_ROW - 1, len(board.rows)),
    )
    return None


def _board_rows(report: Report) -> Iterator[Sequence[Written]]:
    """Names, then per span the score of each KPI, the weighted score and the rank."""
    board, ledger = report.board, report.ledger
    for row in board.rows:
        cells: list[Written] = [(name, None) for name in _unit_names(report, row)]
        for span in board.spans:
            for kpi in board.kpis:
                cell = ledger.cell(kpi.code, row.unit.code, f"{report.context.under(span)}_score")
                cells.append((cell.value, cell.ref) if cell is not None else (DASH, None))
            cells.append((board.score_value(row.unit.code, span), board.score_formula(row, span)))
            cells.append(((row.ranks or {}).get(span), board.rank_formula(row, span)))
        yield cells


def _unit_names(report: Report, row: BoardRow) -> tuple[str, str, str, str]:
    return (
        row.unit.code,
        report.context.unit_name(row.unit.code),
        report.context.label(row.unit.level),
        row.unit.parent or "",
    )


def _span_heads(report: Report, page: Page, span: Span) -> None:
    board = report.board
    first, last = board.column(span, 0), board.column(span, len(board.kpis) + 1)
    page.sheet.merge_range(
        WEIGHT_ROW - 3,
        first,
        WEIGHT_ROW - 3,
        last,
        report.words(f"group_{report.context.under(span)}"),
        report.book.style("group"),
    )
    for index, kpi in enumerate(board.kpis):
        page.put(WEIGHT_ROW - 2, first + index, report.context.kpi_name(kpi.code), "head")
        weight, cell = board.weight(kpi), report.cells.get(f"weight_{kpi.code}")
        cell = None if cell is not None and cell.value != weight else cell
        page.put(
            WEIGHT_ROW - 1,
            first + index,
            weight,
            "total",
            "right",
            formula=cell.ref if cell is not None else None,
            number_format=WHOLE if board.equal else PERCENT,
        )
    page.put(WEIGHT_ROW - 2, last - 1, report.words("score"), "head")
    page.put(WEIGHT_ROW - 2, last, report.words("rank"), "head")
    page.put(WEIGHT_ROW - 1, last - 1, None, "total")
    page.put(WEIGHT_ROW - 1, last, None, "total")
    page.at_least(range(first, last + 1), 10.0)
