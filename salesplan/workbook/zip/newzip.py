"""A zip archive written anew, whose members may be given as they are packed elsewhere."""

from __future__ import annotations

import zlib
from io import BytesIO

from salesplan.workbook.zip.rawzip import CENTRAL, DEFLATED, END, LOCAL, STORED

_VERSION, _FIRST_DAY = 20, 0x21
"""What an unpacker needs to know (2.0), and 1 January 1980."""


class NewZip:
    """Members are added to ``target``; :meth:`finish` writes the directory. For archives below 4
    GB.
    """

    def __init__(self, target: BytesIO) -> None:
        self._target = target
        self._records: list[bytes] = []

    def add(self, name: str, content: bytes, packed: bytes | None = None) -> None:
        """A member; ``packed`` are the deflated bytes of its content, if they are at hand, else it
        is stored.
        """
        method, stored = (STORED, content) if packed is None else (DEFLATED, packed)
        raw_name, offset = name.encode(), self._target.tell()
        told = (method, 0, _FIRST_DAY, zlib.crc32(content), len(stored), len(content))
        self._target.write(
            LOCAL.pack(b"PK\x03\x04", _VERSION, 0, *told, len(raw_name), 0) + raw_name
        )
        self._target.write(stored)
        self._records.append(
            CENTRAL.pack(
                b"PK\x01\x02",
                _VERSION,
                0,
                _VERSION,
                0,
                0,
                *told,
                len(raw_name),
                0,
                0,
                0,
                0,
                0,
                offset,
            )
            + raw_name
        )

    def finish(self) -> None:
        """Write the directory; nothing can be added afterwards."""
        start = self._target.tell()
        self._target.write(b"".join(self._records))
        count, size = len(self._records), self._target.tell() - start
        self._target.write(END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))
