"""What is said of the weekly review and the daily stand-up (SPEC 7): the records, without the
rules.

Conventions as in :mod:`salesplan.engine.results`; people are unit codes where the sheet names a
unit by code or by a name that only one bears, else as typed. A week is named by its Friday.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass, field
from salesplan.plan.model import Cause


class Due(Enum):
    """Why a task is looked at in a week."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A task for the coming Friday.

    ``planned`` is 应完成% on that day; ``person`` answers for it, ``needs`` is what they asked for
    in the week's stand-ups; ``listed``: the sheet has its row already.
    """

    task: str
    due: Due
    planned: Decimal | None
    person: str
    listed: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row of 周复盘, of the week of ``friday``. ``rate`` is actual ÷ planned (None where one is
    blank, or nothing was planned).

    ``person`` answers for the task; ``owner`` and ``due`` belong to the remedy. ``needs`` is what
    that person asked for in the week's stand-ups.
    """

    row: int
    friday: date
    task: str
    person: str
    planned: Decimal | None
    actual: Decimal | None
    rate: Decimal | None
    reasons: tuple[Cause, ...] = ()
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """Support that somebody asked for in a stand-up (需支持), with its row in 日跟进."""

    row: int
    day: date
    person: str
    need: str


@dataclass(frozen=True, slots=True)
class StandUps:
    """A week's stand-ups up to the cut-off.

    ``days``: the working days on which one was due. ``absent``: by person, those of them on which
    the person was employed and is not entered; people who never missed one are not there.
    ``silent`` are those of them with no entry at all in the week.
    """

    days: tuple[date, ...] = ()
    entries: int = 0
    absent: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    def needs(self, person: str) -> tuple[str, ...]:
        """What that person asked for, each once."""
        return tuple(
            dict.fromkeys(
                blocker.need for blocker in self.blockers if person and blocker.person == person
            )
        )


@dataclass(frozen=True, slots=True)
class Week:
    """One week's review.

    ``completion``: Σ weight × actual ÷ Σ weight × planned over the rows that have both (None: no
    such row). ``reported`` of its rows have an actual, ``met`` of those reached what was planned.
    ``reasons`` are counted over the rows. ``unreported``: people with a row without an actual.
    """

    friday: date
    lines: tuple[ReviewLine, ...] = ()
    reported: int = 0
    met: int = 0
    completion: Decimal | None = None
    reasons: Mapping[Cause, int] = field(default_factory=dict)
    unreported: tuple[str, ...] = ()
    standups: StandUps = StandUps()

    @property
    def reviewed(self) -> bool:
        """Whether anybody wrote anything into the week's rows beyond what the engine lays out."""
        return any(line.actual is not None or line.cause or line.remedy for line in self.lines)


class RemedyState(Enum):
    """What became of an improvement: its gap closed, there is still time, its day has passed, or it
    has none.
    """

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Remedy:
    """An improvement of an earlier week (下周改进措施), looked at again.

    ``row`` is that of 周复盘; ``friday`` the week it was written in; ``late`` the working days
    since its day passed (0 unless overdue); ``latest`` the last progress of its task.
    """

    row: int
    friday: date
    task: str
    text: str
    owner: str
    due: date | None
    state: RemedyState
    late: int = 0
    latest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Weekly reviews and stand-ups up to the cut-off.

    ``friday``: that of the cut-off's week. ``agenda``: the tasks for it, by due day; empty where
    the sheet has rows of a later week already. ``lines``: every row of 周复盘 by its row number,
    the ones of later weeks included. ``weeks``: every week of the plan year from the first row of
    周复盘 or 日跟进 up to the cut-off's, oldest first, those without a working day left out.
    ``month_weeks`` of them have their Friday in the report month; ``month_blockers`` are those of
    the month's own days, in whichever week: 29 and 30 June are June's. ``remedies``: of each task
    the last one that was written before the cut-off's week, newest first.
    """

    friday: date
    agenda: tuple[AgendaItem, ...] = ()
    lines: Mapping[int, ReviewLine] = field(default_factory=dict)
    weeks: tuple[Week, ...] = ()
    month_weeks: tuple[Week, ...] = ()
    month_blockers: tuple[Blocker, ...] = ()
    remedies: tuple[Remedy, ...] = ()

    @property
    def this_week(self) -> Week | None:
        """The cut-off's week, if anything is known of it."""
        return self.weeks[-1] if self.weeks and self.weeks[-1].friday == self.friday else None

    @property
    def month_reasons(self) -> Mapping[Cause, int]:
        """Causes counted over the report month's weeks, the most frequent first."""
        total: dict[Cause, int] = {}
        for week in self.month_weeks:
            for cause, count in week.reasons.items():
                total[cause] = total.get(cause, 0) + count
        return dict(sorted(total.items(), key=lambda item: -item[1]))
