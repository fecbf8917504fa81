"""Rebuild the project's sample workbooks: ``python -m salesplan.template workbooks``."""

from __future__ import annotations

import sys
from pathlib import Path

from salesplan.template import write_template

YEAR = 2026

BOOKS = {
    "主计划模板.xlsx": ("zh", False, False),
    "主计划示例.xlsx": ("zh", True, False),
    "主计划示例-含错误.xlsx": ("zh", True, True),
    "master-template.xlsx": ("en", False, False),
    "master-example.xlsx": ("en", True, False),
    "master-example-with-mistakes.xlsx": ("en", True, True),
}
"""File name: language, example, mistakes."""


def rebuild(folder: Path) -> list[Path]:
    """Write every book into ``folder``, replacing those of the same name; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (lang, example, mistakes) in BOOKS.items():
        write_template(folder / name, lang=lang, year=YEAR, example=example, mistakes=mistakes)
        written.append(folder / name)
    return written


def main(arguments: list[str]) -> int:
    """Command line: one argument, the folder. Returns the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m salesplan.template FOLDER", file=sys.stderr)
        return 2
    for path in rebuild(Path(arguments[0])):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
