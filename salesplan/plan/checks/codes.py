"""Checks of codes and names themselves: no sign that stands between codes elsewhere, none that
nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from salesplan.findings import Finding, Place
from salesplan.plan.model import Plan
from salesplan.plan.normalize import bare, hidden, seen, spelled_out

_BETWEEN_ANY = r"[/>→]"
"""KPI/unit and giver→taker, in the 对象 of a change."""

_BETWEEN_UNITS_AND_KPIS = r"[/>→:|,;、\n]"
"""Also the key of a problem (KPI:REV:T1) or of a handed-in row, and a list of codes (协作部门,
同步对象).
"""

_SIGNS: Mapping[str, re.Pattern[str]] = {
    "units": re.compile(_BETWEEN_UNITS_AND_KPIS),
    "kpis": re.compile(_BETWEEN_UNITS_AND_KPIS),
    "strategies": re.compile(_BETWEEN_ANY),
    "tasks": re.compile(_BETWEEN_ANY),
    "budget": re.compile(_BETWEEN_ANY),
}


def check_signs(plan: Plan) -> Iterator[Finding]:
    """The unit 华东/一部: a change of REV/华东/一部 names no unit. Full-width signs are read as
    plain ones, so they are none the better.
    """
    for table, signs in _SIGNS.items():
        records: tuple[Any, ...] = getattr(plan, table)
        for record in records:
            found = signs.search(record.code)
            if found is not None:
                better = signs.sub("-", record.code)
                yield Finding.of(
                    "code-with-sign",
                    record.origin.place("code"),
                    name=record.code,
                    sign=found[0].replace("\n", "↵"),
                    better=better,
                )


_NAMED = ("code", "name", "manager", "owner", "parent")
"""Fields that name somebody or something, and so come into the names of files and mails."""


def check_unseen(plan: Plan) -> Iterator[Finding]:
    """A name with a direction mark in it reads as another: ``报告\u202excod.exe`` ends in
    ``exe.docx`` on the screen.

    It holds, is shown spelled out, and the names of files and attachments leave such signs out.
    """
    if hidden(plan.settings.company):
        place = plan.settings.places.get("company", plan.settings.origin.place("company"))
        yield _unseen(plan.settings.company, place)
    for table in _SIGNS:
        records: tuple[Any, ...] = getattr(plan, table)
        for record in records:
            for field in _NAMED:
                text = getattr(record, field, None)
                if isinstance(text, str) and hidden(text):
                    yield _unseen(text, record.origin.place(field))


def _unseen(text: str, place: Place) -> Finding:
    signs = [spelled_out(one) for one in hidden(text)]
    return Finding.of("name-with-unseen", place, name=text, signs=signs, better=seen(text))


def check_alike(plan: Plan) -> Iterator[Finding]:
    """The people ``ann`` and ``ANN``: rows of one are soon typed for the other."""
    for table in _SIGNS:
        records: tuple[Any, ...] = getattr(plan, table)
        first: dict[str, str] = {}
        for record in records:
            other = first.setdefault(bare(record.code), record.code)
            if other != record.code:
                place = record.origin.place("code")
                yield Finding.of("code-alike", place, name=record.code, other=other)


CHECKS = (check_signs, check_unseen, check_alike)
