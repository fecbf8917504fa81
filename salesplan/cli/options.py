"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from salesplan.cli.language import refusal
from salesplan.plan.model import Month

Command = TypeVar("Command", bound=Callable[..., Any])


LONGEST = 1_000
"""Signs of a command's sentence that a list of commands shows: all of them."""


class Listing(click.Group):
    """A group that lists each command with its whole sentence; click would cut it where the line
    ends.
    """

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentence, whole."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        rows = [(name, one.get_short_help_str(LONGEST)) for name, one in found.items() if one]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class OneOfEach(click.Command):
    """A command in which flags of one name exclude each other: --draft and --smtp."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As a command does; a usage error (exit 2) where two such flags are given."""
        if not ctx.resilient_parsing:
            given: dict[str | None, click.Option] = {}
            for one in self.make_parser(ctx).parse_args(args=list(args))[2]:
                if not isinstance(one, click.Option) or not one.is_flag:
                    continue
                first = given.setdefault(one.name, one)
                if first is not one:
                    said = refusal("只能选一个", "only one of them")
                    raise click.UsageError(f"{first.opts[0]}, {one.opts[0]}: {said}", ctx)
        return super().parse_args(ctx, args)


class FolderType(click.Path):
    """A folder to write into; what is named like a file is refused before it is made one."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The folder, else a usage error (exit 2)."""
        folder = Path(str(value))
        if folder.suffix.lower() in _FILES and not folder.is_dir():
            said = refusal("这里要写文件夹, 不是文件", "a folder is wanted here, not a file")
            self.fail(f"{value}: {said}", param, ctx)
        return super().convert(value, param, ctx)


_FILES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".pdf", ".html", ".pptx"})


class MonthType(click.ParamType):  # type: ignore[type-arg]
    """A month as people write it; the usage says YYYY-MM."""

    name = "YYYY-MM"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        """The month that the word says, else a usage error (exit 2)."""
        from salesplan.plan.parse_dates import written_month

        month = written_month(str(value))
        if month is None:
            said = refusal("月份写作 2026-06", "a month is written 2026-06")
            self.fail(f"{value}: {said}", param, ctx)
        return month


class DateType(click.ParamType):  # type: ignore[type-arg]
    """A day as people write it, the year first."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that the word says, else a usage error (exit 2)."""
        from salesplan.plan.parse_dates import written_day

        day = written_day(str(value))
        if day is None:
            said = refusal("日期写作 2026-06-30", "a date is written 2026-06-30")
            self.fail(f"{value}: {said}", param, ctx)
        return day


master = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
master_or_open = click.argument(
    "file", type=click.Path(path_type=Path), metavar="FILE", required=False
)
live = click.option(
    "--live",
    is_flag=True,
    help=(
        "The workbook open in Excel or LibreOffice: FILE, else the active one. "
        "处理正在打开的工作簿。"
    ),
)
lang = click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language 语言 (default: the master's)."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
dry_run = click.option(
    "--dry-run", is_flag=True, help="Show what would change; write nothing. 只预览, 不写入。"
)
everything = click.option(
    "--all",
    "everything",
    is_flag=True,
    help="List every finding and change, also many alike. 同样的问题和改动也逐条列出。",
)
verbose = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="List the changed cells and the findings as well. 同时列出改动的单元格和问题。",
)
out = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here; FILE stays as it is. 另存为。",
)

force = click.option(
    "--force",
    is_flag=True,
    help=(
        "Replace a workbook there that is another or was changed. "
        "覆盖已有的其他工作簿或改动过的输出。"
    ),
)

recalc_with = click.option(
    "--recalc-with",
    type=click.Choice(["libreoffice"]),
    help="Read formulas' results from a copy calculated by it. 用它计算副本来读取公式结果。",
)


keep_typed = click.option(
    "--keep-typed",
    "typed",
    flag_value="keep",
    help="What you typed in the engine's columns holds. 计算列里您填的数保留。",
)
replace_typed = click.option(
    "--replace-typed",
    "typed",
    flag_value="replace",
    help="The engine fills these cells again. 计算列里您填的由引擎重填。",
)
past = click.option(
    "--past",
    is_flag=True,
    help="Alter filled targets of months over and not closed. 允许改动已结束未关账月份的目标。",
)

by_draft = click.option(
    "--draft",
    "way",
    flag_value="draft",
    default=True,
    help="Unsent messages (.eml) for your mail program (default). 生成草稿。",
)
by_smtp = click.option(
    "--smtp",
    "way",
    flag_value="smtp",
    help="Send through the mail server of the settings. 通过邮件服务器发送。",
)
count = click.option(
    "--yes",
    "count",
    type=int,
    metavar="N",
    help="Send without asking if exactly N messages are due. 恰好 N 封时不再询问。",
)
settle = click.option(
    "--settle",
    nargs=2,
    metavar="CODE arrived|again",
    help="Say what became of an unknown message. 确认结果不明的邮件。",
)


refresh = click.option(
    "--refresh",
    is_flag=True,
    help="Read the linked source now, although its snapshot is fresh. 立即重新读取数据源。",
)


def on_file(file: Path | None, live: bool, **not_live: object) -> Path:
    """FILE, which only ``--live`` can do without; the options named make no sense with it."""
    for name, value in not_live.items():
        if live and value:
            raise click.UsageError(
                f"--{name.replace('_', '-')} "
                + refusal("不能与 --live 同用", "does not go with --live")
            )
    if file is None and not live:
        raise click.UsageError(refusal("缺少 FILE", "FILE is missing"))
    return file or Path()


def period(command: Command) -> Command:
    """``--month`` and ``--asof``, as every command that looks at a month has them."""
    command = click.option(
        "--asof",
        "as_of",
        type=DateType(),
        help="Cut-off day, 2026-03-31 (default: Settings, else actuals) 数据截止日.",
    )(command)
    return click.option(
        "--month",
        type=MonthType(),
        help="Report month, 2026-03 (default: the cut-off's) 报告月份.",
    )(command)
