"""``report --html --pptx``: the page and the deck go with their workbook; the audit reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from salesplan import app
from salesplan.app.auditing import secrets_of
from salesplan.audience.audit import audit
from salesplan.audience.confidential import Secrets
from salesplan.audience.results_slice import Part, part_of
from salesplan.audience.whole import Whole
from salesplan.plan.model import Plan
from tests.decks import Deck
from tests.integration.test_report_deck import different
from tests.maildesk import own_state, run  # noqa: F401 (a fixture)
from tests.samples import new_sample

FORMS = ("--html", "--pptx")


def test_each_gets_audited_forms_and_old_ones_go(tmp_path: Path) -> None:
    master, out = new_sample(tmp_path / "plan.xlsx", lang="en"), tmp_path / "out"
    each = ("report", master, "--audience", "each", "--level", "team", "-o", out)
    done = run(*each, *FORMS)
    assert done.exit_code == 0, done.output
    books = {one.stem for one in out.glob("*.xlsx")}
    for form in ("html", "pptx"):
        assert {one.stem for one in out.glob(f"*.{form}")} == books
    for file in out.glob("*.pptx"):
        assert different(Deck(file), file.with_suffix(".xlsx")) == []
    assert run(*each).exit_code == 0
    assert list(out.glob("*.html")) == [] and list(out.glob("*.pptx")) == []


def test_a_changed_form_is_not_replaced_and_it_is_said_that_an_old_one_goes(
    tmp_path: Path,
) -> None:
    master, out = new_sample(tmp_path / "plan.xlsx", lang="en"), tmp_path / "out"
    report = ("report", master, "-o", out)
    assert run(*report, *FORMS).exit_code == 0
    assert run(*report, *FORMS).exit_code == 0
    (page,), (file,) = out.glob("*.html"), out.glob("*.pptx")
    ours = page.read_text("utf-8"), file.read_bytes()

    page.write_text(ours[0].replace("Messages", "Mine"), "utf-8")
    assert run(*report, *FORMS).exit_code == 2
    assert "Mine" in page.read_text("utf-8")
    page.write_text(ours[0], "utf-8")

    deck = Deck(file)
    deck.slides[0].shapes.title.text_frame.text = "Mine"
    deck.made.save(str(file))
    assert run(*report, *FORMS).exit_code == 2
    assert Deck(file).titles()[0] == "Mine"
    file.write_bytes(ours[1])

    done = run(*report)
    assert not page.exists() and not file.exists()
    assert f"Removed {page.name}, {file.name}: " in done.output
    assert "again with --html --pptx" in done.output
    assert "Removed" not in run(*report).output


@dataclass(frozen=True)
class Audited:
    """A team's report in all forms, what the audit holds it against, and another unit's name."""

    plan: Plan
    part: Part
    secrets: Secrets
    book: Path
    page: Path
    deck: Path

    def found(self, file: Path) -> list[str]:
        """What the audit finds in a form of the report."""
        return [one.code for one in audit(file, self.secrets, self.part, self.book)]

    @property
    def other(self) -> str:
        """The name of a unit of another team."""
        own = {one.code for _, one in self.plan.walk("T1")}
        return next(one.name for one in self.plan.units if one.parent and one.code not in own)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    folder = tmp_path_factory.mktemp("team")
    master, out = new_sample(folder / "plan.xlsx", lang="en"), folder / "out"
    run("report", master, "--audience", "T1", *FORMS, "-o", out)
    (book,), (page,), (deck,) = (out.glob(f"*.{form}") for form in ("xlsx", "html", "pptx"))
    found = app.check(master)
    part = part_of(Whole(found.plan, found.results), "T1", found.findings)
    return Audited(found.plan, part, secrets_of(found, "en", deck=True), book, page, deck)


def test_the_audit_reads_a_page(team: Audited, tmp_path: Path) -> None:
    """What is another's, planted in a text or an attribute, is found; without it there is none."""
    assert team.found(team.page) == []
    clean, file = team.page.read_text("utf-8"), tmp_path / team.page.name
    for planted in (f"<p>{team.other}</p>", f'<p title="{team.other}"></p>'):
        file.write_text(clean.replace("</main>", f"{planted}</main>"), "utf-8")
        assert team.found(file) == ["leak-name"]


def in_a_text(deck: Deck, name: str) -> None:
    deck.slides[2].shapes.title.text_frame.text = name


def in_the_name_of_a_shape(deck: Deck, name: str) -> None:
    deck.slides[2].shapes[1].name = name


def in_the_workbook_of_a_chart(deck: Deck, name: str) -> None:
    chart = next(shape.chart for shape in deck.slides[2].shapes if shape.has_chart)
    book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    book.active["F9"] = name
    held = BytesIO()
    book.save(held)
    chart.part.chart_workbook.update_from_xlsx_blob(held.getvalue())


@pytest.mark.parametrize("plant", [in_a_text, in_the_name_of_a_shape, in_the_workbook_of_a_chart])
def test_the_audit_reads_a_deck(
    team: Audited, tmp_path: Path, plant: Callable[[Deck, str], None]
) -> None:
    """What is another's, planted anywhere, is found; without it there is none."""
    assert team.found(team.deck) == []
    deck, file = Deck(team.deck), tmp_path / team.deck.name
    plant(deck, team.other)
    deck.made.save(str(file))
    assert team.found(file) == ["leak-name"]
