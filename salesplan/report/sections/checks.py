"""检查结果: every finding of the run, worst first, with its place and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, fix, severity, text
from salesplan.plan.model import Light
from salesplan.report.figures.grid import CENTER, WRAP, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative.sentences import checks_sentence

FIRST = 1
LAST = FIRST + 11
"""The last column on paper; the codes stand beyond it."""
MOST = 5_000
"""More findings than this no one reads; the count says how many there are."""
MOST_PRINTED = 7
"""Findings on paper, the worst; the others and all notes are folded away."""
_AS_LIGHT = {Severity.ERROR: Light.RED, Severity.WARNING: Light.AMBER, Severity.NOTE: Light.GREEN}


def write(report: Report) -> None:
    """The findings as a list; on paper the notes are folded away, the sentence counts them."""
    everything = report.context.checked
    findings = everything[:MOST]
    if not findings:
        return report.nothing("checks", "no_findings")
    lang = report.context.lang
    page = report.open("checks", LAST, checks_sentence(report))
    grid = listed(report, page, "check", _columns(lang), findings, page.top, FIRST)
    top = page.top + 1
    for row, finding in enumerate(findings, top):
        if severity(finding) is Severity.NOTE or row >= top + MOST_PRINTED:
            page.fold(row)
    last = top + len(findings) - 1
    page.lights(
        top,
        last,
        grid.column("severity"),
        {_AS_LIGHT[grade]: (SEVERITY_NAMES[grade].of(lang),) for grade in Severity},
    )
    rest = everything[MOST:]
    if rest:
        page.write(last + 1, FIRST, _left_out(report, rest), report.book.style("subtitle"))
    page.set_print(None, LAST)
    return None


def _columns(lang: str) -> tuple[Column[Finding], ...]:
    """What is said of a finding."""
    return (
        Column("severity", lambda one: SEVERITY_NAMES[severity(one)].of(lang), look=CENTER),
        Column("place", lambda one: str(one.place) or None, look=WRAP),
        Column("problem", lambda one: text(one, lang) or None, look=WRAP, over=5),
        Column("fix", lambda one: fix(one, lang) or None, look=WRAP, over=5),
        Column("code", lambda one: one.code, look=("text", "muted")),
    )


def _left_out(report: Report, rest: Sequence[Finding]) -> str:
    """How many findings of each severity are not listed."""
    grades = Counter(map(severity, rest))
    counts = {grade.name.lower(): str(grades[grade]) for grade in Severity}
    return report.words("checks_left_out", count=f"{len(rest):,}", **counts)
