"""Lines that people fill in outside the master: how a line knows where it belongs, and what stood
in it before.

Each line carries two hidden cells: its key, and its *base*, which repeats the key with what every
input cell held when the line was handed out. What was typed since is what differs from the base;
what the master says now may differ, too, and then it is for a person to decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from salesplan.plan.model import Month
from salesplan.plan.parse_text import as_text

ISSUE_INPUTS = ("cause", "remedy", "owner", "due", "status", "remark")
"""What people write about a problem, by the columns of 问题与改进."""

KEY_HEADER, BASE_HEADER = "#key", "#base"
"""Headers of the hidden columns."""

HANDOUT_STAMP = "_salesplan"
"""The hidden sheet by which a handout says of which master it is."""

ABOUT_SHEET = ("关于本报告", "About this report")
COVER_SHEET = (*ABOUT_SHEET, "封面与口径", "Cover")
MASTER_LABEL = ("主计划工作簿", "Master workbook")
"""The sheet (zh, en; earlier reports' last) that names a report's master, and what stands before
that name.
"""


def canonical(value: object) -> str:
    """A value as it is compared, however it was typed: 0.50 and 0.5 are one, blank is ""."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, (date, datetime, Month)):
        return str(value)[:10]
    return as_text(value)


def base_text(key: str, values: Sequence[object]) -> str:
    """The hidden base cell of a line."""
    return json.dumps([key, *map(canonical, values)], ensure_ascii=False, separators=(",", ":"))


def read_base(text: object, columns: Sequence[str]) -> tuple[str, Mapping[str, str]] | None:
    """(key, base by column) of a base cell; None where it is none, or not of these columns."""
    try:
        given = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(given, list)
        or len(given) != len(columns) + 1
        or not all(isinstance(one, str) for one in given)
    ):
        return None
    return given[0], dict(zip(columns, given[1:], strict=True))
