"""The table that most planners make: a team, a person, twelve months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.plans.book import LEFT, TARGETS, Book, heads, note, put, title
from tests.corpus.plans.plan import Plan, month_heads
from tests.corpus.plans.words import Words

Shown = Callable[[str, str, int | None], tuple[Any, Any]]
"""Of a person, a month and its figure: what is typed, and what is meant (None: nothing)."""


def top_of(page: Worksheet, words: Words, width: int, text: str) -> int:
    """Title and unit line; the row for heads."""
    title(page, text, width)
    note(page, 2, words.unit_note)
    return 4


def head(
    book: Book,
    page: Worksheet,
    words: Words,
    plan: Plan,
    top: int,
    texts: Iterable[Any] = (),
    more: Iterable[str] = (),
    kind: str = TARGETS,
) -> None:
    """Heads of team, person, months (``texts`` in place of short names) and ``more`` that are left
    out, with what they are.
    """
    months = list(texts) or month_heads(words, plan.months, "short")
    ends = list(more)
    heads(page, top, 1, [words.team, words.person, *months, *ends])
    book.column(page, 1, (top, top), "parent")
    book.column(page, 2, (top, top), "unit")
    what = "target" if kind == TARGETS else "actual"
    for place, month in enumerate(plan.months):
        book.column(page, 3 + place, (top, top), what, month)
    for place in range(len(ends)):
        book.column(page, 15 + place, (top, top), LEFT)


def rows(plan: Plan, first: int, gap: int = 0) -> Iterator[tuple[int, str, str]]:
    """The rows of a table from ``first`` on: their number, team and person; ``gap`` blank rows
    between teams.
    """
    row = first
    for team, members in plan.teams.items():
        for name in members:
            yield row, team, name
            row += 1
        row += gap


def body(
    book: Book,
    page: Worksheet,
    words: Words,
    plan: Plan,
    top: int,
    shown: Shown = lambda name, month, value: (value, value),
    kind: str = TARGETS,
    first: int = 3,
    number: str = "#,##0",
    start: int = 0,
) -> int:
    """A row a person with all months, stated, from ``start`` on (0: right under the heads); the row
    after the last.
    """
    figure = plan.target if kind == TARGETS else plan.actual
    last = top
    for row, team, name in rows(plan, start or top + 1):
        last = row
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, month in enumerate(plan.months):
            typed, meant = shown(name, month, figure(name, month))
            put(page, row, first + place, typed, number)
            book.state(page, top, kind, name, month, meant, words.scale)
    return last + 1
