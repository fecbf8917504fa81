"""Workbooks as sales planners make them, each with its truth: ``python -m tests.corpus.plans FOLDER`` measures all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus.plans import paired, targets, traps
from tests.corpus.plans.book import Book
from tests.corpus.plans.words import LANGUAGES, Words

Shape = Callable[[Words, int], Book]

SHAPES: dict[str, Shape] = {
    shape.__name__: shape for shape in (*targets.SHAPES, *paired.SHAPES, *traps.SHAPES)
}


def books(seeds: range) -> Iterator[Book]:
    """Every shape in every language with every seed."""
    for seed in seeds:
        for shape in SHAPES.values():
            for words in LANGUAGES.values():
                yield shape(words, seed)
