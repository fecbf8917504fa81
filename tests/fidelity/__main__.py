"""``python -m tests.fidelity FOLDER [--features]``: one cell changed in each sheet of each
workbook; exit 1 if anything was lost.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from tests.fidelity import Verdict, check, workbooks


def table(verdicts: Sequence[Verdict]) -> str:
    """file → parts kept, sheets touched, verdict; what was lost below each."""
    rows = [("file", "parts kept", "sheets touched", "verdict")]
    for one in verdicts:
        said = (
            f"not read: {one.refused}"
            if one.refused
            else f"{len(one.losses)} lost"
            if one.losses
            else "kept"
        )
        rows.append((one.file, f"{one.same} of {one.parts}", str(one.sheets), said))
        rows += [("", "", "", loss) for loss in one.losses]
    return _aligned(rows)


def features(verdicts: Sequence[Verdict]) -> str:
    """feature → kept, in which workbooks."""
    rows = [("feature", "kept", "in")]
    for name in sorted({name for one in verdicts for name in one.features}):
        having = [one for one in verdicts if name in one.features]
        rows.append(
            (
                name,
                "yes" if all(one.features[name] for one in having) else "NO",
                _few([one.file for one in having]),
            )
        )
    return _aligned(rows)


def _few(files: Sequence[str]) -> str:
    return ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def main(arguments: Sequence[str]) -> int:
    """Print the tables. 1 for a loss or a workbook that could not be read, 2 for a wrong call."""
    plain = [word for word in arguments if word != "--features"]
    if len(plain) != 1 or not Path(plain[0]).is_dir():
        print(__doc__)
        return 2
    verdicts = [check(path) for path in workbooks(Path(plain[0]))]
    print(table(verdicts))
    if len(plain) < len(arguments):
        print("", features(verdicts), sep="\n")
    good = sum(one.good for one in verdicts)
    print(f"\n{good} of {len(verdicts)} workbooks with nothing lost")
    return 0 if good == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
