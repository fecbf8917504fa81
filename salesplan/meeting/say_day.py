"""The page of the day's stand-up in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from salesplan.handout.form import TAKEN, TITLES, Line, daily_key, inputs
from salesplan.meeting.day import Asked, Day, DueTask, PersonDay
from salesplan.meeting.say import (
    DASH,
    Recorded,
    Speech,
    asked_of,
    figure,
    kpi_name,
    main_pace,
    need,
    rates_table,
    short,
    stale_line,
)
from salesplan.meeting.table import Cell, Filled, Form, Head, Sheet, Table
from salesplan.plan.model import Light
from salesplan.plan.schema import sheet, table
from salesplan.wording import either, listed, sentences

COLUMNS = (
    *("person", "planned", "done", "today", "support"),
    *("due", "asked", "recent", "average", "need"),
)
WIDTHS = (18.0, 20.0, 22.0, 22.0, 18.0, 27.0, 25.0, 9.0, 9.0, 9.0)
"""The sheet's columns, in characters."""
_LOOKS = {"recent": "right", "average": "right", "need": "right"}
_FOLLOWED = 4
"""The first of the columns on which the support owed stands, beside the figures."""


def day_sheet(day: Day, speech: Speech, recorded: Recorded) -> Sheet:
    """The stand-up's page."""
    words = speech.words
    top = "" if day.unit is None else day.unit.code
    unit = speech.unit(top) if top else words("unit_none")
    name = either(speech.lang, *TITLES["daily"])
    notes = _notes(day, speech)
    return Sheet(
        lang=speech.lang,
        name=name,
        title=words(
            "day_title", unit=unit, day=day.day.isoformat(), weekday=speech.weekday(day.day)
        ),
        subtitle=words("day_subtitle", before=short(day.before), after=short(day.after)),
        caution=speech.caution,
        messages=tuple(_messages(day, speech)),
        above=((_rates(day, speech), _owed(day, speech)),),
        form=Form(
            "daily",
            _form_title(day, speech),
            COLUMNS,
            WIDTHS,
            {key: Head(words(f"col_{key}"), _LOOKS.get(key, "wrap")) for key in _shown()},
            dict(zip(TAKEN["daily"], inputs("daily"), strict=True)),
            tuple(_rows(day, speech, recorded)),
        ),
        below=((notes,),) if notes.rows else (),
        note=words(
            "form_note",
            sheet=sheet(table("daily").sheet).title(speech.lang),
            source=speech.source(day.day),
        ),
    )


def _form_title(day: Day, speech: Speech) -> str:
    """What the lines are; where their figures are all of one KPI, of which."""
    kpis = {one.main.kpi.code: one.main.kpi for one in day.people if one.main is not None}
    if len(kpis) != 1:
        return speech.words("form_day")
    return speech.words("form_day_kpi", kpi=kpi_name(*kpis.values()))


def _shown() -> Iterator[str]:
    return (key for key in COLUMNS if key not in TAKEN["daily"])


def _messages(day: Day, speech: Speech) -> Iterator[str]:
    words = speech.words
    if known := stale_line(speech, day.stale):
        yield known
    counts = words(
        "day_tasks",
        today=str(day.due_today),
        overdue=str(day.overdue),
        asked=str(len(day.asked) + len(day.requests)),
    )
    yield sentences(filter(None, (main_pace(speech, day.rates, "day_pace"), counts)), speech.lang)
    if day.silent and len(day.silent) < len(day.people):
        names = listed((speech.unit(one.unit.code) for one in day.silent), speech.lang)
        yield words("day_silent", before=short(day.before), names=names)


def _rates(day: Day, speech: Speech) -> Table:
    head = speech.words("col_recent")
    return rates_table(speech, day.rates, day.before, head, (1, 1, 1, 1, 1, 1))


def _owed(day: Day, speech: Speech) -> Table:
    words = speech.words
    heads = (
        Head(words("col_what"), span=1),
        Head(words("col_owes"), span=2),
        Head(words("col_for"), span=1),
    )
    rows = []
    for one in day.asked:
        what = f"{short(one.day)} {one.text}"
        owes = Cell(_owes(one, speech), light=None if one.owes else Light.AMBER)
        rows.append((Cell(what), owes, Cell(speech.unit(one.person))))
    for request in day.requests:
        said = Cell(asked_of(request, speech))
        rows.append((said, Cell(request.name), Cell(request.owner)))
    return Table(
        words("owed_title"), heads, tuple(rows), start=_FOLLOWED + 2, empty=words("owed_empty")
    )


def _owes(one: Asked, speech: Speech) -> str:
    return listed(one.owes, speech.lang) or speech.words("owes_nobody")


def _rows(day: Day, speech: Speech, recorded: Recorded) -> Iterator[Filled]:
    for one in day.people:
        key = daily_key(day.day, one.unit.code)
        values = recorded.get(key, (None,) * len(TAKEN["daily"]))
        yield Filled(_person(day, one, speech), Line(key, (), values), one.team)


def _person(day: Day, one: PersonDay, speech: Speech) -> dict[str, Cell]:
    name = speech.unit(one.unit.code)
    team = speech.unit(one.team) if one.team and one.team != one.unit.code else ""
    due = [*(_task(day, task, speech) for task in one.due), *map(speech.note, one.notes)]
    late = any(task.late for task in one.due)
    shown = {
        "person": Cell("\n".join(filter(None, (name, team)))),
        "planned": Cell(_planned(day, one, speech)),
        "due": Cell("\n".join(due) or DASH, light=Light.RED if late else None),
        "asked": Cell("\n".join(_asked(one.asked, speech)) or DASH),
    }
    if one.main is None:
        return shown | dict.fromkeys(_LOOKS, Cell(DASH))
    return shown | {
        "recent": figure(one.main.kpi, one.main.recent) if one.main.recent else Cell(DASH),
        "average": figure(one.main.kpi, one.main.average, daily=True),
        "need": need(speech, one.main),
    }


def _planned(day: Day, one: PersonDay, speech: Speech) -> str:
    if one.planned_on is None or not one.planned:
        return DASH
    if one.planned_on == day.before:
        return one.planned
    return speech.words("planned_on", day=short(one.planned_on), text=one.planned)


def _task(day: Day, task: DueTask, speech: Speech) -> str:
    words = speech.words
    if task.late:
        when = words("due_late", days=str(task.late))
    else:
        when = words("due_today" if task.due == day.day else "due_tomorrow")
    partners = words("due_partners", partners=task.partners) if task.partners else ""
    return words(
        "due_line", when=when, task=f"{task.code} {task.content}".strip(), partners=partners
    )


def _asked(found: Iterable[Asked], speech: Speech) -> Iterator[str]:
    for one in found:
        yield speech.words("asked_line", day=short(one.day), text=one.text, owes=_owes(one, speech))


def _notes(day: Day, speech: Speech) -> Table:
    """What is to be noted of units that have no line of their own."""
    heads = (Head(speech.words("col_person"), span=1), Head(speech.words("col_notes"), span=9))
    rows = tuple((Cell(speech.unit(note.unit)), Cell(speech.note(note))) for note in day.notes)
    return Table(speech.words("notes_title"), heads, rows)
