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
from collections.abc import Container, Iterable, Mapping, Sequence

from salesplan.dataclass import dataclass, field, replace
from salesplan.fill.edits import Edit, Value
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded
from salesplan.plan.schema import Column, Kind, Owner, Table, table
from salesplan.workbook import memory as kept
from salesplan.workbook.memory import Memory, Remembered, identity, token
from salesplan.workbook.read.cells import CellValue
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import column_letters, column_number, parse_cell, rectangles

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
    """The engine's cells of one master, told apart table by table; ``lines`` is what is to be
    remembered of them.
    """

    loaded: Loaded
    answers: Answers = field(default_factory=Answers)
    typed: list[Typed] = field(default_factory=list)
    left: list[Cell] = field(default_factory=list)
    lines: dict[str, dict[str, str]] = field(default_factory=dict)

    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = self.loaded.memory

    def copy(self) -> Owners:
        """The same, to go on with: what is found further stays out of this one."""
        return replace(self, typed=[*self.typed], left=[*self.left], lines={**self.lines})

    def apart(
        self, key: str, edits: Sequence[Edit], filled: Mapping[int, Mapping[str, Value]]
    ) -> list[Edit]:
        """Of a table's edits those that may be made. ``filled`` are the values of its rows, as they
        were laid over them.
        """
        rows = _Rows(self.loaded.tables[key], table(key))
        known = self.memory.rows.get(key, {})
        made = []
        for edit in edits:
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
        self.lines[key] = self._remembered(key, rows, made, filled)
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
        self.lines[key] = self._remembered_list(key, rows, made)
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

    def noted(self) -> list[Edit]:
        """The edits of the memory's own sheet, none where it says already what is to be
        remembered.
        """
        memory, grid = self.memory, self.loaded.source.grids.get(kept.SHEET)
        wanted = {name: text for lines in self.lines.values() for name, text in lines.items()}
        if not wanted and not memory.lines:
            return []
        gone = [
            name for name in memory.lines if name not in wanted and _table_of(name) in self.lines
        ]
        end = max(memory.height, 1)
        texts = {1: kept.TITLE} | {memory.lines[name]: None for name in gone}
        for name, text in wanted.items():
            end += name not in memory.lines
            texts[memory.lines.get(name, end)] = text
        olds = {row: grid.value(row, 1) if grid else None for row in texts}
        return [
            Edit(kept.SHEET, f"A{row}", "", "", olds[row], text)
            for row, text in sorted(texts.items())
            if olds[row] != text
        ]

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
        made: Sequence[Edit],
        filled: Mapping[int, Mapping[str, Value]],
    ) -> dict[str, str]:
        changed = rows.changed(made)
        known = self.memory.rows.get(key, {})
        lines: dict[str, Remembered] = {}
        for index, (number, name) in enumerate(
            zip(rows.found.row_numbers, rows.names, strict=True)
        ):
            was, new = known.get(name), changed.get(number, {})
            values = filled.get(number)
            tokens, left = {}, set()
            for column in rows.engine:
                old = rows.stored[column][index]
                where = (rows.found.sheet, f"{rows.found.columns[column]}{number}")
                if column in new:
                    tokens[column] = token(new[column])
                elif where in self.answers.held or (was is not None and was.keeps(column, old)):
                    tokens[column] = token(old)
                    left.add(column)
                elif values is None or column in values or (was and was.wrote(column, old)):
                    tokens[column] = token(old)
            lines[name] = Remembered(tokens, frozenset(left))
        lines |= rows.added(changed)
        there = {name: one for name, one in lines.items() if _says_something(one)}
        return kept.written(key, rows.engine, there)

    def _remembered_list(self, key: str, rows: _Rows, made: Sequence[Edit]) -> dict[str, str]:
        changed = rows.changed(made)
        places = {number: index for index, number in enumerate(rows.found.row_numbers)}
        lines: dict[str, Remembered] = {}
        for number in sorted({*places, *changed}):
            cells: dict[str, object] = {**rows.cells(places[number])} if number in places else {}
            cells |= changed.get(number, {})
            tokens = {column: token(value) for column, value in cells.items()}
            if any(one != kept.BLANK for one in tokens.values()):
                lines[str(len(lines) + 1)] = Remembered(tokens)
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
        self.stored = {key: found.column(key) for key in self.engine}
        self._columns = {letters: schema.column(key) for key, letters in found.columns.items()}
        self._index = {number: index for index, number in enumerate(found.row_numbers)}
        named = [key for key in schema.identity if key in found.columns]
        planner = [
            c.key for c in schema.columns if c.owner is Owner.PLANNER and c.key in found.columns
        ]
        self._identity = named or planner
        self.names = _numbered(zip(*(found.column(key) for key in self._identity), strict=True))
        if not self._identity:
            self.names = [str(number) for number in found.row_numbers]

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

    def added(self, changed: Mapping[int, Mapping[str, Value]]) -> dict[str, Remembered]:
        """What is to be remembered of the rows that are not there yet."""
        new = {number: row for number, row in changed.items() if number not in self._index}
        names = _numbered(tuple(row.get(key) for key in self._identity) for row in new.values())
        return {
            name: Remembered({key: token(row.get(key)) for key in self.engine})
            for name, row in zip(names, new.values(), strict=True)
        }


def _numbered(rows: Iterable[Sequence[object]]) -> list[str]:
    """A name for each row; of rows that are called alike the second and further ones with a
    number.
    """
    names, seen = [], Counter[str]()
    for parts in rows:
        name = identity(parts)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return names


def _says_something(row: Remembered) -> bool:
    return any(one != kept.BLANK for one in row.tokens.values())


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
