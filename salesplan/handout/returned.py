"""Reading what came back: handouts, and what was typed into a report, line by line with its key,
nothing taken on trust.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.handout.form import KIND, MEETINGS, STAMP_SHEET, TAKEN, TITLES, VERSION, Stamp
from salesplan.plan.forms import BASE_HEADER, ISSUE_INPUTS, KEY_HEADER, canonical, read_base
from salesplan.plan.parse import parse
from salesplan.plan.parse_text import NOTHING, Bad, Reading, as_text
from salesplan.plan.schema import table
from salesplan.report.texts.words import all_texts
from salesplan.workbook.read.cells import Grid, read_grids
from salesplan.workbook.read.listobjects import objects_by_sheet
from salesplan.workbook.read.tables import FoundTable, Wanted, find_tables
from salesplan.workbook.zip.package import open_package

RATE = ("numerator", "denominator")
"""The two cells of 实绩 that say a rate together."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell that says something else than when it was handed out."""

    table: str
    key: str
    column: str
    base: str
    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class Returned:
    """What one file brought back. ``stamp`` is None for a report."""

    path: Path
    stamp: Stamp | None
    typed: tuple[Typed, ...]
    findings: tuple[Finding, ...]


def read_returned(path: Path, reading: Reading = NOTHING) -> Returned:
    """A handout or a report, read as the master is: ``reading`` is what its settings say of ¥1900
    and 6月.

    Raises SalesplanError (exit 4): returned-unknown-file for a workbook that is neither,
    returned-version for a handout of another version, otherwise as :func:`open_package`.
    """
    with open_package(path) as package:
        grids = read_grids(package)
        stamp = _stamp(grids.get(STAMP_SHEET), path)
        wanted = _handout_tables() if stamp else (_report_table(),)
        asked = {name: grid for name, grid in grids.items() if name != STAMP_SHEET}
        found, odd = find_tables(asked, objects_by_sheet(package, asked), wanted)
    if stamp is None and not found:
        raise SalesplanError(
            Finding.of("returned-unknown-file", Place(path.name), file=path.name), 4
        )
    reader = _Reader(path, stamp, reading)
    for key, one in found.items():
        reader.read(key, one)
    reader.missing()
    findings = [replace(one, place=replace(one.place, workbook=path.name)) for one in odd]
    return Returned(path, stamp, tuple(reader.typed), (*findings, *reader.findings))


def typed_in_report(path: Path, reading: Reading = NOTHING) -> tuple[Typed, ...]:
    """What was typed into the report at ``path`` since it was made, also what cannot be taken back
    as it stands (as text).

    Nothing where it is no report that can be read.
    """
    try:
        with open_package(path) as package:
            names = [name for name in _report_table().sheets if package.sheet(name) is not None]
            found, _ = (
                find_tables(
                    read_grids(package, names), objects_by_sheet(package, names), (_report_table(),)
                )
                if names
                else ({}, [])
            )
    except SalesplanError:
        return ()
    reader = _Reader(path, None, reading, as_it_stands=True)
    for key, one in found.items():
        reader.read(key, one)
    added = (
        Typed("issues", "", "cause", "", None, one.place)
        for one in reader.findings
        if one.code == "returned-row-added"
    )
    return (*reader.typed, *added)


def _handout_tables() -> tuple[Wanted, ...]:
    hidden = {"key": (KEY_HEADER,), "base": (BASE_HEADER,)}
    found = []
    for key, names in TAKEN.items():
        found.append(
            Wanted(
                key,
                TITLES[key],
                {**{name: table(key).column(name).headers for name in names}, **hidden},
                frozenset(hidden),
            )
        )
    return tuple(found)


OLDER_SHEET = "Problems"
"""What older English reports call the sheet of issues."""


def _report_table() -> Wanted:
    texts = all_texts()
    columns = {
        name: (*texts[f"problem_{name}"], *table("issues").column(name).headers)
        for name in ISSUE_INPUTS
    }
    return Wanted(
        "issues",
        (*texts["sheet_problems"], OLDER_SHEET),
        {**columns, "key": texts["problem_key"], "base": (BASE_HEADER,)},
        frozenset({"key", "base"}),
    )


def _stamp(grid: Grid | None, path: Path) -> Stamp | None:
    if grid is None:
        return None
    rows = [
        (str(row[0]), str(row[1]))
        for row in grid.rows
        if len(row) > 1 and row[0] is not None and row[1] is not None
    ]
    facts = {name: value for name, value in rows if not name.startswith("key:")}
    if facts.get("kind") not in (KIND, *MEETINGS) or facts.get("version") != str(VERSION):
        raise SalesplanError(
            Finding.of(
                "returned-version",
                Place(path.name),
                file=path.name,
                version=facts.get("version", "—"),
                known=str(VERSION),
            ),
            4,
        )
    keys = {}
    for key in TAKEN:
        keys[key] = frozenset(value for name, value in rows if name == f"key:{key}")
    return Stamp(
        facts["kind"],
        facts["version"],
        facts.get("month", ""),
        facts.get("unit", ""),
        facts.get("master", ""),
        facts.get("sha256", ""),
        facts.get("company", ""),
        keys,
    )


Line = tuple[int, object, object]
"""A row of a returned table: its number, its key, its base."""


def _of_the_table(lines: list[Line], head: int) -> list[Line]:
    """The lines up to the first two blank rows behind the last that we wrote, or behind the
    heads (in the row ``head``): what stands below them on the sheet is another table. A row of
    somebody's own stands right below ours, or below the line that counts what is not listed.
    """
    ours = [index for index, (_, _, base) in enumerate(lines) if base is not None]
    end = ours[-1] + 1 if ours else 0
    last = lines[end - 1][0] if ours else head
    while end < len(lines) and lines[end][0] <= last + 2:
        last = lines[end][0]
        end += 1
    return lines[:end]


class _Reader:
    """Lines of one file as they are read; what cannot be taken is a finding at its cell, and read
    ``as_it_stands`` where that is asked for.
    """

    def __init__(
        self, path: Path, stamp: Stamp | None, reading: Reading, *, as_it_stands: bool = False
    ) -> None:
        self.path, self.stamp, self.reading = path, stamp, reading
        self.as_it_stands = as_it_stands
        self.typed: list[Typed] = []
        self.findings: list[Finding] = []
        self.seen: dict[str, set[str]] = {}
        self.strange: dict[str, list[Place]] = {}
        """By table the rows whose hidden ID is none that was handed out."""

    def read(self, key: str, found: FoundTable) -> None:
        """Read one table's lines: what was typed, and what of it cannot be taken."""
        names = ISSUE_INPUTS if key == "issues" else TAKEN[key]
        lacking = [name for name in names if name not in found.columns]
        for name in lacking:
            place = Place(self.path.name, found.sheet, f"{found.span[0]}{found.header_row}")
            self.findings.append(
                Finding.of("returned-column-gone", place, column=table(key).column(name))
            )
        lines = _of_the_table(
            list(zip(found.row_numbers, found.column("key"), found.column("base"), strict=True)),
            found.header_row,
        )
        counts: dict[str, int] = {}
        for _, line_key, _ in lines:
            counts[str(line_key)] = counts.get(str(line_key), 0) + 1
        cells = {name: found.column(name) for name in names if name in found.columns}
        for index, (row, line_key, base_cell) in enumerate(lines):
            place = Place(self.path.name, found.sheet, f"{found.span[0]}{row}")
            line = self._line(
                key, str(line_key) if line_key is not None else "", base_cell, names, place, counts
            )
            if line is not None:
                self._cells(
                    key, line, {name: column[index] for name, column in cells.items()}, found, row
                )

    def _line(
        self,
        key: str,
        line_key: str,
        base_cell: object,
        names: Sequence[str],
        place: Place,
        counts: Mapping[str, int],
    ) -> tuple[str, Mapping[str, str]] | None:
        base = read_base(base_cell, names)
        if not line_key and base_cell is None:
            self.findings.append(Finding.of("returned-row-added", place))
            return None
        if (
            base is None
            or base[0] != line_key
            or (self.stamp and line_key not in self.stamp.keys[key])
        ):
            self.strange.setdefault(key, []).append(place)
            return None
        self.seen.setdefault(key, set()).add(line_key)
        if counts[line_key] > 1:
            self.findings.append(Finding.of("returned-id-twice", place))
            return None
        return base

    def _cells(
        self,
        key: str,
        line: tuple[str, Mapping[str, str]],
        cells: Mapping[str, object],
        found: FoundTable,
        row: int,
    ) -> None:
        values: dict[str, object] = {}
        typed: list[Typed] = []
        for name, cell in cells.items():
            column = table(key).column(name)
            place = Place(self.path.name, found.sheet, f"{found.columns[name]}{row}")
            value = parse(cell, column, self.reading)  # type: ignore[arg-type]
            if isinstance(value, Bad):
                self.findings.append(value.at(place, column))
                if value.broken and not self.as_it_stands:
                    continue
                value = as_text(cell) if value.broken else value.value
            values[name] = value
            if canonical(value) != line[1][name]:
                typed.append(Typed(key, line[0], name, line[1][name], value, place))
        self.typed += typed if self.as_it_stands else self._whole(typed, values, cells)

    def _whole(
        self, typed: list[Typed], values: Mapping[str, object], cells: Container[str]
    ) -> list[Typed]:
        """What was typed in a line, without half a rate: a numerator alone says none, and is most
        likely the rate itself. ``values`` are those that could be read of its ``cells``.
        """
        halves = [one for one in typed if one.column in RATE]
        asked = [name for name in RATE if name in cells]
        filled = [name for name in asked if values.get(name) is not None]
        if not halves or len(filled) in (0, len(asked)):
            return typed
        if all(name in values for name in asked):  # else what cannot be read is said
            place = next((one.place for one in halves if one.column in filled), halves[0].place)
            column = table("actuals").column(filled[0])
            self.findings.append(Finding.of("returned-half-rate", place, column=column))
        return [one for one in typed if one not in halves]

    def missing(self) -> None:
        """Lines that were handed out and did not come back: nothing is done about them, but it is
        said. Of one row with a changed ID and one that is missing, they are the same.
        """
        keys_of = self.stamp.keys if self.stamp else {}
        for key in dict.fromkeys((*keys_of, *self.strange)):
            gone = sorted(keys_of.get(key, frozenset()) - self.seen.get(key, set()))
            strange = self.strange.get(key, [])
            same = len(strange) == len(gone) == 1
            for place in strange:
                meant = gone[0] if same else ""
                self.findings.append(Finding.of("returned-id-changed", place, key=meant))
            if gone and not same:
                self.findings.append(
                    Finding.of(
                        "returned-rows-gone",
                        Place(self.path.name),
                        file=self.path.name,
                        sheet=TITLES[key][0],
                        count=len(gone),
                        keys=gone[:5],
                    )
                )
