"""One report being written: what the sections share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salesplan.dataclass import dataclass, field
from salesplan.plan.model import BudgetStatus, Kpi, Light
from salesplan.report.figures.bookings import Bookings
from salesplan.report.figures.context import DASH, Context
from salesplan.report.figures.details import Details
from salesplan.report.figures.floor_stretch import Stepping
from salesplan.report.figures.formulas import SUM_PLACES, Formulas
from salesplan.report.figures.ledger import Cell, Ledger
from salesplan.report.figures.score_sheet import Board
from salesplan.report.xlsx.measure import Scalar
from salesplan.report.xlsx.places import address, quoted
from salesplan.report.xlsx.writer import Book, Page
from salesplan.wording import listed

DATA = frozenset({"deviations", "data", "parts", "scores", "steps", "bookings", "details"})
"""Keys of the sheets that others' formulas read: hidden, and not printed, unless asked for."""

MOST_PRINTED = 500
"""Rows of data that are still put on paper: some fifteen pages. Longer tables are for the
screen.
"""

MOST_CELLS = 12
"""Places that a banner names before it counts the others."""

MOST_FOLDED = 3
"""Folded blocks that a line names before it counts the others."""

FRONT, NEXT = "front", "next"
"""The prefixes of the KPIs' table on the first page, and of that of next month's targets."""

BODY_ROW = 4
"""0-based row where a sheet's content begins, under title, subtitle and sentence."""


@dataclass
class Report:
    """``pages`` by section key; ``cells`` are figures that one section publishes for others to
    repeat.
    """

    context: Context
    book: Book
    formulas: Formulas
    ledger: Ledger
    board: Board
    pages: dict[str, Page]
    details: Details
    stepping: Stepping
    bookings: Bookings
    cells: dict[str, Cell] = field(default_factory=dict)
    ranges: dict[str, dict[str, str]] = field(default_factory=dict)
    """Ranges that another section's chart draws, by chart."""
    states: dict[str, str] = field(default_factory=dict)
    """The sentence of each section, by its key."""
    empty: dict[str, str] = field(default_factory=dict)
    """What the sections without data say, by section key."""
    spots: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Where a reader who asks for more is led: sheet and cell, by ``kpi/CODE`` and
    ``unit/CODE``.
    """

    kept: dict[str, list[Mapping[str, tuple[Scalar, str]]]] = field(
        default_factory=lambda: {FRONT: [], NEXT: []}
    )
    """What stands in tables that another form of the report repeats, by their prefix: of each row
    value and number format by column.
    """

    courses: dict[str, dict[str, tuple[Scalar, ...]]] = field(default_factory=dict)
    """The topmost unit's months of each KPI by line (target, actual, variance …), as they stand."""

    def words(self, key: str, **facts: str) -> str:
        """The report's words of that key, with these facts in their places."""
        return self.context.words(key, **facts)

    def publish(self, key: str, page: Page, row: int, column: int, value: Scalar) -> None:
        """Let other sections repeat the cell."""
        ref = f"{quoted(page.name)}!{address(row, column)}"
        self.cells[key] = Cell(value, ref, ref)

    @property
    def budget_lights(self) -> dict[Light, tuple[str, ...]]:
        """The budget's status words by the light that colours them."""
        pairs = (
            (Light.GREEN, BudgetStatus.NORMAL),
            (Light.AMBER, BudgetStatus.WARNING),
            (Light.RED, BudgetStatus.OVERSPENT),
        )
        return {light: (self.context.label(status),) for light, status in pairs}

    def status_formula(self, granted: str, committed: str, spent: str) -> str:
        """正常, 预警 or 超支 by the report's thresholds."""
        use = f"ROUND({committed}+{spent},{SUM_PLACES})"
        label, names = self.context.label, self.formulas.names

        def above(limit: str) -> str:
            return f"{use}>ROUND({granted}*{names[limit]},{SUM_PLACES})"

        inner = (
            f'IF({above("budget_full")},"{label(BudgetStatus.OVERSPENT)}",'
            f'IF({above("budget_warning")},"{label(BudgetStatus.WARNING)}",'
            f'"{label(BudgetStatus.NORMAL)}"))'
        )
        return f'IF(ISNUMBER({granted}),{inner},"{DASH}")'

    def looked_at(self, kpi: Kpi, unit: str, key: str) -> Cell | None:
        """A figure of the span that pages on one span look at."""
        under = self.context.under(self.context.looked_at)
        return self.ledger.cell(kpi.code, unit, f"{under}_{key}")

    def lead(
        self,
        page: Page,
        row: int,
        column: int,
        text: str,
        spot: tuple[str, str] | None,
        *styles: str,
        indent: int = 1,
    ) -> None:
        """Text that leads to a sheet's cell; plain text where there is none to lead to."""
        if spot is not None and not self.book.leads_to(spot[0]):
            spot = None
        looks = (*styles, "lead") if spot is not None else styles
        page.put(row, column, text, *looks, indent=indent)
        if spot is not None:
            page.link(row, column, text, *spot, *looks, indent=indent)

    def caution(self, page: Page, first: int, last: int) -> None:
        """The banner under the title of a report whose figures are touched by errors; nothing on
        any other.
        """
        if text := self.caution_text:
            page.wide(2, first, last, text, "caution")

    @property
    def caution_text(self) -> str:
        """What the banner says; blank where no error touches the figures."""
        errors = self.context.errors
        if not errors:
            return ""
        cells = listed(errors[:MOST_CELLS], self.context.lang)
        if len(errors) > MOST_CELLS:
            cells = self.words("caution_more", cells=cells, count=str(len(errors) - MOST_CELLS))
        return self.words("caution", count=str(len(errors)), cells=cells)

    def open(self, key: str, last_column: int, sentence: str = "", title: str = "") -> Page:
        """The section's page with its title (the words ``title``, else the section's own), what it
        speaks of, and its sentence.
        """
        page = self.pages[key]
        said = self.words(title or f"title_{key}")
        self.states[key] = sentence
        page.sections += 1
        page.fix({0: 1.5})
        if page.sections > 1:
            return self._below(page, key, last_column, said, sentence)
        page.top = BODY_ROW
        page.height(0, 34)
        page.write(0, 1, said, self.book.style("title"))
        page.write(1, 1, self.context.subtitle, self.book.style("subtitle"))
        self.spots[f"section/{key}"] = (page.name, "A1")
        if key != "overview":
            page.link(
                0,
                last_column,
                self.words("to_overview"),
                self.pages["overview"].name,
                align="right",
            )
        if sentence:
            page.wide(2, 1, last_column, sentence, "sentence")
        return page

    def _below(self, page: Page, key: str, last_column: int, title: str, sentence: str) -> Page:
        """A further section of a sheet, below those that stand there."""
        row = page.free
        page.height(row, 26)
        page.write(row, 1, title, self.book.style("section"))
        self.spots[f"section/{key}"] = (page.name, address(row, 1))
        page.top = row + 1
        if sentence:
            page.wide(page.top, 1, last_column, sentence, "sentence")
            page.top += 1
        page.keep(row, page.top + 3)
        return page

    def open_data(self, key: str, about: str = "", column: int = 0) -> Page:
        """The page of a data sheet with its title and, from ``column`` on, what it holds
        (``about``, else the sheet's own words).
        """
        page = self.pages[key]
        page.sections += 1
        page.height(0, 34)
        page.write(0, 0, self.words(f"title_{key}"), self.book.style("title"))
        page.write(1, column, about or self.words(f"about_{key}"), self.book.style("subtitle"))
        return page

    def nothing(self, key: str, words_key: str) -> None:
        """A section without data says so in one line, there and in the contents; a sheet that
        holds no other section is hidden, so that it is not printed.
        """
        self.empty[key] = self.words(words_key)

    def hide_empty(self) -> None:
        """Hide the sheets that none of their sections has anything for, with a line for each."""
        for key in self.empty:
            page = self.pages[key]
            if not page.sections:
                own = [said for one, said in self.empty.items() if self.pages[one] is page]
                self.open(key, 8)
                for row, said in enumerate(own, BODY_ROW):
                    page.write(row, 1, said, self.book.style("muted"))
                page.at_least(range(1, 9), 12.0)
                page.set_print(None, 8, 1)
                page.hide()

    def say_folded(self, page: Page, row: int, last: int, titles: Sequence[str]) -> int:
        """One line, as far as the column ``last``, that names the blocks that are folded away;
        gives the row after it.
        """
        if not titles:
            return row
        names = listed(titles[:MOST_FOLDED], self.context.lang)
        if len(titles) > MOST_FOLDED:
            more = str(len(titles) - MOST_FOLDED)
            names = self.words("folded_more", names=names, count=more)
        said = self.words("folded_away", names=names)
        page.wide(row, 1, last, said, "note")
        return row + 1

    def printed(self, first_row: int, count: int) -> int | None:
        """The last row (0-based) to print of ``count`` rows from ``first_row``: None for all of
        them; of a long table only what stands above it.
        """
        return first_row - 1 if count > MOST_PRINTED else None
