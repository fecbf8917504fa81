"""A small sound master as cell values, and ways to spoil it: tables without a file around them."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, time
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.compat import safe_string
from openpyxl.utils.datetime import to_excel

from salesplan.engine import cut_off
from salesplan.findings import Finding
from salesplan.plan.checks import run_checks
from salesplan.plan.loader import build_plan
from salesplan.plan.model import Plan
from salesplan.plan.schema import SETTINGS, SHEETS, Column, sheet, table, tables_of
from salesplan.plan.schema import Table as Schema
from salesplan.workbook.refs import parse_cell

Rows = dict[str, list[dict[str, Any]]]


def letters(index: int) -> str:
    """0 is A, 26 is AA."""
    return (ascii_uppercase[index // 26 - 1] if index >= 26 else "") + ascii_uppercase[index % 26]


def laid(schema: Schema) -> list[Column]:
    """The columns of a small master: those for reading only show what others say."""
    return [column for column in schema.columns if not column.shows]


class Table:
    """What the loader asks of a found table, with the schema's columns from A on and rows from 2
    on.
    """

    def __init__(
        self, key: str, rows: Sequence[Mapping[str, Any]], absent: Sequence[str] = ()
    ) -> None:
        schema = table(key)
        self.key, self.sheet, self.header_row, self.rows = key, sheet(schema.sheet).zh, 1, rows
        self.row_numbers = range(2, 2 + len(rows))
        self.stands: Mapping[int, Any] = {}
        self.columns = {
            c.key: letters(i) for i, c in enumerate(laid(schema)) if c.key not in absent
        }
        self.headers = {c.key: c.zh for c in laid(schema) if c.key not in absent}
        unknown = {k for row in rows for k in row} - set(self.columns)
        assert not unknown, unknown

    def column(self, key: str) -> list[Any]:
        return [row.get(key) for row in self.rows]


SETTING_ROW = {setting.key: index for index, setting in enumerate(SETTINGS, start=2)}
"""Each setting's row on the settings sheet."""

SETTINGS_GIVEN: dict[str, Any] = {
    "year": 2026,
    "as_of": date(2026, 3, 31),
    "month": "2026-03",
    "amount_unit": "万元",
    "budget_total": 100.0,
    "reserve_share": 0.1,
    "approvers": "王总、李总",
    "mail_domains": "example.com",
    "explain_range": "90%-110%",
    "lang": "zh",
}

SOUND: Rows = {
    "settings": [{"name": s.zh, "value": SETTINGS_GIVEN.get(s.key)} for s in SETTINGS],
    "units": [
        {"code": "C1", "name": "公司", "level": "公司", "email": "c@example.com"},
        {
            "code": "T1",
            "name": "华东",
            "level": "团队",
            "parent": "C1",
            "coefficient": 0.6,
            "email": "t1@example.com",
        },
        {
            "code": "T2",
            "name": "华东二部",
            "level": "团队",
            "parent": "C1",
            "coefficient": 0.4,
            "email": "t2@example.com",
        },
        {
            "code": "P1",
            "name": "张三",
            "level": "个人",
            "parent": "T1",
            "coefficient": "100%",
            "email": "p1@example.com",
        },
        {
            "code": "P2",
            "name": "李四",
            "level": "个人",
            "parent": "T2",
            "coefficient": 1.0,
            "email": "p2@example.com",
        },
    ],
    "kpis": [
        {
            "code": "REV",
            "name": "营收",
            "kind": "流量",
            "unit": "万元",
            "smallest_unit": 0.01,
            "weight": 0.6,
            "target": 500.0,
        },
        {
            "code": "NEW",
            "name": "新客户数",
            "kind": "流量",
            "unit": "个",
            "smallest_unit": 1,
            "weight": 0.2,
            "target": 20.0,
        },
        {
            "code": "REP",
            "name": "复购率",
            "kind": "群组比率",
            "unit": "%",
            "weight": 0.2,
            "target": 0.6,
            "base": 0.5,
        },
    ],
    "seasonality": [{"kpi": "REV", "month": i, "history3": 40.0 + i} for i in range(1, 13)],
    "targets": [
        {"kpi": "REV", "unit": "C1"},
        {"kpi": "REV", "unit": "T1", "manual_year": 300.0, "reason": "重点区域"},
    ],
    "situation": [
        {
            "framework": "SWOT",
            "category": "优势",
            "content": "高毛利",
            "response": "SO",
            "strategy": "S1",
        }
    ],
    "strategies": [
        {
            "code": "S1",
            "dimension": "产品",
            "content": "A 产品占 60%",
            "kpi": "REV",
            "target_share": 0.6,
            "product": "A",
        }
    ],
    "tasks": [
        {
            "code": "K1",
            "strategy": "S1",
            "content": "客户清单",
            "owner": "P1",
            "start": date(2026, 3, 2),
            "due": date(2026, 3, 15),
            "progress": 1.0,
            "finished": date(2026, 3, 12),
            "budget": "B1",
            "kpi": "NEW",
        },
        {
            "code": "K2",
            "strategy": "S1",
            "content": "培训",
            "owner": "李四",
            "start": date(2026, 3, 2),
            "due": date(2026, 4, 20),
            "deliverable_target": 50.0,
            "deliverable_actual": 20.0,
        },
    ],
    "budget": [
        {
            "code": "B1",
            "category": "获客",
            "region": "重点区域",
            "task": "K1",
            "requested": 10.0,
            "least": 5.0,
        }
    ],
    "category_shares": [{"name": "获客", "share": 0.9}, {"name": "应急储备", "share": 0.1}],
    "region_shares": [{"name": "重点区域", "share": 0.6}, {"name": "其他区域", "share": 0.4}],
    "deals": [
        {
            "code": "D1",
            "unit": "P1",
            "kpi": "REV",
            "customer": "客户甲",
            "amount": 30.0,
            "stage": "赢单",
            "due": date(2026, 3, 20),
        }
    ],
    "spending": [{"day": date(2026, 3, 10), "budget": "B1", "kind": "支出", "amount": 2.0}],
    "draws": [
        {
            "day": date(2026, 3, 11),
            "reason": "客户投诉",
            "amount": 1.0,
            "applicant": "张三",
            "approver": "王总",
            "status": "批准",
        }
    ],
    "daily": [{"day": date(2026, 3, 9), "person": "张三", "done": "拜访", "today": "报价"}],
    "weekly": [
        {"friday": date(2026, 3, 20), "task": "K1", "planned": 1.0, "actual": 1.0},
        {
            "friday": date(2026, 3, 27),
            "task": "K2",
            "planned": 0.5,
            "actual": 0.4,
            "cause": "资源不足",
            "remedy": "加人",
            "owner": "P2",
            "due": date(2026, 4, 3),
        },
    ],
    "changes": [
        {
            "code": "G1",
            "raised": date(2026, 3, 1),
            "subject": "K2",
            "field": "时间节点",
            "before": "2026-04-20",
            "after": date(2026, 5, 8),
            "effective": "2026-03",
            "approver": "王总",
            "status": "批准",
            "approved": date(2026, 3, 3),
            "notify": "P2、T1",
        },
    ],
    "actuals": [
        {"day": date(2026, 1, 20), "unit": "P1", "kpi": "REV", "product": "A", "value": 20.0},
        {"day": date(2026, 3, 20), "unit": "P2", "kpi": "REV", "product": "B", "value": 25.5},
        {"day": "2026-02", "unit": "P1", "kpi": "REP", "numerator": 30, "denominator": 60},
    ],
    "lessons": [{"topic": "一季度复盘"}],
    "calendar": [{"day": date(2026, 5, 1), "working": "否", "source": "官方"}],
    "issues": [],
}


def edited(edits: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> Rows:
    """The sound master with cells replaced: table → sheet row → column → value; rows beyond the end
    are new.
    """
    rows = deepcopy(SOUND)
    for key, changes in edits.items():
        rows.setdefault(key, [])
        for number, cells in changes.items():
            while len(rows[key]) < number - 1:
                rows[key].append({})
            rows[key][number - 2].update(cells)
    return rows


def settings_edit(**values: Any) -> dict[str, dict[int, dict[str, Any]]]:
    """Edits of the settings by key."""
    return {"settings": {SETTING_ROW[key]: {"value": value} for key, value in values.items()}}


def setting_cell(key: str, column: str = "B") -> str:
    """Where the settings' sheet of the sound master holds that setting: its value, or its name in
    ``"A"``.
    """
    return f"设置!{column}{SETTING_ROW[key]}"


def read(
    rows: Rows, absent: Mapping[str, Sequence[str]] | None = None
) -> tuple[Plan, list[Finding]]:
    """The plan of these rows, and what reading them found."""
    tables = {
        key: Table(key, content, (absent or {}).get(key, ())) for key, content in rows.items()
    }
    return build_plan(tables, "master.xlsx")  # type: ignore[arg-type]


def write(
    path: Path,
    rows: Rows,
    lang: str = "zh",
    skip: Sequence[str] = (),
    typed: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """A workbook of these rows: each table with the schema's headers, tables of one sheet side by
    side; sheets in ``skip`` left out; ``typed`` (sheet → cell → value) stands over it all. What
    openpyxl makes, in a fraction of its time: the shell of a book is asked of it once, the cells
    are written here.
    """
    path.write_bytes(_written(pickle.dumps((rows, lang, tuple(skip), typed or {}))))
    return path


@lru_cache(maxsize=64)
def _written(asked: bytes) -> bytes:
    """The workbook of what ``write`` is given, pickled; many tests ask for the same."""
    rows, lang, skip, typed = pickle.loads(asked)
    pages = {}
    for one in SHEETS:
        tables = [t for t in tables_of(one.key) if t.key in rows and one.key not in skip]
        if tables:
            title = one.title(lang)
            pages[title] = _page(tables, rows, lang, typed.get(title, {}))
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in _shell(tuple(pages)).items():
            package.writestr(name, content)
        for number, content in enumerate(pages.values(), start=1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", content)
    return made.getvalue()


DATED: dict[type, int] = {date: 1, datetime: 2, time: 3}
"""The cell style of each kind of moment in the shell of a book."""


@cache
def _shell(titles: tuple[str, ...]) -> dict[str, bytes]:
    """The parts of a book with sheets of these titles, but for the sheets."""
    from openpyxl import Workbook

    book, stream = Workbook(), BytesIO()
    book.remove(book.active)
    for title in titles:
        book.create_sheet(title)
    book.worksheets[0].append([date(2026, 1, 1), datetime(2026, 1, 1), time(12)])
    book.save(stream)
    with ZipFile(stream) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if not name.startswith("xl/worksheets/")
        }


def _page(tables: Sequence[Schema], rows: Rows, lang: str, typed: Mapping[str, Any]) -> str:
    """The XML of one sheet."""
    lines: list[dict[int, str]] = [{} for _ in range(1 + max(len(rows[t.key]) for t in tables))]
    left = 0
    for schema in tables:
        columns = laid(schema)
        for offset, column in enumerate(columns, start=left):
            name = letters(offset)
            lines[0][offset] = _cell(f"{name}1", column.header(lang))
            for number, row in enumerate(rows[schema.key], start=2):
                value = row.get(column.key)
                if value is not None:
                    lines[number - 1][offset] = _cell(f"{name}{number}", value)
        left += len(columns) + 1
    for place, value in typed.items():
        number, at = parse_cell(place)
        lines[number - 1][at - 1] = _cell(place, value)
        left = max(left, at + 1)
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr>'
        '<outlinePr summaryBelow="1" summaryRight="1"/><pageSetUpPr/></sheetPr>'
        f'<dimension ref="A1:{letters(left - 2)}{len(lines)}"/><sheetViews><sheetView '
        'workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews>'
        '<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/><sheetData>'
        + "".join(
            f'<row r="{r}">{"".join(cells[at] for at in sorted(cells))}</row>'
            for r, cells in enumerate(lines, 1)
        )
        + '</sheetData><pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" '
        'footer="0.5"/></worksheet>'
    )


def _cell(place: str, value: Any) -> str:
    """A cell that holds something; a text that begins with = is a formula without a result."""
    if isinstance(value, str):
        assert not ILLEGAL_CHARACTERS_RE.search(value), "openpyxl refuses it too"
        text = escape(value, {"\r": "&#13;"})
        if value.startswith("=") and value != "=":
            return f'<c r="{place}"><f>{text[1:]}</f><v></v></c>'
        if value in ERROR_CODES:
            return f'<c r="{place}" t="e"><v>{value}</v></c>'
        kept = ' xml:space="preserve"' if value != value.strip() else ""
        inside = f"<is><t{kept}>{text}</t></is>" if value else ""
        return f'<c r="{place}" t="inlineStr">{inside}</c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}" t="n"><v>{safe_string(value)}</v></c>'
    serial = safe_string(to_excel(value))
    return f'<c r="{place}" s="{DATED[type(value)]}" t="n"><v>{serial}</v></c>'


def findings_of(rows: Rows) -> list[tuple[str, str]]:
    """(code, sheet!cell) of everything that reading and checking find."""
    plan, findings = read(rows)
    return [(finding.code, str(finding.place)) for finding in (*findings, *checks_of(plan))]


def checks_of(plan: Plan) -> list[Finding]:
    """What the checks find, up to the day that the plan itself gives."""
    return run_checks(plan, cut_off(plan, today=date(2026, 12, 31))[0].known)
