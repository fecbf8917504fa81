"""``report``: the monthly execution analysis workbook, for the whole company or for each who may
see a part of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from salesplan import app
from salesplan.app.reports import SPANS, Form
from salesplan.cli import options, spans
from salesplan.cli.close import offer
from salesplan.cli.language import caption, refusal
from salesplan.cli.progress import AtWork
from salesplan.cli.show import copied, counted, next_step, print_json, say, show_findings
from salesplan.delivery.manifest import NAME, Manifest
from salesplan.findings import Finding, Severity
from salesplan.messages import has_errors, text
from salesplan.plan.model import Level, Month
from salesplan.wording import listed

if TYPE_CHECKING:
    from salesplan.audience.recipients import Recipient

PAGE, DECK = Form.PAGE, Form.DECK
LEAKED = 4
"""Exit code of a run whose audit found something that must not be in a book."""


@click.command()
@options.master_or_open
@options.live
@options.period
@options.refresh
@spans.span
@click.option(
    "-o",
    "--out",
    "folder",
    type=options.FolderType(),
    help="Folder for the report 输出文件夹 (default: beside FILE).",
)
@click.option(
    "--audience",
    default="all",
    metavar="all|each|CODE",
    show_default=True,
    help="The whole report, one unit's part by its code, or a folder with every recipient's. "
    "全部、每个收件人各一份, 或某个组织编码的一份。",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.Choice([level.value for level in Level]),
    help="With each: units of this level only 只发这一层级.",
)
@click.option(
    "--details",
    type=click.Choice(["month", "ytd", "none"]),
    default="month",
    show_default=True,
    help="Actual rows behind the numbers 数字背后的实绩明细.",
)
@click.option(
    "--with-data",
    is_flag=True,
    help="Show and print the data sheets too 数据表也显示和打印.",
)
@click.option(
    "--full",
    is_flag=True,
    help="The long form for a person or a team under ten, too. 个人与小团队也用完整月报。",
)
@click.option("--pdf", is_flag=True, help="Print it to a PDF as well, by LibreOffice. 另存 PDF。")
@click.option(
    "--html",
    is_flag=True,
    help="The first page as one file for a phone or a browser, too. 另存总览网页。",
)
@click.option(
    "--pptx",
    is_flag=True,
    help="The first page as a deck with charts to edit, too. 另存演示文稿, 图表可编辑。",
)
@click.option("--open", "opened", is_flag=True, help="Open it when it is written. 生成后打开。")
@options.everything
@options.force
@options.as_json
@options.lang
@click.pass_context
def report(
    ctx: click.Context,
    file: Path | None,
    live: bool,
    month: Month | None,
    as_of: date | None,
    refresh: bool,
    span: str,
    folder: Path | None,
    audience: str,
    levels: tuple[str, ...],
    details: str,
    with_data: bool,
    full: bool,
    pdf: bool,
    html: bool,
    pptx: bool,
    opened: bool,
    everything: bool,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Write the execution analysis workbook of a month or a longer span. 生成《执行分析报告》。"""
    if levels and audience != "each":
        raise click.UsageError(
            "--level: " + refusal("只与 --audience each 一起使用", "only with --audience each")
        )
    if audience == "each" and opened:
        raise click.UsageError(
            "--open: " + refusal("不能与 --audience each 同用", "does not go with --audience each")
        )
    path, source = options.on_file(file, live, refresh=refresh), None
    if live:
        if audience != "all":
            raise click.UsageError(
                "--live: " + refusal("只与 --audience all 一起使用", "only with --audience all")
            )
        from salesplan.excel.outputs import opened as read_open

        source, beside = read_open(file)
        path, folder = source.path, folder or beside
    wanted = app.Wanted(
        month=month,
        as_of=as_of,
        span=span,
        refresh=refresh,
        folder=folder,
        lang=lang,
        details=details,
        with_data=with_data,
        full=full,
        pdf=pdf,
        forms=[form for form, asked in ((PAGE, html), (DECK, pptx)) if asked],
        force=force,
    )
    if audience == "each":
        with AtWork("全公司报告", "Whole report") as sign:
            done = app.report_each(
                path,
                wanted,
                levels=[Level(level) for level in levels],
                shown=partial(_with_bar, sign) if sys.stderr.isatty() else nullcontext,
            )
        _each(ctx, path, done, everything, as_json, lang)
    elif audience == "all":
        with AtWork(*_at_work(pdf)):
            whole = app.report(path, wanted, source=source)
        if opened:
            _open(next(iter(whole.forms.values()), whole.printed or whole.written))
        _one(ctx, whole, (), everything, as_json, lang, live)
    else:
        with AtWork(*_at_work(pdf)):
            part = app.report_unit(path, audience, wanted)
        if opened and part.written:
            _open(next(iter(part.forms.values()), part.printed or part.written))
        _one(ctx, part, part.leaks, everything, as_json, lang)


def _at_work(pdf: bool) -> tuple[str, str]:
    return ("报告和 PDF", "Report and PDF") if pdf else ("报告", "Report")


def _shown(forms: Mapping[Form, Path], form: Form) -> str | None:
    return str(forms[form]) if form in forms else None


def _open(path: Path) -> None:
    from salesplan.cli.opening import open_file

    open_file(path)


def _one(
    ctx: click.Context,
    made: app.Reported | app.UnitReport,
    leaks: tuple[Finding, ...],
    everything: bool,
    as_json: bool,
    lang: str | None,
    live: bool = False,
) -> None:
    run, written, printed, forms = made.run, made.written, made.printed, made.forms
    lang = lang or run.loaded.lang
    findings = (*leaks, *run.findings)
    if as_json:
        print_json(
            findings,
            written=str(written) if written else None,
            printed=str(printed) if printed else None,
            page=_shown(forms, PAGE),
            deck=_shown(forms, DECK),
            removed=[str(path) for path in made.gone],
            to_close=str(app.closable(run) or "") or None,
        )
    else:
        show_findings(findings, lang, Severity.WARNING, everything=everything)
        if written:
            say(lang, f"已生成 {written}", f"Written: {written}")
        if printed:
            say(lang, f"已打印 {printed}", f"Printed: {printed}")
        for form, zh, en in ((PAGE, "网页", "Page"), (DECK, "演示文稿", "Deck")):
            if form in forms:
                say(lang, f"{zh} {forms[form]}", f"{en}: {forms[form]}")
        if made.gone:
            _say_gone(made.gone, lang)
        if written and not leaks:
            next_step(
                lang,
                "给每个人各自的一份:",
                "make everyone's own report:",
                "report",
                Path(run.loaded.path),
                *_span(run),
                "--audience each",
            )
        if written and not live:
            offer(run.loaded.path, app.closable(run), lang)
    ctx.exit(LEAKED if leaks else int(has_errors(findings)))


def _say_gone(gone: Sequence[Path], lang: str) -> None:
    """What an earlier run left beside the report, with the figures of then."""
    names = listed([path.name for path in gone], lang)
    wanted = " ".join(f"--{path.suffix[1:]}" for path in gone)
    say(
        lang,
        f"已删除上次的 {names}: 其中是旧数字。需要时加 {wanted} 重新生成",
        f"Removed {names}: the figures in it were old. Make it again with {wanted}",
    )


def _span(run: app.Run) -> tuple[str, ...]:
    """The option by which the next command says the same span; none of a month."""
    span = run.results.span.value
    return () if span == SPANS[0] else (f"--span {span}",)


def _each(
    ctx: click.Context,
    file: Path,
    done: app.Distributed,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    lang = lang or done.run.loaded.lang
    findings = (*done.leaks, *done.notes, *done.run.findings)
    if as_json:
        manifest = done.manifest
        print_json(
            findings,
            folder=str(done.folder),
            manifest=str(done.folder / NAME) if manifest else None,
            printed=str(done.printed) if done.printed else None,
            books=[
                {
                    "code": one.code,
                    "file": one.book.file,
                    "address": one.address,
                    "cc": list(one.cc),
                }
                for one in manifest.recipients
            ]
            if manifest
            else [],
            excluded=[{"code": one.code, "reason": one.reason} for one in manifest.excluded]
            if manifest
            else [],
        )
    else:
        show_findings(findings, lang, Severity.WARNING, everything=everything)
        if done.manifest:
            domains = done.run.loaded.plan.settings.mail_domains
            show_manifest(done.manifest, done.folder, domains, lang, REPORTS)
            if done.printed:
                zh = f"所有单元合成一份, 只供发送人, 不会被发送: {done.printed}"
                say(lang, zh, f"All units in one, for the sender only, never sent: {done.printed}")
            if done.manifest.recipients:
                next_step(lang, "先打开看看, 再", "review the reports, then", "send", done.folder)
            else:
                _addresses_first(done, file, lang)
            offer(done.run.loaded.path, app.closable(done.run), lang)
    ctx.exit(LEAKED if done.leaks else int(has_errors(findings)))


def _addresses_first(done: app.Distributed, file: Path, lang: str) -> None:
    """Nobody can be sent a report: where the addresses go, and the command for the column."""
    from salesplan.plan.schema import table

    found = done.run.loaded.tables["units"]
    column = table("units").column("email").header(lang)
    if "email" in found.columns:
        say(
            lang,
            f"→ 下一步: 在“{found.sheet}”表的“{column}”列填写邮箱, 再生成一次。",
            f"→ Next: enter addresses in the column “{column}” of the sheet “{found.sheet}”, "
            "then run this again.",
        )
        return
    next_step(
        lang,
        f"加上“{column}”列, 填写邮箱, 再生成一次:",
        f"add the column “{column}”, enter addresses, then run this again:",
        "add",
        file,
        quote(found.sheet),
    )


def _with_bar(
    sign: AtWork, people: Sequence[Recipient]
) -> AbstractContextManager[Iterable[Recipient]]:
    sign.stop()
    return click.progressbar(people, label=caption("报告", "Reports"), file=sys.stderr)


REPORTS = ("份报告", "report")
"""What is counted where every recipient's report is made, in Chinese and English."""


def show_manifest(
    manifest: Manifest, folder: Path, domains: Sequence[str], lang: str, what: tuple[str, str]
) -> None:
    """Who gets which file, who gets none and why; the files are counted as ``what``."""
    for one in manifest.recipients:
        cc = copied(one.cc, lang)
        click.echo(f"  {one.code:<8} {one.person}  {one.address}{cc}  {one.book.file}")
    for left in manifest.excluded:
        why = Finding.of(
            left.reason,
            unit=left.unit or left.code,
            text=left.address,
            domains=domains or ("—",),
        )
        click.echo(f"  {left.code:<8} {left.person}  —  {text(why, lang)}")
    if manifest.link and any(one.forms for one in manifest.books):
        say(
            lang,
            f"邮件里将是链接: 发送前把网页和演示文稿放到 {manifest.link}/, 每人只能打开自己的。",
            f"Mails will link page and deck: put them into {manifest.link}/ before you send, where "
            "each person may open only their own.",
        )
    made = len({one.book.file for one in manifest.recipients})
    say(
        lang,
        f"已生成 {made} {what[0]} ({len(manifest.excluded)} 个单元不发送), 文件夹 {folder}",
        f"{counted(made, what[1])} written "
        f"({counted(len(manifest.excluded), 'unit')} excluded), folder {folder}",
    )
