"""The manifest on disk: written in one step, read with every check; and the books taken by their
hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from salesplan.dataclass import asdict, field_names, replace
from salesplan.delivery.manifest import (
    KIND,
    LIGHTS,
    NAME,
    VERSION,
    Book,
    Excluded,
    Manifest,
    OtherForm,
    Recipient,
    Row,
)
from salesplan.delivery.message import Attachment
from salesplan.delivery.seal import FIELD, is_sealed, known_key, own_key, seal
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.links import folder_link
from salesplan.workbook.save.destination import beside_of

T = TypeVar("T")

_SPAN = re.compile(
    r"\d{4}(-((0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|Q[1-4]|H[12]|W(0[1-9]|[1-4]\d|5[0-3])))?"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"[^@\s,;:<>\"()\[\]\x00-\x1f\x7f]+@([^@\s,;:<>\"()\[\]\x00-\x1f\x7f]+)")
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u0085\u2028\u2029]")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices, whatever ending they have."""

BOOK_ENDING = ".xlsx"
ENDINGS = (BOOK_ENDING, ".html", ".pptx")
"""Endings of a book and of its other forms."""
MOST = 32 * 2**20
"""A manifest larger than this is none."""


def write(folder: Path, manifest: Manifest) -> Path:
    """Put ``manifest.json`` into ``folder``, sealed, whole or not at all; equal manifests give
    equal bytes.

    Where no key can be kept it has no seal, and is taken for one that was made elsewhere. OSError
    if it cannot be written.
    """
    path = folder / NAME
    said = {name: value for name, value in asdict(manifest).items() if name != "own"}
    made = json.dumps({"kind": KIND, "version": VERSION, **said}, default=_plain)
    document, key = json.loads(made), own_key()
    if key is not None:
        document[FIELD] = seal(document, key)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    with beside_of(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))
        temporary.replace(path)
    return path


def read(folder: Path) -> Manifest:
    """The manifest of a folder, every field checked; ``own`` says whether it bears this account's
    seal.

    Raises SalesplanError (exit 4): manifest-missing, manifest-unreadable, manifest-version, and
    manifest-field for a value that cannot be: a file name that leads out of the folder, a line
    break in a name, an address that is not exactly one, two books of one name, the book of another
    unit.
    """
    path = folder / NAME
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise OSError
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
        document = json.loads(data.decode("utf-8")) if len(data) <= MOST else None
    except FileNotFoundError as error:
        raise _refusal("manifest-missing", folder) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _refusal("manifest-unreadable", folder) from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise _refusal("manifest-unreadable", folder)
    if document.get("version") != VERSION:
        raise _refusal(
            "manifest-version", folder, version=str(document.get("version")), known=str(VERSION)
        )
    try:
        return replace(_manifest(document), own=is_sealed(document, known_key()))
    except _BadFieldError as bad:
        raise _refusal("manifest-field", folder, field=bad.args[0]) from bad


def attachments(
    folder: Path, manifest: Manifest, book: Book, *, linked: bool = False
) -> tuple[Attachment, ...]:
    """A book of the manifest and its other forms as they go to its reader; ``linked`` forms are
    held to the manifest and not attached. Raises SalesplanError as :func:`book_bytes`.
    """
    files: tuple[Book | OtherForm, ...] = (book, *book.forms)
    checked = tuple(Attachment(one.file, book_bytes(folder, manifest, one)) for one in files)
    return checked[:1] if linked else checked


def book_bytes(folder: Path, manifest: Manifest, book: Book | OtherForm) -> bytes:
    """The bytes of a book of the manifest or its other form, exactly those that were reviewed: what
    is checked is what is returned.

    Raises SalesplanError (exit 3): book-missing, or book-changed where its SHA-256 is not the
    manifest's.
    """
    path = folder / _file_name(book.file, ENDINGS)
    try:
        if path.is_symlink():
            raise _refusal("book-changed", path, 3, command=manifest.remake)
        data = path.read_bytes()
    except OSError as error:
        raise _refusal("book-missing", path, 3, command=manifest.remake) from error
    if hashlib.sha256(data).hexdigest() != book.sha256:
        raise _refusal("book-changed", path, 3, command=manifest.remake)
    return data


class _BadFieldError(ValueError):
    """A field of the manifest that cannot be; its name is the only argument."""


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _refusal(code: str, path: Path, exit_code: int = 4, **params: object) -> SalesplanError:
    name = path.name or path.resolve().name  # the current folder, ".", has no name of itself
    return SalesplanError(Finding.of(code, Place(name), name=name, **params), exit_code)


def _manifest(document: dict[str, Any]) -> Manifest:
    made = Manifest(
        month=_matching(document.get("month"), "month", _SPAN),
        as_of=_day(document.get("as_of"), "as_of"),
        lang=_one_of(document.get("lang"), "lang", ("zh", "en")),
        title=_line(document.get("title"), "title"),
        master=_line(document.get("master"), "master"),
        master_sha256=_matching(document.get("master_sha256"), "master_sha256", _SHA256),
        whole=None if document.get("whole") is None else _book(document["whole"], "whole"),
        recipients=tuple(_list(document, "recipients", _recipient)),
        excluded=tuple(_list(document, "excluded", _excluded)),
        link=_link(document.get("link"), "link"),
    )
    by_file: dict[str, Book] = (
        {} if made.whole is None else {made.whole.file.casefold(): made.whole}
    )
    for one in made.recipients:
        if one.code != one.book.code:
            raise _BadFieldError("code")
        if by_file.setdefault(one.book.file.casefold(), one.book) != one.book:
            raise _BadFieldError("file")
    if len({(one.code, one.address.casefold()) for one in made.recipients}) < len(made.recipients):
        raise _BadFieldError("code")
    return made


def _recipient(given: Any, where: str) -> Recipient:
    known = _object(given, where, Recipient)
    until = None if known["until"] is None else _day(known["until"], f"{where}.until")
    book = _book(known["book"], f"{where}.book")
    return Recipient(
        _line(known["code"], f"{where}.code"),
        _line(known["person"], f"{where}.person"),
        _address(known["address"], f"{where}.address"),
        book,
        until,
        tuple(_list(known, "cc", _address)),
    )


def _address(given: Any, where: str) -> str:
    address = _line(given, where)
    if not _ADDRESS.fullmatch(address):
        raise _BadFieldError(where)
    return address


def _book(given: Any, where: str) -> Book:
    known = _object(given, where, Book)
    name = _line(known["file"], f"{where}.file")
    try:
        _file_name(name)
    except ValueError as error:
        raise _BadFieldError(f"{where}.file") from error
    counts = {key: _count(known[key], f"{where}.{key}") for key in ("size", "errors")}
    forms = tuple(_list(known, "forms", _form))
    stem = name.removesuffix(BOOK_ENDING)
    if any(one.file.rpartition(".")[0] != stem for one in forms):
        raise _BadFieldError(f"{where}.forms")
    if len({one.file for one in forms}) < len(forms):
        raise _BadFieldError(f"{where}.forms")
    return Book(
        file=name,
        sha256=_matching(known["sha256"], f"{where}.sha256", _SHA256),
        code=_line(known["code"], f"{where}.code"),
        unit=_line(known["unit"], f"{where}.unit"),
        **counts,
        light=_one_of(known["light"], f"{where}.light", ("", *LIGHTS)),
        forms=forms,
        sentences=tuple(_list(known, "sentences", _text)),
        rows=tuple(_list(known, "rows", _row)),
        error_cells=tuple(_list(known, "error_cells", _line)),
    )


def _form(given: Any, where: str) -> OtherForm:
    known = _object(given, where, OtherForm)
    name = _line(known["file"], f"{where}.file")
    try:
        _file_name(name, ENDINGS[1:])
    except ValueError as error:
        raise _BadFieldError(f"{where}.file") from error
    sha256 = _matching(known["sha256"], f"{where}.sha256", _SHA256)
    return OtherForm(name, sha256, _count(known["size"], f"{where}.size"))


def _row(given: Any, where: str) -> Row:
    known = {
        key: _line(value, f"{where}.{key}") for key, value in _object(given, where, Row).items()
    }
    _one_of(known["light"], f"{where}.light", ("", *LIGHTS))
    return Row(**known)


def _excluded(given: Any, where: str) -> Excluded:
    known = _object(given, where, Excluded)
    # An address that was refused may hold anything: it is shown, never used.
    return Excluded(**{key: _text(value, f"{where}.{key}") for key, value in known.items()})


def _object(given: Any, where: str, kind: type) -> dict[str, Any]:
    if not isinstance(given, dict) or given.keys() != set(field_names(kind)):
        raise _BadFieldError(where)
    return given


def _list(given: dict[str, Any], key: str, read_one: Callable[[Any, str], T]) -> list[T]:
    values = given.get(key)
    if not isinstance(values, list):
        raise _BadFieldError(key)
    return [read_one(value, f"{key}[{index}]") for index, value in enumerate(values)]


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _BadFieldError(where)
    return value


def _line(value: Any, where: str) -> str:
    """Text on one line: it may become a header of a mail."""
    if _BREAKS.search(_text(value, where)):
        raise _BadFieldError(where)
    return str(value)


def _matching(value: Any, where: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(_text(value, where)):
        raise _BadFieldError(where)
    return str(value)


def _one_of(value: Any, where: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _BadFieldError(where)
    return str(value)


def _link(value: Any, where: str) -> str:
    """A folder's address, exactly as it was checked when the reports were made."""
    if _text(value, where) and folder_link(value) != value:
        raise _BadFieldError(where)
    return str(value)


def _count(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _BadFieldError(where)
    return value


def _day(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(_text(value, where))
    except ValueError as error:
        raise _BadFieldError(where) from error


def _file_name(name: str, endings: tuple[str, ...] = (BOOK_ENDING,)) -> str:
    """``name`` if it is that of such a file within its folder on every system. Raises ValueError if
    not.
    """
    bad = (
        not name.endswith(endings)
        or name.startswith((".", "~", " "))
        or any(c in name for c in '/\\:*?"<>|')
    )
    if bad or _BREAKS.search(name) or RESERVED.fullmatch(name) or len(name.encode("utf-8")) > 255:
        raise ValueError(name)
    return name
