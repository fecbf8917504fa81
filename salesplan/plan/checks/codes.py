"""Checks of the codes themselves: none may hold a sign that stands between codes elsewhere (SPEC 2, 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from salesplan.findings import Finding
from salesplan.plan.model import Plan

_BETWEEN_ANY = r"[/>→]"
"""KPI/unit and giver→taker, in the 对象 of a change."""

_BETWEEN_UNITS_AND_KPIS = r"[/>→:|,;、\n]"
"""Also the key of a problem (KPI:REV:T1) or of a handed-in row, and a list of codes (协作部门, 同步对象)."""

_SIGNS: Mapping[str, re.Pattern[str]] = {
    "units": re.compile(_BETWEEN_UNITS_AND_KPIS),
    "kpis": re.compile(_BETWEEN_UNITS_AND_KPIS),
    "strategies": re.compile(_BETWEEN_ANY),
    "tasks": re.compile(_BETWEEN_ANY),
    "budget": re.compile(_BETWEEN_ANY),
}


def check_signs(plan: Plan) -> Iterator[Finding]:
    """The unit 华东/一部: a change of REV/华东/一部 names no unit. Full-width signs are read as plain ones, so they are none the better."""
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


CHECKS = (check_signs,)
