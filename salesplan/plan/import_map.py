"""The mapping file of an import (TOML): which column is what, and which records count for which KPI::

    key = "opportunity_id"              # identifies a record, so that nothing is taken twice

    [columns]                           # field of the actuals = column of the export
    day = "close_date"
    unit = "sales_agent"                # a unit's code or name
    product = "product"
    customer = "account"

    [aliases.product]                   # values that the export spells differently
    GTXPro = "GTX Pro"

    [[rule]]                            # one KPI each; a record may serve several
    kpi = "REV"
    where = { deal_stage = "Won" }      # all of these columns have this value (or one of a list)
    value = "close_value"               # a column, or a number
    scale = 0.0001                      # optional: from 元 to 万元

    [[rule]]
    kpi = "NEW"
    where = { deal_stage = "Won" }
    first_of = "account"                # only the earliest record of each account
    value = 1

    [[rule]]
    kpi = "WIN"
    where = { deal_stage = ["Won", "Lost"] }
    numerator = { deal_stage = "Won" }  # 1 where this holds, else 0
    denominator = 1

Anything else in it is refused by name: what is misspelled would be left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from salesplan.findings import Finding, Place, SalesplanError

TEXTS = ("product", "region", "customer", "channel")
NUMBERS = ("quantity", "value", "numerator", "denominator")
COLUMNS = ("day", "unit", *TEXTS)
RULE = ("kpi", "where", *NUMBERS, "first_of", "scale", *COLUMNS)

Condition = Mapping[str, frozenset[str]]
Figure = str | Decimal | Condition
"""A column's name, a constant, or a condition that counts 1 where it holds."""


@dataclass(frozen=True)
class Rule:
    """Which records count for a KPI and what their figures are."""

    kpi: str
    where: Condition
    columns: Mapping[str, str]
    figures: Mapping[str, Figure]
    first_of: str = ""
    scale: Decimal = Decimal(1)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The columns that the figures are made of."""
        named = (
            [figure]
            if isinstance(figure, str)
            else list(figure)
            if isinstance(figure, Mapping)
            else []
            for figure in self.figures.values()
        )
        return tuple(dict.fromkeys(chain.from_iterable(named)))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping file, read."""

    key: str
    rules: tuple[Rule, ...]
    aliases: Mapping[str, Mapping[str, str]]
    encoding: str = ""
    delimiter: str = ""

    @property
    def wanted(self) -> set[str]:
        """Every column that the mapping names."""
        named = {self.key}
        for rule in self.rules:
            named |= {*rule.where, *rule.columns.values(), *rule.asked} | (
                {rule.first_of} if rule.first_of else set()
            )
        return named


def read_mapping(path: Path) -> Mapped:
    """Read a mapping file. Raises SalesplanError (exit 2) that names what is missing or not understood."""
    import tomllib

    def refuse(what: str) -> SalesplanError:
        return SalesplanError(
            Finding.of("import-mapping", Place(str(path)), name=path.name, what=what), 2
        )

    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise refuse(str(error)) from error
    if not isinstance(document.get("key"), str) or not document.get("rule"):
        raise refuse("key, [[rule]]")
    try:
        unknown = tuple(_unknown(document))
        if unknown:
            finding = Finding.of(
                "import-mapping-unknown",
                Place(str(path)),
                name=path.name,
                keys=unknown,
                columns=COLUMNS,
                rule=RULE[: RULE.index("scale") + 1],
            )
            raise SalesplanError(finding, 2)
        rules = tuple(_rule(rule, document.get("columns", {})) for rule in document["rule"])
        aliases = {
            name: {str(k): str(v) for k, v in values.items()}
            for name, values in document.get("aliases", {}).items()
        }
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise refuse(str(error)) from error
    return Mapped(
        document["key"],
        rules,
        aliases,
        str(document.get("encoding", "")),
        str(document.get("delimiter", "")),
    )


def _unknown(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        name
        for name in document
        if name not in ("key", "columns", "aliases", "rule", "encoding", "delimiter")
    )
    yield from (f"[columns] {name}" for name in document.get("columns", {}) if name not in COLUMNS)
    yield from (
        f"[aliases.{name}]" for name in document.get("aliases", {}) if name not in COLUMNS[1:]
    )
    yield from (
        f"[[rule]] {name}" for rule in document["rule"] for name in rule if name not in RULE
    )


def _rule(rule: Mapping[str, Any], columns: Mapping[str, str]) -> Rule:
    own = {name: rule[name] for name in ("day", "unit", *TEXTS) if name in rule}
    placed = {**columns, **own}
    for name in ("day", "unit"):
        if name not in placed:
            raise KeyError(name)
    figures = {name: _figure(rule[name]) for name in NUMBERS if name in rule}
    if not figures:
        raise KeyError("value")
    return Rule(
        str(rule["kpi"]),
        _condition(rule.get("where", {})),
        placed,
        figures,
        str(rule.get("first_of", "")),
        Decimal(str(rule.get("scale", 1))),
    )


def _condition(where: Mapping[str, Any]) -> Condition:
    return {
        column: frozenset(map(str, wanted if isinstance(wanted, list) else [wanted]))
        for column, wanted in where.items()
    }


def _figure(figure: Any) -> Figure:
    if isinstance(figure, Mapping):
        return _condition(figure)
    return figure if isinstance(figure, str) else Decimal(str(figure))
