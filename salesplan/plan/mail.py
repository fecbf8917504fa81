"""Mail addresses as planners type them: exactly one, of an allowed domain, of somebody who is still there."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^@\s,;:、，；<>\"()\[\]\x00-\x1f\x7f]+@([^@\s,;:、，；<>\"()\[\].\x00-\x1f\x7f]+(?:\.[^@\s,;:、，；<>\"()\[\].\x00-\x1f\x7f]+)+)")


@dataclass(frozen=True, slots=True)
class Address:
    """What was typed, and the code of what is wrong with it ("": nothing)."""

    text: str
    wrong: str = ""


def domains_of(given: Collection[str]) -> frozenset[str]:
    """The allowed domains in the form they are compared in; empty: every domain is."""
    return frozenset(domain.casefold().lstrip("@") for domain in given)


def address(text: str, domains: Collection[str]) -> Address:
    """Whether ``text`` is exactly one address of the domains of :func:`domains_of`.

    ``wrong`` is mail-missing, mail-not-one-address (a comma, a line break, two of them …) or mail-domain.
    """
    if not text:
        return Address(text, "mail-missing")
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return Address(text, "mail-not-one-address")
    return Address(text, "mail-domain" if domains and match[1].casefold() not in domains else "")
