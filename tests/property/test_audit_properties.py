"""The leak audit of figures: what the reader's own figures come to is never an alarm, and an amount
of somebody else's is found in whatever form it is planted.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesplan.audience.audit import audit
from salesplan.audience.confidential import DIGITS, Secrets
from salesplan.audience.results_slice import Part, part_of
from salesplan.audience.whole import Whole
from salesplan.audience.written import Figures, figures_in
from salesplan.plan.model import Kpi, KpiKind, Level, Month, Settings, Unit
from tests.report_fixture import computed
from tests.unit.plans import Row, plan_of

D = Decimal
MONTHS = [Month(2026, number) for number in range(1, 7)]
SHEET = '<worksheet><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
PLANTS = {
    "a cell": ("xl/worksheets/sheet1.xml", lambda it: SHEET.format(cells=f"<c><v>{it}</v></c>")),
    "a formula": (
        "xl/worksheets/sheet1.xml",
        lambda it: SHEET.format(cells=f"<c><f>A1+{it}</f><v>2</v></c>"),
    ),
    "a sentence": ("xl/sharedStrings.xml", lambda it: f"<t>Revenue came to USD {it:,.2f}.</t>"),
    "in Chinese": ("xl/sharedStrings.xml", lambda it: f"<t>6月营收{it}元, 落后</t>"),
    "thousands": ("ppt/slides/slide1.xml", lambda it: f"<a:t>{it / 1000:,}k</a:t>"),
    "10k": ("ppt/slides/slide1.xml", lambda it: f"<a:t>{it / 10_000}万元</a:t>"),
    "millions": ("ppt/slides/slide1.xml", lambda it: f"<a:t>USD {it / 10**6}m</a:t>"),
    "a chart": ("ppt/charts/chart1.xml", lambda it: f"<c:v>{it}</c:v>"),
}


@dataclass(frozen=True)
class Reader:
    """A person's part of a plan, and what the plan says besides."""

    part: Part
    secrets: Secrets
    own: Figures

    def foreign(self, derived: Iterable[Decimal]) -> list[Decimal]:
        """Others' amounts that are no figures of the reader's, nor what those come to."""
        own = self.own | Figures(derived)
        every = (D(one) / 10**6 for one in self.secrets.plan.actuals.value if one)
        written = ((one, figure) for one in every for figure in figures_in(str(one)))
        return sorted(
            {
                one
                for one, figure in written
                if len(figure.digits) >= DIGITS and not own.hold(figure)
            }
        )


def reader_of(dice: random.Random) -> Reader:
    """A person of one of some teams of persons on equal shares of any goal, each with figures of
    its own.
    """
    goal = D(dice.randrange(10_000, 10**8))
    unit = dice.choice([D(1), D("0.01")])
    kpi = Kpi(code="REV", name="", kind=KpiKind.FLOW, unit="USD", smallest_unit=unit, target=goal)
    units = [Unit(code="HQ", name="Acme", level=Level.COMPANY)]
    heads = dice.randrange(1, 7)
    for team in range(dice.randrange(2, 5)):
        units.append(Unit(code=f"T{team}", name="", level=Level.TEAM, parent="HQ"))
        units += (
            Unit(code=f"P{team}{head}", name="", level=Level.PERSON, parent=f"T{team}")
            for head in range(heads)
        )
    rows: list[Row] = [
        {"at": at, "unit": one.code, "kpi": "REV", "value": D(dice.randrange(10**6, 10**8)) / 100}
        for one in units
        if one.level is Level.PERSON
        for at in MONTHS
    ]
    setting = Settings(year=2026, month=MONTHS[-1], as_of=date(2026, 6, 30))
    plan = plan_of(kpi, *rows, units=tuple(units), settings=setting)
    results = computed(plan)
    part = part_of(Whole(plan, results), "P00", results.findings)
    secrets = Secrets(plan, results)
    return Reader(part, secrets, secrets.allowed(part)[1])


def derived(reader: Reader) -> list[Decimal]:
    """What a report makes of the reader's figures: run rates, gaps, shares, sums."""
    target = reader.part.results.targets["REV", "P00"]
    actual = [D(one or 0) / 10**6 for one in reader.part.plan.actuals.value]
    months = [one or D(0) for one in target.months]
    made = [*months, *actual, sum(months, D(0)), sum(actual, D(0)), sum(actual[:3], D(0))]
    made += [one / days for one in (*months, *actual) for days in (18, 20, 21, 22)]
    made += [one - goal for one, goal in zip(actual, months, strict=False)]
    made += [one / goal for one, goal in zip(actual, months, strict=False) if goal]
    return made


def package(path: Path, parts: Iterable[tuple[str, str]]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, data in parts:
            made.writestr(name, data)
    return path


@given(st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_own_figures_are_no_leak_and_a_foreign_one_is_in_any_form(seed: int) -> None:
    dice = random.Random(seed)
    reader = reader_of(dice)
    made = derived(reader)
    cells = "".join(f"<c><f>B1*2</f><v>{float(one)!r}</v></c>" for one in made)
    said = "".join(
        f"<a:t>{one:,.2f} · {one:,.0f} · USD {one / 1000:,.3f}k · {one / 10_000:.4f}万元 · "
        f"{one:.6%}</a:t>"
        for one in made
    )
    with TemporaryDirectory() as folder:
        book = package(
            Path(folder) / "own.xlsx", [("xl/worksheets/sheet2.xml", SHEET.format(cells=cells))]
        )
        deck = package(Path(folder) / "own.pptx", [("ppt/slides/slide2.xml", said)])
        assert audit(book, reader.secrets, reader.part) == ()
        assert audit(deck, reader.secrets, reader.part, book) == ()
        foreign = reader.foreign(made)
        if not foreign:
            return
        amount = dice.choice(foreign)
        for name, write in PLANTS.values():
            parts = [("ppt/slides/slide2.xml", said), (name, write(amount))]
            planted = package(Path(folder) / "planted.pptx", parts)
            found = audit(planted, reader.secrets, reader.part, book)
            assert [(one.code, one.params["parts"]) for one in found] == [("leak-amount", [name])]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("run rate 1,413.33", [("141333", 3, -2)]),
        ("USD 1,413,330", [("141333", 6, 0)]),
        ("营收1413.33万元", [("141333", 3, -2)]),
        ("−1,413.33k and 14.1333%", [("141333", 3, -2), ("141333", -1, -6)]),
        ("1.41333E+5", [("141333", 5, 0)]),
        ("A141333 141333b 1.2.3 0.00", [("12", 0, -1)]),
        ("765009.", [("765009", 5, 0)]),
    ],
)
def test_figures_in_texts(text: str, read: list[tuple[str, int, int]]) -> None:
    assert list(map(tuple, figures_in(text))) == read


def test_a_figure_is_told_by_its_value_not_its_digits() -> None:
    """29,680 a month are 1,413.33 a day, and 141,333 is somebody else's month."""
    own = Figures([D(29680), D(29680) / 21])
    said = "1,413.33 · 1,413.3 · 1.41333k · 0.14133333万 · 29,680.00"
    assert all(map(own.hold, figures_in(said)))
    assert not any(map(own.hold, figures_in("141,333 · 14.1333 · 1,413.34 · 1,413.333334 · 2,968")))
