"""``close`` and ``reopen``: months that are shut, and opened again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shlex import quote

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.prompts import confirmed, somebody_there
from salesplan.cli.show import next_step, say, show_failure, show_findings, show_warning
from salesplan.findings import SalesplanError
from salesplan.plan.model import Month


@click.command()
@options.master
@options.period
@click.option(
    "--despite-errors",
    is_flag=True,
    help="Close although errors touch the figures; their number is recorded. "
    "有错误也关账, 并记录错误数。",
)
@options.dry_run
@options.lang
def close(
    file: Path,
    month: Month | None,
    as_of: date | None,
    despite_errors: bool,
    dry_run: bool,
    lang: str | None,
) -> None:
    """Close a month: its targets and actuals are kept and stay. 关账: 记下当月的目标与实绩,
    此后不再改变。
    """
    with AtWork("关账", "Closing"):
        done = app.close(
            file,
            month=month,
            as_of=as_of,
            despite_errors=despite_errors,
            dry_run=dry_run,
            say=show_warning,
        )
    lang = lang or done.lang
    span = _span(done.months)
    if done.errors:
        show_findings(done.errors, lang)
    if done.as_issued is not None:
        show_findings((done.as_issued,), lang, counts=False)
    if dry_run:
        say(
            lang,
            f"预览: 将关账 {span}, 未写入。",
            f"Preview: {span} would be closed; nothing was written.",
        )
        return
    say(lang, f"已关账 {span}: {done.written}", f"{span} closed: {done.written}")
    if done.as_issued is not None:
        next_step(
            lang, "填写未关账的月份:", "fill the open months:", "recalc", done.written or file
        )
        return
    next_step(lang, "生成月报:", "the month's report:", "report", done.written or file)


@click.command()
@options.master
@click.option(
    "--month", required=True, type=options.MonthType(), help="Month to open 要重开的月份."
)
@click.option("--reason", required=True, help="Why 原因.")
@options.dry_run
@options.lang
def reopen(file: Path, month: Month, reason: str, dry_run: bool, lang: str | None) -> None:
    """Open a closed month and all after it again. 重开一个已关账的月份及其后各月。"""
    with AtWork("重开", "Reopening"):
        done = app.reopen(file, month=month, reason=reason, dry_run=dry_run, say=show_warning)
    lang = lang or done.lang
    span = _span(done.months)
    if dry_run:
        say(
            lang,
            f"预览: 将重开 {span}, 未写入。",
            f"Preview: {span} would be reopened; nothing was written.",
        )
        return
    say(lang, f"已重开 {span}: {done.written}", f"{span} reopened: {done.written}")
    next_step(lang, "重新计算:", "work it out again:", "recalc", done.written or file)


def offer(file: Path, month: Month | None, lang: str) -> None:
    """Of a month that is over and open: close it now, where a person says so; else what to run."""
    if month is None:
        return
    if not somebody_there():
        line = f"salesplan close {quote(str(file))} --month {month}"
        say(
            lang,
            f"{month} 已结束, 未关账。核对无误后: {line}",
            f"{month} is over and not closed. Once it is final: {line}",
        )
        return
    zh, en = f"{month} 已结束, 现在关账吗", f"{month} is over. Close it now"
    if not confirmed(lang, zh, en):
        return
    try:
        done = app.close(file, month=month, say=show_warning)
    except SalesplanError as error:
        show_failure(error.finding)
    else:
        if done.as_issued is not None:
            show_findings((done.as_issued,), lang, counts=False)
        span = _span(done.months)
        say(lang, f"已关账 {span}: {done.written}", f"{span} closed: {done.written}")


def _span(months: tuple[Month, ...]) -> str:
    return "–".join(dict.fromkeys(str(one) for one in (months[0], months[-1])))
