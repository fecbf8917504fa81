"""抄送: whoever stands there gets a copy of the unit's report, under the same rules as 邮箱."""

# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from salesplan import app
from salesplan.delivery.manifest_file import read, write
from salesplan.findings import SalesplanError
from salesplan.plan.loader import load
from tests.integration.test_sending import reports
from tests.maildesk import own_state, run, running  # noqa: F401 (fixtures)
from tests.mailserver import Running
from tests.unit.masters import edited, settings_edit
from tests.unit.masters import write as written

CC = ("helper@example.cn", "boss@example.cn")


def with_copies(folder: Path, cc: tuple[str, ...] = CC) -> None:
    made = reports(folder)
    first, *others = made.recipients
    write(folder, replace(made, recipients=(replace(first, cc=cc), *others)))


def test_a_copy_goes_with_the_same_message_and_nobody_else_sees_it(
    tmp_path: Path, running: Running
) -> None:
    """One message to T1 and its two copies, by three RCPT; the others' messages as before."""
    with_copies(tmp_path / "r")
    assert (
        "(抄送 helper@example.cn, boss@example.cn)"
        in run("send", tmp_path / "r", "--dry-run").output
    )
    items = json.loads(run("send", tmp_path / "r", "--status", "--json").output)["items"]
    assert {item["code"]: item["cc"] for item in items} == {"T1": [*CC], "T2": [], "P07": []}
    assert run("send", tmp_path / "r", "--smtp", "--yes", 3).exit_code == 0
    got: dict[str, set[str]] = {}
    for address, data in running.post.arrived:
        got.setdefault(str(message_from_bytes(data, policy=default)["Message-ID"]), set()).add(
            address
        )
    assert sorted(map(sorted, got.values())) == [
        ["boss@example.cn", "helper@example.cn", "t1@example.cn"],
        ["p07@example.cn"],
        ["t2@example.cn"],
    ]
    copied = [one for one in running.post.messages if one["Cc"]]
    assert {str(one["To"]) for one in copied} == {"张三 <t1@example.cn>"}
    assert str(copied[0]["Cc"]) == "helper@example.cn, boss@example.cn"


def test_a_copy_that_is_refused_sends_nothing_and_is_named(
    tmp_path: Path, running: Running
) -> None:
    """All of a message's addresses or none: the planner learns which one to correct."""
    with_copies(tmp_path / "r")
    running.post.refusals["boss@example.cn"] = "550 no such user"
    done = run("send", tmp_path / "r", "--smtp", "--only", "T1", "--yes", 1)
    assert done.exit_code == 5 and "550 no such user (boss@example.cn)" in done.output
    assert running.post.arrived == []
    running.post.refusals.clear()
    assert run("send", tmp_path / "r", "--smtp", "--yes", 3).exit_code == 0
    assert sorted(running.post.addresses)[0] == "boss@example.cn"


def test_a_draft_names_its_copies_and_a_test_goes_to_nobody_else(
    tmp_path: Path, running: Running
) -> None:
    with_copies(tmp_path / "r")
    run("send", tmp_path / "r")
    draft = message_from_bytes(
        (tmp_path / "r" / "drafts" / "T1_张三.eml").read_bytes(), policy=default
    )
    assert str(draft["Cc"]) == "helper@example.cn, boss@example.cn"
    done = run("send", tmp_path / "r", "--smtp", "--test-to", "me@example.cn", "--yes", 3)
    assert done.exit_code == 0 and set(running.post.addresses) == {"me@example.cn"}
    assert all(one["Cc"] is None for one in running.post.messages)


@pytest.mark.parametrize("cc", ["x@elsewhere.com", "x@example.cn\r\nBcc: y@example.cn", "a b"])
def test_a_copy_out_of_the_domains_or_that_is_no_address_stops(
    tmp_path: Path, running: Running, cc: str
) -> None:
    with_copies(tmp_path / "r", (cc,))
    with pytest.raises(SalesplanError) as caught:
        app.delivery(tmp_path / "r")
    assert caught.value.finding.code in ("send-domain", "manifest-field")
    assert run("send", tmp_path / "r", "--smtp", "--yes", 3).exit_code in (2, 4)
    assert running.post.arrived == []


def test_copies_are_read_checked_and_kept_apart(tmp_path: Path) -> None:
    """The cell lists several; one that is a recipient anyway is no copy; what cannot get mail is a
    finding at its cell and nobody's address. The parts hold none of them.
    """
    units = {
        2: {"email": "c@example.cn"},
        3: {
            "email": "t1@example.cn；Ann <t1b@example.cn>",
            "cc": "助理 <h@example.cn>; T1@example.cn、x@other.com",
        },
    }
    edits = {"units": units, **settings_edit(mail_domains="example.cn")}
    master = written(tmp_path / "plan.xlsx", edited(edits))
    run_ = app.check(master)
    said = [
        (one.code, one.place.cell)
        for one in run_.findings
        if one.params.get("text") == "x@other.com"
    ]
    column = load(master).tables["units"].columns["cc"]
    assert said == [("mail-domain", f"{column}3")]
    done = app.report_each(master, app.Wanted(folder=tmp_path / "out"))
    by_address = {one.address: one.cc for one in read(tmp_path / "out").recipients}
    assert by_address["t1@example.cn"] == ("h@example.cn",) and by_address["t1b@example.cn"] == ()
    assert done.manifest
    left = {one.address: one.reason for one in done.manifest.excluded if one.code == "T1"}
    assert left == {"x@other.com": "mail-domain"}
    assert not done.leaks
