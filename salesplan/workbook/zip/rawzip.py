"""A zip archive seen as records: most are copied byte for byte, a few are written anew.

Source of the layout: PKWARE APPNOTE 4.3 to 4.5. The archive is expected to have passed the
checks of the package room; what is odd here is refused, never guessed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from struct import Struct, error
from types import TracebackType
from typing import BinaryIO, Self

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

LOCAL = Struct("<4s5H3L2H")
CENTRAL = Struct("<4s4B4H3L5H2L")
END = Struct("<4s4H2LH")
END64 = Struct("<4sQ2H2L4Q")
LOCATOR64 = Struct("<4sLQL")
FULL32, FULL16 = 0xFFFFFFFF, 0xFFFF
STORED, DEFLATED = 0, 8
CHUNK = 1 << 20
_VERSION, _FIRST_DAY, _UTF8 = 20, 0x21, 0x800
"""Of a new member: what an unpacker needs to know (2.0), 1 January 1980, and that its name is
UTF-8.
"""
LEVEL = 5
"""How hard new content is packed: two thirds of the time of zlib's middle way for a few percent
more bytes.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the central directory tells it."""

    name: str
    fields: tuple[int, ...]
    raw_name: bytes
    extra: bytes
    comment: bytes
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def flags(self) -> int:
        """The general purpose bits of the entry."""
        return self.fields[4]

    @property
    def method(self) -> int:
        """How it is packed: 0 stored, 8 deflated."""
        return self.fields[5]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a member's new content came to: its CRC, and its sizes packed and plain."""

    crc: int
    packed: int
    size: int


class RawZip:
    """An archive opened for reading members and for copying itself with some of them changed.

    Raises SalesplanError (exit 4) if it is no whole archive.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO = path.open("rb")
        try:
            self._shift, start, size, self._comment, self._end64 = self._directory()
            self._file.seek(start)
            self.entries = self._entries(self._file.read(size))
        except (error, IndexError, UnicodeDecodeError) as problem:
            self._file.close()
            raise self._broken("central directory") from problem
        except BaseException:
            self._file.close()
            raise
        self.by_name = {entry.name: entry for entry in self.entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, name: str) -> bytes:
        """A member's content, its size and CRC checked. KeyError if there is none of that name."""
        entry = self.by_name[name]
        self._file.seek(self._data_start(entry))
        packed = self._file.read(entry.packed)
        if entry.flags & 1:
            raise self._broken(name)
        if entry.method == DEFLATED:
            unpacker = zlib.decompressobj(-15)
            try:
                data = unpacker.decompress(packed, entry.size + 1)
            except zlib.error as problem:
                raise self._broken(name) from problem
        elif entry.method == STORED:
            data = packed
        else:
            raise self._broken(name)
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise self._broken(name)
        return data

    def copy_with(
        self,
        target: BinaryIO,
        replaced: Mapping[str, bytes | Iterable[bytes]],
        dropped: frozenset[str] = frozenset(),
        level: int = LEVEL,
    ) -> None:
        """Write the archive to ``target`` (seekable) in the same order, ``replaced`` members anew,
        ``dropped`` left out.

        New content may come in pieces, which are packed as they come, so that it is never held
        whole. Content under a name that the archive does not have becomes a new member behind all
        others. Every other member's local header and compressed bytes are copied as they are, in
        chunks.
        """
        records = []
        for entry in self.entries:
            if entry.name in dropped:
                continue
            offset = target.tell()
            if entry.name in replaced:
                content = replaced[entry.name]
                fresh = self._write_fresh(
                    target, entry, [content] if isinstance(content, bytes) else content, level
                )
                records.append(_central(entry, offset, fresh))
            else:
                self._copy(target, entry)
                records.append(_central(entry, offset, None))
        for name in (name for name in replaced if name not in self.by_name):
            content = replaced[name]
            pieces = [content] if isinstance(content, bytes) else content
            records.append(_added(target, name, pieces, level))
        start = target.tell()
        for record in records:
            target.write(record)
        self._write_end(target, len(records), start, target.tell() - start)

    def same_bytes(self, other: RawZip, name: str) -> bool:
        """Whether both archives hold the same compressed bytes under the name."""
        mine, theirs = self.by_name[name], other.by_name[name]
        if (mine.packed, mine.size, mine.crc, mine.method) != (
            theirs.packed,
            theirs.size,
            theirs.crc,
            theirs.method,
        ):
            return False
        self._file.seek(self._data_start(mine))
        other._file.seek(other._data_start(theirs))
        left = mine.packed
        while left:
            piece = self._file.read(min(CHUNK, left))
            if not piece or piece != other._file.read(len(piece)):
                return False
            left -= len(piece)
        return True

    def _directory(self) -> tuple[int, int, int, bytes, tuple[int, int] | None]:
        """(bytes before the archive, start and size of the directory, archive comment, zip64
        versions).
        """
        length = self._file.seek(0, 2)
        tail_at = max(0, length - END.size - FULL16)
        self._file.seek(tail_at)
        tail = self._file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            raise self._broken("end of central directory")
        end = END.unpack_from(tail, at)
        comment = tail[at + END.size : at + END.size + end[7]]
        size, start, here = end[5], end[6], tail_at + at
        end64 = None
        locator = here - LOCATOR64.size
        if locator >= 0:
            self._file.seek(locator)
            found = LOCATOR64.unpack(self._file.read(LOCATOR64.size))
            if found[0] == b"PK\x06\x07":
                self._file.seek(locator - END64.size)
                record = END64.unpack(self._file.read(END64.size))
                if record[0] != b"PK\x06\x06":
                    raise self._broken("zip64 end of central directory")
                size, start, here, end64 = (
                    record[8],
                    record[9],
                    locator - END64.size,
                    (record[2], record[3]),
                )
        shift = here - size - start
        if shift < 0:
            raise self._broken("central directory")
        return shift, here - size, size, comment, end64

    def _entries(self, directory: bytes) -> tuple[Entry, ...]:
        entries = []
        at = 0
        while at < len(directory):
            entry, at = _entry(directory, at)
            entries.append(entry)
        return tuple(entries)

    def _data_start(self, entry: Entry) -> int:
        self._file.seek(self._shift + entry.offset)
        header = self._file.read(LOCAL.size)
        if len(header) < LOCAL.size or header[:4] != b"PK\x03\x04":
            raise self._broken(entry.name)
        name_length, extra_length = (
            int.from_bytes(header[26:28], "little"),
            int.from_bytes(header[28:30], "little"),
        )
        return self._shift + entry.offset + LOCAL.size + name_length + extra_length

    def _copy(self, target: BinaryIO, entry: Entry) -> None:
        start = self._shift + entry.offset
        end = self._data_start(entry) + entry.packed
        if entry.flags & 8:
            end += self._descriptor(entry, end)
        self._file.seek(start)
        left = end - start
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise self._broken(entry.name)
            target.write(chunk)
            left -= len(chunk)

    def _descriptor(self, entry: Entry, at: int) -> int:
        """Length of the data descriptor behind the member's data: 12, 16, 20 or 24 bytes."""
        self._file.seek(at)
        found = self._file.read(24)
        narrow = Struct("<3L").pack(entry.crc, entry.packed & FULL32, entry.size & FULL32)
        wide = Struct("<L2Q").pack(entry.crc, entry.packed, entry.size)
        for descriptor in (b"PK\x07\x08" + wide, wide, b"PK\x07\x08" + narrow, narrow):
            if found.startswith(descriptor):
                return len(descriptor)
        raise self._broken(entry.name)

    def _write_fresh(
        self, target: BinaryIO, entry: Entry, pieces: Iterable[bytes], level: int
    ) -> Fresh:
        """The member's header and its new content, packed as the old was; the header is filled in
        when the sizes are known.
        """
        self._file.seek(self._shift + entry.offset)
        old = LOCAL.unpack(self._file.read(LOCAL.size))
        name = self._file.read(old[9])
        extra = _without_zip64(self._file.read(old[10]))
        start = target.tell()
        target.write(bytes(LOCAL.size) + name + extra)
        fresh = _pack(target, pieces, entry.method, level)
        if max(fresh.packed, fresh.size) >= FULL32:
            raise self._broken(entry.name)
        end = target.tell()
        target.seek(start)
        target.write(
            LOCAL.pack(
                old[0],
                old[1],
                old[2] & ~8,
                *old[3:6],
                fresh.crc,
                fresh.packed,
                fresh.size,
                len(name),
                len(extra),
            )
        )
        target.seek(end)
        return fresh

    def _write_end(self, target: BinaryIO, count: int, start: int, size: int) -> None:
        if self._end64 or count >= FULL16 or start >= FULL32 or size >= FULL32:
            made, needed = self._end64 or (45, 45)
            at = target.tell()
            target.write(
                END64.pack(
                    b"PK\x06\x06", END64.size - 12, made, needed, 0, 0, count, count, size, start
                )
            )
            target.write(LOCATOR64.pack(b"PK\x06\x07", 0, at, 1))
        count, size, start = min(count, FULL16), min(size, FULL32), min(start, FULL32)
        target.write(
            END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(self._comment))
            + self._comment
        )

    def _broken(self, where: str) -> SalesplanError:
        return SalesplanError(Finding.of("package-damaged", Place(self.path.name), part=where), 4)


def _added(target: BinaryIO, name: str, pieces: Iterable[bytes], level: int) -> bytes:
    """Write a member that was not there before; its directory record."""
    offset, raw_name = target.tell(), name.encode()
    target.write(bytes(LOCAL.size) + raw_name)
    fresh = _pack(target, pieces, DEFLATED, level)
    end = target.tell()
    told = (DEFLATED, 0, _FIRST_DAY, fresh.crc, fresh.packed, fresh.size, len(raw_name))
    target.seek(offset)
    target.write(LOCAL.pack(b"PK\x03\x04", _VERSION, _UTF8, *told, 0))
    target.seek(end)
    versions = (_VERSION, 0, _VERSION, 0)
    return CENTRAL.pack(b"PK\x01\x02", *versions, _UTF8, *told, 0, 0, 0, 0, 0, offset) + raw_name


def _pack(target: BinaryIO, pieces: Iterable[bytes], method: int, level: int) -> Fresh:
    """Write the pieces stored or deflated."""
    crc = size = packed = 0
    packer = zlib.compressobj(level, zlib.DEFLATED, -15) if method == DEFLATED else None
    for piece in _gathered(pieces):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        packed += target.write(packer.compress(piece) if packer else piece)
    if packer:
        packed += target.write(packer.flush())
    return Fresh(crc, packed, size)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces put together to some size: to pack very many small ones one by one takes twice as
    long.
    """
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _entry(directory: bytes, at: int) -> tuple[Entry, int]:
    fields = CENTRAL.unpack_from(directory, at)
    if fields[0] != b"PK\x01\x02":
        raise IndexError(at)
    name_at = at + CENTRAL.size
    extra_at = name_at + fields[12]
    comment_at = extra_at + fields[13]
    end = comment_at + fields[14]
    if end > len(directory):
        raise IndexError(end)
    raw_name, extra = directory[name_at:extra_at], directory[extra_at:comment_at]
    packed, size, offset = _wide(extra, fields[10], fields[11], fields[18])
    name = raw_name.decode("utf-8" if fields[5] & 0x800 else "cp437").replace("\\", "/")
    return Entry(
        name,
        fields[1:],
        raw_name,
        extra,
        directory[comment_at:end],
        fields[9],
        packed,
        size,
        offset,
    ), end


def _wide(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """The three numbers with those that a zip64 extra field holds taken from there."""
    wide = _zip64(extra)
    values = []
    for value in (size, packed, offset):
        if value == FULL32 and len(wide) >= 8:
            value, wide = int.from_bytes(wide[:8], "little"), wide[8:]
        values.append(value)
    return values[1], values[0], values[2]


def _zip64(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = (
            int.from_bytes(extra[at : at + 2], "little"),
            int.from_bytes(extra[at + 2 : at + 4], "little"),
        )
        if kind == 1:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        length = 4 + int.from_bytes(extra[at + 2 : at + 4], "little")
        if extra[at : at + 2] != b"\x01\x00":
            kept += extra[at : at + length]
        at += length
    return kept + extra[at:]


def _central(entry: Entry, offset: int, fresh: Fresh | None) -> bytes:
    """The directory record of an entry at its new place; unchanged in all else unless it is
    fresh.
    """
    was = entry.fields
    crc, packed, size = (
        (fresh.crc, fresh.packed, fresh.size) if fresh else (entry.crc, entry.packed, entry.size)
    )
    wide = b""
    narrow = []
    for value, old in ((size, was[10]), (packed, was[9]), (offset, was[17])):
        sentinel = value >= FULL32 or (fresh is None and old == FULL32)
        wide += value.to_bytes(8, "little") if sentinel else b""
        narrow.append(FULL32 if sentinel else value)
    extra = _without_zip64(entry.extra)
    if wide:
        extra = b"\x01\x00" + len(wide).to_bytes(2, "little") + wide + extra
    flags = was[4] & ~8 if fresh else was[4]
    head = CENTRAL.pack(
        b"PK\x01\x02",
        *was[:4],
        flags,
        *was[5:8],
        crc,
        narrow[1],
        narrow[0],
        len(entry.raw_name),
        len(extra),
        len(entry.comment),
        *was[14:17],
        narrow[2],
    )
    return head + entry.raw_name + extra + entry.comment


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
