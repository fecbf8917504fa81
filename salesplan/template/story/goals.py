"""Step 1 of the sample: settings, organisation, KPIs, seasonality and the planner's own targets.

Amounts are in 万元 (10k CNY). Seasonality is made so that the year's 1,900 split by it give
exactly 500.00 for the second quarter (155 + 165 + 180): 1,900 × 500 / 1,900 of the history.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from salesplan.plan.model import (
    AmountUnit,
    CountedAs,
    Direction,
    KpiKind,
    Level,
    Lock,
    Month,
    PercentBasis,
    SplitMethod,
    TargetBasis,
)
from salesplan.plan.schema import TEMPLATE_VERSION
from salesplan.template.story.values import Row, Tables, b
from salesplan.wording import Both

D = Decimal

EAST, SOUTH, NORTH, OTHER = (
    b("华东", "East"),
    b("华南", "South"),
    b("华北", "North"),
    b("其他区域", "Other regions"),
)
PRODUCT_A, PRODUCT_B = b("A产品", "Product A"), b("B产品", "Product B")
SERVICES, OLD_MODEL = (
    b("增值服务包", "Service package"),
    b("D产品(已停售)", "Product D (discontinued)"),
)
DIRECT, DEALER, ONLINE = b("直销", "Direct"), b("分销", "Dealers"), b("线上展会", "Online")

TEAMS = ("T1", "T2", "T3")
MONTH_PLAN = (120, 90, 150, 155, 165, 180, 150, 150, 175, 165, 190, 210)
"""Revenue by month as the seasonality will have it; 1,900 in all, 500 in the second quarter."""


class Person(NamedTuple):
    """Somebody of the sample: whose team, which share of its target."""

    code: str
    name: Both[str]
    parent: str
    share: int
    region: Both[str]
    skills: Both[str]


PEOPLE = (
    Person(
        "P01",
        b("陈立", "Chen Li"),
        "D11",
        30,
        EAST,
        b("大客户谈判; 行业研究", "Key accounts; industry research"),
    ),
    Person("P02", b("王敏", "Wang Min"), "D11", 30, EAST, b("方案销售", "Solution selling")),
    Person("P03", b("周航", "Zhou Hang"), "D11", 20, EAST, b("生物医药行业", "Biopharma")),
    Person(
        "P04",
        b("许诺", "Xu Nuo"),
        "D11",
        20,
        EAST,
        b("培训; 方案设计", "Training; solution design"),
    ),
    Person("P05", b("刘洋", "Liu Yang"), "D12", 40, SOUTH, b("新能源行业", "New energy")),
    Person("P06", b("何静", "He Jing"), "D12", 35, SOUTH, b("客户维护", "Account care")),
    Person(
        "P07", b("唐宁", "Tang Ning"), "D12", 25, SOUTH, b("智能制造行业", "Smart manufacturing")
    ),
    Person(
        "P08", b("赵磊", "Zhao Lei"), "T2", 40, NORTH, b("分销商管理", "Distributor management")
    ),
    Person("P09", b("孙倩", "Sun Qian"), "T2", 40, NORTH, b("渠道拓展", "Channel development")),
    Person("P10", b("吴刚", "Wu Gang"), "T2", 10, NORTH, b("渠道拓展", "Channel development")),
    Person("P11", b("郑一凡", "Zheng Yifan"), "T2", 10, SOUTH, b("电话销售", "Inside sales")),
    Person("P12", b("冯雪", "Feng Xue"), "T3", 40, EAST, b("线上投放", "Online campaigns")),
    Person("P13", b("蒋涛", "Jiang Tao"), "T3", 35, SOUTH, b("内容运营", "Content")),
    Person("P14", b("沈悦", "Shen Yue"), "T3", 25, EAST, b("展会策划", "Trade fairs")),
)

PRESALES = "PS"
"""The unit that stands beside the key account team, with credit for what it helped to sell."""

TEAM_SHARE = {"T1": 50, "T2": 30, "T3": 20}
DEPARTMENT_SHARE = {"D11": 60, "D12": 40}

HISTORY = {
    "REV": MONTH_PLAN,
    "COL": MONTH_PLAN,
    "NEW": (4, 4, 6, 6, 7, 7, 6, 6, 7, 7, 8, 7),
}
"""Complaints have no season: their year falls on the months by working days."""

PUSH = {"COL": {12: D("0.12")}}
"""Month weights that the planner typed: what is still owed is collected before the year ends."""


def goals(year: int) -> Tables:
    """Rows of the settings (by setting key), organisation, KPIs, seasonality, targets and calendar."""
    return {
        "settings": [_settings(year)],
        "units": _units(year),
        "kpis": _kpis(year),
        "seasonality": list(chain.from_iterable(map(_seasonality, HISTORY))),
        "targets": _targets(),
        "calendar": [{"day": date(year, 9, 11), "working": False, "source": b("手工", "Manual")}],
    }


def _settings(year: int) -> Row:
    return {
        "company": b("远帆科技", "Yuanfan Tech"),
        "year": year,
        "month": Month(year, 6),
        "as_of": date(year, 6, 30),
        "amount_unit": AmountUnit.WAN,
        "budget_total": 120,
        "reserve_share": D("0.1"),
        "approvers": b("林岚、高远", "Lin Lan, Gao Yuan"),
        "mail_domains": "example.com",
        "kpi_met": D("0.9"),
        "template_version": TEMPLATE_VERSION,
    }


def _units(year: int) -> list[Row]:
    rows: list[Row] = [
        {
            "code": "HQ",
            "name": b("远帆科技", "Yuanfan Tech"),
            "level": Level.COMPANY,
            "manager": b("林岚", "Lin Lan"),
            "email": "lin.lan@example.com",
        },
        _team("T1", b("直销大客户团队", "Key account team"), b("陈立", "Chen Li"), EAST),
        _department("D11", b("华东大客户部", "Key accounts East"), b("陈立", "Chen Li"), EAST),
        *_people("D11", year),
        _department("D12", b("华南大客户部", "Key accounts South"), b("刘洋", "Liu Yang"), SOUTH),
        *_people("D12", year),
        {
            "code": PRESALES,
            "name": b("售前方案组", "Presales"),
            "level": Level.DEPARTMENT,
            "parent": "T1",
            "manager": b("许诺", "Xu Nuo"),
            "email": "presales@example.com",
            "coefficient": D("0.18"),
            "region": EAST,
            "overlay": True,
        },
        {
            **_team("T2", b("渠道分销团队", "Channel team"), b("赵磊", "Zhao Lei"), NORTH),
            "hedge": D("0.05"),
        },
        *_people("T2", year),
        _team("T3", b("线上与展会团队", "Online and fairs team"), b("冯雪", "Feng Xue"), EAST),
        *_people("T3", year),
    ]
    return rows


def _team(code: str, name: Both[str], manager: Both[str], region: Both[str]) -> Row:
    return {
        "code": code,
        "name": name,
        "level": Level.TEAM,
        "parent": "HQ",
        "manager": manager,
        "email": f"{code.lower()}@example.com",
        "coefficient": D(TEAM_SHARE[code]) / 100,
        "region": region,
    }


def _department(code: str, name: Both[str], manager: Both[str], region: Both[str]) -> Row:
    return {
        "code": code,
        "name": name,
        "level": Level.DEPARTMENT,
        "parent": "T1",
        "manager": manager,
        "email": f"{code.lower()}@example.com",
        "coefficient": D(DEPARTMENT_SHARE[code]) / 100,
        "region": region,
    }


def _people(parent: str, year: int) -> list[Row]:
    comings: dict[str, Row] = {
        "P10": {"left": date(year, 5, 29)},
        "P11": {"joined": date(year, 4, 1), "ramp_up": "30%/60%/90%"},
    }
    return [
        {
            "code": p.code,
            "name": p.name,
            "level": Level.PERSON,
            "parent": p.parent,
            "email": p.name.en.lower().replace(" ", ".") + "@example.com",
            "coefficient": D(p.share) / 100,
            "skills": p.skills,
            "region": p.region,
            **comings.get(p.code, {}),
        }
        for p in PEOPLE
        if p.parent == parent
    ]


def _kpis(year: int) -> list[Row]:
    end, half = date(year, 12, 31), date(year, 6, 30)
    wan, percent, pieces = b("万元", "10k CNY"), "%", b("个", "customers")
    upper = (Level.COMPANY, Level.TEAM)
    down_to_person: tuple[Level, ...] = ()
    high = Direction.HIGHER
    return [
        _kpi(
            "REV",
            b("营收", "Revenue"),
            KpiKind.FLOW,
            high,
            wan,
            D("0.01"),
            30,
            down_to_person,
            1900,
            end,
            b("二季度500万元; 董事会年度预算", "500 in the second quarter; the board's budget"),
            floor=1750,
            stretch=2000,
            base=1650,
        ),
        _kpi(
            "NEW",
            b("新客户数", "New customers"),
            KpiKind.FLOW,
            high,
            pieces,
            1,
            15,
            down_to_person,
            75,
            end,
            b(
                "二季度新签20家, 打开三个高潜力行业",
                "20 in the second quarter, to open up three industries",
            ),
            counted_as=CountedAs.NEW_CUSTOMERS,
            floor=65,
            stretch=85,
            base=60,
        ),
        _kpi(
            "REP",
            b("复购率", "Repurchase rate"),
            KpiKind.COHORT_RATIO,
            high,
            percent,
            D("0.001"),
            10,
            upper,
            D("0.6"),
            half,
            b("老客户复购成本低于获客成本", "Selling again costs less than winning"),
            floor=D("0.55"),
            stretch=D("0.65"),
            base=D("0.5"),
            percent_basis=PercentBasis.PERCENT,
        ),
        _kpi(
            "SHARE",
            b("重点区域市场占有率", "Market share, key region"),
            KpiKind.POINT,
            high,
            percent,
            D("0.001"),
            10,
            (Level.COMPANY,),
            D("0.05"),
            half,
            b("华东占有率由22%提高5个百分点", "East: up 5 points from 22 %"),
            floor=D("0.03"),
            stretch=D("0.06"),
            base=D("0.22"),
            basis=TargetBasis.IMPROVEMENT,
            percent_basis=PercentBasis.POINTS,
        ),
        _kpi(
            "COL",
            b("回款", "Collections"),
            KpiKind.FLOW,
            high,
            wan,
            D("0.01"),
            10,
            upper,
            1805,
            end,
            b("营收的95%当年收回", "95 % of revenue is collected within the year"),
            floor=1700,
            stretch=1850,
            base=1543,
        ),
        _kpi(
            "COLR",
            b("回款率", "Collection rate"),
            KpiKind.RATIO,
            high,
            percent,
            D("0.001"),
            5,
            upper,
            D("0.95"),
            end,
            b("控制应收风险", "Keeps receivables in hand"),
            floor=D("0.9"),
            base=D("0.935"),
            percent_basis=PercentBasis.PERCENT,
            numerator="COL",
            denominator="REV",
        ),
        _kpi(
            "AOV",
            b("客单价", "Average order"),
            KpiKind.AVERAGE,
            high,
            wan,
            D("0.01"),
            5,
            upper,
            D("5.8"),
            end,
            b("A产品占比提高带动客单价", "More of product A lifts it"),
            floor=D("5.4"),
            stretch=D("6.2"),
            base=D("5.5"),
        ),
        _kpi(
            "ACT",
            b("在手客户", "Active customers"),
            KpiKind.STOCK,
            high,
            pieces,
            1,
            5,
            upper,
            110,
            end,
            b("客户基数决定复购规模", "The base of later sales"),
            floor=100,
            stretch=120,
            base=88,
        ),
        _kpi(
            "CMP",
            b("客诉数", "Complaints"),
            KpiKind.FLOW,
            Direction.LOWER,
            b("件", "cases"),
            1,
            5,
            upper,
            24,
            end,
            b("服务质量底线, 越少越好", "Service quality: the fewer the better"),
            base=31,
        ),
        _kpi(
            "SYS",
            b("客户管理系统上线", "CRM system in use"),
            KpiKind.MILESTONE,
            high,
            b("项", "done"),
            1,
            5,
            upper,
            1,
            half,
            b(
                "客户与商机统一管理, 三个团队都上线才算完成",
                "Customers and deals in one place; done when all three teams use it",
            ),
        ),
        _kpi(
            "GMR",
            b("毛利率", "Gross margin"),
            KpiKind.RATIO,
            high,
            percent,
            D("0.001"),
            None,
            upper,
            D("0.45"),
            end,
            b("A产品占六成时的毛利率", "What 60 % of product A brings"),
            floor=D("0.42"),
            base=D("0.39"),
            percent_basis=PercentBasis.PERCENT,
            denominator="REV",
            counted_as=CountedAs.GROSS_MARGIN,
        ),
    ]


def _kpi(
    code: str,
    name: Both[str],
    kind: KpiKind,
    direction: Direction,
    unit: Both[str] | str,
    smallest: int | Decimal,
    weight: int | None,
    levels: tuple[Level, ...],
    target: int | Decimal,
    due: date,
    relevance: Both[str],
    **more: int | Decimal | str | TargetBasis | PercentBasis | CountedAs,
) -> Row:
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "direction": direction,
        "unit": unit,
        "smallest_unit": smallest,
        "weight": None if weight is None else D(weight) / 100,
        "levels": levels or None,
        "target": target,
        "basis": TargetBasis.LEVEL,
        "due": due,
        "relevance": relevance,
        **more,
    }


def history(kpi: str, month: int) -> tuple[Decimal, Decimal, Decimal]:
    """The three years' actuals of one month (1 to 12), oldest first; they add up to 2.4 times the plan's figure.

    Counts are whole and add up to three times theirs.
    """
    plan = HISTORY[kpi][month - 1]
    wobble = month * 5 % 7 - 3
    if kpi == "NEW":
        count, more = max(0, plan - 1), plan + (1 if wobble > 0 else 0)
        return D(count), D(more), D(3 * plan - count - more)
    factor = D("0.935") if kpi == "COL" else D(1)
    total = plan * D("2.4") * factor
    first = (total * (28 + wobble) / 100).quantize(D("0.01"))
    second = (total * (33 - wobble) / 100).quantize(D("0.01"))
    return first, second, total - first - second


def _seasonality(kpi: str) -> list[Row]:
    return [
        {
            "kpi": kpi,
            "month": month,
            "manual_weight": PUSH.get(kpi, {}).get(month),
            **dict(zip(("history1", "history2", "history3"), history(kpi, month), strict=True)),
        }
        for month in range(1, 13)
    ]


def _targets() -> list[Row]:
    """What the planner typed; the engine adds the other rows."""
    mix = b("按客户结构设定", "By customer mix")
    by_team: dict[str, dict[str, int | Decimal]] = {
        "REP": {"T1": D("0.69"), "T2": D("0.52"), "T3": D("0.55")},
        "AOV": {"T1": D("6.3"), "T2": D("5"), "T3": D("5.3")},
        "ACT": {"T2": 29},
    }
    typed = []
    for kpi, teams in by_team.items():
        for team, value in teams.items():
            typed.append(_target(kpi, team, SplitMethod.MANUAL, mix, manual_year=value))
    return [
        _target("REV", "HQ", SplitMethod.COEFFICIENT),
        {
            **_target(
                "REV",
                "HQ",
                SplitMethod.MANUAL,
                b("A产品承担营收目标的60%", "60 % of revenue is product A's"),
                manual_year=1140,
            ),
            "product": PRODUCT_A,
        },
        _target(
            "REV",
            "P06",
            SplitMethod.MANUAL,
            b("续约已签定", "Renewals signed"),
            manual_year=140,
            lock=Lock.YEAR,
        ),
        _target(
            "REV",
            "P03",
            SplitMethod.MANUAL,
            b("按月交付, 已写入框架合同", "Monthly deliveries are in the frame contract"),
            manual_year=114,
            lock=Lock.MONTHS,
        ),
        _target(
            "NEW",
            "HQ",
            SplitMethod.COEFFICIENT,
            b("二季度新签20家", "20 in Q2"),
            manual4=6,
            manual5=7,
            manual6=7,
        ),
        *(
            _target(
                "NEW",
                person.code,
                SplitMethod.EQUAL,
                b("线索轮流分配", "Leads are handed out in turn"),
            )
            for person in PEOPLE
            if person.parent == "T3"
        ),
        *typed,
        *(
            _target(
                "COL",
                team,
                SplitMethod.LAST_YEAR,
                b("按去年回款占比", "By last year's collections"),
            )
            for team in TEAMS
        ),
        *(
            _target(
                "SYS",
                team,
                SplitMethod.MANUAL,
                b("三个团队分别上线", "Each team by itself"),
                manual_year=1,
            )
            for team in TEAMS
        ),
    ]


def _target(
    kpi: str,
    unit: str,
    method: SplitMethod,
    reason: Both[str] | None = None,
    **more: int | Decimal | Lock,
) -> Row:
    return {"kpi": kpi, "unit": unit, "method": method, "reason": reason, **more}
