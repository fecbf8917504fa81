"""保底 and 挑战: the goals below and above the target, and which of the three has been reached."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment, completion_against
from salesplan.engine.actuals.progress import Span
from salesplan.engine.actuals.status import Rate
from salesplan.engine.exact.figures import divide
from salesplan.engine.targets.goal import level_of
from salesplan.engine.targets.target import Targets
from salesplan.plan.model import Direction, Kpi, Plan


class Step(Enum):
    """The highest goal that has been reached; BELOW: not even the lowest that is given."""

    BELOW = "below"
    FLOOR = "floor"
    TARGET = "target"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Steps:
    """Floor and stretch of one attainment as levels of its span, and the attainment against each.

    None where the KPI has none, or where it cannot be told for that unit. ``reached`` is None
    without an actual.
    """

    floor: Decimal | None
    floor_rate: Rate | None
    stretch: Decimal | None
    stretch_rate: Rate | None
    reached: Step | None


def steps(
    plan: Plan, targets: Targets, attainments: Mapping[tuple[str, str, Span], Attainment]
) -> dict[tuple[str, str, Span], Steps]:
    """The steps of every attainment with a target whose KPI has a floor or a stretch.

    The two are goals of the whole company and year. Where targets are split, a unit's and a span's
    part of them is as its target's part of the company's; where targets are copied, so are they,
    but not to units with a target of their own. Of a company's target of 0 (no complaints at all,
    five at most) nothing is a part: then only the company has them, of a flow in its year. Nor is a
    profit part of a loss: floor and stretch would change sides.
    """
    found: dict[tuple[str, str, Span], Steps] = {}
    kpis = [kpi for kpi in plan.kpis if kpi.floor is not None or kpi.stretch is not None]
    wholes = {kpi.code: whole_target(plan, targets, kpi) for kpi in kpis}
    for key in attainments:
        if key[0] not in wholes:
            continue
        one = attainments[key]
        if one.target is not None:
            kpi = plan.kpi_by_code[key[0]]
            found[key] = _steps(plan, targets, kpi, one, one.target, wholes[key[0]])
    return found


def _steps(
    plan: Plan,
    targets: Targets,
    kpi: Kpi,
    one: Attainment,
    target: Decimal,
    whole: Decimal | None,
) -> Steps:
    floor, stretch = (
        _part(plan, kpi, one, target, level_of(kpi, value), whole)
        for value in (kpi.floor, kpi.stretch)
    )
    return Steps(
        floor=floor,
        floor_rate=None if floor is None else completion_against(plan, targets, kpi, one, floor),
        stretch=stretch,
        stretch_rate=None
        if stretch is None
        else completion_against(plan, targets, kpi, one, stretch),
        reached=None if one.actual is None else _reached(kpi, one.actual, floor, target, stretch),
    )


def whole_target(plan: Plan, targets: Targets, kpi: Kpi) -> Decimal | None:
    """The company's year as it was issued (a hedge of the company moves its target, not its floor),
    else the KPI's goal as a level.
    """
    roots = [
        targets[kpi.code, root.code].year for root in plan.roots if (kpi.code, root.code) in targets
    ]
    return (
        roots[0]
        if kpi.kind.adds_over_units and len(roots) == 1 and roots[0] is not None
        else level_of(kpi, kpi.target)
    )


def _part(
    plan: Plan,
    kpi: Kpi,
    one: Attainment,
    target: Decimal,
    level: Decimal | None,
    whole: Decimal | None,
) -> Decimal | None:
    if level is None or whole is None:
        return None
    if not kpi.kind.adds_over_units:
        return level if target == whole else None
    if whole:
        return divide(target * level, whole) if target * whole >= 0 else None
    own = (
        target == whole
        and one.unit in {root.code for root in plan.roots}
        and (one.span is Span.YEAR or not kpi.kind.adds_over_months)
    )
    return level if own else None


def _reached(
    kpi: Kpi, actual: Decimal, floor: Decimal | None, target: Decimal, stretch: Decimal | None
) -> Step:
    for step, level in ((Step.STRETCH, stretch), (Step.TARGET, target), (Step.FLOOR, floor)):
        if level is not None and (
            actual >= level if kpi.direction is Direction.HIGHER else actual <= level
        ):
            return step
    return Step.BELOW
