"""Whatever a sheet holds, a list of people is read as a sound tree, or as none."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.app.starting import rows_of
from salesplan.plan.adopt.roster import roster_of
from salesplan.plan.model import Level
from salesplan.workbook.read.cells import Grid

HEADS = [
    "姓名",
    "Name",
    "First name",
    "Surname",
    "部门",
    "Team",
    "大区",
    "上级",
    "Manager",
    "工号",
    "Start",
]
NAMES = [
    "王强",
    "李娜",
    "Ann Lee",
    "Bo Chan",
    "HQ",
    "T01",
    "合计",
    "=1+1",
    "a@x.cn",
    "华东/一组",
    " ",
]
CELL = st.one_of(
    st.none(),
    st.sampled_from([*HEADS, *NAMES, "离职"]),
    st.integers(-5, 3000).map(float),
    st.just(datetime(2026, 3, 1)),
)


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Grid]:
    """One or two sheets of up to six columns, most with a head of a list."""
    found = {}
    for sheet in draw(st.sampled_from([["华东"], ["华东", "华南"]])):
        width = draw(st.integers(1, 6))
        head = draw(st.lists(st.sampled_from(HEADS), min_size=width, max_size=width))
        rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=12))
        found[sheet] = Grid(sheet, [head, *rows])
    return found


@settings(max_examples=150, deadline=None)
@given(grids())
def test_the_units_make_a_tree(sheets: dict[str, Grid]) -> None:
    """Codes are there once, parents stand before their children, no person stands above anybody,
    and the shares of siblings that have any make 100 %.
    """
    roster = roster_of(sheets, "list.xlsx", date(2026, 1, 1), "远帆", "zh")
    if roster is None:
        return
    seen = {"HQ": Level.COMPANY}
    shares: dict[str, list[object]] = {}
    for row in rows_of(roster, "HQ"):
        code, parent, name = (str(row[key]) for key in ("code", "parent", "name"))
        assert code not in seen and name.strip()
        assert parent in seen and seen[parent] is not Level.PERSON
        level = row["level"]
        assert isinstance(level, Level)
        seen[code] = level
        if row["coefficient"]:
            shares.setdefault(parent, []).append(row["coefficient"])
    assert all(sum(given) == 1 for given in shares.values())  # type: ignore[call-overload]
