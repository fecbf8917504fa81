"""Units in brackets behind a header, held against 金额单位 and 币种: ``申请额(元)`` in a plan in
万元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from salesplan.findings import Finding, Place
from salesplan.plan.model import Settings
from salesplan.plan.model.currencies import NAMES, money_unit, own_unit
from salesplan.plan.schema import TABLES, Kind
from salesplan.workbook.read.headers import unit_in
from salesplan.workbook.read.tables import FoundTable

_CODE = re.compile("[a-z]{3}")
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


def _bare(header: str) -> bool:
    """Whether a header names a currency alone: 申请额(CNY) says nothing of 元 or 万元."""
    return _CODE.fullmatch(unit_in(header)) is not None or unit_in(header) in _NAMED
