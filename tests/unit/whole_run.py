"""Everything a run says of a small master, with the cell where it stands or is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from salesplan.engine import Results, compute, cut_off
from salesplan.engine.views.explain import explain
from salesplan.findings import Finding
from salesplan.plan.checks import run_checks
from salesplan.plan.model import Plan, Record
from salesplan.plan.schema import product_name
from tests.unit.masters import Rows, read

Said = tuple[str, str]
"""(code, place): a cell of the master; for the lines of ``explain`` "explain KPI/unit"."""


def everything_said(rows: Rows, drop: Collection[str] = ()) -> dict[Said, Finding]:
    """What reading, checking and computing say of the master; tables in ``drop`` are left out of
    it.
    """
    plan, found = read({key: content for key, content in rows.items() if key not in drop})
    cutoff, asked = cut_off(plan, today=date(2026, 12, 31))
    results = compute(plan, month=cutoff.month, as_of=cutoff.day)
    said = {
        (finding.code, str(finding.place)): finding
        for finding in (*found, *run_checks(plan, cutoff.known), *asked, *results.findings)
    }
    return said | {(finding.code, place): finding for place, finding in _shown(plan, results)}


def _shown(plan: Plan, results: Results) -> Iterator[tuple[str, Finding]]:
    """Remarks that have no place of their own, with the engine cell that shows them."""
    rows: dict[tuple[str, str], Record] = {(row.kpi, row.unit): row for row in plan.targets}
    for key, target in results.targets.items():
        yield from _at(rows.get(key), "check", target.remarks)
        yield from ((f"explain {'/'.join(key)}", remark) for remark in target.derivation)
        for step in explain(
            plan,
            results,
            plan.kpi_by_code[key[0]],
            plan.unit_by_code[key[1]],
            plan.settings.months[0],
        )[-1:]:
            yield from ((f"explain {'/'.join(key)}", remark) for remark in step.reasons)
    found = {} if results.products is None else results.products.targets
    for (kpi_code, unit, product), target in found.items():
        name = f"explain {kpi_code}/{unit}/{product_name(product, 'zh')}"
        yield from ((name, remark) for remark in target.derivation)
    for kpi in plan.kpis:
        yield from _at(kpi, "smart", results.smart.get(kpi.code, ()))
        for one in results.smart_letters.get(kpi.code, ()):
            yield from _at(kpi, "smart", (*one.told, one.reason))
    for line in plan.budget:
        yield from _at(
            line, "grant_reason", [one] if (one := results.budget[line.code].reason) else []
        )
    for task in plan.tasks:
        result = results.tasks.get(task.code)
        yield from _at(task, "notice", [result.notice] if result and result.notice else [])
    for strategy in plan.strategies:
        yield from _at(
            strategy,
            "verdict",
            results.strategies[strategy.code].wanting
            if strategy.code in results.strategies
            else (),
        )
    for rule in plan.triggers:
        told = results.triggers[rule.code]
        yield from _at(rule, "hits", [told.why] if told.why else [])
        yield from _at(rule, "value", [one.figure for one in told.firings])
    for problem in (*results.problems, *results.minor_problems):
        yield from ((f"问题与改进 {problem.key}", one) for one in (problem.symptom, *problem.where))


def _at(
    record: Record | None, column: str, remarks: Collection[Finding]
) -> Iterator[tuple[str, Finding]]:
    if record is not None:
        yield from ((str(record.origin.place(column)), remark) for remark in remarks)
