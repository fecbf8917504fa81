"""The language in which a command speaks before, or without, reading its master whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from salesplan.wording import either

_arguments: list[str] = []


def listen(arguments: Sequence[str]) -> None:
    """Note what the command line says; :func:`spoken` looks there."""
    _arguments[:] = arguments
    spoken.cache_clear()


@cache
def spoken() -> str | None:
    """zh or en: what ``--lang`` says, else the language of the first master, or folder of reports,
    that the command line names; None where nothing tells.
    """
    for one, after in pairwise([*_arguments, ""]):
        name, _, value = one.partition("=")
        if name == "--lang" and (value or after) in ("zh", "en"):
            return value or after
    for one in _arguments:
        found = language_at(Path(one)) if one and not one.startswith("-") else None
        if found is not None:
            return found
    return None


def languages() -> tuple[str, ...]:
    """In which languages something is said whose reader is not known: both where nothing tells."""
    found = spoken()
    return ("zh", "en") if found is None else (found,)


def caption(zh: str, en: str) -> str:
    """A label in the language that is known, else in both."""
    return " ".join(either(one, zh, en) for one in languages())


def refusal(zh: str, en: str) -> str:
    """A sentence in the language that is known, else in both, one behind the other."""
    return " / ".join(either(one, zh, en) for one in languages())


def language_at(path: Path) -> str | None:
    """The language of a master, or of a folder of reports; None where it is neither."""
    from salesplan.findings import SalesplanError

    try:
        if path.is_dir():
            return _language_of_reports(path)
        if path.suffix.lower() not in (".xlsx", ".xlsm") or not path.is_file():
            return None
        from salesplan.plan.loader import language_of

        return language_of(path)
    except (OSError, ValueError, SalesplanError):
        return None


def _language_of_reports(folder: Path) -> str | None:
    from salesplan.delivery.manifest import NAME

    if not (folder / NAME).is_file():
        return None
    read = json.loads((folder / NAME).read_text("utf-8"))
    lang = read.get("lang") if isinstance(read, dict) else None
    return lang if lang in ("zh", "en") else None
