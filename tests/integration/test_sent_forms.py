"""A page and a deck go where their book goes: attached, held to the manifest, to nobody else; and
mail and group begin with the first page's lines.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import quote

import pytest

from salesplan.delivery.manifest import Book, Manifest, OtherForm, Recipient
from salesplan.delivery.manifest_file import read, write
from salesplan.report.texts.words import Words
from tests.books import rows_of
from tests.integration.test_sending import refused, reports
from tests.integration.test_wecom import KEY, Group, group  # noqa: F401 (a fixture)
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import new_sample
from tests.unit import masters
from tests.unit.masters import edited, settings_edit


def with_forms(folder: Path, book: Book) -> Book:
    """The book with a page and a deck beside it, which name its unit."""
    forms = []
    for ending in ("html", "pptx"):
        data = f"{ending} of {book.code}".encode()
        file = (folder / book.file).with_suffix(f".{ending}")
        file.write_bytes(data)
        forms.append(OtherForm(file.name, hashlib.sha256(data).hexdigest(), len(data)))
    return replace(book, forms=tuple(forms))


def folder_with_forms(folder: Path) -> Manifest:
    made = reports(folder)
    recipients = tuple(replace(one, book=with_forms(folder, one.book)) for one in made.recipients)
    assert made.whole is not None
    made = replace(made, recipients=recipients, whole=with_forms(folder, made.whole))
    write(folder, made)
    return made


def test_each_gets_their_own_three(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    made = folder_with_forms(folder)
    assert run("send", folder, "--draft").exit_code == 0
    for one in made.recipients:
        (draft,) = (folder / "drafts").glob(f"{one.code}_*.eml")
        mail = message_from_bytes(draft.read_bytes(), policy=default)
        found = {part.get_filename(): part for part in mail.iter_attachments()}
        book = one.book
        assert list(found) == [book.file, *(form.file for form in book.forms)]
        for form, kind in zip(
            book.forms, ("text/html", "application/vnd.openxmlformats"), strict=True
        ):
            part = found[form.file]
            data = part.get_payload(decode=True)
            assert hashlib.sha256(data).hexdigest() == form.sha256
            assert part.get_content_type().startswith(kind) and data.endswith(one.code.encode())
        plain = mail.get_body(("plain",)).get_content()
        assert "同一份报告另附: 手机网页、月会演示文稿。" in plain


def test_a_changed_page_or_deck_stops_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    made = folder_with_forms(folder)
    for form in made.recipients[0].book.forms:
        data = (folder / form.file).read_bytes()
        (folder / form.file).write_bytes(data + b" ")
        done = run("send", folder, "--draft")
        assert done.exit_code == 3 and form.file in done.output
        (folder / form.file).unlink()
        assert run("send", folder, "--draft").exit_code == 3
        (folder / form.file).write_bytes(data)
    assert run("send", folder, "--draft").exit_code == 0


def swapped(first: Recipient, second: Recipient) -> Recipient:
    return replace(first, book=replace(first.book, forms=second.book.forms))


def twice(first: Recipient, _: Recipient) -> Recipient:
    return replace(first, book=replace(first.book, forms=(first.book.forms[0],) * 2))


def a_workbook(first: Recipient, second: Recipient) -> Recipient:
    other = OtherForm(second.book.file, second.book.sha256, second.book.size)
    return replace(first, book=replace(first.book, forms=(other,)))


def out_of_the_folder(first: Recipient, _: Recipient) -> Recipient:
    form = replace(first.book.forms[0], file="../" + first.book.forms[0].file)
    return replace(first, book=replace(first.book, forms=(form,)))


@pytest.mark.parametrize("change", [swapped, twice, a_workbook, out_of_the_folder])
def test_another_ones_page_is_refused(
    tmp_path: Path, change: Callable[[Recipient, Recipient], Recipient]
) -> None:
    made = folder_with_forms(tmp_path / "r")
    first, second, *rest = made.recipients
    write(tmp_path / "r", replace(made, recipients=(change(first, second), second, *rest)))
    assert refused(read, tmp_path / "r") == ("manifest-field", 4)


LINK = "https://share.example.com/reports"


def linked(folder: Path, link: str = LINK) -> Manifest:
    made = replace(folder_with_forms(folder), link=link)
    write(folder, made)
    return made


def test_a_linked_page_and_deck_are_not_attached(tmp_path: Path) -> None:
    """Each mail leads to its own two files by their full names, and to nothing else."""
    made = linked(tmp_path / "r")
    shown = run("send", tmp_path / "r", "--dry-run")
    assert f"{LINK}/" in shown.output
    assert run("send", tmp_path / "r", "--draft").exit_code == 0
    for one in made.recipients:
        (draft,) = (tmp_path / "r" / "drafts").glob(f"{one.code}_*.eml")
        mail = message_from_bytes(draft.read_bytes(), policy=default)
        assert [part.get_filename() for part in mail.iter_attachments()] == [one.book.file]
        plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        own = [f"{LINK}/{quote(form.file)}" for form in one.book.forms]
        assert re.findall(r"https://\S+", plain) == own
        assert re.findall(r'href="([^"]+)"', html) == own and "(share.example.com)" in html
        assert "另附" not in plain


def test_another_address_is_another_version(tmp_path: Path) -> None:
    made = linked(tmp_path / "r")
    book = made.recipients[0].book
    other, none = replace(made, link=f"{LINK}2"), replace(made, link="")
    assert len({made.content(book), other.content(book), none.content(book)}) == 3
    assert made.content(replace(book, forms=())) == book.sha256, "nothing is linked"


def test_a_linked_file_that_was_changed_stops_the_run(tmp_path: Path) -> None:
    made = linked(tmp_path / "r")
    (tmp_path / "r" / made.recipients[0].book.forms[0].file).write_bytes(b"other")
    assert run("send", tmp_path / "r", "--draft").exit_code == 3


@pytest.mark.parametrize(
    "link", ["http://share.example.com", "https://a@evil.example", f"{LINK}/", "javascript:1", 7]
)
def test_a_hostile_address_in_a_manifest_is_refused(tmp_path: Path, link: str) -> None:
    linked(tmp_path / "r", link)
    assert refused(read, tmp_path / "r") == ("manifest-field", 4)


def test_the_master_s_address_reaches_the_mail(tmp_path: Path) -> None:
    edits = settings_edit(lang="en", report_link=f"{LINK}/")
    master = masters.write(tmp_path / "plan.xlsx", edited(edits))
    each = ("report", master, "--audience", "each", "--level", "team", "--html")
    done = run(*each, "-o", tmp_path / "out")
    assert done.exit_code == 0 and f"put them into {LINK}/ before you send" in done.output
    assert read(tmp_path / "out").link == LINK


def test_another_page_is_another_version(tmp_path: Path) -> None:
    """The outbox knows what was sent by all that was attached."""
    made = folder_with_forms(tmp_path / "r")
    book = made.recipients[0].book
    assert replace(book, forms=()).content == book.sha256
    other = replace(book.forms[1], sha256="0" * 64)
    changed = replace(book, forms=(book.forms[0], other))
    assert len({book.content, book.sha256, changed.content}) == 3


def test_the_group_gets_the_companys(
    tmp_path: Path,
    group: Group,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}"
    monkeypatch.setenv("SALESPLAN_WECOM_WEBHOOK", address)
    folder_with_forms(tmp_path / "r")
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    uploaded = [body for path, _, body in group.said if "upload_media" in path]
    assert [b" of C" in body for body in uploaded] == [False, True, True]
    said = [json.loads(body) for path, _, body in group.said if "upload_media" not in path]
    assert [one["msgtype"] for one in said] == ["markdown", "file", "file", "file"]
    lines = said[0]["markdown"]["content"].splitlines()
    assert lines[2].startswith('> <font color="comment">公司累计营收完成')
    count = len(group.said)
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0 and len(group.said) == count


def test_the_group_gets_links_where_mails_do(
    tmp_path: Path,
    group: Group,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the company's page and deck, nobody's own; the workbook comes as a file."""
    address = f"http://127.0.0.1:{group.server_address[1]}/cgi-bin/webhook/send?key={KEY}"
    monkeypatch.setenv("SALESPLAN_WECOM_WEBHOOK", address)
    made = linked(tmp_path / "r", f"{LINK}(a)")
    assert made.whole is not None
    own = [f"{LINK}%28a%29/{quote(form.file)}" for form in made.whole.forms]
    shown = run("send", tmp_path / "r", "--wecom", "--dry-run")
    assert [one in shown.output for one in own] == [True, True]
    assert run("send", tmp_path / "r", "--wecom").exit_code == 0
    said = [json.loads(body) for path, _, body in group.said if "upload_media" not in path]
    assert [one["msgtype"] for one in said] == ["markdown", "file"]
    text = said[0]["markdown"]["content"]
    assert re.findall(r"\]\(([^)]+)\)", text) == own


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_mail_begins_with_the_first_page_s_lines_and_says_nothing_twice(
    tmp_path: Path, lang: str
) -> None:
    master, out = new_sample(tmp_path / "plan.xlsx", lang=lang), tmp_path / "out"
    each = ("report", master, "--audience", "each", "--level", "team", "--html", "-o", out)
    assert run(*each).exit_code == 0
    assert run("send", out, "--draft").exit_code == 0
    for one in read(out).recipients:
        (draft,) = (out / "drafts").glob(f"{one.code}_*.eml")
        mail = message_from_bytes(draft.read_bytes(), policy=default)
        plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        paragraphs = [text for text in "\n".join(plain.splitlines()).split("\n\n") if text.strip()]
        rows = rows_of(out / one.book.file, Words(lang)("sheet_overview"))
        first = [str(row[1]) for row in rows[3:7]]
        said = [text for text in first if text in one.book.sentences]
        assert len(said) >= 3 and paragraphs[1 : 1 + len(said)] == said
        assert len(paragraphs) == len(set(paragraphs))
        colors = {"green": "#00614a", "amber": "#7a5200", "red": "#a33608"}
        assert f"color:{colors[one.book.light]}" in html
        signs = {"green": "●", "amber": "▲", "red": "■"}
        assert said[0].startswith(signs[one.book.light])
        assert len(list(mail.iter_attachments())) == 2
