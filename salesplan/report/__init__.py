"""《月度执行分析报告》: the monthly workbook, from a plan and its results.

Derived figures are live formulas with their results stored; thresholds and dates stand in named
cells on the last sheet. The same plan and results give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import Plan
from salesplan.report.figures.scope import Scope

if TYPE_CHECKING:
    from salesplan.report.figures.context import RowsRead
    from salesplan.report.narrative.summary import Summary

__all__ = ["Scope", "write_report"]

_WHOLE = Scope()


def write_report(
    plan: Plan,
    results: Results,
    findings: Sequence[Finding],
    path: Path,
    *,
    lang: str,
    source_name: str,
    scope: Scope = _WHOLE,
    details: str = "month",
    with_data: bool = False,
    errors: Sequence[str] = (),
    also: Mapping[str, Path] | None = None,
    imported: RowsRead | None = None,
) -> Summary:
    """Write the monthly report of ``results`` to ``path``, in ``lang`` (zh or en), and say what a
    message would say of it.

    ``findings`` are shown as they are given; ``source_name`` is how the report names the master,
    ``scope`` of whom it speaks. ``details`` says whose actual rows stand behind the numbers: of the
    report "month", of the year to date ("ytd"), or "none". The sheets that formulas are worked out
    from are hidden, and so not printed, but ``with_data``. ``errors`` are the places of the master
    that are wrong and touch the report's figures: it says so on its first pages. ``also`` are files
    for its other forms, by their ending: ".html", a page for a phone. ``imported`` is what the last
    import of actuals read. A report that is
    there already is replaced whole or not at all. OSError if it cannot be written.
    """
    from salesplan.report.assembly import assemble
    from salesplan.report.figures.context import Context
    from salesplan.report.figures.details import Period

    context = Context(plan, results, findings, lang, source_name, scope, tuple(errors), imported)
    return assemble(context, path, Period(details), also or {}, with_data=with_data)
