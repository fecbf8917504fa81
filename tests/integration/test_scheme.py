"""Each sentence of the planning scheme has a cell to type it into and a place where it shows.

Words of one's own are typed over the sample, each into the cell of a sentence; then the month is
reported, the meetings are prepared and the helpers are asked. Each word must stand where its
sentence says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.app import Meeting, Occasion, Wanted
from salesplan.cli import commands
from salesplan.messages import text
from salesplan.plan.loader import load
from tests.books import all_rows
from tests.samples import new_sample, typed

DAYS = {Meeting.DAY: date(2026, 6, 29), Meeting.WEEK: date(2026, 6, 26)}


class Sentence(NamedTuple):
    """``says`` of the scheme; the cell is ``column`` of ``row`` (from 1) of a table, ``value`` is
    typed there, and ``shows`` stands in ``place`` (by default the value).
    """

    says: str
    table: str
    row: int
    column: str
    value: object
    place: str = "report"
    shows: str = ""


SENTENCES = (
    # 1 goals
    Sentence("目标有依据 (SMART: 相关)", "kpis", 1, "relevance", "依据词一"),
    Sentence("目标有挑战与保底", "kpis", 1, "stretch", 2098.76, shows="2098.76"),
    Sentence("手工目标有原因", "targets", 2, "reason", "手工因一", "explain"),
    # 2 situation
    Sentence(
        "资源: 谁有任务要的技能", "skills", 1, "skill", "技能词一", "check", "具备的人: 陈立(5"
    ),
    Sentence("资源: 技能用在哪里", "skills", 1, "purpose", "技能用途一", "check"),
    Sentence("资源: 客户的行业", "customers", 1, "industry", "行业词一"),
    Sentence("资源: 客户的类型", "customers", 2, "kind", "类型词一"),
    Sentence("资源: 客户的规模", "customers", 3, "size", "规模词一"),
    Sentence("资源: 潜客的数量", "prospects", 6, "count", 987, shows="987"),
    Sentence("资源: 产品的毛利与产能", "products", 1, "name", "A产品新"),
    Sentence("PEST: 政策", "situation", 4, "content", "政策词一"),
    Sentence("现状条目有依据", "situation", 4, "evidence", "依据词二"),
    Sentence("竞争对手的口碑", "competitors", 2, "reputation", "口碑词一"),
    Sentence("竞争对手的渠道", "competitors", 2, "channel", "渠道词一"),
    Sentence("竞争对手的价格", "competitors", 2, "price", 1.37, shows="1.37"),
    Sentence("市场的规模", "market", 3, "size", 3987, shows="3987"),
    # 3 strategies and tasks
    Sentence("策略的内容", "strategies", 1, "content", "策略词一"),
    Sentence("任务的内容", "tasks", 7, "content", "任务词一"),
    Sentence("任务在晨会上", "tasks", 7, "content", "任务词一", "day"),
    Sentence("任务在周会上", "tasks", 7, "content", "任务词一", "week"),
    Sentence("任务的交付成果", "tasks", 21, "deliverable", "成果词一", "asked"),
    Sentence("任务没有完成的原因", "tasks", 7, "cause", "任务因一"),
    Sentence("任务的改进措施", "tasks", 7, "remedy", "任务措施一"),
    Sentence(
        "任务需要的技能, 负责人没有",
        "tasks",
        14,
        "skills",
        "技能词一:3",
        "check",
        "赵磊没有这项技能",
    ),
    # 4 resources and budget
    Sentence("协作部门知道要什么", "tasks", 21, "resources", "资源词一", "asked"),
    Sentence("协作部门答复了什么", "replies", 3, "remark", "答复词一"),
    Sentence("工具何时就绪", "tools", 3, "tool", "工具词一"),
    Sentence("工具给谁用", "tools", 3, "purpose", "工具用途一"),
    Sentence("储备金的事由", "draws", 4, "reason", "事由词一", "check"),
    # 5 execution
    Sentence("站会: 今日计划", "daily", 7, "today", "今日词一", "day"),
    Sentence("站会: 需支持", "daily", 5, "support", "市场部 支持词一", "day", "支持词一"),
    Sentence("周会: 未完成原因计数", "weekly", 12, "cause", "资源不足", "week"),
    Sentence("周会: 上周的改进措施", "weekly", 9, "remedy", "周措施一", "week"),
    Sentence("周会: 措施在月报", "weekly", 12, "remedy", "周措施二"),
    Sentence("变更有触发原因", "changes", 2, "trigger", "触发因一"),
    Sentence("待批的变更在周会上", "changes", 2, "after", 543.21, "week", "543.21"),
    Sentence("预警有说明", "triggers", 1, "remark", "预警词一"),
    Sentence("预警在晨会上", "triggers", 1, "threshold", 0.96, "day", "96%"),
    # 6 review and knowledge
    Sentence("问题的原因", "issues", 1, "cause", "问题因一"),
    Sentence("问题的改进措施", "issues", 1, "remedy", "问题措施一"),
    Sentence("复盘的经验", "lessons", 5, "lesson", "经验词一"),
    Sentence("可复用的做法", "lessons", 5, "practice", "做法词一"),
)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What each place says, of the sample with all the sentences' words typed in."""
    folder = tmp_path_factory.mktemp("scheme")
    master = new_sample(folder / "plan.xlsx", lang="zh")
    tables = load(master).tables
    cells = {}
    for one in SENTENCES:
        found = tables[one.table]
        place = f"{found.columns[one.column]}{found.first_row + one.row - 1}"
        cells[found.sheet, place] = one.value
    typed(master, cells)
    run = app.recalc(master).run
    report = app.report(master, Wanted(folder=folder / "report")).written
    made = {"report": said(report)}
    for meeting in Meeting:
        done = app.meeting(
            master, Occasion(meeting, day=DAYS[meeting], folder=folder / meeting.value)
        )
        assert done.book is not None
        made[meeting.value] = said(done.book)
    app.handout(master, folder / "forms")
    made["asked"] = "\n".join(map(said, (folder / "forms").rglob("协作请求_*.xlsx")))
    made["explain"] = (
        CliRunner().invoke(commands, ["explain", str(master), "HQ", "REV/A产品"]).output
    )
    made["check"] = "\n".join(text(one, "zh") for one in run.findings)
    return made


def said(book: Path) -> str:
    """All that the cells of a workbook say."""
    rows = chain.from_iterable(all_rows(book).values())
    return "\n".join(str(value) for value in chain.from_iterable(rows) if value is not None)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: f"{one.says}-{one.place}")
def test_it_shows(places: Mapping[str, str], sentence: Sentence) -> None:
    assert (sentence.shows or str(sentence.value)) in places[sentence.place]
