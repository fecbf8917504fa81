"""Messages of who helps with tasks: whom 协作部门 names, requests and what became of them."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

NAMES = {
    "helper-unknown": Message(
        W,
        "任务 {task} 的协作部门“{name}”不是组织里的单元或人, “{sheet}”里也没有, 收不到请求。",
        "Task {task} asks “{name}” for help: no unit or person, and not on the sheet “{sheet}”; nobody is asked.",
        "改成已有的名称(最接近: {near}), 或在“{sheet}”补一行。",
        "Use a known name (nearest: {near}), or add a row to “{sheet}”.",
    ),
    "helper-notice-negative": Message(
        E,
        "协作方“{helper}”的提报天数是 {days}, 不能小于 0。",
        "The helper “{helper}” asks for {days:# day|# days} of notice; that must be 0 or more.",
        "改正天数; 留空时按设置中的天数。",
        "Correct it; leave it blank to go by Settings.",
    ),
    "helper-mail-missing": Message(
        N,
        "协作方“{helper}”没有邮箱, 请求发不出去, 只有填报表。",
        "The helper “{helper}” has no address: requests are written as a workbook, not mailed.",
        "填写邮箱; 不用邮件的可以不填。",
        "Enter the address, unless you hand the workbook over yourself.",
    ),
    "reply-unasked": Message(
        W,
        "任务 {task} 没有请求“{helper}”协作, 这行答复没有用到。",
        "Task {task} does not ask “{helper}” for help; this answer is not used.",
        "{asked:?改成该任务的协作部门 (#), 或}删掉这一行。",
        "Delete the row{asked:?, or name one of the task's partners (#)}.",
    ),
}

NOTICE = {
    "help-late": Message(
        W,
        "{owner} 向 {helper} 提报太晚: 应提前 {required} 个工作日, 差 {short} 个工作日",
        "{owner} asked {helper} {short:# working day|# working days} late ({required} required)",
        "{owner} 与 {helper} 商定能否按时支持, 必要时推迟开始日",
        "{owner} and {helper} agree whether help can still come in time; postpone the start if not",
    ),
    "help-not-asked": Message(
        W,
        "{owner} 还没有向 {helper} 提报: 最晚应于 {latest} 提报 (提前 {required} 个工作日)",
        "{owner} has not asked {helper}: latest date was {latest} ({required:# working day|# working days} ahead)",
        "{owner} 立即向 {helper} 提报并填写提报日",
        "{owner} asks {helper} now and enters the date",
    ),
}

ANSWERS = {
    "help-refused": Message(
        W,
        "{helper} 不能支持 {owner} 的任务 {task} ({needed} 就要用)。",
        "{helper} cannot help with task {task} of {owner} (needed by {needed}).",
        "另找协作方, 调整任务或时间节点, 或请上级协调。",
        "Find other help, change the task or its dates, or ask for a decision above.",
    ),
    "help-promised-late": Message(
        W,
        "{helper} 承诺 {promised} 支持任务 {task}, 比 {owner} 需要的 {needed} 晚 {days} 个工作日。",
        "{helper} promised help with task {task} for {promised}, {days:# working day|# working days} after {owner} needs it ({needed}).",
        "{owner} 与 {helper} 商定提前, 或推迟任务的开始日和时间节点。",
        "{owner} and {helper} agree on an earlier day, or the task's dates move.",
    ),
    "help-unanswered": Message(
        W,
        "{helper} 还没有答复 {owner} 的任务 {task}, {needed} 就要用。",
        "{helper} has not answered {owner} about task {task}, needed by {needed}.",
        "{owner} 找 {helper} 确认, 把答复填在“协作答复”。",
        "{owner} asks {helper} again and enters the answer in “Help replies”.",
    ),
}

STATES = {
    "help-to-ask": Message(N, "{helper} 待提报", "{helper} to be asked"),
    "help-asked": Message(N, "{helper} 待答复", "{helper} has not answered"),
    "help-yes": Message(N, "{helper} 同意", "{helper} agreed"),
    "help-yes-by": Message(N, "{helper} 同意, 承诺 {promised}", "{helper} agreed, by {promised}"),
    "help-conditions": Message(N, "{helper} 有条件同意", "{helper} agreed with conditions"),
    "help-conditions-by": Message(
        N, "{helper} 有条件同意, 承诺 {promised}", "{helper} agreed with conditions, by {promised}"
    ),
    "help-no": Message(N, "{helper} 不同意", "{helper} declined"),
}

MESSAGES: dict[str, Message] = {**NAMES, **NOTICE, **ANSWERS, **STATES}
