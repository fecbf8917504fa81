"""Which lessons of 复盘知识库 are offered where, by words in two languages, KPI and season."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pytest

from salesplan import app
from salesplan.dataclass import replace
from salesplan.engine.results import Results
from salesplan.engine.work.lessons import Offers, Place, offers
from salesplan.fill.columns import KEYED
from salesplan.plan.model import (
    Kpi,
    KpiKind,
    Lesson,
    Month,
    Origin,
    Plan,
    Settings,
    Strategy,
    Task,
    TaskStatus,
)
from salesplan.plan.model.lesson_words import months_of
from tests.samples import new_sample

JUNE = Month(2026, 6)


def plan(*lessons: Lesson, tasks: Sequence[Task] = (), **more: object) -> Plan:
    """Ten tasks about other things, so that a word can be rare."""
    others = ["打样", "报关", "排班", "选址", "盘点", "体检", "绿化", "开票", "装修", "保洁"]
    return Plan(
        settings=Settings(year=2026),
        tasks=(*tasks, *(Task(code=f"X{word}", content=word) for word in others)),
        lessons=lessons,
        **more,  # type: ignore[arg-type]
    )


def offered(given: Plan, as_of: date = JUNE.last) -> Offers:
    from salesplan.engine import compute

    results = compute(given, month=Month.of(as_of), as_of=as_of)
    assert results.lessons is not None
    return results.lessons


def topics(found: Offers, task: str) -> list[str]:
    return [one.lesson.topic for one in found.tasks.get(task, ())]


FAIR = Lesson(period="2025-Q2", topic="上海展会", lesson="展位先批后做", tags="展会;预算")


def test_a_lesson_is_offered_at_a_task_that_shares_its_words() -> None:
    task = Task(code="T1", content="秋季上海展会筹备", due=date(2026, 10, 16))
    found = offered(plan(FAIR, tasks=[task, Task(code="T2", content="招募分销商")]))
    (one,) = found.tasks["T1"]
    assert one.words == ("上海展会",) and not one.kpi and not one.season
    assert list(found.tasks) == ["T1"] and list(found.at(FAIR)) == [(Place.TASK, "T1")]


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        ("Trade fairs", "Preparing the autumn trade fair"),
        ("Approval of discounts", "Discounts approved by the director"),
        ("FAIRS, Trade", "trade-fair in Berlin"),
    ],
)
def test_english_words_are_compared_without_their_endings(topic: str, content: str) -> None:
    lesson = Lesson(period="2025-Q2", topic=topic)
    assert topics(offered(plan(lesson, tasks=[Task(code="T1", content=content)])), "T1") == [topic]


def test_a_word_that_many_rows_have_says_nothing() -> None:
    tasks = [Task(code=f"T{at}", content=f"展会{word}") for at, word in enumerate("甲乙丙丁戊")]
    assert not offered(plan(FAIR, tasks=tasks)).tasks


def test_words_of_the_rows_beside_what_it_is_are_not_enough() -> None:
    """案例 in a resource is not what the task is about."""
    lesson = Lesson(period="2025-Q2", topic="案例", tags="案例")
    task = Task(code="T1", content="开通账号", resources="案例", due=JUNE.last)
    assert not offered(plan(lesson, tasks=[task])).tasks
    about = replace(task, content="案例", resources="")
    assert topics(offered(plan(lesson, tasks=[about])), "T1") == ["案例"]


def test_the_season_of_an_earlier_year_decides_where_a_word_alone_does_not() -> None:
    task = Task(code="T1", content="案例", start=date(2026, 4, 7), due=date(2026, 6, 12))
    same, other = (Lesson(period=period, topic="案例") for period in ("2025-Q2", "2025-Q4"))
    found = offered(plan(same, other, tasks=[task]))
    assert [(one.lesson.period, one.season) for one in found.tasks["T1"]] == [("2025-Q2", True)]
    this_year = Lesson(period="2026-05", topic="案例")
    assert not offered(plan(this_year, tasks=[task])).tasks


def test_a_task_s_kpi_adds_to_words_and_is_nothing_by_itself() -> None:
    kpi = Kpi(code="REP", name="复购率", kind=KpiKind.RATIO, target=None)
    tasks = [
        Task(code="T1", content="案例", kpi="REP"),
        Task(code="T2", content="订货", kpi="REP"),
    ]
    lesson = Lesson(topic="案例", tags="复购率")
    assert list(offered(plan(lesson, tasks=tasks, kpis=(kpi,))).tasks) == ["T1"]


def test_two_at_most_the_nearest_first_and_of_equals_the_latest() -> None:
    lessons = [
        Lesson(period=period, topic=topic)
        for period, topic in (
            ("2023", "上海展会"),
            ("2025", "上海展会"),
            ("2024", "上海展会"),
            ("2022", "上海展会筹备"),
        )
    ]
    task = Task(code="T1", content="上海展会筹备")
    found = offered(plan(*lessons, tasks=[task])).tasks["T1"]
    assert [one.lesson.period for one in found] == ["2022", "2025"]


def test_at_a_task_that_is_over_only_what_was_learnt_before() -> None:
    """And at a cancelled one nothing; what is still to be learnt is offered nowhere."""
    task = Task(
        code="T1", content="上海展会", due=date(2026, 4, 10), finished=date(2026, 4, 10), progress=1
    )  # type: ignore[arg-type]
    learnt = Lesson(period="2026-Q2", topic="上海展会")
    assert not offered(plan(learnt, tasks=[task])).tasks
    assert topics(offered(plan(FAIR, tasks=[task])), "T1") == ["上海展会"]
    open_one = replace(task, finished=None, progress=None)
    assert topics(offered(plan(learnt, tasks=[open_one])), "T1") == ["上海展会"]
    assert not offered(plan(learnt, tasks=[open_one]), date(2026, 3, 31)).tasks
    cancelled = replace(open_one, state=TaskStatus.CANCELLED)
    assert not offered(plan(learnt, tasks=[cancelled])).tasks


def test_strategies_are_offered_lessons_too() -> None:
    strategy = Strategy(code="S1", dimension="", content="上海展会获客")
    found = offered(plan(FAIR, strategies=(strategy,)))
    assert list(found.strategies) == ["S1"]


@pytest.mark.parametrize(
    ("period", "first", "count"),
    [
        ("2025-Q2", Month(2025, 4), 3),
        ("2025-12", Month(2025, 12), 1),
        ("2025", Month(2025, 1), 12),
        ("下半年", Month(2026, 7), 6),
        ("6月", Month(2026, 6), 1),
    ],
)
def test_the_months_of_a_period(period: str, first: Month, count: int) -> None:
    found = months_of(period, Settings(year=2026))
    assert (found[0], len(found)) == (first, count)
    assert not months_of("展会", Settings(year=2026)) and not months_of(
        "2025-13", Settings(year=2026)
    )


class Sample(NamedTuple):
    """A sample's language, plan and results."""

    lang: str
    plan: Plan
    results: Results


class Case(NamedTuple):
    """A lesson in both languages, and the tasks of the sample that it is for."""

    zh: tuple[str, str, str, str]
    en: tuple[str, str, str, str]
    tasks: str = ""


BANK = (
    Case(
        ("季度回访", "回访前准备使用数据", "回访记录当天入系统", "老客户;回访"),
        ("Quarterly visits", "Prepare usage data", "Notes the same day", "customers;visits"),
        "T04 T06",
    ),
    Case(
        ("培训效果", "培训后要有考核", "每场培训留测验题", "培训"),
        ("Training that sticks", "Test after each", "A quiz for each session", "training"),
        "T02 T15",
    ),
    Case(
        ("价格政策", "改价前先问渠道", "新旧政策并行一个月", "价格;渠道"),
        ("Price policy", "Ask the channel first", "Run both for a month", "price;channel"),
        "T16",
    ),
    Case(
        ("公众号内容", "标题写客户的问题", "内容提前一月排期", "内容"),
        ("Content plan", "Put the question in the title", "Plan articles ahead", "content"),
        "T17",
    ),
    Case(
        ("线上投放", "预算先小后大", "每周看转化成本", "线上;投放"),
        ("Online campaigns", "Start small", "Watch the cost weekly", "online;campaigns"),
        "T18",
    ),
    Case(
        ("框架协议签约", "法务提前介入", "协议模板先定稿", "框架协议;大客户"),
        ("Signing frame contracts", "Bring in legal", "A template first", "contracts;key accounts"),
        "T12",
    ),
    Case(
        ("目标客户清单", "清单要有决策人", "清单每月更新", "清单;获客"),
        ("Target customers", "Decision makers too", "Update the list monthly", "list;winning"),
        "T01",
    ),
    Case(
        ("物流延误", "备选承运商", "旺季前锁运力", "物流"),
        ("Delayed shipments", "A second carrier", "Book capacity", "logistics"),
    ),
    Case(
        ("系统切换", "双系统并行两周", "数据先备份", "系统"),
        ("New system", "Run both for a while", "Back up the data", "system"),
    ),
    Case(
        ("夏季促销", "促销前备货", "导购激励", "促销;备货"),
        ("Summer sale", "Stock before", "Incentives for shop staff", "sale;stock"),
    ),
    Case(
        ("样板间建设", "选址要客户常来", "样板间配讲解员", "样板间"),
        ("Building the showroom", "Choose the place", "Have a guide there", "showroom"),
    ),
    Case(
        ("节后开工", "节后先拜访", "年前约好时间", "节奏"),
        ("After the holidays", "Go out at once", "Make appointments before", "rhythm"),
    ),
    Case(
        ("年度预算", "预算按项目拆", "按月对账", "预算"),
        ("Annual budget", "Break it down by project", "Reconcile", "budget"),
    ),
    Case(
        ("人员流失", "关键客户双人跟进", "离职交接清单", "人员"),
        ("Colleagues leaving", "Two people on each account", "A hand-over", "staff"),
    ),
)
"""Half of them are about what the sample's tasks are about, half about other things."""


@pytest.fixture(scope="module", params=["zh", "en"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample in each language, worked out."""
    path = tmp_path_factory.mktemp("lessons") / "plan.xlsx"
    run = app.check(new_sample(path, lang=request.param))
    return Sample(request.param, run.plan, run.results)


def banked(sample: Sample) -> dict[str, set[str]]:
    """By the topic of each lesson the tasks of the sample that it is offered at."""
    said = [getattr(case, sample.lang) for case in BANK]
    lessons = tuple(
        Lesson(period=f"2025-Q{at % 4 + 1}", topic=topic, lesson=lesson, practice=way, tags=tags)
        for at, (topic, lesson, way, tags) in enumerate(said)
    )
    given, results = replace(sample.plan, lessons=lessons), sample.results
    found = offers(given, results.month, results.as_of, results.tasks, ())
    by_topic: dict[str, set[str]] = {lesson.topic: set() for lesson in lessons}
    for task, ones in found.tasks.items():
        for one in ones:
            by_topic[one.lesson.topic].add(task)
    return by_topic


def test_what_is_offered_at_the_sample_s_tasks_is_about_them(sample: Sample) -> None:
    """None by chance; of those that fit most."""
    wanted = {getattr(case, sample.lang)[0]: set(case.tasks.split()) for case in BANK}
    found = banked(sample)
    by_chance = {topic: tasks - wanted[topic] for topic, tasks in found.items()}
    assert not {topic: tasks for topic, tasks in by_chance.items() if tasks}
    hit = sum(len(tasks) for tasks in found.values())
    assert hit >= 0.75 * sum(map(len, wanted.values()))


def test_the_sample_s_lessons_are_offered_with_their_cells(sample: Sample) -> None:
    told = sample.plan, sample.results, sample.lang
    by_row = {task.origin.row: task.code for task in sample.plan.tasks}
    rows, _ = KEYED["tasks"](*told)
    cells = {by_row[row]: values["offered"] for row, values in rows.items() if values["offered"]}
    sheet = sample.plan.lessons[0].origin.sheet
    assert {"T03", "T07", "T12", "T19"} <= set(cells)
    assert str(cells["T07"]).startswith("2025-Q3") and f"({sheet}!B" in str(cells["T07"])
    issues, _ = KEYED["issues"](*told)
    assert any(values.get("offered") for values in issues.values())


def test_a_plan_without_lessons_offers_none() -> None:
    from salesplan.engine import compute

    given = plan(tasks=[Task(code="T1", content="上海展会", origin=Origin(row=2))])
    results: Results = compute(given, month=JUNE, as_of=JUNE.last)
    assert results.lessons is None
    rows, _ = KEYED["tasks"](given, results, "zh")
    assert rows[2]["offered"] is None
