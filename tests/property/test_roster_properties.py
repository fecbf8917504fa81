"""Whatever a sheet holds, a list of people is read as a sound tree, or as none."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.app.starting import rows_of
from salesplan.plan.adopt.roster import known_heads, roster_of
from salesplan.plan.model import Level
from salesplan.wording import either
from salesplan.workbook.read.cells import Grid
from salesplan.workbook.refs import cell_ref

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


GIVEN = {"zh": "强娜伟洋静磊芳敏杰涛", "en": ["Ann", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal"]}
FAMILY = {"zh": "王李张刘陈杨赵黄", "en": ["Lee", "Chan", "Dunn", "Fox", "Webb", "Ortiz", "Hale"]}
COLUMNS = {
    "zh": {"code": "工号", "name": "姓名", "group": "部门", "title": "职位", "joined": "入职日期"},
    "en": {"code": "ID", "name": "Name", "group": "Team", "title": "Title", "joined": "Start date"},
}
TITLES = {
    "zh": ["主管", "销售", "销售经理", "销售代表", "总监", "区域经理", "客户经理"],
    "en": ["Head", "Seller", "Team lead", "Manager", "Sales manager", "Account manager", "Sales"],
}
GROUPS = {
    "zh": ["华东团队", "直销部门", "华南区域", "销售部", "上海销售团队"],
    "en": ["North team", "Channel team", "Key account team", "Sales", "Sales department"],
}


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[list[object]], dict[str, str]]:
    """A list whose titles and groups are words of heads; each person's name and its cell."""
    lang = draw(st.sampled_from(["zh", "en"]))
    keys = [one for one in COLUMNS[lang] if one == "name" or draw(st.booleans())]
    keys = keys if len(keys) > 1 else ["name", "group"]
    keys = draw(st.permutations(keys))
    words = [*TITLES[lang], *GROUPS[lang], *known_heads()]
    gap = draw(st.integers(0, 9))
    rows: list[list[object]] = [[COLUMNS[lang][one] for one in keys]]
    cells: dict[str, str] = {}
    for at in range(draw(st.integers(2, 9))):
        if at and at == gap:
            rows.append([None] * len(keys))
        family, given_ = draw(st.sampled_from(FAMILY[lang])), GIVEN[lang][at % 8]
        name = either(lang, f"{family}{given_}", f"{given_} {family}")
        told = {"code": f"W{at:02d}", "name": name, "joined": None}
        told |= {"group": draw(st.sampled_from(words)), "title": draw(st.sampled_from(words))}
        rows.append([told[one] for one in keys])
        cells[name] = cell_ref(len(rows), keys.index("name") + 1)
    return rows, cells


@settings(max_examples=200, deadline=None)
@given(lists())
def test_nobody_is_lost(drawn: tuple[list[list[object]], dict[str, str]]) -> None:
    """Each person of a list is in the organisation, leads it, or is named with the cell."""
    rows, cells = drawn
    roster = roster_of({"list": Grid("list", rows)}, "list.xlsx", date(2026, 1, 1), "远帆", "zh")
    assert roster is not None
    named = {one.place.cell for one in roster.findings if one.code != "roster-leaders"}
    taken = {one.name for one in roster.people} | {roster.leader}
    assert {
        name for name, cell in cells.items() if name not in taken and cell not in named
    } == set()
    assert [one.cell for one in roster.columns if one.cell[-1] != "1"] == []
