"""One LibreOffice for all tests of a worker that need an open workbook; journals in a folder of the
test's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salesplan.config import STATE_VARIABLE as STATE
from tests.live.office import Office, running


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE, str(folder / "state"))  # for what LibreOffice itself starts
        with running(folder) as office:
            yield office


@pytest.fixture
def office(started: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    yield started
    started.close_all()
