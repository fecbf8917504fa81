"""How sentences say counts and amounts."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from salesplan.delivery.letters import _NOTICE, _WORDS
from salesplan.messages import catalogue
from salesplan.plan.model import AmountUnit, Settings
from salesplan.plan.model.currencies import money_unit
from salesplan.plan.schema import SETTINGS, TABLES
from salesplan.report.texts.words import all_texts
from salesplan.wording import amount, amounts, fill, for_many, step_of


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"n": "1", "late": "0"}, "1 task is due."),
        ({"n": "2", "late": "1"}, "2 tasks are due, 1 overdue."),
        ({"n": "0", "late": "0"}, "0 tasks are due."),
        ({"n": "1,200", "late": "12"}, "1,200 tasks are due, 12 overdue."),
    ],
)
def test_one_and_many_and_none(facts: dict[str, str], said: str) -> None:
    assert fill("{n:# task is|# tasks are} due{late:?, # overdue}.", facts) == said


@pytest.mark.parametrize(
    ("done", "late", "said"),
    [("1", "2", "3: 1 done, 2 late"), ("0", "2", "3: 2 late"), ("0", "0", "3")],
)
def test_a_list_leaves_out_what_is_none(done: str, late: str, said: str) -> None:
    assert fill("{n}{done:?:# done}{late:?:# late}", {"n": "3", "done": done, "late": late}) == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            "{n:# task is|# tasks are} due{late:?, # overdue} on {day}.",
            "{n} tasks are due, {late} overdue on {day}.",
        ),
        ("{n}{done:?:# done}{late:?:# is late|# are late}", "{n}: {done} done, {late} are late"),
        ("{n:the row|the # rows} of {name}", "the {n} rows of {name}"),
    ],
)
def test_a_page_lists_what_is_said_of_many(template: str, said: str) -> None:
    assert for_many(template) == said


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        ("1733100", "CNY 1.73m", "173万元"),
        ("104700", "CNY 105k", "10.5万元"),
        ("999600", "CNY 1m", "100万元"),
        ("123456789", "CNY 123m", "1.23亿元"),
        ("8513", "CNY 8.51k", "8,510元"),
        ("12.5", "CNY 12.5", "12.5元"),
        ("0", "CNY 0", "0元"),
        ("-20650000", "CNY -20.7m", "-2,070万元"),
    ],
)
def test_amounts_in_words(value: str, en: str, zh: str) -> None:
    assert amount(Decimal(value), "CNY", "en") == en
    assert amount(Decimal(value), "CNY", "zh") == zh


@pytest.mark.parametrize(
    ("largest", "en", "zh"),
    [
        ("99999", "CNY 1,200,000", "1,200,000元"),
        ("19000000", "CNY 1,200k", "120万元"),
        ("480000000", "CNY 1.2m", "120万元"),
        ("480000000000", "CNY 1.2m", "120万元"),
        ("48000000000", "CNY 1.2m", "120万元"),
    ],
)
def test_a_page_says_its_amounts_in_one_size(largest: str, en: str, zh: str) -> None:
    """The size is the largest's; what is less than a tenth of that is said in its own: nobody
    says 0.012亿 of 120万.
    """
    for lang, said in (("en", en), ("zh", zh)):
        step = step_of(Decimal(largest), lang)
        assert amount(Decimal(1_200_000), "CNY", lang, step) == said
        assert amounts(Decimal(1_200_000), Decimal(1_200_000), "CNY", lang, step) == said


def test_a_range_names_its_currency_once() -> None:
    low, high = Decimal("19900000"), Decimal("20600000")
    assert amounts(low, high, "CNY", "en") == "CNY 19.9m–20.6m"
    assert amounts(low, high, "USD", "zh") == "1,990万–2,060万美元"
    assert amounts(low, low, "CNY", "en") == "CNY 19.9m"


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        ("万元", ("CNY", 10_000)),
        ("10k CNY", ("CNY", 10_000)),
        ("CNY", ("CNY", 1)),
        ("元", ("CNY", 1)),
        ("USD", ("USD", 1)),
        ("k USD", ("USD", 1_000)),
        ("万美元", ("USD", 10_000)),
        ("万", ("CNY", 10_000)),
        ("个", None),
        ("customers", None),
        ("kg", None),
        ("m", None),
        ("%", None),
        ("", None),
    ],
)
def test_which_units_are_money(unit: str, meant: tuple[str, int] | None) -> None:
    settings = Settings(year=2026, currency="CNY", amount_unit=AmountUnit.WAN)
    assert money_unit(unit, settings) == meant


OLD_WORDS = re.compile(
    r"\b(?:remed(?:y|ies)|symptoms?|granted|grants?|yellow|lights?|year to date|course"
    r"|a day so far|completion rate|taken up|problems to answer|asked too late)\b"
    r"|(?<!expected )\bto date\b|\(s\)",
    re.IGNORECASE,
)
"""Words that English texts no longer use: action, issue, approved, amber, status, YTD, trend,
attainment.
"""

FACT = re.compile(r"\{(?:measure|doubt|deals|more|estimated)\}|\{\w+:\?[^}]*\}|\{\w+")
"""A fact's name, which nobody reads; a clause of its own that begins with its own space or
comma.
"""

GLUED = re.compile(r"[A-Za-z]\{|\}[A-Za-z]")
"""A figure without a space beside a word."""

PALE_YELLOW = "pale yellow cell"
"""A colour of cells, not a status."""


def english() -> dict[str, str]:
    """Every English text by where it is said; heads that are only aliases are no texts of ours."""
    texts = {
        f"{code} {n}": said
        for code, one in catalogue().items()
        for n, said in enumerate((one.en, one.fix_en))
    }
    texts |= {key: pair[1] for key, pair in all_texts().items()}
    for one in TABLES:
        for column in one.columns:
            texts |= {
                f"{one.key}.{column.key}": column.en,
                f"{one.key}.{column.key} note": column.note_en,
            }
    texts |= {f"setting {one.key}": one.en for one in SETTINGS}
    texts |= {f"letter {key}": said for key, said in {**_WORDS.en, **_NOTICE.en}.items()}
    return texts


@pytest.mark.parametrize("rule", [OLD_WORDS, GLUED], ids=["old words", "glued"])
def test_english_is_said_in_the_words_of_the_field(rule: re.Pattern[str]) -> None:
    odd = {
        where: found[0]
        for where, said in english().items()
        if (
            found := rule.search(
                FACT.sub(
                    lambda fact: " " if fact[0].endswith("}") else "{",
                    said.replace(PALE_YELLOW, ""),
                )
            )
        )
    }
    assert odd == {}


ALWAYS_MANY = {
    "targets-too-many 0",
    "targets-sheet-too-long 0",
    "file-unsafe-entries 0",
    "cells-merged 0",
    "sentence_slices_top",
    "sentence_ranking_equal",
}
"""Texts whose count is never one."""


def test_one_is_never_said_as_many() -> None:
    """With 1 for every count no sentence says “1 tasks”: the noun behind a count takes its form."""
    many = re.compile(r"\{(?:count|all|due|rows|days|lines|missing|total)\} [a-z]+s\b")
    found = {where for where, said in english().items() if many.search(said)}
    assert found == ALWAYS_MANY


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        ("1", "cases", "case"),
        ("-1", "customers", "customer"),
        ("1", "companies", "company"),
        ("1", "boxes", "box"),
        ("2", "cases", "cases"),
        ("1.5", "cases", "cases"),
        (Decimal("1.00"), "cases", "case"),
        (Decimal("-1"), "customers", "customer"),
        (Decimal("1.01"), "customers", "customers"),
        ("1", "件", "件"),
        ("1", "10k CNY", "10k CNY"),
        ("1", "kg", "kg"),
        ("1", "gross", "gross"),
    ],
)
def test_a_unit_is_said_of_its_number(number: str | Decimal, unit: str, said: str) -> None:
    from salesplan.engine.exact.figures import said_of

    assert said_of(number, unit) == said
