"""What was opened is no master: a report, a handout, a workbook without settings. Nothing is
written for it, by any door.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.config import STATE_VARIABLE
from salesplan.excel import ribbon
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import text
from tests import fake_excel
from tests.books import all_rows, alone
from tests.samples import copied
from tests.unit.masters import SOUND, edited, settings_edit, write

MAP = 'date = "D"\n'


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a master, its report, its recipients' reports and drafts, and its handouts."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(folder.parent / "state"))
        master = edited(settings_edit(lang=request.param))
        path = write(folder / "plan.xlsx", master, request.param)
        app.report(path)
        app.draft_each(path)
        app.handout(path, folder / "handouts")
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    """The folder for one test to do with as it likes."""
    return Path(shutil.copytree(made, tmp_path / "desk"))


def report_of(desk: Path) -> Path:
    (found,) = (path for path in desk.glob("*.xlsx") if path.name != "plan.xlsx")
    return found


def seen(desk: Path) -> dict[str, str]:
    return {
        str(path.relative_to(desk)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in desk.rglob("*")
        if path.is_file()
    }


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check", "FILE"),
    ("recalc", "FILE"),
    ("recalc", "FILE", "-o", "OUT"),
    ("report", "FILE"),
    ("report", "FILE", "--audience", "each"),
    ("report", "FILE", "--audience", "T1"),
    ("handout", "FILE", "--to", "HANDOUTS"),
    ("collect", "HANDOUTS", "--into", "FILE", "--yes"),
    ("import-actuals", "FILE", "CSV", "--map", "MAP"),
    ("announce", "FILE"),
    ("explain", "FILE", "T1", "REV"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_report_is_no_master_in_the_terminal(
    desk: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "deals.csv").write_text("D\n", "utf-8")
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    report, before = report_of(desk), seen(desk)
    places = {
        "FILE": report,
        "OUT": desk / "out.xlsx",
        "HANDOUTS": desk / "handouts",
        "CSV": tmp_path / "deals.csv",
        "MAP": tmp_path / "map.toml",
    }
    done = CliRunner().invoke(commands, [str(places.get(word, word)) for word in command])
    finding = Finding.of("is-a-report", file=report.name, master="plan.xlsx")
    assert done.exit_code == 2, done.output
    assert text(finding, "zh") in done.output or text(finding, "en") in done.output
    assert seen(desk) == before


@pytest.mark.parametrize(
    "button", [ribbon.check, ribbon.preview, ribbon.recalc, ribbon.report, ribbon.drafts]
)
def test_a_report_in_front_is_no_master(desk: Path, button: Callable[..., object]) -> None:
    """It was taken for one, and its drafts and personal reports were gone."""
    report, before = report_of(desk), seen(desk)
    book = fake_excel.book(report)
    with pytest.raises(SalesplanError) as refused:
        done = button(book)
        if callable(done):
            done()
    assert refused.value.finding.code == "is-a-report"
    assert refused.value.finding.params["master"] == "plan.xlsx"
    assert seen(desk) == before and book.api.writes == 0


def test_a_handout_says_whose_it_is(desk: Path) -> None:
    handout = next((desk / "handouts").glob("*.xlsx"))
    with pytest.raises(SalesplanError) as refused:
        app.check(handout)
    assert (refused.value.finding.code, refused.value.exit_code) == ("is-a-handout", 2)
    assert refused.value.finding.params["master"] == "plan.xlsx"


@pytest.mark.parametrize("gone", ["组织", "指标"])
@pytest.mark.parametrize(
    "work",
    [
        lambda path: app.recalc(path),
        lambda path: app.report(path),
        lambda path: app.draft_each(path),
        lambda path: app.report_unit(path, "T1"),
        lambda path: app.handout(path, path.parent / "handouts"),
        lambda path: app.announcements(path),
        lambda path: ribbon.recalc(fake_excel.book(path)),
    ],
    ids=["recalc", "report", "drafts", "unit", "handout", "announce", "button"],
)
def test_without_one_of_two_sheets_nothing_is_written(
    tmp_path: Path, gone: str, work: Callable[[Path], object]
) -> None:
    from openpyxl import load_workbook

    def make(own: Path) -> None:
        book = load_workbook(write(own, SOUND))
        del book[gone]
        book.save(own)

    desk = tmp_path / "desk"
    path = copied(f"sound-without-{gone}", make, desk / "plan.xlsx")
    before = seen(desk)
    with pytest.raises(SalesplanError) as refused:
        work(path)
    assert (refused.value.finding.code, refused.value.exit_code) == ("master-incomplete", 2)
    assert gone in text(refused.value.finding, "zh")
    assert seen(desk) == before


def test_a_master_that_keeps_a_reports_cover_is_a_master(desk: Path) -> None:
    from openpyxl import load_workbook

    report = report_of(desk)
    master, cover = load_workbook(desk / "plan.xlsx"), alone(report, next(iter(all_rows(report))))
    page = master.create_sheet(cover.title)
    for row in cover.iter_rows():
        for cell in row:
            if cell.value is not None and not hasattr(cell.value, "ref"):
                page[cell.coordinate] = cell.value
    master.save(desk / "plan.xlsx")
    assert app.check(desk / "plan.xlsx").loaded.plan.units


def test_drafts_are_replaced_only_when_the_new_ones_are_whole(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesplan.delivery import drafts

    (place,) = desk.rglob("drafts")
    before, made = seen(place), []

    def failing(*arguments: object) -> Path:
        if made:
            raise SalesplanError(Finding.of("disk-full"), 3)
        made.append(real(*arguments))  # type: ignore[arg-type]
        return made[0]

    real = drafts.write_draft
    monkeypatch.setattr(drafts, "write_draft", failing)
    with pytest.raises(SalesplanError):
        app.draft_each(desk / "plan.xlsx")
    assert made and seen(place) == before
    assert not list(desk.rglob(".salesplan-*"))
