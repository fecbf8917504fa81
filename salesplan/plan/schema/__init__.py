"""The schema: the one place that knows the names of sheets, columns, settings and choices."""

from __future__ import annotations

from salesplan.plan.schema import action, goals, money, records
from salesplan.plan.schema.choices import (
    CHOICES,
    ESTIMATED,
    RESERVE_NAMES,
    label,
    product_name,
)
from salesplan.plan.schema.goals import RETIRED_SETTINGS, SETTINGS
from salesplan.plan.schema.kinds import Column, Kind, Owner, Setting, Sheet, Table

__all__ = [
    "CHOICES",
    "ESTIMATED",
    "MAPPING",
    "RESERVE_NAMES",
    "RETIRED_SETTINGS",
    "SETTINGS",
    "SHEETS",
    "TABLES",
    "TEMPLATE_VERSION",
    "Column",
    "Kind",
    "Owner",
    "Setting",
    "Sheet",
    "Table",
    "is_mapping",
    "label",
    "product_name",
    "sheet",
    "table",
    "tables_of",
]

TEMPLATE_VERSION = "1"

SHEETS: tuple[Sheet, ...] = (
    Sheet("settings", "设置", "Settings", ("参数", "参数设置")),
    Sheet("organization", "组织", "Organization", ("组织架构", "Organisation")),
    Sheet("skills", "人员能力", "Skills", ("技能表", "人员技能", "Abilities")),
    Sheet("kpis", "指标", "KPIs", ("指标库", "KPI")),
    Sheet("seasonality", "季节系数", "Seasonality", ("季节性",)),
    Sheet("targets", "目标分解", "Targets", ("目标", "目标分解表")),
    Sheet("products", "产品", "Products", ("产品表", "产品清单", "Product list")),
    Sheet("customers", "客户", "Customers", ("客户表", "客户清单", "客户台账", "Customer list")),
    Sheet("prospects", "潜客", "Prospects", ("潜在客户", "潜客池", "Prospect pool", "Leads")),
    Sheet("market", "市场规模", "Market", ("市场容量", "Market size")),
    Sheet("competitors", "竞争对手", "Competitors", ("竞品", "竞争对手对比", "Competition")),
    Sheet("situation", "现状分析", "Situation", ("SWOT",)),
    Sheet("strategies", "策略", "Strategies", ("销售策略",)),
    Sheet("actions", "行动计划", "Action plan", ("行动计划表", "任务")),
    Sheet("helpers", "协作方", "Helpers", ("协作部门", "协作方名单", "Helping departments")),
    Sheet("replies", "协作答复", "Help replies", ("协作方答复", "Replies")),
    Sheet("tools", "工具", "Tools", ("工具清单", "支持工具", "Tool list")),
    Sheet("caps", "预算分配", "Budget caps", ("预算分配表",)),
    Sheet("budget", "预算", "Budget", ("预算表", "预算明细")),
    Sheet("actuals", "实绩", "Actuals", ("实际", "业绩明细")),
    Sheet("rates", "汇率", "Rates", ("汇率表", "外汇汇率", "Exchange rates", "FX rates")),
    Sheet("pipeline", "商机", "Pipeline", ("销售漏斗", "Opportunities", "Deals")),
    Sheet("spending", "费用", "Spending", ("费用明细",)),
    Sheet("draws", "储备金动用", "Reserve draws", ("储备金",)),
    Sheet("daily", "日跟进", "Daily", ("日站会",)),
    Sheet("weekly", "周复盘", "Weekly review", ("周会",)),
    Sheet("changes", "变更记录", "Changes", ("变更", "动态调整")),
    Sheet("closes", "关账记录", "Closes", ("关账",)),
    Sheet("issues", "问题与改进", "Issues", ("问题清单",)),
    Sheet("lessons", "复盘知识库", "Lessons", ("知识库",)),
    Sheet("triggers", "预警", "Triggers", ("预警规则", "触发规则", "Trigger rules")),
    Sheet("calendar", "日历", "Calendar", ("工作日历",)),
    Sheet("checks", "检查结果", "Checks", ("检查",)),
)
"""In the order in which a template shows them."""

MAPPING = Sheet("mapping", "对照", "Mapping")
"""Of a workbook whose own tables are read where they stand (:mod:`salesplan.plan.adopt`); no
template has it.
"""

TABLES: tuple[Table, ...] = goals.TABLES + action.TABLES + money.TABLES + records.TABLES

_SHEETS = {sheet.key: sheet for sheet in SHEETS}
_TABLES = {table.key: table for table in TABLES}


def sheet(key: str) -> Sheet:
    """The sheet of that key; KeyError if there is none."""
    return _SHEETS[key]


def is_mapping(name: str) -> bool:
    """Whether a sheet may hold such a mapping, by its name: 对照, Mapping, 对照 2."""
    return name.strip().casefold().startswith((MAPPING.zh, MAPPING.en.casefold()))


def table(key: str) -> Table:
    """The table of that key; KeyError if there is none."""
    return _TABLES[key]


def tables_of(sheet_key: str) -> tuple[Table, ...]:
    """The tables that share a sheet, in order."""
    return tuple(table for table in TABLES if table.sheet == sheet_key)
