"""Who can do what, and what a cell asks for: the one place that says so.

A skill is somebody's where 人员能力 or 技能 of 组织 names it. Both cells are read as those that ask
(所需技能, 大客户所需技能): 谈判:3、方案设计. Where both name one skill of one person, the row of
人员能力 counts, with its level and its day. A unit that is no person has the skills of its row
(its leader's), of the person who leads it, and of everybody below it: each at the best level that
one of them has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern
from salesplan.plan.model.choices import SKILL_LEVELS, SkillLevel, TaskStatus
from salesplan.plan.model.goals import Unit
from salesplan.plan.model.plan import Plan
from salesplan.plan.model.records import Skill, Task
from salesplan.plan.normalize import by_word, clean, folded

_BETWEEN = pattern(r"[、,;，；\n\r]+")
_COLON = pattern(r"\s*[:：]\s*")
_LEVELS = by_word(SKILL_LEVELS)


class Asked(NamedTuple):
    """One skill of a cell with its level; ``wrong`` is what stands for a level and is none."""

    skill: str
    level: SkillLevel | None = None
    wrong: str = ""

    def __str__(self) -> str:
        return self.skill if self.level is None else f"{self.skill}:{self.level.value}"

    @property
    def key(self) -> str:
        """The form in which skills are compared."""
        return folded(self.skill)


def asked(text: str) -> tuple[Asked, ...]:
    """The skills that a cell names, each once, with the level behind a colon.

    >>> [str(one) for one in asked("谈判:3、 方案设计；谈判:4")]
    ['谈判:3', '方案设计']
    """
    found: dict[str, Asked] = {}
    for part in map(clean, _BETWEEN.split(text)):
        if part:
            one = _asked(part)
            found.setdefault(one.key, one)
    return tuple(found.values())


def _asked(part: str) -> Asked:
    skill, *level = _COLON.split(part, maxsplit=1)
    if not level or not level[0]:
        return Asked(skill)
    known = _LEVELS.get(folded(level[0]))
    if known is not None:
        return Asked(skill, known)
    return Asked(skill, None, level[0])


class Held(NamedTuple):
    """A skill that somebody has: at which level (None: not rated), since when, and what for.
    ``unread``: what stands for the level is none, which is said at its cell.
    """

    person: str
    skill: str
    level: SkillLevel | None = None
    since: date | None = None
    purpose: str = ""
    unread: bool = False

    def reaches(self, level: SkillLevel | None) -> bool:
        """Whether it is enough where ``level`` is asked for; what is not rated reaches none."""
        if level is None:
            return True
        return self.level is not None and self.level.value >= level.value


@dataclass(frozen=True)
class Abilities:
    """The skills of a plan's units."""

    plan: Plan

    @cached_property
    def by_unit(self) -> Mapping[str, Mapping[str, Held]]:
        """Of each unit its own skills, by :attr:`Asked.key`."""
        found: dict[str, dict[str, Held]] = {}
        for unit in self.plan.units:
            for one in asked(unit.skills):
                held = Held(unit.code, one.skill, one.level, unread=bool(one.wrong))
                found.setdefault(unit.code, {})[one.key] = held
        for row in self.plan.skills:
            if row.person in self.plan.unit_by_code:
                found.setdefault(row.person, {})[folded(row.skill)] = _held(row)
        return found

    def holders(self, key: str) -> Iterator[Held]:
        """All who have the skill, in the order of 组织."""
        for unit in self.plan.units:
            held = self.by_unit.get(unit.code, {}).get(key)
            if held is not None:
                yield held

    def best(self, unit: Unit, key: str) -> Held | None:
        """The best that the unit, who leads it and those below it have of a skill."""
        head = self.plan.people.head(unit)
        people = [one.code for _, one in self.plan.walk(unit.code)]
        own = (self.by_unit.get(code, {}).get(key) for code in (*people, head.code if head else ""))
        return max((one for one in own if one is not None), key=_rank, default=None)


def _held(row: Skill) -> Held:
    unread = "level" in row.broken
    return Held(row.person, row.skill, row.level, row.since, row.purpose, unread)


def _rank(held: Held) -> int:
    return 0 if held.level is None else held.level.value


def tasks_that_ask(plan: Plan) -> Iterator[Task]:
    """The tasks with 所需技能 that are neither done nor cancelled."""
    return (one for one in plan.tasks if one.skills and is_open(one))


def is_open(task: Task) -> bool:
    """Whether there is still something to do, by what the action plan says of the task itself."""
    stopped = task.state in (TaskStatus.CANCELLED, TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE)
    return task.finished is None and task.progress != 1 and not stopped


def names_of(held: Iterable[Held], plan: Plan) -> tuple[str, ...]:
    """People with their levels and what they use the skill for, as a sentence names them: 陈立(5,
    框架协议).
    """
    return tuple(f"{plan.unit_by_code[one.person].name}({_known_of(one)})" for one in held)


def _known_of(held: Held) -> str:
    level = "–" if held.level is None else str(held.level.value)
    return ", ".join(filter(None, (level, held.purpose)))
