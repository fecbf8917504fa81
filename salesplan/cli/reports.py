"""``report``: the monthly execution analysis workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.show import print_json, say, show_findings
from salesplan.findings import Severity
from salesplan.messages import has_errors
from salesplan.plan.model import Month


@click.command()
@options.master
@options.period
@click.option("-o", "--out", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder for the report 输出文件夹 (default: beside FILE).")
@options.as_json
@options.lang
@click.pass_context
def report(ctx: click.Context, file: Path, month: Month | None, as_of: date | None, folder: Path | None, as_json: bool, lang: str | None) -> None:
    """Write the monthly execution analysis workbook. 生成《月度执行分析报告》。"""
    done = app.report(file, month=month, as_of=as_of, folder=folder, lang=lang)
    lang = lang or done.run.loaded.lang
    if as_json:
        print_json(done.run.findings, written=str(done.written))
    else:
        show_findings(done.run.findings, lang, Severity.ERROR)
        say(lang, f"已生成 {done.written}", f"Written: {done.written}")
    ctx.exit(int(has_errors(done.run.findings)))
