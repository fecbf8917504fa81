"""Messages of the budget (grants, caps, spending, reserve) and of the action plan."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

GRANTS = {
    "grant-full": Message(N, "批准", "Approved"),
    "grant-must-have": Message(N, "批准: 必保", "Approved: must have"),
    "grant-manual": Message(N, "批准: 手工批准额", "Approved: manual amount"),
    "grant-partial": Message(
        N, "部分: 类别余额不足, 差 {short}", "Partly approved: {short} short in the category"
    ),
    "grant-none": Message(
        N,
        "未批准: 类别余额 {left}, 差 {short}",
        "Not approved: {left} left in the category, {short} short",
    ),
    "grant-reserve": Message(
        N, "未批准: 应急储备不参与分配", "Not approved: the reserve is not allocated to lines"
    ),
    "grant-no-cap": Message(
        N, "无法批准: 没有对应的预算上限", "Cannot be approved: no matching cap"
    ),
    "grant-no-amount": Message(
        N, "无法批准: 没有可用的申请额", "Cannot be approved: no valid amount requested"
    ),
    "grant-blocked": Message(
        N,
        "暂不批准: 同一上限内的 {line} 有无法读取的单元格",
        "On hold: line {line} under the same cap has an unreadable cell",
        "先更正 {line} 的单元格, 再重新计算",
        "Correct the cell of line {line}, then recalculate",
    ),
}

CAPS = {
    "budget-shares-missing": Message(
        E,
        "预算分配表没有类别占比, 无法计算上限和批准额。",
        "The Budget caps sheet has no category shares, so caps and approvals cannot be worked out.",
        "在预算分配表填写各类别及其占比, 合计 100%。",
        "Enter the categories and their shares on the Budget caps sheet; they must add up to 100%.",
    ),
    "budget-shares-sum": Message(
        E,
        "类别占比合计 {sum}%, 与 100% 相差 {off}%; 上限按所填占比计算, 未作调整。",
        "The category shares add up to {sum}%, {off}% off 100%; the caps use them as entered.",
        "调整类别占比(含应急储备), 使合计为 100%。",
        "Adjust the category shares, reserve included, to add up to 100%.",
    ),
    "budget-region-shares-sum": Message(
        E,
        "区域占比合计 {sum}%, 与 100% 相差 {off}%; 上限按所填占比计算, 未作调整。",
        "The region shares add up to {sum}%, {off}% off 100%; the caps use them as entered.",
        "调整区域占比, 使合计为 100%。",
        "Adjust the region shares to add up to 100%.",
    ),
}

ALLOCATION = {
    "budget-from-reserve": Message(
        E,
        "预算 {line} 列在 “{category}” 下: 储备金不参与分配, 不予批准。",
        "Budget line {line} is under “{category}”: the reserve is not allocated to lines, so nothing is approved.",
        "改用其他类别; 要动用储备金, 请在储备金动用表登记并审批。",
        "Use another category; to draw on the reserve, enter an approved draw on the Reserve draws sheet.",
    ),
    "budget-manual-over-cap": Message(
        E,
        "{line} 的手工批准额比 {category} {region} 的上限多 {over}。",
        "The manual approval of {line} is {over} over the cap of {category} {region}.",
        "减少手工批准额, 或提高该类别、区域的占比。",
        "Lower the manual approval, or raise the share of the category or region.",
    ),
    "budget-must-have-over-cap": Message(
        E,
        "{category} {region} 的必保项目合计超出可用上限, 差 {short}。",
        "Must-have lines of {category} {region} exceed the available cap by {short}.",
        "减少必保项目或其申请额, 或提高该类别、区域的占比。",
        "Drop a must-have line or lower its amount, or raise the share of the category or region.",
    ),
    "budget-best-unknown": Message(
        N,
        "预算行太多且金额零散, 未能算出最优组合; 批准额不受影响。",
        "Too many lines with too many different amounts: the best mix was not found. Approvals are not affected.",
        "把申请额取整(如到百元), 即可算出。",
        "Round the requested amounts, for example to hundreds.",
    ),
}

USE = {
    "spending-after-cut-off": Message(
        N,
        "费用中有 {rows} 行晚于数据截止日 {day}, 未计入。",
        "{rows:# row of spending is|# rows of spending are} dated after the data cut-off {day} and not counted.",
        "要计入这些行, 请把设置中的“数据截止日”和“报告月份”改晚, 或用 --asof 和 --month 指定。",
        "To count them, set a later data cut-off and report month on the Settings sheet, or use --asof and --month.",
    ),
    "budget-overspent": Message(
        W,
        "预算 {line} 的占用与支出比批准额多 {over}。",
        "Budget line {line} is {over} over its approved budget.",
        "停止新的支出, 并登记变更或动用储备金。",
        "Stop spending, and enter a change or a reserve draw.",
    ),
    "budget-overcommitted": Message(
        W,
        "预算 {line} 的占用与支出比批准额多 {over}, 其中占用 {committed} 尚未冲销。",
        "Budget line {line} is {over} over its approved budget; {committed} of it is still committed.",
        "占用的款已付的, 在支出一行填写与占用相同的凭证, 占用即自动冲销; 还没付的, 登记变更或动用储备金。",
        "If already paid, give the payment the voucher of its commitment, which releases it; if not, enter a change or a reserve draw.",
    ),
    "budget-overspent-earlier": Message(
        W,
        "预算 {line} 在 {month} 月末的累计占用与支出曾比批准额多 {over}。",
        "Budget line {line} was {over} over its approved budget at the end of {month}.",
        "核对该月的费用记录, 说明超支原因。",
        "Check that month's spending and explain the overspend.",
    ),
    "budget-cut-below-use": Message(
        E,
        "{line} 的手工批准额 {granted} 低于已占用和已支出的 {used}。",
        "The manual approval of {line}, {granted}, is below the {used} already committed and spent.",
        "手工批准额不得低于 {used}。",
        "Enter a manual approval of {used} or more.",
    ),
}

RESERVE = {
    "reserve-missing": Message(
        E,
        "有已批准的储备金动用, 但没有设定储备金。",
        "A reserve draw is approved, but no reserve is set.",
        "在设置表填写预算总额和储备比例, 或在预算分配表填写应急储备。",
        "Enter the total budget and the reserve share on the Settings sheet, or a reserve on the Budget caps sheet.",
    ),
    "reserve-overdrawn": Message(
        E,
        "储备金只剩 {left}, 这笔动用还差 {short}, 未计入。",
        "Only {left} of the reserve is left, {short} less than this draw; the draw is not counted.",
        "把动用金额减到 {left} 以内, 或改为待批。",
        "Reduce the draw to {left} or less, or set it to pending.",
    ),
}

NOTICE = {
    "notice-ok": Message(
        N,
        "已按时提报 (提前 {days} 个工作日)",
        "On time ({days:# working day|# working days} ahead)",
    ),
    "notice-late": Message(
        W,
        "提报太晚: 应提前 {required} 个工作日, 差 {short} 个工作日",
        "Requested {short:# working day|# working days} late ({required} required)",
        "与协作方确认能否按时支持, 必要时推迟开始日",
        "Check with the partner whether they can still support in time; postpone the start if not",
    ),
    "notice-missing": Message(
        W,
        "未提报: 最晚应于 {latest} 提报 (提前 {required} 个工作日)",
        "Not requested: latest date was {latest} ({required:# working day|# working days} ahead)",
        "立即提报并填写提报日",
        "Request it now and enter the date",
    ),
    "notice-pending": Message(
        N,
        "待提报: 最晚 {latest} (提前 {required} 个工作日)",
        "To be requested by {latest} ({required:# working day|# working days} ahead)",
    ),
    "notice-undated": Message(
        N, "无法检查: 没有开始日和时间节点", "Cannot be checked: no start or due date"
    ),
}

TASKS = {
    "task-state-ignored": Message(
        W,
        "任务 {task} 的这一列只用于暂停或取消, 所填内容未采用。",
        "Task {task}: this column is only for paused or cancelled; the entry is ignored.",
        "清空此格; 已完成的任务请填写实际完成日。",
        "Clear the cell; for a finished task enter the finish date.",
    ),
    "task-finished-but-open": Message(
        W,
        "任务 {task} 填了实际完成日, 但完成率只有 {percent}%。",
        "Task {task} has a finish date, but its progress is only {percent}%.",
        "更新交付实际值或完成%, 或清空实际完成日。",
        "Update the deliverable or the progress, or clear the finish date.",
    ),
    "task-finished-day-missing": Message(
        W,
        "任务 {task} 已达 100%, 时间节点已过而没有实际完成日, 按逾期完成计。",
        "Task {task} is 100% done and past due, but has no finish date: counted as done late.",
        "填写实际完成日。",
        "Enter the finish date.",
    ),
    "task-progress-missing": Message(
        W,
        "任务 {task} 已经开始, 但没有填报进度。",
        "Task {task} has started, but no progress is reported.",
        "填写交付实际值或完成%。",
        "Enter the deliverable or the progress.",
    ),
}

MESSAGES: dict[str, Message] = {**GRANTS, **CAPS, **ALLOCATION, **USE, **RESERVE, **NOTICE, **TASKS}
