"""A master for the public CRM data set: company → regional offices → managers → agents, targets for
2017.

``python -m tests.crm DATA_FOLDER MASTER.xlsx`` writes it; docs/crm-walkthrough.md goes on from
there.
"""

from __future__ import annotations

import csv
import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from salesplan.plan.schema import table
from salesplan.template import write_template

DATA = Path(
    os.environ.get("SALESPLAN_CRM_DATA", Path(__file__).parents[2] / "shared" / "data" / "crm")
)
MAP = Path(__file__).parents[1] / "docs" / "crm-map.toml"

needs_crm = pytest.mark.skipif(
    not (DATA / "sales_pipeline.csv").exists(),
    reason="the CRM data set is not on this machine (SALESPLAN_CRM_DATA)",
)

KPIS = (
    {
        "code": "REV",
        "name": "Revenue",
        "kind": "Flow",
        "direction": "Higher is better",
        "unit": "USD",
        "smallest_unit": 1,
        "weight": Decimal("0.6"),
        "target": 12_000_000,
        "relevance": "Growth of the year",
    },
    {
        "code": "NEW",
        "name": "New customers",
        "kind": "Flow",
        "direction": "Higher is better",
        "unit": "accounts",
        "smallest_unit": 1,
        "weight": Decimal("0.2"),
        "target": 85,
        "relevance": "Reach",
    },
    {
        "code": "WIN",
        "name": "Win rate",
        "kind": "Ratio",
        "direction": "Higher is better",
        "unit": "%",
        "smallest_unit": Decimal("0.001"),
        "weight": Decimal("0.2"),
        "target": Decimal("0.65"),
        "relevance": "Quality of the pipeline",
    },
)


def organization(data: Path) -> list[dict[str, object]]:
    """Rows of the organization sheet, from the data set's own team list; agents share equally."""
    with (data / "sales_teams.csv").open(encoding="utf-8-sig", newline="") as stream:
        people = list(csv.DictReader(stream))
    rows: list[dict[str, object]] = [{"code": "C", "name": "Company", "level": "Company"}]
    offices = list(dict.fromkeys(person["regional_office"] for person in people))
    managers = list(
        dict.fromkeys((person["manager"], person["regional_office"]) for person in people)
    )
    for n, office in enumerate(offices, 1):
        rows.append(
            {"code": f"R{n}", "name": office, "level": "Team", "parent": "C", "region": office}
        )
    codes = {name: f"M{n}" for n, (name, _) in enumerate(managers, 1)}
    for name, office in managers:
        rows.append(
            {
                "code": codes[name],
                "name": name,
                "level": "Department",
                "parent": f"R{offices.index(office) + 1}",
                "region": office,
            }
        )
    for n, person in enumerate(people, 1):
        rows.append(
            {
                "code": f"A{n:02d}",
                "name": person["sales_agent"],
                "level": "Person",
                "parent": codes[person["manager"]],
                "region": person["regional_office"],
            }
        )
    return rows


def build_master(data: Path, path: Path) -> None:
    """Write a 2017 master for the data set: organization, KPIs and settings filled, actuals
    empty.
    """
    from salesplan.plan.loader import load
    from salesplan.workbook import CellChange, patch_workbook

    template = path.with_name(f"template-{path.name}")
    write_template(template, lang="en", year=2017)
    tables = load(template).tables
    changes = []
    for key, rows in (("units", organization(data)), ("kpis", KPIS)):
        found = tables[key]
        for offset, row in enumerate(rows):
            for name, value in row.items():
                assert table(key).column(name)
                changes.append(
                    CellChange(
                        found.sheet, f"{found.columns[name]}{found.first_row + offset}", value
                    )
                )
    settings = tables["settings"]
    for row, name in zip(settings.row_numbers, settings.column("name"), strict=True):
        value = {"Currency": "USD", "Amount unit": "Ones"}.get(str(name))
        if value:
            changes.append(CellChange(settings.sheet, f"{settings.columns['value']}{row}", value))
    patch_workbook(template, path, changes)
    template.unlink()


if __name__ == "__main__":
    build_master(Path(sys.argv[1]), Path(sys.argv[2]))
