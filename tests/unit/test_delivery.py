"""Addresses, headers, settings and secrets: what must never get into a mail, a file or a
message.
"""

from __future__ import annotations

import pickle
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan import app
from salesplan.addresses import allowed, domain
from salesplan.delivery import secrets
from salesplan.delivery.drafts import file_name, write_draft
from salesplan.delivery.letters import change_letter
from salesplan.delivery.message import (
    Attachment,
    Letter,
    Sender,
    Table,
    ascii_name,
    draft,
    sendable,
)
from salesplan.delivery.outbox import FILE, Key, State, earlier, journal, opened
from salesplan.delivery.secrets import Secret
from salesplan.delivery.settings import MailSettings
from salesplan.delivery.smtp import Connection, Server
from salesplan.findings import SalesplanError
from salesplan.workbook.save.destination import Stamp

KEY = Key("smtp", "2026-06", "T1", "a@example.cn", "1")
FACTS = {
    "code": "C-01",
    "subject": "REV/T1",
    "field": "手工年度目标",
    "before": "500",
    "after": "540",
    "effective": "2026-07",
    "trigger": "大客户新增",
    "approver": "赵磊",
    "approved": "2026-06-20",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.cn", "example.cn"),
        ("A.b+c@Mail.Example.CN", "mail.example.cn"),
        ("o'neil@example.com", "example.com"),
        ("a@example.cn,b@example.cn", None),
        ("a@example.cn;b@example.cn", None),
        ("a@example.cn b@example.cn", None),
        ("张三 <a@example.cn>", None),
        ("a@example.cn\r\nBcc: b@example.cn", None),
        ("a@example.cn\n", None),
        ("a@example", None),
        ("a@@example.cn", None),
        ("@example.cn", None),
        ("张@example.cn", None),
        ("a@例子.cn", None),
        ('"a b"@example.cn', None),
        (".a@example.cn", None),
        ("a..b@example.cn", None),
        ("a" * 250 + "@example.cn", None),
    ],
)
def test_exactly_one_plain_address(text: str, expected: str | None) -> None:
    assert domain(text) == expected


def test_allowed_domains_are_whole_domains() -> None:
    assert allowed("a@Example.cn", ["@example.CN"]) and allowed("a@example.cn", [])
    assert (
        not allowed("a@example.cn.evil.com", ["example.cn"])
        and not allowed("a@sub.example.cn", ["example.cn"])
        and not allowed("nobody", ["example.cn"])
    )


@pytest.mark.parametrize(
    "letter",
    [
        Letter("a@example.cn", "张三\r\nBcc: b@example.cn", "x", ()),
        Letter("a@example.cn", "张三", "x\nBcc: b@example.cn", ()),
        Letter("a@example.cn", "张三", "x\u2028y", ()),
        Letter("a@example.cn", "a\0b", "x", ()),
    ],
)
def test_line_breaks_never_become_headers(letter: Letter) -> None:
    with pytest.raises(SalesplanError) as caught:
        draft(letter)
    assert caught.value.finding.code == "mail-header-unsafe"
    assert str(caught.value.finding.params["text"]).isprintable()


@pytest.mark.parametrize(
    "sender", [Sender("planning"), Sender("a@example.cn", reply_to="b@example.cn, c@example.cn")]
)
def test_sender_and_reply_are_one_address_each(sender: Sender) -> None:
    from datetime import UTC, datetime

    with pytest.raises(SalesplanError) as caught:
        sendable(Letter("a@example.cn", "", "x", ()), sender, "1", datetime.now(UTC))
    assert caught.value.finding.code == "mail-address-unusable"


@given(st.text(), st.text(), st.lists(st.text(), max_size=3), st.text())
def test_a_letter_says_what_it_says_to_one_person_whatever_is_written(
    name: str, subject: str, paragraphs: list[str], cell: str
) -> None:
    letter = Letter(
        "a@example.cn", name, subject, tuple(paragraphs), Table(("指标",), ((cell,),), (False,))
    )
    try:
        data = draft(letter)
    except SalesplanError as error:
        assert error.finding.code == "mail-header-unsafe"
        return
    message = message_from_bytes(data, policy=default)
    assert [one.addr_spec for one in message["To"].addresses] == ["a@example.cn"]
    assert {key.casefold() for key in message} <= {
        "to",
        "subject",
        "mime-version",
        "content-type",
        "x-unsent",
    }
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in html.casefold()


@given(st.text())
def test_a_draft_s_name_is_a_plain_file_name(text: str) -> None:
    name = file_name(text)
    assert (
        name
        and not set(name) & set('/\\:*?"<>|\0')
        and name not in (".", "..")
        and name.upper() not in ("CON", "NUL", "COM1")
    )
    assert len(name) <= 81


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file where the folder should be")
    with pytest.raises(SalesplanError) as caught:
        stamp = Stamp.of("draft", tmp_path / "plan.xlsx", tmp_path)
        write_draft(Letter("a@example.cn", "", "x", ()), tmp_path / "drafts", "x", stamp)
    assert caught.value.exit_code == 3


def test_a_change_is_told_with_what_from_when_and_why() -> None:
    letter = change_letter(FACTS, "a@example.cn", "张三", "zh")
    assert letter.subject == "计划变更通知 · C-01 · 自 2026-07 起"
    assert letter.table is not None and letter.table.rows == (
        ("REV/T1", "手工年度目标", "500", "540", "2026-07"),
    )
    assert letter.closing[0] == "触发原因: 大客户新增"
    nobody = change_letter(FACTS, "b@example.com", "b@example.com", "zh")
    assert nobody.paragraphs[0] == "您好:", "an address is nobody's name"
    nothing = change_letter(
        {**FACTS, "trigger": "", "before": "", "subject": "a\nb"}, "a@example.cn", "张三", "en"
    )
    assert (
        nothing.closing[0] == "The change log gives no reason."
        and nothing.table is not None
        and nothing.table.rows[0][2] == "—"
    )
    draft(nothing)


def test_the_journal_survives_torn_and_foreign_lines(tmp_path: Path) -> None:
    with opened(tmp_path) as outbox:
        outbox.note(KEY, State.SENDING)
        outbox.note(KEY, State.SENT, "250 ok")
    with (tmp_path / FILE).open("ab") as stream:
        stream.write(b'{"channel": "smtp"}\n[1]\n{"channel": "smtp", "month": "2026-0')
    with opened(tmp_path) as outbox:
        entry = outbox.entry(KEY)
        assert entry is not None and (entry.state, entry.detail) == (State.SENT, "250 ok")
        other = Key("smtp", "2026-06", "T1", "a@example.cn", "2")
        outbox.note(other, State.QUEUED)
    assert [entry.key for entry in journal(tmp_path / FILE)] == [KEY, other]
    before = earlier(other, journal(tmp_path / FILE))
    assert before is not None and before.key == KEY
    assert (
        earlier(Key("smtp", "2026-07", "T1", "a@example.cn", "2"), journal(tmp_path / FILE)) is None
    )


def test_sending_without_a_result_is_unknown_the_next_time(tmp_path: Path) -> None:
    with opened(tmp_path) as outbox:
        outbox.note(KEY, State.SENDING)
    with opened(tmp_path) as outbox:
        entry = outbox.entry(KEY)
        assert entry is not None and entry.state is State.UNKNOWN


@pytest.mark.parametrize(
    "settings", [MailSettings(), MailSettings(host="smtp.example.cn", security="none")]
)
def test_settings_that_are_not_enough_are_named(settings: MailSettings) -> None:
    with pytest.raises(SalesplanError) as caught:
        settings.server()
    assert caught.value.finding.code == "mail-not-set-up"


def test_the_sender_is_the_login_unless_given_and_must_be_an_address() -> None:
    assert MailSettings(user="a@example.cn").sender().address == "a@example.cn"
    with pytest.raises(SalesplanError) as caught:
        MailSettings(user="planner").sender()
    assert caught.value.finding.params["names"] == ("mail.from",)


def test_usual_ports() -> None:
    assert (
        MailSettings(host="h").server().port == 587
        and MailSettings(host="h", security="tls").server().port == 465
    )
    assert MailSettings(host="h", port=2525).server().port == 2525


def test_a_certificate_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(SalesplanError) as caught:
            Connection(Server("127.0.0.1", 1, "tls", ca_file=file), None)
        assert caught.value.finding.code == "mail-ca-file"


def test_without_a_keyring_the_environment_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        monkeypatch.delenv("SALESPLAN_MAIL_PASSWORD", raising=False)
        assert secrets.find(secrets.Name.MAIL_PASSWORD) == (None, "")
        with pytest.raises(SalesplanError) as caught:
            secrets.store(secrets.Name.MAIL_PASSWORD, "canary-3")
        assert caught.value.finding.code == "keyring-unusable"
        assert caught.value.finding.params[
            "variable"
        ] == "SALESPLAN_MAIL_PASSWORD" and "canary-3" not in repr(dict(caught.value.finding.params))
    finally:
        keyring.set_keyring(before)


def test_a_secret_is_never_shown_or_stored() -> None:
    secret = Secret("canary-4")
    assert "canary-4" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_settling_what_is_not_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESPLAN_STATE", str(tmp_path))
    with pytest.raises(SalesplanError) as caught:
        app.settle_notices("T1", arrived=True)
    assert caught.value.finding.code == "settle-nothing"


def test_an_attachment_s_name_is_read_by_every_mail_program() -> None:
    """RFC 2231 in one piece, RFC 2047 in the type's name, and one line of ASCII; nothing in
    sections (filename*0*=).
    """
    name = "月度执行分析报告_2026-06_T1_直销大客户团队.xlsx"
    letter = Letter("a@example.cn", "", "x", ("x",), attachments=(Attachment(name, b"PK data"),))
    raw = draft(letter)
    (attached,) = message_from_bytes(raw, policy=default).iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_filename() == name and attached.get_content() == b"PK data"
    assert attached["Content-Type"].params["name"] == name
    head = raw.decode("ascii").split("\r\n\r\n")
    (own,) = (part for part in head if "Content-Disposition" in part)
    assert '\r\n filename="report_2026-06_T1.xlsx"' in own
    assert "filename*=UTF-8''%E6%9C%88" in own and "*0" not in own
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert [ascii_name(one) for one in ("plan.xlsx", "月报.xlsx", "June report.xlsx")] == [
        "plan.xlsx",
        "report.xlsx",
        "June_report.xlsx",
    ]
