"""Messages of the weekly review and the daily stand-up."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

W, N = Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "week-without-review": Message(
        W,
        "{friday} 这一周没有周复盘。",
        "The week of {friday} has no review.",
        "填写该周的实际%、原因和改进措施; 全周放假则在日历表登记。",
        "Enter that week's progress, causes and actions; if the whole week was a holiday, enter its days on the Calendar sheet.",
    ),
    "week-after-cut-off": Message(
        N,
        "周复盘中有 {rows} 行属于数据截止日 {day} 之后的周, 未计入; 有了这些行, 之前的周不再列入新任务。",
        "{rows:# weekly review row is|# weekly review rows are} dated after the data cut-off {day} and not counted; meanwhile no tasks are added to earlier weeks.",
        "核对日期; 要计入这些行, 请把设置中的“数据截止日”改晚, 或用 --asof 指定。",
        "Check the dates; to count them, set a later data cut-off in Settings, or use --asof.",
    ),
    "week-without-actual": Message(
        W,
        "{friday} 的周复盘中, 任务 {task}({person})没有填实际%。",
        "Review of {friday}: task {task} ({person}) has no actual progress.",
        "填写本周末实际完成的比例; 空白不当作 0。",
        "Enter the progress at the week's end; a blank does not count as 0.",
    ),
    "remedy-overdue": Message(
        W,
        "任务 {task} 的改进措施({owner})应于 {due} 完成, 已过期 {days} 个工作日, 进度 {progress}, 仍低于计划。",
        "The action for task {task} ({owner}) was due on {due} and is {days:# working day|# working days} overdue; at {progress} the task is still behind.",
        "在本周复盘中更新进度, 或写下新的改进措施、责任人和期限。",
        "Report the progress in this week's review, or enter a new action with owner and due date.",
    ),
    "remedy-overdue-today": Message(
        W,
        "任务 {task} 的改进措施({owner})应于 {due} 完成, 期限已过 (其后还没有工作日), 进度 {progress}, 仍低于计划。",
        "The action for task {task} ({owner}) was due on {due}, the last working day; at {progress} the task is still behind.",
        "在本周复盘中更新进度, 或写下新的改进措施、责任人和期限。",
        "Report the progress in this week's review, or enter a new action with owner and due date.",
    ),
    "cause-not-listed": Message(
        N,
        "原因“{text}”不在列表中, 统计时计入“其他”。",
        "The cause “{text}” is not on the list; it is counted as “Other”.",
        "从列表选择: {known}。细节可写在改进措施中。",
        "Choose one of: {known}. Details can go into the action.",
    ),
    "standup-missing": Message(
        N,
        "{friday} 这一周(至数据截止日有 {days} 个工作日)有 {count} 人没有站会记录: {people}。",
        "Week of {friday} ({days:# working day|# working days} up to the cut-off): {count:# person has|# people have} no stand-up ({people}).",
        "在日跟进表补上; 休假的人写一行说明。",
        "Add them to the Daily sheet; for those on leave enter a line that says so.",
    ),
}
