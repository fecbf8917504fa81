"""Words of the sheet that holds the actual rows behind the numbers."""

from __future__ import annotations

TEXTS = {
    "title_details": ("明细: 数字背后的实绩行", "Actual rows behind the numbers"),
    "about_details": (
        "数字背后的实绩行, 标有主计划中的行号",
        "The actual rows behind the numbers, with their row in the master",
    ),
    "about_details_month": (
        "{month}的实绩行, 按指标、组织排列; 数据表的本月实绩即其合计",
        "Actual rows of {month} by KPI and unit; the Data sheet's actuals of the month are their sums",
    ),
    "about_details_ytd": (
        "财年初至{month}的实绩行, 按指标、月、组织排列; 数据表的各月实绩即其合计",
        "Actual rows from the start of the fiscal year to {month}, by KPI, month and unit; the Data sheet's monthly actuals are their sums",
    ),
    "details_whole": (
        "共 {lines} 行。可筛选; 请勿排序或增删行, 以免合计错位(如需排序请复制到新表)。",
        "{lines:# row|# rows}. Filter as you like, but do not sort, add or delete rows: the sums depend on their order (copy to another sheet to sort).",
    ),
    "details_cut": (
        "{rows} 行中列出 {lines} 行(上限 {limit}, 见主计划“设置”): 每个单元列出最大的若干行, 其余合为一行, 合计不变。请勿排序或增删行。",
        "{lines} of {rows:# row|# rows} (limit {limit}, see Settings in the master): each unit's largest, the rest as one line, so all sums hold. Do not sort, add or delete rows.",
    ),
    "details_rest": ("其余 {count} 行合计", "{count:# other row|# other rows}"),
    "problems_left_out": (
        "{light}: 未列出的问题数, 各单元完成率见“{sheet}”。",
        "{light}: issues not listed; every unit's attainment is on “{sheet}”.",
    ),
    "no_details": ("本期没有实绩行。", "No actual rows for this period."),
    "too_many_details": (
        "实绩行过多, 一张表放不下, 未列出。",
        "Too many rows for one sheet; none are listed.",
    ),
    "detail_source_row": ("主计划\n“{sheet}”行号", "Row on\n“{sheet}”"),
    "detail_kpi": ("指标编码", "KPI"),
    "detail_kpi_name": ("指标", "Name"),
    "detail_unit": ("组织编码", "Unit code"),
    "detail_unit_name": ("组织", "Unit"),
    "detail_day": ("日期", "Date"),
    "detail_product": ("产品", "Product"),
    "detail_region": ("区域", "Region"),
    "detail_customer": ("客户", "Customer"),
    "detail_channel": ("渠道", "Channel"),
    "detail_quantity": ("数量", "Quantity"),
    "detail_value": ("金额/数值", "Value"),
    "detail_numerator": ("分子", "Numerator"),
    "detail_currency": ("币种", "Currency"),
    "detail_given": ("原币金额", "Amount in\nthat currency"),
    "detail_at_budget": ("按预算汇率", "At budget\nrates"),
    "detail_denominator": ("分母", "Denominator"),
}
