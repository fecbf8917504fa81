"""What must not be in somebody's book: all that the plan holds, less what their own part says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import chain

from salesplan.addresses import listed
from salesplan.audience.name_search import Words
from salesplan.audience.results_slice import Part
from salesplan.audience.taken import TAKEN, kept, left_over
from salesplan.audience.written import Figures, key_of
from salesplan.dataclass import dataclass, field, is_dataclass
from salesplan.engine.actuals.facts import Facts
from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.engine.results import Results
from salesplan.findings import Finding, Place
from salesplan.plan.model import MICRO, Actuals, Month, Origin, Plan, Record
from salesplan.plan.model.skills import asked

Names = Callable[[object], Iterable[str]]
"""Which fields of a record are looked at."""


class TokenClass(Enum):
    """What was found where it should not be, by the code of its finding; never what it says."""

    CODE = "leak-code"
    NAME = "leak-name"
    ADDRESS = "leak-address"
    CUSTOMER = "leak-customer"
    TEXT = "leak-text"
    AMOUNT = "leak-amount"


_CLASSES: Mapping[tuple[str, str], TokenClass] = {
    **{
        (table, "code"): TokenClass.CODE
        for table in (
            *("units", "customers", "tasks", "budget", "deals", "changes", "issues"),
            *("strategies", "triggers"),
        )
    },
    ("units", "name"): TokenClass.NAME,
    ("units", "manager"): TokenClass.NAME,
    ("tasks", "owner"): TokenClass.NAME,
    ("daily", "person"): TokenClass.NAME,
    ("helpers", "name"): TokenClass.NAME,
    ("helpers", "contact"): TokenClass.NAME,
    ("replies", "helper"): TokenClass.NAME,
    ("skills", "person"): TokenClass.NAME,
    ("tools", "owner"): TokenClass.NAME,
    ("tools", "user"): TokenClass.NAME,
    ("actuals", "customer"): TokenClass.CUSTOMER,
    ("deals", "customer"): TokenClass.CUSTOMER,
    ("customers", "name"): TokenClass.CUSTOMER,
    ("prospects", "name"): TokenClass.CUSTOMER,
}
"""By table and field; every other text is :attr:`TokenClass.TEXT`."""

_SHARED_TABLES = frozenset({"kpis", "calendar"})
"""Everybody's: codes, names and kinds of KPIs stand in every book."""

_SORTED_BY = frozenset(
    {
        *(("customers", "kind"), ("customers", "industry"), ("customers", "size")),
        ("prospects", "quality"),
    }
)
"""Words by which customers and prospects are sorted, such as 大型 or A: whose they are is no part
of them.
"""

_SHARED_SETTINGS = frozenset({"company", "currency", "lang", "country"})

_PLAIN = re.compile(r"\d{1,3}|\d*[\d.,:/%年月日 +-]*[.,:/%年月日 +-]\d*")
"""Small numbers, dates and figures typed as text (调整前, 调整后) tell nothing."""

DIGITS = 6
"""An amount of fewer digits tells nothing: it is bound to stand somewhere by chance."""


@dataclass(frozen=True)
class Secrets:
    """Everything a plan and its results say, with what each text is. ``common`` are texts that
    every book may hold.
    """

    plan: Plan
    results: Results
    common: tuple[str, ...] = ()
    _parts: dict[str, tuple[Part, frozenset[str], Figures]] = field(
        default_factory=dict, repr=False
    )
    """The part that was last asked about."""

    @cached_property
    def classes(self) -> Mapping[str, TokenClass]:
        """What each text of the plan is; of several readings the most telling."""
        found: dict[str, TokenClass] = {}
        order = list(TokenClass)
        for text, kind in _texts(self.plan):
            if _PLAIN.fullmatch(text):
                continue
            known = found.get(text)
            if known is None or order.index(kind) < order.index(known):
                found[text] = kind
        return found

    @cached_property
    def words(self) -> Words:
        """A search for all of these texts at once."""
        return Words(self.classes)

    @cached_property
    def harmless(self) -> frozenset[str]:
        """Texts that everybody's words hold anyway: a unit called 目标 cannot be told from the
        word, and the company's name stands in the name of every report.
        """
        shared = [
            *chain.from_iterable(map(_strings, self.plan.kpis)),
            *(getattr(self.plan.settings, name) for name in _SHARED_SETTINGS),
        ]
        return self._known([*self.common, self.plan.company_name, *shared])

    @cached_property
    def amounts(self) -> frozenset[tuple[str, int]]:
        """Every figure that could be told again: its digits and the place of the first."""
        known = Figures(set(_figures((self.plan, self.results)))).keys
        return frozenset(key for key in known if len(key[0]) >= DIGITS)

    def allowed(self, part: Part) -> tuple[frozenset[str], Figures]:
        """(texts, figures) that the part's own records hold, in the fields that a part may have."""
        known = self._parts.get(part.root.code)
        if known is None or known[0] is not part:
            said = chain((text for text, _ in _texts(part.plan, kept)), _sorted_by(part.plan))
            texts = self._known(dict.fromkeys(said))
            held = (part.plan, part.results, part.company, tuple(_before(part)))
            own = Figures(set(_figures(held, kept)))
            self._parts.clear()
            known = self._parts[part.root.code] = (part, texts | self.harmless, own)
        return known[1], known[2]

    def allowed_texts(self, texts: Iterable[str]) -> frozenset[str]:
        """Of what the plan says, what a book of these texts may hold."""
        return self._known(texts) | self.harmless

    def _known(self, texts: Iterable[str]) -> frozenset[str]:
        return frozenset(chain.from_iterable(map(self.words.found, texts)))


def _before(part: Part) -> Iterator[Decimal | None]:
    """The part's own figures of the year before, month by month and over the spans that are
    reported, and of this year's quarters: what growth is told from, and a year looked back on.
    """
    facts, report_span = (
        Facts.of(part.plan, part.results.as_of),
        part.results.report_span(part.plan),
    )
    months = report_span.months
    to_date = ReportSpan.of(months, report_span.month, Span.YTD)
    compared = (report_span.last_year, report_span.before, to_date.last_year)
    spans = [one for one in compared if one is not None]
    spans += [
        (months[first], min(months[first + 2], report_span.month)) for first in range(0, 12, 3)
    ]
    for kpi, unit in part.results.monthly:
        yield from facts.year(kpi, unit, months[0].plus(-12))
        yield from (facts.value(kpi, unit, *one) for one in spans)


def foreign_records(part: Part, units: frozenset[str]) -> tuple[Finding, ...]:
    """Records and results in a part that speak of units outside it, and those with anything in a
    field that no part may hold: told from the part itself, not from how it was made.
    """
    plan, results = part.plan, part.results
    fired = chain.from_iterable(one.firings for one in results.triggers.values())
    shifts = chain.from_iterable(one.shifts for one in results.adjustments)
    pairs = chain(
        results.targets, results.monthly, results.pace, results.pipelines, results.capacities
    )
    named = {
        "units": {unit.code for unit in plan.units},
        "targets": {row.unit for row in (*plan.targets, *plan.product_targets)},
        "actuals": set(plan.actuals.unit),
        "deals": {deal.unit for deal in plan.deals},
        "prospects": {one.unit for one in plan.prospects} | set(results.prospects),
        "customers": {one.owner for one in plan.customers if one.owner},
        "tasks": {task.owner for task in plan.tasks},
        "skills": {row.person for row in plan.skills},
        "daily": {_code_of(plan, row.person) for row in plan.daily},
        "tools": ({one.user for one in plan.tools} | {one.owner for one in plan.tools}) - {""},
        "changes": {shift.unit for shift in shifts},
        "triggers": {one.unit for one in fired if one.unit},
        "attainments": {unit for _, unit, _ in results.attainments},
        "results": {unit for _, unit in pairs}
        | {unit for _, unit, _ in (() if results.products is None else results.products.targets)}
        | {unit for _, unit, _ in results.steps}
        | {unit for unit, _ in results.scores},
    }
    tasks = {one.code for one in plan.tasks}
    lines = {one.code for one in plan.budget}
    tables = [
        *(table for table, codes in named.items() if codes - units),
        *(table for table, codes in _named_tasks(plan).items() if codes - tasks),
        *(["spending"] if {one.budget for one in plan.spending} - lines else ()),
        *_left_over((plan, results)),
    ]
    return tuple(
        Finding.of("leak-foreign-record", Place(), unit=part.root.code, table=table)
        for table in dict.fromkeys(tables)
    )


def _code_of(plan: Plan, name: str) -> str:
    """The code of the unit of that name; the name itself where the plan has none, or several."""
    unit = plan.people.one(name)
    return name if unit is None else unit.code


def _named_tasks(plan: Plan) -> Mapping[str, set[str]]:
    """By table the tasks that its rows are about."""
    return {
        "replies": {one.task for one in plan.replies},
        "weekly": {one.task for one in plan.weekly},
        "budget": {one.task for one in plan.budget if one.task},
    }


def _left_over(whole: object) -> Iterator[str]:
    """``Record.field`` of all that should have stayed behind, in records, mappings and sequences of
    them.
    """
    for value in _all_in(whole, _names):
        if type(value) in TAKEN:
            yield from (f"{type(value).__name__}.{name}" for name in left_over(value))
        elif isinstance(value, Record):
            yield type(value).__name__


def without_foreign(
    findings: Iterable[Finding], secrets: Secrets, part: Part, lang: str
) -> tuple[Finding, ...]:
    """Findings whose sentences name nobody else, and no amount that is not in the part: what is
    over a parent's target, say.
    """
    from salesplan.messages import fix, text

    if part.whole:
        return tuple(findings)
    allowed, own = secrets.allowed(part)

    def is_own(one: Finding) -> bool:
        words = chain.from_iterable(map(secrets.words.found, (text(one, lang), fix(one, lang))))
        return all(word in allowed for word in words) and all(
            key_of(value)[0] in own.digits for value in _figures(one.params)
        )

    return tuple(filter(is_own, findings))


def _names(record: object) -> Iterable[str]:
    """The fields of a record, as its class keeps them: asking anew for each of a hundred thousand
    would take longer than reading them.
    """
    return getattr(record, "__dataclass_fields__", ())


def _texts(plan: Plan, names: Names = _names) -> Iterator[tuple[str, TokenClass]]:
    """Every text of the plan, but those of tables that all may see, and what kind it is."""
    for table in names(plan):
        value = getattr(plan, table)
        if table == "actuals":
            yield from _texts_of_actuals(value)
        elif table == "settings" and "approvers" in names(value):
            yield from ((text, TokenClass.NAME) for text in value.approvers)
        elif isinstance(value, tuple) and table not in _SHARED_TABLES:
            for record in value:
                yield from _texts_of_record(table, record, names)


def _sorted_by(plan: Plan) -> Iterator[str]:
    for one in plan.customers:
        yield from (one.kind, one.industry, one.size)


def _texts_of_actuals(actuals: Actuals) -> Iterator[tuple[str, TokenClass]]:
    for column in ("unit", "product", "region", "customer", "channel"):
        kind = _CLASSES.get(("actuals", column), TokenClass.TEXT)
        kind = TokenClass.CODE if column == "unit" else kind
        yield from ((text, kind) for text in dict.fromkeys(getattr(actuals, column)) if text)


def _texts_of_record(table: str, record: object, names: Names) -> Iterator[tuple[str, TokenClass]]:
    for name in names(record):
        value = getattr(record, name)
        if name == "aim" or (table, name) in _SORTED_BY:
            continue  # an aim is what a change's own words say already, in the schema's keys
        if name in ("email", "cc"):
            yield from _mail(value)
        else:
            kind = _CLASSES.get((table, name), TokenClass.TEXT)
            yield from ((text, kind) for text in _strings(value) if text.strip())
        if (table, name) == ("tasks", "skills") and value:
            yield from ((one.skill, TokenClass.TEXT) for one in asked(value))


def _mail(cell: str) -> Iterator[tuple[str, TokenClass]]:
    """Each address that a cell lists, and whose it is said to be."""
    for name, address in listed(cell):
        yield address, TokenClass.ADDRESS
        if name:
            yield name, TokenClass.NAME


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _strings(one)
    elif is_dataclass(value) and not isinstance(value, (type, Origin)):
        for name in _names(value):
            yield from _strings(getattr(value, name))


def _figures(whole: object, names: Names = _names) -> Iterator[Decimal]:
    """Every figure in records, mappings and sequences of them; those of actuals in their unit."""
    for value in _all_in(whole, names):
        if isinstance(value, Decimal):
            yield value
        elif isinstance(value, Actuals):
            for column in (value.value, value.quantity, value.numerator, value.denominator):
                yield from (Decimal(one) / MICRO for one in set(column) if one is not None)


def _all_in(whole: object, names: Names) -> Iterator[object]:
    """Decimals, records of any kind and rows of actuals, wherever they are in what is given."""
    stack = [whole]
    while stack:
        value = stack.pop()
        if isinstance(value, Decimal):
            yield value
        elif isinstance(value, _PLAIN_KINDS):
            continue
        elif isinstance(value, (tuple, list)):
            stack.extend(value)
        elif isinstance(value, Mapping):
            stack.extend(value.values())
        elif is_dataclass(value):
            yield value
            if not isinstance(value, Actuals):
                stack.extend(getattr(value, name) for name in names(value))


_PLAIN_KINDS = (
    str,
    int,
    float,
    Enum,
    date,
    Origin,
    Month,
    Place,
    Fraction,
    type(None),
    type,
    frozenset,
)
