"""The Linux twin of a bundle: installed without a network into an empty environment, it makes the
demo. Its wheels are packed from what is installed here; with ``SALESPLAN_THOROUGH`` pip downloads
them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from salesplan.bundle import bundle
from salesplan.bundle.wheels import OWN

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("unshare") is None, reason="needs Linux and unshare"
)


def packed(folder: Path) -> Path:
    """A wheel of each package that ours needs here, out of its installed files."""
    folder.mkdir()
    waiting, seen = [OWN], set()
    while waiting:
        found = distribution(waiting.pop())
        if found.name in seen:
            continue
        seen.add(found.name)
        if found.name != OWN:
            _wheel(found, folder)
        for line in found.requires or ():
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                waiting.append(one.name)
    return folder


def _wheel(found: Distribution, folder: Path) -> None:
    name = found.name.replace("-", "_")
    files = [one for one in found.files or () if ".." not in one.parts and one.suffix != ".pyc"]
    with zipfile.ZipFile(folder / f"{name}-{found.version}-py3-none-any.whl", "w") as archive:
        for one in files:
            archive.write(str(found.locate_file(one)), str(one))


def alone(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    """A command with an empty environment, in a network of its own that has nothing in it."""
    user = [] if os.geteuid() == 0 else ["-r"]
    return subprocess.run(
        ["unshare", *user, "-n", *map(str, arguments)],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_twin_is_installed_without_a_network_and_makes_the_demo(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if alone("true", home=home).returncode:
        pytest.skip("no network namespaces here")
    thorough = bool(os.environ.get("SALESPLAN_THOROUGH"))
    wheels = None if thorough else packed(tmp_path / "wheels")
    made = bundle(tmp_path / "twin.zip", "linux_x86_64", wheels=wheels)
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(home)
    (top,) = home.glob("salesplan-*")
    installed = alone(sys.executable, top / "install.py", "--to", home / "there", home=home)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    (home / "click.py").write_text("raise SystemExit(99)", "utf-8")  # not to be imported
    done = alone(home / "there" / "bin" / "salesplan", "demo", "--lang", "en", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((home / "salesplan-demo").glob("*.xlsx"))) == 2
    asked = alone(
        home / "there" / "bin" / "python",
        "-Ic",
        "import salesplan, click; print(salesplan.__file__, click.__file__)",
        home=home,
    )
    assert all(str(home / "there") in one for one in asked.stdout.split())
    removed = alone(
        sys.executable, top / "install.py", "--to", home / "there", "--remove", home=home
    )
    assert removed.returncode == 0 and not (home / "there").exists()
