"""The day's stand-up on the sample: what its page says, what is typed into it and comes back."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from salesplan import app
from salesplan.app import Meeting, Occasion
from salesplan.cli.show import counts_line
from salesplan.findings import SalesplanError
from salesplan.handout.form import TITLES
from salesplan.messages import fix, has_errors
from salesplan.plan.loader import load
from salesplan.plan.schema import table
from tests.integration.test_report_page import Page
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import filled_sample, typed
from tests.unit.masters import SOUND, edited, settings_edit, write

MONDAY = date(2026, 6, 29)
SHEETS = {"zh": "日跟进", "en": "Daily"}


def stand_up(master: Path, folder: Path, audience: str = "", *, day: date = MONDAY) -> app.Prepared:
    return app.meeting(master, Occasion(Meeting.DAY, day=day, folder=folder), audience=audience)


MARCH = date(2026, 3, 30)
"""A Monday of the small master."""


def small(folder: Path, lang: str = "zh", **edits: Mapping[int, Mapping[str, Any]]) -> Path:
    """The small sound master, for what comes back from a page whatever the plan."""
    return write(folder / "plan.xlsx", edited({**settings_edit(lang=lang), **edits}), lang)


def lines(book: Path, lang: str) -> tuple[Worksheet, dict[str, int], dict[str, int]]:
    """The form's sheet, its columns by head, and its rows by the hidden key."""
    sheet = openpyxl.load_workbook(book)[TITLES["daily"][lang == "en"]]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "#key" for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    rows = {}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if key := sheet.cell(row, columns["#key"]).value:
            rows[str(key)] = row
    return sheet, columns, rows


def typed_in(book: Path, lang: str, person: str, *, day: date = MONDAY, **texts: str) -> None:
    """A person's line with texts typed into it, by the columns of 日跟进."""
    sheet, columns, rows = lines(book, lang)
    cells = {}
    for key, text in texts.items():
        column = columns[table("daily").column(key).header(lang)]
        place = sheet.cell(rows[f"{day}|{person}"], column).coordinate
        cells[sheet.title, place] = text
    typed(book, cells)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_there_is_to_talk_about(tmp_path: Path, lang: str) -> None:
    master = filled_sample(tmp_path / "plan.xlsx", lang=lang)
    done = stand_up(master, tmp_path / "out")
    assert done.book is not None and done.page is not None and not done.leaks
    sheet, columns, rows = lines(done.book, lang)
    plan = load(master).plan
    present = {"P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P11", "P12", "P13"}
    assert set(rows) == {f"{MONDAY}|{code}" for code in (*present, "P14")}, "P10 has left"

    def shown(person: str, head: str) -> str:
        return str(sheet.cell(rows[f"{MONDAY}|{person}"], columns[head]).value)

    planned = {"zh": "昨日计划", "en": "Yesterday's plan"}[lang]
    due = {"zh": "逾期、今日、明日到期", "en": "Overdue, due today, tomorrow"}[lang]
    asked = {"zh": "求助与责任方", "en": "Support asked of"}[lang]
    said = {entry.person: entry for entry in plan.daily if entry.day == date(2026, 6, 26)}
    assert shown("P04", planned) == said["P04"].today
    assert shown("P08", planned).startswith("06-25: "), "an older plan bears its day"
    assert "T07" in shown("P01", due) and "20" in shown("P01", due)
    assert shown("P04", asked).endswith({"zh": "→ 市场部", "en": "→ Marketing"}[lang])
    assert shown("P08", asked).endswith({"zh": "→ 谁?", "en": "→ who?"}[lang])
    helping = {"zh": "已提报, 未答复", "en": "asked, not answered"}[lang]
    owed = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(helping in one and "T21" in one for one in owed), "what a helper owes"
    done_head = table("daily").column("done").header(lang)
    today = {entry.person: entry for entry in plan.daily if entry.day == MONDAY}
    assert shown("P01", done_head) == today["P01"].done, "what the master has stands there"

    page = Page(done.page)
    assert not page.fetched
    for row in rows.values():
        name = str(sheet.cell(row, 1).value).split("\n")[0]
        assert name in page.text
    with zipfile.ZipFile(done.book) as package:
        assert not [name for name in package.namelist() if "external" in name]
    again = stand_up(master, tmp_path / "again")
    assert again.book is not None and again.page is not None
    for one, other in ((done.book, again.book), (done.page, again.page)):
        assert one.read_bytes()[:-400] == other.read_bytes()[:-400], "the same but for its stamp"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_filled_in_comes_back_once(tmp_path: Path, lang: str) -> None:
    master = small(tmp_path, lang)
    before = load(master).plan.daily
    done = stand_up(master, tmp_path, day=MARCH)
    assert done.book is not None
    said_by_one = {"done": "报价已发 A", "today": "约谈 B", "support": "财务部 C"}
    typed_in(done.book, lang, "P1", day=MARCH, **said_by_one)
    typed_in(done.book, lang, "P2", day=MARCH, today="=1+1")
    said = run("collect", done.book, "--into", master, "--yes")
    assert said.exit_code == 0, said.output
    after = load(master).plan.daily
    new = {entry.person: entry for entry in after[len(before) :]}
    assert [(one.day, one.person, one.done) for one in after[: len(before)]] == [
        (one.day, one.person, one.done) for one in before
    ]
    assert set(new) == {"P1", "P2"} and {one.day for one in new.values()} == {MARCH}
    assert {key: getattr(new["P1"], key) for key in said_by_one} == said_by_one
    held = master.read_bytes()
    assert not app.collect(done.book, master).edits
    assert run("collect", done.book, "--into", master, "--yes").exit_code == 0
    assert master.read_bytes() == held, "a second time adds nothing"
    again = stand_up(master, tmp_path, day=MARCH)
    assert again.book == done.book, "a page that was collected is made anew"
    sheet, columns, rows = lines(again.book, lang)
    column = columns[table("daily").column("today").header(lang)]
    assert sheet.cell(rows[f"{MARCH}|P1"], column).value == "约谈 B"


def test_what_a_planner_typed_is_never_overwritten(tmp_path: Path) -> None:
    theirs = {"day": MARCH, "person": "P1", "today": "拜访", "support": "财务部"}
    master = small(tmp_path, daily={3: theirs})
    done = stand_up(master, tmp_path, day=MARCH)
    assert done.book is not None
    typed_in(done.book, "zh", "P1", day=MARCH, today="改写 X", support="")
    typed_in(done.book, "zh", "P2", day=MARCH, done="现场补充")
    loaded = load(master)
    found = loaded.tables["daily"]
    (index,) = [
        at
        for at, pair in enumerate(zip(found.column("day"), found.column("person"), strict=True))
        if str(pair[0])[:10] == str(MARCH) and pair[1] == "P1"
    ]
    place = f"{found.columns['today']}{found.row_numbers[index]}"
    typed(master, {(found.sheet, place): "计划员改过"})
    back = app.collect(done.book, master)
    conflicts = [one for one in back.findings if one.code == "returned-conflict"]
    assert [(one.place.sheet, one.place.cell) for one in conflicts] == [(found.sheet, place)]
    assert has_errors(back.findings)
    assert place not in {edit.cell for edit in back.edits}
    app.apply(back)
    kept = {one.person: one for one in load(master).plan.daily if one.day == MARCH}
    assert kept["P1"].today == "计划员改过" and kept["P2"].done == "现场补充"
    with pytest.raises(SalesplanError) as refused:
        stand_up(master, tmp_path, day=MARCH)
    assert refused.value.finding.code == "meeting-holds-text"


def test_words_that_collect_refused_are_not_written_over(tmp_path: Path) -> None:
    """A line is taken; one whose key was changed is refused: its words stand here only."""
    master = small(tmp_path)
    done = stand_up(master, tmp_path, day=MARCH)
    assert done.book is not None
    sheet, columns, rows = lines(done.book, "zh")
    (taken, refused, *_), today = rows.values(), columns[table("daily").column("today").zh]
    texts = {(refused, today): "只在这里", (refused, columns["#key"]): "2026-03-30|P99"}
    cells = {**texts, (taken, today): "已收回"}
    typed(
        done.book, {(sheet.title, sheet.cell(*at).coordinate): said for at, said in cells.items()}
    )
    app.apply(app.collect(done.book, master))
    assert [one.today for one in load(master).plan.daily if one.today == "已收回"]
    before = done.book.read_bytes()
    with pytest.raises(SalesplanError) as held:
        stand_up(master, tmp_path, day=MARCH)
    assert held.value.finding.code == "meeting-holds-text"
    assert done.book.read_bytes() == before


def test_an_untouched_page_without_lines_brings_nothing(tmp_path: Path) -> None:
    """The lists below an empty form are no lines that somebody added."""
    none = {key: [] if key in ("tasks", "weekly") else held for key, held in SOUND.items()}
    master = write(tmp_path / "plan.xlsx", none)
    done = week(master, tmp_path)
    assert done.book is not None
    back = app.collect(done.book, master)
    assert not back.findings and not back.edits


def test_a_master_without_the_sheet_is_told_how_to_add_it(tmp_path: Path) -> None:
    without = {key: held for key, held in SOUND.items() if key != "daily"}
    master = write(tmp_path / "plan.xlsx", without)
    wanted = Occasion(Meeting.DAY, day=date(2026, 3, 30), folder=tmp_path)
    done = app.meeting(master, wanted)
    assert done.book is not None
    said = run("day", master, "--date", "2026-03-30", "-o", tmp_path)
    assert f"salesplan add {master} '日跟进'" in said.output, "before anything is filled in"
    assert counts_line(done.run.findings, "zh") in said.output
    sheet, columns, rows = lines(done.book, "zh")
    at = sheet.cell(min(rows.values()), columns[table("daily").column("today").zh]).coordinate
    typed(done.book, {(sheet.title, at): "拜访"})
    back = app.collect(done.book, master)
    assert [one.code for one in back.findings] == ["returned-no-sheet"] and not back.edits
    assert f'salesplan add "{master}" "日跟进"' in fix(back.findings[0], "zh")


def test_a_team_s_page_has_its_own_people_only(tmp_path: Path) -> None:
    master = filled_sample(tmp_path / "plan.xlsx", lang="zh")
    done = stand_up(master, tmp_path, "T2")
    assert done.book is not None and done.page is not None and not done.leaks
    _, _, rows = lines(done.book, "zh")
    assert set(rows) == {f"{MONDAY}|{code}" for code in ("P08", "P09", "P11")}
    plan = load(master).plan
    text = Page(done.page).text
    for unit in plan.units:
        if unit.name and unit.code not in ("HQ", "T2", "P08", "P09", "P11"):
            assert unit.name not in text, unit.name
    typed_in(done.book, "zh", "P09", today="另一份")
    for old, new in (("|P09", "|P01"), (f"{MONDAY}|P09", "2026-13-99|P09")):
        back = app.collect(_forged(done.book, old, new), master)
        assert not back.edits
        assert {one.code for one in back.findings} >= {"returned-foreign"}


def _forged(book: Path, old: str, new: str) -> Path:
    """The book with a line's hidden keys changed by hand: to somebody else's, to no day."""
    changed = openpyxl.load_workbook(book)
    for sheet in changed:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)
    path = book.with_name("forged.xlsx")
    changed.save(path)
    return path


def test_a_day_off_counts_as_the_next_working_day(tmp_path: Path) -> None:
    master = small(tmp_path, "en")
    assert stand_up(master, tmp_path, day=date(2026, 3, 28)).day == MARCH
    with pytest.raises(SalesplanError) as refused:
        app.meeting(master, Occasion(Meeting.DAY, day=date(2027, 1, 4), folder=tmp_path))
    assert refused.value.exit_code == 2
    nobody_asked = Occasion(Meeting.DAY, today=date(2027, 1, 4), folder=tmp_path)
    assert app.meeting(master, nobody_asked).day == date(2026, 3, 31), "the last known day"


def test_pages_are_no_handouts_that_somebody_owes(tmp_path: Path) -> None:
    """A folder with a day's page only: nobody is said to be missing, and the page for the phone
    holds nothing to take back.
    """
    master = small(tmp_path)
    folder = tmp_path / "pages"
    stand_up(master, folder, day=MARCH)
    back = app.collect(folder, master)
    assert not back.missing and not back.edits and not back.findings


FRIDAY = date(2026, 6, 26)


def week(master: Path, folder: Path, *, day: date = FRIDAY) -> app.Prepared:
    return app.meeting(master, Occasion(Meeting.WEEK, day=day, folder=folder))


LAST_FRIDAY = date(2026, 3, 27)
"""Of the small master."""
ASKED = {
    "code": "K3",
    "strategy": "S1",
    "content": "案例",
    "owner": "P1",
    "start": date(2026, 3, 2),
    "due": date(2026, 3, 20),
    "progress": 0.2,
}
"""A task that is late, and that nobody has reviewed that week."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_week_s_page_says_what_is_to_be_decided(tmp_path: Path, lang: str) -> None:
    master = filled_sample(tmp_path / "plan.xlsx", lang=lang)
    done = week(master, tmp_path)
    assert done.book is not None and done.page is not None
    assert "2026-W26" in done.book.name
    plan = load(master).plan
    text = Page(done.page).text
    for task in ("T07", "T08", "T10", "T14", "T20", "T21"):
        assert task in text and plan.task_by_code[task].content in text
    assert "C01" in text and "C02" in text, "changes that nobody has approved yet"
    assert "620.53 → 540" in text, "nothing was typed before: what the plan says now"
    (first, reasons, pace) = done.messages
    assert {"zh": "已复盘 5/5 项", "en": "5 of 5 reviewed"}[lang] in first
    assert "2" in reasons and pace
    said = {one.support for one in plan.daily if one.support and one.day <= FRIDAY}
    assert all(one in text for one in said)
    book = openpyxl.load_workbook(done.book)[TITLES["weekly"][lang == "en"]]
    shown = {str(cell.value) for row in book.iter_rows() for cell in row if cell.value is not None}
    assert {"T07", "T14", "T21"} <= shown


def test_the_minutes_come_back_into_the_weekly_review(tmp_path: Path) -> None:
    master = small(tmp_path, tasks={4: ASKED})
    before = load(master).plan.weekly
    done = week(master, tmp_path, day=LAST_FRIDAY)
    assert done.book is not None
    sheet = openpyxl.load_workbook(done.book)[TITLES["weekly"][0]]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "#key" for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    rows = {
        str(sheet.cell(row, columns["#key"]).value): row
        for row in range(head[0].row + 1, sheet.max_row + 1)
    }
    row, owner = rows[f"{LAST_FRIDAY}|K3"], columns[table("weekly").column("owner").zh]
    remedy = sheet.cell(row, columns["下周改进措施"]).coordinate
    named = sheet.cell(row, owner).coordinate
    second = sheet.cell(rows[f"{LAST_FRIDAY}|K2"], owner).value
    assert second == "李四", "owners stand by their names"
    typed(done.book, {(sheet.title, remedy): "案例上线", (sheet.title, named): "张三"})
    assert run("collect", done.book, "--into", master, "--yes").exit_code == 0
    after = load(master).plan.weekly
    (new,) = after[len(before) :]
    assert (new.friday, new.task, new.remedy, new.owner) == (LAST_FRIDAY, "K3", "案例上线", "P1")
    assert [(one.task, one.remedy) for one in after[: len(before)]] == [
        (one.task, one.remedy) for one in before
    ]
    assert not app.collect(done.book, master).edits, "a second time adds nothing"


def test_what_check_would_refuse_is_refused_at_its_cell(tmp_path: Path) -> None:
    """A share below nothing and an owner whom nobody knows; the remedy beside them is taken."""
    master = small(tmp_path, tasks={4: ASKED})
    done = week(master, tmp_path, day=LAST_FRIDAY)
    assert done.book is not None
    sheet = openpyxl.load_workbook(done.book)[TITLES["weekly"][0]]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "#key" for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    below = range(head[0].row + 1, sheet.max_row + 1)
    row = next(at for at in below if sheet.cell(at, columns["#key"]).value == f"{LAST_FRIDAY}|K3")
    said = {"actual": -0.3, "owner": "王五", "remedy": "案例上线"}
    at = {key: columns[table("weekly").column(key).zh] for key in said}
    cells = {key: sheet.cell(row, column).coordinate for key, column in at.items()}
    typed(done.book, {(sheet.title, cells[key]): value for key, value in said.items()})
    back = app.collect(done.book, master)
    assert {(one.code, one.place.cell) for one in back.findings} == {
        ("progress-outside", cells["actual"]),
        ("returned-owner-unknown", cells["owner"]),
    }
    assert "案例上线" in {edit.new for edit in back.edits}
    assert not {"王五"} & {edit.new for edit in back.edits}


def test_everybody_concerned_gets_their_own_page_once(tmp_path: Path) -> None:
    """Drafts and the manifest as of reports; a folder of reports is left alone."""
    master = filled_sample(tmp_path / "plan.xlsx", lang="zh")
    folder = tmp_path / "week"
    made = run(
        "week", master, "--date", FRIDAY, "--audience", "each", "--level", "team", "-o", folder
    )
    assert made.exit_code == 0, made.output
    sent = run("send", folder, "--draft")
    assert sent.exit_code == 0, sent.output
    drafts = sorted((folder / "drafts").glob("*.eml"))
    assert len(drafts) == 3
    from email import message_from_bytes, policy

    plan = load(master).plan
    for draft, team in zip(drafts, ("T1", "T2", "T3"), strict=True):
        raw = draft.read_bytes().split(b"\r\n", 1)[1]
        mail = message_from_bytes(raw, policy=policy.default)
        names = [part.get_filename() for part in mail.iter_attachments()]
        assert len(names) == 2 and all(f"_{team}_" in str(name) for name in names)
        body = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        others = [unit.name for unit in plan.units if unit.code in {"T1", "T2", "T3"} - {team}]
        assert not [name for name in others if name in body]
    wanted = Occasion(Meeting.DAY, day=MONDAY, folder=folder)
    with pytest.raises(SalesplanError) as refused:
        app.meeting_each(master, wanted)
    assert refused.value.finding.code == "place-of-another-kind"
    again = run("week", master, "--date", FRIDAY, "--audience", "each", "-o", folder)
    assert again.exit_code == 0, again.output


def test_no_page_of_a_part_holds_what_is_another_s(tmp_path: Path) -> None:
    """Every recipient's page of both meetings passes the audit, and names nobody but their own."""
    master = filled_sample(tmp_path / "plan.xlsx", lang="zh")
    plan = load(master).plan
    for meeting, day in ((Meeting.DAY, MONDAY), (Meeting.WEEK, FRIDAY)):
        folder = tmp_path / meeting.value
        done = app.meeting_each(master, Occasion(meeting, day=day, folder=folder))
        assert done.manifest is not None and not done.leaks
        assert len(done.manifest.recipients) == 20
        for one in done.manifest.recipients:
            below = {unit.code for _, unit in plan.walk(one.code)}
            if one.code == "HQ":
                continue
            text = Page((folder / one.book.file).with_suffix(".html")).text
            strangers = [task.content for task in plan.tasks if task.owner not in below]
            assert not [content for content in strangers if content in text], one.code


def test_the_buttons_write_the_pages_beside_the_open_workbook(tmp_path: Path) -> None:
    from salesplan.excel import ribbon
    from tests import fake_excel

    master = tmp_path / "计划.xlsx"
    write(master, SOUND)
    for name in ("day", "week"):
        rest = ribbon.press(name, fake_excel.book(master))
        assert callable(rest)
        said = rest()
        assert not said.failed and "计划" not in said.lines[0].rpartition("/")[2]
    assert len(list(tmp_path.glob("*.html"))) == 2 and len(list(tmp_path.glob("*.xlsx"))) == 3
