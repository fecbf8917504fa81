"""Every public class and function says what it does, and what a reader has to know to use it:
shapes, units, what it raises.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "salesplan").rglob("*.py"))
NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def silent(source: str) -> Iterator[str]:
    """The file, and the public classes, functions and methods in it, that say nothing."""
    tree = ast.parse(source)
    if tree.body and not ast.get_docstring(tree):
        yield "the file"
    yield from _silent(tree, "")


def _silent(node: ast.Module | ast.ClassDef, within: str) -> Iterator[str]:
    for one in node.body:
        if not isinstance(one, NAMED) or one.name.startswith("_"):
            continue
        if not ast.get_docstring(one) and not _is_overload(one):
            yield within + one.name
        if isinstance(one, ast.ClassDef):
            yield from _silent(one, f"{within}{one.name}.")


def _is_overload(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("overload" in ast.unparse(one) for one in node.decorator_list)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_public_says_what_it_does(path: Path) -> None:
    assert list(silent(path.read_text("utf-8"))) == []


def test_what_is_silent() -> None:
    source = "class A:\n    x = 1\n    def b(self): ...\n    def _c(self): ...\ndef d(): ...\n"
    assert list(silent(source)) == ["the file", "A", "A.b", "d"]
    assert not list(silent('"""A file."""\ndef d():\n    """Does."""\n    def inner(): ...\n'))
