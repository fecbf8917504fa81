"""Closing a month and opening it again: what was issued and achieved is kept in the workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, refuse_unless_master, unheard, who
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.engine.changes.closing import Standing
    from salesplan.engine.changes.issued import Issued
    from salesplan.fill import Edits
    from salesplan.plan.loader import Loaded
    from salesplan.plan.model import Month, Plan
    from salesplan.workbook.changes import Change


RECORD = ("closes", "closed")
"""The tables of the sheet 关账记录: the log, and the figures."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A close or a reopening: the months, the cells that change, the errors there were, and where
    it was written (None: nowhere). ``as_issued`` says that what is filled, and recorded, is not
    what the plan says now.
    """

    months: tuple[Month, ...]
    edits: Edits
    errors: tuple[Finding, ...]
    lang: str
    as_issued: Finding | None = None
    written: Path | None = None


def close(
    path: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    despite_errors: bool = False,
    dry_run: bool = False,
    today: date | None = None,
    say: Say = unheard,
) -> Closed:
    """Close a month (the report month if none is named), and all open ones before it, as they are
    filled on 目标分解, also where the plan says something else by now. A master without the sheet
    关账记录 gets it in the same save.

    Raises SalesplanError: exit 1 where errors touch its figures (not with ``despite_errors``,
    which is recorded) or nothing but blank cells is behind the plan; exit 2 for a month that is
    not over or is closed; else as recalc does.
    """
    from salesplan.app.master import check

    run = check(path, month=month, as_of=as_of, today=today, writes=True)
    done = to_close(run, despite_errors=despite_errors, today=today)
    added: Sequence[Change] = ()
    if not has_record(run.loaded):
        added, wide = _with_record(run.loaded)
        run = check(
            path,
            month=month,
            as_of=as_of,
            today=today,
            source=wide.source,
            like=wide,
            writes=True,
        )
        done = to_close(run, despite_errors=despite_errors, today=today)
    return done if dry_run else _written(run.loaded, done, f"close {done.months[-1]}", say, added)


def to_close(run: Run, *, despite_errors: bool = False, today: date | None = None) -> Closed:
    """What closes the run's report month, and all open ones before it; nothing is written.

    Without the sheet 关账记录 there are no edits. Raises SalesplanError as :func:`close`.
    """
    refuse_unless_master(run.loaded)
    errors = _refuse_unclosable(run, despite_errors)
    found = _issued(run)
    if found.blank and not found.other:
        place = Place(run.loaded.path.name, run.loaded.tables["targets"].sheet)
        raise SalesplanError(
            Finding.of("close-not-filled", place, month=run.results.month, count=found.blank), 1
        )
    done = closed_plan(run, found.standing, today or date.today(), len(errors) or None)
    months = done.settings.months[run.loaded.plan.closed_months : done.closed_months]
    told = _told(run, found, months) if found.other else None
    return Closed(months, _edits(run.loaded, done), errors, run.loaded.lang, told)


def _told(run: Run, found: Issued, months: tuple[Month, ...]) -> Finding:
    """What is recorded otherwise than the plan says now."""
    place = Place(run.loaded.path.name, run.loaded.tables["targets"].sheet)
    return Finding.of(
        "close-as-issued", place, count=found.other + found.blank, first=months[0], last=months[-1]
    )


def has_record(loaded: Loaded) -> bool:
    """Whether the master has the sheet 关账记录, with both of its tables."""
    return set(RECORD) <= loaded.tables.keys()


def _with_record(loaded: Loaded) -> tuple[Sequence[Change], Loaded]:
    """What adds the sheet 关账记录, and the master as it reads with it. Nothing is written."""
    from salesplan.app.typed_cells import with_changes
    from salesplan.fill.additions import additions
    from salesplan.plan.schema import sheet

    found = additions(loaded, [sheet("closes")])
    return found.changes, with_changes(loaded, found.changes)


def reopen(
    path: Path,
    *,
    month: Month,
    reason: str,
    dry_run: bool = False,
    today: date | None = None,
    say: Say = unheard,
) -> Closed:
    """Open a closed month again, and all closed ones after it, for a ``reason``.

    Raises SalesplanError (exit 2) for a month that is not closed, or without a reason; else as
    recalc does.
    """
    from salesplan.app.master import refuse_other_years
    from salesplan.plan.loader import load

    loaded = load(path)
    refuse_other_years(path, loaded.plan, month, None)
    done = to_reopen(loaded, month, reason, today=today)
    return done if dry_run else _written(loaded, done, f"reopen {month}", say)


def to_reopen(loaded: Loaded, month: Month, reason: str, *, today: date | None = None) -> Closed:
    """What opens a closed month again, and all closed ones after it; nothing is written.

    Raises SalesplanError as :func:`reopen`.
    """
    from salesplan.engine.changes.closing import reopen as opened

    plan, name = loaded.plan, loaded.path.name
    shut = closed_months(plan)
    if month not in shut:
        last = shut[-1] if shut else "—"
        raise SalesplanError(
            Finding.of("reopen-not-closed", Place(name), month=month, last=last), 2
        )
    if not reason.strip():
        raise SalesplanError(Finding.of("reopen-no-reason", Place(name), month=month), 2)
    done = opened(plan, month, day=today or date.today(), by=who(), reason=reason.strip())
    return Closed(shut[shut.index(month) :], _edits(loaded, done), (), loaded.lang)


def closed_months(plan: Plan) -> tuple[Month, ...]:
    """The months that are closed, unbroken from the year's first."""
    return plan.settings.months[: plan.closed_months]


def closed_plan(run: Run, standing: Standing, day: date, errors: int | None = None) -> Plan:
    """The plan with the run's report month closed, as the figures stand."""
    from salesplan.engine.changes.closing import close as closed

    return closed(run.loaded.plan, standing, run.results.month, day=day, by=who(), errors=errors)


def standing(run: Run) -> Standing:
    """The run's figures as the plan says them now."""
    from salesplan.engine import current
    from salesplan.engine.changes.closing import Standing

    plan, results = run.loaded.plan, run.results
    facts = results.facts
    actual: Callable[..., object] = lambda kpi, unit, month: (  # noqa: E731
        None if facts is None else facts.value(kpi, unit, month, month)
    )
    return Standing(
        targets=results.targets,
        products=results.products,
        adjustments=results.adjustments,
        transfers=current(plan, results).transfers,
        actual=actual,  # type: ignore[arg-type]
    )


def _issued(run: Run) -> Issued:
    """The figures of the months that close as they are filled on 目标分解; a month without a
    column there, as the plan says them. A change that the last filling does not have is none of
    theirs.
    """
    from salesplan.engine.changes.issued import Issued, as_filled

    plan, found = run.loaded.plan, run.loaded.tables.get("targets")
    now = standing(run)
    if found is None:
        return Issued(now, 0, 0)
    months = plan.settings.months
    places = [
        at
        for at in range(plan.closed_months, months.index(run.results.month) + 1)
        if f"month{months[at].month}" in found.columns
    ]
    issued = as_filled(plan, now, places)
    if not issued.other:
        return issued
    later = _not_in_force_yet(run)
    held = [one for one in now.adjustments if one.change not in later]
    return replace(issued, standing=replace(issued.standing, adjustments=held))


def _not_in_force_yet(run: Run) -> set[str]:
    """The changes that the column 是否生效 does not have in force, as it was last filled."""
    found = run.loaded.tables.get("changes")
    if found is None or "in_force" not in found.columns:
        return set()
    marks = _in_force_marks()
    cells = dict(zip(found.row_numbers, found.column("in_force"), strict=True))
    later = set()
    for change in run.loaded.plan.changes:
        said = str(cells.get(change.origin.row) or "")
        if not said.startswith(marks):
            later.add(change.code)
    return later


def _in_force_marks() -> tuple[str, ...]:
    """How the column begins where a change is in force, or will be, in both languages."""
    from salesplan.messages import text

    marks = []
    for code in ("adjust-in-force", "adjust-scheduled"):
        said = Finding.of(code, month="|")
        marks += [text(said, lang).partition("|")[0] for lang in ("zh", "en")]
    return tuple(marks)


def _refuse_unclosable(run: Run, despite_errors: bool) -> tuple[Finding, ...]:
    """The errors that touch the month's figures; SalesplanError where they, or anything else,
    forbid to close it.
    """
    from salesplan.audience.error_scope import ErrorScope
    from salesplan.audience.whole import Whole

    plan, month, file = run.loaded.plan, run.results.month, run.loaded.path.name
    at = plan.settings.months.index(month)
    _refuse_without_room(run)
    if at < plan.closed_months:
        raise SalesplanError(Finding.of("close-already", Place(file), month=month), 2)
    if not run.results.month_over:
        raise SalesplanError(
            Finding.of("close-not-over", Place(file), month=month, day=run.results.as_of), 2
        )
    errors = ErrorScope.of(run.loaded, Whole(plan, run.results), run.findings).company
    if errors and not despite_errors:
        raise SalesplanError(
            Finding.of(
                "close-errors",
                errors[0].place,
                month=month,
                count=len(errors),
                places=[str(one.place) for one in errors[:5]],
            ),
            1,
        )
    return errors


def _refuse_without_room(run: Run) -> None:
    """SalesplanError (exit 1) where the sheet 关账记录 is there without its two tables: they have
    no place to go.
    """
    from salesplan.plan.schema import sheet, table

    loaded = run.loaded
    name = sheet("closes").title(loaded.lang)
    there = [loaded.tables[key] for key in RECORD if key in loaded.tables]
    if len(there) == len(RECORD) or (not there and name not in loaded.source.sheets):
        return
    missing = [key for key in RECORD if key not in loaded.tables]
    heads = table(missing[0]).columns[:3]
    shown = there[0].sheet if there else name
    place = Place(loaded.path.name, shown)
    raise SalesplanError(Finding.of("close-no-tables", place, sheet=shown, heads=heads), 1)


def _edits(loaded: Loaded, done: Plan) -> Edits:
    """The cells of 关账记录 that change; SalesplanError (exit 1) where they have no room."""
    from salesplan.fill import Edits
    from salesplan.fill.closes import close_edits

    if not has_record(loaded):
        return Edits()
    made = close_edits(loaded, done)
    if made.findings:
        raise SalesplanError(made.findings[0], 1)
    return made.edits


def _written(
    loaded: Loaded, done: Closed, what: str, say: Say, before: Sequence[Change] = ()
) -> Closed:
    from salesplan.workbook.save.store import save_patched

    written = save_patched(
        loaded.path,
        [*done.edits.changes()],
        expect_sha256=loaded.sha256,
        who=who(),
        what=what,
        say=say,
        before=before,
    )
    return replace(done, written=written)
