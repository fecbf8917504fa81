"""Lists of people as personnel keeps them: read in any shape, as one organisation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from salesplan.app.starting import people_of, rows_of
from salesplan.findings import SalesplanError
from salesplan.plan.adopt.roster import Roster, Says, says
from salesplan.plan.model import Level
from tests.samples import new_sample

FIRST_DAY = date(2026, 1, 1)


def read(folder: Path, text: str, name: str = "people.csv", lang: str = "zh") -> Roster:
    (folder / name).write_text(text, "utf-8")
    return people_of(folder / name, FIRST_DAY, company="远帆", lang=lang)


def tree(roster: Roster) -> list[str]:
    """Each unit with the names above it: 华东/上海/张伟."""
    names = {one.code: one for one in roster.members}
    found = []
    for one in roster.members:
        path, at = [one.name], one.parent
        while at:
            path.insert(0, names[at].name)
            at = names[at].parent
        found.append("/".join(path))
    return found


EXPECTED = ["华东", "华东/王强", "华东/李娜", "华南", "华南/张伟"]

SHAPES = {
    "a column": "姓名,部门,邮箱\n王强,华东,a@x.cn\n李娜,华东,b@x.cn\n张伟,华南,c@x.cn\n",
    "a title and a total": (
        "2026年人员名单,,\n姓名,部门,\n王强,华东,\n李娜,华东,\n张伟,华南,\n合计,3人,\n"
    ),
    "what all have in common": "姓名,中心,部门\n王强,销售,华东\n李娜,销售,华东\n张伟,销售,华南\n",
    "a path in one cell": "姓名,组织\n王强,销售/华东\n李娜,销售/华东\n张伟,销售/华南\n",
    "named once": "部门,姓名,电话\n华东,王强,1\n,李娜,2\n,赵磊,4\n华南,张伟,3\n",
    "headings": "姓名,电话\n华东团队\n王强,1\n李娜,2\n华南团队\n张伟,3\n",
    "places alone": "姓名,大区,手机\n王强,华东,1\n李娜,华东,2\n张伟,华南,3\n",
    "a column a team": "销售人员,\n华东,华南\n王强,张伟\n李娜,\n",
    "semicolons": "姓名;部门;岗位\n王强;华东;销售\n李娜;华东;销售\n张伟;华南;销售\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_organisation(shape: str, tmp_path: Path) -> None:
    found = tree(read(tmp_path, SHAPES[shape]))
    told = [one.replace("团队", "") for one in found if "赵磊" not in one]
    assert told == EXPECTED


def test_teams_below_departments_and_who_leads_them(tmp_path: Path) -> None:
    """The column of fewer groups stands above; who is in no group and led by nobody leads all."""
    roster = read(
        tmp_path,
        "工号,姓名,小组,部门,岗位,直属上级,入职日期,邮箱\n"
        "1001,王强,,,总经理,,2015-01-01,wq@x.cn\n"
        "1002,李娜,,华东区,区域经理,王强,2018-01-01,ln@x.cn\n"
        "1003,张伟,上海组,华东区,客户经理,李娜,2020/3/1,zw@x.cn\n"
        "1004,刘洋,苏州组,华东区,客户经理,1002,2026年3月1日,ly@x.cn\n"
        "1005,陈静,,华南区,区域经理,王强,2019-01-01,cj@x.cn\n"
        "1006,赵磊,广州组,华南区,客户经理,陈静,2021-05-06,zl@x.cn\n",
    )
    assert tree(roster) == [
        "华东区",
        "华东区/上海组",
        "华东区/上海组/张伟",
        "华东区/苏州组",
        "华东区/苏州组/刘洋",
        "华东区/李娜",
        "华南区",
        "华南区/广州组",
        "华南区/广州组/赵磊",
        "华南区/陈静",
    ]
    of = {one.name: one for one in roster.members}
    assert roster.leader == "王强" and roster.leader_email == "wq@x.cn"
    assert of["华东区"].manager == "李娜" and of["华南区"].manager == "陈静"
    assert of["李娜"].leads and not of["张伟"].leads
    assert of["刘洋"].code == "1004" and of["刘洋"].joined == date(2026, 3, 1)
    assert of["上海组"].level is Level.DEPARTMENT and of["华东区"].level is Level.TEAM
    assert [one.code for one in roster.findings] == ["roster-leaders", "roster-by-heads"]


def test_only_who_reports_to_whom(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "First Name\tLast Name\tReports To\nAnn\tLee\t\nBo\tChan\tAnn Lee\nCy\tDunn\tBo Chan\n"
        "Di\tEvans\tAnn Lee\nEd\tFox\tDi Evans\n",
        "people.tsv",
        "en",
    )
    assert tree(roster) == [
        "Bo Chan's team",
        "Bo Chan's team/Bo Chan",
        "Bo Chan's team/Cy Dunn",
        "Di Evans's team",
        "Di Evans's team/Di Evans",
        "Di Evans's team/Ed Fox",
    ]
    assert roster.leader == "Ann Lee"


def test_lists_of_other_countries(tmp_path: Path) -> None:
    """Days with points, last names first, managers by number; a day of unknown order is said."""
    german = read(
        tmp_path,
        "Personalnummer;Nachname;Vorname;Abteilung;Vorgesetzter;Eintrittsdatum\n"
        "0012;Müller;Anna;Nord;;01.02.2019\n0013;Schmidt;Jan;Nord;Müller, Anna;01.03.2020\n"
        "0014;Weber;Eva;Süd;;01/02/2021\n0015;Koch;Tim;Süd;Weber, Eva;15.05.2026\n",
    )
    of = {one.name: one for one in german.members}
    assert of["Nord"].manager == "Anna Müller" and of["Süd"].manager == "Eva Weber"
    assert of["Tim Koch"].joined == date(2026, 5, 15) and of["Eva Weber"].joined is None
    told = [(one.code, one.place.cell) for one in german.findings]
    assert told == [("roster-day", "F4"), ("roster-leaders", "B2")]
    english = read(
        tmp_path,
        "Employee ID,Display name,Business unit,Line manager ID\n"
        'E1,"Lee, Ann",Enterprise,\nE2,"Chan, Bo",Enterprise,E1\n',
    )
    assert english.leader == "Lee, Ann" and tree(english) == ["Chan, Bo"]


@pytest.mark.parametrize("head", ["汇报给", "备注"])
def test_a_manager_called_so_and_no_more_leads_its_department(head: str, tmp_path: Path) -> None:
    """By whom others report to, and by the title 经理 alone; a 客户经理 sells."""
    text = (
        f"工号,姓名,部门,岗位,{head}\n005,赵六,销售二部,经理,\n006,李四,销售二部,客户经理,赵六\n"
        "007,孙八,销售二部,销售代表,赵六\n002,张三,销售一部,组长,\n003,王五,销售一部,销售代表,张三\n"
    )
    members = {one.name: one for one in read(tmp_path, text).members}
    assert [members[name].leads for name in ("赵六", "李四", "孙八")] == [True, False, False]


def test_who_leads_a_group_stands_nearest_to_its_top(tmp_path: Path) -> None:
    """The head of a region is led by nobody in it; the leads of its teams have more people."""
    roster = read(
        tmp_path,
        "姓名,大部门,部门,汇报对象\n孙丽,华北,,钱总\n周涛,华北,北京组,孙丽\n吴敏,华北,北京组,周涛\n"
        "郑爽,华北,北京组,周涛\n王强,华北,北京组,周涛\n冯刚,西南,成都组,钱总\n",
    )
    of = {one.name: one for one in roster.members}
    assert of["华北"].manager == "孙丽" and of["北京组"].manager == "周涛"
    assert roster.leader == "钱总"


def test_teams_of_managers_are_called_after_their_region(tmp_path: Path) -> None:
    """And a team's reports go to who leads it."""
    roster = read(
        tmp_path,
        "Name,Office,Reports to,Start,Phone,Email\nMaya Ortiz,Lisbon,,2018-01-01,1,m@x.com\n"
        "Tom Becker,Lisbon,Maya Ortiz,2019-01-01,2,t@x.com\n"
        "Rui Alves,Lisbon,Tom Becker,,3,r@x.com\n"
        "Jon Hale,Porto,Maya Ortiz,,4,j@x.com\nAna Reis,Porto,Jon Hale,2026-05-01,5,a@x.com\n"
        "Sara Lima,Porto,Jon Hale,,6,s@x.com\n",
        lang="en",
    )
    of = {one.name: one for one in roster.members}
    assert [one for one in tree(roster) if "/" not in one] == ["Lisbon", "Porto"]
    assert of["Lisbon"].email == "t@x.com" and of["Ana Reis"].joined == date(2026, 5, 1)
    assert [one.cell for one in roster.columns if one.says is None] == ["E1"]


TITLED = {
    "heads and sellers": (
        "工号,姓名,部门,职位,入职日期\nE1,Ann Lee,North team,Head,\nE2,Bo Chan,North team,Seller,\n"
        "E3,Cy Dunn,South team,Team lead,2024-01-02\nE4,Di Evans,South team,Seller,2024-01-03\n"
    ),
    "managers": (
        "ID,Name,Team,Title,E-mail\nE1,Ann Lee,North team,Manager,not-an-email\n"
        "E2,Bo Chan,North team,Sales manager,b@x.cn\nE3,Cy Dunn,North team,Account manager,\n"
        "\nE4,Di Evans,South team,Manager,d@x.cn\n"
    ),
    "titles that are heads": (
        "姓名,部门,职务\n王强,华东团队,销售经理\n李娜,华东团队,销售\n张伟,直销部门,销售代表\n"
        "刘洋,直销部门,主管\n"
    ),
    "a head said again": (
        "工号,姓名,部门\n1,王强,华东\n2,李娜,华东\n工号,姓名,部门\n3,张伟,华南\n4,刘洋,华南\n"
    ),
    "a title above": (
        "华东团队,经理: 王强,,\n工号,姓名,部门,入职日期\n1,王强,华东,\n2,李娜,华东,\n"
        "3,张伟,华南,\n4,刘洋,华南,\n"
    ),
    "another list below": (
        "姓名,部门,工号\n王强,华东,1\n李娜,华东,2\n,,\nID,Name,Team\n3,Ann Lee,South\n"
        "4,Bo Chan,South\n"
    ),
}


@pytest.mark.parametrize("case", TITLED)
def test_titles_and_groups_that_are_words_of_heads_are_no_heads(case: str, tmp_path: Path) -> None:
    roster = read(tmp_path, TITLED[case])
    assert len(roster.people) == 4
    assert len([one for one in roster.members if one.level is Level.TEAM]) == 2
    codes = [one.code for one in roster.people]
    assert "工号" not in TITLED[case] or {code[-1] for code in codes} == set("1234")


def test_every_row_that_is_left_out_is_named(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "工号,姓名,部门\n1,王强,华东\n2,,华东\n阿依古丽,,\n3,李娜,华南\n4,合计,华南\n合计,2,\n",
    )
    assert [one.name for one in roster.people] == ["王强", "李娜"]
    told = [(one.code, one.place.cell) for one in roster.findings]
    assert told == [
        ("roster-no-name", "B3"),
        ("roster-no-person", "B4"),
        ("roster-no-person", "B6"),
    ]
    headed = read(tmp_path, SHAPES["headings"]).findings[0]
    assert headed.code == "roster-headings"
    assert headed.params["names"] == ("华东团队", "华南团队")


@pytest.mark.parametrize("title", ["General manager", "总经理", "CEO"])
def test_who_leads_all_has_no_share(title: str, tmp_path: Path) -> None:
    text = f"Name,Team,Title\nAnn Lee,,{title}\nBo Chan,North,Rep\nCy Dunn,South,Rep\nDi Fox,,Rep\n"
    roster = read(tmp_path, text)
    assert roster.leader == "Ann Lee" and "Ann Lee" not in [one.name for one in roster.people]
    named = next(one for one in roster.findings if one.code == "roster-no-group")
    assert named.place.cell == "A5" and named.params["names"] == ("Di Fox",)


def test_groups_of_different_size_share_by_their_heads(tmp_path: Path) -> None:
    """Two of three people's share is 66.7 %, and all shares make 100 %; equal groups have none."""
    uneven = read(tmp_path, SHAPES["a column"])
    shares = {str(one["name"]): one["coefficient"] for one in rows_of(uneven, "HQ")}
    assert shares["华东"] == Decimal("0.667") and shares["华南"] == Decimal("0.333")
    assert shares["王强"] is None
    assert [one.code for one in uneven.findings] == ["roster-by-heads"]
    even = read(tmp_path, "姓名,部门\n王强,华东\n张伟,华南\n")
    assert not [one for one in rows_of(even, "HQ") if one["coefficient"] is not None]
    assert not even.findings


def test_a_circle_of_managers_ends(tmp_path: Path) -> None:
    roster = read(tmp_path, "Name,Manager\nAnn Lee,Bo Chan\nBo Chan,Ann Lee\n", lang="en")
    assert len(roster.people) == 2


def test_who_left_before_the_year_is_left_out_and_repeats_are_named(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "工号,姓名,部门,离职日期,状态\n1,王强,华东,2025-06-30,\n2,李娜,华东,2026-06-30,\n"
        "3,张伟,华南,,离职\n4,刘洋,华南,,在职\n4,刘洋,华南,,在职\nHQ,赵磊,华南,,\n",
    )
    assert [one.name for one in roster.people] == ["李娜", "刘洋", "赵磊"]
    assert roster.people[0].left == date(2026, 6, 30)
    told = [(one.code, one.place.cell) for one in roster.findings]
    assert told == [
        ("roster-left", "B2"),
        ("roster-left", "B4"),
        ("roster-twice", "B6"),
        ("roster-code-twice", "B7"),
        ("roster-by-heads", ""),
    ]


def test_a_manager_of_two_names_is_not_guessed(tmp_path: Path) -> None:
    roster = read(tmp_path, "工号,姓名,上级\n1,王强,\n2,王强,\n3,张伟,王强\n")
    assert [one.code for one in roster.findings] == ["roster-manager-of-several"]
    assert not [one for one in roster.members if one.level is not Level.PERSON]


def test_a_workbook_with_merged_teams_and_a_sheet_a_team(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["部门", "姓名", "邮箱"])
    for row in (["华东", "王强", "a@x.cn"], ["", "李娜", "b@x.cn"], ["华南", "张伟", "c@x.cn"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")
    assert tree(people_of(tmp_path / "merged.xlsx", FIRST_DAY)) == EXPECTED

    book = Workbook()
    book.remove(book.active)
    for team, names in {"华东": ("王强", "李娜"), "华南": ("张伟",)}.items():
        sheet = book.create_sheet(team)
        sheet.append(["姓名", "邮箱"])
        for name in names:
            sheet.append([name, ""])
    book.save(tmp_path / "sheets.xlsx")
    assert tree(people_of(tmp_path / "sheets.xlsx", FIRST_DAY)) == EXPECTED


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("Team name", Says.GROUP),
        ("Employee name", Says.NAME),
        ("部门编码", None),
        ("Employee ID", Says.CODE),
        ("所属部门", Says.GROUP),
        ("所在大区", Says.REGION),
        ("Work e-mail", Says.EMAIL),
        ("Hire Date", Says.JOINED),
        ("Mitarbeiter", Says.NAME),
        ("手机号", None),
    ],
)
def test_heads(head: str, meant: Says | None) -> None:
    assert says(head) is meant


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_master_is_no_list(lang: str, tmp_path: Path) -> None:
    new_sample(tmp_path / "plan.xlsx", lang=lang)
    with pytest.raises(SalesplanError) as refused:
        people_of(tmp_path / "plan.xlsx", FIRST_DAY)
    assert refused.value.finding.code == "roster-is-master"


def test_figures_of_months_are_not_left_out_in_silence(tmp_path: Path) -> None:
    """A planner's own table of people by months: adopt reads it, this list only its people."""
    roster = read(tmp_path, "部门,姓名,1月,2月,3月\n华东,王强,1,2,3\n华东,李娜,4,5,6\n")
    (said,) = (one for one in roster.findings if one.code == "roster-figures")
    assert (said.place.cell, said.params["count"]) == ("C1", 3)


def test_a_file_without_a_list_says_what_was_seen(tmp_path: Path) -> None:
    with pytest.raises(SalesplanError) as refused:
        read(tmp_path, "产品,金额\nA,12\nB,13\n")
    assert refused.value.finding.code == "roster-nothing" and refused.value.exit_code == 1
    assert refused.value.finding.params["seen"] == ("people: 产品, 金额",)
