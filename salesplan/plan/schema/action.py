"""Schema of steps 2, 3 and 5: situation, strategies, action plan, daily and weekly rhythm."""

from __future__ import annotations

from salesplan.plan import model as m
from salesplan.plan.schema.choices import CAUSES, DIMENSIONS
from salesplan.plan.schema.kinds import Column, Kind, Owner, Table

K = Kind
ENGINE = Owner.ENGINE

SITUATION = Table(
    "situation", "situation", "Situation",
    (
        Column("framework", "框架", "Framework", K.CHOICE, "资源、PEST、五力 或 SWOT。", "Resources, PEST, five forces or SWOT.", choices=m.Framework, required=True, width=12),
        Column("category", "类别", "Category", K.TEXT, "如 优势、劣势、机会、威胁、政治、供应商。", "Such as strength, weakness, opportunity, threat, political, suppliers.", width=14),
        Column("content", "内容", "Content", K.TEXT, "看到了什么。", "What was found.", required=True, width=44),
        Column("evidence", "依据", "Evidence", K.TEXT, "数据或来源。", "Figures or source.", width=26),
        Column("impact", "影响", "Impact", K.CHOICE, "高、中、低。", "High, medium, low.", choices=m.Impact, width=8),
        Column("response", "应对策略", "Response", K.CHOICE, "SO、WO、ST 或 WT。", "SO, WO, ST or WT.", ("策略类型",), choices=m.SwotStrategy, width=10),
        Column("strategy", "策略编号", "Strategy", K.CODE, "由哪条策略落实。", "Which strategy takes it up.", ref="strategies", width=10),
        Column("covered", "是否落地", "Taken up", K.TEXT, "计算列: 有策略且有任务为是。", "Engine: yes where a strategy with tasks takes it up.", owner=ENGINE, width=18),
    ),
    (), 20,
)

STRATEGIES = Table(
    "strategies", "strategies", "Strategies",
    (
        Column("code", "编号", "Code", K.CODE, "策略的唯一编号。", "The strategy's own code.", ("策略编号", "strategy code"), required=True, width=8),
        Column("dimension", "维度", "Dimension", K.TEXT, "客户、产品、渠道 或 资源。", "Customer, product, channel or resources.", suggest=DIMENSIONS, width=10),
        Column("content", "内容", "Content", K.TEXT, "策略内容。", "What the strategy is.", ("策略内容",), required=True, width=44),
        Column("kpi", "关联指标", "Linked KPI", K.CODE, "用哪个指标衡量。", "Which KPI measures it.", ref="kpis", width=10),
        Column("target_share", "目标占比", "Target share", K.PERCENT, "筛选范围应占该指标的比例, 如 A 产品占 60%。", "The share of that KPI its filter should make, such as 60 % from product A.", width=10),
        Column("product", "产品", "Product", K.TEXT, "筛选: 只算此产品。", "Filter: this product only.", width=12),
        Column("region", "区域", "Region", K.TEXT, "筛选: 只算此区域。", "Filter: this region only.", width=12),
        Column("channel", "渠道", "Channel", K.TEXT, "筛选: 只算此渠道。", "Filter: this channel only.", width=12),
        Column("customer_type", "客户类型", "Customer type", K.TEXT, "筛选: 只算此客户或客户类型。", "Filter: this customer or type of customer only.", ("客户",), width=14),
        Column("budget_share", "预算占比", "Budget share", K.PERCENT, "计划投入的预算比例。", "The planned share of the budget.", width=10),
        Column("task_rate", "任务加权完成率", "Weighted task completion", K.PERCENT, "计算列。", "Engine.", owner=ENGINE, width=14),
        Column("kpi_rate", "关联指标完成率", "Linked KPI completion", K.PERCENT, "计算列: 年初至今。", "Engine: year to date.", owner=ENGINE, width=14),
        Column("actual_share", "实际占比", "Actual share", K.PERCENT, "计算列: 年初至今。", "Engine: year to date.", owner=ENGINE, width=10),
        Column("verdict", "评估", "Assessment", K.TEXT, "计算列: 做了有效、做了没效、没做但达成、没做没达。", "Engine: done and effective, done without effect, not done yet reached, neither.", owner=ENGINE, width=24),
    ),
    ("code",), 12,
)

ACTIONS = Table(
    "tasks", "actions", "ActionPlan",
    (
        Column("code", "任务编号", "Task", K.CODE, "任务的唯一编号。", "The task's own code.", ("task code", "编号"), required=True, width=10),
        Column("strategy", "策略编号", "Strategy", K.CODE, "属于哪条策略。", "Which strategy it serves.", ref="strategies", width=9),
        Column("content", "任务内容", "Content", K.TEXT, "要做什么。", "What is to be done.", ("任务", "内容"), required=True, width=34),
        Column("owner", "负责人", "Owner", K.CODE, "组织表中的编码或名称。", "Code or name as on the organisation sheet.", ("责任人",), ref="units", width=12),
        Column("partners", "协作部门", "Partners", K.TEXT, "需要谁配合。", "Whose help is needed.", width=12),
        Column("support", "协作类型", "Support", K.CHOICE, "跨部门 或 技术支持, 决定提报天数。", "Cross-department or technical support: decides the notice needed.", choices=m.SupportKind, width=11),
        Column("priority", "优先级", "Priority", K.INTEGER, "1 最高。", "1 is the highest.", width=8),
        Column("weight", "权重", "Weight", K.NUMBER, "在加权完成率中的权重; 空白为 1。", "Weight in the weighted completion; blank: 1.", width=8),
        Column("start", "开始日", "Start", K.DATE, "开始日期。", "First day.", ("开始日期",), width=12),
        Column("due", "时间节点", "Due", K.DATE, "完成期限。", "Day by which it is done.", ("截止日", "完成时间"), width=12),
        Column("deliverable", "交付成果", "Deliverable", K.TEXT, "可检验的成果。", "What can be checked.", width=24),
        Column("deliverable_target", "交付目标值", "Deliverable target", K.NUMBER, "成果可计数时填写, 如 50。", "Where the result can be counted, such as 50.", ("目标值",), width=11),
        Column("deliverable_actual", "交付实际值", "Deliverable actual", K.NUMBER, "目前完成的数量; 与目标值一起决定完成%。", "How much is there now; with the target it decides the progress.", ("实际值",), width=11),
        Column("deliverable_unit", "单位", "Unit", K.TEXT, "如 家、条、%。", "Such as companies, leads, %.", width=8),
        Column("progress", "完成%", "Progress %", K.PERCENT, "成果不可计数时填写。", "Where the result cannot be counted.", ("完成率", "进度"), width=9),
        Column("resources", "所需资源", "Resources", K.TEXT, "需要的资源。", "What it needs.", width=22),
        Column("requested", "提报日", "Requested on", K.DATE, "向协作方提出需求的日期。", "When the help was asked for.", width=12),
        Column("budget", "预算编号", "Budget", K.CODE, "用哪笔预算。", "Which budget line pays.", ref="budget", width=10),
        Column("kpi", "关联指标", "Linked KPI", K.CODE, "影响哪个指标。", "Which KPI it moves.", ref="kpis", width=10),
        Column("finished", "实际完成日", "Finished", K.DATE, "完成的日期。", "The day it was done.", ("完成日",), width=12),
        Column("state", "暂停/取消", "Paused or cancelled", K.CHOICE, "任务暂停或取消时填写, 其余留空。", "Only where the task is paused or cancelled.", ("任务状态",), choices=m.TaskStatus, width=10),
        Column("cause", "未完成原因", "Cause", K.TEXT, "为什么没完成。", "Why it is not done.", ("原因",), suggest=CAUSES, width=16),
        Column("remedy", "改进措施", "Remedy", K.TEXT, "怎样补救。", "What will be done about it.", width=24),
        Column("status", "状态", "Status", K.CHOICE, "计算列。", "Engine.", owner=ENGINE, choices=m.TaskStatus, width=13),
        Column("expected", "应完成%", "Expected %", K.PERCENT, "计算列: 按工作日应完成的比例。", "Engine: what should be done by now, by working days.", owner=ENGINE, width=10),
        Column("index", "执行指数", "Execution index", K.PERCENT, "计算列: 完成% ÷ 应完成%。", "Engine: progress ÷ expected.", owner=ENGINE, width=10),
        Column("overdue_days", "逾期工作日", "Working days overdue", K.INTEGER, "计算列。", "Engine.", owner=ENGINE, width=11),
        Column("notice", "提报检查", "Notice check", K.TEXT, "计算列: 协作需求是否提前提报。", "Engine: whether help was asked for in time.", owner=ENGINE, width=18),
        Column("light", "灯", "Light", K.CHOICE, "计算列。", "Engine.", owner=ENGINE, choices=m.Light, width=8),
    ),
    ("code",), 30,
)

DAILY = Table(
    "daily", "daily", "Daily",
    (
        Column("day", "日期", "Date", K.DATE, "站会日期。", "Day of the stand-up.", required=True, width=12),
        Column("person", "人员", "Person", K.CODE, "组织编码或姓名。", "Code or name.", ("姓名",), ref="units", required=True, width=12),
        Column("done", "昨日完成", "Done", K.TEXT, "昨天完成了什么。", "What was done yesterday.", width=34),
        Column("today", "今日计划", "Planned", K.TEXT, "今天做什么。", "What is planned today.", width=34),
        Column("support", "需支持", "Support needed", K.TEXT, "需要谁的什么支持。", "What help is needed from whom.", width=30),
    ),
    ("day", "person"), 30,
)

WEEKLY = Table(
    "weekly", "weekly", "WeeklyReview",
    (
        Column("friday", "周", "Week (Friday)", K.DATE, "该周周五的日期; 本周到期任务的行由引擎补上。", "The Friday of the week; rows of the tasks due are added by the engine.", ("周五", "week"), required=True, width=12),
        Column("task", "任务编号", "Task", K.CODE, "任务编号。", "Task code.", ref="tasks", required=True, width=10),
        Column("planned", "计划%", "Planned %", K.PERCENT, "本周末应完成的比例。", "What should be done by the week's end.", width=9),
        Column("actual", "实际%", "Actual %", K.PERCENT, "本周末实际完成的比例。", "What is done by the week's end.", width=9),
        Column("cause", "未完成原因", "Cause", K.TEXT, "从列表中选择。", "Choose from the list.", suggest=CAUSES, width=16),
        Column("remedy", "下周改进措施", "Remedy next week", K.TEXT, "下周怎样改进。", "What will be done next week.", ("改进措施",), width=28),
        Column("owner", "责任人", "Owner", K.CODE, "谁负责改进。", "Who sees to it.", ref="units", width=12),
        Column("due", "期限", "Due", K.DATE, "改进的期限。", "By when.", width=12),
        Column("rate", "完成率", "Completion", K.PERCENT, "计算列: 实际% ÷ 计划%。", "Engine: actual ÷ planned.", owner=ENGINE, width=9),
        Column("needs", "站会需支持", "Asked for in stand-ups", K.TEXT, "计算列: 任务负责人本周在站会提出的支持需求。", "Engine: support that the task's owner asked for in the week's stand-ups.", owner=ENGINE, width=26),
    ),
    ("friday", "task"), 30,
)

TABLES = (SITUATION, STRATEGIES, ACTIONS, DAILY, WEEKLY)
