"""No binary float holds money: neither the records nor the engine know one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "salesplan"
SOURCES = sorted([*(ROOT / "engine").glob("*.py"), *(ROOT / "plan" / "model").glob("*.py"), *(ROOT / "fill").glob("*.py")])
WHERE_FILES_ARE_COMPARED = {"fill/edits.py"}
"""A stored cell is a binary float: comparing with it is the one place where one is needed."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    literals = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    names = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"]
    assert literals == []
    assert names == [] or str(path.relative_to(ROOT)) in WHERE_FILES_ARE_COMPARED
