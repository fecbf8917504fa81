"""A unit's part of a plan: records of its own only, made anew field by field.

Here stands which records go into a part, in ``taken`` which of their fields: whatever is not named
stays behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, TypeVar

from salesplan.audience import belonging
from salesplan.audience.taken import taken
from salesplan.audience.whole import Subtree, Whole
from salesplan.dataclass import replace
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.slices import parting_of
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import (
    Actuals,
    BudgetLine,
    Customer,
    Helper,
    IssueOf,
    IssueRow,
    Kpi,
    Month,
    PercentBasis,
    Plan,
    Record,
    TargetBasis,
    TargetRow,
    Task,
    Transfer,
    Trigger,
    Unit,
)
from salesplan.plan.model.actuals import FIELDS

T = TypeVar("T")
R = TypeVar("R", bound=Record)


def subtree(whole: Whole, code: str) -> Subtree:
    """What belongs to the unit of that code. KeyError if there is none.

    A task belongs to its owner, a strategy to the owners of its tasks. A budget line belongs with
    the task it names or that names it; one without any task with the region, where all units of
    that region are in the subtree.
    """
    plan = whole.plan
    order = tuple(unit.code for _, unit in plan.walk(code))
    units = frozenset(order)
    tasks = list(chain.from_iterable(whole.tasks_by_owner.get(unit, ()) for unit in order))
    codes = frozenset(task.code for task in tasks)
    paid = {task.budget: task.code for task in plan.tasks if task.budget}
    inside = {whole.regions[unit] for unit in units}
    outside = {
        whole.regions.get(unit.code, "")
        for unit in plan.units
        if unit.code not in units and whole.regions.get(unit.code, "")
    }
    lines = frozenset(
        line.code
        for line in plan.budget
        if (line.task or paid.get(line.code)) in codes
        or (not line.task and line.code not in paid and line.region in inside - outside - {""})
    )
    named = {task.strategy for task in tasks if task.strategy}
    strategies = frozenset(name for name in named if whole.tasks_by_strategy[name] <= codes)
    return Subtree(plan.unit_by_code[code], units, order, codes, lines, strategies)


def sliced_plan(whole: Whole, part: Subtree) -> Plan:
    """The unit's own plan: its subtree as the tree, and the records that belong to it.

    Company goals, coefficients of the topmost unit, budget caps, the reserve, earlier years, the
    situation with markets and competitors, and lessons that are not shared with it stay behind;
    strategies keep their words only, those that are the unit's alone also what they speak of. The
    unit's own target stands where the company's goal stood.
    """
    plan = whole.plan
    own = [
        task
        for task in plan.tasks
        if task.code in part.tasks and whole.unit_of(task.owner) in part.units
    ]
    used = {task.strategy for task in own}
    return Plan(
        settings=taken(plan.settings),
        units=tuple(
            _unit(whole, unit, part.root.code) for unit in plan.units if unit.code in part.units
        ),
        kpis=tuple(_kpi(whole, kpi, part.root.code) for kpi in plan.kpis),
        skills=_taken(one for one in plan.skills if one.person in part.units),
        targets=_flat(whole.targets_by_unit, part.order),
        product_targets=_product_rows(whole, part),
        strategies=tuple(
            belonging.strategy(one, part.strategies) for one in plan.strategies if one.code in used
        ),
        tasks=tuple(_task(whole, part, task) for task in own),
        helpers=_helpers(plan, own),
        replies=_taken(one for one in plan.replies if one.task in part.tasks),
        tools=tuple(
            belonging.tool(whole, part, one)
            for one in plan.tools
            if belonging.is_tool_of(whole, part, one)
        ),
        budget=tuple(_line(part, line) for line in plan.budget if line.code in part.lines),
        actuals=_actuals(whole, part, plan.actuals),
        at_budget=None if plan.at_budget is None else _actuals(whole, part, plan.at_budget),
        rates=_taken(plan.rates),
        deals=_taken(one for one in plan.deals if one.unit in part.units),
        products=_taken(plan.products),
        prospects=_taken(one for one in plan.prospects if one.unit in part.units),
        customers=_customers(whole, part),
        spending=_taken(one for one in plan.spending if one.budget in part.lines),
        daily=_flat(whole.daily_by_unit, part.order),
        weekly=_taken(one for one in plan.weekly if belonging.is_review_of(whole, part, one)),
        changes=tuple(
            belonging.change(whole, part, one)
            for one in plan.changes
            if belonging.is_change_of(whole, part, one)
        ),
        issues=_taken(one for one in plan.issues if is_issue_of(part, one)),
        triggers=_rules(whole, part),
        lessons=_taken(one for one in plan.lessons if belonging.is_shared(whole, part, one)),
        calendar=_taken(plan.calendar),
        transfers=tuple(_transfer(part, one) for one in plan.transfers if one.unit in part.units),
    )


def is_issue_of(part: Subtree, issue: IssueRow) -> bool:
    """Whether an issue's stable key speaks of a unit, task or budget line of the part."""
    key = issue.key
    if key.of_kpi:
        return key.unit in part.units
    own = {IssueOf.TASK: part.tasks, IssueOf.BUDGET: part.lines}
    return key.code in own.get(key.prefix, frozenset())


def _unit(whole: Whole, unit: Unit, root: str) -> Unit:
    top = unit.code == root
    return taken(
        unit,
        parent=None if top else unit.parent,
        coefficient=None if top else unit.coefficient,
        hedge=None if top else unit.hedge,
        region=whole.regions.get(unit.code, "") if top else unit.region,
    )


def _kpi(whole: Whole, kpi: Kpi, root: str) -> Kpi:
    """The KPI with the unit's own goals. Where a target is split, so are floor and stretch, and the
    base value it is measured from.
    """
    computed = kpi.code in whole.computed
    made = taken(
        kpi,
        numerator=kpi.numerator if computed else None,
        denominator=kpi.denominator if computed else None,
        target=None,
        floor=None,
        stretch=None,
        base=None,
    )
    own, steps = (
        whole.results.targets.get((kpi.code, root)),
        whole.results.steps.get((kpi.code, root, Span.YEAR)),
    )
    floor, stretch = (None, None) if steps is None else (steps.floor, steps.stretch)
    if not kpi.kind.adds_over_units:
        return taken(
            made,
            target=kpi.target,
            base=kpi.base,
            floor=kpi.floor if floor is not None else None,
            stretch=kpi.stretch if stretch is not None else None,
        )
    year = None if own is None else own.year
    if kpi.base is None:
        return taken(made, target=year, floor=floor, stretch=stretch)
    all_of_it = (
        None if whole.company is None else whole.results.targets.get((kpi.code, whole.company.code))
    )
    share, whole_year = (
        own.base_year if own is not None else None,
        all_of_it.base_year if all_of_it is not None else None,
    )
    base = divide(kpi.base * share, whole_year) if share is not None and whole_year else None
    if kpi.basis is TargetBasis.LEVEL:
        return taken(made, target=year, base=base, floor=floor, stretch=stretch)
    if base is None:
        return made
    target, floor, stretch = (
        None if level is None else level - base for level in (year, floor, stretch)
    )
    return taken(
        made,
        base=base,
        target=target,
        floor=floor,
        stretch=stretch,
        percent_basis=PercentBasis.POINTS,
    )


def _task(whole: Whole, part: Subtree, task: Task) -> Task:
    return taken(
        task,
        owner=whole.unit_of(task.owner),
        budget=task.budget if task.budget in part.lines else None,
    )


def _helpers(plan: Plan, tasks: Iterable[Task]) -> tuple[Helper, ...]:
    """Who helps with these tasks, by name alone: addresses and notice stay behind."""
    if not plan.asks_for_help:
        return ()
    from salesplan.plan.model.helping import Helping

    names = [one.name for one in chain.from_iterable(map(Helping(plan).of, tasks))]
    return tuple(Helper(name=name) for name in dict.fromkeys(names))


def _line(part: Subtree, line: BudgetLine) -> BudgetLine:
    return taken(line, task=line.task if line.task in part.tasks else None)


def _customers(whole: Whole, part: Subtree) -> tuple[Customer, ...]:
    """The customers that a unit of the part owns or trades with; of one that another owns not who
    that is. Since when each buys is known, whoever sold to it then.
    """
    if not whole.plan.customers:
        return ()
    given, index = whole.plan.actuals, whole.plan.customer_index
    rows = chain.from_iterable(whole.actual_rows.get(code, ()) for code in part.units)
    names = {given.customer[row] for row in rows}
    names |= {one.customer for one in whole.plan.deals if one.unit in part.units}
    traded = {index.code(name) for name in names}
    return tuple(
        taken(
            one,
            owner=one.owner if one.owner in part.units else "",
            since=whole.first_orders[one.code],
        )
        for one in whole.plan.customers
        if one.owner in part.units or one.code in traded
    )


def _rules(whole: Whole, part: Subtree) -> tuple[Trigger, ...]:
    """The rules of 预警 that fired for something of the part, by code and kind."""
    fired = belonging.fired_in(whole, part)
    return tuple(taken(one) for one in whole.plan.triggers if one.code in fired)


def _transfer(part: Subtree, one: Transfer) -> Transfer:
    """A transfer to or from a unit of the part; of another unit nothing is said."""
    before, after = (code if code in part.units else "" for code in (one.before, one.after))
    return taken(one, before=before, after=after)


def _taken(records: Iterable[T]) -> tuple[T, ...]:
    """The records with the fields that a part may hold."""
    return tuple(map(taken, records))


def _flat(rows: Mapping[str, Sequence[R]], codes: Iterable[str]) -> tuple[R, ...]:
    """The records of these units in sheet order."""
    found = chain.from_iterable(rows.get(code, ()) for code in codes)
    return _taken(sorted(found, key=lambda row: row.origin.row))


def _product_rows(whole: Whole, part: Subtree) -> tuple[TargetRow, ...]:
    """The products of which the part's units have targets: their names, without anything typed."""
    found = whole.results.products
    return tuple(
        TargetRow(kpi=kpi, unit=unit, product=product)
        for kpi, unit, product in (() if found is None else found.targets)
        if unit in part.units
    )


def _behind(given: Actuals, rows: Iterable[int]) -> Mapping[int, str | int]:
    """What stands behind these rows of a linked source."""
    numbers = (given.rows[row] for row in rows) if given.behind else ()
    return {number: given.behind[number] for number in numbers if number in given.behind}


def _actuals(whole: Whole, part: Subtree, given: Actuals) -> Actuals:
    """The rows of the part's units, of the plan's or of the same at budget rates; rows of a rate
    that is computed from other KPIs count for nothing and stay behind.

    What units achieved here before they went elsewhere counts as their parent's own: no word of
    theirs goes with it.
    """
    computed = whole.computed
    former = _former(whole, part) if whole.plan.transfers else {}
    here = list(chain.from_iterable(whole.actual_rows.get(code, ()) for code in part.units))
    rows = sorted(row for row in (*here, *former) if given.kpi[row] not in computed)

    def picked(column: Sequence[T]) -> list[T]:
        return [column[row] for row in rows]

    def words(column: Sequence[str]) -> list[str]:
        return ["" if row in former else column[row] for row in rows]

    def figures(column: Sequence[int | None]) -> list[int | None]:
        return [_part(former, row, column[row]) for row in rows]

    made = Actuals(
        workbook=given.workbook,
        sheet=given.sheet,
        columns=given.columns,
        rows=picked(given.rows),
        behind=_behind(given, (row for row in rows if row not in former)),
        day=picked(given.day),
        month=picked(given.month),
        unit=[former[row].unit if row in former else given.unit[row] for row in rows],
        kpi=picked(given.kpi),
        product=words(given.product),
        region=words(given.region),
        customer=words(given.customer),
        channel=words(given.channel),
        quantity=figures(given.quantity),
        value=figures(given.value),
        numerator=figures(given.numerator),
        denominator=figures(given.denominator),
        currency=picked(given.currency) if given.given else (),
        given=figures(given.given) if given.given else (),
        basis=given.basis,
        entered=None if given.entered is None else sum(row < given.entered for row in rows),
    )
    return _together(made, whole.results.as_of, whole.plan.kpi_by_code)


def _together(actuals: Actuals, as_of: date, kpis: Mapping[str, Kpi]) -> Actuals:
    """The same with what is worked out from products as one row for each KPI, unit and month, up to
    the cut-off: row by row it would tell each product's margin.
    """
    if actuals.entered is None:
        return actuals
    groups: dict[tuple[str, str, Month], list[int]] = {}
    others = list(range(actuals.entered))
    for row in range(actuals.entered, len(actuals)):
        day, kpi = actuals.day[row], kpis.get(actuals.kpi[row])
        if kpi is None or not kpi.of_products:
            others.append(row)
        elif day is None or day <= as_of:
            key = (actuals.kpi[row], actuals.unit[row], actuals.month[row])
            groups.setdefault(key, []).append(row)
    firsts = [*others, *(rows[0] for rows in groups.values())]
    columns: dict[str, list[object]] = {}
    for name in FIELDS:
        column = getattr(actuals, name)
        if column:
            columns[name] = [column[row] for row in firsts]
    for place, rows in enumerate(groups.values(), len(others)):
        for name in ("product", "region", "customer", "channel"):
            columns[name][place] = ""
        columns["day"][place] = None
        for name in ("value", "numerator", "denominator"):
            figures = [one for row in rows if (one := getattr(actuals, name)[row]) is not None]
            columns[name][place] = sum(figures) if figures else None
    return replace(actuals, **columns)  # type: ignore[arg-type]


class _Former(NamedTuple):
    """Whose a row of somebody who is elsewhere now is, and what of its figures (None: all)."""

    unit: str
    part: Callable[[int], int] | None = None


def _part(former: Mapping[int, _Former], row: int, figure: int | None) -> int | None:
    part = former[row].part if row in former else None
    return figure if part is None or figure is None else part(figure)


def _former(whole: Whole, part: Subtree) -> dict[int, _Former]:
    """Rows of units that are elsewhere now, of the months in which they were below a unit of the
    part, with that unit; of a month that their transfer splits what is the part's.

    Levels went along with their unit: of these nothing is left.
    """
    given, lines = whole.plan.actuals, Lineages(whole.plan)
    parting = parting_of(whole.plan)
    kpis = whole.plan.kpi_by_code
    subtrees = chain.from_iterable(whole.plan.walk(one.unit) for one in whole.plan.transfers)
    moved = {unit.code for _, unit in subtrees} - part.units
    found: dict[int, _Former] = {}
    for code in moved:
        for row in whole.actual_rows.get(code, ()):
            kpi, month = kpis.get(given.kpi[row]), given.month[row]
            if kpi is None or kpi.kind.is_level:
                continue
            if parting is not None and parting.pieces(kpi, code, month):
                own = parting.inside(kpi, code, month, row, part.units)
                above = parting.first_above(kpi, code, month, part.units)
                if own is not None and above is not None:
                    found[row] = _Former(above, own)
                continue
            above = next((one for one in lines.at(month)[code] if one in part.units), None)
            if above is not None:
                found[row] = _Former(above)
    return found


def amounts(values: Iterable[Decimal | None]) -> Decimal:
    """The sum of those that are known."""
    return sum((value for value in values if value is not None), Decimal(0))
