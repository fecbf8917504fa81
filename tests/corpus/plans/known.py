"""What ``adopt`` is known to read wrongly in the corpus: the truth stays, the case is an expected failure.

A reason holds for what stands beside it. Delete a line when it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.corpus.plans.book import Book


@dataclass(frozen=True)
class Fault:
    """A reason, and the shapes, languages and seeds it holds for; none stands for all."""

    reason: str
    shapes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    but: tuple[str, ...] = ()

    def meets(self, book: Book) -> bool:
        """Whether this workbook shows it."""
        of_shape = book.shape not in self.but and (not self.shapes or book.shape in self.shapes)
        of_language = not self.languages or book.language in self.languages
        return of_shape and of_language and (not self.seeds or book.seed in self.seeds)


FAULTS = (
    Fault(
        "“Angaben in T€” is not read: USD without ×1000; “Mrz” is left out",
        languages=("de",),
        but=("no_word", "months_down", "odds_and_ends"),
    ),
    Fault("two tables side by side: the first one's title counts for both", ("side_by_side",)),
    Fault(
        "a budget of expenses by month is taken for targets",
        ("odds_and_ends", "beside_expenses"),
        ("zh", "en", "ja"),
    ),
    Fault("a draft of the same table is taken beside it; only recalc refuses", ("two_versions",)),
    Fault("one “to be decided” drops its month; figures typed as text are not scaled", ("gaps",)),
    Fault("products' targets are not added up to the unit's: recalc refuses", ("products",)),
    Fault("“コード” is not known as a code", ("coded",), ("ja",)),
    Fault("the unit in a KPI's name (万元) is not read", ("several_kpis",), ("zh",)),
    Fault("months down: the total row at the foot is read as a date", ("months_down",), ("zh",)),
    Fault(
        "names merged over target, actual and rate: actuals go to the team",
        ("kinds_in_rows",),
        seeds=(2, 4),
    ),
    Fault("“作成日：2025年…” above the heads makes 2025 of 2026", ("preamble",), ("ja",), (2, 4)),
)


def reason(book: Book) -> str | None:
    """Why this workbook is known to fail, if it is."""
    return next((fault.reason for fault in FAULTS if fault.meets(book)), None)
