"""Messages of what happened: actuals that could not be used, and the report month's problems."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "actuals-none": Message(
        _NOTE,
        "没有任何实绩(“{sheet}”表是空的或不存在), 没有完成率、进度和预测。",
        "There are no actuals at all (the sheet “{sheet}” is empty or not there): no completion, no pace, no forecast.",
        "在“{sheet}”表填写, 或用 salesplan import-actuals 导入; 被删掉的表可从 salesplan new 生成的模板复制。",
        "Fill in “{sheet}”, or import them with salesplan import-actuals; a sheet that was deleted can be copied from a template made with salesplan new.",
    ),
    "actual-after-cut-off": Message(
        _NOTE,
        "实绩中有 {rows} 行晚于数据截止日 {day}, 未计入。",
        "{rows} rows of actuals are later than the data cut-off {day} and are not counted.",
        "要计入这些行, 请把设置中的“数据截止日”和“报告月份”改晚, 或用 --asof 和 --month 指定。",
        "To count them, set a later data cut-off and report month on the settings sheet, or give --asof and --month.",
    ),
    "actual-in-future": Message(
        _WARNING,
        "实绩的最后日期 {day} 在今天 ({today}) 之后, 而设置中没有数据截止日, 于是报告按这一天计算。",
        "The last date of the actuals, {day}, is after today ({today}); as the settings give no data cut-off, the report goes by it.",
        "核对这一行的日期; 日期没错时, 在设置中填写数据截止日。",
        "Check the date of this row; if it is right, fill in the data cut-off in the settings.",
    ),
    "actual-rate-without-parts": Message(
        _WARNING,
        "“{kpi}”有实绩行只填了比率, 没有分子和分母; {count} 个组织单元({units})的合计比率算不出来。",
        "Some actuals of {kpi} give only the finished rate, without numerator and denominator; it cannot be computed for {count} units ({units}).",
        "在实绩表填写分子和分母(比率不能由下级的比率平均得出), 或在该单元自己的行填写它的比率。",
        "Fill in numerator and denominator in the actuals (a rate is never the average of rates), or one row with the unit's own rate.",
    ),
    "actual-rate-is-computed": Message(
        _WARNING,
        "“{kpi}”由“{numerator}”÷“{denominator}”算出, 直接填写的 {rows} 行实绩没有采用。",
        "{kpi} is computed as {numerator} ÷ {denominator}; its {rows} own rows of actuals are not used.",
        "删去这些实绩行, 或在指标表清空该指标的分子指标和分母指标。",
        "Delete those rows, or clear the numerator and denominator KPI of this KPI.",
    ),
    "problem-red-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 完成率 {rate}, 亮红灯。",
        "{kpi} of {unit}: target {target}, actual {actual}, completion {rate}: red.",
        "写明原因、改进措施、责任人和期限。",
        "Write down cause, remedy, owner and due date.",
    ),
    "problem-behind-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 到截止日应达 {expected}, 实绩 {now}, 为应达的 {rate}, 亮红灯。",
        "{kpi} of {unit}: target {target}, expected by the cut-off {expected}, actual {now}: {rate} of it, red.",
        "写明原因和追赶措施, 参考日均需完成。",
        "Write down the cause and how to catch up; see the need per working day.",
    ),
    "problem-missed-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 未达成, 亮红灯。",
        "{kpi} of {unit}: target {target}, actual {actual}, missed: red.",
        "写明原因、改进措施、责任人和期限。",
        "Write down cause, remedy, owner and due date.",
    ),
    "problem-unexplained": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 为应达的 {rate}, 在 {low} 至 {high} 之外, 还没有写明原因。",
        "{kpi} of {unit}: target {target}, actual {actual}; its {rate} of what was expected is outside {low} to {high} and no cause is written down.",
        "在“问题与改进”这一行填写原因。",
        "Fill in the cause in this row of the issues sheet.",
    ),
    "task-due-day-off": Message(
        Severity.NOTE,
        "任务 {task} 的时间节点 {due} 是休息日, 按下一个工作日 {counted} 计。",
        "Task {task} is due on {due}, a day off; it counts on the next working day, {counted}.",
        "要提前完成, 把时间节点改到休息日之前。",
        "If it is wanted earlier, move its due day before the days off.",
    ),
    "task-progress-later": Message(
        Severity.NOTE,
        "回看 {day}: {count} 项任务当日的完成%没有记录, 用的是截至 {known} 的填报。",
        "Looking back at {day}: the progress of {count} tasks on that day is not recorded; that of {known} is shown.",
        "周复盘里有当周实际%的任务, 回看时用周复盘的数字。",
        "Where a weekly review has the actual progress of that week, it is used.",
    ),
    "problem-late-task": Message(
        _WARNING,
        "任务“{task}”({owner})应于 {due} 完成, 已逾期 {days} 个工作日。",
        'Task "{task}" ({owner}) was due on {due} and is {days} working days overdue.',
        "写明未完成原因和改进措施; 确需延期的, 走变更审批。",
        "Write down the cause and the remedy; if it must be postponed, raise a change.",
    ),
    "problem-late-task-today": Message(
        _WARNING,
        "任务“{task}”({owner})应于 {due} 完成, 期限已过 (其后还没有工作日)。",
        'Task "{task}" ({owner}) was due on {due}, the last working day, and is not done.',
        "写明未完成原因和改进措施; 确需延期的, 走变更审批。",
        "Write down the cause and the remedy; if it must be postponed, raise a change.",
    ),
    "problem-overspent": Message(
        _WARNING,
        "预算 {line}: 批准 {granted}, 占用加支出 {used}, 超支 {over}。",
        "Budget line {line}: {granted} granted, {used} committed and spent: {over} too much.",
        "核对费用; 确需追加的, 走变更审批或申请动用储备金。",
        "Check the spending; if more is needed, raise a change or ask for a reserve draw.",
    ),
}
