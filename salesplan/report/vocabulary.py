"""Every word a report can hold whatever plan it is of: its own texts, messages, and the schema's
names.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from salesplan.engine import compute
from salesplan.messages import SEVERITY_NAMES, catalogue
from salesplan.plan.model import Month, Plan, Settings
from salesplan.plan.schema import CHOICES, SETTINGS, SHEETS, TABLES
from salesplan.report.texts.words import all_texts


@cache
def vocabulary() -> tuple[str, ...]:
    """The words of both languages; the places to be filled in stand in braces."""
    found = list[str]()
    for pair in all_texts().values():
        found.extend(pair)
    found += [
        text
        for message in catalogue().values()
        for text in (message.zh, message.en, message.fix_zh, message.fix_en)
    ]
    found += [name for names in SEVERITY_NAMES.values() for name in (names.zh, names.en)]
    found += [name for choices in CHOICES.values() for names in choices.values() for name in names]
    found += [name for sheet in SHEETS for name in (sheet.zh, sheet.en, *sheet.aliases)]
    for table in TABLES:
        for column in table.columns:
            found += [*column.headers, *(name for pair in column.suggest for name in pair)]
    for setting in SETTINGS:
        found += [setting.zh, setting.en, *(name for pair in setting.suggest for name in pair)]
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
