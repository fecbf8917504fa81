"""Workbooks that tempt a reader: no plan at all, two meanings, wrong sums, namesakes, notes among figures, locks and macros."""

from __future__ import annotations

import random
from typing import Any

from tests.corpus.controls import binary
from tests.corpus.plans.book import LEFT, TARGETS, UNKNOWABLE, Book, heads, note, put, title, total
from tests.corpus.plans.paired import interleaved
from tests.corpus.plans.plan import month_heads, random_plan
from tests.corpus.plans.table import body, head, rows, top_of
from tests.corpus.plans.targets import two_columns
from tests.corpus.plans.words import Words


def odds_and_ends(words: Words, seed: int) -> Book:
    """Contacts, prices and a budget of expenses by month: nothing here is a sales target."""
    rng = random.Random(seed)
    book = Book("odds_and_ends", words.code, seed)
    for name, lines in (("A", words.contacts), ("B", words.prices)):
        page = book.page(name)
        for row, line in enumerate(lines, 1):
            for column, text in enumerate(line, 1):
                put(page, row, column, int(text) if text.isdecimal() else text)
        for column in range(1, 5):
            book.column(page, column, (1, 1), LEFT)
    _expenses(book, words, rng)
    return book


def _expenses(book: Book, words: Words, rng: random.Random) -> None:
    page = book.page(words.expense_title.format(y=2026)[:31])
    plan = random_plan(words, rng, teams=1)
    title(page, words.expense_title.format(y=2026), 14)
    heads(page, 3, 1, [words.item, *month_heads(words, plan.months, "short"), words.year_total])
    for row, item in enumerate(words.expenses, 4):
        values = [rng.randint(5, 60) * 100 for _ in plan.months]
        put(page, row, 1, item)
        for column, value in enumerate((*values, sum(values)), 2):
            put(page, row, column, value, "#,##0")
    for column in range(1, 15):
        book.column(page, column, (3, 3), LEFT)


def beside_expenses(words: Words, seed: int) -> Book:
    """A good table of targets, and the expense budget of the same months on the next sheet."""
    book = two_columns(words, seed)
    book.shape = "beside_expenses"
    _expenses(book, words, random.Random(seed))
    return book


def no_word(words: Words, seed: int) -> Book:
    """People by months with a bare title: targets or actuals, no one can know."""
    rng = random.Random(seed)
    book = Book("no_word", words.code, seed)
    plan = random_plan(words, rng, teams=1)
    page = book.page("2026")
    title(page, f"{next(iter(plan.teams))} 2026", 14)
    note(page, 2, words.unit_note)
    heads(page, 4, 1, [words.person, *month_heads(words, plan.months, "short"), words.year_total])
    for row, name in enumerate(plan.people, 5):
        put(page, row, 1, name)
        for place, month in enumerate(plan.months):
            put(page, row, 2 + place, plan.target(name, month), "#,##0")
        put(page, row, 14, plan.target(name, plan.months), "#,##0")
    book.column(page, 1, (4, 4), "unit")
    for place, month in enumerate(plan.months):
        book.column(page, 2 + place, (4, 4), UNKNOWABLE, month)
    book.column(page, 14, (4, 4), LEFT)
    return book


def wrong_subtotal(words: Words, seed: int) -> Book:
    """A typed subtotal that its rows do not add up to: the rows count, the cell is named."""
    book = two_columns(words, seed)
    book.shape = "wrong_subtotal"
    page = book.workbook.worksheets[0]
    for row in range(5, 40):
        if page.cell(row, 2).value == words.subtotal:
            honest = book.results[page.title].pop(f"E{row}", page.cell(row, 5).value)
            page.cell(row, 5).value = int(str(honest)) + 7
            book.must_name.append(f"E{row}")
            return book
    raise AssertionError("no subtotal")


def namesakes(words: Words, seed: int) -> Book:
    """Two people of one name in two teams."""
    rng = random.Random(seed)
    book = Book("namesakes", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    head(book, page, words, plan, top, more=[words.year_total])
    shared = plan.people[0]
    for row, team, name in rows(plan, top + 1):
        first = name == plan.teams[team][0]
        put(page, row, 1, team)
        put(page, row, 2, shared if first else name)
        for column, month in enumerate(plan.months, 3):
            value = plan.target(name, month)
            put(page, row, column, value, "#,##0")
            known = f"{team}/{shared}" if first else name
            book.state(page, top, TARGETS, known, month, value, words.scale)
        put(page, row, 15, plan.target(name, plan.months), "#,##0")
    return book


def last_year(words: Words, seed: int) -> Book:
    """The year's target between last year's actual and the growth; months follow."""
    rng = random.Random(seed)
    book = Book("last_year", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 17, words.target_title.format(y=2026))
    growth = {
        "zh": "同比增长",
        "en": "Growth %",
        "de": "Wachstum %",
        "ja": "前年比",
        "fr": "Croissance %",
    }
    years = [f"2025 {words.actual}", f"2026 {words.target}", growth[words.code]]
    months = month_heads(words, plan.months, "short")
    heads(page, top, 1, [words.team, words.person, *years, *months])
    for column, what in enumerate(("parent", "unit", "last year", LEFT, LEFT), 1):
        book.column(page, column, (top, top), what)
    for column, month in enumerate(plan.months, 6):
        book.column(page, column, (top, top), "target", month)
    for row, _, name in rows(plan, top + 1):
        year = plan.target(name, plan.months)
        before = round(year / rng.uniform(0.9, 1.3))
        put(page, row, 3, before, "#,##0")
        put(page, row, 4, year, "#,##0")
        put(page, row, 5, year / before - 1, "0.0%")
    body(book, page, words, plan, top, first=6)
    return book


def gaps(words: Words, seed: int) -> Book:
    """Blanks, dashes and 'to be decided' among the figures, and figures typed as text with commas."""
    rng = random.Random(seed)
    book = Book("gaps", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    head(book, page, words, plan, top)

    def shown(name: str, month: str, value: int | None) -> tuple[Any, Any]:
        chance = rng.random()
        for limit, typed in ((0.04, None), (0.07, "-"), (0.09, words.pending)):
            if chance < limit:
                return typed, None
        return (f"{value}" if chance < 0.14 else value), value

    body(book, page, words, plan, top, shown)
    return book


def cents(words: Words, seed: int) -> Book:
    """Targets with decimals: no figure may be rounded."""
    rng = random.Random(seed)
    book = Book("cents", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    head(book, page, words, plan, top)

    def shown(name: str, month: str, value: int | None) -> tuple[Any, Any]:
        figure = round((value or 0) + rng.randint(0, 99) / 100, 2)
        return figure, figure

    body(book, page, words, plan, top, shown, number="#,##0.00")
    return book


def two_versions(words: Words, seed: int) -> Book:
    """A draft of the same targets on a second sheet: which one holds, nobody but the planner can say."""
    book = two_columns(words, seed)
    book.shape = "two_versions"
    final = book.workbook.worksheets[0]
    draft = book.workbook.copy_worksheet(final)
    draft.title = {
        "zh": "初稿",
        "en": "Draft v1",
        "de": "Entwurf",
        "ja": "初版",
        "fr": "Brouillon",
    }[words.code]
    book.results[draft.title] = dict(book.results[final.title])
    for column in range(1, 17):
        book.column(draft, column, (4, 4), "second version")
    return book


def protected(words: Words, seed: int) -> Book:
    """Sheet and workbook locked with a password: readable all the same."""
    book = interleaved(words, seed)
    book.shape = "protected"
    for page in book.workbook.worksheets:
        page.protection.password = "plan2026"
        page.protection.enable()
    book.workbook.security.workbookPassword = "plan2026"
    book.workbook.security.lockStructure = True
    return book


def macros(words: Words, seed: int) -> Book:
    """A macro workbook: its project stays."""
    book = interleaved(words, seed)
    book.shape = "macros"
    book.macros = binary(seed)
    return book


def with_totals_first(words: Words, seed: int) -> Book:
    """The grand total stands right under the heads, the year's sum before the months."""
    rng = random.Random(seed)
    book = Book("with_totals_first", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    months = month_heads(words, plan.months, "long")
    heads(page, top, 1, [words.team, words.person, words.year_total, *months])
    for column, what in enumerate(("parent", "unit", LEFT), 1):
        book.column(page, column, (top, top), what)
    put(page, top + 1, 1, words.total, bold=True)
    put(page, top + 1, 2, None)
    for column, span in enumerate([plan.months, *plan.months], 3):
        letter = page.cell(top + 1, column).column_letter
        formula = f"SUM({letter}{top + 2}:{letter}{top + 1 + len(plan.people)})"
        total(book, page, top + 1, column, plan.target(plan.people, span), formula)
    for column, month in enumerate(plan.months, 4):
        book.column(page, column, (top, top), "target", month)
    for row, _, name in rows(plan, top + 2):
        put(page, row, 3, plan.target(name, plan.months), "#,##0")
    body(book, page, words, plan, top, first=4, start=top + 2)
    return book


SHAPES = (
    odds_and_ends,
    beside_expenses,
    no_word,
    wrong_subtotal,
    namesakes,
    last_year,
    gaps,
    cents,
    two_versions,
    protected,
    macros,
    with_totals_first,
)
