"""Matching header rows: which columns of one row belong to which of several wanted tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, product

from salesplan.dataclass import dataclass, replace
from salesplan.workbook.read.cells import CellValue, Grid
from salesplan.workbook.read.listobjects import ListObject
from salesplan.workbook.refs import Range

_FULL_SEARCH = 1_000
_LONGEST_HEADER = 100
_WIDEST_SPACER = 2


@dataclass(frozen=True)
class Wanted:
    """A table to be found.

    ``sheets`` are the names its sheet may have, ``columns`` the header names of each column (zh,
    en, then aliases; the first that stands there wins), ``required`` the columns it cannot do
    without.
    """

    key: str
    sheets: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    required: frozenset[str]

    @cached_property
    def spelled(self) -> frozenset[str]:
        """The names of all columns, as they are spelled."""
        return frozenset(chain.from_iterable(self.columns.values()))

    @cached_property
    def needed(self) -> frozenset[str]:
        """The columns without which the table is not complete."""
        return self.required & self.columns.keys()

    @cached_property
    def named(self) -> Mapping[str, Sequence[tuple[int, int, str]]]:
        """By every name, as it is compared: the columns it is one of, with how early a name of
        theirs it is and where in the table they stand.
        """
        found: dict[str, list[tuple[int, int, str]]] = {}
        for place, (key, names) in enumerate(self.columns.items()):
            for rank, name in enumerate(names):
                found.setdefault(normal(name), []).append((rank, place, key))
        return found


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One table's header within one row: its keys' columns (from 1), and columns whose header
    stands there before.

    ``left`` and ``right`` bound the table, columns of others' making included.
    """

    row: int
    columns: Mapping[str, int]
    repeated: tuple[int, ...]
    left: int
    right: int
    list_object: ListObject | None = None

    def missing(self, wanted: Wanted) -> list[str]:
        """The required keys that the row lacks, in the order of the table's columns."""
        if wanted.needed <= self.columns.keys():
            return []
        return [key for key in wanted.columns if key in wanted.needed and key not in self.columns]

    def acceptable(self, wanted: Wanted) -> bool:
        """Whether so many headers stand there that this row was meant for the table, complete or
        not.
        """
        count = len(self.columns)
        complete = bool(wanted.required) and not self.missing(wanted)
        return (complete and count >= min(2, len(wanted.columns))) or count >= enough(wanted)


def enough(wanted: Wanted) -> int:
    """How many headers show that a row was meant for the table even if a required one is
    missing.
    """
    return min(3, (len(wanted.columns) + 1) // 2)


Texts = Mapping[int, str]
"""The texts of one row by column (from 1), normalised."""


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """A header or sheet name as it is compared: one width, one case, no spaces, line breaks or
    asterisks.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(folded.split()).replace("*", "")
    if plain.isprintable():
        return plain
    return "".join(one for one in plain if unicodedata.category(one) != "Cf")


_UNITS = (
    "元|千元|万元|百万元|亿元|万|rmb|人民币|cny|usd|eur|hkd|gbp|jpy|美元|欧元|港元|日元|"
    "10kcny|10kusd|%|百分比|百分点|个|家|人|名|天|日|次|件|户|单|条|台|套|小时|工作日|days|pp"
)
_MARKS = "必填|必须|选填|可选|必填项|required|mandatory|optional"
_REMARK = re.compile(rf"[(\[【](?:(?:单位|unit)?:?({_UNITS})|{_MARKS})[)\]】]")


_PERIODS = re.compile(r"[\d年月日度季q()\[\]【】_.~至#-]|[上下]半|副本|\bcopy\b")


def resembles(sheet: str, names: Iterable[str]) -> bool:
    """Whether a sheet's name is one of the ``names`` with a period or a number added: 实绩(2026),
    1月实绩, Actuals 2.
    """
    whole = normal(sheet)
    plain = _PERIODS.sub("", whole)
    return plain != whole and plain in {_PERIODS.sub("", normal(name)) for name in names}


def called(text: str, known: Container[str]) -> str:
    """A header as it is compared, by the name of ``known`` that it has without what people add to
    one.

    That is a colon at its end, 必填 in brackets, or a unit in brackets: ``申请额（万元）：`` is
    ``申请额``. Any other word in brackets may make another column of it, so it stays.
    """
    whole = normal(text)
    if whole in known or not whole.endswith((")", "]", "】", ":")):
        return whole
    plain = _REMARK.sub("", whole).rstrip(":")
    return plain if plain in known else whole


def unit_in(text: str) -> str:
    """The unit that a header names in brackets, as :func:`normal` writes it; "" for none."""
    found = _REMARK.search(normal(text))
    return (found[1] or "") if found else ""


class Heads(dict[str, str]):
    """The names of all columns of the tables that are looked for, as they are ``spelled`` and as
    they are compared (``known``); and by any text of a cell the text as it is compared with them,
    worked out once: what fills a table stands in many of its cells.
    """

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        wanted = list(wanted)
        self.spelled = frozenset[str]().union(*(one.spelled for one in wanted))
        self.known = frozenset[str]().union(*(one.named for one in wanted))

    def __missing__(self, text: str) -> str:
        self[text] = called(text, self.known) if len(text) <= _LONGEST_HEADER else "…"
        return self[text]


def with_heads(grid: Grid, heads: Heads) -> Grid:
    """The sheet with its two-row heads in one row, the lower.

    A head of two rows has a group over two columns or more, whose own headers stand below it, while
    the other headers stand beside the group with nothing below. They are taken down, so that one
    row holds all. A group is merged across its columns, or its name stands over the first of them
    and nothing over the others; then all that stands below has to be a header.
    """
    known = heads.known
    merged = _merged_across(grid)
    rows = None
    for index in range(min(_FULL_SEARCH, len(grid.rows) - 1)):
        upper, lower = grid.rows[index], grid.rows[index + 1]
        below = {c for c, value in enumerate(lower) if value is not None}
        under = merged.get(index) or (below if _grouped(upper, lower, below, heads) else set())
        if not under:
            continue
        beside = {c for c, value in enumerate(upper) if value is not None} - under
        if not (below and beside and below <= under):
            continue
        if any(heads[str(lower[c])] in known for c in below) and any(
            heads[str(upper[c])] in known for c in beside
        ):
            rows = rows or list(grid.rows)
            rows[index + 1] = [upper[c] if c in beside else value for c, value in enumerate(lower)]
    return grid if rows is None else replace(grid, rows=rows)


def _merged_across(grid: Grid) -> Mapping[int, set[int]]:
    """The columns (from 0) that merged cells of one row cover, by the row's index."""
    covered: dict[int, set[int]] = {}
    for area in map(Range.parse, grid.merges):
        if area.top == area.bottom and area.left < area.right:
            columns = range(area.left - 1, area.right)
            covered.setdefault(area.top - grid.first_row, set()).update(columns)
    return covered


def _grouped(
    upper: Sequence[CellValue], lower: Sequence[CellValue], below: set[int], heads: Heads
) -> bool:
    """Whether the ``below`` of one row are headers, two or more under each name in the row above
    them.
    """
    if len(below) < 2 or not all(type(lower[c]) is str for c in below):
        return False
    if not all(heads[str(lower[c])] in heads.known for c in below):
        return False
    widths: list[int] = []
    for column in sorted(below):
        if column < len(upper) and upper[column] is not None:
            widths.append(1)
        elif widths and column - 1 in below:
            widths[-1] += 1
        else:
            return False
    return min(widths) > 1


def header_rows(grid: Grid, heads: Heads) -> dict[int, Texts]:
    """The rows in which one of the names stands, by row number.

    Beyond the first 1,000 rows two have to stand there, as they are spelled: reading every text of
    a long data sheet in another way would take longer than reading the file.
    """
    spelled, known = heads.spelled, heads.known
    found: dict[int, Texts] = {}
    for offset, row in enumerate(grid.rows):
        if offset >= _FULL_SEARCH and (
            spelled.isdisjoint(row) or len(spelled.intersection(row)) < 2
        ):
            continue
        said = [v for v in row if type(v) is str]  # what is no text is no header
        if not known.isdisjoint(map(heads.__getitem__, said)):
            texts = {c: heads[str(v)] for c, v in enumerate(row, 1) if v is not None}
            found[grid.first_row + offset] = texts
    return found


def match_row(
    row: int, texts: Texts, wanted: Sequence[Wanted], objects: Sequence[ListObject]
) -> dict[str, HeaderMatch]:
    """Each wanted table's part of one row, by its key; no two tables' columns mix.

    Headers without a blank cell between them are a run; a run is divided among the tables so that
    as many headers as possible find theirs. The columns of an Excel table are a run of their own,
    and a table takes it whole. Within an Excel table's data nothing is a header, but for the first
    row of one that is said to have no header: some programs write so, and mean its first row.
    """
    found: dict[str, HeaderMatch] = {}
    free = dict(texts)
    for table in objects:
        area = table.range
        inside = {c: text for c, text in texts.items() if area.left <= c <= area.right}
        if area.top <= row <= area.bottom and table.header_rows:
            free = {c: text for c, text in free.items() if c not in inside}
        if row == area.top and table.header_rows <= 1:
            matches = [
                (w, _match(row, inside, w, area.left, area.right, table))
                for w in wanted
                if w.key not in found
            ]
            fitting = [(w, m) for w, m in matches if m.acceptable(w)]
            if fitting:
                best, match = max(fitting, key=lambda pair: _score(pair[1], pair[0]))
                found[best.key] = match
                free = {c: text for c, text in free.items() if c not in inside}
    parts: dict[str, list[HeaderMatch]] = {}
    rest = [w for w in wanted if w.key not in found]
    for run in _runs(free):
        for key, match in _divide(row, free, run, rest).items():
            parts.setdefault(key, []).append(match)
    for w in rest:
        if w.key in parts:
            found[w.key] = _joined(row, free, w, parts)
    return found


def _runs(texts: Texts) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column in sorted(texts):
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def _divide(
    row: int, texts: Texts, run: tuple[int, int], wanted: Sequence[Wanted]
) -> dict[str, HeaderMatch]:
    """A run's tables, each with the stretch from its first header to before the next table's.

    A table whose headers alone stand there takes it whole. Else a search over the cut points from
    left to right; ``best`` holds, for the columns so far and the set of tables placed in them, the
    best score and the stretches that give it.
    """
    own = [texts[c] for c in range(run[0], run[1] + 1)]
    wanted = [w for w in wanted if not w.named.keys().isdisjoint(own)]
    if len(wanted) <= 1:
        return {w.key: _match(row, texts, w, *run) for w in wanted}
    columns = []
    for c, text in enumerate(own, run[0]):
        if any(text in w.named for w in wanted):
            columns.append(c)
    heads = [texts[c] for c in columns]
    worth = [_worth_of(heads, w) for w in wanted]
    best: dict[tuple[int, int], tuple[tuple[int, int], tuple[tuple[int, int], ...]]] = {
        (0, 0): ((0, 0), ())
    }
    for start, mask in product(range(len(columns)), range(1 << len(wanted))):
        if (start, mask) not in best:
            continue
        (score, width), stretches = best[start, mask]
        left = columns[start]
        options: list[tuple[tuple[int, int], tuple[int, int], int | None]] = [
            ((start + 1, mask), (score, width), None)
        ]
        for index, ends in enumerate(worth):
            for end, gain in () if mask >> index & 1 else ends.get(start, ()):
                reached = score + gain, width + left - columns[end - 1]
                options.append(((end, mask | 1 << index), reached, index))
        for state, reached, placed in options:
            if state not in best or reached > best[state][0]:
                chosen = stretches if placed is None else (*stretches, (placed, left))
                best[state] = reached, chosen
    _, stretches = max(
        (plan for (position, _), plan in best.items() if position == len(columns)),
        key=lambda plan: plan[0],
    )
    found = {}
    for place, (index, left) in enumerate(stretches):
        left = run[0] if place == 0 else left
        right = stretches[place + 1][1] - 1 if place + 1 < len(stretches) else run[1]
        found[wanted[index].key] = _match(row, texts, wanted[index], left, right)
    return found


def _worth_of(heads: Sequence[str], wanted: Wanted) -> Mapping[int, Sequence[tuple[int, int]]]:
    """What the stretches of ``heads`` that begin with one of the table's count for, by where they
    begin: each with the place behind its end.
    """
    own = [at for at, head in enumerate(heads) if head in wanted.named]
    return {at: list(enumerate(_worth(heads[at:], wanted), at + 1)) for at in own}


def _worth(heads: Iterable[str], wanted: Wanted) -> Iterator[int]:
    """What a stretch counts for with each header more: its points in :func:`_score`."""
    there: dict[str, int] = {}
    columns: dict[str, int] = {}
    points = 0
    for at, head in enumerate(heads):
        meant = wanted.named.get(head, ())
        if meant and head not in there:
            there[head] = at
            key = meant[0][2]
            if len(meant) == 1 and key not in columns:  # nobody else's place is another for it
                columns[key] = at
            else:
                columns = _placed(there, wanted)
            points = _points(columns, wanted)
        yield points


def _joined(
    row: int, texts: Texts, wanted: Wanted, parts: Mapping[str, Sequence[HeaderMatch]]
) -> HeaderMatch:
    """The table's best run, with neighbouring runs behind a narrow spacer whose headers are mostly
    the table's and none twice.
    """
    own = list(parts[wanted.key])
    others = (matches for key, matches in parts.items() if key != wanted.key)
    taken = list(chain.from_iterable(others))
    best = max(own, key=lambda match: (_score(match, wanted)[0], -match.left))
    for near in sorted(
        (m for m in own if m is not best),
        key=lambda m: min(abs(m.left - best.right), abs(best.left - m.right)),
    ):
        spacer = max(near.left - best.right, best.left - near.right) - 1
        mostly = 2 * len(near.columns) > near.right - near.left
        alone = not any(near.left <= other.left <= near.right for other in taken)
        if (
            spacer <= _WIDEST_SPACER
            and mostly
            and alone
            and near.columns.keys().isdisjoint(best.columns)
        ):
            best = _match(
                row, texts, wanted, min(near.left, best.left), max(near.right, best.right)
            )
    return best


_OWN_NAMES = 2
"""A column's Chinese and its English name; the others are what people call it, and may be the
header of another column of theirs.
"""


def _match(
    row: int, texts: Texts, wanted: Wanted, left: int, right: int, table: ListObject | None = None
) -> HeaderMatch:
    """The table's headers between two columns. An earlier name of a column goes before a later one,
    a column to the left before one to the right.
    """
    first: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    for column in range(left, right + 1):
        text = texts.get(column)
        if text is not None:
            if text in first:
                repeated.setdefault(text, []).append(column)
            first.setdefault(text, column)
    columns = _placed(first, wanted)
    used = {texts[column] for column in columns.values()}
    repeats = (places for text, places in repeated.items() if text in used)
    twice = set(chain.from_iterable(repeats))
    for key, at in columns.items():
        called = (first.get(normal(name)) for name in wanted.columns[key][:_OWN_NAMES])
        twice |= {c for c in called if c not in (None, at) and c not in columns.values()}
    return HeaderMatch(
        row,
        {key: columns[key] for key in wanted.columns if key in columns},
        tuple(sorted(twice)),
        left,
        right,
        table,
    )


def _placed(first: Mapping[str, int], wanted: Wanted) -> dict[str, int]:
    """By key the columns of the table's headers; ``first`` is where each text stands first."""
    meant: list[tuple[int, int, str, int]] = []
    for text, at in first.items():
        meant += [(*one, at) for one in wanted.named.get(text, ())]
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for _, _, key, at in sorted(meant):
        if key not in columns and at not in taken:
            columns[key] = at
            taken.add(at)
    return columns


def _points(columns: Mapping[str, int], wanted: Wanted) -> int:
    """More headers are better, those of a complete table count for much more."""
    return len(columns) * (100 if wanted.needed <= columns.keys() else 1)


def _score(match: HeaderMatch, wanted: Wanted) -> tuple[int, int]:
    """What a table's headers count for; of equals the narrower is better."""
    return _points(match.columns, wanted), match.left - match.right
