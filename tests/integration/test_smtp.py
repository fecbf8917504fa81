"""Messages over a real SMTP server: what arrives, what the outbox says, and that a second run
doubles nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from salesplan.delivery.dispatch import Pace, Parcel, Sending
from salesplan.delivery.message import Attachment, Letter, Sender
from salesplan.delivery.outbox import FILE, Entry, Key, State, journal, opened
from salesplan.delivery.secrets import Secret
from salesplan.delivery.smtp import Connection, Server
from salesplan.findings import SalesplanError
from tests.mailserver import PASSWORD, Running, smtp_server

SENDER = Sender("planning@example.cn", "销售计划")
BOOK = Attachment("月度执行分析报告_华东团队_2026-06.xlsx", bytes(range(256)) * 40)


def parcel(address: str, content: str = "") -> Parcel:
    letter = Letter(
        address,
        "张三",
        "《月度执行分析报告》2026年6月",
        (".开头的一行", "第二段"),
        attachments=(BOOK,),
    )
    return Parcel(Key("smtp", "2026-06", "T1", address, content or BOOK.sha256), lambda: letter)


QUICK = Pace(per_minute=60_000, backoff=5)


class Run:
    """Sends parcels as a run of the program does, and keeps how long it would have slept."""

    def __init__(self, folder: Path, server: Server, secret: Secret | None = None) -> None:
        self.folder, self.server, self.secret, self.slept = (
            folder,
            server,
            secret or Secret(PASSWORD),
            list[float](),
        )

    def __call__(self, parcels: Sequence[Parcel], pace: Pace = QUICK) -> list[Entry]:
        with opened(self.folder) as outbox:
            known = {
                entry.key for entry in outbox.entries if entry.state in (State.SENT, State.UNKNOWN)
            }
            open_parcels = [one for one in parcels if one.key not in known]
            if not open_parcels:
                return []
            sending = Sending(
                outbox,
                lambda: Connection(self.server, self.secret),
                SENDER,
                pace,
                sleep=self.slept.append,
            )
            return list(sending.run(open_parcels))

    def states(self) -> dict[str, str]:
        return {entry.key.recipient: entry.state.value for entry in journal(self.folder / FILE)}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with smtp_server(tmp_path) as found:
        yield found


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_arrives_whole_and_once(tmp_path: Path, security: str) -> None:
    with smtp_server(tmp_path, security=security) as running:
        run = Run(tmp_path / "box", running.server)
        run([parcel("a@example.cn"), parcel("b@example.cn")])
        assert run([parcel("a@example.cn"), parcel("b@example.cn")]) == []
        assert running.post.addresses == ["a@example.cn", "b@example.cn"]
        assert running.post.logins == 1
        message = running.post.messages[0]
    assert message["Subject"] == "《月度执行分析报告》2026年6月"
    assert str(message["To"]) == "张三 <a@example.cn>"
    assert str(message["From"]) == "销售计划 <planning@example.cn>"
    assert (
        message["Message-ID"].endswith("@example.cn>")
        and message["Date"].datetime.tzinfo is not None
    )
    assert message["X-Unsent"] is None
    (book,) = message.iter_attachments()
    assert (book.get_filename(), book.get_content()) == (BOOK.name, BOOK.data)
    assert message.get_body(("plain",)).get_content().splitlines()[0] == ".开头的一行"  # type: ignore[union-attr]
    assert set(run.states().values()) == {"sent"}


def test_a_wrong_password_stops_before_anything_is_sent(tmp_path: Path, running: Running) -> None:
    run = Run(tmp_path / "box", running.server, Secret("wrong"))
    with pytest.raises(SalesplanError) as caught:
        run([parcel("a@example.cn")])
    assert (caught.value.finding.code, caught.value.exit_code) == ("mail-login-refused", 2)
    assert running.post.arrived == [] and run.states() == {}
    assert "wrong" not in str(dict(caught.value.finding.params))


@pytest.mark.parametrize(
    ("user", "password"), [("planner", "p\u00e4ss"), ("planner", "密码一二三"), ("王敏", "pass")]
)
def test_a_letter_that_no_login_can_carry_is_named_without_being_shown(
    running: Running, user: str, password: str
) -> None:
    with pytest.raises(SalesplanError) as caught:
        Connection(replace(running.server, user=user), Secret(password))
    assert (caught.value.finding.code, caught.value.exit_code) == ("mail-login-letters", 2)
    assert running.post.logins == 0
    assert caught.value.__cause__ is None and dict(caught.value.finding.params) == {
        "host": "127.0.0.1"
    }


def test_a_name_that_can_be_no_host_s_is_an_unreachable_server(running: Running) -> None:
    with pytest.raises(SalesplanError) as caught:
        Connection(replace(running.server, host="a" * 70 + ".example"), Secret(PASSWORD))
    assert (caught.value.finding.code, caught.value.exit_code) == ("mail-server-unreachable", 3)


def test_a_certificate_of_nobody_known_is_refused(tmp_path: Path) -> None:
    for security in ("starttls", "tls"):
        with smtp_server(tmp_path, security=security, trusted=False) as running:
            with pytest.raises(SalesplanError) as caught:
                Run(tmp_path / "box", running.server)([parcel("a@example.cn")])
            assert (caught.value.finding.code, caught.value.exit_code) == ("mail-certificate", 2)
            assert running.post.logins == 0 and running.post.arrived == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path, running: Running) -> None:
    other = Server(
        "localhost", running.server.port, "starttls", "planner", running.server.ca_file, 10.0
    )
    with pytest.raises(SalesplanError) as caught:
        Connection(other, Secret(PASSWORD))
    assert caught.value.finding.code == "mail-certificate"
    assert running.post.logins == 0


def test_a_server_without_tls_is_refused(tmp_path: Path) -> None:
    with smtp_server(tmp_path, tls=False) as running:
        with pytest.raises(SalesplanError) as caught:
            Run(tmp_path / "box", running.server)([parcel("a@example.cn")])
        assert caught.value.finding.code == "mail-no-tls"
        assert running.post.arrived == []


def test_nobody_there(tmp_path: Path, running: Running) -> None:
    with pytest.raises(SalesplanError) as caught:
        Connection(Server("127.0.0.1", 1, "starttls", timeout=2), None)
    assert (caught.value.finding.code, caught.value.exit_code) == ("mail-server-unreachable", 3)


def test_a_message_above_the_server_s_size_is_refused_and_the_next_one_goes(tmp_path: Path) -> None:
    with smtp_server(tmp_path, size=8_000) as running:
        run = Run(tmp_path / "box", running.server)
        small = Parcel(
            Key("smtp", "2026-06", "T2", "b@example.cn", "x"),
            lambda: Letter("b@example.cn", "李四", "短", ("短",)),
        )
        run([parcel("a@example.cn"), small])
        assert running.post.addresses == ["b@example.cn"]
    assert run.states() == {"a@example.cn": "refused", "b@example.cn": "sent"}


def test_one_of_three_recipients_is_refused(tmp_path: Path, running: Running) -> None:
    running.post.refusals["b@example.cn"] = "550 no such mailbox"
    run = Run(tmp_path / "box", running.server)
    three = [parcel(f"{one}@example.cn") for one in "abc"]
    entries = run(three)
    assert [entry.state for entry in entries] == [State.SENT, State.REFUSED, State.SENT]
    assert "550 no such mailbox" in entries[1].detail
    run(three)
    assert running.post.addresses == ["a@example.cn", "c@example.cn"]


def test_a_temporary_failure_is_tried_again_with_growing_pauses(
    tmp_path: Path, running: Running
) -> None:
    running.post.at_data += ["451 try later", "451 try later"]
    run = Run(tmp_path / "box", running.server)
    (entry,) = run([parcel("a@example.cn")])
    assert entry.state is State.SENT
    assert [round(one) for one in run.slept if one > 1] == [5, 10]
    assert running.post.addresses == ["a@example.cn"]


def test_what_stays_temporary_is_queued_for_the_next_run(tmp_path: Path, running: Running) -> None:
    running.post.at_data += ["451 try later"] * 4
    run = Run(tmp_path / "box", running.server)
    (entry,) = run([parcel("a@example.cn")])
    assert (entry.state, entry.detail) == (State.QUEUED, "451 try later")
    (entry,) = run([parcel("a@example.cn")])
    assert entry.state is State.SENT
    assert running.post.addresses == ["a@example.cn"]


def test_a_greylisting_recipient_is_tried_again(tmp_path: Path, running: Running) -> None:
    running.post.refusals["a@example.cn"] = "450 greylisted"
    run = Run(tmp_path / "box", running.server)
    (entry,) = run([parcel("a@example.cn")], Pace(60_000, retries=1, backoff=5))
    assert (entry.state, entry.detail) == (State.QUEUED, "450 greylisted")


@pytest.mark.parametrize("cut", ["cut before", "cut after"])
def test_a_line_cut_after_the_message_is_unknown_and_never_tried_by_itself(
    tmp_path: Path, running: Running, cut: str
) -> None:
    running.post.at_data.append(cut)
    run = Run(tmp_path / "box", running.server)
    entries = run([parcel("a@example.cn"), parcel("b@example.cn")])
    assert [entry.state for entry in entries] == [State.UNKNOWN, State.SENT]
    taken = running.post.addresses.count("a@example.cn")
    run([parcel("a@example.cn"), parcel("b@example.cn")])
    assert running.post.addresses.count("a@example.cn") == taken == (cut == "cut after")


def test_pauses_keep_to_the_pace(tmp_path: Path, running: Running) -> None:
    run = Run(tmp_path / "box", running.server)
    run([parcel(f"{number}@example.cn") for number in range(4)], Pace(per_minute=30))
    assert len(run.slept) == 3 and all(1.5 < one <= 2 for one in run.slept)


KILLED = """
import os, signal, sys
from pathlib import Path
from salesplan.delivery.dispatch import Pace, Sending
from salesplan.delivery.outbox import Outbox, State, opened
from salesplan.delivery.secrets import Secret
from salesplan.delivery.smtp import Connection, Server
from tests.integration.test_smtp import SENDER, parcel
port, authority, box, password = sys.argv[1:]
note = Outbox.note
def killed(self, key, state, *args, **more):
    if state is State.SENT and key.recipient == "b@example.cn":
        os.kill(os.getpid(), signal.SIGKILL)
    return note(self, key, state, *args, **more)
Outbox.note = killed
server = Server("127.0.0.1", int(port), "starttls", "planner", Path(authority), 10.0)
with opened(Path(box)) as outbox:
    connect = lambda: Connection(server, Secret(password))
    parcels = [parcel(f"{one}@example.cn") for one in "abc"]
    for entry in Sending(outbox, connect, SENDER, Pace(60000)).run(parcels):
        pass
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_kill_between_the_server_s_answer_and_the_journal_doubles_nothing(
    tmp_path: Path, running: Running
) -> None:
    box = tmp_path / "box"
    arguments = [str(running.server.port), str(running.server.ca_file), str(box), PASSWORD]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments],
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert running.post.addresses == ["a@example.cn", "b@example.cn"]
    run = Run(box, running.server)
    assert run.states() == {
        "a@example.cn": "sent",
        "b@example.cn": "sending",
        "c@example.cn": "queued",
    }
    run([parcel(f"{one}@example.cn") for one in "abc"])
    assert run.states() == {
        "a@example.cn": "sent",
        "b@example.cn": "unknown",
        "c@example.cn": "sent",
    }
    assert running.post.addresses == ["a@example.cn", "b@example.cn", "c@example.cn"]


def test_two_runs_at_once_are_kept_apart(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(SalesplanError) as caught, opened(tmp_path):
        pass
    assert caught.value.finding.code == "file-being-saved"


def test_no_secret_reaches_the_journal_or_the_mail(tmp_path: Path, running: Running) -> None:
    run = Run(tmp_path / "box", running.server)
    run([parcel("a@example.cn")])
    written = (
        b"".join(file.read_bytes() for file in (tmp_path / "box").iterdir())
        + running.post.arrived[0][1]
    )
    assert PASSWORD.encode() not in written
    assert PASSWORD not in repr(Secret(PASSWORD)) and PASSWORD not in f"{run.secret}"
