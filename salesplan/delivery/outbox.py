"""The outbox: what became of every message, on disk before and after each step, so that nothing is
sent twice.

A message is known by month, audience, address and the hash of what it carries. Its states run
queued → sending → sent | refused | unknown. "Sending" that was never followed up (the program or
the machine died) is unknown: the server may have it. Unknown is never tried again until a person
has settled it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from salesplan.dataclass import asdict, dataclass
from salesplan.workbook.save.guards import alone, flush_folder, named_causes
from salesplan.workbook.save.journal import append_record, records

FILE = "outbox.jsonl"


class State(Enum):
    """How far a message came."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a message that message. ``channel`` is smtp or wecom; ``recipient`` its address,
    or the robot's name and group; ``content`` the SHA-256 of the workbook that it carries, or of
    what it says where it carries none."""

    channel: str
    month: str
    audience: str
    recipient: str
    content: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: ``time`` is UTC in ISO 8601, ``detail`` the server's answer or the
    reason.
    """

    key: Key
    state: State
    time: str
    detail: str = ""
    settled: bool = False
    """Whether a person said what became of it."""
    own: bool = True
    """Whether this account noted it; False of what only the record of a folder says."""
    who: str = ""
    """The account that noted it, where a folder's record says so."""


class Outbox:
    """The journal, held by one process at a time (see :func:`opened`). ``beside`` hears of each
    step, too.
    """

    def __init__(self, file: Path, beside: Callable[[Entry], None] = lambda entry: None) -> None:
        self._file, self._beside = file, beside
        self._entries = {entry.key: entry for entry in journal(file)}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The last word on every message, oldest message first."""
        return tuple(self._entries.values())

    def entry(self, key: Key) -> Entry | None:
        """What became of a message last; None if nothing is known of it."""
        return self._entries.get(key)

    def note(self, key: Key, state: State, detail: str = "", *, settled: bool = False) -> Entry:
        """Write a state down; on disk when this returns. Raises SalesplanError (exit 3) where that
        cannot be.
        """
        entry = Entry(key, state, datetime.now(UTC).isoformat(timespec="seconds"), detail, settled)
        with named_causes(self._file):
            append_record(self._file, as_record(entry))
            self._beside(entry)
        self._entries[key] = entry
        return entry


@contextmanager
def opened(folder: Path, beside: Callable[[Entry], None] = lambda entry: None) -> Iterator[Outbox]:
    """The outbox of a folder, to be written to by nobody else meanwhile; ``beside`` hears of each
    step, too.

    What was left "sending" becomes unknown. Raises SalesplanError (exit 3): file-being-saved while
    another process sends, and as saving does where the folder cannot be written.
    """
    file = folder / FILE
    with named_causes(file):
        folder.mkdir(parents=True, exist_ok=True)
        file.touch()
        flush_folder(folder)
    with alone(folder / f"{FILE}.lock", file):
        outbox = Outbox(file, beside)
        for entry in outbox.entries:
            if entry.state is State.SENDING:
                outbox.note(entry.key, State.UNKNOWN, "interrupted")
        yield outbox


def journal(file: Path) -> tuple[Entry, ...]:
    """The last word on every message as a journal has it, without taking hold of it."""
    found: dict[Key, Entry] = {}
    for record in records(file):
        with suppress(KeyError, TypeError, ValueError):
            entry = entry_of(record)
            found[entry.key] = entry
    return tuple(found.values())


def as_record(entry: Entry) -> dict[str, object]:
    """A step as one JSON object of a journal."""
    return {
        **asdict(entry.key),
        "state": entry.state.value,
        "time": entry.time,
        "detail": entry.detail,
        "settled": entry.settled,
    }


def entry_of(record: Mapping[str, object]) -> Entry:
    """The step that such an object says. Raises KeyError or ValueError where it says none."""
    names = ("channel", "month", "audience", "recipient", "content")
    return Entry(
        Key(*(str(record[name]) for name in names)),
        State(record["state"]),
        str(record["time"]),
        str(record.get("detail", "")),
        bool(record.get("settled")),
    )


def earlier(key: Key, entries: Iterable[Entry]) -> Entry | None:
    """The last entry of the same month, audience and recipient with other content that was sent or
    may have been.
    """
    same = [
        one
        for one in entries
        if one.key != key
        and _address(one.key) == _address(key)
        and one.state not in (State.QUEUED, State.REFUSED)
    ]
    return same[-1] if same else None


def _address(key: Key) -> tuple[str, str, str, str]:
    return key.channel, key.month, key.audience, key.recipient
