"""Sentences; their figures come from the sheets."""

from __future__ import annotations

TEXTS = {
    "sentence_no_figures": (
        "公司层面本期没有可比较的目标与实绩。",
        "The company has no target and actual to compare in this period.",
    ),
    "sentence_month": (
        "{kpi}{month}完成 {actual}{unit}, 目标 {target}{unit}, 完成率 {rate} ({light})。",
        "{month} {kpi} {actual}{unit}, {rate} of target {target}{unit} ({light}).",
    ),
    "sentence_month_unknown": (
        "{kpi}{month}未设目标或未填报。",
        "{kpi} has no target or no actual for {month}.",
    ),
    "sentence_ytd": (
        "年初至今 {actual}{unit}, 完成率 {rate}。",
        "YTD {actual}{unit}, {rate} of target.",
    ),
    "sentence_pace": (
        "完成全年目标的 {done}, 应达进度 {expected}, {ahead}。",
        "{done} of the year's target against {expected} expected ({ahead}).",
    ),
    "ahead": ("领先 {points} 个百分点", "+{points} pp"),
    "behind": ("落后 {points} 个百分点", "−{points} pp"),
    "sentence_landing": (
        "预计全年达成 {low}–{high}{unit}, 为目标的 {low_rate}–{high_rate}{doubt}。",
        "The year is forecast to land at {low}–{high}{unit}, {low_rate}–{high_rate} of the target{doubt}.",
    ),
    "sentence_landing_one": (
        "预计全年达成 {low}{unit}, 为目标的 {low_rate}{doubt}。",
        "The year is forecast to land at {low}{unit}, {low_rate} of the target{doubt}.",
    ),
    "low_confidence": (
        " (已过月不足三个, 仅供参考)",
        " (fewer than three months over, a rough guide)",
    ),
    "sentence_red": (
        "年初至今 {all} 个指标中 {count} 个红灯: {names}。",
        "YTD {count} of {all} KPIs red: {names}.",
    ),
    "sentence_no_red": ("年初至今 {all} 个指标无红灯。", "YTD none of {all} KPIs is red."),
    "sentence_gap_both": (
        "{kpi}缺口最大的是{worst} ({worst_gap}{unit}, 完成率 {worst_rate}), 贡献最大的是{best} ({best_gap}{unit}, 完成率 {best_rate})。",
        "The largest gap in {kpi} is at {worst} ({worst_gap} {unit}, {worst_rate}), the largest surplus at {best} ({best_gap} {unit}, {best_rate}).",
    ),
    "sentence_gap_below": (
        "{kpi}缺口最大的是{worst} ({worst_gap}{unit}, 完成率 {worst_rate}), 直属单元无一超额。",
        "The largest gap in {kpi} is at {worst} ({worst_gap} {unit}, {worst_rate}); no unit directly below is above its target.",
    ),
    "sentence_gap_above": (
        "各直属单元{kpi}均未落后, 贡献最大的是{best} ({best_gap}{unit}, 完成率 {best_rate})。",
        "No unit directly below is short in {kpi}; the largest surplus is at {best} ({best_gap} {unit}, {best_rate}).",
    ),
    "sentence_gap_none": (
        "各直属单元{kpi}均恰好达成目标。",
        "Every unit directly below is exactly at its target in {kpi}.",
    ),
    "sentence_doing_tasks": (
        "行动计划到期 {due} 项, 完成 {finished} 项 ({rate}), 逾期 {overdue} 项{more}。",
        "Tasks due: {due}, done: {finished} ({rate}), overdue: {overdue}{more}.",
    ),
    "sentence_doing_budget": (
        "预算执行率 {rate}, 无超支。",
        "{rate} of the granted budget is used; no line is overspent.",
    ),
    "sentence_doing_budget_over": (
        "预算执行率 {rate}, 超支 {over} 项。",
        "{rate} of the granted budget is used; lines overspent: {over}.",
    ),
    "sentence_doing_problems": (
        "本月问题 {count} 个, 均为首次出现。",
        "Problems to answer for: {count}, all new this month.",
    ),
    "sentence_doing_problems_lasting": (
        "本月问题 {count} 个, 其中 {lasting} 个已持续两个月以上, 最长 {longest} 个月。",
        "Problems to answer for: {count}; {lasting} of them have lasted two months or more, the longest {longest} months.",
    ),
    "sentence_no_problems": (
        "本月没有须说明的问题。",
        "Nothing has to be answered for this month.",
    ),
    "sentence_targets": (
        "年初至今, 各下级共 {all} 个目标有灯: ● 绿 {green} 个, ▲ 黄 {yellow} 个, ■ 红 {red} 个, ○ 灰 {grey} 个。",
        "YTD, of {all} targets of the units below ● {green} are green, ▲ {yellow} amber, ■ {red} red, ○ {grey} grey.",
    ),
    "sentence_targets_none": (
        "各下级没有可判断的目标。",
        "No target of the units below can be judged.",
    ),
    "sentence_steps": (
        "{unit}年初至今, {all} 个设有保底或挑战的指标中: {parts}。",
        "{unit}, year to date, of {all} KPIs with a floor or a stretch: {parts}.",
    ),
    "sentence_step_below": (
        "{count} 个未达最低一级 ({names})",
        "{count} short of the lowest goal ({names})",
    ),
    "sentence_step_floor": (
        "{count} 个达保底未达目标 ({names})",
        "{count} at the floor, not at the target ({names})",
    ),
    "sentence_step_target": ("{count} 个达目标 ({names})", "{count} at the target ({names})"),
    "sentence_step_stretch": ("{count} 个达挑战 ({names})", "{count} at the stretch ({names})"),
    "sentence_trend_kpi": (
        "{kpi}: {known} 个已过月中 {met} 个月达标",
        "{kpi}: {met} of {known} months that are over reached their target",
    ),
    "sentence_ranking": (
        "{best}居首 ({most}), {worst}居末 ({least}), 相差 {gap} 个百分点。",
        "{best} leads ({most}), {worst} is last ({least}), {gap} points apart.",
    ),
    "sentence_ranking_equal": (
        "{count} 个单元得分相同 ({most})。",
        "{count} units have the same score ({most}).",
    ),
    "sentence_tasks": (
        "到期 {due} 项, 完成 {finished} 项, 任务完成率 {rate}, 按期完成率 {on_time}; 逾期 {overdue} 项{more}。",
        "Tasks due: {due}, done {finished}: {rate}, on time {on_time}; overdue: {overdue}{more}.",
    ),
    "tasks_just_due": (
        ", 当日到期未完成 {count} 项",
        "; due that day and open: {count}",
    ),
    "tasks_later": (
        "; 其中 {count} 项的完成%是之后填报的, 不是当日的",
        "; the progress of {count} was reported later, not on that day",
    ),
    "tasks_postponed": (
        ", 另有 {count} 项的时间节点是休息日, 顺延到下一个工作日",
        "; {count} more due on a day off, which count on the next working day",
    ),
    "sentence_tasks_late": ("有逾期任务的: {names}。", " With overdue tasks: {names}."),
    "sentence_tasks_none_due": (
        "共 {total} 项任务, 截至目前没有到期的。",
        "{total} tasks, none of them due yet.",
    ),
    "sentence_budget": (
        "已批准 {granted} {unit}, 已占用与支出 {use} {unit}, 执行率 {rate}。",
        "Granted {granted} {unit}; committed and spent {use} {unit}, {rate}.",
    ),
    "sentence_budget_best": (
        "在同样的上限内, 最优组合的预期产出可再多 {more} {unit}。",
        " Within the same caps the best mix would bring {more} {unit} more.",
    ),
    "sentence_problems": (
        "共 {count} 个问题, 红灯 {red} 个; {lasting} 个已持续两个月以上; {missing} 个尚未填写原因。",
        "{count} problems, {red} of them red; {lasting} have lasted two months or more; {missing} have no cause written yet.",
    ),
    "sentence_checks": (
        "错误 {errors} 个, 警告 {warnings} 个, 提示 {notes} 个。",
        "Errors: {errors}, warnings: {warnings}, notes: {notes}.",
    ),
}
