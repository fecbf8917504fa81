"""A rule's records grouped by the source's own engine: one expression of ibis, whatever it is.

What an engine can read for certain (a number, an ISO day) it sums up. Records with any other field
where a figure or a day belongs are odd: they come as they are, alike ones as one, and are read as
an import reads them. So every source takes and refuses the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial, reduce
from operator import and_, or_
from pathlib import Path
from sys import intern
from typing import Any

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import KpiKind, Month, Plan
from salesplan.plan.sources.accounts import ACTIVE
from salesplan.plan.sources.actuals import read_records
from salesplan.plan.sources.by_record import add_row, refuse
from salesplan.plan.sources.clerk import reader_of
from salesplan.plan.sources.computed import (
    EXACT,
    Call,
    ComputedError,
    Named,
    Number,
    Tree,
    computed,
)
from salesplan.plan.sources.conditions import (
    BETWEEN,
    EQUAL,
    LIKE,
    NOT,
    NOT_LIKE,
    ORDERS,
    Condition,
    Test,
)
from salesplan.plan.sources.figures import refuse_unread
from salesplan.plan.sources.formats import FieldReader
from salesplan.plan.sources.groups import FIGURES, MOST_CUSTOMERS, SIZES, Figures, Grouping
from salesplan.plan.sources.mapping import TEXTS, Mapped, Rule
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.parts import constants_are_whole, not_whole, overlays_of
from salesplan.plan.sources.relations import Kind, NotGroupedError, Relation
from salesplan.plan.sources.repeated import once
from salesplan.plan.sources.table import Field, SourceTable, text_of

MOST_ODD = 100_000
"""Odd records, alike ones as one, that are read here; more are read one by one from the start."""

MOST_PARTS = 10_000
"""Different parts of units, and days on which they do not make the whole, that are looked at."""

MOST_UNFOLDED = 300_000
"""Groups up to which it is cheaper to fold customers here than to have a text file's folded."""

MOST_GROUPS = 3_000_000
"""Groups that are taken over: more would be no summary."""

PLAIN = "decimal(38, 10)"
WITHIN = "decimal(28, 8)"
"""How a text is read as a number by itself, and within a computation: products have room."""

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_UNREAD = Decimal(-1)
_OTHER = "\ue000"
"""Stands for the customers beyond the largest until they are named."""


@dataclass(frozen=True, slots=True)
class Read:
    """A field as the engine reads it: its value, and whether it could not (None: it always can)."""

    value: Any
    odd: Any = None


def group(grouping: Grouping, sources: Sources, relation: Relation) -> None:
    """Put together what the source makes of each rule. Raises NotGroupedError where it cannot."""
    counted = Counter(rule.kpi for rule in sources.mapped.rules)
    if any(rule.account and counted[rule.kpi] > 1 for rule in sources.mapped.rules):
        raise NotGroupedError  # one record stands for an account in all of them
    if not constants_are_whole(sources.mapped.rules):
        raise NotGroupedError
    rules = [
        Asked(grouping.plan, sources.mapped, rule, relation, grouping)
        for rule in sources.mapped.rules
    ]
    for asked in rules:
        asked.check()
    each = once(grouping, rules, relation)
    for asked in rules:
        asked.begin(each)
        asked.put_together()


class Asked:
    """A rule at a source's table."""

    def __init__(
        self, plan: Plan, mapped: Mapped, rule: Rule, relation: Relation, grouping: Grouping
    ) -> None:
        self.plan, self.mapped, self.rule, self.grouping = plan, mapped, rule, grouping
        self.relation, self.table, self.kinds = relation, relation.table, relation.kinds
        self.name = grouping.name
        self.reader: FieldReader = reader_of(mapped, plan)
        self.kind = plan.kpi_by_code[rule.kpi].kind
        self.texts = [name for name in TEXTS if name in rule.columns]
        share = rule.figures.get("share")
        self.share = share if isinstance(share, str) else ""
        self.parts = [name for name in FIGURES if name in rule.figures]
        self._read: dict[tuple[str, str], str] = {}
        """Columns that hold what fields read as, by field and by what they are read as."""

    def check(self) -> None:
        """Raise SalesplanError (exit 2) where a column is not there."""
        refuse_unread(self.mapped.unread, self.kinds)
        header = tuple(self.kinds)
        path = Path(self.name)
        SourceTable(path, header, lambda: iter(())).check(dict.fromkeys(self._columns()))

    def begin(self, relation: Relation) -> None:
        """Ask this relation from now on, each text of it read as a number or a day once."""
        self.relation, self.table, self._read = relation, relation.table, {}
        made: dict[str, Any] = {}
        for column, into in dict.fromkeys(self._reads()):
            if into and self.kinds.get(column) is Kind.TEXT:
                read = self._day(column) if into == "date" else self._number(column, into)
                name = f"read_{len(made)}"
                made[name], self._read[column, into] = read.value, name
        if made:
            self.table = self.table.mutate(**made)

    def _reads(self) -> Iterator[tuple[str, str]]:
        """The fields that are read as numbers and days, with what they are read as."""
        yield self.rule.columns["day"], "date"
        yield from map(_bounded, self.rule.where)
        for figure in self.rule.figures.values():
            if isinstance(figure, tuple):
                yield from map(_bounded, figure)
            elif isinstance(figure, str) and figure in self.kinds:
                yield figure, PLAIN
            elif isinstance(figure, str):
                yield from ((column, WITHIN) for column in self._of_figure(figure))

    def _columns(self) -> Iterator[str]:
        """Every column that the rule needs."""
        yield from self.mapped.key
        yield from self.rule.columns.values()
        yield from (test.column for test in self.rule.where)
        yield from [self.rule.account] if self.rule.account else []
        for figure in self.rule.figures.values():
            if isinstance(figure, str):
                yield from self._of_figure(figure)
            elif isinstance(figure, tuple):
                yield from (test.column for test in figure)

    def _of_figure(self, figure: str) -> Sequence[str]:
        if figure in self.kinds:
            return [figure]
        try:
            return computed(figure).columns or [figure]
        except ComputedError:
            return [figure]

    # --- fields -----------------------------------------------------------------------------------

    def text(self, column: str) -> Any:
        """A field as text without outer blanks; "" for nothing."""
        text = self.table[column]
        if self.kinds[column] is not Kind.TEXT:
            text = text.cast("string")
        text = text.strip()
        for nothing in sorted(self.mapped.formats.nothing):
            text = text.nullif(nothing)
        return text.coalesce("")

    def _number(self, column: str, into: str = PLAIN) -> Read:
        """A field as a number; odd where it is blank, or not plainly one."""
        if (column, into) in self._read:
            known = self.table[self._read[column, into]]
            return Read(known, known.isnull())
        kind, given = self.kinds[column], self.table[column]
        if kind in (Kind.WHOLE, Kind.DECIMAL):
            value = given if into == PLAIN else given.cast(into)
            return Read(value, given.isnull())
        if kind is Kind.FLOAT:
            cast = given.try_cast if self.relation.tries else given.cast
            value = cast("decimal(38, 6)" if into == PLAIN else into)
            return Read(value, value.isnull())
        if kind is not Kind.TEXT:
            return Read(self._nothing(into), self._yes())
        value = self._parsed(self.text(column), into)
        if self.relation.tries and self.mapped.formats.signs.decimal == ".":
            import ibis

            quick = given.try_cast(into)  # most have no blanks around them
            value = ibis.ifelse(quick.notnull(), quick, value)
        return Read(value, value.isnull())

    def _parsed(self, text: Any, into: str) -> Any:
        """A text as a number, where it is plainly one in the mapping's signs; else nothing."""
        import ibis

        signs = self.mapped.formats.signs
        point = {".": r"\.", ",": ",", "٫": "٫"}[signs.decimal]
        apart = {"": "", ".": r"\.", " ": " "}.get(signs.thousands, signs.thousands)
        grouped = rf"|\d{{1,3}}({apart}\d{{3}})+" if apart else ""
        pattern = rf"^[+-]?(\d{{1,16}}{grouped})({point}\d{{1,10}})?$"
        written = text
        if signs.thousands:
            written = written.replace(signs.thousands, "")
        if signs.decimal != ".":
            written = written.replace(signs.decimal, ".")
        if self.relation.tries:
            told = ibis.cases((text.re_search(pattern), written.try_cast(into)))
            return text.try_cast(into).coalesce(told) if signs.decimal == "." else told
        safe = ibis.cases((text.re_search(pattern), written), else_="0").cast(into)
        return ibis.cases((text.re_search(pattern), safe))

    def _day(self, column: str) -> Read:
        """A field as a day. Raises NotGroupedError where times have to be moved between zones."""
        import ibis

        if (column, "date") in self._read:
            known = self.table[self._read[column, "date"]]
            return Read(known, known.isnull())
        kind, given = self.kinds[column], self.table[column]
        if kind is Kind.ZONED or (kind is Kind.MOMENT and self.mapped.formats.time_zone):
            raise NotGroupedError
        if kind in (Kind.DAY, Kind.MOMENT):
            value = given if kind is Kind.DAY else given.cast("date")
            return Read(value, value.isnull())
        if kind is not Kind.TEXT or self.mapped.formats.days is not None:
            return Read(ibis.null("date"), self._yes())
        text = self.text(column)
        if self.relation.tries:
            bare_day = ibis.cases((text.length() == 10, text.try_cast("date")))
            value = ibis.ifelse(given.length() == 10, given.try_cast("date"), bare_day)
        else:
            plain = text.re_search(_DAY)
            safe = ibis.cases((plain, text), else_="2000-01-01").cast("date")
            value = ibis.cases((plain, safe))
        return Read(value, value.isnull())

    def _yes(self) -> Any:
        import ibis

        return ibis.literal(True)

    def _nothing(self, into: str) -> Any:
        import ibis

        return ibis.null(into)

    # --- conditions and figures -------------------------------------------------------------------

    def holds(self, condition: Condition) -> Read:
        """Whether a record meets all of a condition; an odd one may."""
        tests = [self._test(test) for test in condition]
        odd = [one.odd for one in tests if one.odd is not None]
        met = reduce(and_, (one.value for one in tests)) if tests else self._yes()
        return Read(met, reduce(or_, odd) if odd else None)

    def _test(self, test: Test) -> Read:
        if test.operator in (EQUAL, NOT):
            met = self._is_one_of(test.column, sorted(test.texts))
            return Read(met if test.operator == EQUAL else ~met)
        if test.operator in (LIKE, NOT_LIKE):
            text = self.text(test.column)
            met = reduce(or_, (text.ilike(one) for one in sorted(test.texts)))
            return Read(met if test.operator == LIKE else ~met)
        is_number = isinstance(test.bounds[0], Decimal)
        read = self._number(test.column) if is_number else self._day(test.column)
        if test.operator == BETWEEN:
            low, high = map(self._literal, test.bounds)
            met = (read.value >= low) & (read.value <= high)
        else:
            met = ORDERS[test.operator](read.value, self._literal(test.bounds[0]))
        blank = self.text(test.column) == ""
        return Read(met.coalesce(False), read.odd & ~blank)

    def _is_one_of(self, column: str, texts: Sequence[str]) -> Any:
        """Whether a field is one of these texts, as a person would type it."""
        kind, given = self.kinds[column], self.table[column]
        if kind in (Kind.WHOLE, Kind.DECIMAL, Kind.FLOAT):
            read = [self.reader.number(text, "") for text in texts]
            numbers = [number for number in read if number is not None]
            met = self._number(column).value.isin(list(map(self._literal, numbers)))
            met = met.coalesce(False) if numbers else ~self._yes()
            return met | given.isnull() if "" in texts else met
        if kind is Kind.OTHER and all(text in ("TRUE", "FALSE", "") for text in texts):
            return self.text(column).upper().isin(texts)
        return self.text(column).isin(texts)

    def _literal(self, value: Decimal | date) -> Any:
        import ibis

        if isinstance(value, Decimal):
            return ibis.literal(str(value)).cast(PLAIN)
        return ibis.date(value.year, value.month, value.day)

    def _figure(self, name: str) -> Read:
        figure = self.rule.figures[name]
        if isinstance(figure, Decimal):
            return Read(self._literal(figure))
        if isinstance(figure, tuple):
            import ibis

            met = self.holds(figure)
            return Read(ibis.ifelse(met.value, 1, 0), met.odd)
        if figure in self.kinds:
            return self._number(figure)
        return self._computed(computed(figure).tree)

    def _computed(self, tree: Tree) -> Read:
        if isinstance(tree, Number):
            return Read(self._literal(tree.value).cast(WITHIN))
        if isinstance(tree, Named):
            return self._number(tree.column, WITHIN)
        given = [self._computed(one) for one in tree.given]
        odd = [one.odd for one in given if one.odd is not None]
        value, more = self._called(tree, [one.value for one in given])
        odd += [] if more is None else [more]
        return Read(value, reduce(or_, odd) if odd else None)

    def _called(self, tree: Call, given: Sequence[Any]) -> tuple[Any, Any]:
        """What is made of values, and where nothing can be."""
        import ibis

        if tree.name == "/":
            nothing = given[1] == 0
            quotient = given[0] / ibis.ifelse(
                nothing, self._literal(Decimal(1)).cast(WITHIN), given[1]
            )
            return quotient.cast(WITHIN), nothing
        if tree.name == "*":
            return (given[0] * given[1]).cast(WITHIN), None
        if tree.name in ("+", "-"):
            sum_ = -given[0] if len(given) == 1 else given[0] - given[1]
            return (given[0] + given[1] if tree.name == "+" else sum_).cast(WITHIN), None
        if tree.name == "round":
            places = tree.given[1] if len(tree.given) > 1 else Number(Decimal(0))
            if not isinstance(places, Number):
                raise NotGroupedError
            return given[0].round(int(places.value)).cast(WITHIN), None
        if tree.name == "abs":
            return given[0].abs(), None
        return (ibis.least if tree.name == "min" else ibis.greatest)(*given), None

    def selected(self) -> Any:
        """Whether the rule selects a record; of an odd one that cannot be told yet."""
        met = self.holds(self.rule.where)
        return met.value if met.odd is None else met.value | met.odd

    # --- what is asked ----------------------------------------------------------------------------

    def _records(self) -> tuple[Any, list[str]]:
        """The selected records: dimensions, day, figures and whether they are odd; and the names
        of the dimensions.
        """
        import ibis

        met, day = self.holds(self.rule.where), self._day(self.rule.columns["day"])
        figures = {name: self._figure(name) for name in self.parts}
        odds = [one.odd for one in (met, day, *figures.values()) if one.odd is not None]
        odd = reduce(or_, odds) if odds else ~self._yes()
        made = {f"d_{name}": self.table[self.rule.columns[name]] for name in ("unit", *self.texts)}
        if self.share:
            made["d_share"] = self.table[self.share]
        bucket = day.value
        if self.by_month:
            bucket = day.value.truncate("M")
        elif not self._by_day():
            early = day.value < self._literal(self.grouping.window.days_from)
            bucket = ibis.ifelse(early, day.value.truncate("M"), day.value)
        raw = {f"r_{at}": self.text(name) for at, name in enumerate(self._needed())}
        if self.grouping.window.records:
            keys = map(self.text, self.mapped.key)
            made["f_id"] = reduce(lambda one, other: one + "|" + other, keys)
        if self.share:
            made["f_part"] = self.text(self.share)
        if self.rule.account or self.share:
            made["f_day"] = day.value
        if self.rule.account:
            made["f_account"] = self.text(self.rule.account)
            made["f_key"] = self.relation.in_order(self.text(self.mapped.key[0]))
        wanted = met.value if met.odd is None else met.value | met.odd
        first = self._literal(self.grouping.window.first.first)
        if not self.rule.account and self.rule.where:
            wanted = wanted & (odd | (day.value >= first))
        numbers = {f"v_{name}": one.value for name, one in figures.items()}
        columns = {**made, "d_when": bucket, "odd": odd, **numbers, **raw}
        if not self.rule.where:
            chosen = self.table.mutate(**columns)
        else:
            chosen = self.table.mutate(wanted=wanted, **columns).filter(lambda one: one.wanted)
        return chosen, [name for name in (*made, "d_when") if name.startswith("d_")]

    def _by_day(self) -> bool:
        """Whether each day counts by itself in earlier months, too."""
        return self.kind.is_snapshot or ("currency" in self.texts and bool(self.plan.rates))

    @property
    def by_month(self) -> bool:
        """Whether the figures are those of whole months: how many accounts bought again."""
        return bool(self.rule.repeat_of) and self.kind.is_snapshot

    def _needed(self) -> list[str]:
        return list(dict.fromkeys(self._columns()))

    def _grouped(self, records: Any, dimensions: Sequence[str]) -> Any:
        """Sums of the records that are not odd, how many they are, and how many there are."""
        import ibis

        sound = records.mutate(
            one=ibis.cases((~records["odd"], 1)),
            **{name: ibis.cases((~records["odd"], records[name])) for name in self._sums()},
        )
        lowest = self.kind.least_counts
        sums = {name: sound[name].min() if lowest else sound[name].sum() for name in self._sums()}
        return sound.group_by(list(dimensions)).aggregate(
            rows=sound["one"].count(), all_rows=sound.count(), **sums
        )

    def _sums(self) -> list[str]:
        return [f"v_{name}" for name in self.parts]

    def _without_small_customers(self, grouped: Any, dimensions: Sequence[str]) -> Any:
        """The groups with the customers beyond the largest of each unit as one."""
        import ibis

        sized_by = [f"v_{name}" for name in ("value", "denominator") if name in self.parts]
        weight = next(iter(sized_by), "rows")
        keys = ["d_unit", "d_customer"]
        sized = grouped.mutate(
            size=grouped[weight].abs().sum().over(ibis.window(group_by=keys)),
        )
        order = [ibis.desc("size"), "d_customer"]
        ranked = sized.mutate(
            place=ibis.dense_rank().over(ibis.window(group_by=["d_unit"], order_by=order))
        )
        kept = ranked.mutate(
            d_customer=ibis.ifelse(
                ranked["place"] < MOST_CUSTOMERS,
                ranked["d_customer"].cast("string"),
                ibis.literal(_OTHER),
            )
        )
        sums = {name: kept[name].sum() for name in self._sums()}
        counts = {name: kept[name].sum() for name in ("rows", "all_rows")}
        return kept.group_by(list(dimensions)).aggregate(**counts, **sums)

    def question(self, folded: bool = False) -> tuple[Any, list[str], Any]:
        """What the source is asked for, its columns, and the records that it is made of;
        ``folded``: with the customers beyond the largest as one.
        """
        records, dimensions = self._records()
        if self.rule.account:
            records = self._of_accounts(records)
        if self.share:
            records = self._of_whole(records)
        grouped = self._grouped(records, dimensions)
        if not self.rule.where:  # a group is cheaper to leave out than its records
            first = self._literal(self.grouping.window.first.first)
            odd = grouped["all_rows"] > grouped["rows"]
            grouped = grouped.filter(odd | (grouped["d_when"] >= first))
        if folded:
            grouped = self._without_small_customers(grouped, dimensions)
        columns = [*dimensions, "rows", "all_rows", *self._sums()]
        return grouped.select(columns), columns, records

    def put_together(self) -> None:
        """Ask the source, and take its groups over; then the odd records, where it has any."""
        if "customer" in self.texts and self.relation.tries and not self.relation.by_column:
            whole, self.grouping = self.grouping, self.grouping.beside()
            if self._put_together(False, MOST_UNFOLDED):
                whole.absorb(self.grouping)
                self.grouping = whole
                return
            self.grouping = whole
        folded = "customer" in self.texts and self._has_many_customers()
        if not self._put_together(folded, MOST_GROUPS):
            finding = Finding.of("source-too-many-groups", Place(self.name), count=MOST_GROUPS)
            raise SalesplanError(finding, 1)

    def _put_together(self, folded: bool, most: int) -> bool:
        """Whether there were no more groups than that."""
        question, columns, records = self.question(folded)
        odd = 0
        taken = _Taken(self, columns)
        for count, row in enumerate(self.relation.ask(question)):
            if count > most:
                return False
            odd += taken.take(row)
        if odd and self.rule.account:
            raise NotGroupedError
        if odd:
            self._take_odd(records)
        if self.grouping.window.records and self.kind is not KpiKind.MILESTONE:
            self._show(taken, columns, records)
        return True

    def _show(self, taken: _Taken, columns: Sequence[str], records: Any) -> None:
        """Show the largest records of the report month by themselves."""
        import ibis

        window = self.grouping.window
        first, last = self._literal(window.month.first), self._literal(window.month.last)
        named = [f"v_{name}" for name in SIZES if name in self.parts]
        inside = (records["d_when"] >= first) & (records["d_when"] <= last) & ~records["odd"]
        chosen = records.filter(inside).mutate(rows=1, all_rows=1)
        order = [ibis.desc(chosen[named[0]].abs()), "f_id"] if named else ["f_id"]
        asked = chosen.order_by(order).limit(window.records).select([*columns, "f_id"])
        for row in self.relation.ask(asked):
            taken.show(row, text_of(row[-1]))

    def _has_many_customers(self) -> bool:
        """Whether some may be beyond the largest; asked first where that reads one column only."""
        if not self.relation.by_column:
            return True
        column = self.table[self.rule.columns["customer"]]
        ((count,),) = self.relation.ask(self.table.aggregate(count=column.approx_nunique()))
        return int(count) > MOST_CUSTOMERS // 2

    def _is_unit(self, given: Field) -> bool:
        return self.grouping.unit_of(self._named(given)) is not None

    def _of_accounts(self, records: Any) -> Any:
        """The records that stand for their accounts, of all those that an import would place."""
        import ibis

        if len(self.mapped.key) > 1:
            raise NotGroupedError
        given = records["d_unit"]
        blank = records["f_account"] == ""
        asked = records.group_by(d_unit=given).aggregate(
            odd=ibis.ifelse(records["odd"], 1, 0).max(),
            rows=records.count(),
            blank=ibis.ifelse(blank, 1, 0).sum(),
        )
        known = []
        for unit, odd, rows, without in self.relation.ask(asked):
            if odd:
                raise NotGroupedError
            if not self._is_unit(unit):
                self._refuse(rows, "import-unit-unknown", unit=text_of(unit) or "—")
                continue
            known.append(unit)
            if without:
                facts = {"column": self.rule.account, "kpi": self.rule.kpi}
                self._refuse(without, "import-first-of-blank", **facts)
        if not known:
            raise NotGroupedError
        ours = records.filter(given.isin(known) & ~blank)
        return self._firsts(ours) if self.rule.first_of else self._repeats(ours)

    def _of_whole(self, records: Any) -> Any:
        """The records without those whose parts do not make the whole
        (:mod:`~salesplan.plan.sources.parts`).
        """
        import ibis

        said = records.filter(records["f_part"] != "")
        given = said.group_by(["f_part", "d_unit"]).aggregate(
            odd=ibis.ifelse(said["odd"], 1, 0).max()
        )
        found = list(self.relation.ask(given.limit(MOST_PARTS + 1)))
        read = {text: self.reader.share(text) for text, _, _ in found}
        shares = {text: share for text, share in read.items() if share is not None}
        unclear = any(odd and shares.get(text, 1) != 1 for text, _, odd in found)
        if unclear or len(found) > MOST_PARTS:
            raise NotGroupedError
        units = {unit: self.grouping.unit_of(self._named(unit)) for _, unit, _ in found}
        known = [unit for unit, code in units.items() if code is not None]
        if not shares or not known:
            return records
        nothing = ibis.null(PLAIN)
        made = [(records["f_part"] == text, self._literal(one)) for text, one in shares.items()]
        part = ibis.ifelse(records["d_unit"].isin(known), ibis.cases(*made, else_=nothing), nothing)
        over = overlays_of(self.plan)
        beside = [unit for unit in known if units[unit] in over]
        own = ibis.ifelse(records["d_unit"].isin(beside), nothing, part) if beside else part
        alike = ["odd", "f_day", *(f"d_{name}" for name in self.texts), *self._sums()]
        figure = ibis.window(group_by=alike)
        parted = records.mutate(part=part, own=own)
        told = parted.mutate(
            taken=parted["own"].sum().over(figure), most=parted["part"].max().over(figure)
        )
        makes = (told["taken"] > 0) & (told["taken"].floor() == told["taken"])
        whole = (told["most"] <= 1) & (told["taken"].isnull() | makes)
        judged = told.mutate(whole=told["part"].isnull() | told["odd"] | whole)
        wrong = judged.filter(~judged["whole"])
        sets = wrong.group_by(["f_day", "taken", "most"]).aggregate(rows=wrong.count())
        some = list(self.relation.ask(sets.order_by(["f_day", "taken", "most"]).limit(MOST_PARTS)))
        for day, taken, most, rows in some:
            shown = most if most > 1 or taken is None else taken
            self.grouping.refuse(not_whole(day, Decimal(str(shown))), int(rows))
        return judged.filter(judged["whole"]) if some else records

    def _named(self, given: Field) -> str:
        text = bare(self.mapped, given)
        return self.mapped.aliases.get("unit", {}).get(text, text)

    def _refuse(self, rows: object, code: str, **facts: object) -> None:
        self.grouping.refuse(Finding.of(code, Place(), line="—", **facts), int(str(rows)))

    def _firsts(self, records: Any) -> Any:
        """Of each account the earliest record, of one day the one with the lowest key."""
        import ibis

        order = ibis.window(group_by=["f_account"], order_by=["f_day", "f_key"])
        turns = records.mutate(turn=ibis.row_number().over(order))
        return turns.filter(lambda one: one.turn == 0)

    def _repeats(self, records: Any) -> Any:
        """Of each account and month the first record that comes on a later day than another, where
        none does its first one, with figures of those that bought again
        (:class:`~salesplan.plan.sources.accounts.Repeats`).
        """
        import ibis

        order = ibis.window(group_by=["f_account"], order_by=["f_day", "f_key"])
        seen = records.mutate(before=records["f_day"].lag().over(order))
        days = seen.filter(seen["before"].isnull() | (seen["before"] < seen["f_day"]))
        soon = days["before"].notnull()
        if self.rule.within:
            last = days["before"] + ibis.interval(days=self.rule.within)
            soon = soon & (days["f_day"] <= last.cast("date"))
        known = days.mutate(month=days["f_day"].truncate("M"), again=ibis.ifelse(soon, 1, 0))
        one = ibis.window(group_by=["f_account", "month"], order_by=[ibis.desc("again"), "f_day"])
        turns = known.mutate(turn=ibis.row_number().over(one)).filter(lambda one: one.turn == 0)
        if "denominator" not in self.parts:
            turns = turns.filter(turns["again"] == 1)
        bought = turns["again"] == 1
        again = [name for name in self._sums() if name.removeprefix("v_") not in ACTIVE]
        nothing = self._literal(Decimal(0))
        return turns.mutate(**{name: ibis.ifelse(bought, turns[name], nothing) for name in again})

    def _take_odd(self, records: Any) -> None:
        """Read the odd records as an import would, each with how often it comes."""
        needed = self._needed()
        keys = [f"r_{at}" for at, _ in enumerate(needed)]
        odd = records.filter(records["odd"]).group_by(keys).aggregate(times=lambda one: one.count())
        found = list(self.relation.ask(odd.select([*keys, "times"]).limit(MOST_ODD + 1)))
        if len(found) > MOST_ODD:
            raise NotGroupedError
        times = {at: int(row[-1]) for at, row in enumerate(found, 1)}
        lines = [(at, [str(at), *row[:-1]]) for at, row in enumerate(found, 1)]
        table = SourceTable(Path(self.name), ("#", *needed), partial(iter, lines))
        alone = replace(self.mapped, rules=(self.rule,), key=("#",), sql="", table="")
        imported = read_records(_Held((), Path(), alone, table=table), alone, self.plan)
        for row in imported.rows:
            add_row(self.grouping, row, times[row.line])
        refuse(self.grouping, imported, times)


class _Taken:
    """What comes back: rows of the engine put to their groups, each different field looked at
    once.
    """

    def __init__(self, asked: Asked, columns: Sequence[str]) -> None:
        self.mapped, self.rule, self.grouping = asked.mapped, asked.rule, asked.grouping
        self.reader, self.share_column = asked.reader, asked.share
        self.by_month = asked.by_month
        at = {name: place for place, name in enumerate(columns)}
        self.unit_at, self.when_at, self.share_at = at["d_unit"], at["d_when"], at.get("d_share")
        self.rows_at, self.all_at = at["rows"], at["all_rows"]
        self.texts_at = [at.get(f"d_{name}") for name in TEXTS]
        self.sums_at = [(at.get(f"v_{name}"), name == "value") for name in FIGURES]
        self.unit, self.told, self.share = cache(self._unit), cache(self._told), cache(self._share)

    def take(self, row: Sequence[Any]) -> int:
        """Put a row to its group; how many odd records it stands for."""
        rows = row[self.rows_at]
        odd = int(row[self.all_at]) - int(rows)
        if not rows:
            return odd
        unit = self.unit(row[self.unit_at])
        if unit is None:
            given = text_of(row[self.unit_at]) or "—"
            finding = Finding.of("import-unit-unknown", Place(), line="—", unit=given)
            self.grouping.refuse(finding, int(rows))
            return odd
        share = self.share(None if self.share_at is None else row[self.share_at])
        if share == _UNREAD and self.share_at is not None:
            facts = {"line": "—", "column": self.share_column, "text": text_of(row[self.share_at])}
            self.grouping.refuse(Finding.of("import-number", Place(), **facts), int(rows))
            return odd
        day, texts, figures = self._read(row)
        self.grouping.add(self.rule.kpi, day, unit, texts, figures, share, int(rows))
        return odd

    def show(self, row: Sequence[Any], key: str) -> None:
        """Show a record by itself; one that was left out is not."""
        unit = self.unit(row[self.unit_at])
        share = self.share(None if self.share_at is None else row[self.share_at])
        if unit is not None and (self.share_at is None or share != _UNREAD):
            day, texts, figures = self._read(row)
            self.grouping.show(key, self.rule.kpi, day, unit, texts, figures, share)

    def _read(self, row: Sequence[Any]) -> tuple[date | Month, tuple[str, ...], Figures]:
        texts = tuple("" if at is None else self.told(at, row[at]) for at in self.texts_at)
        figures = tuple(self._sum(row, at, scaled) for at, scaled in self.sums_at)
        when = row[self.when_at]
        day = when.date() if isinstance(when, datetime) else when
        return Month.of(day) if self.by_month else day, texts, figures

    def _unit(self, given: Field) -> str | None:
        text = bare(self.mapped, given)
        return self.grouping.unit_of(self.mapped.aliases.get("unit", {}).get(text, text))

    def _told(self, at: int, given: Field) -> str:
        if given == _OTHER:
            return self.grouping.other
        text, name = bare(self.mapped, given), TEXTS[self.texts_at.index(at)]
        return intern(self.mapped.aliases.get(name, {}).get(text, text))

    def _share(self, given: Field) -> Decimal | None:
        """The part that is said: none of it is the whole; :data:`_UNREAD` where it is no part."""
        constant = self.rule.figures.get("share")
        if isinstance(constant, Decimal):
            return constant
        if self.share_at is None or not bare(self.mapped, given):
            return None
        share = self.reader.share(given)
        return _UNREAD if share is None else share

    def _sum(self, row: Sequence[Any], at: int | None, scaled: bool) -> Decimal | None:
        given = None if at is None else row[at]
        if given is None:
            return None
        number = given if isinstance(given, Decimal) else Decimal(str(given))
        return EXACT.multiply(number, self.rule.scale) if scaled else number


def _bounded(test: Test) -> tuple[str, str]:
    """What a test reads its field as; nothing where it compares texts."""
    if not test.bounds:
        return test.column, ""
    return test.column, PLAIN if isinstance(test.bounds[0], Decimal) else "date"


def bare(mapped: Mapped, given: Field) -> str:
    """A field as text; "" for what means nothing."""
    text = text_of(given)
    return "" if text in mapped.formats.nothing else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(Sources):
    """One table that is at hand already."""

    table: SourceTable

    def tables(self) -> Iterator[SourceTable]:
        """The table."""
        yield self.table
