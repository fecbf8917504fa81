"""The person at the program: told something, asked for a yes, a count, a file, a folder; by the
program's own boxes.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

YES = "yes"


class Person:
    """Whoever sits before the workbook. Every question may be left unanswered: then nothing is
    done.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._calc = book is not None and book.app.engine.name == "calc"

    def tell(self, text: str, title: str, mode: str = "info", *, question: bool = False) -> bool:
        """Show a message; with ``question`` True where it is answered by Yes. ``mode``: info,
        warning or critical.
        """
        if self._calc:
            answer = self._book.app.alert(text, title, "yes_no" if question else None, mode)
            return bool(answer == YES)
        if sys.platform == "win32":
            import ctypes

            signs = {"info": 0x40, "warning": 0x30, "critical": 0x10}
            flags = signs[mode] | (0x4 if question else 0) | 0x10000 | 0x40000
            return bool(ctypes.windll.user32.MessageBoxW(0, text, title, flags) == 6)
        if sys.platform == "darwin":
            buttons = '{"No", "Yes"} default button 2' if question else '{"OK"} default button 1'
            said = _script(
                f"display dialog message with title caption buttons {buttons}", text, title
            )
            return "Yes" in said
        return False

    def count(self, text: str, title: str) -> int | None:
        """A whole number that is typed; None where nothing or something else was."""
        given = self.line(text, title)
        return int(given) if given.isdecimal() else None

    def line(self, text: str, title: str) -> str:
        """A line that is typed, without blanks around it; empty where it was cancelled."""
        if self._calc:
            return _calc_text(self._book, text, title).strip()
        if sys.platform == "darwin":
            body = (
                "return text returned of (display dialog message with title caption default "
                'answer "")'
            )
            return _script(body, text, title)
        given = self._book.app.api.InputBox(text, title, Type=2)
        return "" if given is False else str(given).strip()

    def folder(self, title: str, start: Path) -> Path | None:
        """A folder that is chosen."""
        if self._calc:
            picker = _service(self._book, "com.sun.star.ui.dialogs.FolderPicker")
            picker.setTitle(title)
            picker.setDisplayDirectory(start.as_uri())
            return _from_url(picker.getDirectory()) if picker.execute() else None
        if sys.platform == "darwin":
            return _path(
                _script("return POSIX path of (choose folder with prompt message)", title, "")
            )
        return _chosen(self._book.app.api.FileDialog(4), title)

    def file(self, title: str, start: Path, endings: Sequence[str]) -> Path | None:
        """A file that is chosen, its name ending as one of ``endings`` (without the dot)."""
        pattern = ";".join(f"*.{ending}" for ending in endings)
        if self._calc:
            picker = _service(self._book, "com.sun.star.ui.dialogs.FilePicker")
            picker.setTitle(title)
            picker.setDisplayDirectory(start.as_uri())
            picker.appendFilter(pattern, pattern)
            return _from_url(picker.getFiles()[0]) if picker.execute() else None
        if sys.platform == "darwin":
            return _path(
                _script("return POSIX path of (choose file with prompt message)", title, "")
            )
        dialog = self._book.app.api.FileDialog(3)
        dialog.Filters.Clear()
        dialog.Filters.Add(pattern, pattern)
        return _chosen(dialog, title)


def _chosen(dialog: Any, title: str) -> Path | None:
    dialog.Title, dialog.AllowMultiSelect = title, False
    return Path(str(dialog.SelectedItems(1))) if dialog.Show() == -1 else None


def _service(book: Any, name: str) -> Any:
    context = book.app.api
    return context.ServiceManager.createInstanceWithContext(name, context)


def _from_url(url: str) -> Path:
    from salesplan.excel.bridge import load_uno

    return Path(load_uno().fileUrlToSystemPath(url))


def _path(text: str) -> Path | None:
    return Path(text) if text.startswith("/") else None


def _script(body: str, message: str, caption: str) -> str:
    """What AppleScript answers; empty where the person cancelled. The texts are handed over, never
    put into the script.
    """
    done = subprocess.run(
        ["osascript", "-e", f"on run {{message, caption}}\n{body}\nend run", message, caption],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else ""


_OK, _CANCEL = 1, 2
"""com.sun.star.awt.PushButtonType"""


def _calc_text(book: Any, text: str, title: str) -> str:
    """A line that is typed into a small dialog; empty where it is cancelled."""
    model = _service(book, "com.sun.star.awt.UnoControlDialogModel")
    model.Title, model.Width, model.Height = title, 220, 110
    _add(model, "FixedText", "text", (6, 6, 208, 70), Label=text, MultiLine=True)
    _add(model, "Edit", "answer", (6, 80, 90, 14))
    _add(
        model, "Button", "ok", (120, 80, 44, 14), PushButtonType=_OK, DefaultButton=True, Label="OK"
    )
    _add(model, "Button", "cancel", (170, 80, 44, 14), PushButtonType=_CANCEL, Label="取消 Cancel")
    dialog = _service(book, "com.sun.star.awt.UnoControlDialog")
    dialog.setModel(model)
    window = book.api.getCurrentController().getFrame().getContainerWindow()
    dialog.createPeer(window.getToolkit(), window)
    try:
        dialog.getControl("answer").setFocus()
        return str(dialog.getControl("answer").getText()) if dialog.execute() else ""
    finally:
        dialog.dispose()


def _add(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **more: Any) -> None:
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    control.PositionX, control.PositionY, control.Width, control.Height = place
    control.Name = name
    for key, value in more.items():
        if key == "PushButtonType":  # a short in UNO
            from salesplan.excel.bridge import load_uno

            value = load_uno().Any("short", value)
            load_uno().invoke(control, "setPropertyValue", (key, value))
        else:
            control.setPropertyValue(key, value)
    model.insertByName(name, control)
