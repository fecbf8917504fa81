"""The words of the meetings' pages, Chinese and English, by key."""

from __future__ import annotations

from salesplan.report.texts.words import Texts

TEXTS: Texts = {
    "day": ("晨会", "Stand-up"),
    "day_title": ("晨会 · {unit} · {day} {weekday}", "Stand-up · {unit} · {weekday} {day}"),
    "day_subtitle": (
        "上一工作日 {before}, 下一工作日 {after}。15 分钟: 昨日完成、今日计划、需支持。",
        "Working day before: {before}, next: {after}. 15 minutes: done, planned, support needed.",
    ),
    "day_tasks": (
        "今日到期 {today} 项, 逾期 {overdue} 项, 待支持 {asked} 项。",
        "{today} due today, {overdue} overdue, {asked:# request|# requests} for support.",
    ),
    "day_silent": ("{before} 未发言: {names}。", "Not heard on {before}: {names}."),
    "day_pace": (
        "{kpi}: 本月日均 {average}, 今起每日需 {need}, {verdict}。",
        "{kpi}: daily run rate {average} this month, {need} a day needed from now on: {verdict}.",
    ),
    "pace_higher_enough": ("够", "enough"),
    "pace_higher_short": ("不够", "not enough"),
    "pace_lower_enough": ("以内", "within"),
    "pace_lower_short": ("超出", "beyond"),
    "form_day": ("每人一行", "One line each"),
    "form_day_kpi": ("每人一行 (右侧数字: {kpi})", "One line each (figures on the right: {kpi})"),
    "col_person": ("人员", "Person"),
    "col_planned": ("昨日计划", "Yesterday's plan"),
    "col_due": ("逾期、今日、明日到期", "Overdue, due today, tomorrow"),
    "col_asked": ("求助与责任方", "Support asked of"),
    "col_recent": ("昨日", "Yesterday"),
    "col_average": ("本月日均", "Daily run rate"),
    "col_need": ("日均需", "Needed a day"),
    "col_notes": ("提醒", "To note"),
    "planned_on": ("{day}: {text}", "{day}: {text}"),
    "due_late": ("▲ 逾期{days}日", "▲ {days}d late"),
    "due_today": ("● 今日", "● today"),
    "due_tomorrow": ("○ 明日", "○ tomorrow"),
    "due_line": ("{when} {task}{partners}", "{when} {task}{partners}"),
    "due_partners": (" ({partners}协作)", " (with {partners})"),
    "asked_line": ("{day} {text} → {owes}", "{day} {text} → {owes}"),
    "owes_nobody": ("谁?", "who?"),
    "rates_title": ("数字与日均", "Figures and daily run rate"),
    "rates_empty": ("本月没有设目标的流量指标。", "No flow KPI has a target this month."),
    "col_kpi": ("指标", "KPI"),
    "col_month": ("本月实绩 / 目标", "Month: actual / target"),
    "col_enough": ("日均够不够", "Run rate"),
    "month_actual": ("{actual} / {target}", "{actual} / {target}"),
    "recent_none": ("未填报", "none"),
    "recent_latest": ("未填报 (最近 {day})", "none (last {day})"),
    "owed_title": ("谁欠谁支持", "Support owed"),
    "owed_empty": ("没有待支持的事。", "No support was asked for."),
    "col_owes": ("责任方", "Owed by"),
    "col_for": ("求助人", "Asked by"),
    "col_what": ("要什么", "What"),
    "col_day": ("提出", "Asked"),
    "notes_title": ("提醒", "To note"),
    "note_about": ("{about}: {text}", "{about}: {text}"),
    "weekdays": ("周一|周二|周三|周四|周五|周六|周日", "Mon|Tue|Wed|Thu|Fri|Sat|Sun"),
    "caution": (
        "■ 主计划工作簿中有 {count} 处错误影响本页的数字: {cells}",
        "■ {count:# error in the master affects|# errors in the master affect} figures on this "
        "page: {cells}",
    ),
    "form_note": (
        "只填浅黄色单元格; 填好后保存发回, 由 salesplan collect 收回“{sheet}”。{source}",
        "Fill in the light yellow cells only, save and send back: salesplan collect takes them "
        "into {sheet}. {source}",
    ),
    "source": ("依据 {master}, 截至 {day}。", "From {master}, as of {day}."),
    "nobody": ("没有可发言的人。", "There is nobody to speak."),
    "unit_none": ("全公司", "Whole company"),
    "blank": ("", ""),
}
