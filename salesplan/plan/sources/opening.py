"""From what a command names to tables: files, several and globbed, packed or not; databases.

A mapping names further files (``[[join]]``) by their name: one that the command names, else one in
the mapping's own folder. No mapping reaches beyond that folder.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.sources.at_hand import at_hand
from salesplan.plan.sources.delimited import delimited
from salesplan.plan.sources.mapping import Join, Mapped, Reading
from salesplan.plan.sources.packed import unpacked
from salesplan.plan.sources.sheets import SUFFIXES, sheet_of
from salesplan.plan.sources.table import SourceTable

QUERIED = frozenset((".parquet", ".jsonl", ".ndjson"))
DATABASES = frozenset((".db", ".sqlite", ".sqlite3", ".duckdb", ".ddb"))
"""Files that an engine reads: such that one query may name beside others, and such that answer by
themselves.
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a command names, and the folder of its mapping."""

    named: tuple[str, ...]
    folder: Path
    mapped: Mapped
    country: str = "CN"

    @property
    def shown(self) -> str:
        """What a history calls them: names of files, and addresses without who asks."""
        from salesplan.workbook.save.file_names import shown

        told = [one.rpartition("@")[2] if is_url(one) else Path(one).name for one in self.named]
        return ", ".join(map(shown, told))

    def tables(self) -> Iterator[SourceTable]:
        """The tables with the records, one after another.

        Raises SalesplanError: exit 2 where a name means nothing, 4 where a file cannot be read.
        """
        joined = {Path(join.file).name for join in self.mapped.joins}
        files = [one for one in self.files() if is_url(one) or Path(one).name not in joined]
        if not files:
            finding = Finding.of("import-no-source", Place(), names=list(self.named) or ["—"])
            raise SalesplanError(finding, 2)
        if self.mapped.sql:
            yield self._queried(files)
            return
        for file in files:
            if is_engines(file):
                yield self._by_engine(file, self.mapped.table)
            else:
                yield from self.opened(Path(file), self.mapped.reading, self.mapped.wanted)

    def _by_engine(self, file: str, table: str, sql: str = "") -> SourceTable:
        from salesplan.plan.sources.engines import MYSQL, engine_table

        if urlsplit(file).scheme in MYSQL:
            from salesplan.plan.sources.mysql import mysql_table

            return mysql_table(file, table, sql)
        return engine_table(file, table, sql)

    def _queried(self, files: Sequence[str]) -> SourceTable:
        """What the mapping's query makes of the sources, each a table by the name of its file; a
        database answers by itself.
        """
        sql = self.mapped.sql
        if len(files) == 1 and is_engines(files[0]) and not is_queried(files[0]):
            return self._by_engine(files[0], "", sql)
        from salesplan.plan.sources.engines import query
        from salesplan.plan.sources.typed import typed_copies

        named = {Path(one).name.partition(".")[0]: one for one in files}
        if len(named) < len(files) or any(is_engines(one) and not is_queried(one) for one in files):
            finding = Finding.of("import-sql-sources", Place(), names=list(files))
            raise SalesplanError(finding, 2)
        whole = {name: Path(one) for name, one in named.items() if is_queried(one)}
        rest = {name: self._one(Path(one)) for name, one in named.items() if name not in whole}
        with typed_copies(rest, self.mapped.formats) as typed:
            return query(whole, typed, sql, Path(files[0]))

    def _one(self, path: Path) -> SourceTable:
        tables = list(self.opened(path, self.mapped.reading, ()))
        if len(tables) != 1:
            raise _refusal("import-join-file", path, file=path.name)
        return tables[0]

    def joined(self, join: Join) -> SourceTable:
        """A further table that the mapping names. Raises SalesplanError (exit 2) where it lies
        outside the mapping's folder, (4) where it is not there.
        """
        path = self._found(join)
        wanted = {theirs for _, theirs in join.on} | set(join.columns) | self.mapped.wanted
        if is_engines(str(path)):
            return self._by_engine(str(path), join.reading.sheet)
        tables = list(self.opened(path, join.reading, wanted))
        if len(tables) != 1:
            raise _refusal("import-join-file", path, file=join.file)
        return tables[0]

    def opened(self, path: Path, reading: Reading, wanted: Iterable[str]) -> Iterator[SourceTable]:
        """The tables of one file: several, where it is packed of several. Raises SalesplanError
        (exit 4) where it cannot be read.
        """
        at_hand(path)
        if path.suffix.lower() in SUFFIXES and path.is_file():
            yield sheet_of(path, reading, wanted)
            return
        names = set(wanted)
        for name, raw in unpacked(path):
            yield delimited(name, raw, reading, names, self.country)

    def files(self) -> list[str]:
        """What the command names, each glob spread out in the order of names."""
        found = chain.from_iterable(map(spread, self.named))
        return list(dict.fromkeys(found))

    def _found(self, join: Join) -> Path:
        name = Path(join.file).name
        for one in self.files():
            if not is_url(one) and Path(one).name == name:
                return Path(one)
        folder = self.folder.resolve()
        path = (folder / join.file).resolve()
        if not path.is_relative_to(folder):
            raise _refusal("import-outside", Path(join.file), file=join.file, folder=str(folder))
        return path


def spread(name: str) -> list[str]:
    """A name, or the files that it means where it is a pattern, in the order of their names."""
    wild = not is_url(name) and not Path(name).exists() and _is_wild(name)
    return _globbed(name) if wild else [name]


def _is_wild(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def _globbed(name: str) -> list[str]:
    """The files that a pattern means, in the order of their names."""
    path = Path(name)
    top = Path(path.anchor) if path.anchor else Path()
    pattern = os.path.relpath(path, path.anchor) if path.anchor else name
    return sorted(str(one) for one in top.glob(pattern) if one.is_file())


def named(sources: Path | Iterable[str]) -> tuple[str, ...]:
    """What a command names: one file, or several sources."""
    return (str(sources),) if isinstance(sources, Path) else tuple(sources)


def is_url(name: str) -> bool:
    """Whether it names a database server."""
    return "://" in name


def is_engines(name: str) -> bool:
    """Whether a database engine has to read it."""
    return is_url(name) or Path(name).suffix.lower() in QUERIED | DATABASES


def is_queried(name: str) -> bool:
    """Whether DuckDB reads it as one table among others."""
    return not is_url(name) and Path(name).suffix.lower() in QUERIED


def _refusal(code: str, path: Path, **params: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), 2)
