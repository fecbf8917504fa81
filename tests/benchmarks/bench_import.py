"""The import of very many records into the actuals sheet: processor seconds and peak memory, each
in a process of its own.

``python -m tests.benchmarks.bench_import`` imports 200,000 records; ``--records 1000000`` as many
as a sheet can hold. ``--against FOLDER`` runs the same with the salesplan of another working copy,
in turns, so that both meet the same machine. ``--then recalc`` and ``--then report`` measure what
reads the result.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from tests.benchmarks.large_master import YEAR, build

PEOPLE, MONTHS = 100, 6
RUN = "import sys; sys.argv[0] = 'salesplan'; from salesplan.cli import main; main()"
MAP = """key = "id"

[columns]
day = "date"
unit = "agent"
product = "product"
customer = "customer"

[[rule]]
kpi = "K0"
value = "amount"
scale = 0.0001
"""


def write_records(path: Path, count: int) -> None:
    """So many records of six columns, from a fixed seed."""
    dice = random.Random(11)
    first = date(YEAR, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "date", "agent", "customer", "product", "amount"))
        for number in range(count):
            writer.writerow(
                (
                    f"D{number:07d}",
                    (first + timedelta(dice.randrange(181))).isoformat(),
                    f"P{dice.randrange(PEOPLE):04d}",
                    f"客户{dice.randrange(3000)}有限公司",
                    f"产品{dice.randrange(40)}",
                    f"{dice.randrange(1, 50_000_00) / 100:.2f}",
                )
            )


def measured(code: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Processor seconds and peak MB of one command by the package in ``code``."""
    environment = {
        name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, *arguments],
        stdout=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(code)},
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{arguments[0]} ended with {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a working copy to compare with")
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--then", action="append", default=[], choices=["recalc", "report"])
    given = parser.parse_args()
    codes = [*([given.against] if given.against else []), Path(__file__).parents[2]]
    found: dict[tuple[Path, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, records, mapping = folder / "plan.xlsx", folder / "deals.csv", folder / "map.toml"
        build(empty, PEOPLE, 1, 0, MONTHS)
        write_records(records, given.records)
        mapping.write_text(MAP, encoding="utf-8")
        full, filled = folder / "full.xlsx", folder / "filled.xlsx"
        made = {"import": full, "recalc": filled}
        commands = {
            "import": ["import-actuals", empty, records, "--map", mapping, "-o", full],
            "recalc": ["recalc", full, "-o", filled],
            "report": ["report", filled, "-o", folder / "reports"],
        }
        for _ in range(given.runs):
            for code in codes:
                for what in ("import", *given.then):
                    if what in made:
                        made[what].unlink(missing_ok=True)
                    figures = measured(code, list(map(str, commands[what])))
                    found.setdefault((code, what), []).append(figures)
                    print(f"{what:>8}: {figures[0]:7.2f} s {figures[1]:6.0f} MB  {code.name}")
    print("median")
    for (code, what), runs in found.items():
        seconds, memory = (median(column) for column in zip(*runs, strict=True))
        print(f"{what:>8}: {seconds:7.2f} s {memory:6.0f} MB  {code.name}")


if __name__ == "__main__":
    main()
