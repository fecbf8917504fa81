"""The manifest: what is written is what is read, and nothing else is accepted."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salesplan import config
from salesplan.delivery.manifest import NAME, Book, Excluded, Manifest, Recipient, Row
from salesplan.delivery.manifest_file import book_bytes, read, write
from salesplan.delivery.seal import key_file, own_key
from salesplan.findings import SalesplanError
from salesplan.messages import fix

DATA = b"PK book"
ROW = Row("REV", "营收", "万元", "1,200", "600", "50.0%", "98.0%", "red", "● 红")
BOOK = Book(
    "报告_T1.xlsx",
    hashlib.sha256(DATA).hexdigest(),
    len(DATA),
    "T1",
    "华东",
    "red",
    ("一。", "二。"),
    (ROW,),
)
MANIFEST = Manifest(
    "2026-06",
    date(2026, 6, 30),
    "zh",
    "2026年6月 月度执行分析报告",
    "plan.xlsx",
    "0" * 64,
    replace(BOOK, file="报告.xlsx", code="HQ"),
    (Recipient("T1", "王芳", "t1@example.com", BOOK, date(2026, 12, 31)),),
    (Excluded("T2", "华南", "", "a@x.cn,\r\nBcc: b@x.cn", "mail-not-one-address"),),
)


def refused(action: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(SalesplanError) as caught:
        action()
    return caught.value.finding.code, caught.value.exit_code


def edited(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    write(folder, MANIFEST)
    document = json.loads((folder / NAME).read_text("utf-8"))
    change(document)
    (folder / NAME).write_text(json.dumps(document), "utf-8")
    return folder


def test_written_and_read_back(tmp_path: Path) -> None:
    first = write(tmp_path, MANIFEST).read_bytes()
    assert read(tmp_path) == MANIFEST
    assert write(tmp_path, MANIFEST).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("code", "month", "command"),
    [
        ("T1", "2026-06", "salesplan report plan.xlsx --audience each"),
        ("T1", "2026-06-29", "salesplan day plan.xlsx --date 2026-06-29 --audience each"),
        ("T1", "2026-W26", "salesplan week plan.xlsx --date 2026-06-30 --audience each"),
        ("help:市场部", "2026-06", "salesplan handout plan.xlsx --to …"),
    ],
)
def test_a_changed_book_is_made_anew_by_its_own_command(
    tmp_path: Path, code: str, month: str, command: str
) -> None:
    book = replace(BOOK, code=code)
    made = replace(MANIFEST, month=month, recipients=(replace(MANIFEST.recipients[0], book=book),))
    (tmp_path / BOOK.file).write_bytes(b"answered")
    with pytest.raises(SalesplanError) as caught:
        book_bytes(tmp_path, made, book)
    assert command in fix(caught.value.finding, "zh") and command in fix(caught.value.finding, "en")


def test_a_book_is_taken_only_as_it_was_reviewed(tmp_path: Path) -> None:
    path = tmp_path / BOOK.file
    assert refused(lambda: book_bytes(tmp_path, MANIFEST, BOOK)) == ("book-missing", 3)
    path.write_bytes(DATA)
    assert book_bytes(tmp_path, MANIFEST, BOOK) == DATA
    path.write_bytes(DATA + b" ")
    assert refused(lambda: book_bytes(tmp_path, MANIFEST, BOOK)) == ("book-changed", 3)
    path.unlink()
    (tmp_path / "other").write_bytes(DATA)
    path.symlink_to(tmp_path / "other")
    assert refused(lambda: book_bytes(tmp_path, MANIFEST, BOOK)) == ("book-changed", 3)


@pytest.mark.parametrize(
    "name",
    [
        "../a.xlsx",
        "/etc/a.xlsx",
        "a/b.xlsx",
        "a\\b.xlsx",
        "c:a.xlsx",
        "..",
        ".a.xlsx",
        "a.xlsm",
        "a\n.xlsx",
        "a\r\nBcc: x.xlsx",
        "NUL.xlsx",
        "",
        "长" * 100 + ".xlsx",
    ],
)
def test_a_file_name_stays_within_the_folder(tmp_path: Path, name: str) -> None:
    folder = edited(tmp_path, lambda d: d["recipients"][0]["book"].update(file=name))
    assert refused(lambda: read(folder)) == ("manifest-field", 4)
    with pytest.raises(ValueError):
        book_bytes(tmp_path, MANIFEST, replace(BOOK, file=name))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b@c",
        "a@example.com,b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a b@example.com",
        "<a@example.com>",
    ],
)
def test_an_address_is_exactly_one(tmp_path: Path, address: str) -> None:
    folder = edited(tmp_path, lambda d: d["recipients"][0].update(address=address))
    assert refused(lambda: read(folder)) == ("manifest-field", 4)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(month="2026-13"),
        lambda d: d.update(as_of="yesterday"),
        lambda d: d.update(lang="fr"),
        lambda d: d.update(title="a\nb"),
        lambda d: d.update(master_sha256="x"),
        lambda d: d.update(recipients=None),
        lambda d: d["recipients"][0].update(extra=1),
        lambda d: d["recipients"][0].pop("until"),
        lambda d: d["recipients"][0]["book"].update(size=-1),
        lambda d: d["recipients"][0]["book"].update(errors=-1),
        lambda d: d["recipients"][0]["book"].update(code="T2"),
        lambda d: d["recipients"][0].update(code="T2"),
        lambda d: d["recipients"][0]["book"].update(red=True),
        lambda d: d["recipients"][0]["book"]["rows"][0].update(light="blue"),
        lambda d: d["recipients"].append(d["recipients"][0]),
        lambda d: d["whole"].update(file="报告_t1.XLSX".lower()),
        lambda d: d["recipients"][0].update(person="a\u2028b"),
    ],
)
def test_a_field_that_cannot_be_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    folder = edited(tmp_path, change)
    assert refused(lambda: read(folder)) == ("manifest-field", 4)


def test_what_is_no_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(lambda: read(tmp_path)) == ("manifest-missing", 4)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SalesplanError) as caught:
        read(Path())
    assert caught.value.finding.params["name"] == tmp_path.name
    for data in (b"", b"[]", b"{", b"\xff\xfe", b"{}", b"[" * 100_000):
        (tmp_path / NAME).write_bytes(data)
        assert refused(lambda: read(tmp_path)) == ("manifest-unreadable", 4)
    for version in (0, 1, "2", None):
        assert refused(lambda v=version: read(edited(tmp_path, lambda d: d.update(version=v)))) == (
            "manifest-version",
            4,
        )


def test_a_manifest_is_our_own_only_as_it_was_written(tmp_path: Path) -> None:
    """Whoever changes a line cannot seal it: recipients swapped, an address, a count of errors."""
    write(tmp_path, MANIFEST)
    assert read(tmp_path).own
    key = key_file()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and len(key.read_text()) == 65
    for change in (
        lambda d: d["recipients"][0].update(address="x@example.com"),
        lambda d: d["recipients"][0]["book"].update(errors=1),
        lambda d: d.update(seal="0" * 64),
        lambda d: d.update(seal=7),
        lambda d: d.pop("seal"),
        lambda d: d.update(seal="长"),
    ):
        assert not read(edited(tmp_path, change)).own
    assert read(edited(tmp_path, lambda d: None)).own, "its layout is no matter"


def test_a_manifest_of_another_account_is_not_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, MANIFEST)
    for name in ("colleague", "nobody"):
        monkeypatch.setenv("SALESPLAN_CONFIG", str(tmp_path / name / "config.toml"))
        config.load.cache_clear()
        assert not read(tmp_path).own
        if name == "colleague":
            assert own_key() is not None
            assert not read(tmp_path).own
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SALESPLAN_CONFIG", str(tmp_path / "file" / "config.toml"))
    config.load.cache_clear()
    assert write(tmp_path, MANIFEST) and not read(tmp_path).own, "no key can be kept there"
    monkeypatch.undo()
    config.load.cache_clear()
