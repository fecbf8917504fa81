"""What other currencies are worth on a day (SPEC 16). Imported only where a plan has rates or
amounts in another currency.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from salesplan.plan.model.choices import RateKind
from salesplan.plan.model.currencies import currency
from salesplan.plan.model.records import ExchangeRate

ONE = Fraction(1)


class Exchange:
    """The rates of 汇率, looked up by currency, day and kind. Currencies are codes, as
    :func:`~salesplan.plan.model.currencies.currency` makes them; ``home`` is the plan's.
    """

    def __init__(self, rates: Iterable[ExchangeRate], home: str) -> None:
        self.home = home
        self._rows: dict[tuple[str, RateKind], tuple[Sequence[date], Sequence[Fraction]]] = {}
        found: dict[tuple[str, RateKind], dict[date, Fraction]] = {}
        for one in rates:
            if one.rate > 0:
                key = (currency(one.currency, home), one.kind)
                found.setdefault(key, {}).setdefault(one.since, Fraction(one.rate))
        for key, by_day in found.items():
            days = sorted(by_day)
            self._rows[key] = (days, [by_day[day] for day in days])

    def knows(self, code: str) -> bool:
        """Whether there is any rate of that currency."""
        return code == self.home or any(key[0] == code for key in self._rows)

    def rate(self, code: str, day: date, kind: RateKind = RateKind.ACTUAL) -> Fraction | None:
        """What one of ``code`` is worth in the plan's currency: the last rate that began on or
        before ``day``. None: there is none. Of a day that has two rates the first row counts.
        """
        if code == self.home:
            return ONE
        days, rates = self._rows.get((code, kind), ((), ()))
        place = bisect_right(days, day)
        return rates[place - 1] if place else None

    def factor(
        self, code: str, into: str, day: date, kind: RateKind = RateKind.ACTUAL
    ) -> Fraction | None:
        """What one of ``code`` is worth in ``into``, both by the plan's currency; None where a rate
        of either is not known.
        """
        if code == into:
            return ONE
        own, other = self.rate(code, day, kind), self.rate(into, day, kind)
        return None if own is None or other is None else own / other


def times(micro: int, factor: Fraction) -> int:
    """A figure in millionths at a rate, in millionths, half away from zero."""
    top, bottom = abs(micro) * factor.numerator, factor.denominator
    whole = (2 * top + bottom) // (2 * bottom)
    return whole if micro >= 0 else -whole
