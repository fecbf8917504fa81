"""Spending from sources: which record is a row of 费用, and what its columns say.

A row is known again by its kind and its voucher: the map's ``voucher`` column, else its key. Where
several rows bear one voucher, by all that they say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Month, Plan, SpendKind
from salesplan.plan.model.currencies import currency
from salesplan.plan.normalize import folded
from salesplan.plan.schema.choices import CHOICES
from salesplan.plan.sources.clerk import Clerk
from salesplan.plan.sources.conditions import holds
from salesplan.plan.sources.figures import number_step
from salesplan.plan.sources.keys import Keys
from salesplan.plan.sources.mapping import Mapped, SpendingRule
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.table import Record, SourceTable, text_of

SPENT_ALONE = frozenset({SpendKind.SPENT})
"""The kinds of a source whose mapping names no column of kinds."""


class SpendingRow(NamedTuple):
    """A row for 费用."""

    line: int
    day: date
    budget: str
    kind: SpendKind
    amount: Decimal
    voucher: str
    currency: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What sources hold of a plan's spending, and what became of it; ``kinds`` are those that they
    can hold.
    """

    rows: Sequence[SpendingRow]
    records: int
    unselected: int
    refused: int
    findings: tuple[Finding, ...]
    encoding: str = ""
    kinds: frozenset[SpendKind] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    lang: str = "zh"
    key_again: Callable[[str], str] = str
    """The voucher of a row that the master has, as it is known again: :meth:`Keys.again`."""


def read_spending(sources: Sources, mapped: Mapped, plan: Plan) -> Spent:
    """The rows of spending that sources hold, in the order of their lines.

    Raises SalesplanError (exit 2) where the mapping has no ``[spending]`` or names a column that is
    not there, (4) if a file cannot be read.
    """
    if mapped.spending is None:
        finding = Finding.of("import-no-spending", Place())
        raise SalesplanError(finding, 2)
    clerk = _Bookkeeper(mapped, plan, mapped.spending)
    remarks, how = clerk.go_through(sources)
    return Spent(
        clerk.rows,
        clerk.records,
        clerk.unselected,
        len(clerk.refused),
        (*remarks, *clerk.ambiguous(), *clerk.findings),
        how,
        frozenset(SpendKind) if "kind" in mapped.spending.columns else SPENT_ALONE,
        key_again=clerk.keys.again,
    )


class _Bookkeeper(Clerk):
    """Makes rows of 费用, record by record."""

    def __init__(self, mapped: Mapped, plan: Plan, rule: SpendingRule) -> None:
        super().__init__(mapped, plan)
        self.rule, self.unselected = rule, 0
        self.keys = Keys(mapped, self.reader)
        self.rows: list[SpendingRow] = []
        self._lines = {folded(line.code): line.code for line in plan.budget}
        self._kinds = kinds_called(rule.kinds)

    def sit_down_to(self, table: SourceTable, key: Sequence[str]) -> None:
        """Take the records of this table from now on."""
        rule = self.rule
        tested = (test.column for test in rule.where)
        table.check(dict.fromkeys((*key, *rule.columns.values(), *tested)))
        self.name = table.name
        self._at = {name: table.at(column) for name, column in rule.columns.items()}
        self.keys.sit_down_to(table, key)
        self._holds = holds(rule.where, table, self.reader)
        _, self._amount = number_step(rule.amount, table, self.reader, rule.scale)

    def _take(self, record: Record) -> None:
        if not self._holds(record):
            self.unselected += 1
            return
        said = {name: text_of(record[at]) for name, at in self._at.items()}
        voucher = said.get("voucher") or self.keys.of(record)
        budget = self.alias("budget", said["budget"])
        code = self._lines.get(folded(budget))
        kind = self._kinds.get(folded(said.get("kind", ""))) if "kind" in said else SpendKind.SPENT
        if not voucher:
            self.refuse("import-key-missing", column=self.mapped.key)
        elif code is None:
            self.refuse("import-budget-unknown", budget=budget or "—")
        elif kind is None:
            text = said.get("kind") or "—"
            self.refuse("import-kind-unknown", column=self.rule.columns["kind"], text=text)
        else:
            self._keep(record, code, kind, voucher, said.get("currency", ""))

    def _keep(self, record: Record, code: str, kind: SpendKind, voucher: str, money: str) -> None:
        day = self.day(self.rule.columns["day"], record[self._at["day"]])
        if isinstance(day, Month):
            text = text_of(record[self._at["day"]])
            self.refuse("import-date", column=self.rule.columns["day"], text=text)
        elif day is not None:
            money = self.alias("currency", money)
            home = currency(money, self.home) if money else ""
            amount = self._amount(record, home)
            assert amount is not None, "a figure that cannot be read is raised"
            self.rows.append(SpendingRow(self.line, day, code, kind, amount, voucher, money))


def kinds_called(given: Mapping[str, str]) -> dict[str, SpendKind]:
    """Kinds by what they are called: in either language, and as the mapping says."""
    known: dict[str, SpendKind] = {}
    for kind, names in CHOICES[SpendKind].items():
        assert isinstance(kind, SpendKind)
        known |= {folded(name): kind for name in (kind.value, *names)}
    called = {folded(theirs): known.get(folded(ours)) for theirs, ours in given.items()}
    return known | {theirs: kind for theirs, kind in called.items() if kind is not None}
