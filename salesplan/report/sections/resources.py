"""工具与技能: the check list of step 4, and what tasks ask of each skill against the people who
have it. It stands below the budget; a plan that has neither has no such block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from salesplan.engine.work.skills import SkillLoad
from salesplan.engine.work.tools import ToolLine
from salesplan.plan.model import Light, ToolStatus
from salesplan.plan.model.skills import Abilities, names_of
from salesplan.plan.normalize import folded
from salesplan.report.figures.context import Context
from salesplan.report.figures.formulas import RATE_PLACES, SUM_PLACES, to_places
from salesplan.report.figures.grid import CENTER, RIGHT, Column, listed
from salesplan.report.figures.report import Report
from salesplan.report.narrative import phrases
from salesplan.report.sections import budget
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.styles import LIGHT_COLORS, MONTH, PERCENT_WHOLE
from salesplan.report.xlsx.writer import Page
from salesplan.wording import sentences

FIRST, LAST = budget.FIRST, budget.LAST
MOST = 15
"""Lines of either table: the rest is counted."""
DAYS = "#,##0.0"
STATUS_LIGHTS = {
    ToolStatus.READY: Light.GREEN,
    ToolStatus.TO_COME: Light.GREY,
    ToolStatus.UNDATED: Light.AMBER,
    ToolStatus.TOO_LATE: Light.AMBER,
    ToolStatus.NOT_READY: Light.RED,
}
_FIRST_TO_ACT = (
    ToolStatus.NOT_READY,
    ToolStatus.TOO_LATE,
    ToolStatus.UNDATED,
    ToolStatus.TO_COME,
    ToolStatus.READY,
    None,
)


def shown_here(context: Context) -> bool:
    """Whether there is anything to show."""
    return bool(context.results.tools or context.results.skill_loads)


def write(report: Report) -> None:
    """Tools, those to act on first; then skills, the shortest first."""
    if "resources" not in report.pages:
        return
    title, said = _title(report), _sentence(report)
    page = report.open("resources", LAST, "" if title else said, title)
    report.states["resources"] = said
    row = page.top
    tools = sorted(report.context.results.tools, key=lambda one: _FIRST_TO_ACT.index(one.status))
    if tools:
        row = _tools(report, page, tools, row)
    if report.context.results.skill_loads:
        row = _skills(report, page, report.context.results.skill_loads, row)
    page.freeze(page.top, 0)
    page.set_print(None, LAST, area_rows=row - 1)


def _title(report: Report) -> str:
    """What is wrong, as a title; "" where nothing is: then the section's own, and its sentence."""
    late = any(not _is_quiet(line) for line in report.context.results.tools)
    short = any(not _is_enough(load) for load in report.context.results.skill_loads)
    if late and short:
        return "title_both_lacking"
    if late:
        return "title_tools_late"
    return "title_skills_short" if short else ""


def _sentence(report: Report) -> str:
    """How many tools are there and which are late; which skill is the shortest."""
    context, tools = report.context, report.context.results.tools
    parts = []
    if tools:
        late = [line.tool.tool for line in tools if line.is_late]
        quiet = sum(_is_quiet(line) for line in tools)
        facts = {"count": str(len(tools)), "late": str(len(late)), "folded": str(quiet)}
        said = report.words("sentence_tools", **facts, names=phrases.listed(context, late))
        parts.append(said if late else report.words("sentence_tools_fine", **facts))
    loads = [load for load in context.results.skill_loads if load.people]
    short = [load.skill for load in loads if load.tightest.is_short]
    alone = [load.skill for load in context.results.skill_loads if not load.people]
    if short:
        parts.append(report.words("sentence_skills_short", names=phrases.listed(context, short)))
    elif loads:
        tightest = loads[0].tightest
        facts = {
            "skill": loads[0].skill,
            "month": context.short_month(tightest.month),
            "asked": f"{tightest.asked.normalize():.3g}",
            "there": str(tightest.there),
        }
        parts.append(report.words("sentence_skills_fine", **facts))
    if alone:
        parts.append(report.words("sentence_skills_nobody", names=phrases.listed(context, alone)))
    return sentences(parts, context.lang)


def _tools(report: Report, page: Page, tools: Sequence[ToolLine], row: int) -> int:
    """The check list from ``row`` on; returns the row for what follows."""
    context = report.context
    shown = tools[:MOST]
    quiet = [at for at, one in enumerate(shown) if _is_quiet(one)]
    columns: tuple[Column[ToolLine], ...] = (
        Column("tool", lambda line: line.tool.tool, over=2),
        Column("purpose", lambda line: line.tool.purpose or None, over=3),
        Column("owner", lambda line: _unit(report, line.tool.owner)),
        Column("needed", lambda line: line.needed, look=CENTER),
        Column("ready_by", lambda line: line.tool.ready_by, look=CENTER),
        Column("status", lambda line: context.label(line.status), look=CENTER, over=2),
        Column("task", lambda line: line.tool.task, look=CENTER),
        Column("user", lambda line: _unit(report, line.tool.user), over=2),
    )
    grid = listed(report, page, "tool", columns, shown, row, FIRST)
    last = row + len(shown)
    tints = {context.label(one): LIGHT_COLORS[light] for one, light in STATUS_LIGHTS.items()}
    page.tints(row + 1, last, grid.column("status"), tints)
    for at in quiet:
        page.fold(row + 1 + at)
    if len(quiet) == len(shown):
        page.fold(row)
    return _rest(report, page, len(tools) - MOST, last)


def _is_quiet(line: ToolLine) -> bool:
    """Whether nobody need act on the tool: it is folded away."""
    return line.status in (ToolStatus.READY, ToolStatus.TO_COME, None)


def _skills(report: Report, page: Page, loads: Sequence[SkillLoad], row: int) -> int:
    """What is asked of each skill after the cut-off, on paper where there is not enough; returns
    the row for what follows.
    """
    shown = loads[:MOST]
    quiet = [at for at, one in enumerate(shown) if _is_enough(one)]
    facts = {"folded": "0" if len(quiet) == len(shown) else str(len(quiet))}
    page.heading(row, FIRST, report.words("skills_heading", **facts))
    listed(report, page, "skill", _skill_columns(report), shown, row + 1, FIRST)
    last = _rest(report, page, len(loads) - MOST, row + 1 + len(shown)) - 1
    page.wide(last, FIRST, LAST, report.words("skills_rule"), "note")
    if len(quiet) == len(shown):
        page.fold_block(row, last)
        return last + 1
    for at in quiet:
        page.fold(row + 2 + at)
    return last + 2


def _is_enough(load: SkillLoad) -> bool:
    return bool(load.people) and not load.tightest.is_short


def _skill_columns(report: Report) -> tuple[Column[SkillLoad], ...]:
    context = report.context
    abilities = Abilities(context.plan)

    def people(load: SkillLoad) -> str:
        held = (one for one in abilities.holders(folded(load.skill)) if one.person in load.people)
        return phrases.listed(context, list(names_of(held, context.plan)))

    def days(key: str, value: Callable[[SkillLoad], Scalar]) -> Column[SkillLoad]:
        return Column(key, value, look=RIGHT, form=DAYS)

    def rate(load: SkillLoad) -> Decimal | None:
        """Of the days as the cell beside shows them, as its formula has it."""
        shown = to_places(load.asked, SUM_PLACES)
        return to_places(shown / load.there, RATE_PLACES) if load.there else None

    def state(load: SkillLoad) -> str:
        if not load.people:
            return report.words("skill_state_nobody")
        return report.words("skill_state_enough" if _is_enough(load) else "skill_state_short")

    return (
        Column("name", lambda load: load.skill, over=2),
        Column("people", lambda load: people(load) or None, over=2),
        Column("level", lambda load: context.label(load.level), look=CENTER),
        Column("tasks", lambda load: phrases.listed(context, list(load.tasks)), over=2),
        days("asked", lambda load: to_places(load.asked, SUM_PLACES)),
        days("there", lambda load: load.there),
        Column(
            "load",
            rate,
            lambda _, at: report.formulas.share(at("asked"), at("there")),
            RIGHT,
            PERCENT_WHOLE,
        ),
        Column("tightest", lambda load: load.tightest.month.last, look=CENTER, form=MONTH),
        days("month_asked", lambda load: to_places(load.tightest.asked, SUM_PLACES)),
        days("month_there", lambda load: load.tightest.there),
        Column("state", state),
    )


def _unit(report: Report, code: str) -> str | None:
    return report.context.unit_name(code) if code else None


def _rest(report: Report, page: Page, more: int, last: int) -> int:
    """A line that counts what is not listed; returns the row for what follows."""
    if more > 0:
        last += 1
        page.write(
            last,
            FIRST,
            report.words("others", count=str(more)),
            report.book.style("muted"),
        )
    return last + 2
