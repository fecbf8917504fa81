"""Each KPI of the topmost unit by quarters, in a year's report: below its months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain

from salesplan.dataclass import replace
from salesplan.engine.actuals.attainment import completion, span_target
from salesplan.plan.model import Kpi, TargetBasis, Unit
from salesplan.report.figures.context import figure_format
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import RIGHT, Column, Formula, Here, listed, repeated
from salesplan.report.figures.ledger import ACTUALS, TARGETS
from salesplan.report.figures.report import Report
from salesplan.report.sections import targets
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import PERCENT
from salesplan.report.xlsx.writer import Page

QUARTERS = ("q1", "q2", "q3", "q4")
LINES = ("target", "actual", "rate")
KPI, FIRST = targets.NAME, targets.FIRST
"""The columns are those of the targets above."""


def write(report: Report, page: Page, company: Unit, row: int) -> int:
    """Target, actual and attainment of each KPI in each quarter that has begun, and in the year so
    far, one line a KPI; gives the row after them.
    """
    context = report.context
    kpis = [kpi for kpi in context.kpis if (kpi.code, company.code) in report.ledger.by_pair]
    page.heading(row, KPI, report.words("quarters_heading", year=context.span_name))
    columns = (
        Column[Kpi](
            "kpi",
            lambda kpi: context.kpi_name(kpi.code),
            head=report.words("quarter_kpi"),
            over=FIRST - KPI,
        ),
        *chain.from_iterable(_quarter(report, company, at) for at in range(len(QUARTERS))),
        *(_so_far(report, company, line) for line in LINES),
    )
    listed(report, page, "quarter", columns, kpis, row + 2, KPI)
    page.keep(row, row + 2 + len(kpis))
    return row + 4 + len(kpis)


def _so_far(report: Report, company: Unit, line: str) -> Column[Kpi]:
    """A column of the year so far."""
    form = PERCENT if line == "rate" else figure_format
    column = repeated(
        f"ytd_{line}",
        lambda kpi: report.ledger.cell(kpi.code, company.code, f"ytd_{line}"),
        form,
        ("right", "strong"),
        blank=True,
    )
    group = report.words("group_ytd")
    return replace(column, head=report.words(f"quarter_{line}"), group=group)


def _quarter(report: Report, company: Unit, index: int) -> tuple[Column[Kpi], ...]:
    """The columns of a quarter, as far as it has come; blank where it has not begun. The attainment
    of an improvement stands in the year's columns only, where its base value is that of the year.
    """
    context, here = report.context, report.context.clock.index
    key, first, last = QUARTERS[index], 3 * index, min(3 * index + 2, here)
    months = context.plan.settings.months[first : last + 1]

    def target(kpi: Kpi) -> Decimal | None:
        return span_target(kpi, context.results.targets.get((kpi.code, company.code)), first, last)

    def actual(kpi: Kpi) -> Decimal | None:
        return context.facts.value(kpi.code, company.code, months[0], months[-1])

    def rated(kpi: Kpi) -> bool:
        known = None not in (target(kpi), actual(kpi))
        return known and kpi.basis is not TargetBasis.IMPROVEMENT

    def rate(kpi: Kpi) -> Scalar:
        asked = target(kpi)
        if not rated(kpi) or asked is None:
            return None
        found = completion(kpi, asked, actual(kpi), context.plan.settings.score_cap)
        if found.value is not None:
            return to_places(found.value, RATE_PLACES)
        return None if found.word is None else report.formulas.rate_words[found.word]

    def rate_formula(kpi: Kpi, at: Here) -> str | None:
        sign = kpi.direction.sign
        cells = (at(f"{key}_target"), at(f"{key}_actual"))
        return report.formulas.rate(*cells, sign=sign) if rated(kpi) else None

    def summed(keys: Sequence[str], value: Callable[[Kpi], Decimal | None]) -> Formula[Kpi]:
        return lambda kpi, _: _formula(report, kpi, company, keys[first : last + 1], value(kpi))

    plain: tuple[Column[Kpi], ...] = (
        Column("target", target, summed(TARGETS, target), RIGHT, figure_format),
        Column("actual", actual, summed(ACTUALS, actual), RIGHT, figure_format),
        Column("rate", rate, rate_formula, RIGHT, lambda kpi: PERCENT if rated(kpi) else ""),
    )
    return tuple(
        replace(
            one,
            key=f"{key}_{one.key}",
            head=report.words(f"quarter_{one.key}"),
            group=report.words(f"quarter_{key}"),
            where=lambda _: first <= here,
        )
        for one in plain
    )


def _formula(
    report: Report, kpi: Kpi, company: Unit, keys: Sequence[str], value: Decimal | None
) -> str | None:
    """A quarter's figure from the months of the data sheet; None where it does not follow."""
    cells = [report.ledger.cell(kpi.code, company.code, key) for key in keys]
    known = [one for one in cells if one is not None and isinstance(one.value, Decimal)]
    if value is None or not known:
        return None
    if kpi.kind.adds_over_months:
        total = sum((one.value for one in known if isinstance(one.value, Decimal)), Decimal(0))
        spread = f"{known[0].ref}:{known[-1].ref.rpartition('!')[2]}"
        return f"ROUND(SUM({spread}),{SUM_PLACES})" if total == value else None
    return known[-1].ref if known[-1].value == value else None
