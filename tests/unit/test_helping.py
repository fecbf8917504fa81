"""协作方: who is asked for help, whether in time, and what is said of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.work.actions import assess
from salesplan.engine.work.helping import (
    Request,
    RequestState,
    findings,
    requests,
    standing,
    with_notices,
)
from salesplan.findings import Finding
from salesplan.messages import fix, text
from salesplan.plan.checks import run_checks
from salesplan.plan.model import (
    HelpAnswer,
    Helper,
    HelpReply,
    Level,
    Month,
    Plan,
    Settings,
    SupportKind,
    Task,
    Unit,
)
from salesplan.plan.model.helping import Helping, partners

UNITS = (
    Unit(code="C", name="公司", level=Level.COMPANY),
    Unit(code="T1", name="华东", level=Level.TEAM, parent="C", email="t1@example.com"),
    Unit(code="P1", name="张三", level=Level.PERSON, parent="T1"),
    Unit(code="P2", name="李四", level=Level.PERSON, parent="T1"),
)
MARKETING = Helper(name="市场部", email="m@example.com", contact="苏晴", notice_days=5)
LEGAL = Helper(name="法务")
BELOW = Helper(name="华东", notice_days=1)


def june(day: int) -> date:
    """A day of June 2026; the 15th is a Monday, the 19th a day off (端午)."""
    return date(2026, 6, day)


def task(partners: str, **more: object) -> Task:
    given: dict[str, object] = {
        "code": "K1",
        "content": "客户清单",
        "owner": "P1",
        "support": SupportKind.CROSS_DEPARTMENT,
        "start": june(15),
        "due": june(30),
        "progress": None,
    }
    return Task(partners=partners, **{**given, **more})  # type: ignore[arg-type]


def plan(*tasks: Task, replies: Sequence[HelpReply] = (), asks: bool = True) -> Plan:
    return Plan(
        settings=Settings(year=2026, month=Month(2026, 6)),
        units=UNITS,
        tasks=tasks,
        asks_for_help=asks,
        helpers=(MARKETING, LEGAL, BELOW),
        replies=tuple(replies),
    )


CALENDAR = Calendar.of("CN", (), {2026})
TWELFTH = june(12)


def asked(one: Plan, as_of: date = TWELFTH) -> tuple[Request, ...]:
    return requests(one, assess(one, CALENDAR, as_of), CALENDAR, as_of)


def said(one: Plan, as_of: date) -> list[str]:
    return [found.code for found in findings(one, asked(one, as_of))]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("市场部", ["市场部"]),
        ("市场部、法务;李四，T1", ["市场部", "法务", "李四", "T1"]),
        (" 市场部 ；\n市场部,", ["市场部"]),
        ("", []),
        ("Key accounts; 法务", ["Key accounts", "法务"]),
    ],
)
def test_several_names_stand_in_one_cell(cell: str, names: list[str]) -> None:
    assert list(partners(task(cell))) == names


def test_a_helper_is_a_row_a_unit_or_a_person_and_each_is_asked_once() -> None:
    one = plan(task("市场部、T1、华东、李四、谁"))
    found = Helping(one).of(one.tasks[0])
    assert [(each.key, each.name) for each in found] == [
        ("市场部", "市场部"),
        ("T1", "华东"),
        ("P2", "李四"),
    ]
    assert [each.notice_days for each in found] == [5, 1, None]
    assert [each.email for each in found] == ["m@example.com", "t1@example.com", ""]


def test_notice_is_the_rows_own_else_that_of_the_kind_of_support() -> None:
    marketing, legal, team = asked(plan(task("市场部、法务、华东", requested=june(10))))
    assert (marketing.required, legal.required, team.required) == (5, 3, 1)
    assert marketing.notice == Finding.of(
        "help-late", owner="张三", helper="市场部", required=5, short=2
    )
    assert legal.notice == Finding.of("notice-ok", days=3)
    assert (marketing.latest, legal.latest) == (june(8), june(10))


def test_of_several_helpers_the_worst_notice_is_the_tasks() -> None:
    one = plan(task("法务、市场部", requested=june(10)))
    results = assess(one, CALENDAR, june(12))
    notice = with_notices(results, asked(one))["K1"].notice
    assert notice is not None and notice.code == "help-late"
    untouched = plan(task("", support=None))
    plain = assess(untouched, CALENDAR, june(12))
    assert with_notices(plain, asked(untouched)) == plain


def test_a_request_that_nobody_handed_in_names_both_sides() -> None:
    late = plan(task("市场部"))
    assert said(late, june(12)) == ["help-not-asked"]
    (found,) = findings(late, asked(late))
    for lang, fact in (("zh", "张三 还没有向 市场部 提报"), ("en", "张三 has not asked 市场部")):
        assert fact in text(found, lang) and "张三" in fix(found, lang)
    assert said(late, june(8)) == []


def reply(answer: HelpAnswer | None, promised: date | None = None, helper: str = "市场部") -> Plan:
    given = HelpReply(task="K1", helper=helper, answer=answer, promised=promised)
    return plan(task("市场部", requested=june(1)), replies=[given])


def test_what_was_answered_is_told_from_what_was_not() -> None:
    quiet = plan(task("市场部", requested=june(1)))
    assert said(quiet, june(11)) == [] and said(quiet, june(12)) == ["help-unanswered"]
    assert said(reply(HelpAnswer.NO), june(2)) == ["help-refused"]
    assert said(reply(HelpAnswer.YES, june(15)), june(30)) == []
    assert said(reply(HelpAnswer.YES, june(23)), june(2)) == ["help-promised-late"]
    assert said(reply(HelpAnswer.CONDITIONS), june(30)) == []
    (late,) = asked(reply(HelpAnswer.YES, june(23)))
    assert late.late == 5, "16, 17, 18, 22 and 23 June: the 19th is a day off"
    (weekend,) = asked(reply(HelpAnswer.YES, june(16)))
    assert weekend.late == 1


def test_an_answer_counts_by_any_name_of_the_helper() -> None:
    given = HelpReply(task="K1", helper="T1", answer=HelpAnswer.YES)
    (one,) = asked(plan(task("华东", requested=june(1)), replies=[given]))
    assert one.state is RequestState.YES
    assert text(standing(one), "zh") == "华东 同意"


def test_a_task_that_is_over_needs_no_answer() -> None:
    done = plan(task("市场部", requested=june(1), progress=1, finished=june(20)))
    assert said(done, june(30)) == []
    late = plan(task("市场部", requested=june(12), progress=1, finished=june(20)))
    assert said(late, june(30)) == ["help-late"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("answer", [None, *HelpAnswer])
@pytest.mark.parametrize("promised", [None, june(15)])
def test_every_standing_names_the_helper(
    lang: str, answer: HelpAnswer | None, promised: date | None
) -> None:
    codes = {"help-asked", "help-yes", "help-yes-by", "help-conditions", "help-conditions-by"}
    (one,) = asked(reply(answer, promised))
    said = standing(one)
    assert said.code in codes | {"help-no"}
    assert "市场部" in text(said, lang) and ("06-15" in text(said, lang)) == (
        said.code.endswith("-by")
    )
    (open_one,) = asked(plan(task("市场部")))
    assert standing(open_one).code == "help-to-ask"


def test_without_the_sheet_nobody_is_asked_and_any_text_will_do() -> None:
    one = plan(task("谁都行"), asks=False)
    codes = [found.code for found in run_checks(one, june(30))]
    assert "helper-unknown" not in codes and "helper-mail-missing" not in codes
    assert "helper-unknown" in [found.code for found in run_checks(plan(*one.tasks), june(30))]


def test_an_unknown_name_has_the_nearest_known_ones() -> None:
    found = run_checks(plan(task("市场布、张三丰")), june(30))
    near = [one.params["near"] for one in found if one.code == "helper-unknown"]
    assert near == [("市场部",), ("张三 (P1)",)]
