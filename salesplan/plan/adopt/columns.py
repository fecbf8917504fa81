"""What each column of a planner's table is taken for, how surely, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import NOWHERE, Finding
from salesplan.plan.adopt.blocks import Block, written
from salesplan.plan.adopt.facts import NO_FIGURE, UNDECIDED
from salesplan.plan.adopt.mapping import Takes
from salesplan.plan.adopt.money import Measure, first_measure, measure, measure_in
from salesplan.plan.adopt.months import Period, period_in, spans_months
from salesplan.plan.adopt.names import groups_in, names_in, surnames_in
from salesplan.plan.adopt.words import (
    READ,
    Field,
    Role,
    came_to_nothing,
    field_of,
    field_within,
    kpi_kind,
    kpi_within,
    said,
    speaks_of_spending,
    total_of,
)
from salesplan.plan.normalize import bare, in_one_line
from salesplan.workbook.read.cells import CellValue

SURE = 90
"""Percent from which a column is taken without being asked about."""
_STATES = 15
"""Different words at most in a column of states."""
_MOSTLY = 0.8
"""The part of a column's cells that makes it one of days."""
_SAID, _SEEN, _TITLED, _LIKELY, _GUESSED = 97, 94, 93, 75, 50


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a table: the texts above it, its sheet's name, the file's, nearest first.

    ``period`` is what a title or the sheet's name says of the whole table's time, ``role`` what its
    figures are by them, with the text that says so; ``named`` whether that text is more than the
    file's name.
    """

    kpi: str = ""
    role: Takes | None = None
    said_by: str = ""
    named: bool = True
    period: Period = Period()
    measure: Measure | None = None
    spends: str = ""
    """The text that speaks of what is spent, not sold; "" for none."""
    spans: str = ""
    """The text that names several months; "" for none."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is taken for (None: nothing of the plan's), the period and the KPI that
    its head names, the unit of money beside them, how surely (percent), and why.
    """

    at: int
    head: str
    takes: Takes | None
    confidence: int
    why: Finding
    period: Period = Period()
    kpi: str = ""
    unit: str = ""
    measure: Measure | None = None
    people: bool = False
    """Of a column of units: whether they are persons, and no teams."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns, in the order of the sheet."""

    block: Block
    around: Around
    columns: tuple[Column, ...]

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that are taken for something of the plan's."""
        return tuple(one for one in self.columns if one.takes is not None)

    @property
    def measures(self) -> Mapping[int, Measure]:
        """The unit of measure that a column of the table names for each row (万元, %, 个)."""
        for column in self.columns:
            if column.takes not in (None, Takes.MEASURE):
                continue
            values = zip(self.block.rows, self.block.values(column.at), strict=True)
            texts = {row: one for row, one in values if isinstance(one, str)}
            found = {row: measure(text) for row, text in texts.items()}
            if texts and all(found.values()):
                return {row: one for row, one in found.items() if one is not None}
        return {}

    @property
    def has_figures(self) -> bool:
        """Whether any of them holds figures of the plan."""
        return any(one.takes is not None and one.takes.figure for one in self.columns)

    @property
    def confidence(self) -> int:
        """The least sure of its columns."""
        return min((one.confidence for one in self.read), default=0)


def around(block: Block, sheet: str, file: str) -> Around:
    """What the titles above the table, the sheet's name and the file's say of all of it."""
    titles = [written(one.value) for one in block.titles]
    corner = block.head_text(block.left)
    texts = [*titles, sheet]
    if corner and field_of(corner) is None:
        texts.insert(0, corner)
    role, said_by = _role_in(texts)
    named = role is not None
    if role is None:
        role, said_by = _role_in([file])
    kpi = next((found for one in texts if (found := kpi_within(one))), "") or _kpi_of_file(file)
    spends = next((one for one in [*titles, sheet] if speaks_of_spending(one)), "")
    measured = first_measure(texts)
    spans = next((one for one in texts if spans_months(one)), "")
    told = [one for one in texts if one != spans] if spans else texts
    period = _period(told, file)
    if spans and period.year is None:
        year = period_in(spans)
        period = replace(period, year=None if year is None else year.period.year)
    return Around(kpi, role, said_by, named, period, measured, spends, spans)


_LISTED = frozenset(
    [
        *("deals", "leads", "order", "orders", "units", "unitssold", "calls", "visits"),
        *("quantity", "qty", "volume", "pipeline"),
        *("订单", "订单数", "商机数", "台数", "数量", "拜访", "拜访量"),
    ]
)
"""Names of counts: a file of that name holds a list of them, and amounts all the same."""


def _kpi_of_file(file: str) -> str:
    found = kpi_within(file)
    return "" if bare(found) in _LISTED else found


def _one_a_row(people: _Seen, groups: _Seen) -> bool:
    """Whether a column of those in charge names somebody else in each row of a group, and so the
    one whose row it is.
    """
    held: CellValue = None
    pairs: list[tuple[CellValue, CellValue]] = []
    for group, name in zip(groups.values, people.values, strict=True):
        held = group if group is not None else held
        if name is not None:
            pairs.append((held, name))
    return len(set(pairs)) == len(pairs) > len({group for group, _ in pairs})


def _role_in(texts: Iterable[str]) -> tuple[Takes | None, str]:
    for text in texts:
        roles = said(text).roles & {Role.TARGET, Role.ACTUAL}
        if len(roles) == 1:
            return (Takes.TARGET if Role.TARGET in roles else Takes.ACTUAL), text
    return None, ""


def _period(texts: Iterable[str], file: str) -> Period:
    """The month and the year of the whole table; the file's name gives a year only. The day on
    which somebody signed or printed is no time of the plan.
    """
    year = month = quarter = None
    for text in texts:
        timed = period_in(text)
        if timed is None or _is_stamp(text):
            continue
        if month is None and quarter is None and timed.period.month is not None:
            month = timed.period.month
        if quarter is None and month is None and timed.period.quarter is not None:
            quarter = timed.period.quarter
        year = year or timed.period.year
    if year is None:
        timed = period_in(file)
        year = None if timed is None else timed.period.year
    return Period(year, month, quarter)


_STAMP = re.compile(
    r"生成|制表|打印|导出|更新|截止|编制|generated|printed|created|exported|updated|as of|stand:|"
    r"erstellt|édité|作成|印刷|出力"
)
_DAY = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d"
)


def _is_stamp(text: str) -> bool:
    """Whether a text says when the sheet was made: its date is none of the plan's. One day is such
    a date, whatever is written beside it; two are from when to when.
    """
    return _STAMP.search(text.casefold()) is not None or len(_DAY.findall(text)) == 1


def table_of(block: Block, context: Around, known_units: frozenset[str] = frozenset()) -> Table:
    """The table with what each of its columns is taken for."""
    return _Reading(block, context, known_units).table()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in and over a column before the others are looked at."""

    at: int
    head: str
    period: Period
    roles: frozenset[Role]
    rest: tuple[str, ...]
    values: tuple[CellValue, ...] = field(repr=False)
    there: tuple[CellValue, ...] = field(repr=False)
    """Those of its cells that are filled."""
    kinds: Mapping[type, int] = field(repr=False)
    """How many of them are of each type."""
    measure: Measure | None = None
    between: bool = False
    """Whether its month is only that between its neighbours'."""

    @property
    def within_year(self) -> bool:
        return not self.period.whole_year

    def part(self, *wanted: type) -> float:
        """The part of the filled cells that are of these kinds."""
        of_kind = [count for kind, count in self.kinds.items() if issubclass(kind, wanted)]
        hits = sum(of_kind) - self.kinds.get(bool, 0) * issubclass(bool, wanted)
        return hits / len(self.there) if self.there else 0.0

    @property
    def numeric(self) -> bool:
        return self.part(int, float) > 0.5

    @property
    def texts(self) -> bool:
        return self.part(str) > 0.5

    @property
    def figures(self) -> bool:
        """Whether its cells are figures, be they typed as texts (12万, -), or blank; a word among
        them (待定) is of its own cell only.
        """
        return self.numeric or all(_is_figure(one) for one in self.there if isinstance(one, str))

    @property
    def words(self) -> list[str]:
        return [in_one_line(one) for one in self.there if isinstance(one, str)]


class _Reading:
    """One table as its columns are understood, those beside each other together."""

    def __init__(self, block: Block, context: Around, known: frozenset[str]) -> None:
        self.block = block
        self.context = context
        self.known = known
        seen = [self._see(at) for at in block.columns]
        if any(_THIRTEENTH.match(one.head) for one in seen):
            seen = [_without_position(one) for one in seen]
        seen = _without_chance_months(seen)
        self.seen = _with_months_between(seen)
        self.lost = self._lost_deals()
        self.across = [one for one in self.seen if one.within_year and one.figures]
        self.found: dict[int, Column] = {}

    def _lost_deals(self) -> str:
        """What a column of the list calls deals that came to nothing; "" for none."""
        for one in self.seen:
            words = set(one.words) if one.texts else set[str]()
            lost = sorted(word for word in words if came_to_nothing(word))
            if lost and len(words) <= _STATES:
                return lost[0]
        return ""

    def table(self) -> Table:
        self._keys()
        for one in self.seen:
            if one.at not in self.found:
                self.found[one.at] = self._figure(one)
        self._quantities()
        columns = tuple(self.found[at] for at in sorted(self.found) if self._counts(at))
        return Table(self.block, self.context, columns)

    def _counts(self, at: int) -> bool:
        seen = self.seen[at - self.block.left]
        return bool(seen.head) or bool(seen.there)

    def _see(self, at: int) -> _Seen:
        period, roles, rest = Period(), set[Role](), list[str]()
        for piece in self.block.paths.get(at, ()):
            text = piece.value
            if self.block.numbered and isinstance(text, (int, float)) and 1 <= text <= 12:
                period = replace(period, month=int(text))
                continue
            if isinstance(text, str):
                text = _without_measure(text)
            timed = period_in(text, self.block.languages)
            if timed is not None:
                period = _with(period, timed.period)
            left = timed.rest if timed is not None else written(text)
            spoken = said(left)
            roles |= spoken.roles
            if spoken.rest:
                original = left if not spoken.roles and timed is None else spoken.rest
                rest.append(original)
        values = self.block.values(at)
        there = tuple(one for one in values if one is not None)
        head = self.block.head_text(at)
        measure = first_measure(written(one.value) for one in self.block.paths.get(at, ()))
        if measure is not None and measure.word == "%":
            roles = _of_percent(roles, rest)
        return _Seen(
            at,
            head,
            period,
            frozenset(roles),
            tuple(rest),
            values,
            there,
            Counter(map(type, there)),
            measure,
        )

    # Keys

    def _keys(self) -> None:
        """The columns that say whose and of what a row is."""
        candidates = [one for one in self.seen if one not in self.across and one.there]
        fields: dict[int, Field] = {}
        for one in candidates:
            named = self._field(one)
            if named is not None:
                fields[one.at] = named
        self._dates(candidates, fields)
        self._by_field(candidates, fields)
        if not self._has(Takes.UNIT):
            self._unnamed(candidates)

    def _field(self, one: _Seen) -> Field | None:
        if one.numeric:
            named = field_of(one.head)
            if named is Field.CODE and _counts_up(one.there):
                return Field.NUMBER
            if named is Field.NUMBER and _is_numbering(one.there):
                return Field.CODE
            coded = (Field.CODE, Field.NUMBER, Field.YEAR)
            return named if named in coded or self._bare_months(one, named) else None
        by_values = self._by_values(one)
        if by_values is not None:
            return by_values
        last = written(self.block.paths[one.at][-1].value) if self.block.paths.get(one.at) else ""
        named = field_of(one.head) or field_of(last) or field_within(last)
        return Field.CODE if named is Field.NUMBER and _is_numbering(one.there) else named

    def _bare_months(self, one: _Seen, named: Field | None) -> bool:
        numbers = [int(value) for value in one.there if isinstance(value, (int, float))]
        return named is Field.DAY and all(1 <= number <= 12 for number in numbers)

    def _by_values(self, one: _Seen) -> Field | None:
        """A column whose cells say 目标, 实际 by turns, or names of KPIs, is of these whatever its
        head.
        """
        words = set(one.words)
        if not words or not one.texts:
            return None
        if all(measure(word) is not None for word in words):
            return Field.MEASURE
        roles = [word for word in words if said(word).roles and not said(word).rest]
        told = [word for word in roles if total_of(word) is None]
        if len(words) <= 12 and len(told) >= 2 and 5 * len(roles) >= 4 * len(words):
            return Field.ROLE
        kpis = [word for word in words if kpi_kind(word)]
        if len(kpis) >= 2 and 2 * len(kpis) >= len(words):
            return Field.KPI
        return None

    def _dates(self, candidates: Iterable[_Seen], fields: dict[int, Field]) -> None:
        for one in candidates:
            dates = one.part(date)
            mostly = dates <= _MOSTLY and not one.numeric and self._mostly_timed(one)
            if dates > _MOSTLY or (mostly and fields.get(one.at) in (None, Field.DAY, Field.YEAR)):
                if not self._has(Takes.DAY):
                    self._take(
                        one, Takes.DAY, _SAID if dates > _MOSTLY else _SEEN, "adopt-why-dates"
                    )
                else:
                    self._leave(one, "adopt-why-second-date")
                fields.pop(one.at, None)
            elif fields.get(one.at) is Field.YEAR and one.numeric:
                self._take(one, Takes.YEAR, _SAID, "adopt-why-head")
                fields.pop(one.at)
            elif fields.get(one.at) is Field.DAY and one.numeric:
                self._take(one, Takes.DAY, _TITLED, "adopt-why-head")
                fields.pop(one.at)

    def _mostly_timed(self, one: _Seen) -> bool:
        counts = Counter(one.there)
        timed = [count for value, count in counts.items() if self._is_timed(value)]
        return sum(timed) >= _MOSTLY * len(one.there)

    def _is_timed(self, value: CellValue) -> bool:
        return period_in(value, self.block.languages) is not None

    _PLAIN: Mapping[Field, Takes] = {
        Field.KPI: Takes.KPI,
        Field.PRODUCT: Takes.PRODUCT,
        Field.CUSTOMER: Takes.CUSTOMER,
        Field.CHANNEL: Takes.CHANNEL,
        Field.CURRENCY: Takes.CURRENCY,
        Field.CODE: Takes.CODE,
    }

    def _by_field(self, candidates: Sequence[_Seen], fields: Mapping[int, Field]) -> None:
        persons = [one for one in candidates if fields.get(one.at) is Field.PERSON]
        groups = [one for one in candidates if fields.get(one.at) is Field.GROUP]
        if not persons and groups:
            managers = [one for one in candidates if fields.get(one.at) is Field.MANAGER]
            persons = [one for one in managers if _one_a_row(one, groups[-1])]
        persons.sort(key=lambda one: field_of(one.head) is None)
        unit = next(iter(persons or groups[-1:]), None)
        if unit is not None:
            people = bool(persons) or names_in(unit.words)
            self._take(unit, Takes.UNIT, _SAID, "adopt-why-head", people=people)
        codes = next((one for one in candidates if fields.get(one.at) is Field.CODE), None)
        for one in groups:
            if unit is None or one is unit:
                continue
            if one.at < unit.at or persons:
                self._parent(one, unit, codes)
            else:
                self._leave(one, "adopt-why-nothing")
        for one in candidates:
            named = fields.get(one.at)
            if one.at in self.found or named is None:
                continue
            if named is Field.ROLE:
                self._role(one)
            elif named is Field.MEASURE and several_sizes(one.words):
                self._take(one, Takes.MEASURE, _SEEN, "adopt-why-sizes")
            elif named in self._PLAIN:
                takes = self._PLAIN[named]
                if self._has(takes):
                    self._leave(one, "adopt-why-nothing")
                else:
                    sure = _SAID if field_of(one.head) is named else _TITLED
                    self._take(one, takes, sure, "adopt-why-head")
            elif named is Field.NUMBER:
                self._leave(one, "adopt-why-number")
            else:
                self._leave(one, "adopt-why-nothing")

    def _parent(self, one: _Seen, unit: _Seen, codes: _Seen | None) -> None:
        """A column of groups beside that of the units: those above them; a region where the same
        unit stands beside several. Two of one name with codes of their own are two.
        """
        coded = unit.values if codes is None else codes.values
        beside: dict[object, set[object]] = {}
        held: CellValue = None
        pairs: list[tuple[object, object]] = []
        for group, name, code in zip(one.values, unit.values, coded, strict=True):
            held = group if group is not None else held
            if name is not None and held is not None:
                pairs.append((held, (name, code)))
                beside.setdefault((name, code), set()).add(held)
        several = sum(len(groups) > 1 for groups in beside.values())
        once = self.across and len(set(pairs)) == len(pairs)
        if 4 * several > len(beside) and not once:
            self._take(one, Takes.REGION, _LIKELY, "adopt-why-several-groups")
        else:
            self._take(one, Takes.PARENT, _SAID, "adopt-why-above")

    def _role(self, one: _Seen) -> None:
        told = {said(word).roles for word in set(one.words)}
        known = {frozenset({Role.TARGET}), frozenset({Role.ACTUAL})}
        if told & known:
            self._take(one, Takes.ROLE, _SEEN, "adopt-why-roles")
        else:
            self._leave(one, "adopt-why-nothing")

    def _unnamed(self, candidates: Iterable[_Seen]) -> None:
        """The column of units where no head says so: the first of texts, unless products say whose
        the rows are.
        """
        free = [one for one in candidates if one.at not in self.found and one.texts]
        if not free:
            return
        one = free[0]
        words = [word for word in one.words if total_of(word) is None]
        if self.known and set(words) <= self.known:
            self._take(one, Takes.UNIT, _SEEN, "adopt-why-known-units", people=names_in(words))
        elif names_in(words):
            sure = _SEEN if surnames_in(words) else _LIKELY
            self._take(one, Takes.UNIT, sure, "adopt-why-names", people=True)
        elif groups_in(words):
            self._take(one, Takes.UNIT, _SEEN, "adopt-why-groups")
        elif not self._has(Takes.PRODUCT):
            self._take(one, Takes.UNIT, _LIKELY, "adopt-why-first-texts")
        for other in free[1:]:
            self._leave(other, "adopt-why-nothing")

    # Figures

    def _figure(self, one: _Seen) -> Column:
        if one.within_year and one.figures:
            return self._timed(one)
        if one.texts or not (one.there or one.roles):
            return self._left(one, "adopt-why-nothing")
        return self._untimed(one)

    def _timed(self, one: _Seen) -> Column:
        """A column of a month or quarter."""
        other = one.roles - {Role.TARGET, Role.ACTUAL}
        if other:
            return self._left(one, "adopt-why-worked-out", role=_role_name(other))
        if one.period.quarter is not None and self._has_months(one):
            return self._left(one, "adopt-why-sum-of-months")
        return self._taken(one, one.period)

    def _has_months(self, one: _Seen) -> bool:
        return any(
            other.period.month is not None or other.period.position is not None
            for other in self.across
            if other.roles == one.roles
        )

    def _taken(self, one: _Seen, period: Period) -> Column:
        takes, sure, why = self._role_of(one)
        if one.between:
            sure, why = _LIKELY, _why("adopt-why-between", head=one.head)
        elif self.context.spends:
            sure, why = _GUESSED, _why("adopt-why-spending", text=self.context.spends)
        elif self.context.spans and period.whole_year and not self._has(Takes.DAY):
            sure, why = _GUESSED, _why("adopt-why-several-months", text=self.context.spans)
        kpi, unit = self._rest(one)
        if unit and not self._has(Takes.UNIT):
            known = unit in self.known or self._people_across()
            sure = min(sure, _SEEN if known or surnames_in([unit]) else _LIKELY)
        elif kpi and not kpi_kind(kpi):
            sure = min(sure, _LIKELY)
        return Column(
            one.at,
            one.head,
            takes,
            sure,
            why,
            period,
            kpi,
            unit,
            one.measure or self.context.measure,
        )

    def _people_across(self) -> bool:
        """Whether the heads over targets and actuals by turns are names of people, two at least."""
        turns = [one for one in self.seen if one.roles and one.roles <= {*READ}]
        names = list(dict.fromkeys(_plain(one.rest[0]) for one in turns if len(one.rest) == 1))
        kinds = {one.roles for one in turns}
        return len(kinds) > 1 and len(names) > 1 and names_in(names)

    def _role_of(self, one: _Seen) -> tuple[Takes, int, Finding]:
        if one.roles == {Role.TARGET}:
            return Takes.TARGET, _SAID, _why("adopt-why-role-head", head=one.head)
        if one.roles == {Role.ACTUAL}:
            return Takes.ACTUAL, _SAID, _why("adopt-why-role-head", head=one.head)
        if self._has(Takes.ROLE):
            return Takes.TARGET, _SEEN, _why("adopt-why-role-rows")
        context = self.context
        if context.role is not None:
            sure = _TITLED if context.named else _LIKELY
            return context.role, sure, _why("adopt-why-role-title", text=context.said_by)
        return Takes.TARGET, _GUESSED, _why("adopt-why-role-unknown")

    def _rest(self, one: _Seen) -> tuple[str, str]:
        """What a head says beside its time and role: a KPI's name, or a unit's where no column
        names units.
        """
        texts = [_plain(text) for text in one.rest if _plain(text)]
        if not texts:
            return "", ""
        kpis = [text for text in texts if kpi_kind(text)]
        others = [text for text in texts if text not in kpis]
        if others and not self._has(Takes.UNIT) and not self._has(Takes.PRODUCT):
            return (kpis[0] if kpis else ""), _spelled(others[0], one.head)
        return _spelled((kpis or others)[0], one.head), ""

    def _untimed(self, one: _Seen) -> Column:
        """A column of figures whose head names no time within the year."""
        other = one.roles - {Role.TARGET, Role.ACTUAL}
        if other:
            reason = "adopt-why-sum-of-months" if other == {Role.TOTAL} else "adopt-why-worked-out"
            if other == {Role.TOTAL} and not self.across and self.context.role is not None:
                return self._taken(replace(one, roles=frozenset()), one.period)
            return self._left(one, reason, role=_role_name(other))
        if self.across:
            told = [other for other in self.across if other.roles == one.roles]
            if told and one.roles:
                return self._left(one, "adopt-why-sum-of-months")
            return self._left(one, "adopt-why-nothing")
        if self._has(Takes.DAY):
            return self._listed(one)
        if one.roles:
            return self._taken(one, one.period)
        titled = self.context.role is not None and self.context.named
        if not titled and self.context.period.month is None:
            return self._left(one, "adopt-why-nothing")
        if field_of(one.head) is not None and not kpi_kind(one.head):
            return self._left(one, "adopt-why-nothing")
        return self._taken(one, one.period)

    def _listed(self, one: _Seen) -> Column:
        """A figure of a list, whose rows say when: an actual, unless it is said to be a target."""
        if one.roles or self._has(Takes.ROLE):
            return self._taken(one, one.period)
        if self.context.role is Takes.TARGET and self.context.named:
            return self._taken(one, one.period)
        if _is_rate(one.head):
            return self._left(one, "adopt-why-worked-out", role=_role_name({Role.RATE}))
        column = self._taken(one, one.period)
        if column.unit and column.takes is not None and self.context.role is None:
            return replace(column, confidence=min(column.confidence, _GUESSED))
        sure = _SEEN if kpi_kind(_plain(one.head)) else _LIKELY
        if self.lost:
            why = _why("adopt-why-lost", text=self.lost)
            return replace(column, takes=Takes.ACTUAL, confidence=_GUESSED, why=why)
        return replace(
            column, takes=Takes.ACTUAL, confidence=sure, why=_why("adopt-why-listed", head=one.head)
        )

    def _quantities(self) -> None:
        """Beside an amount in a list a column of pieces is the quantity of the same sale."""
        if not self._has(Takes.DAY) or self.across:
            return
        actuals = [one for one in self.found.values() if one.takes is Takes.ACTUAL]
        pieces = [one for one in actuals if _is_quantity(one.head)]
        if len(pieces) == 1 and len(actuals) == 2 and not any(one.unit for one in actuals):
            only = pieces[0]
            self.found[only.at] = replace(
                only,
                takes=Takes.QUANTITY,
                kpi="",
                confidence=_TITLED,
                why=_why("adopt-why-quantity"),
            )

    # Helpers

    def _has(self, takes: Takes) -> bool:
        return any(one.takes is takes for one in self.found.values())

    def _take(self, one: _Seen, takes: Takes, sure: int, why: str, *, people: bool = False) -> None:
        self.found[one.at] = Column(
            one.at, one.head, takes, sure, _why(why, head=one.head), people=people
        )

    def _leave(self, one: _Seen, why: str) -> None:
        self.found[one.at] = self._left(one, why)

    def _left(self, one: _Seen, why: str, **facts: object) -> Column:
        kpi, unit = self._rest(one) if one.roles else ("", "")
        reason = _why(why, head=one.head, **facts)
        return Column(one.at, one.head, None, _SAID, reason, one.period, kpi, unit, one.measure)


_FIGURE = re.compile(
    r"[-+(]?[¥$€£]?\d[\d,.， ]*\s*(?:万|亿|千|k|m|元|万元|%|％)?\)?", re.IGNORECASE
)


def several_sizes(texts: Iterable[str]) -> tuple[str, ...]:
    """The units of money that the texts name, each once, where they are of several sizes (万元
    beside 元); else none.
    """
    found = {one.text: one for text in texts if (one := measure_in(text)) is not None}
    money = [one for one in found.values() if one.money]
    return tuple(found) if len({one.size for one in money}) > 1 else ()


def _is_figure(text: str) -> bool:
    """Whether a text is a number as people type it, or says that there is none."""
    plain = in_one_line(text)
    return (
        plain.casefold() in NO_FIGURE | UNDECIDED
        or not plain
        or _FIGURE.fullmatch(plain) is not None
    )


_THIRTEENTH = re.compile(r"(?:p|per|period|periode|période|期)\.?\s*13$", re.IGNORECASE)


def _without_position(one: _Seen) -> _Seen:
    """A column of four weeks: of thirteen periods in a year none is a month."""
    if one.period.position is None:
        return one
    return replace(one, period=replace(one.period, position=None), rest=(one.head,))


def _without_chance_months(seen: list[_Seen]) -> list[_Seen]:
    """The columns, with heads that only happen to hold a month's name as plain texts: Flo May among
    people.
    """
    figures = [one for one in seen if one.numeric]
    timed = [one for one in figures if one.within_year]
    chance = [one for one in timed if one.rest and not one.roles]
    if not chance or 2 * len(timed) >= len(figures) or len(chance) < len(timed):
        return seen
    return [
        replace(one, period=Period(), rest=(one.head,)) if one in chance else one for one in seen
    ]


def _with_months_between(seen: list[_Seen]) -> list[_Seen]:
    """The columns, with one of figures that stands where the month between two others would: it is
    likely that month, written as nobody here knows it.
    """
    found = list(seen)
    for at in range(1, len(seen) - 1):
        before, one, after = found[at - 1], seen[at], seen[at + 1]
        if one.period != Period() or one.roles or not one.numeric or len(one.rest) != 1:
            continue
        if before.period.month is None or after.period.month is None:
            continue
        if (after.period.month - before.period.month) % 12 == 2:
            month = before.period.month % 12 + 1
            year = before.period.year if month > 1 else after.period.year
            found[at] = replace(one, period=Period(year, month), rest=(), between=True)
    return found


def _why(code: str, **facts: object) -> Finding:
    return Finding.of(code, NOWHERE, **facts)


def _role_name(roles: Iterable[Role]) -> str:
    return min(one.value for one in roles)


def _with(one: Period, other: Period) -> Period:
    """What two rows of a head say of time: the year of one, the month of the other."""
    return Period(
        other.year or one.year,
        other.month or one.month,
        None if other.month or one.month else other.quarter or one.quarter,
        other.position or one.position,
    )


_MARKS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")


def _plain(text: str) -> str:
    """A head without its unit in brackets."""
    return _MARKS.sub("", text).strip(" -–—_/|:：·,，.")


def _spelled(text: str, head: str) -> str:
    """The text as the head spells it: search was by small letters."""
    at = head.casefold().find(text.casefold())
    return head[at : at + len(text)] if at >= 0 else text


def _without_measure(text: str) -> str:
    """A head without the unit in its brackets, which says nothing of its kind."""
    found = _MARKS.search(text)
    if found is None or measure_in(found[0]) is None:
        return text
    return f"{text[: found.start()]} {text[found.end() :]}".strip()


def _of_percent(roles: set[Role], rest: Sequence[str]) -> set[Role]:
    """The roles of a head in percent: 毛利率目标(%) is a target, 完成(%) an attainment."""
    if Role.TARGET in roles or any(kpi_kind(one) in ("ratio", "average") for one in rest):
        return roles
    return (roles - {Role.ACTUAL}) | {Role.RATE}


def _is_rate(head: str) -> bool:
    plain = head.casefold()
    return "%" in plain or "率" in plain or kpi_kind(_plain(head)) in ("ratio", "average")


_PIECES = frozenset(
    [
        "数量",
        "销量",
        "台数",
        "件数",
        "units",
        "unitssold",
        "quantity",
        "qty",
        "volume",
        "orderquantity",
        "menge",
        "quantité",
        "cantidad",
        "数",
        "個数",
        "수량",
        "количество",
    ]
)


def _is_quantity(head: str) -> bool:
    return "".join(_plain(head).casefold().split()) in _PIECES


def _is_numbering(values: Sequence[CellValue]) -> bool:
    """Whether numbers of rows are codes of a tree: each once, one of them within another (01.02
    in 01, 10.01 in 10).
    """
    texts = [written(one) for one in values]
    if len(set(texts)) < len(texts):
        return False
    parts = [tuple(one.replace("-", ".").split(".")) for one in texts]
    return any(len(one) > 1 and one[:-1] in parts for one in parts)


def _counts_up(values: Sequence[CellValue]) -> bool:
    """Whether the cells are 1, 2, 3 …: the numbers of rows."""
    numbers = [int(one) for one in values if isinstance(one, (int, float))]
    return numbers == list(range(1, len(numbers) + 1))
