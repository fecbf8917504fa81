"""A mapping in a TOML file beside the workbook, whose sheet 对照 then names the file alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from salesplan.findings import Finding, Place
from salesplan.plan.adopt.mapping import HEADS, Entry, Kept, Status, entry_of, field_names, rows_of

_SUFFIX = ".toml"


def pointer(name: str) -> Entry:
    """The row of 对照 that says in which file the mapping is."""
    return Entry(name, "", "", None, status=Status.CONFIRMED)


def pointed(kept: Kept) -> str:
    """The name of the file that the sheet 对照 points to; "" where it holds the mapping itself.

    Only a file in the workbook's own folder is meant: a workbook that was received has no say over
    others.
    """
    for one in kept.entries:
        plain = Path(one.sheet).name == one.sheet and "\\" not in one.sheet
        if not one.cell and one.status is Status.CONFIRMED and one.sheet.endswith(_SUFFIX):
            return one.sheet if plain else ""
    return ""


def toml_of(entries: Iterable[Entry], lang: str) -> str:
    """The mapping as a file's text, a table for each column."""
    lines: list[str] = []
    for row in rows_of(entries, lang):
        lines.append("[[column]]")
        for key, value in zip(HEADS, row, strict=True):
            if value not in ("", None):
                lines.append(f"{key} = {json.dumps(str(value), ensure_ascii=False)}")
        lines.append("")
    return "\n".join(lines)


def read_map(path: Path, kept: Kept, workbook: str) -> Kept:
    """The mapping in that file, in place of the sheet that points to it; a file that is not there,
    or no TOML, is a finding at the sheet.
    """
    place = Place(workbook, kept.sheet, "A2")
    try:
        columns = tomllib.loads(path.read_text("utf-8")).get("column", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        finding = Finding.of("mapping-file", place, file=path.name, what=str(error))
        return Kept(kept.sheet, (), (*kept.findings, finding), path.name)
    entries: list[Entry] = []
    findings = list(kept.findings)
    for number, one in enumerate(columns if isinstance(columns, list) else [], 1):
        made = entry_of(_cells(one), number)
        if isinstance(made, str):
            at = Place(workbook, path.name, f"A{number}")
            findings.append(Finding.of("mapping-row", at, text=made, fields=field_names()))
        else:
            entries.append(made)
    return Kept(kept.sheet, tuple(entries), tuple(findings), path.name)


def _cells(column: object) -> Mapping[str, str]:
    given = column if isinstance(column, dict) else {}
    return {key: str(given.get(key, "")) for key in HEADS}
