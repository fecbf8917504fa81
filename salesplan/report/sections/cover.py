"""封面与口径: what the report is made from, its settings in named cells, the KPIs, and where
everything is.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.engine.changes.late import LateActual
from salesplan.findings import Severity
from salesplan.messages import SEVERITY_NAMES
from salesplan.plan.model import Kpi
from salesplan.report.figures.context import DASH, figure_format
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import Report
from salesplan.report.figures.values import Named
from salesplan.report.pen.measure import Scalar
from salesplan.report.pen.styles import PERCENT, WHOLE
from salesplan.report.pen.writer import Page
from salesplan.report.say.later import later_changes, year_goal
from salesplan.report.say.saying import figure
from salesplan.wording import clauses, listed

LEFT, MIDDLE = 1, 5
"""0-based first columns of the two blocks of the cover."""
TOP = 4
_LATE_SHOWN = 4
"""Late actuals that are told one by one."""
_WIDTHS = {0: 1.5, 1: 34.0, 2: 22.0, 3: 16.0, 4: 4.0, 5: 17.0, 6: 15.0, 7: 17.0, 8: 11.0, 9: 40.0}
_KPI_PLACES = ((1, 1), (2, 2), (3, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9))
KPI_COLUMNS = ("code", "name", "kind", "direction", "measure", "goal", "weight", "smart")


def place_names(report: Report, named: tuple[Named, ...]) -> None:
    """Put the settings into their named cells, and the weights where the score sheet finds them.

    First of all, because every formula of the report stands on them.
    """
    page = report.pages["cover"]
    row = TOP + 1
    page.put(TOP, LEFT, report.words("parameters"), "heading")
    names = report.formulas.names
    for one in named:
        page.put(row, LEFT, report.words(f"value_{one.key}"), "cell", "text")
        formula = one.formula.format_map(names) if one.formula else None
        styles = ("cell", "right", "strong") if formula else ("input", "right")
        page.put(
            row, LEFT + 1, one.value, *styles, formula=formula, number_format=one.number_format
        )
        page.put(row, LEFT + 2, names[one.key], "cell", "text", "muted")
        report.book.name(names[one.key], page.name, row, LEFT + 1)
        report.publish(f"value_{one.key}", page, row, LEFT + 1, one.value)
        row += 1
    page.write(row, LEFT, report.words("parameters_note"), report.book.style("subtitle", "text"))
    _kpis(report, page, TOP + 2 + max(len(named) + 1, _right_rows(report)))


def _right_rows(report: Report) -> int:
    """How many rows the right block of the cover takes."""
    return len(_facts(report)) + len(Severity) + len(report.pages) + 3


def write(report: Report) -> None:
    """The rest of the cover: title, basis, check result and contents."""
    page = report.pages["cover"]
    page.fix(_WIDTHS)
    page.height(0, 38)
    page.write(
        0,
        LEFT,
        report.words("report_title", month=report.context.month_label),
        report.book.style("title"),
    )
    page.write(1, LEFT, report.context.subtitle, report.book.style("subtitle"))
    report.caution(page, LEFT, MIDDLE + 4)
    page.put(TOP, MIDDLE, report.words("basis"), "heading")
    row = _basis(report, page, TOP + 1)
    row = _checks(report, page, row + 1)
    _contents(report, page, row + 1)
    page.set_print(None, MIDDLE + 4, 1)


def _kpis(report: Report, page: Page, row: int) -> None:
    context = report.context
    if not context.kpis:
        return
    page.put(row, LEFT, report.words("kpi_table"), "heading")
    for (first, last), key in zip(_KPI_PLACES, KPI_COLUMNS, strict=True):
        said = "goal_part" if key == "goal" and context.scope.name else key
        page.wide(row + 1, first, last, report.words(f"kpi_{said}"), "head")
    for offset, kpi in enumerate(context.kpis):
        at = row + 2 + offset
        smart = context.results.smart.get(kpi.code)
        missing = (
            DASH
            if smart is None
            else clauses(map(context.say, smart), context.lang) or report.words("smart_complete")
        )
        target = year_goal(context, kpi)
        goal: Scalar = target if target is not None else report.words("rate_no_target")
        weight = report.board.weight(kpi)
        cells: tuple[tuple[Scalar, tuple[str, ...], str], ...] = (
            (kpi.code, ("cell", "text"), ""),
            (context.kpi_name(kpi.code), ("cell", "text"), ""),
            (context.label(kpi.kind), ("cell", "text"), ""),
            (context.label(kpi.direction), ("cell", "text"), ""),
            (kpi.unit or DASH, ("cell", "text"), ""),
            (goal, ("cell", "right"), figure_format(kpi)),
            (weight, ("input", "right"), WHOLE if report.board.equal else PERCENT),
            (missing, ("cell", "wrap"), ""),
        )
        for (first, last), (value, styles, form) in zip(_KPI_PLACES, cells, strict=True):
            if first == last:
                page.put(at, first, value, *styles, number_format=form)
            else:
                page.wide(at, first, last, value, *styles)
        report.publish(f"weight_{kpi.code}", page, at, _KPI_PLACES[6][0], weight)
    note = later_changes(context)
    if note:
        page.wide(row + 2 + len(context.kpis), LEFT, MIDDLE + 4, note, "note")


def _basis(report: Report, page: Page, row: int) -> int:
    for key, value in _facts(report):
        page.put(row, MIDDLE, report.words(key), "cell", "text", "muted")
        page.wide(row, MIDDLE + 1, MIDDLE + 4, value or DASH, "cell", "wrap")
        row += 1
    return row


def _facts(report: Report) -> list[tuple[str, str]]:
    """What the report is made from, line by line."""
    context = report.context
    settings, clock = context.plan.settings, context.clock
    state = "running" if not context.results.closed else "state_over"
    if context.results.shut:
        state = "state_shut"
    facts = [
        ("basis_source", context.source_name),
        ("basis_month", context.month_label),
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
                rows=f"{len(context.plan.actuals):,}",
            ),
        ),
    ]
    late = _late(report)
    return [*facts, ("basis_late", clauses(late, context.lang))] if late else facts


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


def _checks(report: Report, page: Page, row: int) -> int:
    page.put(row, MIDDLE, report.words("title_checks"), "heading")
    for severity in Severity:
        row += 1
        page.put(row, MIDDLE, SEVERITY_NAMES[severity].of(report.context.lang), "cell", "text")
        cell = report.cells.get(f"checks_{severity.name}") or Cell(0, None, "")
        page.put(
            row,
            MIDDLE + 1,
            cell.value,
            "cell",
            "right",
            "strong",
            formula=cell.formula,
            number_format=WHOLE,
        )
        page.wide(
            row,
            MIDDLE + 2,
            MIDDLE + 4,
            report.words(f"severity_{severity.name.lower()}"),
            "cell",
            "text",
            "muted",
        )
    return row + 1


def _contents(report: Report, page: Page, row: int) -> None:
    page.put(row, MIDDLE, report.words("contents"), "heading")
    for key, section in report.pages.items():
        if key == "cover" or (section.hidden and key not in report.empty):
            continue
        row += 1
        about = report.empty.get(key) or report.words(f"about_{key}")
        if key in report.empty:
            page.put(row, MIDDLE, section.name, "cell", "text", "muted")
        else:
            page.link(row, MIDDLE, section.name, section.name, "A1", "cell", "text")
        page.wide(row, MIDDLE + 1, MIDDLE + 4, about, "cell", "text", "muted")
    behind = [
        section.name
        for key, section in report.pages.items()
        if section.hidden and key not in report.empty
    ]
    if behind:
        said = report.words("contents_hidden", sheets=listed(behind, report.context.lang))
        page.wide(row + 1, MIDDLE, MIDDLE + 4, said, "note")
