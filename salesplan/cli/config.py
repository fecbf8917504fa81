"""``config``: the user's own settings, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping

import click

from salesplan.cli import options
from salesplan.cli.show import print_json, say, show_findings
from salesplan.config import Config, Given, Kind, Source, load, size_text
from salesplan.delivery import secrets
from salesplan.delivery.secrets import Name
from salesplan.messages import has_errors, show
from salesplan.wording import Both, either

ORIGINS = {
    Source.DEFAULT: Both("默认", "default"),
    Source.FILE: Both("配置文件", "settings file"),
    Source.ENVIRONMENT: Both("环境变量", "environment"),
}


@click.command()
@click.option(
    "--store",
    type=click.Choice([name.value for name in Name]),
    help="Ask for a secret and put it into the system's keyring. 把密码存入系统钥匙串。",
)
@options.as_json
@options.lang
@click.pass_context
def config(ctx: click.Context, store: str | None, as_json: bool, lang: str | None) -> None:
    """List the settings of the program and where each comes from. 列出程序的设置及其来源。"""
    if store:
        secrets.store(Name(store), click.prompt(store, hide_input=True))
        say(lang or "zh", f"{store} 已存入系统钥匙串。", f"{store} is in the system's keyring.")
        ctx.exit(0)
    known = load()
    origins = {name: secrets.find(name)[1] for name in Name}
    if as_json:
        kept = {name.value: origin or None for name, origin in origins.items()}
        print_json(
            known.findings,
            file=str(known.path),
            found=known.found,
            settings=[_json(one) for one in known.settings],
            secrets=kept,
        )
    else:
        _show(known, lang or "zh")
        _show_secrets(origins, lang or "zh")
        if known.findings:
            show_findings(known.findings, lang or "zh")
    ctx.exit(int(has_errors(known.findings)))


def _show(known: Config, lang: str) -> None:
    there = ("" if known.found else " (没有)", "" if known.found else " (not there)")
    say(lang, f"配置文件: {known.path}{there[0]}", f"Settings file: {known.path}{there[1]}")
    section = ""
    for one in known.settings:
        option = one.option
        if option.section != section:
            section = option.section
            click.secho(f"[{section}]", bold=True)
        value = click.style(f"{_shown(one, lang):>12}", bold=one.source is not Source.DEFAULT)
        origin = ORIGINS[one.source].of(lang) + (
            f" {option.variable}" if one.source is Source.ENVIRONMENT else ""
        )
        click.echo(f"  {option.key:<14}{value}  {either(lang, option.zh, option.en)}  ({origin})")


def _show_secrets(origins: Mapping[Name, str], lang: str) -> None:
    """Which secrets there are, and where: never what they say."""
    words = {
        "environment": ("环境变量 ", "environment "),
        "keyring": ("系统钥匙串", "keyring"),
        "": ("没有", "none"),
    }
    click.secho(either(lang, "密码", "Secrets"), bold=True)
    for name, origin in origins.items():
        variable = name.variable if origin == "environment" else ""
        click.echo(f"  {name.value:<16}{either(lang, *words[origin])}{variable}")


def _shown(one: Given, lang: str) -> str:
    if one.option.kind is Kind.SIZE and isinstance(one.value, int):
        return size_text(one.value)
    return show(one.value, lang) or "—"


def _json(one: Given) -> dict[str, object]:
    option = one.option
    return {
        "section": option.section,
        "key": option.key,
        "value": one.value,
        "shown": _shown(one, "en"),
        "source": one.source.value,
        "default": option.default,
        "variable": option.variable,
        "zh": option.zh,
        "en": option.en,
    }
