"""What a workbook that nobody has explained is taken for: its tables, their columns, the units and
KPIs that they name, and the settings of a plan out of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from salesplan.dataclass import dataclass, replace
from salesplan.findings import NOWHERE, Finding, Place
from salesplan.plan.adopt.blocks import Block, blocks_of, written
from salesplan.plan.adopt.columns import (
    SURE,
    Column,
    Table,
    around,
    several_sizes,
    table_of,
)
from salesplan.plan.adopt.doubts import alike, wrong_sums
from salesplan.plan.adopt.facts import Fact, Matched, facts_of
from salesplan.plan.adopt.mapping import Entry, Fixed, Status, Takes
from salesplan.plan.adopt.money import Measure, measure_in
from salesplan.plan.adopt.months import fiscal_start_in, period_in
from salesplan.plan.adopt.tree import Node, nodes_of
from salesplan.plan.adopt.units import UnitRow, unit_rows
from salesplan.plan.adopt.versions import rivals
from salesplan.plan.adopt.words import kpi_kind, said, sales_name
from salesplan.plan.model import AmountUnit, Kpi, KpiKind, Month, Unit
from salesplan.plan.model.currencies import CODES
from salesplan.plan.normalize import bare, in_one_line
from salesplan.wording import Both, either
from salesplan.workbook.read.cells import Grid
from salesplan.workbook.read.looks import NONE, Looks
from salesplan.workbook.refs import parse_cell

_SALES = Both("销售额", "Sales")
_LONG = frozenset(
    "销售额 业绩 umsatz ventas ventes vendas vendite 売上 売上高".split()  # noqa: SIM905
)
"""Names that are one by themselves; 金额 and amount are not."""
_COMPANY = Both("公司", "Company")
_NAME = 30
"""Letters of a unit's name at most."""
_HIDDEN = 50
"""Percent of what stands on a hidden sheet, or on another one with other figures."""
_CHOSEN = 100
"""Percent of what a person has said."""
_WORKED_OUT = ("adopt-why-worked-out", "adopt-why-sum-of-months")
"""Why a column is not read that the engine can fill: the mapping says of what it is all the same.
"""
_FINEST = 6
"""Decimal places of the smallest unit at most."""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as recognition sees it. ``today`` gives the year where nothing else does;
    ``units`` and ``kpis`` are those that our sheets in it list already.
    """

    name: str
    grids: Mapping[str, Grid]
    looks: Mapping[str, Looks]
    today: date
    units: tuple[Unit, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    lang: str = ""
    """The language of our sheets (zh or en); "" for that of the workbook."""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A row for our sheet 指标."""

    code: str
    name: str
    kind: KpiKind
    unit: str
    smallest_unit: Decimal


@dataclass(frozen=True, slots=True)
class Proposed:
    """One table: the rows of 对照 for it, in the order of its columns; its block for looking at."""

    block: Block
    entries: tuple[Entry, ...]
    facts: tuple[Fact, ...]
    confidence: int
    whys: tuple[Finding, ...] = ()
    """Why each of the entries is what it is."""

    @property
    def sure(self) -> bool:
        """Whether nothing of it has to be asked."""
        return self.confidence >= SURE

    @property
    def asked(self) -> tuple[Entry, ...]:
        """The columns that somebody has to say yes to."""
        return tuple(one for one in self.entries if one.read and one.confidence < SURE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that is proposed for a workbook. ``unread`` are the sheets in which no table with figures
    was found.
    """

    lang: str
    year: int
    fiscal_start: int
    amount_unit: AmountUnit
    currency: str
    company: str
    tables: tuple[Proposed, ...]
    units: tuple[UnitRow, ...]
    kpis: tuple[KpiRow, ...]
    unread: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows of 对照: those of the tables, and of each sheet that is left out."""
        found: list[Entry] = []
        for one in self.tables:
            found += one.entries
        found += [Entry(name, "", "", None, status=Status.IGNORED) for name in self.unread]
        return tuple(found)


Answers = Mapping[tuple[str, str], Takes | None]
"""What a person said of columns, by sheet and head's cell; None: nothing of the plan's."""


def propose(book: Book, answers: Answers | None = None) -> Proposal:
    """The proposal for a workbook; ``answers`` hold before what is seen."""
    return _Proposing(book, answers or {}).proposal()


class _Proposing:
    def __init__(self, book: Book, answers: Answers) -> None:
        self.book = book
        self.answers = answers
        self.tables = self._tables()
        self.lang = book.lang or self._language()
        self.fiscal_start, self.year = self._year()
        self.assumed = False
        self.measure = self._measure()
        self.sales = self._sales_name()

    def _tables(self) -> list[Table]:
        blocks: list[Block] = []
        for grid in self.book.grids.values():
            blocks += blocks_of(grid)
        first = [self._read(one, frozenset()) for one in blocks]
        known = self._known_units(first)
        return [self._read(one, known) for one in blocks]

    def _read(self, block: Block, known: frozenset[str]) -> Table:
        table = table_of(block, around(block, block.sheet, self.book.name), known)
        hidden = self.book.looks.get(block.sheet, NONE).hidden
        columns = [_doubted(one) for one in table.columns] if hidden else table.columns
        return replace(table, columns=tuple(self._answered(block, one) for one in columns))

    def _answered(self, block: Block, column: Column) -> Column:
        key = (block.sheet, block.head_cell(column.at))
        if key not in self.answers:
            return column
        said = Finding.of("adopt-why-said")
        return replace(column, takes=self.answers[key], confidence=100, why=said)

    def _known_units(self, tables: Iterable[Table]) -> frozenset[str]:
        """The names of units that some table names for sure."""
        names = {one.name for one in self.book.units} | {one.code for one in self.book.units}
        for table in tables:
            for column in table.columns:
                sure = column.takes is Takes.UNIT and column.confidence >= SURE
                if sure:
                    values = set(table.block.values(column.at))
                    names |= {in_one_line(one) for one in values if isinstance(one, str)}
        return frozenset(names)

    def _language(self) -> str:
        """Chinese where most of the workbook's words are; else English, also for Japanese."""
        heads: list[str] = []
        for table in self.tables:
            heads += [one.head for one in table.columns]
            heads.append(table.block.sheet)
            heads += [one.value for one in table.block.titles if isinstance(one.value, str)]
            for column in table.columns:
                if column.takes in (Takes.UNIT, Takes.PARENT):
                    values = dict.fromkeys(table.block.values(column.at))
                    heads += [one for one in values if isinstance(one, str)]
        heads = [one for one in heads if any(map(str.isalpha, one))]
        heads = [one for one in heads if not _is_time(one)] or heads
        chinese = sum(map(_is_chinese, heads))
        japanese = sum(_JAPANESE.search(one) is not None for one in heads)
        return "zh" if 2 * chinese > len(heads) and 8 * japanese < chinese else "en"

    # Years

    def _year(self) -> tuple[int, int]:
        """The month in which the fiscal year starts, and the plan's year: the last one that targets
        are for, else actuals.
        """
        starts: Counter[int] = Counter()
        for table in self.tables:
            start = _start(list(dict.fromkeys(self._months(table))))
            if not start:
                titles = (written(one.value) for one in table.block.titles)
                start = next((of for one in titles if (of := fiscal_start_in(one))), 0)
            if start:
                starts[start] += 1
        first = starts.most_common(1)[0][0] if starts else 1
        targets: Counter[int] = Counter()
        others: Counter[int] = Counter()
        for table in self.tables:
            held = {one.takes for one in table.columns}
            for year in self._fiscal_years(table, first):
                if Takes.TARGET in held:
                    targets[year] += 1
                elif Takes.ACTUAL in held:
                    others[year] += 1
        told = targets or others
        if not told:
            return first, self.book.today.year
        most = max(told.values())
        return first, max(year for year, count in told.items() if 2 * count >= most)

    def _fiscal_years(self, table: Table, first: int) -> list[int]:
        """The fiscal year of each month that a table speaks of; of one without months its years."""
        years = [
            year if month >= first else year - 1
            for year, month in dict.fromkeys(self._months(table))
            if year is not None
        ]
        if years:
            return years
        for one in table.columns:
            if one.takes is not None and one.takes.figure and one.period.year is not None:
                years.append(one.period.year)
        whole = table.around.period.year
        return years or ([whole] if whole is not None else [])

    def _months(self, table: Table) -> list[tuple[int | None, int]]:
        """The months that a table speaks of, with their year where it says so, in its order."""
        found: list[tuple[int | None, int]] = []
        year = table.around.period.year
        for one in table.columns:
            if one.takes is not None and one.takes.figure and one.period.month is not None:
                found.append((one.period.year or year, one.period.month))
        if found:
            return found
        day = next((one for one in table.columns if one.takes is Takes.DAY), None)
        if day is None:
            month = table.around.period.month
            return [(year, month)] if month is not None else []
        found = [(own or year, month) for own, month in self._list_months(table)]
        return sorted(found, key=lambda one: (one[0] or 0, one[1]))

    # Money

    def _measure(self) -> Measure:
        found = [one.around.measure for one in self.tables if one.around.measure is not None]
        for table in self.tables:
            found += [one.measure for one in table.columns if one.measure is not None]
            found += table.measures.values()
            found += _named_measures(table)
        money = [one for one in found if one.money]
        if money:
            currency = next((one.currency for one in money if one.currency), "CNY")
            return Measure(currency, money[0].size)
        shown: Counter[str] = Counter()
        for table in self.tables:
            looks = self.book.looks.get(table.block.sheet, NONE)
            shown.update(looks.currencies.values())
        sign = shown.most_common(1)[0][0] if shown else ""
        self.assumed = not _code(sign)
        return Measure(_code(sign) or either(self.lang, "CNY", "USD"))

    @property
    def amount_unit(self) -> AmountUnit:
        """万元 where amounts are in it, else single units of the currency."""
        wan = self.measure.currency == "CNY" and self.measure.size == 10_000
        return AmountUnit.WAN if wan else AmountUnit.YUAN

    def _factor(self, measure: Measure | None) -> Decimal:
        if measure is None or not measure.money:
            measure = self.measure
        own = 10_000 if self.amount_unit is AmountUnit.WAN else 1
        return Decimal(measure.size) / own

    # The proposal

    def proposal(self) -> Proposal:
        used = [one for one in self.tables if one.has_figures]
        teams = self._teams(used)
        titled = self._titled_units(used)
        proposed: list[Proposed] = []
        nodes: list[Node] = []
        for table in used:
            at = (table.block.sheet, table.block.head_row)
            entries = self._entries(table, titled.get(at) or teams.get(table.block.sheet, ""))
            matched = Matched(table.block, {one.at[1]: one for one in entries})
            facts = facts_of(matched, self.book.name)
            whys = tuple(map(_why, table.columns, entries))
            proposed.append(Proposed(table.block, entries, tuple(facts), table.confidence, whys))
            looks = self.book.looks.get(table.block.sheet, NONE)
            nodes += nodes_of(table, facts, looks)
        proposed = _without_rivals(proposed)
        company = _COMPANY.of(self.lang)
        sheets = {one.block.sheet for one in proposed}
        units = unit_rows(nodes, company, self.book.units)
        doubts = alike(units, self.book.name)
        for table in used:
            doubts += wrong_sums(table)
        if self.assumed:
            place = Place(self.book.name)
            doubts.append(
                Finding.of("adopt-currency-assumed", place, currency=self.measure.currency)
            )
        return Proposal(
            self.lang,
            self.year,
            self.fiscal_start,
            self.amount_unit,
            self.measure.currency,
            company,
            tuple(proposed),
            units,
            self._kpis(proposed, used),
            tuple(name for name in self.book.grids if name not in sheets),
            tuple(doubts),
        )

    def _teams(self, tables: Sequence[Table]) -> Mapping[str, str]:
        """The sheets that are each of one team: tables of the same heads on several sheets, whose
        names say no time and no role.
        """
        by_heads: dict[tuple[str, ...], list[Table]] = {}
        for table in tables:
            heads = tuple(one.head for one in table.columns)
            by_heads.setdefault(heads, []).append(table)
        found: dict[str, str] = {}
        for same in by_heads.values():
            names = [one.block.sheet for one in same]
            plain = [name for name in names if period_in(name) is None and not _is_generic(name)]
            if len(set(names)) > 1 and len(plain) == len(names):
                found |= {name: name for name in names}
        return found

    def _titled_units(self, tables: Sequence[Table]) -> Mapping[tuple[str, int], str]:
        """The unit that each of several tables of the same heads on one sheet is of, by its title:
        a table a person, one under another.
        """
        alike: dict[tuple[object, ...], list[Table]] = {}
        for table in tables:
            if any(one.takes is Takes.UNIT for one in table.columns):
                continue
            heads = (table.block.sheet, *(one.head for one in table.columns))
            alike.setdefault(heads, []).append(table)
        found: dict[tuple[str, int], str] = {}
        for same in alike.values():
            titles = [_title(one) for one in same]
            if len(same) > 1 and all(titles) and len(set(titles)) == len(titles):
                for table, title in zip(same, titles, strict=True):
                    found[table.block.sheet, table.block.head_row] = title
        return found

    def _entries(self, table: Table, team: str) -> tuple[Entry, ...]:
        return tuple(self._entry(table, one, team) for one in table.columns)

    def _entry(self, table: Table, column: Column, team: str) -> Entry:
        fixed = self._fixed(table, column, team)
        read = column.takes is not None and not self._other_year(table, column, fixed)
        measure = self._measured(table, column)
        if column.why.code in _WORKED_OUT:
            fixed = self._fixed(table, replace(column, takes=Takes.FILL_TARGET), team)
        return Entry(
            table.block.sheet,
            table.block.head_cell(column.at),
            column.head,
            column.takes if read else None,
            fixed if read or column.why.code in _WORKED_OUT else Fixed(),
            measure.text if measure is not None and read else ", ".join(_sizes(table, column)),
            column.confidence,
            "",
            Status.SUGGESTED if read else Status.IGNORED,
        )

    def _other_year(self, table: Table, column: Column, fixed: Fixed) -> bool:
        """Whether the targets of a column are of another year than the plan's, or its actuals of
        the whole of another year, which has no months to learn from.
        """
        if column.takes is Takes.ACTUAL:
            dated = any(one.takes is Takes.DAY for one in table.columns)
            whole = fixed.month is None and fixed.quarter is None and not dated
            return whole and fixed.year not in (None, self.year)
        if column.takes is not Takes.TARGET:
            return False
        if fixed.month is not None:
            first = Month(self.year, self.fiscal_start)
            return not first <= fixed.month < first.plus(12)
        given = fixed.quarter[0] if fixed.quarter is not None else fixed.year
        return given is not None and given != self.year

    def _measured(self, table: Table, column: Column) -> Measure | None:
        if column.takes is None or not (column.takes.figure or column.takes.filled):
            return None
        return column.measure or table.around.measure

    def _fixed(self, table: Table, column: Column, team: str) -> Fixed:
        """What holds for all of a column's cells."""
        if column.takes is None:
            return Fixed()
        if column.takes in (Takes.MEASURE, Takes.KPI):
            own = 10_000 if self.amount_unit is AmountUnit.WAN else 1
            return Fixed(factor=Decimal(1) / own) if _sizes(table, column) else Fixed()
        if not (column.takes.figure or column.takes.filled):
            return Fixed(parent=team) if column.takes is Takes.UNIT and team else Fixed()
        held = {one.takes for one in table.columns}
        fixed = self._period(table, column, dated=Takes.DAY in held)
        kpi = "" if Takes.KPI in held else self._kpi_name(table, column)
        unit = column.unit or ("" if Takes.UNIT in held else team)
        measure = self._measured(table, column)
        money = _is_money(column.kpi or kpi, measure)
        factor = self._factor(measure) if money else Decimal(1)
        return replace(fixed, kpi=kpi, unit=unit, factor=factor)

    def _kpi_name(self, table: Table, column: Column) -> str:
        if column.takes is Takes.QUANTITY:
            return ""
        around = table.around.kpi
        measure = self._measured(table, column)
        money = measure is not None and measure.money
        return self._called(column.kpi or ("" if money and _COUNTS.search(around) else around))

    def _called(self, name: str) -> str:
        """A KPI's name; what says no more than that something is sold is the plan's one KPI for
        that, wherever it stands.
        """
        return self.sales if not name or sales_name(name) else name

    def _sales_name(self) -> str:
        """What the plan calls what is sold: as our sheet or a table does, where all agree."""
        names = [one.name for one in self.book.kpis]
        for table in self.tables:
            for column in table.columns:
                if column.takes is not None and column.takes.figure:
                    names.append(column.kpi or table.around.kpi)
                elif column.takes is Takes.KPI:
                    values = dict.fromkeys(table.block.values(column.at))
                    names += [one for one in values if isinstance(one, str)]
        exact = dict.fromkeys(bare(one) for one in names if sales_name(one) is False)
        if len(exact) == 1:
            return _capital(next(one for one in names if bare(one) in exact))
        spelled = [one for one in names if sales_name(one) and bare(one) in _LONG]
        return _capital(spelled[0]) if spelled else _SALES.of(self.lang)

    def _period(self, table: Table, column: Column, *, dated: bool) -> Fixed:
        own, whole = column.period, table.around.period
        year = own.year or whole.year
        if own.position is not None:
            first = Month(year or self.year, self.fiscal_start)
            return Fixed(month=first.plus(own.position - 1))
        if own.month is not None:
            return Fixed(month=Month(own.year or self._year_of(own.month, whole.year), own.month))
        if own.quarter is not None:
            return Fixed(quarter=(year or self.year, own.quarter))
        if dated:
            return Fixed(year=whole.year or self.year) if self._yearless(table) else Fixed()
        if whole.month is not None:
            month = Month(whole.year or self._year_of(whole.month, None), whole.month)
            return Fixed(month=month)
        if whole.quarter is not None:
            return Fixed(quarter=(whole.year or self.year, whole.quarter))
        return Fixed(year=year or self.year)

    def _year_of(self, month: int, given: int | None) -> int:
        """The calendar year of a month whose head names none: of the fiscal year that is given,
        else the plan's.
        """
        year = given or self.year
        return year if month >= self.fiscal_start else year + 1

    def _yearless(self, table: Table) -> bool:
        """Whether the dates of a list leave the year out."""
        if any(one.takes is Takes.YEAR for one in table.columns):
            return False
        return any(year is None for year, _ in self._list_months(table))

    def _list_months(self, table: Table) -> list[tuple[int | None, int]]:
        day = next(one for one in table.columns if one.takes is Takes.DAY)
        found: set[tuple[int | None, int]] = set()
        for value in dict.fromkeys(table.block.values(day.at)):
            bare_month = isinstance(value, (int, float)) and 1 <= value <= 12
            timed = None if bare_month else period_in(value, table.block.languages)
            if bare_month:
                found.add((None, int(value)))  # type: ignore[arg-type]
            elif timed is not None and timed.period.month is not None:
                found.add((timed.period.year, timed.period.month))
        return list(found)

    def _kpis(self, proposed: Sequence[Proposed], tables: Sequence[Table]) -> tuple[KpiRow, ...]:
        """The KPIs that the figures are of, those not listed on our sheet yet."""
        there = {bare(one.name) for one in self.book.kpis}
        there |= {bare(one.code) for one in self.book.kpis}
        taken = {one.code for one in self.book.kpis}
        figures: dict[str, list[Fact]] = {}
        units: dict[str, Measure] = {}
        for one, table in zip(proposed, tables, strict=True):
            by_column = {column.at: column for column in table.columns}
            by_row = table.measures
            for fact in one.facts:
                if not fact.kpi or bare(fact.kpi) in there or fact.takes is Takes.QUANTITY:
                    continue
                figures.setdefault(fact.kpi, []).append(fact)
                column = by_column[parse_cell(fact.place.cell)[1]]
                own = by_row.get(fact.row) or measure_in(fact.kpi)
                measure = own or column.measure or table.around.measure
                if measure is not None:
                    units.setdefault(fact.kpi, measure)
        found: list[KpiRow] = []
        for name, facts in figures.items():
            number = next(at for at in range(1, 999) if f"K{at}" not in taken)
            taken.add(f"K{number}")
            found.append(self._kpi(f"K{number}", name, facts, units.get(name)))
        return tuple(found)

    def _kpi(self, code: str, name: str, facts: Sequence[Fact], measure: Measure | None) -> KpiRow:
        kind = KpiKind(kpi_kind(name) or ("ratio" if _RATE.search(name) else "flow"))
        finest = max((_places(one.number) for one in facts if one.number is not None), default=0)
        smallest = Decimal(1).scaleb(-finest if finest <= _FINEST else -2)
        return KpiRow(code, name, kind, self._kpi_unit(name, kind, measure), smallest)

    def _kpi_unit(self, name: str, kind: KpiKind, measure: Measure | None) -> str:
        if kind is KpiKind.RATIO:
            return "%"
        if measure is not None and measure.word:
            return measure.word
        if not _is_money(name, measure):
            return either(self.lang, "个", "units")
        if self.amount_unit is AmountUnit.WAN:
            return either(self.lang, "万元", "10k CNY")
        if self.measure.currency == "CNY":
            return either(self.lang, "元", "CNY")
        return self.measure.currency


_JAPANESE = re.compile("[\u3041-\u30ff実売営円単価対総続経検済広県駅辺沢]")
"""What is written in Japanese and not in Chinese: kana, and signs that China simplifies otherwise.
"""
_RATE = re.compile(r"率|%|percent|ratio|rate", re.IGNORECASE)
_COUNTS = re.compile(
    r"客户|人数|数量|台数|销量|件数|家数|拜访|商机数|订单数|(?<!金)额?数$|customers|clients|logos|units|"
    r"calls|visits|leads|headcount|orders|volume|quantity|qty|neukunden|menge|unidades|本数|件",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(sheet|tabelle|feuil|hoja|planilha|лист|工作表|シート)\s*\d*$", re.IGNORECASE
)


def _sizes(table: Table, column: Column) -> tuple[str, ...]:
    """The units that the rows of a column of units or KPIs name, where they are of several
    sizes.
    """
    if column.takes not in (Takes.MEASURE, Takes.KPI):
        return ()
    values = dict.fromkeys(table.block.values(column.at))
    return several_sizes([one for one in values if isinstance(one, str)])


def _named_measures(table: Table) -> list[Measure]:
    """The units that the names of KPIs in a column have in brackets: 销售额(万元)."""
    found: list[Measure] = []
    for column in table.columns:
        if column.takes is Takes.KPI:
            values = dict.fromkeys(table.block.values(column.at))
            names = [one for one in values if isinstance(one, str)]
            found += [one for name in names if (one := measure_in(name)) is not None]
    return found


_VERSION = re.compile(
    r"^(?:(?:初稿|终稿|定稿|草稿|草案|初版|旧版|新版|终版|最终版?|修订版?|备份|副本|第?\d+[稿版]|下書き|最終版?|確定版?|"
    r"draft|final|old|new|backup|copy|revised|version|rev|v|entwurf|endfassung|kopie|alt|neu|"
    r"brouillon|borrador)[\s\d.()_-]*)+$",
    re.IGNORECASE,
)


def _is_money(kpi: str, measure: Measure | None) -> bool:
    """Whether the KPI's figures are amounts."""
    if measure is not None and measure.word:
        return False
    return _COUNTS.search(kpi) is None and _RATE.search(kpi) is None


def _why(column: Column, entry: Entry) -> Finding:
    """Why a column is what it is; one that is left out for its year says that."""
    if column.takes is not None and entry.takes is None:
        return Finding.of("adopt-why-other-year", NOWHERE, head=column.head)
    return column.why


def _without_rivals(tables: Sequence[Proposed]) -> list[Proposed]:
    """The tables; what two sheets say differently is asked about, unless a person has chosen."""
    found = list(tables)
    facts = [one.facts if one.sure else () for one in tables]
    theirs = rivals([one.block.sheet for one in tables], facts)
    for at, sheet in theirs.items():
        table = tables[at]
        why = Finding.of("adopt-why-two-versions", NOWHERE, sheet=sheet)
        entries, whys = list(table.entries), list(table.whys)
        for number, one in enumerate(entries):
            if one.takes is Takes.TARGET and one.confidence < _CHOSEN:
                entries[number] = replace(one, confidence=_HIDDEN)
                whys[number] = why
        sure = min(one.confidence for one in entries if one.read)
        found[at] = replace(table, entries=tuple(entries), whys=tuple(whys), confidence=sure)
    return found


def _doubted(column: Column) -> Column:
    """A column of a hidden sheet: nobody sees what is read there, so it is asked about."""
    if column.takes is None:
        return column
    why = Finding.of("adopt-why-hidden", NOWHERE, head=column.head)
    return replace(column, confidence=min(column.confidence, _HIDDEN), why=why)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _title(table: Table) -> str:
    """The text right above a table, where it is a name and says nothing of time or kind."""
    text = next((written(one.value) for one in table.block.titles), "")
    plain = period_in(text) is None and not said(text).roles and len(text) <= _NAME
    return text if plain and measure_in(text) is None else ""


def _is_generic(name: str) -> bool:
    """Whether a sheet's name says nothing of a team: Sheet1, 目标, Actuals, Draft v1."""
    spoken = said(name)
    rest = spoken.rest if spoken.roles else name.strip()
    return not rest or any(one.match(rest) is not None for one in (_GENERIC, _VERSION))


def _is_time(text: str) -> bool:
    """Whether a text is a time and nothing else: 1月 is written in China and in Japan."""
    timed = period_in(text)
    return timed is not None and not timed.rest


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _start(run: Sequence[tuple[int | None, int]]) -> int:
    """The month with which whole years in a row begin; 0 where the months are none."""
    months = [month for _, month in run]
    following = all(b - a in (1, -11) for a, b in pairwise(months))
    return months[0] if following and months and len(months) % 12 == 0 else 0


def _places(number: Decimal) -> int:
    """Its decimal places, without zeros at the end."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _code(sign: str) -> str:
    """The currency that a number format shows: a code, or a sign that means one."""
    signs = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "CNY", "￥": "CNY", "₹": "INR", "₩": "KRW"}
    return signs.get(sign) or (sign if sign in CODES else "")
