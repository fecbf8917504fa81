"""一页总览: five figures, three sentences, every KPI on one line, and two charts."""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.actuals.progress import Span
from salesplan.engine.views.reason import reason
from salesplan.plan.model import Kpi, Unit
from salesplan.report.figures.charts import ranking_chart, trend_chart
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.ledger import ACTUALS, Cell
from salesplan.report.figures.report import Report
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import ACTUAL_COLOR, PERCENT, POINTS, RED_COLOR, WHOLE
from salesplan.report.pen.writer import Page
from salesplan.report.say.sentences import main_kpi, overview_sentences

COLUMNS = (
    "kpi_name",
    "measure",
    "course",
    "month_target",
    "month_actual",
    "month_rate",
    "month_pace",
    "month_light",
    "ytd_target",
    "ytd_actual",
    "ytd_rate",
    "ytd_pace",
    "ytd_light",
    "year_target",
    "year_rate",
    "year_light",
    "expected",
    "progress_gap",
    "low",
    "high",
    "weight",
    "month_score",
    "ytd_score",
)
FIRST = 1
LAST = FIRST + len(COLUMNS) - 1
_GROUPS = (
    ("month", "month_target", "month_light"),
    ("ytd", "ytd_target", "ytd_light"),
    ("year", "year_target", "high"),
    ("score", "weight", "ytd_score"),
)
CARDS_AT, SENTENCES_AT = 3, 7
CHART_ROWS = 16
MOST_KPIS = 14


def write(report: Report) -> None:
    """The page that a manager reads first; it fits on one sheet of paper."""
    company = report.context.company
    page = report.open("overview", LAST)
    page.write(
        0,
        FIRST,
        report.words("report_title", month=report.context.month_label),
        report.book.style("title"),
    )
    report.caution(page, FIRST, LAST)
    if company is None or not report.ledger.rows:
        page.write(CARDS_AT, FIRST, report.words("no_targets"), report.book.style("muted"))
        page.at_least(range(FIRST, LAST), 8.0)
        page.set_print(None, LAST, 1)
        return
    _cards(report, page, company)
    for index, sentence in enumerate(overview_sentences(report, company)):
        page.wide(SENTENCES_AT + index, FIRST, LAST, sentence, "sentence")
    row = _table(report, page, company, SENTENCES_AT + 4)
    page.fix({FIRST: max(page.width_of(FIRST), 16.0)})
    page.at_least(range(FIRST + 1, LAST + 1), 8.0)
    page.fix({FIRST + COLUMNS.index("course"): 14.0})
    _charts(report, page, company, row + 1)
    page.set_print(None, LAST, 1)


def _cards(report: Report, page: Page, company: Unit) -> None:
    """Five figures that stand for the month, each repeated from where it is made."""
    kpi = main_kpi(report.context, company)
    cards: list[tuple[str, Cell | None, str, str]] = []
    if company.code in report.board.by_unit:
        cards.append(
            (
                report.words("card_score"),
                report.board.score(company.code, Span.YTD),
                PERCENT,
                report.words("card_score_note"),
            )
        )
    if kpi is not None:
        title = report.words("card_rate", kpi=report.context.kpi_name(kpi.code))
        cards.append(
            (
                title,
                report.ledger.cell(kpi.code, company.code, "ytd_rate"),
                PERCENT,
                report.words("card_rate_note"),
            )
        )
    for name, source in (("tasks", "tasks_completion"), ("budget", "budget_use_rate")):
        if source in report.cells:
            cards.append(
                (
                    report.words(f"card_{name}"),
                    report.cells[source],
                    PERCENT,
                    report.words(f"card_{name}_note"),
                )
            )
    red = report.cells["problems_red"]
    amber = report.cells["problems_amber"]
    cards.append(
        (
            report.words("card_problems"),
            red,
            WHOLE,
            report.words("card_problems_note", amber=str(amber.value)),
        )
    )
    bounds = [FIRST + round(index * len(COLUMNS) / len(cards)) for index in range(len(cards) + 1)]
    for index, (title, cell, number_format, note) in enumerate(cards):
        first, last = bounds[index], bounds[index + 1] - 1
        value: Scalar = DASH if cell is None else cell.value
        page.wide(CARDS_AT, first, last, title, "card_label")
        page.wide(
            CARDS_AT + 1,
            first,
            last,
            value,
            "card_value",
            formula=cell.formula if cell else None,
            num_format=number_format,
        )
        page.wide(CARDS_AT + 2, first, last, note, "card_note")
    page.height(CARDS_AT + 1, 34)


def _table(report: Report, page: Page, company: Unit, row: int) -> int:
    """One line per KPI; gives the row after it."""
    for words_key, first, last in _GROUPS:
        page.wide(
            row,
            FIRST + COLUMNS.index(first),
            FIRST + COLUMNS.index(last),
            report.words(f"group_{words_key}"),
            "group",
        )
    for offset, key in enumerate(COLUMNS):
        page.put(row + 1, FIRST + offset, report.words(f"overview_{key}"), "head")
    kpis = [kpi for kpi in report.context.kpis if (kpi.code, company.code) in report.ledger.by_pair]
    top = row = row + 2
    for kpi in kpis[:MOST_KPIS]:
        _kpi(report, page, kpi, company, row)
        row += 1
        level = report.ledger.cell(kpi.code, company.code, "ytd_level")
        if level is not None and not isinstance(level.value, str):
            _level(report, page, kpi, company, row)
            row += 1
    for key in ("month_light", "ytd_light", "year_light"):
        page.lights(top, row - 1, FIRST + COLUMNS.index(key), report.context.light_words)
    _total(report, page, company, row)
    if len(kpis) > MOST_KPIS:
        row += 1
        page.write(
            row,
            FIRST,
            report.words(
                "kpis_left_out",
                count=str(len(kpis) - MOST_KPIS),
                sheet=report.pages["targets"].name,
            ),
            report.book.style("note"),
        )
    return row + 1


def _kpi(report: Report, page: Page, kpi: Kpi, company: Unit, row: int) -> None:
    figure = figure_format(kpi)
    for offset, key in enumerate(COLUMNS):
        column = FIRST + offset
        if key == "kpi_name":
            report.lead(
                page,
                row,
                column,
                report.context.kpi_name(kpi.code) + report.context.covered(kpi.code, company.code),
                report.spots.get(f"kpi/{kpi.code}"),
                "cell",
                "text",
                "strong",
            )
        elif key == "measure":
            page.put(row, column, kpi.unit or DASH, "cell", "center", "muted")
        elif key == "course":
            _course(report, page, kpi, company, row, column)
        elif key == "weight":
            weight = report.cells[f"weight_{kpi.code}"]
            page.put(
                row,
                column,
                weight.value,
                "cell",
                "right",
                "muted",
                formula=weight.ref,
                number_format=WHOLE if report.board.equal else "0%",
            )
        else:
            cell = report.ledger.cell(kpi.code, company.code, key)
            if cell is None:
                continue
            light = key.endswith("_light")
            shown = (
                PERCENT
                if key.endswith(("_rate", "_pace", "_score")) or key == "expected"
                else POINTS
                if key == "progress_gap"
                else figure
            )
            strong = ("strong",) if key.endswith("_rate") else ()
            if light:
                _why(report, page, kpi, company, key, row, column)
            page.put(
                row,
                column,
                cell.value,
                "cell",
                "center" if light else "right",
                *strong,
                formula=cell.ref,
                number_format=shown,
            )


def _why(
    report: Report, page: Page, kpi: Kpi, company: Unit, key: str, row: int, column: int
) -> None:
    """A note at the status that says how it came about."""
    context = report.context
    span = Span(key.removesuffix("_light"))
    one = context.results.attainments.get((kpi.code, company.code, span))
    if one is not None:
        said = context.say(reason(kpi, one, context.results, context.clock))
        page.sheet.write_comment(row, column, said, {"x_scale": 2, "font_size": 9})


def _course(report: Report, page: Page, kpi: Kpi, company: Unit, row: int, column: int) -> None:
    """A small picture of the year's actuals: columns for flows, a line for levels and rates."""
    page.put(row, column, None, "cell")
    ledger_row = report.ledger.by_pair[kpi.code, company.code]
    known = [value for key in ACTUALS if isinstance(value := ledger_row.values[key], Decimal)]
    adds = kpi.kind.adds_over_months
    if known:
        page.sheet.add_sparkline(
            row,
            column,
            {
                "range": report.ledger.months_ref(ledger_row, ACTUALS),
                "type": "column" if adds else "line",
                "series_color": ACTUAL_COLOR,
                "negative_points": True,
                "negative_color": RED_COLOR,
                "weight": 1.5,
                "markers": True,
                "markers_color": ACTUAL_COLOR,
                "show_hidden": True,
                **({"min": 0} if adds and all(value >= 0 for value in known) else {}),
            },
        )


def _level(report: Report, page: Page, kpi: Kpi, company: Unit, row: int) -> None:
    """The plain rate under that of an improvement (SPEC 5)."""
    for offset, key in enumerate(COLUMNS):
        cell = (
            report.ledger.cell(kpi.code, company.code, key.replace("_rate", "_level"))
            if key.endswith("_rate")
            else None
        )
        if key == "kpi_name":
            page.put(row, FIRST, report.words("as_level"), "cell", "text", "muted", indent=2)
        elif cell is not None:
            page.put(
                row,
                FIRST + offset,
                cell.value,
                "cell",
                "right",
                "muted",
                formula=cell.ref,
                number_format=PERCENT,
            )
        else:
            page.put(row, FIRST + offset, None, "cell")


def _total(report: Report, page: Page, company: Unit, row: int) -> None:
    """The weighted scores."""
    for offset, key in enumerate(COLUMNS):
        column = FIRST + offset
        if key in ("month_score", "ytd_score") and company.code in report.board.by_unit:
            cell = report.board.score(
                company.code, Span.MONTH if key == "month_score" else Span.YTD
            )
            page.put(
                row,
                column,
                cell.value,
                "total",
                "right",
                formula=cell.formula,
                number_format=PERCENT,
            )
        else:
            page.put(
                row,
                column,
                report.words("total_score") if key == "kpi_name" else None,
                "total",
                "text",
            )


def _charts(report: Report, page: Page, company: Unit, row: int) -> None:
    """The main KPI's year and the ranking, side by side; a chart without data is left out."""
    kpi = main_kpi(report.context, company)
    trend = report.ranges.get(f"trend_{kpi.code}") if kpi is not None else None
    ranking = report.ranges.get("ranking")
    split = FIRST + COLUMNS.index("ytd_light") + 1
    height = CHART_ROWS * 25
    both = trend is not None and ranking is not None
    if kpi is not None and trend is not None:
        width = page.pixels(FIRST, split - 1 if both else LAST) - 8
        page.sheet.insert_chart(
            row, FIRST, trend_chart(report, kpi, trend, (width, height)), {"object_position": 1}
        )
    if ranking is not None:
        first = split if both else FIRST
        title = report.words("chart_ranking", level=ranking["level"])
        chart = ranking_chart(
            report,
            ranking["names"],
            ranking["values"],
            title,
            (page.pixels(first, LAST), height),
            int(ranking["count"]),
        )
        page.sheet.insert_chart(row, first, chart, {"object_position": 1})
