"""The manifest: who is to get which book, as it was reviewed.

``report --audience each`` writes it beside the books; whoever delivers reads nothing else. It holds
all that a mail says, so that no workbook has to be opened, and each book's SHA-256, so that what
was reviewed is what is sent. The same report gives the same bytes: no clock, no paths of a machine.
It is sealed (see :mod:`salesplan.delivery.seal`); which mail domains are allowed is not for it to
say.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from salesplan.dataclass import dataclass, field
from salesplan.links import file_link

VERSION = 5
NAME = "manifest.json"
KIND = "salesplan-report"
HELPER = "help:"
"""How the code of a helper's book begins (协作方): requests to answer, no report."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
LIGHTS = ("green", "amber", "red", "grey")


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI of the mail's table; figures as the report shows them. ``light`` is one of
    :data:`LIGHTS` or ""; ``word`` is it in writing, with its sign: ▲ 黄.
    """

    kpi: str
    name: str
    measure: str
    target: str
    actual: str
    rate: str
    month_rate: str
    light: str
    word: str


@dataclass(frozen=True, slots=True)
class OtherForm:
    """A page or a deck of a book: a plain name within the folder, that of the book with another
    ending. It goes to whoever gets the book, and to nobody else.
    """

    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Book:
    """One workbook of the folder, and what a message says of it.

    ``file`` is a plain name within the folder, ``code`` and ``unit`` the part of the organisation
    it speaks of. ``sentences`` are the first page's, three messages and what is asked of the
    reader; ``light`` is the status with which the first begins, one of :data:`LIGHTS` or "".
    ``rows`` are those of its topmost unit. ``errors`` counts the places in the master that are
    wrong and touch its figures, ``error_cells`` names the first of them. ``forms`` lie beside it.
    """

    file: str
    sha256: str
    size: int
    code: str
    unit: str
    light: str = ""
    sentences: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    errors: int = 0
    error_cells: tuple[str, ...] = ()
    forms: tuple[OtherForm, ...] = ()

    @property
    def is_request(self) -> bool:
        """Whether it asks a helper, and is no report."""
        return self.code.startswith(HELPER)

    @property
    def content(self) -> str:
        """The SHA-256 of all that goes to its reader: the book's own where nothing lies beside."""
        if not self.forms:
            return self.sha256
        each = [self.sha256, *(one.sha256 for one in self.forms)]
        return hashlib.sha256("".join(each).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person and the one book that is theirs. ``until`` is their last working day: nothing is
    sent after it. Those of ``cc`` get a copy of the same message.
    """

    code: str
    person: str
    address: str
    book: Book
    until: date | None = None
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """A unit that gets nothing: ``reason`` is the code of a finding (mail-missing,
    mail-not-one-address, mail-domain, mail-gone, mail-left).
    """

    code: str
    unit: str
    person: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that one run of ``report --audience each`` left. ``whole`` is the whole company's
    book.

    ``month`` is what they are of: YYYY-MM, or of a longer span YYYY-Q1, YYYY-H1, YYYY, of a
    meeting's pages YYYY-MM-DD or YYYY-W01; ``as_of`` the cut-off day (a run leaves no other date),
    ``master`` and ``master_sha256`` the workbook it was made from. ``link`` is the web address of
    the folder where pages and decks lie, which mails then link instead of attaching them. ``own``
    is no part of it: whether it bears the seal of the account that reads it.
    """

    month: str
    as_of: date
    lang: str
    title: str
    master: str
    master_sha256: str
    whole: Book | None
    recipients: tuple[Recipient, ...]
    excluded: tuple[Excluded, ...] = ()
    link: str = ""
    own: bool = field(default=True, compare=False)

    @property
    def remake(self) -> str:
        """The command by which its books are made anew."""
        from shlex import quote

        master = quote(self.master)
        if any(book.is_request for book in self.books):
            return f"salesplan handout {master} --to …"
        each = "--audience each"
        if _DAY.fullmatch(self.month):
            return f"salesplan day {master} --date {self.month} {each}"
        if "W" in self.month:
            return f"salesplan week {master} --date {self.as_of} {each}"
        return f"salesplan report {master} {each}"

    def links(self, book: Book) -> tuple[str, ...]:
        """Where a mail with that book leads: to its own page and deck, where they are linked."""
        return tuple(file_link(self.link, one.file) for one in book.forms if self.link)

    def content(self, book: Book) -> str:
        """The SHA-256 of all that a mail with that book brings, and of where it leads."""
        links = self.links(book)
        if not links:
            return book.content
        return hashlib.sha256(" ".join((book.content, *links)).encode()).hexdigest()

    @property
    def books(self) -> tuple[Book, ...]:
        """Every book of the folder, each once."""
        given = (self.whole, *(one.book for one in self.recipients))
        return tuple({book.file: book for book in given if book is not None}.values())
