"""Messages of what happened: actuals that could not be used, and the report month's problems."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "actuals-none": Message(
        _NOTE,
        "没有任何实绩(“{sheet}”表是空的或不存在), 没有完成率、进度和预测。",
        "There are no actuals (sheet “{sheet}” is empty or missing): no attainment, pace or forecast.",
        "在“{sheet}”表填写, 或用 salesplan import-actuals 导入; 被删掉的表可从 salesplan new 生成的模板复制。",
        "Fill in “{sheet}”, or run salesplan import-actuals; a deleted sheet can be copied from a template (salesplan new).",
    ),
    "actual-after-cut-off": Message(
        _NOTE,
        "实绩中有 {rows} 行晚于数据截止日 {day}, 未计入。",
        "{rows:# row of actuals is|# rows of actuals are} dated after the data cut-off {day} and not counted.",
        "要计入这些行, 请把设置中的“数据截止日”和“报告月份”改晚, 或用 --asof 和 --month 指定。",
        "To count them, set a later data cut-off and report month on the Settings sheet, or use --asof and --month.",
    ),
    "actual-in-future": Message(
        _WARNING,
        "实绩的最后日期 {day} 在今天 ({today}) 之后, 而设置中没有数据截止日, 于是报告按这一天计算。",
        "The latest actual is dated {day}, after today ({today}); without a data cut-off in Settings, the report uses it.",
        "核对这一行的日期; 日期没错时, 在设置中填写数据截止日。",
        "Check this row's date; if it is right, enter a data cut-off in Settings.",
    ),
    "actual-rate-without-parts": Message(
        _WARNING,
        "“{kpi}”有实绩行只填了比率, 没有分子和分母; {count} 个组织单元({units})的合计比率算不出来。",
        "Some actuals of {kpi} give only the rate, without numerator and denominator; it cannot be worked out for {count:# unit|# units} ({units}).",
        "在实绩表填写分子和分母(比率不能由下级的比率平均得出), 或在该单元自己的行填写它的比率。",
        "Enter numerator and denominator in the actuals (a rate is never an average of rates), or one row with the unit's own rate.",
    ),
    "actual-rate-partly-reported": Message(
        _NOTE,
        "“{kpi}”按 {month} 计算, 填报它的组织单元中只有 {part} 报了这个月; {count} 个尚未填报({units})。",
        "{kpi} stands as of {month}, which only {part} of the units that report it have given; {count:# is|# are} missing ({units}).",
        "补填这些单元这个月的分子和分母, 合计比率才是全体的。",
        "Enter that month's numerator and denominator of these units; until then the rate is not everybody's.",
    ),
    "actual-rate-is-computed": Message(
        _WARNING,
        "“{kpi}”由“{numerator}”÷“{denominator}”算出, 直接填写的 {rows} 行实绩没有采用。",
        "{kpi} is calculated as {numerator} ÷ {denominator}; its {rows:own row of actuals is|# own rows of actuals are} not used.",
        "删去这些实绩行, 或在指标表清空该指标的分子指标和分母指标。",
        "Delete those rows, or clear this KPI's numerator and denominator KPIs.",
    ),
    "problem-red-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 完成率 {rate}, 亮红灯。",
        "{kpi} of {unit} is red: {actual} against a target of {target} ({rate}).",
        "写明原因、改进措施、责任人和期限。",
        "Enter cause, action, owner and due date.",
    ),
    "problem-behind-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 到截止日应达 {expected}, 实绩 {now}, 为应达的 {rate}, 亮红灯。",
        "{kpi} of {unit} is red: {now} against {expected} expected to date ({rate}), target {target}.",
        "写明原因和追赶措施, 参考日均需完成。",
        "Enter the cause and how to catch up; see the daily run rate needed.",
    ),
    "problem-missed-kpi": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 未达成, 亮红灯。",
        "{kpi} of {unit} is red: {actual}, target {target} missed.",
        "写明原因、改进措施、责任人和期限。",
        "Enter cause, action, owner and due date.",
    ),
    "problem-unexplained": Message(
        _WARNING,
        "{unit}的{kpi}: 目标 {target}, 实绩 {actual}, 为应达的 {rate}, 在 {low} 至 {high} 之外, 还没有写明原因。",
        "{kpi} of {unit}: {actual} against a target of {target}; at {rate} of expected it is outside {low} to {high} and no cause is given.",
        "在“问题与改进”这一行填写原因。",
        "Enter the cause in this row of the Issues sheet.",
    ),
    "problem-carried": Message(
        _NOTE,
        "缺口 {gap} {unit}的 {share} 在{units}。",
        "{units}: {share} of the gap of {gap} {unit}.",
        "先看这些单元。",
        "Look at these units first.",
    ),
    "problem-carried-whole": Message(
        _NOTE,
        "缺口 {gap} {unit}全在{units}。",
        "{units}: the whole gap of {gap} {unit}.",
        "先看这些单元。",
        "Look at these units first.",
    ),
    "problem-carried-more": Message(
        _NOTE,
        "{units}差 {gap} {unit}, 比总缺口还大, 其他单元有超额。",
        "{units}: {gap} {unit} short, more than the whole gap; others are ahead.",
        "先看这些单元。",
        "Look at these units first.",
    ),
    "problem-carried-below": Message(
        _NOTE,
        "主要是{units}, 差 {gap} {unit}, 占全部缺口的 {share}。",
        "Mainly {units}: {gap} {unit} short, {share} of the gap.",
        "先看这些单元。",
        "Look at these units first.",
    ),
    "problem-spread": Message(
        _NOTE,
        "{unit}的 {all} 个下级中 {count} 个未达应达。",
        "{count} of {all:# unit|# units} under {unit} {count:is|are} behind.",
        "缺口分散, 看共同的原因。",
        "The gap is spread: look for a common cause.",
    ),
    "task-due-day-off": Message(
        Severity.NOTE,
        "任务 {task} 的时间节点 {due} 是休息日, 按下一个工作日 {counted} 计。",
        "Task {task} is due on {due}, a day off; it counts as due on the next working day, {counted}.",
        "要提前完成, 把时间节点改到休息日之前。",
        "If needed earlier, set the due date before the days off.",
    ),
    "task-progress-later": Message(
        Severity.NOTE,
        "回看 {day}: {count} 项任务当日的完成%没有记录, 用的是截至 {known} 的填报。",
        "Looking back at {day}: progress on that day is not on record for {count:# task|# tasks}; today's is shown for {known}.",
        "周复盘里有当周实际%的任务, 回看时用周复盘的数字。",
        "Where a weekly review has that week's actual progress, it is used.",
    ),
    "issues-later": Message(
        Severity.NOTE,
        "回看 {day}: “问题与改进”中 {count} 行的原因、措施和状态没有按日记录, 用的是截至 {known} 的填报。",
        "Looking back at {day}: causes, actions and status of {count:# issue|# issues} on that day are not on record; today's are shown, as of {known}.",
        "当时的报告里有当时的填报; 需要对照时请查看那份报告。",
        "The report made at the time has what was entered then; compare with it where it matters.",
    ),
    "budget-later": Message(
        Severity.NOTE,
        "回看 {day}: {count} 条预算的申请与批准没有按日记录, 批准额与余额按截至 {known} 的预算表计算; 占用与支出只计到 {day}。",
        "Looking back at {day}: requests and approvals of {count:# budget line|# budget lines} on that day are not on record; today's are shown, as of {known}. Commitments and spending count up to {day}.",
        "中途调整的批准额请写在“变更记录”里, 这样会从生效月起计。",
        "Enter approvals that change during the year in Changes; they then count from their month on.",
    ),
    "improvements-later": Message(
        Severity.NOTE,
        "回看 {day}: 周复盘中 {count} 项改进措施按任务截至 {known} 的进度判断是否完成, 当日的进度没有记录。",
        "Looking back at {day}: whether {count:# weekly action is|# weekly actions are} done is told by the tasks' progress as of {known}; that day's is not on record.",
        "在周复盘里填写每周的实际%, 回看时就用当周的数字。",
        "Enter actual progress in each weekly review; a run that looks back then uses that week's.",
    ),
    "problem-late-task": Message(
        _WARNING,
        "任务“{task}”({owner})应于 {due} 完成, 已逾期 {days} 个工作日。",
        "Task “{task}” ({owner}) was due on {due} and is {days:# working day|# working days} overdue.",
        "写明未完成原因和改进措施; 确需延期的, 走变更审批。",
        "Enter cause and action; to postpone it, raise a change.",
    ),
    "problem-late-task-today": Message(
        _WARNING,
        "任务“{task}”({owner})应于 {due} 完成, 期限已过 (其后还没有工作日)。",
        "Task “{task}” ({owner}) was due on {due}, the last working day, and is not done.",
        "写明未完成原因和改进措施; 确需延期的, 走变更审批。",
        "Enter cause and action; to postpone it, raise a change.",
    ),
    "problem-overspent": Message(
        _WARNING,
        "预算 {line}: 批准 {granted}, 占用加支出 {used}, 超支 {over}。",
        "Budget line {line} is {over} overspent: {used} committed and spent of {granted} approved.",
        "核对费用; 确需追加的, 走变更审批或申请动用储备金。",
        "Check the spending; if more is needed, raise a change or request a reserve draw.",
    ),
}
