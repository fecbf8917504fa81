"""Names of files beside a workbook: short enough, and writable as text, whatever the workbook is
called.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

LONGEST = 240
"""Bytes of a file name that every file system takes (255), less what a spreadsheet program's lock
file puts around it.
"""


def shown(path: Path | str) -> str:
    """A path's text as it can be written anywhere: bytes that are no UTF-8 are �."""
    return os.fsencode(str(path)).decode("utf-8", "replace")


def visible(text: str) -> str:
    """``text`` without what is not seen but turns a name about or hides in it: direction marks,
    joiners and other format characters.
    """
    return "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Cs"))


def beside(path: Path, ending: str) -> str:
    """The workbook's name with another ending (``.history.jsonl``), cut where the two are too long
    for a file name.

    A name that is cut, or that is no UTF-8, carries a digest of the whole: two workbooks never
    share one.
    """
    name = shown(path.name)
    if name == path.name and len((name + ending).encode()) <= LONGEST:
        return name + ending
    digest = "~" + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:10]
    room = LONGEST - len((digest + ending).encode())
    return name.encode()[:room].decode("utf-8", "ignore") + digest + ending
