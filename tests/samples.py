"""The built-in sample as ``salesplan new --example`` writes it: made once in a run of the tests and
copied, since to make it takes half a second and a hundred tests begin with it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from salesplan import app

YEAR = 2026
SHARED = "SALESPLAN_TEST_SAMPLES"
"""Environment variable: the folder in which the processes of a run share what they made."""


def new_sample(path: Path, *, lang: str) -> Path:
    """A master of the sample that nothing has been filled in yet, at ``path``."""
    made = Path(os.environ[SHARED]) / f"{lang}.xlsx"
    if not made.exists():
        own = made.with_stem(f"{lang}-{os.getpid()}")
        app.new(own, lang=lang, year=YEAR, example=True)
        own.replace(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, path)
    return path
