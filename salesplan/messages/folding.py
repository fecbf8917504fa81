"""Findings as a person reads a long list of them: alike ones folded, consequences under their cause.

Findings are alike where they have one code and stand in one column (or in one file, where the
place is a line of it). Two hundred dates typed as text would hide what else is wrong: of many
alike a few are listed, of different subjects where there are some, and the others are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, Severity
from salesplan.messages import severity, show

MOST_ALIKE, FIRST_ALIKE = 5, 3
"""More findings alike than five, and three of them are listed."""

MOST_SUBJECTS = 12
"""Names of unlisted subjects that are given with their counts; who wants more lists everything."""

_SUBJECTS = ("unit", "name", "kpi")
"""The fact that tells most of what is meant, where a finding has several."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings alike in their order: those to list, those only to count, and what follows from them."""

    listed: tuple[Finding, ...]
    rest: tuple[Finding, ...] = ()
    consequences: tuple[Group, ...] = ()

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding of the group, those that are only counted too."""
        return (*self.listed, *self.rest)


def folded(
    findings: Iterable[Finding], *, least: Severity = Severity.NOTE, everything: bool = False
) -> tuple[Group, ...]:
    """The findings of at least that severity in groups, each where its first finding stands.

    With ``everything`` nothing is only counted. A consequence whose cause is not among them stands by itself.
    """
    asked = [one for one in findings if severity(one) >= least]
    causes = {one.place for one in asked if one.cause is None}
    following: dict[Place, list[Finding]] = {}
    for one in asked:
        if one.cause is not None and one.cause in causes:
            following.setdefault(one.cause, []).append(one)
    groups: dict[object, list[Finding]] = {}
    for number, one in enumerate(asked):
        if one.cause is None or one.cause not in causes:
            groups.setdefault(number if everything else _alike(one), []).append(one)
    return tuple(_group(group, following, everything) for group in groups.values())


def subjects(rest: Sequence[Finding], lang: str) -> tuple[tuple[str, int], ...]:
    """What the unlisted findings are about and how often, the most frequent first; nothing where each is about another."""
    named = Counter(_subject(one, lang) for one in rest)
    named.pop("", None)
    if len(named) > len(rest) // 2:
        return ()
    return tuple(named.most_common(MOST_SUBJECTS))


def _group(group: list[Finding], following: dict[Place, list[Finding]], everything: bool) -> Group:
    caused = list[Finding]()
    for cause in group:
        caused.extend(following.pop(cause.place, ()))
    consequences = folded((replace(one, cause=None) for one in caused), everything=everything)
    if everything or len(group) <= MOST_ALIKE:
        return Group(tuple(group), (), consequences)
    first = _different(group)
    rest = tuple(one for index, one in enumerate(group) if index not in first)
    return Group(tuple(group[index] for index in first), rest, consequences)


def _different(group: Sequence[Finding]) -> list[int]:
    """Where those to list stand: the first of each subject, filled up with the first ones."""
    seen: dict[str, int] = {}
    for index, one in enumerate(group):
        seen.setdefault(_subject(one, "zh"), index)
        if len(seen) == FIRST_ALIKE:
            break
    chosen = list(dict.fromkeys([*seen.values(), *range(FIRST_ALIKE)]))
    return sorted(chosen[:FIRST_ALIKE])


def _alike(finding: Finding) -> tuple[str, Place]:
    """What makes findings alike: their code, and the column they stand in."""
    return finding.code, replace(finding.place, cell=finding.place.cell.rstrip("0123456789"))


def _subject(finding: Finding, lang: str) -> str:
    for name in _SUBJECTS:
        if name in finding.params:
            return show(finding.params[name], lang)
    return ""
