"""Workbooks that tempt a reader: no plan at all, two meanings, wrong sums, namesakes, notes among figures, locks and macros."""

from __future__ import annotations

import random

from tests.corpus.controls import binary
from tests.corpus.plans.book import LEFT, TARGETS, UNKNOWABLE, Book, heads, note, put, title, total
from tests.corpus.plans.paired import interleaved
from tests.corpus.plans.plan import month_heads, random_plan
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
    title(page, words.target_title.format(y=2026), 15)
    note(page, 2, words.unit_note)
    heads(
        page,
        4,
        1,
        [words.team, words.person, *month_heads(words, plan.months, "short"), words.year_total],
    )
    shared = plan.people[0]
    row = 5
    for team, members in plan.teams.items():
        for place, name in enumerate(members):
            shown = shared if place == 0 else name
            put(page, row, 1, team)
            put(page, row, 2, shown)
            for offset, month in enumerate(plan.months):
                put(page, row, 3 + offset, plan.target(name, month), "#,##0")
                book.state(
                    page,
                    4,
                    TARGETS,
                    f"{team}/{shown}" if place == 0 else name,
                    month,
                    plan.target(name, month),
                    words.scale,
                )
            put(page, row, 15, plan.target(name, plan.months), "#,##0")
            row += 1
    book.column(page, 1, (4, 4), "parent")
    book.column(page, 2, (4, 4), "unit")
    for place, month in enumerate(plan.months):
        book.column(page, 3 + place, (4, 4), "target", month)
    book.column(page, 15, (4, 4), LEFT)
    return book


def last_year(words: Words, seed: int) -> Book:
    """The year's target between last year's actual and the growth; months follow."""
    rng = random.Random(seed)
    book = Book("last_year", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    title(page, words.target_title.format(y=2026), 17)
    note(page, 2, words.unit_note)
    growth = {
        "zh": "同比增长",
        "en": "Growth %",
        "de": "Wachstum %",
        "ja": "前年比",
        "fr": "Croissance %",
    }[words.code]
    heads(
        page,
        4,
        1,
        [
            words.team,
            words.person,
            f"2025 {words.actual}",
            f"2026 {words.target}",
            growth,
            *month_heads(words, plan.months, "short"),
        ],
    )
    row = 5
    for team, members in plan.teams.items():
        for name in members:
            year = plan.target(name, plan.months)
            before = round(year / rng.uniform(0.9, 1.3))
            book.parents[name] = team
            for column, value in enumerate((team, name, before, year, year / before - 1), 1):
                put(page, row, column, value, "0.0%" if column == 5 else "#,##0")
            for place, month in enumerate(plan.months):
                put(page, row, 6 + place, plan.target(name, month), "#,##0")
                book.state(page, 4, TARGETS, name, month, plan.target(name, month), words.scale)
            row += 1
    book.column(page, 1, (4, 4), "parent")
    book.column(page, 2, (4, 4), "unit")
    book.column(page, 3, (4, 4), "last year")
    book.column(page, 4, (4, 4), LEFT)
    book.column(page, 5, (4, 4), LEFT)
    for place, month in enumerate(plan.months):
        book.column(page, 6 + place, (4, 4), "target", month)
    return book


def gaps(words: Words, seed: int) -> Book:
    """Blanks, dashes and 'to be decided' among the figures, and figures typed as text with commas."""
    rng = random.Random(seed)
    book = Book("gaps", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    title(page, words.target_title.format(y=2026), 14)
    note(page, 2, words.unit_note)
    heads(page, 4, 1, [words.team, words.person, *month_heads(words, plan.months, "short")])
    row = 5
    for team, members in plan.teams.items():
        for name in members:
            book.parents[name] = team
            put(page, row, 1, team)
            put(page, row, 2, name)
            for place, month in enumerate(plan.months):
                value: int | None = plan.target(name, month)
                chance = rng.random()
                shown: object = value
                if chance < 0.04:
                    shown, value = None, None
                elif chance < 0.07:
                    shown, value = "-", None
                elif chance < 0.09:
                    shown, value = words.pending, None
                elif chance < 0.14:
                    shown = f"{value}"
                put(page, row, 3 + place, shown, "#,##0")
                book.state(page, 4, TARGETS, name, month, value, words.scale)
            row += 1
    book.column(page, 1, (4, 4), "parent")
    book.column(page, 2, (4, 4), "unit")
    for place, month in enumerate(plan.months):
        book.column(page, 3 + place, (4, 4), "target", month)
    return book


def cents(words: Words, seed: int) -> Book:
    """Targets with decimals: no figure may be rounded."""
    rng = random.Random(seed)
    book = Book("cents", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    title(page, words.target_title.format(y=2026), 14)
    note(page, 2, words.unit_note)
    heads(page, 4, 1, [words.team, words.person, *month_heads(words, plan.months, "short")])
    row = 5
    for team, members in plan.teams.items():
        for name in members:
            book.parents[name] = team
            put(page, row, 1, team)
            put(page, row, 2, name)
            for place, month in enumerate(plan.months):
                value = plan.target(name, month) + rng.randint(0, 99) / 100
                put(page, row, 3 + place, round(value, 2), "#,##0.00")
                book.state(page, 4, TARGETS, name, month, round(value, 2), words.scale)
            row += 1
    book.column(page, 1, (4, 4), "parent")
    book.column(page, 2, (4, 4), "unit")
    for place, month in enumerate(plan.months):
        book.column(page, 3 + place, (4, 4), "target", month)
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
    title(page, words.target_title.format(y=2026), 15)
    note(page, 2, words.unit_note)
    heads(
        page,
        4,
        1,
        [words.team, words.person, words.year_total, *month_heads(words, plan.months, "long")],
    )
    people = len(plan.people)
    put(page, 5, 1, words.total, bold=True)
    put(page, 5, 2, None)
    for column in range(3, 16):
        months = plan.months if column == 3 else plan.months[column - 4 : column - 3]
        letter = page.cell(5, column).column_letter
        total(
            book,
            page,
            5,
            column,
            plan.target(plan.people, months),
            f"SUM({letter}6:{letter}{5 + people})",
        )
    row = 6
    for team, members in plan.teams.items():
        for name in members:
            book.parents[name] = team
            put(page, row, 1, team)
            put(page, row, 2, name)
            put(page, row, 3, plan.target(name, plan.months), "#,##0")
            for place, month in enumerate(plan.months):
                put(page, row, 4 + place, plan.target(name, month), "#,##0")
                book.state(page, 4, TARGETS, name, month, plan.target(name, month), words.scale)
            row += 1
    book.column(page, 1, (4, 4), "parent")
    book.column(page, 2, (4, 4), "unit")
    book.column(page, 3, (4, 4), LEFT)
    for place, month in enumerate(plan.months):
        book.column(page, 4 + place, (4, 4), "target", month)
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
