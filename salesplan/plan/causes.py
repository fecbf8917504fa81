"""Which finding follows from which: 80 万 in 设置 is the cause, the reserve that is missing its
consequence.

A consequence is of a kind that a mistake of reading can bring about by itself: a sum of a table
of which a row was not read, a rule of a setting that was not read. Where the cell that it depends
on was read there is no cause, and the finding stands by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place
from salesplan.plan.model import Settings
from salesplan.workbook.read.tables import FoundTable

OF_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "amount-unit-mixed": ("amount_unit",),
    "reserve-missing": ("budget_total", "reserve_share"),
}
"""Codes of findings, and the settings of which one that is not read brings them about."""

OF_TABLES: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "capacity-beyond-best": (
        ("units", frozenset({"code", "level", "parent", "coefficient", "joined", "left"})),
        ("kpis", frozenset({"code", "kind", "target"})),
        ("seasonality", frozenset({"kpi", "month", "history1", "history2", "history3"})),
    ),
    "change-handover-nobody": (
        (
            "units",
            frozenset({"code", "level", "parent", "coefficient", "joined", "left", "ramp_up"}),
        ),
    ),
    "coefficient-coverage": (("units", frozenset({"code", "level", "parent", "coefficient"})),),
    "reserve-missing": (("category_shares", frozenset({"name", "share"})),),
    "season-year-incomplete": (
        ("seasonality", frozenset({"kpi", "month", "history1", "history2", "history3"})),
    ),
    "target-rates-differ": (("targets", frozenset({"kpi", "unit"})),),
    "weight-sum": (("kpis", frozenset({"code", "kind", "weight"})),),
}
"""Codes of findings, and the tables and columns of which a cell that is not read brings them about.
"""

_KPI_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kpis": ("code", "name"),
    "seasonality": ("kpi",),
    "targets": ("kpi",),
}
"""Tables whose rows are each of one KPI, and the columns that say of which."""

OF_MISSING: Mapping[str, tuple[str, str]] = {
    "change-handover-nobody": ("units", "parent"),
    "unit-without-parent": ("units", "parent"),
}
"""Codes of findings, and the column of a table whose absence brings them about."""


def traced(
    findings: Iterable[Finding],
    errors: Iterable[Finding],
    tables: Mapping[str, FoundTable],
    settings: Settings,
) -> Iterator[Finding]:
    """The findings, those that follow from one of the ``errors`` with that one's cell as their
    cause.
    """
    unread = [one for one in errors if one.code not in (*OF_SETTINGS, *OF_TABLES)]
    places = {one.place for one in unread}
    for finding in findings:
        cause = next(_causes(finding, places, unread, tables, settings), None)
        follows = cause is not None and finding.place != cause
        yield replace(finding, cause=cause) if follows else finding


def _causes(
    finding: Finding,
    places: set[Place],
    unread: Sequence[Finding],
    tables: Mapping[str, FoundTable],
    settings: Settings,
) -> Iterator[Place]:
    code, named = finding.code, _names_of(finding, tables.get("kpis"))
    for key in OF_SETTINGS.get(code, ()):
        if key in settings.broken and settings.places.get(key) in places:
            yield settings.places[key]
    if code in OF_MISSING:
        key, column = OF_MISSING[code]
        found = tables.get(key)
        if found is not None and column not in found.columns:
            yield from (one.place for one in unread if _is_head(one, found))
    for key, columns in OF_TABLES.get(code, ()):
        found = tables.get(key)
        if found is not None:
            for one in unread:
                here = _stands_in(one.place, found, columns)
                if here and not _of_another(one.place, key, found, named):
                    yield one.place


def _names_of(finding: Finding, kpis: FoundTable | None) -> frozenset[str]:
    """What the KPI that a finding is about is called: its code and its name; none where it is about
    no single one.
    """
    said = finding.params.get("kpi")
    if not isinstance(said, str) or kpis is None:
        return frozenset()
    rows = (_texts_at(kpis, "kpis", at) for at in range(len(kpis.row_numbers)))
    return frozenset({said}).union(*(names for names in rows if said in names))


def _of_another(place: Place, key: str, found: FoundTable, named: frozenset[str]) -> bool:
    """Whether a cell stands in the row of another KPI than the one of these names."""
    rows, row = list(found.row_numbers), _row(place.cell)
    if not named or key not in _KPI_COLUMNS or row not in rows:
        return False
    said = _texts_at(found, key, rows.index(row))
    return bool(said) and named.isdisjoint(said)


def _texts_at(found: FoundTable, key: str, at: int) -> frozenset[str]:
    columns = (found.column(one)[at] for one in _KPI_COLUMNS[key] if one in found.columns)
    return frozenset(str(one).strip() for one in columns if one not in (None, ""))


def _is_head(finding: Finding, found: FoundTable) -> bool:
    """Whether a finding says that the table lacks a column."""
    return finding.code == "column-missing" and finding.place.sheet == found.sheet


def _stands_in(place: Place, found: FoundTable, columns: frozenset[str]) -> bool:
    letters, row = place.cell.rstrip("0123456789"), _row(place.cell)
    return (
        place.sheet == found.sheet
        and found.header_row < row <= found.last_row
        and letters in {found.columns[key] for key in columns if key in found.columns}
    )


def _row(cell: str) -> int:
    return int(cell[len(cell.rstrip("0123456789")) :] or 0)
