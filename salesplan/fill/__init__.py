"""Filling the master: from results to the cells that must change, in engine columns only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass
from salesplan.engine.results import Results
from salesplan.fill import columns
from salesplan.fill.edits import Added, Edit, Edits, Value, by_sheet, same, summary
from salesplan.fill.ownership import Answers, Owners, Typed
from salesplan.fill.rows import Link, Row, fill_blank, fill_keyed, fill_listed, fill_owned, reaches
from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, catalogue, fix, severity, text, worst_first
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import is_mapping, table
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.fill.name_columns import Names
    from salesplan.workbook.memory import Memory
    from salesplan.workbook.read.tables import FoundTable

__all__ = [
    "Answers",
    "ChangeSet",
    "Edit",
    "Edits",
    "Filled",
    "Typed",
    "Value",
    "by_sheet",
    "changes",
    "filled",
    "names_in",
    "reaches",
    "same",
    "summary",
]


@dataclass(frozen=True, slots=True)
class Filled:
    """What the results would have in the engine's cells of a master: the ``edits`` that may be
    made, what filling itself found, whose the other cells are, and which filled targets are
    ``left`` as they are for an error."""

    edits: Edits
    findings: tuple[Finding, ...]
    owners: Owners
    left: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The edits of one run in sheet order, every finding of it, the ones of filling included, and
    whose the other cells are."""

    edits: Edits
    findings: tuple[Finding, ...]
    owners: Owners

    @property
    def typed(self) -> tuple[Typed, ...]:
        """The cells that a planner typed where the engine writes."""
        return tuple(self.owners.typed)

    @property
    def noted(self) -> Edits:
        """The edits of the workbook's memory that go with these; worked out when asked for."""
        return self.owners.noted()


def filled(
    loaded: Loaded,
    results: Results,
    answers: Answers | None = None,
    errors: Sequence[Finding] = (),
) -> Filled:
    """The engine's cells as ``results`` would have them, all but the list of findings.

    Filling the same master again gives no edits. Sheets that the master lacks are left out. Filled
    targets that an error of reading, or one of the ``errors``, stands in the way of stay.
    """
    edits: list[Edit | Added] = []
    said: list[Finding] = []
    held: tuple[Finding, ...] = ()
    stay: frozenset[tuple[str, str]] = frozenset()
    owners = Owners(loaded, loaded.memory, answers or Answers())
    names = names_in(loaded, owners.memory)
    for key, values in columns.KEYED.items():
        if key in loaded.tables:
            existing, added = values(loaded.plan, results, loaded.lang)
            if key == "targets" and (errors or _no_goals(loaded)):
                from salesplan.fill.blocked_targets import left

                kept = left(loaded, errors, existing, added)
                existing, added = kept.existing, kept.added
                held, stay = kept.findings, kept.stay
            if names is not None:
                added = names.beside(key, added)
            found, problems = fill_keyed(loaded.tables[key], table(key), existing, added)
            edits += owners.apart(key, found, existing)
            said += problems
    if "calendar" in loaded.tables:
        days, problems = fill_owned(
            loaded.tables["calendar"],
            table("calendar"),
            *columns.calendar(loaded.plan, results, loaded.lang),
        )
        edits += days
        said += problems
    if "caps" in loaded.tables:
        caps, problems = fill_listed(loaded.tables["caps"], table("caps"), columns.caps(results))
        edits += owners.listed("caps", caps)
        said += problems
    if any(map(is_mapping, loaded.source.sheets)):
        from salesplan.fill.planner_columns import into_theirs

        asked, problems = into_theirs(loaded, results, owners, stay)
        edits += asked
        said += problems
    if "changes" in loaded.tables:
        before = columns.drafts(loaded.plan, results, loaded.lang)
        edits += fill_blank(loaded.tables["changes"], table("changes"), "before", before)
    if names is not None:
        edits += owners.shown(names)
    return Filled(Edits(tuple(edits)), tuple(said), owners, held)


def names_in(loaded: Loaded, memory: Memory) -> Names | None:
    """The master's columns for reading, where a table of it has any."""
    if not any(_shows_names(key, found) for key, found in loaded.tables.items()):
        return None
    from salesplan.fill.name_columns import Names

    return Names(loaded, memory)


def _shows_names(key: str, found: FoundTable) -> bool:
    return any(column.key in found.columns for column in table(key).shown_columns)


def changes(loaded: Loaded, done: Filled, findings: Sequence[Finding]) -> ChangeSet:
    """Every cell that must change for the master to say what was filled and what was found."""
    edits, owners = list(done.edits.parts), done.owners.copy()
    said = worst_first([*findings, *done.findings])
    if "checks" in loaded.tables:
        rows, links = _checks(said, loaded.lang)
        found, problems = fill_listed(loaded.tables["checks"], table("checks"), rows, links)
        edits += owners.listed("checks", found, catalogue())
        said = worst_first([*said, *problems])
    return ChangeSet(Edits(tuple(edits)), tuple(said), owners)


def _no_goals(loaded: Loaded) -> bool:
    """Whether the column of the company's goals is gone, which is no error of a new plan."""
    return "kpis" in loaded.tables and "target" not in loaded.tables["kpis"].columns


def _checks(findings: Sequence[Finding], lang: str) -> tuple[list[Row], list[Link | None]]:
    rows: list[Row] = []
    links: list[Link | None] = []
    for finding in findings:
        place = finding.place
        rows.append(
            {
                "severity": SEVERITY_NAMES[severity(finding)].of(lang),
                "code": finding.code,
                "place": str(place) if place.sheet else "",
                "problem": text(finding, lang),
                "fix": fix(finding, lang),
            }
        )
        links.append((place.sheet, place.cell) if place.sheet else None)
    if not rows:
        rows.append(
            {
                "severity": SEVERITY_NAMES[Severity.NOTE].of(lang),
                "problem": either(lang, "没有发现问题。", "Nothing was found."),
            }
        )
    return rows, links
