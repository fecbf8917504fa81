"""What the template says around the tables: titles, help, legend, and the first sheet's text."""

from __future__ import annotations

from typing import NamedTuple

from salesplan.plan.model import KpiKind
from salesplan.template.story.values import b
from salesplan.wording import Both


class SheetWords(NamedTuple):
    """A sheet's step (0: belongs to none), when it is used, and what it is for in one line."""

    step: int
    when: Both[str]
    purpose: Both[str]


ONCE, MONTHLY, WEEKLY, DAILY = (
    b("年初", "Once a year"),
    b("每月", "Every month"),
    b("每周五", "Every Friday"),
    b("每天", "Every day"),
)
AS_NEEDED, BY_ENGINE = b("需要时", "When needed"), b("引擎填写", "By engine")

SHEETS: dict[str, SheetWords] = {
    "settings": SheetWords(
        0,
        ONCE,
        b(
            "先填这一张: 年度、报告月份、金额单位、预算总额、灯的界线。",
            "Fill this in first: year, report month, amount unit, total budget, status thresholds.",
        ),
    ),
    "organization": SheetWords(
        1,
        ONCE,
        b(
            "每行一个单元, 上级编码连成一棵树; 同级的贡献系数合计 100%。",
            "One unit per row; parent codes build the tree; siblings' coefficients add up to 100%.",
        ),
    ),
    "skills": SheetWords(
        2,
        AS_NEEDED,
        b(
            "每行一个人的一项技能和等级; 行动计划的 所需技能 和大客户按它核对, 并看够不够用。",
            "One skill of one person per row, with its level; tasks that need skills and key accounts are checked against it, and whether there is enough.",
        ),
    ),
    "kpis": SheetWords(
        1,
        ONCE,
        b(
            "每行一个指标和全公司的年度目标; 权重合计 100%。",
            "One KPI per row with the company's annual target; weights add up to 100%.",
        ),
    ),
    "seasonality": SheetWords(
        1,
        ONCE,
        b(
            "前三年同月实绩决定目标怎样分到月; 也可以直接填手工比重。",
            "Actuals of the last three years set how the annual target spreads over months; or enter manual weights.",
        ),
    ),
    "targets": SheetWords(
        1,
        MONTHLY,
        b(
            "引擎把公司目标逐级分到人、分到月; 要改哪一行, 填左侧的填报列、右侧的手工季度目标或最右侧的手工月目标(点列上方的 + 展开)。",
            "The engine breaks targets down to people and months; override a row in the columns on the left, or in the manual quarters and months far right (expand with the +).",
        ),
    ),
    "products": SheetWords(
        2,
        ONCE,
        b(
            "每行一个产品: 毛利率、目录价、产能、交付天数。有这张表, 引擎才能算毛利和高毛利产品占比, 并对照产能和目标。",
            "One product per row: gross margin, list price, capacity, delivery days; for gross margin and the share of high-margin products, and capacity against targets.",
        ),
    ),
    "customers": SheetWords(
        2,
        AS_NEEDED,
        b(
            "每行一个客户: 类型、行业、规模、负责人。有这张表, 新客户和复购率由实绩算出, 策略可按类型和行业筛选。",
            "One customer per row: type, industry, size, owner. New customers and the repurchase rate then come from Actuals, and strategies filter by type and industry.",
        ),
    ),
    "market": SheetWords(
        2,
        ONCE,
        b(
            "市场每年有多大、增长多少; 市场占有率的分母空白时用它, 报告把我们的增长与市场并列。",
            "How large the market is each year and how it grows: for the market share where Actuals give no denominator, and beside our own growth.",
        ),
    ),
    "competitors": SheetWords(
        2,
        AS_NEEDED,
        b(
            "竞争对手的价格、渠道、口碑, 与我们相比; 有变化时另加一行, 写上日期。",
            "Competitors' prices, channels and reputation against ours; add a dated row when something changes.",
        ),
    ),
    "prospects": SheetWords(
        2,
        MONTHLY,
        b(
            "潜客按单元和月份填数量, 或每行一个; 与新客户目标对照: 按至今的转化率还需多少, 现有多少。",
            "Prospects by unit and month as a count, or a row each; held against what new customers need at the rate so far.",
        ),
    ),
    "situation": SheetWords(
        2,
        ONCE,
        b(
            "资源、PEST、五力、SWOT 四个框架; SO 和 WT 要有策略来落实。",
            "Resources, PEST, five forces, SWOT; every SO and WT item needs a strategy.",
        ),
    ),
    "strategies": SheetWords(
        3,
        ONCE,
        b(
            "客户、产品、渠道、资源四个维度; 用筛选列说明看哪一部分实绩。",
            "Customers, products, channels, resources; the filter columns select the actuals that count.",
        ),
    ),
    "actions": SheetWords(
        3,
        WEEKLY,
        b(
            "每行一项任务: 谁、何时、交付什么; 成果能计数就填目标值和实际值。",
            "One task per row: who, by when, what is delivered; enter target and actual where the result can be counted.",
        ),
    ),
    "helpers": SheetWords(
        3,
        ONCE,
        b(
            "支持任务的部门和外部单位: 邮箱、联系人、须提前几天提报。行动计划 的 协作部门 写它们的名称, 它们会收到请求并答复。",
            "Departments and firms that help with tasks: address, contact, notice. Name them under Partners in the action plan; they get the requests and answer.",
        ),
    ),
    "replies": SheetWords(
        3,
        AS_NEEDED,
        b(
            "协作方对每项请求的答复和承诺日; 由 salesplan collect 收回, 电话里答复的可以直接填。",
            "What helpers answered to each request, and the day promised: taken back by salesplan collect; enter here what was said by phone.",
        ),
    ),
    "tools": SheetWords(
        4,
        AS_NEEDED,
        b(
            "工具清单: 给谁用、谁负责、哪天要用、哪天备好; 赶不上的会提示。",
            "The check list of tools: for whom, by whom, needed and ready by when; what will be late is named.",
        ),
    ),
    "budget": SheetWords(
        4,
        MONTHLY,
        b(
            "每行一笔申请; 引擎在类别 × 区域的上限内批准, 并说明原因。",
            "One request per row; the engine approves within the category × region caps and gives the reason.",
        ),
    ),
    "caps": SheetWords(
        4,
        ONCE,
        b(
            "填两组占比, 各自合计 100%; 右侧的上限由引擎算出。",
            "Enter both groups of shares, 100% each; the engine works out the caps on the right.",
        ),
    ),
    "actuals": SheetWords(
        5,
        DAILY,
        b(
            "每行一笔实绩; 可只填月份(如 2026-06); 比率填分子和分母。",
            "One figure per row; a month alone is enough (such as 2026-06); rates need numerator and denominator.",
        ),
    ),
    "rates": SheetWords(
        5,
        AS_NEEDED,
        b(
            "有外币实绩或费用时填: 实际汇率用于换算, 预算汇率用于计划; 两者之差是汇率影响。",
            "For actuals or spending in other currencies: actual rates convert them, budget rates are the plan's; the difference is the effect of rates.",
        ),
    ),
    "pipeline": SheetWords(
        5,
        AS_NEEDED,
        b(
            "还没成交的商机; 引擎据此算出漏斗覆盖率和一种全年预测。",
            "Deals that are not won yet: the coverage of what is to go, and one forecast of the year.",
        ),
    ),
    "spending": SheetWords(
        5,
        AS_NEEDED,
        b(
            "签了合同填占用, 付了款填支出; 支出填占用的凭证, 占用即冲销。",
            "Committed when signed, spent when paid; a payment with the commitment's voucher number releases it.",
        ),
    ),
    "draws": SheetWords(
        5,
        AS_NEEDED,
        b(
            "每次动用应急储备都要有事由、金额、审批人和日期。",
            "Each draw on the reserve needs a reason, an amount, an approver and a date.",
        ),
    ),
    "daily": SheetWords(
        5,
        DAILY,
        b(
            "15 分钟站会: 昨天完成、今天计划、需要的支持。",
            "The 15-minute stand-up: done, planned, support needed.",
        ),
    ),
    "weekly": SheetWords(
        5,
        WEEKLY,
        b(
            "周五下午复盘到期的任务: 计划与实际、原因、下周怎样改进。到期任务的行由引擎补上。",
            "Friday review of tasks due: plan and actual, causes, actions for next week. The engine adds the rows.",
        ),
    ),
    "changes": SheetWords(
        5,
        AS_NEEDED,
        b(
            "计划的调整先登记, 批准后从生效月起生效; 原计划保留。",
            "Record changes here; once approved they take effect from their month; the baseline is kept.",
        ),
    ),
    "closes": SheetWords(
        5,
        MONTHLY,
        b(
            "salesplan close 关上一个月, 记下当月的目标和实绩; 已关账的月份只读取, 不再重算。请勿改动。",
            "salesplan close shuts a month and records its targets and actuals; closed months are read, never worked out again. Leave it as it is.",
        ),
    ),
    "issues": SheetWords(
        6,
        MONTHLY,
        b(
            "引擎列出问题, 您写原因和改进措施; 重新计算时您写的内容保留。",
            "The engine lists the issues, you enter causes and actions; your entries are kept.",
        ),
    ),
    "lessons": SheetWords(
        6, MONTHLY, b("每次复盘留下可以再用的做法。", "Lessons from each review, for reuse.")
    ),
    "triggers": SheetWords(
        5,
        AS_NEEDED,
        b(
            "每行一条规则: 客户流失、低于目录价、进度偏低、任务逾期、预算超支、竞争对手变动; 触发时检查会指出对象, 并提出要登记的变更。",
            "One rule per row: customer lost, price below list, pace low, task late, budget over, competitor changed; when it fires, the check names the object and the change to record.",
        ),
    ),
    "calendar": SheetWords(
        0,
        ONCE,
        b(
            "只填与官方日历不同的日子; 空表即用官方日历(含调休); 尚未公布的年度由引擎列出推定的假日。",
            "Only days that differ from the official calendar; leave it empty to use that calendar. For a year not published yet the engine lists estimated holidays.",
        ),
    ),
    "checks": SheetWords(
        0,
        BY_ENGINE,
        b(
            "全部检查结果; 点击位置可跳到出问题的单元格。",
            "All findings; click a place to go to its cell.",
        ),
    ),
}

STEPS = (
    b("基础", "Base"),
    b("步骤1 目标", "Step 1 Goals"),
    b("步骤2 现状", "Step 2 Situation"),
    b("步骤3 策略与行动", "Step 3 Strategies and actions"),
    b("步骤4 预算", "Step 4 Budget"),
    b("步骤5 执行与调整", "Step 5 Execution and changes"),
    b("步骤6 复盘", "Step 6 Review"),
)

PLANNER, ENGINE = b("填报列", "You fill in"), b("计算列", "Engine")

BANDS: dict[str, dict[str, Both[str]]] = {
    "targets": {
        "parent_target": b("计算列 · 年度目标", "Engine · year"),
        "month1": b("计算列 · 各月下达目标", "Engine · issued months"),
        "quarter1": b("计算列 · 季度", "Engine · quarters"),
        "parent_share": b("计算列 · 校核", "Engine · checks"),
        "manual_quarter1": b(
            "填报列 · 手工季度目标(可选)", "You fill in · manual quarters (optional)"
        ),
        "manual1": b("填报列 · 手工月目标(可选)", "You fill in · manual months (optional)"),
    },
    "category_shares": {"name": b("填报列 · 类别占比", "You fill in · categories")},
    "region_shares": {"name": b("填报列 · 区域占比", "You fill in · regions")},
    "caps": {"category": b("计算列 · 类别 × 区域的上限", "Engine · caps by category × region")},
}
"""Words of the band above the headers, by table and the column where each part begins."""

LEGEND: tuple[tuple[Both[str], str], ...] = (
    (b("■ 深色标题 = 填报列, 由您填写", "■ Dark header = you fill in"), "planner"),
    (
        b(
            "■ 灰底斜体标题 = 计算列, 由引擎填写, 请勿改动",
            "■ Grey italic header = filled in by the engine, do not edit",
        ),
        "engine",
    ),
    (b("▬ 标题金线 = 必填", "▬ Gold line under the header = required"), "required"),
)

REQUIRED, OPTIONAL = (
    b("填报列 · 必填", "You fill in · required"),
    b("填报列 · 选填", "You fill in · optional"),
)
ENGINE_NOTE = b("计算列 · 引擎填写", "Engine column")
BACK = b("回到使用说明", "Back to Read me")
PAGE = b("第 &P 页, 共 &N 页", "Page &P of &N")

ENGINE_TITLE, ENGINE_WARNING = (
    b("计算列", "Engine column"),
    b(
        "这一列由引擎填写, 下次计算时会覆盖您输入的内容。仍要输入吗?",
        "The engine fills in this column and overwrites your entry at the next run. Enter anyway?",
    ),
)
LIST_TITLE, LIST_WARNING = (
    b("不在列表中", "Not in the list"),
    b("请从下拉列表中选择。", "Choose from the list."),
)
FREE_WARNING = b(
    "列表中没有这一项。如果确实要用, 请按确定。",
    "This is not in the list. To use it anyway, press OK.",
)
REF_WARNING = b(
    "被引用的表里还没有这个编码, 请先在那里登记, 或检查是否写错。",
    "This code is not on the sheet it refers to: add it there first, or check the spelling.",
)
NUMBER_TITLE, NUMBER_WARNING = (
    b("这里要填数字", "Number needed"),
    b("请只填数字, 不要带单位或文字(不要写 12万)。", "Digits only, without unit or text."),
)
PERCENT_WARNING = b("请填百分比, 如 33%。", "Enter a percentage, such as 33%.")
DATE_TITLE, DATE_WARNING = (
    b("这里要填日期", "Date needed"),
    b("请填日期, 如 2026-06-30。", "Enter a date, such as 2026-06-30."),
)
MONTH_WARNING = b("请填月份, 如 2026-06。", "Enter a month, such as 2026-06.")
INTEGER_WARNING = b("请填整数。", "Enter a whole number.")

GUIDE_SHEET = b("使用说明", "Read me")
GUIDE_TITLE = b("主计划工作簿", "Master planning workbook")
GUIDE_LEAD = b(
    "一份计划, 六个步骤: 定目标、看现状、定策略、配预算、抓执行、做复盘。",
    "One plan, six steps: goals, situation, strategies, budget, execution, review.",
)
GUIDE_HEADS = (
    b("工作表", "Sheet"),
    b("步骤", "Step"),
    b("什么时候填", "When"),
    b("做什么", "Purpose"),
)
GUIDE_RULES_TITLE = b("怎样使用", "How to use it")
GUIDE_RULES = (
    b(
        "先填 设置、组织、指标, 再填其余各表; 用不到的表可以留空或删除。",
        "Start with Settings, Organization and KPIs; leave or delete the sheets you do not need.",
    ),
    b(
        "只填深色标题的列。灰底斜体的列由引擎填写: salesplan recalc 本文件名",
        "Fill in columns with dark headers only. The engine fills in the grey italic ones: salesplan recalc FILE",
    ),
    b(
        "列可以移动、隐藏, 也可以加自己的列; 引擎按标题找列, 按编码认行。请保留标题文字和编码。",
        "You can move or hide columns and add your own: columns are found by header, rows by code. Keep both unchanged.",
    ),
    b(
        "空白不等于零: 没有目标、没有实绩就留空。",
        "Blank is not zero: leave cells blank if there is no target or no actual.",
    ),
    b(
        "随时检查: salesplan check 本文件名。月底出报告: salesplan report 本文件名",
        "Check at any time: salesplan check FILE. At month end: salesplan report FILE",
    ),
)
GUIDE_MORE = b(
    "这里只有用得到的表。需要别的表时: salesplan add 本文件名 预算",
    "Only the sheets that you need are here. To bring in another: salesplan add FILE Budget",
)
GUIDE_RHYTHM_TITLE = b("节奏", "Rhythm")
GUIDE_RHYTHM = (
    b(
        "每天  15 分钟站会 → 日跟进; 实绩和费用随发生登记",
        "Every day: 15-minute stand-up → Daily; enter actuals and spending as they occur",
    ),
    b(
        "每周五下午  复盘到期任务 → 周复盘, 更新行动计划",
        "Friday afternoon: review tasks due → Weekly review, update the Action plan",
    ),
    b(
        "每月底  重新计算 → 看检查结果和问题 → 写原因与措施 → 出月报",
        "Month end: recalculate → Checks and Issues → causes and actions → monthly report",
    ),
)
GUIDE_USUAL_TITLE = b(
    "常用预算类别与区域: 预算分配未填之前, 预算表的下拉列表用这里的值, 可以改。",
    "Common budget categories and regions: offered on the Budget sheet until Budget caps is filled in; change them as needed.",
)
GUIDE_USUAL = {
    "category_shares": b("常用预算类别", "Usual categories"),
    "region_shares": b("常用预算区域", "Usual regions"),
}
GUIDE_SAMPLE = b(
    "本文件是示例: 人名、公司、数字均为虚构。",
    "This is the sample: people, firms and figures are made up.",
)

CHOOSING_SHEET = b("选择指引", "Choosing")
CHOOSING_TITLE = b("选择指引", "What to choose")
CATEGORIES_TITLE = b("现状分析的类别", "What the situation is made of")
CATEGORIES_LEAD = b(
    "填在 现状分析 的 类别。PEST 与五力只用这些; 缺哪一项, 检查会提示。",
    "It goes into Category on the sheet Situation. PEST and five forces take these alone; check says which are missing.",
)
KINDS_TITLE = b("我的指标属于哪一类?", "Which kind is my KPI?")
KINDS_LEAD = b(
    "从上往下回答, 第一个“是”就是答案, 填在 指标 表的 类型。",
    "Answer from the top; the first yes decides. It goes into Kind on the sheet KPIs.",
)
KINDS_HEADS = (
    b("", ""),
    b("问题", "Question"),
    b("类型", "Kind"),
    b("例子", "Examples"),
    b("实绩怎么填", "What to type into Actuals"),
)
KINDS_AFTER = b(
    "比率不做平均: 80/100 和 30/300 合起来是 27.5%, 不是 45%。",
    "A rate is never averaged: 80 of 100 and 30 of 300 are 27.5 %, not 45 %.",
)


class KindWords(NamedTuple):
    """A question whose yes means that kind, examples, and how its actuals are reported."""

    question: Both[str]
    kind: KpiKind
    example: Both[str]
    actual: Both[str]


_PARTS = b(
    "分子 和 分母 (30 和 120), 或在 金额/数值 填 25%",
    "Numerator and denominator (30 and 120), or 25% as the value",
)
KINDS = (
    KindWords(
        b("只有“完成/未完成”吗?", "Is it done or not done?"),
        KpiKind.MILESTONE,
        b("取得资质、系统上线", "certificate obtained, system live"),
        b("完成后填 1", "1 once it is done"),
    ),
    KindWords(
        b("是一个数, 两个月的可以相加吗?", "Is it one figure, and do two months add up?"),
        KpiKind.FLOW,
        b("营收、新客户数、回款、客诉数", "revenue, new customers, cash collected, complaints"),
        b("当天或当月新发生的数, 各行相加", "What the day or month brought; rows add up"),
    ),
    KindWords(
        b("是一个数, 只看最后一个月吗?", "Is it one figure, and does only the last month count?"),
        KpiKind.STOCK,
        b("在手客户、应收余额", "customers on the books, open receivables"),
        b("那一天的数, 月末为准", "What it is on that day; the month's end counts"),
    ),
    KindWords(
        b("是每单、每人的金额吗?", "Is it an amount for each order, or each head?"),
        KpiKind.AVERAGE,
        b("客单价、人均产出", "average order value, output per head"),
        b("分子 填金额合计, 分母 填笔数", "Numerator: the amount; denominator: how many"),
    ),
    KindWords(
        b(
            "是盯住一批固定的对象吗 (去年的客户中, 有多少再次购买)?",
            "Does it follow a fixed group (of last year's customers, how many bought again)?",
        ),
        KpiKind.COHORT_RATIO,
        b("复购率", "repurchase rate"),
        b(
            "年初至今的 分子 和 分母, 每月填最新的",
            "Both parts year to date, the newest each month",
        ),
    ),
    KindWords(
        b("是某一天测得的占比吗?", "Is it a share, read off on one day?"),
        KpiKind.POINT,
        b("市场占有率", "market share"),
        _PARTS,
    ),
    KindWords(
        b("其余: 一个数除以另一个数", "Otherwise: one figure divided by another"),
        KpiKind.RATIO,
        b("回款率、转化率、毛利率", "collection rate, conversion, gross margin"),
        _PARTS,
    ),
)

FIELDS_TITLE = b("变更可以改哪些列?", "What may a change alter?")
FIELDS_LEAD = b(
    "在 变更记录 填了对象, 字段 的下拉列表就是下面属于它的列。设置项: 对象写设置项的名称, 字段空着。",
    "Once the subject of a change is entered, the list under Field offers its columns. For a setting, enter its name as the subject and leave Field blank.",
)
FIELDS_HEADS = (b("对象", "Subject"), b("字段", "Field"))
FIELDS_OF = {
    "targets": b("目标: 指标/组织编码", "A target: KPI/unit"),
    "tasks": b("任务: 任务编号", "A task: its code"),
    "budget": b("预算: 预算编号", "A budget line: its code"),
    "units": b("组织单元: 编码", "A unit: its code"),
    "kpis": b("指标: 编码", "A KPI: its code"),
    "strategies": b("策略: 编号", "A strategy: its code"),
}

PROMPTS: dict[tuple[str, str], Both[str]] = {
    ("kpis", "kind"): b(
        "完成/未完成: 里程碑。一个数: 两个月能相加选流量, 只看月末选存量。两个数相除: 每单金额选均值, "
        "固定的一批对象选群组比率, 某天测得选时点, 其余选比率。见 选择指引。",
        "Done or not: milestone. One figure: flow if two months add up, stock if the last counts. "
        "One figure over another: average per order, cohort for a fixed group, point if read on "
        "one day, else ratio. See Choosing.",
    ),
}
"""What is shown when a cell is selected, where it says more than the note of the header."""

PROMPTED = frozenset(
    {
        *PROMPTS,
        ("kpis", "smallest_unit"),
        ("kpis", "target"),
        ("units", "coefficient"),
        ("actuals", "unit"),
        ("actuals", "value"),
        ("actuals", "numerator"),
        ("tasks", "skills"),
        ("tasks", "person_days"),
        ("budget", "category"),
        ("budget", "region"),
        ("budget", "must_have"),
        ("budget", "least"),
        ("spending", "kind"),
        ("spending", "voucher"),
        ("changes", "subject"),
        ("changes", "field"),
        ("changes", "before"),
        ("changes", "after"),
        ("changes", "effective"),
        ("changes", "status"),
        ("changes", "notify"),
    }
)
"""Columns, by table, whose cells say what belongs there when they are selected."""
