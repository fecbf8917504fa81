"""Schema of step 4: budget, its caps, spending, and draws on the reserve."""

from __future__ import annotations

from salesplan.plan import model as m
from salesplan.plan.schema.choices import CATEGORIES
from salesplan.plan.schema.kinds import Column, Kind, Owner, Table

K = Kind
ENGINE = Owner.ENGINE

BUDGET = Table(
    "budget", "budget", "Budget",
    (
        Column("code", "预算编号", "Budget", K.CODE, "预算行的唯一编号。", "The line's own code.", ("budget code", "编号"), required=True, width=10),
        Column("category", "类别", "Category", K.TEXT, "预算分配表中的类别。", "A category of the budget caps.", ("预算类别",), suggest=CATEGORIES, required=True, width=13),
        Column("region", "区域", "Region", K.TEXT, "预算分配表中的区域。", "A region of the budget caps.", width=12),
        Column("task", "任务编号", "Task", K.CODE, "为哪项任务。", "For which task.", ref="tasks", width=10),
        Column("priority", "优先级", "Priority", K.INTEGER, "1 最高。", "1 is the highest.", width=8),
        Column("must_have", "必保", "Must have", K.FLAG, "是: 最先批准。", "Yes: granted first.", width=8),
        Column("requested", "申请额", "Requested", K.AMOUNT, "申请的金额。", "The amount asked for.", ("申请金额",), width=12),
        Column("least", "最小可用额", "Least usable", K.AMOUNT, "部分批准时至少要有的金额; 空白则全有或全无。", "The least that is of use; blank: all or nothing.", width=12),
        Column("expected_return", "预期产出", "Expected return", K.AMOUNT, "预期带来的收入或毛利。", "Revenue or margin expected from it.", width=12),
        Column("manual_grant", "手工批准额", "Manual grant", K.AMOUNT, "填写后照此批准。", "Granted as typed.", width=12),
        Column("roi", "投入产出比", "ROI", K.NUMBER, "计算列: 预期产出 ÷ 申请额。", "Engine: expected return ÷ amount requested.", owner=ENGINE, width=11),
        Column("granted", "批准额", "Granted", K.AMOUNT, "计算列。", "Engine.", owner=ENGINE, width=12),
        Column("grant_reason", "批准说明", "Reason", K.TEXT, "计算列: 为什么批准这么多。", "Engine: why that much.", owner=ENGINE, width=30),
        Column("committed", "已占用", "Committed", K.AMOUNT, "计算列: 费用表中的占用。", "Engine: commitments on the spending sheet.", owner=ENGINE, width=12),
        Column("spent", "已支出", "Spent", K.AMOUNT, "计算列: 费用表中的支出。", "Engine: payments on the spending sheet.", owner=ENGINE, width=12),
        Column("available", "可用余额", "Available", K.AMOUNT, "计算列: 批准 + 调整 − 占用 − 支出。", "Engine: granted + adjusted − committed − spent.", owner=ENGINE, width=12),
        Column("execution_rate", "执行率", "Use", K.PERCENT, "计算列: (占用 + 支出) ÷ 批准。", "Engine: (committed + spent) ÷ granted.", owner=ENGINE, width=9),
        Column("actual_return", "实际产出", "Actual return", K.AMOUNT, "计算列: 关联任务带来的指标实绩, 如可归因。", "Engine: what the linked task's KPI brought, where it can be told.", owner=ENGINE, width=12),
        Column("actual_roi", "实际投入产出比", "Actual ROI", K.NUMBER, "计算列: 实际产出 ÷ 已支出。", "Engine: actual return ÷ spent.", owner=ENGINE, width=13),
        Column("status", "状态", "Status", K.CHOICE, "计算列: 正常、预警、超支。", "Engine: normal, warning, overspent.", owner=ENGINE, choices=m.BudgetStatus, width=10),
    ),
    ("code",), 30,
)

CATEGORY_SHARES = Table(
    "category_shares", "caps", "CategoryShares",
    (
        Column("name", "类别", "Category", K.TEXT, "预算类别。", "Budget category.", ("预算类别",), required=True, suggest=CATEGORIES, width=16),
        Column("share", "类别占比", "Category share", K.PERCENT, "占预算总额的比例, 合计 100%。", "Share of the total budget; they add up to 100 %.", ("占比", "share"), required=True, width=12),
    ),
    ("name",), 6,
)

REGION_SHARES = Table(
    "region_shares", "caps", "RegionShares",
    (
        Column("name", "区域", "Region", K.TEXT, "预算区域。", "Budget region.", required=True, width=16),
        Column("share", "区域占比", "Region share", K.PERCENT, "占预算总额的比例, 合计 100%。", "Share of the total budget; they add up to 100 %.", ("占比", "share"), required=True, width=12),
    ),
    ("name",), 6,
)

CAPS = Table(
    "caps", "caps", "BudgetCaps",
    (
        Column("category", "上限类别", "Cap category", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=16),
        Column("region", "上限区域", "Cap region", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=16),
        Column("cap", "上限", "Cap", K.AMOUNT, "计算列: 总额 × 类别占比 × 区域占比, 两个方向合计都准确。", "Engine: total × both shares, exact on both margins.", owner=ENGINE, width=12),
        Column("granted", "已批准", "Granted", K.AMOUNT, "计算列。", "Engine.", owner=ENGINE, width=12),
        Column("left", "余额", "Left", K.AMOUNT, "计算列: 上限 − 已批准。", "Engine: cap − granted.", owner=ENGINE, width=12),
    ),
    ("category", "region"), 12,
)

SPENDING = Table(
    "spending", "spending", "Spending",
    (
        Column("day", "日期", "Date", K.DATE, "发生日期。", "The day.", required=True, width=12),
        Column("budget", "预算编号", "Budget", K.CODE, "从哪笔预算出。", "Which budget line pays.", ref="budget", required=True, width=10),
        Column("kind", "类型", "Kind", K.CHOICE, "占用(已签未付) 或 支出(已付)。", "Committed (signed, not paid) or spent (paid).", choices=m.SpendKind, required=True, width=10),
        Column("amount", "金额", "Amount", K.AMOUNT, "占用转支出时, 先以负数冲销占用。", "When a commitment is paid, reverse it with a negative amount.", required=True, width=12),
        Column("voucher", "凭证", "Voucher", K.TEXT, "凭证号。", "Voucher number.", ("凭证号",), width=16),
    ),
    (), 40,
)

DRAWS = Table(
    "draws", "draws", "ReserveDraws",
    (
        Column("day", "日期", "Date", K.DATE, "申请日期。", "The day.", required=True, width=12),
        Column("reason", "事由", "Reason", K.TEXT, "为什么动用。", "What for.", required=True, width=34),
        Column("amount", "金额", "Amount", K.AMOUNT, "动用金额。", "The amount.", required=True, width=12),
        Column("applicant", "申请人", "Applicant", K.TEXT, "谁申请。", "Who asks.", width=12),
        Column("approver", "审批人", "Approver", K.TEXT, "谁批准。", "Who approves.", width=12),
        Column("status", "状态", "Status", K.CHOICE, "待批、批准、驳回。", "Pending, approved, rejected.", ("审批状态",), choices=m.Approval, width=10),
        Column("balance", "余额", "Balance", K.AMOUNT, "计算列: 批准后的储备余额。", "Engine: the reserve left after it.", owner=ENGINE, width=12),
    ),
    (), 12,
)

TABLES = (BUDGET, CATEGORY_SHARES, REGION_SHARES, CAPS, SPENDING, DRAWS)
