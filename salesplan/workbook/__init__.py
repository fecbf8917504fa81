"""Workbook files: opened safely, read fast, patched without losing anything.

Names are imported when first used, so that a command that reads nothing pays for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplan import lazily

if TYPE_CHECKING:
    from salesplan.workbook.changes import CellChange, CellStyle
    from salesplan.workbook.patch.patch import patch_workbook
    from salesplan.workbook.save.store import save_patched

__all__ = ["CellChange", "CellStyle", "patch_workbook", "save_patched"]

__getattr__ = lazily(
    __name__,
    {
        "CellChange": "salesplan.workbook.changes",
        "CellStyle": "salesplan.workbook.changes",
        "patch_workbook": "salesplan.workbook.patch.patch",
        "save_patched": "salesplan.workbook.save.store",
    },
)
