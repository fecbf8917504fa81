"""目标完成: each KPI down the tree, team → department → person, with its rank among its equals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.plan.model import Kpi, Level, Light, Unit
from salesplan.report.figures.context import DASH, UNDER, decimals, figure_format
from salesplan.report.figures.grid import Entry
from salesplan.report.figures.growth import change_entry, past_value
from salesplan.report.figures.report import Report
from salesplan.report.narrative.sentences import targets_sentence
from salesplan.report.xlsx import measure
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.styles import PERCENT, POINTS, WHOLE, amount_format
from salesplan.report.xlsx.writer import Page

MOST_ROWS = 1_500
"""More rows than this are not read on paper: persons are then left to the data sheet."""

NAME, LEVEL, MANAGER = 1, 2, 3
PRINTED = (
    "span_target",
    "span_actual",
    "span_gap",
    "span_rate",
    "span_light",
    "span_mom",
    "span_yoy",
    "ytd_target",
    "ytd_actual",
    "ytd_gap",
    "ytd_rate",
    "ytd_light",
    "ytd_yoy",
    "ytd_reached",
    "year_target",
    "year_rate",
    "year_light",
)
"""Columns on paper. While a month is running its pace stands in the place of its attainment."""
BESIDE = (
    "span_pace",
    "ytd_pace",
    "year_floor",
    "year_stretch",
    "expected",
    "progress_gap",
    "low",
    "high",
    "rank",
)
"""Columns for the screen, beyond the print."""
BASES = ("span_before", "span_last", "ytd_last")
"""Figures that growth is held against."""
GROWTH = {"span_mom": "span_before", "span_yoy": "span_last", "ytd_yoy": "ytd_last"}
"""Columns of growth, and those of the figures that they are held against."""
STEPS = frozenset({"ytd_reached", "year_floor", "year_stretch"})
"""Columns that are there only where a KPI has a floor or a stretch."""
FIRST = 4
WIDTH = 7.4
"""A column of figures, at least."""
_JUMP_WIDTH = 9.0
"""About how wide a column of figures is."""
MOST_PRINTED = 60
"""Rows of a print that is read: of longer ones the lowest levels are folded away."""
ROWS_FIRST, ROWS_A_PAGE = 35, 40
"""Rows of units that fit a printed page, the first and the others: the next one has heads again."""


def write(report: Report) -> None:
    """One block per KPI, rows folded by depth."""
    if not report.ledger.rows:
        return report.nothing("targets", "no_targets")
    shown, left_out = _shown(report)
    keys = _keys(report)
    last = FIRST + len(keys)
    printed = FIRST + keys.index("year_light")
    page = report.open("targets", printed, targets_sentence(report))
    row = _jumps(report, page)
    _heads(report, page, keys, row)
    header = row + 1
    row = header + 1
    first_row = row
    jump = FIRST
    deepest = _deepest(shown)
    left = ROWS_FIRST
    for kpi, units in shown:
        high = 1 + sum(depth <= deepest for _, depth in units)
        if high > left and row > first_row:
            page.cut(row)
            _heads(report, page, keys, row)
            row, left = row + 2, ROWS_A_PAGE
        left -= high
        jump = _jump(report, page, kpi, (jump, printed), row)
        row = _block(report, page, kpi, units, keys, row, deepest)
    if left_out:
        page.write(
            row,
            NAME,
            report.words(
                "persons_left_out", count=f"{left_out:,}", sheet=report.pages["data"].name
            ),
            report.book.style("note"),
        )
    for key in filter(keys.__contains__, ("span_light", "ytd_light", "year_light")):
        page.lights(first_row, row, FIRST + keys.index(key), report.context.light_words)
    page.freeze(header + 1, NAME + 1)
    page.at_least(range(FIRST, last), WIDTH)
    page.fold_columns(LEVEL, MANAGER)
    page.set_print((header - 1, header), printed, area_rows=row - 1 + bool(left_out))
    return None


def _keys(report: Report) -> tuple[str, ...]:
    """The columns: those on paper, those beside them, the bases of growth. A year that is reported
    stands in those of the year to date.
    """
    keys: tuple[str, ...] = (*PRINTED, *BESIDE, *BASES)
    if not report.context.results.month_over:
        swapped = {"_rate": "_pace", "_pace": "_rate"}
        keys = tuple(
            key[:-5] + swapped.get(key[-5:], key[-5:]) if key.startswith(("span", "ytd")) else key
            for key in keys
        )
    if report.context.report_span.judged is Span.YTD:
        keys = tuple(key for key in keys if not key.startswith("span"))
    return tuple(key for key in keys if key not in STEPS or report.stepping.rows)


def _deepest(shown: Sequence[tuple[Kpi, Sequence[tuple[Unit, int]]]]) -> int:
    """The lowest depth that is shown without unfolding: as low as a print that is read has room
    for, at least that of the units below the topmost.
    """
    depths: list[int] = []
    for _, units in shown:
        depths += [depth for _, depth in units]
    for depth in range(max(depths, default=0), 1, -1):
        if sum(one <= depth for one in depths) + 2 * len(shown) <= MOST_PRINTED:
            return depth
    return 1


def _shown(report: Report) -> tuple[list[tuple[Kpi, Sequence[tuple[Unit, int]]]], int]:
    """(KPI, its units with their depth), and how many persons' rows are left to the data sheet."""
    everything: dict[str, list[tuple[Unit, int]]] = {}
    for kpi, unit, depth in report.context.pairs:
        everything.setdefault(kpi.code, []).append((unit, depth))
    count = sum(map(len, everything.values()))
    left_out = 0
    if count > MOST_ROWS:
        for code, units in everything.items():
            kept = [(unit, depth) for unit, depth in units if unit.level is not Level.PERSON]
            left_out += len(units) - len(kept)
            everything[code] = kept
    return [(kpi, everything[kpi.code]) for kpi in report.context.kpis], left_out


def _jumps(report: Report, page: Page) -> int:
    """A line of links to the KPIs' blocks is laid out when they are written; gives the header's
    row.
    """
    page.write(page.top, NAME, report.words("jump_to"), report.book.style("subtitle", "text"))
    return page.top + 2


def _heads(report: Report, page: Page, keys: Sequence[str], row: int) -> None:
    printed = keys[: keys.index("year_light") + 1]
    first = FIRST
    for group in UNDER:
        count = sum(key.startswith(group) for key in printed)
        if not count:
            continue
        page.wide(row, first, first + count - 1, report.words(f"group_{group}"), "group")
        first += count
    page.wide(row, first, FIRST + keys.index("rank"), report.words("group_pace_group"), "group")
    for column, key in ((NAME, "unit_name"), (LEVEL, "level"), (MANAGER, "manager")):
        page.put(row + 1, column, report.words(f"column_{key}"), "head")
    for offset, key in enumerate(keys):
        page.put(row + 1, FIRST + offset, report.words(f"column_{key}"), "head")
    page.put(row + 1, FIRST + len(keys), report.words("column_explain"), "head")


def _block(
    report: Report,
    page: Page,
    kpi: Kpi,
    units: Sequence[tuple[Unit, int]],
    keys: Sequence[str],
    row: int,
    deepest: int,
) -> int:
    context = report.context
    choices = (context.label(kpi.kind), context.label(kpi.direction))
    title = " · ".join((context.kpi_with_unit(kpi), *choices))
    page.wide(row, NAME, FIRST + len(keys), title, "total", "text")
    page.keep(row, row + min(len(units), 3))
    report.spots[f"kpi/{kpi.code}"] = (page.name, address(row, NAME))
    styles = _styles(kpi, keys)
    row += 1
    for unit, depth in units:
        _unit(report, page, kpi, unit, depth, row, styles)
        if depth > deepest:
            page.fold(row, depth)
        row += 1
    return row


def _jump(report: Report, page: Page, kpi: Kpi, columns: tuple[int, int], row: int) -> int:
    """The link at the top of the sheet to a KPI's block, from the first of ``columns`` on; gives
    the column of the next.
    """
    column, end = columns
    name = report.context.kpi_name(kpi.code)
    last = column + max(1, ceil((measure.width(name) + 3.0) / _JUMP_WIDTH)) - 1
    if last > end:
        return column
    form = report.book.style("link", "text")
    if last > column:
        page.sheet.merge_range(page.top, column, page.top, last, "", form)
    page.sheet.write_url(
        page.top, column, f"internal:{quoted(page.name)}!{address(row, NAME)}", form, name
    )
    return last + 1


def _styles(kpi: Kpi, keys: Sequence[str]) -> dict[str, Any]:
    """The number format of each column, in their order."""
    figure = figure_format(kpi)
    gap = POINTS if kpi.in_percent else amount_format(decimals(kpi.smallest_unit), sign=True)
    formats = {
        "ytd_reached": "",
        "rank": WHOLE,
        "expected": PERCENT,
        "progress_gap": POINTS,
        "span_gap": gap,
        "ytd_gap": gap,
    }
    found = {}
    for key in keys:
        if key.endswith(("_rate", "_pace")):
            usual = PERCENT
        else:
            usual = "" if key.endswith("_light") else figure
        found[key] = formats.get(key, usual)
    return found


def _unit(
    report: Report, page: Page, kpi: Kpi, unit: Unit, depth: int, row: int, styles: dict[str, Any]
) -> None:
    strong = ("strong",) if depth <= 1 else ()
    report.spots.setdefault(f"unit/{unit.code}", (page.name, address(row, NAME)))
    record = (report.ledger.sheet, f"A{report.ledger.by_pair[kpi.code, unit.code].row}")
    report.lead(
        page,
        row,
        NAME,
        report.context.unit_name(unit.code) + report.context.covered(kpi.code, unit.code),
        record,
        "cell",
        "text",
        *strong,
        indent=depth + 1,
    )
    page.put(row, LEVEL, report.context.label(unit.level), "cell", "center", "muted")
    page.put(
        row,
        MANAGER,
        report.context.unit_name(unit.manager) if unit.manager else DASH,
        "cell",
        "text",
        "muted",
    )
    past = _past(report, kpi, unit)
    for offset, (key, number_format) in enumerate(styles.items()):
        if key in GROWTH:
            entry = _growth(report, kpi, unit, key, past[GROWTH[key]], list(styles), row)
            page.put(
                row,
                FIRST + offset,
                entry.value,
                "cell",
                *entry.styles,
                formula=entry.formula,
                number_format=entry.number_format,
            )
            continue
        if key in past:
            page.put(row, FIRST + offset, past[key], "cell", "right", number_format=number_format)
            continue
        cell = (report.stepping if key in STEPS else report.ledger).cell(kpi.code, unit.code, key)
        if cell is None:
            page.put(row, FIRST + offset, None, "cell")
            continue
        align = "center" if key.endswith(("_light", "_reached")) else "right"
        page.put(
            row,
            FIRST + offset,
            cell.value,
            "cell",
            align,
            *strong,
            formula=cell.ref,
            number_format=number_format,
        )
    under = report.context.under(report.context.report_span.judged)
    pace, status = (
        address(row, FIRST + list(styles).index(f"{under}_{key}")) for key in ("pace", "light")
    )
    words = (report.words("explain_yes"), report.words("explain_no"))
    page.put(
        row,
        FIRST + len(styles),
        _outside(report, kpi, unit, words),
        "cell",
        "center",
        "muted",
        formula=report.formulas.outside(pace, status, words),
    )
    if depth:
        page.level(row, depth)


def _past(report: Report, kpi: Kpi, unit: Unit) -> dict[str, Decimal | None]:
    """What the span and the year to date are held against, by column."""
    context, own = report.context, report.context.report_span
    to_date = ReportSpan.of(own.months, own.month, Span.YTD)
    spans = {"span_last": own.last_year, "ytd_last": to_date.last_year}
    if own.before is not None:
        spans["span_before"] = own.before
    return {key: past_value(context, kpi, unit.code, *span) for key, span in spans.items()}


def _growth(
    report: Report,
    kpi: Kpi,
    unit: Unit,
    key: str,
    base: Decimal | None,
    keys: Sequence[str],
    row: int,
) -> Entry:
    """The change of the span's actual against ``base``, of percentages in points."""
    actual = "span_actual" if key.startswith("span") else "ytd_actual"
    cell = report.ledger.cell(kpi.code, unit.code, actual)
    value = cell.value if cell is not None and isinstance(cell.value, Decimal) else None
    own, other = (address(row, FIRST + keys.index(one)) for one in (actual, GROWTH[key]))
    return change_entry(report, kpi, value, base, own, other)


def _outside(report: Report, kpi: Kpi, unit: Unit, words: tuple[str, str]) -> str:
    under = report.context.under(report.context.report_span.judged)
    cell, settings = (
        report.ledger.cell(kpi.code, unit.code, f"{under}_pace"),
        report.context.plan.settings,
    )
    status = report.ledger.cell(kpi.code, unit.code, f"{under}_light")
    grey = status is not None and status.value == report.context.light(Light.GREY)
    if grey or cell is None or cell.value is None or isinstance(cell.value, str):
        return DASH
    low, high = settings.explain_low, settings.explain_high
    outside = cell.value < low or cell.value > high  # type: ignore[operator]
    return words[0 if outside else 1]
