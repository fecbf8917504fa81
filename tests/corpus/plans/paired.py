"""Shapes with targets and actuals: side by side, one under another, by sheet, in lists."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.plans.book import (
    ACTUALS,
    LEFT,
    TARGETS,
    Book,
    heads,
    merge,
    note,
    put,
    title,
    total,
)
from tests.corpus.plans.plan import Plan, as_date, month_heads, random_plan
from tests.corpus.plans.table import rows
from tests.corpus.plans.words import Words


def _state(
    book: Book,
    page: Worksheet,
    top: int,
    words: Words,
    plan: Plan,
    kinds: tuple[str, ...] = (TARGETS, ACTUALS),
    names: tuple[str, ...] | None = None,
) -> None:
    for team, members in plan.teams.items():
        for name in members:
            if names is not None and name not in names:
                continue
            book.parents[name] = team
            for month in plan.months:
                if TARGETS in kinds:
                    book.state(
                        page, top, TARGETS, name, month, plan.target(name, month), words.scale
                    )
                if ACTUALS in kinds:
                    book.state(
                        page, top, ACTUALS, name, month, plan.actual(name, month), words.scale
                    )


def _rate(plan: Plan, name: str, month: str) -> float | None:
    actual = plan.actual(name, month)
    return None if actual is None else actual / plan.target(name, month)


def interleaved(words: Words, seed: int) -> Book:
    """Two rows of heads: a month merged over target, actual and rate; the months to come are blank."""
    rng = random.Random(seed)
    book = Book("interleaved", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page("2026")
    title(page, words.plan_title.format(y=2026), 41)
    note(page, 2, words.unit_note)
    top = 4
    for column, text in ((1, words.team), (2, words.person)):
        heads(page, top, column, [text])
        heads(page, top + 1, column, [None])
        merge(page, top, column, top + 1, column)
    book.column(page, 1, (top, top + 1), "parent")
    book.column(page, 2, (top, top + 1), "unit")
    names = month_heads(words, plan.months, "long" if seed % 2 else "short")
    for place, month in enumerate(plan.months):
        first = 3 + place * 3
        heads(page, top, first, [names[place], None, None], "BDD7EE" if place % 2 else "DDEBF7")
        merge(page, top, first, top, first + 2)
        heads(page, top + 1, first, [words.target, words.actual, words.rate])
        book.column(page, first, (top, top + 1), "target", month)
        book.column(page, first + 1, (top, top + 1), "actual", month)
        book.column(page, first + 2, (top, top + 1), LEFT)
    heads(page, top, 39, [words.year_total, None, None])
    merge(page, top, 39, top, 41)
    heads(page, top + 1, 39, [words.target, words.actual, words.rate])
    for column in (39, 40, 41):
        book.column(page, column, (top, top + 1), LEFT)
    row = top + 2
    done = plan.months[: plan.reached]
    for team, members in plan.teams.items():
        for name in members:
            put(page, row, 1, team)
            put(page, row, 2, name)
            for place, month in enumerate(plan.months):
                put(page, row, 3 + place * 3, plan.target(name, month), "#,##0")
                put(page, row, 4 + place * 3, plan.actual(name, month), "#,##0")
                put(page, row, 5 + place * 3, _rate(plan, name, month), "0.0%")
            year, reached = (
                plan.target(name, plan.months),
                sum(plan.actual(name, month) or 0 for month in done),
            )
            put(page, row, 39, year, "#,##0")
            put(page, row, 40, reached, "#,##0")
            put(page, row, 41, reached / year, "0.0%")
            row += 1
        put(page, row, 1, team)
        put(page, row, 2, words.subtotal, bold=True)
        for place, month in enumerate(plan.months):
            letter = get_column_letter(3 + place * 3)
            total(
                book,
                page,
                row,
                3 + place * 3,
                plan.target(members, month),
                f"SUM({letter}{row - len(members)}:{letter}{row - 1})",
            )
            if month in done:
                total(
                    book,
                    page,
                    row,
                    4 + place * 3,
                    sum(plan.actual(name, month) or 0 for name in members),
                )
        row += 1
    _state(book, page, top, words, plan)
    return book


def kinds_in_rows(words: Words, seed: int) -> Book:
    """Three rows for each person: target, actual, rate; months across."""
    rng = random.Random(seed)
    book = Book("kinds_in_rows", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    title(page, words.plan_title.format(y=2026), 16)
    note(page, 2, words.unit_note)
    top = 4
    heads(
        page,
        top,
        1,
        [
            words.team,
            words.person,
            words.item,
            *month_heads(words, plan.months, "short"),
            words.year_total,
        ],
    )
    row = top + 1
    for team, members in plan.teams.items():
        for name in members:
            first = row
            for kind in (words.target, words.actual, words.rate):
                put(page, row, 1, team)
                put(page, row, 2, name if row == first or seed % 2 else None)
                put(page, row, 3, kind)
                for place, month in enumerate(plan.months):
                    value: object = (
                        plan.target(name, month)
                        if kind == words.target
                        else plan.actual(name, month)
                    )
                    put(
                        page,
                        row,
                        4 + place,
                        _rate(plan, name, month) if kind == words.rate else value,
                        "0%" if kind == words.rate else "#,##0",
                    )
                row += 1
            if seed % 2 == 0:
                merge(page, first, 2, row - 1, 2)
            put(page, first, 16, plan.target(name, plan.months), "#,##0")
            put(
                page,
                first + 1,
                16,
                sum(plan.actual(name, month) or 0 for month in plan.months),
                "#,##0",
            )
    book.column(page, 1, (top, top), "parent")
    book.column(page, 2, (top, top), "unit")
    book.column(page, 3, (top, top), "kind")
    for place, month in enumerate(plan.months):
        book.column(page, 4 + place, (top, top), "by kind", month)
    book.column(page, 16, (top, top), LEFT)
    _state(book, page, top, words, plan)
    return book


def _block(
    book: Book, page: Worksheet, words: Words, plan: Plan, top: int, left: int, kind: str
) -> int:
    """One table of people by months of one kind; the row after it."""
    what = "target" if kind == TARGETS else "actual"
    heads(
        page,
        top,
        left,
        [words.team, words.person, *month_heads(words, plan.months, "short"), words.total],
    )
    book.column(page, left, (top, top), "parent")
    book.column(page, left + 1, (top, top), "unit")
    for place, month in enumerate(plan.months):
        book.column(page, left + 2 + place, (top, top), what, month)
    book.column(page, left + 14, (top, top), LEFT)
    row = top + 1
    for team, members in plan.teams.items():
        for name in members:
            put(page, row, left, team)
            put(page, row, left + 1, name)
            for place, month in enumerate(plan.months):
                put(
                    page,
                    row,
                    left + 2 + place,
                    plan.target(name, month) if kind == TARGETS else plan.actual(name, month),
                    "#,##0",
                )
            span = f"{get_column_letter(left + 2)}{row}:{get_column_letter(left + 13)}{row}"
            year = (
                plan.target(name, plan.months)
                if kind == TARGETS
                else sum(plan.actual(name, month) or 0 for month in plan.months)
            )
            total(book, page, row, left + 14, year, f"SUM({span})", "FFFFFF")
            row += 1
    put(page, row, left, words.total, bold=True)
    for place, month in enumerate(plan.months):
        value = (
            plan.target(plan.people, month)
            if kind == TARGETS
            else sum(plan.actual(name, month) or 0 for name in plan.people)
        )
        total(book, page, row, left + 2 + place, value or None)
    return row + 1


def stacked_blocks(words: Words, seed: int) -> Book:
    """Two tables on one sheet, one under another, each with its own title."""
    rng = random.Random(seed)
    book = Book("stacked_blocks", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    title(page, words.target_title.format(y=2026), 15)
    note(page, 2, words.unit_note)
    after = _block(book, page, words, plan, 4, 1, TARGETS)
    title(page, words.actual_title.format(y=2026), 15, after + 2)
    note(page, after + 3, words.unit_note)
    second = after + 4
    end = _block(book, page, words, plan, second, 1, ACTUALS)
    for offset, text in enumerate(words.notes):
        note(page, end + 2 + offset, text)
    _state(book, page, 4, words, plan, (TARGETS,))
    _state(book, page, second, words, plan, (ACTUALS,))
    return book


def side_by_side(words: Words, seed: int) -> Book:
    """The targets at the left, the actuals at the right, a blank column between, each with its title."""
    rng = random.Random(seed)
    book = Book("side_by_side", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    for column, text in ((1, words.target_title), (17, words.actual_title)):
        page.cell(1, column, text.format(y=2026))
        note(page, 2, words.unit_note, column)
    _block(book, page, words, plan, 4, 1, TARGETS)
    _block(book, page, words, plan, 4, 17, ACTUALS)
    _state(book, page, 4, words, plan)
    return book


def several_kpis(words: Words, seed: int) -> Book:
    """A column of KPIs: revenue, cash and customers in rows, people beside; no unit in the title."""
    rng = random.Random(seed)
    book = Book("several_kpis", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page(words.target)
    title(page, f"{words.company} {words.target_title.format(y=2026)}", 16)
    top = 3
    heads(
        page,
        top,
        1,
        [
            words.team,
            words.person,
            words.kpi,
            *month_heads(words, plan.months, "short"),
            words.year_total,
        ],
    )
    row = top + 1
    for team, members in plan.teams.items():
        for name in members:
            book.parents[name] = team
            for kpi, share in zip(
                words.kpis, (Decimal(1), Decimal("0.8"), Decimal("0.1")), strict=True
            ):
                values = [max(1, round(plan.target(name, month) * share)) for month in plan.months]
                put(page, row, 1, team)
                put(page, row, 2, name)
                put(page, row, 3, kpi)
                for place, (month, value) in enumerate(zip(plan.months, values, strict=True)):
                    put(page, row, 4 + place, value, "#,##0")
                    scale = 10_000 if "万元" in kpi else 1
                    book.state(page, top, TARGETS, name, month, value, scale, kpi.split("(")[0])
                put(page, row, 16, sum(values), "#,##0")
                row += 1
    book.column(page, 1, (top, top), "parent")
    book.column(page, 2, (top, top), "unit")
    book.column(page, 3, (top, top), "kpi")
    for place, month in enumerate(plan.months):
        book.column(page, 4 + place, (top, top), "target", month)
    book.column(page, 16, (top, top), LEFT)
    return book


def month_sheets(words: Words, seed: int) -> Book:
    """A sheet a month: person, target, actual, rate, gap; the month only in the sheet's name and title."""
    rng = random.Random(seed)
    book = Book("month_sheets", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    names = {"zh": "{m}月", "ja": "{m}月", "en": "{n} 2026", "de": "{n} 26", "fr": "{n} 26"}[
        words.code
    ]
    for place, month in enumerate(plan.months[: plan.reached]):
        page = book.page(names.format(m=place + 1, n=words.months[place]))
        title(page, f"2026 {words.long_months[place]} {words.target}/{words.actual}", 7)
        note(page, 2, words.unit_note)
        top = 3
        heads(
            page,
            top,
            1,
            [
                words.team,
                words.person,
                words.target,
                words.actual,
                words.rate,
                words.gap,
                words.remark,
            ],
        )
        for row, team, name in rows(plan, top + 1):
            wanted, got = plan.target(name, month), plan.actual(name, month)
            put(page, row, 1, team)
            put(page, row, 2, name)
            put(page, row, 3, wanted, "#,##0")
            put(page, row, 4, got, "#,##0")
            put(page, row, 5, (got or 0) / wanted, "0.0%")
            put(page, row, 6, (got or 0) - wanted, "#,##0")
            book.parents[name] = team
            book.state(page, top, TARGETS, name, month, wanted, words.scale)
            book.state(page, top, ACTUALS, name, month, got, words.scale)
        row = top + 1 + len(plan.people)
        put(page, row, 1, words.total, bold=True)
        total(book, page, row, 3, plan.target(plan.people, month), f"SUM(C{top + 1}:C{row - 1})")
        total(
            book,
            page,
            row,
            4,
            sum(plan.actual(name, month) or 0 for name in plan.people),
            f"SUM(D{top + 1}:D{row - 1})",
        )
        book.column(page, 1, (top, top), "parent")
        book.column(page, 2, (top, top), "unit")
        book.column(page, 3, (top, top), "target", month)
        book.column(page, 4, (top, top), "actual", month)
        for column in (5, 6, 7):
            book.column(page, column, (top, top), LEFT)
    return book


def team_sheets(words: Words, seed: int) -> Book:
    """A sheet a team and a summary of the teams in front, which must not be counted again."""
    rng = random.Random(seed)
    book = Book("team_sheets", words.code, seed)
    plan = random_plan(words, rng)
    summary = {"zh": "汇总", "en": "Summary", "de": "Übersicht", "ja": "集計", "fr": "Synthèse"}[
        words.code
    ]
    front = book.page(summary)
    title(front, words.target_title.format(y=2026), 14)
    note(front, 2, words.unit_note)
    heads(front, 4, 1, [words.team, *month_heads(words, plan.months, "short"), words.year_total])
    for row, (team, members) in enumerate(plan.teams.items(), 5):
        put(front, row, 1, team)
        for place, month in enumerate(plan.months):
            letter = get_column_letter(2 + place)
            total(
                book,
                front,
                row,
                2 + place,
                plan.target(members, month),
                f"SUM('{team}'!{letter}5:{letter}{4 + len(members)})",
            )
        put(front, row, 14, plan.target(members, plan.months), "#,##0")
    for column in range(1, 15):
        book.column(front, column, (4, 4), "sum of others")
    for team, members in plan.teams.items():
        page = book.page(team)
        title(page, f"{team} {words.target_title.format(y=2026)}", 14)
        note(page, 2, words.unit_note)
        heads(
            page, 4, 1, [words.person, *month_heads(words, plan.months, "short"), words.year_total]
        )
        row = 5
        for name in members:
            put(page, row, 1, name)
            for place, month in enumerate(plan.months):
                put(page, row, 2 + place, plan.target(name, month), "#,##0")
            put(page, row, 14, plan.target(name, plan.months), "#,##0")
            row += 1
        put(page, row, 1, words.total, bold=True)
        for place, month in enumerate(plan.months):
            total(book, page, row, 2 + place, plan.target(members, month))
        book.column(page, 1, (4, 4), "unit")
        for place, month in enumerate(plan.months):
            book.column(page, 2 + place, (4, 4), "target", month)
        book.column(page, 14, (4, 4), LEFT)
        _state(book, page, 4, words, plan, (TARGETS,), members)
    return book


def ledger(words: Words, seed: int) -> Book:
    """A long list of deals with dates in whole currency, and the quota of each person by month on another sheet."""
    rng = random.Random(seed)
    book = Book("ledger", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    quota = book.page(words.target)
    title(quota, words.target_title.format(y=2026), 15)
    note(quota, 2, words.unit_note)
    _block(book, quota, words, plan, 4, 1, TARGETS)
    _state(book, quota, 4, words, plan, (TARGETS,))
    page = book.page(words.list_title.format(y=2026))
    heads(
        page,
        1,
        1,
        [words.date, words.person, words.customer, words.product, words.amount, words.remark],
    )
    deals = []
    for (name, month), value in plan.actuals.items():
        left = value * words.scale
        while left > 0:
            amount = min(left, max(1, round(value * words.scale * rng.uniform(0.2, 0.6))))
            deals.append((as_date(month) + timedelta(rng.randint(0, 27)), name, amount, month))
            left -= amount
    deals.sort()
    for row, (day, name, amount, month) in enumerate(deals, 2):
        for column, value in enumerate(
            (day, name, f"K{rng.randint(1000, 1040)}", rng.choice(words.products), amount), 1
        ):
            put(
                page,
                row,
                column,
                value,
                "yyyy-mm-dd" if column == 1 else "#,##0" if column == 5 else "",
            )
        book.state(page, 1, ACTUALS, name, month, amount)
    for column, what in enumerate(("date", "unit", "customer", "product", "actual", LEFT), 1):
        book.column(page, column, (1, 1), what)
    return book


def months_down(words: Words, seed: int) -> Book:
    """Months in rows, people across, target and actual under each name."""
    rng = random.Random(seed)
    book = Book("months_down", words.code, seed)
    plan = random_plan(words, rng, teams=2)
    page = book.page("2026")
    people = plan.people
    title(page, words.plan_title.format(y=2026), 1 + 2 * len(people))
    note(page, 2, words.unit_note)
    top = 4
    heads(
        page,
        top,
        1,
        [{"zh": "月份", "en": "Month", "de": "Monat", "ja": "月", "fr": "Mois"}[words.code]],
    )
    heads(page, top + 1, 1, [None])
    merge(page, top, 1, top + 1, 1)
    book.column(page, 1, (top, top + 1), "date")
    for place, name in enumerate(people):
        column = 2 + 2 * place
        heads(page, top, column, [name, None])
        merge(page, top, column, top, column + 1)
        heads(page, top + 1, column, [words.target, words.actual])
        book.column(page, column, (top, top + 1), "target")
        book.column(page, column + 1, (top, top + 1), "actual")
    for row, (month, head) in enumerate(
        zip(
            plan.months,
            month_heads(words, plan.months, "long" if seed % 2 else "short"),
            strict=True,
        ),
        top + 2,
    ):
        put(page, row, 1, head)
        for place, name in enumerate(people):
            put(page, row, 2 + 2 * place, plan.target(name, month), "#,##0")
            put(page, row, 3 + 2 * place, plan.actual(name, month), "#,##0")
    row = top + 14
    put(page, row, 1, words.total, bold=True)
    for place, name in enumerate(people):
        total(book, page, row, 2 + 2 * place, plan.target(name, plan.months))
        total(
            book,
            page,
            row,
            3 + 2 * place,
            sum(plan.actual(name, month) or 0 for month in plan.months),
        )
    _state(book, page, top, words, plan)
    book.parents.clear()
    return book


def records(words: Words, seed: int) -> Book:
    """A flat list: month, team, person, target, actual in a row each, as a system exports it."""
    rng = random.Random(seed)
    book = Book("records", words.code, seed)
    plan = random_plan(words, rng)
    page = book.page("Export")
    month_word = {"zh": "月份", "en": "Month", "de": "Monat", "ja": "月", "fr": "Mois"}[words.code]
    money = {"zh": "(万元)", "en": " (USD k)", "de": " (T€)", "ja": "(千円)", "fr": " (k€)"}[
        words.code
    ]
    heads(
        page,
        1,
        1,
        [
            month_word,
            words.team,
            words.person,
            words.target + money,
            words.actual + money,
            words.rate,
        ],
    )
    row = 2
    for month in plan.months:
        for team, members in plan.teams.items():
            for name in members:
                put(
                    page,
                    row,
                    1,
                    as_date(month) if seed % 2 else month,
                    "yyyy-mm" if seed % 2 else "",
                )
                put(page, row, 2, team)
                put(page, row, 3, name)
                put(page, row, 4, plan.target(name, month), "#,##0")
                put(page, row, 5, plan.actual(name, month), "#,##0")
                put(page, row, 6, _rate(plan, name, month), "0%")
                row += 1
    for column, what in enumerate(("date", "parent", "unit", "target", "actual", LEFT), 1):
        book.column(page, column, (1, 1), what)
    _state(book, page, 1, words, plan)
    page.auto_filter.ref = f"A1:F{row - 1}"
    return book


SHAPES = (
    interleaved,
    kinds_in_rows,
    stacked_blocks,
    side_by_side,
    several_kpis,
    month_sheets,
    team_sheets,
    ledger,
    months_down,
    records,
)
