"""The pictures of the README: the demo's report, printed by LibreOffice. ``python -m tests.pictures`` makes them again."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from salesplan import app
from tests.programs import convert

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
DPI = "84"
SHEETS = {
    "en": {
        "Overview": "overview",
        "Targets": "targets",
        "Months": "months",
        "Ranking": "ranking",
        "Markets": "markets",
        "Variance": "variance",
        "Action plan": "actions",
        "Budget": "budget",
        "Strategies": "strategies",
        "Problems": "problems",
        "Improvements": "improvements",
        "Weekly review": "weekly",
        "Next month": "next",
        "Changes": "changes",
        "Situation": "situation",
    },
    "zh": {
        "一页总览": "overview-zh",
        "目标完成": "targets-zh",
        "月度走势": "months-zh",
        "完成排名": "ranking-zh",
        "产品区域客户渠道": "markets-zh",
        "差异分析": "variance-zh",
        "行动计划执行": "actions-zh",
        "预算执行": "budget-zh",
        "策略有效性": "strategies-zh",
        "问题清单": "problems-zh",
        "改进方案": "improvements-zh",
        "周复盘": "weekly-zh",
        "下月计划与预测": "next-zh",
        "变更记录": "changes-zh",
        "现状分析": "situation-zh",
    },
}
"""By language: title of the sheet → name of its picture."""


def make(lang: str, folder: Path) -> None:
    """One PNG for the first printed page of each sheet. ValueError if a sheet was not printed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        pdf = convert(app.demo(Path(made), lang=lang).report, "pdf", Path(made))
        printed = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        ).stdout
        footers = [
            re.split(r"\s{3,}", page.strip().splitlines()[-1])[0]
            for page in printed.split("\f")
            if page.strip()
        ]
        for title, stem in SHEETS[lang].items():
            page = str(footers.index(title) + 1)
            subprocess.run(
                [
                    "pdftoppm",
                    "-png",
                    "-r",
                    DPI,
                    "-f",
                    page,
                    "-l",
                    page,
                    "-singlefile",
                    str(pdf),
                    str(folder / f"report-{stem}"),
                ],
                check=True,
            )


if __name__ == "__main__":
    for language in SHEETS:
        make(language, FOLDER)
