"""``salesplan adopt`` at a terminal and in a pipe: what it shows, asks, writes and leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from salesplan import app
from salesplan.cli import adopt as command
from salesplan.cli import commands
from tests.foreign_books import TODAY, write

MONTHS = [f"{month}月" for month in range(1, 13)]
SURE = [["2026年目标"], ["姓名", *MONTHS], ["张伟", *range(10, 22)], ["王芳", *range(20, 32)]]
UNSURE = [["姓名", *MONTHS], ["张伟", *range(10, 22)], ["王芳", *range(20, 32)]]
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """The command with answers typed, or none."""

    def called(*args: object, typed: str = "") -> Result:
        return CliRunner().invoke(commands, ["adopt", *map(str, args)], input=typed)

    return called


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits there."""
    monkeypatch.setattr(command, "somebody_there", lambda: True)


def test_in_a_pipe_nothing_is_written(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE})
    before = path.read_bytes()
    done = run(path)
    assert done.exit_code == 1 and path.read_bytes() == before
    assert "B2–M2" in done.output and "未写入" in done.output


def test_yes_takes_what_is_certain(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE, "其他": UNSURE})
    done = run(path, "--yes")
    assert done.exit_code == 0, done.output
    assert "1 张表没有读取" in done.output
    plan = app.check(path, today=TODAY).loaded.plan
    rows = [one for one in plan.targets if one.has_manual]
    assert {one.origin.place("manual1").sheet for one in rows} == {"目标"}


def test_yes_writes_nothing_where_nothing_is_certain(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"其他": UNSURE})
    before = path.read_bytes()
    done = run(path, "--yes")
    assert done.exit_code == 1 and path.read_bytes() == before


def test_yes_asks_whose_the_rows_of_one_name_are(tmp_path: Path, run: Run) -> None:
    """Two people or one row twice: a person says so, and no figure is left out in silence."""
    path = write(tmp_path / "a.xlsx", {"目标": [*SURE, ["张伟", *range(30, 42)]]})
    before = path.read_bytes()
    done = run(path, "--yes", "--lang", "en")
    assert done.exit_code == 1 and path.read_bytes() == before
    assert done.output.count("two people, or one row twice?") == 1
    assert "confidence 50%" in done.output and "two targets" not in done.output


def test_where_actuals_go_is_said(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE})
    done = run(path, "--yes", "--lang", "en").output
    assert f"salesplan add {path} Actuals" in done
    added = CliRunner().invoke(commands, ["add", str(path), "Actuals"])
    assert added.exit_code == 0, added.output
    heads = ["姓名", *(f"{one}实绩" for one in MONTHS)]
    other = write(tmp_path / "b.xlsx", {"业绩": [heads, *SURE[2:]]})
    assert "继续填在您自己的表里 (业绩!A1)" in run(other, "--yes", "--lang", "zh").output


@pytest.mark.usefixtures("at_terminal")
def test_what_is_not_certain_is_asked_once_for_columns_alike(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"其他": UNSURE})
    done = run(path, typed="实绩\ny\ny\n")
    assert done.exit_code == 0, done.output
    plan = app.check(path, today=TODAY).loaded.plan
    assert len(plan.actuals) == 24 and not any(one.has_manual for one in plan.targets)


@pytest.mark.usefixtures("at_terminal")
def test_a_column_can_be_changed_and_a_table_left_out(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE})
    done = run(path, typed="c\nM2\n不读\ny\ny\n")
    assert done.exit_code == 0, done.output
    plan = app.check(path, today=TODAY).loaded.plan
    assert all(one.manual_months[11] is None for one in plan.targets)
    other = write(tmp_path / "b.xlsx", {"目标": SURE})
    before = other.read_bytes()
    assert run(other, typed="n\n").exit_code == 1 and other.read_bytes() == before


def test_a_copy_a_file_and_json(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE})
    shown = json.loads(run(path, "--json").output)
    assert shown["tables"][0]["targets"] == 24 and shown["written"] is None
    done = run(path, "--yes", "--map", tmp_path / "a.toml", "-o", tmp_path / "b.xlsx")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.toml").read_text("utf-8").count("[[column]]") == 13
    assert len(app.check(tmp_path / "b.xlsx", today=TODAY).loaded.plan.units) == 3


def test_undo_takes_it_back(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标": SURE})
    before = path.read_bytes()
    assert run(path, "--yes").exit_code == 0
    assert CliRunner().invoke(commands, ["undo", str(path)]).exit_code == 0
    assert path.read_bytes() == before


def test_sheets_of_ours_that_are_theirs_get_another_name(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "a.xlsx", {"目标分解": SURE, "组织": [["说明"], ["按部门填写"]]})
    assert run(path, "--yes").exit_code == 0
    done = app.recalc(path, today=TODAY)
    assert done.run.loaded.tables["targets"].sheet == "目标分解 salesplan"
    assert done.run.loaded.tables["units"].sheet == "组织 salesplan"
    top = done.run.results.targets["K1", "HQ"]
    assert top.year == sum(range(10, 22)) + sum(range(20, 32))
