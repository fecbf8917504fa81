"""The machine that a bundle is for: its platform, its Python, and what its packages may need."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

_GLIBC = (28, 27, 26, 24, 17, 12, 5)
"""Releases 2.N of the C library that wheels for Linux are made for, the newest first."""
_MACHINES = {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}


@dataclass(frozen=True, slots=True)
class Target:
    """A platform as wheels name it (win_amd64, linux_x86_64, macosx_11_0_arm64), and a version of
    Python in two numbers (3.12).
    """

    platform: str
    python: str

    @property
    def windows(self) -> bool:
        """Whether it is Windows."""
        return self.platform.startswith("win")

    @property
    def tags(self) -> tuple[str, ...]:
        """The platforms of wheels that run there, as pip is told them."""
        if not self.platform.startswith("linux_"):
            return (self.platform,)
        machine = self.platform.removeprefix("linux_")
        newer = [f"manylinux_2_{one}_{machine}" for one in _GLIBC]
        older = [f"manylinux{one}_{machine}" for one in ("2014", "2010", "1")]
        return (*newer, *older, self.platform)

    def runs(self, interpreter: str, abi: str, platform: str) -> bool:
        """Whether a wheel of these three tags runs there."""
        system = platform == "any" or platform in self.tags or self._runs_on_mac(platform)
        own = f"cp{self.python.replace('.', '')}"
        stable = abi == "abi3" and re.fullmatch(r"cp3\d+", interpreter) is not None
        older = stable and int(interpreter[3:]) <= int(own[3:])
        return system and (interpreter in ("py3", "py2.py3", own) or older)

    def _runs_on_mac(self, platform: str) -> bool:
        made = re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", platform)
        mine = re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", self.platform)
        if made is None or mine is None:
            return False
        newest = (int(made[1]), int(made[2])) <= (int(mine[1]), int(mine[2]))
        return newest and made[3] in (mine[3], "universal2")

    @property
    def environment(self) -> dict[str, str]:
        """What a requirement's marker may ask of it."""
        system, os_name, name = {
            "w": ("win32", "nt", "Windows"),
            "l": ("linux", "posix", "Linux"),
            "m": ("darwin", "posix", "Darwin"),
        }[self.platform[0]]
        machine = _MACHINES.get(self.platform) or re.sub(
            r"^linux_|^macosx_\d+_\d+_", "", self.platform
        )
        return {
            "sys_platform": system,
            "os_name": os_name,
            "platform_system": name,
            "platform_machine": machine,
            "platform_release": "",
            "platform_version": "",
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "extra": "",
        }


def target_of(platform: str, python: str = "") -> Target:
    """The machine of that name; the Python of this one where none is named. Raises SalesplanError
    (exit 2) for a name that no wheel has.
    """
    version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
    known = re.fullmatch(r"win_amd64|win_arm64|win32|linux_\w+|macosx_\d+_\d+_\w+", platform)
    if known is None or re.fullmatch(r"3\.\d+", version) is None:
        finding = Finding.of("bundle-target", Place(), platform=platform, python=version)
        raise SalesplanError(finding, 2)
    return Target(platform, version)


def python_in(archive: Path) -> str:
    """The version of the embeddable Python in a zip. Raises SalesplanError (exit 2) where it is
    none.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise SalesplanError(_no_python(archive), 2) from error
    found = [one for name in names if (one := re.fullmatch(r"python3(\d+)\._pth", name))]
    if len(found) != 1 or "python.exe" not in names:
        raise SalesplanError(_no_python(archive), 2)
    return f"3.{found[0][1]}"


def _no_python(archive: Path) -> Finding:
    return Finding.of("bundle-no-python", Place(archive.name), file=archive.name)
