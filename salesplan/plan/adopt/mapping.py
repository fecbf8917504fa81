"""The sheet 对照: which column of a planner's tables is what, to be read and edited.

One row a column. 换算 says what holds for the whole column: ``月份=2026-01; 指标=营收; ×10000``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.plan.model import Month
from salesplan.plan.normalize import folded
from salesplan.plan.parse_dates import written_month
from salesplan.plan.schema import is_mapping
from salesplan.wording import Both
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.headers import normal
from salesplan.workbook.refs import cell_ref, parse_cell

Choice = TypeVar("Choice", bound=Enum)


class Takes(Enum):
    """What a column of theirs is read as."""

    __hash__ = object.__hash__
    """They are keys of each row of a list."""

    UNIT = "unit"
    CODE = "code"
    PARENT = "parent"
    KPI = "kpi"
    PRODUCT = "product"
    REGION = "region"
    CUSTOMER = "customer"
    CHANNEL = "channel"
    CURRENCY = "currency"
    MEASURE = "unit of measure"
    DAY = "day"
    YEAR = "year"
    ROLE = "role"
    TARGET = "target"
    ACTUAL = "actual"
    QUANTITY = "quantity"
    FILL_TARGET = "fill target"
    FILL_ACTUAL = "fill actual"
    FILL_ATTAINMENT = "fill attainment"
    FILL_VARIANCE = "fill variance"

    @property
    def filled(self) -> bool:
        """Whether the engine writes its cells, as the planner asks; none of them is read."""
        return self.value.startswith("fill ")

    @property
    def figure(self) -> bool:
        """Whether its cells are figures of the plan."""
        return self in (Takes.TARGET, Takes.ACTUAL, Takes.QUANTITY)


FIELDS: Mapping[Takes, Both[str]] = {
    Takes.UNIT: Both("组织", "Unit"),
    Takes.CODE: Both("组织编码", "Unit code"),
    Takes.PARENT: Both("上级", "Parent"),
    Takes.KPI: Both("指标", "KPI"),
    Takes.PRODUCT: Both("产品", "Product"),
    Takes.REGION: Both("区域", "Region"),
    Takes.CUSTOMER: Both("客户", "Customer"),
    Takes.CHANNEL: Both("渠道", "Channel"),
    Takes.CURRENCY: Both("币种", "Currency"),
    Takes.MEASURE: Both("计量单位", "Unit of measure"),
    Takes.DAY: Both("日期", "Date"),
    Takes.YEAR: Both("年度", "Year"),
    Takes.ROLE: Both("目标或实绩", "Target or actual"),
    Takes.TARGET: Both("目标", "Target"),
    Takes.ACTUAL: Both("实绩", "Actual"),
    Takes.QUANTITY: Both("数量", "Quantity"),
    Takes.FILL_TARGET: Both("填写目标", "Fill target"),
    Takes.FILL_ACTUAL: Both("填写实绩", "Fill actual"),
    Takes.FILL_ATTAINMENT: Both("填写完成率", "Fill attainment"),
    Takes.FILL_VARIANCE: Both("填写差额", "Fill variance"),
}


class Status(Enum):
    """Whether a person has said yes to a row, nobody has yet, or it is left out."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    IGNORED = "ignored"


STATUSES: Mapping[Status, Both[str]] = {
    Status.CONFIRMED: Both("确认", "confirmed"),
    Status.SUGGESTED: Both("建议", "suggested"),
    Status.IGNORED: Both("忽略", "ignored"),
}

HEADS: Mapping[str, Both[str]] = {
    "sheet": Both("工作表", "Sheet"),
    "cell": Both("表头单元格", "Header cell"),
    "table": Both("表", "Table"),
    "head": Both("列标题", "Column header"),
    "field": Both("字段", "Field"),
    "fixed": Both("换算", "Conversion"),
    "unit": Both("单位", "Unit of measure"),
    "confidence": Both("信度", "Confidence"),
    "why": Both("依据", "Reason"),
    "status": Both("状态", "Status"),
}
"""The columns of the sheet, in its order."""

_KEYS: Mapping[str, Both[str]] = {
    "month": Both("月份", "month"),
    "quarter": Both("季度", "quarter"),
    "year": Both("年度", "year"),
    "kpi": Both("指标", "KPI"),
    "unit": Both("组织", "unit"),
    "parent": Both("上级", "parent"),
    "product": Both("产品", "product"),
}
"""What may stand in 换算 before an equals sign."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What holds for every cell of a column: the period that its head names, the KPI, unit, parent
    or product that the table is of, and the ``factor`` that brings its figures into the
    plan's unit.
    """

    month: Month | None = None
    quarter: tuple[int, int] | None = None
    """Fiscal year and quarter."""
    year: int | None = None
    kpi: str = ""
    unit: str = ""
    parent: str = ""
    product: str = ""
    factor: Decimal = Decimal(1)

    def text(self, lang: str) -> str:
        """As it stands in 换算."""
        values = {
            "month": "" if self.month is None else str(self.month),
            "quarter": "" if self.quarter is None else f"{self.quarter[0]}-Q{self.quarter[1]}",
            "year": "" if self.year is None else str(self.year),
            "kpi": self.kpi,
            "unit": self.unit,
            "parent": self.parent,
            "product": self.product,
        }
        parts = [f"{_KEYS[key].of(lang)}={value}" for key, value in values.items() if value]
        if self.factor != 1:
            parts.append(f"×{self.factor:f}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of 对照. ``takes`` is None for a column that is nothing of the plan's; ``row`` is
    where it stands in the sheet, 0 for one not written yet.
    """

    sheet: str
    cell: str
    head: str
    takes: Takes | None
    fixed: Fixed = Fixed()
    unit: str = ""
    confidence: int = 0
    """Percent."""
    why: str = ""
    status: Status = Status.SUGGESTED
    row: int = 0

    @property
    def at(self) -> tuple[int, int]:
        """Row and column of the head's cell; (0, 0) where a sheet is left out whole."""
        return parse_cell(self.cell) if self.cell else (0, 0)

    @property
    def read(self) -> bool:
        """Whether its column is read or filled."""
        return self.takes is not None and self.status is not Status.IGNORED

    @property
    def names_rows(self) -> bool:
        """Whether its column says whose, of what or for when a row is."""
        takes = self.takes
        return self.read and takes is not None and not (takes.figure or takes.filled)

    @property
    def fills(self) -> bool:
        """Whether the engine writes into its column."""
        return self.read and self.takes is not None and self.takes.filled


@dataclass(frozen=True, slots=True)
class Kept:
    """The sheet 对照 as read: its name, its rows, and what of them makes no sense."""

    sheet: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    file: str = ""
    """The file that holds the mapping in the sheet's place."""

    @property
    def sheets(self) -> frozenset[str]:
        """The planner's sheets that it speaks of."""
        return frozenset(one.sheet for one in self.entries)


def mapping_sheet(grids: Mapping[str, Grid]) -> str:
    """The name of the sheet that holds a mapping; "" where there is none."""
    for name, grid in grids.items():
        if is_mapping(name) and grid.rows and _columns(grid.rows[0]) is not None:
            return name
    return ""


def _columns(heads: Iterable[CellValue]) -> Mapping[str, int] | None:
    """The places of the sheet's columns; None where one that it needs is missing."""
    texts = [normal(str(one)) if one is not None else "" for one in heads]
    found: dict[str, int] = {}
    for key, names in HEADS.items():
        for name in (names.zh, names.en):
            if normal(name) in texts:
                found.setdefault(key, texts.index(normal(name)))
    return found if found.keys() >= {"sheet", "cell", "head", "field", "status"} else None


def read_mapping(grid: Grid, workbook: str = "") -> Kept:
    """The rows of the sheet; of a row that makes no sense it is said why, and it is left out."""
    columns = _columns(grid.rows[0]) or {}
    entries: list[Entry] = []
    findings: list[Finding] = []
    for number, row in enumerate(grid.rows[1:], grid.first_row + 1):
        cells = {key: _text(row[at]) for key, at in columns.items() if at < len(row)}
        if not any(cells.values()):
            continue
        place = Place(workbook, grid.sheet, cell_ref(number, columns["field"] + 1))
        made = entry_of(cells, number)
        if isinstance(made, str):
            findings.append(Finding.of("mapping-row", place, text=made, fields=field_names()))
        else:
            entries.append(made)
    return Kept(grid.sheet, tuple(entries), tuple(findings))


def _text(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def entry_of(cells: Mapping[str, str], number: int) -> Entry | str:
    """The entry that a row's texts make, by the keys of :data:`HEADS`; or the text that cannot be
    read.
    """
    status = _chosen(cells["status"], STATUSES)
    takes = _chosen(cells["field"], FIELDS)
    if status is None:
        return cells["status"] or HEADS["status"].zh
    if takes is None and cells["field"] and status is not Status.IGNORED:
        return cells["field"]
    fixed = read_fixed(cells.get("fixed", ""))
    if fixed is None:
        return cells["fixed"]
    if cells["cell"]:
        try:
            parse_cell(cells["cell"])
        except ValueError:
            return cells["cell"]
    confidence = cells.get("confidence", "").rstrip("%")
    return Entry(
        cells["sheet"],
        cells["cell"],
        cells["head"],
        takes,
        fixed,
        cells.get("unit", ""),
        _percent(confidence),
        cells.get("why", ""),
        status,
        number,
    )


def _percent(text: str) -> int:
    try:
        value = float(text or 0)
    except ValueError:
        return 0
    return round(value * 100) if 0 < value <= 1 else round(value)


def _chosen(text: str, names: Mapping[Choice, Both[str]]) -> Choice | None:
    wanted = folded(text)
    for choice, both in names.items():
        if wanted in (folded(both.zh), folded(both.en)):
            return choice
    return None


def field_names() -> tuple[str, ...]:
    """All that may stand in the column 字段, in both languages."""
    return tuple(f"{both.zh} {both.en}" for both in FIELDS.values())


def read_fixed(text: str) -> Fixed | None:
    """What 换算 says; None where a part of it makes no sense."""
    made = Fixed()
    for part in text.replace("；", ";").split(";"):
        one = part.strip()
        if not one:
            continue
        key, equals, value = one.partition("=")
        changed = _part(key.strip(), value.strip()) if equals else _factor(one)
        if changed is None:
            return None
        made = replace(made, **changed)
    return made


def _factor(text: str) -> dict[str, Decimal] | None:
    if text[:1] not in "×x*X":
        return None
    try:
        factor = Decimal(text[1:].strip())
    except InvalidOperation:
        return None
    return {"factor": factor} if factor.is_finite() and factor else None


def _part(key: str, value: str) -> dict[str, object] | None:
    named = next((name for name, both in _KEYS.items() if folded(key) in _names(both)), None)
    if named is None or not value:
        return None
    if named == "month":
        month = written_month(value)
        return None if month is None else {"month": month}
    if named == "quarter":
        year, _, number = value.upper().partition("-Q")
        sound = year.isdigit() and number in ("1", "2", "3", "4")
        return {"quarter": (int(year), int(number))} if sound else None
    if named == "year":
        return {"year": int(value)} if value.isdigit() else None
    return {named: value}


def _names(both: Both[str]) -> tuple[str, str]:
    return folded(both.zh), folded(both.en)


TABLE_WORDS: Mapping[Takes, Both[str]] = {
    Takes.TARGET: Both("目标分解", "Targets"),
    Takes.ACTUAL: Both("实绩", "Actuals"),
    Takes.QUANTITY: Both("实绩", "Actuals"),
}
"""Into which sheet of ours the figures of a column belong."""


def rows_of(entries: Iterable[Entry], lang: str) -> Iterator[tuple[object, ...]]:
    """The rows of the sheet, in the order of its columns."""
    for one in entries:
        table = TABLE_WORDS.get(one.takes) if one.takes is not None else None
        yield (
            one.sheet,
            one.cell,
            table.of(lang) if table is not None else "",
            one.head,
            FIELDS[one.takes].of(lang) if one.takes is not None else "",
            one.fixed.text(lang),
            one.unit,
            Decimal(one.confidence) / 100,
            one.why,
            STATUSES[one.status].of(lang),
        )
