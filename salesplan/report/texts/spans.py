"""What a report of a quarter, a half or a year says where a month's speaks of its month, and how a
span is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.report.texts.words import MONTH_NAMES, Texts, all_texts
from salesplan.wording import Both, either


@dataclass(frozen=True, slots=True)
class _Nouns:
    """How a span is called: by itself, as this, the last and the next one, that of last year, the
    one that the report is of, and the change against the one before.
    """

    plain: Both[str]
    this: Both[str]
    last: Both[str]
    next: Both[str]
    last_year: Both[str]
    of: Both[str]
    change: Both[str]


_NOUNS = {
    Span.QUARTER: _Nouns(
        Both("季度", "quarter"),
        Both("本季", "quarter"),
        Both("上季", "last quarter"),
        Both("下季", "next quarter"),
        Both("去年同季", "same quarter last year"),
        Both("季度", "quarterly"),
        Both("环比", "QoQ"),
    ),
    Span.HALF: _Nouns(
        Both("半年", "half"),
        Both("本半年", "half"),
        Both("上一半年", "last half"),
        Both("下一半年", "next half"),
        Both("去年同半年", "same half last year"),
        Both("半年", "half-year"),
        Both("环比", "HoH"),
    ),
    Span.YEAR: _Nouns(
        Both("年度", "year"),
        Both("本年", "year"),
        Both("上年", "last year"),
        Both("下年", "next year"),
        Both("去年", "last year"),
        Both("年度", "annual"),
        Both("环比", "change"),
    ),
}


def name_of(stretch: ReportSpan, lang: str) -> str:
    """2026年6月, 2026年第2季度, 2026年上半年, 2026全年; 2026-06, Q2 FY2026, H1 FY2026, FY2026. A year
    that does not begin in January is a 财年.
    """
    month, year, number = stretch.month, stretch.months[0].year, stretch.number
    fiscal = "财年" if stretch.months[0].month > 1 else "年"
    if stretch.span is Span.MONTH:
        return either(lang, f"{month.year}年{month.month}月", str(month))
    if stretch.span is Span.QUARTER:
        return either(lang, f"{year}{fiscal}第{number}季度", f"Q{number} FY{year}")
    if stretch.span is Span.HALF:
        half = "上半年" if number == 1 else "下半年"
        return either(lang, f"{year}{fiscal}{half}", f"H{number} FY{year}")
    whole = "财年全年" if fiscal == "财年" else "全年"
    return either(lang, f"{year}{whole}", f"FY{year}")


def said_name(stretch: ReportSpan, lang: str) -> str:
    """The span within a sentence: June 2026, Q2 FY2026."""
    if stretch.span is not Span.MONTH:
        return name_of(stretch, lang)
    month = stretch.month
    name = f"{MONTH_NAMES[month.month - 1]} {month.year}"
    return either(lang, name_of(stretch, lang), name)


def names_of(stretch: ReportSpan) -> Iterator[str]:
    """How a longer span than a month and the one after it are called, in files and in both
    languages.
    """
    if stretch.span is Span.MONTH:
        return
    after = stretch.next[-1:]
    for one in (stretch, *(ReportSpan.of(stretch.months, last, stretch.span) for last in after)):
        yield one.code
        yield name_of(one, "zh")
        yield name_of(one, "en")


def texts_of(stretch: ReportSpan) -> Texts:
    """The texts of a report of that span: what a month's says of its month, a longer span's says of
    itself.
    """
    return {**all_texts(), **said_of(stretch.span, stretch.complete)}


@cache
def said_of(span: Span, complete: bool) -> Texts:
    """The texts of a report of that span that are not those of a month's. ``complete``: the report
    month is the span's last; else what it is held against are as many months of the other.
    """
    nouns = _NOUNS.get(span)
    if nouns is None:
        return {}
    plain, this, last, after = (
        (one.zh, one.en) for one in (nouns.plain, nouns.this, nouns.last, nouns.next)
    )
    of, change = (nouns.of.zh, nouns.of.en), (nouns.change.zh, nouns.change.en)
    last_year = (nouns.last_year.zh, nouns.last_year.en)
    if not complete:
        last = (f"{last[0]}同期", f"{last[1]}, same months")
        last_year = ("去年同期", "same months last year")
    source = all_texts()["page_source"]
    texts = {
        **_looked_at(span, this, nouns),
        "page_source": (source[0].replace("月报", f"{of[0]}报告"), source[1]),
        "report_title": (
            f"{of[0]}执行分析报告 · {{month}}",
            f"{of[1].capitalize()} execution report · {{month}}",
        ),
        "report_name": ("{company}{month}执行分析", f"{{company}} · {of[1]} report {{month}}"),
        "over": (f"{plain[0]}已过", f"{plain[1]} over"),
        "running": (f"{plain[0]}进行中", f"{plain[1]} in progress"),
        "about_overview": (
            f"{this[0]}要点、主要指标的{this[0]}与累计、重点问题、走势与排名",
            f"Messages, main KPIs of the {this[1]} and YTD, top issues, trend and ranking",
        ),
        "about_problems": (
            f"{this[0]}待解决的问题、持续月数、原因与措施",
            "Open issues: how long, why, and what is being done",
        ),
        "page_span": _titled(this),
        "no_deviations": (f"{this[0]}没有偏差。", f"No deviations this {this[1]}."),
        "no_problems": (f"{this[0]}没有待解决的问题。", f"No open issues this {this[1]}."),
        "basis_month": ("报告期间", "Report period"),
        "basis_state": (f"{plain[0]}状态", plain[1].capitalize()),
        "value_days_next": (f"{after[0]}工作日", f"Working days {after[1]}"),
        "name_days_next": (
            f"{after[0]}工作日".replace("一", ""),
            f"DaysNext{plain[1].capitalize()}",
        ),
        "group_span": _titled(this),
        "column_span_mom": change,
        "column_span_before": (f"{last[0]}实绩", _capital(last[1])),
        "column_span_last": (last_year[0], _capital(last_year[1])),
        "column_span_level": (f"{this[0]}水平完成率", f"Level attainment, {this[1]}"),
        "front_beside": (f"{this[0]}\n全年", f"{_capital(this[1])}\nYear"),
        "front_before": (last[0], _capital(last[1])),
        "front_change": change,
        "overview_span_score": _titled(this),
        "about_products": (
            f"各产品的目标, 按直属单元; {this[0]}与年初至今的完成",
            f"Targets by product and unit; {this[1]} and YTD attainment",
        ),
        "products_span_target": (f"{this[0]}目标", f"{_capital(this[1])}\ntarget"),
        "products_span_actual": (f"{this[0]}实绩", f"{_capital(this[1])}\nactual"),
        "title_improvements": ("改进方案: 措施跟踪", "Actions: follow-up"),
        "title_improvements_lessons": (
            "改进方案: 措施跟踪, 复盘经验",
            "Actions: follow-up, lessons",
        ),
        "about_improvements": ("措施逐条跟踪, 复盘经验", "Follow-up of actions, lessons"),
        "measures_before": (
            "{month}及以前的措施: 目前效果",
            "Actions up to {month}: results so far",
        ),
        "measures_before_none": ("以前没有登记措施。", "No earlier actions were recorded."),
        "measures_rule": (
            f"指标看{this[0]}与之前期间的完成率, 任务看完成%(之前: 期间开始前最近一次周复盘)。"
            "这里只说明问题目前如何, 不说明是否由措施引起。",
            f"KPIs are compared by the attainment of the {plain[1]} and of the one before, tasks by "
            f"progress (before: latest weekly review before the {plain[1]}). This shows where the "
            "issue stands now, not what the action caused.",
        ),
        "measure_before": (nouns.last.zh, _capital(nouns.last.en)),
        "measure_now": (this[0], f"This {plain[1]}"),
        "sentence_measures_now": (
            f"{this[0]} {{count}} 个问题中 {{planned}} 个已有改进措施。",
            "{planned} of {count:# issue|# issues} this "
            f"{plain[1]} {{planned:has|have}} an action.",
        ),
        "lessons_none": (
            f"复盘知识库没有{this[0]}的经验; 其他期间有 {{count}} 条。",
            f"No lessons recorded for this {plain[1]}{{count:?; # for other periods}}.",
        ),
        "sheet_following": (f"{after[0]}计划与预测", _capital(after[1])),
        "title_following": (
            f"{after[0]}计划与滚动预测",
            f"{_capital(after[1])} and rolling forecast",
        ),
        "about_following": (
            f"全年预测达成, {after[0]}目标与任务, 日均需完成, 产能",
            f"Landing forecast, {after[1]}'s targets and tasks, daily run rate, capacity",
        ),
        "next_heading": (
            f"{after[0]}目标: {{month}}, {{days}} 个工作日{{estimated}}",
            f"{_capital(after[1])}'s targets: {{month}}, "
            "{days:# working day|# working days}{estimated}",
        ),
        "next_outside": (
            f"{after[0]}不在计划年度内, 没有目标。",
            f"{_capital(after[1])} is outside the plan year: no targets.",
        ),
        "next_next_target": (f"{after[0]}目标", f"{_capital(after[1])}'s\ntarget"),
        "next_this_target": (f"{this[0]}目标", f"This {plain[1]}'s\ntarget"),
        "next_this_actual": (f"{this[0]}实绩", f"This {plain[1]}'s\nactual"),
        "next_to_this": (f"较{this[0]}实绩", f"vs. this\n{plain[1]}"),
        "next_last_year": ("上年同期", "Same months\nlast year"),
        "next_to_last_year": ("较上年同期", "vs. last\nyear"),
        "next_next_daily": (f"{after[0]}日均", "Daily\nrun rate"),
        "sentence_following_tasks": (
            f"到{after[0]}末须完成 {{count}} 项任务。",
            f"{{count:# task is|# tasks are}} due by the end of {after[1]}.",
        ),
        "sentence_following_tasks_overdue": (
            f"到{after[0]}末须完成 {{count}} 项任务, 其中 {{overdue}} 项已逾期。",
            f"{{count:# task is|# tasks are}} due by the end of {after[1]}, "
            "{overdue} already overdue.",
        ),
        "no_weekly": (f"{this[0]}没有周复盘。", f"No weekly review this {plain[1]}."),
        "chart_reasons": (f"{this[0]}未完成原因(次)", f"Reasons this {plain[1]} (count)"),
        "reviews_heading": (
            f"{this[0]}复盘 ({{count}} 项次)",
            f"Reviews this {plain[1]} ({{count}})",
        ),
        "sentence_weekly": (
            f"{this[0]} {{weeks}} 周共复盘任务 {{reported}} 项次, 达到计划 {{met}} 项次。",
            "{reported:# task review|# task reviews} in {weeks:# week|# weeks}, {met} on plan.",
        ),
        "sentence_no_problems": (
            f"{this[0]}没有待解决的问题。",
            f"No open issues this {plain[1]}.",
        ),
        "shift_month_baseline": (f"原计划\n{this[0]}", f"Baseline\n{plain[1]}"),
        "shift_month_now": (f"现计划\n{this[0]}", f"Current plan\n{plain[1]}"),
        "about_details_month": (
            "{month}的实绩行, 按指标、月、组织排列; 数据表的各月实绩即其合计",
            "Actual rows of {month} by KPI, month and unit; the Data sheet's monthly actuals are "
            "their sums",
        ),
    }
    return texts | (_OF_YEAR if span is Span.YEAR else {})


_OF_YEAR = {
    "group_span": ("全年", "Year"),
    "page_span": ("全年", "Year"),
    "front_beside": ("全年", "Year"),
    "front_before": ("", ""),
    "front_change": ("", ""),
}
"""Of a year: the one before is last year, and its status is that of the year."""


_LOOKED_AT = (
    "sentence_targets",
    "sentence_steps",
    "sentence_gap_both",
    "sentence_gap_below",
    "sentence_gap_above",
    "sentence_gap_none",
    "slices_undivided",
    "variance_of_target",
    "chart_variance_target",
    "sentence_variance_short",
    "sentence_variance_one_short",
    "sentence_variance_none_short",
    "about_slices",
    "slices_by_product",
    "slices_by_region",
    "slices_by_customer",
    "slices_by_customer_type",
    "slices_by_industry",
    "slices_by_size",
    "slices_by_channel",
    "deck_other",
    "deck_pace",
    "deck_gap",
    "guide_rank",
)
"""Texts of what a month's report says of the year to date, and one of a longer span of that span."""


def _looked_at(span: Span, this: tuple[str, str], nouns: _Nouns) -> dict[str, tuple[str, str]]:
    if span is Span.YEAR:
        return {}
    texts, plain = all_texts(), nouns.plain.en
    found = {}
    for key in _LOOKED_AT:
        zh, en = texts[key]
        for words, instead in (
            ("'s YTD target", f"'s target this {plain}"),
            ("YTD target", f"this {plain}'s target"),
            ("YTD pace", f"pace this {plain}"),
            ("YTD", f"this {plain}"),
        ):
            en = en.replace(words, instead)
        found[key] = (zh.replace("年初至今", this[0]).replace("累计", this[0]), _capital(en))
    return found | {
        "ranking_title": (
            f"{{level}}排名: {{kpi}}{this[0]}对应达 (中线 = 100%)、与应达差额",
            f"{{level}} ranking: {{kpi}} pace this {plain} (middle = 100%) and gap",
        ),
    }


def _titled(words: tuple[str, str]) -> tuple[str, str]:
    return words[0], _capital(words[1])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
