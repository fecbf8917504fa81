"""Sources that group their records themselves: a table of theirs, what its columns hold, and a way
to ask it.

Files are DuckDB's, which sees no other file and no network; a server's session can only read.
Everything else that ibis speaks to is asked through ibis. DuckDB, ibis and drivers are imported
where they are used: the extras ``[data]`` and ``[warehouse]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from salesplan.dataclass import dataclass
from salesplan.plan.sources import engines
from salesplan.plan.sources.delimited import top_of
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.opening import Sources, is_url
from salesplan.plan.sources.sql import literal, quoted

NAME = "salesplan_source"
"""What the source's table, or the mapping's query, is called in what it is asked."""

MEMORIES = ("256MB", "1GB", "4GB")
"""What DuckDB may hold, at first and each time that it was too little. Beyond it DuckDB writes to a
folder of its own, but not everything can be written: keys of a hundred million records take more.
"""

BY_IBIS = frozenset(
    (
        "bigquery",
        "clickhouse",
        "databricks",
        "mssql",
        "oracle",
        "pyspark",
        "snowflake",
        "trino",
    )
)
"""Servers that ibis speaks to. What reads files of this machine is not among them: a mapping would
reach beyond its folder.
"""

TEXT_FILES = frozenset((".csv", ".tsv", ".txt"))
HEAD = 1 << 20
"""Bytes at the beginning of a text file by which its dialect is known."""


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FLOAT = "float"
    DAY = "day"
    MOMENT = "moment"
    ZONED = "zoned"
    OTHER = "other"


Asking = Callable[[Any], Iterator[Sequence[Any]]]


def _as_it_is(text: Any) -> Any:
    return text


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of a source: an expression of ibis, what its columns hold, and what asks the source
    for an expression over it. ``tries``: whether the engine has a cast that fails as a null;
    ``by_column``: whether it reads one column without the others; ``in_order``: texts as what the
    engine puts in the order of their signs, in no country's own.
    """

    table: Any
    kinds: dict[str, Kind]
    ask: Asking
    tries: bool = False
    by_column: bool = False
    in_order: Callable[[Any], Any] = _as_it_is


class NotGroupedError(Exception):
    """The source cannot group its records itself: they are read one by one."""


class MoreMemoryError(Exception):
    """The engine may hold too little to group the records."""


@contextmanager
def relation(sources: Sources, memory: str = MEMORIES[0]) -> Iterator[Relation]:
    """The table that a mapping names, for as long as it is asked. ``memory``: what DuckDB may hold
    of files.

    Raises NotGroupedError where no engine can take it, MoreMemoryError where it would need to hold
    more, SalesplanError where it cannot be read.
    """
    mapped = sources.mapped
    if mapped.joins or mapped.unpivot or mapped.templates or not _has("ibis"):
        raise NotGroupedError
    names = sources.files()
    if len(names) == 1 and is_url(names[0]):
        with _server(names[0], mapped) as found:
            yield found
    elif all(map(_is_columns, names)) or all(map(_is_text, names)):
        with _files(sources, names, memory) as found:
            yield found
    elif len(names) == 1 and Path(names[0]).suffix.lower() in engines.DUCKDB:
        with _database(Path(names[0]), mapped) as found:
            yield found
    else:
        raise NotGroupedError


def _is_columns(name: str) -> bool:
    return not is_url(name) and Path(name).suffix.lower() in engines.READERS


def _is_text(name: str) -> bool:
    path = Path(name)
    kind = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    return not is_url(name) and kind.lower() in TEXT_FILES


def _has(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


# --- DuckDB -------------------------------------------------------------------------------------


@contextmanager
def _files(sources: Sources, names: Sequence[str], memory: str) -> Iterator[Relation]:
    """Files as one table: Parquet and JSON lines as they are, text with every field as text."""
    path, sql = Path(names[0]), sources.mapped.sql
    if sql and (len(names) > 1 or not _is_columns(names[0])):
        raise NotGroupedError
    if not all(Path(name).is_file() for name in names):
        raise NotGroupedError
    read = _text_files(sources, names) if _is_text(names[0]) else _column_files(names)
    duckdb = engines.module("duckdb", path)
    with TemporaryDirectory(prefix="salesplan-") as folder:
        connection = duckdb.connect(":memory:")
        try:
            table = path.stem if sql else NAME
            connection.execute(f"set memory_limit = '{memory}'")
            connection.execute(f"set temp_directory = {literal(folder)}")
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"create view {quoted(table)} as select * from {read}")
            allowed = ", ".join(map(literal, names))
            connection.execute(f"set allowed_paths = [{allowed}]")
            connection.execute(f"set allowed_directories = [{literal(folder)}]")
            engines.shut(connection)
            select = sql or f"select * from {NAME}"
            by_column = not sql and Path(names[0]).suffix.lower() == ".parquet"
            yield _by_duckdb(duckdb, connection, select, path, by_column)
        except duckdb.OutOfMemoryException as error:
            raise MoreMemoryError(engines.first_line(error)) from error
        except duckdb.Error as error:
            if _is_text(names[0]):  # a line, or an encoding, that only our own reader can name
                raise NotGroupedError from error
            raise engines.failed(path, error) from error
        finally:
            connection.close()


@contextmanager
def _database(path: Path, mapped: Mapped) -> Iterator[Relation]:
    duckdb = engines.module("duckdb", path)
    connection = engines.opened_duckdb(duckdb, path)
    try:
        yield _by_duckdb(
            duckdb, connection, engines.select_of(connection, mapped.table, mapped.sql, path), path
        )
    except duckdb.Error as error:
        raise engines.failed(path, error) from error
    finally:
        connection.close()


def _by_duckdb(
    duckdb: Any, connection: Any, sql: str, path: Path, by_column: bool = False
) -> Relation:
    engines.only_select(duckdb, sql, path)
    bare = sql.strip().removesuffix(";")
    columns = connection.execute(f"describe {bare}").fetchall()
    kinds = {str(row[0]): _kind_of(str(row[1])) for row in columns}

    def ask(expression: Any) -> Iterator[Sequence[Any]]:
        cursor = connection.execute(_within(bare, expression, "duckdb"))
        while rows := cursor.fetchmany(engines.AT_ONCE):
            yield from rows

    return Relation(_unbound(kinds), kinds, ask, tries=True, by_column=by_column)


def _column_files(names: Sequence[str]) -> str:
    reader = engines.READERS[Path(names[0]).suffix.lower()]
    listed = ", ".join(map(literal, names))
    return f"{reader}([{listed}], union_by_name=true)"


def _text_files(sources: Sources, names: Sequence[str]) -> str:
    """Text files of one layout, each field as text. Raises NotGroupedError where they differ, or
    are not in UTF-8.
    """
    reading, wanted = sources.mapped.reading, sources.mapped.wanted
    tops = [top_of(Path(name), HEAD, reading, wanted) for name in names]
    first = tops[0]
    if first is None or any(one != first for one in tops):
        raise NotGroupedError
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in first.header)
    listed = ", ".join(map(literal, names))
    return (
        f"read_csv([{listed}], header=false, skip={first.skipped}, auto_detect=false, "
        f"delim={literal(first.delimiter)}, quote='\"', escape='\"', nullstr='', "
        f"columns={{{columns}}})"
    )


# --- servers --------------------------------------------------------------------------------------


@contextmanager
def _server(url: str, mapped: Mapped) -> Iterator[Relation]:
    """A table or a query of a database server: PostgreSQL by psycopg, MySQL by PyMySQL, any other
    by ibis.
    """
    path = engines.place_of(url)
    if urlsplit(url).scheme in engines.MYSQL:
        with _mysql(url, path, mapped) as found:
            yield found
        return
    if urlsplit(url).scheme not in engines.SERVERS:
        with _by_ibis(url, path, mapped) as found:
            yield found
        return
    psycopg, connection, select = engines.opened_postgres(url, mapped.table, mapped.sql)
    try:
        kinds = _postgres_kinds(connection, select)

        def ask(expression: Any) -> Iterator[Sequence[Any]]:
            with connection.cursor(name="salesplan") as cursor:
                cursor.itersize = engines.AT_ONCE
                cursor.execute(_within(select, expression, "postgres"))
                yield from cursor

        yield Relation(_unbound(kinds), kinds, ask, in_order=_postgres_order)
    except psycopg.Error as error:
        raise engines.failed(path, error) from error
    finally:
        connection.close()


@contextmanager
def _mysql(url: str, path: Path, mapped: Mapped) -> Iterator[Relation]:
    from salesplan.plan.sources import mysql

    pymysql, connection, select = mysql.opened(url, mapped.table, mapped.sql)
    try:
        types = mysql.described(pymysql, connection, select)
        kinds = {name: _kind_of(kind) for name, kind in types.items()}

        def ask(expression: Any) -> Iterator[Sequence[Any]]:
            with connection.cursor(pymysql.cursors.SSCursor) as cursor:
                cursor.execute(_within(mysql.by_sign(select, types), expression, "mysql"))
                made = expression.schema().types
                yield from (mysql.fetched(row, made) for row in cursor)

        yield Relation(_unbound(kinds), kinds, ask)
    except pymysql.Error as error:
        raise engines.failed(path, error) from error
    finally:
        connection.close()


def _postgres_kinds(connection: Any, select: str) -> dict[str, Kind]:
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({select}\n) as source limit 0")
        found = [(one.name, one.type_code) for one in cursor.description]
        types = {oid: connection.adapters.types.get(oid) for _, oid in found}
    named = {oid: "" if one is None else one.name for oid, one in types.items()}
    return {name: _kind_of(named[oid]) for name, oid in found}


def _postgres_order(text: Any) -> Any:
    import ibis

    def convert_to(text: Any, encoding: Any) -> Any:
        """The server's own function: a text's bytes."""

    typed = ibis.udf.scalar.builtin(convert_to, signature=(("string", "string"), "binary"))
    return typed(text, "UTF8")


@contextmanager
def _by_ibis(url: str, path: Path, mapped: Mapped) -> Iterator[Relation]:
    """What ibis speaks to beyond these: SQL Server, Snowflake, BigQuery, Trino, ClickHouse,
    Databricks, Spark.
    """
    ibis = engines.module("ibis", path)
    known, address = engines.with_password(url)
    if known not in BY_IBIS:
        raise engines.refusal("import-url-unknown", path, 2, scheme=known)
    try:
        connection = ibis.connect(address)
    except ImportError as error:
        raise engines.refusal("import-extra-missing", path, 2, extra="warehouse") from error
    except Exception as error:  # each driver has its own
        cause = engines.first_line(error)
        raise engines.refusal("import-unreachable", path, 4, cause=cause) from error
    try:
        yield of_backend(connection, mapped, path)
    finally:
        with suppress(Exception):
            connection.disconnect()


def of_backend(connection: Any, mapped: Mapped, path: Path) -> Relation:
    """A table or a query of a backend of ibis."""
    if not mapped.sql and not mapped.table:
        raise engines.refusal("import-table-unsaid", path, 2, tables=["schema.table"])
    with suppress(Exception):  # where the server knows it
        connection.raw_sql("set session transaction read only")
    *schema, name = mapped.table.split(".") if mapped.table else [""]
    try:
        if mapped.sql:
            table = connection.sql(mapped.sql.strip().removesuffix(";"))
        else:
            table = connection.table(name, database=schema[0] if schema else None)
        kinds = {column: _kind_of(str(kind)) for column, kind in table.schema().items()}
    except Exception as error:
        raise engines.failed(path, error) from error

    def ask(expression: Any) -> Iterator[Sequence[Any]]:
        try:
            found = connection.to_pyarrow(expression)
        except Exception as error:
            raise engines.failed(path, error) from error
        columns = [column.to_pylist() for column in found.columns]
        yield from zip(*columns, strict=True)

    return Relation(table, kinds, ask)


# --- expressions ----------------------------------------------------------------------------------

_IBIS = {
    Kind.TEXT: "string",
    Kind.WHOLE: "int64",
    Kind.DECIMAL: "decimal(38, 10)",
    Kind.FLOAT: "float64",
    Kind.DAY: "date",
    Kind.MOMENT: "timestamp",
    Kind.ZONED: "timestamp('UTC')",
    Kind.OTHER: "string",
}
_KINDS = (
    (Kind.ZONED, ("timestamp with time zone", "timestamptz", "timestamp('")),
    (Kind.MOMENT, ("timestamp", "datetime")),
    (Kind.DAY, ("date",)),
    (Kind.TEXT, ("varchar", "text", "string", "char", "bpchar", "name")),
    (Kind.DECIMAL, ("decimal", "numeric")),
    (Kind.FLOAT, ("double", "float", "real")),
    (Kind.WHOLE, ("tinyint", "smallint", "integer", "bigint", "hugeint", "int", "uint")),
)


def _kind_of(name: str) -> Kind:
    """What a column of that type holds, however the engine calls it."""
    told = name.lower().removeprefix("!")
    if "[" in told or told.startswith(("interval", "array", "struct", "map")):
        return Kind.OTHER
    return next((kind for kind, begins in _KINDS if told.startswith(begins)), Kind.OTHER)


def _unbound(kinds: dict[str, Kind]) -> Any:
    import ibis

    return ibis.table({name: _IBIS[kind] for name, kind in kinds.items()}, name=NAME)


def _within(select: str, expression: Any, dialect: str) -> str:
    """The expression in the engine's words, over a select."""
    sql = _written(expression, dialect).strip()
    if select.strip().lower() == f"select * from {NAME}":
        return sql
    more = f", {sql[5:]}" if sql[:5].upper() == "WITH " else f" {sql}"
    return f"WITH {NAME} AS ({select}\n){more}"


def _written(expression: Any, dialect: str) -> str:
    """An expression as SQL; MySQL's is written without the driver that ibis would ask for."""
    if dialect != "mysql":
        import ibis

        return str(ibis.to_sql(expression, dialect=dialect))
    from ibis.backends.sql.compilers import mysql

    return str(mysql.compiler.to_sqlglot(expression).sql("mysql"))
