"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, started by a user who is
not root, reached by a socket in that folder only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
USER, PASSWORD = "reader", "a secret of the tests"


def programs() -> Path | None:
    """Where the server's programs are; None where they are not installed."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next(iter(HOMES), None)


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server's database, without its password."""
    home = programs()
    assert home is not None
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if root:
        shutil.chown(folder, "postgres", "postgres")
    (folder / "password").write_text(PASSWORD, encoding="ascii")
    (folder / "password").chmod(0o644)
    try:
        initdb = ["-D", f"{folder}/data", "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8"]
        _run(home / "initdb", *initdb, f"--pwfile={folder}/password", "--locale=C.UTF-8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(
            home / "pg_ctl",
            "-D",
            f"{folder}/data",
            "-w",
            "-o",
            options,
            "-l",
            f"{folder}/log",
            "start",
        )
        yield f"postgresql://owner@/postgres?host={folder}"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _run(home / "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *arguments: str) -> None:
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    words = [*(other if os.geteuid() == 0 else []), str(program), *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/tmp")
    if done.returncode:
        raise RuntimeError(f"{program.name}: {done.stderr or done.stdout}")
