"""MySQL and MariaDB by PyMySQL: a session that can only read, and takes one select.

What a read-only transaction lets pass (files that the server writes or reads for a select) goes by
words that are refused wherever they stand, since MySQL has its own rules of where a text or a
comment ends. PyMySQL is imported where it is used: the extra ``[warehouse]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from salesplan.plan.sources import engines
from salesplan.plan.sources.sql import quoted
from salesplan.plan.sources.table import SourceTable

_REFUSED = re.compile(r"\b(?:into|outfile|dumpfile|load_file)\b|/\*M?!", re.IGNORECASE)
_quoted = partial(quoted, sign="`")
_PATIENCE = (
    f"set session max_statement_time = {engines.QUERY_SECONDS}",  # MariaDB
    f"set session max_execution_time = {engines.QUERY_SECONDS * 1000}",  # MySQL
)


def mysql_table(url: str, table: str, sql: str) -> SourceTable:
    """The table of a server, or what ``sql`` makes of its tables; raises as :func:`opened`."""
    pymysql, connection, asked = opened(url, table, sql)
    path = engines.place_of(url)
    cursor = connection.cursor(pymysql.cursors.SSCursor)
    try:
        cursor.execute(asked)
    except pymysql.Error as error:
        connection.close()
        raise engines.failed(path, error) from error
    header = tuple(one[0] for one in cursor.description)
    rows = partial(engines.rows_of, cursor, connection.close, path)
    return SourceTable(path, header, rows, table or "MySQL")


def opened(url: str, table: str, sql: str) -> tuple[Any, Any, str]:
    """PyMySQL, a connection that can only read, and what is asked: the query, or all of the table.

    Raises SalesplanError: exit 2 for a password in the address, where no table is named, or for a
    query that does more than read, 4 where the server cannot be reached.
    """
    path = engines.place_of(url)
    engines.refuse_password(url)
    if sql and _REFUSED.search(sql):
        raise engines.refusal("import-sql-not-select", path, 2, sql=sql.strip()[:60])
    if not sql and not table:
        raise engines.refusal("import-table-unsaid", path, 2, tables=["table"])
    pymysql = engines.module("pymysql", path)
    engines.module("pymysql.cursors", path)
    connection = _connected(pymysql, url, path)
    asked = sql or f"select * from {'.'.join(map(_quoted, table.split('.')))}"
    return pymysql, connection, asked.strip().removesuffix(";")


def _connected(pymysql: Any, url: str, path: Path) -> Any:
    parts = urlsplit(url)
    secret = engines.database_password()
    socket = parse_qs(parts.query).get("unix_socket")
    where = {"unix_socket": socket[0]} if socket else {"port": parts.port or 3306}
    try:
        connection = pymysql.connect(
            host=parts.hostname or "localhost",
            user=unquote(parts.username or ""),
            password=secret or "",
            database=unquote(parts.path.strip("/")) or None,
            connect_timeout=engines.CONNECT_SECONDS,
            charset="utf8mb4",
            local_infile=False,
            **where,
        )
        with connection.cursor() as cursor:
            cursor.execute("set session transaction read only")
            for patience in _PATIENCE:
                with suppress(pymysql.Error):
                    cursor.execute(patience)
    except (pymysql.Error, RuntimeError) as error:
        cause = engines.first_line(error)
        raise engines.refusal("import-unreachable", path, 4, cause=cause) from error
    return connection


def described(pymysql: Any, connection: Any, select: str) -> dict[str, str]:
    """What the columns of a select hold, in the words of the standard."""
    types = pymysql.constants.FIELD_TYPE
    named = {
        types.DECIMAL: "decimal",
        types.NEWDECIMAL: "decimal",
        types.FLOAT: "float",
        types.DOUBLE: "double",
        types.DATE: "date",
        types.NEWDATE: "date",
        types.DATETIME: "datetime",
        types.TIMESTAMP: "timestamp",
        **dict.fromkeys((types.VARCHAR, types.VAR_STRING, types.STRING), "text"),
        **dict.fromkeys((types.TINY_BLOB, types.BLOB), "text"),
        **dict.fromkeys((types.MEDIUM_BLOB, types.LONG_BLOB), "text"),
        **dict.fromkeys((types.TINY, types.SHORT, types.INT24, types.YEAR), "int"),
        **dict.fromkeys((types.LONG, types.LONGLONG), "bigint"),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({select}\n) as source limit 0")
        kinds = {name: named.get(kind, "") for name, kind, *_ in cursor.description}
        texts = [name for name, kind in kinds.items() if kind == "text"]
        if texts:
            sets = ", ".join(f"charset({_quoted(name)})" for name in texts)
            cursor.execute(f"select {sets} from ({select}\n) as source limit 1")
            told = cursor.fetchone() or ()
            kinds |= {name: "" for name, one in zip(texts, told, strict=False) if one == "binary"}
    return kinds


def by_sign(select: str, kinds: dict[str, str]) -> str:
    """The select with its texts compared sign by sign: a server takes Bo and bo for one."""
    columns = (
        f"convert({_quoted(name)} using utf8mb4) collate utf8mb4_bin as {_quoted(name)}"
        if kind == "text"
        else _quoted(name)
        for name, kind in kinds.items()
    )
    return f"select {', '.join(columns)} from ({select}\n) as source"


def fetched(row: Sequence[Any], kinds: Sequence[Any]) -> list[Any]:
    """A row of what the server worked out, whose types are ``kinds`` (of ibis): it gives days as
    texts.
    """
    return [
        date.fromisoformat(one)
        if kind.is_date() and isinstance(one, str)
        else engines.field_of(one)
        for one, kind in zip(row, kinds, strict=True)
    ]
