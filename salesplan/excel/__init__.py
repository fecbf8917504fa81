"""The open workbook: filled where it stands, in Excel or in LibreOffice Calc, by a button of the
ribbon or ``--live``.

Everything here attaches to a spreadsheet program that runs already; nothing starts one or ends one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

COMMAND = ("-P", "-m", "salesplan.excel")
"""What a button hands to the interpreter, before its name. ``-P``: nothing is imported from the
folder at hand, whatever lies there.
"""

_NOT_NEEDED = ("numpy", "pandas", "polars", "matplotlib", "PIL", "xlwings.pro")
"""What xlwings imports where it finds it: half a second of every click for things that are not used
here.
"""


def xlwings() -> Any:
    """The module xlwings, imported without what a click does not need, and without its habit of
    ending stray Excels at exit.
    """
    if "xlwings" not in sys.modules:
        with _hidden(_NOT_NEEDED):
            import_module("xlwings")
        _spare_other_excels()
        _bound_attempts()
    return sys.modules["xlwings"]


@contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    """Let imports of the modules fail as if they were not installed; those imported already
    stay.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, name) is None:
                del sys.modules[name]


def _spare_other_excels() -> None:
    """On Windows xlwings ends, when Python exits, every Excel without a window of its own: not ours
    to end.
    """
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        import atexit

        atexit.unregister(windows.cleanup)


class Attempts:
    """How often xlwings calls an Excel again that is busy with the person.

    By itself it does so for ever, without a pause. Before each further attempt it asks whether its
    number is below this: it is, a moment later, up to :attr:`MOST`.
    """

    MOST = 60
    """With the pauses, twelve seconds of a busy Excel; then its refusal is told as what it is."""

    PAUSE = 0.25
    """Seconds, the longest; the first ones are shorter, for an Excel that only computes."""

    def __gt__(self, attempt: int) -> bool:
        time.sleep(min(attempt * self.PAUSE / 25, self.PAUSE))
        return attempt < self.MOST


def _bound_attempts() -> None:
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.__dict__["N_COM_ATTEMPTS"] = Attempts()
