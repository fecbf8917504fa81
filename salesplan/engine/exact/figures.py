"""Exact figures: millionths to decimals, one-rounding divisions, percentages in words; and those
that are worked out when they are first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, TypeVar

from salesplan.plan.model import MICRO, Kpi

WIDE = Context(prec=100)
"""For rounding to places: a quotient of the largest figure by the smallest has more digits than the
usual context.
"""

_TENTH = Decimal("0.1")
_CENT = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")


def amount(micro: int) -> Decimal:
    """Millionths as a Decimal, exact and without needless zeros."""
    whole, rest = divmod(micro, MICRO)
    return Decimal(whole) if rest == 0 else Decimal(micro).scaleb(-6).normalize()


divide = Context(prec=28).divide
"""The quotient rounded once, to 28 digits, whatever the caller's decimal context.

Raises decimal.DivisionByZero or InvalidOperation if the denominator is zero.
"""


Number = TypeVar("Number", Decimal, Fraction)


def median(values: Iterable[Number]) -> Number:
    """The middle value, of an even number the mean of the middle two. Raises IndexError for none.

    Here because the standard library's loads a dozen modules, which every click would pay for.
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def finer(real: Decimal, smallest: Decimal) -> Decimal:
    """Three decimals beyond the smallest unit: enough to see which way it was rounded."""
    return real.quantize(smallest.normalize() * _THOUSANDTH, ROUND_HALF_UP, WIDE)


def percent(value: Decimal) -> str:
    """A fraction of one as a percentage with at most one decimal: 0.6875 is ``68.8%``."""
    return f"{points(value)}%"


def points(value: Decimal) -> str:
    """A fraction of one in hundredths with at most one decimal: 0.123 is ``12.3``."""
    text = f"{(value * 100).quantize(_TENTH, ROUND_HALF_UP, WIDE):,f}"
    return text.removesuffix(".0")


def plain(value: Decimal) -> str:
    """A figure as a spreadsheet makes a text of it: no separators, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_MANY = re.compile(r"(?P<y>.*[a-z])ies|(?P<es>.*(?:ss|x|ch|sh))es|(?P<s>.*[a-z][^s])s")
"""An English unit for many, by how it ends."""


def said_of(number: object, unit: str) -> str:
    """The unit as it is said of the number: 1 case, 2 cases. Units that are no English word for
    many stay as they are: 件, 10k CNY, kg.
    """
    shown = plain(number) if isinstance(number, Decimal) else str(number)
    found = _MANY.fullmatch(unit) if shown.lstrip("+-") == "1" else None
    if found is None or not re.fullmatch("[a-z ]+", unit):
        return unit
    return "".join(part for part in found.groups() if part) + ("y" if found["y"] else "")


def written(kpi: Kpi, value: Decimal | None) -> str | Decimal:
    """A KPI's figure for a sentence: a percentage where it is one, else the number with at most two
    decimals; a dash where there is none.
    """
    if value is None:
        return "—"
    if kpi.in_percent:
        return percent(value)
    return (
        value.quantize(_CENT, ROUND_HALF_UP, WIDE) if value != value.to_integral_value() else value
    )


K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Crossed(Collection[Any]):
    """Keys that are each of the ``heads`` with each of the ``tails`` behind it: (KPI, unit) with
    every span. They are put together when they are gone through, since five for each target of a
    large plan would take more memory than its targets' figures.
    """

    def __init__(self, heads: Iterable[tuple[object, ...]], tails: Iterable[object]) -> None:
        self._heads, self._tails = dict.fromkeys(heads), tuple(tails)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and key[:-1] in self._heads and key[-1] in self._tails

    def __iter__(self) -> Iterator[Any]:
        for head in self._heads:
            for tail in self._tails:
                yield (*head, tail)

    def __len__(self) -> int:
        return len(self._heads) * len(self._tails)


class OnDemand(Mapping[K, V], Generic[K, V]):
    """Figures by key, each worked out when it is first asked for, and then kept.

    A run knows of tens of thousands of spans, and what follows asks for some of them: nobody shows
    the quarter of each unit. ``work_out`` is a pure function: nobody can tell when it was called.
    """

    def __init__(self, keys: Iterable[K], work_out: Callable[[K], V]) -> None:
        self._keys: Collection[K] = keys if isinstance(keys, Crossed) else dict.fromkeys(keys)
        self._work_out = work_out
        self._known: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        known = self._known
        if key not in known:
            if key not in self._keys:
                raise KeyError(key)
            known[key] = self._work_out(key)
        return known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Later(Mapping[K, V], Generic[K, V]):
    """Figures by key, all of them worked out when the first is asked for. ``work_out`` is a pure
    function: nobody can tell when it was called.
    """

    def __init__(self, work_out: Callable[[], Mapping[K, V]]) -> None:
        self._work_out = work_out

    @cached_property
    def _known(self) -> Mapping[K, V]:
        return self._work_out()

    def __getitem__(self, key: K) -> V:
        return self._known[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
