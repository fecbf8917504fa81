"""关于本报告: what the report is made from, where everything is and how it stands, the settings in
named cells, the KPIs. It stands at the end, over the situation, the checks and the notes.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.changes.late_actuals import LateActual
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.grid import RIGHT, WRAP, Column, listed
from salesplan.report.figures.report import BODY_ROW, DATA, Report
from salesplan.report.figures.values import Named, named_values
from salesplan.report.narrative import phrases
from salesplan.report.narrative.later_changes import later_changes, year_goal
from salesplan.report.narrative.phrases import figure
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT, WHOLE
from salesplan.report.xlsx.writer import Page
from salesplan.wording import clauses, clock
from salesplan.wording import listed as names_listed

COLUMNS, WIDTH = 12, 15.0
"""The sheet's columns, all of one width: what stands below lies over several of them."""
FIRST = 1
LAST = FIRST + COLUMNS - 1
LABEL, VALUE = (1, 3), 4
"""0-based columns of the left block: what a thing is called, and what it is."""
NAME, ABOUT = (6, 7), (8, 12)
"""Of the right block: a section's name, and how it stands."""
_SAID = ("span_first", "report_month", "month_over")
"""Settings whose cells say their number in words."""
_LATE_SHOWN = 4
"""Late actuals that are told one by one."""
_STATED = 62.0
"""Characters of what a section says of itself."""


def place_names(report: Report, named: tuple[Named, ...]) -> None:
    """Put the settings into their named cells, and the weights where the score sheet finds them.

    First of all, because every formula of the report stands on them.
    """
    page = report.open("cover", LAST)
    page.fix(dict.fromkeys(range(FIRST, LAST + 1), WIDTH))
    row = page.top + len(_facts(report)) + 2
    page.heading(row, LABEL[0], report.words("parameters"))
    names = report.formulas.names
    for one in named:
        row += 1
        page.wide(row, *LABEL, report.words(f"value_{one.key}"), "cell", "text")
        formula = one.formula.format_map(names) if one.formula else None
        styles = ("cell", "right", "strong") if formula else ("input", "right")
        form = report.words(f"form_{one.key}") if one.key in _SAID else one.number_format
        page.put(row, VALUE, one.value, *styles, formula=formula, number_format=form)
        report.book.name(names[one.key], page.name, row, VALUE)
        report.publish(f"value_{one.key}", page, row, VALUE, one.value)
    page.wide(row + 1, LABEL[0], VALUE, report.words("parameters_note"), "note")
    _kpis(report, page, _kpi_row(report))
    page.write(_behind_row(report), LABEL[0], None, report.book.style("note"))


def write(report: Report) -> None:
    """The rest of the first block: what the report is made from, and the contents."""
    page, row = report.pages["cover"], BODY_ROW
    page.heading(row, LABEL[0], report.words("basis"))
    for key, value in _facts(report):
        row += 1
        page.wide(row, LABEL[0], LABEL[0] + 1, report.words(key), "cell", "text", "muted")
        page.wide(row, LABEL[0] + 2, VALUE, value or DASH, "cell", "wrap")
    _contents(report, page, BODY_ROW)
    _behind(report, page, _behind_row(report))
    page.set_print(None, LAST)


def _kpi_row(report: Report) -> int:
    """Where the KPIs begin, below the contents."""
    return BODY_ROW + len(_listed(report)) + 2


def _behind_row(report: Report) -> int:
    """Below both blocks: the settings with their note at the left, the KPIs at the right."""
    settings = BODY_ROW + len(_facts(report)) + len(named_values(report.context)) + 4
    return max(settings, _kpi_row(report) + len(report.context.kpis) + 3)


def _kpis(report: Report, page: Page, row: int) -> None:
    context = report.context
    if not context.kpis:
        return
    page.heading(row, NAME[0], report.words("kpi_table"))
    grid = listed(report, page, "kpi", _kpi_columns(report), context.kpis, row + 1, NAME[0])
    for at, kpi in enumerate(context.kpis, row + 2):
        weight = report.board.weight(kpi)
        report.publish(f"weight_{kpi.code}", page, at, grid.column("weight"), weight)
    note = later_changes(context)
    if note:
        page.wide(row + 2 + len(context.kpis), NAME[0], ABOUT[1], note, "note")


def _kpi_columns(report: Report) -> tuple[Column[Kpi], ...]:
    """What a KPI is, its year's goal, its weight for a reader to try others, what it lacks."""
    context = report.context
    goal_head = "kpi_goal_part" if context.scope.name else "kpi_goal"

    def goal(kpi: Kpi) -> Scalar:
        target = year_goal(context, kpi)
        return report.words("rate_no_target") if target is None else target

    return (
        Column("name", context.kpi_with_unit, over=2),
        Column("kind", lambda kpi: context.label(kpi.kind)),
        Column("direction", lambda kpi: context.label(kpi.direction)),
        Column("goal", goal, None, RIGHT, figure_format, head=report.words(goal_head)),
        Column(
            "weight",
            report.board.weight,
            look=("input", "right"),
            form=WHOLE if report.board.equal else PERCENT,
        ),
        Column("smart", lambda kpi: _smart(report, kpi), look=WRAP),
    )


def _smart(report: Report, kpi: Kpi) -> str:
    """What the KPI lacks to be SMART."""
    context = report.context
    smart = context.results.smart.get(kpi.code)
    if smart is None:
        return DASH
    return clauses(map(context.say, smart), context.lang) or report.words("smart_complete")


def _listed(report: Report) -> list[str]:
    """Keys of the sections in the contents: all but the data sheets that are hidden."""
    return [
        key
        for key, page in report.pages.items()
        if key != "cover" and (key not in DATA or not page.hidden)
    ]


def _contents(report: Report, page: Page, row: int) -> None:
    """One line a section: its name, which leads there, and how it stands."""
    page.heading(row, NAME[0], report.words("contents"))
    for key in _listed(report):
        row += 1
        spot = report.spots.get(f"section/{key}")
        if spot is not None and not report.book.leads_to(spot[0]):
            spot = None
        name = report.words(f"title_{key}").partition(":")[0]
        page.wide(row, *NAME, name, "cell", "text", *(() if spot else ("muted",)))
        if spot is not None:
            page.link(row, NAME[0], name, *spot, "cell", "text")
        said = report.empty.get(key) or report.states.get(key) or report.words(f"about_{key}")
        page.wide(row, *ABOUT, phrases.shortened(said, _STATED), "cell", "text", "muted")


def _behind(report: Report, page: Page, row: int) -> None:
    """Which sheets are hidden, and how they are seen."""
    behind = [
        section.name
        for key, section in report.pages.items()
        if section.hidden and key not in report.empty
    ]
    if behind:
        said = report.words("contents_hidden", sheets=names_listed(behind, report.context.lang))
        page.wide(row, LABEL[0], ABOUT[1], said, "note")


def _facts(report: Report) -> list[tuple[str, str]]:
    """What the report is made from, line by line."""
    context = report.context
    settings, clock = context.plan.settings, context.clock
    state = "running" if not context.over else "state_over"
    if context.results.month_closed:
        state = "state_shut"
    facts = [
        ("basis_source", context.source_name),
        ("basis_month", context.span_name),
        ("basis_day", context.results.as_of.isoformat()),
        ("basis_state", report.words(state)),
        (
            "basis_days",
            report.words("days_of", elapsed=str(clock.elapsed), days=str(clock.days))
            + context.estimated(context.results.month.year),
        ),
        ("basis_unit", context.amount_unit),
        ("basis_currency", settings.currency),
        (
            "basis_size",
            report.words(
                "size_of",
                units=f"{len(context.plan.units):,}",
                kpis=str(len(context.plan.kpis)),
                rows=f"{context.plan.actuals.entered_rows:,}",
            ),
        ),
    ]
    facts += [*_linked(report), *_imported(report)]
    late = _late(report)
    return [*facts, ("basis_late", clauses(late, context.lang))] if late else facts


def _linked(report: Report) -> list[tuple[str, str]]:
    """What was read of the linked source: how much, when, and what of it was left out."""
    read, context = report.context.plan.linked, report.context
    if read is None:
        return []
    words = report.words
    way = words("linked_live" if read.live else "linked_snapshot")
    at = clock(read.at)
    facts = [
        ("basis_linked", read.name),
        ("basis_read", words("read_at", at=at, way=way)),
        ("basis_rows", words("rows_of", rows=f"{read.rows:,}", groups=f"{read.groups:,}")),
    ]
    reasons = clauses(map(context.say, read.reasons), context.lang)
    return [*facts, ("basis_refused", reasons)] if reasons else facts


def _imported(report: Report) -> list[tuple[str, str]]:
    """What the last import of actuals read."""
    one = report.context.imported
    if one is None:
        return []
    counts = {name: f"{one.counts.get(name, 0):,}" for name in ("records", "added", "refused")}
    said = report.words("imported_of", name=one.name, at=one.at, **counts)
    why = (
        report.words(f"imported_not_{name}", count=f"{one.counts[name]:,}")
        for name in ("unit", "day", "number", "key", "other")
        if name in one.counts
    )
    reasons = clauses(why, report.context.lang)
    return [("basis_imported", said), *([("basis_refused", reasons)] if reasons else [])]


def _late(report: Report) -> list[str]:
    """Of the topmost units, what their closed months' actuals differ from the record by."""
    context = report.context
    top = {unit.code for unit in context.plan.roots}
    known = {kpi.code: kpi for kpi in context.kpis}
    found = [one for one in context.results.late if one.unit in top and one.kpi in known]
    said = [_late_line(report, known[one.kpi], one) for one in found[:_LATE_SHOWN]]
    more = len(found) - len(said)
    return [*said, report.words("late_more", count=str(more))] if more else said


def _late_line(report: Report, kpi: Kpi, one: LateActual) -> str:
    difference = (one.now or Decimal(0)) - (one.recorded or Decimal(0))
    sign = "+" if difference > 0 else ""
    shown = figure(kpi, difference)
    if kpi.in_percent:
        shown = report.words("points", points=shown.removesuffix("%"))
    return report.words(
        "late_of",
        month=str(one.month),
        kpi=report.context.kpi_name(kpi.code),
        recorded=figure(kpi, one.recorded),
        now=figure(kpi, one.now),
        difference=f"{sign}{shown}",
    )
