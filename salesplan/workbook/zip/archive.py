"""A zip read as if its maker meant harm: checked whole before any part of it is inflated. What is
none is looked at for its first bytes, so that the cause can be named.
"""

from __future__ import annotations

import codecs
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import BinaryIO

from salesplan.config import Limits
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 2**20
_PIECE = 2**16
"""Of packed bytes, so much at a time."""
_TAIL = 2**16 + 22
"""The end of a zip: its last record with the longest comment there may be."""


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


class FileBytes:
    """A file held open, its bytes read where they are asked for: a large workbook is never in
    memory as a whole.

    ``workbook`` is its name for messages. Every read raises SalesplanError file-unreadable where
    the file cannot be read, or is closed.
    """

    def __init__(self, stream: BinaryIO, workbook: str) -> None:
        self.stream = stream
        self.workbook = workbook
        self.size = stream.seek(0, 2)

    def at(self, start: int, length: int) -> bytes:
        """The bytes from ``start`` on, fewer than ``length`` at the end of the file."""
        try:
            self.stream.seek(start)
            return self.stream.read(length)
        except (OSError, ValueError) as error:  # ValueError: it is closed
            raise refuse(
                "file-unreadable",
                self.workbook,
                reason=getattr(error, "strerror", None) or str(error),
            ) from error

    def chunks(self) -> Iterator[bytes]:
        """The whole file, piece by piece."""
        for start in range(0, self.size, _CHUNK):
            yield self.at(start, min(_CHUNK, self.size - start))


def over(code: str, workbook: str, setting: str, **params: object) -> SalesplanError:
    """The error of a file beyond one of the user's limits, named so that it can be raised; exit
    code 4.
    """
    return refuse(code, workbook, setting=f"limits.{setting}", **params)


def too_large(workbook: str, size: int, limit: int, setting: str) -> SalesplanError:
    """The error of a size, in bytes, beyond a limit."""
    return over("file-unsafe-size", workbook, setting, size=-(-size // 2**20), limit=limit // 2**20)


def read_directory(data: FileBytes, limits: Limits) -> Mapping[str, Entry]:
    """The entries of a zip by name, each check passed; nothing is inflated.

    Raises SalesplanError: file-truncated, file-damaged, file-encrypted or one of file-unsafe-….
    """
    workbook = data.workbook
    try:
        with zipfile.ZipFile(data.stream) as opened:
            infos, directory = opened.infolist(), opened.start_dir
    except Exception as error:  # zipfile answers damaged bytes with seven kinds of exception
        truncated = isinstance(error, zipfile.BadZipFile) and b"PK\x05\x06" not in data.at(
            max(data.size - _TAIL, 0), _TAIL
        )
        raise refuse("file-truncated" if truncated else "file-damaged", workbook) from error
    _check_sizes(infos, workbook, limits)
    entries: dict[str, Entry] = {}
    seen: set[str] = set()
    ends: list[tuple[int, int]] = []
    for info in infos:
        _check_entry(info, seen, workbook)
        start = _payload_start(data, info)
        ends.append((info.header_offset, start + info.compress_size))
        entries[info.filename] = Entry(
            info.filename, start, info.compress_size, info.file_size, info.compress_type, info.CRC
        )
    ends.sort()
    for (_, end), (following, _) in pairwise([*ends, (directory, directory)]):
        if end > following:
            raise refuse("file-unsafe-overlap", workbook)
    return entries


def inflate(data: FileBytes, entry: Entry) -> bytes:
    """The bytes of one entry, never more than its directory declares.

    Raises SalesplanError: file-damaged-part (broken stream, wrong size or checksum),
    file-unsafe-inflation.
    """
    workbook = data.workbook
    stored = data.at(entry.start, entry.stored)
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


def inflated(data: FileBytes, entry: Entry) -> Iterator[bytes]:
    """The bytes of one entry, piece by piece; what :func:`inflate` finds wrong is raised where it
    shows, at the latest behind the last piece.
    """
    size, crc = 0, 0
    try:
        for piece in _pieces(data, entry):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > entry.size:
                raise refuse("file-unsafe-inflation", data.workbook, part=entry.name)
            yield piece
    except zlib.error as error:
        raise refuse("file-damaged-part", data.workbook, part=entry.name) from error
    if size < entry.size or crc != entry.crc:
        raise refuse("file-damaged-part", data.workbook, part=entry.name)


def _pieces(data: FileBytes, entry: Entry) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, entry.stored, _PIECE):
        stored = data.at(entry.start + start, min(_PIECE, entry.stored - start))
        if entry.method == zipfile.ZIP_STORED:
            yield stored
            continue
        while stored:
            yield stream.decompress(stored, _CHUNK)
            stored = stream.unconsumed_tail
    if entry.method != zipfile.ZIP_STORED:
        yield stream.flush()


def _check_sizes(infos: list[zipfile.ZipInfo], workbook: str, limits: Limits) -> None:
    if len(infos) > limits.max_entries:
        raise over(
            "file-unsafe-entries",
            workbook,
            "max_entries",
            count=len(infos),
            limit=limits.max_entries,
        )
    for info in infos:
        if info.file_size > limits.max_entry:
            raise too_large(workbook, info.file_size, limits.max_entry, "max_entry")
        if info.file_size > limits.ratio_from and info.file_size > limits.max_ratio * max(
            info.compress_size, 1
        ):
            raise over("file-unsafe-ratio", workbook, "max_ratio", part=info.filename)
    total = sum(info.file_size for info in infos)
    if total > limits.max_total:
        raise too_large(workbook, total, limits.max_total, "max_total")


def _check_entry(info: zipfile.ZipInfo, seen: set[str], workbook: str) -> None:
    # One leading slash names the same part (some writers store pictures so); nothing is ever
    # unpacked to a disk by it.
    name = info.filename.replace("\\", "/").removeprefix("/")
    if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
        raise refuse("file-unsafe-path", workbook, part=info.filename)
    if name.casefold() in seen:
        raise refuse("file-unsafe-duplicate", workbook, part=info.filename)
    seen.add(name.casefold())
    if info.flag_bits & _ENCRYPTED:
        raise refuse("file-encrypted", workbook)
    if info.compress_type not in _METHODS:
        raise refuse("file-unsafe-compression", workbook, part=info.filename)


def _payload_start(data: FileBytes, info: zipfile.ZipInfo) -> int:
    offset = info.header_offset
    if not 0 <= offset <= data.size - _LOCAL_HEADER.size:
        raise refuse("file-damaged", data.workbook)
    fields = _LOCAL_HEADER.unpack(data.at(offset, _LOCAL_HEADER.size))
    if fields[0] != b"PK\x03\x04":
        raise refuse("file-damaged", data.workbook)
    return offset + _LOCAL_HEADER.size + int(fields[9]) + int(fields[10])


_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_BIFF = (
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x00\x04\x00",
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HEAD = 4096


def is_zip(head: bytes) -> bool:
    """Whether a file of these first four bytes starts as a zip does, or is too short to tell."""
    return head.startswith(_ZIP) or head in (b"PK", b"PK\x03")


def cause_of_refusal(data: bytes, name: str) -> str:
    """The code of the message that says why ``data`` cannot be a workbook; empty if it starts as a
    zip does.

    ``name`` is the file's own name, which tells Excel's ``~$`` owner files from damaged ones.
    """
    if name.startswith("~$"):
        return "file-owner"
    if not data:
        return "file-empty"
    if is_zip(data):
        return ""
    if not data.strip(b"\0"):
        return "file-zeros"
    if data.startswith(_OLE):
        return _ole_cause(data)
    if data.startswith(_BIFF):
        return "file-old-xls"
    return _text_cause(data[:_HEAD])


def _ole_cause(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "file-encrypted"
    if (
        "WordDocument".encode("utf-16-le") in data
        or "PowerPoint Document".encode("utf-16-le") in data
    ):
        return "file-not-workbook"
    return "file-old-xls"


def _text_cause(head: bytes) -> str:
    text = decoded(head)
    if text is None:
        return "file-not-workbook"
    start = text.lstrip("\ufeff \t\r\n").casefold()
    if start.startswith("version https://git-lfs"):
        return "file-lfs-pointer"
    if start.startswith("<"):
        return (
            "file-xml"
            if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<html" not in start
            else "file-html"
        )
    if start.startswith(("%pdf", "{\\rtf", "mime-version:")):
        return "file-html" if start.startswith("mime") else "file-not-workbook"
    return "file-text"


def decoded(head: bytes) -> str | None:
    """``head`` as text, in the encodings a CSV export comes in; None if it is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            # A head cut in the middle of a character is still text: final=False forgives it.
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        control = sum(1 for ch in text if ch < " " and ch not in "\t\r\n\f")
        return text if control * 50 <= len(text) else None
    return None
