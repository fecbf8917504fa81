"""Excel's add-in on this machine: built from its sources, put in place, looked at, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesplan.addin import Installed


def build_addin(sources: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Build the add-in from ``sources`` into the package itself, or into ``folder``; gives the
    files written.

    Raises SalesplanError as :func:`salesplan.addin.build.build`, exit 3 if the folder is not
    usable.
    """
    import salesplan.addin
    from salesplan.addin.build import build
    from salesplan.app.common import usable_folder

    folder = folder or Path(salesplan.addin.__file__).parent
    usable_folder(folder)
    return build(sources, folder)


def install_addin() -> Installed:
    """Put the add-in into Excel's start-up folder. Raises SalesplanError as
    :func:`salesplan.addin.install`.
    """
    from salesplan.addin import install, this_machine

    return install(this_machine())


def addin_status() -> Installed:
    """The add-in as it is on this machine. Raises SalesplanError (exit 2) where there is no
    Excel.
    """
    from salesplan.addin import status, this_machine

    return status(this_machine())


def remove_addin() -> tuple[Path, ...]:
    """Take the add-in away; gives the files that are gone. Raises SalesplanError as
    :func:`salesplan.addin.remove`.
    """
    from salesplan.addin import remove, this_machine

    return remove(this_machine())
