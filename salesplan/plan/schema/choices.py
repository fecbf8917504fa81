"""The names of every fixed choice, in Chinese and English, with what else a planner may type."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from salesplan.plan import model as m
from salesplan.plan.model.choices import SKILL_LEVELS
from salesplan.wording import either

Names = tuple[str, ...]

CHOICES: dict[type[Enum], dict[Enum, Names]] = {
    m.Level: {
        m.Level.COMPANY: ("公司", "Company"),
        m.Level.TEAM: ("团队", "Team"),
        m.Level.DEPARTMENT: ("部门", "Department"),
        m.Level.PERSON: ("个人", "Person", "人员"),
    },
    m.KpiKind: {
        m.KpiKind.FLOW: ("流量", "Flow"),
        m.KpiKind.STOCK: ("存量", "Stock"),
        m.KpiKind.RATIO: ("比率", "Ratio"),
        m.KpiKind.COHORT_RATIO: ("群组比率", "Cohort ratio"),
        m.KpiKind.POINT: ("时点", "Point"),
        m.KpiKind.AVERAGE: ("均值", "Average"),
        m.KpiKind.MILESTONE: ("里程碑", "Milestone"),
    },
    m.Direction: {
        m.Direction.HIGHER: ("越高越好", "Higher is better", "高", "higher"),
        m.Direction.LOWER: ("越低越好", "Lower is better", "低", "lower"),
    },
    m.TargetBasis: {
        m.TargetBasis.LEVEL: ("水平", "Level"),
        m.TargetBasis.IMPROVEMENT: ("提升量", "Improvement"),
    },
    m.PercentBasis: {
        m.PercentBasis.PERCENT: ("%", "percent"),
        m.PercentBasis.POINTS: ("百分点", "percentage points", "points", "pp"),
    },
    m.CountedAs: {
        m.CountedAs.GROSS_MARGIN: ("毛利", "Gross margin", "毛利额", "毛利率", "margin"),
        m.CountedAs.HIGH_MARGIN: ("高毛利产品", "High-margin products", "高毛利", "high margin"),
        m.CountedAs.NEW_CUSTOMERS: ("新客户", "New customers", "新客户数", "新签客户"),
        m.CountedAs.FIRST_ORDERS: ("首单客户", "First orders", "首单", "新客户(首单)"),
        m.CountedAs.REPURCHASE: ("复购率", "Repurchase", "复购", "repurchase rate"),
    },
    m.CustomerState: {
        m.CustomerState.AGAIN: ("● 复购", "● Again"),
        m.CustomerState.NEW: ("● 新客户", "● New"),
        m.CustomerState.ONCE: ("○ 未复购", "○ Not again"),
        m.CustomerState.QUIET: ("▲ 年内未下单", "▲ No order YTD"),
    },
    m.SplitMethod: {
        m.SplitMethod.COEFFICIENT: ("系数", "Coefficient"),
        m.SplitMethod.EQUAL: ("平均", "Equal"),
        m.SplitMethod.LAST_YEAR: ("上年占比", "Last year"),
        m.SplitMethod.MANUAL: ("手工", "Manual"),
    },
    m.Lock: {
        m.Lock.YEAR: ("年", "Year", "是", "yes", "y", "锁定"),
        m.Lock.MONTHS: ("月", "Months", "年月"),
    },
    m.AmountUnit: {
        m.AmountUnit.YUAN: ("元", "Ones", "CNY", "yuan"),
        m.AmountUnit.WAN: ("万元", "Ten thousands", "10k CNY", "10k", "wan", "万"),
    },
    m.SupportKind: {
        m.SupportKind.CROSS_DEPARTMENT: ("跨部门", "Cross-department"),
        m.SupportKind.TECHNICAL: ("技术支持", "Technical support"),
    },
    m.HelpAnswer: {
        m.HelpAnswer.YES: ("同意", "Yes", "可以", "是", "accepted", "y"),
        m.HelpAnswer.CONDITIONS: ("有条件同意", "With conditions", "有条件", "conditional"),
        m.HelpAnswer.NO: ("不同意", "No", "不可以", "否", "不能", "declined", "n"),
    },
    m.TaskStatus: {
        m.TaskStatus.DONE_ON_TIME: ("已完成(按期)", "Done on time"),
        m.TaskStatus.DONE_LATE: ("已完成(逾期)", "Done late"),
        m.TaskStatus.RUNNING: ("进行中", "Running"),
        m.TaskStatus.BEHIND: ("落后", "Behind"),
        m.TaskStatus.OVERDUE: ("逾期", "Overdue"),
        m.TaskStatus.NOT_STARTED: ("未开始", "Not started"),
        m.TaskStatus.PAUSED: ("暂停", "Paused"),
        m.TaskStatus.CANCELLED: ("取消", "Cancelled"),
    },
    m.Light: {
        m.Light.GREEN: ("● 绿", "● Green"),
        m.Light.AMBER: ("▲ 黄", "▲ Amber", "▲ Yellow"),
        m.Light.RED: ("■ 红", "■ Red"),
        m.Light.GREY: ("○ 灰", "○ Grey"),
    },
    m.SpendKind: {
        m.SpendKind.COMMITTED: ("占用", "Committed"),
        m.SpendKind.SPENT: ("支出", "Spent"),
    },
    m.RateKind: {
        m.RateKind.BUDGET: ("预算", "Budget", "计划", "预算汇率", "plan", "budget rate"),
        m.RateKind.ACTUAL: ("实际", "Actual", "实际汇率", "actual rate", "spot"),
    },
    m.DealStage: {
        m.DealStage.LEAD: ("线索", "Lead", "初步接触", "prospecting"),
        m.DealStage.QUALIFIED: ("需求确认", "Qualified", "qualification", "engaging"),
        m.DealStage.PROPOSAL: ("方案报价", "Proposal", "报价", "quote"),
        m.DealStage.NEGOTIATION: ("商务谈判", "Negotiation", "谈判"),
        m.DealStage.VERBAL: ("口头确认", "Verbal", "commit", "verbal agreement"),
        m.DealStage.WON: ("赢单", "Won", "成交", "closed won"),
        m.DealStage.LOST: ("输单", "Lost", "丢单", "closed lost"),
    },
    m.SkillLevel: dict(SKILL_LEVELS.items()),
    m.ToolStatus: {
        m.ToolStatus.READY: ("● 已就绪", "● Ready"),
        m.ToolStatus.TO_COME: ("○ 待就绪", "○ To come"),
        m.ToolStatus.TOO_LATE: ("▲ 晚于需用日", "▲ Too late"),
        m.ToolStatus.NOT_READY: ("■ 未就绪", "■ Not ready"),
        m.ToolStatus.UNDATED: ("▲ 未定日期", "▲ No date"),
    },
    m.ProspectState: {
        m.ProspectState.OPEN: ("跟进中", "Open", "待跟进", "in progress"),
        m.ProspectState.WON: ("已成交", "Won", "成交", "已转化", "converted"),
        m.ProspectState.LOST: ("已放弃", "Lost", "放弃", "流失", "dropped"),
    },
    m.CloseAction: {
        m.CloseAction.CLOSE: ("关账", "Close", "Closed"),
        m.CloseAction.REOPEN: ("重开", "Reopen", "Reopened"),
    },
    m.Approval: {
        m.Approval.PENDING: ("待批", "Pending"),
        m.Approval.APPROVED: ("批准", "Approved", "已批准"),
        m.Approval.REJECTED: ("驳回", "Rejected"),
    },
    m.Framework: {
        m.Framework.RESOURCES: ("资源", "Resources"),
        m.Framework.PEST: ("PEST", "PEST"),
        m.Framework.FIVE_FORCES: ("五力", "Five forces"),
        m.Framework.SWOT: ("SWOT", "SWOT"),
    },
    m.Element: {
        m.Element.POLITICAL: (
            "政策",
            "Political",
            "政治",
            "政策法规",
            "政治法律",
            "政治与法律",
            "政治环境",
            "法律",
            "politics",
            "policy",
            "political and legal",
            "legal",
        ),
        m.Element.ECONOMIC: ("经济", "Economic", "经济环境", "economy", "economics"),
        m.Element.SOCIAL: (
            "社会",
            "Social",
            "社会文化",
            "社会环境",
            "society",
            "sociocultural",
            "socio-cultural",
        ),
        m.Element.TECHNOLOGICAL: (
            "技术",
            "Technological",
            "科技",
            "技术环境",
            "technology",
            "technical",
        ),
        m.Element.SUPPLIERS: (
            "供应商",
            "Suppliers",
            "供应商议价",
            "供应商议价能力",
            "供方议价能力",
            "supplier",
            "supplier power",
            "bargaining power of suppliers",
        ),
        m.Element.BUYERS: (
            "客户",
            "Buyers",
            "客户议价",
            "客户议价能力",
            "购买者",
            "购买者议价能力",
            "买方",
            "买方议价能力",
            "buyer",
            "buyer power",
            "customers",
            "bargaining power of buyers",
        ),
        m.Element.RIVALS: (
            "竞争对手",
            "Rivals",
            "现有竞争",
            "现有竞争者",
            "同业竞争",
            "同业竞争者",
            "行业内竞争",
            "竞争者",
            "rivalry",
            "rival",
            "competitors",
            "competition",
            "industry rivalry",
            "competitive rivalry",
        ),
        m.Element.SUBSTITUTES: (
            "替代品",
            "Substitutes",
            "替代品威胁",
            "替代者",
            "substitute",
            "threat of substitutes",
        ),
        m.Element.NEW_ENTRANTS: (
            "新进入者",
            "New entrants",
            "潜在进入者",
            "新进入者威胁",
            "潜在竞争者",
            "entrants",
            "new entrant",
            "threat of new entrants",
        ),
    },
    m.Impact: {
        m.Impact.HIGH: ("高", "High"),
        m.Impact.MEDIUM: ("中", "Medium"),
        m.Impact.LOW: ("低", "Low"),
    },
    m.SwotStrategy: {
        m.SwotStrategy.SO: ("SO", "SO"),
        m.SwotStrategy.WO: ("WO", "WO"),
        m.SwotStrategy.ST: ("ST", "ST"),
        m.SwotStrategy.WT: ("WT", "WT"),
    },
    m.IssueStatus: {
        m.IssueStatus.OPEN: ("未处理", "Open"),
        m.IssueStatus.DOING: ("处理中", "In progress"),
        m.IssueStatus.CLOSED: ("已关闭", "Closed"),
    },
    m.BudgetStatus: {
        m.BudgetStatus.NORMAL: ("● 正常", "● Normal"),
        m.BudgetStatus.WARNING: ("▲ 预警", "▲ Warning"),
        m.BudgetStatus.OVERSPENT: ("■ 超支", "■ Overspent"),
    },
    m.Verdict: {
        m.Verdict.EFFECTIVE: ("● 执行到位且有效", "● Executed, effective"),
        m.Verdict.INEFFECTIVE: ("■ 执行到位未见效(策略问题)", "■ Executed, no effect (strategy)"),
        m.Verdict.REACHED_ANYWAY: (
            "▲ 执行不足但达成(外因)",
            "▲ Target met despite low execution (outside cause)",
        ),
        m.Verdict.NOT_DONE: (
            "■ 执行不足且未达成(执行问题)",
            "■ Low execution, target missed (execution)",
        ),
    },
    m.Uptake: {
        m.Uptake.TAKEN_UP: ("● 是", "● Yes"),
        m.Uptake.WITHOUT_TASK: ("▲ 有策略无任务", "▲ Strategy without a task"),
        m.Uptake.NOT_TAKEN_UP: ("■ 否", "■ No"),
    },
    m.TriggerKind: {
        m.TriggerKind.CUSTOMER_LOST: ("客户流失", "Customer lost", "lost customer"),
        m.TriggerKind.PRICE_LOW: ("低于目录价", "Price below list", "价格偏低", "low price"),
        m.TriggerKind.PACE_LOW: ("进度偏低", "Pace low", "进度落后", "low pace"),
        m.TriggerKind.TASK_LATE: ("任务逾期", "Task late", "late task"),
        m.TriggerKind.BUDGET_OVER: ("预算超支", "Budget over", "超预算", "over budget"),
        m.TriggerKind.COMPETITOR_CHANGED: ("竞争对手变动", "Competitor changed", "竞品变动"),
    },
    m.TriggerState: {
        m.TriggerState.FIRED: ("■ 触发", "■ Fired"),
        m.TriggerState.QUIET: ("● 未触发", "● Quiet"),
        m.TriggerState.OFF: ("○ 未启用", "○ Off"),
        m.TriggerState.UNKNOWN: ("▲ 无法判断", "▲ Cannot be told"),
    },
    m.Cause: {
        m.Cause.RESOURCES: ("资源不足", "Too few resources"),
        m.Cause.CUSTOMER: ("客户决策延迟", "Customer decides late"),
        m.Cause.PARTNER: ("协作部门延迟", "Partner department late"),
        m.Cause.PLAN: ("计划不合理", "Plan unrealistic"),
        m.Cause.MARKET: ("市场变化", "Market changed"),
        m.Cause.STAFF: ("人员变动", "Staff change"),
        m.Cause.OTHER: ("其他", "Other"),
    },
}


ELEMENTS: Mapping[m.Framework, tuple[m.Element, ...]] = {
    m.Framework.PEST: (
        m.Element.POLITICAL,
        m.Element.ECONOMIC,
        m.Element.SOCIAL,
        m.Element.TECHNOLOGICAL,
    ),
    m.Framework.FIVE_FORCES: (
        m.Element.SUPPLIERS,
        m.Element.BUYERS,
        m.Element.RIVALS,
        m.Element.SUBSTITUTES,
        m.Element.NEW_ENTRANTS,
    ),
}
"""What a framework is made of: the categories that its entries may have."""

SUGGESTED: Mapping[m.Framework, tuple[tuple[str, str], ...]] = {
    m.Framework.RESOURCES: (
        ("人员", "People"),
        ("客户", "Customers"),
        ("潜客", "Prospects"),
        ("产品", "Products"),
        ("预算", "Budget"),
        ("工具", "Tools"),
    ),
    m.Framework.SWOT: (
        ("优势", "Strength"),
        ("劣势", "Weakness"),
        ("机会", "Opportunity"),
        ("威胁", "Threat"),
    ),
}
"""Usual categories of the frameworks that take any."""


def categories(framework: m.Framework, lang: str) -> tuple[str, ...]:
    """The categories that a list offers for entries of a framework."""
    if framework in ELEMENTS:
        return tuple(label(one, lang) for one in ELEMENTS[framework])
    return tuple(either(lang, *pair) for pair in SUGGESTED[framework])


def label(choice: Enum, lang: str) -> str:
    """The name of a choice in ``lang`` (zh or en)."""
    return either(lang, *CHOICES[type(choice)][choice][:2])


ESTIMATED = ("推定", "Estimated")
"""来源 of the days of 日历 that the engine writes."""


def product_name(product: str, lang: str) -> str:
    """A product as a table names it; the rest is 其他 or Other."""
    return either(lang, "其他", "Other") if product == m.OTHER else product


RESERVE_NAMES = ("应急储备", "Reserve", "储备", "储备金")
"""Names of the budget category that is held back and drawn on approval."""

CATEGORIES = (
    ("获客", "Winning customers"),
    ("客户维护", "Keeping customers"),
    ("团队激励", "Team incentives"),
    RESERVE_NAMES[:2],
)
REGIONS = (("重点区域", "Key regions"), ("其他区域", "Other regions"))
DIMENSIONS = (("客户", "Customer"), ("产品", "Product"), ("渠道", "Channel"), ("资源", "Resources"))
CAUSES = tuple((names[0], names[1]) for names in CHOICES[m.Cause].values())
NOTHING_NEEDED = (
    "无",
    "没有",
    "暂无",
    "无需",
    "不需要",
    "none",
    "no",
    "nothing",
    "n/a",
    "-",
    "—",
    "/",
)
"""What people type into 需支持 where they need no support."""
