"""Excel's add-in: built from text, put in place with the path of this interpreter, looked at, taken
away.

The built file and the script for macOS are in this room; their sources are in ``macros/``.
"""

from salesplan.addin.install import Installed, install, remove, status
from salesplan.addin.machine import Machine, this_machine

__all__ = ["Installed", "Machine", "install", "remove", "status", "this_machine"]
