"""How the report looks: one palette, one type scale, one small set of cell styles.

Colours are the colour-blind-safe ones of Okabe and Ito, darkened for text; every light carries
a shape and a word as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.plan.model import Light, Verdict
from salesplan.wording import Both

INK = "#1F2A37"
MUTED = "#5F6B7A"
NAVY = "#17365D"
LINE = "#D5DCE5"
BAND = "#F4F7FA"
HEADER = "#E3EAF3"
WHITE = "#FFFFFF"
LINK = "#1F5FA8"
INPUT = "#FFF9E5"

ACTUAL_COLOR = "#2F6DB5"
TARGET_COLOR = "outline"
LAST_YEAR_COLOR = "#B4C0CF"
FORECAST_COLOR, LOW_FORECAST_COLOR = "hatched", "hatched low"
"""The signs of a chart: actual solid, plan an outline, last year grey, forecast hatched."""
TARGET_LINE = "#6B7785"
ACTUAL_LINE = NAVY
"""A running total of actuals, over columns of actuals."""
GREEN_COLOR = "#0B8F6A"
AMBER_COLOR = "#E3A21A"
RED_COLOR = "#CB4B16"
BAR_COLOR, BAR_NEGATIVE_COLOR = "#C7D9EE", "#F3C9B8"
BETTER_COLOR = "#7CC6AE"
WORSE_COLOR = "#EE9F7F"
"""Grounds for dark figures: lighter than the lights, told apart by the sign that stands on them."""

LIGHT_COLORS: Mapping[Light, tuple[str, str]] = {
    Light.GREEN: ("#00614A", "#DFF2EB"),
    Light.AMBER: ("#7A5200", "#FCF0D3"),
    Light.RED: ("#A33608", "#FBE3D8"),
    Light.GREY: ("#5B6673", "#ECEFF3"),
}
"""Text and ground of each light."""

VERDICT_COLORS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.EFFECTIVE: LIGHT_COLORS[Light.GREEN],
    Verdict.REACHED_ANYWAY: LIGHT_COLORS[Light.AMBER],
    Verdict.INEFFECTIVE: LIGHT_COLORS[Light.RED],
    Verdict.NOT_DONE: LIGHT_COLORS[Light.RED],
}
VERDICT_MARKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.EFFECTIVE: ("circle", GREEN_COLOR),
    Verdict.REACHED_ANYWAY: ("triangle", AMBER_COLOR),
    Verdict.INEFFECTIVE: ("diamond", RED_COLOR),
    Verdict.NOT_DONE: ("square", RED_COLOR),
}
"""Shape and colour of each verdict's point in a chart."""

FONTS = Both("Microsoft YaHei", "Arial")
COLUMN_FONT = "Arial"
"""Column widths are counted in the digits of the workbook's own font: one that every program has,
or one of the same measures, so that a sheet is as wide everywhere.
"""

BODY, SMALL, HEADING, SECTION, TITLE = 10, 10, 12, 15, 20
"""The type scale, in points."""

ROW_HEIGHT = 15.0
ROW_PIXELS = 20
"""Points of a row of one line of body text."""

STYLES: Mapping[str, Mapping[str, object]] = {
    "body": {"font_size": BODY, "font_color": INK, "valign": "vcenter"},
    "title": {"font_size": TITLE, "bold": True, "font_color": NAVY},
    "subtitle": {"font_size": SMALL, "font_color": MUTED},
    "sentence": {"text_wrap": True, "bg_color": BAND, "indent": 1},
    "caution": {
        "text_wrap": True,
        "bold": True,
        "indent": 1,
        "font_color": LIGHT_COLORS[Light.RED][0],
        "bg_color": LIGHT_COLORS[Light.RED][1],
    },
    "message": {
        "text_wrap": True,
        "bold": True,
        "indent": 1,
        "font_color": NAVY,
        "bg_color": BAND,
        "bottom": 1,
        "bottom_color": WHITE,
    },
    "upper": {},
    "missing": {
        "text_wrap": True,
        "align": "left",
        "indent": 1,
        "bold": True,
        "font_color": LIGHT_COLORS[Light.RED][0],
    },
    "section": {"font_size": SECTION, "bold": True, "font_color": NAVY},
    "heading": {"font_size": HEADING, "bold": True, "font_color": NAVY},
    "head": {
        "bold": True,
        "bg_color": HEADER,
        "font_color": NAVY,
        "align": "center",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "head_left": {"align": "left", "indent": 1},
    "group": {
        "bold": True,
        "bg_color": NAVY,
        "font_color": WHITE,
        "align": "center",
        "left": 1,
        "left_color": WHITE,
    },
    "cell": {"bottom": 1, "bottom_color": LINE},
    "text": {"align": "left", "indent": 1},
    "wrap": {"align": "left", "indent": 1, "text_wrap": True},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "center_wrap": {"align": "center", "text_wrap": True},
    "strong": {"bold": True},
    "muted": {"font_color": MUTED},
    "total": {"bold": True, "top": 1, "top_color": NAVY, "bg_color": BAND},
    "input": {"bg_color": INPUT, "border": 1, "border_color": LINE},
    "note": {"font_size": SMALL, "font_color": MUTED, "text_wrap": True, "valign": "top"},
    "link": {"font_color": LINK, "underline": 1},
    "lead": {"font_color": LINK, "underline": 0},
}
"""Properties of each named style; a cell combines several, later ones win."""

PERCENT = "0.0%"
PERCENT_WHOLE = "0%"
PERCENT_SIGNED = "+0.0%;-0.0%;0.0%"
POINTS = "+0.0;-0.0;0.0"
WHOLE = "#,##0"
DAY = "yyyy-mm-dd"
MONTH = "yyyy-mm"


def combined(names: tuple[str, ...], extra: Mapping[str, object]) -> dict[str, object]:
    """The properties of the named styles on top of ``body``, then ``extra``. KeyError for an
    unknown style.
    """
    properties: dict[str, object] = dict(STYLES["body"])
    for name in names:
        properties |= STYLES[name]
    return {**properties, **extra}


def signed(plain: str) -> str:
    """A number format with a plus before gains and a minus before losses."""
    return f"+{plain};-{plain};{plain}"


def amount_format(decimals: int, sign: bool = False) -> str:
    """A number format with thousands separators; with ``sign`` a plus before gains."""
    plain = "#,##0" + ("." + "0" * decimals if decimals else "")
    return signed(plain) if sign else plain
