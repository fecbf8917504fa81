"""How a lesson and a row are compared: by their words, the KPIs they name, and their months.

What two texts share is cut from Chinese as runs of two characters and more, from other scripts as
words without their endings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

from salesplan.plan.model.base import Month
from salesplan.plan.model.goals import Kpi, Settings
from salesplan.plan.normalize import folded


def months_of(period: str, settings: Settings) -> tuple[Month, ...]:
    """The months of a period as people write it (2026-06, 2026年6月, 6月, 2026-Q2, 二季度, 2026 H1,
    2026); none for a blank or another word.

    Quarters and halves are those of the fiscal year that bears the number; without a year the
    plan's is meant.
    """
    words = folded(period)
    found = _YEAR.search(words)
    year, rest = int(found[0]) if found else settings.year, _YEAR.sub(" ", words, count=1)
    later = 12 * (year - settings.year)
    whole = tuple(month.plus(later) for month in settings.months)
    for pattern, length in ((_QUARTER, 3), (_HALF, 6)):
        if part := pattern.search(rest):
            number = part[1] or part[2]
            at = length * ((_NUMBERS.get(number) or int(number)) - 1)
            return whole[at : at + length]
    if number_of_month := _MONTH.search(rest):
        number = int(number_of_month[0])
        if found:
            return (Month(year, number),) if 1 <= number <= 12 else ()
        return tuple(month for month in whole if month.month == number)
    return whole if found else ()


def holds(period: str, settings: Settings, month: Month) -> bool:
    """Whether a period holds the month; what is of a whole year is looked back on in its last
    month.
    """
    months = months_of(period, settings)
    return month in (months[-1:] if len(months) == len(settings.months) else months)


def dated(period: str, settings: Settings) -> str:
    """The period with its year, where it names months and leaves the year to the plan's: what is
    carried into the next plan would else be of that one's.
    """
    months = months_of(period, settings)
    if not months or _YEAR.search(folded(period)):
        return period
    return f"{months[0].year if len(months) == 1 else settings.year} {period}"


_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"q([1-4])|([一二三四1-4])\s*季")
_HALF = re.compile(r"h([12])|([上下])半年")
_MONTH = re.compile(r"\d{1,2}")
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


def names(text: str, kpi: Kpi) -> bool:
    """Whether a text names the KPI."""
    name = folded(kpi.name)
    return len(name) > 1 and name in folded(text)


_LETTERS = re.compile(r"[^\W\d_]+")
_JOINTS = frozenset("的了和与及或在将把被对从到等为是要已未不没再先后前次个家年月季周日天项条份")
"""Characters that join words, and count things: no word of two characters goes over them."""
_ENDINGS = ("ings", "ing", "als", "al", "ed", "es", "s", "e")
_LEAST = 4
_SHORTEST = 3
"""Letters of a word in another script."""
_EMPTY_WORDS = (
    "the and for with from into over than then that this these those was were are has have had "
    "not none more most less least few all any each every both other another its our their his "
    "her they them who which what when where while until before after during between per via "
    "new old first last next one two three four five six week weeks weekly month months monthly "
    "quarter quarterly year years yearly day days done too many much late early went well good "
    "better best make made take took get got keep kept must should will can could need needs "
    "use used out share"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


def parts_of(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The parts by which a text is compared, with where they stand in its folded form: each two
    neighbouring characters of a Chinese run, the stem of each other word.
    """
    for letters in _LETTERS.finditer(folded(text)):
        at = letters.start()
        for chinese, run in groupby(letters[0], is_chinese):
            word = "".join(run)
            if chinese:
                for place, pair in enumerate(pairwise(word), at):
                    if _JOINTS.isdisjoint(pair):
                        yield "".join(pair), (place, place + 2)
            elif len(word) >= _SHORTEST and word not in _EMPTY:
                yield _stem(word), (at, at + len(word))
            at += len(word)


def is_chinese(character: str) -> bool:
    """Whether it is one of those that are words without blanks between them."""
    return "\u3400" <= character <= "\u9fff"


def _stem(word: str) -> str:
    """A word without its ending: fairs and fair, approved and approval are one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word


def shared(text: str, known: Collection[str]) -> list[tuple[str, Sequence[str]]]:
    """The words of the text that are made of ``known`` parts, each with its parts: neighbouring
    pairs of characters are one word. The longer first; no part stands in two of them.
    """
    said = folded(text)
    runs: list[tuple[int, int, list[str]]] = []
    for part, (first, last) in parts_of(text):
        if part in known:
            begin, _, parts = runs[-1] if runs and first < runs[-1][1] else (first, last, [])
            if parts:
                runs.pop()
            runs.append((begin, last, [*parts, part]))
    found: list[tuple[str, Sequence[str]]] = []
    told: set[str] = set()
    for begin, end, parts in sorted(runs, key=lambda run: -len(run[2])):
        if not told.intersection(parts):
            found.append((said[begin:end], parts))
            told.update(parts)
    return found
