"""Groups of a linked source: by unit, KPI, product, region, customer, channel, currency and share;
by day in the report month and the one before it, by month earlier.

Amounts in another currency keep the day from which their rate holds, so that they are converted as
each of their records would be. Of levels and rates of a moment only a month's last day is kept. A
figure that several share is each unit's part here. Sums are exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, repeat
from typing import NamedTuple

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding, Place
from salesplan.plan.model import Actuals, KpiKind, Month, Plan
from salesplan.plan.model.actuals import FIRST_LINKED, FIRST_RECORD
from salesplan.plan.model.currencies import currency, home_of
from salesplan.plan.sources.computed import EXACT
from salesplan.plan.sources.mapping import NUMBERS, TEXTS, Rule
from salesplan.wording import either

CUSTOMER = TEXTS.index("customer")
MOST_CUSTOMERS = 1_000
"""Customers of a unit and KPI that have groups of their own: the largest; the others are one."""

YEARS_BACK = 3
"""Years before the plan's that are read: seasonality looks at no more."""

FIGURES = tuple(name for name in NUMBERS if name != "share")
SIZES = ("value", "numerator", "quantity", "denominator")
"""The first of them that a record has is how large it is."""

Figures = tuple[Decimal | None, ...]
"""The sums of :data:`FIGURES`, None where there is nothing."""


class Group(NamedTuple):
    """One group, its figures in millionths."""

    when: date | Month
    kpi: str
    unit: str
    texts: tuple[str, ...]
    figures: tuple[int | None, ...]


_Spot = tuple[date | Month, str, str, tuple[str, ...]]


class Single(NamedTuple):
    """A record by itself: its key at the source, and the group that it is in."""

    key: str
    group: Group


class _Key(NamedTuple):
    """What the records of a group have in common."""

    when: date | Month
    kpi: str
    unit: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What is read of a source: months from ``first`` on, by day from ``days_from`` on; of the
    report month ``month`` the ``records`` largest records of each KPI by themselves, too.
    """

    first: Month
    days_from: date
    month: Month
    records: int = 0

    @classmethod
    def of(cls, plan: Plan, month: Month, records: int = 0) -> Window:
        """That of a run of the report month ``month``."""
        first = plan.settings.months[0].plus(-12 * YEARS_BACK)
        return cls(first, month.plus(-1).first, month, records)

    def shows(self, when: date | Month, kind: KpiKind) -> bool:
        """Whether records of that day are shown one by one."""
        month = when if isinstance(when, Month) else Month.of(when)
        return bool(self.records) and month == self.month and kind is not KpiKind.MILESTONE


UNIT, DAY, NUMBER, KEY, SHARE, RECORD = (
    "source-refused-unit",
    "source-refused-day",
    "source-refused-number",
    "source-refused-key",
    "source-refused-share",
    "source-refused-record",
)
REASONS = {
    "import-unit-unknown": UNIT,
    "import-unit-ambiguous": UNIT,
    "import-date": DAY,
    "import-date-outside": DAY,
    "import-number": NUMBER,
    "import-key-twice": KEY,
    "import-key-missing": KEY,
    SHARE: SHARE,
}
"""Why records are left out, by what an import says of one of them; anything else is of the record
itself.
"""
NAMES = {UNIT: "unit", DAY: "day", NUMBER: "number", KEY: "key"}
REST = "other"
"""What reasons are called in a line of the history; all others are one."""
MOST_SHOWN = 3
"""Texts that are shown of those for which records are left out."""


@dataclass(slots=True)
class Refused:
    """Records that are left out for one reason: how many, and some of the texts that were why."""

    count: int = 0
    texts: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Grouping:
    """Groups as they are put together; ``rows`` counts the records in them, ``refused`` holds by
    code what is left out.
    """

    plan: Plan
    window: Window
    name: str = ""
    rows: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    remarks: dict[str, Finding] = field(default_factory=dict)
    singles: list[Single] = field(default_factory=list)
    _counts: Counter[_Key] = field(default_factory=Counter)
    """Records of the groups whose records are shown."""
    _sums: dict[_Key, list[Decimal | None]] = field(default_factory=dict)
    _since: list[date] = field(default_factory=list)
    _home: str = ""
    other: str = ""
    """What the customers beyond the largest are called."""
    unit_of: Callable[[str], str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.other = either(self.plan.settings.lang, "其他", "Other")
        self.unit_of = cache(self._unit_of)
        self._home = home_of(self.plan.settings.currency)
        self._since = sorted({rate.since for rate in self.plan.rates})

    def _unit_of(self, text: str) -> str | None:
        """The code of the one unit that a text means, or the units that share; None for none."""
        from salesplan.plan.credits import read_parts, written

        units = self.plan.people.meant(text)
        if len(units) == 1:
            return units[0].code
        parts = (read_parts(text) or ()) if not units and (":" in text or "：" in text) else ()
        meant = [(self.plan.people.meant(name), part) for name, part in parts]
        if not meant or any(len(named) != 1 for named, _ in meant):
            return None
        return written(tuple((named[0].code, part) for named, part in meant))

    def add(
        self,
        kpi: str,
        when: date | Month,
        unit: str,
        texts: Sequence[str],
        figures: Figures,
        share: Decimal | None = None,
        rows: int = 1,
    ) -> None:
        """Put records to their group: what they come to together in each of :data:`FIGURES`."""
        kind = self.plan.kpi_by_code[kpi].kind
        bucket = self._bucket(when, kind, texts[TEXTS.index("currency")])
        if bucket is None:
            return
        self.rows += rows
        key = _Key(bucket, kpi, unit, tuple(texts))
        if share is not None:
            figures = tuple(times(one, share) for one in figures)
        if self.window.shows(bucket, kind):
            self._counts[key] += rows
        sums = self._sums.get(key)
        if sums is None:
            self._sums[key] = list(figures)
            return
        self._add(kpi, sums, figures)

    def _add(self, kpi: str, sums: list[Decimal | None], figures: Sequence[Decimal | None]) -> None:
        lowest = self.plan.kpi_by_code[kpi].kind.least_counts
        for at, figure in enumerate(figures):
            there = sums[at]
            if figure is not None and there is not None:
                sums[at] = min(there, figure) if lowest else EXACT.add(there, figure)
            elif figure is not None:
                sums[at] = figure

    def show(
        self,
        key: str,
        kpi: str,
        when: date | Month,
        unit: str,
        texts: Sequence[str],
        figures: Figures,
        share: Decimal | None = None,
    ) -> None:
        """Show a record, which is in its group already, by itself, too."""
        if share is not None:
            figures = tuple(times(one, share) for one in figures)
        group = Group(when, kpi, unit, tuple(texts), tuple(map(_micro, figures)))
        self.singles.append(Single(key, group))

    def apart(self, groups: Sequence[Group]) -> tuple[list[Group], list[int], list[Single]]:
        """The groups without the records that are shown, how many records each still stands for
        (0: it is not told), and those records. What they come to together stays the same.
        """
        if not self.singles:
            return list(groups), [0] * len(groups), []
        places = {group[:4]: at for at, group in enumerate(groups)}
        counts = [0] * len(groups)
        for key, count in self._counts.items():
            at = self._place(places, key)
            if at is not None:
                counts[at] += count
        left = [list(group.figures) for group in groups]
        shown: dict[int, list[Single]] = {}
        for single in self.singles:
            at = self._place(places, single.group)
            if at is not None and counts[at]:
                counts[at] -= 1
                left[at] = list(map(_less, left[at], single.group.figures))
                shown.setdefault(at, []).append(single)
        rest: list[tuple[Group, int]] = []
        for at, group in enumerate(groups):
            if at in shown and not counts[at]:  # what rounding left is the last record's
                *_, last = shown[at]
                figures = tuple(map(_both, last.group.figures, left[at]))
                shown[at][-1] = last._replace(group=last.group._replace(figures=figures))
            else:
                rest.append((group._replace(figures=tuple(left[at])), counts[at]))
        singles = list(chain.from_iterable(shown.values()))
        return [group for group, _ in rest], [count for _, count in rest], singles

    def _place(self, places: Mapping[_Spot, int], key: _Key | Group) -> int | None:
        """Where the group of a record is, or that of the customers beyond the largest."""
        texts = list(key.texts)
        at = places.get((key.when, key.kpi, key.unit, tuple(texts)))
        if at is None:
            texts[CUSTOMER] = self.other
            at = places.get((key.when, key.kpi, key.unit, tuple(texts)))
        return at

    def beside(self) -> Grouping:
        """An empty one for the same run."""
        made = Grouping(self.plan, self.window, self.name)
        made.unit_of = self.unit_of
        return made

    def absorb(self, other: Grouping) -> None:
        """Take over what another has put together, of other KPIs or groups."""
        self.rows += other.rows
        for code, one in other.refused.items():
            known = self.refused.setdefault(code, Refused())
            known.count += one.count
            known.texts |= dict(list(one.texts.items())[: MOST_SHOWN - len(known.texts)])
        self.remarks = {**other.remarks, **self.remarks}
        self.singles += other.singles
        self._counts += other._counts
        for key, sums in other._sums.items():
            known_sums = self._sums.setdefault(key, sums)
            if known_sums is not sums:
                self._add(key.kpi, known_sums, sums)

    def refuse(self, finding: Finding, rows: int = 1) -> None:
        """Leave out records of which an import says this."""
        one = self.refused.setdefault(REASONS.get(finding.code, RECORD), Refused())
        one.count += rows
        facts = finding.params
        shown = (str(facts[name]) for name in ("column", "unit", "text", "key") if name in facts)
        text = ": ".join(shown)
        if text and len(one.texts) < MOST_SHOWN:
            one.texts[text] = None

    def remark(self, finding: Finding) -> None:
        """Say something once."""
        self.remarks.setdefault(finding.code, finding)

    def _bucket(self, when: date | Month, kind: KpiKind, text: str) -> date | Month | None:
        """The day or the month under which records are grouped; None where they are too old."""
        month = when if isinstance(when, Month) else Month.of(when)
        if month < self.window.first:
            return None
        if isinstance(when, Month) or when >= self.window.days_from or kind.is_snapshot:
            return when
        if text and self._since and currency(text, self._home) != self._home:
            at = bisect_right(self._since, when)
            return max(self._since[at - 1], month.first) if at else when
        return month

    def groups(self) -> list[Group]:
        """The groups, in the order of KPI, month, unit."""
        newest: dict[tuple[str, Month, str], date] = {}
        for key in self._sums:
            if (day := self._level_day(key)) is not None:
                span = (key.kpi, Month.of(day), key.unit)
                newest[span] = max(newest.get(span, day), day)
        found: list[Group] = []
        for key, sums in self._sums.items():
            day = self._level_day(key)
            if day is None or newest[key.kpi, Month.of(day), key.unit] == day:
                found.append(Group(*key, tuple(map(_micro, sums))))
        found = self._folded(found)
        found.sort(key=_order)
        return found

    def _folded(self, groups: list[Group]) -> list[Group]:
        """The groups with the customers beyond the largest of each unit and KPI as one."""
        sizes: dict[tuple[str, str], Counter[str]] = {}
        for group in groups:
            size = next((abs(one) for one in group.figures[1:] if one is not None), 0)
            sizes.setdefault((group.kpi, group.unit), Counter())[group.texts[CUSTOMER]] += size
        if all(len(one) <= MOST_CUSTOMERS for one in sizes.values()):
            return groups
        largest = {key: dict(one.most_common(MOST_CUSTOMERS)) for key, one in sizes.items()}
        sums: dict[_Key, list[int | None]] = {}
        for group in groups:
            texts = list(group.texts)
            if texts[CUSTOMER] not in largest[group.kpi, group.unit]:
                texts[CUSTOMER] = self.other
            key = _Key(group.when, group.kpi, group.unit, tuple(texts))
            there = sums.get(key, [None] * len(FIGURES))
            sums[key] = list(map(_both, there, group.figures))
        return [Group(*key, tuple(figures)) for key, figures in sums.items()]

    def _level_day(self, key: _Key) -> date | None:
        """The day of a group of an earlier month that counts only where it is the month's last."""
        if isinstance(key.when, Month) or key.when >= self.window.days_from:
            return None
        return key.when if self.plan.kpi_by_code[key.kpi].kind.is_snapshot else None

    def reasons(self) -> tuple[Finding, ...]:
        """Why records were left out, a finding for each reason, the most first."""
        worst = sorted(self.refused.items(), key=lambda item: -item[1].count)
        return tuple(reason(code, one.count, list(one.texts)) for code, one in worst)


def reason(code: str, count: int, texts: Sequence[str]) -> Finding:
    """Why so many records were left out."""
    return Finding.of(code, Place(), count=count, texts=list(texts) or ["—"])


def _order(group: Group) -> tuple[object, ...]:
    when = group.when
    day = when.first if isinstance(when, Month) else when
    return group.kpi, day, isinstance(when, date), group.unit, group.texts


def times(figure: Decimal | None, factor: Decimal | int) -> Decimal | None:
    """A figure so many times; exact."""
    return None if figure is None else EXACT.multiply(figure, Decimal(factor))


def _both(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def _less(one: int | None, other: int | None) -> int | None:
    return one if one is None or other is None else one - other


def _micro(figure: Decimal | None) -> int | None:
    return None if figure is None else int(EXACT.scaleb(figure, 6).to_integral_value())


def as_actuals(
    groups: Sequence[Group],
    plan: Plan,
    name: str,
    counts: Sequence[int] = (),
    singles: Sequence[Single] = (),
) -> Actuals:
    """The groups, and records by themselves, as rows of 实绩 at the source of that name; ``counts``
    says how many records a group stands for, where they are shown.
    """
    numbers = [
        *range(FIRST_LINKED, FIRST_LINKED + len(groups)),
        *range(FIRST_RECORD, FIRST_RECORD + len(singles)),
    ]
    behind: dict[int, str | int] = {row: n for row, n in zip(numbers, counts, strict=False) if n}
    behind.update(zip(numbers[len(groups) :], (one.key for one in singles), strict=True))
    sources = [*repeat("", len(groups)), *(f"{name}#{at}" for at in range(len(singles)))]
    groups = [*groups, *(one.group for one in singles)]
    if not groups:
        return Actuals()
    whens = [group.when for group in groups]
    days = [None if isinstance(when, Month) else when for when in whens]
    months = [when if isinstance(when, Month) else Month.of(when) for when in whens]
    place = Place(plan.actuals.workbook, name)
    texts = zip(*(group.texts for group in groups), strict=True)
    figures = zip(*(group.figures for group in groups), strict=True)
    columns: dict[str, Sequence[object]] = {
        "rows": numbers,
        "day": days,
        "month": months,
        "unit": [group.unit for group in groups],
        "kpi": [group.kpi for group in groups],
        "source": sources,
        "cells": list(repeat(place, len(groups))),
        **dict(zip(TEXTS, map(list, texts), strict=True)),
        **dict(zip(FIGURES, map(list, figures), strict=True)),
    }
    return Actuals(sheet=name, columns={"value": ""}, behind=behind, **columns)  # type: ignore[arg-type]


def unheld(rule: Rule, plan: Plan) -> Finding | None:
    """Why no groups can be made of a rule's records; None where they can."""
    place = Place(plan.actuals.workbook, rule.kpi)
    kpi = plan.kpi_by_code.get(rule.kpi)
    if kpi is None:
        return Finding.of("source-kpi-unknown", place, kpi=rule.kpi)
    parts = {"numerator", "denominator"} <= rule.figures.keys()
    by_quantity = kpi.kind is KpiKind.AVERAGE and {"value", "quantity"} <= rule.figures.keys()
    if not kpi.kind.is_amount and not (parts or by_quantity):
        return Finding.of("source-rate-stated", place, kpi=kpi.name)
    return None
