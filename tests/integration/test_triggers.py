"""The change that a trigger proposes, drafted into a master, and the group that hears of each
firing once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from salesplan import app
from salesplan.app.triggering import next_code
from salesplan.app.watching import Turn, Watcher
from salesplan.delivery.secrets import Name
from salesplan.findings import SalesplanError
from salesplan.plan.model import Approval
from tests.integration.test_wecom import Group
from tests.integration.test_wecom import group as group
from tests.maildesk import own_state as own_state
from tests.maildesk import run
from tests.samples import filled_sample
from tests.unit.masters import edited, write

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("triggers") / "plan.xlsx"
    filled_sample(path, lang="zh")
    return path.read_bytes()


@pytest.fixture
def master(tmp_path: Path, filled: bytes) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(filled)
    return path


def test_a_proposal_is_a_pending_row_that_says_what_the_plan_says_now(master: Path) -> None:
    before = app.check(master)
    done = app.propose(master, "w2", today=DAY)
    assert done.code == "C08" and done.written == master
    after = app.check(master)
    change = after.loaded.plan.changes[-1]
    assert (change.code, change.subject, change.before, change.after) == (
        "C08",
        "REV/P11",
        "40.43",
        "",
    )
    assert change.status is Approval.PENDING and change.raised == DAY and change.notify == ("P11",)
    assert change.trigger.startswith("预警 W2: 客户“齐鲁轴业”")
    assert change.aim is not None and change.aim.table == "targets"
    assert after.results.targets == before.results.targets, "nothing that waits alters the plan"
    new = {one.code for one in after.findings} - {one.code for one in before.findings}
    assert new == set(), "a draft is no error"
    firing = after.results.triggers["W2"].firings[0]
    assert firing.proposal is not None and firing.proposal.raised == "C08"
    app.recalc(master)
    assert app.undo(master).what.startswith("recalc")
    assert app.undo(master).what == "propose C08 for W2"


@pytest.mark.parametrize(
    ("rule", "of", "code"),
    [
        ("W9", "", "trigger-unknown"),
        ("W3", "", "trigger-not-fired"),
        ("W2", "东屿精工", "trigger-not-fired"),
        ("W1", "", "trigger-already-raised"),
    ],
)
def test_what_cannot_be_proposed_says_why_and_writes_nothing(
    master: Path, filled: bytes, rule: str, of: str, code: str
) -> None:
    with pytest.raises(SalesplanError) as caught:
        app.propose(master, rule, of)
    assert (caught.value.finding.code, caught.value.exit_code) == (code, 2)
    assert master.read_bytes() == filled


def test_a_competitor_without_a_strategy_and_a_master_without_changes(tmp_path: Path) -> None:
    seen = {"name": "启明", "price": 1.2, "day": date(2026, 2, 2)}
    rows = edited(
        {
            "triggers": {2: {"code": "W1", "kind": "竞争对手变动"}},
            "competitors": {2: seen, 3: seen | {"price": 1.1, "day": date(2026, 3, 16)}},
        }
    )
    with pytest.raises(SalesplanError) as caught:
        app.propose(write(tmp_path / "plan.xlsx", rows), "W1")
    assert caught.value.finding.code == "trigger-without-change"
    rows = edited({"triggers": {2: {"code": "W1", "kind": "任务逾期"}}})
    rows["tasks"][1]["due"] = date(2026, 3, 20)
    del rows["changes"]
    with pytest.raises(SalesplanError) as caught:
        app.propose(write(tmp_path / "bare.xlsx", rows), "W1")
    assert caught.value.finding.code == "trigger-no-changes"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), "C01"),
        (("变更",), "C01"),
        (("C07", "C02"), "C08"),
        (("C09",), "C10"),
        (("2026-1", "CH-099", "CH-007"), "CH-100"),
    ],
)
def test_the_next_code_is_written_as_those_that_are_there(
    codes: tuple[str, ...], expected: str
) -> None:
    assert next_code(codes) == expected


def test_the_command_shows_each_rule_and_drafts_the_change(master: Path, own_state: Path) -> None:
    shown = run("triggers", master)
    assert shown.exit_code == 0
    assert "■ 触发  W1  进度偏低" in shown.output and "变更 C02 已提出" in shown.output
    assert "字段 基准年度目标, 调整前 40.43" in shown.output and "● 未触发  W3" in shown.output
    told = json.loads(run("triggers", master, "--json").output)["triggers"]
    assert [one["state"] for one in told] == ["fired", "fired", *["quiet"] * 4]
    assert told[1]["firings"][0]["change"]["subject"] == "REV/P11"
    before = master.read_bytes()
    assert "C08" in run("triggers", master, "--propose", "W2", "--dry-run").output
    assert master.read_bytes() == before
    assert "变更记录!A13" in run("triggers", master, "--propose", "W2", "--of", "齐鲁轴业").output


def test_without_rules_it_says_to_add_the_sheet_only_where_there_is_none(tmp_path: Path) -> None:
    there = write(tmp_path / "there.xlsx", edited({"triggers": {}}))
    said = run("triggers", there).output
    assert "salesplan add" not in said and "在“预警”表填写规则" in said
    absent = {key: rows for key, rows in edited({}).items() if key != "triggers"}
    said = run("triggers", write(tmp_path / "absent.xlsx", absent)).output
    assert "salesplan add" in said


@pytest.fixture
def told(group: Group, own_state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    address = f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key=k"
    monkeypatch.setenv(Name.WECOM_WEBHOOK.variable, address)
    yield group


def turn(watcher: Watcher) -> Turn:
    for _ in range(3):
        found = watcher.look()
        if found is not None:
            return found
    raise AssertionError("nothing was done")


def messages(server: Group) -> list[str]:
    return [json.loads(body)["markdown"]["content"] for _, _, body in server.said]


def test_the_group_hears_of_each_firing_once(master: Path, told: Group) -> None:
    """Two fire: one message. Saved again: none. Another master of the same rules: its own."""
    watcher = Watcher(master, report=False, tell=True)
    first = turn(watcher)
    assert len(first.told) == 2 and first.findings == ()
    (said,) = messages(told)
    assert "预警 W1: 渠道分销团队的营收" in said and "齐鲁轴业" in said and "--propose W2" in said
    again = turn(Watcher(master, report=False, tell=True))
    assert again.told == () and len(messages(told)) == 1
    other = master.with_name("other.xlsx")
    other.write_bytes(master.read_bytes())
    assert len(turn(Watcher(other, report=False, tell=True)).told) == 2


def test_what_is_over_and_fires_anew_is_said_anew(master: Path, told: Group) -> None:
    def look(day: date) -> list[str]:
        watcher = Watcher(master, report=False, tell=True, as_of=day)
        return [entry.key.audience for entry in turn(watcher).told]

    assert sorted(look(DAY)) == ["W1", "W2"]
    assert "W1" not in look(date(2026, 3, 31)), "in March the team was ahead"
    assert sorted(look(DAY)) == ["W1", "W2"]
    assert look(DAY) == []


def test_a_refused_message_is_tried_again_and_an_unknown_one_is_not(
    master: Path, told: Group
) -> None:
    told.answers = [b'{"errcode": 45009, "errmsg": "api freq out of limit"}', 500]
    assert {one.state.value for one in turn(Watcher(master, report=False, tell=True)).told} == {
        "queued"
    }
    assert {one.state.value for one in turn(Watcher(master, report=False, tell=True)).told} == {
        "unknown"
    }
    assert turn(Watcher(master, report=False, tell=True)).told == ()


def test_without_a_robot_the_master_is_filled_all_the_same(
    master: Path,
    own_state: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(Name.WECOM_WEBHOOK.variable, raising=False)
    done = turn(Watcher(master, report=False, tell=True))
    assert [one.code for one in done.findings] == ["wecom-no-webhook"] and done.done is not None
