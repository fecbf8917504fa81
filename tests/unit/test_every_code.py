"""Every code of the catalogue is caused by some case, at the cell where a planner looks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from salesplan.findings import Finding
from salesplan.messages import AREAS, fix, text
from tests.unit.code_cases import CASES, DROPPED, Edits
from tests.unit.masters import SOUND, edited
from tests.unit.test_checks import CASES as CHECKED
from tests.unit.whole_run import Said, everything_said

TESTS = Path(__file__).parents[1]
HERE = {"code_cases.py", "test_every_code.py", "test_messages.py"}
CASE = pytest.mark.parametrize(
    ("code", "edits", "place"), CASES, ids=[code for code, _, _ in CASES]
)

MASTER = ("budget", "cells", "execution", "goals", "records")
"""Areas of the catalogue whose codes a master's cells alone can cause; all but the two that concern
the whole file.
"""
BEYOND = tuple(area for area in AREAS if area not in MASTER)
"""Areas that take more than a master's cells: a damaged file, a full disk, a CSV export, a
command's arguments.
"""


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
            assert (
                "{" not in sentence
                and "None" not in sentence.split()[1:]
                and "Decimal" not in sentence
                and "Fraction" not in sentence
            )


def codes_of(areas: Iterable[str]) -> set[str]:
    return {code for area in areas for code in import_module(f"salesplan.messages.{area}").MESSAGES}


def test_no_code_of_a_master_is_without_a_case() -> None:
    """A new code fails here until some case causes it, in code_cases or in test_checks."""
    cased = {code for code, _, _ in CASES} | {
        code for _, _, expected in CHECKED for code, _ in expected
    }
    assert (
        sorted(codes_of(MASTER) - cased - {"not-a-master", "sheet-missing", "year-assumed"}) == []
    )


def test_no_other_code_is_without_a_test_that_names_it() -> None:
    cased = {code for code, _, _ in CASES}
    sources = [
        path.read_text("utf-8") for path in TESTS.rglob("test_*.py") if path.name not in HERE
    ]
    wanted = codes_of(BEYOND) - cased | {"not-a-master", "sheet-missing", "year-assumed"}
    assert (
        sorted(code for code in wanted if not any(f'"{code}"' in source for source in sources))
        == []
    )


def test_no_code_has_two_cases() -> None:
    assert [
        code for code, count in Counter(code for code, _, _ in CASES).items() if count > 1
    ] == []
