"""Months that are over and not closed, which a report and its delivery offer to close."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.findings import SalesplanError

if TYPE_CHECKING:
    from salesplan.app.common import Run
    from salesplan.delivery.manifest import Manifest
    from salesplan.plan.model import Month


def closable(run: Run) -> Month | None:
    """The report month, where it is over and not closed; None: there is nothing to offer."""
    return run.results.month if run.results.month_over and not run.results.month_closed else None


def closable_beside(folder: Path, manifest: Manifest) -> tuple[Path, Month] | None:
    """The master beside a folder of reports and their month, where that is over and not closed."""
    from salesplan.engine.actuals.progress import month_over
    from salesplan.engine.exact.workdays import Calendar
    from salesplan.plan.loader import load

    path = master_beside(folder, manifest)
    if path is None:
        return None
    try:
        plan = load(path).plan
    except SalesplanError:
        return None
    month, months = _last_month(manifest), plan.settings.months
    calendar = Calendar.of(plan.settings.country, plan.calendar, {one.year for one in months})
    if month not in months[plan.closed_months :] or not month_over(calendar, month, manifest.as_of):
        return None
    return path, month


def _last_month(manifest: Manifest) -> Month:
    """The last month of what the reports are of; of a longer span that of the cut-off."""
    from salesplan.plan.model import Month

    year, _, number = manifest.month.partition("-")
    return Month(int(year), int(number)) if number.isdigit() else Month.of(manifest.as_of)


def master_beside(folder: Path, manifest: Manifest) -> Path | None:
    """The master that a folder's reports were made from, where it lies beside or in the folder."""
    name = Path(manifest.master).name
    places = (folder.resolve().parent / name, folder / name)
    return next((path for path in places if path.is_file()), None)
