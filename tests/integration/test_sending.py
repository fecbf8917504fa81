"""A folder of reports on its way: drafts, the mail server, the group, and what a second run does;
as a planner runs it.
"""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from salesplan import app, config
from salesplan.cli.send import _held_together
from salesplan.delivery.manifest import NAME, Book, Excluded, Manifest, Recipient, Row
from salesplan.delivery.manifest_file import write
from salesplan.findings import SalesplanError
from tests.integration.test_wecom import KEY, Group, group  # noqa: F401 (a fixture)
from tests.maildesk import own_state, run, running  # noqa: F401 (fixtures)
from tests.mailserver import PASSWORD, Running
from tests.unit.masters import edited
from tests.unit.masters import write as write_master

ROW = Row("REV", "营收", "万元", "500.0", "490.0", "98.0 %", "101.2 %", "amber", "▲ 黄")
UNITS = (("T1", "华东团队", "张三"), ("T2", "华北团队", "李四"), ("P07", "王五", "王五"))


def book(folder: Path, code: str, unit: str, content: bytes) -> Book:
    name = f"月度执行分析报告_2026-06_{code}_{unit}.xlsx"
    (folder / name).write_bytes(content)
    sentences = (f"{unit}累计营收完成 98.0 %。", "第二句 <b>不是标签</b>。", "第三句。")
    return Book(
        name,
        hashlib.sha256(content).hexdigest(),
        len(content),
        code,
        unit,
        "amber",
        sentences,
        (ROW,),
    )


def reports(folder: Path, *, version: bytes = b"1", until: date | None = None) -> Manifest:
    folder.mkdir(exist_ok=True)
    recipients = tuple(
        Recipient(
            code,
            person,
            f"{code.lower()}@example.cn",
            book(folder, code, unit, f"PK {code} ".encode() + version),
            until if code == "P07" else None,
        )
        for code, unit, person in UNITS
    )
    whole = book(folder, "C", "公司", b"PK whole " + version)
    excluded = (Excluded("P09", "赵六", "赵六", "", "mail-missing"),)
    made = Manifest(
        "2026-06",
        date(2026, 6, 30),
        "zh",
        "月度执行分析报告 · 2026年6月",
        "主计划.xlsx",
        "0" * 64,
        whole,
        recipients,
        excluded,
    )
    write(folder, made)
    return made


def test_drafts_open_as_unsent_messages(tmp_path: Path) -> None:
    folder = tmp_path / "六月"
    made = reports(folder)
    done = run("send", folder)
    assert done.exit_code == 0, done.output
    drafts = sorted((folder / "drafts").iterdir())
    assert [one.name for one in drafts] == ["P07_王五.eml", "T1_张三.eml", "T2_李四.eml"]
    message = message_from_bytes(drafts[1].read_bytes(), policy=default)
    assert message["X-Unsent"] == "1"
    assert all(message[name] is None for name in ("From", "Date", "Message-ID", "Bcc"))
    assert message["To"] == "张三 <t1@example.cn>"
    assert message["Subject"] == "月度执行分析报告 · 2026年6月 · 华东团队"
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for sentence in made.recipients[0].book.sentences:
        assert sentence in plain
    assert (
        "&lt;b&gt;不是标签&lt;/b&gt;" in html
        and "<table" in html
        and html.count("▲") == 1
        and "▲ 黄" in html
        and "98.0 %" in html
    )
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == made.recipients[0].book.file
    assert hashlib.sha256(attached.get_content()).hexdigest() == made.recipients[0].book.sha256
    before = [one.read_bytes() for one in drafts]
    run("send", folder, "--draft")
    assert [one.read_bytes() for one in drafts] == before, "the same reports give the same drafts"
    assert not (tmp_path / "state").exists(), "a draft is not sent"


def test_whoever_gets_nothing_is_listed(tmp_path: Path) -> None:
    reports(tmp_path / "r")
    assert "赵六 没有邮箱, 收不到报告。" in run("send", tmp_path / "r", "--dry-run").output


@pytest.mark.parametrize(
    "change", [lambda file: file.write_bytes(b"PK other"), lambda file: file.unlink()]
)
def test_a_book_that_is_not_the_reviewed_one_stops_the_run(
    tmp_path: Path, running: Running, change: Callable[[Path], object]
) -> None:
    made = reports(tmp_path / "r")
    change(tmp_path / "r" / made.recipients[1].book.file)
    done = run("send", tmp_path / "r", "--smtp", "--yes", 3)
    assert done.exit_code == 3
    assert running.post.arrived == []
    assert run("send", tmp_path / "r", "--only", "T1").exit_code == 0, (
        "the others' books are as they were"
    )


def test_a_typed_count_sends_and_a_second_run_sends_nothing(
    tmp_path: Path, running: Running
) -> None:
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--smtp", said="2\n").exit_code == 2
    assert running.post.arrived == []
    done = run("send", tmp_path / "r", "--smtp", said="3\n")
    assert done.exit_code == 0, done.output
    assert sorted(running.post.addresses) == ["p07@example.cn", "t1@example.cn", "t2@example.cn"]
    again = run("send", tmp_path / "r", "--smtp", "--yes", 0)
    assert again.exit_code == 0 and len(running.post.arrived) == 3
    status = json.loads(run("send", tmp_path / "r", "--status", "--json").output)
    assert {item["standing"] for item in status["items"]} == {"sent"}


def test_the_reports_made_again_send_nothing_twice_and_a_new_version_only_when_asked(
    tmp_path: Path, running: Running
) -> None:
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--smtp", "--only", "T1", "--yes", 1).exit_code == 0
    for file in (tmp_path / "r").iterdir():
        file.unlink()
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--smtp", "--only", "T1", "--yes", 0).exit_code == 0
    reports(tmp_path / "r", version=b"2")
    held = run("send", tmp_path / "r", "--smtp", "--only", "T1", "--yes", 0)
    assert "已发过旧版" in held.output
    assert len(running.post.arrived) == 1
    assert (
        run("send", tmp_path / "r", "--smtp", "--only", "T1", "--updates", "--yes", 1).exit_code
        == 0
    )
    assert len(running.post.arrived) == 2


def test_a_refused_recipient_is_told_and_the_rest_goes(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r")
    running.post.refusals["t2@example.cn"] = "550 no such mailbox"
    done = run("send", tmp_path / "r", "--smtp", "--yes", 3)
    assert done.exit_code == 5
    assert "被拒收  550 no such mailbox" in done.output
    assert len(running.post.arrived) == 2


def test_unknown_waits_for_a_person(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r")
    running.post.at_data.append("cut after")
    assert run("send", tmp_path / "r", "--smtp", "--yes", 3).exit_code == 6
    assert len(running.post.arrived) == 3
    assert run("send", tmp_path / "r", "--smtp", "--yes", 0).exit_code == 6
    assert run("send", tmp_path / "r", "--status").exit_code == 6
    assert run("send", tmp_path / "r", "--settle", "T2", "arrived").exit_code == 2, (
        "only what is unknown can be settled"
    )
    assert run("send", tmp_path / "r", "--settle", "T1", "arrived").exit_code == 0
    assert run("send", tmp_path / "r", "--smtp", "--yes", 0).exit_code == 0
    assert len(running.post.arrived) == 3


def test_unknown_goes_again_when_a_person_says_so(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r")
    running.post.at_data.append("cut before")
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    assert run("send", tmp_path / "r", "--settle", "T1", "again").exit_code == 0
    assert run("send", tmp_path / "r", "--smtp", "--yes", 1).exit_code == 0
    assert running.post.addresses.count("t1@example.cn") == 1


def test_leavers_get_nothing(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r", until=date(2026, 7, 1))
    found = app.delivery(tmp_path / "r", today=date(2026, 7, 2))
    assert [item.recipient.code for item in found.to_send()] == ["T1", "T2"]
    assert len(app.delivery(tmp_path / "r", today=date(2026, 7, 1)).to_send()) == 3
    assert len(app.drafts(found)) == 2


def test_a_trial_goes_to_one_address_and_does_not_count(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r")
    assert (
        run("send", tmp_path / "r", "--smtp", "--test-to", "me@example.cn", "--yes", 3).exit_code
        == 0
    )
    assert running.post.addresses == ["me@example.cn"] * 3
    assert all(str(message["Subject"]).startswith("[测试] ") for message in running.post.messages)
    assert len(app.delivery(tmp_path / "r").to_send()) == 3
    for bad in (
        "me@elsewhere.cn",
        "me@example.cn,you@example.cn",
        "me@example.cn\nBcc: x@example.cn",
    ):
        with pytest.raises(SalesplanError) as caught:
            app.delivery(tmp_path / "r", test_to=bad)
        assert caught.value.finding.code == "send-test-address"


def test_an_unknown_code_is_named(tmp_path: Path) -> None:
    reports(tmp_path / "r")
    with pytest.raises(SalesplanError) as caught:
        app.delivery(tmp_path / "r", only=["T1", "T9"])
    assert (caught.value.finding.code, caught.value.finding.params["codes"]) == (
        "send-code-unknown",
        ["T9"],
    )
    done = run("send", tmp_path / "r", "--only", "T9")
    assert done.exit_code == 2 and "T9" in done.output and "T1、T2、P07" in done.output


def test_without_a_server_the_planner_is_told_what_to_set(tmp_path: Path) -> None:
    reports(tmp_path / "r")
    done = run("send", tmp_path / "r", "--smtp", "--yes", 3)
    assert done.exit_code == 2 and "mail.host" in done.output and "--draft" in done.output


def test_the_group_gets_the_whole_team_s_book_once(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reports(tmp_path / "r")
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    preview = run("send", tmp_path / "r", "--wecom", "--dry-run")
    assert "98.0 %" in preview.output and group.said == []
    done = run("send", tmp_path / "r", "--wecom")
    assert done.exit_code == 0 and KEY not in done.output, done.output
    kinds = [
        json.loads(body)["msgtype"]
        for path, _, body in group.said
        if path.startswith("/cgi-bin/webhook/send")
    ]
    assert kinds == ["markdown", "file"]
    assert made.whole is not None and made.whole.file.encode() in group.said[0][2]
    assert not any(
        one.book.file.encode() in body for one in made.recipients for _, _, body in group.said
    )
    run("send", tmp_path / "r", "--wecom")
    assert len(group.said) == 3
    assert KEY not in (tmp_path / "state" / "outbox.jsonl").read_text("utf-8")


def test_another_group_is_told_what_the_first_one_has(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address was changed to another group's: to the outbox both were \"robot\", and the new
    one was told nothing.
    """
    reports(tmp_path / "r")
    keys = (KEY, KEY[::-1])
    for key in (*keys, *keys):
        monkeypatch.setenv(
            "SALESPLAN_WECOM_WEBHOOK",
            f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={key}",
        )
        assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    assert len(group.said) == 6, "an upload, a summary and a file for each group, once"
    journal = (tmp_path / "state" / "outbox.jsonl").read_text("utf-8")
    assert not any(key in journal for key in keys)
    assert len({json.loads(line)["recipient"] for line in journal.splitlines()}) == 4


def refused(work: Callable[..., object], *arguments: object) -> tuple[str, int]:
    with pytest.raises(SalesplanError) as caught:
        work(*arguments)
    return caught.value.finding.code, caught.value.exit_code


def test_a_group_without_a_robot_or_without_a_book_is_not_told(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reports(tmp_path / "r")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert refused(app.tell_group, tmp_path / "r") == ("wecom-no-webhook", 2)
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    write(tmp_path / "r", replace(made, whole=None))
    assert refused(app.tell_group, tmp_path / "r") == ("wecom-no-book", 2)
    assert refused(app.group_summary, tmp_path / "r") == ("wecom-no-book", 2)
    assert group.said == [], "nobody's own book goes to a group"


def test_a_group_that_may_have_it_is_not_told_again(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(tmp_path / "r")
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    group.answers += [b'{"errcode": 0, "media_id": "M"}', 502]
    assert run("send", tmp_path / "r", "--wecom").exit_code == 6
    said = len(group.said)
    assert refused(app.tell_group, tmp_path / "r") == ("wecom-unsettled", 2)
    assert run("send", tmp_path / "r", "--wecom").exit_code == 2
    assert len(group.said) == said
    assert run("send", tmp_path / "r", "--settle", "robot", "arrived").exit_code == 0
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0


def test_a_group_gets_another_version_only_when_asked(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    said = len(group.said)
    reports(tmp_path / "r", version=b"2")
    assert refused(app.tell_group, tmp_path / "r") == ("wecom-older-version", 2)
    assert len(group.said) == said
    group.answers += [b'{"errcode": 0, "media_id": "M"}', 502]
    assert run("send", tmp_path / "r", "--wecom", "--updates").exit_code == 6
    said = len(group.said)
    reports(tmp_path / "r", version=b"3")
    assert refused(lambda: app.tell_group(tmp_path / "r", updates=True)) == ("wecom-unsettled", 2)
    assert len(group.said) == said
    assert run("send", tmp_path / "r", "--settle", "robot", "again").exit_code == 0
    assert run("send", tmp_path / "r", "--wecom", "--updates").exit_code == 0
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    assert len(group.said) == said + 3


@pytest.mark.parametrize("more", [("--test-to", "me@example.cn"), ("--only", "T1")])
def test_a_trial_never_goes_to_the_group(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch, more: tuple[str, str]
) -> None:
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--wecom", *more).exit_code == 2
    assert group.said == []


def test_no_secret_is_written_or_shown_anywhere(tmp_path: Path, running: Running) -> None:
    reports(tmp_path / "r")
    said = (
        run("send", tmp_path / "r", "--smtp", "--yes", 3, "--json").output
        + run("send", tmp_path / "r", "--status", "--json").output
    )
    said += run("send", tmp_path / "r").output
    running.post.refusals["t1@example.cn"] = "550 no"
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    mails = b"".join(data for _, data in running.post.arrived)
    assert PASSWORD not in said and PASSWORD.encode() not in written + mails


class Kept(KeyringBackend):
    """A keyring in memory, as the system's would be."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_a_password_goes_into_the_keyring_unseen(
    tmp_path: Path, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SALESPLAN_MAIL_PASSWORD")
    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    try:
        reports(tmp_path / "r")
        missing = run("send", tmp_path / "r", "--smtp", "--yes", 3)
        assert missing.exit_code == 2 and "config --store mail-password" in missing.output
        assert refused(app.send, app.delivery(tmp_path / "r"), app.mail_settings()) == (
            "mail-password-missing",
            2,
        )
        stored = run("config", "--store", "mail-password", said=f"{PASSWORD}\n")
        assert stored.exit_code == 0 and PASSWORD not in stored.output
        shown = run("config").output + run("config", "--json").output
        assert "系统钥匙串" in shown and PASSWORD not in shown
        assert run("send", tmp_path / "r", "--smtp", "--yes", 3).exit_code == 0
        assert len(running.post.arrived) == 3
    finally:
        keyring.set_keyring(before)


def test_a_password_in_the_settings_file_is_refused_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[mail]\nhost = "smtp.example.cn"\npassword = "canary-9"\nsecurity = "none"\nper_minute = '
        "12.5\n",
        "utf-8",
    )
    shown = run("config")
    assert shown.exit_code == 1 and "canary-9" not in shown.output
    assert (
        "mail.password" in shown.output
        and "starttls、tls" in shown.output
        and "12.5" in shown.output
    )


def flawed(folder: Path, codes: tuple[str, ...], *, whole: bool = False) -> Manifest:
    """A folder of reports in which errors of the master touch the books of some units."""
    made = reports(folder)

    def touched(one: Book) -> Book:
        return replace(one, errors=25, error_cells=("实绩!A7", "目标分解!D3"))

    made = replace(
        made,
        whole=touched(made.whole) if whole and made.whole else made.whole,
        recipients=tuple(
            replace(one, book=touched(one.book)) if one.code in codes else one
            for one in made.recipients
        ),
    )
    write(folder, made)
    return made


def test_a_book_with_errors_is_held_back_and_the_others_go(
    tmp_path: Path, running: Running
) -> None:
    folder = tmp_path / "r"
    flawed(folder, ("T2",))
    drafted = run("send", folder)
    assert drafted.exit_code == 5 and "实绩!A7、目标分解!D3、…" in drafted.output
    assert "--despite-errors" in drafted.output and "25 处错误" in drafted.output
    assert sorted(one.name for one in (folder / "drafts").iterdir()) == [
        "P07_王五.eml",
        "T1_张三.eml",
    ]
    sent = run("send", folder, "--smtp", "--yes", 2)
    assert sent.exit_code == 5, sent.output
    assert sorted(running.post.addresses) == ["p07@example.cn", "t1@example.cn"]
    status = json.loads(run("send", folder, "--status", "--json").output)
    assert [one["standing"] for one in status["items"]] == ["sent", "errors", "sent"]
    assert [one["code"] for one in status["findings"]] == ["send-errors"]
    forced = run("send", folder, "--smtp", "--yes", 1, "--despite-errors")
    assert forced.exit_code == 0, forced.output
    (message,) = (one for one in running.post.messages if "t2@" in str(one["To"]))
    assert str(message["Subject"]).startswith("【数据有误】月度执行分析报告")
    plain = message.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert (
        "25 处错误影响本报告的数字" in plain and "实绩!A7、目标分解!D3, 其余 23 处见报告" in plain
    )
    subjects = [str(one["Subject"]) for one in running.post.messages]
    assert sum(one.startswith("【") for one in subjects) == 1


def test_books_held_back_for_much_the_same_are_one_line(tmp_path: Path) -> None:
    flawed(tmp_path / "r", ("T1", "T2"))
    shown = run("send", tmp_path / "r", "--dry-run").output
    assert "2 份报告没有发送" in shown and shown.count("实绩!A7") == 1
    listed = json.loads(run("send", tmp_path / "r", "--dry-run", "--json").output)["findings"]
    assert [one["code"] for one in listed] == ["send-errors"] * 2
    held = _held_together(app.delivery(tmp_path / "r"))
    assert held is not None and held.code == "send-held"


def test_the_group_is_not_told_of_a_book_with_errors_unless_asked(
    tmp_path: Path, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    flawed(tmp_path / "r", (), whole=True)
    held = run("send", tmp_path / "r", "--wecom")
    assert held.exit_code == 2 and "实绩!A7" in held.output and group.said == []
    assert run("send", tmp_path / "r", "--wecom", "--despite-errors").exit_code == 0
    summary = group.said[1][2].decode()
    assert "25 处错误影响本报告的数字" in json.loads(summary)["markdown"]["content"]


def meddled(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    reports(folder)
    document = json.loads((folder / NAME).read_text("utf-8"))
    change(document)
    (folder / NAME).write_text(json.dumps(document), "utf-8")
    return folder


def swapped_books(document: dict[str, Any]) -> None:
    first, second = (one["book"] for one in document["recipients"][:2])
    for key in ("file", "sha256", "size"):
        first[key], second[key] = second[key], first[key]


def swapped_addresses(document: dict[str, Any]) -> None:
    first, second = document["recipients"][:2]
    first["address"], second["address"] = second["address"], first["address"]


@pytest.mark.parametrize("change", [swapped_books, swapped_addresses, lambda d: d.pop("seal")])
def test_a_manifest_that_is_not_ours_is_shown_and_asked_for(
    tmp_path: Path,
    running: Running,
    group: Group,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[dict[str, Any]], object],
) -> None:
    monkeypatch.setenv(
        "SALESPLAN_WECOM_WEBHOOK",
        f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}",
    )
    folder = meddled(tmp_path / "r", change)
    for way in ("--draft", "--smtp", "--wecom"):
        for said in ("", "n\n"):
            asked = run("send", folder, way, said=said)
            assert asked.exit_code == 2 and "--made-elsewhere" in asked.output
            assert "t1@example.cn" in asked.output, "who would get what is shown"
    assert run("send", folder, "--json").exit_code == 2, "a pipe cannot be asked"
    assert running.post.arrived == [] and group.said == [] and not (folder / "drafts").exists()
    assert refused(lambda: app.drafts(app.delivery(folder))) == ("manifest-elsewhere", 2)
    assert run("send", folder, "--status").exit_code == 0
    assert run("send", folder, said="y\n").exit_code == 0
    assert run("send", folder, "--smtp", "--yes", 3, "--made-elsewhere").exit_code == 0
    assert len(running.post.arrived) == 3


def test_a_recipient_gets_the_book_of_their_unit_only(tmp_path: Path) -> None:
    def books(document: dict[str, Any]) -> None:
        first, second = document["recipients"][:2]
        first["book"], second["book"] = second["book"], first["book"]

    folder = meddled(tmp_path / "r", books)
    assert refused(lambda: app.delivery(folder)) == ("manifest-field", 4)
    assert run("send", folder, "--made-elsewhere").exit_code == 4


def test_domains_are_the_user_s_or_the_master_s_never_the_manifest_s(
    tmp_path: Path, running: Running
) -> None:
    """An address elsewhere and a domain list of its own in the manifest."""

    def elsewhere(document: dict[str, Any]) -> None:
        document["recipients"][0]["address"] = "x@evil.example"
        document["domains"] = []

    folder = meddled(tmp_path / "r", elsewhere)
    assert refused(lambda: app.delivery(folder)) == ("send-domain", 2)
    assert run("send", folder, "--smtp", "--made-elsewhere", "--yes", 3).exit_code == 2
    assert running.post.arrived == []
    (tmp_path / "config.toml").unlink()
    config.load.cache_clear()
    assert app.delivery(folder).domains == (), "nobody says which domains are allowed"
    write_master(tmp_path / "主计划.xlsx", edited({}))
    assert refused(lambda: app.delivery(folder)) == ("send-domain", 2)


@pytest.mark.parametrize(
    "words", [["--draft"], ["--dry-run"], ["--status"], ["--wecom", "--dry-run"]]
)
def test_books_that_are_older_than_their_master_are_said_to_be(
    tmp_path: Path, words: list[str]
) -> None:
    folder = tmp_path / "六月"
    made = reports(folder)
    assert "之后主计划" not in run("send", folder, *words).output, "no master lies beside"
    master = tmp_path / "主计划.xlsx"
    master.write_bytes(b"PK then")
    write(folder, replace(made, master_sha256=hashlib.sha256(b"PK then").hexdigest()))
    assert "之后主计划" not in run("send", folder, *words).output
    master.write_bytes(b"PK now")
    done = run("send", folder, *words)
    assert done.exit_code == 0 and "之后主计划 主计划.xlsx 有改动" in done.output
    english = run("send", folder, *words, "--lang", "en").output
    assert "before 主计划.xlsx was last saved" in english and "--audience each" in english
    if "--wecom" not in words:
        told = json.loads(run("send", folder, *words, "--json").stdout)
        assert [one["code"] for one in told["findings"]] == ["send-older"]
