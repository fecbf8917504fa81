"""``import-actuals``: records of a CSV export into the master's actuals."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.show import print_json, say, show_findings, show_warning
from salesplan.messages import has_errors


@click.command("import-actuals")
@options.master
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE.csv")
@click.option(
    "--map",
    "mapping",
    required=True,
    type=click.Path(path_type=Path),
    metavar="MAP.toml",
    help="Which column is what 列对应表.",
)
@options.dry_run
@options.out
@options.as_json
@options.lang
@click.pass_context
def import_actuals(
    ctx: click.Context,
    file: Path,
    source: Path,
    mapping: Path,
    dry_run: bool,
    out: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Append actuals from a CSV export; a record is never taken twice. 从 CSV 导入实绩, 不会重复。"""
    done, written = app.import_actuals(
        file, source, mapping, dry_run=dry_run, out=out, say=show_warning
    )
    lang = lang or done.lang
    if as_json:
        print_json(done.findings, **done.counts, written=str(written) if written else None)
    else:
        show_findings(done.findings, lang)
        n = done.counts
        say(
            lang,
            f"读取 {n['records']} 条: 新增 {n['added']} 行, 已有 {n['known']} 行, 不符合条件 {n['unselected']} 条, 无法放入 {n['refused']} 条",
            f"{n['records']} records read: {n['added']} rows added, {n['known']} already there, {n['unselected']} records not selected, {n['refused']} refused",
        )
        if written:
            say(lang, f"已写入 {written}", f"Written: {written}")
    ctx.exit(int(has_errors(done.findings)))
