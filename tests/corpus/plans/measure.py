"""Measure ``adopt`` on a workbook of the corpus, through the command line and ``salesplan.open`` only."""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any

from click.testing import CliRunner
from openpyxl.utils import column_index_from_string, get_column_letter

import salesplan
from salesplan.cli import commands
from tests.corpus.plans.book import ACTUALS, LEFT, TARGETS, UNKNOWABLE, Book, Column

RIGHT, ASKED, WRONG, UNREAD = "right", "asked", "wrong", "unread"

CERTAIN = 90
"""From this confidence on, in percent, a column is taken without a question (docs/adopt.md)."""

_MAY_CHANGE = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
}
"""Parts that name the sheets or hold looks: a new sheet cannot come without them."""

_FIELDS: Mapping[str, frozenset[str | None]] = {
    "unit": frozenset({"unit"}),
    "parent": frozenset({"parent"}),
    "code": frozenset({"code"}),
    "kpi": frozenset({"kpi"}),
    "product": frozenset({"product"}),
    "customer": frozenset({"customer"}),
    "date": frozenset({"day", "month"}),
    "target": frozenset({"target"}),
    "actual": frozenset({"actual"}),
    "kind": frozenset({"role"}),
    "pieces": frozenset({"quantity"}),
    "by kind": frozenset({"target", "actual", "value"}),
    LEFT: frozenset({None, "year"}),
    "last year": frozenset({None, "last_year"}),
    "sum of others": frozenset({None, "unit", "target", "year"}),
    "second version": frozenset({None}),
    UNKNOWABLE: frozenset(),
}
"""What a column is, and the fields that say so."""

_TABLE = re.compile(r"^\d+\. (.+)!([A-Z]+\d+)  ")
_COLUMN = re.compile(r"^ {3}([A-Z]+)(\d+)(?:–([A-Z]+)(\d+))?\s")


@dataclass
class Verdict:
    """What came of one workbook."""

    book: Book
    columns: dict[Column, str] = field(default_factory=dict)
    said: dict[Column, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    sure: int = 0
    """Columns that are right, and taken at high confidence or rightly left out."""

    def count(self, verdict: str) -> int:
        """Columns of one verdict."""
        return list(self.columns.values()).count(verdict)


def measure(book: Book, folder: Path, report: bool = False) -> Verdict:
    """Adopt it, work it out, and hold both against the truth."""
    path = book.save(folder)
    before = path.with_suffix(".before")
    copyfile(path, before)
    verdict = Verdict(book)
    answer = _run("adopt", str(path), "--yes", "--json")
    try:
        said: dict[str, Any] = json.loads(answer.stdout)
    except ValueError:
        if book.knowable or answer.exit_code != 1:
            verdict.faults.append(f"adopt --yes --json says {answer.output[:300]!r}")
        said = {"refused": answer.exit_code == 1}
    taken = list(_told(said)) if said.get("written") else []
    asked, unread = _shown_to_the_planner(before, book, taken)
    findings = list(said.get("findings", ()))
    refused = {one["sheet"] for one in findings if one["severity"] == "error"}
    for column in book.columns:
        _judge(verdict, column, taken, asked, unread, refused)
        if said.get("refused") and column.what == UNKNOWABLE:
            verdict.columns[column] = ASKED  # nothing is read, and it is said why
    _judge_strays(verdict, taken)
    _judge_parts(verdict, before, path)
    if taken and "second version" not in {column.what for column in book.columns}:
        findings += _judge_sums(verdict, path, taken)
        _judge_parts(verdict, before, path)
        if report:
            made = _run(
                "report", str(path), "-o", str(folder), "--json", "--force", "--month", _last(book)
            )
            if made.exit_code:
                verdict.faults.append(f"report: {made.output[:300]}")
    for words in book.must_name:
        if not any(words in json.dumps(one, ensure_ascii=False) for one in findings):
            verdict.faults.append(f"no finding names {words}")
    return verdict


def _run(*arguments: str) -> Any:
    return CliRunner().invoke(commands, arguments)


def _last(book: Book) -> str:
    months = sorted(one.month for one in book.figures if one.month[5:].isdigit())
    reached = sorted(one.month for one in book.figures if one.kind == ACTUALS)
    return reached[-1] if reached else months[0] if months else "2026-01"


def _shown_to_the_planner(
    path: Path, book: Book, taken: list[tuple[str, Mapping[str, Any]]]
) -> tuple[set[tuple[str, str, int]], set[str]]:
    """Heads that are shown without ``--yes``, and sheets that are said not to be read; not looked up when all was taken."""
    if all(
        any(column.holds(sheet, one["cell"]) for sheet, one in taken)
        for column in book.columns
        if column.what != LEFT
    ):
        return set(), set()
    copy = path.with_suffix(".look.xlsx")
    copyfile(path, copy)
    shown = _run("adopt", str(copy), "--lang", "en")
    return set(_shown(shown.output)), _sheets_not_read(shown.output, book)


def _shown(text: str) -> Iterator[tuple[str, str, int]]:
    """Heads of every table that is shown to the planner: sheet, column, row."""
    sheet = ""
    for line in text.splitlines():
        if table := _TABLE.match(line):
            sheet = table.group(1)
        elif (column := _COLUMN.match(line)) and sheet:
            first, row, last = (
                column.group(1),
                int(column.group(2)),
                column.group(3) or column.group(1),
            )
            for number in range(
                column_index_from_string(first), column_index_from_string(last) + 1
            ):
                yield sheet, get_column_letter(number), row


def _sheets_not_read(text: str, book: Book) -> set[str]:
    names = "".join(line for line in text.splitlines() if line.startswith("Sheets not read: "))
    return {sheet.title for sheet in book.workbook.worksheets if sheet.title in names}


def _told(said: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for table in said.get("tables", ()):
        for column in table["columns"]:
            yield table["sheet"], column


def _judge(
    verdict: Verdict,
    column: Column,
    taken: list[tuple[str, Mapping[str, Any]]],
    asked: set[tuple[str, str, int]],
    unread: set[str],
    refused: set[str],
) -> None:
    mine = [one for sheet, one in taken if column.holds(sheet, one["cell"])]
    if mine:
        one = mine[0]
        verdict.said[column] = f"{one['field']} {one['conversion']} {one['confidence']}%"
        if column.what == "second version" and column.sheet in refused:
            verdict.columns[column] = ASKED
            return
        good = one["field"] in _FIELDS[column.what] and (
            not column.month
            or one["field"] in (None, "year")
            or _months_agree(column.month, one["conversion"])
        )
        verdict.columns[column] = RIGHT if good else WRONG
        verdict.sure += good and one["confidence"] >= CERTAIN
    elif any(column.holds(sheet, f"{letter}{row}") for sheet, letter, row in asked):
        verdict.columns[column] = ASKED
    elif column.what in (LEFT, "sum of others", "second version"):
        verdict.columns[column] = RIGHT
        verdict.sure += 1
    else:
        verdict.columns[column] = UNREAD if column.sheet in unread else WRONG
        verdict.said[column] = "not seen"


def _months_agree(month: str, conversion: str) -> bool:
    told = re.search(r"(?:month|quarter)=([0-9]{4}-(?:[0-9]{2}|Q[1-4]))", conversion)
    return bool(told) and told.group(1) == month


def _judge_strays(verdict: Verdict, taken: list[tuple[str, Mapping[str, Any]]]) -> None:
    """A column that the truth does not know must not be read."""
    for sheet, one in taken:
        if one["field"] is not None and not any(
            column.holds(sheet, one["cell"]) for column in verdict.book.columns
        ):
            verdict.faults.append(
                f"{sheet}!{one['cell']} is read as {one['field']}: there is no such column"
            )


def _judge_parts(verdict: Verdict, before: Path, after: Path) -> None:
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        names = set(new.namelist())
        for name in old.namelist():
            if name not in names:
                verdict.faults.append(f"part {name} is gone")
            elif name not in _MAY_CHANGE and old.read(name) != new.read(name):
                verdict.faults.append(f"part {name} is altered")


def _judge_sums(
    verdict: Verdict, path: Path, taken: list[tuple[str, Mapping[str, Any]]]
) -> list[Mapping[str, Any]]:
    book = verdict.book
    done = _run("recalc", str(path), "--json")
    if done.exit_code:
        verdict.faults.append(f"recalc: {done.output[:400]}")
        return []
    findings: list[Mapping[str, Any]] = json.loads(done.stdout)["findings"]
    plan = salesplan.open(path)
    names = _names(book, plan)
    kpis = {one.kpi: one for one in plan.kpis}
    read: dict[str, dict[tuple[str, str], Decimal]] = {
        TARGETS: defaultdict(Decimal),
        ACTUALS: defaultdict(Decimal),
    }
    several = any(one.kpi for one in book.figures)
    for one in kpis.values():
        if (
            not several
            and book.figures
            and not any(mark in one.measure for mark in _CURRENCIES[book.language])
        ):
            verdict.faults.append(f"{one.name} is counted in {one.measure}")
    quarters = any("Q" in one.month for one in book.figures)
    for kind, records in ((TARGETS, plan.targets), (ACTUALS, plan.actuals)):
        for one in records:
            value = one.base if kind == TARGETS else one.value
            if one.month is None or value is None or one.unit not in names:
                continue
            month = (
                f"{one.month:%Y}-Q{(one.month.month + 2) // 3}"
                if quarters
                else f"{one.month:%Y-%m}"
            )
            kpi = kpis[one.kpi]
            label = kpi.name.split("(")[0] if several else ""
            factor = _FACTORS.get(kpi.measure, 1)
            read[kind][f"{label}|{names[one.unit]}", f"{label}|{month}"] += value * factor
    for kind in (TARGETS, ACTUALS):
        tables = _tables_taken(book, taken, kind)
        for place, by in enumerate(("unit", "month")):
            if by == "month" and any(len(one.month) == 4 for one in book.figures):
                continue  # of a year no sheet says the months
            got: dict[str, Decimal] = defaultdict(Decimal)
            for key, value in read[kind].items():
                got[key[place]] += value
            _compare(
                verdict,
                kind,
                by,
                {key: value for key, value in got.items() if value},
                book.sums(kind, by, tables),
            )
    return findings


_FACTORS = {
    "万元": 10_000,
    "千元": 1_000,
    "10k CNY": 10_000,
    "千円": 1_000,
    "万円": 10_000,
    "k JPY": 1_000,
    "T€": 1_000,
    "k EUR": 1_000,
}
_CURRENCIES = {
    "zh": ("CNY", "元"),
    "en": ("USD", "$"),
    "de": ("EUR", "€"),
    "ja": ("JPY", "円"),
    "fr": ("EUR", "€"),
}


def _names(book: Book, plan: Any) -> dict[str, str]:
    """The truth's name of every unit of theirs that the truth knows."""
    units = {one.unit: one for one in plan.units}
    wanted = {one.unit for one in book.figures}
    names = {}
    for code, one in units.items():
        parent = units.get(one.parent)
        for name in (f"{parent.name}/{one.name}" if parent else one.name, one.name):
            if name in wanted:
                names[code] = name
                break
    return names


def _tables_taken(book: Book, taken: list[tuple[str, Mapping[str, Any]]], kind: str) -> set[str]:
    whats = {"by kind", "target" if kind == TARGETS else "actual"}
    return {
        column.table
        for column in book.columns
        if column.what in whats
        and any(column.holds(sheet, one["cell"]) and one["field"] for sheet, one in taken)
    }


def _compare(
    verdict: Verdict, kind: str, by: str, got: Mapping[str, Decimal], wanted: Mapping[str, Decimal]
) -> None:
    differing = [
        key for key in sorted(got.keys() | wanted.keys()) if got.get(key, 0) != wanted.get(key, 0)
    ]
    if differing:
        key = differing[0]
        verdict.faults.append(
            f"{kind} by {by}: {len(differing)} of {len(wanted)} differ, {key}: {got.get(key)} instead of {wanted.get(key)}"
        )
