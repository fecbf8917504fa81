"""Sources that an engine reads: Parquet, JSON lines and DuckDB files by DuckDB, SQLite by the
standard library, PostgreSQL by psycopg. Each is opened for reading only, and a query of a mapping
is a single ``select``; DuckDB sees no file beyond those it was given, and no network.

DuckDB and psycopg are imported where they are used: the extras ``[data]`` and ``[warehouse]``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.sources.at_hand import at_hand
from salesplan.plan.sources.sql import literal, quoted
from salesplan.plan.sources.table import Field, Numbered, SourceTable

AT_ONCE = 5_000
"""Records that are fetched in one go."""

SQLITE = frozenset((".db", ".sqlite", ".sqlite3"))
DUCKDB = frozenset((".duckdb", ".ddb"))
READERS = {".parquet": "read_parquet", ".jsonl": "read_json", ".ndjson": "read_json"}
SERVERS = frozenset(("postgresql", "postgres"))
MYSQL = frozenset(("mysql", "mariadb"))
DRIVERS = frozenset(("psycopg", "pymysql", "_duckdb", "duckdb", "sqlite3"))
CONNECT_SECONDS, QUERY_SECONDS = 10, 600
_WRITTEN = "header=true, delim=',', quote='\"', escape='\"', nullstr=''"
"""How :mod:`salesplan.plan.sources.typed` writes its files."""

_SQLITE_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
_PLAIN = ("VARCHAR", "DECIMAL", "DATE", "DOUBLE", "FLOAT", "BOOLEAN", "TIMESTAMP", "HUGEINT")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")


def engine_table(name: str, table: str, sql: str) -> SourceTable:
    """The table of a database or of a file that DuckDB reads, or what ``sql`` makes of it.

    Raises SalesplanError: exit 2 where it is not said which table, or the query fails, 4 where the
    source cannot be reached or read.
    """
    if "://" in name:
        return _postgres(name, table, sql)
    path = Path(name)
    at_hand(path)
    if path.suffix.lower() in SQLITE:
        return _sqlite(path, table, sql)
    if path.suffix.lower() in DUCKDB:
        return _duckdb(path, table, sql)
    return query({path.stem: path}, (), sql or f"select * from {quoted(path.stem)}", path)


def query(
    files: Mapping[str, Path],
    typed: Sequence[tuple[str, Path, Mapping[str, str]]],
    sql: str,
    path: Path,
) -> SourceTable:
    """What a query makes of files: Parquet and JSON lines as they are, and ``typed`` ones, CSV with
    the type of each column. ``path`` is what messages name.
    """
    duckdb = module("duckdb", path)
    connection = duckdb.connect(":memory:")
    try:
        for name, file in files.items():
            reader = READERS[file.suffix.lower()]
            connection.execute(
                f"create view {quoted(name)} as select * from {reader}({literal(str(file))})"
            )
        for name, file, types in typed:
            read = f"read_csv({literal(str(file))}, {_WRITTEN}, columns={_types(types)})"
            connection.execute(f"create table {quoted(name)} as select * from {read}")
        allowed = ", ".join(literal(str(file)) for file in files.values())
        connection.execute(f"set allowed_paths = [{allowed}]")
        shut(connection)
        return _asked(duckdb, connection, sql, path, "SQL" if typed or len(files) > 1 else "")
    except duckdb.Error as error:
        connection.close()
        raise failed(path, error) from error


def _duckdb(path: Path, table: str, sql: str) -> SourceTable:
    duckdb = module("duckdb", path)
    connection = opened_duckdb(duckdb, path)
    try:
        asked = select_of(connection, table, sql, path)
        return _asked(duckdb, connection, asked, path, table)
    except duckdb.Error as error:
        connection.close()
        raise failed(path, error) from error


def opened_duckdb(duckdb: Any, path: Path) -> Any:
    """A connection to a DuckDB file that reads it and nothing else. Raises SalesplanError (exit
    4).
    """
    try:
        connection = duckdb.connect(
            str(path), read_only=True, config={"enable_external_access": "false"}
        )
        shut(connection)
    except duckdb.Error as error:
        raise refusal("import-unreadable", path, 4, cause=first_line(error)) from error
    return connection


def select_of(connection: Any, table: str, sql: str, path: Path) -> str:
    """What is asked of a DuckDB file: the query, or all of its table. Raises SalesplanError (exit
    2) where it is not said which.
    """
    return sql or f"select * from {quoted(_only(path, table, _tables_of(connection)))}"


def _tables_of(connection: Any) -> list[str]:
    asked = "select table_name from information_schema.tables order by 1"
    return [name for (name,) in connection.execute(asked).fetchall()]


def shut(connection: Any) -> None:
    """From here on nothing but what is at hand can be read, and nobody can change that."""
    for setting in (
        "enable_external_access = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")


def _asked(duckdb: Any, connection: Any, sql: str, path: Path, how: str) -> SourceTable:
    try:
        only_select(duckdb, sql, path)
    except SalesplanError:
        connection.close()
        raise
    bare = sql.strip().removesuffix(";")
    columns = connection.execute(f"describe {bare}").fetchall()
    header = tuple(str(row[0]) for row in columns)
    shown = ", ".join(_fetched(str(row[0]), str(row[1])) for row in columns)
    cursor = connection.execute(f"select {shown} from ({bare}\n) as source")
    return SourceTable(path, header, partial(rows_of, cursor, connection.close, path), how)


def only_select(duckdb: Any, sql: str, path: Path) -> None:
    """Raises SalesplanError (exit 2) where DuckDB takes a text for more than one select."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise refusal("import-sql-not-select", path, 2, sql=sql.strip()[:60])


def _fetched(name: str, kind: str) -> str:
    """How a column is fetched: what is neither text, number nor day comes as text."""
    plain = kind in (*_PLAIN, *_WHOLE) or kind.startswith("DECIMAL(")
    return quoted(name) if plain else f"cast({quoted(name)} as varchar) as {quoted(name)}"


def _sqlite(path: Path, table: str, sql: str) -> SourceTable:
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise refusal("import-unreadable", path, 4, cause=str(error)) from error
    names = "select name from sqlite_master where type in ('table', 'view') order by 1"
    tables = [name for (name,) in connection.execute(names)]
    asked = sql or f"select * from {quoted(_only(path, table, tables))}"
    connection.set_authorizer(_authorized)
    try:
        cursor = connection.execute(asked)
    except sqlite3.Error as error:
        raise failed(path, error) from error
    if cursor.description is None:
        raise refusal("import-sql-not-select", path, 2, sql=sql.strip()[:60])
    header = tuple(one[0] for one in cursor.description)
    return SourceTable(path, header, partial(rows_of, cursor, connection.close, path), table)


def _authorized(action: int, _one: object, two: object, _three: object, _four: object) -> int:
    loads = action == sqlite3.SQLITE_FUNCTION and str(two).lower() == "load_extension"
    return sqlite3.SQLITE_OK if action in _SQLITE_ALLOWED and not loads else sqlite3.SQLITE_DENY


def _postgres(url: str, table: str, sql: str) -> SourceTable:
    psycopg, connection, asked = opened_postgres(url, table, sql)
    path = place_of(url)
    cursor = connection.cursor(name="salesplan")  # a cursor of the server takes a select only
    cursor.itersize = AT_ONCE
    try:
        cursor.execute(asked)
    except psycopg.Error as error:
        connection.close()
        raise failed(path, error) from error
    header = tuple(one.name for one in cursor.description)
    return SourceTable(
        path, header, partial(rows_of, cursor, connection.close, path), table or "PostgreSQL"
    )


def place_of(url: str) -> Path:
    """What messages call a database: its host and its name, without who asks."""
    parts = urlsplit(url)
    return Path(f"{parts.hostname or ''}{parts.path}")


def opened_postgres(url: str, table: str, sql: str) -> tuple[Any, Any, str]:
    """psycopg, a connection that can only read, and what is asked: the query, or all of the table.

    Raises SalesplanError: exit 2 for another kind of database, a password in the address, or where
    no table is named, 4 where it cannot be reached.
    """
    parts, path = urlsplit(url), place_of(url)
    if parts.scheme not in SERVERS:
        raise refusal("import-url-unknown", path, 2, scheme=parts.scheme)
    refuse_password(url)
    psycopg = module("psycopg", path)
    connection = _connected(psycopg, url, path)
    if not sql and not table:
        connection.close()
        raise refusal("import-table-unsaid", path, 2, tables=["schema.table"])
    asked = sql or f"select * from {'.'.join(map(quoted, table.split('.')))}"
    return psycopg, connection, asked.strip().removesuffix(";")


_HIDDEN = re.compile("pass|pwd|secret|token|key|service|credential")
"""What options of an address are called that hold a secret, or the place of one."""


def refuse_password(url: str) -> None:
    """Raise SalesplanError (exit 2) where an address holds a password, or says where one lies."""
    parts = urlsplit(url)
    named = [unquote(one.partition("=")[0]).lower() for one in re.split("[&;]", parts.query)]
    hidden = _HIDDEN.search(" ".join(named)) is not None
    if parts.password is not None or hidden:
        raise refusal("import-url-password", place_of(url), 2)


def database_password() -> str | None:
    """The password of the environment or the keyring; None where there is none."""
    from salesplan.delivery.secrets import Name, find

    secret = find(Name.DATABASE_PASSWORD)[0]
    return None if secret is None else secret.reveal()


def with_password(url: str) -> tuple[str, str]:
    """The kind of database that an address names, and the address with the password of the
    environment or the keyring. Raises SalesplanError (exit 2) where the address has one.
    """
    from urllib.parse import quote

    parts = urlsplit(url)
    refuse_password(url)
    secret = database_password() if parts.username else None
    if secret is None:
        return parts.scheme, url
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{user}:{quote(secret, safe='')}{at}{host}"
    return parts.scheme, parts._replace(netloc=netloc).geturl()


def _connected(psycopg: Any, url: str, path: Path) -> Any:
    """A connection that can only read; its password is the environment's or the keyring's."""
    secret = database_password()
    given = {"password": secret} if secret is not None else {}
    options = f"-c default_transaction_read_only=on -c statement_timeout={QUERY_SECONDS * 1000}"
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, options=options, **given)
    except psycopg.Error as error:
        raise refusal("import-unreachable", path, 4, cause=first_line(error)) from error
    connection.read_only = True
    return connection


def rows_of(cursor: Any, close: Callable[[], None], path: Path) -> Numbered:
    """The records of a cursor with their numbers; it is closed behind the last. Raises
    SalesplanError (exit 2) where the engine fails.
    """
    line = 0
    try:
        while records := cursor.fetchmany(AT_ONCE):
            for record in records:
                line += 1
                yield line, [field_of(one) for one in record]
    except Exception as error:
        if type(error).__module__.partition(".")[0] in DRIVERS:
            raise failed(path, error) from error
        raise
    finally:
        close()


def field_of(one: Any) -> Field:
    """What a driver fetched, as a field of a record."""
    if one is None or isinstance(one, (str, bool, int, float, Decimal, datetime, date)):
        return one
    return one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)


def _only(path: Path, table: str, tables: Sequence[str]) -> str:
    """The table asked for; the only one where none is."""
    if table in tables or (not table and len(tables) == 1):
        return table or tables[0]
    raise refusal("import-table-unsaid", path, 2, tables=list(tables) or ["—"])


def _types(types: Mapping[str, str]) -> str:
    return (
        "{" + ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items()) + "}"
    )


def module(name: str, path: Path) -> Any:
    """An engine, where it is installed. Raises SalesplanError (exit 2) that says how to get it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        extra = "data" if name in ("duckdb", "ibis") else "warehouse"
        raise refusal("import-extra-missing", path, 2, extra=extra) from error


def failed(path: Path, error: Exception) -> SalesplanError:
    """An engine refused what it was asked."""
    return refusal("import-query-failed", path, 2, cause=first_line(error))


def first_line(error: Exception) -> str:
    """What an engine says, in a line."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def refusal(code: str, path: Path, exit_code: int, **params: object) -> SalesplanError:
    """An error about a source."""
    finding = Finding.of(code, Place(str(path)), name=path.name, **params)
    return SalesplanError(finding, exit_code)
