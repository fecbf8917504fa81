"""Files of any kind as sources: workbooks, dialects of CSV, packed ones, several at once."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.plan.sources import packed
from salesplan.plan.sources.actuals import Imported, read_records
from salesplan.plan.sources.delimited import delimited
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.mapping import Reading
from salesplan.plan.sources.opening import Sources
from tests.programs import convert
from tests.unit.test_source_maps import PLAN, base

HEAD = "id,day,who,amount"
ROWS = ["1,2026-01-05,P1,100.25", "2,2026-02-05,P1,7"]
CSV = "\n".join([HEAD, *ROWS]) + "\n"
SAID = [
    ("REV:1", date(2026, 1, 5), "P1", Decimal("100.25")),
    ("REV:2", date(2026, 2, 5), "P1", Decimal(7)),
]


def taken(folder: Path, *sources: str, mapping: str = "") -> Imported:
    path = folder / "map.toml"
    path.write_text(mapping or base(), encoding="utf-8")
    mapped = read_mapping(path)
    named = tuple(str(folder / one) for one in sources)
    return read_records(Sources(named, folder, mapped), mapped, PLAN)


def said(imported: Imported) -> list[tuple[object, ...]]:
    return [(row.source, row.day, row.unit, row.figures["value"]) for row in imported.rows]


def book(path: Path, *above: list[str], title: str = "Data") -> Path:
    made = Workbook()
    made.active.title = "Notes"
    made.active.append(["nothing of it here"])
    page = made.create_sheet(title)
    for line in above:
        page.append(line)
    page.append(HEAD.split(","))
    page.append([1, datetime(2026, 1, 5), "P1", 100.25])
    page.append([2, date(2026, 2, 5), "P1", 7])
    made.save(path)
    return path


def test_a_line_with_a_field_too_many_does_not_hide_what_parts_the_fields(tmp_path: Path) -> None:
    """Nothing is known of the columns, as of a file that is drafted."""
    path = tmp_path / "sold.csv"
    for sign in (",", ";"):
        lines = [line.replace(",", sign) for line in (HEAD, *ROWS, "3,2026-03-05,P1,1.234,")]
        raw = "\n".join(lines).encode()
        read = delimited(path, raw, Reading(), (), "CN")
        assert list(read.header) == HEAD.split(",")


@pytest.mark.parametrize(
    ("content", "top"),
    [
        (CSV, ""),
        (CSV.replace(",", "\t"), ""),
        (CSV.replace(",", "|"), ""),
        (CSV.replace(",", "~"), 'delimiter = "~"'),
        ("sep=;\n" + CSV.replace(",", ";"), ""),
        ("Sales export, all regions\nmade on 2026-03-01\n\n" + CSV, ""),
        ("a,b,c,d\n" + CSV, "skip_lines = 1"),
        (CSV.replace("\n", ",,\n"), ""),
        (CSV.replace("\n", "\r"), ""),
        (CSV.replace("\n", "\r\n\r\n"), ""),
        ("\ufeff" + CSV, ""),
    ],
)
def test_dialects(tmp_path: Path, content: str, top: str) -> None:
    (tmp_path / "a.csv").write_bytes(content.encode())
    imported = taken(tmp_path, "a.csv", mapping=base(top))
    assert (said(imported), imported.findings) == (SAID, ())


def test_a_line_is_that_of_the_file_below_a_preamble(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"Title\n\n{CSV}3,2026-01-05,Nobody,1\n", encoding="utf-8")
    (finding,) = taken(tmp_path, "a.csv").findings
    assert (finding.code, finding.place.cell) == ("import-unit-unknown", "6")


@pytest.mark.parametrize("above", [(), (["Title"], [], ["made on", "2026-03-01"])])
@pytest.mark.parametrize("top", ["", 'sheet = "Data"'])
def test_a_workbook_is_read_where_its_columns_stand(
    tmp_path: Path, above: tuple[list[str], ...], top: str
) -> None:
    book(tmp_path / "a.xlsx", *above)
    imported = taken(tmp_path, "a.xlsx", mapping=base(top))
    assert (said(imported), imported.encoding) == (SAID, "Data")


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_open_workbooks(tmp_path: Path, kind: str) -> None:
    convert(book(tmp_path / "a.xlsx"), kind, tmp_path)
    assert said(taken(tmp_path, f"a.{kind}")) == SAID


def test_packed_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV.encode("utf-16")))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("one.csv", f"{HEAD}\n{ROWS[0]}\n")
        archive.writestr("__MACOSX/._one.csv", b"\x00\x01")
        archive.writestr("deep/two.csv", f"{HEAD}\n{ROWS[1]}\n")
    assert said(taken(tmp_path, "a.csv.gz")) == SAID
    both = taken(tmp_path, "b.zip")
    assert (said(both), both.files) == (SAID, 2)


def test_several_files_and_patterns_and_a_record_that_comes_in_two_of_them(tmp_path: Path) -> None:
    for month, row in zip(("01", "02"), ROWS, strict=True):
        (tmp_path / f"deals-{month}.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    assert said(taken(tmp_path, "deals-*.csv")) == SAID
    assert said(taken(tmp_path, "deals-01.csv", "deals-02.csv")) == SAID
    (tmp_path / "deals-03.csv").write_text(f"{HEAD}\n{ROWS[0]}\n", encoding="utf-8")
    again = taken(tmp_path, "deals-*.csv")
    (finding,) = again.findings
    assert (finding.code, finding.place.sheet, finding.place.cell) == (
        "import-key-twice",
        "deals-03.csv",
        "2",
    )


def _text(path: Path) -> None:
    path.write_text("no zip", encoding="utf-8")


def _nothing(path: Path) -> None:
    assert not path.exists()


def _workbook(path: Path) -> None:
    book(path)


@pytest.mark.parametrize(
    ("name", "make", "top", "code"),
    [
        ("a.gz", _text, "", "import-unreadable"),
        ("a.zip", _text, "", "import-unreadable"),
        ("a.xlsx", _text, "", "import-not-workbook"),
        ("a.xls", _text, "", "import-not-workbook"),
        ("a.csv", _nothing, "", "import-not-there"),
        ("a*.csv", _nothing, "", "import-no-source"),
        ("a.xlsx", _workbook, 'sheet = "Sales"', "import-sheet-missing"),
        ("a.parquet", _text, "", "import-query-failed"),
        ("a.sqlite", _text, "", "import-unreadable"),
        ("a.duckdb", _text, "", "import-unreadable"),
        ("a.parquet", _nothing, "", "import-not-there"),
    ],
)
def test_what_cannot_be_read_is_one_message(
    tmp_path: Path, name: str, make: Callable[[Path], None], top: str, code: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(SalesplanError) as refused:
        taken(tmp_path, name, mapping=base(top))
    assert refused.value.finding.code == code
    assert all(
        text(refused.value.finding, lang) and fix(refused.value.finding, lang)
        for lang in ("zh", "en")
    )


def test_what_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "LARGEST", 1_000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"0" * 2_000))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.csv", "0" * 2_000)
    for name in ("a.gz", "b.zip"):
        with pytest.raises(SalesplanError) as refused:
            taken(tmp_path, name)
        assert refused.value.finding.code == "import-too-large"


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.mark.parametrize("name", ["shot.png", "shot.xlsx", "shot.csv", "shot.db", "shot.parquet"])
def test_a_picture_is_named_as_one_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PICTURE)
    refused(tmp_path, name, "import-not-records", "PNG")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.db", "a.parquet", "a.zip", "a.gz"])
def test_a_folder_and_what_is_not_there_are_told_apart(tmp_path: Path, name: str) -> None:
    refused(tmp_path, name, "import-not-there", name)
    (tmp_path / name).mkdir()
    refused(tmp_path, name, "import-is-folder", str(tmp_path / name / "*.csv"))


def refused(folder: Path, name: str, code: str, told: str) -> None:
    """The source is refused with that code, in both languages, and says what it is."""
    with pytest.raises(SalesplanError) as raised:
        taken(folder, name)
    finding = raised.value.finding
    assert (finding.code, raised.value.exit_code) == (code, 4)
    for lang in ("zh", "en"):
        assert told in text(finding, lang) + fix(finding, lang)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "import-mapping-absent"),
        ("", "import-mapping-no-text"),
        (PICTURE, "import-mapping-no-text"),
    ],
)
def test_a_mapping_that_is_none_says_what_to_name(
    tmp_path: Path, content: bytes | str | None, code: str
) -> None:
    path = tmp_path / "map.toml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    with pytest.raises(SalesplanError) as raised:
        read_mapping(path)
    assert (raised.value.finding.code, raised.value.exit_code) == (code, 2)
    assert all("map.toml" in text(raised.value.finding, lang) for lang in ("zh", "en"))
