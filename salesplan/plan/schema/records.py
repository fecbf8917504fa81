"""Schema of what happened and what was learned: actuals, changes, issues, lessons, checks."""

from __future__ import annotations

from salesplan.plan import model as m
from salesplan.plan.schema.kinds import Column, Kind, Owner, Table

K = Kind
ENGINE = Owner.ENGINE

ACTUALS = Table(
    "actuals", "actuals", "Actuals",
    (
        Column("day", "日期", "Date", K.PERIOD, "发生日期, 或只填月份如 2026-06。", "The day, or only a month such as 2026-06.", ("月份", "month", "日期/月份"), required=True, width=12),
        Column("unit", "组织编码", "Unit", K.CODE, "谁的实绩。", "Whose it is.", ("组织", "unit code"), ref="units", required=True, width=12),
        Column("kpi", "指标", "KPI", K.CODE, "指标编码。", "KPI code.", ("指标编码",), ref="kpis", required=True, width=10),
        Column("product", "产品", "Product", K.TEXT, "产品。", "Product.", width=14),
        Column("region", "区域", "Region", K.TEXT, "区域。", "Region.", width=12),
        Column("customer", "客户", "Customer", K.TEXT, "客户。", "Customer.", ("客户名称",), width=20),
        Column("channel", "渠道", "Channel", K.TEXT, "渠道。", "Channel.", width=12),
        Column("quantity", "数量", "Quantity", K.NUMBER, "销售数量, 量价分析用。", "Units sold, for the price and volume analysis.", ("销量",), width=10),
        Column("value", "金额/数值", "Value", K.NUMBER, "指标的数值; 金额单位同设置。", "The KPI's figure; amounts in the amount unit.", ("金额", "数值", "实绩", "amount"), width=13),
        Column("numerator", "分子", "Numerator", K.NUMBER, "比率指标的分子。", "A rate's numerator.", width=10),
        Column("denominator", "分母", "Denominator", K.NUMBER, "比率指标的分母。", "A rate's denominator.", width=10),
        Column("source", "来源", "Source", K.TEXT, "导入记录的来源编号, 防止重复导入。", "Key of an imported record; keeps imports from doubling.", ("来源编号",), width=18),
    ),
    (), 100,
)

CHANGES = Table(
    "changes", "changes", "Changes",
    (
        Column("code", "编号", "Code", K.CODE, "变更的唯一编号。", "The change's own code.", ("变更编号",), required=True, width=9),
        Column("raised", "提出日", "Raised on", K.DATE, "提出日期。", "When it was raised.", width=12),
        Column("trigger", "触发原因", "Trigger", K.TEXT, "为什么要调整。", "Why the plan should change.", width=24),
        Column("subject", "对象", "Subject", K.TEXT, "任务、预算或组织编码; 目标写 指标/组织编码。", "Code of a task, budget line or unit; for a target: KPI/unit.", width=16),
        Column("field", "字段", "Field", K.TEXT, "要改的列名。", "Name of the column to change.", width=14),
        Column("before", "调整前", "Before", K.TEXT, "现在的值。", "What it is now.", width=14),
        Column("after", "调整后", "After", K.TEXT, "新的值。", "What it becomes.", width=14),
        Column("effective", "生效月", "Effective from", K.MONTH, "从哪个月起。", "From which month.", width=12),
        Column("applicant", "申请人", "Applicant", K.TEXT, "谁申请。", "Who asks.", width=12),
        Column("approver", "审批人", "Approver", K.TEXT, "谁批准。", "Who approves.", width=12),
        Column("status", "审批状态", "Approval", K.CHOICE, "待批、批准、驳回。", "Pending, approved, rejected.", choices=m.Approval, width=10),
        Column("approved", "审批日", "Approved on", K.DATE, "批准日期。", "When it was approved.", width=12),
        Column("notify", "同步对象", "Notify", K.CODES, "通知哪些单元, 用逗号分开。", "Which units are told; separated by commas.", width=18),
        Column("in_force", "是否生效", "In force", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=18),
    ),
    ("code",), 15,
)

ISSUES = Table(
    "issues", "issues", "Issues",
    (
        Column("code", "编号", "Code", K.CODE, "由引擎按对象和现象给出。", "Given by the engine from subject and symptom.", ("问题编号",), owner=ENGINE, width=20),
        Column("first_month", "首现月份", "First seen", K.MONTH, "计算列。", "Engine.", owner=ENGINE, width=11),
        Column("months", "连续月数", "Months running", K.INTEGER, "计算列。", "Engine.", owner=ENGINE, width=10),
        Column("subject", "对象", "Subject", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=18),
        Column("symptom", "现象", "Symptom", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=30),
        Column("value", "数值", "Figure", K.TEXT, "计算列。", "Engine.", owner=ENGINE, width=12),
        Column("grade", "级别", "Grade", K.CHOICE, "计算列。", "Engine.", owner=ENGINE, choices=m.Light, width=8),
        Column("cause", "原因", "Cause", K.TEXT, "为什么会这样。", "Why it is so.", width=28),
        Column("remedy", "改进措施", "Remedy", K.TEXT, "怎样改进。", "What will be done.", width=28),
        Column("owner", "责任人", "Owner", K.CODE, "谁负责。", "Who sees to it.", ref="units", width=12),
        Column("due", "期限", "Due", K.DATE, "何时完成。", "By when.", width=12),
        Column("status", "状态", "Status", K.CHOICE, "未处理、处理中、已关闭。", "Open, in progress, closed.", choices=m.IssueStatus, width=10),
        Column("remark", "说明", "Remark", K.TEXT, "补充说明。", "Anything else.", ("备注",), width=24),
    ),
    ("code",), 20,
)

LESSONS = Table(
    "lessons", "lessons", "Lessons",
    (
        Column("period", "期间", "Period", K.TEXT, "如 2026-Q2。", "Such as 2026-Q2.", width=11),
        Column("topic", "主题", "Topic", K.TEXT, "复盘主题。", "What was reviewed.", required=True, width=22),
        Column("went_well", "做得好的", "Went well", K.TEXT, "做得好的地方。", "What went well.", width=30),
        Column("to_improve", "待改进", "To improve", K.TEXT, "要改进的地方。", "What should be better.", width=30),
        Column("lesson", "经验", "Lesson", K.TEXT, "学到了什么。", "What was learned.", width=30),
        Column("practice", "可复用做法", "Practice to keep", K.TEXT, "下次照做的方法。", "What to do again.", width=30),
        Column("tags", "标签", "Tags", K.TEXT, "便于查找。", "For finding it again.", width=16),
    ),
    (), 12,
)

CHECKS = Table(
    "checks", "checks", "Checks",
    (
        Column("severity", "级别", "Severity", K.TEXT, "错误、警告或提示。", "Error, warning or note.", owner=ENGINE, width=9),
        Column("code", "代码", "Code", K.TEXT, "问题代码。", "Code of the finding.", owner=ENGINE, width=24),
        Column("place", "位置", "Place", K.LINK, "点击跳转到单元格。", "Click to go to the cell.", owner=ENGINE, width=20),
        Column("problem", "问题", "Problem", K.TEXT, "哪里不对。", "What is wrong.", owner=ENGINE, width=60),
        Column("fix", "建议", "Fix", K.TEXT, "怎样改。", "What to do.", owner=ENGINE, width=50),
    ),
    (), 20,
)

TABLES = (ACTUALS, CHANGES, ISSUES, LESSONS, CHECKS)
