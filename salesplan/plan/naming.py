"""Records in the words of people: their names for their codes, and the known code most like an
unknown one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from salesplan.pattern import pattern
from salesplan.plan.model import Kpi, Plan, Record, Unit
from salesplan.plan.normalize import bare, half_width

_OFFERED = 20

_PARTS = pattern(r"->|→|=>|>|/")


def near(text: str, known: Iterable[str], records: Iterable[Record] = ()) -> str:
    """The known code that ``text`` most likely means; a dash if there is none.

    Case, width and blanks do not count. Among ``records`` their names, and those of their managers,
    are tried too: people write 李一 or 营业收入 where a code is wanted.
    """
    codes = {bare(code): code for code in sorted(known, reverse=True)}
    names: dict[str, str] = {}
    for record in records:
        for key in ("name", "manager"):
            names.setdefault(
                bare(str(getattr(record, key, None) or "")), str(getattr(record, "code", ""))
            )
    wanted = bare(text)
    for candidates in (codes, names):
        if wanted and wanted in candidates:
            return candidates[wanted]
    from difflib import get_close_matches

    for candidates in (codes, names):
        if found := get_close_matches(wanted, candidates, n=2):
            return "—" if _equally_near(wanted, found) else candidates[found[0]]
    return "—"


def _equally_near(wanted: str, found: list[str]) -> bool:
    """Whether two are as near as each other: P07 is no nearer to P01 than to P02."""
    from difflib import SequenceMatcher

    ratios = [SequenceMatcher(None, one, wanted).ratio() for one in found]
    return len(ratios) > 1 and ratios[0] == ratios[1]


def with_names(plan: Plan, subject: str) -> str:
    """The subject of a change with the names of its KPI and units: ``REV/N (营业收入 ·
    北方大区)``.
    """
    named = in_names(plan, subject)
    return subject if named == subject else f"{subject} ({named})"


def in_names(plan: Plan, subject: str) -> str:
    """The subject of a change by names alone, as people say it: ``营业收入 · 北方大区``, ``营业收入
    · 陈强→杨伟``; as it is where it has none.
    """
    named = {one.code: one.name for one in plan.kpis} | {one.code: one.name for one in plan.units}
    codes = [half_width(part) for part in _PARTS.split(subject)]
    if all(named.get(code, code) == code for code in codes):
        return subject
    signs = (" · " if sign == "/" else "→" for sign in _PARTS.findall(subject))
    pairs = zip_longest(codes, signs, fillvalue="")
    return "".join((named.get(code) or code) + sign for code, sign in pairs)


def offered(text: str, records: Iterable[Unit | Kpi]) -> list[str]:
    """The codes to choose from where ``text`` is none of them: the one most like it first, twenty
    at most.
    """
    found = tuple(records)
    first = near(text, [one.code for one in found], found)
    codes = sorted((one.code for one in found), key=lambda code: code != first)
    return codes[:_OFFERED] + ["…"] * (len(codes) > _OFFERED)
