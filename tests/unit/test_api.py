"""The face for Python: what it documents runs, and its figures are the run's, exact and as
frames.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pandas
import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

import salesplan
from salesplan import api, app
from tests.samples import new_sample
from tests.unit import masters

DOCS = Path(__file__).parents[2] / "docs"
TABLES = (
    "findings",
    "units",
    "kpis",
    "targets",
    "actuals",
    "attainments",
    "tasks",
    "prospect_needs",
    "product_loads",
    "skills",
    "skill_loads",
    "tools",
    "budget",
    "issues",
    "products",
    "credits",
    "markets",
    "competitors",
    "deals",
    "rates",
    "rate_effects",
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> salesplan.Master:
    path = new_sample(tmp_path_factory.mktemp("api") / "plan.xlsx", lang="en")
    return salesplan.open(str(path), month="2026-06", as_of="2026-06-30")


@pytest.mark.parametrize("page", ["api.md", "api.zh.md"])
def test_every_block_of_the_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.S)
    assert len(blocks) == 7
    monkeypatch.chdir(tmp_path)
    exec("\n".join(blocks), {})
    assert (tmp_path / "filled.xlsx").exists() and list((tmp_path / "reports").glob("*.xlsx"))


@pytest.mark.parametrize("page", ["api.md", "api.zh.md"])
@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented(plan: salesplan.Master, page: str, table: str) -> None:
    row = re.search(rf"^\| `{table}` \|.*$", (DOCS / page).read_text("utf-8"), re.M)
    assert row is not None
    columns = re.sub(r" \([^)]*\)", "", row[0].split("|")[3]).strip()
    assert columns.split(", ") == [one.name for one in fields(getattr(plan, table).kind)]


def test_figures_are_those_of_the_run(plan: salesplan.Master) -> None:
    results = app.check(plan.path, month=(app_month := plan._run.results.month)).results
    june = [month.month for month in plan._run.plan.settings.months].index(6)
    target = results.targets["REV", "HQ"]
    (record,) = [
        one for one in plan.targets if (one.kpi, one.unit) == ("REV", "HQ") and one.month.month == 6
    ]
    assert (record.base, record.issued) == (target.base_months[june], target.months[june])
    assert str(app_month) == plan.month == "2026-06"
    reached = results.attainments
    for one in plan.attainments:
        (same,) = [
            value
            for (kpi, unit, span), value in reached.items()
            if (kpi, unit, span.value) == (one.kpi, one.unit, one.span)
        ]
        assert (one.target, one.actual, one.attainment) == (
            same.target,
            same.actual,
            same.rate.value,
        )


@pytest.mark.parametrize("table", TABLES)
def test_frames_hold_plain_types(plan: salesplan.Master, table: str) -> None:
    records = getattr(plan, table)
    frame = records.to_frame()
    assert len(frame) == len(records) > 0
    for field in fields(records.kind):
        kind = frame[field.name].dtype
        if str(field.type).startswith("date"):
            assert pandas.api.types.is_datetime64_any_dtype(kind)
        elif str(field.type).startswith("Decimal"):
            assert kind == "float64"
    exact = records.to_frame(exact=True)
    for field in fields(records.kind):
        if field.type == "Decimal":
            assert all(isinstance(value, Decimal) for value in exact[field.name])


def test_the_parts_of_a_shared_deal_make_the_whole(plan: salesplan.Master) -> None:
    """Two people share a deal of April; what presales has beside them is no part of it."""
    shared = [one for one in plan.credits if one.unit in ("P03", "P04")]
    assert [one.share for one in shared] == [Decimal("0.6"), Decimal("0.4")]
    assert len({one.row for one in shared}) == 1
    total = sum(one.value or 0 for one in shared)
    assert shared[0].value == round(total * Decimal("0.6"), 2)


def test_status_is_said_in_the_documented_words(plan: salesplan.Master) -> None:
    told = {one.status for one in plan.attainments}
    assert "amber" in told and told <= {"green", "amber", "red", "grey", None}


def test_an_empty_table_has_its_columns() -> None:
    frame = api.Table(api.TargetRecord, ()).to_frame()
    assert list(frame.columns) == ["kpi", "unit", "month", "base", "issued"] and frame.empty


def test_a_slice_is_a_table(plan: salesplan.Master) -> None:
    assert len(plan.targets[:3].to_frame()) == 3 and plan.targets[0] == plan.targets[:1][0]


def test_errors_say_what_a_planner_would_read(plan: salesplan.Master, tmp_path: Path) -> None:
    with pytest.raises(salesplan.SalesplanError) as raised:
        plan.explain("nobody", "REV")
    assert any("nobody" in note for note in raised.value.__notes__)
    with pytest.raises(salesplan.SalesplanError) as raised:
        salesplan.open(tmp_path / "absent.xlsx")
    assert len(raised.value.__notes__) == 2
    with pytest.raises(salesplan.SalesplanError):
        salesplan.open(plan.path, month="2031-01")
    with pytest.raises(ValueError, match="2026-13: a month is written 2026-06"):
        salesplan.open(plan.path, month="2026-13")
    with pytest.raises(ValueError, match="a day is written 2026-06-30"):
        salesplan.open(plan.path, as_of="30/6/2026")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> salesplan.Master:
    """A plan of a company, two teams and a person in each, all of whom are sent their part."""
    path = masters.write(tmp_path_factory.mktemp("small") / "plan.xlsx", masters.SOUND, "en")
    return salesplan.open(path)


def test_arguments_that_cannot_be_meant_are_said_in_words(
    plan: salesplan.Master, tmp_path: Path
) -> None:
    old = tmp_path / "plan.xls"
    with pytest.raises(salesplan.SalesplanError, match="new-not-xlsx"):
        salesplan.new(old, year=2026)
    assert not old.exists()
    with pytest.raises(ValueError, match="not a language: 'fr'; one of zh, en"):
        salesplan.new(tmp_path / "plan.xlsx", year=2026, lang="fr")
    with pytest.raises(ValueError, match="not a language: 'fr'; one of zh, en"):
        plan.report(tmp_path, lang="fr")
    with pytest.raises(ValueError, match="not a choice of details: 'all'; one of month, ytd, none"):
        plan.report(tmp_path, details="all")
    with pytest.raises(ValueError, match="audience: None; a code or a name is wanted"):
        plan.report(tmp_path, audience=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unit: None; a code or a name is wanted"):
        plan.explain(None, "REV")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_filling(plan: salesplan.Master, tmp_path: Path) -> None:
    before = plan.path.read_bytes()
    assert plan.fill(dry_run=True).written is None and plan.path.read_bytes() == before
    done = plan.fill(tmp_path / "copy.xlsx")
    assert done.written == tmp_path / "copy.xlsx" and len(done.cells) > 1000
    assert plan.path.read_bytes() == before
    assert len(salesplan.open(tmp_path / "copy.xlsx").fill(dry_run=True).cells) == 0


def test_reporting(small: salesplan.Master, tmp_path: Path) -> None:
    each = small.report(tmp_path / "each", audience="each", lang="zh")
    assert len(each) == len(small.units) == 5 and all(book.exists() for book in each)
    (part,) = small.report(str(tmp_path), audience="T1", html=True, pptx=True)
    assert part.exists() and "T1" in part.name
    assert part.with_suffix(".html").exists() and part.with_suffix(".pptx").exists()
    (card,) = small.report(tmp_path / "card", audience="T2")
    (whole,) = small.report(tmp_path / "full", audience="T2", full=True)
    assert len(shown(card)) == 2 < len(shown(whole))


def shown(book: Path) -> list[str]:
    """The sheets of a workbook that its reader sees."""
    sheets = CalamineWorkbook.from_path(str(book)).sheets_metadata
    return [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import salesplan, sys; print({'pandas', 'openpyxl', 'salesplan.app'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
