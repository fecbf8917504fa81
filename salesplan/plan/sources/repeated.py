"""Records whose key comes twice, or is blank, as the source's own engine finds them: of several the
one with the lowest fields is counted, the others are left out as an import leaves them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

from salesplan.dataclass import replace
from salesplan.findings import Finding, Place
from salesplan.plan.sources.groups import MOST_SHOWN, Grouping
from salesplan.plan.sources.mapping import Mapped
from salesplan.plan.sources.relations import Kind, Relation
from salesplan.plan.sources.table import text_of

COUNT = "key_count"


class Asked(Protocol):
    """A rule at the source's table."""

    mapped: Mapped
    table: Any
    kinds: dict[str, Kind]

    def text(self, column: str) -> Any:
        """A field as text."""

    def selected(self) -> Any:
        """Whether the rule selects a record."""


def once(grouping: Grouping, rules: Sequence[Asked], relation: Relation) -> Relation:
    """The relation with each key once, of the records that any of the rules selects."""
    names = rules[0].mapped.key
    made = {f"key_{at}": _key(rules[0], name) for at, name in enumerate(names)}
    keys = list(made)
    chosen = relation.table.mutate(**made).filter(reduce(or_, (one.selected() for one in rules)))
    counts = chosen.group_by(keys).aggregate(**{COUNT: chosen.count()})
    wrong = counts.filter(_is_blank(counts, keys) | (counts[COUNT] > 1))
    some = list(relation.ask(wrong.order_by(keys).limit(MOST_SHOWN + 1)))
    if not some:
        return relation
    known = sum(_refused(grouping, row, names) for row in some)
    if len(some) > MOST_SHOWN:
        import ibis

        extra = ibis.ifelse(_is_blank(wrong, keys), wrong[COUNT], wrong[COUNT] - 1).sum()
        ((total,),) = relation.ask(wrong.aggregate(total=extra))
        others = Finding.of("import-key-twice", Place(), line="—", key="…", first="—")
        grouping.refuse(others, int(total) - known)
    return replace(relation, table=_each_once(relation, chosen, wrong, keys))


def _key(asked: Asked, name: str) -> Any:
    """A column of the key: as it is where that is quicker, else its text."""
    alone = len(asked.mapped.key) == 1 and asked.kinds[name] is Kind.WHOLE
    return asked.table[name] if alone else asked.text(name)


def _is_blank(table: Any, keys: Sequence[str]) -> Any:
    if table[keys[0]].type().is_integer():
        return table[keys[0]].isnull()
    return reduce(and_, (table[name] == "" for name in keys))


def _refused(grouping: Grouping, row: Sequence[Any], names: Sequence[str]) -> int:
    """Leave out the records of a key but one, of no key all; how many they are."""
    *key, count = row
    parts = list(map(text_of, key))
    if not any(parts):
        finding = Finding.of("import-key-missing", Place(), line="—", column=tuple(names))
        grouping.refuse(finding, int(count))
        return int(count)
    told = "|".join(parts)
    finding = Finding.of("import-key-twice", Place(), line="—", key=told, first="—")
    grouping.refuse(finding, int(count) - 1)
    return int(count) - 1


def _each_once(relation: Relation, chosen: Any, wrong: Any, keys: list[str]) -> Any:
    import ibis

    columns = list(relation.kinds)
    sound = chosen.anti_join(wrong, keys).filter(lambda one: ~_is_blank(one, keys))
    several = chosen.semi_join(wrong, keys).filter(lambda one: ~_is_blank(one, keys))
    lowest = ibis.window(group_by=keys, order_by=[several[name].cast("string") for name in columns])
    first = several.mutate(key_turn=ibis.row_number().over(lowest))
    kept = first.filter(first["key_turn"] == 0)
    return sound.select(columns).union(kept.select(columns))
