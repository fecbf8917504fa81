"""The way to a running LibreOffice: its Python binding loaded from where LibreOffice keeps it, and
a connection.

Only the two modules ``pyuno`` and ``uno`` are loaded, by their paths: no folder of another Python's
packages becomes visible. The binding is made for one version of Python, which is looked up before
it is loaded, since the wrong one would end the process.
"""

from __future__ import annotations

import atexit
import builtins
import getpass
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from salesplan.excel.timeouts import left_waiting
from salesplan.findings import Finding, SalesplanError

PIPE = "SALESPLAN_CALC_PIPE"
"""Environment variable: the pipe to use in place of the account's own."""

_TRIES = 5
"""A new connection may close itself before it is used, about one in five thousand does; the next
one will not.
"""

_BINDINGS = ("pyuno.so", "pyuno.pyd")
_LIBRARIES = ("libpyuno.so", "libpyuno.dylib", "pyuno.pyd")
_VERSION = re.compile(
    rb"(?:libpython|python|Python\.framework/Versions/)(3)\.?(\d{1,2})(?=[\.\0/dm])"
)


def pipe_name() -> str:
    """The pipe by which this account's LibreOffice is reached: of its own for each account, the
    same at each start.
    """
    given = os.environ.get(PIPE)
    return given or "salesplan-" + hashlib.sha256(getpass.getuser().encode()).hexdigest()[:12]


def program_folder() -> Path:
    """Where LibreOffice's programs are. Raises SalesplanError (exit 2) without LibreOffice."""
    from salesplan.workbook.soffice import libreoffice

    command = libreoffice()
    if command is None:
        raise SalesplanError(Finding.of("calc-missing"), 2)
    return Path(command).resolve().parent


def connected() -> Any:
    """The component context of the running LibreOffice. Raises SalesplanError (exit 3) where none
    listens, 2 without the binding.
    """
    uno = load_uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for left in reversed(range(_TRIES)):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe_name()};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.uno.Exception") as error:
            if not (
                left and isinstance(error, uno.getClass("com.sun.star.lang.DisposedException"))
            ):
                raise SalesplanError(Finding.of("calc-not-running"), 3) from error
    raise AssertionError("the last try returns or raises")


@cache
def load_uno() -> Any:
    """LibreOffice's module ``uno``. Raises SalesplanError (exit 2): calc-missing,
    calc-binding-missing, calc-python-differs.
    """
    return sys.modules["uno"] if "uno" in sys.modules else _load(*fitting())


def fitting() -> tuple[Path, Path]:
    """LibreOffice's binding and its ``uno.py``, found and looked at, not loaded. Raises
    SalesplanError as :func:`load_uno`.
    """
    program = program_folder()
    paths = (folder / name for folder, name in product(_near(program), _BINDINGS))
    binding = next((path for path in paths if path.is_file()), None)
    source = next(
        (
            path
            for folder in (*_near(program), *_distributed())
            if (path := folder / "uno.py").is_file()
        ),
        None,
    )
    if binding is None or source is None:
        raise SalesplanError(Finding.of("calc-binding-missing", folder=str(program)), 2)
    version = made_for(binding.parent)
    if version is not None and version != sys.version_info[:2]:
        ours, theirs = (".".join(map(str, one)) for one in (sys.version_info[:2], version))
        raise SalesplanError(Finding.of("calc-python-differs", ours=ours, theirs=theirs), 2)
    return binding, source


def disconnect() -> None:
    """Close every connection of this process, unless somebody still waits for an answer. Objects
    got over them are of no use afterwards.
    """
    if left_waiting():
        return  # closing a connection in the middle of a call would end the process at once
    uno = load_uno()
    factory = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.bridge.BridgeFactory"
    )
    for bridge in factory.getExistingBridges():
        with suppress(uno.getClass("com.sun.star.uno.Exception")):
            bridge.dispose()


def made_for(folder: Path) -> tuple[int, int] | None:
    """The version of Python that the binding in the folder is linked to; None if it does not
    tell.
    """
    for name in _LIBRARIES:
        library = folder / name
        if library.is_file():
            found = _VERSION.search(library.read_bytes())
            if found:
                return int(found[1]), int(found[2])
    return None


def _near(program: Path) -> Iterator[Path]:
    """The program folder, and where a bundle on macOS keeps its libraries and scripts."""
    yield program
    for name in ("Frameworks", "Resources", "Resources/python"):
        yield program.parent / name


def _distributed() -> Iterator[Path]:
    """Where Linux distributions put ``uno.py``."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for folder in (
        "/usr/lib/python3/dist-packages",
        f"/usr/lib/{version}/site-packages",
        f"/usr/lib64/{version}/site-packages",
    ):
        yield Path(folder)


def _load(binding: Path, source: Path) -> ModuleType:
    settings = next(
        (
            path
            for name in ("fundamentalrc", "fundamental.ini")
            if (path := binding.parent / name).is_file()
        ),
        None,
    )
    if settings is not None:
        os.environ.setdefault("URE_BOOTSTRAP", f"vnd.sun.star.pathname:{settings}")
    if sys.platform == "win32":
        os.add_dll_directory(str(binding.parent))
    importing = builtins.__import__
    try:
        _module("pyuno", binding)
        uno = _module("uno", source)
    except (ImportError, OSError) as error:
        for name in ("pyuno", "uno"):
            sys.modules.pop(name, None)
        raise SalesplanError(
            Finding.of("calc-binding-missing", folder=str(binding.parent)), 2
        ) from error
    finally:
        # uno.py puts its own import in the place of Python's, for names like com.sun.star; nothing
        # here uses them.
        builtins.__import__ = importing
    # A connection still open while Python takes itself down ends some processes with a segmentation
    # fault, in place of their exit code.
    atexit.register(disconnect)
    return uno


def _module(name: str, path: Path) -> ModuleType:
    loader = ExtensionFileLoader(name, str(path)) if path.suffix in (".so", ".pyd") else None
    spec = spec_from_file_location(name, path, loader=loader)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    # Bytecode beside LibreOffice's own files is not ours to leave there.
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module
