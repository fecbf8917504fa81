"""The mapping file of an import (TOML): which column is what, and which records count for which
KPI::

    key = "opportunity_id"              # identifies a record, so that nothing is taken twice; or
                                        # several columns together: ["order", "line"]
    encoding = "gb18030"                # optional, where it is not recognised
    delimiter = ";"                     # optional, where it is not recognised

    [columns]                           # field of the actuals = column of the export
    day = "close_date"
    unit = "sales_agent"                # a unit's code or name
    product = "product"
    customer = "account"
    currency = "currency"               # optional: USD, EUR …, converted by the sheet of rates

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

    [pipeline]                          # deals (SPEC 16); alone, or beside rules
    kpi = "REV"
    where = { deal_stage = ["Prospecting", "Engaging"] }
    amount = "value"
    due = "expected_close"
    due_after = 60                      # optional: so many days after that one
    stage = "deal_stage"                # or probability, or both; also touched
    scale = 0.0001

    [pipeline.stages]                   # what their stages are called here
    Prospecting = "lead"

Of one record two rules may give one KPI to two units: both rows are taken. What several share is
said by ``share`` in each of their rules, a number (0.6) or a column (60%, 0.6 or 60), while
``value`` is the whole figure; or the column of the unit holds ``P1:60%; P3:40%`` itself. Anything
else in the file is refused with its key and its line: what is misspelled would be left out in
silence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import DealStage
from salesplan.plan.schema.choices import CHOICES
from salesplan.plan.spelling import folded

MOST_DAYS = 3_650
TEXTS = ("product", "region", "customer", "channel", "currency")
NUMBERS = ("quantity", "value", "numerator", "denominator", "share")
COLUMNS = ("day", "unit", *TEXTS)
RULE = ("kpi", "where", *NUMBERS, "first_of", "scale", *COLUMNS)
TOP = ("key", "columns", "aliases", "rule", "pipeline", "encoding", "delimiter")
DEAL_TEXTS = ("product", "customer")
DEAL_COLUMNS = ("unit", *DEAL_TEXTS, "amount", "due", "stage", "probability", "touched")
PIPELINE = ("kpi", "where", *DEAL_COLUMNS, "due_after", "stages", "scale")

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
        return tuple(dict.fromkeys(chain.from_iterable(map(_columns_of, self.figures.values()))))


@dataclass(frozen=True, slots=True)
class DealRule:
    """Which records are deals of 商机, and which column says what of them (SPEC 16).

    ``due_after``: the deal is expected so many days after what the column of ``due`` says.
    """

    kpi: str
    where: Condition
    columns: Mapping[str, str]
    stages: Mapping[str, DealStage]
    scale: Decimal = Decimal(1)
    due_after: int = 0


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping file, read."""

    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    aliases: Mapping[str, Mapping[str, str]]
    encoding: str = ""
    delimiter: str = ""
    deals: DealRule | None = None

    @property
    def wanted(self) -> set[str]:
        """Every column that the mapping names."""
        named = set(self.key)
        for rule in self.rules:
            named |= {*rule.where, *rule.columns.values(), *rule.asked} | (
                {rule.first_of} if rule.first_of else set()
            )
        if self.deals is not None:
            named |= {*self.deals.where, *self.deals.columns.values()}
        return named


def read_mapping(path: Path) -> Mapped:
    """Read a mapping file. Raises SalesplanError (exit 2) that names the key, its line and what is
    wrong with it.
    """
    import tomllib

    try:
        text = path.read_text("utf-8-sig")
        document = tomllib.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        finding = Finding.of("import-mapping", Place(str(path)), name=path.name, what=what)
        raise SalesplanError(finding, 2) from error
    return _Reader(path, text, document).mapped()


class _Reader:
    """Reads a mapping key by key, so that what is wrong is told with its key and its line."""

    def __init__(self, path: Path, text: str, document: Mapping[str, Any]) -> None:
        self.path, self.lines, self.document = path, text.splitlines(), document

    def mapped(self) -> Mapped:
        document = self.document
        for name in document:
            self._known(name, TOP)
        columns = self._columns(document.get("columns", {}))
        rules = document.get("rule", [] if "pipeline" in document else None)
        if not isinstance(rules, list) or not (rules or "pipeline" in document):
            raise self._missing("[[rule]]", 'kpi = "REV"')
        return Mapped(
            self._key(),
            tuple(self._rule(number, rule, columns) for number, rule in enumerate(rules)),
            self._aliases(document.get("aliases", {})),
            self._encoding(),
            self._delimiter(),
            self._deals(document["pipeline"], columns) if "pipeline" in document else None,
        )

    def _key(self) -> tuple[str, ...]:
        if "key" not in self.document:
            raise self._missing("key", 'key = "id"')
        given = self.document["key"]
        names = given if isinstance(given, list) else [given]
        if not names or not all(isinstance(name, str) and name for name in names):
            raise self._bad("key", given, 'key = "id"; key = ["order", "line"]')
        return tuple(names)

    def _encoding(self) -> str:
        given = self.document.get("encoding", "")
        try:
            codecs.lookup(given or "utf-8")
        except (LookupError, TypeError) as error:
            raise self._bad("encoding", given, 'encoding = "gb18030"') from error
        return str(given)

    def _delimiter(self) -> str:
        given = self.document.get("delimiter", "")
        if not isinstance(given, str) or len(given) > 1 or given in ('"', "\r", "\n"):
            raise self._bad("delimiter", given, 'delimiter = ";"')
        return given

    def _columns(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict):
            raise self._bad("columns", given, "[columns]")
        for name, column in given.items():
            self._known(name, COLUMNS, "columns")
            if not isinstance(column, str) or not column:
                raise self._bad(name, column, f'{name} = "column"', "columns")
        return dict(given)

    def _aliases(self, given: Any) -> dict[str, dict[str, str]]:
        if not isinstance(given, dict):
            raise self._bad("aliases", given, "[aliases.product]")
        for name, values in given.items():
            self._known(name, COLUMNS[1:], "aliases")
            if not isinstance(values, dict):
                raise self._bad(name, values, f"[aliases.{name}]", "aliases")
        found = {}
        for name, values in given.items():
            found[name] = {str(old).strip(): str(new) for old, new in values.items()}
        return found

    def _rule(self, number: int, rule: Any, columns: Mapping[str, str]) -> Rule:
        if not isinstance(rule, dict):
            raise self._bad("rule", rule, "[[rule]]")
        for name in rule:
            self._known(name, RULE, "rule", number)
        placed = {**columns, **self._texts(number, rule)}
        for name in ("day", "unit"):
            if name not in placed:
                raise self._missing(f"[columns] {name}", f'{name} = "column"')
        if not isinstance(rule.get("kpi"), str):
            raise self._missing("[[rule]] kpi", 'kpi = "REV"', number)
        figures = {name: self._figure(number, name, rule[name]) for name in NUMBERS if name in rule}
        if not set(figures) - {"share"}:
            raise self._missing("[[rule]] value", 'value = "amount"', number)
        return Rule(
            rule["kpi"],
            self._where(rule.get("where", {}), "rule", number),
            placed,
            figures,
            self._texts(number, rule, ("first_of",)).get("first_of", ""),
            self._scale(rule.get("scale", 1), "rule", number),
        )

    def _deals(self, given: Any, columns: Mapping[str, str]) -> DealRule:
        if not isinstance(given, dict):
            raise self._bad("pipeline", given, "[pipeline]")
        placed = {name: columns[name] for name in ("unit", *DEAL_TEXTS) if name in columns}
        for name, value in given.items():
            self._known(name, PIPELINE, "pipeline")
            if name in DEAL_COLUMNS:
                if not isinstance(value, str) or not value:
                    raise self._bad(name, value, f'{name} = "column"', "pipeline")
                placed[name] = value
        if not isinstance(given.get("kpi"), str):
            raise self._missing("[pipeline] kpi", 'kpi = "REV"')
        for name in ("unit", "amount", "due"):
            if name not in placed:
                raise self._missing(f"[pipeline] {name}", f'{name} = "column"')
        if not placed.keys() & {"stage", "probability"}:
            raise self._missing("[pipeline] stage", 'stage = "column"; probability = "column"')
        return DealRule(
            given["kpi"],
            self._where(given.get("where", {}), "pipeline"),
            placed,
            self._stages(given.get("stages", {})),
            self._scale(given.get("scale", 1), "pipeline"),
            self._days(given.get("due_after", 0)),
        )

    def _stages(self, given: Any) -> dict[str, DealStage]:
        if not isinstance(given, dict):
            raise self._bad("stages", given, "[pipeline.stages]", "pipeline")
        stages = {str(theirs).strip(): stage_called(str(ours)) for theirs, ours in given.items()}
        for theirs, stage in stages.items():
            if stage is None:
                example = f'{theirs} = "{next(iter(DealStage)).value}"'
                raise self._bad(theirs, given[theirs], example, "pipeline")
        return {theirs: stage for theirs, stage in stages.items() if stage is not None}

    def _days(self, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_DAYS:
            raise self._bad("due_after", given, "due_after = 60", "pipeline")
        return given

    def _texts(
        self, number: int, rule: Mapping[str, Any], names: tuple[str, ...] = COLUMNS
    ) -> dict[str, str]:
        for name in names:
            if name in rule and not (isinstance(rule[name], str) and rule[name]):
                raise self._bad(name, rule[name], f'{name} = "column"', "rule", number)
        return {name: rule[name] for name in names if name in rule}

    def _scale(self, given: Any, section: str, number: int = 0) -> Decimal:
        scale = _decimal(given)
        if scale is None or not scale:
            raise self._bad("scale", given, "scale = 0.0001", section, number)
        return scale

    def _where(self, given: Any, section: str, number: int = 0) -> Condition:
        if not isinstance(given, dict):
            raise self._bad("where", given, 'where = { stage = "Won" }', section, number)
        return _condition(given)

    def _figure(self, number: int, name: str, given: Any) -> Figure:
        if isinstance(given, dict):
            return _condition(given)
        if isinstance(given, str) and given:
            return given
        figure = _decimal(given)
        if figure is None:
            raise self._bad(name, given, f'{name} = "amount"; {name} = 1', "rule", number)
        return figure

    def _known(self, name: str, known: Sequence[str], section: str = "", number: int = 0) -> None:
        if name in known:
            return
        near = get_close_matches(name, known, n=1)
        finding = Finding.of(
            "import-mapping-unknown",
            self._place(name, section, number),
            name=self.path.name,
            line=self._line(name, section, number),
            key=_in_section(name, section),
            known=known,
            near=near[0] if near else "—",
        )
        raise SalesplanError(finding, 2)

    def _missing(self, key: str, example: str, rule: int | None = None) -> SalesplanError:
        line = self._line("", "rule", rule) if rule is not None else "1"
        finding = Finding.of(
            "import-mapping-missing",
            Place(str(self.path), self.path.name, line),
            name=self.path.name,
            line=line,
            key=key,
            example=example,
        )
        return SalesplanError(finding, 2)

    def _bad(
        self, name: str, given: object, example: str, section: str = "", number: int = 0
    ) -> SalesplanError:
        finding = Finding.of(
            "import-mapping-value",
            self._place(name, section, number),
            name=self.path.name,
            line=self._line(name, section, number),
            key=_in_section(name, section),
            text=str(given),
            example=example,
        )
        return SalesplanError(finding, 2)

    def _place(self, name: str, section: str, number: int) -> Place:
        return Place(str(self.path), self.path.name, self._line(name, section, number))

    def _line(self, name: str, section: str = "", number: int = 0) -> str:
        """The line of a key in its section (of the ``number``-th rule); of the section itself
        without a name.
        """
        current, rules = "", -1
        wanted = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""") if name else None
        for line, text in enumerate(self.lines, 1):
            head = _SECTION.match(text)
            if head is not None:
                current = head[1].strip()
                rules += current == "rule"
            here = current.partition(".")[0] == section and (section != "rule" or rules == number)
            top = current.partition(".")[0] if not section else current
            named = head is not None and top == (f"{section}.{name}" if section else name)
            if (here or named) and (
                head is not None if wanted is None else named or wanted.match(text)
            ):
                return str(line)
        return "1"


_SECTION = re.compile(r"\s*\[{1,2}([^\]]+)\]")


def _in_section(name: str, section: str) -> str:
    return {"": name, "rule": f"[[rule]] {name}"}.get(section, f"[{section}] {name}")


def _decimal(given: object) -> Decimal | None:
    """A number of the mapping, exactly as it is written there; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        return None
    number = Decimal(str(given))
    return number if number.is_finite() else None


def stage_called(text: str) -> DealStage | None:
    """The stage that a text names in either language; None for none."""
    meant = folded(text)
    for stage in DealStage:
        if meant == stage.value or meant in map(folded, CHOICES[DealStage][stage]):
            return stage
    return None


def _condition(where: Mapping[str, Any]) -> Condition:
    return {
        column: frozenset(map(str, wanted if isinstance(wanted, list) else [wanted]))
        for column, wanted in where.items()
    }


def _columns_of(figure: Figure) -> Iterable[str]:
    if isinstance(figure, str):
        return [figure]
    return figure if isinstance(figure, Mapping) else ()
