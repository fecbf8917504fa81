"""How a text says its facts: in two languages, one and many, what is none left out, lists and
amounts as people say them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from string import Formatter
from typing import Generic, TypeVar

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern

Said = TypeVar("Said")


def either(lang: str, zh: Said, en: Said) -> Said:
    """One of two things by ``lang`` (zh or en): ``either(lang, "没有", "none")``.

    Nothing else asks which language it is (``tests/unit/test_two_languages.py``).
    """
    return zh if lang == "zh" else en


@dataclass(frozen=True, slots=True)
class Both(Generic[Said]):
    """One thing in Chinese and in English: a text, a font, the widths that its texts need."""

    zh: Said
    en: Said

    def of(self, lang: str) -> Said:
        """The one of ``lang`` (zh or en)."""
        return either(lang, self.zh, self.en)


COMMA, SEMICOLON, FULL_STOP = Both("、", ", "), Both("；", "; "), Both("。", ".")
_BETWEEN_SENTENCES = Both("", " ")


def listed(names: Iterable[str], lang: str) -> str:
    """Names beside each other: 甲、乙; A, B."""
    return COMMA.of(lang).join(names)


def clock(moment: datetime) -> str:
    """A moment by the clock of this computer: 2026-06-30 16:05."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def clauses(parts: Iterable[str], lang: str) -> str:
    """Parts of a sentence, or remarks in a cell: 甲；乙; A; B."""
    return SEMICOLON.of(lang).join(parts)


def sentences(whole: Iterable[str], lang: str) -> str:
    """Whole sentences behind each other."""
    return _BETWEEN_SENTENCES.of(lang).join(whole)


SIGNIFICANT = 3
"""Digits of an amount in a sentence; cells keep them all."""

_STEPS: Both[tuple[tuple[int, str], ...]] = Both(
    ((10**8, "亿"), (10**4, "万")), ((10**9, "bn"), (10**6, "m"), (10**3, "k"))
)
_NAMES: Mapping[str, str] = {
    "": "元",
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港元",
    "JPY": "日元",
}
"""Currencies as a Chinese sentence calls them; others go by their code."""

_ITEM = "\0"
"""Stands for what parts the items of a list."""


_FORMS = pattern(r"\{(\w+):(\?:|\?|)([^{}]*)\}")
"""A fact that has forms: its name, how it joins, the forms."""


class _Saying(Formatter):
    """``{n:# task|# tasks}`` says one or many, ``{n:?, # late}`` nothing where there is none."""

    def format_field(self, value: object, format_spec: str) -> str:
        if not (format_spec.startswith("?") or "|" in format_spec):
            return str(super().format_field(value, format_spec))
        number = str(value)
        if format_spec.startswith("?"):
            if number in ("0", ""):
                return ""
            format_spec = format_spec[1:]
            if format_spec.startswith(":"):
                format_spec = _ITEM + format_spec[1:].replace("|", f"|{_ITEM}")
        one, _, many = format_spec.partition("|")
        return (one if number == "1" or not many else many).replace("#", number)


_SAYING = _Saying()


def fill(template: str, facts: Mapping[str, str]) -> str:
    """The sentence with its facts, as they are shown. KeyError for a fact that is missing.

    ``{n:one|many}`` takes the first form for 1, ``{n:?form}`` says nothing for 0; ``#`` is the
    number. ``{n:?:form}`` is an item of a list: a colon stands before the first that is said,
    commas before the others.
    """
    said = _SAYING.vformat(template, (), facts)
    return said.replace(_ITEM, ": ", 1).replace(_ITEM, ", ")


def for_many(template: str) -> str:
    """The template as it is said of many, for pages that list sentences: ``{n} tasks are due``."""
    return _FORMS.sub(_many, template).replace(_ITEM, ": ", 1).replace(_ITEM, ", ")


def _many(found: re.Match[str]) -> str:
    name, clause, forms = found.groups()
    item = _ITEM if clause == "?:" else ""
    return item + forms.rpartition("|")[2].replace("#", f"{{{name}}}")


def rounded(value: Decimal) -> Decimal:
    """The value at three significant digits, without needless zeros."""
    return Context(SIGNIFICANT, ROUND_HALF_UP).plus(value)


_DIGITS = 10**5
"""What an amount in a page's step stays below."""


_TINY = 10
"""An amount of which not even so many come to one of a step's is said in its own size: nobody says
0.00901亿 of 90.1万.
"""


def step_of(largest: Decimal, lang: str) -> int:
    """The one size in which a page says its amounts, in single units: the least in which its
    ``largest`` has five digits at most.
    """
    sizes = [1, *(size for size, _ in reversed(_STEPS.of(lang)))]
    return next((size for size in sizes if abs(largest) < size * _DIGITS), sizes[-1])


def step_name(step: int, lang: str) -> str:
    """What such a size is called: k, 万; nothing for single units."""
    return dict(_STEPS.of(lang)).get(step, "")


def amount(value: Decimal, currency: str, lang: str, step: int | None = None) -> str:
    """Money in words, ``value`` in single units, in the size of ``step``, else, and where it is
    less than a tenth of that, in its own: CNY 1.73m, CNY 105k; 173万元, 1.05亿元.
    """
    number, size = _scaled(abs(rounded(value)), lang, step)
    sign = "-" if rounded(value) < 0 else ""
    name = _name(currency, lang)
    return either(lang, f"{sign}{number}{size}{name}", f"{name}{sign}{number}{size}")


def amounts(low: Decimal, high: Decimal, currency: str, lang: str, step: int | None = None) -> str:
    """A range in words, the currency named once; one amount where both are said alike."""
    first, last = (amount(one, currency, lang, step) for one in (low, high))
    if first == last:
        return first
    name = _name(currency, lang)
    return either(lang, f"{first.removesuffix(name)}–{last}", f"{first}–{last[len(name) :]}")


def _name(currency: str, lang: str) -> str:
    return either(lang, _NAMES.get(currency, f" {currency}"), f"{currency or 'CNY'} ")


def _scaled(value: Decimal, lang: str, step: int | None) -> tuple[str, str]:
    small = step is not None and value * _TINY < step
    for size, name in _STEPS.of(lang):
        if (value if step is None or small else step) >= size:
            return plain(value / size), name
    return plain(value), ""


def plain(value: Decimal) -> str:
    """A number with thousands separators and without needless zeros."""
    return without_zeros(f"{value:,f}")


def without_zeros(number: str) -> str:
    """A written number without needless zeros behind its point."""
    return number.rstrip("0").rstrip(".") if "." in number else number
