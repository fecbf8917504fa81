"""One cell as XML: its value written the way the file format wants it (ECMA-376 part 1,
18.3.1.4).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Context, Decimal
from functools import lru_cache

from salesplan.findings import Finding, Place, SalesplanError
from salesplan.pattern import pattern
from salesplan.workbook.changes import CellChange
from salesplan.workbook.refs import MAX_COLUMN, MAX_ROW, column_letters, column_number
from salesplan.workbook.xml.xmlscan import escape, escape_formula

DIGITS = 17
"""Significant digits of a written number: a spreadsheet program keeps no more."""

LONGEST_TEXT = 32_767
LONGEST_FORMULA = 8_192

_CONTEXT = Context(prec=DIGITS)


def refuse(code: str, sheet: str, cell: str, **params: object) -> SalesplanError:
    """The error of a change that this workbook cannot take, at its cell; exit code 1."""
    return SalesplanError(Finding.of(code, Place("", sheet, cell), **params), 1)


def number_text(value: int | float | Decimal) -> str:
    """A number as decimal text: exact up to 17 significant digits."""
    if isinstance(value, float):
        return "0" if value == 0 else repr(float(value)).removesuffix(".0")
    short = str(value)
    if len(short) <= DIGITS and "E" not in short and not isinstance(value, bool):
        return short if value else "0"
    exact = Decimal(value)
    if len(exact.as_tuple().digits) > DIGITS:
        exact = _CONTEXT.plus(exact)
    if exact == 0:
        return "0"
    plain = f"{exact:f}"
    return plain if len(plain) <= 24 else f"{exact:E}"


@lru_cache(maxsize=4096)
def serial(day: date, date1904: bool) -> Decimal:
    """A date as the workbook counts it: days since 1899-12-30 (with 1900's phantom 29 February) or
    since 1904-01-01, time of day as the fraction. ValueError before the first day of the system."""
    moment = day.time() if isinstance(day, datetime) else time()
    plain = day.date() if isinstance(day, datetime) else day
    if date1904:
        days = (plain - date(1904, 1, 1)).days
    else:
        days = (plain - date(1899, 12, 30)).days
        if days < 61:
            days -= 1
    if days < (0 if date1904 else 1):
        raise ValueError(day.isoformat())
    seconds = (
        Decimal((moment.hour * 60 + moment.minute) * 60 + moment.second)
        + Decimal(moment.microsecond) / 1_000_000
    )
    return _CONTEXT.plus(Decimal(days) + seconds / 86_400)


def content(prefix: bytes, change: CellChange, date1904: bool) -> tuple[bytes, bytes]:
    """(value of the ``t`` attribute or nothing, what stands inside the ``c`` element).

    Raises SalesplanError for text, formulas or dates that a cell cannot hold.
    """
    value = change.value
    if change.formula is None:
        formula = b""
        if type(value) is Decimal or type(value) is float:
            return b"", b"<%sv>%s</%sv>" % (prefix, number_text(value).encode(), prefix)
    else:
        formula = formula_element(prefix, b"", _formula(change))
    if value is None or (value == "" and not formula):
        return b"", formula
    if isinstance(value, str):
        return _text(prefix, formula, change, value)
    if isinstance(value, bool):
        kind, written = b"b", b"1" if value else b"0"
    else:
        kind, written = b"", _number(change, value, date1904).encode()
    return kind, b"%s<%sv>%s</%sv>" % (formula, prefix, written, prefix)


def formula_element(prefix: bytes, kept: bytes, text: str) -> bytes:
    """An ``f`` element with ``kept`` as its attributes (each with a leading blank)."""
    return b"<%sf%s>%s</%sf>" % (prefix, kept, escape_formula(text), prefix)


def cell_element(
    prefix: bytes, ref: bytes, style: bytes, kind: bytes, inside: bytes, others: bytes = b""
) -> bytes:
    """A ``c`` element; ``ref`` or ``style`` may be empty, ``others`` are further attributes as they
    stood.
    """
    head = b"<%sc" % prefix
    if ref:
        head += b' r="%s"' % ref
    if style:
        head += b' s="%s"' % style
    if kind:
        head += b' t="%s"' % kind
    head += others
    return b"%s>%s</%sc>" % (head, inside, prefix) if inside else head + b"/>"


def _formula(change: CellChange) -> str:
    text = (change.formula or "").removeprefix("=")
    if len(text) > LONGEST_FORMULA:
        raise refuse(
            "formula-too-long", change.sheet, change.cell, length=len(text), most=LONGEST_FORMULA
        )
    return text


def _text(prefix: bytes, formula: bytes, change: CellChange, value: str) -> tuple[bytes, bytes]:
    if (
        2 * len(value) > LONGEST_TEXT
        and len(value.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT
    ):
        raise refuse(
            "text-too-long", change.sheet, change.cell, length=len(value), most=LONGEST_TEXT
        )
    if formula:
        return b"str", formula + _string(prefix, b"v", value)
    return b"inlineStr", _inline(prefix, value)


@lru_cache(maxsize=4096)
def _inline(prefix: bytes, value: str) -> bytes:
    """Kept, since the same few texts stand in very many rows."""
    return b"<%sis>%s</%sis>" % (prefix, _string(prefix, b"t", value), prefix)


def _string(prefix: bytes, name: bytes, value: str) -> bytes:
    space = (
        b' xml:space="preserve"'
        if value != value.strip() or "\n" in value or "  " in value
        else b""
    )
    return b"<%s%s%s>%s</%s%s>" % (prefix, name, space, escape(value), prefix, name)


def _number(change: CellChange, value: object, date1904: bool) -> str:
    if isinstance(value, date):
        try:
            return number_text(serial(value, date1904))
        except ValueError as problem:
            raise refuse(
                "date-not-representable", change.sheet, change.cell, date=str(value)
            ) from problem
    assert isinstance(value, (int, float, Decimal))
    return number_text(value)


_TOKEN = pattern(
    r"""
    (?P<skip>"(?:[^"]|"")*"                                  # text
      |'(?:[^']|'')*'!                                       # quoted sheet name
      |\#[A-Z/0!?]+)                                         # error value
    |(?P<bracket>\[)                                         # structured or external reference
    |(?P<cell>(?<![\w.\\])(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!\[\\]))
    |(?P<columns>(?<![\w.\\])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!\[\\]))
    |(?P<rows>(?<![\w.\\$])(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})(?![\w.(!\[\\]))
    |(?P<word>[\w.\\]+)                                      # a name, a function or a number
    """,
    re.X,
)


def translate(formula: str, down: int, right: int) -> str:
    """The formula as it reads ``down`` rows lower and ``right`` columns further: relative
    references move, absolute ones, text, names, structured references and sheet names stay.

    Raises ValueError where a reference would leave the sheet.
    """
    pieces = []
    at = 0
    while match := _TOKEN.search(formula, at):
        pieces.append(formula[at : match.start()])
        at = match.end()
        if match["bracket"]:
            at = _bracket_end(formula, match.start())
            pieces.append(formula[match.start() : at])
        else:
            pieces.append(_moved(match, down, right))
    return "".join(pieces) + formula[at:]


def _moved(match: re.Match[str], down: int, right: int) -> str:
    parts = match.groups()
    if match["cell"]:
        fixed_column, letters, fixed_row, row = parts[3:7]
        if not _is_column(letters) or int(row) > MAX_ROW:
            return match[0]
        return _column(fixed_column, letters, right) + _row(fixed_row, row, down)
    if match["columns"]:
        fixed_first, first, fixed_last, last = parts[8:12]
        if not _is_column(first) or not _is_column(last):
            return match[0]
        return _column(fixed_first, first, right) + ":" + _column(fixed_last, last, right)
    if match["rows"]:
        fixed_first, first, fixed_last, last = parts[13:17]
        return _row(fixed_first, first, down) + ":" + _row(fixed_last, last, down)
    return match[0]


def _is_column(letters: str) -> bool:
    try:
        return column_number(letters) > 0
    except ValueError:
        return False


def _bracket_end(formula: str, at: int) -> int:
    depth = 0
    while at < len(formula):
        if formula[at] == "'":
            at += 1
        elif formula[at] == "[":
            depth += 1
        elif formula[at] == "]":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise ValueError("unbalanced bracket")


def _column(fixed: str, letters: str, right: int) -> str:
    if fixed:
        return fixed + letters
    number = column_number(letters) + right
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(letters)
    return column_letters(number)


def _row(fixed: str, digits: str, down: int) -> str:
    if fixed:
        return fixed + digits
    number = int(digits) + down
    if not 1 <= number <= MAX_ROW:
        raise ValueError(digits)
    return str(number)
