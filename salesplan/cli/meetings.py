"""``day`` and ``week``: the page of a meeting, to print or to hold on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.language import refusal
from salesplan.cli.progress import AtWork
from salesplan.cli.report import LEAKED, show_manifest
from salesplan.cli.show import next_step, print_json, say, show_counts, show_findings
from salesplan.delivery.manifest import NAME
from salesplan.findings import Finding, Severity
from salesplan.messages import has_errors, severity
from salesplan.plan.model import Level


def _asked(when: str) -> Callable[[options.Command], options.Command]:
    """What both pages are asked for; ``when`` says what the date is."""
    said = (
        options.master,
        click.option("--date", "day", type=options.DateType(), help=when),
        click.option(
            "-o",
            "--out",
            "folder",
            type=options.FolderType(),
            help="Folder for the page 输出文件夹 (default: beside FILE).",
        ),
        click.option(
            "--audience",
            "--unit",
            default="all",
            metavar="all|each|CODE",
            show_default=True,
            help="The whole company's page, one unit's by its code, or a folder with every "
            "recipient's. 全公司、某个组织编码的一份, 或每个收件人各一份。",
        ),
        click.option(
            "--level",
            "levels",
            multiple=True,
            type=click.Choice([level.value for level in Level]),
            help="With each: units of this level only 只发这一层级.",
        ),
        options.force,
        options.as_json,
        options.lang,
    )

    def asking(command: options.Command) -> options.Command:
        for one in reversed(said):
            command = one(command)
        return command

    return asking


@click.command()
@_asked("Day of the meeting, 2026-06-30 (default: today) 日期.")
@click.pass_context
def day(ctx: click.Context, /, **asked: Any) -> None:
    """Write the page of the day's stand-up, to print, to fill in and for the phone.
    生成晨会一页纸。
    """
    _meeting(ctx, app.Meeting.DAY, **asked)


@click.command()
@_asked("A day of the week, up to which things are known (default: today) 该周的某一天.")
@click.pass_context
def week(ctx: click.Context, /, **asked: Any) -> None:
    """Write the page of the week's meeting, with the minutes to fill in.
    生成周会一页纸。
    """
    _meeting(ctx, app.Meeting.WEEK, **asked)


def _meeting(
    ctx: click.Context,
    meeting: app.Meeting,
    *,
    file: Path,
    audience: str,
    levels: tuple[str, ...],
    as_json: bool,
    **wished: Any,
) -> None:
    wanted = app.Occasion(meeting, **wished)
    if levels and audience != "each":
        raise click.UsageError(
            "--level: " + refusal("只与 --audience each 一起使用", "only with --audience each")
        )
    if audience == "each":
        with AtWork("会议页", "Meeting pages"):
            each = app.meeting_each(file, wanted, levels=[Level(level) for level in levels])
        _each(ctx, file, each, meeting, wanted.lang or each.run.loaded.lang, as_json)
        return
    with AtWork("会议页", "Meeting page"):
        done = app.meeting(file, wanted, audience="" if audience == "all" else audience)
    _one(ctx, file, done, meeting, wanted.lang or done.run.loaded.lang, as_json)


def _one(
    ctx: click.Context,
    file: Path,
    done: app.Prepared,
    meeting: app.Meeting,
    lang: str,
    as_json: bool,
) -> None:
    findings = (*done.leaks, *_errors(done.run))
    if as_json:
        print_json(
            findings,
            day=done.day.isoformat(),
            written=str(done.book) if done.book else None,
            page=str(done.page) if done.page else None,
        )
    else:
        _findings(findings, done.run, lang)
        if done.book and done.page:
            say(lang, f"已生成 {done.book}", f"Written: {done.book}")
            say(lang, f"网页 {done.page}", f"Page: {done.page}")
            _sheet_missing(done.run, meeting, file, lang)
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


def _each(
    ctx: click.Context,
    file: Path,
    done: app.Convened,
    meeting: app.Meeting,
    lang: str,
    as_json: bool,
) -> None:
    findings = (*done.leaks, *done.notes, *_errors(done.run))
    manifest = done.manifest
    if as_json:
        print_json(
            findings,
            folder=str(done.folder),
            manifest=str(done.folder / NAME) if manifest else None,
            books=[
                {"code": one.code, "file": one.book.file, "address": one.address}
                for one in (manifest.recipients if manifest else ())
            ],
        )
    else:
        _findings(findings, done.run, lang)
        if manifest:
            _sheet_missing(done.run, meeting, file, lang)
            domains = done.run.loaded.plan.settings.mail_domains
            show_manifest(manifest, done.folder, domains, lang, ("份会议页", "page"))
            if manifest.recipients:
                next_step(lang, "先打开看看, 再", "review the pages, then", "send", done.folder)
    ctx.exit(LEAKED if done.leaks else int(has_errors(findings)))


def _findings(findings: Sequence[Finding], run: app.Run, lang: str) -> None:
    """What concerns the pages, then how much check has to say of the plan."""
    show_findings(findings, lang, Severity.WARNING, counts=False)
    pages = [one for one in findings if one not in run.findings]
    show_counts([*pages, *run.findings], lang)


def _sheet_missing(run: app.Run, meeting: app.Meeting, file: Path, lang: str) -> None:
    """Where the master has no sheet for what is filled in: that it is to be added first."""
    from salesplan.plan.schema import sheet, table

    key = table(meeting.table).sheet
    if meeting.table in run.loaded.tables:
        return
    name = sheet(key).title(lang)
    next_step(
        lang,
        f"主计划没有“{name}”表, 填写的内容没处写入, 先加上:",
        f"the master has no sheet “{name}” to take what is filled in; add it first:",
        "add",
        file,
        quote(name),
    )


def _errors(run: app.Run) -> list[Finding]:
    return [one for one in run.findings if severity(one) is Severity.ERROR]
