"""What several use cases need: a master as read and computed, who is at work, a folder to write
into.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from datetime import date

    from salesplan.engine.actuals.progress import ReportSpan
    from salesplan.engine.results import Results
    from salesplan.fill import Filled
    from salesplan.plan.loader import Loaded
    from salesplan.plan.model import Kpi, Plan, Unit
    from salesplan.plan.model.people import Index

R = TypeVar("R", bound="Unit | Kpi")


@dataclass(frozen=True, slots=True)
class Run:
    """A master read and computed: what it says, what follows, and everything found on the way;
    ``known`` is the day up to which it says what happened.
    """

    loaded: Loaded
    results: Results
    findings: tuple[Finding, ...]
    filled: Filled
    known: date

    @property
    def plan(self) -> Plan:
        """The plan of the report month: the master's, with the changes that are in force."""
        from salesplan.engine import current

        return current(self.loaded.plan, self.results)

    @property
    def report_span(self) -> ReportSpan:
        """The months that are looked at: the report month, or a longer span up to it."""
        return self.results.report_span(self.loaded.plan)


def refuse_unless_master(loaded: Loaded) -> None:
    """Raises SalesplanError (exit 2) master-incomplete without organisation or KPIs:
    nothing is written for what is hardly a master; header-row-gone where one is there unread. So
    it does where nothing could be read of a linked source: every figure would lack its actuals.
    """
    from salesplan.plan.loader import REQUIRED_TABLES
    from salesplan.plan.schema import sheet, table

    missing = sorted(REQUIRED_TABLES - loaded.tables.keys())
    if missing:
        file = loaded.path.name
        sheets = tuple(sheet(table(key).sheet) for key in missing)
        names = set[str]()
        for one in sheets:
            names.update((one.zh, one.en, *one.aliases))
        for finding in loaded.findings:
            if finding.code == "header-row-gone" and finding.place.sheet in names:
                raise SalesplanError(finding, 2)
        raise SalesplanError(
            Finding.of("master-incomplete", Place(file), file=file, sheets=sheets), 2
        )
    if loaded.plan.unlinked is not None:
        raise SalesplanError(loaded.plan.unlinked, 4)


Say = Callable[[Finding], object]
"""Hears what is to be said before the end: what a save cannot keep, how far a long run is."""


def unheard(finding: Finding) -> None:
    """Nobody listens."""


def who() -> str:
    """The name of the account at work; empty where the machine does not tell."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def chosen(index: Index[R], text: str, unknown: str, path: Path) -> R:
    """The record that a person at the keyboard means by code or name.

    Raises SalesplanError (exit 2): ``name-ambiguous`` with all that it could be, else ``unknown``
    with what there is.
    """
    from salesplan.plan.naming import offered
    from salesplan.plan.references import ambiguous

    found, place = index.meant(text), Place(str(path))
    if len(found) == 1:
        return found[0]
    if found:
        raise SalesplanError(ambiguous(place, text, found), 2)
    near = offered(text, index.records)
    raise SalesplanError(Finding.of(unknown, place, name=text, near=near), 2)


def usable_folder(folder: Path) -> None:
    """Make the folder if it is not there. Raises SalesplanError (exit 3) where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SalesplanError(
            Finding.of(
                "folder-not-usable",
                Place(str(folder)),
                name=str(folder),
                cause=error.strerror or str(error),
            ),
            3,
        ) from error


def file_part(text: str) -> str:
    """``text`` as part of a file name that every system takes: at most 40 characters, none of them
    special.
    """
    from salesplan.workbook.save.file_names import visible

    return (
        re.sub(r'[\x00-\x1f\x7f\u2028\u2029/\\:*?"<>|\s]+', "-", visible(text)).strip(".-")[:40]
        or "-"
    )
