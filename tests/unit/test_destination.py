"""Where a file may be written. Every link, pipe and device here is the test's own, in a folder of
its own.
"""

from __future__ import annotations

import os
import shutil
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from salesplan import app
from salesplan.cli import commands
from salesplan.findings import SalesplanError
from salesplan.plan.model import Month
from salesplan.workbook.save.destination import Stamp, may_write, placing, stamp_of
from tests.unit.masters import edited, write

MAY, JUNE = Month(2026, 5), Month(2026, 6)
ODD_NAMES = ('a "plan"\\.xlsx', "计划.xlsx", os.fsdecode(b"pl\xffan.xlsx"))
posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")


@pytest.fixture(autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESPLAN_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A master of which two are sent a part: the company and its first team."""
    folder = tmp_path_factory.mktemp("master")
    rows = edited(
        {
            "kpis": {2: {"target": 600.0}},
            "units": {4: {"email": None}, 5: {"email": None}, 6: {"email": None}},
        }
    )
    return write(folder / "plan.xlsx", rows).read_bytes()


@pytest.fixture
def master(book: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book)
    return path


def refused(work: Callable[[], object]) -> str:
    """The code of the refusal, whose exit code is 2."""
    with pytest.raises(SalesplanError) as caught:
        work()
    assert caught.value.exit_code == 2
    return caught.value.finding.code


def link(path: Path) -> None:
    (path.parent / "precious.txt").write_text("precious")
    path.symlink_to(path.parent / "precious.txt")


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere.xlsx")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except OSError:
        pytest.skip("no device can be made here")


def text(path: Path) -> None:
    path.write_text("notes")


def workbook(path: Path) -> None:
    openpyxl.Workbook().save(path)


ODD = [
    (link, "place-is-link"),
    (dangling, "place-is-link"),
    (pipe, "place-not-ordinary"),
    (device, "place-not-ordinary"),
    (Path.mkdir, "place-is-folder"),
    (text, "place-not-workbook"),
]


def seen(path: Path) -> tuple[object, ...]:
    """What lies at a place, without reading from a pipe or a device."""
    status = path.lstat()
    content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
    return status.st_ino, status.st_mode, status.st_mtime_ns, content


@pytest.fixture(scope="module")
def handout(book: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the master's first handout is called."""
    folder = tmp_path_factory.mktemp("handouts")
    (folder / "plan.xlsx").write_bytes(book)
    done = app.handout(folder / "plan.xlsx", folder / "first")
    return done.written[0][1].name


@pytest.fixture(scope="module")
def report_name(book: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the master's report of June is called."""
    path = tmp_path_factory.mktemp("reports") / "plan.xlsx"
    path.write_bytes(book)
    return app.report(path, app.Wanted(month=JUNE)).written.name


@posix
class TestEveryPlaceThatIsWritten:
    """Each command is asked to write where something else lies, with and without --force."""

    @pytest.mark.parametrize("force", [False, True])
    @pytest.mark.parametrize(("lies_there", "code"), ODD)
    def test_nothing_odd_is_ever_replaced(
        self,
        master: Path,
        report_name: str,
        tmp_path: Path,
        lies_there: Callable[[Path], object],
        code: str,
        force: bool,
    ) -> None:
        place = tmp_path / "odd" / report_name
        place.parent.mkdir()
        lies_there(place)
        before = seen(place)

        def new() -> None:
            app.new(place, lang="zh", year=2026, force=force)

        def recalculated() -> None:
            app.recalc(master, out=place, month=JUNE, force=force)

        def reported() -> None:
            app.report(master, app.Wanted(folder=place.parent, month=JUNE, force=force))

        def each() -> None:
            app.report_each(master, app.Wanted(folder=place.parent, month=JUNE, force=force))

        def part() -> None:
            app.report_unit(
                master, report_root(master), app.Wanted(folder=place.parent, month=JUNE)
            )

        for work in (new, recalculated, reported, each, part):
            assert refused(work) == code
            assert seen(place) == before

    @pytest.mark.parametrize(("lies_there", "code"), ODD)
    def test_handouts_and_the_sample(
        self,
        master: Path,
        handout: str,
        tmp_path: Path,
        lies_there: Callable[[Path], object],
        code: str,
    ) -> None:
        for folder, name in (("handouts", handout), ("demo", "主计划示例.xlsx")):
            place = tmp_path / folder / name
            place.parent.mkdir()
            lies_there(place)
            before = seen(place)
            if folder == "handouts":
                assert refused(lambda: app.handout(master, tmp_path / "handouts")) == code
                assert len(list(place.parent.iterdir())) <= 2  # refused before the first is written
            else:
                assert refused(lambda: app.demo(tmp_path / "demo", lang="zh")) == code
            assert seen(place) == before

    def test_drafts_and_the_manifest(self, master: Path, tmp_path: Path) -> None:
        done = app.report_each(master, app.Wanted(folder=tmp_path / "reports"))
        (draft, *_) = app.drafts(app.delivery(tmp_path / "reports"))
        (draft_again, *_) = app.drafts(app.delivery(tmp_path / "reports"))
        assert draft_again == draft
        draft.write_bytes(draft.read_bytes() + b"a word of my own")
        assert refused(lambda: app.drafts(app.delivery(tmp_path / "reports"))) == "place-changed"
        draft.unlink()
        link(draft)
        assert refused(lambda: app.drafts(app.delivery(tmp_path / "reports"))) == "place-is-link"
        assert (draft.parent / "precious.txt").read_text() == "precious"
        manifest = done.folder / "manifest.json"
        manifest.unlink()
        os.mkfifo(manifest)
        assert (
            refused(lambda: app.report_each(master, app.Wanted(folder=done.folder)))
            == "place-not-ordinary"
        )
        assert stat.S_ISFIFO(manifest.lstat().st_mode)

    def test_the_add_in(self, tmp_path: Path) -> None:
        sources = Path(__file__).parents[2] / "macros"
        addin, script = app.build_addin(sources, tmp_path)
        assert app.build_addin(sources, tmp_path) == (addin, script)  # our own
        workbook(addin)
        assert refused(lambda: app.build_addin(sources, tmp_path)) == "place-taken"
        addin.unlink()
        link(addin)
        assert refused(lambda: app.build_addin(sources, tmp_path)) == "place-is-link"

    def test_a_print(self, master: Path, tmp_path: Path) -> None:
        stamp = Stamp.of("print", master, tmp_path, JUNE)
        place = tmp_path / "report.pdf"
        for _ in range(2):
            with placing(place, stamp) as temp:
                temp.write_bytes(b"%PDF-1.7\n1 0 obj\n%%EOF\n")
        assert place.read_bytes().startswith(b"%PDF-1.7")
        place.write_bytes(place.read_bytes() + b"% signed")
        assert refused(lambda: may_write(place, stamp, force=True)) == "place-not-workbook"


class TestOurOwn:
    def test_a_report_is_replaced_without_a_question(self, master: Path) -> None:
        first = app.report(master, app.Wanted(month=JUNE)).written
        before = first.read_bytes()
        assert (
            app.report(master, app.Wanted(month=JUNE)).written == first
            and first.read_bytes() == before
        )
        app.recalc(master, month=JUNE)
        app.report(master, app.Wanted(month=JUNE))

    def test_one_that_was_changed_is_not(self, master: Path) -> None:
        path = app.report(master, app.Wanted(month=JUNE)).written
        opened = openpyxl.load_workbook(path)
        opened.worksheets[0]["Z99"] = "a note of my own"
        opened.save(path)
        before = path.read_bytes()
        assert refused(lambda: app.report(master, app.Wanted(month=JUNE))) == "place-changed"
        assert path.read_bytes() == before
        app.report(master, app.Wanted(month=JUNE, force=True))
        assert path.read_bytes() != before

    def test_another_workbook_only_by_force(self, master: Path, tmp_path: Path) -> None:
        place = tmp_path / "budget.xlsx"
        workbook(place)
        before = place.read_bytes()
        assert refused(lambda: app.recalc(master, out=place)) == "place-taken"
        assert refused(lambda: app.new(place, lang="zh", year=2026)) == "place-taken"
        assert place.read_bytes() == before
        app.recalc(master, out=place, force=True)
        app.new(place, lang="zh", year=2026, force=True)

    def test_a_filled_copy_of_the_same_master_and_month(self, master: Path, tmp_path: Path) -> None:
        place = tmp_path / "filled.xlsx"
        for _ in range(2):
            app.recalc(master, out=place, month=JUNE)
        assert refused(lambda: app.recalc(master, out=place, month=MAY)) == "place-taken"
        other = tmp_path / "other.xlsx"
        shutil.copyfile(master, other)
        code = refused(lambda: app.recalc(other, out=place, month=JUNE, force=True))
        assert code == "place-of-another-master"

    @posix
    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_a_copy_is_known_among_others_whatever_its_name(
        self, master: Path, tmp_path: Path, name: str
    ) -> None:
        for _ in range(2):
            for one in ("other.xlsx", name):
                app.recalc(master, out=tmp_path / one, month=JUNE)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"typed")
        code = refused(lambda: app.recalc(master, out=tmp_path / name, month=JUNE))
        assert code == "place-changed"

    def test_the_copy_itself_holds_nothing_of_ours(self, master: Path, tmp_path: Path) -> None:
        place = tmp_path / "filled.xlsx"
        app.recalc(master, out=place, month=JUNE)
        app.recalc(master, month=JUNE)
        assert place.read_bytes() == master.read_bytes()

    def test_the_ending_says_what_the_file_is(self, master: Path, tmp_path: Path) -> None:
        code = refused(lambda: app.recalc(master, out=tmp_path / "out.txt"))
        assert code == "place-other-ending" and not (tmp_path / "out.txt").exists()

    def test_the_masters_own_place_is_saving_over_it(self, master: Path) -> None:
        app.recalc(master, out=master, month=JUNE)
        assert len(app.history(master)) == 1

    def test_a_folder_that_moves_with_its_master_stays_known(
        self, tmp_path: Path, book: bytes
    ) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "plan.xlsx").write_bytes(book)
        app.report(tmp_path / "a" / "plan.xlsx", app.Wanted(month=JUNE))
        (tmp_path / "a").rename(tmp_path / "b")
        app.report(tmp_path / "b" / "plan.xlsx", app.Wanted(month=JUNE))

    @posix
    def test_a_report_is_as_private_as_its_master(self, master: Path) -> None:
        master.chmod(0o600)
        path = app.report(master, app.Wanted(month=JUNE)).written
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_stamp_tells_nothing_of_the_folders(self, master: Path) -> None:
        found = stamp_of(app.report(master, app.Wanted(month=JUNE)).written)
        assert found is not None and found[1]
        assert (found[0].kind, found[0].month) == ("report", "2026-06")
        assert not set(found[0].master + found[0].part) - set("abcdefghijklmnop")

    def test_what_appears_meanwhile_is_not_replaced_either(self, tmp_path: Path) -> None:
        place = tmp_path / "out.xlsx"
        stamp = Stamp.of("report", tmp_path / "plan.xlsx", tmp_path)

        def write_beside() -> None:
            with placing(place, stamp) as temp:
                workbook(temp.with_suffix(".xlsx"))
                temp.with_suffix(".xlsx").replace(temp)
                place.write_text("somebody else's")

        assert refused(write_beside) == "place-not-workbook"
        assert place.read_text() == "somebody else's"
        assert not list(tmp_path.glob(".salesplan-*"))


class TestTwoMastersOfOneFolder:
    @pytest.fixture
    def two(self, tmp_path: Path, book: bytes) -> tuple[Path, Path]:
        east, south = tmp_path / "华东计划.xlsx", tmp_path / "华南计划.xlsx"
        east.write_bytes(book)
        south.write_bytes(book)
        return east, south

    def test_two_files(self, two: tuple[Path, Path]) -> None:
        """They are of one company, so its name alone does not tell them apart."""
        first, second = (app.report(one, app.Wanted(month=JUNE)).written for one in two)
        assert first != second and first.exists() and "华南计划" in second.name
        assert [app.report(one, app.Wanted(month=JUNE)).written for one in two] == [first, second]

    def test_a_name_holds_the_companys(self, master: Path) -> None:
        company = app.check(master).plan.company_name
        assert company and company in app.report(master, app.Wanted(month=JUNE)).written.name

    def test_two_folders_of_parts(self, two: tuple[Path, Path]) -> None:
        first, second = (app.report_each(one, app.Wanted(month=JUNE)).folder for one in two)
        assert first != second

    def test_anothers_folder_of_parts_is_refused(
        self, two: tuple[Path, Path], tmp_path: Path
    ) -> None:
        app.report_each(two[0], app.Wanted(month=JUNE, folder=tmp_path / "reports"))
        before = {one.name: one.read_bytes() for one in (tmp_path / "reports").iterdir()}
        code = refused(
            lambda: app.report_each(two[1], app.Wanted(month=JUNE, folder=tmp_path / "reports"))
        )
        assert code == "place-of-another-master"
        assert {one.name: one.read_bytes() for one in (tmp_path / "reports").iterdir()} == before


@posix
def test_a_pipe_does_not_stop_the_program(master: Path, tmp_path: Path) -> None:
    """Opening a pipe that nobody reads would wait for ever."""
    os.mkfifo(tmp_path / "pipe.xlsx")
    said = []
    work = threading.Thread(
        target=lambda: said.append(
            CliRunner().invoke(commands, ["recalc", str(master), "-o", str(tmp_path / "pipe.xlsx")])
        ),
        daemon=True,
    )
    work.start()
    work.join(60)
    assert said and said[0].exit_code == 2 and "Traceback" not in said[0].output


def report_root(master: Path) -> str:
    """The company's code: its part is the whole report, at the same place."""
    return app.check(master).plan.roots[0].code


def test_a_name_cannot_be_turned_about() -> None:
    """``华东\u202excod.exe`` reads 华东exe.docx; what is written is 华东xcod.exe."""
    from salesplan.app.common import file_part
    from salesplan.delivery.drafts import file_name

    assert file_part("华东\u202excod.exe") == file_name("华东\u202excod.exe") == "华东xcod.exe"
    assert file_name("\u200b\u2066T1\u2069") == "T1"
