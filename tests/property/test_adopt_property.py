"""A random plan, written in a random one of the shapes in which planners keep theirs, in a random
language, and adopted, gives the targets and the actuals that it was made from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan import app
from salesplan.plan.adopt.columns import SURE
from salesplan.plan.model import MICRO, Month
from tests.foreign_books import TODAY, Adopted, adopted, write
from tests.foreign_shapes import LANGUAGES, SHAPES, YEAR, Book, Plan

TEAMS = {
    "zh": ("华东区 华南区 华北区", "张伟 王芳 李娜 刘洋 陈静 杨帆"),
    "en": ("North South West", "Ann Lee,Bob Ray,Cy Dent,Di Fox,Ed Poe,Flo May"),
    "de": ("Nord Süd West", "Anna Lenz,Bernd Rau,Carl Dorn,Dora Fuchs,Emil Post,Ida Maus"),
    "es": ("Norte Sur Este", "Ana Lara,Blas Rey,Clara Díaz,Dario Flor,Elena Paz,Fito Mora"),
}


def named(lang: str) -> tuple[list[str], list[str]]:
    """The teams and the people of a language's books."""
    teams, people = TEAMS[lang]
    return teams.split(), people.replace(",", " ").split() if lang == "zh" else people.split(",")


FIGURE = st.integers(1, 900)


@st.composite
def plans(draw: st.DrawFn, lang: str) -> Plan:
    """A plan of two or three teams with one to three people each."""
    teams, people = named(lang)
    sizes = draw(st.lists(st.integers(1, 2), min_size=2, max_size=3))
    left = list(people)
    made = {
        team: [left.pop(0) for _ in range(size)] for team, size in zip(teams, sizes, strict=False)
    }
    twelve = st.lists(FIGURE, min_size=12, max_size=12)
    everybody = [who for who in people if who not in left]
    return Plan(
        made,
        {who: draw(twelve) for who in everybody},
        {who: draw(twelve) for who in everybody},
    )


def issued(found: Adopted) -> dict[str, list[Decimal]]:
    """The typed months of everybody, by name."""
    names = {one.code: one.name for one in found.plan.units}
    return {
        names[row.unit]: [value or Decimal(0) for value in row.manual_months]
        for row in found.plan.targets
        if row.has_manual
    }


def achieved(found: Adopted) -> dict[str, list[int]]:
    """The actuals of everybody month by month."""
    names = {one.code: one.name for one in found.plan.units}
    sums: Counter[tuple[str, Month]] = Counter()
    actuals = found.plan.actuals
    for at in range(len(actuals)):
        sums[names[actuals.unit[at]], actuals.month[at]] += actuals.value[at] or 0
    people = {who for who, _ in sums}
    return {who: [sums[who, Month(YEAR, m)] // MICRO for m in range(1, 13)] for who in people}


def of_months(figures: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    return {who: list(months) for who, months in figures.items()}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_plan_in_any_shape_is_the_plan(shape: str, data: st.DataObject) -> None:
    lang = data.draw(st.sampled_from(sorted(LANGUAGES)))
    plan = data.draw(plans(lang))
    book = SHAPES[shape](plan, LANGUAGES[lang])
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "book.xlsx", book.sheets)
        found = adopted(path, report=False)
    assert issued(found) == of_months(plan.targets)
    if book.actuals:
        assert achieved(found) == of_months(plan.actuals)
    if book.teams:
        assert {who: found.parent(who) for who in plan.people} == {
            who: plan.team(who) for who in plan.people
        }


def counted(book: Book, path: Path) -> Counter[str]:
    """How many of a book's columns are right and sure, asked, or wrong in silence."""
    seen = app.look(write(path, book.sheets), None, TODAY)
    entries = {(one.sheet, one.cell): one for one in seen.proposal.entries if one.cell}
    found: Counter[str] = Counter()
    for key, takes in book.truth.items():
        one = entries.get(key)
        taken = one.takes if one is not None else None
        if one is not None and taken is not None and one.confidence < SURE:
            found["asked"] += 1
        else:
            found["right" if taken is takes else "wrong"] += 1
    return found


def test_columns_are_right_or_asked_and_never_wrong_in_silence(tmp_path: Path) -> None:
    """How many of a book's columns are right and sure, asked, wrong in silence."""
    total: Counter[str] = Counter()
    for lang, words in LANGUAGES.items():
        teams, people = named(lang)
        made = {team: people[2 * at : 2 * at + 2] for at, team in enumerate(teams)}
        targets = {
            who: [100 + 7 * at + month for month in range(12)] for at, who in enumerate(people)
        }
        actuals = {who: [value - 3 for value in months] for who, months in targets.items()}
        for name, shape in SHAPES.items():
            book = shape(Plan(made, targets, actuals), words)
            found = counted(book, tmp_path / f"{name}-{lang}.xlsx")
            assert not found["wrong"], (name, lang, found)
            total += found
    assert total["right"] >= 0.95 * total.total(), total
