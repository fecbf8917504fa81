"""How an import goes about what the master has already, and its rows that the source no longer
has: they are named, or become blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salesplan.dataclass import dataclass
from salesplan.fill.edits import Edit
from salesplan.fill.rows import style_of
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.schema.kinds import Table
from salesplan.workbook.read.tables import FoundTable

MOST_GONE = 5
"""Rows that the source no longer has which are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class ImportMode:
    """How an import goes about what the master has: ``update`` brings corrected records up to date,
    ``full`` says that the source holds all there is, so that what it no longer has is gone;
    together what is gone is taken out.
    """

    update: bool = False
    full: bool = False

    @property
    def takes_out(self) -> bool:
        """Whether rows that the source no longer has are taken out."""
        return self.update and self.full


ONLY_NEW = ImportMode()
"""What is there stays as it is."""


def blanked(found: FoundTable, table: Table, key: str, rows: Sequence[int]) -> Iterator[Edit]:
    """Rows that are taken out: all their cells under the table's headers become blank. ``key`` is
    the column that tells the rows apart.
    """
    named = found.column(key)
    for index in rows:
        number = found.row_numbers[index]
        for column, letters in found.columns.items():
            old = found.value(column, number)
            if old is not None:
                style = style_of(table.column(column))
                header, name = found.headers[column], str(named[index])
                cell = f"{letters}{number}"
                yield Edit(found.sheet, cell, header, name, old, None, None, style)


def said_gone(
    loaded: Loaded,
    found: FoundTable,
    key: str,
    gone: Sequence[int],
    out: bool,
    mode: ImportMode,
) -> Iterator[Finding]:
    """Which rows the source no longer has, and whether they are taken ``out``."""
    if not gone:
        return
    named = found.column(key)
    place = Place(
        str(loaded.path), found.sheet, f"{found.columns[key]}{found.row_numbers[gone[0]]}"
    )
    rows = [str(found.row_numbers[index]) for index in gone[:MOST_GONE]]
    told = {
        "count": len(gone),
        "rows": [*rows, "…"] if len(gone) > MOST_GONE else rows,
        "sources": [str(named[index]) for index in gone[:MOST_GONE]],
    }
    if out:
        yield Finding.of("import-taken-out", place, **told)
    elif mode.takes_out:
        yield Finding.of("import-gone-kept", place, **told)
    else:
        yield Finding.of("import-gone-full" if mode.full else "import-gone", place, **told)
