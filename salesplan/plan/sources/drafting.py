"""A first mapping for a source that nobody described yet: which column is what by what stands in it
and what it is called, with what was seen as comments. A draft is read by its planner before it
is used; so it says what it is not sure of.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import islice

from salesplan.dataclass import dataclass
from salesplan.plan.model import Kpi, KpiKind, Plan, SpendKind
from salesplan.plan.model.currencies import CODES, currency, home_of, money_of
from salesplan.plan.normalize import folded
from salesplan.plan.parse_dates import DayFormat
from salesplan.plan.parse_numbers import Signs
from salesplan.plan.schema.choices import label
from salesplan.plan.sources.computed import bracketed, computed
from salesplan.plan.sources.drafting_kpis import KpiColumn, kpi_column
from salesplan.plan.sources.formats import FieldReader, Formats
from salesplan.plan.sources.spending import kinds_called
from salesplan.plan.sources.table import Field, SourceTable, text_of
from salesplan.wording import Both

LOOKED_AT = 5_000
"""Records that a draft is made of."""

MOST = 0.7
"""The share of a column's fields that are days, or numbers, from which on it holds those."""

FEW = 12
"""Different values up to which they are listed."""

DAYS = (
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "dd.mm.yyyy",
    "dd-mm-yyyy",
    "d mmm yyyy",
    "dd/mm/yy",
    "mm/dd/yy",
)
NUMBERS = (Signs(), Signs(",", "."))
WORDS: Mapping[str, str] = {
    "day": r"close|order.?date|invoice.?date|date|day|日期|成交",
    "product": r"product|item|article|sku|category|产品|商品|品名",
    "customer": r"customer|account|client|company|客户",
    "region": r"region|country|state|area|区域|地区",
    "channel": r"channel|segment|渠道",
    "currency": r"^currency|币种|货币",
    "value": r"amount|value|sales|revenue|total|net|金额|销售额|收入",
    "quantity": r"quantity|qty|units|数量",
    "price": r"unit.?price|price|单价",
    "discount": r"discount|折扣",
    "stage": r"stage|status|阶段|状态",
    "budget": r"budget|cost.?(?:line|cent)|预算|费用项目",
    "kind": r"kind|type|status|类型|性质|状态",
    "voucher": r"voucher|invoice|receipt|document|凭证|发票|单据",
    "key": r"\bid\b|id$|^id|number|no\.?$|编号|单号|row|order|line|invoice|行号",
}
_SAID = {
    "head": Both(
        "{name} 的对应表初稿, 按前 {count} 条记录写成; 逐行核对后再导入。",
        "A first mapping for {name}, from its first {count} records; check each line before use.",
    ),
    "key": Both("每条记录都不同", "differs in every record"),
    "no_key": Both(
        "没有一列能认出每条记录; 写上能的几列",
        "no column tells the records apart; name those that do",
    ),
    "order": Both(
        "日和月的顺序不能确定, 也可能是 {other}", "day and month could be the other way: {other}"
    ),
    "found": Both(
        "{found} 种写法中 {known} 种在组织表中", "{known} of {found} names are on Organization"
    ),
    "unknown": Both("组织表中没有的, 写明各是谁", "not on Organization; say who each of them is"),
    "found_budget": Both(
        "{found} 种写法中 {known} 种是预算表的编号", "{known} of {found} names are codes of Budget"
    ),
    "unknown_budget": Both(
        "预算表中没有的, 写明各是哪一笔", "not on Budget; say which line each of them is"
    ),
    "kinds": Both(
        "没有认出的, 写明各是占用还是支出",
        "not recognised; say which are committed and which are spent",
    ),
    "records": Both("{count} 条", "{count}×"),
    "values": Both("有: {values}", "holds: {values}"),
    "no_kpi": Both(
        "{column} 中不是指标的: 每项另写一条 [[rule]], 不写的不导入",
        "{column}: not a KPI; each needs a [[rule]] of its own, else it is not imported",
    ),
    "other": Both("其他列: {columns}", "other columns: {columns}"),
    "scale": Both("金额单位不同时换算, 如元换算成万元", "where amounts are in another unit"),
    "unsure": Both("没有认出, 请改", "not recognised; correct it"),
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A column: its name, its fields that say something, and how many there were."""

    name: str
    texts: Sequence[str]
    fields: Sequence[Field]
    records: int

    @property
    def full(self) -> bool:
        """Whether every record has it."""
        return len(self.texts) == self.records

    def called(self, what: str) -> bool:
        """Whether it is called like that field."""
        return self.rank(what) < len(WORDS[what])

    def rank(self, what: str) -> int:
        """By which of the field's words it is called; the first ones say it best."""
        words = WORDS[what].split("|")
        found = (re.search(word, self.name, re.IGNORECASE) for word in words)
        return next((at for at, one in enumerate(found) if one), len(WORDS[what]))


def drafted(table: SourceTable, plan: Plan, lang: str, spending: bool = False) -> str:
    """A mapping of the table as text, of actuals or of ``spending``, with comments in the
    language.
    """
    records = [record for _, record in islice(table.rows(), LOOKED_AT) if record is not None]
    columns: list[_Seen] = []
    twice = Counter(table.header)
    for at, name in enumerate(table.header):
        if not name or twice[name] > 1:  # which column is meant could not be said
            continue
        fields = [record[at] for record in records if text_of(record[at])]
        columns.append(_Seen(name, [text_of(one) for one in fields], fields, len(records)))
    draft = _SpendingDraft if spending else _ActualsDraft
    lines = draft([one for one in columns if one.texts], plan, lang).lines()
    head = _said("head", lang, name=table.name, count=f"{len(records):,}")
    return "\n".join([f"# {_in_line(head)}", *lines]) + "\n"


class _Draft(ABC):
    """Finds each field's column, best first; a column is taken for one field only."""

    def __init__(self, columns: Sequence[_Seen], plan: Plan, lang: str) -> None:
        self.columns, self.plan, self.lang = columns, plan, lang
        self.taken: set[str] = set()
        self.formats = {one.name: _days(one) for one in columns}
        self.signs = {one.name: _numbers(one) for one in columns}

    @abstractmethod
    def lines(self) -> Iterator[str]:
        """The lines of the mapping."""

    def _first(self, what: str, fits: Callable[[_Seen], bool]) -> _Seen | None:
        """The column that is called so and fits; a day may be called anything."""
        free = [one for one in self.columns if one.name not in self.taken and fits(one)]
        called = sorted((one for one in free if one.called(what)), key=lambda one: one.rank(what))
        found = next(iter(called or (free if what == "day" else [])), None)
        if found is not None:
            self.taken.add(found.name)
        return found

    def _naming(self, knows: Callable[[str], bool]) -> _Seen | None:
        """The column of which most names are known."""
        best, share = None, 0.0
        for one in self.columns:
            names = set(one.texts)
            known = sum(map(knows, names))
            if one.name not in self.taken and known / len(names) > share:
                best, share = one, known / len(names)
        if best is not None:
            self.taken.add(best.name)
        return best

    def _key(self) -> str:
        """What tells the records apart: a column, or two; "" where none does."""
        single = [one for one in self.columns if one.full and len(set(one.texts)) == one.records]
        named = [one for one in single if one.called("key")]
        plain = [one for one in single if not self.formats[one.name]]
        for one in (*named, *plain):
            self.taken.add(one.name)
            return _quoted(one.name)
        named = [one for one in self.columns if one.full and one.called("key")]
        whole = [one for one in named if not self.formats[one.name]]
        for at, first in enumerate(whole):
            for second in whole[at + 1 :]:
                if len(set(zip(first.texts, second.texts, strict=True))) == first.records:
                    self.taken |= {first.name, second.name}
                    return f"[{_quoted(first.name)}, {_quoted(second.name)}]"
        return ""

    def _value(self) -> str:
        """The column of the amount, or quantity times price."""
        found = self._first("value", lambda one: bool(self.signs[one.name]))
        if found is not None:
            return found.name
        names: dict[str, str] = {}
        for what in ("quantity", "price", "discount"):
            names[what] = self._numbered(what, names.values())
        if names["quantity"] and names["price"]:
            self.taken |= {name for name in names.values() if name}
            made = f"{bracketed(names['quantity'])} * {bracketed(names['price'])}"
            less = f" * (1 - {bracketed(names['discount'])})"
            return made + less if names["discount"] else made
        counted = next((one.name for one in self.columns if self._counts(one)), "")
        self.taken |= {counted}
        return counted

    def _numbered(self, what: str, others: Iterable[str]) -> str:
        free = [one for one in self.columns if self.signs[one.name] and one.name not in set(others)]
        return next((one.name for one in free if one.called(what)), "")

    def _counts(self, one: _Seen) -> bool:
        return one.name not in self.taken and bool(self.signs[one.name])

    def _top(self, key: str, day: _Seen | None, value: str) -> Iterator[str]:
        if key:
            yield f"key = {key}  # {_said('key', self.lang)}"
        else:
            yield f'key = ""  # {_said("no_key", self.lang)}'
        found = self.formats[day.name] if day is not None else []
        if found and found[0]:
            other = [one for one in found[1:] if one]
            doubt = f"  # {_said('order', self.lang, other=other[0])}" if other else ""
            yield f"date_format = {_quoted(found[0])}{doubt}"
        plain = value in self.signs or not value
        used = [value] if plain else computed(value).columns
        signs = [self.signs.get(name) for name in used]
        if any(one == NUMBERS[1:] for one in signs):
            yield 'decimal = ","'

    def _found(self, key: str, column: _Seen | None, knows: Callable[[str], bool]) -> str:
        if column is None:
            return self._unsure(None)
        names = set(column.texts)
        known = sum(map(knows, names))
        return f"  # {_said(key, self.lang, found=len(names), known=known)}"

    def _unsure(self, found: _Seen | None) -> str:
        return f"  # {_said('unsure', self.lang)}" if found is None else ""

    def _unknown(
        self, column: _Seen | None, knows: Callable[[str], bool], names: Sequence[str]
    ) -> Iterator[str]:
        """What stands in a column and is not known, each with the nearest of the names."""
        counts = Counter(name for name in (column.texts if column else ()) if not knows(name))
        by_folded = {folded(name): name for name in names}
        for name, count in counts.most_common(FEW):
            near = get_close_matches(folded(name), by_folded, n=1)
            meant = _quoted(by_folded[near[0]] if near else "")
            told = _said("records", self.lang, count=f"{count:,}")
            yield f"# {_quoted(name)} = {meant}  # {told}"

    def _section(self, head: str, said: str, lines: Iterable[str]) -> Iterator[str]:
        """A section of lines; nothing where there are none."""
        some = list(lines)
        if some:
            yield from ("", f"{head}  # {_said(said, self.lang)}", *some)

    def _rest(self) -> Iterator[str]:
        rest = [one.name for one in self.columns if one.name not in self.taken]
        if rest:
            told = _said("other", self.lang, columns=", ".join(rest))
            yield f"# {_in_line(told)}"


class _ActualsDraft(_Draft):
    """Of rows of 实绩."""

    def lines(self) -> Iterator[str]:
        """The lines of the mapping."""
        day = self._first("day", lambda one: bool(self.formats[one.name]))
        unit = self._naming(self._knows)
        kpis = self._kpis()
        key = self._key()
        value = self._value()
        yield from self._top(key, day, value)
        yield ""
        yield "[columns]"
        yield f"day = {_quoted(day.name if day else '')}{self._unsure(day)}"
        found = self._found("found", unit, self._knows)
        yield f"unit = {_quoted(unit.name if unit else '')}{found}"
        for name in ("product", "customer", "region", "channel", "currency"):
            column = self._known(name) or self._first(name, self._is_no_number)
            if column is not None:
                yield f"{name} = {_quoted(column.name)}"
        names = [one.name for one in self.plan.units]
        unknown = self._unknown(unit, self._knows, names)
        yield from self._section("[aliases.unit]", "unknown", unknown)
        yield from self._rules(value, kpis)
        yield from self._rest()

    def _kpis(self) -> KpiColumn | None:
        """The column that names KPIs, where there is one."""
        free = [one for one in self.columns if one.name not in self.taken]
        found = kpi_column([(one.name, one.texts) for one in free], self.plan)
        if found is not None:
            self.taken.add(found.name)
        return found

    def _known(self, what: str) -> _Seen | None:
        """The column of which most fields are products of the master, or currencies."""
        products = {folded(row.product) for row in self.plan.product_targets}
        home = home_of(self.plan.settings.currency)
        told: Mapping[str, Callable[[str], bool]] = {
            "product": lambda text: folded(text) in products,
            "currency": lambda text: currency(text, home) in CODES,
        }
        if what not in told:
            return None
        for one in self.columns:
            share = sum(map(told[what], one.texts)) / len(one.texts)
            if one.name not in self.taken and share >= MOST:
                self.taken.add(one.name)
                return one
        return None

    def _is_no_number(self, one: _Seen) -> bool:
        return not self.signs[one.name]

    def _knows(self, name: str) -> bool:
        return len(self.plan.people.meant(name)) == 1

    def _rules(self, value: str, kpis: KpiColumn | None) -> Iterator[str]:
        """A rule for each KPI that a column names; else one, for the KPI that it is likeliest."""
        quantity = self._first("quantity", lambda one: bool(self.signs[one.name]))
        likeliest = _kpi(self.plan)
        if kpis is None:
            yield from self._rule(likeliest, "", value, quantity)
            return
        for code, names in kpis.known.items():
            kpi = self.plan.kpi_by_code[code]
            counted = quantity if kpi is likeliest else None
            yield from self._rule(kpi, _test(kpis.name, names), value, counted)
        if not kpis.known:
            first = [name for name, _ in kpis.unknown.most_common(1)]
            yield from self._rule(None, _test(kpis.name, first), value, quantity)
        if kpis.unknown:
            yield ""
            yield f"# {_said('no_kpi', self.lang, column=_quoted(kpis.name))}"
        for name, count in kpis.unknown.most_common(FEW):
            yield f"# {_quoted(name)}: {_said('records', self.lang, count=f'{count:,}')}"

    def _rule(
        self, kpi: Kpi | None, test: str, value: str, quantity: _Seen | None
    ) -> Iterator[str]:
        yield ""
        yield "[[rule]]"
        called = _in_line(kpi.name) if kpi is not None else _said("unsure", self.lang)
        yield f"kpi = {_quoted(kpi.code if kpi else '')}  # {called}"
        if test:
            yield f"where = {{ {test} }}"
        stage = next((one for one in self.columns if one.called("stage")), None)
        if stage is not None and len(set(stage.texts)) <= FEW:
            self.taken.add(stage.name)
            values = sorted(set(stage.texts))
            told = _in_line(_said("values", self.lang, values=", ".join(values)))
            tests = ", ".join(filter(None, (test, _test(stage.name, values[-1:]))))
            yield f"# where = {{ {tests} }}  # {told}"
        yield f"value = {_quoted(value)}" + ("" if value else self._unsure(None))
        if kpi is None or not test or money_of(kpi, self.plan.settings) is not None:
            yield f"# scale = 0.0001  # {_said('scale', self.lang)}"
        if quantity is not None:
            yield f"quantity = {_quoted(quantity.name)}"


class _SpendingDraft(_Draft):
    """Of rows of 费用."""

    def lines(self) -> Iterator[str]:
        """The lines of the mapping."""
        codes = {folded(one.code): one.code for one in self.plan.budget}
        day = self._first("day", lambda one: bool(self.formats[one.name]))
        budget = self._naming(lambda name: folded(name) in codes)
        budget = budget or self._first("budget", lambda one: not self.signs[one.name])
        key = self._key()
        kind = self._first("kind", lambda one: len(set(one.texts)) <= FEW)
        amount = self._value()
        voucher = self._first("voucher", lambda one: one.full)
        currency = self._first("currency", lambda one: not self.signs[one.name])
        yield from self._top(key, day, amount)
        unknown = self._unknown(budget, lambda name: folded(name) in codes, list(codes.values()))
        yield from self._section("[aliases.budget]", "unknown_budget", unknown)
        yield ""
        yield "[spending]"
        yield f"day = {_quoted(day.name if day else '')}{self._unsure(day)}"
        found = self._found("found_budget", budget, lambda name: folded(name) in codes)
        yield f"budget = {_quoted(budget.name if budget else '')}{found}"
        yield f"amount = {_quoted(amount)}" + ("" if amount else self._unsure(None))
        for name, column in (("kind", kind), ("voucher", voucher), ("currency", currency)):
            if column is not None:
                yield f"{name} = {_quoted(column.name)}"
        yield f"# scale = 0.0001  # {_said('scale', self.lang)}"
        known = kinds_called({})
        names = [label(one, self.lang) for one in SpendKind]
        unknown = self._unknown(kind, lambda name: folded(name) in known, names)
        yield from self._section("[spending.kinds]", "kinds", unknown)
        yield from self._rest()


def _kpi(plan: Plan) -> Kpi | None:
    """The first flow that is an amount, else the first flow."""
    flows = [one for one in plan.kpis if one.kind is KpiKind.FLOW]
    amounts = [one for one in flows if money_of(one, plan.settings) is not None]
    return next(iter(amounts or flows or plan.kpis), None)


def _days(column: _Seen) -> list[str]:
    """The formats in which most of its fields are days, "" for those that need no word."""
    read = {"": None, **{form: DayFormat.of(form) for form in DAYS}}
    shares = {form: _days_share(column.fields, days) for form, days in read.items()}
    best = max(shares.values())
    return [form for form, share in shares.items() if share == best >= MOST]


def _days_share(fields: Sequence[Field], form: DayFormat | None) -> float:
    reader = FieldReader(Formats(days=form))
    texts = [one for one in fields if not isinstance(one, (int, float))]
    return sum(isinstance(_day(reader, one), date) for one in texts) / len(fields)


def _day(reader: FieldReader, field: Field) -> object:
    from salesplan.plan.time_zones import ZoneNeededError

    try:
        return reader.day(field)
    except ZoneNeededError:  # which day it is hangs on the plan's zone; a day it is
        return date.min


def _numbers(column: _Seen) -> tuple[Signs, ...]:
    """The ways to write numbers in which most of its fields are some."""
    shares = {signs: _numbers_share(column, signs) for signs in NUMBERS}
    best = max(shares.values())
    return tuple(signs for signs, share in shares.items() if share == best >= MOST)


def _numbers_share(column: _Seen, signs: Signs) -> float:
    reader = FieldReader(Formats(signs))
    read = (reader.number(one, column.name) is not None for one in column.fields)
    return sum(read) / len(column.fields)


def _test(column: str, names: Sequence[str]) -> str:
    """A condition: the column holds one of the names."""
    told = ", ".join(map(_quoted, names))
    return f"{_quoted(column)} = {told if len(names) == 1 else f'[{told}]'}"


def _quoted(text: str) -> str:
    """A text as TOML writes it: as JSON does, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_line(text: str) -> str:
    """A text as a comment can hold it: without line ends and other control characters."""
    return "".join(one if one.isprintable() else " " for one in text)


def _said(key: str, lang: str, **facts: object) -> str:
    return _SAID[key].of(lang).format(**facts)
