"""What ``adopt`` is known to read wrongly in the corpus: the truth stays, the case is an expected failure.

A reason holds for what stands beside it. Delete a line when it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.corpus.plans import Case


@dataclass(frozen=True)
class Fault:
    """A reason, and the shapes, languages and seeds it holds for; none stands for all."""

    reason: str
    shapes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    but: tuple[str, ...] = ()

    def meets(self, case: Case) -> bool:
        """Whether this workbook shows it."""
        of_shape = case.shape not in self.but and (not self.shapes or case.shape in self.shapes)
        of_language = not self.languages or case.language in self.languages
        return of_shape and of_language and (not self.seeds or case.seed in self.seeds)


FAULTS: tuple[Fault, ...] = ()


def reason(case: Case) -> str | None:
    """Why this workbook is known to fail, if it is."""
    return next((fault.reason for fault in FAULTS if fault.meets(case)), None)
