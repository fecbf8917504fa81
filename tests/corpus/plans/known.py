"""What ``adopt`` is known to read wrongly in the corpus: the truth stays, the case is an expected failure.

A reason holds for the shapes and languages beside it. Delete a line when it is mended.
"""

from __future__ import annotations

from tests.corpus.plans.book import Book

_ANY: frozenset[str] = frozenset()

_KNOWN: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("two tables side by side share the first one's title", frozenset({"side_by_side"}), _ANY),
)
"""Reason, shapes, languages; none of them stands for all."""


def reason(book: Book) -> str | None:
    """Why this workbook is known to fail, if it is."""
    for why, shapes, languages in _KNOWN:
        if (not shapes or book.shape in shapes) and (not languages or book.language in languages):
            return why
    return None
