"""What a report of a quarter, a half or a year says of itself."""

from __future__ import annotations

import re
from itertools import product
from string import Formatter

import pytest

from salesplan.engine.actuals.progress import ReportSpan, Span
from salesplan.plan.model import Month, Settings
from salesplan.report.texts.spans import name_of, said_name, said_of
from salesplan.report.texts.words import all_texts

LONGER = (Span.QUARTER, Span.HALF, Span.YEAR)


def facts(text: str) -> set[str]:
    return {name.partition(":")[0] for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("span", "complete"), list(product(LONGER, (True, False))))
def test_it_says_the_same_facts_as_a_months_and_no_month(span: Span, complete: bool) -> None:
    texts = all_texts()
    for key, said in said_of(span, complete).items():
        for now, then in zip(said, texts[key], strict=True):
            assert facts(now) <= facts(then), key
    for key, (zh, en) in said_of(span, complete).items():
        if key in ("about_problems", "about_details_month", "next_last_year") or not zh:
            continue
        assert "本月" not in zh and "上月" not in zh and "下月" not in zh, key
        assert not re.search(r"\b(this|last|next) month\b|^Month\b|MoM", en), key
    assert said_of(Span.MONTH, complete) == {}


@pytest.mark.parametrize(
    ("start", "month", "span", "zh", "en", "code"),
    [
        (1, Month(2026, 6), Span.MONTH, "2026年6月", "2026-06", "2026-06"),
        (1, Month(2026, 6), Span.QUARTER, "2026年第2季度", "Q2 FY2026", "2026-Q2"),
        (1, Month(2026, 6), Span.HALF, "2026年上半年", "H1 FY2026", "2026-H1"),
        (1, Month(2026, 7), Span.HALF, "2026年下半年", "H2 FY2026", "2026-H2"),
        (1, Month(2026, 7), Span.YEAR, "2026全年", "FY2026", "2026"),
        (4, Month(2026, 6), Span.QUARTER, "2026财年第1季度", "Q1 FY2026", "2026-Q1"),
        (4, Month(2027, 2), Span.QUARTER, "2026财年第4季度", "Q4 FY2026", "2026-Q4"),
        (4, Month(2027, 2), Span.HALF, "2026财年下半年", "H2 FY2026", "2026-H2"),
        (10, Month(2027, 2), Span.YEAR, "2026财年全年", "FY2026", "2026"),
    ],
)
def test_a_span_is_called_by_its_fiscal_year(
    start: int, month: Month, span: Span, zh: str, en: str, code: str
) -> None:
    stretch = ReportSpan.of(Settings(year=2026, fiscal_start=start).months, month, span)
    assert (name_of(stretch, "zh"), name_of(stretch, "en"), stretch.code) == (zh, en, code)
    if span is Span.MONTH:
        assert said_name(stretch, "en") == "June 2026"
