"""Sending from the button, over a real mail server: who gets what is shown, nothing goes before the
number is typed, and books with errors only when the person says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salesplan import app, config
from salesplan.excel import ribbon, sending
from salesplan.excel.button_message import Said
from salesplan.findings import SalesplanError
from tests import fake_excel
from tests.maildesk import own_state, running  # noqa: F401
from tests.mailserver import Post, Running
from tests.samples import filled_sound


class Answering:
    """Somebody who answers yes or no, types a number (a text is taken from what was asked), and
    remembers what was shown.
    """

    def __init__(self, *yes: bool, number: int | None = None) -> None:
        self.yes, self.number, self.asked = list(yes), number, list[str]()

    def tell(self, text: str, title: str, mode: str = "info", *, question: bool = False) -> bool:
        self.asked.append(text)
        return self.yes.pop(0)

    def count(self, text: str, title: str) -> int | None:
        self.asked.append(text)
        return self.number


@pytest.fixture
def post(running: Running, tmp_path: Path) -> Post:  # noqa: F811
    """The server, and settings that let mail go to the sample's domain."""
    settings = tmp_path / "config.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('"example.cn"', '"example.com"'), "utf-8"
    )
    config.load.cache_clear()
    return running.post


@pytest.fixture
def book(tmp_path: Path) -> Any:
    return fake_excel.book(filled_sound(tmp_path / "计划.xlsx"))


def drafted(book: Any) -> Said:
    done = ribbon.drafts(book)
    return done() if callable(done) else done


def send(book: Any, person: Answering) -> Said:
    someone: Any = person
    return sending.send_button(book, person=someone)()


def recipients(book: Any) -> int:
    found = app.delivery(next(iter(Path(book.fullname).parent.glob("*/manifest.json"))).parent)
    return len(found.items)


def test_the_number_that_is_typed_sends_everybodys_report_once(
    post: Post,
    book: Any,
) -> None:
    drafted(book)
    due = recipients(book)
    person = Answering(number=due - 1)
    said = send(book, person)
    assert said.quiet and post.arrived == [] and f"将发送 {due} 封" in person.asked[0]
    said = send(book, Answering(number=due))
    assert f"已发送 {due} 封, 共 {due} 封" in said.lines[0] and not said.failed
    assert len(post.arrived) == due
    again = Answering()
    said = send(book, again)
    assert "将发送 0 封" in said.lines[0] and f"已发送 {due}" in said.lines[1]
    assert again.asked == [] and len(post.arrived) == due


@pytest.mark.parametrize("despite", [False, True])
def test_books_with_errors_go_only_when_the_person_says_so(
    post: Post,
    book: Any,
    despite: bool,
) -> None:
    """A locked figure that is no number touches the figures of its unit and of all above it."""
    _spoil(book)
    drafted(book)
    found = app.delivery(next(iter(Path(book.fullname).parent.glob("*/manifest.json"))).parent)
    held, due = len(found.held), len(found.to_send())
    assert held, "the mistake must touch somebody's figures"
    person = Answering(despite, number=due + held if despite else due)
    said = send(book, person)
    assert "照发?" in person.asked[0]
    assert len(post.arrived) == (due + held if despite else due)
    if not despite and due:
        assert f"数据有误, 未发送 {held}" in person.asked[1]
    assert not said.failed


def test_who_was_refused_is_named_with_the_servers_word(
    post: Post,
    book: Any,
) -> None:
    drafted(book)
    due = recipients(book)
    found = app.delivery(next(iter(Path(book.fullname).parent.glob("*/manifest.json"))).parent)
    address = found.items[0].address
    post.refusals[address] = "550 no such person"
    said = send(book, Answering(number=due))
    assert said.failed and f"已发送 {due - 1} 封, 共 {due} 封" in said.lines[0]
    assert address in said.lines[1] and "550" in said.lines[1]


def test_without_a_mail_server_it_says_so_before_anything_is_asked(book: Any) -> None:
    drafted(book)
    person = Answering(number=19)
    with pytest.raises(SalesplanError) as refused:
        send(book, person)
    assert refused.value.exit_code == 2 and person.asked == []


def _spoil(book: Any) -> None:
    found = app.check(Path(book.fullname)).loaded.tables["actuals"]
    column = found.columns["value"]
    book.sheets[found.sheet].range(f"{column}{found.first_row}").value = "abc"
