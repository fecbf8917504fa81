"""Letters as .eml files that open as unsent messages in the planner's mail program."""

from __future__ import annotations

import re
from pathlib import Path

from salesplan.delivery.manifest_file import RESERVED
from salesplan.delivery.message import Letter, draft
from salesplan.workbook.keep.guards import named_causes

_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
LONGEST_NAME = 80


def file_name(text: str) -> str:
    """``text`` as a file's name on every system; never empty, never a path."""
    name = _UNFIT.sub("_", text).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"_{name}" if not name or RESERVED.fullmatch(name) else name


def write_draft(letter: Letter, folder: Path, stem: str) -> Path:
    """Write the letter to ``folder`` as ``stem``.eml, over an older draft of that name. Raises SalesplanError (exit 3) where that cannot be."""
    data = draft(letter)
    path = _path(folder, stem)
    part = path.with_name(f"{path.name}.part")
    with named_causes(path):
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    return path


def replace_draft(path: Path, folder: Path) -> Path:
    """Move a draft that is whole into ``folder``, over an older one. Raises SalesplanError (exit 3) where that cannot be."""
    target = folder / path.name
    with named_causes(target):
        folder.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    return target


def remove_draft(folder: Path, stem: str) -> None:
    """Remove the draft of that name, if it is there. Raises SalesplanError (exit 3) where that cannot be."""
    path = _path(folder, stem)
    with named_causes(path):
        path.unlink(missing_ok=True)


def _path(folder: Path, stem: str) -> Path:
    return folder / f"{file_name(stem)}.eml"
