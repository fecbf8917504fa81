"""The package's own sources as the tests of the house read them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

LEAVES = frozenset({"ctx", "op", "ops"})
"""Fields that hold no more than what kind of thing a node is: a third of all nodes."""


class Source:
    """A file's syntax in the order of its text: what stands within a node follows it at once, so
    that a piece of the list is a piece of code, without a walk through it each time it is asked.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self.nodes: list[ast.AST] = []
        self._ends: list[int] = []
        self._add(ast.parse(path.read_text("utf-8") if text is None else text))

    def _add(self, node: ast.AST) -> None:
        at = len(self.nodes)
        self.nodes.append(node)
        self._ends.append(at)
        for name in node._fields:
            if name in LEAVES:
                continue
            held = getattr(node, name, None)
            if isinstance(held, ast.AST):
                self._add(held)
            elif isinstance(held, list):
                for one in held:
                    if isinstance(one, ast.AST):
                        self._add(one)
        self._ends[at] = len(self.nodes)

    def within(self, at: int) -> Sequence[ast.AST]:
        """The node at a place of the list, and all that is within it."""
        return self.nodes[at : self._ends[at]]
