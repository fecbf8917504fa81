"""``handout`` and ``collect``: what managers fill in, handed out and taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shlex import quote

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.report import LEAKED
from salesplan.cli.show import (
    counted,
    edit_json,
    next_step,
    print_json,
    say,
    show_edits,
    show_findings,
    show_warning,
)
from salesplan.messages import has_errors
from salesplan.plan.model import Month
from salesplan.wording import either, listed


@click.command()
@options.master
@click.option(
    "--to",
    "folder",
    required=True,
    type=options.FolderType(),
    help="Folder for the handouts 存放文件夹.",
)
@options.force
@options.period
@options.everything
@options.as_json
@options.lang
@click.pass_context
def handout(
    ctx: click.Context,
    file: Path,
    folder: Path,
    force: bool,
    month: Month | None,
    as_of: date | None,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Write each manager a small workbook with only what they are to fill in.
    给每位负责人发放填报表。
    """
    with AtWork("发放填报表", "Writing the handouts"):
        done = app.handout(file, folder, month=month, as_of=as_of, lang=lang, force=force)
    lang = lang or done.run.loaded.lang
    if as_json:
        print_json(
            done.findings,
            written=[
                {"unit": one.unit, "person": one.person, "file": str(path)}
                for one, path in done.written
            ],
            **_requests_json(done.requests),
        )
    else:
        if done.findings:
            show_findings(done.findings, lang, everything=everything)
        for one, path in done.written:
            click.echo(f"  {one.unit:<8} {one.person}  {path.name}")
        say(
            lang,
            f"已发放 {len(done.written)} 份填报表, 文件夹 {folder}",
            f"{counted(len(done.written), 'handout')} written, folder {folder}",
        )
        if done.requests is not None and done.requests.written:
            _show_requests(done.requests, lang)
        if done.written or (done.requests is not None and done.requests.written):
            next_step(
                lang,
                "填好后收回:",
                "once filled in, take them back:",
                "collect",
                folder,
                "--into",
                quote(str(file)),
            )
    ctx.exit(LEAKED if has_errors(done.findings) else 0)


def _requests_json(asked: app.Requested | None) -> dict[str, object]:
    """The requests for help, where there are any."""
    if asked is None:
        return {}
    written = [
        {"helper": part.name, "person": part.person, "file": str(path)}
        for part, path in asked.written
    ]
    return {"requests": written}


def _show_requests(asked: app.Requested, lang: str) -> None:
    """Who is asked for help, who of them gets no mail, and how to send the requests."""
    for part, path in asked.written:
        click.echo(f"  {part.name}  {part.person}  {path.name}")
    say(
        lang,
        f"协作请求 {len(asked.written)} 份, 文件夹 {asked.folder}",
        f"{counted(len(asked.written), 'help request')} written, folder {asked.folder}",
    )
    if asked.without_address:
        names = listed(asked.without_address, lang)
        say(
            lang,
            f"没有可发的邮箱, 请自行转交: {names}",
            f"No address for mail, to be handed over: {names}",
        )
    if asked.manifest is not None and asked.manifest.recipients:
        next_step(lang, "生成草稿:", "write drafts:", "send", asked.folder, "--draft")


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE")
@click.option(
    "--into",
    "master",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The master 主计划工作簿.",
)
@click.option("--yes", is_flag=True, help="Write without asking 不再询问, 直接写入。")
@options.dry_run
@options.everything
@options.as_json
@options.lang
@click.pass_context
def collect(
    ctx: click.Context,
    source: Path,
    master: Path,
    yes: bool,
    dry_run: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Take returned handouts, or what was typed into a report, back into the master; shown first.
    收回填报表或报告中填写的内容, 先看差异再写入。
    """
    with AtWork("读取填报表", "Reading the handouts"):
        done = app.collect(source, master)
    lang = lang or done.run.loaded.lang
    if not as_json:
        show_findings(done.findings, lang, master=master.name, everything=everything)
        for one in done.outcomes if source.is_dir() else ():
            click.echo(f"  {one.file}  {_outcome(one, lang)}")
        show_edits(done.edits, lang, everything=everything)
        if not done.edits:
            say(lang, "没有要写入的内容。", "Nothing to write.")
    ask = either(lang, "写入主计划工作簿?", "Write this into the master?")
    # Without a terminal there is nobody to ask: nothing is written unless --yes says so.
    if done.edits and not dry_run and (yes or (not as_json and _asked(ask))):
        with AtWork("写入", "Writing"):
            done = app.apply(done, say=show_warning)
    if as_json:
        print_json(
            done.findings,
            files=[path.name for path in done.files],
            outcomes=[{"file": one.file, "cells": one.cells} for one in done.outcomes],
            changes=[edit_json(edit) for edit in done.edits],
            missing=list(done.missing),
            written=str(done.written) if done.written else None,
        )
    elif done.written:
        say(lang, f"已写入 {done.written}", f"Written: {done.written}")
        next_step(lang, "重新计算:", "recalculate:", "recalc", done.written)
    elif done.edits:
        say(
            lang,
            "没有写入 (--yes 直接写入)。",
            "Nothing was written (--yes writes without asking).",
        )
    ctx.exit(int(has_errors(done.findings)))


def _outcome(one: app.Outcome, lang: str) -> str:
    """What became of a file, in a few words; why it was not taken the findings say."""
    if one.cells is None:
        return either(lang, "没有收回", "not taken")
    if not one.cells:
        return either(lang, "没有新填写的内容", "nothing new")
    return either(lang, f"填写了 {one.cells} 格", f"{counted(one.cells, 'cell')} filled in")


def _asked(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo()
        return False
