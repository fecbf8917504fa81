"""One plan written in the ways in which planners keep theirs: each shape gives the sheets of a
workbook, and what each of its columns is, so that what ``adopt`` makes of them can be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salesplan.plan.adopt.mapping import Takes
from salesplan.workbook.refs import cell_ref
from tests.foreign_books import Sheet

Truth = dict[tuple[str, str], Takes | None]
YEAR = 2026


@dataclass(frozen=True)
class Words:
    """What a language's planners write: months, heads, titles."""

    months: Sequence[str]
    name: str
    group: str
    target: str
    actual: str
    rate: str
    total: str
    title: str
    date: str
    amount: str
    money: str


ZH = Words(
    [f"{month}月" for month in range(1, 13)],
    *(
        "姓名",
        "部门",
        "目标",
        "实际",
        "完成率",
        "合计",
        "2026年销售目标",
        "日期",
        "金额",
        "单位：万元",
    ),
)
EN = Words(
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    *("Sales rep", "Region", "Target", "Actual", "Attainment %", "Total"),
    *("Sales targets 2026", "Date", "Amount", "Figures in USD"),
)
DE = Words(
    ["Jan", "Feb", "März", "April", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez"],
    *("Mitarbeiter", "Abteilung", "Ziel", "Ist", "Erreichung", "Summe"),
    *("Umsatzziele 2026", "Datum", "Betrag", "Angaben in EUR"),
)
ES = Words(
    ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    *("Vendedor", "Equipo", "Objetivo", "Real", "Cumplimiento", "Total"),
    *("Objetivos de ventas 2026", "Fecha", "Importe", "Importes en EUR"),
)
LANGUAGES = {"zh": ZH, "en": EN, "de": DE, "es": ES}


@dataclass
class Plan:
    """What a book says: the people of each team, twelve targets and as many actuals of each."""

    teams: Mapping[str, Sequence[str]]
    targets: Mapping[str, Sequence[int]]
    actuals: Mapping[str, Sequence[int]]

    @property
    def people(self) -> list[str]:
        """Everybody, team by team."""
        found: list[str] = []
        for members in self.teams.values():
            found += members
        return found

    def team(self, who: str) -> str:
        """The team of a person."""
        return next(team for team, members in self.teams.items() if who in members)

    def sums(self, people: Sequence[str], figures: Mapping[str, Sequence[int]]) -> list[int]:
        """The months of several people, added up."""
        return [sum(figures[who][month] for who in people) for month in range(12)]


@dataclass
class Book:
    """The sheets of a workbook and what their columns are; whether it holds actuals and teams."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    truth: Truth = field(default_factory=dict)
    actuals: bool = False
    teams: bool = False

    def head(self, sheet: str, row: int, takes: Sequence[Takes | None]) -> None:
        """What the columns of a head in that row (from 1) are, from A on."""
        for column, one in enumerate(takes, 1):
            self.truth[sheet, cell_ref(row, column)] = one


UNIT, PARENT, TARGET, ACTUAL, DAY = (
    Takes.UNIT,
    Takes.PARENT,
    Takes.TARGET,
    Takes.ACTUAL,
    Takes.DAY,
)


def wide(plan: Plan, words: Words) -> Book:
    """People down, months across, a title with its unit, a total row and a total column."""
    rows: list[list[Any]] = [
        [words.title],
        [words.money],
        [],
        [words.name, *words.months, words.total],
    ]
    rows += [[who, *plan.targets[who], sum(plan.targets[who])] for who in plan.people]
    months = plan.sums(plan.people, plan.targets)
    rows.append([words.total, *months, sum(months)])
    book = Book({"Plan": Sheet(rows, bold=[4])})
    book.head("Plan", 4, [UNIT, *[TARGET] * 12, None])
    return book


def beside(plan: Plan, words: Words) -> Book:
    """Target, actual and attainment under each merged month."""
    top: list[Any] = [words.name]
    below: list[Any] = [None]
    for month in words.months:
        top += [month, None, None]
        below += [words.target, words.actual, words.rate]
    rows: list[list[Any]] = [[f"{words.title} / {words.actual}"], top, below]
    for who in plan.people:
        cells: list[Any] = [who]
        for target, actual in zip(plan.targets[who], plan.actuals[who], strict=True):
            cells += [target, actual, actual / target]
        rows.append(cells)
    merges = ["A2:A3", *(f"{cell_ref(2, 3 * n + 2)}:{cell_ref(2, 3 * n + 4)}" for n in range(12))]
    book = Book({"2026": Sheet(rows, merges)}, actuals=True)
    book.head("2026", 3, [UNIT, *[TARGET, ACTUAL, None] * 12])
    return book


def in_one_head(plan: Plan, words: Words) -> Book:
    """The same with one head row: Jan Target, Jan Actual."""
    heads: list[Any] = [words.name]
    for month in words.months:
        heads += [f"{month} {words.target}", f"{month} {words.actual}"]
    rows: list[list[Any]] = [heads]
    for who in plan.people:
        cells: list[Any] = [who]
        for target, actual in zip(plan.targets[who], plan.actuals[who], strict=True):
            cells += [target, actual]
        rows.append(cells)
    book = Book({"2026": Sheet(rows)}, actuals=True)
    book.head("2026", 1, [UNIT, *[TARGET, ACTUAL] * 12])
    return book


def two_columns(plan: Plan, words: Words) -> Book:
    """Team and person in two columns, the team once, a subtotal behind each team."""
    rows: list[list[Any]] = [[words.title], [words.group, words.name, *words.months]]
    for team, members in plan.teams.items():
        for at, who in enumerate(members):
            rows.append([None if at else team, who, *plan.targets[who]])
        rows.append([f"{team} {words.total}", None, *plan.sums(members, plan.targets)])
    rows.append([words.total, None, *plan.sums(plan.people, plan.targets)])
    book = Book({"Plan": Sheet(rows)}, teams=True)
    book.head("Plan", 2, [PARENT, UNIT, *[TARGET] * 12])
    return book


def indented(plan: Plan, words: Words) -> Book:
    """A team's sum over its people, who are indented."""
    rows: list[list[Any]] = [[words.title], [words.group, *words.months]]
    indents: dict[int, int] = {}
    for team, members in plan.teams.items():
        rows.append([team, *plan.sums(members, plan.targets)])
        for who in members:
            rows.append([who, *plan.targets[who]])
            indents[len(rows)] = 1
    book = Book({"Plan": Sheet(rows, indents=indents)}, teams=True)
    book.head("Plan", 2, [UNIT, *[TARGET] * 12])
    return book


def long_lists(plan: Plan, words: Words) -> Book:
    """Targets month by month in one list, actuals by day in another."""
    rows: list[list[Any]] = [[words.date, words.name, words.target]]
    deals: list[list[Any]] = [[words.date, words.name, words.amount]]
    for month in range(12):
        for who in plan.people:
            rows.append([f"{YEAR}-{month + 1:02d}", who, plan.targets[who][month]])
            deals.append([date(YEAR, month + 1, 7), who, plan.actuals[who][month]])
    book = Book({words.target: Sheet(rows), words.actual: Sheet(deals)}, actuals=True)
    book.head(words.target, 1, [DAY, UNIT, TARGET])
    book.head(words.actual, 1, [DAY, UNIT, ACTUAL])
    return book


def a_sheet_a_month(plan: Plan, words: Words) -> Book:
    """Twelve sheets, each with everybody's target and actual."""
    book = Book(actuals=True)
    for at, month in enumerate(words.months):
        name = f"{month} {YEAR}"
        rows: list[list[Any]] = [[words.name, words.target, words.actual, words.rate]]
        for who in plan.people:
            target, actual = plan.targets[who][at], plan.actuals[who][at]
            rows.append([who, target, actual, actual / target])
        book.sheets[name] = Sheet(rows)
        book.head(name, 1, [UNIT, TARGET, ACTUAL, None])
    return book


def a_sheet_a_team(plan: Plan, words: Words) -> Book:
    """A sheet for each team, called as it is."""
    book = Book(teams=True)
    for team, members in plan.teams.items():
        rows: list[list[Any]] = [[words.title], [words.name, *words.months]]
        rows += [[who, *plan.targets[who]] for who in members]
        rows.append([words.total, *plan.sums(members, plan.targets)])
        book.sheets[team] = Sheet(rows)
        book.head(team, 2, [UNIT, *[TARGET] * 12])
    return book


def kinds_in_rows(plan: Plan, words: Words) -> Book:
    """A row for the target and one for the actual of each person."""
    rows: list[list[Any]] = [[str(YEAR)], [words.name, None, *words.months]]
    for who in plan.people:
        rows.append([who, words.target, *plan.targets[who]])
        rows.append([None, words.actual, *plan.actuals[who]])
    book = Book({"2026": Sheet(rows)}, actuals=True)
    book.head("2026", 2, [UNIT, Takes.ROLE, *[TARGET] * 12])
    return book


def months_down(plan: Plan, words: Words) -> Book:
    """Months down, people across."""
    rows: list[list[Any]] = [[words.title], [words.date, *plan.people]]
    for at, month in enumerate(words.months):
        rows.append([month, *(plan.targets[who][at] for who in plan.people)])
    book = Book({"Plan": Sheet(rows)})
    book.head("Plan", 2, [DAY, *[TARGET] * len(plan.people)])
    return book


def with_quarters(plan: Plan, words: Words) -> Book:
    """A quarter's sum behind each three months."""
    heads: list[Any] = [words.name]
    takes: list[Takes | None] = [UNIT]
    for at, month in enumerate(words.months):
        heads.append(month)
        takes.append(TARGET)
        if at % 3 == 2:
            heads.append(f"Q{at // 3 + 1}")
            takes.append(None)
    rows: list[list[Any]] = [[words.title], heads]
    for who in plan.people:
        cells: list[Any] = [who]
        for at, value in enumerate(plan.targets[who]):
            cells.append(value)
            if at % 3 == 2:
                cells.append(sum(plan.targets[who][at - 2 : at + 1]))
        rows.append(cells)
    book = Book({"Plan": Sheet(rows)})
    book.head("Plan", 2, takes)
    return book


def preamble_and_blanks(plan: Plan, words: Words) -> Book:
    """Lines about the sheet above, dates as heads, blank rows between teams, notes below."""
    heads = [date(YEAR, month, 1) for month in range(1, 13)]
    rows: list[list[Any]] = [
        ["ACME GmbH & Co. KG"],
        [words.title],
        ["Generated on 2025-12-18"],
        [],
        ["#", words.name, *heads],
    ]
    for number, members in enumerate(plan.teams.values()):
        for at, who in enumerate(members):
            rows.append([10 * number + at + 1, who, *plan.targets[who]])
        rows.append([])
    rows.append(["* without tax"])
    book = Book({"Plan": Sheet(rows)})
    book.head("Plan", 5, [None, UNIT, *[TARGET] * 12])
    return book


SHAPES: dict[str, Callable[[Plan, Words], Book]] = {
    one.__name__: one
    for one in (
        wide,
        beside,
        in_one_head,
        two_columns,
        indented,
        long_lists,
        a_sheet_a_month,
        a_sheet_a_team,
        kinds_in_rows,
        months_down,
        with_quarters,
        preamble_and_blanks,
    )
}
