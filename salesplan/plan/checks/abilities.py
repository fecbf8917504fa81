"""Checks of 人员能力 and of what tasks ask of their owners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import NamedTuple

from salesplan.findings import Finding, Place
from salesplan.plan.checks.common import near
from salesplan.plan.model import Plan, Unit
from salesplan.plan.model.skills import Abilities, Asked, Held, asked, names_of, tasks_that_ask


def check_levels(plan: Plan) -> Iterator[Finding]:
    """所需技能 "谈判:很好"; the same in 技能 of 组织 and in 大客户所需技能."""
    settings = plan.settings
    cells = [
        *((one.origin.place("skills"), one.skills) for one in plan.units if one.skills),
        *((one.origin.place("skills"), one.skills) for one in plan.tasks if one.skills),
        (settings.places.get("key_account_skill", Place()), settings.key_account_skill),
    ]
    for place, text in cells:
        for one in asked(text):
            if not one.skill:
                yield Finding.of("skill-blank", place, text=str(one))
            elif one.wrong:
                yield Finding.of("skill-level-unknown", place, skill=one.skill, text=one.wrong)


def check_differing(plan: Plan) -> Iterator[Finding]:
    """谈判:2 in 组织, and 谈判 4 of the same person in 人员能力, which counts."""
    given: dict[tuple[str, str], Asked] = {}
    for unit in plan.units:
        given |= {(unit.code, one.key): one for one in asked(unit.skills)}
    for row in plan.skills:
        one = given.get((row.person, Asked(row.skill).key))
        if one is not None and one.level is not None and row.level is not one.level:
            yield Finding.of(
                "skill-levels-differ",
                row.origin.place("level"),
                skill=row.skill,
                person=plan.unit_by_code[row.person].name,
                level=row.level or "—",
                other=one.level,
            )


def check_owners(plan: Plan) -> Iterator[Finding]:
    """A task that asks for 谈判:4, whose owner does not have it, or at level 2."""
    abilities = Abilities(plan)
    for task in tasks_that_ask(plan):
        owner = plan.people.one(task.owner)
        if owner is None or "skills" in task.broken:
            continue
        for lack in _lacking(abilities, owner, task.skills):
            place = task.origin.place("skills")
            yield Finding.of(_OF_TASK[lack.kind], place, task=task.code, **lack.facts)


def check_key_accounts(plan: Plan) -> Iterator[Finding]:
    """A key account of somebody who has not what 大客户所需技能 asks for, or below its level."""
    abilities = Abilities(plan)
    for customer in plan.customers if plan.settings.key_account_skill else ():
        owner = plan.people.one(customer.owner)
        if owner is None or not customer.is_key:
            continue
        for lack in _lacking(abilities, owner, plan.settings.key_account_skill):
            place = customer.origin.place("owner")
            yield Finding.of(_OF_ACCOUNT[lack.kind], place, customer=customer.name, **lack.facts)


class _Kind(Enum):
    """How a skill is lacking: others have it, nobody has it, or whoever is asked has it unrated or
    at too low a level.
    """

    MISSING = "missing"
    NOBODY = "nobody"
    UNRATED = "unrated"
    BELOW = "below"


_OF_TASK = {
    _Kind.MISSING: "task-skill-missing",
    _Kind.NOBODY: "task-skill-nobody",
    _Kind.UNRATED: "task-skill-unrated",
    _Kind.BELOW: "task-skill-below",
}

_OF_ACCOUNT = {
    _Kind.MISSING: "key-account-missing",
    _Kind.NOBODY: "key-account-nobody",
    _Kind.UNRATED: "key-account-unrated",
    _Kind.BELOW: "key-account-below",
}


class _Lack(NamedTuple):
    """A skill that somebody has not got as it is asked for: how it is lacking, and the facts."""

    kind: _Kind
    facts: dict[str, object]


def _lacking(abilities: Abilities, owner: Unit, text: str) -> Iterator[_Lack]:
    """What of the skills that a cell asks for the unit lacks."""
    for one in asked(text):
        held = abilities.best(owner, one.key)
        known = held is not None and (held.reaches(one.level) or held.unread)
        if known or not one.skill:
            continue
        others = [who for who in abilities.holders(one.key) if who.reaches(one.level)]
        facts = {"owner": owner.name, "skill": one.skill, **_levels(one, held)}
        kind = _kind(held, others)
        alike = near(one.skill, _skills(abilities)) if kind is _Kind.NOBODY else "—"
        facts |= {"near": alike, "others": names_of(others, abilities.plan)}
        yield _Lack(kind, facts)


def _skills(abilities: Abilities) -> tuple[str, ...]:
    """Every skill that somebody has, each once."""
    each = chain.from_iterable(own.values() for own in abilities.by_unit.values())
    return tuple(dict.fromkeys(held.skill for held in each))


def _kind(held: Held | None, others: Sequence[Held]) -> _Kind:
    if held is None:
        return _Kind.MISSING if others else _Kind.NOBODY
    return _Kind.UNRATED if held.level is None else _Kind.BELOW


def _levels(one: Asked, held: Held | None) -> dict[str, object]:
    level: dict[str, object] = {"wanted": "" if one.level is None else one.level}
    return level if held is None or held.level is None else {**level, "level": held.level}


CHECKS = (check_levels, check_differing, check_owners, check_key_accounts)


def found(plan: Plan) -> Iterator[Finding]:
    """What all of them find."""
    for check in CHECKS:
        yield from check(plan)
