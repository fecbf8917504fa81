"""A click waits for every import: what a recalculation loads is counted, since seconds differ from machine to machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.modules import imported

SAMPLE = Path(__file__).parents[2] / "workbooks" / "master-example.xlsx"
MOST, MOST_OTHERS = 320, 130
"""Modules in all, and those that are not salesplan's: somewhat more than the 260 and 115 there are."""

HEAVY = {"pandas", "numpy", "openpyxl", "xlwings", "xlsxwriter", "requests", "keyring", "email", "ssl", "asyncio", "multiprocessing", "pyopenvba", "importlib.metadata"}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    master = tmp_path_factory.mktemp("click") / "plan.xlsx"
    shutil.copyfile(SAMPLE, master)
    return imported(["recalc", str(master)])


def test_a_recalculation_imports_no_more_than_it_needs(modules: list[str]) -> None:
    others = [name for name in modules if name.split(".")[0] != "salesplan"]
    assert len(modules) <= MOST and len(others) <= MOST_OTHERS, (len(modules), len(others))


def test_nothing_heavy(modules: list[str]) -> None:
    assert HEAVY & set(modules) == set()


def test_no_report_template_or_add_in(modules: list[str]) -> None:
    rooms = {name.split(".")[1] for name in modules if name.startswith("salesplan.")}
    assert not rooms & {"report", "template", "addin", "excel", "delivery"}
