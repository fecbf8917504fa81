"""Tools and the load of skills below the budget of the report; nothing there in a plan without."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from salesplan import app
from tests.books import rows_of
from tests.unit.masters import Rows, edited, write

D = date
SHEET = "预算执行"


def lines(path: Path, folder: Path) -> list[list[str]]:
    """What the report's sheet of the budget says, row by row, without blanks."""
    done = app.report(path, app.Wanted(folder=folder, lang="zh"))
    assert done.written
    rows = ([str(cell) for cell in row if cell is not None] for row in rows_of(done.written, SHEET))
    return [row for row in rows if row]


def plan(tmp_path: Path, rows: Rows) -> Path:
    return write(tmp_path / "plan.xlsx", rows)


def test_late_tools_and_short_skills_stand_below_the_budget(tmp_path: Path) -> None:
    """K2 asks 李四 for 200 person-days of 培训 from 2 March to 8 May: more than anybody has."""
    path = plan(
        tmp_path,
        edited(
            {
                "tasks": {3: {"skills": "培训:3", "person_days": 200.0}},
                "skills": {2: {"person": "P2", "skill": "培训", "level": "4 熟练"}},
                "tools": {
                    2: {"tool": "报价工具", "user": "T1", "ready": "是"},
                    3: {"tool": "样机", "task": "K2", "owner": "P2", "ready_by": D(2026, 3, 27)},
                },
            }
        ),
    )
    said = lines(path, tmp_path)
    text = "\n".join("|".join(row) for row in said)
    assert "工具与技能: 有工具赶不上, 有技能人手不够" in text
    (sample,) = [row for row in said if row[0] == "样机"]
    assert "■ 未就绪" in sample and "李四" in sample and "K2" in sample
    (skill,) = [row for row in said if row[0] == "培训"]
    assert skill[1:4] == ["李四(4)", "3 独立", "K2"] and skill[-1] == "▲ 不足"
    asked, there, load = map(float, skill[4:7])
    assert asked > there > 0 and abs(load - asked / there) < 1e-6


def test_a_plan_without_them_has_no_such_block(tmp_path: Path) -> None:
    text = "\n".join("|".join(row) for row in lines(plan(tmp_path, edited({})), tmp_path))
    assert "预算明细" in text and "工具" not in text and "技能" not in text
