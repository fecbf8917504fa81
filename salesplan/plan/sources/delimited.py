"""The records of a CSV export, in whatever dialect: its text, what parts its fields, its header,
and its lines.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.encodings import Read, Unclear, recognised
from salesplan.plan.sources.mapping import Reading
from salesplan.plan.sources.table import (
    HEAD_WITHIN,
    Numbered,
    SourceTable,
    fitted,
    head_among,
    header_of,
    text_of,
)

DELIMITERS = (",", ";", "\t", "|")
"""What parts fields where nobody says: a spreadsheet program exports as its country's settings
want.
"""

WIDEST = 10_000_000
"""Signs of one field: a note may be long."""


def delimited(
    path: Path, raw: bytes, reading: Reading, wanted: Iterable[str], country: str
) -> SourceTable:
    """The table of an export's bytes; its encoding is the mapping's, else recognised (``country``:
    the plan's).

    Raises SalesplanError (exit 4) where its encoding cannot be told, or its quotes are broken.
    """
    read = _read(path, raw, reading.encoding, country)
    names = set(wanted)
    sep, skipped = _announced(raw, read.codec, reading.skip_lines)
    delimiter = reading.delimiter or sep or _delimiter(raw, read.codec, names, skipped)
    top = _top(raw, read.codec, delimiter, skipped)
    at = 0 if reading.skip_lines else head_among(top, names)
    header = header_of(top[at]) if top else ()
    rows = partial(_rows, path, raw, read.codec, delimiter, skipped, at, len(header))
    return SourceTable(path, header, rows, read.encoding, _remarks(path, read))


def read_text(path: Path, raw: bytes, country: str = "CN") -> str:
    """The text of an export's bytes. Raises SalesplanError (exit 4) where its encoding cannot be
    told.
    """
    return raw.decode(_read(path, raw, "", country).codec)


class Top(NamedTuple):
    """How a text file in UTF-8 begins: lines up to its header's end, what parts its fields."""

    header: tuple[str, ...]
    delimiter: str
    skipped: int


def top_of(path: Path, size: int, reading: Reading, wanted: Iterable[str]) -> Top | None:
    """The layout of a text file by its first ``size`` bytes; None where it is not plainly in
    UTF-8, or where its lines above the records cannot be counted.
    """
    opened = gzip.open if path.suffix.lower() == ".gz" else Path.open
    with opened(path, "rb") as stream:
        raw = bytes(stream.read(size))
    raw = raw[: raw.rfind(b"\n") + 1] or raw
    if reading.encoding and codecs.lookup(reading.encoding).name not in ("utf-8", "utf-8-sig"):
        return None
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    names = set(wanted)
    sep, skipped = _announced(raw, "utf-8-sig", reading.skip_lines)
    delimiter = reading.delimiter or sep or _delimiter(raw, "utf-8-sig", names, skipped)
    top = _top(raw, "utf-8-sig", delimiter, skipped)
    at = 0 if reading.skip_lines else head_among(top, names)
    header = header_of(top[at]) if top else ()
    lines = [line for line, _ in islice(_reader(raw, "utf-8-sig", delimiter, skipped), at + 1)]
    whole = bool(header) and len(header) == len(top[at]) and len(set(header)) == len(header)
    return Top(header, delimiter, lines[at]) if whole else None


def _rows(
    path: Path, raw: bytes, codec: str, delimiter: str, skipped: int, at: int, count: int
) -> Numbered:
    line = skipped
    try:
        for line, fields in islice(_reader(raw, codec, delimiter, skipped), at + 1, None):
            if len(fields) == count:
                yield line, fields
            elif fields:
                yield line, fitted(fields, count)
    except csv.Error as error:
        raise _broken(path, line, error) from error


def _reader(
    raw: bytes, codec: str, delimiter: str, skipped: int
) -> Iterator[tuple[int, Sequence[str]]]:
    """Each record that is not empty, with the number of its last line."""
    csv.field_size_limit(WIDEST)
    lines = io.TextIOWrapper(io.BytesIO(raw), codec, newline="")
    for _ in islice(lines, skipped):
        pass
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for fields in reader:
        if fields:
            yield skipped + reader.line_num, fields


def _announced(raw: bytes, codec: str, skipped: int) -> tuple[str, int]:
    """The delimiter that a first line ``sep=;`` names, and how many lines stand before the rest."""
    if skipped:
        return "", skipped
    first = io.TextIOWrapper(io.BytesIO(raw[:64]), codec, errors="replace").readline().strip()
    if not first.strip('"').lower().startswith("sep=") or len(first.strip('"')) != len("sep=;"):
        return "", 0
    return first.strip('"')[-1], 1


def _delimiter(raw: bytes, codec: str, wanted: set[str], skipped: int) -> str:
    """The one by which one of the first lines has most of the wanted columns; where that tells
    nothing, the one by which most lines have the number of fields of their header; else a comma.
    """
    tops = {one: _top(raw, codec, one, skipped) for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: (_found(tops[one], wanted), _even(tops[one], wanted)))


def _found(top: Sequence[Sequence[str]], wanted: set[str]) -> int:
    return len(wanted.intersection(map(text_of, top[head_among(top, wanted)]))) if top else -1


def _even(top: Sequence[Sequence[str]], wanted: set[str]) -> tuple[float, int]:
    """Which part of the lines from the header on has as many fields as it, and how many; nothing
    where that is a single one, or no more than half of them have. One line with a comma too many
    does not tell against commas.
    """
    counts = list(map(len, top[head_among(top, wanted) :]))
    alike = counts.count(counts[0]) / len(counts) if counts else 0.0
    return (alike, counts[0]) if alike > 0.5 and counts[0] > 1 else (0.0, 0)


def _top(raw: bytes, codec: str, delimiter: str, skipped: int) -> list[Sequence[str]]:
    """The first records, as far as their quotes are whole."""
    top: list[Sequence[str]] = []
    try:
        for _, fields in islice(_reader(raw, codec, delimiter, skipped), HEAD_WITHIN):
            top.append(fields)
    except csv.Error:
        pass
    return top


def _read(path: Path, raw: bytes, asked: str, country: str) -> Read:
    def refusal(code: str, **params: object) -> SalesplanError:
        return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), 4)

    try:
        return recognised(raw, asked, country)
    except UnicodeDecodeError as error:
        at = f"{error.start + 1:,}"
        raise refusal("import-encoding-asked", encoding=asked, at=at) from error
    except Unclear as unclear:
        if not unclear.readings:
            raise refusal("import-encoding") from unclear
        shown = tuple(f"{encoding}: {sample}" for encoding, sample in unclear.readings)
        raise refusal("import-encoding-unclear", readings=shown) from unclear


def _broken(path: Path, line: int, error: csv.Error) -> SalesplanError:
    cause = f"{line}: {error}"
    finding = Finding.of("import-unreadable", Place(str(path)), name=path.name, cause=cause)
    return SalesplanError(finding, 4)


def _remarks(path: Path, read: Read) -> tuple[Finding, ...]:
    """What encoding was recognised, with a word of the text to see whether it was right."""
    if read.sure:
        return ()
    finding = Finding.of(
        "import-encoding-recognised",
        Place(str(path)),
        name=path.name,
        encoding=read.encoding,
        text=read.sample,
    )
    return (finding,)
