"""Saving a patched workbook so that the file is always the old one or the new one, whole, and can be undone."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import time

from salesplan.config import Ring, load
from salesplan.workbook.keep.guards import (
    alone,
    busy,
    flush_folder,
    keep_mode,
    named_causes,
    refuse_if_open,
    refuse_if_read_only,
)
from salesplan.workbook.keep.journal import (
    UNDO,
    HistoryEntry,
    append,
    backup_of,
    copy_file,
    effective,
    home,
    keep,
    now,
    prune,
    sha256_of,
    to_undo,
)
from salesplan.workbook.patch.changes import Change
from salesplan.workbook.patch.patch import patch_workbook, surveyed
from salesplan.workbook.patch.verify import verify_patched

__all__ = ["HistoryEntry", "history", "save_patched", "undo"]

_TEMP = ".salesplan-"
_STALE = 3600.0


def save_patched(
    path: Path | str,
    changes: Sequence[Change],
    *,
    expect_sha256: str | None,
    out: Path | str | None = None,
    who: str = "",
    what: str = "",
    ring: Ring | None = None,
) -> Path:
    """Patch the workbook and put the result in its place, or at ``out``; returns where it is.

    The new file is written beside its place, reopened and checked, flushed to disk, then moved in
    one step; the old one goes into the ring of backups and the save into the history (not with
    ``out``, where the workbook itself is left alone). ``expect_sha256`` is the hash of the file that
    was read. Without changes nothing is saved over.

    Raises SalesplanError, the workbook untouched: exit 3 if it is open elsewhere, was changed since,
    or cannot be written (cause named), otherwise as :func:`patch_workbook`.
    """
    path, place = Path(path).resolve(), Path(out or path).resolve()
    if not path.is_file():
        surveyed(path, ())  # names what is wrong with it
    over = out is None or path == place or (place.exists() and path.samefile(place))
    if over and not changes:
        return place
    refuse_if_open(place)
    refuse_if_read_only(place)

    with named_causes(place):
        expected = expect_sha256 or sha256_of(path)

        def make(temp: Path) -> None:
            patch_workbook(path, temp, changes, expect_sha256=expected)
            verify_patched(path, temp, changes)

        if over:
            sheets: Counter[str] = Counter()
            for change in changes:
                sheets[change.sheet] += change.cells
            _replace(
                place,
                make,
                expected,
                HistoryEntry(
                    now().isoformat(), who, what, "", "", sheets.total(), dict(sheets), ""
                ),
                ring,
            )
        else:
            _write_new(place, path, make)
    return place


def undo(path: Path | str, *, who: str = "", ring: Ring | None = None) -> HistoryEntry:
    """Give the workbook back its bytes from before the last save; returns the entry that was undone.

    Called again it goes one save further back. What was undone stays in the ring.
    Raises SalesplanError: exit 2 if nothing was saved, 3 if the file was changed by something else
    since the last save, its backup is gone, 4 if there is no such file, or as :func:`save_patched`.
    """
    path = Path(path).resolve()
    if not path.is_file():
        surveyed(path, ())  # names what is wrong with it
    refuse_if_open(path)
    refuse_if_read_only(path)
    with named_causes(path):
        current = sha256_of(path)
        entry = to_undo(path, current)
        backup = backup_of(path, entry)
        made = HistoryEntry(
            now().isoformat(), who, entry.what, "", "", entry.cells, entry.sheets, "", UNDO
        )
        _replace(
            path,
            lambda temp: _copy_checked(backup, temp, entry.before),
            current,
            made,
            ring,
            (backup,),
        )
    return entry


def history(path: Path | str) -> tuple[HistoryEntry, ...]:
    """Every save (and undo) of the workbook by this program, oldest first. Raises SalesplanError (exit 4) if there is no such file."""
    path = Path(path).resolve()
    if not path.is_file():
        surveyed(path, ())  # names what is wrong with it
    with named_causes(path):
        return effective(path, sha256_of(path))


def _replace(
    path: Path,
    make: Callable[[Path], None],
    before: str,
    entry: HistoryEntry,
    ring: Ring | None,
    spare: Sequence[Path] = (),
) -> None:
    """Make the new file, keep the old one, note the save, and swap them; all or nothing for ``path``."""
    with alone(home(path) / "lock", path), _Temp(path) as temp:
        make(temp)
        _flush(temp)
        keep_mode(path, temp)
        copy = keep(path, before)
        try:
            refuse_if_open(path)
            append(
                path,
                HistoryEntry(
                    entry.time,
                    entry.who,
                    entry.what,
                    before,
                    sha256_of(temp),
                    entry.cells,
                    entry.sheets,
                    copy.name,
                    entry.kind,
                ),
            )
            if sha256_of(path) != before:
                raise busy("file-changed-since-read", path)
            temp.replace(path)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        flush_folder(path.parent)
        prune(path, ring or load().ring, spare)


def _write_new(place: Path, path: Path, make: Callable[[Path], None]) -> None:
    with _Temp(place) as temp:
        make(temp)
        _flush(temp)
        keep_mode(place if place.exists() else path, temp)
        temp.replace(place)
        flush_folder(place.parent)


class _Temp:
    """A file of its own beside ``path``, gone at the end unless it was moved; sweeps what a crash left an hour ago."""

    def __init__(self, path: Path) -> None:
        self._beside = path

    def __enter__(self) -> Path:
        beside = self._beside
        for stale in beside.parent.glob(f"{_TEMP}*.tmp"):
            with suppress(OSError):
                if time() - stale.stat().st_mtime > _STALE:
                    stale.unlink()
        handle, name = tempfile.mkstemp(".tmp", _TEMP, beside.parent)
        os.close(handle)
        self._temp = Path(name)
        return self._temp

    def __exit__(self, *_: object) -> None:
        self._temp.unlink(missing_ok=True)


def _copy_checked(backup: Path, temp: Path, sha256: str) -> None:
    if copy_file(backup, temp) != sha256:
        raise busy("undo-backup-gone", temp, time="")


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
