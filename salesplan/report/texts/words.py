"""The report's own words, in Chinese and English, by key; ``{names}`` are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from salesplan.wording import either, fill

Texts = Mapping[str, tuple[str, str]]
"""(Chinese, English) by key: what :class:`~salesplan.wording.Both` is made of."""

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Months as an English sentence calls them, whatever the computer's own language is."""


@cache
def all_texts() -> Texts:
    """Every text of the report. Raises ValueError if a key is given twice."""
    from salesplan.report.texts import (
        course,
        details,
        figures,
        guide,
        lists,
        market,
        narrative,
        pages,
    )

    merged: dict[str, tuple[str, str]] = {}
    for area in (pages, figures, lists, market, course, narrative, guide, details):
        twice = merged.keys() & area.TEXTS.keys()
        if twice:
            raise ValueError(f"texts given twice: {sorted(twice)}")
        merged |= area.TEXTS
    return merged


ELLIPSIS = "…"
_FULL_STOP = re.compile("…[.。]")
"""What is cut ends its sentence: no full stop after the ellipsis."""


class Words:
    """The texts of one language: of a month's report, or those given. Calling one gives a text;
    KeyError for an unknown key or a fact that is missing.
    """

    def __init__(self, lang: str, texts: Texts | None = None) -> None:
        self._lang = lang
        self._texts = all_texts() if texts is None else texts

    def __call__(self, key: str, **facts: str) -> str:
        said = fill(either(self._lang, *self._texts[key]), facts)
        return _FULL_STOP.sub(ELLIPSIS, said) if ELLIPSIS in said else said
