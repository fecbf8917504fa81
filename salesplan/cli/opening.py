"""Opening a file that was written in the program that the account has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from salesplan.cli.show import show_warning
from salesplan.findings import Finding, Place


def open_file(path: Path) -> bool:
    """Hand the file to the desktop; where there is no screen, or no program for it, say so and
    give False. Never waits for the program.
    """
    start = getattr(os, "startfile", None)
    if start is not None:
        try:
            start(path)
        except OSError:
            return _not_opened(path)
        return True
    opener = _opener()
    if opener is None:
        return _not_opened(path)
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen(
            [opener, str(path.resolve())],
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
        )
    except OSError:
        return _not_opened(path)
    return True


def _opener() -> str | None:
    """The program that opens a file as a double click does; None where nobody would see it."""
    if sys.platform == "darwin":
        return shutil.which("open")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return shutil.which("xdg-open")
    return None


def _not_opened(path: Path) -> bool:
    show_warning(Finding.of("report-not-opened", Place(path.name), file=str(path)))
    return False
