"""``new`` and ``demo``: a first workbook."""

from __future__ import annotations

from pathlib import Path

import click

from salesplan import app
from salesplan.cli import options
from salesplan.cli.language import refusal
from salesplan.cli.show import counted, next_step, say, show_counts
from salesplan.cli.working import AtWork


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of the sheets 语言.",
)
@click.option(
    "--year",
    type=click.IntRange(1990, 2999),
    help="Plan year 计划年度 (default: this year, 2026 for the example).",
)
@click.option(
    "--fiscal-start",
    type=click.IntRange(1, 12),
    default=1,
    metavar="MONTH",
    help="First month of the fiscal year 财年起始月 (default: 1, January).",
)
@click.option("--example", is_flag=True, help="With the worked example filled in. 填入示例。")
@click.option(
    "--mistakes",
    is_flag=True,
    help="The example with planted mistakes, to try `check` on. 带错误的示例。",
)
@options.force
def new(
    file: Path,
    lang: str,
    year: int | None,
    fiscal_start: int,
    example: bool,
    mistakes: bool,
    force: bool,
) -> None:
    """Write a new master workbook. 新建主计划工作簿。"""
    if fiscal_start != 1 and (example or mistakes):
        raise click.UsageError(
            "示例是自然年, 不能与 --fiscal-start 同用 / the example is of a calendar year; leave "
            "out --fiscal-start"
        )
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(
            refusal("文件名须以 .xlsx 结尾", "the file's name must end in .xlsx")
        )
    app.new(
        file,
        lang=lang,
        year=year or (2026 if example or mistakes else None),
        fiscal_start=fiscal_start,
        example=example or mistakes,
        mistakes=mistakes,
        force=force,
    )
    say(lang, f"已新建 {file}", f"Written: {file}")
    if example or mistakes:
        next_step(lang, "检查:", "check it:", "check", file)
    else:
        next_step(
            lang,
            "填写设置、组织和指标, 然后",
            "fill in Settings, Organization and KPIs, then",
            "check",
            file,
        )


@click.command()
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("salesplan-demo")
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language 语言.",
)
@options.force
def demo(folder: Path, lang: str, force: bool) -> None:
    """Run the main job on the built-in sample. 用内置示例走一遍: 填表并生成月报。"""
    with AtWork("生成示例", "Making the demo"):
        done = app.demo(folder, lang=lang, force=force)
    edits = done.recalculated.changes.edits
    sheets = len({edit.sheet for edit in edits})
    say(
        lang,
        f"已填写主计划: {done.master}  ({sheets} 张表, {len(edits)} 格)",
        f"Filled master: {done.master}  ({counted(len(edits), 'cell')} on "
        f"{counted(sheets, 'sheet')})",
    )
    say(lang, f"已生成月报:   {done.report}", f"Report:        {done.report}")
    show_counts(done.recalculated.changes.findings, lang)
    next_step(
        lang,
        "看过之后, 建自己的计划:",
        "when you have looked, start your own:",
        "new",
        Path("plan.xlsx"),
        "--lang",
        lang,
    )
