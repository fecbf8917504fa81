"""Saving a patched workbook so that the file is always the old one or the new one, whole, and can
be undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from salesplan.config import Ring, load
from salesplan.dataclass import replace
from salesplan.findings import Finding
from salesplan.workbook.changes import Change
from salesplan.workbook.patch.patch import patch_workbook, surveyed
from salesplan.workbook.patch.verify import verify_patched
from salesplan.workbook.save.access import copy_attributes, follow, losses, shut_out
from salesplan.workbook.save.destination import Stamp, beside_of, flush, placing
from salesplan.workbook.save.guards import (
    alone,
    busy,
    flush_folder,
    named_causes,
    refuse_if_open,
    refuse_if_read_only,
)
from salesplan.workbook.save.journal import (
    UNDO,
    HistoryEntry,
    append,
    backup_of,
    copy_file,
    effective,
    keep,
    lock_of,
    now,
    prune,
    sha256_of,
    to_undo,
)

__all__ = ["HistoryEntry", "history", "save_patched", "undo"]

FILLED = "filled"
"""The kind of a filled copy of a master."""

Say = Callable[[Finding], object]
"""Hears what a save cannot keep, before anything is written."""


def _unheard(finding: Finding) -> None:
    """Nobody listens."""


def save_patched(
    path: Path | str,
    changes: Sequence[Change],
    *,
    expect_sha256: str | None,
    out: Path | str | None = None,
    who: str = "",
    what: str = "",
    ring: Ring | None = None,
    say: Say = _unheard,
    stamp: Stamp | None = None,
    force: bool = False,
    before: Sequence[Change] = (),
) -> Path:
    """Patch the workbook and put the result in its place, or at ``out``; returns where it is.

    The new file is written beside its place, reopened and checked, flushed to disk, then moved in
    one step; the old one goes into the ring of backups and the save into the history (not with
    ``out``, where the workbook itself is left alone). ``expect_sha256`` is the hash of the file
    that was read. Without changes nothing is saved over. At ``out`` the copy is one of that
    ``stamp``; what lies there already is replaced as :func:`placing` has it, with ``force``.
    ``say`` hears what saving over it cannot keep. Changes ``before`` are made before the others,
    which may stand in columns that they add; it is one save.

    Raises SalesplanError, the workbook untouched: exit 3 if it is open elsewhere, was changed
    since, or cannot be written (cause named), otherwise as :func:`patch_workbook`.
    """
    path = Path(path).resolve()
    place = path if out is None else Path(out).absolute()
    if not path.is_file():
        surveyed(path, ())  # names what is wrong with it
    linked = place.is_symlink()
    over = not linked and (path == place or (place.exists() and path.samefile(place)))
    if over and not changes and not before:
        return place
    refuse_if_open(place)
    refuse_if_read_only(place)

    with named_causes(place):
        expected = expect_sha256 or sha256_of(path)

        def make(temp: Path) -> None:
            if not before:
                _patched(path, temp, changes, expected)
                return
            with beside_of(place) as between:
                _patched(path, between, before, expected)
                _patched(between, temp, changes, sha256_of(between))

        if over:
            entry = _entry(who, what, (*before, *changes))
            _replace(place, make, expected, entry, ring, say)
        else:
            with placing(place, stamp or Stamp.of(FILLED, path, place.parent), force=force) as temp:
                make(temp)
                _like(place if place.exists() else path, temp)
            flush_folder(place.parent)
    return place


def _entry(who: str, what: str, changes: Sequence[Change]) -> HistoryEntry:
    """A save in the history, with how many cells of which sheets it changes."""
    sheets: Counter[str] = Counter()
    for change in changes:
        sheets[change.sheet] += change.cells
    return HistoryEntry(now().isoformat(), who, what, "", "", sheets.total(), dict(sheets), "")


def _patched(source: Path, target: Path, changes: Sequence[Change], sha256: str) -> None:
    patch_workbook(source, target, changes, expect_sha256=sha256)
    verify_patched(source, target, changes)


def undo(
    path: Path | str, *, who: str = "", ring: Ring | None = None, say: Say = _unheard
) -> HistoryEntry:
    """Give the workbook back its bytes from before the last save; returns the entry that was
    undone.

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
            say,
            (backup,),
        )
    return entry


def history(path: Path | str) -> tuple[HistoryEntry, ...]:
    """Every save (and undo) of the workbook by this program, oldest first. Raises SalesplanError
    (exit 4) if there is no such file.
    """
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
    say: Say,
    spare: Sequence[Path] = (),
) -> None:
    """Make the new file, keep the old one, note the save, and swap them; all or nothing for
    ``path``.
    """
    with alone(lock_of(path), path), beside_of(path, mode=0o600) as temp:
        for finding in losses(path):
            say(finding)
        make(temp)
        _like(path, temp)
        copy = keep(path, before)
        try:
            refuse_if_open(path)
            append(path, replace(entry, before=before, after=sha256_of(temp), backup=copy.name))
            if sha256_of(path) != before:
                raise busy("file-changed-since-read", path)
            temp.replace(path)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        flush_folder(path.parent)
        prune(path, ring or load().ring, spare)


def _like(path: Path, temp: Path) -> None:
    """Give the new file what the old one has beside its bytes, and flush it.

    Raises SalesplanError ``save-shuts-out`` where somebody who shared the old file could not open
    the new one.
    """
    copy_attributes(path, temp)
    follow(path, temp)
    out = shut_out(path, temp)
    if out:
        raise busy("save-shuts-out", path, names=out)
    flush(temp)


def _copy_checked(backup: Path, temp: Path, sha256: str) -> None:
    if copy_file(backup, temp) != sha256:
        raise busy("undo-backup-gone", temp, time="")
