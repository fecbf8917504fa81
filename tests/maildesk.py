"""A planner who sends: an outbox and settings of one's own for each test, a running mail server in
them, and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from salesplan import config
from salesplan.cli import commands
from tests.mailserver import PASSWORD, Running, smtp_server


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An outbox and settings of the test's own; settings are read once a process, so they are
    forgotten before and after.
    """
    for name, value in (
        ("SALESPLAN_STATE", tmp_path / "state"),
        ("SALESPLAN_CONFIG", tmp_path / "config.toml"),
        ("SALESPLAN_MAIL_PASSWORD", PASSWORD),
    ):
        monkeypatch.setenv(name, str(value))
    config.load.cache_clear()
    yield tmp_path / "state"
    config.load.cache_clear()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with smtp_server(tmp_path) as found:
        server = found.server
        lines = [
            "[mail]",
            f'host = "{server.host}"',
            f"port = {server.port}",
            f'user = "{server.user}"',
            'from = "planning@example.cn"',
            'name = "销售计划"',
            'domains = "example.cn"',
            f'ca_file = "{server.ca_file}"',
            "per_minute = 60000",
            "backoff = 0.01",
        ]
        (tmp_path / "config.toml").write_text("\n".join(lines), "utf-8")
        yield found


def run(*arguments: object, said: str = "") -> Result:
    return CliRunner().invoke(commands, [str(one) for one in arguments], input=said)
