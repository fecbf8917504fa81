"""The page of the week's meeting in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from salesplan.engine.exact.figures import percent
from salesplan.engine.work.weekly import Remedy, RemedyState
from salesplan.handout.form import TAKEN, TITLES, Line, inputs, weekly_key
from salesplan.meeting.say import (
    DASH,
    Recorded,
    Speech,
    asked_of,
    main_pace,
    rates_table,
    short,
    stale_line,
)
from salesplan.meeting.table import Cell, Filled, Form, Head, Sheet, Table
from salesplan.meeting.week import Proposed, WeekMeeting, WeekTask
from salesplan.messages import text
from salesplan.plan.model import Light, TaskStatus
from salesplan.plan.schema import label, sheet, table
from salesplan.report.texts.words import Words
from salesplan.report.xlsx.styles import PERCENT_WHOLE
from salesplan.wording import either, listed, sentences

SHOWN = ("code", "content", "task_owner", "task_due", "expected", "state")
COLUMNS = (*SHOWN, *TAKEN["weekly"])
WIDTHS = (10.0, 28.0, 11.0, 11.0, 10.0, 12.0, 9.0, 9.0, 16.0, 30.0, 11.0, 12.0)
"""The sheet's columns, in characters."""
_LOOKS = {"task_due": "center", "expected": "right", "state": "center"}
_RATES = (2, 1, 1, 1, 2, 1)
_BESIDE, _NEXT = 8, 6
"""Where the tables stand that are beside others."""
_NOTHING = (None,) * len(TAKEN["weekly"])
_LIGHTS = {
    TaskStatus.DONE_ON_TIME: Light.GREEN,
    TaskStatus.DONE_LATE: Light.AMBER,
    TaskStatus.BEHIND: Light.AMBER,
    TaskStatus.OVERDUE: Light.RED,
}
_STATES = {
    RemedyState.DONE: Light.GREEN,
    RemedyState.OPEN: Light.AMBER,
    RemedyState.UNDATED: Light.AMBER,
    RemedyState.OVERDUE: Light.RED,
}


def week_sheet(week: WeekMeeting, speech: Speech, recorded: Recorded) -> Sheet:
    """The week's page."""
    words = speech.words
    unit = words("unit_none") if week.unit is None else speech.unit(week.unit.code)
    first, last = week.monday.isoformat(), week.friday.isoformat()
    return Sheet(
        lang=speech.lang,
        name=either(speech.lang, *TITLES["weekly"]),
        title=words("week_title", unit=unit, first=first, last=last),
        subtitle=words("week_subtitle", day=week.as_of.isoformat()),
        caution=speech.caution,
        messages=tuple(_messages(week, speech)),
        above=((_rates(week, speech), _decisions(week, speech)),),
        form=Form(
            "weekly",
            words("form_week"),
            COLUMNS,
            WIDTHS,
            {key: Head(words(f"col_{key}"), _LOOKS.get(key, "wrap")) for key in SHOWN},
            dict(zip(TAKEN["weekly"], inputs("weekly"), strict=True)),
            tuple(_rows(week, speech, recorded)),
            tuple(one.name or one.code for one in week.people),
        ),
        below=((_actions(week, speech), _following(week, speech)),),
        note=words(
            "form_note",
            sheet=sheet(table("weekly").sheet).title(speech.lang),
            source=speech.source(week.as_of),
        ),
    )


def _messages(week: WeekMeeting, speech: Speech) -> Iterator[str]:
    words, review = speech.words, week.review
    if known := stale_line(speech, week.stale):
        yield known
    counts = words(
        "week_tasks",
        due=str(len(week.due)),
        done=str(sum(one.done for one in week.due)),
        overdue=str(len(week.overdue)),
    )
    if review is None or not review.reported:
        reviewed = words("week_unreviewed")
    else:
        reviewed = words(
            "week_review",
            reported=str(review.reported),
            rows=str(len(review.lines)),
            met=str(review.met),
            rate=DASH if review.completion is None else percent(review.completion),
        )
    yield sentences((counts, reviewed), speech.lang)
    if review is not None and review.reasons:
        counted = (
            words("reason_counted", reason=label(cause, speech.lang), count=str(count))
            for cause, count in review.reasons.items()
        )
        yield words("week_reasons", reasons=listed(counted, speech.lang))
    decided = words("week_decisions", count=str(len(week.decisions)))
    yield sentences(
        filter(None, (main_pace(speech, week.rates, "week_pace"), decided)), speech.lang
    )


def _rates(week: WeekMeeting, speech: Speech) -> Table:
    return rates_table(speech, week.rates, week.monday, speech.words("col_week_actual"), _RATES)


def _decisions(week: WeekMeeting, speech: Speech) -> Table:
    words = speech.words
    heads = (Head(words("col_kind")), Head(words("col_decide"), span=2), Head(words("col_by")))
    found = week.decisions
    rows = []
    for proposed in found.changes:
        rows.append(("kind_change", _change(proposed, speech), proposed.change.applicant))
    for request in found.requests:
        rows.append(("kind_request", asked_of(request, speech), request.name))
    for one in found.asked:
        owes = listed(one.owes, speech.lang) or words("owes_nobody")
        said = words("asked_line", day=short(one.day), text=one.text, owes=owes)
        rows.append(("kind_support", said, one.person))
    for red in found.reds:
        rows.append(("kind_red", text(red.symptom, speech.lang), ""))
    cells = tuple(
        (
            Cell(words(kind), light=Light.RED if kind == "kind_red" else None),
            Cell(said),
            Cell(speech.unit(speech.plan.people.code(who)) or DASH),
        )
        for kind, said, who in rows
    )
    return Table(
        words("decisions_title"), heads, cells, start=_BESIDE, empty=words("decisions_empty")
    )


def _change(proposed: Proposed, speech: Speech) -> str:
    change = proposed.change
    return speech.words(
        "change_line",
        code=change.code,
        subject=change.subject,
        field=change.field,
        before=proposed.before or DASH,
        after=change.after or DASH,
    )


def _rows(week: WeekMeeting, speech: Speech, recorded: Recorded) -> Iterator[Filled]:
    for one in week.tasks:
        key = weekly_key(week.friday, one.task.code)
        values = dict(zip(TAKEN["weekly"], recorded.get(key, _NOTHING), strict=True))
        if isinstance(owner := values["owner"], str):
            values["owner"] = speech.unit(speech.plan.people.code(owner))
        yield Filled(_task(one, speech), Line(key, (), tuple(values.values())))


def _task(one: WeekTask, speech: Speech) -> Mapping[str, Cell]:
    status = one.result.status
    return {
        "code": Cell(one.task.code),
        "content": Cell(one.task.content or DASH),
        "task_owner": Cell(_owner(one, speech)),
        "task_due": _day(one.due),
        "expected": Cell(one.expected, PERCENT_WHOLE),
        "state": Cell(label(status, speech.lang), light=_LIGHTS.get(status)),
    }


def _owner(one: WeekTask, speech: Speech) -> str:
    return speech.unit(speech.plan.people.code(one.task.owner)) or DASH


def _day(day: date | None) -> Cell:
    return Cell(DASH if day is None else short(day))


def _actions(week: WeekMeeting, speech: Speech) -> Table:
    words = speech.words
    heads = (
        Head(words("col_code")),
        Head(words("col_action")),
        Head(words("col_owner")),
        Head(words("col_action_due"), "center"),
        Head(words("col_outcome"), "center", 2),
    )
    rows = tuple(
        (
            Cell(one.task or DASH),
            Cell(one.text or DASH),
            Cell(speech.unit(speech.plan.people.code(one.owner)) or DASH),
            _day(one.due),
            Cell(_outcome(one, speech), light=_STATES[one.state]),
        )
        for one in week.actions
    )
    return Table(words("actions_title"), heads, rows, empty=words("actions_empty"))


def _outcome(one: Remedy, speech: Speech) -> str:
    state = Words(speech.lang)(f"remedy_state_{one.state.value}")
    if one.latest is None:
        return state
    return speech.words("outcome", state=state, latest=percent(one.latest))


def _following(week: WeekMeeting, speech: Speech) -> Table:
    words = speech.words
    heads = (
        Head(words("col_code")),
        Head(words("col_content"), span=3),
        Head(words("col_task_owner")),
        Head(words("col_task_due"), "center"),
    )
    rows = tuple(
        (
            Cell(one.task.code),
            Cell(one.task.content or DASH),
            Cell(_owner(one, speech)),
            _day(one.due),
        )
        for one in week.following
    )
    return Table(words("next_title"), heads, rows, start=_NEXT, empty=words("next_empty"))
