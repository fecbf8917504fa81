"""Is a patched workbook the old one but for the touched cells? Judged with zipfile and expat, byte
by byte.

``python -m tests.fidelity FOLDER`` runs the check on every .xlsx and .xlsm in a folder. Each
workbook is patched twice: in each sheet a cell that holds a value is changed, then a new cell is
written below everything else. Nothing in the folder is written.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from salesplan.findings import SalesplanError
from salesplan.workbook import CellChange, patch_workbook
from salesplan.workbook.refs import MAX_ROW, Range, cell_ref, parse_cell
from salesplan.workbook.zip.package import open_package
from tests.fidelity.cells import Layout
from tests.fidelity.features import kept
from tests.fidelity.records import Archive

NUMBER, TEXT = 8080.25, "改动 <&> 1"
_CALCULATION = re.compile(
    rb"""<(?:[\w.-]+:)?calcPr(?=[\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>(?:\s*</(?:[\w.-]+:)?calcPr\s*>)?"""
)
_ON_LOAD = re.compile(rb"""\s+fullCalcOnLoad\s*=\s*(?:"(?:1|true)"|'(?:1|true)')""")
_MARK = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?")
_TRIES = 40


@dataclass
class Verdict:
    """What a check of one workbook found; ``losses`` is empty if nothing was lost."""

    file: str
    parts: int = 0
    same: int = 0
    sheets: int = 0
    touched: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    features: dict[str, bool] = field(default_factory=dict)
    refused: str = ""

    @property
    def good(self) -> bool:
        return not self.losses and not self.refused


def check(path: Path, keep: Path | None = None) -> Verdict:
    """Patch copies of the workbook and compare them with it; the first is left at ``keep``.

    ``refused`` tells why a workbook was not read at all, ``losses`` everything that is not as it
    was.
    """
    verdict = Verdict(path.name)
    try:
        with open_package(path) as package:
            sheets = {
                sheet.name: package.find(sheet.part) or sheet.part
                for sheet in package.sheets
                if sheet.grid
            }
            book = package.find(package.workbook_part) or package.workbook_part
        old = Archive.of(path)
        layouts = {name: Layout.of(old.records[part].content) for name, part in sheets.items()}
    except SalesplanError as problem:
        verdict.refused = str(problem.finding.code)
        return verdict
    except (BadZipFile, ExpatError) as problem:
        verdict.refused = str(problem)
        return verdict
    verdict.sheets = len(sheets)
    with tempfile.TemporaryDirectory() as folder:
        for at, wanted in enumerate((_filled, _fresh)):
            target = keep if keep and not at else Path(folder) / f"{at}{path.suffix}"
            changes = _patch(
                path,
                target,
                {name: wanted(name, layout) for name, layout in layouts.items()},
                verdict,
            )
            if changes:
                _compare(
                    old,
                    Archive.of(target),
                    book,
                    {sheets[change.sheet]: change for change in changes},
                    verdict,
                    first=not at,
                )
    return verdict


def losses(source: Path, target: Path, touched: Mapping[str, str]) -> list[str]:
    """What ``target`` has lost or changed of ``source`` besides the touched cells, given by sheet
    part.
    """
    verdict = Verdict(source.name)
    with open_package(source) as package:
        book = package.find(package.workbook_part) or package.workbook_part
    changes = {part: CellChange("", cell, None) for part, cell in touched.items()}
    _compare(Archive.of(source), Archive.of(target), book, changes, verdict, first=True)
    return verdict.losses


def _filled(name: str, layout: Layout) -> Iterator[CellChange]:
    """Changes of cells that hold a value, numbers before text, the planner's formulas last; a new
    cell where there is none.
    """
    numbers = [ref for ref, cell in layout.cells.items() if cell.plain and cell.kind == "n"]
    texts = [
        ref
        for ref, cell in layout.cells.items()
        if cell.plain and cell.kind in ("s", "inlineStr", "str")
    ]
    yield from (CellChange(name, ref, NUMBER) for ref in numbers[: _TRIES // 2])
    yield from (CellChange(name, ref, TEXT) for ref in texts[: _TRIES // 2])
    yield from _fresh(name, layout)


def _fresh(name: str, layout: Layout) -> Iterator[CellChange]:
    """New cells in a row of their own below everything."""
    row = max(layout.rows, default=0) + 3
    if row <= MAX_ROW:
        yield from (CellChange(name, cell_ref(row, column), TEXT) for column in (1, 40, 200))


def _patch(
    path: Path, target: Path, wanted: Mapping[str, Iterator[CellChange]], verdict: Verdict
) -> list[CellChange]:
    """Patch with the first change of each sheet that is not refused (merged cells, arrays and the
    like refuse with right).
    """
    chosen = {name: change for name, changes in wanted.items() if (change := next(changes, None))}
    while True:
        try:
            patch_workbook(path, target, chosen.values())
        except SalesplanError as problem:
            sheet = problem.finding.place.sheet
            if problem.exit_code != 1 or sheet not in chosen:
                verdict.losses.append(
                    f"not patched: {problem.finding.code} {problem.finding.params}"
                )
                return []
            following = next(wanted[sheet], None)
            if following is None:
                verdict.losses.append(
                    f"{sheet}: every cell refused, at last {problem.finding.code}"
                )
                del chosen[sheet]
            else:
                chosen[sheet] = following
        else:
            verdict.touched += [f"{change.sheet}!{change.cell}" for change in chosen.values()]
            return list(chosen.values())


def _compare(
    old: Archive,
    new: Archive,
    book: str,
    changes: Mapping[str, CellChange],
    verdict: Verdict,
    *,
    first: bool,
) -> None:
    found = verdict.losses
    if old.comment != new.comment:
        found.append("archive comment")
    if list(old.records) != list(new.records):
        gone, added = set(old.records) - set(new.records), set(new.records) - set(old.records)
        found.append(
            f"parts gone: {sorted(gone)}, added: {sorted(added)}"
            if gone or added
            else "order of the parts"
        )
    same = 0
    for name, record in old.records.items():
        other = new.records.get(name)
        if other is None:
            continue
        if (record.lies, record.told) == (other.lies, other.told):
            same += 1
            if name in changes and changes[name].value is not None:
                found.append(f"{name}: {changes[name].cell} was not written")
        elif name in changes:
            found += [
                f"{name}: {what}"
                for what in _sheet_losses(record.content, other.content, changes[name])
            ]
        elif name == book:
            found += [f"{name}: {what}" for what in _book_losses(record.content, other.content)]
        else:
            same = record.content == other.content
            what = "same content, other bytes in the archive" if same else "other content"
            found.append(f"{name}: {what}")
        if record.dressed != other.dressed:
            found.append(f"{name}: dates or marks of the member")
    features = kept(_contents(old, old, changes), _contents(new, old, changes))
    found += [f"feature lost: {name}" for name, there in features.items() if not there]
    if first:
        verdict.parts, verdict.same = len(old.records), same
    verdict.features = {
        name: there and verdict.features.get(name, True) for name, there in features.items()
    }


def _contents(
    archive: Archive, old: Archive, changes: Mapping[str, CellChange]
) -> dict[str, bytes]:
    """The parts' contents, sheets without what was touched: a cell that is written over takes its
    own rich text with it.
    """
    contents = {name: record.content for name, record in archive.records.items()}
    for part, change in changes.items():
        if part in contents:
            with suppress(ExpatError):
                new_rows = {parse_cell(change.cell)[0]} - set(
                    Layout.of(old.records[part].content).rows
                )
                contents[part] = Layout.of(contents[part]).without({change.cell}, new_rows)
    return contents


def _sheet_losses(before: bytes, after: bytes, change: CellChange) -> Iterator[str]:
    """What of a sheet differs besides the touched cell."""
    if _MARK.findall(before[:3])[0] != _MARK.findall(after[:3])[0]:
        yield "other encoding"
    old = Layout.of(before)
    try:
        new = Layout.of(after)
    except ExpatError as problem:
        yield f"not well-formed: {problem}"
        return
    ref = change.cell
    rows = {parse_cell(ref)[0]} - set(old.rows)
    if old.without({ref}, rows) != new.without({ref}, rows):
        yield f"more than {ref} differs"
    was, now = old.cells.get(ref), new.cells.get(ref)
    if change.value is not None and (now is None or now.value != str(change.value)):
        yield f"{ref} reads {now and now.value!r}"
    if was and now and was.style != now.style:
        yield f"{ref}: format {was.style!r} became {now.style!r}"
    if old.dimension and new.dimension:
        grown = Range.parse(old.dimension[2])
        if was is None:
            grown = grown.including(*parse_cell(ref))
        if Range.parse(new.dimension[2]) != grown:
            yield f"dimension {new.dimension[2]}, not {grown}"


def _book_losses(before: bytes, after: bytes) -> Iterator[str]:
    """What of the workbook part differs besides the request for a full calculation."""
    if not _ON_LOAD.search(after):
        yield "no full calculation on load"
    if _uncalculated(before) != _uncalculated(after):
        yield "more than the calculation on load differs"


def _uncalculated(xml: bytes) -> bytes:
    """The workbook part without the request; an element that says nothing else goes whole."""

    def bare(match: re.Match[bytes]) -> bytes:
        tag = _ON_LOAD.sub(b"", match[0])
        return tag if b"=" in tag else b""

    return _CALCULATION.sub(bare, xml)


def workbooks(folder: Path) -> list[Path]:
    """The workbooks of a folder and those below it, owner files left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".xlsx", ".xlsm") and not path.name.startswith(("~$", "."))
    )
