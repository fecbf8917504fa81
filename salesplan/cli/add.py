"""``add``: what a master of an older template lacks."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.answers import TRADES
from salesplan.cli.language import refusal
from salesplan.cli.progress import AtWork
from salesplan.cli.show import counted, next_step, say, show_findings, show_warning
from salesplan.messages import has_errors


@click.command()
@options.master
@click.argument("sheets", nargs=-1, metavar="[SHEET]...")
@click.option(
    "--all", "everything", is_flag=True, help="All sheets of a template. 模板的全部工作表。"
)
@click.option(
    "--trade",
    type=click.Choice(TRADES),
    help="A trade's KPIs, seasons, tasks and budget categories. 行业模板的内容。",
)
@options.dry_run
@options.out
@options.lang
@click.pass_context
def add(
    ctx: click.Context,
    file: Path,
    sheets: tuple[str, ...],
    everything: bool,
    trade: str | None,
    dry_run: bool,
    out: Path | None,
    lang: str | None,
) -> None:
    """Add the columns, settings and sheets that FILE lacks, right of what is there.
    补上主计划缺少的列、设置和工作表。
    """
    if trade is not None and (sheets or everything):
        said = refusal(
            "--trade 单独使用: 工作表另外加", "use --trade by itself; add sheets in another run"
        )
        raise click.UsageError(said)
    if trade is not None:
        ctx.exit(_add_trade(file, trade, dry_run, out, lang))
    if not sheets and not everything:
        said = refusal(
            "请写出工作表, 或用 --all 或 --trade", "name a sheet, or use --all or --trade"
        )
        raise click.UsageError(said)
    with AtWork("补列", "Adding"):
        added, written = app.add(
            file, () if everything else sheets, dry_run=dry_run, out=out, say=show_warning
        )
    lang = lang or added.lang
    by_sheet: dict[str, list[str]] = {}
    for sheet, head in added.heads:
        by_sheet.setdefault(sheet, []).extend([head] if head else [])
    for sheet, heads in by_sheet.items():
        say(
            lang,
            f"{sheet}: {'、'.join(heads) or '新工作表'}",
            f"{sheet}: {', '.join(heads) or 'a new sheet'}",
        )
    show_findings(added.findings, lang)
    if written:
        say(lang, f"已写入: {written}", f"Written: {written}")
    elif added.changes:
        say(lang, "预览: 未写入。", "Preview: nothing was written.")
    else:
        say(lang, "什么都不缺。", "Nothing is missing.")
    ctx.exit(int(has_errors(added.findings)))


def _add_trade(file: Path, trade: str, dry_run: bool, out: Path | None, lang: str | None) -> int:
    """The rows of a trade put in; gives the exit code."""
    from salesplan.plan.schema import sheet, table

    with AtWork("加入行业模板", "Adding the trade"):
        added, counts, written = app.add_trade(
            file, trade, dry_run=dry_run, out=out, say=show_warning
        )
    lang = lang or added.lang
    for key, count in counts.items():
        title = sheet(table(key).sheet).title(lang)
        say(lang, f"{title}: {count} 行", f"{title}: {counted(count, 'row')}")
    show_findings(added.findings, lang, counts=False)
    if written:
        say(lang, f"已写入: {written}", f"Written: {written}")
        next_step(lang, "看一看, 改成自己的数字:", "look, and enter your own:", "check", written)
    elif added.changes:
        say(lang, "预览: 未写入。", "Preview: nothing was written.")
    else:
        say(lang, "什么都不缺。", "Nothing is missing.")
    return int(has_errors(added.findings))
