"""Names and texts as SQL writes them, whatever is in them."""

from __future__ import annotations


def quoted(name: str, sign: str = '"') -> str:
    """A name; MySQL's ``sign`` is a backtick."""
    return sign + name.replace(sign, sign * 2) + sign


def literal(text: str) -> str:
    """A text."""
    return "'" + text.replace("'", "''") + "'"
