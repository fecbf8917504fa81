"""Every sentence a planner reads, in Chinese and in English, by code.

Each area keeps its own catalogue: a mapping from code to :class:`Message`. The template's
``{names}`` are filled from the finding's params. Console glyphs stay within what a GBK
console can print (● ■ ▲ ▼ → ≥ —).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from importlib import import_module

from salesplan.dataclass import dataclass
from salesplan.findings import Finding, Place, Severity
from salesplan.wording import Both, either, fill, listed, plain, sentences

LANGUAGES = ("zh", "en")

SEVERITY_NAMES: Mapping[Severity, Both[str]] = {
    Severity.ERROR: Both("■ 错误", "■ Error"),
    Severity.WARNING: Both("▲ 警告", "▲ Warning"),
    Severity.NOTE: Both("● 提示", "● Note"),
}


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
"""As the files of messages write them."""


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one code: ``zh``/``en`` say what is wrong, ``fix_zh``/``fix_en`` what to do."""

    severity: Severity
    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""

    @property
    def said(self) -> Both[str]:
        """What is wrong."""
        return Both(self.zh, self.en)

    @property
    def fix(self) -> Both[str]:
        """What to do."""
        return Both(self.fix_zh, self.fix_en)


AREAS = (
    "goals",
    "records",
    "execution",
    "budget",
    "adjustments",
    "helping",
    "cells",
    "typed",
    "stored",
    "files",
    "operations",
    "config",
    "imports",
    "sources",
    "explain",
    "live",
    "returned",
    "watch",
    "sending",
    "delivery",
    "addin",
    "doctor",
    "adopting",
    "starting",
)
"""The catalogue's rooms, each with its ``MESSAGES``; first those that every master has to do
with.
"""


class _Catalogue(Mapping[str, Message]):
    """All messages by code. An area is read when a code is in none of those before it."""

    def __init__(self) -> None:
        self._read: dict[str, Message] = {}
        self._areas = iter(AREAS)

    def __getitem__(self, code: str) -> Message:
        while code not in self._read and self._read_another():
            pass
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        while self._read_another():
            pass
        return iter(self._read)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read_another(self) -> bool:
        """Reads the next area; False where all are read."""
        area = next(self._areas, None)
        if area is None:
            return False
        messages = import_module(f"salesplan.messages.{area}").MESSAGES
        if twice := self._read.keys() & messages.keys():
            raise ValueError(f"codes in two catalogues: {sorted(twice)}")
        self._read |= messages
        return True


_MESSAGES = _Catalogue()


def catalogue() -> Mapping[str, Message]:
    """All messages by code, from every area. Raises ValueError if two areas claim one code."""
    return _MESSAGES


def severity(finding: Finding) -> Severity:
    """The severity of the finding's code."""
    return catalogue()[finding.code].severity


def text(finding: Finding, lang: str) -> str:
    """What is wrong, as one sentence in ``lang`` (zh or en)."""
    return _fill(catalogue()[finding.code].said.of(lang), finding, lang)


def fix(finding: Finding, lang: str) -> str:
    """What to do about it, as one sentence in ``lang`` (zh or en); of a consequence: its cause first."""
    own = _fill(catalogue()[finding.code].fix.of(lang), finding, lang)
    if finding.cause is None:
        return own
    first = either(lang, f"先改正 {finding.cause}。", f"Correct {finding.cause} first.")
    return sentences((first, own), lang).rstrip()


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, then place (row 9 before row 10), then code; duplicates once.

    A consequence stands right behind its cause, whatever its own severity and place.
    """
    seen = {(f.code, f.place, repr(dict(f.params))): f for f in findings}
    in_order = sorted(
        seen.values(),
        key=lambda f: (
            -severity(f),
            f.place.workbook,
            f.place.sheet,
            _in_order(f.place.cell),
            f.place.cell,
            f.code,
        ),
    )
    causes = {f.place for f in in_order if f.cause is None}
    following: dict[Place, list[Finding]] = {}
    for one in in_order:
        if one.cause in causes:
            following.setdefault(one.cause, []).append(one)
    listed: list[Finding] = []
    for one in in_order:
        if one.cause not in causes:
            listed += [one, *(following.pop(one.place, ()) if one.cause is None else ())]
    return listed


def _in_order(cell: str) -> tuple[int, str, int]:
    """Column A before B before AA, as they stand on the sheet; what is no cell goes first."""
    letters = cell.rstrip("0123456789")
    return len(letters), letters, int(cell[len(letters) :] or 0)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(severity(f) is Severity.ERROR for f in findings)


_NEAREST = re.compile(r" ?\([^()]*\{near\}\)")
"""Where a sentence names what is nearest to something unknown."""


_LOOSE = re.compile(r" +(?=[ .,;:)])")
"""Blanks that a fact without a word, such as a unit of measure that nobody gave, leaves behind."""


def _fill(template: str, finding: Finding, lang: str) -> str:
    """The sentence with its facts; what is nearest is named only where something is near."""
    if finding.params.get("near") in ("—", "", None, ()):
        template = _NEAREST.sub("", template)
    facts = {name: show(value, lang) for name, value in finding.params.items()}
    if "|" not in template and ":?" not in template:
        said = template.format_map(facts)
    else:
        said = fill(template, facts)
    return _LOOSE.sub("", said) if "" in facts.values() else said


_YES, _NO = Both("是", "yes"), Both("否", "no")


def show(value: object, lang: str) -> str:
    """A value as a planner would write it: numbers with separators and no needless zeros."""
    from salesplan.plan.model import Month
    from salesplan.plan.normalize import spelled_out
    from salesplan.plan.schema import Column, Setting, Sheet, label

    if isinstance(value, (Column, Setting, Sheet)):
        return Both(value.zh, value.en).of(lang)
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Finding):
        return text(value, lang)
    if isinstance(value, Enum):
        return label(value, lang)
    if isinstance(value, bool):
        return (_YES if value else _NO).of(lang)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return listed((show(item, lang) for item in value), lang)
    return spelled_out(str(value))
