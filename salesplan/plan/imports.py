"""Actuals from a CSV export: where each record belongs; ``import_map`` says which counts for what.

Records that no rule selects are counted; records that are selected but cannot be placed are
refused with a finding that names their line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from sys import intern

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.import_map import TEXTS, Condition, Mapped, Rule
from salesplan.plan.model import Plan, Unit
from salesplan.plan.parse_dates import written_day
from salesplan.plan.parse_numbers import LARGEST, plain_number
from salesplan.plan.spelling import half_width

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", ";", "\t")
"""What parts fields where the mapping does not say: a spreadsheet program exports as its country's settings want."""

_TIME = re.compile(r"[\sT]")
_SCIENTIFIC = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class Imported:
    """What an export holds for a plan: rows to place, and what was left out and why."""

    rows: tuple[ActualRow, ...]
    records: int
    unselected: int
    refused: int
    findings: tuple[Finding, ...]
    added: int = 0
    known: int = 0
    lang: str = "zh"

    @property
    def counts(self) -> dict[str, int]:
        return {
            "records": self.records,
            "added": self.added,
            "known": self.known,
            "unselected": self.unselected,
            "refused": self.refused,
        }

    def placed(self, added: int, findings: Sequence[Finding], lang: str) -> Imported:
        """The same, with how many rows were new to the master and what was found in placing them."""
        return replace(
            self,
            added=added,
            known=len(self.rows) - added,
            findings=(*self.findings, *findings),
            lang=lang,
        )


def read_records(path: Path, mapped: Mapped, plan: Plan) -> Imported:
    """The rows that an export holds for a plan, in the order of its lines.

    Raises SalesplanError (exit 4) if the file cannot be read, (2) if it lacks a column that the mapping names.
    """
    placer = _Placer(path.name, mapped, plan)
    records = unselected = 0
    for line, record in _records(path, mapped):
        records += 1
        if record is None:
            placer.refuse("import-line-broken", line)
        elif not placer.take(line, record):
            unselected += 1
    return Imported(placer.rows(), records, unselected, len(placer.refused), tuple(placer.findings))


_Figures = Mapping[str, Decimal | None]


class _Placer:
    """Collects rows and refusals record by record, as the first record of an account is known only at the end.

    What equal fields say is worked out once, and rows share it: a hundred thousand records say a few thousand different things.
    """

    def __init__(self, name: str, mapped: Mapped, plan: Plan) -> None:
        self.name, self.mapped = name, mapped
        self.findings: list[Finding] = []
        self.refused: set[int] = set()
        self._taken: dict[str, ActualRow] = {}
        self._seen: dict[str, int] = {}
        self._kpis = plan.kpi_by_code
        self._unknown_kpis: set[str] = set()
        self._texts: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
        self._rules: list[tuple[Rule, dict[tuple[str, ...], _Figures]]] = [
            (rule, {}) for rule in mapped.rules
        ]
        self._units = lru_cache(4096)(plan.people.meant)
        """The same few units stand in very many records."""

    def refuse(self, code: str, line: int, **params: object) -> None:
        self.refused.add(line)
        finding = Finding.of(code, Place(self.name, self.name, str(line)), line=str(line), **params)
        if finding not in self.findings[-len(self.mapped.rules) :]:
            self.findings.append(finding)

    def take(self, line: int, record: Mapping[str, str]) -> bool:
        """Whether any rule selects the record; each rule's row is kept, or refused with a finding."""
        selected = [one for one in self._rules if _holds(one[0].where, record)]
        if not selected:
            return False
        key = record[self.mapped.key].strip()
        if not key:
            self.refuse("import-key-missing", line, column=self.mapped.key)
        elif key in self._seen:
            self.refuse("import-key-twice", line, key=key, first=str(self._seen[key]))
        else:
            self._seen[key] = line
            for rule, known in selected:
                self._place(rule, known, key, line, record)
        return True

    def rows(self) -> tuple[ActualRow, ...]:
        return tuple(sorted(self._taken.values(), key=lambda row: row.line))

    def _place(
        self,
        rule: Rule,
        known: dict[tuple[str, ...], _Figures],
        key: str,
        line: int,
        record: Mapping[str, str],
    ) -> None:
        if rule.kpi not in self._kpis:
            if rule.kpi not in self._unknown_kpis:
                self._unknown_kpis.add(rule.kpi)
                self.findings.append(
                    Finding.of("import-kpi-unknown", Place(self.name), kpi=rule.kpi)
                )
            self.refused.add(line)
            return
        unit_text = self._alias("unit", record[rule.columns["unit"]])
        units = self._units(unit_text)
        if len(units) != 1:
            self._without_unit(line, unit_text, units)
            return
        unit = units[0].code
        day = _day(record[rule.columns["day"]])
        if day is None:
            self.refuse(
                "import-date",
                line,
                column=rule.columns["day"],
                text=record[rule.columns["day"]] or "—",
            )
            return
        given = tuple([record[column] for column in rule.asked])
        figures = known.get(given) or self._figures(rule, line, record)
        if figures is None:
            return
        known[given] = figures
        source = f"{rule.kpi}:{key}"
        if rule.first_of:
            what = record[rule.first_of].strip()
            if not what:
                self.refuse("import-first-of-blank", line, column=rule.first_of, kpi=rule.kpi)
                return
            source = f"{rule.kpi}:{what}"
        earlier = self._taken.get(source)
        if earlier is None or day < earlier.day:
            self._taken[source] = ActualRow(
                source, line, day, unit, rule.kpi, self._named(rule, record), figures
            )

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
                value = _number(record[figure])
                if value is None:
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


@cache
def _day(value: str) -> date | None:
    return written_day(_TIME.split(value.strip(), maxsplit=1)[0])


def _number(value: str) -> Decimal | None:
    """A comma only ever parts thousands: 1,5 and 1.025,50 are refused, since they would be read as ten times too much or too little."""
    text = half_width(value)
    try:
        number = plain_number(text)
        if number is None and _SCIENTIFIC.fullmatch(text):
            number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < LARGEST else None


def _records(path: Path, mapped: Mapped) -> Iterator[tuple[int, dict[str, str] | None]]:
    """(line, record) of each record; None for a line whose number of fields is not the header's."""
    text = _text(path, mapped.encoding)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=mapped.delimiter or _delimiter(text, mapped.wanted),
        strict=True,
    )
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = sorted(mapped.wanted - set(header))
        if missing:
            raise SalesplanError(
                Finding.of(
                    "import-columns-missing",
                    Place(str(path)),
                    name=path.name,
                    columns=missing,
                    header=header,
                ),
                2,
            )
        for fields in reader:
            if fields:
                yield (
                    reader.line_num,
                    dict(zip(header, fields, strict=True)) if len(fields) == len(header) else None,
                )
    except csv.Error as error:
        raise SalesplanError(
            Finding.of(
                "import-unreadable",
                Place(str(path)),
                name=path.name,
                cause=f"{reader.line_num}: {error}",
            ),
            4,
        ) from error


def _delimiter(text: str, wanted: set[str]) -> str:
    """The one by which the header has all wanted columns, else a comma."""
    line = text.partition("\n")[0]
    headers = {
        one: {name.strip() for name in next(csv.reader([line], delimiter=one), [])}
        for one in DELIMITERS
    }
    return next((one for one in DELIMITERS if wanted <= headers[one]), DELIMITERS[0])


def _text(path: Path, encoding: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SalesplanError(
            Finding.of(
                "import-unreadable",
                Place(str(path)),
                name=path.name,
                cause=error.strerror or str(error),
            ),
            4,
        ) from error
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for name in (encoding,) if encoding else ("utf-16",) if wide else ENCODINGS:
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise SalesplanError(Finding.of("import-encoding", Place(str(path)), name=path.name), 4)
