"""Feature-rich workbooks patched: nothing lost, byte for byte; the Open XML SDK finds no new error,
LibreOffice reads the new values.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from shutil import copyfile

import openpyxl
import pytest

from salesplan.workbook import CellChange, patch_workbook
from tests.corpus import BOOKS, write_all
from tests.fidelity import Verdict, check, losses
from tests.fidelity.__main__ import features, main, table
from tests.fidelity.features import FEATURES
from tests.programs import convert_all, validate

UNREAD_BY_LIBREOFFICE = {"zip64.xlsx"}
"""It does not open the original either."""

FIRST, SECOND = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_all(folder)
    return folder


@pytest.fixture(scope="module")
def patched(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Verdict]]:
    """Each workbook's patched copy and the verdict on it."""
    folder = tmp_path_factory.mktemp("patched")
    return {name: (folder / name, check(corpus / name, folder / name)) for name in BOOKS}


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_lost(patched: dict[str, tuple[Path, Verdict]], name: str) -> None:
    """Of all parts only the touched sheets and the workbook part differ, and of those only the
    touched cells.
    """
    _, verdict = patched[name]
    assert not verdict.losses and not verdict.refused
    assert verdict.sheets >= 2 and len(verdict.touched) == 2 * verdict.sheets
    assert verdict.same == verdict.parts - verdict.sheets - 1


def test_every_feature_is_kept(patched: dict[str, tuple[Path, Verdict]]) -> None:
    """The corpus has every feature that the check knows (``pytest -s`` shows the table)."""
    verdicts = [verdict for _, verdict in patched.values()]
    print("", table(verdicts), "", features(verdicts), sep="\n")
    assert {name for verdict in verdicts for name in verdict.features} == {
        feature.name for feature in FEATURES
    }
    assert all(all(verdict.features.values()) for verdict in verdicts)


def test_chain_and_styles_change_only_when_they_must(corpus: Path, tmp_path: Path) -> None:
    """A formula written over leaves the chain; a date in a bare cell needs a format; nothing else
    may follow from them.
    """
    source, target = corpus / "formulas.xlsx", tmp_path / "b.xlsx"

    def differing(change: CellChange) -> set[str]:
        patch_workbook(source, target, [change])
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
            return {part for part in old.namelist() if old.read(part) != new.read(part)}

    assert differing(CellChange("公式", "C3", 1)) == {FIRST, "xl/workbook.xml"}
    assert differing(CellChange("公式", "E3", 1)) == {FIRST, "xl/workbook.xml", "xl/calcChain.xml"}
    assert differing(CellChange("公式", "C3", date(2026, 2, 14))) == {
        FIRST,
        "xl/workbook.xml",
        "xl/styles.xml",
    }


@pytest.mark.validator
def test_the_validator_finds_no_new_error(
    corpus: Path, patched: dict[str, tuple[Path, Verdict]]
) -> None:
    def new_errors(name: str) -> set[str]:
        errors = set(validate(patched[name][0]))
        return errors and errors - set(validate(corpus / name))

    with ThreadPoolExecutor(2) as workers:
        assert dict(zip(BOOKS, workers.map(new_errors, BOOKS), strict=True)) == {
            name: set() for name in BOOKS
        }


@pytest.mark.libreoffice
def test_libreoffice_reads_the_new_values(
    patched: dict[str, tuple[Path, Verdict]], tmp_path: Path
) -> None:
    chosen = {name: found for name, found in patched.items() if name not in UNREAD_BY_LIBREOFFICE}
    saved = convert_all([path for path, _ in chosen.values()], "xlsx", tmp_path)
    for path, (name, (_, verdict)) in zip(saved, chosen.items(), strict=True):
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)
        read = {
            cell: book[cell.split("!")[0]][cell.split("!")[1]].value
            for cell in verdict.touched[: verdict.sheets]
        }
        assert read and set(read.values()) <= {8080.25, "改动 <&> 1"}, (name, read)
        if name in (
            "prefixed.xlsx",
            "strict.xlsx",
            "utf16.xlsx",
            "odd.xlsx",
            "since1904.xlsx",
            "descriptors.xlsx",
        ):
            assert book["甲"]["C6"].value == 8080.25 + 7 + 30 + 5  # a formula on the new value


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
class TestLossesAreSeen:
    """What the check is for: each kind of loss, made on purpose, is named."""

    def test_a_library_that_loads_and_saves(self, corpus: Path, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(corpus / "pivots.xlsx")
        book.save(tmp_path / "b.xlsx")
        found = losses(corpus / "pivots.xlsx", tmp_path / "b.xlsx", {FIRST: "C2", SECOND: "E2"})
        assert {
            "feature lost: slicers",
            "feature lost: timelines",
            f"{FIRST}: more than C2 differs",
        } <= set(found)

    @pytest.mark.parametrize(
        ("part", "change", "said"),
        [
            (
                "xl/media/image1.png",
                lambda data: data[:-1] + b"x",
                "xl/media/image1.png: other content",
            ),
            (
                "xl/media/image1.png",
                lambda data: data,
                "xl/media/image1.png: same content, other bytes in the archive",
            ),
            (
                FIRST,
                lambda data: data.replace(b"<v>7</v>", b"<v>8</v>", 1),
                f"{FIRST}: more than C2 differs",
            ),
            (
                FIRST,
                lambda data: data.replace(b'<c r="C2">', b'<c r="C2" s="1">', 1),
                f"{FIRST}: C2: format '' became '1'",
            ),
            (
                FIRST,
                lambda data: data.replace(b'ref="A1:D6"', b'ref="A1:D7"', 1),
                f"{FIRST}: dimension A1:D7, not A1:D6",
            ),
            (FIRST, lambda data: data.replace(b"</row>", b"", 1), f"{FIRST}: not well-formed"),
            (
                FIRST,
                lambda data: data.replace(
                    b"<conditionalFormatting ", b"<conditionalFormatting  ", 1
                ),
                "feature lost: conditional formats",
            ),
            (
                "xl/workbook.xml",
                lambda data: data.replace(b"fullCalcOnLoad", b"forceFullCalc"),
                "xl/workbook.xml: no full calculation on load",
            ),
            (
                "xl/workbook.xml",
                lambda data: data.replace(b'windowWidth="', b'windowWidth="1'),
                "xl/workbook.xml: more than the calculation on load differs",
            ),
            (
                "xl/workbook.xml",
                lambda data: data.replace("甲".encode(), "丙".encode(), 1),
                "xl/workbook.xml: more than the calculation on load differs",
            ),
        ],
    )
    def test_one_thing_changed(
        self, corpus: Path, tmp_path: Path, part: str, change: Callable[[bytes], bytes], said: str
    ) -> None:
        source, sound, spoiled = corpus / "since1904.xlsx", tmp_path / "a.xlsx", tmp_path / "b.xlsx"
        patch_workbook(source, sound, [CellChange("甲", "C2", 1), CellChange("乙", "C2", 1)])
        touched = {FIRST: "C2", SECOND: "C2"}
        assert losses(source, sound, touched) == []
        _rewritten(sound, spoiled, part, change)
        found = losses(source, spoiled, touched)
        assert any(loss.startswith(said) for loss in found), found

    def test_a_part_left_out(self, corpus: Path, tmp_path: Path) -> None:
        source, spoiled = corpus / "threads.xlsx", tmp_path / "b.xlsx"
        _rewritten(source, spoiled, "xl/persons/person.xml", lambda data: b"")
        assert "feature lost: people of comments" in losses(source, spoiled, {})


def _rewritten(source: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """A copy with one part's content changed (left out if nothing is left), packed otherwise than
    before; the other records as they are.
    """
    copyfile(source, target)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                changed = change(data)
                if changed:
                    new.writestr(
                        info, changed, zipfile.ZIP_DEFLATED, 1 if part.endswith(".xml") else 0
                    )
            else:
                new.writestr(info, data, zipfile.ZIP_DEFLATED)


class TestCommand:
    def test_a_folder_of_sound_workbooks(
        self, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "deep").mkdir()
        copyfile(corpus / "pivots.xlsx", tmp_path / "deep" / "透视.xlsx")
        copyfile(corpus / "controls.xlsm", tmp_path / "b.xlsm")
        (tmp_path / "~$b.xlsm").write_bytes(b"owner")
        before = {path: path.read_bytes() for path in tmp_path.rglob("*.xls?")}
        assert main([str(tmp_path), "--features"]) == 0
        said = capsys.readouterr().out
        assert "2 of 2 workbooks with nothing lost" in said and "27 of 31" in said
        assert any(line.split() == ["slicers", "yes", "透视.xlsx"] for line in said.splitlines())
        assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.xls?")}

    def test_a_workbook_that_cannot_be_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "a.xlsx").write_text("<html></html>", encoding="utf-8")
        assert main([str(tmp_path)]) == 1
        assert "not read: file-html" in capsys.readouterr().out

    def test_a_damaged_sheet(
        self, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _rewritten(
            corpus / "threads.xlsx",
            tmp_path / "a.xlsx",
            SECOND,
            lambda data: data.replace(b"</row>", b"", 1),
        )
        assert main([str(tmp_path)]) == 1
        assert "not read: mismatched tag" in capsys.readouterr().out

    def test_a_wrong_call(self, tmp_path: Path) -> None:
        assert main([]) == 2 and main([str(tmp_path / "none")]) == 2
