"""``status`` says where a month stands, ``recalc`` says its results in three lines, and ``report
--open`` opens what it wrote.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import time
from pathlib import Path

import pytest

from salesplan.findings import Finding, Place
from salesplan.messages import text
from salesplan.plan.loader import load
from salesplan.plan.model import Month
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import filled_sample, new_sample, typed
from tests.unit.masters import edited, settings_edit, write


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A small plan of five, spoken of in English."""
    return write(tmp_path / "plan.xlsx", edited(settings_edit(lang="en")))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return new_sample(tmp_path / "plan.xlsx", lang="en")


def said(path: Path, *more: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("status", path, "--json", *more).output)
    return found


def test_the_month_from_a_new_plan_to_a_closed_one(master: Path) -> None:
    """Each step of the month is one that ``status`` names, and is no longer named once done."""
    began = said(master)
    assert began["stale_cells"] and began["recalculated"] is None
    assert began["report"] is None and began["delivery"] is None and began["closed"] is False
    steps = []
    for _ in range(9):
        (line,) = re.findall(
            r"^→ Next: .*?salesplan (.*)$", run("status", master).output, re.M
        ) or [""]
        if not line:
            break
        words = shlex.split(line)
        steps.append(words[0])
        done = run(*words)
        assert done.exit_code == 0, done.output
    assert steps == ["recalc", "report", "report", "send", "close"]
    ended = said(master)
    assert ended["closed"] is True and ended["stale_cells"] == 0 and ended["recalculated"]
    assert isinstance(ended["delivery"], dict) and ended["delivery"]["drafts"]


def test_a_person_without_a_row_of_the_month_is_named(sample: Path) -> None:
    """Everybody with a target in the month and no row of it; a row more, and they are not."""
    loaded = load(sample)
    found, actuals = loaded.tables["actuals"], loaded.plan.actuals
    gone = [
        row
        for row, unit, month in zip(actuals.rows, actuals.unit, actuals.month, strict=True)
        if (unit, month) == ("P03", Month(2026, 6))
    ]
    before = said(sample)["actuals"]
    assert gone and isinstance(before, dict) and "P03" in before["done"]
    typed(sample, {(found.sheet, f"{found.columns['unit']}{row}"): "P04" for row in gone})
    after = said(sample)["actuals"]
    assert isinstance(after, dict)
    assert set(after["missing"]) - set(before["missing"]) == {"P03"}


def test_a_report_older_than_the_master_is_said(master: Path) -> None:
    run("recalc", master)
    run("report", master)
    report = said(master)["report"]
    assert isinstance(report, dict) and report["outdated"] is False
    later = time.time() + 60
    os.utime(master, (later, later))
    report = said(master)["report"]
    assert isinstance(report, dict) and report["outdated"] is True


@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        ("zh", ["月份", "实绩", "周复盘", "检查", "计算列", "月报", "发送"]),
        (
            "en",
            ["Month", "Actuals", "Weekly review", "Checks", "Engine columns", "Report", "Delivery"],
        ),
    ],
)
def test_seven_lines_in_the_language_asked_for(master: Path, lang: str, heads: list[str]) -> None:
    lines = run("status", master, "--lang", lang).output.splitlines()
    assert [line.partition(": ")[0] for line in lines[:7]] == heads


def test_a_fill_says_three_lines_and_verbose_its_cells(sample: Path) -> None:
    other = sample.with_name("other.xlsx")
    shutil.copyfile(sample, other)
    brief, long = run("recalc", sample), run("recalc", other, "--verbose")
    lines = brief.output.splitlines()
    assert len(lines) == 5 and lines[0].startswith("Filled ")
    assert all(line.startswith("→ ") for line in lines[3:])
    assert "issued for the first time (Revenue " in lines[1]
    assert re.match(r"0 errors · \d+ warnings · \d+ notes; first: .+![A-Z]+\d+ ", lines[2])
    assert len(long.output.splitlines()) > 50
    assert [line.replace("other", "plan") for line in long.output.splitlines()[-5:]] == lines


def test_a_raised_goal_stands_in_the_second_line(tmp_path: Path) -> None:
    """The company's own target with its old figure, and whoever's moves most."""
    master = filled_sample(tmp_path / "plan.xlsx", lang="en")
    loaded = load(master)
    found, kpi = loaded.tables["kpis"], loaded.plan.kpi_by_code["REV"]
    assert kpi.target is not None
    was = int(kpi.target)
    typed(master, {(found.sheet, f"{found.columns['target']}{kpi.origin.row}"): was * 2})
    done = run("recalc", master, "--past", "--replace-typed")
    line = done.output.splitlines()[1]
    assert f"Revenue {was:,} → {was * 2:,}" in line and "(+100.0%)" in line, done.output
    assert re.search(r"\d+ year targets below changed, most of all .+ → ", line)


def test_without_a_screen_the_report_is_written_and_not_opened(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    done = run("report", master, "--open")
    (file,) = master.parent.glob("monthly-execution-report_*.xlsx")
    finding = Finding.of("report-not-opened", Place(file.name), file=str(file))
    assert done.exit_code == 0 and text(finding, "en") in done.stderr
    refused = run("report", master, "--open", "--audience", "each")
    assert refused.exit_code == 2


def test_the_desktop_gets_the_file(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the name that the desktop has for it is called with the report."""
    folder = master.parent / "bin"
    folder.mkdir()
    noted = master.parent / "opened"
    opener = folder / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {noted}.part && mv {noted}.part {noted}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("sys.platform", "linux")
    run("report", master, "--open")
    for _ in range(2000):
        if noted.exists():
            break
        time.sleep(0.05)
    assert Path(noted.read_text()).name.startswith("monthly-execution-report_")
