"""``python -m salesplan.excel BUTTON``: what a ribbon button starts. The command is constant; no workbook has a say in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from salesplan.excel.pressed import pressed


def main(arguments: Sequence[str]) -> int:
    """``BUTTON``, or ``--calc BUTTON`` for the workbook open in LibreOffice Calc; returns the exit code of the command line."""
    calc = "--calc" in arguments
    names = [argument for argument in arguments if argument != "--calc"]
    return pressed(names[0] if len(names) == 1 else "", calc=calc)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
