"""``doctor``: is everything there, and what to do where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.language import spoken
from salesplan.cli.progress import AtWork
from salesplan.cli.show import COLOURS, counted, print_json, say
from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, fix, has_errors, severity, text


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", required=False)
@options.as_json
@options.lang
@click.pass_context
def doctor(ctx: click.Context, file: Path | None, as_json: bool, lang: str | None) -> None:
    """Check the installation, and a master if one is named. 检查安装和环境, 逐条说明怎么办。"""
    with AtWork("检查", "Checking"):
        findings = (*app.doctor(file, encoding=sys.stdout.encoding or "ascii"), *_calc())
    words = lang or spoken() or "zh"
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            show_line(finding, words)
        to_do = sum(not in_order(finding) for finding in findings)
        say(
            words,
            f"共 {len(findings)} 项, {to_do} 项需要处理。",
            f"{counted(len(findings), 'check')}, {to_do} to look at.",
        )
    ctx.exit(int(has_errors(findings)))


def _calc() -> tuple[Finding, ...]:
    """The buttons in Calc, where there is a LibreOffice; they stand above the use cases."""
    from salesplan.workbook.soffice import libreoffice

    if libreoffice() is None:
        return ()
    from salesplan.excel.calc_install import looked_at

    return looked_at()


def in_order(finding: Finding) -> bool:
    """A note that asks for nothing."""
    return severity(finding) is Severity.NOTE and not fix(finding, "en")


def show_line(finding: Finding, lang: str) -> None:
    """OK and the fact, or what is wrong and under it what to do."""
    level = severity(finding)
    sign = (
        click.style("● OK", fg="green")
        if in_order(finding)
        else click.style(SEVERITY_NAMES[level].of(lang), fg=COLOURS[level], bold=True)
    )
    click.echo(f"{sign}  {text(finding, lang)}")
    if fix(finding, lang):
        click.echo(f"        → {fix(finding, lang)}")
