"""The pictures of the README and the guides: the sample's master and report, printed by
LibreOffice.

``python -m tests.pictures`` makes them again, all of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from salesplan import app
from salesplan.app import Meeting
from salesplan.app.reports import Form
from tests.programs import convert_all

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"


@dataclass(frozen=True, slots=True)
class Look:
    """How a page becomes a picture. ``crop``: left, top, width, height in pixels; none: the
    page.
    """

    dpi: int
    crop: tuple[int, int, int, int] | None = None


WHOLE_PAGE = Look(84)
SLIDE = Look(66)
UPPER_HALF = Look(110, (40, 55, 1210, 440))
"""Of a sheet to fill in: its heads and first rows, large enough to be read."""

REPORT = {
    "en": {
        "Overview": "overview",
        "Targets": "targets",
        "Month by month": "months",
        "Ranking": "ranking",
        "Markets": "markets",
        "Variance": "variance",
        "Pipeline": "pipeline",
        "Action plan": "actions",
        "Budget": "budget",
        "Strategies": "strategies",
        "Issues": "problems",
        "Actions": "improvements",
        "Weekly review": "weekly",
        "Next month": "next",
        "Changes": "changes",
        "Situation": "situation",
        "About this report": "about",
    },
    "zh": {
        "一页总览": "overview-zh",
        "目标完成": "targets-zh",
        "月度走势": "months-zh",
        "完成排名": "ranking-zh",
        "产品区域客户渠道": "markets-zh",
        "差异分析": "variance-zh",
        "商机": "pipeline-zh",
        "行动计划执行": "actions-zh",
        "预算执行": "budget-zh",
        "策略有效性": "strategies-zh",
        "问题清单": "problems-zh",
        "改进方案": "improvements-zh",
        "周复盘": "weekly-zh",
        "下月计划与预测": "next-zh",
        "变更记录": "changes-zh",
        "现状分析": "situation-zh",
        "关于本报告": "about-zh",
    },
}
"""By language: title of the report's sheet, or of a section on one → name of its picture."""

MASTER = {
    "en": {
        "Choosing": "choosing",
        "Organization": "organization",
        "KPIs": "kpis",
        "Targets": "targets",
        "Situation": "situation",
        "Strategies": "strategies",
        "Action plan": "actions",
        "Budget": "budget",
        "Changes": "changes",
        "Weekly review": "weekly",
        "Issues": "issues",
        "Checks": "checks",
    },
    "zh": {
        "选择指引": "choosing-zh",
        "组织": "organization-zh",
        "指标": "kpis-zh",
        "目标分解": "targets-zh",
        "现状分析": "situation-zh",
        "策略": "strategies-zh",
        "行动计划": "actions-zh",
        "预算": "budget-zh",
        "变更记录": "changes-zh",
        "周复盘": "weekly-zh",
        "问题与改进": "issues-zh",
        "检查结果": "checks-zh",
    },
}
"""By language: title of the master's sheet → name of its picture."""


DECK = {1: "overview", 2: "kpis", 3: "course", 4: "ranking"}
"""Slides of the deck that have a picture, and its name."""
MEETINGS = {Meeting.DAY: date(2026, 6, 29), Meeting.WEEK: date(2026, 6, 26)}
"""Meetings whose page has a picture, and the day of it."""
ENDINGS = {"en": "", "zh": "-zh"}


def make(lang: str, folder: Path) -> None:
    """One PNG for the first printed page of each sheet, and for the deck's first slides. ValueError
    if a sheet was not printed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        demo = app.demo(Path(made), lang=lang)
        deck = Path(made) / "deck.pptx"
        shutil.copyfile(
            app.report(demo.master, app.Wanted(forms=[Form.DECK])).forms[Form.DECK], deck
        )
        pages = [_meeting(demo.master, meeting, day) for meeting, day in MEETINGS.items()]
        files = [demo.master, demo.report, deck, *pages]
        master, report, slides, *meetings = convert_all(files, "pdf", Path(made))
        for meeting, page in zip(MEETINGS, meetings, strict=True):
            draw(page, 1, WHOLE_PAGE, folder / f"meeting-{meeting.value}{ENDINGS[lang]}")
        for number, stem in DECK.items():
            draw(slides, number, SLIDE, folder / f"deck-{stem}{ENDINGS[lang]}")
        for title, stem in REPORT[lang].items():
            draw(report, _page(report, title), WHOLE_PAGE, folder / f"report-{stem}")
        for title, stem in MASTER[lang].items():
            draw(master, _page(master, title), UPPER_HALF, folder / f"master-{stem}")


def _meeting(master: Path, meeting: Meeting, day: date) -> Path:
    """The page of the sample's meeting on that day."""
    made = app.meeting(master, app.Occasion(meeting, day=day)).book
    assert made is not None
    return made


def draw(pdf: Path, page: int, look: Look, picture: Path) -> None:
    """One page of ``pdf`` as ``picture``.png."""
    arguments = ["-r", str(look.dpi), "-f", str(page), "-l", str(page), "-singlefile"]
    if look.crop:
        for option, pixels in zip(("-x", "-y", "-W", "-H"), look.crop, strict=True):
            arguments += [option, str(pixels)]
    subprocess.run(["pdftoppm", "-png", *arguments, str(pdf), str(picture)], check=True)


def _page(pdf: Path, title: str) -> int:
    """The first page, from 1 on, whose footer names this sheet, or that has this section's title.
    ValueError if there is none.
    """
    pages = _pages(pdf)
    footers = [_footer(lines[-1]) for lines in pages]
    if title in footers:
        return footers.index(title) + 1
    titled = [any(re.match(rf"{title}(:|$)", line) for line in lines) for lines in pages]
    return titled.index(True) + 1


def _footer(line: str) -> str:
    """What stands at the left of a page's footer: the sheet, without the workbook before it."""
    return re.split(r"\s{3,}", line)[0].rpartition(" · ")[2].strip()


def _pages(pdf: Path) -> list[list[str]]:
    """The printed lines of each page."""
    printed = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout
    return [
        [line.strip() for line in page.strip().splitlines()]
        for page in printed.split("\f")
        if page.strip()
    ]


if __name__ == "__main__":
    for language in REPORT:
        make(language, FOLDER)
