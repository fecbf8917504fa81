"""Plans beyond the user's limits, refused by name before anything is computed."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from salesplan.config import Limits
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Plan, Unit
from salesplan.workbook.zip.package import Package, SheetPart

_LEAST_ROW = 30
"""Bytes that a row with two values has at least."""
_OVERLAP = 16
"""Bytes of a piece that may be the beginning of what the next one goes on with."""

_UNSAFE = 4
"""The exit code of what is beyond a limit."""


def refuse_beyond(plan: Plan, limits: Limits, workbook: str) -> None:
    """Raise SalesplanError (exit 4) for an organisation deeper than ``max_depth``, or more targets
    than ``max_target_rows``.

    Targets are one for each KPI and each unit of its levels: 目标分解 gets a row for each.
    """
    unit, depth = deepest(plan)
    if unit is not None and depth > limits.max_depth:
        raise SalesplanError(
            Finding.of(
                "organization-too-deep",
                unit.origin.place("parent"),
                unit=unit.name or unit.code,
                depth=depth,
                limit=limits.max_depth,
                setting="limits.max_depth",
            ),
            _UNSAFE,
        )
    at_level = Counter(unit.level for unit in plan.units)
    levels = chain.from_iterable(kpi.levels for kpi in plan.kpis)
    rows = sum(at_level[level] for level in levels)
    if rows > limits.max_target_rows:
        raise SalesplanError(
            Finding.of(
                "targets-too-many",
                plan.kpis[0].origin.place("levels") if plan.kpis else Place(workbook),
                rows=rows,
                kpis=len(plan.kpis),
                units=len(plan.units),
                limit=limits.max_target_rows,
                setting="limits.max_target_rows",
            ),
            _UNSAFE,
        )


def refuse_long_sheet(package: Package, part: SheetPart, limits: Limits) -> None:
    """Raise SalesplanError (exit 4) for a sheet of targets with more rows than ``max_target_rows``,
    before its cells are read.

    A row of a target has two codes at least; blank rows that only have a look do not count.
    """
    limit = limits.max_target_rows
    if package.size(part.part) < limit * _LEAST_ROW:
        return
    rows = _count(package, part, b"<row ")
    if rows <= limit:
        return
    found = min(rows, _count(package, part, b"<v>", b"<is>") // 2)
    if found > limit:
        place = Place(package.path.name, part.name)
        raise SalesplanError(
            Finding.of(
                "targets-sheet-too-long",
                place,
                sheet=part.name,
                rows=found,
                limit=limit,
                setting="limits.max_target_rows",
            ),
            _UNSAFE,
        )


def _count(package: Package, part: SheetPart, *tags: bytes) -> int:
    """How many of these tags a sheet has, read piece by piece."""
    count = 0
    rest = b""
    for piece in package.pieces(part.part):
        data = rest + piece
        count += sum(map(data.count, tags))
        rest = data[-_OVERLAP:].rpartition(b">")[2]
    return count


def deepest(plan: Plan) -> tuple[Unit | None, int]:
    """The unit with most units above it, and on which level it stands (a company: 1). A cycle has
    no level.
    """
    depths: dict[str, int] = {}
    found: tuple[Unit | None, int] = (None, 0)
    for unit in plan.units:
        path: list[str] = []
        code: str | None = unit.code
        climbed: set[str] = set()
        while code is not None and code in plan.unit_by_code and code not in depths:
            if code in climbed:
                break
            climbed.add(code)
            path.append(code)
            code = plan.unit_by_code[code].parent
        depth = 0 if code is None else depths.get(code, 0)
        for one in reversed(path):
            depth += 1
            depths[one] = 0 if code in climbed else depth
        if depths[unit.code] > found[1]:
            found = unit, depths[unit.code]
    return found
