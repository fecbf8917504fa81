"""Messages of the budget (grants, caps, spending, reserve) and of the action plan."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

GRANTS = {
    "grant-full": Message(N, "批准", "Granted"),
    "grant-must-have": Message(N, "批准: 必保", "Granted: must have"),
    "grant-manual": Message(N, "批准: 手工批准额", "Granted as typed by hand"),
    "grant-partial": Message(
        N, "部分: 类别余额不足, 差 {short}", "Partly: the category's balance is {short} short"
    ),
    "grant-none": Message(
        N,
        "未批准: 类别余额 {left}, 差 {short}",
        "Not granted: the category has {left} left, {short} short",
    ),
    "grant-reserve": Message(
        N, "未批准: 应急储备不参与分配", "Not granted: the reserve is outside the allocation"
    ),
    "grant-no-cap": Message(
        N, "无法批准: 没有对应的预算上限", "Cannot be granted: there is no cap for it"
    ),
    "grant-no-amount": Message(
        N, "无法批准: 没有可用的申请额", "Cannot be granted: no usable amount was asked for"
    ),
    "grant-blocked": Message(
        N,
        "暂不批准: 同一上限内的 {line} 有无法读取的单元格",
        "Not granted yet: line {line} under the same cap has a cell that cannot be read",
        "先更正 {line} 的单元格, 再重新计算",
        "Correct the cell of line {line}, then recalculate",
    ),
}

CAPS = {
    "budget-shares-missing": Message(
        E,
        "预算分配表没有类别占比, 无法计算上限和批准额。",
        "The budget caps have no category shares: caps and grants cannot be computed.",
        "在预算分配表填写各类别及其占比, 合计 100%。",
        "Fill in categories and their shares on the budget caps sheet, adding up to 100 %.",
    ),
    "budget-shares-sum": Message(
        E,
        "类别占比合计 {sum}%, 与 100% 相差 {off}%; 上限按所填占比计算, 未作调整。",
        "The category shares add up to {sum} %, {off} % off 100 %; the caps use them as they are.",
        "调整类别占比(含应急储备), 使合计为 100%。",
        "Change the category shares, the reserve included, so that they add up to 100 %.",
    ),
    "budget-region-shares-sum": Message(
        E,
        "区域占比合计 {sum}%, 与 100% 相差 {off}%; 上限按所填占比计算, 未作调整。",
        "The region shares add up to {sum} %, {off} % off 100 %; the caps use them as they are.",
        "调整区域占比, 使合计为 100%。",
        "Change the region shares so that they add up to 100 %.",
    ),
}

ALLOCATION = {
    "budget-from-reserve": Message(
        E,
        "预算 {line} 列在 “{category}” 下: 储备金不参与分配, 不予批准。",
        "Budget line {line} is under “{category}”: the reserve is outside the allocation and grants nothing.",
        "改用其他类别; 要动用储备金, 请在储备金动用表登记并审批。",
        "Use another category; to draw on the reserve, enter an approved draw on the reserve draws sheet.",
    ),
    "budget-manual-over-cap": Message(
        E,
        "{line} 的手工批准额比 {category} {region} 的上限多 {over}。",
        "The manual grant of {line} is {over} above the cap of {category} {region}.",
        "减少手工批准额, 或提高该类别、区域的占比。",
        "Lower the manual grant, or raise the share of the category or region.",
    ),
    "budget-must-have-over-cap": Message(
        E,
        "{category} {region} 的必保项目合计超出可用上限, 差 {short}。",
        "The must-have lines of {category} {region} ask for {short} more than its cap leaves.",
        "减少必保项目或其申请额, 或提高该类别、区域的占比。",
        "Drop a must-have or lower its amount, or raise the share of the category or region.",
    ),
    "budget-best-unknown": Message(
        N,
        "预算行太多且金额零散, 未能算出最优组合; 批准额不受影响。",
        "Too many lines with too many different amounts: the best combination was not found; the grants are not affected.",
        "把申请额取整(如到百元), 即可算出。",
        "Round the amounts asked for, such as to hundreds, and it will be found.",
    ),
}

USE = {
    "spending-after-cut-off": Message(
        N,
        "费用中有 {rows} 行晚于数据截止日 {day}, 未计入。",
        "{rows} rows of spending are later than the data cut-off {day} and are not counted.",
        "要计入这些行, 请把设置中的“数据截止日”和“报告月份”改晚, 或用 --asof 和 --month 指定。",
        "To count them, set a later data cut-off and report month on the settings sheet, or give --asof and --month.",
    ),
    "budget-overspent": Message(
        W,
        "预算 {line} 的占用与支出比批准额多 {over}。",
        "Budget line {line} has committed and spent {over} more than it was granted.",
        "停止新的支出, 并登记变更或动用储备金。",
        "Stop spending, and enter a change or a reserve draw.",
    ),
    "budget-overcommitted": Message(
        W,
        "预算 {line} 的占用与支出比批准额多 {over}, 其中占用 {committed} 尚未冲销。",
        "Budget line {line} has committed and spent {over} more than its approved budget; {committed} of it is still committed.",
        "占用的款已付的, 在支出一行填写与占用相同的凭证, 占用即自动冲销; 还没付的, 登记变更或动用储备金。",
        "If it was paid, give the payment the voucher of the commitment, which releases it; if not, enter a change or a reserve draw.",
    ),
    "budget-overspent-earlier": Message(
        W,
        "预算 {line} 在 {month} 月末的累计占用与支出曾比批准额多 {over}。",
        "Budget line {line} had committed and spent {over} more than its grant by the end of {month}.",
        "核对该月的费用记录, 说明超支原因。",
        "Check that month's spending, and say why.",
    ),
    "budget-cut-below-use": Message(
        E,
        "{line} 的手工批准额 {granted} 低于已占用和已支出的 {used}。",
        "The manual grant of {line}, {granted}, is below the {used} already committed and spent.",
        "手工批准额不得低于 {used}。",
        "Type a manual grant of {used} or more.",
    ),
}

RESERVE = {
    "reserve-missing": Message(
        E,
        "有已批准的储备金动用, 但没有设定储备金。",
        "A draw on the reserve is approved, but there is no reserve.",
        "在设置表填写预算总额和储备比例, 或在预算分配表填写应急储备。",
        "Fill in the total budget and the reserve share in the settings, or a reserve on the budget caps sheet.",
    ),
    "reserve-overdrawn": Message(
        E,
        "储备金只剩 {left}, 这笔动用还差 {short}, 未计入。",
        "Only {left} is left of the reserve, {short} less than this draw; it does not count.",
        "把动用金额减到 {left} 以内, 或改为待批。",
        "Lower the draw to {left} or less, or set it to pending.",
    ),
}

NOTICE = {
    "notice-ok": Message(
        N, "已按时提报 (提前 {days} 个工作日)", "In time ({days} working days ahead)"
    ),
    "notice-late": Message(
        W,
        "提报太晚: 应提前 {required} 个工作日, 差 {short} 个工作日",
        "Asked too late: {required} working days of notice are needed, {short} short",
        "与协作方确认能否按时支持, 必要时推迟开始日",
        "Ask the partner whether they can still help in time; if not, start later",
    ),
    "notice-missing": Message(
        W,
        "未提报: 最晚应于 {latest} 提报 (提前 {required} 个工作日)",
        "Not asked for: the latest day was {latest} ({required} working days of notice)",
        "立即提报并填写提报日",
        "Ask for it now and fill in the day",
    ),
    "notice-pending": Message(
        N,
        "待提报: 最晚 {latest} (提前 {required} 个工作日)",
        "Still to be asked for: by {latest} ({required} working days of notice)",
    ),
    "notice-undated": Message(
        N, "无法检查: 没有开始日和时间节点", "Cannot be checked: no start and no due day"
    ),
}

TASKS = {
    "task-state-ignored": Message(
        W,
        "任务 {task} 的这一列只用于暂停或取消, 所填内容未采用。",
        "Task {task}: this column is for paused or cancelled only; what it says is not used.",
        "清空此格; 已完成的任务请填写实际完成日。",
        "Clear the cell; for a task that is done fill in the finishing day.",
    ),
    "task-finished-but-open": Message(
        W,
        "任务 {task} 填了实际完成日, 但完成率只有 {percent}%。",
        "Task {task} has a finishing day, but its progress is only {percent} %.",
        "更新交付实际值或完成%, 或清空实际完成日。",
        "Bring the deliverable or the progress up to date, or clear the finishing day.",
    ),
    "task-finished-day-missing": Message(
        W,
        "任务 {task} 已达 100%, 时间节点已过而没有实际完成日, 按逾期完成计。",
        "Task {task} is at 100 % with its due day past and no finishing day: counted as done late.",
        "填写实际完成日。",
        "Fill in the finishing day.",
    ),
    "task-progress-missing": Message(
        W,
        "任务 {task} 已经开始, 但没有填报进度。",
        "Task {task} has begun, but no progress is reported.",
        "填写交付实际值或完成%。",
        "Fill in the deliverable or the progress.",
    ),
}

MESSAGES: dict[str, Message] = {**GRANTS, **CAPS, **ALLOCATION, **USE, **RESERVE, **NOTICE, **TASKS}
