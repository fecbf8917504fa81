"""How cells and sheets are named in formulas and links."""

from __future__ import annotations

from salesplan.workbook.refs import column_letters


def letter(column: int) -> str:
    """The letters of a 0-based column."""
    return column_letters(column + 1)


def address(row: int, column: int, absolute: bool = False) -> str:
    """A1 address of a 0-based cell."""
    return f"${letter(column)}${row + 1}" if absolute else f"{letter(column)}{row + 1}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"
