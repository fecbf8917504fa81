"""Mail addresses as planners type them: exactly one, of an allowed domain, of somebody who is still there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from salesplan.addresses import domain


@dataclass(frozen=True, slots=True)
class Address:
    """What was typed, and the code of what is wrong with it ("": nothing)."""

    text: str
    wrong: str = ""


def domains_of(given: Collection[str]) -> frozenset[str]:
    """The allowed domains in the form they are compared in; empty: every domain is."""
    return frozenset(one.casefold().lstrip("@") for one in given)


def address(text: str, domains: Collection[str]) -> Address:
    """Whether ``text`` is exactly one address of the domains of :func:`domains_of`.

    ``wrong`` is mail-missing, mail-not-one-address (a comma, a line break, two of them …) or mail-domain.
    """
    if not text:
        return Address(text, "mail-missing")
    found = domain(text)
    if found is None:
        return Address(text, "mail-not-one-address")
    return Address(text, "mail-domain" if domains and found.casefold() not in domains else "")
