"""An import over and over: whatever was corrected, added or deleted at the source, --update --full
leaves exactly the source, and a second run changes nothing.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from salesplan import app
from tests.unit.masters import SOUND, write

MAP = """
key = "id"
[columns]
day = "day"
unit = "who"
product = "product"
[[rule]]
kpi = "REV"
where = { stage = "Won" }
value = "amount"
"""
DEAL = st.tuples(
    st.integers(1, 28),
    st.sampled_from(("P1", "P2")),
    st.sampled_from(("A", "B")),
    st.sampled_from(("Won", "Won", "Lost")),
    st.integers(-(10**7), 10**7),
)
STATE = st.dictionaries(st.integers(1, 9).map("D{}".format), DEAL, max_size=7)
TYPED = {"day": "2026-01-31", "unit": "P1", "kpi": "REV", "value": 5, "source": None}


def written(path: Path, state: dict[str, Any]) -> None:
    lines = ["id,day,who,product,stage,amount"]
    for key, (day, who, product, stage, cents) in state.items():
        lines.append(f"{key},2026-03-{day:02},{who},{product},{stage},{cents / 100:.2f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def stands(path: Path) -> dict[str | None, tuple[Any, ...]]:
    heads, *rows = load_workbook(str(path)).get_sheet_by_name("实绩").to_python()
    at = [heads.index(name) for name in ("来源", "日期", "组织编码", "产品", "金额/数值")]
    found: dict[str | None, tuple[Any, ...]] = {}
    for row in rows:
        source, day, *rest = (None if row[one] == "" else row[one] for one in at)
        if day is not None:
            assert source not in found
            found[source] = (getattr(day, "day", day), *rest)
        else:
            assert not any(row), "what is taken out leaves nothing behind"
    return found


def wanted(state: dict[str, Any]) -> dict[str | None, tuple[Any, ...]]:
    found: dict[str | None, tuple[Any, ...]] = {None: ("2026-01-31", "P1", None, 5)}
    for key, (day, who, product, stage, cents) in state.items():
        if stage == "Won":
            found[f"REV:{key}"] = (day, who, product, cents / 100)
    return found


@settings(max_examples=15, deadline=None)
@given(st.lists(STATE, min_size=2, max_size=3))
def test_update_and_full_leave_exactly_the_source(states: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder / "plan.xlsx", {**SOUND, "actuals": [{**TYPED, "product": None}]})
        (folder / "map.toml").write_text(MAP, encoding="utf-8")
        source = folder / "deals.csv"
        for state in states:
            written(source, state)
            before = stands(path)
            shown, _ = app.import_actuals(
                path, source, folder / "map.toml", update=True, full=True, dry_run=True
            )
            assert stands(path) == before, "shown first"
            done, _ = app.import_actuals(path, source, folder / "map.toml", update=True, full=True)
            assert done.counts == shown.counts
            assert stands(path) == wanted(state)
            again, target = app.import_actuals(
                path, source, folder / "map.toml", update=True, full=True
            )
            assert (again.added, again.changed, again.gone, target) == (0, 0, 0, None)
