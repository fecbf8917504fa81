"""How findings are listed in a terminal: of many alike the first few, and how many more."""

from __future__ import annotations

import pytest

from salesplan.cli.show import FIRST_ALIKE, MOST_ALIKE, show_findings
from salesplan.findings import Finding, Place


def blank(cell: str, sheet: str = "实绩") -> Finding:
    return Finding.of("cell-error-value", Place("m.xlsx", sheet, cell), column="金额", text="#N/A")


MANY = [blank(f"I{row}") for row in range(2, 32)]


def listed(
    capsys: pytest.CaptureFixture[str],
    findings: list[Finding],
    lang: str = "zh",
    *,
    everything: bool = False,
) -> list[str]:
    show_findings(findings, lang, everything=everything)
    return [line for line in capsys.readouterr().out.splitlines() if "→" not in line]


@pytest.mark.parametrize(
    ("lang", "rest", "counts"),
    [
        (
            "zh",
            "        … 另有 27 处同样的问题 (实绩!I5–I31), salesplan check --all 逐条列出",
            "错误 32 · 警告 0 · 提示 0",
        ),
        (
            "en",
            "        … and 27 more like it (实绩!I5–I31); salesplan check --all lists them",
            "32 errors · 0 warnings · 0 notes",
        ),
    ],
)
def test_thirty_alike_leave_room_for_what_else_is_wrong(
    capsys: pytest.CaptureFixture[str], lang: str, rest: str, counts: str
) -> None:
    """Another column, and another sheet, are not alike; every finding is counted."""
    lines = listed(capsys, [*MANY, blank("J7"), blank("I3", "费用")], lang)
    assert [line.split("!")[1].split()[0] for line in lines[:3]] == ["I2", "I3", "I4"]
    assert lines[3] == rest and lines[-1] == counts
    assert len(lines) == FIRST_ALIKE + 1 + 2 + 1


def test_all_are_listed_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(listed(capsys, MANY, everything=True)) == len(MANY) + 1


def test_a_few_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(listed(capsys, MANY[:MOST_ALIKE])) == MOST_ALIKE + 1
    assert len(listed(capsys, MANY[: MOST_ALIKE + 1])) == FIRST_ALIKE + 1 + 1


def test_of_one_cell_only_its_place_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(实绩!I2)," in listed(capsys, [blank("I2")] * 9)[FIRST_ALIKE]
