"""The report's first page as one self-contained page for a phone: the same figures as the
workbook's, as it shows them. No network, no script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Direction, Kpi, Light, Unit
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.formulas import GAP_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.ledger import ACTUALS, TARGETS
from salesplan.report.figures.report import FRONT, Report
from salesplan.report.pen import measure
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import PERCENT, POINTS, signed
from salesplan.report.say.front import Front, IssueLine, KpiLine, Ranked, front

TEMPLATE = "page.html"
FULL = Decimal("0.3")
"""The variance, as a part of the target, at which a bar is full."""
WIDTH, HEIGHT = 240, 44
"""Units of a sparkline's drawing."""

_KEYS = ("actual", "target", "delta", "percent")
_MORE = {
    Span.MONTH: ("pace", "last_year", "growth", "before", "change"),
    Span.YTD: ("pace", "last_year", "growth"),
}
_AHEAD = (("landing", "low", "high"), ("year", "target", "likely"), ("daily", "need", "done"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the workbook shows it. ``key`` names its cell there: KPI, span and column;
    ``head`` is what the column is called.
    """

    key: str
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is from its target: the left end and the width in percent of the room."""

    left: Decimal
    width: Decimal
    good: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One span of a KPI: its main figures, a bar, and what it is compared with."""

    span: str
    figures: tuple[Figure, ...]
    more: tuple[Figure, ...]
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Stick:
    """A month's variance in a sparkline: a rectangle, and its month."""

    x: int
    y: Decimal
    height: Decimal
    good: bool
    title: str


@dataclass(frozen=True, slots=True)
class Card:
    """One KPI: its status as word and colour, that of month and year as words."""

    name: str
    unit: str
    light: str
    word: str
    beside: tuple[Figure, ...]
    rows: tuple[Row, ...]
    ahead: tuple[tuple[str, tuple[Figure, ...]], ...]
    sticks: tuple[Stick, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """A unit of the ranking: its pace, and the amount that it is ahead or behind."""

    name: str
    pace: Figure
    gap: Figure
    bar: Bar | None


def page(report: Report) -> bytes:
    """The page of a report whose sections are written, as UTF-8; the same report gives the same
    bytes.
    """
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    context = report.context
    company = context.company
    said = None
    if company is not None and report.ledger.rows:
        said = front(report, company)
    source = files("salesplan.report").joinpath(TEMPLATE).read_text("utf-8")
    drawn = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(source)
    title = report.words(
        "report_name",
        company=context.scope.name or context.plan.company_name,
        month=context.month_label,
    )
    return drawn.render(
        lang=context.lang,
        title=title,
        subtitle=context.subtitle,
        source=context.source_name,
        caution=report.caution_text,
        words=report.words,
        said=said,
        cards=[] if said is None else list(_cards(report, said)),
        issues=[] if said is None else [_issue(report, one) for one in said.issues],
        ranks=[] if said is None or said.ranked is None else list(_ranks(report, said.ranked)),
        ranking=_ranking_title(report, said),
        width=WIDTH,
        height=HEIGHT,
    ).encode()


def _cards(report: Report, said: Front) -> Iterator[Card]:
    context = report.context
    kept = report.kept[FRONT]
    for at in range(0, len(said.lines), 2):
        line = said.lines[at]
        kpi, unit = line.kpi, line.unit
        upper, lower = kept[at], kept[at + 1]
        one = context.results.attainments.get((kpi.code, unit, Span.YTD))
        light = None if one is None else one.light
        word = report.ledger.cell(kpi.code, unit, "ytd_light")
        rows = [
            _row(report, one, cells)
            for one, cells in zip(said.lines[at : at + 2], (upper, lower), strict=True)
        ]
        yield Card(
            context.kpi_name(kpi.code) + context.covered(kpi.code, unit),
            kpi.unit,
            Light.GREY.value if light is None else light.value,
            DASH if word is None else str(word.value),
            tuple(
                Figure(
                    f"{kpi.code}/{span.value}/beside",
                    report.words(f"page_{key}"),
                    _shown(cells, "beside"),
                )
                for span, key, cells in (
                    (Span.MONTH, "month", upper),
                    (Span.YTD, "year", lower),
                )
            ),
            tuple(rows),
            tuple(_ahead(report, kpi, upper, lower)),
            tuple(_sticks(report, kpi, unit)),
        )


def _row(report: Report, line: KpiLine, cells: Mapping[str, tuple[Scalar, str]]) -> Row:
    def figures(keys: Sequence[str]) -> tuple[Figure, ...]:
        return tuple(
            Figure(_key(line.kpi, line.span, key), _head(report, key), _shown(cells, key))
            for key in keys
        )

    more = [key for key in _MORE[line.span] if _is_told(cells, key)]
    value = cells["bar"][0]
    bar = _bar(value) if isinstance(value, Decimal) else None
    return Row(report.words(f"group_{line.span.value}"), figures(_KEYS), figures(more), bar)


def _is_told(cells: Mapping[str, tuple[Scalar, str]], key: str) -> bool:
    """Whether a figure says something: growth over nothing does not."""
    base = {"growth": "last_year", "change": "before"}.get(key, key)
    return _shown(cells, base) not in ("", DASH)


def _ahead(
    report: Report,
    kpi: Kpi,
    upper: Mapping[str, tuple[Scalar, str]],
    lower: Mapping[str, tuple[Scalar, str]],
) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Where the year ends, its target, and what a day needs: pairs of figures under a head."""
    for key, first, second in _AHEAD:
        if not _is_told(upper, key) and not _is_told(lower, key):
            continue
        yield (
            report.words(f"page_{key}"),
            (
                Figure(
                    _key(kpi, Span.MONTH, key), report.words(f"page_{first}"), _shown(upper, key)
                ),
                Figure(
                    _key(kpi, Span.YTD, key), report.words(f"page_{second}"), _shown(lower, key)
                ),
            ),
        )


def _key(kpi: Kpi, span: Span, column: str) -> str:
    return f"{kpi.code}/{span.value}/{column}"


def _head(report: Report, key: str) -> str:
    return report.words(f"front_{key}").replace("\n", " ")


def _shown(cells: Mapping[str, tuple[Scalar, str]], key: str) -> str:
    return measure.shown(*cells[key])


def _bar(off: Decimal) -> Bar:
    """A bar from the middle of the room: to the right where it is good."""
    part = min(abs(off) / FULL, Decimal(1)) * 50
    width = part.quantize(Decimal("0.1"))
    return Bar(Decimal(50) if off >= 0 else 50 - width, width, off >= 0)


def _sticks(report: Report, kpi: Kpi, unit: str) -> Iterator[Stick]:
    """The months' variance around the line of the target; the largest fills its half."""
    context = report.context
    values = report.ledger.by_pair[kpi.code, unit].values
    sign = 1 if kpi.direction is Direction.HIGHER else -1
    offs: list[tuple[int, Decimal]] = []
    for at, (target, actual) in enumerate(zip(TARGETS, ACTUALS, strict=True)):
        planned, done = values[target], values[actual]
        if isinstance(planned, Decimal) and isinstance(done, Decimal):
            offs.append((at, done - planned))
    most = max((abs(off) for _, off in offs), default=Decimal(0))
    half = Decimal(HEIGHT) / 2
    for at, off in offs:
        height = (abs(off) / most * (half - 2) if most else Decimal(0)).quantize(Decimal("0.1"))
        month = context.short_month(context.plan.settings.months[at])
        yield Stick(
            at * (WIDTH // 12) + 3,
            half - height if off > 0 else half,
            max(height, Decimal(1)),
            sign * off >= 0,
            month,
        )


def _issue(report: Report, line: IssueLine) -> Mapping[str, str]:
    months = report.words("issue_months", count=str(line.months)) if line.months > 1 else ""
    return {
        "text": f"{line.text}{months}",
        "stake": line.stake,
        "cause": line.cause,
        "action": line.action,
        "owner": line.owner,
        "due": line.due.isoformat() if line.due else "",
        "light": "" if line.problem.light is None else line.problem.light.value,
    }


def _ranking_title(report: Report, said: Front | None) -> str:
    if said is None or said.ranked is None:
        return ""
    ranked, context = said.ranked, report.context
    level, kpi = context.label(ranked.level), context.kpi_name(ranked.kpi.code)
    return report.words("ranking_title", level=level, kpi=kpi)


def _ranks(report: Report, ranked: Ranked) -> Iterator[Rank]:
    kpi = ranked.kpi
    for unit in ranked.units:
        pace = report.ledger.cell(kpi.code, unit.code, "ytd_pace")
        value: Scalar = None if pace is None else pace.value
        bar = _bar(value - 1) if isinstance(value, Decimal) else None
        key = f"rank/{unit.code}"
        yield Rank(
            report.context.unit_name(unit.code),
            Figure(f"{key}/pace", "", measure.shown(DASH if value is None else value, PERCENT)),
            Figure(f"{key}/gap", "", _gap(report, kpi, unit)),
            bar,
        )


def _gap(report: Report, kpi: Kpi, unit: Unit) -> str:
    """Actual less what was expected to date; of percentages in points."""
    actual, due = (
        report.ledger.cell(kpi.code, unit.code, f"ytd_{key}") for key in ("actual", "expected")
    )
    done = None if actual is None else actual.value
    expected = None if due is None else due.value
    if not isinstance(expected, Decimal):
        return DASH
    off = (done if isinstance(done, Decimal) else Decimal(0)) - expected
    if kpi.in_percent:
        return measure.shown(to_places(off * 100, GAP_PLACES), POINTS)
    return measure.shown(to_places(off, SUM_PLACES), signed(figure_format(kpi)))
