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
_REACHING = re.compile(
    r"\b(pg_\w+|lo_\w+|dblink\w*|\w+_to_xml\w*|set_config|load_extension|load_file|outfile|dumpfile|"
    r"java_method|reflect|try_reflect|openrowset|opendatasource|openquery|xp_\w+|external_query|"
    r"read_files)\b|\b(file|url|remote|remotesecure|s3|gcs|hdfs|jdbc|odbc|mysql|postgresql|mongodb|"
    r"redis|sqlite|executable|urlcluster|filecluster|s3cluster|azureblobstorage)\s*\(|"
    r"\b(text|csv|json|parquet|orc|avro|delta|binaryfile)\s*\.\s*`",
    re.IGNORECASE,
)
"""What reaches beyond a server's tables, in the words of any of them: refused wherever it stands,
since what is a text or a comment is another thing to each of them.
"""

_CALLED = re.compile(r"(\"(?:[^\"]|\"\")*\"|`[^`]*`)\s*\(|\bU&\"", re.IGNORECASE)
"""A function whose name is quoted, so that it may be any."""

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def refusal_of(sql: str) -> str:
    """What in a statement does more than read: its word, or ";"; "" where it only reads."""
    if ";" in sql.strip().removesuffix(";"):  # in a text or a comment, too: which, nobody can tell
        return ";"
    bare = _COMMENT.sub(" ", sql).strip().removesuffix(";")
    if _READING.match(bare) is None:
        return bare.split(maxsplit=1)[0] if bare else "—"
    reaching = _REACHING.search(sql) or _CALLED.search(sql)
    if reaching is not None:
        return reaching[0]
    found = _WRITING.search(_QUOTED.sub(" ", bare))
    return found[0] if found else ""
