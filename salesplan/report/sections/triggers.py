"""触发的预警: what fired, below the issues, each with the change to begin in 变更记录."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from salesplan.engine.work.triggers import Firing
from salesplan.messages import show
from salesplan.plan.schema import table
from salesplan.report.figures.grid import WRAP, Column, first_listed
from salesplan.report.figures.report import Report
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.writer import Page


def fired(report: Report) -> tuple[Firing, ...]:
    """Every firing, in the order of the rules, the worst of each first."""
    results = report.context.results.triggers.values()
    return tuple(chain.from_iterable(result.firings for result in results))


def alone(report: Report, widths: Mapping[int, float], last: int) -> None:
    """The sheet of the issues where there are none: what fired, if anything did."""
    if not fired(report):
        return report.nothing("problems", "no_problems")
    page = report.open("problems", last, report.words("no_problems"))
    page.fix(widths)
    end = write_triggers(report, page, page.top - 1)
    page.set_print(None, last, area_rows=end)
    return None


def write_triggers(report: Report, page: Page, row: int) -> int:
    """The block from ``row`` on, under the columns of the issues; returns the row after it."""
    return first_listed(
        report,
        page,
        "trigger",
        _columns(report),
        fired(report),
        row,
        heading=lambda count: report.words("triggers_heading", count=count),
        more=lambda count: report.words("triggers_more", count=count),
    )


def _columns(report: Report) -> tuple[Column[Firing], ...]:
    context = report.context
    rules = {one.code: one for one in context.plan.triggers}

    def rule(one: Firing) -> Scalar:
        remark = rules[one.rule].remark if one.rule in rules else ""
        return f"{one.rule} {remark}".strip()

    def owner(one: Firing) -> Scalar:
        rule = rules.get(one.rule)
        return context.unit_name(rule.owner) if rule is not None and rule.owner else None

    def change(one: Firing) -> Scalar:
        if one.proposal is None:
            return None
        if one.proposal.raised:
            return report.words("trigger_raised", change=one.proposal.raised)
        column = table(one.proposal.table).column(one.proposal.column)
        return f"{one.proposal.subject} · {column.header(context.lang)}"

    def before(one: Firing) -> Scalar:
        open_one = one.proposal if one.proposal is not None and not one.proposal.raised else None
        value = None if open_one is None else open_one.before
        return None if value is None else show(value, context.lang)

    def said(one: Firing) -> Scalar:
        """The sentence without the rule that it begins with: that has its own column."""
        _, _, words = context.say(one.said).partition(": ")
        return words[:1].upper() + words[1:]

    return (
        Column("rule", rule, look=WRAP, over=4),
        Column("said", said, look=WRAP, over=4),
        Column("change", change, look=WRAP, over=2),
        Column("before", before, look=WRAP),
        Column("since", lambda one: one.since.isoformat(), look=("center",)),
        Column("owner", owner, look=WRAP, over=2),
    )
