"""What was sent of a folder of reports, kept in the folder: a copy of it, on another account, knows
as well.

A line for each step, as in the outbox, and sealed like the manifest. A line that bears this
account's seal counts as its own outbox does. Any other was written by another account, or by
whoever wanted something not to be sent: it is shown and holds its message back, and a person says
what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from salesplan.dataclass import replace
from salesplan.delivery.manifest import NAME as MANIFEST
from salesplan.delivery.outbox import Entry, Key, State, as_record, entry_of
from salesplan.delivery.seal import FIELD, is_sealed, known_key, own_key, seal
from salesplan.workbook.save.access import follow
from salesplan.workbook.save.file_names import visible
from salesplan.workbook.save.guards import alone
from salesplan.workbook.save.journal import append_record, records

FILE = "sent.jsonl"
MOST = 32 * 2**20
"""A record larger than this is none."""

_MAY_HAVE = (State.SENDING, State.SENT, State.UNKNOWN)
"""States in which a recipient may have the message."""


def of_folder(folder: Path) -> tuple[Entry, ...]:
    """The last word on every message that the folder's record has; of lines without this account's
    seal ``own`` is False.

    Whatever is no line of a record is left out, and so is all of a file that is none (a link, a
    pipe).
    """
    file, key = folder / FILE, known_key()
    found: dict[tuple[Key, bool], Entry] = {}
    for document in _documents(file):
        with suppress(KeyError, TypeError, ValueError):
            entry = entry_of(document)
            datetime.fromisoformat(entry.time)
            who = _shown(str(document.get("who", "")))
            entry = replace(entry, own=is_sealed(document, key), who=who)
            found[entry.key, entry.own] = entry
    return tuple(found.values())


def together(own: Iterable[Entry], folder: Iterable[Entry]) -> tuple[Entry, ...]:
    """The last word on every message, of this account's outbox and of the folder's record.

    A line of another account counts only where it says that a message may have gone out, and this
    account neither sent it nor has a person settled it here.
    """
    known = {entry.key: entry for entry in own}
    others: dict[Key, Entry] = {}
    for entry in folder:
        if not entry.own:
            others[entry.key] = entry
        elif entry.key not in known or known[entry.key].time < entry.time:
            known[entry.key] = entry
    for key, entry in others.items():
        mine = known.get(key)
        decided = mine is not None and (mine.settled or mine.state in _MAY_HAVE)
        if entry.state in _MAY_HAVE and not decided:
            known[key] = entry
    return tuple(known.values())


def is_kept(folder: Path) -> bool:
    """Whether the record can be written, here and now: the folder may be read-only, or something
    else has its name.
    """
    file = folder / FILE
    if file.is_symlink() or (file.exists() and not file.is_file()):
        return False
    new = not file.exists()
    try:
        with file.open("ab"):
            pass
        if new and (folder / MANIFEST).is_file():
            follow(folder / MANIFEST, file)  # whoever may write the one may write the other
        return True
    except OSError:
        return False


@contextmanager
def held(folder: Path | None) -> Iterator[Path | None]:
    """The record's file, to be written to by nobody else meanwhile; None where it cannot be kept.

    Raises SalesplanError (exit 3) ``file-being-saved`` while another account sends from this
    folder.
    """
    if folder is None or not is_kept(folder):
        yield None
        return
    with alone(folder / f".{FILE}.lock", folder / FILE):
        yield folder / FILE


def add(file: Path, entry: Entry, who: str) -> None:
    """Append a step to the record, sealed where this account has a key. OSError where that cannot
    be.
    """
    document: dict[str, object] = {**as_record(entry), "who": who}
    key = own_key()
    if key is not None:
        document[FIELD] = seal(document, key)
    append_record(file, document)


def _shown(who: str) -> str:
    """An account's name as it may stand on a terminal."""
    return "".join(one for one in visible(who) if one.isprintable())[:40]


def _documents(file: Path) -> Sequence[Mapping[str, object]]:
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MOST:
            return ()
        return records(file)
    except OSError:
        return ()
