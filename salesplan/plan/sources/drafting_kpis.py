"""Which column of a source names KPIs, and which of the master's its names mean: a draft then has a
rule for each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from salesplan.dataclass import dataclass
from salesplan.plan.model import Kpi, Plan

CALLED = re.compile(r"kpi|measure|metric|indicator|指标", re.IGNORECASE)
"""What such a column is called, where few of its names are KPIs."""

MOST = 0.5
"""The share of a column's fields that name KPIs, from which on it holds those."""


@dataclass(frozen=True, slots=True)
class KpiColumn:
    """The column, the spellings of each KPI that stands in it, in the plan's order, and how many
    records have each name that is no KPI's.
    """

    name: str
    known: Mapping[str, Sequence[str]]
    unknown: Counter[str]


def kpi_column(columns: Iterable[tuple[str, Sequence[str]]], plan: Plan) -> KpiColumn | None:
    """The column (name, fields) of which most fields name KPIs; None where none does."""
    best: KpiColumn | None = None
    share = 0.0
    for name, texts in columns:
        counts = Counter(texts)
        meant = {text: kpi for text in counts if (kpi := plan.kpi_index.one(text)) is not None}
        part = sum(counts[text] for text in meant) / len(texts)
        called = CALLED.search(name) is not None
        if (part > share and (called or part >= MOST)) or (called and best is None):
            best, share = _column(name, counts, meant, plan), part
    return best


def _column(name: str, counts: Counter[str], meant: Mapping[str, Kpi], plan: Plan) -> KpiColumn:
    known: dict[str, list[str]] = {kpi.code: [] for kpi in plan.kpis}
    for text in sorted(meant):
        known[meant[text].code].append(text)
    unknown = Counter({text: count for text, count in counts.items() if text not in meant})
    return KpiColumn(name, {code: texts for code, texts in known.items() if texts}, unknown)
