"""The first page on paper: one page of A4, used, legible, and nothing of it cut off."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from salesplan.report.texts.words import Words
from tests.books import rows_of
from tests.samples import Report, sample_report

FOOTER = 550.0
"""Points from the top where the footer begins."""
LEAST = 7.0
"""Points of the smallest type."""
_STEPS = 3
"""Sizes are read in thirds of a point."""


@pytest.fixture(scope="module", params=["zh", "en"])
def printed(request: pytest.FixtureRequest) -> Report:
    return sample_report(lang=request.param)


def pages_of(pdf: Path) -> list[ElementTree.Element]:
    xml = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True, text=True
    ).stdout
    body = re.sub(r"&(?!\w+;|#)", "&amp;", xml[xml.index("<doc>") : xml.index("</doc>") + 6])
    return list(ElementTree.fromstring(body))


def smallest_type(pdf: Path, page: int | None = None) -> float:
    """Points of the smallest type of the document, or of one page (1 is the first)."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    xml = subprocess.run(
        ["pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(_STEPS), *pages, str(pdf)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return min(map(int, re.findall(r'<fontspec [^>]*size="(\d+)"', xml))) / _STEPS


def words_of(page: ElementTree.Element) -> list[str]:
    return [word.text or "" for word in page]


def front_pages(pdf: Path, title: str) -> list[ElementTree.Element]:
    """The pages whose footer names the sheet."""
    return [
        page
        for page in pages_of(pdf)
        if title in [word.text for word in page if float(word.attrib["yMin"]) > FOOTER]
    ]


@pytest.mark.libreoffice
def test_one_page_used_and_legible(printed: Report) -> None:
    title, pdf = Words(printed.lang)("sheet_overview"), printed.pdf
    own = front_pages(pdf, title)
    assert len(own) == 1
    words = list(own[0])
    high, wide = float(own[0].attrib["height"]), float(own[0].attrib["width"])
    assert (round(wide), round(high)) == (842, 595)
    assert not [word.text for word in words if "###" in (word.text or "")]
    body = [word for word in words if float(word.attrib["yMax"]) < FOOTER]
    assert smallest_type(pdf, 1) >= LEAST
    assert max(float(word.attrib["yMax"]) for word in body) > high * 0.8
    assert max(float(word.attrib["xMax"]) for word in body) > wide * 0.85
    assert all(float(word.attrib["xMax"]) <= wide for word in words)


@pytest.mark.libreoffice
def test_the_messages_are_whole(printed: Report) -> None:
    title = Words(printed.lang)("sheet_overview")
    (own,) = front_pages(printed.pdf, title)
    shown = "".join("".join(words_of(own)).split())
    said = [row[1] for row in rows_of(printed.book, title)[3:7]]
    for sentence in said:
        assert sentence and "".join(str(sentence).split()) in shown
