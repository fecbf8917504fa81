"""The language in which a master without settings is spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from salesplan.plan.loader import load
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.unit.masters import SOUND, write


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_settings_the_heads_say_which_language(tmp_path: Path, lang: str) -> None:
    """An English book's findings are in English, those of a Chinese one in Chinese; both name the
    year that is missing.
    """
    master = write(tmp_path / "plan.xlsx", SOUND, lang=lang, skip=["settings"])
    assert load(master).lang == lang
    said = run("check", master).output
    assert ("Error" in said) == (lang == "en") and ("错误" in said) == (lang == "zh")


@pytest.mark.parametrize(("sheet", "lang"), [("Organization", "en"), ("组织", "zh")])
def test_without_a_table_the_sheets_names_do(tmp_path: Path, sheet: str, lang: str) -> None:
    book = Workbook()
    book.active.title = sheet
    book.save(tmp_path / "plan.xlsx")
    assert load(tmp_path / "plan.xlsx").lang == lang


def test_the_demo_of_a_language_writes_files_of_that_language(tmp_path: Path) -> None:
    """U1: an English reader gets English names of files, sheets and lines, and nothing else."""
    done = run("demo", tmp_path / "demo", "--lang", "en")
    assert done.exit_code == 0
    names = sorted(one.name for one in (tmp_path / "demo").iterdir() if one.is_file())
    assert len(names) == 2 and all(one.isascii() for one in names)
    assert all(load(one).lang == "en" for one in (tmp_path / "demo").glob("master-*.xlsx"))
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in done.output)
