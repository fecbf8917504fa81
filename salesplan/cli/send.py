"""``send``: a folder of reports to the people they were made for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesplan import app
from salesplan.app import Standing
from salesplan.cli import options
from salesplan.cli.close import offer
from salesplan.cli.language import refusal, spoken
from salesplan.cli.progress import AtWork
from salesplan.cli.show import copied, counted, print_json, say, show_warning
from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.delivery.outbox import Entry

PARTLY, UNKNOWN = 5, 6
"""Exit codes: some were not sent (a book with errors among them); of some it is unknown."""

_STANDING = {
    Standing.OPEN: ("待发送", "to send"),
    Standing.SENT: ("已发送", "sent"),
    Standing.DRAFTED: ("已生成草稿", "drafted"),
    Standing.UNKNOWN: ("结果不明", "unknown"),
    Standing.ELSEWHERE: ("另一账户记录为已发送", "sent by another account, as its record says"),
    Standing.CHANGED: ("已发过旧版", "older version sent"),
    Standing.LEFT: ("已离职", "has left"),
    Standing.ERRORS: ("数据有误, 未发送", "data errors, held back"),
}
_COLOURS = {
    Standing.SENT: "green",
    Standing.UNKNOWN: "red",
    Standing.ELSEWHERE: "red",
    Standing.CHANGED: "yellow",
    Standing.LEFT: "yellow",
    Standing.ERRORS: "red",
}
_STATES = {
    "sent": ("已发送", "sent", "green"),
    "refused": ("被拒收", "refused", "red"),
    "unknown": ("结果不明", "unknown", "red"),
    "queued": ("暂未发出", "not sent yet", "yellow"),
    "sending": ("发送中", "sending", "yellow"),
}


@click.command(cls=options.OneOfEach)
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@options.by_draft
@options.by_smtp
@click.option(
    "--wecom",
    "way",
    flag_value="wecom",
    help="Summary and whole-team book to the WeCom group. 发到企业微信群。",
)
@click.option(
    "--status",
    "way",
    flag_value="status",
    help="What became of every message; sends nothing. 查看发送情况。",
)
@click.option(
    "--only", multiple=True, metavar="CODE", help="Only this unit; may be repeated. 只发给该编码。"
)
@click.option(
    "--test-to",
    metavar="ADDRESS",
    help="Everything to this address, marked as a test. 全部发到测试地址。",
)
@click.option(
    "--updates",
    is_flag=True,
    help="Also where an older version of this month was sent. 已发过旧版的也发新版。",
)
@click.option(
    "--despite-errors",
    is_flag=True,
    help="Also books whose figures are touched by errors of the master. 数据有误的报告也照发。",
)
@click.option(
    "--made-elsewhere",
    is_flag=True,
    help="I have checked a manifest that this account did not make. 已核对别处生成的清单。",
)
@options.count
@options.settle
@options.dry_run
@options.as_json
@options.lang
@click.pass_context
def send(
    ctx: click.Context,
    folder: Path,
    way: str,
    only: tuple[str, ...],
    test_to: str | None,
    updates: bool,
    despite_errors: bool,
    made_elsewhere: bool,
    count: int | None,
    settle: tuple[str, str] | None,
    dry_run: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Deliver the reports of DIR as its manifest says. 按清单发送各人的报告。"""
    if settle is not None:
        ctx.exit(
            settled(
                settle,
                lambda code, arrived: app.settle(folder, code, arrived=arrived),
                lang or spoken() or "zh",
            )
        )
    if way == "wecom":
        if only or test_to:
            raise click.UsageError(
                refusal(
                    "--wecom 发到整个群, 不能与 --only 或 --test-to 同用",
                    "--wecom tells the whole group; it goes with neither --only nor --test-to",
                )
            )
        wish = _Wish(updates, despite_errors, made_elsewhere)
        ctx.exit(_group(folder, lang or spoken() or "zh", wish, dry_run=dry_run, as_json=as_json))
    with AtWork("核对报告", "Checking the reports"):
        found = app.delivery(folder, only=only, test_to=test_to, despite_errors=despite_errors)
    lang = lang or found.manifest.lang
    _warn_of_older(found, as_json=as_json)
    if way == "status" or dry_run:
        _show(found, lang, as_json=as_json)
        ctx.exit(UNKNOWN if way == "status" and _unsettled(found) else 0)
    found = _stood_by(found, made_elsewhere, lang, as_json=as_json)
    if way == "draft":
        with AtWork("生成草稿", "Writing drafts"):
            written = app.drafts(found)
        if as_json:
            print_json(_said(found), written=[str(path) for path in written])
        else:
            _show(found, lang, as_json=False)
            say(
                lang,
                f"已生成 {len(written)} 封草稿: {found.folder / 'drafts'}",
                f"{counted(len(written), 'draft')} written: {found.folder / 'drafts'}",
            )
            _offer_to_close(found, lang)
        ctx.exit(PARTLY if found.held else 0)
    code = _smtp(found, lang, updates=updates, count=count, as_json=as_json)
    if not as_json:
        _offer_to_close(found, lang)
    ctx.exit(code)


def _warn_of_older(found: app.Delivery, *, as_json: bool) -> None:
    if found.older is not None and not as_json:
        show_warning(found.older)


def _offer_to_close(found: app.Delivery, lang: str) -> None:
    due = app.closable_beside(found.folder, found.manifest)
    if due is not None:
        offer(*due, lang)


def _smtp(
    found: app.Delivery, lang: str, *, updates: bool, count: int | None, as_json: bool
) -> int:
    due = found.to_send(updates=updates)
    if not as_json:
        _show(found, lang, as_json=False)
    if due:
        confirm(len(due), count, lang)
        unkept = app.record_not_kept(found.folder)
        if unkept is not None:
            show_warning(unkept)
    with sending_bar(len(due), lang) as bar:
        entries = (
            app.send(
                found, app.mail_settings(), updates=updates, done=lambda item, entry: bar.update(1)
            )
            if due
            else ()
        )
    if as_json:
        print_json(
            _said(found),
            sent=[entry_json(entry) for entry in entries],
            waiting=[item.recipient.code for item in found.items if item not in due],
        )
    else:
        show_entries(entries, lang)
    left_unknown = bool(_unsettled(found))
    return exit_code(entries, left_unknown) or (PARTLY if found.held else 0)


def _unsettled(found: app.Delivery) -> tuple[app.Item, ...]:
    """The messages of which only a person can say whether they arrived."""
    unsettled = (Standing.UNKNOWN, Standing.ELSEWHERE)
    return tuple(item for item in found.items if item.standing in unsettled)


def _stood_by(found: app.Delivery, given: bool, lang: str, *, as_json: bool) -> app.Delivery:
    """The delivery, once a person stands by a manifest that this account did not make: it is shown
    and asked for.
    """
    if not found.manifest.own and not given and not as_json:
        _show(found, lang, as_json=False)
        given = _asked(lang)
    found = replace(found, believed=given)
    found.check_origin()
    return found


def _asked(lang: str) -> bool:
    question = either(
        lang,
        "这份清单不是本账户生成的, 或生成后被改动过。以上收件人、邮箱和文件都核对无误吗",
        "This account did not make this manifest, or it was changed since. Are the recipients,"
        " addresses and files above right",
    )
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort:
        click.echo()
        return False


def _held(found: app.Delivery) -> tuple[Finding, ...]:
    """What is said of the books that are held back: each with the cells of its errors."""
    return tuple(app.held_back(item.recipient.book) for item in found.held)


def _said(found: app.Delivery) -> tuple[Finding, ...]:
    """The same, and whether the master was saved since."""
    return (*_held(found), *([] if found.older is None else [found.older]))


def _held_together(found: app.Delivery) -> Finding | None:
    """The same in one sentence: twenty books are held back for much the same cells."""
    each = _held(found)
    if len(each) < 2:
        return each[0] if each else None
    books = [item.recipient.book for item in found.held]
    cells = list(dict.fromkeys(chain.from_iterable(book.error_cells for book in books)))
    more = ["…"] * any(book.errors > len(book.error_cells) for book in books)
    return Finding.of("send-held", count=len(each), cells=[*cells, *more])


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a planner wants sent that is not sent by itself."""

    updates: bool
    despite_errors: bool
    made_elsewhere: bool


def sending_bar(messages: int, lang: str) -> Any:
    """How far the sending is, where a person looks on."""
    return click.progressbar(
        length=messages, label=either(lang, "发送", "Sending"), file=sys.stderr
    )


def confirm(due: int, count: int | None, lang: str) -> None:
    """The planner types how many messages are to go: a slip of the hand sends nothing."""
    if count is None:
        count = click.prompt(
            either(
                lang,
                f"将发出 {due} 封邮件, 输入数量确认",
                f"{due} messages are due; type the number to send them",
            ),
            type=int,
            err=True,
        )
    if count != due:
        raise click.UsageError(
            refusal(
                f"数量不符: 待发 {due} 封, 没有发送",
                f"{due} messages are due, not {count}; nothing was sent",
            )
        )


def _group(folder: Path, lang: str, wish: _Wish, *, dry_run: bool, as_json: bool) -> int:
    with AtWork("核对报告", "Checking the reports"):
        found = app.delivery(folder, only=())
    _warn_of_older(found, as_json=as_json)
    if dry_run:
        click.echo(app.group_summary(folder))
        return 0
    believed = _stood_by(found, wish.made_elsewhere, lang, as_json=as_json).believed
    with AtWork("发送", "Sending"):
        entries = app.tell_group(
            folder, updates=wish.updates, despite_errors=wish.despite_errors, believed=believed
        )
    if as_json:
        print_json((), sent=[entry_json(entry) for entry in entries])
    elif entries:
        show_entries(entries, lang)
    else:
        say(
            lang,
            "本月的摘要和报告已发到群里, 没有重发。",
            "The group already has this month's summary and report; nothing was sent.",
        )
    return exit_code(entries, False)


def settled(
    settle: tuple[str, str], ask: Callable[[str, bool], tuple[Entry, ...]], lang: str
) -> int:
    """Pass on what a person says of unknown messages; the command's exit code."""
    code, answer = settle
    if answer not in ("arrived", "again"):
        raise click.UsageError("--settle CODE arrived|again")
    count = len(ask(code, answer == "arrived"))
    say(lang, f"已确认 {count} 封。", f"{count} settled.")
    return 0


def exit_code(entries: tuple[Entry, ...], left_unknown: bool) -> int:
    """0 all sent, 5 some not sent, 6 of some it is unknown."""
    states = {entry.state.value for entry in entries}
    if left_unknown or "unknown" in states:
        return UNKNOWN
    return PARTLY if states & {"refused", "queued"} else 0


def _show(found: app.Delivery, lang: str, *, as_json: bool) -> None:
    """Who gets what, and where it stands; whoever gets nothing is listed with the reason."""
    from salesplan.messages import fix, text

    if as_json:
        _print_json(found)
        return
    click.secho(f"{found.manifest.title}  ({found.manifest.as_of.isoformat()})", bold=True)
    if found.link:
        say(lang, *links_lead(found.link))
    _list_recipients(found, lang)
    if any(item.standing is Standing.ELSEWHERE for item in found.items):
        say(
            lang,
            "文件夹里的发送记录不是本账户写的。问过对方或收件人后, 逐个确认: --settle 编码 "
            "arrived (已收到) 或 again (重发)。",
            "The folder's record of what was sent is not of this account. Ask whoever sent or "
            "received it, then say for each: --settle CODE arrived, or again.",
        )
    held = _held_together(found)
    if held is not None:
        click.secho(f"{text(held, lang)} → {fix(held, lang)}", fg="red")
    due = len(found.to_send())
    say(
        lang,
        f"{len(found.items)} 位收件人, 待发送 {due} 封。",
        f"{counted(len(found.items), 'recipient')}, {counted(due, 'message')} due.",
    )


def _print_json(found: app.Delivery) -> None:
    items = [
        {
            "code": item.recipient.code,
            "person": item.recipient.person,
            "address": item.address,
            "cc": list(item.cc),
            "file": item.recipient.book.file,
            "links": list(found.manifest.links(item.recipient.book)),
            "standing": item.standing.value,
            "state": item.entry.state.value if item.entry else None,
            "detail": item.entry.detail if item.entry else "",
            "by": item.entry.who if item.entry and not item.entry.own else "",
        }
        for item in found.items
    ]
    excluded = [
        {"code": one.code, "unit": one.unit, "person": one.person, "reason": one.reason}
        for one in found.manifest.excluded
    ]
    print_json(
        _said(found),
        month=found.manifest.month,
        made_here=found.manifest.own,
        items=items,
        excluded=excluded,
    )


def _list_recipients(found: app.Delivery, lang: str) -> None:
    """A line for each recipient, and for each unit that gets nothing."""
    from salesplan.messages import text

    for item in found.items:
        word = standing_word(item.standing, lang)
        detail = _detail(item)
        click.echo(
            f"  {item.recipient.code:<8} {item.recipient.person or item.recipient.book.unit}  "
            f"{item.address}{copied(item.cc, lang)}  {item.recipient.book.file}  {word}{detail}"
        )
    for one in found.manifest.excluded:
        reason = Finding.of(
            one.reason,
            Place(),
            unit=one.unit or one.code,
            text=one.address,
            domains=found.domains or ("—",),
            until=one.address,
        )
        click.echo(
            f"  {one.code:<8} "
            + click.style(either(lang, "不发送: ", "not sent: ") + text(reason, lang), fg="yellow")
        )


def links_lead(link: str) -> tuple[str, str]:
    """Where the links of mails lead, in both languages, and what has to be so there."""
    return (
        f"邮件链接到 {link}/ 下各人自己的网页和演示文稿: 文件要已放到那里, 并且只有本人能打开。",
        f"Mails link each person's own page and deck below {link}/: the files must lie there, "
        "and only that person may open them.",
    )


def _detail(item: app.Item) -> str:
    """What is known of a message beyond where it stands: the server's answer; of one sent elsewhere
    who sent it, and when.
    """
    entry = item.entry
    if entry is None or item.standing is Standing.SENT:
        return ""
    said = entry.detail if entry.own else f"{entry.who or '?'} {entry.time}"
    return f"  {said}" if said else ""


def standing_word(standing: Standing, lang: str) -> str:
    """Where a message stands, as it is shown."""
    return click.style(either(lang, *_STANDING[standing]), fg=_COLOURS.get(standing))


def show_entries(entries: tuple[Entry, ...], lang: str) -> None:
    """What became of each message, and how many were sent."""
    for entry in entries:
        zh, en, colour = _STATES[entry.state.value]
        detail = "" if entry.state.value == "sent" else f"  {entry.detail}"
        click.echo(
            f"  {entry.key.audience:<8} {entry.key.recipient}  "
            f"{click.style(either(lang, zh, en), fg=colour)}{detail}"
        )
    sent = sum(entry.state.value == "sent" for entry in entries)
    say(
        lang,
        f"已发出 {sent} 封, 共 {len(entries)} 封。",
        f"{sent} of {counted(len(entries), 'message')} sent.",
    )


def entry_json(entry: Entry) -> dict[str, str]:
    """A line of the outbox as one JSON object."""
    return {
        "audience": entry.key.audience,
        "recipient": entry.key.recipient,
        "state": entry.state.value,
        "detail": entry.detail,
        "time": entry.time,
    }
