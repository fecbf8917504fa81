"""What a table, a column and a choice are: the vocabulary in which the schema is written."""

from __future__ import annotations

from enum import Enum
from itertools import groupby

from salesplan.dataclass import dataclass, field, replace
from salesplan.wording import Both


class Kind(Enum):
    """What a cell of the column holds, and so how it is read and shown."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    PERCENTS = "percents"
    INTEGER = "integer"
    RHYTHM = "rhythm"
    """How a month's figure comes in: a word, or points such as 50%:20%, 75%:40%."""
    DATE = "date"
    MONTH = "month"
    SINCE = "since"
    """A month, or a day within it, from which something holds."""
    PERIOD = "period"
    """A date or a month (实绩 may be given for either)."""
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    LINK = "link"
    VALUE = "value"
    """A setting's value: its kind is the setting's."""


class Owner(Enum):
    """Who writes a column's cells; nobody else ever does."""

    PLANNER = "planner"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the records, its headers, who owns its cells, and what they hold.

    ``choices`` is the Enum behind a CHOICE; ``suggest`` lists free-text suggestions (zh, en) for a
    dropdown; ``ref`` is the table whose codes the column may name. ``note_zh``/``note_en`` is the
    header note of the template. ``month`` is the calendar month (1–12) that the column is for, 0
    for none. ``shows`` is the key of a column of codes, and makes this an engine's column for
    reading: it holds the field ``shown`` of the record that is meant there.
    """

    key: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    note_zh: str = ""
    note_en: str = ""
    aliases: tuple[str, ...] = ()
    owner: Owner = Owner.PLANNER
    required: bool = False
    choices: type[Enum] | None = None
    suggest: tuple[tuple[str, str], ...] = ()
    ref: str = ""
    width: int = 12
    month: int = 0
    shows: str = ""
    shown: str = "name"

    @property
    def headers(self) -> tuple[str, ...]:
        """Every text that is taken for its head."""
        return (self.zh, self.en, *self.aliases)

    def header(self, lang: str) -> str:
        """Its head in ``lang`` (zh or en)."""
        return Both(self.zh, self.en).of(lang)

    def note(self, lang: str) -> str:
        """The note of its head in ``lang``; "" for none."""
        return Both(self.note_zh, self.note_en).of(lang)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the master. Several tables may share a sheet.

    ``name`` is the Excel table's name in a template; ``identity`` are the keys that together
    identify a row, ``may_be_blank`` those of them whose blank says something too; ``blank_rows``
    empty rows are laid out in a new template.
    """

    key: str
    sheet: str
    name: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    blank_rows: int = 20
    note_zh: str = ""
    note_en: str = ""
    may_be_blank: frozenset[str] = frozenset()

    def note(self, lang: str) -> str:
        """What the table is for, in ``lang`` (zh or en)."""
        return Both(self.note_zh, self.note_en).of(lang)

    def column(self, key: str) -> Column:
        """The column of that key; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def in_fiscal_order(self, start: int) -> Table:
        """The table with the months of each run of monthly columns from calendar month ``start``
        on: April, …, March for 4.
        """
        ordered: list[Column] = []
        for monthly, run in groupby(self.columns, key=lambda column: column.month > 0):
            ordered += sorted(run, key=lambda one: (one.month - start) % 12 if monthly else 0)
        return replace(self, columns=tuple(ordered))

    @property
    def engine_columns(self) -> tuple[Column, ...]:
        """The columns that the engine fills with what it found, without those for reading."""
        return tuple(c for c in self.columns if c.owner is Owner.ENGINE and not c.shows)

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The columns that show what codes beside them mean."""
        return tuple(c for c in self.columns if c.shows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the master: its key, its name in both languages, and what else it may be called."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        """Its name in ``lang`` (zh or en)."""
        return Both(self.zh, self.en).of(lang)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings table: key of :class:`~salesplan.plan.model.Settings`, names, kind."""

    key: str
    zh: str
    en: str
    kind: Kind
    note_zh: str
    note_en: str
    aliases: tuple[str, ...] = ()
    choices: type[Enum] | None = None
    suggest: tuple[tuple[str, str], ...] = ()
    required: bool = False
    default: object = field(default=None)
    """What a new template shows; the reader's defaults are those of the record."""

    def title(self, lang: str) -> str:
        """Its name in ``lang`` (zh or en)."""
        return Both(self.zh, self.en).of(lang)

    def note(self, lang: str) -> str:
        """What it decides, in ``lang``."""
        return Both(self.note_zh, self.note_en).of(lang)
