"""Sentences on the differences: who makes the gap, and what makes the change to last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from salesplan.engine.actuals.market import Named
from salesplan.engine.actuals.variance import Gap, Variance
from salesplan.plan.model import Kpi, Unit
from salesplan.report.narrative import phrases

if TYPE_CHECKING:
    from salesplan.report.figures.report import Report

TOP = 3
"""How many customers the concentration speaks of."""


def variance_sentence(
    report: Report,
    company: Unit,
    bridged: Sequence[tuple[Kpi, Sequence[Gap]]],
    causes: Mapping[str, Variance],
) -> str:
    """The heaviest KPI's gap and the units short of their targets; then the change to last year by
    cause.
    """
    parts = [_gap(report, company, *bridged[0])] if bridged else []
    for code, one in list(causes.items())[:1]:
        parts.append(_causes(report, report.context.plan.kpi_by_code[code], one))
    return " ".join(parts)


def slices_sentence(report: Report, kpi: Kpi, rows: Mapping[str, Sequence[Named]]) -> str:
    """Which parts are short of their targets, how much hangs on the largest customers, what fell
    most against last year.
    """
    return " ".join(
        filter(
            None,
            (
                _short_parts(report, kpi, rows),
                _concentration(report, kpi, rows.get("customer", ())),
                _fallen(report, kpi, rows),
            ),
        )
    )


def _short_parts(report: Report, kpi: Kpi, rows: Mapping[str, Sequence[Named]]) -> str:
    """Of the parts with a target, those that did not reach it, the worst named."""
    sign = kpi.direction.sign
    both = []
    for named in rows.values():
        for one in named:
            if one.target and one.actual is not None and one.target > 0:
                both.append((one.name, one.target, one.actual))
    if not both:
        return ""
    short = {name: actual / target for name, target, actual in both if (actual - target) * sign < 0}
    if not short:
        return report.words(
            "sentence_slices_met", kpi=report.context.kpi_name(kpi.code), all=str(len(both))
        )
    worst = min(short.values(), key=lambda rate: rate * sign)
    names = phrases.listed(report.context, [name for name, rate in short.items() if rate == worst])
    rate = 1 + sign * (worst - 1)
    return report.words(
        "sentence_slices_short",
        kpi=report.context.kpi_name(kpi.code),
        all=str(len(both)),
        count=str(len(short)),
        names=names,
        rate=phrases.percent(rate),
    )


def _concentration(report: Report, kpi: Kpi, customers: Sequence[Named]) -> str:
    """How much of the amount the three largest customers bring, where there are more than three and
    none took money back.
    """
    named = [one for one in customers if one.name and one.actual is not None]
    whole = sum((one.actual or Decimal(0) for one in customers), Decimal(0))
    if len(named) <= TOP or whole <= 0 or any((one.actual or 0) < 0 for one in named):
        return ""
    part = sum((one.actual or Decimal(0) for one in named[:TOP]), Decimal(0))
    return report.words(
        "sentence_slices_top",
        top=str(TOP),
        all=str(len(named)),
        share=phrases.percent(part / whole),
        kpi=report.context.kpi_name(kpi.code),
    )


def _fallen(report: Report, kpi: Kpi, rows: Mapping[str, Sequence[Named]]) -> str:
    """The largest fall against last year's same months, of the first dimension that has last year's
    figures for two names.
    """
    for dimension in ("region", "product", "channel", "customer"):
        known = [
            (one.name, one.over - one.last_year)
            for one in rows.get(dimension, ())
            if one.name and one.over is not None and one.last_year is not None
        ]
        fallen = [(name, change) for name, change in known if change < 0]
        if len(known) < 2:
            continue
        if not fallen:
            return report.words(f"sentence_slices_none_fell_{dimension}")
        least = min(change for _, change in fallen)
        names = phrases.listed(report.context, [name for name, change in fallen if change == least])
        return report.words(
            f"sentence_slices_fell_{dimension}",
            names=names,
            change=phrases.apart(report.context, kpi, least),
        )
    return ""


def _gap(report: Report, company: Unit, kpi: Kpi, found: Sequence[Gap]) -> str:
    sign = kpi.direction.sign
    whole = report.context.results.attainments[kpi.code, company.code, report.context.looked_at]
    short = [gap for gap in found if gap.gap * sign < 0]
    facts = {
        "kpi": report.context.kpi_name(kpi.code),
        "gap": phrases.off(report.context, kpi, whole.gap),
    }
    if not short:
        return report.words("sentence_variance_none_short", **facts, all=str(len(found)))
    worst = min(gap.gap * sign for gap in short)
    tied = [report.context.unit_name(gap.name) for gap in short if gap.gap * sign == worst]
    total = sum((gap.gap for gap in short), Decimal(0))
    key = "sentence_variance_one_short" if len(short) == 1 else "sentence_variance_short"
    return report.words(
        key,
        **facts,
        count=str(len(short)),
        all=str(len(found)),
        total=phrases.apart(report.context, kpi, total),
        worst=phrases.apart(report.context, kpi, worst),
        names=phrases.listed(report.context, tied),
    )


def _causes(report: Report, kpi: Kpi, one: Variance) -> str:
    effects = sorted(
        ((cause, value) for cause, value in one.effects.items() if value),
        key=lambda pair: -abs(pair[1]),
    )
    named = [
        f"{report.words(f'variance_{cause.value}')} {phrases.moved(report.context, kpi, value)}"
        for cause, value in effects
    ]
    return report.words(
        "sentence_variance_causes",
        kpi=report.context.kpi_name(kpi.code),
        total=phrases.moved(report.context, kpi, one.total),
        effects=phrases.names(report.context, named),
    )
