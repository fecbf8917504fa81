"""A master that tries to take over whoever opens it: settings for xlwings, a sheet of Python, an
external link, macros that run by themselves.
"""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date
from pathlib import Path

import xlsxwriter

from salesplan.plan.schema import sheet, table
from tests.unit.masters import SOUND

LINK = "externalLinks/externalLink1.xml"
LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
PATH_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def hostile_workbook(path: Path, interpreter: Path, marker: Path) -> Path:
    """``interpreter`` is what its settings name; its macros write ``marker``."""
    with tempfile.TemporaryDirectory() as folder:
        plain, project = Path(folder) / "plain.xlsm", Path(folder) / "vbaProject.bin"
        project.write_bytes(_macros(Path(folder) / "macros.xlsm", marker))
        with xlsxwriter.Workbook(str(plain)) as book:
            book.add_vba_project(str(project))
            book.set_vba_name("ThisWorkbook")
            conf = book.add_worksheet("xlwings.conf")
            conf.set_vba_name("Sheet1")
            for row, (name, value) in enumerate(_conf(interpreter, path.parent)):
                conf.write_row(row, 0, (name, value))
            book.add_worksheet("evil.py").write_string(0, 0, f"open({str(marker)!r}, 'w')")
            book.add_worksheet("salesplan.py").write_string(0, 0, f"open({str(marker)!r}, 'w')")
            book.add_worksheet("A1").write_row(0, 0, (str(interpreter), str(interpreter)))
            for key in ("settings", "units", "kpis"):
                columns = [
                    column
                    for column in table(key).columns
                    if any(column.key in row for row in SOUND[key])
                ]
                page = book.add_worksheet(sheet(table(key).sheet).zh)
                page.write_row(0, 0, [column.header("zh") for column in columns])
                for number, row in enumerate(SOUND[key], start=1):
                    page.write_row(
                        number,
                        0,
                        [
                            str(value) if isinstance(value, date) else value
                            for value in (row.get(column.key) for column in columns)
                        ],
                    )
        _link(plain, path)
    return path


def _conf(interpreter: Path, folder: Path) -> list[tuple[str, str]]:
    names = (
        "Interpreter",
        "INTERPRETER",
        "Interpreter_Win",
        "INTERPRETER_WIN",
        "Interpreter_Mac",
        "INTERPRETER_MAC",
        "PYTHON_WIN",
    )
    return [
        *((name, str(interpreter)) for name in names),
        ("PYTHONPATH", str(folder)),
        ("USE UDF SERVER", "True"),
        ("UDF Modules", "evil"),
    ]


def _macros(path: Path, marker: Path) -> bytes:
    from pyopenvba import ExcelFile

    write = (
        f'    Open "{marker}" For Output As #1\r\n    Print #1, "ran"\r\n    Close #1\r\nEnd '
        "Sub\r\n"
    )
    with ExcelFile.create_new(path) as book:
        vba = book.vba_project()
        vba.get_module("ThisWorkbook").source += f"Private Sub Workbook_Open()\r\n{write}"
        vba.get_module("ThisWorkbook").dirty = True
        vba.add_module(
            "Evil", f"Public Sub Auto_Open()\r\n{write}Public Sub SalesplanCheck()\r\n{write}"
        )
        book.save(path)
    with zipfile.ZipFile(path) as package:
        return package.read("xl/vbaProject.bin")


def _link(plain: Path, path: Path) -> None:
    """``plain`` with an external link to another workbook."""
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "[Content_Types].xml":
                kind = (
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
                )
                text = text.replace(
                    b"</Types>",
                    f'<Override PartName="/xl/{LINK}" ContentType="{kind}"/></Types>'.encode(),
                )
            elif name == "xl/_rels/workbook.xml.rels":
                text = text.replace(
                    b"</Relationships>",
                    f'<Relationship Id="rIdLink" Type="{LINK_TYPE}" Target="{LINK}"/></'
                    "Relationships>".encode(),
                )
            elif name == "xl/workbook.xml":
                text = text.replace(
                    b"</sheets>",
                    b'</sheets><externalReferences><externalReference r:id="rIdLink"/></'
                    b"externalReferences>",
                )
            new.writestr(name, text)
        new.writestr(
            f"xl/{LINK}",
            f'<externalLink xmlns="{NS}"><externalBook xmlns:r="{R}" r:id="rId1"><sheetNames>'
            '<sheetName val="Plan"/></sheetNames></externalBook></externalLink>',
        )
        rels = (
            f'<Relationship Id="rId1" Type="{PATH_TYPE}" Target="file:///{path.parent}/'
            'elsewhere.xlsx" TargetMode="External"/>'
        )
        new.writestr(
            f"xl/{Path(LINK).parent}/_rels/{Path(LINK).name}.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{rels}</Relationships>",
        )
