"""Files on their way: written beside their place under a name of their own, then moved there in one
step.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from salesplan.workbook.keep.access import follow

PREFIX, ENDING = ".salesplan-", ".tmp"
SHELL = ".shell"
"""What the name of a file that goes with one on its way ends in, behind that one's; it is cleared
with it.
"""
_STALE = 3600.0
"""Seconds after which a file is taken for left behind where the system cannot tell who holds it."""


@contextmanager
def beside_of(
    path: Path, *, like: Path | None = None, within: Path | None = None, mode: int = 0o666
) -> Iterator[Path]:
    """A new file beside ``path``, gone at the end unless it was moved.

    It has the rights of ``like`` where one is named, else those of any new file, no more open to
    others than ``within``.

    It is locked while it is in use, and the lock goes with the process: what a kill left behind in
    the folder is known by that and cleared first.
    """
    _sweep(path.parent)
    handle, temp = _new(path.parent, mode & _bound(within))
    try:
        if like is not None:
            follow(like, temp)
        yield temp
    finally:
        temp.unlink(missing_ok=True)
        if handle is not None:
            os.close(handle)


def flush(path: Path) -> None:
    """Wait until the disk has the file."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _bound(within: Path | None) -> int:
    """The rights that a file may have of which the model's readers are all that may read it."""
    if within is None or os.name != "posix":
        return 0o777
    with suppress(OSError):
        return within.stat().st_mode & 0o777 | 0o600
    return 0o777


def _new(folder: Path, mode: int) -> tuple[int | None, Path]:
    while True:
        temp = folder / f"{PREFIX}{os.urandom(6).hex()}{ENDING}"
        handle = os.open(temp, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        if not _lockable():
            os.close(handle)
            return None, temp
        with suppress(OSError):
            _take(handle)
        if os.fstat(handle).st_nlink:
            return handle, temp
        os.close(handle)  # another process swept it before it was locked


def _sweep(folder: Path) -> None:
    """Remove what processes that are no more left in the folder."""
    for left in folder.glob(f"{PREFIX}*{ENDING}"):
        with suppress(OSError):
            if left.is_symlink() or not left.is_file():
                continue
            if _abandoned(left):
                left.with_name(left.name + SHELL).unlink(missing_ok=True)
                left.unlink()


def _abandoned(left: Path) -> bool:
    if _lockable():
        handle = os.open(left, os.O_RDWR)
        try:
            return _take(handle)
        except BlockingIOError:
            return False
        except OSError:  # no locks here: its age has to do
            pass
        finally:
            os.close(handle)
    return time() - left.stat().st_mtime > _STALE


def _lockable() -> bool:
    return os.name == "posix"


def _take(handle: int) -> bool:
    """Lock an open file. Raises BlockingIOError where another process holds it, another OSError
    where there are no locks.
    """
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
