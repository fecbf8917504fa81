"""What the report says in words: each sentence is made of figures that stand on its sheets, and
claims no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from salesplan.engine.actuals.attainment import Attainment, span_target
from salesplan.engine.actuals.floor_stretch import Step
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.actuals.status import RateWord
from salesplan.engine.work.problems import Problem, ProblemKind, answer_to
from salesplan.engine.work.task_summary import TaskSummary
from salesplan.engine.work.weekly import friday_of
from salesplan.findings import Severity
from salesplan.messages import severity
from salesplan.plan.model import BudgetStatus, Direction, Kpi, Level, Light, Unit
from salesplan.report.figures.context import Context
from salesplan.report.narrative import phrases
from salesplan.report.narrative.subjects import subject_of
from salesplan.report.texts.spans import name_of
from salesplan.wording import clauses, sentences

if TYPE_CHECKING:
    from salesplan.report.figures.report import Report

NAMED = 3
"""How many names a sentence lists at most."""


def main_kpi(context: Context, company: Unit) -> Kpi | None:
    """The KPI the overview leads with: of the flows with a target and an actual the one of most
    weight, else any such.
    """
    found = [
        kpi
        for kpi in context.kpis
        if _known(context.results.attainments.get((kpi.code, company.code, Span.YTD)))
    ]
    flows = [kpi for kpi in found if kpi.kind.adds_over_months]
    return max(flows or found, key=lambda kpi: kpi.weight or Decimal(0), default=None)


def main_light(context: Context, company: Unit) -> Light | None:
    """The status with which the first page begins: the main KPI's, year to date."""
    kpi = main_kpi(context, company)
    one = None if kpi is None else context.results.attainments[kpi.code, company.code, Span.YTD]
    return None if one is None else one.light


def overview_parts(report: Report, company: Unit) -> tuple[list[str], list[str], list[str]]:
    """Where we stand, who and what makes it so, and what is to be done: sentences of each."""
    return (
        list(_standing(report, company)),
        list(_makers(report, company)),
        list(_doings(report)),
    )


def targets_sentence(report: Report) -> str:
    """How many lights of each colour there are below the company; which of the company's floors and
    stretch goals are reached.
    """
    company, judged = report.context.company, report.context.results.attainments
    span = report.context.looked_at
    lights = [
        light
        for key in judged
        if key[2] is span
        and (company is None or key[1] != company.code)
        and (light := judged[key].light) is not None
    ]
    count = {light: f"{lights.count(light):,}" for light in Light}
    said = report.words(
        "sentence_targets",
        green=count[Light.GREEN],
        amber=count[Light.AMBER],
        red=count[Light.RED],
        grey=count[Light.GREY],
        all=f"{len(lights):,}",
    )
    parts = [said if lights else report.words("sentence_targets_none")]
    if company is not None:
        parts += _wholes(report, company)
        parts += _steps(report, company)
    return sentences(parts, report.context.lang)


def _steps(report: Report, company: Unit) -> Iterator[str]:
    """Of the topmost unit's KPIs with a floor or a stretch: which have come how far, year to date;
    the lowest first.
    """
    context, steps = report.context, report.context.results.steps
    span = context.looked_at
    found = [
        (kpi, one.reached)
        for kpi in report.stepping.kpis
        if (one := steps.get((kpi.code, company.code, span))) is not None and one.reached
    ]
    if not found:
        return
    said = []
    for step in Step:
        names = [context.kpi_name(kpi.code) for kpi, reached in found if reached is step]
        if names:
            said.append(
                report.words(
                    f"sentence_step_{step.value}",
                    count=str(len(names)),
                    names=phrases.listed(context, names),
                )
            )
    yield report.words(
        "sentence_steps",
        unit=context.unit_name(company.code),
        all=str(len(found)),
        parts=clauses(said, context.lang),
    )


def trend_sentence(report: Report, company: Unit) -> str:
    """In how many of the months that are over each flow reached its target: of the year so far, or
    of the span that is reported.
    """
    context, here = report.context, report.context.clock.over
    first = context.looked_at.begin(context.clock.index)
    parts: list[str] = []
    for kpi in context.kpis:
        row = report.ledger.by_pair.get((kpi.code, company.code))
        if row is None or not kpi.kind.adds_over_months or here <= first:
            continue
        months = range(first + 1, here + 1)
        both = [(row.values[f"target{i}"], row.values[f"actual{i}"]) for i in months]
        known = [
            (target, actual)
            for target, actual in both
            if isinstance(target, Decimal) and isinstance(actual, Decimal)
        ]
        if known:
            met = sum(
                actual >= target if kpi.direction.value == "higher" else actual <= target
                for target, actual in known
            )
            parts.append(
                context.words(
                    "sentence_trend_kpi",
                    kpi=context.kpi_name(kpi.code),
                    met=str(met),
                    known=str(len(known)),
                )
            )
    return phrases.joined(context, parts[: NAMED + 1]) if parts else ""


def ranking_sentence(report: Report) -> str:
    """The first and the last of the highest level that can be ranked."""
    scored = _scored(report)
    if len(scored) < 2:
        return ""
    most, least = scored[0][1], scored[-1][1]
    if most == least:
        return report.words(
            "sentence_ranking_equal", count=str(len(scored)), most=phrases.percent(most)
        )
    best = phrases.listed(report.context, [name for name, score in scored if score == most])
    worst = phrases.listed(report.context, [name for name, score in scored if score == least])
    return report.words(
        "sentence_ranking",
        best=best,
        most=phrases.percent(most),
        worst=worst,
        least=phrases.percent(least),
        gap=phrases.points(most - least),
    )


def actions_sentence(report: Report) -> str:
    """Completion of what is due, and who has the most overdue tasks."""
    summary, context = report.context.results.task_summary, report.context
    if summary is None:
        return ""
    if not summary.due:
        return report.words("sentence_tasks_none_due", total=str(summary.total))
    late = sorted(
        (
            (one.overdue, context.unit_name(code))
            for code, one in context.results.tasks_by_owner.items()
            if one.overdue and code
        ),
        reverse=True,
    )
    first = report.words(
        "sentence_tasks",
        due=str(summary.due),
        finished=str(summary.finished),
        rate=phrases.percent(summary.completion),
        on_time=phrases.percent(summary.on_time_rate),
        overdue=str(summary.overdue),
        more=_more_tasks(report, summary),
    )
    names = [f"{name} ({count})" for count, name in late]
    return first + (
        report.words("sentence_tasks_late", names=phrases.names(context, names)) if names else ""
    )


def budget_sentence(report: Report) -> str:
    """Granted and used, the lines that need a look, and what a better combination would bring."""
    summary, context = report.context.results.budget_summary, report.context
    if summary is None:
        return ""
    use = summary.committed + summary.spent
    parts = [
        report.words(
            "sentence_budget",
            granted=phrases.amount(context, summary.granted),
            use=phrases.amount(context, use),
            rate=phrases.percent(use / summary.granted) if summary.granted else "—",
        )
    ]
    parts += _booked(context)
    over = [
        code
        for code, line in report.context.results.budget.items()
        if line.status is BudgetStatus.OVERSPENT
    ]
    if over:
        said = phrases.listed(context, over)
        parts.append(report.words("sentence_budget_over", count=str(len(over)), lines=said))
    if summary.best_return is not None and summary.best_return > summary.granted_return:
        more = phrases.amount(context, summary.best_return - summary.granted_return)
        parts.append(report.words("sentence_budget_best", more=more))
    return sentences(parts, context.lang)


def _booked(context: Context) -> Iterator[str]:
    """What was committed and spent in a longer span than a month."""
    ends, report_span = context.results.budget_total_months, context.report_span
    if report_span.judged not in (Span.QUARTER, Span.HALF) or not ends:
        return
    zero = (Decimal(0), Decimal(0))
    before = [(one.committed, one.spent) for one in ends if one.month < report_span.begins]
    then, now = (before or [zero])[-1], (ends[-1].committed, ends[-1].spent)
    committed, spent = (phrases.amount(context, b - a) for a, b in zip(then, now, strict=True))
    yield context.words(
        "sentence_budget_span", span=context.span_said, committed=committed, spent=spent
    )


def problems_sentence(report: Report) -> str:
    """How many, how many lasting, how many without a cause."""
    problems = report.context.results.problems
    lasting = [problem for problem in problems if problem.months > 1]
    plan = report.context.plan
    missing = sum(not answer_to(plan, problem).cause for problem in problems)
    red = sum(problem.light is Light.RED for problem in problems)
    return report.words(
        "sentence_problems",
        count=str(len(problems)),
        red=str(red),
        lasting=str(len(lasting)),
        missing=str(missing),
    )


def checks_sentence(report: Report) -> str:
    """How many findings there are of each severity."""
    count = {}
    for grade in Severity:
        count[grade] = sum(severity(finding) is grade for finding in report.context.checked)
    return report.words(
        "sentence_checks",
        errors=str(count[Severity.ERROR]),
        warnings=str(count[Severity.WARNING]),
        notes=str(count[Severity.NOTE]),
    )


def course_title(report: Report, company: Unit, kpi: Kpi) -> str:
    """The chart's message: how far off the year to date is, and where it will land."""
    context = report.context
    name = context.kpi_name(kpi.code)
    one = context.results.attainments[kpi.code, company.code, Span.YTD]
    off = phrases.off(context, kpi, one.gap)
    pace = context.results.pace.get((kpi.code, company.code))
    year = context.results.targets.get((kpi.code, company.code))
    if pace is None or not pace.landing or year is None or not year.year or context.year_over:
        return report.words("course_title", kpi=name, off=off)
    low, high = (
        end / year.year for end in (min(pace.landing.values()), max(pace.landing.values()))
    )
    return report.words(
        "course_title_landing",
        kpi=name,
        off=off,
        low=phrases.percent(low),
        high=phrases.percent(high),
        deals=phrases.by_deals(context, pace, year.year, brief=True),
    )


def _standing(report: Report, company: Unit) -> Iterator[str]:
    """First: the main KPI with its status, this year and this month, and where it will land."""
    context, results = report.context, report.context.results
    kpi = main_kpi(context, company)
    if kpi is None:
        yield report.words("sentence_no_figures")
        return
    ytd = results.attainments[kpi.code, company.code, Span.YTD]
    name = context.kpi_name(kpi.code)
    yield report.words(
        "sentence_ytd",
        light=context.light(ytd.light),
        kpi=name,
        actual=phrases.worth(context, kpi, ytd.actual),
        rate=_rate(context, ytd),
    )
    if context.report_span.judged is not Span.YTD:
        yield _of_span(report, company, kpi)
        yield _whole(report, company, kpi)
    pace = results.pace.get((kpi.code, company.code))
    year = results.attainments.get((kpi.code, company.code, Span.YEAR))
    if pace is None or pace.expected is None or pace.progress_gap is None:
        return
    ahead = report.words(
        "ahead" if pace.progress_gap >= 0 else "behind",
        points=phrases.points(abs(pace.progress_gap)),
    )
    done = ytd.actual / year.target if year and year.target and ytd.actual is not None else None
    yield report.words(
        "sentence_pace",
        done=phrases.percent(done),
        expected=phrases.percent(pace.expected),
        ahead=ahead,
    )
    if (
        pace.landing
        and year is not None
        and year.target
        and year.target > 0
        and not context.year_over
    ):
        low, high = min(pace.landing.values()), max(pace.landing.values())
        yield report.words(
            "sentence_landing" if low != high else "sentence_landing_one",
            range=phrases.between(context, kpi, low, high),
            low_rate=phrases.percent(low / year.target),
            high_rate=phrases.percent(high / year.target),
            deals=phrases.by_deals(context, pace, year.target),
            doubt=report.words("low_confidence") if pace.low_confidence else "",
        )


def _of_span(report: Report, company: Unit, kpi: Kpi) -> str:
    """The KPI in the span that is reported."""
    context, name = report.context, report.context.kpi_name(kpi.code)
    own = context.results.attainments[kpi.code, company.code, context.report_span.judged]
    if own.actual is None or own.target is None:
        key = "sentence_month_no_target" if own.target is None else "sentence_month_no_actual"
        return report.words(key, kpi=name, month=context.span_said)
    return report.words(
        "sentence_month",
        month=context.span_said,
        actual=phrases.worth(context, kpi, own.actual),
        target=phrases.worth(context, kpi, own.target),
        rate=_rate(context, own),
        light=context.light(own.light),
    )


def whole_target(context: Context, kpi: Kpi, unit: str) -> Decimal | None:
    """A flow's target of the whole span, of which months are still to come; None of one that has
    them all, and without a target.
    """
    report_span = context.report_span
    if report_span.complete or not kpi.kind.adds_over_months:
        return None
    return span_target(
        kpi, context.results.targets.get((kpi.code, unit)), report_span.first, report_span.last
    )


def _whole(report: Report, company: Unit, kpi: Kpi) -> str:
    """What the whole span asks of the KPI, and how much of that is left; blank where the target to
    date is all of it.
    """
    context = report.context
    whole = whole_target(context, kpi, company.code)
    actual = context.results.attainments[kpi.code, company.code, context.report_span.judged].actual
    if whole is None or actual is None or kpi.direction is Direction.LOWER:
        return ""
    return report.words(
        "sentence_whole",
        span=_whole_name(context),
        target=phrases.worth(context, kpi, whole),
        left=phrases.worth(context, kpi, max(whole - actual, Decimal(0))),
    )


def _wholes(report: Report, company: Unit) -> Iterator[str]:
    """The targets of the whole span of the flows, where months of it are still to come."""
    context = report.context
    known = ((kpi, whole_target(context, kpi, company.code)) for kpi in context.kpis)
    said = [
        f"{context.kpi_name(kpi.code)} {phrases.worth(context, kpi, whole)}"
        for kpi, whole in known
        if whole is not None
    ]
    if said:
        targets = clauses(said, context.lang)
        yield report.words("sentence_wholes", span=_whole_name(context), targets=targets)


def _whole_name(context: Context) -> str:
    """What the span is called, all of its months meant."""
    report_span = context.report_span
    return name_of(
        ReportSpan.of(report_span.months, report_span.ends, report_span.span), context.lang
    )


def _makers(report: Report, company: Unit) -> Iterator[str]:
    """Second: which KPIs are red, and which units make the main one what it is."""
    yield from filter(None, (red_sentence(report, company), gap_sentence(report, company)))


def red_sentence(report: Report, company: Unit) -> str:
    """How many of the KPIs are red year to date, and which; blank where none is rated."""
    context, results = report.context, report.context.results
    red = [kpi for kpi in context.kpis if _light_of(report, kpi, company) is Light.RED]
    judged = (Light.GREEN, Light.AMBER, Light.RED)
    known = [kpi for kpi in context.kpis if _light_of(report, kpi, company) in judged]
    names = [
        f"{context.kpi_name(kpi.code)} "
        f"{_rate(context, results.attainments[kpi.code, company.code, Span.YTD])}"
        for kpi in red
    ]
    if red:
        return report.words(
            "sentence_red",
            count=str(len(red)),
            all=str(len(known)),
            names=phrases.listed(context, names),
        )
    if not known:
        return ""
    below = _red_below(context, company)
    said = report.words("sentence_no_red", all=str(len(known)))
    if below:
        named = report.words("sentence_red_below", names=phrases.listed(context, below))
        said = sentences((said, named), context.lang)
    return said


def _red_below(context: Context, company: Unit) -> list[str]:
    """The KPIs of the units directly below that are red year to date, with their rates."""
    found = []
    for kpi, unit in product(context.kpis, context.plan.children.get(company.code, ())):
        one = context.results.attainments.get((kpi.code, unit.code, Span.YTD))
        if one is not None and one.light is Light.RED:
            name = f"{context.unit_name(unit.code)} {context.kpi_name(kpi.code)}"
            found.append(f"{name} {_rate(context, one)}")
    return found


def gap_sentence(report: Report, company: Unit) -> str:
    """Which of the units below have the main KPI's largest shortfall and surplus; blank where there
    are not two.
    """
    context, results = report.context, report.context.results
    kpi = main_kpi(context, company)
    if kpi is None:
        return ""
    gaps = [
        (one.status.ahead, one, unit.name)
        for unit in context.plan.children.get(company.code, ())
        if (one := results.attainments.get((kpi.code, unit.code, context.looked_at))) is not None
        and one.status.expected is not None
        and one.status.actual is not None
    ]
    if len(gaps) < 2:
        return ""
    least, most = min(gap[0] for gap in gaps), max(gap[0] for gap in gaps)
    lowest = [gap for gap in gaps if gap[0] == least]
    highest = [gap for gap in gaps if gap[0] == most]
    worst, worst_gap, worst_rate = _end(report, kpi, lowest)
    best, best_gap, best_rate = _end(report, kpi, highest)
    below = "sentence_gap_both" if most > 0 else "sentence_gap_below"
    if least < 0:
        key = below
    elif most > 0:
        key = "sentence_gap_above"
    else:
        key = "sentence_gap_none"
    return report.words(
        key,
        kpi=context.kpi_name(kpi.code),
        worst=worst,
        worst_gap=worst_gap,
        worst_rate=worst_rate,
        best=best,
        best_gap=best_gap,
        best_rate=best_rate,
        level=_level_below(context, company),
    )


def _level_below(context: Context, company: Unit) -> str:
    """What the units directly below are called."""
    levels = {unit.level for unit in context.plan.children.get(company.code, ())}
    if len(levels) != 1:
        return context.words("units_directly_below")
    return context.label(*levels).lower()


def _end(
    report: Report, kpi: Kpi, tied: list[tuple[Decimal, Attainment, str]]
) -> tuple[str, str, str]:
    """(names, gap, rates) of the units at one end: all of those that share it."""
    rates = dict.fromkeys(_rate_of_gap(report.context, one) for _, one, _ in tied)
    return (
        phrases.listed(report.context, [name for _, _, name in tied]),
        phrases.apart(report.context, kpi, tied[0][0]),
        phrases.listed(report.context, list(rates)),
    )


def _rate_of_gap(context: Context, one: Attainment) -> str:
    """The rate that belongs to a gap to what was expected: the attainment, where all of the target
    was.
    """
    if one.pace.value is None or one.pace.value == one.rate.value:
        return context.words("gap_rate", rate=_rate(context, one))
    return context.words("gap_pace", pace=phrases.percent(one.pace.value))


def _more_tasks(report: Report, summary: TaskSummary) -> str:
    """The tasks that are neither done nor overdue: due since the last working day, or on a
    day off.
    """
    said = (
        ("tasks_just_due", summary.just_due),
        ("tasks_postponed", summary.postponed),
        ("tasks_later", summary.later),
    )
    return "".join(report.words(key, count=str(count)) for key, count in said if count)


def _doings(report: Report) -> Iterator[str]:
    """Third: tasks, budget, and what is asked of the reader and until when."""
    results = report.context.results
    summary, budget = results.task_summary, results.budget_summary
    if summary is not None and summary.due:
        yield report.words(
            "sentence_doing_tasks",
            due=str(summary.due),
            finished=str(summary.finished),
            rate=phrases.percent(summary.completion),
            overdue=str(summary.overdue),
            more=_more_tasks(report, summary),
        )
    yield from _overdue(report.context)
    if budget is not None and budget.granted:
        over = sum(problem.kind is ProblemKind.OVERSPENT for problem in results.problems)
        key = "sentence_doing_budget_over" if over else "sentence_doing_budget"
        yield report.words(
            key,
            rate=phrases.percent((budget.committed + budget.spent) / budget.granted),
            over=str(over),
        )
    if results.problems:
        yield from asked(report.context)
    else:
        yield report.words("sentence_no_problems")


def _overdue(context: Context) -> Iterator[str]:
    """The overdue tasks that have an action; those without are asked for by name."""
    late = [
        one
        for one in context.results.problems
        if one.kind is ProblemKind.LATE_TASK and answer_to(context.plan, one).remedy
    ]
    if late:
        said = phrases.listed(context, [_task_of(context, one) for one in late])
        yield context.words("tasks_overdue_named", names=said)


AFTER_FRIDAY = timedelta(days=3)
"""What leads from a day to the week of the first Friday after it."""


def asked(context: Context) -> Iterator[str]:
    """What is asked of the reader and until when: an action for each issue that has none, the cause
    of what is ahead, and the overdue tasks, by the Friday review that follows the cut-off; then the
    next action that is due.
    """
    problems, plan = context.results.problems, context.plan
    answers = [(problem, answer_to(plan, problem)) for problem in problems]
    open_ones = [one for one, answer in answers if not answer.remedy]
    late = [one for one in open_ones if one.kind is ProblemKind.LATE_TASK]
    others = [one for one in open_ones if one.kind is not ProblemKind.LATE_TASK]
    parts = []
    bare = [one for one in others if not one.ahead]
    if bare:
        said = phrases.listed(context, [_issue_name(context, one) for one in bare])
        parts.append(context.words("asked_actions", count=str(len(bare)), names=said))
    if ahead := len(others) - len(bare):
        parts.append(context.words("asked_causes", count=str(ahead)))
    if late:
        said = phrases.listed(context, [_task_of(context, one) for one in late])
        parts.append(context.words("asked_tasks", names=said))
    if parts:
        day = friday_of(context.results.as_of + AFTER_FRIDAY)
        yield context.words(
            "sentence_asked", day=day.isoformat(), parts=clauses(parts, context.lang)
        )
    due = sorted(
        (answer.due, answer.owner, _issue_name(context, problem))
        for problem, answer in answers
        if answer.remedy and answer.due
    )
    if due:
        day, owner, issue = due[0]
        named = context.words("due_owner", owner=context.unit_name(owner)) if owner else ""
        yield context.words(
            "sentence_due_actions",
            count=str(len(due)),
            day=day.isoformat(),
            issue=phrases.shortened(issue, ROOM),
            owner=named,
        )


ROOM = 32
"""How wide a task's name is at most in a sentence that lists several."""


def _task_of(context: Context, problem: Problem) -> str:
    """An overdue task with its owner: Zhao Lei: A05 Shanghai trade fair."""
    task = context.plan.task_by_code.get(problem.subject)
    name = phrases.shortened(subject_of(context, problem.about), ROOM)
    if task is None or not task.owner:
        return name
    return context.words("task_of", owner=context.unit_name(task.owner), task=name)


def _issue_name(context: Context, problem: Problem) -> str:
    """The issue as short as a reader of the whole knows it: the KPI of the topmost unit needs no
    unit beside it.
    """
    about, company = problem.about, context.company
    if about.unit and company is not None and about.unit == company.code:
        return context.kpi_name(about.kpi)
    return subject_of(context, problem.about)


def _light_of(report: Report, kpi: Kpi, company: Unit) -> Light | None:
    one = report.context.results.attainments.get((kpi.code, company.code, Span.YTD))
    return None if one is None else one.light


def _scored(report: Report) -> list[tuple[str, Decimal]]:
    """Names and scores of the first level that can be ranked, best first."""
    for level in Level:
        rows = [row for row in report.board.rows if row.unit.level is level]
        values = [
            (
                report.context.unit_name(row.unit.code),
                report.board.score_value(row.unit.code, report.context.looked_at),
            )
            for row in rows
        ]
        known = [(name, value) for name, value in values if isinstance(value, Decimal)]
        if len(known) > 1:
            return sorted(known, key=lambda one: -one[1])
    return []


def _known(one: Attainment | None) -> bool:
    return one is not None and one.target is not None and one.actual is not None


def _rate(context: Context, one: Attainment) -> str:
    if one.rate.value is not None:
        return phrases.percent(one.rate.value)
    return context.words(f"rate_{(one.rate.word or RateWord.NO_TARGET).value}")
