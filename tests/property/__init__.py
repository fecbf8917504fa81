"""Properties over random plans."""

from __future__ import annotations

import os


def examples(thorough: int) -> int:
    """How many plans are tried: all in the thorough run, every other day half of them."""
    return thorough if os.environ.get("SALESPLAN_THOROUGH") else thorough // 2
