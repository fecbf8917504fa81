"""How a source writes its numbers and days, and a field read accordingly: by the plan's own
parsers, whatever the source is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from salesplan.dataclass import dataclass, field
from salesplan.plan.model import Month
from salesplan.plan.parse_dates import DayFormat, month_of_plan, written_month
from salesplan.plan.parse_numbers import LARGEST, Signs, figure, scaled, share
from salesplan.plan.parse_text import Reading, exact
from salesplan.plan.sources.table import Field, text_of
from salesplan.plan.time_zones import day_of, moment_day


@dataclass(frozen=True, slots=True)
class Formats:
    """What a mapping says of the source's way to write: its sign before decimals, the one between
    thousands, the order of its days, the time zone of times that name none, what means nothing.
    """

    signs: Signs = Signs()
    days: DayFormat | None = None
    time_zone: str = ""
    nothing: frozenset[str] = frozenset()


@dataclass(slots=True)
class FieldReader:
    """Reads fields in a mapping's formats; ``meant`` keeps, once by column and way, what was read
    that could mean something else. ``heads`` are what months that stood side by side are called.
    """

    formats: Formats
    plans: tzinfo | None = None
    theirs: tzinfo | None = None
    home: str = ""
    months: Reading = Reading()
    meant: dict[tuple[str, str], tuple[str, Decimal]] = field(default_factory=dict)
    heads: Mapping[str, Month] = field(default_factory=dict)

    def number(self, given: Field, column: str, home: str = "") -> Decimal | None:
        """A figure; None where it is none."""
        if type(given) is not str:
            return _of_number(given)
        try:
            number = figure(given, home or self.home, self.formats.signs)
            if number is None:
                number = self._said(given, column)
        except InvalidOperation:
            return None
        return number if number is not None and abs(number) < LARGEST else None

    def _said(self, given: str, column: str) -> Decimal | None:
        """12.5万 is 125,000 and 45% is 0.45; each such way is kept once, to be told."""
        found = scaled(given, self.formats.signs)
        if found is None:
            return None
        way, number = found
        self.meant.setdefault((column, way), (given.strip(), number))
        return number

    def share(self, given: Field) -> Decimal | None:
        """A part of a record: 60%, 0.6 or 60."""
        return share(given if type(given) is str else text_of(given), self.formats.signs)

    def day(self, given: Field) -> date | Month | None:
        """A day, in the plan's time zone; a month, where only that is said.

        Raises ZoneNeededError for a time with an offset where the plan's zone is not known.
        """
        if isinstance(given, datetime):
            return moment_day(given, self.plans, self.theirs)
        if isinstance(given, date):
            return given
        if isinstance(given, (int, float, Decimal)) and not isinstance(given, bool):
            given = text_of(given)
        if type(given) is not str:
            return None
        found = day_of(given, self.plans, self.theirs, self.formats.days)
        if found is None and given in self.heads:
            return self.heads[given]
        if found is not None or self.formats.days is not None:
            return found
        return written_month(given) or month_of_plan(given, self.months)


def _of_number(given: Field) -> Decimal | None:
    if isinstance(given, bool) or given is None or isinstance(given, (str, date)):
        return None
    number = given if isinstance(given, Decimal) else _exact(given)
    return number if number.is_finite() and abs(number) < LARGEST else None


def _exact(given: float) -> Decimal:
    """A binary number as it is typed; Excel's and everybody else's 15 digits."""
    try:
        return exact(given)
    except (ValueError, OverflowError):  # an infinity, or no number at all
        return Decimal("NaN")
