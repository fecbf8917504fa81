"""Text as it was meant: without what nobody sees, in one width, in one case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xA0: " ",
    0x2009: " ",
    0x202F: " ",
    0x2212: "-",
    0xFFE5: "¥",
}
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


def clean(value: str) -> str:
    """Text without what nobody sees: outer white space of any kind and zero-width characters."""
    return _INVISIBLE.sub("", value).strip()


def in_one_line(value: str) -> str:
    """Text as it is shown: clean, and runs of white space as one blank."""
    return " ".join(clean(value).split())


def half_width(value: str) -> str:
    """Text with full-width letters, digits and signs in their ASCII form, cleaned: ``Ｕ01`` is
    ``U01``.
    """
    return clean(value.translate(_HALF_WIDTH))


@lru_cache(maxsize=20_000)
def folded(value: str) -> str:
    """The form in which names are compared: NFKC, no case, runs of white space as one blank."""
    return " ".join(clean(unicodedata.normalize("NFKC", value)).casefold().split())


def by_word(words: Mapping[T, Iterable[str]]) -> dict[str, T]:
    """What each of the words means, by the word's :func:`folded` form, also where it is written
    without its blanks: 4熟练.
    """
    found: dict[str, T] = {}
    for one, names in words.items():
        found |= dict.fromkeys(map(folded, names), one)
    for one, names in words.items():
        for name in names:
            found.setdefault(bare(name), one)
    return found


def bare(value: str) -> str:
    """The form in which people's names and codes are compared: :func:`folded`, without any
    blank.
    """
    return folded(value).replace(" ", "")


_REST = frozenset({"其他", "其它", "other", "others"})


def is_rest(name: str) -> bool:
    """Whether products, or customers, are meant that are not named: 其他, Others."""
    return bare(name) in _REST


def hidden(text: str) -> str:
    """What of a text is not seen but turns it about, or works on a terminal: direction marks, other
    format and control characters.
    """
    if text.isprintable():
        return ""
    return "".join(one for one in dict.fromkeys(text) if _is_hidden(one))


def seen(text: str) -> str:
    """The text without such characters."""
    return "".join(one for one in text if not _is_hidden(one))


def spelled_out(text: str) -> str:
    """The text with such characters by their number, as ‹U+202E›: so it is shown as it is
    stored.
    """
    if text.isprintable():
        return text
    return "".join(f"‹U+{ord(one):04X}›" if _is_hidden(one) else one for one in text)


def _is_hidden(one: str) -> bool:
    return unicodedata.category(one) in ("Cf", "Cs", "Cc") and one not in "\n\t"
