"""客户结构: the customers of 客户 by type, industry and size: how many, what they bring in the year
to date, and who of them bought again; then the largest one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesplan.engine.actuals.customers import Account, Accounts, Sort, accounts_of
from salesplan.engine.exact.figures import divide
from salesplan.plan.model import CustomerState
from salesplan.plan.model.orders import order_kpi
from salesplan.report.figures.context import Context, figure_format
from salesplan.report.figures.formulas import RATE_PLACES, to_places
from salesplan.report.figures.grid import CENTER, RIGHT, Column, Here, figure, listed, text
from salesplan.report.figures.report import BODY_ROW, Report
from salesplan.report.narrative import phrases
from salesplan.report.xlsx.styles import PERCENT, WHOLE
from salesplan.report.xlsx.writer import Page
from salesplan.wording import sentences

FIRST, LAST = 1, 10
INDUSTRY = 3
"""The column in which industries stand: their names are long."""
FIELDS = ("kind", "industry", "size")
MOST_SORTS, MOST = 8, 10
"""Lines of a sort, and customers one by one: the others are one line."""
PRINT_SCALE = 82
ZERO = Decimal(0)


def shown_here(context: Context) -> bool:
    """Whether there is anything to show."""
    return bool(context.plan.customers) and order_kpi(context.plan) is not None


def write(report: Report) -> None:
    """A block for each field that 客户 has filled in, then the largest customers. A plan without
    客户 has no such sheet.
    """
    if "customers" not in report.pages:
        return None
    results = report.context.results
    found = accounts_of(report.context.facts, results.month, results.as_of)
    if found is None:
        return report.nothing("customers", "no_customers")
    page = report.open("customers", LAST, _sentence(report, found))
    page.fix({FIRST: 22.0} | dict.fromkeys(range(FIRST + 1, LAST + 1), 11.5) | {INDUSTRY: 17.0})
    row = BODY_ROW
    for field in FIELDS:
        if any(getattr(one.customer, field) for one in found.accounts):
            row = page.block(row, _sorts(report, page, found, field, row))
    row = page.block(row, _each(report, page, found, row))
    days = report.context.plan.settings.repurchase_days
    rule = report.words("customers_rule_window" if days else "customers_rule", days=str(days))
    page.write(row, FIRST, rule, report.book.style("note", text_wrap=False))
    page.sheet.freeze_panes(BODY_ROW, 0)
    page.set_print(None, LAST, area_rows=row, scale=page.scale(LAST, PRINT_SCALE))
    return None


def _sentence(report: Report, found: Accounts) -> str:
    """How many bought, and again; what hangs on key accounts; who bought nothing."""
    every = Sort("", found.accounts)
    begin = report.context.plan.settings.months[0].first
    new = sum(one.first is not None and one.first >= begin for one in found.accounts)
    rate = phrases.percent(divide(Decimal(every.again), Decimal(every.active or 1)))
    said = [
        report.words(
            "customers_said",
            count=str(every.count),
            active=str(every.active),
            again=str(every.again),
            rate=rate,
            new=str(new),
        )
    ]
    keys = Sort("", [one for one in found.accounts if one.customer.is_key])
    whole = every.revenue + found.elsewhere
    if keys.count and whole > 0:
        share = phrases.percent(divide(keys.revenue, whole))
        said.append(report.words("customers_keys_said", count=str(keys.count), share=share))
    quiet = [one.customer.name for one in found.accounts if one.state is CustomerState.QUIET]
    if quiet and every.active:
        names = phrases.names(report.context, quiet)
        said.append(report.words("customers_quiet_said", names=names))
    return sentences(said, report.context.lang)


def _sorts(report: Report, page: Page, found: Accounts, field: str, row: int) -> int:
    """One line for each type, industry or size, and their sum."""
    sorts = list(found.by(field))
    shown, rest = sorts[:MOST_SORTS], sorts[MOST_SORTS:]
    if rest:
        others: list[Account] = []
        for one in rest:
            others += one.accounts
        shown.append(Sort(report.words("others", count=str(len(rest))), others))
    if found.elsewhere:
        shown.append(Sort(_elsewhere(report), ()))
    kpi = report.context.kpi_with_unit(found.kpi)
    page.heading(row, FIRST, report.words(f"customers_by_{field}", kpi=kpi))
    columns = _columns(report, found)
    grid = listed(report, page, "customers", columns, shown, row + 1, FIRST)
    top, total = row + 2, row + 2 + len(shown)
    active, again = (sum(map(of, shown)) for of in (_active, _again))
    rate = None if not active else to_places(divide(Decimal(again), Decimal(active)), RATE_PLACES)
    formula = report.formulas.share(grid.at("again", total), grid.at("active", total))
    entries = {"name": text(report.words("sum")), "rate": figure(rate, PERCENT, formula)}
    grid.sums(total, shown, entries)
    page.bars(top, total - 1, grid.column("share"))
    return total + 2


def _elsewhere(report: Report) -> str:
    return report.words("customers_not_listed")


def _active(one: Sort) -> int:
    return one.active


def _again(one: Sort) -> int:
    return one.again


def _is_listed(one: Sort) -> bool:
    return bool(one.count)


def _columns(report: Report, found: Accounts) -> tuple[Column[Sort], ...]:
    elsewhere, whole = _elsewhere(report), _whole(found)

    def count(key: str, value: Callable[[Sort], int]) -> Column[Sort]:
        return Column(key, value, look=RIGHT, form=WHOLE, where=_is_listed, adds=True)

    def revenue(one: Sort) -> Decimal:
        return found.elsewhere if one.name == elsewhere and not one.count else one.revenue

    def share(one: Sort) -> Decimal | None:
        return to_places(divide(revenue(one), whole), RATE_PLACES) if whole > 0 else None

    def of_sum(_: Sort, at: Here) -> str:
        return report.formulas.share(at("revenue"), at.fixed("revenue", at.end))

    def rate(one: Sort) -> Decimal | None:
        if not one.active:
            return None
        return to_places(divide(Decimal(one.again), Decimal(one.active)), RATE_PLACES)

    def again_of_active(one: Sort, at: Here) -> str | None:
        return report.formulas.share(at("again"), at("active")) if one.active else None

    form = figure_format(found.kpi)
    return (
        Column("name", lambda one: one.name or report.words("nobody")),
        count("count", lambda one: one.count),
        count("active", _active),
        Column("revenue", revenue, look=RIGHT, form=form, adds=True),
        Column("share", share, of_sum, RIGHT, PERCENT),
        count("again", _again),
        Column("rate", rate, again_of_active, RIGHT, PERCENT, where=_is_listed),
    )


def _whole(found: Accounts) -> Decimal:
    return sum((one.revenue for one in found.accounts), found.elsewhere)


def _each(report: Report, page: Page, found: Accounts, row: int) -> int:
    """The customers that bring most, one by one; the others in one line."""
    ranked = sorted(found.accounts, key=lambda one: -one.revenue)
    shown, rest = ranked[:MOST], ranked[MOST:]
    page.heading(row, FIRST, report.words("customers_each"))
    grid = listed(report, page, "customers", _account_columns(report, found), shown, row + 1, FIRST)
    last = row + 2 + len(shown)
    if rest:
        whole, others = _whole(found), Sort("", rest).revenue
        share = to_places(divide(others, whole), RATE_PLACES) if whole > 0 else None
        grid.put(
            last,
            {
                "name": text(report.words("others", count=str(len(rest)))),
                "revenue": figure(others, figure_format(found.kpi)),
                "share": figure(share, PERCENT),
            },
        )
        last += 1
    return last + 1


def _account_columns(report: Report, found: Accounts) -> tuple[Column[Account], ...]:
    context, whole = report.context, _whole(found)

    def share(one: Account) -> Decimal | None:
        return to_places(divide(one.revenue, whole), RATE_PLACES) if whole > 0 else None

    def word(field: str) -> Column[Account]:
        return Column(field, lambda one: getattr(one.customer, field) or None)

    return (
        Column("name", lambda one: one.customer.name),
        word("kind"),
        word("industry"),
        word("size"),
        Column(
            "owner",
            lambda one: context.unit_name(one.customer.owner) if one.customer.owner else None,
        ),
        Column("first", lambda one: one.first and one.first.isoformat(), look=CENTER),
        Column("last", lambda one: one.last and one.last.isoformat(), look=CENTER),
        Column("revenue", lambda one: one.revenue, look=RIGHT, form=figure_format(found.kpi)),
        Column("share", share, look=RIGHT, form=PERCENT),
        Column("state", lambda one: context.label(one.state), look=CENTER),
    )
