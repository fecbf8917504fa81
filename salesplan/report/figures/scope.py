"""Of whom a report speaks: the whole company, or one unit with what a setting lets it see of the
company.
"""

from __future__ import annotations

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.attainment import Attainment
from salesplan.plan.model import Kpi

CompanyFigures = tuple[Kpi, Attainment, Attainment, Attainment]
"""(KPI, month, year to date, year) of the company."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``name`` is the unit's, "" for the whole; ``company`` is shown on a sheet of its own, if
    there is anything; ``full``: the long form whatever the unit's size.
    """

    name: str = ""
    company: tuple[CompanyFigures, ...] = ()
    full: bool = False
