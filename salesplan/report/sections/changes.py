"""变更记录: every change with its approval, the plan before and after it, the plan as it stands, and what was achieved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.engine.results import Span
from salesplan.plan.aims import subject_table
from salesplan.plan.model import Approval, Change, Kpi, Level, Light
from salesplan.plan.parse_text import folded, half_width
from salesplan.plan.schema import table
from salesplan.report.context import figure_format
from salesplan.report.course import changes_sentence
from salesplan.report.grid import Entry, Grid, centered, figure, text, wrapped
from salesplan.report.measure import Scalar
from salesplan.report.report import BODY_ROW, Report
from salesplan.report.styles import LIGHT_COLORS, PERCENT_WHOLE, amount_format

KEYS = (
    "code", "raised", "trigger", "subject", "field", "before", "after", "current", "actual", "effective", "status", "approver", "approved", "applicant", "notify",
)
WIDTHS = {"trigger": 26.0, "subject": 28.0, "field": 16.0, "before": 13.0, "after": 13.0, "current": 13.0, "actual": 13.0, "notify": 16.0, "status": 11.0}
FIRST = 1
STATUS_LIGHTS = {Approval.APPROVED: Light.GREEN, Approval.PENDING: Light.YELLOW}
_RECORDS = {"tasks": "tasks", "budget": "budget", "units": "units", "kpis": "kpis", "strategies": "strategies"}


def write(report: Report) -> None:
    """One row a change, in the order of the sheet."""
    changes, context = report.context.plan.changes, report.context
    if not changes:
        return report.nothing("changes", "no_changes")
    page = report.open("changes", FIRST + len(KEYS) - 1, changes_sentence(report))
    grid = Grid(report, page, "change", KEYS, FIRST)
    page.fix({grid.column(key): WIDTHS.get(key, 12.0) for key in KEYS})
    grid.heads(BODY_ROW)
    for index, change in enumerate(changes, 1):
        current, actual = _now(report, change)
        raised: Scalar = change.raised
        approved: Scalar = change.approved
        grid.put(BODY_ROW + index, {
            "code": text(change.code, "strong"), "raised": Entry(raised, ("center",)), "trigger": wrapped(change.trigger),
            "subject": wrapped(_subject(report, change)), "field": wrapped(change.field), "before": Entry(change.before, ("right",)),
            "after": Entry(change.after, ("right", "strong")), "current": current, "actual": actual,
            "effective": centered(str(change.effective) if change.effective else None), "status": centered(context.label(change.status)),
            "approver": text(change.approver), "approved": Entry(approved, ("center",)), "applicant": text(change.applicant),
            "notify": wrapped(("、" if context.lang == "zh" else ", ").join(map(context.unit_name, change.notify)), "muted"),
        })
    last = BODY_ROW + len(changes)
    page.tints(BODY_ROW + 1, last, grid.column("status"), {context.label(status): LIGHT_COLORS[light] for status, light in STATUS_LIGHTS.items()})
    page.wide(last + 1, FIRST, grid.last, report.words("change_rule"), "note")
    page.sheet.freeze_panes(BODY_ROW + 1, 0)
    page.set_print((BODY_ROW, BODY_ROW), grid.last, area_rows=last + 1)
    return None


def _pair(report: Report, change: Change) -> tuple[Kpi, str] | None:
    """The KPI and unit a change of a target speaks of."""
    kpi, slash, unit = (half_width(part) for part in change.subject.partition("/"))
    record = report.context.plan.kpi_by_code.get(kpi)
    return (record, unit) if slash and record is not None and unit in report.context.plan.unit_by_code else None


def _subject(report: Report, change: Change) -> str:
    """The subject as people know it, after its code."""
    pair, context = _pair(report, change), report.context
    if pair is not None:
        return f"{context.kpi_name(pair[0].code)} · {context.unit_name(pair[1])}"
    record = _record(report, change)
    name = getattr(record, "content", "") or getattr(record, "name", "") or getattr(record, "category", "")
    return f"{change.subject} {name}".strip()


def _record(report: Report, change: Change) -> object:
    key = subject_table(report.context.plan, change.subject)
    if key not in _RECORDS:
        return None
    return next((row for row in getattr(report.context.plan, _RECORDS[key]) if row.code == half_width(change.subject)), None)


def _now(report: Report, change: Change) -> tuple[Entry, Entry]:
    """(the plan as it stands, what was achieved against it)."""
    pair, results = _pair(report, change), report.context.results
    if pair is not None:
        kpi, unit = pair
        form = figure_format(kpi)
        year, ytd = (report.ledger.cell(kpi.code, unit, key) for key in ("year_target", "ytd_actual"))
        known = results.attainments.get((kpi.code, unit, Span.YTD))
        shown = known is not None and known.actual is not None
        return (
            Entry(None) if year is None else figure(year.value, form, year.ref),
            Entry(None) if ytd is None or not shown else figure(ytd.value, form, ytd.ref),
        )
    record = _record(report, change)
    task, line = results.tasks.get(half_width(change.subject)), results.budget.get(half_width(change.subject))
    actual = Entry(None)
    if line is not None:
        actual = figure(line.committed + line.spent, amount_format(2))
    elif task is not None:
        finished = getattr(record, "finished", None)
        actual = Entry(finished, ("right",)) if finished is not None else figure(task.progress, PERCENT_WHOLE)
    return _value(report, change, record), actual


def _value(report: Report, change: Change, record: object) -> Entry:
    """What the master says now in the changed field."""
    key = subject_table(report.context.plan, change.subject)
    if record is None or key is None:
        return Entry(None)
    name = next((column.key for column in table(key).columns if folded(change.field) in map(folded, column.headers)), "")
    value = getattr(record, name, None)
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return figure(value, "#,##0.######")
    if isinstance(value, date):
        return Entry(value, ("right",))
    if isinstance(value, Level):
        return text(report.context.label(value))
    return wrapped(report.context.unit_name(value)) if isinstance(value, str) else Entry(None)
