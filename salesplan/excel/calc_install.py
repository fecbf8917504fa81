"""The menu and toolbar in LibreOffice Calc: an extension built here, put in place and taken away by LibreOffice's own ``unopkg``.

The extension holds three things: one parameterless Basic Sub a button, which starts a constant command with the
interpreter that salesplan is installed in; the menu and the toolbar that call them; and the setting by which
LibreOffice listens on this account's own pipe, so that the command can reach the document. LibreOffice's macro
security is left as it is: what is not ours, it runs or refuses as before.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from salesplan import __version__
from salesplan.excel import COMMAND
from salesplan.excel.bridge import fitting, pipe_name, program_folder
from salesplan.excel.ribbon import BUTTONS, LABELS, TITLES
from salesplan.findings import Finding, SalesplanError

IDENTIFIER = "org.salesplan.calc"
LIBRARY = "Salesplan"
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
    return f"vnd.sun.star.script:{LIBRARY}.Buttons.{button.capitalize()}?language=Basic&location=application"


def extension(python: Path | None = None) -> bytes:
    """The extension (.oxt) for an interpreter (default: the one at work), the same bytes each time."""
    parts = {
        "META-INF/manifest.xml": _MANIFEST,
        "description.xml": _description(),
        "Addons.xcu": _addons(),
        "Connection.xcu": _connection(),
        f"{LIBRARY}/script.xlb": _SCRIPTS,
        f"{LIBRARY}/dialog.xlb": _DIALOGS,
        f"{LIBRARY}/Buttons.xba": _buttons(python or _interpreter()),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return out.getvalue()


def install(*, profile: Path | None = None, python: Path | None = None) -> None:
    """Put the extension in place for this account, over an older one; LibreOffice shows it from its next start on.

    Raises SalesplanError: calc-not-installed (exit 4) with what LibreOffice said; where its buttons could do nothing
    (no LibreOffice, no interface to it, one for another Python) exit 2, as :func:`salesplan.excel.bridge.fitting`.
    """
    fitting()
    with tempfile.TemporaryDirectory(prefix="salesplan-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "salesplan.oxt"
        file.write_bytes(extension(python))
        done = _unopkg(["add", "--force", "--suppress-license", str(file)], profile)
    if done.returncode or not status(profile=profile).current:
        raise SalesplanError(Finding.of("calc-not-installed", reason=_reason(done)))


def status(*, profile: Path | None = None) -> Status:
    """What is in place. Raises SalesplanError: calc-missing (exit 2), calc-unknown (exit 3) where LibreOffice does not say."""
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
    """What there is to say of the buttons: absent, of another version, or in place; and why they could do nothing. Never raises."""
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
    except SalesplanError as error:
        return (error.finding,)
    return (Finding.of("calc-buttons", version=there.version),)


def remove(*, profile: Path | None = None) -> bool:
    """Take the extension away; False if there was none. Raises SalesplanError as :func:`install`."""
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
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/><display-name>{names}</display-name></description>\n'
    )


def _titles(words: dict[str, str]) -> str:
    values = "".join(
        f'<value xml:lang="{lang}">{escape(words[key])}</value>'
        for lang, key in (("en-US", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"))
    )
    return f'<prop oor:name="Title" oor:type="xs:string">{values}</prop>'


def _addons() -> str:
    def entry(index: int, button: str) -> str:
        return (
            f'<node oor:name="b{index}" oor:op="replace"><prop oor:name="URL" oor:type="xs:string"><value>{escape(macro(button))}</value></prop>'
            f'{_titles(dict(LABELS[button]))}<prop oor:name="Target" oor:type="xs:string"><value>_self</value></prop>'
            f'<prop oor:name="Context" oor:type="xs:string"><value>{_CONTEXT}</value></prop></node>'
        )

    entries = "".join(entry(index, button) for index, button in enumerate(BUTTONS, 1))
    menu = (
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">{_titles(TITLES)}'
        f'<prop oor:name="Context" oor:type="xs:string"><value>{_CONTEXT}</value></prop><node oor:name="Submenu">{entries}</node></node></node>'
    )
    bar = f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.bar" oor:op="replace">{entries}</node></node>'
    return f'{_HEAD}<oor:component-data {_OOR} oor:name="Addons" oor:package="org.openoffice.Office"><node oor:name="AddonUI">{menu}{bar}</node></oor:component-data>\n'


def _connection() -> str:
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="Setup" oor:package="org.openoffice"><node oor:name="Office">'
        f'<prop oor:name="ooSetupConnectionURL"><value>pipe,name={escape(pipe_name())};urp;</value></prop></node></oor:component-data>\n'
    )


def _buttons(python: Path) -> str:
    """The Basic module: a constant command for each button, nothing of it taken from a document."""
    program = python.absolute().as_uri()
    subs = "\n".join(
        f'Sub {button.capitalize()}\n\tShell("{program}", 0, "{" ".join(COMMAND)} --calc {button}", False)\nEnd Sub\n'
        for button in BUTTONS
    )
    return (
        f'{_HEAD}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
        f'<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Buttons" script:language="StarBasic">{escape(subs)}</script:module>\n'
    )


def _library(kind: str, elements: str) -> str:
    return (
        f'{_HEAD}<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
        f'<library:library xmlns:library="http://openoffice.org/2000/library" library:name={quoteattr(kind)} library:readonly="true" '
        f'library:passwordprotected="false">{elements}</library:library>\n'
    )


_SCRIPTS = _library(LIBRARY, '<library:element library:name="Buttons"/>')
_DIALOGS = _library(LIBRARY, "")

_DATA = "application/vnd.sun.star.configuration-data"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">'
    f'<manifest:file-entry manifest:full-path="Addons.xcu" manifest:media-type="{_DATA}"/>'
    f'<manifest:file-entry manifest:full-path="Connection.xcu" manifest:media-type="{_DATA}"/>'
    f'<manifest:file-entry manifest:full-path="{LIBRARY}/" manifest:media-type="application/vnd.sun.star.basic-library"/>'
    "</manifest:manifest>\n"
)
