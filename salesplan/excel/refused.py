"""Errors of the program while an open workbook is written, in words."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from salesplan.excel.hosts import alive, is_rejected
from salesplan.findings import Finding, Place, SalesplanError


class Named:
    """What the program refuses is said as live-write-failed. (Errors of UNO must not pass a
    generator's ``with``: they take no traceback.)
    """

    def __init__(self, book: Any) -> None:
        self._book = book

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, SalesplanError):
            if not alive(self._book) or is_rejected(error):
                return  # what that means is said where the work began
            name = self._book.name
            raise SalesplanError(
                Finding.of("live-write-failed", Place(name), file=name, reason=_reason(error)), 3
            ) from error


def _reason(error: Exception) -> str:
    """What the program said, in one line."""
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__
