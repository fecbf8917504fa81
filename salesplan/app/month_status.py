"""Where the month of a master stands: who has reported, what is wrong, what was filled, made, sent
and closed. Reads; writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import Run
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, SalesplanError

if TYPE_CHECKING:
    from salesplan.app.sending import Standing
    from salesplan.plan.model import Month, Plan, Unit
    from salesplan.workbook.save.journal import HistoryEntry


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who has reported and who has not; both empty where nobody has to."""

    done: tuple[Unit, ...] = ()
    missing: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A report that lies there: its file, when it was written (UTC), and whether the master has
    been saved since.
    """

    file: Path
    time: datetime
    outdated: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A folder of everybody's reports: how many recipients stand where, how many drafts lie in it
    for a person to send, or why that cannot be told (``trouble``).
    """

    folder: Path
    month: str = ""
    counts: tuple[tuple[Standing, int], ...] = ()
    drafts: int = 0
    trouble: Finding | None = None

    @property
    def open(self) -> int:
        """Recipients for whom nothing was sent, and no draft was written."""
        from salesplan.app.sending import Standing

        return max(dict(self.counts).get(Standing.OPEN, 0) - self.drafts, 0)


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """Where the report month stands.

    ``actuals`` speaks of the lowest units that have a target in the month, ``reviews`` of whoever
    has a row of the cut-off's week in 周复盘 (None: there is no such week). ``stale`` counts the
    cells that a recalculation would change.
    """

    run: Run
    actuals: Reporting
    reviews: Reporting | None
    stale: int
    recalculated: HistoryEntry | None
    report: Made | None
    sent: Sent | None


def standing(
    path: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    folder: Path | None = None,
    lang: str | None = None,
) -> MonthStatus:
    """Where the month of a master stands; its reports are looked for in ``folder``, by default
    beside the master. Raises SalesplanError as :func:`salesplan.app.check`.
    """
    from salesplan.app.master import check, history
    from salesplan.app.reports import report_stem

    run = check(path, month=month, as_of=as_of, today=today)
    plan = run.loaded.plan
    beside = folder or path.parent
    saves = [one for one in history(path) if one.kind == "save" and one.what.startswith("recalc")]
    stem = report_stem(run, path, beside, lang or run.loaded.lang)
    places = (beside / f"{stem}.xlsx", beside / stem / f"{stem}.xlsx")
    made = [one for file in places if (one := _made(path, file)) is not None]
    return MonthStatus(
        run,
        _actuals(plan, run),
        _reviews(plan, run),
        len(run.filled.edits),
        saves[-1] if saves else None,
        max(made, key=lambda one: one.time, default=None),
        _sent(folder, beside / stem, today),
    )


def _actuals(plan: Plan, run: Run) -> Reporting:
    """Of the lowest units with a target in the month those that have a row of it; who has none is
    not missing where a unit above has one and nobody else below that.
    """
    month = run.results.month
    at = plan.settings.months.index(month)
    wanted = {unit for (_, unit), target in run.results.targets.items() if target.months[at]}
    rows = {
        unit for unit, of in zip(plan.actuals.unit, plan.actuals.month, strict=True) if of == month
    }
    lowest = [
        unit for unit in plan.units if unit.code in wanted and not plan.children.get(unit.code)
    ]
    covered = _spoken_for(plan, rows)
    done = tuple(unit for unit in lowest if unit.code in rows | covered)
    return Reporting(done, tuple(unit for unit in lowest if unit not in done))


def _spoken_for(plan: Plan, rows: set[str]) -> set[str]:
    """Units below one that has rows of its own, where none of them has any."""
    found: set[str] = set()
    for top in rows:
        below = (
            [unit.code for _, unit in plan.walk(top) if unit.code != top]
            if plan.children.get(top)
            else []
        )
        if rows.isdisjoint(below):
            found |= set(below)
    return found


def _reviews(plan: Plan, run: Run) -> Reporting | None:
    """Whoever has a row in the cut-off's week of 周复盘, by whether all of them have an actual."""
    weekly = run.results.weekly
    week = None if weekly is None else weekly.this_week
    if week is None or not week.lines:
        return None
    people = dict.fromkeys(line.person for line in week.lines)
    found = [plan.unit_by_code[one] for one in people if one in plan.unit_by_code]
    late = set(week.unreported)
    return Reporting(
        tuple(unit for unit in found if unit.code not in late),
        tuple(unit for unit in found if unit.code in late),
    )


def _made(master: Path, file: Path) -> Made | None:
    """The report at ``file``, where one lies there that is this master's."""
    from salesplan.app.reports import master_of
    from salesplan.workbook.save.file_names import shown

    if file.is_symlink() or not file.is_file() or master_of(file) != shown(master.name):
        return None
    written = file.stat().st_mtime
    return Made(file, datetime.fromtimestamp(written, UTC), master.stat().st_mtime > written)


def _sent(folder: Path | None, beside: Path, today: date | None) -> Sent | None:
    """How far the delivery of a folder of reports is; None where there is no such folder."""
    from salesplan.app.sending import DRAFTS, delivery
    from salesplan.delivery.manifest import NAME

    found = next((one for one in (folder, beside) if one and (one / NAME).is_file()), None)
    if found is None:
        return None
    try:
        done = delivery(found, today=today)
    except SalesplanError as error:
        return Sent(found, trouble=error.finding)
    drafts = sum(1 for _ in (found / DRAFTS).glob("*.eml"))
    counts = _counted([item.standing for item in done.items])
    return Sent(found, done.manifest.month, counts, drafts)


def _counted(standings: Sequence[Standing]) -> tuple[tuple[Standing, int], ...]:
    return tuple(Counter(standings).items())
