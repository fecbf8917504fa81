"""检查结果: every finding of the run, worst first, with its place and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, fix, severity, text
from salesplan.plan.model import Light
from salesplan.report.figures.ledger import Cell
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.pen.places import address, quoted
from salesplan.report.say.sentences import checks_sentence

COLUMNS = ("severity", "place", "problem", "fix", "code")
FIRST = 1
LAST = FIRST + len(COLUMNS) - 1
MOST = 5_000
"""More findings than this no one reads; the count says how many there are."""
_WIDTHS = {"problem": 62.0, "fix": 54.0, "place": 24.0}
_AS_LIGHT = {Severity.ERROR: Light.RED, Severity.WARNING: Light.AMBER, Severity.NOTE: Light.GREEN}


def write(report: Report) -> None:
    """The findings as a list; their counts are published for the cover: the run's, also where the
    list is cut.
    """
    everything = report.context.checked
    findings = everything[:MOST]
    lang, page = report.context.lang, report.pages["checks"]
    last = BODY_ROW + max(len(findings), 1)
    span = f"{quoted(page.name)}!{address(BODY_ROW + 1, FIRST, True)}:{address(last, FIRST, True)}"
    for grade in Severity:
        count = sum(severity(finding) is grade for finding in everything)
        left = sum(severity(finding) is grade for finding in everything[MOST:])
        counted = f'COUNTIF({span},"{SEVERITY_NAMES[grade].of(lang)}")'
        formula = f"{counted}+{left}" if left else counted
        report.cells[f"checks_{grade.name}"] = Cell(count, formula, "")
    if not findings:
        return report.nothing("checks", "no_findings")
    page = report.open("checks", LAST, checks_sentence(report))
    page.fix({FIRST + COLUMNS.index(key): width for key, width in _WIDTHS.items()})
    for offset, key in enumerate(COLUMNS):
        page.put(BODY_ROW, FIRST + offset, report.words(f"check_{key}"), "head")
    for index, finding in enumerate(findings, 1):
        name = SEVERITY_NAMES[severity(finding)].of(lang)
        cells = {
            "severity": name,
            "place": str(finding.place) or "—",
            "problem": text(finding, lang),
            "fix": fix(finding, lang),
            "code": finding.code,
        }
        for offset, key in enumerate(COLUMNS):
            style = {"severity": "center", "code": "muted"}.get(key, "wrap")
            page.put(BODY_ROW + index, FIRST + offset, cells[key], "cell", style)
    page.lights(
        BODY_ROW + 1,
        last,
        FIRST,
        {_AS_LIGHT[grade]: (SEVERITY_NAMES[grade].of(lang),) for grade in Severity},
    )
    rest = everything[MOST:]
    if rest:
        page.write(last + 1, FIRST, _left_out(report, rest), report.book.style("subtitle"))
    page.sheet.autofilter(BODY_ROW, FIRST, BODY_ROW + len(findings), LAST)
    page.sheet.freeze_panes(BODY_ROW + 1, 0)
    page.set_print((BODY_ROW, BODY_ROW), LAST)
    return None


def _left_out(report: Report, rest: Sequence[Finding]) -> str:
    """How many findings of each severity are not listed."""
    counts = {
        grade.name.lower(): str(sum(severity(finding) is grade for finding in rest))
        for grade in Severity
    }
    return report.words("checks_left_out", count=f"{len(rest):,}", **counts)
