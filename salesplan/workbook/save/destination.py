"""Where a file may be written: one rule for every command, and one way of putting it there.

A place is free where nothing is, not even a link. Our own output is replaced without a question: it
says itself what it is (its :class:`Stamp`), of which master and month, and whether it is as we left
it. A workbook that is not ours is replaced only where the person insists; a report of another
master, and what is no ordinary file (a link, a folder, a pipe, a device), never.

A workbook and a deck carry their stamp among their own properties, a draft in a header, a print
behind its end. What must not hold anything of ours (a filled copy of somebody's master) is
remembered in the account's state folder.

Files on their way are written beside their place under a name of their own, then moved there in one
step.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from time import time

from salesplan.config import state_folder
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.pattern import pattern
from salesplan.workbook.save.access import follow
from salesplan.workbook.save.file_names import shown
from salesplan.workbook.save.journal import append_record, records, sha256_of
from salesplan.workbook.zip.rawzip import RawZip

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


PROPERTY = "salesplan"
"""The name of the workbook property that holds a stamp."""
BLANK = "-"
"""What stands in the property until the workbook is whole."""
PROPERTIES = "docProps/custom.xml"
REMEMBERED = "written.jsonl"
"""Our journal of filled copies, in the state folder."""

_SPAN = r"\d{4}(?:-(?:\d\d(?:-\d\d)?|[QH]\d|W\d\d))?|-"
"""A month, a day, a week, a quarter, a half or a year; a dash for none."""
_TEXT = pattern(rf"salesplan (\w+) ([a-p]+) ({_SPAN}) ([a-p]+) ([a-p]+)")
_HELD = pattern(rb'(name="%s"[^>]*>\s*<(?:\w+:)?lpwstr[^<>]*>)([^<]*)' % PROPERTY.encode())
_HEADER, _TRAILER = b"X-Salesplan: ", b"\n%"
_OPENED, _SHUT = b"\n<!-- ", b" -->\n"
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LARGEST_TAIL = 512


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an output is: its ``kind`` (report, handout, draft …), whose master's, of which month
    (YYYY-MM, of another span YYYY-MM-DD, YYYY-W01, YYYY-Q1, YYYY-H1 or YYYY, of none ``-``), for
    whom.

    ``master`` and ``part`` are digests in letters, which tell nothing and look like no figure or
    code.
    """

    kind: str
    master: str
    month: str
    part: str

    @classmethod
    def of(
        cls, kind: str, master: Path, folder: Path, month: object = "-", part: str = ""
    ) -> Stamp:
        """The stamp of an output in ``folder``. The master is known by its way from there: it stays
        the same where both move together.
        """
        source, target = master.resolve(), folder.resolve()
        try:
            way = os.path.relpath(source, target)
        except ValueError:  # another drive
            way = str(source)
        return cls(kind, _letters(os.fsencode(way)), str(month), _letters(part.encode()))


def may_write(
    path: Path,
    stamp: Stamp | None,
    *,
    force: bool = False,
    ours: Callable[[Path], bool] = lambda path: False,
) -> None:
    """Pass where ``path`` is free or holds what may be replaced by an output of that stamp;
    ``ours`` knows other files of our own.

    Without a stamp nothing that is there is taken for our own: a master is replaced only with
    ``force``.

    Raises SalesplanError (exit 2): place-is-link, place-is-folder, place-not-ordinary,
    place-of-another-master, place-changed, place-not-workbook, place-taken.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(mode):
        raise _refused("place-is-link", path)
    if stat.S_ISDIR(mode):
        raise _refused("place-is-folder", path)
    if not stat.S_ISREG(mode):
        raise _refused("place-not-ordinary", path)
    if ours(path):
        return
    found = None if stamp is None else stamp_of(path)
    if found == (stamp, True):
        return
    if stamp is not None and is_another_masters(path, stamp):
        raise _refused("place-of-another-master", path)
    workbook = _is_workbook(path)
    if force and workbook:
        return
    if found is not None and found[0] == stamp:
        raise _refused("place-changed", path)
    raise _refused("place-taken" if workbook else "place-not-workbook", path)


def is_ours(path: Path, stamp: Stamp) -> bool:
    """Whether an ordinary file of that stamp lies there, as we left it."""
    if path.is_symlink() or not path.is_file():
        return False
    return stamp_of(path) == (stamp, True)


def is_another_masters(path: Path, stamp: Stamp) -> bool:
    """Whether what lies there is of that kind and made from another master."""
    if path.is_symlink() or not path.is_file():
        return False
    found = stamp_of(path)
    return found is not None and found[0].kind == stamp.kind and found[0].master != stamp.master


@contextmanager
def placing(
    path: Path,
    stamp: Stamp | None,
    *,
    force: bool = False,
    like: Path | None = None,
    ours: Callable[[Path], bool] = lambda path: False,
) -> Iterator[Path]:
    """A file to be written that is then put at ``path`` in one step, stamped; nothing is there
    before it is whole.

    It gets the rights of what it replaces; a new one is no more open to others than ``like``, its
    master. Raises SalesplanError as :func:`may_write`, before and after the writing; OSError where
    it cannot be put there.
    """
    may_write(path, stamp, force=force, ours=ours)
    with beside_of(path, like=path if path.exists() else None, within=like) as temp:
        yield temp
        carried = stamp is None or _mark(temp, path.suffix.lower(), stamp)
        may_write(path, stamp, force=force, ours=ours)
        temp.replace(path)
    if stamp is not None and not carried:
        _remember(path, stamp)


def stamp_of(path: Path) -> tuple[Stamp, bool] | None:
    """A file's stamp and whether the file is as we left it; None without one."""
    try:
        return _carried(path) or _remembered(path)
    except (OSError, ValueError, SalesplanError):
        return None


def _refused(code: str, path: Path) -> SalesplanError:
    name = shown(path)
    return SalesplanError(Finding.of(code, Place(name), file=name), 2)


def _letters(data: bytes) -> str:
    return _spelled(hashlib.sha256(data).hexdigest())


def _spelled(digest: str) -> str:
    return digest[:32].translate(_LETTERS)


def _written(stamp: Stamp, content: str) -> str:
    return f"salesplan {stamp.kind} {stamp.master} {stamp.month} {stamp.part} {content}"


def _read(text: str, content: str) -> tuple[Stamp, bool] | None:
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        return None
    return Stamp(found[1], found[2], found[3], found[4]), found[5] == content


def _is_workbook(path: Path) -> bool:
    try:
        with RawZip(path) as raw:
            return any(name.endswith("workbook.xml") for name in raw.by_name)
    except (OSError, ValueError, SalesplanError):
        return False


# Where the stamp stands in each kind of file.


def _mark(path: Path, ending: str, stamp: Stamp) -> bool:
    """Write the stamp into the file; False where this kind of file holds none."""
    if ending == ".eml":
        content = path.read_bytes()
        line = _HEADER + _written(stamp, _letters(content)).encode()
        path.write_bytes(line + b"\r\n" + content)
        return True
    if ending == ".pdf":
        line = _TRAILER + _written(stamp, _spelled(sha256_of(path))).encode() + b"\n"
        with path.open("ab") as stream:
            stream.write(line)
        return True
    if ending == ".html":
        line = _OPENED + _written(stamp, _spelled(sha256_of(path))).encode() + _SHUT
        with path.open("ab") as stream:
            stream.write(line)
        return True
    return ending in (".xlsx", ".xlsm", ".pptx") and _mark_workbook(path, stamp)


def _mark_workbook(path: Path, stamp: Stamp) -> bool:
    marked = BytesIO()
    with RawZip(path) as raw:
        held = raw.read(PROPERTIES) if PROPERTIES in raw.by_name else b""
        blank = _HELD.search(held)
        if blank is None or blank[2] != BLANK.encode():
            return False
        text = _written(stamp, _content(raw)).encode()
        raw.copy_with(marked, {PROPERTIES: held[: blank.start(2)] + text + held[blank.end(2) :]})
    path.write_bytes(marked.getbuffer())
    return True


def _content(raw: RawZip) -> str:
    """A digest of all that a workbook holds beside its stamp."""
    told = sorted(
        (entry.name, entry.crc, entry.size) for entry in raw.entries if entry.name != PROPERTIES
    )
    return _letters(repr(told).encode())


def _carried(path: Path) -> tuple[Stamp, bool] | None:
    with path.open("rb") as stream:
        head = stream.read(8)
        if head.startswith(b"PK"):
            return _carried_by_workbook(path)
        stream.seek(0)
        if head == _HEADER[:8]:
            line = stream.readline(_LARGEST_TAIL)
            return _read(
                line.removeprefix(_HEADER).decode("ascii", "replace"), _letters(stream.read())
            )
        if head.startswith(b"%PDF-"):
            return _carried_behind(stream.read(), _TRAILER)
        if head == b"<!doctyp":
            return _carried_behind(stream.read(), _OPENED)
    return None


def _carried_behind(content: bytes, opening: bytes) -> tuple[Stamp, bool] | None:
    """The stamp that stands behind all else."""
    at = content.rfind(opening, max(len(content) - _LARGEST_TAIL, 0))
    text = content[at + len(opening) :].decode("ascii", "replace").removesuffix(_SHUT.decode())
    return None if at < 0 else _read(text, _letters(content[:at]))


def _carried_by_workbook(path: Path) -> tuple[Stamp, bool] | None:
    with RawZip(path) as raw:
        if PROPERTIES not in raw.by_name:
            return None
        held = _HELD.search(raw.read(PROPERTIES))
        return None if held is None else _read(held[2].decode("ascii", "replace"), _content(raw))


def _remember(path: Path, stamp: Stamp) -> None:
    """Note a file that must not carry its stamp; where the note cannot be kept, the person is asked
    next time.
    """
    with suppress(OSError):
        state_folder().mkdir(parents=True, exist_ok=True)
        note = {"file": _place(path), "stamp": _written(stamp, _spelled(sha256_of(path)))}
        append_record(state_folder() / REMEMBERED, note)


def _remembered(path: Path) -> tuple[Stamp, bool] | None:
    name = _place(path)
    held = records(state_folder() / REMEMBERED, name)
    noted = [one for one in held if one.get("file") == name]
    return _read(str(noted[-1].get("stamp", "")), _spelled(sha256_of(path))) if noted else None


def _place(path: Path) -> str:
    """The file's whole name as a note holds it; some file systems allow names that are no text."""
    return os.fsencode(path.resolve()).decode("utf-8", "backslashreplace")
