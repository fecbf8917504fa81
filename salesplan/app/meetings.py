"""The pages of the day's and the week's meeting, for the whole company or for a unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, chosen, file_part, refuse_unless_master, usable_folder
from salesplan.app.master import MONTH_OUTSIDE, check
from salesplan.app.reports import Form, not_written
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import Both
from salesplan.workbook.save.destination import Stamp, placing
from salesplan.workbook.save.file_names import shown
from salesplan.workbook.save.journal import keep, sha256_of

if TYPE_CHECKING:
    from salesplan.audience.confidential import Secrets
    from salesplan.audience.recipients import LeftOut, Recipient
    from salesplan.audience.results_slice import Part
    from salesplan.audience.whole import Whole
    from salesplan.delivery.manifest import Book, Manifest
    from salesplan.engine.results import Results
    from salesplan.meeting.say import Speech
    from salesplan.meeting.table import Sheet
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Level, Plan, Unit


class Meeting(Enum):
    """Which meeting a page is for, by the kind of its output."""

    DAY = "day"
    WEEK = "week"

    @property
    def name_of(self) -> Both[str]:
        """How its file is called."""
        return _NAMES[self]

    @property
    def table(self) -> str:
        """The master's table into which its page is taken back."""
        return _TABLES[self]


_TABLES = {Meeting.DAY: "daily", Meeting.WEEK: "weekly"}
_NAMES = {Meeting.DAY: Both("晨会", "stand-up"), Meeting.WEEK: Both("周会", "weekly-meeting")}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a page is asked for: of which ``meeting``, on which ``day``, into which ``folder`` (by
    default beside the master), in which ``lang`` (by default the master's); what lies there is
    replaced as with :class:`salesplan.app.Wanted`.

    The day is by default today, in another year than the plan's its last known day. Of a stand-up a
    day off counts as the next working day; a week is that of the day.
    """

    meeting: Meeting
    day: date | None = None
    today: date | None = None
    folder: Path | None = None
    lang: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A meeting's page as a workbook and as a page for a phone; None where the audit found what
    must not be in it (``leaks``).
    """

    run: Run
    day: date
    book: Path | None
    page: Path | None
    leaks: tuple[Finding, ...] = ()
    messages: tuple[str, ...] = ()
    """What the page says first."""
    errors: tuple[str, ...] = ()
    """Places of the master that are wrong and touch its figures."""


def meeting(
    path: Path, wanted: Occasion, *, audience: str = "", source: Source | None = None
) -> Prepared:
    """Write the page of a meeting, of the whole company or of the unit that ``audience`` names by
    code or name, beside the master or into a folder; ``source`` as in :func:`check`.

    Raises SalesplanError: exit 2 for an unknown unit or a day outside the plan's year, 3 where it
    cannot be written, 4 for an unreadable master.
    """
    desk = MeetingDesk.open(path, wanted, source)
    if audience:
        unit: Unit | None = chosen(desk.run.loaded.plan.people, audience, "audience-unknown", path)
    else:
        unit = desk.whole.company
    return desk.write("" if unit is None else unit.code)


@dataclass(frozen=True, slots=True)
class Convened:
    """Every recipient's page in ``folder``; no ``manifest`` where a leak was found, so that nothing
    can be sent.
    """

    run: Run
    folder: Path
    manifest: Manifest | None
    leaks: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def meeting_each(
    path: Path, wanted: Occasion, *, levels: Iterable[Level] = (), source: Source | None = None
) -> Convened:
    """Write the whole company's page and that of each who gets mail into a folder, by default one
    named after the meeting beside the master, and the manifest by which ``send`` delivers them.

    Pages of an earlier manifest that are not made again are removed, as far as they are ours and
    nobody typed into them. A leak removes its page and leaves no manifest. Raises SalesplanError as
    :func:`meeting`, exit 2 where the folder holds what another kind of output is sent by.
    """
    from salesplan.app.audiences import earlier_manifest, refuse_manifest
    from salesplan.audience.recipients import recipients
    from salesplan.delivery import manifest_file
    from salesplan.delivery.manifest import NAME
    from salesplan.delivery.seal import key_file, known_key

    desk = MeetingDesk.open(path, wanted, source)
    folder = wanted.folder or path.parent / desk.stem("")
    desk = MeetingDesk(desk.run, path, replace(wanted, folder=folder), desk.day)
    earlier = earlier_manifest(folder)
    refuse_manifest(folder, earlier, path, wanted.meeting.value)
    (folder / NAME).unlink(missing_ok=True)
    people, without = recipients(desk.run.loaded.plan, desk.run.results.as_of, levels)
    company = "" if desk.whole.company is None else desk.whole.company.code
    made = {code: desk.write(code) for code in dict.fromkeys((company, *_codes(people)))}
    desk.remove_others(earlier, made)
    leaks = tuple(chain.from_iterable(one.leaks for one in made.values()))
    if leaks:
        return Convened(desk.run, folder, None, leaks, ())
    manifest = desk.manifest(made, company, people, without)
    try:
        manifest_file.write(folder, manifest)
    except OSError as error:
        raise not_written(folder / NAME, error) from error
    notes = [] if people else [Finding.of("audience-nobody", Place(str(path)))]
    if known_key() is None:
        notes.append(Finding.of("manifest-unsealed", Place(folder.name), file=str(key_file())))
    return Convened(desk.run, folder, manifest, (), tuple(notes))


def _codes(people: Iterable[Recipient]) -> Iterator[str]:
    return (one.unit.code for one in people)


class MeetingDesk:
    """Where the pages of one meeting are written: what they share is made once."""

    def __init__(self, run: Run, path: Path, wanted: Occasion, day: date) -> None:
        from salesplan.audience.error_scope import ErrorScope
        from salesplan.audience.whole import Whole

        refuse_unless_master(run.loaded)
        self.run, self.path, self.wanted, self.day = run, path, wanted, day
        self.folder = wanted.folder or path.parent
        usable_folder(self.folder)
        self.lang = wanted.lang or run.loaded.lang
        self.whole: Whole = Whole(run.plan, run.results)
        self._secrets: Secrets | None = None
        self._touching = ErrorScope.of(run.loaded, self.whole, run.findings)

    @classmethod
    def open(cls, path: Path, wanted: Occasion, source: Source | None = None) -> MeetingDesk:
        """Read and compute the master as of the meeting's day."""
        from salesplan.audience.whole import Whole
        from salesplan.plan.model import Month

        asked = wanted.day or wanted.today or date.today()
        try:
            run = check(path, month=Month.of(asked), as_of=asked, today=asked, source=source)
        except SalesplanError as error:
            if wanted.day is not None or error.finding.code != MONTH_OUTSIDE:
                raise
            asked = check(path, today=asked, source=source).results.as_of
            run = check(path, month=Month.of(asked), as_of=asked, today=asked, source=source)
        if wanted.meeting is Meeting.WEEK:
            return cls(run, path, wanted, asked)
        day = Whole(run.plan, run.results).work_calendar.on_or_after(asked)
        if day != asked and Month.of(day) in run.loaded.plan.settings.months:
            run = check(path, month=Month.of(day), as_of=day, today=day, source=source)
        return cls(run, path, wanted, day)

    @property
    def span(self) -> str:
        """What the page is of, in its file's name and stamp: a day, or a week by its number."""
        from salesplan.engine.work.weekly import friday_of

        if self.wanted.meeting is Meeting.DAY:
            return self.day.isoformat()
        year, week, _ = friday_of(self.day).isocalendar()
        return f"{year}-W{week:02}"

    def stem(self, code: str) -> str:
        """The name of a unit's page, without its ending."""
        company = self.whole.company
        parts = [self.wanted.meeting.name_of.of(self.lang), file_part(self.run.plan.company_name)]
        parts.append(self.span)
        if code and (company is None or code != company.code):
            name = self.whole.plan.unit_by_code[code].name
            parts += [file_part(code), *([file_part(name)] if name and name != code else [])]
        return "_".join(part for part in parts if part.strip("-"))

    def stamp(self, code: str) -> Stamp:
        """The stamp of a unit's page."""
        return Stamp.of(self.wanted.meeting.value, self.path, self.folder, self.span, code)

    def write(self, code: str) -> Prepared:
        """The page of a unit, audited; of the whole company where ``code`` is its own or blank."""
        from salesplan.audience.audit import audit
        from salesplan.audience.confidential import foreign_records
        from salesplan.meeting.page import write_page
        from salesplan.meeting.xlsx import write_sheet

        part = self._part(code)
        strangers = () if part is None else foreign_records(part, self._units(code))
        if strangers:
            return Prepared(self.run, self.day, None, None, tuple(strangers))
        errors = self._errors(code, part)
        sheet = self._sheet(part, errors)
        book = self.folder / f"{self.stem(code)}.xlsx"
        page, stamp = book.with_suffix(Form.PAGE.value), self.stamp(code)
        force = self._collected(book) or self.wanted.force
        leaks: tuple[Finding, ...] = ()
        try:
            with (
                placing(book, stamp, force=force, like=self.path) as temp,
                placing(page, stamp, force=force, like=self.path) as other,
            ):
                write_sheet(sheet, temp, self.day, self._facts(code))
                other.write_bytes(write_page(sheet))
            if part is not None:
                leaks = (*audit(book, self.secrets, part), *audit(page, self.secrets, part, book))
        except OSError as error:
            raise not_written(book, error) from error
        if leaks:
            book.unlink(missing_ok=True)
            page.unlink(missing_ok=True)
            return Prepared(self.run, self.day, None, None, leaks)
        return Prepared(self.run, self.day, book, page, (), sheet.messages, errors)

    def _units(self, code: str) -> frozenset[str]:
        return frozenset(unit.code for _, unit in self.whole.plan.walk(code))

    def _errors(self, code: str, part: Part | None) -> tuple[str, ...]:
        """Places of the master that are wrong and touch the page's figures."""
        from salesplan.audience.error_scope import places

        if part is None:
            return places(self._touching.company)
        return places(self._touching.book(self._units(code)))

    @property
    def secrets(self) -> Secrets:
        """What no part may hold; made when the first part is written."""
        from salesplan.app.auditing import secrets_of
        from salesplan.meeting.texts import TEXTS

        if self._secrets is None:
            known = secrets_of(self.run, self.lang)
            own = chain.from_iterable(TEXTS.values())
            self._secrets = replace(known, common=(*known.common, *own))
        return self._secrets

    def _part(self, code: str) -> Part | None:
        """The unit's part; None for the whole company."""
        from salesplan.audience.results_slice import part_of

        if not code:
            return None
        part = part_of(self.whole, code, self.run.findings)
        return None if part.whole else part

    def _sheet(self, part: Part | None, errors: tuple[str, ...]) -> Sheet:
        from salesplan.meeting.say import Speech

        plan, results = (
            (self.whole.plan, self.whole.results) if part is None else (part.plan, part.results)
        )
        speech = Speech(plan=plan, lang=self.lang, master=shown(self.path.name), errors=errors)
        if self.wanted.meeting is Meeting.DAY:
            return self._day_sheet(speech, plan, results)
        return self._week_sheet(speech, plan, results)

    def _day_sheet(self, speech: Speech, plan: Plan, results: Results) -> Sheet:
        from salesplan.handout.merge import held
        from salesplan.meeting.day import day_of
        from salesplan.meeting.notes import notes
        from salesplan.meeting.say_day import day_sheet

        found = notes(plan, results, self.day)
        day = day_of(plan, results, self.whole.work_calendar, self.day, found)
        return day_sheet(day, speech, held(self.run.loaded, self.whole, "daily"))

    def _week_sheet(self, speech: Speech, plan: Plan, results: Results) -> Sheet:
        from salesplan.handout.merge import held
        from salesplan.meeting.say_week import week_sheet
        from salesplan.meeting.week import week_of

        week = week_of(plan, results, self.whole.work_calendar)
        return week_sheet(week, speech, held(self.run.loaded, self.whole, "weekly"))

    def _facts(self, code: str) -> Sequence[tuple[str, str]]:
        from salesplan.handout.form import stamped

        kind = f"salesplan-{self.wanted.meeting.value}"
        loaded = self.run.loaded
        top = code or (self.whole.plan.roots[0].code if self.whole.plan.roots else "")
        return stamped(
            kind,
            self.run.results.month,
            top,
            shown(loaded.path.name),
            loaded.sha256,
            self.whole.plan.company_name,
        )

    def _collected(self, book: Path) -> bool:
        """Whether a page stands at ``book`` into which something was typed, all of which the master
        says by now: it has done its service, may be replaced, and a copy of it is kept.

        Raises SalesplanError (exit 3) ``meeting-holds-text`` where the master does not say it all.
        """
        from salesplan.app.taken_back import untaken

        cells = untaken(self.run, self.whole, book)
        if cells is None:
            return False
        if cells:
            raise SalesplanError(
                Finding.of(
                    "meeting-holds-text",
                    Place(book.name),
                    file=str(book),
                    count=len(cells),
                    cells=cells[:10],
                    master=str(self.path),
                ),
                3,
            )
        keep(book, sha256_of(book))
        return True

    def remove_others(self, earlier: Manifest | None, made: Mapping[str, Prepared]) -> None:
        """Remove the pages of an earlier run that were not made again."""
        from salesplan.workbook.save.destination import is_ours

        new = {one.book.name for one in made.values() if one.book is not None}
        for old in () if earlier is None else earlier.books:
            if old.file in new:
                continue
            stamp = replace(self.stamp(old.code), month=earlier.month if earlier else "")
            book = self.folder / old.file
            for file in (book, book.with_suffix(Form.PAGE.value)):
                if is_ours(file, stamp):
                    file.unlink()

    def manifest(
        self,
        made: Mapping[str, Prepared],
        company: str,
        people: Iterable[Recipient],
        without: Iterable[LeftOut],
    ) -> Manifest:
        """Who gets which page."""
        from salesplan.delivery import manifest as delivered

        books = {code: self._book(code, one) for code, one in made.items()}
        return delivered.Manifest(
            month=self.span,
            as_of=self.run.results.as_of,
            lang=self.lang,
            title=self._subject(),
            master=shown(self.path.name),
            master_sha256=self.run.loaded.sha256,
            whole=books[company],
            recipients=tuple(
                delivered.Recipient(
                    one.unit.code, one.person, one.address, books[one.unit.code], one.until, one.cc
                )
                for one in people
            ),
            excluded=tuple(
                delivered.Excluded(
                    one.unit.code, one.unit.name, one.person, one.address, one.reason
                )
                for one in without
            ),
            link=self.run.plan.settings.report_link,
        )

    def _subject(self) -> str:
        """What mails with the pages are called."""
        from salesplan.engine.work.weekly import FRIDAY, friday_of
        from salesplan.meeting.texts import TEXTS
        from salesplan.report.texts.words import Words

        words, friday = Words(self.lang, TEXTS), friday_of(self.day)
        if self.wanted.meeting is Meeting.DAY:
            return words("day_subject", day=self.day.isoformat())
        first = friday - timedelta(days=FRIDAY)
        return words("week_subject", first=first.isoformat(), last=friday.isoformat())

    def _book(self, code: str, one: Prepared) -> Book:
        from salesplan.app.audiences import book_of
        from salesplan.report.narrative.summary import Summary

        assert one.book is not None
        unit = self.whole.plan.unit_by_code.get(code)
        name = self.run.plan.company_name if unit is None else unit.name or code
        said = Summary(title=one.book.stem, sentences=one.messages)
        return book_of(one.book, code, name, said, one.errors, (Form.PAGE,))
