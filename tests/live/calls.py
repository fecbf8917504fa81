"""Calls to LibreOffice, counted: each one costs both programs a fraction of a millisecond, whatever
the machine, and an object that comes back as much as ten: it is asked what it can do.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

OBJECTS = "objects, as calls"
AN_OBJECT = 10


class Counted:
    """An object of LibreOffice, or of one of its objects, that counts the methods called, and what
    comes back of them.
    """

    def __init__(self, thing: Any, counts: Counter[str]) -> None:
        self.__dict__.update(_thing=thing, _counts=counts)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        if type(found).__name__ != "PyUNO_callable":
            return self._wrapped(found)

        def call(*given: Any) -> Any:
            self._counts[name] += 1
            return self._wrapped(found(*map(_bare, given)))

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._thing, name, _bare(value))

    def _wrapped(self, found: Any) -> Any:
        if type(found).__name__ != "pyuno":
            return found
        self._counts[OBJECTS] += AN_OBJECT
        return Counted(found, self._counts)


def _bare(value: Any) -> Any:
    return value._thing if isinstance(value, Counted) else value
