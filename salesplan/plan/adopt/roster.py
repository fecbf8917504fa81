"""A list of people as personnel keeps it, in any shape, read as an organisation.

Names stand in one column or two, the teams above them in columns, in a path in one cell, in rows of
headings, in merged cells, as sheets, or only as who reports to whom.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import chain, count

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.plan.adopt.blocks import written
from salesplan.plan.adopt.months import period_in
from salesplan.plan.adopt.names import groups_in, names_in
from salesplan.plan.adopt.words import (
    Field,
    bare,
    field_of,
    field_within,
    is_company,
    total_of,
    words_of_fields,
)
from salesplan.plan.model import Level
from salesplan.plan.normalize import half_width
from salesplan.plan.parse_dates import written_day
from salesplan.wording import either
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.refs import Range, cell_ref

COMPANY_CODE = "HQ"
"""The code of the company, which nobody of the list has."""
_SOME = 30
"""Rows that are looked at for names where no head says so."""
_HEADS = 10
"""Rows in which teams may stand beside each other as heads."""
_LONGEST = 60
"""Letters of a head; what is longer is a sentence."""


class Says(Enum):
    """What a column of the list says of a person."""

    NAME = "name"
    FIRST = "first name"
    LAST = "last name"
    CODE = "code"
    GROUP = "group"
    REGION = "region"
    MANAGER = "manager"
    EMAIL = "email"
    TITLE = "title"
    JOINED = "joined"
    LEFT = "left"
    STATE = "state"


_OWN: Mapping[Says, str] = {
    Says.NAME: "fullname 中文名 员工名 employees staff staffname 姓名（中文）",
    Says.FIRST: "firstname givenname forename vorname prénom nombre 名",
    Says.LAST: "lastname surname familyname nachname nom apellido apellidos 姓",
    Says.CODE: "工号 员工号 人员编号 staffno employeeno employeenumber personnelnumber badge",
    Says.GROUP: "squad tribe pod segment 一级部门 二级部门 三级部门 归属部门 组织路径 orgunit",
    Says.REGION: (
        "大区 片区 区域 地区 战区 城市 省份 省 国家 办公地点 工作地点 region regions area city "
        "country location office worklocation site gebiet land ort pays ciudad 地域 拠点 勤務地"
    ),
    Says.MANAGER: (
        "直接上级 直属领导 汇报对象 汇报给 汇报上级 上级主管 上级姓名 上级工号 "
        "linemanager reportsto reportingto "
        "supervisor managername managerid manageremail vorgesetzte vorgesetzter 直属上司"
    ),
    Says.TITLE: "役職 職種 funktion stelle poste fonction cargo puesto",
    Says.EMAIL: "workemail mailaddress businessemail 公司邮箱 工作邮箱",
    Says.JOINED: (
        "入职日期 入职时间 入职日 入职 到岗日期 start started since hiredate hired startdate "
        "joined joiningdate dateofjoining joindate employmentdate eintritt eintrittsdatum "
        "datedembauche 入社日"
    ),
    Says.LEFT: (
        "离职日期 离职时间 离职日 leavedate leavingdate enddate terminationdate lastday left "
        "lastworkingday austritt austrittsdatum 退職日"
    ),
    Says.STATE: "在职状态 员工状态 人员状态 状态 status employmentstatus",
}

_AS_ADOPTED: Mapping[Field, Says] = {
    Field.PERSON: Says.NAME,
    Field.CODE: Says.CODE,
    Field.GROUP: Says.GROUP,
    Field.MANAGER: Says.MANAGER,
    Field.EMAIL: Says.EMAIL,
    Field.TITLE: Says.TITLE,
}
_LEADS = re.compile(
    r"总监|部长|组长|队长|主管|店长|负责人|总经理|区域经理|团队经理|部门经理|^经理$|\b(head|director|lead|leader|vp|"
    r"chief|supervisor|(team|area|regional|branch|sales) manager|leiter|leiterin)\b",
    re.IGNORECASE,
)
_NAMES = (Says.NAME, Says.FIRST, Says.LAST)
_LEADS_ALL = re.compile(
    r"总经理|总裁|董事长|首席执行官|\b(general manager|managing director|president|chief executive|"
    r"ceo|gm|md|geschäftsführer|geschäftsführerin)\b",
    re.IGNORECASE,
)
_GONE = re.compile(r"离职|已离|退休|^(left|inactive|terminated|leaver|resigned)$", re.IGNORECASE)
_NAME_OF = re.compile(r"(?<=.)\s*(?:名称|name)$", re.IGNORECASE)
_OF_A_GROUP = re.compile(r"部门|组织|团队|dep|team|group|unit|cost", re.IGNORECASE)
_OF_A_MANAGER = re.compile(
    r"上级|主管|领导|汇报|上司|manager|supervisor|reports? ?to|vorgesetz", re.IGNORECASE
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""A day with points begins with the day: 15.05.2026."""
_PATH = re.compile(r"\s*[/\\>＞→|]\s*")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: where its head stands, what it is called, what it says (None: it is not read)."""

    sheet: str
    cell: str
    head: str
    says: Says | None


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of the organisation: a group, or a person of the list."""

    code: str
    name: str
    level: Level
    parent: str
    manager: str = ""
    email: str = ""
    joined: date | None = None
    left: date | None = None
    region: str = ""
    leads: bool = False
    """Whether it is a person who leads a group with others in it."""


@dataclass(frozen=True, slots=True)
class Roster:
    """What a list says: the units below the company, parents before children, who leads the
    company, the columns, and what is to be known.
    """

    members: tuple[Member, ...]
    leader: str
    leader_email: str
    columns: tuple[ListColumn, ...]
    findings: tuple[Finding, ...]

    @property
    def people(self) -> tuple[Member, ...]:
        """The persons among the units."""
        return tuple(one for one in self.members if one.level is Level.PERSON)


@dataclass(frozen=True, slots=True)
class _Person:
    """A row of the list."""

    place: Place
    name: str
    path: tuple[str, ...]
    code: str
    manager: str
    email: str
    title: str
    region: str
    joined: date | None
    left: date | None
    gone: bool
    unread: tuple[Place, ...]
    """Cells of days that cannot be read."""


_MONTHS = 3
"""Columns of months from which a list of people has figures."""


def roster_of(
    grids: Mapping[str, Grid], book: str, first_day: date, company: str = "", lang: str = "en"
) -> Roster | None:
    """The organisation that the sheets list; None where no sheet has a column of names.

    Who left before ``first_day`` is left out, and said. ``company`` is the name of the whole, which
    is no group below itself; ``lang`` is the language of names that have to be made.
    """
    lists = [*chain.from_iterable(_Lists(grid, book).found() for grid in grids.values())]
    if not lists:
        lists = [one for grid in grids.values() if (one := _across(grid, book)) is not None]
    if not lists:
        return None
    sheets = {one.grid.sheet for one in lists}
    apart = len(sheets) > 1 and not any(one.has(Says.GROUP) for one in lists)
    people: list[_Person] = []
    for one in lists:
        people += one.people((one.grid.sheet,) if apart else ())
    columns: list[ListColumn] = []
    left: list[Finding] = []
    for one in lists:
        columns += one.columns
        left += one.left_out()
    timed = [one for one in columns if one.says is None and period_in(one.head) is not None]
    if len(timed) >= _MONTHS:
        place = Place(book, timed[0].sheet, timed[0].cell)
        left.append(Finding.of("roster-figures", place, count=len(timed)))
    told = _Organisation(people, first_day, company, lang).roster()
    return replace(told, columns=tuple(columns), findings=(*left, *told.findings))


# -- finding the lists


def says(head: str) -> Says | None:
    """What a head of a list of people says; None where that is not known."""
    plain = _plain(head)
    if (own := _own_words().get(_word(plain))) is not None:
        return own
    if _NAME_OF.search(plain) and (of := says(_NAME_OF.sub("", plain))) is not None:
        return of
    field = field_of(plain) or field_within(plain)
    if field in (Field.CODE, Field.EMAIL) and _OF_A_MANAGER.search(plain):
        return Says.MANAGER
    if field is Field.CODE and _OF_A_GROUP.search(plain):
        return None
    return _AS_ADOPTED.get(field) if field is not None else None


def _whole(head: str) -> Says | None:
    """The same where the head is a known word and has nothing before it."""
    plain = _plain(head)
    field = field_of(plain)
    own = _own_words().get(_word(plain))
    return own or (_AS_ADOPTED.get(field) if field is not None else None)


def _plain(head: str) -> str:
    return re.sub(r"[(（\[].*?[)）\]]|[-_./]", "", head).strip()


def _word(plain: str) -> str:
    return bare(plain).removeprefix("所在").removeprefix("所属")


def known_heads() -> tuple[str, ...]:
    """The words that are heads of a list of people, each once."""
    fields = [word for word, field in words_of_fields().items() if field in _AS_ADOPTED]
    return tuple(dict.fromkeys([*_own_words(), *fields]))


@cache
def _own_words() -> Mapping[str, Says]:
    found: dict[str, Says] = {}
    for one, words in _OWN.items():
        for word in words.split():
            found.setdefault(bare(word), one)
    return found


class _Lists:
    """A sheet as it is searched for lists of people."""

    def __init__(self, grid: Grid, book: str) -> None:
        self.grid = grid
        self.book = book

    def found(self) -> Iterator[_List]:
        """Its lists, from top to bottom."""
        heads = list(self._heads())
        ends = [row - 1 for row, _ in heads[1:]]
        ends.append(self.grid.first_row + len(self.grid.rows) - 1)
        for (row, columns), end in zip(heads, ends, strict=False):
            yield _List(self.grid, self.book, row, end, columns)

    def _heads(self) -> Iterator[tuple[int, dict[int, Says]]]:
        """The rows of heads. A running list has no second one but where its words are repeated, or
        where another list begins after a gap: a person of the group Sales team with the title
        Manager is no head.
        """
        last: tuple[int, dict[int, Says]] | None = None
        for row in range(self.grid.first_row, self.grid.first_row + len(self.grid.rows)):
            columns = self._candidate(row)
            if not columns:
                continue
            if last is None or self._is_title(last[0], row):
                last = (row, columns)
            elif self._repeats(row, last[0]) or self._begins_anew(row, *last):
                yield last
                last = (row, columns)
        if last is not None:
            yield last

    def _candidate(self, row: int) -> dict[int, Says]:
        """What the columns of a row say where it may be the head of a list; else nothing."""
        columns = self._head(row)
        told = set(columns.values())
        named = Says.NAME in told or {Says.FIRST, Says.LAST} <= told
        if len(columns) >= 2 and not named:
            at = self._names_below(row, columns)
            columns |= {at: Says.NAME} if at else {}
            named = at > 0
        alone = named and len(columns) == 1 and self._is_head(row, min(columns))
        return columns if named and (len(columns) >= 2 or alone) else {}

    def _is_title(self, row: int, below: int) -> bool:
        """Whether a row that may be a head is the title of the head right below it, which has
        more words that are heads.
        """
        more = self._whole_words(below) > self._whole_words(row)
        return below == row + 1 and more and self._whole_words(row) < 2

    def _whole_words(self, row: int) -> int:
        return sum(_whole(text) is not None for text in self._texts(row).values())

    def _repeats(self, row: int, head: int) -> bool:
        """Whether a row says the words of the head again."""
        words = set(map(bare, self._texts(head).values()))
        return {bare(text) for text in self._texts(row).values()} <= words

    def _begins_anew(self, row: int, head: int, columns: Mapping[int, Says]) -> bool:
        """Whether another list begins after a gap or a heading: each of its heads is a whole word,
        names stand below, and the list above has no name here.
        """
        texts = self._texts(row)
        if self._filled(row - 1) > 1 or not all(map(_whole, texts.values())):
            return False
        at = next((at for at, text in texts.items() if _whole(text) in _NAMES), 0)
        here = [texts[one] for one, what in columns.items() if what in _NAMES and one in texts]
        return at > 0 and _half_names(self._below(row, at)) and all(map(_whole, here))

    def _texts(self, row: int) -> dict[int, str]:
        """The columns of a row that have something, as texts."""
        texts = {at: written(one) for at, one in self._cells(row).items()}
        return {at: text for at, text in texts.items() if text}

    def _cells(self, row: int) -> dict[int, CellValue]:
        """The columns of a row that are not blank, with what they hold."""
        cells = {at: self.grid.value(row, at) for at in range(1, self._width + 1)}
        return {at: one for at, one in cells.items() if one not in (None, "")}

    def _head(self, row: int) -> dict[int, Says]:
        """What the columns of a row say where it is a head: texts alone, most of them known."""
        filled = self._cells(row)
        texts = {at: one for at, one in filled.items() if isinstance(one, str)}
        if len(texts) < len(filled) or any(len(one) > _LONGEST for one in texts.values()):
            return {}
        known = {at: found for at, one in texts.items() if (found := says(one)) is not None}
        if Says.NAME not in known.values():
            return known
        first = next(at for at, one in known.items() if one is Says.NAME)
        return {at: one for at, one in known.items() if one is not Says.NAME or at == first}

    def _is_head(self, row: int, at: int) -> bool:
        """Whether a row with one known word is no title: names stand below the word, and the next
        row has no more cells.
        """
        below = next((one for one in range(row + 1, row + _SOME) if self._filled(one)), row)
        return self._filled(row) >= self._filled(below) and _half_names(self._below(row, at))

    def _filled(self, row: int) -> int:
        return len(self._cells(row))

    def _names_below(self, row: int, known: Mapping[int, Says]) -> int:
        """The first column of an unknown head with names of people below it; 0 for none."""
        for at in range(1, self._width + 1):
            if at not in known and names_in(self._below(row, at)):
                return at
        return 0

    def _below(self, row: int, at: int) -> list[str]:
        """The texts of some rows below a head."""
        values = [self.grid.value(below, at) for below in range(row + 1, row + _SOME)]
        return [one for one in values if isinstance(one, str)]

    @property
    def _width(self) -> int:
        return max(map(len, self.grid.rows), default=0)


class _List:
    """One list: its head, its rows, what its columns say."""

    def __init__(
        self, grid: Grid, book: str, head: int, end: int, says: Mapping[int, Says]
    ) -> None:
        self.grid, self.book, self.head, self.end = grid, book, head, end
        self.says = dict(says)
        self.merges = [Range.parse(one) for one in grid.merges]
        groups = [at for at, one in says.items() if one is Says.GROUP]
        regions = [at for at, one in says.items() if one is Says.REGION]
        if not groups and not self.has(Says.MANAGER) and self._several(regions):
            self.says |= dict.fromkeys(regions, Says.GROUP)
        self.filled_down = {at for at in self._of(Says.GROUP) if self._sparse(at)}

    def has(self, what: Says) -> bool:
        """Whether a column says that."""
        return what in self.says.values()

    @property
    def columns(self) -> list[ListColumn]:
        """The columns that have a head."""
        heads = {at: self._text(self.head, at) for at in range(1, len(self.grid.rows[0]) + 1)}
        return [
            ListColumn(self.grid.sheet, cell_ref(self.head, at), text, self.says.get(at))
            for at, text in heads.items()
            if text
        ]

    def people(self, above: tuple[str, ...]) -> Iterator[_Person]:
        """The persons of its rows, below the groups ``above``."""
        heading: tuple[str, ...] = ()
        before: dict[int, str] = {}
        order = self._order()
        for row in range(self.head + 1, self.end + 1):
            if self._heads_group(row):
                alone = self._alone(row)
                heading = (alone,) if total_of(alone) is None else ()
            if not self._is_person(row):
                continue
            path = above or heading
            for at in order:
                text = self._group(row, at, before)
                path += tuple(one for one in _PATH.split(text) if one)
            yield self._person(row, self._name(row), path)

    def left_out(self) -> Iterator[Finding]:
        """What is known of the rows that are no person: those without a name, the texts that stand
        alone and head nobody, the groups that are read from headings.
        """
        headings: dict[str, int] = {}
        heading = 0
        for row in range(self.head + 1, self.end + 1):
            alone = self._alone(row)
            if self._is_person(row):
                if heading:
                    headings.setdefault(self._alone(heading), heading)
                heading = 0
            elif alone and total_of(alone) is None:
                if heading:
                    yield self._no_person(heading, self._alone(heading))
                heading = row if self._heads_group(row) else 0
                if not heading:
                    yield self._no_person(row, alone)
            elif self._is_total(row) or self._says_head(row):
                continue
            elif self._name(row) and self._has_details(row):
                yield self._no_person(row, self._name(row))
            elif not self._name(row) and self._filled(row) > 1:
                yield Finding.of("roster-no-name", self._place(row))
        if heading:
            yield self._no_person(heading, self._alone(heading))
        if headings:
            first = self._place(next(iter(headings.values())))
            yield Finding.of("roster-headings", first, names=tuple(headings))

    def _no_person(self, row: int, text: str) -> Finding:
        return Finding.of("roster-no-person", self._place(row), text=text)

    def _is_person(self, row: int) -> bool:
        name, alone = self._name(row), self._alone(row)
        if not name or total_of(name) is not None or self._is_total(row) or self._says_head(row):
            return False
        return not alone or names_in([alone])

    def _heads_group(self, row: int) -> bool:
        """Whether a row is a heading of the people below: where a column names the groups, a text
        alone is one only if it is a group's name.
        """
        alone = self._alone(row)
        if not alone or names_in([alone]):
            return False
        return not self.has(Says.GROUP) or groups_in([alone]) or total_of(alone) is not None

    def _says_head(self, row: int) -> bool:
        """Whether the head's own word stands where the names do."""
        return any(
            bare(self._text(row, at)) == bare(self._text(self.head, at)) != ""
            for at in self._of(Says.NAME)
        )

    def _has_details(self, row: int) -> bool:
        """Whether a row has what only a person has: a number or an e-mail of its own."""
        return any(written(self._first(row, one)) for one in (Says.CODE, Says.EMAIL))

    def _filled(self, row: int) -> int:
        return len(self._texts(row))

    def _place(self, row: int) -> Place:
        at = min(self._of(Says.NAME) or self._of(Says.LAST))
        return Place(self.book, self.grid.sheet, cell_ref(row, at))

    def _person(self, row: int, name: str, path: tuple[str, ...]) -> _Person:
        cells = {what: self._first(row, what) for what in Says}
        regions = [self._text(row, at) for at in self._of(Says.REGION)]
        return _Person(
            self._place(row),
            name,
            path,
            half_width(written(cells[Says.CODE])),
            written(cells[Says.MANAGER]),
            written(cells[Says.EMAIL]),
            written(cells[Says.TITLE]),
            next((one for one in regions if one), ""),
            _day(cells[Says.JOINED]),
            _day(cells[Says.LEFT]),
            _GONE.search(written(cells[Says.STATE])) is not None,
            tuple(self._unread(row)),
        )

    def _unread(self, row: int) -> Iterator[Place]:
        for at in self._of(Says.JOINED) + self._of(Says.LEFT):
            if self._text(row, at) and _day(self.grid.value(row, at)) is None:
                yield Place(self.book, self.grid.sheet, cell_ref(row, at))

    def _name(self, row: int) -> str:
        if self.has(Says.NAME):
            return self._text(row, self._of(Says.NAME)[0])
        first, last = (self._text(row, self._of(one)[0]) for one in (Says.FIRST, Says.LAST))
        if any("\u4e00" <= sign <= "\u9fff" for sign in first + last):
            return last + first
        return f"{first} {last}".strip()

    def _alone(self, row: int) -> str:
        """The text of a row that has nothing else: a heading."""
        texts = self._texts(row)
        return texts[0] if len(texts) == 1 and len(self._texts(self.head)) > 1 else ""

    def _is_total(self, row: int) -> bool:
        """Whether the row's first text is 合计, Total."""
        return total_of(next(iter(self._texts(row)), "")) == ""

    def _texts(self, row: int) -> list[str]:
        """What stands in a row, from the left."""
        width = len(self.grid.rows[row - self.grid.first_row])
        return [text for at in range(1, width + 1) if (text := self._text(row, at))]

    def _order(self) -> list[int]:
        """The columns of groups from the widest to the narrowest: those in which each group of
        another lies in one stand above it; else the order of the sheet.
        """
        groups = self._of(Says.GROUP)
        return sorted(groups, key=lambda at: (self._depth(at, groups), at))

    def _depth(self, at: int, groups: Sequence[int]) -> int:
        """How many columns of groups stand above one."""
        return sum(self._is_above(one, at) for one in groups)

    def _is_above(self, upper: int, lower: int) -> bool:
        return self._determines(lower, upper) and not self._determines(upper, lower)

    def _determines(self, one: int, other: int) -> bool:
        """Whether all rows of a group of ``one`` are of the same group of ``other``."""
        found: dict[str, set[str]] = {}
        for row in range(self.head + 1, self.end + 1):
            if text := self._text(row, one):
                found.setdefault(text, set()).add(self._text(row, other))
        return all(len(texts) == 1 for texts in found.values())

    def _group(self, row: int, at: int, before: dict[int, str]) -> str:
        text = self._text(row, at)
        if not text and at in self.filled_down:
            return before.get(at, "")
        before[at] = text
        return text

    def _sparse(self, at: int) -> bool:
        """Whether a group's name stands once for several rows."""
        merged = any(one.left <= at <= one.right and one.top > self.head for one in self.merges)
        rows = [row for row in range(self.head + 1, self.end + 1) if self._name(row)]
        there = [text for row in rows if (text := self._text(row, at))]
        begins = bool(rows) and self._text(rows[0], at) != ""
        once = len(set(there)) == len(there) and 2 * len(there) <= len(rows)
        return merged or (begins and once)

    def _several(self, columns: Sequence[int]) -> bool:
        return any(len(self._values(at)) > 1 for at in columns)

    def _values(self, at: int) -> set[str]:
        texts = {self._text(row, at) for row in range(self.head + 1, self.end + 1)}
        return texts - {""}

    def _of(self, what: Says) -> list[int]:
        return [at for at, one in self.says.items() if one is what]

    def _first(self, row: int, what: Says) -> CellValue:
        columns = self._of(what)
        return self.grid.value(row, columns[0]) if columns else None

    def _text(self, row: int, at: int) -> str:
        return written(self.grid.value(row, at))


def _half_names(texts: Sequence[str]) -> bool:
    """Whether half of the texts are names of people; the others may be headings."""
    return bool(texts) and 2 * sum(names_in([one]) for one in texts) >= len(texts)


def _day(value: CellValue) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    dotted = _DOTTED.fullmatch(value.strip())
    if dotted is not None:
        day, month, year = map(int, dotted.groups())
        value = f"{year}-{month}-{day}"
    return written_day(value)


def _called(name: str) -> str:
    """A name as it is compared: Lee, Ann is Ann Lee."""
    last, comma, first = name.partition(",")
    return bare(f"{first} {last}" if comma else name)


def _across(grid: Grid, book: str) -> _List | None:
    """A sheet with a column for each team, its people below: as a list of people and teams."""
    first = grid.first_row
    for row in range(first, first + min(len(grid.rows), _HEADS)):
        heads = {at: written(one) for at, one in enumerate(grid.rows[row - first], 1) if one}
        below = {at: _texts_below(grid, row, at) for at in heads}
        if (
            len(heads) >= 2
            and all(map(names_in, below.values()))
            and not names_in([*heads.values()])
        ):
            rows: list[list[CellValue]] = [[None, None]] * (row - first)
            rows.append(["姓名", "部门"])
            for at, names in below.items():
                rows += [[name, heads[at]] for name in names if total_of(name) is None]
            told = Grid(grid.sheet, rows, first)
            return _List(told, book, row, first + len(rows) - 1, {1: Says.NAME, 2: Says.GROUP})
    return None


def _texts_below(grid: Grid, row: int, at: int) -> list[str]:
    values = [grid.value(one, at) for one in range(row + 1, grid.first_row + len(grid.rows))]
    return [text for one in values if (text := written(one))]


# -- the organisation of the rows


class _Organisation:
    """The people of all lists, put below their groups."""

    def __init__(self, people: Sequence[_Person], first_day: date, company: str, lang: str) -> None:
        self.company, self.lang = company, lang
        self.findings: list[Finding] = []
        for one in people:
            self.findings += [
                Finding.of("roster-day", place, name=one.name) for place in one.unread
            ]
        self.people = self._without_repeats(self._there(people, first_day))
        self.paths = self._paths()
        self.codes = self._codes()
        self.led = self._led()

    def roster(self) -> Roster:
        """The units, the groups first where they stand above."""
        top = self._top()
        if not any(self.paths.values()) and any(self.led.values()):
            self._by_managers(top)
        self.findings += self._without_group(top)
        groups = self._groups()
        codes = dict(zip(groups, self._made(groups), strict=True))
        inside = self._inside()
        leaders = {path: self._leader(path, inside[path]) for path in groups}
        leading = {one for path, one in leaders.items() if one and len(inside[path]) > 1}
        members = [self._group(path, codes, leaders[path], inside[path]) for path in groups]
        members += [
            self._member(one, codes.get(self.paths[one], ""), leads=one in leading)
            for one in self.people
            if one != top
        ]
        ordered = _below_parents(members)
        named = tuple(one.name for one in ordered if one.leads)
        if named:
            place = next(one.place for one in self.people if one in leading)
            self.findings.append(Finding.of("roster-leaders", place, names=named))
        return Roster(
            ordered,
            top.name if top is not None else self._from_outside(),
            _address(top) if top is not None else "",
            (),
            tuple(self.findings),
        )

    def _there(self, people: Iterable[_Person], first_day: date) -> list[_Person]:
        found: list[_Person] = []
        for one in people:
            if one.gone or (one.left is not None and one.left < first_day):
                self.findings.append(Finding.of("roster-left", one.place, name=one.name))
            else:
                found.append(one)
        return found

    def _without_repeats(self, people: Iterable[_Person]) -> list[_Person]:
        """Each person once: who has the name and the code, or without one the e-mail, is the
        same.
        """
        first: dict[tuple[str, str], _Person] = {}
        for one in people:
            key = (bare(one.name), one.code or one.email or str(one.path))
            if key in first:
                place = first[key].place.cell
                self.findings.append(
                    Finding.of("roster-twice", one.place, name=one.name, first=place)
                )
            first.setdefault(key, one)
        return list(first.values())

    def _paths(self) -> dict[_Person, tuple[str, ...]]:
        """The groups above each person, without those that all have in common."""
        paths = {one: tuple(dict.fromkeys(map(str.strip, one.path))) for one in self.people}
        while paths and (first := self._common([one for one in paths.values() if one])):
            paths = {one: path[1:] if path[:1] == (first,) else path for one, path in paths.items()}
        return paths

    def _common(self, paths: Sequence[tuple[str, ...]]) -> str:
        """The one group that stands above all, or the company's own name; "" for none."""
        firsts = {path[0] for path in paths}
        if len(firsts) == 1:
            return next(iter(firsts))
        own = [one for one in firsts if is_company(one) or bare(one) == bare(self.company)]
        return own[0] if own else ""

    def _codes(self) -> dict[_Person, str]:
        """The codes of the list where each is there once, else made ones."""
        counts = Counter(one.code for one in self.people if one.code)
        taken = set(counts)
        numbers = iter(range(1, 2 * len(self.people) + 2))
        found: dict[_Person, str] = {}
        for one in self.people:
            if one.code and counts[one.code] == 1 and one.code != COMPANY_CODE:
                found[one] = one.code
                continue
            if one.code:
                self.findings.append(Finding.of("roster-code-twice", one.place, number=one.code))
            found[one] = next(f"P{at:02d}" for at in numbers if f"P{at:02d}" not in taken)
        return found

    def _led(self) -> dict[_Person, _Person | None]:
        """Who leads each person, where that is somebody of the list."""
        known: dict[str, list[_Person]] = {}
        for one in self.people:
            for word in {_called(one.name), bare(one.code), bare(one.email)} - {""}:
                known.setdefault(word, []).append(one)
        found: dict[_Person, _Person | None] = {}
        for one in self.people:
            meant = [other for other in known.get(_called(one.manager), ()) if other is not one]
            found[one] = meant[0] if len(meant) == 1 else None
            if len(meant) > 1:
                self.findings.append(
                    Finding.of("roster-manager-of-several", one.place, name=one.manager)
                )
        return found

    def _top(self) -> _Person | None:
        """Who leads the company: the one of no group, or whom nobody leads, that leads others."""
        leaders = {one for one in self.led.values() if one is not None}
        free = [one for one in self.people if self.led[one] is None and one in leaders]
        if len(free) == 1 and (not self.paths[free[0]] or not any(self.paths.values())):
            return free[0]
        outside = [one for one in self.people if not self.paths[one]]
        if not any(self.paths.values()):
            return None
        titled = [one for one in outside if _LEADS_ALL.search(one.title)]
        if len(outside) == 1 and _LEADS.search(outside[0].title):
            titled = outside
        return titled[0] if len(titled) == 1 else None

    def _without_group(self, top: _Person | None) -> Iterator[Finding]:
        """Who stands beside the groups, right below the company, is named: they share its target
        with whole groups.
        """
        outside = [one for one in self.people if not self.paths[one] and one != top]
        if outside and any(self.paths.values()):
            names = tuple(one.name for one in outside)
            yield Finding.of("roster-no-group", outside[0].place, names=names)

    def _from_outside(self) -> str:
        """The one manager who is named and not in the list; "" for none or several."""
        outside = {one.manager for one in self.people if self.led[one] is None} - {""}
        alone = next(iter(outside)) if len(outside) == 1 else ""
        return alone if names_in([alone]) or alone.endswith("总") else ""

    def _by_managers(self, top: _Person | None) -> None:
        """Without groups each who leads others has a team, called after the region that its
        people alone have, else after who leads it.
        """
        leaders = {one for one in self.led.values() if one is not None and one is not top}
        names = self._teams(leaders, top)
        for one in self.people:
            chain: list[str] = []
            at: _Person | None = one if one in leaders else self.led[one]
            seen: set[_Person] = set()
            while at is not None and at is not top and at not in seen:
                seen.add(at)
                chain.insert(0, names[at])
                at = self.led[at]
            self.paths[one] = tuple(chain)

    def _teams(self, leaders: Iterable[_Person], top: _Person | None) -> dict[_Person, str]:
        """The names of the leaders' teams."""
        regions = {one: {one.region} for one in leaders}
        everywhere = Counter(one.region for one in self.people if one is not top)
        own: Counter[_Person] = Counter(list(regions))
        for one in self.people:
            leader = self.led[one]
            if leader in regions and one not in regions:
                regions[leader].add(one.region)
                own[leader] += 1
        found: dict[_Person, str] = {}
        for leader, there in regions.items():
            region = next(iter(there))
            alone = len(there) == 1 and region != "" and everywhere[region] == own[leader]
            after_leader = either(self.lang, f"{leader.name}团队", f"{leader.name}'s team")
            found[leader] = region if alone else after_leader
        return found

    def _groups(self) -> list[tuple[str, ...]]:
        found: dict[tuple[str, ...], None] = {}
        for path in self.paths.values():
            for depth in range(1, len(path) + 1):
                found.setdefault(path[:depth])
        return list(found)

    def _made(self, groups: Sequence[tuple[str, ...]]) -> Iterator[str]:
        """Codes of groups in their order: T01 below the company, D01 below a team."""
        taken = set(self.codes.values())
        numbers = {"T": count(1), "D": count(1)}
        for path in groups:
            letter = "T" if len(path) == 1 else "D"
            codes = (f"{letter}{at:02d}" for at in numbers[letter])
            yield next(one for one in codes if one not in taken)

    def _inside(self) -> Mapping[tuple[str, ...], list[_Person]]:
        """The people in each group and in those below it."""
        found: dict[tuple[str, ...], list[_Person]] = {}
        for one, path in self.paths.items():
            for depth in range(1, len(path) + 1):
                found.setdefault(path[:depth], []).append(one)
        return found

    def _group(
        self,
        path: tuple[str, ...],
        codes: Mapping[tuple[str, ...], str],
        leader: _Person | None,
        inside: Sequence[_Person],
    ) -> Member:
        level = Level.TEAM if len(path) == 1 else Level.DEPARTMENT
        name = leader.name if leader is not None else ""
        email = _address(leader) if leader is not None else ""
        regions = {one.region for one in inside}
        region = next(iter(regions)) if len(regions) == 1 else ""
        above = codes.get(path[:-1], "")
        return Member(codes[path], path[-1], level, above, name, email, region=region)

    def _leader(self, path: tuple[str, ...], inside: Sequence[_Person]) -> _Person | None:
        """Who leads a group: the one in it to whom others of it report, nearest to its top and
        then the most; else the one of its own whose title says so.
        """
        own = [one for one in inside if self.paths[one] == path]
        among = set(inside)
        named = Counter(led for one in inside if (led := self.led[one]) in among and led)
        if named:
            return min(named, key=lambda one: (len(self.paths[one]), -named[one]))
        titled = [one for one in own if _LEADS.search(one.title)]
        return titled[0] if len(titled) == 1 else None

    def _member(self, one: _Person, parent: str, *, leads: bool) -> Member:
        return Member(
            self.codes[one],
            one.name,
            Level.PERSON,
            parent,
            email=_address(one),
            joined=one.joined,
            left=one.left,
            region=one.region,
            leads=leads,
        )


def _address(person: _Person) -> str:
    """The person's e-mail; what is none is left out."""
    return person.email if "@" in person.email else ""


def _below_parents(members: Sequence[Member]) -> tuple[Member, ...]:
    """The units in the order of the tree: each group, what is in it, then the next."""
    below: dict[str, list[Member]] = {}
    for one in members:
        below.setdefault(one.parent, []).append(one)
    found: list[Member] = []
    waiting = list(below.get("", ()))
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        waiting[:0] = below.get(one.code, []) if one.level is not Level.PERSON else []
    return tuple(found)
