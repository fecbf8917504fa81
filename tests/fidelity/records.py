"""The records of a zip as bytes, read with nothing of the program under test."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIBED_LATER = 8


@dataclass(frozen=True)
class Record:
    """One member: its content; its local header, compressed bytes and data descriptor as they lie;
    what the directory says of it.
    """

    content: bytes
    lies: bytes
    told: tuple[object, ...]
    dressed: tuple[object, ...]
    """What a member must keep even when its content is new: dates, comment, system marks, method.
    """


@dataclass(frozen=True)
class Archive:
    """A whole file: its members in order, the comment of the archive."""

    records: dict[str, Record]
    comment: bytes

    @classmethod
    def of(cls, path: Path) -> Archive:
        data = path.read_bytes()
        with zipfile.ZipFile(path) as opened:
            infos = opened.infolist()
            starts = sorted(info.header_offset for info in infos)
            following = dict(pairwise([*starts, opened.start_dir]))
            records = {
                info.filename: _record(data, info, following[info.header_offset], opened.read(info))
                for info in infos
            }
            return cls(records, opened.comment)


def _record(data: bytes, info: zipfile.ZipInfo, following: int, content: bytes) -> Record:
    header = _LOCAL.unpack_from(data, info.header_offset)
    end = info.header_offset + _LOCAL.size + header[9] + header[10] + info.compress_size
    if info.flag_bits & _DESCRIBED_LATER:
        end = min(following, end + 24)
    dressed = (
        info.date_time,
        info.comment,
        info.create_system,
        info.external_attr,
        info.internal_attr,
        info.compress_type,
        info.flag_bits & ~_DESCRIBED_LATER,
    )
    told = (
        info.CRC,
        info.compress_size,
        info.file_size,
        info.flag_bits,
        _without_zip64(info.extra),
        *dressed,
    )
    return Record(content, data[info.header_offset : end], told, dressed)


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields without the one whose content is where the member lies."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        kept += b"" if kind == 1 else extra[at : at + 4 + length]
        at += 4 + length
    return kept
