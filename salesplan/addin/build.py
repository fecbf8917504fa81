"""From the text files of ``macros/`` to ``salesplan.xlam``: the same bytes each time, on every
machine.

The VBA project holds sources only. Its header says so (``CC 61 FF FF 00 00 00``), and Excel
compiles them when it opens the file. Nothing in the package is compressed: zlib's output differs
between versions.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from salesplan.addin.parts import PROJECT, RIBBON, zipped
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.workbook.save.destination import placing

PINNED = "6.5.0"
"""The version of pyOpenVBA that the committed add-in was built with; another one may write other
bytes.
"""

NO_CACHE = bytes.fromhex("CC61FFFF000000")
ADDIN, SCRIPT = "salesplan.xlam", "salesplan.applescript"


def build(sources: Path, folder: Path) -> tuple[Path, ...]:
    """Write the add-in and the script for macOS made from ``sources`` into ``folder``; gives their
    paths.

    Raises SalesplanError (exit 2) for sources that are not there or would not survive, and without
    pyOpenVBA.
    """
    modules = sorted(sources.glob("*.bas"))
    skeleton = sources / "package"
    if not modules or not skeleton.is_dir():
        raise SalesplanError(
            Finding.of("addin-sources-missing", Place(str(sources)), folder=str(sources)), 2
        )
    parts = {
        path.relative_to(skeleton).as_posix(): path.read_bytes()
        for path in skeleton.rglob("*")
        if path.is_file()
    }
    parts[RIBBON] = (sources / "customUI14.xml").read_bytes()
    parts[PROJECT] = project({path.stem: source(path) for path in modules})
    addin, script = folder / ADDIN, folder / SCRIPT
    for path, content in ((addin, zipped(parts)), (script, (sources / SCRIPT).read_bytes())):
        with placing(path, None, ours=_is_ours) as temp:
            temp.write_bytes(content)
    return addin, script


def _is_ours(path: Path) -> bool:
    """Whether an add-in or a script that is there is one of this program."""
    if path.suffix != Path(ADDIN).suffix:
        return b"salesplan" in path.read_bytes()
    try:
        with ZipFile(path) as opened:
            return b"salesplan" in opened.read(RIBBON).lower()
    except (BadZipFile, KeyError):
        return False


def source(path: Path) -> str:
    """A module's text with the line ends of VBA. Raises SalesplanError (exit 2) where a character
    would be lost or the name differs.
    """
    try:
        text = path.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SalesplanError(
            Finding.of("addin-source-not-ascii", Place(path.name), file=path.name, line=line), 2
        ) from None
    named = re.match(r'Attribute VB_Name = "(\w+)"\r?\n', text)
    if named is None or named[1] != path.stem:
        raise SalesplanError(
            Finding.of("addin-source-misnamed", Place(path.name), file=path.name, name=path.stem), 2
        )
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def project(modules: dict[str, str]) -> bytes:
    """``vbaProject.bin`` with these standard modules beside the two empty ones every workbook
    has.
    """
    try:
        from pyopenvba import ExcelFile
        from pyopenvba import __version__ as version
        from pyopenvba.cfb import CFB
    except ImportError:
        version = "—"
    if version != PINNED:
        raise SalesplanError(
            Finding.of("addin-builder-missing", Place(), needed=PINNED, found=version), 2
        )
    with tempfile.TemporaryDirectory(prefix="salesplan-") as folder:
        path = Path(folder) / ADDIN
        with ExcelFile.create_new(path) as book:
            vba = book.vba_project()
            vba.delete_module("Module1")
            for name, text in modules.items():
                vba.add_module(name, text)
            for module in vba.modules:
                module.source = (
                    module.source
                )  # marks it as changed, so that no compiled copy of the template's stays
                module.dirty = True
            book.save(path)
        with ExcelFile(path) as book:
            made = CFB.from_bytes(book.vba_project_bytes())
    made.write_stream_in_storage("VBA", "_VBA_PROJECT", NO_CACHE)
    return bytes(made.to_bytes())
