"""Groups of a source that no engine groups: its records are read one by one, as an import reads
them, and put together here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from heapq import nsmallest

from salesplan.dataclass import replace
from salesplan.plan.sources.actuals import Imported, read_records
from salesplan.plan.sources.groups import FIGURES, SIZES, Grouping, times
from salesplan.plan.sources.mapping import TEXTS
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.parts import broken
from salesplan.plan.sources.rows import ActualRow

_ONCE: Mapping[int, int] = {}


def group_records(grouping: Grouping, sources: Sources) -> None:
    """Read the records of the sources and group them. Raises SalesplanError as an import does."""
    mapped = replace(sources.mapped, deals=None, spending=None)
    imported = read_records(sources, mapped, grouping.plan)
    wrong = broken(imported.rows, grouping.plan) if "share" in imported.rows.named else {}
    for at, row in enumerate(imported.rows):
        if at in wrong:
            grouping.refuse(wrong[at])
        else:
            add_row(grouping, row)
    refuse(grouping, imported)
    if grouping.window.records:
        _show(grouping, [row for at, row in enumerate(imported.rows) if at not in wrong])


def add_row(grouping: Grouping, row: ActualRow, count: int = 1) -> None:
    """Put what so many records say alike to its group."""
    figures = row.figures
    texts = [row.texts.get(name, "") for name in TEXTS]
    multiplied = tuple(times(figures.get(name), count) for name in FIGURES)
    grouping.add(row.kpi, row.day, row.unit, texts, multiplied, figures.get("share"), count)


def _show(grouping: Grouping, rows: Sequence[ActualRow]) -> None:
    """Show the largest records of the report month by themselves."""
    by_kpi: defaultdict[str, list[ActualRow]] = defaultdict(list)
    kinds = {kpi.code: kpi.kind for kpi in grouping.plan.kpis}
    for row in rows:
        if grouping.window.shows(row.day, kinds[row.kpi]):
            by_kpi[row.kpi].append(row)
    for some in by_kpi.values():
        for row in nsmallest(grouping.window.records, some, key=_by_size):
            texts = [row.texts.get(name, "") for name in TEXTS]
            figures = tuple(row.figures.get(name) for name in FIGURES)
            key = row.source.removeprefix(f"{row.kpi}:")
            share = row.figures.get("share")
            grouping.show(key, row.kpi, row.day, row.unit, texts, figures, share)


def _by_size(row: ActualRow) -> tuple[Decimal, str]:
    sizes = (row.figures.get(name) for name in SIZES)
    return -abs(next((one for one in sizes if one is not None), Decimal(0))), row.source


def refuse(grouping: Grouping, imported: Imported, counts: Mapping[int, int] = _ONCE) -> None:
    """Leave out what an import refuses, by its reason, as often as its line counts; take over what
    else it says.
    """
    for finding in imported.findings:
        if "line" in finding.params:
            grouping.refuse(finding, counts.get(int(str(finding.params["line"])), 1))
        else:
            grouping.remark(finding)
