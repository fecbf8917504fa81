"""Sending the reports by mail from a button: who gets what is shown, and it goes when the number of
messages is typed, as in the terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from salesplan import app
from salesplan.excel.button_message import Rest, Said, language, sentence
from salesplan.excel.dialogs import Person
from salesplan.excel.outputs import folder_of, newest_folder
from salesplan.findings import Finding, SalesplanError
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.delivery.outbox import Entry

LISTED = 12
"""Recipients that a box names; the others are counted."""


def send_button(
    book: Any, wanted: Callable[[], bool] = lambda: True, person: Person | None = None
) -> Rest:
    """Who gets what, and, when the number of messages is typed, sending; as ``salesplan send
    --smtp`` does, with ``--despite-errors`` and ``--updates`` where the person says so.
    """
    from salesplan.delivery.manifest import NAME

    lang = language(book)

    def rest() -> Said:
        place, asked = folder_of(book), person or Person(book)
        folder = newest_folder(place, NAME)
        if folder is None:
            raise SalesplanError(Finding.of("live-no-drafts", folder=str(place)), 2)
        found, updates = _chosen(app.delivery(folder), asked, book.name, lang)
        due = found.to_send(updates=updates)
        first = either(
            lang,
            f"{folder.name}: 将发送 {len(due)} 封, 共 {len(found.items)} 个收件人。",
            f"{folder.name}: {len(due)} messages to send, of {len(found.items)} recipients.",
        )
        if not due:
            return Said((first, *_left(found, lang)), lang)
        found.check_origin()
        settings = app.mail_settings()
        settings.server()
        ask = either(lang, "键入封数以发送:", "Type the number of messages to send them:")
        shown = "\n".join([first, *_lead(found, lang), *_listed(due), *_left(found, lang), "", ask])
        if asked.count(shown, book.name) != len(due):
            return Said((either(lang, "没有发送。", "Nothing was sent."),), lang, quiet=True)
        entries = app.send(found, settings, updates=updates)
        return _result(entries, len(due), lang)

    return rest


def _chosen(
    found: app.Delivery, person: Person, title: str, lang: str
) -> tuple[app.Delivery, bool]:
    """The delivery with the books that the person sends despite errors, and whether a new version
    goes to those who have an older one.
    """
    if found.held:
        held = [app.held_back(item.recipient.book) for item in found.held]
        lines = list(chain.from_iterable(sentence(one, lang)[:1] for one in held[:3]))
        more = [either(lang, f"… 共 {len(held)} 份", f"… {len(held)} in all")]
        question = either(lang, "这些有误的报告也照发?", "Send these reports despite their errors?")
        text = "\n".join([*lines, *(more if len(held) > 3 else []), "", question])
        if person.tell(text, title, "warning", question=True):
            found = app.delivery(found.folder, despite_errors=True)
    changed = sum(item.standing is app.Standing.CHANGED for item in found.items)
    question = either(
        lang,
        f"{changed} 人已收到旧版报告。也发新版?",
        f"{changed} recipients have an older version. Send them the new one, too?",
    )
    return found, bool(changed) and person.tell(question, title, question=True)


def _lead(found: app.Delivery, lang: str) -> Iterator[str]:
    """Where the mails' links lead, where there are any."""
    if found.link:
        yield either(
            lang, f"网页和演示文稿链接到 {found.link}/", f"Page and deck: links to {found.link}/"
        )


def _listed(due: Sequence[app.Item]) -> list[str]:
    """Person, address and file of each message, the first ones."""
    lines = [
        f"  {one.recipient.person or one.recipient.book.unit} <{one.address}>  "
        f"{one.recipient.book.file}"
        for one in due
    ]
    return [*lines[:LISTED], *(["  …"] if len(lines) > LISTED else [])]


def _left(found: app.Delivery, lang: str) -> Iterator[str]:
    """How many are left out, and why, where there are any."""
    words = {
        app.Standing.SENT: either(lang, "已发送", "sent before"),
        app.Standing.DRAFTED: either(lang, "已生成草稿", "drafted"),
        app.Standing.UNKNOWN: either(lang, "结果不明", "unknown"),
        app.Standing.ELSEWHERE: either(lang, "另一账户记录为已发送", "sent by another account"),
        app.Standing.LEFT: either(lang, "已离职", "have left"),
        app.Standing.ERRORS: either(lang, "数据有误, 未发送", "held back for data errors"),
    }
    standings = Counter(one.standing for one in found.items)
    counted = {word: standings[key] for key, word in words.items()}
    said = [f"{word} {count}" for word, count in counted.items() if count]
    if said:
        yield either(lang, "不发送: ", "Not sent: ") + "  ".join(said)


def _result(entries: Sequence[Entry], due: int, lang: str) -> Said:
    """How many went, and of the others each with the server's word."""
    sent = sum(one.state.value == "sent" for one in entries)
    line = either(lang, f"已发送 {sent} 封, 共 {due} 封。", f"{sent} of {due} messages sent.")
    others = [
        f"  {one.key.audience}  {one.key.recipient}  {one.detail or one.state.value}"
        for one in entries
        if one.state.value != "sent"
    ]
    return Said((line, *others), lang, failed=sent != due)
