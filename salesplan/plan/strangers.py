"""Columns of a planner's sheet that were not read, where one of them may be a column of ours by
another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from salesplan.findings import Finding, Place
from salesplan.plan.schema import TABLES, sheet
from salesplan.plan.schema.kinds import Column, Owner
from salesplan.workbook.read.headers import normal
from salesplan.workbook.read.tables import FoundTable


def unread_columns(tables: Mapping[str, FoundTable]) -> Iterator[Finding]:
    """贡献系数 is called 贡献系数(占上级), or is the only one missing where 占比 is the only one
    unknown (column-alike); else columns-unread.

    A planner's own columns are fine, and so is leaving out what is not used; so nothing is said
    where a table lacks none of its columns, or has none that is unknown.
    """
    for one in TABLES:
        found = tables.get(one.key)
        missing = [
            c
            for c in one.columns
            if found and c.owner is Owner.PLANNER and c.key not in found.columns
        ]
        if found is None or not missing or not found.strangers:
            continue
        others = dict(found.strangers)
        for letter, header in found.strangers.items():
            meant = (
                missing[0] if len(missing) == len(found.strangers) == 1 else _alike(header, missing)
            )
            if meant is not None:
                del others[letter]
                yield Finding.of(
                    "column-alike",
                    _place(found, letter),
                    header=header,
                    sheet=sheet(one.sheet),
                    column=meant,
                )
        if others:
            yield Finding.of(
                "columns-unread",
                _place(found, next(iter(others))),
                headers=tuple(others.values()),
                sheet=sheet(one.sheet),
                missing=missing,
            )


def _place(found: FoundTable, letter: str) -> Place:
    return Place("", found.sheet, f"{letter}{found.header_row}")


def _alike(header: str, missing: Sequence[Column]) -> Column | None:
    names = {normal(name): column for column in reversed(missing) for name in column.headers}
    wanted = normal(header)
    within = [
        name
        for name in names
        if len(name) > 1 and (name in wanted or (len(wanted) > 1 and wanted in name))
    ]
    if within:
        return names[max(within, key=len)]
    from difflib import get_close_matches

    close = get_close_matches(wanted, names, n=1)
    return names[close[0]] if close else None
