"""The add-in as built: from text, the same each time, read back by olevba, its ribbon and its
macros fitting together.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from salesplan.addin.build import build, source
from salesplan.addin.install import HERE, content
from salesplan.excel import buttons
from salesplan.excel.buttons import BUTTONS as TABLE
from salesplan.findings import SalesplanError
from tests.programs import validate

ROOT = Path(__file__).parents[2]
MACROS = ROOT / "macros"
MODULES = sorted(MACROS.glob("*.bas"))
BUTTONS = list(buttons.NAMES)
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:oletools")
NO_CACHE = bytes.fromhex("CC61FFFF000000")


def ribbon() -> Element:
    with zipfile.ZipFile(HERE / "salesplan.xlam") as package:
        root: Element = fromstring(package.read("customUI/customUI14.xml"))
    return root


def subs() -> dict[str, tuple[str, list[str]]]:
    """Public Subs of all modules: name → parameters as written, lines of the body."""
    found = {}
    for path in MODULES:
        for name, parameters, body in re.findall(
            r"^Public Sub (\w+)\((.*?)\)\n(.*?)^End Sub", path.read_text("ascii"), re.M | re.S
        ):
            assert name not in found
            found[name] = (parameters, [line.strip() for line in body.splitlines()])
    return found


def callbacks() -> Iterator[tuple[str, str]]:
    """Attributes of the ribbon that name a Sub, with the Sub."""
    for element in ribbon().iter():
        for attribute, value in element.attrib.items():
            if attribute.startswith(("on", "get")) or attribute == "loadImage":
                yield attribute, value


class TestBuilding:
    def test_the_committed_add_in_is_what_its_sources_give_byte_for_byte(
        self, tmp_path: Path
    ) -> None:
        for again in ("one", "two"):
            (tmp_path / again).mkdir()
            for path in build(MACROS, tmp_path / again):
                assert path.read_bytes() == (HERE / path.name).read_bytes(), (
                    "run: salesplan excel build"
                )

    def test_olevba_reads_the_sources_back_identically(self) -> None:
        from oletools.olevba import VBA_Parser

        read = {
            name: code
            for _, _, name, code in VBA_Parser(str(HERE / "salesplan.xlam")).extract_macros()
            if name.endswith(".bas")
        }
        assert read == {
            path.name: path.read_bytes().decode("ascii").replace("\n", "\r\n") for path in MODULES
        }

    def test_the_two_document_modules_are_empty(self) -> None:
        from oletools.olevba import VBA_Parser

        for _, _, name, code in VBA_Parser(str(HERE / "salesplan.xlam")).extract_macros():
            if name.endswith(".cls"):
                assert all(line.startswith("Attribute ") for line in code.splitlines() if line), (
                    name
                )

    def test_there_is_no_compiled_code_in_it(self) -> None:
        import olefile

        with zipfile.ZipFile(HERE / "salesplan.xlam") as package:
            project = olefile.OleFileIO(io.BytesIO(package.read("xl/vbaProject.bin")))
        streams = {
            name for storage, *rest in project.listdir() if storage == "VBA" for name in rest
        }
        assert project.openstream("VBA/_VBA_PROJECT").read() == NO_CACHE
        assert streams == {
            "_VBA_PROJECT",
            "dir",
            "ThisWorkbook",
            "Sheet1",
            *(path.stem for path in MODULES),
        }
        for name in streams - {"_VBA_PROJECT"}:
            assert project.openstream(f"VBA/{name}").read(1) == b"\x01", (
                f"{name} begins with something before its source"
            )

    def test_nothing_in_it_is_compressed_or_dated(self) -> None:
        with zipfile.ZipFile(HERE / "salesplan.xlam") as package:
            assert {(entry.compress_type, entry.date_time) for entry in package.infolist()} == {
                (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
            }

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ('Attribute VB_Name = "Some"\n\' 销售\n', "addin-source-not-ascii"),
            ('Attribute VB_Name = "Other"\n', "addin-source-misnamed"),
            ("", "addin-source-misnamed"),
        ],
    )
    def test_a_source_that_would_be_lost_is_refused(
        self, tmp_path: Path, text: str, code: str
    ) -> None:
        (tmp_path / "Some.bas").write_text(text, "utf-8")
        with pytest.raises(SalesplanError) as raised:
            source(tmp_path / "Some.bas")
        assert (raised.value.finding.code, raised.value.exit_code) == (code, 2)

    def test_without_sources_it_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(SalesplanError) as raised:
            build(tmp_path, tmp_path)
        assert raised.value.finding.code == "addin-sources-missing"

    def test_another_builder_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pyopenvba.__version__", "6.4.0")
        with pytest.raises(SalesplanError) as raised:
            build(MACROS, tmp_path)
        assert (raised.value.finding.code, raised.value.finding.params["found"]) == (
            "addin-builder-missing",
            "6.4.0",
        )

    def test_the_pin_is_one(self) -> None:
        from salesplan.addin.build import PINNED

        assert f"pyOpenVBA=={PINNED} --hash=sha256:" in (MACROS / "requirements.txt").read_text()
        assert f"pyOpenVBA=={PINNED}\n" in (ROOT / "setup.cfg").read_text()


class TestRibbon:
    def test_ids_are_unique(self) -> None:
        ids = [element.get("id") for element in ribbon().iter() if element.get("id")]
        assert len(ids) == len(set(ids)) >= 11

    def test_every_callback_is_a_public_sub_with_the_right_parameters(self) -> None:
        named = list(callbacks())
        assert len(named) >= len(BUTTONS)
        for attribute, name in named:
            parameters = subs()[name][0]
            if attribute == "onLoad":
                assert parameters == "ribbon As IRibbonUI", name
            elif attribute.startswith("get"):
                assert re.fullmatch(
                    r"control As IRibbonControl, ByRef \w+(?: As Variant)?", parameters
                ), name
            else:
                assert parameters == "control As IRibbonControl", name

    def test_each_button_is_one_line_around_a_sub_that_starts_one_constant_command(self) -> None:
        started = []
        for _, name in callbacks():
            (line,) = subs()[name][1]
            parameters, body = subs()[line]
            (command,) = body
            assert parameters == ""
            started.append(re.fullmatch(r'StartPython "(\w+)"', command)[1])  # type: ignore[index]
        assert started == BUTTONS
        assert len(subs()) == 2 * len(BUTTONS), "a Sub that no button calls"

    def test_buttons_speak_both_languages_and_have_icons(self) -> None:
        tab = next(ribbon().iter(f"{RIBBON}tab"))
        one = {buttons.sub_name(button.name): button for button in buttons.BUTTONS}
        assert [group.get("label") for group in ribbon().iter(f"{RIBBON}group")] == [
            f"{names['zh']} {names['en']}" for names in buttons.GROUPS.values()
        ]
        assert tab.get("label") == "销售计划 Sales Plan"
        for button in ribbon().iter(f"{RIBBON}button"):
            for attribute in ("label", "screentip", "supertip"):
                text = button.get(attribute, "")
                assert (
                    re.search("[\u4e00-\u9fff]", text)
                    and re.search("[A-Za-z]{4}", text)
                    and len(text) <= 1024
                ), (button.get("id"), attribute)
            known = one[button.get("id", "")]
            assert button.get("imageMso") == known.icon and button.get("keytip") == known.key
            assert button.get("label") == f"{known.zh} {known.en}"
            assert button.get("supertip") == "\n".join(known.says)
            assert button.get("size") == ("large" if known.main else "normal")
        assert [
            button.get("label", "").split()[0] for button in ribbon().iter(f"{RIBBON}button")
        ] == [one.label["zh"] for one in TABLE]
        keytips = [button.get("keytip") for button in ribbon().iter(f"{RIBBON}button")]
        assert len(set(keytips)) == len(keytips)


class TestMacros:
    @pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
    def test_only_ascii(self, path: Path) -> None:
        assert path.read_bytes().isascii()

    def test_of_other_workbooks_they_ask_only_what_the_one_in_front_is_called(self) -> None:
        text = "\n".join(path.read_text("ascii") for path in MODULES)
        code = "\n".join(line.split("'")[0] for line in text.splitlines())
        reached = (
            r"\b(?:Active\w+|Workbooks|Sheets|Selection|Names|Evaluate|Environ\$?|GetSetting|"
            r"RegRead|Application|Run)\b(?! commandLine).*"
        )
        assert sorted(re.findall(reached, code)) == [
            "ActiveWindow.Hwnd)",
            "ActiveWorkbook.FullName",
            "Application.StatusBar = False",
            'Application.StatusBar = OwnText("A6")',
        ]
        assert re.findall(r"\w+\.Worksheets\(1\)", code) == ["ThisWorkbook.Worksheets(1)"]

    def test_what_it_is_called_reaches_no_command_as_text(self) -> None:
        """Only its code units, each as four of 0 to 9 and A to F, stand beside the constant
        command.
        """
        code = (MACROS / "SalesplanRun.bas").read_text("ascii")
        assert 'Right$("000" & Hex$(AscW(Mid$(fullName, position, 1)) And 65535), 4)' in code
        assert code.count("fullName") == 4 and code.count("StartHidden ") == 1

    def test_no_macro_runs_by_itself(self) -> None:
        from oletools.olevba import VBA_Parser

        found = {
            keyword
            for kind, keyword, _ in VBA_Parser(str(HERE / "salesplan.xlam")).analyze_macros()
            if kind == "AutoExec"
        }
        assert found == set()

    def test_the_script_for_macos_knows_the_same_buttons_and_command(self) -> None:
        script = (MACROS / "salesplan.applescript").read_text("ascii")
        assert re.search(r"property buttons : \{(.*)\}", script)[1] == ", ".join(
            f'"{button}"' for button in BUTTONS
        )  # type: ignore[index]
        assert " -P -m salesplan.excel " in script and " -P -m salesplan.excel " in (
            MACROS / "SalesplanRun.bas"
        ).read_text("ascii")


@pytest.mark.validator
def test_the_validator_finds_nothing_in_the_built_or_the_installed_add_in(tmp_path: Path) -> None:
    assert validate(HERE / "salesplan.xlam", ("Office2010", "Microsoft365")) == []
    installed = tmp_path / "salesplan.xlam"
    installed.write_bytes(
        content("win32", "C:\\用户 & <x>\\pythonw.exe", "C:\\p\\__main__.py", "1.0")[0]
    )
    assert validate(installed) == []
