"""What of a machine decides where an add-in goes and whether it may run: handed in, so that one
machine can stand for another.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import salesplan
from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError

WINDOWS, MACOS = "win32", "darwin"

_GROUP = "Library/Group Containers/UBF8T346G9.Office"
_MAC_STARTUP = (
    f"{_GROUP}/User Content.localized/Startup.localized/Excel",
    f"{_GROUP}/User Content/Startup/Excel",
)
_MAC_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
_APP_PATH = "Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
_ASR = "Software\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
_NO_CHILD = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Defender's rule by which Office may start no other program: 1 blocks, 6 warns."""

_APPLOCKER = "Software\\Policies\\Microsoft\\Windows\\SrpV2\\Exe"
_POLICIES = "Software\\Policies\\Microsoft\\Office\\16.0\\"


def _no_policy(_key: str, _name: str) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Machine:
    """``system`` is spelled as ``sys.platform``; ``program`` is the file that a button's command
    runs; ``excel`` is where Excel is, if it is; ``policy`` gives the number an administrator set
    under a key of the Office policies, else None; ``system_policy`` the same of any key of the
    registry."""

    system: str
    home: Path
    appdata: Path | None
    python: Path
    program: Path
    version: str
    excel: Path | None = None
    policy: Callable[[str, str], int | None] = field(default=_no_policy, compare=False)
    system_policy: Callable[[str, str], int | None] = field(default=_no_policy, compare=False)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the add-in goes (a folder Excel opens by itself and trusts), and on macOS the script
    beside it.
    """

    addin: Path
    script: Path | None


def places(machine: Machine) -> Places:
    """Raises SalesplanError ``addin-no-excel`` (exit 2) where there is no Excel for this system."""
    if machine.system == WINDOWS:
        roaming = machine.appdata or machine.home / "AppData" / "Roaming"
        return Places(roaming / "Microsoft" / "Excel" / "XLSTART" / "salesplan.xlam", None)
    if machine.system == MACOS:
        folders = [machine.home / folder for folder in _MAC_STARTUP]
        startup = next((folder for folder in folders if folder.is_dir()), folders[0])
        return Places(
            startup / "salesplan.xlam", machine.home / _MAC_SCRIPTS / "salesplan.applescript"
        )
    raise SalesplanError(Finding.of("addin-no-excel", Place(), system=machine.system), 2)


def interpreter(machine: Machine) -> Path:
    """The interpreter a button starts: on Windows the one without a console window, where it is
    there.

    Raises SalesplanError ``addin-python-unspeakable`` (exit 2) if no command line can spell its
    path.
    """
    windowless = machine.python.with_name("pythonw.exe")
    python = windowless if machine.system == WINDOWS and windowless.exists() else machine.python
    forbidden = '"%' if machine.system == WINDOWS else ""
    if not python.is_absolute() or any(
        char in forbidden or not char.isprintable() for char in str(python)
    ):
        raise SalesplanError(Finding.of("addin-python-unspeakable", Place(), python=str(python)), 2)
    return python


def forbidden(machine: Machine) -> tuple[Finding, ...]:
    """What the administrator's policies forbid that the add-in needs."""
    if machine.policy("Common", "VBAOff") == 1:
        return (Finding.of("addin-vba-off"),)
    python = str(machine.python)
    if machine.system_policy(_ASR, _NO_CHILD) in (1, 6):
        return (Finding.of("addin-child-blocked", python=python, rule=_NO_CHILD),)
    if machine.system_policy(_APPLOCKER, "EnforcementMode") == 1:
        return (Finding.of("addin-applocker", python=python),)
    untrusted = machine.policy("Excel\\Security\\Trusted Locations", "AllLocationsDisabled") == 1
    if untrusted and machine.policy("Excel\\Security", "VBAWarnings") in (3, 4):
        return (Finding.of("addin-macros-blocked"),)
    return ()


def this_machine() -> Machine:
    """The machine, the account and the interpreter at work."""
    appdata = os.environ.get("APPDATA")
    package = Path(salesplan.__file__).resolve().parent
    return Machine(
        sys.platform,
        Path.home(),
        Path(appdata) if appdata else None,
        Path(sys.executable),
        package / "excel" / "__main__.py",
        salesplan.__version__,
        _excel(),
        _policy if sys.platform == WINDOWS else _no_policy,
        _system_policy if sys.platform == WINDOWS else _no_policy,
    )


def _excel() -> Path | None:
    if sys.platform == WINDOWS:
        found = _registry(_APP_PATH, "")
        return Path(found) if isinstance(found, str) else None
    application = Path("/Applications/Microsoft Excel.app")
    return application if application.is_dir() else None


def _policy(key: str, name: str) -> int | None:
    value = _registry(_POLICIES + key, name)
    return value if isinstance(value, int) else None


def _system_policy(key: str, name: str) -> int | None:
    """Group policies write numbers, some of them as text."""
    value = _registry(key, name)
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else None


def _registry(key: str, name: str) -> object:
    """The value of a name in the registry, the account's before the machine's; None where it is not
    there.
    """
    import winreg

    for root in ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"):
        try:
            with getattr(winreg, "OpenKey")(getattr(winreg, root), key) as opened:  # noqa: B009 (not on every system)
                value: object = getattr(winreg, "QueryValueEx")(opened, name)[0]  # noqa: B009
                return value
        except OSError:
            continue
    return None
