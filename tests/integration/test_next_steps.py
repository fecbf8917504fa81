"""What a command says at its end: what to do now, as a command that runs as it stands; and which
warnings there were.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.maildesk import own_state, run  # noqa: F401 (a fixture)

NEXT = {"zh": r"→ 下一步: (.*?) (salesplan .*)", "en": r"→ Next: (.*?) (salesplan .*)"}


def follow(output: str, lang: str) -> tuple[str, list[str]]:
    """The words of the next step and its command, without the program's name."""
    (found,) = re.findall(NEXT[lang], output)
    return found[0], shlex.split(found[1])[1:]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["检查:", "生成月报:", "给每个人各自的一份:", "先打开看看, 再"]),
        (
            "en",
            [
                "check it:",
                "make the monthly report:",
                "make everyone's own report:",
                "review the reports, then",
            ],
        ),
    ],
)
def test_one_step_leads_to_the_next(tmp_path: Path, lang: str, words: list[str]) -> None:
    """From a new example to the drafts, by nothing but what the commands say; of a name with a
    blank in it, too.
    """
    done = run("new", tmp_path / "my plan.xlsx", "--example", "--lang", lang)
    said, arguments = follow(done.output, lang)
    assert (said, arguments[0]) == (words[0], "check")
    assert run(*arguments).exit_code == 0
    steps, arguments = [], ["recalc", str(tmp_path / "my plan.xlsx")]
    while arguments[0] != "send":
        done = run(*arguments)
        assert done.exit_code == 0, done.output
        said, arguments = follow(done.output, lang)
        steps.append(said)
    assert steps == words[1:]
    assert run(*arguments).exit_code == 0


def test_an_empty_master_is_to_be_filled_in_first(tmp_path: Path) -> None:
    said, arguments = follow(
        run("new", tmp_path / "p.xlsx", "--lang", "en", "--year", 2026).output, "en"
    )
    assert said == "fill in Settings, Organization and KPIs, then" and arguments[0] == "check"


def test_a_report_lists_its_warnings_with_their_cells(tmp_path: Path) -> None:
    run("new", tmp_path / "p.xlsx", "--example", "--lang", "en")
    done = run("report", tmp_path / "p.xlsx")
    (count,) = re.findall(r"(\d+) warnings", done.output)
    listed = re.findall(r"^▲ Warning  (.+?![A-Z]+\d+|—)  ", done.output, re.M)
    folded = [int(more) for more in re.findall(r"… and ([\d,]+) more like it", done.output)]
    assert len(listed) + sum(folded) == int(count) > 0


@pytest.mark.parametrize("details", ["none", "ytd"])
def test_details_go_with_each_and_with_one_code(tmp_path: Path, details: str) -> None:
    """U13: ``--details`` of a part are that part's rows; with none there is no row behind its
    numbers.
    """
    run("new", tmp_path / "p.xlsx", "--example", "--lang", "en")
    cells = []
    for name, wanted in (("month", "month"), (details, details)):
        folder = tmp_path / name
        each = run(
            "report", tmp_path / "p.xlsx", "--audience", "each", "--level", "team",
            "--details", wanted, "-o", folder / "each",
        )  # fmt: skip
        assert each.exit_code == 0, each.output
        one = run(
            "report", tmp_path / "p.xlsx", "--audience", "T1", "--details", wanted, "-o", folder
        )
        assert one.exit_code == 0, one.output
        (book,) = (folder / "each").glob("*_T1_*.xlsx")
        (alone,) = folder.glob("*T1*.xlsx")
        cells.append([_filled(book), _filled(alone)])
    for month, other in zip(*cells, strict=True):
        assert other < month if details == "none" else other > month


def _filled(path: Path) -> int:
    """How many cells of a book hold something."""
    book = load_workbook(path, read_only=True)
    return sum(
        cell is not None
        for page in book.worksheets
        for row in page.iter_rows(values_only=True)
        for cell in row
    )
