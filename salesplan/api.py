"""The face for Python: a plan, its figures as exact records, and the same as pandas frames.

    import salesplan

    plan = salesplan.open("plan.xlsx", month="2026-06")
    plan.attainments.to_frame()

Paths, months (``"2026-06"``), days (``"2026-06-30"``), units and KPIs may be given as text. What
cannot be done raises :class:`~salesplan.findings.SalesplanError`; its traceback ends with the
sentence a planner would read. A mistake in a cell is no exception: it stands in ``findings``, with
its cell and the fix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from salesplan.dataclass import dataclass, fields
from salesplan.findings import Finding, SalesplanError
from salesplan.plan.model import MICRO, Direction, Month, SkillLevel

if TYPE_CHECKING:
    import pandas

    from salesplan.app import Run

Record = TypeVar("Record")
AnyPath = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding, said in the plan's language. ``cell`` is empty where a sheet or file is
    meant.
    """

    severity: str
    """``error``, ``warning`` or ``note``."""
    code: str
    sheet: str
    cell: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A node of the organisation, in sheet order; other tables name it by its code."""

    unit: str
    name: str
    level: str
    parent: str | None
    region: str


@dataclass(frozen=True, slots=True)
class KpiRecord:
    """A KPI; other tables name it by its code."""

    kpi: str
    name: str
    kind: str
    """``flow``, ``stock``, ``ratio``, ``cohort_ratio``, ``point``, ``average`` or ``milestone``."""
    measure: str
    """What its figures are in, as the planner writes it."""
    lower_is_better: bool


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """The target of one KPI for one unit and one month, in the KPI's unit."""

    kpi: str
    unit: str
    month: date
    """The month's first day."""
    base: Decimal | None
    """Before hedges: these add up over units."""
    issued: Decimal | None
    """What is asked for, hedges included."""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """The target of one KPI for one unit, product and month, and what was reached of it."""

    kpi: str
    unit: str
    product: str
    month: date
    base: Decimal | None
    issued: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class CloseRecord:
    """What a closed month keeps of one KPI and unit, in the KPI's unit."""

    kpi: str
    unit: str
    product: str
    """Blank for all products, ``*`` for those not named."""
    month: date
    """The month's first day."""
    parent: str
    """Whom the unit was below when the month was closed."""
    base: Decimal | None
    issued: Decimal | None
    actual: Decimal | None
    now: Decimal | None
    """The actual as its rows say now; it differs where some came in late."""


@dataclass(frozen=True, slots=True)
class ActualRecord:
    """What a unit, with all below it, reached of one KPI in one month up to the cut-off."""

    kpi: str
    unit: str
    month: date
    value: Decimal
    """In the KPI's unit; a share of one for rates."""


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """One unit's part of a figure that several units share."""

    row: int
    """The row of the sheet of actuals; the parts of one cell have one row."""
    kpi: str
    unit: str
    month: date
    product: str
    customer: str
    share: Decimal
    """Part of one."""
    value: Decimal | None
    """The unit's part, in the KPI's unit."""


@dataclass(frozen=True, slots=True)
class MarketRecord:
    """A market in one calendar year, and what of it is ours."""

    name: str
    region: str
    product: str
    year: int
    until: date
    """The first day of the last month that counts in ``so_far``, ``ours`` and ``share``."""
    size: Decimal | None
    """Of the whole year."""
    growth: Decimal | None
    so_far: Decimal | None
    ours: Decimal | None
    share: Decimal | None
    our_growth: Decimal | None
    """On the same months of the year before."""


@dataclass(frozen=True, slots=True)
class CompetitorRecord:
    """A competitor as it was last seen, beside us."""

    name: str
    product: str
    region: str
    channel: str
    price: Decimal | None
    our_price: Decimal | None
    difference: Decimal | None
    score: Decimal | None
    our_score: Decimal | None
    day: date | None


@dataclass(frozen=True, slots=True)
class DealRecord:
    """A deal of the pipeline."""

    code: str
    unit: str
    kpi: str
    product: str
    customer: str
    amount: Decimal | None
    """In the KPI's unit; of a deal in another currency at plan rates."""
    stage: str | None
    probability: Decimal
    """As typed, else by the stage."""
    due: date
    touched: date | None
    is_open: bool
    """Neither won nor lost."""
    currency: str
    """As typed; "" for the plan's."""
    given: Decimal | None
    """The amount as typed, in another currency than the KPI's."""


@dataclass(frozen=True, slots=True)
class RateRecord:
    """What one of a currency is worth in the plan's own from a day on."""

    currency: str
    since: date
    kind: str
    """``budget`` or ``actual``."""
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateEffectRecord:
    """What exchange rates made of a KPI that has rows in another currency."""

    kpi: str
    unit: str
    span: str
    """``month``, ``quarter``, ``half`` or ``ytd``."""
    actual: Decimal
    """In the KPI's unit, at actual rates."""
    at_budget: Decimal
    """The same rows at budget rates."""
    effect: Decimal
    """Actual − at budget rates."""


@dataclass(frozen=True, slots=True)
class AttainmentRecord:
    """One KPI of one unit over one span, as seen from the report month."""

    kpi: str
    unit: str
    span: str
    """``month``, ``quarter``, ``half``, ``ytd`` or ``year``."""
    target: Decimal | None
    actual: Decimal | None
    variance: Decimal | None
    """Actual − target, in the KPI's unit."""
    attainment: Decimal | None
    """A fraction of one; None where it cannot be told (no target, no actual, a target of 0)."""
    status: str | None
    """``green``, ``amber``, ``red`` or ``grey``; None where there is nothing to judge."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task of the action plan at the cut-off. Shares are fractions of one."""

    code: str
    content: str
    owner: str
    strategy: str | None
    due: date | None
    status: str
    progress: Decimal | None
    expected: Decimal | None
    overdue_days: int
    """Working days."""


@dataclass(frozen=True, slots=True)
class ProspectNeedRecord:
    """A quarter that is not over: what a unit's new customers take, and the prospects there are."""

    kpi: str
    unit: str
    quarter: int
    to_go: Decimal | None
    rate: Decimal | None
    """What a prospect promises, a share of one; None: nothing is known."""
    needed: int | None
    there: int
    gap: int


@dataclass(frozen=True, slots=True)
class ProductLoadRecord:
    """What the targets of a month to come, or a quarter, ask of a product with a capacity."""

    product: str
    kpi: str
    span: str
    """2026-12 or Q4."""
    target: Decimal
    pieces: Decimal
    capacity: Decimal | None
    short: Decimal


@dataclass(frozen=True, slots=True)
class SkillRecord:
    """What one person can do, from the sheet of skills or from the organisation's column."""

    unit: str
    skill: str
    level: int | None
    """1 (aware) to 5 (expert); None where it is not rated."""
    since: date | None


@dataclass(frozen=True, slots=True)
class SkillLoadRecord:
    """What open tasks ask of a skill in a month to come, and the working days there are for it."""

    skill: str
    level: int | None
    """The least that is asked for; None: any."""
    month: date
    asked: Decimal
    """Person-days."""
    there: int
    """Working days of all who reach the level."""


@dataclass(frozen=True, slots=True)
class ToolRecord:
    """One tool of the check list at the cut-off."""

    tool: str
    user: str
    task: str | None
    owner: str
    needed: date | None
    """As typed, else the first day of its task."""
    ready_by: date | None
    status: str | None
    """``ready``, ``to come``, ``too late``, ``not ready`` or ``undated``; None once its task is
    over without it.
    """


@dataclass(frozen=True, slots=True)
class BudgetRecord:
    """One budget line at the cut-off; amounts in the master's amount unit."""

    code: str
    category: str
    region: str
    requested: Decimal | None
    approved: Decimal | None
    committed: Decimal
    spent: Decimal
    available: Decimal | None
    status: str | None


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """Something the report month must answer for."""

    key: str
    """Stable from month to month."""
    kind: str
    subject: str
    """The code of what it is about."""
    issue: str
    """What is wrong, and at which units the gap arises."""
    value: Decimal | None
    """A fraction for rates, days for tasks, an amount for budget lines."""
    status: str
    first_month: date
    months: int
    """How many months it has lasted."""
    gap: Decimal | None
    """What is at stake: in the KPI's unit (a rate's in points of one), or the amount overspent;
    below zero what is ahead. None for tasks.
    """
    loss: Decimal
    """What it costs the company's score: weight × (1 − pace), as a fraction of one."""
    units: str
    """The codes of the lowest units that explain it, separated by commas."""


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One engine cell that differs from what the plan says."""

    sheet: str
    cell: str
    column: str
    row: str
    """The codes of the row it is in."""
    old: object
    new: object


class Table(Sequence[Record], Generic[Record]):
    """Records of one kind, in the plan's order, and the same as a frame."""

    def __init__(self, kind: type[Record], records: Iterable[Record]) -> None:
        self.kind = kind
        self._records = tuple(records)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> Table[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | Table[Record]:
        if isinstance(index, slice):
            return Table(self.kind, self._records[index])
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __repr__(self) -> str:
        return f"<{len(self)} × {self.kind.__name__}>"

    def to_frame(self, *, exact: bool = False) -> pandas.DataFrame:
        """A tidy frame: a row for each record, a column for each field, in their order.

        Days and months are ``datetime64``, blank figures ``NaN``, blank texts ``None``. Figures are
        floats; with ``exact`` they stay ``Decimal``, in columns of objects.
        """
        import pandas

        names = [field.name for field in fields(self.kind)]  # type: ignore[arg-type]
        columns = {}
        for name in names:
            columns[name] = [getattr(record, name) for record in self]
        frame = pandas.DataFrame(columns, columns=names)
        for field in fields(self.kind):  # type: ignore[arg-type]
            said = str(field.type)
            if said.startswith("date"):
                frame[field.name] = pandas.to_datetime(frame[field.name])
            elif said.startswith("Decimal") and not exact:
                frame[field.name] = frame[field.name].astype("float64")
        return frame


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One unit on the way down to a target; ``reasons`` are sentences in the plan's language."""

    unit: str
    name: str
    value: Decimal | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a target comes from, the company first; printed, it reads as on paper."""

    kpi: str
    steps: tuple[ExplainedStep, ...]

    def __str__(self) -> str:
        lines = []
        for depth, step in enumerate(self.steps):
            value = "—" if step.value is None else f"{step.value:,f}"
            lines.append(f"{'  ' * depth}{step.name} ({step.unit}): {value}")
            lines += [f"{'  ' * depth}  = {reason}" for reason in step.reasons]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Filled:
    """A master filled: the cells that differed, and where they were written (None: none did)."""

    written: Path | None
    cells: Table[CellRecord]


class Master:
    """A master workbook, read and computed for one month and one cut-off day. Made by
    :func:`open`.
    """

    def __init__(self, path: Path, month: Month | None, as_of: date | None) -> None:
        from salesplan import app

        self.path = path
        self._asked = (month, as_of)
        with _said(None):
            self._run: Run = app.check(path, month=month, as_of=as_of)

    def __repr__(self) -> str:
        return f"<Master {self.path.name} {self.month} as of {self.as_of}>"

    @property
    def lang(self) -> str:
        """The master's language: ``zh`` or ``en``."""
        return self._run.loaded.lang

    @property
    def month(self) -> str:
        """The report month, as ``2026-06``."""
        return str(self._run.results.month)

    @property
    def as_of(self) -> date:
        """The cut-off day."""
        return self._run.results.as_of

    @cached_property
    def findings(self) -> Table[FindingRecord]:
        """Everything that is wrong or worth knowing, worst first."""
        return Table(FindingRecord, [_finding(one, self.lang) for one in self._run.findings])

    @cached_property
    def units(self) -> Table[UnitRecord]:
        """The organisation as it is in the report month."""
        return Table(
            UnitRecord,
            (
                UnitRecord(one.code, one.name, one.level.value, one.parent, one.region)
                for one in self._run.plan.units
            ),
        )

    @cached_property
    def kpis(self) -> Table[KpiRecord]:
        """The KPIs, in sheet order."""
        return Table(
            KpiRecord,
            (
                KpiRecord(
                    one.code,
                    one.name,
                    one.kind.value,
                    one.unit,
                    one.direction is Direction.LOWER,
                )
                for one in self._run.plan.kpis
            ),
        )

    @cached_property
    def targets(self) -> Table[TargetRecord]:
        """Every target by KPI, unit and month, with the approved changes."""
        months = [month.first for month in self._run.plan.settings.months]
        records = []
        for target in self._run.results.targets.values():
            for month, base, issued in zip(months, target.base_months, target.months, strict=True):
                records.append(TargetRecord(target.kpi, target.unit, month, base, issued))
        return Table(TargetRecord, records)

    @cached_property
    def products(self) -> Table[ProductRecord]:
        """Targets by product with their actuals, by KPI, unit, product and month; ``*`` is what no
        row names. Empty where no row of the targets names a product.
        """
        found = self._run.results.products
        months = [month.first for month in self._run.plan.settings.months]
        records: list[ProductRecord] = []
        if found is not None:
            for key, target in found.targets.items():
                actuals = found.monthly[key]
                records += [
                    ProductRecord(*key, month, base, issued, actual)
                    for month, base, issued, actual in zip(
                        months, target.base_months, target.months, actuals, strict=True
                    )
                ]
        return Table(ProductRecord, records)

    @cached_property
    def closes(self) -> Table[CloseRecord]:
        """The record of closed months, by KPI, unit, product and month, with the actuals as they
        are now.
        """
        plan = self._run.loaded.plan
        found = self._run.results.products
        sold = {} if found is None else found.monthly
        months = plan.settings.months[: plan.closed_months]
        late = {(one.kpi, one.unit, one.month): one.now for one in self._run.results.late}
        records = []
        for row in (*plan.closed, *plan.product_closed):
            key = (row.kpi, row.unit, row.product)
            for at, (month, one) in enumerate(zip(months, row.figures, strict=False)):
                if one is None:
                    continue
                now = late.get((row.kpi, row.unit, month), one.actual)
                if row.product:
                    now = sold[key][at] if key in sold else one.actual
                records.append(
                    CloseRecord(
                        row.kpi,
                        row.unit,
                        row.product,
                        month.first,
                        one.parent,
                        one.base,
                        one.issued,
                        one.actual,
                        now,
                    )
                )
        return Table(CloseRecord, records)

    @cached_property
    def actuals(self) -> Table[ActualRecord]:
        """What was reached, by KPI, unit (with all below it) and month; months without rows are
        left out.
        """
        months = [month.first for month in self._run.plan.settings.months]
        records = []
        for (kpi, unit), values in self._run.results.monthly.items():
            for month, value in zip(months, values, strict=True):
                if value is not None:
                    records.append(ActualRecord(kpi, unit, month, value))
        return Table(ActualRecord, records)

    @cached_property
    def credits(self) -> Table[CreditRecord]:
        """The parts of figures that several units share, row by row; empty where none do."""
        actuals = self._run.plan.actuals
        records = []
        for at, share in enumerate(actuals.share):
            if share is None:
                continue
            value = actuals.value[at]
            records.append(
                CreditRecord(
                    actuals.rows[at],
                    actuals.kpi[at],
                    actuals.unit[at],
                    actuals.month[at].first,
                    actuals.product[at],
                    actuals.customer[at],
                    Decimal(share.numerator) / share.denominator,
                    None if value is None else Decimal(value) / MICRO,
                )
            )
        return Table(CreditRecord, records)

    @cached_property
    def deals(self) -> Table[DealRecord]:
        """The deals of the pipeline, as they stand in the sheet."""
        return Table(
            DealRecord,
            (
                DealRecord(
                    one.code,
                    one.unit,
                    one.kpi,
                    one.product,
                    one.customer,
                    one.amount,
                    _value(one.stage),
                    one.chance,
                    one.due,
                    one.touched,
                    one.is_open,
                    one.currency,
                    one.given,
                )
                for one in self._run.plan.deals
            ),
        )

    @cached_property
    def markets(self) -> Table[MarketRecord]:
        """Each market by year up to the report month, the latest year first; empty without any."""
        return Table(
            MarketRecord,
            (
                MarketRecord(
                    one.name,
                    one.region,
                    one.product,
                    one.year,
                    one.until.first,
                    one.size,
                    one.growth,
                    one.so_far,
                    one.ours,
                    one.share,
                    one.our_growth,
                )
                for one in self._run.results.markets
            ),
        )

    @cached_property
    def competitors(self) -> Table[CompetitorRecord]:
        """Each competitor by product and region, up to the cut-off; empty without any."""
        from salesplan.plan.competitors import compared

        return Table(
            CompetitorRecord,
            (
                CompetitorRecord(
                    one.row.name,
                    one.row.product,
                    one.row.region,
                    one.row.channel,
                    one.row.price,
                    one.price,
                    one.difference,
                    one.row.score,
                    None if one.ours is None else one.ours.score,
                    one.row.day,
                )
                for one in compared(self._run.plan, self._run.results.as_of)
            ),
        )

    @cached_property
    def rates(self) -> Table[RateRecord]:
        """The exchange rates, as they stand in the sheet."""
        return Table(
            RateRecord,
            (
                RateRecord(one.currency, one.since, one.kind.value, one.rate)
                for one in self._run.plan.rates
            ),
        )

    @cached_property
    def rate_effects(self) -> Table[RateEffectRecord]:
        """The effect of exchange rates by KPI, unit and span; empty in a plan of one currency."""
        from salesplan.engine.actuals.rate_effects import rate_effects

        results = self._run.results
        if results.facts is None:
            return Table(RateEffectRecord, ())
        effects = rate_effects(results.facts, results.monthly, results.month)
        return Table(
            RateEffectRecord,
            (
                RateEffectRecord(
                    one.kpi, one.unit, one.span.value, one.actual, one.at_budget, one.effect
                )
                for one in effects.values()
            ),
        )

    @cached_property
    def attainments(self) -> Table[AttainmentRecord]:
        """Target, actual, attainment and status by KPI, unit and span."""
        return Table(
            AttainmentRecord,
            (
                AttainmentRecord(
                    one.kpi,
                    one.unit,
                    one.span.value,
                    one.target,
                    one.actual,
                    one.gap,
                    one.rate.value,
                    one.light.value if one.light else None,
                )
                for one in self._run.results.attainments.values()
            ),
        )

    @cached_property
    def tasks(self) -> Table[TaskRecord]:
        """The action plan, in sheet order."""
        results = self._run.results.tasks
        return Table(
            TaskRecord,
            (
                TaskRecord(
                    task.code,
                    task.content,
                    task.owner,
                    task.strategy,
                    task.due,
                    results[task.code].status.value,
                    results[task.code].progress,
                    results[task.code].expected,
                    results[task.code].overdue_days,
                )
                for task in self._run.plan.tasks
                if task.code in results
            ),
        )

    @cached_property
    def prospect_needs(self) -> Table[ProspectNeedRecord]:
        """Prospects against new customers, by unit and quarter that is not over."""
        records = []
        for pool in self._run.results.prospects.values():
            for one in pool.needs:
                if one is not None:
                    facts = (one.number, one.to_go, one.rate, one.needed, one.there, one.gap)
                    records.append(ProspectNeedRecord(pool.kpi, pool.unit, *facts))
        return Table(ProspectNeedRecord, records)

    @cached_property
    def product_loads(self) -> Table[ProductLoadRecord]:
        """Targets by product against capacity, in months and quarters that are not over."""
        records = []
        for load in self._run.results.loads:
            for one in (*load.months, *load.quarters):
                facts = (one.name, one.target, one.pieces, one.capacity, one.short)
                records.append(ProductLoadRecord(load.product.name, load.kpi, *facts))
        return Table(ProductLoadRecord, records)

    @cached_property
    def skills(self) -> Table[SkillRecord]:
        """Who can do what, in the organisation's order."""
        from salesplan.plan.model.skills import Abilities

        held = Abilities(self._run.plan).by_unit
        owned = [held.get(one.code, {}).values() for one in self._run.plan.units]
        return Table(
            SkillRecord,
            (
                SkillRecord(one.person, one.skill, _level(one.level), one.since)
                for one in chain.from_iterable(owned)
            ),
        )

    @cached_property
    def skill_loads(self) -> Table[SkillLoadRecord]:
        """What tasks ask of each skill, month by month after the cut-off; the shortest first."""
        records = []
        for load in self._run.results.skill_loads:
            level = _level(load.level)
            for one in load.months:
                found = SkillLoadRecord(load.skill, level, one.month.first, one.asked, one.there)
                records.append(found)
        return Table(SkillLoadRecord, records)

    @cached_property
    def tools(self) -> Table[ToolRecord]:
        """The check list of tools, in sheet order."""
        return Table(
            ToolRecord,
            (
                ToolRecord(
                    line.tool.tool,
                    line.tool.user,
                    line.tool.task,
                    line.tool.owner,
                    line.needed,
                    line.tool.ready_by,
                    _value(line.status),
                )
                for line in self._run.results.tools
            ),
        )

    @cached_property
    def budget(self) -> Table[BudgetRecord]:
        """The budget's lines, in sheet order."""
        results = self._run.results.budget
        return Table(
            BudgetRecord,
            (
                BudgetRecord(
                    line.code,
                    line.category,
                    line.region,
                    line.requested,
                    results[line.code].granted,
                    results[line.code].committed,
                    results[line.code].spent,
                    results[line.code].available,
                    _value(results[line.code].status),
                )
                for line in self._run.plan.budget
                if line.code in results
            ),
        )

    @cached_property
    def issues(self) -> Table[IssueRecord]:
        """What the report month must answer for, in the report's order."""

        return Table(
            IssueRecord,
            (
                IssueRecord(
                    one.key,
                    one.kind.value,
                    one.subject,
                    " ".join(self._sentences((one.symptom, *one.where))),
                    one.value,
                    one.light.value,
                    one.first_month.first,
                    one.months,
                    one.gap,
                    one.loss,
                    ",".join(one.places),
                )
                for one in self._run.results.problems
            ),
        )

    def explain(self, unit: str, kpi: str, month: str | None = None) -> Explanation:
        """Where a unit's target of a KPI comes from, for the year or one month; both by code or
        name.

        Raises SalesplanError for a unit, a KPI or a month that the plan does not have; ValueError
        for what is no code or name.
        """
        from salesplan import app

        for name, given in (("unit", unit), ("KPI", kpi)):
            _text(name, given)
        with _said(self.lang):
            done = app.explain(self.path, unit, kpi, _month(month))
        steps = tuple(
            ExplainedStep(
                step.unit.code,
                step.unit.name,
                step.value,
                tuple(self._sentences(step.reasons)),
            )
            for step in done.steps
        )
        return Explanation(done.kpi.code, steps)

    def _sentences(self, said: Iterable[Finding]) -> Iterator[str]:
        from salesplan.messages import text

        return (text(one, self.lang) for one in said)

    def fill(
        self, out: AnyPath | None = None, *, dry_run: bool = False, past: bool = False
    ) -> Filled:
        """Fill the engine's columns in the master, or in a copy at ``out``; the rest stays byte for
        byte.

        With ``dry_run`` nothing is written; ``past`` lets filled targets of months that are over
        and not closed change. Raises SalesplanError where they would change without it, and where
        the file is open elsewhere, has changed meanwhile or cannot be written: it is then
        untouched.
        """
        from salesplan import app

        month, as_of = self._asked
        with _said(self.lang):
            done = app.recalc(
                self.path,
                month=month,
                as_of=as_of,
                out=None if out is None else Path(out),
                dry_run=dry_run,
                past=past,
            )
        cells = (
            CellRecord(one.sheet, one.cell, one.column, one.row, one.old, one.new)
            for one in done.changes.edits
        )
        return Filled(done.written, Table(CellRecord, cells))

    def report(
        self,
        folder: AnyPath | None = None,
        *,
        lang: str | None = None,
        audience: str = "all",
        details: str = "month",
        with_data: bool = False,
        pdf: bool = False,
        html: bool = False,
        pptx: bool = False,
        full: bool = False,
        span: str = "month",
    ) -> tuple[Path, ...]:
        """Write the report of the month, or of the ``span`` that holds it (``"quarter"``,
        ``"half"``, ``"year"``), into ``folder`` (default: beside the master); returns the books'
        paths.

        ``audience``: ``"all"`` for the whole company, the code or name of a unit for its part, or
        ``"each"`` for the whole and a part for everybody with an address. ``details``: the actual
        rows behind the numbers, of the ``"month"``, the ``"ytd"``, or ``"none"``; ``with_data``:
        whether the sheets that formulas read are shown and printed. ``html`` and ``pptx`` put a
        page for a phone and a deck (python-pptx) beside each book, under its name, ``pdf`` a
        print of it (LibreOffice; of ``"each"`` one of all books with pypdf); ``full``: all sheets
        for a person and a small team, too, who get a card else. Raises
        SalesplanError where a book cannot be written, or where a part would show what is not its
        own: that part is then not written; ValueError for another span, language or extent of
        details.
        """
        from salesplan import app
        from salesplan.app.reports import SPANS, Form
        from salesplan.messages import LANGUAGES
        from salesplan.report.figures.details import Period

        _one_of("span", span, SPANS)
        _one_of("choice of details", details, [one.value for one in Period])
        _text("audience", audience)
        if lang is not None:
            _one_of("language", lang, LANGUAGES)
        month, as_of = self._asked
        wanted = app.Wanted(
            month=month,
            as_of=as_of,
            span=span,
            folder=None if folder is None else Path(folder),
            lang=lang,
            details=details,
            with_data=with_data,
            full=full,
            pdf=pdf,
            forms=[form for form, asked in ((Form.PAGE, html), (Form.DECK, pptx)) if asked],
        )
        with _said(lang or self.lang):
            if audience == "all":
                return (app.report(self.path, wanted).written,)
            if audience == "each":
                each = app.report_each(self.path, wanted)
                _refuse(each.leaks)
                books = each.manifest.books if each.manifest else ()
                return tuple(each.folder / book.file for book in books)
            part = app.report_unit(self.path, audience, wanted)
            _refuse(part.leaks)
            return (part.written,) if part.written else ()


def open(path: AnyPath, *, month: str | None = None, as_of: str | date | None = None) -> Master:
    """Read a master workbook and compute it for a month (default: the settings') up to a cut-off
    day.

    Nothing is written. Raises SalesplanError where the file cannot be read, or for a month that is
    not of the plan; ValueError for a month or day that is none.
    """
    return Master(Path(path), _month(month), _day(as_of))


def new(
    path: AnyPath, *, year: int, fiscal_start: int = 1, lang: str = "zh", example: bool = False
) -> Path:
    """Write an empty master whose year begins in calendar month ``fiscal_start``, or with
    ``example`` the worked sample (a calendar year); returns its path.

    Raises SalesplanError if the file is there already (a plan is never overwritten), and for a name
    that does not end in .xlsx; ValueError for another language than zh and en.
    """
    from salesplan import app
    from salesplan.messages import LANGUAGES

    _one_of("language", lang, LANGUAGES)
    with _said(lang):
        app.new(Path(path), lang=lang, year=year, fiscal_start=fiscal_start, example=example)
    return Path(path)


def _one_of(what: str, given: object, choices: Sequence[str]) -> None:
    if given not in choices:
        raise ValueError(f"not a {what}: {given!r}; one of {', '.join(choices)}")


def _text(what: str, given: object) -> None:
    if not isinstance(given, str):
        raise ValueError(f"{what}: {given!r}; a code or a name is wanted")


def _month(written: str | None) -> Month | None:
    from salesplan.plan.parse_dates import written_month

    if written is None:
        return None
    month = written_month(written)
    if month is None:
        raise ValueError(f"{written}: a month is written 2026-06")
    return month


def _day(given: str | date | None) -> date | None:
    from salesplan.plan.parse_dates import written_day

    if not isinstance(given, str):
        return given
    day = written_day(given)
    if day is None:
        raise ValueError(f"{given}: a day is written 2026-06-30")
    return day


def _value(choice: object) -> str | None:
    return None if choice is None else str(choice.value)  # type: ignore[attr-defined]


def _level(level: SkillLevel | None) -> int | None:
    return None if level is None else level.value


def _finding(one: Finding, lang: str) -> FindingRecord:
    from salesplan.messages import fix, severity, text

    return FindingRecord(
        severity(one).name.lower(),
        one.code,
        one.place.sheet,
        one.place.cell,
        text(one, lang),
        fix(one, lang),
    )


def _refuse(leaks: Sequence[Finding]) -> None:
    if leaks:
        raise SalesplanError(leaks[0], 4)


@contextmanager
def _said(lang: str | None) -> Iterator[None]:
    """Whatever cannot be done ends its traceback with what a planner would read (None: both
    languages).
    """
    from salesplan.messages import LANGUAGES, fix, text

    try:
        yield
    except SalesplanError as error:
        for one in (lang,) if lang else LANGUAGES:
            error.add_note(
                " ".join(filter(None, (text(error.finding, one), fix(error.finding, one))))
            )
        raise
