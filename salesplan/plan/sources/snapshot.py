"""The groups of a linked source as they were read last: a Parquet file beside the workbook, with
its rights, for as long as they are fresh, and for when the source cannot be reached.

It says itself for which workbook and mapping it is (a digest), for which month, and when it was
read; another's is not looked at. Without DuckDB there is none.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.findings import Finding
from salesplan.plan.model import Month, SourceRead
from salesplan.plan.sources.groups import (
    DAY,
    FIGURES,
    MOST_SHOWN,
    NUMBER,
    RECORD,
    SHARE,
    UNIT,
    Group,
    reason,
)
from salesplan.plan.sources.groups import (
    KEY as KEYS,
)
from salesplan.plan.sources.mapping import TEXTS
from salesplan.plan.sources.sql import literal

ENDING = ".source.parquet"
LARGEST = 1 << 30
"""Bytes of a snapshot: a larger one is none of ours."""

KEY = "salesplan"
_WHOLE = 2**63
_COLUMNS = ("day", "month", "kpi", "unit", *TEXTS, *FIGURES)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Groups as they were read, and what was read; ``month`` is the report month of that run."""

    groups: tuple[Group, ...]
    read: SourceRead
    month: Month


def place_of(workbook: Path) -> Path:
    """Where a workbook's snapshot lies."""
    return workbook.with_name(f"{workbook.stem}{ENDING}")


def store(workbook: Path, digest: str, kept: Snapshot) -> bool:
    """Put a snapshot beside the workbook, with its rights; whether it could be done."""
    from salesplan.workbook.save.destination import beside_of

    duckdb, path = _engine(), place_of(workbook)
    if duckdb is None or path.is_symlink() or (path.exists() and not _is_ours(duckdb, path)):
        return False
    try:
        with TemporaryDirectory(prefix="salesplan-") as folder:
            rows = Path(folder) / "groups.csv"
            _write_rows(rows, kept.groups)
            made = Path(folder) / "groups.parquet"
            _copy(duckdb, rows, made, kept, digest)
            like = workbook if workbook.is_file() else None
            with beside_of(path, like=like) as temp:
                copyfile(made, temp)  # into the file that has its rights already
                temp.replace(path)
    except (OSError, duckdb.Error):
        return False
    return True


def stored(workbook: Path, digest: str) -> Snapshot | None:
    """The snapshot of this workbook and mapping; None where there is none that can be read."""
    duckdb, path = _engine(), place_of(workbook)
    if duckdb is None or path.is_symlink() or not path.is_file():
        return None
    try:
        if path.stat().st_size > LARGEST:
            return None
        with duckdb.connect(":memory:") as connection:
            said = _said(connection, path)
            if said is None or said.get("digest") != digest:
                return None
            names = ", ".join(_COLUMNS)
            rows = connection.execute(f"select {names} from {_parquet(path)}").fetchall()
        return _snapshot(rows, said)
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error):
        return None


def remove(workbook: Path) -> None:
    """Remove a workbook's snapshot, where it is ours. Raises OSError where that cannot be."""
    duckdb, path = _engine(), place_of(workbook)
    if duckdb is not None and path.is_file() and not path.is_symlink() and _is_ours(duckdb, path):
        path.unlink()


def _engine() -> Any:
    """DuckDB without what it loads beside itself, which costs a click more than all of this; None
    where it is not installed.
    """
    for name in ("_duckdb", "duckdb"):
        with suppress(ImportError):
            return import_module(name)
    return None


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _said(connection: Any, path: Path) -> dict[str, Any] | None:
    """What a file of ours says of itself; None for another's."""
    asked = _parquet(path).replace("read_parquet", "parquet_kv_metadata", 1)
    for key, value in connection.execute(f"select key, value from {asked}").fetchall():
        if bytes(key) == KEY.encode():
            said = json.loads(bytes(value))
            return said if isinstance(said, dict) else None
    return None


def _is_ours(duckdb: Any, path: Path) -> bool:
    try:
        with duckdb.connect(":memory:") as connection:
            return _said(connection, path) is not None
    except (ValueError, duckdb.Error):
        return False


def _write_rows(path: Path, groups: Sequence[Group]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for group in groups:
            when, is_month = group.when, isinstance(group.when, Month)
            day, month = ("", str(when)) if is_month else (when, "")
            figures = ["" if one is None else one for one in group.figures]
            writer.writerow([day, month, group.kpi, group.unit, *group.texts, *figures])


def _copy(duckdb: Any, rows: Path, target: Path, kept: Snapshot, digest: str) -> None:
    whole = all(_fits(group) for group in kept.groups)
    number = "BIGINT" if whole else "DECIMAL(38,0)"
    kinds = {name: number if name in FIGURES else "VARCHAR" for name in _COLUMNS}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    said = json.dumps(_as_document(kept, digest), ensure_ascii=True)
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"copy (select * from read_csv({literal(str(rows))}, header=false, delim=',', "
            f"quote='\"', escape='\"', nullstr='', columns={{{columns}}})) "
            f"to {literal(str(target))} "
            f"(format parquet, compression zstd, kv_metadata {{{KEY}: {literal(said)}}})"
        )


def _fits(group: Group) -> bool:
    return all(one is None or -_WHOLE < one < _WHOLE for one in group.figures)


def _snapshot(rows: Sequence[Sequence[Any]], said: dict[str, Any]) -> Snapshot:
    groups = tuple(_groups(rows))
    reasons = tuple(_reason(one) for one in said["reasons"])
    at = datetime.fromisoformat(said["at"]).astimezone(UTC)
    read = SourceRead(
        str(said["name"]), int(said["rows"]), len(groups), int(said["refused"]), reasons, at, False
    )
    return Snapshot(groups, read, _month(said["month"]))


def _groups(rows: Sequence[Sequence[Any]]) -> Iterator[Group]:
    texts, whens = len(TEXTS), dict[tuple[str | None, str | None], date | Month]()
    for day, month, kpi, unit, *rest in rows:
        when = whens.get((day, month))
        if when is None:
            when = date.fromisoformat(day) if day else _month(month)
            whens[day, month] = when
        told = tuple(one or "" for one in rest[:texts])
        figures = tuple(None if one is None else int(one) for one in rest[texts:])
        yield Group(when, kpi, unit, told, figures)


def _as_document(kept: Snapshot, digest: str) -> dict[str, object]:
    read = kept.read
    return {
        "digest": digest,
        "name": read.name,
        "rows": read.rows,
        "refused": read.refused,
        "at": read.at.isoformat(),
        "month": str(kept.month),
        "reasons": [_of_reason(one) for one in read.reasons],
    }


def _of_reason(one: Finding) -> dict[str, object]:
    return {"code": one.code, "count": one.params["count"], "texts": one.params["texts"]}


def _reason(given: dict[str, Any]) -> Finding:
    code = str(given["code"])
    known = code if code in (UNIT, DAY, NUMBER, KEYS, SHARE) else RECORD
    return reason(known, int(given["count"]), list(map(str, given["texts"]))[:MOST_SHOWN])


def _month(text: str) -> Month:
    return Month.of(date.fromisoformat(f"{text}-01"))
