"""Sentences; their figures come from the sheets."""

from __future__ import annotations

TEXTS = {
    "note_silent": (
        "{months}没有任何实绩, 按 0 计: {kpi}年初至今目标中的 {target} 没有对应的实绩。",
        "No actuals at all for {months}, which count as 0: {target} of the {kpi} YTD target has nothing against it.",
    ),
    "note_lower": ("↓ 越低越好。", "↓ Lower is better."),
    "note_running": (
        "{month}进行中 (已过 {elapsed}/{days} 个工作日): 目标为全月, 进度与灯按到截止日应达的判断。",
        "{month} is in progress ({elapsed} of {days} working days): targets include all of it; pace and status compare with what is expected to date.",
    ),
    "note_below_zero": (
        "越低越好的指标超过应有量一倍以上, 进度为负。",
        "Where lower is better, a pace below zero means more than twice what was expected.",
    ),
    "note_improvement": (
        "{names}的进度是已提升 ÷ 应提升, 不是水平之比。",
        "Pace of {names}: improvement made ÷ improvement due, not a ratio of levels.",
    ),
    "sentence_no_figures": (
        "公司本期没有可比的目标与实绩。",
        "The company has no KPI with both a target and an actual yet.",
    ),
    "sentence_month": (
        "{month} {actual}, 目标 {target}, 完成率 {rate} ({light})。",
        "{month}: {actual}, {rate} of the {target} target ({light}).",
    ),
    "sentence_whole": (
        "{span}全期目标 {target}, 还差 {left}。",
        "The whole of {span} asks for {target}: {left} to go.",
    ),
    "sentence_wholes": (
        "{span}全期目标: {targets}。",
        "Targets of the whole of {span}: {targets}.",
    ),
    "sentence_month_no_target": (
        "{kpi}{month}未设目标。",
        "{kpi} has no target for {month}.",
    ),
    "sentence_month_no_actual": (
        "{kpi}{month}未填报实绩。",
        "{kpi} has no actual for {month}.",
    ),
    "points": ("{points} 个百分点", "{points} pp"),
    "off_below": ("比目标低 {gap}", "{gap} below"),
    "off_above": ("比目标高 {gap}", "{gap} above"),
    "off_none": ("与目标持平", "exactly on"),
    "sentence_ytd": (
        "{light}: {kpi}年初至今 {actual}, 完成率 {rate}。",
        "{light}: {kpi} YTD {actual}, {rate} of target.",
    ),
    "sentence_pace": (
        "已完成全年目标的 {done}, 应达 {expected}, {ahead}。",
        "{done} of the annual target against {expected} expected ({ahead}).",
    ),
    "ahead": ("领先 {points} 个百分点", "+{points} pp"),
    "behind": ("落后 {points} 个百分点", "−{points} pp"),
    "sentence_landing": (
        "预测全年 {range}, 为目标的 {low_rate}–{high_rate}{deals}{doubt}。",
        "Full-year landing forecast: {range}, {low_rate}–{high_rate} of target{deals}{doubt}.",
    ),
    "sentence_landing_one": (
        "预测全年 {range}, 为目标的 {low_rate}{doubt}。",
        "Full-year landing forecast: {range}, {low_rate} of target{doubt}.",
    ),
    "low_by_deals": (
        " (低端只是实绩加现有商机, 其他方法 {rate} 起)",
        " (low end: open deals only; others from {rate})",
    ),
    "high_by_deals": (
        " (高端是实绩加现有商机, 其他方法至多 {rate})",
        " (high end: open deals; others up to {rate})",
    ),
    "low_by_deals_brief": (" (低端只算商机)", " (low: deals only)"),
    "high_by_deals_brief": (" (高端按商机)", " (high: open deals)"),
    "note_deals": (
        "{names}的预测低端只是实绩加现有商机, 不含以后的新单。",
        "Low landing of {names}: actuals plus open deals only, without deals yet to come.",
    ),
    "low_confidence": (
        " (已过月不足三个, 仅供参考)",
        " (low confidence: fewer than three months over)",
    ),
    "sentence_red": (
        "年初至今 {all} 个指标中 {count} 个红灯: {names}。",
        "{count} of {all:# KPI|# KPIs} {count:is|are} red YTD: {names}.",
    ),
    "sentence_no_red": ("年初至今 {all} 个指标均无红灯。", "No KPI is red YTD ({all} rated)."),
    "gap_rate": ("完成率 {rate}", "{rate}"),
    "gap_pace": ("应达的 {pace}", "{pace} of expected"),
    "sentence_red_below": ("下级有红灯: {names}。", "Red below: {names}."),
    "sentence_gap_both": (
        "年初至今{kpi}缺口最大: {worst} ({worst_gap}, {worst_rate}); 超额最多: {best} ({best_gap}, {best_rate})。",
        "Largest {kpi} shortfall YTD: {worst}, {worst_gap} below target ({worst_rate}); largest surplus: {best}, {best_gap} above ({best_rate}).",
    ),
    "sentence_gap_below": (
        "年初至今{kpi}缺口最大: {worst} ({worst_gap}, {worst_rate}); 各{level}均未超额。",
        "Largest {kpi} shortfall YTD: {worst}, {worst_gap} below target ({worst_rate}); no {level} is above target.",
    ),
    "sentence_gap_above": (
        "年初至今各{level}{kpi}均达标, 超额最多: {best} ({best_gap}, {best_rate})。",
        "Every {level} is on its {kpi} target YTD; largest surplus: {best}, {best_gap} above target ({best_rate}).",
    ),
    "sentence_gap_none": (
        "年初至今各{level}{kpi}均恰好达标。",
        "Every {level} is exactly on its {kpi} target YTD.",
    ),
    "sentence_doing_tasks": (
        "任务到期 {due} 项, 完成 {finished} 项 ({rate}){overdue:?, 逾期 # 项}{more}。",
        "Tasks due: {finished} of {due} done ({rate}){overdue:?, # overdue}{more}.",
    ),
    "tasks_overdue_named": (
        "逾期: {names}。",
        "Overdue: {names}.",
    ),
    "task_of": ("{owner} {task}", "{owner}: {task}"),
    "units_directly_below": ("直属单元", "unit directly below"),
    "sentence_doing_budget": (
        "预算执行率 {rate}, 无超支。",
        "{rate} of the approved budget is used; no line is overspent.",
    ),
    "sentence_doing_budget_over": (
        "预算执行率 {rate}, 超支 {over} 项。",
        "{rate} of the approved budget is used; {over:# line is|# lines are} overspent.",
    ),
    "sentence_asked": (
        "请在 {day} (周五复盘) 前{parts}。",
        "Needed from you by the Friday review on {day}: {parts}.",
    ),
    "asked_actions": (
        "为 {count} 个问题定改进措施 ({names})",
        "an action for {count:# open issue|# open issues} ({names})",
    ),
    "asked_causes": (
        "写明 {count} 个高于应达的偏差的原因",
        "the cause of {count:# figure|# figures} above expected",
    ),
    "asked_tasks": (
        "完成逾期任务或改期 ({names})",
        "overdue tasks finished or rescheduled ({names})",
    ),
    "sentence_due_actions": (
        "{count} 个问题已有措施, 最近到期 {day}: {issue}{owner}。",
        "{count:# issue has an action|# issues have actions}, the next due {day}: {issue}{owner}.",
    ),
    "due_owner": (" ({owner})", " ({owner})"),
    "sentence_no_problems": (
        "本月没有待解决的问题。",
        "No open issues this month.",
    ),
    "sentence_targets": (
        "各团队、部门与个人年初至今共 {all} 项指标: ● 绿 {green}{amber:?, ▲ 黄 #}{red:?, ■ 红 #}{grey:?, ○ 灰 #}。",
        "{all:# target|# targets} of teams, departments and people YTD: ● {green} green{amber:?, ▲ # amber}{red:?, ■ # red}{grey:?, ○ # grey}.",
    ),
    "sentence_targets_none": (
        "各团队、部门与个人都没有可判断的目标。",
        "No target below company level can be rated yet.",
    ),
    "sentence_steps": (
        "{unit}年初至今, {all} 个设有保底或挑战的指标中: {parts}。",
        "{unit} YTD, {all:# KPI|# KPIs} with a floor or stretch goal: {parts}.",
    ),
    "sentence_step_below": (
        "{count} 个未达保底 ({names})",
        "{count} below floor ({names})",
    ),
    "sentence_step_floor": (
        "{count} 个达保底未达目标 ({names})",
        "{count} above floor, below target ({names})",
    ),
    "sentence_step_target": ("{count} 个达目标 ({names})", "{count} on target ({names})"),
    "sentence_step_stretch": ("{count} 个达挑战 ({names})", "{count} at stretch ({names})"),
    "sentence_trend_kpi": (
        "{kpi}: 已过的 {known} 个月中 {met} 个月达标",
        "{kpi} met its target in {met} of {known:# month|# months}",
    ),
    "sentence_ranking": (
        "{best}居首 ({most}), {worst}居末 ({least}), 相差 {gap} 个百分点。",
        "{best} leads with {most}; {worst} is last with {least}, {gap} pp behind.",
    ),
    "sentence_ranking_equal": (
        "{count} 个单元得分相同 ({most})。",
        "All {count} units score {most}.",
    ),
    "sentence_tasks": (
        "到期 {due} 项, 完成 {finished} 项, 任务完成率 {rate}, 按期完成率 {on_time}{overdue:?; 逾期 # 项}{more}。",
        "Tasks due: {finished} of {due} done ({rate}), {on_time} on time{overdue:?; # overdue}{more}.",
    ),
    "tasks_just_due": (
        ", 当日到期未完成 {count} 项",
        "; {count:# is|# are} due today and still open",
    ),
    "tasks_later": (
        "; 其中 {count} 项的完成%是之后填报的, 不是当日的",
        "; progress of {count:# task was|# tasks was} reported after that day",
    ),
    "tasks_postponed": (
        ", 另有 {count} 项的时间节点是休息日, 顺延到下一个工作日",
        "; {count:# more falls|# more fall} due on a day off and {count:moves|move} to the next working day",
    ),
    "sentence_tasks_late": ("逾期任务负责人: {names}。", " Overdue tasks by owner: {names}."),
    "sentence_tasks_none_due": (
        "共 {total} 项任务, 目前均未到期。",
        "{total:# task, not due yet|# tasks, none due yet}.",
    ),
    "sentence_budget": (
        "已批准 {granted}, 已占用与支出 {use}, 执行率 {rate}。",
        "{use} of {granted} approved is committed or spent ({rate}).",
    ),
    "sentence_budget_span": (
        "{span}: 占用净增 {committed}, 支出 {spent}。",
        "{span}: commitments changed by {committed}, {spent} spent.",
    ),
    "sentence_budget_over": (
        "超支 {count} 项: {lines}; 类别和地区的灯按合计判断。",
        "{count:# line is|# lines are} overspent: {lines}; categories and regions are judged by their sums.",
    ),
    "sentence_budget_best": (
        "上限不变, 最优组合的预期产出可再多 {more}。",
        "Within the same caps, the best mix would return {more} more.",
    ),
    "sentence_problems": (
        "共 {count} 个问题{red:?, 红灯 # 个}{lasting:?; # 个已持续两个月以上}{missing:?; # 个尚未填写原因}。",
        "{count:# open issue|# open issues}{red:?, # red}{lasting:?; # has lasted two months or more|; # have lasted two months or more}{missing:?; # has no cause yet|; # have no cause yet}.",
    ),
    "sentence_checks": (
        "错误 {errors} 个, 警告 {warnings} 个, 提示 {notes} 个。",
        "{errors:# error|# errors}, {warnings:# warning|# warnings}, {notes:# note|# notes}.",
    ),
}
