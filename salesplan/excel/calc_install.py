"""The menu and toolbar in LibreOffice Calc: an extension built here, put in place and taken away by
LibreOffice's own ``unopkg``.

The extension holds three things: one parameterless Basic Sub a button, which starts a constant
command with the interpreter that salesplan is installed in; the menu and the toolbar that call
them; and the setting by which LibreOffice listens on this account's own pipe, so that the command
can reach the document. LibreOffice's macro security is left as it is: what is not ours, it runs or
refuses as before.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.sax.saxutils import escape, quoteattr, unescape

from salesplan import __version__
from salesplan.dataclass import dataclass
from salesplan.excel import COMMAND
from salesplan.excel.bridge import fitting, pipe_name, program_folder
from salesplan.excel.button_message import TITLES
from salesplan.excel.buttons import BUTTONS, GROUPS, NAMES, Button, sub_name
from salesplan.excel.icons import picture
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text

IDENTIFIER = "org.salesplan.calc"
LIBRARY = "Salesplan"
PROGRAM = Path(__file__).with_name("__main__.py")
SECONDS = 180.0

_OOR = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTEXT = "com.sun.star.sheet.SpreadsheetDocument"


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the extension is in place, and its version ("" if it is not)."""

    installed: bool
    version: str = ""

    @property
    def current(self) -> bool:
        """Whether it is the one of this salesplan."""
        return self.version == __version__


def macro(button: str) -> str:
    """The address under which LibreOffice finds a button's Sub."""
    return (
        f"vnd.sun.star.script:{LIBRARY}.Buttons.{sub_name(button)}?language=Basic&"
        "location=application"
    )


def extension(python: Path | None = None) -> bytes:
    """The extension (.oxt) for an interpreter (default: the one at work), the same bytes each
    time.
    """
    parts: dict[str, str | bytes] = {
        "META-INF/manifest.xml": _MANIFEST,
        "description.xml": _description(),
        "Addons.xcu": _addons(),
        "Connection.xcu": _connection(),
        "CalcWindowState.xcu": _windows(),
        f"{LIBRARY}/script.xlb": _SCRIPTS,
        f"{LIBRARY}/dialog.xlb": _DIALOGS,
        f"{LIBRARY}/Buttons.xba": _buttons(python or _interpreter()),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (parts | _pictures()).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content.encode() if isinstance(content, str) else content)
    return out.getvalue()


def install(*, profile: Path | None = None, python: Path | None = None) -> None:
    """Put the extension in place for this account, over an older one; LibreOffice shows it from its
    next start on.

    Raises SalesplanError: calc-not-installed (exit 4) with what LibreOffice said; where its buttons
    could do nothing (no LibreOffice, no interface to it, one for another Python) exit 2, as
    :func:`salesplan.excel.bridge.fitting`.
    """
    fitting()
    with tempfile.TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "salesplan.oxt"
        file.write_bytes(extension(python))
        done = _unopkg(["add", "--force", "--suppress-license", str(file)], profile)
    if done.returncode or not status(profile=profile).current:
        raise SalesplanError(Finding.of("calc-not-installed", reason=_reason(done)))


def status(*, profile: Path | None = None) -> Status:
    """What is in place. Raises SalesplanError: calc-missing (exit 2), calc-unknown (exit 3) where
    LibreOffice does not say.
    """
    done = _unopkg(["list"], profile)
    if done.returncode:
        raise SalesplanError(Finding.of("calc-unknown", reason=_reason(done)), 3)
    listed = next(
        (
            lines
            for block in done.stdout.split("Identifier:")
            if (lines := block.split("\n"))[0].strip() == IDENTIFIER
        ),
        [],
    )
    version = next(
        (line.partition(":")[2].strip() for line in listed if line.strip().startswith("Version:")),
        "",
    )
    return Status(bool(listed), version)


def looked_at(*, profile: Path | None = None) -> tuple[Finding, ...]:
    """What there is to say of the buttons: absent, of another version, or in place; and why they
    could do nothing. Never raises.
    """
    try:
        there = status(profile=profile)
        if not there.installed:
            return (Finding.of("calc-buttons-absent"),)
        if not there.current:
            return (
                Finding.of(
                    "calc-buttons-other-version", installed=there.version, package=__version__
                ),
            )
        fitting()
        if (faulty := _interpreter_fault(profile)) is not None:
            return (faulty,)
    except SalesplanError as error:
        return (error.finding,)
    return (Finding.of("calc-buttons", version=there.version),)


_STARTS = re.compile(r'FileExists\("(file:[^"]+)"\) Or Not FileExists\("(file:[^"]+)"\)')


def _interpreter_fault(profile: Path | None) -> Finding | None:
    """What is wrong with the interpreter that the buttons in place start; None where it is there,
    or cannot be told.
    """
    user = (profile or _own_profile()) / "user"
    for module in user.glob(f"uno_packages/cache/uno_packages/*/*.oxt/{LIBRARY}/Buttons.xba"):
        found = _STARTS.search(unescape(module.read_text("utf-8"), {"&quot;": '"'}))
        if found is None:
            continue
        python, program = (_from_uri(address) for address in found.groups())
        if not python.exists() or not program.exists():
            return Finding.of("calc-python-gone", python=str(python), program=str(program))
        if python != _interpreter().absolute():
            return Finding.of("calc-python-other", python=str(python), here=str(_interpreter()))
    return None


def _from_uri(address: str) -> Path:
    return Path(url2pathname(urlsplit(address).path))


def _own_profile() -> Path:
    """Where LibreOffice keeps this account's settings, on this system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home)) / "LibreOffice" / "4"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "libreoffice" / "4"


def remove(*, profile: Path | None = None) -> bool:
    """Take the extension away; False if there was none. Raises SalesplanError as
    :func:`install`.
    """
    if not status(profile=profile).installed:
        return False
    done = _unopkg(["remove", IDENTIFIER], profile)
    if done.returncode:
        raise SalesplanError(Finding.of("calc-not-installed", reason=_reason(done)))
    return True


def _unopkg(arguments: Sequence[str], profile: Path | None) -> subprocess.CompletedProcess[str]:
    place = program_folder()
    program = next(
        (
            path
            for name in ("unopkg", "unopkg.com", "unopkg.exe")
            if (path := place / name).is_file()
        ),
        place / "unopkg",
    )
    own = [f"-env:UserInstallation={profile.resolve().as_uri()}"] if profile else []
    try:
        return subprocess.run(
            [str(program), *arguments, *own],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SalesplanError(Finding.of("calc-not-installed", reason=str(error))) from error


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The first error it names, else the last thing it says."""
    lines = (done.stderr.strip() or done.stdout.strip() or "unopkg").splitlines()
    return (
        next((line for line in lines if line.startswith("ERROR:")), lines[-1])
        .removeprefix("ERROR:")
        .strip()
        .rstrip(".")
    )


def _pictures() -> dict[str, str | bytes]:
    """The pictures of the buttons by their place in the extension."""
    sizes = product(NAMES, (16, 26))
    return {f"icons/{name}_{size}.png": picture(name, size) for name, size in sizes}


def _interpreter() -> Path:
    """The interpreter at work; on Windows the one without a console window."""
    here = Path(sys.executable)
    silent = here.with_name("pythonw.exe")
    return silent if sys.platform == "win32" and silent.is_file() else here


def _description() -> str:
    names = "".join(
        f'<name lang="{lang}">salesplan {escape(TITLES[key])}</name>'
        for lang, key in (("en", "en"), ("zh-CN", "zh"))
    )
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/><display-name>'
        f"{names}</display-name></description>\n"
    )


def _titles(words: dict[str, str]) -> str:
    values = "".join(
        f'<value xml:lang="{lang}">{escape(words[key])}</value>'
        for lang, key in (("en-US", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"))
    )
    return f'<prop oor:name="Title" oor:type="xs:string">{values}</prop>'


def _addons() -> str:
    menu = (
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">'
        f"{_titles(TITLES)}"
        f'<prop oor:name="Context" oor:type="xs:string"><value>{_CONTEXT}</value></prop><node '
        f'oor:name="Submenu">{_menu()}</node></node></node>'
    )
    entries = "".join(_entry(index, button) for index, button in enumerate(_shown(), 1))
    bar = (
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.bar" oor:op="replace">'
        f"{entries}</node></node>"
    )
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="Addons" oor:package="org.openoffice.Office">'
        f'<node oor:name="AddonUI">{menu}{bar}{_images()}</node></oor:component-data>\n'
    )


def _shown() -> list[Button]:
    """The buttons of the toolbar: those that are pressed most."""
    return [button for button in BUTTONS if button.main]


def _menu() -> str:
    """Every button, the groups parted by a line."""
    entries, number = [], 0
    for index, group in enumerate(GROUPS):
        if index:
            number += 1
            entries.append(
                f'<node oor:name="b{number:02}" oor:op="replace"><prop oor:name="URL" '
                'oor:type="xs:string"><value>private:separator</value></prop></node>'
            )
        for button in BUTTONS:
            if button.group == group:
                number += 1
                entries.append(_entry(number, button))
    return "".join(entries)


def _entry(number: int, button: Button) -> str:
    return (
        f'<node oor:name="b{number:02}" oor:op="replace"><prop oor:name="URL" '
        f'oor:type="xs:string"><value>{escape(macro(button.name))}</value></prop>'
        f'{_titles(dict(button.label))}<prop oor:name="Target" oor:type="xs:string"><value>_self</'
        "value></prop>"
        f'<prop oor:name="Context" oor:type="xs:string"><value>{_CONTEXT}</value></prop></node>'
    )


def _images() -> str:
    """Each button's picture, small and large, out of the extension itself."""
    entries = "".join(
        f'<node oor:name="i{number:02}" oor:op="replace"><prop oor:name="URL" '
        f'oor:type="xs:string"><value>{escape(macro(button.name))}</value></prop>'
        f'<node oor:name="UserDefinedImages">'
        '<prop oor:name="ImageSmallURL" oor:type="xs:string"><value>%origin%/icons/'
        f"{button.name}_16.png</value></prop>"
        '<prop oor:name="ImageBigURL" oor:type="xs:string"><value>%origin%/icons/'
        f"{button.name}_26.png</value></prop></node></node>"
        for number, button in enumerate(BUTTONS, 1)
    )
    return f'<node oor:name="Images">{entries}</node>'


def _windows() -> str:
    """The toolbar's name and its look, pictures with words: LibreOffice would call it Add-On 1."""
    names = "".join(
        f'<value xml:lang="{lang}">{escape(TITLES[key])}</value>'
        for lang, key in (("en-US", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"))
    )
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="CalcWindowState" '
        'oor:package="org.openoffice.Office.UI"><node oor:name="UIElements"><node '
        'oor:name="States">'
        f'<node oor:name="private:resource/toolbar/addon_{IDENTIFIER}.bar" oor:op="replace"><prop '
        f'oor:name="UIName" oor:type="xs:string">{names}</prop>'
        '<prop oor:name="Visible" oor:type="xs:boolean"><value>true</value></prop><prop '
        'oor:name="Docked" oor:type="xs:boolean"><value>true</value></prop>'
        '<prop oor:name="DockPos" oor:type="xs:string"><value>0,2</value></prop><prop '
        'oor:name="Style" oor:type="xs:int"><value>2</value></prop></node>'
        f"</node></node></oor:component-data>\n"
    )


def _connection() -> str:
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="Setup" oor:package="org.openoffice"><node '
        'oor:name="Office">'
        f'<prop oor:name="ooSetupConnectionURL"><value>pipe,name={escape(pipe_name())};urp;</'
        "value></prop></node></oor:component-data>\n"
    )


_BASIC = """Private Sub Start(button As String)
	Dim number As String
	Dim front As Object
	On Error GoTo Failed
	If Not FileExists("{python}") Or Not FileExists("{program}") Then GoTo Failed
	number = "0"
	front = StarDesktop.CurrentComponent
	If Not IsNull(front) Then
		If HasUnoInterfaces(front, "com.sun.star.sheet.XSpreadsheetDocument") Then
			number = front.RuntimeUID
		End If
	End If
	Shell("{python}", 0, "{command} --calc " & button & " " & number, False)
	Exit Sub
Failed:
	MsgBox {gone}, 48, "salesplan"
End Sub
"""
"""What every button does: nothing of it is taken from a document but the number that LibreOffice
itself gave it.
"""


def _buttons(python: Path) -> str:
    """The Basic module: one Sub a button, each with its constant name, none of them a word of Basic
    (a Sub called Next keeps the whole module from running).
    """
    start = _BASIC.format(
        python=python.absolute().as_uri(),
        program=PROGRAM.as_uri(),
        command=" ".join(COMMAND),
        gone=_gone(python),
    )
    subs = "\n".join(f'Sub {sub_name(name)}\n\tStart "{name}"\nEnd Sub\n' for name in NAMES)
    return (
        f'{_HEAD}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" '
        '"module.dtd">\n'
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Buttons" '
        f'script:language="StarBasic">{escape(start + subs)}</script:module>\n'
    )


def _gone(python: Path) -> str:
    """The message, as an expression of Basic, where the interpreter or the program is not there any
    more.
    """
    finding = Finding.of("calc-python-gone", python=str(python.absolute()), program=str(PROGRAM))
    lines = [f"{text(finding, lang)} {fix(finding, lang)}" for lang in ("zh", "en")]
    return " & Chr(10) & Chr(10) & ".join('"' + line.replace('"', '""') + '"' for line in lines)


def _library(kind: str, elements: str) -> str:
    return (
        f'{_HEAD}<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" '
        '"library.dtd">\n'
        '<library:library xmlns:library="http://openoffice.org/2000/library" '
        f'library:name={quoteattr(kind)} library:readonly="true" '
        f'library:passwordprotected="false">{elements}</library:library>\n'
    )


_SCRIPTS = _library(LIBRARY, '<library:element library:name="Buttons"/>')
_DIALOGS = _library(LIBRARY, "")

_DATA = "application/vnd.sun.star.configuration-data"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">'
    f'<manifest:file-entry manifest:full-path="Addons.xcu" manifest:media-type="{_DATA}"/>'
    f'<manifest:file-entry manifest:full-path="Connection.xcu" manifest:media-type="{_DATA}"/>'
    f'<manifest:file-entry manifest:full-path="CalcWindowState.xcu" manifest:media-type="{_DATA}"/>'
    f'<manifest:file-entry manifest:full-path="{LIBRARY}/" manifest:media-type="application/'
    'vnd.sun.star.basic-library"/>'
    "</manifest:manifest>\n"
)
