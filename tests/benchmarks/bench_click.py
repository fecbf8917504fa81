"""What a click costs: from the start of the process a button starts to the filled sample, beside
what a bare interpreter takes.

``python -m tests.benchmarks.bench_click`` prints the table: the best of several runs, each a new
process, and how many modules each imports. What the open workbook adds is measured where it is
tested, beside a running spreadsheet program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.modules import imported

SAMPLE = Path(__file__).parents[2] / "workbooks" / "master-example.xlsx"
RUNS = 7


def best(command: list[str], before: Callable[[], object], compiled: str) -> tuple[float, float]:
    """Wall-clock and processor seconds of the quickest of several runs, every module compiled
    before as pip leaves them.
    """
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | {"PYTHONPYCACHEPREFIX": compiled}
    runs = []
    for _ in range(RUNS):
        before()
        started, used = time.perf_counter(), os.times()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)
        ended, then = time.perf_counter(), os.times()
        runs.append(
            (
                ended - started,
                then.children_user
                + then.children_system
                - used.children_user
                - used.children_system,
            )
        )
    return min(wall for wall, _ in runs), min(used for _, used in runs)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        master = Path(folder) / "plan.xlsx"

        def fresh() -> None:
            shutil.copyfile(SAMPLE, master)

        python = [sys.executable, "-P"]
        cases = {
            "bare interpreter": ([*python, "-c", "pass"], []),
            "salesplan --version": ([*python, "-m", "salesplan", "--version"], ["--version"]),
            "recalc of the sample": (
                [*python, "-m", "salesplan", "recalc", str(master)],
                ["recalc", str(master)],
            ),
        }
        print(f"{'':<22}{'seconds':>9}{'processor':>11}{'modules':>9}")
        for name, (command, arguments) in cases.items():
            wall, used = best(command, fresh, str(Path(folder) / "compiled"))
            fresh()
            modules = len(imported(arguments)) if arguments else 0
            print(f"{name:<22}{wall:>9.3f}{used:>11.3f}{modules:>9}")


if __name__ == "__main__":
    main()
