"""Skills and tools: what cells ask, who has it, how much is asked of how many, and which tool is
late. Figures are worked out by hand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.skills import findings, skill_loads
from salesplan.engine.work.tools import check_list
from salesplan.engine.work.tools import findings as late_tools
from salesplan.messages import fix, text
from salesplan.plan.checks.abilities import found
from salesplan.plan.model import Month, Plan, SkillLevel, ToolStatus
from salesplan.plan.model.skills import Abilities, asked
from tests.unit.masters import Rows, edited, read

D = date
CALENDAR = Calendar.of("CN", (), {2026})
MARCH = D(2026, 3, 31)


def plan_of(**tables: Rows | object) -> Plan:
    return read(edited(tables))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("谈判:3、方案设计", ["谈判:3", "方案设计"]),
        ("谈判：精通; 谈判:2 ,培训:", ["谈判:5", "培训"]),
        ("Key accounts:proficient\nDesign", ["Key accounts:4", "Design"]),
        (" 、; ", []),
    ],
)
def test_a_cell_names_skills_with_levels(text: str, said: list[str]) -> None:
    assert [str(one) for one in asked(text)] == said


def test_what_stands_for_a_level_and_is_none_is_kept() -> None:
    (one,) = asked("谈判:很好")
    assert (one.skill, one.level, one.wrong) == ("谈判", None, "很好")


def test_the_sheet_of_skills_counts_before_the_column_of_the_organisation() -> None:
    """谈判 stands in both: the row counts. 培训 stands in the column alone, and counts, too."""
    plan = plan_of(
        units={6: {"skills": "谈判:2、培训"}},
        skills={2: {"person": "李四", "skill": " 谈判", "level": 4, "since": D(2026, 2, 2)}},
    )
    held = Abilities(plan).by_unit["P2"]
    assert [(one.skill, one.level, one.since) for one in held.values()] == [
        ("谈判", SkillLevel.PROFICIENT, D(2026, 2, 2)),
        ("培训", None, None),
    ]


def test_a_team_has_the_best_of_its_people() -> None:
    plan = plan_of(
        skills={
            2: {"person": "P1", "skill": "谈判", "level": 2},
            3: {"person": "P2", "skill": "谈判", "level": 5},
        }
    )
    abilities, units = Abilities(plan), plan.unit_by_code
    best = {code: abilities.best(units[code], "谈判") for code in ("C1", "T1", "P1")}
    assert {code: one and one.person for code, one in best.items()} == {
        "C1": "P2",
        "T1": "P1",
        "P1": "P1",
    }
    assert abilities.best(units["T1"], "培训") is None


def tasks(*rows: dict[str, object]) -> dict[int, dict[str, object]]:
    usual = {"content": "x", "owner": "P1", "strategy": "S1"}
    return {at: {**usual, "code": f"N{at}", **row} for at, row in enumerate(rows, start=4)}


def test_days_are_asked_of_those_who_have_the_skill() -> None:
    """April 2026 has 21 working days, of which 8 lie before the 14th: N4 asks for 21, N5 for 6 of
    its 12 days in April (working days 23 April to 12 May: 12, 6 of them in April), at 10
    person-days 5. P1 is there for all 21.
    """
    inside = CALENDAR.count(D(2026, 4, 23), D(2026, 4, 30))
    whole = CALENDAR.count(D(2026, 4, 23), D(2026, 5, 12))
    plan = plan_of(
        tasks=tasks(
            {"skills": "谈判:3", "start": D(2026, 3, 2), "due": D(2026, 4, 30)},
            {
                "skills": "谈判:4",
                "start": D(2026, 4, 23),
                "due": D(2026, 5, 12),
                "person_days": 10.0,
            },
            {"skills": "谈判:3", "start": D(2026, 4, 1), "due": D(2026, 4, 30), "state": "暂停"},
            {"skills": "谈判:3", "start": D(2026, 3, 2), "due": D(2026, 3, 20)},
        ),
        skills={
            2: {"person": "P1", "skill": "谈判", "level": 4},
            3: {"person": "P2", "skill": "谈判", "level": 2},
        },
    )
    loads = {load.level: load for load in skill_loads(plan, CALENDAR, MARCH)}
    april, may = Month(2026, 4), Month(2026, 5)
    part = Decimal(10) * inside / whole
    three, four = loads[SkillLevel.INDEPENDENT], loads[SkillLevel.PROFICIENT]
    assert (three.people, three.tasks) == (("P1",), ("N4", "N5", "N7"))
    assert [(one.month, one.asked, one.there) for one in three.months] == [
        (april, 21 + part, 21),
        (may, 10 - part, CALENDAR.in_month(may)),
    ]
    assert [one.asked for one in four.months] == [part, 10 - part]
    (said,) = findings(plan, list(loads.values()))
    assert (said.code, said.params["month"], said.params["there"]) == ("skill-short", april, 21)


def test_people_count_from_when_they_have_the_skill_until_they_leave() -> None:
    plan = plan_of(
        units={6: {"left": D(2026, 4, 10)}},
        tasks=tasks({"skills": "谈判", "start": D(2026, 4, 1), "due": D(2026, 4, 30)}),
        skills={
            2: {"person": "P1", "skill": "谈判", "since": D(2026, 4, 20)},
            3: {"person": "P2", "skill": "谈判"},
        },
    )
    (load,) = skill_loads(plan, CALENDAR, MARCH)
    days = CALENDAR.count(D(2026, 4, 20), D(2026, 4, 30)) + CALENDAR.count(
        D(2026, 4, 1), D(2026, 4, 10)
    )
    assert [one.there for one in load.months] == [days]


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"ready": "是", "needed": D(2026, 1, 5)}, ToolStatus.READY),
        ({"needed": MARCH}, ToolStatus.NOT_READY),
        ({"needed": D(2026, 5, 6), "ready_by": D(2026, 3, 30)}, ToolStatus.NOT_READY),
        ({"needed": D(2026, 5, 6), "ready_by": D(2026, 5, 7)}, ToolStatus.TOO_LATE),
        ({"needed": D(2026, 5, 6), "ready_by": D(2026, 5, 6)}, ToolStatus.TO_COME),
        ({"ready_by": D(2026, 5, 6)}, ToolStatus.TO_COME),
        ({"task": "K2"}, ToolStatus.NOT_READY),
        ({"task": "K1"}, None),
        ({}, ToolStatus.UNDATED),
    ],
)
def test_a_tool_is_late_by_the_day_it_is_needed(
    cells: dict[str, object], status: ToolStatus | None
) -> None:
    """K2 began on 2 March; K1 is done."""
    plan = plan_of(tools={2: {"tool": "样机", **cells}})
    (line,) = check_list(plan, MARCH)
    assert line.status is status


@pytest.mark.parametrize("cells", [{"needed": "7/20"}, {"ready_by": "八月"}, {"ready": "差不多"}])
def test_a_tool_of_which_a_cell_cannot_be_read_is_said_once(cells: dict[str, object]) -> None:
    """K2 began on 2 March: by its start the tool would be late."""
    plan = plan_of(tools={2: {"tool": "样机", "task": "K2", **cells}})
    assert not list(late_tools(check_list(plan, MARCH)))


def test_a_skill_that_nobody_has_names_the_nearest() -> None:
    plan = plan_of(
        tasks=tasks({"skills": "大客户 谈判 3"}, {"skills": "谈判:4"}),
        skills={2: {"person": "P1", "skill": "大客户谈判", "level": 4}},
    )
    unknown, far = (one for one in found(plan) if one.code == "task-skill-nobody")
    assert "最接近: 大客户谈判" in fix(unknown, "zh") and "需要“谈判”4" in text(far, "zh").replace(
        "” 4", "”4"
    )
