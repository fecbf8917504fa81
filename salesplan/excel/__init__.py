"""The open workbook: filled where it stands, in Excel or in LibreOffice Calc, by a button of the
ribbon or ``--live``.

Everything here attaches to a spreadsheet program that runs already; nothing starts one or ends one.
"""

from __future__ import annotations

import sys
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
