"""The group robot against a stand-in over HTTP: what it is told, how often, and what its error
codes become.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from salesplan.delivery.message import Attachment
from salesplan.delivery.secrets import Secret
from salesplan.delivery.smtp import Outcome
from salesplan.delivery.wecom import LONGEST_MARKDOWN, Robot, fitted
from salesplan.findings import SalesplanError

KEY = "canary-key-77aa"


class Group(ThreadingHTTPServer):
    """Keeps every request; answers as told, else that all is well."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.said: list[tuple[str, str, bytes]] = []
        self.answers: list[bytes | int | None] = []


class Handler(BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.said.append((self.path, self.headers["Content-Type"], body))
        answer = (
            self.server.answers.pop(0)
            if self.server.answers
            else b'{"errcode": 0, "errmsg": "ok", "media_id": "M-1"}'
        )
        if answer is None:
            self.close_connection = True
            return
        status, content = (answer, b"<html>") if isinstance(answer, int) else (200, answer)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def group() -> Iterator[Group]:
    server = Group()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class Clock:
    """A clock that runs only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def robot(group: Group, clock: Clock | None = None) -> Robot:
    clock = clock or Clock()
    return Robot(
        Secret(f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}"),
        clock.sleep,
        clock,
    )


def test_a_summary_and_a_file(group: Group) -> None:
    book = Attachment("月度执行分析报告_2026-06.xlsx", bytes(range(256)) * 4)
    one = robot(group)
    assert one.say("**营收** 完成率 98.0 %").outcome is Outcome.SENT
    media = one.upload(book)
    assert one.send_file(media).outcome is Outcome.SENT
    (path, kind, body), (upload, upload_kind, parts), (_, _, sent) = group.said
    assert path == f"/cgi-bin/webhook/send?key={KEY}" and kind == "application/json"
    assert json.loads(body) == {
        "msgtype": "markdown",
        "markdown": {"content": "**营收** 完成率 98.0 %"},
    }
    assert upload == f"/cgi-bin/webhook/upload_media?key={KEY}&type=file"
    (part,) = message_from_bytes(
        b"Content-Type: " + upload_kind.encode() + b"\r\n\r\n" + parts, policy=HTTP
    ).iter_parts()  # type: ignore[attr-defined]
    assert part["Content-Disposition"].params["name"] == "media"
    assert book.name.encode() in parts
    assert part.get_payload(decode=True) == book.data
    assert json.loads(sent) == {"msgtype": "file", "file": {"media_id": "M-1"}}


@pytest.mark.parametrize("size", [5, 20 * 2**20 + 1])
def test_files_too_small_or_too_large_are_never_uploaded(group: Group, size: int) -> None:
    with pytest.raises(SalesplanError) as caught:
        robot(group).upload(Attachment("x.xlsx", bytes(size)))
    assert caught.value.finding.code == "wecom-file-size"
    assert group.said == []


def test_twenty_a_minute(group: Group) -> None:
    clock = Clock()
    one = robot(group, clock)
    for _ in range(45):
        one.say("x")
    assert 120 <= clock.now < 121
    assert len(group.said) == 45


def test_a_long_summary_is_cut_at_a_line() -> None:
    text = "\n".join(f"第 {number} 行" for number in range(1000))
    cut = fitted(text)
    assert len(cut.encode()) <= LONGEST_MARKDOWN
    assert cut.endswith("行\n…") and text.startswith(cut[:-2])
    assert fitted("short") == "short"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b'{"errcode": 45009, "errmsg": "api freq out of limit"}', Outcome.LATER),
        (b'{"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}', Outcome.REFUSED),
        (b"not json", Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (404, Outcome.REFUSED),
        (302, Outcome.REFUSED),
        (None, Outcome.UNKNOWN),
    ],
)
def test_answers_are_read(group: Group, answer: bytes | int | None, outcome: Outcome) -> None:
    group.answers.append(answer)
    said = robot(group).say("x")
    assert said.outcome is outcome
    assert KEY not in said.detail
    assert len(group.said) == 1, "no redirect is followed, nothing is repeated"


def test_a_failed_upload_says_why_and_not_where(group: Group) -> None:
    group.answers.append(b'{"errcode": 40006, "errmsg": "invalid media size"}')
    with pytest.raises(SalesplanError) as caught:
        robot(group).upload(Attachment("x.xlsx", bytes(100)))
    assert caught.value.finding.code == "wecom-refused"
    assert KEY not in str(dict(caught.value.finding.params))


@pytest.mark.parametrize("answer", [502, None, b"not json"])
def test_an_upload_that_was_not_answered_is_no_refusal(
    group: Group, answer: bytes | int | None
) -> None:
    group.answers.append(answer)
    with pytest.raises(SalesplanError) as caught:
        robot(group).upload(Attachment("x.xlsx", bytes(100)))
    assert (caught.value.finding.code, caught.value.exit_code) == ("wecom-unreachable", 3)


def test_an_upload_to_nobody_is_no_refusal() -> None:
    with pytest.raises(SalesplanError) as caught:
        Robot(Secret(f"http://127.0.0.1:1/cgi-bin/webhook/send?key={KEY}")).upload(
            Attachment("x.xlsx", bytes(100))
        )
    assert caught.value.finding.code == "wecom-unreachable"
    assert KEY not in str(dict(caught.value.finding.params))


def test_nobody_there_is_later() -> None:
    """At once: nothing is waited for."""
    clock = Clock()
    address = Secret(f"http://127.0.0.1:1/cgi-bin/webhook/send?key={KEY}")
    said = Robot(address, clock.sleep, clock).say("x")
    assert said.outcome is Outcome.LATER and KEY not in said.detail
    assert clock.now == 0


def test_a_host_that_cannot_be_is_nobody_there() -> None:
    said = Robot(Secret(f"https://{'a' * 70}.example/cgi-bin/webhook/send?key={KEY}")).say("x")
    assert said.outcome is Outcome.LATER and KEY not in said.detail


@pytest.mark.parametrize(
    "webhook",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "file:///webhook/send?key=1",
        "key",
        "https://[qyapi/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com:99999/cgi-bin/webhook/send?key=1",
    ],
)
def test_what_is_no_robot_s_address_is_refused_without_being_shown(webhook: str) -> None:
    with pytest.raises(SalesplanError) as caught:
        Robot(Secret(webhook))
    assert caught.value.finding.code == "wecom-webhook-wrong"
    assert not caught.value.finding.params
