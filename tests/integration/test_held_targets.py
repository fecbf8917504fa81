"""With an error on the way to filled targets these stay, in open and in closed months."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.plan.model import Month
from tests.books import rows_of
from tests.samples import typed

FEBRUARY = Month(2026, 2)
UNITS = [
    ("HQ", "Baker", "Company", None),
    ("N", "North", "Team", "HQ"),
    ("S", "South", "Team", "HQ"),
    ("P1", "Ann", "Person", "N"),
    ("P2", "Bob", "Person", "N"),
    ("P3", "Cid", "Person", "S"),
]
REFUSED, NO_COLUMN = "past-altered-errors", "targets-column-missing"
KPIS = [("REV", "Revenue", "Flow", 1200), ("CUST", "Customers", "Stock", 60)]
ACTUALS = [
    (f"2026-{month:02}-28", kpi, unit, 20)
    for month in (1, 2)
    for kpi in ("REV", "CUST")
    for unit in ("P1", "P2", "P3")
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled plan of which January and February are over."""
    book = Workbook()
    book.remove(book.active)
    rows: dict[str, list[tuple[object, ...]]] = {
        "Settings": [("Setting", "Value"), ("Plan year", 2026)],
        "Organization": [("Code", "Name", "Level", "Parent code"), *UNITS],
        "KPIs": [("Code", "Name", "Kind", "Company year target"), *KPIS],
        "Actuals": [("Date", "KPI", "Unit", "Value"), *ACTUALS],
    }
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = tmp_path_factory.mktemp("filled") / "plan.xlsx"
    book.save(path)
    app.add(path, ["Targets"])
    app.recalc(path)
    return path


@pytest.fixture(scope="module")
def shut(filled: Path) -> Path:
    """The same plan, closed."""
    path = Path(shutil.copyfile(filled, filled.with_name("closed.xlsx")))
    app.close(path, month=FEBRUARY)
    return path


@pytest.fixture
def plan(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(filled, tmp_path / "plan.xlsx"))


def figures(path: Path) -> list[tuple[object, ...]]:
    return rows_of(path, "Targets")


def columns(path: Path) -> list[object]:
    return list(rows_of(path, "KPIs")[0])


def edited(path: Path, edit: Callable[[Workbook], object]) -> None:
    book = load_workbook(path)
    edit(book)
    book.save(path)


def set_cell(sheet: str, cell: str, value: object) -> Callable[[Path], object]:
    return lambda path: typed(path, {(sheet, cell): value})


def without(sheet: str, header: str) -> Callable[[Path], object]:
    def edit(book: Workbook) -> None:
        heads = [cell.value for cell in book[sheet][1]]
        book[sheet].delete_cols(heads.index(header) + 1)

    return lambda path: edited(path, edit)


CASES = [
    ("a goal with a unit", set_cell("KPIs", "D2", "12万"), "KPIs!D2", {"REV"}),
    ("no such kind", set_cell("KPIs", "C2", "flows"), "KPIs!C2", {"REV"}),
    ("a parent that is gone", set_cell("Organization", "D5", "ZZ"), "Organization!D5", None),
    ("no parent", set_cell("Organization", "D5", None), "Organization!D5", None),
    ("a circle", set_cell("Organization", "D3", "P1"), "Organization!D3", None),
    ("a code twice", set_cell("Organization", "A6", "P1"), "Organization!A6", None),
    ("no column of parents", without("Organization", "Parent code"), "Organization!A1", None),
    ("no column of goals", without("KPIs", "Company year target"), "KPIs!A1", None),
    ("no column of kinds", without("KPIs", "Kind"), "KPIs!A1", None),
    ("no year", set_cell("Settings", "B2", "next"), "Settings!B2", None),
]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize(
    ("edit", "at", "kpis"), [one[1:] for one in CASES], ids=[c[0] for c in CASES]
)
def test_filled_targets_stay(
    plan: Path,
    shut: Path,
    closed: bool,
    edit: Callable[[Path], object],
    at: str,
    kpis: set[str] | None,
) -> None:
    if closed:
        shutil.copyfile(shut, plan)
    before = figures(plan)
    edit(plan)
    done = CliRunner().invoke(commands, ["recalc", str(plan), "--past"])
    assert done.exit_code == 1 and figures(plan) == before, done.output
    assert "salesplan check" in done.output and "salesplan report" not in done.output
    assert "stay as they are" in done.output
    told = [one for one in app.check(plan).findings if one.code == "targets-left"]
    assert at in {str(one.cause) for one in told}
    said = {kpi for one in told for kpi in one.params["kpis"]}  # type: ignore[attr-defined]
    assert said == (kpis or {"REV", "CUST"})
    no_goals = at == "KPIs!A1" and "Company year target" not in str(list(columns(plan)))
    assert (NO_COLUMN in {one.code for one in app.check(plan).findings}) == no_goals


def test_the_error_is_said_at_the_refusal_too(plan: Path) -> None:
    """What else is altered is asked about; the mistyped goal comes first, and no word for it."""
    typed(plan, {("KPIs", "D2"): "12万"})
    typed(plan, {("KPIs", "D3"): 90})
    before = plan.read_bytes()
    with pytest.raises(SalesplanError) as told:
        app.recalc(plan)
    assert told.value.finding.code == REFUSED
    refused = CliRunner().invoke(commands, ["recalc", str(plan)])
    assert refused.exit_code == 1 and plan.read_bytes() == before
    assert "--past" not in refused.output
    assert refused.output.index("KPIs!D2") < refused.output.index("2026-01")
    assert "15.0" not in refused.output


def test_other_targets_are_filled(plan: Path) -> None:
    """The mistyped goal of one KPI does not keep back another's."""
    typed(plan, {("KPIs", "D2"): "12万"})
    typed(plan, {("KPIs", "D3"): 90})
    before = figures(plan)
    app.recalc(plan, past=True)
    after = figures(plan)
    moved = [row[0] for row, old in zip(after, before, strict=True) if row != old]
    assert set(moved) == {"CUST"}


def test_put_right_they_are_filled_again(plan: Path) -> None:
    typed(plan, {("KPIs", "D2"): "12万"})
    app.recalc(plan)
    typed(plan, {("KPIs", "D2"): 1500})
    app.recalc(plan, past=True)
    assert app.check(plan).results.targets["REV", "HQ"].year == 1500
    assert "targets-left" not in {one.code for one in app.check(plan).findings}
    assert not app.recalc(plan).changes.edits


def test_watching_keeps_them_too(plan: Path) -> None:
    before = figures(plan)
    typed(plan, {("KPIs", "D2"): "12万"})
    turn = next(iter(app.watch(plan, lambda: None, report=False)))
    assert turn.done is not None and figures(plan) == before
    assert "targets-left" in {one.code for one in turn.done.changes.findings}


def test_a_blank_plan_is_filled_as_far_as_it_goes(plan: Path) -> None:
    """Nothing was issued yet: what can be worked out is."""

    def emptied(book: Workbook) -> None:
        for row in book["Targets"].iter_rows(min_row=2):
            for cell in row:
                cell.value = None

    edited(plan, emptied)
    typed(plan, {("Organization", "D5"): "ZZ"})
    app.recalc(plan)
    heads, *rows = figures(plan)
    unit, year = heads.index("Unit"), heads.index("Issued year target")
    filled = {row[unit] for row in rows if row[year]}
    assert {"HQ", "P2"} <= filled and "P1" not in filled


def test_a_number_typed_for_a_percentage_sets_no_target(tmp_path: Path) -> None:
    """30 for 30 % is an error, and counts as blank: nobody is given 3000 %, nor 35 for a manual
    35 %. Once put right it is issued.
    """
    book = Workbook()
    book.remove(book.active)
    manual = ("REV", "N", 700, "x"), ("WIN", "P1", 35, "x")
    rates = [("REV", "Revenue", "Flow", "USD", 1200), ("WIN", "Win rate", "Ratio", "%", 30)]
    rows: dict[str, list[tuple[object, ...]]] = {
        "Settings": [("Setting", "Value"), ("Plan year", 2026), ("Language", "en")],
        "Organization": [("Code", "Name", "Level", "Parent code"), *UNITS],
        "KPIs": [("Code", "Name", "Kind", "Unit", "Company year target"), *rates],
        "Targets": [("KPI", "Unit", "Manual year", "Reason", "Issued year target"), *manual],
    }
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    run = app.check(path)
    errors = {(one.code, str(one.place)) for one in run.findings if one.code == "share-as-number"}
    assert errors == {("share-as-number", "KPIs!E3"), ("share-as-number", "Targets!C3")}
    targets = run.results.targets
    assert "WIN" not in {kpi for kpi, _ in targets}
    assert targets["REV", "N"].year == 700
    sheet = book["KPIs"]
    sheet["E3"], book["Targets"]["C3"] = 0.3, 0.35
    book.save(path)
    targets = app.check(path).results.targets
    assert [targets["WIN", unit].year for unit in ("HQ", "P1", "P2")] == [
        Decimal("0.3"),
        Decimal("0.35"),
        Decimal("0.3"),
    ]
