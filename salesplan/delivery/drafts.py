"""Letters as .eml files that open as unsent messages in the planner's mail program."""

from __future__ import annotations

import re
from pathlib import Path

from salesplan.delivery.manifest_file import RESERVED
from salesplan.delivery.message import Letter, draft
from salesplan.workbook.save.destination import Stamp, is_ours, may_write, placing
from salesplan.workbook.save.file_names import visible
from salesplan.workbook.save.guards import named_causes

_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
LONGEST_NAME = 80


def file_name(text: str) -> str:
    """``text`` as a file's name on every system; never empty, never a path."""
    name = _UNFIT.sub("_", visible(text)).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"_{name}" if not name or RESERVED.fullmatch(name) else name


def write_draft(
    letter: Letter, folder: Path, stem: str, stamp: Stamp, like: Path | None = None
) -> Path:
    """Write the letter to ``folder`` as ``stem``.eml, over an older draft of that stamp, no more
    open to others than ``like``.

    Raises SalesplanError: exit 2 where another file has that name or the draft was changed, 3 where
    it cannot be written.
    """
    data = draft(letter)
    path = _path(folder, stem)
    with named_causes(path):
        folder.mkdir(parents=True, exist_ok=True)
        with placing(path, stamp, like=like) as temp:
            temp.write_bytes(data)
    return path


def refuse_draft(folder: Path, stem: str, stamp: Stamp) -> None:
    """Raises SalesplanError (exit 2) where the draft could not be written for what has its name."""
    may_write(_path(folder, stem), stamp)


def replace_draft(path: Path, folder: Path, stamp: Stamp) -> Path:
    """Move a draft that is whole into ``folder``, over an older one. Raises SalesplanError as
    :func:`write_draft`.
    """
    target = folder / path.name
    with named_causes(target):
        folder.mkdir(parents=True, exist_ok=True)
        may_write(target, stamp)
        path.replace(target)
    return target


def remove_draft(folder: Path, stem: str, stamp: Stamp) -> None:
    """Remove the draft of that name, if it is there as it was made. Raises SalesplanError (exit 3)
    where that cannot be.
    """
    path = _path(folder, stem)
    with named_causes(path):
        if is_ours(path, stamp):
            path.unlink()


def _path(folder: Path, stem: str) -> Path:
    return folder / f"{file_name(stem)}.eml"
