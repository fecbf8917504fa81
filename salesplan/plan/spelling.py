"""Text as it was meant: without what nobody sees, in one width, in one case."""

from __future__ import annotations

import re
import unicodedata

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


def half_width(value: str) -> str:
    """Text with full-width letters, digits and signs in their ASCII form, cleaned: ``Ｕ01`` is ``U01``."""
    return clean(value.translate(_HALF_WIDTH))


def folded(value: str) -> str:
    """The form in which names are compared: NFKC, no case, runs of white space as one blank."""
    return " ".join(clean(unicodedata.normalize("NFKC", value)).casefold().split())


def bare(value: str) -> str:
    """The form in which people's names and codes are compared: :func:`folded`, without any blank."""
    return folded(value).replace(" ", "")
