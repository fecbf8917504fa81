"""A button's press from beginning to end: do it, with patience, and show what there is to say, whatever happens."""

from __future__ import annotations

import subprocess
import sys
import traceback
from contextlib import suppress
from datetime import datetime
from typing import Any

from salesplan.excel.patience import Patience
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text

LONGEST = 1_000
"""Characters of a message box; more would not fit on a screen."""


def pressed(name: str, *, calc: bool = False) -> int:
    """Do what the button does to the active workbook and show the message; returns the exit code of the command line."""
    patience = Patience()
    try:
        done = patience.run(lambda: _press(name, calc, patience))
        said = done() if callable(done) else done
    except SalesplanError as error:
        _show(_sentences(error.finding), failed=True, calc=calc)
        return error.exit_code
    except Exception as error:
        _show(_sentences(_logged(error)), failed=True, calc=calc)
        return 4
    _show(str(said), title=said.title, failed=said.failed, calc=calc)
    return int(said.failed)


def _press(name: str, calc: bool, patience: Patience) -> Any:
    from salesplan.excel.live import open_book
    from salesplan.excel.ribbon import BUTTONS, press

    needs_book = name in BUTTONS and name != "help"
    return press(name, open_book(calc=calc or None) if needs_book else None, patience.wanted)


def _sentences(finding: Finding) -> str:
    """What failed, in both languages: the planner's may not be known."""
    place = f"{finding.place}: " if finding.place.sheet else ""
    return "\n\n".join(
        f"{place}{text(finding, lang)} → {fix(finding, lang)}".removesuffix(" → ")
        for lang in ("zh", "en")
    )


def _logged(error: Exception) -> Finding:
    """An error nobody foresaw: its details go into a file, what is shown names the file."""
    from salesplan.excel.journal import folder

    log = folder() / "errors.log"
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(
                f"{datetime.now().isoformat(timespec='seconds')}\n{''.join(traceback.format_exception(error))}\n"
            )
    return Finding.of(
        "button-failed",
        reason=" ".join(str(error).split())[:200] or type(error).__name__,
        log=str(log),
    )


def _show(message: str, *, title: str = "销售计划 Sales Plan", failed: bool, calc: bool) -> None:
    """On the console, where there is one, and in a message box over the program."""
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            reconfigure = getattr(sys.stdout, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")
            print(message, flush=True)
    short = message if len(message) <= LONGEST else message[:LONGEST] + " …"
    with suppress(Exception):  # the box is a courtesy: what it says is done or refused already
        if calc or sys.platform == "linux":
            _in_calc(short, title, failed)
        elif sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.MessageBoxW(
                0, short, title, (0x30 if failed else 0x40) | 0x10000 | 0x40000
            )
        else:
            script = 'on run {message, caption}\ndisplay dialog message with title caption buttons {"OK"} default button 1\nend run'
            subprocess.run(
                ["osascript", "-e", script, short, title], capture_output=True, check=False
            )


def _in_calc(message: str, title: str, failed: bool) -> None:
    """Where LibreOffice is frozen there is no box: only finding its window is waited for, not the person who reads."""
    from salesplan.excel.live import open_book

    book = Patience(5.0).run(lambda: open_book(calc=True))
    book.app.alert(message, title, None, "critical" if failed else "info")
