"""One mail: headers that hold what they say and no more, a plain and an HTML body, and the workbook
attached.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from salesplan.addresses import domain
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.links import host_of

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
KINDS = {
    ".xlsx": XLSX,
    ".html": ("text", "html"),
    ".pptx": ("application", "vnd.openxmlformats-officedocument.presentationml.presentation"),
}
"""What each kind of attachment is called, by its ending."""
AS_WRITTEN = SMTP.clone(refold_source="none")
"""Lines of our own making go out as they are; all others are folded."""
_FONT = (
    "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',Arial,sans-serif;"
    "font-size:14px;color:#1f2937"
)
_CELL = "padding:5px 12px;border-bottom:1px solid #d1d5db"


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of a mail: ``numeric`` tells which columns are set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook, or its other form, to be attached: its bytes as they were checked, and the name
    the reader sees.
    """

    name: str
    data: bytes

    @classmethod
    def of(cls, path: Path) -> Attachment:
        """The file as it is now. Raises OSError if it cannot be read."""
        return cls(path.name, path.read_bytes())

    @property
    def kind(self) -> tuple[str, str]:
        """Its media type in two parts."""
        return KINDS[self.name[self.name.rfind(".") :]]

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a mail leads to, and what lies there."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is to get, and those of ``cc`` with them. ``paragraphs``, ``messages`` and
    ``links`` stand above the table, ``closing`` below it; ``accent`` is the colour of the first
    message.
    """

    address: str
    name: str
    subject: str
    paragraphs: tuple[str, ...]
    table: Table | None = None
    closing: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    accent: str = ""
    cc: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everybody who gets it."""
        return (self.address, *self.cc)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail comes from; ``reply_to`` is empty where answers go to the sender."""

    address: str
    name: str = ""
    reply_to: str = ""


def draft(letter: Letter) -> bytes:
    """The letter as an unsent message: a mail program that opens it shows it ready to be sent
    (X-Unsent).

    It has no sender, date or identity: those are the mail program's to give. Raises SalesplanError
    as :func:`sendable`.
    """
    message = _message(letter)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def sendable(letter: Letter, sender: Sender, identity: str, moment: datetime) -> bytes:
    """The letter as SMTP takes it. ``identity`` makes the Message-ID: the same message keeps it,
    however often it is tried.

    Raises SalesplanError (exit 2): ``mail-address-unusable`` for what is not exactly one address,
    ``mail-header-unsafe`` for a line break where a header stands.
    """
    message = _message(letter)
    home = _one_address(sender.address)
    message["From"] = Address(_header(sender.name), addr_spec=sender.address)
    if sender.reply_to:
        _one_address(sender.reply_to)
        message["Reply-To"] = Address(addr_spec=sender.reply_to)
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{home}>"
    return message.as_bytes()


def _message(letter: Letter) -> EmailMessage:
    for address in letter.addresses:
        _one_address(address)
    message = EmailMessage(policy=AS_WRITTEN)
    message["To"] = Address(_header(letter.name), addr_spec=letter.address)
    if letter.cc:
        message["Cc"] = tuple(Address(addr_spec=one) for one in letter.cc)
    message["Subject"] = _header(letter.subject)
    message.set_content(_whole(_plain(letter)), cte="base64")
    message.add_alternative(_whole(_html(letter)), subtype="html", cte="base64")
    if letter.attachments:
        message.make_mixed()
    for one in letter.attachments:
        message.attach(_attached(one))  # type: ignore[arg-type]
    # Boundaries of its own choosing are random; the same letter is to give the same bytes.
    sign = hashlib.sha256(
        repr(
            (
                letter.subject,
                letter.paragraphs,
                letter.messages,
                [one.address for one in letter.links],
                [one.sha256 for one in letter.attachments],
            )
        ).encode()
    ).hexdigest()[:24]
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(f"=_{sign}_{number}")
    return message


def _attached(book: Attachment) -> MIMEBase:
    """The file with its name in each way that some mail program reads.

    ``filename*`` (RFC 2231) for most, ``name`` in encoded words (RFC 2047) for older ones, and a
    ``filename`` of one ASCII line for those that read neither: none of them is split into sections.
    """
    name = _header(book.name)
    part = MIMEBase(*book.kind)
    part.set_payload(book.data)
    encode_base64(part)
    del part["Content-Type"], part["MIME-Version"]
    words = Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
    part["Content-Type"] = f'{"/".join(book.kind)};\r\n name="{words}"'
    part["Content-Disposition"] = (
        f"attachment;\r\n filename*=UTF-8''{quote(name)};\r\n filename=\"{ascii_name(name)}\""
    )
    return part


def ascii_name(name: str) -> str:
    """What is left of a file's name in ASCII, with a word where something was lost:
    report_2026-06_T1.xlsx.
    """
    stem, _, ending = name.rpartition(".")
    kept = re.sub(r"[^A-Za-z0-9-]+", "_", stem).strip("_")
    whole = stem.isascii() and kept
    return f"{kept if whole else '_'.join(filter(None, ('report', kept)))}.{ending}"


def _one_address(address: str) -> str:
    home = domain(address)
    if home is None:
        raise SalesplanError(Finding.of("mail-address-unusable", Place(), text=_shown(address)), 2)
    return home


def _header(text: str) -> str:
    if any(
        ord(one) < 32 or one in "\x7f\x85\u2028\u2029" or "\ud800" <= one <= "\udfff"
        for one in text
    ):
        raise SalesplanError(Finding.of("mail-header-unsafe", Place(), text=_shown(text)), 2)
    return text


def _whole(text: str) -> str:
    """Text without halves of characters, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode()


def _shown(text: str) -> str:
    return text if text.isprintable() else ascii(text)[1:-1]


def _plain(letter: Letter) -> str:
    parts: list[str] = [*letter.paragraphs, *letter.messages]
    parts += [f"{one.words}: {one.address}" for one in letter.links]
    if letter.table is not None:
        lines = ["  ".join(row) for row in (letter.table.head, *letter.table.rows)]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, *letter.closing]) + "\n"


def _html(letter: Letter) -> str:
    table = "" if letter.table is None else _table(letter.table)
    body = (
        _paragraphs(letter.paragraphs)
        + _messages(letter)
        + _links(letter)
        + table
        + _paragraphs(letter.closing, "color:#6b7280;font-size:12px")
    )
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body style="{_FONT}">{body}</'
        "body></html>\n"
    )


def _messages(letter: Letter) -> str:
    """The messages one below the other; the first, which begins with the status, in its colour."""
    color = letter.accent or "#1f2937"
    first = f"border-left:4px solid {color};padding-left:10px;font-weight:600;color:{color}"
    rest = "border-left:4px solid #d1d5db;padding-left:10px"
    return _paragraphs(letter.messages[:1], first) + _paragraphs(letter.messages[1:], rest)


def _links(letter: Letter) -> str:
    """What lies where, and the host in plain sight beside it."""
    return "".join(
        f'<p style="margin:0 0 10px"><a href="{escape(one.address)}">{escape(one.words)}</a>'
        f" ({escape(host_of(one.address))})</p>"
        for one in letter.links
    )


def _paragraphs(texts: Sequence[str], style: str = "") -> str:
    return "".join(f'<p style="margin:0 0 10px;{style}">{escape(text)}</p>' for text in texts)


def _table(table: Table) -> str:
    def row(cells: Sequence[str], tag: str, style: str) -> str:
        sides = ("right" if right else "left" for right in table.numeric)
        return (
            "<tr>"
            + "".join(
                f'<{tag} style="{_CELL};text-align:{side};{style}">{escape(cell)}</{tag}>'
                for cell, side in zip(cells, sides, strict=True)
            )
            + "</tr>"
        )

    head = row(table.head, "th", "background:#1f3a5f;color:#ffffff;font-weight:600")
    rows = "".join(row(cells, "td", "") for cells in table.rows)
    return f'<table style="border-collapse:collapse;margin:0 0 12px;{_FONT}">{head}{rows}</table>'
