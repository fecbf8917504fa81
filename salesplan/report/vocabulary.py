"""Every word a report can hold whatever plan it is of: its own texts, messages, and the schema's
names.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import chain, product
from pathlib import Path

from salesplan.engine import compute
from salesplan.engine.actuals.progress import Span
from salesplan.messages import SEVERITY_NAMES, catalogue
from salesplan.plan.model import Light, Month, Plan, Settings
from salesplan.plan.schema import CHOICES, SETTINGS, SHEETS, TABLES
from salesplan.report.texts.spans import said_of
from salesplan.report.texts.words import all_texts


@cache
def vocabulary() -> tuple[str, ...]:
    """The words of both languages; the places to be filled in stand in braces."""
    found = list[str]()
    for pair in all_texts().values():
        found.extend(pair)
    for span, complete in product(Span, (True, False)):
        found += chain.from_iterable(said_of(span, complete).values())
    for message in catalogue().values():
        found += [message.zh, message.en, message.fix_zh, message.fix_en]
    for names in SEVERITY_NAMES.values():
        found += [names.zh, names.en]
    for choices in CHOICES.values():
        found += chain.from_iterable(choices.values())
    for sheet in SHEETS:
        found += [sheet.zh, sheet.en, *sheet.aliases]
    for table in TABLES:
        for column in table.columns:
            found += [*column.headers, *chain.from_iterable(column.suggest)]
    for setting in SETTINGS:
        found += [setting.zh, setting.en, *chain.from_iterable(setting.suggest)]
    return tuple(dict.fromkeys(filter(None, found)))


def write_blank(path: Path, lang: str) -> None:
    """A report of nothing: what its package holds stands in every report's. OSError if it cannot be
    written.
    """
    from salesplan.report import write_report

    month = Month(2000, 1)
    plan = Plan(settings=Settings(year=2000, lang=lang))
    write_report(
        plan, compute(plan, month=month, as_of=month.last), (), path, lang=lang, source_name=""
    )


def write_blank_deck(path: Path, lang: str) -> None:
    """A deck of one slide with a table and a chart of each kind that say nothing: what its package
    holds stands in every deck's. OSError if it cannot be written.
    """
    from salesplan.report.deck.content import (
        Box,
        Cell,
        Chart,
        Column,
        Paragraph,
        Series,
        Slide,
        Table,
        Text,
    )
    from salesplan.report.deck.drawing import drawn
    from salesplan.report.deck.package import settled

    day, room = Month(2000, 1).first, Box(1, 1, 4, 4)
    looks = ("target", "actual", "forecast", "variance")
    series = tuple(Series("", (Decimal(1),), look, (True,)) for look in looks)
    charts = (
        Chart("", room, kind, "", ("",), series, "0.0%") for kind in ("column", "line", "bar")
    )
    cells = tuple(Cell("", light=light) for light in (None, *Light))
    columns = tuple(Column("", 1.0) for _ in cells)
    table = Table("", room, columns, (cells,))
    text = Text(room, (Paragraph("", light=Light.RED), Paragraph("")), caution=True)
    path.write_bytes(
        settled(drawn((Slide("", (text, table, *charts), " "),), "", "", day), lang, day)
    )
