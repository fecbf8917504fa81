"""The three pictures of the guide's page on status. ``python -m tests.status_pictures`` makes them
again.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from salesplan.engine.actuals.reach import typed_share

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 360, 220, 40, 16, 36
STEPS = 40
INK, GREEN, AMBER, RED = "#374151", "#DFF2EB", "#FCF0D3", "#FBE3D8"
Curve = Callable[[float], float]


def at(x: float, y: float) -> str:
    """A point of the unit square in the picture."""
    across = LEFT + x * (WIDTH - LEFT - 10)
    up = HEIGHT - BOTTOM - min(max(y, 0.0), 1.1) / 1.1 * (HEIGHT - TOP - BOTTOM)
    return f"{across:.1f},{up:.1f}"


def path(curve: Curve) -> str:
    return " ".join(at(n / STEPS, curve(n / STEPS)) for n in range(STEPS + 1))


def area(low: Curve, high: Curve, color: str) -> str:
    back = " ".join(at(n / STEPS, low(n / STEPS)) for n in reversed(range(STEPS + 1)))
    return f'<polygon points="{path(high)} {back}" fill="{color}"/>'


def line(curve: Curve, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path(curve)}" fill="none" stroke="{INK}" stroke-width="2"{dashed}/>'


def words(x: float, y: float, text: str) -> str:
    across, up = at(x, y).split(",")
    return f'<text x="{across}" y="{up}">{text}</text>'


def picture(name: str, *parts: str) -> None:
    axis = f'<polyline points="{at(0, 1.1)} {at(0, 0)} {at(1, 0)}" fill="none" stroke="{INK}"/>'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="11" fill="{INK}">'
    )
    body = "\n".join((head, *parts, axis, "</svg>", ""))
    (FOLDER / name).write_text(body, encoding="utf-8")


def banded(curve: Curve, swing: float) -> tuple[str, ...]:
    """Green from the expected figure less the usual swing on, amber a tenth below, then red."""

    def green(x: float) -> float:
        share = curve(x)
        return float(share - swing * (share * (1 - share)) ** 0.5)

    def amber(x: float) -> float:
        return green(x) - curve(x) / 10

    return (
        area(lambda _: 0.0, lambda _: 1.1, RED),
        area(amber, lambda _: 1.1, AMBER),
        area(green, lambda _: 1.1, GREEN),
    )


def make(lang: str) -> None:
    """The pictures in one language."""
    zh = lang == "zh"
    end = "-zh" if zh else ""
    colors = ("● 绿", "▲ 黄", "■ 红") if zh else ("● Green", "▲ Amber", "■ Red")
    expected = "应达" if zh else "expected"
    days = ("月初", "月末") if zh else ("month begins", "month ends")

    def labelled(first: str, last: str) -> str:
        base = HEIGHT - 12
        return (
            f'<text x="{LEFT}" y="{base}">{first}</text>'
            f'<text x="{WIDTH - 10}" y="{base}" text-anchor="end">{last}</text>'
        )

    picture(
        f"status-even{end}.svg",
        *banded(lambda x: x, 0.3),
        line(lambda x: x),
        words(0.06, 0.9, colors[0]),
        words(0.6, 0.02, colors[2]),
        words(0.74, 0.82, expected),
        labelled(*days),
    )
    points = ((Decimal("0.5"), Decimal("0.2")), (Decimal("0.75"), Decimal("0.4")))

    def late(x: float) -> float:
        return float(typed_share(points, Fraction(x)))

    picture(
        f"status-rhythm{end}.svg",
        *banded(late, 0.3),
        line(late),
        line(lambda x: x, "4 4"),
        words(0.06, 0.9, colors[0]),
        words(0.78, 0.02, colors[2]),
        words(0.5, 0.13, "50%:20%"),
        words(0.74, 0.32, "75%:40%"),
        labelled(*days),
    )

    def way(x: float) -> float:
        return 0.5 + 0.4 * min(x / 0.5, 1.0)

    picture(
        f"status-line{end}.svg",
        area(lambda _: 0.0, lambda _: 1.1, RED),
        area(lambda x: way(x) * 0.9, lambda _: 1.1, AMBER),
        area(way, lambda _: 1.1, GREEN),
        line(way),
        words(0.02, 0.42, "基期值" if zh else "base value"),
        words(0.6, 0.93, "目标" if zh else "target"),
        words(0.42, 0.02, "截止日" if zh else "due"),
        labelled("年初" if zh else "year begins", "年末" if zh else "year ends"),
    )


if __name__ == "__main__":
    for language in ("zh", "en"):
        make(language)
