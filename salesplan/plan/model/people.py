"""Which unit, person or KPI a text means: the one place that says so.

A text means the record that has it as its code, else those that have it as their name; else, of
units, the topmost one that somebody of that name leads, since people write 王总 where HQ is meant.
Written exactly it counts before written in another case, width or spacing: where p9 and P9 are
two units, ``p9`` is the first and ``Ｐ9`` could be either. What could be several is never guessed:
the caller gets them all, to name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from salesplan.addresses import listed
from salesplan.plan.model.base import Coded
from salesplan.plan.model.goals import Unit
from salesplan.plan.normalize import bare

R = TypeVar("R", bound=Coded)


class Index(Generic[R]):
    """Records by what people call them."""

    def __init__(self, records: Iterable[R]) -> None:
        self.records = tuple(records)

    @cached_property
    def records_by_code(self) -> Mapping[str, R]:
        """The first record of each code."""
        return {code: found[0] for code, found in self._codes.items()}

    def meant(self, text: str) -> tuple[R, ...]:
        """The record that the text means; several where it could be any of them, none where it is
        nobody's.
        """
        if text in self._codes:
            return self._codes[text]
        wanted = bare(text)
        if not wanted:
            return ()
        return self._names.get(text) or self._bare_codes.get(wanted) or self._called(wanted)

    def one(self, text: str) -> R | None:
        """The record that the text means, where there is exactly one."""
        found = self.meant(text)
        return found[0] if len(found) == 1 else None

    def code(self, text: str) -> str:
        """The code of the one record that is meant, else the text as it was typed."""
        found = self.one(text)
        return text if found is None else found.code

    def _called(self, wanted: str) -> tuple[R, ...]:
        return self._bare_names.get(wanted, ())

    @cached_property
    def _codes(self) -> Mapping[str, tuple[R, ...]]:
        return _grouped(self.records, _code)

    @cached_property
    def _names(self) -> Mapping[str, tuple[R, ...]]:
        return _grouped(self.records, _name)

    @cached_property
    def _bare_codes(self) -> Mapping[str, tuple[R, ...]]:
        return _grouped(self.records, lambda one: bare(one.code))

    @cached_property
    def _bare_names(self) -> Mapping[str, tuple[R, ...]]:
        return _grouped(self.records, lambda one: bare(_name(one)))


class People(Index[Unit]):
    """The plan's units, and who leads them."""

    def _called(self, wanted: str) -> tuple[Unit, ...]:
        return super()._called(wanted) or self._led_by(wanted)

    def addressed(self, text: str) -> tuple[Unit, ...]:
        """Whom 同步对象 means: a unit as :meth:`meant`, else everybody with that mail address."""
        return self.meant(text) or self._addresses.get(text.strip().casefold(), ())

    def heads(self, unit: Unit) -> tuple[Unit, ...]:
        """The units that the unit's 负责人 could be: the one of that code, else the persons of that
        name.

        A 负责人 is a person: a team of the same name is not meant. Most are no unit at all.
        """
        if unit.manager in self._codes:
            return self._codes[unit.manager]
        return self._persons.get(bare(unit.manager), ()) or self._bare_codes.get(
            bare(unit.manager), ()
        )

    def head(self, unit: Unit) -> Unit | None:
        """The one unit that is the 负责人, if it is one."""
        found = self.heads(unit)
        return found[0] if len(found) == 1 else None

    def _led_by(self, wanted: str) -> tuple[Unit, ...]:
        """The topmost of the units that somebody of that name leads; several where none is above
        the others.
        """
        led = self._leaders.get(wanted, ())
        codes = {unit.code for unit in led}
        return tuple(unit for unit in led if codes.isdisjoint(self._above(unit)))

    def _above(self, unit: Unit) -> list[str]:
        """The codes of the units above it, the nearest first; a circle ends where it begins."""
        found: list[str] = []
        parent = unit.parent
        while parent and parent in self._codes and parent not in found:
            found.append(parent)
            parent = self._codes[parent][0].parent
        return found

    @cached_property
    def _leaders(self) -> Mapping[str, tuple[Unit, ...]]:
        return _grouped(self.records, lambda unit: bare(unit.manager))

    @cached_property
    def _persons(self) -> Mapping[str, tuple[Unit, ...]]:
        persons = [unit for unit in self.records if unit.level.value == "person"]
        return _grouped(persons, lambda unit: bare(unit.name))

    @cached_property
    def _addresses(self) -> Mapping[str, tuple[Unit, ...]]:
        found: dict[str, tuple[Unit, ...]] = {}
        for unit in self.records:
            for _, address in listed(unit.email):
                found[address.casefold()] = (*found.get(address.casefold(), ()), unit)
        return found


def _grouped(records: Iterable[R], key: Callable[[R], str]) -> dict[str, tuple[R, ...]]:
    """Records by a text of theirs; those without it are left out."""
    found: dict[str, list[R]] = {}
    for one in records:
        if text := key(one):
            found.setdefault(text, []).append(one)
    return {text: tuple(members) for text, members in found.items()}


def _code(one: Coded) -> str:
    return one.code


def _name(one: Coded) -> str:
    return str(getattr(one, "name", ""))
