"""Whom mail about a unit goes to: every unit with an address that mail can go to, and why the
others get none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from salesplan.addresses import Address, addresses, domains_of
from salesplan.dataclass import dataclass
from salesplan.plan.model import Level, Plan, Unit


@dataclass(frozen=True, slots=True)
class Recipient:
    """A unit whose book goes to ``person`` at ``address``, until that person's last working day if
    one is known.

    A unit with several addresses is a recipient by each of them: each gets a message of its own.
    The message to the first goes to the unit's ``cc``, too.
    """

    unit: Unit
    person: str
    address: str
    until: date | None = None
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit, or one of its addresses (``address``), that gets no mail: ``reason`` is mail-missing,
    mail-not-one-address, mail-domain, or on ``left`` mail-gone (the unit itself) or mail-left (who
    is in charge of it).
    """

    unit: Unit
    person: str
    reason: str
    left: date | None = None
    address: str = ""


def recipients(
    plan: Plan, as_of: date, levels: Iterable[Level] = ()
) -> tuple[tuple[Recipient, ...], tuple[LeftOut, ...]]:
    """(who gets a book, who does not), in the order of the tree; of some ``levels`` only, where any
    are given. See :class:`Desk`.
    """
    desk, wanted = Desk(plan, as_of), frozenset(levels) or frozenset(Level)
    units = (unit for _, unit in plan.walk() if unit.level in wanted)
    judged = list(chain.from_iterable(map(desk.judged, units)))
    return tuple(one for one in judged if isinstance(one, Recipient)), tuple(
        one for one in judged if isinstance(one, LeftOut)
    )


class Desk:
    """Tells of each unit of a plan whether mail goes to it.

    Every unit may have mail of its own, a person too. The person in charge is the unit's 负责人,
    who may be named by the code or the name of a unit; without one it is the unit itself. Nobody
    gets any whose last working day is before ``day``, whether as a unit or as a 负责人.
    """

    def __init__(self, plan: Plan, day: date) -> None:
        self._plan, self._day = plan, day
        self._domains = domains_of(plan.settings.mail_domains)

    def judged(self, unit: Unit) -> tuple[Recipient | LeftOut, ...]:
        """Whom the unit's mail goes to, by address, or why to nobody."""
        head = self._plan.people.head(unit)
        person = (head.name if head is not None else unit.manager) or unit.name or unit.code
        last = min(
            (one.left for one in (unit, head) if one is not None and one.left is not None),
            default=None,
        )
        if last is not None and last < self._day:
            own = unit.left is not None and unit.left == last
            reason = "mail-gone" if own else "mail-left"
            return (LeftOut(unit, person, reason, last, unit.email),)
        found = addresses(unit.email, self._domains)
        judged: list[Recipient | LeftOut] = []
        copied, refused = self._copied(unit, found)
        for one, name in zip(found, _persons(found, person), strict=True):
            if one.wrong:
                judged.append(LeftOut(unit, name, one.wrong, address=one.text))
                continue
            judged.append(Recipient(unit, name, one.text, last, copied))
            copied = ()
        return (*judged, *refused)

    def _copied(
        self, unit: Unit, own: Sequence[Address]
    ) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
        """Whom the unit's mail is copied to, but for those it goes to anyway; who is refused."""
        if not unit.cc:
            return (), ()
        there = {one.text.casefold() for one in own}
        found = [
            one for one in addresses(unit.cc, self._domains) if one.text.casefold() not in there
        ]
        return tuple(one.text for one in found if not one.wrong), tuple(
            LeftOut(unit, one.name or one.text, one.wrong, address=one.text)
            for one in found
            if one.wrong and one.wrong != "mail-missing"
        )


def _persons(found: Sequence[Address], head: str) -> list[str]:
    """Who is written to at each address of a unit, no two alike: who is named there, else at the
    first the one in charge.
    """
    persons: list[str] = []
    for one in found:
        person = one.name or (head if not persons else one.text)
        persons.append(f"{person} ({one.text})" if person in persons else person)
    return persons
