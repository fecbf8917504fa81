"""Periods as people write them in heads, titles and cells: 1月, Jan-26, avril 2026, P1, Q3."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from salesplan.dataclass import dataclass
from salesplan.plan.adopt.cldr import MONTHS
from salesplan.plan.normalize import folded

_CENTURY = 2000
_BESIDES: Mapping[str, Mapping[str, int]] = {"de": {"mrz": 3, "mz": 3}}
"""Names that people write and the CLDR does not list, by language."""
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SHORTEST = 3
_LONGEST = 60
"""Letters of a head that is looked at: what is longer is a sentence."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a head says of time: a calendar month (1–12), a fiscal quarter (1–4), a ``position`` in
    the fiscal year (P1 is 1), a year; None for what it does not say.
    """

    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    position: int | None = None

    @property
    def whole_year(self) -> bool:
        """Whether it names a year and nothing within it."""
        return self.month is None and self.quarter is None and self.position is None


@dataclass(frozen=True, slots=True)
class Timed:
    """A text's period, and what else the text says."""

    period: Period
    rest: str


def plain(text: str) -> str:
    """A name of a month as it is compared: one width, one case, letters, marks and digits only."""
    return "".join(sign for sign in folded(text) if unicodedata.category(sign)[0] in "LMN")


_CHINESE = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)} | {
    "十一": 11,
    "十二": 12,
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?:(?P<year>(?:19|20)\d\d)|'?(?P<short>\d\d))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_PATTERNS = tuple(
    re.compile(one)
    for one in (
        rf"(?<!\d){_YEAR}\s*[-/.]\s*{_MONTH}(?:\s*[-/.]\s*\d{{1,2}})?(?![\d.])",
        rf"(?<!\d){_SHORT}\s*年度?\s*{_MONTH}\s*月份?(?:\d{{1,2}}日)?",
        rf"(?<!\d){_MONTH}\s*[-/.]\s*{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?!\d)",
        r"第?(?P<chinese>十[一二]?|[一二三四五六七八九])月份?",
        rf"(?<!\d)第?{_MONTH}\s*(?:月份?|월)",
    )
)
_POSITIONS = re.compile(
    r"(?<![^\W_])(?:p|m|per|period|month|mth|mois|monat|mes|mese|periode)\.?\s*0?(?P<position>1[0-2]|[1-9])(?!\d)"
)
_ORDINALS = r"(?P<ordinal>[1-4]|[一二三四]|iv|i{1,3})"
_QUARTERS = tuple(
    re.compile(one)
    for one in (
        r"(?<![^\W_])(?:q|qtr|quarter|quartal|trim|trimestre|t|кв)\.?\s*(?P<ordinal>[1-4])(?!\d)",
        rf"第?{_ORDINALS}\s*(?:季度?|四半期|분기)",
        rf"(?<![^\W_]){_ORDINALS}\.?\s*(?:q|qtr|quarter|quartal|trimestre|trim|kw(?:artał)?|кв(?:артал)?)\b\.?",
    )
)
_YEARS = re.compile(
    rf"(?:(?:fy|cy|财年|年度)\s*'?(?:(?P<long>(?:19|20)\d\d)|(?P<two>\d\d))"
    rf"|(?<!\d){_YEAR})\s*(?:财年|年度?|度|년|fy)?(?!\d)"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def period_in(value: object, languages: Iterable[str] = ()) -> Timed | None:
    """The period that a head, title or cell names, and the rest of its text; None for none.

    ``languages`` are those to ask first where one short name means two months (lis is October in
    Croatian, November in Polish). Bare numbers from 1 to 12 are no period here.
    """
    if isinstance(value, date):
        return Timed(Period(value.year, value.month), "")
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _of_number(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    return _of_text(value, tuple(languages))


@lru_cache(maxsize=20_000)
def _of_text(value: str, languages: tuple[str, ...]) -> Timed | None:
    text = folded(value)
    return (
        _by_pattern(text) or _by_name(text, languages) or _quarter(text) or _position(text)
    ) or _year(text)


def year_of(text: str) -> int | None:
    """The year that a text names: 2026年, FY26, 2026; None for none."""
    plain_text = folded(text)
    found = _year(plain_text) or _by_pattern(plain_text)
    return None if found is None else found.period.year


_RANGE = re.compile(
    r"(?<!\d)(1[0-2]|0?[1-9])\s*月?\s*[-–—~～〜至到]\s*(?:(?:19|20)\d\d\s*[年.]\s*)?(1[0-2]|0?[1-9])\s*月"
)


def spans_months(text: str) -> bool:
    """Whether a text names several months of a year, and not all twelve: 1-6月, Jan-Jun, von Januar
    bis Juni.
    """
    months = _two_months(text)
    return len(months) == 2 and (months[1] - months[0]) % 12 not in (0, 11)


def fiscal_start_in(text: str) -> int:
    """The month with which the twelve begin that a text spans: April 2026 – March 2027; 0 for none
    or for January.
    """
    months = _two_months(text)
    spans_all = len(months) == 2 and (months[1] - months[0]) % 12 == 11
    return months[0] if spans_all and months[0] != 1 else 0


def _two_months(text: str) -> list[int]:
    """The months that a text names, where it could be a span of them."""
    found = _RANGE.search(folded(text))
    if found is not None:
        return [int(found[1]), int(found[2])]
    named = [_names()[name] for name in dict.fromkeys(_words(text)) if name in _names()]
    numbers = [one.get("en") or next(iter(one.values())) for one in named]
    return list(dict.fromkeys(numbers))


def languages_of(texts: Iterable[object]) -> tuple[str, ...]:
    """The languages in which most of the texts name a month, those that know more of them first;
    English before others that know as many.
    """
    known: dict[str, int] = {}
    for text in texts:
        if isinstance(text, str):
            languages: set[str] = set()
            for word in _words(text):
                languages |= _names().get(word, {}).keys()
            for language in languages:
                known[language] = known.get(language, 0) + 1
    order = list(MONTHS)
    return tuple(sorted(known, key=lambda one: (-known[one], order.index(one))))


def _of_number(value: float) -> Timed | None:
    """2026 as a year, 202601 as a month."""
    number = int(value)
    if number != value:
        return None
    year, month = divmod(number, 100)
    if _FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12:
        return Timed(Period(year, month), "")
    return Timed(Period(number), "") if _FIRST_YEAR <= number <= _LAST_YEAR else None


def _by_pattern(text: str) -> Timed | None:
    for pattern in _PATTERNS:
        found = pattern.search(text)
        if found is None:
            continue
        named = found.groupdict()
        month = _CHINESE[named["chinese"]] if named.get("chinese") else int(named["month"])
        year = named.get("year")
        short = named.get("short")
        rest = _without(text, found)
        if not year and short:
            year = str(_CENTURY + int(short))
        if not year:
            dated = _year(rest)
            if dated is not None:
                return Timed(Period(dated.period.year, month), dated.rest)
        return Timed(Period(int(year) if year else None, month), rest)
    return None


_BESIDE = re.compile(r"^[\s\-/.,']*(?:de\s+|del\s+)?(?:((?:19|20)\d\d)|'?(\d\d))(?!\d)")
_BEFORE = re.compile(r"((?:19|20)\d\d|(?<!\d)\d\d)[\s\-/.,']*$")


def _by_name(text: str, languages: Iterable[str]) -> Timed | None:
    """A month by its name, with the year that stands beside it."""
    for start, end, name in _candidates(text):
        month = _month_called(name, languages)
        if month is None:
            continue
        before, after = text[:start], text[end:]
        behind = _BESIDE.match(after)
        if behind is not None:
            year = int(behind[1]) if behind[1] else _CENTURY + int(behind[2])
            return Timed(Period(year, month), _joined(before, after[behind.end() :]))
        ahead = _BEFORE.search(before)
        if ahead is not None and len(ahead[1]) == 4:
            return Timed(Period(int(ahead[1]), month), _joined(before[: ahead.start()], after))
        dated = _year(_joined(before, after))
        if dated is not None:
            return Timed(Period(dated.period.year, month), dated.rest)
        return Timed(Period(None, month), _joined(before, after))
    return None


def _candidates(text: str) -> Iterable[tuple[int, int, str]]:
    """Pieces of the text that may be a month's name: two words, one word, a word without the digits
    at its end (jan26).
    """
    marked = _spans(text)
    for (start, _), (_, end) in pairwise(marked):
        if any(sign.isdigit() for sign in text[start:end]):
            yield start, end, plain(text[start:end])
    for start, end in marked:
        yield start, end, plain(text[start:end])
        stem = text[start:end].rstrip("0123456789.'’")
        if stem and len(stem) < end - start:
            yield start, start + len(stem), plain(stem)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each word of the text begins and ends; marks belong to their letters."""
    found: list[tuple[int, int]] = []
    start = None
    for at, sign in enumerate(text):
        inside = unicodedata.category(sign)[0] in "LMN" or (start is not None and sign in ".’")
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            found.append((start, at))
            start = None
    if start is not None:
        found.append((start, len(text)))
    return found


def _words(text: str) -> list[str]:
    return [name for _, _, name in _candidates(folded(text))]


def _month_called(name: str, languages: Iterable[str]) -> int | None:
    known = _names().get(name)
    if known is None:
        return _by_beginning(name, languages)
    meant = next((known[one] for one in languages if one in known), None)
    return meant if meant is not None else known.get("en") or next(iter(known.values()))


def _by_beginning(name: str, languages: Iterable[str]) -> int | None:
    """The month that a name of three letters or more begins, and no other does (сен, нояб), in the
    first of the languages that has one.
    """
    if len(name) < _SHORTEST:
        return None
    for language in languages:
        meant = {
            known[language]
            for full, known in _names().items()
            if language in known and full.startswith(name)
        }
        if len(meant) == 1:
            return meant.pop()
    return None


@cache
def _names() -> Mapping[str, Mapping[str, int]]:
    """Each name of a month, with the month that it is in each language that has it."""
    found: dict[str, dict[str, int]] = {}
    for language, groups in MONTHS.items():
        for number, group in enumerate(groups, 1):
            for name in group.split():
                found.setdefault(name, {})[language] = number
    for language, more in _BESIDES.items():
        for name, number in more.items():
            found.setdefault(name, {})[language] = number
    return found


def _quarter(text: str) -> Timed | None:
    for pattern in _QUARTERS:
        found = pattern.search(text)
        if found is None:
            continue
        ordinal = found["ordinal"]
        number = _ROMAN.get(ordinal) or _CHINESE.get(ordinal) or int(ordinal)
        rest = _without(text, found)
        dated = _year(rest)
        if dated is None:
            return Timed(Period(quarter=number), rest)
        return Timed(Period(dated.period.year, quarter=number), dated.rest)
    return None


def _position(text: str) -> Timed | None:
    found = _POSITIONS.search(text)
    if found is None:
        return None
    return Timed(Period(position=int(found["position"])), _without(text, found))


def _year(text: str) -> Timed | None:
    found = _YEARS.search(text)
    if found is None:
        return None
    given = found["long"] or found["year"]
    year = int(given) if given else _CENTURY + int(found["two"])
    return Timed(Period(year), _without(text, found))


def _without(text: str, found: re.Match[str]) -> str:
    return _joined(text[: found.start()], text[found.end() :])


def _joined(before: str, after: str) -> str:
    """What stands around a period, without the marks that held it."""
    parts = [one.strip(" \t\n-–—/|:：,，.()（）[]【】_'·") for one in (before, after)]
    return " ".join(one for one in parts if one)
