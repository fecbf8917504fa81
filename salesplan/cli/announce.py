"""``announce``: approved changes to those whom they concern."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.app import Standing
from salesplan.cli import options
from salesplan.cli.language import spoken
from salesplan.cli.progress import AtWork
from salesplan.cli.send import (
    confirm,
    entry_json,
    exit_code,
    sending_bar,
    settled,
    show_entries,
    standing_word,
)
from salesplan.cli.show import counted, print_json, say, show_findings


@click.command(cls=options.OneOfEach)
@options.master
@options.by_draft
@options.by_smtp
@click.option(
    "--to",
    "folder",
    type=options.FolderType(),
    help="Folder for the drafts 草稿文件夹 (default: beside FILE).",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also those of which a draft was made before. 已生成过草稿的也再通知。",
)
@options.count
@options.settle
@options.dry_run
@options.as_json
@options.lang
@click.pass_context
def announce(
    ctx: click.Context,
    file: Path,
    way: str,
    folder: Path | None,
    again: bool,
    count: int | None,
    settle: tuple[str, str] | None,
    dry_run: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Tell the units concerned of each approved change, once. 把已批准的变更通知同步对象,
    每项只通知一次。
    """
    if settle is not None:
        ctx.exit(
            settled(
                settle,
                lambda code, arrived: app.settle_notices(code, arrived=arrived),
                lang or spoken() or "zh",
            )
        )
    with AtWork("读取主计划", "Reading the master"):
        found = app.announcements(file, lang=lang)
    words, due = found.lang, found.to_tell(again=again)
    if not as_json:
        _show(found, len(due))
    unknown = any(one.standing is Standing.UNKNOWN for one in found.notices)
    if dry_run or not due:
        if as_json:
            print_json(found.findings, notices=[_json(one) for one in found.notices])
        ctx.exit(0 if dry_run else exit_code((), unknown))
    if way == "draft":
        written = app.announce_by_draft(
            found, folder or file.parent / f"{file.stem}-announcements", again=again
        )
        if as_json:
            print_json(
                found.findings,
                notices=[_json(one) for one in found.notices],
                written=[str(path) for path in written],
            )
        else:
            say(
                words,
                f"已生成 {len(written)} 封通知草稿: {written[0].parent}",
                f"{counted(len(written), 'draft')} written: {written[0].parent}",
            )
            say(
                words,
                "→ 下一步: 逐封打开并发送; 已生成的不会再次通知 (--again 重新生成)。",
                "→ Next: open each draft and send it; what was drafted is not told again "
                "(--again writes it anew).",
            )
        ctx.exit(exit_code((), unknown))
    confirm(len(due), count, words)
    with sending_bar(len(due), words) as bar:
        entries = app.announce_by_mail(
            found, app.mail_settings(), lambda entry: bar.update(1), again=again
        )
    if as_json:
        print_json(found.findings, sent=[entry_json(entry) for entry in entries])
    else:
        show_entries(entries, words)
    ctx.exit(exit_code(entries, unknown))


def _show(found: app.Announcements, due: int) -> None:
    if found.findings:
        show_findings(found.findings, found.lang)
    for one in found.notices:
        change = one.change
        click.echo(
            f"  {change.code:<8} {change.subject} {change.field}: {one.before or '—'} → "
            f"{change.after}  ({one.begins})  "
            f"{one.unit.code} {one.address}  {standing_word(one.standing, found.lang)}"
        )
    say(
        found.lang,
        f"{len(found.notices)} 条通知, 待通知 {due} 条。",
        f"{counted(len(found.notices), 'notice')}, {due} to be announced.",
    )


def _json(one: app.Notice) -> dict[str, str]:
    return {
        "change": one.change.code,
        "unit": one.unit.code,
        "address": one.address,
        "standing": one.standing.value,
    }
