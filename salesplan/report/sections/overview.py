"""一页总览: the messages, every KPI on two lines, the issues, the year's course and the ranking, on
one page of A4.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesplan.engine.actuals.progress import Span
from salesplan.engine.views.status_reason import reason
from salesplan.plan.model import Kpi, Unit
from salesplan.report.figures.charts import course_chart
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import GAP_PLACES, RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, WRAP, Column, Entry, Grid, Here, listed, repeated
from salesplan.report.figures.growth import change_entry
from salesplan.report.figures.ledger import ACTUALS, TARGETS, Cell
from salesplan.report.figures.report import Report
from salesplan.report.narrative.first_page import (
    MOST_KPIS,
    Front,
    IssueLine,
    KpiLine,
    Ranked,
    front,
)
from salesplan.report.narrative.reading import marked_name
from salesplan.report.narrative.sentences import course_title, main_kpi
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address
from salesplan.report.xlsx.styles import (
    ACTUAL_COLOR,
    DAY,
    PERCENT,
    PERCENT_SIGNED,
    RED_COLOR,
    ROW_HEIGHT,
)
from salesplan.report.xlsx.writer import Page
from salesplan.wording import sentences

FIRST = 1
WIDTHS = {
    "name": 24.0,
    "span": 6.0,
    "actual": 9.8,
    "target": 9.8,
    "bar": 8.5,
    "delta": 9.3,
    "percent": 8.6,
    "pace": 8.6,
    "status": 8.2,
    "beside": 8.2,
    "last_year": 9.8,
    "growth": 8.2,
    "before": 9.8,
    "change": 8.2,
    "landing": 9.8,
    "year": 9.8,
    "daily": 10.8,
    "course": 12.2,
}
KEYS = tuple(WIDTHS)
LAST = FIRST + len(KEYS) - 1
HEADLINES_AT = 3
LINE_HEIGHT, CHART_ROWS = 14.5, 8


def at(key: str) -> int:
    """The 0-based sheet column of a KPI column."""
    return FIRST + KEYS.index(key)


def write(report: Report) -> None:
    """The page that a manager reads first."""
    company = report.context.company
    page = report.open("overview", LAST)
    _title(report, page)
    report.caution(page, FIRST, LAST)
    page.fix({at(key): width for key, width in WIDTHS.items()})
    if company is None or not report.ledger.rows:
        page.write(HEADLINES_AT, FIRST, report.words("no_targets"), report.book.style("muted"))
        page.set_print(None, LAST, 1)
        return
    said = front(report, company)
    row = _headlines(report, page, said, HEADLINES_AT)
    row = _kpis(report, page, said, row)
    row = _issues(report, page, said, row)
    row = _below(report, page, company, said, row)
    page.set_print(None, LAST, 1, area_rows=row)


def _title(report: Report, page: Page) -> None:
    """Company and month; below them the cut-off and what the figures rest on."""
    context = report.context
    company = context.scope.name or context.plan.company_name
    title = report.words("report_name", company=company, month=context.span_title)
    page.write(0, FIRST, title, report.book.style("title"))
    page.height(0, 27)
    page.write(1, FIRST, f"{context.subtitle} · {context.basis}", report.book.style("muted"))


def _headlines(report: Report, page: Page, said: Front, row: int) -> int:
    """The messages, each with a link to its page; gives the row after them."""
    for headline in said.headlines:
        page.wide(row, FIRST, LAST - 2, headline.text, "message")
        page.wide(row, LAST - 1, LAST, "", "message")
        spot = report.spots.get(f"section/{headline.page}")
        if spot is not None and report.book.leads_to(spot[0]):
            name = report.words(f"title_{headline.page}").partition(":")[0]
            page.link(row, LAST - 1, f"→ {name}", *spot, "message", "lead")
        row += 1
    page.height(row, 6)
    return row + 1


def _kpis(report: Report, page: Page, said: Front, row: int) -> int:
    """Two lines for each KPI; gives the row after them."""
    columns = _columns(report)
    grid = Grid(report, page, "front", columns, FIRST)
    grid.heads(row)
    page.height(row, 30)
    top = row + 1
    for row, line in enumerate(said.lines, top):
        page.height(row, LINE_HEIGHT)
        own = not line.upper
        grid.line(row, line, "cell" if own else "upper")
        if not own:
            _course(report, page, line, row)
    last = top + len(said.lines) - 1
    for above in range(top, last, 2):
        _lead(report, page, said.lines[above - top], above)
        _status(report, page, said.lines[above - top], above)
    page.lights(top, last, at("status"), report.context.light_words)
    page.variance_bars(top, last, at("bar"))
    notes = [said.notes]
    if said.more_kpis:
        sheet = report.pages["targets"].name
        notes = [report.words("kpis_left_out", count=str(said.more_kpis), sheet=sheet), said.notes]
    if any(notes):
        words = sentences(filter(None, notes), report.context.lang)
        page.wide(last + 1, FIRST, LAST, words, "note")
        last += 1
    page.height(last + 1, 6)
    return last + 2


def _lead(report: Report, page: Page, line: KpiLine, row: int) -> None:
    """The KPI's name over both of its lines leads to its part of the targets."""
    context = report.context
    name = marked_name(context, line.kpi, line.unit)
    spot = report.spots.get(f"kpi/{line.kpi.code}")
    looks = ("cell", "wrap", "strong")
    page.sheet.merge_range(row, FIRST, row + 1, FIRST, "", report.book.style(*looks))
    if spot is None or not report.book.leads_to(spot[0]):
        page.write(row, FIRST, name, report.book.style(*looks))
    else:
        page.link(row, FIRST, name, *spot, *looks, "lead")


def _status(report: Report, page: Page, line: KpiLine, row: int) -> None:
    """The KPI's one status, that of the year to date, over both of its lines; a note says why."""
    cell = report.ledger.cell(line.kpi.code, line.unit, "ytd_light")
    look = report.book.style("cell", "center", "strong")
    page.sheet.merge_range(row, at("status"), row + 1, at("status"), "", look)
    value: Scalar = DASH if cell is None else cell.value
    page.write(row, at("status"), value, look, None if cell is None else cell.ref)
    context = report.context
    one = context.results.attainments.get((line.kpi.code, line.unit, Span.YTD))
    if one is not None:
        said = context.say(reason(line.kpi, one, context.results, context.clock))
        page.sheet.write_comment(row, at("status"), said, {"x_scale": 2.4})


def _course(report: Report, page: Page, line: KpiLine, row: int) -> None:
    """The months' variance as a line around that of the target."""
    look = report.book.style("cell")
    page.sheet.merge_range(row, at("course"), row + 1, at("course"), "", look)
    ranges = report.ranges.get(f"trend_{line.kpi.code}", {})
    if "variance" in ranges:
        page.sheet.add_sparkline(
            row,
            at("course"),
            {
                "range": ranges["variance"].removeprefix("="),
                "series_color": ACTUAL_COLOR,
                "negative_points": True,
                "negative_color": RED_COLOR,
                "type": "column",
                "axis": True,
                "show_hidden": True,
            },
        )


def _columns(report: Report) -> tuple[Column[KpiLine], ...]:
    """What each line shows, and the formula behind it."""
    ledger = report.ledger

    def cell(line: KpiLine, key: str) -> Cell | None:
        if key.startswith("#"):
            key = _key(report, line, key[1:])
        return ledger.cell(line.kpi.code, line.unit, key)

    def levels(line: KpiLine) -> str:
        """Actual, target and what they are compared with, in the same places."""
        known = [one.value for key in ("#actual", "#target") if (one := cell(line, key))]
        return report.context.brief_format(line.kpi, *known, line.last_year, line.before)

    def of_span(key: str, *look: str, form: str = "") -> Column[KpiLine]:
        """A cell of the data sheet: that of the line's span."""
        return repeated(key, lambda line: cell(line, f"#{key}"), form or levels, look or RIGHT)

    def off(line: KpiLine) -> tuple[Decimal, Decimal] | None:
        if line.span is Span.YEAR and not report.context.over:
            return None
        found = [cell(line, key) for key in ("#actual", "#target")]
        values = [one.value for one in found if one is not None]
        if len(values) < 2 or not all(isinstance(one, Decimal) for one in values):
            return None
        return values[0], values[1]  # type: ignore[return-value]

    def delta(line: KpiLine) -> Scalar:
        pair = off(line)
        if pair is None:
            return None
        if line.kpi.in_percent:
            return to_places((pair[0] - pair[1]) * 100, GAP_PLACES)
        return to_places(pair[0] - pair[1], SUM_PLACES)

    def delta_formula(line: KpiLine, at: Here) -> str | None:
        if off(line) is None:
            return None
        actual, target = at("actual"), at("target")
        if line.kpi.in_percent:
            return f"ROUND(({actual}-{target})/1%,{GAP_PLACES})"
        return f"ROUND({actual}-{target},{SUM_PLACES})"

    def relative(line: KpiLine, sign: int = 1) -> Scalar:
        pair = off(line)
        if pair is None or not pair[1]:
            return None
        return to_places(sign * (pair[0] - pair[1]) / abs(pair[1]), RATE_PLACES)

    def relative_formula(line: KpiLine, at: Here, sign: int = 1) -> str | None:
        if relative(line) is None:
            return None
        actual, target = at("actual"), at("target")
        minus = "" if sign > 0 else "-"
        return f"ROUND({minus}({actual}-{target})/ABS({target}),{RATE_PLACES})"

    def delta_form(line: KpiLine) -> str:
        return report.context.gap_format(line.kpi, delta(line))

    def beside(line: KpiLine) -> Cell | None:
        """The word of the span above that of the year; where a year is reported its word alone."""
        if line.span is Span.YEAR:
            return cell(line, "year_light")
        if line.upper:
            return cell(line, "span_light")
        whole = report.context.results.span is Span.YEAR
        return None if whole else cell(line, "year_light")

    def nothing(line: KpiLine) -> Scalar:
        return "" if report.context.results.span is Span.YEAR and not line.upper else DASH

    figure = ("right",)
    return (
        Column(
            "name",
            lambda line: None if line.upper else line.kpi.unit,
            look=("text", "muted"),
        ),
        Column(
            "span",
            lambda line: report.words("group_span" if line.upper else "group_ytd"),
            look=("center",),
        ),
        of_span("actual", "right", "strong"),
        of_span("target"),
        Column(
            "bar",
            lambda line: relative(line, line.kpi.direction.sign),
            lambda line, at: relative_formula(line, at, line.kpi.direction.sign),
            figure,
            PERCENT_SIGNED,
        ),
        Column("delta", delta, delta_formula, figure, delta_form),
        Column("percent", relative, relative_formula, figure, PERCENT_SIGNED),
        of_span("pace", form=PERCENT),
        Column("status", lambda line: None),
        Column(
            "beside",
            lambda line: nothing(line) if (one := beside(line)) is None else one.value,
            lambda line, _: None if (one := beside(line)) is None else one.ref,
            ("center", "muted"),
        ),
        *_compared(report, levels),
        *_ahead(report, cell),
        Column("course", lambda line: None),
    )


def _key(report: Report, line: KpiLine, key: str) -> str:
    """The key of a figure of the line's span. Of a year that is reported what has been reached so
    far stands against the year's target, and its attainment where others have their pace.
    """
    if line.span is Span.YEAR:
        return {"actual": "ytd_actual", "pace": "year_rate"}.get(key, f"year_{key}")
    return f"{report.context.under(line.span)}_{key}"


def _has_before(line: KpiLine) -> bool:
    """Whether the line is held against the span before: the year before is last year."""
    return line.span not in (Span.YTD, Span.YEAR)


def _compared(report: Report, form: Callable[[KpiLine], str]) -> tuple[Column[KpiLine], ...]:
    """Last year's figure and 同比, the month before and 环比."""
    context, ledger = report.context, report.ledger

    def before_ref(line: KpiLine) -> str | None:
        index = context.clock.index
        if not index or line.span is not Span.MONTH or line.before is None:
            return None
        one = ledger.cell(line.kpi.code, line.unit, ACTUALS[index - 1])
        return None if one is None or one.value != line.before else one.ref

    def changed(key: str, base: str) -> Column[KpiLine]:
        def given(line: KpiLine) -> Decimal | None:
            return line.last_year if base == "last_year" else line.before

        def entry(line: KpiLine, own: str = "", other: str = "") -> Entry:
            return change_entry(report, line.kpi, line.actual, given(line), own, other)

        def formula(line: KpiLine, at: Here) -> str | None:
            return entry(line, at("actual"), at(base)).formula if shown(line) else None

        def shown(line: KpiLine) -> bool:
            return base == "last_year" or _has_before(line)

        return Column(
            key,
            lambda line: entry(line).value if shown(line) else "",
            formula,
            ("right",),
            lambda line: entry(line).number_format,
        )

    grey = ("right", "muted")
    return (
        Column("last_year", lambda line: line.last_year, look=grey, form=form),
        changed("growth", "last_year"),
        Column(
            "before",
            lambda line: line.before if _has_before(line) else "",
            lambda line, _: before_ref(line),
            grey,
            form,
        ),
        changed("change", "before"),
    )


def _ahead(
    report: Report, cell: Callable[[KpiLine, str], Cell | None]
) -> tuple[Column[KpiLine], ...]:
    """Where the year ends against its target, and what a day needs and brings. On the upper line
    the range's low end, the year's target and the daily need; below them its high end, the likely
    part of the target, and what a day has brought.
    """
    names = report.formulas.names
    clock = report.context.clock
    over = sum(clock.working[: clock.index]) + clock.elapsed
    left = sum(clock.working) - over

    def number(line: KpiLine, key: str) -> Decimal | None:
        one = cell(line, key)
        return one.value if one is not None and isinstance(one.value, Decimal) else None

    def ref(line: KpiLine, key: str) -> str:
        one = cell(line, key)
        return "" if one is None else one.ref

    def landing(line: KpiLine) -> Scalar:
        return number(line, "low" if line.upper else "high")

    def landing_formula(line: KpiLine, _: Here) -> str | None:
        end = "low" if line.upper else "high"
        return None if landing(line) is None else ref(line, end)

    def year(line: KpiLine) -> Scalar:
        if line.upper:
            one = cell(line, "year_target")
            return None if one is None else one.value
        likely, target = number(line, "likely"), number(line, "year_target")
        return to_places(likely / target, RATE_PLACES) if likely is not None and target else None

    def year_formula(line: KpiLine, _: Here) -> str | None:
        if year(line) is None:
            return None
        if line.upper:
            return ref(line, "year_target")
        return f"ROUND({ref(line, 'likely')}/{ref(line, 'year_target')},{RATE_PLACES})"

    def daily(line: KpiLine) -> Scalar:
        done, target = number(line, "ytd_actual"), number(line, "year_target")
        if not line.kpi.kind.adds_over_months or done is None:
            return None
        if not line.upper:
            return to_places(done / over, SUM_PLACES) if over else None
        if target is None or not left:
            return None
        return to_places((target - done) / left, SUM_PLACES)

    def daily_formula(line: KpiLine, _: Here) -> str | None:
        if daily(line) is None:
            return None
        done = ref(line, "ytd_actual")
        if not line.upper:
            return f"ROUND({done}/{names['year_elapsed']},{SUM_PLACES})"
        target = ref(line, "year_target")
        return f"ROUND(({target}-{done})/{names['year_left']},{SUM_PLACES})"

    def ends(line: KpiLine) -> str:
        return report.context.brief_format(line.kpi, landing(line))

    def whole(line: KpiLine) -> str:
        return report.context.brief_format(line.kpi, year(line)) if line.upper else PERCENT

    def a_day(line: KpiLine) -> str:
        return report.context.brief_format(line.kpi, daily(line), places=2)

    right = ("right",)
    return (
        Column("landing", landing, landing_formula, right, ends),
        Column("year", year, year_formula, right, whole),
        Column("daily", daily, daily_formula, ("center",), a_day),
    )


def _issues(report: Report, page: Page, front: Front, row: int) -> int:
    """The issues that matter most; gives the row after them."""
    if not front.issues:
        page.wide(row, FIRST, LAST, report.words("no_problems"), "note")
        return row + 1
    numbered = list(enumerate(front.issues, 1))
    listed(report, page, "issue", _issue_columns(report), numbered, row, FIRST)
    row += len(numbered)
    if front.more_issues:
        row += 1
        words = report.words(
            "issues_more", count=str(front.more_issues), sheet=report.pages["problems"].name
        )
        sheet = report.pages["problems"].name
        if report.book.leads_to(sheet):
            page.link(row, FIRST, words, sheet)
        else:
            page.write(row, FIRST, words, report.book.style("muted"))
    page.height(row + 1, 6)
    return row + 2


Numbered = tuple[int, IssueLine]
"""An issue with its number on the page."""


def _issue_columns(report: Report) -> tuple[Column[Numbered], ...]:
    """An issue's texts, each over the columns of the KPIs from one to another."""

    def over(first: str, last: str) -> int:
        return at(last) - at(first) + 1

    def said(one: Numbered) -> str:
        number, line = one
        months = report.words("issue_months", count=str(line.months)) if line.months > 1 else ""
        return f"{number}. {line.text}{months}"

    def told(
        key: str, value: Callable[[IssueLine], Scalar], width: int, form: str = ""
    ) -> Column[Numbered]:
        return Column(key, lambda one: value(one[1]) or None, None, WRAP, form, over=width)

    def action(one: Numbered) -> Scalar:
        line = one[1]
        return report.words(line.wanted) if line.wanted else line.action

    def action_look(one: Numbered) -> tuple[str, ...]:
        looks = {"issue_no_action": ("missing",), "issue_no_cause": (*WRAP, "muted")}
        return looks.get(one[1].wanted, WRAP)

    return (
        Column("text", said, look=WRAP, over=over("name", "pace")),
        told("stake", lambda line: line.stake, over("status", "beside")),
        told("cause", lambda line: line.cause, over("last_year", "before")),
        Column("action", action, look=action_look, over=over("change", "year")),
        told("owner", lambda line: line.owner, over("daily", "daily")),
        told("due", lambda line: line.due, over("course", "course"), DAY),
    )


def _below(report: Report, page: Page, company: Unit, said: Front, row: int) -> int:
    """The year's course on the left, the ranking on the right; gives the last row."""
    kpi = main_kpi(report.context, company)
    ranges = report.ranges.get(f"trend_{kpi.code}") if kpi is not None else None
    split = at("last_year") if said.ranked is not None else LAST
    rows = CHART_ROWS + max(0, 2 * MOST_KPIS - len(said.lines)) * 3 // 4
    if kpi is not None and ranges is not None:
        size = (page.pixels(FIRST, split) - 8, int(rows * ROW_HEIGHT * 4 / 3) - 6)
        title = course_title(report, company, kpi)
        chart = course_chart(report, kpi, ranges, _good(report, company, kpi), title, size)
        page.sheet.insert_chart(row, FIRST, chart, {"object_position": 1, "y_offset": 2})
    if said.ranked is not None:
        _ranking(report, page, said.ranked, row)
    return row + rows


def _good(report: Report, company: Unit, kpi: Kpi) -> list[bool]:
    """Of each month with a variance whether it is for the better."""
    values = report.ledger.by_pair[kpi.code, company.code].values
    sign = kpi.direction.sign
    pairs = [
        (values[target], values[actual]) for target, actual in zip(TARGETS, ACTUALS, strict=True)
    ]
    return [
        isinstance(actual, Decimal)
        and isinstance(target, Decimal)
        and sign * (actual - target) >= 0
        for target, actual in pairs
    ]


def _ranking(report: Report, page: Page, ranked: Ranked, row: int) -> None:
    """Bars around the 100 % line, with the amount of the gap."""
    context, kpi = report.context, ranked.kpi
    first = at("growth")
    title = report.words(
        "ranking_title", level=context.label(ranked.level), kpi=context.kpi_name(kpi.code)
    )
    page.wide(row, first, LAST, title, "head")
    top = row + 1
    rest = _rest(report, ranked, top) if len(ranked.units) + 2 <= CHART_ROWS else ()
    gaps = [_gap(report, kpi, unit)[0] for unit in ranked.units]
    form = report.context.gap_format(kpi, *gaps, *(value for _, value, _ in rest))
    Grid(report, page, "ranked", _rank_columns(report, kpi, form), first).lines(top, ranked.units)
    page.variance_bars(top, top + len(ranked.units) - 1, at("landing"))
    for at_row, (name, value, formula) in enumerate(rest, top + len(ranked.units)):
        page.wide(at_row, first, at("daily"), name, "cell", "text", "muted")
        page.put(at_row, at("course"), value, "cell", "right", formula=formula, number_format=form)
    if ranked.left_out:
        words = report.words("ranking_left_out", count=str(ranked.left_out))
        page.write(top + len(ranked.units), first, words, report.book.style("muted"))


def _rest(report: Report, ranked: Ranked, top: int) -> tuple[tuple[str, Scalar, str | None], ...]:
    """What the units' gaps lack to the company's, and that: hedge, and what is assigned to none of
    them; nothing where they come to it, or do not add up.
    """
    context, kpi, company = report.context, ranked.kpi, report.context.company
    if company is None or ranked.left_out or not kpi.kind.adds_over_units or kpi.in_percent:
        return ()
    whole, formula = _gap(report, kpi, company)
    found = [_gap(report, kpi, unit)[0] for unit in ranked.units]
    gaps = [gap for gap in found if isinstance(gap, Decimal)]
    if not isinstance(whole, Decimal) or len(gaps) < len(found):
        return ()
    left = to_places(whole - sum(gaps, Decimal(0)), SUM_PLACES)
    if not left:
        return ()
    last = top + len(gaps) - 1
    spread = f"{address(top, at('course'))}:{address(last, at('course'))}"
    own = address(last + 2, at("course"))
    lines = (context.words("ranking_rest"), left, f"ROUND({own}-SUM({spread}),{SUM_PLACES})")
    return lines, (context.unit_name(company.code), whole, formula)


def _rank_columns(report: Report, kpi: Kpi, form: str) -> tuple[Column[Unit], ...]:
    """A unit, the bar of how far its pace is from 100 %, the pace, the amount of its gap."""

    def pace(unit: Unit) -> Cell | None:
        return report.looked_at(kpi, unit.code, "pace")

    return (
        Column(
            "name",
            lambda unit: report.context.unit_name(unit.code),
            over=at("change") - at("growth") + 1,
        ),
        Column(
            "bar",
            lambda unit: _around(pace(unit))[0],
            lambda unit, _: _around(pace(unit))[1],
            RIGHT,
            PERCENT_SIGNED,
            over=at("year") - at("landing") + 1,
        ),
        repeated("pace", pace, PERCENT),
        Column(
            "gap",
            lambda unit: _gap(report, kpi, unit)[0],
            lambda unit, _: _gap(report, kpi, unit)[1],
            RIGHT,
            form,
        ),
    )


def _around(pace: Cell | None) -> tuple[Scalar, str | None]:
    """How far the pace is from 100 %."""
    if pace is None or not isinstance(pace.value, Decimal):
        return DASH, None
    return to_places(pace.value - 1, RATE_PLACES), f"ROUND({pace.ref}-1,{RATE_PLACES})"


def _gap(report: Report, kpi: Kpi, unit: Unit) -> tuple[Scalar, str | None]:
    """Actual less what was expected to date; of percentages in points."""
    actual, expected = (report.looked_at(kpi, unit.code, key) for key in ("actual", "expected"))
    if actual is None or expected is None or not isinstance(expected.value, Decimal):
        return DASH, None
    done = actual.value if isinstance(actual.value, Decimal) else Decimal(0)
    if kpi.in_percent:
        value = to_places((done - expected.value) * 100, GAP_PLACES)
        return value, f"ROUND((N({actual.ref})-{expected.ref})/1%,{GAP_PLACES})"
    value = to_places(done - expected.value, SUM_PLACES)
    return value, f"ROUND(N({actual.ref})-{expected.ref},{SUM_PLACES})"
