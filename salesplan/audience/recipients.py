"""Who gets a book: every unit with an address that mail can go to, and why the others get none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from salesplan.plan.mail import address, domains_of
from salesplan.plan.model import Level, Plan, Unit


@dataclass(frozen=True, slots=True)
class Recipient:
    """A unit whose book goes to ``person`` at ``address``, until that person's last working day if one is known."""

    unit: Unit
    person: str
    address: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that gets no book: ``reason`` is mail-missing, mail-not-one-address, mail-domain or mail-left."""

    unit: Unit
    person: str
    reason: str


def recipients(plan: Plan, as_of: date, levels: Iterable[Level] = ()) -> tuple[tuple[Recipient, ...], tuple[LeftOut, ...]]:
    """(who gets a book, who does not), in the order of the tree; of some ``levels`` only, where any are given.

    Every unit may have a book of its own, a person too. The person in charge is the unit's 负责人,
    who may be named by the code or the name of a unit; without one it is the unit itself. Nobody
    gets a book whose last working day is before the cut-off, whether as a unit or as a 负责人.
    """
    domains, wanted = domains_of(plan.settings.mail_domains), frozenset(levels) or frozenset(Level)
    names = _by_name(plan)
    found: list[Recipient] = []
    without: list[LeftOut] = []
    for _, unit in plan.walk():
        if unit.level not in wanted:
            continue
        head = plan.unit_by_code.get(unit.manager) or names.get(unit.manager)
        person = (head.name if head is not None else unit.manager) or unit.name or unit.code
        last = min((one.left for one in (unit, head) if one is not None and one.left is not None), default=None)
        checked = address(unit.email, domains)
        wrong = "mail-left" if last is not None and last < as_of else checked.wrong
        if wrong:
            without.append(LeftOut(unit, person, wrong))
        else:
            found.append(Recipient(unit, person, checked.text, last))
    return tuple(found), tuple(without)


def _by_name(plan: Plan) -> dict[str, Unit]:
    """Persons by the name that is theirs alone: a 负责人 is a person, not a team of that name."""
    found: dict[str, list[Unit]] = {}
    for unit in plan.units:
        if unit.level is Level.PERSON:
            found.setdefault(unit.name, []).append(unit)
    return {name: units[0] for name, units in found.items() if len(units) == 1}
