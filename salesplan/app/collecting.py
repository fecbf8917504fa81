"""Handing out what managers are to fill in, and taking it (and what was typed into a report) back
into the master.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import (
    Run,
    Say,
    file_part,
    refuse_unless_master,
    unheard,
    usable_folder,
    who,
)
from salesplan.app.master import check
from salesplan.app.reports import not_written
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.wording import Both
from salesplan.workbook.save.destination import Stamp, placing, stamp_of

if TYPE_CHECKING:
    from salesplan.app.asking import Requested
    from salesplan.audience.whole import Whole
    from salesplan.fill import Edit
    from salesplan.handout.form import Handout
    from salesplan.handout.returned import Returned
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Month
    from salesplan.workbook.changes import Change

HANDOUT = "handout"
HANDOUT_NAMES = Both("填报", "handout")


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The handouts that were written, and what the audit found in those that were not."""

    run: Run
    written: tuple[tuple[Handout, Path], ...]
    findings: tuple[Finding, ...]
    requests: Requested | None = None
    """What helpers (协作方) are asked; None where nobody is."""


READ = frozenset({".xlsx", ".xlsm"})
"""Formats in which a handout comes back as it went out; with macros it is a handout all the
same.
"""

SPREADSHEETS = frozenset(
    {".xls", ".xlsb", ".xlt", ".et", ".ett", ".ods", ".fods", ".numbers", ".csv", ".xltx", ".xltm"}
)
"""Formats that a spreadsheet program makes of a handout, and that have to be saved as .xlsx
again.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: how many cells were filled in (0: nothing new), or None where it was
    not taken.
    """

    file: str
    cells: int | None


@dataclass(frozen=True, slots=True)
class Collected:
    """What came back: the master's cells that would change, what cannot be taken, who is missing;
    ``written`` None: nothing yet.

    ``files`` are those that were read; ``outcomes`` names every file of the folder.
    """

    run: Run
    files: tuple[Path, ...]
    outcomes: tuple[Outcome, ...]
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    written: Path | None = None


def handout(
    path: Path,
    folder: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    lang: str | None = None,
    force: bool = False,
    source: Source | None = None,
) -> HandedOut:
    """Write each manager's handout into ``folder``, audited as a report is. One that was answered
    and collected is made anew. Raises SalesplanError as :func:`salesplan.app.report` does.
    """
    from salesplan.app.auditing import secrets_of
    from salesplan.app.taken_back import replaceable
    from salesplan.audience.audit import audit
    from salesplan.audience.results_slice import part_of
    from salesplan.audience.whole import Whole
    from salesplan.handout.collecting import handouts
    from salesplan.handout.write import write_handout

    run = check(path, month=month, as_of=as_of, today=today, source=source, writes=True)
    refuse_unless_master(run.loaded)
    lang = lang or run.loaded.lang
    usable_folder(folder)
    whole, secrets = Whole(run.plan, run.results), secrets_of(run, lang)
    written: list[tuple[Handout, Path]] = []
    findings: list[Finding] = []
    places = [
        (one, folder / _name(one, lang), Stamp.of(HANDOUT, path, folder, one.month, one.unit))
        for one in handouts(whole, run.loaded, lang)
    ]
    # What a manager filled in stops the run before it begins.
    stamps = [(target, stamp) for _, target, stamp in places]
    anew = replaceable(run, whole, stamps, force=force)
    for one, target, stamp in places:
        try:
            with placing(target, stamp, force=target in anew, like=path) as temp:
                write_handout(one, temp)
            leaks = audit(target, secrets, part_of(whole, one.unit, ()))
        except OSError as error:
            raise not_written(target, error) from error
        if leaks:
            target.unlink(missing_ok=True)
            findings += leaks
        else:
            written.append((one, target))
    asked = None
    if run.plan.asks_for_help:
        from salesplan.app.asking import ask

        asked = ask(run, whole, secrets, folder, lang, force=force)
        findings += () if asked is None else asked.leaks
    if not written and not findings and asked is None:
        findings.append(Finding.of("handout-nothing", Place(str(path))))
    return HandedOut(run, tuple(written), tuple(findings), asked)


def _name(one: Handout, lang: str) -> str:
    return f"{HANDOUT_NAMES.of(lang)}_{one.month}_{file_part(one.unit)}_{file_part(one.name)}.xlsx"


def collect(source: Path, master: Path, *, opened: Source | None = None) -> Collected:
    """Read a returned file, or all of a folder, against the master as it is now, or as it is open
    in a program. Writes nothing; see :func:`apply`.

    A file that cannot be taken is a finding and does not stop the others. Raises SalesplanError if
    the master cannot be read, exit 4 if ``source`` is not there.
    """
    from salesplan.audience.whole import Whole
    from salesplan.handout.merge import in_words, merge
    from salesplan.messages import worst_first

    run = check(master, source=opened)
    refuse_unless_master(run.loaded)
    paths = _files(source, master)
    returned: list[Returned] = []
    others = _others(source, master)
    findings: list[Finding] = [_not_read(path) for path in others]
    for path in paths:
        try:
            one = _returned(path, run)
        except SalesplanError as error:
            if not source.is_dir():
                raise
            findings.append(error.finding)
            continue
        returned.append(one)
        findings += one.findings
    whole = Whole(run.plan, run.results)
    merged = merge(run.loaded, whole, returned)
    missing = _missing(whole, run, returned) if source.is_dir() else ()
    if missing:
        findings.append(
            Finding.of("returned-missing", Place(str(source)), count=len(missing), names=missing)
        )
    if not paths:
        findings.append(Finding.of("returned-nothing", Place(str(source)), folder=str(source)))
    filled = {one.path: len(one.typed) for one in returned}
    return Collected(
        run,
        tuple(paths),
        tuple(Outcome(path.name, filled.get(path)) for path in sorted([*paths, *others])),
        tuple(merged.edits),
        in_words(run.plan, worst_first([*findings, *merged.findings])),
        missing,
    )


def apply(collected: Collected, *, say: Say = unheard) -> Collected:
    """Write what was collected into the master. Raises SalesplanError (exit 3) if it was changed
    meanwhile, or as recalc does.
    """
    from salesplan.fill import reaches
    from salesplan.workbook.save.file_names import shown
    from salesplan.workbook.save.store import save_patched

    loaded = collected.run.loaded
    if not collected.edits:
        return collected
    grown = reaches(loaded.tables.values())
    cells: list[Change] = [*grown, *(edit.change() for edit in collected.edits)]
    names = ", ".join(shown(path.name) for path in collected.files[:3]) + (
        " …" if len(collected.files) > 3 else ""
    )
    saved = save_patched(
        loaded.path, cells, expect_sha256=loaded.sha256, who=who(), what=f"collect {names}", say=say
    )
    return replace(collected, written=saved)


def _files(source: Path, master: Path) -> list[Path]:
    """The workbooks to be read: one, or those of a folder."""
    if not source.is_dir():
        return [source]
    return [path for path in _in_folder(source, master) if path.suffix.lower() in READ]


def _others(source: Path, master: Path) -> list[Path]:
    """The folder's other files: none of them is passed over in silence, but the pages for a phone
    that lie beside those of meetings.
    """
    if not source.is_dir():
        return []
    others = [path for path in _in_folder(source, master) if path.suffix.lower() not in READ]
    return [path for path in others if not _is_page(path)]


def _is_page(path: Path) -> bool:
    """Whether it is a meeting's page of ours, which holds nothing to take back."""
    from salesplan.app.meetings import Meeting

    found = stamp_of(path) if path.suffix.lower() == ".html" else None
    return found is not None and found[0].kind in {one.value for one in Meeting}


def _in_folder(folder: Path, master: Path) -> list[Path]:
    """The files of a folder and of the helpers' requests in it, without lock files, hidden ones,
    the master itself and the manifest that lies beside what was sent.
    """
    from salesplan.app.asking import FOLDER
    from salesplan.delivery.manifest import NAME

    own = master.resolve()
    asked = (folder / name for name in dict.fromkeys((FOLDER.zh, FOLDER.en)))
    files = chain(folder.iterdir(), *(one.iterdir() for one in asked if one.is_dir()))
    return sorted(
        path
        for path in files
        if path.is_file()
        and not path.name.startswith(("~$", "."))
        and path.name != NAME
        and path.resolve() != own
    )


def _not_read(path: Path) -> Finding:
    spreadsheet = path.suffix.lower() in SPREADSHEETS
    code = "returned-other-format" if spreadsheet else "returned-other-file"
    return Finding.of(code, Place(path.name), file=path.name, format=path.suffix.lower())


def _returned(path: Path, run: Run) -> Returned:
    from salesplan.handout.returned import read_returned
    from salesplan.plan.settings import reading_of

    one = read_returned(path, reading_of(run.plan.settings))
    if one.stamp is not None and one.stamp.month not in {
        str(month) for month in run.loaded.plan.settings.months
    }:
        raise SalesplanError(
            Finding.of(
                "returned-other-month", Place(path.name), file=path.name, month=one.stamp.month
            ),
            4,
        )
    from salesplan.handout.form import mark_of
    from salesplan.workbook.save.file_names import shown

    into = shown(run.loaded.path.name)
    if one.stamp is not None and one.stamp.company != mark_of(run.plan.company_name):
        raise SalesplanError(
            Finding.of(
                "returned-other-company",
                Place(path.name),
                file=path.name,
                master=one.stamp.master,
                company=run.plan.company_name or into,
            ),
            4,
        )
    if one.stamp is not None and one.typed and one.stamp.master != into:
        foreign = Finding.of(
            "returned-other-master",
            Place(path.name),
            file=path.name,
            master=one.stamp.master,
            into=into,
        )
        return replace(one, findings=(foreign, *one.findings))
    return one


def _missing(whole: Whole, run: Run, returned: Sequence[Returned]) -> tuple[str, ...]:
    """Managers who were asked for something and have sent nothing that differs from what they were
    given.
    """
    from salesplan.audience.request_slice import helper_parts
    from salesplan.handout.collecting import handouts
    from salesplan.handout.form import HELPER, KIND

    forms = [one for one in returned if one.stamp is not None and one.stamp.kind == KIND]
    came = {one.stamp.unit for one in forms if one.stamp and (one.typed or one.findings)}
    read = {one.stamp.unit for one in forms if one.stamp}
    asked: list[tuple[str, str, str]] = []
    if any(not unit.startswith(HELPER) for unit in read):
        each = handouts(whole, run.loaded, run.loaded.lang)
        asked += [(one.unit, one.name, one.person) for one in each]
    if any(unit.startswith(HELPER) for unit in read):
        parts = [one for one in helper_parts(whole) if one.is_open]
        asked += [(HELPER + one.key, one.name, one.person) for one in parts]
    return tuple(f"{name} ({person})" for unit, name, person in asked if unit not in came)
