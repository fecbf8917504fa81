"""The package that calamine is given: of our own making, so that it never sees the zip and the
names of a file that others made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from salesplan.workbook.zip.rawzip import NewZip

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


class Member(NamedTuple):
    """A part's bytes, and as they are packed where that is at hand."""

    content: bytes
    packed: bytes | None = None


class Shell:
    """A workbook of ``count`` sheets, which are added one after another and named by their index;
    ``shared`` are the parts for all, by kind.
    """

    def __init__(self, shared: Mapping[str, Member], count: int, date1904: bool) -> None:
        self._stream, self._added = BytesIO(), 0
        self._target = NewZip(self._stream)
        for kind, member in shared.items():
            self._target.add(f"xl/{kind}.xml", *member)
        for name, text in _frame(count, list(shared), date1904):
            self._target.add(name, text.encode())

    def add(self, member: Member) -> None:
        """The next sheet."""
        self._target.add(f"xl/worksheets/sheet{self._added}.xml", *member)
        self._added += 1

    def opened(self) -> CalamineWorkbook:
        """The workbook, once all its sheets are there. Raises what calamine raises."""
        from python_calamine import CalamineWorkbook

        self._target.finish()
        self._stream.seek(0)
        return CalamineWorkbook.from_filelike(self._stream)


def _frame(count: int, extra: Sequence[str], date1904: bool) -> Iterator[tuple[str, str]]:
    """The parts that hold a package together, for ``count`` sheets named by their index."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/'
            'officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    sheets = "".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="s{i}"/>' for i in range(count))
    yield (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="{int(date1904)}"/>'
            f"<sheets>{sheets}</sheets></workbook>"
        ),
    )
    links = "".join(
        f'<Relationship Id="s{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(count)
    )
    links += "".join(
        f'<Relationship Id="{kind}" Type="{office}/{kind}" Target="{kind}.xml"/>' for kind in extra
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    )
