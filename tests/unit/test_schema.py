"""The schema holds together: nothing in it is ambiguous, and records have a field for what it
reads.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from enum import Enum

import pytest

from salesplan.plan import model
from salesplan.plan.normalize import folded
from salesplan.plan.schema import (
    CHOICES,
    SETTINGS,
    SHEETS,
    TABLES,
    Kind,
    Owner,
    Table,
    table,
    tables_of,
)

TABLE = pytest.mark.parametrize("one", TABLES, ids=lambda one: one.key)

RECORDS = {
    "units": model.Unit,
    "kpis": model.Kpi,
    "market": model.MarketSize,
    "competitors": model.Competitor,
    "situation": model.SituationEntry,
    "strategies": model.Strategy,
    "tasks": model.Task,
    "skills": model.Skill,
    "tools": model.Tool,
    "budget": model.BudgetLine,
    "category_shares": model.Share,
    "region_shares": model.Share,
    "deals": model.Deal,
    "spending": model.Spending,
    "products": model.Product,
    "prospects": model.Prospect,
    "helpers": model.Helper,
    "replies": model.HelpReply,
    "customers": model.Customer,
    "rates": model.ExchangeRate,
    "draws": model.ReserveDraw,
    "daily": model.DailyEntry,
    "weekly": model.WeeklyEntry,
    "changes": model.Change,
    "issues": model.IssueRow,
    "lessons": model.Lesson,
    "triggers": model.Trigger,
}
"""Tables whose planner columns are fields of one record by name."""


def doubles(names: list[str]) -> list[str]:
    return [name for name, count in Counter(map(folded, names)).items() if count > 1]


@TABLE
def test_a_header_names_one_column_of_its_table(one: Table) -> None:
    assert (
        doubles(
            [header for column in one.columns for header in {folded(h) for h in column.headers}]
        )
        == []
    )
    assert doubles([column.key for column in one.columns]) == []


def test_sheets_tables_and_settings_have_names_of_their_own() -> None:
    assert (
        doubles(
            [
                name
                for sheet in SHEETS
                for name in {folded(n) for n in (sheet.zh, sheet.en, *sheet.aliases)}
            ]
        )
        == []
    )
    assert doubles([one.key for one in TABLES]) == doubles([one.name for one in TABLES]) == []
    assert (
        doubles(
            [
                name
                for one in SETTINGS
                for name in {folded(n) for n in (one.zh, one.en, *one.aliases)}
            ]
        )
        == []
    )
    assert all(tables_of(sheet.key) for sheet in SHEETS)


@TABLE
def test_columns_are_complete(one: Table) -> None:
    keys = {column.key for column in one.columns}
    assert set(one.identity) <= keys
    for column in one.columns:
        assert column.zh and column.en and column.note_zh and column.note_en
        assert (column.kind in (Kind.CHOICE, Kind.CHOICES)) == (column.choices is not None)
        assert not (column.required and column.owner is Owner.ENGINE)
        if column.ref:
            assert table(column.ref).column("code")


@TABLE
def test_heads_are_words_and_no_names_of_code(one: Table) -> None:
    """A class or a variable that gets another name must not take a header along."""
    heads = [text for column in one.columns for text in (column.zh, column.en, *column.aliases)]
    assert not [text for text in heads if re.search("[a-z][A-Z]|_", text)]


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__name__)
def test_a_name_means_one_choice(choices: type[Enum]) -> None:
    assert list(CHOICES[choices]) == list(choices)
    assert (
        doubles(
            [name for names in CHOICES[choices].values() for name in {folded(n) for n in names}]
        )
        == []
    )


@pytest.mark.parametrize(("key", "record"), RECORDS.items(), ids=list(RECORDS))
def test_records_have_a_field_for_each_planner_column(key: str, record: type[model.Record]) -> None:
    known = {field.name for field in fields(record)}
    assert {column.key for column in table(key).columns if column.owner is Owner.PLANNER} <= known


def test_settings_are_fields_of_their_record() -> None:
    known = {field.name for field in fields(model.Settings)}
    assert {setting.key for setting in SETTINGS} - {"explain_range"} <= known


@pytest.mark.parametrize(
    ("table_key", "key", "head"),
    [
        ("tasks", "remedy", "Remedy"),
        ("tasks", "light", "Light"),
        ("weekly", "remedy", "Remedy next week"),
        ("strategies", "kpi_rate", "Linked KPI completion"),
        ("budget", "manual_grant", "Manual grant"),
        ("budget", "granted", "Granted"),
        ("budget", "execution_rate", "Use"),
        ("caps", "granted", "Granted"),
        ("issues", "symptom", "Symptom"),
        ("issues", "remedy", "Remedy"),
        ("lessons", "practice", "Practice to keep"),
        ("situation", "covered", "Taken up"),
    ],
)
def test_heads_of_older_workbooks_are_found(table_key: str, key: str, head: str) -> None:
    assert [c.key for c in table(table_key).columns if head in c.headers] == [key]
