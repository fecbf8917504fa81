"""What stands in the way of saving a file, named: open elsewhere, read-only, full disk, somebody else at work."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salesplan.findings import Finding, Place, SalesplanError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_HELD_ON_WINDOWS = (5, 32, 33)


def busy(code: str, path: Path, **params: object) -> SalesplanError:
    """The error of a file that cannot be saved now; exit code 3."""
    return SalesplanError(Finding.of(code, Place(path.name), file=path.name, **params), 3)


def refuse_if_open(path: Path) -> None:
    """Raises SalesplanError ``file-open-elsewhere`` if a spreadsheet program's owner or lock file lies beside the file."""
    for lock, reader in (
        (f"~${path.name}", _excel_owner),
        (f".~lock.{path.name}#", _libreoffice_owner),
    ):
        beside = path.with_name(lock)
        if beside.exists():
            try:
                owner = reader(beside.read_bytes())
            except OSError:
                owner = ""
            raise busy("file-open-elsewhere", path, lock=f"{lock} ({owner})" if owner else lock)


def refuse_if_read_only(path: Path) -> None:
    """Raises SalesplanError if the file or its folder is marked read-only, which replacing a file would not notice."""
    if path.exists() and (not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)):
        raise busy("file-read-only", path)
    folder = path.parent
    if not folder.is_dir():
        raise busy("folder-missing", path, folder=str(folder))
    if os.name == "posix" and (
        not folder.stat().st_mode & 0o222 or not os.access(folder, os.W_OK | os.X_OK)
    ):
        raise busy("folder-read-only", path, folder=str(folder))


@contextmanager
def named_causes(path: Path) -> Iterator[None]:
    """Turn an OSError while saving into a SalesplanError that names the cause; exit code 3."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise busy("disk-full", path, folder=str(path.parent)) from problem
        if getattr(problem, "winerror", None) in _HELD_ON_WINDOWS:
            raise busy("file-open-elsewhere", path, lock=path.name) from problem
        if problem.errno in _FORBIDDEN:
            raise busy("folder-read-only", path, folder=str(path.parent)) from problem
        raise busy("save-failed", path, reason=problem.strerror or str(problem)) from problem


@contextmanager
def alone(lock: Path, path: Path) -> Iterator[None]:
    """Hold the lock file while saving ``path``; it frees itself if the process dies.

    Raises SalesplanError ``file-being-saved`` if another process holds it. Where the file system has
    no locks, the check of the file's hash before it is replaced has to do.
    """
    with lock.open("ab") as held:
        try:
            _lock(held.fileno())
        except OSError as problem:
            if problem.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise busy("file-being-saved", path) from problem
        yield


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        getattr(msvcrt, "locking")(handle, getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


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


def keep_mode(old: Path, new: Path) -> None:
    """Give ``new`` the permissions and, where allowed, the owner of ``old``."""
    status = old.stat()
    if os.name == "posix" and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(
            PermissionError
        ):  # only the superuser may give a file away; the rights below still hold
            os.chown(new, status.st_uid, status.st_gid)
    new.chmod(stat.S_IMODE(status.st_mode))


def _excel_owner(content: bytes) -> str:
    """The user's name in an Excel owner file: a length byte and the name, then from byte 55 the same in UTF-16."""
    wide = content[57 : 57 + 2 * content[55]] if len(content) > 57 else b""
    name = (
        wide.decode("utf-16-le", "replace")
        if wide
        else content[1 : 1 + content[0]].decode("ascii", "replace")
        if content
        else ""
    )
    return name.strip("\0 ")


def _libreoffice_owner(content: bytes) -> str:
    """The user's name in a LibreOffice lock file: ``name,login,host,time,profile;``."""
    fields = content.decode("utf-8", "replace").split(",")
    return (fields[0] or (fields[1] if len(fields) > 1 else "")).strip()
