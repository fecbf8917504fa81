"""Where a workbook of OneDrive or SharePoint lies on this computer: what Excel names by an address,
a folder keeps in step.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

FOLDERS = "folders.json"
"""In the account's state folder: the folder a person chose for the reports of a workbook that lies
nowhere here.
"""

_SYNC = "Software\\SyncEngines\\Providers\\OneDrive"
_VARIABLES = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")


def synchronised(
    address: str, mounts: Mapping[str, Path] | None = None, roots: Iterable[Path] | None = None
) -> Path | None:
    """The file on this computer of a workbook at an https address; None where none is found.

    ``mounts`` are the folders by the address they are kept in step with (default: as OneDrive
    registers them on Windows), ``roots`` other folders of OneDrive (default: those of the
    environment, and of macOS). Only a file that is there counts, and where two could be meant the
    one whose path has more in common with the address.
    """
    parts = [part for part in PurePosixPath(unquote(urlsplit(address).path)).parts if part != "/"]
    if "://" not in address or not parts:
        return None
    plain = unquote(address).casefold()
    known = dict(_mounted()) if mounts is None else mounts
    for prefix, folder in sorted(known.items(), key=lambda one: -len(one[0])):
        start = unquote(prefix).rstrip("/")
        if plain.startswith(start.casefold() + "/"):
            found = folder.joinpath(*unquote(address)[len(start) :].strip("/").split("/"))
            if found.is_file():
                return found
    for kept in range(len(parts), 0, -1):
        for root in _roots() if roots is None else roots:
            found = root.joinpath(*parts[-kept:])
            if found.is_file():
                return found
    return None


def chosen(address: str) -> Path | None:
    """The folder that was chosen for this workbook's reports, if it is still there."""
    folder = Path(_choices().get(address, ""))
    return folder if folder.is_absolute() and folder.is_dir() else None


def choose(address: str, folder: Path) -> None:
    """Remember the folder. What cannot be kept is asked for again."""
    from salesplan.workbook.save.destination import beside_of

    path = _file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with beside_of(path, mode=0o600) as temp:
            known = _choices() | {address: str(folder)}
            temp.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
            temp.replace(path)


def _choices() -> dict[str, str]:
    try:
        given = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {str(name): str(folder) for name, folder in given.items()}


def _file() -> Path:
    from salesplan.excel.journal import folder

    return folder() / FOLDERS


def _roots() -> Iterator[Path]:
    for name in _VARIABLES:
        if os.environ.get(name):
            yield Path(os.environ[name])
    if sys.platform == "darwin":
        yield from sorted((Path.home() / "Library" / "CloudStorage").glob("OneDrive*"))


def _mounted() -> Iterator[tuple[str, Path]]:
    """What OneDrive registers on Windows: the address of each library, and the folder it is kept
    in.
    """
    if sys.platform != "win32":
        return
    import winreg

    with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SYNC) as providers:
        for index in range(winreg.QueryInfoKey(providers)[0]):
            with (
                suppress(OSError),
                winreg.OpenKey(providers, winreg.EnumKey(providers, index)) as one,
            ):
                address = str(winreg.QueryValueEx(one, "UrlNamespace")[0])
                yield address, Path(str(winreg.QueryValueEx(one, "MountPoint")[0]))
