"""Delivering a folder of reports: what stands where, drafts, SMTP, the group robot; and settling
what is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from salesplan.config import state_folder
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.save.destination import Stamp

if TYPE_CHECKING:
    from salesplan.app.audiences import Distributed
    from salesplan.delivery.manifest import Book, Manifest, Recipient
    from salesplan.delivery.message import Attachment, Letter
    from salesplan.delivery.outbox import Entry, Key, Outbox
    from salesplan.delivery.settings import MailSettings
    from salesplan.plan.loader import Source

ROBOT = "robot"
DRAFTS = "drafts"
"""The folder of drafts within a folder of reports."""

_FIELDS = {"from": "sender_address", "name": "sender_name"}


DRAFT = "draft"
"""What the outbox notes of a message that was written as a draft."""


class Standing(Enum):
    """What a run would do with a recipient."""

    OPEN = "open"
    """Nothing was sent yet, or the server would not take it: it goes now."""
    SENT = "sent"
    DRAFTED = "drafted"
    """An unsent message was written, which a person sends; it is not made twice."""
    UNKNOWN = "unknown"
    """The server may have it: a person has to settle it first."""
    ELSEWHERE = "elsewhere"
    """The folder's record says that another account sent it: a person has to settle it first."""
    CHANGED = "changed"
    """Another version of this month's book was sent: it goes only when asked for."""
    LEFT = "left"
    """The person's last working day is over."""
    ERRORS = "errors"
    """Errors in the master touch the figures of its book: it goes only when asked for."""


_GATED = frozenset({Standing.OPEN, Standing.CHANGED})
"""What a book with errors would otherwise go out as."""


@dataclass(frozen=True, slots=True)
class Item:
    """One recipient of a folder: where it stands, and what the outbox last said of it."""

    recipient: Recipient
    address: str
    key: Key
    standing: Standing
    entry: Entry | None
    cc: tuple[str, ...] = ()
    """Who gets a copy of the message."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A folder of reports, checked: every selected book is the one that was reviewed.

    ``domains`` are the mail domains that the user's settings or the master allow (none: any).
    ``believed``: a person has looked at a manifest that was made elsewhere and stands by it.
    """

    folder: Path
    manifest: Manifest
    items: tuple[Item, ...]
    test_to: str | None = None
    domains: tuple[str, ...] = ()
    believed: bool = False
    older: Finding | None = None
    """What is said where the master beside the folder was saved since the reports were made."""

    def to_send(self, *, updates: bool = False) -> tuple[Item, ...]:
        """The items that a run sends; with ``updates`` also those of which another version was
        sent.
        """
        wanted = {Standing.OPEN, Standing.CHANGED} if updates else {Standing.OPEN}
        return tuple(item for item in self.items if item.standing in wanted)

    @property
    def held(self) -> tuple[Item, ...]:
        """The items whose books are held back for the errors that touch their figures."""
        return tuple(item for item in self.items if item.standing is Standing.ERRORS)

    @property
    def link(self) -> str:
        """The folder's address where mails link pages and decks; empty where nothing is linked."""
        books = (item.recipient.book for item in self.items)
        return self.manifest.link if any(book.forms for book in books) else ""

    def check_origin(self) -> None:
        """Raises SalesplanError (exit 2) ``manifest-elsewhere`` where nobody has stood by a
        manifest of elsewhere.
        """
        if not self.manifest.own and not self.believed:
            name = self.folder.resolve().name
            raise SalesplanError(
                Finding.of(
                    "manifest-elsewhere", Place(name), name=name, command=self.manifest.remake
                ),
                2,
            )


@dataclass(frozen=True, slots=True)
class Drafted:
    """The reports of a master made anew, and the drafts that carry them."""

    reports: Distributed
    written: tuple[Path, ...]
    held: tuple[Book, ...] = ()
    """Books without a draft, for errors touch their figures."""


def delivery(
    folder: Path,
    *,
    only: Iterable[str] = (),
    test_to: str | None = None,
    today: date | None = None,
    despite_errors: bool = False,
) -> Delivery:
    """Read a folder's manifest, take each selected book by its hash, and say where every recipient
    stands.

    ``only`` names units by code; ``test_to`` puts one address in the place of all others. A book
    whose figures errors touch is held back unless ``despite_errors``. Raises SalesplanError: as the
    manifest does, ``send-code-unknown``, ``send-domain`` and ``send-test-address`` (exit 2).
    """
    from salesplan.delivery.manifest_file import attachments, read
    from salesplan.delivery.outbox import FILE, journal
    from salesplan.delivery.record import of_folder, together

    manifest, codes = read(folder), set(only)
    unknown = codes - {one.code for one in manifest.recipients}
    if unknown:
        raise SalesplanError(
            Finding.of(
                "send-code-unknown",
                Place(folder.name),
                codes=sorted(unknown),
                known=[one.code for one in manifest.recipients][:20],
            ),
            2,
        )
    domains = _domains(folder, manifest, asked=test_to is not None)
    _check_test_address(test_to, domains)
    chosen = [one for one in manifest.recipients if not codes or one.code in codes]
    for one in chosen:
        _check_domain(one, domains)
        attachments(folder, manifest, one.book)
    known = together(journal(state_folder() / FILE), of_folder(folder))
    return Delivery(
        folder,
        manifest,
        tuple(
            _item(manifest, one, test_to, known, today or date.today(), despite_errors)
            for one in chosen
        ),
        test_to,
        domains,
        older=_older(folder, manifest),
    )


def _older(folder: Path, manifest: Manifest) -> Finding | None:
    """What is said where the master is not the one any more that the reports were made from."""
    from datetime import datetime

    from salesplan.app.unclosed_months import master_beside
    from salesplan.delivery.manifest import NAME
    from salesplan.wording import clock
    from salesplan.workbook.save.journal import sha256_of

    master = master_beside(folder, manifest)
    if master is None:
        return None
    try:
        same = sha256_of(master) == manifest.master_sha256
        made, saved = (folder / NAME).stat().st_mtime, master.stat().st_mtime
    except OSError:
        return None
    if same:
        return None
    return Finding.of(
        "send-older",
        Place(folder.name),
        master=master.name,
        command=manifest.remake,
        made=clock(datetime.fromtimestamp(made)),
        saved=clock(datetime.fromtimestamp(saved)),
    )


def drafts(found: Delivery, to: Path | None = None) -> tuple[Path, ...]:
    """Write an unsent message for every recipient who is still there and whose book is not held
    back, into ``to`` (default: :data:`DRAFTS` in the folder).

    Raises SalesplanError as :meth:`Delivery.check_origin`, exit 2 where something else has a
    draft's name, and exit 3 where one cannot be written.
    """
    from salesplan.delivery.drafts import refuse_draft, write_draft
    from salesplan.delivery.letters import letter

    found.check_origin()
    written = []
    place = to or found.folder / DRAFTS
    due = _due(found)
    for one in due:
        refuse_draft(place, _stem(one), _stamp(found.folder, found.manifest, one))
    for one in due:
        mail = letter(found.manifest, one, _attached(found, one.book), test_to=found.test_to)
        stamp = _stamp(found.folder, found.manifest, one)
        written.append(write_draft(mail, place, _stem(one), stamp, found.folder / one.book.file))
    return tuple(written)


def _attached(found: Delivery, book: Book) -> tuple[Attachment, ...]:
    """What is attached to a mail with that book, as it was reviewed: without what is linked."""
    from salesplan.delivery.manifest_file import attachments

    return attachments(found.folder, found.manifest, book, linked=bool(found.manifest.link))


def _due(found: Delivery) -> list[Recipient]:
    """Who gets a draft."""
    held = (Standing.LEFT, Standing.ERRORS)
    return [item.recipient for item in found.items if item.standing not in held]


def _stamp(folder: Path, manifest: Manifest, recipient: Recipient) -> Stamp:
    return Stamp.of(DRAFT, folder / manifest.master, folder, manifest.month, recipient.code)


def draft_each(path: Path, *, today: date | None = None, source: Source | None = None) -> Drafted:
    """Make every recipient's report anew, in the folder that :func:`report_each` makes beside the
    master, and a draft of each.

    The drafts there are replaced when all new ones are whole: then whoever is no recipient any more
    has none left. Where a leak was found they stay as they were. Raises SalesplanError as
    :func:`report_each`, exit 3 where a draft cannot be written or removed.
    """
    from tempfile import TemporaryDirectory

    from salesplan.app.audiences import report_each
    from salesplan.app.reports import Wanted
    from salesplan.delivery.drafts import refuse_draft, remove_draft, replace_draft

    reports = report_each(path, Wanted(today=today), source=source)
    if reports.manifest is None:
        return Drafted(reports, ())
    place = reports.folder / DRAFTS
    with TemporaryDirectory(
        dir=reports.folder, prefix=".salesplan-", ignore_cleanup_errors=True
    ) as apart:
        found = delivery(reports.folder, today=today)
        due = [(one, _stamp(reports.folder, found.manifest, one)) for one in _due(found)]
        for one, stamp in due:
            refuse_draft(place, _stem(one), stamp)
        whole = drafts(found, Path(apart))
        if reports.earlier is not None:
            for one in reports.earlier.recipients:
                remove_draft(place, _stem(one), _stamp(reports.folder, reports.earlier, one))
        written = tuple(
            replace_draft(draft, place, stamp) for draft, (_, stamp) in zip(whole, due, strict=True)
        )
    return Drafted(reports, written, tuple(item.recipient.book for item in found.held))


def _stem(recipient: Recipient) -> str:
    return f"{recipient.code}_{recipient.person or recipient.book.unit}"


def send(
    found: Delivery,
    settings: MailSettings,
    *,
    updates: bool = False,
    done: Callable[[Item, Entry], None] = lambda item, entry: None,
) -> tuple[Entry, ...]:
    """Send what is to be sent, one message a recipient; ``done`` hears of each. Gives what became
    of them, in order.

    Raises SalesplanError where nothing could be sent at all, or the server goes away; the outbox
    has what was done.
    """
    from salesplan.delivery.letters import letter

    def write(item: Item) -> Letter:
        return letter(
            found.manifest,
            item.recipient,
            _attached(found, item.recipient.book),
            test_to=found.test_to,
        )

    found.check_origin()
    return post(found.to_send(updates=updates), write, settings, done, folder=found.folder)


class Keyed(Protocol):
    """Something to be sent that the outbox knows by a key."""

    @property
    def key(self) -> Key:
        """What a message is known by in the outbox."""


Sent = TypeVar("Sent", bound=Keyed)


def post(
    things: Iterable[Sent],
    letter: Callable[[Sent], Letter],
    settings: MailSettings,
    done: Callable[[Sent, Entry], None],
    *,
    drafted: bool = False,
    folder: Path | None = None,
) -> tuple[Entry, ...]:
    """Send the letter of each thing that no other run has sent meanwhile; those that are
    ``drafted`` too where asked for.

    What becomes of each is kept in this account's outbox and in the record of ``folder``, if one is
    given. Raises SalesplanError as :func:`send`.
    """
    from salesplan.delivery import secrets
    from salesplan.delivery.dispatch import Parcel, Sending
    from salesplan.delivery.smtp import Connection

    server, sender = settings.server(), settings.sender()
    secret = secrets.find(secrets.Name.MAIL_PASSWORD)[0] if server.user else None
    wanted = {Standing.OPEN, Standing.CHANGED}
    if drafted:
        wanted.add(Standing.DRAFTED)
    entries = []
    with _outbox(folder) as (outbox, known):
        left = [one for one in things if standing(one.key, known) in wanted]
        if not left:
            return ()
        sending = Sending(outbox, lambda: Connection(server, secret), sender, settings.pace())
        parcels = [Parcel(one.key, partial(letter, one)) for one in left]
        for one, entry in zip(left, sending.run(parcels), strict=True):
            entries.append(entry)
            done(one, entry)
    return tuple(entries)


@contextmanager
def _outbox(folder: Path | None) -> Iterator[tuple[Outbox, tuple[Entry, ...]]]:
    """This account's outbox, which notes each step in the record of ``folder``, too; and what both
    know so far.

    Raises SalesplanError (exit 3) as opening them does, where another process or account sends
    meanwhile.
    """
    from salesplan.app.common import who
    from salesplan.delivery.outbox import opened
    from salesplan.delivery.record import add, held, of_folder, together

    with held(folder) as record:

        def note(entry: Entry) -> None:
            if record is not None:
                add(record, entry, who())

        with opened(state_folder(), note) as outbox:
            yield outbox, together(outbox.entries, of_folder(folder) if folder else ())


def tell_group(
    folder: Path, *, updates: bool = False, despite_errors: bool = False, believed: bool = False
) -> tuple[Entry, ...]:
    """Send the whole team's summary and book to the group's robot, its page and deck as links where
    the reports have an address; what this group was sent before is not sent again, another version
    only with ``updates``.

    Raises SalesplanError: ``wecom-no-webhook``, ``wecom-no-book``, ``wecom-unsettled``,
    ``wecom-older-version``, ``manifest-elsewhere`` unless it is ``believed``, ``send-errors``
    unless ``despite_errors`` (exit 2), and as the robot does.
    """
    from salesplan.delivery import secrets
    from salesplan.delivery.letters import markdown
    from salesplan.delivery.manifest_file import attachments
    from salesplan.delivery.outbox import Key, State, earlier
    from salesplan.delivery.wecom import Robot, told

    manifest, whole = _whole(folder)
    Delivery(folder, manifest, (), believed=believed).check_origin()
    if whole.errors and not despite_errors:
        raise SalesplanError(held_back(whole), 2)
    webhook = secrets.find(secrets.Name.WECOM_WEBHOOK)[0]
    if webhook is None:
        raise SalesplanError(
            Finding.of("wecom-no-webhook", Place(), variable=secrets.Name.WECOM_WEBHOOK.variable), 2
        )
    robot, sent = Robot(webhook), attachments(folder, manifest, whole, linked=bool(manifest.link))

    def key_of(part: str, content: str) -> Key:
        return Key("wecom", manifest.month, whole.code, f"{ROBOT}-{robot.group}-{part}", content)

    files = {
        key_of("file" if at == 0 else one.name.rpartition(".")[2], one.sha256): one
        for at, one in enumerate(sent)
    }
    said = manifest.content(whole) if manifest.links(whole) else whole.sha256
    keys = [key_of("summary", said), *files]
    with _outbox(folder) as (outbox, known):
        last = {entry.key: entry for entry in known}
        older = [entry for key in keys if (entry := earlier(key, known)) is not None]
        unsettled = [
            entry
            for entry in (*map(last.get, keys), *older)
            if entry is not None and _is_unsettled(entry)
        ]
        if unsettled:
            raise SalesplanError(
                Finding.of("wecom-unsettled", Place(folder.name), reason=_reason(unsettled[0])), 2
            )
        open_keys = [
            key for key in keys if (entry := last.get(key)) is None or entry.state is not State.SENT
        ]
        if older and not updates and open_keys:
            raise SalesplanError(
                Finding.of("wecom-older-version", Place(folder.name), month=manifest.month), 2
            )
        return tuple(told(robot, outbox, open_keys, markdown(manifest, whole), files))


def _is_unsettled(entry: Entry) -> bool:
    """Whether only a person can say if a message arrived: the line broke, or another account says
    that it sent it.
    """
    from salesplan.delivery.outbox import State

    return not entry.own or entry.state in (State.UNKNOWN, State.SENDING)


def _reason(entry: Entry) -> str:
    """Why that is unknown."""
    return entry.detail if entry.own else f"{entry.who or '?'} {entry.time}"


def held_back(book: Book) -> Finding:
    """What is said of a book that is held back: its errors by their cells."""
    return Finding.of(
        "send-errors",
        Place(book.file),
        name=book.file,
        count=book.errors,
        cells=[*book.error_cells, *["…"] * (book.errors > len(book.error_cells))],
    )


def group_summary(folder: Path) -> str:
    """What the robot would say of a folder. Raises SalesplanError (exit 2) ``wecom-no-book``
    without the whole team's book.
    """
    from salesplan.delivery.letters import markdown
    from salesplan.delivery.wecom import fitted

    manifest, whole = _whole(folder)
    return fitted(markdown(manifest, whole))


def settle(folder: Path, code: str, *, arrived: bool) -> tuple[Entry, ...]:
    """Say what became of a folder's unknown messages of a unit (or of the robot, by :data:`ROBOT`):
    they arrived, or may be sent again.

    Unknown is also what another account says that it sent. Raises SalesplanError (exit 2)
    ``settle-nothing`` if none of them is unknown.
    """
    from salesplan.delivery.manifest_file import read

    month, robot = read(folder).month, code == ROBOT
    return settle_where(
        code,
        lambda key: (
            key.month == month
            and (key.channel == "wecom" if robot else (key.channel, key.audience) == ("smtp", code))
        ),
        arrived=arrived,
        folder=folder,
    )


def settle_where(
    name: str, concerns: Callable[[Key], bool], *, arrived: bool, folder: Path | None = None
) -> tuple[Entry, ...]:
    """Settle the unknown messages whose key it concerns, of this account's outbox and the record of
    ``folder``.

    Raises SalesplanError (exit 2) ``settle-nothing`` if there are none.
    """
    from salesplan.delivery.outbox import State

    with _outbox(folder) as (outbox, known):
        unknown = [entry for entry in known if _is_unsettled(entry) and concerns(entry.key)]
        if not unknown:
            raise SalesplanError(Finding.of("settle-nothing", Place(), name=name), 2)
        state = State.SENT if arrived else State.QUEUED
        return tuple(outbox.note(entry.key, state, entry.detail, settled=True) for entry in unknown)


def _whole(folder: Path) -> tuple[Manifest, Book]:
    from salesplan.delivery.manifest_file import read

    manifest = read(folder)
    if manifest.whole is None:
        raise SalesplanError(Finding.of("wecom-no-book", Place(folder.name), name=folder.name), 2)
    return manifest, manifest.whole


def _item(
    manifest: Manifest,
    recipient: Recipient,
    test_to: str | None,
    known: Iterable[Entry],
    today: date,
    despite_errors: bool,
) -> Item:
    from salesplan.delivery.outbox import Key

    address = test_to or recipient.address
    key = Key("smtp", manifest.month, recipient.code, address, manifest.content(recipient.book))
    left = recipient.until is not None and recipient.until < today and not test_to
    known = tuple(known)
    entry = next((one for one in known if one.key == key), None)
    where = Standing.LEFT if left else standing(key, known)
    if recipient.book.errors and not despite_errors and where in _GATED:
        where = Standing.ERRORS
    return Item(recipient, address, key, where, entry, () if test_to else recipient.cc)


def standing(key: Key, known: Iterable[Entry]) -> Standing:
    """Where a message stands, by what the outbox knows."""
    from salesplan.delivery.outbox import State, earlier

    known = tuple(known)
    entry = next((one for one in known if one.key == key), None)
    if entry is not None and not entry.own:
        return Standing.ELSEWHERE
    if entry is not None and entry.state is State.SENT:
        return Standing.DRAFTED if entry.detail == DRAFT else Standing.SENT
    if entry is not None and entry.state in (State.UNKNOWN, State.SENDING):
        return Standing.UNKNOWN
    return Standing.CHANGED if earlier(key, known) is not None else Standing.OPEN


def _domains(folder: Path, manifest: Manifest, *, asked: bool) -> tuple[str, ...]:
    """The mail domains that the user's settings allow, else the master that lies beside the folder;
    none where neither says.

    A manifest of our own was made of addresses within the master's: the master is read again only
    where another address is ``asked`` about, or an address that was left out is to be explained.
    """
    from salesplan.app.unclosed_months import master_beside
    from salesplan.plan.loader import load

    own = mail_settings().allowed_domains
    explained = any(one.reason == "mail-domain" for one in manifest.excluded)
    if own or (manifest.own and not asked and not explained):
        return own
    path = master_beside(folder, manifest)
    if path is None and manifest.whole is None:  # requests lie within a folder of handouts
        path = master_beside(folder.resolve().parent, manifest)
    try:
        return () if path is None else load(path).plan.settings.mail_domains
    except SalesplanError:
        return ()


def _check_domain(recipient: Recipient, domains: tuple[str, ...]) -> None:
    from salesplan.addresses import allowed

    for address in (recipient.address, *recipient.cc):
        if not allowed(address, domains):
            raise SalesplanError(
                Finding.of(
                    "send-domain",
                    Place(),
                    unit=recipient.code,
                    text=address,
                    domains=sorted(domains),
                ),
                2,
            )


def _check_test_address(test_to: str | None, domains: Iterable[str]) -> None:
    from salesplan.addresses import allowed, domain

    if test_to is not None and (domain(test_to) is None or not allowed(test_to, domains)):
        raise SalesplanError(
            Finding.of(
                "send-test-address", Place(), text=ascii(test_to)[1:-1], domains=sorted(domains)
            ),
            2,
        )


def record_not_kept(folder: Path) -> Finding | None:
    """What is said where the folder's record of what was sent cannot be written: only this account
    will know.
    """
    from salesplan.delivery.record import FILE, is_kept

    if is_kept(folder):
        return None
    return Finding.of("sent-not-recorded", Place(folder.name), name=folder.name, file=FILE)


def mail_settings() -> MailSettings:
    """The section [mail] of the user's settings."""
    from salesplan.config import load
    from salesplan.delivery.settings import MailSettings

    return MailSettings(
        **{  # type: ignore[arg-type]
            _FIELDS.get(key, key): value for key, value in load().section("mail").items()
        }
    )
