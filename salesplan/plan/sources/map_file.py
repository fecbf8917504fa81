"""Reading a mapping file (TOML). Anything that is not known is refused with its key and its line:
what is misspelled would be left out in silence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import DealStage, Month
from salesplan.plan.normalize import folded
from salesplan.plan.parse_dates import DayFormat, written_day
from salesplan.plan.parse_numbers import Signs
from salesplan.plan.schema.choices import CHOICES
from salesplan.plan.sources.computed import ComputedError, computed
from salesplan.plan.sources.conditions import (
    BETWEEN,
    LIKE,
    NOT_LIKE,
    OPERATORS,
    ORDERS,
    SAID,
    Condition,
    Operand,
    Test,
)
from salesplan.plan.sources.formats import Formats
from salesplan.plan.sources.mapping import (
    COLUMNS,
    DEAL_COLUMNS,
    DEAL_TEXTS,
    JOIN,
    MOST_DAYS,
    NUMBERS,
    PIPELINE,
    RULE,
    SPENDING,
    SPENDING_COLUMNS,
    TOP,
    UNPIVOT,
    DealRule,
    Figure,
    Join,
    Mapped,
    Reading,
    Rule,
    SpendingRule,
    Unpivot,
    parts_of,
)
from salesplan.plan.sources.selecting import refusal_of
from salesplan.plan.time_zones import zone

LISTED = ("rule", "join")
"""Sections of which there may be several."""

MOST_SKIPPED = 1_000
Section = tuple[str, int]
"""A section's name, and which of several it is."""

TOP_LEVEL: Section = ("", 0)


def read_mapping(path: Path) -> Mapped:
    """Read a mapping file. Raises SalesplanError (exit 2) that names the key, its line and what is
    wrong with it.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise _no_mapping("import-mapping-absent", path) from error
    except IsADirectoryError as error:
        raise _no_mapping("import-mapping-no-text", path) from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    return mapping_of(path, raw)


def mapping_of(path: Path, raw: bytes) -> Mapped:
    """The same of a mapping's bytes; ``path`` is what messages name."""
    import tomllib

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_mapping("import-mapping-no-text", path) from error
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    return _Reader(path, text, document).mapped()


def _unreadable(path: Path, what: str) -> SalesplanError:
    return _no_mapping("import-mapping", path, what=what)


def _no_mapping(code: str, path: Path, **params: object) -> SalesplanError:
    return SalesplanError(Finding.of(code, Place(str(path)), name=path.name, **params), 2)


class _Reader:
    """Reads a mapping key by key, so that what is wrong is told with its key and its line."""

    def __init__(self, path: Path, text: str, document: Mapping[str, Any]) -> None:
        self.path, self.lines, self.document = path, text.splitlines(), document
        self.templates: dict[str, None] = {}
        self.unread: dict[str, Finding] = {}

    def mapped(self) -> Mapped:
        document = self.document
        for name in document:
            self._known(name, TOP, TOP_LEVEL)
        columns = self._columns(document.get("columns", {}))
        counted = {"pipeline", "spending"} & document.keys()
        rules = document.get("rule", [] if counted else None)
        if not isinstance(rules, list) or not (rules or counted):
            raise self._missing("[[rule]]", 'kpi = "REV"')
        key = self._key()
        read = [self._rule(number, rule, columns) for number, rule in enumerate(rules)]
        deals = self._deals(document["pipeline"], columns) if "pipeline" in document else None
        spending = self._spending(document["spending"], columns) if "spending" in document else None
        return Mapped(
            key,
            tuple(read),
            self._aliases(document.get("aliases", {})),
            self._reading(document, TOP_LEVEL),
            deals,
            spending,
            self._formats(document),
            tuple(self.templates),
            self._unpivot(document["unpivot"]) if "unpivot" in document else None,
            self._joins(document.get("join", [])),
            self._one_text(document, "table", TOP_LEVEL),
            self._sql(document),
            self._sources(document),
            self.unread,
        )

    def _sources(self, document: Mapping[str, Any]) -> tuple[str, ...]:
        """What a linked workbook reads: files by their names, or one database by its address."""
        example = 'source = "deals.csv"; url = "postgresql://user@host/database"'
        url = self._one_text(document, "url", TOP_LEVEL)
        if url and ("source" in document or "://" not in url):
            raise self._bad("url", url, example)
        if "source" not in document:
            return (url,) if url else ()
        named = self._names(document["source"], "source", example)
        if any("://" in one for one in named):
            raise self._bad("source", ", ".join(named), example)
        return named

    def _key(self) -> tuple[str, ...]:
        if "key" not in self.document:
            raise self._missing("key", 'key = "id"')
        return self._names(self.document["key"], "key", 'key = "id"; key = ["order", "line"]')

    def _names(
        self, given: Any, name: str, example: str, section: Section = TOP_LEVEL
    ) -> tuple[str, ...]:
        names = given if isinstance(given, list) else [given]
        if not names or not all(isinstance(one, str) and one for one in names):
            raise self._bad(name, given, example, section)
        return tuple(names)

    def _reading(self, given: Mapping[str, Any], section: Section) -> Reading:
        return Reading(
            self._encoding(given, section),
            self._delimiter(given, section),
            self._whole(given, "skip_lines", MOST_SKIPPED, section),
            self._one_text(given, "sheet", section),
        )

    def _encoding(self, given: Mapping[str, Any], section: Section) -> str:
        encoding = given.get("encoding", "")
        try:
            codecs.lookup(encoding or "utf-8")
        except (LookupError, TypeError) as error:
            raise self._bad("encoding", encoding, 'encoding = "gb18030"', section) from error
        return str(encoding)

    def _delimiter(self, given: Mapping[str, Any], section: Section) -> str:
        delimiter = given.get("delimiter", "")
        if not isinstance(delimiter, str) or len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
            raise self._bad("delimiter", delimiter, 'delimiter = ";"', section)
        return delimiter

    def _whole(self, given: Mapping[str, Any], name: str, most: int, section: Section) -> int:
        number = given.get(name, 0)
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= most:
            raise self._bad(name, number, f"{name} = 3", section)
        return number

    def _one_text(self, given: Mapping[str, Any], name: str, section: Section) -> str:
        text = given.get(name, "")
        if not isinstance(text, str) or (name in given and not text.strip()):
            raise self._bad(name, text, f'{name} = "name"', section)
        return text

    def _sql(self, document: Mapping[str, Any]) -> str:
        text = self._one_text(document, "sql", TOP_LEVEL)
        why = refusal_of(text) if text else ""
        if why or (text and "table" in document):
            example = 'sql = """select … from …"""'
            raise self._bad("sql", why or "sql + table", example, TOP_LEVEL)
        return text

    def _formats(self, document: Mapping[str, Any]) -> Formats:
        date_format = self._one_text(document, "date_format", TOP_LEVEL)
        days = DayFormat.of(date_format) if date_format else None
        if date_format and days is None:
            raise self._bad("date_format", date_format, 'date_format = "dd/mm/yyyy"')
        time_zone = self._one_text(document, "time_zone", TOP_LEVEL)
        if time_zone and zone(time_zone) is None:
            raise self._bad("time_zone", time_zone, 'time_zone = "UTC"')
        given = document.get("null", [])
        nothing = given if isinstance(given, list) else [given]
        if not all(isinstance(one, str) for one in nothing):
            raise self._bad("null", given, 'null = ["-", "N/A"]')
        return Formats(
            self._signs(document), days, time_zone, frozenset(one.strip() for one in nothing)
        )

    def _signs(self, document: Mapping[str, Any]) -> Signs:
        decimal = document.get("decimal", ".")
        if decimal not in (".", ",", "٫"):
            raise self._bad("decimal", decimal, 'decimal = ","')
        usual = "," if decimal == "." else "."
        thousands = document.get("thousands", usual)
        if thousands not in ("", ".", ",", " ", "'", "’", "_") or thousands == decimal:
            raise self._bad("thousands", thousands, f'thousands = "{usual}"')
        return Signs(decimal, thousands)

    def _columns(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict):
            raise self._bad("columns", given, "[columns]")
        for name in given:
            self._known(name, COLUMNS, ("columns", 0))
        return self._placed(given, COLUMNS, ("columns", 0))

    def _placed(
        self, given: Mapping[str, Any], names: Iterable[str], section: Section
    ) -> dict[str, str]:
        """By field, the column that says it, or the text that is put together for it."""
        return {name: self._column(given[name], name, section) for name in names if name in given}

    def _column(self, given: Any, name: str, section: Section) -> str:
        example = f'{name} = "column"; {name} = {{ text = "{{First}} {{Last}}" }}'
        if isinstance(given, str) and given:
            return given
        if not isinstance(given, dict) or given.keys() != {"text"}:
            raise self._bad(name, given, example, section)
        text = given["text"]
        try:
            parts_of(text)
        except (ValueError, TypeError) as error:
            raise self._bad(name, text, example, section) from error
        self.templates[text] = None
        return str(text)

    def _aliases(self, given: Any) -> dict[str, dict[str, str]]:
        if not isinstance(given, dict):
            raise self._bad("aliases", given, "[aliases.product]")
        for name, values in given.items():
            self._known(name, (*COLUMNS[1:], "budget"), ("aliases", 0))
            if not isinstance(values, dict):
                raise self._bad(name, values, f"[aliases.{name}]", ("aliases", 0))
        return {name: _spellings(values) for name, values in given.items()}

    def _rule(self, number: int, rule: Any, columns: Mapping[str, str]) -> Rule:
        section = ("rule", number)
        if not isinstance(rule, dict):
            raise self._bad("rule", rule, "[[rule]]")
        for name in rule:
            self._known(name, RULE, section)
        placed = {**columns, **self._placed(rule, COLUMNS, section)}
        for name in ("day", "unit"):
            if name not in placed:
                raise self._missing(f"[columns] {name}", f'{name} = "column"')
        if not isinstance(rule.get("kpi"), str):
            raise self._missing("[[rule]] kpi", 'kpi = "REV"', section)
        figures = {
            name: self._figure(name, rule[name], section) for name in NUMBERS if name in rule
        }
        if not set(figures) - {"share"}:
            raise self._missing("[[rule]] value", 'value = "amount"', section)
        accounts = {
            name: self._column(rule[name], name, section)
            for name in ("first_of", "repeat_of")
            if name in rule
        }
        if len(accounts) > 1:
            raise self._bad("repeat_of", "first_of + repeat_of", 'repeat_of = "account"', section)
        if "repeat_of" in rule:
            self._only_numbers(figures, rule, section)
        elif "within" in rule:
            raise self._missing("[[rule]] repeat_of", 'repeat_of = "account"', section)
        return Rule(
            rule["kpi"],
            self._where(rule.get("where", {}), section),
            placed,
            figures,
            accounts.get("first_of", ""),
            self._scale(rule.get("scale", 1), section),
            accounts.get("repeat_of", ""),
            self._whole(rule, "within", MOST_DAYS, section),
        )

    def _only_numbers(
        self, figures: Mapping[str, Figure], rule: Mapping[str, Any], section: Section
    ) -> None:
        """Refuse figures of records where accounts are counted by month."""
        for name, figure in figures.items():
            if name != "share" and not isinstance(figure, Decimal):
                raise self._bad(name, rule[name], f"{name} = 1", section)

    def _deals(self, given: Any, columns: Mapping[str, str]) -> DealRule:
        section = ("pipeline", 0)
        if not isinstance(given, dict):
            raise self._bad("pipeline", given, "[pipeline]")
        for name in given:
            self._known(name, PIPELINE, section)
        shared = {name: columns[name] for name in ("unit", *DEAL_TEXTS) if name in columns}
        placed = {**shared, **self._placed(given, DEAL_COLUMNS, section)}
        if not isinstance(given.get("kpi"), str):
            raise self._missing("[pipeline] kpi", 'kpi = "REV"')
        for name in ("unit", "amount", "due"):
            if name not in placed:
                raise self._missing(f"[pipeline] {name}", f'{name} = "column"')
        if not placed.keys() & {"stage", "probability"}:
            raise self._missing("[pipeline] stage", 'stage = "column"; probability = "column"')
        return DealRule(
            given["kpi"],
            self._where(given.get("where", {}), section),
            placed,
            self._stages(given.get("stages", {})),
            self._scale(given.get("scale", 1), section),
            self._days(given.get("due_after", 0)),
        )

    def _stages(self, given: Any) -> dict[str, DealStage]:
        if not isinstance(given, dict):
            raise self._bad("stages", given, "[pipeline.stages]", ("pipeline", 0))
        stages = {str(theirs).strip(): stage_called(str(ours)) for theirs, ours in given.items()}
        for theirs, stage in stages.items():
            if stage is None:
                example = f'{theirs} = "{next(iter(DealStage)).value}"'
                raise self._bad(theirs, given[theirs], example, ("pipeline", 0))
        return {theirs: stage for theirs, stage in stages.items() if stage is not None}

    def _days(self, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_DAYS:
            raise self._bad("due_after", given, "due_after = 60", ("pipeline", 0))
        return given

    def _spending(self, given: Any, columns: Mapping[str, str]) -> SpendingRule:
        section = ("spending", 0)
        if not isinstance(given, dict):
            raise self._bad("spending", given, "[spending]")
        for name in given:
            self._known(name, SPENDING, section)
        shared = {name: columns[name] for name in ("day", "currency") if name in columns}
        placed = {**shared, **self._placed(given, SPENDING_COLUMNS, section)}
        for name in ("day", "budget"):
            if name not in placed:
                raise self._missing(f"[spending] {name}", f'{name} = "column"')
        amount = self._figure("amount", given.get("amount", 0), section)
        if not isinstance(amount, str):
            raise self._missing("[spending] amount", 'amount = "column"')
        kinds = given.get("kinds", {})
        if not isinstance(kinds, dict):
            raise self._bad("kinds", kinds, "[spending.kinds]", section)
        return SpendingRule(
            self._where(given.get("where", {}), section),
            placed,
            amount,
            _spellings(kinds),
            self._scale(given.get("scale", 1), section),
        )

    def _unpivot(self, given: Any) -> Unpivot:
        section = ("unpivot", 0)
        if not isinstance(given, dict):
            raise self._bad("unpivot", given, "[unpivot]")
        for name in given:
            self._known(name, UNPIVOT, section)
        for name in UNPIVOT:
            if name not in given:
                raise self._missing(f"[unpivot] {name}", _UNPIVOT_EXAMPLES[name])
        columns = given["columns"]
        if not isinstance(columns, dict):
            names = self._names(columns, "columns", _UNPIVOT_EXAMPLES["columns"], section)
            columns = dict(zip(names, names, strict=True))
        return Unpivot(
            {str(head).strip(): _said(word) for head, word in columns.items()},
            self._one_text(given, "into", section),
            self._one_text(given, "value", section),
        )

    def _joins(self, given: Any) -> tuple[Join, ...]:
        if not isinstance(given, list):
            raise self._bad("join", given, "[[join]]")
        joins = tuple(self._join(number, join) for number, join in enumerate(given))
        names = [join.name for join in joins]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise self._bad("name", name, f'name = "{name}2"', ("join", number))
        return joins

    def _join(self, number: int, given: Any) -> Join:
        section = ("join", number)
        if not isinstance(given, dict):
            raise self._bad("join", given, "[[join]]")
        for name in given:
            self._known(name, JOIN, section)
        file = self._one_text(given, "file", section)
        if not file:
            raise self._missing("[[join]] file", 'file = "orders.csv"', section)
        if "on" not in given:
            raise self._missing("[[join]] on", 'on = "order_id"', section)
        missing = given.get("missing", "refuse")
        if missing not in ("refuse", "keep"):
            raise self._bad("missing", missing, 'missing = "keep"', section)
        taken = given.get("columns", [])
        return Join(
            file,
            self._one_text(given, "name", section) or Path(file).name.partition(".")[0],
            self._on(given["on"], section),
            self._names(taken, "columns", 'columns = ["date"]', section) if taken else (),
            missing == "keep",
            self._reading(given, section),
        )

    def _on(self, given: Any, section: Section) -> tuple[tuple[str, str], ...]:
        example = 'on = "order_id"; on = { ours = "theirs" }'
        if isinstance(given, dict):
            if not given or not all(isinstance(one, str) and one for one in given.values()):
                raise self._bad("on", given, example, section)
            return tuple(given.items())
        names = self._names(given, "on", example, section)
        return tuple(zip(names, names, strict=True))

    def _scale(self, given: Any, section: Section) -> Decimal:
        scale = _decimal(given)
        if scale is None or not scale:
            raise self._bad("scale", given, "scale = 0.0001", section)
        return scale

    def _where(self, given: Any, section: Section, name: str = "where") -> Condition:
        if not isinstance(given, dict):
            raise self._bad(name, given, f'{name} = {{ stage = "Won" }}', section)
        tests: list[Test] = []
        for column, wanted in given.items():
            if not isinstance(wanted, dict):
                tests.append(Test(column, "=", _texts(wanted)))
                continue
            for operator, operand in wanted.items():
                tests.append(self._test(column, operator, operand, section, name))
        return tuple(tests)

    def _test(self, column: str, operator: str, operand: Any, section: Section, name: str) -> Test:
        example = f'{name} = {{ {column} = {{ "{operator}" = 1000 }} }}'
        if operator not in OPERATORS:
            self._known(operator, OPERATORS, (f"{section[0]}.{name}", section[1]))
        if operator not in ORDERS and operator != BETWEEN:
            kept = operator if operator in (LIKE, NOT_LIKE) else SAID.get(operator, operator)
            return Test(column, kept, _texts(operand))
        given = operand if isinstance(operand, list) else [operand]
        bounds = [_operand(one) for one in given]
        kinds = {type(one) for one in bounds}
        if len(bounds) != (2 if operator == BETWEEN else 1) or len(kinds) != 1 or None in bounds:
            if operator == BETWEEN:
                example = f"{name} = {{ {column} = {{ between = [1, 100] }} }}"
            raise self._bad(name, operand, example, section)
        return Test(column, operator, bounds=tuple(one for one in bounds if one is not None))

    def _figure(self, name: str, given: Any, section: Section) -> Figure:
        if isinstance(given, dict):
            return self._where(given, section, name)
        if isinstance(given, str) and given:
            self._look_into(name, given, section)
            return given
        figure = _decimal(given)
        if figure is None:
            raise self._bad(name, given, f'{name} = "amount"; {name} = 1', section)
        return figure

    def _look_into(self, name: str, given: str, section: Section) -> None:
        """Keep what to say of a text that looks like a computation and cannot be read as one: it is
        wrong unless the source has a column of that name.
        """
        try:
            computed(given)
        except ComputedError as error:
            if re.search(r"[*/()\[\]]", given):
                finding = Finding.of(
                    "import-mapping-computed",
                    self._place(name, section),
                    name=self.path.name,
                    line=self._line(name, section),
                    key=_in_section(name, section[0]),
                    text=given,
                    what=str(error),
                )
                self.unread.setdefault(given, finding)

    def _known(self, name: str, known: Sequence[str], section: Section) -> None:
        if name in known:
            return
        near = get_close_matches(name, known, n=1)
        finding = Finding.of(
            "import-mapping-unknown",
            self._place(name, section),
            name=self.path.name,
            line=self._line(name, section),
            key=_in_section(name, section[0]),
            known=known,
            near=near[0] if near else "—",
        )
        raise SalesplanError(finding, 2)

    def _missing(self, key: str, example: str, section: Section | None = None) -> SalesplanError:
        line = self._line("", section) if section is not None else "1"
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
        self, name: str, given: object, example: str, section: Section = TOP_LEVEL
    ) -> SalesplanError:
        finding = Finding.of(
            "import-mapping-value",
            self._place(name, section),
            name=self.path.name,
            line=self._line(name, section),
            key=_in_section(name, section[0]),
            text='""' if given == "" else str(given),
            example=example,
        )
        return SalesplanError(finding, 2)

    def _place(self, name: str, section: Section) -> Place:
        return Place(str(self.path), self.path.name, self._line(name, section))

    def _line(self, name: str, section: Section = TOP_LEVEL) -> str:
        """The line of a key in its section; of the section itself without a name."""
        wanted, number = section[0].partition(".")[0], section[1]
        key = _key_pattern(name) if name else None
        current, seen = "", dict.fromkeys(LISTED, -1)
        for line, text in enumerate(self.lines, 1):
            head = _SECTION.match(text)
            if head is not None:
                current = head[1].strip()
                if current in seen:
                    seen[current] += 1
            top = current.partition(".")[0]
            here = top == wanted and (wanted not in seen or seen[wanted] == number)
            whole = current == f"{wanted}.{name}" if wanted else top == name
            named = head is not None and whole
            if named and name:
                return str(line)
            if here and (head is not None if key is None else key.search(text) is not None):
                return str(line)
        return "1"


_SECTION = re.compile(r"\s*\[{1,2}([^\]]+)\]")
_UNPIVOT_EXAMPLES = {
    "columns": 'columns = ["2026-01", "2026-02"]',
    "into": 'into = "month"',
    "value": 'value = "amount"',
}


def _key_pattern(name: str) -> re.Pattern[str]:
    """A key at the beginning of its line, or within brackets."""
    return re.compile(rf"""(?:^\s*|[{{,]\s*)["']?{re.escape(name)}["']?\s*=""")


def _in_section(name: str, section: str) -> str:
    if section in LISTED:
        return f"[[{section}]] {name}"
    return f"[{section}] {name}" if section else name


def _spellings(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(theirs).strip(): str(ours) for theirs, ours in values.items()}


def _decimal(given: object) -> Decimal | None:
    """A number of the mapping, exactly as it is written there; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        return None
    number = Decimal(str(given))
    return number if number.is_finite() else None


def _operand(given: object) -> Operand | None:
    """A number or a day that fields are held against; None for anything else."""
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    return written_day(given) if isinstance(given, str) else _decimal(given)


def _said(word: Any) -> str:
    return str(Month.of(word)) if isinstance(word, date) else str(word).strip()


def stage_called(text: str) -> DealStage | None:
    """The stage that a text names in either language; None for none."""
    meant = folded(text)
    for stage in DealStage:
        if meant == stage.value or meant in map(folded, CHOICES[DealStage][stage]):
            return stage
    return None


def _texts(wanted: Any) -> frozenset[str]:
    return frozenset(map(str, wanted if isinstance(wanted, list) else [wanted]))
