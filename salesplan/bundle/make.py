"""Putting a bundle together: wheels, an embeddable Python, the scripts, and a list with digests."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from salesplan.bundle.scripts import CMD, README, SH
from salesplan.bundle.target import Target, python_in, target_of
from salesplan.bundle.wheels import needed, own_wheel, write_zip
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

ROOM = 60 << 20
"""Bytes that a bundle should not go beyond: it is sent by mail and by chat."""
_UNPACKED = 400 << 20
"""Bytes that an embeddable Python may unpack to."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written: its file, its size, its wheels by name, its target."""

    path: Path
    size: int
    wheels: tuple[str, ...]
    target: Target
    with_python: bool


def bundle(
    out: Path,
    platform: str,
    *,
    python_version: str = "",
    python: Path | None = None,
    wheels: Path | None = None,
    extras: Sequence[str] = (),
) -> Bundle:
    """Write to ``out`` a zip that installs salesplan on ``platform`` (win_amd64, linux_x86_64, …)
    without a network and without rights.

    ``python`` is a zip with the embeddable Python for Windows, which is then taken along; without
    it the machine needs Python ``python_version`` (default: as here). ``wheels`` is a folder with
    all the wheels; without it pip downloads them, by its own settings. The same package, Python
    and wheels give the same bytes.

    Raises SalesplanError: exit 2 for a platform that is none, a zip without Python, or something
    else at ``out``; exit 1 where a wheel cannot be had.
    """
    version = python_in(python) if python is not None else python_version
    target = target_of(platform, version)
    if python is not None and not target.windows:
        raise SalesplanError(Finding.of("bundle-python-of-windows", Place(python.name)), 2)
    if out.suffix.lower() != ".zip" or (out.exists() and not zipfile.is_zipfile(out)):
        raise SalesplanError(Finding.of("bundle-out", Place(str(out)), file=str(out)), 2)
    files: dict[str, bytes] = {}
    with TemporaryDirectory(prefix="salesplan-") as made:
        folder = wheels or Path(made)
        for wheel in needed(target, folder, extras, download=wheels is None):
            files[f"wheels/{wheel.name}"] = wheel.read_bytes()
    name, own = own_wheel()
    files[f"wheels/{name}"] = own
    files |= _python(python) if python is not None else {}
    names = tuple(sorted(one.removeprefix("wheels/") for one in files if one.endswith(".whl")))
    files |= _scripts(target, names, files, with_python=python is not None)
    top = f"{name.partition('-py3')[0]}-{platform}"
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    try:
        write_zip(part, {f"{top}/{one}": files[one] for one in sorted(files)})
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Bundle(out, out.stat().st_size, names, target, python is not None)


def _scripts(
    target: Target, names: Sequence[str], files: dict[str, bytes], *, with_python: bool
) -> dict[str, bytes]:
    listed = {
        "platform": target.platform,
        "python": target.python,
        "with_python": with_python,
        "wheels": {one: hashlib.sha256(files[f"wheels/{one}"]).hexdigest() for one in names},
    }
    installer = Path(__file__).with_name("installer.py").read_bytes()
    start = {"install.cmd": CMD} if target.windows else {"install.sh": SH}
    # A notepad takes a text without a mark for the code page's, and one line for all of it.
    readme = "\ufeff" + README.replace("\n", "\r\n") if target.windows else README
    texts = {**start, "README.txt": readme}
    return {
        "install.py": installer,
        "manifest.json": json.dumps(listed, indent=1, sort_keys=True).encode(),
        **{name: text.replace("{python}", target.python).encode() for name, text in texts.items()},
    }


def _python(archive: Path) -> dict[str, bytes]:
    """The embeddable Python's files, below the folder ``python``; a name that leads out of it is
    refused.
    """
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(archive) as opened:
        if sum(one.file_size for one in opened.infolist()) > _UNPACKED:
            raise SalesplanError(_unsafe(archive, "—"), 2)
        for one in opened.infolist():
            inner = PurePosixPath(one.filename)
            if inner.is_absolute() or ".." in inner.parts or set("\\:") & set(one.filename):
                raise SalesplanError(_unsafe(archive, one.filename), 2)
            if not one.is_dir():
                found[f"python/{inner}"] = opened.read(one)
    return found


def _unsafe(archive: Path, name: str) -> Finding:
    return Finding.of("bundle-python-unsafe", Place(archive.name), file=archive.name, name=name)
