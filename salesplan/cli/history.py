"""``undo`` and ``history``: taking back, and looking back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.show import say, show_warning

_KINDS = {"save": ("保存", "saved"), "undo": ("撤销", "undone")}


@click.command()
@options.master
@options.lang
def undo(file: Path, lang: str | None) -> None:
    """Take the last change of a master back, byte for byte. 撤销上一次改动, 逐字节恢复。"""
    entry = app.undo(file, say=show_warning)
    say(
        lang or "zh",
        f"已恢复到 {_here(entry.time)} 之前: {file}",
        f"Restored to before {_here(entry.time)}: {file}",
    )


@click.command()
@options.master
@options.lang
def history(file: Path, lang: str | None) -> None:
    """Who changed what in a master, and when; latest last. 谁在什么时候改了什么。"""
    entries = app.history(file)
    for entry in entries:
        sheets = ", ".join(f"{sheet} {cells}" for sheet, cells in entry.sheets.items())
        kind = _KINDS.get(entry.kind, (entry.kind, entry.kind))[lang == "en"]
        click.echo(f"{_here(entry.time)}  {entry.who or '—'}  {kind}  {entry.what}  ({sheets})")
    if not entries:
        say(lang or "zh", "没有记录。", "Nothing is recorded.")


def _here(time: str) -> str:
    """A time of the journal (UTC) by the clock of this computer."""
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M:%S}"
