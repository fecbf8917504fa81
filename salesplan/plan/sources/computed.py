"""A figure that a mapping computes: ``quantity * price * (1 - discount)``.

Numbers, columns, ``+ - * /``, brackets, and abs, min, max, round. A column whose name is no plain
word stands in square brackets: ``[Unit Price] * Quantity``; a ``]`` of its name is written twice.
Everything is exact; only a quotient is rounded, at its 28th digit. Nothing of Python is run: the
text is read here, sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from typing import NamedTuple

from salesplan.dataclass import dataclass

LONGEST, DEEPEST = 1_000, 40
"""Signs of a computation, and brackets within brackets."""

EXACT = Context(prec=60)
QUOTIENT = Context(prec=28)

Values = Sequence[Decimal]
Step = Callable[[Values], Decimal]


class Number(NamedTuple):
    """A number that stands in a computation."""

    value: Decimal


class Named(NamedTuple):
    """A column of a computation."""

    column: str


class Call(NamedTuple):
    """What is made of others: by ``+ - * /``, ``abs``, ``min``, ``max`` or ``round``; "-" of a
    single one turns its sign.
    """

    name: str
    given: tuple[Tree, ...]


Tree = Number | Named | Call
"""A computation as it is read, for whoever makes it elsewhere: a database in its own words."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|\[(?P<quoted>(?:[^\]]|\]\])+)\]|(?P<name>[^\W\d]\w*(?:\.\w+)*)"
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
    tree: Tree

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


def bracketed(column: str) -> str:
    """A column's name as a computation can name it, whatever signs it has."""
    return "[" + column.replace("]", "]]") + "]"


class _Reader:
    """Reads one computation from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.deep = text, 0, 0
        self.columns: dict[str, int] = {}
        self.token: tuple[str, str] = ("", "")
        self._next()

    def whole(self) -> Computed:
        tree = self._sum()
        if self.token[0]:
            raise ComputedError(self.token[1])
        return Computed(self.text, tuple(self.columns), _step(tree, self.columns), tree)

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

    def _sum(self) -> Tree:
        tree = self._product()
        while sign := self._takes("+", "-"):
            tree = Call(sign, (tree, self._product()))
        return tree

    def _product(self) -> Tree:
        tree = self._factor()
        while sign := self._takes("*", "/"):
            tree = Call(sign, (tree, self._factor()))
        return tree

    def _factor(self) -> Tree:
        if self._takes("-"):
            return Call("-", (self._factor_within(),))
        self._takes("+")
        return self._factor_within()

    def _factor_within(self) -> Tree:
        self.deep += 1
        if self.deep > DEEPEST:
            raise ComputedError(self.text[:20] + "…")
        kind, text = self.token
        if self._takes("-", "("):
            tree = self._sum() if text == "(" else Call("-", (self._factor_within(),))
            if text == "(" and not self._takes(")"):
                raise ComputedError(self.token[1] or "(")
        elif kind == "number":
            self._next()
            tree = Number(Decimal(text))
        elif kind in ("name", "quoted"):
            self._next()
            known = kind == "name" and text.casefold() in _FUNCTIONS and self._takes("(")
            column = text.strip() if kind == "name" else text.replace("]]", "]").strip()
            tree = self._call(text.casefold()) if known else self._column(column)
        else:
            raise ComputedError(text or self.text.strip()[-20:])
        self.deep -= 1
        return tree

    def _call(self, name: str) -> Tree:
        given = [self._sum()]
        while self._takes(","):
            given.append(self._sum())
        least, most, _ = _FUNCTIONS[name]
        if not self._takes(")") or not least <= len(given) <= most:
            raise ComputedError(f"{name}(")
        return Call(name, tuple(given))

    def _column(self, name: str) -> Tree:
        self.columns.setdefault(name, len(self.columns))
        return Named(name)


def _step(tree: Tree, columns: Mapping[str, int]) -> Step:
    """What makes the figure of a record's values."""
    if isinstance(tree, Number):
        number = tree.value
        return lambda _values: number
    if isinstance(tree, Named):
        at = columns[tree.column]
        return lambda values: values[at]
    given = [_step(one, columns) for one in tree.given]
    if tree.name in _OPERATIONS:
        return _minus(given[0]) if len(given) == 1 else _two(_OPERATIONS[tree.name], *given)
    return _many(_FUNCTIONS[tree.name][2], given)


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


_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
    "/": QUOTIENT.divide,
}
_FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Decimal]]] = {
    "abs": (1, 1, abs),
    "min": (1, 20, min),
    "max": (1, 20, max),
    "round": (1, 2, _round),
}
"""How many values each takes, at least and at most, and what it makes of them."""
