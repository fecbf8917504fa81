"""目标完成: each KPI down the tree, team → department → person, with its rank among its equals."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from salesplan.plan.model import Kpi, Level, Light, Unit
from salesplan.report.figures.context import DASH, decimals, figure_format
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.pen import measure
from salesplan.report.pen.places import address, quoted
from salesplan.report.pen.styles import PERCENT, POINTS, WHOLE, amount_format
from salesplan.report.pen.writer import Page
from salesplan.report.say.sentences import targets_sentence

MOST_ROWS = 1_500
"""More rows than this are not read on paper: persons are then left to the data sheet."""

NAME, LEVEL, MANAGER = 1, 2, 3
FIGURES = (
    "month_target",
    "month_actual",
    "month_gap",
    "month_rate",
    "month_pace",
    "month_light",
    "ytd_target",
    "ytd_actual",
    "ytd_gap",
    "ytd_rate",
    "ytd_pace",
    "ytd_light",
    "ytd_reached",
    "year_floor",
    "year_target",
    "year_stretch",
    "year_rate",
    "year_light",
    "expected",
    "progress_gap",
    "low",
    "high",
    "rank",
)
STEPS = frozenset({"ytd_reached", "year_floor", "year_stretch"})
"""Columns that are there only where a KPI has a floor or a stretch."""
FIRST = 4
_JUMP_WIDTH = 9.0
"""About how wide a column of figures is."""
_GROUPS = (("month", "month_"), ("ytd", "ytd_"), ("year", ""))
"""Groups of columns, and how the keys of theirs begin; the last one takes what is left but the
rank.
"""


def write(report: Report) -> None:
    """One block per KPI, rows folded by depth."""
    if not report.ledger.rows:
        return report.nothing("targets", "no_targets")
    shown, left_out = _shown(report)
    keys = tuple(key for key in FIGURES if key not in STEPS or report.stepping.rows)
    last = FIRST + len(keys)
    page = report.open("targets", last, targets_sentence(report))
    row = _jumps(report, page)
    _heads(report, page, keys, row)
    header = row + 1
    row = header + 1
    first_row = row
    jump = LEVEL
    for kpi, units in shown:
        jump = _jump(report, page, kpi, (jump, last), row)
        row = _block(report, page, kpi, units, keys, row) + 1
    if left_out:
        page.write(
            row,
            NAME,
            report.words(
                "persons_left_out", count=f"{left_out:,}", sheet=report.pages["data"].name
            ),
            report.book.style("note"),
        )
    for key in ("month_light", "ytd_light", "year_light"):
        page.lights(first_row, row, FIRST + keys.index(key), report.context.light_words)
    page.sheet.outline_settings(True, False, False, False)
    page.sheet.freeze_panes(header + 1, NAME + 1)
    page.at_least(range(FIRST, last), 8.5)
    page.set_print((header - 1, header), last)
    return None


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
    page.write(BODY_ROW, NAME, report.words("jump_to"), report.book.style("subtitle", "text"))
    return BODY_ROW + 2


def _heads(report: Report, page: Page, keys: Sequence[str], row: int) -> None:
    first = FIRST
    for words_key, begin in _GROUPS:
        count = (
            sum(key.startswith(begin) for key in keys) if begin else FIRST + len(keys) - 1 - first
        )
        page.wide(row, first, first + count - 1, report.words(f"group_{words_key}"), "group")
        first += count
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
) -> int:
    measure = f" ({kpi.unit})" if kpi.unit else ""
    title = (
        f"{report.context.kpi_name(kpi.code)}{measure} · {report.context.label(kpi.kind)} · "
        f"{report.context.label(kpi.direction)}"
    )
    page.wide(row, NAME, FIRST + len(keys), title, "total", "text")
    page.keep(row, row + min(len(units), 3))
    report.spots[f"kpi/{kpi.code}"] = (page.name, address(row, NAME))
    styles = _styles(kpi, keys)
    row += 1
    for unit, depth in units:
        _unit(report, page, kpi, unit, depth, row, styles)
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
        page.sheet.merge_range(BODY_ROW, column, BODY_ROW, last, "", form)
    page.sheet.write_url(
        BODY_ROW, column, f"internal:{quoted(page.name)}!{address(row, NAME)}", form, name
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
        "month_gap": gap,
        "ytd_gap": gap,
    }
    return {
        key: formats[key]
        if key in formats
        else PERCENT
        if key.endswith(("_rate", "_pace"))
        else ""
        if key.endswith("_light")
        else figure
        for key in keys
    }


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
    for offset, (key, number_format) in enumerate(styles.items()):
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
    pace, status = (
        address(row, FIRST + list(styles).index(key)) for key in ("month_pace", "month_light")
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


def _outside(report: Report, kpi: Kpi, unit: Unit, words: tuple[str, str]) -> str:
    cell, settings = (
        report.ledger.cell(kpi.code, unit.code, "month_pace"),
        report.context.plan.settings,
    )
    status = report.ledger.cell(kpi.code, unit.code, "month_light")
    grey = status is not None and status.value == report.context.light(Light.GREY)
    if grey or cell is None or cell.value is None or isinstance(cell.value, str):
        return DASH
    low, high = settings.explain_low, settings.explain_high
    outside = cell.value < low or cell.value > high  # type: ignore[operator]
    return words[0 if outside else 1]
