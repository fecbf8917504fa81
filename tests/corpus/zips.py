"""The same parts in other zip records: zip64, data descriptors, stored members, extra fields, comments, folders."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

from tests.corpus.dialects import base
from tests.corpus.parts import STAMP

_ENTRY = struct.Struct("<4s4B4H3L5H2L")


class _Unseekable(io.RawIOBase):
    """A stream that cannot go back, so that sizes are written behind the data."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.out.write(data)


def zip64(path: Path) -> None:
    """Every member announced for more than 4 GB, every size and offset of the directory in its 64-bit field, a zip64 end."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in base().parts.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            with out.open(info, "w", force_zip64=True) as member:
                member.write(content)
        start, count = out.start_dir, len(out.namelist())
    data = path.read_bytes()
    directory, records = data[start : data.rindex(b"PK\x05\x06")], b""
    while directory:
        fields = list(_ENTRY.unpack_from(directory))
        name_end = _ENTRY.size + fields[12]
        end = name_end + fields[13] + fields[14]
        extra = struct.pack("<2H3Q", 1, 24, fields[11], fields[10], fields[18])
        fields[10] = fields[11] = fields[18] = 0xFFFFFFFF
        fields[13] = len(extra)
        records += _ENTRY.pack(*fields) + directory[_ENTRY.size : name_end] + extra
        directory = directory[end:]
    end64 = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(records), start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(records), 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(data[:start] + records + end64 + locator + last)


def descriptors(path: Path) -> None:
    """Sizes and checksums behind the data, as streaming writers have them."""
    with (
        path.open("wb") as file,
        zipfile.ZipFile(_Unseekable(file), "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name, content in base().parts.items():
            out.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)


def stored(path: Path) -> None:
    """Nothing packed; the content types last; pictures and sheets among stored parts."""
    parts = base().parts
    order = [*(name for name in parts if name != "[Content_Types].xml"), "[Content_Types].xml"]
    with zipfile.ZipFile(path, "w") as out:
        for name in order:
            out.writestr(zipfile.ZipInfo(name, STAMP), parts[name], zipfile.ZIP_STORED)


def extras(path: Path) -> None:
    """Extra fields (an unknown one and the padding Office writes), member comments, folders, an archive comment, other system marks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.comment = "计划 2026".encode()
        out.writestr(zipfile.ZipInfo("xl/", STAMP), b"")
        for at, (name, content) in enumerate(base().parts.items()):
            info = zipfile.ZipInfo(name, STAMP)
            info.extra = (
                struct.pack("<2H", 0xA220, 4)
                + b"\x28\xa0\0\0"
                + struct.pack("<2H", 0x7075, 2)
                + b"ok"
            )
            info.comment = f"第 {at} 项".encode()
            info.create_system, info.external_attr = 0, 0x20
            out.writestr(info, content, zipfile.ZIP_DEFLATED, 1 + at % 9)
