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
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice

from salesplan.dataclass import dataclass, replace
from salesplan.plan.header_checks import amount_unit
from salesplan.plan.model import Kpi, KpiKind, Plan, SpendKind
from salesplan.plan.model.currencies import CODES, MoneyUnit, currency, home_of, money_of, own_unit
from salesplan.plan.normalize import folded, half_width
from salesplan.plan.parse_dates import DayFormat
from salesplan.plan.parse_numbers import Signs, money, scaled
from salesplan.plan.schema.choices import label
from salesplan.plan.sources.clerk import reader_of
from salesplan.plan.sources.computed import bracketed, computed
from salesplan.plan.sources.drafting_kpis import KpiColumn, kpi_column
from salesplan.plan.sources.formats import FieldReader, Formats
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.spending import kinds_called
from salesplan.plan.sources.table import Field, SourceTable, text_of
from salesplan.plan.time_zones import ZoneNeededError
from salesplan.wording import Both, plain
from salesplan.workbook.read.headers import called as called_so
from salesplan.workbook.read.headers import normal

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
    "day": r"close|order.?date|invoice.?date|date|day|日期|成交|month|period|月份|年月|期间",
    "product": r"product|item|article|sku|category|产品|商品|品名",
    "customer": r"customer|account|client|company|客户",
    "region": r"region|country|state|area|区域|地区",
    "channel": r"channel|segment|渠道",
    "currency": r"^currency|币种|货币",
    "value": r"amount|value|sales|revenue|total|net|金额|销售额|收入|营收|营业额|成交额|价税合计",
    "quantity": r"quantity|qty|units|数量",
    "price": r"unit.?price|price|单价",
    "discount": r"discount|折扣",
    "stage": r"stage|status|阶段|状态",
    "budget": r"budget|cost.?line|cost.?cent|预算|费用项目",
    "kind": r"kind|type|status|类型|性质|状态",
    "voucher": r"voucher|invoice|receipt|document|凭证|发票|单据",
    "key": r"\bid\b|id$|^id|number|no\.?$|编号|单号|row|order|line|invoice|行号",
}
_FIGURES = frozenset({"value", "quantity", "price", "discount"})
_NO_KEY = WORDS.keys() - {"key", "voucher"} - _FIGURES
"""What a column must not be called to be taken for the number of a record."""

_SAID = {
    "head": Both(
        "{name} 的对应表初稿, 按前 {count} 条记录写成; 逐行核对后再导入。",
        "A first mapping for {name}, from its first {count} records; check each line before use.",
    ),
    "key": Both("每条记录都不同", "differs in every record"),
    "key_of_many": Both(
        "没有单号, 这几列合起来每条记录都不同; 以后这几列都相同的两条会认作同一条",
        "no number of its own; together these differ in every record, and two records alike in "
        "them will be taken for one",
    ),
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
    "scaled": Both("{column} 的单位与指标不同", "{column} is in another unit than the KPI"),
    "by_content": Both(
        "按内容认出, 名称看不出是金额, 请核对",
        "by what stands in it, its name does not say so; check it",
    ),
    "or_value": Both("也可能是: {columns}", "could also be: {columns}"),
    "read_as": Both("{text} 读作 {number}", "{text} is read as {number}"),
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
    language. Raises SalesplanError (exit 2) where it has no records.
    """
    records = [record for _, record in islice(table.rows(), LOOKED_AT) if record is not None]
    if not records:
        raise table.refusal("import-empty", 2)
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
        self.reader = reader_of(Mapped((), (), {}), plan)
        self.formats = {one.name: _days(one, self.reader) for one in columns}
        self.signs = {one.name: _numbers(one, self.reader) for one in columns}
        self.doubts: list[str] = []
        """What the value might be instead, to be said beside it."""

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

    def _key(self, *placed: _Seen | None) -> str:
        """What tells the records apart, with how far that is sure: a column, or two; else those
        that are ``placed`` together: their day, unit and the like; "" where none does.

        A column that says who, when or how much is none by itself, however it differs: another
        month of the export holds the same.
        """
        single = [one for one in self.columns if one.full and len(set(one.texts)) == one.records]
        free = [one for one in single if one.name not in self.taken]
        named = [one for one in free if one.called("key")]
        plain = [one for one in free if self._is_plain(one)]
        for one in (*named, *plain):
            self.taken.add(one.name)
            return f"{_quoted(one.name)}  # {_said('key', self.lang)}"
        named = [one for one in self.columns if one.full and one.called("key")]
        whole = [one for one in named if not self.formats[one.name]]
        for at, first in enumerate(whole):
            for second in whole[at + 1 :]:
                if _differ(first, second):
                    self.taken |= {first.name, second.name}
                    return f"{_listed((first, second))}  # {_said('key', self.lang)}"
        many = [one for one in placed if one is not None and one.full]
        if len(many) > 1 and _differ(*many):
            return f"{_listed(many)}  # {_said('key_of_many', self.lang)}"
        return f'""  # {_said("no_key", self.lang)}'

    def _is_plain(self, one: _Seen) -> bool:
        """Whether it is called like no other field and holds neither days nor figures; numbers that
        only rise, or only fall, are some of documents where another column is called an amount.
        """
        if self.formats[one.name] or any(one.called(what) for what in _NO_KEY):
            return False
        if not self.signs[one.name]:
            return True
        if any(one.called(what) for what in _FIGURES):
            return False
        others = (other for other in self.columns if other is not one and self.signs[other.name])
        return _counts_on(one) and any(other.called("value") for other in others)

    def _value(self, kpi: Kpi | None = None) -> str:
        """The column of the amount (it may be called like the KPI), or quantity times price."""
        names = {normal(word) for word in (kpi.name, kpi.code)} if kpi is not None else set()
        free = [one for one in self.columns if self._counts(one)]
        exact = [one for one in free if called_so(one.name, names) in names]
        called = sorted((one for one in free if one.called("value")), key=_value_rank)
        if exact or called:
            return self._chosen(exact or called)
        product = self._product()
        return product or self._chosen(sorted(free, key=lambda one: one.called("key")), sure=False)

    def _chosen(self, among: Sequence[_Seen], sure: bool = True) -> str:
        """The first of the columns, with the others as a doubt."""
        if not among:
            return ""
        first, *others = among
        self.taken.add(first.name)
        if not sure:
            self.doubts.append(_said("by_content", self.lang))
        if others:
            names = ", ".join(one.name for one in others)
            self.doubts.append(_said("or_value", self.lang, columns=names))
        self.doubts += self._scaled(first)
        return first.name

    def _scaled(self, column: _Seen) -> Iterator[str]:
        """The first of its numbers with each word of scale, and what it is read as."""
        reader = replace(self.reader, meant={})
        for one in column.fields:
            reader.number(one, column.name)
        for text, number in reader.meant.values():
            yield _said("read_as", self.lang, text=text, number=plain(number))

    def _product(self) -> str:
        """Quantity times price, less a discount; "" where one of the two is missing."""
        names: dict[str, str] = {}
        for what in ("quantity", "price", "discount"):
            names[what] = self._numbered(what, names.values())
        if not (names["quantity"] and names["price"]):
            return ""
        self.taken |= {name for name in names.values() if name}
        made = f"{bracketed(names['quantity'])} * {bracketed(names['price'])}"
        less = f" * (1 - {bracketed(names['discount'])})"
        return made + less if names["discount"] else made

    def _value_line(self, field: str, value: str) -> str:
        """The line that says where the amount stands, with what is to be looked at."""
        doubt = f"  # {_in_line('; '.join(self.doubts))}" if self.doubts else ""
        return f"{field} = {_quoted(value)}" + (doubt if value else self._unsure(None))

    def _scale(self, value: str, counted: MoneyUnit | None) -> Iterator[str]:
        """The line that converts amounts: where the column says its unit, the factor; else a
        reminder.
        """
        column = next((one for one in self.columns if one.name == value), None)
        told = None if column is None or counted is None else self._size(column)
        if told is None or counted is None:
            yield f"# scale = 0.0001  # {_said('scale', self.lang)}"
        elif told != counted.size:
            said = _in_line(_said("scaled", self.lang, column=value))
            yield f"scale = {Decimal(told) / counted.size:f}  # {said}"

    def _size(self, column: _Seen) -> int | None:
        """Single units of money in one of the column's, where its fields say so, or its head."""
        home, signs = self.reader.home, self.signs[column.name][0]
        marked = sum(_is_marked(one, home, signs) for one in column.texts)
        if marked:  # ¥1,234.50, 1234.5元 and 12.3万元 are read in single units
            return 1 if marked >= MOST * len(column.texts) else None
        unit = amount_unit(column.name, self.plan.settings)
        return unit.size if unit is not None and unit.currency == home else None

    def _numbered(self, what: str, others: Iterable[str]) -> str:
        free = [one for one in self.columns if self.signs[one.name] and one.name not in set(others)]
        return next((one.name for one in free if one.called(what)), "")

    def _counts(self, one: _Seen) -> bool:
        return one.name not in self.taken and bool(self.signs[one.name])

    def _top(self, key: str, day: _Seen | None, value: str) -> Iterator[str]:
        yield f"key = {key}"
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
        key = self._key(day, unit, *self._placing(kpis))
        likeliest = _kpi(self.plan)
        value = self._value(likeliest if kpis is None else None)
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

    def _placing(self, kpis: KpiColumn | None) -> Iterator[_Seen]:
        """The columns of the KPI and of the product, which tell apart what a unit did in a day."""
        named = kpis.name if kpis is not None else ""
        yield from (one for one in self.columns if one.name == named)
        yield from (one for one in self.columns if one.called("product") and one.full)

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
        yield self._value_line("value", value)
        counted = money_of(kpi, self.plan.settings) if kpi is not None else None
        if kpi is None or not test or counted is not None:
            yield from self._scale(value, counted)
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
        yield self._value_line("amount", amount)
        for name, column in (("kind", kind), ("voucher", voucher), ("currency", currency)):
            if column is not None:
                yield f"{name} = {_quoted(column.name)}"
        yield from self._scale(amount, own_unit(self.plan.settings))
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


def _days(column: _Seen, reader: FieldReader) -> list[str]:
    """The formats in which most of its fields are days or months, "" for those that need no
    word.
    """
    read = {"": None, **{form: DayFormat.of(form) for form in DAYS}}
    shares = {form: _days_share(column, reader, days) for form, days in read.items()}
    best = max(shares.values())
    return [form for form, share in shares.items() if share == best >= MOST]


def _days_share(column: _Seen, plans: FieldReader, form: DayFormat | None) -> float:
    reader = replace(plans, formats=Formats(days=form))
    texts = [one for one in column.fields if not isinstance(one, (int, float))]
    return sum(_is_day(reader, one, column) for one in texts) / len(column.fields)


def _is_day(reader: FieldReader, field: Field, column: _Seen) -> bool:
    """Whether it says a day or a month; 202606 is one only in a column that is called so."""
    try:
        day = reader.day(field)
    except ZoneNeededError:  # which day it is hangs on the plan's zone; a day it is
        return True
    bare = isinstance(field, str) and field.strip().isdigit()
    return isinstance(day, date) or (day is not None and not (bare and not column.called("day")))


def _numbers(column: _Seen, reader: FieldReader) -> tuple[Signs, ...]:
    """The ways to write numbers in which most of its fields are some."""
    shares = {signs: _numbers_share(column, reader, signs) for signs in NUMBERS}
    best = max(shares.values())
    return tuple(signs for signs, share in shares.items() if share == best >= MOST)


def _numbers_share(column: _Seen, plans: FieldReader, signs: Signs) -> float:
    reader = replace(plans, formats=Formats(signs), meant={})
    read = (reader.number(one, column.name) is not None for one in column.fields)
    return sum(read) / len(column.fields)


def _is_marked(text: str, home: str, signs: Signs) -> bool:
    """Whether an amount bears its currency, or a word of scale."""
    written = signs.respelled(half_width(text))
    found = scaled(text, signs)
    return money(written, home) is not None or (found is not None and found[0] != "%")


def _counts_on(column: _Seen) -> bool:
    """Whether its fields are whole numbers that only rise, or only fall."""
    if not all(text.isdecimal() for text in column.texts):
        return False
    numbers = list(map(int, column.texts))
    return numbers in (sorted(numbers), sorted(numbers, reverse=True))


def _value_rank(column: _Seen) -> int:
    return column.rank("value")


def _differ(*columns: _Seen) -> bool:
    """Whether full columns together differ in every record."""
    records = set(zip(*(one.texts for one in columns), strict=True))
    return len(records) == columns[0].records


def _listed(columns: Iterable[_Seen]) -> str:
    return f"[{', '.join(_quoted(one.name) for one in columns)}]"


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
