"""``recalc``: filling what is the engine's. It says what was filled, what that does to the year's
targets, and what is wrong; a line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesplan import app
from salesplan.app.typed_cells import TypedPolicy
from salesplan.cli import options
from salesplan.cli.progress import AtWork
from salesplan.cli.prompts import asked_about_past
from salesplan.cli.show import (
    COLOURS,
    counted,
    counts_line,
    edit_json,
    next_step,
    print_json,
    say,
    show_edits,
    show_findings,
    show_warning,
    summary_json,
)
from salesplan.findings import Finding, Severity
from salesplan.messages import has_errors, severity, show, text
from salesplan.plan.model import Month
from salesplan.wording import clauses, either, listed

if TYPE_CHECKING:
    from salesplan.app.past_months import Goal, Goals
    from salesplan.plan.model import Kpi

MOST_GOALS = 3
"""Goals of the company that a line of results names."""


@click.command(cls=options.OneOfEach)
@options.master_or_open
@options.live
@options.period
@options.recalc_with
@options.dry_run
@options.keep_typed
@options.replace_typed
@options.past
@options.refresh
@options.out
@options.force
@options.verbose
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
    refresh: bool,
    out: Path | None,
    force: bool,
    verbose: bool,
    everything: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Fill the engine columns of a master. 重新计算并填写主计划的计算列。"""
    path = options.on_file(file, live, recalc_with=recalc_with, out=out, refresh=refresh)
    whose = TypedPolicy(typed or "ask")

    def filled(past: bool) -> app.Recalculated:
        if live:
            from salesplan.excel.use_cases import recalculated_open

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
                refresh=refresh,
                force=force,
            )

    done = asked_about_past(filled, past, lang)
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
        _show_changes(done, lang, listed=verbose or everything or dry_run, everything=everything)
        _show_results(done, lang, live=live)
        target = done.written or path
        if findings and not has_errors(findings) and not live and not everything:
            next_step(lang, "看这些提示:", "see what they are:", "check", target)
        if not live and not dry_run:
            _show_next(done, lang, target)
    ctx.exit(int(has_errors(findings)))


def _show_changes(done: app.Recalculated, lang: str, *, listed: bool, everything: bool) -> None:
    """Added columns; each cell and finding, if they are to be ``listed``; months that are over."""
    for sheet, head in done.heads:
        say(lang, f"新增列 {sheet}: {head}", f"Column added on {sheet}: {head}")
    if listed:
        findings = done.changes.findings
        show_edits(done.changes.edits, lang, everything=everything)
        show_findings(findings, lang, Severity.WARNING, everything=everything, counts=False)
    if done.past is not None:
        show_warning(done.past)


def _show_next(done: app.Recalculated, lang: str, target: Path) -> None:
    """The next command: to put right what is wrong, to report, or to add a sheet for targets."""
    if has_errors(done.changes.findings):
        next_step(lang, "逐条列出并改正:", "list what is wrong, and put it right:", "check", target)
    elif "targets" in done.run.loaded.tables:
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


def _show_results(done: app.Recalculated, lang: str, *, live: bool) -> None:
    """Three lines: filled cells, the year's targets, findings with the first of the worst."""
    click.echo(_filled(done, lang, live))
    click.echo(_targets(done, lang))
    wrong = done.changes.findings
    worst = max((severity(one) for one in wrong), default=Severity.NOTE)
    first = next((one for one in wrong if severity(one) is worst), None)
    line = counts_line(wrong, lang)
    if first is None or worst is Severity.NOTE:
        click.echo(line)
    else:
        click.secho(f"{line}{_first(first, lang)}", fg=COLOURS[worst])


def _first(finding: Finding, lang: str) -> str:
    place = f"{finding.place} " if finding.place.sheet else ""
    return either(lang, "; 先看 ", "; first: ") + f"{place}{text(finding, lang)}"


def _filled(done: app.Recalculated, lang: str, live: bool) -> str:
    edits, written = done.changes.edits, done.written
    sheets = len({part.sheet for part in edits.parts})
    zh = f"{sheets} 张表的 {len(edits):,} 格"
    en = f"{counted(len(edits), 'cell')} on {counted(sheets, 'sheet')}"
    if written and not edits:
        return either(
            lang,
            f"计算列没有改动; 已记下哪些格由引擎填写: {written}",
            f"No changes; {written} now records which cells the engine fills",
        )
    if written and live:
        name = written.name
        return either(
            lang,
            f"已填写 {zh}, 工作簿未保存: {name}",
            f"Filled {en}; the workbook is not saved: {name}",
        )
    if written:
        return either(lang, f"已填写 {zh}: {written}", f"Filled {en}: {written}")
    if edits:
        return either(
            lang,
            f"预览: {zh}将会改变, 未写入。",
            f"Preview: {en} would change; nothing was written.",
        )
    return either(lang, "没有改动。", "No changes.")


def _targets(done: app.Recalculated, lang: str) -> str:
    """What the filling does to the year's targets."""
    from salesplan.app.past_months import goals

    run = done.run
    if "targets" not in run.loaded.tables:
        return either(
            lang, "没有“目标分解”表, 目标未填写。", "No Targets sheet: no targets filled."
        )
    found = goals(run, done.changes.edits)
    parts = list(_moves(found, lang))
    if found.new:
        issued = _issued(done, lang)
        named = f" ({listed(issued, lang)})" if issued else ""
        parts.append(
            either(
                lang,
                f"新下达年度目标 {found.new:,} 个{named}",
                f"{counted(found.new, 'year target')} issued for the first time{named}",
            )
        )
    kept = sum(int(str(one.params["count"])) for one in run.filled.left if "kpis" in one.params)
    if kept:
        rows = counted(kept, "filled row")
        parts.append(
            either(
                lang,
                f"因有错误, {kept:,} 行已填写的目标保持原样",
                f"{rows} of targets stay as they are because of errors",
            )
        )
    if not parts:
        return either(lang, "年度目标没有变动。", "No year target changed.")
    return clauses(parts, lang)


def _issued(done: app.Recalculated, lang: str) -> list[str]:
    """The company's first goals, as they are issued."""
    from salesplan.app.past_months import Goal

    plan, targets = done.run.loaded.plan, done.run.results.targets
    top = next((unit for unit in plan.units if not unit.parent), None)
    if top is None:
        return []
    found = []
    for kpi in plan.kpis:
        target = targets.get((kpi.code, top.code))
        if target is not None and target.year is not None:
            shown = show(Goal(kpi, top, target.year, None).shown(target.year), lang)
            found.append(f"{kpi.name or kpi.code} {shown}{_unit(kpi)}")
    more = ["…"] if len(found) > MOST_GOALS else []
    return found[:MOST_GOALS] + more


def _moves(found: Goals, lang: str) -> Iterator[str]:
    moved = [_moved(one, lang, named=False) for one in found.company[:MOST_GOALS]]
    more = ["…"] if len(found.company) > MOST_GOALS else []
    if moved:
        said = listed(moved + more, lang)
        yield either(lang, f"公司年度目标 {said}", f"Company's year target {said}")
    if found.largest is not None:
        largest = _moved(found.largest, lang, named=True)
        yield either(
            lang,
            f"下级年度目标变动 {found.below:,} 个, 幅度最大 {largest}",
            f"{counted(found.below, 'year target')} below changed, most of all {largest}",
        )


def _moved(goal: Goal, lang: str, *, named: bool) -> str:
    name = goal.kpi.name or goal.kpi.code
    unit = f"{goal.unit.name or goal.unit.code} " if named else ""
    before, after = (show(goal.shown(one), lang) for one in (goal.before, goal.after))
    return f"{unit}{name} {before} → {after}{_unit(goal.kpi)}{_by(goal)}"


def _unit(kpi: Kpi) -> str:
    """A KPI's unit behind a figure; a percentage has its sign already."""
    return "" if kpi.in_percent or not kpi.unit else f" {kpi.unit}"


def _by(goal: Goal) -> str:
    """By how much of itself: (+5.3 %); nothing of what is given in percent, or was 0."""
    if goal.after is None or not goal.before or goal.kpi.in_percent:
        return ""
    share: Decimal = (goal.after - goal.before) / abs(goal.before) * 100
    return f" ({share:+.1f}%)"
