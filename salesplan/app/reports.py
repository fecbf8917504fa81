"""The monthly report, and the main job on the built-in sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.app.common import refuse_unless_master, usable_folder
from salesplan.app.master import Recalculated, Run, check, new, recalc
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from salesplan.plan.loader import Source
    from salesplan.plan.model import Month

REPORT_NAMES = {"zh": "月度执行分析报告", "en": "monthly-execution-report"}
DEMO_NAMES = {"zh": "主计划示例.xlsx", "en": "master-example.xlsx"}


@dataclass(frozen=True, slots=True)
class Reported:
    """``printed`` is the PDF, if one was asked for."""

    run: Run
    written: Path
    printed: Path | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    master: Path
    recalculated: Recalculated
    report: Path


def report(
    path: Path,
    *,
    month: Month | None = None,
    as_of: date | None = None,
    today: date | None = None,
    folder: Path | None = None,
    lang: str | None = None,
    source: Source | None = None,
    details: str = "month",
    pdf: bool = False,
) -> Reported:
    """Write the monthly execution analysis workbook of a master into ``folder`` (default: beside it), and with ``pdf`` its print beside it.

    ``source`` as in :func:`check`. ``details``: whose actual rows stand behind the numbers, of the report "month", of the year to date ("ytd"), or "none".
    Raises SalesplanError: exit 2 where a print is asked for without LibreOffice, 3 where the report cannot be written, 4 for an unreadable master.
    """
    from salesplan.audience.slicing import Whole
    from salesplan.audience.touching import Touching, places
    from salesplan.report import write_report
    from salesplan.workbook.read.cells import without_collector
    from salesplan.workbook.soffice import needed, print_to

    if pdf:
        needed("print-program-missing", path)
    with (
        without_collector()
    ):  # one stretch: in between, all that was read would be looked through for cycles
        run = check(path, month=month, as_of=as_of, today=today, source=source)
        refuse_unless_master(run.loaded)
        lang = lang or run.loaded.lang
        folder = folder or path.parent
        usable_folder(folder)
        target = folder / f"{REPORT_NAMES[lang]}_{run.results.month}.xlsx"
        keep_what_was_typed(run, path, target)
        whole = Whole(run.plan, run.results)
        try:
            write_report(
                run.plan,
                run.results,
                run.findings,
                target,
                lang=lang,
                source_name=path.name,
                details=details,
                errors=places(Touching.of(run.loaded, whole, run.findings).company),
            )
        except OSError as error:
            raise not_written(target, error) from error
    return Reported(run, target, print_to(target, folder) if pdf else None)


def keep_what_was_typed(run: Run, master: Path, target: Path) -> None:
    """Raises SalesplanError (exit 3) where a report stands at ``target`` into which something was typed that the master does not say."""
    if not target.exists():
        return
    from salesplan.audience.slicing import Whole
    from salesplan.handout.merge import pending
    from salesplan.handout.returned import typed_in_report

    cells = [
        typed.place.cell
        for typed in pending(
            run.loaded, Whole(run.loaded.plan, run.results), typed_in_report(target)
        )
    ]
    if cells:
        place = Place(target.name)
        raise SalesplanError(
            Finding.of(
                "report-holds-text",
                place,
                file=str(target),
                count=len(cells),
                cells=cells[:10],
                master=str(master),
            ),
            3,
        )


def not_written(target: Path, error: OSError) -> SalesplanError:
    """What to raise (exit 3) where a report could not be put at ``target``."""
    return SalesplanError(
        Finding.of(
            "report-not-written",
            Place(str(target)),
            name=target.name,
            cause=error.strerror or str(error),
        ),
        3,
    )


def demo(folder: Path, *, lang: str) -> Demo:
    """The main job on the built-in sample: a filled master and its report, in ``folder``."""
    master = folder / DEMO_NAMES[lang]
    usable_folder(folder)
    master.unlink(missing_ok=True)
    new(master, lang=lang, year=2026, example=True)
    return Demo(master, recalc(master), report(master, folder=folder).written)
