"""What every section of the report reads: the plan, its results, the words, and how figures are
shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import product

from salesplan.dataclass import dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import Clock, ReportSpan, Span
from salesplan.engine.exact.workdays import Calendar
from salesplan.engine.results import Results
from salesplan.findings import Finding
from salesplan.messages import text, worst_first
from salesplan.plan.model import AmountUnit, Kpi, Level, Light, Month, Plan, Unit
from salesplan.plan.model.currencies import money_of, own_unit
from salesplan.plan.schema import label
from salesplan.report.figures.scope import Scope
from salesplan.report.texts.spans import name_of, said_name, texts_of
from salesplan.report.texts.words import Words
from salesplan.report.xlsx.styles import PERCENT, POINTS, amount_format, signed
from salesplan.wording import Both, either, listed, step_name, step_of


@dataclass(frozen=True, slots=True)
class RowsRead:
    """An import of actuals: its sources, when it was, and its counts by name."""

    name: str
    at: str
    counts: Mapping[str, int]


DASH = "—"
UNDER = ("span", "ytd", "year")
"""How the keys of the figures of :attr:`Context.judged` begin."""
THOUSANDS = {10**3: 1, 10**6: 2, 10**9: 3}
"""How often a number format divides by a thousand to show such a size."""
TEN_THOUSANDS = Both({10**8: r'0\.00,,"亿"', 10**5: r'0\.0,"万"'}, dict[int, str]())
"""By the largest amount in single units how a chart's labels say 亿 and 万: a number format divides
by thousands alone, so its point is a letter that stands before the last digits.
"""
LONG = 10_000
"""Figures from here on are too long for a chart's labels with the places of their cells."""
SIGNIFICANT = 3
"""Digits that the first page shows of a figure; the cell holds them all."""
SMALL_TEAM = 10
"""People from which on a part's report has the long form."""


@dataclass(frozen=True)
class Context:
    """One report in the making."""

    plan: Plan
    results: Results
    findings: Sequence[Finding]
    lang: str
    source_name: str
    scope: Scope = Scope()
    errors: tuple[str, ...] = ()
    """Places of the master that are wrong and touch the report's figures."""
    imported: RowsRead | None = None
    """What the last import of actuals read, in a report of the whole company."""

    @cached_property
    def words(self) -> Words:
        """The report's words in its language."""
        return Words(self.lang, texts_of(self.report_span))

    @cached_property
    def facts(self) -> Facts:
        """The actuals up to the cut-off."""
        return self.results.facts or Facts.of(self.plan, self.results.as_of)

    @cached_property
    def calendar(self) -> Calendar:
        """The working days of the plan year."""
        settings = self.plan.settings
        return Calendar.of(
            settings.country, self.plan.calendar, {month.year for month in settings.months}
        )

    @cached_property
    def clock(self) -> Clock:
        """How far month and year have come by the cut-off."""
        return Clock.of(
            self.plan.settings.months, self.calendar, self.results.month, self.results.as_of
        )

    @cached_property
    def report_span(self) -> ReportSpan:
        """The months that are reported: the report month, or a longer span up to it."""
        return self.results.report_span(self.plan)

    @cached_property
    def judged(self) -> tuple[Span, Span, Span]:
        """Of the span that is reported, the year to date and the year: whose attainments say how
        they stand. They stand under the keys of ``UNDER``.
        """
        return self.report_span.judged, Span.YTD, Span.YEAR

    @property
    def scored(self) -> tuple[Span, ...]:
        """The spans that have a score of their own, each once."""
        return tuple(dict.fromkeys(self.judged[:2]))

    @property
    def looked_at(self) -> Span:
        """The span of pages that look at one: in a month's report the year to date, else the span
        that is reported.
        """
        return Span.YTD if self.results.span is Span.MONTH else self.report_span.judged

    @property
    def since(self) -> Month:
        """The first month of :attr:`looked_at`."""
        return self.report_span.months[self.looked_at.begin(self.report_span.here)]

    @property
    def year_over(self) -> bool:
        """Whether the last month is over: nothing is left to forecast."""
        return self.results.month_over and self.results.month == self.plan.settings.months[-1]

    @cached_property
    def company(self) -> Unit | None:
        """The unit the overview speaks of: the topmost one."""
        return self.plan.roots[0] if self.plan.roots else None

    @cached_property
    def short(self) -> bool:
        """Whether the report is a card: a person's, or that of a team of fewer than ten people."""
        people = sum(unit.level is Level.PERSON for unit in self.plan.units)
        return bool(self.scope.name) and not self.scope.full and people < SMALL_TEAM

    @cached_property
    def pairs(self) -> tuple[tuple[Kpi, Unit, int], ...]:
        """(KPI, unit, depth) of everything with a target or an actual: by KPI in sheet order, down
        the tree.
        """
        known = self.results.targets.keys() | {
            (kpi, unit) for kpi, unit, _ in self.results.attainments
        }
        tree = [(unit, depth) for depth, unit in self.plan.walk()]
        return tuple(
            (kpi, unit, depth)
            for kpi, (unit, depth) in product(self.plan.kpis, tree)
            if (kpi.code, unit.code) in known
        )

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs that have a target or an actual anywhere."""
        used = {kpi.code for kpi, _, _ in self.pairs}
        return tuple(kpi for kpi in self.plan.kpis if kpi.code in used)

    @cached_property
    def checked(self) -> list[Finding]:
        """All findings, worst first."""
        return worst_first(self.findings)

    def unit_name(self, code: str) -> str:
        """The name people read; the code where it has none or is no unit's. An overlay unit says
        that it is one, wherever it stands.
        """
        unit = self.plan.unit_by_code.get(code)
        name = (unit.name or code) if unit is not None else code
        return self.words("overlay_name", unit=name) if unit is not None and unit.overlay else name

    def kpi_name(self, code: str) -> str:
        """The KPI's name, else its code."""
        kpi = self.plan.kpi_by_code.get(code)
        return (kpi.name or code) if kpi is not None else code

    def kpi_with_unit(self, kpi: Kpi) -> str:
        """The KPI's name with the unit that it is measured in: 营收 (万元)."""
        return self.kpi_name(kpi.code) + (f" ({kpi.unit})" if kpi.unit else "")

    def under(self, span: Span) -> str:
        """How the keys of that span's figures begin."""
        return span.value if span in (Span.YTD, Span.YEAR) else "span"

    def covered(self, kpi: str, unit: str) -> str:
        """How many of the units that report a cohort or point rate are in it; blank for all."""
        one = self.facts.covered(kpi, unit)
        if one is None:
            return ""
        return either(self.lang, f" ({one} 已报)", f" ({one} reported)")

    def label(self, choice: Enum | None) -> str:
        """The word for a choice; a dash for none."""
        return DASH if choice is None else label(choice, self.lang)

    def say(self, finding: Finding | None) -> str:
        """The finding's sentence; a dash for none."""
        return DASH if finding is None else text(finding, self.lang)

    def light(self, light: Light | None) -> str:
        """The word for a status; a dash for none."""
        return self.label(light)

    @property
    def light_words(self) -> dict[Light, Sequence[str]]:
        """The word for each status, to colour cells by."""
        return {light: (label(light, self.lang),) for light in Light}

    @property
    def amount_unit(self) -> str:
        """What the master's amounts are counted in: 元, 万元, USD, 10k USD."""
        currency, wan = (
            self.plan.settings.currency,
            self.plan.settings.amount_unit is AmountUnit.WAN,
        )
        name = "元" if currency in ("", "CNY") else currency
        if wan:
            return either(self.lang, f"万{name}", f"10k {currency}")
        return either(self.lang, name, currency)

    @cached_property
    def money_step(self) -> int:
        """The one size in which the report's sentences say amounts that add up: by the largest year
        target of the unit it speaks of, and the budget.
        """
        settings = self.plan.settings
        top = self.company.code if self.company else ""
        known = [(settings.budget_total or Decimal(0)) * own_unit(settings).size]
        for kpi in self.plan.kpis:
            money, target = money_of(kpi, settings), self.results.targets.get((kpi.code, top))
            if money and target and target.year is not None and kpi.kind.adds_over_units:
                known.append(abs(target.year) * money.size)
        return step_of(max(known), self.lang)

    def brief_format(self, kpi: Kpi, *values: object, places: int | None = None) -> str:
        """The number format of the KPI's figures on the first page, for ``values`` that are read
        together: three digits of the largest, no more places than the KPI has, or than ``places``.
        Money in single units is shown in the size of the sentences, where that is k, m or bn.
        """
        if kpi.in_percent:
            return PERCENT
        size, sign = self._shown_in(kpi)
        most = decimals(kpi.smallest_unit) if places is None else places
        largest = max((abs(one) for one in values if isinstance(one, Decimal)), default=Decimal(0))
        largest /= size
        before = largest.adjusted() + 1 if largest >= 1 else 0
        left = max(0, SIGNIFICANT - before)
        return amount_format(min(2 if sign else most, left)) + sign

    def gap_format(self, kpi: Kpi, *gaps: object) -> str:
        """Of differences on the first page; of percentages they are in points."""
        return POINTS if kpi.in_percent else signed(self.brief_format(kpi, *gaps))

    def label_format(self, kpi: Kpi, *values: object) -> str:
        """The number format of a chart's labels where ``values``, the largest of them, would take
        more than one line as their cells show them; blank for others.
        """
        largest = max((abs(one) for one in values if isinstance(one, Decimal)), default=Decimal(0))
        if kpi.in_percent or largest < LONG:
            return ""
        money = money_of(kpi, self.plan.settings)
        sizes = TEN_THOUSANDS.of(self.lang) if money is not None and money.size == 1 else {}
        found = [form for size, form in sizes.items() if largest >= size]
        return found[0] if found else self.brief_format(kpi, *values)

    def _shown_in(self, kpi: Kpi) -> tuple[int, str]:
        """How many of the KPI's units one shown unit is, and what makes a number format show that:
        a comma for each thousand, and the letter.
        """
        money = money_of(kpi, self.plan.settings)
        if money is None or not kpi.kind.adds_over_units or self.money_step % money.size:
            return 1, ""
        size = self.money_step // money.size
        commas = THOUSANDS.get(size, 0)
        letter = step_name(self.money_step, self.lang)
        return (size, f'{"," * commas}"{letter}"') if commas else (1, "")

    @property
    def over(self) -> bool:
        """Whether the span that is reported is over."""
        return self.results.month_over and self.report_span.complete

    @property
    def span_name(self) -> str:
        """The span that is reported: 2026年6月, Q2 FY2026."""
        return name_of(self.report_span, self.lang)

    @property
    def span_title(self) -> str:
        """The same in a title: of a span that is longer than a month and not over with the day up
        to which it goes.
        """
        return self._until(self.span_name)

    @property
    def span_said(self) -> str:
        """The same within a sentence."""
        return self._until(said_name(self.report_span, self.lang))

    def _until(self, name: str) -> str:
        if self.over or self.results.span is Span.MONTH:
            return name
        return self.words("label_until", span=name, day=self.results.as_of.isoformat())

    def month_name(self, month: Month) -> str:
        """A month with its year: 2026年6月, 2026-06."""
        return name_of(ReportSpan.of((month,), month, Span.MONTH), self.lang)

    def short_month(self, month: Month) -> str:
        """A month without its year: 6月, Jun."""
        return either(self.lang, f"{month.month}月", _SHORT[month.month - 1])

    @property
    def subtitle(self) -> str:
        """Under each sheet's title: of which month, up to which day, in which unit; the years whose
        working days, and so every pace, are an estimate.
        """
        state = self.words("over" if self.over else "running")
        whole = self.words(
            "subtitle",
            month=self.span_name,
            day=self.results.as_of.isoformat(),
            state=state,
            unit=self.amount_unit,
        )
        years = sorted({month.year for month in self.plan.settings.months})
        guessed = [str(year) for year in years if self.calendar.estimated(year)]
        whole += (
            self.words("subtitle_estimated", years=listed(guessed, self.lang)) if guessed else ""
        )
        return whole + (
            self.words("subtitle_scope", unit=self.scope.name) if self.scope.name else ""
        )

    @property
    def basis(self) -> str:
        """What the figures rest on: rows of actuals, up to which day, from where."""
        days = [day for day in self.plan.actuals.day if day is not None]
        counted = [day for day in days if day <= self.results.as_of]
        return self.words(
            "data_basis" if counted else "data_basis_months",
            rows=f"{self.plan.actuals.entered_rows:,}",
            day=max(counted).isoformat() if counted else DASH,
            source=self.source_name,
        )

    def estimated(self, year: int) -> str:
        """What follows a number of working days of the year: that it is an estimate (推定), where
        it is one.
        """
        return self.words("estimated") if self.calendar.estimated(year) else ""


_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def decimals(step: Decimal) -> int:
    """Decimal places that a smallest unit asks for, two at most."""
    exponent = step.normalize().as_tuple().exponent
    return min(2, max(0, -exponent)) if isinstance(exponent, int) else 0


def figure_format(kpi: Kpi) -> str:
    """The number format of the KPI's targets and actuals."""
    return PERCENT if kpi.in_percent else amount_format(decimals(kpi.smallest_unit))
