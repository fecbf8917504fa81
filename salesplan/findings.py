"""Problems as values: what is wrong, where it stands, and nothing else.

A finding carries a code and the facts of the case. Its sentences, its fix and its severity
belong to the code and live in :mod:`salesplan.messages`, so nothing below the front doors
knows a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from salesplan.dataclass import dataclass, field


class Severity(IntEnum):
    """How much a finding stops: an error stops what depends on it, a note stops nothing."""

    ERROR = 3
    WARNING = 2
    NOTE = 1


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a finding stands. ``sheet`` and ``cell`` are empty where the whole file or sheet is
    meant.
    """

    workbook: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet or self.workbook


NOWHERE = Place()
"""Where a finding stands that is about no file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: ``code`` is a key of the message catalogue, ``params`` fill its sentences.

    ``cause`` is the cell of another finding that this one follows from: with that put right, this
    one is to be looked at again.
    """

    code: str
    place: Place = NOWHERE
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    cause: Place | None = None

    @classmethod
    def of(cls, code: str, place: Place = NOWHERE, **params: object) -> Finding:
        """A finding of ``code`` at ``place`` with the facts its sentences name."""
        return cls(code, place, MappingProxyType(params))


class SalesplanError(Exception):
    """An operation that could not be done at all; the planner sees its finding, never a traceback.

    ``exit_code`` is the command line's: 2 usage, 3 file busy or changed, 4 unreadable or unsafe.
    """

    def __init__(self, finding: Finding, exit_code: int = 4) -> None:
        super().__init__(finding.code)
        self.finding = finding
        self.exit_code = exit_code
