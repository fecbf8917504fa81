"""Messages of situation, strategies, and the people behind a goal."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE

UNJUDGED = {
    "strategy-nothing-due": Message(
        _NOTE,
        "暂不评估: 到数据截止日没有应完成的任务进度",
        "Not assessed yet: no task progress is due by the data cut-off",
    ),
    "strategy-no-live-task": Message(
        _NOTE, "无法评估: 没有进行中的任务", "Cannot be assessed: no active task"
    ),
    "strategy-no-kpi": Message(
        _NOTE, "无法评估: 没有关联指标", "Cannot be assessed: no linked KPI"
    ),
    "strategy-part-without-target": Message(
        _NOTE,
        "无法评估: {part} 没有自己的目标",
        "Cannot be assessed: {part} has no target of its own",
        "在策略中填写目标占比, 或给该区域的组织单元设目标。",
        "Enter a target share for the strategy, or targets for the units of the region.",
    ),
    "strategy-no-rate": Message(
        _NOTE,
        "无法评估: 关联指标没有可用的目标或实绩",
        "Cannot be assessed: the linked KPI has no usable target or actual",
    ),
}

STRATEGIES = {
    "strategy-filter-unmatched": Message(
        _WARNING,
        "策略 {strategy} 筛选的“{name}”在“{kpi}”的实绩中没有出现过, 实际占比和完成率算不出来。",
        "Strategy {strategy} filters by “{name}”, which never appears in the actuals of {kpi}; its share and attainment cannot be worked out.",
        "把名称改成与实绩表完全一致; 实绩表没有填写的, 补上“{name}”。",
        "Use the exact name in the actuals, or fill in “{name}” where it is missing there.",
    ),
    "strategy-customer-unmatched": Message(
        _NOTE,
        "策略 {strategy} 的客户类型“{name}”在“{kpi}”的实绩中没有同名客户; 实绩只有客户名称, 没有客户类型, 所以算不出这一部分。",
        "Strategy {strategy} filters by “{name}”, but no customer in the actuals of {kpi} has that name; actuals name customers, not types, so this part cannot be worked out.",
        "改填一个客户的名称, 或改用产品、区域、渠道筛选。",
        "Enter one customer's name, or filter by product, region or channel.",
    ),
    "strategy-rows-unnamed": Message(
        _NOTE,
        "“{kpi}”的实绩有些行没有注明策略 {strategy} 要筛选的内容(“{name}”), 其实际占比可能偏低。",
        "Some actuals of {kpi} are blank where strategy {strategy} filters (“{name}”); its actual share may be too low.",
        "在实绩表补齐这些行的产品、区域、客户或渠道。",
        "Fill in product, region, customer or channel in those rows of the actuals.",
    ),
    "budget-line-shared": Message(
        _NOTE,
        "预算 {line} 由多条策略的任务共用({strategies}), 其支出没有计入任何一条策略。",
        "Budget line {line} serves tasks of several strategies ({strategies}); its spending is counted for none of them.",
        "在预算表这一行填写任务编号, 或按策略拆成多行。",
        "Enter one task in this budget line, or split it by strategy.",
    ),
    "capacity-beyond-best": Message(
        _WARNING,
        "“{kpi}”余下的目标超出人员产能: {count} 个组织单元({units})需要的人均月产能明显高于达到过的最好水平。最紧的是{worst}: 需要 {needed}, 最好水平 {best}, 高 {above}, 按往常产能还差 {short} 人。",
        "The remaining {kpi} target exceeds team capacity in {count:# unit|# units} ({units}). Tightest: {worst} needs {needed} per head and month, {above} above its best of {best}; at the usual output it is {short:# person|# people} short.",
        "增加人员、调整目标或在单元之间转移目标; 入职、离职和爬坡请先在组织表核对。",
        "Add people, change the target, or move targets between units; first check joining and leaving dates and ramp-up on the Organization sheet.",
    ),
}

MESSAGES: dict[str, Message] = {**UNJUDGED, **STRATEGIES}
