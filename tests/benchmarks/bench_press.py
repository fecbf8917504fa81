"""What a press costs in a real window: from the start of the process that a button starts to the
text in the status bar and to the last filled cell; and the processor's time.

``python -m tests.benchmarks.bench_press [CHECKOUT [SAMPLE_OF]]`` prints a table for the package of
that checkout (default: this one), on the sample of the other one (default: its own). Cold is the
first press after LibreOffice started, warm are those after it. Every module was compiled before,
as pip leaves them. When the status bar and the cells change is seen from outside: on the screen's
own memory, and over UNO.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesplan.config import STATE_VARIABLE
from salesplan.excel import COMMAND
from salesplan.excel.bridge import PIPE
from tests.live import office, window
from tests.live.window import Desk

ROUNDS, WARM = 4, 4
"""LibreOffice is started so many times, the first one only to compile; warm presses in each."""

BAR = 22
"""Pixels of the status bar at the window's lower edge."""

TITLES, COLUMNS = 5, 40
"""The row of a table's titles, and more columns than a table that is looked at has."""

HEADER = 3_232
"""Bytes before the pixels in the screen's memory (XWD with 256 colours), four a pixel."""


@dataclass(frozen=True, slots=True)
class Times:
    """One press, in seconds: sign in the status bar (None: none was seen), last cell filled, and
    the processor's time of the press's own process and of LibreOffice.
    """

    sign: float | None
    filled: float
    own: float
    office: float


def main(checkout: Path, sample_of: Path) -> None:
    cold: list[Times] = []
    warm: list[Times] = []
    with tempfile.TemporaryDirectory() as place:
        for turn in range(ROUNDS):
            folder = Path(place) / str(turn)
            folder.mkdir()
            first, *others = _round(folder, checkout, sample_of)
            if turn:
                cold.append(first)
                warm += others
    print(f"{'':<8}{'presses':>8}{'sign':>8}{'filled':>8}{'own CPU':>9}{'LibreOffice CPU':>17}")
    for name, found in (("cold", cold), ("warm", warm)):
        signs = [one.sign for one in found if one.sign is not None]
        sign = f"{statistics.median(signs):.2f}" if signs else "none"
        print(
            f"{name:<8}{len(found):>8}{sign:>8}{_median(found, lambda one: one.filled):>8.2f}"
            f"{_median(found, lambda one: one.own):>9.2f}"
            f"{_median(found, lambda one: one.office):>17.2f}"
        )


def _median(found: list[Times], of: Callable[[Times], float]) -> float:
    return statistics.median(map(of, found))


def _round(folder: Path, checkout: Path, sample_of: Path) -> list[Times]:
    """One LibreOffice, one sample, presses with an undo after each."""
    master = folder / "计划.xlsx"
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | {
        "PYTHONPATH": str(checkout),
        "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
        STATE_VARIABLE: str(folder / "state"),
    }
    making = (
        "from pathlib import Path; from salesplan.template import write_template; "
        f"write_template(Path({str(master)!r}), lang='zh', year=2026, example=True)"
    )
    making_with = environment | {
        "PYTHONPATH": str(sample_of),
        "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled" / "sample"),
    }
    subprocess.run([sys.executable, "-P", "-c", making], env=making_with, check=True)
    named = (checkout / "salesplan" / "excel" / "identity.py").is_file()
    with window.desk(folder, pixels=folder) as desk:
        environment |= {PIPE: desk.office.pipe, "DISPLAY": os.environ["DISPLAY"]}
        book = desk.open(master)
        time.sleep(2)
        found = []
        for _ in range(1 + WARM):
            found.append(_pressed(desk, book, folder, environment, named))
            _run(desk, book, "undo", environment, named)
            time.sleep(0.5)
        return found


def _command(book: Any, button: str, named: bool) -> list[str]:
    which = [window.identity(book)] if named else []
    return [sys.executable, *COMMAND, "--calc", button, *which]


def _pressed(
    desk: Desk, book: Any, folder: Path, environment: dict[str, str], named: bool
) -> Times:
    screen = (folder / "Xvfb_screen0").open("rb")
    width, height = map(int, window.SIZE.split("x")[:2])
    at = HEADER + 4 * width * (height - BAR)
    bar = _read(screen, at)
    cells = [_first(book, "组织", "在岗天数占比"), _first(book, "检查结果", "级别")]
    used_before = _processor(desk.office.process.pid)
    start, sign = time.perf_counter(), None
    process = subprocess.Popen(
        _command(book, "recalc", named), env=environment, stdout=subprocess.DEVNULL
    )
    while any(cell.value is None for cell in cells):
        if sign is None and _read(screen, at) != bar:
            sign = time.perf_counter() - start
        time.sleep(0.01)
    filled = time.perf_counter() - start
    own = _finished(desk, process)
    return Times(sign, filled, own, _processor(desk.office.process.pid) - used_before)


def _first(book: Any, sheet: str, title: str) -> Any:
    """The first cell below a column's title; a checkout has its own columns."""
    table = book.sheets[sheet]
    titles = table.range((TITLES, 1), (TITLES, COLUMNS)).value
    return table.range((TITLES + 1, 1 + titles.index(title)))


def _read(screen: Any, at: int) -> bytes:
    screen.seek(at)
    return bytes(screen.read())


def _run(desk: Desk, book: Any, button: str, environment: dict[str, str], named: bool) -> None:
    process = subprocess.Popen(
        _command(book, button, named), env=environment, stdout=subprocess.DEVNULL
    )
    _finished(desk, process)


def _finished(desk: Desk, process: subprocess.Popen[bytes]) -> float:
    """Answer the message and wait; the processor's seconds that the process took."""
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime
        for box in window.boxes(desk):  # one may be gone by then
            subprocess.run(
                ["xdotool", "windowactivate", "--sync", box, "key", "Escape"],
                check=False,
                capture_output=True,
            )
        time.sleep(0.2)


def _processor(pid: int) -> float:
    """The processor's seconds that a program and its children took so far."""
    ticks = 0
    for one in (pid, *office.children(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    given = [Path(argument).resolve() for argument in sys.argv[1:]] or [Path(__file__).parents[2]]
    main(given[0], given[-1])
