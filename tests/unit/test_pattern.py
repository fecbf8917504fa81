"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from salesplan.pattern import pattern
from tests.unit.test_rooms import MODULES


def test_it_does_what_a_compiled_pattern_does() -> None:
    ours, theirs = pattern(r"(?P<year>\d+)-(\d+)", re.ASCII), re.compile(r"(?P<year>\d+)-(\d+)")
    assert ours.sub(r"\2", "2026-06") == theirs.sub(r"\2", "2026-06") == "06"
    found = ours.fullmatch("2026-06")
    assert found is not None and found["year"] == "2026"
    assert [one[2] for one in ours.finditer("1-2 3-4")] == ["2", "4"]
    assert (ours.pattern, ours.groups, ours.flags) == (theirs.pattern, 2, re.ASCII.value)


def test_nothing_is_compiled_before_it_is_asked() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.match("(")


def test_every_pattern_of_the_package_can_be_compiled() -> None:
    """What is wrong in one shows no more when its module is imported."""
    found = 0
    for name in MODULES:
        if not name.endswith("__main__"):
            for one in vars(import_module(name)).values():
                if isinstance(one, pattern):  # type: ignore[arg-type]
                    assert one.pattern is not None
                    found += 1
    assert found > 50
