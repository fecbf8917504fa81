"""Workbook files: opened safely, read fast, patched without losing anything.

Names are imported when first used, so that a command that reads nothing pays for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.workbook.changes import CellChange, CellStyle
    from salesplan.workbook.keep.store import save_patched
    from salesplan.workbook.patch.patch import patch_workbook

__all__ = ["CellChange", "CellStyle", "patch_workbook", "save_patched"]

_HOMES = {
    "CellChange": "changes",
    "CellStyle": "changes",
    "patch_workbook": "patch.patch",
    "save_patched": "keep.store",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
