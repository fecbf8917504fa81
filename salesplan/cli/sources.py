"""``sources``: which linked sources this account lets run."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.app.linking import Holds
from salesplan.cli import options
from salesplan.cli.language import language_at, refusal, spoken
from salesplan.cli.prompts import confirmed, somebody_there
from salesplan.cli.show import counted, print_json, say
from salesplan.wording import Both, either

_HOLDS = {
    Holds.YES: Both("可运行", "runs"),
    Holds.CHANGED: Both("已改动, 需再次允许", "changed: allow it again"),
    Holds.GONE: Both("文件已不在", "gone"),
}
MOST_OF_SQL = 2_000
"""Signs of a query that are shown."""


@click.group(cls=options.Listing)
def sources() -> None:
    """Linked sources: which mappings this account lets run. 连接的数据源: 本账户允许运行哪些。"""


@sources.command()
@options.master
@click.option("--yes", is_flag=True, help="Allow without asking 不再询问, 直接允许。")
@options.lang
@click.pass_context
def allow(ctx: click.Context, file: Path, yes: bool, lang: str | None) -> None:
    """Show what the linked mapping reads, and let it run on this account. 查看并允许对应表运行。"""
    offer = app.offered_source(file)
    words = lang or spoken() or offer.lang
    _show(offer, words)
    question = ("允许它在本账户运行吗", "Let it run on this account")
    if not yes and not (somebody_there() and confirmed(words, *question)):
        say(
            words,
            "没有允许 (--yes 直接允许)。",
            "Not allowed (--yes allows it without asking).",
        )
        ctx.exit(2)
    app.allow_source(offer)
    say(words, f"已允许: {offer.found.path}", f"Allowed: {offer.found.path}")


def _show(offer: app.Offer, lang: str) -> None:
    say(lang, f"对应表: {offer.found.path}", f"Mapping: {offer.found.path}")
    for one in offer.sources:
        say(lang, f"  读取 {one}", f"  reads {one}")
    for one in offer.outside:
        say(lang, f"  在文件夹之外: {one}", f"  outside its folder: {one}")
    if offer.sql:
        sql = offer.sql.strip()
        shown = sql if len(sql) <= MOST_OF_SQL else sql[:MOST_OF_SQL] + " …"
        say(lang, f"  查询:\n{shown}", f"  query:\n{shown}")


@sources.command("list")
@options.as_json
@options.lang
def listed(as_json: bool, lang: str | None) -> None:
    """List what this account allows, and whether it still holds. 列出本账户允许的数据源。"""
    found = app.allowed_sources()
    if as_json:
        rows = [
            {
                "workbook": one.workbook,
                "mapping": one.mapping,
                "outside": list(one.outside),
                "at": one.at,
                "holds": holds.value,
            }
            for one, holds in found
        ]
        print_json([], allowed=rows)
        return
    for one, holds in found:
        words = lang or spoken() or language_at(Path(one.workbook))
        state = _HOLDS[holds]
        told = state.of(words) if words else refusal(state.zh, state.en)
        click.echo(f"{one.at}  {one.workbook}  {one.mapping}  {told}")
    if not found:
        click.echo(refusal("没有允许的数据源。", "No source is allowed."))


@sources.command()
@options.master
@options.lang
def forget(file: Path, lang: str | None) -> None:
    """Let nothing run for FILE any more, and remove its snapshot. 不再允许, 并删除快照。"""
    count, words = app.forget_source(file), lang or spoken() or "zh"
    name = either(words, f"{count} 个", counted(count, "mapping"))
    say(words, f"{file.name}: 已取消允许 {name}。", f"{file.name}: {name} no longer allowed.")
