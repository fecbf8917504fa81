"""What a linked source costs: records grouped by its own engine, beside DuckDB's plain query for
the same sums, and a whole recalculation.

``python -m tests.benchmarks.bench_linked 10000000`` makes so many records as Parquet and as CSV
(100 bytes each and less), groups them in processes of their own, looks for keys that come twice,
and prints processor seconds and the most memory of each.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.linked import MAP

MADE = """
copy (select i as id, date '2025-01-01' + (hash(i) % 546)::int as day, 'U' || (hash(i * 3) % 20)
as who, 'P' || (hash(i * 7) % 10) as product, 'K' || (hash(i * 11) % 16) as customer,
((hash(i * 13) % 1000000) / 100)::decimal(18, 2) as amount from range({count}) t(i))
to '{path}' (format parquet)
"""
MAKING = """
import duckdb
duckdb.sql("set enable_progress_bar = false")
duckdb.sql(\"\"\"{made}\"\"\")
duckdb.sql("copy (select * from 'deals.parquet') to 'deals.csv' (header)")
"""
PLAIN = """
import duckdb
duckdb.sql("set enable_progress_bar = false")
rows = duckdb.sql(\"\"\"select who, product, customer,
case when day >= date '2026-05-01' then day else date_trunc('month', day)::date end as bucket,
count(*), sum(amount) from 'deals.{kind}' group by all\"\"\").fetchall()
print(len(rows), sum(row[-1] for row in rows))
"""
GROUPED = """
from pathlib import Path
from salesplan.plan.loader import load
from salesplan.plan.model import Month
from salesplan.plan.sources.groups import Grouping, Window
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.opening import Sources
from salesplan.plan.sources.pushdown import Asked
from salesplan.plan.sources.relations import relation
from salesplan.plan.sources.repeated import once
plan, mapped = load(Path("plan.xlsx")).plan, read_mapping(Path("map.toml"))
with relation(Sources(("deals.{kind}",), Path(), mapped)) as found:
    grouping = Grouping(plan, Window.of(plan, Month(2026, 6)))
    asked = Asked(plan, mapped, mapped.rules[0], found, grouping)
    {what}
"""
ASKED = "asked.begin(found); print(sum(1 for _ in found.ask(asked.question()[0])))"
KEYS = "print(once(grouping, [asked], found) is found)"
RECALC = """
from pathlib import Path
from salesplan import app
app.allow_source(app.offered_source(Path("plan.xlsx")))
done = app.recalc(Path("plan.xlsx"))
print(done.run.plan.linked.rows, done.run.plan.linked.groups, Path("plan.xlsx").stat().st_size)
"""


def master(path: Path) -> None:
    """A master of twenty people, linked to the records."""
    from tests.unit.masters import SOUND, edited, settings_edit, write

    rows = edited(settings_edit(source="map.toml", as_of=date(2026, 6, 30), month="2026-06"))
    people = [
        {"code": f"U{at}", "name": f"U{at}", "level": "个人", "parent": "C1", "coefficient": 0.05}
        for at in range(20)
    ]
    kept = {"settings", "units", "kpis", "actuals", "targets"}
    rows = {name: content if name in kept else [] for name, content in rows.items()}
    rows["units"], rows["actuals"], rows["targets"] = [SOUND["units"][0], *people], [], []
    rows["kpis"] = [{**SOUND["kpis"][0], "target": 5e9}]
    write(path, rows)


def measured(code: str, folder: Path) -> str:
    """What a process printed, its processor seconds and the most memory that it held."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed = f"import resource\n{code}\n" + (
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, 'MB')"
    )
    here = str(Path(__file__).parents[2])
    environment = os.environ | {"SALESPLAN_STATE": str(folder / "state"), "PYTHONPATH": here}
    done = subprocess.run(
        [sys.executable, "-c", timed],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{used:7.2f} s CPU   {' '.join(done.stdout.split())}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(prefix="salesplan-") as made:
        folder = Path(made)
        measured(MAKING.format(made=MADE.format(count=count, path="deals.parquet")), folder)
        for kind in ("parquet", "csv"):
            mapping = MAP.replace("deals.csv", f"deals.{kind}")
            (folder / "map.toml").write_text(mapping, encoding="utf-8")
            master(folder / "plan.xlsx")
            codes = {
                "plain": PLAIN.replace("{kind}", kind),
                "grouped": GROUPED.replace("{kind}", kind).replace("{what}", ASKED),
                "keys": GROUPED.replace("{kind}", kind).replace("{what}", KEYS),
                "recalc": RECALC,
            }
            for name, code in codes.items():
                print(f"{kind:8} {name:8}{measured(code, folder)}", flush=True)


if __name__ == "__main__":
    main()
