"""Questions of a command: asked where a person sits at a terminal, never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from salesplan.app.past_months import CODE
from salesplan.cli.language import spoken
from salesplan.cli.show import show_warning
from salesplan.findings import SalesplanError
from salesplan.wording import either

T = TypeVar("T")


def somebody_there() -> bool:
    """Whether a person can answer."""
    return all(one is not None and one.isatty() for one in (sys.stdin, sys.stderr))


def confirmed(lang: str, zh: str, en: str) -> bool:
    """Whether the person says yes; breaking off is no."""
    try:
        return click.confirm(either(lang, zh, en), default=False, err=True)
    except click.Abort:
        click.echo()
        return False


def asked_about_past(work: Callable[[bool], T], past: bool, lang: str | None) -> T:
    """What ``work`` gives, told whether targets of months that are over may be altered; where it
    refuses, the person is asked, in ``lang`` or else the master's language.
    """
    try:
        return work(past)
    except SalesplanError as error:
        if error.finding.code != CODE or not somebody_there():
            raise
        show_warning(error.finding)
        if not confirmed(lang or spoken() or "zh", "仍要改动吗", "Alter them"):
            raise
    return work(True)
