"""预警: the rules of a planner that fire, for whom, since when, and the change that each proposes.

| kind | fires for |
|---|---|
| customer lost | a customer whose last order is more than 阈值 times its own median gap ago |
| price below list | a product that a unit sold in the report month for less than list − 阈值 |
| pace low | a KPI of a unit that was under 阈值 of what was expected on each of the last 天数 |
| task late | a task overdue by more than 天数 working days |
| competitor changed | a competitor whose newer row is not what the one before it says |
| budget over | a line, or a category, whose use is more than 阈值 above what was approved |

What a rule needs is worked out when it is asked for: a plan without rules pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import chain, pairwise
from math import floor
from typing import TYPE_CHECKING, TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.engine.actuals.attainment import Attainment, attainments
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.tally import Lineages
from salesplan.engine.exact.figures import divide, median, percent
from salesplan.engine.money.budget import BudgetResult, Cap
from salesplan.engine.targets.target import Targets
from salesplan.engine.work.task_summary import TaskResult
from salesplan.findings import Finding, Place
from salesplan.plan.model import (
    Actuals,
    Approval,
    Competitor,
    KpiKind,
    Light,
    Month,
    Plan,
    Product,
    Spending,
    TaskStatus,
    Trigger,
    TriggerKind,
    TriggerState,
)
from salesplan.plan.model.currencies import money_of, own_unit
from salesplan.plan.model.orders import order_kpi
from salesplan.plan.model.triggers import (
    Watched,
    customer_name,
    products_called,
    sightings,
    watched,
)

if TYPE_CHECKING:
    from salesplan.engine.exact.workdays import Calendar

T = TypeVar("T")
ZERO, ONE = Decimal(0), Decimal(1)
DAY, _FINE = timedelta(days=1), Decimal("0.0001")
ORDERS = 3
"""Order days from which on a customer has a rhythm: two gaps."""
RECENT = 30
"""Days in which a competitor's change is news, where a rule does not say."""
LOOKED_BACK = 40
"""Working days beyond those of a rule that are looked through for the day on which a pace fell."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The change to begin: ``subject`` and the ``column`` of the schema's ``table`` that 变更记录
    is to name, and what the plan says now (None: nothing). ``raised`` is the code of a change
    of that subject on which nobody has decided yet.
    """

    subject: str
    table: str
    column: str
    before: Decimal | date | None
    raised: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired for one thing.

    ``subject`` is what fired: KPI/unit, a task, a budget line or category, a customer. ``unit`` is
    whose it is ("": the company's), ``since`` the day from which on it has fired, ``value`` the
    figure (a share, or days) and ``figure`` its words, ``said`` the sentence at the cell that
    fired.
    """

    rule: str
    kind: TriggerKind
    subject: str
    unit: str
    since: date
    value: Decimal
    said: Finding
    figure: Finding
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """A rule at the cut-off: its firings worst first, or ``why`` it cannot be told."""

    state: TriggerState
    firings: tuple[Firing, ...] = ()
    why: Finding | None = None

    @property
    def since(self) -> date | None:
        """The earliest day since which it fires; None where it does not."""
        return min((one.since for one in self.firings), default=None)


@dataclass(frozen=True, kw_only=True)
class TriggerInputs:
    """All that the rules are held against, at the cut-off."""

    plan: Plan
    month: Month
    as_of: date
    calendar: Calendar
    targets: Targets
    facts: Facts
    attainments: Mapping[tuple[str, str, Span], Attainment]
    tasks: Mapping[str, TaskResult]
    budget: Mapping[str, BudgetResult]
    caps: Sequence[Cap]

    @cached_property
    def lines(self) -> Mapping[str, tuple[str, ...]]:
        """Each unit with those above it."""
        return Lineages(self.plan).at(Month.of(self.as_of))

    @cached_property
    def raised(self) -> Mapping[str, str]:
        """By subject the last change that waits for a decision."""
        waiting = (None, Approval.PENDING)
        return {one.subject: one.code for one in self.plan.changes if one.status in waiting}

    def below(self, unit: str, wanted: str) -> bool:
        """Whether a unit is the one wanted ("": any), or below it."""
        return not wanted or wanted in self.lines.get(unit, ())

    @cached_property
    def orders(self) -> Mapping[str, Mapping[str, Sequence[int]]]:
        """The rows that are orders, by KPI and customer: dated or of a month, above zero, of flows,
        up to the cut-off. One pass over the actuals.
        """
        flows = {kpi.code for kpi in self.plan.kpis if kpi.kind is KpiKind.FLOW}
        found: dict[str, dict[str, list[int]]] = {code: {} for code in flows}
        actuals, first = self.plan.actuals, self.plan.settings.months[0].plus(-24)
        columns = (actuals.customer, actuals.kpi, actuals.value, actuals.month)
        for at, (customer, kpi, value, month) in enumerate(zip(*columns, strict=True)):
            if customer and value and value > 0 and month >= first and kpi in flows:
                found[kpi].setdefault(customer, []).append(at)
        return {kpi: self._together(rows) for kpi, rows in found.items()}

    def _together(self, rows: Mapping[str, list[int]]) -> Mapping[str, Sequence[int]]:
        """The rows of a customer that is written by code here and by name there."""
        if not self.plan.customers:
            return rows
        found: dict[str, list[int]] = {}
        for customer, own in rows.items():
            found.setdefault(customer_name(self.plan, customer), []).extend(own)
        return found

    @cached_property
    def sold(self) -> Mapping[tuple[str, str, str], Sequence[int]]:
        """The rows of the report month that have a price: of flows of money, with a product and a
        quantity, by KPI, unit and product.
        """
        plan, found = self.plan, dict[tuple[str, str, str], list[int]]()
        money = {
            kpi.code
            for kpi in plan.kpis
            if kpi.kind is KpiKind.FLOW and money_of(kpi, plan.settings) is not None
        }
        for (kpi, unit, month), rows in self.facts.rows.items():
            if month != self.month or kpi not in money:
                continue
            for at in rows:
                quantity, name = plan.actuals.quantity[at], plan.actuals.product[at]
                if name and quantity and quantity > 0 and plan.actuals.value[at] is not None:
                    found.setdefault((kpi, unit, name), []).append(at)
        return found

    def scale_of(self, kpi: str) -> Decimal:
        """What one of the KPI's unit is in the plan's amount unit."""
        settings = self.plan.settings
        unit = money_of(self.plan.kpi_by_code[kpi], settings)
        return ONE if unit is None else divide(Decimal(unit.size), Decimal(own_unit(settings).size))

    def day_of(self, row: int) -> date:
        """The day of a row; of one with a month only its last day, or the cut-off within it."""
        actuals = self.plan.actuals
        return actuals.day[row] or min(actuals.month[row].last, self.as_of)

    @cached_property
    def heard(self) -> date:
        """The day up to which orders are known: the cut-off, or the end of the last month with
        actuals. Nobody is lost because the data ends.
        """
        months = [month for month in set(self.plan.actuals.month) if month.first <= self.as_of]
        return min(self.as_of, max(months).last) if months else self.as_of

    @cached_property
    def earlier(self) -> dict[date, Mapping[tuple[str, str, Span], Attainment]]:
        """The attainments of earlier days that were asked for."""
        return {}

    @cached_property
    def paced(self) -> Plan:
        """The plan with the actuals of those KPIs only that a rule holds against their pace, the
        rows of a day as one: it is tallied for every day that is looked back.
        """
        wanted: set[str] = set()
        for trigger in self.plan.triggers:
            told = watched(self.plan, trigger)
            if trigger.kind is TriggerKind.PACE_LOW and trigger.active and told is not None:
                wanted |= {told.kpi} if told.kpi else set(self.plan.kpi_by_code)
        for code in tuple(wanted):
            wanted.update(self.facts.made_of(code) or ())
        kpis = tuple(kpi for kpi in self.plan.kpis if kpi.code in wanted)
        return replace(self.plan, kpis=kpis, actuals=_by_day(self.plan, wanted))

    @cached_property
    def paced_facts(self) -> Facts:
        """The actuals of :attr:`paced`."""
        return Facts.of(self.paced, self.as_of)

    @cached_property
    def paced_targets(self) -> Targets:
        """The targets of the KPIs of :attr:`paced`."""
        kpis = self.paced.kpi_by_code
        return {key: target for key, target in self.targets.items() if key[0] in kpis}

    def attained_on(self, day: date) -> Mapping[tuple[str, str, Span], Attainment]:
        """What a run with that cut-off would judge, by today's targets; each when asked for."""
        if day not in self.earlier:
            plan, facts = self.paced, self.paced_facts.until(day)
            targets = self.paced_targets
            self.earlier[day] = attainments(plan, targets, facts, self.calendar, Month.of(day), day)
        return self.earlier[day]


def _by_day(plan: Plan, wanted: Collection[str]) -> Actuals:
    """The rows of these KPIs; of those whose figure is a sum the rows of a unit and a day as
    one.
    """
    actuals = plan.actuals
    summed = {kpi.code for kpi in plan.kpis if kpi.kind.adds_over_units}
    sums: dict[tuple[str, str, date | None, Month], int] = {}
    others = []
    columns = (actuals.kpi, actuals.unit, actuals.day, actuals.month, actuals.value)
    for at, (kpi, unit, day, month, value) in enumerate(zip(*columns, strict=True)):
        if kpi not in wanted:
            continue
        if kpi not in summed:
            others.append(at)
        elif value is not None:
            key = (kpi, unit, day, month)
            sums[key] = sums.get(key, 0) + value
    count = len(sums) + len(others)

    def told(by_day: Iterable[T], column: Sequence[T]) -> list[T]:
        return [*by_day, *map(column.__getitem__, others)]

    def rates(column: Sequence[int | None]) -> list[int | None]:
        return told([None] * len(sums), column)

    return Actuals(
        rows=range(count),
        kpi=told((key[0] for key in sums), actuals.kpi),
        unit=told((key[1] for key in sums), actuals.unit),
        day=told((key[2] for key in sums), actuals.day),
        month=told((key[3] for key in sums), actuals.month),
        value=told(sums.values(), actuals.value),
        quantity=rates(actuals.quantity),
        numerator=rates(actuals.numerator),
        denominator=rates(actuals.denominator),
        product=[""] * count,
        region=[""] * count,
        customer=[""] * count,
        channel=[""] * count,
        basis=actuals.basis,
    )


def triggers(inputs: TriggerInputs) -> tuple[dict[str, TriggerResult], list[Finding]]:
    """Each rule's result by its code, and a finding for each firing at the cell that fired."""
    results = {trigger.code: _judged(inputs, trigger) for trigger in inputs.plan.triggers}
    fired = chain.from_iterable(result.firings for result in results.values())
    return results, [one.said for one in fired]


def _judged(inputs: TriggerInputs, trigger: Trigger) -> TriggerResult:
    if not trigger.active:
        return TriggerResult(TriggerState.OFF)
    scope = watched(inputs.plan, trigger)
    why = "trigger-why-subject" if scope is None else _lacking(trigger)
    if why or scope is None:
        return TriggerResult(TriggerState.UNKNOWN, why=Finding.of(why))
    return _JUDGES[trigger.kind](inputs, trigger, scope)


def _lacking(trigger: Trigger) -> str:
    """What the rule lacks to be judged; "" for nothing."""
    if trigger.broken & {"kind", "threshold", "days", "active", "subject"}:
        return "trigger-why-unreadable"
    needed = trigger.kind in (
        TriggerKind.CUSTOMER_LOST,
        TriggerKind.PRICE_LOW,
        TriggerKind.PACE_LOW,
    )
    return "trigger-why-threshold" if needed and trigger.threshold is None else ""


def _result(firings: Iterable[tuple[Decimal, Firing]]) -> TriggerResult:
    """Of firings each with how bad it is."""
    ordered = [one for _, one in sorted(firings, key=lambda pair: -pair[0])]
    state = TriggerState.FIRED if ordered else TriggerState.QUIET
    return TriggerResult(state, tuple(ordered))


def _name(inputs: TriggerInputs, unit: str) -> str:
    found = inputs.plan.unit_by_code.get(unit)
    return unit if found is None else found.name or unit


def _proposed(
    inputs: TriggerInputs, subject: str, table: str, column: str, before: Decimal | date | None
) -> Proposal:
    """A proposal, with the change that was raised already."""
    return Proposal(subject, table, column, before, inputs.raised.get(subject, ""))


def _target_proposal(inputs: TriggerInputs, kpi: str, unit: str) -> Proposal | None:
    target = inputs.targets.get((kpi, unit))
    if target is None:
        return None
    return _proposed(inputs, f"{kpi}/{unit}", "targets", "base_year", target.base_year)


def _facts_of(trigger: Trigger, proposal: Proposal | None) -> dict[str, object]:
    """What every sentence of a firing says of its rule and of the change that it proposes, or of
    the one that waits already.
    """
    raised = "" if proposal is None else proposal.raised
    said: dict[str, object] = {
        "rule": trigger.code,
        "raised": raised,
        "change": "",
        "before": "",
        "propose": "",
    }
    if proposal is None or raised:
        return said
    before = "" if proposal.before is None else proposal.before
    return {**said, "change": proposal.subject, "before": before, "propose": trigger.code}


def _customers(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    """Customers that order no more, against their own rhythm; the KPI that is named, else the one
    whose rows are orders.
    """
    usual = None if scope.kpi else order_kpi(inputs.plan)
    kpi = scope.kpi if usual is None else usual.code
    if not inputs.orders.get(kpi):
        return TriggerResult(TriggerState.UNKNOWN, why=Finding.of("trigger-why-customers"))
    wanted = inputs.orders[kpi]
    named = {scope.name: wanted.get(scope.name, ())} if scope.name else wanted
    found = []
    for customer, rows in named.items():
        own = [at for at in rows if inputs.below(inputs.plan.actuals.unit[at], scope.unit)]
        firing = _lost(inputs, trigger, kpi, customer, own)
        if firing is not None:
            value = inputs.plan.actuals.value
            found.append((Decimal(sum(value[at] or 0 for at in own)), firing))
    return _result(found)


def _lost(
    inputs: TriggerInputs, trigger: Trigger, kpi: str, customer: str, rows: Sequence[int]
) -> Firing | None:
    by_day = {day: at for at in rows if (day := inputs.day_of(at)) <= inputs.as_of}
    days = sorted(by_day)
    first = inputs.plan.settings.months[0].plus(-12).first
    if len(days) < ORDERS or days[-1] < first or trigger.threshold is None:
        return None
    gap = median([Decimal((later - day).days) for day, later in pairwise(days)])
    idle = (inputs.heard - days[-1]).days
    least = max(floor(gap * trigger.threshold) + 1, trigger.days or 0)
    if idle < least:
        return None
    last = by_day[days[-1]]
    unit = inputs.plan.actuals.unit[last]
    proposal = _target_proposal(inputs, kpi, unit)
    said = Finding.of(
        "trigger-customer-lost",
        inputs.plan.actuals.place(last, "customer"),
        customer=customer,
        unit=_name(inputs, unit),
        idle=idle,
        last=days[-1],
        gap=gap,
        **_facts_of(trigger, proposal),
    )
    since = days[-1] + least * DAY
    return Firing(
        rule=trigger.code,
        kind=trigger.kind,
        subject=customer,
        unit=unit,
        since=since,
        value=Decimal(idle),
        said=said,
        figure=Finding.of("trigger-figure-days", days=idle),
        proposal=proposal,
    )


# Prices


def _prices(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    """Products that a unit sold below list, by all that it sold of them in the report month."""
    plan, limit = inputs.plan, trigger.threshold or ZERO
    if not any(one.list_price for one in plan.products):
        return TriggerResult(TriggerState.UNKNOWN, why=Finding.of("trigger-why-prices"))
    called = products_called(plan, [*dict.fromkeys(key[2] for key in inputs.sold), scope.name])
    wanted = called.get(scope.name)
    found = []
    for (kpi, unit, name), rows in inputs.sold.items():
        product = called.get(name)
        other = scope.kpi not in ("", kpi) or (bool(scope.name) and product is not wanted)
        if product is None or not product.list_price or other:
            continue
        if not inputs.below(unit, scope.unit):
            continue
        firing = _cheap(inputs, trigger, product, kpi, unit, rows)
        if firing is not None and firing.value > limit:
            found.append((firing.value, firing))
    return _result(found)


def _cheap(
    inputs: TriggerInputs,
    trigger: Trigger,
    product: Product,
    kpi: str,
    unit: str,
    rows: Sequence[int],
) -> Firing | None:
    """What a unit sold of a product, at a price below list; None where it is not below."""
    actuals, listed = inputs.plan.actuals, product.list_price or ONE
    scale = inputs.scale_of(kpi)
    prices = {at: divide(Decimal(actuals.value[at] or 0), actuals.quantity[at] or 1) for at in rows}
    whole = sum(actuals.value[at] or 0 for at in rows)
    pieces = sum(actuals.quantity[at] or 0 for at in rows)
    price = divide(Decimal(whole), Decimal(pieces)) * scale
    below = ONE - divide(price, listed)
    if below <= 0:
        return None
    proposal = _target_proposal(inputs, kpi, unit)
    lowest = min(rows, key=lambda at: prices[at])
    cheap = [at for at in rows if prices[at] * scale < listed * (ONE - (trigger.threshold or ZERO))]
    said = Finding.of(
        "trigger-price-low",
        actuals.place(lowest, "value"),
        product=product.name,
        unit=_name(inputs, unit),
        price=price.quantize(_FINE, ROUND_HALF_UP),
        listed=listed,
        share=percent(below),
        **_facts_of(trigger, proposal),
    )
    return Firing(
        rule=trigger.code,
        kind=trigger.kind,
        subject=f"{product.name}/{unit}",
        unit=unit,
        since=min(map(inputs.day_of, cheap or rows)),
        value=below,
        said=said,
        figure=Finding.of("trigger-figure-below", share=percent(below)),
        proposal=proposal,
    )


# Pace


def _paces(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    """KPIs of units whose year to date was under the threshold at each of the last working days.
    Where no unit is named, the topmost of those in line that are.
    """
    pairs = [
        (kpi, unit)
        for kpi, unit in inputs.targets
        if kpi in inputs.plan.kpi_by_code
        and unit in inputs.plan.unit_by_code
        and scope.kpi in ("", kpi)
        and scope.unit in ("", unit)
        and inputs.plan.kpi_by_code[kpi].kind is not KpiKind.MILESTONE
    ]
    found = []
    for (kpi, unit), start in _streaks(inputs, trigger, pairs).items():
        firing = _slow(inputs, trigger, kpi, unit, start)
        found.append((ONE - firing.value, firing))
    return _result(found)


def _topmost(inputs: TriggerInputs, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of pairs in line with each other the topmost."""
    kept = dict.fromkeys(pairs)

    def is_below(kpi: str, unit: str) -> bool:
        return any((kpi, above) in kept for above in inputs.lines.get(unit, ())[1:])

    return [pair for pair in kept if not is_below(*pair)]


def _streaks(
    inputs: TriggerInputs, trigger: Trigger, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], date]:
    """The first day of the run of working days up to the cut-off on which each pair was under, of
    the topmost that were for as long as the rule asks; no earlier than it is looked back.
    """
    needed, limit = max(trigger.days or 1, 1), trigger.threshold or ZERO
    day = inputs.as_of if inputs.calendar.is_working(inputs.as_of) else None
    day = day or inputs.calendar.add(inputs.as_of, -1)
    judged, under = inputs.attainments, list(pairs)
    found: dict[tuple[str, str], date] = {}
    for number in range(1, needed + LOOKED_BACK + 1):
        if day < inputs.plan.settings.months[0].first:
            break
        under = [pair for pair in under if _is_under(judged.get((*pair, Span.YTD)), limit)]
        if not under:
            break
        if number == needed:
            under = _topmost(inputs, under)
        if number >= needed:
            found.update(dict.fromkeys(under, inputs.calendar.add(day, needed - 1)))
        day = inputs.calendar.add(day, -1)
        if day >= inputs.plan.settings.months[0].first:
            judged = inputs.attained_on(day)
    return found


def _is_under(one: Attainment | None, limit: Decimal) -> bool:
    """Whether a pace is under the limit; one that is too early to be judged is not."""
    if one is None or one.light is Light.GREY or one.pace.value is None:
        return False
    return one.pace.value < limit


def _slow(inputs: TriggerInputs, trigger: Trigger, kpi: str, unit: str, since: date) -> Firing:
    one = inputs.attainments[kpi, unit, Span.YTD]
    pace = one.pace.value if one.pace.value is not None else ZERO
    proposal = _target_proposal(inputs, kpi, unit)
    said = Finding.of(
        "trigger-pace-low",
        inputs.plan.unit_by_code[unit].origin.place("code"),
        kpi=inputs.plan.kpi_by_code[kpi].name or kpi,
        unit=_name(inputs, unit),
        days=max(trigger.days or 1, 1),
        limit=percent(trigger.threshold or ZERO),
        pace=percent(pace),
        **_facts_of(trigger, proposal),
    )
    return Firing(
        rule=trigger.code,
        kind=trigger.kind,
        subject=f"{kpi}/{unit}",
        unit=unit,
        since=since,
        value=pace,
        said=said,
        figure=Finding.of("trigger-figure-share", share=percent(pace)),
        proposal=proposal,
    )


# Tasks


def _tasks(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    found = []
    for code, result in inputs.tasks.items():
        task = inputs.plan.task_by_code[code]
        owner = inputs.plan.people.code(task.owner)
        mine = scope.name in ("", code) and inputs.below(owner, scope.unit)
        late = result.status is TaskStatus.OVERDUE and result.overdue_days > (trigger.days or 0)
        if not mine or not late or result.due is None:
            continue
        proposal = _proposed(inputs, code, "tasks", "due", task.due)
        said = Finding.of(
            "trigger-task-late",
            task.origin.place("due"),
            task=code,
            content=task.content,
            days=result.overdue_days,
            due=task.due,
            **_facts_of(trigger, proposal),
        )
        firing = Firing(
            rule=trigger.code,
            kind=trigger.kind,
            subject=code,
            unit=owner,
            since=inputs.calendar.add(result.due, (trigger.days or 0) + 1),
            value=Decimal(result.overdue_days),
            said=said,
            figure=Finding.of("trigger-figure-working-days", days=result.overdue_days),
            proposal=proposal,
        )
        found.append((firing.value, firing))
    return _result(found)


# Budget


def _budget(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    """Lines above what was approved, or the category that is named above its caps."""
    codes = {line.code for line in inputs.plan.budget}
    if scope.name and scope.name not in codes:
        return _result(_category(inputs, trigger, scope.name))
    found = []
    for line in inputs.plan.budget:
        result = inputs.budget.get(line.code)
        if result is None or not result.granted or scope.name not in ("", line.code):
            continue
        proposal = _proposed(inputs, line.code, "budget", "granted", result.granted)
        place = line.origin.place("code")
        own = [row for row in inputs.plan.spending if row.budget == line.code]
        unit = inputs.plan.people.code(inputs.plan.owner_of(line.task or ""))
        over = _over(inputs, trigger, result.granted, own)
        found += [_overspent(trigger, line.code, unit, *over, place, proposal)] if over else []
    return _result(found)


def _category(
    inputs: TriggerInputs, trigger: Trigger, name: str
) -> Iterator[tuple[Decimal, Firing]]:
    cap = sum((one.cap for one in inputs.caps if one.category == name), ZERO)
    lines = {line.code: line for line in inputs.plan.budget if line.category == name}
    if not cap or not lines:
        return
    own = [row for row in inputs.plan.spending if row.budget in lines]
    over = _over(inputs, trigger, cap, own)
    if over is None:
        return
    used = {code: _used_of(inputs, code) for code in lines}
    largest = max(used, key=used.__getitem__)
    granted = inputs.budget[largest].granted if largest in inputs.budget else None
    proposal = _proposed(inputs, largest, "budget", "granted", granted)
    shares = [one for one in inputs.plan.category_shares if one.name == name]
    yield _overspent(trigger, name, "", *over, shares[0].origin.place("name"), proposal)


def _used_of(inputs: TriggerInputs, code: str) -> Decimal:
    result = inputs.budget.get(code)
    return ZERO if result is None else result.committed + result.spent


def _over(
    inputs: TriggerInputs,
    trigger: Trigger,
    granted: Decimal,
    spending: Sequence[Spending],
) -> tuple[Decimal, Decimal, date] | None:
    """By what share, and by what amount more was used than approved, and since when it has been
    more than the rule allows; None where it is not.
    """
    limit = granted * (ONE + (trigger.threshold or ZERO))
    used, since = ZERO, None
    for row in sorted(spending, key=lambda one: one.day):
        if row.day > inputs.as_of:
            break
        used += row.amount
        since = (since or row.day) if used > limit else None
    if since is None:
        return None
    return divide(used - granted, granted), used - granted, since


def _overspent(
    trigger: Trigger,
    subject: str,
    unit: str,
    share: Decimal,
    amount: Decimal,
    since: date,
    place: Place,
    proposal: Proposal,
) -> tuple[Decimal, Firing]:
    said = Finding.of(
        "trigger-budget-over",
        place,
        subject=subject,
        share=percent(share),
        amount=amount,
        since=since,
        **_facts_of(trigger, proposal),
    )
    return amount, Firing(
        rule=trigger.code,
        kind=trigger.kind,
        subject=subject,
        unit=unit,
        since=since,
        value=share,
        said=said,
        figure=Finding.of("trigger-figure-over", share=percent(share)),
        proposal=proposal,
    )


# Competitors


def _competitors(inputs: TriggerInputs, trigger: Trigger, scope: Watched) -> TriggerResult:
    """Competitors of which a newer row says something else than the row before it, of the last 天数
    days (30 where that is blank).
    """
    if not any(row.day for row in inputs.plan.competitors):
        return TriggerResult(TriggerState.UNKNOWN, why=Finding.of("trigger-why-competitors"))
    since = inputs.as_of - (RECENT if trigger.days is None else trigger.days) * DAY
    found = []
    for row, before in sightings(inputs.plan, inputs.as_of, scope.name):
        changes = [(key, old, new) for key, old, new in _differences(before, row)]
        if row.day is not None and row.day > since and changes:
            firing = _changed(inputs, trigger, row, row.day, changes)
            found.append((Decimal(row.day.toordinal()), firing))
    return _result(found)


_CHANGED = {
    "price": "trigger-changed-price",
    "channel": "trigger-changed-channel",
    "reputation": "trigger-changed-reputation",
    "score": "trigger-changed-score",
}
"""What is compared, in the order of the columns, with what is said of it."""


def _differences(before: Competitor, row: Competitor) -> Iterator[tuple[str, object, object]]:
    """What a row says else than the one before it; a blank says nothing."""
    for key in _CHANGED:
        old, new = getattr(before, key), getattr(row, key)
        if old not in (None, "") and new not in (None, "") and old != new:
            yield key, old, new


def _changed(
    inputs: TriggerInputs,
    trigger: Trigger,
    row: Competitor,
    day: date,
    changes: Sequence[tuple[str, object, object]],
) -> Firing:
    strategy = next(
        (one for one in inputs.plan.strategies if row.product and one.product == row.product), None
    )
    proposal = None
    if strategy is not None:
        share = strategy.target_share
        proposal = _proposed(inputs, strategy.code, "strategies", "target_share", share)
    facts = _facts_of(trigger, proposal)
    if isinstance(facts["before"], Decimal):
        facts["before"] = percent(facts["before"])
    told = tuple(Finding.of(_CHANGED[key], old=old, new=new) for key, old, new in changes)
    said = Finding.of(
        "trigger-competitor-changed",
        row.origin.place(changes[0][0]),
        competitor=row.name,
        about=" · ".join(filter(None, (row.product, row.region))),
        day=day,
        changes=told,
        **facts,
    )
    return Firing(
        rule=trigger.code,
        kind=trigger.kind,
        subject=row.name,
        unit="",
        since=day,
        value=Decimal((inputs.as_of - day).days),
        said=said,
        figure=told[0],
        proposal=proposal,
    )


_JUDGES: Mapping[TriggerKind, Callable[[TriggerInputs, Trigger, Watched], TriggerResult]] = {
    TriggerKind.CUSTOMER_LOST: _customers,
    TriggerKind.PRICE_LOW: _prices,
    TriggerKind.PACE_LOW: _paces,
    TriggerKind.TASK_LATE: _tasks,
    TriggerKind.BUDGET_OVER: _budget,
    TriggerKind.COMPETITOR_CHANGED: _competitors,
}
