"""One calm palette, and the cell formats made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesplan.wording import Both
from salesplan.workbook.palette import DEEP, GOLD, GREY_CELL, GREY_HEAD, GREY_INK, PAPER

FONTS = Both("Microsoft YaHei", "Calibri")
"""Fonts that every Excel has; other programs fall back to their own sans-serif with Chinese."""

INK, MUTED, LINE = "#24343D", "#6B7A83", "#CBD5DA"
DEEP_LINE, BAND, GREY_BAND, GREY_LINE = "#3B6B7C", "#DCE9ED", "#E7EAEC", "#D3D9DD"
GREEN_INK, GREEN_FILL = "#1E6B3C", "#DDF0E3"
AMBER_INK, AMBER_FILL = "#8A5A00", "#FCF0D3"
RED_INK, RED_FILL = "#A12A2A", "#F8DEDC"

STEP_COLOURS = ("#8A979E", "#1F4E5F", "#5B4B8A", "#2F7F79", "#B7791F", "#3F7F4F", "#A04A6B")
"""Sheet tabs by step; 0 is what belongs to no step."""

Properties = Mapping[str, object]

TITLE: Properties = {"bold": True, "font_size": 16, "font_color": DEEP, "valign": "vcenter"}
HELP: Properties = {"font_color": MUTED, "valign": "vcenter"}
PLANNER_BAND: Properties = {
    "font_size": 9,
    "bold": True,
    "font_color": DEEP,
    "bg_color": BAND,
    "valign": "vcenter",
    "align": "left",
    "indent": 1,
}
ENGINE_BAND: Properties = {
    "font_size": 9,
    "italic": True,
    "font_color": GREY_INK,
    "bg_color": GREY_BAND,
    "valign": "vcenter",
    "align": "left",
    "indent": 1,
}
_HEADER: Properties = {
    "text_wrap": True,
    "valign": "vcenter",
    "align": "left",
    "indent": 1,
    "border": 1,
}
PLANNER_HEADER: Properties = {
    **_HEADER,
    "bold": True,
    "font_color": PAPER,
    "bg_color": DEEP,
    "border_color": DEEP_LINE,
}
REQUIRED_HEADER: Properties = {**PLANNER_HEADER, "bottom": 5, "bottom_color": GOLD}
ENGINE_HEADER: Properties = {
    **_HEADER,
    "italic": True,
    "font_color": GREY_INK,
    "bg_color": GREY_HEAD,
    "border_color": "#BCC5CB",
}
CELL: Properties = {"font_color": INK, "valign": "vcenter", "border": 1, "border_color": LINE}
ENGINE_CELL: Properties = {
    "font_color": GREY_INK,
    "bg_color": GREY_CELL,
    "valign": "vcenter",
    "border": 1,
    "border_color": GREY_LINE,
}

GOOD: Properties = {"font_color": GREEN_INK, "bg_color": GREEN_FILL}
WARN: Properties = {"font_color": AMBER_INK, "bg_color": AMBER_FILL}
BAD: Properties = {"font_color": RED_INK, "bg_color": RED_FILL}
QUIET: Properties = {"font_color": MUTED, "bg_color": GREY_BAND}


class Styles:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: Any, lang: str) -> None:
        self._workbook = workbook
        self._font = {"font_name": FONTS.of(lang), "font_size": 10}
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, properties: Properties, **more: object) -> Any:
        """The cell format of ``properties`` in the workbook's font."""
        return self._of({**self._font, **properties, **more})

    def difference(self, properties: Properties) -> Any:
        """A conditional format: only what it changes."""
        return self._of({"_": "dxf", **properties})

    def _of(self, properties: dict[str, object]) -> Any:
        key = tuple(sorted(properties.items(), key=lambda item: item[0]))
        if key not in self._made:
            properties.pop("_", None)
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]
