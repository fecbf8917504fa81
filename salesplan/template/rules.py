"""What helps while typing: dropdown lists, gentle checks of what is typed, colours with their
words.

No rule forbids anything. The reader of the master accepts more than a list can hold (aliases,
both languages), so every rule here warns and lets the planner go on.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from salesplan.findings import Severity
from salesplan.messages import SEVERITY_NAMES
from salesplan.plan import model as m
from salesplan.plan.schema import CHOICES, Column, Kind, Owner, Setting, Table, label, sheet
from salesplan.template import words as w
from salesplan.template.cells import PERCENT, WHOLE
from salesplan.template.cells import words as cell_words
from salesplan.template.layout import HEADER_ROW, Block
from salesplan.template.styles import (
    BAD,
    CELL,
    ENGINE_CELL,
    GOOD,
    QUIET,
    WARN,
    Properties,
    Styles,
)
from salesplan.wording import Both, either

REACH = 2000
"""Rules reach down to this row at least, so that they hold for rows that are added later."""

LISTED_ROWS = 1000
"""Codes are listed from this many rows of the sheet that keeps them."""

EXTRA_LISTS = {
    ("budget", "category"): ("category_shares", "name"),
    ("budget", "region"): ("region_shares", "name"),
    ("targets", "product"): ("products", "name"),
    ("strategies", "product"): ("products", "name"),
    ("actuals", "product"): ("products", "name"),
    ("deals", "product"): ("products", "name"),
    ("tasks", "partners"): ("helpers", "name"),
    ("replies", "helper"): ("helpers", "name"),
    ("actuals", "customer"): ("customers", "name"),
    ("deals", "customer"): ("customers", "name"),
    ("market", "product"): ("products", "name"),
    ("competitors", "product"): ("products", "name"),
}
"""Columns that name a row of another table without being a reference in the schema."""

SIGNS: Mapping[Enum, Properties] = {
    m.Light.GREEN: GOOD,
    m.Light.AMBER: WARN,
    m.Light.RED: BAD,
    m.Light.GREY: QUIET,
    m.BudgetStatus.NORMAL: GOOD,
    m.BudgetStatus.WARNING: WARN,
    m.BudgetStatus.OVERSPENT: BAD,
    m.TaskStatus.DONE_ON_TIME: GOOD,
    m.TaskStatus.DONE_LATE: WARN,
    m.TaskStatus.BEHIND: WARN,
    m.TaskStatus.OVERDUE: BAD,
    m.TaskStatus.PAUSED: QUIET,
    m.TaskStatus.CANCELLED: QUIET,
    m.Approval.APPROVED: GOOD,
    m.Approval.PENDING: WARN,
    m.Approval.REJECTED: QUIET,
    m.ToolStatus.READY: GOOD,
    m.ToolStatus.TOO_LATE: WARN,
    m.ToolStatus.NOT_READY: BAD,
    m.ToolStatus.UNDATED: WARN,
    m.IssueStatus.OPEN: BAD,
    m.IssueStatus.DOING: WARN,
    m.IssueStatus.CLOSED: GOOD,
    m.CustomerState.AGAIN: GOOD,
    m.CustomerState.NEW: GOOD,
    m.CustomerState.ONCE: QUIET,
    m.CustomerState.QUIET: WARN,
    m.TriggerState.FIRED: BAD,
    m.TriggerState.QUIET: GOOD,
    m.TriggerState.OFF: QUIET,
    m.TriggerState.UNKNOWN: WARN,
}
"""Colours of words that say how things stand; the word itself is always there too."""

BY_KPI = {
    "kpis": ("target", "floor", "stretch", "base"),
    "seasonality": ("history1", "history2", "history3"),
    "targets": (
        "manual_year",
        "parent_target",
        "base_year",
        "year",
        "children_sum",
        "unassigned",
        *(f"month{i}" for i in range(1, 13)),
        *(f"manual{i}" for i in range(1, 13)),
        *(f"quarter{i}" for i in range(1, 5)),
        *(f"manual_quarter{i}" for i in range(1, 5)),
    ),
    "actuals": ("value",),
}
"""Figures shown as the KPI of their row is counted: as percentages, or as whole numbers."""

INDENT = "    "
"""How far a name is set in for each level below the company."""

Rule = dict[str, object]


def list_name(table_key: str, column_key: str = "code") -> str:
    """The workbook's defined name for the codes kept in a table."""
    return f"{table_key}_{column_key}_list"


def lists(
    lang: str, blocks: Mapping[str, Block], usual: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str]]:
    """(name, formula) of every list of codes that some column refers to.

    While the column that keeps the codes is empty, its ``usual`` values are the list, where it has
    any.
    """
    wanted = set(EXTRA_LISTS.values())
    for block in blocks.values():
        for column in block.table.columns:
            if column.ref:
                wanted.add((column.ref, "code"))
    for table_key, column_key in sorted(one for one in wanted if one[0] in blocks):
        first, cells = _column_range(table_key, column_key, lang, blocks)
        listed = f"OFFSET({first},0,0,MAX(1,COUNTA({cells})),1)"
        instead = usual.get((table_key, column_key))
        yield (
            list_name(table_key, column_key),
            f"=IF(COUNTA({cells})=0,{instead},{listed})" if instead else f"={listed}",
        )


def _column_range(
    table_key: str, column_key: str, lang: str, blocks: Mapping[str, Block]
) -> tuple[str, str]:
    from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

    block = blocks[table_key]
    title = quote_sheetname(sheet(block.table.sheet).title(lang))
    first, last = (
        xl_rowcol_to_cell(row, block.at(column_key), row_abs=True, col_abs=True)
        for row in (block.first_row, HEADER_ROW + LISTED_ROWS)
    )
    return f"{title}!{first}", f"{title}!{first}:{last}"


def validations(block: Block, lang: str, there: Container[str]) -> Iterator[tuple[int, Rule]]:
    """(zero-based column, rule) for the table's columns that have one; lists name codes of tables
    that are ``there``.
    """
    for offset, column in enumerate(block.table.columns):
        rule = _rule(block, column, lang, there)
        asked = _asks(block.table, column, lang)
        if rule is not None or asked:
            yield block.column + offset, {**(rule or {"validate": "any"}), **asked}


def setting_rule(setting: Setting, lang: str) -> Rule | None:
    """The rule of one setting's value."""
    if setting.choices is not None:
        return _choice_list([label(choice, lang) for choice in CHOICES[setting.choices]], lang)
    if setting.suggest:
        return _free_list([either(lang, *pair) for pair in setting.suggest], lang)
    return _by_kind(setting.kind, lang)


def _asks(table: Table, column: Column, lang: str) -> Rule:
    """What a program shows when one of the column's cells is selected."""
    place = (table.key, column.key)
    if place not in w.PROMPTED:
        return {}
    said = w.PROMPTS[place].of(lang) if place in w.PROMPTS else column.note(lang)
    return {"input_title": column.header(lang), "input_message": said}


def fields_name(key: str) -> str:
    """The workbook's defined name for the columns of a subject that a change may alter; of "" for
    those of all.
    """
    return f"fields_{key}" if key else "fields"


def _fields(block: Block, there: Container[str]) -> str:
    """The list of a change's 字段: the columns of what its 对象 names, else those of all."""
    from xlsxwriter.utility import xl_col_to_name

    subject = f"${xl_col_to_name(block.at('subject'))}{block.first_row + 1}"
    listed = fields_name("")
    for key in ("kpis", "units", "budget", "tasks"):
        if key not in there:
            continue
        listed = f"IF(COUNTIF({list_name(key)},{subject}),{fields_name(key)},{listed})"
    if "targets" not in there:
        return f"={listed}"
    return f'=IF(ISNUMBER(FIND("/",{subject})),{fields_name("targets")},{listed})'


def categories_name(framework: m.Framework) -> str:
    """The workbook's defined name for the categories of a framework of 现状分析."""
    return f"categories_{framework.value}"


def _categories(block: Block, lang: str) -> str:
    """The list of an entry's 类别: what its 框架 is made of."""
    from xlsxwriter.utility import xl_col_to_name

    cell = f"${xl_col_to_name(block.at('framework'))}{block.first_row + 1}"
    first, *others = m.Framework
    listed = categories_name(first)
    for framework in others:
        listed = f'IF({cell}="{label(framework, lang)}",{categories_name(framework)},{listed})'
    return f"={listed}"


def _rule(block: Block, column: Column, lang: str, there: Container[str]) -> Rule | None:
    table = block.table
    if column.owner is Owner.ENGINE:
        return {
            "validate": "custom",
            "value": "=FALSE",
            "ignore_blank": True,
            **_says(w.ENGINE_TITLE, w.ENGINE_WARNING, lang),
        }
    if column.kind is Kind.VALUE:
        return None
    if column.kind is Kind.CHOICE and column.choices is not None:
        offered = (
            (m.TaskStatus.PAUSED, m.TaskStatus.CANCELLED)
            if column.choices is m.TaskStatus
            else tuple(CHOICES[column.choices])
        )
        return _choice_list([label(choice, lang) for choice in offered], lang)
    if column.kind is Kind.FLAG:
        return _choice_list([cell_words(True, lang), cell_words(False, lang)], lang)
    source = EXTRA_LISTS.get((table.key, column.key), (column.ref, "code"))
    if source[0] in there:
        text = w.REF_WARNING if column.ref else w.FREE_WARNING
        return {
            "validate": "list",
            "source": f"={list_name(*source)}",
            **_says(w.LIST_TITLE, text, lang, "information"),
        }
    if (table.key, column.key) == ("changes", "field"):
        return {
            "validate": "list",
            "source": _fields(block, there),
            **_says(w.LIST_TITLE, w.FREE_WARNING, lang, "information"),
        }
    if (table.key, column.key) == ("situation", "category"):
        return {
            "validate": "list",
            "source": _categories(block, lang),
            **_says(w.LIST_TITLE, w.LIST_WARNING, lang),
        }
    if column.suggest:
        return _free_list([either(lang, *pair) for pair in column.suggest], lang)
    return _by_kind(column.kind, lang)


def _by_kind(kind: Kind, lang: str) -> Rule | None:
    if kind in (Kind.NUMBER, Kind.AMOUNT):
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            **_says(w.NUMBER_TITLE, w.NUMBER_WARNING, lang),
        }
    if kind is Kind.PERCENT:
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -5,
            "maximum": 5,
            **_says(w.NUMBER_TITLE, w.PERCENT_WARNING, lang),
        }
    if kind is Kind.INTEGER:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 9999,
            **_says(w.NUMBER_TITLE, w.INTEGER_WARNING, lang),
        }
    if kind in (Kind.DATE, Kind.MONTH, Kind.SINCE):
        text = w.DATE_WARNING if kind is Kind.DATE else w.MONTH_WARNING
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": datetime(1990, 1, 1),
            "maximum": datetime(2199, 12, 31),
            **_says(w.DATE_TITLE, text, lang),
        }
    return None


def _choice_list(names: list[str], lang: str) -> Rule:
    return {"validate": "list", "source": names, **_says(w.LIST_TITLE, w.LIST_WARNING, lang)}


def _free_list(names: list[str], lang: str) -> Rule:
    return {
        "validate": "list",
        "source": names,
        **_says(w.LIST_TITLE, w.FREE_WARNING, lang, "information"),
    }


def _says(title: Both[str], text: Both[str], lang: str, kind: str = "warning") -> Rule:
    return {"error_title": title.of(lang), "error_message": text.of(lang), "error_type": kind}


def colours(block: Block, lang: str, styles: Styles) -> Iterator[tuple[int, Rule]]:
    """(zero-based column, conditional format) for the columns whose words say how things stand."""
    for offset, column in enumerate(block.table.columns):
        if column.choices is not None:
            for choice in CHOICES[column.choices]:
                if choice in SIGNS:
                    yield (
                        block.column + offset,
                        _equals(label(choice, lang), styles.difference(SIGNS[choice])),
                    )
    if block.table.key == "checks":
        for severity, look in (
            (Severity.ERROR, BAD),
            (Severity.WARNING, WARN),
            (Severity.NOTE, QUIET),
        ):
            yield (
                block.at("severity"),
                _equals(SEVERITY_NAMES[severity].of(lang), styles.difference(look)),
            )


def indents(block: Block, lang: str, styles: Styles) -> Iterator[tuple[int, Rule]]:
    """(zero-based column, conditional format) that set a unit's name in by its level: by a number
    format, so that the cell holds the name and nothing else.
    """
    from xlsxwriter.utility import xl_col_to_name

    for column in block.table.shown_columns:
        if column.shown != "level":
            continue
        cell = f"${xl_col_to_name(block.at(column.key))}{block.first_row + 1}"
        named = next(
            one.key
            for one in block.table.shown_columns
            if one.shows == column.shows and one.shown == "name"
        )
        for depth, level in enumerate(m.Level):
            form = styles.difference({"num_format": f'"{INDENT * depth}"@'})
            if depth:
                yield block.at(named), _when(f'={cell}="{label(level, lang)}"', form)


def lines(block: Block, styles: Styles) -> Iterator[tuple[int, Rule]]:
    """(zero-based column, conditional format) that draw the rows below those that are drawn from
    the start as soon as they are used, in every program, whether it makes tables grow or not.
    """
    from xlsxwriter.utility import xl_range

    row = block.first_row + block.drawn
    cells = xl_range(row, block.column, row, block.last_column)
    first, _, last = cells.partition(":")
    used = f"=COUNTA(${first}:${last or first})>0"
    for offset, column in enumerate(block.table.columns):
        drawn = CELL if column.owner is Owner.PLANNER else ENGINE_CELL
        form = styles.difference(
            {key: drawn[key] for key in ("border", "border_color", "bg_color") if key in drawn}
        )
        yield block.column + offset, _when(used, form)


def _equals(text: str, form: Any) -> Rule:
    return {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": form}


def figures(
    block: Block, lang: str, blocks: Mapping[str, Block], styles: Styles
) -> Iterator[tuple[int, Rule]]:
    """(zero-based column, conditional format) that show each figure as its KPI is counted."""
    from xlsxwriter.utility import xl_col_to_name

    key = block.table.key
    if key == "actuals":
        for name in ("numerator", "denominator"):
            cell = f"{xl_col_to_name(block.at(name))}{block.first_row + 1}"
            yield (
                block.at(name),
                _when(
                    f"=AND(ISNUMBER({cell}),{cell}=INT({cell}))",
                    styles.difference({"num_format": WHOLE}),
                ),
            )
    if key == "triggers":
        kind = f"${xl_col_to_name(block.at('kind'))}{block.first_row + 1}"
        times = label(m.TriggerKind.CUSTOMER_LOST, lang)
        share = _when(
            f'=AND({kind}<>"",{kind}<>"{times}")', styles.difference({"num_format": PERCENT})
        )
        yield block.at("threshold"), share
    if key not in BY_KPI:
        return
    percent, whole = _kpi_tests(block, lang, blocks)
    for name in BY_KPI[key]:
        yield block.at(name), _when(percent, styles.difference({"num_format": PERCENT}))
        yield block.at(name), _when(whole, styles.difference({"num_format": WHOLE}))


def _kpi_tests(block: Block, lang: str, blocks: Mapping[str, Block]) -> tuple[str, str]:
    from xlsxwriter.utility import xl_col_to_name

    row = block.first_row + 1
    if block.table.key == "kpis":
        unit, smallest = (
            f"${xl_col_to_name(block.at(key))}{row}" for key in ("unit", "smallest_unit")
        )
        kind = f"${xl_col_to_name(block.at('kind'))}{row}"
        return f"={_percent_test(unit, kind, lang)}", f"=AND(ISNUMBER({smallest}),{smallest}>=1)"
    codes, units, kinds, smallest = (
        _column_range("kpis", key, lang, blocks)[1]
        for key in ("code", "unit", "kind", "smallest_unit")
    )
    found = f"MATCH(${xl_col_to_name(block.at('kpi'))}{row},{codes},0)"
    unit, kind = f"INDEX({units},{found})", f"INDEX({kinds},{found})"
    return f"={_percent_test(unit, kind, lang)}", f"=INDEX({smallest},{found})>=1"


def _percent_test(unit: str, kind: str, lang: str) -> str:
    """The rule of :attr:`Kpi.in_percent` as a formula, but for goals beyond 150%."""
    rates = ",".join(f'{kind}="{label(one, lang)}"' for one in m.KpiKind if one.is_share)
    words = either(lang, ("%", "％", "百分"), ("%", "percent"))
    named = ",".join(f'ISNUMBER(SEARCH("{word}",{unit}))' for word in words)
    return f'OR({named},AND({unit}="",OR({rates})))'


def _when(formula: str, form: Any) -> Rule:
    return {"type": "formula", "criteria": formula, "format": form}
