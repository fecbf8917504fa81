"""A sign of work on a terminal, for what takes longer than a person waits without a word."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import ClassVar

import click

from salesplan.cli.language import caption


class AtWork:
    """While it lasts, a line on standard error that says what is done and for how long; on a
    terminal only.

    The line is gone when the work is done, when :meth:`stop` is called for another sign's sake, or
    once something else is said (:func:`quiet`).
    """

    AFTER = 1.0
    """Seconds before anything is shown: what is done by then needs no sign."""

    _now: ClassVar[AtWork | None] = None

    def __init__(self, zh: str, en: str) -> None:
        self._what = zh, en
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> AtWork:
        if sys.stderr is not None and sys.stderr.isatty():
            AtWork._now = self
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the line away."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        AtWork._now = None

    def _show(self) -> None:
        began = time.monotonic()
        what = shown = ""
        while not self._done.wait(self.AFTER):
            what = what or caption(*self._what)
            shown = f"{what} … {time.monotonic() - began:.0f} s"
            click.echo(f"\r{shown}", nl=False, err=True)
        if shown:
            click.echo("\r" + " " * 2 * len(shown) + "\r", nl=False, err=True)


def quiet() -> None:
    """Take away the sign that is shown, if there is one: something is to be said."""
    if AtWork._now is not None:
        AtWork._now.stop()
