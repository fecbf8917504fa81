"""A plan begun: from a few answers, and from a list of people as personnel keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import usable_folder
from salesplan.app.rolling import is_master
from salesplan.dataclass import replace
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.plan.adopt.roster import Member, Roster
    from salesplan.template.starting import Start
    from salesplan.template.story.values import Row
    from salesplan.workbook.read.cells import CellValue, Grid


def start(path: Path, answers: Start, *, force: bool = False) -> None:
    """Write the master that the answers describe, in one step. Raises SalesplanError (exit 2) if
    something is there already: a plan is replaced only with ``force``.
    """
    from salesplan.template import write_started
    from salesplan.workbook.save.destination import placing
    from salesplan.workbook.save.guards import named_causes

    usable_folder(path.parent)
    with named_causes(path), placing(path, None, force=force) as temp:
        write_started(temp, answers)


def free_for(path: Path, *, force: bool = False) -> None:
    """Raise SalesplanError (exit 2) where a new master may not be put, before anybody is asked."""
    from salesplan.workbook.save.destination import may_write

    may_write(path, None, force=force)


def people_of(path: Path, first_day: date, *, company: str = "", lang: str = "en") -> Roster:
    """The organisation in a list of people: a workbook, or a text with separators.

    Raises SalesplanError: exit 4 where it cannot be read, exit 1 ``roster-nothing`` where it has no
    list of people, with what was seen, and ``roster-is-master`` where it is a plan already.
    """
    from salesplan.plan.adopt.roster import roster_of

    if is_master(path):
        raise SalesplanError(Finding.of("roster-is-master", Place(path.name), file=path.name), 1)
    grids = _grids(path)
    found = roster_of(grids, path.name, first_day, company, lang)
    if found is None or not found.people:
        raise SalesplanError(_nothing(path, grids), 1)
    if not _shares(found.members):
        return found
    by_heads = Finding.of("roster-by-heads", Place(path.name))
    return replace(found, findings=(*found.findings, by_heads))


def rows_of(roster: Roster, company_code: str) -> tuple[Row, ...]:
    """The units of a list as rows of the organisation, below the company. Who leads others has no
    target; groups of different size have shares by their heads.
    """
    shares = _shares(roster.members)
    return tuple(
        {
            "code": one.code,
            "name": one.name,
            "level": one.level,
            "parent": one.parent or company_code,
            "manager": one.manager or None,
            "email": one.email or None,
            "coefficient": 0 if one.leads else shares.get(one.code),
            "joined": one.joined,
            "left": one.left,
            "region": one.region or None,
        }
        for one in roster.members
    )


def _shares(members: Sequence[Member]) -> Mapping[str, Decimal]:
    """The share of each unit whose group is larger or smaller than those beside it: by the people
    below that carry a target, in tenths of a percent that make 100 %.
    """
    from salesplan.engine.exact.rounding import largest_remainder

    heads = _heads(members)
    beside: dict[str, list[Member]] = {}
    for one in members:
        if not one.leads:
            beside.setdefault(one.parent, []).append(one)
    found: dict[str, Decimal] = {}
    for siblings in beside.values():
        weights = [heads[one.code] for one in siblings]
        if len(set(weights)) > 1:
            parts = largest_remainder(1000, weights)
            shares = [Decimal(part) / 1000 for part in parts]
            found |= dict(zip((one.code for one in siblings), shares, strict=True))
    return found


def _heads(members: Sequence[Member]) -> Mapping[str, int]:
    """How many people with a target are in each unit; parents stand before their children."""
    from salesplan.plan.model import Level

    counts = {one.code: int(one.level is Level.PERSON and not one.leads) for one in members}
    for one in reversed(members):
        if one.parent:
            counts[one.parent] += counts[one.code]
    return counts


def _grids(path: Path) -> Mapping[str, Grid]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from salesplan.workbook.read.cells import read_grids
        from salesplan.workbook.zip.package import open_package

        with open_package(path) as package:
            return read_grids(package)
    from salesplan.plan.sources.packed import unpacked
    from salesplan.plan.sources.sheets import SUFFIXES, pages_of
    from salesplan.workbook.read.cells import Grid

    if path.suffix.lower() in SUFFIXES:
        return {title: Grid(title, _even(rows)) for title, rows in pages_of(path).items()}
    return {name.stem: Grid(name.stem, _records(name, raw)) for name, raw in unpacked(path)}


def _records(path: Path, raw: bytes) -> Sequence[Sequence[CellValue]]:
    """The fields of a text, parted by what makes the most of them."""
    import csv
    import io

    from salesplan.plan.sources.delimited import DELIMITERS, read_text

    text = read_text(path, raw)
    try:
        ways = [list(csv.reader(io.StringIO(text), delimiter=one)) for one in DELIMITERS]
    except csv.Error as error:
        finding = Finding.of(
            "import-unreadable", Place(str(path)), name=path.name, cause=str(error)
        )
        raise SalesplanError(finding, 4) from error
    return _even(max(ways, key=lambda rows: sum(map(len, rows))))


def _even(rows: Sequence[Sequence[object]]) -> Sequence[Sequence[CellValue]]:
    """The rows, all as long as the longest, blank texts as nothing."""
    width = max(map(len, rows), default=0)
    return [[*map(_cell, row), *[None] * (width - len(row))] for row in rows]


def _cell(value: object) -> CellValue:
    if isinstance(value, str):
        return value.strip().lstrip("\ufeff") or None
    return value if isinstance(value, (bool, int, float, date)) else None


def _nothing(path: Path, grids: Mapping[str, Grid]) -> Finding:
    """What was seen where no list was found: each sheet with its first texts."""
    seen = []
    for name, grid in grids.items():
        row = next((row for row in grid.rows if any(row)), ())
        texts = [str(one) for one in row if one not in (None, "")]
        seen.append(f"{name}: {', '.join(texts[:6]) or '—'}")
    return Finding.of(
        "roster-nothing", Place(path.name), file=path.name, seen=tuple(seen) or ("—",)
    )
