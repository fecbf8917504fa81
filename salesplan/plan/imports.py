"""Actuals from a CSV export: where each record belongs; ``import_map`` says which counts for what.

Records that no rule selects are counted; records that are selected but cannot be placed are
refused with a finding that names their line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from sys import intern

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.import_deals import DealReader, DealRow, Desk
from salesplan.plan.import_files import read_export
from salesplan.plan.import_map import TEXTS, Condition, Mapped, Rule
from salesplan.plan.model import Plan, Unit
from salesplan.plan.model.currencies import home_of
from salesplan.plan.parse_numbers import LARGEST, money, plain_number
from salesplan.plan.spelling import half_width
from salesplan.plan.time_zones import EARLIEST, ZoneNeededError, day_of, zone_of

_SCIENTIFIC = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

TOLERATED = Decimal("0.01")
"""The share of refused lines up to which the others are taken without being asked for."""


@dataclass(frozen=True, slots=True)
class ActualRow:
    """One row for the actuals table. ``source`` identifies it from one import to the next."""

    source: str
    line: int
    day: date
    unit: str
    kpi: str
    texts: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Decimal | None] = field(default_factory=dict)
    first: bool = False
    """Whether it is the first of its account, so that a later one of a later file is no correction
    of it.
    """


@dataclass(frozen=True, slots=True)
class Imported:
    """What an export holds for a plan: rows to place, and what was left out and why.

    Of the ``records`` some are ``unselected`` (no rule wants them) and some ``refused``. ``later``
    counts rows that are none because an earlier record of their account is the first one. Of the
    ``rows``, ``added`` are new to the master, ``known`` were there, ``unwritten`` could not be
    written; ``gone`` counts the master's rows of the days of this file that it no longer has.
    """

    rows: tuple[ActualRow, ...]
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
    deal_counts: Mapping[str, int] = field(default_factory=dict)

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
            **{f"deals_{name}": count for name, count in self.deal_counts.items()},
        }

    @property
    def too_many_refused(self) -> bool:
        """Whether so many lines were refused that the file and the mapping hardly fit: more than 1
        % of those wanted.

        A single line is let through in a short file, since it is named; not one that repeats
        another's key: then the key does not tell the records apart, and amounts would be lost.
        """
        wanted = self.records - self.unselected
        return self.refused > max(wanted * TOLERATED, 0 if self.repeated else 1)

    def stopped(self) -> Imported:
        """The same, of which nothing is written."""
        share = Decimal(self.refused) / max(self.records - self.unselected, 1)
        finding = Finding.of(
            "import-too-many-refused",
            count=self.refused,
            records=self.records - self.unselected,
            share=f"{share:.1%}",
        )
        return replace(
            self,
            added=0,
            unwritten=self.unwritten + self.added,
            deal_counts=dict.fromkeys(self.deal_counts, 0),
            findings=(finding, *self.findings),
        )


def read_records(path: Path, mapped: Mapped, plan: Plan) -> Imported:
    """The rows that an export holds for a plan, in the order of its lines.

    Raises SalesplanError (exit 4) if the file cannot be read, (2) if it lacks a column that the
    mapping names, or has it twice, or if a time needs the setting 时区.
    """
    export = read_export(path, mapped, plan.settings.country)
    placer = _Placer(path.name, mapped, plan)
    records = unselected = 0
    for line, record in export.records():
        records += 1
        if record is None:
            placer.refuse("import-line-broken", line)
        elif not placer.take(line, record):
            unselected += 1
    return Imported(
        placer.rows(),
        records,
        unselected,
        len(placer.refused),
        (*export.remarks(), *placer.said()),
        placer.later,
        placer.repeated,
        export.encoding,
        deals=None if placer.deals is None else tuple(placer.deals.rows),
        deal_keys=frozenset(placer.keys),
    )


_Figures = Mapping[str, Decimal | None]


class _Placer:
    """Collects rows and refusals record by record, as the first record of an account is known only
    at the end.

    What equal fields say is worked out once, and rows share it: a hundred thousand records say a
    few thousand different things.
    """

    def __init__(self, name: str, mapped: Mapped, plan: Plan) -> None:
        self.name, self.mapped = name, mapped
        self.findings: list[Finding] = []
        self.refused: set[int] = set()
        self.later = self.repeated = 0
        self._rows: list[ActualRow] = []
        self._firsts: dict[str, list[ActualRow]] = {}
        self._seen: dict[str, int] = {}
        self._zone = zone_of(plan.settings.time_zone, plan.settings.country)
        self._day = cache(self._day_of)
        self._home = home_of(plan.settings.currency)
        self._kpis = plan.kpi_by_code
        self._unknown_kpis: Counter[str] = Counter()
        self._texts: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
        self._rules: list[tuple[Rule, dict[tuple[str, ...], _Figures]]] = [
            (rule, {}) for rule in mapped.rules
        ]
        self._units = lru_cache(4096)(plan.people.meant)
        """The same few units stand in very many records."""
        self.keys: set[str] = set()
        """Keys of all records, where the mapping has a pipeline."""
        self.deals: DealReader | None = None
        if mapped.deals is not None:
            desk = Desk(
                self._one_unit,
                self._placed_day,
                self._alias,
                lambda text: _number(text, self._home),
                _share,
                self.refuse,
            )
            self.deals = DealReader(mapped.deals, plan, desk)

    def said(self) -> tuple[Finding, ...]:
        """What was found: KPIs that the plan does not have, and the lines refused."""
        unknown = (
            Finding.of("import-kpi-unknown", Place(self.name), kpi=kpi, count=count)
            for kpi, count in self._unknown_kpis.items()
        )
        return (*unknown, *self.findings)

    def refuse(self, code: str, line: int, **params: object) -> None:
        self.refused.add(line)
        finding = Finding.of(code, Place(self.name, self.name, str(line)), line=str(line), **params)
        if finding not in self.findings[-len(self.mapped.rules) :]:
            self.findings.append(finding)

    def take(self, line: int, record: Mapping[str, str]) -> bool:
        """Whether any rule selects the record; each rule's row is kept, or refused with a
        finding.
        """
        selected = [one for one in self._rules if _holds(one[0].where, record)]
        key = self._key(record) if selected or self.deals is not None else ""
        deals = self.deals
        if deals is not None:
            self.keys.add(key)
        if deals is not None and not deals.wants(key, record):
            deals = None
        if not selected and deals is None:
            return False
        if not key:
            self.refuse("import-key-missing", line, column=self.mapped.key)
        elif key in self._seen:
            self.repeated += 1
            self.refuse("import-key-twice", line, key=key, first=str(self._seen[key]))
        else:
            self._seen[key] = line
            placed: list[ActualRow] = []
            if selected and all(rule.kpi not in self._kpis for rule, _ in selected):
                self.refused.add(line)
            if deals is not None and deals.rule.kpi in self._kpis:
                deals.take(key, line, record)
            elif deals is not None:
                self._unknown_kpis[deals.rule.kpi] += 1
                self.refused.add(line)
            for rule, known in selected:
                row = self._row(rule, known, key, line, record)
                if row is not None and rule.first_of:
                    self._first(row)
                elif row is not None:
                    placed.append(_told_apart(row, placed))
            self._rows += placed
        return True

    def rows(self) -> tuple[ActualRow, ...]:
        firsts = list(chain.from_iterable(self._firsts.values()))
        order = {rule.kpi: number for number, rule in reversed(list(enumerate(self.mapped.rules)))}
        return tuple(sorted((*self._rows, *firsts), key=lambda row: (row.line, order[row.kpi])))

    def _key(self, record: Mapping[str, str]) -> str:
        """What identifies a record: its key's columns, joined so that no two records get one
        key.
        """
        parts = [record[column].strip() for column in self.mapped.key]
        if len(parts) == 1:
            return parts[0]
        escaped = (part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
        return "|".join(escaped) if any(parts) else ""

    def _first(self, row: ActualRow) -> None:
        """Keep the rows of the earliest record of an account; of one record several units may have
        a part.
        """
        earlier = self._firsts.get(row.source)
        if earlier is None or (row.day < earlier[0].day and row.line != earlier[0].line):
            self.later += len(earlier or ())
            self._firsts[row.source] = [row]
        elif row.line == earlier[0].line:
            earlier.append(_told_apart(row, earlier))
        else:
            self.later += 1

    def _row(
        self,
        rule: Rule,
        known: dict[tuple[str, ...], _Figures],
        key: str,
        line: int,
        record: Mapping[str, str],
    ) -> ActualRow | None:
        """The row that a rule makes of a record; None, and a finding, where it makes none."""
        if rule.kpi not in self._kpis:
            self._unknown_kpis[rule.kpi] += 1
            return None
        unit_text = self._alias("unit", record[rule.columns["unit"]])
        unit = self._unit(line, unit_text)
        if unit is None:
            return None
        day = self._placed_day(rule.columns["day"], line, record)
        if day is None:
            return None
        given = tuple([record[column] for column in rule.asked])
        figures = known.get(given) or self._figures(rule, line, record)
        if figures is None:
            return None
        known[given] = figures
        source = f"{rule.kpi}:{key}"
        if rule.first_of:
            what = record[rule.first_of].strip()
            if not what:
                self.refuse("import-first-of-blank", line, column=rule.first_of, kpi=rule.kpi)
                return None
            source = f"{rule.kpi}:{what}"
        return ActualRow(
            source,
            line,
            day,
            unit,
            rule.kpi,
            self._named(rule, record),
            figures,
            bool(rule.first_of),
        )

    def _unit(self, line: int, text: str) -> str | None:
        """The unit's code, or those that share the record, as 实绩 writes them."""
        units = self._units(text)
        if len(units) == 1:
            return units[0].code
        if not units and (":" in text or "：" in text):
            from salesplan.plan.credits import read_parts, written

            parts = read_parts(text) or ()
            meant = [(self._units(name), part) for name, part in parts]
            if parts and all(len(named) == 1 for named, _ in meant):
                return written(tuple((named[0].code, part) for named, part in meant))
        self._without_unit(line, text, units)
        return None

    def _one_unit(self, line: int, text: str) -> str | None:
        """The code of the one unit that a text means."""
        units = self._units(text)
        if len(units) == 1:
            return units[0].code
        self._without_unit(line, text, units)
        return None

    def _placed_day(self, column: str, line: int, record: Mapping[str, str]) -> date | None:
        text = record[column]
        try:
            day = self._day(text)
        except ZoneNeededError as error:
            place = Place(self.name, self.name, str(line))
            finding = Finding.of("import-time-zone", place, line=str(line), text=text)
            raise SalesplanError(finding, 2) from error
        if day is None:
            self.refuse("import-date", line, column=column, text=text or "—")
        elif day < EARLIEST:
            self.refuse("import-date-outside", line, column=column, text=text)
            return None
        return day

    def _day_of(self, text: str) -> date | None:
        return day_of(text, self._zone)

    def _without_unit(self, line: int, text: str, units: Sequence[Unit]) -> None:
        if units:
            codes = tuple(unit.code for unit in units)
            self.refuse("import-unit-ambiguous", line, unit=text, codes=codes)
        else:
            self.refuse("import-unit-unknown", line, unit=text or "—")

    def _named(self, rule: Rule, record: Mapping[str, str]) -> Mapping[str, str]:
        given = tuple(
            [(name, record[rule.columns[name]]) for name in TEXTS if name in rule.columns]
        )
        texts = self._texts.get(given)
        if texts is None:
            texts = self._texts[given] = {
                name: intern(self._alias(name, text)) for name, text in given
            }
        return texts

    def _figures(self, rule: Rule, line: int, record: Mapping[str, str]) -> _Figures | None:
        figures: dict[str, Decimal | None] = {}
        for name, figure in rule.figures.items():
            if isinstance(figure, Decimal):
                value: Decimal | None = figure
            elif isinstance(figure, str):
                given = record[figure]
                value = _share(given) if name == "share" else _number(given, self._home)
                if value is None and not (name == "share" and not given.strip()):
                    self.refuse("import-number", line, column=figure, text=record[figure] or "—")
                    return None
            else:
                value = Decimal(_holds(figure, record))
            figures[name] = value * rule.scale if name == "value" and value is not None else value
        return figures

    def _alias(self, name: str, value: str) -> str:
        return self.mapped.aliases.get(name, {}).get(value.strip(), value.strip())


def _holds(where: Condition, record: Mapping[str, str]) -> bool:
    return all(record[column].strip() in wanted for column, wanted in where.items())


def _told_apart(row: ActualRow, others: Sequence[ActualRow]) -> ActualRow:
    """The row with a source of its own where another row of its record says the same KPI, unit and
    product.

    A deal of which 60 % go to its owner and 40 % to a second one who is the same person makes two
    rows.
    """
    alike = sum(
        (one.kpi, one.unit, one.texts.get("product"))
        == (row.kpi, row.unit, row.texts.get("product"))
        for one in others
    )
    return replace(row, source=f"{row.source} ({alike + 1})") if alike else row


def _share(value: str) -> Decimal | None:
    """A part of a record: 60%, 0.6 or 60."""
    text = half_width(value)
    number = plain_number(text.removesuffix("%").strip())
    if number is None or not 0 <= number <= 100:
        return None
    return number / 100 if text.endswith("%") or number > 1 else number


def _number(value: str, home: str) -> Decimal | None:
    """A figure, also with the sign or code of the currency ``home``; what the amount counts in is
    said by the rule's ``scale``.

    A comma only ever parts thousands: 1,5 and 1.025,50 are refused, since they would be read as ten
    times too much or too little.
    """
    text = half_width(value)
    try:
        number = plain_number(text)
        if number is None:
            number = money(text, home)
        if number is None and _SCIENTIFIC.fullmatch(text):
            number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < LARGEST else None
