"""``python -m salesplan.excel BUTTON``: what a ribbon button starts. The command is constant; no
workbook has a say in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from salesplan import collect_rarely
from salesplan.excel.button_press import pressed, refused
from salesplan.excel.identity import Identity
from salesplan.findings import SalesplanError


def main(arguments: Sequence[str]) -> int:
    """``[--calc] BUTTON [WORKBOOK]``, with ``--calc`` in LibreOffice Calc; returns the exit code of
    the command line.

    WORKBOOK is the identity of the one the button was pressed in (see :class:`Identity`); without
    it the active one is meant.
    """
    calc = "--calc" in arguments
    words = [argument for argument in arguments if argument != "--calc"]
    try:
        identity = Identity.read(words[1]) if len(words) == 2 else None
    except SalesplanError as error:
        return refused(error)
    return pressed(words[0] if len(words) in (1, 2) else "", calc=calc, identity=identity)


if __name__ == "__main__":
    collect_rarely()
    sys.exit(main(sys.argv[1:]))
