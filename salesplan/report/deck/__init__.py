"""The report's first page as a deck of six to ten slides with native charts that stay editable: the
same messages and figures as the workbook's, as it shows them.

``content`` says what stands on the slides, ``drawing`` puts it there with python-pptx, ``package``
makes the file's bytes the same for the same report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.report.figures.report import Report

LIBRARY = "pptx"
"""The module of python-pptx, which the extra ``deck`` brings."""


def deck(report: Report) -> bytes:
    """The deck of a report whose sections are written; the same report gives the same bytes.

    ImportError where python-pptx is not installed.
    """
    from salesplan.report.deck.content import slides
    from salesplan.report.deck.drawing import drawn
    from salesplan.report.deck.package import settled

    context = report.context
    title = report.words("report_title", month=context.span_title)
    made = drawn(
        tuple(slides(report)),
        f"{context.subtitle} · {context.basis}",
        title,
        context.results.as_of,
    )
    return settled(made, context.lang, context.results.as_of)
