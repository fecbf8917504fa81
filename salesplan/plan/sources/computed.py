"""A figure that a mapping computes: ``quantity * price * (1 - discount)``.

Numbers, columns, ``+ - * /``, brackets, and abs, min, max, round. A column whose name is no plain
word stands in square brackets: ``[Unit Price] * Quantity``. Everything is exact; only a quotient is
rounded, at its 28th digit. Nothing of Python is run: the text is read here, sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException

from salesplan.dataclass import dataclass

LONGEST, DEEPEST = 1_000, 40
"""Signs of a computation, and brackets within brackets."""

EXACT = Context(prec=60)
QUOTIENT = Context(prec=28)

Values = Sequence[Decimal]
Step = Callable[[Values], Decimal]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|\[(?P<quoted>[^\]]+)\]|(?P<name>[^\W\d]\w*(?:\.\w+)*)"
    r"|(?P<sign>[-+*/(),×÷（），−]))"
)
_SIGNS = str.maketrans("×÷（），−", "*/(),-")


class ComputedError(Exception):
    """A computation cannot be read; its text says from where on."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation over columns, ready to be made for one record after another."""

    text: str
    columns: tuple[str, ...]
    step: Step

    def of(self, values: Values) -> Decimal | None:
        """The figure, of the columns' values in their order; None where nothing can be divided."""
        try:
            return self.step(values)
        except (DecimalException, ZeroDivisionError):
            return None


def computed(text: str) -> Computed:
    """Read a computation. Raises :class:`ComputedError` with what cannot be read."""
    if len(text) > LONGEST:
        raise ComputedError(text[:20] + "…")
    return _Reader(text).whole()


def is_computed(text: str) -> bool:
    """Whether a text computes something: it is no column's bare name."""
    try:
        found = computed(text)
    except ComputedError:
        return False
    return found.columns != (text.strip(),)


class _Reader:
    """Reads one computation from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.deep = text, 0, 0
        self.columns: dict[str, int] = {}
        self.token: tuple[str, str] = ("", "")
        self._next()

    def whole(self) -> Computed:
        step = self._sum()
        if self.token[0]:
            raise ComputedError(self.token[1])
        return Computed(self.text, tuple(self.columns), step)

    def _next(self) -> None:
        rest = self.text[self.at :]
        if not rest.strip():
            self.token = ("", "")
            return
        found = _TOKEN.match(rest)
        if found is None:
            raise ComputedError(rest.strip()[:20])
        self.at += found.end()
        kind = found.lastgroup or ""
        self.token = (kind, found[kind].translate(_SIGNS) if kind == "sign" else found[kind])

    def _takes(self, *signs: str) -> str:
        """The sign, where it is one of these and the next to read."""
        kind, sign = self.token
        if kind == "sign" and sign in signs:
            self._next()
            return sign
        return ""

    def _sum(self) -> Step:
        step = self._product()
        while sign := self._takes("+", "-"):
            step = _two(EXACT.add if sign == "+" else EXACT.subtract, step, self._product())
        return step

    def _product(self) -> Step:
        step = self._factor()
        while sign := self._takes("*", "/"):
            step = _two(EXACT.multiply if sign == "*" else QUOTIENT.divide, step, self._factor())
        return step

    def _factor(self) -> Step:
        if self._takes("-"):
            return _minus(self._factor_within())
        self._takes("+")
        return self._factor_within()

    def _factor_within(self) -> Step:
        self.deep += 1
        if self.deep > DEEPEST:
            raise ComputedError(self.text[:20] + "…")
        kind, text = self.token
        if self._takes("-", "("):
            step = self._sum() if text == "(" else _minus(self._factor_within())
            if text == "(" and not self._takes(")"):
                raise ComputedError(self.token[1] or "(")
        elif kind == "number":
            self._next()
            step = _constant(Decimal(text))
        elif kind in ("name", "quoted"):
            self._next()
            known = kind == "name" and text.casefold() in _FUNCTIONS and self._takes("(")
            step = self._call(text.casefold()) if known else self._column(text.strip())
        else:
            raise ComputedError(text or self.text.strip()[-20:])
        self.deep -= 1
        return step

    def _call(self, name: str) -> Step:
        given = [self._sum()]
        while self._takes(","):
            given.append(self._sum())
        least, most, function = _FUNCTIONS[name]
        if not self._takes(")") or not least <= len(given) <= most:
            raise ComputedError(f"{name}(")
        return _many(function, given)

    def _column(self, name: str) -> Step:
        at = self.columns.setdefault(name, len(self.columns))
        return lambda values: values[at]


def _constant(number: Decimal) -> Step:
    return lambda _values: number


def _minus(step: Step) -> Step:
    return lambda values: EXACT.minus(step(values))


def _two(operation: Callable[[Decimal, Decimal], Decimal], left: Step, right: Step) -> Step:
    return lambda values: operation(left(values), right(values))


def _many(function: Callable[..., Decimal], given: Sequence[Step]) -> Step:
    return lambda values: function(*(step(values) for step in given))


def _round(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    """Half away from zero, as people round."""
    last = Decimal(1).scaleb(-min(max(int(places), 0), 12))
    return number.quantize(last, ROUND_HALF_UP, EXACT)


_FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Decimal]]] = {
    "abs": (1, 1, abs),
    "min": (1, 20, min),
    "max": (1, 20, max),
    "round": (1, 2, _round),
}
"""How many values each takes, at least and at most, and what it makes of them."""
