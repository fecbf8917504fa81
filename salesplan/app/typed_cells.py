"""What is to be written into a master that was computed, and whose the cells are that a planner
typed in between.

Cells typed where the engine writes are taken over as manual values, left alone, filled again, or
asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, refuse_unless_master
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.fill import Answers, ChangeSet, Edit, Typed, Value
    from salesplan.fill.ownership import Cell
    from salesplan.plan.loader import Loaded, Source
    from salesplan.plan.schema import Column
    from salesplan.workbook.changes import Change


@dataclass(frozen=True, slots=True)
class Widened:
    """A master with the manual columns that its typed figures need and it lacked: what adds them
    (``heads`` by sheet), and it as read with them.
    """

    changes: tuple[Change, ...]
    heads: tuple[tuple[str, str], ...]
    loaded: Loaded


class TypedPolicy(Enum):
    """What becomes of such cells: the run stops (ASK), they hold (KEEP), or the engine fills them
    (REPLACE).
    """

    ASK = "ask"
    KEEP = "keep"
    REPLACE = "replace"


def settled(
    run: Run, again: Callable[[Source, Answers], Run], typed: TypedPolicy, *, dry_run: bool = False
) -> tuple[Run, ChangeSet]:
    """The run as it is once it is said whose the typed cells are, and all that is to be written.

    ``again`` reads and computes the master with other cells or other answers. Raises SalesplanError
    (exit 1) where cells were typed and nothing was said of them (not in a ``dry_run``), or where
    they cannot be kept.
    """
    from salesplan.fill import Answers

    changed = fill(run)
    if not changed.typed:
        return run, changed
    if typed is TypedPolicy.REPLACE:
        run = again(run.loaded.source, Answers(replace=True))
        return run, fill(run)
    if typed is TypedPolicy.KEEP:
        return _kept(run, changed.typed, again)
    if dry_run:
        return run, changed
    raise SalesplanError(_stopped(run, changed), 1)


def fill(run: Run) -> ChangeSet:
    """Every cell of a master that must change for it to say what the run found. Writes nothing.

    Raises SalesplanError (exit 2) master-incomplete for what is hardly a master.
    """
    from salesplan.fill import changes
    from salesplan.messages import worst_first
    from salesplan.plan.stale_results import STALE

    refuse_unless_master(run.loaded)
    # Filling is what makes results old: to write that down would make every second run a change.
    old = [finding for finding in run.findings if finding.code == STALE]
    changed = changes(
        run.loaded, run.filled, [finding for finding in run.findings if finding.code != STALE]
    )
    return replace(changed, findings=tuple(worst_first([*changed.findings, *old])))


def widened(run: Run, recalc_with: str | None = None) -> Widened | None:
    """The master of the file with the columns added into which its typed figures go; None where it
    lacks none.

    Nothing is written into it: a copy is, and read. Raises SalesplanError (exit 1) ``add-no-room``
    where something is in the way.
    """
    from salesplan.fill.additions import missing_columns

    loaded = run.loaded
    wanted: dict[str, set[str]] = {}
    for one in fill(run).typed:
        if one.manual and one.manual not in loaded.tables[one.table].columns:
            wanted.setdefault(one.table, set()).add(one.manual)
    if not wanted:
        return None
    found = missing_columns(loaded, wanted)
    if found.findings:
        raise SalesplanError(found.findings[0], 1)
    return Widened(found.changes, found.heads, with_changes(loaded, found.changes, recalc_with))


def with_changes(
    loaded: Loaded, changes: Sequence[Change], recalc_with: str | None = None
) -> Loaded:
    """The master as it reads with ``changes`` made in it. They are made in a copy; it goes by the
    name and the hash of the file, so that both can be saved at once (``save_patched``'s before).
    """
    from tempfile import TemporaryDirectory

    from salesplan.plan.loader import load
    from salesplan.workbook.patch.patch import patch_workbook
    from salesplan.workbook.soffice import recalculated_copy

    with TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as made:
        copy = Path(made) / loaded.path.name
        patch_workbook(loaded.path, copy, changes, expect_sha256=loaded.sha256)
        computed = recalculated_copy(copy, Path(made)) if recalc_with else None
        again = load(copy, computed, loaded.linking)
    source = replace(again.source, path=loaded.path, sha256=loaded.sha256)
    return replace(again, source=source, path=loaded.path, sha256=loaded.sha256)


def _stopped(run: Run, changed: ChangeSet) -> Finding:
    """One finding for all that was typed, sheet by sheet."""
    from salesplan.fill.ownership import TYPED, UNKNOWN

    first = changed.typed[0]
    code = TYPED if run.loaded.memory.rows else UNKNOWN
    place = Place(run.loaded.path.name, first.sheet, first.cell)
    return Finding.of(code, place, cells=_cells(changed.typed), count=len(changed.typed))


def _kept(
    run: Run, typed: Sequence[Typed], again: Callable[[Source, Answers], Run]
) -> tuple[Run, ChangeSet]:
    from salesplan.fill import Answers, Edits
    from salesplan.plan.schema import table
    from salesplan.workbook.read.cells import NO_RESULT

    _refuse(
        run,
        "typed-formula-without-result",
        [one for one in typed if one.manual and one.value is NO_RESULT],
    )
    listed = [one for one in typed if not table(one.table).identity or one.table == "caps"]
    _refuse(run, "typed-in-list", listed)
    taken = [one for one in typed if one.manual]
    held = [one for one in typed if not one.manual]
    given = _manual_edits(run, taken)
    answers = Answers(taken=_places(taken), held=_places(held))
    second = again(_with(run.loaded.source, given), answers)
    changed = fill(second)
    # A figure that holds is written over its own formula: else the formula would be asked about
    # again.
    made = {(edit.sheet, edit.cell) for edit in changed.edits}
    plain = [_as_value(one) for one in taken if one.formula and (one.sheet, one.cell) not in made]
    return second, replace(changed, edits=Edits((*given, *plain, *changed.edits.parts)))


def _manual_edits(run: Run, taken: Sequence[Typed]) -> list[Edit]:
    """The planner's cells that the typed figures go into. Raises SalesplanError where one has no
    cell to go to, or two would meet.
    """
    from salesplan.fill import Edit
    from salesplan.fill.rows import style_of
    from salesplan.plan.schema import table

    made: dict[Cell, Edit] = {}
    unreadable, twice = [], []
    based = {(one.table, one.row) for one in taken if one.column.key == "base_year"}
    for one in taken:
        if one.column.key == "year" and (one.table, one.row) in based:
            continue  # the base is what is typed; what is issued follows from it
        found, column = run.loaded.tables[one.table], table(one.table).column(one.manual)
        if one.manual not in found.columns:
            _refuse(run, "typed-column-missing", [one], sheet=one.sheet, column=column)
        old = found.value(one.manual, one.row)
        cell, new = (one.sheet, f"{found.columns[one.manual]}{one.row}"), _figure(one, column)
        if new is None:
            unreadable.append(one)
            continue
        header, look = found.headers[one.manual], style_of(column)
        edit = Edit(*cell, header, one.label, old, new, None, look)
        if _differ(made[cell].new if cell in made else old, new):
            twice.append(one)
        made.setdefault(cell, edit)
    _refuse(run, "typed-cell-unreadable", unreadable)
    _refuse(run, "typed-cell-twice", twice)
    return [edit for edit in made.values() if edit.old in (None, "")]


def _differ(there: object, figure: object) -> bool:
    """Whether a planner's cell holds another figure already."""
    from salesplan.workbook.memory import canonical

    return canonical(there) not in ("", canonical(figure))


def _figure(one: Typed, column: Column) -> Value:
    """What was typed, as the planner's column would read it; None where it is no figure."""
    from salesplan.plan.parse import Bad, parse

    read = parse(one.value, column)
    if isinstance(read, Bad):
        read = None if read.broken else read.value
    return read if isinstance(read, (int, Decimal)) else None


def _as_value(one: Typed) -> Edit:
    """The result of a formula in place of the formula."""
    from salesplan.fill import Edit
    from salesplan.fill.rows import style_of

    value = Decimal(repr(one.value)) if isinstance(one.value, float) else one.value
    look = style_of(one.column)
    return Edit(one.sheet, one.cell, one.column.zh, one.label, one.value, value, None, look)  # type: ignore[arg-type]


def _with(source: Source, edits: Sequence[Edit]) -> Source:
    """The source with the edits made in its cells."""
    from salesplan.workbook.refs import parse_cell

    grids = dict(source.grids)
    for name in dict.fromkeys(edit.sheet for edit in edits):
        rows = [list(row) for row in grids[name].rows]
        for edit in (edit for edit in edits if edit.sheet == name):
            row, column = parse_cell(edit.cell)
            value = float(edit.new) if isinstance(edit.new, (int, Decimal)) else edit.new
            rows[row - grids[name].first_row][column - 1] = value
        grids[name] = replace(grids[name], rows=rows)
    return replace(source, grids=grids)


def _places(typed: Iterable[Typed]) -> frozenset[Cell]:
    return frozenset((one.sheet, one.cell) for one in typed)


def _cells(typed: Sequence[Typed]) -> str:
    from salesplan.fill.ownership import shown

    sheets: dict[str, list[str]] = {}
    for one in typed:
        sheets.setdefault(one.sheet, []).append(one.cell)
    return "; ".join(shown(sheet, cells) for sheet, cells in sheets.items())


def _refuse(run: Run, code: str, typed: Sequence[Typed], **more: object) -> None:
    """Raises SalesplanError (exit 1) of that code about these cells, if there are any."""
    if typed:
        place = Place(run.loaded.path.name, typed[0].sheet, typed[0].cell)
        raise SalesplanError(Finding.of(code, place, cells=_cells(typed), **more), 1)
