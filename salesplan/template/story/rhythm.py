"""Steps 5 and 6 of the sample: stand-ups, Friday reviews, changes, issues and lessons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.plan.model import Approval, IssueStatus, Month
from salesplan.template.story.tasks import (
    CUSTOMER_LATE,
    MARKET_CHANGED,
    PARTNER_LATE,
    SHORT_OF_HANDS,
)
from salesplan.template.story.values import Row, Tables, b, friday, header
from salesplan.wording import Both

D = Decimal


def rhythm(year: int) -> Tables:
    """Rows of daily, weekly, changes, issues and lessons."""
    return {
        "daily": _daily(year),
        "weekly": _weekly(year),
        "changes": _changes(year),
        "issues": _issues(year),
        "lessons": _lessons(year),
    }


def _daily(year: int) -> list[Row]:
    entries = (
        (
            25,
            "P01",
            b("华东客户计划复核", "Reviewed plans in the East"),
            b("拜访东屿精工", "Visit Dongyu Precision"),
            None,
        ),
        (
            25,
            "P08",
            b("与两家意向分销商面谈", "Met two possible distributors"),
            b("整理分销协议", "Prepare agreements"),
            b("法务审阅协议", "Legal to read the agreement"),
        ),
        (
            25,
            "P12",
            b("试用活动结束复盘", "Closed the trial campaign"),
            b("调整投放词", "Tune keywords"),
            None,
        ),
        (
            26,
            "P02",
            b("联系4家升级客户", "Called 4 customers about the upgrade"),
            b("给云麓新能报价", "Quote for Yunlu Energy"),
            None,
        ),
        (
            26,
            "P04",
            b("调研问卷回收70%", "70 % of the survey is back"),
            b("补问卷", "Fill the gaps"),
            b("市场部提供二季度数据", "Second quarter's data from Marketing"),
        ),
        (
            26,
            "P06",
            b("老客户回访收尾", "Finished the visits"),
            b("整理回访结论", "Write up the visits"),
            None,
        ),
        (
            29,
            "P01",
            b("华东客户计划定稿", "Plans in the East are final"),
            b("推进第三家框架协议", "Third frame contract"),
            b("财务确认优惠价格", "Finance to confirm prices"),
        ),
        (
            29,
            "P08",
            b("新增1家意向分销商", "One more possible distributor"),
            b("约谈3家", "Talk to three"),
            b("直销借调1人", "One colleague from direct sales"),
        ),
        (
            29,
            "P03",
            b("拜访3家目标企业", "Visited 3 targets"),
            b("拜访2家生物医药企业", "Two biopharma firms"),
            None,
        ),
        (
            30,
            "P05",
            b("新能源方案初稿", "Draft of the new energy proposal"),
            b("与产品部评审", "Review with Product"),
            None,
        ),
        (
            30,
            "P12",
            b("6月投放结算", "Closed June's campaigns"),
            b("7月投放计划", "Plan for July"),
            None,
        ),
        (
            30,
            "P09",
            b("分销商培训材料", "Training material"),
            b("确认第二场日期", "Date of the second session"),
            b("产品部讲师", "A trainer from Product"),
        ),
    )
    return [
        {
            "day": date(year, 6, day),
            "person": person,
            "done": done,
            "today": today,
            "support": support,
        }
        for day, person, done, today, support in entries
    ]


def _weekly(year: int) -> list[Row]:
    finance, hire = (
        b("每日跟催财务测算", "Ask Finance daily"),
        b("筛选8家候选分销商", "Screen 8 candidates"),
    )
    entries: tuple[
        tuple[int, int, str, str, str, Both[str] | None, Both[str] | None, str | None], ...
    ] = (
        (5, 22, "T14", "0.8", "0.3", SHORT_OF_HANDS, hire, "P08"),
        (
            5,
            22,
            "T08",
            "0.7",
            "0.5",
            CUSTOMER_LATE,
            b("请客户高层确认公开范围", "Customers' heads to agree what is shown"),
            "P04",
        ),
        (5, 29, "T07", "1", "0.6", PARTNER_LATE, finance, "P01"),
        (5, 29, "T04", "0.55", "0.58", None, None, None),
        (6, 5, "T07", "1", "0.7", PARTNER_LATE, finance, "P01"),
        (
            6,
            5,
            "T22",
            "1",
            "0.2",
            MARKET_CHANGED,
            b("取消, 并入秋季展会", "Cancel; merge into the autumn fair"),
            "P07",
        ),
        (
            6,
            12,
            "T14",
            "1",
            "0.4",
            SHORT_OF_HANDS,
            b("申请从直销借调1人", "Ask for one colleague from direct sales"),
            "P08",
        ),
        (
            6,
            12,
            "T08",
            "1",
            "0.8",
            CUSTOMER_LATE,
            b("更换1个案例客户", "Take another customer for one case"),
            "P04",
        ),
        (
            6,
            19,
            "T10",
            "0.5",
            "0.3",
            CUSTOMER_LATE,
            b("按预算周期重排客户", "Sort customers by their budget dates"),
            "P02",
        ),
        (6, 19, "T11", "0.9", "1", None, None, None),
        (6, 26, "T04", "0.75", "0.8", None, None, None),
        (
            6,
            26,
            "T07",
            "1",
            "0.8",
            PARTNER_LATE,
            b("财务总监确认价格", "Finance director confirms prices"),
            "P01",
        ),
        (6, 26, "T10", "0.6", "0.37", CUSTOMER_LATE, None, None),
        (
            6,
            26,
            "T14",
            "1",
            "0.4",
            SHORT_OF_HANDS,
            b("借调到岗后再签2家", "Two more with the colleague's help"),
            "P08",
        ),
        (
            6,
            26,
            "T21",
            "1",
            "0.7",
            PARTNER_LATE,
            b("市场部补齐数据", "Marketing sends the data"),
            "P04",
        ),
    )
    return [
        {
            "friday": friday(date(year, month, day)),
            "task": task,
            "planned": D(planned),
            "actual": D(actual),
            "cause": cause,
            "remedy": remedy,
            "owner": owner,
            "due": date(year, *_a_week_on(month, day)) if owner else None,
        }
        for month, day, task, planned, actual, cause, remedy, owner in entries
    ]


def _a_week_on(month: int, day: int) -> tuple[int, int]:
    days = {5: 31, 6: 30}[month]
    return (month, day + 7) if day + 7 <= days else (month + 1, day + 7 - days)


def _changes(year: int) -> list[Row]:
    boss, finance = b("林岚", "Lin Lan"), b("高远", "Gao Yuan")
    return [
        {
            "code": "C01",
            "raised": date(year, 5, 18),
            "trigger": b("客户确认公开范围延迟", "Customers take long to agree what is shown"),
            "subject": "T08",
            "field": header("tasks", "due"),
            "before": f"{year}-06-12",
            "after": f"{year}-06-26",
            "effective": Month(year, 7),
            "applicant": b("许诺", "Xu Nuo"),
            "approver": boss,
            "status": Approval.PENDING,
            "notify": "P04",
        },
        {
            "code": "C02",
            "raised": date(year, 6, 22),
            "trigger": b("渠道人员离职, 缺口难补", "A colleague of the channel team has left"),
            "subject": "REV/T2",
            "field": header("targets", "manual_year"),
            "before": None,
            "after": 540,
            "effective": Month(year, 7),
            "applicant": b("赵磊", "Zhao Lei"),
            "status": Approval.PENDING,
            "notify": "T1,T2",
        },
        {
            "code": "C03",
            "raised": date(year, 5, 25),
            "trigger": b("冲刺二季度, 增加激励", "A push for the second quarter"),
            "subject": "B13",
            "field": header("budget", "requested"),
            "before": 14,
            "after": 15,
            "effective": Month(year, 6),
            "applicant": b("陈立", "Chen Li"),
            "approver": finance,
            "status": Approval.APPROVED,
            "approved": date(year, 5, 28),
            "notify": "T1,P01",
        },
        {
            "code": "C04",
            "raised": date(year, 6, 8),
            "trigger": b("线上团队要求降低目标", "The online team asks for less"),
            "subject": "NEW/T3",
            "field": header("targets", "manual_year"),
            "before": None,
            "after": 12,
            "effective": Month(year, 7),
            "applicant": b("冯雪", "Feng Xue"),
            "approver": boss,
            "status": Approval.REJECTED,
            "approved": date(year, 6, 11),
            "notify": "T3",
        },
        {
            "code": "C05",
            "raised": date(year, 6, 15),
            "trigger": b(
                "渠道招募人手不足, 从直销借调1人",
                "Too few hands to win distributors: one colleague from direct sales",
            ),
            "subject": "P07",
            "field": header("units", "parent"),
            "before": "D12",
            "after": "T2",
            "effective": Month(year, 7),
            "applicant": b("赵磊", "Zhao Lei"),
            "approver": boss,
            "status": Approval.APPROVED,
            "approved": date(year, 6, 26),
            "notify": "P07,D12,T2",
        },
        {
            "code": "C06",
            "raised": date(year, 6, 18),
            "trigger": b(
                "账期收紧, 下半年多收回款", "Shorter payment terms: collect more in the second half"
            ),
            "subject": "COL",
            "field": header("kpis", "target"),
            "before": 1805,
            "after": 1830,
            "effective": Month(year, 7),
            "applicant": finance,
            "approver": boss,
            "status": Approval.APPROVED,
            "approved": date(year, 6, 25),
            "notify": "T1,T2,T3",
        },
        {
            "code": "C07",
            "raised": date(year, 5, 22),
            "trigger": b(
                "云麓新能采购中心迁到上海, 改由华东服务",
                "Yunlu Energy now buys from Shanghai: served by the East",
            ),
            "subject": "REV/P05→P02",
            "field": b("移交", "hand-over"),
            "before": None,
            "after": 12,
            "effective": Month(year, 6),
            "applicant": b("刘洋", "Liu Yang"),
            "approver": boss,
            "status": Approval.APPROVED,
            "approved": date(year, 5, 29),
            "notify": "P02,P05,D11,D12",
        },
    ]


def _issues(year: int) -> list[Row]:
    """What the planner wrote after May's report; codes and months are as the engine left them then."""
    return [
        {
            "code": "KPI:REV:T2",
            "first_month": Month(year, 5),
            "cause": b("1人离职, 新分销商只签2家", "One colleague left; only two new distributors"),
            "remedy": b(
                "借调1人并聚焦3家重点分销商", "Borrow a colleague; work on three distributors"
            ),
            "owner": "P08",
            "due": date(year, 7, 31),
            "status": IssueStatus.DOING,
        },
        {
            "code": "TASK:T07",
            "first_month": Month(year, 5),
            "cause": b("财务测算晚两周", "Finance's model came two weeks late"),
            "remedy": b("财务总监7月3日前确认价格", "Finance director confirms prices by 3 July"),
            "owner": "P01",
            "due": date(year, 7, 3),
            "status": IssueStatus.DOING,
        },
    ]


def _lessons(year: int) -> list[Row]:
    """Last year's are offered at what is like it this year: the fair went better, the offer to
    existing customers waited for finance again.
    """
    return [
        {
            "period": f"{year - 1}-Q2",
            "topic": b("上海展会跟进", "After the Shanghai trade fair"),
            "went_well": b("现场扫码留资料", "Visitors left their data by QR code"),
            "to_improve": b("首次回访晚两周", "First calls two weeks late"),
            "lesson": b("展会线索两天内回访", "Call a fair's leads within two days"),
            "practice": b("当晚把名单分到人", "Share out the list the same evening"),
            "tags": b("展会;线索", "fairs;leads"),
            "shared": "HQ",
        },
        {
            "period": f"{year - 1}-Q3",
            "topic": b("复购优惠", "A repurchase offer"),
            "went_well": b("老客户愿意试", "Existing customers were willing"),
            "to_improve": b(
                "财务测算晚, 错过旺季", "Finance's model came late, the season was over"
            ),
            "lesson": b("优惠先测算再承诺", "Work out the offer before promising it"),
            "practice": b("提前三周向财务提报测算", "Ask finance for the model three weeks ahead"),
            "tags": b("复购率;测算", "repurchase rate;model"),
        },
        {
            "period": f"{year - 1}-Q4",
            "topic": b("年末冲刺", "The push at the year's end"),
            "went_well": b("大客户框架协议提前签", "Frame contracts signed early"),
            "to_improve": b("折扣审批慢", "Discounts took long to approve"),
            "lesson": b("审批要前移到报价前", "Approve before quoting"),
            "practice": b(
                "季度末前三周锁定折扣表", "Fix the discount table three weeks before quarter's end"
            ),
            "tags": b("大客户;审批", "key accounts;approval"),
        },
        {
            "period": f"{year}-Q1",
            "topic": b("目标客户清单", "List of target customers"),
            "went_well": b("市场部数据提前到位", "Marketing's data came early"),
            "to_improve": b("清单未标决策人", "No decision makers in the list"),
            "lesson": b("线索要带决策链", "A lead needs its decision makers"),
            "practice": b("清单模板加入决策人一栏", "A column for decision makers in the list"),
            "tags": b("获客;模板", "winning;template"),
        },
        {
            "period": f"{year}-Q2",
            "topic": b("上海展会", "Shanghai trade fair"),
            "went_well": b("34条有效线索, 超过目标", "34 valid leads, above target"),
            "to_improve": b("费用超出批准额", "More was spent than granted"),
            "lesson": b("展位追加要先批后做", "Have a second stand approved first"),
            "practice": b(
                "展会费用清单与三周倒排计划", "Cost list and three-week countdown for fairs"
            ),
            "tags": b("展会;预算", "fairs;budget"),
        },
        {
            "period": f"{year}-Q2",
            "topic": b("渠道招募", "Winning distributors"),
            "went_well": b("两家新分销商首单顺利", "First orders of two distributors went well"),
            "to_improve": b("招募人手不足", "Too few hands"),
            "lesson": b("人员变动要有备份", "Have a stand-in for every colleague"),
            "practice": b("关键岗位设双人名单", "Two names for each key role"),
            "tags": b("渠道;人员", "channel;staff"),
        },
    ]
