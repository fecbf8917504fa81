"""A zip read as if its maker meant harm: checked whole before any part of it is inflated."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from salesplan.findings import Finding, Place, SalesplanError

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an honest workbook stays within; sizes in bytes.

    ``max_ratio`` (inflated ÷ stored) is tested on entries larger than ``ratio_from``: small parts
    of repeated XML pack very well. ``max_area`` bounds rows × columns of one sheet's used range.
    """

    max_file: int = 300 * 2**20
    max_entry: int = 2**30
    max_total: int = 2 * 2**30
    max_entries: int = 10_000
    max_ratio: int = 400
    ratio_from: int = 10 * 2**20
    max_area: int = 40_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored entry: where its compressed bytes lie and what they must inflate to."""

    name: str
    start: int
    stored: int
    size: int
    method: int
    crc: int


def refuse(code: str, workbook: str, **params: object) -> SalesplanError:
    """The error of ``code`` about the file named ``workbook``; exit code 4."""
    return SalesplanError(Finding.of(code, Place(workbook), file=workbook, **params))


def read_directory(data: bytes, workbook: str, limits: Limits) -> Mapping[str, Entry]:
    """The entries of a zip by name, each check passed; nothing is inflated.

    Raises SalesplanError: file-truncated, file-damaged, file-encrypted or one of file-unsafe-….
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            infos, directory = opened.infolist(), opened.start_dir
    except Exception as error:  # zipfile answers damaged bytes with seven kinds of exception
        truncated = isinstance(error, zipfile.BadZipFile) and b"PK\x05\x06" not in data
        raise refuse("file-truncated" if truncated else "file-damaged", workbook) from error
    _check_sizes(infos, workbook, limits)
    entries: dict[str, Entry] = {}
    seen: set[str] = set()
    ends: list[tuple[int, int]] = []
    for info in infos:
        _check_entry(info, seen, workbook)
        start = _payload_start(data, info, workbook)
        ends.append((info.header_offset, start + info.compress_size))
        entries[info.filename] = Entry(info.filename, start, info.compress_size, info.file_size, info.compress_type, info.CRC)
    ends.sort()
    for (_, end), (following, _) in pairwise([*ends, (directory, directory)]):
        if end > following:
            raise refuse("file-unsafe-overlap", workbook)
    return entries


def inflate(data: bytes, entry: Entry, workbook: str) -> bytes:
    """The bytes of one entry, never more than its directory declares.

    Raises SalesplanError: file-damaged-part (broken stream, wrong size or checksum), file-unsafe-inflation.
    """
    stored = data[entry.start : entry.start + entry.stored]
    if entry.method == zipfile.ZIP_STORED:
        content = stored
    else:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(stored, entry.size + 1)
        except zlib.error as error:
            raise refuse("file-damaged-part", workbook, part=entry.name) from error
    if len(content) > entry.size:
        raise refuse("file-unsafe-inflation", workbook, part=entry.name)
    if len(content) < entry.size or zlib.crc32(content) != entry.crc:
        raise refuse("file-damaged-part", workbook, part=entry.name)
    return content


def _check_sizes(infos: list[zipfile.ZipInfo], workbook: str, limits: Limits) -> None:
    if len(infos) > limits.max_entries:
        raise refuse("file-unsafe-entries", workbook, count=len(infos), limit=limits.max_entries)
    for info in infos:
        if info.file_size > limits.max_entry:
            raise refuse("file-unsafe-size", workbook, size=info.file_size // 2**20, limit=limits.max_entry // 2**20)
        if info.file_size > limits.ratio_from and info.file_size > limits.max_ratio * max(info.compress_size, 1):
            raise refuse("file-unsafe-ratio", workbook, part=info.filename)
    total = sum(info.file_size for info in infos)
    if total > limits.max_total:
        raise refuse("file-unsafe-size", workbook, size=total // 2**20, limit=limits.max_total // 2**20)


def _check_entry(info: zipfile.ZipInfo, seen: set[str], workbook: str) -> None:
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
        raise refuse("file-unsafe-path", workbook, part=info.filename)
    if name.casefold() in seen:
        raise refuse("file-unsafe-duplicate", workbook, part=info.filename)
    seen.add(name.casefold())
    if info.flag_bits & _ENCRYPTED:
        raise refuse("file-encrypted", workbook)
    if info.compress_type not in _METHODS:
        raise refuse("file-unsafe-compression", workbook, part=info.filename)


def _payload_start(data: bytes, info: zipfile.ZipInfo, workbook: str) -> int:
    offset = info.header_offset
    if not 0 <= offset <= len(data) - _LOCAL_HEADER.size:
        raise refuse("file-damaged", workbook)
    fields = _LOCAL_HEADER.unpack_from(data, offset)
    if fields[0] != b"PK\x03\x04":
        raise refuse("file-damaged", workbook)
    return offset + _LOCAL_HEADER.size + int(fields[9]) + int(fields[10])
