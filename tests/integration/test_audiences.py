"""``report --audience``: the folder that is left, from the real command."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplan import app, config
from salesplan.app.reports import Form
from salesplan.audience import audit
from salesplan.cli import commands
from salesplan.delivery.letters import letter
from salesplan.delivery.manifest import NAME
from salesplan.delivery.manifest_file import book_bytes, read
from salesplan.findings import SalesplanError
from salesplan.plan.model import Level
from tests.books import cells_in, rows_of
from tests.programs import FIRST_AND_LAST, compare, validate
from tests.samples import new_sample, typed
from tests.unit.masters import edited, write


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audiences") / "plan.xlsx"
    new_sample(path, lang="zh")
    return path


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def made(master: Path, tmp_path_factory: pytest.TempPathFactory) -> app.Distributed:
    """The company's and the teams' books: nobody may change what is in that folder."""
    folder = tmp_path_factory.mktemp("made")
    wanted = app.Wanted(folder=folder)
    return app.report_each(master, wanted, levels=[Level.COMPANY, Level.TEAM])


def test_each_leaves_the_books_and_their_manifest_twice_the_same(
    master: Path, made: app.Distributed, tmp_path: Path
) -> None:
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    first = contents(tmp_path)
    manifest = read(tmp_path)
    assert manifest == made.manifest and manifest.month == "2026-06" and manifest.whole is not None
    assert manifest.master_sha256 == hashlib.sha256(master.read_bytes()).hexdigest()
    assert [(one.code, one.person, one.address) for one in manifest.recipients][:2] == [
        ("HQ", "林岚", "lin.lan@example.com"),
        ("T1", "陈立", "t1@example.com"),
    ]
    assert first.keys() == {NAME, *(one.book.file for one in manifest.recipients)}
    assert manifest.recipients[0].book == manifest.whole
    for one in manifest.recipients:
        assert len(book_bytes(tmp_path, manifest, one.book)) == one.book.size
        assert (
            len(one.book.sentences) in (3, 4)
            and one.book.rows[0].kpi == "REV"
            and one.book.rows[0].light
        )
        table = letter(manifest, one, ()).table
        assert table is not None and {row[-1] for row in table.rows} <= {"● 绿", "▲ 黄", "■ 红", ""}
    own = manifest.recipients[1].book
    assert (own.code, own.unit) == ("T1", "直销大客户团队")
    assert own.sentences[0] != manifest.whole.sentences[0] and own.light
    app.report_each(master, app.Wanted(folder=tmp_path), levels=[Level.COMPANY, Level.TEAM])
    assert contents(tmp_path) == first
    app.report_each(master, app.Wanted(folder=tmp_path), levels=[Level.COMPANY])
    assert contents(tmp_path).keys() == {NAME, manifest.whole.file}, (
        "books of an earlier run that are not made again are gone"
    )


def test_the_command_tells_who_gets_what_and_why_others_do_not(
    master: Path, tmp_path: Path
) -> None:
    shown = CliRunner().invoke(
        commands,
        [
            "report",
            str(master),
            "--audience",
            "each",
            "--level",
            "person",
            "-o",
            str(tmp_path),
            "--json",
        ],
    )
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert len(told["books"]) == 13 and told["excluded"] == [{"code": "P10", "reason": "mail-gone"}]
    assert (
        CliRunner()
        .invoke(commands, ["report", str(master), "--audience", "nobody", "-o", str(tmp_path)])
        .exit_code
        == 2
    )
    assert CliRunner().invoke(commands, ["report", str(master), "--level", "team"]).exit_code == 2


def test_a_unit_that_the_plan_does_not_have(master: Path, tmp_path: Path) -> None:
    with pytest.raises(SalesplanError) as caught:
        app.report_unit(master, "T99", app.Wanted(folder=tmp_path))
    assert (caught.value.finding.code, caught.value.exit_code) == ("audience-unknown", 2)
    assert "T1" in caught.value.finding.params["near"] and not list(tmp_path.iterdir())


def test_a_unit_may_be_given_in_another_letter_case_or_by_its_name(tmp_path: Path) -> None:
    master = write(tmp_path / "plan.xlsx", edited({}))
    given = [
        app.report_unit(master, typed, app.Wanted(folder=tmp_path / "out"))
        for typed in ("t2", "华东二部")
    ]
    assert [(one.unit.code, one.leaks) for one in given] == [("T2", ())] * 2 and given[
        0
    ].written == given[1].written


def test_a_plan_in_which_nobody_has_an_address(tmp_path: Path) -> None:
    master = write(
        tmp_path / "plan.xlsx", edited({"units": {row: {"email": None} for row in range(2, 7)}})
    )
    done = app.report_each(master, app.Wanted(folder=tmp_path / "out"))
    assert [one.code for one in done.notes] == ["audience-nobody"]
    assert (
        done.manifest is not None
        and done.manifest.recipients == ()
        and {one.reason for one in done.manifest.excluded} == {"mail-missing"}
    )


def test_a_leak_fails_the_run_and_leaves_nothing_to_send(
    master: Path, made: app.Distributed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that names another team on one team's cover: that book goes, no manifest is left,
    and the exit code says so.
    """
    import salesplan.report as room

    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    write = room.write_report

    def leaking(*given: object, **named: object) -> object:
        scope = named.get("scope")
        if scope is not None and getattr(scope, "name", "") == "直销大客户团队":
            named["source_name"] = "与渠道分销团队对比.xlsx"
        return write(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "write_report", leaking)
    shown = CliRunner().invoke(
        commands,
        ["report", str(master), "--audience", "each", "--level", "team", "-o", str(tmp_path)],
    )
    assert shown.exit_code == 4
    assert (
        "leak-name" in shown.output
        and "sharedStrings" in shown.output
        and "docProps/core.xml" in shown.output
    )
    names = {path.name for path in tmp_path.iterdir()}
    assert (
        NAME not in names
        and not any("T1" in name for name in names)
        and any("T2" in name for name in names)
    )
    one = CliRunner().invoke(
        commands, ["report", str(master), "--audience", "T1", "-o", str(tmp_path / "one")]
    )
    assert one.exit_code == 4 and not list((tmp_path / "one").iterdir())


def test_the_audit_looks_at_every_part(master: Path, tmp_path: Path) -> None:
    done = app.report_unit(master, "D11", app.Wanted(folder=tmp_path))
    assert done.written is not None and done.leaks == ()
    assert {name for name, _ in audit._parts(done.written)} >= {
        "docProps/core.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/charts/chart1.xml",
    }


def test_a_unit_with_two_addresses_has_one_book_and_two_messages(tmp_path: Path) -> None:
    cell = "王芳 <a@example.com>；b@example.com"
    write(tmp_path / "m.xlsx", edited({"units": {2: {"email": cell}}}))
    done = app.report_each(
        tmp_path / "m.xlsx", app.Wanted(folder=tmp_path / "r"), levels=[Level.COMPANY]
    )
    manifest = read(tmp_path / "r")
    assert manifest == done.manifest
    assert [(one.person, one.address) for one in manifest.recipients] == [
        ("王芳", "a@example.com"),
        ("b@example.com", "b@example.com"),
    ]
    assert len({one.book for one in manifest.recipients}) == 1
    letters = app.drafts(app.delivery(tmp_path / "r", despite_errors=True))
    assert sorted(path.name for path in letters) == ["C1_b@example.com.eml", "C1_王芳.eml"]


@pytest.mark.validator
@pytest.mark.libreoffice
def test_a_unit_s_book_is_as_sound_as_the_whole_one(tmp_path: Path) -> None:
    """With company totals; LibreOffice computes every stored result, and the validator finds
    nothing.
    """
    master = new_sample(tmp_path / "plan.xlsx", lang="zh")
    (cell,) = (row[1] for row in cells_in(master, "设置") if row[0].value == "分发报告含公司合计")
    typed(master, {("设置", cell.coordinate): "是"})
    done = app.report_unit(master, "T2", app.Wanted(folder=tmp_path))
    assert done.written is not None and rows_of(done.written, "公司合计")
    found = compare(done.written)
    assert found.formulas > 500 and found.mismatches == ()
    assert validate(done.written, FIRST_AND_LAST) == []


def test_without_a_key_the_manifest_is_not_sealed_and_that_is_said(
    master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SALESPLAN_CONFIG", str(tmp_path / "file" / "config.toml"))
    config.load.cache_clear()
    try:
        done = app.report_each(master, app.Wanted(folder=tmp_path / "r"), levels=[Level.COMPANY])
        assert [one.code for one in done.notes] == ["manifest-unsealed"]
        assert not read(tmp_path / "r").own
    finally:
        monkeypatch.undo()
        config.load.cache_clear()


def renamed_units(master: Path, target: Path, codes: Mapping[str, str]) -> Path:
    """A copy of a master in which units have other codes, wherever they are named."""
    named = re.compile(
        rf"(?<![A-Za-z0-9])({'|'.join(sorted(codes, key=len, reverse=True))})(?![A-Za-z0-9.])"
    )
    with zipfile.ZipFile(master) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if "sharedStrings" in name:
                data = named.sub(lambda match: codes[match[1]], data.decode()).encode()
            new.writestr(name, data)
    return target


def test_codes_that_are_cells_of_the_report_too_are_no_leak(master: Path, tmp_path: Path) -> None:
    """Every unit of the sample is called like a cell that the report fills: D12, AB100, C7, A1."""
    units = [unit.code for unit in app.check(master).plan.units]
    letters = ("D", "B", "AB", "C", "F", "A", "P", "H")
    cells = [f"{letters[at % len(letters)]}{at + 7}" for at, _ in enumerate(units)]
    codes = dict(zip(units, ["A1", "D12", "P01", "AB100", *cells], strict=False))
    plan = renamed_units(master, tmp_path / "cells.xlsx", codes)
    done = app.report_each(plan, app.Wanted(folder=tmp_path / "out"))
    assert [one.params for one in done.leaks] == []
    assert done.manifest is not None
    assert {one.code for one in done.manifest.recipients} > {"A1", "D12", "P01", "AB100"}


def test_the_company_s_name_in_the_name_of_a_page_is_no_leak(tmp_path: Path) -> None:
    """Without 公司名称 in 设置 the company is called as its unit is, which no part holds."""
    master = write(tmp_path / "plan.xlsx", edited({"units": {2: {"name": "远航科技"}}}))
    made = app.report_unit(master, "P1", app.Wanted(folder=tmp_path / "out", forms=[Form.PAGE]))
    assert app.check(master).plan.settings.company == "" and made.leaks == ()
    assert list(made.forms) == [Form.PAGE]
