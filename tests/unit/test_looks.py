"""The looks of a workbook: whole where they may show a tree, the first rows of a long list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from salesplan.workbook.read.cells import read_grids
from salesplan.workbook.read.looks import LIST_ROWS, Looks, looks_of
from salesplan.workbook.zip.package import open_package
from tests.foreign_books import Sheet, write

MORE = LIST_ROWS + 5


def looks(path: Path, rows: Sequence[Sequence[Any]], **shown: Any) -> Mapping[str, Looks]:
    write(path, {"a": Sheet(rows, **shown)})
    with open_package(path) as package:
        return looks_of(package, read_grids(package))


def test_a_long_list_shows_its_first_rows(tmp_path: Path) -> None:
    day = datetime(2026, 1, 1)
    rows = [["x", day + timedelta(at % 200)] for at in range(MORE)]
    found = looks(tmp_path / "a.xlsx", rows, bold=(1, MORE))["a"]
    assert {row for row, _ in found.bold} == {1}


def test_long_rows_without_dates_may_be_a_tree(tmp_path: Path) -> None:
    found = looks(tmp_path / "a.xlsx", [["x", 1]] * MORE, bold=(MORE,), indents={MORE: 2})["a"]
    assert {row for row, _ in found.bold} == {MORE}
    assert found.indents == {(MORE, 1): 2}


def test_levels_are_those_of_rows(tmp_path: Path) -> None:
    found = looks(tmp_path / "a.xlsx", [["x", 1]] * 4, levels={2: 1, 3: 2})["a"]
    assert found.levels == {2: 1, 3: 2}
