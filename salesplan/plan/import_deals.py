"""Deals of 商机 from a CSV export (SPEC 16): which record is one, and what its columns say.

A blank field of the export says nothing, so that it erases nothing that somebody typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.plan.import_map import DEAL_TEXTS, DealRule, stage_called
from salesplan.plan.model import DealStage, Plan

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

    unit: Callable[[int, str], str | None]
    day: Callable[[str, int, Mapping[str, str]], date | None]
    alias: Callable[[str, str], str]
    number: Callable[[str], Decimal | None]
    share: Callable[[str], Decimal | None]
    refuse: Callable[..., None]


class DealReader:
    """Makes deals of the records that its rule selects, and of those whose deal the master has."""

    def __init__(self, rule: DealRule, plan: Plan, desk: Desk) -> None:
        self.rule, self.desk = rule, desk
        self.there = frozenset(deal.code for deal in plan.deals)
        self.rows: list[DealRow] = []

    def wants(self, key: str, record: Mapping[str, str]) -> bool:
        """Whether the record is a deal; one that the master has stays one when it is decided."""
        where = self.rule.where
        if key in self.there:
            return True
        return all(record[column].strip() in wanted for column, wanted in where.items())

    def take(self, key: str, line: int, record: Mapping[str, str]) -> None:
        """Keep the record's deal; where a field cannot be read, a finding and no deal."""
        said = self._said(line, record)
        if said is None:
            return
        row = DealRow(key, line, said)
        if row.is_open and "due" not in said and key not in self.there:
            self.desk.refuse("import-date", line, column=self.rule.columns["due"], text="—")
        else:
            self.rows.append(row)

    def _said(self, line: int, record: Mapping[str, str]) -> dict[str, Said] | None:
        columns = self.rule.columns
        unit = self.desk.unit(line, self.desk.alias("unit", record[columns["unit"]]))
        if unit is None:
            return None
        said: dict[str, Said] = {"unit": unit, "kpi": self.rule.kpi}
        for name in DEAL_TEXTS:
            if name in columns:
                said[name] = self.desk.alias(name, record[columns[name]])
        for name in ("amount", "stage", "probability", "due", "touched"):
            given = record[columns[name]].strip() if name in columns else ""
            if given:
                value = self._value(name, given, line, record)
                if value is None:
                    return None
                said[name] = value
        return {name: value for name, value in said.items() if value != ""}

    def _value(self, name: str, given: str, line: int, record: Mapping[str, str]) -> Said | None:
        column = self.rule.columns[name]
        if name in ("due", "touched"):
            day = self.desk.day(column, line, record)
            late = self.rule.due_after if name == "due" else 0
            return None if day is None else day + timedelta(days=late)
        if name == "stage":
            stage = self.rule.stages.get(given) or stage_called(given)
            if stage is None:
                self.desk.refuse("import-stage", line, column=column, text=given)
            return stage
        number = self.desk.share(given) if name == "probability" else self.desk.number(given)
        if number is None:
            self.desk.refuse("import-number", line, column=column, text=given)
        return number * self.rule.scale if number is not None and name == "amount" else number
