"""xlwings' own code for Excel on Windows, run over a stand-in for COM: what goes in and out of
cells is what the file door says.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import product
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from salesplan import app, excel
from salesplan.config import STATE_VARIABLE
from salesplan.excel import bridge, button_press, calc_install, journal, live, ribbon, use_cases
from salesplan.excel.blocks import as_text, plain
from salesplan.excel.timeouts import Patience
from salesplan.fill import by_sheet, same
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import text
from salesplan.plan.model import Month
from salesplan.workbook.read.cells import ErrorValue, read_grids
from salesplan.workbook.refs import Range as Area
from salesplan.workbook.refs import parse_cell
from salesplan.workbook.zip.package import open_package
from tests import fake_excel
from tests.live import messy
from tests.samples import new_sample
from tests.unit import masters


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return masters.write(tmp_path / "计划.xlsx", masters.SOUND)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The whole sample with its mistakes: hundreds of rows, cells and findings of every kind."""
    path = tmp_path / "计划.xlsx"
    new_sample(path, lang="zh", mistakes=True)
    return path


def still_to_fill(book: Any) -> list[Any]:
    """What another press would fill, besides the list of findings: there it tells of what was
    filled before, and stays for an error.
    """
    run = app.check(live.path_of(book), source=live.source(book))
    return [edit for edit in app.fill(run).edits if edit.sheet != "检查结果"]


def test_reading_gives_what_the_file_door_gives(sample: Path) -> None:
    opened = live.source(fake_excel.book(sample))
    with open_package(sample) as package:
        grids = read_grids(package)
    for name, grid in opened.grids.items():
        for r, row in enumerate(grids[name].rows, 1):
            for c, value in enumerate(row, 1):
                assert (type(grid.value(r, c)), grid.value(r, c)) == (type(value), value), (
                    name,
                    r,
                    c,
                )
    assert app.check(sample, source=opened).findings == app.check(sample).findings


def test_filling_leaves_what_the_file_door_leaves(sample: Path, tmp_path: Path) -> None:
    book = fake_excel.book(sample)
    done = use_cases.recalculated(book)
    closed = app.recalc(sample, out=tmp_path / "filled.xlsx")
    assert done.changes.edits == closed.changes.edits and len(done.changes.edits) > 1_000
    with open_package(tmp_path / "filled.xlsx") as package:
        grids = read_grids(package)
    for name, edits in by_sheet(done.changes.edits).items():
        there = live.grid(book.sheets[name], "")
        for edit in edits:
            value, wanted = (one.value(*parse_cell(edit.cell)) for one in (there, grids[name]))
            assert same(value, edit.new) and (value == wanted or edit.new is None), edit
    assert not still_to_fill(book)


def test_a_month_of_another_year_is_refused_there_too(master: Path) -> None:
    book = fake_excel.book(master)
    with pytest.raises(SalesplanError) as refused:
        use_cases.recalculated(book, month=Month(2025, 6))
    assert (refused.value.finding.code, refused.value.exit_code, book.api.writes) == (
        "month-not-of-the-plan",
        2,
        0,
    )


def test_blocks_are_few_and_switches_are_put_back(sample: Path) -> None:
    book = fake_excel.book(sample)
    excel_itself = book.api.Application
    excel_itself.Calculation, excel_itself.EnableEvents = -4135, False
    done = use_cases.recalculated(book)
    sheets = {edit.sheet for edit in done.changes.edits}
    assert book.api.reads <= 3 * len(book.api.Worksheets) + 2 * len(sheets)
    assert book.api.writes < len(done.changes.edits) / 15
    assert (excel_itself.ScreenUpdating, excel_itself.EnableEvents, excel_itself.Calculation) == (
        True,
        False,
        -4135,
    )


def test_undo_gives_every_cell_back(sample: Path) -> None:
    book = fake_excel.book(sample)
    before = live.source(book)
    ribbon.recalc(book)
    ribbon.undo(book)
    after = live.source(book)
    for name, grid in before.grids.items():
        height, width = len(grid.rows) + 30, len(grid.rows[0])
        assert all(
            grid.value(r, c) == after.grids[name].value(r, c)
            for r in range(1, height)
            for c in range(1, width + 1)
        ), name
    assert after.objects == before.objects


def test_a_column_that_the_table_computes_goes_on_in_new_rows(tmp_path: Path) -> None:
    book = fake_excel.book(messy.short_table(tmp_path / "plan.xlsx"))
    sheet = book.sheets["问题与改进"].api
    for row in (6, 7, 8):
        sheet.cell(row, 14).assign(f'="P-"&ROW(A{row})&B{row}')
    before = live.source(book)
    ribbon.recalc(book)
    last = max(row for (row, column), one in sheet.cells.items() if column == 1 and one.value)
    assert last > 8 and sheet.ListObjects[0].Range.area == Area(5, 1, last, 14)
    assert [sheet.cell(row, 14).formula for row in (8, 9, last)] == [
        f'="P-"&ROW(A{row})&B{row}' for row in (8, 9, last)
    ]
    ribbon.undo(book)
    assert live.source(book).objects == before.objects and all(
        sheet.cell(row, 14).value is None for row in range(9, last + 2)
    )


def test_a_protected_sheet_is_said(master: Path) -> None:
    book = fake_excel.book(master)
    sheet = book.sheets["组织"].api
    (
        sheet.ProtectContents,
        sheet.ProtectDrawingObjects,
        sheet.ProtectScenarios,
        sheet.ProtectionMode,
    ) = True, False, False, False
    sheet.Protection = type("Protection", (), {"__getattr__": lambda self, name: False})()

    def refuse(password: str) -> None:
        raise fake_excel.ComError()

    sheet.Unprotect = refuse
    with pytest.raises(SalesplanError) as caught:
        ribbon.recalc(book)
    assert caught.value.finding.code == "sheet-protected"
    assert book.api.writes == 0

    given: dict[str, Any] = {}
    sheet.Unprotect = lambda password: setattr(sheet, "ProtectContents", False)
    sheet.Protect = lambda **terms: (given.update(terms), setattr(sheet, "ProtectContents", True))
    ribbon.recalc(book)
    assert sheet.ProtectContents and given["AllowFiltering"] is False and given["Contents"] is True


def cell(value: Any, code: str = "General") -> Any:
    made = fake_excel.Cell()
    made.value, made.format = value, code
    return made


@pytest.mark.parametrize(
    ("held", "code", "read"),
    [
        (None, "General", None),
        ("", "General", None),
        ("007", "General", "007"),
        (0.0, "General", 0.0),
        (True, "General", True),
        (46204.0, "yyyy-mm-dd", date(2026, 7, 1)),
        (46204.5, "yyyy-mm-dd hh:mm", datetime(2026, 7, 1, 12)),
        (0.25, "yy hh:mm", time(6)),
        ("#N/A", "General", ErrorValue("#N/A")),
        ("#SPILL!", "General", ErrorValue("#SPILL!")),
        (1234.567891, "¥#,##0.00", 1234.567891),
        (12.0, "0.00%", 12.0),
    ],
)
def test_each_kind_of_value_comes_out_as_from_a_file(
    master: Path, held: Any, code: str, read: object
) -> None:
    book = fake_excel.book(master)
    sheet = book.sheets["组织"]
    sheet.api.cells[3, 3] = cell(held, code)
    value = live.grid(sheet, "").value(3, 3)
    assert (type(value), value) == (type(read), read)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06",
        "12",
        "1,200",
        "50%",
        "=1+1",
        "+86 21",
        "-",
        "@name",
        "TRUE",
        "#N/A",
        "'quoted",
        "1E5",
        "2026/7/1",
        "3月5日",
        "12万",
        "批准",
        "部分: 差 8,000",
        " 7 ",
    ],
)
def test_a_text_stays_the_text_it_is(master: Path, text: str) -> None:
    book = fake_excel.book(master)
    book.sheets["组织"].range("C3").value = [[as_text(text)]]
    assert book.sheets["组织"].api.cells[3, 3].value == text


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (Decimal("1234.5678912"), 1234.5678912),
        (3_000_000_000, 3e9),
        (date(2026, 7, 1), 46204.0),
        (False, False),
        (None, None),
        ("", None),
    ],
)
def test_a_value_goes_in_whole(master: Path, value: object, held: object) -> None:
    book = fake_excel.book(master)
    book.sheets["组织"].range("C3:D3").value = [[plain(value), plain(value)]]
    assert [book.sheets["组织"].api.cells[3, c].value for c in (3, 4)] == [held, held]


def test_a_book_in_a_cloud_is_named_by_excel_and_no_sheet_of_it_is_asked(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("a sheet of the workbook was asked for settings")

    monkeypatch.setattr(fake_excel.windows(), "read_config_sheet", asked)
    book = fake_excel.book(master, "https://d.docs.live.net/1234/Plans/%E8%AE%A1%E5%88%92.xlsx")
    assert live.native_name(book).startswith("https://") and live.location(book) is None
    assert live.path_of(book) == Path("计划.xlsx")
    assert not ribbon.recalc(book).lines[0].startswith("没有改动")
    assert "没有" not in ribbon.undo(book).lines[0]


def test_other_excels_are_not_ended_when_python_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    spared: list[Callable[..., object]] = []
    monkeypatch.setattr(atexit, "unregister", spared.append)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", fake_excel.windows())
    excel._spare_other_excels()
    assert spared == [fake_excel.windows().cleanup]


def refused(work: Callable[..., object], *arguments: object, **named: object) -> tuple[str, int]:
    with pytest.raises(SalesplanError) as caught:
        work(*arguments, **named)
    return caught.value.finding.code, caught.value.exit_code


def typing(
    book: Any, sheet: str, place: tuple[int, int], values: Iterator[Any]
) -> Callable[[], bool]:
    """The person types while the plan is computed: right before the first cell is written."""

    def wanted() -> bool:
        value = next(values, None)
        if value is not None:
            book.sheets[sheet].api.cells[place] = cell(value)
        return True

    return wanted


def test_somebody_who_goes_on_typing_stops_the_filling(master: Path) -> None:
    """Figures of old values are no figures: nothing stays written, and it says so."""
    book = fake_excel.book(master)
    before = live.source(book)
    place = company_target(book)
    wanted = typing(book, "指标", place, iter((2_000.0, 2_100.0, 2_200.0, 2_300.0)))
    assert refused(ribbon.recalc, book, wanted) == ("live-changed-meanwhile", 3)
    book.sheets["指标"].api.cells[place] = cell(TARGET)
    assert live.source(book).grids == before.grids
    assert journal.last(live.native_name(book)) is None


TARGET = masters.SOUND["kpis"][0]["target"]
"""What the first KPI's company target is before anybody types another."""


def company_target(book: Any) -> tuple[int, int]:
    """Where the first KPI's company target stands."""
    found = app.check(live.path_of(book), source=live.source(book)).loaded.tables["kpis"]
    return parse_cell(f"{found.columns['target']}{found.first_row}")


def test_an_input_that_changes_meanwhile_is_taken(master: Path, tmp_path: Path) -> None:
    """K6 = 3,000 typed while Python works: the cascade is that of 3,000, in one step of undo."""
    book = fake_excel.book(master)
    before = live.source(book)
    place = company_target(book)
    said = ribbon.recalc(book, typing(book, "指标", place, iter((3_000.0,))))
    targets = live.source(book)
    run = app.check(master, source=targets)
    company = run.loaded.plan.targets[0]
    assert company.kpi == "REV" and company.stored_year == 3_000
    assert "已填写" in said.lines[0]
    assert not still_to_fill(book)
    ribbon.undo(book)
    assert refused(ribbon.undo, book) == ("live-undo-nothing", 2)
    book.sheets["指标"].api.cells[place] = cell(TARGET)
    assert live.source(book).grids == before.grids


def test_nothing_to_change_is_said_of_the_newest_inputs(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filled workbook; 3,000 is typed while Python finds nothing to change: it is filled in."""
    book = fake_excel.book(master)
    ribbon.recalc(book)
    sheet, place, real = book.sheets["指标"].api, company_target(book), use_cases._examined

    def slow(*given: Any, **named: Any) -> Any:
        run = real(*given, **named)
        sheet.cells[place] = cell(3_000.0)
        return run

    monkeypatch.setattr(use_cases, "_examined", slow)
    assert use_cases.recalculated(book, past=True).changes.edits
    monkeypatch.setattr(use_cases, "_examined", real)
    assert use_cases.recalculated(book, dry_run=True).changes.edits == ()


@pytest.mark.parametrize("hresult", [-2147418111, -2146777998, -2146827284])
def test_a_cell_in_edit_mode_is_seen_at_once(master: Path, hresult: int) -> None:
    book = fake_excel.book(master)

    class Editing:
        """Excel while a cell is edited: it lets nobody set how it answers."""

        Hwnd, Calculation, Interactive = 1, -4105, True

        def __setattr__(self, name: str, value: object) -> None:
            raise fake_excel.ComError(hresult)

    book.api.Application = Editing()
    for button in (ribbon.check, ribbon.preview, ribbon.recalc, ribbon.undo):
        assert refused(button, book) == ("live-cell-open", 3)
    assert book.api.writes == 0


def test_an_undo_record_that_fits_no_more_does_not_block_the_one_before(master: Path) -> None:
    """What the last filling wrote was changed by hand; the one before it still fits."""
    book = fake_excel.book(master)
    sheet = book.sheets["组织"].api
    sheet.cells[90, 26], sheet.cells[91, 26] = cell("ours"), cell("changed by hand")
    for where in ("Z90", "Z91"):
        before = journal.Before({where: (None, "ours")})
        journal.keep(
            journal.Entry(
                "2026-06-30T06:05:00+00:00", live.native_name(book), "recalc", {"组织": before}
            )
        )
    said = ribbon.undo(book)
    assert sheet.cells[90, 26].value is None and sheet.cells[91, 26].value == "changed by hand"
    assert len(said.lines) == 2 and "已清除" in said.lines[1]
    assert "T06:05" not in said.lines[0] and "2026-06-" in said.lines[0], "by the local clock"
    assert refused(ribbon.undo, book) == ("live-undo-nothing", 2)


def test_a_filling_that_could_not_be_taken_back_is_not_begun(master: Path, tmp_path: Path) -> None:
    book = fake_excel.book(master)
    (tmp_path / "state").write_text("a file where the folder should be")
    assert refused(ribbon.recalc, book) == ("live-not-kept", 3)
    assert book.api.writes == 0


def test_a_program_that_stops_answering_while_cells_are_written() -> None:
    patience, never = Patience(0.05), Event()

    def work() -> None:
        assert patience.wanted()
        never.wait(10)

    assert refused(patience.run, work) == ("live-stuck", 3)
    never.set()


def test_a_button_that_is_none() -> None:
    assert refused(ribbon.press, "format") == ("button-unknown", 2)


@pytest.mark.parametrize("rest", [False, True])
def test_only_the_program_is_given_up_not_our_own_work(
    rest: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hundreds of reports take longer than anybody would wait for a frozen window."""

    def work() -> ribbon.Said:
        Event().wait(0.5)
        return ribbon.Said(("done",), "en")

    monkeypatch.setattr(button_press, "Patience", lambda: Patience(0.1))
    monkeypatch.setattr(button_press, "_press", lambda *_: work if rest else work())
    assert button_press.pressed("drafts") == (0 if rest else 3)
    assert ("done" in capsys.readouterr().out) is rest


def test_a_fault_behind_a_button_is_shown_and_its_details_kept(
    master: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Excel goes away in the midst of reading: no traceback, but a sentence that names the file
    where it stands.
    """
    book = fake_excel.book(master)
    monkeypatch.setattr(live, "open_book", lambda *_, **__: book)
    monkeypatch.setattr(
        fake_excel.Sheet,
        "UsedRange",
        property(lambda self: (_ for _ in ()).throw(fake_excel.ComError(-2147023174))),
    )
    assert button_press.pressed("check") == 4
    (log,) = (tmp_path / "state").rglob("errors.log")
    assert "Traceback" in log.read_text("utf-8") and "ComError" in log.read_text("utf-8")
    shown, reason = capsys.readouterr().out, str(fake_excel.ComError(-2147023174))
    assert (
        text(Finding.of("button-failed", reason=reason, log=str(log)), "zh") in shown
        and "Traceback" not in shown
    )


def test_cells_of_the_text_format_hold_what_the_file_door_writes(master: Path) -> None:
    """Such a cell would keep an apostrophe as a part of the text, and a number as a text."""
    plain_book, book = fake_excel.book(master), fake_excel.book(master)
    edits = use_cases.recalculated(plain_book).changes.edits
    texts = [edit for edit in edits if not isinstance(edit.old, date)]
    for edit in texts:
        book.sheets[edit.sheet].api.cell(*parse_cell(edit.cell)).format = "@"
    places = [parse_cell(edit.cell) for edit in texts if edit.sheet == "目标分解"]
    for row, column in product({row for row, _ in places}, {column for _, column in places}):
        # its new rows look like the row above them, where nothing is filled into some cells
        book.sheets["目标分解"].api.cell(row, column).format = "@"
    assert use_cases.recalculated(book).changes.edits == edits
    kinds = set()
    for edit in texts:
        place = parse_cell(edit.cell)
        ours, wanted = (one.sheets[edit.sheet].api.cell(*place) for one in (book, plain_book))
        assert (ours.value, ours.formula) == (wanted.value, wanted.formula), edit
        assert (ours.format == "@") is (not edit.formula and isinstance(edit.new, str | None))
        kinds.add((type(edit.new), bool(edit.formula)))
    assert len(kinds) >= 3, "texts, numbers and formulas"
    assert not still_to_fill(book)
    ribbon.undo(book)
    assert {book.sheets[edit.sheet].api.cell(*parse_cell(edit.cell)).format for edit in texts} == {
        "@"
    }
    assert live.source(book).grids == live.source(fake_excel.book(master)).grids


def test_rows_that_a_filter_hides_look_like_the_others(tmp_path: Path) -> None:
    """Filling down leaves hidden rows out, and does nothing from a hidden one."""
    path = messy.short_table(tmp_path / "plan.xlsx")
    for hidden in ({8}, {9, 12}):
        book = fake_excel.book(path)
        sheet = book.sheets["问题与改进"].api
        sheet.hidden_rows = hidden
        sheet.cell(8, 5).format = "yyyy-mm-dd"
        ribbon.recalc(book)
        last = max(row for (row, column), one in sheet.cells.items() if column == 1 and one.value)
        assert last > 12 and sheet.ListObjects[0].Range.area.bottom == last
        assert {sheet.cell(row, 5).format for row in range(8, last + 1)} == {"yyyy-mm-dd"}


def test_a_table_that_does_not_grow_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = messy.short_table(tmp_path / "plan.xlsx")
    book = fake_excel.book(path)
    before = live.source(book)
    sheet = book.sheets["问题与改进"].api
    with monkeypatch.context() as patch:
        patch.setattr(fake_excel.Table, "Resize", lambda self, target: None)
        assert refused(ribbon.recalc, book) == ("live-table-not-grown", 3)
    assert live.source(book).grids == before.grids and live.source(book).objects == before.objects
    for row in (6, 7, 8):
        sheet.cell(row, 14).assign(f'="P-"&ROW(A{row})')
    sheet.hidden_rows = {8}
    assert refused(ribbon.recalc, book) == ("live-table-not-grown", 3)
    assert live.source(book).objects == before.objects


class Rejecting:
    """An object of COM whose program is busy with the person; calls are counted."""

    def __init__(self, error: Exception) -> None:
        self.__dict__.update(asked=0, error=error)

    def __getattr__(self, name: str) -> object:
        self.__dict__["asked"] += 1
        raise self.error

    def __setattr__(self, name: str, value: object) -> None:
        self.__dict__["asked"] += 1
        raise self.error


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("read", fake_excel.ComError(-2147418111)),
        ("set", fake_excel.ComError(-2147418111)),
        ("set", AttributeError("Name")),
    ],
)
def test_a_busy_excel_is_not_asked_for_ever(
    how: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xlwings' own code would go on without end, and without a pause."""
    windows = fake_excel.windows()
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    monkeypatch.setattr(windows, "N_COM_ATTEMPTS", 0)
    monkeypatch.setattr(excel.Attempts, "PAUSE", 0.001)
    excel._bound_attempts()
    busy = Rejecting(error)
    wrapped = windows.COMRetryObjectWrapper(busy)
    with pytest.raises(type(error)):
        wrapped.Name if how == "read" else setattr(wrapped, "Name", 1)
    assert busy.asked == excel.Attempts.MOST


class TestLibreOfficesBinding:
    """LibreOffice as it may be installed: not at all, without its Python, with another one's, or
    broken.
    """

    @pytest.fixture
    def program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "office" / "program"
        folder.mkdir(parents=True)
        (folder / "soffice").write_text("#!/bin/sh\n")
        (folder / "soffice").chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        for name in ("uno", "pyuno"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.setattr(bridge, "_distributed", lambda: iter(()))
        return folder

    def test_none(self, program: Path) -> None:
        (program / "soffice").unlink()
        assert refused(bridge.load_uno.__wrapped__) == ("calc-missing", 2)

    def test_without_python(self, program: Path) -> None:
        assert refused(bridge.load_uno.__wrapped__) == ("calc-binding-missing", 2)

    def test_for_another_python(self, program: Path) -> None:
        for name, content in (
            ("pyuno.so", b""),
            ("uno.py", b""),
            ("libpyuno.so", b"\x7fELF..libpython3.7m.so.1.0\0"),
        ):
            (program / name).write_bytes(content)
        assert refused(bridge.load_uno.__wrapped__) == ("calc-python-differs", 2)

    def test_broken(self, program: Path) -> None:
        (program / "pyuno.so").write_bytes(b"no library")
        (program / "uno.py").write_text("")
        assert refused(bridge.load_uno.__wrapped__) == ("calc-binding-missing", 2)
        assert "pyuno" not in sys.modules

    @pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for unopkg")
    def test_an_extension_that_libreoffice_does_not_take(self, program: Path) -> None:
        assert refused(calc_install.install) == ("calc-binding-missing", 2), (
            "its buttons could do nothing"
        )
        version = "python{}.{}".format(*sys.version_info[:2])
        for name, content in (
            ("pyuno.so", b""),
            ("uno.py", b""),
            ("libpyuno.so", f"\x7fELF..lib{version}.so.1.0\0".encode()),
        ):
            (program / name).write_bytes(content)
        assert refused(calc_install.install) == ("calc-not-installed", 4), "there is no unopkg"
        (program / "unopkg").write_text(
            "#!/bin/sh\necho 'ERROR: the profile is locked' >&2\nexit 1\n"
        )
        (program / "unopkg").chmod(0o755)
        with pytest.raises(SalesplanError) as caught:
            calc_install.install()
        assert (caught.value.finding.code, caught.value.finding.params["reason"]) == (
            "calc-not-installed",
            "the profile is locked",
        )
        (found,) = calc_install.looked_at()
        assert (found.code, found.params["reason"]) == ("calc-unknown", "the profile is locked")
