"""Whom and what a text means: one rule, by code, by name, by leader; two of a name are both
named.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesplan.app.common import chosen
from salesplan.findings import SalesplanError
from salesplan.plan.model import Kpi, KpiKind, Level, Plan, Settings, Unit
from salesplan.plan.model.people import Index, People
from tests.unit.masters import edited, findings_of, read

UNITS = (
    Unit(code="HQ", name="公司", level=Level.COMPANY, manager="王总", email="ceo@example.com"),
    Unit(code="N1", name="华北 一部", level=Level.DEPARTMENT, parent="HQ", manager="王总"),
    Unit(code="P1", name="张三", level=Level.PERSON, parent="N1"),
    Unit(code="P2", name="", level=Level.PERSON, parent="N1"),
    Unit(code="p9", name="李四", level=Level.PERSON, parent="N1"),
    Unit(code="P9", name="李四", level=Level.PERSON, parent="N1"),
    Unit(code="S1", name="华南", level=Level.TEAM, parent="HQ", manager="赵六"),
    Unit(code="S2", name="西南", level=Level.TEAM, parent="HQ", manager="赵六"),
    Unit(code="T5", name="张三", level=Level.TEAM, parent="HQ", manager="张三"),
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("P1", ["P1"]),
        ("p1", ["P1"]),
        ("ｎ１", ["N1"]),
        (" n 1 ", ["N1"]),
        ("华北一部", ["N1"]),
        ("p9", ["p9"]),
        ("P9", ["P9"]),
        ("Ｐ9", ["p9", "P9"]),
        ("李四", ["p9", "P9"]),
        ("李 四", ["p9", "P9"]),
        ("张 三", ["P1", "T5"]),
        ("王总", ["HQ"]),
        ("王 总", ["HQ"]),
        ("赵六", ["S1", "S2"]),
        ("P3", []),
        ("", []),
        (" ", []),
    ],
)
def test_the_code_then_the_name_then_the_leader_in_any_spelling(
    typed: str, codes: list[str]
) -> None:
    """Exactly written, p9 and P9 are two; written in another way, either could be meant."""
    assert [unit.code for unit in People(UNITS).meant(typed)] == codes


def test_one_is_taken_several_are_left_as_typed() -> None:
    people = People(UNITS)
    assert [people.code(text) for text in ("王总", "李四", "nobody")] == ["HQ", "李四", "nobody"]


def test_a_leader_is_a_person_and_no_team_of_that_name() -> None:
    people = People(UNITS)
    head = people.head(UNITS[-1])
    assert (head and head.code, people.head(UNITS[0])) == ("P1", None)


def test_an_address_means_whom_it_belongs_to() -> None:
    assert [unit.code for unit in People(UNITS).addressed("CEO@example.com")] == ["HQ"]


def test_kpis_are_found_by_the_same_rule() -> None:
    index = Index((Kpi(code="REV", name="营业收入", kind=KpiKind.FLOW),))
    assert [index.code(text) for text in ("rev", "营业 收入", "收入")] == ["REV", "REV", "收入"]


def test_a_circle_of_parents_ends() -> None:
    circle = (
        Unit(code="A", name="a", level=Level.TEAM, parent="B", manager="m"),
        Unit(code="B", name="b", level=Level.TEAM, parent="A", manager="m"),
    )
    assert People(circle).meant("m") == ()
    assert Plan(settings=Settings(year=2026), units=circle).people.code("m") == "m"


def test_names_in_every_column_that_wants_a_code() -> None:
    """上级编码 华东, 实绩 of 张 三 and 营 收, a goal of 李四, a task of 张三, a change of
    营收/李四: all by code.
    """
    rows = edited(
        {
            "units": {5: {"parent": "华东"}, 3: {"manager": "张三"}},
            "actuals": {2: {"unit": "张 三", "kpi": "营 收"}},
            "targets": {2: {"kpi": "rev", "unit": "李四"}},
            "tasks": {2: {"owner": "张三"}},
            "weekly": {2: {"task": "k1"}},
            "changes": {
                2: {
                    "subject": "营收/李四",
                    "field": "手工年度目标",
                    "before": None,
                    "after": 5,
                    "notify": "李四",
                }
            },
        }
    )
    plan, findings = read(rows)
    assert findings == []
    assert [unit.parent for unit in plan.units] == [None, "C1", "C1", "T1", "T2"]
    assert plan.units[1].manager == "P1"
    assert (plan.actuals.unit[0], plan.actuals.kpi[0]) == ("P1", "REV")
    assert (plan.targets[0].kpi, plan.targets[0].unit) == ("REV", "P2")
    assert (plan.tasks[0].owner, plan.weekly[0].task) == ("P1", "K1")
    assert plan.changes[0].subject == "REV/P2"
    assert plan.changes[0].aim is not None
    assert plan.changes[0].aim.key == ("REV", "P2")


def test_two_of_a_name_are_both_named_wherever_it_stands() -> None:
    rows = edited(
        {
            "units": {6: {"name": "张三"}, 3: {"manager": "张三"}},
            "actuals": {2: {"unit": "张三"}},
            "targets": {3: {"unit": "张三"}},
            "tasks": {2: {"owner": "张 三"}},
            "changes": {2: {"subject": "REV/张三", "field": "手工年度目标", "notify": "张三"}},
        }
    )
    found = [where for code, where in findings_of(rows) if code == "name-ambiguous"]
    assert sorted(found) == [
        "变更记录!D2",
        "变更记录!M2",
        "实绩!B2",
        "日跟进!B2",
        "目标分解!B3",
        "行动计划!D2",
    ]
    assert ("leader-ambiguous", "组织!E3") in findings_of(rows)


def test_a_row_named_in_two_ways_is_there_twice() -> None:
    """REV of 华东 and rev of T1 are one target: the second is left out and said."""
    rows = edited({"targets": {2: {"kpi": "营收", "unit": "华东"}}})
    assert ("duplicate-code", "目标分解!A3") in findings_of(rows)


@pytest.mark.parametrize(
    ("typed", "code", "offered"),
    [
        ("李 四", "name-ambiguous", ("p9", "P9")),
        ("华北二部", "explain-unit-unknown", None),
    ],
)
def test_at_the_keyboard_both_are_named_or_what_there_is(
    typed: str, code: str, offered: tuple[str, ...] | None
) -> None:
    with pytest.raises(SalesplanError) as refused:
        chosen(People(UNITS), typed, "explain-unit-unknown", Path("plan.xlsx"))
    finding = refused.value.finding
    assert (refused.value.exit_code, finding.code) == (2, code)
    assert finding.params.get("codes") == offered
    assert offered or finding.params["near"]
