"""A plan begun: by questions in a terminal, by options, from a list of people, for a trade; and
what check, recalc and report make of it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from salesplan.cli import answers
from salesplan.plan.loader import load
from salesplan.plan.model import KpiKind, Level
from salesplan.plan.schema import sheet, table
from salesplan.template import write_started
from salesplan.template.layout import HEADER_ROW
from salesplan.template.menu import KINDS, USUAL
from salesplan.template.starting import ALWAYS, TREES, Start
from salesplan.template.story.values import Row
from salesplan.template.trades import TRADES
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import typed
from tests.terminal import CTRL_C, answered

PEOPLE: tuple[Row, ...] = (
    {"code": "T1", "name": "East", "level": Level.TEAM, "parent": "HQ"},
    {"code": "P1", "name": "Ann Lee", "level": Level.PERSON, "parent": "T1"},
    {"code": "P2", "name": "Bo Chan", "level": Level.PERSON, "parent": "T1"},
    {"code": "T2", "name": "South", "level": Level.TEAM, "parent": "HQ"},
    {"code": "P3", "name": "Cy Dunn", "level": Level.PERSON, "parent": "T2"},
)
LIST = (
    "Name,Team,Manager,E-mail\nAnn Lee,East,,a@x.cn\nBo Chan,East,,b@x.cn\nCy Dunn,South,,c@x.cn\n"
)
OPTIONS = ["--lang", "en", "--company", "Acme", "--money", "USD", "--year", "2026"]


def sheets_of(path: Path) -> list[str]:
    return openpyxl.load_workbook(path, read_only=True).sheetnames


def typed_below(path: Path, lang: str, cells: dict[tuple[str, str], list[object]]) -> None:
    """Type values below the heads of a master, from the first free row on."""
    places: dict[tuple[str, str], object] = {}
    for (table_key, column), values in cells.items():
        schema = table(table_key)
        letters = get_column_letter([one.key for one in schema.columns].index(column) + 1)
        for row, value in enumerate(values, HEADER_ROW + 2):
            places[sheet(schema.sheet).title(lang), f"{letters}{row}"] = value
    typed(path, places)


# -- the questions


def test_the_questions_are_asked_and_bad_answers_again(tmp_path: Path) -> None:
    typed_in = [
        "3",
        "en",
        " ",
        "Acme",
        "202x",
        "2026",
        "13",
        "4",
        "9",
        "",
        "2x",
        "2",
        "0",
        "1, cash collected",
    ]
    code, said = answered(["start"], [*typed_in, "bitcoin", "usd"], tmp_path)
    assert code == 0, said
    for reason in (
        "answer 1 (中文) or 2 (English)",
        "a name has 1 to 80 letters",
        "a year is written 2026",
        "a month is a number from 1 to 12",
        "answer with a number from 0 to 2",
        "answer with a number from 1 to 4",
        "there is no KPI “0”",
        "“bitcoin” is no currency",
    ):
        assert said.count(reason) == 1, reason
    plan = load(tmp_path / "plan.xlsx").plan
    assert plan.settings.company == "Acme" and plan.settings.fiscal_start == 4
    assert plan.settings.currency == "USD" and plan.settings.country == "US"
    assert [one.code for one in plan.kpis] == ["REV", "COL"]
    assert "Organization B7:B9" in said and "KPIs K6:K7" in said
    assert {one.kind for one in USUAL} == set(KpiKind) and len(USUAL) == 15
    assert all(KINDS[one.kind].en in said for one in USUAL)


def test_the_questions_take_a_list_of_people(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(LIST, "utf-8")
    (tmp_path / "none.csv").write_text("a,b\n1,2\n", "utf-8")
    typed_in = ["1", "远帆", "", "", "", "nobody.csv", "none.csv", "people.csv", "", ""]
    code, said = answered(["new"], typed_in, tmp_path)
    assert code == 0, said
    assert "没有文件 nobody.csv" in said and "“none.csv”里没有找到人员名单" in said
    plan = load(tmp_path / "plan.xlsx").plan
    assert [one.name for one in plan.units] == [
        "远帆",
        "East",
        "Ann Lee",
        "Bo Chan",
        "South",
        "Cy Dunn",
    ]


def test_only_what_is_open_is_asked(tmp_path: Path) -> None:
    given = [*OPTIONS, "--fiscal-start", "1", "--kpis", "REV", "--levels", "person"]
    code, said = answered(["start", "mine.xlsx", *given], ["0"], tmp_path)
    assert code == 0 and "1/7" not in said and "4/7" in said and "5/7" not in said


def test_breaking_off_leaves_nothing_behind(tmp_path: Path) -> None:
    code, said = answered(["start"], ["2", "Acme", "", CTRL_C], tmp_path)
    assert code == 130 and "Interrupted" in said
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"mine")
    code, said = answered(["start"], [], tmp_path)
    assert code == 2 and "1/7" not in said
    assert (tmp_path / "plan.xlsx").read_bytes() == b"mine"


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    """It says what to type, and that is a command that works."""
    done = subprocess.run(
        [sys.executable, "-m", "salesplan", "start", "p.xlsx", "--company", "Acme"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2 and not list(tmp_path.iterdir())
    line = done.stderr.strip().rpartition("such as ")[2].split()
    assert line[:3] == ["salesplan", "start", "p.xlsx"]
    assert run("start", tmp_path / "p.xlsx", *line[3:], "--company", "Acme").exit_code == 0
    assert run("new").exit_code == 2


# -- by options


def test_only_the_sheets_that_are_needed_and_more_by_add(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    done = run("new", path, *OPTIONS, "--kpis", "REV,新客户数,3", "--levels", "team-person")
    assert done.exit_code == 0, done.output
    wanted = [
        sheet(key).en
        for key in ("settings", "organization", "kpis", "targets", "actuals", "checks")
    ]
    assert sheets_of(path) == ["Read me", "Choosing", *wanted] and len(ALWAYS) == len(wanted)
    checked = run("check", path, "--all")
    assert checked.exit_code == 1 and "Organization!B7" in checked.output
    names: list[object] = ["Acme", "East", "Ann"]
    typed_below(path, "en", {("units", "name"): names, ("kpis", "target"): [1200]})
    assert run("check", path).exit_code == 0
    assert run("recalc", path).exit_code == 0
    assert run("add", path, "Budget", "Pipeline").exit_code == 0
    assert sheets_of(path)[-2:] == ["Budget", "Pipeline"]
    assert run("check", path).exit_code == 0


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--kpis", "REV,XYZ", "XYZ"),
        ("--kpis", ",", "one KPI"),
        ("--money", "shells", "shells"),
        ("--company", "  ", "letters"),
        ("--country", "China", "two letters"),
        ("--levels", "a", "levels"),
        ("--trade", "mining", "trade"),
    ],
)
def test_an_option_that_cannot_be_used_says_why(
    option: str, value: str, why: str, tmp_path: Path
) -> None:
    done = run("new", tmp_path / "plan.xlsx", "--lang", "en", option, value)
    assert done.exit_code == 2 and why in done.output
    assert not (tmp_path / "plan.xlsx").exists()


def test_a_sample_takes_no_answers(tmp_path: Path) -> None:
    done = run("new", tmp_path / "plan.xlsx", "--example", "--company", "Acme")
    assert done.exit_code == 2 and not (tmp_path / "plan.xlsx").exists()


def test_from_a_list_to_the_first_report(tmp_path: Path) -> None:
    """What a planner does with an own list: begin, enter a target, work it out, report."""
    (tmp_path / "people.csv").write_text(LIST, "utf-8")
    path = tmp_path / "plan.xlsx"
    done = run("new", path, *OPTIONS, "--from", tmp_path / "people.csv")
    assert done.exit_code == 0, done.output
    assert "people!B1  Team → team or department" in done.output
    assert "3 people in 2 groups" in done.output and "people!C1  Manager → manager" in done.output
    typed_below(path, "en", {("kpis", "target"): [1200]})
    assert run("check", path).exit_code == 0
    assert run("recalc", path).exit_code == 0
    assert "800.4" in run("explain", path, "East", "REV").output
    assert run("report", path, "-o", tmp_path / "report").exit_code == 0


def test_a_list_that_is_none_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("a,b\n1,2\n", "utf-8")
    done = run("new", tmp_path / "plan.xlsx", "--lang", "en", "--from", tmp_path / "people.csv")
    assert done.exit_code == 1 and "has no list of people" in done.output
    assert not (tmp_path / "plan.xlsx").exists()


@pytest.mark.parametrize("command", ["new", "start"])
def test_levels_beside_a_list_are_refused(command: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(LIST, "utf-8")
    path = tmp_path / "plan.xlsx"
    done = run(
        command,
        path,
        *OPTIONS,
        "--from",
        tmp_path / "people.csv",
        "--levels",
        "person",
        "--kpis",
        "REV",
    )
    assert done.exit_code == 2 and "--levels" in done.output and "--from" in done.output
    assert not path.exists()


def test_the_hint_is_of_what_is_blank(tmp_path: Path) -> None:
    """A list fills the names; without --company the company's alone is blank."""
    (tmp_path / "people.csv").write_text(LIST, "utf-8")
    asked = ("new", tmp_path / "plan.xlsx", "--lang", "en", "--from", tmp_path / "people.csv")
    done = run(*asked)
    assert "B6: enter the company's name; look at people and parents" in done.output
    assert "enter names" not in done.output
    named = run(*asked, "--company", "Acme", "--force").output
    assert "1. Organization: look at people and parents" in named


# -- trades

REPORTED = {"software": "zh", "fmcg": "en"}
"""In which language a trade's report is made, too."""


@pytest.mark.parametrize("key", TRADES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_trade_s_master_is_sound_once_people_are_in(key: str, lang: str, tmp_path: Path) -> None:
    trade = TRADES[key]
    path = tmp_path / "plan.xlsx"
    start = Start("Acme", 2026, lang, kpis=trade.kpis, trade=trade, people=PEOPLE)
    write_started(path, start)
    write_started(tmp_path / "again.xlsx", start)
    assert path.read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    plan = load(path).plan
    assert len(plan.kpis) == len(trade.kpis) == 12 and len(plan.tasks) == 9
    assert all(not one.owner for one in plan.tasks)
    assert sum(one.share for one in plan.category_shares) == 1
    targets: list[object] = [0.4 if one.kind.is_share else 1200 for one in trade.kpis]
    owners: list[object] = ["P1", "P2", "P3"] * 3
    typed_below(path, lang, {("kpis", "target"): targets, ("tasks", "owner"): owners})
    flow = next(one for one in trade.kpis if one.kind is KpiKind.FLOW)
    actuals = {
        "day": ["2026-03"] * 3,
        "unit": ["P1", "P2", "P3"],
        "kpi": [flow.code] * 3,
        "value": [30, 20, 40],
    }
    typed_below(path, lang, {("actuals", key): values for key, values in actuals.items()})
    commands = [("check",), ("recalc",)]
    if REPORTED[key] == lang:
        commands.append(("report", "--month", "2026-03", "-o", str(tmp_path / "report")))
    for command, *more in commands:
        done = run(command, path, *more)
        assert done.exit_code == 0, done.output


def test_the_options_offer_every_trade_and_tree() -> None:
    """They are named twice, so that a click need not read the trades."""
    assert tuple(TRADES) == answers.TRADES and tuple(TREES) == answers.TREES


@pytest.mark.parametrize("key", TRADES)
def test_a_trade_s_data_hold_together(key: str) -> None:
    trade = TRADES[key]
    codes = {one.code for one in trade.kpis}
    assert len(codes) == len(trade.kpis)
    assert all(len(one) == 12 and sum(one) == 1000 for one in trade.seasons.values())
    assert trade.seasons.keys() <= codes
    assert {one.kpi for one in (*trade.approaches, *trade.duties)} <= codes
    assert {one.approach for one in trade.duties} == {one.code for one in trade.approaches}
    assert all(set(one.parts) <= codes | {""} for one in trade.kpis)
    for shares in (trade.categories, trade.regions):
        assert sum(share for _, share in shares) == 100


@pytest.mark.parametrize("start", [1, 4, 10])
def test_a_trade_s_tasks_lie_within_any_fiscal_year(start: int) -> None:
    for trade in TRADES.values():
        plan = Start("Acme", 2026, "en", fiscal_start=start, kpis=trade.kpis, trade=trade)
        first, last = plan.months[0].first, plan.months[-1].last
        for row in plan.tables()["tasks"]:
            assert first <= row["start"] <= row["due"] <= last  # type: ignore[operator]
