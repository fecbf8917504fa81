"""The columns that a mapping asks for beyond a source's own: fields that mean nothing left blank,
months side by side put one under another, further tables joined, texts put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from salesplan.dataclass import dataclass, field, replace
from salesplan.findings import Finding, Place
from salesplan.plan.sources.mapping import Join, Mapped, Unpivot, columns_of, parts_of
from salesplan.plan.sources.table import Field, Numbered, Record, SourceTable, text_of

Opened = Callable[[Join], SourceTable]
MOST_NAMED = 5
"""Keys without a partner that are named; the others are counted."""


class Unjoined(tuple[Field, ...]):
    """A record without a partner in a joined table, which asks for one: it is refused."""

    join: Join
    key: str


@dataclass(slots=True)
class Shaped:
    """A source as a mapping wants it; ``missed`` counts, by join, the keys without a partner."""

    table: SourceTable
    key: tuple[str, ...]
    missed: dict[str, Counter[str]] = field(default_factory=dict)
    remarks: tuple[Finding, ...] = ()

    def said(self) -> Iterator[Finding]:
        """By join, how many records found no partner, and which keys they bear."""
        for name, keys in self.missed.items():
            if keys:
                named = [key for key, _ in keys.most_common(MOST_NAMED)]
                yield Finding.of(
                    "import-join-missed",
                    Place(self.table.name),
                    name=self.table.name,
                    table=name,
                    count=keys.total(),
                    keys=[*named, "…"] if len(keys) > len(named) else named,
                )


def shaped(table: SourceTable, mapped: Mapped, joined: Opened) -> Shaped:
    """The source with all columns that the mapping names. ``joined`` opens a further table.

    Raises SalesplanError (exit 2) where one of the columns is not there, or where a joined table
    has a key twice: its records would be counted twice.
    """
    made = Shaped(table, mapped.key, remarks=table.remarks)
    if mapped.formats.nothing:
        made.table = replace(table, rows=partial(_blanked, table.rows, mapped.formats.nothing))
    if mapped.unpivot is not None:
        made.table = _unpivoted(made.table, mapped.unpivot)
        made.key = (*mapped.key, mapped.unpivot.into)
    if mapped.joins:
        made.table = _named_apart(made.table)
    for join in mapped.joins:
        other = joined(join)
        made.remarks += other.remarks
        made.table = _joined(made.table, join, other, made.missed)
    for template in mapped.templates:
        made.table = _put_together(made.table, template)
    return made


def _blanked(rows: Callable[[], Numbered], nothing: frozenset[str]) -> Numbered:
    for line, record in rows():
        if record is None:
            yield line, None
            continue
        yield line, [None if text_of(one) in nothing else one for one in record]


def _unpivoted(table: SourceTable, unpivot: Unpivot) -> SourceTable:
    table.check(unpivot.columns)
    wide = {name: table.at(name) for name in unpivot.columns}
    kept = [at for at, _ in enumerate(table.header) if at not in set(wide.values())]
    header = (*(table.header[at] for at in kept), unpivot.into, unpivot.value)
    places = [(at, unpivot.columns[name]) for name, at in wide.items()]

    def rows() -> Numbered:
        for line, record in table.rows():
            if record is None:
                yield line, None
                continue
            shared = [record[at] for at in kept]
            for at, word in places:
                if text_of(record[at]):  # blank is never zero
                    yield line, [*shared, word, record[at]]

    return replace(table, header=header, rows=rows)


def _named_apart(table: SourceTable) -> SourceTable:
    """The table with its columns by their whole names, too: orders.Country."""
    stem = table.path.name.partition(".")[0]
    return replace(table, also={f"{stem}.{name}": at for at, name in enumerate(table.header)})


def _joined(
    table: SourceTable, join: Join, other: SourceTable, missed: dict[str, Counter[str]]
) -> SourceTable:
    theirs = [name for _, name in join.on]
    table.check(ours for ours, _ in join.on)
    other.check((*theirs, *join.columns))
    taken = join.columns or tuple(name for name in other.header if name not in theirs)
    width = len(table.header)
    header = (*table.header, *(_bare(name, theirs, join) for name in taken))
    also = {f"{join.name}.{name}": width + at for at, name in enumerate(taken)}
    also |= {f"{join.name}.{name}": table.at(ours) for ours, name in join.on}
    partners = _partners(other, theirs, taken)
    at_ours = [table.at(ours) for ours, _ in join.on]
    blank: tuple[Field, ...] = (None,) * len(taken)
    counts = missed.setdefault(join.name, Counter())

    def rows() -> Numbered:
        for line, record in table.rows():
            if record is None or isinstance(record, Unjoined):
                yield line, record
                continue
            key = tuple(text_of(record[at]) for at in at_ours)
            partner = partners.get(key)
            if partner is not None:
                yield line, (*record, *partner)
                continue
            counts[" | ".join(key)] += 1
            yield line, (*record, *blank) if join.keep else _lost(record, join, key)

    return replace(table, header=header, rows=rows, also={**table.also, **also})


def _lost(record: Record, join: Join, key: Sequence[str]) -> Unjoined:
    lost = Unjoined(record)
    lost.join, lost.key = join, " | ".join(key)
    return lost


def _bare(name: str, theirs: Sequence[str], join: Join) -> str:
    """A joined column's name; that of the key goes by its whole name, since it says the same."""
    return f"{join.name}.{name}" if name in theirs else name


def _partners(
    other: SourceTable, theirs: Sequence[str], taken: Sequence[str]
) -> Mapping[tuple[str, ...], Record]:
    at_theirs, at_taken = [other.at(name) for name in theirs], [other.at(name) for name in taken]
    partners: dict[tuple[str, ...], Record] = {}
    for line, record in other.rows():
        if record is None:
            raise other.refusal("import-join-broken", 4, line=str(line))
        key = tuple(text_of(record[at]) for at in at_theirs)
        if key in partners:
            raise other.refusal("import-join-twice", 2, line=str(line), key=" | ".join(key))
        partners[key] = tuple(record[at] for at in at_taken)
    return partners


def _put_together(table: SourceTable, template: str) -> SourceTable:
    table.check(columns_of(template))
    pieces = [(text, table.at(column) if column else -1) for text, column in parts_of(template)]

    def rows() -> Numbered:
        for line, record in table.rows():
            if record is None or isinstance(record, Unjoined):
                yield line, record
                continue
            texts = (text + (text_of(record[at]) if at >= 0 else "") for text, at in pieces)
            yield line, [*record, "".join(texts).strip()]

    return replace(table, header=(*table.header, template), rows=rows)
