"""How findings and changes look in a terminal, in a pipe and as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesplan.cli.language import languages
from salesplan.cli.progress import quiet
from salesplan.findings import Finding, Severity
from salesplan.messages import SEVERITY_NAMES, fix, severity, show, text
from salesplan.wording import either

if TYPE_CHECKING:
    from salesplan.fill import Edit
    from salesplan.messages.folding import Group

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
MOST_ROWS = 12
"""Changed cells of one sheet that are listed before the rest is only counted."""


def say(lang: str, zh: str, en: str) -> None:
    """One line, in the language of the master."""
    click.echo(either(lang, zh, en))


def counted(count: int, one: str) -> str:
    """A count and its English noun: 1 cell, 2 cells."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def copied(cc: Sequence[str], lang: str) -> str:
    """Who gets a copy, as it stands behind an address; nothing where nobody does."""
    return f" ({either(lang, '抄送', 'CC')} {', '.join(cc)})" if cc else ""


def next_step(lang: str, zh: str, en: str, command: str, file: Path, *more: str) -> None:
    """What to do now, as a command that can be copied."""
    import shlex

    line = " ".join(["salesplan", command, shlex.quote(str(file)), *more])
    say(lang, f"→ 下一步: {zh} {line}", f"→ Next: {en} {line}")


def show_failure(finding: Finding, colour: str = "red") -> None:
    """An operation that failed: in the planner's language, in both where it is not known."""
    quiet()
    for lang in languages():
        click.secho(
            f"{text(finding, lang)} → {fix(finding, lang)}".removesuffix(" → "), fg=colour, err=True
        )


def show_warning(finding: Finding) -> None:
    """What is to be known before something is written, where it is no part of a command's
    answer."""
    show_failure(finding, "yellow")


def show_findings(
    findings: Sequence[Finding],
    lang: str,
    least: Severity = Severity.NOTE,
    master: str = "",
    *,
    everything: bool = False,
    hint: str = "--all",
    counts: bool = True,
) -> None:
    """The findings of at least that severity: sign, place, what is wrong, and the fix under it.

    Of many alike the first are listed and the others counted, where not ``everything`` is wanted;
    what follows from a finding stands under it. Where a ``master`` is named, places in other
    workbooks say which: many handouts have the same sheets. ``hint`` is how to list everything;
    without ``counts`` how many there are is said elsewhere.
    """
    from salesplan.messages.folding import folded

    for group in folded(findings, least=least, everything=everything):
        for finding in group.listed:
            level = severity(finding)
            sign = click.style(SEVERITY_NAMES[level].of(lang), fg=COLOURS[level], bold=True)
            where = f"{_book(finding, master)}{finding.place if finding.place.sheet else '—'}"
            click.echo(f"{sign}  {where}  {text(finding, lang)}  [{finding.code}]")
            if fix(finding, lang):
                click.echo(f"        → {fix(finding, lang)}")
        if group.rest:
            _say_rest(group.rest, lang, hint)
        if group.consequences:
            _say_consequences(group, lang)
    if counts:
        show_counts(findings, lang)


def _book(finding: Finding, master: str) -> str:
    place = finding.place
    other = master and place.sheet and place.workbook not in ("", master)
    return f"[{place.workbook}]" if other else ""


def _say_rest(rest: Sequence[Finding], lang: str, hint: str) -> None:
    from salesplan.messages.folding import subjects

    named = subjects(rest, lang)
    what = ", ".join(f"{name} × {count:,}" for name, count in named)
    more = " …" if sum(count for _, count in named) < len(rest) else ""
    about = f": {what}{more}" if named else ""
    say(
        lang,
        f"        … 另有 {len(rest):,} 处同样的问题 ({_span(rest)}){about}, {hint} 逐条列出",
        f"        … and {len(rest):,} more like it ({_span(rest)}){about}; {hint} lists them",
    )


def _say_consequences(group: Group, lang: str) -> None:
    """What is to be looked at again once the cause is put right, a line for each kind."""
    say(
        lang,
        "        由此引起, 改好后重新检查:",
        "        Caused by this; check again once corrected:",
    )
    for one in group.consequences:
        first = one.all[0]
        count = f" × {len(one.all):,}" if len(one.all) > 1 else ""
        click.echo(f"          ▼ {_span(one.all)}  {text(first, lang)}  [{first.code}{count}]")


def _span(findings: Sequence[Finding]) -> str:
    first, last = findings[0].place, findings[-1].place
    return str(first) if first == last else f"{first}–{last.cell}"


def show_counts(findings: Sequence[Finding], lang: str) -> None:
    """How many findings there are of each severity, in one line."""
    click.echo(counts_line(findings, lang))


def counts_line(findings: Sequence[Finding], lang: str) -> str:
    """错误 1 · 警告 2 · 提示 0."""
    n = counts(findings)
    english = " · ".join(counted(n[name], name) for name in ("error", "warning", "note"))
    return either(lang, f"错误 {n['error']} · 警告 {n['warning']} · 提示 {n['note']}", english)


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    found = Counter(severity(finding) for finding in findings)
    return {level.name.lower(): found[level] for level in Severity}


def show_edits(edits: Sequence[Edit], lang: str, *, everything: bool = False) -> None:
    """Changed cells by sheet and row: how many in each column, then cell, column, old → new; long
    lists are cut unless ``everything``.
    """
    from salesplan.fill import by_sheet, summary

    for changed, group in zip(summary(edits), by_sheet(edits).values(), strict=True):
        size = either(
            lang,
            f"{changed.cells} 格, {changed.rows} 行",
            f"{counted(changed.cells, 'cell')} in {counted(changed.rows, 'row')}",
        )
        click.secho(f"{changed.sheet}  {size}", bold=True)
        click.echo(
            "  " + " · ".join(f"{column} {count}" for column, count in changed.columns.items())
        )
        shown = group if everything else group[:MOST_ROWS]
        for edit in shown:
            old, new = (_plain(value, lang) for value in (edit.old, edit.new))
            click.echo(
                f"  {edit.cell:<7} {edit.row}  {edit.column}: {click.style(old, fg='red')} → "
                f"{click.style(new, fg='green')}"
            )
        if len(shown) < len(group):
            say(
                lang,
                f"  … 还有 {len(group) - len(shown)} 格 (--all 全部列出)",
                f"  … and {len(group) - len(shown)} more (--all lists them)",
            )


def _plain(value: object, lang: str) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, float):
        value = Decimal(repr(value))
    return show(value, lang)


def finding_json(finding: Finding) -> dict[str, str]:
    """A finding as one JSON object, in both languages."""
    return {
        "code": finding.code,
        "severity": severity(finding).name.lower(),
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "file": finding.place.workbook,
        "cause": str(finding.cause) if finding.cause else "",
        "message_zh": text(finding, "zh"),
        "message_en": text(finding, "en"),
        "fix": f"{fix(finding, 'zh')} {fix(finding, 'en')}".strip(),
        "fix_zh": fix(finding, "zh"),
        "fix_en": fix(finding, "en"),
    }


def edit_json(edit: Edit) -> dict[str, Any]:
    """A changed cell as one JSON object; numbers stay exact, as text where they are decimal
    fractions.
    """
    return {
        "sheet": edit.sheet,
        "cell": edit.cell,
        "column": edit.column,
        "row": edit.row,
        "old": _json_value(edit.old),
        "new": _json_value(edit.new),
    }


def summary_json(edits: Sequence[Edit]) -> list[dict[str, object]]:
    """The changed cells in numbers: by sheet, and by column in it."""
    from salesplan.fill import summary

    return [
        {"sheet": one.sheet, "cells": one.cells, "rows": one.rows, "columns": dict(one.columns)}
        for one in summary(edits)
    ]


def print_json(findings: Sequence[Finding], **more: object) -> None:
    """One object: findings, their counts, and what else the command has to say."""
    document: Mapping[str, object] = {
        "findings": [finding_json(f) for f in findings],
        "counts": counts(findings),
        **more,
    }
    written = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        written.encode(sys.stdout.encoding or "utf-8")
    except (
        UnicodeEncodeError
    ):  # a console of another alphabet: nothing may become a question mark in data
        written = json.dumps(document, indent=2)
    click.echo(written)


def _json_value(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
