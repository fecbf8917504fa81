"""Month end in the open workbook: closing the report month, and opening a closed one again. What
that does is asked first; what is written can be taken back as any filling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from salesplan.app.closing import closed_months, has_record, to_close, to_reopen
from salesplan.excel.blocks import as_text
from salesplan.excel.button_message import Rest, Said, language, nothing_written, sentence, stored
from salesplan.excel.dialogs import Person
from salesplan.excel.hosts import kept_steps, turn_to
from salesplan.excel.timeouts import Patience
from salesplan.excel.use_cases import read_and_examined, read_and_loaded
from salesplan.findings import Finding, Place, SalesplanError
from salesplan.plan.model import Month
from salesplan.plan.schema import sheet
from salesplan.wording import either
from salesplan.workbook.changes import CellChange, NewSheet
from salesplan.workbook.refs import parse_cell

if TYPE_CHECKING:
    from salesplan.app import Run
    from salesplan.app.closing import Closed
    from salesplan.excel.live import Reading
    from salesplan.plan.loader import Loaded

_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")


def close_button(
    book: Any, wanted: Callable[[], bool] = lambda: True, person: Person | None = None
) -> Rest:
    """Close the report month and all open ones before it, once the person has agreed; with errors
    in its figures only if they agree to that, too.
    """

    def rest() -> Said:
        asked = person or Person(book)
        opened, run = Patience().run(lambda: read_and_examined(book))
        lang = run.loaded.lang
        try:
            done = to_close(run)
        except SalesplanError as error:
            if error.finding.code != "close-errors":
                raise
            question = either(
                lang, "照样关账, 并记下错误数?", "Close it all the same? Their number is recorded."
            )
            said = "\n".join(sentence(error.finding, lang)[:1])
            if not asked.tell(f"{said}\n\n{question}", book.name, "warning", question=True):
                return nothing_written(lang)
            done = to_close(run, despite_errors=True)
        span = _span(done)
        question = either(
            lang,
            f"关账 {span}? 各单元的目标与实绩将记入“关账记录”, 此后不再改变。",
            f"Close {span}? Every unit's targets and actuals are recorded and stay as they are.",
        )
        if done.as_issued is not None:
            told = "\n".join(sentence(done.as_issued, lang)[:1])
            question = f"{told}\n\n{question}"
        if not asked.tell(question, book.name, question=True):
            return nothing_written(lang)
        cells = _closed(book, opened, run, done)
        line = either(
            lang,
            f"已关账 {span}: 记下 {cells} 格, {stored(book, lang)}。",
            f"{span} closed: {cells} cells recorded, {stored(book, lang)}.",
        )
        return Said((line,), lang)

    return rest


def reopen_button(
    book: Any, wanted: Callable[[], bool] = lambda: True, person: Person | None = None
) -> Rest:
    """Open a closed month and all after it again; which one and why is asked."""

    def rest() -> Said:
        asked = person or Person(book)
        opened, loaded = Patience().run(lambda: read_and_loaded(book))
        lang, shut = loaded.lang, closed_months(loaded.plan)
        if not shut:
            raise SalesplanError(Finding.of("reopen-none-closed", Place(book.name)), 2)
        typed = asked.line(
            either(
                lang,
                f"已关账 {shut[0]} 至 {shut[-1]}。要重开哪个月? 其后各月一并重开。写作 {shut[-1]}:",
                f"{shut[0]} to {shut[-1]} are closed. Which month is to be reopened, with those "
                f"after it? Write it as {shut[-1]}:",
            ),
            book.name,
        )
        if not typed:
            return nothing_written(lang)
        month = _month(typed, book.name, shut)
        reason = asked.line(
            either(lang, f"为什么重开 {month}?", f"Why is {month} reopened?"), book.name
        )
        if not reason:
            return nothing_written(lang)
        done = to_reopen(loaded, month, reason)
        _write(book, opened, loaded, done, f"reopen {month}")
        span = _span(done)
        line = either(
            lang,
            f"已重开 {span}, {stored(book, lang)}。请重新计算。",
            f"{span} reopened, {stored(book, lang)}. Recalculate now.",
        )
        return Said((line,), lang)

    return rest


def _month(text: str, file: str, shut: tuple[Month, ...]) -> Month:
    """The month that was typed. Raises SalesplanError (exit 2) reopen-not-closed for none."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise SalesplanError(
            Finding.of("reopen-not-closed", Place(file), month=text, last=shut[-1]), 2
        )
    return Month(int(found[1]), int(found[2]))


def _span(done: Closed) -> str:
    return "–".join(dict.fromkeys(map(str, (done.months[0], done.months[-1]))))


def _closed(book: Any, opened: Reading, run: Run, done: Closed) -> int:
    """Record the close; a workbook without the sheet 关账记录 gets it first, and loses it again if
    that fails. How many cells were written.
    """
    what = f"close {done.months[-1]}"
    if has_record(run.loaded):
        return _write(book, opened, run.loaded, done, what)
    made = Patience().run(lambda: _sheet_made(book, run))
    try:
        opened, run = Patience().run(lambda: read_and_examined(book))
        done = to_close(run, despite_errors=bool(done.errors))
        return _write(book, opened, run.loaded, done, what)
    except BaseException:
        with kept_steps(book):
            made.delete()
        raise


def _write(book: Any, opened: Reading, loaded: Loaded, done: Closed, what: str) -> int:
    from salesplan.excel.writing import write

    patience = Patience()
    return patience.run(lambda: write(book, loaded, done.edits, what, patience.wanted, opened))


def _sheet_made(book: Any, run: Run) -> Any:
    """The sheet 关账记录 behind all others, with its heads; the sheet in front stays there."""
    from salesplan.fill.additions import additions

    found = additions(run.loaded, [sheet("closes")]).changes
    heads = {parse_cell(one.cell)[1]: one.value for one in found if isinstance(one, CellChange)}
    widths = next(one.widths for one in found if isinstance(one, NewSheet))
    front = book.sheets.active
    with kept_steps(book):
        made = book.sheets.add(
            sheet("closes").title(language(book)), after=book.sheets[len(book.sheets) - 1]
        )
        row = [as_text(str(heads.get(number, ""))) for number in range(1, max(heads) + 1)]
        made.range((1, 1), (1, len(row))).value = [row]
        for number, width in enumerate(widths, 1):
            made.range((1, number), (1, number)).column_width = width
        turn_to(front)
    return made
