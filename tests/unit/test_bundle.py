"""A bundle: the wheels that a target needs and no others, the same bytes every time, and an
installer that writes into its folder alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from salesplan.bundle import bundle, installer
from salesplan.bundle.__main__ import main
from salesplan.bundle.target import target_of
from salesplan.bundle.wheels import OWN, own_wheel, plain_name
from salesplan.findings import SalesplanError

NEW = "9999.1"
"""A version that every requirement takes."""
EMBEDDED = {
    "python.exe": b"MZ",
    "pythonw.exe": b"MZ",
    "python312.dll": b"MZ",
    "python312.zip": b"PK",
    "python312._pth": b"python312.zip\n.\n\n# Uncomment to run site.main()\n#import site\n",
}


def wheel(
    folder: Path,
    name: str,
    requires: str = "",
    files: dict[str, str] | None = None,
    *,
    version: str = NEW,
    tag: str = "py3-none-any",
) -> Path:
    """A small wheel of that name."""
    path = folder / f"{name}-{version}-{tag}.whl"
    inner = {
        f"{name}-{version}.dist-info/METADATA": requires,
        f"{name}/__init__.py": "",
        **(files or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in inner.items():
            archive.writestr(each, text)
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A wheel for each requirement of ours, one of which needs others by its marker."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for line in distribution(OWN).requires or ():
        if "extra ==" not in line:
            wheel(folder, line.partition(">")[0].strip().replace("-", "_"))
    (folder / f"xlwings-{NEW}-py3-none-any.whl").unlink()
    wheel(
        folder,
        "xlwings",
        'Requires-Dist: pywin32 >=224 ; platform_system == "Windows"\n'
        'Requires-Dist: appscript ; sys_platform == "darwin"\n'
        'Requires-Dist: extra-thing ; extra == "pro"\n\n',
    )
    for name in ("pywin32", "appscript", "stray"):
        wheel(folder, name)
    return folder


def archive_of(data: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    return path


def unpacked(made: Path, folder: Path) -> Path:
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder)
    (top,) = folder.iterdir()
    return top


def test_only_what_the_target_needs_is_in_it(wheels: Path, tmp_path: Path) -> None:
    """Markers are asked of the target, not of this machine."""
    windows = bundle(tmp_path / "win.zip", "win_amd64", python_version="3.12", wheels=wheels)
    linux = bundle(tmp_path / "linux.zip", "linux_x86_64", python_version="3.12", wheels=wheels)
    names = {one.partition("-")[0] for one in windows.wheels}
    assert {"pywin32", "tzdata", "salesplan"} <= names and not {"appscript", "stray"} & names
    assert not {"pywin32", "tzdata"} & {one.partition("-")[0] for one in linux.wheels}
    assert windows.size == (tmp_path / "win.zip").stat().st_size


def test_wheels_of_other_machines_and_versions_are_no_wheels(wheels: Path, tmp_path: Path) -> None:
    """What is in the folder by chance is not taken: an old version, another system's, another
    Python's.
    """
    for tag in ("cp312-cp312-win_amd64", "cp39-abi3-win_amd64", "cp312-cp312-manylinux2014_x86_64"):
        wheel(wheels, "pandas", version="9999.2", tag=tag)
    wheel(wheels, "pandas", version="9999.3", tag="cp313-cp313-win_amd64")
    wheel(wheels, "click", version="0.1")
    made = bundle(tmp_path / "win.zip", "win_amd64", python_version="3.12", wheels=wheels)
    click, pandas = (one for one in made.wheels if one.startswith(("pandas", "click")))
    assert click == f"click-{NEW}-py3-none-any.whl"
    assert pandas.startswith("pandas-9999.2-cp") and pandas.endswith("win_amd64.whl")


def test_wheels_for_a_mac() -> None:
    mac = target_of("macosx_12_0_arm64", "3.12")
    assert mac.runs("cp312", "cp312", "macosx_11_0_arm64")
    assert mac.runs("py3", "none", "macosx_10_9_universal2")
    assert not mac.runs("cp312", "cp312", "macosx_13_0_arm64")
    assert not mac.runs("cp312", "cp312", "macosx_11_0_x86_64")


def test_the_same_wheels_give_the_same_bytes(wheels: Path, tmp_path: Path) -> None:
    first, second = (
        bundle(tmp_path / name, "win_amd64", python_version="3.12", wheels=wheels).path
        for name in ("a.zip", "b.zip")
    )
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.partition("/")[0] for one in archive.namelist()} == {
            f"salesplan-{distribution(OWN).version}-win_amd64"
        }


def test_our_own_wheel_has_everything_and_says_so(tmp_path: Path) -> None:
    name, data = own_wheel()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        pages = ("report/page.html", "report/page.css", "meeting/page.html")
        assert {"salesplan/addin/salesplan.xlam", *(f"salesplan/{one}" for one in pages)} <= names
        assert not [one for one in names if "__pycache__" in one]
        (record,) = [one for one in names if one.endswith("/RECORD")]
        listed = [line.split(",")[0] for line in archive.read(record).decode().splitlines()]
    assert sorted(listed) == sorted(names) and name.endswith("-py3-none-any.whl")


def test_an_embeddable_python_is_taken_along(wheels: Path, tmp_path: Path) -> None:
    python = archive_of(EMBEDDED, tmp_path / "embed.zip")
    made = bundle(tmp_path / "win.zip", "win_amd64", python=python, wheels=wheels)
    assert made.target.python == "3.12" and made.with_python
    top = unpacked(made.path, tmp_path / "there")
    assert (top / "python" / "python.exe").is_file()
    assert (top / "README.txt").read_bytes().startswith(b"\xef\xbb\xbfsalesplan\r\n")
    script = (top / "install.cmd").read_bytes()
    assert script.isascii() and b"\r\n" in script and b'set "PY=py -3.12"' in script
    manifest = json.loads((top / "manifest.json").read_text())
    packages = installer.interpreter(top, tmp_path / "new", manifest)
    assert packages == tmp_path / "new" / "python" / "Lib" / "site-packages"
    paths = (tmp_path / "new" / "python" / "python312._pth").read_text().splitlines()
    assert "import site" in paths and "Lib\\site-packages" in paths and "#import site" not in paths


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../out.txt", "bundle-python-unsafe"),
        ("/abs.txt", "bundle-python-unsafe"),
        ("C:\\x.txt", "bundle-python-unsafe"),
        ("a\\b.txt", "bundle-python-unsafe"),
    ],
)
def test_a_hostile_python_is_refused(name: str, code: str, wheels: Path, tmp_path: Path) -> None:
    python = archive_of({**EMBEDDED, name: b"x"}, tmp_path / "embed.zip")
    with pytest.raises(SalesplanError) as refused:
        bundle(tmp_path / "win.zip", "win_amd64", python=python, wheels=wheels)
    assert refused.value.finding.code == code
    assert not (tmp_path / "win.zip").exists()


def refusals(wheels: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is refused, by code: the arguments of the command."""
    python = archive_of(EMBEDDED, folder / "embed.zip")
    no_python = archive_of({"a.txt": b""}, folder / "none.zip")
    mine = folder / "mine.zip"
    mine.write_bytes(b"mine")
    empty = folder / "empty"
    empty.mkdir()
    out, given = str(folder / "out.zip"), ["--wheels", str(wheels)]
    yield "bundle-target", [out, "--platform", "amiga", *given]
    yield "bundle-target", [out, "--platform", "win_amd64", "--python-version", "2.7", *given]
    yield "bundle-no-python", [out, "--platform", "win_amd64", "--python", str(no_python), *given]
    yield "bundle-no-python", [out, "--platform", "win_amd64", "--python", str(mine), *given]
    yield "bundle-python-of-windows", [out, "--platform", "linux_x86_64", "--python", str(python)]
    yield "bundle-out", [str(mine), "--platform", "win_amd64", *given]
    yield "bundle-out", [str(folder / "out.exe"), "--platform", "win_amd64", *given]
    yield "bundle-missing", [out, "--platform", "win_amd64", "--wheels", str(empty)]


def test_bad_input_is_refused_in_both_languages(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from salesplan.messages import catalogue

    for code, arguments in refusals(wheels, tmp_path):
        assert main(arguments) in (1, 2), code
        said = capsys.readouterr().err
        message = catalogue()[code]
        for text in (message.fix.zh, message.fix.en):
            assert text in said, (code, said)
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"
    assert not (tmp_path / "out.zip").exists()


def test_what_pip_cannot_have_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an index pip says which package it lacks, and so do we."""
    from salesplan.messages import catalogue

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert main([str(tmp_path / "out.zip"), "--platform", "win_amd64"]) == 1
    said = capsys.readouterr().err
    assert "cannot be downloaded" in said and catalogue()["bundle-download"].fix.zh in said


def test_a_python_without_packaging_says_so(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`bundle-needs-pip`: what reads requirements is no dependency of a planner's install."""
    from salesplan.bundle import wheels as rooms

    rooms._reader.cache_clear()
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    with pytest.raises(SalesplanError) as refused:
        bundle(tmp_path / "out.zip", "win_amd64", wheels=wheels)
    assert refused.value.finding.code == "bundle-needs-pip"
    rooms._reader.cache_clear()


# -- the installer


@pytest.mark.parametrize("name", ["../x.py", "a/../../x.py", "/x.py", "C:/x.py", "a\\..\\x.py"])
def test_a_wheel_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    bad = wheel(tmp_path, "bad", files={name: "evil"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(installer.Refused):
        installer.unpack(bad, tmp_path / "to" / "packages", tmp_path / "to")
    added = set(tmp_path.rglob("*")) - set(before)
    assert all(one.is_relative_to(tmp_path / "to") for one in added)


def test_data_of_a_wheel_goes_where_it_belongs(tmp_path: Path) -> None:
    base, packages = tmp_path / "b", tmp_path / "b" / "p"
    placed = {
        name: installer.placed(name, packages, base)
        for name in (
            "x/a.py",
            "x-1.data/purelib/x/b.py",
            "x-1.data/data/c.dll",
            "x-1.data/scripts/d",
        )
    }
    assert list(placed.values()) == [packages / "x/a.py", packages / "x/b.py", base / "c.dll", None]


def here(tmp_path: Path, wheels: Path) -> Path:
    made = bundle(tmp_path / "here.zip", "linux_x86_64", wheels=wheels)
    return unpacked(made.path, tmp_path / "there")


def test_it_is_installed_whole_or_not_at_all(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top, target = here(tmp_path, wheels), tmp_path / "installed"
    changed = next((top / "wheels").glob("click-*"))
    good = changed.read_bytes()
    changed.write_bytes(good + b"x")
    with pytest.raises(installer.Refused, match="damaged"):
        installer.install(top, target)
    assert not target.exists() and not list(tmp_path.glob("installed*"))
    changed.write_bytes(good)
    installer.install(top, target)
    command = target / "bin" / "salesplan"
    assert str(target / "bin" / "python") in command.read_text()
    installer.install(top, target)
    assert "Installed" in capsys.readouterr().out
    installer.remove(target)
    assert not target.exists() and not list(tmp_path.glob("installed*"))


def test_it_runs_on_an_embeddable_python() -> None:
    """Which has neither venv nor pip."""
    blocked = "import sys; sys.modules |= dict.fromkeys(('venv', 'ensurepip', 'pip'))"
    script = f"{blocked}; import runpy; runpy.run_path({installer.__file__!r})"
    subprocess.run([sys.executable, "-I", "-c", script], check=True)


def test_the_command_of_windows_is_found_by_its_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In ASCII whatever the account is called, and isolated from the folder where it is called."""
    monkeypatch.setattr(installer, "WINDOWS", True)
    target = tmp_path / "张三" / "salesplan"
    called = installer.commands(tmp_path, target, {"with_python": True})
    text = (tmp_path / "salesplan.cmd").read_bytes()
    assert text.isascii() and text.startswith(b'@"%~dp0python')
    assert text.endswith(b'python.exe" -I -m salesplan %*\r\n')
    assert called == [str(target / "python" / "python.exe"), "-I", "-m", "salesplan"]


@pytest.mark.parametrize(("tries", "whole"), [(2, True), (99, False)])
def test_a_folder_that_somebody_looks_at_is_moved_a_moment_later(
    tries: int, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner lets go of it; an open workbook does not, and what was there stands."""
    new, target, old = (tmp_path / f"x{end}" for end in (".new", "", ".old"))
    new.mkdir()
    target.mkdir()
    (target / "old").touch()
    waited: list[float] = []
    monkeypatch.setattr(installer.time, "sleep", waited.append)
    rename = Path.rename

    def held(folder: Path, place: Path) -> Path:
        if folder == new and len(waited) < tries:
            raise PermissionError(13, "in use")
        return rename(folder, place)

    monkeypatch.setattr(Path, "rename", held)
    if whole:
        installer.replace(new, target)
        assert not list(target.iterdir()) and waited == [0.2, 0.5]
        return
    with pytest.raises(installer.Refused, match="Close Excel"):
        installer.replace(new, target)
    assert (target / "old").exists() and not old.exists()


def test_long_paths_and_a_python_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("C:/x/y.txt")
    assert installer.longer(path) == path
    monkeypatch.setattr(installer, "WINDOWS", True)
    assert str(installer.longer(path)).startswith("\\\\?\\C:")
    monkeypatch.setattr(sys, "base_prefix", "/Program Files/WindowsApps/Python")
    assert installer.usual_folder() == Path.home() / "salesplan-program"


def test_a_folder_of_somebody_s_is_left_alone(wheels: Path, tmp_path: Path) -> None:
    top, target = here(tmp_path, wheels), tmp_path / "mine"
    target.mkdir()
    (target / "plan.xlsx").write_bytes(b"mine")
    for act in (lambda: installer.install(top, target), lambda: installer.remove(target)):
        with pytest.raises(installer.Refused):
            act()
    assert [one.name for one in target.iterdir()] == ["plan.xlsx"]


def test_another_system_or_python_is_refused(tmp_path: Path, wheels: Path) -> None:
    for platform, version in (("win_amd64", ""), ("linux_x86_64", "3.99")):
        made = bundle(tmp_path / "x.zip", platform, python_version=version, wheels=wheels)
        folder = tmp_path / platform
        with pytest.raises(installer.Refused):
            installer.install(unpacked(made.path, folder), tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_the_platforms_of_wheels_for_linux() -> None:
    tags = target_of("linux_x86_64", "3.12").tags
    assert tags[0].startswith("manylinux_2_28") and tags[-1] == "linux_x86_64"
    assert plain_name("Python_Calamine") == "python-calamine"


def test_the_digests_are_those_of_the_wheels(wheels: Path, tmp_path: Path) -> None:
    top = here(tmp_path, wheels)
    listed = json.loads((top / "manifest.json").read_text())["wheels"]
    for one in (top / "wheels").iterdir():
        assert listed.pop(one.name) == hashlib.sha256(one.read_bytes()).hexdigest()
    assert not listed
