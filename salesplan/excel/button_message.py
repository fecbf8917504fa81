"""What a button says: one sentence that names the workbook, the worst of what was found, and the
whole list on demand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, fix, severity, show, text
from salesplan.plan.schema import SHEETS
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.app import Run
    from salesplan.fill import Edit

Row = tuple[str, ...]

TITLES = {"zh": "销售计划", "en": "Sales Plan"}

FEW = 3
"""Findings that a message tells in full; the whole list is shown on demand."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a button says: its lines, in which language, whether the workbook has errors, and which
    workbook it is.

    ``more`` is the whole list, row by row under ``heads``; the first cell of a row may be a place
    such as ``组织!N6``. What is ``quiet`` follows a question that was answered with no:
    it is no box of its own.
    """

    lines: tuple[str, ...]
    lang: str
    failed: bool = False
    book: str = ""
    heads: Row = ()
    more: tuple[Row, ...] = ()
    quiet: bool = False

    def of(self, book: str) -> Said:
        """The same, of a workbook of that name."""
        return replace(self, book=book)

    def __str__(self) -> str:
        first = f"{self.book}: {self.lines[0]}" if self.book else self.lines[0]
        return "\n".join((first, *self.lines[1:]))


Rest = Callable[[], Said]
"""The work that is left when the workbook has been read; it may take as long as it takes."""


def with_findings(
    lang: str, lines: Sequence[str], findings: Sequence[Finding], *, more: Sequence[Row] = ()
) -> Said:
    """The lines with a count of the findings in the first, the worst of them below, and all of them
    on demand.

    With ``more`` that list is the one shown on demand.
    """
    first, *rest = lines
    counted = counts(findings, lang)
    told = list(chain.from_iterable(sentence(finding, lang) for finding in findings[:FEW]))
    left = len(findings) - FEW
    if left > 0:
        told.append(either(lang, f"… 还有 {left} 条。", f"… and {left} more."))
    rows = tuple(more) or (tuple(_row(finding, lang) for finding in findings) if left > 0 else ())
    heads = (
        either(lang, "单元格", "Cell"),
        either(lang, "级别", "Severity") if not more else either(lang, "现在", "Now"),
        either(lang, "问题", "Finding") if not more else either(lang, "将是", "Will be"),
        either(lang, "建议", "Fix") if not more else either(lang, "行, 列", "Row, column"),
    )
    failed = any(severity(finding) is Severity.ERROR for finding in findings)
    return Said((f"{first} {counted}".strip(), *rest, *told), lang, failed, "", heads, rows)


def standing(run: Run, lang: str) -> list[str]:
    """How the company stands year to date, in one line: its KPIs counted by status, and which are
    red; the report's own statuses. None where nothing has one yet.
    """
    from salesplan.engine.actuals.progress import Span
    from salesplan.plan.model import Light
    from salesplan.wording import listed

    if len(run.plan.roots) != 1:
        return []
    company, found = run.plan.roots[0].code, run.results.attainments
    names: dict[Light, list[str]] = {}
    for kpi in run.plan.kpis:
        one = found.get((kpi.code, company, Span.YTD))
        if one is not None and one.light is not None:
            names.setdefault(one.light, []).append(kpi.name)
    if not names:
        return []
    counted = [f"{show(light, lang)} {len(names[light])}" for light in Light if light in names]
    red = listed(names.get(Light.RED, ()), lang)
    told = f" (■ {red})" if red else ""
    return [either(lang, "年初至今: ", "YTD: ") + "  ".join(counted) + told]


def counts(findings: Sequence[Finding], lang: str) -> str:
    """How many findings there are of each severity."""
    found = Counter(map(severity, findings))
    return "  ".join(f"{SEVERITY_NAMES[level].of(lang)} {found[level]}" for level in Severity)


def sentence(finding: Finding, lang: str) -> list[str]:
    """A finding with its place, and its fix below it."""
    place = f"{finding.place}  " if finding.place.sheet else ""
    lines = [f"{SEVERITY_NAMES[severity(finding)].of(lang)}  {place}{text(finding, lang)}"]
    return lines + ([f"    → {todo}"] if (todo := fix(finding, lang)) else [])


def _row(finding: Finding, lang: str) -> Row:
    place = str(finding.place) if finding.place.sheet else ""
    return (
        place,
        SEVERITY_NAMES[severity(finding)].of(lang),
        text(finding, lang),
        fix(finding, lang),
    )


def edit_row(edit: Edit, lang: str) -> Row:
    """A cell's change as a row of the list."""
    label = " · ".join(filter(None, (edit.row, edit.column)))
    return (f"{edit.sheet}!{edit.cell}", shown(edit.old, lang), shown(edit.new, lang), label)


def shown(value: object, lang: str) -> str:
    """A cell's value as it is listed; a dash for a blank one."""
    return "—" if value is None or value == "" else show(value, lang)


def stored(book: Any, lang: str) -> str:
    """Whether what was just filled is in the file: "not saved", or AutoSave sees to it."""
    from salesplan.excel.hosts import saves_itself

    if saves_itself(book):
        return either(lang, "由自动保存存盘", "saved by AutoSave")
    return either(lang, "未保存", "not saved")


def nothing_written(lang: str) -> Said:
    """What is said where the person did not agree."""
    return Said((either(lang, "没有写入任何内容。", "Nothing was written."),), lang, quiet=True)


def language(book: Any) -> str:
    """The language of most of the workbook's sheets that the schema knows."""
    names = {sheet.name for sheet in book.sheets}
    chinese = sum(one.zh in names for one in SHEETS)
    english = sum(one.en in names for one in SHEETS)
    return "zh" if chinese >= english else "en"
