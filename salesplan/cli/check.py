"""``check``: everything that is wrong in a master."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.show import (
    print_json,
    show_findings,
)
from salesplan.messages import has_errors
from salesplan.plan.model import Month


@click.command()
@options.master_or_open
@options.live
@options.period
@options.recalc_with
@options.refresh
@options.everything
@options.as_json
@options.lang
@click.pass_context
def check(
    ctx: click.Context,
    file: Path | None,
    live: bool,
    month: Month | None,
    as_of: date | None,
    recalc_with: str | None,
    refresh: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """List everything that is wrong in a master, with its cell and the fix. 检查主计划,
    逐条列出问题。
    """
    path = options.on_file(file, live, recalc_with=recalc_with, refresh=refresh)
    if live:
        from salesplan.excel.use_cases import examined_open

        run = examined_open(file, month=month, as_of=as_of)
    else:
        with AtWork("检查", "Checking"):
            run = app.check(
                path, month=month, as_of=as_of, recalc_with=recalc_with, refresh=refresh
            )
    if as_json:
        print_json(run.findings)
    else:
        show_findings(run.findings, lang or run.loaded.lang, everything=everything)
    ctx.exit(int(has_errors(run.findings)))
