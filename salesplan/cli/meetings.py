"""``day`` and ``week``: the page of a meeting, to print or to hold on a phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shlex import quote

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.report import LEAKED
from salesplan.cli.show import next_step, print_json, say, show_findings
from salesplan.findings import Severity
from salesplan.messages import has_errors, severity

_folder = click.option(
    "-o",
    "--out",
    "folder",
    type=options.FolderType(),
    help="Folder for the page 输出文件夹 (default: beside FILE).",
)
_audience = click.option(
    "--audience",
    "--unit",
    default="all",
    metavar="all|CODE",
    show_default=True,
    help="The whole company's page, or one unit's by its code. 全公司, 或某个组织编码。",
)


@click.command()
@options.master
@click.option(
    "--date",
    "day",
    type=options.DateType(),
    help="Day of the meeting, 2026-06-30 (default: today) 日期.",
)
@_folder
@_audience
@options.force
@options.as_json
@options.lang
@click.pass_context
def day(
    ctx: click.Context,
    file: Path,
    day: date | None,
    folder: Path | None,
    audience: str,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Write the page of the day's stand-up, to print, to fill in and for the phone.
    生成晨会一页纸。
    """
    wanted = app.Occasion(app.Meeting.DAY, day=day, folder=folder, lang=lang, force=force)
    _one(ctx, file, wanted, audience, as_json)


def _one(
    ctx: click.Context, file: Path, wanted: app.Occasion, audience: str, as_json: bool
) -> None:
    with AtWork("会议页", "Meeting page"):
        done = app.meeting(file, wanted, audience="" if audience == "all" else audience)
    lang = wanted.lang or done.run.loaded.lang
    errors = [one for one in done.run.findings if severity(one) is Severity.ERROR]
    findings = (*done.leaks, *errors)
    if as_json:
        print_json(
            findings,
            day=done.day.isoformat(),
            written=str(done.book) if done.book else None,
            page=str(done.page) if done.page else None,
        )
    else:
        show_findings(findings, lang, Severity.WARNING)
        if done.book and done.page:
            say(lang, f"已生成 {done.book}", f"Written: {done.book}")
            say(lang, f"网页 {done.page}", f"Page: {done.page}")
            next_step(
                lang,
                "会后收回填写的内容:",
                "after the meeting, take back what was filled in:",
                "collect",
                done.book,
                "--into",
                quote(str(file)),
            )
    ctx.exit(LEAKED if done.leaks else int(has_errors(findings)))
