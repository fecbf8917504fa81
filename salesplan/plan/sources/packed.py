"""Files that are packed: .gz, and .zip with one or several files of one layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from salesplan.findings import Finding, Place, SalesplanError

if TYPE_CHECKING:
    import zipfile

LARGEST = 4 << 30
"""Bytes that a packed file may unpack to: more is a slip, or meant to harm."""

CHUNK = 1 << 20


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def unpacked(path: Path) -> Iterator[tuple[Path, bytes]]:
    """(name, bytes) of what a file holds: its own bytes where it is not packed.

    Raises SalesplanError (exit 4) where it cannot be read, or unpacks to too much.
    """
    import gzip
    import zipfile
    import zlib

    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                yield path.with_suffix(""), _all_of(path, stream)
        elif path.suffix.lower() == ".zip":
            yield from _zipped(path)
        else:
            yield path, path.read_bytes()
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refusal(path, "import-unreadable", cause=why) from error


def _zipped(path: Path) -> Iterator[tuple[Path, bytes]]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if _counts(one)]
        if sum(one.file_size for one in members) > LARGEST:
            raise _refusal(path, "import-too-large")
        for member in members:
            with archive.open(member) as stream:
                yield path.parent / Path(member.filename).name, _all_of(path, stream)


def _counts(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file that somebody put there, and not a system's own."""
    hidden = Path(member.filename).name.startswith(".") or member.filename.startswith("__MACOSX/")
    return not member.is_dir() and not hidden


def _all_of(path: Path, stream: _Stream) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise _refusal(path, "import-too-large")
    return b"".join(pieces)


def _refusal(path: Path, code: str, **params: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), 4)
