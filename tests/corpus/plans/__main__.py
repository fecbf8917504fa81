"""``python -m tests.corpus.plans FOLDER [SEED [SHAPE …]]``: measure the corpus, a table by shape and each fault."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from tests.corpus.plans import cases
from tests.corpus.plans.measure import ASKED, RIGHT, UNREAD, WRONG, Verdict, measure


def main(folder: Path, seed: int, shapes: list[str]) -> None:
    """Measure and print."""
    folder.mkdir(parents=True, exist_ok=True)
    by_shape: dict[str, list[Verdict]] = defaultdict(list)
    for case in cases(range(seed, seed + 1)):
        if shapes and case.shape not in shapes:
            continue
        book = case.book()
        verdict = measure(book, folder, report=True)
        by_shape[book.shape].append(verdict)
        for column, result in verdict.columns.items():
            if result in (WRONG, UNREAD):
                print(
                    f"{book.name} {column.head}: {result}; said {verdict.said.get(column)}, true {column.what} {column.month}"
                )
        for fault in verdict.faults:
            print(f"{book.name} FAULT {fault}")
    print("| shape | workbooks | right | asked | not read | wrong | with faults |")
    print("|---|---|---|---|---|---|---|")
    for shape, verdicts in by_shape.items():
        counts = [
            sum(one.count(kind) for one in verdicts) for kind in (RIGHT, ASKED, UNREAD, WRONG)
        ]
        print(
            "|",
            shape,
            "|",
            len(verdicts),
            "|",
            " | ".join(map(str, counts)),
            "|",
            sum(bool(one.faults) for one in verdicts),
            "|",
        )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3:])
