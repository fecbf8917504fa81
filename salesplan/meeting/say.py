"""How a meeting's page is put into words: what both pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from salesplan.dataclass import dataclass
from salesplan.engine.exact.figures import WIDE, percent
from salesplan.engine.work.helping import Request, RequestState
from salesplan.meeting.notes import Note
from salesplan.meeting.run_rate import RunRate, Stale
from salesplan.meeting.table import Cell, Head, Table
from salesplan.meeting.texts import TEXTS
from salesplan.messages import text
from salesplan.plan.model import Direction, Kpi, Light, Plan
from salesplan.report.figures.context import decimals, figure_format
from salesplan.report.texts.words import Words
from salesplan.report.xlsx.measure import shown
from salesplan.report.xlsx.styles import amount_format
from salesplan.wording import listed

MORE = 2
"""Decimal places that an average a day has beyond its KPI's figures, two at most."""
DASH = "—"
Recorded = Mapping[str, tuple[object, ...]]
"""What the master's table holds already, as typed, by a line's key."""
SHORT_DAY = 5
"""Where the month and the day of 2026-06-30 begin."""


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What a page is said with: its language, the plan whose names it uses, the master's name, and
    places of the master that are wrong and touch its figures.
    """

    plan: Plan
    lang: str
    master: str
    errors: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        """The texts of the page's language."""
        return Words(self.lang, TEXTS)

    def unit(self, code: str) -> str:
        """A unit as people call it; a text that is no unit's stays."""
        unit = self.plan.unit_by_code.get(code)
        return code if unit is None else unit.name or code

    @property
    def caution(self) -> str:
        """What is said first of a page whose figures errors touch."""
        if not self.errors:
            return ""
        cells = listed((*self.errors[:MOST], *["…"] * (len(self.errors) > MOST)), self.lang)
        return self.words("caution", count=str(len(self.errors)), cells=cells)

    def weekday(self, day: date) -> str:
        """What a day of the week is called."""
        return self.words("weekdays").split("|")[day.weekday()]

    def source(self, day: date) -> str:
        """What the page was made of."""
        return self.words("source", master=self.master, day=day.isoformat())

    def note(self, note: Note) -> str:
        """A note's sentence, with what it is about."""
        said = text(note.finding, self.lang)
        return self.words("note_about", about=note.about, text=said) if note.about else said

    def notes(self, found: Iterable[Note]) -> str:
        """Several notes, a line each."""
        return "\n".join(map(self.note, found))


MOST = 6
"""Cells with errors that a page names before it only counts them."""


def short(day: date) -> str:
    """A day of the year: 06-30."""
    return day.isoformat()[SHORT_DAY:]


def figure(kpi: Kpi, value: Decimal | None, *, daily: bool = False) -> Cell:
    """A KPI's figure as its number format shows it; an average a day by more places, and rounded to
    them: a quotient's further digits are nobody's figure.
    """
    if value is None:
        return Cell(DASH)
    if not daily:
        return Cell(value, figure_format(kpi))
    places = min(MORE, decimals(kpi.smallest_unit) + MORE)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE)
    return Cell(rounded, amount_format(places))


def written(cell: Cell) -> str:
    """What a cell shows, as text; a dash for nothing."""
    return shown(cell.value, cell.form) or DASH


def kpi_name(kpi: Kpi) -> str:
    """The KPI with what it is measured in."""
    return (kpi.name or kpi.code) + (f" ({kpi.unit})" if kpi.unit else "")


def recent(speech: Speech, rate: RunRate, since: date) -> Cell:
    """What came in since ``since``; where nothing was reported, when the last figure came in."""
    if rate.by_month:
        return Cell(speech.words("recent_by_month"))
    if rate.recent is not None:
        return figure(rate.kpi, rate.recent)
    if rate.latest is None or rate.latest >= since:
        return Cell(speech.words("recent_none"))
    return Cell(speech.words("recent_latest", day=short(rate.latest)))


def need(speech: Speech, rate: RunRate) -> Cell:
    """What each day left must bring; where none is left and the target is missed, so much."""
    if rate.missed:
        return Cell(speech.words("pace_no_days"))
    return figure(rate.kpi, rate.need, daily=True)


def pace(speech: Speech, rate: RunRate) -> Cell:
    """Whether the average so far is enough, in a word and a colour."""
    if rate.enough is None:
        return Cell(DASH)
    if rate.enough:
        return Cell(f"● {verdict(speech, rate)}", light=Light.GREEN)
    return Cell(f"▼ {verdict(speech, rate)}", light=Light.RED)


def verdict(speech: Speech, rate: RunRate) -> str:
    """Whether the average is enough, of a KPI that is better low whether it is within."""
    if rate.met:
        return speech.words("pace_met")
    side = "higher" if rate.kpi.direction is Direction.HIGHER else "lower"
    return speech.words(f"pace_{side}_{'enough' if rate.enough else 'short'}")


def rates_table(
    speech: Speech, rates: Sequence[RunRate], since: date, recent_head: str, spans: Sequence[int]
) -> Table:
    """The run rates of the page's unit; ``spans`` are the sheet's columns of each of its six."""
    words = speech.words
    heads = (
        Head(words("col_kpi"), "wrap", spans[0]),
        Head(recent_head, "right", spans[1]),
        Head(words("col_average"), "right", spans[2]),
        Head(words("col_need"), "right", spans[3]),
        Head(words("col_month"), "right", spans[4]),
        Head(words("col_enough"), "center", spans[5]),
    )
    rows = []
    for rate in rates:
        actual, target = figure(rate.kpi, rate.actual), figure(rate.kpi, rate.target)
        rows.append(
            (
                Cell(kpi_name(rate.kpi)),
                recent(speech, rate, since),
                figure(rate.kpi, rate.average, daily=True),
                need(speech, rate),
                Cell(words("month_actual", actual=written(actual), target=written(target))),
                pace(speech, rate),
            )
        )
    return Table(words("rates_title"), heads, tuple(rows), empty=words("rates_empty"))


def main_pace(speech: Speech, rates: Sequence[RunRate], said: str) -> str:
    """The sentence on the run rate of the most important KPI, in the words of ``said``; empty where
    it cannot be told.
    """
    known = [rate for rate in rates if rate.enough is not None]
    rate = max(known, key=lambda one: one.kpi.weight or Decimal(0), default=None)
    if rate is None:
        return ""
    if rate.missed or rate.met:
        return speech.words(
            "day_met" if rate.met else "day_missed",
            kpi=kpi_name(rate.kpi),
            actual=written(figure(rate.kpi, rate.actual)),
            target=written(figure(rate.kpi, rate.target)),
        )
    return speech.words(
        said,
        kpi=kpi_name(rate.kpi),
        average=written(figure(rate.kpi, rate.average, daily=True)),
        need=written(figure(rate.kpi, rate.need, daily=True)),
        verdict=verdict(speech, rate),
    )


def stale_line(speech: Speech, found: Stale | None) -> str:
    """Up to which day the actuals go, and what they had come to; empty where they are recent."""
    if found is None:
        return ""
    until = found.until.isoformat()
    if found.kpi is None or found.pace is None:
        return speech.words("stale", until=until)
    return speech.words(
        "stale_pace",
        until=until,
        kpi=kpi_name(found.kpi),
        actual=written(figure(found.kpi, found.actual)),
        expected=written(figure(found.kpi, found.expected)),
        pace=percent(found.pace),
    )


def asked_of(request: Request, speech: Speech) -> str:
    """What a task asks of a helper, and what the helper answered."""
    words, task = speech.words, speech.plan.task_by_code.get(request.task)
    about = request.task if task is None else f"{task.code} {task.content}".strip()
    promised = "" if request.promised is None else short(request.promised)
    latest = DASH if request.latest is None else short(request.latest)
    said = {
        RequestState.TO_ASK: words("request_to_ask", latest=latest),
        RequestState.ASKED: words("request_asked"),
        RequestState.NO: words("request_no"),
        RequestState.YES: words("request_yes", promised=promised),
        RequestState.CONDITIONS: words("request_conditions", promised=promised),
    }
    return words("request_line", task=about, state=said[request.state])
