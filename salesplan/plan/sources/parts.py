"""Records of which several units have a part, each by a record of its own (``share``): the parts
of one figure make 100 %. Where they do not, none of them counts.

Records are of one figure that are alike in all but unit and part; of several figures alike the
parts make so many times 100 %. Those of overlay units (叠加) stand beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from salesplan.findings import Finding, Place
from salesplan.plan.credits import percent
from salesplan.plan.model import Plan
from salesplan.plan.sources.mapping import Rule
from salesplan.plan.sources.rows import ActualRow


def overlays_of(plan: Plan) -> frozenset[str]:
    """The units whose parts are beside those of the others."""
    return frozenset(unit.code for unit in plan.units if unit.overlay)


def constants_are_whole(rules: Iterable[Rule]) -> bool:
    """Whether rules that give parts of the same records as numbers give the whole of them."""
    taken: defaultdict[Hashable, Decimal] = defaultdict(Decimal)
    for rule in rules:
        share = rule.figures.get("share")
        if isinstance(share, Decimal):
            figures = tuple(item for item in rule.figures.items() if item[0] != "share")
            columns = tuple(item for item in rule.columns.items() if item[0] != "unit")
            taken[rule.kpi, rule.where, figures, columns, rule.scale] += share
    return all(one == 1 for one in taken.values())


def broken(rows: Sequence[ActualRow], plan: Plan) -> dict[int, Finding]:
    """The places of rows whose parts do not make the whole, with what is said of them."""
    overlays = overlays_of(plan)
    alike: defaultdict[Hashable, list[tuple[int, Decimal, bool]]] = defaultdict(list)
    for at, row in enumerate(rows):
        figures = row.figures
        share = figures.pop("share", None)
        if share is not None:
            one = (at, share, row.unit in overlays)
            alike[row.kpi, row.day, *row.texts.items(), *figures.items()].append(one)
    found: dict[int, Finding] = {}
    for parts in alike.values():
        own = [part for _, part, beside in parts if not beside]
        most, taken = max(part for _, part, _ in parts), sum(own, Decimal(0))
        if most > 1 or (own and (taken <= 0 or taken % 1)):
            said = not_whole(rows[parts[0][0]].day, most if most > 1 or not own else taken)
            found |= dict.fromkeys((at for at, _, _ in parts), said)
    return found


def not_whole(day: object, taken: Decimal) -> Finding:
    """What is said of records whose parts come to that."""
    text = f"{day}: {percent(Fraction(taken))}"
    return Finding.of("source-refused-share", Place(), count=1, texts=[text], text=text)
