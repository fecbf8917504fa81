"""What headers say: a unit in brackets, held against 金额单位 and 币种 (``申请额(元)`` in a plan in
万元), and those that nobody reads, where they look like one that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from salesplan.findings import Finding, Place
from salesplan.pattern import pattern
from salesplan.plan.model import Level, Plan, Settings
from salesplan.plan.model.currencies import NAMES, MoneyUnit, money_unit, own_unit
from salesplan.plan.schema import TABLES, Kind, sheet, table
from salesplan.plan.schema.kinds import Column, Owner
from salesplan.workbook.read.headers import normal, unit_in
from salesplan.workbook.read.tables import FoundTable

_CODE = pattern("[a-z]{3}")
_NAMED = frozenset(NAMES) - {"元"}
"""Words that name a currency and no size; 元 is an amount's unit."""


def differing_units(
    tables: Mapping[str, FoundTable], settings: Settings, workbook: str
) -> Iterator[Finding]:
    """Each column of figures whose header names another amount unit or currency than the
    settings.
    """
    for one in TABLES:
        found = tables.get(one.key)
        if found is None:
            continue
        for column in one.columns:
            header = found.headers.get(column.key, "")
            if column.kind in (Kind.NUMBER, Kind.AMOUNT) and differs(header, settings):
                place = Place(
                    workbook, found.sheet, f"{found.columns[column.key]}{found.header_row}"
                )
                yield unit_differs(place, header, settings)


def unit_differs(place: Place, header: str, settings: Settings) -> Finding:
    """What is said of such a name, be it a header, a setting or the 字段 of a change."""
    return Finding.of(
        "header-unit-differs",
        place,
        header=header,
        unit=settings.amount_unit,
        currency=settings.currency,
    )


def differs(header: str, settings: Settings) -> bool:
    """Whether a name ends with a unit of amounts in brackets that is not the plan's."""
    unit = money_unit(unit_in(header), settings)
    if unit is None:
        return False
    own = own_unit(settings)
    return unit.currency != own.currency or (unit.size != own.size and not _bare(header))


def amount_unit(header: str, settings: Settings) -> MoneyUnit | None:
    """The unit of amounts that a name ends with in brackets; None where it says none, or no more
    than a currency.
    """
    return None if _bare(header) else money_unit(unit_in(header), settings)


def _bare(header: str) -> bool:
    """Whether a header names a currency alone: 申请额(CNY) says nothing of 元 or 万元."""
    return _CODE.fullmatch(unit_in(header)) is not None or unit_in(header) in _NAMED


def figures_lost(tables: Mapping[str, FoundTable], plan: Plan, workbook: str) -> Iterator[Finding]:
    """实绩 has rows of amounts and no column 金额/数值: none of them has its figure
    (column-missing).
    """
    found = tables.get("actuals")
    if found is None or "value" in found.columns:
        return
    amounts = {kpi.code for kpi in plan.kpis if kpi.kind.adds_over_units}
    if not amounts.isdisjoint(plan.actuals.kpi):
        yield _missing(found, "value", workbook)


def parents_lost(tables: Mapping[str, FoundTable], plan: Plan, workbook: str) -> Iterator[Finding]:
    """组织 has units below the company and no column 上级编码: no target reaches any of them
    (column-missing).
    """
    found = tables.get("units")
    if found is None or "parent" in found.columns:
        return
    if any(one.level is not Level.COMPANY and not one.overlay for one in plan.units):
        yield _missing(found, "parent", workbook)


def _missing(found: FoundTable, key: str, workbook: str) -> Finding:
    column = table(found.key).column(key)
    told = {"sheet": found.sheet, "row": str(found.header_row), "zh": column.zh, "en": column.en}
    place = Place(workbook, found.sheet, f"{found.span[0]}{found.header_row}")
    return Finding.of("column-missing", place, **told)


def unread_columns(tables: Mapping[str, FoundTable]) -> Iterator[Finding]:
    """贡献系数 is called 贡献系数(占上级), or is the only one missing where 占比 is the only one
    unknown (column-alike); else columns-unread.

    A planner's own columns are fine, and so is leaving out what is not used; so nothing is said
    where a table lacks none of its columns, or has none that is unknown.
    """
    for one in TABLES:
        found = tables.get(one.key)
        missing = [
            c
            for c in one.columns
            if found and c.owner is Owner.PLANNER and c.key not in found.columns
        ]
        if found is None or not missing or not found.strangers:
            continue
        others = dict(found.strangers)
        for letter, header in found.strangers.items():
            meant = (
                missing[0] if len(missing) == len(found.strangers) == 1 else _alike(header, missing)
            )
            if meant is not None:
                del others[letter]
                yield Finding.of(
                    "column-alike",
                    _place(found, letter),
                    header=header,
                    sheet=sheet(one.sheet),
                    column=meant,
                )
        if others:
            yield Finding.of(
                "columns-unread",
                _place(found, next(iter(others))),
                headers=tuple(others.values()),
                sheet=sheet(one.sheet),
                missing=missing,
            )


def _place(found: FoundTable, letter: str) -> Place:
    return Place("", found.sheet, f"{letter}{found.header_row}")


def _alike(header: str, missing: Sequence[Column]) -> Column | None:
    names = {}
    for column in reversed(missing):
        for name in column.headers:
            names[normal(name)] = column
    wanted = normal(header)
    within = [
        name
        for name in names
        if len(name) > 1 and (name in wanted or (len(wanted) > 1 and wanted in name))
    ]
    if within:
        return names[max(within, key=len)]
    from difflib import get_close_matches

    close = get_close_matches(wanted, names, n=1)
    return names[close[0]] if close else None
