"""A picture without a picture library."""

from __future__ import annotations

import struct
import zlib


def png(red: int = 200, size: int = 8) -> bytes:
    """A plain square."""
    rows = (b"\0" + bytes((red, 90, 40)) * size) * size
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">LLBBBBB", size, size, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
