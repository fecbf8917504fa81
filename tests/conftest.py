"""Programs that some tests need: skipped with the reason where absent, a failure where completeness
is asked for.
"""

from __future__ import annotations

import gc
import os
import shutil
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
"""On a desk each run tries other examples; a build tries the same ones each time, so that it says
something about the change.
"""

_SETTINGS = TemporaryDirectory(prefix="salesplan-settings-", ignore_cleanup_errors=True)
os.environ["SALESPLAN_CONFIG"] = str(Path(_SETTINGS.name) / "config.toml")
os.environ["SALESPLAN_STATE"] = str(Path(_SETTINGS.name) / "state")
"""The settings of whoever runs the tests have no say in them, and nothing is noted among what their
account keeps.
"""

if os.environ.pop("PYTHONDONTWRITEBYTECODE", "") and "PYTHONPYCACHEPREFIX" not in os.environ:
    _COMPILED = TemporaryDirectory(prefix="salesplan-compiled-", ignore_cleanup_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = _COMPILED.name
"""Where no compiled code is to be left beside the sources, the workers and what tests start share
it in a folder of the run's own: to compile the package anew took half of each start.
"""

if "SALESPLAN_TEST_SAMPLES" not in os.environ:
    _SAMPLES = TemporaryDirectory(prefix="salesplan-samples-", ignore_cleanup_errors=True)
    os.environ["SALESPLAN_TEST_SAMPLES"] = _SAMPLES.name
"""Where the run's processes share the sample: see tests/samples.py."""

gc.set_threshold(100_000, 20, 20)
"""Plans are records without cycles: to look for garbage as often as Python does cost a tenth of the
suite.
"""

PROGRAMS = {"libreoffice": "soffice", "validator": "ooxml-validator"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of the files that are asked for, each of a run's workers compiles its share first, and takes
    the others' from where compiled code is kept: their assertions, which pytest writes anew, took
    half of what it costs to begin, of every worker.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    root = session.config.rootpath
    files: list[Path] = []
    for argument in session.config.args:
        place = root / argument.partition("::")[0]
        files += sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # What cannot be imported, or skips itself, says so when it is collected.
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(root).with_suffix("").parts))


def pytest_sessionfinish() -> None:
    """The process ends: what it holds is not looked through for garbage once more."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, program in PROGRAMS.items():
            if (
                item.get_closest_marker(marker)
                and shutil.which(program) is None
                and not os.environ.get("SALESPLAN_TESTS_COMPLETE")
            ):
                item.add_marker(pytest.mark.skip(reason=f"{program} is not on this machine"))
