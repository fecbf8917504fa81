"""``python -m salesplan.bundle OUT --platform win_amd64``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from salesplan.bundle.make import ROOM, bundle
from salesplan.findings import SalesplanError
from salesplan.messages import fix, text
from salesplan.wording import Both

LANGUAGES = ("zh", "en")
_LARGE = Both("超过 60 MB, 邮件可能发不出去。", "Beyond 60 MB: mail may refuse it.")


def main(arguments: list[str]) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m salesplan.bundle", description="salesplan for a machine without Python."
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="the zip to write")
    parser.add_argument("--platform", required=True, help="win_amd64, linux_x86_64, …")
    parser.add_argument("--python-version", default="", metavar="3.12", help="of that machine")
    parser.add_argument("--python", type=Path, metavar="ZIP", help="embeddable Python for Windows")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="wheels; nothing is loaded")
    parser.add_argument("--extra", action="append", default=[], help="deck, pdf, data, warehouse")
    asked = parser.parse_args(arguments)
    try:
        made = bundle(
            asked.out,
            asked.platform,
            python_version=asked.python_version,
            python=asked.python,
            wheels=asked.wheels,
            extras=tuple(asked.extra),
        )
    except SalesplanError as error:
        for lang in LANGUAGES:
            said = f"{text(error.finding, lang)} → {fix(error.finding, lang)}".removesuffix(" → ")
            print(said, file=sys.stderr)
        return error.exit_code
    size = f"{made.size / (1 << 20):.1f} MB"
    own = "with Python" if made.with_python else f"needs Python {made.target.python}"
    print(f"{made.path}: {size}, {len(made.wheels)} wheels, {made.target.platform}, {own}")
    if made.size > ROOM:
        for lang in LANGUAGES:
            print(_LARGE.of(lang), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
