"""Patching a workbook file: the touched cells are rewritten, everything else is copied as it lies.

Of a patched file these parts may differ from the original: the sheets with changes, the workbook
part (full calculation on open), a table that grew, the styles if a format had to be appended, and
the calculation chain if a formula went. The compressed bytes of every other part are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.changes import FEW, CellChange, Change, NewSheet
from salesplan.workbook.patch.newsheets import sheet_names, with_sheets
from salesplan.workbook.patch.sheetpatch import patch_sheet
from salesplan.workbook.refs import parse_cell
from salesplan.workbook.xml.bookxml import (
    BookMap,
    calculated_on_load,
    sheet_numbers,
    survey,
    without_formulas,
    without_link,
    without_override,
)
from salesplan.workbook.xml.sheetxml import SheetXml
from salesplan.workbook.xml.styles import StyleBook
from salesplan.workbook.xml.xmlscan import Source, sound
from salesplan.workbook.zip.rawzip import RawZip


@dataclass(frozen=True, slots=True)
class Replaced:
    """The parts a patch rewrites, and those it leaves out."""

    parts: Mapping[str, bytes | Iterable[bytes]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


def patch_workbook(
    source: Path | str,
    target: Path | str,
    changes: Iterable[Change],
    *,
    expect_sha256: str | None = None,
    few: int = FEW,
) -> None:
    """Write ``source`` with the changes made to ``target``, another file (see
    :func:`store.save_patched` for saving over a file safely). Up to so ``few`` new rows of a sheet
    are written cell by cell.

    Every cell keeps its style; new cells and rows look like those they continue; an Excel table
    under which values are written grows, with its filter, checks and conditional formats. Patching
    the result again with the same changes gives the same sheets, byte for byte.

    Raises SalesplanError: exit 1 for a change that would break what stands around the cell (merged
    cells, array formulas, table headers and totals) or that a cell cannot hold, 3 if the file is
    not the one of ``expect_sha256``, 4 if it is no sound workbook. Nothing is left at ``target``
    then. ValueError if source and target are one file.
    """
    source, target = Path(source), Path(target)
    if target.exists() and source.samefile(target):
        raise ValueError("source and target are one file")
    by_sheet = _by_sheet(changes)
    try:
        names = {*by_sheet, *(sheet for sheet, _ in _models(by_sheet))}
        book = surveyed(source, names, _made(by_sheet))
        if expect_sha256 not in (None, book.sha256):
            raise SalesplanError(Finding.of("file-changed-since-read", file=source.name), 3)
        with RawZip(source) as raw:
            _write(raw, replaced_parts(raw, book, by_sheet, few), target)
    except SalesplanError as problem:
        raise _named(problem, source) from problem.__cause__


def surveyed(path: Path, names: Iterable[str], made: frozenset[str] = frozenset()) -> BookMap:
    """The map of a workbook file that the package room found safe, without the sheets that are only
    ``made`` where they are not there; raises its SalesplanError."""
    from salesplan.workbook.zip.package import open_package

    with open_package(path) as package:
        return survey(package, [name for name in names if name not in made or package.sheet(name)])


def replaced_parts(
    raw: RawZip, book: BookMap, by_sheet: Mapping[str, Sequence[Change]], few: int = FEW
) -> Replaced:
    """The new content of every part the changes touch. Raises SalesplanError as
    :func:`patch_workbook`.
    """
    if not by_sheet:
        return Replaced()
    styles = StyleBook(_source(raw, book.styles) if book.styles else None)
    workbook = _source(raw, book.workbook)
    parts: dict[str, bytes | Iterable[bytes] | None] = {}
    empty: Mapping[str, bytes] = {}
    with sound(book.workbook):
        there = sheet_names(workbook)
        made = [
            one
            for one in chain.from_iterable(by_sheet.values())
            if isinstance(one, NewSheet) and one.sheet.casefold() not in there
        ]
        if made:
            links, types = _source(raw, book.links), _source(raw, book.types)
            extended = with_sheets(
                book, made, workbook, links, types, frozenset(raw.by_name), styles
            )
            book, empty = extended.book, extended.sheets
            parts |= extended.naming
            workbook = Source.of(book.workbook, extended.naming[book.workbook])
        asked = calculated_on_load(workbook)
        if asked is not None or not made:
            parts[book.workbook] = asked
        numbers = sheet_numbers(workbook)
    gone: set[tuple[str, str]] = set()
    likes = _likes(raw, book, by_sheet)
    for name, changes in by_sheet.items():
        entry = book.sheets[name]
        tables = [_source(raw, part) for part in entry.tables]
        sheet = Source.of(entry.part, empty.get(entry.part) or raw.read(entry.part))
        cells = [one for one in changes if not isinstance(one, NewSheet)]
        with sound(entry.part):
            patched = patch_sheet(name, sheet, tables, cells, styles, book.date1904, likes, few)
        parts[entry.part] = patched.sheet or empty.get(entry.part)
        parts |= patched.tables
        gone |= {(name, ref) for ref in patched.formulas_gone}
    if book.styles:
        parts[book.styles] = styles.edited()
    dropped: frozenset[str] = frozenset()
    if gone and book.chain:
        with sound(book.chain):
            dropped = _trim_chain(
                raw, book, parts, frozenset((numbers.get(name, 0), ref) for name, ref in gone)
            )
    fresh = {name: data for name, data in parts.items() if data is not None}
    return Replaced(fresh, dropped)


def _trim_chain(
    raw: RawZip,
    book: BookMap,
    parts: dict[str, bytes | Iterable[bytes] | None],
    gone: frozenset[tuple[int, str]],
) -> frozenset[str]:
    """Take the cells out of the calculation chain; once it is empty, give it as a part to drop with
    all that names it.
    """
    assert book.chain is not None
    chain = raw.read(book.chain)
    trimmed = without_formulas(Source.of(book.chain, chain), gone)
    if trimmed is not None:
        parts[book.chain] = trimmed if trimmed != chain else None
        return frozenset()
    parts[book.links] = without_link(_current(raw, book.links, parts), b"calcChain")
    parts[book.types] = without_override(_current(raw, book.types, parts), book.chain)
    return frozenset((book.chain,))


def _by_sheet(changes: Iterable[Change]) -> dict[str, list[Change]]:
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(change.sheet, []).append(change)
    return grouped


def _likes(
    raw: RawZip, book: BookMap, by_sheet: Mapping[str, Sequence[Change]]
) -> dict[tuple[str, str] | None, int]:
    """The formats of the cells that new ones are to look like, by sheet and cell."""
    wanted = _models(by_sheet)
    found: dict[tuple[str, str] | None, int] = {}
    for name in {sheet for sheet, _ in wanted if sheet in book.sheets}:
        sheet = SheetXml(_source(raw, book.sheets[name].part))
        for model in (model for model in wanted if model[0] == name):
            row, column = parse_cell(model[1])
            there = sheet.cells(row).get(column)
            if there is not None:
                found[model] = there.style
    return found


def _models(by_sheet: Mapping[str, Sequence[Change]]) -> set[tuple[str, str]]:
    found = set()
    for changes in by_sheet.values():
        for one in changes:
            if isinstance(one, CellChange) and one.like:
                found.add(one.like)
    return found


def _made(by_sheet: Mapping[str, Sequence[Change]]) -> frozenset[str]:
    """The sheets that are made where they are not there."""
    found = set()
    for name, changes in by_sheet.items():
        if any(isinstance(one, NewSheet) for one in changes):
            found.add(name)
    return frozenset(found)


def _current(raw: RawZip, part: str, parts: Mapping[str, bytes | Iterable[bytes] | None]) -> Source:
    """A small part as it will be, where it is rewritten already."""
    rewritten = parts.get(part)
    return Source.of(part, rewritten) if isinstance(rewritten, bytes) else _source(raw, part)


def _source(raw: RawZip, part: str) -> Source:
    return Source.of(part, raw.read(part))


def _write(raw: RawZip, replaced: Replaced, target: Path) -> None:
    try:
        with target.open("wb") as out:
            raw.copy_with(out, replaced.parts, replaced.dropped)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _named(problem: SalesplanError, path: Path) -> SalesplanError:
    """The same error, its place carrying the workbook's name."""
    finding = problem.finding
    place = Place(finding.place.workbook or path.name, finding.place.sheet, finding.place.cell)
    return SalesplanError(Finding(finding.code, place, finding.params), problem.exit_code)
