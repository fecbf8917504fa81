"""Step 3 of the sample: the action plan, with tasks in every state at the cut-off of 30 June."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesplan.plan.model import SupportKind, TaskStatus
from salesplan.template.story.values import Both, Cell, Row, Tables, b

CROSS, TECHNICAL = SupportKind.CROSS_DEPARTMENT, SupportKind.TECHNICAL
MARKETING, PRODUCT, FINANCE = b("市场部", "Marketing"), b("产品部", "Product"), b("财务部", "Finance")
FIRMS, PERCENT, LEADS, PIECES = b("家", "firms"), "%", b("条", "leads"), b("个", "pieces")

SHORT_OF_HANDS, CUSTOMER_LATE = b("资源不足", "Too few resources"), b("客户决策延迟", "Customer decides late")
PARTNER_LATE, UNREALISTIC = b("协作部门延迟", "Partner department late"), b("计划不合理", "Plan unrealistic")
MARKET_CHANGED = b("市场变化", "Market changed")


def tasks(year: int) -> Tables:
    """Rows of the action plan."""
    rows = (*_customers(year), *_products(year), *_channels(year), *_regions(year))
    return {"tasks": sorted(rows, key=lambda row: str(row["code"]))}


def _task(
    year: int, code: str, strategy: str, content: Both, owner: str, start: tuple[int, int], due: tuple[int, int], deliverable: Both, **more: Cell | tuple[int, int],
) -> Row:
    """One task; days are (month, day) of ``year``, of numbers too where the column holds a date."""
    days = {key: date(year, *value) for key, value in more.items() if isinstance(value, tuple) and isinstance(value[0], int) and isinstance(value[1], int)}
    rest: dict[str, Cell] = {key: value for key, value in more.items() if not isinstance(value, tuple)}
    return {
        "code": code, "strategy": strategy, "content": content, "owner": owner, "start": date(year, *start), "due": date(year, *due),
        "deliverable": deliverable, **rest, **days,
    }


def _customers(year: int) -> list[Row]:
    return [
        _task(year, "T01", "S2", b("梳理重点行业目标客户清单", "List of target customers in key industries"), "P01", (3, 2), (3, 15),
              b("50家目标企业清单", "List of 50 target companies"), partners=MARKETING, support=CROSS, priority=1, weight=3, deliverable_target=50,
              deliverable_actual=52, deliverable_unit=FIRMS, resources=b("市场部行业数据报告", "Marketing's industry data report"), requested=(2, 24), budget="B01", kpi="NEW", finished=(3, 12)),
        _task(year, "T04", "S2", b("拜访50家目标企业", "Visit the 50 target companies"), "P03", (3, 16), (7, 31),
              b("拜访记录与需求表", "Visit notes with needs"), priority=1, weight=3, deliverable_target=50, deliverable_actual=41, deliverable_unit=FIRMS,
              resources=b("差旅费", "Travel cost"), kpi="NEW"),
        _task(year, "T05", "S1", b("增值服务包上线", "Launch the service package"), "P06", (3, 2), (4, 30),
              b("服务目录与报价", "Service catalogue with prices"), partners=PRODUCT, support=TECHNICAL, priority=1, weight=2, progress=1,
              resources=b("产品部技术支持", "Product's technical support"), requested=(2, 25), budget="B09", kpi="REP", finished=(4, 28)),
        _task(year, "T06", "S1", b("老客户季度回访", "Quarterly visits to existing customers"), "P06", (4, 1), (6, 30),
              b("88家回访记录", "Notes of 88 visits"), priority=2, weight=2, deliverable_target=88, deliverable_actual=88, deliverable_unit=FIRMS, kpi="REP", finished=(6, 26)),
        _task(year, "T07", "S1", b("复购优惠方案试点", "Pilot of a repurchase offer"), "P01", (4, 13), (5, 29),
              b("试点总结与推广方案", "Summary and plan for roll-out"), partners=FINANCE, support=CROSS, priority=2, weight=2, progress=Decimal("0.8"),
              resources=b("财务部价格测算", "Finance's price model"), requested=(4, 10), budget="B10", kpi="REP", cause=PARTNER_LATE,
              remedy=b("7月3日前由财务总监确认价格", "Finance director confirms prices by 3 July")),
        _task(year, "T22", "S2", b("智能制造行业研讨会", "Seminar on smart manufacturing"), "P07", (5, 11), (6, 5),
              b("40名客户代表参会", "40 customers attend"), priority=3, weight=1, deliverable_target=40, deliverable_unit=b("人", "people"),
              state=TaskStatus.CANCELLED, cause=MARKET_CHANGED, remedy=b("并入秋季展会", "Merged into the autumn fair")),
        _task(year, "T23", "S2", b("新能源行业解决方案", "Solution for new energy"), "P05", (6, 8), (8, 14),
              b("方案书与样板", "Proposal and demonstration"), partners=PRODUCT, support=TECHNICAL, priority=2, weight=2, progress=Decimal("0.3"),
              resources=b("产品部两名顾问", "Two consultants of Product"), requested=(6, 3), budget="B05", kpi="NEW"),
        _task(year, "T24", "S9", b("客诉24小时响应流程上线", "A one-day answer to complaints"), "P06", (3, 23), (4, 17),
              b("流程、值班表与话术", "Procedure, roster and wording"), priority=2, weight=2, progress=1, kpi="CMP", finished=(4, 15)),
        _task(year, "T25", "S9", b("客诉月度复盘", "Monthly review of complaints"), "P06", (4, 20), (12, 18),
              b("8次复盘纪要", "Minutes of 8 reviews"), priority=3, weight=1, deliverable_target=8, deliverable_actual=3, deliverable_unit=b("次", "reviews"), kpi="CMP"),
    ]


def _products(year: int) -> list[Row]:
    return [
        _task(year, "T08", "S3", b("A产品标杆案例", "Reference cases of product A"), "P04", (4, 7), (6, 12),
              b("5个可公开的案例", "5 cases that may be shown"), partners=MARKETING, support=CROSS, priority=2, weight=1, deliverable_target=5, deliverable_actual=5,
              deliverable_unit=PIECES, requested=(4, 1), kpi="REV", finished=(6, 24), cause=CUSTOMER_LATE),
        _task(year, "T09", "S3", b("A产品销售话术与报价工具", "Pitch and price tool for product A"), "P04", (3, 23), (4, 17),
              b("话术手册与报价表", "Handbook and price sheet"), partners=PRODUCT, support=TECHNICAL, priority=1, weight=1, progress=1, requested=(3, 18), kpi="REV", finished=(4, 16)),
        _task(year, "T10", "S3", b("A产品存量客户升级推介", "Offer product A to users of B"), "P02", (5, 6), (7, 31),
              b("30家客户升级意向", "30 customers willing to upgrade"), priority=1, weight=3, deliverable_target=30, deliverable_actual=11, deliverable_unit=FIRMS,
              budget="B12", kpi="REV", cause=CUSTOMER_LATE, remedy=b("集中在预算周期内的10家优先推进", "Ten customers with open budgets first")),
        _task(year, "T11", "S4", b("B产品线上试用活动", "Online trial of product B"), "P12", (4, 13), (6, 30),
              b("200个试用账号", "200 trial accounts"), priority=2, weight=1, deliverable_target=200, deliverable_actual=231, deliverable_unit=PIECES, budget="B04", kpi="NEW", finished=(6, 18)),
    ]


def _channels(year: int) -> list[Row]:
    return [
        _task(year, "T02", "S5", b("大客户定制化方案培训", "Training on tailored key-account solutions"), "P04", (3, 9), (3, 20),
              b("团队培训100%完成", "Team training 100 % complete"), partners=PRODUCT, support=TECHNICAL, priority=1, weight=2, deliverable_target=100, deliverable_actual=100,
              deliverable_unit=PERCENT, resources=b("产品部技术支持; 培训预算", "Product's technical support; training budget"), requested=(3, 4), budget="B02", kpi="REV", finished=(3, 19)),
        _task(year, "T03", "S7", b("上海展会(4月)", "Shanghai trade fair in April"), "P14", (3, 16), (4, 10),
              b("30条有效线索", "30 valid leads"), partners=MARKETING, support=CROSS, priority=1, weight=2, deliverable_target=30, deliverable_actual=34, deliverable_unit=LEADS,
              resources=b("展会费用; 宣传物料", "Fair cost; promotion material"), requested=(3, 9), budget="B03", kpi="NEW", finished=(4, 10)),
        _task(year, "T12", "S5", b("三家战略客户框架协议", "Frame contracts with three key accounts"), "P01", (3, 2), (9, 30),
              b("3份签署的协议", "3 signed contracts"), priority=1, weight=3, deliverable_target=3, deliverable_actual=2, deliverable_unit=b("份", "signed"), kpi="REV"),
        _task(year, "T13", "S5", b("大客户关键人地图", "Map of decision makers"), "P05", (3, 9), (5, 15),
              b("20家大客户的地图", "Maps of 20 key accounts"), priority=3, weight=1, progress=1, kpi="REV", finished=(5, 20), cause=SHORT_OF_HANDS),
        _task(year, "T14", "S6", b("招募5家新分销商", "Win 5 new distributors"), "P08", (3, 2), (6, 12),
              b("5份分销协议", "5 signed agreements"), priority=1, weight=3, deliverable_target=5, deliverable_actual=2, deliverable_unit=FIRMS,
              resources=b("招募大会费用", "Cost of the dealer event"), budget="B06", kpi="REV", cause=SHORT_OF_HANDS,
              remedy=b("7月从直销借调1人, 7月24日前再签2家", "One colleague from direct sales in July; two more by 24 July")),
        _task(year, "T15", "S6", b("分销商产品培训两场", "Two product trainings for distributors"), "P09", (5, 11), (7, 10),
              b("2场培训", "2 trainings"), partners=PRODUCT, support=TECHNICAL, priority=2, weight=1, deliverable_target=2, deliverable_actual=1, deliverable_unit=b("场", "runs"),
              requested=(5, 8), budget="B14", kpi="REV"),
        _task(year, "T16", "S6", b("渠道价格政策修订", "Revision of channel prices"), "P08", (4, 20), (5, 22),
              b("新价格政策", "New price policy"), partners=FINANCE, support=CROSS, priority=2, weight=1, progress=Decimal("0.6"), requested=(4, 20),
              kpi="REV", state=TaskStatus.PAUSED, cause=UNREALISTIC, remedy=b("待总经理确认方向", "Waits for the managing director's decision")),
        _task(year, "T17", "S7", b("行业公众号内容计划", "Content plan for the industry channel"), "P13", (1, 12), (12, 18),
              b("48篇文章", "48 articles"), priority=3, weight=1, deliverable_target=48, deliverable_actual=24, deliverable_unit=b("篇", "posts"), kpi="NEW"),
        _task(year, "T18", "S7", b("线上投放优化", "Better online campaigns"), "P12", (4, 1), (9, 30),
              b("获客成本下降15%", "Cost per customer down 15 %"), priority=2, weight=2, progress=Decimal("0.45"), budget="B04", kpi="NEW"),
        _task(year, "T19", "S7", b("秋季展会筹备", "Preparing the autumn fair"), "P14", (8, 3), (10, 16),
              b("30条有效线索", "30 valid leads"), partners=MARKETING, support=CROSS, priority=2, weight=2, deliverable_target=30, deliverable_unit=LEADS, budget="B08", kpi="NEW"),
    ]


def _regions(year: int) -> list[Row]:
    return [
        _task(year, "T20", "S8", b("华东重点客户深耕计划", "Plan for key customers in the East"), "P01", (3, 2), (6, 30),
              b("每家客户一份计划", "One plan a customer"), priority=1, weight=3, progress=1, budget="B13", kpi="SHARE", finished=(6, 29)),
        _task(year, "T21", "S8", b("华东市场占有率调研", "Survey of market share in the East"), "P04", (5, 18), (6, 26),
              b("调研报告", "Report"), partners=MARKETING, support=CROSS, priority=2, weight=1, progress=Decimal("0.7"), requested=(5, 15),
              kpi="SHARE", cause=PARTNER_LATE, remedy=b("7月6日前补齐二季度数据", "Second quarter's data by 6 July")),
    ]
