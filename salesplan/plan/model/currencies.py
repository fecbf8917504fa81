"""Currencies as people name them (a code, a symbol, a word), the units that are money, and what one
currency is worth in another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from salesplan.plan.model.choices import AmountUnit, KpiKind, RateKind
from salesplan.plan.model.goals import Kpi, Settings
from salesplan.plan.model.records import ExchangeRate

_DOLLARS = frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"})
SYMBOLS: Mapping[str, frozenset[str]] = {
    "$": _DOLLARS,
    "¥": frozenset({"CNY", "JPY"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
}
"""The currencies that a symbol may mean, the settings' own one where it is among them."""

_USUAL = {"$": "USD", "¥": "CNY"}
NAMES = {
    "rmb": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "美元": "USD",
    "美金": "USD",
    "us$": "USD",
    "hk$": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "nt$": "TWD",
    "新台币": "TWD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "韩元": "KRW",
}


_ISO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CODES = frozenset(_ISO.split())
"""The codes of ISO 4217 in use, and CNH."""


def currency(text: str, home: str) -> str:
    """The code of the currency that a cell or a number format names; ``¥`` is the settings' own
    where that is one of those it may be.
    """
    wanted = text.strip().replace("￥", "¥")
    if wanted.lower() in NAMES:
        return NAMES[wanted.lower()]
    if wanted in SYMBOLS:
        meant = SYMBOLS[wanted]
        return home if home in meant else _USUAL.get(wanted) or min(meant)
    return wanted.upper()


def home_of(text: str) -> str:
    """The code of the settings' 币种; CNY where it is blank."""
    given = text.strip()
    return NAMES.get(given.lower(), given.upper()) or "CNY"


SCALES: Mapping[AmountUnit, int] = {AmountUnit.YUAN: 1, AmountUnit.WAN: 10_000}
"""Single units of the currency in one of the settings' 金额单位."""

_SIZES: Mapping[str, int] = {
    "10k": 10_000,
    "wan": 10_000,
    "百万": 1_000_000,
    "万": 10_000,
    "千": 1_000,
    "亿": 100_000_000,
    "k": 1_000,
    "m": 1_000_000,
}
"""What stands before a currency; longer words first, for 百万 ends with 万."""
_ALONE = frozenset({"万", "10k", "wan"})
"""Sizes that mean the plan's own money without naming it; 50 k may be anything."""
_WORDS = frozenset({"cny", "yuan", "usd", "eur", "hkd", "gbp", "jpy"})
_CODE = re.compile("[A-Za-z]{3}")


class MoneyUnit(NamedTuple):
    """The currency that an amount is in, and how many single units of it one of it is."""

    currency: str
    size: int


def money_unit(text: str, settings: Settings) -> MoneyUnit | None:
    """What a unit that somebody typed (a KPI's 单位, a header's brackets) says of money: 万元,
    10k CNY, USD; None where it is no amount.
    """
    return _money_unit(text.strip(), home_of(settings.currency))


@lru_cache(maxsize=1_000)
def _money_unit(unit: str, home: str) -> MoneyUnit | None:
    size = next((name for name in _SIZES if _begins(unit, name)), "")
    rest = unit[len(size) :].strip()
    if _is_currency(rest, home):
        code = "CNY" if rest.lower() == "yuan" else currency(rest, home)
        return MoneyUnit(code, _SIZES.get(size, 1))
    return MoneyUnit(home, _SIZES[size]) if not rest and size in _ALONE else None


def money_of(kpi: Kpi, settings: Settings) -> MoneyUnit | None:
    """What a KPI's figures are, where they are money: its 单位 is an amount (of an average also
    one a piece, 元/单), or a flow or level has none, and is then in the plan's currency. Else None.
    """
    unit = kpi.unit.strip()
    if not unit:
        return own_unit(settings) if kpi.kind.adds_over_units else None
    if kpi.kind is KpiKind.AVERAGE:
        unit = unit.partition("/")[0]
    return money_unit(unit, settings)


def own_unit(settings: Settings) -> MoneyUnit:
    """What the plan's budget and spending are counted in: 币种 and 金额单位."""
    return MoneyUnit(home_of(settings.currency), SCALES[settings.amount_unit])


def _is_currency(text: str, home: str) -> bool:
    word = text.lower()
    if word in NAMES or word in _WORDS or text in SYMBOLS or text in CODES:
        return True
    return bool(_CODE.fullmatch(text)) and text.upper() == home


def _begins(text: str, size: str) -> bool:
    """Whether a unit begins with that size; a Latin one stands by itself."""
    rest = text[len(size) :]
    alone = not size.isascii() or size == "10k" or not rest[:1].isalpha()
    return text.lower().startswith(size) and alone


class Exchange:
    """The rates of 汇率, looked up by currency, day and kind. Currencies are codes, as
    :func:`currency` makes them; ``home`` is the plan's.
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
            return Fraction(1)
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
            return Fraction(1)
        own, other = self.rate(code, day, kind), self.rate(into, day, kind)
        return None if own is None or other is None else own / other


def times(micro: int, factor: Fraction) -> int:
    """A figure in millionths at a rate, in millionths, half away from zero."""
    top, bottom = abs(micro) * factor.numerator, factor.denominator
    whole = (2 * top + bottom) // (2 * bottom)
    return whole if micro >= 0 else -whole
