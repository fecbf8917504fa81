"""《月度执行分析报告》: the monthly workbook, from a plan and its results.

Derived figures are live formulas with their results stored; thresholds and dates stand in named
cells on the cover. The same plan and results give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.plan.model import Plan

__all__ = ["write_report"]


def write_report(plan: Plan, results: Results, findings: Sequence[Finding], path: Path, *, lang: str, source_name: str) -> None:
    """Write the monthly report of ``results`` to ``path``, in ``lang`` (zh or en).

    ``findings`` are shown as they are given; ``source_name`` is how the report names the master.
    A report that is there already is replaced whole or not at all. OSError if it cannot be written.
    """
    from salesplan.report.assembly import assemble

    assemble(plan, results, findings, path, lang=lang, source_name=source_name)
