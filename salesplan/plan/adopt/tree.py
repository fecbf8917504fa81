"""The units that a table names, and which stands below which: by columns of groups, else by what
the rows show: indents, numbering, codes, outline levels, rows that sum others, headings, subtotals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from salesplan.dataclass import dataclass, replace
from salesplan.plan.adopt.columns import Column, Table
from salesplan.plan.adopt.facts import Fact, Named
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.adopt.names import groups_in, names_in, surnames_in
from salesplan.plan.adopt.totals import same_figures
from salesplan.plan.adopt.words import is_company, total_of
from salesplan.plan.normalize import bare, in_one_line
from salesplan.workbook.read.looks import Looks
from salesplan.workbook.refs import Range

_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?")
_ADDING = re.compile(r"^=(?:SUM|SUBTOTAL|[\s(),;+0-9])*$")
"""What is left of a formula that adds cells up, without its references."""
_NUMBERED = re.compile(r"^(\d+(?:\.\d+)+|\d+)[.、\s]\s*\S")

_COLUMNS = 3
"""Columns in which a row has to be a sum for it to be no chance."""

ParentRows = Mapping[int, int]
"""Of rows that stand below another row of the table: which."""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit as a table names it: the names above it from the top down and its own, the code beside
    it, whether it is a person, and whether its table gives others of its name other codes.
    """

    path: tuple[str, ...]
    code: str = ""
    person: bool = False
    namesake: bool = False

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]


def nodes_of(table: Table, facts: Sequence[Fact], looks: Looks) -> list[Node]:
    """The units of one table in the order of its rows."""
    unit = next((one for one in table.columns if one.takes is Takes.UNIT), None)
    named: dict[int, Named] = {}
    for fact in facts:
        named.setdefault(fact.row, fact.named)
    if unit is None:
        return _across(facts)
    if any(one.takes is Takes.PARENT for one in table.columns):
        found: list[Node] = []
        for one in named.values():
            found += _by_columns(one, unit)
        return _told_apart(dict.fromkeys(found), table)
    return _told_apart(_Rows(table, unit, named, looks).nodes(), table)


def _told_apart(nodes: Iterable[Node], table: Table) -> list[Node]:
    """The nodes; those of one name that codes tell apart are namesakes. Codes that stand beside
    several names (products'), or many beside each name of a list (orders'), tell nobody apart.
    """
    found = list(nodes)
    codes: dict[tuple[str, ...], set[str]] = {}
    names: dict[str, set[tuple[str, ...]]] = {}
    for one in found:
        if one.code:
            codes.setdefault(one.path, set()).add(one.code)
            names.setdefault(one.code, set()).add(one.path)
    several = {path for path, own in codes.items() if len(own) > 1}
    figures = sum(one.takes is not None and one.takes.figure for one in table.columns)
    listed = figures < _COLUMNS and 4 * len(several) > len(codes)
    if listed or any(len(paths) > 1 for paths in names.values()):
        return found
    return [replace(one, namesake=one.path in several and bool(one.code)) for one in found]


def _across(facts: Sequence[Fact]) -> list[Node]:
    """Units that stand in the heads of columns."""
    texts = dict.fromkeys(one.named.text for one in facts if one.named.text)
    return [Node((text,), "", names_in([text])) for text in texts if total_of(text) is None]


def _by_columns(named: Named, unit: Column) -> list[Node]:
    if named.total is not None or not (named.text or named.parents):
        return []
    parents = tuple(one for one in named.parents if total_of(one) is None)
    if not named.text:
        return [Node(parents)] if parents else []
    own = (*parents, named.text) if parents[-1:] != (named.text,) else parents
    person = unit.people and own != parents
    return [Node(own, named.code, person)]


class _Rows:
    """The rows of a table whose columns name no groups."""

    def __init__(
        self, table: Table, unit: Column, named: Mapping[int, Named], looks: Looks
    ) -> None:
        self.block = table.block
        self.unit = unit
        self.looks = looks
        self.named = named
        self.listed = any(one.takes is Takes.DAY for one in table.columns)
        self.code = next((one.at for one in table.columns if one.takes is Takes.CODE), None)
        self.figures = [
            one.at for one in table.columns if one.takes is not None and one.takes.figure
        ]
        self.raw = {
            row: value
            for row in self.block.rows
            if isinstance(value := self.block.value(row, unit.at), str) and value.strip()
        }
        self.texts = {row: in_one_line(value) for row, value in self.raw.items()}
        self.units = {row: one for row, one in self.texts.items() if total_of(one) is None}

    def nodes(self) -> list[Node]:
        """The units, each below those that its rows show above it."""
        below = self._structure()
        labels = {} if below else self._labels()
        found: list[Node] = []
        parents = set(below.values())
        for row, text in self.units.items():
            if row not in self.named and row not in parents:
                continue
            above = self._chain(row, below)
            if not above and bare(labels.get(row, text)) != bare(text):
                above = (labels[row],)
            fixed = self._fixed(row)
            alone = row not in parents and not groups_in([text])
            person = alone and (self.unit.people or surnames_in([text]))
            code = self.named[row].code if row in self.named else self._code(row)
            found.append(Node((*fixed, *above, text), code, person))
        return list(dict.fromkeys(found))

    def _fixed(self, row: int) -> tuple[str, ...]:
        """The team that the whole sheet is of."""
        text = self.shared
        return (text,) if text and text != self.texts.get(row) else ()

    @cached_property
    def shared(self) -> str:
        """The first of the names above the rows, where it is the same for all of them."""
        firsts = {one.parents[:1] for one in self.named.values()}
        first = next(iter(firsts), ()) if len(firsts) == 1 else ()
        return first[0] if first and first[0] not in self.units.values() else ""

    def _chain(self, row: int, below: ParentRows) -> tuple[str, ...]:
        found: list[str] = []
        seen = {row}
        at = below.get(row)
        while at is not None and at not in seen:
            seen.add(at)
            if at in self.units:
                found.insert(0, self.units[at])
            at = below.get(at)
        return tuple(found)

    def _code(self, row: int) -> str:
        value = None if self.code is None else self.block.value(row, self.code)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    def _structure(self) -> ParentRows:
        """The first of the ways in which rows show what they are below that shows anything."""
        ways = (
            self._by_indent,
            self._by_number,
            self._by_code,
            self._by_formula,
            self._by_outline,
            self._by_heading,
            self._by_sum,
        )
        for way in ways:
            found = way()
            if found:
                return found
        return {}

    # By depth

    def _by_indent(self) -> ParentRows:
        depths = {row: self._indent(row) for row in self.units}
        return _by_depth(depths) if len(set(depths.values())) > 1 else {}

    def _indent(self, row: int) -> int:
        shown = self.looks.indents.get((row, self.unit.at))
        if shown:
            return shown
        raw = self.raw[row]
        return len(raw) - len(raw.lstrip(" \t\u3000\xa0"))

    def _by_number(self) -> ParentRows:
        """1 华东, 1.1 上海, 1.1.1 张三: before the names, or as codes."""
        numbers: dict[int, str] = {}
        for row, text in self.units.items():
            found = _NUMBERED.match(text)
            code = self._code(row)
            if found is not None:
                numbers[row] = found[1]
            elif re.fullmatch(r"\d+(\.\d+)*", code):
                numbers[row] = code
        if len(numbers) < len(self.units) or not any("." in one for one in numbers.values()):
            return {}
        rows = {number: row for row, number in numbers.items()}
        found_rows: dict[int, int] = {}
        for row, number in numbers.items():
            above = rows.get(number.rpartition(".")[0])
            if above is not None:
                found_rows[row] = above
        return found_rows

    def _by_code(self) -> ParentRows:
        """01, 0101, 010101: the longest other code that a code begins with."""
        codes = {row: self._code(row) for row in self.units}
        if not all(codes.values()):
            return {}
        rows = {code: row for row, code in codes.items()}
        found: dict[int, int] = {}
        for row, code in codes.items():
            shorter = [other for other in rows if len(other) < len(code) and code.startswith(other)]
            if shorter:
                found[row] = rows[max(shorter, key=len)]
        return found if 2 * len(found) >= len(codes) else {}

    def _by_outline(self) -> ParentRows:
        """Grouped rows stand below the row over them, or under them, that is not in the group."""
        levels = {row: self.looks.levels.get(row, 0) for row in self.units}
        if len(set(levels.values())) < 2:
            return {}
        order = list(levels)
        first = levels[order[0]]
        if first == min(levels.values()):
            return _by_depth(levels)
        return _by_depth({row: levels[row] for row in reversed(order)})

    def _by_heading(self) -> ParentRows:
        """Rows under a name without figures that looks like a heading, down to the next."""
        found: dict[int, int] = {}
        heading: int | None = None
        for row, text in self.texts.items():
            if row in self.named:
                if heading is not None and row in self.units:
                    found[row] = heading
            elif row in self.units and self._is_heading(row, text):
                heading = row
        return found

    def _is_heading(self, row: int, text: str) -> bool:
        at = (row, self.unit.at)
        alone = all(
            self.block.value(row, other) is None
            for other in self.block.columns
            if other != self.unit.at
        )
        shown = at in self.looks.bold or at in self.looks.filled or groups_in([text])
        return alone and shown and not surnames_in([text])

    # By sums

    def _by_formula(self) -> ParentRows:
        sums: dict[int, set[int]] = {}
        for row in self.units:
            summed = self._summed(row)
            if len(summed) > 0:
                sums[row] = summed
        return _nearest(sums)

    def _summed(self, row: int) -> set[int]:
        """The rows with units that a formula of the row adds up."""
        for at in self.figures:
            formula = self.looks.formulas.get((row, at), "").upper().replace("$", "")
            if not formula or not _ADDING.match(_REFERENCE.sub("", formula)):
                continue
            rows: set[int] = set()
            for reference in _REFERENCE.findall(formula):
                area = Range.parse(reference)
                if area.left <= at <= area.right:
                    rows |= set(range(area.top, area.bottom + 1))
            rows &= self.units.keys() - {row}
            if rows:
                return rows
        return set()

    def _by_sum(self) -> ParentRows:
        """A row that is the sum of two rows or more right under it, in every column of figures: in
        a list that is chance, and in fewer than three columns, too, but for a team over others.
        """
        if self.listed:
            return {}
        order = [row for row in self.units if row in self.named]
        values = {row: self._numbers(row) for row in order}
        sums: dict[int, set[int]] = {}
        for start, row in enumerate(order):
            if not any(values[row]) or any(row in below for below in sums.values()):
                continue
            below = _summing(values[row], order[start + 1 :], values)
            if below and (len(self.figures) >= _COLUMNS or self._is_team(row, below)):
                sums[row] = set(below)
        return _nearest(sums)

    def _is_team(self, row: int, below: Iterable[int]) -> bool:
        """Whether a row is called like a team, and those under it are not."""
        return groups_in([self.units[row]]) and not groups_in([self.units[one] for one in below])

    def _numbers(self, row: int) -> list[Decimal]:
        return [self._number(row, at) for at in self.figures]

    def _number(self, row: int, at: int) -> Decimal:
        value = self.block.value(row, at)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return Decimal(repr(value)) if is_number else Decimal(0)

    # By subtotals

    def _labels(self) -> Mapping[int, str]:
        """The team of each row that 华东小计 stands under."""
        found: dict[int, str] = {}
        since: list[int] = []
        for row, text in self.texts.items():
            total = total_of(text)
            if total is None:
                since.append(row)
                continue
            if total and not is_company(total) and since:
                spelled = _spelled(total, text)
                found |= dict.fromkeys(since, spelled)
            if total is not None:
                since = []
        return found


def _spelled(part: str, text: str) -> str:
    at = text.casefold().find(part)
    return text[at : at + len(part)] if at >= 0 else part


def _summing(
    wanted: Sequence[Decimal], rows: Sequence[int], values: Mapping[int, Sequence[Decimal]]
) -> list[int]:
    """The rows from the first on that add up to the figures; none where no run of two or more
    does.
    """
    sums = [Decimal(0)] * len(wanted)
    for count, row in enumerate(rows, 1):
        sums = [a + b for a, b in zip(sums, values[row], strict=True)]
        if count >= 2 and all(same_figures(a, b) for a, b in zip(sums, wanted, strict=True)):
            return list(rows[:count])
        if any(abs(a) > abs(b) and b >= 0 for a, b in zip(sums, wanted, strict=True)):
            return []
    return []


def _by_depth(depths: Mapping[int, int]) -> ParentRows:
    """Each row below the nearest one before it that is less deep."""
    found: dict[int, int] = {}
    open_rows: list[tuple[int, int]] = []
    for row, depth in depths.items():
        while open_rows and open_rows[-1][0] >= depth:
            open_rows.pop()
        if open_rows:
            found[row] = open_rows[-1][1]
        open_rows.append((depth, row))
    return found


def _nearest(sums: Mapping[int, Iterable[int]]) -> ParentRows:
    """Each row below the one with the fewest rows of those that sum it."""
    sizes = {row: set(below) for row, below in sums.items()}
    found: dict[int, int] = {}
    for row, below in sorted(sizes.items(), key=lambda one: -len(one[1])):
        for child in below:
            found[child] = row
    return found
