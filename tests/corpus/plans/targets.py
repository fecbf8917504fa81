"""Shapes with targets only: people by months with trees of every kind."""

from __future__ import annotations

import random

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.plans.book import LEFT, TARGETS, Book, heads, merge, note, put, title, total
from tests.corpus.plans.plan import Months, Plan, month_heads, random_plan
from tests.corpus.plans.table import body, head, rows, top_of
from tests.corpus.plans.words import Words


def _style(words: Words, rng: random.Random) -> str:
    return rng.choice(
        ["short", "long", "iso", "date"] + (["number", "dotted"] if words.code == "en" else [])
    )


def _month_columns(
    book: Book, page: Worksheet, first: int, rows: tuple[int, int], months: Months, kpi: str = ""
) -> None:
    for place, month in enumerate(months):
        book.column(page, first + place, rows, "target", month, kpi)


def _dress_dates(page: Worksheet, row: int, first: int, count: int) -> None:
    for column in range(first, first + count):
        if page.cell(row, column).is_date:
            page.cell(row, column).number_format = "mmm-yy"


def _line(page: Worksheet, row: int, first: int, plan: Plan, name: str) -> None:
    for place, month in enumerate(plan.months):
        put(page, row, first + place, plan.target(name, month), "#,##0")


def _state(book: Book, page: Worksheet, top: int, words: Words, plan: Plan) -> None:
    for team, names in plan.teams.items():
        for name in names:
            book.parents[name] = team
            for month in plan.months:
                book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)


def _sum_row(
    book: Book,
    page: Worksheet,
    row: int,
    first: int,
    plan: Plan,
    names: list[str] | tuple[str, ...],
    rows: list[tuple[int, int]],
    formula: bool,
) -> None:
    """Sums of ``rows`` (ranges) under months and year."""
    for place in range(13):
        months = plan.months if place == 12 else plan.months[place : place + 1]
        letter = get_column_letter(first + place)
        ranges = ",".join(f"{letter}{low}:{letter}{high}" for low, high in rows)
        total(
            book,
            page,
            row,
            first + place,
            plan.target(names, months),
            f"SUM({ranges})" if formula else "",
        )


def two_columns(words: Words, seed: int) -> Book:
    """部门, 姓名, months, year: a subtotal after each team, a grand total, notes; the team merged or typed once."""
    rng = random.Random(seed)
    book = Book("two_columns", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target_title.format(y=2026)[:28])
    top = top_of(page, words, 16, f"{words.company} {words.target_title.format(y=2026)}")
    formula = rng.random() < 0.5
    heads(
        page,
        top,
        1,
        [
            words.team,
            words.person,
            *month_heads(words, plan.months, _style(words, rng)),
            words.year_total,
            words.remark,
        ],
    )
    _dress_dates(page, top, 3, 12)
    row = top + 1
    spans = []
    for team, names in plan.teams.items():
        start = row
        put(page, row, 1, team, bold=True)
        for name in names:
            put(page, row, 2, name)
            _line(page, row, 3, plan, name)
            total(
                book,
                page,
                row,
                15,
                plan.target(name, plan.months),
                f"SUM(C{row}:N{row})" if formula else "",
                "FFFFFF",
            )
            row += 1
        merge(page, start, 1, row - 1, 1)
        spans.append((start, row - 1))
        put(page, row, 2, words.subtotal, bold=True)
        _sum_row(book, page, row, 3, plan, names, [(start, row - 1)], formula)
        row += 1
    put(page, row, 1, words.grand, bold=True)
    _sum_row(book, page, row, 3, plan, plan.people, spans, formula)
    for offset, text in enumerate(words.notes):
        note(page, row + 2 + offset, text)
    book.column(page, 1, (top, top), "parent")
    book.column(page, 2, (top, top), "unit")
    _month_columns(book, page, 3, (top, top), plan.months)
    book.column(page, 15, (top, top), LEFT)
    book.column(page, 16, (top, top), LEFT)
    _state(book, page, top, words, plan)
    page.freeze_panes = "C5"
    return book


def indented(words: Words, seed: int) -> Book:
    """One column of names: company, teams, people, told by indent or leading blanks; sums stand before their rows."""
    rng = random.Random(seed)
    book = Book("indented", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page("2026")
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    blanks = seed % 2 == 0
    heads(
        page,
        top,
        1,
        [
            f"{words.team} / {words.person}",
            *month_heads(words, plan.months, _style(words, rng)),
            words.year_total,
        ],
    )
    _dress_dates(page, top, 2, 12)

    def name_cell(row: int, depth: int, text: str) -> None:
        put(page, row, 1, words.indent_mark * depth + text if blanks else text, bold=depth < 2)
        if not blanks:
            page.cell(row, 1).alignment = Alignment(indent=depth)

    row = top + 1
    name_cell(row, 0, words.company)
    company_row = row
    row += 1
    spans = []
    for team, names in plan.teams.items():
        name_cell(row, 1, team)
        _sum_row(book, page, row, 2, plan, names, [(row + 1, row + len(names))], True)
        spans.append((row, row))
        row += 1
        for name in names:
            name_cell(row, 2, name)
            _line(page, row, 2, plan, name)
            put(page, row, 14, plan.target(name, plan.months), "#,##0")
            row += 1
    _sum_row(book, page, company_row, 2, plan, plan.people, spans, True)
    book.column(page, 1, (top, top), "unit")
    _month_columns(book, page, 2, (top, top), plan.months)
    book.column(page, 14, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def coded(words: Words, seed: int) -> Book:
    """A code column 10, 10.1, 10.2 (or D10-01) tells the tree; team rows hold their sums."""
    rng = random.Random(seed)
    book = Book("coded", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    heads(
        page,
        top,
        1,
        [
            words.code_word,
            f"{words.team}/{words.person}",
            *month_heads(words, plan.months, "iso" if seed % 2 else "short"),
            words.year_total,
        ],
    )
    row = top + 1
    for number, (team, names) in enumerate(plan.teams.items(), 1):
        put(page, row, 1, f"{number:02d}", "@", bold=True)
        put(page, row, 2, team, bold=True)
        _sum_row(book, page, row, 3, plan, names, [(row + 1, row + len(names))], seed % 2 == 0)
        row += 1
        for place, name in enumerate(names, 1):
            put(page, row, 1, f"{number:02d}.{place:02d}", "@")
            put(page, row, 2, name)
            _line(page, row, 3, plan, name)
            put(page, row, 15, plan.target(name, plan.months), "#,##0")
            row += 1
    book.column(page, 1, (top, top), "code")
    book.column(page, 2, (top, top), "unit")
    _month_columns(book, page, 3, (top, top), plan.months)
    book.column(page, 15, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def grouped(words: Words, seed: int) -> Book:
    """Rows grouped by outline, each team's sum below its people; bottom-up."""
    rng = random.Random(seed)
    book = Book("grouped", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page("Plan 2026")
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    heads(
        page,
        top,
        1,
        [words.person, *month_heads(words, plan.months, _style(words, rng)), words.year_total],
        "E2EFDA",
    )
    _dress_dates(page, top, 2, 12)
    row = top + 1
    spans = []
    for team, names in plan.teams.items():
        start = row
        for name in names:
            put(page, row, 1, name)
            _line(page, row, 2, plan, name)
            put(page, row, 14, plan.target(name, plan.months), "#,##0")
            page.row_dimensions[row].outlineLevel = 1
            row += 1
        put(page, row, 1, team, bold=True)
        _sum_row(book, page, row, 2, plan, names, [(start, row - 1)], True)
        spans.append((row, row))
        row += 1
    put(page, row, 1, words.grand, bold=True)
    _sum_row(book, page, row, 2, plan, plan.people, spans, True)
    book.column(page, 1, (top, top), "unit")
    _month_columns(book, page, 2, (top, top), plan.months)
    book.column(page, 14, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def banded(words: Words, seed: int) -> Book:
    """A heading row for each team with nothing beside it, people below, a blank row between teams."""
    rng = random.Random(seed)
    book = Book("banded", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    heads(
        page,
        top,
        1,
        [words.person, *month_heads(words, plan.months, _style(words, rng)), words.year_total],
    )
    _dress_dates(page, top, 2, 12)
    row = top + 1
    for team, names in plan.teams.items():
        page.cell(row, 1, team).font = Font(bold=True, color="C00000")
        row += 1
        start = row
        for name in names:
            put(page, row, 1, name)
            _line(page, row, 2, plan, name)
            put(page, row, 14, plan.target(name, plan.months), "#,##0")
            row += 1
        put(page, row, 1, words.subtotal, bold=True)
        _sum_row(book, page, row, 2, plan, names, [(start, row - 1)], seed % 2 == 1)
        row += 2
    put(page, row, 1, words.grand, bold=True)
    _sum_row(book, page, row, 2, plan, plan.people, [], False)
    book.column(page, 1, (top, top), "unit")
    _month_columns(book, page, 2, (top, top), plan.months)
    book.column(page, 14, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def quarters_inside(words: Words, seed: int) -> Book:
    """Two rows of heads: a quarter merged over its three months and their sum."""
    rng = random.Random(seed)
    book = Book("quarters_inside", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target)
    top = top_of(page, words, 19, words.target_title.format(y=2026))
    months = month_heads(words, plan.months, "short")
    heads(page, top, 1, [words.team, words.person])
    for column in (1, 2):
        heads(page, top + 1, column, [None])
        merge(page, top, column, top + 1, column)
    book.column(page, 1, (top, top + 1), "parent")
    book.column(page, 2, (top, top + 1), "unit")
    columns: dict[int, tuple[str, ...]] = {}
    for quarter in range(4):
        first = 3 + quarter * 4
        three = plan.months[quarter * 3 : quarter * 3 + 3]
        heads(page, top, first, [f"Q{quarter + 1}", None, None, None])
        merge(page, top, first, top, first + 3)
        heads(page, top + 1, first, [*months[quarter * 3 : quarter * 3 + 3], words.total])
        for place, month in enumerate(three):
            columns[first + place] = (month,)
            book.column(page, first + place, (top, top + 1), "target", month)
        columns[first + 3] = three
        book.column(page, first + 3, (top, top + 1), LEFT)
    heads(page, top, 19, [words.year_total])
    heads(page, top + 1, 19, [None])
    merge(page, top, 19, top + 1, 19)
    columns[19] = plan.months
    book.column(page, 19, (top, top + 1), LEFT)
    row = top + 2
    for team, names in plan.teams.items():
        for name in names:
            put(page, row, 1, team)
            put(page, row, 2, name)
            for column, span in columns.items():
                put(page, row, column, plan.target(name, span), "#,##0", bold=len(span) > 1)
            row += 1
    put(page, row, 1, words.grand, bold=True)
    for column, span in columns.items():
        total(book, page, row, column, plan.target(plan.people, span))
    _state(book, page, top, words, plan)
    return book


def quarters_only(words: Words, seed: int) -> Book:
    """Quotas by quarter, bottom-up, with halves and the year summed."""
    rng = random.Random(seed)
    book = Book("quarters_only", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page("FY2026")
    top = top_of(page, words, 7, words.target_title.format(y=2026))
    chinese = words.code == "zh" and seed % 2
    names = [f"{sign}季度" if chinese else f"Q{n}" for n, sign in enumerate("一二三四", 1)]
    heads(page, top, 1, [words.team, words.person, *names, words.year_total])
    for column, what in ((1, "parent"), (2, "unit"), (7, LEFT)):
        book.column(page, column, (top, top), what)
    spans = [plan.months[at : at + 3] for at in range(0, 12, 3)]
    after = top + 1 + len(plan.people)
    put(page, after, 1, words.total, bold=True)
    for number, span in enumerate(spans, 1):
        book.column(page, 2 + number, (top, top), "target", f"2026-Q{number}")
        total(book, page, after, 2 + number, plan.target(plan.people, span))
    total(book, page, after, 7, plan.target(plan.people, plan.months))
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for number, span in enumerate(spans, 1):
            value = plan.target(name, span)
            put(page, row, 2 + number, value, "#,##0")
            book.state(page, top, TARGETS, name, f"2026-Q{number}", value, words.scale)
        put(page, row, 7, plan.target(name, plan.months), "#,##0", bold=True)
    return book


def products(words: Words, seed: int) -> Book:
    """Region, product, months: the unit is the region, its lines are products."""
    rng = random.Random(seed)
    book = Book("products", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.product)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    heads(
        page,
        top,
        1,
        [
            words.team,
            words.product,
            *month_heads(words, plan.months, _style(words, rng)),
            words.year_total,
        ],
    )
    _dress_dates(page, top, 3, 12)
    row = top + 1
    for team, names in plan.teams.items():
        for product, name in zip(words.products, names, strict=False):
            put(page, row, 1, team)
            put(page, row, 2, product)
            _line(page, row, 3, plan, name)
            put(page, row, 15, plan.target(name, plan.months), "#,##0")
            for month in plan.months:
                book.state(page, top, TARGETS, team, month, plan.target(name, month), words.scale)
            row += 1
    book.column(page, 1, (top, top), "unit")
    book.column(page, 2, (top, top), "product")
    _month_columns(book, page, 3, (top, top), plan.months)
    book.column(page, 15, (top, top), LEFT)
    return book


def preamble(words: Words, seed: int) -> Book:
    """A form: ten lines of who, when and which version, heads on row 13, signatures at the foot; sheets of contacts and prices beside it."""
    rng = random.Random(seed)
    book = Book("preamble", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target_title.format(y=2026)[:28])
    title(page, words.company, 15)
    title(page, words.target_title.format(y=2026), 15, 2)
    for offset, text in enumerate(words.preamble):
        note(page, 4 + offset, text)
    note(page, 10, words.unit_note, 13)
    top = 13
    heads(
        page,
        top,
        1,
        [
            words.team,
            words.person,
            *month_heads(words, plan.months, _style(words, rng)),
            words.year_total,
        ],
        "FCE4D6",
    )
    _dress_dates(page, top, 3, 12)
    row = top + 1
    for team, names in plan.teams.items():
        for place, name in enumerate(names):
            put(page, row, 1, team if place == 0 else None)
            put(page, row, 2, name)
            _line(page, row, 3, plan, name)
            put(page, row, 15, plan.target(name, plan.months), "#,##0")
            row += 1
        row += 1
    put(page, row, 1, words.grand, bold=True)
    _sum_row(book, page, row, 3, plan, plan.people, [(top + 1, row - 1)], True)
    for offset, text in enumerate((*words.notes, *words.preamble[1:3])):
        note(page, row + 2 + offset, text)
    for name, lines in (("Sheet2", words.contacts), ("Sheet3", words.prices)):
        other = book.page(name)
        for line_number, line in enumerate(lines, 1):
            for column, text in enumerate(line, 1):
                put(other, line_number, column, int(text) if text.isdecimal() else text)
        for column in range(1, len(lines[0]) + 1):
            book.column(other, column, (1, 1), LEFT)
    book.column(page, 1, (top, top), "parent")
    book.column(page, 2, (top, top), "unit")
    _month_columns(book, page, 3, (top, top), plan.months)
    book.column(page, 15, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def fiscal_april(words: Words, seed: int) -> Book:
    """A year that begins in April: heads as dates or Apr-26, or 4月 … 3月 under a title of the fiscal year."""
    rng = random.Random(seed)
    book = Book("fiscal_april", words.code, seed)
    plan = random_plan(words, rng, first=4)
    page = book.page("FY26")
    titles = {
        "zh": "2026财年(2026.4-2027.3)销售目标",
        "en": "Sales Targets FY2026/27",
        "de": "Umsatzziele GJ 2026/27",
        "ja": "2026年度 売上目標",
        "fr": "Objectifs de vente exercice 2026/27",
    }
    top = top_of(page, words, 15, titles[words.code])
    style = {"zh": "iso", "en": "dotted", "de": "date", "ja": "short", "fr": "date"}[words.code]
    head(book, page, words, plan, top, month_heads(words, plan.months, style), [words.year_total])
    _dress_dates(page, top, 3, 12)
    after = body(book, page, words, plan, top)
    for row, _, name in rows(plan, top + 1):
        put(page, row, 15, plan.target(name, plan.months), "#,##0")
    put(page, after, 1, words.total, bold=True)
    _sum_row(book, page, after, 3, plan, plan.people, [(top + 1, after - 1)], seed % 2 == 0)
    return book


SHAPES = (
    two_columns,
    indented,
    coded,
    grouped,
    banded,
    quarters_inside,
    quarters_only,
    products,
    preamble,
    fiscal_april,
)
