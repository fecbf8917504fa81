"""``undo`` and ``history``: taking back, and looking back."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.show import say


@click.command()
@options.master
@options.lang
def undo(file: Path, lang: str | None) -> None:
    """Take the last change of a master back, byte for byte. 撤销上一次改动, 逐字节恢复。"""
    entry = app.undo(file)
    say(lang or "zh", f"已恢复到 {entry.time[:19]}Z 之前: {file}", f"Restored to before {entry.time[:19]}Z: {file}")


@click.command()
@options.master
@options.lang
def history(file: Path, lang: str | None) -> None:
    """Who changed what in a master, and when; latest last. 谁在什么时候改了什么。"""
    entries = app.history(file)
    for entry in entries:
        sheets = ", ".join(f"{sheet} {cells}" for sheet, cells in entry.sheets.items())
        click.echo(f"{entry.time[:19]}Z  {entry.who or '—'}  {entry.kind}  {entry.what}  ({sheets})")
    if not entries:
        say(lang or "zh", "没有记录。", "Nothing is recorded.")
