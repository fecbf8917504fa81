"""CONTRIBUTING's recipe for a column, followed in a copy of the package: the files that it names
are there, and they are enough.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

Edit = tuple[str, str, str]
"""A file, a piece of it, and what is put before that piece."""

PLANNERS: tuple[Edit, ...] = (
    (
        "salesplan/plan/schema/goals.py",
        '        Column(\n            "email",',
        '        Column("nickname", "简称", "Nickname", K.TEXT, "口头叫法。", "As people say."),\n',
    ),
    ("salesplan/plan/model/goals.py", '    email: str = ""\n', '    nickname: str = ""\n'),
)
ENGINES: tuple[Edit, ...] = (
    (
        "salesplan/plan/schema/goals.py",
        '        Column(\n            "presence",',
        '        Column("rank", "顺位", "Rank", K.INTEGER, "", "", owner=ENGINE),\n',
    ),
    ("salesplan/fill/columns.py", '"presence": results.presence', '"rank": u.origin.row, '),
)
SHOWN: tuple[Edit, ...] = (
    (
        "salesplan/plan/schema/action.py",
        '        Column(\n            "target_share",',
        "        KPI_NAME,\n",
    ),
)

FOLLOWED = """
import json, sys
from pathlib import Path
import openpyxl
from salesplan import app
from salesplan.plan.loader import load
from salesplan.template import write_template

new, older = Path("new.xlsx"), Path(sys.argv[1])
write_template(new, lang="zh", year=2026, example=True)
found = load(new).tables["units"]
row = found.row_numbers[0]
book = openpyxl.load_workbook(new)
book[found.sheet][found.columns["nickname"] + str(row)] = "总部"
book.save(new)
app.recalc(new, past=True)
done = load(new)
app.add(older, ["组织"])
print(json.dumps({
    "nickname": done.plan.units[0].nickname,
    "rank": done.tables["units"].column("rank")[0] == row,
    "names": done.tables["strategies"].column("kpi_name")[0],
    "added": sorted({"nickname", "rank"} & load(older).tables["units"].columns.keys()),
    "findings": [one.code for one in done.findings if one.code.startswith("column")],
}))
"""


def named() -> list[str]:
    """The files and folders of the package that the recipe names."""
    recipe = CONTRIBUTING.partition("## Add a column\n")[2].partition("\n## ")[0]
    return re.findall(r"`(salesplan/[\w/.]+)`", recipe)


def test_every_file_that_a_recipe_names_is_there() -> None:
    for path in re.findall(r"`((?:salesplan|tests|docs|macros)/[\w/.]+?)`", CONTRIBUTING):
        assert "NAME" in path or (ROOT / path).exists(), path


@pytest.mark.parametrize("edits", [PLANNERS, ENGINES, SHOWN])
def test_a_column_touches_no_file_that_its_recipe_does_not_name(edits: tuple[Edit, ...]) -> None:
    touched = {path for path, _, _ in edits}
    assert len(touched) <= 2, "besides a test and the workbooks"
    assert all(any(path.startswith(one) for one in named()) for path in touched)


def test_these_files_are_enough(tmp_path: Path) -> None:
    """A planner's column, an engine's and one for reading: in the template, read, filled, added to
    an older master.
    """
    from salesplan.template import write_template

    older = tmp_path / "older.xlsx"
    write_template(older, lang="zh", year=2026)
    shutil.copytree(ROOT / "salesplan", tmp_path / "salesplan")
    for path in (ROOT / "salesplan").rglob("*.py"):
        compiled = Path(cache_from_source(str(path)))
        if compiled.exists():  # that of a file that is not edited is as good for its copy
            own = Path(cache_from_source(str(tmp_path / path.relative_to(ROOT))))
            own.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(compiled, own)
    for name, before, more in (*PLANNERS, *ENGINES, *SHOWN):
        path = tmp_path / name
        source = path.read_text(encoding="utf-8")
        assert source.count(before) == 1, (name, before)
        path.write_text(source.replace(before, more + before), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-P", "-c", FOLLOWED, str(older)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "nickname": "总部",
        "rank": True,
        "names": "复购率",
        "added": ["nickname", "rank"],
        "findings": [],
    }
