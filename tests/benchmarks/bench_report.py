"""The monthly report of a master with 100,000 actual rows: this program, pandas with openpyxl, and
bare reading and writing.

``python -m tests.benchmarks.bench_report`` prints the tables; 200 people, 5 KPIs, once with the
rows spread over six months and once with all of them in the report month. Every figure comes from a
process of its own that has its libraries loaded. Seconds are those of the processor, which a busy
machine does not lengthen as it does the clock's; memory is the peak above that before. The bare
contender reads the master with calamine and writes, with XlsxWriter, the very cells that the report
holds.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from tests.benchmarks.bench_patch import Measured, _peak

PEOPLE, KPIS, ROWS, MONTHS = 200, 5, 100_000, 6
TIMES = 2
ROOT = Path(__file__).parents[2]

Step = Callable[[], object]


def ours(master: Path, folder: Path, details: str) -> Step:
    from salesplan import app

    _libraries()
    for room in ("engine", "messages", "plan", "report", "workbook"):
        for module in sorted((ROOT / "salesplan" / room).rglob("*.py")):
            import_module(
                ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            )
    return lambda: app.report(master, app.Wanted(folder=folder, details=details))


def plain(master: Path, folder: Path, details: str) -> Step:
    import openpyxl as _openpyxl  # noqa: F401
    import pandas as _pandas  # noqa: F401

    from tests.benchmarks.plain_pandas import make

    return lambda: make(master, folder / "plain.xlsx", 6, details != "none")


def bare(master: Path, folder: Path, details: str) -> Step:
    """Reading every sheet, and writing the report's cells, values and formulas with their results,
    each in a format.
    """
    _libraries()
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    with (master.parent / f"{master.stem}-{details}.cells").open("rb") as stream:
        sheets = pickle.load(stream)

    def run() -> None:
        book = CalamineWorkbook.from_path(str(master))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
        with Workbook(
            str(folder / "bare.xlsx"),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        ) as out:
            text, number = (
                out.add_format({"bottom": 1, "indent": 1}),
                out.add_format({"bottom": 1, "num_format": "#,##0.00"}),
            )
            for name, cells in sheets:
                sheet = out.add_worksheet(name)
                for row, column, value, formula in cells:
                    if formula is not None:
                        sheet.write_formula(row, column, formula, number, value)
                    elif isinstance(value, str):
                        sheet.write_string(row, column, value, text)
                    else:
                        sheet.write_number(row, column, value, number)

    return run


def _libraries() -> None:
    import chinese_calendar as _calendar  # noqa: F401
    import python_calamine as _calamine  # noqa: F401
    import xlsxwriter as _xlsxwriter  # noqa: F401


CONTENDERS = {"report": ours, "pandas + openpyxl": plain, "calamine + XlsxWriter": bare}


def save_cells(master: Path, folder: Path, details: str) -> int:
    """Make the report once, and keep its cells for the bare contender; gives their number."""
    from openpyxl import load_workbook

    from salesplan import app

    written = app.report(master, app.Wanted(folder=folder, details=details)).written
    sheets = []
    count = 0
    formulas, values = (
        load_workbook(written, read_only=True),
        load_workbook(written, read_only=True, data_only=True),
    )
    for one, other in zip(formulas.worksheets, values.worksheets, strict=True):
        cells = []
        for above, below in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for cell, stored in zip(above, below, strict=True):
                if cell.value is None:
                    continue
                value = (
                    stored.value
                    if isinstance(stored.value, (int, float, str))
                    else str(stored.value or "")
                )
                cells.append(
                    (
                        cell.row - 1,
                        cell.column - 1,
                        value,
                        cell.value if cell.data_type == "f" else None,
                    )
                )
        count += len(cells)
        sheets.append((one.title, cells))
    with (master.parent / f"{master.stem}-{details}.cells").open("wb") as stream:
        pickle.dump(sheets, stream)
    return count


def measured(name: str, master: Path, details: str) -> Measured:
    """Run a contender in processes of its own, :data:`TIMES` of them; the best time counts, and the
    most memory.
    """
    said = [json.loads(_python("run", name, str(master), details)) for _ in range(TIMES)]
    return Measured(min(one["seconds"] for one in said), max(one["memory"] for one in said))


def _python(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.bench_report", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def run(name: str, master: Path, details: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        step = CONTENDERS[name](master, Path(folder), details)
        before, start = _peak(), time.process_time()
        step()
        print(json.dumps({"seconds": time.process_time() - start, "memory": _peak() - before}))


def compare() -> int:
    """Print the tables and whether the goals are met; 1 if one is not."""
    met = True
    with tempfile.TemporaryDirectory() as folder:
        for months in (MONTHS, 1):
            master = Path(folder) / f"master{months}.xlsx"
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.large_master",
                    str(master),
                    *map(str, (PEOPLE, KPIS, ROWS, months)),
                ],
                check=True,
                cwd=ROOT,
            )
            for details in ("month", "none"):
                cells = int(_python("cells", str(master), details))
                print(
                    f"\n{ROWS:,} rows of actuals in {months} month(s), details: {details}; "
                    f"{cells:,} cells in the report"
                )
                print(f"{'':28}{'seconds':>10}{'peak MB':>10}")
                found = {name: _line(name, measured(name, master, details)) for name in CONTENDERS}
                met &= _judge(found, 1.0 if details == "month" else 1.5, details == "month")
    return 0 if met else 1


def _line(name: str, one: Measured) -> Measured:
    print(f"{name:28}{one.seconds:>10.2f}{one.memory / 2**20:>10.1f}", flush=True)
    return one


def _judge(found: dict[str, Measured], most: float, with_rows: bool) -> bool:
    mine, pandas, low = found["report"], found["pandas + openpyxl"], found["calamine + XlsxWriter"]
    goals = [
        (
            f"≤ {most} × of calamine + XlsxWriter",
            f"{mine.seconds / low.seconds:.2f} ×",
            mine.seconds <= most * low.seconds,
        )
    ]
    if with_rows:
        goals.append(
            (
                "≥ 8 times faster than pandas + openpyxl",
                f"{pandas.seconds / mine.seconds:.1f} times",
                pandas.seconds >= 8 * mine.seconds,
            )
        )
        goals.append(
            (
                "less memory than pandas + openpyxl",
                f"{(mine.memory - pandas.memory) / 2**20:+.0f} MB",
                mine.memory < pandas.memory,
            )
        )
    for goal, said, good in goals:
        print(f"{'● met    ' if good else '■ not met'} {goal}: {said}")
    return all(good for *_, good in goals)


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["run"]:
        run(arguments[1], Path(arguments[2]), arguments[3])
        return 0
    if arguments[:1] == ["cells"]:
        with tempfile.TemporaryDirectory() as folder:
            print(save_cells(Path(arguments[1]), Path(folder), arguments[2]))
        return 0
    return compare()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
