"""Reference pages made from what they describe: the commands from their help, the findings from the
catalogue.

A hook of the documentation's builder (``.ci/site.yml``): the pages are made at each build, so they
cannot go stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from salesplan.cli import COMMANDS, commands
from salesplan.findings import Severity
from salesplan.messages import AREAS, Message
from salesplan.wording import for_many
from tests import sentences

SEVERITIES = {
    Severity.ERROR: ("error", "错误"),
    Severity.WARNING: ("warning", "警告"),
    Severity.NOTE: ("note", "提示"),
}


SENTENCES = "sentences.md"
"""The page that takes a report of the sample to make."""


def on_files(files: Any, config: Any) -> Any:
    """Add the pages to the site (the builder's hook)."""
    from mkdocs.structure.files import File

    made = pages() | {SENTENCES: sentences.kept_page()}
    for name, content in made.items():
        files.append(File.generated(config, f"reference/{name}", content=content))
    return files


def pages() -> dict[str, str]:
    """File name → Markdown."""
    return {
        "commands.md": "\n".join(command_page()),
        "findings.md": "\n".join(finding_page("en")),
        "findings.zh.md": "\n".join(finding_page("zh")),
    }


def command_page() -> Iterator[str]:
    """Every command with its arguments and options, as ``--help`` says them."""
    yield "# Commands 命令\n"
    yield (
        "What `salesplan COMMAND --help` says. `salesplan` alone lists the commands. "
        "与 `--help` 相同。\n"
    )
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        yield from _command(f"salesplan {name}", command)


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context))
    yield f"## {name}\n"
    yield f"{_plain(command.help or '')}\n"
    yield f"```\n{name} {usage}\n```\n"
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        yield "| option | what it does |\n|---|---|"
        for option in options:
            record = option.get_help_record(context)
            assert record is not None
            yield f"| `{_cell(record[0])}` | {_cell(record[1])} |"
        yield ""
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _command(f"{name} {below}", found)


def _plain(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text.replace("\b", "")).strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def finding_page(lang: str) -> Iterator[str]:
    """Every finding of the catalogue, area by area, with what to do about it."""
    index = ("en", "zh").index(lang)
    yield ("# Findings\n", "# 检查结果\n")[index]
    yield (
        "What `check` and the other commands may say, by code. `{braces}` stand for what the case "
        "fills in.\n",
        "`check` 和其他命令可能给出的结果, 按代码列出。`{花括号}` 处由具体情况填写。\n",
    )[index]
    heads = ("| code | severity | what is wrong | what to do |", "| 代码 | 级别 | 问题 | 建议 |")
    for area in AREAS:
        yield f"## {area}\n"
        yield f"{heads[index]}\n|---|---|---|---|"
        for code, message in sorted(_messages(area).items()):
            said = getattr(message, lang), getattr(message, f"fix_{lang}")
            severity = SEVERITIES[message.severity][index]
            yield f"| `{code}` | {severity} | {_words(said[0])} | {_words(said[1])} |"
        yield ""


def _messages(area: str) -> dict[str, Message]:
    from importlib import import_module

    return dict(import_module(f"salesplan.messages.{area}").MESSAGES)


def _words(text: str) -> str:
    """A sentence as a table's cell: what the case fills in as code, nothing taken for markup."""
    text = _cell(for_many(text)).replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
    return re.sub(r"\{([^{}]*)\}", lambda found: f"`{{{found[1]}}}`".replace("\\_", "_"), text)
