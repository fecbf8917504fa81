"""Schema of steps 1 and 3's ground: settings, organisation, KPIs, seasonality, targets, calendar."""

from __future__ import annotations

from salesplan.plan import model as m
from salesplan.plan.schema.kinds import Column, Kind, Owner, Setting, Table

K = Kind
ENGINE = Owner.ENGINE

SETTINGS = (
    Setting("year", "计划年度", "Plan year", K.INTEGER, "计划所属财年的起始年份。", "The year in which the plan's fiscal year starts.", ("年度", "year"), required=True),
    Setting("fiscal_start", "财年起始月", "Fiscal year starts in month", K.INTEGER, "1 至 12; 空白为 1 月。", "1 to 12; blank means January.", ("fiscal start",), default=1),
    Setting("month", "报告月份", "Report month", K.MONTH, "如 2026-06; 空白时取数据截止日所在月。", "Such as 2026-06; blank: the month of the data cut-off.", ("report month",)),
    Setting("as_of", "数据截止日", "Data cut-off", K.DATE, "实绩统计到这一天(含)。空白时取实绩中的最后日期。", "Actuals count up to and including this day. Blank: the last date in the actuals.", ("截止日", "as of", "cut-off")),
    Setting("currency", "币种", "Currency", K.TEXT, "如 CNY。", "Such as CNY.", default="CNY"),
    Setting("amount_unit", "金额单位", "Amount unit", K.CHOICE, "全部金额的单位: 元 或 万元, 不可混用。", "The unit of every amount in the workbook; never mixed.", ("amounts in",), choices=m.AmountUnit, default=m.AmountUnit.WAN),
    Setting("budget_total", "预算总额", "Total budget", K.AMOUNT, "全年预算总额, 单位同金额单位。", "The year's whole budget, in the amount unit.", ("budget",)),
    Setting("reserve_share", "储备比例", "Reserve share", K.PERCENT, "应急储备占预算总额的比例; 空白时取预算分配中的应急储备。", "The reserve's share of the budget; blank: as in the budget caps.", ("reserve",)),
    Setting("green", "绿灯", "Green from", K.PERCENT, "完成率达到此值为绿灯, 默认 100%。", "Completion rate from which the light is green; 100 % by default.", ("green",), default=1),
    Setting("yellow", "黄灯", "Yellow from", K.PERCENT, "完成率达到此值为黄灯, 默认 90%。", "Completion rate from which the light is yellow; 90 % by default.", ("yellow",), default=0.9),
    Setting("gap_green", "进度绿灯", "Gap green from", K.PERCENT, "月未结时按进度差亮灯: 达到此值为绿灯, 默认 -5%(落后 5 个百分点)。", "In a running month the progress gap decides: green from this on; -5 % (5 points behind) by default.", ("进度差绿灯", "gap green"), default=-0.05),
    Setting("gap_yellow", "进度黄灯", "Gap yellow from", K.PERCENT, "进度差达到此值为黄灯, 再低为红灯, 默认 -10%(落后 10 个百分点)。", "Progress gap from which the light is yellow, below it red; -10 % (10 points behind) by default.", ("进度差黄灯", "gap yellow"), default=-0.1),
    Setting("explain_range", "说明区间", "Explain outside", K.PERCENTS, "完成率在此区间之外须说明原因, 如 90%-110%。", "Outside this range of completion rates a reason is asked for, such as 90%-110%.", default="90%-110%"),
    Setting("score_cap", "得分上限", "Score cap", K.PERCENT, "单项得分封顶, 默认 120%。", "No KPI scores above this; 120 % by default.", ("cap",), default=1.2),
    Setting("cross_department_days", "跨部门提报天数", "Cross-department notice (working days)", K.INTEGER, "跨部门协作须提前的工作日, 默认 3。", "Working days of notice for another department's help; 3 by default.", default=3),
    Setting("technical_days", "技术支持提报天数", "Technical support notice (working days)", K.INTEGER, "技术支持须提前的工作日, 默认 2。", "Working days of notice for technical support; 2 by default.", default=2),
    Setting("approvers", "审批人", "Approvers", K.CODES, "有权批准变更与储备金的人, 用顿号或逗号分开。", "Who may approve changes and reserve draws; separated by commas.", ("approver",)),
    Setting("mail_domains", "邮箱域名白名单", "Allowed mail domains", K.CODES, "报告只发往这些域名, 用逗号分开。", "Reports are mailed to these domains only; separated by commas.", ("mail domains",)),
    Setting("company_totals", "分发报告含公司合计", "Company totals in unit reports", K.FLAG, "是: 各单元的报告另附公司合计; 默认 否。", "Yes: a unit's own report also shows the company's totals; No by default.", ("company totals",), suggest=(("是", "Yes"), ("否", "No")), default=False),
    Setting("lang", "语言", "Language", K.TEXT, "报告与说明的语言: zh 或 en。", "The language of reports and messages: zh or en.", ("language",), suggest=(("zh", "zh"), ("en", "en"))),
    Setting("country", "国家", "Country", K.TEXT, "工作日历所用国家代码, 默认 CN。", "Country code of the working calendar; CN by default.", ("calendar country",), default="CN"),
    Setting("detail_limit", "明细行上限", "Detail rows at most", K.INTEGER, "报告中明细行数的上限, 默认 100000; 超出时每个单元列最大的若干行, 其余合为一行。", "Rows behind the numbers that a report shows at most; 100,000 by default. Beyond it the largest of each unit are shown and the others as one line.", ("detail limit",), default=100_000),
    Setting("template_version", "模板版本", "Template version", K.TEXT, "由模板写入, 请勿修改。", "Written by the template; leave as it is.", ("template",)),
)

SETTINGS_TABLE = Table(
    "settings", "settings", "Settings",
    (
        Column("name", "项目", "Setting", K.TEXT, "设置项名称。", "Name of the setting.", ("设置项", "参数", "item"), required=True, width=24),
        Column("value", "值", "Value", K.VALUE, "在此填写。", "Fill in here.", ("内容", "设定值"), width=22),
        Column("note", "说明", "Note", K.TEXT, "设置项的含义。", "What the setting means.", ("备注", "remark"), width=60),
    ),
    ("name",), 0,
)

ORGANIZATION = Table(
    "units", "organization", "Organization",
    (
        Column("code", "编码", "Code", K.CODE, "组织单元的唯一编码, 其他表用它引用。", "The unit's own code; other sheets refer to it.", ("组织编码", "unit code", "unit"), required=True, width=12),
        Column("name", "名称", "Name", K.TEXT, "显示用的名称。", "The name people read.", ("姓名", "组织名称"), required=True, width=18),
        Column("level", "层级", "Level", K.CHOICE, "公司、团队、部门或个人。", "Company, team, department or person.", choices=m.Level, required=True, width=10),
        Column("parent", "上级编码", "Parent code", K.CODE, "上一级单元的编码; 公司留空。", "Code of the unit above; blank for the company.", ("上级", "parent"), ref="units", width=12),
        Column("manager", "负责人", "Manager", K.TEXT, "单元负责人的姓名或编码。", "Name or code of who leads the unit.", ("主管",), width=14),
        Column("email", "邮箱", "E-mail", K.TEXT, "报告发往此地址, 每格一个。", "The report goes to this address; one per cell.", ("电子邮箱", "email", "mail"), width=26),
        Column("coefficient", "贡献系数", "Coefficient", K.PERCENT, "占上级目标的比例; 同级合计应为 100%。全部留空则平均分配, 部分留空则均分剩余。", "Share of the parent's target; siblings should add up to 100 %. All blank: equal shares; some blank: they share the rest.", ("系数", "贡献度", "contribution"), width=11),
        Column("hedge", "加成%", "Hedge %", K.PERCENT, "下达目标在基准上的加成, 逐级累乘。", "Added on top of the base target; compounds down the tree.", ("加成", "hedge"), width=9),
        Column("joined", "入职日", "Joined", K.DATE, "年中入职时填写。", "Fill in when somebody joins within the year.", ("入职日期", "join date"), width=12),
        Column("left", "离职日", "Left", K.DATE, "最后工作日。", "Last working day.", ("离职日期", "leave date"), width=12),
        Column("ramp_up", "爬坡%", "Ramp-up %", K.PERCENTS, "入职后各月的产能, 如 30%/60%/90%; 之后为 100%。", "Capacity in the months from joining on, such as 30%/60%/90%; full after that.", ("爬坡", "ramp-up"), width=14),
        Column("skills", "技能", "Skills", K.TEXT, "资源分析用。", "For the resource analysis.", width=18),
        Column("region", "区域", "Region", K.TEXT, "所在区域。", "The unit's region.", ("大区",), width=12),
        Column("presence", "在岗天数占比", "Presence", K.PERCENT, "计算列: 全年在岗工作日 ÷ 全年工作日。", "Engine: working days present ÷ working days of the year.", owner=ENGINE, width=13),
    ),
    ("code",), 40,
)

KPIS = Table(
    "kpis", "kpis", "KPIs",
    (
        Column("code", "编码", "Code", K.CODE, "指标的唯一编码。", "The KPI's own code.", ("指标编码", "kpi code"), required=True, width=10),
        Column("name", "名称", "Name", K.TEXT, "指标名称。", "The KPI's name.", ("指标名称", "kpi name"), required=True, width=16),
        Column("kind", "类型", "Kind", K.CHOICE, "流量、存量、比率、群组比率、时点、均值或里程碑, 决定怎样汇总。", "Flow, stock, ratio, cohort ratio, point, average or milestone: decides how it adds up.", ("指标类型", "type"), choices=m.KpiKind, required=True, width=11),
        Column("direction", "方向", "Direction", K.CHOICE, "越高越好 或 越低越好。", "Higher or lower is better.", choices=m.Direction, width=12),
        Column("unit", "单位", "Unit", K.TEXT, "如 万元、个、%。", "Such as 10k CNY, customers, %.", ("计量单位",), width=10),
        Column("smallest_unit", "最小单位", "Smallest unit", K.NUMBER, "目标是它的整数倍: 个数为 1, 金额如 0.01。", "Targets are whole multiples of it: 1 for counts, such as 0.01 for money.", ("最小计量单位",), width=11),
        Column("numerator", "分子指标", "Numerator KPI", K.CODE, "比率由其他指标得出时填写。", "Where a rate is made of other KPIs.", ("numerator",), ref="kpis", width=11),
        Column("denominator", "分母指标", "Denominator KPI", K.CODE, "比率由其他指标得出时填写。", "Where a rate is made of other KPIs.", ("denominator",), ref="kpis", width=11),
        Column("weight", "权重", "Weight", K.PERCENT, "综合得分中的权重, 合计 100%。", "Weight in the score; they add up to 100 %.", width=9),
        Column("levels", "适用层级", "Levels", K.CHOICES, "指标下达到哪些层级, 如 公司、团队、个人; 空白为全部。", "Which levels get targets, such as Company, Team, Person; blank: all.", ("层级", "levels"), choices=m.Level, width=20),
        Column("target", "公司年度目标", "Company year target", K.NUMBER, "全公司的年度目标。", "The whole company's target for the year.", ("年度目标", "year target"), width=14),
        Column("floor", "保底", "Floor", K.NUMBER, "保底目标。", "The least that must be reached.", ("保底目标",), width=10),
        Column("stretch", "挑战", "Stretch", K.NUMBER, "挑战目标。", "The stretch goal.", ("挑战目标",), width=10),
        Column("base", "基期值", "Base value", K.NUMBER, "上一期的水平; 目标口径为提升量时必填。", "Last period's level; needed where the target is an improvement.", ("基期", "base"), width=10),
        Column("basis", "目标口径", "Target basis", K.CHOICE, "水平: 目标是要达到的值; 提升量: 目标是比基期提高多少。", "Level: the value to reach; improvement: the rise over the base value.", choices=m.TargetBasis, width=11),
        Column("percent_basis", "单位口径", "Percent basis", K.CHOICE, "比率的提升按 % 还是百分点。", "Whether a ratio's rise is in percent or percentage points.", choices=m.PercentBasis, width=11),
        Column("due", "截止日", "Due", K.DATE, "SMART: 何时达成。", "SMART: by when.", ("完成期限",), width=12),
        Column("relevance", "依据", "Relevance", K.TEXT, "SMART: 为什么定这个目标。", "SMART: why this goal.", ("相关性",), width=28),
        Column("smart", "SMART检查", "SMART check", K.TEXT, "计算列: 缺少哪一项。", "Engine: what is missing.", ("SMART",), owner=ENGINE, width=20),
    ),
    ("code",), 15,
)

SEASONALITY = Table(
    "seasonality", "seasonality", "Seasonality",
    (
        Column("kpi", "指标", "KPI", K.CODE, "指标编码。", "KPI code.", ("指标编码",), ref="kpis", required=True, width=10),
        Column("month", "月份", "Month", K.INTEGER, "1 至 12。", "1 to 12.", ("month",), required=True, width=8),
        Column("history1", "前三年实绩", "Actual Y-3", K.NUMBER, "三年前同月实绩。", "Actual of the same month three years ago.", ("y-3",), width=13),
        Column("history2", "前两年实绩", "Actual Y-2", K.NUMBER, "两年前同月实绩。", "Actual of the same month two years ago.", ("y-2",), width=13),
        Column("history3", "上年实绩", "Actual Y-1", K.NUMBER, "上年同月实绩。", "Actual of the same month last year.", ("y-1", "去年实绩"), width=13),
        Column("manual_weight", "手工比重", "Manual weight", K.PERCENT, "填写后不再按历史计算。", "Given: history is not used.", ("manual",), width=11),
        Column("weight", "比重", "Weight", K.PERCENT, "计算列: 该月占全年的比重。", "Engine: the month's share of the year.", owner=ENGINE, width=10),
    ),
    ("kpi", "month"), 24,
)

_MANUAL_MONTHS = tuple(
    Column(f"manual{i}", f"手工{i}月", f"Manual M{i}", K.NUMBER, f"{i} 月的手工目标, 始终保留。", f"Manual target of month {i}; always kept.", width=9)
    for i in range(1, 13)
)
_MONTHS = tuple(
    Column(f"month{i}", f"{i}月", f"M{i}", K.NUMBER, f"计算列: {i} 月下达目标。", f"Engine: issued target of month {i}.", (f"{i}月目标",), owner=ENGINE, width=10)
    for i in range(1, 13)
)
_QUARTERS = tuple(
    Column(f"quarter{i}", f"Q{i}", f"Q{i}", K.NUMBER, f"计算列: 第 {i} 财季。", f"Engine: fiscal quarter {i}.", (f"{i}季度",), owner=ENGINE, width=10)
    for i in range(1, 5)
)

TARGETS = Table(
    "targets", "targets", "Targets",
    (
        Column("kpi", "指标", "KPI", K.CODE, "指标编码; 缺少的行由引擎补上。", "KPI code; missing rows are added by the engine.", ("指标编码",), ref="kpis", required=True, width=10),
        Column("unit", "组织编码", "Unit", K.CODE, "组织单元编码。", "Unit code.", ("组织", "unit code"), ref="units", required=True, width=12),
        Column("method", "分配方式", "Split by", K.CHOICE, "上级目标怎样分到本单元: 系数(默认)、平均、上年占比、手工。", "How the parent's target reaches this unit: coefficient (default), equal, last year, manual.", choices=m.SplitMethod, width=10),
        Column("manual_year", "手工年度目标", "Manual year", K.NUMBER, "填写后始终保留, 其余由其他单元分摊。", "Always kept; the other units share the rest.", ("手工目标",), width=13),
        Column("lock", "锁定", "Lock", K.CHOICE, "年: 保持全年目标不变; 月: 保持每个月不变。", "Year: the year's target stays; Months: each month stays.", choices=m.Lock, width=7),
        Column("reason", "调整原因", "Reason", K.TEXT, "手工或锁定的原因。", "Why it is manual or locked.", ("原因",), width=18),
        Column("parent_target", "上级目标", "Parent target", K.NUMBER, "计算列: 上级的基准年度目标。", "Engine: the parent's base target of the year.", owner=ENGINE, width=12),
        Column("coefficient", "系数", "Coefficient", K.PERCENT, "计算列: 实际采用的系数。", "Engine: the coefficient in use.", owner=ENGINE, width=9),
        Column("base_year", "基准年度目标", "Base year target", K.NUMBER, "计算列: 不含加成的年度目标, 逐级相加等于上级。", "Engine: the year's target without hedge; adds up to the parent.", owner=ENGINE, width=13),
        Column("year", "下达年度目标", "Issued year target", K.NUMBER, "计算列: 含加成的年度目标, 等于十二个月之和。", "Engine: the year's target with hedge; the sum of its twelve months.", owner=ENGINE, width=13),
        *_MONTHS,
        *_QUARTERS,
        Column("parent_share", "占上级%", "Share of parent", K.PERCENT, "计算列: 基准年度目标 ÷ 上级目标。", "Engine: base year target ÷ parent target.", owner=ENGINE, width=10),
        Column("children_sum", "分配合计", "Sum of children", K.NUMBER, "计算列: 下级基准年度目标之和。", "Engine: sum of the children's base year targets.", owner=ENGINE, width=12),
        Column("unassigned", "差额", "Unassigned", K.NUMBER, "计算列: 基准年度目标 − 分配合计, 即未分配。", "Engine: base year target − sum of children.", ("未分配",), owner=ENGINE, width=10),
        Column("check", "校验", "Check", K.TEXT, "计算列: 覆盖率与说明。", "Engine: coverage and remarks.", owner=ENGINE, width=30),
        *_MANUAL_MONTHS,
    ),
    ("kpi", "unit"), 60,
)

CALENDAR = Table(
    "calendar", "calendar", "Calendar",
    (
        Column("day", "日期", "Date", K.DATE, "与官方日历不同的日期。空表即用官方日历。", "Days that differ from the official calendar. Empty: the official calendar holds.", required=True, width=12),
        Column("working", "是否工作日", "Working day", K.FLAG, "是 或 否。", "Yes or no.", ("工作日",), required=True, width=12),
        Column("source", "来源", "Source", K.TEXT, "官方 或 手工; 推定 的行由引擎填写。", "Official or manual; rows that say estimated are written by the engine.", suggest=(("官方", "Official"), ("手工", "Manual")), width=10),
    ),
    ("day",), 20,
)

TABLES = (SETTINGS_TABLE, ORGANIZATION, KPIS, SEASONALITY, TARGETS, CALENDAR)
