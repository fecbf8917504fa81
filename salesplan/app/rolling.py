"""Next year's master out of this year's (roll-forward)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run, refuse_unless_master, usable_folder
from salesplan.dataclass import replace
from salesplan.findings import Finding, Place, SalesplanError, Severity

if TYPE_CHECKING:
    from salesplan.plan.loader import Loaded
    from salesplan.template.rolled import Rolled


def is_master(path: Path) -> bool:
    """Whether a file is a plan of ours already. Raises SalesplanError (exit 4) where it is a
    workbook that cannot be read.
    """
    from salesplan.plan.loader import load, whole

    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return False
    try:
        return whole(load(path).tables)
    except SalesplanError as error:
        if error.finding.code != "not-a-master":
            raise
        return False


def roll(
    old: Path,
    path: Path,
    *,
    year: int | None = None,
    lang: str | None = None,
    force: bool = False,
) -> Rolled:
    """Write next year's master (``year``; None: the one after the old master's) to ``path``, out
    of the one at ``old``, which is only read. In ``lang``, else in the old one's language.

    Raises SalesplanError: exit 2 for a year that is no later one, or where something is at
    ``path`` already and not ``force``; as :func:`salesplan.app.check` does.
    """
    from salesplan.app.master import check
    from salesplan.messages import severity
    from salesplan.plan.model import Month
    from salesplan.template.build import write_book
    from salesplan.workbook.save.destination import may_write, placing
    from salesplan.workbook.save.guards import named_causes

    may_write(path, None, force=force)
    if path.exists() and old.samefile(path):
        raise SalesplanError(Finding.of("roll-onto-itself", Place(old.name), file=old.name), 2)
    usable_folder(path.parent)
    first = check(old)
    refuse_unless_master(first.loaded)
    held = first.loaded.plan.settings
    if year is not None and year <= held.year:
        told = {"year": year, "old": held.year}
        raise SalesplanError(Finding.of("roll-year", Place(old.name), **told), 2)
    last = Month(held.year, held.fiscal_start).plus(11)
    run = check(old, month=last)
    made = _rolled(run, year or held.year + 1, lang or first.loaded.lang)
    wrong = sum(severity(one) is Severity.ERROR for one in first.findings)
    if wrong:
        said = Finding.of("roll-errors", Place(old.name), file=old.name, count=wrong)
        made = replace(made, findings=(said, *made.findings))
    with named_causes(path), placing(path, None, force=force) as temp:
        write_book(
            temp,
            dict(made.tables),
            lang=made.lang,
            year=made.year,
            fiscal_start=made.fiscal_start,
            sheets=made.sheets,
        )
    return made


def _rolled(run: Run, year: int, lang: str) -> Rolled:
    from salesplan.plan.model import TaskStatus
    from salesplan.plan.schema import table
    from salesplan.template.rolled import rolled

    over = {TaskStatus.DONE_ON_TIME, TaskStatus.DONE_LATE, TaskStatus.CANCELLED}
    states = {code: one.status for code, one in run.results.tasks.items()}
    sheets = [table(key).sheet for key in run.loaded.tables]
    return rolled(
        run.plan,
        year,
        _achieved(run),
        lambda task: states.get(task.code) in over,
        partial(_typed, run.loaded),
        sheets,
        lang,
    )


def _achieved(run: Run) -> Mapping[str, Decimal]:
    """What each KPI of the company came to over the year so far."""
    from salesplan.engine.actuals.progress import Span

    top = run.plan.roots[0].code if run.plan.roots else ""
    found: dict[str, Decimal] = {}
    for kpi in run.plan.kpis:
        one = run.results.attainments.get((kpi.code, top, Span.YTD))
        if one is not None and one.actual is not None:
            found[kpi.code] = one.actual
    return found


def _typed(loaded: Loaded, key: str, column: str, row: int) -> object:
    """A cell of the old master as it stands; None where there is none."""
    found = loaded.tables.get(key)
    if found is None or row not in found.row_numbers:
        return None
    value = found.value(column, row)
    return str(value) if isinstance(value, (int, float, str)) else None
