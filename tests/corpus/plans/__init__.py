"""Workbooks as sales planners make them, each with its truth: ``python -m tests.corpus.plans FOLDER`` measures all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.corpus.plans import more, paired, targets, traps
from tests.corpus.plans.book import Book
from tests.corpus.plans.words import LANGUAGES, Words

Shape = Callable[[Words, int], Book]

SHAPES: dict[str, Shape] = {
    shape.__name__: shape
    for shape in (*targets.SHAPES, *paired.SHAPES, *traps.SHAPES, *more.SHAPES)
}


@dataclass(frozen=True)
class Case:
    """Which workbook: to name it costs nothing, to make it does."""

    shape: str
    language: str
    seed: int

    @property
    def name(self) -> str:
        """What tests call it."""
        return f"{self.shape}-{self.language}-{self.seed}"

    def book(self) -> Book:
        """The workbook with its truth."""
        return SHAPES[self.shape](LANGUAGES[self.language], self.seed)


def cases(seeds: range, languages: int = len(LANGUAGES)) -> Iterator[Case]:
    """Every shape with every seed in so many of the languages, by turns."""
    known = list(LANGUAGES)
    for seed in seeds:
        for at, shape in enumerate(SHAPES):
            for turn in range(languages):
                yield Case(shape, known[(at + turn) % len(known)], seed)
