"""Wrong command lines, said in the language that is known, else in both."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from salesplan.cli.language import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


def told(error: click.UsageError) -> click.UsageError:
    """The error in our words; as it is where we have none."""
    said = _said(error)
    return error if said is None else click.UsageError(said, error.ctx)


def no_command(name: str, commands: Iterable[str], ctx: click.Context) -> click.UsageError:
    """That there is no such command, and which one was meant perhaps."""
    like = get_close_matches(name, list(commands), 1)
    said = _meant(f"没有命令 {name}", f"there is no command {name}", like)
    return click.UsageError(refusal(*said), ctx)


def _said(error: click.UsageError) -> str | None:
    if isinstance(error, click.MissingParameter):
        name = _name(error)
        return refusal(f"缺少 {name}", f"{name} is missing")
    if isinstance(error, click.BadParameter):
        name = _name(error)
        said = refusal(f"{name} 的值不对", f"{name} has a wrong value")
        return f"{said}: {error.message}"
    if isinstance(error, click.NoSuchOption):
        return _no_option(error)
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        return refusal(f"{name} 后面要写它的值", f"{name} needs a value behind it")
    return None


def _name(error: click.BadParameter) -> str:
    """The option or argument as it is typed."""
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def _no_option(error: click.NoSuchOption) -> str:
    name = error.option_name
    if error.ctx is not None and isinstance(error.ctx.command, click.Group):
        return refusal(
            f"命令之前没有选项 {name}; 选项写在命令之后",
            f"there is no option {name} before the command; options go behind it",
        )
    like = list(error.possibilities or ())[:1]
    return refusal(*_meant(f"没有选项 {name}", f"there is no option {name}", like))


def _meant(zh: str, en: str, like: list[str]) -> tuple[str, str]:
    if not like:
        return zh, en
    return f"{zh}, 是 {like[0]} 吗?", f"{en}; did you mean {like[0]}?"
