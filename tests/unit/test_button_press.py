"""Which workbook a press is for, where its reports go, and what is said: without a spreadsheet
program.
"""

from __future__ import annotations

import ctypes
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.config import STATE_VARIABLE
from salesplan.excel import (
    bridge,
    button_press,
    calc,
    cloud,
    dialogs,
    hosts,
    identity,
    list_window,
    live,
    outputs,
    ribbon,
    selected_cell,
    sending,
)
from salesplan.excel.__main__ import main
from salesplan.excel.button_message import Said, standing
from salesplan.excel.buttons import BUTTONS, GROUPS, NAMES
from salesplan.excel.icons import DRAWN, picture
from salesplan.excel.identity import Identity
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text
from tests import fake_excel
from tests.samples import new_sample
from tests.unit import masters


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return masters.write(tmp_path / "计划.xlsx", masters.SOUND)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the boxes said, and of what kind they were."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(
        dialogs.Person,
        "tell",
        lambda self, text, title, mode="info", *, question=False: said.append((text, mode)),
    )
    return said


def refused(work: Any, *arguments: object) -> str:
    with pytest.raises(SalesplanError) as caught:
        work(*arguments)
    assert all(
        text(caught.value.finding, lang) and fix(caught.value.finding, lang)
        for lang in ("zh", "en")
    )
    return caught.value.finding.code


class TestIdentity:
    @pytest.mark.parametrize(
        "one",
        [
            Identity(0),
            Identity(8),
            Identity(1_312_994, "C:\\销售 & 'co' %TEMP% \"x\"\\计划 2026.xlsx"),
            Identity(0, "https://contoso.sharepoint.com/sites/销售/计划.xlsx"),
            Identity(3, "😀.xlsx"),
        ],
    )
    def test_it_is_read_as_it_is_written_and_is_no_text_for_a_shell(self, one: Identity) -> None:
        assert Identity.read(str(one)) == one
        assert not set(str(one)) - set("0123456789abcdef-")

    @pytest.mark.parametrize(
        "word", ["", "x", "1-0", "1-00G1", "1-D8", "1;2", "-1", "1-0041 --calc", "9" * 21, "1-d800"]
    )
    def test_anything_else_is_refused_before_anything_is_done(
        self, word: str, told: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert refused(Identity.read, word) == "button-identity"
        assert main(["recalc", word]) == 2 and "salesplan excel install" in capsys.readouterr().out

    def test_two_excels_have_the_workbook_open(
        self, master: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The one whose window it was is meant; without a window, neither is guessed at."""
        first, second = fake_excel.book(master), fake_excel.book(master)
        for handle, book in ((11, first), (22, second)):
            book.api.Windows = [type("Window", (), {"Hwnd": handle})]
        monkeypatch.setattr(live, "books_open", lambda **_: [first, second])
        name = live.native_name(first)
        assert Identity(22, name).found(calc=False) is second
        assert identity.of(first) == Identity(11, name)
        assert refused(lambda: Identity(0, name).found(calc=False)) == "live-open-twice"
        assert refused(lambda: Identity(11, "other.xlsx").found(calc=False)) == "live-pressed-gone"
        assert refused(lambda: Identity(11).found(calc=False)) == "live-nothing-open"


class TestPrograms:
    """``--live`` finds the program that runs, whichever it is."""

    @staticmethod
    def engines(
        monkeypatch: pytest.MonkeyPatch, excels: list[Any] | None, calcs: list[Any] | None
    ) -> None:
        """Excels (None: xlwings knows no Excel here) and a LibreOffice (None: none listens)."""
        known = {} if excels is None else {"excel": SimpleNamespace(apps=excels)}
        engines = SimpleNamespace(engines_by_name=known, active=None, __getitem__=None)
        found = type("Engines", (), {"__getitem__": lambda self, name: known[name]})()
        found.__dict__.update(engines.__dict__)
        monkeypatch.setattr(live, "xlwings", lambda: SimpleNamespace(engines=found))

        def connected() -> None:
            if calcs is None:
                raise SalesplanError(Finding.of("calc-not-running"), 3)

        monkeypatch.setattr(bridge, "connected", connected)
        monkeypatch.setattr(calc, "activate", lambda: SimpleNamespace(apps=calcs))

    @staticmethod
    def program(*names: str) -> Any:
        books = [SimpleNamespace(name=name, impl=SimpleNamespace(xl=True)) for name in names]
        shelf = type("Books", (), {"__iter__": lambda self: iter(books)})()
        shelf.active = books[0] if books else SimpleNamespace(impl=None)
        return SimpleNamespace(books=shelf)

    @pytest.mark.parametrize(
        ("excels", "calcs", "wanted"),
        [
            (["a.xlsx"], None, "a.xlsx"),
            ([], ["c.xlsx"], "c.xlsx"),
            (None, ["c.xlsx"], "c.xlsx"),
            (["a.xlsx"], ["c.xlsx"], "a.xlsx"),
        ],
        ids=["Excel only", "Windows, only LibreOffice runs", "Linux", "both: Excel first"],
    )
    def test_the_one_that_runs(
        self,
        monkeypatch: pytest.MonkeyPatch,
        excels: list[str] | None,
        calcs: list[str] | None,
        wanted: str,
    ) -> None:
        self.engines(
            monkeypatch,
            None if excels is None else [self.program(name) for name in excels],
            None if calcs is None else [self.program(*calcs)],
        )
        assert live.open_book().name == wanted
        assert [book.name for book in live.books_open()] == [*(excels or ()), *(calcs or ())]

    def test_neither(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engines(monkeypatch, [], None)
        assert refused(live.open_book) == "live-nothing-open"
        self.engines(monkeypatch, None, None)
        assert refused(live.open_book) == "calc-not-running"

    def test_an_excel_of_other_rights(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that runs as administrator shows a window and gives nobody its workbooks."""
        self.engines(monkeypatch, [], None)
        monkeypatch.setattr(hosts, "excel_shown", lambda: True)
        assert refused(live.open_book) == "live-unreachable"
        assert refused(lambda: Identity(7, "C:\\a.xlsx").found(calc=False)) == "live-unreachable"

    def test_install_on_linux_names_the_other_door(self) -> None:
        if sys.platform != "linux":
            pytest.skip("there may be an Excel here")
        done = CliRunner().invoke(commands, ["excel", "install"])
        assert done.exit_code == 2 and "salesplan excel install --calc" in done.output


class TestCloud:
    ADDRESS = (
        "https://contoso.sharepoint.com/sites/Sales/Shared%20Documents/2026/%E8%AE%A1%E5%88%92.xlsx"
    )

    def test_a_registered_folder(self, tmp_path: Path) -> None:
        place = tmp_path / "Contoso" / "Sales - Documents" / "2026"
        place.mkdir(parents=True)
        (place / "计划.xlsx").touch()
        mounts = {
            "https://contoso.sharepoint.com/": tmp_path,
            "https://contoso.sharepoint.com/sites/Sales/Shared Documents/": place.parent,
        }
        assert cloud.synchronised(self.ADDRESS, mounts, ()) == place / "计划.xlsx"
        assert cloud.synchronised(self.ADDRESS.replace("contoso", "other"), mounts, ()) is None

    def test_the_longest_way_in_common_is_the_one(self, tmp_path: Path) -> None:
        for way in ("计划.xlsx", "2026/计划.xlsx"):
            (tmp_path / way).parent.mkdir(exist_ok=True)
            (tmp_path / way).touch()
        assert cloud.synchronised(self.ADDRESS, {}, [tmp_path]) == tmp_path / "2026" / "计划.xlsx"
        assert cloud.synchronised("计划.xlsx", {}, [tmp_path]) is None

    def test_where_none_is_found_it_is_asked_once(
        self, master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = fake_excel.book(master, self.ADDRESS)
        asked: list[str] = []
        answers: list[Path | None] = [None, tmp_path]
        monkeypatch.setattr(
            dialogs.Person,
            "folder",
            lambda self, title, start: asked.append(title) or answers.pop(0),
        )
        assert refused(outputs.folder_of, book) == "live-no-folder"
        assert [outputs.folder_of(book) for _ in range(3)] == [tmp_path] * 3 and len(asked) == 2


class TestSaying:
    def test_the_workbook_is_named_and_success_is_not_red(
        self, master: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = fake_excel.book(master)
        monkeypatch.setattr(live, "open_book", lambda *_, **__: book)
        monkeypatch.setattr(button_press, "_found", lambda *_: book)
        assert button_press.pressed("recalc") == 0
        (said, mode) = told[0]
        assert said.startswith("计划.xlsx: 已填写") and mode == "info"
        assert len(told) == 1 and len(said) <= button_press.LONGEST + 100

    def test_what_follows_a_no_is_no_second_box(
        self, master: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The question was the one box; that nothing was written is on the console."""
        book = fake_excel.book(master)
        app.recalc(master)
        monkeypatch.setattr(button_press, "_found", lambda *_: fake_excel.book(master))
        assert button_press.pressed("close") == 0 and len(told) == 1 and "关账" in told[0][0]
        assert book.api.writes == 0

    def test_the_companys_statuses_are_those_of_the_report(self, tmp_path: Path) -> None:
        """What a mail's table says of each KPI, counted."""
        won = {"day": date(2026, 3, 12), "unit": "P1", "kpi": "NEW", "value": 9.0}
        rows = masters.edited(
            {
                "actuals": {5: won},
                "kpis": {5: {"code": "VIS", "name": "拜访数", "kind": "流量", "target": 90.0}},
                "units": {number: {"email": None} for number in range(3, 7)},
            }
        )
        master = masters.write(tmp_path / "计划.xlsx", rows)
        manifest = app.report_each(master).manifest
        assert manifest is not None and manifest.whole is not None
        words = Counter(row.word for row in manifest.whole.rows if row.word)
        assert {row.light for row in manifest.whole.rows} == {"green", "amber", "red", "grey"}
        (line,) = standing(app.check(master), "zh")
        assert {word for word in words if f"{word} {words[word]}" in line} == set(words)
        red = [row.name for row in manifest.whole.rows if row.light == "red"]
        assert all(name in line for name in red)
        for button in (ribbon.recalc, lambda book: ribbon.report(book)()):
            assert line in button(fake_excel.book(master)).lines  # type: ignore[no-untyped-call]

    @pytest.mark.parametrize("on", [True, False])
    def test_that_autosave_stores_what_was_filled_is_said(self, master: Path, on: bool) -> None:
        """In OneDrive and SharePoint what is filled is in the file a moment later."""
        book = fake_excel.book(master, TestCloud.ADDRESS)
        book.api.AutoSaveOn = on
        (line, *_) = ribbon.recalc(book).lines
        assert ("由自动保存存盘" in line) is on and ("未保存" in line) is not on

    def test_a_fault_is_told_without_the_programs_own_words(
        self,
        master: Path,
        told: list[tuple[str, str]],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        book = fake_excel.book(master)
        monkeypatch.setattr(button_press, "_found", lambda *_: book)
        monkeypatch.setattr(ribbon, "press", lambda *_: 1 / 0)
        assert button_press.pressed("recalc") == 4
        assert "division" not in told[0][0] and told[0][1] == "critical"
        assert "ZeroDivisionError" in next((tmp_path / "state").rglob("errors.log")).read_text()

    @pytest.mark.parametrize("hresult", [-2147418111, -2146777998])
    def test_an_excel_that_is_busy_with_the_person(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hresult: int
    ) -> None:
        def busy(*_: object) -> None:
            raise fake_excel.ComError(hresult)

        monkeypatch.setattr(button_press, "_found", busy)
        assert button_press.pressed("recalc") == 3
        said = capsys.readouterr().out
        assert (
            "Finish the cell with Enter" in said and "正在编辑" in said and "Exception" not in said
        )

    def test_preview_gives_one_example_a_sheet(self, tmp_path: Path) -> None:
        sample = new_sample(tmp_path / "计划.xlsx", lang="zh")
        said = ribbon.preview(fake_excel.book(sample))
        assert isinstance(said, Said)
        sheets = [line for line in said.lines if line.startswith("  ") and " 行" in line]
        assert len(sheets) > 8 and all("→" in line for line in sheets)
        assert len(said.more) > 2_000 and said.more[0][0].count("!") == 1

    def test_a_place_in_the_list_is_a_link(self, master: Path) -> None:
        book = fake_excel.book(master)
        linked = list_window.link(book, "目标分解!N6")
        assert linked == f'=HYPERLINK("[{master}]\'目标分解\'!N6","目标分解!N6")'
        assert list_window.link(book, "—") == "—"


class TestBoxes:
    """What Windows and macOS are asked to show; the boxes of Calc are seen in tests/live."""

    def test_on_windows_a_box_stands_in_front_of_excel(
        self, master: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown: list[tuple[object, ...]] = []
        user32 = SimpleNamespace(MessageBoxW=lambda *given: shown.append(given) or 6)
        monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
        person = dialogs.Person(fake_excel.book(master))
        monkeypatch.setattr(sys, "platform", "win32")
        assert person.tell("text", "title", "warning", question=True)
        ((owner, said, title, flags),) = shown
        assert (owner, said, title) == (0, "text", "title")
        foreground, topmost, yes_no = 0x10000, 0x40000, 0x4
        assert isinstance(flags, int) and flags & foreground and flags & topmost and flags & yes_no

    def test_on_macos_texts_are_handed_over_and_no_means_no(
        self, master: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also where the person refuses that Python may control the program: nothing is done."""
        asked: list[list[str]] = []

        def denied(command: list[str], **_: object) -> Any:
            asked.append(command)
            return SimpleNamespace(returncode=1, stdout="")

        monkeypatch.setattr(dialogs.subprocess, "run", denied)
        person = dialogs.Person(fake_excel.book(master))
        monkeypatch.setattr(sys, "platform", "darwin")
        assert not person.tell('say "x"', "title", question=True)
        assert person.line("text", "title") == "" and person.count("text", "title") is None
        assert all('say "x"' not in command[2] for command in asked) and asked[0][3] == 'say "x"'


class TestDesk:
    def test_the_newest_report_of_this_master(self, master: Path, tmp_path: Path) -> None:
        assert refused(lambda: outputs.last_button(fake_excel.book(master))()) == "live-no-report"
        written = app.report(master).written
        other = tmp_path / "other.xlsx"
        other.write_bytes(master.read_bytes())
        assert outputs.newest_report(tmp_path, master.name) == written
        assert outputs.newest_report(tmp_path, other.name) is None
        assert refused(lambda: sending.send_button(fake_excel.book(master))()) == "live-no-drafts"

    def test_a_target_is_explained(self, master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        book = fake_excel.book(master)
        table = app.check(master).loaded.tables["targets"]
        place = f"{table.columns['month3']}{table.first_row}"
        book.api.Worksheets("目标分解").Activate()
        monkeypatch.setattr(selected_cell, "selected", lambda _: place)
        said = selected_cell.explain_button(book)
        assert said.lines[0].startswith(f"目标分解!{place} 3月") and "引擎" in said.lines[0]
        assert any(line.lstrip().startswith("=") for line in said.lines)
        monkeypatch.setattr(selected_cell, "selected", lambda _: "ZZ99")
        assert "不在主计划" in selected_cell.explain_button(book).lines[0]

    def test_help_is_for_the_sheet_in_front(self, master: Path) -> None:
        book = fake_excel.book(master)
        book.api.Worksheets("指标").Activate()
        said = ribbon.help(book)
        assert "指标" in said.lines[0] and any(line.startswith("必填: ") for line in said.lines)
        assert all(any(one.zh in line for line in said.lines) for one in BUTTONS)


class TestTable:
    def test_every_button_has_a_picture_a_group_and_both_languages(self) -> None:
        assert set(DRAWN) == set(NAMES) and {one.group for one in BUTTONS} == set(GROUPS)
        assert len({one.key for one in BUTTONS}) == len(BUTTONS)
        for one in BUTTONS:
            assert picture(one.name, 16)[:4] == b"\x89PNG" and all(one.says)
            assert one.says[0].endswith("。") and one.says[1].endswith(".")

    @pytest.mark.parametrize("name", NAMES)
    def test_every_button_is_somebodys_work(self, name: str, master: Path) -> None:
        """No button is without a function: it gives something, the rest of its work, or a refusal
        in words.
        """
        if name == "selftest":
            pytest.skip("it opens windows: see tests/live")
        if name in ("explain", "next", "settings"):
            pytest.skip("it selects cells, which the stand-in cannot: see tests/live")
        if name == "undo":
            assert refused(ribbon.press, name, fake_excel.book(master)) == "live-undo-nothing"
            return
        assert ribbon.press(name, fake_excel.book(master)) is not None

    def test_codes_of_the_open_workbook_are_said_in_both_languages(self) -> None:
        for code in ("live-closed", "live-read-only", "calc-python-gone", "calc-python-other"):
            facts = {"file": "a.xlsx", "python": "p", "program": "q", "here": "h"}
            finding = Finding.of(code, **facts)
            assert text(finding, "zh") != text(finding, "en") and fix(finding, "zh")
