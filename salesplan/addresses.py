"""E-mail addresses: those that a cell lists, each exactly one, plain enough for every server, and
within the allowed domains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)"
)
_LISTED = re.compile(r"[;,、；，\r\n]+")
_NAMED = re.compile(r"(?P<name>[^<>＜＞]*)[<＜](?P<address>[^<>＜＞]*)[>＞]")
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
