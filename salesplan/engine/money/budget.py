"""The budget: caps, grants, what was used of them, and the best that could have been done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass
from salesplan.engine.money.allocation import Grant, allocate, expected_of, return_on_spend
from salesplan.engine.money.caps import CapKey, Caps, caps
from salesplan.engine.money.comparison import best_allocation, money
from salesplan.engine.money.month_ends import MonthEnd, month_ends, status_of
from salesplan.engine.money.reserve import draw_reserve
from salesplan.findings import Finding
from salesplan.plan.model import (
    BudgetLine,
    BudgetStatus,
    Plan,
    Spending,
    SpendKind,
    first_by_code,
)


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that one category may get in one region."""

    category: str
    region: str
    cap: Decimal
    granted: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """What the budget's engine columns say of one line; ``reason`` explains the grant."""

    code: str
    roi: Decimal | None
    granted: Decimal | None
    reason: Finding | None
    committed: Decimal
    spent: Decimal
    available: Decimal | None
    execution_rate: Decimal | None
    actual_return: Decimal | None
    actual_roi: Decimal | None
    status: BudgetStatus | None


@dataclass(frozen=True, slots=True)
class BudgetSummary:
    """The budget as a whole: allocation against the exact best combination, and the reserve.

    ``best_return`` is what the exact 0/1 knapsack would bring, never less than ``granted_return``.
    """

    total: Decimal | None
    granted: Decimal
    committed: Decimal
    spent: Decimal
    granted_return: Decimal
    best_return: Decimal | None
    best_lines: frozenset[str] = frozenset()
    reserve: Decimal | None = None
    reserve_drawn: Decimal = Decimal(0)
    reserve_left: Decimal | None = None
    draw_balances: tuple[Decimal | None, ...] = ()
    """The reserve after each row of 储备金动用, in sheet order; None where the row does not count.
    """


ZERO = Decimal(0)


def budget(
    plan: Plan, as_of: date, returns: Mapping[str, Decimal] | None = None
) -> tuple[tuple[Cap, ...], dict[str, BudgetResult], BudgetSummary, list[Finding]]:
    """(caps, lines by code, summary, findings) at ``as_of``; amounts in the master's amount unit.

    ``returns`` are the actual returns by budget code, where they can be told. Spending after the
    cut-off, and on codes that no line has, is left out. available = granted − committed − spent;
    use = (committed + spent) ÷ granted, None for a grant of 0; status 正常 up to 80 %, 预警 up to
    100 %, 超支 above, and for any use of a grant of 0. Actual ROI is None where nothing was spent.
    See :func:`~salesplan.engine.money.caps.caps`,
    :func:`~salesplan.engine.money.allocation.allocate`,
    :func:`~salesplan.engine.money.reserve.draw_reserve` for the rules of each part.
    """
    found, findings = caps(plan)
    grants, wrong = allocate(plan, found)
    findings += wrong
    lines = first_by_code(plan.budget)
    used = _used(plan.spending, as_of)
    results = {
        line.code: _result(
            line, grants[line.code], used.get(line.code, {}), (returns or {}).get(line.code)
        )
        for line in lines
    }
    findings += _use_findings(plan, lines, results, as_of)
    late = [row for row in plan.spending if row.day > as_of and not row.released]
    if late:
        findings.append(
            Finding.of(
                "spending-after-cut-off", late[0].origin.place("day"), rows=len(late), day=as_of
            )
        )
    granted_in = _granted_in(lines, grants, found)
    shown = tuple(
        Cap(*key, cap, granted_in.get(key, ZERO), cap - granted_in.get(key, ZERO))
        for key, cap in found.cells.items()
    )
    reserve_use, wrong = draw_reserve(plan, found.reserve, as_of)
    findings += wrong
    best_return, best_lines = best_allocation(lines, grants, found)
    if best_return is None and found.cells:
        findings.append(Finding.of("budget-best-unknown", lines[0].origin.place("requested")))
    summary = BudgetSummary(
        total=plan.settings.budget_total,
        granted=sum((grant.amount for grant in grants.values() if grant.amount is not None), ZERO),
        committed=sum((result.committed for result in results.values()), ZERO),
        spent=sum((result.spent for result in results.values()), ZERO),
        granted_return=money(
            sum((expected_of(line, grants[line.code].amount) for line in lines), Fraction(0)),
            found.quantum,
        ),
        best_return=best_return,
        best_lines=best_lines,
        reserve=found.reserve,
        reserve_drawn=reserve_use.drawn,
        reserve_left=None if found.reserve is None else found.reserve - reserve_use.drawn,
        draw_balances=reserve_use.balances,
    )
    return shown, results, summary, findings


def use_of(plan: Plan, as_of: date) -> dict[str, Decimal]:
    """What was committed and spent up to ``as_of``, by the budget code of the spending rows."""
    return {code: sum(kinds.values(), ZERO) for code, kinds in _used(plan.spending, as_of).items()}


def _used(spending: Sequence[Spending], as_of: date) -> dict[str, dict[SpendKind, Decimal]]:
    used: dict[str, dict[SpendKind, Decimal]] = {}
    for row in spending:
        if row.day <= as_of:
            kinds = used.setdefault(row.budget, {})
            kinds[row.kind] = kinds.get(row.kind, ZERO) + row.amount
    return used


def _result(
    line: BudgetLine, grant: Grant, used: Mapping[SpendKind, Decimal], brought: Decimal | None
) -> BudgetResult:
    committed, spent = used.get(SpendKind.COMMITTED, ZERO), used.get(SpendKind.SPENT, ZERO)
    use, granted = committed + spent, grant.amount
    rate = use / granted if granted else None
    return BudgetResult(
        code=line.code,
        roi=None if line.broken & {"expected_return", "requested"} else return_on_spend(line),
        granted=granted,
        reason=grant.reason,
        committed=committed,
        spent=spent,
        available=None if granted is None else granted - use,
        execution_rate=rate,
        actual_return=brought,
        actual_roi=brought / spent if brought is not None and spent else None,
        status=status_of(granted, use),
    )


def _granted_in(
    lines: Sequence[BudgetLine], grants: Mapping[str, Grant], found: Caps
) -> dict[CapKey, Decimal]:
    sums: dict[CapKey, Decimal] = {}
    for line in lines:
        if not line.broken & {"category", "region"}:
            sums[found.key(line)] = sums.get(found.key(line), ZERO) + (
                grants[line.code].amount or ZERO
            )
    return sums


def _use_findings(
    plan: Plan, lines: Sequence[BudgetLine], results: Mapping[str, BudgetResult], as_of: date
) -> Iterator[Finding]:
    """Lines that used more than they were granted: at the cut-off, or at an earlier month's end."""
    ends = month_ends(plan, {line.code: results[line.code].granted for line in lines}, as_of)
    for line in lines:
        result = results[line.code]
        use = result.committed + result.spent
        if result.granted is None:
            continue
        if line.manual_grant is not None and result.granted < use:
            place = line.origin.place("manual_grant")
            yield Finding.of(
                "budget-cut-below-use", place, line=line.code, granted=result.granted, used=use
            )
        elif use > result.granted:
            paid_twice = result.committed > 0 and 0 < result.spent <= result.granted
            yield Finding.of(
                "budget-overcommitted" if paid_twice else "budget-overspent",
                line.origin.place("code"),
                line=line.code,
                over=use - result.granted,
                committed=result.committed,
            )
        else:
            yield from _earlier(line, ends[line.code])


def _earlier(line: BudgetLine, ends: Sequence[MonthEnd]) -> Iterator[Finding]:
    for end in ends:
        if end.status is BudgetStatus.OVERSPENT and end.available is not None:
            yield Finding.of(
                "budget-overspent-earlier",
                line.origin.place("code"),
                line=line.code,
                month=str(end.month),
                over=-end.available,
            )
            return
