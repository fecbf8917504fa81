"""Targets that are not split: rates, averages and points are copied down, milestones are set.

The company's level holds for every unit and every month, unless a unit's row of 目标分解 gives a
value of its own, which then holds for the unit's subtree: a manual year for the year and each
month, a manual quarter for each of its months, a manual month for that month. Locks keep what was
filled. Values on such rows are always levels to reach. Hedges play no part: a rate is not a
quantity to promise more of.

A unit without a value of its own or from above is not the sum of those below it: its rate is the
sum of their numerators' targets ÷ that of their denominators', where all of them have both; else it
has none.

A milestone has target 1 from the month in which it is due (default: the last month of the year),
for the company if it has a target, and for units whose row has one; it is never handed down.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass, replace
from salesplan.engine.exact.figures import divide, written
from salesplan.engine.targets.goal import goal
from salesplan.engine.targets.quarters import QUARTERS, months_of
from salesplan.engine.targets.shares import names
from salesplan.engine.targets.target import Months, Target
from salesplan.engine.targets.tree import Tree
from salesplan.findings import Finding
from salesplan.plan.model import Kpi, KpiKind, Lock, Plan, TargetBasis, TargetRow, Unit

_BLANK: Months = (None,) * 12
Base = tuple[Decimal | None, Months]
Bases = Callable[[str, str], Base | None]
"""The base year and months of an additive KPI for a unit, by their codes; None where it has no
target.
"""


@dataclass(frozen=True, slots=True)
class _Level:
    year: Decimal | None
    months: Months
    source: Unit
    """Whose value it is."""
    locked: bool = False
    summed: bool = False
    """Whether it is made of the numerators and denominators below it."""
    missing: tuple[Unit, ...] = ()
    """Units below that have none, where it is ``summed``."""


def copied(
    plan: Plan,
    tree: Tree,
    kpi: Kpi,
    rows: dict[tuple[str, str], TargetRow],
    findings: list[Finding],
    bases: Bases,
) -> dict[tuple[str, str], Target]:
    """Targets of a KPI that is not additive, in tree order. No company target and no values: none.

    ``bases`` are the targets of the KPIs that it is made of.
    """
    company = goal(kpi, findings)
    if company is None and kpi.target is not None:
        return {}
    milestone = kpi.kind is KpiKind.MILESTONE
    levels: dict[str, _Level | None] = {}
    broken: set[str] = set()
    for unit in tree.order:
        above = levels.get(tree.parent.get(unit.code, ""))
        inherited = above
        if unit is tree.root:
            inherited = None if company is None else _Level(company, (company,) * 12, unit)
        elif milestone:
            inherited = None
        row = rows.get((kpi.code, unit.code))
        if row is not None and _cannot_be_read(kpi, unit, row, findings):
            broken.add(unit.code)
            own = None
        else:
            own = _own(kpi, unit, row, inherited, findings)
        levels[unit.code] = _due(plan, kpi, own) if milestone else own
    if not milestone:
        _sum_up(tree, kpi, levels, broken, bases, findings)
    found: dict[tuple[str, str], Target] = {}
    for unit in tree.order:
        level = levels[unit.code]
        if level is None or unit.level not in kpi.levels:
            continue
        above = levels.get(tree.parent.get(unit.code, ""))
        parent_target = None if above is None or above.summed or milestone else above.year
        found[kpi.code, unit.code] = Target(
            kpi.code,
            unit.code,
            parent_target,
            None,
            level.year,
            level.months,
            level.year,
            level.months,
            remarks=_remarks(unit, level),
            derivation=_derivation(tree, kpi, unit, level),
            summed=level.summed,
        )
    return found


def _sum_up(
    tree: Tree,
    kpi: Kpi,
    levels: dict[str, _Level | None],
    broken: Container[str],
    bases: Bases,
    findings: list[Finding],
) -> None:
    """Give the units without a level that of what is below them, from the bottom to the company."""
    needed = tree.needed(kpi.levels)
    for unit in reversed(tree.order):
        kids = [kid for kid in tree.children.get(unit.code, ()) if kid.code in needed]
        below = [kid for kid in kids if levels[kid.code] is not None]
        if levels[unit.code] is not None or unit.code in broken or not below:
            continue
        made = _made_of(kpi, unit, below, levels, bases)
        if made is None:
            findings.append(
                Finding.of(
                    "target-rate-not-summed",
                    kpi.origin.place("numerator"),
                    unit=unit.name or unit.code,
                    kpi=kpi.name,
                )
            )
            continue
        missing = tuple(kid for kid in kids if _is_missing(levels[kid.code]))
        levels[unit.code] = replace(made, missing=missing)


def _is_missing(level: _Level | None) -> bool:
    return level is None or bool(level.missing)


def _made_of(
    kpi: Kpi,
    unit: Unit,
    below: Sequence[Unit],
    levels: dict[str, _Level | None],
    bases: Bases,
) -> _Level | None:
    """Σ numerators' targets ÷ Σ denominators' of the units below that have a rate; None where one
    of them lacks a base.
    """
    tops = [bases(kpi.numerator or "", one.code) for one in below]
    bottoms = [bases(kpi.denominator or "", one.code) for one in below]
    above = [one for one in tops if one is not None]
    under = [one for one in bottoms if one is not None]
    if len(above) < len(below) or len(under) < len(below):
        return None
    have = [level for one in below if (level := levels[one.code]) is not None]
    year = None
    if all(level.year is not None for level in have):
        year = _quotient([year for year, _ in above], [year for year, _ in under])
    quotients = []
    for at in range(len(_BLANK)):
        known = all(level.months[at] is not None for level in have)
        top, bottom = [months[at] for _, months in above], [months[at] for _, months in under]
        quotients.append(_quotient(top, bottom) if known else None)
    months = tuple(quotients)
    if year is None and all(month is None for month in months):
        return None
    return _Level(year, months, unit, summed=True)


def _quotient(tops: Sequence[Decimal | None], bottoms: Sequence[Decimal | None]) -> Decimal | None:
    above = [Fraction(value) for value in tops if value is not None]
    under = [Fraction(value) for value in bottoms if value is not None]
    whole = sum(under, Fraction(0))
    if len(above) < len(tops) or len(under) < len(bottoms) or not whole:
        return None
    share = sum(above, Fraction(0)) / whole
    return divide(share.numerator, share.denominator)


def _own(
    kpi: Kpi, unit: Unit, row: TargetRow | None, inherited: _Level | None, findings: list[Finding]
) -> _Level | None:
    """The level the row gives over the inherited one; None if there is none."""
    if row is None:
        return inherited
    year, months = row.manual_year, row.manual_months
    locked = row.lock is not None and year is None and None in months
    if locked:
        year = row.stored_base_year
        if row.lock is Lock.MONTHS:
            months = tuple(
                s if m is None else m for m, s in zip(months, row.stored_months, strict=True)
            )
        if year is None and all(month is None for month in months):
            findings.append(
                Finding.of(
                    "target-lock-empty",
                    row.origin.place("lock"),
                    unit=unit.name or unit.code,
                    kpi=kpi.name,
                )
            )
            return inherited
    months = _with_quarters(months, row.manual_quarters)
    if year is None and all(month is None for month in months):
        return inherited
    base = inherited.year if year is None and inherited else year
    if base is None and kpi.kind.latest_counts:
        base = months[-1]
    if year is not None:
        others: Months = (year,) * 12
    else:
        others = inherited.months if inherited else _BLANK
    return _Level(
        base,
        tuple(o if m is None else m for m, o in zip(months, others, strict=True)),
        unit,
        locked,
    )


def _with_quarters(months: Months, quarters: Months) -> Months:
    """The typed months, and in each of the others what its quarter says."""
    return tuple(quarters[at // 3] if month is None else month for at, month in enumerate(months))


def _cannot_be_read(kpi: Kpi, unit: Unit, row: TargetRow, findings: list[Finding]) -> bool:
    cells = any(key in ("method", "lock") or key.startswith("manual") for key in row.broken)
    return cells or _contradicts(kpi, unit, row, findings)


def _contradicts(kpi: Kpi, unit: Unit, row: TargetRow, findings: list[Finding]) -> bool:
    """Whether a typed quarter cannot be had with what else is typed; an error says so, at its cell.

    Three typed months end at another rate than the quarter; or four quarters cannot make the year:
    of a rate that is the last one's its last, else one between the lowest and the highest.
    """
    quarters = row.manual_quarters
    typed = [q for q in range(QUARTERS) if quarters[q] is not None]
    if not typed or kpi.kind is KpiKind.MILESTONE:
        return False
    for quarter in typed:
        inside = [row.manual_months[at] for at in months_of(quarter)]
        if None not in inside and inside[-1] != quarters[quarter]:
            _disagree("target-rate-quarter", kpi, unit, row, quarter, inside[-1], findings)
            return True
    if row.manual_year is None or len(typed) < QUARTERS:
        return False
    rates = [rate for rate in quarters if rate is not None]
    low, high = (rates[-1], rates[-1]) if kpi.kind.latest_counts else (min(rates), max(rates))
    if low <= row.manual_year <= high:
        return False
    _disagree("target-rate-year", kpi, unit, row, typed[-1], row.manual_year, findings)
    return True


def _disagree(
    code: str,
    kpi: Kpi,
    unit: Unit,
    row: TargetRow,
    quarter: int,
    other: Decimal | None,
    findings: list[Finding],
) -> None:
    place = row.origin.place(f"manual_quarter{quarter + 1}")
    findings.append(
        Finding.of(
            code,
            place,
            unit=unit.name or unit.code,
            kpi=kpi.name,
            quarter=f"Q{quarter + 1}",
            rate=written(kpi, row.manual_quarters[quarter]),
            other=written(kpi, other),
        )
    )


def _due(plan: Plan, kpi: Kpi, level: _Level | None) -> _Level | None:
    if level is None or not (level.year or any(level.months)):
        return None
    months = plan.settings.months
    due = next(
        (i for i, month in enumerate(months) if kpi.due is not None and kpi.due <= month.last),
        len(months) - 1,
    )
    one = Decimal(1)
    return _Level(
        one,
        tuple(one if i >= due else None for i in range(len(months))),
        level.source,
        level.locked,
    )


def _remarks(unit: Unit, level: _Level) -> tuple[Finding, ...]:
    if level.missing:
        return (Finding.of("target-partial", units=names(level.missing)),)
    if level.summed or level.source is not unit or unit.parent is None:
        return ()
    return (Finding.of("target-locked" if level.locked else "target-manual"),)


def _derivation(tree: Tree, kpi: Kpi, unit: Unit, level: _Level) -> tuple[Finding, ...]:
    if kpi.kind is KpiKind.MILESTONE:
        return (Finding.of("why-milestone", unit=unit.name or unit.code),)
    if level.summed:
        return (Finding.of("why-rate-below", value=level.year),)
    if level.source is not unit:
        return (
            Finding.of("why-copied", unit=level.source.name or level.source.code, value=level.year),
        )
    if unit is not tree.root:
        return (Finding.of("why-locked" if level.locked else "why-manual", value=level.year),)
    return company_derivation(kpi, level.year)


def company_derivation(kpi: Kpi, value: Decimal | None) -> tuple[Finding, ...]:
    """Where the company's own figure comes from."""
    if kpi.basis is TargetBasis.IMPROVEMENT and kpi.base is not None and kpi.target is not None:
        return (Finding.of("why-improvement", base=kpi.base, rise=kpi.target, value=value),)
    return (Finding.of("why-company", value=value),)
