"""Mail addresses as planners type them: one or several in a cell, each of an allowed domain."""

from __future__ import annotations

from collections.abc import Collection

from salesplan.addresses import domain, listed
from salesplan.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """One address as it was typed, whose it is said to be, and the code of what is wrong with it
    ("": nothing).
    """

    text: str
    wrong: str = ""
    name: str = ""


def domains_of(given: Collection[str]) -> frozenset[str]:
    """The allowed domains in the form they are compared in; empty: every domain is."""
    return frozenset(one.casefold().lstrip("@") for one in given)


def addresses(text: str, domains: Collection[str]) -> tuple[Address, ...]:
    """The addresses that a cell lists, each checked by itself against the domains of
    :func:`domains_of`; never none.

    ``wrong`` is mail-missing (the cell is blank), mail-not-one-address or mail-domain.
    """
    found = tuple(_checked(name, address, domains) for name, address in listed(text))
    return found or (Address(text, "mail-missing"),)


def _checked(name: str, text: str, domains: Collection[str]) -> Address:
    found = domain(text)
    if found is None:
        return Address(text, "mail-not-one-address", name)
    return Address(text, "mail-domain" if domains and found.casefold() not in domains else "", name)
