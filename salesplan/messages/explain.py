"""Messages of ``explain``: how a month's target came about, and what cannot be explained."""

from __future__ import annotations

from salesplan.messages import E, Message, N

MESSAGES: dict[str, Message] = {
    "status-pace": Message(
        N,
        "{light}: 到截止日应达 {expected} ({days} 个工作日已过 {elapsed} 个, {learned:?按往月节奏}{typed:?按填写的节奏}{even:?按工作日}本月应达占比 {share}), 实绩 {actual}, 对应达 {pace}。",
        "{light}: should be {expected} by now ({elapsed} of {days} working days, {share} of the month expected by {learned:?the rhythm of past months}{typed:?the rhythm typed in KPIs}{even:?working days}), is {actual}: pace {pace}.",
    ),
    "status-pace-swing": Message(
        N,
        "{light}: 到截止日应达 {expected} ({days} 个工作日已过 {elapsed} 个, {learned:?按往月节奏}{typed:?按填写的节奏}{even:?按工作日}本月应达占比 {share}), 实绩 {actual}; 差额扣除通常波动 {swing} 后为应达的 {short}。",
        "{light}: should be {expected} by now ({elapsed} of {days} working days, {share} of the month expected by {learned:?the rhythm of past months}{typed:?the rhythm typed in KPIs}{even:?working days}), is {actual}; with the usual swing of {swing} taken off the shortfall is {short} of it.",
    ),
    "status-over": Message(
        N,
        "{light}: 数据至 {until}, 应达 {expected}, 实绩 {actual}, 对应达 {pace}。",
        "{light}: reported up to {until}, should be {expected}, is {actual}: pace {pace}.",
    ),
    "status-line": Message(
        N,
        "{light}: 由基期值至目标 {target} 的直线, {day} 应达 {expected}, 实绩 {actual}, 对应达 {pace}。",
        "{light}: on the line from the base value to the target of {target} it should be {expected} on {day}, is {actual}: pace {pace}.",
    ),
    "status-line-rise": Message(
        N,
        "{light}: 由基期值 {base} 至目标 {target} 的直线, {day} 应达 {expected}, 实绩 {actual}, 提升量的对应达 {pace}。",
        "{light}: on the line from the base value of {base} to the target of {target} it should be {expected} on {day}, is {actual}: pace of the improvement {pace}.",
    ),
    "status-target": Message(
        N,
        "{light}: 数据至 {until}, 目标 {expected}, 实绩 {actual}, 对应达 {pace}。",
        "{light}: reported up to {until}, target {expected}, actual {actual}: pace {pace}.",
    ),
    "status-landing": Message(
        N,
        "{light}: 全年预测中位 {actual}, 目标 {target}, 为其 {pace}。",
        "{light}: the median forecast lands at {actual}, the target is {target}: {pace} of it.",
    ),
    "status-zero": Message(
        N,
        "{light}: 应达 {expected}, 实绩 {actual}。",
        "{light}: should be {expected}, is {actual}.",
    ),
    "status-milestone": Message(
        N, "{light}: 截止日 {due} 已到。", "{light}: due on {due}, which has come."
    ),
    "status-early": Message(
        N,
        "{light}: 太早, 本月工作日未过半; 应达 {expected}, 实绩 {actual}。",
        "{light}: too early, fewer than half of the month's working days are over; should be {expected}, is {actual}.",
    ),
    "status-way": Message(
        N,
        "{light}: 太早, 提升量应走过的路程不到四分之一; 应达 {expected}, 实绩 {actual}。",
        "{light}: too early, less than a quarter of the improvement is expected; should be {expected}, is {actual}.",
    ),
    "status-not-reported": Message(
        N, "{light}: 尚未填报, 数据至 {until}。", "{light}: not reported yet, data up to {until}."
    ),
    "status-nothing-reported": Message(N, "{light}: 尚无实绩。", "{light}: no actuals yet."),
    "status-not-over": Message(
        N,
        "{light}: 按已过的月判断, 本月尚未结束。",
        "{light}: judged by months that are over, and this one is not.",
    ),
    "status-nothing-due": Message(
        N, "{light}: 到截止日尚无应达。", "{light}: nothing is expected by now."
    ),
    "status-not-due": Message(
        N, "{light}: 截止日 {due} 未到。", "{light}: due on {due}, which has not come."
    ),
    "status-unsure": Message(
        N,
        "{light}: 已过的月不足三个, 全年预测不可信。",
        "{light}: fewer than three months are over, too few for a forecast of the year.",
    ),
    "status-none": Message(N, "没有目标或实绩, 不亮灯。", "No target or no actual, so no status."),
    "why-month-manual": Message(N, "手工月目标 {value}", "manual target of the month {value}"),
    "why-month-none": Message(N, "该月未设目标", "no target for the month"),
    "why-month-quarter": Message(
        N,
        "手工 {quarter} {total}, 该月 {value}",
        "manual {quarter} {total}, of which this month {value}",
    ),
    "why-month-locked": Message(N, "该月锁定为 {value}", "locked for the month at {value}"),
    "why-month-level": Message(N, "该月的水平 {value}", "the month's level {value}"),
    "why-month-season": Message(
        N,
        "全年 {year} × 季节比重 {weight} = {real}, 取整 {value}",
        "the year's {year} × season weight {weight} = {real}, in whole units {value}",
    ),
    "why-month-share": Message(
        N,
        "“{parent}”该月 {target} × 系数 {share} = {real}, 取整 {value}",
        "“{parent}” for the month {target} × coefficient {share} = {real}, in whole units {value}",
    ),
    "why-month-rounding": Message(
        N,
        "不按四舍五入: 各月之和等于全年, 各单元之和等于上级, 分毫不差",
        "rounded up or down so that months add up to the year and units to their parent, exactly",
    ),
    "why-month-closed": Message(
        N,
        "{month} 已关账, 按记录 {value}",
        "{month} is closed: {value} is what was recorded",
    ),
    "why-month-record": Message(
        N,
        "{first} 至 {last} 的记录与计划不同, 分摊到该月 {difference}, 得 {value}",
        "{first} to {last} were recorded otherwise than planned: {difference} of it falls on this month, which makes {value}",
    ),
    "why-month-adjusted": Message(
        N,
        "因锁定、在岗或手工目标, 与按系数相差 {difference}",
        "{difference} against its plain share, due to locks, presence or manual targets",
    ),
    "why-month-hedge": Message(
        N, "基准 {base}, 加成后下达 {value}", "base {base}, issued with hedge {value}"
    ),
    "explain-unit-unknown": Message(
        E,
        "组织表中没有“{name}”。",
        "The Organization sheet has no “{name}”.",
        "请写组织编码或名称: {near}",
        "Enter a unit's code or name: {near}",
    ),
    "explain-product-unknown": Message(
        E,
        "指标“{kpi}”没有产品“{name}”的目标。",
        "“{kpi}” has no target of the product “{name}”.",
        "有目标的产品: {names}",
        "Products with targets: {names}",
    ),
    "explain-filled": Message(
        N,
        "填入您的表: {cells}",
        "Filled into your own tables: {cells}",
    ),
    "explain-rates": Message(
        N,
        "汇率影响(年初至今) {effect}: 实绩 {actual}, 按预算汇率为 {at_budget}。",
        "Exchange rates YTD {effect}: actual {actual}, at budget rates {at_budget}.",
    ),
    "explain-margin": Message(
        N,
        "  {product}: {amount} × {share} = {made}",
        "  {product}: {amount} × {share} = {made}",
    ),
    "explain-margin-left-out": Message(
        N,
        "  {product}: {amount} 没有毛利率, 不计入",
        "  {product}: {amount} left out, its margin is not known",
    ),
    "explain-margin-sum": Message(
        N, "  实绩 {span} 合计 {value}", "  actual {span}: {value} in all"
    ),
    "explain-margin-rate": Message(
        N,
        "  实绩 {span}: {above} ÷ {below} = {rate}",
        "  actual {span}: {above} ÷ {below} = {rate}",
    ),
    "explain-customers-first": Message(
        N,
        "  首单客户 {span}, {count} 个: {names}{more:?, 另有 # 个}",
        "  first orders {span}, {count}: {names}{more:?, # more}",
    ),
    "explain-customers-again": Message(
        N,
        "  复购客户 {span}, {count} 个: {names}{more:?, 另有 # 个}",
        "  bought again in {span}, {count}: {names}{more:?, # more}",
    ),
    "explain-customers-once": Message(
        N,
        "  下单未复购 {span}, {count} 个: {names}{more:?, 另有 # 个}",
        "  bought, not again, in {span}, {count}: {names}{more:?, # more}",
    ),
    "explain-kpi-unknown": Message(
        E,
        "指标表中没有“{name}”。",
        "The KPIs sheet has no “{name}”.",
        "请写指标编码或名称: {near}",
        "Enter a KPI's code or name: {near}",
    ),
}
