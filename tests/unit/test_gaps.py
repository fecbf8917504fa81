"""Where a KPI's gap comes from: contributions that add up, and the lowest units that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from salesplan import app, messages
from salesplan.engine.work.gaps import CARRIES, Contribution, places
from salesplan.engine.work.problem_notes import keys_of, written_of
from salesplan.engine.work.problems import MINOR, Problem, in_parts
from salesplan.findings import Finding
from salesplan.plan.loader import load
from salesplan.plan.model import (
    Direction,
    IssueRow,
    IssueStatus,
    Kpi,
    KpiKind,
    Level,
    Light,
    Plan,
    Settings,
    Unit,
)
from salesplan.report.sections.deviations import _part
from tests.unit.masters import SOUND, write
from tests.unit.plans import Row, month, plan_of
from tests.unit.test_problems import find, issue

D = Decimal
FLOW = Kpi(code="K", name="营收", kind=KpiKind.FLOW, unit="万元")
RATE = Kpi(code="R", name="复购率", kind=KpiKind.RATIO)
NAMES = {
    "C": None,
    "T1": "C",
    "T2": "C",
    "D1": "T1",
    "D2": "T1",
    "D3": "T1",
    "A": "D1",
    "B": "D1",
    "E": "D2",
}
LEVELS = {"C": Level.COMPANY, "T": Level.TEAM, "D": Level.DEPARTMENT}
UNITS = tuple(
    Unit(code=code, name=f"<{code}>", level=LEVELS.get(code[0], Level.PERSON), parent=parent)
    for code, parent in NAMES.items()
)


WHOLE = {"C": 5, "T1": 4, "D1": 2}
GOALS = {code: [100 * WHOLE.get(code, 1)] * 12 for code in NAMES}
"""Every unit without one below it has 100 a month, the others what is below them."""


def stated(sold: Mapping[str, int], *, issues: tuple[IssueRow, ...] = ()) -> tuple[Problem, ...]:
    """The problems of June, in which the units sold that much."""
    return find(plan_with(sold, issues), *NAMES, goals=GOALS)


def plan_with(sold: Mapping[str, int], issues: tuple[IssueRow, ...] = ()) -> Plan:
    rows: list[Row] = [{"at": 6, "unit": code, "value": value} for code, value in sold.items()]
    return plan_of(FLOW, *rows, units=UNITS, issues=issues)


SPREAD = {"A": 60, "B": 70, "E": 80, "D3": 90, "T2": 95}


def leaf(unit: str, gap: int) -> Contribution:
    return Contribution(unit, D(gap))


def tree(unit: str, *parts: Contribution, rest: int = 0) -> Contribution:
    return Contribution(unit, sum((one.gap for one in parts), D(rest)), parts)


class TestPlaces:
    def test_one_child_with_seventy_percent_is_gone_down_to(self) -> None:
        top = tree("C", tree("T1", leaf("A", 70), leaf("B", 0)), leaf("T2", 30))
        assert [one.unit for one in places(top)] == ["A"]

    def test_less_is_stated_above(self) -> None:
        top = tree("C", leaf("T1", 69), leaf("T2", 31))
        assert [one.unit for one in places(top)] == ["C"]

    def test_two_of_three_and_each_goes_on_by_itself(self) -> None:
        top = tree("C", tree("T1", leaf("A", 40), leaf("B", 1)), leaf("T2", 30), leaf("T3", 29))
        assert [one.unit for one in places(top)] == ["A", "T2"]

    def test_two_of_two_explain_nothing(self) -> None:
        assert [one.unit for one in places(tree("C", leaf("T1", 50), leaf("T2", 50)))] == ["C"]

    def test_what_is_not_assigned_is_nobodys(self) -> None:
        top = tree("C", leaf("T1", 20), leaf("T2", 20), leaf("T3", 10), rest=50)
        assert [one.unit for one in places(top)] == ["C"]

    def test_others_ahead_leave_the_one_that_is_short(self) -> None:
        top = tree("C", leaf("T1", 50), leaf("T2", -30))
        assert [one.unit for one in places(top)] == ["T1"]

    def test_of_several_that_are_short_by_as_much_none_is_named(self) -> None:
        """Three people miss their one customer each, two others have one too many."""
        same = [leaf(f"P{at}", 1) for at in range(3)]
        top = tree("C", *same, leaf("P4", -1), leaf("P5", -1))
        assert top.gap == 1 and [one.unit for one in places(top)] == ["C"]

    def test_nobody_is_named_for_what_somebody_elsewhere_is_short_of_as_well(self) -> None:
        ahead = tree("T1", leaf("P1", 1), leaf("P2", -2))
        top = tree("C", ahead, tree("T2", leaf("P3", 1)), tree("T3", leaf("P4", 1)))
        assert [one.unit for one in places(top)] == ["T2", "T3"]

    def test_a_pair_with_a_third_like_the_second_is_none(self) -> None:
        top = tree("C", leaf("T1", 50), leaf("T2", 25), leaf("T3", 25))
        assert [one.unit for one in places(top)] == ["C"]


trees = st.recursive(
    st.builds(leaf, st.uuids().map(str), st.integers(-50, 100)),
    lambda parts: st.builds(
        lambda name, found, rest: tree(name, *found, rest=rest),
        st.uuids().map(str),
        st.lists(parts, min_size=1, max_size=4),
        st.integers(-20, 20),
    ),
    max_leaves=25,
)


@given(trees)
def test_at_most_two_places_that_carry_their_part_of_the_gap(top: Contribution) -> None:
    found = places(top)
    assert 1 <= len(found) <= 2
    below = list(top.walk())
    assert all(any(one is unit for unit in below) for one in found)
    for one in below:
        assert sum((part.gap for part in one.parts), one.rest) == one.gap
    if found != (top,) and len(found) == 1:
        steps, at = 0, top
        while at is not found[0]:
            at = next(part for part in at.parts if any(one is found[0] for one in part.walk()))
            steps += 1
        assert found[0].gap >= CARRIES**steps * top.gap


class TestStatedOnce:
    def test_one_problem_for_a_cause_at_four_levels(self) -> None:
        (one,) = stated({"A": 10, "B": 100, "E": 100, "D3": 100, "T2": 100})
        assert (one.key, one.places, one.gap) == ("KPI:K:C", ("A",), 90)
        assert [messages.text(said, "zh") for said in one.where] == ["缺口 90 万元全在<A>。"]

    def test_of_a_single_unit_nobody_has_a_share(self) -> None:
        problem = stated({"A": 10})[0]
        tree_of_one = tree("C", tree("T1", leaf("A", 1)), leaf("T2", 0))
        assert not in_parts(FLOW, tree_of_one) and in_parts(RATE, tree_of_one)
        assert _part(FLOW, replace(problem, tree=tree_of_one), "T1") is None

    def test_the_way_down_is_told(self) -> None:
        (one,) = stated({"A": 40, "B": 50, "E": 90, "D3": 80, "T2": 90})
        assert one.places == ("D1",) and [messages.text(said, "en") for said in one.where] == [
            "<T1>: 93% of the gap of 150 万元.",
            "Mainly <D1>: 110 万元 short, 73% of the whole.",
            "2 of 2 units under <D1> are behind, 110 万元 in all.",
        ]

    def test_of_what_should_be_little_there_is_too_much_and_nobody_is_short(self) -> None:
        """One team is over by more than the company, since the other is below its limit."""
        complaints = replace(FLOW, direction=Direction.LOWER)
        rows: list[Row] = [
            {"at": 6, "unit": code, "value": value}
            for code, value in {"A": 180, "B": 140, "E": 100, "D3": 95, "T2": 60}.items()
        ]
        one = find(plan_of(complaints, *rows, units=UNITS), *NAMES, goals=GOALS)[0]
        said = " ".join(messages.text(part, "en") for part in one.where)
        assert said == (
            "<T1>: 115 万元 over the limit, more than the whole excess; others are below theirs."
            " Mainly <D1>: 120 万元 over the limit."
            " 2 of 2 units under <D1> are over the limit, 120 万元 in all."
        )
        chinese = " ".join(messages.text(part, "zh") for part in one.where)
        assert "超出" in chinese and "缺口" not in chinese and "差" not in chinese

    @pytest.mark.parametrize(
        ("left", "joined", "told"),
        [
            (date(2026, 5, 29), None, "is the target of <A> (left), handed on to nobody"),
            (date(2026, 5, 29), date(2026, 3, 2), "is not assigned to anyone below"),
            (None, None, "is not assigned to anyone below"),
        ],
    )
    def test_whose_target_nobody_has_is_told_where_it_is_known(
        self, left: date | None, joined: date | None, told: str
    ) -> None:
        dates = {"A": {"left": left}, "B": {"joined": joined}}
        units = tuple(replace(one, **dates.get(one.code, {})) for one in UNITS)
        rows: list[Row] = [{"at": 6, "unit": "B", "value": 90}]
        goals = {"D1": [200] * 12, "B": [100] * 12}
        plan = plan_of(FLOW, *rows, units=units)
        (one, *_) = find(plan, "D1", "B", goals=goals, coverage=D(1))
        assert told in messages.text(one.where[-1], "en")

    def test_every_level_adds_up_to_the_whole_gap(self) -> None:
        (one,) = stated(SPREAD)
        assert one.tree is not None and one.tree.gap == one.gap == 105
        parts = {unit.unit: unit.gap for unit in one.tree.walk()}
        assert parts == {
            "C": 105,
            "T1": 100,
            "D1": 70,
            "A": 40,
            "B": 30,
            "D2": 20,
            "E": 20,
            "D3": 10,
            "T2": 5,
        }

    def test_ranked_by_weight_times_one_less_the_pace(self) -> None:
        (one,) = stated(SPREAD)
        assert one.loss == 1 - D(395) / D(500)
        weighted = replace(FLOW, weight=D("0.4"))
        other = Kpi(code="G", name="回款", kind=KpiKind.FLOW, weight=D("0.6"))
        plan = replace(plan_with(SPREAD), kpis=(weighted, other))
        assert find(plan, "C", goals=GOALS)[0].loss == (1 - D(395) / D(500)) * D("0.4")

    def test_one_person_of_many_is_minor(self) -> None:
        """Red by itself, but it costs the company less than half a percent: counted."""
        goals = {"C": [100_000] * 12, "A": [100] * 12}
        rows: list[Row] = [{"at": 6, "unit": "T2", "value": 99_950}, {"at": 6, "value": 50}]
        (one,) = find(plan_of(FLOW, *rows, units=UNITS), "C", "A", goals=goals)
        assert (one.key, one.loss) == ("KPI:K:A", D("0.0005")) and one.loss < MINOR

    def test_nothing_of_what_should_be_little_is_no_deviation(self) -> None:
        complaints = Kpi(code="K", name="投诉", kind=KpiKind.FLOW, direction=Direction.LOWER)
        assert find(plan_of(complaints, {"at": 6, "value": 0}), "A") == ()
        (one,) = find(plan_of(complaints, {"at": 6, "value": 50}), "A")
        assert one.key == "GAP:K:A"

    def test_a_rate_is_split_by_numerator_and_denominator(self) -> None:
        """80 of 100 and 30 of 300 against 50 %: the company is 22.5 points short, all of it and
        more by the second.
        """
        rows: list[Row] = [
            {"at": 6, "kpi": "R", "unit": "A", "n": 80, "d": 100},
            {"at": 6, "kpi": "R", "unit": "B", "n": 30, "d": 300},
        ]
        one, ahead = find(plan_of(RATE, *rows), "C", "E", "A", "B", goals=["0.5"] * 12)
        assert one.tree is not None and ahead.key == "GAP:R:A"
        parts = {part.unit: part.gap for part in one.tree.walk()}
        assert [parts[unit] for unit in "CEAB"] == [D("0.225"), D("0.225"), D("-0.075"), D("0.3")]
        assert one.places == ("B",)
        assert "30 百分点" in messages.text(one.where[1], "zh")


class TestIdentity:
    @pytest.mark.parametrize("culprit", ["A", "T2"])
    def test_it_survives_another_culprit(self, culprit: str) -> None:
        sold = dict.fromkeys(("A", "B", "E", "D3", "T2"), 100)
        rows: list[Row] = [
            {"at": at, "unit": unit, "value": 10 if unit == short else value}
            for at, short in ((5, "A"), (6, culprit))
            for unit, value in sold.items()
        ]
        (one,) = find(plan_of(FLOW, *rows, units=UNITS), *NAMES, goals=GOALS)
        assert (one.key, one.places, one.months) == ("KPI:K:C", (culprit,), 2)

    def test_text_at_a_lower_unit_moves_along(self) -> None:
        rows = (issue("KPI:K:A", month(4), cause="客户推迟", remedy="高层拜访"),)
        (one,) = stated(SPREAD, issues=rows)
        assert one.key == "KPI:K:C" and one.older == ("KPI:K:A",)
        plan = plan_with(SPREAD, rows)
        written = written_of(plan, one)
        assert written is not None and (written.cause, written.remedy) == ("客户推迟", "高层拜访")
        assert keys_of(plan, [one]) == {"KPI:K:A": "KPI:K:C"}

    def test_its_own_row_wins_and_takes_what_it_leaves_blank(self) -> None:
        rows = (
            issue("KPI:K:C", month(4), owner="T1"),
            issue("KPI:K:A", month(4), cause="客户推迟", owner="A"),
        )
        (one,) = stated(SPREAD, issues=rows)
        written = written_of(plan_with(SPREAD, rows), one)
        assert written is not None
        assert (written.code, written.cause, written.owner) == ("KPI:K:C", "客户推迟", "T1")

    def test_a_closed_row_stays_where_it_is(self) -> None:
        row = issue("KPI:K:A", month(4), cause="客户推迟", status=IssueStatus.CLOSED)
        (one,) = stated(SPREAD, issues=(row,))
        assert one.older == ()

    def test_a_cause_below_explains_an_amber_deviation(self) -> None:
        """Else the next run, in which the row has moved up, would say something else."""
        settings = Settings(year=2026, amber=D("0.7"))
        plan = replace(plan_with(SPREAD), settings=settings)
        (one,) = find(plan, *NAMES, goals=GOALS)
        assert (one.key, one.light) == ("KPI:K:C", Light.AMBER)
        cause = issue("KPI:K:D1", month(6), cause="客户推迟")
        assert find(replace(plan, issues=(cause,)), *NAMES, goals=GOALS) == ()


class TestInTheMaster:
    """SOUND's company is short in March because 张三 (P1, of T1) sold nothing."""

    TYPED: ClassVar[list[dict[str, object]]] = [
        {"code": "KPI:REV:P1", "cause": "客户推迟", "remedy": "高层拜访", "status": "处理中"}
    ]

    def rows(self, path: Path) -> dict[str, tuple[object, ...]]:
        table = load(path).tables["issues"]
        keys = ("cause", "remedy", "months", "grade", "symptom")
        cells = [table.column(key) for key in keys]
        return {
            str(code): tuple(column[at] for column in cells)
            for at, code in enumerate(table.column("code"))
        }

    def test_a_row_moves_to_the_unit_where_the_problem_is_stated(self, tmp_path: Path) -> None:
        path = write(tmp_path / "m.xlsx", {**SOUND, "issues": self.TYPED})
        assert app.recalc(path).changes.edits
        rows = self.rows(path)
        assert "KPI:REV:P1" not in rows
        assert rows["KPI:REV:C1"][:4] == ("客户推迟", "高层拜访", 1, "■ 红")
        assert "张三差" in str(rows["KPI:REV:C1"][4])
        assert app.recalc(path).changes.edits == ()

    def test_it_moves_again_when_the_company_is_fine(self, tmp_path: Path) -> None:
        """The other team makes up for it: now the first team is the topmost that is behind."""
        path = write(tmp_path / "m.xlsx", {**SOUND, "issues": self.TYPED})
        app.recalc(path)
        book = load_workbook(path)
        actuals = book["实绩"]
        column = next(cell.column for cell in actuals[1] if cell.value == "金额/数值")
        actuals.cell(3, column).value = 38.53
        book.save(path)
        app.recalc(path)
        assert self.rows(path)["KPI:REV:T1"][:2] == ("客户推迟", "高层拜访")
        assert app.recalc(path).changes.edits == ()

    def test_text_of_its_own_row_stays_and_the_other_says_where_it_is_stated(
        self, tmp_path: Path
    ) -> None:
        own = {"code": "KPI:REV:C1", "cause": "淡季"}
        path = write(tmp_path / "m.xlsx", {**SOUND, "issues": [*self.TYPED, own]})
        app.recalc(path)
        rows = self.rows(path)
        assert rows["KPI:REV:C1"][0] == "淡季"
        said = Finding.of("problem-stated-at", key="KPI:REV:C1")
        assert rows["KPI:REV:P1"][0::4] == ("客户推迟", messages.text(said, "zh"))
        assert app.recalc(path).changes.edits == ()
