"""salesplan: sales planning in the spreadsheet.

``salesplan.open("plan.xlsx")`` is the way in for Python: see :mod:`salesplan.api`. Its names are
imported when they are first used, so that a command or a ribbon button does not pay for them.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salesplan.api import Explanation, Filled, Master, Table, new, open
    from salesplan.findings import Finding, SalesplanError

__version__ = "0.1.0"

__all__ = [
    "Explanation",
    "Filled",
    "Finding",
    "Master",
    "SalesplanError",
    "Table",
    "__version__",
    "new",
    "open",
]


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__``: the module that a name lives in, by its full name in ``homes``,
    is imported when the name is first used.
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return get


def collect_rarely() -> None:
    """For a process that does one thing and ends: what is imported stays, and records hold no
    cycles, so that looking for garbage as often as Python does took a tenth of a click.
    """
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


__getattr__ = lazily(
    __name__,
    dict.fromkeys(__all__, "salesplan.api")
    | {"Finding": "salesplan.findings", "SalesplanError": "salesplan.findings"},
)
