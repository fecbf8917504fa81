"""Plans for the tests of seasonality and cascade: every record stands in a row of its sheet, as in
a template.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.targets.cascade import cascade
from salesplan.engine.targets.seasonality import seasons
from salesplan.engine.targets.target import Target
from salesplan.findings import Finding
from salesplan.messages import severity
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Level,
    Origin,
    Plan,
    SeasonMonth,
    Settings,
    TargetRow,
    Unit,
)
from salesplan.plan.schema import table
from tests.unit.masters import laid

CALENDAR = Calendar.of("CN", (), [2026])
LEVELS = {1: Level.TEAM, 2: Level.DEPARTMENT, 3: Level.PERSON}


def d(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def letter(table_key: str, key: str) -> str:
    index = [column.key for column in laid(table(table_key))].index(key)
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def origin(table_key: str, row: int) -> Origin:
    return Origin(
        "m.xlsx",
        table_key,
        row,
        {column.key: letter(table_key, column.key) for column in laid(table(table_key))},
    )


def tree(*lines: str) -> tuple[Unit, ...]:
    """Units from lines ``code:coefficient``, two spaces a level deeper; the first is the company.
    Blank coefficient: none.
    """
    made: list[Unit] = []
    above: list[str] = []
    for row, line in enumerate(lines, start=2):
        depth = (len(line) - len(line.lstrip())) // 2
        code, _, part = line.strip().partition(":")
        level = Level.COMPANY if depth == 0 else LEVELS[min(depth, 3)]
        made.append(
            Unit(
                code=code,
                name=code,
                level=level,
                parent=above[depth - 1] if depth else None,
                coefficient=d(part or None),
                origin=origin("units", row),
            )
        )
        above[depth:] = [code]
    return tuple(made)


def kpi(code: str = "K", target: str | int | None = 1200, **fields: object) -> Kpi:
    given = {"name": "营收", "kind": KpiKind.FLOW, **fields}
    return Kpi(code=code, target=d(target), origin=origin("kpis", 2), **given)  # type: ignore[arg-type]


def row(
    unit: str,
    kpi: str = "K",
    at: int = 2,
    months: dict[int, str | int] | list[str | int] | None = None,
    **fields: object,
) -> TargetRow:
    """A row of 目标分解; ``months`` are manual months, by calendar number or all twelve."""
    typed = dict(enumerate(months, start=1)) if isinstance(months, list) else months or {}
    values = {
        key: d(value) if isinstance(value, (str, int)) else value for key, value in fields.items()
    }
    return TargetRow(
        kpi=kpi,
        unit=unit,
        origin=origin("targets", at),
        manual_months=tuple(d(typed.get(m)) for m in range(1, 13)),
        **values,
    )  # type: ignore[arg-type]


def history(
    rows: dict[int, tuple[object, object, object]] | None = None,
    kpi: str = "K",
    weights: dict[int, str] | None = None,
) -> tuple[SeasonMonth, ...]:
    """Rows of 季节系数: three years' figures, or manual weights, by calendar month."""
    made = []
    for at, month in enumerate(sorted({**(rows or {}), **(weights or {})}), start=2):
        past = tuple(
            None if v is None else Decimal(str(v))
            for v in (rows or {}).get(month, (None, None, None))
        )
        made.append(
            SeasonMonth(
                kpi=kpi,
                month=month,
                history=past,
                manual_weight=d((weights or {}).get(month)),
                origin=origin("seasonality", at),
            )
        )  # type: ignore[arg-type]
    return tuple(made)


def plan(
    units: tuple[Unit, ...], *kpis: Kpi, rows: tuple[TargetRow, ...] = (), **fields: object
) -> Plan:
    return Plan(
        **{
            "settings": Settings(year=2026),
            "units": units,
            "kpis": kpis or (kpi(),),
            "targets": rows,
            **fields,
        }
    )  # type: ignore[arg-type]


def computed(given: Plan) -> tuple[dict[str, Target], list[Finding]]:
    """Targets of the plan's only KPI by unit, and the cascade's findings."""
    calendar = Calendar.of(given.settings.country, given.calendar, [])
    targets, findings = cascade(given, calendar, seasons(given, calendar)[0])
    return {unit: target for (_, unit), target in targets.items()}, findings


def years(targets: dict[str, Target]) -> dict[str, int]:
    return {
        unit: int(target.base_year)
        for unit, target in targets.items()
        if target.base_year is not None
    }


def at(findings: list[Finding]) -> dict[str, str]:
    """Cell by code."""
    return {finding.code: f"{finding.place.sheet}!{finding.place.cell}" for finding in findings}


def errors(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings if severity(finding).name == "ERROR"]


def codes(remarks: tuple[Finding, ...]) -> list[str]:
    return [remark.code for remark in remarks]


def change(units: tuple[Unit, ...], code: str, **fields: object) -> tuple[Unit, ...]:
    return tuple(replace(unit, **fields) if unit.code == code else unit for unit in units)  # type: ignore[arg-type]
