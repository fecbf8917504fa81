"""What a click on a ribbon button pays for: modules counted, since seconds depend on the machine."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest

from salesplan.template import write_template

BUDGET = 320
"""Modules of a click from its first line to the changes worked out: 284 at the time of writing, 68 of them a bare Python's."""

HEAVY = {"pandas", "numpy", "polars", "openpyxl", "xlsxwriter", "PIL", "matplotlib", "click", "holidays", "python_calamine", "asyncio"}
CLICK = """
import json, pickle, sys
from pathlib import Path
import salesplan.excel.pressed, salesplan.excel.ribbon, salesplan.excel.cases, salesplan.excel.writing
from salesplan.excel import xlwings
xlwings()
from salesplan import app
opened = pickle.loads(Path(sys.argv[1]).read_bytes())
app.fill(app.check(opened.path, source=opened))
print(json.dumps(sorted(sys.modules)))
"""
"""The sample comes as an open workbook would give it: read by an earlier process."""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    from salesplan.plan.loader import Source, sheets_to_read
    from salesplan.workbook.cells import read_grids
    from salesplan.workbook.listobjects import objects_by_sheet
    from salesplan.workbook.package import open_package

    path = tmp_path_factory.mktemp("click") / "plan.xlsx"
    opened = path.with_suffix(".pickle")
    write_template(path, lang="zh", year=2026, example=True)
    with open_package(path) as package:
        sheets = tuple(part.name for part in package.sheets)
        grids = read_grids(package, sheets_to_read(sheets))
        opened.write_bytes(pickle.dumps(Source(path, sheets, grids, objects_by_sheet(package, grids))))
    run = subprocess.run([sys.executable, "-c", CLICK, str(opened)], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(run.stdout))


def test_a_click_imports_few_modules(modules: set[str]) -> None:
    assert len(modules) <= BUDGET, len(modules)


def test_a_click_imports_nothing_heavy(modules: set[str]) -> None:
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()
    assert not any(name.startswith("xlwings.pro") for name in modules)
