"""月内节奏: a word, or how much of the month is there at which part of its working days."""

from __future__ import annotations

import re
from decimal import Decimal

from salesplan.plan.model import MonthRhythm, RhythmKind
from salesplan.plan.parse_text import Bad, Field, Reading, as_text, refuse
from salesplan.plan.spelling import folded, half_width

_WORDS = {
    RhythmKind.EVEN: ("均匀", "even", "时间进度", "linear"),
    RhythmKind.HISTORY: ("历史", "history"),
    RhythmKind.MONTH_END: ("月末", "month end", "month-end", "monthend"),
}
_BY_WORD = {folded(word): kind for kind, words in _WORDS.items() for word in words}
_PART = re.compile(r"(\d+(?:\.\d+)?)%?:(\d+(?:\.\d+)?)%?")
_SEPARATORS = re.compile(r"[,;、\n\r]+")
HUNDRED = Decimal(100)


def rhythm(value: object, _field: Field, _reading: Reading) -> MonthRhythm | Bad:
    """RHYTHM: 均匀, 历史, 月末, or points like "50%:20%, 75%:40%".

    A point says that at 50 % of the month's working days 20 % of it are there. Both lie between 0
    and 100 %, the working days rise from point to point; anything else is refused.
    """
    written = as_text(value)
    kind = _BY_WORD.get(folded(written))
    if kind is not None:
        return MonthRhythm(kind)
    points = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(half_width(written)))):
        found = _PART.fullmatch(part.replace(" ", ""))
        if found is None:
            return refuse("rhythm-unreadable", text=written)
        points.append((Decimal(found[1]) / HUNDRED, Decimal(found[2]) / HUNDRED))
    days = [day for day, _ in points]
    if not points or days != sorted(set(days)) or any(max(point) > 1 for point in points):
        return refuse("rhythm-unreadable", text=written)
    return MonthRhythm(RhythmKind.POINTS, tuple(points))
