"""``report --pptx``: slides with native charts whose figures are the workbook's."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from salesplan import app
from salesplan.app.reports import Form
from salesplan.findings import SalesplanError
from salesplan.report import write_report
from salesplan.report.narrative.reading import LOWER
from salesplan.report.texts.words import Words
from tests.books import all_rows, cells_of
from tests.decks import NUMBER, Deck, Drawn, parts
from tests.integration.test_front_page import pages_of
from tests.integration.test_report_page import formatted, overview, shown
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.programs import convert_all
from tests.report_fixture import computed, odd_plan, random_plan
from tests.samples import Report, new_sample, sample_report

FEWEST, MOST = 6, 10
COMPARED = ("last_year", "growth", "before", "change")
COLUMNS = ("actual", "target", "delta", "percent", "pace", *COMPARED)
"""The first page's columns that the deck's table of KPIs repeats, after name and span."""


def everything(book: Path) -> Counter[str]:
    """Every number that a cell or a chart's title of the workbook shows, in a figure or in a
    sentence; of a signed one also the amount alone, which a sentence says is above or below.
    """
    found: Counter[str] = Counter()
    for name, data in parts(book).items():
        if name.startswith("xl/charts/"):
            for text in re.findall(r"<a:t>([^<]*)</a:t>", data.decode()):
                found.update(NUMBER.findall(text))
    for cell in cells_of(book):
        told = NUMBER.findall(shown(cell))
        found.update([*told, *(one.lstrip("+-") for one in told)])
    return found


def different(deck: Deck, book: Path) -> list[tuple[str, str]]:
    """The numbers of a deck that no cell of the workbook shows, with where they stand."""
    known = everything(book)
    found = []
    for at, slide in enumerate(deck.slides, 1):
        for text in deck.texts(slide):
            lost = [one for one in NUMBER.findall(text) if one not in known]
            found += [(f"slide {at}", f"{one} in {text}") for one in lost]
    for chart in deck.charts:
        for name, values in chart.series.items():
            told = [
                formatted(Decimal(repr(value)), chart.form) for value in values if value is not None
            ]
            found += [(f"{chart.name} {name}", one) for one in told if one not in known]
    return found


def by_month(book: Path, lang: str, kpi: str) -> dict[str, tuple[float | None, ...]]:
    """The lines of a KPI's months, by what they are called in the workbook."""
    first = Words(lang)("line_target")
    found: dict[str, tuple[float | None, ...]] = {}
    for whole in all_rows(book).values():
        rows = [row[:20] for row in whole]
        for at, row in enumerate(rows):
            if row[1] == first and str(rows[at - 1][1]).split(" (")[0] == kpi:
                start = next(i for i, head in enumerate(rows[at - 1]) if i > 1 and head)
                found |= dict(lines_from(rows[at:], start))
    return found


def lines_from(rows: list[list[Any]], start: int) -> Iterator[tuple[str, tuple[float | None, ...]]]:
    """Lines of twelve months from a column on, up to the first row without a name."""
    for row in rows:
        if row[1] is None:
            return
        months = row[start : start + 12]
        values = (float(one) if isinstance(one, int | float) else None for one in months)
        yield str(row[1]), tuple(values)


def is_workbooks(chart: Drawn, lines: dict[str, tuple[float | None, ...]]) -> bool:
    """Whether a chart over months draws the months' sheet, and its own workbook holds the same."""
    return all(lines[name] == values for name, values in chart.series.items())


def held_alike(chart: Drawn) -> bool:
    """Whether the workbook that opens for editing holds what the chart shows."""
    head, *rows = chart.held
    if tuple(str(row[0]) for row in rows) != chart.categories or list(head[1:]) != list(
        chart.series
    ):
        return False
    columns = list(zip(*(row[1:] for row in rows), strict=True))
    return [tuple(one) for one in columns] == [tuple(one) for one in chart.series.values()]


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request: pytest.FixtureRequest) -> Report:
    return sample_report(lang=request.param)


def test_every_number_is_the_workbooks(made: Report, tmp_path: Path) -> None:
    lang, book = made.lang, made.book
    deck = Deck(made.deck)
    assert different(deck, book) == []
    master = new_sample(tmp_path / "m.xlsx", lang=lang)
    names = {kpi.code: kpi.name for kpi in app.check(master).plan.kpis}
    over_months = [one for one in deck.charts if len(one.categories) == 12]
    assert len(over_months) >= 3
    for chart in over_months:
        assert is_workbooks(chart, by_month(book, lang, names[chart.name.split("/")[0]]))
    assert all(held_alike(chart) for chart in deck.charts)
    head, *rows = deck.table("kpis")
    words = Words(lang)
    cells = {
        (name.split(" (")[0], lower, key): text for name, lower, key, text in overview(book, words)
    }
    count = 0
    name = ""
    for at, row in enumerate(rows):
        name = row[0].removesuffix(f" {LOWER}") if at % 2 == 0 else name
        for key, text in zip(COLUMNS, row[2:], strict=False):
            there = cells[name, at % 2, key]
            nothing = text == "" and key in COMPARED
            assert nothing or text == there, (name, key, text, there)
            count += not nothing
    assert count > 60 and len(head) == len(rows[0])


def test_titles_and_messages_are_the_workbooks(made: Report) -> None:
    deck = Deck(made.deck)
    sheets = all_rows(made.book)
    cells = chain.from_iterable(chain.from_iterable(sheets.values()))
    said = {str(value) for value in cells if value is not None}
    front = sheets[Words(made.lang)("sheet_overview")]
    assert [row[1] for row in deck.table("messages")[1:]] == [str(row[1]) for row in front[3:7]]
    assert FEWEST <= len(deck.slides) <= MOST
    assert deck.titles()[0] in said
    assert all("{" not in title and "…" not in title for title in deck.titles())


@pytest.mark.parametrize("seed", range(4))
def test_every_number_of_random_plans_is_the_workbooks(tmp_path: Path, seed: int) -> None:
    plan = random_plan(seed)
    results = computed(plan)
    book, file = tmp_path / "r.xlsx", tmp_path / "r.pptx"
    write_report(
        plan, results, results.findings, book, lang="zh", source_name="x", also={".pptx": file}
    )
    deck = Deck(file)
    assert different(deck, book) == [] and len(deck.slides) <= MOST
    assert all(held_alike(chart) for chart in deck.charts)


def test_a_kpi_that_nobody_reported_has_no_slide(tmp_path: Path) -> None:
    plan = odd_plan()
    results, file = computed(plan), tmp_path / "r.pptx"
    write_report(
        plan, results, (), tmp_path / "r.xlsx", lang="en", source_name="x", also={".pptx": file}
    )
    titles = Deck(file).titles()
    assert titles and not [one for one in titles if "无实绩" in one or "—" in one]


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = random_plan(1)
    results = computed(plan)
    files = [tmp_path / "a.pptx", tmp_path / "b.pptx"]
    for file in files:
        write_report(
            plan, results, (), tmp_path / "r.xlsx", lang="en", source_name="x",
            also={".pptx": file},
        )  # fmt: skip
    assert files[0].read_bytes() == files[1].read_bytes()
    dates = {
        found
        for data in parts(files[0]).values()
        for found in re.findall(rb"20\d\d-\d\d-\d\dT", data)
    }
    assert dates == {f"{results.as_of}T".encode()}
    assert b"Canny" not in b"".join(parts(files[0]).values())


def test_a_plan_without_targets_has_one_slide(tmp_path: Path) -> None:
    plan = replace(random_plan(1), kpis=(), targets=(), seasonality=())
    results = computed(plan)
    file = tmp_path / "r.pptx"
    write_report(
        plan, results, (), tmp_path / "r.xlsx", lang="en", source_name="x", also={".pptx": file}
    )
    assert len(Deck(file).slides) == 1


def test_names_are_texts_and_never_markup(tmp_path: Path) -> None:
    plan = random_plan(1)
    name = '<a:t>"A&B"</a:t>\x07\u202e'
    results = computed(plan)
    units = (replace(plan.units[0], name=name), *plan.units[1:])
    file = tmp_path / "r.pptx"
    write_report(
        replace(plan, units=units), results, (), tmp_path / "r.xlsx", lang="en",
        source_name="<i>.xlsx", also={".pptx": file},
    )  # fmt: skip
    deck = Deck(file)
    assert '<a:t>"A&B"</a:t>' in "".join(deck.titles())
    assert "<i>.xlsx" in "".join(deck.texts(deck.slides[0]))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The decks of both languages as LibreOffice draws them, by one start."""
    decks = {lang: sample_report(lang=lang).deck for lang in ("zh", "en")}
    folder = tmp_path_factory.mktemp("drawn")
    return dict(zip(decks, convert_all(list(decks.values()), "pdf", folder), strict=True))


@pytest.mark.libreoffice
def test_nothing_is_cut_off_and_no_chart_is_empty(made: Report, drawn: Mapping[str, Path]) -> None:
    """As LibreOffice draws it: every letter stands on its slide, tables end above the foot."""
    deck, pages = Deck(made.deck), pages_of(drawn[made.lang])
    assert len(pages) == len(deck.slides)
    for slide, page in zip(deck.slides, pages, strict=True):
        high, wide = float(page.attrib["height"]), float(page.attrib["width"])
        there = Counter("".join("".join(word.text or "" for word in page).split()))
        asked = Counter("".join("".join(deck.texts(slide)).split()))
        assert not asked - there, asked - there
        assert all(float(word.attrib["xMin"]) >= 0 for word in page)
        assert all(float(word.attrib["xMax"]) <= wide for word in page)
        foot = high * 7.0 / 7.5 - 1
        above = [word for word in page if float(word.attrib["yMin"]) < foot]
        assert max(float(word.attrib["yMax"]) for word in above) <= high * 7.05 / 7.5
    for chart in deck.charts:
        assert any(value is not None for values in chart.series.values() for value in values)


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = new_sample(tmp_path / "plan.xlsx", lang="zh")
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "pptx" else found(name)
    )
    for extra in ((), ("--audience", "each"), ("--audience", "T1")):
        done = run("report", master, "--pptx", *extra, "-o", tmp_path / "out")
        assert done.exit_code == 2 and "pip install 'salesplan[deck]'" in done.output
        assert not (tmp_path / "out").exists()
    with pytest.raises(SalesplanError) as caught:
        app.report(master, app.Wanted(folder=tmp_path / "out", forms=[Form.DECK]))
    assert caught.value.finding.code == "deck-library-missing"
