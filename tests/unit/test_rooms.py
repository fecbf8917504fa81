"""The floors of the house: a room imports only from floors below it, and the engine knows no language or file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "salesplan"
FLOORS = (
    {"findings", "addresses"},
    {"config"},
    {"workbook"},
    {"delivery"},
    {"plan"},
    {"engine", "messages"},
    {"audience"},
    {"fill", "report", "template", "addin"},
    {"handout"},
    {"app"},
    {"api"},
    {"excel"},
    {"cli"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem in FLOOR)


def imports(path: Path) -> set[str]:
    """Every module of the package that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    own = room(path)
    for name in imports(path):
        if not name.startswith("salesplan.") or name == "salesplan.__version__":
            continue
        other = name.split(".")[1]
        assert other == own or FLOOR.get(other, len(FLOORS)) < FLOOR[own], f"{own} imports {name}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "engine").rglob("*.py")), ids=lambda path: path.name
)
def test_the_engine_knows_only_the_plan(path: Path) -> None:
    allowed = ("salesplan.engine", "salesplan.findings", "salesplan.plan.model")
    foreign = {
        "openpyxl",
        "xlwings",
        "xlsxwriter",
        "python_calamine",
        "pathlib",
        "os",
        "io",
        "sqlite3",
        "csv",
        "json",
    }
    for name in imports(path):
        assert name.split(".")[0] not in foreign, name
        if name.startswith("salesplan."):
            assert name.startswith(allowed), name
