"""Every code of the catalogue is caused by some case, at the cell where a planner looks for it (SPEC 13)."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from salesplan.findings import Finding
from salesplan.messages import catalogue, files, fix, imports, operations, stored, text
from tests.unit.code_cases import CASES, DROPPED, Edits
from tests.unit.masters import SOUND, edited
from tests.unit.test_checks import CASES as CHECKED
from tests.unit.whole_run import Said, everything_said

TESTS = Path(__file__).parents[1]
HERE = {"code_cases.py", "test_every_code.py", "test_messages.py"}
CASE = pytest.mark.parametrize(("code", "edits", "place"), CASES, ids=[code for code, _, _ in CASES])

ELSEWHERE = {
    *files.MESSAGES, *operations.MESSAGES, *imports.MESSAGES, *stored.MESSAGES, "not-a-master", "sheet-missing",
    "explain-unit-unknown", "explain-kpi-unknown", "explain-month-outside",
}
"""Codes that take more than a master's cells: a damaged file, a full disk, a CSV export, a command's arguments."""


@cache
def sound() -> dict[Said, Finding]:
    return everything_said(SOUND)


@CASE
def test_the_code_is_said_at_its_cell(code: str, edits: Edits, place: str) -> None:
    said = everything_said(edited(edits), DROPPED.get(code, ()))
    assert (code, place) in said, sorted(said.keys() - sound().keys())
    if edits or code in DROPPED:
        assert (code, place) not in sound(), "the sound master says so too: the case shows nothing"
    for lang in ("zh", "en"):
        for sentence in (text(said[code, place], lang), fix(said[code, place], lang)):
            assert "{" not in sentence and "None" not in sentence.split()[1:] and "Decimal" not in sentence and "Fraction" not in sentence


def test_no_code_is_without_a_case() -> None:
    """A new code fails here until some case causes it: in code_cases, in test_checks, or in the tests of what it is about."""
    cased = {code for code, _, _ in CASES} | {code for _, _, expected in CHECKED for code, _ in expected}
    sources = [path.read_text("utf-8") for path in TESTS.rglob("test_*.py") if path.name not in HERE]
    named = {code for code in ELSEWHERE if any(f'"{code}"' in source for source in sources)}
    assert sorted(catalogue().keys() - cased - named) == []


def test_no_code_has_two_cases() -> None:
    assert [code for code, count in Counter(code for code, _, _ in CASES).items() if count > 1] == []
