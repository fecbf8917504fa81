"""The records of a CSV export: its text, what parts its fields, its header, and its lines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.encodings import Read, Unclear, read_text
from salesplan.plan.import_map import Mapped

DELIMITERS = (",", ";", "\t", "|")
"""What parts fields where the mapping does not say: a spreadsheet program exports as its country's
settings want.
"""


@dataclass(frozen=True, slots=True)
class Export:
    """A CSV export as text; ``records`` may be asked for once."""

    path: Path
    mapped: Mapped
    read: Read = field(repr=False)

    @property
    def encoding(self) -> str:
        """The encoding in which it was read."""
        return self.read.encoding

    def remarks(self) -> tuple[Finding, ...]:
        """What encoding was recognised, with a word of the text to see whether it was right."""
        if self.read.sure:
            return ()
        return (
            Finding.of(
                "import-encoding-recognised",
                Place(str(self.path)),
                name=self.path.name,
                encoding=self.read.encoding,
                text=self.read.sample,
            ),
        )

    def records(self) -> Iterator[tuple[int, dict[str, str] | None]]:
        """(line, record) of each record; None for a line whose number of fields is not the
        header's.

        Raises SalesplanError: exit 2 where the mapping's columns are not there or there twice, 4
        for broken quotes.
        """
        text, mapped = self.read.text, self.mapped
        delimiter = mapped.delimiter or _delimiter(text, mapped.wanted)
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            self._check(header)
            for fields in reader:
                if fields:
                    whole = len(fields) == len(header)
                    yield reader.line_num, dict(zip(header, fields, strict=True)) if whole else None
        except csv.Error as error:
            raise self._refusal(
                "import-unreadable", 4, cause=f"{reader.line_num}: {error}"
            ) from error

    def _check(self, header: list[str]) -> None:
        missing = sorted(self.mapped.wanted - set(header))
        if missing:
            raise self._refusal("import-columns-missing", 2, columns=missing, header=header)
        counts = Counter(header)
        twice = [name for name in self.mapped.wanted if counts[name] > 1]
        if twice:
            raise self._refusal("import-columns-twice", 2, columns=sorted(twice))

    def _refusal(self, code: str, exit_code: int, **params: object) -> SalesplanError:
        place = Place(str(self.path))
        return SalesplanError(Finding.of(code, place, name=self.path.name, **params), exit_code)


def read_export(path: Path, mapped: Mapped, country: str) -> Export:
    """The export at ``path``; its encoding is the mapping's, else recognised (``country``: the
    plan's).

    Raises SalesplanError (exit 4) where it cannot be read, or its encoding not be told.
    """

    def refusal(code: str, **params: object) -> SalesplanError:
        return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), 4)

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refusal("import-unreadable", cause=error.strerror or str(error)) from error
    try:
        return Export(path, mapped, read_text(raw, mapped.encoding, country))
    except UnicodeDecodeError as error:
        raise refusal(
            "import-encoding-asked", encoding=mapped.encoding, at=f"{error.start + 1:,}"
        ) from error
    except Unclear as unclear:
        if not unclear.readings:
            raise refusal("import-encoding") from unclear
        shown = tuple(f"{encoding}: {sample}" for encoding, sample in unclear.readings)
        raise refusal("import-encoding-unclear", readings=shown) from unclear


def _lines(text: str) -> io.StringIO:
    """The text line by line, whichever of CR, LF and CRLF ends them; a field may still hold its
    own.
    """
    return io.StringIO(text, newline="")


def _delimiter(text: str, wanted: set[str]) -> str:
    """The one by which the header has all wanted columns, else a comma."""
    for one in DELIMITERS:
        try:
            header = next(csv.reader(_lines(text), delimiter=one), [])
        except csv.Error:
            continue
        if wanted <= {name.strip() for name in header}:
            return one
    return DELIMITERS[0]
