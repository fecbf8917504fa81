"""Requests for help: a workbook for each helper to answer, audited, and the manifest by which they
are sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.audiences import earlier_manifest, refuse_manifest
from salesplan.app.common import Run, file_part, usable_folder
from salesplan.app.reports import not_written
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Severity
from salesplan.wording import Both
from salesplan.workbook.save.destination import Stamp, is_ours, placing
from salesplan.workbook.save.file_names import shown

if TYPE_CHECKING:
    from salesplan.audience.confidential import Secrets
    from salesplan.audience.recipients import LeftOut, Recipient
    from salesplan.audience.request_slice import HelperPart
    from salesplan.audience.whole import Whole
    from salesplan.delivery.manifest import Book, Manifest
    from salesplan.plan.model import Month

REQUEST = "request"
FOLDER = Both("协作请求", "help-requests")
"""The folder of requests within one of handouts."""
TITLE = Both("协作请求", "Help requests")
NAMES = Both("协作请求", "help")
"""How the names of the books begin."""


@dataclass(frozen=True, slots=True)
class Requested:
    """The requests that were written into ``folder``, and what the audit found; no ``manifest``
    where there was a leak, so that nothing can be sent.
    """

    folder: Path
    written: tuple[tuple[HelperPart, Path], ...]
    manifest: Manifest | None
    leaks: tuple[Finding, ...]

    @property
    def without_address(self) -> tuple[str, ...]:
        """The helpers that no mail goes to."""
        if self.manifest is None:
            return ()
        mailed = {one.book.unit for one in self.manifest.recipients}
        return tuple(part.name for part, _ in self.written if part.name not in mailed)


def ask(
    run: Run, whole: Whole, secrets: Secrets, folder: Path, lang: str, *, force: bool = False
) -> Requested | None:
    """Write a book for each helper into :data:`FOLDER` within ``folder``, and the manifest beside
    them; None where nobody is asked, or was asked before.

    Books of an earlier manifest that are not made again are removed. The same requests give the
    same bytes, whatever else the master says. Raises SalesplanError as
    :func:`salesplan.app.handout`.
    """
    from salesplan.app.taken_back import replaceable
    from salesplan.audience.request_slice import helper_parts
    from salesplan.delivery import manifest_file
    from salesplan.delivery.manifest import NAME

    path, into = run.loaded.path, folder / FOLDER.of(lang)
    parts, earlier = helper_parts(whole), earlier_manifest(into)
    if not parts and earlier is None:
        return None
    usable_folder(into)
    refuse_manifest(into, earlier, path)
    month = run.results.month
    places = [(part, into / _name(part, month, lang)) for part in parts]
    stamps = [(target, _stamp(run, into, part.key)) for part, target in places]
    anew = replaceable(run, whole, stamps, force=force)
    (into / NAME).unlink(missing_ok=True)
    books: list[tuple[HelperPart, Book]] = []
    leaks: list[Finding] = []
    for part, target in places:
        found = _write(run, whole, secrets, part, target, lang, force=target in anew)
        if isinstance(found, tuple):
            leaks += found
        else:
            books.append((part, found))
    _remove_others(run, earlier, into, {book.file for _, book in books})
    written = tuple((part, into / book.file) for part, book in books)
    if leaks:
        return Requested(into, written, None, tuple(leaks))
    manifest = _manifest(run, books, lang)
    try:
        manifest_file.write(into, manifest)
    except OSError as error:
        raise not_written(into / NAME, error) from error
    return Requested(into, written, manifest, ())


def _name(part: HelperPart, month: Month, lang: str) -> str:
    names = dict.fromkeys(file_part(one) for one in (part.key, part.name))
    return f"{NAMES.of(lang)}_{month}_{'_'.join(names)}.xlsx"


def _stamp(run: Run, folder: Path, key: str, month: object = None) -> Stamp:
    return Stamp.of(REQUEST, run.loaded.path, folder, month or run.results.month, key)


def _write(
    run: Run,
    whole: Whole,
    secrets: Secrets,
    part: HelperPart,
    target: Path,
    lang: str,
    *,
    force: bool,
) -> Book | tuple[Finding, ...]:
    """The helper's book, audited; what was found, and nothing left, where there was a leak."""
    from salesplan.audience.audit import audit_texts
    from salesplan.audience.request_slice import foreign_requests
    from salesplan.handout.requests import request_book
    from salesplan.handout.write import write_handout

    strangers = foreign_requests(whole, part)
    if strangers:
        return strangers
    stamp = _stamp(run, target.parent, part.key)
    master, company = shown(run.loaded.path.name), whole.plan.company_name
    try:
        with placing(target, stamp, force=force, like=run.loaded.path) as temp:
            write_handout(request_book(part, run.results.month, master, company, lang), temp)
        leaks = audit_texts(target, secrets, part.texts)
    except OSError as error:
        raise not_written(target, error) from error
    if leaks:
        target.unlink(missing_ok=True)
        return leaks
    return _book(run, part, target, lang)


def _book(run: Run, part: HelperPart, target: Path, lang: str) -> Book:
    from salesplan.delivery.manifest import HELPER, Book
    from salesplan.handout.requests import sentences

    data, errors = target.read_bytes(), _errors(run, part)
    return Book(
        file=target.name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        code=HELPER + part.key,
        unit=part.name,
        sentences=sentences(part, lang),
        errors=len(errors),
        error_cells=errors,
    )


def _errors(run: Run, part: HelperPart) -> tuple[str, ...]:
    """Errors in the rows of the tasks that it is asked for."""
    from salesplan.messages import severity

    asked = {one.task for one in part.asked}
    origins = [task.origin for task in run.plan.tasks if task.code in asked]
    rows = {(origin.sheet, str(origin.row)) for origin in origins}
    found = [
        one.place
        for one in run.findings
        if severity(one) is Severity.ERROR
        and (one.place.sheet, one.place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) in rows
    ]
    return tuple(dict.fromkeys(map(str, found)))


def _remove_others(run: Run, earlier: Manifest | None, folder: Path, made: set[str]) -> None:
    """Remove the books of an earlier manifest that were not made again, those without an address
    too.
    """
    from salesplan.delivery.manifest import HELPER

    if earlier is None:
        return
    codes = {one.code for one in earlier.recipients} | {one.code for one in earlier.excluded}
    keys = [code.removeprefix(HELPER) for code in sorted(codes)]
    stamps = [_stamp(run, folder, key, earlier.month) for key in keys]
    for file in sorted(folder.glob("*.xlsx")):
        if file.name not in made and any(is_ours(file, stamp) for stamp in stamps):
            file.unlink()


def _manifest(run: Run, books: Sequence[tuple[HelperPart, Book]], lang: str) -> Manifest:
    from salesplan.audience.recipients import Recipient as Judged
    from salesplan.delivery.manifest import Excluded, Manifest, Recipient

    judged: list[tuple[Book, Judged | LeftOut]] = []
    for part, book in books:
        judged += [(book, one) for one in _judged(run, part)]
    return Manifest(
        month=str(run.results.month),
        as_of=run.results.as_of,
        lang=lang,
        title=TITLE.of(lang),
        master=shown(run.loaded.path.name),
        master_sha256=run.loaded.sha256,
        whole=None,
        recipients=tuple(
            Recipient(book.code, one.person, one.address, book, one.until)
            for book, one in judged
            if isinstance(one, Judged)
        ),
        excluded=tuple(
            Excluded(book.code, book.unit, one.person, one.address, one.reason)
            for book, one in judged
            if not isinstance(one, Judged)
        ),
    )


def _judged(run: Run, part: HelperPart) -> tuple[Recipient | LeftOut, ...]:
    """Whom the helper's mail goes to, by the rule of every unit's."""
    from salesplan.audience.recipients import Desk
    from salesplan.plan.model import Level, Unit

    partner = part.partner
    unit = partner.unit or Unit(code=part.key, name=part.name, level=Level.DEPARTMENT)
    row = partner.row
    head = unit.manager if row is None else row.contact or unit.manager or part.name
    return Desk(run.plan, run.results.as_of).judged(
        replace(unit, email=partner.email, cc="", manager=head)
    )
