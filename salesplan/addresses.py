"""E-mail addresses: those that a cell lists, each exactly one, plain enough for every server, and
within the allowed domains. Servers' rules and planners' cells in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from salesplan.dataclass import dataclass
from salesplan.pattern import pattern

_ADDRESS = pattern(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)"
)
_LISTED = pattern(r"[;,、；，\r\n]+")
_NAMED = pattern(r"(?P<name>[^<>＜＞]*)[<＜](?P<address>[^<>＜＞]*)[>＞]")
LONGEST = 254
"""Octets of an address that fits in an SMTP command (RFC 5321, 4.5.3.1.3)."""


def listed(text: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of each that a cell lists, parted by ``; , 、`` or a new line, of any width:
    ``张三 <a@b.cn>；c@b.cn``.

    The name is "" where none is given. Nothing is judged here: what stands for an address may be
    none.
    """
    found: dict[str, tuple[str, str]] = {}
    for part in filter(None, map(str.strip, _LISTED.split(text))):
        named = _NAMED.fullmatch(part)
        name = named["name"].strip().strip("\"'“”").strip() if named else ""
        address = named["address"].strip() if named else part
        found.setdefault(address.casefold(), (name, address))
    return tuple(found.values())


def domain(address: str) -> str | None:
    """The domain of a text that is exactly one address, in lower case; None for anything else.

    Lists, display names, line breaks, quoted local parts and letters beyond ASCII are no address
    here: they are where a second recipient or a header could hide.
    """
    match = _ADDRESS.fullmatch(address)
    if (
        match is None
        or len(address) > LONGEST
        or ".." in address
        or address.startswith(".")
        or ".@" in address
    ):
        return None
    return match["domain"].casefold()


def allowed(address: str, domains: Iterable[str]) -> bool:
    """Whether the address lies within the allowed domains; none given allows every domain."""
    wanted = {one.casefold().lstrip("@") for one in domains}
    return not wanted or domain(address) in wanted


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
