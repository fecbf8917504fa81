"""A deck as a reader finds it: its texts, tables and charts, and what these hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl
from pptx import Presentation

NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")


@dataclass(frozen=True)
class Drawn:
    """A chart: its name, and of each series the values by category, with their number format."""

    name: str
    kind: str
    categories: tuple[str, ...]
    series: dict[str, tuple[float | None, ...]]
    form: str
    held: tuple[tuple[Any, ...], ...]
    """The rows of its own workbook."""


class Deck:
    """The deck at ``path``."""

    def __init__(self, path: Path) -> None:
        self.made = Presentation(str(path))
        self.slides = list(self.made.slides)

    def titles(self) -> list[str]:
        return [slide.shapes.title.text_frame.text for slide in self.slides]

    def texts(self, slide: Any) -> Iterator[str]:
        """All paragraphs and cells of a slide, without its number."""
        for shape in slide.shapes:
            if shape.has_text_frame:
                field = shape._element.findall(".//{*}fld")
                if not field:
                    yield from (one.text for one in shape.text_frame.paragraphs)
            elif shape.has_table:
                for row in shape.table.rows:
                    yield from (cell.text for cell in row.cells if not cell.is_spanned)

    def table(self, name: str) -> list[list[str]]:
        """The rows of the table of that name, its head first."""
        for slide in self.slides:
            for shape in slide.shapes:
                if shape.has_table and shape.name == name:
                    return [[cell.text for cell in row.cells] for row in shape.table.rows]
        return []

    @cached_property
    def charts(self) -> tuple[Drawn, ...]:
        """As they were when they were first asked for."""
        shapes = chain.from_iterable(slide.shapes for slide in self.slides)
        return tuple(_drawn(shape) for shape in shapes if shape.has_chart)


def _drawn(shape: Any) -> Drawn:
    chart = shape.chart
    (plot,) = chart.plots
    book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    form = next(iter(chart._chartSpace.iter("{*}formatCode"))).text
    return Drawn(
        shape.name,
        plot.__class__.__name__,
        tuple(plot.categories),
        {series.name: tuple(series.values) for series in plot.series},
        form,
        tuple(book.active.iter_rows(values_only=True)),
    )


def parts(path: Path) -> dict[str, bytes]:
    """Every part of the package; of the workbooks in it theirs."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            data = package.read(name)
            found[name] = data
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(BytesIO(data)) as inner:
                    found |= {f"{name}/{one}": inner.read(one) for one in inner.namelist()}
    return found
