"""Finding many names in much text: each piece is looked at once, longest name first.

Chinese has no blanks, so that a name may stand anywhere; a Latin name must stand by itself (Ann is
not in Anna). A name that is part of a longer known one is that longer one (华东 is not in
华东二部), and a code's last part too: KPI:REV:C1 is not in KPI:REV:C1-03 where C1-03 is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SHORT = re.compile(r"[\x00-\u024f]{1,2}|.|\d{1,6}", re.S)
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_JOINING = frozenset("-_./:")
"""What joins the parts of a code."""


class Words:
    """The names to look for. Very short ones, and short numbers, are looked for only as a whole
    cell's text.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._all = frozenset(word for word in words if word.strip())
        lengths: dict[str, set[int]] = {}
        for word in self._all:
            if not _SHORT.fullmatch(word):
                lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def __len__(self) -> int:
        return len(self._all)

    def found(self, text: str) -> Iterator[str]:
        """The names in a piece of text, from left to right, not overlapping."""
        if text in self._all:
            yield text
            return
        at, last = 0, len(text) - 1
        while at < last:
            lengths = self._lengths.get(text[at : at + 2])
            word = None if lengths is None else self._at(text, at, lengths)
            if word is None:
                at += 1
                continue
            longer = self._longer_end(text, at, at + len(word))
            if longer is None:
                yield word
            at = at + len(word) if longer is None else longer

    def _at(self, text: str, at: int, lengths: list[int]) -> str | None:
        for length in lengths:
            word = text[at : at + length]
            if len(word) == length and word in self._all and _stands_alone(text, at, word):
                return word
        return None

    def _longer_end(self, text: str, at: int, end: int) -> int | None:
        """Where a name begins that has the end of this one as its first part, joined to the rest by
        a mark such as a hyphen.
        """
        if end >= len(text) or text[end] not in _JOINING:
            return None
        for start in range(at + 1, end):
            if not text[start - 1].isalnum():
                lengths = self._lengths.get(text[start : start + 2])
                word = None if lengths is None else self._at(text, start, lengths)
                if word is not None and start + len(word) > end:
                    return start
        return None


def _stands_alone(text: str, at: int, word: str) -> bool:
    end = at + len(word)
    if _is_latin(word[0]) and at and _is_latin(text[at - 1]):
        return False
    if _is_latin(word[-1]) and end < len(text) and _is_latin(text[end]):
        return False
    # Sheet!A1 and $A$1 name cells, whatever units are called.
    return not (at and text[at - 1] in "!$" and _CELL.fullmatch(word))


def _is_latin(char: str) -> bool:
    """Letters and digits that make words with their neighbours."""
    return char == "_" or (char < "\u0250" and char.isalnum())
