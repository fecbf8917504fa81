"""From a cell to a value: one pure function for each Kind of the schema.

A parser gets a cell that is not blank and gives its value, or a :class:`Bad` that says why not.
Blank is None, and None is never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType

from salesplan.pattern import pattern
from salesplan.plan.model import Cause, Element, Framework, MonthRhythm, RhythmKind
from salesplan.plan.normalize import by_word, clean, folded, half_width
from salesplan.plan.parse_dates import day, month, period, since
from salesplan.plan.parse_numbers import integer, number, percent, percents
from salesplan.plan.parse_text import NOTHING, Bad, Field, Reading, as_text, refuse
from salesplan.plan.schema.choices import CHOICES, ELEMENTS, NOTHING_NEEDED
from salesplan.plan.schema.kinds import Kind
from salesplan.workbook.read.cells import CellValue, ErrorValue, NoResult

_WORDS = {
    RhythmKind.EVEN: ("均匀", "even", "时间进度", "linear"),
    RhythmKind.HISTORY: ("历史", "history"),
    RhythmKind.MONTH_END: ("月末", "month end", "month-end", "monthend"),
}
_BY_WORD = by_word(_WORDS)
_PART = pattern(r"(\d+(?:\.\d+)?)%?:(\d+(?:\.\d+)?)%?")
_SEPARATORS = pattern(r"[,;、\n\r]+")
HUNDRED = Decimal(100)


def rhythm(value: object, _field: Field, _reading: Reading) -> MonthRhythm | Bad:
    """RHYTHM: 均匀, 历史, 月末, or points like "50%:20%, 75%:40%".

    A point says that at 50 % of the month's working days 20 % of it are there. Both lie between 0
    and 100 %, the working days rise from point to point; anything else is refused.
    """
    written = as_text(value)
    kind = _BY_WORD.get(folded(written))
    if kind is not None:
        return MonthRhythm(kind)
    points = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(half_width(written)))):
        found = _PART.fullmatch(part.replace(" ", ""))
        if found is None:
            return refuse("rhythm-unreadable", text=written)
        points.append((Decimal(found[1]) / HUNDRED, Decimal(found[2]) / HUNDRED))
    days = [day for day, _ in points]
    if not points or days != sorted(set(days)) or any(max(point) > 1 for point in points):
        return refuse("rhythm-unreadable", text=written)
    return MonthRhythm(RhythmKind.POINTS, tuple(points))


__all__ = [
    "Bad",
    "Field",
    "element",
    "needed_support",
    "parse",
    "parse_column",
    "reasons",
    "unlisted",
]

_LIST = pattern(r"[、,;，；\n\r]+")
_CHOICE_LIST = pattern(r"[、,;/，；\n\r]+")
_LOOKED_AT_ONCE = frozenset((str, float, type(None)))
"""Kinds of cells of which equal ones say the same."""

_FLAGS: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(("是", "yes", "y", "1", "√", "✓", "true", "对", "有"), True)
    | dict.fromkeys(("否", "no", "n", "0", "×", "x", "✗", "false", "不", "无"), False)
)


def parse(value: CellValue, field: Field, reading: Reading = NOTHING) -> object:
    """The value that the cell holds for ``field``, None if it is blank, or :class:`Bad`;
    ``reading`` is what the settings say.
    """
    if value is None:
        return None
    if isinstance(value, ErrorValue):
        return refuse("cell-error-value", text=value.code)
    if isinstance(value, NoResult):
        return refuse("formula-without-result")
    if isinstance(value, str) and not clean(value):
        return None
    return _PARSERS[field.kind](value, field, reading)


def parse_column(
    values: Sequence[CellValue], field: Field, reading: Reading = NOTHING
) -> list[object]:
    """A whole column at once; each different text and number is looked at once only."""
    if _LOOKED_AT_ONCE.issuperset(map(type, values)):
        found = {value: parse(value, field, reading) for value in dict.fromkeys(values)}
        return list(map(found.__getitem__, values))
    seen: dict[CellValue, object] = {None: None}
    parsed: list[object] = []
    for value in values:
        if type(value) in _LOOKED_AT_ONCE:
            if value not in seen:
                seen[value] = parse(value, field, reading)
            parsed.append(seen[value])
        else:
            parsed.append(parse(value, field, reading))
    return parsed


def text(value: object, _field: Field, _reading: Reading = NOTHING) -> str:
    """TEXT: trimmed; numbers and dates as a person would type them."""
    return as_text(value)


def code(value: object, _field: Field, _reading: Reading = NOTHING) -> str:
    """CODE: trimmed, full-width forms as ASCII ("Ｕ01" is "U01"), 1001.0 is "1001"; case is
    kept.
    """
    return half_width(value) if isinstance(value, str) else as_text(value)


def codes(value: object, field: Field, _reading: Reading = NOTHING) -> tuple[str, ...]:
    """CODES: separated by 、 , ; or a new line; blanks within a name are kept."""
    return tuple(part for part in map(half_width, _LIST.split(code(value, field))) if part)


def choice(value: object, field: Field, _reading: Reading = NOTHING) -> object:
    """CHOICE: any of its names in any language, whatever the case and width."""
    assert field.choices is not None
    found = _names(field.choices).get(folded(as_text(value)))
    return found or refuse(
        "choice-unknown", text=as_text(value), allowed=tuple(CHOICES[field.choices])
    )


def choices(value: object, field: Field, _reading: Reading = NOTHING) -> object:
    """CHOICES: a frozen set of choices, separated by 、 , ; or /."""
    read = [choice(part, field) for part in map(clean, _CHOICE_LIST.split(as_text(value))) if part]
    bad = [one for one in read if isinstance(one, Bad)]
    return bad[0] if bad else frozenset(read)


def flag(value: object, _field: Field, _reading: Reading = NOTHING) -> bool | Bad:
    """FLAG: 是/否, yes/no, y/n, 1/0, √/×, TRUE/FALSE."""
    found = _FLAGS.get(folded(as_text(value)))
    return refuse("flag-unknown", text=as_text(value)) if found is None else found


@cache
def _names(choices: type[Enum]) -> Mapping[str, Enum]:
    return by_word(CHOICES[choices])


_PARSERS: Mapping[Kind, Callable[[object, Field, Reading], object]] = {
    Kind.TEXT: text,
    Kind.CODE: code,
    Kind.CODES: codes,
    Kind.NUMBER: number,
    Kind.AMOUNT: number,
    Kind.PERCENT: percent,
    Kind.PERCENTS: percents,
    Kind.INTEGER: integer,
    Kind.RHYTHM: rhythm,
    Kind.DATE: day,
    Kind.MONTH: month,
    Kind.SINCE: since,
    Kind.PERIOD: period,
    Kind.CHOICE: choice,
    Kind.CHOICES: choices,
    Kind.FLAG: flag,
    Kind.LINK: text,
    Kind.VALUE: text,
}


_CAUSES = {name: one for name, one in by_word(CHOICES[Cause]).items() if isinstance(one, Cause)}
_NOTHING = frozenset(map(folded, NOTHING_NEEDED))
_BETWEEN_CAUSES = pattern(r"[;；、,，/\n]+")
_ENDS = " .。!！"


def element(framework: Framework, text: str) -> Element | None:
    """The element of a framework that a 类别 names, in either language; None: none of its own."""
    found = _names(Element).get(folded(text))
    known = ELEMENTS.get(framework, ())
    return next((one for one in known if one is found), None)


def reasons(text: object) -> tuple[Cause, ...]:
    """The causes that a cell names, each once, in its order; one or several, in either language.

    What is not on the list is :attr:`Cause.OTHER`. Blank: none.
    """
    return tuple(dict.fromkeys(_CAUSES.get(part, Cause.OTHER) for part in _causes_in(text)))


def unlisted(text: object) -> tuple[str, ...]:
    """What of a cell's causes is not on the list."""
    return tuple(part for part in _causes_in(text) if part not in _CAUSES)


def needed_support(text: object) -> str:
    """The support asked for; blank where the cell only says that none is needed."""
    asked = str(text or "")
    return "" if folded(asked).strip(_ENDS) in _NOTHING else asked


def _causes_in(text: object) -> list[str]:
    whole = folded(str(text or "")).strip(_ENDS)
    parts = (
        [whole]
        if whole in _CAUSES
        else [part.strip(_ENDS) for part in _BETWEEN_CAUSES.split(whole)]
    )
    return [part for part in parts if part]
