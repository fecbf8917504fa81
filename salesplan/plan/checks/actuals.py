"""Checks of 实绩, by column: what is wrong in many rows is said once with a count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import compress, count, islice, repeat
from typing import TypeVar

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place
from salesplan.plan.actuals_rows import MOST
from salesplan.plan.actuals_rows import listed as _listed
from salesplan.plan.checks.common import known_regions, near, out_of_scale
from salesplan.plan.model import MICRO, Actuals, Kpi, KpiKind, Month, Plan
from salesplan.plan.model.actuals import silent_months
from salesplan.plan.model.currencies import money_of
from salesplan.plan.model.goals import HISTORY_YEARS
from salesplan.plan.parse_text import exact
from salesplan.plan.references import ambiguous
from salesplan.plan.schema import sheet

SUSPICIOUS = 1000
"""A figure so many times the KPI's median asks whether 元 and 万元 were mixed."""

T = TypeVar("T")

_TEN_THOUSANDS = range(3_000, 30_000)
"""A month that is so many times smaller than the unit's others asks whether it is in 万元."""

_MONTHS = 4
"""Below that many months nobody knows which of them is the odd one."""

_PASTED = 3
"""So many rows in the same order are no coincidence."""

BEYOND = 100
"""A single figure that is so many times the company's target of the year is a slip."""

_A_HISTORY = 3
"""With rows in fewer months of a year its dates are rather mistyped."""
_FEWEST = 10
"""Below that many figures a median says too little."""


def check_any(plan: Plan) -> Iterator[Finding]:
    """A report month is asked for and there is a target, but not one actual: the sheet 实绩 is
    empty, or somebody deleted it.
    """
    settings, asked = (
        plan.settings,
        next((key for key in ("month", "as_of") if getattr(plan.settings, key) is not None), None),
    )
    wanted = any(kpi.target is not None for kpi in plan.kpis)
    if asked is not None and wanted and not len(plan.actuals) and not plan.actuals.broken_rows:
        yield Finding.of(
            "actuals-none", settings.places.get(asked, Place()), sheet=sheet("actuals")
        )


def check_codes(plan: Plan) -> Iterator[Finding]:
    """5,000 rows name the unit X9, which the organisation does not have: one finding, at the first
    row.
    """
    actuals = plan.actuals
    for key, codes, known in (
        ("unit", actuals.unit, plan.unit_by_code),
        ("kpi", actuals.kpi, plan.kpi_by_code),
    ):
        where = sheet("organization" if key == "unit" else "kpis")
        dropped = plan.dropped.get(f"{key}s", frozenset())
        counts = Counter(codes)
        first = _first(codes)
        unknown = (
            [code for code in first if code not in known and code not in dropped] if known else []
        )
        index = plan.people if key == "unit" else plan.kpi_index
        several = {name: index.meant(name) for name in unknown}
        yield from _listed(
            key,
            "name-ambiguous",
            (
                ambiguous(actuals.place(first[name], key), name, named)
                for name, named in several.items()
                if len(named) > 1
            ),
        )
        found = sorted((first[code], code) for code in unknown if not several[code])
        hints = {code: near(code, known, known.values()) for _, code in found[:MOST]}
        yield from _listed(
            key,
            "actual-unknown-code",
            (
                Finding.of(
                    "actual-unknown-code",
                    actuals.place(i, key),
                    name=code,
                    sheet=where,
                    near=hints.get(code, "—"),
                    count=counts[code],
                )
                for i, code in found
            ),
        )


def check_regions(plan: Plan) -> Iterator[Finding]:
    """Rows of the region 西方, where units and budget know 北方 and 南方: one note, at the first
    row.
    """
    actuals = plan.actuals
    names = known_regions(plan)
    if not names:
        return
    first = _first(actuals.region)
    unknown = sorted((first[name], name) for name in first if name and name not in names)
    counts = Counter(actuals.region) if unknown else Counter[str | None]()
    yield from _listed(
        "region",
        "actual-region-unknown",
        (
            Finding.of(
                "actual-region-unknown",
                actuals.place(i, "region"),
                name=name,
                count=counts[name],
                near=near(str(name), names),
            )
            for i, name in unknown
        ),
    )


def check_dates(plan: Plan) -> Iterator[Finding]:
    """One row of 2024 in a plan for 2026; a year of such rows is history of seasons, as a note
    says.
    """
    actuals, months = plan.actuals, plan.settings.months
    first, counts = _first(actuals.month), Counter(actuals.month)
    history: set[Month] = set()
    for back in range(2, HISTORY_YEARS + 1):
        year = {months[0].plus(at - 12 * back) for at in range(12)} & first.keys()
        history |= year if len(year) >= _A_HISTORY else set()
    if history:
        yield Finding.of(
            "actual-history",
            actuals.place(min(first[month] for month in history), "day"),
            first=min(history),
            last=max(history),
            count=sum(counts[month] for month in history),
        )
    for month in sorted(first.keys() - history):
        if not months[0].plus(-12) <= month <= months[-1]:
            yield Finding.of(
                "actual-outside-year",
                actuals.place(first[month], "day"),
                month=month,
                year=str(plan.settings.year),
                count=counts[month],
            )


def check_silent(plan: Plan) -> Iterator[Finding]:
    """The data begin in March, and no row of any KPI is of January or February: their targets count
    all the same.
    """
    actuals = plan.actuals
    missing = silent_months(plan.settings.months, actuals.month)
    if missing:
        yield Finding.of(
            "actual-months-missing",
            actuals.place(0, "day"),
            months=tuple(map(str, missing)),
            count=len(missing),
        )


def check_presence(plan: Plan) -> Iterator[Finding]:
    """Sales of March for somebody who left in February, or joins in May; that nothing is left of
    their level is fine.
    """
    actuals = plan.actuals
    bounded = {unit.code: unit for unit in plan.units if unit.joined or unit.left}
    levels = {kpi.code for kpi in plan.kpis if kpi.kind is KpiKind.STOCK}
    absent: dict[str, list[int]] = {}
    for index in compress(count(), map(bounded.__contains__, actuals.unit)):
        unit, day, month = bounded[actuals.unit[index]], actuals.day[index], actuals.month[index]
        early = unit.joined is not None and (day or month.last) < unit.joined
        late = (
            unit.left is not None
            and (day or month.first) > unit.left
            and not (actuals.kpi[index] in levels and actuals.value[index] == 0)
        )
        if early or late:
            absent.setdefault(unit.code, []).append(index)
    for code, indexes in absent.items():
        unit = bounded[code]
        yield Finding.of(
            "actual-unit-absent",
            actuals.place(indexes[0], "unit"),
            unit=code,
            joined=unit.joined or "—",
            left=unit.left or "—",
            count=len(indexes),
        )


def check_levels_left(plan: Plan, today: date) -> Iterator[Finding]:
    """Somebody left in February with 30 customers, and no row says who has them: a level stands
    until another is given.
    """
    actuals = plan.actuals
    gone = {
        unit.code: unit.left for unit in plan.units if unit.left is not None and unit.left <= today
    }
    levels = {kpi.code for kpi in plan.kpis if kpi.kind is KpiKind.STOCK}
    last: dict[tuple[str, str], list[int]] = {}
    for index in compress(count(), map(gone.__contains__, actuals.unit)) if levels and gone else ():
        kpi, when = actuals.kpi[index], actuals.day[index] or actuals.month[index].last
        if (
            kpi not in levels
            or actuals.value[index] is None
            or (actuals.day[index] or actuals.month[index].first) > today
        ):
            continue
        rows = last.setdefault((kpi, actuals.unit[index]), [index])
        newest = actuals.day[rows[0]] or actuals.month[rows[0]].last
        if when > newest:
            last[kpi, actuals.unit[index]] = [index]
        elif when == newest and rows[0] != index:
            rows.append(index)
    standing = {}
    for key, rows in last.items():
        total = sum(actuals.value[i] or 0 for i in rows)
        if total:
            standing[key] = (rows[0], total)
    yield from _listed(
        "value",
        "level-left-behind",
        (
            Finding.of(
                "level-left-behind",
                actuals.place(index, "value"),
                kpi=kpi,
                unit=unit,
                left=gone[unit],
                number=exact(total / MICRO),
            )
            for (kpi, unit), (index, total) in standing.items()
        ),
    )


def check_blanks(plan: Plan) -> Iterator[Finding]:
    """A row with neither 金额/数值 nor 分子 and 分母; a numerator without its denominator. Where
    the column 金额/数值 is not there, that is said instead of each of its cells.
    """
    actuals = plan.actuals
    lost = "value" not in actuals.columns and len(actuals) > 0
    amounts = {kpi.code for kpi in plan.kpis if lost and kpi.kind.adds_over_units}
    blank, half = [], []
    for index, (value, numerator, denominator) in enumerate(
        zip(actuals.value, actuals.numerator, actuals.denominator, strict=True)
    ):
        if value is None:
            if numerator is None and denominator is None:
                if actuals.kpi[index] not in amounts:
                    blank.append(index)
            elif numerator is None or denominator is None:
                half.append(index)
    yield from _listed(
        "value",
        "actual-blank",
        (Finding.of("actual-blank", actuals.place(i, "value")) for i in blank),
    )
    where = [(i, "numerator" if actuals.numerator[i] is None else "denominator") for i in half]
    yield from _listed(
        "numerator",
        "actual-half-ratio",
        (Finding.of("actual-half-ratio", actuals.place(i, key)) for i, key in where),
    )


def check_negatives(plan: Plan) -> Iterator[Finding]:
    """Returns of −500, or of −300 over −1,000: fine, but worth knowing; one note for each KPI."""
    actuals = plan.actuals
    values = [index for index, value in enumerate(actuals.value) if value is not None and value < 0]
    means = {kpi.code for kpi in plan.kpis if kpi.kind.is_mean}
    of_means = compress(count(), map(means.__contains__, actuals.kpi))
    parts = [index for index in of_means if _returned(actuals, index)]
    for key, negative in (("value", values), ("denominator", parts)):
        first = {actuals.kpi[index]: index for index in reversed(negative)}
        counts = Counter(actuals.kpi[index] for index in negative)
        for kpi, index in sorted(first.items(), key=lambda item: item[1]):
            place = actuals.place(index, key)
            yield Finding.of("actual-negative", place, kpi=kpi, count=counts[kpi])


def _returned(actuals: Actuals, index: int) -> bool:
    """Whether a row takes back of both, as a return does of margin and revenue."""
    numerator, denominator = actuals.numerator[index], actuals.denominator[index]
    return denominator is not None and denominator < 0 and (numerator or 0) <= 0


def check_ratios(plan: Plan) -> Iterator[Finding]:
    """120 of 100 customers bought again; a denominator of 0 or less that is no return's; a rate of
    55, or a milestone of 100, where a percentage is meant.
    """
    actuals = plan.actuals
    ratios = {
        kpi.code: kpi for kpi in plan.kpis if kpi.kind.is_share or kpi.kind is KpiKind.MILESTONE
    }
    over, empty, whole = [], [], []
    for index in compress(count(), map(ratios.__contains__, actuals.kpi)):
        numerator, denominator, value = (
            actuals.numerator[index],
            actuals.denominator[index],
            actuals.value[index],
        )
        if numerator is not None and denominator is not None:
            if denominator < 0 or (denominator == 0 and numerator != 0):
                returned = ratios[actuals.kpi[index]].kind.is_mean and _returned(actuals, index)
                if not returned:
                    empty.append(index)
            elif numerator > denominator and ratios[actuals.kpi[index]].in_percent:
                over.append(index)
        elif (
            value is not None
            and abs(value) > MICRO
            and _is_whole(ratios[actuals.kpi[index]], value)
        ):
            whole.append(index)
    yield from _listed(
        "denominator",
        "actual-denominator-not-positive",
        (
            Finding.of("actual-denominator-not-positive", actuals.place(i, "denominator"))
            for i in empty
        ),
    )
    yield from _listed(
        "numerator",
        "actual-numerator-over-denominator",
        (
            Finding.of(
                "actual-numerator-over-denominator",
                actuals.place(i, "numerator"),
                kpi=actuals.kpi[i],
            )
            for i in over
        ),
    )
    figures = ((i, exact((actuals.value[i] or 0) / MICRO)) for i in whole)
    yield from _listed(
        "value",
        "share-as-number",
        (
            Finding.of(
                "share-as-number",
                actuals.place(i, "value"),
                kpi=actuals.kpi[i],
                number=n,
                share=f"{n:f}%",
            )
            for i, n in figures
        ),
    )


def _is_whole(kpi: Kpi, value: int) -> bool:
    """Whether a figure above 1 is a percentage without its sign: a milestone has no more than all,
    of a rate 120 % may be.
    """
    return kpi.kind is KpiKind.MILESTONE or (abs(value) * 2 > 3 * MICRO and kpi.in_percent)


def check_magnitudes(plan: Plan) -> Iterator[Finding]:
    """Deals of about 5 (万元), and one of 50,000: typed in 元?"""
    actuals = plan.actuals
    wanted = {kpi.code for kpi in plan.kpis if kpi.kind.adds_over_units}
    figures: dict[str, list[int]] = {code: [] for code in wanted}
    for kpi, value in zip(actuals.kpi, actuals.value, strict=True):
        if value and kpi in wanted:
            figures[kpi].append(abs(value))
    limits = {
        kpi: sorted(values)[(len(values) - 1) // 2] * SUSPICIOUS
        for kpi, values in figures.items()
        if len(values) >= _FEWEST
    }
    if not any(max(figures[kpi]) >= limit for kpi, limit in limits.items()):
        return
    rows = enumerate(zip(actuals.kpi, actuals.value, strict=True))
    large = [
        index
        for index, (kpi, value) in rows
        if value is not None and kpi in limits and abs(value) >= limits[kpi]
    ]
    middle = {kpi: exact(limit / SUSPICIOUS / MICRO) for kpi, limit in limits.items()}
    yield from _listed(
        "value",
        "actual-magnitude",
        (
            Finding.of(
                "actual-magnitude",
                actuals.place(i, "value"),
                kpi=actuals.kpi[i],
                number=exact((actuals.value[i] or 0) / MICRO),
                median=middle[actuals.kpi[i]],
            )
            for i in large
        ),
    )


def check_months(plan: Plan) -> Iterator[Finding]:
    """A unit's June of 15.22, and 150,000 in each of its other months: typed in 万元?"""
    actuals = plan.actuals
    money = {
        kpi.code: kpi
        for kpi in plan.kpis
        if kpi.kind.adds_over_months and money_of(kpi, plan.settings) is not None
    }
    sums: Counter[tuple[str, str, Month]] = Counter()
    columns = (actuals.kpi, actuals.unit, actuals.month, actuals.value)
    for kpi, unit, month, value in islice(zip(*columns, strict=True), actuals.entered_rows):
        if value and kpi in money:
            sums[kpi, unit, month] += value
    months: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for (kpi, unit, _), value in sums.items():
        months[kpi, unit].append(abs(value))
    enough = {key: sorted(some) for key, some in months.items() if len(some) >= _MONTHS}
    usual = {key: some[len(some) // 2] for key, some in enough.items()}
    small = {
        line: usual[line[:2]]
        for line, value in sums.items()
        if value and usual.get(line[:2], 0) // abs(value) in _TEN_THOUSANDS
    }
    rows = zip(actuals.kpi, actuals.unit, actuals.month, strict=True)
    first = {row: index for index, row in reversed(list(enumerate(rows)))} if small else {}
    findings = (
        Finding.of(
            "actual-month-magnitude",
            actuals.place(first[line], "value"),
            kpi=money[line[0]].name,
            unit=line[1],
            month=str(line[2]),
            number=exact(sums[line] / MICRO),
            median=exact(median / MICRO),
        )
        for line, median in small.items()
    )
    yield from _listed("value", "actual-month-magnitude", findings)


def check_beyond(plan: Plan) -> Iterator[Finding]:
    """A target of 500 a year and five rows of actuals, one of them 10^17: too few for a median."""
    goals = {kpi.code: kpi for kpi in plan.kpis if kpi.kind.adds_over_units and kpi.target}
    rows = Counter(plan.actuals.kpi)
    for index in _beyond(plan):
        kpi = goals[plan.actuals.kpi[index]]
        if rows[kpi.code] < _FEWEST:
            yield Finding.of(
                "actual-beyond-target",
                plan.actuals.place(index, "value"),
                kpi=kpi.name,
                number=exact((plan.actuals.value[index] or 0) / MICRO),
                target=kpi.target,
            )


def _beyond(plan: Plan) -> list[int]:
    """The rows whose figure is :data:`BEYOND` times their KPI's target of the year."""
    limits = {
        kpi.code: int(abs(kpi.target) * MICRO * BEYOND)
        for kpi in plan.kpis
        if kpi.kind.adds_over_units and kpi.target
    }
    found = []
    for index, (code, value) in enumerate(zip(plan.actuals.kpi, plan.actuals.value, strict=True)):
        if value and code in limits and abs(value) >= limits[code]:
            found.append(index)
    return found


def check_goals(plan: Plan) -> Iterator[Finding]:
    """A target of 60,000,000 (元), and a year's actuals of 5,000 (万元)."""
    flows = {kpi.code: kpi for kpi in plan.kpis if kpi.kind is KpiKind.FLOW and kpi.target}
    totals: Counter[tuple[str, bool]] = Counter()
    first, rows = plan.settings.months[0], Counter(plan.actuals.kpi)
    slips = {index for index in _beyond(plan) if rows[plan.actuals.kpi[index]] < _FEWEST}
    for index, (code, month, value) in enumerate(
        zip(plan.actuals.kpi, plan.actuals.month, plan.actuals.value, strict=True)
    ):
        if value and code in flows and index not in slips:
            totals[code, month >= first] += value
    for code, kpi in flows.items():
        year = max(abs(totals[code, False]), abs(totals[code, True]))
        target = abs(kpi.target or Decimal(0)) * MICRO
        if out_of_scale(Decimal(year), target):
            yield Finding.of(
                "target-magnitude",
                kpi.origin.place("target"),
                kpi=kpi.name,
                target=kpi.target,
                total=exact(year / MICRO),
            )


def check_pasted(plan: Plan) -> Iterator[Finding]:
    """Rows 106 to 205 say in the same order what rows 6 to 105 say, and have no 来源: pasted twice,
    each figure counts double.

    Rows with a 来源 are told apart by it; what repeats it does not count
    (:mod:`salesplan.plan.duplicates`).
    """
    actuals = plan.actuals
    if len(actuals.source) == len(actuals) and all(actuals.source):
        return
    told = [getattr(actuals, name) for name in _TOLD]
    sources = actuals.source or repeat("")
    last: dict[tuple[object, ...], int] = {}
    blocks: list[_Block] = []
    for index, (source, row) in enumerate(zip(sources, zip(*told, strict=True), strict=False)):
        if source:
            continue
        before = last.get(row)
        last[row] = index
        if before is None:
            continue
        if not (blocks and blocks[-1].goes_on(index, before)):
            blocks.append(_Block(index, index - before))
        blocks[-1].length += 1
    repeated = (block for block in blocks if min(block.length, block.back) >= _PASTED)
    yield from _listed("day", "actual-pasted-twice", (one.finding(actuals) for one in repeated))


_TOLD = (
    "day",
    "month",
    "unit",
    "kpi",
    "product",
    "region",
    "customer",
    "channel",
    "quantity",
    "value",
    "numerator",
    "denominator",
)
"""What rows without a 来源 are compared by: all that they say."""


@dataclass(slots=True)
class _Block:
    """Rows from ``start`` on that say the same as those ``back`` rows before them."""

    start: int
    back: int
    length: int = 0

    def goes_on(self, index: int, before: int) -> bool:
        return self.start + self.length == index and self.back == index - before

    def finding(self, actuals: Actuals) -> Finding:
        was, again = self.start - self.back, self.start
        last = self.length - 1
        return Finding.of(
            "actual-pasted-twice",
            actuals.place(again, "day"),
            was=f"{actuals.rows[was]}-{actuals.rows[was + last]}",
            again=f"{actuals.rows[again]}-{actuals.rows[again + last]}",
            count=self.length,
        )


def check_doubled(plan: Plan) -> Iterator[Finding]:
    """June's revenue stands for the team, and again for its people: the team's total would count
    twice. Nothing is said of units in a circle: who is above whom is told first. In a year before
    the plan's only a figure that is the sum of those below is one: who has left since may stand in
    the team's own rows.
    """
    actuals = plan.actuals
    adding = {kpi.code for kpi in plan.kpis if kpi.kind.adds_over_units}
    inner = {unit.code for unit in plan.units if plan.children.get(unit.code)}
    if not inner.intersection(actuals.unit):
        return
    reported = {
        key
        for key in zip(actuals.kpi, actuals.unit, actuals.month, strict=True)
        if key[0] in adding
    }
    above = {(kpi, unit) for kpi, unit, _ in reported if unit in inner}
    doubled: dict[tuple[str, str], tuple[Month, str]] = {}
    known: dict[tuple[str, str, Month], str | None] = {}
    placed = {unit.code for _, unit in plan.walk()} if above else set()
    for kpi, unit, month in sorted(reported) if above else ():
        ancestor = _reported_above(plan, reported, (kpi, unit, month), known)
        past = month < plan.settings.months[0]
        if past and ancestor is not None and not _is_sum(plan, kpi, ancestor, month):
            continue
        if ancestor is not None and ancestor in placed:
            doubled.setdefault((kpi, ancestor), (month, unit))
    rows: dict[tuple[str, str, Month], int] = {}
    keys = zip(actuals.kpi, actuals.unit, actuals.month, strict=True) if doubled else ()
    for row, key in enumerate(keys):
        rows.setdefault(key, row)
    for (kpi, ancestor), (month, unit) in doubled.items():
        yield Finding.of(
            "actual-doubled",
            actuals.place(rows[kpi, ancestor, month], "unit"),
            kpi=kpi,
            unit=ancestor,
            below=unit,
            month=month,
        )


def _is_sum(plan: Plan, kpi: str, unit: str, month: Month) -> bool:
    """Whether a unit's own rows of a month come to what those below it have, within a hundredth."""
    data = plan.actuals
    below = {one.code for _, one in plan.walk(unit)} - {unit}
    sums = {True: 0, False: 0}
    for of, whose, when, value in zip(data.kpi, data.unit, data.month, data.value, strict=True):
        if of == kpi and when == month and value is not None and (whose == unit or whose in below):
            sums[whose == unit] += value
    return 100 * abs(sums[True] - sums[False]) <= abs(sums[True])


def _reported_above(
    plan: Plan,
    reported: Container[tuple[str, str, Month]],
    key: tuple[str, str, Month],
    known: dict[tuple[str, str, Month], str | None],
) -> str | None:
    """The nearest unit above that has rows of the KPI and month, too; None where there is none, or
    a cycle.

    ``known`` keeps what was climbed, so that a long chain is climbed once.
    """
    kpi, code, month = key
    path: list[tuple[str, str, Month]] = []
    found: str | None = None
    climbed: set[str] = set()
    while code not in climbed:
        here = (kpi, code, month)
        if here in known:
            found = known[here]
            break
        climbed.add(code)
        path.append(here)
        unit = plan.unit_by_code.get(code)
        if unit is None or unit.parent is None:
            break
        code = unit.parent
        if (kpi, code, month) in reported:
            found = code
            break
    known.update(dict.fromkeys(path, found))
    return found


def _first(values: Sequence[T]) -> dict[T, int]:
    """Where each value stands first."""
    return dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))


DATED_CHECKS = (check_levels_left,)

CHECKS = (
    check_any,
    check_codes,
    check_regions,
    check_dates,
    check_silent,
    check_presence,
    check_blanks,
    check_negatives,
    check_ratios,
    check_magnitudes,
    check_months,
    check_beyond,
    check_goals,
    check_pasted,
    check_doubled,
)
