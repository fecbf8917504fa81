"""Filling 4,800 cells of a workbook that also has a 100,000-row sheet: this program, openpyxl, and
the bare zip work.

``python -m tests.benchmarks.bench_patch`` prints the table; every figure comes from a process of
its own, the best of several for the quick ones. Memory is the process's peak above that of an
interpreter with the same imports.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ROWS, COLUMNS = 200, 24
"""The filled table: 4,800 cells."""

PLAN_ROWS = 4_000
"""Rows of a target sheet of a company: 400 units by 10 KPIs."""

SHEET, DATA, PLAN = "目标", "实绩", "目标分解"
PARTS = {
    SHEET: "xl/worksheets/sheet1.xml",
    DATA: "xl/worksheets/sheet2.xml",
    PLAN: "xl/worksheets/sheet3.xml",
}

GOALS = (
    "≤ 1/50 of openpyxl",
    "≤ 3 × inflate + deflate, the touched sheet a target sheet of 4,000 rows",
    "≤ 3 × inflate + deflate, the 4,800 cells being all of the touched sheet",
    "≤ 3 × inflate + deflate, the touched sheet being the large one",
    "memory does not grow with untouched sheets",
)


@dataclass(frozen=True)
class Measured:
    """The best time in seconds and the peak memory above an idle process in bytes."""

    seconds: float
    memory: int


def write_book(path: Path, data_rows: int) -> None:
    """A table of 24 columns to fill, beside a sheet of so many rows of 12 cells."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    amount = book.add_format({"num_format": "#,##0.00", "border": 1})
    sheet, data = book.add_worksheet(SHEET), book.add_worksheet(DATA)
    for row in range(1, ROWS + 1):
        for column in range(COLUMNS):
            sheet.write_number(row, column, row * column, amount)
    sheet.add_table(
        0,
        0,
        ROWS,
        COLUMNS - 1,
        {"columns": [{"header": f"列{column}"} for column in range(COLUMNS)]},
    )
    plan = book.add_worksheet(PLAN)
    for row in range(PLAN_ROWS):
        for column in range(COLUMNS):
            plan.write_number(row, column, row * 1.37 + column, amount)
    for row in range(data_rows):
        for column in range(12):
            if column < 4:
                data.write_string(row, column, f"客户{row % 977}-{column}")
            else:
                data.write_number(row, column, row * 1.37 + column, amount)
    book.close()


def patch(path: Path, out: Path) -> Callable[[], object]:
    from salesplan.workbook import CellChange, patch_workbook
    from salesplan.workbook import package as _  # noqa: F401 (its time is the interpreter's, not the patch's)
    from salesplan.workbook.refs import cell_ref

    cells = [
        CellChange(SHEET, cell_ref(row + 2, column + 1), Decimal(row * column) / 7)
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]
    return lambda: patch_workbook(path, out, cells)


def patch_plan(path: Path, out: Path) -> Callable[[], object]:
    """As many cells of a target sheet: the twelve months of every tenth row."""
    from salesplan.workbook import CellChange, patch_workbook
    from salesplan.workbook.refs import cell_ref

    cells = [
        CellChange(PLAN, cell_ref(10 * row + 1, column + 1), Decimal(row * column) / 7)
        for row in range(PLAN_ROWS // 10)
        for column in range(12)
    ]
    return lambda: patch_workbook(path, out, cells)


def patch_large(path: Path, out: Path) -> Callable[[], object]:
    """As many cells, spread over the sheet of 100,000 rows."""
    from salesplan.workbook import CellChange, patch_workbook

    cells = [
        CellChange(DATA, f"E{row * 20 + 1}", Decimal(row) / 7) for row in range(ROWS * COLUMNS)
    ]
    return lambda: patch_workbook(path, out, cells)


def append(path: Path, out: Path) -> Callable[[], object]:
    """An import: 100,000 new rows of 7 cells below the data."""
    from datetime import date, timedelta

    from salesplan.workbook import CellChange, patch_workbook

    day = date(2026, 1, 1)
    first = 10_001
    cells = []
    for row in range(100_000):
        values = (
            day + timedelta(row % 181),
            f"P{row % 50}",
            "REV",
            "AB"[row % 2],
            f"客户{row % 500}",
            Decimal(row % 9000) / 1000,
            1,
        )
        cells += [
            CellChange(DATA, f"{'ABCDEFG'[column]}{first + row}", value)
            for column, value in enumerate(values)
        ]
    return lambda: patch_workbook(path, out, cells)


def through_openpyxl(path: Path, out: Path) -> Callable[[], object]:
    from openpyxl import load_workbook

    def run() -> None:
        book = load_workbook(path)
        sheet = book[SHEET]
        for row in range(ROWS):
            for column in range(COLUMNS):
                sheet.cell(row + 2, column + 1, Decimal(row * column) / 7)
        book.save(out)

    return run


def inflate_deflate(path: Path, part: str) -> Callable[[], object]:
    """The least that any program must do with the touched sheet."""
    with zipfile.ZipFile(path) as opened:
        info = opened.getinfo(part)
    start = info.header_offset + 30 + len(info.filename)
    packed = path.read_bytes()[start : start + info.compress_size]

    def run() -> None:
        content = zlib.decompress(packed, -15)
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        zlib.crc32(content)
        packer.compress(content)
        packer.flush()

    return run


CONTENDERS: dict[str, Callable[[Path, Path], Callable[[], object]]] = {
    "patch": patch,
    "patch plan": patch_plan,
    "patch large": patch_large,
    "openpyxl": through_openpyxl,
    "append": append,
    "bare": lambda path, _: inflate_deflate(path, PARTS[SHEET]),
    "bare plan": lambda path, _: inflate_deflate(path, PARTS[PLAN]),
    "bare large": lambda path, _: inflate_deflate(path, PARTS[DATA]),
}


def measured(name: str, path: Path, times: int) -> Measured:
    """Run a contender in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.bench_patch",
        "run",
        name,
        str(path),
        str(times),
    ]
    said = json.loads(
        subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
        ).stdout
    )
    return Measured(said["seconds"], said["memory"])


def run(name: str, path: Path, times: int) -> None:
    """Measure a contender here and print the result."""
    with tempfile.TemporaryDirectory() as folder:
        step = CONTENDERS[name](path, Path(folder) / "out.xlsx")
        before = _peak()
        seconds = []
        for _ in range(times):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": min(seconds), "memory": _peak() - before}))


def _peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def compare() -> int:
    """Print the table and whether the goals are met; 1 if one is not."""
    with tempfile.TemporaryDirectory() as folder:
        books = {rows: Path(folder) / f"book{rows}.xlsx" for rows in (100, 10_000, 100_000)}
        # elsewhere: a program started by a large process counts that one's memory as its own peak
        for rows, path in books.items():
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.bench_patch",
                    "write",
                    str(path),
                    str(rows),
                ],
                check=True,
                cwd=Path(__file__).parents[2],
            )
        big = books[100_000]
        size = big.stat().st_size
        print(
            f"{ROWS * COLUMNS:,} cells filled; beside them a sheet of 100,000 rows × 12 cells; "
            f"file of {size / 2**20:.1f} MB\n"
        )
        print(f"{'':36}{'seconds':>10}{'peak MB':>10}")
        ours = {
            rows: _line(f"patch_workbook, {rows:,} rows beside", measured("patch", path, 7))
            for rows, path in books.items()
        }
        theirs = _line("openpyxl load + save", measured("openpyxl", big, 1))
        bare = _line("inflate + deflate, touched sheet", measured("bare", big, 7))
        plan = _line("patch_workbook, in a target sheet", measured("patch plan", big, 7))
        bare_plan = _line("inflate + deflate, target sheet", measured("bare plan", big, 7))
        large = _line("patch_workbook, in the large sheet", measured("patch large", big, 3))
        bare_large = _line("inflate + deflate, large sheet", measured("bare large", big, 3))
        _line("700,000 cells in 100,000 new rows", measured("append", books[10_000], 1))
        larger = size / books[100].stat().st_size
    best = ours[100_000]
    growth = best.memory - ours[100].memory
    told = (
        f"{theirs.seconds / best.seconds:,.0f} times faster",
        f"{plan.seconds / bare_plan.seconds:.1f} ×",
        f"{best.seconds / bare.seconds:.1f} ×",
        f"{large.seconds / bare_large.seconds:.1f} ×",
        f"{growth / 2**20:+.1f} MB for a file {larger:.0f} times as large ({size / 2**20:.1f} MB)",
    )
    met = (
        theirs.seconds >= 50 * best.seconds,
        plan.seconds <= 3 * bare_plan.seconds,
        best.seconds <= 3 * bare.seconds,
        large.seconds <= 3 * bare_large.seconds,
        growth < 4 * 2**20,
    )
    print()
    for goal, said, good in zip(GOALS, told, met, strict=True):
        print(f"{'● met    ' if good else '■ not met'} {goal}: {said}")
    return 0 if all(met) else 1


def _line(name: str, one: Measured) -> Measured:
    print(f"{name:36}{one.seconds:>10.4f}{one.memory / 2**20:>10.1f}", flush=True)
    return one


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["run"]:
        run(arguments[1], Path(arguments[2]), int(arguments[3]))
        return 0
    if arguments[:1] == ["write"]:
        write_book(Path(arguments[1]), int(arguments[2]))
        return 0
    return compare()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
