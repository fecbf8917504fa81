"""How each figure is made, for the sheet that explains it. ``{names}`` are the settings, as they are when the report is made."""

from __future__ import annotations

TEXTS = {
    "guide_smart": ("目标: SMART 逐项", "Goals: SMART, letter by letter"),
    "guide_goal": ("指标", "KPI"),
    "guide_letters": ("理由", "Reasons"),
    "guide_folded": (
        "每个数字怎样得来: 打印时折叠, 在表格左侧点“+”展开。",
        "How each figure is made: folded on paper; click + at the left of the sheet to see it.",
    ),
    "guide_name": ("指标或标记", "Figure or mark"),
    "guide_rule": ("口径与公式", "Definition and formula"),
    "guide_where": ("在哪里", "Where"),
    "guide_target_name": ("目标", "Target"),
    "guide_target": (
        "主计划“目标分解”中的下达目标。流量指标的年初至今目标为各月之和, 其他类型取报告月。任一月份未设目标时不合计。",
        "The issued target on the master's Targets sheet. A flow's YTD target is the sum of its months; other kinds take the report month's. Where a month has no target there is no sum.",
    ),
    "guide_target_where": ("数据: 月目标", "Data: targets by month"),
    "guide_actual_name": ("实绩", "Actual"),
    "guide_actual": (
        "截至 {cut_off} 的实绩, 逐级汇总。流量求和; 存量取最近水平; 比率为 Σ分子 ÷ Σ分母, 从不对比率求平均; 时点与群组比率取最近一月。",
        "Actuals up to {cut_off}, rolled up the organisation. Flows are summed; stocks take the latest level; rates are Σ numerators ÷ Σ denominators, never an average of rates; points and cohort ratios take the latest month.",
    ),
    "guide_actual_where": ("数据: 月实绩; 数据-分子分母", "Data: actuals; Data-rates"),
    "guide_rate_name": ("完成率", "Attainment"),
    "guide_rate": (
        "1 + (实绩 − 目标) ÷ |目标|, 即目标为正时的 实绩 ÷ 目标; 越低越好的指标取反号。目标为 0 时显示 超额、达成 或 未达成。",
        "1 + (actual − target) ÷ |target|, which is actual ÷ target for a positive target; the sign is reversed where lower is better. For a target of 0: above, on or below target.",
    ),
    "guide_rate_where": ("一页总览, 目标完成", "Overview, Targets"),
    "guide_improvement_name": ("提升量指标", "Improvement"),
    "guide_improvement": (
        "(实绩 − 基期值) ÷ (目标 − 基期值); 总览中另列“按水平计”的完成率。目标不优于基期值时显示 超额、达成 或 未达成。",
        "(actual − base) ÷ (target − base); the overview also shows the plain attainment “as a level”. Where the target is no better than the base: above, on or below target.",
    ),
    "guide_improvement_where": ("一页总览", "Overview"),
    "guide_steps_name": ("保底与挑战", "Floor and stretch"),
    "guide_steps": (
        "公司全年的最低线与最高目标。可分解的指标, 单元与期间的保底(挑战) = 其目标 × 公司保底(挑战) ÷ 公司目标; 比率照抄, 自定目标的单元没有。“已达”为实绩达到的最高一级。",
        "The company's minimum and highest goals of the year. Where targets are split, a unit's floor (stretch) for a period = its target × the company's floor (stretch) ÷ the company's target; rates are copied, except to units with a target of their own. “Reached” is the highest level attained.",
    ),
    "guide_steps_where": ("目标完成; 数据-保底挑战", "Targets; Data-steps"),
    "guide_light_name": ("灯", "Status (RAG)"),
    "guide_light": (
        "实绩与应达相比, 差额(进行中的月先扣除通常波动 {swing} × √(应达占比 × (1 − 应达占比)) × 目标)不超过应达的 1 − {green} 为 ● 绿, 不超过 1 − {amber} 为 ▲ 黄, 其余 ■ 红。○ 灰: 太早、尚未填报、尚无应达或预测不可信, 不计分。",
        "The actual against what is expected to date: a shortfall of up to 1 − {green} of it is ● green, up to 1 − {amber} ▲ amber, more ■ red; in the running month the usual swing {swing} × √(share × (1 − share)) × target is allowed first. ○ Grey: too early, not reported, nothing expected yet or no reliable forecast; not scored.",
    ),
    "guide_light_where": ("关于本报告: 口径参数", "About this report: settings"),
    "guide_due_name": ("应达与对应达", "Expected and pace"),
    "guide_due": (
        "应达 = 已过月的目标之和 + 进行中月的目标 × 应达占比(月内节奏); 有基期值的存量与比率为基期值至目标的直线。对应达 = 1 + (实绩 − 应达) ÷ |应达|, 提升量 ÷ |应达 − 基期值|: 都是与亮灯所依据的数相比; 没有直线的, 期间结束后即完成率。",
        "Expected = the targets of the months that are over + the running month's target × its expected share (month rhythm); for levels and rates with a base value, the line from base to target. Pace = 1 + (actual − expected) ÷ |expected|, of an improvement ÷ |expected − base value|: always against what the status is judged by; without a line it is the attainment once the period is over.",
    ),
    "guide_due_where": ("数据; 一页总览", "Data; Overview"),
    "guide_time_name": ("时间进度", "Time progress"),
    "guide_time": (
        "{days_elapsed} ÷ {days_in_month}, 按工作日, 含截止日。",
        "{days_elapsed} ÷ {days_in_month}, in working days, cut-off day included.",
    ),
    "guide_time_where": ("关于本报告", "About this report"),
    "guide_expected_name": ("应达进度", "Expected progress"),
    "guide_expected": (
        "(已过月目标之和 + 报告月目标 × {time_progress}) ÷ 全年目标。",
        "(targets of months that are over + the report month's target × {time_progress}) ÷ annual target.",
    ),
    "guide_expected_where": ("一页总览", "Overview"),
    "guide_gap_name": ("进度差", "Progress gap"),
    "guide_gap": (
        "实绩 ÷ 全年目标 − 应达进度, 以百分点表示; 正数为领先。",
        "Actual ÷ annual target − expected progress, in percentage points; positive means ahead.",
    ),
    "guide_gap_where": ("一页总览, 目标完成", "Overview, Targets"),
    "guide_daily_name": ("日均需完成", "Daily run rate needed"),
    "guide_daily": (
        "(本月目标 − 本月实绩) ÷ 剩余工作日; 无剩余工作日且有缺口时为“已截止”。",
        "(month's target − month's actual) ÷ working days left; “no days left” where the month is over with a gap.",
    ),
    "guide_daily_where": ("数据", "Data"),
    "guide_landing_name": ("预测达成", "Landing forecast"),
    "guide_landing": (
        "按进度: 实绩 ÷ (年初至今应达 ÷ 全年目标); 余下按计划: 实绩 + 余下目标; 按上年走势: 实绩 × 上年全年 ÷ 上年同期; 近三月趋势: 去季节后的近三个已过月。取其最低与最高; 全年的灯按其中位(不含余下按计划)。",
        "By pace: actual ÷ (expected YTD ÷ annual target). Rest as planned: actual + remaining targets. Last year's shape: actual × last year's total ÷ last year's same months. Recent trend: the last three months over, deseasonalised. Shown from lowest to highest; the year's status uses their median without rest as planned.",
    ),
    "guide_landing_where": ("一页总览; 数据", "Overview; Data"),
    "guide_score_name": ("综合得分", "Weighted score"),
    "guide_score": (
        "Σ权重 × 单项得分 ÷ Σ权重; 单项得分为对应达(期间结束后即完成率), 不低于 0, 不高于 {score_cap}。没有目标或实绩、或灯为灰的指标不计。",
        "Σ weight × score ÷ Σ weight; a KPI's score is its pace (its attainment once the period is over), from 0 to {score_cap}. KPIs without a target or actual, or with a grey status, are left out.",
    ),
    "guide_score_where": ("数据-得分", "Data-scores"),
    "guide_rank_name": ("名次", "Rank"),
    "guide_rank": (
        "同一层级内按年初至今排序, 相同者名次相同。",
        "Among the units of one level, by YTD score; equal scores share a rank.",
    ),
    "guide_rank_where": ("目标完成, 完成排名", "Targets, Ranking"),
    "guide_tasks_name": ("任务完成率", "Task completion"),
    "guide_tasks": (
        "任务完成率 = 到期已完成 ÷ 已到期; 按期完成率 = 按期 ÷ 已到期; 加权完成率 = Σ权重 × 完成% ÷ Σ权重。取消的任务不计, 暂停的不计入率。执行指数 = 完成% ÷ 应完成%。",
        "Completion = due and done ÷ due; on time = done on time ÷ due; weighted = Σ weight × progress ÷ Σ weight. Cancelled tasks are not counted, paused ones are in no rate. Execution index = progress ÷ expected.",
    ),
    "guide_tasks_where": ("行动计划执行", "Action plan"),
    "guide_budget_name": ("预算", "Budget"),
    "guide_budget": (
        "可用余额 = 批准 − 占用 − 支出; 执行率 = (占用 + 支出) ÷ 批准; 高于 {budget_warning} 预警, 高于 {budget_full} 超支。",
        "Available = approved − committed − spent; utilisation = (committed + spent) ÷ approved; above {budget_warning} a warning, above {budget_full} overspent.",
    ),
    "guide_budget_where": ("预算执行", "Budget"),
    "guide_problems_name": ("问题", "Issues"),
    "guide_problems": (
        "红灯指标、逾期任务、超支预算, 以及对应达低于 {explain_low} 或高于 {explain_high} 而没有原因的偏差。每个问题只写一次: 写在出问题的最高一级, 再说明缺口主要在哪些下级。按权重 × (1 − 对应达) 排序, 影响得分不到 0.5% 的只计数。原因与措施取自主计划的“问题与改进”。",
        "Red KPIs, overdue tasks, overspent budget lines, and a pace below {explain_low} or above {explain_high} without a cause. Each is stated once, at the topmost unit that has it, with the units below that carry the gap; ranked by weight × (1 − pace); what costs less than 0.5% of the score is counted. Causes and actions come from the master's Issues sheet.",
    ),
    "guide_problems_where": ("问题清单", "Issues"),
    "guide_blank_name": ("未设目标 / 未填报", "no target / not reported"),
    "guide_blank": (
        "空白不是零: 没有目标或实绩的地方写明, 不参与合计与得分。",
        "A blank is never zero: a missing target or actual is shown as such and counts in no sum and no score.",
    ),
    "guide_blank_where": ("全部", "Everywhere"),
    "guide_settings_name": ("口径参数", "Settings"),
    "guide_settings": (
        "全部阈值与日期只在“关于本报告”出现一次, 公式都引用那里; 改动浅黄格即可试算。文字结论按生成时的口径书写, 不随之改变。",
        "Every threshold and date stands once, on About this report, and the formulas use it; change a pale yellow cell to test a value. The sentences keep the settings the report was made with.",
    ),
    "guide_settings_where": ("关于本报告", "About this report"),
    "guide_formulas_name": ("公式", "Formulas"),
    "guide_formulas": (
        "数据页中月目标、月实绩与费用是数据; 由它们得出的都是公式, 并存有结果, 手机与邮件预览也能看到相同数字。无法由所示数据推出的数字为数值, 不带公式。",
        "Monthly targets, actuals and spending are data; everything derived is a formula with its result stored, so phone and mail previews show the same figures. A figure that does not follow from what is shown is a plain value.",
    ),
    "guide_formulas_where": ("数据, 数据-分子分母, 数据-得分", "Data, Data-rates, Data-scores"),
}
