"""Deals of 商机 from an export: which record is one, and what its columns say.

A blank field of the export says nothing, so that it erases nothing that somebody typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.model import DealStage, Month
from salesplan.plan.sources.conditions import holds
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.map_file import stage_called
from salesplan.plan.sources.mapping import DEAL_TEXTS, DealRule
from salesplan.plan.sources.table import Field, Record, SourceTable, text_of

Said = str | date | Decimal | DealStage


@dataclass(frozen=True, slots=True)
class DealRow:
    """A row for 商机: ``said`` holds what the export says of it, by key of the column."""

    code: str
    line: int
    said: Mapping[str, Said]

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        stage = self.said.get("stage")
        return not isinstance(stage, DealStage) or stage.is_open


@dataclass(frozen=True, slots=True)
class Desk:
    """How a record's fields are read, one rule for actuals and deals; each refuses a field that
    it cannot read by a finding at its line.
    """

    unit: Callable[[str], str | None]
    day: Callable[[str, Field], date | Month | None]
    alias: Callable[[str, str], str]
    reader: FieldReader
    refuse: Callable[..., None]


class DealReader:
    """Makes deals of the records that its rule selects, and of those whose deal the master has."""

    def __init__(self, rule: DealRule, there: Set[str], desk: Desk) -> None:
        """``there``: the keys of the master's deals."""
        self.rule, self.desk, self.there = rule, desk, there
        self.rows: list[DealRow] = []
        self._at: dict[str, int] = {}

    def sit_down_to(self, table: SourceTable) -> None:
        """Take the records of this table from now on."""
        self._at = {name: table.at(column) for name, column in self.rule.columns.items()}
        self._holds = holds(self.rule.where, table, self.desk.reader)

    def wants(self, key: str, record: Record) -> bool:
        """Whether the record is a deal; one that the master has stays one when it is decided."""
        return key in self.there or self._holds(record)

    def take(self, key: str, line: int, record: Record) -> None:
        """Keep the record's deal; where a field cannot be read, a finding and no deal."""
        said = self._said(record)
        if said is None:
            return
        row = DealRow(key, line, said)
        if row.is_open and "due" not in said and key not in self.there:
            self.desk.refuse("import-date", column=self.rule.columns["due"], text="—")
        else:
            self.rows.append(row)

    def _said(self, record: Record) -> dict[str, Said] | None:
        unit = self.desk.unit(self.desk.alias("unit", text_of(record[self._at["unit"]])))
        if unit is None:
            return None
        said: dict[str, Said] = {"unit": unit, "kpi": self.rule.kpi}
        for name in DEAL_TEXTS:
            if name in self._at:
                said[name] = self.desk.alias(name, text_of(record[self._at[name]]))
        for name in ("amount", "stage", "probability", "due", "touched"):
            given = record[self._at[name]] if name in self._at else None
            if text_of(given):
                value = self._value(name, given)
                if value is None:
                    return None
                said[name] = value
        return {name: value for name, value in said.items() if value != ""}

    def _value(self, name: str, given: Field) -> Said | None:
        column, reader = self.rule.columns[name], self.desk.reader
        if name in ("due", "touched"):
            day = self.desk.day(column, given)
            late = self.rule.due_after if name == "due" else 0
            if isinstance(day, Month):
                day = day.last
            return None if day is None else day + timedelta(days=late)
        if name == "stage":
            stage = self.rule.stages.get(text_of(given)) or stage_called(text_of(given))
            if stage is None:
                self.desk.refuse("import-stage", column=column, text=text_of(given))
            return stage
        number = reader.share(given) if name == "probability" else reader.number(given, column)
        if number is None:
            self.desk.refuse("import-number", column=column, text=text_of(given))
        return number * self.rule.scale if number is not None and name == "amount" else number
