"""Formula text moved from one cell to another, as a fill in a spreadsheet program moves it."""

from __future__ import annotations

import re

from salesplan.workbook.refs import MAX_COLUMN, MAX_ROW, column_letters, column_number

_TOKEN = re.compile(
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
