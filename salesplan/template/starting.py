"""A new plan from a few answers: its rows, and the sheets that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from salesplan.dataclass import dataclass
from salesplan.plan.model import Level, Month
from salesplan.plan.schema import SHEETS, table
from salesplan.template.layout import HEADER_ROW
from salesplan.template.menu import USUAL, MenuKpi, Money
from salesplan.template.story.values import Row, Tables
from salesplan.template.trades import Trade

ALWAYS = frozenset({"settings", "organization", "kpis", "targets", "actuals", "checks"})
"""The sheets of a plan that has targets and reports, and nothing else."""

OF_A_TRADE = frozenset({"seasonality", "strategies", "actions", "caps", "budget", "spending"})
"""The sheets that a trade's rows stand on, and that of what is spent."""

LEVELS: tuple[tuple[Level, ...], ...] = (
    (Level.COMPANY, Level.TEAM, Level.PERSON),
    (Level.COMPANY, Level.TEAM, Level.DEPARTMENT, Level.PERSON),
    (Level.COMPANY, Level.PERSON),
    (Level.COMPANY, Level.TEAM),
)
"""The organisations that are proposed, the most usual first; :data:`TREES` has their words."""

TREES: Mapping[str, tuple[Level, ...]] = dict(
    zip(("team-person", "team-department-person", "person", "team"), LEVELS, strict=True)
)

CODES: Mapping[Level, str] = {
    Level.COMPANY: "HQ",
    Level.TEAM: "T1",
    Level.DEPARTMENT: "D1",
    Level.PERSON: "P1",
}
"""The codes of the rows that are prepared, one a level."""

COUNTRIES: Mapping[str, str] = {
    "CNY": "CN",
    "USD": "US",
    "GBP": "GB",
    "JPY": "JP",
    "KRW": "KR",
    "HKD": "HK",
    "TWD": "TW",
    "SGD": "SG",
    "INR": "IN",
    "AUD": "AU",
    "CAD": "CA",
    "NZD": "NZ",
    "CHF": "CH",
    "BRL": "BR",
    "MXN": "MX",
    "SEK": "SE",
    "NOK": "NO",
    "DKK": "DK",
    "PLN": "PL",
}
"""Whose working days a plan in a currency has, where one country uses it."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a planner answered. ``people`` are rows of the organisation below the company; without
    them one row a level is prepared, its name left blank.
    """

    company: str
    year: int
    lang: str
    fiscal_start: int = 1
    levels: tuple[Level, ...] = LEVELS[0]
    kpis: tuple[MenuKpi, ...] = USUAL[:1]
    money: Money = Money()
    trade: Trade | None = None
    people: tuple[Row, ...] = ()
    country: str = ""
    leader: str = ""
    leader_email: str = ""

    @property
    def months(self) -> tuple[Month, ...]:
        """The plan year's months in fiscal order."""
        return tuple(Month(self.year, self.fiscal_start).plus(at) for at in range(12))

    @property
    def calendar(self) -> str:
        """The country whose working days count; "" where the currency does not say it."""
        return self.country or COUNTRIES.get(self.money.currency, "")

    @property
    def sheets(self) -> tuple[str, ...]:
        """The keys of the sheets that the plan needs, in a template's order."""
        wanted = ALWAYS | OF_A_TRADE if self.trade is not None else ALWAYS
        return tuple(one.key for one in SHEETS if one.key in wanted)

    def tables(self) -> Tables:
        """The rows that are filled in, by table."""
        trade = self.trade.tables(self.months, self.kpis) if self.trade is not None else {}
        return {
            **trade,
            "settings": [self._settings()],
            "units": [self._company(), *(self.people or self._prepared())],
            "kpis": [one.row(self.money, self.kpis, self.lang) for one in self.kpis],
        }

    def _settings(self) -> Row:
        return {
            "company": self.company or None,
            "currency": self.money.currency,
            "amount_unit": self.money.unit,
            **({"country": self.calendar} if self.calendar else {}),
        }

    def _company(self) -> Row:
        return {
            "code": CODES[Level.COMPANY],
            "name": self.company or None,
            "level": Level.COMPANY,
            "manager": self.leader or None,
            "email": self.leader_email or None,
        }

    def _prepared(self) -> Iterator[Row]:
        above = Level.COMPANY
        for level in self.levels[1:]:
            yield {"code": CODES[level], "level": level, "parent": CODES[above]}
            above = level


@dataclass(frozen=True, slots=True)
class ToFill:
    """The cells that the planner fills in first, as ranges: names of units, the KPIs' targets."""

    names: str
    targets: str


def to_fill_in(start: Start) -> ToFill:
    """Where the names and the targets of a new plan stand."""
    top = HEADER_ROW + 2
    rows = [at for at, row in enumerate(start.tables()["units"], top) if row.get("name") is None]
    kpis = _range("kpis", "target", top, top + len(start.kpis) - 1)
    return ToFill(_range("units", "name", rows[0], rows[-1]) if rows else "", kpis)


def _range(table_key: str, column_key: str, first: int, last: int) -> str:
    from salesplan.workbook.refs import Range

    keys = [one.key for one in table(table_key).columns]
    at = keys.index(column_key) + 1
    return str(Range(first, at, last, at))


def menu(trade: Trade | None) -> Sequence[MenuKpi]:
    """The KPIs to choose from: the trade's own, then the usual ones that it does not have."""
    own = trade.kpis if trade is not None else ()
    codes = {one.code for one in own}
    return (*own, *(one for one in USUAL if one.code not in codes))
