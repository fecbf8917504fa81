"""Sending many messages: at a measured pace, each step in the outbox before and after it, what is
temporary tried again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from salesplan.dataclass import dataclass
from salesplan.delivery.message import Letter, Sender, sendable
from salesplan.delivery.outbox import Entry, Key, Outbox, State
from salesplan.delivery.smtp import STATES, Answer, Connection, Outcome
from salesplan.findings import SalesplanError


@dataclass(frozen=True, slots=True)
class Pace:
    """``per_minute`` messages at the most; a temporary error is tried again ``retries`` times, the
    first time after ``backoff`` seconds and each further time after twice as long."""

    per_minute: float = 30.0
    retries: int = 3
    backoff: float = 5.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to be sent; ``letter`` writes it when its turn comes, so that one workbook at a
    time is in memory.
    """

    key: Key
    letter: Callable[[], Letter]


class Sending:
    """One run over many parcels. ``connect`` opens a connection; ``sleep`` and ``clock`` are
    seconds.
    """

    def __init__(
        self,
        outbox: Outbox,
        connect: Callable[[], Connection],
        sender: Sender,
        pace: Pace,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox, self._connect, self._sender, self._pace = outbox, connect, sender, pace
        self._sleep, self._clock = sleep, clock
        self._line: Connection | None = None
        self._due = 0.0

    def run(self, parcels: Sequence[Parcel]) -> Iterator[Entry]:
        """Send the parcels in order; gives the last entry of each.

        What the server would only take later stays queued, for another run. Raises SalesplanError
        as :class:`Connection` does, before anything is sent or when the server goes away meanwhile;
        what is left then stays queued.
        """
        self._line = self._connect()
        try:
            for parcel in parcels:
                self._outbox.note(parcel.key, State.QUEUED)
            for parcel in parcels:
                yield self._send(parcel)
        finally:
            if self._line is not None:
                self._line.close()

    def _send(self, parcel: Parcel) -> Entry:
        letter = parcel.letter()
        data = sendable(letter, self._sender, repr(parcel.key), datetime.now().astimezone())
        wait = self._pace.backoff
        for left in range(self._pace.retries, -1, -1):
            answer = self._attempt(parcel.key, letter.addresses, data)
            entry = self._outbox.note(parcel.key, STATES[answer.outcome], answer.detail)
            if answer.outcome is not Outcome.LATER:
                break
            if left:
                self._sleep(wait)
                wait *= 2
        return entry

    def _attempt(self, key: Key, addresses: Sequence[str], data: bytes) -> Answer:
        rest = self._due - self._clock()
        if rest > 0:
            self._sleep(rest)
        self._due = self._clock() + 60.0 / self._pace.per_minute
        if self._line is None:
            try:
                self._line = self._connect()
            except SalesplanError as error:
                if error.exit_code == 2:
                    raise
                return Answer(
                    Outcome.LATER, str(error.finding.params.get("reason", error.finding.code))
                )
        self._outbox.note(key, State.SENDING)
        answer = self._line.send(self._sender.address, addresses, data)
        if answer.outcome in (Outcome.LATER, Outcome.UNKNOWN):
            self._line.close()
            self._line = None
        return answer
