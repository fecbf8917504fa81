"""月度走势: the company's targets and actuals by month, KPI by KPI, each with its chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from salesplan.dataclass import replace
from salesplan.engine.actuals.attainment import completion
from salesplan.engine.actuals.progress import Span
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import Kpi, TargetBasis, Unit
from salesplan.report.figures.charts import trend_chart
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.formulas import GAP_PLACES, RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Here, Styles, Turned, or_blank
from salesplan.report.figures.growth import growth_column, past_value
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

Figure = tuple[str, Callable[[int], Decimal | None]]
"""A line and its figure of a month."""


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
    page.put(at, LABEL, context.kpi_with_unit(kpi), "head", "head_left")
    for index, month in enumerate(context.plan.settings.months):
        page.put(at, FIRST + index, context.short_month(month), "head")
    lines = _lines(report, company, row, at)
    table = Turned(report, page, lines, range(MONTHS), at, FIRST)
    report.courses[kpi.code] = table.write("line", LABEL)
    folded = [one.key for one in lines if one.key not in PRINTED]
    for key in folded:
        page.fold(table.row(key))
    shown = max(CHART_ROWS, len(lines) - len(folded) + 1)
    _draw(report, page, row, table, at, (shown, len(folded)))
    before = _before_first(report, company, kpi)
    form = figure_format(kpi)
    page.put(table.row("mom"), BEFORE, before, "right", "muted", number_format=form)
    return at + max(shown + len(folded), len(lines) + 1) + 1


def _before_first(report: Report, company: Unit, kpi: Kpi) -> Decimal | None:
    """The figure of the month before the first."""
    month = report.context.plan.settings.months[0].plus(-1)
    return past_value(report.context, kpi, company.code, month, month)


def _lines(report: Report, company: Unit, row: LedgerRow, head: int) -> list[Column[int]]:
    """What is shown of each month, by its place in the year: one line below another under the heads
    in row ``head``, each blank where it has nothing to say.
    """
    kpi, form = row.kpi, figure_format(row.kpi)

    def figure(key: str, keys: Sequence[str], look: Styles = RIGHT) -> Column[int]:
        def ref(index: int, _: Here) -> str | None:
            if row.values[keys[index]] is None:
                return None
            return f"{quoted(report.ledger.sheet)}!{letter(COLUMN[keys[index]])}{row.row}"

        def value(index: int) -> Scalar:
            return or_blank(row.values[keys[index]])

        return Column(key, value, ref, look, form)

    def sum_of(key: str, of: str, keys: tuple[str, ...]) -> Column[int]:
        """From the first month on."""

        def formula(index: int, at: Here) -> str | None:
            if _cumulative(report, row, keys, index) is None:
                return None
            return f"ROUND(SUM(${at.grid.at(of, 0)}:{at(of)}),{SUM_PLACES})"

        def value(index: int) -> Scalar:
            return or_blank(_cumulative(report, row, keys, index))

        return Column(key, value, formula, RIGHT, form)

    def rate(key: str, target: Figure, actual: Figure) -> Column[int]:
        def entry(index: int, cells: tuple[str, str] = ("", "")) -> tuple[Scalar, str | None]:
            aim, done = target[1](index), actual[1](index)
            if aim is None or done is None:
                return None, None
            return _rate(report, row, aim, done, cells)

        return Column(
            key,
            lambda index: or_blank(entry(index)[0]),
            lambda index, at: entry(index, (at(target[0]), at(actual[0])))[1],
            RIGHT,
            PERCENT,
        )

    def landing(side: str) -> Column[int]:
        return Column(
            f"landing_{side}",
            lambda index: or_blank(_landing(report, row, side, index)),
            lambda index, at: _landing_formula(report, row, side, index, at, head),
            RIGHT,
            form,
        )

    target, actual = ("target", _number(row, TARGETS)), ("actual", _number(row, ACTUALS))
    lines = [
        figure("target", TARGETS),
        figure("actual", ACTUALS, ("right", "strong")),
        rate("rate", target, actual),
        _variance(row),
    ]
    if kpi.kind.adds_over_months:
        lines += [
            sum_of("cumulative_target", "target", TARGETS),
            sum_of("cumulative_actual", "actual", ACTUALS),
            rate(
                "cumulative_rate",
                ("cumulative_target", lambda index: _cumulative(report, row, TARGETS, index)),
                ("cumulative_actual", lambda index: _cumulative(report, row, ACTUALS, index)),
            ),
        ]
        ends = all(isinstance(row.values[key], Decimal) for key in ("low", "high"))
        if ends and report.context.clock.index < MONTHS - 1:
            lines += [landing("low"), landing("high")]
    return [*lines, *_growth_lines(report, company, row, head + len(lines) + 1)]


def _number(row: LedgerRow, keys: Sequence[str]) -> Callable[[int], Decimal | None]:
    def found(index: int) -> Decimal | None:
        value = row.values[keys[index]]
        return value if isinstance(value, Decimal) else None

    return found


def _growth_lines(report: Report, company: Unit, row: LedgerRow, at: int) -> list[Column[int]]:
    """Last year, if it is known, and the change of the actual against it and against the month
    before, from row ``at`` on; of months without an actual only the first.
    """
    kpi = row.kpi
    past = [
        past_value(report.context, kpi, company.code, month.plus(-12), month.plus(-12))
        for month in report.context.plan.settings.months
    ]
    number = _number(row, ACTUALS)
    actual = ("actual", number)
    lines: list[Column[int]] = []

    def known(index: int) -> bool:
        return number(index) is not None

    def before(index: int) -> Decimal | None:
        return number(index - 1) if index else _before_first(report, company, kpi)

    def before_cell(index: int, here: Here) -> str:
        return here.grid.at("actual", index - 1) if index else address(at + len(lines), BEFORE)

    if any(value is not None for value in past):
        last_year = ("last_year", past.__getitem__)
        lines = [
            Column(
                "last_year", lambda index: or_blank(past[index]), None, RIGHT, figure_format(kpi)
            ),
            growth_column(report, "yoy", actual, last_year, lambda _: kpi, known),
        ]
    return [
        *lines,
        growth_column(report, "mom", actual, (before_cell, before), lambda _: kpi, known),
    ]


def _variance(row: LedgerRow) -> Column[int]:
    """Actual less target; of percentages in points."""
    percent = row.kpi.in_percent

    def pair(index: int) -> tuple[Decimal, Decimal] | None:
        target, actual = row.values[TARGETS[index]], row.values[ACTUALS[index]]
        if not isinstance(target, Decimal) or not isinstance(actual, Decimal):
            return None
        return target, actual

    def value(index: int) -> Scalar:
        found = pair(index)
        if found is None:
            return ""
        difference = found[1] - found[0]
        if percent:
            return to_places(difference * 100, GAP_PLACES)
        return to_places(difference, SUM_PLACES)

    def formula(index: int, at: Here) -> str | None:
        if pair(index) is None:
            return None
        difference = f"{at('actual')}-{at('target')}"
        if percent:
            return f"ROUND(({difference})/1%,{GAP_PLACES})"
        return f"ROUND({difference},{SUM_PLACES})"

    form = POINTS if percent else signed(figure_format(row.kpi))
    return Column("variance", value, formula, RIGHT, form)


def _sums(report: Report, row: LedgerRow, index: int) -> list[Decimal] | None:
    """The targets up to now, up to a month and up to the year's end, where a way leads through
    them.
    """
    here = report.context.clock.index
    found = [_cumulative(report, row, TARGETS, at) for at in (here, index, MONTHS - 1)]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) and known[2] != known[0] else None


def _landing(report: Report, row: LedgerRow, side: str, index: int) -> Decimal | None:
    """The way from where the year stands to one end of its forecast: in the shape of the targets
    that remain, else straight.
    """
    here, end, actual = report.context.clock.index, row.values[side], row.values["ytd_actual"]
    if index < here or not isinstance(end, Decimal) or not isinstance(actual, Decimal):
        return None
    sums = _sums(report, row, index)
    if sums is None:
        part = divide(index - here, MONTHS - 1 - here)
    else:
        part = divide(sums[1] - sums[0], sums[2] - sums[0])
    return to_places(actual + (end - actual) * part, SUM_PLACES)


def _landing_formula(
    report: Report, row: LedgerRow, side: str, index: int, at: Here, head: int
) -> str | None:
    if _landing(report, row, side, index) is None:
        return None
    sheet, shown = quoted(report.ledger.sheet), (report.context.clock.index, index, MONTHS - 1)
    start, end = (f"{sheet}!{letter(COLUMN[key])}{row.row}" for key in ("ytd_actual", side))
    if _sums(report, row, index) is None:
        begin, now, whole = (f"COLUMN({address(head, FIRST + one)})" for one in shown)
    else:
        begin, now, whole = (at.grid.at("cumulative_target", one) for one in shown)
    return f"ROUND({start}+({end}-{start})*({now}-{begin})/({whole}-{begin}),{SUM_PLACES})"


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
    kpi, sign, base_cell = row.kpi, row.kpi.direction.sign, ""
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
    report: Report,
    page: Page,
    row: LedgerRow,
    table: Turned[int],
    head: int,
    rows: tuple[int, int],
) -> None:
    """The KPI's chart beside its table, if it has figures; its ranges are published for the
    overview. ``rows``: how many it has on paper, and how many are folded away.
    """
    kpi: Kpi = row.kpi
    shown, folded = rows
    last, end = _last(row, ACTUALS), MONTHS - 1
    if last is None and _last(row, TARGETS) is None:
        return
    months = f"{address(head, FIRST, True)}:{address(head, FIRST + end, True)}"
    ranges = {"months": f"={quoted(page.name)}!{months}"}
    if _last(row, TARGETS) is not None:
        ranges["target"] = table.span("target", end)
    if last is not None:
        ranges |= {key: table.span(key, last) for key in ("actual", "variance")}
    if kpi.kind.adds_over_months:
        if all(isinstance(row.values[key], Decimal) for key in TARGETS):
            ranges["cumulative_target"] = table.span("cumulative_target", end)
        if last is not None:
            here = report.context.clock.index
            ranges["cumulative_actual"] = table.span("cumulative_actual", here)
        for key in filter(table.lines.__contains__, ("landing_low", "landing_high")):
            ranges[key] = table.span(key, end)
    report.ranges[f"trend_{kpi.code}"] = ranges
    high = int(shown * ROW_HEIGHT * 4 / 3) - 4
    size = (page.pixels(CHART_AT, CHART_LAST) - 12, high)
    chart = trend_chart(report, kpi, ranges, size)
    page.draw(head, CHART_AT, chart, shown + folded)


def _last(row: LedgerRow, keys: tuple[str, ...]) -> int | None:
    known = [index for index, key in enumerate(keys) if isinstance(row.values[key], Decimal)]
    return known[-1] if known else None
