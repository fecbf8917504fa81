"""The first page's figures as the workbook shows them: for each KPI a card of both its spans, the
issues' texts, the ranking. A page for a phone and a deck show these and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import Span
from salesplan.plan.model import Kpi, Light, Unit
from salesplan.report.figures.context import DASH
from salesplan.report.figures.formulas import GAP_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.report import FRONT, Report
from salesplan.report.narrative.first_page import Front, IssueLine, KpiLine, Ranked
from salesplan.report.narrative.reading import marked_name
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT

MAIN = ("actual", "target", "delta", "percent")
"""The columns of the first page that every form shows."""
_MORE = {
    True: ("pace", "last_year", "growth", "before", "change"),
    False: ("pace", "last_year", "growth"),
}
"""What each line is compared with: the upper one, and that of the year to date."""
_AHEAD = (("landing", "low", "high"), ("year", "target", "likely"), ("daily", "need", "done"))

Cells = Mapping[str, tuple[Scalar, str]]
"""One line of the first page: of each column the value and its number format."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the workbook shows it. ``key`` names its cell there: KPI, span and column;
    ``head`` is what the column is called.
    """

    key: str
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One span of a KPI: its main figures, what it is compared with, and how far it is ``off`` its
    target, as a part of that; above zero is good.
    """

    span: str
    figures: tuple[Figure, ...]
    more: tuple[Figure, ...]
    off: Decimal | None


@dataclass(frozen=True, slots=True)
class Card:
    """One KPI: its status as word and colour, that of month and year as words; ``ahead`` are pairs
    of figures under a head.
    """

    kpi: Kpi
    owner: str
    name: str
    light: Light
    word: str
    beside: tuple[Figure, ...]
    rows: tuple[Row, ...]
    ahead: tuple[tuple[str, tuple[Figure, ...]], ...]

    @property
    def unit(self) -> str:
        """What its figures are counted in."""
        return self.kpi.unit


@dataclass(frozen=True, slots=True)
class Rank:
    """A unit of the ranking: its pace, and the amount that it is ahead or behind; both as values,
    too, where they are numbers.
    """

    name: str
    pace: Figure
    gap: Figure
    pace_value: Decimal | None
    gap_value: Decimal | None


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue in words; blank is what nobody wrote yet. ``wanted`` says what is missing in the
    place of an action, ``urgent`` whether that is one.
    """

    text: str
    stake: str
    cause: str
    action: str
    wanted: str
    urgent: bool
    owner: str
    due: str
    light: Light | None


def cards(report: Report, said: Front) -> Iterator[Card]:
    """The KPIs of the first page, in its order."""
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
            kpi,
            unit,
            marked_name(context, kpi, unit),
            light or Light.GREY,
            DASH if word is None else str(word.value),
            tuple(
                Figure(
                    f"{kpi.code}/{line.span.value}/beside",
                    report.words(f"page_{key}"),
                    _shown(cells, "beside"),
                )
                for line, key, cells in (
                    (said.lines[at], "span", upper),
                    (said.lines[at + 1], "year", lower),
                )
                if _shown(cells, "beside")
            ),
            tuple(rows),
            tuple(_ahead(report, said.lines[at], upper, lower)),
        )


def _row(report: Report, line: KpiLine, cells: Cells) -> Row:
    def figures(keys: Sequence[str]) -> tuple[Figure, ...]:
        return tuple(
            Figure(_key(line.kpi, line.span, key), _head(report, key), _shown(cells, key))
            for key in keys
        )

    more = [key for key in _MORE[line.upper] if _is_told(cells, key)]
    value = cells["bar"][0]
    off = value if isinstance(value, Decimal) else None
    return Row(report.words(f"group_{_group(line)}"), figures(MAIN), figures(more), off)


def _is_told(cells: Cells, key: str) -> bool:
    """Whether a figure says something: growth over nothing does not."""
    base = {"growth": "last_year", "change": "before"}.get(key, key)
    return _shown(cells, base) not in ("", DASH)


def _ahead(
    report: Report,
    line: KpiLine,
    upper: Cells,
    lower: Cells,
) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Where the year ends, its target, and what a day needs: pairs of figures under a head."""
    kpi = line.kpi
    for key, first, second in _AHEAD:
        if not _is_told(upper, key) and not _is_told(lower, key):
            continue
        yield (
            report.words(f"page_{key}"),
            (
                Figure(
                    _key(kpi, line.span, key), report.words(f"page_{first}"), _shown(upper, key)
                ),
                Figure(
                    _key(kpi, Span.YTD, key), report.words(f"page_{second}"), _shown(lower, key)
                ),
            ),
        )


def _group(line: KpiLine) -> str:
    return "span" if line.upper else "ytd"


def _key(kpi: Kpi, span: Span, column: str) -> str:
    return f"{kpi.code}/{span.value}/{column}"


def _head(report: Report, key: str) -> str:
    return report.words(f"front_{key}").replace("\n", " ")


def _shown(cells: Cells, key: str) -> str:
    return measure.shown(*cells[key])


def issue(report: Report, line: IssueLine) -> Issue:
    """An issue of the first page, as it says it."""
    months = report.words("issue_months", count=str(line.months)) if line.months > 1 else ""
    return Issue(
        f"{line.text}{months}",
        line.stake,
        line.cause,
        line.action,
        report.words(line.wanted) if line.wanted else "",
        line.wanted == "issue_no_action",
        line.owner,
        line.due.isoformat() if line.due else "",
        line.problem.light,
    )


def ranking_title(report: Report, ranked: Ranked) -> str:
    """What the ranking ranks."""
    context = report.context
    level, kpi = context.label(ranked.level), context.kpi_name(ranked.kpi.code)
    return report.words("ranking_title", level=level, kpi=kpi)


def ranks(report: Report, ranked: Ranked) -> Iterator[Rank]:
    """The units of the ranking, the best first."""
    gaps = [_gap(report, ranked.kpi, unit) for unit in ranked.units]
    for unit in ranked.units:
        yield rank(report, ranked.kpi, unit, gaps)


def rank(report: Report, kpi: Kpi, unit: Unit, beside: Sequence[Decimal | None] = ()) -> Rank:
    """A unit's pace of a KPI, and its gap to what was expected by now, in as many
    places as the gaps ``beside`` it are shown in.
    """
    cell = report.looked_at(kpi, unit.code, "pace")
    pace: Scalar = DASH if cell is None or cell.value is None else cell.value
    gap = _gap(report, kpi, unit)
    form = report.context.gap_format(kpi, gap, *beside)
    key = f"rank/{unit.code}"
    return Rank(
        report.context.unit_name(unit.code),
        Figure(f"{key}/pace", "", measure.shown(pace, PERCENT)),
        Figure(f"{key}/gap", "", DASH if gap is None else measure.shown(gap, form)),
        pace if isinstance(pace, Decimal) else None,
        gap,
    )


def _gap(report: Report, kpi: Kpi, unit: Unit) -> Decimal | None:
    """Actual less what was expected to date; of percentages in points."""
    actual, due = (report.looked_at(kpi, unit.code, key) for key in ("actual", "expected"))
    done = None if actual is None else actual.value
    expected = None if due is None else due.value
    if not isinstance(expected, Decimal):
        return None
    off = (done if isinstance(done, Decimal) else Decimal(0)) - expected
    if kpi.in_percent:
        return to_places(off * 100, GAP_PLACES)
    return to_places(off, SUM_PLACES)
