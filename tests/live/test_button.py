"""From the menu in Calc to the filled workbook: installed for real, called as LibreOffice calls it,
taken away again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from salesplan.addin import this_machine
from salesplan.addin.install import content
from salesplan.cli import commands
from salesplan.config import STATE_VARIABLE as STATE
from salesplan.excel import COMMAND, bridge, calc_install
from salesplan.excel.bridge import PIPE, connected
from salesplan.excel.buttons import NAMES, sub_name
from salesplan.excel.calc import desktop
from salesplan.findings import SalesplanError
from salesplan.workbook.save.guards import alone
from tests.live import window
from tests.live.office import Office, lent, running
from tests.samples import new_sample, unprinted, whole_sound

FILLED_WITHIN = 120.0


def test_the_extension_is_the_same_each_time_and_whole() -> None:
    made = calc_install.extension(Path("/opt/my python/bin/python"))
    assert made == calc_install.extension(Path("/opt/my python/bin/python"))
    with zipfile.ZipFile(BytesIO(made)) as archive:
        pictures = {name: archive.read(name) for name in archive.namelist() if ".png" in name}
        for name in archive.namelist():
            if name not in pictures:
                ET.fromstring(archive.read(name))
        listed = {
            entry.get("{http://openoffice.org/2001/manifest}full-path", "").rstrip("/")
            for entry in ET.fromstring(archive.read("META-INF/manifest.xml"))
        }
        assert {name.partition("/")[0] for name in archive.namelist()} - {
            "META-INF",
            "description.xml",
            "icons",
        } == listed
        basic = ET.fromstring(archive.read("Salesplan/Buttons.xba")).text or ""
    assert [line for line in basic.splitlines() if line.startswith("Sub ")] == [
        f"Sub {sub_name(button)}" for button in NAMES
    ]
    command = " ".join(COMMAND)
    assert re.findall("Shell(.*)", basic) == [
        f'("file:///opt/my%20python/bin/python", 0, "{command} --calc " & button & " " & number, '
        "False)"
    ]
    assert re.findall(r"number = (.*)", basic) == ['"0"', "front.RuntimeUID"]
    for button in NAMES:
        assert f'Sub {sub_name(button)}\n\tStart "{button}"\nEnd Sub\n' in basic
        for size in (16, 26):
            assert pictures[f"icons/{button}_{size}.png"].startswith(b"\x89PNG")


def test_nothing_is_taken_from_the_folder_at_hand() -> None:
    assert COMMAND[0] == "-P"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A profile of its own, and a pipe."""
    folder = Path(tempfile.mkdtemp(prefix="salesplan-profile-"))
    monkeypatch.setenv(PIPE, f"salesplan-test-{uuid4().hex[:8]}")
    monkeypatch.setenv(STATE, str(folder / "state"))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    with lent(folder) as profile:
        yield profile
    shutil.rmtree(folder, ignore_errors=True)


def invoke(button: str) -> None:
    """Call the Sub as the menu does."""
    context = connected()
    factory = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.script.provider.MasterScriptProviderFactory", context
    )
    factory.createScriptProvider("").getScript(calc_install.macro(button)).invoke((), (), ())


def until(holds: Any) -> float:
    start = time.perf_counter()
    while not holds():
        assert time.perf_counter() - start < FILLED_WITHIN, "not filled"
        time.sleep(0.1)  # a look asks LibreOffice
    return time.perf_counter() - start


def menu_titles() -> list[str]:
    context = connected()
    from salesplan.excel.bridge import load_uno

    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    node = load_uno().createUnoStruct(
        "com.sun.star.beans.PropertyValue",
        Name="nodepath",
        Value="/org.openoffice.Office.Addons/AddonUI/OfficeMenuBar",
    )
    menus = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", (node,)
    )
    entries = menus.getByName(f"{calc_install.IDENTIFIER}.menu").getByName("Submenu")
    return [
        entries.getByName(name).getByName("URL")
        for name in sorted(entries.getElementNames(), key=lambda name: int(name[1:]))
    ]


@pytest.mark.libreoffice
def test_install_press_undo_remove(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not calc_install.status(profile=place).installed
    calc_install.install(profile=place)
    assert calc_install.status(profile=place).current
    calc_install.install(profile=place)  # over itself, as after an update

    master = unprinted(new_sample(tmp_path / "计划 2026.xlsx", lang="zh"))
    with running(tmp_path, pipe=os.environ[PIPE], profile=place) as office:
        assert [title for title in menu_titles() if not title.startswith("private:")] == [
            calc_install.macro(button) for button in NAMES
        ]
        times = press_all(office, master)
    with capsys.disabled():
        print(
            "\ncall of the Sub to filled sample: "
            + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in times.items())
        )

    assert calc_install.remove(profile=place)
    assert not calc_install.remove(profile=place)


def press_all(office: Office, master: Path) -> dict[str, float]:
    book = office.open(master)
    times = fill_twice(book, invoke)
    invoke("report")
    until(lambda: list(master.parent.glob("月度执行分析报告_*.xlsx")))
    return times


def fill_twice(book: Any, push: Callable[[str], None]) -> dict[str, float]:
    """Push the button, wait for the filled cells, take them back, and once more; seconds from each
    push to the last cell.
    """
    units = book.sheets["组织"]
    heads = units.range("A5:Z5").value
    cell = units.range((6, heads.index("在岗天数占比") + 1))
    last = book.sheets["检查结果"].range("A6")
    times = {}
    for name in ("cold", "warm"):
        push("recalc")
        times[name] = until(lambda: cell.value is not None and last.value is not None)
        until(lambda: book.app.screen_updating and book.app.calculation == "automatic")
        until(nobody_at_work)
        if name == "cold":
            push("undo")
            until(
                lambda: (
                    cell.value is None
                    and last.value is None
                    and not list(Path(os.environ[STATE]).glob("live/*.json"))
                )
            )
            until(nobody_at_work)
    return times


def nobody_at_work() -> bool:
    """Whether the press is over, its message too: while it is not, another one does nothing."""
    for lock in Path(os.environ[STATE]).glob("live/*.lock"):
        try:
            with alone(lock, lock, wait=0):
                pass
        except SalesplanError:
            return False
    return True


@pytest.mark.libreoffice
def test_the_add_in_starts_python_which_fills_the_open_sample(
    started: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The add-in as installed, with this interpreter in it: its Sub called as the ribbon does, and
    nothing else.
    """
    from salesplan.excel.bridge import load_uno

    monkeypatch.setenv(
        STATE, str(started.profile.parent / "state")
    )  # LibreOffice hands its own on to what it starts
    machine, addin, master = (
        this_machine(),
        tmp_path / "salesplan.xlam",
        tmp_path / "计划 2026.xlsx",
    )
    addin.write_bytes(
        content("win32", str(machine.python), str(machine.program), machine.version)[0]
    )
    unprinted(new_sample(master, lang="zh"))

    # Hidden, as Excel opens an add-in; before the master, whose window is the active one then.
    how = {"FilterName": "Calc MS Excel 2007 VBA XML", "MacroExecutionMode": 4, "Hidden": True}
    given = tuple(
        load_uno().createUnoStruct("com.sun.star.beans.PropertyValue", Name=name, Value=value)
        for name, value in how.items()
    )
    loaded = desktop(connected()).loadComponentFromURL(addin.as_uri(), "_blank", 0, given)

    def push(button: str) -> None:
        address = (
            f"vnd.sun.star.script:VBAProject.SalesplanRun.Salesplan{button.capitalize()}?"
            "language=Basic&location=document"
        )
        loaded.getScriptProvider().getScript(address).invoke((), (), ())

    try:
        times = fill_twice(started.open(master), push)
    finally:
        loaded.close(True)
        started.close_all()
    with capsys.disabled():
        print(
            "\nadd-in's Sub to filled sample: "
            + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in times.items())
        )


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands, [*arguments, "--lang", "en"])
    return done.exit_code, done.output


@pytest.mark.libreoffice
def test_the_command_line_installs_looks_and_removes(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = said("excel", "status", "--calc")
    assert code == 0 and "not installed" in output and "salesplan excel install --calc" in output
    assert said("excel", "remove", "--calc") == (0, "No buttons were installed in Calc.\n")
    code, output = said("excel", "install", "--calc")
    assert (
        code == 0
        and "● OK  Buttons in LibreOffice Calc" in output
        and "Restart LibreOffice" in output
    )
    assert "● OK  Buttons in LibreOffice Calc" in said("doctor")[1]
    assert (
        json.loads(said("excel", "status", "--calc", "--json")[1])["findings"][0]["code"]
        == "calc-buttons"
    )

    with monkeypatch.context() as later:
        later.setattr(calc_install, "__version__", "99")
        assert [finding.code for finding in calc_install.looked_at()] == [
            "calc-buttons-other-version"
        ]
    with monkeypatch.context() as other:
        other.setattr(bridge, "made_for", lambda _: (3, 8))
        code, output = said("excel", "status", "--calc")
        assert code == 1 and "3.8" in output
        with pytest.raises(SalesplanError) as refused:
            calc_install.install()
        assert (refused.value.finding.code, refused.value.exit_code) == ("calc-python-differs", 2)
    with monkeypatch.context() as without:
        without.setattr(bridge, "_BINDINGS", ())
        assert [finding.code for finding in calc_install.looked_at()] == ["calc-binding-missing"]

    assert said("excel", "remove", "--calc") == (0, "Buttons removed from Calc.\n")
    assert [finding.code for finding in calc_install.looked_at()] == ["calc-buttons-absent"]


@pytest.mark.libreoffice
def test_an_interpreter_that_is_gone_is_told_with_what_to_run(place: Path) -> None:
    """The environment in which salesplan was is moved: ``status --calc`` and ``doctor`` name it."""
    python = place.parent / "environment" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    calc_install.install(python=python)
    code, output = said("excel", "status", "--calc")
    assert code == 0 and str(python) in output and str(sys.executable) in output
    python.parent.rename(place.parent / "moved")
    for command in (("excel", "status", "--calc"), ("doctor",)):
        code, output = said(*command)
        assert code == 1, command
        assert str(python) in output and "salesplan excel install --calc" in output
    calc_install.install()
    assert said("excel", "status", "--calc")[0] == 0


@pytest.mark.libreoffice
def test_a_press_without_its_interpreter_names_it_in_a_box(place: Path, tmp_path: Path) -> None:
    """No error of Basic, no editor: a box that says what is gone and what to run."""
    window.needed()
    gone = place.parent / "gone" / "python"
    calc_install.install(profile=place, python=gone)
    master = unprinted(whole_sound(tmp_path / "计划.xlsx"), notes=False)
    with window.desk(tmp_path, pipe=os.environ[PIPE], profile=place) as desk:
        desk.open(master)
        press = threading.Thread(target=invoke, args=("recalc",), daemon=True)
        press.start()
        (box,) = window.until(lambda: desk.windows("^salesplan$"))
        shown = window.texts("salesplan")
        assert str(gone) in shown and "salesplan excel install --calc" in shown
        assert desk.windows("Basic") == []
        desk.do("windowactivate", "--sync", box, "key", "Escape")
        press.join(30)
        assert not press.is_alive()
