"""Filling a master again after each save, for those who work without macros: WPS, phones,
locked-down offices.

The file is looked at, not subscribed to: its date, size and number, and its hash where one of these
moved. That is what also works on a network drive or a synchronised folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.typed_cells import TypedPolicy
from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import Both

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.app.master import Recalculated
    from salesplan.app.meetings import Meeting
    from salesplan.delivery.outbox import Entry
    from salesplan.plan.model import Month

COPY_NAMES = Both("_已填写", "-filled")
PATIENCE = 5
"""Looks for which a file may be missing or unreadable, as while it is being written, before it is
said.
"""

_NOT_IN_PLACE = ("file-open-elsewhere", "file-read-only")
_AGAIN = ("file-changed-since-read", "file-being-saved", "file-held", "file-not-found")


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one save: the recalculation and the report's path (None where there is none),
    where the master was filled (None: nothing to fill), and what there is to say about the files.
    """

    done: Recalculated | None = None
    written: Path | None = None
    report: Path | None = None
    findings: tuple[Finding, ...] = ()
    pages: tuple[Path, ...] = ()
    """The pages of meetings that were asked for."""
    told: tuple[Entry, ...] = ()
    """What became of the messages of rules that fired (预警), where a group is told."""


@dataclass(slots=True)
class Watcher:
    """Looks at one master. Each :meth:`look` is short and remembers; it never writes because of
    what it wrote itself.
    """

    path: Path
    report: bool = True
    month: Month | None = None
    as_of: date | None = None
    typed: TypedPolicy = TypedPolicy.ASK
    past: bool = False
    refresh: bool = False
    span: str = "month"
    """Of which the report is: the month, or the quarter, half or year that holds it."""
    meetings: tuple[Meeting, ...] = ()
    """The meetings of which today's page is made, too."""
    tell: bool = False
    """Whether the WeCom group is told what fires (预警), each firing once."""
    _mark: tuple[int, int, int] | None = None
    _due: bool = True
    _stuck: bool = False
    _known: str = ""
    _tries: int = 0
    _copy: tuple[Path, str] | None = field(default=None)

    def look(self) -> Turn | None:
        """One look; None where there is nothing new, or what is new is not whole yet."""
        mark = _mark(self.path)
        if mark != self._mark:
            self._mark, self._due, self._stuck, self._tries = mark, True, False, 0
            return None
        if mark is None:
            self._tries += 1
            return (
                Turn(
                    findings=(
                        Finding.of("watch-file-gone", Place(str(self.path)), file=self.path.name),
                    )
                )
                if self._tries == PATIENCE
                else None
            )
        if not self._due and (self._stuck or self._copy is None or is_open(self.path)):
            return None
        return self._work()

    def _work(self) -> Turn | None:
        from salesplan.workbook.save.journal import sha256_of

        try:
            if sha256_of(self.path) == self._known and (self._copy is None or is_open(self.path)):
                self._due = False
                return None
            turn = self._fill()
        except OSError:
            # it went away, or is held, between two steps: the next look sees what became of it
            return None
        except SalesplanError as error:
            return self._failed(error)
        self._due, self._tries = False, 0
        return turn

    def _fill(self) -> Turn:
        from salesplan.app.master import history, recalc

        said: tuple[Finding, ...] = ()
        try:
            done = recalc(
                self.path,
                month=self.month,
                as_of=self.as_of,
                typed=self.typed,
                past=self.past,
                refresh=self.refresh,
            )
            self._known = history(self.path)[-1].after if done.written else done.run.loaded.sha256
            written = done.written
            said = self._drop_copy()
        except SalesplanError as error:
            if error.finding.code not in _NOT_IN_PLACE:
                raise
            done, written = self._fill_copy()
            said = (_beside(error.finding, written),)
        report, more = self._report()
        pages, unmade = self._pages()
        told, untold = self._told(done.run)
        return Turn(done, written, report, (*said, *more, *unmade, *untold), pages, told)

    def _fill_copy(self) -> tuple[Recalculated, Path]:
        from salesplan.app.master import recalc
        from salesplan.plan.loader import load
        from salesplan.workbook.save.journal import sha256_of

        copy = self._free(load(self.path).lang)
        done = recalc(
            self.path,
            month=self.month,
            as_of=self.as_of,
            out=copy,
            typed=self.typed,
            past=self.past,
            force=True,
            refresh=self.refresh,
        )
        copy.chmod(
            copy.stat().st_mode | 0o200
        )  # it has the rights of a master that may be read-only
        self._known, self._copy = done.run.loaded.sha256, (copy, sha256_of(copy))
        return done, copy

    def _free(self, lang: str) -> Path:
        """The copy made before, or the first name that nobody has: what somebody else put there is
        not written over.
        """
        from salesplan.workbook.save.journal import sha256_of

        names = (copy_of(self.path, lang, number) for number in count(1))
        return next(
            copy
            for copy in names
            if not os.path.lexists(copy)
            or (not copy.is_symlink() and self._copy == (copy, sha256_of(copy)))
        )

    def _drop_copy(self) -> tuple[Finding, ...]:
        """The copy is old once the master itself is filled; it goes, unless somebody worked
        on it.
        """
        from salesplan.workbook.save.journal import sha256_of

        if self._copy is None:
            return ()
        copy, made = self._copy
        self._copy = None
        try:
            if is_open(copy) or sha256_of(copy) != made:
                return (Finding.of("watch-copy-kept", Place(str(copy)), copy=copy.name),)
            copy.unlink()
        except FileNotFoundError:
            return ()
        except OSError:
            return (Finding.of("watch-copy-kept", Place(str(copy)), copy=copy.name),)
        return (Finding.of("watch-copy-dropped", Place(str(copy)), copy=copy.name),)

    def _report(self) -> tuple[Path | None, tuple[Finding, ...]]:
        from salesplan.app.reports import Wanted, report

        if not self.report:
            return None, ()
        try:
            return report(
                self.path, Wanted(month=self.month, as_of=self.as_of, span=self.span)
            ).written, ()
        except SalesplanError as error:
            return None, (error.finding,)

    def _pages(self) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
        """The pages of the meetings, and why one is not made."""
        pages, unmade = list[Path](), list[Finding]()
        for one in self.meetings:
            from salesplan.app.meetings import Occasion, meeting

            try:
                made = meeting(self.path, Occasion(one))
            except SalesplanError as error:
                unmade.append(error.finding)
            else:
                pages += [file for file in (made.book, made.page) if file is not None]
        return tuple(pages), tuple(unmade)

    def _told(self, run: Run) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
        """What the group was told, and why it could not be told."""
        if not self.tell or not run.results.triggers:
            return (), ()
        from salesplan.app.triggering import tell_firings

        try:
            return tell_firings(run), ()
        except SalesplanError as error:
            return (), (error.finding,)

    def _failed(self, error: SalesplanError) -> Turn | None:
        """Wait a little with a file that may be half written; then say it, once for these bytes.

        What passes by itself (somebody holds the file) is tried again all the same.
        """
        self._tries += 1
        passing = error.finding.code in _AGAIN
        if (self._tries < PATIENCE and (passing or error.exit_code == 4)) or (
            passing and self._tries > PATIENCE
        ):
            return None
        self._due, self._stuck = passing, not passing
        return Turn(findings=(error.finding,))


def watch(
    path: Path,
    pause: Callable[[], object],
    *,
    report: bool = True,
    month: Month | None = None,
    as_of: date | None = None,
    typed: TypedPolicy = TypedPolicy.ASK,
    past: bool = False,
    refresh: bool = False,
    span: str = "month",
    meetings: tuple[Meeting, ...] = (),
    tell: bool = False,
) -> Iterator[Turn]:
    """Fill the master now and after each save, for ever; ``pause`` is called between two looks.
    ``typed``, ``past`` and ``refresh`` are as for ``recalc``, ``span`` as for ``report``; of the
    ``meetings`` today's pages are made, too; with ``tell`` the WeCom group hears of what fires
    (预警), each firing once.

    Raises SalesplanError if there is no such file to begin with, or if its plan does not have the
    month; what goes wrong later is in the turns.
    """
    from salesplan.app.master import MONTH_OUTSIDE
    from salesplan.workbook.zip.package import open_package

    if not path.is_file():
        open_package(path).close()
    path = path.resolve()
    watcher = Watcher(
        path, report, month, as_of, typed, past, refresh, span, meetings, tell, _mark(path)
    )
    begun = False
    while True:
        turn = watcher.look()
        if turn is not None:
            for finding in turn.findings:
                if finding.code == MONTH_OUTSIDE and not begun:
                    raise SalesplanError(finding, 2)
            begun = True
            yield turn
        pause()


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says that it has the file open, or it cannot be written for
    another reason.
    """
    from salesplan.workbook.save.guards import refuse_if_open, refuse_if_read_only

    try:
        refuse_if_open(path)
        refuse_if_read_only(path)
        path.open("r+b").close()
    except (OSError, SalesplanError):
        return True
    return False


def copy_of(path: Path, lang: str, number: int = 1) -> Path:
    """Where a filled copy goes while the master cannot be written: the first name, the second, …"""
    return path.with_name(
        f"{path.stem}{COPY_NAMES.of(lang)}{f'-{number}' if number > 1 else ''}{path.suffix}"
    )


def _beside(cause: Finding, copy: Path) -> Finding:
    if cause.code == "file-read-only":
        return Finding.of(
            "watch-read-only-beside", cause.place, file=cause.params["file"], copy=copy.name
        )
    return Finding.of(
        "watch-open-beside",
        cause.place,
        file=cause.params["file"],
        lock=cause.params["lock"],
        copy=copy.name,
    )


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another without reading it; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
