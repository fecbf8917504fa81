"""Web addresses that may stand in a mail: of a folder where reports lie, and of a file in it."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

LONGEST = 1000
_BEFORE_HOST = re.compile(r"[Hh][Tt][Tt][Pp][Ss]://")
_HOST = re.compile(
    r"(?P<host>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)"
    r"(?::(?P<port>[1-9]\d{0,4}))?"
)
_KEPT = "/%!$&'()*+,;=:@-._~"
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def folder_link(text: str) -> str | None:
    """The address of a folder as a mail may hold it, in ASCII and without a slash at its end; None
    for a text that is none.

    Only ``https``, a host by its name, and a path that leads down: no user, no number in the host's
    place, no query (a file's name could not follow it), nothing that a reader cannot see.

    >>> folder_link("https://Example.com/sales/月报/")
    'https://example.com/sales/%E6%9C%88%E6%8A%A5'
    """
    if len(text) > LONGEST or not _BEFORE_HOST.match(text) or not text.isprintable():
        return None
    authority, _, path = text[len("https://") :].partition("/")
    host = _HOST.fullmatch(authority.lower())
    if host is None or host["host"].rpartition(".")[2].isdigit() or int(host["port"] or 1) > 65535:
        return None
    path = path.rstrip("/")
    if path and not _leads_down(path):
        return None
    end = f"/{quote(path, safe=_KEPT)}" if path else ""
    return f"https://{authority.lower()}{end}"


def _leads_down(path: str) -> bool:
    """Whether each step of a path is a plain name, also once its escapes are read."""
    if _ESCAPE.search(path) or not all(one.isalnum() or one in _KEPT for one in path):
        return False
    plain = unquote(path)
    steps = plain.split("/")
    return plain.isprintable() and "\\" not in plain and not {"", ".", ".."} & set(steps)


def file_link(folder: str, name: str) -> str:
    """The address of a file within the folder of that address."""
    return f"{folder}/{quote(name, safe='')}"


def host_of(link: str) -> str:
    """The host that an address leads to, as a reader is to see it."""
    return urlsplit(link).netloc
