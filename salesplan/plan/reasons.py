"""Free text of the rhythm's sheets in the plan's terms: causes from the list, support that is
really needed.
"""

from __future__ import annotations

import re

from salesplan.plan.model import Cause
from salesplan.plan.schema.choices import CHOICES, NOTHING_NEEDED
from salesplan.plan.spelling import by_word, folded

_CAUSES = {name: one for name, one in by_word(CHOICES[Cause]).items() if isinstance(one, Cause)}
_NOTHING = frozenset(map(folded, NOTHING_NEEDED))
_SEPARATORS = re.compile(r"[;；、,，/\n]+")
_ENDS = " .。!！"


def reasons(text: object) -> tuple[Cause, ...]:
    """The causes that a cell names, each once, in its order; one or several, in either language.

    What is not on the list is :attr:`Cause.OTHER`. Blank: none.
    """
    return tuple(dict.fromkeys(_CAUSES.get(part, Cause.OTHER) for part in _parts(text)))


def unlisted(text: object) -> tuple[str, ...]:
    """What of a cell's causes is not on the list."""
    return tuple(part for part in _parts(text) if part not in _CAUSES)


def needed_support(text: object) -> str:
    """The support asked for; blank where the cell only says that none is needed."""
    asked = str(text or "")
    return "" if folded(asked).strip(_ENDS) in _NOTHING else asked


def _parts(text: object) -> list[str]:
    whole = folded(str(text or "")).strip(_ENDS)
    parts = (
        [whole] if whole in _CAUSES else [part.strip(_ENDS) for part in _SEPARATORS.split(whole)]
    )
    return [part for part in parts if part]
