"""From a mapping to rows: what a planner's own tables hold, laid into tables of the schema that the
loader reads as it reads a sheet. Each cell knows where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from string import ascii_uppercase

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.plan.adopt.facts import Fact, Named, facts_of
from salesplan.plan.adopt.mapfile import pointed, read_map
from salesplan.plan.adopt.mapping import Kept, Takes, mapping_sheet, read_mapping
from salesplan.plan.adopt.matching import matched
from salesplan.plan.adopt.repeated import counted_once
from salesplan.plan.adopt.totals import checked
from salesplan.plan.adopt.unseen import HiddenIn, unseen
from salesplan.plan.model import Kpi, Month, Unit
from salesplan.plan.model.people import Index, People
from salesplan.plan.rows import Row, Rows
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.tables import FoundTable
from salesplan.workbook.refs import column_letters

_DIMENSIONS = {
    Takes.PRODUCT: "product",
    Takes.REGION: "region",
    Takes.CUSTOMER: "customer",
    Takes.CHANNEL: "channel",
    Takes.CURRENCY: "currency",
}
NAME_TWICE = "mapping-name-twice"
ACTUALS_OF_ONE_NAME = "mapping-actuals-of-one-name"
NAME_OF_SEVERAL = "mapping-name-of-several"
WHOSE = frozenset({NAME_TWICE, ACTUALS_OF_ONE_NAME, NAME_OF_SEVERAL})
"""The codes of what only a person can say: whose the figures of rows of one name are."""
_PARTS = (Takes.CUSTOMER, Takes.REGION, Takes.CHANNEL)
"""What targets are planned by from the bottom up, and issued without."""
_SHOWN = 5
"""Cells that a finding names."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Tables of the schema, by key, that planners' own cells were laid into, and what was found on
    the way.
    """

    tables: Mapping[str, FoundTable]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the plan's own sheets say that reading others needs: its units and KPIs, its months in
    fiscal order.
    """

    people: People
    kpis: Index[Kpi]
    months: tuple[Month, ...]

    @property
    def company(self) -> str:
        """The code of the one unit above all others; "" where there are several."""
        tops = [one for one in self.people.records if not one.parent]
        return tops[0].code if len(tops) == 1 else ""


def kept_in(grids: Mapping[str, Grid], path: Path) -> Kept | None:
    """The mapping that one of the sheets holds, or that stands in a file beside the workbook."""
    name = mapping_sheet(grids)
    if not name:
        return None
    kept = read_mapping(grids[name], path.name)
    file = pointed(kept)
    return read_map(path.parent / file, kept, path.name) if file else kept


def lay(
    kept: Kept,
    grids: Mapping[str, Grid],
    known: Known,
    workbook: str,
    hidden_in: HiddenIn | None = None,
) -> Laid:
    """The planner's tables that the mapping speaks of, as tables ``targets`` and ``actuals``.

    A unit that nobody of the plan is called, a KPI that is none, stays as it is written: the checks
    say so at its cell. What is hidden is said where ``hidden_in`` can tell.
    """
    tables, findings = matched(kept, grids, workbook)
    facts = [facts_of(one, workbook) for one in tables]
    laid = lay_facts(facts, known)
    hidden = unseen(facts, hidden_in) if hidden_in is not None else []
    return Laid(laid.tables, (*kept.findings, *findings, *laid.findings, *hidden))


def lay_facts(tables: Iterable[Sequence[Fact]], known: Known) -> Laid:
    """The figures of planners' tables, table by table, as tables ``targets`` and ``actuals``."""
    findings: list[Finding] = []
    targets: list[_Cell] = []
    actuals: list[list[Fact]] = []
    for found in tables:
        findings += _undecided([fact for fact in found if fact.undecided])
        facts = resolved([fact for fact in found if not fact.undecided], known)
        facts, wrong = checked(facts, known.people, known.kpis, known.months[0].month)
        findings += [*wrong, *_of_one_name(facts, known)]
        outside: list[Fact] = []
        for fact in facts:
            if fact.takes is Takes.TARGET:
                cell = _target(fact, known)
                if cell is None:
                    outside.append(fact)
                else:
                    targets.append(cell)
        actuals.append([fact for fact in facts if fact.takes is not Takes.TARGET])
        findings += [*_outside(outside), *_rounded(facts, known)]
    laid: dict[str, FoundTable] = {}
    rows, twice = _target_rows(targets)
    findings += twice
    if rows:
        laid["targets"] = _table("targets", rows)
    kept_facts, again = counted_once(actuals, known.people)
    findings += again
    lines: list[Mapping[str, _At]] = []
    for facts in kept_facts:
        lines += [one.cells for one in _lines(facts, known)]
    if lines:
        laid["actuals"] = _table("actuals", lines)
    return Laid(laid, tuple(findings))


def _undecided(facts: Sequence[Fact]) -> list[Finding]:
    """Cells that say that their figure is not known yet, said once a table."""
    if not facts:
        return []
    cells = tuple(one.place.cell for one in facts[:_SHOWN])
    told = {"cells": cells, "count": len(facts), "text": facts[0].value}
    return [Finding.of("mapping-undecided", facts[0].place, **told)]


def _outside(facts: Sequence[Fact]) -> list[Finding]:
    """Targets of another year than the plan's, said once a table."""
    if not facts:
        return []
    cells = tuple(one.place.cell for one in facts[:_SHOWN])
    return [Finding.of("mapping-outside-year", facts[0].place, cells=cells, count=len(facts))]


def _of_one_name(facts: Iterable[Fact], known: Known) -> list[Finding]:
    """Rows of actuals of one name in a table that has one row for each: said once a pair of rows.
    Where most rows are of a name that stands above, the table is a list, which adds up.
    """
    firsts: dict[object, Fact] = {}
    twice: dict[tuple[int, int], list[tuple[Fact, Fact]]] = {}
    rows: set[int] = set()
    for one in facts:
        whose = one.named.code in known.people.records_by_code
        if one.takes is not Takes.ACTUAL or one.listed or not whose or not one.named.text:
            continue
        rows.add(one.row)
        column = one.place.cell.rstrip("0123456789")
        parts = tuple(sorted((key.value, text) for key, text in one.dimensions.items()))
        first = firsts.setdefault((column, one.named.code, one.kpi, one.when, parts), one)
        if first.row != one.row:
            twice.setdefault((first.row, one.row), []).append((first, one))
    again = {row for _, row in twice}
    if 2 * len(again) > len(rows):
        return []
    found: list[Finding] = []
    for pairs in twice.values():
        first, one = pairs[0]
        told = {"name": one.named.text, "first": first.place.cell, "count": len(pairs)}
        found.append(Finding.of(ACTUALS_OF_ONE_NAME, one.place, **told))
    return found


def names_of_several(facts: Iterable[Fact], known: Known) -> list[Finding]:
    """The names of a table's rows that several units have, where nothing in the row says which one
    is meant: said once a name.
    """
    cells: dict[str, list[Fact]] = {}
    for one in resolved(facts, known):
        if one.named.total is None and one.named.code not in known.people.records_by_code:
            cells.setdefault(one.named.text, []).append(one)
    found: list[Finding] = []
    for name, own in cells.items():
        units = known.people.meant(name)
        if len(units) > 1:
            places = tuple(dict.fromkeys(one.place.cell for one in own))
            codes = tuple(one.code for one in units)
            told = {"name": name, "units": codes, "count": len(own), "cells": places[:_SHOWN]}
            found.append(Finding.of(NAME_OF_SEVERAL, own[0].place, **told))
    return found


# -- whose and of what


def resolved(facts: Iterable[Fact], known: Known) -> list[Fact]:
    """The facts with the codes of their units and KPIs, where the plan knows them; each name is
    looked up once.
    """
    names: dict[Named, Named] = {}
    kpis: dict[str, str] = {"": _only(known.kpis)}
    found: list[Fact] = []
    for fact in facts:
        named = names.get(fact.named)
        if named is None:
            named = names[fact.named] = replace(fact.named, code=unit_code(fact.named, known))
        if fact.kpi not in kpis:
            kpis[fact.kpi] = known.kpis.code(fact.kpi)
        found.append(replace(fact, named=named, kpi=kpis[fact.kpi]))
    return found


def _only(kpis: Index[Kpi]) -> str:
    return kpis.records[0].code if len(kpis.records) == 1 else ""


def unit_code(named: Named, known: Known) -> str:
    """The code of the unit that a row means: by its code, by its name, of several of that name the
    one under those that the row names above it; a row that names nobody is the company's.
    """
    people = known.people
    if named.code and named.code in people.records_by_code:
        return named.code
    text = named.text if named.total is None else named.total
    if named.total is not None and not text:
        return ""
    if not text:
        text = named.parents[-1] if named.parents else ""
    if not text:
        return named.code or known.company
    found = people.meant(text)
    if len(found) == 1 and _below(found[0], named.parents, people):
        return found[0].code
    fitting = [one for one in found if _below(one, named.parents, people)]
    if len(fitting) == 1:
        return fitting[0].code
    if not fitting and len(found) == 1:
        return found[0].code
    return "" if named.total is not None else text


def _below(unit: Unit, parents: Sequence[str], people: People) -> bool:
    """Whether the unit stands below somebody called as the nearest of the parents is."""
    if not parents:
        return True
    wanted = {one.code for one in people.meant(parents[-1])}
    seen = {unit.code}
    above = unit.parent
    while above and above not in seen:
        if above in wanted:
            return True
        seen.add(above)
        higher = people.records_by_code.get(above)
        above = higher.parent if higher is not None else None
    return False


# -- targets


@dataclass(frozen=True, slots=True)
class _Cell:
    """One typed target: its row's identity, its column's key, its value, where it stands."""

    identity: tuple[str, str, str]
    key: str
    value: CellValue
    place: Place
    name: str = ""
    part: tuple[str, ...] = ()
    """The customer, region and channel of its row."""


def _target(fact: Fact, known: Known) -> _Cell | None:
    """The cell of a row of 目标分解 that a target belongs in; None for another year."""
    identity = (fact.kpi, fact.named.code, fact.dimensions.get(Takes.PRODUCT, ""))
    key = _target_key(fact.when, known.months)
    if key is None:
        return None
    part = tuple(fact.dimensions.get(one, "") for one in _PARTS)
    value = _counted(fact, known)
    return _Cell(identity, key, value, fact.place, fact.named.text, part if any(part) else ())


def _counted(fact: Fact, known: Known) -> CellValue:
    """A target in whole pieces of its KPI's smallest unit: what a formula made has more places."""
    number, kpi = fact.number, known.kpis.records_by_code.get(fact.kpi)
    if number is None or kpi is None or not kpi.kind.adds_over_units:
        return _scaled(fact)
    pieces = (number / kpi.smallest_unit).to_integral_value(ROUND_HALF_UP)
    whole = pieces * kpi.smallest_unit
    return _scaled(fact) if whole == number else float(whole)


def _rounded(facts: Iterable[Fact], known: Known) -> list[Finding]:
    """What is said where targets were brought to the smallest unit, once a table."""
    finer = [
        one
        for one in facts
        if one.takes is Takes.TARGET and _counted(one, known) not in (_scaled(one), None)
    ]
    if not finer:
        return []
    kpi = known.kpis.records_by_code[finer[0].kpi]
    return [
        Finding.of(
            "mapping-rounded",
            finer[0].place,
            count=len(finer),
            kpi=kpi.name,
            unit=kpi.smallest_unit,
            text=finer[0].number,
        )
    ]


def _target_key(when: object, months: tuple[Month, ...]) -> str | None:
    if isinstance(when, (date, datetime)):
        when = Month.of(when)
    if isinstance(when, Month):
        return f"manual{when.month}" if when in months else None
    if isinstance(when, tuple):
        return f"manual_quarter{when[1]}" if when[0] == months[0].year else None
    return "manual_year" if when is None or when == months[0].year else None


def _target_rows(cells: Iterable[_Cell]) -> tuple[list[dict[str, _At]], list[Finding]]:
    """The cells row by row; a second figure for one cell is an error, and the first counts. Two
    rows of one name are said once, whatever they have.
    """
    rows: dict[tuple[str, str, str], dict[str, _At]] = {}
    findings: list[Finding] = []
    named: dict[tuple[Place, Place], list[tuple[Place, _Cell]]] = {}
    parts: dict[tuple[tuple[str, str, str], str], set[tuple[str, ...]]] = {}
    added: list[_Cell] = []
    for one in cells:
        kpi, unit, product = one.identity
        row = rows.setdefault(
            one.identity,
            {
                "kpi": _At(kpi, one.place),
                "unit": _At(unit, one.place),
                "product": _At(product or None, one.place),
            },
        )
        there = row.get(one.key)
        if there is not None and _said_again(there, one):
            continue
        known = parts.setdefault((one.identity, one.key), set())
        new = bool(one.part) and one.part not in known
        known.add(one.part)
        if there is None:
            row[one.key] = _At(one.value, one.place)
        elif new and () not in known:
            row[one.key] = _plus(there, _At(one.value, one.place))
            added.append(one)
        elif one.name and _is_below(there.place, one.place):
            rows_of_one = (_row_of(there.place), _row_of(one.place))
            named.setdefault(rows_of_one, []).append((there.place, one))
        else:
            first = str(there.place)
            findings.append(Finding.of("mapping-target-twice", one.place, first=first))
    findings += [_two_rows(twice) for twice in named.values()]
    if added:
        findings.append(Finding.of("mapping-parts-added", added[0].place, count=len(added)))
    return [*rows.values(), *_sums_of_products(rows)], findings


def _row_of(place: Place) -> Place:
    return replace(place, cell=place.cell.lstrip(ascii_uppercase))


def _is_below(first: Place, second: Place) -> bool:
    """Whether two figures stand in different rows of one sheet."""
    return first.sheet == second.sheet and _row_of(first) != _row_of(second)


def _two_rows(twice: Sequence[tuple[Place, _Cell]]) -> Finding:
    first, again = twice[0]
    told = {"name": again.name, "first": first.cell, "count": len(twice)}
    return Finding.of(NAME_TWICE, again.place, **told)


def _said_again(there: _At, one: _Cell) -> bool:
    """Whether another sheet says the same: a summary of it."""
    return there.value == one.value and there.place.sheet != one.place.sheet


def _sums_of_products(
    rows: Mapping[tuple[str, str, str], Mapping[str, _At]],
) -> Iterator[dict[str, _At]]:
    """The whole target of a unit that a table gives by products alone: their sum, which stands
    where the first of them does.
    """
    by_unit: dict[tuple[str, str], list[Mapping[str, _At]]] = {}
    for (kpi, unit, product), row in rows.items():
        if product and (kpi, unit, "") not in rows:
            by_unit.setdefault((kpi, unit), []).append(row)
    for products in by_unit.values():
        whole = {**products[0], "product": _At(None, products[0]["product"].place)}
        for row in products[1:]:
            for key, at in row.items():
                if key.startswith("manual"):
                    whole[key] = _plus(whole[key], at) if key in whole else at
        yield whole


def _plus(one: _At, other: _At) -> _At:
    numbers = [value for value in (one.value, other.value) if isinstance(value, (int, float))]
    total = sum((Decimal(repr(value)) for value in numbers), Decimal(0))
    return _At(float(total), one.place)


# -- actuals


@dataclass(frozen=True, slots=True)
class _Line:
    cells: dict[str, _At]


def _lines(facts: Iterable[Fact], known: Known) -> list[_Line]:
    """Rows of 实绩; a quantity stands in the row of the figure beside it."""
    lines: list[_Line] = []
    quantities: dict[int, Fact] = {}
    told = list(facts)
    for fact in told:
        if fact.takes is Takes.QUANTITY:
            quantities[fact.row] = fact
    for fact in told:
        if fact.takes is not Takes.ACTUAL:
            continue
        place = fact.place
        cells = {
            "day": _At(_day(fact.when, known.months), place),
            "unit": _At(fact.named.code, place),
            "kpi": _At(fact.kpi, place),
            "value": _At(_scaled(fact), place),
        }
        for takes, key in _DIMENSIONS.items():
            if takes in fact.dimensions:
                cells[key] = _At(fact.dimensions[takes], place)
        quantity = quantities.get(fact.row)
        if quantity is not None:
            cells["quantity"] = _At(_scaled(quantity), quantity.place)
        lines.append(_Line(cells))
    return lines


def _day(when: object, months: tuple[Month, ...]) -> CellValue:
    """The period of an actual: its day, its month; of a quarter or a year the last month."""
    if isinstance(when, Month):
        return str(when)
    if isinstance(when, tuple):
        return str(Month(when[0], months[0].month).plus(3 * when[1] - 1))
    if isinstance(when, int):
        return str(Month(when, months[0].month).plus(11))
    return when  # type: ignore[return-value]


def _scaled(fact: Fact) -> CellValue:
    number = fact.number
    if number is None or fact.factor == 1:
        return fact.value
    return float(number)


# -- tables


@dataclass(frozen=True, slots=True)
class _At:
    """A value and the cell that it is read from."""

    value: CellValue
    place: Place


def _table(key: str, rows: Sequence[Mapping[str, _At]]) -> FoundTable:
    """The rows as a table: one column a key, one row a row, and where each cell stands."""
    keys: list[str] = []
    for row in rows:
        keys += [one for one in row if one not in keys]
    columns = {one: column_letters(number) for number, one in enumerate(keys, 1)}
    values = [_values(row, keys) for row in rows]
    stands = [_places(row) for row in rows]
    sheet = next(iter(rows[0].values())).place.sheet
    return FoundTable(
        key,
        sheet,
        0,
        1,
        len(rows),
        columns,
        dict.fromkeys(keys, ""),
        None,
        range(1, len(rows) + 1),
        (),
        0,
        len(rows),
        ("A", column_letters(max(len(keys), 1))),
        {},
        Grid(sheet, values, 1),
        dict(enumerate(stands, 1)),
    )


def _values(row: Mapping[str, _At], keys: Sequence[str]) -> tuple[CellValue, ...]:
    return tuple(row[one].value if one in row else None for one in keys)


def _places(row: Mapping[str, _At]) -> dict[str, Place]:
    return {key: at.place for key, at in row.items()}


def merged(own: Rows | None, theirs: Rows) -> Rows:
    """The rows of our sheet with what the planner's tables say beside them.

    A row of the same KPI, unit and product takes their figures where its own cells are blank; what
    is typed on our sheet counts before theirs, and says so. Rows that our sheet lacks come behind,
    and have no row in it (``origin.row`` 0).
    """
    rows = list(own.rows) if own is not None else []
    place = {_identity(one): at for at, one in enumerate(rows)}
    findings: list[Finding] = [*(own.findings if own is not None else ()), *theirs.findings]
    for one in theirs.rows:
        at = place.get(_identity(one))
        if at is None:
            rows.append(one)
            continue
        rows[at], problems = _with(rows[at], one)
        findings += problems
    dropped = own.dropped if own is not None else frozenset[str]()
    return Rows(tuple(rows), tuple(findings), dropped)


def _identity(row: Row) -> tuple[str, str, str]:
    kpi, unit, product = (str(row.values.get(key) or "") for key in ("kpi", "unit", "product"))
    return kpi, unit, product


def _with(own: Row, theirs: Row) -> tuple[Row, list[Finding]]:
    values = dict(own.values)
    stands = dict(own.origin.stands)
    findings: list[Finding] = []
    for key, value in theirs.values.items():
        if value is None or key in ("kpi", "unit", "product"):
            continue
        typed = values.get(key)
        if typed is None:
            values[key] = value
            stands[key] = theirs.origin.place(key)
        elif typed != value:
            there = str(theirs.origin.place(key))
            findings.append(
                Finding.of("mapping-typed-here", own.origin.place(key), own=typed, there=there)
            )
    origin = replace(own.origin, stands=stands)
    return Row(values, origin, own.broken | theirs.broken), findings
