"""What a mapping file says: which column is what, and which records count for which KPI.

Every key has its example in ``docs/import.md``; ``map_file`` reads the file. Of one record two
rules may give one KPI to two units: both rows are taken. What several share is said by ``share``
in each of their rules, a number (0.6) or a column (60%, 0.6 or 60), while ``value`` is the whole
figure; or the column of the unit holds ``P1:60%; P3:40%`` itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from salesplan.dataclass import dataclass, field
from salesplan.findings import Finding
from salesplan.plan.model import DealStage
from salesplan.plan.sources.computed import ComputedError, computed
from salesplan.plan.sources.conditions import Condition
from salesplan.plan.sources.formats import Formats

MOST_DAYS = 3_650
TEXTS = ("product", "region", "customer", "channel", "currency")
NUMBERS = ("quantity", "value", "numerator", "denominator", "share")
COLUMNS = ("day", "unit", *TEXTS)
RULE = ("kpi", "where", *NUMBERS, "first_of", "repeat_of", "within", "scale", *COLUMNS)
FORMATS = ("date_format", "decimal", "thousands", "time_zone", "null")
READING = ("encoding", "delimiter", "skip_lines", "sheet", "table", "sql")
TABLES = ("columns", "aliases", "rule", "pipeline", "spending", "unpivot", "join")
NAMING = ("source", "url")
TOP = ("key", *NAMING, *TABLES, *READING, *FORMATS)
DEAL_TEXTS = ("product", "customer", "currency")
DEAL_COLUMNS = ("unit", *DEAL_TEXTS, "amount", "due", "stage", "probability", "touched")
PIPELINE = ("kpi", "where", *DEAL_COLUMNS, "due_after", "stages", "scale")
SPENDING_COLUMNS = ("day", "budget", "kind", "voucher", "currency")
SPENDING = ("where", *SPENDING_COLUMNS, "amount", "kinds", "scale")
UNPIVOT = ("columns", "into", "value")
JOIN = ("file", "name", "on", "columns", "missing", "encoding", "delimiter", "skip_lines", "sheet")

Figure = str | Decimal | Condition
"""A column's name or a computation over columns, a constant, or a condition that counts 1."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which records count for a KPI and what their figures are."""

    kpi: str
    where: Condition
    columns: Mapping[str, str]
    figures: Mapping[str, Figure]
    first_of: str = ""
    scale: Decimal = Decimal(1)
    repeat_of: str = ""
    within: int = 0
    """Days after an account's earlier record in which another is a repeat; 0: however many."""

    @property
    def account(self) -> str:
        """The column that names the account where accounts are counted, not records; else ""."""
        return self.first_of or self.repeat_of

    def named(self) -> Iterator[str]:
        """The columns that it may name."""
        yield from _tested(self.where)
        yield from self.columns.values()
        yield from [self.account] if self.account else []
        for figure in self.figures.values():
            if isinstance(figure, str):
                yield from computed_of(figure)
            elif isinstance(figure, tuple):
                yield from _tested(figure)


@dataclass(frozen=True, slots=True)
class DealRule:
    """Which records are deals of 商机, and which column says what of them.

    ``due_after``: the deal is expected so many days after what the column of ``due`` says.
    """

    kpi: str
    where: Condition
    columns: Mapping[str, str]
    stages: Mapping[str, DealStage]
    scale: Decimal = Decimal(1)
    due_after: int = 0

    def named(self) -> Iterator[str]:
        """The columns that it may name."""
        yield from _tested(self.where)
        yield from self.columns.values()


@dataclass(frozen=True, slots=True)
class SpendingRule:
    """Which records are rows of 费用; ``kinds`` says what their kinds are called there."""

    where: Condition
    columns: Mapping[str, str]
    amount: str
    kinds: Mapping[str, str]
    scale: Decimal = Decimal(1)

    def named(self) -> Iterator[str]:
        """The columns that it may name."""
        yield from _tested(self.where)
        yield from self.columns.values()
        yield from computed_of(self.amount)


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Columns that stand side by side, such as months, one under another: the column ``into``
    says which it was, in the words of ``columns``, and ``value`` holds what stood there.
    """

    columns: Mapping[str, str]
    into: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file of a source is read, where it does not say so itself."""

    encoding: str = ""
    delimiter: str = ""
    skip_lines: int = 0
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A further table, its columns taken beside a record where the columns of ``on`` agree.

    ``on`` pairs ours with theirs. ``columns``: those to take, all where empty. With ``keep`` a
    record without a partner stays, its fields blank; else it is refused.
    """

    file: str
    name: str
    on: tuple[tuple[str, str], ...]
    columns: tuple[str, ...] = ()
    keep: bool = False
    reading: Reading = Reading()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping file, read."""

    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    aliases: Mapping[str, Mapping[str, str]]
    reading: Reading = Reading()
    deals: DealRule | None = None
    spending: SpendingRule | None = None
    formats: Formats = Formats()
    templates: tuple[str, ...] = ()
    """Texts put together of columns, each a column of that name."""
    unpivot: Unpivot | None = None
    joins: tuple[Join, ...] = ()
    table: str = ""
    sql: str = ""
    sources: tuple[str, ...] = ()
    """The files or the database that a linked workbook reads (``source``, ``url``)."""
    unread: Mapping[str, Finding] = field(default_factory=dict)
    """Figures that are no computation, with what is said where no column is called so."""

    @property
    def wanted(self) -> set[str]:
        """Every column that the mapping may name, by which a header is known."""
        named = set(self.key)
        for rule in (*self.rules, self.deals, self.spending):
            named |= set(rule.named()) if rule is not None else set()
        for join in self.joins:
            named |= {ours for ours, _ in join.on}
        for template in self.templates:
            named |= set(columns_of(template))
        if self.unpivot is not None:
            named |= set(self.unpivot.columns)
        return named


def _tested(condition: Condition) -> Iterator[str]:
    return (test.column for test in condition)


def computed_of(text: str) -> Iterator[str]:
    """The text as a column's name, and the columns that it computes with."""
    yield text
    try:
        yield from computed(text).columns
    except ComputedError:
        return


def parts_of(template: str) -> Sequence[tuple[str, str]]:
    """A text put together: each piece of text with the column that follows it ("" behind the last).

    Raises ValueError where a bracket is not closed, or a column has no name.
    """
    pieces: list[tuple[str, str]] = []
    rest = template
    while "{" in rest or "}" in rest:
        text, opened, rest = rest.partition("{")
        column, closed, rest = rest.partition("}")
        if "}" in text or not opened or not closed or not column or "{" in column:
            raise ValueError(template)
        pieces.append((text, column))
    return [*pieces, (rest, "")]


def columns_of(template: str) -> list[str]:
    """The columns that a text is put together of."""
    return [column for _, column in parts_of(template) if column]
