"""``undo`` and ``history``: taking back, and looking back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.language import spoken
from salesplan.cli.progress import AtWork
from salesplan.cli.show import counted, say, show_warning
from salesplan.wording import Both

_KINDS = {"save": Both("保存", "saved"), "undo": Both("撤销", "undone")}


@click.command()
@options.master_or_open
@options.live
@options.lang
def undo(file: Path | None, live: bool, lang: str | None) -> None:
    """Take the last change of a master back, byte for byte. 撤销上一次改动, 逐字节恢复。"""
    path = options.on_file(file, live)
    if live:
        _undo_open(file, lang or spoken() or "zh")
        return
    words = lang or spoken() or "zh"
    with AtWork("撤销", "Undoing"):
        entry = app.undo(path, say=show_warning)
    say(
        words,
        f"已恢复到 {_here(entry.time)} 之前: {path}",
        f"Restored to before {_here(entry.time)}: {path}",
    )


def _undo_open(file: Path | None, lang: str) -> None:
    """The last filling of the open workbook."""
    from salesplan.excel.use_cases import undone_open

    done = undone_open(file)
    name, time = Path(done.entry.workbook).name, done.entry.local_time
    say(
        lang,
        f"{name}: 已撤销 {done.entry.what} ({time}), {done.cells} 格恢复原状, 工作簿未保存。",
        f"{name}: undone {done.entry.what} ({time}), {counted(done.cells, 'cell')} restored; the "
        "workbook is not saved.",
    )
    for sheet, cell in done.left.items():
        say(
            lang,
            f"工作表“{sheet}”未撤销: {cell or sheet} 之后又被改动。",
            f"Sheet “{sheet}” was not undone: {cell or sheet} was changed since.",
        )


@click.command()
@options.master
@options.lang
def history(file: Path, lang: str | None) -> None:
    """Who changed what in a master, and when; latest last. 谁在什么时候改了什么。"""
    entries, words = app.history(file), lang or spoken() or "zh"
    for entry in entries:
        sheets = ", ".join(f"{sheet} {cells}" for sheet, cells in entry.sheets.items())
        kind = _KINDS.get(entry.kind, Both(entry.kind, entry.kind)).of(words)
        click.echo(f"{_here(entry.time)}  {entry.who or '—'}  {kind}  {entry.what}  ({sheets})")
    if not entries:
        say(words, "没有记录。", "No history.")


def _here(time: str) -> str:
    """A time of the journal (UTC) by the clock of this computer."""
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M:%S}"
