"""Amounts in another currency, converted. Imported only where there are any.

What is converted: the value of a KPI that is money
(:func:`~salesplan.plan.model.currencies.money_of`), of an average also its numerator, and of a
rate the numerator and the denominator whose own KPI is money. A flow goes by the last rate on or
before its day, a row by month by that of the month's last day; a level by that of its month's last
day (closing rate). A KPI whose 单位 names a currency of its own is counted in that one; every other
in the plan's. Each figure is rounded once, to the millionth, half away from zero.

The currency is what 币种 says; where that is blank, what the number format shows, with a warning.
A row without a rate is an error at its cell and does not count. The same rows at budget rates are
kept beside them: the difference is the effect of rates.

A deal of 商机 is a plan: it goes by the budget rate of its expected day, without one by the last
actual rate, with a warning.

费用 goes by actual rates, too. 预算 is in the plan's currency; an amount of it whose number format
shows another one is taken at the budget rate of the plan's first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place
from salesplan.plan.actuals_rows import listed
from salesplan.plan.model import (
    Actuals,
    BudgetLine,
    Deal,
    Kpi,
    KpiKind,
    Plan,
    RateKind,
    Record,
    Spending,
)
from salesplan.plan.model.currencies import (
    CODES,
    SYMBOLS,
    Exchange,
    currency,
    home_of,
    money_of,
    times,
)

_BUDGET = ("requested", "least", "expected_return", "manual_grant")
Shown = Mapping[tuple[str, str], Mapping[int, str]]


def converted(plan: Plan, shown: Shown) -> tuple[Plan, list[Finding]]:
    """The plan with every amount in the currency that it is counted in, and what is wrong.

    ``shown`` says by table and column, row by row, which currency the number format shows.
    """
    home = home_of(plan.settings.currency)
    desk = _Desk(plan, Exchange(plan.rates, home), home)
    rows = _Rows(desk, shown.get(("actuals", "value"), {}))
    made = replace(
        plan,
        spending=tuple(_spending(desk, plan.spending, shown.get(("spending", "amount"), {}))),
        budget=tuple(_budget_line(desk, line, shown) for line in plan.budget),
        deals=tuple(_deal(desk, deal) for deal in plan.deals),
    )
    if any(plan.actuals.currency) or rows.shown:
        rows.convert()
        made = replace(made, actuals=rows.made(), at_budget=rows.at_budget())
    return made, [*rows.said(), *desk.findings, *desk.without_budget_rates()]


class _Meant(NamedTuple):
    """The currency of a cell: its code, what said so, and whether that was the number format."""

    code: str
    text: str
    guessed: bool = False


@dataclass(slots=True)
class _Desk:
    """The rates, and what was found while they were used."""

    plan: Plan
    exchange: Exchange
    home: str
    findings: list[Finding] = field(default_factory=list)
    used: dict[tuple[str, date], None] = field(default_factory=dict)
    """Which currencies were converted, and of which day."""

    def meant(self, typed: str, symbol: str, own: str) -> _Meant:
        """What a cell with that 币种 and that number format is in; blank: ``own``."""
        if typed:
            return _Meant(currency(typed, own), typed)
        if symbol and not _may_be(symbol, own):
            return _Meant(currency(symbol, own), symbol, True)
        return _Meant(own, "")

    def refusal(self, meant: _Meant, place: Place, into: str, day: date) -> Finding:
        """Why an amount in that currency cannot be converted."""
        if not (self.exchange.knows(meant.code) or meant.code in CODES):
            return Finding.of("currency-unknown", place, currency=meant.code, text=meant.text)
        facts = {"currency": meant.code, "home": into, "text": meant.text, "day": day}
        code = (
            "currency-before-rate"
            if self.exchange.knows(meant.code) and self.exchange.knows(into)
            else "currency-without-rate"
        )
        return Finding.of(code, place, **facts)

    def without_budget_rates(self) -> Iterator[Finding]:
        """Once a currency: its effect of rates cannot be told."""
        told: set[str] = set()
        for code, day in sorted(self.used):
            if code in told or self.exchange.rate(code, day, RateKind.BUDGET) is not None:
                continue
            told.add(code)
            row = next(
                (one for one in self.plan.rates if currency(one.currency, self.home) == code), None
            )
            place = Place() if row is None else row.origin.place("kind")
            yield Finding.of("rate-without-budget", place, currency=code, day=day)


def _may_be(symbol: str, code: str) -> bool:
    return code in SYMBOLS.get(symbol.replace("￥", "¥"), frozenset({currency(symbol, code)}))


def _remark(desk: _Desk, meant: _Meant, typed: str, symbol: str, place: Place) -> Finding | None:
    """A number format that was all there was to go by, or that says something else than 币种."""
    if meant.guessed:
        return Finding.of("currency-by-format", place, currency=meant.code, text=meant.text)
    if typed and symbol and not _may_be(symbol, meant.code):
        return Finding.of("currency-format-differs", place, currency=meant.code, text=symbol)
    return None


@dataclass(frozen=True, slots=True)
class _Money:
    """Which figures of a KPI are money, in which currency, and whether they are a level."""

    code: str
    fields: tuple[str, ...]
    level: bool


def money_fields(plan: Plan, kpi: Kpi) -> _Money | None:
    """Which figures of a KPI's rows are amounts, and in which currency; None: it has none."""
    unit = money_of(kpi, plan.settings)
    if unit is not None:
        fields = ("value", "numerator") if kpi.kind is KpiKind.AVERAGE else ("value",)
        return _Money(unit.currency, fields, kpi.kind is KpiKind.STOCK)
    if not kpi.kind.is_share:
        return None
    found = []
    for name, code in (("numerator", kpi.numerator), ("denominator", kpi.denominator)):
        part = plan.kpi_by_code.get(code or "")
        if part is not None and (unit := money_of(part, plan.settings)) is not None:
            found.append((name, unit.currency))
    if not found:
        return None
    return _Money(found[0][1], tuple(name for name, _ in found), False)


class _Rows:
    """The rows of 实绩 while they are converted."""

    def __init__(self, desk: _Desk, shown: Mapping[int, str]) -> None:
        self.desk, self.actuals, self.shown = desk, desk.plan.actuals, shown
        self.wrong: set[int] = set()
        self.rates: dict[int, tuple[Fraction, Fraction]] = {}
        """By row in another currency: what one is worth, and at the budget rate."""
        self.codes: dict[int, str] = {}
        self.money = {kpi.code: money_fields(desk.plan, kpi) for kpi in desk.plan.kpis}
        self._found: dict[str, list[Finding]] = {"currency": [], "value": []}

    def convert(self) -> None:
        """Look at every row whose 币种 or number format says something."""
        actuals, shown = self.actuals, self.shown
        for index, (kpi, typed, row) in enumerate(
            zip(actuals.kpi, actuals.currency, actuals.rows, strict=True)
        ):
            symbol = shown.get(row, "") if shown else ""
            if (typed or symbol) and (money := self.money.get(kpi)) is not None:
                self._row(index, money, typed, symbol)

    def _row(self, index: int, money: _Money, typed: str, symbol: str) -> None:
        desk, actuals = self.desk, self.actuals
        meant = desk.meant(typed, symbol, money.code)
        at_value = actuals.place(index, "value")
        if meant.code != money.code:
            stated, month = actuals.day[index], actuals.month[index]
            day = month.last if money.level or stated is None else stated
            factor = desk.exchange.factor(meant.code, money.code, day)
            if factor is None:
                self.wrong.add(index)
                place = at_value if meant.guessed else actuals.place(index, "currency")
                key = "value" if meant.guessed else "currency"
                self._found[key].append(desk.refusal(meant, place, money.code, day))
                return
            plan = desk.exchange.factor(meant.code, money.code, day, RateKind.BUDGET)
            desk.used[meant.code, day] = None
            self.rates[index] = (factor, factor if plan is None else plan)
            self.codes[index] = meant.code
        remark = _remark(desk, meant, typed, symbol, at_value)
        if remark is not None:
            self._found["value"].append(remark)

    def made(self) -> Actuals:
        """The rows in the currency of their KPI, at actual rates."""
        if not self.rates:
            return self.actuals.without(self.wrong) if self.wrong else self.actuals
        given = [
            self._given(index) if index in self.rates else None
            for index in range(len(self.actuals))
        ]
        codes = [self.codes.get(index, "") for index in range(len(self.actuals))]
        made = replace(self._at(lambda rates: rates[0]), given=given, currency=codes)
        return made.without(self.wrong) if self.wrong else made

    def at_budget(self) -> Actuals | None:
        """The same rows at budget rates; None where none is in another currency."""
        if not self.rates:
            return None
        made = replace(
            self.made(),
            basis=RateKind.BUDGET,
        )
        other = self._at(lambda rates: rates[1])
        other = other.without(self.wrong) if self.wrong else other
        return replace(
            made,
            value=other.value,
            numerator=other.numerator,
            denominator=other.denominator,
        )

    def _at(self, chosen: Callable[[tuple[Fraction, Fraction]], Fraction]) -> Actuals:
        columns: dict[str, list[int | None]] = {
            name: list(getattr(self.actuals, name))
            for name in ("value", "numerator", "denominator")
        }
        for index, rates in self.rates.items():
            for name in self._fields(index):
                figure = columns[name][index]
                if figure is not None:
                    columns[name][index] = times(figure, chosen(rates))
        return replace(
            self.actuals,
            value=columns["value"],
            numerator=columns["numerator"],
            denominator=columns["denominator"],
        )

    def _fields(self, index: int) -> tuple[str, ...]:
        money = self.money[self.actuals.kpi[index]]
        return () if money is None else money.fields

    def _given(self, index: int) -> int | None:
        """The figure as typed: the first of those that are money."""
        for name in self._fields(index):
            figure: int | None = getattr(self.actuals, name)[index]
            if figure is not None:
                return figure
        return None

    def said(self) -> Iterator[Finding]:
        """What is wrong in each column, the first of each kind one by one."""
        for key, found in self._found.items():
            for code in dict.fromkeys(one.code for one in found):
                yield from listed(key, code, (one for one in found if one.code == code))


def _spending(
    desk: _Desk, rows: Iterable[Spending], shown: Mapping[int, str]
) -> Iterator[Spending]:
    """The rows of 费用 in the plan's currency; one without a rate does not count."""
    for row in rows:
        typed, symbol = row.currency, shown.get(row.origin.row, "")
        meant = desk.meant(typed, symbol, desk.home)
        at_amount = row.origin.place("amount")
        if meant.code == desk.home:
            remark = _remark(desk, meant, typed, symbol, at_amount)
            if remark is not None:
                desk.findings.append(remark)
            yield replace(row, currency="") if typed else row
            continue
        rate = desk.exchange.rate(meant.code, row.day)
        if rate is None:
            place = at_amount if meant.guessed else row.origin.place("currency")
            desk.findings.append(desk.refusal(meant, place, desk.home, row.day))
            continue
        remark = _remark(desk, meant, typed, symbol, at_amount)
        if remark is not None:
            desk.findings.append(remark)
        yield replace(
            row, currency=meant.code, given=row.amount, amount=exact_times(row.amount, rate)
        )


def _deal(desk: _Desk, deal: Deal) -> Deal:
    """A deal at plan rates; one without any rate has no amount, and is told once it is open."""
    kpi = desk.plan.kpi_by_code.get(deal.kpi)
    unit = None if kpi is None else money_of(kpi, desk.plan.settings)
    if unit is None or deal.amount is None or not deal.currency:
        return deal
    code, place = currency(deal.currency, unit.currency), deal.origin.place("currency")
    if code == unit.currency:
        return deal
    facts = {"deal": deal.code, "currency": code, "text": deal.currency, "day": deal.due}
    factor = desk.exchange.factor(code, unit.currency, deal.due, RateKind.BUDGET)
    if factor is None:
        factor = desk.exchange.factor(code, unit.currency, deal.due)
        known = desk.exchange.knows(code) or code in CODES
        if not known:
            desk.findings.append(
                Finding.of("currency-unknown", place, currency=code, text=deal.currency)
            )
        elif deal.is_open:
            said = "deal-without-rate" if factor is None else "deal-at-actual-rate"
            desk.findings.append(Finding.of(said, place, **facts))
    if factor is None:
        return replace(deal, amount=None, given=deal.amount, broken=deal.broken | {"amount"})
    return replace(deal, amount=exact_times(deal.amount, factor), given=deal.amount)


def _budget_line(desk: _Desk, line: BudgetLine, shown: Shown) -> BudgetLine:
    """A line of 预算, whose amounts are in another currency where their number formats say so."""
    changed: dict[str, Decimal | None] = {}
    first = desk.plan.settings.months[0].first
    for name in _BUDGET:
        symbol = shown.get(("budget", name), {}).get(line.origin.row, "")
        amount: Decimal | None = getattr(line, name)
        meant = desk.meant("", symbol, desk.home)
        if amount is None or not meant.guessed:
            continue
        place = line.origin.place(name)
        rate = desk.exchange.rate(meant.code, first, RateKind.BUDGET)
        if rate is None:
            desk.findings.append(
                Finding.of("budget-other-currency", place, currency=meant.code, text=meant.text)
            )
            changed[name] = None
        else:
            desk.findings.append(
                Finding.of("currency-by-format", place, currency=meant.code, text=meant.text)
            )
            changed[name] = exact_times(amount, rate)
    if not changed:
        return line
    lost = {name for name, amount in changed.items() if amount is None}
    return replace(line, broken=line.broken | lost, **changed)  # type: ignore[arg-type]


def exact_times(amount: Decimal, rate: Fraction) -> Decimal:
    """A typed amount at a typed rate: every digit of it."""
    with localcontext() as context:
        context.prec = 60
        return amount * Decimal(rate.numerator) / Decimal(rate.denominator)


def check_rates(plan: Plan) -> Iterator[Finding]:
    """汇率: a rate of 0, one of the plan's own currency, a code that no currency has, a day that
    has two rates.
    """
    home = home_of(plan.settings.currency)
    first: dict[tuple[str, date, RateKind], Record] = {}
    for one in plan.rates:
        code = currency(one.currency, home)
        at = one.origin.place
        if one.rate <= 0:
            yield Finding.of("rate-not-positive", at("rate"), currency=code, rate=one.rate)
        if code == home:
            yield Finding.of("rate-of-own", at("currency"), currency=code)
        elif code not in CODES:
            yield Finding.of("currency-unknown", at("currency"), currency=code, text=one.currency)
        key = (code, one.since, one.kind)
        other = first.setdefault(key, one)
        if other is not one:
            yield Finding.of(
                "rate-twice", at("since"), currency=code, day=one.since, row=other.origin.row
            )
