"""``check`` and ``recalc``: what the master says, and filling what is the engine's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salesplan import app
from salesplan.app.keeping import Whose
from salesplan.cli import options
from salesplan.cli.asking import asked_about_past
from salesplan.cli.language import spoken
from salesplan.cli.show import (
    counted,
    edit_json,
    next_step,
    print_json,
    say,
    show_edits,
    show_findings,
    show_warning,
    summary_json,
)
from salesplan.cli.working import AtWork
from salesplan.findings import Severity
from salesplan.messages import has_errors
from salesplan.plan.model import Month
from salesplan.wording import either


@click.command()
@options.master_or_open
@options.live
@options.period
@options.recalc_with
@options.everything
@options.as_json
@options.lang
@click.pass_context
def check(
    ctx: click.Context,
    file: Path | None,
    live: bool,
    month: Month | None,
    as_of: date | None,
    recalc_with: str | None,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """List everything that is wrong in a master, with its cell and the fix. 检查主计划,
    逐条列出问题。
    """
    path = options.on_file(file, live, recalc_with=recalc_with)
    if live:
        from salesplan.excel.cases import examined_open

        run = examined_open(file, month=month, as_of=as_of)
    else:
        with AtWork("检查", "Checking"):
            run = app.check(path, month=month, as_of=as_of, recalc_with=recalc_with)
    if as_json:
        print_json(run.findings)
    else:
        show_findings(run.findings, lang or run.loaded.lang, everything=everything)
    ctx.exit(int(has_errors(run.findings)))


@click.command()
@options.master_or_open
@options.live
@options.period
@options.recalc_with
@options.dry_run
@options.keep_typed
@options.replace_typed
@options.past
@options.out
@options.force
@options.everything
@options.as_json
@options.lang
@click.pass_context
def recalc(
    ctx: click.Context,
    file: Path | None,
    live: bool,
    month: Month | None,
    as_of: date | None,
    recalc_with: str | None,
    dry_run: bool,
    typed: str | None,
    past: bool,
    out: Path | None,
    force: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Fill the engine columns of a master. 重新计算并填写主计划的计算列。"""
    path = options.on_file(file, live, recalc_with=recalc_with, out=out)
    whose = Whose(typed or "ask")

    def filled(past: bool) -> app.Recalculated:
        if live:
            from salesplan.excel.cases import recalculated_open

            return recalculated_open(
                file, month=month, as_of=as_of, dry_run=dry_run, typed=whose, past=past
            )
        with AtWork("计算", "Calculating"):
            return app.recalc(
                path,
                month=month,
                as_of=as_of,
                recalc_with=recalc_with,
                dry_run=dry_run,
                out=out,
                say=show_warning,
                typed=whose,
                past=past,
                force=force,
            )

    done = asked_about_past(filled, past, lang or spoken() or "zh")
    lang = lang or done.run.loaded.lang
    edits, findings = done.changes.edits, done.changes.findings
    if as_json:
        print_json(
            findings,
            summary=summary_json(edits),
            changes=[edit_json(edit) for edit in edits],
            written=str(done.written) if done.written else None,
        )
    else:
        for sheet, head in done.heads:
            say(lang, f"新增列 {sheet}: {head}", f"Column added on {sheet}: {head}")
        show_edits(edits, lang, everything=everything)
        show_findings(findings, lang, Severity.WARNING, everything=everything)
        if done.past is not None:
            show_warning(done.past)
        sheets = len({edit.sheet for edit in edits})
        if done.written and live:
            name = done.written.name
            say(
                lang,
                f"已填写 {sheets} 张表的 {len(edits)} 格, 工作簿未保存: {name}",
                f"Filled {counted(len(edits), 'cell')} on {counted(sheets, 'sheet')}; the "
                f"workbook is not saved: {name}",
            )
        elif done.written and not edits:
            say(
                lang,
                f"计算列没有改动; 已记下哪些格由引擎填写: {done.written}",
                f"No changes; {done.written} now records which cells the engine fills",
            )
        elif done.written:
            say(
                lang,
                f"已写入 {sheets} 张表的 {len(edits)} 格: {done.written}",
                f"{counted(len(edits), 'cell')} on {counted(sheets, 'sheet')} written: "
                f"{done.written}",
            )
        elif edits:
            say(
                lang,
                f"预览: {sheets} 张表的 {len(edits)} 格将会改变, 未写入。",
                f"Preview: {counted(len(edits), 'cell')} on {counted(sheets, 'sheet')} would "
                "change; nothing was written.",
            )
        else:
            say(lang, "没有改动。", "No changes.")
        if not live and not dry_run:
            target = done.written or path
            if "targets" in done.run.loaded.tables:
                next_step(lang, "生成月报:", "make the monthly report:", "report", target)
            else:
                next_step(
                    lang,
                    "没有“目标分解”表, 目标还看不到。加上它, 再重新计算:",
                    "there is no Targets sheet to show the targets on. Add it, then recalculate:",
                    "add",
                    target,
                    either(lang, "目标分解", "Targets"),
                )
    ctx.exit(int(has_errors(findings)))
