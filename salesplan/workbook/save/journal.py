"""What was saved over a workbook, by whom and when, and the older copies kept beside it.

Both live in the hidden folder ``.salesplan-backup`` beside the file: one journal a workbook (JSON
lines, appended and flushed before the file is replaced) and a ring of its older versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salesplan.config import Ring
from salesplan.dataclass import asdict, dataclass
from salesplan.findings import SalesplanError
from salesplan.workbook.save.access import follow, follow_folder, owner_of
from salesplan.workbook.save.file_names import beside
from salesplan.workbook.save.guards import busy, flush_folder

FOLDER = ".salesplan-backup"
UNDO = "undo"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One save: ``time`` is UTC in ISO 8601, ``before`` and ``after`` are SHA-256, ``sheets``
    counts changed cells by sheet, ``backup`` names the copy of the file as it was. ``kind`` is
    "save" or "undo"."""

    time: str
    who: str
    what: str
    before: str
    after: str
    cells: int
    sheets: Mapping[str, int]
    backup: str
    kind: str = "save"


def sha256_of(path: Path) -> str:
    """The file's SHA-256, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def home(path: Path) -> Path:
    """The backup folder of a workbook, made (and hidden) if it is not there.

    Whoever may save in the workbook's folder may keep copies in it, so its rights are that
    folder's; the copies and journals in it are as private as their workbook. Raises SalesplanError
    ``backup-folder-odd`` for a link or a file of that name, ``backup-folder-closed`` where this
    account may not write into it.
    """
    folder = path.parent / FOLDER
    if not os.path.lexists(folder):
        folder.mkdir(exist_ok=True)
        _hide(folder)
    if folder.is_symlink() or not folder.is_dir():
        raise busy("backup-folder-odd", path, folder=FOLDER)
    follow_folder(path.parent, folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise busy("backup-folder-closed", path, folder=FOLDER, owner=owner_of(folder))
    return folder


def journal(path: Path) -> Path:
    """The workbook's journal file."""
    return path.parent / FOLDER / beside(path, ".history.jsonl")


def lock_of(path: Path) -> Path:
    """The file that is locked while the workbook is saved; the backup folder is made for it."""
    return home(path) / beside(path, ".lock")


def now() -> datetime:
    """This moment in UTC, as the journal keeps it."""
    return datetime.now(UTC)


def entries(path: Path) -> tuple[HistoryEntry, ...]:
    """The journal, oldest first; lines that a power cut tore are left out."""
    found = []
    for record in records(journal(path)):
        with suppress(TypeError):
            found.append(HistoryEntry(**record))
    return tuple(found)


def effective(path: Path, current: str) -> tuple[HistoryEntry, ...]:
    """The entries of saves that took place.

    One that was cut off before the file was replaced is left out: what came next (the next save, or
    the file as it is now) began with what it had begun with.
    """
    noted = entries(path)
    following = [*(entry.before for entry in noted[1:]), current]
    return tuple(
        entry
        for entry, then in zip(noted, following, strict=False)
        if then == entry.after or then != entry.before
    )


def append(path: Path, entry: HistoryEntry) -> None:
    """Write an entry to the journal and to the disk; a new journal gets the workbook's rights."""
    file = journal(path)
    if not file.exists():
        file.touch()
        follow(path, file)
    append_record(file, asdict(entry))


def append_record(file: Path, record: Mapping[str, object]) -> None:
    """Add one JSON line to a journal and wait until the disk has it; a line that a power cut tore
    is closed off first.
    """
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    with file.open("ab+") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                line = "\n" + line
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())


def records(file: Path, named: str = "") -> list[dict[str, Any]]:
    """The JSON objects of a journal, oldest first; lines that a power cut tore are left out. Empty
    without the file. With ``named`` only those in which that text stands: a line without it costs a
    glance.
    """
    written = json.dumps(named, ensure_ascii=False)[1:-1]
    try:
        lines = file.read_text("utf-8", "replace").split(
            "\n"
        )  # splitlines would also break a line at U+0085 or U+2028 within a text
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        if written in line:
            with suppress(ValueError, RecursionError):
                record = json.loads(line)
                if isinstance(record, dict):
                    found.append(record)
    return found


def keep(path: Path, sha256: str) -> Path:
    """Copy the workbook into its ring and return the copy, on disk and compared by hash.

    To be called with the workbook's lock held. Raises SalesplanError ``file-changed-since-read`` if
    the file is not the one of that hash.
    """
    folder = home(path)
    copy = folder / _copy_name(path, f"{now():%Y%m%dT%H%M%S%fZ}")
    part = folder / beside(path, ".part")
    part.unlink(missing_ok=True)  # torn: the lock is held, so nobody is writing it
    try:
        part.touch(0o600)  # private while it is filled, then as the workbook is
        if copy_file(path, part) != sha256:
            raise busy("file-changed-since-read", path)
        follow(path, part)
        part.replace(copy)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    flush_folder(folder)
    return copy


def copy_file(source: Path, target: Path) -> str:
    """Copy a file's bytes to the disk; returns their SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(CHUNK):
            digest.update(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    return digest.hexdigest()


def copies(path: Path) -> list[Path]:
    """The ring's copies of a workbook, oldest first."""
    stamp = "@" * len("20260214T120000000000Z")
    name = re.escape(_copy_name(path, stamp))
    pattern = re.compile(name.replace(stamp, r"\d{8}T\d{12}Z"))
    folder = path.parent / FOLDER
    return (
        sorted(file for file in folder.iterdir() if pattern.fullmatch(file.name))
        if folder.is_dir()
        else []
    )


def _copy_name(path: Path, stamp: str) -> str:
    return beside(path.with_suffix(""), f".{stamp}{path.suffix}")


def prune(path: Path, ring: Ring, spare: Iterable[Path] = ()) -> None:
    """Drop the oldest copies until the ring is within its bounds; the newest and ``spare`` stay."""
    kept = copies(path)
    sizes = {copy: copy.stat().st_size for copy in kept}
    for copy in kept[:-1]:
        if len(sizes) <= ring.count and sum(sizes.values()) <= ring.size:
            break
        if copy not in spare:
            with suppress(
                PermissionError
            ):  # another account's, in a folder where each keeps their own
                copy.unlink(missing_ok=True)
            del sizes[copy]


def backup_of(path: Path, entry: HistoryEntry) -> Path:
    """The kept copy of the file as it was before ``entry``. Raises SalesplanError
    ``undo-backup-gone`` without it.
    """
    named = path.parent / FOLDER / Path(entry.backup).name
    for copy in (named, *reversed(copies(path))):
        if copy.is_file() and sha256_of(copy) == entry.before:
            return copy
    raise busy("undo-backup-gone", path, time=entry.time)


def to_undo(path: Path, current: str) -> HistoryEntry:
    """The last save that made the file what it is now, of those that were not taken back.

    Raises SalesplanError: ``undo-nothing`` if there is none, ``undo-changed-since`` if the file was
    changed by something else since the last save.
    """
    done = effective(path, current)
    standing: list[HistoryEntry] = []
    for entry in done:
        if entry.kind != UNDO:
            standing.append(entry)
        elif taken_back := next(
            (
                one
                for one in reversed(standing)
                if (one.after, one.before) == (entry.before, entry.after)
            ),
            None,
        ):
            standing.remove(taken_back)
    found = next((entry for entry in reversed(standing) if entry.after == current), None)
    if found:
        return found
    # A save that stands, in a file that is not what it made: somebody worked on it in between.
    code = "undo-changed-since" if standing else "undo-nothing"
    raise (
        busy(code, path)
        if code == "undo-changed-since"
        else SalesplanError(busy(code, path).finding, 2)
    )


def _hide(folder: Path) -> None:
    if os.name == "nt":
        import ctypes

        getattr(ctypes, "windll").kernel32.SetFileAttributesW(str(folder), 2)  # noqa: B009
