"""Messages of situation, strategies, and the people behind a goal."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE

UNJUDGED = {
    "strategy-nothing-due": Message(
        _NOTE,
        "暂不评估: 到数据截止日没有应完成的任务进度",
        "Not judged yet: nothing of its tasks is due and reported by the data cut-off",
    ),
    "strategy-no-live-task": Message(
        _NOTE, "无法评估: 没有进行中的任务", "Cannot be judged: it has no task under way"
    ),
    "strategy-no-kpi": Message(_NOTE, "无法评估: 没有关联指标", "Cannot be judged: no linked KPI"),
    "strategy-part-without-target": Message(
        _NOTE,
        "无法评估: {part} 没有自己的目标",
        "Cannot be told: {part} has no target of its own",
        "在策略中填写目标占比, 或给该区域的组织单元设目标。",
        "Give the strategy a share of the target, or the units of the region targets.",
    ),
    "strategy-no-rate": Message(
        _NOTE,
        "无法评估: 关联指标没有可用的目标或实绩",
        "Cannot be judged: its KPI has no usable target or actual",
    ),
}

STRATEGIES = {
    "strategy-filter-unmatched": Message(
        _WARNING,
        "策略 {strategy} 筛选的“{name}”在“{kpi}”的实绩中没有出现过, 实际占比和完成率算不出来。",
        "Strategy {strategy} filters by “{name}”, which no actual of {kpi} bears; its share and completion cannot be told.",
        "把名称改成与实绩表完全一致; 实绩表没有填写的, 补上“{name}”。",
        "Write the name exactly as in the actuals, or fill in “{name}” in the actuals where it is missing.",
    ),
    "strategy-customer-unmatched": Message(
        _NOTE,
        "策略 {strategy} 的客户类型“{name}”在“{kpi}”的实绩中没有同名客户; 实绩只有客户名称, 没有客户类型, 所以算不出这一部分。",
        "No customer in the actuals of {kpi} is called “{name}”, as strategy {strategy} filters; actuals name customers, not their type, so this part cannot be told.",
        "改填一个客户的名称, 或改用产品、区域、渠道筛选。",
        "Name one customer, or filter by product, region or channel.",
    ),
    "strategy-rows-unnamed": Message(
        _NOTE,
        "“{kpi}”的实绩有些行没有注明策略 {strategy} 要筛选的内容(“{name}”), 其实际占比可能偏低。",
        "Some actuals of {kpi} leave blank what strategy {strategy} filters by (“{name}”); its actual share may be too low.",
        "在实绩表补齐这些行的产品、区域、客户或渠道。",
        "Fill in product, region, customer or channel of those rows in the actuals.",
    ),
    "budget-line-shared": Message(
        _NOTE,
        "预算 {line} 由多条策略的任务共用({strategies}), 其支出没有计入任何一条策略。",
        "Budget line {line} is used by tasks of several strategies ({strategies}); its spending counts for none of them.",
        "在预算表这一行填写任务编号, 或按策略拆成多行。",
        "Name one task in this budget line, or split the line by strategy.",
    ),
    "capacity-beyond-best": Message(
        _WARNING,
        "“{kpi}”余下的目标超出人员产能: {count} 个组织单元({units})需要的人均月产能明显高于达到过的最好水平。最紧的是{worst}: 需要 {needed}, 最好水平 {best}, 高 {above}, 按往常产能还差 {short} 人。",
        "The rest of the {kpi} goal is beyond the people there are: far more per head and month is needed than was ever achieved (units: {count}; {units}). Tightest is {worst}: {needed} needed, {best} at best, {above} above; at the usual output {short} people are missing.",
        "增加人员、调整目标或在单元之间转移目标; 入职、离职和爬坡请先在组织表核对。",
        "Add people, change the target, or move targets between units; first check joining, leaving and ramp-up on the Organization sheet.",
    ),
}

MESSAGES: dict[str, Message] = {**UNJUDGED, **STRATEGIES}
