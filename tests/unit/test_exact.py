"""No binary float holds money: neither the records nor the engine know one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest

from salesplan.engine import compute
from salesplan.plan.model import Month
from salesplan.plan.schema import label
from salesplan.template.story import Both, story
from tests.unit.masters import SOUND, read

ROOT = Path(__file__).parents[2] / "salesplan"
SOURCES = sorted(
    [
        *(ROOT / "engine").rglob("*.py"),
        *(ROOT / "plan" / "model").glob("*.py"),
        *(ROOT / "fill").glob("*.py"),
    ]
)
WHERE_FILES_ARE_COMPARED = {"fill/edits.py"}
"""A stored cell is a binary float: comparing with it is the one place where one is needed."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    literals = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    names = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"
    ]
    assert literals == []
    assert names == [] or str(path.relative_to(ROOT)) in WHERE_FILES_ARE_COMPARED


def floats(value: object, where: str) -> Iterator[str]:
    """Where binary floats stand in a record, at any depth."""
    if isinstance(value, float):
        yield where
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from floats(getattr(value, one.name), f"{where}.{one.name}")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from floats(one, f"{where}[{key}]")
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from floats(one, f"{where}[]")


def test_no_float_comes_out_of_a_run() -> None:
    """The cells are floats; what is read of the worked example, and all that is computed from it,
    is exact.
    """
    rows = {
        key: [{column: _cell(value) for column, value in row.items()} for row in content]
        for key, content in story(2026).items()
        if key != "settings"
    }
    plan, _ = read(deepcopy(SOUND) | rows)  # type: ignore[arg-type]
    results = compute(plan, month=Month(2026, 6), as_of=date(2026, 6, 30))
    assert len(results.attainments) > 100 and len(results.budget) > 10
    assert list(floats(plan, "plan")) == list(floats(results, "results")) == []
    assert list(floats({"a": [SimpleNamespace(), (1.5,)]}, "it")) == ["it[a][][]"]


def _cell(value: object) -> object:
    if isinstance(value, Both):
        return value.zh
    if isinstance(value, Enum):
        return label(value, "zh")
    if isinstance(value, Month):
        return str(value)
    return (
        float(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
    )
