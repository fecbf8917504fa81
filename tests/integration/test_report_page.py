"""``report --html``: one self-contained page whose figures are the workbook's, as it shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl.cell.read_only import ReadOnlyCell

from salesplan.engine.actuals.progress import Span
from salesplan.report import write_report
from salesplan.report.narrative.reading import LOWER
from salesplan.report.sections.overview import KEYS
from salesplan.report.texts.spans import texts_of
from salesplan.report.texts.words import Words
from tests.books import cells_in
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.report_fixture import computed, random_plan
from tests.samples import new_sample

LARGEST = 500_000
VOID = {"meta", "line", "col"}


class Page(HTMLParser):
    """What a page shows by the cell that it names, all its text, and what it would fetch."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.cells: dict[str, str] = {}
        self.text = ""
        self.fetched: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.fetched += [name for name in ("src", "href", "srcset") if name in found]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "img") else []
        if tag not in VOID:
            self._open.append((tag, found.get("data-cell")))
        if key := found.get("data-cell"):
            assert key not in self.cells, f"{key} stands twice"
            self.cells[key] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            opened, _ = self._open.pop()
            assert opened == tag, (opened, tag)

    def handle_data(self, data: str) -> None:
        if any(tag == "style" for tag, _ in self._open):
            return
        self.text += data
        if self._open and (key := self._open[-1][1]):
            self.cells[key] += data


def shown(cell: ReadOnlyCell) -> str:
    """What a spreadsheet program shows of a cell: its own reading of the number format."""
    value, form = cell.value, str(cell.number_format)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return value
    return formatted(Decimal(repr(value)), form)


@cache
def formatted(number: Decimal, form: str) -> str:
    """A number as a format of figures, percentages or thousands shows it."""
    first = form.split(";")[0]
    shape = re.match(r'(\+?)[#,]*0?(?:\.(0*))?#*(,*)(%?)(?:"(.*)")?', first)
    assert shape is not None
    plus, places, commas, percent, letter = shape.groups()
    number = (number * (100 if percent else 1)).scaleb(-3 * len(commas))
    rounded = number.quantize(Decimal(1).scaleb(-len(places or "")), ROUND_HALF_UP)
    return (plus if number > 0 else "") + f"{rounded:,}" + percent + (letter or "")


def overview(book: Path, words: Words) -> Iterator[tuple[str, int, str, str]]:
    """Of each line of the first page's KPIs: the KPI's name, 0 or 1 for its upper or lower line,
    the column's key, and what its cell shows.
    """
    rows = cells_in(book, words("sheet_overview"))
    head = next(at for at, row in enumerate(rows) if row[1].value == words("front_name"))
    spans = {words("group_span"): 0, words("group_ytd"): 1}
    name = ""
    for row in rows[head + 1 :]:
        if row[2].value not in spans:
            return
        lower = spans[row[2].value]
        name = name if lower else str(row[1].value).removesuffix(f" {LOWER}")
        for key, cell in zip(KEYS, row[1:], strict=False):
            yield name, lower, key, shown(cell)


def compared(book: Path, page: Page, codes: dict[str, str], words: Words) -> int:
    """How many figures of the page were held against the workbook's cells."""
    count = 0
    rows = {
        (name.split(" (")[0], lower, key): text for name, lower, key, text in overview(book, words)
    }
    for key, text in page.cells.items():
        kpi, span, column = key.split("/")
        if kpi == "rank":
            continue
        there = rows[codes[kpi], int(span == "ytd"), column]
        assert text == (there or "—" if text == "—" else there), (key, text, there)
        count += 1
    return count


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_sample_is_the_workbooks(tmp_path: Path, lang: str) -> None:
    from salesplan import app

    master = tmp_path / "plan.xlsx"
    new_sample(master, lang=lang)
    done = run("report", master, "--html", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    (file,), (book,) = (sorted((tmp_path / "out").glob(f"*.{one}")) for one in ("html", "xlsx"))
    page = Page(file)
    codes = {kpi.code: kpi.name for kpi in app.check(master).plan.kpis}
    assert compared(book, page, codes, Words(lang)) > 100
    assert file.stat().st_size < LARGEST and page.fetched == []
    words = Words(lang)
    first_page = cells_in(book, words("sheet_overview"))
    texts = {shown(cell) for row in first_page for cell in row}
    ranked = {key: text for key, text in page.cells.items() if key.startswith("rank/")}
    assert ranked and set(ranked.values()) <= texts
    messages = [text for text in texts if len(text) > 60 and text in page.text]
    assert len(messages) >= 3
    assert page.text.count("{") == 0 and "None" not in page.text


@pytest.mark.parametrize(("seed", "span"), [(0, "month"), (1, "quarter"), (2, "half"), (3, "year")])
def test_every_figure_of_random_plans_is_the_workbooks(
    tmp_path: Path, seed: int, span: str
) -> None:
    plan = random_plan(seed)
    results = computed(plan, span=Span(span))
    book, file = tmp_path / "r.xlsx", tmp_path / "r.html"
    write_report(
        plan, results, results.findings, book, lang="zh", source_name="x", also={".html": file}
    )
    codes = {kpi.code: kpi.name or kpi.code for kpi in plan.kpis}
    words = Words("zh", texts_of(results.report_span(plan)))
    assert compared(book, Page(file), codes, words) > 10


def test_names_are_texts_and_never_markup(tmp_path: Path) -> None:
    from dataclasses import replace

    plan = random_plan(1)
    results = computed(plan)
    units = (replace(plan.units[0], name='<b>"A&B"</b><script>x</script>'), *plan.units[1:])
    file = tmp_path / "r.html"
    write_report(
        replace(plan, units=units), results, (), tmp_path / "r.xlsx", lang="en",
        source_name="<i>.xlsx", also={".html": file},
    )  # fmt: skip
    page = Page(file)
    assert page.fetched == [] and '<b>"A&B"</b>' in page.text and "<i>.xlsx" in page.text
