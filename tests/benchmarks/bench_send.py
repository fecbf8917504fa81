"""Sending 200 books over a real SMTP server on loopback: seconds, and the sender's peak memory.

``python -m tests.benchmarks.bench_send [RECIPIENTS [KIB]]`` prints the figures; the pace is set so
high that it does not count.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from hashlib import sha256
from pathlib import Path

from salesplan import app
from salesplan.delivery.manifest import Book, Manifest, Recipient
from salesplan.delivery.manifest_file import write
from salesplan.delivery.settings import MailSettings
from tests.mailserver import PASSWORD, smtp_server


def folder_of(folder: Path, recipients: int, kib: int) -> None:
    """A manifest and a book of that size for everyone."""
    found = []
    for number in range(recipients):
        code, data = f"P{number:04}", os.urandom(kib * 1024)
        name = f"report_{code}.xlsx"
        (folder / name).write_bytes(data)
        book = Book(
            name,
            sha256(data).hexdigest(),
            len(data),
            code,
            f"Unit {number}",
            1,
            0,
            0,
            0,
            ("One.", "Two.", "Three."),
        )
        found.append(Recipient(code, f"Person {number}", f"{code.lower()}@example.cn", book))
    write(
        folder,
        Manifest(
            "2026-06",
            date(2026, 6, 30),
            "en",
            "Monthly execution report",
            "plan.xlsx",
            "0" * 64,
            (),
            None,
            tuple(found),
        ),
    )


def send(folder: str, port: str, authority: str) -> None:
    """What the measured process does."""
    settings = MailSettings(
        "127.0.0.1",
        int(port),
        "starttls",
        "planner",
        "planning@example.cn",
        ca_file=authority,
        per_minute=6e6,
    )
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    entries = app.send(app.delivery(Path(folder)), settings)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{len(entries)} messages, {sum(one.state.value == 'sent' for one in entries)} sent: "
        f"{seconds:.2f} s, peak {peak / 1024:.0f} MiB ({(peak - base) / 1024:.0f} above start)"
    )


def main(recipients: int = 200, kib: int = 200) -> None:
    with tempfile.TemporaryDirectory() as name, smtp_server(Path(name)) as running:
        reports = Path(name) / "reports"
        reports.mkdir()
        folder_of(reports, recipients, kib)
        environment = {
            **os.environ,
            "SALESPLAN_STATE": f"{name}/state",
            "SALESPLAN_MAIL_PASSWORD": PASSWORD,
        }
        arguments = [
            sys.executable,
            "-m",
            "tests.benchmarks.bench_send",
            "--send",
            str(reports),
            str(running.server.port),
            str(running.server.ca_file),
        ]
        subprocess.run(arguments, check=True, env=environment)
        print(
            f"arrived: {len(running.post.arrived)} of {recipients}, "
            f"{len(set(running.post.addresses))} addresses, {kib} KiB each"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(*sys.argv[2:5])
    else:
        main(*map(int, sys.argv[1:]))
