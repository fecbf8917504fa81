"""Linked sources: groups beside the rows of 实绩, only where this account allows them, by a
snapshot where the source cannot be read, and nothing else is read or run.
"""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from salesplan import app, config
from salesplan.app.common import Run
from salesplan.cli import commands
from salesplan.engine.actuals.progress import Span
from salesplan.findings import Finding, SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.model import Month
from salesplan.plan.sources import groups
from salesplan.plan.sources.snapshot import place_of
from tests.books import cells_of
from tests.linked import MAP
from tests.unit.masters import edited, setting_cell, settings_edit, write

HEAD = ("id", "day", "who", "product", "customer", "amount")
Row = tuple[str, str, str, str, str, str]


def records(count: int = 400) -> list[Row]:
    """Deals of January to March, the same at every run."""
    random = Random(11)
    return [
        (
            f"D{at}",
            str(date(2026, 1, 1) + timedelta(days=random.randrange(90))),
            random.choice(("张三", "P2")),
            random.choice(("A", "B")),
            f"客户{random.randrange(30)}",
            str(Decimal(random.randrange(1, 10**4)) / 100),
        )
        for at in range(count)
    ]


def write_deals(folder: Path, rows: Sequence[Row], name: str = "deals.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])
    return path


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SALESPLAN_STATE", str(tmp_path / "state"))
    config.load.cache_clear()
    yield
    config.load.cache_clear()


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A master whose REV is linked to deals.csv, not allowed yet."""
    folder = tmp_path / "plans"
    folder.mkdir()
    write_deals(folder, records())
    return linked_master(folder, MAP)


def linked_master(folder: Path, mapping: str, source: str = "map.toml") -> Path:
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    rows = edited(settings_edit(source=source))
    rows["actuals"] = [row for row in rows["actuals"] if row["kpi"] != "REV"]
    return write(folder / "plan.xlsx", rows)


def allow(master: Path) -> None:
    app.allow_source(app.offered_source(master))


def codes(found: Sequence[Finding]) -> list[str]:
    """Codes of what is said of sources."""
    return [one.code for one in found if one.code.startswith(("source-", "import-"))]


def of_company(run: Run) -> Decimal | None:
    return run.results.attainments["REV", "C1", Span.YTD].actual


def total(rows: Sequence[Row]) -> Decimal:
    return sum((Decimal(row[5]) for row in rows), Decimal(0))


def test_groups_count_as_the_records_would(master: Path) -> None:
    allow(master)
    run = app.check(master)
    assert codes(run.findings) == []
    assert of_company(run) == total(records())
    by_unit = {
        code: total([row for row in records() if row[2] == name])
        for code, name in (("P1", "张三"), ("P2", "P2"))
    }
    for code, sum_ in by_unit.items():
        assert run.results.attainments["REV", code, Span.YTD].actual == sum_
    days = {day for day in run.plan.actuals.day if day is not None}
    months = {str(month) for month in run.plan.actuals.month}
    assert min(days) >= date(2026, 2, 1)
    assert {"2026-01", "2026-02", "2026-03"} <= months
    read = run.plan.linked
    assert read is not None
    assert (read.name, read.rows, read.refused, read.live) == ("deals.csv", 400, 0, True)
    assert read.groups == len(run.plan.actuals) - 1


def test_nothing_runs_before_it_is_allowed(master: Path) -> None:
    before = master.read_bytes()
    run = app.check(master)
    (finding,) = (one for one in run.findings if one.code == "source-not-allowed")
    assert str(finding.place) == setting_cell("source")
    assert "sources allow" in fix(finding, "en")
    with pytest.raises(SalesplanError) as caught:
        app.recalc(master)
    assert caught.value.finding.code == "source-not-allowed"
    with pytest.raises(SalesplanError):
        app.report(master)
    assert master.read_bytes() == before
    assert not place_of(master).exists()


@pytest.mark.parametrize("change", ["map", "name"])
def test_it_asks_again_after_any_change(master: Path, change: str) -> None:
    allow(master)
    app.check(master)
    if change == "map":
        path = master.with_name("map.toml")
        path.write_text(MAP + "scale = 2\n", encoding="utf-8")
    else:
        master = master.rename(master.with_name("other.xlsx"))
    run = app.check(master)
    assert codes(run.findings) == ["source-not-allowed"]
    assert of_company(run) is None


def test_a_snapshot_stands_beside_with_the_masters_rights(master: Path) -> None:
    master.chmod(0o640)
    allow(master)
    first = app.check(master)
    made = place_of(master)
    assert stat.S_IMODE(made.stat().st_mode) == 0o640
    write_deals(master.parent, records(10))
    fresh = app.check(master)
    assert fresh.plan.linked is not None
    assert not fresh.plan.linked.live
    assert fresh.results.attainments == first.results.attainments
    assert of_company(app.check(master, refresh=True)) == total(records(10))


def test_it_is_fresh_for_as_long_as_the_setting_says(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(master)
    app.check(master)
    write_deals(master.parent, records(10))
    monkeypatch.setenv("SALESPLAN_SOURCES_FRESH_MINUTES", "0")
    config.load.cache_clear()
    assert of_company(app.check(master)) == total(records(10))


def gone(master: Path) -> None:
    master.with_name("deals.csv").unlink()


def without_columns(master: Path) -> None:
    master.with_name("deals.csv").write_text("id,day,who\n1,2026-01-01,P1\n", encoding="utf-8")


def texts_for_numbers(master: Path) -> None:
    write_deals(master.parent, [(*row[:5], "n/a") for row in records(50)])  # type: ignore[misc]


def unknown_units(master: Path) -> None:
    write_deals(master.parent, [(*row[:2], "王五", *row[3:]) for row in records(50)])  # type: ignore[misc]


BROKEN: Mapping[str, tuple[Callable[[Path], None], str]] = {
    "gone": (gone, "import-not-there"),
    "columns": (without_columns, "import-columns-missing"),
    "texts": (texts_for_numbers, "source-too-many-refused"),
    "units": (unknown_units, "source-too-many-refused"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_source_that_broke_is_one_message_and_the_last_snapshot(master: Path, how: str) -> None:
    breaks, code = BROKEN[how]
    allow(master)
    app.check(master)
    breaks(master)
    run = app.check(master, refresh=True)
    (used,) = (one for one in run.findings if one.code in codes(run.findings))
    assert used.code == "source-snapshot-used"
    assert str(used.place) == setting_cell("source")
    cause = used.params["cause"]
    assert isinstance(cause, Finding)
    assert cause.code == code
    for lang in ("zh", "en"):
        assert text(cause, lang) in text(used, lang)
    assert of_company(run) == total(records())


@pytest.mark.parametrize("how", BROKEN)
def test_without_a_snapshot_the_workbook_stays_as_it_is(master: Path, how: str) -> None:
    breaks, code = BROKEN[how]
    allow(master)
    breaks(master)
    before = master.read_bytes()
    assert code in codes(app.check(master).findings)
    with pytest.raises(SalesplanError) as caught:
        app.recalc(master)
    assert caught.value.finding.code == code
    assert master.read_bytes() == before


def test_a_few_refused_records_are_named_by_reason(master: Path) -> None:
    rows = records(1_000)
    rows[3] = (*rows[3][:2], "王五", *rows[3][3:])
    rows[5] = (rows[5][0], "soon", *rows[5][2:])
    rows[7] = (*rows[7][:5], "viel")
    rows[9] = ("", *rows[9][1:])
    write_deals(master.parent, rows)
    allow(master)
    for run in (app.check(master), app.check(master)):  # read, then by the snapshot
        said = codes(run.findings)
        assert {"source-refused-unit", "source-refused-day", "source-refused-number"} <= set(said)
        assert run.plan.linked is not None
        assert run.plan.linked.refused >= 3
        for one in run.plan.linked.reasons:
            assert text(one, "zh")
            assert text(one, "en")


def test_customers_beyond_the_largest_are_one_line(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MOST_CUSTOMERS", 5)
    allow(master)
    run = app.check(master)
    rows = zip(run.plan.actuals.unit, run.plan.actuals.customer, strict=True)
    of_one = {customer for unit, customer in rows if unit == "P1" and customer}
    assert len(of_one) == 6
    assert "其他" in of_one
    assert of_company(run) == total(records())


def test_who_bought_again_feeds_a_rate_by_month(master: Path) -> None:
    """Of the customers of January 2 of 3, of March those that bought before: 2 of 3, latest."""
    days = {"a": "01-05 01-06 03-01", "b": "01-05 03-02", "c": "01-09 01-10", "d": "03-05 03-05"}
    dated = [(who, f"2026-{day}") for who, days_of in days.items() for day in days_of.split()]
    rows: list[Row] = [(f"D{at}", day, "P2", "A", who, "1") for at, (who, day) in enumerate(dated)]
    write_deals(master.parent, rows)
    rule = 'kpi = "REP"\nrepeat_of = "customer"\nnumerator = 1\ndenominator = 1\n'
    master.with_name("map.toml").write_text(f"{MAP}[[rule]]\n{rule}", encoding="utf-8")
    allow(master)
    run = app.check(master)
    assert codes(run.findings) == []
    facts = run.results.facts
    assert facts is not None
    months = facts.monthly("REP", "P2")
    assert months[:3:2] == (Decimal(2) / 3, Decimal(2) / 3)
    assert facts.parts("REP", "P2", Month(2026, 3), Month(2026, 3)) == (2, 3)


def test_records_without_a_partner_in_a_join_are_counted(master: Path) -> None:
    rows = records(1_000)
    write_deals(master.parent, [*rows[:3], (*rows[3][:3], "C", *rows[3][4:]), *rows[4:]])
    joined = """
    [[join]]
    file = "products.csv"
    on = "product"
    """
    products = master.with_name("products.csv")
    products.write_text("product,line\nA,1\nB,2\n", encoding="utf-8")
    master.with_name("map.toml").write_text(MAP + joined, encoding="utf-8")
    allow(master)
    run = app.check(master)
    assert "source-refused-record" in codes(run.findings)
    assert of_company(run) == total([*rows[:3], *rows[4:]])


# --- what a received workbook must not do ---------------------------------------------------------


@pytest.mark.parametrize("named", ["../secret.toml", "/etc/hostname", "\\\\evil\\share\\map.toml"])
def test_a_mapping_elsewhere_is_not_opened(tmp_path: Path, named: str) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (tmp_path / "secret.toml").write_text(MAP, encoding="utf-8")
    run = app.check(linked_master(folder, MAP, named))
    assert codes(run.findings) == ["source-map-outside"]


def test_a_mapping_behind_a_link_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (tmp_path / "secret.toml").write_text(MAP, encoding="utf-8")
    master = linked_master(folder, MAP, "link.toml")
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    assert codes(app.check(master).findings) == ["source-map-outside"]


def test_a_mapping_that_is_not_there_is_named(master: Path) -> None:
    master.with_name("map.toml").unlink()
    assert codes(app.check(master).findings) == ["source-map"]


@pytest.mark.parametrize("way", ["plain", "link", "pattern"])
def test_files_beyond_the_folder_are_read_only_where_they_were_allowed(
    tmp_path: Path, way: str
) -> None:
    folder, beyond = tmp_path / "plans", tmp_path / "data"
    folder.mkdir()
    beyond.mkdir()
    write_deals(beyond, records())
    names = {"plain": "../data/deals.csv", "link": "deals.csv", "pattern": "../data/*.csv"}
    if way == "link":
        (folder / "deals.csv").symlink_to(beyond / "deals.csv")
    master = linked_master(folder, MAP.replace("deals.csv", names[way]))
    offer = app.offered_source(master)
    assert offer.outside
    allow(master)
    assert of_company(app.check(master)) == total(records())
    if way == "link":
        (tmp_path / "other").mkdir()
        other = write_deals(tmp_path / "other", records())
        (folder / "deals.csv").unlink()
        (folder / "deals.csv").symlink_to(other)
        place_of(master).unlink()
        assert codes(app.check(master).findings) == ["source-outside"]


def test_anothers_snapshot_is_not_looked_at(master: Path, tmp_path: Path) -> None:
    allow(master)
    app.check(master)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    other = linked_master(theirs, MAP)
    renamed = other.rename(theirs / "mine.xlsx")
    place_of(renamed).write_bytes(place_of(master).read_bytes())
    run = app.check(renamed)
    assert codes(run.findings) == ["source-not-allowed"]
    assert of_company(run) is None


@pytest.mark.parametrize("how", ["noise", "link", "folder"])
def test_what_is_no_snapshot_of_ours_stays(master: Path, tmp_path: Path, how: str) -> None:
    place, other = place_of(master), tmp_path / "other"
    other.write_bytes(b"theirs")
    if how == "noise":
        place.write_bytes(b"theirs")
    elif how == "link":
        place.symlink_to(other)
    else:
        place.mkdir()
    allow(master)
    assert of_company(app.check(master)) == total(records())
    assert other.read_bytes() == b"theirs"
    assert place.is_dir() or place.read_bytes() == b"theirs"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("duckdb:///etc/other.duckdb", "import-url-unknown"),
        ("sqlite:///etc/other.db", "import-url-unknown"),
        ("file:///etc/passwd", "import-url-unknown"),
        ("mysql://reader:secret@localhost/sales", "import-url-password"),
        ("postgresql://reader@127.0.0.1:1/sales", "import-unreachable"),
    ],
)
def test_an_address_reads_no_file_and_tells_no_secret(master: Path, url: str, code: str) -> None:
    top = f'url = "{url}"\ntable = "deals"'
    mapping = MAP.replace('source = "deals.csv"', top)
    master.with_name("map.toml").write_text(mapping, encoding="utf-8")
    allow(master)
    found = app.check(master).findings
    assert codes(found) == [code]
    assert not any("secret" in text(one, "en") for one in found)


# --- the command line -----------------------------------------------------------------------------


def said(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(commands, [*map(str, words)])
    return done.exit_code, done.output


def test_sources_are_allowed_listed_and_forgotten(master: Path) -> None:
    code, shown = said("sources", "allow", master, "--lang", "en")
    assert code == 2
    assert "deals.csv" in shown
    assert "--yes" in shown
    assert said("sources", "list", "--lang", "en") == (0, "No source is allowed.\n")
    assert said("sources", "list") == (0, "没有允许的数据源。 / No source is allowed.\n")
    assert said("sources", "allow", master, "--yes", "--lang", "en")[0] == 0
    assert said("recalc", master, "--refresh", "--lang", "en")[0] == 0
    assert "runs" in said("sources", "list", "--lang", "en")[1]
    assert "可运行" in said("sources", "list")[1], "the language of the workbook that it names"
    assert '"holds": "yes"' in said("sources", "list", "--json")[1]
    master.with_name("map.toml").write_text(MAP + "\n", encoding="utf-8")
    assert "changed" in said("sources", "list", "--lang", "en")[1]
    assert "1 mapping" in said("sources", "forget", master, "--lang", "en")[1]
    assert not place_of(master).exists()
    assert said("sources", "list", "--lang", "en")[1] == "No source is allowed.\n"


def test_a_master_without_a_source_has_nothing_to_allow(tmp_path: Path) -> None:
    master = linked_master(tmp_path, MAP, "")
    code, shown = said("sources", "allow", master)
    assert code == 2
    assert "source-none" in shown or "数据源" in shown
    with pytest.raises(SalesplanError) as caught:
        app.offered_source(master)
    assert caught.value.finding.code == "source-none"


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (MAP.replace('source = "deals.csv"\n', ""), "source-map-without"),
        (MAP.replace("REV", "NOPE"), "source-kpi-unknown"),
        (MAP.replace("REV", "REP"), "source-rate-stated"),
    ],
)
def test_a_mapping_that_cannot_be_linked_says_why(master: Path, mapping: str, code: str) -> None:
    allow(master)
    master.with_name("map.toml").write_text(mapping, encoding="utf-8")
    if code == "source-map-without":
        with pytest.raises(SalesplanError) as caught:
            allow(master)
        assert caught.value.finding.code == code
    else:
        allow(master)
        assert code in codes(app.check(master).findings)


def test_what_cannot_be_kept_is_said(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = master.with_name("blocked")
    blocked.write_bytes(b"")
    monkeypatch.setenv("SALESPLAN_STATE", str(blocked))
    with pytest.raises(SalesplanError) as caught:
        allow(master)
    assert (caught.value.finding.code, caught.value.exit_code) == ("source-not-kept", 3)


def test_rows_imported_beside_the_link_are_named(master: Path) -> None:
    rows = edited(settings_edit(source="map.toml"))
    rows["actuals"] = [
        {"day": date(2026, 3, 2), "unit": "P1", "kpi": "REV", "value": 1.0, "source": "REV:D1"}
    ]
    write(master, rows)
    allow(master)
    assert codes(app.check(master).findings) == ["source-beside-rows"]


def values_in(report: Path | None) -> list[object]:
    """The values of all cells of a report."""
    assert report is not None
    return [cell.value for cell in cells_of(report)]


def test_what_was_read_stands_in_history_and_on_the_cover(master: Path) -> None:
    allow(master)
    app.recalc(master)
    (entry,) = app.history(master)
    assert "deals.csv: 400 records in" in entry.what
    assert entry.what.endswith("live")
    done = app.report(master, app.Wanted(lang="en"))
    cells = values_in(done.written)
    assert "deals.csv" in cells
    assert any(str(value).startswith("400 records in ") for value in cells)


def test_the_last_import_stands_on_the_cover(tmp_path: Path) -> None:
    master = linked_master(tmp_path, MAP, "")
    deals = write_deals(tmp_path, records(20))
    app.import_actuals(master, deals, tmp_path / "map.toml")
    cells = values_in(app.report(master, app.Wanted(lang="en")).written)
    assert any(str(one).startswith("deals.csv: 20 records, 20 rows added") for one in cells)
    app.undo(master)
    cells = values_in(app.report(master, app.Wanted(lang="en", force=True)).written)
    assert not any(str(one).startswith("deals.csv: ") for one in cells)


def test_why_an_import_refused_records_stands_in_history_and_on_the_cover(tmp_path: Path) -> None:
    master = linked_master(tmp_path, MAP, "")
    rows = records(600)
    rows[3] = (*rows[3][:2], "王五", *rows[3][3:])
    rows[4] = (*rows[4][:2], "王五", *rows[4][3:])
    rows[5] = (rows[5][0], "soon", *rows[5][2:])
    rows[6] = (*rows[6][:5], "n/a")
    rows[7] = (rows[8][0], *rows[7][1:])
    deals = write_deals(tmp_path, rows)
    imported, _ = app.import_actuals(master, deals, tmp_path / "map.toml", accept_refused=True)
    assert imported.reasons == {"unit": 2, "day": 1, "number": 1, "key": 1}
    (entry,) = app.history(master)
    assert entry.what.endswith("595 added, 5 refused (2 unit, 1 day, 1 number, 1 key)")
    cells = map(str, values_in(app.report(master, app.Wanted(lang="en")).written))
    (why,) = (one for one in cells if "with a unit that is unknown" in one)
    assert why.startswith("2 records with a unit") and "1 record with a key" in why


def test_the_list_of_what_is_allowed_is_this_accounts_alone(master: Path, tmp_path: Path) -> None:
    allow(master)
    kept = tmp_path / "state" / "sources.json"
    assert os.name != "posix" or stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_text("{not json", encoding="utf-8")
    assert codes(app.check(master).findings) == ["source-not-allowed"]


# --- records behind the report's numbers ----------------------------------------------------------


def details_of(path: Path, name: str = "Rows") -> list[tuple[object, ...]]:
    """The lines of a report's sheet of details."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = next((one for one in book if one.title.startswith(name)), None)
    assert sheet is not None, book.sheetnames
    rows = sheet.iter_rows(min_row=6, max_col=14, values_only=True)
    return [row for row in rows if row[1] == "REV"]


def of_march(rows: Sequence[Row], unit: str) -> list[Row]:
    names = {"P1": "张三"}
    return [row for row in rows if row[1] >= "2026-03" and row[2] == names.get(unit, unit)]


@pytest.mark.parametrize("way", ["engine", "record"])
@pytest.mark.parametrize("most", [0, 7, 1_000])
def test_a_report_shows_the_largest_records_and_the_rest_as_one_line(
    master: Path, most: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESPLAN_SOURCES_DETAIL_ROWS", str(most))
    config.load.cache_clear()
    if way == "record":  # an unpivot or a join is read record by record
        master.with_name("names.csv").write_text("product,line\nA,1\nB,2\n", encoding="utf-8")
        joined = '[[join]]\nfile = "names.csv"\non = "product"\n'
        master.with_name("map.toml").write_text(MAP + joined, encoding="utf-8")
    allow(master)
    plain = app.check(master)
    done = app.report(master, app.Wanted(lang="en"))
    assert done.run.results.attainments == plain.results.attainments
    lines = details_of(done.written)
    for unit in ("P1", "P2"):
        mine, records_of = [line for line in lines if line[3] == unit], of_march(records(), unit)
        sums = sum((Decimal(str(line[11])) for line in mine), Decimal(0))
        assert sums == total(records_of)
        keys = {line[0] for line in mine if isinstance(line[0], str)}
        assert keys <= {row[0] for row in records_of}
        rest = [str(line[5]) for line in mine if line[0] is None]
        if most == 0:
            assert not keys
        elif most == 7:
            assert rest == [f"{len(records_of) - len(keys)} other rows"]
        else:
            assert len(keys) == len(records_of) and not rest
    if most == 7:
        keys = {str(line[0]) for line in lines if isinstance(line[0], str)}
        march = [row for row in records() if row[1] >= "2026-03"]
        largest = sorted(march, key=lambda row: -Decimal(row[5]))[:7]
        assert keys == {row[0] for row in largest}


def test_without_the_source_a_report_shows_groups_and_says_so(master: Path) -> None:
    allow(master)
    app.check(master)
    gone(master)
    done = app.report(master, app.Wanted(lang="en"))
    assert "source-snapshot-used" in codes(done.run.findings)
    lines = details_of(done.written)
    assert lines and not any(isinstance(line[0], str) for line in lines)


def test_a_book_holds_the_records_of_its_own_units_alone(master: Path) -> None:
    """Every record has a key and a customer that no other text holds."""
    import zipfile

    rows = [(f"KEY{at}Q", *row[1:4], f"CUST{at}Q", row[5]) for at, row in enumerate(records())]
    write_deals(master.parent, rows)
    allow(master)
    books = app.report_each(master, app.Wanted(lang="en"))
    seen = 0
    for path in master.parent.rglob("*.xlsx"):
        if path == master:
            continue
        with zipfile.ZipFile(path) as package:
            held = "".join(
                package.read(one).decode("utf-8", "replace") for one in package.namelist()
            )
        for unit, other in (("P1", "P2"), ("P2", "P1")):
            own = [row for row in of_march(rows, unit) if row[0] in held]
            theirs = [row for row in rows if row in of_march(rows, other)]
            if own and not any(row[0] in held for row in theirs):
                seen += 1
                assert not any(f">{row[4]}<" in held for row in theirs)
    assert books and seen >= 2
