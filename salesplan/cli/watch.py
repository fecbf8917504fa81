"""``watch``: fill a master again after each save."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from time import sleep

import click

from salesplan import app
from salesplan.app.typed_cells import TypedPolicy
from salesplan.cli import options, spans
from salesplan.cli.doctor import show_line
from salesplan.cli.language import spoken
from salesplan.cli.show import counted, say, show_findings
from salesplan.findings import Severity
from salesplan.plan.model import Month


@click.command()
@options.master
@options.period
@spans.span
@click.option("--no-report", is_flag=True, help="Fill the master only. 只填表, 不生成月报。")
@click.option("--day", is_flag=True, help="Today's stand-up, too. 同时生成今天的晨会一页纸。")
@click.option("--week", is_flag=True, help="This week's meeting, too. 同时生成本周的周会一页纸。")
@click.option(
    "--wecom",
    is_flag=True,
    help="Tell the WeCom group what triggers fire, each once. 预警通知企业微信群, 各发一次。",
)
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look. 间隔秒数。",
)
@options.keep_typed
@options.past
@options.refresh
@options.lang
def watch(
    file: Path,
    month: Month | None,
    as_of: date | None,
    span: str,
    no_report: bool,
    day: bool,
    week: bool,
    wecom: bool,
    every: float,
    typed: str | None,
    past: bool,
    refresh: bool,
    lang: str | None,
) -> None:
    """Fill the master and make its report after each save, until Ctrl+C.
    每次保存后自动填写并生成月报, Ctrl+C 结束。
    """
    asked = ((app.Meeting.DAY, day), (app.Meeting.WEEK, week))
    try:
        say(
            lang or spoken() or "zh",
            f"正在监视 {file}, 按 Ctrl+C 结束。",
            f"Watching {file}; press Ctrl+C to stop.",
        )
        for turn in app.watch(
            file,
            lambda: sleep(every),
            report=not no_report,
            month=month,
            as_of=as_of,
            span=span,
            typed=TypedPolicy(typed or "ask"),
            past=past,
            refresh=refresh,
            meetings=tuple(one for one, wanted in asked if wanted),
            tell=wecom,
        ):
            lang = lang or (turn.done.run.loaded.lang if turn.done else None)
            show_turn(turn, lang or spoken() or "zh")
    except KeyboardInterrupt:
        say(lang or spoken() or "zh", "已结束。", "Stopped.")


def show_turn(turn: app.Turn, lang: str) -> None:
    """The time, what was filled and where, the report, and the errors in the master."""
    click.secho(f"{datetime.now():%H:%M:%S}", bold=True)
    for finding in turn.findings:
        show_line(finding, lang)
    if turn.done is None:
        return
    edits, findings = turn.done.changes.edits, turn.done.changes.findings
    if turn.written:
        say(
            lang,
            f"已写入 {len(edits)} 格: {turn.written}",
            f"{counted(len(edits), 'cell')} written: {turn.written}",
        )
    else:
        say(lang, "没有要填写的改动。", "Nothing to fill.")
    if turn.report:
        say(lang, f"已生成 {turn.report}", f"Written: {turn.report}")
    for page in turn.pages:
        say(lang, f"已生成 {page}", f"Written: {page}")
    if turn.told:
        sent = sum(entry.state.value == "sent" for entry in turn.told)
        say(
            lang,
            f"已通知企业微信群: {sent}/{len(turn.told)} 条预警。",
            f"WeCom group told of {sent} of {counted(len(turn.told), 'firing')}.",
        )
    show_findings(findings, lang, Severity.ERROR, hint="salesplan check --all")
