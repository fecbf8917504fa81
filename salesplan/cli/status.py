"""``status``: where the month of a master stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesplan import app
from salesplan.app.sending import Standing
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.show import counted, counts_line, next_step, print_json
from salesplan.messages import has_errors, text
from salesplan.plan.model import Month
from salesplan.wording import COMMA, Both, clock, either, listed

if TYPE_CHECKING:
    from salesplan.app.month_status import Made, MonthStatus, Reporting, Sent
    from salesplan.plan.model import Unit

MOST_NAMES = 8
"""Names in a line before the rest is counted."""

_WORDS = {
    Standing.OPEN: Both("待发送", "to send"),
    Standing.SENT: Both("已发送", "sent"),
    Standing.DRAFTED: Both("已写草稿", "drafted"),
    Standing.UNKNOWN: Both("结果不明", "outcome unknown"),
    Standing.ELSEWHERE: Both("他处已发送", "sent by another account"),
    Standing.CHANGED: Both("发送后有改动", "changed since it was sent"),
    Standing.LEFT: Both("已离职", "left"),
    Standing.ERRORS: Both("因错误暂缓", "held back for errors"),
}


@click.command()
@options.master
@options.period
@click.option(
    "--reports",
    "folder",
    type=options.FolderType(),
    help="Folder of the reports 报告所在文件夹 (default: beside FILE).",
)
@options.as_json
@options.lang
@click.pass_context
def status(
    ctx: click.Context,
    file: Path,
    month: Month | None,
    as_of: date | None,
    folder: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Where the month stands: who has reported, what is wrong, filled, made, sent and closed.
    本月进展: 谁填了、有什么错、填到哪、发到哪。
    """
    with AtWork("查看", "Looking"):
        found = app.standing(file, month=month, as_of=as_of, folder=folder, lang=lang)
    findings = found.run.findings
    lang = lang or found.run.loaded.lang
    if as_json:
        print_json(findings, **_document(found))
    else:
        for head, words in _lines(found, lang):
            click.echo(f"{click.style(head, bold=True)}: {words}")
        _next(found, file, lang)
    ctx.exit(int(has_errors(findings)))


def _lines(found: MonthStatus, lang: str) -> Iterator[tuple[str, str]]:
    run = found.run
    results = run.results
    cut = either(lang, f"数据截止 {results.as_of}", f"cut-off {results.as_of}")
    over = (
        either(lang, "已结束", "over") if results.month_over else either(lang, "进行中", "running")
    )
    shut = (
        either(lang, "已关账", "closed")
        if results.month_closed
        else either(lang, "未关账", "not closed")
    )
    yield either(lang, "月份", "Month"), f"{results.month} ({over}, {shut}), {cut}"
    yield either(lang, "实绩", "Actuals"), _reporting(found.actuals, lang, "填报", "reported")
    if found.reviews is None:
        yield (
            either(lang, "周复盘", "Weekly review"),
            either(lang, "本周没有要复盘的任务", "no task to review this week"),
        )
    else:
        yield (
            either(lang, "周复盘", "Weekly review"),
            _reporting(found.reviews, lang, "填写", "filled in"),
        )
    yield either(lang, "检查", "Checks"), counts_line(run.findings, lang)
    yield either(lang, "计算列", "Engine columns"), _filled(found, lang)
    yield either(lang, "月报", "Report"), _made(found.report, lang)
    yield either(lang, "发送", "Delivery"), _sent(found.sent, lang)


def _reporting(one: Reporting, lang: str, zh: str, en: str) -> str:
    total = len(one.done) + len(one.missing)
    if not total:
        return either(lang, "没有人需要填报", "nobody has to report")
    count = either(
        lang, f"{len(one.done)}/{total} 人已{zh}", f"{len(one.done)} of {total} have {en}"
    )
    if not one.missing:
        return count
    return count + either(lang, "; 尚缺 ", "; missing: ") + _names(one.missing, lang)


def _names(units: Sequence[Unit], lang: str) -> str:
    names = [unit.name or unit.code for unit in units[:MOST_NAMES]]
    rest = len(units) - len(names)
    if not rest:
        return listed(names, lang)
    return listed(names, lang) + either(lang, f" 等 {len(units)} 人", f"{COMMA.en}{rest} more")


def _filled(found: MonthStatus, lang: str) -> str:
    if found.stale:
        now = either(
            lang,
            f"有 {found.stale:,} 格待更新",
            f"{counted(found.stale, 'cell')} out of date",
        )
    else:
        now = either(lang, "都是最新", "up to date")
    last = found.recalculated
    if last is None:
        return now + either(lang, "; 这台电脑上没有重算记录", "; no recalculation on record here")
    time = clock(datetime.fromisoformat(last.time))
    who = f" {last.who}" if last.who else ""
    return now + either(lang, f"; 上次重算 {time}{who}", f"; last recalculated {time}{who}")


def _made(report: Made | None, lang: str) -> str:
    if report is None:
        return either(lang, "还没有", "none yet")
    since = either(lang, "; 之后主计划有改动", "; the master was saved since")
    return f"{report.file} ({clock(report.time)}{since if report.outdated else ''})"


def _sent(sent: Sent | None, lang: str) -> str:
    if sent is None:
        return either(lang, "还没有每人一份的报告", "everybody's own reports are not made yet")
    if sent.trouble is not None:
        return text(sent.trouble, lang)
    kinds = [f"{_WORDS[how].of(lang)} {count}" for how, count in sent.counts]
    if sent.drafts:
        kinds.append(either(lang, f"草稿 {sent.drafts} 封", counted(sent.drafts, "draft")))
    counts = listed(kinds, lang)
    return f"{counts or either(lang, '没有收件人', 'no recipients')} ({sent.folder})"


def _next(found: MonthStatus, file: Path, lang: str) -> None:
    """The first thing that is still to be done."""
    results = found.run.results
    if has_errors(found.run.findings):
        next_step(lang, "逐条列出并改正:", "list what is wrong, and put it right:", "check", file)
    elif found.stale:
        next_step(lang, "重新计算:", "recalculate:", "recalc", file)
    elif found.report is None or (found.report.outdated and not results.month_closed):
        next_step(lang, "生成月报:", "make the monthly report:", "report", file)
    elif found.sent is None:
        next_step(
            lang,
            "给每个人各自的一份:",
            "make everyone's own report:",
            "report",
            file,
            "--audience each",
        )
    elif found.sent.open:
        next_step(lang, "先打开看看, 再", "review the reports, then", "send", found.sent.folder)
    elif results.month_over and not results.month_closed:
        next_step(lang, "关账:", "close the month:", "close", file)


def _document(found: MonthStatus) -> dict[str, object]:
    """The same for programs; None for what there is not."""
    results, report, sent = found.run.results, found.report, found.sent
    return {
        "month": str(results.month),
        "as_of": results.as_of.isoformat(),
        "over": results.month_over,
        "closed": results.month_closed,
        "actuals": _named(found.actuals),
        "reviews": None if found.reviews is None else _named(found.reviews),
        "stale_cells": found.stale,
        "recalculated": found.recalculated.time if found.recalculated else None,
        "report": None if report is None else _report(report),
        "delivery": None if sent is None else _delivery(sent),
    }


def _named(one: Reporting) -> dict[str, list[str]]:
    return {
        "done": [unit.code for unit in one.done],
        "missing": [unit.code for unit in one.missing],
    }


def _report(report: Made) -> dict[str, object]:
    return {
        "file": str(report.file),
        "time": report.time.isoformat(timespec="seconds"),
        "outdated": report.outdated,
    }


def _delivery(sent: Sent) -> dict[str, object]:
    return {
        "folder": str(sent.folder),
        "month": sent.month,
        "trouble": sent.trouble.code if sent.trouble else None,
        "drafts": sent.drafts,
        **{how.value: count for how, count in sent.counts},
    }
