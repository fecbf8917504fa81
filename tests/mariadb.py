"""A MariaDB server of the tests' own: its data in a temporary folder, started by a user who is not
root, reached by a socket in that folder only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "reader"
PLACES = ("/usr/sbin", "/usr/bin", "/usr/local/bin")
SECONDS = 60


def programs() -> tuple[str, str] | None:
    """The server, and what makes its data; None where they are not installed."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *PLACES))
    server = shutil.which("mariadbd", path=path)
    made = shutil.which("mariadb-install-db", path=path)
    return (server, made) if server and made else None


@contextmanager
def server() -> Iterator[Path]:
    """The socket of a running server; its owner is root, without a password."""
    found = programs()
    assert found is not None
    mariadbd, install = found
    folder = Path(tempfile.mkdtemp(prefix="my-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql", "mysql")
    data = ["--no-defaults", f"--datadir={folder}/data"]
    try:
        auth = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(
            _as_other(install, *data, *auth), check=True, capture_output=True, cwd="/tmp"
        )
        socket = folder / "s"
        more = ["--skip-networking", "--innodb-buffer-pool-size=8M", f"--socket={socket}"]
        running = subprocess.Popen(
            _as_other(mariadbd, *data, *more, f"--log-error={folder}/log"), cwd="/tmp"
        )
        try:
            _wait(socket, running)
            yield socket
        finally:
            running.terminate()
            running.wait(SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(socket: Path, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while not socket.exists():
        if running.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"mariadbd did not start: {running.returncode}")
        time.sleep(0.1)


def _as_other(*words: str) -> list[str]:
    other = ["setpriv", "--reuid=mysql", "--regid=mysql", "--clear-groups"]
    return [*(other if os.geteuid() == 0 else []), *words]
