"""The documentation builds, its links and pictures are there, and every command and finding is in
it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from salesplan.cli import COMMANDS
from salesplan.messages import catalogue
from tests import reference, sentences

ROOT = Path(__file__).parents[2]
ENGINEERS = ("design.md", "decisions.md", "rules.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        [*command, "-f", str(ROOT / ".ci" / "site.yml"), "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reference" / "findings.zh.html").exists()
    assert (tmp_path / "reference" / "sentences.html").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_pictures_are_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    made = {f"reference/{name}" for name in reference.pages()}
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target) and target not in made:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_page_has_its_twin(page: Path) -> None:
    """What planners, readers and IT open is there in both languages."""
    for_engineers = {*ENGINEERS, "crm-walkthrough.md", "CHANGELOG.md", "CONTRIBUTING.md"}
    if page.name in for_engineers:
        return
    stem = page.name.removesuffix(".md").removesuffix(".zh")
    assert (page.parent / f"{stem}.md").exists() and (page.parent / f"{stem}.zh.md").exists()


def test_every_command_is_described() -> None:
    page = reference.pages()["commands.md"]
    for name in COMMANDS:
        section = re.search(rf"^## salesplan {name}$\n\n(.+)$", page, re.M)
        assert section is not None and len(section[1]) > 20, name


def test_every_option_is_described() -> None:
    for line in reference.pages()["commands.md"].split("\n"):
        if line.startswith("| `-"):
            assert len(line.rsplit("|", 2)[1].strip()) > 5, line


@pytest.mark.parametrize("name", ["findings.md", "findings.zh.md"])
def test_every_finding_is_described(name: str) -> None:
    page = reference.pages()[name]
    assert all(f"| `{code}` |" in page for code in catalogue())


def test_every_sentence_stands_in_both_languages_with_the_samples_figures() -> None:
    """The page that a person reads through: none is missing, and what the sample says has no braces
    left.
    """
    page = sentences.kept_page()
    blocks = re.findall(r"^`(\w+)`\n\n- (.+)\n- (.+)$", page, re.M)
    keys = {key for key, _, _ in blocks}
    assert len(blocks) == page.count("\n- ") / 2 and len(keys) == len(blocks)
    assert {"sentence_ytd", "sentence_asked", "sentence_red", "issue_kpi"} <= keys
    told = [text for _, *both in blocks for text in both if not text.startswith("*")]
    assert len(told) > 60 and not [text for text in told if "{" in text]
    assert "营收年初至今 850万元" in page and "Revenue YTD CNY 8,500k" in page
    assert page.count("## ") == 2


def test_every_file_that_a_page_for_engineers_names_is_there() -> None:
    """A path below the root or the package; a bare name is in the room that was named before it."""
    for name in ("CONTRIBUTING.md", *(f"docs/{page}" for page in ENGINEERS)):
        room = ROOT / "salesplan"
        for path in re.findall(r"`([\w/.]+\.(?:py|xml))`", (ROOT / name).read_text("utf-8")):
            if path == "salesplan.py" or "NAME" in path:  # an attacker's, and one to be written
                continue
            places = [top / path for top in (ROOT, ROOT / "salesplan", room)]
            found = next((place for place in places if place.is_file()), None)
            assert found is not None, f"{name}: {path} (after {room.relative_to(ROOT)})"
            room = found.parent


def test_the_recipes_name_their_files() -> None:
    """Three files for a check and for a section, four with the workbooks for a column."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    steps = {
        part.split("\n")[0]: len(re.findall(r"^\d\. ", part, re.M))
        for part in re.split(r"^## ", text, flags=re.M)[1:]
    }
    assert steps["Add a check"] == steps["Add a section of the report"] == 3
    assert steps["Add a column"] == 4


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_says_what_each_button_does(lang: str) -> None:
    """The labels of the ribbon are “中文 English”."""
    ribbon = (ROOT / "macros" / "customUI14.xml").read_text("utf-8")
    guide = (ROOT / "docs" / ("guide.md" if lang == "en" else "guide.zh.md")).read_text("utf-8")
    labels = re.findall(r'<button[^>]*?label="(\S+) ([^"]+)"', ribbon)
    assert len(labels) > 10
    for chinese, english in labels:
        assert f"\n| {english if lang == 'en' else chinese} |" in guide, english
