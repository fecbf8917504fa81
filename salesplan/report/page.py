"""The report's first page as one self-contained page for a phone: the same figures as the
workbook's, as it shows them. No network, no script.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from salesplan.dataclass import dataclass
from salesplan.report.figures.ledger import ACTUALS, TARGETS
from salesplan.report.figures.report import Report
from salesplan.report.narrative.cards import Card, cards, issue, ranking_title, ranks
from salesplan.report.narrative.first_page import front
from salesplan.report.narrative.lessons import offered, places_said, titled
from salesplan.wording import clauses

TEMPLATE, STYLE = "page.html", "page.css"
FULL = Decimal("0.3")
"""The variance, as a part of the target, at which a bar is full."""
WIDTH, HEIGHT = 240, 44
"""Units of a sparkline's drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is from its target: the left end and the width in percent of the room."""

    left: Decimal
    width: Decimal
    good: bool


@dataclass(frozen=True, slots=True)
class Stick:
    """A month's variance in a sparkline: a rectangle, and its month."""

    x: int
    y: Decimal
    height: Decimal
    good: bool
    title: str


def page(report: Report) -> bytes:
    """The page of a report whose sections are written, as UTF-8; the same report gives the same
    bytes.
    """
    context = report.context
    company = context.company
    said = None
    if company is not None and report.ledger.rows:
        said = front(report, company)
    ranked = None if said is None else said.ranked
    title = report.words(
        "report_name",
        company=context.scope.name or context.plan.company_name,
        month=context.span_title,
    )
    return drawn(
        "salesplan.report",
        TEMPLATE,
        lang=context.lang,
        title=title,
        subtitle=context.subtitle,
        basis=context.basis,
        caution=report.caution_text,
        words=report.words,
        said=said,
        cards=[] if said is None else list(cards(report, said)),
        sticks=lambda card: list(_sticks(report, card)),
        bar=_bar,
        issues=[] if said is None else [issue(report, one) for one in said.issues],
        lessons=[] if said is None else offered(context),
        titled=titled,
        advice=lambda one: clauses(one.lesson.said, context.lang),
        places=lambda one: places_said(report, one.places),
        ranks=[] if ranked is None else list(ranks(report, ranked)),
        ranking="" if ranked is None else ranking_title(report, ranked),
        width=WIDTH,
        height=HEIGHT,
    )


def drawn(package: str, template: str, **facts: object) -> bytes:
    """A page of a template of ours, with the style that all pages share, as UTF-8: no network, no
    script; the same facts give the same bytes.
    """
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = files(package).joinpath(template).read_text("utf-8")
    style = Markup(files("salesplan.report").joinpath(STYLE).read_text("utf-8"))
    return environment.from_string(source).render(style=style, **facts).encode()


def _bar(off: Decimal | None) -> Bar | None:
    """A bar from the middle of the room: to the right where it is good; none of what is unknown."""
    if off is None:
        return None
    part = min(abs(off) / FULL, Decimal(1)) * 50
    width = part.quantize(Decimal("0.1"))
    return Bar(Decimal(50) if off >= 0 else 50 - width, width, off >= 0)


def _sticks(report: Report, card: Card) -> Iterator[Stick]:
    """The months' variance around the line of the target; the largest fills its half."""
    context = report.context
    values = report.ledger.by_pair[card.kpi.code, card.owner].values
    sign = card.kpi.direction.sign
    offs: list[tuple[int, Decimal]] = []
    for at, (target, actual) in enumerate(zip(TARGETS, ACTUALS, strict=True)):
        planned, done = values[target], values[actual]
        if isinstance(planned, Decimal) and isinstance(done, Decimal):
            offs.append((at, done - planned))
    most = max((abs(off) for _, off in offs), default=Decimal(0))
    half = Decimal(HEIGHT) / 2
    for at, off in offs:
        height = (abs(off) / most * (half - 2) if most else Decimal(0)).quantize(Decimal("0.1"))
        month = context.short_month(context.plan.settings.months[at])
        yield Stick(
            at * (WIDTH // 12) + 3,
            half - height if off > 0 else half,
            max(height, Decimal(1)),
            sign * off >= 0,
            month,
        )
