"""Code that a stranger reads: no comprehension with another in it or with a second ``for``, and no
conditional in a conditional, each of which is a small function, a loop or a table that wants a
name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "salesplan").rglob("*.py"))

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def dense(source: str) -> Iterator[tuple[int, str]]:
    """The line and the text of each expression that says two things at once."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, COMPREHENSIONS):
            found = len(node.generators) > 1 or holds(node, COMPREHENSIONS)
        else:
            found = isinstance(node, ast.IfExp) and holds(node, (ast.IfExp,))
        if found:
            yield node.lineno, ast.unparse(node)


def holds(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> bool:
    """Whether there is another expression of these kinds within one."""
    return any(isinstance(one, kinds) for one in ast.walk(node) if one is not node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_expression_says_one_thing(path: Path) -> None:
    found = list(dense(path.read_text("utf-8")))
    assert not found, "\n".join(f"{path}:{line} {text}" for line, text in found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("[a for row in rows for a in row]", 1),
        ("[[a for a in row] for row in rows]", 1),
        ("{a: any(b for b in a) for a in rows}", 1),
        ("[f(a) for a in rows if a]", 0),
        ("1 if a else 2 if b else 3", 1),
        ("(1 if a else 2) if b else 3", 1),
        ("f(1 if a else 2, 3 if b else 4)", 0),
    ],
)
def test_what_is_dense(source: str, count: int) -> None:
    assert len(list(dense(source))) == count
