"""Columns, settings and sheets that a master of an older template lacks: put right of what is
there, never between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from salesplan.dataclass import dataclass
from salesplan.fill.edits import Value
from salesplan.fill.rows import append_rows, style_of
from salesplan.findings import Finding, Place
from salesplan.plan.loader import Loaded, language_of_heads
from salesplan.plan.normalize import folded
from salesplan.plan.schema import (
    CHOICES,
    SETTINGS,
    Column,
    Kind,
    Owner,
    Setting,
    Sheet,
    Table,
    label,
    table,
    tables_of,
)
from salesplan.wording import Both
from salesplan.workbook.changes import (
    Beside,
    CellChange,
    CellStyle,
    Change,
    NewSheet,
    Prompt,
    Wider,
)
from salesplan.workbook.read.cells import Grid
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import Range, cell_ref, column_number

NO_ROOM = "add-no-room"

_ENGINE = Both(
    "计算列: 由引擎填写, 请勿改动。", "Engine column: filled by the engine, leave it as it is."
)
_TYPED: Mapping[Kind, tuple[str, int, int]] = {
    Kind.NUMBER: ("decimal", -(10**12), 10**12),
    Kind.AMOUNT: ("decimal", -(10**12), 10**12),
    Kind.PERCENT: ("decimal", -5, 5),
    Kind.INTEGER: ("whole", 0, 9999),
    Kind.DATE: ("date", 32_874, 109_574),
}
"""What may be typed into a column of the kind; days from 1990 to 2199."""

_FURTHER = 200
"""Rows below a new head in which its prompt is shown."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added: the changes, the heads by sheet, what could not be added, and the master's
    language.
    """

    changes: tuple[Change, ...]
    heads: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    lang: str


def additions(loaded: Loaded, sheets: Iterable[Sheet]) -> Additions:
    """What the sheets lack of the schema's columns and settings, and those sheets that are not
    there, whole.
    """
    changes: list[Change] = []
    heads: list[tuple[str, str]] = []
    findings: list[Finding] = []
    for sheet in sheets:
        start = loaded.plan.settings.fiscal_start
        tables = [one.in_fiscal_order(start) for one in tables_of(sheet.key)]
        there = [loaded.tables[one.key] for one in tables if one.key in loaded.tables]
        if there:
            for found in there:
                schema = table(found.key).in_fiscal_order(start)
                added, named, problems = _columns(loaded, found, schema)
                changes += added
                heads += [(found.sheet, head) for head in named]
                findings += problems
        elif sheet.title(loaded.lang) not in loaded.source.sheets:
            changes += _sheet(loaded, sheet, tables)
            heads.append((sheet.title(loaded.lang), ""))
    settings, names, problems = _settings(loaded)
    wanted = {sheet.key for sheet in sheets}
    if "settings" in wanted:
        changes += settings
        heads += [(loaded.tables["settings"].sheet, name) for name in names]
        findings += problems
    return Additions(tuple(changes), tuple(heads), tuple(findings), loaded.lang)


def added_rows(
    loaded: Loaded, sheets: Iterable[Sheet], rows: Mapping[str, Sequence[Mapping[str, Value]]]
) -> Additions:
    """Rows put under those of their tables, by the table's key; sheets that are not there come
    whole, with the rows in them.
    """
    changes: list[Change] = []
    heads: list[tuple[str, str]] = []
    findings: list[Finding] = []
    for sheet in sheets:
        title = sheet.title(loaded.lang)
        start = loaded.plan.settings.fiscal_start
        tables = [one.in_fiscal_order(start) for one in tables_of(sheet.key)]
        there = [one for one in tables if one.key in loaded.tables]
        for schema in there:
            added, problems = append_rows(
                loaded.tables[schema.key], schema, rows.get(schema.key, ())
            )
            changes += [one.change() for one in added]
            findings += problems
        if not there and title not in loaded.source.sheets:
            changes += new_sheet(title, tables, loaded.lang, rows)
            heads.append((title, ""))
    return Additions(tuple(changes), tuple(heads), tuple(findings), loaded.lang)


def missing_columns(loaded: Loaded, wanted: Mapping[str, Collection[str]]) -> Additions:
    """The columns of those keys that the tables lack, by the table's key; nothing else."""
    changes: list[Change] = []
    heads: list[tuple[str, str]] = []
    findings: list[Finding] = []
    for key, only in wanted.items():
        found = loaded.tables[key]
        added, named, problems = _columns(loaded, found, table(key), only)
        changes += added
        heads += [(found.sheet, head) for head in named]
        findings += problems
    return Additions(tuple(changes), tuple(heads), tuple(findings), loaded.lang)


def _columns(
    loaded: Loaded, found: FoundTable, schema: Table, only: Collection[str] | None = None
) -> tuple[list[Change], list[str], list[Finding]]:
    """A table's missing columns (of ``only`` these): heads, looks and prompts in the free columns
    right of it.
    """
    missing = [
        column
        for column in schema.columns
        if column.key not in found.columns and (only is None or column.key in only)
    ]
    if not missing:
        return [], [], []
    grid = loaded.source.grids[found.sheet]
    first = _right_of(found, grid) + 1
    area = Range(found.header_row, first, max(found.end_row, found.header_row), first)
    whole = Range(area.top, first, area.bottom, first + len(missing) - 1)
    taken = _taken(loaded, found, grid, whole)
    if taken:
        place = Place(loaded.path.name, found.sheet, taken)
        return [], [], [Finding.of(NO_ROOM, place, sheet=found.sheet, columns=missing, cell=taken)]
    changes: list[Change] = []
    names, lang = [], _language(found)
    for number, column in enumerate(missing, first):
        model = _model(found, schema, column)
        names.append(column.header(lang))
        if model.owner is column.owner:
            look = style_of(column) if model.kind is not column.kind else None
            changes += _cells_like(found, number, names[-1], found.columns[model.key], look)
        else:  # nothing there to look like
            top, look = cell_ref(found.header_row, number), _head_look(column)
            changes.append(CellChange(found.sheet, top, names[-1], style=look))
        changes += _prompts(found.sheet, area, number, column, lang)
        alike = model.kind is column.kind and model.choices is column.choices
        like = column_number(found.columns[model.key]) if alike else 0
        changes.append(Beside(found.sheet, number, column.width + 2, like))
    if found.list_object is not None:
        top = cell_ref(found.list_object.range.top, found.list_object.range.left)
        changes.append(Wider(found.sheet, top, tuple(names)))
    return changes, names, []


def _language(found: FoundTable) -> str:
    """The language of most heads of the table: what is added speaks as what is there."""
    return language_of_heads(found.headers.values())


def _cells_like(
    found: FoundTable, number: int, head: str, model: str, style: CellStyle | None
) -> Iterator[Change]:
    """The head and the blank cells below it, as the model's column looks; where that is of another
    kind, its cells hold what the new column's do.
    """
    sheet = found.sheet
    like = (sheet, f"{model}{found.header_row}")
    yield CellChange(sheet, cell_ref(found.header_row, number), head, like=like)
    for row in range(found.first_row, found.end_row + 1):
        like = (sheet, f"{model}{row}")
        yield CellChange(sheet, cell_ref(row, number), None, style=style, like=like)


def _prompts(
    sheet: str, area: Range, number: int, column: Column, lang: str
) -> tuple[Prompt, Prompt]:
    """The note at the head, and the same at the cells below it, with what may be typed there."""
    title, note = column.header(lang), column.note(lang)
    head = str(Range(area.top, number, area.top, number))
    where = str(Range(area.top + 1, number, area.bottom + _FURTHER, number))
    if column.owner is Owner.ENGINE:
        note = f"{_ENGINE.of(lang)} {note}".strip()
        return Prompt(sheet, head, title, note), Prompt(sheet, where, title, note)
    listed = column.choices is not None and column.kind is Kind.CHOICE
    words = [label(one, lang) for one in CHOICES[column.choices]] if listed else []  # type: ignore[index]
    kind, *limits = _TYPED.get(column.kind, ("", 0, 0))
    body = Prompt(sheet, where, title, note, tuple(words), str(kind), (limits[0], limits[1]))
    return Prompt(sheet, head, title, note), body


def _model(found: FoundTable, schema: Table, column: Column) -> Column:
    """The column that a new one looks like: of its owner and kind, else one of its owner without a
    number format of its own, else the last.
    """
    there = [one for one in schema.columns if one.key in found.columns]
    alike = [one for one in there if one.owner is column.owner and not one.required]
    same = [one for one in alike if one.kind is column.kind]
    plain = [one for one in alike if one.kind in (Kind.TEXT, Kind.CODE, Kind.NUMBER)]
    return (same or plain or alike or there)[-1]


def _right_of(found: FoundTable, grid: Grid) -> int:
    """The last column of the table: of an Excel table its own, else that of the heads without a
    gap.
    """
    if found.list_object is not None:
        return found.list_object.range.right
    last = column_number(found.span[1])
    while grid.value(found.header_row, last + 1) is not None:
        last += 1
    return last


def _taken(loaded: Loaded, found: FoundTable, grid: Grid, whole: Range) -> str:
    """The first cell in the way of new columns, "" for none."""
    for row in range(whole.top, whole.bottom + 1):
        for column in range(whole.left, whole.right + 1):
            if grid.value(row, column) is not None:
                return cell_ref(row, column)
    others = [one.range for one in loaded.source.objects.get(found.sheet, ())]
    areas = [area for area in (*others, *map(Range.parse, found.merges)) if area.meets(whole)]
    return cell_ref(areas[0].top, areas[0].left) if areas else ""


def _sheet(loaded: Loaded, sheet: Sheet, tables: Sequence[Table]) -> Iterator[Change]:
    """A sheet of its own behind all others, its tables side by side with their heads in the first
    row, which look as a template's: what is the engine's is grey and italic.
    """
    title = sheet.title(loaded.lang)
    rows = {"settings": _rows_of(SETTINGS, loaded)} if sheet.key == "settings" else {}
    yield from new_sheet(title, tables, loaded.lang, rows)


def new_sheet(
    title: str,
    tables: Sequence[Table],
    lang: str,
    rows: Mapping[str, Sequence[Mapping[str, Value]]],
) -> Iterator[Change]:
    """A sheet of that title with its tables side by side, and ``rows`` in them by the table's
    key.
    """
    widths: list[int] = []
    cells: list[Change] = []
    engine: list[tuple[int, CellStyle]] = []
    for schema in tables:
        widths += [4] if widths else []
        for column in schema.columns:
            number = len(widths) + 1
            if column.owner is Owner.ENGINE:
                engine.append((number, style_of(column)))
            cells.append(
                CellChange(
                    title, cell_ref(1, number), column.header(lang), style=_head_look(column)
                )
            )
            cells += _prompts(title, Range(1, number, 1, number), number, column, lang)
            widths.append(column.width + 2)
        first = len(widths) - len(schema.columns)
        cells += _new_rows(title, schema, first, rows.get(schema.key, ()))
    yield NewSheet(title, widths=tuple(widths), engine=tuple(engine))
    yield from cells


def _head_look(column: Column) -> CellStyle:
    if column.owner is Owner.ENGINE:
        return CellStyle.ENGINE_HEAD
    return CellStyle.REQUIRED_HEAD if column.required else CellStyle.HEAD


def _new_rows(
    title: str, schema: Table, first: int, rows: Iterable[Mapping[str, Value]]
) -> Iterator[Change]:
    """The rows of a new table that begins behind column ``first``."""
    keys = [column.key for column in schema.columns]
    for number, row in enumerate(rows, 2):
        for key, value in row.items():
            if value is not None:
                at = keys.index(key)
                look = style_of(schema.columns[at])
                yield CellChange(title, cell_ref(number, first + at + 1), value, style=look)


def _rows_of(wanted: Iterable[Setting], loaded: Loaded) -> list[dict[str, Value]]:
    """The settings' rows, with the plan year that was assumed without it; of the others the default
    holds.
    """
    known: dict[str, Value] = {"year": loaded.plan.settings.year}
    return [
        {
            "name": one.title(loaded.lang),
            "value": known.get(one.key),
            "note": one.note(loaded.lang),
        }
        for one in wanted
    ]


def _settings(loaded: Loaded) -> tuple[list[Change], list[str], list[Finding]]:
    """The settings that the sheet does not list, under the others."""
    found = loaded.tables.get("settings")
    if found is None:
        return [], [], []
    listed = {folded(str(name)) for name in found.column("name") if name is not None}
    missing = [
        one for one in SETTINGS if listed.isdisjoint(map(folded, (one.zh, one.en, *one.aliases)))
    ]
    rows = _rows_of(missing, loaded)
    added, findings = append_rows(found, table("settings"), rows)
    names = [str(row["name"]) for row in rows] if added else []
    return [one.change() for one in added], names, findings
