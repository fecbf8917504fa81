"""The command line starts without the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

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
