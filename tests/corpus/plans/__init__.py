"""Workbooks as sales planners make them, each with its truth: ``python -m tests.corpus.plans FOLDER`` measures all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus.plans import more, paired, targets, traps
from tests.corpus.plans.book import Book
from tests.corpus.plans.words import LANGUAGES, Words

Shape = Callable[[Words, int], Book]

SHAPES: dict[str, Shape] = {
    shape.__name__: shape
    for shape in (*targets.SHAPES, *paired.SHAPES, *traps.SHAPES, *more.SHAPES)
}


def books(seeds: range, languages: int = len(LANGUAGES)) -> Iterator[Book]:
    """Every shape with every seed in so many of the languages, by turns."""
    known = list(LANGUAGES.values())
    for seed in seeds:
        for at, shape in enumerate(SHAPES.values()):
            for turn in range(languages):
                yield shape(known[(at + turn) % len(known)], seed)
