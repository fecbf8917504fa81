"""Sentences on the course of the year: strategies, improvements, what comes next, the situation, the weeks, the changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salesplan.engine.improvement import Effect, Measure
from salesplan.plan.model import Verdict
from salesplan.report import saying

if TYPE_CHECKING:
    from salesplan.report.report import Report


def strategies_sentence(report: Report) -> str:
    """How many were judged, how many were done and yet did not reach, and which were not done."""
    results = report.context.results.strategies
    judged = [one for one in results.values() if one.verdict is not None]
    if not judged:
        return report.words("sentence_strategies_none", all=str(len(results)))
    parts = [report.words("sentence_strategies", all=str(len(results)), judged=str(len(judged)), effective=str(_count(report, Verdict.EFFECTIVE)))]
    for verdict, key in ((Verdict.INEFFECTIVE, "ineffective"), (Verdict.NOT_DONE, "not_done"), (Verdict.REACHED_ANYWAY, "reached")):
        codes = [one.code for one in judged if one.verdict is verdict]
        if codes:
            parts.append(report.words(f"sentence_strategies_{key}", count=str(len(codes)), names=saying.listed(report.context, codes)))
    return " ".join(parts)


def improvements_sentence(report: Report, looked_at: Sequence[Measure], planned: int) -> str:
    """What became of last month's measures, and how many of this month's problems have one."""
    problems = len(report.context.results.problems)
    parts = []
    if looked_at:
        count = {effect: sum(one.effect is effect for one in looked_at) for effect in Effect}
        parts.append(report.words(
            "sentence_measures", count=str(len(looked_at)), gone=str(count[Effect.GONE]), better=str(count[Effect.BETTER]),
            rest=str(count[Effect.SAME] + count[Effect.WORSE] + count[Effect.STILL]), late=str(sum(one.late for one in looked_at)),
        ))
    if problems:
        parts.append(report.words("sentence_measures_now", count=str(problems), planned=str(planned)))
    return " ".join(parts)


def _count(report: Report, verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in report.context.results.strategies.values())
