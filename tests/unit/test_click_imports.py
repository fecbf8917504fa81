"""What a click on a ribbon button, and a recalculation in a terminal, pay for: modules counted,
since seconds depend on the machine.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tests.modules import imported
from tests.samples import new_sample
from tests.unit.masters import SOUND, write

BUDGET, OTHERS = 324, 151
"""Modules of a click from its first line to the changes worked out, and those of them that are not
salesplan's: 324 and 151 when this was written (68 of them a bare Python's)."""

IN_A_TERMINAL, OTHERS_IN_A_TERMINAL = 284, 92
"""The same of ``salesplan recalc`` beyond a bare Python: 284 and 92."""

HEAVY = {
    "pandas",
    "numpy",
    "polars",
    "openpyxl",
    "xlsxwriter",
    "PIL",
    "matplotlib",
    "requests",
    "keyring",
    "email",
    "ssl",
    "asyncio",
    "multiprocessing",
    "pyopenvba",
}
NOT_IN_A_CLICK = HEAVY | {"click", "holidays", "python_calamine"}
NOT_IN_A_TERMINAL = HEAVY | {"xlwings"}
WIDER = {
    "salesplan.plan.model.skills",
    "salesplan.plan.checks.abilities",
    "salesplan.engine.work.tools",
    "salesplan.engine.work.skills",
    "salesplan.engine.actuals.product_capacity",
    "salesplan.engine.actuals.products",
    "salesplan.engine.actuals.prospects",
    "salesplan.engine.changes.overlays",
    "salesplan.engine.changes.products",
    "salesplan.engine.exact.cube",
    "salesplan.engine.targets.products",
    "salesplan.engine.work.triggers",
    "salesplan.engine.actuals.customers",
    "salesplan.plan.checks.customers",
    "salesplan.plan.model.orders",
    "salesplan.plan.checks.products",
    "salesplan.engine.work.helping",
    "salesplan.engine.work.lessons",
    "salesplan.messages.helping",
    "salesplan.plan.checks.helpers",
    "salesplan.plan.checks.triggers",
    "salesplan.plan.credits",
    "salesplan.plan.model.helping",
    "salesplan.plan.model.lesson_words",
    "salesplan.plan.model.triggers",
    "salesplan.plan.checks.market",
    "salesplan.plan.competitors",
    "salesplan.plan.market_sizes",
    "salesplan.plan.worked_out",
    "salesplan.plan.model.market",
    "salesplan.engine.actuals.growth",
    "salesplan.engine.actuals.market_years",
}
"""What product targets, shared deals, overlay units and optional sheets (products, customers,
helpers, skills, tools, markets, competitors, triggers) ask for: the sample has them, and the counts
are those of a plan that has none.
"""
ADDRESSES = {"salesplan.addresses"}
"""What an address may look like, which the checks of a master ask."""
CLICK = """
import json, pickle, sys
from pathlib import Path
import salesplan.excel.button_press, salesplan.excel.ribbon
import salesplan.excel.use_cases, salesplan.excel.writing
from salesplan.excel import xlwings
xlwings()
from salesplan import app
opened = pickle.loads(Path(sys.argv[1]).read_bytes())
app.fill(app.check(opened.path, source=opened))
print(json.dumps(sorted(one for one in sys.modules if not one.startswith("__editable__"))))
"""
"""The sample comes as an open workbook would give it: read by an earlier process. How an editable
install finds the package is not counted: it differs by installer.
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    from salesplan.plan.loader import Source, sheets_to_read
    from salesplan.workbook.read.cells import read_grids
    from salesplan.workbook.read.listobjects import objects_by_sheet
    from salesplan.workbook.zip.package import open_package

    path = tmp_path_factory.mktemp("click") / "plan.xlsx"
    opened = path.with_suffix(".pickle")
    new_sample(path, lang="zh")
    with open_package(path) as package:
        sheets = tuple(part.name for part in package.sheets)
        grids = read_grids(package, sheets_to_read(sheets))
        opened.write_bytes(
            pickle.dumps(Source(path, sheets, grids, objects_by_sheet(package, grids)))
        )
    run = subprocess.run(
        [sys.executable, "-c", CLICK, str(opened)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return set(json.loads(run.stdout)) - WIDER


@pytest.fixture(scope="module")
def in_a_terminal(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What ``salesplan recalc`` imports beyond a bare Python."""
    path = tmp_path_factory.mktemp("recalc") / "plan.xlsx"
    new_sample(path, lang="zh")
    return set(imported(["recalc", str(path)])) - WIDER


def test_a_plan_without_products_and_overlays_pays_nothing_for_them(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.xlsx", {**SOUND, "lessons": []})
    assert not WIDER & set(imported(["recalc", str(path), "--dry-run"]))


def test_a_click_imports_few_modules(modules: set[str]) -> None:
    others = [name for name in modules if name.partition(".")[0] != "salesplan"]
    assert len(modules) <= BUDGET and len(others) <= OTHERS, (len(modules), len(others))


def test_an_ordinary_master_pays_nothing_for_adopted_ones(
    modules: set[str], in_a_terminal: set[str]
) -> None:
    both = modules | in_a_terminal
    assert not [name for name in both if name.startswith("salesplan.plan.adopt")]
    assert "salesplan.workbook.read.looks" not in both


def test_a_click_imports_nothing_heavy(modules: set[str]) -> None:
    assert {name.partition(".")[0] for name in modules} & NOT_IN_A_CLICK == set()
    assert not any(name.startswith("xlwings.pro") for name in modules)


def test_a_recalculation_in_a_terminal_imports_few_modules(in_a_terminal: set[str]) -> None:
    others = [name for name in in_a_terminal if name.partition(".")[0] != "salesplan"]
    assert len(in_a_terminal) <= IN_A_TERMINAL and len(others) <= OTHERS_IN_A_TERMINAL, (
        len(in_a_terminal),
        len(others),
    )


def test_a_recalculation_in_a_terminal_imports_nothing_heavy(in_a_terminal: set[str]) -> None:
    assert {
        name.partition(".")[0] for name in in_a_terminal
    } & NOT_IN_A_TERMINAL == set() and "importlib.metadata" not in in_a_terminal
    rooms = {
        name.split(".")[1] for name in in_a_terminal - ADDRESSES if name.startswith("salesplan.")
    }
    assert rooms & {"report", "template", "addin", "excel", "delivery"} == set()


SIGN = """
import json, sys
from salesplan.excel import bridge

def connected():
    print(json.dumps(sorted(sys.modules)))
    sys.stdout.flush()
    os._exit(0)

import os
bridge.connected = connected
from salesplan.excel.__main__ import main
main(["--calc", "recalc"])
"""
BEFORE_THE_SIGN = {
    "salesplan",
    "salesplan.dataclass",
    "salesplan.excel",
    "salesplan.excel.__main__",
    "salesplan.excel.bridge",
    "salesplan.excel.documents",
    "salesplan.excel.identity",
    "salesplan.excel.timeouts",
    "salesplan.excel.button_press",
    "salesplan.findings",
}


def test_the_sign_of_work_waits_for_nothing_heavy() -> None:
    """What is imported when a press first turns to LibreOffice, which is for its status bar."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", SIGN], capture_output=True, text=True, check=True
    )
    there = set(json.loads(done.stdout))
    assert {name for name in there if name.partition(".")[0] == "salesplan"} <= BEFORE_THE_SIGN
    assert not there & {*HEAVY, "xlwings", "zipfile", "tempfile", "lzma"}
