"""Which modules a command imports, seen in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

_CODE = """
import json, sys
before = set(sys.modules)
sys.argv = ["salesplan", *json.loads(sys.argv[1])]
from salesplan.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
print("imported", json.dumps(sorted(set(sys.modules) - before)))
sys.exit(code)
"""


def imported(arguments: Sequence[str]) -> list[str]:
    """Modules that ``salesplan ARGUMENTS`` imports beyond those of a bare interpreter.
    CalledProcessError if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CODE, json.dumps(list(arguments))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1].removeprefix("imported "))
    return modules
