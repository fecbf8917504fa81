"""Closing a month and opening it again: what was issued and achieved is kept in the workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Say, refuse_unless_master, unheard, who
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.app.keeping import Run
    from salesplan.fill import Edit
    from salesplan.plan.model import Month, Plan


@dataclass(frozen=True, slots=True)
class Closed:
    """A close or a reopening: the months, the cells that change, the errors there were, and where
    it was written (None: nowhere).
    """

    months: tuple[Month, ...]
    edits: tuple[Edit, ...]
    errors: tuple[Finding, ...]
    lang: str
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
    filled now.

    Raises SalesplanError: exit 1 where errors touch its figures (not with ``despite_errors``,
    which is recorded) or what is filled is not what the plan says now; exit 2 for a month that is
    not over or is closed; else as recalc does.
    """
    from salesplan.app.adding import add
    from salesplan.app.master import check
    from salesplan.plan.schema import sheet

    run = check(path, month=month, as_of=as_of, today=today)
    refuse_unless_master(run.loaded)
    if not {"closes", "closed"} <= run.loaded.tables.keys() and not dry_run:
        _refuse_unclosable(run, despite_errors)
        add(path, [sheet("closes").title(run.loaded.lang)], say=say)
        run = check(path, month=month, as_of=as_of, today=today)
    errors = _refuse_unclosable(run, despite_errors)
    done = closed_plan(run, today or date.today(), len(errors) or None)
    months = done.settings.months[run.loaded.plan.closed_months : done.closed_months]
    return _written(run, done, months, errors, f"close {months[-1]}", dry_run, say)


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
    from salesplan.app.master import check
    from salesplan.engine.changes import closing

    run = check(path, month=month, today=today)
    plan = run.loaded.plan
    shut = plan.settings.months[: plan.closed_months]
    if month not in shut:
        last = shut[-1] if shut else "—"
        raise SalesplanError(
            Finding.of("reopen-not-closed", Place(path.name), month=month, last=last), 2
        )
    if not reason.strip():
        raise SalesplanError(Finding.of("reopen-no-reason", Place(path.name), month=month), 2)
    done = closing.reopen(plan, month, day=today or date.today(), by=who(), reason=reason.strip())
    months = shut[shut.index(month) :]
    return _written(run, done, months, (), f"reopen {month}", dry_run, say)


def closed_plan(run: Run, day: date, errors: int | None = None) -> Plan:
    """The plan with the run's report month closed, as the run's figures stand."""
    from salesplan.engine import current
    from salesplan.engine.changes import closing

    plan, results = run.loaded.plan, run.results
    facts = results.facts
    actual: Callable[..., object] = lambda kpi, unit, month: (  # noqa: E731
        None if facts is None else facts.value(kpi, unit, month, month)
    )
    standing = closing.Standing(
        targets=results.targets,
        adjustments=results.adjustments,
        transfers=current(plan, results).transfers,
        actual=actual,  # type: ignore[arg-type]
    )
    return closing.close(plan, standing, results.month, day=day, by=who(), errors=errors)


def _refuse_unclosable(run: Run, despite_errors: bool) -> tuple[Finding, ...]:
    """The errors that touch the month's figures; SalesplanError where they, or anything else,
    forbid to close it.
    """
    from salesplan.audience.touching import Touching
    from salesplan.audience.whole import Whole

    plan, month, file = run.loaded.plan, run.results.month, run.loaded.path.name
    at = plan.settings.months.index(month)
    if at < plan.closed_months:
        raise SalesplanError(Finding.of("close-already", Place(file), month=month), 2)
    if not run.results.closed:
        raise SalesplanError(
            Finding.of("close-not-over", Place(file), month=month, day=run.results.as_of), 2
        )
    errors = Touching.of(run.loaded, Whole(plan, run.results), run.findings).company
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
    stale = _not_filled(run)
    if stale:
        place = Place(file, stale[0].sheet, stale[0].cell)
        raise SalesplanError(
            Finding.of("close-not-filled", place, month=month, count=len(stale)), 1
        )
    return errors


def _not_filled(run: Run) -> list[Edit]:
    """The cells of targets up to the month that do not say what the plan says now."""
    found = run.loaded.tables.get("targets")
    if found is None:
        return []
    months = run.loaded.plan.settings.months
    closing = months[: months.index(run.results.month) + 1]
    heads = {found.headers.get(f"month{month.month}") for month in closing}
    return [one for one in run.filled.edits if one.sheet == found.sheet and one.column in heads]


def _written(
    run: Run,
    done: Plan,
    months: tuple[Month, ...],
    errors: tuple[Finding, ...],
    what: str,
    dry_run: bool,
    say: Say,
) -> Closed:
    from salesplan.fill.closes import close_edits
    from salesplan.workbook.keep.store import save_patched

    path, lang = run.loaded.path, run.loaded.lang
    if dry_run and "closes" not in run.loaded.tables:
        return Closed(months, (), errors, lang)
    made = close_edits(run.loaded, done)
    if made.findings:
        raise SalesplanError(made.findings[0], 1)
    if dry_run:
        return Closed(months, made.edits, errors, lang)
    written = save_patched(
        path,
        [edit.change() for edit in made.edits],
        expect_sha256=run.loaded.sha256,
        who=who(),
        what=what,
        say=say,
    )
    return Closed(months, made.edits, errors, lang, written)
