"""The button 邮件草稿: every recipient's report of the open workbook, made anew, and a draft that
carries it.
"""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from salesplan.config import STATE_VARIABLE
from salesplan.delivery import manifest_file
from salesplan.delivery.manifest import Manifest
from salesplan.excel import live, ribbon
from tests import fake_excel
from tests.unit.masters import SOUND, edited, settings_edit, write


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "计划"
    folder.mkdir()
    return folder


def folder_of(desk: Path) -> Path:
    (found,) = (path for path in desk.iterdir() if path.is_dir())
    return found


def letters(folder: Path, manifest: Manifest) -> dict[str, EmailMessage]:
    """Each recipient's draft by code; there are no others, and each carries the manifest's book."""
    drafts = {
        path.name.partition("_")[0]: message_from_bytes(path.read_bytes(), policy=default)
        for path in (folder / "drafts").iterdir()
    }
    assert drafts.keys() == {one.code for one in manifest.recipients}
    for one in manifest.recipients:
        (attached,) = drafts[one.code].iter_attachments()
        assert hashlib.sha256(attached.get_payload(decode=True)).hexdigest() == one.book.sha256  # type: ignore[arg-type]
        assert drafts[one.code]["X-Unsent"] == "1" and one.address in drafts[one.code]["To"]
    return drafts  # type: ignore[return-value]


def cell(book: Any, sheet: str, header: str, row: int) -> Any:
    page = book.sheets[sheet].api
    (column,) = (c for (r, c), one in page.cells.items() if r == 1 and one.value == header)
    return page.cells[row, column]


def test_reports_and_drafts_are_made_and_made_anew(desk: Path) -> None:
    master = write(desk / "plan.xlsx", SOUND)
    book, before = fake_excel.book(master), master.read_bytes()
    said = ribbon.drafts(book)()
    folder = folder_of(desk)
    first = manifest_file.read(folder)
    assert len(letters(folder, first)) == len(first.recipients) > 3
    assert (
        f"{len(first.recipients)} 封草稿" in said.lines[0]
        and str(folder / "drafts") in said.lines[0]
        and not said.failed
    )
    assert first.master_sha256 == live.stamped(live.source(book)).sha256

    again = ribbon.drafts(book)()
    assert manifest_file.read(folder) == first and again.lines == said.lines, (
        "nothing changed, and nothing is said to have"
    )

    cell(book, "指标", "公司年度目标", 2).value = 777.0
    cell(book, "组织", "邮箱", 5).value = None
    changed = ribbon.drafts(book)()
    second = manifest_file.read(folder)
    left = {one.code for one in first.recipients} - {one.code for one in second.recipients}
    assert (
        len(left) == 1
        and letters(folder, second).keys() == {one.code for one in first.recipients} - left
    ), "whoever is no recipient has no draft left"
    now = {book.file: book.sha256 for book in second.books}
    differ = sum(now[book.file] != book.sha256 for book in first.books if book.file in now)
    assert differ > 0 and f"{differ} 份与上次不同" in changed.lines[1]
    assert second.master_sha256 != first.master_sha256
    assert master.read_bytes() == before, "what is open is read; nothing is saved"


def test_an_english_master_is_spoken_to_in_english(desk: Path) -> None:
    said = ribbon.drafts(
        fake_excel.book(write(desk / "plan.xlsx", edited(settings_edit(lang="en")), "en"))
    )()
    assert said.lang == "en" and "drafts written, nothing sent" in said.lines[0]


def test_without_addresses_it_says_so_and_what_to_do(desk: Path) -> None:
    master = write(
        desk / "plan.xlsx", edited({"units": {row: {"email": None} for row in range(2, 7)}})
    )
    said = ribbon.drafts(fake_excel.book(master))()
    assert (
        "0 封草稿" in said.lines[0]
        and any("没有任何单元填写了可用的邮箱" in line for line in said.lines)
        and any("→" in line for line in said.lines)
    )
    assert not (folder_of(desk) / "drafts").exists()


def test_nothing_is_written_while_the_program_is_still_waited_for(desk: Path) -> None:
    ribbon.drafts(fake_excel.book(write(desk / "plan.xlsx", SOUND)))
    assert [path.name for path in desk.iterdir()] == ["plan.xlsx"]
