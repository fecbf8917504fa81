"""Files that are no workbooks, damaged or unsafe ones, and the oddities a sound one may have."""

from __future__ import annotations

import hashlib
import os
import random
import stat
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from salesplan.config import Limits
from salesplan.findings import SalesplanError
from salesplan.messages import catalogue, fix, text
from salesplan.workbook import CellChange, patch_workbook
from salesplan.workbook.read.cells import read_grids
from salesplan.workbook.read.listobjects import list_objects
from salesplan.workbook.zip.package import Package, open_package
from tests.unit.raw_xlsx import (
    OFFICE,
    PACKAGE,
    STRICT_MAIN,
    STRICT_OFFICE,
    parts,
    sheet,
    write,
    zipped,
)

ONE = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
LOOSE = Limits(max_area=1_000_000)


def refusal(path: Path, limits: Limits = LOOSE) -> SalesplanError:
    """The error of opening and reading everything; its sentences can be said in both languages."""
    with pytest.raises(SalesplanError) as caught, open_package(path, limits) as package:
        read_grids(package)
        for part in package.sheets:
            list_objects(package, part)
    for lang in ("zh", "en"):
        assert text(caught.value.finding, lang)
        assert fix(caught.value.finding, lang)
    return caught.value


def code_of(folder: Path, data: bytes, name: str = "计划.xlsx") -> str:
    path = folder / name
    path.write_bytes(data)
    error = refusal(path)
    assert error.exit_code == 4
    assert error.finding.place.workbook == name
    return error.finding.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (bytes(5000), "file-zeros"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "file-encrypted"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "file-old-xls"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "file-not-workbook"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(50), "file-old-xls"),
        (b"<html><body><table></table>", "file-html"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><html>", "file-html"),
        ("<html><meta charset=gbk>销售".encode("gbk"), "file-html"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "file-xml",
        ),
        ("编码,名称\nA,华东\n".encode(), "file-text"),
        ("编码,名称\nA,华东\n".encode("gbk"), "file-text"),
        ("编码\t名称\n".encode("utf-16"), "file-text"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
            "file-lfs-pointer",
        ),
        (b"%PDF-1.7\n", "file-not-workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file-not-workbook"),
        (b"PK", "file-truncated"),
        (zipped({"readme.txt": "hello"}), "file-not-workbook"),
        (
            zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}),
            "file-not-workbook",
        ),
        (
            zipped(
                {
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": "<a/>",
                }
            ),
            "file-ods",
        ),
        (zipped({}), "file-not-workbook"),
    ],
)
def test_the_true_cause_is_named(tmp_path: Path, data: bytes, code: str) -> None:
    assert code_of(tmp_path, data) == code


def test_xlsb_is_named(tmp_path: Path) -> None:
    binary = parts({"a": ONE})
    binary["xl/workbook.bin"] = b"\x83\x01\x00"
    binary["_rels/.rels"] = str(binary["_rels/.rels"]).replace("workbook.xml", "workbook.bin")
    assert code_of(tmp_path, zipped(binary)) == "file-xlsb"


def test_a_text_document_with_workbook_relation_is_no_workbook(tmp_path: Path) -> None:
    document = parts({"a": ONE})
    document["xl/workbook.xml"] = "<document/>"
    assert code_of(tmp_path, zipped(document)) == "file-not-workbook"


def test_excels_owner_file_is_named(tmp_path: Path) -> None:
    assert code_of(tmp_path, b"\x06planner" + bytes(150), "~$计划.xlsx") == "file-owner"


def test_truncated_anywhere_is_refused_and_mostly_named(tmp_path: Path) -> None:
    whole = zipped(parts({"a": ONE}))
    codes = {code_of(tmp_path, whole[:length]) for length in range(4, len(whole) - 23, 37)}
    assert codes == {"file-truncated"}
    assert code_of(tmp_path, whole[: len(whole) // 2] + bytes(len(whole) // 2)) == "file-truncated"


def test_no_such_file_folder_and_permission(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.xlsx").finding.code == "file-not-found"
    assert refusal(tmp_path / "no\0thing.xlsx").finding.code == "file-not-found"
    assert refusal(tmp_path / "nothing" / "below.xlsx").finding.code == "file-not-found"
    assert refusal(tmp_path).finding.code == "file-is-directory"
    assert refusal(Path()).finding.params["file"] == Path.cwd().name
    assert refusal(tmp_path / ("x" * 300)).finding.code == "file-unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_without_waiting_on_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refusal(tmp_path / "pipe.xlsx").finding.code == "file-not-regular"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="an administrator may read everything"
)
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, parts({"a": ONE}))
    path.chmod(0)
    assert refusal(path).finding.code == "file-no-permission"
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("//xl/evil.xml", "file-unsafe-path"),
        ("/../evil.xml", "file-unsafe-path"),
        ("\\\\host\\evil.xml", "file-unsafe-path"),
        ("../evil.xml", "file-unsafe-path"),
        ("xl/../../evil.xml", "file-unsafe-path"),
        ("xl\\..\\..\\evil.xml", "file-unsafe-path"),
        ("C:/evil.xml", "file-unsafe-path"),
        ("XL/Workbook.xml", "file-unsafe-duplicate"),
        ("/xl/workbook.xml", "file-unsafe-duplicate"),
        ("\\xl\\workbook.xml", "file-unsafe-duplicate"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, code: str) -> None:
    assert code_of(tmp_path, zipped(parts({"a": ONE}) | {name: "x"})) == code


@pytest.mark.parametrize(
    "slashed",
    [
        ("xl/media/image1.png",),
        ("xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"),
    ],
)
def test_one_leading_slash_names_the_same_part(tmp_path: Path, slashed: tuple[str, ...]) -> None:
    made = parts({"a": ONE}) | {"xl/media/image1.png": "picture"}
    path, out = (
        write(
            tmp_path,
            {f"/{name}" if name in slashed else name: content for name, content in made.items()},
        ),
        tmp_path / "out.xlsx",
    )
    patch_workbook(path, out, [CellChange("a", "A1", 2)])
    with open_package(path) as before, open_package(out) as after:
        assert list(after.entries) == list(before.entries)
        assert read_grids(after)["a"].value(1, 1) == 2
        assert after.read("xl/media/image1.png") == after.read("/xl/media/image1.png") == b"picture"


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    stream = BytesIO(zipped(parts({"a": ONE})))
    with zipfile.ZipFile(stream, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("xl/workbook.xml", "<workbook/>")
    assert code_of(tmp_path, stream.getvalue()) == "file-unsafe-duplicate"


def test_limits(tmp_path: Path) -> None:
    path = write(tmp_path, parts({"a": ONE}) | {"xl/big.xml": "0" * 100_000})
    for limits, code in [
        (Limits(max_file=1000), "file-unsafe-size"),
        (Limits(max_entry=90_000), "file-unsafe-size"),
        (Limits(max_total=99_000), "file-unsafe-size"),
        (Limits(max_entries=3), "file-unsafe-entries"),
        (Limits(ratio_from=50_000, max_ratio=100), "file-unsafe-ratio"),
    ]:
        assert refusal(path, limits).finding.code == code
    assert open_package(path).sheets[0].name == "a"


def _directory_field(data: bytes, name: str, offset: int) -> int:
    """Where a field of the entry's record in the central directory lies."""
    return data.index(b"PK\x01\x02", data.rindex(name.encode()) - 60) + offset


def test_a_part_larger_than_it_says_is_not_inflated(tmp_path: Path) -> None:
    whole = bytearray(zipped(parts({"a": ONE})))
    at = _directory_field(bytes(whole), "xl/worksheets/sheet1.xml", 24)
    whole[at : at + 4] = struct.pack("<L", 10)
    assert code_of(tmp_path, bytes(whole)) == "file-unsafe-inflation"


def test_a_part_smaller_than_it_says_and_a_wrong_checksum_are_damage(tmp_path: Path) -> None:
    for offset in (24, 16):
        whole = bytearray(zipped(parts({"a": ONE})))
        at = _directory_field(bytes(whole), "xl/worksheets/sheet1.xml", offset)
        whole[at] ^= 0xFF if offset == 16 else 0
        if offset == 24:
            whole[at : at + 4] = struct.pack("<L", 100_000)
        assert code_of(tmp_path, bytes(whole)) == "file-damaged-part"


def test_entries_over_each_other_are_refused(tmp_path: Path) -> None:
    whole = bytearray(zipped(parts({"a": ONE}), zipfile.ZIP_STORED))
    at = _directory_field(bytes(whole), "xl/_rels/workbook.xml.rels", 20)
    size = struct.unpack_from("<L", whole, at)[0]
    whole[at : at + 8] = struct.pack("<LL", size + 40, size + 40)
    assert code_of(tmp_path, bytes(whole)) == "file-unsafe-overlap"


def test_encrypted_entries_and_unknown_compression(tmp_path: Path) -> None:
    whole = bytearray(zipped(parts({"a": ONE})))
    whole[_directory_field(bytes(whole), "xl/workbook.xml", 8)] |= 1
    assert code_of(tmp_path, bytes(whole)) == "file-encrypted"
    assert (
        code_of(tmp_path, zipped(parts({"a": ONE}), zipfile.ZIP_LZMA)) == "file-unsafe-compression"
    )


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_wherever_it_stands(
    tmp_path: Path, part: str, encoding: str
) -> None:
    made = parts({"a": ONE}, strings="<si><t>x</t></si>")
    body = str(made[part]).rpartition("?>")[2]
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "{"c" * 99}">]>{body}'
    )
    made[part] = bomb.encode(encoding)
    assert code_of(tmp_path, zipped(made)) == "file-unsafe-doctype"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
def test_broken_xml_names_its_part(tmp_path: Path, part: str) -> None:
    made = parts({"a": ONE})
    made[part] = str(made[part])[:-20]
    assert code_of(tmp_path, zipped(made)) == "file-damaged-part"


def test_a_missing_sheet_part_is_damage(tmp_path: Path) -> None:
    made = parts({"a": ONE})
    del made["xl/worksheets/sheet1.xml"]
    assert code_of(tmp_path, zipped(made)) == "file-damaged-part"


def test_hash_is_that_of_the_bytes_read(tmp_path: Path) -> None:
    path = write(tmp_path, parts({"a": ONE}))
    with open_package(path) as package:
        assert package.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        path.write_bytes(b"")
        assert b"<sheetData>" in package.read(package.sheets[0].part)


@pytest.mark.parametrize(
    "target",
    [
        "worksheets/sheet{0}.xml",
        "/xl/worksheets/sheet{0}.xml",
        "./Worksheets/SHEET{0}.XML",
        "../xl/worksheets/sheet{0}.xml",
        "worksheets\\sheet{0}.xml",
    ],
)
def test_targets_absolute_relative_and_in_another_case(tmp_path: Path, target: str) -> None:
    made = parts({"甲": ONE, "乙 &amp; 丙": ONE.replace("<v>1", "<v>2")}, target=target)
    with open_package(write(tmp_path, made)) as package:
        assert [s.name for s in package.sheets] == ["甲", "乙 & 丙"]
        assert {name: grid.rows for name, grid in read_grids(package).items()} == {
            "甲": [[1.0]],
            "乙 & 丙": [[2.0]],
        }


def test_prefixed_names_and_strict_namespaces(tmp_path: Path) -> None:
    made = parts(
        {"a": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', main=STRICT_MAIN)},
        strings="<si><t>甲</t></si>",
        main=STRICT_MAIN,
        office=STRICT_OFFICE,
    )
    assert _only_grid(tmp_path, made) == [["甲"]]
    made = parts(
        {
            "a": (
                f'<x:worksheet xmlns:x="{STRICT_MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>'
                "3</x:v></x:c></x:row></x:sheetData></x:worksheet>"
            )
        }
    )
    made["xl/workbook.xml"] = (
        f'<x:workbook xmlns:x="{STRICT_MAIN}" xmlns:q="{OFFICE}"><x:sheets><x:sheet name="a" '
        'sheetId="1" q:id="rId1"/></x:sheets></x:workbook>'
    )
    assert _only_grid(tmp_path, made) == [[3.0]]


def _only_grid(folder: Path, made: dict[str, str | bytes]) -> object:
    with open_package(write(folder, made)) as package:
        return next(iter(read_grids(package).values())).rows


def test_hidden_sheets_are_read_and_chart_sheets_are_not(tmp_path: Path) -> None:
    made = parts({"a": ONE, "图": ONE})
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace(
        'name="a"', 'name="a" state="veryHidden"'
    )
    links = str(made["xl/_rels/workbook.xml.rels"])
    made["xl/_rels/workbook.xml.rels"] = links.replace(
        f'Id="rId2" Type="{OFFICE}/worksheet"', f'Id="rId2" Type="{OFFICE}/chartsheet"'
    )
    with open_package(write(tmp_path, made)) as package:
        assert [(s.name, s.visible, s.grid) for s in package.sheets] == [
            ("a", False, True),
            ("图", True, False),
        ]
        assert list(read_grids(package)) == ["a"]


def test_external_relationships_stay_as_they_are(tmp_path: Path) -> None:
    made = parts({"a": ONE})
    made["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="h" Type="{OFFICE}/'
        'hyperlink" Target="https://example.com/a?b" TargetMode="External"/></Relationships>'
    )
    with open_package(write(tmp_path, made)) as package:
        link = package.relationships(package.sheets[0].part)["h"]
        assert (link.type, link.target, link.external) == (
            "hyperlink",
            "https://example.com/a?b",
            True,
        )


def _sound_book() -> dict[str, str | bytes]:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>{r % 2}</v></c><c r="B{r}" s="1"><v>{46000 + r}</v></'
        f'c><c r="C{r}" t="e"><v>#N/A</v></c>'
        f'<c r="D{r}"><f>A1</f></c><c r="E{r}" t="inlineStr"><is><t>甲</t></is></c></row>'
        for r in range(1, 12)
    )
    book = parts(
        {"a": sheet(rows, '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'), "b": ONE},
        strings="<si><t>编码</t></si><si><r><t>名称</t></r></si>",
        styles='<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
    )
    book["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="t" Type="{OFFICE}/'
        'table" Target="../tables/table1.xml"/></Relationships>'
    )
    book["xl/tables/table1.xml"] = (
        '<table name="T" displayName="T" ref="A1:B5" totalsRowCount="1"><autoFilter ref="A1:B4"/>'
        "</table>"
    )
    return book


def _read_or_refuse(path: Path) -> str:
    """Open and read everything; the finding's code, or "" where the change did no harm. Anything
    but SalesplanError escapes.
    """
    try:
        with open_package(path, LOOSE) as package:
            read_grids(package)
            for part in package.sheets:
                list_objects(package, part)
    except SalesplanError as error:
        assert error.exit_code == 4
        assert error.finding.code in catalogue()
        return error.finding.code
    return ""


def _mutated(data: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(5)
    broken = bytearray(data)
    if kind == 0:
        return data[: chance.randrange(len(data))]
    if kind == 1:
        at = chance.randrange(len(data))
        del broken[at : at + chance.randrange(1, 40)]
    elif kind == 2:
        at = chance.randrange(len(data))
        broken[at:at] = chance.randbytes(chance.randrange(1, 20))
    else:
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(broken)


TRIALS = int(os.environ.get("SALESPLAN_FUZZ", "500"))


def test_whatever_bytes_come_in_only_a_finding_comes_out(tmp_path: Path) -> None:
    """Seeded flips, cuts and insertions of the zip itself; SALESPLAN_FUZZ asks for more of them."""
    whole, path, chance, codes = (
        zipped(_sound_book()),
        tmp_path / "fuzz.xlsx",
        random.Random(20260114),
        set(),
    )
    for _ in range(TRIALS):
        path.write_bytes(_mutated(whole, chance))
        codes.add(_read_or_refuse(path))
    assert {"file-truncated", "file-damaged-part"} <= codes


def test_whatever_a_part_holds_only_a_finding_comes_out(tmp_path: Path) -> None:
    """The same inside the parts, the zip around them sound, so that checksums do not catch it
    first.
    """
    book, path, chance, codes = (
        _sound_book(),
        tmp_path / "fuzz.xlsx",
        random.Random(20260115),
        set(),
    )
    for _ in range(TRIALS):
        part = chance.choice(list(book))
        content = book[part]
        broken = _mutated(content if isinstance(content, bytes) else content.encode(), chance)
        path.write_bytes(zipped(book | {part: broken}, zipfile.ZIP_STORED))
        codes.add(_read_or_refuse(path))
    assert {"", "file-damaged-part", "file-not-workbook"} <= codes


def test_a_closed_package_gives_nothing(tmp_path: Path) -> None:
    package: Package = open_package(write(tmp_path, parts({"a": ONE})))
    package.close()
    with pytest.raises(SalesplanError):
        package.read("xl/workbook.xml")
