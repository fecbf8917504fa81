"""What stands on the slides: records of texts, tables and charts with their places, and no trace of
how they are drawn.

Each slide's title is its message. Places are in inches on a slide of 13.33 × 7.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi, Light, Unit
from salesplan.report.deck.fitting import lines
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.report import NEXT, Report
from salesplan.report.narrative.cards import Card, Cells, Rank, cards, issue, rank, ranks
from salesplan.report.narrative.course import landing_sentence
from salesplan.report.narrative.first_page import Front, front
from salesplan.report.narrative.sentences import (
    asked,
    course_title,
    gap_sentence,
    main_kpi,
    main_light,
    problems_sentence,
    red_sentence,
)
from salesplan.report.sections.following import due_next, next_end, next_name
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT
from salesplan.wording import sentences

LEFT, TOP, WIDE, HIGH = 0.5, 1.5, 12.33, 5.35
"""The room below a slide's title."""
GAP = 0.25
MOST_TASKS = 10
MOST_NEXT = 12
OTHERS = 2
"""KPIs beside the main one that have a slide of their own."""
MOST_BARS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text; ``light`` colours what it begins with."""

    text: str
    strong: bool = False
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs below each other, as large as fits between ``least`` and ``most`` points."""

    box: Box
    paragraphs: tuple[Paragraph, ...]
    most: int = 16
    least: int = 10
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell of a table: ``light`` colours it as a status, ``good`` as good or bad;
    it reaches over ``rows`` rows.
    """

    text: str
    light: Light | None = None
    good: bool | None = None
    strong: bool = False
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its part of the width, and where its texts stand."""

    head: str
    part: float
    align: str = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as large as fits. None in a row stands under a cell that reaches over it."""

    name: str
    box: Box
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    most: int = 12


@dataclass(frozen=True, slots=True)
class Series:
    """One series: ``look`` is target, actual, forecast or variance; ``good`` colours each point of
    a variance.
    """

    name: str
    values: tuple[Decimal | None, ...]
    look: str
    good: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of ``kind`` column, line or bar. Bars stand around ``middle`` and carry their
    figures.
    """

    name: str
    box: Box
    kind: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    middle: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its message as the title, and what stands below it."""

    title: str
    parts: tuple[Text | Table | Chart, ...]
    subtitle: str = ""


def slides(report: Report) -> Iterator[Slide]:
    """The slides in the order in which they are shown: overview, KPIs, what makes the main one what
    it is, other KPIs, issues, next month.
    """
    context = report.context
    company = context.company
    title = report.words(
        "report_name",
        company=context.scope.name or context.plan.company_name,
        month=context.span_title,
    )
    if company is None or not report.ledger.rows:
        room = Box(LEFT, TOP, WIDE, 1.0)
        nothing = Text(room, (Paragraph(report.words("no_targets")),))
        yield Slide(title, (nothing,), context.subtitle)
        return
    said = front(report, company)
    shown = list(cards(report, said))
    yield _overview(report, company, said, shown, title)
    yield _kpis(report, said, shown, red_sentence(report, company) or report.words("page_kpis"))
    main = main_kpi(context, company)
    if main is not None:
        yield _course(report, company, main)
    if said.ranked is not None:
        title = gap_sentence(report, company) or context.kpi_name(said.ranked.kpi.code)
        found = list(ranks(report, said.ranked))
        yield Slide(title, _ranking(report, said.ranked.kpi, found, LEFT, WIDE))
    for kpi in _others(report, company, main):
        yield _other(report, company, kpi, said)
    yield _issues(report, said)
    yield from _following(report, company)


def _overview(
    report: Report, company: Unit, said: Front, shown: Sequence[Card], title: str
) -> Slide:
    """The messages on the left, each KPI's status on the right."""
    caution = report.caution_text
    top = TOP + (0.75 if caution else 0.0)
    high = HIGH - (top - TOP)
    light = main_light(report.context, company)
    heads = (Column("", 0.4, "center"), Column(report.words("page_messages"), 7.0, "left"))
    said_first = [
        (
            Cell(str(at), light=light if at == 1 else None, strong=True),
            Cell(one.text, strong=at == 1),
        )
        for at, one in enumerate(said.headlines, 1)
    ]
    room = Box(LEFT, top, 7.3, high)
    messages = Table("messages", room, heads, tuple(said_first), most=16)
    columns = (
        Column(report.words("front_name"), 3.0, "left"),
        Column(_head(report, "pace"), 1.2),
        Column(_head(report, "status"), 1.3, "center"),
    )
    rows = tuple((Cell(card.name, strong=True), _pace(card), _status(card)) for card in shown)
    board = Table("status", Box(LEFT + 7.6, top, WIDE - 7.6, high), columns, rows, most=14)
    warned = Text(Box(LEFT, TOP, WIDE, 0.6), (Paragraph(caution),), most=13, caution=True)
    parts = (messages, board)
    return Slide(title, (warned, *parts) if caution else parts, report.context.subtitle)


def _pace(card: Card) -> Cell:
    found = [one for one in card.rows[1].more if one.key.endswith("/pace")]
    return Cell(found[0].text if found else DASH, good=None)


def _status(card: Card, rows: int = 1) -> Cell:
    return Cell(card.word, light=card.light, strong=True, rows=rows)


def _head(report: Report, key: str) -> str:
    return report.words(f"front_{key}").replace("\n", " ")


COMPARED = (
    ("pace", 0.85),
    ("last_year", 1.05),
    ("growth", 0.95),
    ("before", 1.05),
    ("change", 0.95),
)


def _kpis(report: Report, said: Front, shown: Sequence[Card], title: str) -> Slide:
    """Every KPI of the first page on two lines: month and year to date."""
    heads = [Column(one.head, 1.0) for one in shown[0].rows[0].figures]
    columns = (
        Column(report.words("front_name"), 2.6, "left"),
        Column(report.words("front_span"), 1.05, "center"),
        *heads,
        *(Column(_head(report, key), part) for key, part in COMPARED),
        Column(_head(report, "status"), 1.1, "center"),
        Column(_head(report, "landing"), 1.1),
    )
    rows = list(chain.from_iterable(map(_lines, shown)))
    left = ""
    if said.more_kpis:
        count, sheet = str(said.more_kpis), report.words("sheet_targets")
        left = report.words("kpis_left_out", count=count, sheet=sheet)
    below = sentences(filter(None, (left, said.notes)), report.context.lang)
    high = 0.2 + 0.2 * lines(below, WIDE, 11) if below else 0.0
    room = Box(LEFT, TOP, WIDE, HIGH - high)
    parts: list[Text | Table | Chart] = [Table("kpis", room, columns, tuple(rows))]
    if below:
        place = Box(LEFT, TOP + HIGH - high, WIDE, high)
        parts.append(Text(place, (Paragraph(below),), most=11))
    return Slide(title, tuple(parts))


def _lines(card: Card) -> Iterator[tuple[Cell | None, ...]]:
    landing = next((pair for _, pair in card.ahead if pair[0].key.endswith("/landing")), None)
    for at, row in enumerate(card.rows):
        upper = at == 0
        good = None if row.off is None or not row.off else row.off > 0
        more = {one.key.rpartition("/")[2]: one.text for one in row.more}
        actual, target, delta, percent = row.figures
        yield (
            Cell(card.name, strong=True) if upper else Cell(card.unit),
            Cell(row.span),
            Cell(actual.text, strong=True),
            Cell(target.text),
            Cell(delta.text, good=good),
            Cell(percent.text, good=good),
            *(Cell(more.get(key, "")) for key, _ in COMPARED),
            _status(card, 2) if upper else None,
            Cell(DASH if landing is None else landing[at].text),
        )


def _course(report: Report, company: Unit, kpi: Kpi) -> Slide:
    """The main KPI by month, and for what adds up the year's running total with its forecast."""
    title = course_title(report, company, kpi)
    half = (WIDE - GAP) / 2
    right = _running(report, kpi, Box(LEFT + half + GAP, TOP, half, HIGH))
    room = Box(LEFT, TOP, WIDE if right is None else half, HIGH)
    months = _months(report, kpi, room)
    return Slide(title, tuple(one for one in (months, right) if one is not None))


def _decimals(values: Sequence[Scalar]) -> tuple[Decimal | None, ...]:
    return tuple(one if isinstance(one, Decimal) else None for one in values)


def _short_months(report: Report) -> tuple[str, ...]:
    context = report.context
    return tuple(context.short_month(month) for month in context.plan.settings.months)


def _chart(
    report: Report, kpi: Kpi, box: Box, kind: str, title: str, looks: Mapping[str, str]
) -> Chart | None:
    """A chart of lines of the months' sheet, by their looks; None where no figure is there."""
    lines = report.courses.get(kpi.code, {})
    series = []
    for key, look in looks.items():
        values = _decimals(lines.get(key, ()))
        if any(value is not None for value in values):
            series.append(Series(report.words(f"line_{key}"), values, look))
    if not series:
        return None
    name = f"{kpi.code}/{kind}"
    months = _short_months(report)
    return Chart(name, box, kind, title, months, tuple(series), figure_format(kpi))


def _months(report: Report, kpi: Kpi, box: Box) -> Chart | None:
    title = report.words("deck_months", kpi=report.context.kpi_with_unit(kpi))
    kind = "column" if kpi.kind.adds_over_months else "line"
    return _chart(report, kpi, box, kind, title, {"target": "target", "actual": "actual"})


def _running(report: Report, kpi: Kpi, box: Box) -> Chart | None:
    if not kpi.kind.adds_over_months:
        return None
    title = report.words("deck_running", kpi=report.context.kpi_with_unit(kpi))
    looks = {
        "cumulative_target": "target",
        "cumulative_actual": "actual",
        "landing_low": "forecast",
        "landing_high": "forecast",
    }
    return _chart(report, kpi, box, "line", title, looks)


def _ranking(
    report: Report, kpi: Kpi, found: Sequence[Rank], left: float, wide: float
) -> tuple[Chart, ...]:
    """Units by their pace around the 100 % line, and by the amount that they are ahead or behind;
    side by side.
    """
    sign = kpi.direction.sign
    half = (wide - GAP) / 2
    paced = [one for one in found if one.pace_value is not None]
    apart = [one for one in found if one.gap_value is not None]
    name = report.context.kpi_with_unit(kpi)
    charts = []
    if paced:
        good = tuple((one.pace_value or 0) >= 1 for one in paced)
        series = Series(
            _head(report, "pace"), tuple(one.pace_value for one in paced), "variance", good
        )
        charts.append(
            Chart(
                f"{kpi.code}/pace",
                Box(left, TOP, half, HIGH),
                "bar",
                report.words("deck_pace", kpi=report.context.kpi_name(kpi.code)),
                tuple(one.name for one in paced),
                (series,),
                PERCENT,
                Decimal(1),
            )
        )
    if apart:
        good = tuple(sign * (one.gap_value or 0) >= 0 for one in apart)
        values = tuple(one.gap_value for one in apart)
        form = report.context.gap_format(kpi, *values)
        series = Series(report.words("deck_gap_series"), values, "variance", good)
        charts.append(
            Chart(
                f"{kpi.code}/gap",
                Box(left + half + GAP, TOP, half, HIGH),
                "bar",
                report.words("deck_gap", kpi=name),
                tuple(one.name for one in apart),
                (series,),
                form,
            )
        )
    return tuple(charts)


_WORST = (Light.RED, Light.AMBER, Light.GREEN, Light.GREY)


def _others(report: Report, company: Unit, main: Kpi | None) -> Sequence[Kpi]:
    """The KPIs beside the main one that have a slide of their own: the worst of those that have a
    pace.
    """
    context = report.context

    def rank_of(kpi: Kpi) -> int:
        one = context.results.attainments.get((kpi.code, company.code, Span.YTD))
        return _WORST.index(Light.GREY if one is None or one.light is None else one.light)

    left = [
        kpi
        for kpi in context.kpis
        if (main is None or kpi.code != main.code)
        and kpi.code in report.courses
        and rank(report, kpi, company).pace_value is not None
    ]
    return sorted(left, key=rank_of)[:OTHERS]


def _other(report: Report, company: Unit, kpi: Kpi, said: Front) -> Slide:
    """A KPI by month, and by the units below or its running total; the issue about it is the
    message.
    """
    about = [one for one in said.issues if one.problem.subject == f"{kpi.code}/{company.code}"]
    title = about[0].text if about else _paced(report, company, kpi)
    half = (WIDE - GAP) / 2
    below = report.context.plan.children.get(company.code, ())
    units = [
        one
        for unit in below
        if (kpi.code, unit.code) in report.ledger.by_pair
        and (one := rank(report, kpi, unit)).pace_value is not None
    ]
    right: Chart | None
    if 1 < len(units) <= MOST_BARS:
        units.sort(key=lambda one: -(one.pace_value or Decimal(0)))
        right = _ranking(report, kpi, units, LEFT + half + GAP, 2 * half + GAP)[0]
    else:
        right = _running(report, kpi, Box(LEFT + half + GAP, TOP, half, HIGH))
    months = _months(report, kpi, Box(LEFT, TOP, WIDE if right is None else half, HIGH))
    return Slide(title, tuple(one for one in (months, right) if one is not None))


def _paced(report: Report, company: Unit, kpi: Kpi) -> str:
    """The KPI's status and pace: year to date, or in the span that is reported."""
    context = report.context
    one = context.results.attainments.get((kpi.code, company.code, context.looked_at))
    return report.words(
        "deck_other",
        kpi=context.kpi_name(kpi.code),
        light=context.light(None if one is None else one.light),
        pace=rank(report, kpi, company).pace.text,
    )


ISSUE = (
    ("text", 4.0),
    ("stake", 1.3),
    ("cause", 2.5),
    ("action", 2.5),
    ("owner", 1.2),
    ("due", 1.4),
)


def _issues(report: Report, said: Front) -> Slide:
    """The issues that matter most, and what is asked of whom."""
    if not said.issues:
        room = Box(LEFT, TOP, WIDE, 1.0)
        words = report.words("no_problems")
        return Slide(report.words("page_issues"), (Text(room, (Paragraph(words),)),))
    columns = tuple(Column(report.words(f"issue_{key}"), part, "left") for key, part in ISSUE)
    rows = []
    for number, line in enumerate(said.issues, 1):
        one = issue(report, line)
        rows.append(
            (
                Cell(f"{number}. {one.text}", strong=True),
                Cell(one.stake or DASH),
                Cell(one.cause or DASH),
                Cell(
                    one.action or one.wanted,
                    good=False if one.urgent else None,
                    strong=one.urgent,
                ),
                Cell(one.owner or DASH),
                Cell(one.due or DASH),
            )
        )
    below = [Paragraph(one, strong=True) for one in asked(report.context)]
    if said.more_issues:
        count, sheet = str(said.more_issues), report.words("sheet_problems")
        below.append(Paragraph(report.words("issues_more", count=count, sheet=sheet)))
    head = 0.95 if below else 0.0
    room = Box(LEFT, TOP + head, WIDE, HIGH - head)
    table = Table("issues", room, columns, tuple(rows), most=14)
    above = Text(Box(LEFT, TOP - 0.1, WIDE, head), tuple(below), most=14)
    parts = (above, table) if below else (table,)
    return Slide(problems_sentence(report), parts)


NEXT_COLUMNS = (
    ("kpi", 3.0, "left"),
    ("next_target", 1.2, "right"),
    ("this_target", 1.2, "right"),
    ("this_actual", 1.2, "right"),
    ("to_this", 1.2, "right"),
    ("last_year", 1.2, "right"),
    ("to_last_year", 1.2, "right"),
    ("next_daily", 1.2, "right"),
)


def _next_cells(row: Cells) -> tuple[Cell, ...]:
    """A KPI's line of next month, as the workbook shows it."""
    name, *figures = (measure.shown(*row.get(key, (None, ""))) for key, _, _ in NEXT_COLUMNS)
    return (Cell(name, strong=True), *map(Cell, figures))


def _following(report: Report, company: Unit) -> Iterator[Slide]:
    """What next month asks for, and the tasks that come due in it."""
    context, month = report.context, next_name(report)
    tasks, rows = due_next(report), report.kept[NEXT]
    if month and rows:
        columns = tuple(
            Column(report.words(f"next_{key}").replace("\n", " "), part, align)
            for key, part, align in NEXT_COLUMNS
        )
        lines = tuple(map(_next_cells, rows[:MOST_NEXT]))
        title = landing_sentence(report, company)
        table = Table("next", Box(LEFT, TOP, WIDE, HIGH), columns, lines, most=14)
        yield Slide(title or month, (table,), month)
    if not tasks:
        return
    last = next_end(report).isoformat()
    heads = (("code", 0.8), ("content", 4.2), ("owner", 1.4), ("due", 1.2), ("status", 1.3))
    columns = tuple(Column(report.words(f"task_{key}"), part, "left") for key, part in heads)
    lines_of_tasks = []
    for task in tasks[:MOST_TASKS]:
        one = context.results.tasks[task.code]
        lines_of_tasks.append(
            (
                Cell(task.code, strong=True),
                Cell(task.content),
                Cell(context.unit_name(task.owner) if task.owner else DASH),
                Cell(DASH if task.due is None else task.due.isoformat()),
                Cell(context.label(one.status), light=one.light),
            )
        )
    parts: list[Text | Table | Chart] = [
        Table("tasks", Box(LEFT, TOP, WIDE, HIGH - 0.35), columns, tuple(lines_of_tasks), most=16)
    ]
    if len(tasks) > MOST_TASKS:
        count, sheet = str(len(tasks) - MOST_TASKS), report.words("sheet_actions")
        words = report.words("next_tasks_more", count=count, sheet=sheet)
        parts.append(Text(Box(LEFT, TOP + HIGH - 0.3, WIDE, 0.3), (Paragraph(words),), most=11))
    yield Slide(report.words("next_tasks", last=last, count=str(len(tasks))), tuple(parts))


__all__ = ["Box", "Cell", "Chart", "Column", "Paragraph", "Series", "Slide", "Table", "Text"]
