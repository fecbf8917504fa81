"""Columns for reading: what the codes beside them mean (``Column.shows``).

Such a column is the engine's where the workbook's memory says that it was filled, or where nothing
stands in it but what it would be filled with. Any other is a planner's own with the same head, and
nothing is written there. A formula stays in either, and so does what stands beside a code that
means nothing: a mistyped cell says nothing about what was filled. What a planner typed into the
engine's is told apart by the texts that the memory knows
(``salesplan.fill.ownership.Owners.shown``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import chain

from salesplan.fill.edits import Edit, Value, same
from salesplan.fill.rows import Row, RowsByColumn, edit_of
from salesplan.plan.loader import Loaded
from salesplan.plan.model import Plan
from salesplan.plan.normalize import half_width
from salesplan.plan.parse_text import as_text
from salesplan.plan.references import index_of
from salesplan.plan.schema import Column, Table, label, table
from salesplan.wording import listed
from salesplan.workbook.memory import Memory, Shown
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import column_number

Meaning = Callable[[object], str | None]
"""What is shown of a cell with a code; None where it means nothing, or could be several."""


class Names:
    """The columns for reading of a master that are the engine's, and what is to stand in them."""

    def __init__(self, loaded: Loaded, memory: Memory) -> None:
        self._columns = {
            key: tuple(_ours(loaded, found, table(key), memory.shown.get(key, Shown()).columns))
            for key, found in loaded.tables.items()
            if not found.stands
        }

    @property
    def ours(self) -> Mapping[str, Sequence[str]]:
        """The keys of these columns, by table."""
        return {key: _keys(columns) for key, columns in self._columns.items() if columns}

    def beside(self, key: str, rows: Sequence[Row]) -> Sequence[Row]:
        """New rows of a table with what their codes mean."""
        if isinstance(rows, RowsByColumn):
            return RowsByColumn({**rows.columns, **self.of_columns(key, rows.columns)})
        shown = [
            (one.column.key, one.column.shows, one.meaning)
            for one in self._columns.get(key, ())
            if one.meaning is not None
        ]

        def named(row: Row) -> Row:
            return {**row, **{name: meaning(row.get(code)) for name, code, meaning in shown}}

        return tuple(map(named, rows)) if shown else rows

    def of_columns(
        self, key: str, columns: Mapping[str, Sequence[Value]]
    ) -> dict[str, Sequence[Value]]:
        """What the codes of new rows mean, which are given column by column."""
        shown: dict[str, Sequence[Value]] = {}
        for one in self._columns.get(key, ()):
            if one.meaning is not None and one.column.shows in columns:
                shown[one.column.key] = list(map(one.meaning, columns[one.column.shows]))
        return shown

    def edits(self) -> Iterator[tuple[str, Column, Edit]]:
        """The cells of existing rows that do not say what the code beside them means, each with
        its table and column.
        """
        for key, columns in self._columns.items():
            for one in columns:
                for edit in one.edits(table(key)):
                    yield key, one.column, edit

    def texts(self, key: str) -> set[str]:
        """All that may stand in a table's columns, rows included that are not there yet."""
        return set(chain.from_iterable(one.texts() for one in self._columns.get(key, ())))


def _ours(
    loaded: Loaded, found: FoundTable, schema: Table, filled: Container[str]
) -> Iterator[_Shown]:
    for column in schema.shown_columns:
        if {column.key, column.shows} <= found.columns.keys():
            formulas = loaded.source.formulas.get(found.sheet, frozenset())
            ref = schema.column(column.shows).ref
            codes = [one.code for one in index_of(loaded.plan, ref).records]
            meaning = _meaning(loaded.plan, ref, column.shown, loaded.lang)
            one = _Shown(found, column, codes, meaning, formulas)
            if column.key in filled or one.holds_nothing_else():
                yield one


def _keys(columns: Iterable[_Shown]) -> list[str]:
    return [one.column.key for one in columns]


def _meaning(plan: Plan, ref: str, field: str, lang: str) -> Meaning | None:
    """What is shown of the records that a table's codes mean; None where there are none at all."""
    index = index_of(plan, ref)
    if not index.records:
        return None

    def one(text: str) -> str | None:
        record = index.records_by_code.get(text) or index.one(text)
        shown = None if record is None else getattr(record, field)
        return label(shown, lang) if isinstance(shown, Enum) else shown

    def shared(text: str) -> str | None:
        from salesplan.plan.credits import read_parts

        named = [one(name) for name, _ in read_parts(text) or ()]
        return None if None in named else listed(map(str, named), lang)

    @cache
    def meant(code: object) -> str | None:
        text = as_text(code)
        several = ref == "units" and ":" in half_width(text)
        return one(text) or (shared(text) if several else None) or None

    return lambda code: None if code is None else meant(code)


class _Shown:
    """A column for reading as it stands in the file, and what its codes mean."""

    def __init__(
        self,
        found: FoundTable,
        column: Column,
        codes: Sequence[str],
        meaning: Meaning | None,
        formulas: Container[tuple[int, int]],
    ) -> None:
        self.found, self.column, self.formulas = found, column, formulas
        self.codes, self.meaning = codes, meaning
        self.cells = found.column(column.key)
        self.number = column_number(found.columns[column.key])
        self.differing = () if meaning is None else tuple(self._differing(meaning))
        """The rows, by place, whose cell says something else than is meant, and what that is."""

    def _differing(self, meaning: Meaning) -> Iterator[tuple[int, str | None]]:
        codes = self.found.column(self.column.shows)
        for at, (old, code) in enumerate(zip(self.cells, codes, strict=True)):
            new = meaning(code)
            known = new is not None or code in (None, "")
            if known and old != new and not same(old, new):
                yield at, new

    def holds_nothing_else(self) -> bool:
        """Whether all its cells are blank or say what is meant."""
        return not any(
            self.cells[at] not in (None, "") or self.is_formula(at) for at, _ in self.differing
        )

    def texts(self) -> set[str]:
        """All that may stand in it."""
        if self.meaning is None:
            return set()
        codes: Iterable[object] = {*self.codes, *self.found.column(self.column.shows)}
        return {text for text in map(self.meaning, codes) if text}

    def is_formula(self, at: int) -> bool:
        """Whether a formula is in that row's cell."""
        return (self.found.row_numbers[at], self.number) in self.formulas

    def edits(self, schema: Table) -> Iterator[Edit]:
        """Its cells that are to say what is meant."""
        named = [self.found.column(key) for key in schema.identity if key in self.found.columns]
        for at, new in self.differing:
            if not self.is_formula(at):
                label = " · ".join(as_text(one[at]) for one in named if one[at] is not None)
                row = self.found.row_numbers[at]
                yield edit_of(self.found, self.column, row, label, self.cells[at], new)
