"""What an open workbook's cells held before they were filled, kept on this computer, so that it can
be taken back.

One file a filling, in the account's own folder; of each workbook the last ones are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from salesplan.dataclass import dataclass, field
from salesplan.wording import clock
from salesplan.workbook.read.cells import CellValue, ErrorValue

KEPT = 20


@dataclass(frozen=True, slots=True)
class Before:
    """One sheet's changed cells: ``cells`` by reference as (what stood there, what was written),
    both as :func:`packed`; ``tables`` the ranges of tables that grew, ``formats`` the number
    formats that were replaced, by area, ``computed`` where the tables' own formulas went on in new
    rows."""

    cells: Mapping[str, Sequence[Any]]
    tables: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    computed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One filling of a workbook: ``time`` in UTC (ISO 8601), what was done, and each sheet before
    it.
    """

    time: str
    workbook: str
    what: str
    sheets: Mapping[str, Before]

    @property
    def local_time(self) -> str:
        """When it was, by the clock of this computer."""
        return clock(datetime.fromisoformat(self.time))


def folder() -> Path:
    """Where this account's journals lie."""
    from salesplan.config import state_folder

    return state_folder() / "live"


def keep(entry: Entry) -> Path:
    """Write the entry to the disk before anything is changed; older ones beyond :data:`KEPT` go.
    Raises OSError.
    """
    home = folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / f"{_key(entry.workbook)}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as stream:
        stream.write(json.dumps(_plain(entry), ensure_ascii=False))  # a tenth of what dump takes
        stream.flush()
        os.fsync(stream.fileno())
    for old in _files(entry.workbook)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON holds it; :func:`entries` reads it again."""
    sheets = {
        name: {
            "cells": one.cells,
            "tables": one.tables,
            "formats": one.formats,
            "computed": one.computed,
        }
        for name, one in entry.sheets.items()
    }
    return {
        "time": entry.time,
        "workbook": entry.workbook,
        "what": entry.what,
        "sheets": sheets,
    }


def entries(workbook: str) -> Iterator[tuple[Path, Entry]]:
    """The entries of the workbook of that full name, the newest first; torn files are passed
    over.
    """
    for path in reversed(_files(workbook)):
        with suppress(OSError, ValueError, TypeError, KeyError):
            given = json.loads(path.read_text("utf-8"))
            yield (
                path,
                Entry(
                    given["time"],
                    given["workbook"],
                    given["what"],
                    {name: Before(**one) for name, one in given["sheets"].items()},
                ),
            )


def last(workbook: str) -> tuple[Path, Entry] | None:
    """The newest entry of the workbook."""
    return next(entries(workbook), None)


def packed(value: CellValue, formula: str | None = None) -> Any:
    """A cell's content as JSON holds it."""
    if formula is not None:
        return {"formula": formula}
    if isinstance(value, ErrorValue):
        return {"error": value.code}
    if isinstance(value, (date, time)):  # a moment is a date too
        return {type(value).__name__: value.isoformat()}
    return value


def unpacked(content: Any) -> Any:
    """The content again: a value, with a formula or an error as the text that brings it about."""
    if not isinstance(content, dict):
        return content
    ((kind, text),) = content.items()
    if kind == "formula":
        return text
    if kind == "error":
        return f"={text}"
    moments: Mapping[str, type[date] | type[time]] = {
        "date": date,
        "datetime": datetime,
        "time": time,
    }
    return moments[kind].fromisoformat(text)


def is_formula(content: Any) -> bool:
    """Whether the content is to be handed over as it is, to be computed."""
    return isinstance(content, dict) and next(iter(content)) in ("formula", "error")


def _files(workbook: str) -> list[Path]:
    home = folder()
    return sorted(home.glob(f"{_key(workbook)}-*.json")) if home.is_dir() else []


def _key(workbook: str) -> str:
    return hashlib.sha256(workbook.casefold().encode()).hexdigest()[:16]
