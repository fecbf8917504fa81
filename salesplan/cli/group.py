"""All commands as one. Each group of commands is a module of its own, read when it is called."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from salesplan import __version__
from salesplan.cli.language import caption, listen
from salesplan.cli.options import Listing
from salesplan.cli.output import exit_code, outlast
from salesplan.config import load
from salesplan.findings import SalesplanError

COMMANDS = {
    "demo": "start",
    "start": "start",
    "new": "start",
    "check": "check",
    "recalc": "recalc",
    "status": "status",
    "adopt": "adopt",
    "add": "add",
    "import-actuals": "imports",
    "import-spending": "imports",
    "sources": "sources",
    "close": "close",
    "reopen": "close",
    "report": "report",
    "day": "meetings",
    "week": "meetings",
    "handout": "handouts",
    "collect": "handouts",
    "send": "send",
    "announce": "announce",
    "triggers": "triggers",
    "explain": "explain",
    "undo": "history",
    "history": "history",
    "config": "config",
    "watch": "watch",
    "excel": "excel",
    "doctor": "doctor",
}


INTERRUPTED = 130
"""Exit code after Ctrl+C, or where a question found nobody to answer: as shells have it."""


class Commands(Listing):
    """A group whose commands live in :data:`COMMANDS`, so that one command does not pay for the
    others.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the command line, and note in which language it is answered."""
        listen(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _told(error) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names. Raises click.UsageError where it names none."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from salesplan.cli.usage import no_command

            raise no_command(args[0], COMMANDS, ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, whose module is imported now; None for none."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(
            import_module(f"salesplan.cli.{COMMANDS[cmd_name]}"), cmd_name.replace("-", "_")
        )
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command: what stops it is said in both languages, never as a traceback."""
        from salesplan.cli.show import show_failure

        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _told(error) from None
        except SalesplanError as error:
            show_failure(error.finding)
            raise SystemExit(error.exit_code) from None
        except (KeyboardInterrupt, click.Abort):
            click.echo("\n" + caption("已中断。", "Interrupted."), err=True)
            raise SystemExit(INTERRUPTED) from None
        finally:
            if ctx.invoked_subcommand not in ("config", "doctor") and load.cache_info().currsize:
                for finding in load().findings:
                    show_failure(finding)


def _told(error: click.UsageError) -> click.UsageError:
    """The error in our words, which are read only where there is one."""
    from salesplan.cli.usage import told

    return told(error)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salesplan")
def commands() -> None:
    """Sales planning in the spreadsheet. 销售计划引擎。

    \b
    Exit codes: 0 no error · 1 data errors · 2 usage · 3 file busy or changed
                4 unreadable or unsafe · 5 partly sent · 6 outcome unknown · 130 interrupted
    """


def run() -> None:
    """Run the command line; keeps every console able to print what is said.

    Where standard output cannot be written to, the command does its work all the same, and says so.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    output = outlast()
    try:
        commands()
    except SystemExit as ended:
        raise SystemExit(exit_code(_number(ended.code), output)) from None
    finally:
        gc.freeze()  # the process ends: nothing is looked through for cycles once more


def _number(code: object) -> int:
    """An exit code as a number; anything else that a program ends with is a failure."""
    if code is None:
        return 0
    return code if isinstance(code, int) else 1
