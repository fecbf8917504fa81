"""Steps 2 and 4 of the sample: who can do what, what tasks ask for, and which tools they need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salesplan.plan.model import SkillLevel
from salesplan.template.story.values import Row, Tables, b
from salesplan.wording import Both

ABLE, INDEPENDENT = SkillLevel.ABLE, SkillLevel.INDEPENDENT
PROFICIENT, EXPERT = SkillLevel.PROFICIENT, SkillLevel.EXPERT

KEY_ACCOUNTS = b("大客户谈判", "Key accounts")
SOLUTIONS = b("方案设计", "Solution design")
TRAINING = b("培训", "Training")
DISTRIBUTORS = b("分销商管理", "Distributor management")
NEW_ENERGY = b("新能源行业", "New energy")
FAIRS = b("展会策划", "Trade fairs")
CAMPAIGNS = b("线上投放", "Online campaigns")

SKILLS: tuple[tuple[str, Both[str], SkillLevel, Both[str] | None], ...] = (
    ("P01", KEY_ACCOUNTS, EXPERT, b("战略客户框架协议", "Frame contracts with key accounts")),
    ("P02", KEY_ACCOUNTS, PROFICIENT, b("A产品升级谈判", "Upgrades to product A")),
    ("P03", KEY_ACCOUNTS, ABLE, None),
    ("P05", KEY_ACCOUNTS, PROFICIENT, b("华南大客户", "Key accounts in the South")),
    ("P07", KEY_ACCOUNTS, PROFICIENT, b("华南制造业大客户", "Manufacturers in the South")),
    ("P04", SOLUTIONS, EXPERT, b("售前方案与标杆案例", "Presales and reference cases")),
    ("P05", SOLUTIONS, INDEPENDENT, None),
    ("P04", TRAINING, PROFICIENT, b("团队与分销商培训", "Trainings of teams and distributors")),
    ("P05", NEW_ENERGY, PROFICIENT, b("行业解决方案", "Industry solutions")),
    ("P08", DISTRIBUTORS, PROFICIENT, b("招募与价格政策", "Recruiting and prices")),
    ("P09", DISTRIBUTORS, INDEPENDENT, None),
    ("P12", CAMPAIGNS, PROFICIENT, b("获客成本", "Cost per customer")),
    ("P14", FAIRS, PROFICIENT, b("春秋两季展会", "Spring and autumn fairs")),
)
"""Whose, what, how well, what for."""


class Asks(NamedTuple):
    """What a task asks of its owner: skills with the level, and the effort in days."""

    skills: tuple[tuple[Both[str], SkillLevel], ...]
    days: str | None = None


ASKED: Mapping[str, Asks] = {
    "T02": Asks(((TRAINING, INDEPENDENT),), "4"),
    "T10": Asks(((KEY_ACCOUNTS, INDEPENDENT),), "30"),
    "T12": Asks(((KEY_ACCOUNTS, PROFICIENT),), "60"),
    "T14": Asks(((DISTRIBUTORS, INDEPENDENT),), "25"),
    "T15": Asks(((TRAINING, INDEPENDENT),), "6"),
    "T18": Asks(((CAMPAIGNS, INDEPENDENT),), "40"),
    "T19": Asks(((FAIRS, INDEPENDENT),), "35"),
    "T23": Asks(((NEW_ENERGY, INDEPENDENT), (SOLUTIONS, INDEPENDENT)), "20"),
}
"""By task. The owner of T15 has no 培训: somebody else's help was planned too late."""


class Kit(NamedTuple):
    """A tool; days are month and day."""

    tool: Both[str]
    purpose: Both[str]
    user: str
    task: str | None
    owner: str
    needed: tuple[int, int] | None
    ready_by: tuple[int, int]
    ready: bool


TOOLS = (
    Kit(
        b("行业数据报告", "Industry data report"),
        b("筛选目标客户", "To choose target customers"),
        "D11",
        "T01",
        "P01",
        None,
        (2, 27),
        True,
    ),
    Kit(
        b("A产品报价工具", "Price tool for product A"),
        b("现场报价", "Quotes on the spot"),
        "T1",
        None,
        "P04",
        (5, 6),
        (4, 17),
        True,
    ),
    Kit(
        b("新能源方案样板", "New energy demonstration"),
        b("客户演示", "To show at customers"),
        "D12",
        "T23",
        "P05",
        (7, 20),
        (7, 17),
        False,
    ),
    Kit(
        b("投放数据看板", "Campaign dashboard"),
        b("每周看获客成本", "Cost per customer, week by week"),
        "T3",
        "T18",
        "P13",
        (6, 15),
        (6, 12),
        False,
    ),
    Kit(
        b("展台与宣传物料", "Booth and promotion material"),
        b("秋季展会", "The autumn fair"),
        "P14",
        "T19",
        "P14",
        (9, 21),
        (9, 11),
        False,
    ),
)
"""The dashboard is late: it was to be there by the middle of June."""


def with_abilities(story: Tables, year: int) -> Tables:
    """The story with its skills and tools, and with what its tasks ask for."""
    wanted = Both(f"{KEY_ACCOUNTS.zh}:4", f"{KEY_ACCOUNTS.en}:4")
    return {
        **story,
        "settings": [{**story["settings"][0], "key_account_skill": wanted}],
        "tasks": [{**row, **_asked(str(row["code"]))} for row in story["tasks"]],
        "skills": [
            {"person": person, "skill": skill, "level": level, "purpose": purpose}
            for person, skill, level, purpose in SKILLS
        ],
        "tools": [_tool(one, year) for one in TOOLS],
    }


def _asked(task: str) -> Row:
    one = ASKED.get(task)
    if one is None:
        return {}
    zh = "、".join(f"{skill.zh}:{level.value}" for skill, level in one.skills)
    en = "; ".join(f"{skill.en}:{level.value}" for skill, level in one.skills)
    return {"skills": Both(zh, en), "person_days": None if one.days is None else Decimal(one.days)}


def _tool(one: Kit, year: int) -> Row:
    return {
        "tool": one.tool,
        "purpose": one.purpose,
        "user": one.user,
        "task": one.task,
        "owner": one.owner,
        "needed": None if one.needed is None else date(year, *one.needed),
        "ready_by": date(year, *one.ready_by),
        "ready": one.ready,
    }
