"""The command line starts without the heavy libraries."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from salesplan.cli import commands
from salesplan.cli.excel import excel

HEAVY = (
    "pandas",
    "numpy",
    "openpyxl",
    "xlwings",
    "xlsxwriter",
    "python_calamine",
    "chinese_calendar",
    "holidays",
    "xml.etree",
    "zipfile",
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["recalc", "--help"], ["report", "--help"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, json; sys.argv = ['salesplan', *json.loads(sys.argv[1])]\n"
        "from salesplan.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('loaded', json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "loaded []"


@pytest.mark.parametrize("group", [commands, excel])
def test_a_list_of_commands_shows_whole_sentences(group: click.Group) -> None:
    shown = " ".join(CliRunner().invoke(group, ["--help"]).output.split())
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None and command.help is not None
        sentence = " ".join(re.split(r"[\u4e00-\u9fff]", command.help)[0].split())
        first = sentence[: sentence.index(". ") + 1] if ". " in sentence else sentence
        assert f"{name} {first}" in shown, name
    assert "..." not in shown.split("Commands:")[1]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("salesplan re", {"recalc", "report", "reopen"}), ("salesplan recalc --ke", {"--keep-typed"})],
)
def test_a_shell_completes_commands_and_options(typed: str, offered: set[str]) -> None:
    """U14: as the guide for IT has it."""
    code = "import sys; sys.argv = ['salesplan']; from salesplan.cli import main; main()"
    asked = {
        "_SALESPLAN_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **asked},
    )
    assert {line.partition(",")[2] for line in done.stdout.split()} == offered, done.stderr
