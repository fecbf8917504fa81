"""Which strategies, weekly reviews and changes belong to a unit's part: rows that are its alone.

A row that names units within the part and others as well is left out, and so is one that speaks of
the whole company: nobody can say which half of it may be read.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from salesplan.audience.taken import taken
from salesplan.audience.whole import Subtree, Whole
from salesplan.dataclass import replace
from salesplan.plan.change_subjects import is_handover
from salesplan.plan.model import Aim, Change, Lesson, Strategy, Tool, WeeklyEntry
from salesplan.plan.normalize import bare, half_width

if TYPE_CHECKING:
    from salesplan.engine.work.triggers import Firing, TriggerResult


def is_firing_of(part: Subtree, one: Firing) -> bool:
    """Whether what fired is the part's: a unit's own, a task or a budget line of it."""
    return one.unit in part.units or one.subject in part.tasks | part.lines


def fired_in(whole: Whole, part: Subtree) -> dict[str, TriggerResult]:
    """The rules that fired for something of the part, each with its own firings only."""
    if not whole.results.triggers:
        return {}
    changes = {one.code for one in whole.plan.changes if is_change_of(whole, part, one)}
    found = {}
    for code, result in whole.results.triggers.items():
        own = tuple(
            _without_others(one, changes) for one in result.firings if is_firing_of(part, one)
        )
        if own:
            found[code] = replace(result, firings=own)
    return found


def _without_others(one: Firing, changes: Container[str]) -> Firing:
    """The firing without the change that waits already, where that is not the part's to see."""
    if one.proposal is None or not one.proposal.raised or one.proposal.raised in changes:
        return one
    said = replace(one.said, params={**one.said.params, "raised": ""})
    return replace(one, said=said, proposal=replace(one.proposal, raised=""))


_SPOKEN_OF = ("product", "region", "channel", "customer_type", "industry")
"""What a strategy is about."""


def strategy(one: Strategy, own: frozenset[str]) -> Strategy:
    """The strategy's words; what it speaks of only where it is the part's alone. Its shares are the
    company's.
    """
    blank = {} if one.code in own else dict.fromkeys(_SPOKEN_OF, "")
    return taken(one, **blank)


def is_review_of(whole: Whole, part: Subtree, entry: WeeklyEntry) -> bool:
    """Whether the task is the part's, and whoever is to mend it is nobody else's."""
    return entry.task in part.tasks and not _foreign(whole, part, entry.owner)


def is_tool_of(whole: Whole, part: Subtree, one: Tool) -> bool:
    """Whether the part uses the tool, for a task of its own or being the one it is for, or sees to
    it. One for a unit above is for all below it, and one for nobody named is everybody's.
    """
    if whole.unit_of(one.owner) in part.units or one.task in part.tasks:
        return True
    if one.task or (one.user and not whole.unit_of(one.user)):
        return False
    user = whole.unit_of(one.user)
    return not user or user in part.units or part.root.code in _below(whole, user)


def tool(whole: Whole, part: Subtree, one: Tool) -> Tool:
    """The tool without the others who use it or see to it, and without a task of theirs."""
    user, owner = whole.unit_of(one.user), whole.unit_of(one.owner)
    return taken(
        one,
        user=user if user in part.units else "",
        owner=owner if owner in part.units else "",
        task=one.task if one.task in part.tasks else None,
    )


def _below(whole: Whole, code: str) -> frozenset[str]:
    return frozenset(unit.code for _, unit in whole.plan.walk(code))


def is_shared(whole: Whole, part: Subtree, one: Lesson) -> bool:
    """Whether the lesson is shared with a unit of the part, or with one above it. One that names
    nobody is the planner's.
    """
    units = list(filter(None, map(whole.unit_of, one.shared)))
    return any(unit in part.units or part.root.code in _below(whole, unit) for unit in units)


def is_change_of(whole: Whole, part: Subtree, change: Change) -> bool:
    """Whether everything that the change is about lies in the part."""
    aim = change.aim
    if aim is None:
        kpi, slash, rest = (half_width(piece) for piece in change.subject.partition("/"))
        unit = rest.partition("/")[0]
        return not is_handover(change.subject) and (unit if slash else kpi) in (
            part.units if slash else part.units | part.tasks | part.lines
        )
    within = {
        "units": part.units,
        "tasks": part.tasks,
        "budget": part.lines,
        "strategies": part.strategies,
    }
    if aim.table == "products":
        return aim.key[1] in part.units
    if aim.table in ("targets", "handover"):
        return frozenset(aim.key[1:]) <= part.units
    return (
        aim.table in within
        and frozenset(aim.key) <= within[aim.table]
        and not any(_leads_out(whole, part, aim, value) for value in (aim.before, aim.after))
    )


def change(whole: Whole, part: Subtree, one: Change) -> Change:
    """The change without the others who are to be told of it."""
    return taken(
        one,
        notify=tuple(name for name in one.notify if _is_within(whole, part, name)),
    )


def _is_within(whole: Whole, part: Subtree, name: str) -> bool:
    """Whether all that a name of 同步对象 could mean are units of the part."""
    named = whole.plan.people.addressed(name)
    return bool(named) and all(unit.code in part.units for unit in named)


def _leads_out(whole: Whole, part: Subtree, aim: Aim, value: object) -> bool:
    """Whether a value names a unit, task or budget line outside the part."""
    if not isinstance(value, str) or not value:
        return False
    if aim.column in ("parent", "owner", "manager"):
        return _foreign(whole, part, value)
    others = {"task": (whole.task_codes, part.tasks), "budget": (whole.line_codes, part.lines)}.get(
        aim.column
    )
    return others is not None and value in others[0] - others[1]


def _foreign(whole: Whole, part: Subtree, name: str) -> bool:
    """Whether the name is, or could be, that of a unit outside the part, or of one that is gone and
    was none of the part's.
    """
    meant = whole.plan.people.meant(name)
    if meant:
        return any(unit.code not in part.units for unit in meant)
    above, climbed = whole.gone.get(bare(name)), set[str]()
    while above is not None and bare(above) in whole.gone and above not in climbed:
        climbed.add(above)
        above = whole.gone[bare(above)]
    return above is not None and above not in part.units
