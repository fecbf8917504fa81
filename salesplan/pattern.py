"""A pattern that is compiled when it is first used.

To compile one takes a tenth of a millisecond or more, and of the hundred patterns that a click's
modules have at their top half are for what most masters do not hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:  # noqa: N801
        """``re.compile``, done when something is first asked of the pattern."""

        def __init__(self, written, flags=0):
            self._given = written, flags

        def __getattr__(self, name):
            value = getattr(re.compile(*self._given), name)
            setattr(self, name, value)  # so that it is found without this from now on
            return value


__all__ = ["pattern"]
