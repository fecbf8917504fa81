"""批准额: who gets how much inside each cap, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass
from salesplan.engine.money.caps import CapKey, Caps
from salesplan.findings import Finding
from salesplan.plan.model import BudgetLine, Plan, Task, first_by_code

ZERO = Decimal(0)
DECIDING = frozenset(
    {"priority", "must_have", "requested", "least", "expected_return", "manual_grant"}
)
"""Fields that decide what a line gets, and so what is left for the others under its cap."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one line gets: None where that cannot be told. ``reason`` is None where a cell could not
    be read.
    """

    amount: Decimal | None
    reason: Finding | None


def allocate(plan: Plan, caps: Caps) -> tuple[dict[str, Grant], list[Finding]]:
    """The grant of each budget line by code, and what is wrong with the demands.

    Under each cap (category × region): a 手工批准额 is taken first and as typed, even above the
    cap (an error). Of what is left 必保 lines come first (together above it: an error that names
    what is missing), then all others, each in the order of :func:`ranking`. A line gets all it asks
    for if that much is left; otherwise what is left, if that is 最小可用额 or more; otherwise
    nothing, and a later, smaller line may still fit. Nothing is granted from the reserve, without
    a cap, or without an amount asked for. Where a deciding cell of a line cannot be read, no
    line under its cap is granted but the manual ones. Of two lines with one code the first counts.
    """
    lines = first_by_code(plan.budget)
    grants: dict[str, Grant] = {}
    findings: list[Finding] = []
    open_cells: dict[CapKey, list[BudgetLine]] = {}
    for line in lines:
        settled = _without_cap(line, caps, findings)
        if settled is not None:
            grants[line.code] = settled
        elif not line.broken & {"category", "region"}:
            open_cells.setdefault(caps.key(line), []).append(line)
        else:
            grants[line.code] = Grant(None, None)
    for key, members in open_cells.items():
        inside, wrong = _inside(members, key, caps.cells[key], plan)
        grants |= inside
        findings += wrong
    return {line.code: grants[line.code] for line in lines}, findings


def return_on_spend(line: BudgetLine) -> Decimal | None:
    """投入产出比 = expected return ÷ requested; None where either is blank or nothing is
    requested.
    """
    if line.expected_return is None or not line.requested:
        return None
    return line.expected_return / line.requested


def expected_of(line: BudgetLine, granted: Decimal | None) -> Fraction:
    """The return to expect of ``granted``: in proportion to what was requested, at most all
    of it.
    """
    if not granted or granted < 0 or line.expected_return is None:
        return Fraction(0)
    part = (
        min(Fraction(granted) / Fraction(line.requested), Fraction(1))
        if line.requested
        else Fraction(1)
    )
    return Fraction(line.expected_return) * part


Rank = tuple[bool, int, bool, Fraction, date, int]


def ranking(plan: Plan, lines: Sequence[BudgetLine]) -> dict[str, Rank]:
    """Sort keys by line code: priority (1 first, blank last), ROI (high first, blank last), date
    (start, else due), row.
    """
    tasks: dict[str, Task] = {}
    for task in plan.tasks:
        tasks.setdefault(task.code, task)
    return {line.code: _rank(line, tasks, row) for row, line in enumerate(lines)}


def _rank(line: BudgetLine, tasks: Mapping[str, Task], row: int) -> Rank:
    task = tasks.get(line.task or "")
    day = (task.start or task.due) if task else None
    ratio = (
        -Fraction(line.expected_return) / Fraction(line.requested)
        if line.expected_return is not None and line.requested
        else None
    )
    return (
        line.priority is None,
        line.priority or 0,
        ratio is None,
        ratio or Fraction(0),
        day or date.max,
        row,
    )


def _without_cap(line: BudgetLine, caps: Caps, findings: list[Finding]) -> Grant | None:
    """The grant of a line that no cap decides, with its findings; None where its cap decides."""
    if any((getattr(line, key) or ZERO) < 0 for key in ("requested", "least", "manual_grant")):
        return Grant(None, Finding.of("grant-no-amount"))
    if line.broken & {"category", "region"}:
        return None
    if line.category in caps.reserve_categories:
        findings.append(
            Finding.of(
                "budget-from-reserve",
                line.origin.place("category"),
                line=line.code,
                category=line.category,
            )
        )
        return Grant(ZERO, Finding.of("grant-reserve"))
    if caps.key(line) in caps.cells:
        return None
    if line.manual_grant is not None:
        return Grant(line.manual_grant, Finding.of("grant-manual"))
    return Grant(None, None if line.broken & DECIDING else Finding.of("grant-no-cap"))


def _inside(
    lines: Sequence[BudgetLine], key: CapKey, cap: Decimal, plan: Plan
) -> tuple[dict[str, Grant], list[Finding]]:
    category, region = key
    manual = [line for line in lines if line.manual_grant is not None]
    grants = {line.code: Grant(line.manual_grant, Finding.of("grant-manual")) for line in manual}
    findings: list[Finding] = []
    left = cap
    for line in manual:
        over = (line.manual_grant or ZERO) - max(left, ZERO)
        left -= line.manual_grant or ZERO
        if over > 0:
            place = line.origin.place("manual_grant")
            findings.append(
                Finding.of(
                    "budget-manual-over-cap",
                    place,
                    line=line.code,
                    category=category,
                    region=region,
                    over=over,
                )
            )
    waiting = [line for line in lines if line.manual_grant is None]
    blocking = next((line for line in waiting if line.broken & DECIDING), None)
    if blocking is not None:
        blocked = Finding.of("grant-blocked", line=blocking.code)
        return grants | {
            line.code: Grant(None, None if line.broken & DECIDING else blocked) for line in waiting
        }, findings
    ranks = ranking(plan, lines)
    queue = sorted(waiting, key=lambda line: (not line.must_have, ranks[line.code]))
    must = [line for line in queue if line.must_have]
    short = sum((line.requested or ZERO for line in must), ZERO) - max(left, ZERO)
    grants |= _in_turn(queue, left)
    if short > 0:
        first = next(
            line
            for line in must
            if line.requested and (grants[line.code].amount or ZERO) < line.requested
        )
        place = first.origin.place("requested")
        findings.append(
            Finding.of(
                "budget-must-have-over-cap", place, category=category, region=region, short=short
            )
        )
    return grants, findings


def _in_turn(queue: Iterable[BudgetLine], left: Decimal) -> dict[str, Grant]:
    grants: dict[str, Grant] = {}
    for line in queue:
        grant = _grant(line, max(left, ZERO))
        grants[line.code] = grant
        left -= grant.amount or ZERO
    return grants


def _grant(line: BudgetLine, left: Decimal) -> Grant:
    if line.requested is None:
        return Grant(None, Finding.of("grant-no-amount"))
    short = line.requested - left
    if short <= 0:
        return Grant(
            line.requested, Finding.of("grant-must-have" if line.must_have else "grant-full")
        )
    if line.least is not None and left > 0 and line.least <= left:
        return Grant(left, Finding.of("grant-partial", short=short))
    return Grant(ZERO, Finding.of("grant-none", left=left, short=short))
