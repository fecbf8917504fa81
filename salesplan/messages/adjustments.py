"""Messages of changes in the course of the year: whether they are in force, and what they made of the targets."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_STATES = {
    "adjust-in-force": Message(N, "● 生效, 自 {month} 起", "● In force from {month}"),
    "adjust-backdated": Message(
        N,
        "● 生效, 自 {month} 起; 之前的月份已关账, 不变",
        "● In force from {month}; earlier months are closed and unchanged",
    ),
    "adjust-scheduled": Message(
        N, "▲ 已批准, 自 {month} 起生效", "▲ Approved, in force from {month}"
    ),
    "adjust-pending": Message(N, "▲ 未生效: 待批", "▲ Not in force: approval pending"),
    "adjust-rejected": Message(N, "■ 未生效: 驳回", "■ Not in force: rejected"),
    "adjust-unreadable": Message(
        N,
        "■ 未生效: 对象、字段或数值不清楚",
        "■ Not in force: subject, field or values unclear",
    ),
    "adjust-no-approver": Message(N, "■ 未生效: 没有审批人", "■ Not in force: no approver"),
    "adjust-not-approver": Message(
        N, "■ 未生效: 审批人无权批准", "■ Not in force: not an authorised approver"
    ),
    "adjust-no-day": Message(N, "■ 未生效: 没有审批日", "■ Not in force: no approval date"),
    "adjust-no-month": Message(N, "■ 未生效: 没有生效月", "■ Not in force: no effective month"),
    "adjust-outside-year": Message(
        N, "■ 未生效: 不在计划年度内", "■ Not in force: outside the plan year"
    ),
    "adjust-elsewhere": Message(
        N,
        "▲ 与其他单元有关, 详情见全公司报告",
        "▲ Involves other units: see the company report",
    ),
    "adjust-no-company": Message(
        N, "■ 未生效: 组织表有误", "■ Not in force: the Organization sheet has an error"
    ),
}

_REFUSALS = {
    "change-before-blank": Message(
        E,
        "变更 {change}({subject}, {field})没有填调整前, 计划中是 {plan}, 不生效。",
        "Change {change} ({subject}, {field}) has no value under “Before”; the plan says {plan}. Not applied.",
        "在调整前填 {plan}, 以便核对批准的是不是现在的计划。",
        "Enter {plan} under “Before”, so it is clear which plan was approved.",
    ),
    "change-conflict": Message(
        E,
        "变更 {change}({subject}, {field})的调整前是 {before}, 但计划中是 {plan}, 不生效。",
        "Change {change} ({subject}, {field}): “Before” is {before}, but the plan says {plan}. Not applied.",
        "核对调整前。原表保留原计划的值, 变更由引擎叠加, 请勿在原表直接改成调整后的值。",
        "Check “Before”. The sheets keep the original plan and changes are applied on top: do not type the new value there.",
    ),
    "change-target-unknown": Message(
        E,
        "变更 {change}: 计划中没有算出“{subject}”的目标, 无从调整, 不生效。",
        "Change {change}: the plan has no target for {subject} to adjust. Not applied.",
        "先改正指标、组织和目标分解表中的错误; 没有错误时, 核对对象和指标的适用层级。",
        "First correct errors on the KPIs, Organization and Targets sheets; if there are none, check the subject and the KPI's levels.",
    ),
    "change-cut-below-use": Message(
        E,
        "变更 {change} 把 {line} 减到 {after}, 低于已占用和已支出的 {used}, 不生效。",
        "Change {change} cuts {line} to {after}, below the {used} already committed and spent. Not applied.",
        "调整后不得低于已占用与已支出之和。",
        "Keep at least what is committed and spent.",
    ),
    "change-not-multiple": Message(
        E,
        "变更 {change}: {value} 不是“{kpi}”最小单位 {smallest} 的整数倍, 不生效。",
        "Change {change}: {value} is not a multiple of {smallest}, the smallest unit of “{kpi}”. Not applied.",
        "调整该数值。",
        "Adjust the value.",
    ),
    "change-month-closed": Message(
        E,
        "变更 {change}: {month} 在变更生效({since})之前已经结束, 不生效。",
        "Change {change}: {month} was over before the change takes effect ({since}). Not applied.",
        "改为生效月或之后的月份。",
        "Choose the effective month or a later one.",
    ),
    "change-no-month-open": Message(
        E,
        "变更 {change}: “{kpi}”已没有未固定的月份, 各月合计 {months}, 与公司年度目标 {year} 不符, 不生效。",
        "Change {change}: “{kpi}” has no open month left; its months add up to {months}, not to the company's annual target {year}. Not applied.",
        "先在更靠前的一行以同一生效月调整公司年度目标, 或留一个月不固定。",
        "Change the company's annual target in a row above with the same effective month, or leave one month open.",
    ),
    "change-below-closed": Message(
        E,
        "变更 {change}: 年度 {after} 小于 {since} 之前各月已有的目标 {closed}, 不生效。",
        "Change {change}: the annual target {after} is below the {closed} of the months before {since}. Not applied.",
        "之前的月份保持不变; 调整后至少为 {closed}。",
        "Earlier months do not change: use at least {closed}.",
    ),
    "change-target-locked": Message(
        E,
        "变更 {change} 会改变“{unit}”已锁定的“{kpi}”目标, 不生效。",
        "Change {change} would alter the locked “{kpi}” target of “{unit}”. Not applied.",
        "在目标分解表解除该单元的锁定, 或撤回此变更。",
        "Remove the lock on the Targets sheet first.",
    ),
    "change-parent-impossible": Message(
        E,
        "变更 {change}: {unit} 不能放在 {parent} 之下, 不生效。",
        "Change {change}: {unit} cannot report to {parent}. Not applied.",
        "调整后填写另一个上级的编码, 不能是自己或自己的下级。",
        "Enter another parent: not the unit itself, nor one below it.",
    ),
    "change-coefficient-moved": Message(
        E,
        "变更 {change}: “{unit}”所在的组在调动或移交之后按现有目标分摊, 系数不再起作用, 不生效。",
        "Change {change}: since a transfer or hand-over, “{unit}” and its siblings share by their current targets; coefficients no longer apply. Not applied.",
        "字段改为基准年度目标, 对象写“指标/组织编码”。",
        "Change the base year target instead, with KPI/unit as the subject.",
    ),
    "change-handover-nobody": Message(
        E,
        "变更 {change}: “{unit}”不能移交或接收“{kpi}”的目标, 不生效。",
        "Change {change}: “{unit}” cannot hand over or take over “{kpi}” targets. Not applied.",
        "移出和移入单元都要有该指标的目标, 且互不为上下级。",
        "Both units need a target for this KPI, and neither may be above the other.",
    ),
    "change-handover-too-much": Message(
        E,
        "变更 {change}: 移交 {amount} 超过 {unit} 生效后各月的目标 {most}, 不生效。",
        "Change {change}: {amount} exceeds the {most} in the open months of {unit}. Not applied.",
        "减少移交额。",
        "Hand over less.",
    ),
    "change-into-closed": Message(
        W,
        "变更 {change} 的生效月 {month} 已关账, 从第一个未关账的月份 {since} 起生效。",
        "Change {change} is dated {month}, which is closed; it takes effect from {since}, the first open month.",
        "生效月改为 {since}, 或用 salesplan reopen 重开 {month}。",
        "Date it {since}, or reopen {month} with salesplan reopen.",
    ),
    "change-not-synchronised": Message(
        W,
        "变更 {change} 涉及 {units}, 但同步对象中没有。",
        "Change {change} affects {units}, who are not under Notify.",
        "在同步对象中补上。",
        "Add them under Notify.",
    ),
}

_FIGURES = {
    "target-changed": Message(
        N,
        "变更 {changes} 自 {month} 起, 原基准 {before}",
        "changed by {changes} from {month}, base was {before}",
    ),
    "why-change": Message(
        N,
        "变更 {changes} 自 {month} 起: {before} → {after}",
        "change {changes} from {month}: {before} → {after}",
    ),
    "why-change-months": Message(
        N,
        "变更 {changes} 自 {month} 起: 各月重新分配, 全年仍为 {after}",
        "change {changes} from {month}: months redistributed, annual target stays {after}",
    ),
    "why-split": Message(
        N,
        "{month} 按工作日分开: {day} 之前 {before}/{days} 个工作日保留 {stands}, 之后 {rest}",
        "{month} is split by working days: {before} of {days} before {day} keep {stands}, the rest has {rest}",
    ),
    "why-transfer": Message(
        N,
        "自 {month} 起由“{giver}”调到“{taker}”, 目标随之转移",
        "moved from “{giver}” to “{taker}” from {month}, together with its target",
    ),
    "why-transfer-actuals": Message(
        N,
        "{day} 前的实绩计入“{giver}”, 从该日起计入“{taker}”; 只填到月份的按工作日分开",
        "actuals dated before {day} count for “{giver}”, from then on for “{taker}”; those of the whole month are split by working days",
    ),
    "why-hedges": Message(
        N,
        "基准 {base} 加成 {hedges}, 下达 {value}",
        "base {base} plus hedge {hedges}: issued {value}",
    ),
    "why-month-change": Message(
        N,
        "变更 {changes} 自 {month} 起: 该月 {before} → {after}",
        "change {changes} from {month}: this month {before} → {after}",
    ),
}

_CLOSES: dict[str, Message] = {
    "close-edited": Message(
        E,
        "{month} 已关账, 但关账记录的数字被改动过。",
        "{month} is closed, and its recorded figures were edited.",
        "撤销改动; 若要更正, 用 salesplan reopen 重开该月, 更正后再关账。",
        "Take the edit back; to correct the month, reopen it with salesplan reopen and close it again.",
    ),
    "close-log-unreadable": Message(
        E,
        "关账记录的这一行读不出月份或动作。",
        "The month or the action of this line of the log of closes cannot be read.",
        "恢复该行; 关账记录由 close 和 reopen 填写。",
        "Restore the line; close and reopen write this sheet.",
    ),
    "close-log-gap": Message(
        E,
        "关账记录不连续: {month} 之前还有未关账的月份, 或该月并未关账。",
        "The log of closes has a gap at {month}: a month before it is open, or it was not closed.",
        "恢复缺少的行; 关账从年初起逐月连续。",
        "Restore the missing lines; closed months run unbroken from the year's start.",
    ),
    "close-unit-renamed": Message(
        E,
        "“{name}”关账时的编码是 {unit}, 现在是 {now}: 记录的数字对不上。",
        "“{name}” was {unit} when its months were closed and is {now} now: the record is nobody's.",
        "在组织表恢复编码 {unit}, 或重开已关账的月份。",
        "Give it its code {unit} back on the Organization sheet, or reopen the closed months.",
    ),
    "close-kpi-unknown": Message(
        E,
        "已关账的指标 {kpi} 不在指标表中。",
        "KPI {kpi} has closed months and is not on the KPIs sheet.",
        "在指标表恢复编码 {kpi}, 或重开已关账的月份。",
        "Put the code {kpi} back on the KPIs sheet, or reopen the closed months.",
    ),
    "close-quarter": Message(
        E,
        "“{unit}”指标“{kpi}”手工 {quarter} 为 {whole}, 而已关账与已定的月份合计 {total}。",
        "{quarter} of “{kpi}” for “{unit}” is {whole}, but its recorded and "
        "fixed months come to {total}.",
        "改正季度目标, 或重开其中的月份。",
        "Correct the quarter, or reopen its months.",
    ),
    "actual-after-close": Message(
        W,
        "“{unit}”{month} 的{kpi}关账时为 {recorded}, 现在实绩合计 {now}。",
        "{kpi} of “{unit}” for {month} was {recorded} when the month was closed; its actuals come to {now} now.",
        "月报按现在的实绩, 差额写在“关于本报告”页。数没错就不用改; 不该进这个月的, 改实绩的日期; 记录要改成现在的数, "
        "用 salesplan reopen 重开后再关账。",
        "Reports show the actuals as they are now, and the difference on the page about the report. Nothing to do if "
        "they are right; else correct the day in Actuals, or reopen the month and close it again.",
    ),
    "close-below": Message(
        E,
        "“{unit}”指标“{kpi}”全年 {year}, 而已关账的月份合计 {closed}: 余下的月份成了 {rest}。",
        "“{kpi}” of “{unit}” is {year} for the year, and its closed months come to {closed}: that "
        "leaves {rest} for the open ones.",
        "改正目标或系数, 使全年不少于已关账的合计 (看看是不是按另一种金额单位填的); 或重开这些月份。",
        "Correct the target or the coefficient, so that the year is no less than what is closed (was it typed in "
        "another amount unit?), or reopen the months.",
    ),
    "close-parent-differs": Message(
        E,
        "“{unit}”在关账记录中 {month} 的上级是 {before}, 组织表里是 {after}, 而没有批准的变更: "
        "已关账的月份和以后的月份对不上, 两边的合计都不对。",
        "In the record of {month} “{unit}” is below {before}, on Organization below {after}, and no "
        "approved change says so: closed and open months do not go together, and neither side adds up.",
        "上级编码改回 {before}; 真要调动的, 在变更记录中加一行: 对象 {subject}, 字段 上级编码, 调整前 {before}, 调整后 {after}, 生效月 {since}。",
        "Put {before} back; for a real move add a row on Changes: subject {subject}, field Parent code, "
        "before {before}, after {after}, effective {since}.",
    ),
    "close-latecomer": Message(
        W,
        "“{unit}”{day} 入职, 已关账的月份里没有; 贡献系数按全年计, 所以入职前的一份 ({kpi} {amount}) "
        "从同组其他人的余下月份中扣掉, 无人承担 (未分配)。",
        "“{unit}” joined on {day} and is in no closed month; coefficients are of the whole year, so a part of "
        "before ({kpi} {amount}) is taken from the others' open months, and nobody has it (unassigned).",
        "贡献系数填 0, 并在变更记录中加一行: 对象 {subject}, 字段 贡献系数, 调整前 0, 调整后 应占的比例, 生效月 {since}; "
        "同组其他人的系数填了数的, 也各加一行。",
        "Enter the coefficient 0 and add a row on Changes: subject {subject}, field Coefficient, before 0, after "
        "the share, effective {since}; another row for each of the others whose coefficient is typed.",
    ),
    "close-unit-gone": Message(
        N,
        "“{unit}”已撤: 已关账月份的数字仍计入合计。",
        "“{unit}” is gone; its closed months stay in the sums.",
        "无需处理; 若是改了编码, 恢复原来的编码。",
        "Nothing to do; if its code was changed, give it back.",
    ),
    # the commands
    "close-already": Message(
        E,
        "{month} 已经关账。",
        "{month} is closed already.",
        "要更正时用 salesplan reopen --month {month} --reason 原因。",
        "To correct it, use salesplan reopen --month {month} --reason TEXT.",
    ),
    "close-not-over": Message(
        E,
        "{month} 还没有结束 (数据截至 {day}), 不能关账。",
        "{month} is not over (cut-off {day}) and cannot be closed.",
        "月末之后再关账, 或更新设置的数据截止日。",
        "Close it after its last working day, or set a later data cut-off on the Settings sheet.",
    ),
    "close-no-tables": Message(
        E,
        "“{sheet}”里找不到这些列: {heads}, 没有关账。",
        "Not closed: the sheet “{sheet}” lacks the columns {heads}.",
        "撤销对这张表的改动; 若从未关过账, 删除它, 关账时会重新建立。",
        "Undo what was changed on it; if no month was ever closed, delete it: closing adds it anew.",
    ),
    "close-errors": Message(
        E,
        "{month} 有 {count} 个错误影响数字, 没有关账: {places}。",
        "{month} was not closed: {count:# error touches|# errors touch} its figures: {places}.",
        "先更正 (salesplan check 逐条列出), 或用 --despite-errors 照样关账, 错误数会记录下来。",
        "Correct them first (salesplan check lists them), or close with --despite-errors; their number is recorded.",
    ),
    "close-not-filled": Message(
        E,
        "{month} 没有关账: 目标分解有 {count} 格目标还没有填写。",
        "{month} was not closed: {count:# target|# targets} on the Targets sheet {count:is|are} not filled yet.",
        "先运行 salesplan recalc, 再关账。",
        "Run salesplan recalc first, then close.",
    ),
    "close-as-issued": Message(
        W,
        "{first} 至 {last} 按已填写的目标记账: 有 {count} 格与现在的计划不同, 差额由未关账的月份承担。",
        "{first} to {last} are recorded as filled: {count:# target differs|# targets differ} from the plan as it is now; open months carry the difference.",
        "重新计算以填写未关账的月份; 若这些月份应随计划改变, 用 salesplan undo 撤销关账, 再运行 recalc --past。",
        "Recalculate to fill the open months. If these months should follow the plan instead, take the close back (salesplan undo) and run recalc --past.",
    ),
    "reopen-not-closed": Message(
        E,
        "{month} 没有关账 (已关账至 {last})。",
        "{month} is not closed (closed up to {last}).",
        "选择一个已关账的月份。",
        "Name a month that is closed.",
    ),
    "reopen-none-closed": Message(
        E,
        "还没有关账的月份, 无需重开。",
        "No month is closed, so there is none to reopen.",
        "要关账时, 点“关账”或运行 salesplan close。",
        "To close one, press “Close month” or run salesplan close.",
    ),
    "reopen-no-reason": Message(
        E,
        "重开 {month} 要写原因。",
        "Reopening {month} needs a reason.",
        "用 --reason 写明原因。",
        "Say why with --reason.",
    ),
    "months-not-closed": Message(
        N,
        "已结束满 5 个工作日、还没有关账: {months}。",
        "Over for 5 working days and not closed: {months}.",
        "核对无误后运行 close 关账 (到 {last}): 已下达的目标从此不变, 实绩再有改动会提示。",
        "Once they are final, run close (up to {last}): targets then stay as they are, and changes of actuals are told.",
    ),
    "targets-left": Message(
        W,
        "因这处错误, 已填写的 {count} 行目标 ({kpis}) 未重新计算, 保持原样。",
        "Because of this error, {count:# filled row|# filled rows} of targets ({kpis}) stay as they are.",
        "改正后重新计算。",
        "Correct it, then recalculate.",
    ),
    "targets-column-missing": Message(
        E,
        "工作表“{sheet}”没有“{column}”列, 已填写的 {count} 行目标由它算出。",
        "Sheet “{sheet}” has no column “{column}”, from which {count:# filled row|# filled rows} of targets follow.",
        "把这一列加回来, 或用 salesplan undo 撤销。",
        "Put the column back, or take it back with salesplan undo.",
    ),
    "past-altered": Message(
        E,
        "重新计算会改动 {count} 格已填写的目标, 所属月份 ({months}) 已结束且未关账: {figures}{more:?; 另有 # 组} (+n 表示另有 n 个单元)。没有写入。",
        "This would alter {count:# filled target|# filled targets} of months that are over and not closed ({months}): {figures}{more:?; # more} (+n: n more units). Nothing is written.",
        "这些月份不应再变, 先按已填写的关账 (salesplan close --month {last}), 再重新计算; 确实要改, 用 --past。",
        "To keep these months, close them as they are filled (salesplan close --month {last}), then recalculate; to alter them use --past.",
    ),
    "past-altered-errors": Message(
        E,
        "先改正 {places}。重新计算会改动 {count} 格已填写的目标, 所属月份 ({months}) 已结束且未关账: {figures}{more:?; 另有 # 组} (+n 表示另有 n 个单元)。没有写入。",
        "Correct {places} first. This would alter {count:# filled target|# filled targets} of months that are over and not closed ({months}): {figures}{more:?; # more} (+n: n more units). Nothing is written.",
        "用 salesplan check 逐条查看错误, 改正后重新计算。",
        "List the errors with salesplan check, correct them, then recalculate.",
    ),
    "why-closed": Message(
        N,
        "{first} 至 {last} 已关账; 与记录的差 {value} 分摊到未关账的月份",
        "{first} to {last} are closed; {value} that the record differs by is spread over the open months",
    ),
}

_LOOKING_BACK = {
    "changes-later": Message(
        N,
        "回看 {day}: {count} 项变更在这一天之后才批准, 按当时未生效计: {changes}。",
        "Looking back at {day}: {count:# change was|# changes were} approved later and not in force then: {changes}.",
        "要按现在已批准的变更看这个月, 用 --month, 不用 --asof。",
        "For the month with all changes approved by now, use --month instead of --asof.",
    ),
}

MESSAGES: dict[str, Message] = {
    **_STATES,
    **_REFUSALS,
    **_FIGURES,
    **_CLOSES,
    **_LOOKING_BACK,
}
