"""What 实绩 holds of a line's month already, beside what a handout brought: shown in the form, and
said again when the form comes back.
"""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

from salesplan.audience.whole import Whole
from salesplan.dataclass import dataclass
from salesplan.engine.actuals.tally import latest_rows
from salesplan.engine.exact.figures import amount, written
from salesplan.findings import Finding
from salesplan.handout.form import INPUTS, SOURCE, Asked, asked_by
from salesplan.handout.returned import Typed
from salesplan.plan.loader import Loaded
from salesplan.plan.model import OTHER, Actuals, Kpi, Month
from salesplan.plan.parse import parse
from salesplan.plan.parse_text import Bad
from salesplan.plan.schema import table
from salesplan.wording import Both, either, listed

_AMOUNT = Both("本月合计", "the month's total")
_PARTS = Both("本月的分子和分母", "the month's numerator and denominator")
_AMOUNT_MORE = Both("还要加上的数", "what is still to be added")
_PARTS_MORE = Both("还要加上的分子和分母", "what is still to be added to numerator and denominator")
_LEVEL = Both("月末的数", "the figure at the month's end")
BESIDE_BELOW = Both("下级没有填报的部分", "only what no one below reports")
"""What is to be filled in for a unit that others add up to."""
_LEVEL_PARTS = Both("月末的分子和分母", "numerator and denominator at the month's end")


MOST_NAMED = 2
"""Records beside a line that are named in it; further ones are counted."""


class Recorded:
    """The rows of 实绩 that came from a handout before (by key), and the others."""

    def __init__(self, loaded: Loaded, whole: Whole) -> None:
        self.rows: dict[str, tuple[object, ...]] = {}
        self._whole = whole
        self._numbers: set[int] = set()
        found = loaded.tables.get("actuals")
        there = {} if found is None else found.columns
        self.by_product, self.by_currency = "product" in there, "currency" in there
        """Whether the master can hold such a row."""
        if found is None:
            return
        columns = [(table("actuals").column(key), found.column(key)) for key in INPUTS["actuals"]]
        for index, source in enumerate(found.column("source")):
            if isinstance(source, str) and source.startswith(SOURCE):
                values = (parse(cells[index], column) for column, cells in columns)
                self.rows[source.removeprefix(SOURCE)] = tuple(
                    None if isinstance(value, Bad) else value for value in values
                )
                self._numbers.add(found.row_numbers[index])

    def others(
        self, kpi: Kpi, month: Month, asked: Asked, named: Container[str] | None = None
    ) -> Others:
        """What rows that came from no handout say of a unit's KPI in a month: of the product and
        in the currency that is asked for. ``named``: where a line asks for a product by name, the
        products that have a line of their own; None: a line is for all.
        """
        actuals = self._whole.plan.actuals
        foreign = bool(actuals.given)
        rows = []
        for row in self._whole.actual_rows.get(asked.unit, ()):
            of_product = named is None or asked.product == (
                actuals.product[row] if actuals.product[row] in named else ""
            )
            currency = actuals.currency[row] if foreign else ""
            if (
                actuals.kpi[row] == kpi.code
                and actuals.month[row] == month
                and actuals.rows[row] not in self._numbers
                and (actuals.value[row], actuals.numerator[row]) != (None, None)
                and of_product
                and currency == asked.currency
            ):
                rows.append(row)
        if rows and kpi.kind.is_snapshot:
            rows = latest_rows(actuals, month, rows)
            # A line speaks of the month's end: beside rows of that day, instead of earlier ones.
            adds = (actuals.day[rows[0]] or month.last) == month.last
        else:
            adds = bool(rows)
        columns = {"value": actuals.given if asked.currency else actuals.value}
        columns |= {"numerator": actuals.numerator, "denominator": actuals.denominator}
        said_of = tuple(dict.fromkeys(_said_of(actuals, row) for row in rows))
        sums = {}
        for key, column in columns.items():
            given = [value for row in rows if (value := column[row]) is not None]
            sums[key] = amount(sum(given)) if given else None
        return Others(kpi, sums["value"], sums["numerator"], sums["denominator"], adds, said_of)


@dataclass(frozen=True, slots=True)
class Others:
    """The sums of those rows; None: none gave that figure. ``adds``: what a line says is added to
    them, as it is to the rows of a flow.
    """

    kpi: Kpi
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    adds: bool
    said_of: tuple[str, ...] = ()
    """What the rows are about, each once: a customer, else a product, a channel, a region, a
    day."""

    def named(self, lang: str) -> str | None:
        """What they are about as a person reads it, the first few by name."""
        first = listed(self.said_of[:MOST_NAMED], lang)
        more = len(self.said_of) - MOST_NAMED
        if more <= 0:
            return first or None
        return either(lang, f"{first}等 {len(self.said_of)} 项", f"{first} and {more} more")

    @property
    def shown(self) -> object:
        """As a person reads it: an amount, or numerator / denominator."""
        if self.kpi.kind.is_amount:
            return self.value
        if self.numerator is not None and self.denominator is not None:
            return f"{self.numerator:f} / {self.denominator:f}"
        return None if self.value is None else written(self.kpi, self.value)

    @property
    def wanted(self) -> Both[str]:
        """What is to be filled in beside it."""
        amounts = self.kpi.kind.is_amount
        if self.adds:
            return _AMOUNT_MORE if amounts else _PARTS_MORE
        if self.kpi.kind.is_snapshot:
            return _LEVEL if amounts else _LEVEL_PARTS
        return _AMOUNT if amounts else _PARTS


def _said_of(actuals: Actuals, row: int) -> str:
    texts = (getattr(actuals, key)[row] for key in ("customer", "product", "channel", "region"))
    return next(filter(None, texts), str(actuals.day[row] or actuals.month[row]))


def products_of(whole: Whole, unit: str, kpi: str) -> tuple[str, ...] | None:
    """The products of which a unit has a target of the KPI, in their order; None without any."""
    found = whole.results.products
    if found is None:
        return None
    named = tuple(
        product
        for product in found.of(kpi)
        if product != OTHER and (kpi, unit, product) in found.targets
    )
    return named or None


def added_to(recorded: Recorded, whole: Whole, typed: Typed) -> Finding | None:
    """What was typed for a month that has the same figure from elsewhere makes them one sum; it may
    have been meant as the month's total (returned-adds).
    """
    asked = asked_by(typed.key)
    if asked is None:
        return None
    kpi = next((one for one in whole.plan.kpis if one.code == asked.kpi), None)
    months = [one for one in whole.plan.settings.months if str(one) == asked.month]
    if kpi is None or not months or not isinstance(typed.value, (int, Decimal)):
        return None
    others = recorded.others(kpi, months[0], asked, products_of(whole, asked.unit, kpi.code))
    there = getattr(others, typed.column)
    if not others.adds or not there:
        return None
    given = Decimal(typed.value)
    return Finding.of(
        "returned-adds",
        typed.place,
        column=table("actuals").column(typed.column),
        typed=given,
        there=there,
        total=given + there,
        rest=given - there,
        unit=asked.unit,
        kpi=kpi.name,
        month=asked.month,
    )
