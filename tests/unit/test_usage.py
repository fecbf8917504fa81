"""Wrong command lines, in both languages where none is known, else in that one."""

from __future__ import annotations

import pytest

from tests.maildesk import run

CASES = {
    "reopen plan.xlsx": ("缺少 --month", "--month is missing"),
    "report": ("缺少 FILE", "FILE is missing"),
    "report plan.xlsx --month May": ("--month 的值不对", "a month is written 2026-06"),
    "report plan.xlsx --month": ("--month 后面要写它的值", "--month needs a value behind it"),
    "report plan.xlsx --mont 2026-01": ("是 --month 吗", "did you mean --month?"),
    "report plan.xlsx -o march.xlsx": ("这里要写文件夹", "a folder is wanted here"),
    "recalc plan.xlsx --keep-typed --replace-typed": ("只能选一个", "only one of them"),
    "send reports --draft --smtp": ("只能选一个", "only one of them"),
    "chek plan.xlsx": ("没有命令 chek, 是 check 吗", "did you mean check?"),
    "frobnicate": ("没有命令 frobnicate", "there is no command frobnicate"),
    "--verbose check": ("选项写在命令之后", "options go behind it"),
}


@pytest.mark.parametrize("line", CASES)
def test_it_is_said_in_both_languages(line: str) -> None:
    done = run(*line.split())
    said = done.output + done.stderr
    assert done.exit_code == 2
    for part in CASES[line]:
        assert part in said


def test_it_is_said_in_the_language_that_is_asked_for() -> None:
    done = run("reopen", "plan.xlsx", "--lang", "en")
    assert "--month is missing" in done.stderr and "缺少" not in done.stderr
