"""The spreadsheets of a running LibreOffice, by the number that it gives each; without xlwings,
since a sign of work must not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"


def desktop(context: Any) -> Any:
    """LibreOffice's desktop, which holds its windows."""
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def spreadsheets(context: Any) -> Iterator[Any]:
    """The documents that are spreadsheets."""
    components = desktop(context).getComponents().createEnumeration()
    while components.hasMoreElements():
        component = components.nextElement()
        if is_spreadsheet(component):
            yield component


def is_spreadsheet(component: Any) -> bool:
    """Whether a component of LibreOffice is an open spreadsheet."""
    return hasattr(component, "supportsService") and component.supportsService(SPREADSHEET)


def number_of(document: Any) -> int:
    """The number that LibreOffice gave a document when it was loaded: no other of its run has it. 0
    where it tells none.
    """
    with suppress(Exception):
        return int(document.RuntimeUID)
    return 0


def document_of(context: Any, number: int) -> Any:
    """The spreadsheet of that number; of 0 the one in front. KeyError where there is none."""
    for document in spreadsheets(context):
        if number_of(document) == number:
            return document
    if number:
        raise KeyError(number)
    front = desktop(context).getCurrentComponent()
    return front if is_spreadsheet(front) else next(spreadsheets(context))
