"""Units in brackets behind a header, held against 金额单位 and 币种: ``申请额(元)`` in a plan in
万元.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from salesplan.findings import Finding, Place
from salesplan.plan.currencies import NAMES, currency, home_of
from salesplan.plan.model import AmountUnit, Settings
from salesplan.plan.schema import CHOICES, TABLES, Kind
from salesplan.workbook.read.headers import normal, unit_in
from salesplan.workbook.read.tables import FoundTable

_AMOUNTS: Mapping[str, AmountUnit | None] = {
    normal(name): unit
    for unit in AmountUnit
    for name in CHOICES[AmountUnit][unit]
    if normal(name) != "cny"
} | dict.fromkeys(("千元", "百万元", "亿元"))

_CURRENCIES = frozenset(NAMES) | {"cny", "usd", "eur", "hkd", "gbp", "jpy"}
"""Words in brackets that are currencies; 元 is an amount's unit."""


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
    unit = unit_in(header)
    if unit in _AMOUNTS:
        return _AMOUNTS[unit] is not settings.amount_unit
    home = home_of(settings.currency)
    return unit in _CURRENCIES and currency(unit, home) != home
