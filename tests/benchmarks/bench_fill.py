"""The first fill of a large plan, and filling it again: processor seconds and peak memory, each in
a process of its own.

``python -m tests.benchmarks.bench_fill`` makes a master of 2,000 people × 10 KPIs without targets;
``--people 16 --kpis 5000`` one of 5,000 KPIs × 20 units. ``--against FOLDER`` runs the same with
the salesplan of another working copy, in turns, so that both meet the same machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.large_master import build

PEOPLE, KPIS, MONTHS = 2_000, 10, 6
RUNS = 2
RUN = "import sys; sys.argv[0] = 'salesplan'; from salesplan.cli import main; main()"


def measured(code: Path, master: Path) -> tuple[float, float]:
    """Processor seconds and peak MB of one ``recalc`` by the package in ``code``."""
    environment = {
        name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, "recalc", str(master)],
        stdout=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(code)},
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"recalc ended with {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--kpis", type=int, default=KPIS)
    parser.add_argument("--against", type=Path, help="a working copy to compare with")
    given = parser.parse_args()
    codes = [Path(__file__).parents[2], *([given.against] if given.against else [])]
    found: dict[tuple[Path, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.xlsx"
        build(empty, given.people, given.kpis, 0, MONTHS)
        for _ in range(RUNS):
            for code in codes:
                master = Path(folder) / "plan.xlsx"
                shutil.copy(empty, master)
                for what in ("first fill", "again"):
                    found.setdefault((code, what), []).append(measured(code, master))
    for (code, what), figures in found.items():
        seconds, memory = (median(column) for column in zip(*figures, strict=True))
        print(f"{what:>12}: {seconds:6.2f} s {memory:6.0f} MB  {code.name}")


if __name__ == "__main__":
    main()
