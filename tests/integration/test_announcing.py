"""``announce``: approved changes told to the units of their 同步对象, once each, as a planner runs
it.
"""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from salesplan import app
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from tests.maildesk import own_state, run, running  # noqa: F401 (fixtures)
from tests.mailserver import Running
from tests.samples import new_sample, typed_at

TOLD = [
    "C03_P01",
    "C03_T1",
    "C05_D12",
    "C05_P07",
    "C05_T2",
    "C06_T1",
    "C06_T2",
    "C06_T3",
    "C07_D11",
    "C07_D12",
    "C07_P02",
    "C07_P05",
]
"""The sample's approved changes with the units of their 同步对象; C01 and C02 are pending, C04 is
rejected.
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("announce") / "plan.xlsx"
    new_sample(path, lang="zh")
    return path


@pytest.fixture
def master(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample, tmp_path / "plan.xlsx"))


def drafts(master: Path) -> Mapping[str, EmailMessage]:
    folder = master.with_name("plan-announcements")
    return (
        {
            file.stem: message_from_bytes(file.read_bytes(), policy=default)
            for file in sorted(folder.iterdir())
        }
        if folder.exists()
        else {}
    )  # type: ignore[misc]


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def findings(master: Path, today: date | None = None) -> list[tuple[str, str, str]]:
    return [
        (one.code, str(one.params["unit"]), str(one.params["change"]))
        for one in app.announcements(master, today=today).findings
    ]


def test_each_unit_concerned_is_told_what_changed_from_when_and_why(master: Path) -> None:
    done = run("announce", master)
    assert done.exit_code == 0 and str(len(TOLD)) in done.output.splitlines()[-2], done.output
    found = drafts(master)
    assert list(found) == TOLD, "what is pending or rejected is not announced"
    one = found["C05_T2"]
    assert (str(one["To"]), str(one["Subject"]), one["X-Unsent"]) == (
        "赵磊 <t2@example.com>",
        "计划变更通知 · C05 · 自 2026-07 起",
        "1",
    )
    assert all(one[name] is None for name in ("From", "Date", "Message-ID", "Bcc"))
    lines = plain(one).splitlines()
    assert (
        lines[0] == "赵磊, 您好:"
        and "以下变更已经批准 (林岚, 2026-06-26), 自 2026-07 起执行。" in lines
    )
    assert (
        "P07 (唐宁)  上级编码  D12  T2  2026-07" in lines
        and "触发原因: 渠道招募人手不足, 从直销借调1人" in lines
    )
    assert "B13  申请额  14  15  2026-06" in plain(
        found["C03_P01"]
    ) and "COL (回款)  公司年度目标  1805  1830  2026-07" in plain(found["C06_T3"])


def test_a_change_of_a_day_names_the_day_and_what_stood_before(master: Path) -> None:
    """Effective on 16 July, and a target that nobody had typed before."""
    typed_at(master, "changes", "C06", effective=date(2026, 7, 16), approved=date(2026, 6, 25))
    typed_at(
        master,
        "changes",
        "C02",
        effective=date(2026, 7, 16),
        before=None,
        status="批准",
        approver="林岚",
        approved=date(2026, 6, 26),
    )
    done = run("announce", master)
    found = drafts(master)
    assert str(found["C06_T3"]["Subject"]) == "计划变更通知 · C06 · 自 2026-07-16 起"
    assert "自 2026-07-16 起执行" in plain(found["C06_T3"])
    assert "  570  540  2026-07-16" in plain(found["C02_T2"])
    assert ": 570 → 540  (2026-07-16)" in done.output


def test_in_english_too(master: Path) -> None:
    assert (
        run(
            "announce", master, "--lang", "en", "--to", master.with_name("plan-announcements")
        ).exit_code
        == 0
    )
    one = drafts(master)["C06_T1"]
    assert str(one["Subject"]) == "Plan change · C06 · from 2026-07"
    assert "Reason: 账期收紧, 下半年多收回款" in plain(
        one
    ) and "takes effect from 2026-07" in plain(one)


def test_a_second_run_tells_nobody_again(master: Path, own_state: Path) -> None:
    run("announce", master)
    shutil.rmtree(master.with_name("plan-announcements"))
    journal = (own_state / "outbox.jsonl").read_bytes()
    again = run("announce", master)
    assert again.exit_code == 0 and "待通知 0 条" in again.output and drafts(master) == {}
    assert "已生成草稿" in again.output and "已发送" not in again.output, (
        "whether a draft was sent, only its writer knows"
    )
    assert (own_state / "outbox.jsonl").read_bytes() == journal


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_drafts_that_were_thrown_away_are_made_again_when_asked(master: Path, lang: str) -> None:
    run("announce", master)
    shutil.rmtree(master.with_name("plan-announcements"))
    seen = run("announce", master, "--again", "--dry-run", "--lang", lang)
    assert (
        "12 条通知, 待通知 12 条。" if lang == "zh" else "12 notices, 12 to be announced."
    ) in seen.output and drafts(master) == {}
    assert run("announce", master, "--again", "--lang", lang).exit_code == 0
    assert list(drafts(master)) == TOLD


def test_a_draft_can_go_through_the_server_after_all_but_what_was_sent_goes_no_second_time(
    master: Path, running: Running
) -> None:
    run("announce", master)
    assert (
        run("announce", master, "--smtp", "--yes", 0).exit_code == 0 and running.post.arrived == []
    )
    assert run("announce", master, "--smtp", "--again", "--yes", len(TOLD)).exit_code == 0
    assert len(running.post.arrived) == len(TOLD)
    shutil.rmtree(master.with_name("plan-announcements"))
    assert "待通知 0 条" in run("announce", master, "--again").output and drafts(master) == {}
    assert run("announce", master, "--smtp", "--again", "--yes", 0).exit_code == 0 and len(
        running.post.arrived
    ) == len(TOLD)


def test_a_dry_run_writes_nothing(master: Path, own_state: Path) -> None:
    shown = json.loads(run("announce", master, "--dry-run", "--json").output)
    assert sorted(f"{one['change']}_{one['unit']}" for one in shown["notices"]) == TOLD
    assert {one["standing"] for one in shown["notices"]} == {"open"}
    assert not own_state.exists() and [path.name for path in master.parent.iterdir()] == [
        "plan.xlsx"
    ]


@pytest.mark.parametrize(
    "typed", [{"after": 1840}, {"trigger": "账期再收紧"}], ids=["another value", "another reason"]
)
def test_a_change_that_says_something_else_is_told_anew(
    master: Path, typed: dict[str, object]
) -> None:
    run("announce", master)
    shutil.rmtree(master.with_name("plan-announcements"))
    typed_at(master, "changes", "C06", **typed)
    assert run("announce", master).exit_code == 0
    found = drafts(master)
    assert list(found) == ["C06_T1", "C06_T2", "C06_T3"]
    assert str(next(iter(typed.values()))) in plain(found["C06_T1"])


def test_a_change_is_told_once_it_is_approved_and_not_before(master: Path) -> None:
    run("announce", master)
    typed_at(master, "changes", "C01", status="批准")
    assert "C01" not in run("announce", master).output, (
        "it lacks the day of approval and is not in force"
    )
    typed_at(master, "changes", "C01", approved=date(2026, 6, 29))
    assert run("announce", master).exit_code == 0
    assert "T08  时间节点  2026-06-12  2026-06-26  2026-07" in plain(drafts(master)["C01_P04"])


def test_whoever_cannot_be_told_is_named_with_the_change(master: Path) -> None:
    """A leaver; a team whose 负责人 has left; no address; two of them; another domain."""
    typed_at(master, "units", "P07", left=date(2026, 6, 30))
    typed_at(master, "units", "P12", left=date(2026, 6, 30))
    typed_at(master, "units", "D12", email=None)
    typed_at(master, "units", "T1", email="t1@example.com boss@example.com")
    typed_at(master, "units", "T2", email="t2@elsewhere.cn")
    assert findings(master, date(2026, 7, 1)) == [
        ("announce-address", "T1", "C03"),
        ("announce-left", "P07", "C05"),
        ("announce-no-address", "D12", "C05"),
        ("announce-address", "T2", "C05"),
        ("announce-address", "T1", "C06"),
        ("announce-address", "T2", "C06"),
        ("announce-left", "T3", "C06"),
        ("announce-no-address", "D12", "C07"),
    ]
    assert ("announce-left", "P07", "C05") not in findings(master, date(2026, 6, 30)), (
        "on the last working day they are told"
    )
    places = {
        (one.params["unit"], str(one.place))
        for one in app.announcements(master, today=date(2026, 7, 1)).findings
    }
    columns, rows = (
        load(master).tables["units"].columns,
        {unit.code: unit.origin.row for unit in load(master).plan.units},
    )
    assert {
        ("P07", f"组织!{columns['left']}{rows['P07']}"),
        ("T3", f"组织!{columns['manager']}{rows['T3']}"),
        ("T2", f"组织!{columns['email']}{rows['T2']}"),
    } <= places
    done = run("announce", master)
    assert list(drafts(master)) == ["C03_P01", "C07_D11", "C07_P02", "C07_P05"], done.output
    assert "变更 C05 没有通知到人" in done.output and "elsewhere.cn" in done.output


def test_the_person_in_charge_may_be_named_by_code(master: Path) -> None:
    typed_at(master, "units", "T3", manager="P12")
    run("announce", master)
    assert str(drafts(master)["C06_T3"]["To"]) == "冯雪 <t3@example.com>"


def test_whoever_is_named_by_name_or_address_is_told_too_and_once(master: Path) -> None:
    plan = load(master).plan
    person, team = plan.unit_by_code["P01"], plan.unit_by_code["T1"]
    typed_at(
        master,
        "changes",
        "C03",
        notify=f"T1、{team.name}、{person.email.upper()}、P01、T1、stranger@example.com",
    )
    found = app.announcements(master)
    assert [one.unit.code for one in found.notices if one.change.code == "C03"] == ["T1", "P01"]
    assert [(one.code, one.params["name"], one.place.sheet) for one in found.findings] == [
        ("announce-nobody", "stranger@example.com", "变更记录")
    ]
    typed_at(master, "units", "P01", name=team.name)
    found = app.announcements(master)
    assert [one.unit.code for one in found.notices if one.change.code == "C03"] == ["T1", "P01"], (
        "by code, and by address"
    )
    assert [one.code for one in found.findings] == ["name-ambiguous", "announce-nobody"]


def test_each_address_of_a_unit_is_told(master: Path) -> None:
    typed_at(master, "units", "P01", email="孙丽 <p01@example.com>；助理 <help@example.com>")
    assert run("announce", master).exit_code == 0
    told = [message for name, message in drafts(master).items() if name.startswith("C03_P01")]
    assert sorted(str(message["To"]) for message in told) == [
        "助理 <help@example.com>",
        "孙丽 <p01@example.com>",
    ]


def test_a_line_break_in_a_cell_makes_no_header(master: Path) -> None:
    typed_at(master, "changes", "C06", trigger="账期收紧\r\nBcc: x@example.com")
    typed_at(master, "units", "T3", manager="冯雪\nBcc: x@example.com")
    typed_at(master, "changes", "C03", code="C03\nBcc: x@example.com")
    assert run("announce", master).exit_code == 0
    found = list(drafts(master).values())
    assert len(found) == len(TOLD)
    for message in found:
        assert {key.casefold() for key in message} <= {
            "to",
            "subject",
            "mime-version",
            "content-type",
            "x-unsent",
            "x-salesplan",
        }
        assert len(message["To"].addresses) == 1
    assert "Bcc: x@example.com" in plain(drafts(master)["C06_T1"]), (
        "the reason is told as it was typed"
    )


def test_a_subject_with_a_line_break_is_no_approved_change(master: Path, running: Running) -> None:
    typed_at(master, "changes", "C06", subject="COL\nBcc: x@example.com")
    assert run("announce", master, "--smtp", "--yes", len(TOLD) - 3).exit_code == 0
    assert (
        len(running.post.arrived) == len(TOLD) - 3 and "x@example.com" not in running.post.addresses
    )
    assert all(
        message["Bcc"] is None and "C06" not in str(message["Subject"])
        for message in running.post.messages
    )


def test_through_the_server_each_arrives_once(master: Path, running: Running) -> None:
    assert run("announce", master, "--smtp", said=f"{len(TOLD) - 1}\n").exit_code == 2
    assert running.post.arrived == []
    done = run("announce", master, "--smtp", said=f"{len(TOLD)}\n")
    assert done.exit_code == 0, done.output
    told = sorted(
        (address, str(message["Subject"]).split(" · ")[1])
        for address, message in zip(running.post.addresses, running.post.messages, strict=True)
    )
    assert told == sorted(
        [
            ("chen.li@example.com", "C03"),
            ("t1@example.com", "C03"),
            ("d12@example.com", "C05"),
            ("tang.ning@example.com", "C05"),
            ("t2@example.com", "C05"),
            ("t1@example.com", "C06"),
            ("t2@example.com", "C06"),
            ("t3@example.com", "C06"),
            ("d11@example.com", "C07"),
            ("d12@example.com", "C07"),
            ("wang.min@example.com", "C07"),
            ("liu.yang@example.com", "C07"),
        ]
    )
    assert (
        run("announce", master, "--smtp", "--yes", 0).exit_code == 0
        and run("announce", master).exit_code == 0
    )
    assert len(running.post.arrived) == len(TOLD) and drafts(master) == {}


def test_a_refused_address_is_told_and_goes_again_when_it_is_right(
    master: Path, running: Running
) -> None:
    running.post.refusals["t3@example.com"] = "550 no such mailbox"
    done = run("announce", master, "--smtp", "--yes", len(TOLD))
    assert (
        done.exit_code == 5
        and "550 no such mailbox" in done.output
        and len(running.post.arrived) == len(TOLD) - 1
    )
    typed_at(master, "units", "T3", email="t3.new@example.com")
    assert run("announce", master, "--smtp", "--yes", 1).exit_code == 0
    assert running.post.addresses[-1] == "t3.new@example.com"


@pytest.mark.parametrize(
    ("answer", "arrived", "more"), [("cut after", "arrived", 0), ("cut before", "again", 1)]
)
def test_unknown_waits_for_a_person(
    master: Path, running: Running, answer: str, arrived: str, more: int
) -> None:
    running.post.at_data.append(answer)
    assert run("announce", master, "--smtp", "--yes", len(TOLD)).exit_code == 6
    there = len(running.post.arrived)
    assert run("announce", master, "--smtp", "--yes", 0).exit_code == 6, (
        "as long as nobody has looked"
    )
    assert (
        run("announce", master).exit_code == 6
        and drafts(master) == {}
        and len(running.post.arrived) == there
    )
    (unknown,) = [
        one.unit.code
        for one in app.announcements(master).notices
        if one.standing is app.Standing.UNKNOWN
    ]
    with pytest.raises(SalesplanError) as caught:
        app.settle_notices("HQ", arrived=True)
    assert caught.value.finding.code == "settle-nothing"
    assert run("announce", master, "--settle", unknown, arrived).exit_code == 0
    assert run("announce", master, "--smtp", "--yes", more).exit_code == 0
    assert len(running.post.arrived) == len(TOLD)
