"""Messages of changes in the course of the year: whether they are in force, and what they made of the targets."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

_STATES = {
    "adjust-in-force": Message(N, "● 生效, 自 {month} 起", "● In force from {month}"),
    "adjust-backdated": Message(
        N,
        "● 生效, 自批准当月 {month} 起; 之前的月份不变",
        "● In force from {month}, the month of its approval; earlier months stay",
    ),
    "adjust-scheduled": Message(
        N, "▲ 已批准, 自 {month} 起生效", "▲ Approved, in force from {month}"
    ),
    "adjust-pending": Message(N, "▲ 未生效: 待批", "▲ Not in force: not approved yet"),
    "adjust-rejected": Message(N, "■ 未生效: 驳回", "■ Not in force: rejected"),
    "adjust-unreadable": Message(
        N,
        "■ 未生效: 对象、字段或数值不清楚",
        "■ Not in force: subject, field or values are not clear",
    ),
    "adjust-no-approver": Message(N, "■ 未生效: 没有审批人", "■ Not in force: no approver"),
    "adjust-not-approver": Message(
        N, "■ 未生效: 审批人无权批准", "■ Not in force: the approver may not approve"
    ),
    "adjust-no-day": Message(N, "■ 未生效: 没有审批日", "■ Not in force: no day of approval"),
    "adjust-no-month": Message(N, "■ 未生效: 没有生效月", "■ Not in force: no effective month"),
    "adjust-outside-year": Message(
        N, "■ 未生效: 不在计划年度内", "■ Not in force: outside the plan year"
    ),
    "adjust-elsewhere": Message(
        N,
        "▲ 与其他单元有关, 详情见全公司报告",
        "▲ Concerns other units, too: see the company's report",
    ),
    "adjust-no-company": Message(
        N, "■ 未生效: 组织表有误", "■ Not in force: the organization has an error"
    ),
}

_REFUSALS = {
    "change-before-blank": Message(
        E,
        "变更 {change}({subject}, {field})没有填调整前, 计划中是 {plan}, 不生效。",
        "Change {change} ({subject}, {field}) does not say what it was before; the plan says {plan}. It has no effect.",
        "在调整前填 {plan}, 以便核对批准的是不是现在的计划。",
        "Enter {plan} under “Before”, so that it is known which plan was approved.",
    ),
    "change-conflict": Message(
        E,
        "变更 {change}({subject}, {field})的调整前是 {before}, 但计划中是 {plan}, 不生效。",
        "Change {change} ({subject}, {field}) says {before} before, but the plan says {plan}; it has no effect.",
        "核对调整前。原表保留原计划的值, 变更由引擎叠加, 请勿在原表直接改成调整后的值。",
        "Check the value before. The sheets keep the plan as it was set and changes are laid over it: do not type the new value there.",
    ),
    "change-target-unknown": Message(
        E,
        "变更 {change}: 计划中没有算出“{subject}”的目标, 无从调整, 不生效。",
        "Change {change}: the plan has no target for {subject} that could be changed; it has no effect.",
        "先改正指标、组织和目标分解表中的错误; 没有错误时, 核对对象和指标的适用层级。",
        "First correct the errors of the KPIs, Organization and Targets sheets; if there are none, check the subject and the levels that the KPI applies to.",
    ),
    "change-cut-below-use": Message(
        E,
        "变更 {change} 把 {line} 减到 {after}, 低于已占用和已支出的 {used}, 不生效。",
        "Change {change} cuts {line} to {after}, below the {used} that is committed and spent; it has no effect.",
        "调整后不得低于已占用与已支出之和。",
        "Leave at least what is committed and spent.",
    ),
    "change-not-multiple": Message(
        E,
        "变更 {change}: {value} 不是“{kpi}”最小单位 {smallest} 的整数倍, 不生效。",
        "Change {change}: {value} is not a multiple of the smallest unit {smallest} of “{kpi}”; it has no effect.",
        "调整该数值。",
        "Change the value.",
    ),
    "change-month-closed": Message(
        E,
        "变更 {change}: {month} 在变更生效({since})之前已经结束, 不生效。",
        "Change {change}: {month} was over before the change holds ({since}); it has no effect.",
        "改为生效月或之后的月份。",
        "Choose a month from then on.",
    ),
    "change-no-month-open": Message(
        E,
        "变更 {change}: “{kpi}”已没有未固定的月份, 各月合计 {months}, 与公司年度目标 {year} 不符, 不生效。",
        "Change {change}: no month of “{kpi}” is open any more, and they come to {months}, not to the company's {year} of the year; it has no effect.",
        "先在更靠前的一行以同一生效月调整公司年度目标, 或留一个月不固定。",
        "Change the company's year in a row above, from the same month on, or leave one month open.",
    ),
    "change-below-closed": Message(
        E,
        "变更 {change}: 年度 {after} 小于 {since} 之前各月已有的目标 {closed}, 不生效。",
        "Change {change}: the year's {after} is less than the {closed} that the months before {since} hold; it has no effect.",
        "之前的月份保持不变; 调整后至少为 {closed}。",
        "Those months stay as they are: make it at least {closed}.",
    ),
    "change-target-locked": Message(
        E,
        "变更 {change} 会改变“{unit}”已锁定的“{kpi}”目标, 不生效。",
        "Change {change} would alter the locked target of “{unit}”, “{kpi}”; it has no effect.",
        "在目标分解表解除该单元的锁定, 或撤回此变更。",
        "Lift that unit's lock on the Targets sheet, or withdraw the change.",
    ),
    "change-parent-impossible": Message(
        E,
        "变更 {change}: {unit} 不能放在 {parent} 之下, 不生效。",
        "Change {change}: {unit} cannot be placed below {parent}; it has no effect.",
        "调整后填写另一个上级的编码, 不能是自己或自己的下级。",
        "Name another unit to be above it, not itself or one below it.",
    ),
    "change-coefficient-moved": Message(
        E,
        "变更 {change}: “{unit}”所在的组在调动或移交之后按现有目标分摊, 系数不再起作用, 不生效。",
        "Change {change}: since a transfer or hand-over the siblings of “{unit}” share by what they have, and coefficients decide nothing; it has no effect.",
        "字段改为基准年度目标, 对象写“指标/组织编码”。",
        "Change the base year target instead, with KPI/unit as the subject.",
    ),
    "change-handover-nobody": Message(
        E,
        "变更 {change}: “{unit}”不能移交或接收“{kpi}”的目标, 不生效。",
        "Change {change}: “{unit}” can neither give nor take targets of “{kpi}”; it has no effect.",
        "移出和移入单元都要有该指标的目标, 且互不为上下级。",
        "Both need a target of this KPI, and neither may be above the other.",
    ),
    "change-handover-too-much": Message(
        E,
        "变更 {change}: 移交 {amount} 超过 {unit} 生效后各月的目标 {most}, 不生效。",
        "Change {change}: {amount} is more than the {most} that the open months of {unit} hold; it has no effect.",
        "减少移交额。",
        "Hand over less.",
    ),
    "change-not-synchronised": Message(
        W,
        "变更 {change} 涉及 {units}, 但同步对象中没有。",
        "Change {change} concerns {units}, who are not among those to be told.",
        "在同步对象中补上。",
        "Add them to those to be told.",
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
        "change {changes} from {month}: months divided anew, the year stays {after}",
    ),
    "why-transfer": Message(
        N,
        "自 {month} 起由“{giver}”调到“{taker}”, 目标随之转移",
        "from {month} on no longer below “{giver}” but “{taker}”, with its target",
    ),
    "why-hedges": Message(
        N,
        "基准 {base} 加成 {hedges}, 下达 {value}",
        "base {base} with hedge {hedges}: issued {value}",
    ),
    "why-month-change": Message(
        N,
        "变更 {changes} 自 {month} 起: 该月 {before} → {after}",
        "change {changes} from {month}: this month {before} → {after}",
    ),
}

MESSAGES: dict[str, Message] = {**_STATES, **_REFUSALS, **_FIGURES}
