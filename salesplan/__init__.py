"""salesplan: sales planning in the spreadsheet.

``salesplan.open("plan.xlsx")`` is the way in for Python: see :mod:`salesplan.api`. Its names are
imported when they are first used, so that a command or a ribbon button does not pay for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

_HOMES = {"Finding": "salesplan.findings", "SalesplanError": "salesplan.findings"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "salesplan.api")), name)
