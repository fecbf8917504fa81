"""An .xlsx or .xlsm opened safely: its parts, its sheets, and the true cause where it cannot be
opened.
"""

from __future__ import annotations

import codecs
import hashlib
import posixpath
import re
import stat
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO
from urllib.parse import unquote

from salesplan.config import Limits, load
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.zip.archive import (
    Entry,
    FileBytes,
    cause_of_refusal,
    inflate,
    inflated,
    is_zip,
    read_directory,
    refuse,
    too_large,
)
from salesplan.workbook.zip.rawzip import DEFLATED

_SHARING_VIOLATIONS = (32, 33)
_TRUE = ("1", "true", "on")
_ENCODING = re.compile(rb"""^(<\?xml[^>]*?encoding\s*=\s*["'])([A-Za-z0-9._-]+)(["'])""")


@dataclass(frozen=True, slots=True)
class Relationship:
    """``type`` is the last segment of the type's address (worksheet, table…); ``target`` a part's
    name, or an address if external.
    """

    type: str
    target: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet in workbook order; ``grid`` is False for chart, dialog and macro sheets, which have
    no table cells.
    """

    name: str
    part: str
    visible: bool
    grid: bool = True


class Package:
    """A checked workbook held open; parts are read when they are asked for.

    ``sha256`` is that of the whole file when it was opened; a part that was written over since then
    does not pass its checksum. ``date1904``: whether dates count from 1904. ``workbook_part``: the
    part that lists the sheets.
    """

    def __init__(self, path: Path, data: FileBytes, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        digest = hashlib.sha256()
        for chunk in data.chunks():
            digest.update(chunk)
        self.sha256 = digest.hexdigest()
        self._data = data
        self._entries = read_directory(data, limits)
        self._names = {_key(name): name for name in self._entries}
        self._related: dict[str, Mapping[str, Relationship]] = {}
        self.workbook_part = self._find_workbook()
        self.date1904, self.sheets = self._read_workbook()

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; reading after that raises SalesplanError."""
        self._data.stream.close()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The zip's entries by their stored names, in the order of the directory."""
        return MappingProxyType(dict(self._entries))

    def find(self, part: str) -> str | None:
        """The stored name of a part, whatever case or leading slash it is asked by; None if there
        is no such part.
        """
        return self._names.get(_key(part))

    def read(self, part: str) -> bytes:
        """The bytes of a part as stored. XML with a document type is refused.

        Raises SalesplanError: file-damaged-part (missing or broken), file-unsafe-…
        """
        name = self.find(part)
        if name is None:
            raise refuse("file-damaged-part", self.path.name, part=part)
        content = inflate(self._data, self._entries[name])
        if name.casefold().endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in content:
            raise refuse("file-unsafe-doctype", self.path.name, part=name)
        return content

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part as stored, piece by piece, for one that is too long to be held;
        errors as :func:`inflated` gives them.
        """
        name = self.find(part)
        return iter(()) if name is None else inflated(self._data, self._entries[name])

    def size(self, part: str) -> int:
        """How many bytes a part has; 0 if there is none."""
        name = self.find(part)
        return 0 if name is None else self._entries[name].size

    def packed(self, part: str, content: bytes) -> bytes | None:
        """The deflated bytes of a part whose content is ``content``, as they are stored; None where
        they are something else.
        """
        name = self.find(part)
        entry = None if name is None else self._entries[name]
        if (
            entry is None
            or entry.method != DEFLATED
            or (entry.size, entry.crc) != (len(content), zlib.crc32(content))
        ):
            return None
        return self._data.at(entry.start, entry.stored)

    def read_utf8(self, part: str) -> bytes:
        """The bytes of an XML part in UTF-8, whatever encoding it is stored in; errors as
        :meth:`read`.
        """
        content = self.read(part)
        try:
            converted = _utf8(content)
        except (UnicodeError, LookupError) as error:
            raise refuse("file-damaged-part", self.path.name, part=part) from error
        if converted is not content and b"<!DOCTYPE" in converted:
            raise refuse("file-unsafe-doctype", self.path.name, part=part)
        return converted

    def parse(self, part: str) -> Any:
        """The root element of a small XML part, parsed with defusedxml; errors as :meth:`read`."""
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        content = self.read_utf8(part)
        try:
            return fromstring(content, forbid_dtd=True)
        except DefusedXmlException as error:
            raise refuse("file-unsafe-doctype", self.path.name, part=part) from error
        except (SyntaxError, ValueError, LookupError) as error:
            raise refuse("file-damaged-part", self.path.name, part=part) from error

    def relationships(self, part: str) -> Mapping[str, Relationship]:
        """The relationships of a part by id; empty if it has none. ``part`` "" gives those of the
        package. They are read once.
        """
        if part not in self._related:
            self._related[part] = self._read_relationships(part)
        return self._related[part]

    def _read_relationships(self, part: str) -> Mapping[str, Relationship]:
        folder, name = posixpath.split((self.find(part) or part.lstrip("/")).replace("\\", "/"))
        stored = self.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relationship] = {}
        if stored is None:
            return found
        for element in self.parse(stored):
            if local_name(element.tag) != "Relationship":
                continue
            kind = element.get("Type", "").rstrip("/").rpartition("/")[2]
            target, external = (
                element.get("Target", ""),
                element.get("TargetMode", "") == "External",
            )
            found[element.get("Id", "")] = Relationship(
                kind, target if external else self._resolve(folder, target), external
            )
        return found

    def sheet(self, name: str) -> SheetPart | None:
        """The sheet of exactly that name; None if there is none."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def _resolve(self, folder: str, target: str) -> str:
        """The stored name of a target: as it stands (names in a package are percent-encoded), else
        decoded, as some writers store it.
        """
        written = target.partition("#")[0].replace("\\", "/")
        literal, decoded = (
            posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")
            for name in (written, unquote(written))
        )
        return self.find(literal) or self.find(decoded) or self.find(target) or decoded

    def _find_workbook(self) -> str:
        file = self.path.name
        kinds = {r.type: r.target for r in self.relationships("").values() if not r.external}
        part = self.find(kinds.get("officeDocument", "xl/workbook.xml"))
        if part is None or self.find("[Content_Types].xml") is None:
            raise refuse("file-ods" if self._is_ods() else "file-not-workbook", file)
        if part.casefold().endswith(".bin"):
            raise refuse("file-xlsb", file)
        if local_name(self.parse(part).tag) != "workbook":
            raise refuse("file-not-workbook", file)
        return part

    def _is_ods(self) -> bool:
        mimetype = self._entries.get("mimetype")
        return mimetype is not None and b"opendocument.spreadsheet" in inflate(self._data, mimetype)

    def _read_workbook(self) -> tuple[bool, tuple[SheetPart, ...]]:
        related = self.relationships(self.workbook_part)
        date1904, sheets, names = False, [], set()
        for element in self.parse(self.workbook_part).iter():
            kind = local_name(element.tag)
            if kind == "workbookPr":
                date1904 = element.get("date1904", "").casefold() in _TRUE
            elif kind == "sheet":
                name = element.get("name", "")
                link = next(
                    (
                        value
                        for key, value in element.items()
                        if key.startswith("{") and local_name(key) == "id"
                    ),
                    None,
                )
                if link == "" and name and name.casefold() not in names:
                    # A module of old macros: listed among the sheets, with no part of its own.
                    names.add(name.casefold())
                    sheets.append(SheetPart(name, "", visible=False, grid=False))
                    continue
                found = related.get(link) if link is not None else None
                if (
                    found is None
                    or found.external
                    or self.find(found.target) is None
                    or not name
                    or name.casefold() in names
                ):
                    raise refuse(
                        "file-damaged-part", self.path.name, part=name or self.workbook_part
                    )
                names.add(name.casefold())
                sheets.append(
                    SheetPart(
                        name,
                        found.target,
                        element.get("state", "visible") == "visible",
                        found.type == "worksheet",
                    )
                )
        if not sheets:
            raise refuse("file-damaged-part", self.path.name, part=self.workbook_part)
        return date1904, tuple(sheets)


def open_package(path: Path, limits: Limits | None = None) -> Package:
    """Open ``path``, check it whole, and give its package; ``limits`` are the planner's own if none
    are given.

    Raises SalesplanError with the true cause: exit code 4 where the file is unreadable or unsafe,
    3 where another program holds it (only Windows tells).
    """
    path = Path(path)
    limits = limits or load().limits
    stream = _open_file(path, limits)
    try:
        data = FileBytes(stream, path.name)
        head = data.at(0, 4)
        cause = cause_of_refusal(head if is_zip(head) else data.at(0, limits.max_file), path.name)
        if cause:
            raise refuse(cause, path.name)
        return Package(path, data, limits)
    except BaseException:
        stream.close()
        raise


def local_name(tag: object) -> str:
    """An element's or attribute's name without its namespace; "" for comments and the like."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _open_file(path: Path, limits: Limits) -> BinaryIO:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refuse("file-is-directory", path.name or path.resolve().name)
        if not stat.S_ISREG(status.st_mode):
            raise refuse("file-not-regular", path.name)
        if status.st_size > limits.max_file:
            raise too_large(path.name, status.st_size, limits.max_file, "max_file")
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise refuse("file-not-found", path.name, path=str(path).replace("\0", "?")) from error
    except OSError as error:
        if getattr(error, "winerror", None) in _SHARING_VIOLATIONS:
            raise SalesplanError(
                Finding.of("file-held", Place(path.name), file=path.name), exit_code=3
            ) from error
        if isinstance(error, PermissionError):
            raise refuse("file-no-permission", path.name) from error
        raise refuse("file-unreadable", path.name, reason=error.strerror or str(error)) from error


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def is_utf8(head: bytes) -> bool:
    """Whether XML that begins so is in UTF-8."""
    try:
        return _utf8(head) is head
    except (UnicodeError, LookupError):
        return False


def _utf8(content: bytes) -> bytes:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content[:4] in (b"<\0?\0", b"\0<\0?"):
        encoding = "utf-16-le" if content[0] else "utf-16-be"
    else:
        declared = _ENCODING.match(content)
        encoding = declared[2].decode("ascii") if declared else "utf-8"
        if codecs.lookup(encoding).name in ("utf-8", "ascii"):
            return content
    return _ENCODING.sub(rb"\1UTF-8\3", content.decode(encoding).encode("utf-8"), count=1)
