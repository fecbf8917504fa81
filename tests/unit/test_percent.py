"""Which KPIs are counted in percent: one rule for every page, message and check."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salesplan.engine.exact.figures import written
from salesplan.plan.model import Kpi, KpiKind, PercentBasis
from salesplan.report.figures.context import figure_format

D = Decimal
R = KpiKind.RATIO


@pytest.mark.parametrize(
    ("kind", "unit", "target", "basis", "percent"),
    [
        (R, "%", D("0.95"), None, True),
        (R, "％", None, None, True),
        (R, "百分比", D("0.94"), None, True),
        (R, "百分点", None, None, True),
        (R, "Percent", None, None, True),
        (KpiKind.FLOW, "%", None, None, True),
        (R, "", D("0.57"), None, True),
        (KpiKind.COHORT_RATIO, "", None, None, True),
        (KpiKind.POINT, " ", D("0.2"), None, True),
        (R, "", D("4.5"), None, False),
        (R, "次", D("0.5"), None, False),
        (R, "家", D("0.5"), PercentBasis.POINTS, True),
        (KpiKind.AVERAGE, "", D("0.5"), None, False),
        (KpiKind.FLOW, "", D("0.5"), None, False),
        (KpiKind.FLOW, "万元", D("0.5"), None, False),
    ],
)
def test_in_percent(
    kind: KpiKind, unit: str, target: Decimal | None, basis: PercentBasis | None, percent: bool
) -> None:
    """A rate without a unit is one, unless its own goal says that it counts times (4.5)."""
    kpi = Kpi(code="K", name="K", kind=kind, unit=unit, target=target, percent_basis=basis)
    assert kpi.in_percent is percent
    assert figure_format(kpi).endswith("%") is percent
    assert (written(kpi, D("0.57")) == "57%") is percent
