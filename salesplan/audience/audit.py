"""The leak audit: every byte of a finished book against what its reader may not know.

All parts are inflated. Of each the text is looked at: text between tags, attributes, texts and
numbers in formulas, cached values of charts, names, properties. What a formula computes is not
looked at: it is made of cells of the same book, and those are. Amounts are compared by their value,
in whatever unit of amounts they stand; one is a leak where chance would hardly have put it there,
unless it is a figure of the reader's own as far as its digits go.

Where a part names places (a formula, a chart's or a sparkline's source, a name, the area of a
condition) D12 is a cell, whatever units are called; the texts and sheets that it names are texts.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO

from salesplan.audience.confidential import DIGITS, Secrets, TokenClass
from salesplan.audience.results_slice import Part
from salesplan.audience.written import SCALES, Figures, Written, figures_in
from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place

CHANCE = 1e-3
"""An amount is a leak where fewer coincidences than this are to be expected in the whole book."""

_CELL = re.compile(
    r"<c\b([^>]*?)(?:/>|>(?:<f[^>]*?(?:/>|>([^<]*)</f>))?(?:<v>([^<]*)</v>)?(?:<is>(.*?)</is>)?</"
    r"c>)",
    re.S,
)
_TEXT = re.compile(r">([^<>]+)<")
_ATTRIBUTE = re.compile(r"""\s[\w:.-]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_FORMULA_TEXT = re.compile(r'"((?:[^"]|"")*)"|\'((?:[^\']|\'\')*)\'!|\[([^\[\]]+)\]')
"""Texts that were typed, sheets in quotes, and columns of tables."""
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d+|[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*")
_NO_NAME = re.compile(r"\$?[A-Z]{1,3}\$?\d*")
"""A cell, or the letters of a column."""
_ONE_CELL = re.compile(r"(?<![\w.$\u0080-\uffff])\$?[A-Z]{1,3}\$?[0-9]+(?![\w.(\u0080-\uffff])")
"""A cell that stands by itself: formulas alike but for these say the same."""
_NAME = re.compile(r"[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*(?![\w.(\u0080-\uffff])")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
"""A figure and nothing else."""
_AREA = re.compile(r"(?:\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?[ ,]?)+")
_AREAS = re.compile(r"\s(?:r|ref|sqref|activeCell|topLeftCell)=\"([^\"]*)\"")
"""Attributes that hold cell addresses and nothing else."""
_LINK = re.compile(r"\slocation=\"([^\"]*)\"")
_FORMULA = re.compile(
    r"(<(?:\w+:)?(?:f|formula\d?|sqref|definedName|calculatedColumnFormula|totalsRowFormula)"
    r"(?:\s[^<>]*)?>)([^<>]+)(?=</)"
)
"""Elements that hold a formula or areas."""
_COLOURS = (
    re.compile(r"rgb(?<!\wrgb)=\"[0-9A-Fa-f]{8}\""),
    re.compile(r"val(?<=srgbClr val)=\"[0-9A-Fa-f]{6}\""),
    re.compile(r"uri(?<!\wuri)=\"\{[^\"]*\}\""),
)
"""Colours and the names of extensions: digits of no plan. Each begins with letters, which are found
ten times as fast as a choice.
"""
_XML = (".xml", ".rels", ".vml", ".html")
_STYLE = re.compile(rb"<style>.*?</style>", re.S)
"""How a page looks: sizes and colours of no plan."""
EXTERNAL = "leak-external"
"""The finding of a link to another workbook."""


@dataclass(slots=True)
class Contents:
    """What a part says: distinct texts, formulas, numbers that were typed, and numbers that
    formulas gave.
    """

    texts: set[str] = field(default_factory=set)
    formulas: set[str] = field(default_factory=set)
    typed: set[Written] = field(default_factory=set)
    computed: set[float] = field(default_factory=set)


def audit(
    path: Path, secrets: Secrets, part: Part, book: Path | None = None
) -> tuple[Finding, ...]:
    """What the book at ``path`` holds that ``part`` does not: a finding for each class of token.

    A finding names book, class and the parts of the package, never the secret. Nothing to audit in
    the whole's own book. A page or a deck shows figures of a ``book`` that was audited: what that
    computes is the reader's.
    Time is linear in the book's text, whatever the number of secrets.
    """
    if part.whole:
        return ()
    return _leaks(path, secrets, *secrets.allowed(part), book)


def audit_texts(path: Path, secrets: Secrets, texts: Iterable[str]) -> tuple[Finding, ...]:
    """The same of a book for somebody who has no part of the figures: it may hold these ``texts``
    and no amount.
    """
    return _leaks(path, secrets, secrets.allowed_texts(texts), Figures(()), None)


def _leaks(
    path: Path, secrets: Secrets, allowed: frozenset[str], own: Figures, book: Path | None
) -> tuple[Finding, ...]:
    parts = {name: contents(name, data) for name, data in _parts(path)}
    own |= Figures(chain.from_iterable(one.computed for one in parts.values()))
    if book is not None:
        own |= _shown(book)
    strange = {name: _strange(one, own) for name, one in parts.items()}
    telling = _telling(set().union(*strange.values()), secrets.amounts - own.keys)
    codes = (*(kind.value for kind in TokenClass), EXTERNAL)
    places: dict[str, list[str]] = {code: [] for code in codes}
    for name, one in parts.items():
        kinds = set()
        for text in one.texts:
            for word in secrets.words.found(text):
                if word not in allowed:
                    kinds.add(secrets.classes[word].value)
        if strange[name] & telling:
            kinds.add(TokenClass.AMOUNT.value)
        if "externalLink" in name:
            kinds.add(EXTERNAL)
        for kind in kinds:
            places[kind].append(name)
    return tuple(
        Finding.of(kind, Place(path.name), book=path.name, parts=names)
        for kind, names in places.items()
        if names
    )


def _strange(part: Contents, own: Figures) -> set[Written]:
    return {figure for figure in part.typed if not own.hold(figure)}


def _shown(book: Path) -> Figures:
    """The figures in the cells of a book that was audited, typed or given by formulas."""
    said = Contents()
    for name, data in _parts(book):
        if name.lower().endswith(_XML) and b"<sheetData" in data:
            _without_cells(data.decode("utf-8", "replace"), said)
    return Figures(chain(said.computed, (one.value for one in said.typed)))


def texts_of(path: Path) -> frozenset[str]:
    """Every text in the book at ``path``."""
    found = set()
    for name, data in _parts(path):
        found.update(contents(name, data).texts)
    return frozenset(found)


def contents(name: str, data: bytes) -> Contents:
    """What a part of a package says."""
    said = Contents()
    said.texts.add(name)
    if not name.lower().endswith(_XML):
        for encoding in ("utf-8", "utf-16-le"):
            said.texts.update(re.findall(r"[^\x00-\x1f]{3,}", data.decode(encoding, "replace")))
        return said
    text = data.decode("utf-8", "replace")
    if "<sheetData" in text:
        text = _without_cells(text, said)
    text = _without_places(text, said)
    strings = "sharedStrings" in name
    for value in set(_TEXT.findall(text)):
        _value(unescape(value), said, strings)
    for first, second in set(_ATTRIBUTE.findall(text)):
        value = unescape(first or second)
        if not _NUMBER.fullmatch(value):
            said.texts.add(value)
    _formulas(said.formulas, said)
    return said


def _without_places(text: str, said: Contents) -> str:
    """What is left of a part without what can only name places; what formulas say is taken in."""

    def taken(match: re.Match[str]) -> str:
        said.formulas.add(unescape(match[2]))
        return match[1]

    def linked(match: re.Match[str]) -> str:
        said.formulas.add(unescape(match[1]))
        return ""

    def area(match: re.Match[str]) -> str:
        return "" if _AREA.fullmatch(match[1]) else match[0]

    text = _LINK.sub(linked, _FORMULA.sub(taken, text))
    text = _AREAS.sub(area, text)
    for colour in _COLOURS:
        text = colour.sub("", text)
    return text


def _without_cells(text: str, said: Contents) -> str:
    """Takes a sheet's cells in; what is left of them is only markup, or inline strings."""
    formulas = set[str]()
    typed, computed = set[str](), set[str]()
    for attributes, formula, value, _ in map(re.Match.groups, _CELL.finditer(text)):
        if formula:
            formulas.add(formula)
        if value is not None and 't="s"' not in attributes:
            (typed if formula is None else computed).add(value)
    said.formulas.update(map(unescape, formulas))
    for value in typed:
        _value(unescape(value), said, strings=False)
    for value in computed:
        if _NUMBER.fullmatch(value):
            said.computed.add(float(value.replace(",", "")))
        else:
            said.texts.add(unescape(value))
    if "<is" not in text:
        return _CELL.sub("", text)
    return _CELL.sub(lambda match: f"<is>{match[4]}</is>" if match[4] else "", text)


def _value(value: str, said: Contents, strings: bool) -> None:
    """A text or a number; digits are a text (a code) only where the part holds nothing but
    texts.
    """
    if strings or not _NUMBER.fullmatch(value):
        said.texts.add(value)
    _figures_of(value, said)


def _figures_of(text: str, said: Contents) -> None:
    said.typed.update(one for one in figures_in(text) if len(one.digits) >= DIGITS)


def _formulas(formulas: Iterable[str], said: Contents) -> None:
    """The texts and numbers typed into formulas, their sheets and names; cells and functions are no
    words.
    """
    for rest in {_ONE_CELL.sub("A1", _without_texts(one, said)) for one in formulas}:
        said.texts.update(name for name in _NAME.findall(rest) if not _NO_NAME.fullmatch(name))
        _figures_of(_REFERENCE.sub(" ", rest), said)


def _without_texts(formula: str, said: Contents) -> str:
    """What is left of a formula without its texts and sheets, which are taken in."""
    for typed, quoted, column in _FORMULA_TEXT.findall(formula):
        text = typed.replace('""', '"') or quoted.replace("''", "'") or column
        if text.startswith("#"):  # a link within the book
            _formulas([text[1:]], said)
        else:
            said.texts.add(text)
    return _FORMULA_TEXT.sub(" ", formula)


def _telling(strange: set[Written], foreign: frozenset[tuple[str, int]]) -> set[Written]:
    """The strange figures that are foreign amounts and could hardly be in the book by chance: there
    are 9·10ⁿ⁻¹ figures of n digits, and so many of each were met.
    """
    places: dict[str, set[int]] = {}
    for digits, place in foreign:
        places.setdefault(digits, set()).add(place)
    met = Counter(map(len, {one.digits for one in strange}))
    known = Counter(map(len, places))
    rare = {
        length
        for length, count in met.items()
        if count * known[length] / (9 * 10 ** (length - 1)) < CHANCE
    }
    found = set[Written]()
    for one in strange:
        apart = {one.place - place for place in places.get(one.digits, ())}
        if len(one.digits) in rare and not apart.isdisjoint(SCALES):
            found.add(one)
    return found


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every part of the package, and what stands in the archive beside them; of a page itself."""
    if path.suffix == ".html":
        yield path.name, _STYLE.sub(b"", path.read_bytes())
        return
    with path.open("rb") as stream:
        yield from _inflated(stream, "")


def _inflated(stream: IO[bytes], within: str) -> Iterator[tuple[str, bytes]]:
    """The parts of a package; of a workbook in it, as a deck's chart holds one, its parts, too."""
    with zipfile.ZipFile(stream) as package:
        for info in package.infolist():
            data = package.read(info)
            if info.filename.lower().endswith(".xlsx"):
                yield from _inflated(BytesIO(data), f"{within}{info.filename}/")
            else:
                yield f"{within}{info.filename}", data
        beside = [package.comment, *(info.comment + info.extra for info in package.infolist())]
        if any(beside):
            yield f"{within}zip", b"\n".join(beside)
