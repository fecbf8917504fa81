"""SQL that only reads, as a first gate before any database sees it.

One statement, which begins with ``select``, ``with``, ``values`` or ``from``, and no semicolon but
at its end: so nothing can stand behind it, whatever a database takes for a string. What such a
statement could still do (a function that writes, a file that it names) is stopped where it is run:
each database is opened for reading only, and DuckDB without access to anything beyond; a server's
functions that reach its own files go by names that are refused here.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_READING = re.compile(r"\s*\(*\s*(select|with|values|from)\b", re.IGNORECASE)
_WRITING = re.compile(
    r"\b(insert|update|delete|merge|drop|alter|create|attach|detach|copy|install|load|pragma|set|"
    r"export|import|call|grant|revoke|truncate|vacuum|into|pg_\w+|lo_\w+|dblink\w*)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def refusal_of(sql: str) -> str:
    """What in a statement does more than read: its word, or ";"; "" where it only reads."""
    if ";" in sql.strip().removesuffix(";"):  # in a text or a comment, too: which, nobody can tell
        return ";"
    bare = _COMMENT.sub(" ", sql).strip().removesuffix(";")
    if _READING.match(bare) is None:
        return bare.split(maxsplit=1)[0] if bare else "—"
    found = _WRITING.search(_QUOTED.sub(" ", bare))
    return found[0] if found else ""
