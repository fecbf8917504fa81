"""Steps 2 and 3 of the sample: situation and strategies."""

from __future__ import annotations

from decimal import Decimal

from salesplan.plan.model import Framework, Impact, SwotStrategy
from salesplan.template.story.goals import DEALER, DIRECT, EAST, ONLINE, PRODUCT_A, PRODUCT_B
from salesplan.template.story.values import Row, Tables, b
from salesplan.wording import Both

D = Decimal
CUSTOMER, PRODUCT, CHANNEL, RESOURCE = (
    b("客户", "Customer"),
    b("产品", "Product"),
    b("渠道", "Channel"),
    b("资源", "Resources"),
)


def strategy() -> Tables:
    """Rows of the situation and the strategies."""
    return {"situation": _situation(), "strategies": _strategies()}


def _strategies() -> list[Row]:
    return [
        {
            "code": "S1",
            "dimension": CUSTOMER,
            "content": b(
                "深耕老客户, 用增值服务提高复购", "Deepen existing customers with added services"
            ),
            "kpi": "REP",
            "budget_share": D("0.2"),
            "answers": b("F1、R2", "F1, R2"),
        },
        {
            "code": "S2",
            "dimension": CUSTOMER,
            "content": b(
                "开拓生物医药、新能源、智能制造三个高潜力行业",
                "Open up three high-potential industries: biopharma, new energy, smart manufacturing",
            ),
            "kpi": "NEW",
            "budget_share": D("0.2"),
        },
        {
            "code": "S3",
            "dimension": PRODUCT,
            "content": b(
                "高毛利的A产品承担营收目标的60%",
                "High-margin product A carries 60 % of the revenue target",
            ),
            "kpi": "REV",
            "target_share": D("0.6"),
            "product": PRODUCT_A,
            "answers": "P4",
        },
        {
            "code": "S4",
            "dimension": PRODUCT,
            "content": b(
                "B产品以低门槛引流, 带来新客户", "Product B brings traffic at a low threshold"
            ),
            "kpi": "REV",
            "target_share": D("0.4"),
            "product": PRODUCT_B,
            "answers": "F2",
        },
        {
            "code": "S5",
            "dimension": CHANNEL,
            "content": b("直销团队服务大客户", "The direct team serves key accounts"),
            "kpi": "REV",
            "target_share": D("0.5"),
            "channel": DIRECT,
            "answers": "R1",
        },
        {
            "code": "S6",
            "dimension": CHANNEL,
            "content": b("分销商覆盖中小客户", "Distributors cover small and mid-sized customers"),
            "kpi": "REV",
            "target_share": D("0.3"),
            "channel": DEALER,
        },
        {
            "code": "S7",
            "dimension": CHANNEL,
            "content": b("线上推广与行业展会获客", "Online work and trade fairs win customers"),
            "kpi": "REV",
            "target_share": D("0.2"),
            "channel": ONLINE,
            "answers": "P3",
        },
        {
            "code": "S8",
            "dimension": RESOURCE,
            "content": b(
                "60%的预算投向重点区域华东", "60 % of the budget goes to the key region, East"
            ),
            "kpi": "SHARE",
            "region": EAST,
            "budget_share": D("0.6"),
        },
        {
            "code": "S9",
            "dimension": CUSTOMER,
            "content": b(
                "客诉24小时内响应, 把客诉数降下来",
                "Answer complaints within a day, so that there are fewer",
            ),
            "kpi": "CMP",
            "answers": "W4",
        },
    ]


def _situation() -> list[Row]:
    resources, pest, forces, swot = (
        Framework.RESOURCES,
        Framework.PEST,
        Framework.FIVE_FORCES,
        Framework.SWOT,
    )
    high, medium, low = Impact.HIGH, Impact.MEDIUM, Impact.LOW
    return [
        _entry(
            "R1",
            resources,
            b("人员", "People"),
            b(
                "14名销售, 大客户经验集中在华东",
                "14 sales people; key account experience sits in the East",
            ),
            b("组织表", "Organisation sheet"),
            high,
        ),
        _entry(
            "R2",
            resources,
            b("客户", "Customers"),
            b(
                "在手客户88家, 去年复购率50%",
                "88 active customers; half of them bought again last year",
            ),
            b("客户台账", "Customer records"),
            high,
        ),
        _entry(
            "R3",
            resources,
            b("预算", "Budget"),
            b("全年预算120万元, 应急储备10%", "120 for the year, a tenth held in reserve"),
            b("预算表", "Budget sheet"),
            medium,
        ),
        _entry(
            "P1",
            pest,
            b("政策", "Political"),
            b("制造业数字化改造有地方补贴", "Local grants for digital manufacturing"),
            b("公开政策汇编", "Published policies"),
            medium,
        ),
        _entry(
            "P2",
            pest,
            b("经济", "Economic"),
            b("中小企业付款周期拉长", "Small firms pay later"),
            b("应收账龄", "Receivables by age"),
            high,
        ),
        _entry(
            "P3",
            pest,
            b("社会", "Social"),
            b("客户习惯先在线上比较再约谈", "Buyers compare online before they meet"),
            b("访谈20家客户", "20 interviews"),
            medium,
        ),
        _entry(
            "P4",
            pest,
            b("技术", "Technological"),
            b(
                "A产品新版本缩短交付两周",
                "The new version of product A is delivered two weeks sooner",
            ),
            b("产品路线图", "Roadmap"),
            high,
        ),
        _entry(
            "F1",
            forces,
            b("竞争对手", "Rivals"),
            b("华南有两家低价对手", "Two low-price rivals in the South"),
            b("投标记录", "Tender records"),
            high,
        ),
        _entry(
            "F2",
            forces,
            b("新进入者", "New entrants"),
            b("平台型公司试水B产品市场", "Platform firms try product B's market"),
            b("行业新闻", "Trade press"),
            medium,
        ),
        _entry(
            "F3",
            forces,
            b("替代品", "Substitutes"),
            b("部分客户自建系统", "Some customers build their own"),
            b("丢单分析", "Lost deals"),
            low,
        ),
        _entry(
            "F4",
            forces,
            b("供应商", "Suppliers"),
            b("关键模块有两家供应商, 价格稳定", "Two sources for the key module; stable prices"),
            b("采购合同", "Contracts"),
            low,
        ),
        _entry(
            "F5",
            forces,
            b("客户", "Buyers"),
            b("大客户要求框架价", "Key accounts ask for frame prices"),
            b("合同评审", "Contract reviews"),
            medium,
        ),
        _entry(
            "W1",
            swot,
            b("优势", "Strength"),
            b(
                "华东交付口碑好, 又逢地方补贴: 提高重点区域占有率",
                "Good name in the East and local grants: raise the share there",
            ),
            b("客户满意度92分", "Satisfaction 92"),
            high,
            SwotStrategy.SO,
            "S8",
        ),
        _entry(
            "W2",
            swot,
            b("优势", "Strength"),
            b(
                "A产品新版本领先, 高毛利: 承担主要营收",
                "Product A leads and pays well: let it carry the revenue",
            ),
            b("毛利报表", "Margin report"),
            high,
            SwotStrategy.SO,
            "S3",
        ),
        _entry(
            "W3",
            swot,
            b("机会", "Opportunity"),
            b(
                "新行业客户少, 但行业需求增长快",
                "Few customers in the new industries, which grow fast",
            ),
            b("行业数据", "Industry data"),
            high,
            SwotStrategy.WO,
            "S2",
        ),
        _entry(
            "W4",
            swot,
            b("威胁", "Threat"),
            b(
                "低价对手: 以增值服务留住老客户",
                "Low-price rivals: keep customers by added services",
            ),
            b("丢单分析", "Lost deals"),
            medium,
            SwotStrategy.ST,
            "S1",
        ),
        _entry(
            "W5",
            swot,
            b("劣势", "Weakness"),
            b(
                "渠道人手不足且对手压价: 收缩低效分销商",
                "Thin channel staff and price pressure: part with weak distributors",
            ),
            b("渠道台账", "Channel records"),
            high,
            SwotStrategy.WT,
            "S6",
        ),
        _entry(
            "W6",
            swot,
            b("威胁", "Threat"),
            b(
                "账期拉长叠加回款薄弱: 尚未落实策略",
                "Later payment meets weak collection: no strategy yet",
            ),
            b("应收账龄", "Receivables by age"),
            medium,
            SwotStrategy.WT,
            None,
        ),
    ]


def _entry(
    code: str,
    framework: Framework,
    category: Both[str],
    content: Both[str],
    evidence: Both[str],
    impact: Impact,
    response: SwotStrategy | None = None,
    taken_up: str | None = None,
) -> Row:
    return {
        "code": code,
        "framework": framework,
        "category": category,
        "content": content,
        "evidence": evidence,
        "impact": impact,
        "response": response,
        "strategy": taken_up,
    }
