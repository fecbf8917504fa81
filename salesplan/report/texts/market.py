"""Words of the differences and of products, regions, customers and channels."""

from __future__ import annotations

TEXTS = {
    "sheet_variance": ("差异分析", "Variance"),
    "title_variance": (
        "差异分析: 缺口在哪里, 变化来自哪里",
        "Variance: where the gap is, what drives the change",
    ),
    "about_variance": (
        "缺口按单元分解; 与上年相比按价格、销量、结构分解",
        "Gap to target by unit; change on last year by price, volume and mix",
    ),
    "no_variance": (
        "没有可分解的差异: 下级单元没有目标与实绩, 上年也没有可比数据。",
        "No variance to break down: no unit below has target and actual, and there is no last year to compare with.",
    ),
    "variance_of_target": (
        "{kpi}: 年初至今与目标的差额, 按直属单元",
        "{kpi}: variance to target by unit, YTD",
    ),
    "variance_of_causes": (
        "{kpi}: {span}与上年同期相比, 按成因",
        "{kpi}: {span} against the same months last year, by driver",
    ),
    "variance_by_product": (
        "{kpi}: {span}与上年同期相比, 按产品",
        "{kpi}: {span} against the same months last year, by product",
    ),
    "variance_by_region": (
        "{kpi}: {span}与上年同期相比, 按区域",
        "{kpi}: {span} against the same months last year, by region",
    ),
    "variance_months": ("{first}至{last}", "{first} to {last}"),
    "variance_rest": ("其余、加成与未分配", "Rest, hedge, unassigned"),
    "variance_rule": (
        "价格 = (本期价 − 上年价) × 本期量; 销量 = 总量变化 × 上年均价; 结构 = 产品构成变化 × 上年价; 新增、停售为单边有销售的产品; 各项之和等于差额, 分毫不差。"
        "金额与数量为实绩中的合计, 只说明变化由什么组成, 不说明为什么。",
        "Price = (this year's price − last year's) × this year's quantity. Volume = change in total quantity × last year's average price. Mix = change in product mix × last year's price. New and lost products sold in one year only. The parts add up to the variance exactly; they show what the change consists of, not why it happened.",
    ),
    "variance_name": ("名称", "Name"),
    "variance_target": ("目标", "Target"),
    "variance_actual": ("实绩", "Actual"),
    "variance_base": ("上年同期", "Last year"),
    "variance_gap": ("差额", "Variance"),
    "variance_rate": ("完成率", "Attainment"),
    "variance_growth": ("同比", "Growth"),
    "variance_product": ("产品", "Product"),
    "variance_base_amount": ("上年\n金额", "Amount\nlast year"),
    "variance_base_quantity": ("上年\n数量", "Quantity\nlast year"),
    "variance_base_price": ("上年\n单价", "Price\nlast year"),
    "variance_actual_amount": ("本期\n金额", "Amount\nthis year"),
    "variance_actual_quantity": ("本期\n数量", "Quantity\nthis year"),
    "variance_actual_price": ("本期\n单价", "Price\nthis year"),
    "variance_difference": ("差额", "Variance"),
    "variance_price": ("价格", "Price"),
    "variance_volume": ("销量", "Volume"),
    "variance_mix": ("结构", "Mix"),
    "variance_new": ("新增", "New"),
    "variance_lost": ("停售", "Lost"),
    "variance_other": ("未能拆分", "Not split"),
    "helper_split": ("数量已知", "Quantities known"),
    "helper_going": ("两期均有", "In both years"),
    "helper_base_going": ("上年数量(两期均有)", "Quantity last year (in both)"),
    "helper_actual_going": ("本期数量(两期均有)", "Quantity this year (in both)"),
    "variance_last_year": ("上年同期", "Last year"),
    "variance_this_year": ("本期", "This year"),
    "waterfall_step": ("图: 项目", "Chart: step"),
    "waterfall_from": ("起", "From"),
    "waterfall_to": ("止", "To"),
    "waterfall_base": ("底", "Base"),
    "waterfall_total": ("总", "Level"),
    "waterfall_better": ("有利", "Favourable"),
    "waterfall_worse": ("不利", "Unfavourable"),
    "waterfall_better_below": ("有利(负)", "Favourable, below zero"),
    "waterfall_worse_below": ("不利(负)", "Unfavourable, below zero"),
    "axis_cut": (" · 纵轴不从零起", " · axis does not start at zero"),
    "chart_variance_target": (
        "从目标到实绩: {kpi}, 年初至今",
        "From target to actual: {kpi}, YTD",
    ),
    "chart_variance_causes": ("从上年同期到本期: {kpi}", "From last year to this year: {kpi}"),
    "others": ("其余 {count} 个", "{count:# other|# others}"),
    "and_more": ("及另外 {count} 个", " and {count} more"),
    "growth_no_base": ("无基数", "no base"),
    "growth_turned_to_profit": ("扭亏", "turned to profit"),
    "growth_loss_reduced": ("减亏", "loss reduced"),
    "growth_loss_grew": ("增亏", "loss grew"),
    "growth_turned_to_loss": ("由盈转亏", "turned to loss"),
    "sentence_variance_short": (
        "{kpi}年初至今{gap}: {all} 个下级单元中 {count} 个未达标, 合计缺口 {total}, 最大的是{names} ({worst})。",
        "{kpi} is {gap} YTD target: {count} of {all:# unit|# units} short by {total} in total, most of all {names} ({worst}).",
    ),
    "sentence_variance_one_short": (
        "{kpi}年初至今{gap}: {all} 个下级单元中只有{names}未达标 (缺口 {worst})。",
        "{kpi} is {gap} YTD target: of {all:# unit|# units} only {names} is short ({worst}).",
    ),
    "sentence_variance_none_short": (
        "{kpi}年初至今{gap}, {all} 个下级单元均达标。",
        "{kpi} is {gap} YTD target; {all:the unit below is not short|none of # units is short}.",
    ),
    "sentence_variance_causes": (
        "与上年同期相比, {kpi}变化 {total}, 其中: {effects}。",
        "{kpi} against the same months last year: {total}, made up of {effects}.",
    ),
    "slices_who_and_where": (
        "区域按“卖到哪里”统计, 与按“谁卖的”统计的单元不同: {figures}; 这些区域不沿用单元的目标。",
        "Sales by region and sales by the region's own units differ: {figures}; these regions have no target.",
    ),
    "slices_sold": (
        "{name}的单元共 {sold}, 该区域共 {here}",
        "{name}: {here} sold there, {sold} sold by its units",
    ),
    "sheet_slices": ("产品区域客户渠道", "Markets"),
    "title_slices": ("产品、区域、客户、渠道", "Products, regions, customers, channels"),
    "about_slices": (
        "年初至今的目标、实绩、占比、同比与客户集中度",
        "YTD target, actual, share, growth and customer concentration",
    ),
    "no_slices": (
        "实绩中没有产品、区域、客户或渠道名称。",
        "The actuals name no product, region, customer or channel.",
    ),
    "slices_rule": (
        "占比以合计为 100%。区域目标为整体位于该区域的组织单元的目标之和; 产品与渠道目标为公司目标 × 对应策略的目标占比。同比只比较已结月份。",
        "Shares are of the total. A region's target is that of the units in it; a product's or channel's is the company's × its strategy's target share. Growth compares closed months only.",
    ),
    "slices_by_product": (
        "{kpi}{measure}: 按产品, 年初至今",
        "{kpi}{measure} by product, YTD",
    ),
    "slices_by_region": (
        "{kpi}{measure}: 按区域, 年初至今",
        "{kpi}{measure} by region, YTD",
    ),
    "slices_by_customer": (
        "{kpi}{measure}: 按客户, 年初至今",
        "{kpi}{measure} by customer, YTD",
    ),
    "slices_by_channel": (
        "{kpi}{measure}: 按渠道, 年初至今",
        "{kpi}{measure} by channel, YTD",
    ),
    "slices_name": ("名称", "Name"),
    "slices_target": ("目标", "Target"),
    "slices_actual": ("实绩", "Actual"),
    "slices_rate": ("完成率", "Attainment"),
    "slices_share": ("占比", "Share"),
    "slices_cumulative": ("累计占比", "Cumulative"),
    "slices_closed": ("已结月实绩", "Closed months"),
    "slices_last_year": ("上年同期", "Same months\nlast year"),
    "slices_change": ("增减", "Change"),
    "slices_growth": ("同比", "Growth"),
    "chart_slices_product": ("{kpi}{measure}: 产品", "{kpi}{measure} by product"),
    "chart_slices_region": ("{kpi}{measure}: 区域", "{kpi}{measure} by region"),
    "chart_slices_customer": ("{kpi}{measure}: 最大的客户", "{kpi}{measure}: largest customers"),
    "chart_slices_channel": ("{kpi}{measure}: 渠道", "{kpi}{measure} by channel"),
    "sentence_slices_short": (
        "{kpi}设有目标的 {all} 个产品、区域、渠道中 {count} 个未达标, 完成率最低的是{names} ({rate})。",
        "{count} of {all:# product, region or channel|# products, regions and channels} with a {kpi} target {count:is|are} short; lowest: {names} ({rate}).",
    ),
    "sentence_slices_met": (
        "{kpi}设有目标的 {all} 个产品、区域、渠道均已达标。",
        "{all:The one product, region or channel|All # products, regions and channels} with a {kpi} target {all:is|are} on target.",
    ),
    "sentence_slices_top": (
        "最大的 {top} 家客户(共 {all} 家)占{kpi}的 {share}。",
        "The top {top} of {all} customers bring in {share} of {kpi}.",
    ),
    "sentence_slices_fell_product": (
        "与上年同期相比下降最多的产品: {names} (下降 {change})。",
        "Largest fall against last year by product: {names} (down {change}).",
    ),
    "sentence_slices_fell_region": (
        "与上年同期相比下降最多的区域: {names} (下降 {change})。",
        "Largest fall against last year by region: {names} (down {change}).",
    ),
    "sentence_slices_fell_channel": (
        "与上年同期相比下降最多的渠道: {names} (下降 {change})。",
        "Largest fall against last year by channel: {names} (down {change}).",
    ),
    "sentence_slices_fell_customer": (
        "与上年同期相比下降最多的客户: {names} (下降 {change})。",
        "Largest fall against last year by customer: {names} (down {change}).",
    ),
    "sentence_slices_none_fell_product": (
        "各产品与上年同期相比均未下降。",
        "No product is down on last year.",
    ),
    "sentence_slices_none_fell_region": (
        "各区域与上年同期相比均未下降。",
        "No region is down on last year.",
    ),
    "sentence_slices_none_fell_channel": (
        "各渠道与上年同期相比均未下降。",
        "No channel is down on last year.",
    ),
    "sentence_slices_none_fell_customer": (
        "各客户与上年同期相比均未下降。",
        "No customer is down on last year.",
    ),
}
