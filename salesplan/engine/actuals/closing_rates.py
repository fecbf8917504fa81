"""Levels in another currency, month by month at the closing rate. Imported only where a plan has
such rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from salesplan.plan.model import Month, Plan
from salesplan.plan.model.currencies import Exchange, home_of, money_of, times


class ClosingRates:
    """What a level comes to at the end of a later month: a debt of 100 USD that nobody reports anew
    is worth what a dollar is worth then.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._exchange = Exchange(plan.rates, home_of(plan.settings.currency))

    def level(self, kpi: str, rows: Sequence[int], month: Month) -> int | None:
        """The sum of these rows at the rates of the last day of ``month``, in millionths; None
        where none of them is in another currency.
        """
        actuals, plan = self._plan.actuals, self._plan
        if not any(actuals.currency[row] for row in rows):
            return None
        unit = money_of(plan.kpi_by_code[kpi], plan.settings)
        total = 0
        for row in rows:
            figure, given = actuals.value[row] or 0, actuals.given[row]
            if given is not None and unit is not None:
                factor = self._exchange.factor(
                    actuals.currency[row], unit.currency, month.last, actuals.basis
                )
                figure = figure if factor is None else times(given, factor)
            total += figure
        return total
