"""What was sent of a folder travels with the folder: colleagues with accounts of their own, and a
record that lies.
"""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salesplan import config
from salesplan.app import record_not_kept
from salesplan.delivery.record import FILE, MOST, of_folder
from tests.accounts import as_account, two_accounts
from tests.integration.test_sending import reports
from tests.integration.test_wecom import KEY, Group, group  # noqa: F401 (a fixture)
from tests.maildesk import own_state, run, running  # noqa: F401 (fixtures)
from tests.mailserver import Running, smtp_server

Colleague = Callable[[], None]


@pytest.fixture
def colleague(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Colleague:
    """Go on as another account: other settings (the same mail server), another key, another
    outbox.
    """

    def change() -> None:
        home = tmp_path / "colleague"
        home.mkdir(exist_ok=True)
        if (tmp_path / "config.toml").exists():
            shutil.copy(tmp_path / "config.toml", home / "config.toml")
        monkeypatch.setenv("SALESPLAN_CONFIG", str(home / "config.toml"))
        monkeypatch.setenv("SALESPLAN_STATE", str(home / "state"))
        config.load.cache_clear()

    return change


def standings(folder: Path) -> dict[str, str]:
    items = json.loads(run("send", folder, "--status", "--json").output)["items"]
    return {item["code"]: item["standing"] for item in items}


def test_a_copied_folder_is_not_sent_again(
    tmp_path: Path, running: Running, colleague: Colleague
) -> None:
    """T1 and T2 were sent by the first account; the copy on another account owes P07 alone, and
    says who sent the others.
    """
    reports(tmp_path / "r")
    for code in ("T1", "T2"):
        assert run("send", tmp_path / "r", "--smtp", "--only", code, "--yes", 1).exit_code == 0
    colleague()
    copied = tmp_path / "copy" / "r"
    shutil.copytree(tmp_path / "r", copied)
    assert standings(copied) == {"T1": "elsewhere", "T2": "elsewhere", "P07": "open"}
    assert run("send", copied, "--status").exit_code == 6
    done = run("send", copied, "--smtp", "--made-elsewhere", "--yes", 1)
    assert done.exit_code == 6
    assert done.output.count("另一账户记录为已发送") == 2 and "--settle" in done.output
    assert sorted(running.post.addresses) == ["p07@example.cn", "t1@example.cn", "t2@example.cn"]


def test_two_accounts_of_the_system_share_one_folder(tmp_path: Path, running: Running) -> None:
    """What the first account sent, the second sees as another's in the same folder, and does not
    send again; the first goes on knowing it as its own. Real accounts, real rights.
    """
    reports(tmp_path / "r")  # what is imported by now need not be readable by the accounts
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    run("send", tmp_path / "r", "--status", "--json")
    made = Path(tempfile.mkdtemp(prefix="sent-"))
    try:
        with two_accounts() as accounts, smtp_server(made) as server:
            made.chmod(0o755)
            for one in made.iterdir():
                one.chmod(0o644)
            shared = made / "shared"
            shared.mkdir()
            os.chown(
                shared, pwd.getpwnam(accounts.first).pw_uid, grp.getgrnam(accounts.team).gr_gid
            )
            shared.chmod(0o2770)
            homes = {name: _home(made, name, server) for name in (accounts.first, accounts.second)}

            def seen(name: str, *more: object) -> str:
                return as_account(name, lambda: _as_user(homes[name], shared / "r", *more))

            as_account(accounts.first, lambda: _as_user(homes[accounts.first], None, shared / "r"))
            for one in (shared / "r").iterdir():
                one.chmod(0o660)
            (shared / "r").chmod(0o2770)
            assert "1" in seen(accounts.first, "--smtp", "--only", "T1", "--yes", 1)
            assert server.post.addresses == ["t1@example.cn"]
            told = json.loads(seen(accounts.second, "--status", "--json"))["items"]
            assert {one["code"]: one["standing"] for one in told} == {
                "T1": "elsewhere",
                "T2": "open",
                "P07": "open",
            }
            assert [one["by"].split()[0] for one in told if one["by"]] == [accounts.first]
            seen(accounts.second, "--smtp", "--made-elsewhere", "--yes", 2)
            assert sorted(server.post.addresses) == [
                "p07@example.cn",
                "t1@example.cn",
                "t2@example.cn",
            ]
            told = json.loads(seen(accounts.first, "--status", "--json"))["items"]
            assert {one["code"]: one["standing"] for one in told} == {
                "T1": "sent",
                "T2": "elsewhere",
                "P07": "elsewhere",
            }
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _home(made: Path, name: str, server: Running) -> Path:
    """A folder of the account's own, with settings for the test's mail server."""
    home = made / name
    home.mkdir()
    lines = [
        "[mail]",
        f'host = "{server.server.host}"',
        f"port = {server.server.port}",
        f'user = "{server.server.user}"',
        'from = "planning@example.cn"',
        'domains = "example.cn"',
        f'ca_file = "{server.server.ca_file}"',
        "per_minute = 60000",
    ]
    (home / "config.toml").write_text("\n".join(lines), "utf-8")
    known = pwd.getpwnam(name)
    for one in (home, home / "config.toml"):
        os.chown(one, known.pw_uid, known.pw_gid)
    home.chmod(0o700)
    return home


def _as_user(home: Path, folder: Path | None, *more: object) -> str:
    """``send`` of the folder as the account that this process belongs to; without a folder the
    reports are made."""
    os.environ["SALESPLAN_CONFIG"] = str(home / "config.toml")
    os.environ["SALESPLAN_STATE"] = str(home / "state")
    config.load.cache_clear()
    if folder is None:
        assert isinstance(more[0], Path)
        reports(more[0])
        return ""
    return run("send", folder, *more).output


def test_a_person_says_whether_it_arrived(
    tmp_path: Path, running: Running, colleague: Colleague
) -> None:
    reports(tmp_path / "r")
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    colleague()
    assert run("send", tmp_path / "r", "--settle", "T1", "arrived").exit_code == 0
    assert run("send", tmp_path / "r", "--settle", "T2", "again").exit_code == 0
    assert run("send", tmp_path / "r", "--settle", "T1", "again").exit_code == 2, "settled already"
    assert standings(tmp_path / "r") == {"T1": "sent", "T2": "open", "P07": "elsewhere"}
    done = run("send", tmp_path / "r", "--smtp", "--made-elsewhere", "--yes", 1)
    assert done.exit_code == 6 and running.post.addresses.count("t2@example.cn") == 2
    assert standings(tmp_path / "r") == {"T1": "sent", "T2": "sent", "P07": "elsewhere"}


def test_the_same_account_on_another_computer_knows(
    tmp_path: Path, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is the same, the outbox is not: the folder's record is this account's own word."""
    reports(tmp_path / "r")
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    monkeypatch.setenv("SALESPLAN_STATE", str(tmp_path / "elsewhere"))
    assert set(standings(tmp_path / "r").values()) == {"sent"}
    assert run("send", tmp_path / "r", "--smtp", "--yes", 0).exit_code == 0
    assert len(running.post.arrived) == 3


def test_without_the_record_the_account_s_own_outbox_still_knows(
    tmp_path: Path, running: Running
) -> None:
    reports(tmp_path / "r")
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    (tmp_path / "r" / FILE).unlink()
    assert set(standings(tmp_path / "r").values()) == {"sent"}


def test_a_record_that_says_something_else_is_shown_and_not_believed(
    tmp_path: Path, running: Running
) -> None:
    """Somebody wants T1's report not to be sent: neither a line of their own nor an altered one of
    ours does it in silence.
    """
    reports(tmp_path / "r")
    run("send", tmp_path / "r", "--smtp", "--only", "T1", "--yes", 1)
    record = tmp_path / "r" / FILE
    ours = json.loads(record.read_text("utf-8").splitlines()[-1])
    recipients = json.loads((tmp_path / "r" / "manifest.json").read_text("utf-8"))["recipients"]
    other = next(one for one in recipients if one["code"] == "T2")
    forged = {
        **ours,
        "audience": "T2",
        "recipient": other["address"],
        "content": other["book"]["sha256"],
        "who": "\x1b[31mroot\u202e",
    }
    with record.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(forged) + "\n")
    assert standings(tmp_path / "r") == {"T1": "sent", "T2": "elsewhere", "P07": "open"}
    shown = run("send", tmp_path / "r", "--status").output
    assert "\x1b[31mroot" not in shown and "\u202e" not in shown and "[31mroot" in shown
    assert run("send", tmp_path / "r", "--settle", "T2", "again").exit_code == 0
    assert run("send", tmp_path / "r", "--smtp", "--yes", 2).exit_code == 0
    assert set(standings(tmp_path / "r").values()) == {"sent"}


def test_what_another_account_says_it_did_not_send_takes_nothing_back(
    tmp_path: Path, running: Running
) -> None:
    reports(tmp_path / "r")
    run("send", tmp_path / "r", "--smtp", "--yes", 3)
    record = tmp_path / "r" / FILE
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    refused = [{**line, "state": "refused", "time": "2999-01-01T00:00:00+00:00"} for line in lines]
    record.write_text("".join(json.dumps(line) + "\n" for line in refused), "utf-8")
    assert set(standings(tmp_path / "r").values()) == {"sent"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\n[1]\n{}\n",
        b"[" * 200_000,
        b'{"channel":"smtp","month":"2026-06","audience":"T1","recipient":"t1@example.cn",'
        b'"content":"0","state":"sent","time":"soon"}\n',
        b'{"state":["sent"],"channel":1}\n',
    ],
    ids=["empty", "no record", "deep", "no time", "other kinds"],
)
def test_what_is_no_record_is_none(tmp_path: Path, content: bytes) -> None:
    reports(tmp_path / "r")
    (tmp_path / "r" / FILE).write_bytes(content)
    assert of_folder(tmp_path / "r") == ()
    assert set(standings(tmp_path / "r").values()) == {"open"}


def test_a_record_beyond_all_measure_is_none(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("wb") as stream:
        stream.truncate(MOST + 1)
    assert of_folder(tmp_path) == ()


@contextmanager
def in_the_way(folder: Path, what: str) -> Iterator[Path]:
    other = folder.parent / "other.txt"
    other.write_bytes(b"theirs")
    if what == "link":
        (folder / FILE).symlink_to(other)
    elif what == "pipe":
        os.mkfifo(folder / FILE)
    else:
        (folder / FILE).mkdir()
    yield other


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize("what", ["link", "pipe", "folder"])
def test_what_has_the_record_s_name_is_left_alone_and_the_mails_go(
    tmp_path: Path, running: Running, what: str
) -> None:
    reports(tmp_path / "r")
    with in_the_way(tmp_path / "r", what) as other:
        done = run("send", tmp_path / "r", "--smtp", "--yes", 3)
        assert done.exit_code == 0 and FILE in done.output, done.output
        said = record_not_kept(tmp_path / "r")
        assert said is not None and said.code == "sent-not-recorded"
        assert other.read_bytes() == b"theirs" and len(running.post.arrived) == 3
        assert set(standings(tmp_path / "r").values()) == {"sent"}


def test_the_group_is_told_once_by_two_accounts(
    tmp_path: Path, group: Group, colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}"
    monkeypatch.setenv("SALESPLAN_WECOM_WEBHOOK", address)
    reports(tmp_path / "r")
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    told = len(group.said)
    colleague()
    held = run("send", tmp_path / "r", "--wecom", "--made-elsewhere")
    assert held.exit_code == 2 and "--settle" in held.output and len(group.said) == told
    assert run("send", tmp_path / "r", "--settle", "robot", "arrived").exit_code == 0
    again = run("send", tmp_path / "r", "--wecom", "--made-elsewhere")
    assert again.exit_code == 0 and len(group.said) == told
