"""Shapes of a second look at planners' books: spans between months, what is hidden, how figures are
typed.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from tests.corpus.plans.book import (
    ACTUALS,
    LEFT,
    TARGETS,
    UNKNOWABLE,
    Book,
    heads,
    merge,
    note,
    put,
    total,
)
from tests.corpus.plans.plan import as_date, month_heads, random_plan
from tests.corpus.plans.table import body, head, rows, top_of
from tests.corpus.plans.words import Words

_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
MONTH = {"zh": "月份", "en": "Month", "de": "Monat", "ja": "月", "fr": "Mois"}
HALF = {
    "zh": ("上半年", "下半年"),
    "en": ("H1", "H2"),
    "de": ("1. Halbjahr", "2. Halbjahr"),
    "ja": ("上期", "下期"),
    "fr": ("1er semestre", "2e semestre"),
}
RUNNING = {"zh": "累计", "en": "YTD", "de": "kumuliert", "ja": "累計", "fr": "cumul"}
FORECAST = {"zh": "预测", "en": "Forecast", "de": "Prognose", "ja": "見込", "fr": "Prévision"}
FINAL = {
    "zh": ("目标 V1", "目标 V2 最终"),
    "en": ("Plan v1", "Plan v2 final"),
    "de": ("Plan V1", "Plan V2 final"),
    "ja": ("目標 初版", "目標 最終版"),
    "fr": ("Plan v1", "Plan v2 final"),
}


def spans_interleaved(words: Words, seed: int) -> Book:
    """Months merged over target, actual and rate, with each quarter's own three after it."""
    rng = random.Random(seed)
    book = Book("spans_interleaved", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    top = top_of(page, words, 50, words.plan_title.format(y=2026))
    for column, text, what in ((1, words.team, "parent"), (2, words.person, "unit")):
        heads(page, top, column, [text])
        merge(page, top, column, top + 1, column)
        book.column(page, column, (top, top + 1), what)
    names = month_heads(words, plan.months, "short")
    spans: list[tuple[str, tuple[str, ...]]] = []
    for quarter in range(4):
        three = plan.months[3 * quarter : 3 * quarter + 3]
        spans += [(str(names[3 * quarter + at]), (month,)) for at, month in enumerate(three)]
        spans.append((f"Q{quarter + 1}", three))
    for place, (text, months) in enumerate(spans):
        first = 3 + 3 * place
        heads(page, top, first, [text, None, None])
        merge(page, top, first, top, first + 2)
        heads(page, top + 1, first, [words.target, words.actual, words.rate])
        single = len(months) == 1
        for at, what in enumerate(("target", "actual")):
            month = months[0] if single else ""
            book.column(page, first + at, (top, top + 1), what if single else LEFT, month)
        book.column(page, first + 2, (top, top + 1), LEFT)
        for row, _, name in rows(plan, top + 2):
            target = plan.target(name, months)
            done = [plan.actual(name, month) for month in months]
            known = [one for one in done if one is not None]
            actual = sum(known) if known else None
            put(page, row, first, target, "#,##0")
            put(page, row, first + 1, actual, "#,##0")
            put(page, row, first + 2, None if actual is None else actual / target, "0%")
    for row, team, name in rows(plan, top + 2):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for month in plan.months:
            book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)
            book.state(page, top, ACTUALS, name, month, plan.actual(name, month), words.scale)
    return book


def halves_between(words: Words, seed: int) -> Book:
    """Half years between the months, the year's sum before them."""
    rng = random.Random(seed)
    book = Book("halves_between", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 17, words.target_title.format(y=2026))
    names = month_heads(words, plan.months, "short")
    order = [*range(6), "a", *range(6, 12), "b"]
    texts = [HALF[words.code]["ab".index(at)] if isinstance(at, str) else names[at] for at in order]
    heads(page, top, 1, [words.team, words.person, words.year_total, *texts])
    for column, what in ((1, "parent"), (2, "unit"), (3, LEFT)):
        book.column(page, column, (top, top), what)
    for place, at in enumerate(order, 4):
        what, month = (LEFT, "") if isinstance(at, str) else ("target", plan.months[at])
        book.column(page, place, (top, top), what, month)
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        put(page, row, 3, plan.target(name, plan.months), "#,##0")
        for place, at in enumerate(order, 4):
            half = plan.months[:6] if at == "a" else plan.months[6:]
            months = half if isinstance(at, str) else plan.months[at]
            put(page, row, place, plan.target(name, months), "#,##0")
        for month in plan.months:
            book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)
    return book


def versions_named(words: Words, seed: int) -> Book:
    """Plan v1 and Plan v2 final, with other figures: which one holds has to be asked."""
    rng = random.Random(seed)
    book = Book("versions_named", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    for number, name in enumerate(FINAL[words.code]):
        page = book.page(name)
        top = top_of(page, words, 15, words.target_title.format(y=2026))
        shown = lambda name, month, value, more=number: (value + more, value)  # noqa: E731
        head(book, page, words, plan, top, more=[words.year_total])
        for row, _, person in rows(plan, top + 1):
            put(page, row, 15, plan.target(person, plan.months) + 12 * number, "#,##0")
        body(book, page, words, plan, top, shown)
        for column in list(book.columns):
            if column.sheet == page.title:
                book.columns.remove(column)
        for column in range(1, 16):
            book.column(page, column, (top, top), "second version")
    book.figures.clear()
    return book


def hidden_rows(words: Words, seed: int) -> Book:
    """A filtered list: rows of some people hidden, a hidden column of notes; all of it counts."""
    rng = random.Random(seed)
    book = Book("hidden_rows", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    head(book, page, words, plan, top, more=[words.remark])
    after = body(book, page, words, plan, top)
    for row in range(top + 2, after, 3):
        page.row_dimensions[row].hidden = True
        put(page, row, 15, words.pending)
    page.column_dimensions["O"].hidden = True
    page.column_dimensions["E"].hidden = True
    page.auto_filter.ref = f"A{top}:O{after - 1}"
    return book


def list_object(words: Words, seed: int) -> Book:
    """An Excel table without a title above it, and what a pivot left beside it: teams and sums."""
    rng = random.Random(seed)
    book = Book("list_object", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page(words.target)
    note(page, 1, f"{words.target_title.format(y=2026)}, {words.unit_note}")
    top = 3
    names = [str(one) for one in month_heads(words, plan.months, "short")]
    head(book, page, words, plan, top, names)
    after = body(book, page, words, plan, top)
    area = f"A{top}:N{after - 1}"
    made = Table(displayName="Plan", ref=area)
    made.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    page.add_table(made)
    heads(page, top, 17, [words.team, words.year_total])
    for row, (team, members) in enumerate(plan.teams.items(), top + 1):
        put(page, row, 17, team)
        put(page, row, 18, plan.target(members, plan.months), "#,##0")
    put(page, top + 1 + len(plan.teams), 17, words.grand, bold=True)
    total(book, page, top + 1 + len(plan.teams), 18, plan.target(plan.people, plan.months))
    for column in (17, 18):
        book.column(page, column, (top, top), "sum of others")
    return book


def in_brackets(words: Words, seed: int) -> Book:
    """Actuals with returns: what is below zero stands in brackets, as a text or by its format."""
    rng = random.Random(seed)
    book = Book("in_brackets", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.actual)
    top = top_of(page, words, 14, words.actual_title.format(y=2026))
    head(book, page, words, plan, top, kind=ACTUALS)

    def shown(name: str, month: str, value: int | None) -> tuple[Any, int | None]:
        if value is None or rng.random() < 0.8:
            return value, value
        return (f"({value})" if rng.random() < 0.5 else -value), -value

    body(book, page, words, plan, top, shown, ACTUALS, number="#,##0;(#,##0)")
    return book


def rates_as_text(words: Words, seed: int) -> Book:
    """A sheet a quarter's month: the rate typed as a text with its sign, the gap with a plus."""
    rng = random.Random(seed)
    book = Book("rates_as_text", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(f"2026 {words.long_months[0]}")
    top = top_of(page, words, 6, f"2026 {words.long_months[0]} {words.target}/{words.actual}")
    heads(
        page, top, 1, [words.team, words.person, words.target, words.actual, words.rate, words.gap]
    )
    month = plan.months[0]
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        wanted, got = plan.target(name, month), plan.actual(name, month) or 0
        cells = (team, name, wanted, got, f"{got / wanted:.1%}", f"{got - wanted:+d}")
        for column, value in enumerate(cells, 1):
            put(page, row, column, value)
        book.state(page, top, TARGETS, name, month, wanted, words.scale)
        book.state(page, top, ACTUALS, name, month, got, words.scale)
    for column, what in enumerate(("parent", "unit", "target", "actual", LEFT, LEFT), 1):
        known = month if what in ("target", "actual") else ""
        book.column(page, column, (top, top), what, known)
    return book


def typed_as_text(words: Words, seed: int) -> Book:
    """Some figures are texts: full-width digits in the East, thousands marked in the West."""
    rng = random.Random(seed)
    book = Book("typed_as_text", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    names = [str(one) for one in month_heads(words, plan.months, "short")]
    if words.code in ("zh", "ja"):
        names = [one.translate(_FULL) for one in names]
    head(book, page, words, plan, top, names)

    def shown(name: str, month: str, value: int | None) -> tuple[Any, int | None]:
        if value is None or rng.random() < 0.75:
            return value, value
        if words.code in ("zh", "ja"):
            return str(value).translate(_FULL), value
        mark = {"en": ",", "de": " ", "fr": "\u202f"}[words.code]
        large = 1_000 + value
        return f"{large:,}".replace(",", mark), large

    body(book, page, words, plan, top, shown)
    return book


def days_as_text(words: Words, seed: int) -> Book:
    """A list of deals whose dates are texts, in the order of days of the country."""
    rng = random.Random(seed)
    book = Book("days_as_text", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.list_title.format(y=2026))
    formats = {
        "zh": "{0.year}年{0.month}月{0.day}日",
        "ja": "{0.year}/{0.month:02d}/{0.day:02d}",
        "en": "{0.year}-{0.month:02d}-{0.day:02d}",
        "de": "{0.day:02d}.{0.month:02d}.{0.year}",
        "fr": "{0.day:02d}/{0.month:02d}/{0.year}",
    }
    heads(page, 1, 1, [words.date, words.person, words.customer, words.amount])
    deals: list[tuple[date, str, int, str]] = []
    for (name, month), value in plan.actuals.items():
        day = as_date(month) + timedelta(rng.randint(12, 27))
        deals.append((day, name, value * words.scale, month))
    for row, (day, name, amount, month) in enumerate(sorted(deals), 2):
        cells = (formats[words.code].format(day), name, f"K{rng.randint(1000, 1040)}", amount)
        for column, value in enumerate(cells, 1):
            put(page, row, column, value)
        book.state(page, 1, ACTUALS, name, month, amount)
    for column, what in enumerate(("date", "unit", "customer", "actual"), 1):
        book.column(page, column, (1, 1), what)
    return book


def notes_with_figures(words: Words, seed: int) -> Book:
    """Below the table notes with figures, and a small table of last year's sums."""
    rng = random.Random(seed)
    book = Book("notes_with_figures", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    head(book, page, words, plan, top)
    after = body(book, page, words, plan, top)
    for column in range(3, 15):
        letter = get_column_letter(column)
        month = plan.months[column - 3]
        formula = f"SUM({letter}{top + 1}:{letter}{after - 1})"
        total(book, page, after, column, plan.target(plan.people, month), formula)
    put(page, after, 1, words.total, bold=True)
    note(page, after + 2, f"2025: {rng.randint(1000, 9000)}")
    note(page, after + 3, words.notes[0])
    put(page, after + 5, 1, f"2025 {words.actual}")
    put(page, after + 5, 2, rng.randint(1000, 9000))
    put(page, after + 6, 1, f"2024 {words.actual}")
    put(page, after + 6, 2, rng.randint(1000, 9000))
    return book


def person_sheets(words: Words, seed: int) -> Book:
    """A sheet a person: months down, target, actual, rate beside, a total below."""
    rng = random.Random(seed)
    book = Book("person_sheets", words.code, seed)
    plan = random_plan(words, rng, teams=1)
    for name in plan.people:
        page = book.page(name)
        top = top_of(page, words, 4, f"{name} {words.plan_title.format(y=2026)}")
        heads(page, top, 1, [MONTH[words.code], words.target, words.actual, words.rate])
        for place, month in enumerate(plan.months):
            row = top + 1 + place
            target, actual = plan.target(name, month), plan.actual(name, month)
            put(page, row, 1, month_heads(words, plan.months, "short")[place])
            put(page, row, 2, target, "#,##0")
            put(page, row, 3, actual, "#,##0")
            put(page, row, 4, None if actual is None else actual / target, "0%")
            book.state(page, top, TARGETS, name, month, target, words.scale)
            book.state(page, top, ACTUALS, name, month, actual, words.scale)
        put(page, top + 13, 1, words.total, bold=True)
        total(
            book, page, top + 13, 2, plan.target(name, plan.months), f"SUM(B{top + 1}:B{top + 12})"
        )
        for column, what in enumerate(("date", "target", "actual", LEFT), 1):
            book.column(page, column, (top, top), what)
    return book


def running_sums(words: Words, seed: int) -> Book:
    """Under each month the figure and the sum of the year so far."""
    rng = random.Random(seed)
    book = Book("running_sums", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 26, words.target_title.format(y=2026))
    names = month_heads(words, plan.months, "short")
    heads(page, top, 1, [words.team, words.person])
    for column, what in ((1, "parent"), (2, "unit")):
        merge(page, top, column, top + 1, column)
        book.column(page, column, (top, top + 1), what)
    for place, month in enumerate(plan.months):
        first = 3 + 2 * place
        heads(page, top, first, [names[place], None])
        merge(page, top, first, top, first + 1)
        heads(page, top + 1, first, [words.target, RUNNING[words.code]])
        book.column(page, first, (top, top + 1), "target", month)
        book.column(page, first + 1, (top, top + 1), LEFT)
    for row, team, name in rows(plan, top + 2):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, month in enumerate(plan.months):
            put(page, row, 3 + 2 * place, plan.target(name, month), "#,##0")
            so_far = plan.target(name, plan.months[: place + 1])
            put(page, row, 4 + 2 * place, so_far, "#,##0")
            book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)
    return book


def forecast_beyond(words: Words, seed: int) -> Book:
    """Months that are over say actual in the second row of heads, those to come forecast."""
    rng = random.Random(seed)
    book = Book("forecast_beyond", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    top = top_of(page, words, 14, words.list_title.format(y=2026))
    names = month_heads(words, plan.months, "short")
    heads(page, top, 1, [None, None, *names])
    kinds = [words.actual if place < plan.reached else FORECAST[words.code] for place in range(12)]
    heads(page, top + 1, 1, [words.team, words.person, *kinds])
    for column, what in ((1, "parent"), (2, "unit")):
        book.column(page, column, (top, top + 1), what)
    for place, month in enumerate(plan.months):
        over = place < plan.reached
        book.column(
            page, 3 + place, (top, top + 1), "actual" if over else LEFT, month if over else ""
        )
    for row, team, name in rows(plan, top + 2):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, month in enumerate(plan.months):
            actual = plan.actual(name, month)
            put(page, row, 3 + place, plan.target(name, month) if actual is None else actual)
            book.state(page, top, ACTUALS, name, month, actual, words.scale)
    return book


def repeated_heads(words: Words, seed: int) -> Book:
    """The heads again above each team, as printed pages have them, and blank columns between
    quarters.
    """
    rng = random.Random(seed)
    book = Book("repeated_heads", words.code, seed)
    plan = random_plan(words, rng, teams=3)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    names = month_heads(words, plan.months, "short")
    head(book, page, words, plan, top)
    row = top
    for team, members in plan.teams.items():
        heads(page, row, 1, [words.team, words.person, *names])
        for name in members:
            row += 1
            book.parents[name] = team
            put(page, row, 1, team)
            put(page, row, 2, name)
            for place, month in enumerate(plan.months):
                put(page, row, 3 + place, plan.target(name, month), "#,##0")
                book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)
        row += 1
    return book


def spaced_quarters(words: Words, seed: int) -> Book:
    """A blank narrow column after each quarter."""
    rng = random.Random(seed)
    book = Book("spaced_quarters", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 17, words.target_title.format(y=2026))
    names = month_heads(words, plan.months, "long")
    heads(page, top, 1, [words.team, words.person])
    places = [3 + at + at // 3 for at in range(12)]
    for column, what in ((1, "parent"), (2, "unit")):
        book.column(page, column, (top, top), what)
    for place, month, text in zip(places, plan.months, names, strict=True):
        heads(page, top, place, [text])
        book.column(page, place, (top, top), "target", month)
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, month in zip(places, plan.months, strict=True):
            put(page, row, place, plan.target(name, month), "#,##0")
            book.state(page, top, TARGETS, name, month, plan.target(name, month), words.scale)
    for column in (6, 10, 14):
        page.column_dimensions[get_column_letter(column)].width = 2
    return book


def block_a_month(words: Words, seed: int) -> Book:
    """One sheet, a block a month under another: the month stands in the title of its block."""
    rng = random.Random(seed)
    book = Book("block_a_month", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.plan_title.format(y=2026)[:28].replace(":", "").replace("/", " "))
    note(page, 1, words.unit_note)
    row = 3
    for place, month in enumerate(plan.months[: plan.reached]):
        page.cell(row, 1, f"2026 {words.long_months[place]}")
        top = row + 1
        heads(page, top, 1, [words.team, words.person, words.target, words.actual, words.rate])
        for column, what in enumerate(("parent", "unit", "target", "actual", LEFT), 1):
            known = month if what in ("target", "actual") else ""
            book.column(page, column, (top, top), what, known)
        for row, team, name in rows(plan, top + 1):
            book.parents[name] = team
            target, actual = plan.target(name, month), plan.actual(name, month)
            cells = (team, name, target, actual, (actual or 0) / target)
            for column, value in enumerate(cells, 1):
                put(page, row, column, value, "0%" if column == 5 else "#,##0")
            book.state(page, top, TARGETS, name, month, target, words.scale)
            book.state(page, top, ACTUALS, name, month, actual, words.scale)
        row += 2
    return book


def years_beside(words: Words, seed: int) -> Book:
    """Two years' actuals and the new year's target for each person, no months at all."""
    rng = random.Random(seed)
    book = Book("years_beside", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    top = top_of(page, words, 6, words.target_title.format(y=2026))
    texts = [f"2024 {words.actual}", f"2025 {words.actual}", f"2026 {words.target}"]
    heads(page, top, 1, [words.team, words.person, *texts, words.remark])
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        year = plan.target(name, plan.months)
        cells = (team, name, round(year * 0.8), round(year * 0.9), year)
        for column, value in enumerate(cells, 1):
            put(page, row, column, value, "#,##0")
        book.state(page, top, TARGETS, name, "2026", year, words.scale)
    whats = ("parent", "unit", "last year", "last year", "target", LEFT)
    for column, what in enumerate(whats, 1):
        book.column(page, column, (top, top), what)
    return book


COMMISSION = {
    "zh": "{y}年提成计划表",
    "en": "Commission plan {y}",
    "de": "Provisionsplan {y}",
    "ja": "{y}年 賞与計画",
    "fr": "Plan de primes {y}",
}
HALF_YEAR = {
    "zh": "{y}年1-6月销售目标完成情况",
    "en": "Sales target vs actual Jan-Jun {y}",
    "de": "Umsatz Soll/Ist Januar bis Juni {y}",
    "ja": "{y}年1月～6月 売上目標・実績",
    "fr": "Ventes : objectif et réalisé janvier à juin {y}",
}
WEEK = {"zh": "第{n}周", "en": "W{n}", "de": "KW {n}", "ja": "第{n}週", "fr": "S{n}"}
DAY = {"zh": "{n}日", "en": "{n}", "de": "{n}.", "ja": "{n}日", "fr": "{n}"}
SIZE = {
    "zh": ("(万元)", "(元)", 10_000),
    "en": (" (USD k)", " (USD)", 1_000),
    "de": (" (T€)", " (EUR)", 1_000),
    "ja": ("(千円)", "(円)", 1_000),
    "fr": (" (k€)", " (EUR)", 1_000),
}
MANAGER = {"zh": "主管", "en": "Manager", "de": "Vorgesetzter", "ja": "上司", "fr": "Responsable"}


def _unread(book: Book, words: Words, text: str, texts: list[Any]) -> Book:
    """People by columns that are nothing of a sales plan, under a title that sounds like one."""
    rng = random.Random(book.seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    top = top_of(page, words, 2 + len(texts), text.format(y=2026))
    heads(page, top, 1, [words.team, words.person, *texts])
    for row, team, name in rows(plan, top + 1):
        put(page, row, 1, team)
        put(page, row, 2, name)
        for column in range(3, 3 + len(texts)):
            put(page, row, column, rng.randint(*words.big), "#,##0")
    for column in range(1, 3 + len(texts)):
        book.column(page, column, (top, top), UNKNOWABLE)
    return book


def commissions(words: Words, seed: int) -> Book:
    """A plan of commissions by month: no target of sales, or to be asked."""
    book = Book("commissions", words.code, seed)
    names = month_heads(words, random_plan(words, random.Random(seed)).months, "short")
    return _unread(book, words, COMMISSION[words.code], list(names))


def calendar_weeks(words: Words, seed: int) -> Book:
    """Targets by calendar week: a week is no quarter and no month."""
    book = Book("calendar_weeks", words.code, seed)
    texts = [WEEK[words.code].format(n=number) for number in range(1, 14)]
    return _unread(book, words, words.target_title, list(texts))


def days_across(words: Words, seed: int) -> Book:
    """A month's sheet with its days across."""
    book = Book("days_across", words.code, seed)
    texts: list[Any] = [DAY[words.code].format(n=number) for number in range(1, 31)]
    if words.code in ("en", "fr"):
        texts = [int(one) for one in texts]
    title_of = f"{words.actual_title} {words.long_months[5]}"
    return _unread(book, words, title_of, texts)


def half_years_sums(words: Words, seed: int) -> Book:
    """Sums of January to June under a title that says so: no month's figures."""
    book = Book("half_years_sums", words.code, seed)
    texts = [words.target, words.actual, words.rate]
    return _unread(book, words, HALF_YEAR[words.code], list(texts))


def codes_in_names(words: Words, seed: int) -> Book:
    """A number before each name, in one cell; heads that say month and kind in one cell."""
    rng = random.Random(seed)
    book = Book("codes_in_names", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    top = top_of(page, words, 38, words.plan_title.format(y=2026))
    heads(page, top, 1, [words.team, words.person])
    for column, what in ((1, "parent"), (2, "unit")):
        book.column(page, column, (top, top), what)
    names = month_heads(words, plan.months, "short")
    kinds = ((words.target, "target"), (words.actual, "actual"), (words.rate, LEFT))
    for place, month in enumerate(plan.months):
        for at, (text, what) in enumerate(kinds):
            heads(page, top, 3 + 3 * place + at, [f"{names[place]} {text}"])
            known = "" if what == LEFT else month
            book.column(page, 3 + 3 * place + at, (top, top), what, known)
    for number, (row, team, name) in enumerate(rows(plan, top + 1), 101):
        told = f"{number} {name}"
        book.parents[told] = team
        put(page, row, 1, team)
        put(page, row, 2, told)
        for place, month in enumerate(plan.months):
            target, actual = plan.target(name, month), plan.actual(name, month)
            put(page, row, 3 + 3 * place, target, "#,##0")
            put(page, row, 4 + 3 * place, actual, "#,##0")
            put(page, row, 5 + 3 * place, None if actual is None else actual / target, "0%")
            book.state(page, top, TARGETS, told, month, target, words.scale)
            book.state(page, top, ACTUALS, told, month, actual, words.scale)
    return book


def months_as_numbers(words: Words, seed: int) -> Book:
    """Heads 202601 … 202612 as numbers, the manager of each person beside."""
    rng = random.Random(seed)
    book = Book("months_as_numbers", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 15, words.target_title.format(y=2026))
    numbers = [int(month.replace("-", "")) for month in plan.months]
    head(book, page, words, plan, top, numbers, [MANAGER[words.code]])
    body(book, page, words, plan, top)
    for row, _, _ in rows(plan, top + 1):
        put(page, row, 15, words.people[-1])
    return book


def units_by_column(words: Words, seed: int) -> Book:
    """A month's sheet whose target is in thousands and whose actual is in whole currency."""
    rng = random.Random(seed)
    book = Book("units_by_column", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    month = plan.months[0]
    page = book.page(f"2026 {words.long_months[0]}")
    large, small, size = SIZE[words.code]
    texts = [words.team, words.person, words.target + large, words.actual + small, words.rate]
    heads(page, 1, 1, texts)
    for row, team, name in rows(plan, 2):
        book.parents[name] = team
        target, actual = plan.target(name, month), (plan.actual(name, month) or 0) * size
        cells = (team, name, target, actual, actual / target / size)
        for column, value in enumerate(cells, 1):
            put(page, row, column, value, "0%" if column == 5 else "#,##0")
        book.state(page, 1, TARGETS, name, month, target, size)
        book.state(page, 1, ACTUALS, name, month, actual)
    for column, what in enumerate(("parent", "unit", "target", "actual", LEFT), 1):
        known = month if what in ("target", "actual") else ""
        book.column(page, column, (1, 1), what, known)
    return book


def marked_thousands(words: Words, seed: int) -> Book:
    """Figures in whole currency, some typed as texts with the marks of the country: 12.345 in
    Germany, 12,345 in America.
    """
    rng = random.Random(seed)
    book = Book("marked_thousands", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 14, words.target_title.format(y=2026))
    head(book, page, words, plan, top)
    mark = {"de": ".", "fr": " "}.get(words.code, ",")

    def shown(name: str, month: str, value: int | None) -> tuple[Any, int | None]:
        figure = 1_000 * (value or 0) + 345
        typed = f"{figure:,}".replace(",", mark) if rng.random() < 0.3 else figure
        return typed, figure

    body(book, page, words, plan, top, shown)
    return book


STATUS = {
    "zh": ("状态", ("已签", "丢单")),
    "en": ("Stage", ("Won", "Lost")),
    "de": ("Status", ("gewonnen", "verloren")),
    "ja": ("状況", ("受注", "失注")),
    "fr": ("Statut", ("Gagné", "Perdu")),
}
TAX = {
    "zh": ("不含税金额", "税额", "价税合计"),
    "en": ("Net amount", "Tax", "Gross amount"),
    "de": ("Nettobetrag", "MwSt", "Bruttobetrag"),
    "ja": ("税抜金額", "消費税", "税込金額"),
    "fr": ("Montant HT", "TVA", "Montant TTC"),
}
PRICE = {"zh": "单价", "en": "Unit price", "de": "Einzelpreis", "ja": "単価", "fr": "Prix unitaire"}
PIECES = {"zh": "数量", "en": "Quantity", "de": "Menge", "ja": "数量", "fr": "Quantité"}
STRETCH = {
    "zh": ("保底目标", "挑战目标"),
    "en": ("Minimum target", "Stretch target"),
    "de": ("Mindestziel", "Stretchziel"),
    "ja": ("必達目標", "挑戦目標"),
    "fr": ("Objectif minimum", "Objectif ambitieux"),
}


def two_years_of_months(words: Words, seed: int) -> Book:
    """Last year's actuals by month and this year's targets by month beside, the year merged above."""
    rng = random.Random(seed)
    book = Book("two_years_of_months", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 26, words.plan_title.format(y=2026))
    for column, text, what in ((1, words.team, "parent"), (2, words.person, "unit")):
        heads(page, top, column, [text])
        merge(page, top, column, top + 1, column)
        book.column(page, column, (top, top + 1), what)
    names = month_heads(words, plan.months, "short")
    for first, text in ((3, f"2025 {words.actual}"), (15, f"2026 {words.target}")):
        heads(page, top, first, [text, *[None] * 11])
        merge(page, top, first, top, first + 11)
        heads(page, top + 1, first, names)
    for place, month in enumerate(plan.months):
        before = month.replace("2026", "2025")
        book.column(page, 3 + place, (top, top + 1), "actual", before)
        book.column(page, 15 + place, (top, top + 1), "target", month)
    for row, team, name in rows(plan, top + 2):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, month in enumerate(plan.months):
            target = plan.target(name, month)
            before = round(target * 0.9)
            put(page, row, 3 + place, before, "#,##0")
            put(page, row, 15 + place, target, "#,##0")
            book.state(page, top, TARGETS, name, month, target, words.scale)
    return book


def rolling_months(words: Words, seed: int) -> Book:
    """Eighteen months from October on, as dates: which of them is the plan's year is seen."""
    rng = random.Random(seed)
    book = Book("rolling_months", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    top = top_of(page, words, 20, words.target_title.format(y=2026))
    days = [date(2025 + (9 + at) // 12, (9 + at) % 12 + 1, 1) for at in range(18)]
    heads(page, top, 1, [words.team, words.person, *days])
    for column, what in ((1, "parent"), (2, "unit")):
        book.column(page, column, (top, top), what)
    for place, day in enumerate(days):
        page.cell(top, 3 + place).number_format = "mmm-yy"
        what = "target" if day.year == 2026 else LEFT
        book.column(page, 3 + place, (top, top), what, f"{day:%Y-%m}" if day.year == 2026 else "")
    for row, team, name in rows(plan, top + 1):
        book.parents[name] = team
        put(page, row, 1, team)
        put(page, row, 2, name)
        for place, day in enumerate(days):
            month = f"2026-{day.month:02d}"
            value = plan.target(name, month) + (day.year != 2026)
            put(page, row, 3 + place, value, "#,##0")
            if day.year == 2026:
                book.state(page, top, TARGETS, name, month, value, words.scale)
    return book


def thirteen_periods(words: Words, seed: int) -> Book:
    """Thirteen periods of four weeks: none of them is a month."""
    book = Book("thirteen_periods", words.code, seed)
    texts: list[Any] = [f"P{number}" for number in range(1, 14)]
    return _unread(book, words, words.target_title, texts)


def stretch_beside(words: Words, seed: int) -> Book:
    """A floor and a stretch beside the target of each person."""
    book = Book("stretch_beside", words.code, seed)
    floor, stretch = STRETCH[words.code]
    return _unread(book, words, words.target_title, [floor, words.target, stretch])


def _deals(book: Book, words: Words, texts: list[str], whats: list[str], cells: Any) -> None:
    """A list of dated deals with further columns; ``cells`` gives theirs for an amount, and what of
    it counts.
    """
    rng = random.Random(book.seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.list_title.format(y=2026))
    heads(page, 1, 1, [words.date, words.person, *texts])
    row = 1
    for (name, month), value in plan.actuals.items():
        for _ in range(2):
            row += 1
            amount = value * words.scale
            given, counts = cells(rng, amount)
            put(page, row, 1, as_date(month) + timedelta(rng.randint(0, 27)), "yyyy-mm-dd")
            put(page, row, 2, name)
            for column, one in enumerate(given, 3):
                put(page, row, column, one, "#,##0" if isinstance(one, int) else "")
            book.state(page, 1, ACTUALS, name, month, counts)
    for column, what in enumerate(["date", "unit", *whats], 1):
        book.column(page, column, (1, 1), what)


def won_and_lost(words: Words, seed: int) -> Book:
    """Deals with a status: what was lost is no sale, so it has to be asked."""
    book = Book("won_and_lost", words.code, seed)
    text, states = STATUS[words.code]

    def cells(rng: random.Random, amount: int) -> tuple[list[Any], int | None]:
        return [rng.choice(states), amount], None

    _deals(book, words, [text, words.amount], [UNKNOWABLE, UNKNOWABLE], cells)
    return book


def net_and_gross(words: Words, seed: int) -> Book:
    """The amount of each deal before tax, the tax, and the amount with it: once is enough."""
    book = Book("net_and_gross", words.code, seed)

    def cells(rng: random.Random, amount: int) -> tuple[list[Any], int | None]:
        return [amount, amount // 10, amount + amount // 10], None

    _deals(book, words, list(TAX[words.code]), [UNKNOWABLE] * 3, cells)
    return book


def pieces_and_prices(words: Words, seed: int) -> Book:
    """Pieces, price and amount of each deal."""
    book = Book("pieces_and_prices", words.code, seed)

    def cells(rng: random.Random, amount: int) -> tuple[list[Any], int | None]:
        price = rng.randint(2, 9)
        return [amount, price, amount * price], amount * price

    texts = [PIECES[words.code], PRICE[words.code], words.amount]
    _deals(book, words, texts, ["pieces", LEFT, "actual"], cells)
    return book


SHAPES = (
    spans_interleaved,
    halves_between,
    versions_named,
    hidden_rows,
    list_object,
    in_brackets,
    rates_as_text,
    typed_as_text,
    days_as_text,
    notes_with_figures,
    person_sheets,
    running_sums,
    forecast_beyond,
    repeated_heads,
    spaced_quarters,
    block_a_month,
    years_beside,
    commissions,
    calendar_weeks,
    days_across,
    half_years_sums,
    codes_in_names,
    months_as_numbers,
    units_by_column,
    marked_thousands,
    two_years_of_months,
    rolling_months,
    thirteen_periods,
    stretch_beside,
    won_and_lost,
    net_and_gross,
    pieces_and_prices,
)
