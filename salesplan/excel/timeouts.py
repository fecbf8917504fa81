"""Waiting for a spreadsheet program no longer than a person would."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from salesplan.findings import Finding, SalesplanError

T = TypeVar("T")

SECONDS = 60.0
"""How long a program may leave us waiting: a cell that is being edited, an open dialog, a frozen
window.
"""


_THREAD = "salesplan-live"


def left_waiting() -> bool:
    """Whether work that was given up still waits for its program's answer."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


class Patience:
    """Work on an open workbook in a thread of its own, given up when the time is over.

    A program that is busy answers no call until it is free; the call cannot be taken back. So the
    work asks :meth:`wanted` before it changes anything: once it was given up, it must not.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._given_up = False
        self._changing = False

    def wanted(self) -> bool:
        """Whether the work may begin to change things; from then on it is waited for, up to the
        same time once more.
        """
        with self._lock:
            self._changing = not self._given_up
            return self._changing

    def run(self, work: Callable[[], T]) -> T:
        """The work's result or its error. Raises SalesplanError (exit 3) when the time is over:
        live-busy if nothing was changed, live-stuck if the program stopped answering while cells
        were written."""
        done = threading.Event()
        results: list[T] = []
        errors: list[BaseException] = []

        def working() -> None:
            try:
                results.append(work())
            except BaseException as error:
                errors.append(error)
            finally:
                done.set()

        threading.Thread(target=working, daemon=True, name=_THREAD).start()
        if not done.wait(self._seconds):
            with self._lock:
                self._given_up = not self._changing
            if self._given_up or not done.wait(self._seconds):
                code = "live-busy" if self._given_up else "live-stuck"
                raise SalesplanError(Finding.of(code, seconds=f"{self._seconds:g}"), 3)
        if errors:
            raise errors[0]
        return results[0]
