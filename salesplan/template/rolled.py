"""Next year's master out of this year's: who and what goes on, what was achieved as history, and
what is begun anew.

Targets, changes, closes, budget lines, spending and reviews stay behind: they are this year's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from salesplan.dataclass import dataclass, replace
from salesplan.engine.targets.history import history
from salesplan.findings import Finding, Place
from salesplan.plan.model import (
    MICRO,
    OTHER,
    Actuals,
    Deal,
    Kpi,
    KpiKind,
    Lesson,
    Month,
    Plan,
    Prospect,
    SplitMethod,
    Task,
    Trigger,
    Unit,
)
from salesplan.plan.model.actuals import FIRST_LINKED
from salesplan.plan.model.lesson_words import dated
from salesplan.plan.schema import SETTINGS, SHEETS, table
from salesplan.template.starting import ALWAYS
from salesplan.template.story.values import Row, Tables
from salesplan.wording import Both

_ANEW = frozenset({"year", "month", "as_of", "budget_total", "template_version", "lang"})
"""Settings that are of one year, or of the new workbook."""
_AS_TYPED = {"kpis": ("rhythm",), "units": ("ramp_up",), "calendar": ("source",)}
"""Columns whose cells say more than can be told from the record: taken as they stand."""
_NO_LONGER = {
    "kpis": frozenset({"target", "floor", "stretch", "due"}),
    "strategies": frozenset({"answers"}),
    "tasks": frozenset({"budget", "requested"}),
}
"""What is decided anew each year."""
_PLACES = Decimal("0.0001")
_REST = Both("其他", "Other")

Typed = Callable[[str, str, int], object]
"""What a cell of the old master says: by table, column key and row."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a new master is written of: its rows by table, its sheets, what is to be known about
    it; how many actuals it has, and of which months (none: blank).
    """

    year: int
    fiscal_start: int
    lang: str
    tables: Tables
    sheets: tuple[str, ...]
    findings: tuple[Finding, ...]
    actuals: int = 0
    months: tuple[Month, Month] | None = None

    def count(self, key: str) -> int:
        """How many rows a table has."""
        return len(self.tables.get(key, ()))


def rolled(
    plan: Plan,
    year: int,
    achieved: Mapping[str, Decimal],
    finished: Callable[[Task], bool],
    typed: Typed,
    sheets: Iterable[str],
    lang: str,
) -> Rolled:
    """Next year's rows of a ``plan`` as it stands at its year's end.

    ``achieved`` is what each KPI of the company came to by then, ``sheets`` the keys of the sheets
    that the old master has. ``finished`` tells tasks that are over from those that go on.
    """
    return _Rolling(plan, year, achieved, finished, typed, frozenset(sheets)).rolled(lang)


class _Rolling:
    def __init__(
        self,
        plan: Plan,
        year: int,
        achieved: Mapping[str, Decimal],
        finished: Callable[[Task], bool],
        typed: Typed,
        sheets: frozenset[str],
    ) -> None:
        self.plan, self.year, self.achieved, self.finished = plan, year, achieved, finished
        self.typed, self.sheets = typed, sheets
        self.first = Month(year, plan.settings.fiscal_start)
        self.oldest = self.first.plus(-12)
        self.findings: list[Finding] = []
        gone = [one for one in plan.units if one.left and one.left < self.first.first]
        self.gone = {one.code: one for one in gone}

    def rolled(self, lang: str) -> Rolled:
        actuals, months = self._actuals()
        tables: Tables = {
            "settings": [self._settings()],
            "units": list(self._units()),
            "skills": [
                self._row("skills", one) for one in self.plan.skills if one.person not in self.gone
            ],
            "kpis": list(self._kpis()),
            "seasonality": list(self._seasonality()),
            "targets": list(self._targets()),
            "actuals": actuals,
            "products": self._copied("products", self.plan.products),
            "prospects": [self._prospect(one) for one in self.plan.prospects if self._open(one)],
            "helpers": self._copied("helpers", self.plan.helpers),
            "triggers": self._copied("triggers", self._rules()),
            "customers": self._customers(),
            "market": self._copied("market", self.plan.market),
            "competitors": self._copied("competitors", self.plan.competitors),
            "rates": self._copied("rates", self.plan.rates),
            "category_shares": self._copied("category_shares", self.plan.category_shares),
            "region_shares": self._copied("region_shares", self.plan.region_shares),
            "deals": [self._deal(one) for one in self.plan.deals if one.is_open],
            "lessons": [self._lesson(one) for one in self.plan.lessons],
            "calendar": self._copied("calendar", self.plan.calendar),
            **self._work(),
        }
        tables = {key: rows for key, rows in tables.items() if rows}
        self._say_open_year(months)
        used = {table(key).sheet for key in tables}
        sheets = tuple(one.key for one in SHEETS if one.key in ALWAYS | self.sheets | used)
        return Rolled(
            self.year,
            self.plan.settings.fiscal_start,
            lang,
            tables,
            sheets,
            tuple(self.findings),
            len(actuals),
            months,
        )

    # -- rows

    def _copied(self, key: str, records: Iterable[Any]) -> list[Row]:
        return [self._row(key, one) for one in records]

    def _row(self, key: str, record: Any) -> dict[str, Any]:
        """The planner's cells of a record, but for those that a new year begins without."""
        left_out = _NO_LONGER.get(key, frozenset())
        row: dict[str, Any] = {}
        for column in table(key).columns:
            if column.key in _AS_TYPED.get(key, ()):
                row[column.key] = self.typed(key, column.key, record.origin.row)
            elif column.key not in left_out and hasattr(record, column.key):
                row[column.key] = _cell(getattr(record, column.key))
        return row

    def _rules(self) -> Iterator[Trigger]:
        """The rules of 预警 but those on a task or a budget line of this year."""
        own = {one.code for one in self.plan.tasks} | {one.code for one in self.plan.budget}
        return (one for one in self.plan.triggers if one.subject not in own)

    def _settings(self) -> Row:
        held = self.plan.settings
        row = {one.key: _cell(getattr(held, one.key, None)) for one in SETTINGS}
        row = {key: value for key, value in row.items() if key not in _ANEW and value is not None}
        low, high = (int(100 * one) for one in (held.explain_low, held.explain_high))
        company = self.plan.company_name or None
        return {**row, "company": company, "explain_range": f"{low}%-{high}%"}

    def _deal(self, deal: Deal) -> Row:
        amount = deal.amount if deal.given is None else deal.given
        unit = self._standing(deal.unit)
        return {**self._row("deals", deal), "amount": amount, "unit": unit}

    def _customers(self) -> list[Row]:
        """Each with the day of its first order: the new year's actuals do not reach back so far."""
        if not self.plan.customers:
            return []
        from salesplan.plan.model.orders import order_kpi, orders_of

        orders = orders_of(self.plan, order_kpi(self.plan))
        return [
            {
                **self._row("customers", one),
                "owner": self._standing(one.owner) or None,
                "since": orders.first(one.code),
            }
            for one in self.plan.customers
        ]

    def _open(self, one: Prospect) -> bool:
        """Whether it is to be decided in the new year, or is one that is still followed up."""
        return not one.decided and (one.single or one.month >= self.first)

    def _prospect(self, one: Prospect) -> Row:
        return {**self._row("prospects", one), "unit": self._standing(one.unit)}

    def _lesson(self, lesson: Lesson) -> Row:
        shared = ", ".join(name for name in lesson.shared if not self._is_gone(name))
        period = dated(lesson.period, self.plan.settings)
        return {**self._row("lessons", lesson), "period": period, "shared": shared or None}

    # -- people

    def _units(self) -> Iterator[Row]:
        for unit in self.plan.units:
            if unit.code in self.gone:
                self._say_gone(unit)
                continue
            row = {**self._row("units", unit), "overlay": unit.overlay or None}
            row["parent"] = self._standing(unit.parent or unit.beside) or None
            if row["parent"] != (unit.parent or unit.beside or None):
                above = row["parent"] or ""
                told = {"name": unit.name, "before": unit.parent, "after": above}
                self._say("roll-parent-gone", unit, "parent", **told)
            if unit.manager and self._is_gone(unit.manager):
                row["manager"] = None
                self._say("roll-leader-gone", unit, "manager", name=unit.name, who=unit.manager)
            if self._is_emptied(unit):
                self._say("roll-unit-empty", unit, "code", name=unit.name)
            yield row

    def _is_emptied(self, unit: Unit) -> bool:
        """Whether all who were below the unit have left or gone elsewhere this year."""
        kids = self.plan.children.get(unit.code, ())
        moved = any(one.before == unit.code for one in self.plan.transfers)
        return (bool(kids) or moved) and all(kid.code in self.gone for kid in kids)

    def _say_gone(self, unit: Unit) -> None:
        above = self.plan.unit_by_code.get(self._standing(unit.parent))
        place = above.name if above is not None else "—"
        self._say("roll-leaver", unit, "left", name=unit.name, day=unit.left, above=place)

    def _standing(self, code: str | None) -> str:
        """The unit of that code, or the nearest above it that goes on; "" for none."""
        seen: set[str] = set()
        at = code or ""
        while at in self.gone and at not in seen:
            seen.add(at)
            at = self.gone[at].parent or ""
        return at

    def _is_gone(self, text: str) -> bool:
        meant = self.plan.people.meant(text)
        return len(meant) == 1 and meant[0].code in self.gone and meant[0].manager != text

    # -- goals

    def _kpis(self) -> Iterator[Row]:
        for kpi in self.plan.kpis:
            row = self._row("kpis", kpi)
            if kpi.levels == frozenset(type(next(iter(kpi.levels)))):
                row["levels"] = None
            row["base"] = self._base(kpi)
            yield row

    def _base(self, kpi: Kpi) -> Decimal | None:
        """What was achieved, where the KPI is held against a base; a flow's only once the year is
        whole.
        """
        reached = self.achieved.get(kpi.code)
        if kpi.kind is KpiKind.MILESTONE or reached is None:
            return None
        if kpi.kind is KpiKind.FLOW and (kpi.base is None or not self._is_whole):
            return None
        return reached.quantize(_PLACES).normalize() + 0

    @property
    def _is_whole(self) -> bool:
        """Whether the year before has actuals of its last month."""
        return self.first.plus(-1) in set(self.plan.actuals.month)

    def _seasonality(self) -> Iterator[Row]:
        """What each flow came to in the three years before, where no row of actuals goes with it,
        and the weights as they were typed.
        """
        then = replace(self.plan.settings, year=self.year)
        booked = history(replace(self.plan, settings=then, seasonality=())).figures
        typed = history(self.plan).figures
        weights = {(one.kpi, one.month): one.manual_weight for one in self.plan.seasonality}
        for kpi in self.plan.kpis:
            known = {**booked.get(kpi.code, {}), **typed.get(kpi.code, {})}
            for month in then.months:
                weight = weights.get((kpi.code, month.month))
                past = [month.plus(-12 * back) for back in (3, 2, 1)]
                figures = [known.get(one) if one < self.oldest else None for one in past]
                if any(value is not None for value in (*figures, weight)):
                    yield {
                        "kpi": kpi.code,
                        "month": month.month,
                        **{f"history{at}": value for at, value in enumerate(figures, 1)},
                        "manual_weight": weight,
                    }

    def _targets(self) -> Iterator[Row]:
        """Which products are planned, and how targets are handed down; no figure."""
        for one in (*self.plan.targets, *self.plan.product_targets):
            method = None if one.method is SplitMethod.MANUAL else one.method
            if (one.product or method is not None) and one.unit not in self.gone:
                yield {
                    "kpi": one.kpi,
                    "unit": one.unit,
                    "product": _REST if one.product == OTHER else one.product or None,
                    "method": method,
                }

    # -- what was achieved

    def _actuals(self) -> tuple[list[Row], tuple[Month, Month] | None]:
        """The rows of the year before, each as it was booked; those of who has left stand at the
        unit above.
        """
        held = self.plan.actuals.as_entered
        linked = [row >= FIRST_LINKED for row in held.rows]
        if any(linked):
            told = {"source": self.plan.settings.source}
            self.findings.append(Finding.of("roll-linked", self._setting("source"), **told))
        own = [at for at in range(len(held)) if not linked[at] and _has_figure(held, at)]
        kept = [at for at in own if held.month[at] >= self.oldest]
        rows = [_actual(held, at, self._standing(held.unit[at])) for at in kept]
        months = [held.month[at] for at in kept]
        return rows, (min(months), max(months)) if months else None

    # -- work

    def _work(self) -> Tables:
        """The tasks that go on, and the strategies that they serve."""
        tasks = [one for one in self.plan.tasks if not self.finished(one)]
        served = {one.strategy for one in tasks}
        rows: list[Row] = []
        for one in tasks:
            row = self._row("tasks", one)
            for key in ("start", "due"):
                if row[key] is not None and row[key] < self.first.first:
                    row[key] = None
            if one.owner and self._is_gone(one.owner):
                row["owner"] = None
                told = {"task": one.code, "who": one.owner}
                self._say("roll-owner-gone", one, "owner", **told)
            rows.append(row)
        strategies = (one for one in self.plan.strategies if one.code in served)
        going_on = {one.code for one in tasks}
        tools = (one for one in self.plan.tools if not one.ready and one.task in going_on)
        return {
            "strategies": self._copied("strategies", strategies),
            "tasks": rows,
            "tools": self._copied("tools", tools),
        }

    # -- what is said

    def _say_open_year(self, months: tuple[Month, Month] | None) -> None:
        place = self._setting("year")
        drafts = tuple(one.code for one in self.plan.changes if one.is_draft)
        if drafts:
            self.findings.append(Finding.of("roll-drafts", place, changes=drafts))
        if months is None:
            self.findings.append(Finding.of("roll-no-actuals", place))
        elif not self._is_whole:
            last = max(one for one in self.plan.actuals.month)
            self.findings.append(Finding.of("roll-year-open", place, month=last))

    def _setting(self, key: str) -> Place:
        held = self.plan.settings
        return held.places.get(key) or held.origin.place(key)

    def _say(self, code: str, record: Any, key: str, **told: object) -> None:
        self.findings.append(Finding.of(code, record.origin.place(key), **told))


def _actual(held: Actuals, at: int, unit: str) -> Row:
    """One figure as a row; in another currency as it was typed."""
    foreign = bool(held.given) and held.given[at] is not None
    value = held.given[at] if foreign else held.value[at]
    return {
        "day": held.day[at] or str(held.month[at]),
        "unit": unit,
        "kpi": held.kpi[at],
        "product": held.product[at] or None,
        "region": held.region[at] or None,
        "customer": held.customer[at] or None,
        "channel": held.channel[at] or None,
        "quantity": _figure(held.quantity[at]),
        "value": _figure(value),
        "numerator": _figure(held.numerator[at]),
        "denominator": _figure(held.denominator[at]),
        "currency": (held.currency[at] or None) if foreign else None,
        "source": (held.source[at] or None) if held.source else None,
    }


def _has_figure(held: Actuals, at: int) -> bool:
    figures = (held.value[at], held.quantity[at], held.numerator[at], held.denominator[at])
    return any(one is not None for one in figures)


def _figure(millionths: int | None) -> Decimal | None:
    return None if millionths is None else Decimal(millionths) / MICRO


def _cell(value: Any) -> Any:
    """A record's field as a cell: what is empty is blank, a list is a list of words."""
    if isinstance(value, (frozenset, set)):
        return tuple(one for one in type(next(iter(value))) if one in value) if value else None
    if isinstance(value, tuple) and not isinstance(value, Month):
        return ", ".join(map(str, value)) or None
    return value if value != "" else None
