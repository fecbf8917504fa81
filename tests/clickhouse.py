"""ClickHouse of the tests' own: its engine (chdb) in a process of its own behind ClickHouse's HTTP
interface, as far as its Python driver asks it. ``python -m tests.clickhouse FOLDER``
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


def serve(folder: str) -> None:
    """Answer queries at a free port, which is printed first, until the process is ended."""
    from chdb.session import Session

    session = Session(folder)

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer("")

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            self.answer(self.rfile.read(size).decode("utf-8", "replace"))

        def answer(self, body: str) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            sql = asked["query"][0] + "\n" + body if "query" in asked else body
            try:
                made, status = session.query(sql or "select 1", "TabSeparated").bytes(), 200
            except Exception as error:
                made, status = str(error).encode(), 500
            self.send_response(status)
            self.send_header("Content-Length", str(len(made)))
            self.send_header("X-ClickHouse-Summary", "{}")
            self.send_header("X-ClickHouse-Timezone", "UTC")
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a running server."""
    words = [sys.executable, "-m", "tests.clickhouse", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            yield f"clickhouse://default@127.0.0.1:{port}/default"
        finally:
            process.kill()


if __name__ == "__main__":
    serve(sys.argv[1])
