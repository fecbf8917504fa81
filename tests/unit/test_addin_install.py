"""Putting the add-in in place, on machines made up for it."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.addin import Machine, install, remove, status
from salesplan.addin.install import applescript, content
from salesplan.addin.machine import forbidden, places, this_machine
from salesplan.addin.parts import PROGRAM, PYTHON, VERSION, filled, texts
from salesplan.findings import SalesplanError
from salesplan.messages import fix, text

STARTUP = (
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    """An account with a Chinese name and a virtual environment in it."""
    home = tmp_path / "用户 王&李"
    scripts, package = home / "venv" / "Scripts", home / "venv" / "Lib" / "salesplan" / "excel"
    scripts.mkdir(parents=True)
    package.mkdir(parents=True)
    for file in (scripts / "python.exe", scripts / "pythonw.exe", package / "__main__.py"):
        file.touch()
    return Machine(
        "win32",
        home,
        home / "AppData" / "Roaming",
        scripts / "python.exe",
        package / "__main__.py",
        "1.2.0",
    )


@pytest.fixture
def macos(windows: Machine) -> Machine:
    return replace(windows, system="darwin", appdata=None)


def codes(found: object) -> list[str]:
    return [finding.code for finding in found.findings]  # type: ignore[attr-defined]


def test_windows(windows: Machine) -> None:
    done = install(windows)
    assert done.path == windows.home / "AppData/Roaming/Microsoft/Excel/XLSTART/salesplan.xlam"
    assert done.findings == () and done.version == "1.2.0"
    assert texts(done.path.read_bytes(), PYTHON, PROGRAM, VERSION) == (
        str(windows.python.with_name("pythonw.exe")),
        str(windows.program),
        "1.2.0",
    )
    assert [path.name for path in done.path.parent.iterdir()] == ["salesplan.xlam"], (
        "Excel opens whatever lies in that folder"
    )
    assert [path.name for path in done.path.parent.parent.iterdir()] == ["XLSTART"]


def test_windows_without_a_windowless_interpreter_and_without_appdata(windows: Machine) -> None:
    windows.python.with_name("pythonw.exe").unlink()
    done = install(replace(windows, appdata=None))
    assert done.python == str(windows.python) and done.path.parts[-6:-3] == (
        "AppData",
        "Roaming",
        "Microsoft",
    )


def test_macos(macos: Machine) -> None:
    done = install(macos)
    assert (
        done.path == macos.home / STARTUP / "salesplan.xlam"
        and done.findings == ()
        and done.python == str(macos.python)
    )
    script = macos.home / "Library/Application Scripts/com.microsoft.Excel/salesplan.applescript"
    assert script.read_bytes().isascii() and "@" not in script.read_text()
    script.unlink()
    assert codes(status(macos)) == ["addin-script-missing"]
    install(macos)
    script.write_text(script.read_text() + "\n")
    assert codes(status(macos)) == ["addin-script-missing"]


def test_macos_takes_the_folder_that_is_there(macos: Machine) -> None:
    older = macos.home / "Library/Group Containers/UBF8T346G9.Office/User Content/Startup/Excel"
    older.mkdir(parents=True)
    assert places(macos).addin.parent == older


def test_elsewhere_there_is_no_excel(windows: Machine) -> None:
    linux = replace(windows, system="linux")
    for operation in (install, status, remove):
        with pytest.raises(SalesplanError) as raised:
            operation(linux)
        assert (raised.value.finding.code, raised.value.exit_code) == ("addin-no-excel", 2)


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("win32", 'a"b'),
        ("win32", "100%"),
        ("win32", "a\nb"),
        ("darwin", "a\nb"),
        ("darwin", "a\tb"),
    ],
)
def test_a_path_that_no_command_line_can_spell_is_refused(
    windows: Machine, system: str, name: str
) -> None:
    with pytest.raises(SalesplanError) as raised:
        install(replace(windows, system=system, python=windows.home / name / "python3"))
    assert (raised.value.finding.code, raised.value.exit_code) == ("addin-python-unspeakable", 2)
    assert not places(windows).addin.exists()


def test_a_relative_interpreter_is_refused(windows: Machine) -> None:
    with pytest.raises(SalesplanError):
        install(replace(windows, python=Path("python3")))


def test_what_status_finds(windows: Machine) -> None:
    assert codes(status(windows)) == ["addin-not-installed"]
    done = install(windows)
    assert codes(status(replace(windows, version="1.3.0"))) == ["addin-other-version"]
    assert codes(status(replace(windows, python=windows.home / "other" / "python.exe"))) == [
        "addin-python-other"
    ]
    windows.python.with_name("pythonw.exe").unlink()
    assert codes(status(windows)) == ["addin-python-gone"]
    done.path.write_bytes(filled(done.path.read_bytes(), {"A4": "changed"}))
    assert codes(status(windows)) == ["addin-altered"]
    done.path.write_bytes(b"PK\x03\x04 no package")
    assert codes(status(windows)) == ["addin-altered"]
    assert install(windows).findings == ()


def test_the_program_gone(windows: Machine) -> None:
    install(windows)
    windows.program.unlink()
    assert codes(status(windows)) == ["addin-python-gone"]


def test_a_newer_one_replaces_an_older_one(windows: Machine) -> None:
    install(replace(windows, version="1.1.0"))
    assert install(windows).version == "1.2.0" and status(windows).findings == ()


def test_remove(macos: Machine) -> None:
    install(macos)
    gone = remove(macos)
    assert {path.name for path in gone} == {"salesplan.xlam", "salesplan.applescript"} and not any(
        path.exists() for path in gone
    )
    assert remove(macos) == ()
    assert codes(status(macos)) == ["addin-not-installed"]


def test_a_folder_that_refuses(windows: Machine) -> None:
    blocked = windows.home / "AppData" / "Roaming" / "Microsoft"
    blocked.parent.mkdir(parents=True)
    blocked.write_text("a file where the folder should be")
    with pytest.raises(SalesplanError) as raised:
        install(windows)
    assert (raised.value.finding.code, raised.value.exit_code) == ("addin-folder-refused", 3)
    assert "salesplan watch" in fix(raised.value.finding, "en")


def test_excel_holding_the_file(windows: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    install(windows)

    def held(_: Path, *__: object) -> None:
        problem = PermissionError(13, "The process cannot access the file")
        problem.winerror = 32  # type: ignore[attr-defined]
        raise problem

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(SalesplanError) as raised:
        install(replace(windows, version="9"))
    assert (raised.value.finding.code, raised.value.exit_code) == ("addin-in-use", 3)
    assert not list(windows.home.rglob("*.tmp")) and status(windows).version == "1.2.0"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({("Common", "VBAOff"): 1}, ["addin-vba-off"]),
        ({("Excel\\Security", "VBAWarnings"): 4}, []),  # a trusted folder is still trusted
        (
            {
                ("Excel\\Security", "VBAWarnings"): 4,
                ("Excel\\Security\\Trusted Locations", "AllLocationsDisabled"): 1,
            },
            ["addin-macros-blocked"],
        ),
        (
            {
                ("Excel\\Security", "VBAWarnings"): 2,
                ("Excel\\Security\\Trusted Locations", "AllLocationsDisabled"): 1,
            },
            [],
        ),  # asks, and may be told yes
        ({}, []),
    ],
)
def test_policies(
    windows: Machine, values: dict[tuple[str, str], int], expected: list[str]
) -> None:
    managed = replace(windows, policy=lambda key, name: values.get((key, name)))
    assert codes(install(managed)) == expected


def test_this_machine_names_what_a_button_starts() -> None:
    machine = this_machine()
    assert machine.python.is_absolute() and machine.program.parts[-3:] == (
        "salesplan",
        "excel",
        "__main__.py",
    )


PATHS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@given(PATHS)
def test_cells_keep_any_path(path: str) -> None:
    addin, _ = content("win32", path, path + "x", "1.0")
    assert texts(addin, PYTHON, PROGRAM, VERSION) == (path, path + "x", "1.0")


def spoken(expression: str) -> str:
    """What AppleScript makes of an expression of literals and ``character id`` joined by ``&``."""
    text = ""
    for literal, number in re.findall(r'"([^"\\]*)"|\(character id (\d+)\)', expression):
        text += chr(int(number)) if number else literal
    return text


@given(PATHS)
def test_applescript_spells_any_path_in_ascii(path: str) -> None:
    expression = applescript(path)
    assert expression.isascii() and "\n" not in expression and spoken(expression) == path
    assert re.fullmatch(
        r'(?:"[^"\\]*"|\(character id \d+\))(?: & (?:"[^"\\]*"|\(character id \d+\)))*', expression
    )


def test_the_script_s_shell_commands_run_the_interpreter_whatever_its_path(tmp_path: Path) -> None:
    """The two ``do shell script`` lines of the installed script, put together as AppleScript does
    and given to sh.
    """
    folder = tmp_path / 'it\'s a "folder" $HOME `x` 销售'
    folder.mkdir()
    python, program, said = folder / "python3", folder / "__main__.py", tmp_path / "said"
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > {said}\n')
    python.chmod(0o755)
    program.touch()
    script = content("darwin", str(python), str(program), "1")[1].decode("ascii")
    values = {
        name: spoken(expression)
        for name, expression in re.findall(r"^property (\w+Path) : (.*)$", script, re.M)
    } | {"buttonName": "check", "whichBook": "0-0041"}
    test, start = (
        "".join(
            shlex.quote(values[name]) if name else literal
            for name, literal in re.findall(r'quoted form of (\w+)|"([^"]*)"', line)
        )
        for line in re.findall(r"do shell script (.*)", script)
    )
    assert ' does not contain letter then return "unknown"' in script
    assert subprocess.run(["sh", "-c", test], check=False).returncode == 0
    assert start.endswith(" > /dev/null 2>&1 &")
    subprocess.run(["sh", "-c", start.removesuffix("&")], check=True)
    assert said.read_text().split() == ["5", "-P", "-m", "salesplan.excel", "check", "0-0041"]
    program.unlink()
    assert subprocess.run(["sh", "-c", test], check=False).returncode != 0


@pytest.mark.parametrize(
    ("key", "name", "value", "code"),
    [
        ("ASR\\Rules", "d4f940ab-401b-4efc-aadc-ad5f3c50688a", 1, "addin-child-blocked"),
        ("ASR\\Rules", "d4f940ab-401b-4efc-aadc-ad5f3c50688a", 6, "addin-child-blocked"),
        ("ASR\\Rules", "d4f940ab-401b-4efc-aadc-ad5f3c50688a", 0, None),
        ("SrpV2\\Exe", "EnforcementMode", 1, "addin-applocker"),
    ],
)
def test_rules_against_starting_programs_are_seen(
    tmp_path: Path, key: str, name: str, value: int, code: str | None
) -> None:
    """The sentence for the administrator names the interpreter."""

    def policy(path: str, wanted: str) -> int | None:
        return value if path.endswith(key) and wanted == name else None

    machine = Machine(
        "win32", tmp_path, None, tmp_path / "python.exe", tmp_path / "p", "1", system_policy=policy
    )
    found = forbidden(machine)
    assert [one.code for one in found] == ([code] if code else [])
    assert all(str(machine.python) in text(one, "en") for one in found)
