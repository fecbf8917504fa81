"""Actuals from sources: where each record belongs; ``mapping`` says which counts for what.

Records that no rule selects are counted; records that are selected but cannot be placed are
refused with a finding that names their line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain, compress
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import NamedTuple, TypeVar

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place
from salesplan.plan.model import Month, Plan, Unit
from salesplan.plan.model.currencies import currency
from salesplan.plan.sources.accounts import Firsts, Repeats
from salesplan.plan.sources.clerk import Clerk
from salesplan.plan.sources.conditions import Holds, UndecidedError, holds
from salesplan.plan.sources.deals import DealReader, DealRow, Desk
from salesplan.plan.sources.figures import Step, UnreadError, number_step
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.groups import NAMES, REASONS, REST
from salesplan.plan.sources.keys import Keys
from salesplan.plan.sources.mapping import TEXTS, Mapped, Rule
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.rows import ActualRow, ActualRows, Figures, Made, told_apart
from salesplan.plan.sources.table import Field, Record, SourceTable, text_of
from salesplan.plan.time_zones import EARLIEST, ZoneNeededError

TOLERATED = Decimal("0.01")
"""The share of refused lines up to which the others are taken without being asked for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an export holds for a plan: rows to place, and what was left out and why.

    Of the ``records`` some are ``unselected`` (no rule wants them) and some ``refused``. ``later``
    counts rows that are none because another record stands for their account. Of the
    ``rows``, ``added`` are new to the master, ``known`` were there, ``unwritten`` could not be
    written; ``gone`` counts the master's rows of the days of this file that it no longer has.
    """

    rows: ActualRows
    records: int
    unselected: int
    refused: int
    findings: tuple[Finding, ...]
    later: int = 0
    repeated: int = 0
    encoding: str = ""
    added: int = 0
    known: int = 0
    changed: int = 0
    gone: int = 0
    unwritten: int = 0
    lang: str = "zh"
    deals: tuple[DealRow, ...] | None = None
    """Rows for 商机; None where the mapping has no pipeline."""
    deal_keys: frozenset[str] = frozenset()
    """The keys of all records, for deals that the file no longer has."""
    key_again: Callable[[str], str] = str
    """The key of a row that the master has, as this import makes it: :meth:`Keys.again`."""
    deal_counts: Mapping[str, int] = field(default_factory=dict)
    files: int = 1
    kpis: tuple[str, ...] = ()
    """KPIs that the mapping's rules count for."""
    updated: int = 0
    removed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Of the refused records how many for which reason, each for the first that was found."""

    @property
    def counts(self) -> dict[str, int]:
        """What became of the records, by outcome; they add up to all that were read."""
        return {
            "records": self.records,
            "added": self.added,
            "known": self.known,
            "changed": self.changed,
            "unselected": self.unselected,
            "later": self.later,
            "refused": self.refused,
            "unwritten": self.unwritten,
            "gone": self.gone,
            "updated": self.updated,
            "removed": self.removed,
            **{f"deals_{name}": count for name, count in self.deal_counts.items()},
        }

    @property
    def told(self) -> str:
        """What was read and what became of it, in a line of the history."""
        counts = {"records": self.records, **{k: n for k, n in self.counts.items() if n}}
        kept = ("records", "added", "updated", "removed", "refused")
        told = ", ".join(f"{counts[name]:,} {name}" for name in kept if name in counts)
        why = ", ".join(f"{count:,} {name}" for name, count in self.reasons.items())
        return f"{told} ({why})" if why and self.refused else told

    @property
    def too_many_refused(self) -> bool:
        """Whether so many lines were refused that the file and the mapping hardly fit: more than 1
        % of those wanted.

        A single line is let through in a short file, since it is named; not one that repeats
        another's key: then the key does not tell the records apart, and amounts would be lost.
        """
        return too_many(self.refused, self.records - self.unselected, self.repeated)

    def stopped(self) -> Imported:
        """The same, of which nothing is written."""
        finding = too_many_refused(self.refused, self.records - self.unselected)
        return replace(
            self,
            added=0,
            updated=0,
            removed=0,
            unwritten=self.unwritten + self.added,
            deal_counts=dict.fromkeys(self.deal_counts, 0),
            findings=(finding, *self.findings),
        )


def too_many(refused: int, wanted: int, repeated: int = 0) -> bool:
    """Whether so many of the wanted lines were refused that source and mapping hardly fit."""
    return refused > max(wanted * TOLERATED, 0 if repeated else 1)


def too_many_refused(refused: int, wanted: int) -> Finding:
    """What is said then."""
    share = f"{Decimal(refused) / max(wanted, 1):.1%}"
    return Finding.of("import-too-many-refused", count=refused, records=wanted, share=share)


def read_records(
    sources: Sources | Path, mapped: Mapped, plan: Plan, folder: Path | None = None
) -> Imported:
    """The rows that sources hold for a plan, in the order of their lines.

    Raises SalesplanError (exit 4) if a file cannot be read, (2) if it lacks a column that the
    mapping names, or has it twice, or if a time needs the setting 时区.
    """
    if isinstance(sources, Path):
        sources = Sources((str(sources),), folder or sources.parent, mapped, plan.settings.country)
    placer = _Placer(mapped, plan)
    remarks, how = placer.go_through(sources)
    rows = placer.rows()
    return Imported(
        rows,
        placer.records,
        placer.unselected,
        len(placer.refused),
        (*remarks, *placer.said()),
        placer.placed - len(rows),
        placer.repeated,
        how,
        deals=None if placer.deals is None else tuple(placer.deals.rows),
        deal_keys=frozenset(placer.keys),
        key_again=placer.key_reader.again,
        files=placer.files,
        kpis=tuple(dict.fromkeys(rule.kpi for rule in mapped.rules)),
        reasons=_reasons(placer),
    )


def _reasons(placer: _Placer) -> dict[str, int]:
    """How many records were refused for which reason, in the order of :data:`NAMES`."""
    first: dict[tuple[str, str], str] = {}
    for finding in placer.findings:
        place = finding.place
        first.setdefault((place.sheet, place.cell), NAMES.get(REASONS.get(finding.code, ""), REST))
    found = Counter(first.values())
    found[REST] += len(placer.refused) - len(first)
    return {name: found[name] for name in dict.fromkeys((*NAMES.values(), REST)) if found[name] > 0}


class _Bound:
    """A rule at a table: where its columns stand, and what equal fields of them were found to
    say.
    """

    def __init__(self, rule: Rule, table: SourceTable, reader: FieldReader) -> None:
        self.rule = rule
        self.holds: Holds = holds(rule.where, table, reader)
        self.unit, self.day = table.at(rule.columns["unit"]), table.at(rule.columns["day"])
        self.account = table.at(rule.account) if rule.account else -1
        self.texts = [
            (name, table.at(rule.columns[name])) for name in TEXTS if name in rule.columns
        ]
        self.named = tuple(rule.figures)
        self.steps = [_step(rule, name, table, reader) for name in rule.figures]
        places = dict.fromkeys(chain.from_iterable(at for at, _ in self.steps))
        self.currency = next((at for name, at in self.texts if name == "currency"), -1)
        if self.currency >= 0:
            places[self.currency] = None
        self.asked = _picker(tuple(places))
        self.told = _picker(tuple(at for _, at in self.texts))
        self.known: dict[tuple[Field, ...], Figures] = {}
        self.spelled: dict[str, dict[Field, str]] = {name: {} for name, _ in self.texts}
        self.codes: dict[str, str] = {}
        self.days: dict[str, date | Month] = {}
        self.known_texts: dict[tuple[Field, ...], Mapping[str, str]] = {}


def _picker(places: tuple[int, ...]) -> Callable[[Record], tuple[Field, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _record: ()
    (at,) = places
    return lambda record: (record[at],)


def _step(rule: Rule, name: str, table: SourceTable, reader: FieldReader) -> Step:
    """How a figure is made; it raises :class:`UnreadError` where a field is no number."""
    figure = rule.figures[name]
    if isinstance(figure, Decimal):
        constant = figure * rule.scale if name == "value" else figure
        return (), lambda _record, _home: constant
    if isinstance(figure, tuple):
        tested = holds(figure, table, reader)
        places = tuple(table.at(test.column) for test in figure)
        return places, lambda record, _home: Decimal(tested(record))
    if name == "share":
        at = table.at(figure)
        return (at,), lambda record, _home: _share(record[at], figure, reader)
    scale = rule.scale if name == "value" else Decimal(1)
    return number_step(figure, table, reader, scale)


def _share(given: Field, column: str, reader: FieldReader) -> Decimal | None:
    share = reader.share(given)
    if share is None and text_of(given):
        raise UnreadError(column, text_of(given))
    return share


def needed(rule: Rule, table: SourceTable) -> Iterable[str]:
    """The columns of a rule other than those of its figures."""
    yield from (test.column for test in rule.where)
    yield from rule.columns.values()
    if rule.account:
        yield rule.account
    for figure in rule.figures.values():
        if isinstance(figure, tuple):
            yield from (test.column for test in figure)


class _Batch(NamedTuple):
    """Rows column by column, with which of the records each is of."""

    at: Sequence[int]
    made: Sequence[Made]
    days: Sequence[date | Month]
    units: Sequence[str]
    figures: Sequence[Figures]
    texts: Mapping[str, Sequence[str | None]]


def _in_order(batches: Sequence[_Batch]) -> _Batch:
    """The rows of several rules in the order of their records, then of the rules."""
    places = list(chain.from_iterable(one.at for one in batches))
    order = sorted(range(len(places)), key=places.__getitem__)

    def laid(columns: Iterable[Sequence[T]]) -> list[T]:
        whole = list(chain.from_iterable(columns))
        return [whole[at] for at in order]

    texts: dict[str, Sequence[str | None]] = {}
    for name in dict.fromkeys(chain.from_iterable(one.texts for one in batches)):
        texts[name] = laid(one.texts.get(name) or [None] * len(one.at) for one in batches)
    return _Batch(
        laid(one.at for one in batches),
        laid(one.made for one in batches),
        laid(one.days for one in batches),
        laid(one.units for one in batches),
        laid(one.figures for one in batches),
        texts,
    )


def _known(
    fields: Sequence[Field], known: dict[str, T], read: Callable[[str], T | None]
) -> list[T] | None:
    """What texts say, each worked out once; None where one of them says nothing, or is no text."""
    for given in set(fields):
        if type(given) is not str:
            return None
        if given not in known:
            found = read(given)
            if found is None:
                return None
            known[given] = found
    return [known[given] for given in fields]  # type: ignore[index]


class _Placer(Clerk):
    """Collects rows and refusals record by record, as the first record of an account is known only
    at the end.

    What equal fields say is worked out once, and rows share it: a hundred thousand records say a
    few thousand different things.
    """

    def __init__(self, mapped: Mapped, plan: Plan) -> None:
        super().__init__(mapped, plan)
        self.key_reader = Keys(mapped, self.reader)
        self._key = self.key_reader.of
        self.unselected = self.repeated = 0
        self._rows = ActualRows()
        self._firsts = Firsts()
        self._repeats: dict[tuple[str, int], Repeats] = {}
        self._seen: set[str] = set()
        self._where: dict[str, str] = {}
        """Where keys stand: of records that made no row, and of all others once one came twice."""
        self._indexed = 0
        self._kpis = plan.kpi_by_code
        self._unknown_kpis: Counter[str] = Counter()
        self._bound: list[_Bound] = []
        self._plain = False
        self._meant = lru_cache(4096)(plan.people.meant)
        self._code = cache(self._code_of)
        """The same few units stand in very many records."""
        self.keys: set[str] = set()
        """Keys of all records, where the mapping has a pipeline."""
        self.deals: DealReader | None = None
        if mapped.deals is not None:
            desk = Desk(self._one_unit, self.day, self.alias, self.reader, self.refuse)
            there = frozenset(self.key_reader.again(deal.code) for deal in plan.deals)
            self.deals = DealReader(mapped.deals, there, desk)

    def sit_down_to(self, table: SourceTable, key: Sequence[str]) -> None:
        """Take the records of this table from now on."""
        deals = self.mapped.deals
        wanted = [*key, *(() if deals is None else deals.named())]
        for rule in self.mapped.rules:
            wanted += needed(rule, table)
        table.check(dict.fromkeys(wanted))
        self.name = table.name
        self._bound = [_Bound(rule, table, self.reader) for rule in self.mapped.rules]
        self.key_reader.sit_down_to(table, key)
        self._key_names = tuple(key)
        kpis = [rule.kpi for rule in self.mapped.rules]
        self._plain = (
            self.deals is None
            and bool(kpis)
            and len(set(kpis)) == len(kpis)
            and self._kpis.keys() >= set(kpis)
            and all(one.account < 0 for one in self._bound)
        )
        """Whether no record makes two rows of a KPI, or one that a later record may take back."""
        if self.deals is not None:
            self.deals.sit_down_to(table)

    def said(self) -> tuple[Finding, ...]:
        """What was found: KPIs that the plan does not have, what could mean two things, and the
        lines refused.
        """
        unknown = (
            Finding.of("import-kpi-unknown", Place(self.name), kpi=kpi, count=count)
            for kpi, count in self._unknown_kpis.items()
        )
        return (*unknown, *self.ambiguous(), *self.findings)

    def _take(self, record: Record) -> None:
        line = self.line
        selected = [one for one in self._bound if one.holds(record)]
        deals = self.deals
        key = self._key(record) if selected or deals is not None else ""
        if deals is not None:
            self.keys.add(key)
            if not deals.wants(key, record):
                deals = None
        if not selected and deals is None:
            self.unselected += 1
        elif not key:
            self.refuse("import-key-missing", column=self._key_names)
        elif key in self._seen:
            self.repeated += 1
            self.refuse("import-key-twice", key=key, first=self._first_line(key))
        else:
            self._seen.add(key)
            if deals is not None:
                self._deal(deals, key, line, record)
            if not self._place(selected, key, line, record):
                self._where[key] = self._told(self.name, line)

    def _deal(self, deals: DealReader, key: str, line: int, record: Record) -> None:
        if deals.rule.kpi in self._kpis:
            deals.take(key, line, record)
        else:
            self._unknown_kpis[deals.rule.kpi] += 1
            self.refused.add(self.records)

    def _place(self, selected: Sequence[_Bound], key: str, line: int, record: Record) -> bool:
        """Put down the rows that the rules make of a record; whether there are any but firsts."""
        if selected and all(one.rule.kpi not in self._kpis for one in selected):
            self.refused.add(self.records)
        placed: list[ActualRow] = []
        for one in selected:
            row = self._row(one, key, line, record)
            if row is not None and one.account >= 0:
                self._once(one.rule, row, key)
            elif row is not None:
                placed.append(told_apart(row, placed) if placed else row)
        for row in placed:
            self._rows.append(row)
        return bool(placed)

    def _take_many(self, lines: Sequence[int], records: Sequence[Record]) -> bool:
        """Take records column by column, where nothing of them has to be said."""
        if not self._plain:
            return False
        keys = list(map(self._key, records))
        try:
            masks = [list(map(one.holds, records)) for one in self._bound]
        except UndecidedError:
            return False
        wanted = list(map(any, zip(*masks, strict=True)))
        chosen = list(compress(keys, wanted))
        new = set(chosen)
        if "" in new or len(new) < len(chosen) or not self._seen.isdisjoint(new):
            return False
        found: list[_Batch] = []
        for one, mask in zip(self._bound, masks, strict=True):
            picked = list(compress(range(len(records)), mask))
            batch = self._batch(one, picked, [records[at] for at in picked])
            if batch is None:
                return False
            found.append(batch)
        self._seen |= new
        self.records += len(records)
        self.unselected += len(records) - len(chosen)
        rows = found[0] if len(found) == 1 else _in_order(found)
        self._rows.extend(
            rows.made,
            [f"{made.kpi}:{keys[at]}" for made, at in zip(rows.made, rows.at, strict=True)],
            [lines[at] for at in rows.at],
            rows.days,
            rows.units,
            rows.texts,
            rows.figures,
        )
        return True

    def _batch(
        self, one: _Bound, picked: Sequence[int], records: Sequence[Record]
    ) -> _Batch | None:
        """The rows that a rule makes of records; None where one of them is no row."""
        made = self._rows.made(one.rule.kpi, one.named, False, self.name)
        units = _known([record[one.unit] for record in records], one.codes, self._unit_of)
        days = _known([record[one.day] for record in records], one.days, self._day_of)
        if units is None or days is None:
            return None
        try:
            figures = [self._figures(one, record) for record in records]
        except UnreadError:
            return None
        texts: dict[str, Sequence[str | None]] = {}
        for name, at in one.texts:
            texts[name] = self._column(one, name, [record[at] for record in records])
        return _Batch(picked, [made] * len(picked), days, units, figures, texts)

    def _column(self, one: _Bound, name: str, fields: Sequence[Field]) -> list[str]:
        """The texts of a column in the plan's spelling, one object for each."""
        known = one.spelled[name]
        if set(map(type, fields)) != {str}:
            return [intern(self.alias(name, text_of(given))) for given in fields]
        for given in set(fields):
            if given not in known:
                known[given] = intern(self.alias(name, text_of(given)))
        return [known[given] for given in fields]

    def _unit_of(self, field: str) -> str | None:
        return self._code(self.alias("unit", text_of(field)))

    def _day_of(self, field: str) -> date | Month | None:
        try:
            day = self._day(field)
        except ZoneNeededError:
            return None
        first = day.first if isinstance(day, Month) else day
        return None if first is None or first < EARLIEST else day

    def _told(self, file: str, line: int) -> str:
        return f"{file}:{line}" if self.files else str(line)

    def _first_line(self, key: str) -> str:
        """Where a key was met before."""
        if key not in self._where:
            for at in range(self._indexed, len(self._rows)):
                row = self._rows[at]
                self._where.setdefault(
                    row.source.removeprefix(f"{row.kpi}:"), self._told(row.file, row.line)
                )
            self._indexed = len(self._rows)
        return self._where[key]

    @property
    def placed(self) -> int:
        """How many rows were placed, before accounts were counted once."""
        repeats = sum(one.put for one in self._repeats.values())
        return len(self._rows) + self._firsts.put + repeats

    def rows(self) -> ActualRows:
        """All rows, in the order of their lines."""
        if not self._firsts.put and not self._repeats:
            return self._rows
        order = {rule.kpi: number for number, rule in reversed(list(enumerate(self.mapped.rules)))}
        names = dict.fromkeys(one.file for one in self._all())
        files = dict(zip(names, range(len(names)), strict=True))
        return ActualRows(
            sorted(self._all(), key=lambda row: (files[row.file], row.line, order[row.kpi]))
        )

    def _all(self) -> Iterable[ActualRow]:
        repeats = (one.rows() for one in self._repeats.values())
        return chain(self._rows, self._firsts.rows(), chain.from_iterable(repeats))

    def _once(self, rule: Rule, row: ActualRow, key: str) -> None:
        """Keep the row if its record stands for its account, as far as that is known by now."""
        if rule.first_of:
            self._firsts.add(row, key)
            return
        by_month = self._kpis[rule.kpi].kind.is_snapshot
        kept = self._repeats.setdefault((rule.kpi, rule.within), Repeats(rule.within, by_month))
        kept.add(row, key)

    def _row(self, one: _Bound, key: str, line: int, record: Record) -> ActualRow | None:
        """The row that a rule makes of a record; None, and a finding, where it makes none."""
        rule = one.rule
        if rule.kpi not in self._kpis:
            self._unknown_kpis[rule.kpi] += 1
            return None
        unit = self._code(self.alias("unit", text_of(record[one.unit])))
        if unit is None:
            self._without_unit(self.alias("unit", text_of(record[one.unit])))
            return None
        day = self.day(rule.columns["day"], record[one.day])
        if day is None:
            return None
        asked = one.asked(record)
        numbers = one.known.get(asked) or self._numbers(one, asked, record)
        if numbers is None:
            return None
        if one.account >= 0:
            key = text_of(record[one.account])
            if not key:
                self.refuse("import-first-of-blank", column=rule.account, kpi=rule.kpi)
                return None
        fields = one.told(record)
        texts = one.known_texts.get(fields)
        if texts is None:
            texts = one.known_texts[fields] = self._texts(one, fields)
        told = day, unit, rule.kpi, texts, one.named, numbers
        return ActualRow(f"{rule.kpi}:{key}", line, *told, bool(rule.first_of), self.name)

    def _code_of(self, text: str) -> str | None:
        """The unit's code, or those that share the record, as 实绩 writes them."""
        units = self._meant(text)
        if len(units) == 1:
            return units[0].code
        if not units and (":" in text or "：" in text):
            from salesplan.plan.credits import read_parts, written

            parts = read_parts(text) or ()
            meant = [(self._meant(name), part) for name, part in parts]
            if parts and all(len(named) == 1 for named, _ in meant):
                return written(tuple((named[0].code, part) for named, part in meant))
        return None

    def _one_unit(self, text: str) -> str | None:
        """The code of the one unit that a text means."""
        units = self._meant(text)
        if len(units) == 1:
            return units[0].code
        self._without_unit(text)
        return None

    def _without_unit(self, text: str) -> None:
        units: Sequence[Unit] = self._meant(text)
        if units:
            codes = tuple(unit.code for unit in units)
            self.refuse("import-unit-ambiguous", unit=text, codes=codes)
        else:
            self.refuse("import-unit-unknown", unit=text or "—")

    def _texts(self, one: _Bound, told: Sequence[Field]) -> Mapping[str, str]:
        pairs = zip(one.texts, told, strict=True)
        return {name: intern(self.alias(name, text_of(given))) for (name, _), given in pairs}

    def _figures(self, one: _Bound, record: Record) -> Figures:
        """The figures of a rule's row; raises UnreadError."""
        home = ""
        if one.currency >= 0:
            home = currency(self.alias("currency", text_of(record[one.currency])), self.home)
        return tuple([make(record, home) for _, make in one.steps])

    def _numbers(self, one: _Bound, asked: tuple[Field, ...], record: Record) -> Figures | None:
        try:
            numbers = self._figures(one, record)
        except UnreadError as error:
            column, text = error.args
            self.refuse("import-number", column=column, text=text or "—")
            return None
        if len(one.known) < MOST_KNOWN:
            one.known[asked] = numbers
        return numbers


MOST_KNOWN = 20_000
"""Different figures that are kept at hand: where there are more, hardly any comes twice."""
