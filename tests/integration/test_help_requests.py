"""Helpers hear of it: their requests written, sent by a real mail server, answered, taken back."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from salesplan import app
from salesplan.app.auditing import secrets_of
from salesplan.audience.audit import audit_texts, texts_of
from salesplan.audience.request_slice import foreign_requests, helper_parts
from salesplan.audience.whole import Whole
from salesplan.dataclass import replace
from salesplan.delivery.manifest import HELPER
from salesplan.excel.exchange import handout_button
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from salesplan.plan.model import HelpAnswer
from tests import fake_excel
from tests.integration.test_handouts import fill
from tests.maildesk import own_state, run, running  # noqa: F401 (fixtures)
from tests.mailserver import Running
from tests.programs import convert
from tests.unit.masters import Rows, edited, settings_edit, write

SHEET = "协作请求"
LATER = date(2026, 4, 22)
"""Two working days after the help is needed."""
TASK: dict[str, Any] = {"strategy": "S1", "support": "跨部门", "start": date(2026, 4, 20)}
K3: dict[str, Any] = {
    **TASK,
    "code": "K3",
    "content": "行业客户清单",
    "owner": "P1",
    "partners": "市场部；T2",
    "due": date(2026, 4, 30),
    "deliverable": "目标企业清单",
    "deliverable_target": 50.0,
    "resources": "行业数据报告",
    "requested": date(2026, 3, 30),
    "budget": "B1",
}
K4: dict[str, Any] = {
    **TASK,
    "code": "K4",
    "content": "方案演示",
    "owner": "P2",
    "partners": "产品部、外援",
    "due": date(2026, 5, 8),
    "deliverable": "演示环境",
    "requested": date(2026, 4, 17),
}


def rows(**more: Mapping[int, Mapping[str, Any]]) -> Rows:
    """The small sound master with two tasks that ask for help, and who helps."""
    helpers = {
        2: {"name": "市场部", "email": "mkt@example.cn", "contact": "苏晴"},
        3: {"name": "产品部", "email": "pm@elsewhere.com", "contact": "罗毅"},
        4: {"name": "外援"},
    }
    given = {
        **settings_edit(mail_domains="example.cn"),
        "units": {row: {"email": f"u{row}@example.cn"} for row in range(2, 7)},
        "tasks": {4: K3, 5: K4},
        "helpers": helpers,
    }
    return edited({**given, "replies": {}, **more})


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master and, in ``out``, its handouts; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("help")
    write(folder / "plan.xlsx", rows())
    app.handout(folder / "plan.xlsx", folder / "out")
    return folder


@pytest.fixture
def desk(own_state: Path, tmp_path: Path) -> Path:
    """The same, made by the account that sends."""
    (tmp_path / "desk").mkdir()
    ask_again(tmp_path / "desk")
    return tmp_path / "desk"


def book_of(desk: Path, helper: str) -> Path:
    return next((desk / "out" / SHEET).glob(f"{SHEET}_*_{helper}*.xlsx"))


def ask_again(desk: Path, **edits: Mapping[int, Mapping[str, Any]]) -> app.HandedOut:
    write(desk / "plan.xlsx", rows(**edits))
    return app.handout(desk / "plan.xlsx", desk / "out")


def test_each_helper_has_a_book_of_the_requests_to_it_and_of_nothing_else(asked: Path) -> None:
    done = app.handout(asked / "plan.xlsx", asked / "out").requests
    assert done is not None and done.leaks == ()
    assert [(part.key, part.person) for part, _ in done.written] == [
        ("市场部", "苏晴"),
        ("T2", "华东二部"),
        ("产品部", "罗毅"),
        ("外援", "外援"),
    ]
    book = load_workbook(book_of(asked, "市场部"))
    sheet = book[SHEET]
    assert "“市场部”支持" in sheet.cell(2, 1).value
    said = {sheet.cell(4, at).value: sheet.cell(5, at).value for at in range(1, sheet.max_column)}
    assert said.pop("需要日").date() == date(2026, 4, 20)
    assert said.pop("提报日").date() == date(2026, 3, 30)
    assert said.pop("答复期限").date() == date(2026, 4, 17), "the working day before"
    assert said == {
        "任务编号": "K3",
        "任务内容": "行业客户清单",
        "提出人": "张三",
        "交付成果": "目标企业清单",
        "所需资源": "行业数据报告",
        "协作答复": None,
        "承诺日": None,
        "答复说明": None,
        "#key": "K3|市场部",
    }
    everything = "\n".join(texts_of(book_of(asked, "市场部")))
    for foreign in ("K4", "方案演示", "李四", "产品部", "华东二部", "REV", "B1", "@ex", "500"):
        assert foreign not in everything


def test_a_text_from_beside_the_request_is_a_leak(asked: Path, tmp_path: Path) -> None:
    """The audit does not trust the slice: what it lets through by mistake is found in the book."""
    run = app.check(asked / "plan.xlsx")
    whole, secrets = Whole(run.plan, run.results), secrets_of(run, "zh")
    part = next(one for one in helper_parts(whole) if one.key == "市场部")
    assert foreign_requests(whole, part) == ()
    other = replace(part, asked=(replace(part.asked[0], content="方案演示"),))
    assert [one.code for one in foreign_requests(whole, other)] == ["leak-foreign-record"]
    taken = replace(part, asked=(replace(part.asked[0], task="K4"),))
    assert foreign_requests(whole, taken) != ()
    path = tmp_path / "planted.xlsx"
    book = load_workbook(book_of(asked, "市场部"))
    book[SHEET].cell(9, 1).value = "方案演示"
    book[SHEET].cell(9, 2).value = "P2"
    book.save(path)
    leaks = {one.code for one in audit_texts(path, secrets, part.texts)}
    assert {"leak-text", "leak-code"} <= leaks
    assert audit_texts(book_of(asked, "市场部"), secrets, part.texts) == ()


def test_requests_go_once_to_allowed_addresses_only(running: Running, desk: Path) -> None:
    folder = desk / "out" / SHEET
    shown = run("send", folder, "--dry-run")
    assert "pm@elsewhere.com 不在允许的邮箱域名(example.cn)之内" in shown.output
    assert "外援 没有邮箱" in shown.output
    sent = run("send", folder, "--smtp", "--yes", "2")
    assert sent.exit_code == 0, sent.output
    assert sorted(running.post.addresses) == ["mkt@example.cn", "u4@example.cn"]
    letter = next(one for one in running.post.messages if one["to"].addresses[0].username == "mkt")
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert letter["subject"] == "协作请求 · 市场部 · 2026-03" and text.startswith("苏晴, 您好:")
    assert "K3 行业客户清单: 2026-04-20 前支持 张三; 成果: 目标企业清单; 需要: 行业数据报告" in text
    (attached,) = letter.iter_attachments()
    assert attached.get_content() == book_of(desk, "市场部").read_bytes()
    for _ in range(2):  # sent again, and made again from a master that asks the same
        assert run("send", folder, "--smtp", "--yes", "0").exit_code == 0
        ask_again(desk, daily={3: {"day": date(2026, 3, 10), "person": "P1", "today": "拜访"}})
    assert len(running.post.arrived) == 2
    more = {4: {**K3, "resources": "行业数据报告和样本"}, 5: K4}
    ask_again(desk, tasks=more)
    assert run("send", folder, "--smtp", "--yes", "0").exit_code == 0
    assert len(running.post.arrived) == 2, "another version goes when it is asked for"
    assert run("send", folder, "--smtp", "--updates", "--yes", "2").exit_code == 0
    assert len(running.post.arrived) == 4


def test_drafts_are_written_for_who_has_an_address(desk: Path, own_state: Path) -> None:
    done = run("send", desk / "out" / SHEET, "--draft")
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (desk / "out" / SHEET / "drafts").iterdir())
    assert names == ["help_T2_华东二部.eml", "help_市场部_苏晴.eml"]


@pytest.mark.parametrize("program", [None, "calc"])
def test_answers_come_back_into_the_master(desk: Path, program: str | None) -> None:
    book = book_of(desk, "市场部")
    fill(book, SHEET, "K3|市场部", 协作答复="有条件同意", 承诺日=LATER, 答复说明="需样本")
    if program:
        book = convert(book, "xlsx", desk / "calc")
    done = app.collect(book, desk / "plan.xlsx")
    assert done.findings == (), done.findings
    app.apply(done)
    (reply,) = load(desk / "plan.xlsx").plan.replies
    assert (reply.task, reply.helper, reply.answer) == ("K3", "市场部", HelpAnswer.CONDITIONS)
    assert (reply.promised, reply.remark) == (LATER, "需样本")
    assert app.collect(book, desk / "plan.xlsx").edits == ()
    found = app.check(desk / "plan.xlsx").findings
    assert [one.params["days"] for one in found if one.code == "help-promised-late"] == [2]
    again = app.handout(desk / "plan.xlsx", desk / "anew")
    assert again.requests is not None
    anew = next(path for part, path in again.requests.written if part.key == "市场部")
    fill(anew, SHEET, "K3|市场部", 承诺日=date(2026, 4, 17))
    app.apply(app.collect(anew, desk / "plan.xlsx"))
    (reply,) = load(desk / "plan.xlsx").plan.replies
    assert (reply.promised, reply.remark) == (date(2026, 4, 17), "需样本"), "answered anew"


def test_the_folder_of_handouts_brings_the_helpers_answers_too(desk: Path) -> None:
    """Answered where it lies, below the handouts; ``handout`` says how all of it comes back."""
    said = run("handout", desk / "plan.xlsx", "--to", desk / "out").output
    assert f"salesplan collect {desk / 'out'} --into {desk / 'plan.xlsx'}" in said
    fill(book_of(desk, "市场部"), SHEET, "K3|市场部", 协作答复="同意")
    done = app.collect(desk / "out", desk / "plan.xlsx")
    assert book_of(desk, "市场部") in done.files
    assert "manifest.json" not in {one.file for one in done.outcomes}
    assert {one.code for one in done.findings} <= {"returned-missing"}
    app.apply(done)
    (reply,) = load(desk / "plan.xlsx").plan.replies
    assert (reply.task, reply.helper, reply.answer) == ("K3", "市场部", HelpAnswer.YES)
    app.handout(desk / "plan.xlsx", desk / "out")
    fill(book_of(desk, "市场部"), SHEET, "K3|市场部", 协作答复="不同意")
    done = app.collect(desk / "out", desk / "plan.xlsx")
    assert [edit.new for edit in done.edits] == ["不同意"], "an answered book is made anew"
    with pytest.raises(SalesplanError, match="place-changed"):
        app.handout(desk / "plan.xlsx", desk / "out")


def test_what_is_not_the_helpers_is_not_taken(desk: Path) -> None:
    """A key of another's request, and a task that asks somebody else by now."""
    book = book_of(desk, "市场部")
    fill(book, SHEET, "K3|市场部", 协作答复="同意")
    workbook = load_workbook(book)
    workbook["_salesplan"].cell(4, 2).value = f"{HELPER}产品部"
    workbook.save(desk / "forged.xlsx")
    done = app.collect(desk / "forged.xlsx", desk / "plan.xlsx")
    assert done.edits == () and [one.code for one in done.findings] == ["returned-foreign"]
    write(desk / "plan.xlsx", rows(tasks={4: {**K3, "partners": "产品部"}, 5: K4}))
    done = app.collect(book, desk / "plan.xlsx")
    assert done.edits == () and [one.code for one in done.findings] == ["returned-foreign"]


def test_of_a_folder_of_answers_the_helpers_are_missed_and_no_manager(desk: Path) -> None:
    back = desk / "back"
    back.mkdir()
    shutil.copy(book_of(desk, "市场部"), back)
    fill(next(back.iterdir()), SHEET, "K3|市场部", 协作答复="同意")
    done = app.collect(back, desk / "plan.xlsx")
    assert done.missing == ("华东二部 (华东二部)", "产品部 (罗毅)", "外援 (外援)")


def test_a_helper_who_is_asked_no_more_has_no_book_left(desk: Path) -> None:
    assert book_of(desk, "产品部").is_file()
    done = ask_again(desk, tasks={4: K3}).requests
    assert done is not None and done.manifest is not None
    names = [path.name for path in (desk / "out" / SHEET).glob("*.xlsx")]
    assert sorted(names) == ["协作请求_2026-03_T2_华东二部.xlsx", "协作请求_2026-03_市场部.xlsx"]


def test_a_master_without_the_sheet_hands_out_as_before(tmp_path: Path) -> None:
    without = {key: table for key, table in rows().items() if key not in ("helpers", "replies")}
    write(tmp_path / "plan.xlsx", without)
    done = app.handout(tmp_path / "plan.xlsx", tmp_path / "out")
    assert done.requests is None and not (tmp_path / "out" / SHEET).exists()
    codes = [one.code for one in app.check(tmp_path / "plan.xlsx").findings]
    assert not [code for code in codes if code.startswith("help")]


def test_what_is_to_be_settled_stands_in_the_report_and_in_the_askers_own(tmp_path: Path) -> None:
    """市场部 declined the request of 张三 (T1): his team's book says so. That of T2, which is asked
    for the same task, knows nothing of it: for that it has its requests.
    """
    declined = {"task": "K3", "helper": "市场部", "answer": "不同意", "remark": "人手不足"}
    path = write(tmp_path / "plan.xlsx", rows(replies={2: declined}))
    done = app.report_each(path, app.Wanted(folder=tmp_path / "out"))
    assert done.leaks == ()
    assert done.manifest is not None and done.manifest.whole is not None
    books = {one.code: tmp_path / "out" / one.book.file for one in done.manifest.recipients}
    everybody = tmp_path / "out" / done.manifest.whole.file
    for book, count in ((everybody, 3), (books["T1"], 1)):  # K4 asks two, too late
        texts = texts_of(book)
        assert f"协作请求待落实 ({count}): 提出人与协作方商定" in texts
        assert {"市场部", "不同意；人手不足", "另找支持或改任务"} <= texts
        assert not any("mkt@example.cn" in one or "苏晴" in one for one in texts)
    told = "\n".join(texts_of(books["T2"]))
    assert "K3" not in told and "市场部" not in told and "产品部" in told


def test_the_button_writes_the_requests_with_their_drafts(own_state: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    book = fake_excel.book(write(desk / "plan.xlsx", rows()))
    for _ in range(2):
        said = handout_button(book)()
        assert not said.failed and "协作请求 4 份, 邮件草稿 2 封, 未发送" in said.lines[1]
        assert said.lines[2] == "没有可发的邮箱, 请自行转交: 产品部、外援"
    (folder,) = desk.glob(f"*/{SHEET}/drafts")
    assert len(list(folder.iterdir())) == 2
