"""How a status came about, as one finding: a sentence for whoever asks why."""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.progress import Clock, Span
from salesplan.engine.actuals.reach import Reach
from salesplan.engine.actuals.status import Why
from salesplan.engine.exact.figures import percent, written
from salesplan.engine.results import Results
from salesplan.findings import Finding, Place
from salesplan.plan.model import Kpi, RhythmKind, TargetBasis

_GREY = {
    Why.EARLY: "status-early",
    Why.WAY: "status-way",
    Why.NOT_REPORTED: "status-not-reported",
    Why.NOT_OVER: "status-not-over",
    Why.NOTHING_DUE: "status-nothing-due",
    Why.NOT_DUE: "status-not-due",
    Why.UNSURE: "status-unsure",
    Why.NONE: "status-none",
}
_JUDGED = {
    Why.PACE: "status-pace",
    Why.LINE: "status-line",
    Why.TARGET: "status-target",
    Why.LANDING: "status-landing",
    Why.ZERO: "status-zero",
    Why.DONE: "status-milestone",
}


def reason(kpi: Kpi, one: Attainment, results: Results, clock: Clock) -> Finding:
    """Why the KPI of the unit has its status over the span, with the figures behind it."""
    status, reach = one.status, results.reach.get(kpi.code, Reach(0))
    facts = {
        "expected": written(kpi, status.expected),
        "actual": written(kpi, status.actual),
        "target": written(kpi, one.target),
        "light": status.light,
        "until": _until(clock, reach),
        "due": kpi.due or clock.months[-1].last,
    }
    code = _GREY.get(status.why) or _JUDGED[status.why]
    if status.why is Why.NOT_REPORTED and not reach.months:
        code = "status-nothing-reported"
    if status.why is not Why.PACE:
        way = results.trajectories.get((kpi.code, one.unit))
        day = results.as_of if way is None else way.day
        if status.why is Why.LINE and way is not None and kpi.basis is TargetBasis.IMPROVEMENT:
            code, facts["base"] = "status-line-rise", written(kpi, way.base)
        return Finding.of(code, Place(), day=day, pace=_part(status.pace), **facts)
    if not reach.running:
        code = "status-over"
    elif status.lessened:
        code = "status-pace-swing"
    return Finding.of(
        code,
        Place(),
        elapsed=clock.elapsed,
        days=clock.days,
        share=percent(reach.share),
        learned=int(reach.by is RhythmKind.HISTORY),
        typed=int(reach.by is RhythmKind.POINTS),
        even=int(reach.by not in (RhythmKind.HISTORY, RhythmKind.POINTS)),
        swing=written(kpi, status.lessened),
        short=_part(status.short),
        pace=_part(status.pace),
        **facts,
    )


SPANS = (Span.MONTH, Span.YTD, Span.YEAR)
"""Those whose status is shown."""


def _until(clock: Clock, reach: Reach) -> str:
    """The last month that is reported, if any is."""
    return str(clock.months[reach.months - 1]) if reach.months else ""


def _part(value: Decimal | None) -> str:
    return "—" if value is None else percent(value)
