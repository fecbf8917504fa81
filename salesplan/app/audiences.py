"""Reports for each who may see only a part, audited before anybody gets them, and the manifest of
who is to get what.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, chosen, file_part, refuse_unless_master, usable_folder
from salesplan.app.reports import (
    PRINT,
    REPORT,
    Form,
    Wanted,
    check_forms,
    forms_beside,
    forms_of,
    keep_what_was_typed,
    lying_beside,
    may_print,
    not_written,
    print_beside,
    remove_forms,
    report_stem,
    without,
)
from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import Both
from salesplan.workbook.save.destination import (
    Stamp,
    is_another_masters,
    is_ours,
    may_write,
    placing,
)
from salesplan.workbook.save.file_names import shown as readable
from salesplan.workbook.save.journal import sha256_of

if TYPE_CHECKING:
    from salesplan.audience.confidential import Secrets
    from salesplan.audience.recipients import LeftOut, Recipient
    from salesplan.audience.results_slice import Part
    from salesplan.audience.whole import Whole
    from salesplan.delivery.manifest import Book, Manifest
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Level, Unit
    from salesplan.report.narrative.summary import Summary


TOGETHER = Both("全部单元-勿转发", "all-units-do-not-forward")
"""What the name of the one PDF of all books says."""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's report, its other ``forms`` and its print; ``written`` is None where the audit
    found what must not be in it (``leaks``). ``gone`` as in :class:`salesplan.app.Reported`.
    """

    run: Run
    unit: Unit
    written: Path | None
    leaks: tuple[Finding, ...]
    forms: Mapping[Form, Path] = field(default_factory=dict)
    printed: Path | None = None
    gone: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Distributed:
    """Every recipient's report in ``folder``; no ``manifest`` where a leak was found, so that
    nothing can be sent.

    ``earlier`` is the manifest that stood in the folder before.
    """

    run: Run
    folder: Path
    manifest: Manifest | None
    leaks: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    earlier: Manifest | None
    printed: Path | None = None
    """All books in one PDF, where it was asked for: for whoever sends them, in no manifest, so that
    nobody is sent it.
    """

    @property
    def changed(self) -> int:
        """How many books of the earlier manifest now say something else."""
        before, now = _hashes(self.earlier), _hashes(self.manifest)
        return sum(now[file] != sha256 for file, sha256 in before.items() if file in now)


def report_unit(path: Path, code: str, wanted: Wanted | None = None) -> UnitReport:
    """Write the report of one unit's part as it is ``wanted``; the unit by code or name, in any
    letter case. What has a leak is not printed.

    Raises SalesplanError: exit 2 for an unknown code, otherwise as :func:`salesplan.app.report`.
    """
    wanted = wanted or Wanted()
    check_forms(wanted, path)
    run = wanted.run(path)
    desk = _BookWriter(run, path, wanted.folder or path.parent, wanted)
    unit = chosen(run.loaded.plan.people, code, "audience-unknown", path)
    place, stamp = desk.place(unit.code), desk.stamp(unit.code)
    if wanted.pdf:
        may_print(place, stamp)
    earlier = lying_beside(place)
    clean = desk.write(unit.code) is not None
    printed = print_beside(place, stamp, path, wanted=wanted.pdf and clean)
    gone = without(earlier)
    if not clean:
        return UnitReport(run, unit, None, tuple(desk.leaks), gone=gone)
    return UnitReport(run, unit, place, (), forms_of(place, wanted.forms), printed, gone)


def report_each(
    path: Path,
    wanted: Wanted | None = None,
    *,
    levels: Iterable[Level] = (),
    source: Source | None = None,
    shown: Callable[
        [Sequence[Recipient]], AbstractContextManager[Iterable[Recipient]]
    ] = nullcontext,
) -> Distributed:
    """Write the whole report and each recipient's part as they are ``wanted`` into a folder, and
    the manifest beside them.

    The folder is by default one named after the report beside the master. Books of an earlier
    manifest that are not made again are removed. The same master gives the same bytes. All books
    are printed into one PDF, the whole company's first, then in the recipients' order; it is in no
    manifest. A leak in any book removes that book and leaves neither manifest nor PDF. ``source``
    as in :func:`check`, with a ``sha256``; ``shown`` hands the recipients on one by one, and may
    show how far it is. Raises SalesplanError as :func:`salesplan.app.report`.
    """
    from salesplan.audience.recipients import recipients
    from salesplan.delivery import manifest_file
    from salesplan.delivery.manifest import NAME
    from salesplan.delivery.seal import key_file, known_key

    wanted = wanted or Wanted()
    check_forms(wanted, path)
    if wanted.pdf:
        _check_library(path)
    run = wanted.run(path, source)
    into = wanted.folder or _folder_beside(run, path, wanted.lang or run.loaded.lang)
    desk = _BookWriter(run, path, into, wanted)
    usable_folder(desk.folder)
    earlier = earlier_manifest(desk.folder)
    parts = {} if earlier is None else {book.file: book.code for book in earlier.books}
    refuse_manifest(desk.folder, earlier, path)
    for name, code in sorted(parts.items()):
        collected = keep_what_was_typed(run, path, desk.folder / name)
        if earlier is not None and earlier.month == run.report_span.code:
            may_write(desk.folder / name, desk.stamp(code), force=wanted.force or collected)
    if wanted.pdf:
        may_write(desk.together, desk.stamp_together, force=wanted.force)
    desk.remove_together()
    (desk.folder / NAME).unlink(missing_ok=True)
    people, without = recipients(run.loaded.plan, run.results.as_of, levels)
    whole = desk.write_whole()
    with shown(people) as each:
        tried: dict[str, Book | None] = {}
        for one in each:
            if one.unit.code not in tried:
                tried[one.unit.code] = desk.write(one.unit.code)
    books = {code: book for code, book in tried.items() if book is not None}
    made = {whole.file, *(book.file for book in books.values())}
    for name in parts.keys() - made:
        if earlier is not None and is_ours(
            desk.folder / name, desk.stamp(parts[name], earlier.month)
        ):
            (desk.folder / name).unlink()
            remove_forms(desk.folder / name, desk.stamp(parts[name], earlier.month), list(Form))
    if desk.leaks:
        return Distributed(run, desk.folder, None, tuple(desk.leaks), (), earlier)
    manifest = desk.manifest(whole, [(one, books[one.unit.code]) for one in people], without)
    try:
        manifest_file.write(desk.folder, manifest)
    except OSError as error:
        raise not_written(desk.folder / NAME, error) from error
    if wanted.pdf:
        files = [whole.file, *(book.file for book in books.values())]
        desk.print_together(list(dict.fromkeys(files)))
    notes = [] if people else [Finding.of("audience-nobody", Place(str(path)))]
    if known_key() is None:
        place = Place(desk.folder.name)
        notes.append(Finding.of("manifest-unsealed", place, file=str(key_file())))
    printed = desk.together if wanted.pdf else None
    return Distributed(run, desk.folder, manifest, (), tuple(notes), earlier, printed)


def _check_library(path: Path) -> None:
    """Raises SalesplanError (exit 2) where all books cannot be put into one PDF."""
    from importlib.util import find_spec

    if find_spec("pypdf") is None:
        raise SalesplanError(Finding.of("print-library-missing", Place(path.name)), 2)


def _folder_beside(run: Run, path: Path, lang: str) -> Path:
    """Where every recipient's report goes: a folder named after the report, beside the master; of
    its own where another master has that one.
    """
    stem = report_stem(run, path, path.parent, lang)
    folder = path.parent / stem
    if is_another_masters(folder / f"{stem}.xlsx", Stamp.of(REPORT, path, folder)):
        return path.parent / f"{stem}_{file_part(path.stem)}"
    return folder


def refuse_manifest(
    folder: Path, earlier: Manifest | None, master: Path, kind: str = REPORT
) -> None:
    """Raises SalesplanError (exit 2) where the folder's manifest is another master's or that of
    another ``kind`` of output, or what has its name is none.
    """
    from salesplan.delivery.manifest import NAME

    place = folder / NAME
    if not os.path.lexists(place):
        return
    if place.is_symlink() or not place.is_file():
        raise SalesplanError(
            Finding.of("place-not-ordinary", Place(str(place)), file=readable(place)), 2
        )
    if earlier is not None and earlier.master != readable(master.name):
        raise SalesplanError(
            Finding.of("place-of-another-master", Place(str(place)), file=readable(place)), 2
        )
    if earlier is not None and kind_of(earlier.month) != kind:
        raise SalesplanError(
            Finding.of("place-of-another-kind", Place(str(place)), file=readable(place)), 2
        )


def kind_of(span: str) -> str:
    """Of which kind of output a manifest is, by what its books are of: "day" (2026-06-30), "week"
    (2026-W27), else a report.
    """
    if "-W" in span:
        return "week"
    return "day" if span.count("-") > 1 else REPORT


class _BookWriter:
    """Where the books of one run are written: what they share is made once."""

    def __init__(self, run: Run, path: Path, folder: Path, wanted: Wanted) -> None:
        from salesplan.audience.error_scope import ErrorScope
        from salesplan.audience.whole import Whole

        refuse_unless_master(run.loaded)
        usable_folder(folder)
        self.run, self.path, self.folder, self.wanted = run, path, folder, wanted
        self.lang = wanted.lang or run.loaded.lang
        self.whole: Whole = Whole(run.plan, run.results)
        self.leaks: list[Finding] = []
        self._secrets: Secrets | None = None
        self._stem = report_stem(run, path, folder, self.lang)
        self._files: dict[str, str] = {}
        self._company: Book | None = None
        self._touching = ErrorScope.of(run.loaded, self.whole, run.findings)

    def stamp(self, code: str, month: object = None) -> Stamp:
        """The stamp of a unit's book; of the whole company's, which may stand alone too, the unit
        is none.
        """
        company = self.whole.company
        part = "" if company is not None and code == company.code else code
        return Stamp.of(REPORT, self.path, self.folder, month or self.run.report_span.code, part)

    def place(self, code: str) -> Path:
        """Where a unit's book lies: a file name of its own on every system."""
        company = self.whole.company
        if company is not None and code == company.code:
            return self.folder / f"{self._stem}.xlsx"
        if code not in self._files:
            self._files[code] = self._free_name(self.whole.plan.unit_by_code[code])
        return self.folder / self._files[code]

    def _free_name(self, unit: Unit) -> str:
        base = f"{self._stem}_{file_part(unit.code)}"
        if unit.name and unit.name != unit.code:
            base += f"_{file_part(unit.name)}"
        taken = {name.casefold() for name in (f"{self._stem}.xlsx", *self._files.values())}
        name, number = f"{base}.xlsx", 2
        while name.casefold() in taken:
            name, number = f"{base}-{number}.xlsx", number + 1
        return name

    @property
    def secrets(self) -> Secrets:
        """What no part may hold; made when the first part is written."""
        from salesplan.app.auditing import secrets_of

        if self._secrets is None:
            self._secrets = secrets_of(self.run, self.lang, deck=Form.DECK in self.wanted.forms)
        return self._secrets

    @property
    def together(self) -> Path:
        """Where all books lie in one PDF."""
        return self.folder / f"{self._stem}_{TOGETHER.of(self.lang)}.pdf"

    @property
    def stamp_together(self) -> Stamp:
        """The stamp of that PDF."""
        return replace(self.stamp(""), kind=PRINT)

    def remove_together(self) -> None:
        """Remove the PDF of an earlier run: its figures are others."""
        if is_ours(self.together, self.stamp_together):
            self.together.unlink()

    def print_together(self, files: Sequence[str]) -> None:
        """Print these books of the folder into one PDF."""
        from salesplan.workbook.save.guards import named_causes
        from salesplan.workbook.soffice import print_together

        books = [self.folder / name for name in files]
        with (
            named_causes(self.together),
            placing(
                self.together, self.stamp_together, force=self.wanted.force, like=self.path
            ) as temp,
        ):
            print_together(books, temp)

    def write_whole(self) -> Book:
        """The whole company's report."""
        from salesplan.audience.error_scope import places
        from salesplan.report import write_report

        target = self.folder / f"{self._stem}.xlsx"
        force = keep_what_was_typed(self.run, self.path, target) or self.wanted.force
        plan, company = self.whole.plan, self.whole.company
        errors = places(self._touching.company)
        stamp = self.stamp(company.code if company else "")
        try:
            with (
                placing(target, stamp, force=force, like=self.path) as temp,
                forms_beside(target, stamp, self.path, self.wanted.forms) as also,
            ):
                summary = write_report(
                    plan,
                    self.run.results,
                    self.run.findings,
                    temp,
                    lang=self.lang,
                    source_name=readable(self.path.name),
                    details=self.wanted.details,
                    with_data=self.wanted.with_data,
                    errors=errors,
                    also=also,
                )
        except OSError as error:
            raise not_written(target, error) from error
        self._company = book_of(
            target,
            company.code if company else "",
            (company.name or company.code) if company else "",
            summary,
            errors,
            self.wanted.forms,
        )
        return self._company

    def write(self, code: str) -> Book | None:
        """A unit's report, audited; None, and nothing left, where there was a leak."""
        from salesplan.audience.audit import audit
        from salesplan.audience.confidential import foreign_records
        from salesplan.audience.error_scope import places
        from salesplan.audience.results_slice import part_of

        part = part_of(self.whole, code, self.run.findings)
        if part.whole:
            return self._company or self.write_whole()
        units = frozenset(unit.code for _, unit in self.whole.plan.walk(code))
        strangers = foreign_records(part, units)
        if strangers:
            self.leaks += strangers
            return None
        target = self.place(code)
        beside = forms_of(target, self.wanted.forms).values()
        force = keep_what_was_typed(self.run, self.path, target) or self.wanted.force
        errors = places(self._touching.book(units))
        try:
            with (
                placing(target, self.stamp(code), force=force, like=self.path) as temp,
                forms_beside(target, self.stamp(code), self.path, self.wanted.forms) as also,
            ):
                summary = self._write(part, temp, errors, also)
            leaks = audit(target, self.secrets, part)
            for file in beside:
                leaks += audit(file, self.secrets, part, target)
        except OSError as error:
            raise not_written(target, error) from error
        if leaks:
            for file in (target, *beside):
                file.unlink(missing_ok=True)
            self.leaks += leaks
            return None
        return book_of(target, code, part.root.name or code, summary, errors, self.wanted.forms)

    def _write(
        self, part: Part, target: Path, errors: Sequence[str], also: Mapping[str, Path]
    ) -> Summary:
        from salesplan.audience.confidential import without_foreign
        from salesplan.report import Scope, write_report

        findings = without_foreign(part.findings, self.secrets, part, self.lang)
        scope = Scope(part.root.name or part.root.code, part.company, self.wanted.full)
        return write_report(
            part.plan,
            part.results,
            findings,
            target,
            lang=self.lang,
            source_name=readable(self.path.name),
            details=self.wanted.details,
            with_data=self.wanted.with_data,
            scope=scope,
            errors=errors,
            also=also,
        )

    def manifest(
        self, whole: Book, books: list[tuple[Recipient, Book]], without: Iterable[LeftOut]
    ) -> Manifest:
        from salesplan.delivery.manifest import Excluded, Manifest, Recipient
        from salesplan.report.texts.spans import name_of, texts_of
        from salesplan.report.texts.words import Words

        results, report_span = self.run.results, self.run.report_span
        words, span = Words(self.lang, texts_of(report_span)), name_of(report_span, self.lang)
        return Manifest(
            month=report_span.code,
            as_of=results.as_of,
            lang=self.lang,
            title=words("report_title", month=span),
            master=readable(self.path.name),
            master_sha256=self.run.loaded.sha256,
            whole=whole,
            recipients=tuple(
                Recipient(one.unit.code, one.person, one.address, book, one.until, one.cc)
                for one, book in books
            ),
            excluded=tuple(
                Excluded(one.unit.code, one.unit.name, one.person, one.address, one.reason)
                for one in without
            ),
            link=self.run.plan.settings.report_link,
        )


MOST_CELLS = 20
"""Places that a manifest names of a book before it only counts them."""


def book_of(
    path: Path,
    code: str,
    unit: str,
    summary: Summary,
    errors: Sequence[str],
    forms: Collection[Form],
) -> Book:
    """What a manifest says of the book of a unit that lies at ``path``: its lines by ``summary``,
    the places whose ``errors`` touch its figures, and its other forms.
    """
    from salesplan.delivery.manifest import Book, OtherForm, Row

    data = path.read_bytes()
    rows = tuple(
        Row(
            line.kpi,
            line.name,
            line.measure,
            line.target,
            line.actual,
            line.rate,
            line.month_rate,
            line.light.value if line.light else "",
            line.word,
        )
        for line in summary.lines
    )
    return Book(
        path.name,
        hashlib.sha256(data).hexdigest(),
        len(data),
        code,
        unit,
        summary.light.value if summary.light else "",
        summary.sentences,
        rows,
        len(errors),
        tuple(errors[:MOST_CELLS]),
        tuple(
            OtherForm(file.name, sha256_of(file), file.stat().st_size)
            for file in forms_of(path, forms).values()
        ),
    )


def earlier_manifest(folder: Path) -> Manifest | None:
    """What an earlier run of this account left in the folder; a manifest of elsewhere has no say in
    what is removed.
    """
    from salesplan.delivery.manifest_file import read

    try:
        found = read(folder)
    except SalesplanError:
        return None
    return found if found.own else None


def _hashes(manifest: Manifest | None) -> dict[str, str]:
    """What each of the books holds, by its file."""
    if manifest is None:
        return {}
    return {book.file: manifest.content(book) for book in manifest.books}
