"""What stands in the way of saving a file, named: open elsewhere, read-only, full disk, somebody
else at work.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.save.access import follow
from salesplan.workbook.save.file_names import shown

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_HELD_ON_WINDOWS = (5, 32, 33)
WAIT = 10.0
"""Seconds that another save of the same workbook is waited for."""
_PAUSE = 0.05


def busy(code: str, path: Path, **params: object) -> SalesplanError:
    """The error of a file that cannot be saved now; exit code 3."""
    name = shown(path.name)
    return SalesplanError(Finding.of(code, Place(name), file=name, **params), 3)


def refuse_if_open(path: Path) -> None:
    """Raises SalesplanError ``file-open-elsewhere`` if a spreadsheet program's owner or lock file
    lies beside the file.
    """
    for lock, reader in (
        (f"~${path.name}", _excel_owner),
        (f".~lock.{path.name}#", _libreoffice_owner),
    ):
        beside = path.with_name(lock)
        with suppress(OSError):  # a name too long for a file is none's
            if not beside.exists():
                continue
            try:
                owner = reader(beside.read_bytes())
            except OSError:
                owner = ""
            raise busy("file-open-elsewhere", path, lock=f"{lock} ({owner})" if owner else lock)


def refuse_if_read_only(path: Path) -> None:
    """Raises SalesplanError if the file or its folder is marked read-only, which replacing a file
    would not notice.
    """
    if path.exists() and (not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)):
        raise busy("file-read-only", path)
    folder = path.parent
    if not folder.is_dir():
        raise busy("folder-missing", path, folder=shown(folder))
    if os.name == "posix" and (
        not folder.stat().st_mode & 0o222 or not os.access(folder, os.W_OK | os.X_OK)
    ):
        raise busy("folder-read-only", path, folder=shown(folder))


@contextmanager
def named_causes(path: Path) -> Iterator[None]:
    """Turn an OSError while saving into a SalesplanError that names the cause; exit code 3."""
    try:
        yield
    except OSError as problem:
        raise named_cause(path, problem) from problem


def named_cause(path: Path, problem: OSError) -> SalesplanError:
    """Why ``path`` could not be saved, in the words of the field; exit code 3."""
    if problem.errno in _FULL:
        return busy("disk-full", path, folder=shown(path.parent))
    if getattr(problem, "winerror", None) in _HELD_ON_WINDOWS:
        return busy("file-open-elsewhere", path, lock=path.name)
    if problem.errno in _FORBIDDEN:
        return busy("folder-read-only", path, folder=shown(path.parent))
    return busy("save-failed", path, reason=problem.strerror or str(problem))


@contextmanager
def alone(lock: Path, path: Path, *, wait: float | None = None) -> Iterator[None]:
    """Hold the lock file while saving ``path``; it frees itself if the process dies.

    Another process that holds it is waited for, ``wait`` (:data:`WAIT`) seconds long. The lock has
    the rights of ``path``, so that whoever may save it may lock it. Raises SalesplanError
    ``file-being-saved`` if the other is not done by then. Where the file system has no locks, the
    check of the file's hash before it is replaced has to do.
    """
    patience = time.monotonic() + (WAIT if wait is None else wait)
    with _opened(lock, path, patience) as held:
        while not _locked(held.fileno()):
            if time.monotonic() >= patience:
                raise busy("file-being-saved", path)
            time.sleep(_PAUSE)
        yield


def _opened(lock: Path, path: Path, patience: float) -> BinaryIO:
    """The lock file, made where it is not there; one that may only be read can be locked, too.

    One that another account has just made may be closed to others for a moment.
    """
    while True:
        new = not lock.exists()
        try:
            held = lock.open("ab")
        except PermissionError:
            with suppress(PermissionError):
                return lock.open("rb")
            if time.monotonic() >= patience:
                raise
            time.sleep(_PAUSE)
            continue
        if new and path.exists():
            follow(path, lock)
        return held


def _locked(handle: int) -> bool:
    """Take the lock; False where somebody holds it."""
    try:
        _lock(handle)
    except OSError as problem:
        return problem.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        getattr(msvcrt, "locking")(handle, getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def close_book(book: Any) -> None:
    """Save a workbook of XlsxWriter, which hides why it cannot, and let go of its sheets. OSError
    where it cannot be written.
    """
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error
    finally:
        let_go(book)


def let_go(book: Any) -> None:
    """Take the sheets from a workbook of XlsxWriter that is closed: they hold it, too, and all
    their cells would have to be looked for as garbage.
    """
    book.worksheets_objs.clear()
    book.sheetnames.clear()


def flush_folder(folder: Path) -> None:
    """Make the folder's new entries last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as problem:
            if problem.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def _excel_owner(content: bytes) -> str:
    """The user's name in an Excel owner file: a length byte and the name, then from byte 55 the
    same in UTF-16.
    """
    wide = content[57 : 57 + 2 * content[55]] if len(content) > 57 else b""
    if wide:
        name = wide.decode("utf-16-le", "replace")
    elif content:
        name = content[1 : 1 + content[0]].decode("ascii", "replace")
    else:
        name = ""
    return name.strip("\0 ")


def _libreoffice_owner(content: bytes) -> str:
    """The user's name in a LibreOffice lock file: ``name,login,host,time,profile;``."""
    fields = content.decode("utf-8", "replace").split(",")
    return (fields[0] or (fields[1] if len(fields) > 1 else "")).strip()
