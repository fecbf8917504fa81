"""Where a unit's target comes from, and how its status came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, chosen
from salesplan.app.master import check
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.engine.actuals.progress import Span
    from salesplan.engine.views.explain import Step
    from salesplan.plan.model import Kpi, Month, Unit


@dataclass(frozen=True, slots=True)
class Explained:
    """One target's way down the tree, company first."""

    run: Run
    kpi: Kpi
    unit: Unit
    steps: tuple[Step, ...]
    statuses: tuple[tuple[Span, Finding], ...] = ()
    """Why the month, the year to date and the year have their status at the cut-off."""
    product: str = ""
    rates: Finding | None = None
    """What exchange rates made of the actual in the year to date, where they did."""
    parts: tuple[Finding, ...] = ()
    """What products make of an actual that is worked out from them, in the month or the year to
    date.
    """
    goal: tuple[Finding, ...] = ()
    """Of the company's year: why the goal is SMART or not, letter by letter."""
    theirs: Finding | None = None
    """Into which cells of the planner's own tables its figures are filled, where they are."""

    def written(self, figure: object) -> object:
        """A figure of the KPI as it is read: 28% for 0.28 where it is a share; anything else as it
        is.
        """
        from salesplan.plan.checks.common import percent

        return percent(figure) if isinstance(figure, Decimal) and self.kpi.in_percent else figure


def explain(path: Path, unit: str, kpi: str, month: Month | None = None) -> Explained:
    """How a unit's target of a KPI came about, of the year or of one month; unit and KPI by code or
    name, the target of a product as KPI/product.

    Raises SalesplanError (exit 2) that names what there is, where one of the three is unknown.
    """
    return explained(check(path, month=month), unit, kpi, month)


def explained(run: Run, unit: str, kpi: str, month: Month | None = None) -> Explained:
    """The same of a plan that was read and computed."""
    from salesplan.engine.views.explain import explain as steps

    plan, path = run.loaded.plan, run.loaded.path
    found_unit = chosen(plan.people, unit, "explain-unit-unknown", path)
    name, slash, product = kpi.partition("/")
    whole = not slash or bool(plan.kpi_index.meant(kpi))
    found_kpi = chosen(plan.kpi_index, kpi if whole else name, "explain-kpi-unknown", path)
    product = "" if whole else _product(run, found_kpi, product, path)
    return Explained(
        run,
        found_kpi,
        found_unit,
        steps(plan, run.results, found_kpi, found_unit, month, product),
        tuple(_statuses(run, found_kpi, found_unit, product)),
        product,
        None if product else _rate_effect(run, found_kpi, found_unit),
        () if product else tuple(_parts(run, found_kpi, found_unit, month)),
        () if product or month is not None else tuple(_goal(run, found_kpi, found_unit)),
        _in_theirs(run, found_kpi, found_unit, product, month),
    )


def _goal(run: Run, kpi: Kpi, unit: Unit) -> Iterator[Finding]:
    """What each letter of the company's goal lacks, else its reason, and more of it."""
    if unit.parent is not None or unit.overlay:
        return
    for letter in run.results.smart_letters.get(kpi.code, ()):
        yield from letter.told


def _in_theirs(run: Run, kpi: Kpi, unit: Unit, product: str, month: Month | None) -> Finding | None:
    """The cells of planners' own tables that are filled with figures of the year, or the month."""
    from salesplan.plan.schema import is_mapping

    if not any(map(is_mapping, run.loaded.source.sheets)):
        return None
    from salesplan.fill.planner_columns import filled_with
    from salesplan.plan.adopt.mapping import FIELDS

    months = run.loaded.plan.settings.months
    asked = range(len(months)) if month is None else [months.index(month)]
    cells = [
        f"{one.place} ({FIELDS[one.takes].of(run.loaded.lang)})"
        for one in filled_with(run.loaded, kpi.code, unit.code, product, asked)
    ]
    return Finding.of("explain-filled", Place(), cells=tuple(cells)) if cells else None


def _rate_effect(run: Run, kpi: Kpi, unit: Unit) -> Finding | None:
    """The effect of exchange rates in the year to date; None in a plan of one currency."""
    results = run.results
    if results.facts is None or results.facts.plan.at_budget is None:
        return None
    from salesplan.engine.actuals.progress import Span
    from salesplan.engine.actuals.rate_effects import rate_effects
    from salesplan.engine.exact.figures import written

    found = rate_effects(results.facts, [(kpi.code, unit.code)], results.month)
    one = found.get((kpi.code, unit.code, Span.YTD))
    if one is None:
        return None
    return Finding.of(
        "explain-rates",
        Place(),
        actual=written(kpi, one.actual),
        at_budget=written(kpi, one.at_budget),
        effect=written(kpi, one.effect),
    )


def _parts(run: Run, kpi: Kpi, unit: Unit, month: Month | None) -> Iterable[Finding]:
    """What products or customers make of the actual of a KPI that is worked out from them."""
    facts = run.results.facts
    if facts is None or not kpi.is_worked_out:
        return ()
    first = month or run.loaded.plan.settings.months[0]
    last = month or run.results.month
    if kpi.of_products:
        from salesplan.app.margin_parts import margin_parts

        return margin_parts(facts, kpi, unit, first, last)
    from salesplan.app.customer_parts import customer_parts

    return customer_parts(facts, kpi, unit, first, last)


def _product(run: Run, kpi: Kpi, name: str, path: Path) -> str:
    """The product of the KPI that is called so. Raises SalesplanError (exit 2) that names those
    there are.
    """
    from salesplan.plan.loader import product_of
    from salesplan.plan.normalize import folded
    from salesplan.plan.schema import product_name

    found = run.results.products
    known = () if found is None else found.of(kpi.code)
    wanted = product_of(name)
    for one in known:
        if folded(one) == folded(wanted):
            return one
    names = [product_name(one, run.loaded.lang) for one in known] or ["—"]
    finding = Finding.of(
        "explain-product-unknown", Place(str(path)), name=name, kpi=kpi.name, names=names
    )
    raise SalesplanError(finding, 2)


def _statuses(run: Run, kpi: Kpi, unit: Unit, product: str = "") -> Iterator[tuple[Span, Finding]]:
    from salesplan.engine.actuals.progress import Clock
    from salesplan.engine.exact.workdays import Calendar
    from salesplan.engine.views.status_reason import SPANS, reason

    plan, results = run.loaded.plan, run.results
    months = plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {month.year for month in months})
    clock = Clock.of(months, calendar, results.month, results.as_of)
    for span in SPANS:
        if product and results.products is not None:
            one = results.products.attainments.get((kpi.code, unit.code, product, span))
        else:
            one = results.attainments.get((kpi.code, unit.code, span))
        if one is not None:
            yield span, reason(kpi, one, results, clock)
