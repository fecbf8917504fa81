"""Wheels: which ones a target needs, where they come from, and the wheel of this package itself."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.parser import HeaderParser
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from salesplan.bundle.target import Target
from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

OWN = "salesplan"
_ROUNDS = 6
"""How often packages may name others that only their target needs."""
_WHEEL = b"""Wheel-Version: 1.0
Generator: salesplan.bundle
Root-Is-Purelib: true
Tag: py3-none-any
"""
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the same input gives the same bytes."""


def needed(target: Target, folder: Path, extras: Sequence[str], *, download: bool) -> list[Path]:
    """The wheels in ``folder`` that the package needs on the target, after those that lack were
    downloaded into it (with ``download``).

    Raises SalesplanError: exit 2 where pip or packaging is not there, exit 1 where a wheel cannot
    be had.
    """
    for _ in range(_ROUNDS):
        found, missing = _walk(target, folder, extras)
        if not missing:
            return found
        if not download:
            break
        _download(target, folder, missing)
    raise SalesplanError(
        Finding.of("bundle-missing", Place(str(folder)), names=sorted(map(str, missing))), 1
    )


def _walk(
    target: Target, folder: Path, extras: Sequence[str]
) -> tuple[list[Path], dict[str, Requirement]]:
    """The wheels reached from the package's own requirements, and what none is there for."""
    there = _by_name(folder, target)
    found: dict[str, Path] = {}
    missing: dict[str, Requirement] = {}
    waiting = list(_requirements(distribution(OWN).requires or (), target, extras))
    while waiting:
        one = waiting.pop()
        name = plain_name(one.name)
        wheel = _newest(there.get(name, ()), one)
        if wheel is None:
            missing[f"{one.name}{one.specifier}"] = one
            continue
        known = name in found
        found[name] = wheel
        if not known or one.extras:
            waiting += _requirements(_requires(wheel), target, tuple(one.extras))
    return sorted(found.values()), missing


def _requirements(
    lines: Iterable[str], target: Target, extras: Sequence[str]
) -> Iterator[Requirement]:
    """The requirements that hold on the target, with those of the extras."""
    reads = _reader()
    for line in lines:
        one = reads(line)
        environments = [{**target.environment, "extra": extra} for extra in ("", *extras)]
        if one.marker is None or any(one.marker.evaluate(each) for each in environments):
            yield one


@cache
def _reader() -> type[Requirement]:
    try:
        from packaging.requirements import Requirement
    except ImportError as error:
        raise SalesplanError(Finding.of("bundle-needs-pip", Place()), 2) from error
    return Requirement


def _by_name(folder: Path, target: Target) -> Mapping[str, list[Path]]:
    """The wheels of a folder that run on the target, by their packages."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.whl")):
        try:
            name, _, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        if any(target.runs(one.interpreter, one.abi, one.platform) for one in tags):
            found.setdefault(name, []).append(path)
    return found


def _newest(wheels: Sequence[Path], asked: Requirement) -> Path | None:
    """The newest of a package's wheels that the requirement takes."""
    from packaging.utils import parse_wheel_filename

    fits = [
        (version, path)
        for path in wheels
        if asked.specifier.contains(version := parse_wheel_filename(path.name)[1], prereleases=True)
    ]
    return max(fits)[1] if fits else None


def plain_name(name: str) -> str:
    """A package's name as all its spellings have it: python-calamine for python_calamine."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requires(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        name = next(one for one in opened.namelist() if one.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(opened.read(name).decode())
    return headers.get_all("Requires-Dist") or []


def _download(target: Target, folder: Path, missing: Mapping[str, Requirement]) -> None:
    """Let pip download what is missing, by its own settings; nothing is built from sources."""
    platforms = [f"--platform={tag}" for tag in target.tags]
    names = [_asked(one) for one in missing.values()]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--python-version", target.python, *platforms]
    command += [
        "--implementation",
        "cp",
        "--dest",
        str(folder),
        "--find-links",
        str(folder),
        *names,
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        code = "bundle-needs-pip" if "No module named pip" in done.stderr else "bundle-download"
        errors = [one for one in done.stderr.splitlines() if one.startswith("ERROR")]
        cause = (errors or done.stderr.strip().splitlines() or ["—"])[-1]
        raise SalesplanError(Finding.of(code, Place(), names=names, cause=cause), 1)


def _asked(one: Requirement) -> str:
    extras = f"[{','.join(sorted(one.extras))}]" if one.extras else ""
    return f"{one.name}{extras}{one.specifier}"


@cache
def own_wheel() -> tuple[str, bytes]:
    """The name and the bytes of a wheel of this package as it runs here."""
    import salesplan

    dist = distribution(OWN)
    info = f"{OWN}-{dist.version}.dist-info"
    files = dict(_own_files(Path(salesplan.__file__).parent))
    files[f"{info}/METADATA"] = (dist.read_text("METADATA") or "").encode()
    files[f"{info}/WHEEL"] = _WHEEL
    files[f"{info}/entry_points.txt"] = b"[console_scripts]\nsalesplan = salesplan.cli:main\n"
    lines = [f"{name},{_record(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    made = io.BytesIO()
    write_zip(made, files)
    return f"{OWN}-{dist.version}-py3-none-any.whl", made.getvalue()


def _own_files(package: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(package.parent).as_posix(), path.read_bytes()


def _record(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


def write_zip(
    target: io.BytesIO | Path, files: Mapping[str, bytes], *, packed: bool = True
) -> None:
    """Write a zip whose bytes depend on the files alone: in that order, at a fixed time; scripts
    may be run. What is packed already is stored as it is.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.create_system = 3
            entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            stored = not packed or name.endswith(".whl")
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
