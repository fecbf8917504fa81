"""``config``: the user's own settings, and where each comes from."""

from __future__ import annotations

import click

from salesplan.cli import options
from salesplan.cli.show import print_json, say, show_findings
from salesplan.config import Config, Given, Kind, Source, load, size_text
from salesplan.messages import has_errors, show

ORIGINS = {
    "zh": {Source.DEFAULT: "默认", Source.FILE: "配置文件", Source.ENVIRONMENT: "环境变量"},
    "en": {Source.DEFAULT: "default", Source.FILE: "settings file", Source.ENVIRONMENT: "environment"},
}


@click.command()
@options.as_json
@options.lang
@click.pass_context
def config(ctx: click.Context, as_json: bool, lang: str | None) -> None:
    """List the settings of the program and where each comes from. 列出程序的设置及其来源。"""
    known = load()
    if as_json:
        print_json(known.findings, file=str(known.path), found=known.found, settings=[_json(one) for one in known.settings])
    else:
        _show(known, lang or "zh")
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
        origin = ORIGINS[lang][one.source] + (f" {option.variable}" if one.source is Source.ENVIRONMENT else "")
        click.echo(f"  {option.key:<12}{value}  {option.zh if lang == 'zh' else option.en}  ({origin})")


def _shown(one: Given, lang: str) -> str:
    return size_text(one.value) if one.option.kind is Kind.SIZE else show(one.value, lang)


def _json(one: Given) -> dict[str, object]:
    option = one.option
    return {
        "section": option.section, "key": option.key, "value": one.value, "shown": _shown(one, "en"), "source": one.source.value,
        "default": option.default, "variable": option.variable, "zh": option.zh, "en": option.en,
    }
