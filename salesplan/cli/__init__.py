"""The command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplan import collect_rarely, lazily

if TYPE_CHECKING:
    from salesplan.cli.group import COMMANDS, commands

__all__ = ["COMMANDS", "commands", "main"]


def main() -> None:
    """Entry point of the ``salesplan`` command. The commands are read after the collector is told
    to look for garbage rarely: to read them makes a lot, and none of it is garbage.
    """
    collect_rarely()
    from salesplan.cli.group import run

    run()


__getattr__ = lazily(__name__, dict.fromkeys(("COMMANDS", "commands"), "salesplan.cli.group"))
