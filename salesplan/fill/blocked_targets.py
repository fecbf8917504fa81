"""Filled targets that an error stands in the way of: they stay as they are.

A mistyped cell says nothing about the targets that were filled from it, so it does not blank them,
and moves nobody's. Two kinds of errors, each with the KPIs and units that its cell bears on:

- what the targets follow from was not read, or hangs together wrongly (``12万`` as a goal, a kind
  that there is none of, a parent that is gone): all targets it bears on stay;
- what was read cannot be broken down: those stay that would be blanked.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from salesplan.dataclass import dataclass, replace
from salesplan.fill.rows import Row
from salesplan.findings import Finding, Place, Severity
from salesplan.messages import severity
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import table
from salesplan.workbook.read.tables import FoundTable

LEFT, NO_COLUMN = "targets-left", "targets-column-missing"

_READ: Mapping[str, frozenset[str]] = {
    "units": frozenset(
        {"code", "level", "parent", "coefficient", "hedge", "joined", "left", "ramp_up", "overlay"}
    ),
    "kpis": frozenset(
        {"code", "kind", "direction", "unit", "smallest_unit", "numerator", "denominator"}
        | {"target", "base", "basis", "percent_basis"}
    ),
    "seasonality": frozenset({"kpi", "month", "history1", "history2", "history3", "manual_weight"}),
    "targets": frozenset(c.key for c in table("targets").columns if c.key != "reason"),
    "changes": frozenset({"subject", "field", "before", "after", "effective", "status"}),
    "calendar": frozenset({"day", "working"}),
}
"""Of each table that targets follow from, the columns that they follow from."""

_SETTINGS = frozenset({"year", "fiscal_start", "country", "amount_unit"})

_APART = frozenset(
    {
        "unit-orphan",
        "unit-cycle",
        "unit-without-parent",
        "no-company",
        "several-companies",
        "left-before-joined",
        "share-as-number",
        "close-edited",
        "close-log-unreadable",
        "close-log-gap",
        "close-unit-renamed",
        "season-weight-negative",
        "season-weights-over",
        "season-weights-zero",
    }
)
"""What was read, and would still move targets that nobody meant to move."""

_FIGURES = (
    "base_year",
    "year",
    *(f"month{month}" for month in range(1, 13)),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What an error bears on: ``kpis`` and ``units`` (None: all of them); ``whole`` where all
    those targets stay, else those that would be blanked.
    """

    error: Finding
    kpis: Container[str] | None
    units: Container[str] | None
    whole: bool

    def bears_on(self, kpi: str, unit: str) -> bool:
        """Whether it bears on the KPI's target of the unit."""
        of_kpi = self.kpis is None or kpi in self.kpis
        return of_kpi and (self.units is None or unit in self.units)


@dataclass(frozen=True, slots=True)
class Left:
    """The values of the rows of 目标分解, without those that stay, and what is said of them."""

    existing: Mapping[int, Row]
    added: Sequence[Row]
    findings: tuple[Finding, ...] = ()
    stay: frozenset[tuple[str, str]] = frozenset()
    """The KPI and the unit of the rows that stay as they are."""


def left(
    loaded: Loaded, others: Iterable[Finding], existing: Mapping[int, Row], added: Sequence[Row]
) -> Left:
    """Of what the targets' rows would be filled with, that which no error stands in the way of:
    none of reading, and none of the ``others``.
    """
    found = loaded.tables["targets"]
    filled = list(_filled(found))
    if not filled:
        return Left(existing, added)
    tell = _Reaches(loaded)
    unread = [one for one in loaded.findings if severity(one) is Severity.ERROR]
    reaches = [*tell.of(unread, unread=True), *tell.of(others, unread=False)]
    said: dict[Place, Finding] = {}
    missing = _no_goals(loaded, existing, filled)
    if missing is not None:
        said[missing.place] = missing
        reaches.append(Reach(missing, None, None, whole=True))
    rows, kept = dict(existing), dict[Place, list[_Filled]]()
    for row in filled:
        for reach in reaches:
            if reach.bears_on(row.kpi, row.unit) and (reach.whole or row.blanked(existing)):
                rows[row.number] = {}
                kept.setdefault(reach.error.place, []).append(row)
                break
    if not kept:
        return Left(existing, added)
    whole = [one for one in reaches if one.whole]
    known = {str(row["kpi"]) for row in added} & set(_kpis(filled))
    more = [row for row in added if row["kpi"] not in known or not _borne_on(row, whole)]
    told = [_told(loaded, found, place, group) for place, group in kept.items()]
    stay = frozenset((row.kpi, row.unit) for row in chain.from_iterable(kept.values()))
    return Left(rows, more, (*said.values(), *told), stay)


@dataclass(frozen=True, slots=True)
class _Filled:
    """A row with figures: whose it is, and where it stands."""

    number: int
    kpi: str
    unit: str

    def blanked(self, existing: Mapping[int, Row]) -> bool:
        """Whether its figures would go."""
        values = existing.get(self.number, {})
        return all(values.get(key) is None for key in _FIGURES)


def _filled(found: FoundTable) -> Iterator[_Filled]:
    named = [_texts(found, key) for key in ("kpi", "unit")]
    figures = [found.column(key) for key in _FIGURES if key in found.columns]
    for at, number in enumerate(found.row_numbers):
        if any(one[at] not in (None, "") for one in figures):
            yield _Filled(number, named[0][at], named[1][at])


def _texts(found: FoundTable, key: str) -> list[str]:
    return ["" if one is None else str(one).strip() for one in found.column(key)]


def _no_goals(
    loaded: Loaded, existing: Mapping[int, Row], filled: Sequence[_Filled]
) -> Finding | None:
    """That the goals' column is gone, and with it figures would go."""
    kpis = loaded.tables.get("kpis")
    if kpis is None or "target" in kpis.columns:
        return None
    gone = sum(row.blanked(existing) for row in filled)
    if not gone:
        return None
    place = Place(loaded.path.name, kpis.sheet, f"{kpis.span[0]}{kpis.header_row}")
    return Finding.of(
        NO_COLUMN, place, sheet=kpis.sheet, column=table("kpis").column("target"), count=gone
    )


def _told(loaded: Loaded, found: FoundTable, cause: Place, rows: Sequence[_Filled]) -> Finding:
    key = next((key for key in ("year", "month1") if key in found.columns), "kpi")
    place = Place(loaded.path.name, found.sheet, f"{found.columns[key]}{rows[0].number}")
    return replace(Finding.of(LEFT, place, count=len(rows), kpis=_kpis(rows)), cause=cause)


def _kpis(rows: Iterable[_Filled]) -> list[str]:
    """Their KPIs, each once."""
    return list(dict.fromkeys(row.kpi for row in rows))


def _borne_on(row: Row, reaches: Iterable[Reach]) -> bool:
    return any(one.bears_on(str(row["kpi"]), str(row["unit"])) for one in reaches)


class _Reaches:
    """Tells of an error's cell which KPIs and units it bears on."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.tables: dict[str, list[str]] = {}
        for key, found in loaded.tables.items():
            self.tables.setdefault(found.sheet, []).append(key)

    def of(self, errors: Iterable[Finding], *, unread: bool) -> Iterator[Reach]:
        """What each of the errors bears on; those that bear on no target are left out. ``unread``:
        they say what could not be read.
        """
        for error in errors:
            reach = self._reach(error, unread)
            if reach is not None:
                yield reach

    def _reach(self, error: Finding, unread: bool) -> Reach | None:
        settings = self.loaded.plan.settings
        for key, place in settings.places.items():
            if place == error.place:
                return self._all(error, unread) if key in _SETTINGS else None
        letters = error.place.cell.rstrip("0123456789")
        row = int(error.place.cell[len(letters) :] or 0)
        keys = self.tables.get(error.place.sheet, ())
        for key in keys:
            numbers = self.loaded.tables[key].row_numbers
            if row in numbers:
                return self._of_row(error, key, letters, list(numbers).index(row), unread)
        if error.code == "sheet-missing" or _READ.keys() & set(keys):
            return self._all(error, unread)
        return self._all(error, unread) if error.code in _APART else None

    @staticmethod
    def _all(error: Finding, unread: bool) -> Reach:
        return Reach(error, None, None, unread or error.code in _APART)

    def _of_row(
        self, error: Finding, key: str, letters: str, at: int, unread: bool
    ) -> Reach | None:
        found, apart = self.loaded.tables[key], error.code in _APART
        if key not in _READ:
            return self._all(error, unread) if apart else None
        read = letters in {found.columns.get(one) for one in _READ[key]}
        if unread and not (read or apart):
            return None
        if key == "changes":
            # A new line was no part of what was filled: without effect it moves nothing.
            return self._all(error, unread) if unread and _texts(found, "in_force")[at] else None
        kpi = "code" if key == "kpis" else "kpi"
        unit = "code" if key == "units" else "unit"
        kpis = self._kpis(_texts(found, kpi)[at]) if key not in ("units", "calendar") else None
        units = self._units(_texts(found, unit)[at]) if key in ("units", "targets") else None
        return Reach(error, kpis, units, unread or apart)

    def _kpis(self, name: str) -> Container[str] | None:
        """The KPI of that name and those that are weighted by it; None for all, without a name."""
        if not name:
            return None
        index = self.loaded.plan.kpi_index
        named = {name, *(one.code for one in index.meant(name))}
        rates = [
            one.code
            for one in self.loaded.plan.kpis
            if one.numerator in named or one.denominator in named
        ]
        return {*named, *rates}

    def _units(self, name: str) -> Container[str] | None:
        """Everybody who shares with the unit: all below its parent; None for everybody."""
        plan = self.loaded.plan
        unit = plan.unit_by_code.get(name)
        if unit is None or unit.parent not in {one.code for _, one in plan.walk()}:
            return None  # also in a circle, which is never reached
        return {one.code for _, one in plan.walk(unit.parent)}
