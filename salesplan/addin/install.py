"""Putting the add-in in place for this account, looking at what is there, and taking it away."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from salesplan.addin.machine import MACOS, Machine, Places, forbidden, interpreter, places
from salesplan.addin.parts import NO_PACKAGE, PROGRAM, PYTHON, VERSION, filled, texts
from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, SalesplanError

HERE = Path(__file__).parent
_SHARING_VIOLATION = (32, 33)


@dataclass(frozen=True, slots=True)
class Installed:
    """The add-in as it is on a machine: where it is or would be, the version and the interpreter
    written into it (empty if it is not there), and what is wrong with it."""

    path: Path
    version: str
    python: str
    findings: tuple[Finding, ...]


def install(machine: Machine) -> Installed:
    """Write the add-in with the path of this interpreter into Excel's start-up folder, over an
    older one.

    Raises SalesplanError: exit 2 where there is no Excel or the path cannot be spelled, 3 if it
    cannot be written.
    """
    where, python = places(machine), interpreter(machine)
    addin, script = content(machine.system, str(python), str(machine.program), machine.version)
    _write(where.addin, addin)
    if where.script is not None:
        _write(where.script, script)
    return status(machine)


def status(machine: Machine) -> Installed:
    """What is installed, compared with this program. Raises SalesplanError (exit 2) where there is
    no Excel.
    """
    where = places(machine)
    try:
        there = where.addin.read_bytes()
        python, program, version = texts(there, PYTHON, PROGRAM, VERSION)
    except FileNotFoundError:
        return Installed(
            where.addin,
            "",
            "",
            (
                Finding.of("addin-not-installed", folder=str(where.addin.parent)),
                *forbidden(machine),
            ),
        )
    except (OSError, *NO_PACKAGE):
        return Installed(where.addin, "", "", (Finding.of("addin-altered", file=str(where.addin)),))
    found = tuple(_faults(machine, where, there, python, program, version))
    return Installed(where.addin, version, python, (*found, *forbidden(machine)))


def remove(machine: Machine) -> tuple[Path, ...]:
    """Take away what :func:`install` put there; gives the files that are gone.

    Raises SalesplanError: exit 2 where there is no Excel, 3 if Excel holds the file or the folder
    refuses.
    """
    where = places(machine)
    gone = []
    for path in filter(None, (where.addin, where.script)):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise _refused(path, error) from error
        gone.append(path)
    return tuple(gone)


def content(system: str, python: str, program: str, version: str) -> tuple[bytes, bytes]:
    """The add-in and the script for macOS with these paths in them; only macOS has a use for the
    second.
    """
    addin = filled(
        (HERE / "salesplan.xlam").read_bytes(), {PYTHON: python, PROGRAM: program, VERSION: version}
    )
    if system != MACOS:
        return addin, b""
    script = (HERE / "salesplan.applescript").read_text("ascii")
    return addin, script.replace("@PYTHON@", applescript(python)).replace(
        "@PROGRAM@", applescript(program)
    ).encode("ascii")


def applescript(text: str) -> str:
    """The text as an ASCII expression of AppleScript, whatever encoding the script file is taken to
    have.
    """
    pieces, plain = [], ""
    for char in text:
        if char.isascii() and char.isprintable() and char not in '"\\':
            plain += char
            continue
        pieces += [f'"{plain}"'] if plain else []
        pieces.append(f"(character id {ord(char)})")
        plain = ""
    return " & ".join([*pieces, f'"{plain}"'] if plain or not pieces else pieces)


def _faults(
    machine: Machine, where: Places, there: bytes, python: str, program: str, version: str
) -> list[Finding]:
    if version != machine.version:
        return [
            Finding.of("addin-other-version", installed=version or "—", package=machine.version)
        ]
    addin, script = content(machine.system, python, program, version)
    if addin != there:
        return [Finding.of("addin-altered", file=str(where.addin))]
    found = []
    if not Path(python).exists() or not Path(program).exists():
        found.append(Finding.of("addin-python-gone", python=python, program=program))
    elif Path(python) != interpreter(machine):
        found.append(
            Finding.of("addin-python-other", python=python, here=str(interpreter(machine)))
        )
    if where.script is not None and (
        not where.script.exists() or where.script.read_bytes() != script
    ):
        found.append(Finding.of("addin-script-missing", file=str(where.script)))
    return found


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one step. The new one is made a folder higher: Excel opens whatever lies
    in its start-up folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115
            dir=path.parent.parent, prefix="salesplan-", suffix=".tmp", delete=False
        )
        try:
            with handle:
                handle.write(data)
            Path(handle.name).replace(path)
            path.chmod(0o644)
        finally:
            with suppress(FileNotFoundError):
                Path(handle.name).unlink()
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> SalesplanError:
    code = (
        "addin-in-use"
        if getattr(error, "winerror", None) in _SHARING_VIOLATION
        else "addin-folder-refused"
    )
    return SalesplanError(
        Finding.of(
            code,
            Place(str(path)),
            file=path.name,
            folder=str(path.parent),
            cause=error.strerror or str(error),
        ),
        3,
    )
