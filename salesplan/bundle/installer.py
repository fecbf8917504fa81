"""Install salesplan from this folder for the account that runs it: no rights, no network.

It stands in a bundle as ``install.py`` and uses the standard library alone. Everything goes into
one folder; wheels are checked against their digests, and none of their files leaves that folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

HERE = Path(__file__).resolve().parent
MARK = "salesplan-bundle.json"
"""What tells a folder of ours from any other."""
WINDOWS = os.name == "nt"
PATIENCE = (0.2, 0.5, 1, 2, 4)
"""Seconds between tries to move a folder that a virus scanner still looks at."""


class Refused(Exception):  # noqa: N818 (said to a person, no error of the program)
    """Why nothing is installed, in both languages."""


def main(arguments: list[str]) -> int:
    """Install, or with ``--remove`` take away again; gives the exit code."""
    parser = argparse.ArgumentParser(description="Install salesplan 安装 salesplan")
    parser.add_argument("--to", type=Path, default=usual_folder(), help="folder 文件夹")
    parser.add_argument("--remove", action="store_true", help="take it away again 卸载")
    parser.add_argument("--no-ribbon", action="store_true", help="no buttons in Excel 不装按钮")
    asked = parser.parse_args(arguments)
    target = asked.to.expanduser().absolute()
    try:
        if asked.remove:
            remove(target)
        else:
            install(HERE, target, ribbon=not asked.no_ribbon)
    except (Refused, OSError, zipfile.BadZipFile) as error:
        say(str(error))
        return 1
    return 0


def usual_folder() -> Path:
    """Where programs of one account are kept. What a Python of the Microsoft Store writes there is
    seen by itself alone, so it goes beside the account's own folders.
    """
    if WINDOWS and "WindowsApps" in Path(sys.base_prefix).parts:
        return Path.home() / "salesplan-program"
    if WINDOWS:
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "Programs" / "salesplan"
    return Path.home() / ".local" / "share" / "salesplan"


def say(text: str) -> None:
    """One line; what the console cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def install(source: Path, target: Path, *, ribbon: bool = True) -> None:
    """Put what ``source`` holds into ``target``, whole or not at all; an older one of ours is
    replaced.
    """
    manifest = json.loads((source / "manifest.json").read_text("utf-8"))
    fits(manifest)
    if target.exists() and not (target / MARK).is_file():
        raise Refused(
            f"{target}: 已有别的内容, 请用 --to 换一个文件夹。 / there is something else."
        )
    new = target.with_name(f"{target.name}.new")
    shutil.rmtree(longer(new), ignore_errors=True)
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        packages = interpreter(source, new, manifest)
        for name, digest in manifest["wheels"].items():
            unpack(checked(source / "wheels", name, digest), packages, new)
        command = commands(new, target, manifest)
        (new / MARK).write_text(json.dumps(manifest), "utf-8")
        replace(new, target)
    finally:
        shutil.rmtree(longer(new), ignore_errors=True)
    say(f"已安装 / Installed: {target}")
    if ribbon and sys.platform in ("win32", "darwin"):
        done = subprocess.run([*command, "excel", "install"], check=False)
        if done.returncode:
            say("Excel 的按钮没有装上, 见上。 / The buttons of Excel are not in place; see above.")
    say(f"命令 / Command: {shown(target)}")


def remove(target: Path) -> None:
    """Take away what was installed, the buttons first."""
    if not (target / MARK).is_file():
        raise Refused(f"{target}: 没有安装。 / is not installed.")
    if sys.platform in ("win32", "darwin"):
        subprocess.run(
            [*python_of(target), "-I", "-m", "salesplan", "excel", "remove"], check=False
        )
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(longer(old), ignore_errors=True)
    move(target, old)
    shutil.rmtree(longer(old), ignore_errors=True)
    say(f"已卸载 / Removed: {target}")


def fits(manifest: Mapping[str, Any]) -> None:
    """Refuse a machine, or a Python, that the wheels are not made for."""
    system = {"w": "win32", "l": "linux", "m": "darwin"}[manifest["platform"][0]]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if sys.platform != system:
        raise Refused(f"这个包是 {manifest['platform']} 的。 / This bundle is for another system.")
    if version != manifest["python"]:
        raise Refused(
            f"需要 Python {manifest['python']}, 这里是 {version}。 / "
            f"Python {manifest['python']} is needed, this is {version}."
        )


def interpreter(source: Path, new: Path, manifest: Mapping[str, Any]) -> Path:
    """Make the Python that salesplan runs on; gives the folder of its packages."""
    if not manifest["with_python"]:
        import venv  # the embeddable Python has none

        venv.EnvBuilder(with_pip=False, symlinks=not WINDOWS).create(new)
        if WINDOWS:
            return new / "Lib" / "site-packages"
        return new / "lib" / f"python{manifest['python']}" / "site-packages"
    # Bytes alone: that a file came from the web is not copied with it.
    shutil.copytree(source / "python", new / "python", copy_function=shutil.copyfile)
    (paths,) = (new / "python").glob("python3*._pth")
    lines = [one for one in paths.read_text("utf-8").splitlines() if not one.startswith("#import")]
    paths.write_text("\n".join([*lines, "Lib\\site-packages", "import site", ""]), "utf-8")
    return new / "python" / "Lib" / "site-packages"


def checked(folder: Path, name: str, digest: str) -> Path:
    """The wheel of that name, whose bytes are those that the bundle was made of."""
    path = folder / Path(name).name
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise Refused(f"{name}: 文件已损坏或被改动。 / the file is damaged or was changed.")
    return path


def unpack(wheel: Path, packages: Path, base: Path) -> None:
    """Put a wheel's files where they belong; refuse one that would leave the folder."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = placed(entry.filename, packages, base)
            if place is None or entry.is_dir():
                continue
            place = longer(place)
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as read, place.open("wb") as written:
                shutil.copyfileobj(read, written)


def placed(name: str, packages: Path, base: Path) -> Path | None:
    """Where a file of a wheel goes; None for scripts and headers, which nobody needs."""
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or set("\\:") & set(name):
        raise Refused(f"{name}: 会写到文件夹之外。 / would be written outside the folder.")
    found = re.match(r"[^/]+\.data/([^/]+)/(.*)", name)
    if found is None:
        return packages / inner
    kind, rest = found[1], found[2]
    roots = {"purelib": packages, "platlib": packages, "data": base}
    return roots[kind] / rest if kind in roots and rest else None


def commands(new: Path, target: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Write the command ``salesplan``; gives how it is called once the folder is in its place.

    Python is isolated (-I): nothing that lies in the folder where it is called is imported.
    """
    python = python_of(target, with_python=manifest["with_python"])
    if WINDOWS:
        inner = Path(python[0]).relative_to(target)
        text = f'@"%~dp0{inner}" -I -m salesplan %*\r\n'
        (new / "salesplan.cmd").write_text(text, "utf-8", newline="")
    else:
        script = new / "bin" / "salesplan"
        lines = ("#!/bin/sh", f'exec "{python[0]}" -I -m salesplan "$@"', "")
        script.write_text("\n".join(lines), "utf-8")
        script.chmod(0o755)
    return [*python, "-I", "-m", "salesplan"]


def python_of(target: Path, *, with_python: bool | None = None) -> list[str]:
    """The interpreter of an installed folder."""
    if with_python is None:
        with_python = json.loads((target / MARK).read_text("utf-8"))["with_python"]
    if with_python:
        return [str(target / "python" / "python.exe")]
    return [str(target / ("Scripts/python.exe" if WINDOWS else "bin/python"))]


def replace(new: Path, target: Path) -> None:
    """Put the new folder into its place; the old one goes once the new one stands there."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(longer(old), ignore_errors=True)
    if target.exists():
        move(target, old)
    try:
        move(new, target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    shutil.rmtree(longer(old), ignore_errors=True)


def move(folder: Path, place: Path) -> None:
    """Rename a folder; tried again where somebody has a file of it open for a moment."""
    for seconds in (*PATIENCE, None):
        try:
            folder.rename(place)
            return
        except PermissionError:
            if seconds is None:
                break
            time.sleep(seconds)
    raise Refused(
        f"{folder}: 正在使用。请关闭 Excel 和所有终端, 再试一次。 / "
        "is in use. Close Excel and every terminal, then try again."
    )


def longer(path: Path) -> Path:
    """The path as Windows takes it beyond 260 letters."""
    text = str(path)
    return Path(f"\\\\?\\{text}") if WINDOWS and text[1:2] == ":" else path


def shown(target: Path) -> Path:
    """The command as a person calls it."""
    return target / ("salesplan.cmd" if WINDOWS else "bin/salesplan")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
