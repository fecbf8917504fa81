"""A button's press from beginning to end: the workbook it was pressed in, a sign of work, the work,
and one message, whatever happens.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from salesplan.excel.timeouts import Patience
from salesplan.findings import Finding, SalesplanError

if TYPE_CHECKING:
    from salesplan.excel.button_message import Said
    from salesplan.excel.identity import Identity

LONGEST = 1_000
"""Characters of a message box; more would not fit on a screen."""

AT_WORK = "销售计划正在处理 … Sales Plan is working …"

_TITLE = "销售计划 Sales Plan"


def pressed(name: str, *, calc: bool = False, identity: Identity | None = None) -> int:
    """Do what the button does to the workbook it was pressed in (without ``identity`` the active
    one) and show the message; returns the exit code of the command line.

    While a first press is at work on a workbook a second one does nothing: it would have nothing to
    say that is so.
    """
    sign_off = _sign_in_calc(identity) if calc else _nothing
    with _first(identity) as first:
        if not first:
            sign_off()
            return 0
        patience, book = Patience(), list[Any]()
        try:
            try:
                done = patience.run(lambda: _press(name, calc, identity, patience, book))
                said = done() if callable(done) else done
            finally:
                sign_off()
        except Exception as error:
            finding, code = _what(error, book)
            _show(_sentences(finding, book), "critical", book)
            return code
        finally:
            _quiet(book)
        if book:
            said = said.of(Patience(5.0).run(lambda: str(book[0].name)))
        _show(str(said), "warning" if said.failed else "info", book, said)
        return int(said.failed)


def refused(error: SalesplanError) -> int:
    """Show why a press cannot be understood; returns the exit code."""
    _show(_sentences(error.finding, []), "critical", [])
    return error.exit_code


def _press(
    name: str, calc: bool, identity: Identity | None, patience: Patience, book: list[Any]
) -> Any:
    """The button's work; ``book`` takes the workbook as soon as it is found."""
    from salesplan.excel.ribbon import FREE, press

    if name:
        try:
            book.append(_found(calc, identity))
        except SalesplanError:
            if name not in FREE:
                raise
    return press(name, book[0] if book else None, patience.wanted)


def _found(calc: bool, identity: Identity | None) -> Any:
    if identity is not None:
        return identity.found(calc=calc)
    from salesplan.excel.live import open_book

    return open_book(calc=calc or None)


@contextmanager
def _first(identity: Identity | None) -> Iterator[bool]:
    """Whether no other press is at work on the same workbook; the lock frees itself if the process
    dies.
    """
    import hashlib

    from salesplan.excel.journal import folder
    from salesplan.workbook.save.guards import alone

    key = hashlib.sha256(str(identity or "").encode()).hexdigest()[:16]
    lock = folder() / f"{key}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = alone(lock, lock, wait=0)
        held.__enter__()
    except OSError:
        yield True  # nowhere to note it: rather twice than not at all
        return
    except SalesplanError:
        yield False
        return
    try:
        yield True
    finally:
        held.__exit__(None, None, None)


def _sign_in_calc(identity: Identity | None) -> Callable[[], None]:
    """A text in the status bar of the window at once, before anything larger is imported; gives
    what takes it away. (In Excel the macro sets it.)
    """
    bar: Any = None
    with suppress(Exception):
        from salesplan.excel.bridge import connected
        from salesplan.excel.documents import document_of

        def begin() -> Any:
            document = document_of(connected(), identity.number if identity else 0)
            made = document.getCurrentController().getFrame().createStatusIndicator()
            made.start(AT_WORK, 0)
            return made

        bar = Patience(5.0).run(begin)

    def end() -> None:
        with suppress(Exception):
            Patience(5.0).run(bar.end)

    return end if bar is not None else _nothing


def _nothing() -> None:
    """In Excel the macro's text is taken away by :func:`_quiet`."""


def _quiet(book: list[Any]) -> None:
    """Take the text that the macro set out of Excel's status bar."""
    if sys.platform != "win32":
        return
    from salesplan.excel import xlwings

    def quiet() -> None:
        for app in [book[0].app] if book else list(xlwings().apps):
            if app.engine.name == "excel":
                app.api.StatusBar = False

    with suppress(Exception):
        Patience(5.0).run(quiet)


def _what(error: Exception, book: list[Any]) -> tuple[Finding, int]:
    """What to say of an error, and the exit code: the workbook was closed, the program is busy with
    the person, or a fault of ours.
    """
    if isinstance(error, SalesplanError):
        return error.finding, error.exit_code
    from salesplan.excel.hosts import alive, is_rejected

    if is_rejected(error):
        return Finding.of("live-cell-open", file=book[0].name if book else "Excel", cell=""), 3
    try:
        gone = bool(book) and not Patience(5.0).run(lambda: alive(book[0]))
    except SalesplanError as silent:
        return silent.finding, silent.exit_code
    return (Finding.of("live-closed"), 3) if gone else (_logged(error), 4)


def _sentences(finding: Finding, book: list[Any]) -> str:
    """What failed, in the language of the workbook, in both where it is not known."""
    from salesplan.messages import fix, text

    langs: tuple[str, ...] = ("zh", "en")
    with suppress(Exception):
        if book:
            from salesplan.excel.button_message import language

            langs = (Patience(5.0).run(lambda: language(book[0])),)
    place = f"{finding.place}: " if finding.place.sheet else ""
    return "\n\n".join(
        f"{place}{text(finding, lang)} → {fix(finding, lang)}".removesuffix(" → ") for lang in langs
    )


def _logged(error: Exception) -> Finding:
    """An error nobody foresaw: its details go into a file, what is shown names the file."""
    import traceback
    from datetime import datetime

    from salesplan.excel.journal import folder

    log = folder() / "errors.log"
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(
                f"{datetime.now().isoformat(timespec='seconds')}\n{''.join(traceback.format_exception(error))}\n"
            )
    return Finding.of("button-failed", log=str(log))


def _show(message: str, mode: str, book: list[Any], said: Said | None = None) -> None:
    """On the console, where there is one, and in a box over the program; where there is more, it is
    offered.
    """
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            reconfigure = getattr(sys.stdout, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")
            print(message, flush=True)
    if said is not None and said.quiet:
        return
    short = message if len(message) <= LONGEST else message[:LONGEST] + " …"
    from salesplan.excel.button_message import TITLES
    from salesplan.wording import either

    lang = said.lang if said is not None else ""
    more = said is not None and bool(said.more)
    if more:
        short += "\n\n" + either(
            lang, "在新窗口中列出全部?", "Show the whole list in a new window?"
        )
    with suppress(Exception):  # the box is a courtesy: what it says is done or refused already
        over = book[0] if book else Patience(5.0).run(_any_window)
        from salesplan.excel.dialogs import Person

        wanted = Person(over).tell(short, TITLES.get(lang, _TITLE), mode, question=more)
        if more and wanted and said is not None:
            from salesplan.excel.list_window import show

            Patience().run(lambda: show(over, said))


def _any_window() -> Any:
    """A workbook of Calc whose window can carry a box; None where the system has boxes of its
    own.
    """
    from salesplan.excel.live import open_book

    return open_book(calc=True) if sys.platform == "linux" else None
