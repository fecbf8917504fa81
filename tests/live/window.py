"""A LibreOffice that a person sees: on a screen of its own, in a window that has the keyboard, used
with mouse and keys.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel.bridge import connected, load_uno
from salesplan.excel.calc import App, book_of
from salesplan.excel.identity import Identity
from tests.live.office import Office, running

PROGRAMS = ("Xvfb", "openbox", "xdotool")
SIZE = "1600x1000x24"
WRITTEN_WITHIN = 5
"""How often a text is typed anew where another came out."""
BUTTON, FIELD, DOCUMENT = 44, 60, 84
"""com.sun.star.accessibility.AccessibleRole: a button, a field to type in, a window's cells."""


def needed() -> None:
    """Skip where the screen's programs are absent; a failure where completeness is asked for."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and not os.environ.get("SALESPLAN_TESTS_COMPLETE"):
        pytest.skip(f"{', '.join(missing)}: not on this machine")
    assert not missing, missing


class Desk:
    """The screen: what is open on it, and a person's hands."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def open(self, path: Path) -> Any:
        """The workbook in a window of its own, in front, as an ``xw.Book``."""
        book = self.office.open(path)
        until(lambda: self.windows(path.name))
        self.front(book)
        return book

    def front(self, book: Any) -> None:
        """Bring the workbook's window to the front, with the keyboard in its cells."""
        self.do("windowactivate", "--sync", until(lambda: self.windows(book.name))[-1])
        until(lambda: App(connected()).books.active.document.RuntimeUID == book.api.RuntimeUID)
        book.api.getCurrentController().getFrame().getComponentWindow().setFocus()
        time.sleep(0.2)

    def windows(self, title: str) -> list[str]:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.split()

    def do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, timeout=30)

    def key(self, *names: str) -> None:
        self.do("key", *names)

    def type(self, text: str) -> None:
        self.do("type", text)

    def write(self, title: str, text: str) -> None:
        """Type into the field of a box that has the keyboard, until it holds just that: a machine
        at its limit mixes up keys, and a picker completes what it knows.
        """
        for _ in range(WRITTEN_WITHIN):
            self.key("ctrl+a")
            self.do("type", "--delay", "40", text)
            time.sleep(0.5)
            if text in (held.rstrip("/") for held in fields(title)):
                return
        raise AssertionError(f"{title} holds {fields(title)}, not {text}")

    def select(self, book: Any, sheet: str, cell: str) -> None:
        page = book.sheets[sheet]
        page.activate()
        page.range(cell).select()
        time.sleep(0.2)

    def enter(self, book: Any, sheet: str, cell: str, text: str) -> None:
        """Type into a cell as a person does, and wait until it is there."""
        self.select(book, sheet, cell)
        self.type(text)
        self.key("Return")
        until(lambda: not editing(book))

    def close_boxes(self, process: subprocess.Popen[str]) -> None:
        """Answer every box with Escape until the process that shows them is done."""
        while process.poll() is None:
            for box in boxes(self):  # one may be gone by then
                subprocess.run(
                    ["xdotool", "windowactivate", "--sync", box, "key", "Escape"],
                    check=False,
                    capture_output=True,
                    timeout=30,
                )
            time.sleep(0.2)

    def click(self, accessible: Any) -> None:
        """The mouse on the middle of something that is shown."""
        component = accessible.getAccessibleContext()
        at, size = component.getLocationOnScreen(), component.getSize()
        x, y = at.X + size.Width // 2, at.Y + size.Height // 2
        self.do("mousemove", str(x), str(y), "click", "1")


def editing(book: Any) -> bool:
    from salesplan.excel.hosts import _edited_in_calc

    return bool(_edited_in_calc(book.api))


def identity(book: Any) -> str:
    return str(Identity(int(book.api.RuntimeUID)))


def until(holds: Callable[[], Any], seconds: float = 90.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.2)  # a look starts a program, or asks LibreOffice
    return found


@contextmanager
def screen(pixels: Path | None = None) -> Iterator[None]:
    """A screen that nobody else uses, with a window manager; ``DISPLAY`` names it meanwhile. With
    ``pixels`` what it shows can be read there, in the file ``Xvfb_screen0``.
    """
    reading, writing = os.pipe()
    shown = ["-fbdir", str(pixels)] if pixels else []
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp", *shown],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = f":{number}"
    manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        for process in (manager, server):
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before


@contextmanager
def desk(folder: Path, *, pixels: Path | None = None, **how: Any) -> Iterator[Desk]:
    """A screen with LibreOffice on it; ``pixels`` as for :func:`screen`."""
    needed()
    with screen(pixels), running(folder, headless=False, **how) as office:
        yield Desk(office)


@contextmanager
def private_desk(folder: Path) -> Iterator[Desk]:
    """A desk whose programs keep what they remember in ``folder``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE, str(folder / "state"))
        with desk(folder) as made:
            yield made


def boxes(desk: Desk) -> list[str]:
    """The message boxes that are shown, by their windows."""
    return desk.windows("销售计划|Sales Plan")


def texts(title: str) -> str:
    """All that is written in the box of that title."""
    return "\n".join(inside.getAccessibleName() for inside in _parts(title))


def fields(title: str) -> list[str]:
    """What the fields of the box of that title hold; nothing where it is changing just now."""
    try:
        return [part.getText() for part in _parts(title) if part.getAccessibleRole() == FIELD]
    except load_uno().getClass("com.sun.star.uno.RuntimeException"):
        return []


def _parts(title: str) -> Iterator[Any]:
    """The accessible contexts of the box whose title is, or is matched by, ``title``."""
    context = connected()
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    windows = [toolkit.getTopWindow(index) for index in range(toolkit.getTopWindowCount())]

    def walk(accessible: Any) -> Iterator[Any]:
        if not hasattr(accessible, "getAccessibleContext"):  # a list's row out of sight
            return
        inside = accessible.getAccessibleContext()
        yield inside
        for index in range(inside.getAccessibleChildCount()):
            yield from walk(inside.getAccessibleChild(index))

    for one in windows:
        if re.fullmatch(title, one.getAccessibleContext().getAccessibleName()):
            yield from walk(one)


def shown(book: Any, role: int = BUTTON) -> dict[str, Any]:
    """What is shown in the workbook's window, by its name."""
    found: dict[str, Any] = {}

    def walk(accessible: Any, depth: int) -> None:
        context = accessible.getAccessibleContext()
        if context.getAccessibleRole() == role:
            found[context.getAccessibleName()] = accessible
        if depth and context.getAccessibleRole() != DOCUMENT:
            for index in range(min(context.getAccessibleChildCount(), 60)):
                walk(context.getAccessibleChild(index), depth - 1)

    walk(book.api.getCurrentController().getFrame().getContainerWindow(), 9)
    return found


__all__ = ["Desk", "book_of", "boxes", "desk", "identity", "shown", "until"]
