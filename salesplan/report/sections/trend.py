"""月度走势: the company's targets and actuals by month, KPI by KPI, each with its chart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesplan.dataclass import replace
from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Direction, Kpi, TargetBasis, Unit
from salesplan.report.figures.charts import trend_chart
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.formulas import GAP_PLACES, RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import Entry
from salesplan.report.figures.growth import change_entry, past_value
from salesplan.report.figures.ledger import ACTUALS, COLUMN, MONTHS, TARGETS, LedgerRow
from salesplan.report.figures.report import Report
from salesplan.report.narrative.sentences import trend_sentence
from salesplan.report.sections import quarters, targets
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, letter, quoted
from salesplan.report.xlsx.styles import PERCENT, POINTS, ROW_HEIGHT, signed
from salesplan.report.xlsx.writer import Page

LABEL, FIRST = targets.NAME, targets.FIRST
"""The columns are those of the targets above."""
LAST = FIRST + MONTHS - 1
CHART_AT, CHART_LAST = LAST + 1, LAST + 5
CHART_ROWS = 6
"""A block's rows on paper, at least: so many a chart needs."""
PRINTED = frozenset({"target", "actual", "rate", "yoy"})
"""Lines that are read; the others are what charts draw, folded away."""
MOST_PRINTED = 4
"""KPIs on paper; the others are folded away."""
MOST_BESIDE_QUARTERS = 2
"""The same where a year is reported: all its KPIs stand below by quarters."""
BEFORE = CHART_LAST + 20
"""Column, beyond the print, of the figure that the first month is held against."""
GROWTH = ("last_year", "yoy", "mom")


def write(report: Report) -> None:
    """A table and a chart for every KPI the company has a figure for."""
    company = report.context.company
    rows = (
        []
        if company is None
        else [
            row
            for kpi in report.context.kpis
            if (row := report.ledger.by_pair.get((kpi.code, company.code)))
        ]
    )
    if company is None or not rows:
        return report.nothing("trend", "no_targets")
    page = report.open("trend", CHART_LAST, trend_sentence(report, company))
    page.at_least(range(FIRST, CHART_LAST + 1), targets.WIDTH)
    at = page.top
    folded: list[str] = []
    by_quarter = report.context.report_span.judged is Span.YTD
    most = MOST_BESIDE_QUARTERS if by_quarter else MOST_PRINTED
    for index, row in enumerate(rows):
        first, at = at, page.block(at, _block(report, page, company, row, at))
        if index >= most:
            page.fold_block(first, at - 1)
            folded.append(report.context.kpi_name(row.kpi.code))
    page.write(at, LABEL, report.words("trend_key"), report.book.style("muted"))
    at = report.say_folded(page, at + 1, CHART_LAST, folded) + 1
    if by_quarter:
        at = quarters.write(report, page, company, at)
    page.set_print(None, CHART_LAST, area_rows=at - 2)
    return None


def _block(report: Report, page: Page, company: Unit, row: LedgerRow, at: int) -> int:
    """One KPI: heading, months, figures, chart; gives the row after it."""
    context, kpi = report.context, row.kpi
    head = at
    page.put(head, LABEL, context.kpi_with_unit(kpi), "head", "head_left")
    for index, month in enumerate(context.plan.settings.months):
        page.put(head, FIRST + index, context.short_month(month), "head")
    lines = ["target", "actual", "rate", "variance"]
    if kpi.kind.adds_over_months:
        lines += ["cumulative_target", "cumulative_actual", "cumulative_rate"]
        if (
            all(isinstance(row.values[key], Decimal) for key in ("low", "high"))
            and context.clock.index < MONTHS - 1
        ):
            lines += ["landing_low", "landing_high"]
    past = [
        past_value(context, kpi, company.code, month.plus(-12), month.plus(-12))
        for month in context.plan.settings.months
    ]
    lines += GROWTH if any(value is not None for value in past) else ("mom",)
    for offset, line in enumerate(lines, 1):
        strong = ("strong",) if line == "actual" else ()
        if line not in PRINTED:
            page.fold(head + offset)
        page.put(head + offset, LABEL, report.words(f"line_{line}"), "cell", "text", *strong)
        drawn: list[Scalar] = []
        for index in range(MONTHS):
            if line in GROWTH:
                entry = _growth(report, company, row, line, index, (head, head + offset), past)
            else:
                value, formula = _figure(report, row, line, index, head)
                entry = Entry(value, ("right",), formula, _form(kpi, line))
            drawn.append(entry.value)
            page.put(
                head + offset,
                FIRST + index,
                entry.value,
                "cell",
                *entry.styles,
                *strong,
                formula=entry.formula,
                number_format=entry.number_format,
            )
        report.courses.setdefault(kpi.code, {})[line] = tuple(drawn)
    folded = sum(line not in PRINTED for line in lines)
    shown = max(CHART_ROWS, len(lines) - folded + 1)
    _draw(report, page, row, lines, (head, shown + folded))
    first = context.plan.settings.months[0].plus(-1)
    before = past_value(context, kpi, company.code, first, first)
    form = figure_format(kpi)
    page.put(head + lines.index("mom") + 1, BEFORE, before, "right", "muted", number_format=form)
    return head + max(shown + folded, len(lines) + 1) + 1


def _growth(
    report: Report,
    company: Unit,
    row: LedgerRow,
    line: str,
    index: int,
    rows: tuple[int, int],
    past: Sequence[Decimal | None],
) -> Entry:
    """Last year's figure of a month, or the change of the month's actual against it or against the
    month before; of months without an actual only the first.
    """
    head, at = rows
    kpi, actual = row.kpi, row.values[ACTUALS[index]]
    if line == "last_year":
        return Entry(past[index], ("right",), None, figure_format(kpi))
    if not isinstance(actual, Decimal):
        return Entry(None)
    own = address(head + 2, FIRST + index)
    if line == "yoy":
        base, ref = past[index], address(at - 1, FIRST + index)
    elif index:
        before = row.values[ACTUALS[index - 1]]
        base = before if isinstance(before, Decimal) else None
        ref = address(head + 2, FIRST + index - 1)
    else:
        month = report.context.plan.settings.months[0].plus(-1)
        base = past_value(report.context, kpi, company.code, month, month)
        ref = address(at, BEFORE)
    return change_entry(report, kpi, actual, base, own, ref)


def _form(kpi: Kpi, line: str) -> str:
    if line.endswith("rate"):
        return PERCENT
    if line != "variance":
        return figure_format(kpi)
    return POINTS if kpi.in_percent else signed(figure_format(kpi))


def _figure(
    report: Report, row: LedgerRow, line: str, index: int, head: int
) -> tuple[Scalar, str | None]:
    """The value and formula of one month in one line; blank where there is nothing to say."""
    ledger, column = report.ledger, letter(FIRST + index)
    if line in ("target", "actual"):
        key = (TARGETS if line == "target" else ACTUALS)[index]
        value = row.values[key]
        return (
            (None, None)
            if value is None
            else (value, f"{quoted(ledger.sheet)}!{letter(COLUMN[key])}{row.row}")
        )
    if line in ("cumulative_target", "cumulative_actual"):
        keys, source = (TARGETS, head + 2) if line == "cumulative_target" else (ACTUALS, head + 3)
        total = _cumulative(report, row, keys, index)
        return (
            total,
            None
            if total is None
            else f"ROUND(SUM(${letter(FIRST)}{source}:{column}{source}),{SUM_PLACES})",
        )
    if line == "variance":
        return _variance(row, index, (f"{column}{head + 2}", f"{column}{head + 3}"))
    if line in ("landing_low", "landing_high"):
        return _landing(report, row, line.removeprefix("landing_"), index, head)
    top = head + (2 if line == "rate" else 6)
    if line == "rate":
        target, actual = row.values[TARGETS[index]], row.values[ACTUALS[index]]
    else:
        target, actual = (
            _cumulative(report, row, TARGETS, index),
            _cumulative(report, row, ACTUALS, index),
        )
    if not isinstance(target, Decimal) or not isinstance(actual, Decimal):
        return None, None
    return _rate(report, row, target, actual, (f"{column}{top}", f"{column}{top + 1}"))


def _variance(row: LedgerRow, index: int, cells: tuple[str, str]) -> tuple[Scalar, str | None]:
    """Actual less target; of percentages in points."""
    target, actual = row.values[TARGETS[index]], row.values[ACTUALS[index]]
    if not isinstance(target, Decimal) or not isinstance(actual, Decimal):
        return None, None
    if row.kpi.in_percent:
        value = to_places((actual - target) * 100, GAP_PLACES)
        return value, f"ROUND(({cells[1]}-{cells[0]})/1%,{GAP_PLACES})"
    return to_places(actual - target, SUM_PLACES), f"ROUND({cells[1]}-{cells[0]},{SUM_PLACES})"


def _landing(
    report: Report, row: LedgerRow, side: str, index: int, head: int
) -> tuple[Scalar, str | None]:
    """The way from where the year stands to one end of its forecast: in the shape of the targets
    that remain, else straight.
    """
    here, end, actual = report.context.clock.index, row.values[side], row.values["ytd_actual"]
    if index < here or not isinstance(end, Decimal) or not isinstance(actual, Decimal):
        return None, None
    ledger = report.ledger
    start_cell, end_cell = (
        f"{quoted(ledger.sheet)}!{letter(COLUMN[key])}{row.row}" for key in ("ytd_actual", side)
    )
    sums = [_cumulative(report, row, TARGETS, at) for at in (here, index, MONTHS - 1)]
    if all(one is not None for one in sums) and sums[2] != sums[0]:
        begin, now, whole = (Decimal(one or 0) for one in sums)
        part, cells = (
            divide(now - begin, whole - begin),
            [f"{letter(FIRST + at)}{head + 6}" for at in (here, index, MONTHS - 1)],
        )
        share = f"({cells[1]}-{cells[0]})/({cells[2]}-{cells[0]})"
    else:
        begin_at, now_at, end_at = (
            f"COLUMN({letter(FIRST + at)}{head + 1})" for at in (here, index, MONTHS - 1)
        )
        part, share = (
            divide(index - here, MONTHS - 1 - here),
            f"({now_at}-{begin_at})/({end_at}-{begin_at})",
        )
    value = to_places(actual + (end - actual) * part, SUM_PLACES)
    return value, f"ROUND({start_cell}+({end_cell}-{start_cell})*{share},{SUM_PLACES})"


def _cumulative(
    report: Report, row: LedgerRow, keys: tuple[str, ...], index: int
) -> Decimal | None:
    """The sum up to a month: of targets where none is missing, of actuals up to the report
    month.
    """
    values = [row.values[key] for key in keys[: index + 1]]
    known = [value for value in values if isinstance(value, Decimal)]
    if keys is TARGETS:
        return sum(known, Decimal(0)) if len(known) == len(values) else None
    return sum(known, Decimal(0)) if known and index <= report.context.clock.index else None


def _rate(
    report: Report, row: LedgerRow, target: Decimal, actual: Decimal, cells: tuple[str, str]
) -> tuple[Scalar, str | None]:
    kpi, sign, base_cell = row.kpi, 1 if row.kpi.direction is Direction.HIGHER else -1, ""
    if kpi.basis is TargetBasis.IMPROVEMENT:
        base, year = row.values["base"], row.values["year_target"]
        base_cell = f"{quoted(report.ledger.sheet)}!{letter(COLUMN['base'])}{row.row}"
        if not isinstance(base, Decimal):
            return base, None
        if kpi.kind.adds_over_months:
            if not isinstance(year, Decimal):
                return None, None
            base = base * target / year
            base_cell = (
                f"({base_cell}*{cells[0]}/"
                f"{quoted(report.ledger.sheet)}!{letter(COLUMN['year_target'])}{row.row})"
            )
        kpi = replace(kpi, base=base)
    rate = completion(kpi, target, actual, report.context.plan.settings.score_cap)
    if rate.value is not None:
        value: Scalar = to_places(rate.value, RATE_PLACES)
    else:
        value = report.formulas.rate_words[rate.word] if rate.word else None
    return value, report.formulas.rate(*cells, sign=sign, base=base_cell)


def _draw(
    report: Report, page: Page, row: LedgerRow, lines: Sequence[str], rows: tuple[int, int]
) -> bool:
    """The KPI's chart beside its table, if it has figures; its ranges are published for the
    overview.
    """
    kpi: Kpi = row.kpi
    head, count = rows
    folded = sum(line not in PRINTED for line in lines)
    last = _last(row, ACTUALS)
    if last is None and _last(row, TARGETS) is None:
        return False
    sheet = quoted(page.name)

    def span(line: int, until: int) -> str:
        return f"={sheet}!{address(line, FIRST, True)}:{address(line, FIRST + until, True)}"

    ranges = {"months": span(head, MONTHS - 1)}
    if _last(row, TARGETS) is not None:
        ranges["target"] = span(head + 1, MONTHS - 1)
    if last is not None:
        ranges["actual"] = span(head + 2, last)
        ranges["variance"] = span(head + 4, last)
    if kpi.kind.adds_over_months:
        if all(isinstance(row.values[key], Decimal) for key in TARGETS):
            ranges["cumulative_target"] = span(head + 5, MONTHS - 1)
        if last is not None:
            ranges["cumulative_actual"] = span(head + 6, report.context.clock.index)
        if "landing_low" in lines:
            ranges |= {
                "landing_low": span(head + 8, MONTHS - 1),
                "landing_high": span(head + 9, MONTHS - 1),
            }
    report.ranges[f"trend_{kpi.code}"] = ranges
    high = int((count - folded) * ROW_HEIGHT * 4 / 3) - 4
    size = (page.pixels(CHART_AT, CHART_LAST) - 12, high)
    chart = trend_chart(report, kpi, ranges, size)
    page.draw(head, CHART_AT, chart, count)
    return True


def _last(row: LedgerRow, keys: tuple[str, ...]) -> int | None:
    known = [index for index, key in enumerate(keys) if isinstance(row.values[key], Decimal)]
    return known[-1] if known else None
