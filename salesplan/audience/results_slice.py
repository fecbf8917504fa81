"""A unit's part of the results: what one run said of the whole plan, record by record.

Nothing is computed again that the whole plan decides (targets, grants): every figure is the one of
the full report. Sums over the part are made of its own records, and its problems are stated at the
part's own topmost unit; how strategies, weekly reviews and changes are taken over stands in
``execution_slice``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, product
from typing import TYPE_CHECKING

from salesplan.audience import belonging
from salesplan.audience.execution_slice import with_course
from salesplan.audience.plan_slice import amounts, sliced_plan, subtree
from salesplan.audience.whole import Subtree, Whole
from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.attainment import Attainment
from salesplan.engine.actuals.progress import Span
from salesplan.engine.money.allocation import expected_of
from salesplan.engine.money.budget import BudgetResult, BudgetSummary
from salesplan.engine.money.comparison import money
from salesplan.engine.money.month_ends import total_ends
from salesplan.engine.results import Results
from salesplan.engine.targets.target import Target
from salesplan.engine.work.problems import ProblemInputs, problems
from salesplan.engine.work.task_summary import (
    by_department,
    by_owner,
    by_strategy,
    summarize,
    tasks_of,
)
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, Plan, Unit

CENT = Decimal("0.01")

if TYPE_CHECKING:
    from salesplan.engine.actuals.products import Products
    from salesplan.engine.actuals.prospects import Pool
    from salesplan.engine.work.skills import SkillLoad
    from salesplan.engine.work.tools import ToolLine


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's plan and results. ``company`` holds the company's attainments by KPI where a
    setting allows them.
    """

    root: Unit
    plan: Plan
    results: Results
    findings: tuple[Finding, ...]
    whole: bool = False
    company: tuple[tuple[Kpi, Attainment, Attainment, Attainment], ...] = ()
    """(KPI, the span reported, year to date, year) in sheet order."""


def part_of(whole: Whole, code: str, findings: Sequence[Finding]) -> Part:
    """The part of the unit of that code; the whole for the one unit above all others (overlay units
    stand beside some unit of its tree). KeyError if there is no such unit.

    Of the ``findings`` those stay that stand in a cell of one of the part's records.
    """
    own = subtree(whole, code)
    beside: set[str] = set()
    for top in whole.plan.overlays:
        beside |= {unit.code for _, unit in whole.plan.walk(top.code)}
    if (
        whole.company is not None
        and code == whole.company.code
        and len(own.units | beside) == len(whole.plan.units)
    ):
        return Part(own.root, whole.plan, whole.results, tuple(findings), whole=True)
    plan = sliced_plan(whole, own)
    places = _places(plan)
    kept = tuple(one for one in findings if (one.place.sheet, _row(one.place.cell)) in places)
    return Part(
        own.root,
        plan,
        _results(whole, own, plan),
        kept,
        company=tuple(_company(whole)) if whole.plan.settings.company_totals else (),
    )


def _results(whole: Whole, own: Subtree, plan: Plan) -> Results:
    full = whole.results
    pairs = list(product((kpi.code for kpi in whole.plan.kpis), own.order))
    spans = [(*pair, span) for pair, span in product(pairs, Span)]
    judged = list(product(own.order, Span))
    tasks = {code: result for code, result in full.tasks.items() if code in own.tasks}
    lines = {code: _line(result) for code, result in full.budget.items() if code in own.lines}
    months = {code: ends for code, ends in full.budget_months.items() if code in lines}
    stated = problems(
        ProblemInputs(
            plan=replace(whole.plan, issues=plan.issues),
            month=full.month,
            as_of=full.as_of,
            targets=full.targets,
            facts=whole.facts,
            attainments=full.attainments,
            reach=full.reach,
            tasks=tasks,
            budget=lines,
            tops=(own.root.code,),
            span=full.span,
        )
    )
    looked_at = replace(plan, tasks=tasks_of(plan.tasks, tasks, full.report_span(plan)))
    made = Results(
        month=full.month,
        as_of=full.as_of,
        month_over=full.month_over,
        span=full.span,
        month_closed=full.month_closed,
        late=tuple(one for one in full.late if one.unit in own.units),
        targets={
            pair: _target(full.targets[pair], own.root.code)
            for pair in pairs
            if pair in full.targets
        },
        presence={code: full.presence[code] for code in own.order if code in full.presence},
        attainments={key: full.attainments[key] for key in spans if key in full.attainments},
        steps={key: full.steps[key] for key in spans if key in full.steps},
        monthly={pair: full.monthly[pair] for pair in pairs if pair in full.monthly},
        scores={key: full.scores[key] for key in judged if key in full.scores},
        pace={pair: full.pace[pair] for pair in pairs if pair in full.pace},
        products=_products(full, own),
        prospects={
            code: _pool(full.prospects[code], own) for code in own.order if code in full.prospects
        },
        pipelines={pair: full.pipelines[pair] for pair in pairs if pair in full.pipelines},
        reach=full.reach,
        reported=full.reported,
        trajectories={pair: full.trajectories[pair] for pair in pairs if pair in full.trajectories},
        smart={code: _without_figures(lacking) for code, lacking in full.smart.items()},
        tasks=tasks,
        requests=tuple(one for one in full.requests if one.task in own.tasks),
        task_summary=summarize(looked_at.tasks, tasks, full.as_of),
        tasks_by_owner=by_owner(looked_at, tasks, full.as_of),
        tasks_by_strategy=by_strategy(looked_at, tasks, full.as_of),
        tasks_by_department=by_department(looked_at, tasks, full.as_of),
        tools=_tools(full, plan),
        skill_loads=_skill_loads(whole, plan),
        budget=lines,
        budget_summary=_summary(plan, lines),
        budget_months=months,
        budget_total_months=total_ends(months.values()),
        problems=stated.found,
        minor_problems=stated.minor,
        deviations=stated.deviations,
        triggers=belonging.fired_in(whole, own),
        capacities={pair: full.capacities[pair] for pair in pairs if pair in full.capacities},
    )
    return with_course(whole, own, plan, made)


def _target(target: Target, root: str) -> Target:
    """The target without how it came about; the topmost unit's without what it is a part of."""
    if target.unit != root:
        return replace(target, derivation=(), revisions=())
    return replace(
        target,
        parent_target=None,
        coefficient=None,
        parent_share=None,
        remarks=(),
        derivation=(),
        revisions=(),
    )


def _products(full: Results, own: Subtree) -> Products | None:
    """Targets by product of the part's units, without what they are a part of at the top."""
    found = full.products
    if found is None:
        return None
    root = own.root.code
    keys = [key for key in found.targets if key[1] in own.units]
    judged = [key for key in found.attainments if key[1] in own.units]
    return replace(
        found,
        targets={key: _target(found.targets[key], root) for key in keys},
        baseline={},
        attainments={key: found.attainments[key] for key in judged},
        monthly={key: found.monthly[key] for key in keys},
    )


def _tools(full: Results, plan: Plan) -> tuple[ToolLine, ...]:
    """The check list of the part's tools, as the part has them."""
    lines = {line.tool.origin.row: line for line in full.tools}
    return tuple(replace(lines[one.origin.row], tool=one) for one in plan.tools)


def _skill_loads(whole: Whole, plan: Plan) -> tuple[SkillLoad, ...]:
    """What the part's tasks ask of the part's people: others' skills are not told."""
    if not whole.results.skill_loads:
        return ()
    from salesplan.engine.work.skills import skill_loads

    return skill_loads(plan, whole.work_calendar, whole.results.as_of)


def _pool(pool: Pool, own: Subtree) -> Pool:
    """The unit's prospects; what is needed at the rate of a unit above the part is not said."""
    if pool.rate_of in own.units or not pool.rate_of:
        return pool
    needs = tuple(
        None if one is None else replace(one, rate=None, needed=None) for one in pool.needs
    )
    return replace(pool, rate=None, rate_of="", needs=needs)


def _line(result: BudgetResult) -> BudgetResult:
    """The grant with its reason, unless that names another's line."""
    named = result.reason is not None and "line" in result.reason.params
    return replace(result, reason=None) if named else result


def _summary(plan: Plan, lines: dict[str, BudgetResult]) -> BudgetSummary | None:
    """The sums of the part's lines; total, best combination and reserve are the company's."""
    if not lines:
        return None
    expected = sum(
        (expected_of(line, lines[line.code].granted) for line in plan.budget if line.code in lines),
        Fraction(0),
    )
    granted = [one.granted for one in lines.values()]
    return BudgetSummary(
        total=None,
        granted=amounts(granted),
        committed=amounts(one.committed for one in lines.values()),
        spent=amounts(one.spent for one in lines.values()),
        granted_return=money(expected, CENT),
        best_return=None,
    )


def _company(whole: Whole) -> Iterator[tuple[Kpi, Attainment, Attainment, Attainment]]:
    if whole.company is None:
        return
    judged = whole.results.report_span(whole.plan).judged
    for kpi in whole.plan.kpis:
        found = [
            whole.results.attainments.get((kpi.code, whole.company.code, span))
            for span in (judged, Span.YTD, Span.YEAR)
        ]
        if found[0] is not None and found[1] is not None and found[2] is not None:
            yield kpi, found[0], found[1], found[2]


def _places(plan: Plan) -> set[tuple[str, int]]:
    """(sheet, row) of every record of its own."""
    tables = (
        plan.units,
        plan.targets,
        plan.tasks,
        plan.replies,
        plan.skills,
        plan.tools,
        plan.budget,
        plan.deals,
        plan.prospects,
        plan.spending,
        plan.daily,
        plan.weekly,
        plan.changes,
        plan.issues,
    )
    records = chain.from_iterable(tables)
    found = {(record.origin.sheet, record.origin.row) for record in records}
    return {place for place in found if place[1]} | {
        (plan.actuals.sheet, row) for row in plan.actuals.rows
    }


def _row(cell: str) -> int:
    digits = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isdigit() else 0


def _without_figures(lacking: Iterable[Finding]) -> tuple[Finding, ...]:
    """What a goal lacks is said of the company's: with its figures it stays there, but for days."""
    return tuple(one for one in lacking if set(map(type, one.params.values())) <= {date})
