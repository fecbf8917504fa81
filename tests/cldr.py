"""Writes ``salesplan/plan/adopt/cldr.py``, the names of months in many languages, out of babel's
CLDR data: ``python -m tests.cldr > salesplan/plan/adopt/cldr.py``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

LANGUAGES = """
en de fr es it pt nl sv da nb fi et lv lt pl cs sk hu ro bg hr sr sl mk uk ru be el tr az kk ka hy
he ar fa ur hi bn ta te mr th vi id ms fil ko ja zh ca eu gl ga cy is sq sw af uz mn km lo my
"""
WIDTHS = ("wide", "abbreviated")
CONTEXTS = ("format", "stand-alone")

HEAD = '''"""
The names of the months by language, generated from the Unicode CLDR by ``tests/cldr.py``.

Each language has twelve groups, January's first; a group holds the names in full and short, as
:func:`salesplan.plan.adopt.months.plain` writes them. A table, so that no library is loaded for it.
"""

from __future__ import annotations

from collections.abc import Mapping

MONTHS: Mapping[str, tuple[str, ...]] = {'''


def plain(text: str) -> str:
    """A name as it is compared: one width, one case, letters, marks and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")


def groups(language: str) -> list[str]:
    """The twelve groups of a language's names, as babel has them."""
    from babel.dates import get_month_names

    found: list[list[str]] = [[] for _ in range(12)]
    for width in WIDTHS:
        for context in CONTEXTS:
            names = get_month_names(width, context=context, locale=language)
            for number in range(1, 13):
                name = plain(names[number])
                if name and not name.isdigit() and name not in found[number - 1]:
                    found[number - 1].append(name)
    return [" ".join(group) for group in found]


def lines() -> Iterator[str]:
    """The generated module, line by line."""
    yield HEAD
    for language in LANGUAGES.split():
        named = groups(language)
        if all(named):
            yield f'    "{language}": ('
            yield from (f'        "{group}",' for group in named)
            yield "    ),"
    yield "}"


if __name__ == "__main__":
    print("\n".join(lines()))
