"""What the suite costs, file by file: `python -m pytest -p tests.cpu -n 0 …`.

Counted is CPU, of the test process and of every process it started and waited for, not the time on
the clock: that depends on what else the machine does. A fixture of the session is on the file that
asked for it first.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

LISTED = 40
"""How many files and how many single tests the summary names."""


class Meter:
    """CPU seconds since it was last read."""

    def __init__(self) -> None:
        self.last = sum(os.times()[:4])

    def read(self) -> float:
        """Seconds of user and system time, children's included, since the last reading."""
        now = sum(os.times()[:4])
        spent, self.last = now - self.last, now
        return spent


METER = Meter()
FILES: Counter[str] = Counter()
TESTS: Counter[str] = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    report.cpu = METER.read()  # type: ignore[attr-defined]
    return report


def pytest_runtest_logstart() -> None:
    """Where another process runs the tests, this one spends nothing on them."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        FILES["(collecting and distributing)"] += METER.read()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    cpu = getattr(report, "cpu", 0.0)
    FILES[report.nodeid.partition("::")[0]] += cpu
    TESTS[report.nodeid] += cpu


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    write = terminalreporter.write_line
    write(f"CPU {sum(FILES.values()):.1f} s in {len(FILES)} files, {len(TESTS)} tests")
    for counted in (FILES, TESTS):
        for name, cpu in counted.most_common(LISTED):
            write(f"{cpu:8.2f}  {name}")
