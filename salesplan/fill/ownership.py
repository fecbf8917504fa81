"""Whose an engine cell is: what salesplan wrote there itself, or what a planner typed, which is
theirs.

A cell is ours where it is blank, where it says what it would be filled with now, or where it still
says what the workbook's memory (:mod:`salesplan.workbook.memory`) holds of its row. A row that was
renamed, sorted or copied is ours where all its engine cells together are one that was filled.
Anything else is a planner's, and so is a formula: the run stops until they say what is to become of
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from salesplan.dataclass import dataclass, field, replace
from salesplan.fill.edits import Added, AddedColumn, Edit, Edits, Value
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import Column, Kind, Owner, Table, table
from salesplan.workbook import memory as kept
from salesplan.workbook.changes import CellStyle
from salesplan.workbook.memory import Memory, Remembered, identity, token, tokens
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import column_letters, column_number, parse_cell, rectangles

if TYPE_CHECKING:
    from salesplan.fill.name_columns import Names

Cell = tuple[str, str]
"""A sheet's name and the reference of one of its cells."""

TYPED, UNKNOWN, LEFT = "engine-cells-typed", "engine-cells-unknown", "engine-cells-left"

MANUAL: Mapping[str, Mapping[str, str]] = {
    "targets": {
        "base_year": "manual_year",
        "year": "manual_year",
        **{f"month{i}": f"manual{i}" for i in range(1, 13)},
        **{f"quarter{i}": f"manual_quarter{i}" for i in range(1, 5)},
    },
    "budget": {"granted": "manual_grant"},
}
"""By table, the planner's column in which a figure typed over an engine's is said."""

_TAKEN_INTO_ACCOUNT = frozenset({("issues", "first_month"), ("issues", "code")})
"""Engine columns that are read before they are filled: an earlier month that somebody typed is the
one that is written, and the key of a row whose problem is now stated at another unit moves on.
"""

_MOST_AREAS = 6

_LINE = AddedColumn("", "A", "", CellStyle.GENERAL)
"""The only column of the memory's sheet."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell of an engine column that holds what the engine did not write."""

    table: str
    column: Column
    sheet: str
    cell: str
    row: int
    label: str
    value: CellValue
    formula: bool

    @property
    def manual(self) -> str:
        """The key of the planner's column that can take it, "" where there is none."""
        key = MANUAL.get(self.table, {}).get(self.column.key, "")
        return key if any(column.key == key for column in table(self.table).columns) else ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a planner said of such cells: ``replace`` all, ``taken`` over into planner's cells,
    ``held`` as they are.
    """

    replace: bool = False
    taken: frozenset[Cell] = frozenset()
    held: frozenset[Cell] = frozenset()


@dataclass(slots=True)
class Owners:
    """The engine's cells of one master, told apart table by table; ``lines`` work out what is to
    be remembered of them, where it is.
    """

    loaded: Loaded
    memory: Memory
    answers: Answers = field(default_factory=Answers)
    typed: list[Typed] = field(default_factory=list)
    left: list[Cell] = field(default_factory=list)
    lines: dict[str, Callable[[], dict[str, str]]] = field(default_factory=dict)

    def copy(self) -> Owners:
        """The same, to go on with: what is found further stays out of this one."""
        return replace(self, typed=[*self.typed], left=[*self.left], lines={**self.lines})

    def _lineless(self) -> Owners:
        """The same, as the lines know it: not by what holds them, or a whole run would have to be
        looked for as garbage.
        """
        return replace(self, lines={})

    def apart(
        self,
        key: str,
        edits: Sequence[Edit | Added],
        filled: Mapping[int, Mapping[str, Value]],
    ) -> list[Edit | Added]:
        """Of a table's edits those that may be made. ``filled`` are the values of its rows, as they
        were laid over them.
        """
        rows = _Rows(self.loaded.tables[key], table(key))
        known = self.memory.rows.get(key, {})
        made: list[Edit | Added] = []
        for edit in edits:
            if isinstance(edit, Added):
                made.append(edit)
                continue
            index, column = rows.place(edit)
            where = (edit.sheet, edit.cell)
            if index is None or edit.old in (None, "") or column.owner is Owner.PLANNER:
                made.append(edit)
            elif where in self.answers.held or self._kept(known, rows, index, column, edit):
                self.left.append(where)
            elif self._ours(key, known, rows, index, column, edit):
                made.append(edit)
            else:
                self.typed.append(self._found(key, rows, index, column, edit))
        self.lines[key] = partial(self._lineless()._remembered, key, rows, made, filled)
        return made

    def listed(self, key: str, edits: Sequence[Edit], plausible: Container[str] = ()) -> list[Edit]:
        """The same for a table that the engine owns whole. Its rows are known by what they hold;
        before anything is remembered those whose code is one of the ``plausible`` ones are the
        engine's."""
        rows = _Rows(self.loaded.tables[key], table(key))
        made = []
        for edit in edits:
            index, column = rows.place(edit)
            if (
                index is None
                or edit.old in (None, "")
                or self._row_is_ours(key, rows, index, plausible, edit)
            ):
                made.append(edit)
            else:
                self.typed.append(self._found(key, rows, index, column, edit))
        self.lines[key] = partial(self._lineless()._remembered_list, key, rows, made)
        return made

    def shown(self, names: Names) -> list[Edit]:
        """The edits of the columns for reading that may be made, which are remembered to be the
        engine's.
        """
        made: list[Edit] = []
        held: dict[str, set[str]] = {}
        for key, column, edit in names.edits():
            known, where = self.memory.shown.get(key, kept.Shown()), (edit.sheet, edit.cell)
            if edit.old in (None, "") or self.answers.replace:
                made.append(edit)
            elif where in self.answers.held or known.keeps(edit.old):
                held.setdefault(key, set()).add(token(edit.old))
                self.left.append(where)
            elif known.wrote(edit.old):
                made.append(edit)
            else:
                row, _ = parse_cell(edit.cell)
                found = (edit.sheet, edit.cell, row, edit.row, edit.old)
                self.typed.append(Typed(key, column, *found, formula=False))
        for key in dict.fromkeys((*names.ours, *self.memory.shown)):
            texts = frozenset(map(token, names.texts(key)))
            columns = frozenset(names.ours.get(key, ()))
            now = kept.Shown(columns, texts, frozenset(held.get(key, ())))
            self.lines[f"{key}~"] = partial(now.line, key)
        return made

    def findings(self) -> list[Finding]:
        """What is to be said of each sheet: what was typed there, and what is left alone."""
        said = []
        for sheet in dict.fromkeys(one.sheet for one in self.typed):
            cells = [one.cell for one in self.typed if one.sheet == sheet]
            said.append(self._finding(sheet, cells))
        for sheet in dict.fromkeys(sheet for sheet, _ in self.left):
            cells = [cell for one, cell in self.left if one == sheet]
            said.append(_told(LEFT, self.loaded, sheet, cells))
        return said

    def noted(self) -> Edits:
        """The edits of the memory's own sheet, none where it says already what is to be
        remembered.
        """
        memory, grid = self.memory, self.loaded.source.grids.get(kept.SHEET)
        made = [work_out() for work_out in self.lines.values()]
        wanted: dict[str, str] = {}
        for lines in made:
            wanted |= lines
        if not wanted and not memory.lines:
            return Edits()
        gone = [
            name for name in memory.lines if name not in wanted and _table_of(name) in self.lines
        ]
        texts: dict[int, str | None] = {1: kept.TITLE} | {memory.lines[name]: None for name in gone}
        texts |= {memory.lines[name]: text for name, text in wanted.items() if name in memory.lines}
        olds = {row: grid.value(row, 1) if grid else None for row in texts}
        edits: list[Edit | Added] = [
            Edit(kept.SHEET, f"A{row}", "", "", olds[row], text)
            for row, text in sorted(texts.items())
            if olds[row] != text
        ]
        more = [(text,) for name, text in wanted.items() if name not in memory.lines]
        if more:
            end = max(memory.height, 1) + 1
            edits.append(Added(kept.SHEET, end, (_LINE,), (), more))
        return Edits(tuple(edits))

    def _finding(self, sheet: str, cells: Sequence[str]) -> Finding:
        return _told(TYPED if self.memory.rows else UNKNOWN, self.loaded, sheet, cells)

    def _ours(
        self,
        key: str,
        known: Mapping[str, Remembered],
        rows: _Rows,
        index: int,
        column: Column,
        edit: Edit,
    ) -> bool:
        if self.answers.replace or (edit.sheet, edit.cell) in self.answers.taken:
            return True
        if (key, column.key) in _TAKEN_INTO_ACCOUNT:
            return True
        if self._is_formula(rows, index, column):
            return False
        row = known.get(rows.names[index])
        if row is not None and row.wrote(column.key, edit.old):
            return True
        return self.memory.holds(key, rows.cells(index))

    def _kept(
        self,
        known: Mapping[str, Remembered],
        rows: _Rows,
        index: int,
        column: Column,
        edit: Edit,
    ) -> bool:
        row = known.get(rows.names[index])
        return not self.answers.replace and row is not None and row.keeps(column.key, edit.old)

    def _row_is_ours(
        self, key: str, rows: _Rows, index: int, codes: Container[str], edit: Edit
    ) -> bool:
        if self.answers.replace:
            return True
        cells = rows.cells(index)
        if key in self.memory.rows:
            return self.memory.holds(key, cells)
        return codes != () and (cells.get("code") is None or str(cells["code"]) in codes)

    def _is_formula(self, rows: _Rows, index: int, column: Column) -> bool:
        place = (rows.found.row_numbers[index], column_number(rows.found.columns[column.key]))
        there = self.loaded.source.formulas.get(rows.found.sheet, frozenset())
        return column.kind is not Kind.LINK and place in there

    def _found(self, key: str, rows: _Rows, index: int, column: Column, edit: Edit) -> Typed:
        return Typed(
            key,
            column,
            edit.sheet,
            edit.cell,
            rows.found.row_numbers[index],
            edit.row,
            edit.old,
            self._is_formula(rows, index, column),
        )

    def _remembered(
        self,
        key: str,
        rows: _Rows,
        made: Sequence[Edit | Added],
        filled: Mapping[int, Mapping[str, Value]],
    ) -> dict[str, str]:
        changed = rows.changed(one for one in made if isinstance(one, Edit))
        known = self.memory.rows.get(key, {})
        engine, held = frozenset(rows.engine), bool(self.answers.held)
        said = rows.tokens()
        lines: dict[str, Remembered] = {}
        for index, (number, name) in enumerate(
            zip(rows.found.row_numbers, rows.names, strict=True)
        ):
            was, new, values = known.get(name), changed.get(number), filled.get(number)
            left: frozenset[str] = kept.NONE_KEPT
            if (
                held
                or new
                or values is None
                or (was is not None and was.kept)
                or not engine <= values.keys()
            ):
                line, left = self._line(rows, index, was, new or {}, values)
            else:
                line = said[index]
            lines[name] = Remembered(line, rows.places, left)
        lines |= rows.added(one for one in made if isinstance(one, Added))
        there = {name: one for name, one in lines.items() if one.tokens.strip(".")}
        return kept.written(key, rows.engine, there)

    def _line(
        self,
        rows: _Rows,
        index: int,
        was: Remembered | None,
        new: Mapping[str, Value],
        values: Mapping[str, Value] | None,
    ) -> tuple[str, frozenset[str]]:
        """A row's tokens once its ``new`` cells are written, and the columns that are left as they
        were typed.
        """
        number, said, left = rows.found.row_numbers[index], [], set()
        for column in rows.engine:
            old = rows.stored[column][index]
            where = (rows.found.sheet, f"{rows.found.columns[column]}{number}")
            if column in new:
                said.append(token(new[column]))
            elif where in self.answers.held or (was is not None and was.keeps(column, old)):
                said.append(token(old))
                left.add(column)
            elif values is None or column in values or (was and was.wrote(column, old)):
                said.append(token(old))
            else:
                said.append(kept.BLANK)
        return "".join(said), frozenset(left) if left else kept.NONE_KEPT

    def _remembered_list(self, key: str, rows: _Rows, made: Sequence[Edit]) -> dict[str, str]:
        changed = rows.changed(made)
        places = {number: index for index, number in enumerate(rows.found.row_numbers)}
        lines: dict[str, Remembered] = {}
        for number in sorted({*places, *changed}):
            cells: dict[str, object] = {**rows.cells(places[number])} if number in places else {}
            cells |= changed.get(number, {})
            line = "".join(tokens(cells.get(column) for column in rows.engine))
            if line.strip("."):
                lines[str(len(lines) + 1)] = Remembered(line, rows.places)
        return kept.written(key, rows.engine, lines)


class _Rows:
    """A table's rows as they stand: what identifies each, and what its engine cells hold."""

    def __init__(self, found: FoundTable, schema: Table) -> None:
        self.found, self.schema = found, schema
        # A link is a formula of ours; programs that save without calculating lose what it shows.
        self.engine = [
            c.key
            for c in schema.engine_columns
            if c.key in found.columns and c.kind is not Kind.LINK
        ]
        self.places = {key: at for at, key in enumerate(self.engine)}
        self.stored = {key: found.column(key) for key in self.engine}
        self._columns = {letters: schema.column(key) for key, letters in found.columns.items()}
        self._index = {number: index for index, number in enumerate(found.row_numbers)}
        named = [key for key in schema.identity if key in found.columns]
        planner = [
            c.key for c in schema.columns if c.owner is Owner.PLANNER and c.key in found.columns
        ]
        self._identity = named or planner

    @cached_property
    def names(self) -> list[str]:
        """What each row is known by."""
        if not self._identity:
            return [str(number) for number in self.found.row_numbers]
        return _numbered(zip(*(self.found.column(key) for key in self._identity), strict=True))

    def tokens(self) -> list[str]:
        """The tokens of each row as it stands, in the columns' order."""
        if not self.engine:
            return [""] * len(self.found.row_numbers)
        return list(map("".join, zip(*(tokens(one) for one in self.stored.values()), strict=True)))

    def place(self, edit: Edit) -> tuple[int | None, Column]:
        """Which row the edit is about (None: one that is not there yet), and which column."""
        row, column = parse_cell(edit.cell)
        return self._index.get(row), self._columns[column_letters(column)]

    def cells(self, index: int) -> dict[str, CellValue]:
        """The engine cells of a row, by column."""
        return {key: values[index] for key, values in self.stored.items()}

    def changed(self, edits: Iterable[Edit]) -> dict[int, dict[str, Value]]:
        """The new values by row number and column."""
        rows: dict[int, dict[str, Value]] = {}
        for edit in edits:
            number, column = parse_cell(edit.cell)
            rows.setdefault(number, {})[self._columns[column_letters(column)].key] = edit.new
        return rows

    def added(self, parts: Iterable[Added]) -> dict[str, Remembered]:
        """What is to be remembered of the rows that are not there yet."""
        named: list[Iterable[object]] = []
        lines: list[str] = []
        for part in parts:
            places = {column.key: at for at, column in enumerate(part.columns)}
            naming = [places[key] for key in self._identity]
            for row in part.rows:
                named.append([row[place] for place in naming])
            columns = [tokens(_column(part.rows, places[key])) for key in self.engine]
            lines += map("".join, zip(*columns, strict=True)) if columns else [""] * len(part.rows)
        return {
            name: Remembered(line, self.places)
            for name, line in zip(_numbered(named), lines, strict=True)
        }


def _numbered(rows: Iterable[Iterable[object]]) -> list[str]:
    """A name for each row; of rows that are called alike the second and further ones with a
    number.
    """
    names, seen = [], Counter[str]()
    for parts in rows:
        name = identity(parts)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return names


def _table_of(line: str) -> str:
    return line.partition("#")[0].removesuffix("=")


def _told(code: str, loaded: Loaded, sheet: str, cells: Sequence[str]) -> Finding:
    place = Place(loaded.path.name, sheet, cells[0])
    return Finding.of(code, place, cells=shown(sheet, cells), count=len(cells))


def shown(sheet: str, cells: Sequence[str]) -> str:
    """Cells of one sheet as a person would name them: ``目标分解!C4:O6``, the first blocks of
    many.
    """
    areas = [str(area) for area in rectangles(map(parse_cell, cells))]
    more = " …" if len(areas) > _MOST_AREAS else ""
    return f"{sheet}!{', '.join(areas[:_MOST_AREAS])}{more}"


def _column(rows: Iterable[Sequence[Value]], place: int) -> Iterator[Value]:
    return (row[place] for row in rows)
