"""预算上限: how much each category may get in each region, exact on both margins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from salesplan.dataclass import dataclass, field
from salesplan.engine.exact.figures import WIDE
from salesplan.engine.exact.rounding import controlled_rounding, largest_remainder
from salesplan.findings import Finding
from salesplan.plan.model import AmountUnit, BudgetLine, Plan, Settings, Share

ZERO = Decimal(0)
NOISE = Decimal("1e-9")
"""Shares that miss 100 % by less than this do so because a formula cell holds a binary fraction."""

QUANTA = {AmountUnit.YUAN: Decimal("0.01"), AmountUnit.WAN: Decimal("0.0001")}
"""Caps are whole multiples: one fen where amounts are in 元, one 元 where they are in 万元."""

CapKey = tuple[str, str]
"""(category, region); the region is "" where the plan has no region shares."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps by (category, region) in sheet order, and what of the budget stands apart from
    them.
    """

    cells: Mapping[CapKey, Decimal] = field(default_factory=dict)
    reserve_categories: frozenset[str] = frozenset()
    by_region: bool = False
    quantum: Decimal = QUANTA[AmountUnit.YUAN]
    reserve: Decimal | None = None

    def key(self, line: BudgetLine) -> CapKey:
        """The cap that binds ``line``; it may be absent from ``cells``."""
        return line.category, line.region if self.by_region else ""


def caps(plan: Plan) -> tuple[Caps, list[Finding]]:
    """The caps of the plan: total × category share × region share, rounded so that both margins
    hold.

    Each category's caps add up to its share of the total and each region's to its own, to the last
    quantum (:data:`QUANTA`; finer only where the total itself is finer). Shares are never rescaled:
    where they do not add up to 100 % the caps stand as given, with an error. Without region shares
    one region "" has everything. The reserve's category has caps too, so that the margins add up,
    but nothing is granted from it; its amount is total × 储备比例, else × its category's share, and
    with the other caps the total to the last quantum. Without a total or a share there are no caps.
    """
    findings = _share_findings(plan)
    categories, regions = usable(plan.category_shares), usable(plan.region_shares)
    reserve_categories = frozenset(share.name for share in plan.category_shares if share.reserve)
    total = plan.settings.budget_total
    if total is None or total < 0:
        return Caps(
            reserve_categories=reserve_categories, by_region=bool(plan.region_shares)
        ), findings
    quantum = _quantum(plan.settings, total)
    region_names = [share.name for share in regions] if plan.region_shares else [""]
    region_weights = (
        [Fraction(share.share or 0) for share in regions] if plan.region_shares else [Fraction(1)]
    )
    matrix = _matrix(
        int(total / quantum), [Fraction(share.share or 0) for share in categories], region_weights
    )
    cells = {}
    for i, category in enumerate(categories):
        for j, region in enumerate(region_names):
            cells[(category.name, region)] = matrix[i][j] * quantum
    return Caps(
        cells,
        reserve_categories,
        bool(plan.region_shares),
        quantum,
        _reserve(plan, total, quantum, cells),
    ), findings


def usable(shares: Sequence[Share]) -> tuple[Share, ...]:
    """The shares with a number that is not negative; of two with one name the first."""
    found: dict[str, Share] = {}
    for share in shares:
        found.setdefault(share.name, share)
    return tuple(share for share in found.values() if share.share is not None and share.share >= 0)


def _matrix(
    total: int, categories: Sequence[Fraction], regions: Sequence[Fraction]
) -> list[list[int]]:
    category_sum, region_sum = sum(categories, Fraction(0)), sum(regions, Fraction(0))
    assigned = round(total * category_sum * region_sum)
    if not assigned:
        return [[0] * len(regions) for _ in categories]
    real = []
    for category in categories:
        real.append(
            [assigned * category * region / category_sum / region_sum for region in regions]
        )
    return controlled_rounding(
        real, largest_remainder(assigned, categories), largest_remainder(assigned, regions)
    )


def _quantum(settings: Settings, total: Decimal) -> Decimal:
    quantum = QUANTA[settings.amount_unit]
    exponent = total.as_tuple().exponent
    if total % quantum and isinstance(exponent, int):
        return Decimal(1).scaleb(exponent)
    return quantum


def _reserve(
    plan: Plan, total: Decimal, quantum: Decimal, cells: Mapping[CapKey, Decimal]
) -> Decimal | None:
    """The reserve, rounded with the caps, so that both together are the total: its own caps, or
    what all caps leave.

    Where the shares do not make 100 % there is no whole to keep to, and it is its share of the
    total.
    """
    held = {
        share.name: share.share
        for share in usable(plan.category_shares)
        if share.reserve and share.share is not None
    }
    typed, by_shares = plan.settings.reserve_share, sum(held.values(), ZERO)
    if "reserve_share" in plan.settings.broken or (typed is None and not held):
        return None
    whole = sum(
        (share.share or ZERO for share in usable(plan.category_shares)),
        ZERO if held else typed or ZERO,
    )
    regions = (
        sum((share.share or ZERO for share in usable(plan.region_shares)), ZERO)
        if plan.region_shares
        else Decimal(1)
    )
    if (
        cells
        and abs(whole - 1) < NOISE
        and abs(regions - 1) < NOISE
        and typed in (None, by_shares if held else typed)
    ):
        apart = sum((cap for (category, _), cap in cells.items() if category not in held), ZERO)
        return total - apart
    return (total * (by_shares if typed is None else typed)).quantize(quantum, ROUND_HALF_UP, WIDE)


def _share_findings(plan: Plan) -> list[Finding]:
    findings = []
    if plan.budget and not plan.category_shares:
        findings.append(
            Finding.of("budget-shares-missing", plan.budget[0].origin.place("category"))
        )
    held_back = any(share.reserve for share in plan.category_shares)
    apart = ZERO if held_back else plan.settings.reserve_share or ZERO
    findings += _sum_findings("budget-shares-sum", plan.category_shares, apart)
    findings += _sum_findings("budget-region-shares-sum", plan.region_shares, ZERO)
    return findings


def _sum_findings(code: str, shares: Sequence[Share], apart: Decimal) -> list[Finding]:
    """The error that ``shares`` and what is held back ``apart`` do not make 100 %; none where a
    share is blank or negative.
    """
    if not shares or any(share.share is None or share.share < 0 for share in shares):
        return []
    total = sum((share.share or ZERO for share in usable(shares)), apart)
    if abs(total - 1) < NOISE:
        return []
    return [
        Finding.of(
            code, shares[0].origin.place("share"), sum=percent(total), off=percent(abs(total - 1))
        )
    ]


def percent(share: Decimal) -> Decimal:
    """A fraction of one in percent, to at most four decimals, for a sentence."""
    return round(share * 100, 4)
