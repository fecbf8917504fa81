"""Price, volume, mix, new and lost of each product as formulas over its amounts and quantities.

The engine rounds so that causes and products add up both ways (see
:func:`~salesplan.engine.actuals.variance.price_volume_mix`). Here price and volume are rounded like
any figure, up or down only where that is what makes the columns add up; mix is what is left of the
product's difference, which it is by its definition. Where a formula would not give the engine's
figure the figure stands alone: for smallest units that are no power of ten, and for amounts finer
than the smallest unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.slices import Slice
from salesplan.engine.actuals.variance import Cause, ProductVariance
from salesplan.report.figures.formulas import SUM_PLACES
from salesplan.report.figures.grid import Column, Formula, Here, Table
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, letter

OWN = "own_amount"
"""The actual amount at budget rates; only where rates are a cause."""
HELPERS = ("split", "going", "base_going", "actual_going", OWN)
"""Folded columns beside the products, in their order."""
ZERO = Decimal(0)
_FLOAT = Fraction(1, 10**14)
"""By how much of the largest term binary floating point may be off."""
_ROUNDINGS = (("ROUND", ROUND_HALF_UP), ("ROUNDDOWN", ROUND_DOWN), ("ROUNDUP", ROUND_UP))


@dataclass(frozen=True, slots=True)
class Side:
    """One product in one period: its amount, and its quantity where it is known."""

    amount: Decimal
    quantity: Decimal | None
    sold: bool


@dataclass(frozen=True)
class Causes:
    """One KPI's products in the order of their rows. ``unit`` is the smallest unit of the
    effects.
    """

    products: Sequence[ProductVariance]
    base: Sequence[Side]
    actual: Sequence[Side]
    """At budget rates, where some of it is in another currency."""
    unit: Decimal
    place: int
    """The sheet's column in which the folded ones begin."""

    @property
    def rates(self) -> bool:
        """Whether exchange rates are one of the causes."""
        return any(product.effects[Cause.RATES] for product in self.products)

    @classmethod
    def of(
        cls,
        products: Sequence[ProductVariance],
        before: Mapping[tuple[str, ...], Slice],
        now: Mapping[tuple[str, ...], Slice],
        unit: Decimal,
        own: Mapping[tuple[str, ...], Slice],
        place: int,
    ) -> Causes:
        """``own``: this year's at budget rates; empty in a plan of one currency."""
        base = [_side(product.base, before.get((product.name,))) for product in products]
        actual = [
            _side(_own_amount(product, own), now.get((product.name,))) for product in products
        ]
        return cls(products, base, actual, unit, place)

    def split(self, index: int) -> int:
        """1 where the product's difference can be split, as the engine sees it."""
        base, actual = self.base[index], self.actual[index]
        unknown = not self.products[index].name or any(
            side.sold and side.quantity is None for side in (base, actual)
        )
        return int(not unknown)

    def going(self, index: int) -> int:
        """1 where the product was sold in both years and its difference can be split."""
        base, actual = self.base[index], self.actual[index]
        return int(
            bool(
                self.split(index)
                and base.sold
                and actual.sold
                and base.quantity
                and (actual.quantity or actual.amount)
            )
        )

    @cached_property
    def quantities(self) -> tuple[Decimal, Decimal]:
        """Last year's and this year's sums over the products that were sold in both."""
        return self._sum(self.base), self._sum(self.actual)

    def _sum(self, side: Sequence[Side]) -> Decimal:
        return sum((self._own(side, index) for index in range(len(side))), ZERO)

    def helper(self, key: str, row: int) -> str:
        """The address of a folded cell."""
        return address(row, self.place + HELPERS.index(key))

    def helpers(self, grid: Table) -> tuple[Column[int], ...]:
        """The folded columns, by the products' places: are the quantities known, was the product
        sold in both periods with a price then, its quantities if so, and its own amount. ``grid``
        is the table of the products.
        """

        def base(at: Here) -> tuple[str, str]:
            return grid.at("base_amount", at.row), grid.at("base_quantity", at.row)

        def actual(at: Here) -> tuple[str, str]:
            return self._own_amount(grid, at.row), grid.at("actual_quantity", at.row)

        def split(index: int, at: Here) -> str | None:
            seen = all(
                side.quantity is not None or not side.sold or side.amount
                for side in (self.base[index], self.actual[index])
            )
            unknown = ",".join(
                f"AND({amount}<>0,NOT(ISNUMBER({quantity})))"
                for amount, quantity in (base(at), actual(at))
            )
            named = self.products[index].name
            return f"IF(OR({unknown}),0,1)" if named and seen else None

        def going(_: int, at: Here) -> str:
            then, (amount, now) = base(at)[1], actual(at)
            known = f"AND({at('split')}=1,ISNUMBER({then}),ISNUMBER({now}))"
            return f"IF({known},IF(AND({then}<>0,OR({now}<>0,{amount}<>0)),1,0),0)"

        def of_going(quantity: Callable[[Here], tuple[str, str]]) -> Formula[int]:
            return lambda _, at: f"IF({at('going')}=1,{quantity(at)[1]},0)"

        def told(
            key: str, value: Callable[[int], Scalar], formula: Formula[int] | None = None
        ) -> Column[int]:
            return Column(key, value, formula, ("right", "muted"), "General")

        columns = (
            told("split", self.split, split),
            told("going", self.going, going),
            told("base_going", lambda index: self._own(self.base, index), of_going(base)),
            told("actual_going", lambda index: self._own(self.actual, index), of_going(actual)),
            told(OWN, lambda index: self.actual[index].amount),
        )
        return columns if self.rates else columns[:-1]

    def formulas(self, at: Here, index: int) -> dict[Cause, str]:
        """The formulas of a product's effects that give the engine's figures, in the line ``at`` of
        the products.
        """
        places = self._places
        if places is None:
            return {}
        cell = {
            key: at(key)
            for key in (
                "base_amount",
                "base_quantity",
                "actual_amount",
                "actual_quantity",
                "difference",
            )
        }
        booked, cell["actual_amount"] = cell["actual_amount"], self._own_amount(at.grid, at.row)
        split, going = (self.helper(key, at.row) for key in ("split", "going"))
        sums = [
            f"{letter(self.place + HELPERS.index(key))}${at.end + 1}"
            for key in ("base_going", "actual_going")
        ]
        raw = {
            Cause.PRICE: (
                f"{cell['actual_amount']}-{cell['base_amount']}/"
                f"{cell['base_quantity']}*{cell['actual_quantity']}"
            ),
            Cause.VOLUME: f"{cell['base_amount']}*{sums[1]}/{sums[0]}-{cell['base_amount']}",
        }
        found: dict[Cause, str] = {}
        product, exact = self.products[index], self._exact(index)
        for cause, condition in (
            (Cause.PRICE, f"{going}=1"),
            (Cause.VOLUME, f"AND({going}=1,{sums[0]}<>0)"),
        ):
            rounding = self._rounding(exact.get(cause), product.effects[cause], places)
            if rounding is not None:
                found[cause] = (
                    f"IF({condition},{rounding}(ROUND({raw[cause]},{max(places, SUM_PLACES)}),"
                    f"{places}),0)"
                )
        changed = cell["difference"]
        if self.rates:
            changed += f"-{at('rates')}"
            rates = Fraction(product.actual) - Fraction(self.actual[index].amount)
            rounding = self._rounding(
                (rates, Fraction(abs(product.actual))), product.effects[Cause.RATES], places
            )
            if rounding is not None:
                found[Cause.RATES] = (
                    f"{rounding}(ROUND({booked}-{cell['actual_amount']},"
                    f"{max(places, SUM_PLACES)}),{places})"
                )
        rest = f"{changed}-{at('price')}-{at('volume')}"
        apart = f"AND({split}=1,{going}=0)"
        base, actual, split_up = (
            self.base[index].amount,
            self.actual[index].amount,
            self.split(index) and not self.going(index),
        )
        apart_from_rates = product.total - product.effects[Cause.RATES]
        given = {
            Cause.MIX: (
                apart_from_rates - product.effects[Cause.PRICE] - product.effects[Cause.VOLUME]
                if self.going(index)
                else ZERO,
                f"IF({going}=1,ROUND({rest},{places}),0)",
            ),
            Cause.NEW: (
                actual if split_up else ZERO,
                f"IF({apart},ROUND({cell['actual_amount']},{places}),0)",
            ),
            Cause.LOST: (
                -base if split_up else ZERO,
                f"IF({apart},ROUND(-{cell['base_amount']},{places}),0)",
            ),
            Cause.OTHER: (
                ZERO if self.split(index) else apart_from_rates,
                f"IF({split}=1,0,ROUND({changed},{places}))"
                if self.rates
                else f"IF({split}=1,0,{changed})",
            ),
        }
        return found | {
            cause: formula
            for cause, (value, formula) in given.items()
            if value == product.effects[cause]
        }

    @property
    def _places(self) -> int | None:
        """The decimal places of the unit; None where it is no power of ten."""
        digits = self.unit.normalize().as_tuple()
        return (
            -digits.exponent if digits.digits == (1,) and isinstance(digits.exponent, int) else None
        )

    def _own_amount(self, grid: Table, row: int) -> str:
        """The cell of the actual amount without the effect of rates."""
        return self.helper(OWN, row) if self.rates else grid.at("actual_amount", row)

    def _own(self, side: Sequence[Side], index: int) -> Decimal:
        return (side[index].quantity or ZERO) if self.going(index) else ZERO

    def _exact(self, index: int) -> dict[Cause, tuple[Fraction, Fraction]]:
        """Price and volume with the largest of their terms; nothing of products that were sold in
        one period only.
        """
        if not self.going(index):
            return {}
        base, actual = self.base[index], self.actual[index]
        start, end = Fraction(base.amount), Fraction(actual.amount)
        at_old_price = start / Fraction(base.quantity or 1) * Fraction(actual.quantity or ZERO)
        then, now = map(Fraction, self.quantities)
        grown = start * now / then if then else start
        return {
            Cause.PRICE: (end - at_old_price, max(abs(end), abs(at_old_price))),
            Cause.VOLUME: (grown - start, max(abs(start), abs(grown))),
        }

    def _rounding(
        self, exact: tuple[Fraction, Fraction] | None, given: Decimal, places: int
    ) -> str | None:
        """The function that rounds the exact figure to the given one, whichever way binary floating
        point is off; None if none does.
        """
        if exact is None:
            return "ROUND" if given == 0 else None
        value, largest = exact
        ends = [
            _decimal(end) for end in (value - largest * _FLOAT, value, value + largest * _FLOAT)
        ]
        for name, rounding in _ROUNDINGS:
            if all(
                _rounded(_rounded(end, max(places, SUM_PLACES), ROUND_HALF_UP), places, rounding)
                == given
                for end in ends
            ):
                return name
        return None


def _own_amount(product: ProductVariance, own: Mapping[tuple[str, ...], Slice]) -> Decimal:
    """A product's actual amount without the effect of rates."""
    one = own.get((product.name,))
    return product.actual if one is None or one.value is None else one.value


def _decimal(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return Decimal(value.numerator) / Decimal(value.denominator)


def _rounded(value: Decimal, places: int, rounding: str) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-places), rounding)


def _side(amount: Decimal, one: Slice | None) -> Side:
    """A product's amount of one year, with what was sold for it."""
    sold = one is not None and one.value is not None
    return Side(amount, None if one is None else one.quantity, sold)
