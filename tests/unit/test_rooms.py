"""The floors of the house: imports lead down, in the rooms within a room too, and never in a
circle.

An import counts wherever it stands: at the top, in a function, for type checking only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "salesplan"
FLOORS = (
    {"dataclass", "pattern"},
    {"findings", "addresses", "links", "wording"},
    {"config"},
    {"workbook"},
    {"delivery"},
    {"plan"},
    {"engine", "messages"},
    {"audience"},
    {"fill", "report", "template", "addin", "bundle"},
    {"handout"},
    {"meeting"},
    {"app"},
    {"api"},
    {"excel"},
    {"cli"},
)
INNER: Mapping[str, tuple[set[str], ...]] = {
    "engine": (
        {"exact"},
        {"targets"},
        {"actuals"},
        {"money"},
        {"work"},
        {"changes"},
        {"results"},
        {"run", "views"},
    ),
    "workbook": (
        {"changes", "palette", "refs", "verbatim"},
        {"zip"},
        {"xml"},
        {"read"},
        {"patch", "memory"},
        {"save"},
        {"soffice"},
    ),
    "report": (
        {"xlsx", "texts"},
        {"figures"},
        {"narrative"},
        {"sections"},
        {"page", "deck"},
        {"assembly"},
        {"vocabulary"},
    ),
    "meeting": (
        {"notes", "run_rate"},
        {"day"},
        {"week"},
        {"table", "texts"},
        {"say"},
        {"say_day", "say_week"},
        {"xlsx", "page"},
    ),
}
"""The floors within a room; each file and each folder of it has one."""

NOT_FOR_THE_ENGINE = {
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


def name_of(path: Path) -> str:
    """A file's module: ``salesplan.plan`` for ``salesplan/plan/__init__.py``."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything a file imports, anywhere in it: modules, and names of modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found)


@cache
def imported(name: str) -> frozenset[str]:
    """The package's own modules that a module imports."""
    homes = {home_of(one) for one in imports(MODULES[name])}
    return frozenset(homes & MODULES.keys() - {name})


def home_of(name: str) -> str:
    """The module that ``module.name`` is, or is in."""
    return name if name in MODULES else name.rpartition(".")[0]


def floor_of(room: str, floors: tuple[set[str], ...]) -> int | None:
    """On which floor a room is."""
    return next((number for number, rooms in enumerate(floors) if room in rooms), None)


def circles() -> Iterator[str]:
    """Every module that can be reached from itself. The package's own face is left out: it imports
    when asked.
    """
    for start in MODULES:
        seen: set[str] = {"salesplan"}
        to_visit = [start]
        while to_visit:
            found = imported(to_visit.pop()) - seen
            seen |= found
            to_visit += found
        if start in seen and start != "salesplan":
            yield start


@pytest.mark.parametrize("module", [name for name in MODULES if name.count(".")])
def test_imports_go_down(module: str) -> None:
    own = module.split(".")[1]
    if own not in set().union(*FLOORS):
        return
    for name in imported(module) - {"salesplan"}:
        other = name.split(".")[1]
        assert other == own or floor_of(other, FLOORS) < floor_of(own, FLOORS), name


@pytest.mark.parametrize("room", INNER)
def test_imports_within_a_room_go_down(room: str) -> None:
    floors, inside = INNER[room], f"salesplan.{room}."
    for module in MODULES:
        if not module.startswith(inside):
            continue
        own = module.split(".")[2]
        assert floor_of(own, floors) is not None, f"{module} has no floor"
        for name in imported(module):
            other = name.split(".")[2] if name.startswith(inside) else own
            above = other != own and floor_of(other, floors) >= floor_of(own, floors)
            assert not above, f"{module} imports {name}"


def test_no_module_needs_itself() -> None:
    assert list(circles()) == []


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name.startswith("salesplan.engine")]
)
def test_the_engine_knows_only_the_plan(module: str) -> None:
    allowed = (
        "salesplan.dataclass",
        "salesplan.engine",
        "salesplan.findings",
        "salesplan.plan.model",
    )
    for name in imports(MODULES[module]):
        assert name.split(".")[0] not in NOT_FOR_THE_ENGINE, name
        if name.startswith("salesplan."):
            assert name.startswith(allowed), name
